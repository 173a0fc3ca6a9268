//! What the panels show of order: plain data, beside [`super::model`].

use std::sync::Arc;
use venue_model::{ParticipantId, SpaceId, WallTime};
use venue_protocol::{Act, ActId, BlockId, BlockRefusal, ReportId, ReportRefusal};

/// What keeps order, at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrderModel {
    /// Whether the user's role lets them keep order.
    pub keeps_order: bool,
    /// Locked rooms, and the act by which each can be opened.
    pub locked: Vec<(SpaceId, ActId)>,
    /// Those whose microphones a moderator closed.
    pub muted: Vec<ParticipantId>,
    /// The summons that can be refused now.
    pub summons: Option<SummonsView>,
    /// The user's own acts that can be taken back, newest first.
    pub acts: Vec<(ActId, Act)>,
    /// The line for a place in a full event, who came first first; the user too.
    pub line: Vec<InLine>,
    /// Whom the user blocks.
    pub blocked: Vec<BlockedView>,
    /// Open reports that the user may answer, newest first.
    pub reports: Vec<ReportView>,
    /// What was announced on this visit, oldest first.
    pub announcements: Arc<Vec<Announced>>,
    /// Who was near when the user left for the safe place, the nearest first.
    pub was_near: Vec<ParticipantId>,
}

/// Somebody who came to a full event and waits for a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InLine {
    /// Who.
    pub who: ParticipantId,
    /// Whether the person was brought in meanwhile, and so is seen.
    pub is_brought_in: bool,
}

/// What became of the user, who came to a full event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchNews {
    /// A place became free.
    CameIn,
    /// Somebody who keeps order brought the user in.
    BroughtIn,
    /// The user watches again.
    SentBack,
}

/// Words that were meant for all of a room or of the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// Who announced them.
    pub name: String,
    /// The words.
    pub words: String,
}

/// Somebody whom the user blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockedView {
    /// Names the block.
    pub block: BlockId,
    /// The person's name.
    pub name: String,
    /// The person's delegation; may be empty.
    pub delegation: String,
}

/// A report that waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportView {
    /// Which.
    pub report: ReportId,
    /// Who reports.
    pub by: String,
    /// The reporter's delegation; may be empty.
    pub by_delegation: String,
    /// About whom.
    pub about: String,
    /// That person's delegation; may be empty.
    pub about_delegation: String,
    /// The same person, while in the event.
    pub participant: Option<ParticipantId>,
    /// Where the reporter stood.
    pub room: Option<SpaceId>,
    /// What happened.
    pub words: String,
    /// Texts between the two.
    pub quotes: Vec<QuoteView>,
    /// When.
    pub at: WallTime,
}

/// A text that a report quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuoteView {
    /// Whether the reporter wrote it.
    pub by_reporter: bool,
    /// The text.
    pub body: String,
    /// When.
    pub sent_at: WallTime,
}

/// A short word about safety.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SafetyNotice {
    /// Somebody is blocked now.
    Blocked {
        /// Who.
        name: String,
    },
    /// Somebody is not blocked any more.
    Unblocked {
        /// Who.
        name: String,
    },
    /// A block is not done.
    BlockRefused(BlockRefusal),
    /// The user's report is stored.
    Reported,
    /// A report, or an answer to one, is not taken.
    ReportRefused(ReportRefusal),
    /// The moderators answered the user.
    Answered {
        /// About whom the report was.
        about: String,
        /// The answer.
        words: String,
    },
    /// A report came that the user may answer.
    Filed {
        /// Who reports.
        by: String,
        /// About whom.
        about: String,
    },
    /// Somebody else answered a report.
    ReportClosed {
        /// Who.
        name: String,
    },
    /// The user has left for the safe place.
    Away,
}

/// A summons whose countdown runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummonsView {
    /// Who asks.
    pub name: String,
    /// Where to.
    pub room: SpaceId,
    /// Why; may be empty.
    pub reason: String,
    /// Seconds until the user is taken there.
    pub secs: u32,
}
