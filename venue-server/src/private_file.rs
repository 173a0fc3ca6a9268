//! Writing files whole or not at all, for the owner's eyes only.
//!
//! It must not know what is in them.

use anyhow::{Context, Result};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

/// Writes a file that only its owner can read. A crash leaves the old file or the new
/// one, never a part.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Path::new(&partial);
    let problem = || format!("cannot write {}", path.display());
    let mut file = create(partial).with_context(problem)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).with_context(problem)?;
    std::fs::rename(partial, path).with_context(problem)?;
    sync_folder_of(path).with_context(problem)
}

/// Opens a new or emptied file that only its owner can read.
pub fn create(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a folder that only its owner can enter; parents too.
pub fn create_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes sure that a rename in the file's folder survives a loss of power.
pub fn sync_folder_of(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    drop(folder);
    Ok(())
}

/// Whether others than the owner can read the file or folder; never on systems without
/// such a notion.
pub fn others_can_read(path: &Path) -> std::io::Result<bool> {
    let metadata = std::fs::metadata(path)?;
    #[cfg(unix)]
    return Ok(std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0);
    #[cfg(not(unix))]
    {
        drop(metadata);
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_private_file_is_private_and_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("keys");
        create_folder(&inner).unwrap();
        let path = inner.join("secret");
        write(&path, b"first, longer").unwrap();
        write(&path, b"second").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"second");
        assert!(!others_can_read(&path).unwrap());
        assert!(!others_can_read(&inner).unwrap());
        assert_eq!(std::fs::read_dir(&inner).unwrap().count(), 1, "no partial file is left");
        let refused = write(&folder.path().join("nowhere/secret"), b"x").unwrap_err();
        assert!(refused.to_string().contains("cannot write"), "{refused}");
    }
}
