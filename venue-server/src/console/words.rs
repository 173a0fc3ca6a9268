//! The entry page's words in six languages, out of `assets/locales/*/server.ftl`.
//!
//! It must not know pages.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::collections::BTreeMap;
use unic_langid::LanguageIdentifier;
use venue_model::Language;

/// Every language's words.
pub struct Words {
    bundles: BTreeMap<Language, FluentBundle<FluentResource>>,
}

/// The text of a language's file.
fn source(language: Language) -> &'static str {
    match language {
        Language::Ar => include_str!("../../../assets/locales/ar/server.ftl"),
        Language::Zh => include_str!("../../../assets/locales/zh/server.ftl"),
        Language::En => include_str!("../../../assets/locales/en/server.ftl"),
        Language::Fr => include_str!("../../../assets/locales/fr/server.ftl"),
        Language::Ru => include_str!("../../../assets/locales/ru/server.ftl"),
        Language::Es => include_str!("../../../assets/locales/es/server.ftl"),
    }
}

impl Words {
    /// Reads the words that are compiled into the program.
    pub fn new() -> Self {
        let bundles = Language::ALL.into_iter().map(|language| (language, bundle(language)));
        Self { bundles: bundles.collect() }
    }

    /// A message, in English if the language lacks it.
    pub fn get(&self, language: Language, id: &str) -> String {
        self.get_with(language, id, &[])
    }

    /// A message with values put in.
    pub fn get_with(&self, language: Language, id: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, value.clone());
        }
        [language, Language::En]
            .iter()
            .find_map(|language| {
                let bundle = self.bundles.get(language)?;
                let pattern = bundle.get_message(id)?.value()?;
                Some(bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned())
            })
            .unwrap_or_else(|| id.to_owned())
    }
}

impl Default for Words {
    fn default() -> Self {
        Self::new()
    }
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let tag: LanguageIdentifier = language.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // The page sets <bdi> itself where a value of another direction stands.
    bundle.set_use_isolating(false);
    // What can not be read is left out here and found by the test below.
    let resource = FluentResource::try_new(source(language).to_owned()).unwrap_or_else(|(read, _)| read);
    bundle.add_resource_overriding(resource);
    bundle
}

/// The first language that the browser asks for and that we have; English if none.
/// Reads the header `Accept-Language` (RFC 9110, section 12.5.4).
pub fn accepted(header: &str) -> Language {
    let mut wanted: Vec<(u32, Language)> = Vec::new();
    for part in header.split(',').take(20) {
        let mut fields = part.split(';');
        let Some(language) = fields.next().and_then(|tag| Language::from_tag(tag.trim())) else { continue };
        let quality = fields.find_map(|field| field.trim().strip_prefix("q=")).unwrap_or("1");
        let quality = quality.parse::<f32>().ok().filter(|q| (0.0..=1.0).contains(q)).unwrap_or(0.0);
        wanted.push(((quality * 1_000.0) as u32, language));
    }
    // The sort is stable: the browser's order decides between equals.
    wanted.sort_by_key(|(quality, _)| std::cmp::Reverse(*quality));
    wanted.first().filter(|(quality, _)| *quality > 0).map_or(Language::En, |(_, language)| *language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
    use std::collections::BTreeSet;

    /// The messages of a language and the values that each one needs.
    fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let resource = fluent_syntax::parser::parse(source(language)).unwrap_or_else(|(_, errors)| {
            panic!("{}: {errors:?}", language.code());
        });
        let entries = resource.body.into_iter().filter_map(|entry| match entry {
            Entry::Message(message) => Some((message.id.name.to_owned(), values(&message.value?))),
            _ => None,
        });
        entries.collect()
    }

    fn values(pattern: &Pattern<&str>) -> BTreeSet<String> {
        use InlineExpression::VariableReference;
        let elements = pattern.elements.iter().filter_map(|element| match element {
            PatternElement::Placeable {
                expression:
                    Expression::Inline(VariableReference { id })
                    | Expression::Select { selector: VariableReference { id }, .. },
            } => Some(id.name.to_owned()),
            _ => None,
        });
        elements.collect()
    }

    #[test]
    fn every_language_has_every_message_with_the_same_values() {
        let english = messages(Language::En);
        assert!(english.len() > 20);
        for language in Language::ALL {
            assert_eq!(messages(language), english, "{}", language.code());
        }
    }

    #[test]
    fn values_are_put_in_and_english_helps_out() {
        let words = Words::new();
        let title = words.get_with(Language::Fr, "opens-at", &[("time", "2026-12-01 09:00 UTC".into())]);
        assert!(title.contains("2026-12-01 09:00 UTC"), "{title}");
        assert_eq!(words.get(Language::Fr, "no-such-message"), "no-such-message");
    }

    #[test]
    fn days_are_counted_as_each_language_counts() {
        let words = Words::new();
        let check = |language, days: i64, part: &str| {
            let sentence = words.get_with(language, "privacy-days", &[("days", days.into())]);
            assert!(sentence.contains(part), "{sentence}");
        };
        check(Language::En, 1, "one day after");
        check(Language::En, 30, "30 days after");
        check(Language::Ru, 22, "22 дня");
        check(Language::Ru, 30, "30 дней");
        check(Language::Ar, 2, "بيومين");
        check(Language::Ar, 30, "30 يوماً");
        check(Language::Zh, 30, "30 天后");
    }

    #[test]
    fn the_browsers_languages_are_weighed() {
        let check = |header, expected| assert_eq!(accepted(header), expected, "{header}");
        check("fr-CH, fr;q=0.9, en;q=0.8", Language::Fr);
        check("de-DE, de;q=0.9, es;q=0.5, en;q=0.4", Language::Es);
        check("en;q=0.1, ar;q=0.9", Language::Ar);
        check("zh-Hant-TW", Language::Zh);
        check("ru;q=0", Language::En);
        check("", Language::En);
        check("fr;q=nonsense, ru;q=0.1", Language::Ru);
    }
}
