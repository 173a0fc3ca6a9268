//! Navigation meshes for tests, drawn as plans: one letter is a square metre, `a` is space 1, `#` is no floor.

use crate::Walkable;
use glam::Vec3;
use std::collections::BTreeMap;
use venue_model::SpaceId;
use venue_package::{NavigationMesh, NavigationPolygon};

/// A storey: the letters of its plan and the height at each corner point.
type Storey<'a> = (&'a [&'a str], &'a dyn Fn(usize, usize) -> f32);

pub(crate) fn flat(plan: &[&str]) -> Walkable {
    storeys(&[(plan, &|_, _| 0.0)])
}

/// One metre up for each two metres along x.
pub(crate) fn ramp() -> Walkable {
    storeys(&[(&["aaaa"], &|x, _| x as f32 * 0.5)])
}

pub(crate) fn two_storeys() -> Walkable {
    storeys(&[(&["aaa", "aaa", "aaa"], &|_, _| 0.0), (&["bbb", "bbb", "bbb"], &|_, _| 3.0)])
}

/// A room, stairs at its side from z = 1 to z = 5, and a gallery over the room at 3 m.
pub(crate) fn stairs_to_gallery() -> Walkable {
    let rise = |_: usize, z: usize| (z as f32 - 1.0).clamp(0.0, 4.0) * 0.75;
    let below = ["aaaa", "aaa#", "aaa#", "aaa#", "aaa#", "aaa#"];
    let stairs = ["###a", "###a", "###a", "###a", "###a", "bbbb"];
    let gallery = ["bbb#", "bbb#", "bbb#", "bbb#", "bbb#", "####"];
    storeys(&[(&below, &|_, _| 0.0), (&stairs, &rise), (&gallery, &|_, _| 3.0)])
}

/// Corners at the same place join polygons, whichever storey's plan they come from.
fn storeys(storeys: &[Storey<'_>]) -> Walkable {
    let mut mesh = NavigationMesh::default();
    let mut corners: BTreeMap<(usize, usize, i32), u32> = BTreeMap::new();
    for (plan, height) in storeys {
        for (z, row) in plan.iter().enumerate() {
            for (x, letter) in row.bytes().enumerate().filter(|&(_, letter)| letter != b'#') {
                let mut corner = |x: usize, z: usize| {
                    let y = height(x, z);
                    *corners.entry((x, z, (y * 1000.0) as i32)).or_insert_with(|| {
                        mesh.vertices.push(Vec3::new(x as f32, y, z as f32));
                        mesh.vertices.len() as u32 - 1
                    })
                };
                let corners = vec![corner(x, z), corner(x, z + 1), corner(x + 1, z + 1), corner(x + 1, z)];
                let space = SpaceId(u16::from(letter - b'a') + 1);
                // A cell that two plans share (the foot of the stairs) is one polygon.
                if !mesh.polygons.iter().any(|polygon| polygon.corners == corners) {
                    mesh.polygons.push(NavigationPolygon {
                        corners,
                        neighbours: vec![None; 4],
                        space,
                        heights: 0..0,
                    });
                }
            }
        }
    }
    join(&mut mesh);
    Walkable::new(mesh).unwrap()
}

fn join(mesh: &mut NavigationMesh) {
    let mut edges = BTreeMap::new();
    for (polygon, source) in mesh.polygons.iter().enumerate() {
        for edge in 0..4 {
            edges.insert((source.corners[edge], source.corners[(edge + 1) % 4]), polygon as u32);
        }
    }
    for polygon in &mut mesh.polygons {
        for edge in 0..4 {
            let reversed = (polygon.corners[(edge + 1) % 4], polygon.corners[edge]);
            polygon.neighbours[edge] = edges.get(&reversed).copied();
        }
    }
}
