//! Who is not let in or may not stay, and what they are told.

use super::*;
use crate::store::InvitationState;
use venue_protocol::Refused;

const EXPIRED: InvitationState = InvitationState::Expired { at: UnixMillis(1) };

impl Bench {
    fn refused(&self, client: usize) -> &Refused {
        match &self.clients[client].end {
            Some(SessionEnd::Refused(refused)) => refused,
            other => panic!("{other:?}"),
        }
    }

    fn removed(&self, client: usize) -> &str {
        match &self.clients[client].end {
            Some(SessionEnd::Removed(removed)) => removed.why.as_str(),
            other => panic!("{other:?}"),
        }
    }

    fn leave(&mut self, client: usize) {
        self.clients[client].session.leave();
        self.run(2);
    }
}

#[test]
fn an_expired_invitation_is_refused_at_the_door_and_at_the_return() {
    let mut bench = Bench::new();
    let code = bench.invite("Ada");
    let ada = bench.connect(1, code);
    let ticket = bench.clients[ada].ticket();
    bench.leave(ada);
    bench.store.set_invitation_state(code, EXPIRED);
    let by_code = bench.connect(1, code);
    assert_eq!(bench.refusal(by_code), Some(RefusalCode::ExpiredInvitation));
    let by_ticket = bench.connect_with(1, ticket);
    assert_eq!(bench.refusal(by_ticket), Some(RefusalCode::ExpiredInvitation));
}

#[test]
fn an_invitation_that_expires_ends_the_stay_when_the_ticket_is_renewed() {
    let mut bench = Bench::new();
    let code = bench.invite("Ada");
    let ada = bench.connect(1, code);
    let bo = bench.join("Bo");
    bench.store.set_invitation_state(code, EXPIRED);
    bench.run(30 * 60 * 10);
    assert!(bench.removed(ada).contains("its time is over"));
    assert!(bench.clients[bo].end.is_none() && bench.present(bo).is_empty());
}

#[test]
fn a_link_to_an_event_that_is_not_there_says_so() {
    let mut bench = Bench::new();
    let code = bench.invite("Ada");
    let lost = bench.connect_with(1, Client::by_code("wtf-27", code));
    assert_eq!(bench.refusal(lost), Some(RefusalCode::UnknownEvent));
}

#[test]
fn whose_data_was_erased_is_removed_and_does_not_come_back_by_ticket() {
    let mut bench = Bench::new();
    let code = bench.invite("Ada");
    let ada = bench.connect(1, code);
    let ticket = bench.clients[ada].ticket();
    bench.store.erase(code);
    bench.run(2);
    assert!(bench.removed(ada).contains("erased"));
    let by_ticket = bench.connect_with(1, ticket);
    assert_eq!(bench.refusal(by_ticket), Some(RefusalCode::Removed));
    let by_code = bench.connect(1, code);
    assert_eq!(bench.refusal(by_code), Some(RefusalCode::UnknownInvitation));
}

#[test]
fn the_organisers_reason_is_told_to_whom_it_concerns() {
    let mut bench = Bench::new();
    let code = bench.invite("Ada");
    let ada = bench.connect(1, code);
    bench.store.revoke_because(code, "left the delegation");
    bench.run(2);
    assert_eq!(bench.removed(ada), "left the delegation");
}

#[test]
fn a_full_server_says_when_to_try_again_and_keeps_the_places_of_those_inside() {
    let mut bench = Bench::with(VenueConfig { max_sessions: 2, ..VenueConfig::default() });
    let code = bench.invite("Ada");
    let ada = bench.connect(1, code);
    let bo = bench.join("Bo");
    let cy_code = bench.invite("Cy");
    let cy = bench.connect(9, cy_code);
    let refused = bench.refused(cy);
    assert_eq!((refused.code, refused.retry_after_secs), (RefusalCode::ServerFull, 30));
    bench.clients[ada].cut(CloseReason::TimedOut);
    bench.run(2);
    let cy = bench.connect(9, cy_code);
    assert_eq!(bench.refusal(cy), Some(RefusalCode::ServerFull), "a lost person's place is kept");
    let ada = bench.connect(1, code);
    assert!(bench.clients[ada].welcome.is_some());
    bench.leave(bo);
    let cy = bench.connect(9, cy_code);
    assert!(bench.clients[cy].welcome.is_some());
}

#[test]
fn who_comes_and_goes_all_the_time_has_to_wait() {
    let mut bench = Bench::new();
    let bo = bench.join("Bo");
    let code = bench.invite("Ada");
    for _ in 0..3 {
        let ada = bench.connect(1, code);
        assert!(bench.clients[ada].welcome.is_some());
        bench.leave(ada);
    }
    for _ in 0..5 {
        let ada = bench.connect(1, code);
        let refused = bench.refused(ada);
        assert_eq!(refused.code, RefusalCode::RateLimited);
        assert!((9..=10).contains(&refused.retry_after_secs), "{}", refused.retry_after_secs);
    }
    let joined = |update: &&ServerUpdate| matches!(update, ServerUpdate::PresenceJoined(_));
    assert_eq!(bench.clients[bo].updates.iter().filter(joined).count(), 3);
    bench.run(30 * 10);
    let ada = bench.connect(1, code);
    assert!(bench.clients[ada].welcome.is_some());
}

#[test]
fn a_connection_that_is_lost_and_comes_back_all_the_time_does_not_wait() {
    let mut bench = Bench::new();
    let code = bench.invite("Ada");
    for _ in 0..20 {
        let ada = bench.connect(1, code);
        assert!(bench.clients[ada].welcome.is_some());
        bench.clients[ada].cut(CloseReason::TimedOut);
        bench.run(2);
    }
}

#[test]
fn newcomers_who_never_join_leave_room_for_the_others() {
    let mut bench = Bench::with(VenueConfig { max_sessions: 10, ..VenueConfig::default() });
    for number in 0..crate::sessions::MAX_NEWCOMERS as u64 + 20 {
        bench.network.open_silently(1_000_000 + number);
    }
    bench.run(1);
    assert_eq!(bench.venue.sessions.len(), crate::sessions::MAX_NEWCOMERS);
    bench.run(30 * 11);
    assert!(bench.venue.sessions.is_empty(), "nobody said hello in time");
    bench.join("Ada");
}
