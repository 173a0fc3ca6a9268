//! Who may come in: from a credential to a guest, or to a refusal that says why.
//!
//! It asks the store and remembers what it asked for; it must not know worlds or sockets.

use crate::sessions::codes::{CodeLimiter, CodeOutcome};
use crate::sessions::joins::JoinLimiter;
use crate::sessions::ticket::{
    TICKET_LIFE_MILLIS, TicketClaims, TicketError, TicketOffice, proves_possession,
};
use crate::store::{
    EventState, Invitation, InvitationCode, InvitationId, InvitationState, PersonId, RequestId, StoreError,
    StoreReply, StoreRequest, UnixMillis,
};
use std::collections::BTreeMap;
use std::net::IpAddr;
use venue_model::{BoundedText, DeviceKey, EventKey, ParticipantId, ServerTime, WallTime};
use venue_protocol::{
    Credential, DeviceCertified, DeviceClaims, JoinRequest, RefusalCode, Refused, Ticket, TicketBytes,
};
use venue_transport::ConnectionId;

/// A certificate outlives the ticket by so much: a renewal may be late, a talk goes on, milliseconds.
const CERTIFIED_BEYOND_MILLIS: i64 = 3_600_000;

/// Lookups that may be under way at once.
const MAX_LOOKUPS: usize = 4_096;

/// Admission at one server.
#[derive(Debug)]
pub struct Admission {
    office: TicketOffice,
    codes: CodeLimiter,
    joins: JoinLimiter,
    lookups: BTreeMap<RequestId, Lookup>,
}

/// What the store was asked for.
#[derive(Debug)]
pub enum Lookup {
    /// The holder of a code.
    Code {
        /// Who waits.
        connection: ConnectionId,
        /// From where.
        address: IpAddr,
        /// For which event.
        event: EventKey,
        /// The request to join.
        join: Box<JoinRequest>,
    },
    /// The subject of a ticket.
    Ticket {
        /// Who waits.
        connection: ConnectionId,
        /// Whom the ticket names.
        subject: PersonId,
        /// The request to join.
        join: Box<JoinRequest>,
    },
    /// The subject of a ticket that is to be renewed.
    Renewal {
        /// Who is inside.
        who: ParticipantId,
    },
}

/// A request to join that must wait for the store.
#[derive(Debug)]
pub struct Question {
    /// What to ask.
    pub request: StoreRequest,
    /// What for.
    pub lookup: Lookup,
}

/// What a lookup came to.
#[derive(Debug)]
pub enum Verdict {
    /// The invitation counts now.
    Admitted {
        /// Who waits.
        connection: ConnectionId,
        /// The invitation.
        invitation: Box<Invitation>,
        /// The request to join.
        join: Box<JoinRequest>,
    },
    /// No.
    Refused {
        /// Who waits.
        connection: ConnectionId,
        /// What to say.
        refusal: Refused,
    },
    /// The ticket may be renewed.
    Renewed {
        /// Who is inside.
        who: ParticipantId,
        /// The invitation as it is now.
        invitation: Box<Invitation>,
    },
    /// The person may not stay.
    Ended {
        /// Who is inside.
        who: ParticipantId,
        /// What would be said at the door.
        objection: Refused,
    },
    /// The store could not say; the person stays for now.
    Undecided {
        /// Who is inside.
        who: ParticipantId,
    },
}

impl Admission {
    /// An admission that signs its tickets with this office's key.
    pub fn new(office: TicketOffice) -> Self {
        Self {
            office,
            codes: CodeLimiter::default(),
            joins: JoinLimiter::default(),
            lookups: BTreeMap::new(),
        }
    }

    /// Looks at a request to join: what to ask the store, or why not.
    pub fn consider(
        &mut self,
        connection: ConnectionId,
        address: IpAddr,
        join: Box<JoinRequest>,
        wall: UnixMillis,
        now: ServerTime,
    ) -> Result<Question, Refused> {
        if self.lookups.len() >= MAX_LOOKUPS {
            return Err(refusal(RefusalCode::Unavailable, "the server has too many joins at once", 5));
        }
        if !proves_possession(&join.device_key, &join.signed, &join.proof) {
            return Err(refusal(RefusalCode::BadProof, "the device's signature is wrong", 0));
        }
        match &join.credential {
            Credential::Invitation { event, code } => {
                let event = event.clone();
                let limited = self.codes.begin(address, event.as_str(), now);
                limited.map_err(|wait| refusal(RefusalCode::RateLimited, "too many wrong codes", wait.0))?;
                let Ok(code) = InvitationCode::parse(code.0.as_str()) else {
                    self.codes.finish(address, event.as_str(), CodeOutcome::Wrong, now);
                    return Err(refusal(RefusalCode::UnknownInvitation, "this is not an invitation code", 0));
                };
                let request = StoreRequest::FindInvitation { event: event.clone(), code };
                Ok(Question { request, lookup: Lookup::Code { connection, address, event, join } })
            }
            Credential::Ticket(ticket) => {
                let claims = self.office.verify(ticket.as_slice(), &join.device_key, wall);
                let claims = claims.map_err(|error| bad_ticket(&error))?;
                let request = StoreRequest::FindTicketSubject { invitation: claims.invitation };
                let lookup = Lookup::Ticket { connection, subject: claims.subject, join };
                Ok(Question { request, lookup })
            }
        }
    }

    /// Remembers what a request to the store was for.
    pub fn expect(&mut self, request: RequestId, lookup: Lookup) {
        self.lookups.insert(request, lookup);
    }

    /// Judges the store's answer; none when the request was not one of admission's.
    pub fn judge(
        &mut self,
        request: RequestId,
        reply: &Result<StoreReply, StoreError>,
        now: ServerTime,
    ) -> Option<Verdict> {
        let lookup = self.lookups.remove(&request)?;
        Some(match lookup {
            Lookup::Code { connection, address, event, join } => {
                let found = read(reply, unknown_invitation);
                let outcome = match &found {
                    Ok(_) => CodeOutcome::Known,
                    Err(refusal) if refusal.code == RefusalCode::Unavailable => CodeOutcome::Unknown,
                    Err(_) => CodeOutcome::Wrong,
                };
                self.codes.finish(address, event.as_str(), outcome, now);
                answer(connection, join, found)
            }
            Lookup::Ticket { connection, subject, join } => {
                let found = read(reply, erased);
                let same = |found: Box<Invitation>| Some(found).filter(|found| found.person == subject);
                answer(connection, join, found.and_then(|found| same(found).ok_or_else(erased)))
            }
            Lookup::Renewal { who } => match read(reply, erased) {
                Ok(invitation) => match objection(&invitation) {
                    None => Verdict::Renewed { who, invitation },
                    Some(objection) => Verdict::Ended { who, objection },
                },
                Err(refusal) if refusal.code == RefusalCode::Unavailable => Verdict::Undecided { who },
                Err(objection) => Verdict::Ended { who, objection },
            },
        })
    }

    /// Notes that a person, who is not inside, comes in: everybody will hear of it.
    pub fn come_in(&mut self, person: PersonId, now: ServerTime) -> Result<(), Refused> {
        let limited = self.joins.take(person, now);
        limited.map_err(|wait| refusal(RefusalCode::RateLimited, "you came and went too often", wait.0))
    }

    /// A fresh ticket for an invitation and a device, and until when it is good.
    pub fn ticket(
        &self,
        invitation: &Invitation,
        device: DeviceKey,
        wall: UnixMillis,
    ) -> (Ticket, UnixMillis) {
        let expires_at = UnixMillis(wall.0 + TICKET_LIFE_MILLIS);
        let bytes = self.office.mint(&TicketClaims {
            subject: invitation.person,
            invitation: invitation.id,
            event: invitation.event.key.clone(),
            spaces: invitation.spaces.clone(),
            role: invitation.role,
            device,
            expires_at,
        });
        // The office keeps to the protocol's limit; an empty ticket would only resume nothing.
        let bytes = TicketBytes::new(bytes.to_vec()).unwrap_or_else(|_| empty_ticket());
        (Ticket { bytes, valid_secs: (TICKET_LIFE_MILLIS / 1000) as u32 }, expires_at)
    }

    /// The word for a person's device, for others in private talks; as good as the ticket and an hour beyond.
    pub fn certify(
        &self,
        event: &EventKey,
        participant: ParticipantId,
        device: DeviceKey,
        wall: UnixMillis,
    ) -> DeviceCertified {
        let at = WallTime(wall.0.max(0) as u64);
        let valid_until = WallTime(at.0 + (TICKET_LIFE_MILLIS + CERTIFIED_BEYOND_MILLIS) as u64);
        self.office.certify(DeviceClaims { event: event.clone(), participant, device, valid_until }, at)
    }
}

/// What to ask when a ticket is to be renewed.
pub fn renewal(who: ParticipantId, invitation: InvitationId) -> Question {
    Question { request: StoreRequest::FindTicketSubject { invitation }, lookup: Lookup::Renewal { who } }
}

/// A refusal with its reason for support.
pub fn refusal(code: RefusalCode, detail: &str, retry_after_secs: u32) -> Refused {
    let retry_after_secs = u16::try_from(retry_after_secs).unwrap_or(u16::MAX);
    Refused { code, detail: BoundedText::lossy(detail), retry_after_secs }
}

fn empty_ticket() -> TicketBytes {
    TicketBytes::new(Vec::new()).expect("nothing is not too long")
}

/// The invitation that the store found, or what to say instead.
fn read(
    reply: &Result<StoreReply, StoreError>,
    nothing: impl FnOnce() -> Refused,
) -> Result<Box<Invitation>, Refused> {
    match reply {
        Ok(StoreReply::Invitation(Some(found))) => Ok(found.clone()),
        Ok(StoreReply::Invitation(None)) => Err(nothing()),
        Ok(StoreReply::NoSuchEvent) => {
            Err(refusal(RefusalCode::UnknownEvent, "this server has no event of that name", 0))
        }
        Ok(_) | Err(_) => {
            Err(refusal(RefusalCode::Unavailable, "the server can not read its invitations now", 10))
        }
    }
}

fn unknown_invitation() -> Refused {
    refusal(RefusalCode::UnknownInvitation, "no such invitation to this event", 0)
}

/// A ticket of this server proves that its person was invited: who is not found was erased.
fn erased() -> Refused {
    refusal(RefusalCode::Removed, "everything about you was erased from the server", 0)
}

fn answer(
    connection: ConnectionId,
    join: Box<JoinRequest>,
    found: Result<Box<Invitation>, Refused>,
) -> Verdict {
    let admitted = found.and_then(|invitation| match objection(&invitation) {
        Some(objection) => Err(objection),
        None => Ok(invitation),
    });
    match admitted {
        Ok(invitation) => Verdict::Admitted { connection, invitation, join },
        Err(refusal) => Verdict::Refused { connection, refusal },
    }
}

/// Why an invitation that exists does not count now.
fn objection(invitation: &Invitation) -> Option<Refused> {
    let refused = |code, detail: &str| Some(refusal(code, detail, 0));
    match (invitation.state, invitation.event.state) {
        (InvitationState::Revoked, _) => {
            refused(RefusalCode::RevokedInvitation, "the organiser has withdrawn this invitation")
        }
        (InvitationState::Expired { .. }, _) => {
            refused(RefusalCode::ExpiredInvitation, "this invitation counts no more: its time is over")
        }
        (_, EventState::NotYetOpen { .. }) => {
            refused(RefusalCode::EventNotOpen, "the event has not opened yet")
        }
        (_, EventState::Closed) => refused(RefusalCode::EventClosed, "the event is over"),
        (InvitationState::Valid, EventState::Open) => None,
    }
}

fn bad_ticket(error: &TicketError) -> Refused {
    refusal(RefusalCode::BadTicket, &error.to_string(), 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::memory::{MemoryHandle, MemoryStore};
    use crate::store::{Store, memory};
    use ed25519_dalek::{Signer, SigningKey};
    use venue_model::Language;
    use venue_protocol::{Appearance, Features, join_proof_message};

    const WALL: UnixMillis = UnixMillis(1_000_000);
    const NOW: ServerTime = ServerTime(0);
    const HERE: ConnectionId = ConnectionId(1);

    struct Desk {
        admission: Admission,
        store: MemoryStore,
        handle: MemoryHandle,
    }

    fn desk() -> Desk {
        let store = memory::MemoryStore::new();
        let handle = store.handle();
        handle.add_event("wtf-26", "Forum");
        Desk { admission: Admission::new(TicketOffice::new(&[1; 32], "here")), store, handle }
    }

    fn join(device: u8, credential: Credential) -> Box<JoinRequest> {
        let key = SigningKey::from_bytes(&[device; 32]);
        let signed = join_proof_message(&[9; 32], &credential);
        Box::new(JoinRequest {
            credential,
            proof: key.sign(&signed).to_bytes(),
            signed,
            device_key: DeviceKey(key.verifying_key().to_bytes()),
            language: Language::En,
            appearance: Appearance::default(),
            program: BoundedText::lossy("test"),
            version: 1,
            features: Features::OWN,
        })
    }

    fn code(text: &str) -> Credential {
        Credential::Invitation {
            event: EventKey::new("wtf-26").unwrap(),
            code: venue_protocol::InvitationCode(BoundedText::lossy(text)),
        }
    }

    impl Desk {
        fn ask(&mut self, join: Box<JoinRequest>) -> Result<Box<Invitation>, RefusalCode> {
            let address = IpAddr::from([192, 0, 2, 1]);
            let question = self.admission.consider(HERE, address, join, WALL, NOW).map_err(|no| no.code)?;
            let id = self.store.submit(question.request);
            self.admission.expect(id, question.lookup);
            let (id, reply) = self.store.poll().unwrap();
            match self.admission.judge(id, &reply, NOW) {
                Some(Verdict::Admitted { invitation, .. }) => Ok(invitation),
                Some(Verdict::Refused { refusal, .. }) => Err(refusal.code),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_code_lets_in_and_a_wrong_one_does_not() {
        let mut desk = desk();
        let ada = desk.handle.invite("wtf-26", "Ada", "CHE");
        assert_eq!(desk.ask(join(1, code(&ada.to_string()))).unwrap().name.as_str(), "Ada");
        assert_eq!(desk.ask(join(1, code("0000-0000"))).unwrap_err(), RefusalCode::UnknownInvitation);
        assert_eq!(desk.ask(join(1, code("no code"))).unwrap_err(), RefusalCode::UnknownInvitation);
    }

    #[test]
    fn what_was_withdrawn_closed_or_not_yet_opened_is_said() {
        let mut desk = desk();
        let ada = desk.handle.invite("wtf-26", "Ada", "CHE");
        let mut check = |state, expected| {
            desk.handle.set_event_state("wtf-26", state);
            assert_eq!(desk.ask(join(1, code(&ada.to_string()))).unwrap_err(), expected);
        };
        check(EventState::Closed, RefusalCode::EventClosed);
        check(EventState::NotYetOpen { opens_at: UnixMillis(9) }, RefusalCode::EventNotOpen);
        desk.handle.set_event_state("wtf-26", EventState::Open);
        desk.handle.set_invitation_state(ada, InvitationState::Expired { at: UnixMillis(9) });
        assert_eq!(desk.ask(join(1, code(&ada.to_string()))).unwrap_err(), RefusalCode::ExpiredInvitation);
        desk.handle.revoke(ada);
        assert_eq!(desk.ask(join(1, code(&ada.to_string()))).unwrap_err(), RefusalCode::RevokedInvitation);
    }

    #[test]
    fn an_event_that_is_not_there_is_told_and_counts_as_a_wrong_code() {
        let mut desk = desk();
        let ada = desk.handle.invite("wtf-26", "Ada", "CHE").to_string();
        let elsewhere = || Credential::Invitation {
            event: EventKey::new("wtf-27").unwrap(),
            code: venue_protocol::InvitationCode(BoundedText::lossy(&ada)),
        };
        for _ in 0..10 {
            assert_eq!(desk.ask(join(1, elsewhere())).unwrap_err(), RefusalCode::UnknownEvent);
        }
        assert_eq!(desk.ask(join(1, elsewhere())).unwrap_err(), RefusalCode::RateLimited);
    }

    #[test]
    fn guessing_is_slowed_down_even_when_the_next_code_is_right() {
        let mut desk = desk();
        let ada = desk.handle.invite("wtf-26", "Ada", "CHE");
        for _ in 0..10 {
            assert_eq!(desk.ask(join(1, code("0000-0000"))).unwrap_err(), RefusalCode::UnknownInvitation);
        }
        assert_eq!(desk.ask(join(1, code(&ada.to_string()))).unwrap_err(), RefusalCode::RateLimited);
    }

    #[test]
    fn a_ticket_resumes_until_it_expires_or_the_invitation_is_withdrawn() {
        let mut desk = desk();
        let ada = desk.handle.invite("wtf-26", "Ada", "CHE");
        let join_by_code = join(1, code(&ada.to_string()));
        let device = join_by_code.device_key;
        let invitation = desk.ask(join_by_code).unwrap();
        let show = |ticket: &Ticket, device| join(device, Credential::Ticket(ticket.bytes.clone()));
        let (good, _) = desk.admission.ticket(&invitation, device, WALL);
        assert_eq!(desk.ask(show(&good, 1)).unwrap().name.as_str(), "Ada");
        assert_eq!(desk.ask(show(&good, 2)).unwrap_err(), RefusalCode::BadTicket);
        let (old, _) = desk.admission.ticket(&invitation, device, UnixMillis(WALL.0 - TICKET_LIFE_MILLIS));
        assert_eq!(desk.ask(show(&old, 1)).unwrap_err(), RefusalCode::BadTicket);
        desk.handle.revoke(ada);
        assert_eq!(desk.ask(show(&good, 1)).unwrap_err(), RefusalCode::RevokedInvitation);
    }

    #[test]
    fn a_proof_for_another_connection_is_refused() {
        let mut desk = desk();
        let ada = desk.handle.invite("wtf-26", "Ada", "CHE");
        let mut stolen = join(1, code(&ada.to_string()));
        stolen.signed = join_proof_message(&[8; 32], &stolen.credential);
        assert_eq!(desk.ask(stolen).unwrap_err(), RefusalCode::BadProof);
    }

    #[test]
    fn a_store_that_fails_is_not_the_guests_fault() {
        let mut desk = desk();
        let ada = desk.handle.invite("wtf-26", "Ada", "CHE");
        desk.handle.fail_with(Some(StoreError::DiskFull { path: "venue.db".into() }));
        for _ in 0..30 {
            assert_eq!(desk.ask(join(1, code(&ada.to_string()))).unwrap_err(), RefusalCode::Unavailable);
        }
    }
}
