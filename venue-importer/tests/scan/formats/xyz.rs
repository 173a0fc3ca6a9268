//! Text with a point on each line.

use crate::scan::kit::{import, refused};
use glam::{DVec3, Vec3};

fn check(text: &str, first: DVec3, color: Option<[u8; 4]>, normal: Option<Vec3>) {
    let scan = import(&[("a.xyz", text.as_bytes())]).unwrap_or_else(|error| panic!("{text}: {error}"));
    let batches = scan.batches();
    assert!(scan.positions()[0].distance(first) < 0.000_1, "{text}");
    assert_eq!(batches[0].colors.first().copied(), color, "{text}");
    let near = |normal: Vec3| batches[0].normals.first().is_some_and(|found| found.distance(normal) < 1e-6);
    assert!(normal.map_or(batches[0].normals.is_empty(), near), "{text}: {:?}", batches[0].normals);
}

#[test]
fn columns_mean_what_their_number_and_values_say() {
    let one = DVec3::new(1.0, 2.0, 3.0);
    check("1 2 3\n", one, None, None);
    check("\u{feff}1,2,3\r\n4;5;6\n", one, None, None);
    check("# a comment\n1\t2\t3\t255\t128\t0\n", one, Some([255, 128, 0, 255]), None);
    check("1 2 3 1.0 0.5 0\n", one, Some([255, 128, 0, 255]), None);
    check("1 2 3 65535 32768 0\n", one, Some([255, 128, 0, 255]), None);
    check("1 2 3 -0.6 0.8 0\n", one, None, Some(Vec3::new(-0.6, 0.8, 0.0)));
    check("1 2 3 0.5 255 128 0\n", one, Some([255, 128, 0, 255]), None);
    check("1 2 3 255 128 0 0 0 -1\n", one, Some([255, 128, 0, 255]), Some(Vec3::NEG_Z));
    check("1 2 3 10\n1 2 4 20\n1 2 4 20\n", one, Some([0, 0, 0, 255]), None);
    check("//Y X Z Blue Green Red\n2 1 3 0 128 255\n", one, Some([255, 128, 0, 255]), None);
    // PTS: a count, then intensity and colour.
    check("2\n1 2 3 -700 255 128 0\n4 5 6 -600 0 0 0\n", one, Some([255, 128, 0, 255]), None);
    check("2600000.123 1200000.456 450.789\n", DVec3::new(2_600_000.123, 1_200_000.456, 450.789), None, None);
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (text, sentence) in [
        ("hello\n", "no line of it has three numbers"),
        ("1 2 3\n4 5\n", "a.xyz: line 2: it has 2 numbers, where the lines before have 3"),
        ("1 2 3\n4 five 6\n", "a.xyz: line 2: \"five\" is no number"),
        (&"title\n".repeat(100), "a.xyz: line 65: no line until here has three numbers"),
    ] {
        let said = refused(&[("a.xyz", text.as_bytes())]);
        assert!(said.contains(sentence), "{said}");
    }
}

#[test]
fn points_of_a_survey_lie_within_a_millimetre() {
    let text: String = (0..70_000)
        .map(|i| {
            format!(
                "{} {} {}\n",
                2_600_000.0 + f64::from(i) * 0.001_234,
                1_200_000.777,
                450.0 + f64::from(i % 7) * 0.3
            )
        })
        .collect();
    let scan = import(&[("a.xyz", text.as_bytes())]).unwrap();
    assert_eq!((scan.info().points, scan.batches().len()), (70_000, 2));
    for (i, position) in scan.positions().into_iter().enumerate() {
        let i = i as f64;
        let expected = DVec3::new(2_600_000.0 + i * 0.001_234, 1_200_000.777, 450.0 + (i % 7.0) * 0.3);
        assert!((position - expected).length() < 0.001, "{position} {expected}");
    }
}

#[test]
fn an_origin_at_stray_points_is_found_out_and_the_scan_read_again() {
    // More points at zero than a batch holds, before those of the room.
    let mut text = "0 0 0\n".repeat(66_000);
    text.push_str(&"2600000.5 1200000.25 450\n".repeat(100_000));
    let scan = import(&[("a.xyz", text.as_bytes())]).unwrap();
    assert_eq!(scan.info().origin, DVec3::new(2_600_000.0, 1_200_000.0, 0.0));
    assert_eq!((scan.info().points, scan.info().vertices), (166_000, 166_000));
}
