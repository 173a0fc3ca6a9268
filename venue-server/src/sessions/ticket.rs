//! Tickets: what an invitation is exchanged for, good for a quarter of an hour.
//!
//! A ticket says who may resume, where, and from which device. It is signed with a key
//! that the store keeps, so it outlives a restart of the server. This file must not know
//! connections, the store or the clock.
//!
//! Form: one version byte, the claims as JSON, 64 bytes of Ed25519 signature (RFC 8032)
//! over a label, the version byte and the claims.

use crate::store::{InvitationId, PersonId, SpacesAllowed, UnixMillis};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use venue_model::{DeviceKey, EventKey, Role, WallTime};
use venue_protocol::{DeviceCertificate, DeviceCertified, DeviceClaims};

/// How long a ticket is good for, milliseconds.
pub const TICKET_LIFE_MILLIS: i64 = 15 * 60 * 1000;

/// No ticket that this server makes is longer, in bytes.
pub const MAX_TICKET_BYTES: usize = venue_protocol::MAX_TICKET_BYTES;

const VERSION: u8 = 1;
const LABEL: &[u8] = b"vev ticket";
const SIGNATURE_BYTES: usize = 64;

/// What a ticket states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketClaims {
    /// Whom it was given to.
    pub subject: PersonId,
    /// The invitation that it was given for.
    pub invitation: InvitationId,
    /// The event that it opens.
    pub event: EventKey,
    /// The spaces that it opens.
    pub spaces: SpacesAllowed,
    /// The holder's role.
    pub role: Role,
    /// The device that may use it; it proves that it holds the private half.
    pub device: DeviceKey,
    /// Good until then.
    pub expires_at: UnixMillis,
}

/// Why a ticket is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    /// Not made by this server, damaged, or made with a key that was since replaced.
    #[error("the ticket was not made by this server, or was damaged")]
    NotOurs,
    /// Its time is over.
    #[error("the ticket has expired")]
    Expired,
    /// Another device's.
    #[error("the ticket was given to another device")]
    OtherDevice,
}

/// Makes and reads the tickets of one server.
pub struct TicketOffice {
    key: SigningKey,
    key_id: String,
    issuer: String,
}

/// The claims as they stand in the ticket. Short names: it travels with every join.
#[derive(Serialize, Deserialize)]
struct Written {
    iss: String,
    kid: String,
    sub: PersonId,
    inv: InvitationId,
    evt: EventKey,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    spc: Option<Vec<String>>,
    rol: Role,
    dev: String,
    exp: UnixMillis,
}

impl TicketOffice {
    /// An office that signs with this Ed25519 secret. `issuer` names the server, so that a
    /// ticket of another server with a copied key is not taken.
    pub fn new(secret: &[u8; 32], issuer: impl Into<String>) -> Self {
        let key = SigningKey::from_bytes(secret);
        let digest = Sha256::digest(key.verifying_key().as_bytes());
        Self { key, key_id: URL_SAFE_NO_PAD.encode(&digest[..6]), issuer: issuer.into() }
    }

    /// Makes the ticket. A list of spaces that is too long for a ticket is left out and the
    /// ticket opens none of them: the spaces are read from the store again when it is used.
    pub fn mint(&self, claims: &TicketClaims) -> Bytes {
        let signed = self.sign(claims, claims.spaces.clone());
        if signed.len() <= MAX_TICKET_BYTES {
            return signed;
        }
        self.sign(claims, SpacesAllowed::Only(Vec::new()))
    }

    /// States which device somebody came in with, for others in private talks.
    pub fn certify(&self, claims: DeviceClaims, at: WallTime) -> DeviceCertified {
        let signature = self.key.sign(&claims.signed_bytes()).to_bytes();
        let server_key = self.key.verifying_key().to_bytes();
        DeviceCertified { server_key, at, certificate: DeviceCertificate { claims, signature } }
    }

    fn sign(&self, claims: &TicketClaims, spaces: SpacesAllowed) -> Bytes {
        let written = Written {
            iss: self.issuer.clone(),
            kid: self.key_id.clone(),
            sub: claims.subject,
            inv: claims.invitation,
            evt: claims.event.clone(),
            spc: match spaces {
                SpacesAllowed::All => None,
                SpacesAllowed::Only(keys) => Some(keys),
            },
            rol: claims.role,
            dev: URL_SAFE_NO_PAD.encode(claims.device.0),
            exp: claims.expires_at,
        };
        // Plain strings and numbers always become JSON; an empty ticket opens nothing.
        let mut ticket = vec![VERSION];
        ticket.extend(serde_json::to_vec(&written).unwrap_or_default());
        let signature = self.key.sign(&signed_message(&ticket));
        ticket.extend(signature.to_bytes());
        ticket.into()
    }

    /// Reads a ticket that `device` shows at `now`.
    pub fn verify(
        &self,
        ticket: &[u8],
        device: &DeviceKey,
        now: UnixMillis,
    ) -> Result<TicketClaims, TicketError> {
        let claims = self.read(ticket).ok_or(TicketError::NotOurs)?;
        if claims.expires_at <= now {
            return Err(TicketError::Expired);
        }
        if claims.device != *device {
            return Err(TicketError::OtherDevice);
        }
        Ok(claims)
    }

    /// The claims, if the signature is this office's. Nothing is parsed before that is known.
    fn read(&self, ticket: &[u8]) -> Option<TicketClaims> {
        if ticket.len() > MAX_TICKET_BYTES {
            return None;
        }
        let (body, signature) = ticket.split_at_checked(ticket.len().checked_sub(SIGNATURE_BYTES)?)?;
        let signature = Signature::from_slice(signature).ok()?;
        self.key.verifying_key().verify_strict(&signed_message(body), &signature).ok()?;
        let (&version, json) = body.split_first()?;
        let written: Written = serde_json::from_slice(json).ok()?;
        if version != VERSION || written.iss != self.issuer || written.kid != self.key_id {
            return None;
        }
        let device = URL_SAFE_NO_PAD.decode(&written.dev).ok()?;
        Some(TicketClaims {
            subject: written.sub,
            invitation: written.inv,
            event: written.evt,
            spaces: written.spc.map_or(SpacesAllowed::All, SpacesAllowed::Only),
            role: written.rol,
            device: DeviceKey(device.try_into().ok()?),
            expires_at: written.exp,
        })
    }
}

impl std::fmt::Debug for TicketOffice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TicketOffice({}, key {})", self.issuer, self.key_id)
    }
}

fn signed_message(body: &[u8]) -> Vec<u8> {
    [LABEL, body].concat()
}

/// Whether `proof` shows that the other end of the connection holds the private half of
/// `device`: an Ed25519 signature over `message`, which contains the TLS exporter, so a
/// proof can not be carried to another connection.
pub fn proves_possession(device: &DeviceKey, message: &[u8], proof: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(&device.0)
        .is_ok_and(|key| key.verify_strict(message, &Signature::from_bytes(proof)).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> TicketClaims {
        TicketClaims {
            subject: PersonId(7),
            invitation: InvitationId(9),
            event: EventKey::new("wtf-26").unwrap(),
            spaces: SpacesAllowed::Only(vec!["lounge".into(), "hall-c".into()]),
            role: Role::Chair,
            device: DeviceKey([3; 32]),
            expires_at: UnixMillis(1_000),
        }
    }

    fn office(secret: u8) -> TicketOffice {
        TicketOffice::new(&[secret; 32], "venue.example")
    }

    #[test]
    fn a_ticket_states_what_it_was_made_for() {
        let ticket = office(1).mint(&claims());
        assert_eq!(office(1).verify(&ticket, &DeviceKey([3; 32]), UnixMillis(999)), Ok(claims()));
    }

    #[test]
    fn a_ticket_ends_at_its_time() {
        let ticket = office(1).mint(&claims());
        let verdict = office(1).verify(&ticket, &DeviceKey([3; 32]), UnixMillis(1_000));
        assert_eq!(verdict, Err(TicketError::Expired));
    }

    #[test]
    fn a_ticket_serves_one_device() {
        let ticket = office(1).mint(&claims());
        let verdict = office(1).verify(&ticket, &DeviceKey([4; 32]), UnixMillis(0));
        assert_eq!(verdict, Err(TicketError::OtherDevice));
    }

    #[test]
    fn another_server_or_a_changed_byte_is_refused() {
        let device = DeviceKey([3; 32]);
        let ticket = office(1).mint(&claims());
        let check = |office: &TicketOffice, ticket: &[u8]| {
            assert_eq!(office.verify(ticket, &device, UnixMillis(0)), Err(TicketError::NotOurs));
        };
        check(&office(2), &ticket);
        check(&TicketOffice::new(&[1; 32], "other.example"), &ticket);
        for at in 0..ticket.len() {
            let mut changed = ticket.to_vec();
            changed[at] ^= 1;
            check(&office(1), &changed);
            check(&office(1), &ticket[..at]);
        }
        check(&office(1), &vec![0; MAX_TICKET_BYTES + 1]);
    }

    #[test]
    fn a_list_of_spaces_that_does_not_fit_opens_nothing() {
        let spaces = SpacesAllowed::Only((0..2_000).map(|i| format!("space-{i}")).collect());
        let ticket = office(1).mint(&TicketClaims { spaces, ..claims() });
        let read = office(1).verify(&ticket, &DeviceKey([3; 32]), UnixMillis(0)).unwrap();
        assert_eq!(read.spaces, SpacesAllowed::Only(Vec::new()));
    }

    #[test]
    fn a_proof_is_for_one_device_and_one_message() {
        let key = SigningKey::from_bytes(&[5; 32]);
        let device = DeviceKey(key.verifying_key().to_bytes());
        let proof = key.sign(b"vev join and exporter").to_bytes();
        assert!(proves_possession(&device, b"vev join and exporter", &proof));
        assert!(!proves_possession(&device, b"vev join and other exporter", &proof));
        assert!(!proves_possession(&DeviceKey([0; 32]), b"vev join and exporter", &proof));
    }
}
