//! Who a device is: its key, the certificate that the server gave it at the door, and the check of others' certificates.
//!
//! The key that signs in a talk is the device key itself, the one that proves itself at the door. A second key, certified
//! by the first, would have to be carried, checked and explained, and whoever has the device has both. What the key signs
//! elsewhere begins with `vev`, what MLS signs begins with a length and `MLS 1.0`: neither can be taken for the other.

use crate::error::CertificateFault;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use openmls::prelude::{BasicCredential, Credential, CredentialWithKey, SignatureScheme};
use openmls_traits::signatures::{Signer, SignerError};
use venue_model::{DeviceKey, EventKey, ParticipantId, WallTime};
use venue_protocol::DeviceCertificate;

/// This device: its secret and its certificate.
pub struct Device {
    key: SigningKey,
    certificate: DeviceCertificate,
}

impl Device {
    /// A device from its Ed25519 secret and the certificate that it got at the door.
    ///
    /// # Errors
    /// The certificate is another device's.
    pub fn new(secret: &[u8; 32], certificate: DeviceCertificate) -> Result<Self, CertificateFault> {
        let key = SigningKey::from_bytes(secret);
        if key.verifying_key().to_bytes() != certificate.claims.device.0 {
            return Err(CertificateFault::OtherKey(certificate.claims.participant));
        }
        Ok(Self { key, certificate })
    }

    /// Whose it is.
    pub fn participant(&self) -> ParticipantId {
        self.certificate.claims.participant
    }

    /// Its public key.
    pub fn key(&self) -> DeviceKey {
        self.certificate.claims.device
    }

    /// Takes a newer certificate of the same device and participant.
    pub(crate) fn renew(&mut self, certificate: DeviceCertificate) -> Result<(), CertificateFault> {
        let (old, new) = (&self.certificate.claims, &certificate.claims);
        if (old.participant, old.device) != (new.participant, new.device) {
            return Err(CertificateFault::OtherKey(new.participant));
        }
        self.certificate = certificate;
        Ok(())
    }

    /// The certificate as an MLS credential, with the key that signs.
    pub(crate) fn credential(&self) -> CredentialWithKey {
        CredentialWithKey {
            credential: BasicCredential::new(self.certificate.encode().to_vec()).into(),
            signature_key: self.key.verifying_key().to_bytes().to_vec().into(),
        }
    }
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Device of participant {}", self.participant().0)
    }
}

impl Signer for Device {
    fn sign(&self, payload: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.key.try_sign(payload).map(|it| it.to_bytes().to_vec()).map_err(|_| SignerError::SigningError)
    }

    fn signature_scheme(&self) -> SignatureScheme {
        SignatureScheme::ED25519
    }
}

/// How strictly the end of a certificate is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// By whoever lets somebody in.
    Exact,
    /// By the others, whose clocks may differ: one who says no where all others say yes would be alone.
    Lenient,
    /// Not at all: who is in stays in.
    Timeless,
}

/// How much longer a certificate counts for those who were not asked, ms.
const GRACE_MILLIS: u64 = 5 * 60 * 1000;

/// Whose certificates count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The server's Ed25519 public key, of the key that signs tickets.
    pub server_key: [u8; 32],
    /// The event.
    pub event: EventKey,
}

impl Admission {
    /// Who stands behind a credential and the key that signs for it.
    pub(crate) fn check(
        &self,
        credential: &Credential,
        leaf_key: &[u8],
        now: WallTime,
        strictness: Strictness,
    ) -> Result<(ParticipantId, DeviceKey), CertificateFault> {
        let certificate = certificate_of(credential)?;
        let claims = &certificate.claims;
        let signature = Signature::from_bytes(&certificate.signature);
        VerifyingKey::from_bytes(&self.server_key)
            .and_then(|key| key.verify_strict(&claims.signed_bytes(), &signature))
            .map_err(|_| CertificateFault::NotOurs)?;
        if claims.event != self.event {
            return Err(CertificateFault::OtherEvent);
        }
        if claims.device.0 != *leaf_key {
            return Err(CertificateFault::OtherKey(claims.participant));
        }
        let counts_until = match strictness {
            Strictness::Exact => claims.valid_until.0,
            Strictness::Lenient => claims.valid_until.0.saturating_add(GRACE_MILLIS),
            Strictness::Timeless => u64::MAX,
        };
        if counts_until <= now.0 {
            return Err(CertificateFault::Expired(claims.participant));
        }
        Ok((claims.participant, claims.device))
    }
}

/// The certificate that a credential carries; nothing is verified.
pub(crate) fn certificate_of(credential: &Credential) -> Result<DeviceCertificate, CertificateFault> {
    DeviceCertificate::decode(credential.serialized_content()).map_err(CertificateFault::Unreadable)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use venue_protocol::DeviceClaims;

    /// A server's key that signs certificates.
    pub fn server() -> SigningKey {
        SigningKey::from_bytes(&[77; 32])
    }

    fn claims() -> DeviceClaims {
        DeviceClaims {
            event: EventKey::new("wtf-26").unwrap(),
            participant: ParticipantId(7),
            device: DeviceKey(SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes()),
            valid_until: WallTime(1_000),
        }
    }

    fn signed(claims: DeviceClaims, by: &SigningKey) -> DeviceCertificate {
        let signature = by.sign(&claims.signed_bytes()).to_bytes();
        DeviceCertificate { claims, signature }
    }

    fn admission() -> Admission {
        Admission { server_key: server().verifying_key().to_bytes(), event: EventKey::new("wtf-26").unwrap() }
    }

    fn check(
        certificate: &DeviceCertificate,
        leaf_key: [u8; 32],
        now: u64,
        strictness: Strictness,
    ) -> Result<ParticipantId, CertificateFault> {
        let credential = BasicCredential::new(certificate.encode().to_vec()).into();
        admission()
            .check(&credential, &leaf_key, WallTime(now), strictness)
            .map(|(participant, _)| participant)
    }

    #[test]
    fn a_certificate_counts_for_its_device_event_and_time() {
        use CertificateFault::{Expired, NotOurs, OtherEvent, OtherKey};
        let (seven, key) = (ParticipantId(7), claims().device.0);
        let good = signed(claims(), &server());
        assert_eq!(check(&good, key, 999, Strictness::Exact), Ok(seven));
        assert_eq!(check(&good, key, 1_000, Strictness::Exact), Err(Expired(seven)));
        assert_eq!(check(&good, key, GRACE_MILLIS, Strictness::Lenient), Ok(seven));
        assert_eq!(check(&good, key, GRACE_MILLIS + 1_000, Strictness::Lenient), Err(Expired(seven)));
        assert_eq!(check(&good, key, u64::MAX - 1, Strictness::Timeless), Ok(seven));
        assert_eq!(check(&good, [9; 32], 0, Strictness::Exact), Err(OtherKey(seven)));
        let elsewhere = DeviceClaims { event: EventKey::new("other").unwrap(), ..claims() };
        assert_eq!(check(&signed(elsewhere, &server()), key, 0, Strictness::Exact), Err(OtherEvent));
        let foreign = signed(claims(), &SigningKey::from_bytes(&[1; 32]));
        assert_eq!(check(&foreign, key, 0, Strictness::Exact), Err(NotOurs));
        let other = DeviceClaims { participant: ParticipantId(8), ..claims() };
        let changed = DeviceCertificate { claims: other, ..good };
        assert_eq!(check(&changed, key, 0, Strictness::Exact), Err(NotOurs));
    }

    #[test]
    fn a_device_takes_only_its_own_certificates() {
        let good = signed(claims(), &server());
        assert!(Device::new(&[8; 32], good.clone()).is_err());
        let mut device = Device::new(&[7; 32], good.clone()).unwrap();
        let longer = DeviceClaims { valid_until: WallTime(9_000), ..claims() };
        assert_eq!(device.renew(signed(longer, &server())), Ok(()));
        let other = DeviceClaims { participant: ParticipantId(8), ..claims() };
        assert!(device.renew(signed(other, &server())).is_err());
    }
}
