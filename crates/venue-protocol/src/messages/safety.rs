//! Safety: blocking somebody, and reporting somebody to the moderators, who answer.
//!
//! All of these are optional types: a program that knows none of them skips them.

use super::Payload;
use crate::codec::{DecodeError, Decoder, Encoder};
use crate::frame::MessageType;
use crate::values::{Wire, wire_enum};
use venue_model::people::PersonName;
use venue_model::text::MessageBody;
use venue_model::{BoundedText, Delegation, ParticipantId, SpaceId, TextId, WallTime};

/// Most texts that a report quotes.
pub const MAX_QUOTES: usize = 10;

/// What is reported, or answered.
pub type ReportWords = BoundedText<500>;

/// Names a block in the record of the event; never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockId(pub u64);

/// Names a report in the record of the event; grows, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportId(pub u64);

macro_rules! record_number {
    ($($name:ident $what:literal)*) => {$(
        impl Wire for $name {
            fn encode(&self, encoder: &mut Encoder) {
                encoder.u64(self.0);
            }

            fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
                decoder.u64($what).map(Self)
            }
        }
    )*};
}
record_number!(BlockId "block" ReportId "report");

/// At most [`MAX_QUOTES`] items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortList<T>(Vec<T>);

impl<T> ShortList<T> {
    /// The first [`MAX_QUOTES`] of these.
    pub fn of(items: impl IntoIterator<Item = T>) -> Self {
        Self(items.into_iter().take(MAX_QUOTES).collect())
    }

    /// The items.
    pub fn as_slice(&self) -> &[T] {
        &self.0
    }
}

impl<T: Wire> Wire for ShortList<T> {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.list(MAX_QUOTES, &self.0, |e, item| item.encode(e));
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        decoder.list("quotes", MAX_QUOTES, Wire::decode).map(Self)
    }
}

/// A text that a report quotes, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Whether the reporter wrote it; else the reported person did.
    pub by_reporter: bool,
    /// The text.
    pub body: MessageBody,
    /// When it was sent.
    pub sent_at: WallTime,
}

impl Wire for Quote {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.u8(u8::from(self.by_reporter));
        encoder.text(&self.body);
        self.sent_at.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let by_reporter = match decoder.u8("who wrote a quote")? {
            0 => false,
            1 => true,
            _ => return Err(decoder.error("who wrote a quote", crate::codec::DecodeFault::Invalid)),
        };
        Ok(Self { by_reporter, body: decoder.text("quote")?, sent_at: Wire::decode(decoder)? })
    }
}

/// Why somebody is not blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockRefusal {
    /// Nobody of that number is there, or it is oneself.
    NobodyThere,
    /// Either of the two keeps order in the event.
    KeepsOrder,
    /// Too many in a short time.
    TooMany,
    /// It could not be stored; what is not stored is not done.
    NotStored,
    /// One blocks as many people as are kept.
    Full,
}

impl BlockRefusal {
    /// All, in wire order.
    pub const ALL: [Self; 5] =
        [Self::NobodyThere, Self::KeepsOrder, Self::TooMany, Self::NotStored, Self::Full];
}

wire_enum!(BlockRefusal, BlockRefusal::ALL);

/// Why a report, or an answer to one, is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReportRefusal {
    /// Nobody of that number is there, or it is oneself; no such report is open.
    NobodyThere,
    /// It has no words.
    Empty,
    /// Too many in a short time.
    TooFast,
    /// The role does not allow to answer, or the report is about who would answer it.
    NotAllowed,
    /// It could not be stored.
    NotStored,
}

impl ReportRefusal {
    /// All, in wire order.
    pub const ALL: [Self; 5] =
        [Self::NobodyThere, Self::Empty, Self::TooFast, Self::NotAllowed, Self::NotStored];
}

wire_enum!(ReportRefusal, ReportRefusal::ALL);

plain_message! {
    /// Blocks somebody: the two vanish for each other. [`Blocked`] or [`BlockRefused`] answers.
    Block 0x8005 {
        /// Whom.
        participant: ParticipantId,
    }
}

plain_message! {
    /// Ends one of one's own blocks. [`Unblocked`] or [`BlockRefused`] answers.
    Unblock 0x8006 {
        /// Which.
        block: BlockId,
    }
}

plain_message! {
    /// Reports somebody to the moderators. [`ReportStored`] or [`ReportRefused`] answers.
    Report 0x8007 {
        /// The sender's own number for it.
        client_ref: u32,
        /// About whom.
        about: ParticipantId,
        /// What happened, in the reporter's words.
        words: ReportWords,
        /// Texts to quote, each of one of the two and readable for the reporter; others are left out.
        texts: ShortList<TextId>,
    }
}

plain_message! {
    /// Answers a report, which closes it. [`ReportClosed`] or [`ReportRefused`] (number 0) answers.
    AnswerReport 0x8008 {
        /// Which.
        report: ReportId,
        /// The answer, which the reporter reads.
        words: ReportWords,
    }
}

plain_message! {
    /// You blocked this person; told at once, and again after each welcome.
    Blocked 0x800d {
        /// Names the block.
        block: BlockId,
        /// Whom, as long as the person is in the event.
        participant: Option<ParticipantId>,
        /// The person's name.
        name: PersonName,
        /// The person's delegation; may be empty.
        delegation: Delegation,
    }
}

plain_message! {
    /// A block of yours ended.
    Unblocked 0x800e {
        /// Which.
        block: BlockId,
    }
}

plain_message! {
    /// Your block, or the end of one, is not done.
    BlockRefused 0x800f {
        /// Why not.
        why: BlockRefusal,
    }
}

plain_message! {
    /// Your report is on the disk.
    ReportStored 0x8010 {
        /// The sender's number.
        client_ref: u32,
        /// Its number in the record.
        report: ReportId,
    }
}

plain_message! {
    /// Your report, or your answer to one, is not taken.
    ReportRefused 0x8011 {
        /// The sender's number; 0 for an answer.
        client_ref: u32,
        /// Why not.
        why: ReportRefusal,
    }
}

plain_message! {
    /// An open report; told to moderators and organisers but the one whom it is about.
    ReportFiled 0x8012 {
        /// Which.
        report: ReportId,
        /// Who reports.
        by: PersonName,
        /// The reporter's delegation; may be empty.
        by_delegation: Delegation,
        /// About whom.
        about: PersonName,
        /// That person's delegation; may be empty.
        about_delegation: Delegation,
        /// The same person, while in the event.
        participant: Option<ParticipantId>,
        /// Where the reporter stood; none when the venue has no such space any more.
        space: Option<SpaceId>,
        /// What happened.
        words: ReportWords,
        /// Texts between the two, oldest first.
        quotes: ShortList<Quote>,
        /// When it was reported.
        at: WallTime,
    }
}

plain_message! {
    /// A report was answered; told to those who saw it.
    ReportClosed 0x8013 {
        /// Which.
        report: ReportId,
        /// Who answered.
        by: PersonName,
    }
}

plain_message! {
    /// Your report was answered.
    ReportAnswered 0x8014 {
        /// Which.
        report: ReportId,
        /// About whom it was.
        about: PersonName,
        /// The answer.
        words: ReportWords,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_cut_at_its_limit() {
        assert_eq!(ShortList::of(0..99_u32).as_slice().len(), MAX_QUOTES);
    }

    #[test]
    fn a_quote_is_of_one_of_the_two() {
        let mut encoder = Encoder::new();
        encoder.u8(2);
        let bytes = encoder.finish();
        assert!(Quote::decode(&mut Decoder::new(&bytes)).is_err());
    }
}
