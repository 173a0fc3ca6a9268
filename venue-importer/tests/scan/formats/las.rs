//! LAS and LAZ, those of others and those that are made here.

use crate::scan::kit::{import, import_path, refused, shared};
use glam::DVec3;
use venue_importer::scan::Up;

/// A LAS 1.2 file of format 2 with these points: place in hundredths, class, intensity, colour.
fn las(points: &[([i32; 3], u8, u16, [u16; 3])], change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = vec![0; 227];
    bytes[..4].copy_from_slice(b"LASF");
    (bytes[24], bytes[25], bytes[104]) = (1, 2, 2);
    bytes[58..64].copy_from_slice(b"a test");
    bytes[94..96].copy_from_slice(&227_u16.to_le_bytes());
    bytes[96..100].copy_from_slice(&227_u32.to_le_bytes());
    bytes[105..107].copy_from_slice(&26_u16.to_le_bytes());
    bytes[107..111].copy_from_slice(&(points.len() as u32).to_le_bytes());
    for axis in 0..3 {
        bytes[131 + axis * 8..][..8].copy_from_slice(&0.01_f64.to_le_bytes());
        let offset = [2_600_000.0_f64, 1_200_000.0, 0.0][axis];
        bytes[155 + axis * 8..][..8].copy_from_slice(&offset.to_le_bytes());
    }
    for (place, class, intensity, color) in points {
        bytes.extend(place.iter().flat_map(|axis| axis.to_le_bytes()));
        bytes.extend(intensity.to_le_bytes());
        bytes.extend([0, *class, 0, 0, 0, 0]);
        bytes.extend(color.iter().flat_map(|part| part.to_le_bytes()));
    }
    change(&mut bytes);
    bytes
}

#[test]
fn points_have_their_place_and_colour_and_noise_is_left_out() {
    let points = [
        ([50, 25, 45_000], 2, 7, [255, 128, 0]),
        ([60, 25, 45_000], 7, 7, [0; 3]),
        ([70, 0, 0], 0x82, 7, [0; 3]),
    ];
    let scan = import(&[("a.las", &las(&points, |_| {}))]).unwrap();
    let info = scan.info();
    assert_eq!(scan.positions(), [DVec3::new(2_600_000.5, 1_200_000.25, 450.0)]);
    assert_eq!(scan.batches()[0].colors, [[255, 128, 0, 255]], "eight bits in two bytes");
    assert_eq!((info.up, info.has_intensity, info.origin.x), (Some(Up::Z), true, 2_600_000.0));
    assert!(
        info.warnings[0].contains("2 points that are marked as noise or withheld"),
        "{:?}",
        info.warnings
    );
    assert_eq!(info.removed, ["a.las: names of the system and the program that made it"]);
}

#[test]
fn what_the_first_points_do_not_show_of_colours_is_found_out_later() {
    let dark = ([0, 0, 0], 0, 9, [200, 100, 0]);
    let black = ([0, 0, 0], 0, 9, [0; 3]);
    let bright = ([1, 1, 1], 0, 8, [0xff00, 0x8000, 0]);
    let last = |first| {
        let mut points = vec![first; 65_536];
        points.push(bright);
        let scan = import(&[("a.las", &las(&points, |_| {}))]).unwrap();
        assert_eq!(scan.info().points, 65_537, "read again, not twice");
        let batches = scan.batches();
        (batches[0].colors[0], *batches[1].colors.last().unwrap())
    };
    assert_eq!(last(dark), ([0, 0, 0, 255], [255, 128, 0, 255]));
    assert_eq!(last(black), ([0, 0, 0, 255], [255, 128, 0, 255]));
    let grey = import(&[("a.las", &las(&[black, black, ([0; 3], 0, 5, [0; 3])], |_| {}))]).unwrap();
    assert_eq!(
        grey.batches()[0].colors,
        [[255; 4], [255; 4], [0, 0, 0, 255]],
        "intensity, since all is black"
    );
}

#[test]
fn files_of_others_are_read_and_compressed_ones_like_their_originals() {
    let Some(folder) = shared("scans/las") else { return };
    let read = |name: &str| import_path(folder.join(name), tempfile::tempdir().unwrap());
    for (plain, packed) in [("simple.las", "simple.laz"), ("1_4_w_evlr.las", "1_4_w_evlr.laz")] {
        let (plain, packed) = (read(plain).unwrap(), read(packed).unwrap());
        assert!(plain.info().points > 100);
        assert_eq!(plain.batches(), packed.batches());
    }
    for (name, points) in [
        ("autzen.las", 110),
        ("extrabytes.las", 1065),
        ("simple1_1.las", 1065),
        ("simple1_3.las", 1065),
        ("vegetation_1_3.las", 10_000),
        ("plane.laz", 10_000),
        ("extra.laz", 1065),
        ("simple.copc.laz", 1065),
    ] {
        let scan = read(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(scan.info().points * 10 > points, "{name}: {}", scan.info().points);
    }
    let feet = read("autzen_geo_proj.las").unwrap();
    assert!(feet.info().crs.is_some(), "{:?}", feet.info());
}

#[test]
fn what_is_wrong_is_told() {
    let point = [([0, 0, 0], 0, 0, [0; 3])];
    let check = |change: fn(&mut Vec<u8>), sentence: &str| {
        let said = refused(&[("a.las", &las(&point, change))]);
        assert!(said.contains(sentence), "{said}");
    };
    check(|bytes| bytes.truncate(100), "the file ends here");
    check(|bytes| bytes.truncate(250), "it says 1 points, but has 0");
    check(|bytes| bytes[104] = 11, "its point format 11 does not exist");
    check(|bytes| bytes[25] = 9, "this is LAS 1.9");
    check(|bytes| bytes[105] = 20, "its points have 20 bytes, format 2 has 26");
    check(|bytes| bytes[99] = 255, "its points begin behind the end of the file");
    check(|bytes| bytes[104] = 0x82, "the record that says how is missing");
    check(|bytes| bytes[100] = 3, "record 1 of 3: it reaches beyond its place");
    check(
        |bytes| bytes[131..139].copy_from_slice(&f64::NAN.to_le_bytes()),
        "its scale and offset are no numbers",
    );
}

#[test]
fn damaged_compressed_points_are_refused_and_nothing_panics() {
    let Some(folder) = shared("scans/las") else { return };
    for name in ["simple.laz", "1_4_w_evlr.laz"] {
        let good = std::fs::read(folder.join(name)).unwrap();
        let mut refused = 0;
        for step in 0..60 {
            let mut bytes = good.clone();
            let at = 300 + step * (good.len() - 300) / 60;
            bytes[at..].iter_mut().take(9).for_each(|byte| *byte ^= 0xa5);
            refused += usize::from(import(&[("a.laz", &bytes)]).is_err());
        }
        assert!(refused > 0, "{name}");
        assert!(import(&[("a.laz", &good[..good.len() / 2])]).is_err());
    }
}

/// Points of format 6, in layers, in several chunks.
fn layered(points: u32) -> Vec<u8> {
    use laz::{LasZipCompressor, LazVlrBuilder};
    let vlr = LazVlrBuilder::default().with_point_format(6, 0).unwrap().with_fixed_chunk_size(5_000).build();
    let mut record = Vec::new();
    vlr.write_to(&mut record).unwrap();
    let start = 375 + 54 + record.len();
    let mut bytes = las(&[], |_| {});
    (bytes[25], bytes[104]) = (4, 0x86);
    bytes[94..96].copy_from_slice(&375_u16.to_le_bytes());
    bytes[96..100].copy_from_slice(&(start as u32).to_le_bytes());
    bytes[100] = 1;
    bytes[105..107].copy_from_slice(&30_u16.to_le_bytes());
    bytes.resize(375, 0);
    bytes[247..251].copy_from_slice(&points.to_le_bytes());
    let mut head = vec![0; 54];
    head[2..16].copy_from_slice(b"laszip encoded");
    head[18..20].copy_from_slice(&22_204_u16.to_le_bytes());
    head[20..22].copy_from_slice(&(record.len() as u16).to_le_bytes());
    bytes.extend([head, record].concat());
    let mut out = std::io::Cursor::new(bytes);
    out.set_position(start as u64);
    let mut compressor = LasZipCompressor::new(&mut out, vlr).unwrap();
    for at in 0..points {
        let mut point = [0; 30];
        point[..4].copy_from_slice(&at.to_le_bytes());
        point[12..14].copy_from_slice(&(at as u16).to_le_bytes());
        compressor.compress_one(&point).unwrap();
    }
    compressor.done().unwrap();
    drop(compressor);
    out.into_inner()
}

#[test]
fn layers_in_many_chunks_are_walked_through_and_unpacked() {
    let good = layered(72_345);
    let scan = import(&[("a.laz", &good)]).unwrap();
    assert_eq!((scan.info().points, scan.batches().len()), (72_345, 2));
    for (at, position) in scan.positions().into_iter().enumerate() {
        assert!((position.x - 2_600_000.0 - at as f64 * 0.01).abs() < 0.001, "{at}: {position}");
    }
    // The size of a layer that leads beyond the file is found before memory is taken for it.
    let first = 375 + 54 + 40 + 8 + 30 + 4;
    let mut bad = good;
    bad[first..first + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    let said = refused(&[("a.laz", &bad)]);
    assert!(said.contains("compressed points: its compressed points are damaged"), "{said}");
}
