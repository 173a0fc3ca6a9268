//! `bench importer`: the importer from scan to package, beside gltfpack, which packs the same scan's geometry.
//!
//! Both are measured as whole processes. gltfpack makes no levels, no tiles, no navigation mesh: it is the measure of
//! how small and how quickly geometry can be packed, not of the whole work.

use super::figure::Figure;
use super::importer_distances as distances;
use super::importer_scan::{self, Made, Scan};
use crate::demo::scratch;
use crate::process::{self, repository, target};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Bounds the memory of the importer, MB.
const MEMORY_GOAL: f64 = 2_000.0;
const GLTFPACK: &str = "gltfpack@1.3.0";
/// What the peer makes of the scan.
const MODEL: &str = "gltfpack.glb";
/// The same on a grid twice as coarse: the error of ours lies between both.
const COARSER_MODEL: &str = "gltfpack-coarser.glb";
pub(super) const PEER: &str = "gltfpack 1.3";

/// How much is measured.
#[derive(clap::Args)]
pub struct Args {
    /// Triangles of the scan with coloured vertices, millions.
    #[arg(long, default_value_t = 1.0)]
    millions: f64,
    /// Leaves the scan with pictures out.
    #[arg(long)]
    no_pictures: bool,
    /// Leaves the distances to the scan out, which take 200 bytes of memory a triangle.
    #[arg(long)]
    no_distances: bool,
    /// Keeps scans and packages, and says where.
    #[arg(long)]
    keep: bool,
}

/// What a process cost.
#[derive(Clone, Copy, Debug)]
struct Cost {
    cpu: f64,
    wall: f64,
    peak_mb: f64,
}

/// Measures, and prints a table and the figures.
pub fn run(args: &Args) -> Result<()> {
    super::programs()?;
    let gltfpack = gltfpack()?;
    let folder = scratch("bench-importer")?;
    let triangles = (args.millions * 1e6) as u64;
    let finest = colored(Scan { triangles, has_pictures: false }, &folder, &gltfpack)?;
    if !args.no_distances {
        distances::measure(&folder, &[MODEL, COARSER_MODEL], finest)?;
    }
    if !args.no_pictures {
        pictured(Scan { triangles: triangles.min(1_000_000), has_pictures: true }, &folder)?;
    }
    if args.keep {
        println!("kept in {}", folder.display());
        return Ok(());
    }
    Ok(std::fs::remove_dir_all(&folder)?)
}

/// Geometry with colours at its vertices: the scan that both can pack.
///
/// Gives the bytes of the finest level.
fn colored(scan: Scan, folder: &Path, gltfpack: &Path) -> Result<f64> {
    let input = folder.join("colored.glb");
    let made = importer_scan::write(scan, &input)?;
    let (ours, report) = import(&input, &folder.join("colored"))?;
    let figures = &report["figures"];
    let number = |name: &str| figures[name].as_f64().with_context(|| format!("the report has no {name}"));
    let (finest, all) = (number("finest_bytes")?, number("tiles_bytes")?);
    // It can hold no more than a WebAssembly program may, which is less than the largest scans need.
    let bits = position_bits(&made);
    let theirs = peer(gltfpack, bits, folder, MODEL).inspect_err(|error| println!("{PEER}: {error:#}")).ok();
    if theirs.is_some() {
        peer(gltfpack, bits - 1, folder, COARSER_MODEL)?;
    }

    let millions = made.triangles as f64 * 1e-6;
    println!(
        "{:.2} M triangles with coloured vertices, {:.1} m wide, grid {:.2} mm",
        millions,
        made.extent,
        grid_step(&made) * 1e3
    );
    println!(
        "  {:<22}{:>12}{:>12}{:>12}{:>14}{:>16}",
        "", "CPU s", "wall s", "peak MB", "MB", "bytes/triangle"
    );
    let row = |name: &str, cost: Cost, bytes: f64| {
        println!(
            "  {name:<22}{:>12.2}{:>12.2}{:>12.0}{:>14.2}{:>16.2}",
            cost.cpu,
            cost.wall,
            cost.peak_mb,
            bytes * 1e-6,
            bytes / made.triangles as f64
        );
    };
    row("importer, finest", ours, finest);
    row("importer, all levels", ours, all);
    if let Some((cost, bytes)) = theirs {
        row(&format!("{PEER} -vp {bits}"), cost, bytes);
    }
    steps(&report);

    let speed = |cost: Cost| millions / cost.cpu;
    let cost = theirs.map(|(cost, _)| cost);
    more("importer.mtri_per_core_s", speed(ours), "Mtri/s/core", 0.5, cost.map(speed));
    less("importer.peak_mb", ours.peak_mb, "MB", MEMORY_GOAL, cost.map(|cost| cost.peak_mb));
    if let Some((_, packed)) = theirs {
        less("importer.finest_ratio_to_gltfpack", finest / packed, "", 1.0, Some(1.0));
        less("importer.hierarchy_ratio_to_gltfpack", all / packed, "", 1.5, Some(1.0));
    }
    Ok(finest)
}

/// What gltfpack costs with a grid of so many bits, and the bytes of what it makes.
fn peer(gltfpack: &Path, bits: u32, folder: &Path, model: &str) -> Result<(Cost, f64)> {
    let output = folder.join(model);
    let mut command = Command::new("node");
    command.arg(gltfpack).arg("-i").arg(folder.join("colored.glb")).arg("-o").arg(&output);
    command.args(["-cc", "-vp", &bits.to_string()]);
    let cost = measured(&command, &folder.join("gltfpack.out"))?;
    Ok((cost, std::fs::metadata(&output)?.len() as f64))
}

/// The scan with pictures: what textures cost, by the importer's own meter.
fn pictured(scan: Scan, folder: &Path) -> Result<()> {
    let input = folder.join("pictured.glb");
    let made = importer_scan::write(scan, &input)?;
    let (ours, report) = import(&input, &folder.join("pictured"))?;
    let tiles = report["steps"].as_array().into_iter().flatten().find(|step| step["step"] == "tiles");
    let textures = tiles.and_then(|step| step["parts_cpu_seconds"]["textures"].as_f64());
    let textures = textures.context("the report does not say what textures cost")?;
    let list = report["figures"]["tiles"].as_array().context("the report lists no tiles")?;
    let pixels: f64 = list.iter().filter_map(|tile| tile["pixels"].as_f64()).sum();
    let bytes: f64 = list.iter().filter_map(|tile| tile["picture_bytes"].as_f64()).sum();
    println!(
        "{:.2} M triangles with {:.1} Mpixel of pictures",
        made.triangles as f64 * 1e-6,
        made.pixels as f64 * 1e-6
    );
    println!(
        "  {:.1} CPU s, {:.1} s, peak {:.0} MB; textures {textures:.1} CPU s for {:.1} Mpixel in {} tiles, {:.2} MB",
        ours.cpu,
        ours.wall,
        ours.peak_mb,
        pixels * 1e-6,
        list.len(),
        bytes * 1e-6
    );
    steps(&report);
    let figure = Figure {
        name: "importer.texture_mpixel_per_core_s",
        measured: pixels * 1e-6 / textures,
        unit: "Mpixel/s/core",
        goal: None,
        peer: None,
    };
    println!("{}", figure.line_where_more_is_better());
    less("importer.textured_peak_mb", ours.peak_mb, "MB", MEMORY_GOAL, None);
    Ok(())
}

fn steps(report: &Value) {
    for step in report["steps"].as_array().into_iter().flatten() {
        let seconds = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
        let parts = step["parts_cpu_seconds"].as_object().into_iter().flatten();
        let parts: Vec<String> =
            parts.map(|(name, cpu)| format!("{name} {:.2}", cpu.as_f64().unwrap_or(f64::NAN))).collect();
        let name = step["step"].as_str().unwrap_or("?");
        println!(
            "    {name:<12}{:>8.2} CPU s{:>8.2} s  {}",
            seconds(&step["cpu_seconds"]),
            seconds(&step["seconds"]),
            parts.join(", ")
        );
    }
}

fn less(name: &str, measured: f64, unit: &str, goal: f64, peer: Option<f64>) {
    let figure = Figure { name, measured, unit, goal: Some(goal), peer: peer.map(|value| (PEER, value)) };
    println!("{}", figure.line());
}

fn more(name: &str, measured: f64, unit: &str, goal: f64, peer: Option<f64>) {
    let figure = Figure { name, measured, unit, goal: Some(goal), peer: peer.map(|value| (PEER, value)) };
    println!("{}", figure.line_where_more_is_better());
}

/// Metres of a step of the importer's grid: docs/venue-package.md, how tiles are packed.
fn grid_step(made: &Made) -> f64 {
    f64::from((made.extent.log2().floor() as i32 - 14).min(-10)).exp2()
}

/// gltfpack's grid has two to this power steps over the whole extent: the fewest bits that are no coarser than ours.
fn position_bits(made: &Made) -> u32 {
    (made.extent / grid_step(made)).log2().ceil() as u32
}

fn import(input: &Path, into: &Path) -> Result<(Cost, Value)> {
    let mut command = Command::new(target().join("release/venue-importer"));
    command.arg("import").arg(input).arg("--into").arg(into).args(["--force", "--json"]);
    let log = into.with_extension("json");
    let cost = measured(&command, &log)?;
    let text = std::fs::read_to_string(&log)?;
    let last = text.lines().last().context("the importer printed nothing")?;
    Ok((cost, serde_json::from_str(last).context("the importer's last line is no report")?))
}

/// Runs a program, its output in a file, and gives what the system says that it used.
fn measured(command: &Command, output: &Path) -> Result<Cost> {
    // Python tells what children used; Rust's library does not.
    let script = "import json, resource, subprocess, sys, time\n\
                  began = time.monotonic()\n\
                  code = subprocess.call(sys.argv[2:], stdout=open(sys.argv[1], 'w'))\n\
                  used = resource.getrusage(resource.RUSAGE_CHILDREN)\n\
                  print(json.dumps([code, used.ru_utime + used.ru_stime, time.monotonic() - began, used.ru_maxrss]))";
    let mut python = Command::new("python3");
    python.args(["-c", script]).arg(output).arg(command.get_program()).args(command.get_args());
    let answer: [f64; 4] = serde_json::from_str(&process::output(python.current_dir(repository()))?)?;
    let [code, cpu, wall, kib] = answer;
    ensure!(code == 0.0, "{} failed: {}", command.get_program().display(), std::fs::read_to_string(output)?);
    Ok(Cost { cpu, wall, peak_mb: kib * 1024.0 * 1e-6 })
}

/// The peer, installed beside the other tools.
fn gltfpack() -> Result<PathBuf> {
    let folder = target().join("tools/gltfpack");
    let program = folder.join("node_modules/gltfpack/cli.js");
    if !program.is_file() {
        std::fs::create_dir_all(&folder)?;
        let options =
            ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", GLTFPACK];
        process::run(Command::new("npm").args(options).arg("--prefix").arg(&folder).current_dir(&folder))?;
    }
    ensure!(program.is_file(), "{GLTFPACK} was installed, but {} is not there", program.display());
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peer_s_grid_is_no_coarser_than_ours() {
        for extent in [0.3, 7.9, 14.0, 120.0] {
            let made = Made { triangles: 1, pixels: 0, extent };
            let theirs = extent / f64::from(position_bits(&made)).exp2();
            assert!(theirs <= grid_step(&made) && theirs > grid_step(&made) * 0.49, "{extent}");
        }
    }

    #[test]
    fn a_process_s_time_and_memory_are_measured_and_its_failure_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("out");
        let mut command = Command::new("python3");
        command.args(["-c", "print(sum(range(3000000)), len(bytearray(50 << 20)))"]);
        let cost = measured(&command, &output).unwrap();
        assert!(cost.cpu > 0.0 && cost.wall > 0.0 && cost.peak_mb > 50.0, "{cost:?}");
        assert!(std::fs::read_to_string(&output).unwrap().starts_with("4499998500000"));
        assert!(measured(&Command::new("false"), &output).is_err());
    }
}
