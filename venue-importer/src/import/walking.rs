//! Step navigation: the floor that people walk on, with the modeler's corrections, and where they appear.

use super::ground::{self, Soup};
use super::placement::Placement;
use super::{Progress, spawn};
use crate::navigation::{self, Ground};
use crate::report::Report;
use anyhow::{Context, Result};
use glam::Vec3;
use venue_motion::Walkable;
use venue_package::NavigationMesh;

/// Makes the navigation mesh; spaces without a spawn point get one.
pub(super) fn build(
    soup: &Soup,
    placement: &mut Placement,
    progress: &dyn Progress,
    report: &mut Report,
) -> Result<NavigationMesh> {
    progress.step("navigation", "", 0.0, 1.0);
    let mut ground = corrected(soup, placement);
    let is_whole = placement.rooms.spaces.len() == 1 && placement.places.spawn_points.is_empty();
    let mut all = navigation::everywhere(&ground, &placement.places, report);
    let stands = |all: &Option<Walkable>| {
        all.as_ref().is_some_and(|all| spawn::suggest(all, placement.rooms.spaces[0].id).is_some())
    };
    if is_whole && report.errors.is_empty() && !stands(&all) {
        report.warn(
            "nothing to stand on was found, so a level floor was laid at height zero; if the scan has one, is the \
             right axis up (--up), are the units right (--units)?",
        );
        ground::lay_floor(&mut ground, &placement.rooms.spaces[0]);
        all = navigation::everywhere(&ground, &placement.places, report);
    }
    report.stop_on_errors()?;
    let all = all.context("no floor was found, and none could be laid")?;
    appear(&all, placement, report);
    report.stop_on_errors()?;
    let mesh = navigation::reachable(&all, &placement.rooms, &placement.places, report);
    progress.step("navigation", "", 1.0, 1.0);
    Ok(mesh)
}

/// The scan's ground with what the modeler added and took away.
fn corrected(soup: &Soup, placement: &Placement) -> Ground {
    let floors = &placement.floors;
    let mut ground = Ground::default();
    for triangle in soup.corners() {
        let middle = triangle.iter().sum::<Vec3>() / 3.0;
        if !floors.clear.iter().any(|prism| prism.contains(middle)) {
            ground.add(triangle, placement.layout.space_above(middle));
        }
    }
    for (triangles, space) in &floors.add {
        triangles.iter().for_each(|triangle| ground.add(*triangle, Some(*space)));
    }
    floors.cut.iter().for_each(|prism| ground.cut(prism.clone()));
    ground.lay_thresholds(&placement.places.doors);
    ground
}

/// Gives each space without a spawn point one.
pub(super) fn appear(all: &Walkable, placement: &mut Placement, report: &mut Report) {
    for space in &placement.rooms.spaces {
        if placement.places.spawn_points.iter().any(|spawn| spawn.space == space.id) {
            continue;
        }
        match spawn::suggest(all, space.id) {
            Some(spawn) => {
                let is_alone = placement.rooms.spaces.len() == 1;
                let what = if is_alone { "people appear at".into() } else { format!("people appear in {}", space.key) };
                report.fact(what, format!("{:.2}", spawn.place.position));
                placement.places.spawn_points.push(spawn);
            }
            None => report.error(format!(
                "the space {:?} has no floor to stand on; do its boxes hold the floor (a little below it, too)? \
                 [[walkable.add]] lays one",
                space.key
            )),
        }
    }
}
