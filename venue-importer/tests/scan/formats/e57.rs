//! E57: made here by the crate's writer, and made by others.

use crate::scan::kit::{import, import_path, refused, shared};
use e57::{E57Writer, Quaternion, Record, RecordDataType, RecordName, RecordValue, Transform, Translation};
use glam::DVec3;
use std::io::Cursor;
use venue_importer::scan::{Format, Up};

/// A file with one scan for each pose; each has these points.
fn file(prototype: &[Record], points: &[Vec<RecordValue>], poses: &[Option<Transform>]) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut writer = E57Writer::new(&mut bytes, "a guid").unwrap();
    for pose in poses {
        let mut cloud = writer.add_pointcloud("another guid", prototype.to_vec()).unwrap();
        cloud.set_transform(pose.clone());
        cloud.set_sensor_serial(Some("SECRET".into()));
        points.iter().for_each(|point| cloud.add_point(point.clone()).unwrap());
        cloud.finalize().unwrap();
    }
    writer.finalize().unwrap();
    drop(writer);
    bytes.into_inner()
}

fn quarter_turn(x: f64) -> Option<Transform> {
    let half = std::f64::consts::FRAC_1_SQRT_2;
    Some(Transform {
        rotation: Quaternion { w: half, x: 0.0, y: 0.0, z: half },
        translation: Translation { x, y: 1_200_000.0, z: 450.0 },
    })
}

#[test]
fn scans_stand_where_their_poses_say_with_colours_and_without_invalid_points() {
    let prototype = [
        Record::CARTESIAN_X_F64,
        Record::CARTESIAN_Y_F64,
        Record::CARTESIAN_Z_F64,
        Record {
            name: RecordName::CartesianInvalidState,
            data_type: RecordDataType::Integer { min: 0, max: 2 },
        },
        Record::COLOR_RED_U8,
        Record::COLOR_GREEN_U8,
        Record::COLOR_BLUE_U8,
        Record { name: RecordName::Intensity, data_type: RecordDataType::Integer { min: 5, max: 5 } },
    ];
    let point = |x: f64, state: i64, color: [i64; 3]| {
        let mut values: Vec<_> = [x, 0.0, 0.0].map(RecordValue::Double).to_vec();
        values.push(RecordValue::Integer(state));
        values.extend(color.map(RecordValue::Integer));
        values.push(RecordValue::Integer(5));
        values
    };
    let points = [point(1.0, 0, [255, 128, 0]), point(9.0, 2, [0; 3]), point(2.5, 0, [1, 2, 3])];
    let bytes = file(&prototype, &points, &[quarter_turn(2_600_000.0), quarter_turn(2_600_010.0)]);
    let scan = import(&[("a.e57", &bytes)]).unwrap();
    let info = scan.info();
    assert_eq!((info.points, info.inputs[0].format, info.has_intensity), (4, Format::E57, true));
    assert_eq!((info.metres_per_unit, info.up), (Some(1.0), Some(Up::Z)));
    // A quarter turn about z brings x to y.
    let place = |x: f64, y: f64| DVec3::new(x, 1_200_000.0 + y, 450.0);
    let expected =
        [place(2_600_000.0, 1.0), place(2_600_000.0, 2.5), place(2_600_010.0, 1.0), place(2_600_010.0, 2.5)];
    for (found, expected) in scan.positions().into_iter().zip(expected) {
        assert!((found - expected).length() < 0.001, "{found} {expected}");
    }
    let batches = scan.batches();
    assert_eq!(batches[0].colors, [[255, 128, 0, 255], [1, 2, 3, 255]]);
    assert_eq!((batches[0].station, batches[1].station), (Some(0), Some(1)));
    assert_eq!(info.stations[1] + info.origin, place(2_600_010.0, 0.0));
    assert!(info.removed[0].contains("serial number of the scanner"), "{:?}", info.removed);
}

#[test]
fn spherical_scaled_and_narrow_numbers_are_unpacked() {
    let half_turn = std::f64::consts::PI;
    let scaled = |min, max| RecordDataType::ScaledInteger { min, max, scale: 0.001, offset: 1.0 };
    let prototype = [
        Record { name: RecordName::SphericalRange, data_type: scaled(-1_000, 5_000_000) },
        Record { name: RecordName::SphericalAzimuth, data_type: RecordDataType::F64 },
        Record { name: RecordName::SphericalElevation, data_type: RecordDataType::F32 },
        Record { name: RecordName::Intensity, data_type: RecordDataType::Integer { min: -3, max: 1_000 } },
    ];
    let points: Vec<_> = (0..20_000_i64)
        .map(|i| {
            let turn = half_turn * (i as f64 / 10_000.0 - 1.0);
            let elevation = RecordValue::Single(0.5);
            vec![
                RecordValue::ScaledInteger(i),
                RecordValue::Double(turn),
                elevation,
                RecordValue::Integer(i % 1_000),
            ]
        })
        .collect();
    let scan = import(&[("a.e57", &file(&prototype, &points, &[None]))]).unwrap();
    assert_eq!((scan.info().points, scan.info().stations.len()), (20_000, 0));
    for (i, found) in scan.positions().into_iter().enumerate() {
        let (range, turn) = (1.0 + i as f64 * 0.001, half_turn * (i as f64 / 10_000.0 - 1.0));
        let flat = range * 0.5_f64.cos();
        let expected = DVec3::new(flat * turn.cos(), flat * turn.sin(), range * 0.5_f64.sin());
        assert!((found - expected).length() < 1e-4, "{i}: {found} {expected}");
    }
    let colors: Vec<_> = scan.batches().iter().flat_map(|batch| batch.colors.clone()).collect();
    assert_eq!((colors[0], colors[999]), ([0, 0, 0, 255], [255; 4]));
}

#[test]
fn files_of_others_are_read() {
    let Some(folder) = shared("scans/e57") else { return };
    let bunny = import_path(folder.join("reference/bunnyDouble.e57"), tempfile::tempdir().unwrap()).unwrap();
    assert_eq!(bunny.info().points, 30_571);
    let size = bunny.info().bounds[1] - bunny.info().bounds[0];
    assert!(size.min_element() > 0.01 && size.max_element() < 1.0, "{size}");
    let colours =
        import_path(folder.join("3rdParty/las2e57/ColourRepresentation.e57"), tempfile::tempdir().unwrap());
    assert!(colours.unwrap().info().has_colors);
}

#[test]
fn a_changed_byte_is_found_by_its_checksum() {
    let prototype = [Record::CARTESIAN_X_F64, Record::CARTESIAN_Y_F64, Record::CARTESIAN_Z_F64];
    let points = vec![[1.0, 2.0, 3.0].map(RecordValue::Double).to_vec(); 500];
    let good = file(&prototype, &points, &[None]);
    for at in (0..good.len()).step_by(101) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x40;
        let said = refused(&[("a.e57", &bytes)]);
        assert!(said.starts_with("a.e57"), "{said}");
    }
    let said = refused(&[("a.e57", &good[..good.len() - 1_024])]);
    assert!(said.contains("copy it again"), "{said}");
}
