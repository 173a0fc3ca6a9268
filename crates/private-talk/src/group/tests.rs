//! What a member may not do, by members that do it: they hold the same group and skip the checks before a commit.

use super::*;
use crate::error::CertificateFault;
use crate::identity::Admission;
use crate::identity::tests::server;
use ed25519_dalek::{Signer, SigningKey};
use openmls::prelude::tls_codec::Deserialize as _;
use openmls::prelude::{Extensions, KeyPackageIn, MlsMessageBodyIn, MlsMessageIn, ProtocolVersion};
use venue_model::{EventKey, WallTime};
use venue_protocol::{DeviceCertificate, DeviceClaims};

const TALK: TalkId = TalkId(9);
const DAY: u64 = 24 * 3_600_000;

fn now() -> WallTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    WallTime(since.as_millis() as u64)
}

fn admission() -> Admission {
    Admission { server_key: server().verifying_key().to_bytes(), event: EventKey::new("wtf-26").unwrap() }
}

fn device_with(participant: u32, secret: u8, valid_until: WallTime, signer: &SigningKey) -> Device {
    let key = SigningKey::from_bytes(&[secret; 32]).verifying_key().to_bytes();
    let event = EventKey::new("wtf-26").unwrap();
    let claims =
        DeviceClaims { event, participant: ParticipantId(participant), device: DeviceKey(key), valid_until };
    let signature = signer.sign(&claims.signed_bytes()).to_bytes();
    Device::new(&[secret; 32], DeviceCertificate { claims, signature }).unwrap()
}

fn device(participant: u32) -> Device {
    device_with(participant, participant as u8, WallTime(now().0 + DAY), &server())
}

/// The key package of a device, with no check of who it is.
fn unchecked(bytes: &[u8], participant: u32) -> Package {
    let message = MlsMessageIn::tls_deserialize_exact(bytes).unwrap();
    let MlsMessageBodyIn::KeyPackage(package) = message.extract() else { panic!("a key package") };
    let package: KeyPackageIn = package;
    let keys = Keys::default();
    let key_package = Box::new(package.validate(keys.0.crypto(), ProtocolVersion::Mls10).unwrap());
    Package { participant: ParticipantId(participant), reference: Vec::new(), key_package }
}

fn package_of(device: &Device) -> Package {
    let (_, bytes) = Candidate::new(device, now()).unwrap();
    unchecked(&bytes, device.participant().0)
}

/// Two members: the first may misbehave, the second looks.
fn pair() -> (Group, Device, Group) {
    let (one, two) = (device(1), device(2));
    let mut first = Group::start(TALK, &one).unwrap();
    let (candidate, bytes) = Candidate::new(&two, now()).unwrap();
    let package = Package::check(&bytes, &admission(), now()).unwrap();
    let committed = first.commit(&one, &[package], &[]).unwrap();
    first.merge_own().unwrap();
    let mls = candidate.open(&committed.welcome.unwrap(), TALK, &two, &admission(), now()).unwrap();
    (first, one, candidate.enter(mls).unwrap())
}

fn looked_at(second: &mut Group, commit: &[u8]) -> Result<Outcome, TalkError> {
    let before = (second.epoch(), second.roster().clone());
    let outcome = second.process(Inbound::parse(commit, TALK).unwrap(), &admission(), now());
    if outcome.is_err() {
        assert_eq!((second.epoch(), second.roster().clone()), before);
    }
    outcome
}

fn check_refused(newcomers: &[Device], expected: TalkError) {
    let (mut first, one, mut second) = pair();
    let packages: Vec<Package> = newcomers.iter().map(package_of).collect();
    let committed = first.commit(&one, &packages, &[]).unwrap();
    assert_eq!(looked_at(&mut second, &committed.commit), Err(expected));
}

#[test]
fn a_device_that_the_server_did_not_let_in_is_refused_by_all() {
    let foreign = SigningKey::from_bytes(&[3; 32]);
    check_refused(&[device_with(3, 3, WallTime(now().0 + DAY), &foreign)], CertificateFault::NotOurs.into());
    let old = device_with(3, 3, WallTime(now().0 - DAY), &server());
    check_refused(&[old], CertificateFault::Expired(ParticipantId(3)).into());
}

#[test]
fn a_person_has_one_device_in_a_talk() {
    let ghost = device_with(2, 33, WallTime(now().0 + DAY), &server());
    check_refused(&[ghost], TalkError::NotAllowed("a person with two devices"));
}

#[test]
fn a_seventeenth_is_refused_by_all() {
    let many: Vec<Device> = (3..=17).map(device).collect();
    check_refused(&many, TalkError::Full);
}

#[test]
fn nobody_becomes_another() {
    let (mut first, one, mut second) = pair();
    let other = device_with(5, 1, WallTime(now().0 + DAY), &server());
    let committed = first.commit(&other, &[], &[]).unwrap();
    assert_eq!(
        looked_at(&mut second, &committed.commit),
        Err(TalkError::NotAllowed("to become another device"))
    );
    first.withdraw().unwrap();
    let committed = first.commit(&one, &[], &[]).unwrap();
    assert!(matches!(looked_at(&mut second, &committed.commit), Ok(Outcome::Changed(_))));
}

#[test]
fn a_commit_that_the_talk_does_not_know_is_refused() {
    let (mut first, one, mut second) = pair();
    let proposal = first.mls.propose_remove_member(&first.keys.0, &one, LeafNodeIndex::new(1));
    let bytes = proposal.unwrap().0.to_bytes().unwrap();
    assert_eq!(Inbound::parse(&bytes, TALK).map(|_| ()), Err(TalkError::NotAllowed("a proposal")));
    // A commit that needs it can not be carried out.
    let (commit, _, _) = first.mls.commit_to_pending_proposals(&first.keys.0, &one).unwrap();
    assert_eq!(looked_at(&mut second, &commit.to_bytes().unwrap()), Err(TalkError::NotDecrypted));
}

#[test]
fn nobody_changes_what_the_group_is() {
    let (mut first, one, mut second) = pair();
    let builder = first.mls.commit_builder().propose_group_context_extensions(Extensions::empty()).unwrap();
    let provider = &first.keys.0;
    let builder = builder.load_psks(provider.storage()).unwrap();
    let builder = builder.build(provider.rand(), provider.crypto(), &one, |_| true).unwrap();
    let commit = builder.stage_commit(provider).unwrap().into_commit().to_bytes().unwrap();
    let expected = TalkError::NotAllowed("a change that is no coming, going or renewing");
    assert_eq!(looked_at(&mut second, &commit), Err(expected));
}

#[test]
fn what_is_no_encrypted_message_of_the_talk_is_refused() {
    let (mut first, one, _) = pair();
    let said = first.say(&one, b"word").unwrap();
    assert_eq!(Inbound::parse(&said, TalkId(8)).map(|_| ()), Err(TalkError::OtherTalk));
    let (_, package) = Candidate::new(&one, now()).unwrap();
    assert_eq!(
        Inbound::parse(&package, TALK).map(|_| ()),
        Err(TalkError::NotAllowed("a message that is not encrypted"))
    );
    let mut longer = said.clone();
    longer.push(0);
    assert_eq!(Inbound::parse(&longer, TALK).map(|_| ()), Err(TalkError::Unreadable("message")));
    assert_eq!(Inbound::parse(&[0; 70_000], TALK).map(|_| ()), Err(TalkError::Unreadable("message")));
}

#[test]
fn the_store_is_overwritten_at_the_end() {
    let keys = Keys::default();
    keys.0.storage().values.write().unwrap().insert(vec![1], vec![7; 4]);
    // What `drop` does, looked at before the memory is given back.
    keys.0.storage().values.write().unwrap().values_mut().for_each(Zeroize::zeroize);
    assert!(keys.0.storage().values.read().unwrap().values().all(Vec::is_empty));
}

#[test]
fn a_welcome_is_for_one_device_and_one_talk() {
    let (one, two, three) = (device(1), device(2), device(3));
    let mut first = Group::start(TALK, &one).unwrap();
    let (candidate, bytes) = Candidate::new(&two, now()).unwrap();
    let (other, _) = Candidate::new(&three, now()).unwrap();
    let package = Package::check(&bytes, &admission(), now()).unwrap();
    let welcome = first.commit(&one, &[package], &[]).unwrap().welcome.unwrap();
    let open = |candidate: &Candidate, talk: TalkId, device: &Device, welcome: &[u8]| {
        candidate.open(welcome, talk, device, &admission(), now()).map(|_| ())
    };
    assert_eq!(open(&other, TALK, &three, &welcome), Err(TalkError::NotWelcome));
    assert_eq!(open(&candidate, TALK, &two, b"garbage"), Err(TalkError::Unreadable("welcome")));
    assert_eq!(open(&candidate, TALK, &two, &bytes), Err(TalkError::Unreadable("welcome")));
    assert_eq!(open(&candidate, TALK, &two, &welcome), Ok(()));
}
