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

/// The lines before the tests at the file's end.
pub fn production_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().take_while(|line| !line.starts_with("#[cfg(test)]"))
}

/// A line without its comment; a `//` inside a string cuts too much, which hides at most its rest.
pub fn without_comment(line: &str) -> &str {
    line.split_once("//").map_or(line, |(code, _)| code)
}
