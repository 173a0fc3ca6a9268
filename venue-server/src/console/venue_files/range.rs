//! Which part of a file a request asks for: the header `Range` (RFC 9110, section 14).
//!
//! It must not know files or answers.

use std::ops::Range;

/// What a `Range` header asks for of a representation of a known length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Everything: there is no header, or one that a server may leave aside (another unit, several
    /// ranges, a mistake in it).
    Whole,
    /// These bytes, at least one.
    Part(Range<u64>),
    /// Bytes that do not exist.
    Nothing,
}

/// Reads the header. Numbers of any length are numbers: what is too large lies behind the end.
pub fn wanted(header: &str, length: u64) -> Wanted {
    let Some((unit, set)) = header.split_once('=') else { return Wanted::Whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") || set.contains(',') {
        return Wanted::Whole;
    }
    let Some((first, last)) = set.trim().split_once('-') else { return Wanted::Whole };
    match (number(first), number(last)) {
        (Digits::Of(first), Digits::Of(last)) if first > last => Wanted::Whole,
        (Digits::Of(first), Digits::Of(last)) => part(first, last.saturating_add(1).min(length)),
        (Digits::Of(first), Digits::None) => part(first, length),
        (Digits::None, Digits::Of(suffix)) => part(length.saturating_sub(suffix), length),
        _ => Wanted::Whole,
    }
}

fn part(start: u64, end: u64) -> Wanted {
    if start < end { Wanted::Part(start..end) } else { Wanted::Nothing }
}

enum Digits {
    None,
    Of(u64),
    Wrong,
}

fn number(text: &str) -> Digits {
    match text {
        "" => Digits::None,
        _ if text.bytes().all(|byte| byte.is_ascii_digit()) => Digits::Of(text.parse().unwrap_or(u64::MAX)),
        _ => Digits::Wrong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, expected: Wanted) {
        assert_eq!(wanted(header, 1_000), expected, "{header:?}");
    }

    #[test]
    fn one_range_is_a_part() {
        check("bytes=0-0", Wanted::Part(0..1));
        check("bytes=0-499", Wanted::Part(0..500));
        check("bytes=500-", Wanted::Part(500..1_000));
        check("bytes=999-5000", Wanted::Part(999..1_000));
        check("bytes=-1", Wanted::Part(999..1_000));
        check("bytes=-5000", Wanted::Part(0..1_000));
        check("BYTES= 3-4", Wanted::Part(3..5));
        check("bytes=7-99999999999999999999999999", Wanted::Part(7..1_000));
    }

    #[test]
    fn what_lies_behind_the_end_does_not_exist() {
        check("bytes=1000-", Wanted::Nothing);
        check("bytes=1000-1001", Wanted::Nothing);
        check("bytes=-0", Wanted::Nothing);
        check("bytes=99999999999999999999999999-", Wanted::Nothing);
        check("bytes=18446744073709551615-18446744073709551615", Wanted::Nothing);
    }

    #[test]
    fn what_a_server_may_leave_aside_asks_for_everything() {
        for header in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=5-4",
            "bytes=a-b",
            "bytes=1-2x",
            "bytes=--1",
            "bytes=+1-2",
            "bytes=0-1,5-6",
            "items=0-1",
            "bytes 0-1",
        ] {
            check(header, Wanted::Whole);
        }
    }
}
