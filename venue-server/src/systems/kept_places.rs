//! Tables and booths that are kept for a private talk: entry only for who is in it or asked into it, free again when it is
//! over or has left.
//!
//! It must not know what is said, nor how people walk.

use crate::world::{Effects, House, Plan};
use glam::Vec3;
use venue_model::{Bounds, ParticipantId, ServerTime, TalkId, Zone, ZoneId};
use venue_protocol::{KeepZone, ServerMessage, ZoneKept, ZoneRefusal, ZoneRefused};

/// A place that nobody of the talk is at is free again after so long, µs: somebody may fetch a coffee.
const EMPTY_MICROS: u64 = 15_000_000;

/// A place that keeps most people out.
#[derive(Clone, Debug)]
pub struct Kept {
    bounds: Bounds,
    open_to: Vec<ParticipantId>,
}

impl Kept {
    /// Whether `who` must not step from one floor point to another. Who is inside may walk about, and out.
    pub fn stops(&self, who: ParticipantId, from: Vec3, to: Vec3) -> bool {
        !self.open_to.contains(&who) && self.bounds.is_entered(from, to)
    }

    /// Whether `who` must not be at a floor point.
    pub fn shuts_out(&self, who: ParticipantId, at: Vec3) -> bool {
        !self.open_to.contains(&who) && self.bounds.contains_person(at)
    }
}

/// All places that are kept now.
pub fn all(house: &House, plan: &Plan) -> Vec<Kept> {
    let kept = house.talks.kept().filter_map(|(zone, talk)| {
        let bounds = plan.zone(zone)?.bounds;
        let round = house.talks.get(talk)?;
        let asked = round.asked.iter().map(|asked| asked.who);
        Some(Kept { bounds, open_to: round.members.iter().copied().chain(asked).collect() })
    });
    kept.collect()
}

/// Somebody wants a place kept for the talk, or gives it back.
pub fn wish(
    house: &mut House,
    plan: &Plan,
    who: ParticipantId,
    wanted: &KeepZone,
    now: ServerTime,
    effects: &mut Effects,
) {
    let zone = wanted.zone;
    let may = house.people.get_mut(who).is_some_and(|person| person.limits.changes.take(now));
    if !may {
        return;
    }
    match (house.talks.of(who), wanted.is_kept) {
        (Some(talk), false) if house.talks.keeper_of(zone) == Some(talk) => free(house, zone, effects),
        (_, false) => {}
        (talk, true) => match keep(house, plan, who, talk, zone) {
            Ok(None) => {}
            Ok(Some(before)) => {
                if let Some(before) = before {
                    tell_all(house, before, false, effects);
                }
                tell_all(house, zone, true, effects);
            }
            Err(why) => effects.tell(who, ZoneRefused { zone, why }.into()),
        },
    }
}

/// Some: it is kept now instead of the inner one. None: it was already.
fn keep(
    house: &mut House,
    plan: &Plan,
    who: ParticipantId,
    talk: Option<TalkId>,
    zone: ZoneId,
) -> Result<Option<Option<ZoneId>>, ZoneRefusal> {
    let talk = talk.ok_or(ZoneRefusal::NotInTalk)?;
    let place = plan.zone(zone).filter(|zone| zone.is_for_talks()).ok_or(ZoneRefusal::NotThere)?;
    let here = people_at(house, place);
    if !here.contains(&who) {
        return Err(ZoneRefusal::NotThere);
    }
    match house.talks.keeper_of(zone) {
        Some(keeper) if keeper == talk => return Ok(None),
        Some(_) => return Err(ZoneRefusal::Taken),
        None => {}
    }
    if here.iter().any(|one| house.talks.of(*one) != Some(talk)) {
        return Err(ZoneRefusal::Occupied);
    }
    Ok(Some(house.talks.keep(zone, talk)))
}

fn people_at(house: &House, zone: &Zone) -> Vec<ParticipantId> {
    let there = house.people.iter().filter(|person| person.space == zone.space);
    let ids = there.map(|person| person.participant.id);
    ids.filter(|who| house.walker(*who).is_some_and(|walker| zone.bounds.contains_person(walker.pose.root)))
        .collect()
}

/// What is over, and what nobody of the talk is at any more, is free again.
pub fn run(house: &mut House, plan: &Plan, now: ServerTime, effects: &mut Effects) {
    let kept: Vec<_> = house.talks.kept().collect();
    for (zone, talk) in kept {
        let here = plan.zone(zone).map(|zone| people_at(house, zone)).unwrap_or_default();
        let is_used = here.iter().any(|who| house.talks.of(*who) == Some(talk));
        let is_over = house.talks.get(talk).is_none_or(|round| round.members.is_empty());
        let empty_since = house.talks.note_use(zone, is_used, now);
        if is_over || empty_since.is_some_and(|since| now.micros_since(since) >= EMPTY_MICROS) {
            free(house, zone, effects);
        }
    }
}

fn free(house: &mut House, zone: ZoneId, effects: &mut Effects) {
    house.talks.free(zone);
    tell_all(house, zone, false, effects);
}

fn tell_all(house: &House, zone: ZoneId, is_kept: bool, effects: &mut Effects) {
    let people: Vec<_> = house.people.iter().map(|person| person.participant.id).collect();
    for who in people {
        let is_for_you = is_kept && is_open_to(house, zone, who);
        effects.tell(who, ZoneKept { zone, is_kept, is_for_you }.into());
    }
}

fn is_open_to(house: &House, zone: ZoneId, who: ParticipantId) -> bool {
    let round = house.talks.keeper_of(zone).and_then(|talk| house.talks.get(talk));
    round
        .is_some_and(|round| round.members.contains(&who) || round.asked.iter().any(|asked| asked.who == who))
}

/// Who came into a talk, was asked into it or is out of it learns whether its place is open to them.
pub fn tell_change(house: &House, talk: TalkId, who: ParticipantId, effects: &mut Effects) {
    for (zone, _) in house.talks.kept().filter(|(_, keeper)| *keeper == talk) {
        let is_for_you = is_open_to(house, zone, who);
        effects.tell(who, ZoneKept { zone, is_kept: true, is_for_you }.into());
    }
}

/// What somebody who comes in has to know.
pub fn as_they_stand(house: &House, who: ParticipantId) -> Vec<ServerMessage> {
    let kept = house.talks.kept();
    kept.map(|(zone, _)| {
        let is_for_you = is_open_to(house, zone, who);
        ZoneKept { zone, is_kept: true, is_for_you }.into()
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systems::{movement, talks};
    use crate::world::To;
    use crate::world::testing::{self, LOUNGE};
    use crate::world::walker::Wanted;
    use venue_model::place::ZoneKind;
    use venue_model::{BodyPose, Localized};
    use venue_protocol::{AnswerTalk, AskToTalk, TalkAnswer};

    const TABLE: ZoneId = ZoneId(7);

    struct Stand {
        plan: Plan,
        house: House,
        people: [ParticipantId; 3],
        effects: Effects,
        now: ServerTime,
    }

    impl Stand {
        /// Two at the table who talk in private, and one beside it.
        fn new() -> Self {
            let mut manifest = testing::manifest();
            let bounds = Bounds { min: Vec3::new(-2.0, 0.0, -2.0), max: Vec3::new(2.0, 3.0, 2.0) };
            let name = Localized::english("Table");
            let (id, space) = (TABLE, LOUNGE);
            manifest.zones = vec![Zone { id, space, name, purpose: ZoneKind::Talk, bounds }];
            let plan = Plan::new(&manifest, testing::floor()).unwrap();
            let (_, mut house) = testing::plan_and_house();
            let at = [Vec3::X, Vec3::NEG_X, Vec3::new(3.0, 0.0, 0.0)];
            let people = [0, 1, 2].map(|n| testing::let_in(&mut house, &plan, n as u32 + 1, at[n]));
            let mut stand = Self { plan, house, people, effects: Effects::default(), now: ServerTime(1) };
            stand.bring_in(0, 1);
            stand
        }

        fn bring_in(&mut self, by: usize, who: usize) {
            let wanted = AskToTalk { participant: self.people[who] };
            talks::ask(&mut self.house, self.people[by], &wanted, self.now, &mut self.effects);
            let asked = self.effects.messages.iter().rev().find_map(|(_, message)| match message {
                ServerMessage::TalkAsked(asked) => Some(asked.talk),
                _ => None,
            });
            let given = AnswerTalk { talk: asked.unwrap(), answer: TalkAnswer::Accept };
            talks::answer(&mut self.house, self.people[who], &given, &mut self.effects);
        }

        fn wish(&mut self, who: usize, is_kept: bool) {
            let wanted = KeepZone { zone: TABLE, is_kept };
            wish(&mut self.house, &self.plan, self.people[who], &wanted, self.now, &mut self.effects);
        }

        fn run(&mut self, secs: u64) {
            self.now = ServerTime(self.now.0 + secs * 1_000_000);
            run(&mut self.house, &self.plan, self.now, &mut self.effects);
        }

        /// Where somebody is who wants to be there.
        fn walk(&mut self, who: usize, to: Vec3) -> Vec3 {
            let who = self.people[who];
            self.now = ServerTime(self.now.0 + 1_000_000);
            let now = self.now;
            self.house.change_walker(who, |walker| {
                let wanted = Wanted { pose: BodyPose::standing(to, 0.0), sampled_at: now };
                walker.offer(walker.placement, walker.newest.map_or(1, |newest| newest + 1), wanted);
            });
            let kept = all(&self.house, &self.plan);
            for (_, space) in self.house.spaces_mut() {
                movement::run(space, &self.plan, &kept, now, &mut self.effects);
            }
            self.house.walker(who).unwrap().pose.root
        }

        fn told(&self, who: usize) -> Option<ZoneKept> {
            self.effects.messages.iter().rev().find_map(|(to, message)| match message {
                ServerMessage::ZoneKept(kept) if *to == To::Person(self.people[who]) => Some(kept.clone()),
                _ => None,
            })
        }

        fn refusal(&self) -> Option<ZoneRefusal> {
            self.effects.messages.iter().rev().find_map(|(_, message)| match message {
                ServerMessage::ZoneRefused(refused) => Some(refused.why),
                _ => None,
            })
        }
    }

    fn kept(is_kept: bool, is_for_you: bool) -> Option<ZoneKept> {
        Some(ZoneKept { zone: TABLE, is_kept, is_for_you })
    }

    #[test]
    fn a_kept_table_lets_in_who_talks_or_is_asked_and_nobody_else() {
        let mut stand = Stand::new();
        stand.wish(0, true);
        assert_eq!(
            [0, 1, 2].map(|who| stand.told(who)),
            [kept(true, true), kept(true, true), kept(true, false)]
        );
        assert_eq!(stand.walk(2, Vec3::new(1.9, 0.0, 0.0)).x, 3.0, "put back to where it was");
        stand.bring_in(1, 2);
        assert_eq!(stand.told(2), kept(true, true));
        assert!(stand.walk(2, Vec3::new(1.9, 0.0, 0.0)).x < 2.0);
        let talk = stand.house.talks.of(stand.people[2]).unwrap();
        talks::leave(&mut stand.house, stand.people[2], talk, &mut stand.effects);
        assert_eq!(stand.told(2), kept(true, false));
        assert_eq!(stand.walk(2, Vec3::new(1.5, 0.0, 0.0)).x, 1.5, "who is inside is not stuck");
        stand.walk(2, Vec3::new(2.5, 0.0, 0.0));
        assert_eq!(stand.walk(2, Vec3::new(1.5, 0.0, 0.0)).x, 2.5, "but does not come back");
        assert_eq!(as_they_stand(&stand.house, stand.people[2]).len(), 1);
    }

    #[test]
    fn only_a_talk_that_has_a_place_to_itself_keeps_it() {
        let mut stand = Stand::new();
        stand.wish(2, true);
        assert_eq!(stand.refusal(), Some(ZoneRefusal::NotInTalk));
        stand.walk(2, Vec3::ZERO);
        stand.wish(0, true);
        assert_eq!(stand.refusal(), Some(ZoneRefusal::Occupied));
        stand.walk(2, Vec3::new(2.5, 0.0, 0.0));
        stand.walk(0, Vec3::new(2.5, 0.0, 1.0));
        stand.wish(0, true);
        assert_eq!(stand.refusal(), Some(ZoneRefusal::NotThere));
        stand.wish(1, true);
        assert_eq!(stand.told(1), kept(true, true));
        stand.wish(0, false);
        assert_eq!(stand.told(2), kept(false, false), "any of them gives it back");
    }

    #[test]
    fn a_place_is_free_again_when_it_is_empty_or_the_talk_is_over() {
        let mut stand = Stand::new();
        stand.wish(0, true);
        stand.run(60);
        assert_eq!(stand.told(2), kept(true, false), "as long as somebody of the talk is there");
        stand.walk(0, Vec3::new(2.5, 0.0, 0.0));
        stand.walk(1, Vec3::new(-2.5, 0.0, 0.0));
        stand.run(1);
        stand.run(10);
        assert_eq!(stand.told(2), kept(true, false));
        stand.run(6);
        assert_eq!(stand.told(2), kept(false, false));
        stand.walk(0, Vec3::X);
        stand.wish(0, true);
        let talk = stand.house.talks.of(stand.people[0]).unwrap();
        talks::leave(&mut stand.house, stand.people[0], talk, &mut stand.effects);
        stand.run(0);
        assert_eq!(stand.told(2), kept(false, false));
        assert_eq!(stand.house.talks.kept().count(), 0);
    }
}
