//! Writing files whole or not at all, for the owner's eyes only from their first moment.
//!
//! It must not know what is in them.

use anyhow::{Context, Result};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Writes a file that only its owner can read. A crash leaves the old file or the new
/// one, never a part.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let problem = || format!("cannot write {}", path.display());
    let partial = write_partial(path, bytes).with_context(problem)?;
    std::fs::rename(&partial, path).with_context(problem)?;
    sync_folder_of(path).with_context(problem)
}

/// Whether a file was made or was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// It was made.
    Now,
    /// It was there already and stays as it is.
    Before,
}

/// Writes a file that only its owner can read, unless there is one. Of several who do it at once one
/// succeeds, and the others find the whole file.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<Made> {
    let problem = || format!("cannot write {}", path.display());
    let partial = write_partial(path, bytes).with_context(problem)?;
    match publish_new(&partial, path) {
        Ok(()) => Ok(Made::Now),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            std::fs::remove_file(&partial).with_context(problem)?;
            Ok(Made::Before)
        }
        Err(error) => Err(error).with_context(problem),
    }
}

/// Gives a finished file its name, unless the name is taken.
pub fn publish_new(partial: &Path, path: &Path) -> io::Result<()> {
    match std::fs::hard_link(partial, path) {
        Ok(()) => std::fs::remove_file(partial)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists || path.exists() => {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        // Disks without links (FAT, some shares): the look before is all that can be had.
        Err(_) => std::fs::rename(partial, path)?,
    }
    sync_folder_of(path)
}

/// The bytes on the disk under a name of their own, so that two who write one file never meet.
fn write_partial(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut partial = path.as_os_str().to_owned();
    partial.push(format!(".{}-{number}.partial", std::process::id()));
    let partial = PathBuf::from(partial);
    let mut file = create(&partial)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if let Err(error) = written {
        drop(file);
        // What keeps it from being written is the news; a part that is left is replaced next time.
        drop(std::fs::remove_file(&partial));
        return Err(error);
    }
    Ok(partial)
}

/// Opens an empty file that only its owner can read. What a crash left under this name goes first: it may
/// have been open to others.
pub fn create(path: &Path) -> io::Result<File> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    create_new(path)
}

/// Opens a new file that only its owner can read; an error if the name is taken.
pub fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a folder that only its owner can enter; parents too.
pub fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Takes the rights of everybody but the owner away; nothing where they have none or the system has no
/// such notion.
pub fn close_to_others(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if others_can_read(path)? {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path)?.permissions().mode() & 0o700;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
    }
    #[cfg(not(unix))]
    drop(path);
    Ok(())
}

/// Makes sure that a rename in the file's folder survives a loss of power.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    drop(folder);
    Ok(())
}

/// Whether others than the owner can read the file or folder; never on systems without
/// such a notion.
pub fn others_can_read(path: &Path) -> io::Result<bool> {
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

    #[test]
    fn the_first_of_many_writers_makes_the_file_and_all_find_it_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let made = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..8u8)
                .map(|number| {
                    let path = &path;
                    scope.spawn(move || {
                        let made = write_new(path, &[number; 1_000]).unwrap();
                        let found = std::fs::read(path).unwrap();
                        assert_eq!(found, [found[0]; 1_000], "never a part");
                        made
                    })
                })
                .collect();
            writers.into_iter().map(|writer| writer.join().unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(made.iter().filter(|made| **made == Made::Now).count(), 1);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no partial file is left");
    }

    #[cfg(unix)]
    #[test]
    fn what_was_open_to_others_is_closed() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let open = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        let stale = folder.path().join("b.tar.partial");
        std::fs::write(&stale, "left by a crash").unwrap();
        open(&stale, 0o644);
        create(&stale).unwrap();
        assert!(!others_can_read(&stale).unwrap());
        assert_eq!(std::fs::read(&stale).unwrap(), b"");
        open(folder.path(), 0o755);
        close_to_others(folder.path()).unwrap();
        let mode = std::fs::metadata(folder.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}
