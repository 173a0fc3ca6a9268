//! Vertices by number: as many as there are, in a bounded part of the memory.
//!
//! Triangles name vertices in any order, so all of them must be at hand. Beyond the bound they lie in a file
//! without a name, read by pages; neighbours in a scan are neighbours in its file, so few pages are read twice.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

const PAGE_BYTES: usize = 64 << 10;
/// Of a page that is not in memory.
const NOWHERE: u32 = u32::MAX;

/// Records of `N` bytes each.
pub(super) struct Records<const N: usize> {
    memory: Vec<u8>,
    most: usize,
    count: u64,
    spilled: Option<Spilled>,
}

struct Spilled {
    file: File,
    /// By page: which slot of the memory holds it.
    slot_of: Vec<u32>,
    /// By slot: which page it holds, and whether it was used since the hand passed.
    pages: Vec<(u32, bool)>,
    hand: usize,
}

impl<const N: usize> Records<N> {
    const PER_PAGE: usize = PAGE_BYTES / N;

    /// Holds at most so many bytes in memory.
    pub(super) fn new(most: u64) -> Self {
        let most = usize::try_from(most).unwrap_or(usize::MAX).max(4 * PAGE_BYTES);
        Self { memory: Vec::new(), most, count: 0, spilled: None }
    }

    pub(super) fn len(&self) -> u64 {
        self.count
    }

    /// Forgets all records, keeping nothing on disk.
    pub(super) fn clear(&mut self) {
        self.memory.clear();
        self.spilled = None;
        self.count = 0;
    }

    /// Adds a record; `folder` is where a file may be made.
    pub(super) fn push(&mut self, record: &[u8; N], folder: Option<&Path>) -> io::Result<()> {
        if self.memory.len() + N > self.most {
            self.spill(folder)?;
        }
        self.memory.extend_from_slice(record);
        self.count += 1;
        Ok(())
    }

    fn spill(&mut self, folder: Option<&Path>) -> io::Result<()> {
        let spilled = match &mut self.spilled {
            Some(spilled) => spilled,
            none => {
                let file = match folder {
                    Some(folder) => tempfile::tempfile_in(folder)?,
                    None => tempfile::tempfile()?,
                };
                none.insert(Spilled { file, slot_of: Vec::new(), pages: Vec::new(), hand: 0 })
            }
        };
        spilled.file.write_all(&self.memory)?;
        self.memory.clear();
        Ok(())
    }

    /// To be called after the last record and before the first is asked for.
    pub(super) fn freeze(&mut self) -> io::Result<()> {
        if self.spilled.is_none() {
            return Ok(());
        }
        self.spill(None)?;
        let pages = self.count.div_ceil(Self::PER_PAGE as u64) as usize;
        let slots = (self.most / PAGE_BYTES).clamp(1, pages.max(1));
        self.memory = vec![0; slots * Self::PER_PAGE * N];
        if let Some(spilled) = &mut self.spilled {
            spilled.slot_of = vec![NOWHERE; pages];
            spilled.pages = vec![(NOWHERE, false); slots];
        }
        Ok(())
    }

    /// The record of this number, which must be there.
    pub(super) fn get(&mut self, at: u64) -> io::Result<[u8; N]> {
        if at >= self.count {
            // The last page's place may still hold records of another page.
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let start = match self.spilled {
            None => at as usize * N,
            Some(_) => {
                let page = at as usize / Self::PER_PAGE;
                let slot = self.slot(page)?;
                (slot * Self::PER_PAGE + at as usize % Self::PER_PAGE) * N
            }
        };
        let record = self.memory.get(start..).and_then(|rest| rest.first_chunk::<N>());
        record.copied().ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    /// Where a page is in memory; it is read if it is not there, into the place of one that was not used lately.
    fn slot(&mut self, page: usize) -> io::Result<usize> {
        let Some(spilled) = &mut self.spilled else { return Ok(0) };
        let known = *spilled.slot_of.get(page).ok_or(io::ErrorKind::UnexpectedEof)?;
        if known != NOWHERE {
            spilled.pages[known as usize].1 = true;
            return Ok(known as usize);
        }
        while spilled.pages[spilled.hand].1 {
            spilled.pages[spilled.hand].1 = false;
            spilled.hand = (spilled.hand + 1) % spilled.pages.len();
        }
        let slot = spilled.hand;
        spilled.hand = (slot + 1) % spilled.pages.len();
        let old = std::mem::replace(&mut spilled.pages[slot], (page as u32, true)).0;
        if old != NOWHERE {
            spilled.slot_of[old as usize] = NOWHERE;
        }
        let first = (page * Self::PER_PAGE) as u64;
        let records = (self.count - first).min(Self::PER_PAGE as u64) as usize;
        spilled.file.seek(SeekFrom::Start(first * N as u64))?;
        spilled.file.read_exact(&mut self.memory[slot * Self::PER_PAGE * N..][..records * N])?;
        spilled.slot_of[page] = slot as u32;
        Ok(slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_whether_they_fit_into_memory_or_not() {
        for most in [u64::MAX, 0] {
            let mut records = Records::<20>::new(most);
            let record = |at: u64| {
                let mut record = [0; 20];
                record[..8].copy_from_slice(&at.to_le_bytes());
                record[12..].copy_from_slice(&(!at).to_le_bytes());
                record
            };
            (0..100_000).for_each(|at| records.push(&record(at), None).unwrap());
            records.freeze().unwrap();
            assert_eq!((records.len(), records.spilled.is_some()), (100_000, most == 0));
            for i in 0..300_000_u64 {
                let at = i.wrapping_mul(0x9e37_79b9_7f4a_7c15) % 100_000;
                assert_eq!(records.get(at).unwrap(), record(at), "{at}");
            }
            assert!(records.get(100_000).is_err());
            assert!(records.memory.len() <= records.most.max(2_000_000));
            records.clear();
            assert_eq!(records.len(), 0);
        }
    }
}
