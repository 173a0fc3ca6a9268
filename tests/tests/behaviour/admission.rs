//! Who may enter, who may not, and what they are told.

use tests::stepper::Stepper;
use tests::virtual_network::Conditions;
use xr_client::core::stage::Stage;
use xr_client::sentence::Problem;

fn ended(stepper: &Stepper, who: usize) -> Option<Problem> {
    match stepper.delegates[who].core.stage() {
        Stage::Ended(problem) => Some(problem.clone()),
        _ => None,
    }
}

fn run_until_ended(stepper: &mut Stepper, who: usize) -> Problem {
    stepper.run_until("the client says why", 10.0, |s| ended(s, who).is_some());
    ended(stepper, who).expect("it ended")
}

#[test]
fn a_wrong_code_is_refused_in_a_sentence() {
    let mut stepper = Stepper::new(1, Conditions::GOOD);
    let who = stepper.enter_with_text("00000000");
    let problem = run_until_ended(&mut stepper, who);
    assert!(matches!(problem, Problem::UnknownInvitation), "{problem:?}");
}

#[test]
fn revoking_removes_at_once_and_for_good() {
    let mut stepper = Stepper::new(2, Conditions::BAD);
    let code = stepper.store.invite(tests::stepper::EVENT, "Amina", "CHE");
    let who = stepper.enter_with(code);
    stepper.run_until_all_inside();
    stepper.store.revoke(code);
    run_until_ended(&mut stepper, who);
    let again = stepper.enter_with(code);
    let problem = run_until_ended(&mut stepper, again);
    assert!(matches!(problem, Problem::RevokedInvitation), "{problem:?}");
}

#[test]
fn a_second_device_takes_over_and_the_first_is_told() {
    let mut stepper = Stepper::new(3, Conditions::BAD);
    let code = stepper.store.invite(tests::stepper::EVENT, "Amina", "CHE");
    let first = stepper.enter_with(code);
    stepper.run_until_all_inside();
    let id = stepper.id(first);
    let second = stepper.enter_with(code);
    stepper.run_until("the second is inside", 10.0, |s| s.delegates[second].is_inside());
    let problem = run_until_ended(&mut stepper, first);
    assert!(matches!(problem, Problem::TakenOver), "{problem:?}");
    assert_eq!(stepper.id(second), id, "it is the same participant");
}

#[test]
fn a_lost_connection_comes_back_by_itself_as_the_same_participant() {
    let mut stepper = Stepper::new(4, Conditions::BAD);
    let who = stepper.enter("Amina");
    stepper.run_until_all_inside();
    let (id, root) = (stepper.id(who), stepper.root(who));
    stepper.network.cut(1);
    stepper.run_until("it notices", 5.0, |s| !s.delegates[who].is_inside());
    stepper.run_until("it is back", 30.0, |s| s.delegates[who].is_inside());
    assert_eq!(stepper.id(who), id);
    assert!(stepper.root(who).distance(root) < 0.1, "it stands where it stood");
}

#[test]
fn tickets_are_renewed_and_an_hour_passes_without_notice() {
    let mut stepper = Stepper::new(5, Conditions::GOOD);
    let who = stepper.enter("Amina");
    stepper.run_until_all_inside();
    // A ticket lives for fifteen minutes; one renewal and a reconnect after it are enough to prove the path.
    stepper.run_secs(16.0 * 60.0);
    assert!(stepper.delegates[who].is_inside());
    stepper.network.cut(1);
    stepper.run_until("it notices", 5.0, |s| !s.delegates[who].is_inside());
    stepper.run_until("it is back", 30.0, |s| s.delegates[who].is_inside());
}

#[test]
fn a_server_that_closes_says_so() {
    let mut stepper = Stepper::new(6, Conditions::GOOD);
    let who = stepper.enter("Amina");
    stepper.run_until_all_inside();
    stepper.venue.close(venue_protocol::ClosingReason::Restart, 60);
    stepper.run_until("the client is told", 5.0, |s| !s.delegates[who].is_inside());
    stepper.run_until("the server is done", 5.0, |s| s.venue.is_closed());
    let stage = stepper.delegates[who].core.stage();
    assert!(matches!(stage, Stage::Lost { problem: Problem::ServerClosing { .. }, .. }), "{stage:?}");
}
