//! What an appearance means: colours of skin and clothes, by the names of the avatar's materials.

use glam::Vec3;
use venue_protocol::Appearance;

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

/// Factors on the material's own colour, linear.
const SKIN: [[f32; 3]; 6] = [
    [1.0, 1.0, 1.0],
    [0.86, 0.76, 0.68],
    [0.68, 0.54, 0.44],
    [0.48, 0.36, 0.28],
    [0.32, 0.22, 0.17],
    [0.94, 0.84, 0.74],
];

const CLOTHING: [[f32; 3]; 8] = [
    [1.0, 1.0, 1.0],
    [0.35, 0.75, 1.9],
    [1.7, 0.45, 0.45],
    [0.45, 1.4, 0.65],
    [1.6, 1.3, 0.7],
    [1.2, 0.6, 1.6],
    [2.2, 2.2, 2.2],
    [0.5, 0.5, 0.55],
];

impl Part {
    /// The part that a material of this name colours.
    pub fn of_material(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        let is_any = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if is_any(&["skin", "face"]) {
            Self::Skin
        } else if is_any(&["cloth", "suit", "jacket", "dress", "robe"]) {
            Self::Clothing
        } else {
            Self::Other
        }
    }

    /// The factor on the material's colour.
    pub fn tint(self, appearance: Appearance) -> Vec3 {
        let choose = |list: &[[f32; 3]], index: u8| Vec3::from(list[usize::from(index) % list.len()]);
        match self {
            Self::Skin => choose(&SKIN, appearance.skin),
            Self::Clothing => choose(&CLOTHING, appearance.clothing),
            Self::Other => Vec3::ONE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_means_a_colour() {
        let appearance = Appearance { avatar: 255, clothing: 255, skin: 255 };
        assert!(Part::of_material("Suit").tint(appearance).is_finite());
        assert_eq!(Part::of_material("Shoes").tint(appearance), Vec3::ONE);
    }
}
