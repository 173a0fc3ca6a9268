//! Acts that keep order: checked by role, recorded first, done and told only then, and taken back.
//!
//! It must not know the store's inside. What is not recorded is not done.

use crate::store::{StoreError, StoreReply, StoreRequest};
use crate::systems::{absence, hands, microphones, summons, watching};
use crate::world::order::{ActUnderWay, DoneAct, UndoUnderWay};
use crate::world::{Effects, Ending, House, Person, Plan, Purpose, To};
use venue_model::{ParticipantId, Role, ServerTime};
use venue_protocol::{
    Act, ActDone, ActId, ActKind, ActRefusal, ActRefused, ActTold, ActUndone, Announcement, Moderate,
    SpaceLocked, SpaceUnlocked,
};

/// Sends an act on its way to the record, or tells why not.
pub fn submit(
    house: &mut House,
    plan: &Plan,
    who: ParticipantId,
    wanted: Moderate,
    now: ServerTime,
    effects: &mut Effects,
) {
    let client_ref = wanted.client_ref;
    if let Err(why) = try_submit(house, plan, who, wanted, now, effects) {
        refuse(who, client_ref, why, effects);
    }
}

fn refuse(who: ParticipantId, client_ref: u32, why: ActRefusal, effects: &mut Effects) {
    effects.tell(who, ActRefused { client_ref, why }.into());
}

fn try_submit(
    house: &mut House,
    plan: &Plan,
    who: ParticipantId,
    wanted: Moderate,
    now: ServerTime,
    effects: &mut Effects,
) -> Result<(), ActRefusal> {
    let Moderate { client_ref, act, reason } = wanted;
    may(house, who, &act)?;
    makes_sense(house, plan, &act)?;
    let person = house.people.get_mut(who).ok_or(ActRefusal::NotAllowed)?;
    if !person.limits.acts.take(now) {
        return Err(ActRefusal::TooFast);
    }
    let by = person.account.person;
    let about = act.person().and_then(|about| house.people.get(about)).map(|about| about.account.person);
    let words = match &act {
        Act::Announce { words, .. } => words.as_str(),
        _ => reason.as_str(),
    };
    let request = StoreRequest::RecordAct {
        event: house.event.id,
        by,
        about,
        action: action_word(act.kind()),
        space: act.space().map(|space| plan.key_of(space).to_owned()),
        reason: words.to_owned(),
    };
    effects.request(request, Purpose::Act(ActUnderWay { by: who, client_ref, act, reason }));
    Ok(())
}

/// What a role may do: chairs lead the meeting, moderators and organisers keep order in the event.
fn may(house: &House, who: ParticipantId, act: &Act) -> Result<(), ActRefusal> {
    let person = house.people.get(who).ok_or(ActRefusal::NotAllowed)?;
    let role = person.participant.role;
    let of_meeting = match act {
        Act::Mute(_) | Act::AskToUnmute(_) | Act::LowerHand(_) => true,
        Act::BringIn(_) | Act::SendBack(_) => true,
        Act::MuteSpace(space) | Act::Announce { space: Some(space), .. } => *space == person.space,
        Act::Summon { .. } | Act::Remove(_) | Act::Lock(_) | Act::Announce { space: None, .. } => false,
    };
    let is_allowed = match role {
        Role::Participant => false,
        Role::Chair => of_meeting,
        Role::Moderator | Role::Organiser => true,
    };
    if !is_allowed {
        return Err(ActRefusal::NotAllowed);
    }
    // A hand is lowered by whoever gives the floor, and everybody may be asked; the rest needs the higher role.
    let needs_rank = matches!(act, Act::Mute(_) | Act::Remove(_) | Act::Summon { .. });
    let Some(about) = act.person() else { return Ok(()) };
    let about = house.people.get(about).ok_or(ActRefusal::NobodyThere)?;
    let outranks = role > about.participant.role || role == Role::Organiser;
    let is_self = about.participant.id == who;
    if needs_rank && (!outranks || is_self) {
        return Err(ActRefusal::NotAllowed);
    }
    Ok(())
}

fn makes_sense(house: &House, plan: &Plan, act: &Act) -> Result<(), ActRefusal> {
    if act.space().is_some_and(|space| house.space(space).is_none()) {
        return Err(ActRefusal::NobodyThere);
    }
    match act {
        // Who comes in has to stand somewhere.
        Act::Lock(space) if *space == plan.entrance() || house.order.is_locked(*space) => {
            Err(ActRefusal::NotPossible)
        }
        Act::Summon { participant, space, .. } => {
            let person = house.people.get(*participant).ok_or(ActRefusal::NobodyThere)?;
            match person.account.spaces.contains(space) {
                true => Ok(()),
                false => Err(ActRefusal::NotPossible),
            }
        }
        Act::BringIn(who) if !watching::can_bring_in(house, *who) => Err(ActRefusal::NotPossible),
        Act::SendBack(who) if !house.people.get(*who).is_some_and(Person::was_brought_in) => {
            Err(ActRefusal::NotPossible)
        }
        Act::Announce { words, .. } if words.as_str().trim().is_empty() => Err(ActRefusal::NotPossible),
        _ => Ok(()),
    }
}

/// The word for a sort of act in the record.
fn action_word(kind: ActKind) -> &'static str {
    match kind {
        ActKind::Mute => "muted",
        ActKind::MuteSpace => "muted space",
        ActKind::AskToUnmute => "asked to unmute",
        ActKind::LowerHand => "hand lowered",
        ActKind::Summon => "summoned",
        ActKind::Remove => "removed",
        ActKind::Lock => "space locked",
        ActKind::Announce => "announced",
        ActKind::BringIn => "observer brought in",
        ActKind::SendBack => "sent back to observing",
    }
}

/// Does an act that is recorded, or tells that it could not be.
pub fn settle(
    house: &mut House,
    plan: &Plan,
    under_way: ActUnderWay,
    reply: Result<StoreReply, StoreError>,
    now: ServerTime,
    effects: &mut Effects,
) {
    let ActUnderWay { by, client_ref, act, reason } = under_way;
    let Ok(StoreReply::ActStored { act: id, at }) = reply else {
        return refuse(by, client_ref, ActRefusal::NotStored, effects);
    };
    let id = ActId(id);
    let kind = act.kind();
    let told = |who: ParticipantId, effects: &mut Effects| {
        effects.tell(who, ActTold { act: id, kind, by, reason: reason.clone() }.into());
    };
    let mut done = DoneAct { id, by, act: act.clone(), concerned: Vec::new(), hand_since: None };
    let is_possible = match act {
        Act::BringIn(who) => watching::bring_in(house, plan, who, now, effects),
        Act::SendBack(who) => watching::send_back(house, plan, who, now, effects),
        _ => true,
    };
    if !is_possible {
        return refuse(by, client_ref, ActRefusal::NotPossible, effects);
    }
    match act {
        Act::BringIn(_) | Act::SendBack(_) => {}
        Act::Mute(who) => {
            if microphones::mute(house, who, effects) {
                done.concerned.push(who);
            }
            told(who, effects);
        }
        Act::MuteSpace(space) => {
            let others = house.people.in_space(space).filter(|person| !person.keeps_order());
            let others: Vec<_> = others.map(|person| person.participant.id).collect();
            for who in others {
                if microphones::mute(house, who, effects) {
                    done.concerned.push(who);
                    told(who, effects);
                }
            }
        }
        Act::AskToUnmute(who) => {
            microphones::give_back(house, who, effects);
            told(who, effects);
        }
        Act::LowerHand(who) => {
            done.hand_since = house.people.get(who).and_then(|person| person.hand_since);
            if hands::lower(house, who, effects) {
                done.concerned.push(who);
                told(who, effects);
            }
        }
        Act::Summon { participant, space, seat } => {
            summons::begin(house, (id, by, reason.clone()), (participant, space, seat), now, effects);
        }
        Act::Remove(who) => {
            effects.endings.push((who, Ending::removed(removal_reason(reason.as_str()))));
            absence::leave(house, plan, who, effects);
        }
        Act::Lock(space) => {
            house.order.lock(space, id);
            house.renew_allowed();
            effects.send(To::All, SpaceLocked { space, act: id }.into());
        }
        Act::Announce { space, words } => {
            let to = space.map_or(To::All, To::Space);
            let sent_at = at.wall_time();
            effects.send(to, Announcement { by, space, words, sent_at }.into());
        }
    }
    house.order.note(done);
    effects.tell(by, ActDone { client_ref, act: id }.into());
}

/// Locks again what the record says is locked; who stands in such a space already stays.
pub fn settle_locks(
    house: &mut House,
    plan: &Plan,
    reply: Result<StoreReply, StoreError>,
    effects: &mut Effects,
) {
    let Ok(StoreReply::Locks(locks)) = reply else { return };
    for (id, key) in locks {
        let found = plan.spaces().find(|space| space.key == key).map(|space| space.id);
        let Some(space) = found.filter(|space| *space != plan.entrance()) else { continue };
        let act = ActId(id);
        house.order.lock(space, act);
        // Whoever keeps order may take it back; its author may be another participant now.
        house.order.note(DoneAct {
            id: act,
            by: ParticipantId(0),
            act: Act::Lock(space),
            concerned: Vec::new(),
            hand_since: None,
        });
        effects.send(To::All, SpaceLocked { space, act }.into());
    }
    house.renew_allowed();
}

/// What the removed person reads: the moderator's words, else a sentence that the client has in six languages.
fn removal_reason(reason: &str) -> &str {
    match reason.trim() {
        "" => "a moderator has removed you from the event",
        words => words,
    }
}

/// Asks the record to take an act back, or tells why not.
pub fn undo(house: &mut House, who: ParticipantId, id: ActId, effects: &mut Effects) {
    let Some(person) = house.people.get(who) else { return };
    let (role, by) = (person.participant.role, person.account.person);
    let why = match house.order.done(id) {
        // Chairs take back what they did; moderators and organisers what anybody did.
        Some(done) if done.by != who && role < Role::Moderator => Some(ActRefusal::NotAllowed),
        Some(done) if !is_undoable(house, done) => Some(ActRefusal::NotUndoable),
        Some(_) => None,
        None if role == Role::Participant => Some(ActRefusal::NotAllowed),
        None => Some(ActRefusal::NotUndoable),
    };
    if let Some(why) = why {
        return refuse(who, 0, why, effects);
    }
    let request = StoreRequest::UndoAct { act: id.0, by };
    effects.request(request, Purpose::Undo(UndoUnderWay { by: who, act: id }));
}

/// What was said is said, and who followed a summons has gone.
fn is_undoable(house: &House, done: &DoneAct) -> bool {
    match done.act {
        Act::Announce { .. } | Act::AskToUnmute(_) => false,
        // Each takes the other back.
        Act::BringIn(_) | Act::SendBack(_) => false,
        Act::Summon { .. } => house.order.summons(done.id).is_some(),
        Act::LowerHand(_) => done.hand_since.is_some(),
        Act::Mute(_) | Act::MuteSpace(_) | Act::Remove(_) | Act::Lock(_) => true,
    }
}

/// Takes an act back whose end is recorded.
pub fn settle_undo(
    house: &mut House,
    under_way: UndoUnderWay,
    reply: &Result<StoreReply, StoreError>,
    now: ServerTime,
    effects: &mut Effects,
) {
    let UndoUnderWay { by, act } = under_way;
    let why = match reply {
        Ok(StoreReply::ActUndone { was_done: true }) => None,
        Ok(_) => Some(ActRefusal::NotUndoable),
        Err(_) => Some(ActRefusal::NotStored),
    };
    let done = if why.is_none() { house.order.take(act) } else { None };
    let Some(done) = done else {
        return refuse(by, 0, why.unwrap_or(ActRefusal::NotUndoable), effects);
    };
    for &who in &done.concerned {
        match done.act {
            Act::Mute(_) | Act::MuteSpace(_) => {
                microphones::give_back(house, who, effects);
            }
            Act::LowerHand(_) => hands::raise_again(house, who, done.hand_since, effects),
            _ => {}
        }
    }
    match done.act {
        Act::Lock(space) => {
            house.order.unlock(space);
            house.renew_allowed();
            effects.send(To::All, SpaceUnlocked { space }.into());
        }
        Act::Summon { .. } => summons::withdraw(house, act, now, effects),
        _ => {}
    }
    let mut hearers: Vec<ParticipantId> = done.concerned.clone();
    hearers.extend([by, done.by]);
    hearers.sort_unstable();
    hearers.dedup();
    let kind = done.act.kind();
    hearers.into_iter().for_each(|who| effects.tell(who, ActUndone { act, kind }.into()));
}
