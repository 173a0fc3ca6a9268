//! How far the levels that the importer made lie from the scan, and gltfpack's model beside them: the two are comparable
//! in size only where they are as exact.

use super::figure::Figure;
use super::importer::PEER;
use crate::process::{self, target};
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Measures by the importer's own command, prints its table and the figures.
pub(super) fn measure(scan: &Path, package: &Path, model: &Path) -> Result<()> {
    let mut command = Command::new(target().join("release/venue-importer"));
    command.arg("deviation").arg(scan).arg("--package").arg(package).arg("--model").arg(model).arg("--json");
    let found: Value = serde_json::from_str(&process::output(&mut command)?)?;
    let rows = found["rows"].as_array().context("the importer compared nothing")?;
    println!("distances to the scan both ways, millimetres, the worse way");
    println!("  {:<22}{:>12}{:>10}{:>10}{:>10}{:>10}", "", "triangles", "mean", "p99", "max", "promised");
    for row in rows {
        let name = row["level"].as_u64().map_or_else(|| PEER.to_owned(), |level| format!("level {level}"));
        let [mean, p99, max] = ["mean_mm", "p99_mm", "max_mm"].map(|what| worse(row, what));
        let promised = row["promised_mm"].as_f64().unwrap_or(f64::NAN);
        println!("  {name:<22}{:>12}{mean:>10.3}{p99:>10.3}{max:>10.3}{promised:>10.2}", row["triangles"]);
    }
    let finest = rows.iter().find(|row| row["level"] == 0).context("there is no finest level")?;
    let theirs =
        rows.iter().find(|row| row["level"].is_null()).context("the other model has no triangles")?;
    for (name, what) in [
        ("importer.finest_error_mm_mean", "mean_mm"),
        ("importer.finest_error_mm_p99", "p99_mm"),
        ("importer.finest_error_mm_max", "max_mm"),
    ] {
        let peer = Some((PEER, worse(theirs, what)));
        println!("{}", Figure { name, measured: worse(finest, what), unit: "mm", goal: None, peer }.line());
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

/// The worse of the two ways.
fn worse(row: &Value, what: &str) -> f64 {
    let way = |way: &str| row[way][what].as_f64().unwrap_or(f64::NAN);
    way("to_scan").max(way("from_scan"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worse_way_counts() {
        let row = serde_json::json!({"to_scan": {"p99_mm": 1.5}, "from_scan": {"p99_mm": 0.25}});
        assert!((worse(&row, "p99_mm") - 1.5).abs() < 1e-9);
        assert!(worse(&row, "max_mm").is_nan());
    }
}
