//! What the modeler says of materials: coefficients of their own, and which surfaces are of what.

use super::materials;
use glam::{Mat4, Vec3};
use venue_package::AcousticMaterial;

/// Everything that was said.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rules {
    /// Go before known ones of the same name.
    pub(crate) materials: Vec<AcousticMaterial>,
    /// A later one goes before an earlier one.
    pub(crate) surfaces: Vec<SurfaceRule>,
}

/// Which surfaces are of which material; all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SurfaceRule {
    /// Pattern on the names of material and nodes; `*` stands for anything.
    pub(crate) named: Option<String>,
    /// From the building frame into a cube of -1 to 1 each way.
    pub(crate) cube_from_building: Option<Mat4>,
    /// Which way the surface looks.
    pub(crate) facing: Option<Facing>,
    pub(crate) material: String,
}

/// Which way a surface looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Facing {
    Up,
    Side,
    Down,
}

impl Facing {
    /// In the order of their numbers.
    pub(crate) const ALL: [Self; 3] = [Self::Up, Self::Side, Self::Down];

    /// Of a normal.
    pub(crate) fn of(normal: Vec3) -> Self {
        match normal.y / normal.length().max(f32::MIN_POSITIVE) {
            y if y > 0.6 => Self::Up,
            y if y < -0.6 => Self::Down,
            _ => Self::Side,
        }
    }
}

impl Rules {
    /// The material of this name.
    pub(crate) fn material(&self, name: &str) -> Option<AcousticMaterial> {
        let own = self.materials.iter().rev().find(|material| material.name == name).cloned();
        own.or_else(|| materials::by_name(name))
    }

    /// What was said of a surface, and whether it was said of its place.
    pub(crate) fn find(&self, names: &[String], place: Vec3, facing: Facing) -> Option<(&str, bool)> {
        let holds = |rule: &&SurfaceRule| {
            rule.facing.is_none_or(|wanted| wanted == facing)
                && rule.named.as_ref().is_none_or(|pattern| names.iter().any(|name| matches(pattern, name)))
                && rule
                    .cube_from_building
                    .is_none_or(|cube| cube.transform_point3(place).abs().max_element() <= 1.0)
        };
        let rule = self.surfaces.iter().rev().find(holds)?;
        Some((&rule.material, rule.cube_from_building.is_some()))
    }
}

/// Whether a name is as the pattern says, capitals or not; `*` stands for any letters or none.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_lowercase(), name.to_lowercase());
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(start) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        match left.split_once(part) {
            Some((_, after)) => left = after,
            None => return false,
        }
    }
    left.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_names() {
        let check = |pattern: &str, name: &str, expected: bool| {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        };
        check("carpet", "Carpet", true);
        check("carpet", "carpet.001", false);
        check("carpet*", "carpet.001", true);
        check("*wall*", "hall-wall-3", true);
        check("*wall", "hall-wall-3", false);
        check("a*b*c", "a-c-b-b-c", true);
        check("a*b*c", "a-c-b-b", false);
        check("xy*yx", "xyx", false);
        check("*", "", true);
        check("**x", "yx", true);
    }

    #[test]
    fn the_last_rule_that_holds_counts() {
        let named = |pattern: &str, material: &str| SurfaceRule {
            named: Some(pattern.into()),
            material: material.into(),
            ..SurfaceRule::default()
        };
        let here = SurfaceRule {
            cube_from_building: Some(Mat4::from_scale(Vec3::splat(0.5))),
            facing: Some(Facing::Up),
            material: "wood".into(),
            ..SurfaceRule::default()
        };
        let rules = Rules {
            materials: Vec::new(),
            surfaces: vec![here, named("*", "stone"), named("lamp*", "glass")],
        };
        let names = ["white".to_owned(), "lamp 3".to_owned()];
        assert_eq!(rules.find(&names, Vec3::ZERO, Facing::Up), Some(("glass", false)));
        assert_eq!(rules.find(&names[..1], Vec3::ZERO, Facing::Up), Some(("stone", false)));
        let rules = Rules { surfaces: rules.surfaces[..1].to_vec(), ..rules };
        assert_eq!(rules.find(&names, Vec3::ONE, Facing::Up), Some(("wood", true)));
        assert_eq!(rules.find(&names, Vec3::ONE * 2.1, Facing::Up), None);
        assert_eq!(rules.find(&names, Vec3::ONE, Facing::Side), None);
    }
}
