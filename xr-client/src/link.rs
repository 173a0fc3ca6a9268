//! Links into a venue: `https://HOST[:PORT]/e/EVENT#CODE[.FINGERPRINT]`, `vev://…`, and codes typed by hand.
//!
//! It forgives what mail programs and people do to links (line breaks, spaces, case, wrappers) and never
//! guesses about what keeps a person safe: a damaged fingerprint is an error. It must not know the network.

use crate::sentence::Problem;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt;
use venue_model::EventKey;

/// UDP port of a `vev://` link that names none.
pub const DEFAULT_PORT: u16 = 4433;

/// UDP port of an `https://` link that names none: the server answers on the same number for both.
pub const HTTPS_PORT: u16 = 443;

/// Characters of an invitation code.
pub const CODE_LENGTH: usize = 8;

/// Longest text that is looked at, in bytes.
const MAX_LINK_BYTES: usize = 4_096;

/// Where an event is held: all of a link but its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Name or address of the server, lower case; IPv6 without brackets.
    pub host: String,
    /// UDP port.
    pub port: u16,
    /// Which event.
    pub event: EventKey,
    /// SHA-256 of the server's public key, when the link pins it.
    pub fingerprint: Option<[u8; 32]>,
}

/// An invitation code: 8 characters of Crockford's base 32, upper case.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationCode(String);

/// A whole link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where.
    pub place: Place,
    /// The secret.
    pub code: InvitationCode,
}

impl InvitationCode {
    /// Reads a code; hyphens and spaces are ignored, O is 0, I and L are 1.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let refused = || Problem::LinkCode { code: text.trim().chars().take(40).collect() };
        let mut code = String::with_capacity(CODE_LENGTH);
        for c in text.chars().filter(|c| !c.is_whitespace() && !is_hyphen(*c)) {
            match c.to_ascii_uppercase() {
                'O' => code.push('0'),
                'I' | 'L' => code.push('1'),
                'U' => return Err(refused()),
                c if c.is_ascii_alphanumeric() => code.push(c),
                _ => return Err(refused()),
            }
        }
        if code.len() == CODE_LENGTH { Ok(Self(code)) } else { Err(refused()) }
    }

    /// The code as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for InvitationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvitationCode(…)")
    }
}

impl Link {
    /// Reads a link, or a code alone for the place that was visited last.
    pub fn parse(text: &str, last: Option<&Place>) -> Result<Self, Problem> {
        let text = repair(text);
        if text.is_empty() {
            return Err(Problem::LinkEmpty);
        }
        if !text.contains(['/', '#', ':', '.']) {
            let code = InvitationCode::parse(&text)?;
            let place = last.cloned().ok_or(Problem::CodeWithoutServer)?;
            return Ok(Self { place, code });
        }
        let (default_port, rest) = split_scheme(&text)?;
        let (address, secret) = rest.split_once('#').ok_or(Problem::LinkNoCode)?;
        let (authority, path) = address.split_once('/').ok_or(Problem::LinkEvent)?;
        let (host, port) = split_port(authority, default_port)?;
        let event = event_in(path)?;
        let (code, fingerprint) = split_secret(secret)?;
        Ok(Self { place: Place { host, port, event, fingerprint }, code })
    }

    /// The link as text that [`Link::parse`] reads back.
    pub fn to_text(&self) -> String {
        let place = &self.place;
        let host = if place.host.contains(':') { format!("[{}]", place.host) } else { place.host.clone() };
        let (first, last) = self.code.0.split_at(CODE_LENGTH / 2);
        let mut text = format!("vev://{host}:{}/e/{}#{first}-{last}", place.port, place.event);
        if let Some(fingerprint) = place.fingerprint {
            text.push('.');
            text.push_str(&fingerprint_text(&fingerprint));
        }
        text
    }
}

/// The text form of a fingerprint: base64url without padding, 43 characters.
pub fn fingerprint_text(fingerprint: &[u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(fingerprint)
}

/// Reads the text form of a fingerprint.
pub fn parse_fingerprint(text: &str) -> Option<[u8; 32]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

/// Takes out what mail programs put in: white space, soft line breaks, brackets, quotes, wrappers.
fn repair(text: &str) -> String {
    let text = text.get(..text.floor_char_boundary(MAX_LINK_BYTES)).unwrap_or(text);
    // A quoted-printable soft break is an equals sign at the end of a line.
    let text = text.replace("=\r\n", "").replace("=\n", "");
    let is_noise = |c: char| {
        c.is_whitespace() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '>')
    };
    let text: String = text.chars().filter(|c| !is_noise(*c)).collect();
    let edges = ['<', '"', '\'', '(', ')', '“', '”', '«', '»', ',', ';'];
    let text = text.trim_matches(edges).trim_end_matches('.').to_owned();
    let text = unwrap_redirect(&text).unwrap_or(text);
    // The number sign is often escaped, because it has to survive a redirect.
    if text.contains('#') { text } else { text.replacen("%23", "#", 1) }
}

/// Mail gateways replace links by their own with ours as the parameter `url`.
fn unwrap_redirect(text: &str) -> Option<String> {
    let (_, after) = text.split_once("?url=").or_else(|| text.split_once("&url="))?;
    let value = after.split('&').next()?;
    let decoded = percent_decoded(value)?;
    decoded.contains("/e/").then_some(decoded)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

fn split_scheme(text: &str) -> Result<(u16, &str), Problem> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Ok((DEFAULT_PORT, text));
    };
    match scheme.to_ascii_lowercase().as_str() {
        "https" => Ok((HTTPS_PORT, rest)),
        "vev" => Ok((DEFAULT_PORT, rest)),
        other => Err(Problem::LinkScheme { scheme: other.chars().take(20).collect() }),
    }
}

fn split_port(authority: &str, default_port: u16) -> Result<(String, u16), Problem> {
    let (host, port) = match authority.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((address, after)) => (address, after.strip_prefix(':')),
        None => match authority.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let is_address = host.parse::<std::net::IpAddr>().is_ok();
    let host = host.to_lowercase();
    let is_name = !host.is_empty()
        && host.len() <= 253
        && host.split('.').all(|label| {
            let allowed = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
            (1..=63).contains(&label.len()) && label.chars().all(allowed)
        });
    if !is_address && !is_name {
        return Err(Problem::LinkHost { host: authority.chars().take(80).collect() });
    }
    let port = match port {
        Some(text) => text.parse().ok().filter(|port| *port != 0),
        None => Some(default_port),
    };
    let wrong_port = || Problem::LinkPort { port: authority.rsplit(':').next().unwrap_or("").into() };
    Ok((host, port.ok_or_else(wrong_port)?))
}

fn event_in(path: &str) -> Result<EventKey, Problem> {
    let mut parts = path.trim_matches('/').split('/');
    let (Some("e" | "E"), Some(event), None) = (parts.next(), parts.next(), parts.next()) else {
        return Err(Problem::LinkEvent);
    };
    let event = event.split('?').next().unwrap_or(event);
    EventKey::new(event.to_ascii_lowercase()).map_err(|_| Problem::LinkEvent)
}

fn split_secret(secret: &str) -> Result<(InvitationCode, Option<[u8; 32]>), Problem> {
    let (code, fingerprint) = match secret.split_once('.') {
        Some((code, fingerprint)) => (code, Some(fingerprint)),
        None => (secret, None),
    };
    if code.is_empty() {
        return Err(Problem::LinkNoCode);
    }
    let code = InvitationCode::parse(code)?;
    let fingerprint = match fingerprint {
        None => None,
        Some(text) => Some(parse_fingerprint(text).ok_or(Problem::LinkFingerprint)?),
    };
    Ok((code, fingerprint))
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FINGERPRINT: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    fn fingerprint() -> [u8; 32] {
        std::array::from_fn(|i| i as u8)
    }

    fn check(text: &str, host: &str, port: u16, pinned: bool) {
        let link = Link::parse(text, None).unwrap_or_else(|problem| panic!("{text:?}: {problem}"));
        assert_eq!((link.place.host.as_str(), link.place.port), (host, port), "{text:?}");
        assert_eq!(link.place.event.as_str(), "plenary-2027", "{text:?}");
        assert_eq!(link.code.as_str(), "7KQ2M9XT", "{text:?}");
        assert_eq!(link.place.fingerprint, pinned.then(fingerprint), "{text:?}");
    }

    #[test]
    fn the_three_forms_are_read() {
        check("https://vev.example/e/plenary-2027#7KQ2-M9XT", "vev.example", 443, false);
        let pinned = format!("https://vev.example:4433/e/plenary-2027#7KQ2-M9XT.{FINGERPRINT}");
        check(&pinned, "vev.example", 4433, true);
        check(&format!("vev://10.0.0.7/e/plenary-2027#7KQ2M9XT.{FINGERPRINT}"), "10.0.0.7", 4433, true);
        check("vev://[::1]:5000/e/plenary-2027#7KQ2M9XT", "::1", 5000, false);
        check("vev.example/e/plenary-2027#7kq2 m9xt", "vev.example", 4433, false);
    }

    #[test]
    fn what_mail_programs_and_people_do_is_repaired() {
        check("  <https://vev.example/e/plenary-2027#7KQ2-M9XT>.", "vev.example", 443, false);
        check("HTTPS://VEV.Example/e/Plenary-2027#7kq2-m9xt", "vev.example", 443, false);
        check("https://vev.exam=\r\nple/e/plenary-2027#7KQ2-M9XT", "vev.example", 443, false);
        check("> https://vev.example/e/plen\n> ary-2027#7KQ2-\n> M9XT", "vev.example", 443, false);
        check("https://vev.example/e/plenary-2027%237KQ2-M9XT", "vev.example", 443, false);
        check("https://vev.example/e/plenary-2027#7KQ2–M9XT,", "vev.example", 443, false);
        let wrapped =
            "https://links.mail.example/?url=https%3A%2F%2Fvev.example%2Fe%2Fplenary-2027%237KQ2-M9XT&data=1";
        check(wrapped, "vev.example", 443, false);
    }

    #[test]
    fn a_bare_code_takes_the_last_place() {
        let link = Link::parse("https://vev.example:9000/e/plenary-2027#7KQ2-M9XT", None).expect("link");
        let typed = Link::parse(" 7kq2 m9xo ", Some(&link.place)).expect("code");
        assert_eq!(typed.place, link.place);
        assert_eq!(typed.code.as_str(), "7KQ2M9X0");
        assert_eq!(Link::parse("7KQ2-M9XT", None), Err(Problem::CodeWithoutServer));
    }

    #[test]
    fn damage_is_named() {
        let check = |text: &str, expected: &str| {
            let problem = Link::parse(text, None).expect_err(text);
            assert_eq!(problem.id(), expected, "{text}: {problem}");
        };
        check("", "problem-link-empty");
        check("ftp://vev.example/e/a#7KQ2M9XT", "problem-link-scheme");
        check("https:///e/a#7KQ2M9XT", "problem-link-host");
        check("https://vev!example/e/a#7KQ2M9XT", "problem-link-host");
        check("https://vev.example:99999/e/a#7KQ2M9XT", "problem-link-port");
        check("https://vev.example/f/a#7KQ2M9XT", "problem-link-event");
        check("https://vev.example#7KQ2M9XT", "problem-link-event");
        check("https://vev.example/e/a", "problem-link-no-code");
        check("https://vev.example/e/a#", "problem-link-no-code");
        check("https://vev.example/e/a#7KQ2M9X", "problem-link-code");
        check("https://vev.example/e/a#7KQ2M9XU", "problem-link-code");
        check("https://vev.example/e/a#7KQ2M9XT.AAEC", "problem-link-fingerprint");
    }

    #[test]
    fn debug_output_keeps_the_code_secret() {
        let link = Link::parse("vev://vev.example/e/a#7KQ2M9XT", None).expect("link");
        assert!(!format!("{link:?}").contains("7KQ2"));
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "\\PC{0,200}") {
            let answered = Link::parse(&text, None);
            prop_assert!(answered.is_ok() || answered.is_err());
        }

        #[test]
        fn a_link_survives_its_text(bytes in any::<[u8; 32]>(), port in 1u16.., pinned: bool) {
            let link = Link {
                place: Place {
                    host: "a-1.example".into(),
                    port,
                    event: EventKey::new("e-1").expect("key"),
                    fingerprint: pinned.then_some(bytes),
                },
                code: InvitationCode::parse("ABCD1234").expect("code"),
            };
            prop_assert_eq!(Link::parse(&link.to_text(), None), Ok(link));
        }
    }
}
