//! Times as operators write and read them: UTC, to the minute.
//!
//! It must not know what happens at them, nor what time it is.

use crate::store::UnixMillis;
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime};

const MINUTE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day] [hour]:[minute]");
const SECOND_IN_NAMES: &[BorrowedFormatItem<'_>] =
    format_description!("[year][month][day]-[hour][minute][second]");
/// One day, ms.
pub const DAY_MILLIS: i64 = 86_400_000;

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// Reads a time at which something ends: as [`parse`] does, but a bare day ends when it is over (24:00 UTC).
pub fn parse_end(text: &str) -> Result<UnixMillis, String> {
    let at = parse(text)?;
    Ok(match Date::parse(text, DAY) {
        Ok(_) => UnixMillis(at.0.saturating_add(DAY_MILLIS)),
        Err(_) => at,
    })
}

/// Reads `2026-12-01` (its first moment), `2026-12-01 09:00` (both UTC) or RFC 3339 with an offset.
pub fn parse(text: &str) -> Result<UnixMillis, String> {
    let instant = OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| PrimitiveDateTime::parse(&text.replacen('T', " ", 1), MINUTE).map(|at| at.assume_utc()))
        .or_else(|_| Date::parse(text, DAY).map(|day| day.midnight().assume_utc()));
    match instant {
        Ok(instant) => Ok(UnixMillis(instant.unix_timestamp().saturating_mul(1_000))),
        Err(_) => Err("write 2026-12-01, 2026-12-01 09:00 (UTC) or 2026-12-01T09:00:00+01:00".into()),
    }
}

/// `2026-12-01 09:00 UTC`.
pub fn minute(at: UnixMillis) -> String {
    format!("{} UTC", written(at, MINUTE))
}

/// `2026-12-01`, in UTC; file names of logs carry it.
pub fn day(at: UnixMillis) -> String {
    written(at, DAY)
}

/// `20261201-090000`, for file names.
pub fn for_file_name(at: UnixMillis) -> String {
    written(at, SECOND_IN_NAMES)
}

/// Whole days from the first to the second, rounded down.
pub fn days_between(first: UnixMillis, second: UnixMillis) -> i64 {
    (second.0 - first.0).div_euclid(DAY_MILLIS)
}

fn written(at: UnixMillis, format: &[BorrowedFormatItem<'_>]) -> String {
    let instant = OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1_000)).ok();
    let text = instant.and_then(|instant| instant.format(format).ok());
    text.unwrap_or_else(|| format!("{} ms after 1970", at.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_three_forms() {
        let check = |text, millis| assert_eq!(parse(text), Ok(UnixMillis(millis)), "{text}");
        check("1970-01-02", 86_400_000);
        check("1970-01-01 00:01", 60_000);
        check("1970-01-01T00:01", 60_000);
        check("1970-01-01T01:00:00+01:00", 0);
        for text in ["", "tomorrow", "2026-13-01", "2026-12-01 25:00"] {
            assert!(parse(text).unwrap_err().contains("2026-12-01"), "{text}");
        }
    }

    #[test]
    fn a_bare_day_as_an_end_is_over_when_the_day_is() {
        assert_eq!(parse_end("1970-01-01"), Ok(UnixMillis(DAY_MILLIS)));
        assert_eq!(parse_end("1970-01-01 00:01"), parse("1970-01-01 00:01"));
        assert_eq!(parse_end("1970-01-01T01:00:00+01:00"), Ok(UnixMillis(0)));
        assert!(parse_end("tomorrow").is_err());
    }

    #[test]
    fn times_are_written_in_utc() {
        let at = UnixMillis(1_796_115_600_000);
        assert_eq!(minute(at), "2026-12-01 09:00 UTC");
        assert_eq!(day(at), "2026-12-01");
        assert_eq!(for_file_name(at), "20261201-090000");
        assert_eq!(days_between(at, UnixMillis(at.0 + 86_400_000 * 2 - 1)), 1);
        assert_eq!(minute(UnixMillis(i64::MAX)), format!("{} ms after 1970 UTC", i64::MAX));
    }
}
