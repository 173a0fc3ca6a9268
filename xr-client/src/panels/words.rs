//! The sentences of the client in the six languages, by Fluent.
//!
//! The embedded files are complete (a test proves it), so a missing sentence is a mistake in the
//! program; then English stands in, and at worst the key itself. It knows no widget.

use super::local::{Local, fluent_number};
use super::model::KeyHint;
use crate::sentence::Problem;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;
use venue_model::Language;

/// Reasons that the client gives in English inside of a [`Problem`].
pub const REASONS: [&str; 5] = [
    "reason-seat-taken",
    "reason-seat-elsewhere",
    "reason-seat-unknown",
    "reason-seat-reserved",
    "reason-seat-too-far",
];

/// A value that a sentence names.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// A text; it is isolated, so that its direction does not disturb the sentence's.
    Text(&'a str),
    /// A number; it chooses the plural.
    Count(usize),
}

/// The sentences in one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
    english: Option<FluentBundle<FluentResource>>,
    local: Local,
    /// Sentences are marked and longer, so that a test tells them from what passes Fluent by.
    #[cfg(test)]
    is_pseudo: bool,
}

/// The embedded files of a language as one: what the client says, what keeps order, voices, and private talks.
macro_rules! all {
    ($language:literal) => {
        concat!(
            include_str!(concat!("../../../assets/locales/", $language, "/client.ftl")),
            include_str!(concat!("../../../assets/locales/", $language, "/order.ftl")),
            include_str!(concat!("../../../assets/locales/", $language, "/voice.ftl")),
            include_str!(concat!("../../../assets/locales/", $language, "/talk.ftl"))
        )
    };
}

/// The embedded file of a language.
pub fn source(language: Language) -> &'static str {
    match language {
        Language::Ar => all!("ar"),
        Language::Zh => all!("zh"),
        Language::En => all!("en"),
        Language::Fr => all!("fr"),
        Language::Ru => all!("ru"),
        Language::Es => all!("es"),
    }
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    // A file that does not parse whole still gives what was read; a test keeps that from happening.
    let resource = FluentResource::try_new(source(language).to_owned()).unwrap_or_else(|(part, _)| part);
    let identifier: LanguageIdentifier = language.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
    bundle.add_resource_overriding(resource);
    bundle.set_formatter(Some(fluent_number));
    bundle
}

impl Words {
    /// Reads the sentences of a language.
    pub fn new(language: Language) -> Self {
        let english = (language != Language::En).then(|| bundle(Language::En));
        Self {
            language,
            bundle: bundle(language),
            english,
            local: Local::new(language),
            #[cfg(test)]
            is_pseudo: false,
        }
    }

    /// Which language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// A sentence without values.
    pub fn get(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// What stands over a table or booth that is kept for a private talk, perhaps the user's own.
    pub fn of_kept_place(&self, is_ours: bool) -> String {
        self.get(if is_ours { "talk-kept-ours" } else { "talk-kept" })
    }

    /// A sentence with values.
    pub fn with(&self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        let mut arguments = FluentArgs::new();
        for &(name, value) in values {
            let value = match value {
                Value::Text(text) => FluentValue::from(text),
                Value::Count(count) => FluentValue::from(count),
            };
            arguments.set(name, value);
        }
        let own = format(&self.bundle, key, &arguments);
        let english = || format(self.english.as_ref()?, key, &arguments);
        let sentence = own.or_else(english).unwrap_or_else(|| key.to_owned());
        #[cfg(test)]
        if self.is_pseudo {
            return tests::pseudo(&sentence);
        }
        sentence
    }

    /// A number outside of any sentence.
    pub fn number(&self, number: usize) -> String {
        self.local.number(number)
    }

    /// A number of tenths, such as 3.1.
    pub fn tenths(&self, tenths: u64) -> String {
        self.local.tenths(tenths)
    }

    /// A day with its name.
    pub fn day(&self, day: jiff::civil::Date) -> String {
        let day = self.local.day(day);
        #[cfg(test)]
        if self.is_pseudo {
            return tests::pseudo(&day);
        }
        day
    }

    /// A time of day.
    pub fn time(&self, time: jiff::civil::Time) -> String {
        self.local.time(time)
    }

    /// Names as a list in the order in which the language is read; a name of the other direction disturbs no other.
    pub fn list(&self, names: &[String]) -> String {
        let isolated: Vec<String> = names.iter().map(|name| format!("\u{2068}{name}\u{2069}")).collect();
        let list = isolated.join(&self.get("list-joint"));
        // Between isolated names nothing else tells that the list runs from right to left.
        if self.language.is_right_to_left() { format!("\u{200f}{list}") } else { list }
    }

    /// Sentences after each other.
    pub fn sentences(&self, sentences: &[String]) -> String {
        let space = if self.language == Language::Zh { "" } else { " " };
        sentences.join(space)
    }

    fn english(&self, key: &str) -> Option<String> {
        format(self.english.as_ref().unwrap_or(&self.bundle), key, &FluentArgs::new())
    }

    /// What stands on the keys of a deed, as keyboards of this language have it.
    pub fn caps(&self, hint: &KeyHint) -> String {
        hint.keys.iter().map(|key| self.cap(key)).collect::<Vec<_>>().join(" · ")
    }

    /// What stands on the deed's first key; none if it has no key.
    pub fn first_cap(&self, hint: &KeyHint) -> Option<String> {
        hint.keys.first().map(|key| self.cap(key))
    }

    /// What stands on a key.
    pub fn cap(&self, english: &str) -> String {
        if let Some(key) = english.strip_prefix("Num ") {
            return self.with("key-numpad", &[("key", Value::Text(key))]);
        }
        let key = match english {
            "Space" => "key-space",
            "Shift" => "key-shift",
            "Ctrl" => "key-ctrl",
            "Alt" => "key-alt",
            "Enter" => "key-enter",
            "Esc" => "key-escape",
            "Tab" => "key-tab",
            "Home" => "key-home",
            "End" => "key-end",
            "Ins" => "key-insert",
            "Del" => "key-delete",
            "PgUp" => "key-page-up",
            "PgDn" => "key-page-down",
            letter_or_sign => return letter_or_sign.to_owned(),
        };
        self.get(key)
    }

    /// Names for the people of a venue that is hosted here: the host's if the computer knows none, and guests'.
    pub fn host_names(&self, own: Option<String>, guests: usize) -> Vec<String> {
        let guest = |number| self.with("host-guest", &[("number", Value::Count(number))]);
        let own = own.unwrap_or_else(|| self.get("host-name"));
        let names = std::iter::once(own).chain((1..=guests).map(guest));
        // The marks that isolate a value on a page have no place in a name.
        names.map(|name| name.replace(['\u{2068}', '\u{2069}'], "")).collect()
    }

    /// The sentence of a problem, and what support needs to know behind it. A value that is the English text of one
    /// of [`REASONS`] is translated too.
    pub fn problem(&self, problem: &Problem) -> String {
        let sentence = self.sentence(problem);
        match problem.detail() {
            Some(detail) => {
                let support = self.with("for-support", &[("detail", Value::Text(&detail))]);
                self.sentences(&[sentence, support])
            }
            None => sentence,
        }
    }

    fn sentence(&self, problem: &Problem) -> String {
        let owned: Vec<(&str, String)> = problem
            .arguments()
            .into_iter()
            .map(|(name, value)| {
                let reason = REASONS.iter().find(|key| self.english(key).as_deref() == Some(&*value));
                (name, reason.map_or(value, |key| self.get(key)))
            })
            .collect();
        let values: Vec<_> = owned.iter().map(|(name, value)| (*name, Value::Text(value))).collect();
        self.with(problem.id(), &values)
    }
}

#[cfg(test)]
impl Words {
    /// English that is marked, and a third longer.
    pub(crate) fn pseudo() -> Self {
        Self { is_pseudo: true, ..Self::new(Language::En) }
    }
}

fn format(bundle: &FluentBundle<FluentResource>, key: &str, arguments: &FluentArgs<'_>) -> Option<String> {
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(arguments), &mut errors);
    errors.is_empty().then(|| text.into_owned())
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
