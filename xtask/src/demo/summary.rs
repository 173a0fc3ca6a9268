//! The page beside the pictures: what was shown and what was measured.

use super::tour::Proof;
use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::path::Path;

/// What one tour measured.
pub struct Figures {
    /// From the server's start to its ports being open, seconds.
    pub opened_secs: f64,
    /// The whole tour, seconds.
    pub tour_secs: f64,
    /// The server's own list of events with its sums.
    pub events: String,
    /// One for each picture with the other delegate on it.
    pub proofs: Vec<Proof>,
    /// What the camera's client said of its tiles at the last of them.
    pub streaming: String,
}

/// Writes `summary.md`.
pub fn write(out: &Path, figures: &Figures) -> Result<()> {
    let mut page = String::from("# A tour of the sample venue\n\n");
    writeln!(page, "One server process, two client processes, QUIC over loopback, software rendering.\n")?;
    writeln!(
        page,
        "| picture | space | pixels of the other delegate | of its head | head seen beside its pose: right, up, away | \
         pose beside the truth |"
    )?;
    writeln!(page, "|---|---|---|---|---|---|")?;
    for proof in &figures.proofs {
        let Proof { picture, space, pixels, head_pixels, .. } = proof;
        let [right, up, away] = proof.offset_metres.map(|metres| metres * 1e3);
        let pose = proof.pose_error_metres * 1e3;
        let seen = format!("{right:.1}, {up:.1}, {away:.1} mm");
        writeln!(
            page,
            "| ![]({picture}.png) | {space} | {pixels} | {head_pixels} | {seen} | {pose:.1} mm |"
        )?;
    }
    writeln!(page, "| ![](panel-ar.png) | the menu in Arabic | | | | |\n")?;
    writeln!(page, "- The server was open after {:.2} s.", figures.opened_secs)?;
    writeln!(page, "- The tour took {:.1} s.", figures.tour_secs)?;
    writeln!(page, "- The server's sums: `{}`", figures.events.trim())?;
    writeln!(page, "- The camera's tiles at the last picture: `{}`", figures.streaming)?;
    std::fs::write(out.join("summary.md"), page).context("cannot write summary.md")
}
