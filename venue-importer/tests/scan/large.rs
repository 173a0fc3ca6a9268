//! Scans that are larger than the memory that they may take.

use super::kit::{Scan, import_path};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use venue_importer::scan::{ReadOptions, Store, read};

/// Vertices along a side: 12 million bytes of vertices in all, half a million triangles.
const SIDE: u32 = 500;
const OPTIONS: ReadOptions = ReadOptions { vertex_memory: 1 << 20, alignments: Vec::new() };
/// What the process may take, the test itself included.
const MOST_BYTES: u64 = 96 << 20;

fn write(path: &Path, body: impl Fn(&mut BufWriter<File>) -> std::io::Result<()>) -> PathBuf {
    let mut file = BufWriter::new(File::create(path).unwrap());
    body(&mut file).unwrap();
    file.flush().unwrap();
    path.to_owned()
}

fn vertices() -> impl Iterator<Item = [f64; 3]> {
    (0..SIDE * SIDE).map(|at| [2_600_000.0 + f64::from(at % SIDE) * 0.01, f64::from(at / SIDE) * 0.01, 450.0])
}

/// Two triangles for each square; far columns one after the other, so that neighbours in the file are none.
fn triangles() -> impl Iterator<Item = [u32; 3]> {
    let columns = (0..SIDE - 1).map(|at| at * 389 % (SIDE - 1));
    let squares = columns.flat_map(|column| (0..SIDE - 1).map(move |row| row * SIDE + column));
    squares.flat_map(|at| [[at, at + 1, at + SIDE], [at + 1, at + SIDE + 1, at + SIDE]])
}

fn ply(path: &Path) -> PathBuf {
    write(path, |file| {
        let (vertices_count, faces) = (SIDE * SIDE, (SIDE - 1) * (SIDE - 1) * 2);
        write!(
            file,
            "ply\nformat binary_little_endian 1.0\nelement vertex {vertices_count}\nproperty double x\nproperty double y\n\
             property double z\nelement face {faces}\nproperty list uchar uint vertex_indices\nend_header\n"
        )?;
        for number in vertices().flatten() {
            file.write_all(&number.to_le_bytes())?;
        }
        for corners in triangles() {
            file.write_all(&[3])?;
            corners.iter().try_for_each(|corner| file.write_all(&corner.to_le_bytes()))?;
        }
        Ok(())
    })
}

fn obj(path: &Path) -> PathBuf {
    write(path, |file| {
        for [x, y, z] in vertices() {
            writeln!(file, "v {x:.2} {y:.2} {z}")?;
        }
        triangles().try_for_each(|corners| {
            let [a, b, c] = corners.map(|corner| corner + 1);
            writeln!(file, "f {a} {b} {c}")
        })
    })
}

#[cfg(target_os = "linux")]
fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() << 10
}

/// Without a way to ask, the count of what is held is trusted.
#[cfg(not(target_os = "linux"))]
fn peak_bytes() -> u64 {
    0
}

fn check(make: fn(&Path) -> PathBuf, name: &str) {
    let folder = tempfile::tempdir().unwrap();
    let scan = make(&folder.path().join(name));
    let into = folder.path().join("store");
    let before = peak_bytes();
    let info = read(&[scan], &into, &OPTIONS, &mut |_| {}).unwrap();
    let peak = peak_bytes();
    println!("{name}: {} MB at most, {} before", peak >> 20, before >> 20);
    assert!(peak < MOST_BYTES.max(before + (32 << 20)), "{} MB", peak >> 20);
    assert_eq!((info.triangles, info.points), (u64::from(SIDE - 1).pow(2) * 2, 0));
    let scan = Scan { store: Store::open(&into).unwrap(), folder };
    let side = f64::from(SIDE - 1) * 0.01;
    let mut area = 0.0;
    for batch in scan.store.batches().map(Result::unwrap) {
        let corner = |at: u32| batch.positions[at as usize].as_dvec3();
        for &[a, b, c] in batch.indices.as_chunks::<3>().0 {
            area += (corner(b) - corner(a)).cross(corner(c) - corner(a)).length() / 2.0;
        }
    }
    assert!((area - side * side).abs() < 0.001 * side * side, "{area}");
}

#[test]
fn a_ply_mesh_beyond_its_memory_is_read_from_the_disk() {
    check(ply, "a.ply");
}

#[test]
fn an_obj_mesh_beyond_its_memory_is_read_from_the_disk() {
    check(obj, "a.obj");
}

#[test]
fn a_folder_of_scans_is_one_scan() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("scans");
    std::fs::create_dir(&inner).unwrap();
    for (name, x) in [("b.xyz", 20), ("a.xyz", 10)] {
        std::fs::write(inner.join(name), format!("{x} 0 0\n")).unwrap();
    }
    let scan = import_path(inner, folder).unwrap();
    let names: Vec<_> = scan.info().inputs.iter().map(|input| input.name.as_str()).collect();
    assert_eq!(names, ["a.xyz", "b.xyz"]);
    assert_eq!(scan.positions().iter().map(|position| position.x).collect::<Vec<_>>(), [10.0, 20.0]);
}
