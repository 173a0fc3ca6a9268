//! How far the way into the venue has got, and how the end of a connection becomes a sentence.
//!
//! It must not act; the client core does.

use crate::link::{Place, fingerprint_text};
use crate::sentence::Problem;
use venue_protocol::{ClosingReason, LocalTime, RefusalCode, Refused, SessionEnd};
use venue_transport::ConnectError;

/// How far the way into the venue has got.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Stage {
    /// Nowhere; perhaps with what went wrong with the last link.
    #[default]
    Start,
    /// The start, with what is wrong with the link that was typed.
    StartWithProblem(Problem),
    /// Reaching the server.
    Connecting,
    /// The server has a key that nobody vouches for; the person decides.
    AsksTrust {
        /// The key's fingerprint.
        fingerprint: [u8; 32],
        /// The sentence that asks.
        problem: Problem,
    },
    /// The server checks the invitation.
    Joining,
    /// Admitted; floor and first room are on their way.
    Loading,
    /// In the venue.
    Inside,
    /// The connection is gone; another try follows by itself.
    Lost {
        /// What happened.
        problem: Problem,
        /// When the next try begins; none while it runs.
        retry_at: Option<LocalTime>,
    },
    /// Over until the person does something.
    Ended(Problem),
}

/// What follows from the end of a connection.
#[derive(Clone, Debug, PartialEq)]
pub enum Consequence {
    /// Nothing is wrong: the person left.
    Start,
    /// Tell and try again by oneself, not before so many µs.
    Retry {
        /// What to tell.
        problem: Problem,
        /// Shortest pause.
        pause_micros: u64,
    },
    /// Try again at once with the invitation: the ticket is no good.
    UseInvitation,
    /// Tell, and wait for the person.
    End(Problem),
}

/// Whether a lost connection is tried again without being asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persistence {
    /// The server has admitted the person on this visit, or has promised to.
    ComesBack,
    /// The person is on the way in and decides.
    AsksThePerson,
}

impl Persistence {
    fn retries(self) -> bool {
        self == Self::ComesBack
    }
}

/// What follows from a session's end.
pub fn after_session(end: &SessionEnd, place: &Place, persistence: Persistence) -> Consequence {
    let host = || place.host.clone();
    match end {
        SessionEnd::Left => Consequence::Start,
        SessionEnd::WrongVersion(refusal) => {
            Consequence::End(Problem::WrongVersion { server: refusal.program.to_string() })
        }
        SessionEnd::Refused(refused) => after_refusal(refused, place, persistence),
        SessionEnd::TakenOver => Consequence::End(Problem::TakenOver),
        SessionEnd::Removed(removed) => {
            Consequence::End(Problem::Removed { detail: removed.why.to_string() })
        }
        SessionEnd::ServerClosing(closing) => match closing.reason {
            ClosingReason::EventOver => Consequence::End(Problem::EventOver),
            ClosingReason::Restart | ClosingReason::Stopped => Consequence::Retry {
                problem: Problem::ServerClosing { host: host() },
                pause_micros: u64::from(closing.back_in_secs) * 1_000_000,
            },
        },
        SessionEnd::ProtocolError(detail) => {
            Consequence::End(Problem::NotAVenue { host: host(), detail: detail.clone() })
        }
        SessionEnd::Idle | SessionEnd::Connection(_) => match persistence {
            Persistence::ComesBack => {
                Consequence::Retry { problem: Problem::WentAway { host: host() }, pause_micros: 0 }
            }
            Persistence::AsksThePerson => Consequence::End(Problem::LostOnTheWay { host: host() }),
        },
    }
}

fn after_refusal(refused: &Refused, place: &Place, persistence: Persistence) -> Consequence {
    let (host, detail) = (place.host.clone(), refused.detail.to_string());
    let problem = match refused.code {
        RefusalCode::UnknownEvent | RefusalCode::UnknownInvitation => Problem::UnknownInvitation,
        RefusalCode::ExpiredInvitation => Problem::ExpiredInvitation,
        RefusalCode::RevokedInvitation => Problem::RevokedInvitation,
        RefusalCode::EventNotOpen => Problem::EventNotOpen,
        RefusalCode::EventClosed => Problem::EventOver,
        RefusalCode::RateLimited => Problem::RateLimited,
        RefusalCode::BadProof => Problem::BadProof,
        RefusalCode::BadTicket => return Consequence::UseInvitation,
        RefusalCode::Removed => Problem::Removed { detail },
        RefusalCode::ServerFull => Problem::ServerFull { host },
        RefusalCode::ShuttingDown => Problem::ServerStopping { host },
        RefusalCode::Unavailable => Problem::ServerUnavailable { host, detail },
    };
    if persistence.retries() && refused.code.is_worth_retrying() {
        let pause_micros = u64::from(refused.retry_after_secs) * 1_000_000;
        return Consequence::Retry { problem, pause_micros };
    }
    Consequence::End(problem)
}

/// What follows when there is no connection at all.
pub fn after_failure(error: &ConnectError, place: &Place, persistence: Persistence) -> Consequence {
    let host = || place.host.clone();
    let (problem, passes) = match error {
        ConnectError::NoAnswer { port } => (Problem::NoAnswer { host: host(), port: port.to_string() }, true),
        ConnectError::NameNotFound { .. } => (Problem::NameNotFound { host: host() }, true),
        ConnectError::FingerprintMismatch { .. } => (Problem::FingerprintMismatch { host: host() }, false),
        ConnectError::UnknownServer { found } => (unknown_server(place, &found.0), false),
        ConnectError::Busy => (Problem::ServerBusy { host: host() }, true),
        ConnectError::NotAVenue { detail, .. } => {
            (Problem::NotAVenue { host: host(), detail: detail.clone() }, false)
        }
        ConnectError::Local(detail) => (Problem::NetworkDown { detail: detail.clone() }, true),
    };
    match persistence.retries() && passes {
        true => Consequence::Retry { problem, pause_micros: 0 },
        false => Consequence::End(problem),
    }
}

/// The sentence to show when a retry failed as well: what is known of the loss says more than that nobody answers
/// yet, as long as nothing but that has come out.
pub fn sentence_of_retry(known: &Problem, found: Problem) -> Problem {
    match found {
        Problem::NoAnswer { .. } | Problem::ServerBusy { .. } => known.clone(),
        other => other,
    }
}

/// The question whether to trust a server.
pub fn unknown_server(place: &Place, fingerprint: &[u8; 32]) -> Problem {
    Problem::UnknownServer { host: place.host.clone(), fingerprint: fingerprint_text(fingerprint) }
}

/// The question whether to trust a server that shows another key than at the last visit.
pub fn renewed_server(place: &Place, fingerprint: &[u8; 32]) -> Problem {
    Problem::KeyChanged { host: place.host.clone(), fingerprint: fingerprint_text(fingerprint) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use venue_model::{BoundedText, EventKey};
    use venue_protocol::{CloseReason, Closing};

    fn place() -> Place {
        let event = EventKey::new("e").unwrap();
        Place { host: "vev.example".into(), port: 4433, event, fingerprint: None }
    }

    fn refused(code: RefusalCode) -> SessionEnd {
        SessionEnd::Refused(Refused { code, detail: BoundedText::lossy("full"), retry_after_secs: 3 })
    }

    #[test]
    fn a_lost_connection_is_retried_only_by_who_was_admitted() {
        let end = SessionEnd::Connection(CloseReason::TimedOut);
        let admitted = after_session(&end, &place(), Persistence::ComesBack);
        assert!(matches!(admitted, Consequence::Retry { .. }));
        // The sentence must not promise that VEV tries again by itself.
        let outside = after_session(&end, &place(), Persistence::AsksThePerson);
        assert!(matches!(outside, Consequence::End(Problem::LostOnTheWay { .. })));
    }

    #[test]
    fn every_refusal_has_its_sentence() {
        for code in RefusalCode::ALL {
            match after_session(&refused(code), &place(), Persistence::AsksThePerson) {
                Consequence::End(problem) => assert!(!problem.to_string().is_empty()),
                Consequence::UseInvitation => assert_eq!(code, RefusalCode::BadTicket),
                other => panic!("{code:?}: {other:?}"),
            }
        }
        let again = after_session(&refused(RefusalCode::ShuttingDown), &place(), Persistence::ComesBack);
        assert!(matches!(again, Consequence::Retry { pause_micros: 3_000_000, .. }));
    }

    #[test]
    fn a_closing_server_is_awaited_and_a_closed_event_is_not() {
        let closing = |reason| SessionEnd::ServerClosing(Closing { reason, back_in_secs: 5 });
        let restart = after_session(&closing(ClosingReason::Restart), &place(), Persistence::ComesBack);
        assert!(matches!(restart, Consequence::Retry { pause_micros: 5_000_000, .. }));
        let over = after_session(&closing(ClosingReason::EventOver), &place(), Persistence::ComesBack);
        assert_eq!(over, Consequence::End(Problem::EventOver));
    }

    #[test]
    fn another_key_never_passes_by_itself() {
        let key = |byte| venue_transport::Fingerprint([byte; 32]);
        let error = ConnectError::FingerprintMismatch { expected: key(1), found: key(2) };
        let end = after_failure(&error, &place(), Persistence::ComesBack);
        assert!(matches!(end, Consequence::End(Problem::FingerprintMismatch { .. })));
    }

    #[test]
    fn what_the_server_says_in_english_stands_behind_for_support() {
        let Consequence::End(full) =
            after_session(&refused(RefusalCode::Unavailable), &place(), Persistence::AsksThePerson)
        else {
            panic!("it ends")
        };
        assert_eq!((full.id(), full.detail().as_deref()), ("problem-server-unavailable", Some("full")));
    }

    #[test]
    fn a_restart_stays_a_restart_while_nobody_answers() {
        let known = Problem::ServerClosing { host: "vev.example".into() };
        let no_answer = Problem::NoAnswer { host: "vev.example".into(), port: "4433".into() };
        assert_eq!(sentence_of_retry(&known, no_answer), known);
        assert_eq!(sentence_of_retry(&known, Problem::EventNotOpen), Problem::EventNotOpen);
    }
}
