//! The MLS group (RFC 9420) of one talk: the one place that knows openmls. It carries out what it is told, and checks what
//! others have done; what is wanted and when is decided in `talk`.
//!
//! All messages are encrypted (`PrivateMessage`): the server sees the group's number, the epoch, whether it is a change or
//! something that is said, and the size. Group secrets live in the provider's store, in memory; see [`Keys`].

mod candidate;
mod inbound;

pub(crate) use candidate::{Candidate, Package};
pub(crate) use inbound::{Inbound, Kind, Outcome};

use crate::error::{TalkError, crypto};
use crate::identity::{Device, certificate_of};
use crate::roster::{Member, Roster};
use openmls::prelude::{
    Ciphersuite, GroupId, LeafNodeIndex, LeafNodeParameters, MlsGroup, MlsGroupCreateConfig,
    MlsGroupJoinConfig, OpenMlsProvider, OpenMlsRand, PURE_CIPHERTEXT_WIRE_FORMAT_POLICY, PastEpochDeletion,
    SenderRatchetConfiguration,
};
use openmls_rust_crypto::OpenMlsRustCrypto;
use venue_model::{DeviceKey, ParticipantId, TalkId};
use zeroize::{Zeroize, Zeroizing};

/// X25519, AES-128-GCM, SHA-256, Ed25519: the suite that every implementation has (RFC 9420 §17.1).
const SUITE: Ciphersuite = Ciphersuite::MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

/// What is said and changed is filled up to a multiple of this, bytes.
const PADDING: usize = 256;

/// Epochs that are over whose messages can still be read.
pub(crate) const PAST_EPOCHS: u64 = 2;

/// How many messages of one sender may overtake another, and how many may be missing.
const OVERTAKING: u32 = 64;
const MISSING: u32 = 1_000;

const CODE_LABEL: &str = "vev talk code";

/// The provider with its store of secrets, which is overwritten when the talk is over. What the store threw away before, and
/// copies that were made on the way, the library erases as far as it can itself.
#[derive(Default)]
pub(crate) struct Keys(OpenMlsRustCrypto);

impl Drop for Keys {
    fn drop(&mut self) {
        if let Ok(mut values) = self.0.storage().values.write() {
            values.values_mut().for_each(Zeroize::zeroize);
        }
    }
}

/// What a commit changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Change {
    pub joined: Vec<Member>,
    pub left: Vec<Member>,
    pub by: ParticipantId,
    /// The key packages that it used.
    pub packages: Vec<Vec<u8>>,
}

/// The bytes of a commit that waits for its place in the talk's order.
pub(crate) struct Committed {
    pub commit: Vec<u8>,
    pub welcome: Option<Vec<u8>>,
}

/// A group that this device is in.
pub(crate) struct Group {
    keys: Keys,
    mls: MlsGroup,
    roster: Roster,
}

fn join_config() -> MlsGroupJoinConfig {
    MlsGroupJoinConfig::builder()
        .wire_format_policy(PURE_CIPHERTEXT_WIRE_FORMAT_POLICY)
        .padding_size(PADDING)
        .max_past_epochs(PAST_EPOCHS as usize)
        .use_ratchet_tree_extension(true)
        .sender_ratchet_configuration(SenderRatchetConfiguration::new(OVERTAKING, MISSING))
        .build()
}

impl Group {
    /// A new group with this device alone in it. Its number is the talk's and eight random bytes: a talk that is begun
    /// anew is another group.
    pub fn start(talk: TalkId, device: &Device) -> Result<Self, TalkError> {
        let keys = Keys::default();
        let random: [u8; 12] = keys.0.rand().random_array().map_err(crypto)?;
        let config = MlsGroupCreateConfig::builder()
            .ciphersuite(SUITE)
            .wire_format_policy(PURE_CIPHERTEXT_WIRE_FORMAT_POLICY)
            .padding_size(PADDING)
            .max_past_epochs(PAST_EPOCHS as usize)
            .use_ratchet_tree_extension(true)
            .sender_ratchet_configuration(SenderRatchetConfiguration::new(OVERTAKING, MISSING))
            .build();
        let id = GroupId::from_slice(&[&talk.0.to_be_bytes()[..], &random].concat());
        let mls =
            MlsGroup::new_with_group_id(&keys.0, device, &config, id, device.credential()).map_err(crypto)?;
        let mut group = Self { keys, mls, roster: Roster::default() };
        group.refresh_roster(&[])?;
        Ok(group)
    }

    pub fn epoch(&self) -> u64 {
        self.mls.epoch().as_u64()
    }

    pub fn id(&self) -> &[u8] {
        self.mls.group_id().as_slice()
    }

    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    pub fn own_leaf(&self) -> u32 {
        self.mls.own_leaf_index().u32()
    }

    /// This device, as a member.
    pub fn own(&self) -> Result<Member, TalkError> {
        self.roster.at(self.own_leaf()).copied().ok_or(TalkError::NotIn)
    }

    /// 32 random bytes.
    pub fn draw(&self) -> Result<[u8; 32], TalkError> {
        self.keys.0.rand().random_array().map_err(crypto)
    }

    /// The epoch's secret for the code.
    pub fn code_secret(&self) -> Result<Zeroizing<Vec<u8>>, TalkError> {
        self.mls.export_secret(self.keys.0.crypto(), CODE_LABEL, &[], 32).map(Zeroizing::new).map_err(crypto)
    }

    /// Encrypts something that is said.
    pub fn say(&mut self, device: &Device, content: &[u8]) -> Result<Vec<u8>, TalkError> {
        let message = self.mls.create_message(&self.keys.0, device, content).map_err(crypto)?;
        message.to_bytes().map_err(crypto)
    }

    /// Makes a commit: these come in, those go out, the own keys and certificate are new. It counts when it is merged.
    pub fn commit(
        &mut self,
        device: &Device,
        add: &[Package],
        remove: &[u32],
    ) -> Result<Committed, TalkError> {
        let own = LeafNodeParameters::builder().with_credential_with_key(device.credential()).build();
        let bundle = self
            .mls
            .commit_builder()
            .force_self_update(true)
            .leaf_node_parameters(own)
            .propose_removals(remove.iter().map(|leaf| LeafNodeIndex::new(*leaf)))
            .propose_adds(add.iter().map(|package| (*package.key_package).clone()))
            .load_psks(self.keys.0.storage())
            .map_err(crypto)?
            .build(self.keys.0.rand(), self.keys.0.crypto(), device, |_| true)
            .map_err(crypto)?
            .stage_commit(&self.keys.0)
            .map_err(crypto)?;
        let welcome =
            bundle.to_welcome_msg().map(|welcome| welcome.to_bytes()).transpose().map_err(crypto)?;
        Ok(Committed { commit: bundle.commit().to_bytes().map_err(crypto)?, welcome })
    }

    /// Gives up the own commit that waits.
    pub fn withdraw(&mut self) -> Result<(), TalkError> {
        self.mls.clear_pending_commit(self.keys.0.storage()).map_err(crypto)
    }

    /// The own commit has its place: its epoch begins.
    pub fn merge_own(&mut self) -> Result<Change, TalkError> {
        let own = self.own()?.participant;
        let Some(pending) = self.mls.pending_commit() else { return Err(TalkError::NotIn) };
        let packages = inbound::packages_of(pending, self.keys.0.crypto())?;
        let removed = inbound::removed_by(pending);
        self.mls.merge_pending_commit(&self.keys.0).map_err(crypto)?;
        let (joined, left) = self.refresh_roster(&removed)?;
        Ok(Change { joined, left, by: own, packages })
    }

    /// Erases what reads messages of epochs that are over.
    pub fn forget_past(&mut self) -> Result<(), TalkError> {
        self.mls.delete_past_epoch_secrets(&self.keys.0, PastEpochDeletion::delete_all()).map_err(crypto)
    }

    /// Takes over who is in from the tree; whose leaf was taken out and filled again is new. Returns who came and went.
    fn refresh_roster(&mut self, removed: &[u32]) -> Result<(Vec<Member>, Vec<Member>), TalkError> {
        let epoch = self.epoch();
        let mut roster = Roster::default();
        for one in self.mls.members() {
            let leaf = one.index.u32();
            let claims = certificate_of(&one.credential)?.claims;
            let was = self.roster.at(leaf).filter(|_| !removed.contains(&leaf));
            let since = was.map_or(epoch, |was| was.since);
            roster.insert(leaf, Member { participant: claims.participant, device: claims.device, since });
        }
        let old = std::mem::replace(&mut self.roster, roster);
        let came = self.roster.iter().map(|(_, member)| *member).filter(|member| !old.contains(member));
        let went = old.iter().map(|(_, member)| *member).filter(|member| !self.roster.contains(member));
        Ok((came.collect(), went.collect()))
    }
}

/// The group's keys for voice (RFC 9605 §5.2).
impl sframe::mls::MlsExporter for Group {
    type BaseKey = Zeroizing<Vec<u8>>;
    type Error = openmls::prelude::ExportSecretError;

    fn export_secret(
        &self,
        label: &str,
        context: &[u8],
        length: usize,
    ) -> Result<Self::BaseKey, Self::Error> {
        self.mls.export_secret(self.keys.0.crypto(), label, context, length).map(Zeroizing::new)
    }
}

/// Whether a group's number is one of this talk's.
fn is_of_talk(id: &GroupId, talk: TalkId) -> bool {
    id.as_slice().len() == 16 && id.as_slice().starts_with(&talk.0.to_be_bytes())
}

/// A device, by participant and key.
type Person = (ParticipantId, DeviceKey);

#[cfg(test)]
mod tests;
