//! How far the levels that the importer made lie from the scan, and gltfpack's model beside them: the two are comparable
//! in size only where they are as exact.

use super::figure::Figure;
use super::importer::PEER;
use crate::process::{self, target};
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Measures by the importer's own command, prints its table and the figures. The scan, its package and the peer's models lie
/// in one folder; `finest_bytes` has what the finest level takes.
pub(super) fn measure(folder: &Path, models: &[&str], finest_bytes: f64) -> Result<()> {
    let mut command = Command::new(target().join("release/venue-importer"));
    command.arg("deviation").arg(folder.join("colored.glb")).arg("--package").arg(folder.join("colored"));
    command.arg("--json");
    for model in models.iter().map(|model| folder.join(model)).filter(|model| model.is_file()) {
        command.arg("--model").arg(model);
    }
    let found: Value = serde_json::from_str(&process::output(&mut command)?)?;
    let rows = found["rows"].as_array().context("the importer compared nothing")?;
    println!("distances to the scan both ways, millimetres, the worse way");
    println!("  {:<22}{:>12}{:>10}{:>10}{:>10}{:>10}", "", "triangles", "mean", "p99", "max", "promised");
    for row in rows {
        let model = row["model"].as_str().unwrap_or("?");
        let name = row["level"].as_u64().map_or_else(|| model.to_owned(), |level| format!("level {level}"));
        let [mean, p99, max] = ["mean_mm", "p99_mm", "max_mm"].map(|what| worse(row, what));
        let promised = row["promised_mm"].as_f64().unwrap_or(f64::NAN);
        println!("  {name:<22}{:>12}{mean:>10.3}{p99:>10.3}{max:>10.3}{promised:>10.2}", row["triangles"]);
    }
    let finest = rows.iter().find(|row| row["level"] == 0).context("there is no finest level")?;
    let theirs = rows.iter().find(|row| row["level"].is_null());
    for (name, what) in [
        ("importer.finest_error_mm_mean", "mean_mm"),
        ("importer.finest_error_mm_p99", "p99_mm"),
        ("importer.finest_error_mm_max", "max_mm"),
    ] {
        let peer = theirs.map(|theirs| (PEER, worse(theirs, what)));
        println!("{}", Figure { name, measured: worse(finest, what), unit: "mm", goal: None, peer }.line());
    }
    let sizes: Vec<(f64, f64)> = rows
        .iter()
        .filter(|row| row["level"].is_null())
        .filter_map(|row| {
            let bytes = std::fs::metadata(folder.join(row["model"].as_str()?)).ok()?.len();
            Some((worse(row, "p99_mm"), bytes as f64))
        })
        .collect();
    if let [fine, coarse] = sizes[..] {
        let theirs = size_at(worse(finest, "p99_mm"), fine, coarse);
        let name = "importer.finest_ratio_at_equal_error";
        let peer = Some((PEER, 1.0));
        println!(
            "{}",
            Figure { name, measured: finest_bytes / theirs, unit: "", goal: Some(1.0), peer }.line()
        );
    }
    // The finest level promises nothing but its grid.
    let kept = rows
        .iter()
        .filter_map(|row| Some(worse(row, "p99_mm") / row["promised_mm"].as_f64().filter(|p| *p > 0.0)?));
    let figure = Figure {
        name: "importer.level_error_to_promised",
        measured: kept.fold(0.0, f64::max),
        unit: "",
        goal: Some(1.0),
        peer: None,
    };
    println!("{}", figure.line());
    Ok(())
}

/// The size that a model would have at an error, by two models of it, each error and size: every bit of the grid halves the
/// error and adds as many bytes as the one before.
fn size_at(error: f64, fine: (f64, f64), coarse: (f64, f64)) -> f64 {
    let part = (error / fine.0).ln() / (coarse.0 / fine.0).ln();
    fine.1 + (coarse.1 - fine.1) * part
}

/// The worse of the two ways.
fn worse(row: &Value, what: &str) -> f64 {
    let way = |way: &str| row[way][what].as_f64().unwrap_or(f64::NAN);
    way("to_scan").max(way("from_scan"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_lie_between_two_grids_by_the_bits_of_the_error() {
        let (fine, coarse) = ((0.2, 1_000.0), (0.4, 900.0));
        for (error, expected) in [(0.2, 1_000.0), (0.4, 900.0), (0.2 * 2.0_f64.sqrt(), 950.0)] {
            assert!((size_at(error, fine, coarse) - expected).abs() < 1e-6, "{error}");
        }
    }

    #[test]
    fn the_worse_way_counts() {
        let row = serde_json::json!({"to_scan": {"p99_mm": 1.5}, "from_scan": {"p99_mm": 0.25}});
        assert!((worse(&row, "p99_mm") - 1.5).abs() < 1e-9);
        assert!(worse(&row, "max_mm").is_nan());
    }
}
