//! Acts that keep order: each is checked, recorded, done, told and taken back, also on a bad network.

use tests::stepper::{EVENT, Stepper};
use tests::virtual_network::Conditions;
use venue_model::{BoundedText, ParticipantId, Posture, Role, SpaceId};
use venue_protocol::{Act, ActId, Microphone};
use xr_client::core::stage::Stage;
use xr_client::input::{Command, OrderCommand};
use xr_client::sentence::Problem;

const FOYER: SpaceId = SpaceId(1);
const HALL: SpaceId = SpaceId(2);

/// A moderator, a delegate and another one, all in the foyer.
fn stand(seed: u64) -> (Stepper, [usize; 3]) {
    let mut stepper = Stepper::new(seed, Conditions::BAD);
    let moderator = enter_as(&mut stepper, "Mona", Role::Moderator);
    let (a, b) = (stepper.enter("Amina"), stepper.enter("Bruno"));
    stepper.run_until_all_inside();
    (stepper, [moderator, a, b])
}

fn enter_as(stepper: &mut Stepper, name: &str, role: Role) -> usize {
    let code = stepper.store.invite_as(EVENT, name, "CHE", |invitation| invitation.role = role);
    stepper.enter_with(code)
}

fn moderate(stepper: &mut Stepper, who: usize, act: Act) {
    stepper.delegates[who].command(Command::Order(OrderCommand::Moderate(act, BoundedText::lossy("noise"))));
}

/// Lets an act be done and gives its number.
fn done(stepper: &mut Stepper, who: usize, act: Act) -> ActId {
    let before = stepper.store.acts().len();
    moderate(stepper, who, act.clone());
    stepper.run_until("the act is done", 5.0, |s| newest(s, who).is_some_and(|(_, newest)| newest == act));
    assert_eq!(stepper.store.acts().len(), before + 1, "an act is recorded before it is done");
    newest(stepper, who).unwrap().0
}

fn newest(stepper: &Stepper, who: usize) -> Option<(ActId, Act)> {
    stepper.delegates[who].core.order().acts().next().map(|(id, act)| (id, act.clone()))
}

fn undo(stepper: &mut Stepper, who: usize, act: ActId) {
    stepper.delegates[who].command(Command::Order(OrderCommand::Undo(act)));
}

fn is_muted(stepper: &Stepper, by: usize, who: ParticipantId) -> bool {
    stepper.delegates[by].core.people().microphone(who) == Microphone::MutedByModerator
}

#[test]
fn a_muted_microphone_is_seen_by_all_survives_a_lost_connection_and_is_given_back() {
    let (mut stepper, [m, a, b]) = stand(1);
    let amina = stepper.id(a);
    let act = done(&mut stepper, m, Act::Mute(amina));
    stepper.run_until("all see it", 5.0, |s| [m, a, b].iter().all(|by| is_muted(s, *by, amina)));
    let stored = stepper.store.acts();
    assert_eq!((stored[0].action, stored[0].reason.as_str()), ("muted", "noise"));
    stepper.network.cut(a as u64 + 1);
    stepper.run_until("it notices", 5.0, |s| !s.delegates[a].is_inside());
    stepper.run_until("still muted", 30.0, |s| s.delegates[a].is_inside() && is_muted(s, a, amina));
    undo(&mut stepper, m, act);
    stepper.run_until("given back", 5.0, |s| [m, a, b].iter().all(|by| !is_muted(s, *by, amina)));
    assert!(stepper.store.acts()[0].undone_by.is_some());
}

#[test]
fn all_of_a_room_are_muted_but_those_who_keep_order() {
    let (mut stepper, [m, a, b]) = stand(2);
    let ids = [stepper.id(m), stepper.id(a), stepper.id(b)];
    let act = done(&mut stepper, m, Act::MuteSpace(FOYER));
    stepper.run_until("both", 5.0, |s| is_muted(s, b, ids[1]) && is_muted(s, b, ids[2]));
    assert!(!is_muted(&stepper, b, ids[0]));
    moderate(&mut stepper, m, Act::AskToUnmute(ids[1]));
    stepper.run_until("one has it back", 5.0, |s| !is_muted(s, b, ids[1]) && is_muted(s, b, ids[2]));
    undo(&mut stepper, m, act);
    stepper.run_until("both have", 5.0, |s| !is_muted(s, b, ids[2]));
}

#[test]
fn a_lowered_hand_goes_up_again_at_its_old_place() {
    let (mut stepper, [m, a, b]) = stand(3);
    let (amina, bruno) = (stepper.id(a), stepper.id(b));
    for who in [a, b] {
        stepper.delegates[who].command(Command::RaiseOrLowerHand);
        stepper.run_until("up", 5.0, |s| s.delegates[who].core.has_raised_hand());
    }
    let queue = |s: &Stepper| s.delegates[m].core.people().hands().collect::<Vec<_>>();
    stepper.run_until("seen", 5.0, |s| queue(s) == [amina, bruno]);
    let act = done(&mut stepper, m, Act::LowerHand(amina));
    stepper.run_until("down", 5.0, |s| queue(s) == [bruno] && !s.delegates[a].core.has_raised_hand());
    undo(&mut stepper, m, act);
    stepper.run_until("as before", 5.0, |s| queue(s) == [amina, bruno]);
}

#[test]
fn who_does_not_refuse_a_summons_is_taken_there_and_seated() {
    let (mut stepper, [m, a, _]) = stand(4);
    let manifest = stepper.delegates[m].core.manifest().unwrap().clone();
    let seat = manifest.seats.iter().find(|seat| seat.space == HALL).unwrap().id;
    let summon = Act::Summon { participant: stepper.id(a), space: HALL, seat: Some(seat) };
    done(&mut stepper, m, summon);
    stepper.run_until("the person is asked", 5.0, |s| s.delegates[a].core.order().summons().is_some());
    assert_eq!(stepper.space(a), Some(FOYER), "nobody is moved before the countdown");
    stepper.run_until("there", 8.0, |s| s.space(a) == Some(HALL) && s.delegates[a].core.body().is_seated());
    assert_eq!(stepper.delegates[a].core.body().pose().posture, Posture::Seated(seat));
    stepper.run_until("over", 5.0, |s| s.delegates[a].core.order().summons().is_none());
}

#[test]
fn a_summons_can_be_refused_and_taken_back() {
    let (mut stepper, [m, a, b]) = stand(5);
    let (amina, bruno) = (stepper.id(a), stepper.id(b));
    let summon = |participant| Act::Summon { participant, space: HALL, seat: None };
    done(&mut stepper, m, summon(amina));
    stepper.run_until("asked", 5.0, |s| s.delegates[a].core.order().summons().is_some());
    stepper.delegates[a].command(Command::Order(OrderCommand::RefuseSummons));
    // That there is nothing to take back any more is how the moderator's client learns of the end.
    stepper.run_until("the moderator hears it", 3.0, |s| newest(s, m).is_none());
    let act = done(&mut stepper, m, summon(bruno));
    stepper.run_until("asked", 5.0, |s| s.delegates[b].core.order().summons().is_some());
    undo(&mut stepper, m, act);
    stepper.run_until("withdrawn", 3.0, |s| s.delegates[b].core.order().summons().is_none());
    stepper.run_secs(7.0);
    assert_eq!((stepper.space(a), stepper.space(b)), (Some(FOYER), Some(FOYER)), "nobody was moved");
}

#[test]
fn a_removed_person_hears_why_stays_out_and_comes_back_when_it_is_undone() {
    let mut stepper = Stepper::new(6, Conditions::BAD);
    let m = enter_as(&mut stepper, "Mona", Role::Moderator);
    let code = stepper.store.invite(EVENT, "Amina", "CHE");
    let a = stepper.enter_with(code);
    stepper.run_until_all_inside();
    let amina = stepper.id(a);
    let act = done(&mut stepper, m, Act::Remove(amina));
    stepper.run_until("out", 10.0, |s| matches!(s.delegates[a].core.stage(), Stage::Ended(_)));
    let Stage::Ended(Problem::Removed { detail }) = stepper.delegates[a].core.stage() else {
        panic!("{:?}", stepper.delegates[a].core.stage())
    };
    assert_eq!(detail, "noise");
    let again = stepper.enter_with(code);
    stepper.run_until("refused", 10.0, |s| {
        matches!(s.delegates[again].core.stage(), Stage::Ended(Problem::RevokedInvitation))
    });
    undo(&mut stepper, m, act);
    stepper.run_until("undone", 5.0, |s| newest(s, m).is_none());
    let back = stepper.enter_with(code);
    stepper.run_until("inside again", 20.0, |s| s.delegates[back].is_inside());
}

#[test]
fn a_locked_room_is_closed_to_delegates_and_open_to_moderators() {
    let (mut stepper, [m, a, b]) = stand(7);
    stepper.delegates[b].command(Command::GoToSpace(HALL));
    stepper.run_until("one is in", 5.0, |s| s.space(b) == Some(HALL));
    let act = done(&mut stepper, m, Act::Lock(HALL));
    stepper.run_until("known", 5.0, |s| !s.delegates[a].core.may_enter(HALL));
    stepper.delegates[a].command(Command::GoToSpace(HALL));
    stepper.run_secs(2.0);
    assert_eq!((stepper.space(a), stepper.space(b)), (Some(FOYER), Some(HALL)), "who is in stays");
    stepper.delegates[m].command(Command::GoToSpace(HALL));
    stepper.run_until("the moderator may", 5.0, |s| s.space(m) == Some(HALL));
    let late = stepper.enter("Late");
    stepper.run_until("told to who comes later", 20.0, |s| {
        s.delegates[late].is_inside() && !s.delegates[late].core.may_enter(HALL)
    });
    undo(&mut stepper, m, act);
    stepper.run_until("open", 5.0, |s| s.delegates[a].core.may_enter(HALL));
    stepper.delegates[a].command(Command::GoToSpace(HALL));
    stepper.run_until("in", 5.0, |s| s.space(a) == Some(HALL));
    moderate(&mut stepper, m, Act::Lock(FOYER));
    stepper.run_secs(2.0);
    assert!(stepper.delegates[a].core.may_enter(FOYER), "people arrive there");
}

#[test]
fn a_lock_outlasts_the_last_visitor_and_another_moderator_opens_it() {
    let (mut stepper, [m, a, b]) = stand(10);
    done(&mut stepper, m, Act::Lock(HALL));
    for who in [m, a, b] {
        stepper.delegates[who].command(Command::Leave);
    }
    stepper.run_secs(3.0);
    let (late, mika) = (stepper.enter("Late"), enter_as(&mut stepper, "Mika", Role::Moderator));
    stepper.run_until("locked still", 20.0, |s| {
        [late, mika]
            .iter()
            .all(|who| s.delegates[*who].is_inside() && s.delegates[*who].core.order().is_locked(HALL))
    });
    stepper.delegates[late].command(Command::GoToSpace(HALL));
    stepper.run_secs(2.0);
    assert_eq!(stepper.space(late), Some(FOYER));
    let act = stepper.delegates[mika].core.order().locked().next().unwrap().1;
    undo(&mut stepper, mika, act);
    stepper.run_until("open", 5.0, |s| s.delegates[late].core.may_enter(HALL));
    assert!(stepper.store.acts()[0].undone_by.is_some());
}

#[test]
fn roles_decide_and_nobody_removes_their_equals() {
    let mut stepper = Stepper::new(8, Conditions::GOOD);
    let [m, chair, organiser, other] = [
        ("Mona", Role::Moderator),
        ("Carl", Role::Chair),
        ("Olga", Role::Organiser),
        ("Mika", Role::Moderator),
    ]
    .map(|(name, role)| enter_as(&mut stepper, name, role));
    let a = stepper.enter("Amina");
    stepper.run_until_all_inside();
    let [mona, amina, mika, olga] = [m, a, other, organiser].map(|who| stepper.id(who));
    let refused = [
        (a, Act::Mute(mona)),
        (a, Act::LowerHand(amina)),
        (a, Act::Announce { space: None, words: BoundedText::lossy("fire") }),
        (chair, Act::Remove(amina)),
        (chair, Act::Lock(HALL)),
        (chair, Act::Mute(mona)),
        (chair, Act::MuteSpace(HALL)),
        (m, Act::Remove(mika)),
        (m, Act::Remove(olga)),
        (m, Act::Remove(mona)),
        (m, Act::Remove(ParticipantId(999))),
        (m, Act::Lock(SpaceId(99))),
    ];
    for (who, act) in refused {
        moderate(&mut stepper, who, act);
        stepper.run_secs(0.3);
    }
    assert_eq!(stepper.store.acts(), []);
    let act = done(&mut stepper, chair, Act::Mute(amina));
    undo(&mut stepper, a, act);
    stepper.run_secs(1.0);
    assert!(is_muted(&stepper, a, amina), "nobody takes back what others did to them");
    done(&mut stepper, organiser, Act::Remove(mika));
    stepper.run_until("gone", 5.0, |s| matches!(s.delegates[other].core.stage(), Stage::Ended(_)));
}

#[test]
fn what_is_not_recorded_is_not_done() {
    let (mut stepper, [m, a, _]) = stand(9);
    let amina = stepper.id(a);
    stepper.store.fail_with(Some(venue_server::store::StoreError::DiskFull { path: "venue.db".into() }));
    moderate(&mut stepper, m, Act::Mute(amina));
    stepper.run_secs(2.0);
    assert!(!is_muted(&stepper, a, amina) && newest(&stepper, m).is_none());
}
