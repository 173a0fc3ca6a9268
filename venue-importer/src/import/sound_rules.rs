//! The part `[acoustics]` of a file of places: coefficients of materials, and which surfaces are of what.

use super::placement::{BAD_BOX, cube_of};
use super::places_file::Acoustics;
use crate::acoustics::authored::own_material;
use crate::acoustics::material_names;
use crate::acoustics::rules::{Rules, SurfaceRule};
use crate::extensions;
use std::ops::Range;

/// Most materials, and most rules.
const MOST: usize = 200;

/// The rules that the file gives; what is wrong is told with its place in the text.
pub(super) fn read(said: &Acoustics, wrong: &mut dyn FnMut(&Range<usize>, String)) -> Rules {
    let mut rules = Rules::default();
    for spanned in said.material.iter().take(MOST) {
        let (at, material) = (spanned.span(), spanned.get_ref());
        let given = extensions::Acoustics {
            material: material.name.clone(),
            absorption: material.absorption,
            scattering: material.scattering,
            transmission: material.transmission,
        };
        match own_material(&given) {
            Ok(own) => rules.materials.extend(own),
            Err(what) => wrong(&at, what),
        }
    }
    for spanned in said.surface.iter().take(MOST) {
        let (at, surface) = (spanned.span(), spanned.get_ref());
        let is_marked = surface.min.is_some() || surface.max.is_some() || surface.corners.is_some();
        let cube = cube_of((surface.min, surface.max), surface.corners, surface.depth);
        if is_marked && cube.is_none() {
            wrong(
                &at,
                format!("a surface is marked by min and max ({BAD_BOX}), or by four corners and a depth"),
            );
        }
        if !is_marked && surface.named.is_none() && surface.facing.is_none() {
            wrong(&at, "say which surfaces: named, facing, min and max, or corners".into());
        }
        if rules.material(&surface.material).is_none() {
            let mut known: Vec<&str> = material_names().collect();
            known.extend(rules.materials.iter().map(|material| material.name.as_str()));
            let what = format!("there is no material {:?}; there are {}", surface.material, known.join(", "));
            wrong(&at, what);
        }
        rules.surfaces.push(SurfaceRule {
            named: surface.named.clone(),
            cube_from_building: cube.map(|cube| cube.inverse()),
            facing: surface.facing,
            material: surface.material.clone(),
        });
    }
    let too_many = [said.material.get(MOST).map(|s| s.span()), said.surface.get(MOST).map(|s| s.span())];
    for at in too_many.into_iter().flatten() {
        wrong(&at, format!("there are more than {MOST}; join some by `*` in names, or by larger boxes"));
    }
    rules
}
