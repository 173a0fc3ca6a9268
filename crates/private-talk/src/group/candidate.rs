//! Before a device is in: its key package, which is used once, and the welcome that answers it.

use super::{Group, Keys, Person, SUITE, is_of_talk, join_config};
use crate::MAX_MEMBERS;
use crate::error::{CertificateFault, TalkError, crypto};
use crate::identity::{Admission, Device, Strictness};
use crate::roster::Roster;
use openmls::prelude::tls_codec::Deserialize as _;
use openmls::prelude::{
    KeyPackage, KeyPackageIn, Lifetime, MlsGroup, MlsMessageBodyIn, MlsMessageIn, MlsMessageOut,
    OpenMlsProvider, ProtocolVersion, StagedWelcome,
};
use openmls_rust_crypto::OpenMlsRustCrypto;
use venue_model::{ParticipantId, TalkId, WallTime};

/// How long after it was made a key package lets somebody in, s, and how far ahead the other's clock may be.
const LIFE_SECONDS: u64 = 15 * 60;
const SKEW_SECONDS: u64 = 5 * 60;

/// The life that stands in it, s, to both sides of when it was made. openmls compares it at every member with the system's clock,
/// which may be hours off; a member that refuses what all others take would be alone. The short life is the inviter's check.
const WRITTEN_LIFE_SECONDS: u64 = 24 * 60 * 60;

/// No key package and no welcome is longer, bytes. A welcome holds the tree of 16 devices.
const MAX_PACKAGE_BYTES: usize = 2_048;
const MAX_WELCOME_BYTES: usize = 16 * 1_024;

/// Somebody's key package, verified.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    pub participant: ParticipantId,
    /// The hash by which MLS names it.
    pub reference: Vec<u8>,
    pub(super) key_package: Box<KeyPackage>,
}

impl Package {
    /// Reads and verifies what somebody who wants to come in has sent.
    pub fn check(bytes: &[u8], admission: &Admission, now: WallTime) -> Result<Self, TalkError> {
        let unreadable = || TalkError::Unreadable("key package");
        if bytes.len() > MAX_PACKAGE_BYTES {
            return Err(unreadable());
        }
        let message = MlsMessageIn::tls_deserialize_exact(bytes).map_err(|_| unreadable())?;
        let MlsMessageBodyIn::KeyPackage(package) = message.extract() else { return Err(unreadable()) };
        let ((participant, _), key_package) = verified(package, admission, now)?;
        let made = key_package.life_time().not_after().saturating_sub(WRITTEN_LIFE_SECONDS);
        let seconds = now.0 / 1_000;
        if seconds >= made.saturating_add(LIFE_SECONDS) || made > seconds + SKEW_SECONDS {
            return Err(TalkError::StalePackage);
        }
        let provider = OpenMlsRustCrypto::default();
        let reference = key_package.hash_ref(provider.crypto()).map_err(crypto)?.as_slice().to_vec();
        Ok(Self { participant, reference, key_package: Box::new(key_package) })
    }
}

fn verified(
    package: KeyPackageIn,
    admission: &Admission,
    now: WallTime,
) -> Result<(Person, KeyPackage), TalkError> {
    // Who it is comes first: it says more than a signature that does not fit.
    let shown = package.unverified_credential();
    let person =
        admission.check(&shown.credential, shown.signature_key.as_slice(), now, Strictness::Exact)?;
    let provider = OpenMlsRustCrypto::default();
    let package =
        package.validate(provider.crypto(), ProtocolVersion::Mls10).map_err(|_| TalkError::StalePackage)?;
    if package.ciphersuite() != SUITE {
        return Err(TalkError::NotAllowed("another cipher"));
    }
    Ok((person, package))
}

/// A device that waits to be let in.
pub(crate) struct Candidate {
    keys: Keys,
}

impl Candidate {
    /// Makes the key package; returns its bytes.
    pub fn new(device: &Device, now: WallTime) -> Result<(Self, Vec<u8>), TalkError> {
        let keys = Keys::default();
        let seconds = now.0 / 1_000;
        let life =
            Lifetime::init(seconds.saturating_sub(WRITTEN_LIFE_SECONDS), seconds + WRITTEN_LIFE_SECONDS);
        let bundle = KeyPackage::builder()
            .key_package_lifetime(life)
            .build(SUITE, &keys.0, device, device.credential())
            .map_err(crypto)?;
        let bytes = MlsMessageOut::from(bundle.key_package().clone()).to_bytes().map_err(crypto)?;
        Ok((Self { keys }, bytes))
    }

    /// The group behind a welcome. One that is not for this device, or not of this talk, is refused; another may come.
    pub fn open(
        &self,
        welcome: &[u8],
        talk: TalkId,
        device: &Device,
        admission: &Admission,
        now: WallTime,
    ) -> Result<MlsGroup, TalkError> {
        let unreadable = || TalkError::Unreadable("welcome");
        if welcome.len() > MAX_WELCOME_BYTES {
            return Err(unreadable());
        }
        let message = MlsMessageIn::tls_deserialize_exact(welcome).map_err(|_| unreadable())?;
        let MlsMessageBodyIn::Welcome(welcome) = message.extract() else { return Err(unreadable()) };
        // Others' key packages may be old by now: they were good when their owners came in.
        let staged = StagedWelcome::build_from_welcome(&self.keys.0, &join_config(), welcome)
            .map_err(|_| TalkError::NotWelcome)?
            .skip_lifetime_validation()
            .build()
            .map_err(|_| TalkError::NotWelcome)?;
        let context = staged.group_context();
        if !is_of_talk(context.group_id(), talk) {
            return Err(TalkError::OtherTalk);
        }
        if context.ciphersuite() != SUITE || context.extensions().iter().next().is_some() {
            return Err(TalkError::NotAllowed("a talk with another cipher or with extensions"));
        }
        check_members(&staged, device, admission, now)?;
        staged.into_group(&self.keys.0).map_err(|_| TalkError::NotWelcome)
    }

    /// Comes in: what was the candidate's is the group's.
    pub fn enter(self, mls: MlsGroup) -> Result<Group, TalkError> {
        let mut group = Group { keys: self.keys, mls, roster: Roster::default() };
        group.refresh_roster(&[])?;
        Ok(group)
    }
}

/// Everybody in the talk has a certificate that counts, and each person is in it once.
fn check_members(
    staged: &StagedWelcome,
    device: &Device,
    admission: &Admission,
    now: WallTime,
) -> Result<(), TalkError> {
    let mut people: Vec<Person> = Vec::new();
    for member in staged.members() {
        let is_own = member.index == staged.own_leaf_index();
        let strictness = if is_own { Strictness::Timeless } else { Strictness::Lenient };
        let person = admission.check(&member.credential, &member.signature_key, now, strictness)?;
        if is_own && person != (device.participant(), device.key()) {
            return Err(CertificateFault::OtherKey(person.0).into());
        }
        if people.iter().any(|one| one.0 == person.0 || one.1 == person.1) {
            return Err(TalkError::NotAllowed("a person with two devices"));
        }
        people.push(person);
    }
    if people.len() > MAX_MEMBERS {
        return Err(TalkError::Full);
    }
    Ok(())
}
