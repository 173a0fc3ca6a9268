//! A scan on disk, read as often as a step wants: `info.json`, `batches.bin`, `pictures/`.

use super::batch::{self, Batch};
use super::error::ScanError;
use super::info::ScanInfo;
use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};

pub(super) const INFO: &str = "info.json";
pub(super) const BATCHES: &str = "batches.bin";
pub(super) const PICTURES: &str = "pictures";
/// Largest `info.json`, bytes.
const INFO_BYTES: u64 = 64 << 20;

/// A scan that was read.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
    info: ScanInfo,
}

impl Store {
    /// Opens a store that [`read`](super::read) made.
    pub fn open(folder: &Path) -> Result<Self, ScanError> {
        let path = folder.join(INFO);
        let shown = path.display().to_string();
        let mut text = Vec::new();
        File::open(&path)
            .and_then(|file| file.take(INFO_BYTES).read_to_end(&mut text))
            .map_err(|error| ScanError::io(&shown, "it can not be read; import the scan again", &error))?;
        let info = serde_json::from_slice(&text)
            .map_err(|error| ScanError::new(&shown, "", format!("{error}; import the scan again")))?;
        Ok(Self { folder: folder.to_owned(), info })
    }

    /// What is known of the scan.
    pub fn info(&self) -> &ScanInfo {
        &self.info
    }

    /// Where a picture lies; [`ScanPicture::file`](super::ScanPicture::file) in the store's folder.
    pub fn picture_path(&self, picture: u32) -> Option<PathBuf> {
        let picture = self.info.pictures.get(picture as usize)?;
        // The name is ours, but the file may have been changed by somebody.
        let name = Path::new(&picture.file).file_name()?;
        Some(self.folder.join(PICTURES).join(name))
    }

    /// All batches from the first to the last.
    pub fn batches(&self) -> impl Iterator<Item = Result<Batch, ScanError>> + use<> {
        let path = self.folder.join(BATCHES);
        let shown = path.display().to_string();
        let opened = File::open(&path).and_then(|file| Ok((file.metadata()?.len(), file)));
        let mut state = match opened {
            Ok((length, file)) => Ok((length, BufReader::with_capacity(1 << 20, file))),
            Err(error) => Err(Some(ScanError::io(&shown, "it can not be read", &error))),
        };
        std::iter::from_fn(move || match &mut state {
            Err(error) => error.take().map(Err),
            Ok((left, file)) => match batch::read(file, &shown, *left) {
                Ok(Some((batch, used))) => {
                    *left -= used;
                    Some(Ok(batch))
                }
                Ok(None) => None,
                Err(error) => {
                    *left = 0;
                    Some(Err(error))
                }
            },
        })
    }
}
