//! Voices as datagrams: what a client sends of its own, what it is sent of others, and what both say of the way between.
//!
//! What is coded, and whether it is encrypted, is not known here: a voice is bytes with a number.

use crate::codec::{DecodeError, DecodeFault, Decoder, Encoder};
use crate::datagram::DatagramKind;
use crate::values::{Wire, wire_enum};
use arrayvec::ArrayVec;
use bytes::{Bytes, BytesMut};
use venue_model::{ParticipantId, ZoneId};

/// Most bytes of one frame of voice, with what encryption adds.
pub const MAX_VOICE_BYTES: usize = 500;

/// Level of silence, and of what nobody is told the level of.
pub const SILENT_LEVEL: u8 = 127;

/// Voices of which a client reports at once, and which it is sent at most.
pub const MAX_VOICES: usize = 24;

/// Whom a frame of voice is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum VoiceWay {
    /// Whoever is around and may hear it.
    #[default]
    Around,
    /// The speaker alone, who wants to know how others would hear it.
    Back,
    /// The others of a private talk, who alone can read it.
    Private,
    /// Everybody in the space: it was spoken on its stage.
    Stage,
}

impl VoiceWay {
    /// All, in wire order.
    pub const ALL: [Self; 4] = [Self::Around, Self::Back, Self::Private, Self::Stage];
}

wire_enum!(VoiceWay, VoiceWay::ALL);

/// 20 ms of one's own voice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoiceFrame {
    /// Whom it is for. What is spoken on a stage is sent as [`VoiceWay::Around`]; the server knows stages.
    pub way: VoiceWay,
    /// Counts frames of 20 ms on the speaker's clock; the low 16 bits.
    pub sequence: u16,
    /// How loud it is: 0 to 126 decibels below the loudest (as in RFC 6464), or [`SILENT_LEVEL`]; always that in a private talk.
    pub level: u8,
    /// The voice.
    pub voice: Bytes,
}

impl VoiceFrame {
    /// Writes the datagram behind what `buffer` holds of earlier ones, and takes it out.
    pub fn encode(&self, buffer: &mut BytesMut) -> Bytes {
        let mut encoder = Encoder::reusing(buffer, 5 + self.voice.len());
        encoder.u8(DatagramKind::VoiceFrame.number());
        self.way.encode(&mut encoder);
        encoder.u16(self.sequence);
        encoder.u8(self.level);
        encoder.raw(&self.voice);
        encoder.finish_into(buffer)
    }

    /// Reads the datagram; its kind was looked at already. The voice shares the datagram's memory.
    pub fn decode(datagram: &Bytes) -> Result<Self, DecodeError> {
        let mut decoder = Decoder::new(datagram);
        decoder.u8("kind")?;
        let way = VoiceWay::decode(&mut decoder)?;
        let sequence = decoder.u16("sequence")?;
        let level = decoder.u8("level")?;
        let is_told = way == VoiceWay::Private && level != SILENT_LEVEL;
        if way == VoiceWay::Stage || level > SILENT_LEVEL || is_told {
            return Err(decoder.error("voice frame", DecodeFault::Invalid));
        }
        let count = decoder.remaining();
        if !(1..=MAX_VOICE_BYTES).contains(&count) {
            return Err(decoder.error("voice", DecodeFault::TooMany { limit: MAX_VOICE_BYTES }));
        }
        let voice = datagram.slice(datagram.len() - count..);
        Ok(Self { way, sequence, level, voice })
    }
}

/// One frame among others, as a listener is sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeardFrame<'a> {
    /// Who speaks.
    pub speaker: ParticipantId,
    /// For whom it was.
    pub way: VoiceWay,
    /// The speaker's number.
    pub sequence: u16,
    /// The voice.
    pub voice: &'a [u8],
}

/// Bytes of a frame among others beside its voice, at most.
const HEARD_HEADER_BYTES: usize = 4 + 1 + 2 + 2;

impl<'a> HeardFrame<'a> {
    /// Bytes that the frame takes in a datagram, at most.
    pub fn bytes(&self) -> usize {
        HEARD_HEADER_BYTES + self.voice.len()
    }

    /// Writes the frame behind others; the first one is behind the datagram's kind.
    pub fn append(&self, datagram: &mut BytesMut) {
        let mut encoder = Encoder::appending(datagram);
        if encoder.is_empty() {
            encoder.u8(DatagramKind::Voices.number());
        }
        self.speaker.encode(&mut encoder);
        self.way.encode(&mut encoder);
        encoder.u16(self.sequence);
        encoder.blob(self.voice);
        *datagram = encoder.into_buffer();
    }

    fn decode(decoder: &mut Decoder<'a>) -> Result<Self, DecodeError> {
        let speaker = Wire::decode(decoder)?;
        let way = Wire::decode(decoder)?;
        let sequence = decoder.u16("sequence")?;
        let voice = decoder.blob("voice", MAX_VOICE_BYTES)?;
        if voice.is_empty() {
            return Err(decoder.error("voice", DecodeFault::Invalid));
        }
        Ok(Self { speaker, way, sequence, voice })
    }
}

/// Reads the frames of a datagram one after the other; its kind was looked at already. Nothing follows an error.
pub fn heard_frames(datagram: &[u8]) -> impl Iterator<Item = Result<HeardFrame<'_>, DecodeError>> {
    let mut decoder = Decoder::new(datagram);
    let mut is_over = decoder.u8("kind").is_err();
    std::iter::from_fn(move || {
        if is_over || decoder.remaining() == 0 {
            return None;
        }
        let frame = HeardFrame::decode(&mut decoder);
        is_over = frame.is_err();
        Some(frame)
    })
}

/// What a listener says of the voices that it was sent since the last report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VoiceReport {
    /// Each speaker, and which part of the frames did not come in time, in 255ths.
    pub lost: ArrayVec<(ParticipantId, u8), MAX_VOICES>,
}

impl VoiceReport {
    /// Writes the datagram.
    pub fn encode(&self, buffer: &mut BytesMut) -> Bytes {
        let mut encoder = Encoder::reusing(buffer, 2 + 5 * self.lost.len());
        encoder.u8(DatagramKind::VoiceReport.number());
        encoder.u8(self.lost.len() as u8);
        for (speaker, lost) in &self.lost {
            encoder.u32(speaker.0);
            encoder.u8(*lost);
        }
        encoder.finish_into(buffer)
    }

    /// Reads the datagram; its kind was looked at already.
    pub fn decode(datagram: &[u8]) -> Result<Self, DecodeError> {
        let mut decoder = Decoder::new(datagram);
        decoder.u8("kind")?;
        let count = usize::from(decoder.u8("count of voices")?);
        if count > MAX_VOICES {
            return Err(decoder.error("count of voices", DecodeFault::TooMany { limit: MAX_VOICES }));
        }
        let mut lost = ArrayVec::new();
        for _ in 0..count {
            lost.push((ParticipantId(decoder.u32("speaker")?), decoder.u8("lost")?));
        }
        decoder.finish("voice report")?;
        Ok(Self { lost })
    }
}

/// Where a voice is heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Earshot {
    /// In the room.
    #[default]
    Room,
    /// At this table alone.
    Table,
    /// In the whole room, by the stage's microphone.
    Stage,
    /// In this booth alone.
    Booth,
    /// Nowhere: here nobody speaks.
    Quiet,
    /// In a private talk alone.
    Private,
}

impl Earshot {
    /// All, in wire order.
    pub const ALL: [Self; 6] =
        [Self::Room, Self::Table, Self::Stage, Self::Booth, Self::Quiet, Self::Private];
}

wire_enum!(Earshot, Earshot::ALL);

/// What the server says of one's own voice: who hears it, and the way to them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VoiceStatus {
    /// Where it is heard.
    pub earshot: Earshot,
    /// The zone that this is about.
    pub zone: Option<ZoneId>,
    /// How many may hear it now.
    pub hearers: u16,
    /// The part of the frames that does not come to those to whom the way is bad, in 255ths.
    pub lost: u8,
    /// Whether the way from here is too narrow for the better sound.
    pub is_narrow: bool,
}

impl VoiceStatus {
    /// Writes the datagram.
    pub fn encode(&self) -> Bytes {
        let mut encoder = Encoder::with_capacity(9);
        encoder.u8(DatagramKind::VoiceStatus.number());
        self.earshot.encode(&mut encoder);
        self.zone.encode(&mut encoder);
        encoder.u16(self.hearers);
        encoder.u8(self.lost);
        self.is_narrow.encode(&mut encoder);
        encoder.finish()
    }

    /// Reads the datagram; its kind was looked at already.
    pub fn decode(datagram: &[u8]) -> Result<Self, DecodeError> {
        let mut decoder = Decoder::new(datagram);
        decoder.u8("kind")?;
        let earshot = Wire::decode(&mut decoder)?;
        let zone = Wire::decode(&mut decoder)?;
        let hearers = decoder.u16("hearers")?;
        let lost = decoder.u8("lost")?;
        let is_narrow = Wire::decode(&mut decoder)?;
        decoder.finish("voice status")?;
        Ok(Self { earshot, zone, hearers, lost, is_narrow })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn a_frame(way: VoiceWay, level: u8, bytes: usize) -> VoiceFrame {
        VoiceFrame { way, sequence: 7, level, voice: Bytes::from(vec![3; bytes]) }
    }

    #[test]
    fn a_frame_out_of_range_is_refused() {
        let read = |frame: &VoiceFrame| VoiceFrame::decode(&frame.encode(&mut BytesMut::new()));
        let good = a_frame(VoiceWay::Around, 30, 60);
        assert_eq!(read(&good), Ok(good));
        assert!(read(&a_frame(VoiceWay::Around, 128, 60)).is_err(), "no such level");
        assert!(read(&a_frame(VoiceWay::Around, 30, 0)).is_err(), "no voice");
        assert!(read(&a_frame(VoiceWay::Around, 30, MAX_VOICE_BYTES + 1)).is_err(), "too long");
        assert!(read(&a_frame(VoiceWay::Stage, 30, 60)).is_err(), "the server knows stages");
        assert!(
            read(&a_frame(VoiceWay::Private, 30, 60)).is_err(),
            "a private talk's level is nobody's business"
        );
        assert!(read(&a_frame(VoiceWay::Private, SILENT_LEVEL, 60)).is_ok());
    }

    proptest! {
        #[test]
        fn frames_among_others_round_trip(
            frames in prop::collection::vec((any::<u32>(), 0..4usize, any::<u16>(),
                prop::collection::vec(any::<u8>(), 1..200)), 1..6),
        ) {
            let mut datagram = BytesMut::new();
            let mut bytes = 1;
            for (speaker, way, sequence, voice) in &frames {
                let frame = HeardFrame {
                    speaker: ParticipantId(*speaker), way: VoiceWay::ALL[*way], sequence: *sequence, voice,
                };
                bytes += frame.bytes();
                frame.append(&mut datagram);
            }
            prop_assert!(datagram.len() <= bytes);
            let read: Vec<_> = heard_frames(&datagram).map(Result::unwrap).collect();
            prop_assert_eq!(read.len(), frames.len());
            for (frame, (speaker, way, sequence, voice)) in read.iter().zip(&frames) {
                prop_assert_eq!(frame.speaker.0, *speaker);
                prop_assert_eq!((frame.way, frame.sequence), (VoiceWay::ALL[*way], *sequence));
                prop_assert_eq!(frame.voice, &voice[..]);
            }
        }

        #[test]
        fn reports_and_status_round_trip(
            lost in prop::collection::vec((any::<u32>(), any::<u8>()), 0..=MAX_VOICES),
            earshot in 0..6usize, zone in any::<Option<u16>>(), hearers: u16, bad: u8, is_narrow: bool,
        ) {
            let lost = lost.into_iter().map(|(speaker, lost)| (ParticipantId(speaker), lost)).collect();
            let report = VoiceReport { lost };
            prop_assert_eq!(VoiceReport::decode(&report.encode(&mut BytesMut::new())), Ok(report));
            let earshot = Earshot::ALL[earshot];
            let status = VoiceStatus { earshot, zone: zone.map(ZoneId), hearers, lost: bad, is_narrow };
            prop_assert_eq!(VoiceStatus::decode(&status.encode()), Ok(status));
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            let mut buffer = BytesMut::new();
            // Whatever is read would be written the same way, but for the kind, which was looked at before.
            if let Ok(frame) = VoiceFrame::decode(&Bytes::from(bytes.clone())) {
                prop_assert_eq!(&frame.encode(&mut buffer)[1..], &bytes[1..]);
            }
            if let Ok(report) = VoiceReport::decode(&bytes) {
                prop_assert_eq!(&report.encode(&mut buffer)[1..], &bytes[1..]);
            }
            if let Ok(status) = VoiceStatus::decode(&bytes) {
                prop_assert_eq!(&status.encode()[1..], &bytes[1..]);
            }
            prop_assert!(heard_frames(&bytes).count() <= bytes.len());
        }
    }
}
