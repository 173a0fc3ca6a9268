//! What a body's update takes on the wire: bits and CPU time on recorded motion, beside the pose that builds on nothing.
//!
//! The load is the crate `load`, which runs the product's own codec, server side and mirror.

use super::figure::Figure;
use crate::process::{cargo, output, repository, run, target};
use anyhow::{Context as _, Result, ensure};
use std::path::PathBuf;
use std::process::Command;

/// What to measure.
#[derive(clap::Args)]
pub struct Args {
    /// Motion captures (BVH) with head and hands; without any, those of the shared material.
    recordings: Vec<PathBuf>,
    /// Without other people's replication, whose building takes minutes.
    #[arg(long)]
    alone: bool,
}

/// Bits of an update of head and two hands within 2 mm and 0.2°: median, and the 95th of 100.
const GOALS: [f64; 2] = [56.0, 80.0];

/// Errors of the near ring.
const BOUNDS: [f64; 2] = [2.0, 0.2];

/// Measures, and prints the load's lines and the figures.
pub fn measure(args: &Args) -> Result<()> {
    let recordings = if args.recordings.is_empty() { shared()? } else { args.recordings.clone() };
    run(&mut cargo(&["build", "--release", "--quiet", "--package", "load"]))?;
    let printed = output(Command::new(target().join("release/load")).arg("codec").args(&recordings))?;
    print!("{printed}");
    for (name, value, unit, goal) in figures(&printed)? {
        let figure = Figure { name: &name, measured: value, unit, goal, peer: absolute(&printed) };
        println!("{}", figure.line());
    }
    match recordings.first() {
        Some(first) if !args.alone => super::codec_peers::compare(first),
        _ => Ok(()),
    }
}

/// The captures of the shared material.
fn shared() -> Result<Vec<PathBuf>> {
    let folder = repository().join("../shared/data/motion");
    let entries =
        std::fs::read_dir(&folder).with_context(|| format!("{} can not be read", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "bvh"));
    paths.sort();
    ensure!(!paths.is_empty(), "no BVH file lies in {}; name some", folder.display());
    Ok(paths)
}

/// What a pose that builds on nothing takes.
fn absolute(printed: &str) -> Option<(&'static str, f64)> {
    let line = printed.lines().find(|line| line.starts_with("absolute"))?;
    Some(("absolute pose", value(line, "bits_median")?))
}

type Line = (String, f64, &'static str, Option<f64>);

/// The worst over all recordings of what counts.
fn figures(printed: &str) -> Result<Vec<Line>> {
    let near: Vec<&str> = printed.lines().filter(|line| line.starts_with("ring=Near")).collect();
    let lossy: Vec<&str> = printed.lines().filter(|line| line.starts_with("loss=5")).collect();
    ensure!(!near.is_empty() && !lossy.is_empty(), "the load measured nothing: {printed}");
    let worst = |lines: &[&str], name: &str| {
        let values = lines.iter().map(|line| value(line, name).with_context(|| format!("{name} in {line}")));
        values.collect::<Result<Vec<_>>>().map(|values| values.into_iter().fold(0.0, f64::max))
    };
    Ok(vec![
        ("codec.bits_median".to_owned(), worst(&near, "bits_median")?, "bit", Some(GOALS[0])),
        ("codec.bits_p95".to_owned(), worst(&near, "bits_p95")?, "bit", Some(GOALS[1])),
        ("codec.worst_mm".to_owned(), worst(&near, "worst_mm")?, "mm", Some(BOUNDS[0])),
        ("codec.worst_degrees".to_owned(), worst(&near, "worst_degrees")?, "°", Some(BOUNDS[1])),
        ("codec.encode_ns".to_owned(), worst(&near, "encode_ns")?, "ns", None),
        ("codec.loss5.bits_mean".to_owned(), worst(&lossy, "bits_mean")?, "bit", None),
        ("codec.loss5.age_ms_p99".to_owned(), worst(&lossy, "age_ms_p99")?, "ms", None),
        ("codec.loss5.worst_mm".to_owned(), worst(&lossy, "worst_mm")?, "mm", Some(BOUNDS[0])),
        ("codec.loss5.worst_degrees".to_owned(), worst(&lossy, "worst_degrees")?, "°", Some(BOUNDS[1])),
    ])
}

/// The number behind `name=` in a line.
pub(super) fn value(line: &str, name: &str) -> Option<f64> {
    let word = line.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    word.and_then(|word| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_recording_counts() {
        let printed = "recording=a\nring=Near bits_median=50 bits_p95=70 worst_mm=1.9 worst_degrees=0.19 encode_ns=900\n\
            absolute bits_median=312\nloss=5 bits_mean=120 age_ms_p99=67 worst_mm=1.9 worst_degrees=0.19\n\
            recording=b\nring=Near bits_median=60 bits_p95=65 worst_mm=1.8 worst_degrees=0.18 encode_ns=800\n";
        let figures = figures(printed).unwrap();
        assert_eq!((figures[0].0.as_str(), figures[0].1), ("codec.bits_median", 60.0));
        assert_eq!(figures[1].1, 70.0);
        assert_eq!(absolute(printed), Some(("absolute pose", 312.0)));
        assert!(super::figures("nothing").is_err());
    }
}
