//! `align`: where a scan lies, out of points that are known in it and in another frame.
//!
//! Turn, scale and move with the least squares of distances: Horn, *Closed-form solution of absolute orientation
//! using unit quaternions* (1987). All in double precision, because surveys count millimetres in millions.

use super::eigen::eigen;
use crate::report::Report;
use crate::scan::{Alignment, Onto};
use anyhow::{Context, Result, bail};
use glam::{DQuat, DVec3};
use std::path::Path;

/// Most pairs of points.
const MOST: usize = 1_000;
/// Longest file of points, bytes.
const LONGEST: u64 = 1 << 20;
/// Points whose extent across is less than this part of that along lie on a line.
const LINE: f64 = 0.01;
/// A pair that is off by so many times what the others are is probably a mistake.
const OUTLIER: f64 = 5.0;
/// And by so much at least, metres: nobody measures points better.
const OUTLIER_LEAST: f64 = 0.01;

/// A point in the scan and the same point in truth.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// For people.
    pub name: String,
    /// In the scan's own coordinates.
    pub scan: DVec3,
    /// In the other frame.
    pub truth: DVec3,
}

/// Reads pairs: a line each with a name and six numbers, those of the scan first; `#` begins a comment.
pub(crate) fn pairs(text: &str) -> Result<Vec<Pair>, String> {
    let mut pairs = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.split('#').next().unwrap_or_default().trim().trim_start_matches('\u{feff}');
        if line.is_empty() {
            continue;
        }
        match pair(line, pairs.len() + 1) {
            Some(pair) => pairs.push(pair),
            // The first line may name the columns.
            None if pairs.is_empty() && !line.contains(|c: char| c.is_ascii_digit()) => {}
            None => {
                return Err(format!(
                    "line {number}: a name and six numbers are needed: the point in the scan, then the true point, \
                     e.g. corner, 1.25, 0.00, 3.10, 12.40, 0.02, 7.75"
                ));
            }
        }
        if pairs.len() > MOST {
            return Err(format!("line {number}: more than {MOST} pairs"));
        }
    }
    Ok(pairs)
}

fn pair(line: &str, number: usize) -> Option<Pair> {
    // Where semicolons divide, commas are the points of numbers.
    let parts: Vec<String> = if line.contains(';') {
        line.split(';').map(|part| part.trim().replace(',', ".")).collect()
    } else if line.contains(',') {
        line.split(',').map(|part| part.trim().to_owned()).collect()
    } else {
        line.split_whitespace().map(str::to_owned).collect()
    };
    let (name, numbers) = match parts.len() {
        6 => (number.to_string(), &parts[..]),
        7 => (parts[0].chars().filter(|c| !c.is_control()).take(40).collect(), &parts[1..]),
        _ => return None,
    };
    let mut values = [0.0; 6];
    for (value, text) in values.iter_mut().zip(numbers) {
        *value = text.parse().ok().filter(|value: &f64| value.is_finite() && value.abs() < 1e9)?;
    }
    let [a, b, c, d, e, f] = values;
    Some(Pair { name, scan: DVec3::new(a, b, c), truth: DVec3::new(d, e, f) })
}

/// Turn, scale and move that bring the scan's points nearest to the true ones.
fn fit(pairs: &[Pair], is_rigid: bool) -> Alignment {
    let count = pairs.len() as f64;
    let middle = |of: fn(&Pair) -> DVec3| pairs.iter().map(of).sum::<DVec3>() / count;
    let (from, to) = (middle(|pair| pair.scan), middle(|pair| pair.truth));
    let mut s = [[0.0; 3]; 3];
    for pair in pairs {
        let (a, b) = ((pair.scan - from).to_array(), (pair.truth - to).to_array());
        (0..9).for_each(|i| s[i / 3][i % 3] += a[i / 3] * b[i % 3]);
    }
    // Horn's matrix, for a quaternion w x y z.
    let [[xx, xy, xz], [yx, yy, yz], [zx, zy, zz]] = s;
    let (_, vectors) = eigen([
        [xx + yy + zz, yz - zy, zx - xz, xy - yx],
        [yz - zy, xx - yy - zz, xy + yx, zx + xz],
        [zx - xz, xy + yx, yy - xx - zz, yz + zy],
        [xy - yx, zx + xz, yz + zy, zz - xx - yy],
    ]);
    let [w, x, y, z] = vectors[0];
    let rotation = DQuat::from_xyzw(x, y, z, w).normalize();
    let spread: f64 = pairs.iter().map(|pair| (pair.scan - from).length_squared()).sum();
    let along: f64 = pairs.iter().map(|pair| (pair.truth - to).dot(rotation * (pair.scan - from))).sum();
    let scale = if is_rigid { 1.0 } else { along / spread };
    let translation = to - rotation * from * scale;
    Alignment { scan: String::new(), onto: Onto::default(), scale, rotation, translation }
}

fn residual(fit: &Alignment, pair: &Pair) -> f64 {
    fit.point(pair.scan).distance(pair.truth)
}

fn rms(fit: &Alignment, pairs: &[Pair]) -> f64 {
    let sum: f64 = pairs.iter().map(|pair| residual(fit, pair).powi(2)).sum();
    (sum / pairs.len().max(1) as f64).sqrt()
}

/// Whether points lie on one line, or in one place.
fn is_line(points: impl Iterator<Item = DVec3> + Clone) -> bool {
    let middle = points.clone().sum::<DVec3>() / points.clone().count().max(1) as f64;
    let mut s = [[0.0; 3]; 3];
    for point in points {
        let p = (point - middle).to_array();
        (0..9).for_each(|i| s[i / 3][i % 3] += p[i / 3] * p[i % 3]);
    }
    let (values, _) = eigen(s);
    values[0] < 1e-12 || values[1].max(0.0).sqrt() < values[0].sqrt() * LINE
}

/// Pairs that are far off from where the others put them, the worst first.
fn outliers(pairs: &[Pair], is_rigid: bool) -> Vec<(String, f64)> {
    let mut left = pairs.to_vec();
    let mut found = Vec::new();
    // Three pairs always agree with each other more or less: the fourth one's word is not enough against them.
    while left.len() > 4 {
        let without = |at: usize| -> Vec<Pair> {
            let others = left.iter().enumerate().filter(|(other, _)| *other != at);
            others.map(|(_, pair)| pair.clone()).collect()
        };
        let judged = (0..left.len()).map(|at| {
            let others = without(at);
            let fit = fit(&others, is_rigid);
            (rms(&fit, &others), residual(&fit, &left[at]), at)
        });
        let Some((rest, off, at)) = judged.min_by(|a, b| a.0.total_cmp(&b.0)) else { break };
        if off < (rest * OUTLIER).max(OUTLIER_LEAST) {
            break;
        }
        found.push((left.remove(at).name, off));
    }
    found
}

/// Finds the alignment; the report has the residual of each pair.
pub fn solve(pairs: &[Pair], onto: Onto, is_rigid: bool, report: &mut Report) -> Result<Alignment> {
    if pairs.len() < 3 {
        bail!(
            "there are {} pairs of points; three are needed that do not lie on a line, better five",
            pairs.len()
        );
    }
    for (points, which) in [
        (pairs.iter().map(|pair| pair.scan).collect::<Vec<_>>(), "in the scan"),
        (pairs.iter().map(|pair| pair.truth).collect(), "in truth"),
    ] {
        if is_line(points.into_iter()) {
            bail!(
                "the points {which} lie on one line, so that the turn around it is open; add one beside it"
            );
        }
    }
    let farthest = pairs.iter().map(|pair| pair.truth.abs().max_element()).fold(0.0, f64::max);
    if onto != Onto::Scan && farthest > f64::from(venue_package::limits::EXTENT) {
        bail!(
            "a true point is {farthest:.0} m from zero; take the same whole numbers away from all true points, and \
             write them into the venue's frame as survey_origin"
        );
    }
    let found = Alignment { onto, ..fit(pairs, is_rigid) };
    if !(1e-6..=1e6).contains(&found.scale) {
        bail!("the pairs give a scale of {:.3e}; are they in the same order on both sides?", found.scale);
    }
    for pair in pairs {
        report.fact(pair.name.clone(), format!("{:.1} mm off", residual(&found, pair) * 1e3));
    }
    let all = rms(&found, pairs);
    report.fact("RMS", format!("{:.1} mm", all * 1e3));
    report.fact("scale", format!("{:.6}", found.scale));
    report.fact("turned by", format!("{:.2}°", found.rotation.to_axis_angle().1.to_degrees()));
    for (name, off) in outliers(pairs, is_rigid) {
        report.warn(format!(
            "the pair {name} is {off:.3} m from where the others put it; is it the same point on both sides? \
             Mend it or take it out, and align again"
        ));
    }
    if is_mirrored(pairs, is_rigid, all) {
        report.warn("the pairs fit when one axis is turned round: one of the two frames is left-handed; negate one coordinate");
    }
    if pairs.len() == 3 {
        report.warn("three pairs can not tell of a mistake in one of them; measure two more");
    }
    Ok(found)
}

fn is_mirrored(pairs: &[Pair], is_rigid: bool, all: f64) -> bool {
    let mirrored: Vec<Pair> = pairs
        .iter()
        .map(|pair| Pair { scan: pair.scan * DVec3::new(1.0, 1.0, -1.0), ..pair.clone() })
        .collect();
    // Points in one plane fit either way.
    rms(&fit(&mirrored, is_rigid), &mirrored) < all * 0.1 && all > OUTLIER_LEAST
}

/// Aligns a scan by a file of points, and writes what was found.
pub fn run(scan: &Path, points: &Path, onto: Onto, is_rigid: bool, into: &Path) -> Result<Report> {
    let name = scan.file_name().with_context(|| format!("{} names no file", scan.display()))?;
    if !scan.exists() {
        bail!("there is no file {}", scan.display());
    }
    let text = read_text(points)?;
    let pairs = pairs(&text).map_err(|error| anyhow::anyhow!("{}, {error}", points.display()))?;
    let mut report = Report::default();
    let found = solve(&pairs, onto, is_rigid, &mut report)?;
    let found = Alignment { scan: name.to_string_lossy().into_owned(), ..found };
    let text = toml::to_string(&found).context("the alignment can not be written")?;
    let text =
        format!("# Where a scan lies. Written by venue-importer align; import takes it by --align.\n{text}");
    std::fs::write(into, text).with_context(|| format!("{} can not be written", into.display()))?;
    Ok(report)
}

fn read_text(path: &Path) -> Result<String> {
    let bytes =
        std::fs::metadata(path).with_context(|| format!("there is no file {}", path.display()))?.len();
    if bytes > LONGEST {
        bail!("{} has {bytes} bytes; {LONGEST} are allowed", path.display());
    }
    std::fs::read_to_string(path).with_context(|| format!("{} can not be read as text", path.display()))
}

/// Reads what [`run`] wrote.
pub(super) fn read_file(path: &Path) -> Result<Alignment> {
    let found: Alignment =
        toml::from_str(&read_text(path)?).with_context(|| format!("{}", path.display()))?;
    let good = (1e-6..=1e6).contains(&found.scale)
        && found.translation.is_finite()
        && (0.99..=1.01).contains(&found.rotation.length());
    if !good {
        bail!("{}: scale, rotation or translation make no sense; align again", path.display());
    }
    Ok(Alignment { rotation: found.rotation.normalize(), ..found })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Corners of a hall, measured with some millimetres of error; `wrong` is half a metre off.
    fn measured(wrong: Option<usize>) -> (Vec<Pair>, DQuat) {
        let turn = DQuat::from_rotation_z(0.7) * DQuat::from_rotation_x(0.02);
        let corners = [
            [0., 0., 0.],
            [30., 0., 0.],
            [30., 20., 0.],
            [0., 20., 0.],
            [15., 10., 8.],
            [3., 18., 4.],
            [25., 2., 6.],
        ];
        let pair = |(i, corner): (usize, &[f64; 3])| {
            let truth = DVec3::from_array(*corner) + DVec3::new(1_250.0, -900.0, 410.0);
            let noise =
                DVec3::new((i as f64 * 7.3).sin(), (i as f64 * 3.1).cos(), (i as f64 * 5.7).sin()) * 0.002;
            let off = if wrong == Some(i) { DVec3::new(0.3, -0.4, 0.0) } else { DVec3::ZERO };
            let scan =
                turn.inverse() * (DVec3::from_array(*corner)) / 0.3048 + DVec3::new(2.6e6, 1.1e6, 400.0);
            Pair { name: format!("P{i}"), scan: scan + noise / 0.3048, truth: truth + off }
        };
        (corners.iter().enumerate().map(pair).collect(), turn)
    }

    #[test]
    fn turn_scale_and_move_come_back_within_the_noise() {
        let (pairs, turn) = measured(None);
        let mut report = Report::default();
        let found = solve(&pairs, Onto::Plan, false, &mut report).unwrap();
        assert!((found.scale - 0.3048).abs() < 1e-4, "{}", found.scale);
        assert!(found.rotation.angle_between(turn) < 3e-4);
        assert!(pairs.iter().all(|pair| residual(&found, pair) < 0.005), "{report}");
        assert!(report.warnings.is_empty(), "{report}");
        assert_eq!(report.facts.len(), 7 + 3);
    }

    #[test]
    fn an_outlier_is_told_by_its_name() {
        for wrong in 0..7 {
            let mut report = Report::default();
            solve(&measured(Some(wrong)).0, Onto::Plan, false, &mut report).unwrap();
            assert_eq!(report.warnings.len(), 1, "{report}");
            assert!(report.warnings[0].starts_with(&format!("the pair P{wrong} is 0.")), "{report}");
        }
    }

    #[test]
    fn what_leaves_a_turn_open_is_refused() {
        let check = |points: &[[f64; 3]], part: &str| {
            let pair = |p: &[f64; 3]| {
                let scan = DVec3::from_array(*p);
                Pair { name: "p".into(), scan, truth: scan + DVec3::Y }
            };
            let pairs: Vec<Pair> = points.iter().map(pair).collect();
            let error = solve(&pairs, Onto::Building, true, &mut Report::default()).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        };
        check(&[[0., 0., 0.], [1., 0., 0.]], "there are 2 pairs");
        check(&[[0., 0., 0.], [1., 1., 1.], [2., 2., 2.], [5., 5., 5.001]], "lie on one line");
        check(&[[1., 1., 1.]; 4], "lie on one line");
        check(&[[2.6e6, 1.2e6, 400.], [2.6e6 + 9., 1.2e6, 400.], [2.6e6, 1.2e6 + 9., 400.]], "survey_origin");
    }

    #[test]
    fn a_left_handed_frame_is_told() {
        let (mut pairs, _) = measured(None);
        pairs.iter_mut().for_each(|pair| pair.scan.y = -pair.scan.y);
        let mut report = Report::default();
        solve(&pairs, Onto::Plan, false, &mut report).unwrap();
        assert!(report.to_string().contains("left-handed"), "{report}");
    }

    #[test]
    fn points_are_read_as_people_write_them() {
        let expected =
            Pair { name: "door".into(), scan: DVec3::new(1.5, 2., 3.), truth: DVec3::new(4., 5., 6.) };
        for text in [
            "door, 1.5, 2, 3, 4, 5, 6\n",
            "name;sx;sy;sz;x;y;z\r\ndoor;1,5;2;3;4;5;6\r\n",
            "# corners\n\ndoor\t1.5 2 3  4 5 6 # seen well\n",
        ] {
            assert_eq!(pairs(text).unwrap(), std::slice::from_ref(&expected), "{text}");
        }
        assert_eq!(pairs("1 2 3 4 5 6").unwrap()[0].name, "1");
        for text in ["a, 1, 2, 3, 4, 5\n", "a, 1, 2, 3, 4, 5, x\n", "a 1 2 3 4 5 nan\n"] {
            assert!(pairs(text).unwrap_err().starts_with("line 1: a name and six"), "{text}");
        }
    }
}
