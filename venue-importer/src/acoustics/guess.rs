//! What each cell's surface is probably made of, seen from above, from the side and from below.
//!
//! In this order: what the modeler says, words in names, else colour and place. How sure a guess is goes into the report.

use super::cells::{Cell, Cells};
use super::floor::Floor;
use super::materials::{self, GENERIC};
use super::rules::{Facing, Rules};
use super::surfaces::Surface;
use glam::Vec3;
use rustc_hash::FxHashMap;
use venue_package::{AcousticMaterial, limits};

/// What reaches higher than this over the floor is no furniture, metres.
const FURNITURE: f32 = 1.7;
/// What faces up and lies no farther from the floor is floor, metres.
const FLOOR: f32 = 0.3;
/// Heights of things are looked for in columns so many cells wide: noisy walls stay whole.
const COLUMN: i32 = 3;

/// A guess.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Guess {
    /// Index into the palette.
    pub(crate) material: u8,
    /// 0 to 1.
    pub(crate) confidence: f32,
    pub(crate) why: Why,
}

/// Why something is taken for a material.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Why {
    /// The modeler marked the place.
    Marked,
    /// The modeler named it.
    Said,
    /// By words in names.
    Named,
    /// By its colour where it is.
    Colour,
    /// By where it is alone.
    Place,
}

impl Why {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Marked => "marked",
            Self::Said => "said",
            Self::Named => "by name",
            Self::Colour => "by colour",
            Self::Place => "by place",
        }
    }
}

/// The materials that a space uses.
#[derive(Clone, Debug, Default)]
pub(crate) struct Palette {
    pub(crate) materials: Vec<AcousticMaterial>,
}

impl Palette {
    /// The number of a material; when there are too many or it is unknown, that of the first.
    fn number(&mut self, name: &str, rules: &Rules) -> u8 {
        if let Some(at) = self.materials.iter().position(|material| material.name == name) {
            return at as u8;
        }
        match rules.material(name).or_else(|| materials::by_name(GENERIC)) {
            Some(material) if self.materials.len() < limits::ACOUSTIC_MATERIALS => {
                self.materials.push(material);
                self.materials.len() as u8 - 1
            }
            _ => 0,
        }
    }
}

/// Guesses for each cell in the order of the list, by [`Facing`].
pub(crate) fn guesses(
    cells: &Cells,
    sorted: &[([i32; 3], Cell)],
    floor: &Floor,
    surfaces: &[Surface],
    rules: &Rules,
    palette: &mut Palette,
) -> Vec<[Guess; 3]> {
    let tops = tops(cells, sorted);
    let told: Vec<Option<(&'static str, f32)>> = surfaces.iter().map(by_names).collect();
    let nothing = Surface::default();
    sorted
        .iter()
        .map(|(key, cell)| {
            let place = cell.middle(cells.origin);
            let surface = surfaces.get(cell.surface as usize).unwrap_or(&nothing);
            let told = told.get(cell.surface as usize).copied().flatten();
            let top = tops.get(key).copied().unwrap_or(place.y);
            Facing::ALL.map(|facing| {
                let (name, confidence, why) = match rules.find(&surface.names, place, facing) {
                    Some((name, true)) => (name, 1.0, Why::Marked),
                    Some((name, false)) => (name, 1.0, Why::Said),
                    None => match (&surface.said, told) {
                        (Some(name), _) => (name.as_str(), 1.0, Why::Said),
                        (None, Some((name, confidence))) => (name, confidence, Why::Named),
                        (None, None) => by_place(place, top, floor.below(place), facing, cell.mean_color()),
                    },
                };
                Guess { material: palette.number(name, rules), confidence, why }
            })
        })
        .collect()
}

/// The material's own name says most; nodes are often named for what stands in them.
fn by_names(surface: &Surface) -> Option<(&'static str, f32)> {
    let sure = |at: usize| [0.85, 0.75].get(at).copied().unwrap_or(0.5);
    let told =
        surface.names.iter().enumerate().find_map(|(at, name)| Some((materials::by_words(name)?, sure(at))));
    told.or_else(|| (surface.is_tinted && surface.opacity < 0.5).then_some(("glass", 0.6)))
}

/// For each cell, how high what it is a part of reaches, metres.
fn tops(cells: &Cells, sorted: &[([i32; 3], Cell)]) -> FxHashMap<[i32; 3], f32> {
    let column = |key: &[i32; 3]| [key[0].div_euclid(COLUMN), key[2].div_euclid(COLUMN), key[1]];
    let mut keys: Vec<([i32; 3], [i32; 3])> = sorted.iter().map(|(key, _)| (column(key), *key)).collect();
    keys.sort_unstable();
    let mut tops = FxHashMap::default();
    let is_next =
        |a: &([i32; 3], [i32; 3]), b: &([i32; 3], [i32; 3])| a.0[..2] == b.0[..2] && b.0[2] - a.0[2] <= 2;
    for run in keys.chunk_by(is_next) {
        let top = run.last().map_or(0.0, |last| cells.origin.y + (last.1[1] + 1) as f32 * cells.side);
        tops.extend(run.iter().map(|(_, key)| (*key, top)));
    }
    tops
}

/// What something is by where it is and what colour it has.
fn by_place(
    place: Vec3,
    top: f32,
    floor: f32,
    facing: Facing,
    color: Option<Vec3>,
) -> (&'static str, f32, Why) {
    let tone = color.map(Tone::of);
    let above = place.y - floor;
    let guess = match facing {
        Facing::Up if above < FLOOR => floor_of(tone),
        Facing::Down if above > FURNITURE => ceiling_of(tone),
        _ if top - floor < FURNITURE => thing_of(tone),
        _ => wall_of(tone),
    };
    (guess.0, guess.1, if tone.is_some() { Why::Colour } else { Why::Place })
}

/// A colour as people name it.
#[derive(Clone, Copy, Debug)]
struct Tone {
    /// Degrees.
    hue: f32,
    saturation: f32,
    /// Of sRGB.
    value: f32,
}

impl Tone {
    fn of(linear: Vec3) -> Self {
        let rgb = linear.max(Vec3::ZERO).min(Vec3::ONE).map(f32::sqrt);
        let (value, least) = (rgb.max_element(), rgb.min_element());
        let range = (value - least).max(1e-6);
        let hue = match rgb.max_position() {
            0 => (rgb.y - rgb.z) / range,
            1 => 2.0 + (rgb.z - rgb.x) / range,
            _ => 4.0 + (rgb.x - rgb.y) / range,
        };
        Self { hue: (hue * 60.0).rem_euclid(360.0), saturation: range / value.max(1e-6), value }
    }

    fn is_brown(self) -> bool {
        (12.0..50.0).contains(&self.hue) && self.saturation > 0.25 && self.value > 0.12
    }
}

fn floor_of(tone: Option<Tone>) -> (&'static str, f32) {
    match tone {
        None => (GENERIC, 0.2),
        Some(tone) if tone.is_brown() => ("wood", 0.4),
        Some(tone) if tone.saturation > 0.3 => ("carpet", 0.4),
        Some(tone) if tone.value > 0.6 => ("stone", 0.35),
        Some(_) => ("carpet", 0.3),
    }
}

fn ceiling_of(tone: Option<Tone>) -> (&'static str, f32) {
    match tone {
        None => ("ceiling tiles", 0.2),
        Some(tone) if tone.is_brown() => ("wood", 0.4),
        // Rooms where people meet mostly have ceilings that absorb.
        Some(tone) if tone.saturation < 0.25 && tone.value > 0.5 => ("ceiling tiles", 0.3),
        Some(_) => ("plaster", 0.25),
    }
}

fn wall_of(tone: Option<Tone>) -> (&'static str, f32) {
    match tone {
        None => ("plaster", 0.3),
        Some(tone) if tone.is_brown() => ("wood", 0.4),
        Some(tone) if tone.saturation < 0.25 && tone.value > 0.5 => ("plaster", 0.5),
        Some(_) => ("plaster", 0.3),
    }
}

fn thing_of(tone: Option<Tone>) -> (&'static str, f32) {
    match tone {
        None => ("furniture", 0.25),
        Some(tone) if tone.is_brown() => ("wood", 0.35),
        Some(tone) if tone.saturation > 0.35 || tone.value < 0.25 => ("upholstery", 0.3),
        Some(_) => ("furniture", 0.3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_and_place_tell_a_material() {
        let white = Vec3::splat(0.7);
        let brown = Vec3::new(0.2, 0.105, 0.055);
        let blue = Vec3::new(0.02, 0.1, 0.24);
        let check = |height: f32, top: f32, facing: Facing, color: Option<Vec3>, expected: &str| {
            let (name, confidence, why) = by_place(Vec3::Y * (height + 5.0), top + 5.0, 5.0, facing, color);
            assert_eq!(name, expected, "{height} {top} {facing:?} {color:?}");
            assert!((0.1..0.6).contains(&confidence));
            assert_eq!(why, if color.is_some() { Why::Colour } else { Why::Place });
        };
        check(0.0, 0.0, Facing::Up, Some(brown), "wood");
        check(0.0, 0.0, Facing::Up, Some(blue), "carpet");
        check(0.0, 0.0, Facing::Up, Some(white), "stone");
        check(0.0, 0.0, Facing::Up, None, GENERIC);
        check(2.8, 2.8, Facing::Down, Some(white), "ceiling tiles");
        check(0.5, 2.8, Facing::Side, Some(white), "plaster");
        check(0.5, 2.8, Facing::Side, Some(brown), "wood");
        check(0.45, 0.9, Facing::Up, Some(blue), "upholstery");
        check(0.7, 0.75, Facing::Down, Some(brown), "wood");
        check(2.3, 2.8, Facing::Side, None, "plaster");
    }

    #[test]
    fn names_go_before_colours_and_what_lets_light_through_is_glass() {
        let surface = |names: &[&str], opacity: f32| Surface {
            names: names.iter().map(|&name| name.to_owned()).collect(),
            is_tinted: true,
            opacity,
            ..Surface::default()
        };
        assert_eq!(by_names(&surface(&["oak", "carpet"], 1.0)), Some(("wood", 0.85)));
        assert_eq!(by_names(&surface(&["m1", "carpet"], 1.0)), Some(("carpet", 0.75)));
        assert_eq!(by_names(&surface(&["m1", "n", "Curtains"], 1.0)), Some(("curtain", 0.5)));
        assert_eq!(by_names(&surface(&["m1"], 0.1)), Some(("glass", 0.6)));
        assert_eq!(by_names(&surface(&["m1"], 1.0)), None);
    }
}
