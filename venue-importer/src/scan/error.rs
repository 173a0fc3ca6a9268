//! What is wrong with a scan: which file, which place in it, why, and what to do.

use std::fmt;

/// A scan can not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ScanError {
    /// The file's name, without its folder.
    pub file: String,
    /// Where in the file: a line, an element, a mesh; may be empty.
    pub place: String,
    /// What is wrong, and what to do.
    pub reason: String,
}

impl fmt::Display for ScanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (file, reason) = (&self.file, &self.reason);
        match self.place.as_str() {
            "" => write!(f, "{file}: {reason}"),
            place => write!(f, "{file}: {place}: {reason}"),
        }
    }
}

/// Longest part of a sentence that comes out of a file.
const LONGEST: usize = 400;

/// A name out of a file as it may stand in a sentence: short, without control characters.
pub(super) fn shown(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(80).collect()
}

impl ScanError {
    pub(super) fn new(file: &str, place: impl Into<String>, reason: impl Into<String>) -> Self {
        let cut = |text: String| -> String { text.chars().take(LONGEST).collect() };
        Self { file: shown(file), place: cut(place.into()), reason: cut(reason.into()) }
    }

    /// What the operating system said.
    pub(super) fn io(file: &str, doing: &str, error: &std::io::Error) -> Self {
        Self::new(file, "", format!("{doing}: {error}"))
    }
}
