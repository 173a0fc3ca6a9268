//! Words that may stand nowhere: left-over work, sleeps, machine paths, registry hosts.

use super::Finding;
use super::tree::{Tree, production_lines};

/// What may not stand in any committed text. The parts are joined at run time: this file is a text too.
fn banned_everywhere() -> Vec<(String, &'static str)> {
    let joined = |parts: &[&str]| parts.concat();
    vec![
        (joined(&["/wo", "rk/"]), "a path of one machine"),
        (joined(&["/root", "/."]), "a path of one machine"),
        (joined(&["pypi", ".org"]), "a registry's host"),
        (joined(&["registry.", "npmjs"]), "a registry's host"),
        (joined(&["index.", "crates.io"]), "a registry's host"),
        (joined(&["deb.", "debian.org"]), "a registry's host"),
    ]
}

fn banned_in_code() -> Vec<(String, &'static str)> {
    let joined = |parts: &[&str]| parts.concat();
    vec![
        (joined(&["TO", "DO"]), "finish it, or write an issue"),
        (joined(&["FIX", "ME"]), "mend it, or write an issue"),
        (joined(&["#[ig", "nore"]), "a test that does not run proves nothing"),
        (joined(&["thread::", "sleep"]), "wait for the event itself, with a deadline"),
    ]
}

/// Looks for them.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let everywhere = banned_everywhere();
    for (path, text) in tree.texts("", "").filter(|(path, _)| *path != "Cargo.lock") {
        search(path, numbered(text), &everywhere, &mut findings);
    }
    let in_code = banned_in_code();
    for suffix in [".rs", ".wgsl", ".py"] {
        for (path, text) in tree.texts("", suffix) {
            search(path, numbered(text), &in_code, &mut findings);
        }
    }
    for (path, text) in tree.texts("crates/", ".rs").filter(|(path, _)| path.contains("/src/")) {
        let print = [("println!".to_owned(), "a library prints nothing; return a value or log")];
        search(path, production_lines(text), &print, &mut findings);
    }
    findings
}

/// All lines, counted from one.
fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}

fn search<'a>(
    path: &str,
    lines: impl Iterator<Item = (usize, &'a str)>,
    banned: &[(String, &str)],
    findings: &mut Vec<Finding>,
) {
    for (number, line) in lines {
        for (word, why) in banned.iter().filter(|(word, _)| line.contains(word.as_str())) {
            findings.push(Finding::new(format!("{path}:{number}"), format!("`{word}`: {why}")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_over_work_and_sleeps_are_found() {
        let text = format!("//! A.\n// {}{}: later\nstd::thread::{}(d);\n", "TO", "DO", "sleep");
        assert_eq!(check(&Tree::of(&[("a.rs", &text)])).len(), 2);
    }

    #[test]
    fn libraries_print_nothing_outside_their_tests() {
        let text = "//! A.\nprintln!();\n#[cfg(test)]\nmod tests { println!(); }\n";
        assert_eq!(check(&Tree::of(&[("crates/a/src/lib.rs", text)])).len(), 1);
    }
}
