//! Lines of text files: one at a time, with their numbers, none too long.

use super::error::ScanError;
use super::source::{Open, Source};
use std::io::{BufRead, Read};

/// Longest line, bytes: a polygon of some thousand corners.
const LINE_BYTES: u64 = 1 << 20;

pub(super) struct Lines<'a> {
    source: &'a Source,
    open: Open,
    line: Vec<u8>,
    /// Of the line that was read last, counted from 1.
    pub(super) number: u64,
    /// Bytes that were read.
    pub(super) done: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn new(source: &'a Source) -> Result<Self, ScanError> {
        Ok(Self { source, open: source.open()?, line: Vec::new(), number: 0, done: 0 })
    }

    /// The next line without its end; with `joins`, a backslash at its end goes on in the next one.
    pub(super) fn next(&mut self, joins: Joins) -> Result<Option<&[u8]>, ScanError> {
        self.line.clear();
        loop {
            let left = LINE_BYTES.saturating_sub(self.line.len() as u64);
            let read = (&mut self.open).take(left).read_until(b'\n', &mut self.line);
            let count =
                read.map_err(|error| ScanError::io(&self.source.name, "it can not be read", &error))?;
            self.done += count as u64;
            self.number += u64::from(count > 0);
            let is_whole = self.line.last() == Some(&b'\n');
            if !is_whole && self.line.len() as u64 >= LINE_BYTES {
                return Err(self.wrong("the line is too long; this is no text file, or not the right one"));
            }
            if count == 0 && self.line.is_empty() {
                return Ok(None);
            }
            while self.line.last().is_some_and(|end| matches!(end, b'\n' | b'\r')) {
                self.line.pop();
            }
            let goes_on = joins == Joins::Backslash && self.line.last() == Some(&b'\\');
            if !goes_on || count == 0 {
                return Ok(Some(&self.line));
            }
            self.line.pop();
            self.line.push(b' ');
        }
    }

    /// An error at the line that was read last.
    pub(super) fn wrong(&self, reason: impl Into<String>) -> ScanError {
        self.source.wrong(format!("line {}", self.number), reason)
    }
}

/// Whether lines may be broken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Joins {
    Never,
    Backslash,
}

/// The words of a line.
pub(super) fn words(line: &[u8]) -> Words<'_> {
    Words(line)
}

/// See [`words`]; without a destructor, so that a line may be let go before its words.
pub(super) struct Words<'a>(&'a [u8]);

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let begin = self.0.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let rest = &self.0[begin..];
        let end = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        self.0 = behind;
        Some(word)
    }
}

/// A word as a number.
pub(super) fn number(word: &[u8]) -> Option<f64> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

/// A word as it may stand in a sentence.
pub(super) fn shown(word: &[u8]) -> String {
    super::error::shown(&String::from_utf8_lossy(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8], joins: Joins) -> Vec<(u64, String)> {
        let source = Source::memory("a.obj", text);
        let mut lines = Lines::new(&source).unwrap();
        let mut found = Vec::new();
        while let Some(line) = lines.next(joins).unwrap().map(<[u8]>::to_vec) {
            found.push((lines.number, String::from_utf8(line).unwrap()));
        }
        found
    }

    #[test]
    fn lines_end_in_any_way_and_go_on_after_a_backslash() {
        let expected = [(1, "a"), (2, ""), (4, "b  c"), (5, "d")].map(|(at, line)| (at, line.to_owned()));
        assert_eq!(read(b"a\r\n\nb \\\nc\nd", Joins::Backslash), expected);
        assert_eq!(read(b"b \\\n", Joins::Never), [(1, "b \\".to_owned())]);
        assert_eq!(read(b"b\\", Joins::Backslash), [(1, "b ".to_owned())]);
    }

    #[test]
    fn an_endless_line_is_refused() {
        let source = Source::memory("a.obj", &vec![b'x'; 2 << 20]);
        let error = Lines::new(&source).unwrap().next(Joins::Never).unwrap_err();
        assert!(error.to_string().contains("the line is too long"), "{error}");
    }
}
