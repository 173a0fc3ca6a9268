//! A file that is read, on disk or in memory, and the files beside it. No name out of a file leads out of its folder.

use super::error::{ScanError, shown};
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// Most entries of a folder that are looked through for a name.
const FOLDER_ENTRIES: usize = 20_000;
/// Largest file that is held in memory: a picture, a material library.
const WHOLE_BYTES: u64 = 1 << 30;
const BUFFER_BYTES: usize = 256 << 10;

pub(super) trait ReadSeek: Read + Seek + Send + Sync {}
impl<T: Read + Seek + Send + Sync> ReadSeek for T {}

/// An open input.
pub(super) type Open = BufReader<Box<dyn ReadSeek>>;

/// A file to read.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// Without its folder.
    pub(super) name: String,
    pub(super) length: u64,
    at: At,
}

#[derive(Clone, Debug)]
enum At {
    Disk(PathBuf),
    Memory(Arc<[u8]>),
}

impl Source {
    pub(super) fn file(path: &Path) -> Result<Self, ScanError> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let metadata = std::fs::metadata(path)
            .map_err(|error| ScanError::io(&path.display().to_string(), "it can not be read", &error))?;
        if !metadata.is_file() {
            return Err(ScanError::new(&name, "", "it is no file"));
        }
        Ok(Self { name, length: metadata.len(), at: At::Disk(path.to_owned()) })
    }

    pub(super) fn memory(name: &str, bytes: &[u8]) -> Self {
        Self { name: name.to_owned(), length: bytes.len() as u64, at: At::Memory(bytes.into()) }
    }

    pub(super) fn open(&self) -> Result<Open, ScanError> {
        let from: Box<dyn ReadSeek> = match &self.at {
            At::Disk(path) => Box::new(
                File::open(path)
                    .map_err(|error| ScanError::io(&self.name, "it can not be opened", &error))?,
            ),
            At::Memory(bytes) => Box::new(Cursor::new(bytes.clone())),
        };
        Ok(BufReader::with_capacity(BUFFER_BYTES, from))
    }

    /// The whole file, which must be small enough.
    pub(super) fn bytes(&self, most: u64) -> Result<Vec<u8>, ScanError> {
        let most = most.min(WHOLE_BYTES);
        if self.length > most {
            return Err(self.wrong("", format!("it has {} bytes; {most} are allowed", self.length)));
        }
        let mut bytes = Vec::new();
        let read = self.open()?.take(most).read_to_end(&mut bytes);
        read.map_err(|error| ScanError::io(&self.name, "it can not be read", &error))?;
        Ok(bytes)
    }

    /// The first bytes.
    pub(super) fn beginning(&self, most: usize) -> Result<Vec<u8>, ScanError> {
        let mut bytes = Vec::new();
        let read = self.open()?.take(most as u64).read_to_end(&mut bytes);
        read.map_err(|error| ScanError::io(&self.name, "it can not be read", &error))?;
        Ok(bytes)
    }

    /// The end of the name behind the last dot, in small letters.
    pub(super) fn extension(&self) -> String {
        let end = Path::new(&self.name).extension().unwrap_or_default();
        end.to_string_lossy().to_lowercase()
    }

    pub(super) fn wrong(&self, place: impl Into<String>, reason: impl Into<String>) -> ScanError {
        ScanError::new(&self.name, place, reason)
    }

    /// A file beside this one; `uri` is percent-decoded by the caller when it is a URI.
    pub(super) fn sibling(&self, name: &str) -> Result<Self, ScanError> {
        let said = shown(name);
        let At::Disk(path) = &self.at else {
            return Err(self.wrong("", format!("the file {said:?} is not there")));
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let relative = PathBuf::from(name.replace('\\', "/"));
        let mut parts = relative.components();
        if relative.as_os_str().is_empty()
            || !parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
        {
            let reason = format!("it names the file {said:?}, which is not inside of its own folder");
            return Err(self.wrong("", reason));
        }
        let found = existing(folder, &relative)
            .ok_or_else(|| self.wrong("", format!("the file {said:?} is not there; put it beside")))?;
        // A link may lead anywhere.
        let inside = folder.canonicalize().and_then(|folder| Ok(found.canonicalize()?.starts_with(folder)));
        match inside {
            Ok(true) => Self::file(&found),
            _ => Err(self.wrong("", format!("the file {said:?} is a link out of its folder"))),
        }
    }

    /// A file beside this one of the same name but for its last part, e.g. `hall.rcInfo` of `hall.obj`.
    pub(super) fn companion(&self, extension: &str) -> Option<Self> {
        let stem = Path::new(&self.name).file_stem()?.to_string_lossy().into_owned();
        self.sibling(&format!("{stem}.{extension}")).ok()
    }
}

/// The file of this name in the folder; if there is none, one whose name differs in case alone.
fn existing(folder: &Path, relative: &Path) -> Option<PathBuf> {
    let exact = folder.join(relative);
    if exact.is_file() {
        return Some(exact);
    }
    let mut at = folder.to_owned();
    for part in relative.components() {
        let Component::Normal(part) = part else { continue };
        let wanted = part.to_string_lossy().to_lowercase();
        let names = std::fs::read_dir(&at).ok()?.take(FOLDER_ENTRIES).filter_map(Result::ok);
        let mut names: Vec<_> = names.map(|entry| entry.file_name()).collect();
        names.sort();
        at.push(names.into_iter().find(|name| name.to_string_lossy().to_lowercase() == wanted)?);
    }
    at.is_file().then_some(at)
}

/// Reads exactly these bytes of an open file.
pub(super) fn read_range(open: &mut Open, offset: u64, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    open.seek(SeekFrom::Start(offset))?;
    open.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_beside_are_found_also_by_another_case_and_never_outside() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("scan");
        std::fs::create_dir_all(inner.join("tex")).unwrap();
        for name in ["a.obj", "A.MTL", "tex/One.JPG", "../secret.mtl"] {
            std::fs::write(inner.join(name), name).unwrap();
        }
        let source = Source::file(&inner.join("a.obj")).unwrap();
        assert_eq!(source.sibling("a.mtl").unwrap().name, "A.MTL");
        assert_eq!(source.sibling("tex\\one.jpg").unwrap().name, "One.JPG");
        assert_eq!(source.companion("mtl").unwrap().name, "A.MTL");
        for outside in ["../secret.mtl", "/etc/passwd", "tex/../../secret.mtl", ""] {
            let reason = source.sibling(outside).unwrap_err().reason;
            assert!(reason.contains("not inside of its own folder"), "{reason}");
        }
        assert!(source.sibling("b.mtl").unwrap_err().reason.contains("is not there"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("scan");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(folder.path().join("secret"), "s").unwrap();
        std::fs::write(inner.join("a.obj"), "").unwrap();
        std::os::unix::fs::symlink("../secret", inner.join("a.mtl")).unwrap();
        let reason = Source::file(&inner.join("a.obj")).unwrap().sibling("a.mtl").unwrap_err().reason;
        assert!(reason.contains("is a link out of its folder"), "{reason}");
    }
}
