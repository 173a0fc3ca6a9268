//! What comes from the group: who made it, whether it is allowed, and what follows from it.

use super::{Change, Group, Person, is_of_talk};
use crate::MAX_MEMBERS;
use crate::error::{TalkError, crypto};
use crate::identity::{Admission, Strictness, certificate_of};
use crate::roster::Member;
use openmls::framing::errors::MessageDecryptionError;
use openmls::prelude::tls_codec::Deserialize as _;
use openmls::prelude::{
    ContentType, Credential, LeafNode, MlsMessageIn, OpenMlsCrypto, OpenMlsProvider, ProcessMessageError,
    ProcessedMessageContent, Proposal, ProtocolMessage, Sender, StagedCommit, ValidationError, WireFormat,
};
use std::collections::BTreeMap;
use venue_model::{TalkId, WallTime};

/// No message of a talk is longer, bytes: a text of 2,000 characters, a commit of 16 devices.
const MAX_MESSAGE_BYTES: usize = 16 * 1_024;

/// What a message is for, as anybody can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Something that is said.
    Said,
    /// A commit: a new epoch.
    Change,
}

/// A message whose inside nobody has looked at.
#[derive(Clone, Debug)]
pub(crate) struct Inbound {
    pub epoch: u64,
    pub kind: Kind,
    message: ProtocolMessage,
}

impl Inbound {
    /// Reads the outside of a message.
    pub fn parse(bytes: &[u8], talk: TalkId) -> Result<Self, TalkError> {
        let unreadable = || TalkError::Unreadable("message");
        if bytes.len() > MAX_MESSAGE_BYTES {
            return Err(unreadable());
        }
        let message = MlsMessageIn::tls_deserialize_exact(bytes).map_err(|_| unreadable())?;
        if message.wire_format() != WireFormat::PrivateMessage {
            return Err(TalkError::NotAllowed("a message that is not encrypted"));
        }
        let message = message.try_into_protocol_message().map_err(|_| unreadable())?;
        if !is_of_talk(message.group_id(), talk) {
            return Err(TalkError::OtherTalk);
        }
        let kind = match message.content_type() {
            ContentType::Application => Kind::Said,
            ContentType::Commit => Kind::Change,
            _ => return Err(TalkError::NotAllowed("a proposal")),
        };
        Ok(Self { epoch: message.epoch().as_u64(), kind, message })
    }
}

/// What a message turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Somebody said something.
    Said { from: Member, content: Vec<u8> },
    /// This device's own message came back.
    Own,
    /// A commit, which is done.
    Changed(Change),
    /// A commit that puts this device out.
    PutOut { by: Member },
}

impl Group {
    /// Opens a message of this or a past epoch, and carries out a commit. What is refused changes nothing.
    pub fn process(
        &mut self,
        inbound: Inbound,
        admission: &Admission,
        now: WallTime,
    ) -> Result<Outcome, TalkError> {
        if inbound.message.group_id() != self.mls.group_id() {
            return Err(TalkError::OtherTalk);
        }
        let processed = self.mls.process_message(&self.keys.0, inbound.message).map_err(reason)?;
        let Sender::Member(leaf) = *processed.sender() else {
            return Err(TalkError::NotAllowed("a message from outside"));
        };
        let from = self.member_of(processed.credential(), inbound.epoch)?;
        match processed.into_content() {
            ProcessedMessageContent::ApplicationMessage(said) => {
                Ok(Outcome::Said { from, content: said.into_bytes() })
            }
            ProcessedMessageContent::OwnPrivateMessage => Ok(Outcome::Own),
            ProcessedMessageContent::StagedCommitMessage(staged) => {
                self.check_commit(&staged, leaf.u32(), admission, now)?;
                if staged.self_removed() {
                    self.mls.merge_staged_commit(&self.keys.0, *staged).map_err(crypto)?;
                    return Ok(Outcome::PutOut { by: from });
                }
                let packages = packages_of(&staged, self.keys.0.crypto())?;
                let removed = removed_by(&staged);
                self.mls.merge_staged_commit(&self.keys.0, *staged).map_err(crypto)?;
                let (joined, left) = self.refresh_roster(&removed)?;
                Ok(Outcome::Changed(Change { joined, left, by: from.participant, packages }))
            }
            _ => Err(TalkError::NotAllowed("a proposal")),
        }
    }

    /// The member behind a credential, which was checked when its device came in.
    fn member_of(&self, credential: &Credential, epoch: u64) -> Result<Member, TalkError> {
        let claims = certificate_of(credential)?.claims;
        let is_in =
            |member: &&Member| (member.participant, member.device) == (claims.participant, claims.device);
        let found = self.roster.iter().map(|(_, member)| member).find(is_in);
        let gone = Member { participant: claims.participant, device: claims.device, since: epoch };
        Ok(found.copied().unwrap_or(gone))
    }

    /// A commit may let in whom the server let in, take out, and renew the committer's own keys; nothing else.
    fn check_commit(
        &self,
        staged: &StagedCommit,
        committer: u32,
        admission: &Admission,
        now: WallTime,
    ) -> Result<(), TalkError> {
        let mut people: BTreeMap<u32, Person> =
            self.roster.iter().map(|(leaf, member)| (leaf, (member.participant, member.device))).collect();
        let own = people.get(&committer).copied().ok_or(TalkError::NotIn)?;
        if let Some(leaf) = staged.update_path_leaf_node()
            && checked(leaf, admission, now, Strictness::Timeless)? != own
        {
            return Err(TalkError::NotAllowed("to become another device"));
        }
        let mut added = Vec::new();
        for queued in staged.queued_proposals() {
            match queued.proposal() {
                Proposal::Add(add) => {
                    added.push(checked(add.key_package().leaf_node(), admission, now, Strictness::Lenient)?);
                }
                Proposal::Remove(remove) => {
                    people.remove(&remove.removed().u32());
                }
                _ => return Err(TalkError::NotAllowed("a change that is no coming, going or renewing")),
            }
        }
        let mut all: Vec<Person> = people.into_values().collect();
        for person in added {
            if all.iter().any(|one| one.0 == person.0 || one.1 == person.1) {
                return Err(TalkError::NotAllowed("a person with two devices"));
            }
            all.push(person);
        }
        if all.len() > MAX_MEMBERS { Err(TalkError::Full) } else { Ok(()) }
    }
}

fn checked(
    leaf: &LeafNode,
    admission: &Admission,
    now: WallTime,
    strictness: Strictness,
) -> Result<Person, TalkError> {
    Ok(admission.check(leaf.credential(), leaf.signature_key().as_slice(), now, strictness)?)
}

/// The hashes of the key packages that a commit uses.
pub(super) fn packages_of(
    staged: &StagedCommit,
    provider: &impl OpenMlsCrypto,
) -> Result<Vec<Vec<u8>>, TalkError> {
    let packages = staged.add_proposals().map(|add| add.add_proposal().key_package().hash_ref(provider));
    packages.map(|hash| hash.map(|hash| hash.as_slice().to_vec()).map_err(crypto)).collect()
}

/// The leaves that a commit takes out.
pub(super) fn removed_by(staged: &StagedCommit) -> Vec<u32> {
    staged.remove_proposals().map(|remove| remove.remove_proposal().removed().u32()).collect()
}

/// The library's reasons as ours. What a person can do something about is told apart.
fn reason<E>(error: ProcessMessageError<E>) -> TalkError {
    match error {
        ProcessMessageError::ValidationError(ValidationError::UnableToDecrypt(
            MessageDecryptionError::SecretTreeError(_),
        )) => TalkError::Repeated,
        ProcessMessageError::UnauthorizedExternalApplicationMessage
        | ProcessMessageError::UnauthorizedExternalCommitMessage
        | ProcessMessageError::IncompatibleWireFormat => TalkError::NotAllowed("a message from outside"),
        _ => TalkError::NotDecrypted,
    }
}
