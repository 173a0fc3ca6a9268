//! The files that the checks look at: those that git tracks or would track.

use crate::process::{output, repository};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::process::Command;

/// Path below the repository with `/` between folders, and the text; binary files have none.
pub struct Tree {
    /// Every file by its path.
    pub files: BTreeMap<String, File>,
}

/// One file.
pub struct File {
    /// Its length in bytes.
    pub bytes: u64,
    /// Its text, when it is UTF-8 and below 2 MB.
    pub text: Option<String>,
}

const LARGEST_TEXT: u64 = 2_000_000;

impl Tree {
    /// Reads the repository.
    pub fn read() -> Result<Self> {
        let list = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
        let names = output(Command::new("git").args(list).current_dir(repository()))?;
        let mut files = BTreeMap::new();
        for name in names.split('\0').filter(|name| !name.is_empty()) {
            let path = repository().join(name);
            // A file that is deleted but not yet committed so is still in git's list.
            let Ok(metadata) = path.metadata() else { continue };
            let bytes = metadata.len();
            let content = if bytes <= LARGEST_TEXT {
                std::fs::read(&path).with_context(|| format!("cannot read {name}"))?
            } else {
                vec![0xff]
            };
            files.insert(name.to_owned(), File { bytes, text: String::from_utf8(content).ok() });
        }
        Ok(Self { files })
    }

    /// Text files whose path begins and ends like this.
    pub fn texts<'a>(
        &'a self,
        prefix: &'a str,
        suffix: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> + 'a {
        let matching = move |path: &String| path.starts_with(prefix) && path.ends_with(suffix);
        self.files
            .iter()
            .filter(move |(path, _)| matching(path))
            .filter_map(|(path, file)| Some((path.as_str(), file.text.as_deref()?)))
    }

    /// A tree of these texts, for the checks' own tests.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let file = |text: &str| File { bytes: text.len() as u64, text: Some(text.to_owned()) };
        Self { files: files.iter().map(|&(path, text)| (path.to_owned(), file(text))).collect() }
    }
}

/// The lines that are built into the product, each with its number in the file, counted from one.
///
/// A module of tests with its body ends them; of anything else that only tests see, e.g. `mod tests;` or a
/// helper, just that item is left out.
pub fn production_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut lines = text.lines().enumerate().peekable();
    std::iter::from_fn(move || {
        loop {
            let (index, line) = lines.next()?;
            if !is_for_tests(line) {
                return Some((index + 1, line));
            }
            // Further attributes and comments belong to the item; the `mod` may stand below them.
            while lines.next_if(|(_, line)| line.trim_start().starts_with(['#', '/'])).is_some() {}
            let (_, first) = lines.next()?;
            if is_module_with_body(first) {
                return None;
            }
            if !ends_an_item(first) {
                let depth = indentation(first);
                lines.find(|(_, line)| indentation(line) == depth && ends_an_item(line))?;
            }
        }
    })
}

fn is_for_tests(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("#[cfg(test)]") || line.starts_with("#[cfg(all(test")
}

fn is_module_with_body(line: &str) -> bool {
    indentation(line) == 0 && line.split_whitespace().any(|word| word == "mod") && line.contains('{')
}

/// rustfmt puts the end of an item at the depth of its beginning.
fn ends_an_item(line: &str) -> bool {
    line.trim_end().ends_with(['}', ';', ','])
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// A line without its comment; a `//` inside a string cuts too much, which hides at most its rest.
pub fn without_comment(line: &str) -> &str {
    line.split_once("//").map_or(line, |(code, _)| code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[usize]) {
        let numbers: Vec<usize> = production_lines(text).map(|(number, _)| number).collect();
        assert_eq!(numbers, expected, "{text}");
    }

    #[test]
    fn a_module_of_tests_in_another_file_hides_nothing_below_it() {
        check("//! A.\n#[cfg(test)]\nmod tests;\nuse std::time::Instant;\n", &[1, 4]);
        check("#[cfg(test)]\n#[path = \"x.rs\"]\npub(crate) mod tests;\nuse a;\n", &[4]);
    }

    #[test]
    fn a_module_of_tests_with_its_body_ends_the_production_lines() {
        check("use a;\n#[cfg(test)]\nmod tests {\n    use b;\n}\n", &[1]);
        check("use a;\n#[cfg(all(test, unix))]\n#[allow(x)]\npub(crate) mod tests {\n}\n", &[1]);
    }

    #[test]
    fn of_another_item_for_tests_only_that_item_is_left_out() {
        check("#[cfg(test)]\nuse a::{\n    b,\n    c,\n};\nuse d;\n", &[6]);
        let method = "impl A {\n    /// B.\n    #[cfg(test)]\n    fn b(\n        c: D,\n    ) -> E {\n        f(c)\n    }\n\n    fn g() {}\n}\n";
        check(method, &[1, 2, 9, 10, 11]);
        check("struct A {\n    #[cfg(test)]\n    b: C,\n    d: E,\n}\n", &[1, 4, 5]);
    }
}
