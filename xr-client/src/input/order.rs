//! Deeds that keep order, and those for one's own safety.

use venue_model::ParticipantId;
use venue_protocol::{Act, ActId, ActReason, BlockId, ReportId, ReportWords};

/// What somebody asks for to keep order, or for their own safety.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderCommand {
    /// An act, and why.
    Moderate(Act, ActReason),
    /// Take an own act back.
    Undo(ActId),
    /// Do not follow the summons.
    RefuseSummons,
    /// Do not meet somebody any more.
    Block(ParticipantId),
    /// Meet them again.
    Unblock(BlockId),
    /// Report somebody to the moderators.
    Report {
        /// Whom.
        about: ParticipantId,
        /// What happened; not empty.
        words: ReportWords,
        /// Whether the last texts between the two are quoted.
        with_texts: bool,
    },
    /// Answer a report.
    Answer(ReportId, ReportWords),
    /// Be at the entrance, away from whatever happens.
    GoToSafety,
}
