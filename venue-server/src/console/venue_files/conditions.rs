//! What a request makes depend on: `If-Match`, `If-None-Match`, `If-Range` (RFC 9110, section 13), and the
//! encodings that it takes (section 12.5.3).
//!
//! It must not know files or answers. No answer has a date, so conditions on dates hold for none.

use axum::http::header::{ACCEPT_ENCODING, IF_MATCH, IF_NONE_MATCH, IF_RANGE};
use axum::http::{HeaderMap, HeaderName};

/// What the conditions come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The request is carried out.
    Go,
    /// The asker has this very representation.
    NotModified,
    /// The asker wants another one.
    Failed,
}

/// Judges a request for the representation with this entity tag (with its quotes), in the order of section 13.2.2.
pub fn judge(headers: &HeaderMap, tag: &str) -> Verdict {
    if headers.contains_key(IF_MATCH) && !tags(headers, IF_MATCH).any(|given| given == "*" || given == tag) {
        return Verdict::Failed;
    }
    // Weak comparison: a tag that a cache in between made weak names the same file.
    let is_known = |given: &str| given == "*" || given.strip_prefix("W/").unwrap_or(given) == tag;
    if tags(headers, IF_NONE_MATCH).any(is_known) { Verdict::NotModified } else { Verdict::Go }
}

/// Whether a `Range` counts: without `If-Range`, or when it names this very representation.
pub fn range_counts(headers: &HeaderMap, tag: &str) -> bool {
    headers.get(IF_RANGE).is_none_or(|given| given.as_bytes() == tag.as_bytes())
}

/// The tags of a list header. Ours hold no comma, so it does not matter that others' may.
fn tags(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

/// Whether the asker takes gzip.
pub fn takes_gzip(headers: &HeaderMap) -> bool {
    let mut others = false;
    for coding in tags(headers, ACCEPT_ENCODING) {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
        let is_taken = weight.trim().parse::<f32>().is_ok_and(|weight| weight > 0.0);
        match name.trim() {
            name if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") => {
                return is_taken;
            }
            "*" => others = is_taken,
            _ => {}
        }
    }
    others
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(HeaderName, &'static str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in lines {
            map.append(name, axum::http::HeaderValue::from_static(value));
        }
        map
    }

    #[test]
    fn conditions_are_judged_in_their_order() {
        let check = |lines: &[(HeaderName, &'static str)], expected| {
            assert_eq!(judge(&headers(lines), "\"a\""), expected, "{lines:?}");
        };
        check(&[], Verdict::Go);
        check(&[(IF_NONE_MATCH, "\"b\", \"a\"")], Verdict::NotModified);
        check(&[(IF_NONE_MATCH, "\"b\""), (IF_NONE_MATCH, "W/\"a\"")], Verdict::NotModified);
        check(&[(IF_NONE_MATCH, "*")], Verdict::NotModified);
        check(&[(IF_NONE_MATCH, "\"b\", a")], Verdict::Go);
        check(&[(IF_MATCH, "\"b\"")], Verdict::Failed);
        check(&[(IF_MATCH, "W/\"a\"")], Verdict::Failed);
        check(&[(IF_MATCH, "\"b\", \"a\"")], Verdict::Go);
        check(&[(IF_MATCH, "\"b\""), (IF_NONE_MATCH, "\"a\"")], Verdict::Failed);
        check(&[(IF_MATCH, "*"), (IF_NONE_MATCH, "\"a\"")], Verdict::NotModified);
    }

    #[test]
    fn a_range_counts_for_the_representation_that_it_was_begun_with() {
        let check = |value: &'static str, expected: bool| {
            assert_eq!(range_counts(&headers(&[(IF_RANGE, value)]), "\"a\""), expected, "{value}");
        };
        assert!(range_counts(&HeaderMap::new(), "\"a\""));
        check("\"a\"", true);
        check("W/\"a\"", false);
        check("\"a-gzip\"", false);
        check("Thu, 26 Nov 2026 03:00:00 GMT", false);
    }

    #[test]
    fn gzip_is_taken_by_whoever_says_so() {
        let check = |value: &'static str, expected: bool| {
            assert_eq!(takes_gzip(&headers(&[(ACCEPT_ENCODING, value)])), expected, "{value}");
        };
        assert!(!takes_gzip(&HeaderMap::new()));
        check("gzip, deflate, br, zstd", true);
        check("br;q=1.0, GZIP;q=0.5", true);
        check("gzip;q=0", false);
        check("*", true);
        check("*, gzip;q=0.000", false);
        check("*;q=0", false);
        check("identity", false);
        check("gzip;q=nonsense", false);
        check("br", false);
    }
}
