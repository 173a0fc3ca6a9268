//! What the panels show of private talks: plain data, beside [`super::model`].

use private_talk::{Compared, End};
use venue_model::{Localized, ParticipantId, TalkId, ZoneId};
use venue_protocol::{TalkAskOutcome, ZoneRefusal};

/// Private talks, at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TalkModel {
    /// Who asks the user to talk, who asked first first.
    pub requests: Vec<ParticipantId>,
    /// Whom the user asked and who has not answered.
    pub awaited: Vec<ParticipantId>,
    /// Others who are in a private talk, whoever with.
    pub talkers: Vec<ParticipantId>,
    /// The talk that the user is in, or is coming into.
    pub current: Option<CurrentTalk>,
    /// The table or booth where the user is, while in a talk.
    pub place: Option<TalkPlace>,
}

/// The talk that the user is in.
#[derive(Clone, Debug, PartialEq)]
pub struct CurrentTalk {
    /// Which.
    pub id: TalkId,
    /// The others who can hear and read the user, by their keys; nobody before the keys are there.
    pub others: Vec<(ParticipantId, Compared)>,
    /// Who is asked and has not answered, by whomever.
    pub asked: Vec<ParticipantId>,
    /// Whether this device has the keys.
    pub has_begun: bool,
    /// The code to compare, once every device has taken part.
    pub code: Option<String>,
    /// What was written, oldest first.
    pub lines: Vec<TalkLine>,
}

/// A text of the talk.
#[derive(Clone, PartialEq, Eq)]
pub struct TalkLine {
    /// Who wrote it.
    pub from: ParticipantId,
    /// The words.
    pub body: String,
    /// Whether everybody in the talk can read it.
    pub is_delivered: bool,
}

impl std::fmt::Debug for TalkLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TalkLine {{ {:?}, {} characters }}", self.from, self.body.chars().count())
    }
}

/// A table or booth for a talk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TalkPlace {
    /// Which.
    pub zone: ZoneId,
    /// Its name.
    pub name: Localized,
    /// For whom it is.
    pub state: PlaceState,
}

/// For whom a table or booth is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceState {
    /// For everybody.
    Free,
    /// For the user's talk.
    Ours,
    /// For another talk.
    Others,
}

/// A short word about a private talk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TalkNotice {
    /// The user is in.
    Begun,
    /// Somebody came in.
    Joined {
        /// Who.
        name: String,
    },
    /// Somebody is out.
    Left {
        /// Who.
        name: String,
    },
    /// There will be no talk.
    None {
        /// Who was asked.
        name: String,
        /// Why.
        outcome: TalkAskOutcome,
    },
    /// The talk is over for the user.
    Ended(End),
    /// A step did not work.
    Failed,
    /// The user came to the edge of a place that is kept for others.
    KeptOut,
    /// A place is not kept for the talk.
    NotKept(ZoneRefusal),
}
