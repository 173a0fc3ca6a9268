//! Coming in: a new person gets a place at the entrance; one who is inside already, by a
//! lost connection or another device, keeps identity, place and seat.
//!
//! It must not know how admission was decided.

use crate::store::Invitation;
use crate::systems::{absence, doors, live_texts, presence, seats, watching};
use crate::world::people::{Limits, SentTexts, Watch};
use crate::world::{Account, Effects, Ending, House, Person, Plan, To, Walker};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use venue_model::{
    BoundedText, DeviceKey, Language, Participant, ParticipantId, ParticipantKind, ServerTime, SpaceId,
};
use venue_protocol::{
    Appearance, EntryNote, EventTitle, Microphone, Placement, PlacementCause, SeatTaken, ServerMessage,
    Welcome,
};

/// What a person is told whose invitation opens no space in which one can stand.
pub const NOWHERE: &str = "the invitation opens no space of this venue any more; ask the organiser";

/// Somebody whom admission lets in.
#[derive(Clone, Debug)]
pub struct Guest {
    /// The invitation, valid now.
    pub invitation: Invitation,
    /// The device, which proved itself.
    pub device: DeviceKey,
    /// The language that the person reads.
    pub language: Language,
    /// The looks that the person chose.
    pub appearance: Appearance,
    /// Spaces of this venue that the invitation opens, one at least.
    pub spaces: Arc<BTreeSet<SpaceId>>,
}

/// How a new person is in the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attendance {
    /// As invited.
    Invited,
    /// The house is full: the person watches and is not seen.
    Watching,
}

/// Lets a new person in.
pub fn enter(
    house: &mut House,
    plan: &Plan,
    guest: Guest,
    id: ParticipantId,
    attendance: Attendance,
    now: ServerTime,
    effects: &mut Effects,
) {
    let mut participant = participant_of(&guest, id);
    let kind = participant.kind;
    let is_watching = attendance == Attendance::Watching;
    if is_watching {
        participant.kind = ParticipantKind::Observer;
    }
    let space = first_space(plan, &guest.spaces);
    let has_body = participant.kind.has_body();
    let spaces = Arc::clone(&guest.spaces);
    learn_blocks(house, &guest);
    house.people.insert(Person {
        participant,
        appearance: guest.appearance,
        account: account_of(&guest),
        space,
        entity: None,
        lost_since: None,
        watch: is_watching.then_some(Watch { since: now, kind, is_brought_in: false }),
        missed: VecDeque::new(),
        sent: SentTexts::default(),
        limits: Limits::new(now),
        sent_by_map_at: None,
        talks: Default::default(),
        live: None,
        hand_since: None,
        microphone: Microphone::default(),
    });
    if let Some((floor, yaw)) = house.arrival_place(plan, space, id).filter(|_| has_body) {
        let walker = Walker::standing(floor, yaw, spaces, now);
        house.add_walker(id, space, walker, attendance == Attendance::Invited);
        house.renew_allowed_of(id);
    }
    presence::joined(house, plan, id, effects);
    let watch = house.people.get(id).and_then(watching::of);
    watch.into_iter().for_each(|watch| effects.send(To::AllBut(id), watch));
}

/// Gives a person who is inside already to a new connection. What was written to the
/// person meanwhile comes back, to be sent after the welcome.
pub fn resume(
    house: &mut House,
    plan: &Plan,
    guest: Guest,
    who: ParticipantId,
    now: ServerTime,
    effects: &mut Effects,
) -> VecDeque<ServerMessage> {
    learn_blocks(house, &guest);
    let Some(person) = house.people.get_mut(who) else { return VecDeque::new() };
    let is_other_device = person.account.device != guest.device;
    if is_other_device {
        person.sent.clear();
    }
    let mut participant = Participant { kind: person.participant.kind, ..participant_of(&guest, who) };
    let mut appearance = guest.appearance;
    let chosen = (participant.language, appearance);
    let is_choice_new = chosen != (person.participant.language, person.appearance);
    if is_choice_new && !person.limits.changes.take(now) {
        // Whoever comes back all the time with other looks keeps the old ones: everybody would hear of each.
        (participant.language, appearance) = (person.participant.language, person.appearance);
    }
    let is_news = person.participant != participant || person.appearance != appearance;
    person.participant = participant;
    person.appearance = appearance;
    person.account = account_of(&guest);
    person.lost_since = None;
    let missed = std::mem::take(&mut person.missed);
    live_texts::forget_reader(house, who);
    house.change_walker(who, |walker| {
        // The new connection counts its updates anew; those of the old one are void.
        walker.newest = None;
        walker.place_anew(now);
    });
    if is_news {
        presence::changed(house, who, effects);
    }
    restrict(house, plan, who, guest.spaces, now, effects);
    missed
}

/// Takes over whom the guest does not want to meet, and who does not want to meet the guest, before anybody sees them.
fn learn_blocks(house: &mut House, guest: &Guest) {
    guest.invitation.blocks.iter().for_each(|block| house.blocks.insert(block.clone()));
}

/// Notes which spaces a person may enter now. One who stands elsewhere is taken to one of them,
/// the entrance if it is open; when there is no place in any, the person is shown out.
pub fn restrict(
    house: &mut House,
    plan: &Plan,
    who: ParticipantId,
    spaces: Arc<BTreeSet<SpaceId>>,
    now: ServerTime,
    effects: &mut Effects,
) {
    let Some(person) = house.people.get_mut(who) else { return };
    person.account.spaces = Arc::clone(&spaces);
    let is_allowed = spaces.contains(&person.space);
    house.renew_allowed_of(who);
    if is_allowed {
        return;
    }
    let first = first_space(plan, &spaces);
    let in_order = [first].into_iter().chain(spaces.iter().copied()).filter(|space| spaces.contains(space));
    let found = in_order.filter_map(|to| house.arrival_place(plan, to, who).map(|place| (to, place))).next();
    let Some((to, (floor, yaw))) = found else {
        effects.endings.push((who, Ending::removed(NOWHERE)));
        return absence::leave(house, plan, who, effects);
    };
    seats::free(house, who, effects);
    house.change_walker(who, |walker| walker.put(floor, yaw, now));
    doors::enter(house, plan, who, to, PlacementCause::NotAllowed, effects);
}

/// What the server adds to a welcome that does not come from the house.
#[derive(Clone, Debug)]
pub struct WelcomeFrame {
    /// What to tell about the way in.
    pub entry: EntryNote,
    /// For coming back.
    pub ticket: venue_protocol::Ticket,
    /// The privacy notice that holds.
    pub notice: venue_protocol::NoticeVersion,
    /// The venue's manifest.
    pub manifest: venue_model::FileHash,
    /// Its size.
    pub manifest_bytes: u32,
}

/// Everything that a person needs to stand in the venue.
pub fn welcome(house: &House, who: ParticipantId, frame: WelcomeFrame) -> Option<Welcome> {
    let person = house.people.get(who)?;
    let (placement, place) = house
        .walker(who)
        .map_or((Placement::default(), person.nowhere()), |walker| (walker.placement, walker.place()));
    let is_shown = |id| id != who && !house.is_hidden(who, id);
    let others = house.people.iter().filter(|other| is_shown(other.participant.id));
    let seat = |(seat, participant)| SeatTaken { seat, participant };
    Some(Welcome {
        you: person.participant.clone(),
        entry: frame.entry,
        ticket: frame.ticket,
        event_title: EventTitle::lossy(house.event.title.get(person.participant.language)),
        notice: frame.notice,
        manifest: frame.manifest,
        manifest_bytes: frame.manifest_bytes,
        space: person.space,
        epoch: house.epoch(person.space),
        placement,
        place,
        open_spaces: person.account.spaces.iter().copied().collect(),
        people: others.map(Person::presence).collect(),
        seats: house.seats.taken().map(seat).collect(),
    })
}

fn participant_of(guest: &Guest, id: ParticipantId) -> Participant {
    let Invitation { kind, role, name, delegation, .. } = &guest.invitation;
    Participant {
        id,
        kind: *kind,
        role: *role,
        name: BoundedText::clone(name),
        delegation: BoundedText::clone(delegation),
        language: guest.language,
    }
}

fn account_of(guest: &Guest) -> Account {
    Account {
        person: guest.invitation.person,
        invitation: guest.invitation.id,
        device: guest.device,
        spaces: Arc::clone(&guest.spaces),
    }
}

/// The entrance if it is open to the person, else the first space that is.
fn first_space(plan: &Plan, spaces: &BTreeSet<SpaceId>) -> SpaceId {
    let entrance = plan.entrance();
    if spaces.contains(&entrance) { entrance } else { spaces.first().copied().unwrap_or(entrance) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{InvitationId, InvitationState, PersonId, SpacesAllowed};
    use crate::world::testing::{self, HALL, LOUNGE, SEAT};
    use venue_model::Role;
    use venue_replication::Body;

    const NOW: ServerTime = ServerTime(5_000_000);

    fn guest(house: &House, number: i64, kind: ParticipantKind, spaces: &[SpaceId]) -> Guest {
        let invitation = Invitation {
            id: InvitationId(number),
            person: PersonId(number),
            event: house.event.clone(),
            state: InvitationState::Valid,
            name: BoundedText::lossy("Ada"),
            delegation: BoundedText::lossy("CHE"),
            kind,
            role: Role::Participant,
            language: None,
            spaces: SpacesAllowed::All,
            blocks: Vec::new(),
        };
        Guest {
            invitation,
            device: DeviceKey([1; 32]),
            language: Language::Fr,
            appearance: Appearance::default(),
            spaces: Arc::new(spaces.iter().copied().collect()),
        }
    }

    fn bodies(house: &House, space: SpaceId) -> usize {
        house.space(space).unwrap().world.query::<&Body>().iter().count()
    }

    #[test]
    fn a_service_is_there_without_a_body() {
        let (plan, mut house) = testing::plan_and_house();
        let robot = guest(&house, 1, ParticipantKind::Service, &[LOUNGE]);
        let id = ParticipantId(1);
        enter(&mut house, &plan, robot, id, Attendance::Invited, NOW, &mut Effects::default());
        assert_eq!(house.people.len(), 1);
        assert!(house.walker(id).is_none());
        assert_eq!(bodies(&house, LOUNGE), 0);
    }

    #[test]
    fn who_watches_a_full_house_walks_unseen() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = guest(&house, 1, ParticipantKind::Delegate, &[LOUNGE]);
        let id = ParticipantId(1);
        enter(&mut house, &plan, ada, id, Attendance::Watching, NOW, &mut Effects::default());
        assert_eq!(house.people.get(id).unwrap().participant.kind, ParticipantKind::Observer);
        assert!(house.walker(id).is_some());
        assert_eq!(bodies(&house, LOUNGE), 0);
    }

    #[test]
    fn who_may_not_be_at_the_entrance_arrives_elsewhere() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = guest(&house, 1, ParticipantKind::Delegate, &[HALL]);
        let id = ParticipantId(1);
        enter(&mut house, &plan, ada, id, Attendance::Invited, NOW, &mut Effects::default());
        assert_eq!(house.people.get(id).unwrap().space, HALL);
        assert_eq!((bodies(&house, LOUNGE), bodies(&house, HALL)), (0, 1));
    }

    #[test]
    fn coming_back_keeps_seat_and_place_and_brings_what_was_missed() {
        let (plan, mut house) = testing::plan_and_house();
        let id = ParticipantId(1);
        let ada = guest(&house, 1, ParticipantKind::Delegate, &[LOUNGE, HALL]);
        enter(&mut house, &plan, ada.clone(), id, Attendance::Invited, NOW, &mut Effects::default());
        seats::take(&mut house, &plan, id, SEAT, NOW, &mut Effects::default());
        house.people.get_mut(id).unwrap().lost_since = Some(NOW);
        house.people.get_mut(id).unwrap().miss(venue_protocol::SeatFreed { seat: SEAT }.into());
        let before = house.walker(id).unwrap().placement;
        let mut effects = Effects::default();
        let missed = resume(&mut house, &plan, ada, id, NOW, &mut effects);
        assert_eq!(missed.len(), 1);
        assert_eq!(house.seats.seat_of(id), Some(SEAT));
        assert_eq!(house.walker(id).unwrap().placement, before.next());
        assert!(house.people.get(id).unwrap().is_connected());
        assert!(effects.messages.is_empty(), "nothing changed for the others");
    }

    #[test]
    fn a_narrower_invitation_takes_one_out_of_a_closed_space() {
        let (plan, mut house) = testing::plan_and_house();
        let id = ParticipantId(1);
        let ada = guest(&house, 1, ParticipantKind::Delegate, &[LOUNGE, HALL]);
        enter(&mut house, &plan, ada, id, Attendance::Invited, NOW, &mut Effects::default());
        restrict(&mut house, &plan, id, Arc::new(BTreeSet::from([HALL])), NOW, &mut Effects::default());
        assert_eq!(house.people.get(id).unwrap().space, HALL);
        assert_eq!(house.walker(id).unwrap().floor.space, HALL);
    }

    #[test]
    fn an_invitation_that_opens_nothing_any_more_ends_the_stay() {
        let (plan, mut house) = testing::plan_and_house();
        let id = ParticipantId(1);
        let ada = guest(&house, 1, ParticipantKind::Delegate, &[LOUNGE, HALL]);
        enter(&mut house, &plan, ada, id, Attendance::Invited, NOW, &mut Effects::default());
        let mut effects = Effects::default();
        restrict(&mut house, &plan, id, Arc::new(BTreeSet::from([SpaceId(99)])), NOW, &mut effects);
        assert!(house.people.is_empty());
        assert_eq!(effects.endings, [(id, Ending::removed(NOWHERE))]);
    }

    #[test]
    fn other_looks_at_each_return_are_not_told_without_end() {
        let (plan, mut house) = testing::plan_and_house();
        let id = ParticipantId(1);
        let ada = guest(&house, 1, ParticipantKind::Delegate, &[LOUNGE]);
        enter(&mut house, &plan, ada.clone(), id, Attendance::Invited, NOW, &mut Effects::default());
        let mut effects = Effects::default();
        for n in 0..50 {
            let language = if n % 2 == 0 { Language::Es } else { Language::Ru };
            let back = Guest { language, ..ada.clone() };
            resume(&mut house, &plan, back, id, NOW, &mut effects);
        }
        assert_eq!(effects.messages.len(), 12, "as many as other changes at once");
    }
}
