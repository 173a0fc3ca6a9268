//! The page of licences: what the programs are linked from, by whom, and under which words.

use crate::process::{cargo, output};
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// One crate from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Crate {
    name: String,
    version: String,
    licence: String,
    repository: String,
    /// The texts in its package.
    texts: Vec<String>,
}

/// The whole page for these programs of ours, built for a platform.
pub fn page(programs: &[&str], triple: &str) -> Result<String> {
    let options = ["metadata", "--format-version", "1", "--locked", "--filter-platform"];
    let metadata: Value = serde_json::from_str(&output(cargo(&options).arg(triple))?)?;
    let linked = linked_from(&metadata, programs);
    let packages = metadata["packages"].as_array().context("cargo lists no packages")?;
    let from_elsewhere = packages.iter().filter(|package| {
        !package["source"].is_null() && package["id"].as_str().is_some_and(|id| linked.contains(id))
    });
    let crates: BTreeSet<Crate> = from_elsewhere.map(read).collect::<Result<_>>()?;
    write(&crates)
}

/// Ids of all packages that the programs are linked from: normal dependencies, and theirs.
fn linked_from<'a>(metadata: &'a Value, programs: &[&str]) -> BTreeSet<&'a str> {
    let nodes = metadata["resolve"]["nodes"].as_array();
    let by_id: BTreeMap<&str, &Value> =
        nodes.into_iter().flatten().filter_map(|node| Some((node["id"].as_str()?, node))).collect();
    let is_ours = |package: &&Value| {
        package["source"].is_null() && package["name"].as_str().is_some_and(|name| programs.contains(&name))
    };
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let mut open: Vec<&str> = packages.filter(is_ours).filter_map(|package| package["id"].as_str()).collect();
    let mut linked = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !linked.insert(id) {
            continue;
        }
        let dependencies = by_id.get(id).and_then(|node| node["deps"].as_array()).into_iter().flatten();
        let normal = dependencies.filter(|dependency| {
            let kinds = dependency["dep_kinds"].as_array();
            kinds.into_iter().flatten().any(|kind| kind["kind"].is_null())
        });
        open.extend(normal.filter_map(|dependency| dependency["pkg"].as_str()));
    }
    linked
}

fn read(package: &Value) -> Result<Crate> {
    let field = |name: &str| package[name].as_str().unwrap_or_default().to_owned();
    let manifest = field("manifest_path");
    let folder = Path::new(&manifest).parent().context("a package lies in a folder")?;
    let named = package["license_file"].as_str();
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        names.insert(entry?.file_name().to_string_lossy().into_owned());
    }
    names.extend(named.map(str::to_owned));
    let licences = names.iter().filter(|name| is_licence(name) || named == Some(name));
    // A folder of that name and bytes that are no text say nothing.
    let texts = licences.filter_map(|name| std::fs::read_to_string(folder.join(name)).ok());
    let texts = texts.map(|text| normal(&text)).collect();
    let licence = Some(field("license")).filter(|licence| !licence.is_empty());
    Ok(Crate {
        name: field("name"),
        version: field("version"),
        licence: licence.unwrap_or_else(|| "see its text".to_owned()),
        repository: field("repository"),
        texts,
    })
}

fn is_licence(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words = ["license", "licence", "copying", "copyright", "notice", "unlicense"];
    words.iter().any(|word| name.starts_with(word)) && !name.ends_with(".rs")
}

/// The same words are the same text, however lines end.
fn normal(text: &str) -> String {
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

fn write(crates: &BTreeSet<Crate>) -> Result<String> {
    let mut users: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for from in crates {
        for text in &from.texts {
            users.entry(text).or_default().insert(format!("{} {}", from.name, from.version));
        }
    }
    let mut page = String::from("# Software of others in these programs\n\n");
    let count = crates.len();
    writeln!(page, "{count} crates are linked into them. Models, fonts and pictures: assets/LICENSES.md.\n")?;
    writeln!(page, "| crate | licence | from |\n|---|---|---|")?;
    for Crate { name, version, licence, repository, texts } in crates {
        let note = if texts.is_empty() { " (its package holds no text)" } else { "" };
        writeln!(page, "| {name} {version} | {licence}{note} | {repository} |")?;
    }
    writeln!(page, "\n# Their licences\n\nEach text once, with the crates whose packages hold it.")?;
    for (text, names) in users {
        let names: Vec<String> = names.into_iter().collect();
        writeln!(page, "\n## {}\n\n~~~text\n{text}\n~~~", names.join(", "))?;
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_is_linked_is_listed() {
        let kind = |id: &str, kind: Value| json!({"pkg": id, "dep_kinds": [{"kind": kind}]});
        let of_server = [kind("a", Value::Null), kind("b", json!("dev")), kind("c", json!("build"))];
        let metadata = json!({
            "packages": [
                {"id": "server", "name": "venue-server", "source": null},
                {"id": "tests", "name": "tests", "source": null},
            ],
            "resolve": {"nodes": [
                {"id": "server", "deps": of_server},
                {"id": "a", "deps": [kind("d", Value::Null)]},
                {"id": "tests", "deps": [kind("e", Value::Null)]},
            ]},
        });
        let linked: Vec<&str> = linked_from(&metadata, &["venue-server"]).into_iter().collect();
        assert_eq!(linked, ["a", "d", "server"]);
    }

    #[test]
    fn equal_texts_stand_once_with_all_who_use_them() {
        let of = |name: &str, text: &str| Crate {
            name: name.into(),
            version: "1.0.0".into(),
            licence: "MIT".into(),
            repository: "https://example.org".into(),
            texts: vec![normal(text)],
        };
        let crates = BTreeSet::from([of("a", "Do as you like.\r\n"), of("b", "\nDo as you like.  \n")]);
        let page = write(&crates).unwrap();
        assert_eq!(page.matches("Do as you like.").count(), 1, "{page}");
        assert!(page.contains("## a 1.0.0, b 1.0.0"), "{page}");
        assert!(page.contains("| a 1.0.0 | MIT | https://example.org |"), "{page}");
    }

    #[test]
    fn files_of_licences_are_known_by_their_names() {
        for name in ["LICENSE", "LICENSE-MIT", "license.txt", "COPYING", "NOTICE.md", "UNLICENSE"] {
            assert!(is_licence(name), "{name}");
        }
        for name in ["src", "README.md", "license.rs"] {
            assert!(!is_licence(name), "{name}");
        }
    }
}
