//! What surfaces may be made of, and by which words in names they are known.
//!
//! Absorption is the mean of published octaves (125 to 500 Hz, 1 to 4 kHz, and beyond), as textbooks of room acoustics
//! have them; transmission is that of the thing as it usually stands in a building.

use venue_package::AcousticMaterial;
use venue_package::acoustics::BANDS;

/// Words of a name that tell a material, whole or as a word's beginning.
struct Known {
    name: &'static str,
    absorption: [f32; BANDS],
    scattering: f32,
    transmission: [f32; BANDS],
    words: &'static [&'static str],
}

/// The materials that are known by name. Where words of two are in a name, the first in this list counts.
const TABLE: &[Known] = &[
    known("carpet", [0.1, 0.45, 0.65], 0.3, WALL, &["carpet", "rug", "moquette", "teppich", "alfombra"]),
    known(
        "curtain",
        [0.25, 0.65, 0.7],
        0.4,
        [0.6, 0.3, 0.15],
        &["curtain", "drape", "rideau", "vorhang", "cortina", "velvet"],
    ),
    known(
        "acoustic panel",
        [0.4, 0.85, 0.85],
        0.3,
        [0.1, 0.05, 0.02],
        &["acoustic", "felt", "foam", "baffle", "absorber", "cork"],
    ),
    known(
        "glass",
        [0.18, 0.04, 0.03],
        0.05,
        [3e-3, 6e-4, 3e-4],
        &["glass", "window", "vitre", "verre", "glas"],
    ),
    known(
        "upholstery",
        [0.25, 0.55, 0.6],
        0.6,
        [0.1, 0.03, 0.01],
        &[
            "upholster",
            "fabric",
            "cloth",
            "sofa",
            "couch",
            "armchair",
            "cushion",
            "textile",
            "leather",
            "tissu",
        ],
    ),
    known("slats", [0.2, 0.35, 0.35], 0.7, [0.1, 0.05, 0.03], &["slat", "lamella", "louvre", "louver"]),
    known(
        "wood",
        [0.15, 0.08, 0.08],
        0.15,
        [3e-3, 1.5e-3, 1e-3],
        &[
            "wood", "walnut", "oak", "pine", "beech", "maple", "parquet", "plywood", "timber", "bois",
            "holz", "madera", "bamboo", "veneer", "mdf", "laminate",
        ],
    ),
    known(
        "metal",
        [0.05, 0.05, 0.05],
        0.1,
        [1e-3, 2e-4, 1e-4],
        &["metal", "steel", "brass", "iron", "alumin", "copper", "chrome", "bronze", "gold"],
    ),
    known(
        "concrete",
        [0.02, 0.03, 0.04],
        0.1,
        [1e-4, 1e-5, 1e-6],
        &["concrete", "cement", "beton", "béton", "hormig"],
    ),
    known("brick", [0.03, 0.05, 0.07], 0.2, [1e-4, 1e-5, 1e-6], &["brick", "brique", "ladrillo", "ziegel"]),
    known(
        "stone",
        [0.01, 0.02, 0.03],
        0.1,
        [1e-4, 1e-5, 1e-6],
        &[
            "stone",
            "marble",
            "granite",
            "tile",
            "terrazzo",
            "ceramic",
            "slate",
            "pierre",
            "marbre",
            "piedra",
            "porcelain",
            "travertine",
        ],
    ),
    known(
        "plaster",
        [0.1, 0.06, 0.05],
        0.1,
        WALL,
        &["plaster", "gypsum", "drywall", "stucco", "paint", "plâtre", "putz"],
    ),
    known("paper", [0.1, 0.2, 0.25], 0.2, [0.3, 0.1, 0.05], &["book", "paper", "poster", "papier"]),
    known(
        "plants",
        [0.1, 0.3, 0.4],
        0.8,
        [0.8, 0.6, 0.4],
        &["plant", "leaf", "leaves", "foliage", "tree", "grass"],
    ),
    known(
        "plastic",
        [0.06, 0.06, 0.06],
        0.2,
        [0.02, 0.01, 0.005],
        &["plastic", "vinyl", "linoleum", "rubber", "acrylic"],
    ),
    known("water", [0.01, 0.02, 0.02], 0.1, [1e-3, 1e-3, 1e-3], &["water", "pool"]),
    known("soil", [0.2, 0.5, 0.6], 0.6, [1e-5, 1e-6, 1e-6], &["soil", "terrain", "gravel", "sand"]),
    known("ceiling tiles", [0.4, 0.65, 0.6], 0.2, [0.01, 3e-3, 1e-3], &[]),
    known("furniture", [0.15, 0.2, 0.2], 0.6, [0.02, 0.01, 5e-3], &[]),
    known(GENERIC, [0.1, 0.15, 0.18], 0.2, WALL, &[]),
];

/// What is taken when nothing is known.
pub(crate) const GENERIC: &str = "unknown";
/// A light wall between two rooms.
const WALL: [f32; BANDS] = [1e-3, 1e-4, 3e-5];

const fn known(
    name: &'static str,
    absorption: [f32; BANDS],
    scattering: f32,
    transmission: [f32; BANDS],
    words: &'static [&'static str],
) -> Known {
    Known { name, absorption, scattering, transmission, words }
}

/// The names of all known materials.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|known| known.name)
}

/// The material of this name.
pub(crate) fn by_name(name: &str) -> Option<AcousticMaterial> {
    TABLE.iter().find(|known| known.name == name).map(|known| AcousticMaterial {
        name: known.name.to_owned(),
        absorption: known.absorption,
        scattering: known.scattering,
        transmission: known.transmission,
    })
}

/// The material that the words of a name tell.
pub(crate) fn by_words(name: &str) -> Option<&'static str> {
    let words = words(name);
    let is_told = |known: &&Known| {
        words.iter().any(|word| {
            let tells = |told: &&&str| if told.len() < 4 { word == **told } else { word.starts_with(**told) };
            known.words.iter().find(tells).is_some()
        })
    };
    TABLE.iter().find(is_told).map(|known| known.name)
}

/// Lower-case words: they end at what is no letter, and before a capital that follows a small letter.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in name.chars() {
        if !letter.is_alphabetic() || (was_small && letter.is_uppercase()) {
            words.push(String::new());
        }
        if letter.is_alphabetic() {
            words.last_mut().into_iter().for_each(|word| word.extend(letter.to_lowercase()));
        }
        was_small = letter.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_material_is_a_good_one_and_found_by_its_name() {
        for name in names() {
            let material = by_name(name).unwrap();
            assert_eq!((material.check(), material.name.as_str()), (Ok(()), name));
        }
        assert!(by_name(GENERIC).is_some());
        let mut all: Vec<_> = names().collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), TABLE.len(), "no name is there twice");
    }

    #[test]
    fn materials_are_known_by_words_in_names() {
        let check = |name: &str, expected: Option<&str>| assert_eq!(by_words(name), expected, "{name}");
        check("Carpet_Blue.001", Some("carpet"));
        check("lobbyGlassFront", Some("glass"));
        check("OAK floor", Some("wood"));
        check("Béton brut", Some("concrete"));
        check("soaked", None);
        check("popov-hall-shell", None);
        check("material_17", None);
        check("carpet on wood", Some("carpet"));
        check("", None);
    }
}
