//! Links in texts: which words of a text are web addresses, and where they really lead.
//!
//! A link is kept as a browser reads it (WHATWG URL): names in other alphabets in Punycode, hidden characters escaped,
//! numbers of hosts written out. So what is shown is what is opened. Only `https` counts, and no address with a user's
//! name before the host, which only serves to look like another host. It must not open anything.

use url::Url;

/// Links of one text that are offered; the rest stays plain text.
const MAX_LINKS: usize = 3;

/// Letters of a host that are shown: its end says whose it is.
const SHOWN_CHARS: usize = 48;

const SCHEME: &str = "https://";

/// A web address that may be offered to be opened; made only from one that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebLink {
    address: String,
    host: String,
    letters: Option<String>,
    hides: bool,
}

impl WebLink {
    /// The whole address, in ASCII.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Where it leads: host, and port where it is an unusual one; the end of it where it is long.
    pub fn host(&self) -> String {
        let count = self.host.chars().count();
        match count.checked_sub(SHOWN_CHARS) {
            None | Some(0) => self.host.clone(),
            Some(over) => format!("…{}", self.host.chars().skip(over).collect::<String>()),
        }
    }

    /// The host in letters beyond ASCII, if it has any.
    pub fn letters(&self) -> Option<&str> {
        self.letters.as_deref()
    }

    /// Whether the text held characters in the address that are not seen or turn its direction.
    pub fn hides(&self) -> bool {
        self.hides
    }

    /// Reads an address as a browser does.
    fn read(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let is_plain = url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
        let name = url.host_str().filter(|name| is_plain && !name.is_empty())?;
        let host = url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
        let has_letters = name.split('.').any(|part| part.starts_with("xn--"));
        let letters = has_letters.then(|| idna::domain_to_unicode(name).0);
        let hides = text.chars().any(is_hidden);
        Some(Self { address: url.as_str().to_owned(), host, letters, hides })
    }
}

/// The links of a text, each once, in its order.
pub fn links_in(body: &str) -> Vec<WebLink> {
    let mut links: Vec<WebLink> = Vec::new();
    let mut rest = body;
    while let Some(start) = find_scheme(rest).filter(|_| links.len() < MAX_LINKS) {
        let from = &rest[start..];
        let end = from.find(ends_address).unwrap_or(from.len());
        let within_word = rest[..start].ends_with(|c: char| c.is_ascii_alphanumeric());
        let link = WebLink::read(without_punctuation(&from[..end]));
        links.extend(link.filter(|link| !within_word && !links.contains(link)));
        rest = &from[end.max(SCHEME.len())..];
    }
    links
}

fn find_scheme(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    bytes.windows(SCHEME.len()).position(|window| window.eq_ignore_ascii_case(SCHEME.as_bytes()))
}

/// What no address holds as it is: spaces, quotation marks, the full-width and Arabic punctuation of a sentence.
fn ends_address(c: char) -> bool {
    let is_wide = matches!(c, '\u{3000}'..='\u{3020}' | '\u{ff01}' | '\u{ff08}' | '\u{ff09}' | '\u{ff0c}');
    let is_wide = is_wide || matches!(c, '\u{ff1a}' | '\u{ff1b}' | '\u{ff1f}' | '\u{201c}' | '\u{201d}');
    c.is_whitespace()
        || c.is_control()
        || is_wide
        || matches!(c, '<' | '>' | '"' | '«' | '»' | '،' | '؛' | '؟')
}

/// The address without what the sentence put behind it.
fn without_punctuation(text: &str) -> &str {
    let mut text = text;
    loop {
        let shorter = text.trim_end_matches(|c: char| is_hidden(c) || ".,;:!?'’*_".contains(c));
        let open = |sign| shorter.matches(sign).count();
        let shorter = match shorter.strip_suffix(')') {
            Some(inner) if open('(') < open(')') => inner,
            _ => shorter.strip_suffix([']', '}']).unwrap_or(shorter),
        };
        if shorter.len() == text.len() {
            return text;
        }
        text = shorter;
    }
}

/// What is not seen, or turns the direction of what is.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || c == '\u{feff}'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(body: &str) -> Vec<String> {
        links_in(body).iter().map(|link| link.address().to_owned()).collect()
    }

    #[test]
    fn links_are_found_without_the_sentence_around_them() {
        assert_eq!(addresses("See https://www.un.org/en/ga (today)."), ["https://www.un.org/en/ga"]);
        assert_eq!(addresses("(see https://un.org/a_(b))"), ["https://un.org/a_(b)"]);
        assert_eq!(addresses("请看https://un.org/zh，谢谢"), ["https://un.org/zh"]);
        assert_eq!(addresses("انظر https://un.org/ar، شكراً"), ["https://un.org/ar"]);
        assert_eq!(addresses("HTTPS://UN.ORG/A! https://un.org/A"), ["https://un.org/A"]);
        assert_eq!(addresses("\u{2068}https://un.org/x\u{2069}"), ["https://un.org/x"]);
        assert_eq!(addresses("no link, https:// alone, or https://"), [""; 0]);
    }

    #[test]
    fn only_https_without_a_user_s_name_is_offered() {
        let bodies = [
            "http://un.org",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "vev://h/e/a#7KQ2M9XT",
            "https://un.org@evil.example/",
            "https://un.org:pass@evil.example/",
            "https://un.org%2f@evil.example/",
            "xhttps://un.org",
            "https://un org",
        ];
        for body in &bodies[..8] {
            assert!(links_in(body).is_empty(), "{body}");
        }
        assert_eq!(addresses(bodies[8]), ["https://un/"]);
    }

    #[test]
    fn what_is_shown_is_what_is_opened() {
        let only = |body: &str| links_in(body).pop().unwrap();
        // Cyrillic letters that look like Latin ones.
        let link = only("https://аррӏе.com/");
        assert_eq!((link.host().as_str(), link.letters()), ("xn--80ak6aa92e.com", Some("аррӏе.com")));
        let link = only("https://un.org/\u{202e}gpj.exe");
        assert_eq!((link.address(), link.hides()), ("https://un.org/%E2%80%AEgpj.exe", true));
        assert_eq!(only("https://3232235777/").host(), "192.168.1.1");
        assert_eq!(only("https://un.org\\@evil.example/").host(), "un.org", "as browsers read it");
        assert_eq!(only("https://un.org:8443/a").host(), "un.org:8443");
        assert!(!only("https://un.org/").hides() && only("https://un.org/").letters().is_none());
        let long = format!("https://www.un.org.{}.evil.example/", "a".repeat(60));
        assert!(only(&long).host().starts_with('…') && only(&long).host().ends_with(".evil.example"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_few_links_in_ascii(body in "\\PC*(https://\\PC{0,20}){0,5}\\PC*") {
            let links = links_in(&body);
            assert!(links.len() <= MAX_LINKS);
            for link in links {
                assert!(link.address().is_ascii() && link.address().starts_with(SCHEME), "{link:?}");
                assert!(link.host.is_ascii());
            }
        }
    }
}
