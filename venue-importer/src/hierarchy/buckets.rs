//! Meshes of cells on the disk: appended in any order, read whole, so that memory holds a few cells at a time.

use super::mesh::{TileMesh, Vertex};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Bytes that wait in memory for all cells together before they are written.
const PENDING_BYTES: usize = 128 << 20;

/// A file of many cells' meshes.
#[derive(Debug)]
pub struct Buckets {
    path: PathBuf,
    file: Mutex<File>,
    cells: Vec<Cell>,
    pending_bytes: usize,
    end: u64,
}

#[derive(Clone, Debug, Default)]
struct Cell {
    pending: TileMesh,
    blocks: Vec<Block>,
}

#[derive(Clone, Copy, Debug)]
struct Block {
    at: u64,
    vertices: usize,
    indices: usize,
}

impl Buckets {
    /// An empty file for so many cells.
    pub fn create(path: &Path, cells: usize) -> std::io::Result<Self> {
        let file = File::options().read(true).write(true).create(true).truncate(true).open(path)?;
        Ok(Self {
            path: path.to_owned(),
            file: Mutex::new(file),
            cells: vec![Cell::default(); cells],
            pending_bytes: 0,
            end: 0,
        })
    }

    /// How many cells.
    pub fn cells(&self) -> usize {
        self.cells.len()
    }

    /// Appends to a cell.
    pub fn push(&mut self, cell: u32, mesh: &TileMesh) -> std::io::Result<()> {
        self.cells[cell as usize].pending.append(mesh);
        self.pending_bytes += bytes_of(mesh);
        if self.pending_bytes > PENDING_BYTES { self.flush() } else { Ok(()) }
    }

    /// Puts everything on the disk.
    pub fn flush(&mut self) -> std::io::Result<()> {
        let file = self.file.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.end))?;
        let mut file = std::io::BufWriter::with_capacity(1 << 20, file);
        for cell in &mut self.cells {
            let pending = std::mem::take(&mut cell.pending);
            if pending.vertices.is_empty() {
                continue;
            }
            file.write_all(bytemuck::cast_slice(&pending.vertices))?;
            file.write_all(bytemuck::cast_slice(&pending.indices))?;
            let (vertices, indices) = (pending.vertices.len(), pending.indices.len());
            cell.blocks.push(Block { at: self.end, vertices, indices });
            self.end += bytes_of(&pending) as u64;
        }
        self.pending_bytes = 0;
        file.flush()
    }

    /// A cell's mesh; everything must have been flushed.
    pub fn read(&self, cell: u32) -> std::io::Result<TileMesh> {
        let mut mesh = TileMesh::default();
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for block in &self.cells[cell as usize].blocks {
            let mut part = TileMesh {
                vertices: vec![Vertex::default(); block.vertices],
                indices: vec![0; block.indices],
            };
            file.seek(SeekFrom::Start(block.at))?;
            file.read_exact(bytemuck::cast_slice_mut(&mut part.vertices))?;
            file.read_exact(bytemuck::cast_slice_mut(&mut part.indices))?;
            mesh.append(&part);
        }
        Ok(mesh)
    }
}

impl Drop for Buckets {
    fn drop(&mut self) {
        // It is scratch; whoever cleans the work folder takes what this leaves.
        std::fs::remove_file(&self.path).ok();
    }
}

fn bytes_of(mesh: &TileMesh) -> usize {
    size_of_val(mesh.vertices.as_slice()) + size_of_val(mesh.indices.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mesh(x: i32) -> TileMesh {
        let vertices = (0..3).map(|i| Vertex { position: [x, i, 0], ..Vertex::default() }).collect();
        TileMesh { vertices, indices: vec![0, 1, 2] }
    }

    #[test]
    fn cells_come_back_whole_and_the_file_goes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cells");
        let mut buckets = Buckets::create(&path, 2).unwrap();
        buckets.push(1, &mesh(5)).unwrap();
        buckets.push(0, &mesh(1)).unwrap();
        buckets.flush().unwrap();
        buckets.push(1, &mesh(6)).unwrap();
        buckets.flush().unwrap();
        let mut expected = mesh(5);
        expected.append(&mesh(6));
        assert_eq!(buckets.read(1).unwrap(), expected);
        assert_eq!(buckets.read(0).unwrap(), mesh(1));
        drop(buckets);
        assert!(!path.exists());
    }
}
