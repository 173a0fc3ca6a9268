//! The six official languages and texts that exist in several of them.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An official language of the United Nations, in the order of their English names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Arabic, written from right to left.
    Ar,
    /// Chinese, simplified.
    Zh,
    /// English, the language that every text exists in.
    #[default]
    En,
    /// French.
    Fr,
    /// Russian.
    Ru,
    /// Spanish.
    Es,
}

impl Language {
    /// All six, in the order in which they are shown.
    pub const ALL: [Self; 6] = [Self::Ar, Self::Zh, Self::En, Self::Fr, Self::Ru, Self::Es];

    /// The ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ar => "ar",
            Self::Zh => "zh",
            Self::En => "en",
            Self::Fr => "fr",
            Self::Ru => "ru",
            Self::Es => "es",
        }
    }

    /// The language that a BCP 47 tag such as `fr-CH` or `zh_CN.UTF-8` begins with.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.']).next()?;
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// The language's name in itself.
    pub fn endonym(self) -> &'static str {
        match self {
            Self::Ar => "العربية",
            Self::Zh => "中文",
            Self::En => "English",
            Self::Fr => "Français",
            Self::Ru => "Русский",
            Self::Es => "Español",
        }
    }

    /// Whether the language is written from right to left.
    pub fn is_right_to_left(self) -> bool {
        self == Self::Ar
    }
}

/// A text in one or more of the official languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Localized(pub BTreeMap<Language, String>);

impl Localized {
    /// A text that exists in English alone.
    pub fn english(text: impl Into<String>) -> Self {
        Self(BTreeMap::from([(Language::En, text.into())]))
    }

    /// The text in `language`, else in English, else in any, else empty.
    pub fn get(&self, language: Language) -> &str {
        let any = || self.0.values().next();
        self.0.get(&language).or_else(|| self.0.get(&Language::En)).or_else(any).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_name_languages() {
        let check = |tag, expected| assert_eq!(Language::from_tag(tag), expected, "{tag}");
        check("fr-CH", Some(Language::Fr));
        check("zh_CN.UTF-8", Some(Language::Zh));
        check("AR", Some(Language::Ar));
        check("de", None);
        check("C.UTF-8", None);
    }

    #[test]
    fn a_missing_translation_falls_back_to_english() {
        let mut text = Localized::english("Lounge");
        text.0.insert(Language::Fr, "Salon".into());
        assert_eq!(text.get(Language::Fr), "Salon");
        assert_eq!(text.get(Language::Ru), "Lounge");
        assert_eq!(Localized::default().get(Language::Ru), "");
    }
}
