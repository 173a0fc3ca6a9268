//! The end of the line that plays: it belongs to the mixer and runs on the device's own thread, so it takes no lock and no
//! memory.
//!
//! It must not know devices, nor who somebody is.

use super::line::Line;
use crate::sound::Block;
use arrayvec::ArrayVec;
use rtrb::{Consumer, Producer};
use spatial_voice::space::{MAX_SOURCES, StereoBlock};
use spatial_voice::{BLOCK, Hall, MAX_PACKET, Said, Voices};
use std::sync::Arc;
use venue_model::ParticipantId;
use venue_protocol::VoiceWay;

/// A packet that came.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub(super) speaker: ParticipantId,
    pub(super) way: VoiceWay,
    pub(super) sequence: u16,
    /// When, µs.
    pub(super) arrived: u64,
    pub(super) bytes: ArrayVec<u8, MAX_PACKET>,
}

/// Somebody who is heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speaking {
    /// Who.
    pub who: ParticipantId,
    /// For whom it is spoken.
    pub way: VoiceWay,
    /// How it is heard.
    pub said: Said,
}

/// Everybody who is heard.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    pub(super) all: ArrayVec<Speaking, MAX_SOURCES>,
}

/// The end of the line that plays.
pub struct Ear {
    line: Arc<Line>,
    packets: Consumer<Arrived>,
    hall: triple_buffer::Output<Hall>,
    heard: triple_buffer::Input<Heard>,
    played: Producer<[f32; BLOCK]>,
    voices: Voices,
    ways: ArrayVec<(u32, VoiceWay), MAX_SOURCES>,
    connection: u32,
    block: StereoBlock,
}

impl Ear {
    pub(super) fn new(
        line: Arc<Line>,
        packets: Consumer<Arrived>,
        hall: triple_buffer::Output<Hall>,
        heard: triple_buffer::Input<Heard>,
        played: Producer<[f32; BLOCK]>,
        voices: Voices,
    ) -> Self {
        let (ways, block) = (ArrayVec::new(), StereoBlock::default());
        Self { line, packets, hall, heard, played, voices, ways, connection: 0, block }
    }

    /// The line's time, µs.
    pub fn now(&self) -> u64 {
        self.line.clock().micros()
    }

    /// Adds what is heard at this time, µs.
    pub fn add_to(&mut self, block: &mut Block, now: u64) {
        let connection = self.line.connection();
        if std::mem::replace(&mut self.connection, connection) != connection {
            self.voices.restart();
        }
        while let Ok(packet) = self.packets.pop() {
            self.take(&packet);
        }
        self.voices.render(now, self.hall.read(), &mut self.block);
        for ((frame, left), right) in block.iter_mut().zip(&self.block.left).zip(&self.block.right) {
            frame[0] += left;
            frame[1] += right;
        }
        self.tell(now);
    }

    fn take(&mut self, packet: &Arrived) {
        let Arrived { speaker: ParticipantId(speaker), way, sequence, arrived, ref bytes } = *packet;
        self.voices.put(speaker, sequence, bytes, arrived);
        match self.ways.iter_mut().find(|(known, _)| *known == speaker) {
            Some(known) => known.1 = way,
            None => {
                if self.ways.is_full() {
                    self.ways.remove(0);
                }
                self.ways.push((speaker, way));
            }
        }
    }

    fn tell(&mut self, now: u64) {
        let heard = self.heard.input_buffer_mut();
        heard.all.clear();
        for said in self.voices.said(now).take(MAX_SOURCES) {
            let way = self.ways.iter().find(|(speaker, _)| *speaker == said.speaker);
            let way = way.map_or(VoiceWay::Around, |(_, way)| *way);
            heard.all.push(Speaking { who: ParticipantId(said.speaker), way, said });
        }
        self.heard.publish();
    }

    /// Tells what was played in the end: what the microphone hears of it is taken out.
    pub fn note_played(&mut self, block: &Block) {
        let mut mono = [0.0; BLOCK];
        mono.iter_mut().zip(block).for_each(|(sample, frame)| *sample = (frame[0] + frame[1]) * 0.5);
        // While no microphone is open nobody takes it.
        self.played.push(mono).ok();
    }
}

impl std::fmt::Debug for Ear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ear").field("connection", &self.connection).finish_non_exhaustive()
    }
}
