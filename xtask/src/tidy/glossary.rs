//! The glossary: messages use the agreed words for the same things, and none is left in English.

use super::Finding;
use super::tree::Tree;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use serde::Deserialize;
use std::collections::BTreeMap;

const FILE: &str = "assets/locales/glossary.toml";
const FOLDER: &str = "assets/locales/";
const LANGUAGES: [&str; 6] = ["ar", "en", "es", "fr", "ru", "zh"];

/// So few letters say nothing in any language: units, names of keys.
const LETTERS_OF_A_WORD: usize = 4;

#[derive(Deserialize)]
struct Glossary {
    term: Vec<Term>,
    /// Messages that are the same as in English, by language.
    same: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Term {
    meaning: String,
    /// Messages that must hold the word.
    messages: Vec<String>,
    /// Words that must not stand for it, by language.
    #[serde(default)]
    avoid: BTreeMap<String, Vec<String>>,
    /// The word and its forms, by language.
    #[serde(flatten)]
    words: BTreeMap<String, Vec<String>>,
}

/// Messages with what is printed on keys: English on most keyboards of the world.
const NAMES_OF_KEYS: &str = "key-";

/// A message's place and its words, variables by their names.
struct Message {
    path: String,
    text: String,
}

type Messages = BTreeMap<String, Message>;

/// Holds the messages of every language against the glossary. A tree without messages needs none.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let languages: BTreeMap<&str, Messages> =
        LANGUAGES.iter().map(|language| (*language, messages(tree, language))).collect();
    if languages.values().all(BTreeMap::is_empty) {
        return Vec::new();
    }
    let Some(text) = tree.files.get(FILE).and_then(|file| file.text.as_deref()) else {
        return vec![Finding::new(FILE, "is missing; it holds the words that messages use")];
    };
    let glossary: Glossary = match toml::from_str(text) {
        Ok(glossary) => glossary,
        Err(error) => return vec![Finding::new(FILE, format!("can not be read: {error}"))],
    };
    let mut findings = Vec::new();
    for (language, messages) in &languages {
        for term in &glossary.term {
            check_term(term, language, messages, &mut findings);
        }
        if *language != "en" {
            let same = glossary.same.get(*language).map_or(&[][..], Vec::as_slice);
            find_english(messages, &languages["en"], same, &mut findings);
        }
    }
    findings
}

fn check_term(term: &Term, language: &str, messages: &Messages, findings: &mut Vec<Finding>) {
    let Some(words) = term.words.get(language).filter(|words| !words.is_empty()) else {
        findings.push(Finding::new(FILE, format!("\"{}\" has no word in `{language}`", term.meaning)));
        return;
    };
    for key in &term.messages {
        match messages.get(key) {
            None => findings.push(Finding::new(FILE, format!("there is no message `{key}` in `{language}`"))),
            Some(message) if !holds_one(&message.text, words) => {
                let advice = format!("`{key}` does not say \"{}\" for {}", words[0], term.meaning);
                findings.push(Finding::new(&message.path, advice));
            }
            Some(_) => {}
        }
    }
    let avoided = term.avoid.get(language).map_or(&[][..], Vec::as_slice);
    for (key, message) in messages.iter().filter(|(_, message)| holds_one(&message.text, avoided)) {
        let advice = format!("`{key}` has another word than \"{}\" for {}", words[0], term.meaning);
        findings.push(Finding::new(&message.path, advice));
    }
}

fn find_english(messages: &Messages, english: &Messages, same: &[String], findings: &mut Vec<Finding>) {
    for (key, message) in messages.iter().filter(|(key, _)| !key.starts_with(NAMES_OF_KEYS)) {
        let is_text = message.text.chars().filter(|c| c.is_alphabetic()).count() >= LETTERS_OF_A_WORD;
        let is_english = english.get(key).is_some_and(|original| original.text == message.text);
        let holds_only_names = without_variables(&message.text)
            .split(|c: char| !c.is_alphabetic())
            .all(|word| word.chars().count() < LETTERS_OF_A_WORD);
        if is_text && is_english && !holds_only_names && !same.contains(&message.text) {
            let advice = format!("`{key}` is still English, or belongs under [same] in {FILE}");
            findings.push(Finding::new(&message.path, advice));
        }
    }
}

fn without_variables(text: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

fn holds_one(text: &str, words: &[String]) -> bool {
    let text = text.to_lowercase();
    words.iter().any(|word| text.contains(&word.to_lowercase()))
}

fn messages(tree: &Tree, language: &str) -> Messages {
    let folder = format!("{FOLDER}{language}/");
    let mut messages = Messages::new();
    for (path, text) in tree.texts(&folder, ".ftl") {
        // What is not Fluent is found by the check of the locales.
        let resource = fluent_syntax::parser::parse(text).unwrap_or_else(|(resource, _)| resource);
        for entry in &resource.body {
            let Entry::Message(message) = entry else { continue };
            let Some(pattern) = &message.value else { continue };
            let mut text = String::new();
            flatten(pattern, &mut text);
            messages.insert(message.id.name.to_owned(), Message { path: path.to_owned(), text });
        }
    }
    messages
}

fn flatten(pattern: &Pattern<&str>, text: &mut String) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => text.push_str(value),
            PatternElement::Placeable { expression: Expression::Inline(inline) } => {
                if let InlineExpression::VariableReference { id } = inline {
                    text.push_str(&format!("{{ {} }}", id.name));
                }
            }
            PatternElement::Placeable { expression: Expression::Select { variants, .. } } => {
                variants.iter().for_each(|variant| flatten(&variant.value, text));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLOSSARY: &str = "[[term]]\nmeaning = \"a place to sit\"\nmessages = [\"sit\"]\n\
        en = [\"seat\"]\nfr = [\"siège\"]\nes = [\"asiento\"]\nru = [\"место\"]\nar = [\"مقعد\"]\nzh = [\"座位\"]\n\
        avoid.fr = [\"chaise\"]\n[same]\nfr = [\"Menu\"]\n";

    fn findings(glossary: &str, french: &str) -> Vec<Finding> {
        let words = ["ar", "en", "es", "ru", "zh"].map(|language| {
            let word = match language {
                "ar" => "مقعد",
                "en" => "Your seat",
                "es" => "Asiento",
                "ru" => "Место",
                _ => "座位",
            };
            let menu = if language == "en" { "Menu" } else { "…" };
            (format!("{FOLDER}{language}/client.ftl"), format!("sit = {word}\nmenu = {menu}\n"))
        });
        let mut files: Vec<_> = words.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        files.push(("assets/locales/fr/client.ftl", french));
        files.push((FILE, glossary));
        check(&Tree::of(&files))
    }

    #[test]
    fn messages_with_the_agreed_words_pass() {
        assert_eq!(findings(GLOSSARY, "sit = Votre siège\nmenu = Menu\n"), []);
    }

    #[test]
    fn other_words_are_found() {
        assert_eq!(findings(GLOSSARY, "sit = Votre place\nmenu = Menu\n").len(), 1);
        assert_eq!(findings(GLOSSARY, "sit = Votre siège, une chaise\nmenu = Menu\n").len(), 1);
    }

    #[test]
    fn english_in_another_language_is_found() {
        assert_eq!(findings(GLOSSARY, "sit = Your seat\nmenu = Menu\n").len(), 2);
        let without = GLOSSARY.replace("fr = [\"Menu\"]", "");
        assert_eq!(findings(&without, "sit = Votre siège\nmenu = Menu\n").len(), 1);
    }

    #[test]
    fn a_term_without_a_language_and_an_unknown_message_are_found() {
        let french = "sit = Votre siège\nmenu = Menu\n";
        assert_eq!(findings(&GLOSSARY.replace("es = [\"asiento\"]\n", ""), french).len(), 1);
        assert_eq!(findings(&GLOSSARY.replace("[\"sit\"]", "[\"lie\"]"), french).len(), 6);
    }

    #[test]
    fn names_and_units_are_no_english() {
        assert_eq!(without_variables("{ name } · { count }"), " · ");
    }
}
