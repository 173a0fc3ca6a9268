//! A line that others read while it is being written. It lives in memory alone and goes into no log.

use std::fmt;
use venue_model::{ParticipantId, SpaceId, TextScope};

/// A line that somebody writes.
#[derive(Clone, PartialEq, Eq)]
pub struct LiveLine {
    /// For whom.
    pub scope: TextScope,
    /// Where the writer stood at its beginning.
    pub space: SpaceId,
    /// The text so far.
    pub text: String,
    /// Who has the text so far.
    pub readers: Vec<ParticipantId>,
    /// Whether the readers have an older text, because the writer was too fast.
    pub is_behind: bool,
}

impl fmt::Debug for LiveLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scope, space, text, readers, is_behind } = self;
        let (chars, readers) = (text.chars().count(), readers.len());
        write!(
            f,
            "LiveLine {{ {scope:?}, {space:?}, {chars} characters, {readers} readers, behind: {is_behind} }}"
        )
    }
}
