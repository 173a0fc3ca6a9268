//! Voice: SFrame (RFC 9605) under keys of the group, one packet at a time.
//!
//! Keys come from the MLS exporter of an epoch (§5.2); the key's number (KID) is the sender's place in the tree and the
//! low bits of the epoch, the counter is the frame's number. Nothing else is in clear: no level, no length (packets are
//! filled up to one size). All members hold all keys, so a key alone says that a member spoke; who it was follows from the key
//! and the server's word together. This folder must not know sockets, codecs, or how epochs come about.

mod padding;
mod window;

use crate::error::VoiceError;
use crate::roster::Roster;
use padding::{Padder, unpad};
use sframe::frame::{EncryptedFrameView, FrameCounter, MediaFrameView};
use sframe::key::{DecryptionKey, EncryptionKey};
use sframe::mls::{MlsExporter, MlsKeyId, MlsKeyIdBitRange};
use sframe::{CipherSuite, error::SframeError};
use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use venue_model::ParticipantId;
use venue_protocol::LocalTime;
use window::{Verdict, Window};

pub use padding::MAX_VOICE_BYTES;

/// How long the keys of an epoch that is over are kept, µs: packets on their way are heard.
const KEEP_MICROS: u64 = 2_000_000;

/// Epochs whose keys are held: this one and those just over.
const MOST_EPOCHS: usize = 3;

/// Bits of the epoch and of the place in a key's number. 16 places are as many as a talk has; 16 epochs are more than are
/// held at a time. The number fits into one byte.
const EPOCH_BITS: u8 = 4;
const PLACE_BITS: u8 = 4;

const SUITE: CipherSuite = CipherSuite::AesGcm128Sha256;

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Who spoke.
    pub from: ParticipantId,
    /// The frame's number.
    pub frame: u64,
    /// The codec's packet.
    pub opus: Vec<u8>,
}

/// Counts of voice packets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VoiceStats {
    /// Made.
    pub sealed: u64,
    /// Heard.
    pub heard: u64,
    /// Of an epoch whose keys are not held.
    pub wrong_epoch: u64,
    /// Of somebody else than the server said.
    pub spoofed: u64,
    /// Came twice, or too late to know.
    pub replayed: u64,
    /// No packet of this talk, or changed on the way.
    pub unreadable: u64,
}

/// One other member's key and what was heard under it.
struct Speaker {
    participant: ParticipantId,
    key: DecryptionKey,
    window: Window,
}

/// The keys of one epoch. They erase themselves when they are dropped.
struct EpochKeys {
    epoch: u64,
    seal: EncryptionKey,
    last_frame: Option<u64>,
    speakers: BTreeMap<u32, Speaker>,
    over_since: Option<LocalTime>,
}

/// The voice of one talk as one device makes and hears it.
#[derive(Default)]
pub(crate) struct Voice {
    /// The newest last.
    epochs: VecDeque<EpochKeys>,
    padder: Padder,
    pub stats: VoiceStats,
}

impl Voice {
    /// Goes on to an epoch: the device speaks under its keys from now on.
    pub fn enter(
        &mut self,
        epoch: u64,
        roster: &Roster,
        own_leaf: u32,
        exporter: &impl MlsExporter,
        now: LocalTime,
    ) -> Result<(), SframeError> {
        let mut speakers = BTreeMap::new();
        for (leaf, member) in roster.iter().filter(|(leaf, _)| *leaf != own_leaf) {
            let key = DecryptionKey::derive_from_mls(SUITE, exporter, key_id(epoch, leaf)?)?;
            let speaker = Speaker { participant: member.participant, key, window: Window::default() };
            speakers.insert(leaf, speaker);
        }
        let seal = EncryptionKey::derive_from_mls(SUITE, exporter, key_id(epoch, own_leaf)?)?;
        if let Some(last) = self.epochs.back_mut() {
            last.over_since = Some(now);
        }
        self.epochs.push_back(EpochKeys { epoch, seal, last_frame: None, speakers, over_since: None });
        while self.epochs.len() > MOST_EPOCHS {
            self.epochs.pop_front();
        }
        Ok(())
    }

    /// When keys are to be erased next.
    pub fn poll_timeout(&self) -> Option<LocalTime> {
        self.epochs.front()?.over_since.map(|since| LocalTime(since.0 + KEEP_MICROS))
    }

    /// Erases the keys whose time is over.
    pub fn handle_timeout(&mut self, now: LocalTime) {
        while self.poll_timeout().is_some_and(|due| due <= now) {
            self.epochs.pop_front();
        }
    }

    /// Erases everything.
    pub fn end(&mut self) {
        self.epochs.clear();
    }

    /// Encrypts one packet of the codec. Frame numbers grow.
    pub fn seal(&mut self, frame: u64, opus: &[u8]) -> Result<Vec<u8>, VoiceError> {
        let keys = self.epochs.back_mut().ok_or(VoiceError::NotIn)?;
        if keys.last_frame.is_some_and(|last| frame <= last) {
            return Err(VoiceError::NumberUsed);
        }
        let padded = self.padder.pad(opus).ok_or(VoiceError::BadSize)?;
        let mut packet = Vec::new();
        MediaFrameView::new(&mut Number(frame), &padded)
            .encrypt_into(&keys.seal, &mut packet)
            .map_err(|_| VoiceError::Crypto)?;
        keys.last_frame = Some(frame);
        self.stats.sealed += 1;
        Ok(packet)
    }

    /// Decrypts a packet that the server says `claimed` sent.
    pub fn open(
        &mut self,
        claimed: ParticipantId,
        packet: &[u8],
        now: LocalTime,
    ) -> Result<Heard, VoiceError> {
        self.handle_timeout(now);
        let heard = self.opened(claimed, packet);
        match &heard {
            Ok(_) => self.stats.heard += 1,
            Err(VoiceError::WrongEpoch | VoiceError::NotIn) => self.stats.wrong_epoch += 1,
            Err(VoiceError::Spoofed { .. }) => self.stats.spoofed += 1,
            Err(VoiceError::Replayed | VoiceError::TooOld) => self.stats.replayed += 1,
            Err(_) => self.stats.unreadable += 1,
        }
        heard
    }

    fn opened(&mut self, claimed: ParticipantId, packet: &[u8]) -> Result<Heard, VoiceError> {
        if self.epochs.is_empty() {
            return Err(VoiceError::NotIn);
        }
        if packet.len() > padding::LARGEST + padding::LARGEST_OVERHEAD {
            return Err(VoiceError::BadSize);
        }
        let view = EncryptedFrameView::try_new(packet).map_err(|_| VoiceError::Unreadable)?;
        if view.cipher_text().len() < SUITE.auth_tag_len() {
            return Err(VoiceError::Unreadable);
        }
        let id = MlsKeyId::from_key_id(view.header().key_id(), bits().map_err(|_| VoiceError::Crypto)?);
        if id.context_id() != 0 {
            return Err(VoiceError::Unreadable);
        }
        let is_meant = |keys: &&mut EpochKeys| low_bits(keys.epoch) == id.epoch_lsb();
        let keys = self.epochs.iter_mut().rev().find(is_meant).ok_or(VoiceError::WrongEpoch)?;
        let place = id.member_index() as u32;
        let speaker = keys.speakers.get_mut(&place).ok_or(VoiceError::NobodysPlace)?;
        if speaker.participant != claimed {
            return Err(VoiceError::Spoofed { claimed, keyed: speaker.participant });
        }
        let frame = view.header().counter();
        match speaker.window.verdict(frame) {
            Verdict::New => {}
            Verdict::Seen => return Err(VoiceError::Replayed),
            Verdict::TooOld => return Err(VoiceError::TooOld),
        }
        let mut plain = Vec::new();
        let opened = view.decrypt_into(&speaker.key, &mut plain).map_err(|_| VoiceError::NotDecrypted)?;
        let opus = unpad(opened.payload()).ok_or(VoiceError::Unreadable)?.to_vec();
        speaker.window.mark(frame);
        Ok(Heard { from: claimed, frame, opus })
    }
}

/// A counter that gives the one number that it was told.
struct Number(u64);

impl FrameCounter for Number {
    type Error = Infallible;

    fn try_next(&mut self) -> Result<u64, Infallible> {
        Ok(self.0)
    }
}

fn bits() -> Result<MlsKeyIdBitRange, SframeError> {
    MlsKeyIdBitRange::try_new(EPOCH_BITS, PLACE_BITS)
}

fn low_bits(epoch: u64) -> u64 {
    epoch & ((1 << EPOCH_BITS) - 1)
}

fn key_id(epoch: u64, leaf: u32) -> Result<MlsKeyId, SframeError> {
    MlsKeyId::try_new(0u64, epoch, u64::from(leaf), bits()?)
}

#[cfg(test)]
mod tests;
