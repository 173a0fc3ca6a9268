//! The entry page: what a delegate sees who follows the link of an invitation.
//!
//! It must not know HTTP or the store. The code never reaches the server: it stands in
//! the link's fragment, which only the page's own script reads.

use crate::console::words::Words;
use crate::ops::times;
use crate::store::{EventRecord, EventState};
use fluent_bundle::FluentValue;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use venue_model::Language;

/// What the page says about the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// It is there.
    Event(Box<EventRecord>),
    /// There is none with this key.
    Unknown,
    /// The store did not answer.
    Busy,
}

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// Where the page is, for those who read it as text; empty if there is no event.
    pub address: String,
    /// The language.
    pub language: Language,
    /// The event.
    pub subject: Subject,
    /// Where the program is got, if configured.
    pub program_url: Option<&'a str>,
    /// Whom to ask about personal data, if configured.
    pub privacy_contact: Option<&'a str>,
    /// Days that texts and presence are kept.
    pub keep_days: u32,
}

/// What a page says first, in both its forms.
struct Notice {
    heading: String,
    body: String,
}

impl Page<'_> {
    /// The page as HTML.
    pub fn html(&self, words: &Words) -> Markup {
        let language = self.language;
        let say = |id: &str| words.get(language, id);
        let title = match &self.subject {
            Subject::Event(event) => event.title.get(language).to_owned(),
            Subject::Unknown | Subject::Busy => say("brand"),
        };
        html! {
            (DOCTYPE)
            html lang=(language.code()) dir=(direction(language)) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="robots" content="noindex";
                    meta name="color-scheme" content="light dark";
                    title { (title) " · VEV" }
                    link rel="stylesheet" href="/static/entry.css";
                    script src="/static/entry.js" defer {}
                }
                body {
                    (self.header(words))
                    main {
                        (self.card(words))
                        @if self.is_enterable() { (self.program(words)) }
                        @if matches!(self.subject, Subject::Event(_)) { (self.privacy(words)) }
                    }
                }
            }
        }
    }

    fn header(&self, words: &Words) -> Markup {
        html! {
            header {
                div.bar {
                    p.brand { span.mark { "VEV" } " " span { (words.get(self.language, "brand")) } }
                    nav aria-label=(words.get(self.language, "languages")) {
                        ul.languages {
                            @for language in Language::ALL {
                                li {
                                    @let current = (language == self.language).then_some("page");
                                    a href={ "?lang=" (language.code()) } lang=(language.code())
                                        dir=(direction(language)) hreflang=(language.code())
                                        aria-current=[current] { (language.endonym()) }
                                }
                            }
                        }
                    }
                }
                (PreEscaped(ARCHES))
            }
        }
    }

    fn card(&self, words: &Words) -> Markup {
        match (&self.subject, self.notice(words)) {
            (Subject::Event(event), None) => self.invitation(words, event),
            (subject, notice) => {
                let notice = notice.unwrap_or(Notice { heading: String::new(), body: String::new() });
                html! {
                    section.card {
                        @if let Subject::Event(event) = subject {
                            p.eyebrow { bdi { (event.title.get(self.language)) } }
                        }
                        h1 { (notice.heading) }
                        p.lead { (notice.body) }
                    }
                }
            }
        }
    }

    fn invitation(&self, words: &Words, event: &EventRecord) -> Markup {
        let say = |id: &str| words.get(self.language, id);
        html! {
            section.card {
                p.eyebrow { (say("invited-to")) }
                h1 { bdi { (event.title.get(self.language)) } }
                p.lead { (say("intro")) }
                noscript { p.alert role="alert" { (say("no-script")) } }
                p.alert #no-code role="alert" hidden { (say("no-code")) }
                p.alert #damaged-code role="alert" hidden { (say("damaged-code")) }
                div #ready hidden data-event=(event.key) {
                    p { a.open #open href="#" { (say("open-vev")) } }
                    p.hint { (say("open-hint")) }
                    div.code {
                        p.label #code-label { (say("your-code")) }
                        div.row {
                            p.letters #code dir="ltr" translate="no" aria-labelledby="code-label" { }
                            button.copy #copy type="button" data-done=(say("copied")) { (say("copy-link")) }
                        }
                        p.hint { (say("code-hint")) }
                    }
                }
            }
        }
    }

    fn program(&self, words: &Words) -> Markup {
        let say = |id: &str| words.get(self.language, id);
        html! {
            section.card.plain aria-labelledby="get" {
                h2 #get { (say("get-heading")) }
                @match self.program_url {
                    Some(url) => p { a.get href=(url) rel="noreferrer" { (say("get-link")) } },
                    None => p { (say("get-ask")) },
                }
                p { (say("get-start")) }
            }
        }
    }

    fn privacy(&self, words: &Words) -> Markup {
        html! {
            section.card.plain aria-labelledby="privacy" {
                h2 #privacy { (words.get(self.language, "privacy-heading")) }
                @for sentence in self.privacy_sentences(words) { p { (sentence) } }
            }
        }
    }

    fn privacy_sentences(&self, words: &Words) -> Vec<String> {
        let days = [("days", FluentValue::from(self.keep_days))];
        let mut sentences: Vec<String> = ["privacy-stored", "privacy-not-stored", "privacy-readers"]
            .map(|id| words.get(self.language, id))
            .into();
        sentences.push(words.get_with(self.language, "privacy-days", &days));
        sentences.push(words.get(self.language, "privacy-rights"));
        if let Some(contact) = self.privacy_contact {
            let contact = [("contact", FluentValue::from(contact))];
            sentences.push(words.get_with(self.language, "privacy-contact", &contact));
        }
        sentences
    }

    /// The page as plain text, for those who read it in a terminal.
    pub fn text(&self, words: &Words) -> String {
        let say = |id: &str| words.get(self.language, id);
        let mut lines = vec![format!("VEV · {}", say("brand")), String::new()];
        match (&self.subject, self.notice(words)) {
            (Subject::Event(event), None) => {
                lines.push(format!("{} {}", say("invited-to"), event.title.get(self.language)));
                lines.extend([say("intro"), String::new(), say("get-heading")]);
                lines.push(self.program_url.map_or_else(|| say("get-ask"), str::to_owned));
                lines.extend([say("get-start"), String::new(), say("privacy-heading")]);
                lines.extend(self.privacy_sentences(words));
            }
            (subject, notice) => {
                lines.extend(notice.map(|notice| [notice.heading, notice.body]).into_iter().flatten());
                if matches!(subject, Subject::Event(_)) {
                    // Who is asked for nothing yet is told where it stands what is stored.
                    lines.extend([String::new(), format!("{}: {}", say("privacy-heading"), self.address)]);
                }
            }
        }
        lines.push(String::new());
        lines.join("\n")
    }

    /// Whether the event is there and not over, so that getting the program makes sense.
    fn is_enterable(&self) -> bool {
        matches!(&self.subject, Subject::Event(event) if event.state != EventState::Closed)
    }

    /// Why one can not enter now, if so.
    fn notice(&self, words: &Words) -> Option<Notice> {
        let say = |id: &str| words.get(self.language, id);
        let (heading, body) = match &self.subject {
            Subject::Unknown => ("unknown-heading", say("unknown-body")),
            Subject::Busy => ("busy-heading", say("busy-body")),
            Subject::Event(event) => match event.state {
                EventState::Open => return None,
                EventState::Closed => ("closed-heading", say("closed-body")),
                EventState::NotYetOpen { opens_at } => {
                    let time = [("time", FluentValue::from(times::minute(opens_at)))];
                    ("not-yet-heading", words.get_with(self.language, "opens-at", &time))
                }
            },
        };
        Some(Notice { heading: say(heading), body })
    }
}

fn direction(language: Language) -> &'static str {
    if language.is_right_to_left() { "rtl" } else { "ltr" }
}

/// A row of arches, the colonnade of the page's header; it says nothing.
const ARCHES: &str = r#"<svg class="arches" viewBox="0 0 600 60" preserveAspectRatio="xMidYMax slice" aria-hidden="true" focusable="false"><defs><pattern id="arch" width="60" height="60" patternUnits="userSpaceOnUse"><path d="M8 60V30a22 22 0 0 1 44 0v30z"/></pattern></defs><rect width="600" height="60" fill="url(#arch)"/></svg>"#;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{EventId, UnixMillis};
    use venue_model::{EventKey, Localized};

    fn page(language: Language, state: EventState) -> Page<'static> {
        let mut title = Localized::english("Forum <b>26</b>");
        title.0.insert(Language::Ar, "المنتدى".into());
        let key = EventKey::new("wtf-26").unwrap();
        let event = EventRecord { id: EventId(1), key, title, state };
        Page {
            address: "https://venue.example.org/e/wtf-26".into(),
            language,
            subject: Subject::Event(Box::new(event)),
            program_url: Some("https://example.org/vev"),
            privacy_contact: Some("privacy@example.org"),
            keep_days: 30,
        }
    }

    #[test]
    fn a_title_can_not_bring_markup() {
        let html = page(Language::En, EventState::Open).html(&Words::new()).into_string();
        assert!(html.contains("Forum &lt;b&gt;26&lt;/b&gt;") && !html.contains("<b>26"));
    }

    #[test]
    fn every_language_has_its_direction_and_no_foreign_resource() {
        let words = Words::new();
        for language in Language::ALL {
            let html = page(language, EventState::Open).html(&words).into_string();
            let expected = format!("<html lang=\"{}\" dir=\"{}\">", language.code(), direction(language));
            assert!(html.contains(&expected));
            for attribute in ["src=\"http", "href=\"//", "style=", "onclick", "<style"] {
                assert!(!html.contains(attribute), "{attribute}");
            }
            assert_eq!(html.matches("https://").count(), 1, "only the program's address");
        }
    }

    #[test]
    fn an_event_that_can_not_be_entered_shows_no_button() {
        let words = Words::new();
        let check = |subject: Subject, part: &str| {
            let page = Page { subject, ..page(Language::En, EventState::Open) };
            let (html, text) = (page.html(&words).into_string(), page.text(&words));
            assert!(html.contains(part) && text.contains(part), "{text}");
            assert!(!html.contains("id=\"open\""));
        };
        let event = |state| page(Language::En, state).subject;
        let opens_at = UnixMillis(1_796_115_600_000);
        check(event(EventState::NotYetOpen { opens_at }), "It opens on 2026-12-01 09:00 UTC.");
        check(event(EventState::Closed), "This event has ended");
        check(Subject::Unknown, "There is no such event here");
        check(Subject::Busy, "The server cannot answer right now");
    }

    #[test]
    fn the_text_form_says_the_same() {
        let text = page(Language::Ar, EventState::Open).text(&Words::new());
        assert!(text.contains("المنتدى") && text.contains("https://example.org/vev"));
        assert!(!text.contains('<'));
    }
}
