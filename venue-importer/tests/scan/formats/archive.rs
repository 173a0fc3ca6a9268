//! Zip archives: a MatterPak, and what is not one.

use crate::scan::kit::{import, refused};
use std::io::{Cursor, Write};
use venue_importer::scan::Up;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const OBJ: &[u8] = b"mtllib a.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nvt 0 0\nusemtl m\nf 1/1 2/1 3/1\n";

#[test]
fn a_matter_pak_is_read_as_it_is_delivered() {
    let mut jpg = Cursor::new(Vec::new());
    image::RgbImage::new(8, 8).write_to(&mut jpg, image::ImageFormat::Jpeg).unwrap();
    let pack = zip(&[
        ("pak/a.obj", OBJ),
        ("pak/a.mtl", b"newmtl m\nmap_Kd a_000.jpg\n"),
        ("pak/a_000.jpg", &jpg.into_inner()),
        ("pak/cloud.xyz", b"1 2 3 4 5 6\n"),
        ("pak/colorplan_000.jpg", b"no picture"),
        ("pak/readme.pdf", b"x"),
    ]);
    let scan = import(&[("pak.zip", &pack)]).unwrap();
    let info = scan.info();
    assert_eq!((info.triangles, info.points, info.pictures.len()), (1, 0, 1));
    assert_eq!((info.metres_per_unit, info.up), (Some(1.0), Some(Up::Z)));
    assert_eq!((info.inputs.len(), info.inputs[0].name.as_str()), (1, "pak.zip"));
    assert!(info.warnings[0].contains("cloud.xyz: left out"), "{:?}", info.warnings);
    let left: Vec<_> =
        std::fs::read_dir(scan.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "the archive and the store: {left:?}");
}

#[test]
fn names_that_lead_out_of_the_archive_are_refused() {
    for name in ["../evil.obj", "/evil.obj", "a/../../evil.obj", "..\\evil.obj", "C:\\evil.obj"] {
        let said = refused(&[("a.zip", &zip(&[("a.obj", OBJ), (name, OBJ)]))]);
        assert!(said.contains("leads out of the archive") && said.starts_with("a.zip: file"), "{said}");
    }
}

#[test]
fn bombs_and_broken_archives_are_refused() {
    let zeros = vec![0; 200 << 20];
    let said = refused(&[("a.zip", &zip(&[("a.obj", &zeros)]))]);
    assert!(said.contains("unpacks to more than"), "{said}");
    let good = zip(&[("a.obj", OBJ)]);
    let said = refused(&[("a.zip", &good[..good.len() - 9])]);
    assert!(said.contains("copy it again"), "{said}");
    let said = refused(&[("a.zip", &zip(&[("a.txt", b"1 2 3")]))]);
    assert!(said.contains("a.zip: no model is in it"), "{said}");
}

#[test]
fn an_endless_list_of_files_is_refused_before_it_is_read() {
    let mut end = b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff".to_vec();
    end.extend([0, 0, 0, 0x7f, 0, 0, 0, 0, 0, 0]);
    let said = refused(&[("a.zip", &[&zip(&[("a.obj", OBJ)])[..], &end].concat())]);
    assert!(said.contains("its list of files has 2130706432 bytes"), "{said}");
}
