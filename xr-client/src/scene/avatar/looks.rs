//! What an appearance means: which look, and the colours of skin and clothes by the names of the avatars' materials.
//!
//! It must not know bones or draws.

use glam::Vec3;
use venue_package::gltf::Document;
use venue_protocol::Appearance;

/// How many skin tones there are to choose from; the first is the look's own.
pub const SKIN_TONES: u8 = 1 + SKIN.len() as u8;

/// How many colours of clothes there are to choose from; the first is the look's own.
pub const CLOTHING_COLORS: u8 = 1 + CLOTHING.len() as u8;

/// A part of the avatar that has colours to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Skin.
    Skin,
    /// Suit, dress, robe.
    Clothing,
    /// What looks the same on everybody.
    Other,
}

/// Linear, from light to dark.
const SKIN: [[f32; 3]; 7] = [
    [0.76, 0.52, 0.41],
    [0.68, 0.42, 0.30],
    [0.56, 0.33, 0.215],
    [0.44, 0.24, 0.145],
    [0.32, 0.160, 0.090],
    [0.205, 0.098, 0.054],
    [0.115, 0.054, 0.030],
];

/// Linear: navy, charcoal, burgundy, green, teal, plum, sand, light blue, ivory.
const CLOTHING: [[f32; 3]; 9] = [
    [0.022, 0.034, 0.080],
    [0.048, 0.050, 0.055],
    [0.135, 0.018, 0.032],
    [0.030, 0.085, 0.050],
    [0.014, 0.130, 0.145],
    [0.105, 0.035, 0.105],
    [0.380, 0.270, 0.165],
    [0.250, 0.390, 0.560],
    [0.680, 0.650, 0.580],
];

impl Part {
    /// The part that a material of this name colours.
    pub fn of_material(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        let is_any = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if is_any(&["skin", "face"]) {
            Self::Skin
        } else if is_any(&["cloth", "jacket", "robe"]) {
            Self::Clothing
        } else {
            Self::Other
        }
    }

    /// The colour that is chosen for it, linear; none keeps the look's own.
    pub fn chosen(self, appearance: Appearance) -> Option<Vec3> {
        match self {
            Self::Skin => one_of(&SKIN, appearance.skin),
            Self::Clothing => one_of(&CLOTHING, appearance.clothing),
            Self::Other => None,
        }
    }

    /// The factor that turns a material's own colour into the chosen one.
    pub fn tint(self, own: Vec3, appearance: Appearance) -> Vec3 {
        self.chosen(appearance).map_or(Vec3::ONE, |color| color / own.max(Vec3::splat(0.005)))
    }
}

impl Part {
    /// One of the colours to choose from, linear; none for the look's own and beyond the list.
    pub fn color(self, index: u8) -> Option<[f32; 3]> {
        let place = usize::from(index).checked_sub(1)?;
        match self {
            Self::Skin => SKIN.get(place).copied(),
            Self::Clothing => CLOTHING.get(place).copied(),
            Self::Other => None,
        }
    }
}

/// One of a list: the first place keeps what is there, larger numbers begin again.
fn one_of(list: &[[f32; 3]], index: u8) -> Option<Vec3> {
    let place = usize::from(index) % (list.len() + 1);
    Some(Vec3::from(list[place.checked_sub(1)?]))
}

/// How finely a look is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Up to 8,000 triangles, with eyes and lids that move.
    #[default]
    Near,
    /// About a quarter of them.
    Middle,
    /// A few hundred.
    Far,
}

/// A figure taller than this is drawn whole, pixels.
const NEAR_PIXELS: f32 = 190.0;

/// A figure smaller than this is drawn coarsely, pixels.
const FAR_PIXELS: f32 = 60.0;

/// How much beyond its border a size must be before the level changes back.
const HYSTERESIS: f32 = 1.15;

impl Level {
    /// All, from fine to coarse.
    pub const ALL: [Self; 3] = [Self::Near, Self::Middle, Self::Far];

    /// The level for a figure of this height in pixels that was drawn at this level.
    #[must_use]
    pub fn next(self, pixels: f32) -> Self {
        let border = |middle: f32, is_finer: bool| {
            if is_finer { middle / HYSTERESIS } else { middle * HYSTERESIS }
        };
        if pixels > border(NEAR_PIXELS, self == Self::Near) {
            Self::Near
        } else if pixels > border(FAR_PIXELS, self != Self::Far) {
            Self::Middle
        } else {
            Self::Far
        }
    }

    /// Look and level of a mesh's node: `dress`, `dress.middle`, `dress.far`.
    pub fn of_node(name: &str) -> (&str, Self) {
        match name.rsplit_once('.') {
            Some((look, "middle")) => (look, Self::Middle),
            Some((look, "far")) => (look, Self::Far),
            _ => (name, Self::Near),
        }
    }
}

/// Which meshes make up a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookMeshes {
    /// Its name in the file.
    pub name: String,
    /// Mesh of each level; a level that is missing shows the finer one.
    pub meshes: [Option<usize>; 3],
}

impl LookMeshes {
    /// All looks of a file, in its order: that is what numbers on the wire mean.
    pub fn of(document: &Document) -> Vec<Self> {
        let mut looks: Vec<Self> = Vec::new();
        for node in document.nodes.iter().filter(|node| node.skin.is_some()) {
            let (name, level) = Level::of_node(&node.name);
            let place = looks.iter().position(|look| look.name == name).unwrap_or_else(|| {
                looks.push(Self { name: name.to_owned(), meshes: [None; 3] });
                looks.len() - 1
            });
            looks[place].meshes[level as usize] = node.mesh;
        }
        looks
    }

    /// The place of an appearance's look in a list of this many.
    pub fn place(appearance: Appearance, count: usize) -> usize {
        usize::from(appearance.avatar) % count.max(1)
    }
}

/// The names of the looks that come with the program, in the order of their numbers.
#[cfg(test)]
pub fn names_of_program() -> Result<Vec<String>, super::AvatarError> {
    let document = Document::read(super::AVATARS, &venue_package::gltf::Limits::CLIENT)?;
    Ok(LookMeshes::of(&document).into_iter().map(|look| look.name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_means_a_colour_and_nought_the_look_s_own() {
        let all = Appearance { avatar: 255, clothing: 255, skin: 255 };
        let own = Vec3::new(0.3, 0.0, 0.1);
        assert!(Part::of_material("clothing suit").tint(own, all).is_finite());
        assert_eq!(Part::of_material("other").tint(own, all), Vec3::ONE);
        for part in [Part::Skin, Part::Clothing] {
            assert_eq!(part.tint(own, Appearance::default()), Vec3::ONE);
            let again = Appearance { avatar: 0, clothing: CLOTHING_COLORS, skin: SKIN_TONES };
            assert_eq!(part.tint(own, again), Vec3::ONE, "the list begins again");
        }
    }

    #[test]
    fn the_chosen_colour_comes_out_whatever_the_look_s_own_is() {
        let own = Vec3::new(0.5, 0.25, 0.125);
        let chosen = Appearance { avatar: 0, clothing: 0, skin: 1 };
        assert!((own * Part::Skin.tint(own, chosen)).abs_diff_eq(Vec3::from(SKIN[0]), 1e-6));
    }

    #[test]
    fn levels_follow_the_size_and_do_not_flicker_at_a_border() {
        let mut level = Level::Near;
        let mut changes = Vec::new();
        let sizes = (20..400).rev().chain(20..400).map(|pixels| pixels as f32);
        for pixels in sizes {
            let next = level.next(pixels);
            if next != level {
                changes.push((next, pixels));
            }
            level = next;
        }
        let levels: Vec<_> = changes.iter().map(|(level, _)| *level).collect();
        assert_eq!(levels, [Level::Middle, Level::Far, Level::Middle, Level::Near]);
        assert!(changes[0].1 * 1.2 < changes[3].1, "{changes:?}");
        assert!(changes[1].1 * 1.2 < changes[2].1, "{changes:?}");
    }
}
