//! Unused dependencies: each one that a manifest names stands somewhere in that crate's code.

use super::Finding;
use super::tree::Tree;

/// Checks every crate.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.texts("", "/Cargo.toml") {
        let folder = path.trim_end_matches("Cargo.toml");
        let Ok(manifest) = text.parse::<toml::Table>() else { continue };
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let table = manifest.get(section).and_then(toml::Value::as_table);
            for name in table.into_iter().flat_map(toml::Table::keys) {
                if !is_used(tree, folder, name) {
                    findings.push(Finding::new(path, format!("{section}: `{name}` is not used; remove it")));
                }
            }
        }
    }
    findings
}

fn is_used(tree: &Tree, folder: &str, dependency: &str) -> bool {
    let name = dependency.replace('-', "_");
    let forms = [format!("{name}::"), format!("use {name};"), format!("use {name} as"), format!("{name}!")];
    tree.texts(folder, ".rs").any(|(_, text)| forms.iter().any(|form| text.contains(form.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_that_no_file_names_is_found() {
        let manifest = ("a/Cargo.toml", "[dependencies]\nserde-json = \"1\"\nglam = \"0.34\"\n");
        let code = ("a/src/lib.rs", "//! A.\nuse glam::Vec3;\n");
        let found = check(&Tree::of(&[manifest, code]));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].advice.contains("serde-json"));
    }
}
