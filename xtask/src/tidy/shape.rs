//! Shape: file lengths, headers, one WGSL file per pass, and the repository's size.

use super::Finding;
use super::tree::{Tree, production_lines};

const LONGEST_FILE: usize = 600;
const LONGEST_SHADER: usize = 250;
const LARGEST_REPOSITORY_MB: u64 = 60;

/// Checks every Rust and WGSL file, and the sum of all files.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts("", ".rs") {
        let lines = production_lines(text).count();
        if lines > LONGEST_FILE {
            findings
                .push(Finding::new(path, format!("{lines} production lines; split it below {LONGEST_FILE}")));
        }
        if !text.starts_with("//!") {
            findings.push(Finding::new(path, "begin with `//!`: what the file is and must not know"));
        }
    }
    for (path, text) in tree.texts("shaders/", ".wgsl") {
        check_shader(tree, path, text, &mut findings);
    }
    let megabytes = tree.files.values().map(|file| file.bytes).sum::<u64>() / 1_000_000;
    if megabytes > LARGEST_REPOSITORY_MB {
        findings.push(Finding::new(
            ".",
            format!("{megabytes} MB are tracked; {LARGEST_REPOSITORY_MB} is the cap"),
        ));
    }
    findings
}

fn check_shader(tree: &Tree, path: &str, text: &str, findings: &mut Vec<Finding>) {
    let lines = text.lines().count();
    if lines > LONGEST_SHADER {
        findings.push(Finding::new(path, format!("{lines} lines; split it below {LONGEST_SHADER}")));
    }
    if !text.starts_with("//") {
        findings.push(Finding::new(path, "begin with a comment: what the pass draws"));
    }
    let stem = path.rsplit('/').next().and_then(|name| name.strip_suffix(".wgsl"));
    let is_shared = path.starts_with("shaders/shared/");
    let has_pass = |stem: &str| {
        let name = format!("/{stem}.rs");
        tree.files.keys().any(|file| file.starts_with("crates/wgpu-renderer/src/") && file.ends_with(&name))
    };
    if !is_shared && !stem.is_some_and(has_pass) {
        findings.push(Finding::new(path, "no Rust file of the same stem in crates/wgpu-renderer"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_header_or_too_long_is_found() {
        let long = format!("//! Head.\n{}", "let x = 1;\n".repeat(600));
        let found = check(&Tree::of(&[("a.rs", "fn main() {}\n"), ("b.rs", &long)]));
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn tests_at_the_end_do_not_count() {
        let text = format!("//! Head.\n#[cfg(test)]\nmod tests {{\n{}}}\n", "let x = 1;\n".repeat(900));
        assert!(check(&Tree::of(&[("a.rs", &text)])).is_empty());
        let text = format!("//! Head.\n#[cfg(test)]\nmod tests;\n{}", "let x = 1;\n".repeat(900));
        assert_eq!(check(&Tree::of(&[("a.rs", &text)])).len(), 1, "the tests stand in another file");
    }

    #[test]
    fn a_shader_needs_its_pass() {
        let shader = ("shaders/sky.wgsl", "// The sky.\n");
        assert_eq!(check(&Tree::of(&[shader])).len(), 1);
        let pass = ("crates/wgpu-renderer/src/passes/sky.rs", "//! Sky.\n");
        assert!(check(&Tree::of(&[shader, pass])).is_empty());
    }
}
