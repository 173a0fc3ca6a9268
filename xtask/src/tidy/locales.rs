//! Locales: every language has the same messages with the same variables, none of them empty.

use super::Finding;
use super::tree::Tree;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use std::collections::{BTreeMap, BTreeSet};

const FOLDER: &str = "assets/locales/";
const LANGUAGES: [&str; 6] = ["ar", "en", "es", "fr", "ru", "zh"];

type Messages = BTreeMap<String, BTreeSet<String>>;

/// Compares each file of each language with the English one of the same name.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let english = format!("{FOLDER}en/");
    for (path, text) in tree.texts(&english, ".ftl") {
        let name = path.trim_start_matches(&english);
        let expected = read(path, text, &mut findings);
        for language in LANGUAGES.iter().filter(|language| **language != "en") {
            let path = format!("{FOLDER}{language}/{name}");
            let Some(text) = tree.files.get(&path).and_then(|file| file.text.as_deref()) else {
                findings.push(Finding::new(path, "is missing; every text exists in six languages"));
                continue;
            };
            let found = read(&path, text, &mut findings);
            compare(&path, &expected, &found, &mut findings);
        }
    }
    findings
}

fn compare(path: &str, expected: &Messages, found: &Messages, findings: &mut Vec<Finding>) {
    for (key, variables) in expected {
        match found.get(key) {
            None => findings.push(Finding::new(path, format!("`{key}` is not translated"))),
            Some(other) if other != variables => {
                let advice = format!("`{key}` uses {other:?}, English uses {variables:?}");
                findings.push(Finding::new(path, advice));
            }
            Some(_) => {}
        }
    }
    for key in found.keys().filter(|key| !expected.contains_key(*key)) {
        findings.push(Finding::new(path, format!("`{key}` does not exist in English")));
    }
}

fn read(path: &str, text: &str, findings: &mut Vec<Finding>) -> Messages {
    let resource = fluent_syntax::parser::parse(text).unwrap_or_else(|(resource, errors)| {
        for error in errors {
            findings.push(Finding::new(path, format!("is not Fluent: {error}")));
        }
        resource
    });
    let mut messages = Messages::new();
    for entry in &resource.body {
        let Entry::Message(message) = entry else { continue };
        let mut variables = BTreeSet::new();
        if let Some(pattern) = &message.value {
            collect(pattern, &mut variables);
        }
        for attribute in &message.attributes {
            collect(&attribute.value, &mut variables);
        }
        let key = message.id.name.to_owned();
        if messages.insert(key.clone(), variables).is_some() {
            findings.push(Finding::new(path, format!("`{key}` is there twice")));
        }
    }
    messages
}

fn collect(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => collect_inline(inline, variables),
            Expression::Select { selector, variants } => {
                collect_inline(selector, variables);
                variants.iter().for_each(|variant| collect(&variant.value, variables));
            }
        }
    }
}

fn collect_inline(expression: &InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    match expression {
        InlineExpression::VariableReference { id } => {
            variables.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments, .. } => {
            arguments.positional.iter().for_each(|argument| collect_inline(argument, variables));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(french: &str) -> Vec<Finding> {
        let english = "people = { $count ->\n    [one] One\n   *[other] { $count } people\n }\nmenu = Menu\n";
        let mut files = vec![("assets/locales/en/client.ftl", english)];
        let paths = ["ar", "es", "ru", "zh"].map(|language| format!("{FOLDER}{language}/client.ftl"));
        files.extend(paths.iter().map(|path| (path.as_str(), english)));
        files.push(("assets/locales/fr/client.ftl", french));
        check(&Tree::of(&files))
    }

    #[test]
    fn complete_locales_pass() {
        assert_eq!(findings("people = { $count } personnes\nmenu = Menu\n"), []);
    }

    #[test]
    fn missing_extra_and_unequal_messages_are_found() {
        assert_eq!(findings("people = { $count } personnes\n").len(), 1);
        assert_eq!(findings("people = { $n } personnes\nmenu = Menu\n").len(), 1);
        assert_eq!(findings("people = { $count } p\nmenu = M\nother = x\n").len(), 1);
    }
}
