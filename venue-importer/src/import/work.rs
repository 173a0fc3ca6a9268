//! The folder in which an import works: what finished steps made, marked with what they were made of.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A work folder.
#[derive(Clone, Debug)]
pub(super) struct Work {
    root: PathBuf,
}

impl Work {
    /// The work folder of a package, beside it.
    pub(super) fn open(package: &Path) -> Result<Self> {
        let name = package.file_name().context("the package needs a name")?.to_string_lossy().into_owned();
        let root = package.with_file_name(format!(".{name}.work"));
        std::fs::create_dir_all(&root)
            .with_context(|| format!("{} can not be made; may you write there?", root.display()))?;
        for part in ["tiles", "pictures"] {
            let scratch = root.join(part);
            // Scratch of an interrupted run is of no use to the next.
            std::fs::remove_dir_all(&scratch).ok();
            std::fs::create_dir_all(&scratch).with_context(|| format!("{}", scratch.display()))?;
        }
        Ok(Self { root })
    }

    /// A part of the folder.
    pub(super) fn folder(&self, part: &str) -> PathBuf {
        self.root.join(part)
    }

    /// Whether a step was finished with just these files, by their names, lengths and times.
    pub(super) fn is_done(&self, step: &str, inputs: &[PathBuf]) -> Result<bool> {
        let mark = std::fs::read_to_string(self.mark(step)).ok();
        Ok(mark.is_some_and(|mark| fingerprint(inputs).is_ok_and(|now| now == mark)))
    }

    /// Marks a step as finished.
    pub(super) fn done(&self, step: &str, inputs: &[PathBuf]) -> Result<()> {
        Ok(std::fs::write(self.mark(step), fingerprint(inputs)?)?)
    }

    fn mark(&self, step: &str) -> PathBuf {
        self.root.join(format!("{step}.done"))
    }

    /// The package is there; nothing of this is needed any more.
    pub(super) fn remove(self) {
        std::fs::remove_dir_all(&self.root).ok();
    }
}

fn fingerprint(inputs: &[PathBuf]) -> Result<String> {
    let mut digest = Sha256::new();
    let mut open: Vec<PathBuf> = inputs.iter().rev().cloned().collect();
    while let Some(path) = open.pop() {
        let data = path.metadata().with_context(|| format!("there is no file {}", path.display()))?;
        digest.update(path.as_os_str().as_encoded_bytes());
        digest.update(data.len().to_le_bytes());
        let time = data.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        digest.update(time.as_nanos().to_le_bytes());
        if data.is_dir() {
            let mut inside: Vec<PathBuf> = std::fs::read_dir(&path)?
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<Result<_, _>>()?;
            inside.sort();
            open.extend(inside.into_iter().rev());
        }
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_done_until_an_input_changes() {
        let folder = tempfile::tempdir().unwrap();
        let inputs = [folder.path().join("scan.ply")];
        std::fs::write(&inputs[0], "one").unwrap();
        let work = Work::open(&folder.path().join("venue")).unwrap();
        assert!(!work.is_done("scan", &inputs).unwrap());
        work.done("scan", &inputs).unwrap();
        assert!(Work::open(&folder.path().join("venue")).unwrap().is_done("scan", &inputs).unwrap());
        std::fs::write(&inputs[0], "other").unwrap();
        assert!(!work.is_done("scan", &inputs).unwrap());
        work.remove();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
