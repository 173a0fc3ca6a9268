//! What a venue asks of a device, beside what classes of devices have. docs/import-report.md tells where the limits come from.

use crate::report::TileFigures;
use venue_package::{Package, Tileset};

/// Bytes of a pixel on a graphics chip: BC7, or ASTC 4 × 4, and a third more for mips.
const BYTES_OF_PIXEL: f64 = 4.0 / 3.0;
/// The line of docs/performance.md, bytes a second: 20 Mbit/s.
pub(super) const LINE: f64 = 20e6 / 8.0;

/// What a class of devices can hold at a time.
pub(super) struct Class {
    pub(super) name: &'static str,
    texture_bytes: f64,
    triangles: u64,
    /// Bytes that a newcomer waits for gladly, and those that are still borne.
    first_view: [u64; 2],
}

/// From the most to the least modest.
pub(super) const CLASSES: [Class; 3] = [
    Class { name: "Phone", texture_bytes: 200e6, triangles: 300_000, first_view: [1_500_000, 5_000_000] },
    Class {
        name: "Headset, standalone",
        texture_bytes: 300e6,
        triangles: 500_000,
        first_view: [1_500_000, 5_000_000],
    },
    Class { name: "Laptop", texture_bytes: 1e9, triangles: 2_000_000, first_view: [1_500_000, 10_000_000] },
];

/// How a figure stands to a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The finest level fits as a whole.
    Fits,
    /// The coarsest fits; what is finer comes and goes with where one stands.
    Streams,
    /// It is borne, no more.
    Slow,
    /// Not even the coarsest level fits.
    TooMuch,
}

impl Verdict {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::Streams => "streams",
            Self::Slow => "slow",
            Self::TooMuch => "too much",
        }
    }
}

/// What has to be held or fetched.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Demand {
    /// Triangles or surfels.
    pub(super) triangles: u64,
    /// Bytes of pictures on the graphics chip.
    pub(super) texture_bytes: f64,
    /// Bytes of files.
    pub(super) file_bytes: u64,
}

impl Demand {
    fn add(&mut self, tile: &TileFigures) {
        self.triangles += tile.items;
        self.texture_bytes += tile.pixels as f64 * BYTES_OF_PIXEL;
        self.file_bytes += tile.bytes;
    }
}

/// The finest level as a whole, and what a newcomer needs before anything is seen.
pub(super) fn demands(package: &Package, tileset: &Tileset, tiles: &[TileFigures]) -> [Demand; 2] {
    let (mut finest, mut first) = (Demand::default(), Demand::default());
    for (tile, figures) in tileset.tiles.iter().zip(tiles) {
        if figures.level == 0 {
            finest.add(figures);
        }
        if tile.parent.is_none() {
            first.add(figures);
        }
    }
    let manifest = package.manifest();
    let needed = [manifest.tileset, manifest.navigation];
    let files = manifest.files.iter().filter(|file| needed.contains(&file.hash)).map(|file| file.bytes);
    first.file_bytes += package.manifest_bytes().len() as u64 + files.sum::<u64>();
    [finest, first]
}

impl Class {
    /// Triangles, textures, first view: the limit as a modeler reads it, and how this venue stands to it.
    pub(super) fn judge(&self, [finest, first]: &[Demand; 2]) -> [(String, Verdict); 3] {
        let held = |all: bool, least: bool| match (all, least) {
            (true, _) => Verdict::Fits,
            (_, true) => Verdict::Streams,
            _ => Verdict::TooMuch,
        };
        let [quick, borne] = self.first_view;
        let fetched = match first.file_bytes {
            bytes if bytes <= quick => Verdict::Fits,
            bytes if bytes <= borne => Verdict::Slow,
            _ => Verdict::TooMuch,
        };
        let triangles = held(finest.triangles <= self.triangles, first.triangles <= self.triangles);
        let textures =
            held(finest.texture_bytes <= self.texture_bytes, first.texture_bytes <= self.texture_bytes);
        [
            (super::page::count(self.triangles), triangles),
            (format!("{:.0} MB", self.texture_bytes * 1e-6), textures),
            (format!("{:.1} MB", quick as f64 * 1e-6), fetched),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_venue_fits_or_streams_or_is_too_much() {
        let demand = |triangles, megabytes: f64, file_bytes| Demand {
            triangles,
            texture_bytes: megabytes * 1e6,
            file_bytes,
        };
        let check = |finest, first, expected: [&str; 3]| {
            let judged = CLASSES[1].judge(&[finest, first]).map(|(_, verdict)| verdict.word());
            assert_eq!(judged, expected);
        };
        let small = demand(400_000, 250.0, 1);
        let first = demand(20_000, 1.0, 800_000);
        check(small, first, ["fits"; 3]);
        check(demand(9_000_000, 2_000.0, 1), first, ["streams", "streams", "fits"]);
        let heavy = demand(600_000, 400.0, 4_000_000);
        check(heavy, heavy, ["too much", "too much", "slow"]);
        check(heavy, demand(0, 0.0, 6_000_000), ["streams", "streams", "too much"]);
    }

    #[test]
    fn stronger_devices_hold_more() {
        for pair in CLASSES.windows(2) {
            assert!(pair[0].triangles < pair[1].triangles && pair[0].texture_bytes < pair[1].texture_bytes);
        }
    }
}
