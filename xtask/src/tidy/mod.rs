//! Tidy: rules of the house that a compiler can not enforce. Each check takes the tree's files and
//! gives findings; none of them runs or changes code.

mod decoders;
mod dependencies;
mod glossary;
mod imports;
mod locales;
mod purity;
mod shape;
mod tree;
mod words;

use anyhow::{Result, bail};
use tree::Tree;

/// One broken rule: where it is broken and what to do.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    place: String,
    advice: String,
}

impl Finding {
    fn new(place: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { place: place.into(), advice: advice.into() }
    }
}

/// Runs every check over the repository.
pub fn run() -> Result<()> {
    let tree = Tree::read()?;
    let mut findings = Vec::new();
    findings.extend(imports::check(&tree));
    findings.extend(purity::check(&tree));
    findings.extend(shape::check(&tree));
    findings.extend(words::check(&tree));
    findings.extend(dependencies::check(&tree));
    findings.extend(decoders::check(&tree));
    findings.extend(locales::check(&tree));
    findings.extend(glossary::check(&tree));
    findings.sort();
    for finding in &findings {
        println!("{}: {}", finding.place, finding.advice);
    }
    if !findings.is_empty() {
        bail!("tidy finds {} broken rules", findings.len());
    }
    println!("tidy: {} files keep the rules", tree.files.len());
    Ok(())
}
