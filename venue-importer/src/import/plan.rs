//! The plan of a venue as SVG: the walkable floor over a view from above, with doors, seats, and where people appear.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use glam::{Quat, Vec3};
use maud::{Markup, PreEscaped, html};
use std::fmt::Write;
use venue_model::{Bounds, Place};
use venue_package::{NavigationMesh, Package};

/// Room around everything, metres.
const MARGIN: f32 = 0.5;

/// What the plan shows: the spaces, with a margin.
pub(super) fn area(package: &Package) -> Bounds {
    let boxes = package.manifest().spaces.iter().map(|space| space.bounds);
    let all = boxes.reduce(venue_package::tileset::union);
    let all = all.unwrap_or(Bounds { min: Vec3::ZERO, max: Vec3::ONE });
    Bounds { min: all.min - MARGIN, max: all.max + MARGIN }
}

/// The drawing; x goes to the right, z down. `picture` is a JPEG of the same area.
pub(super) fn draw(
    package: &Package,
    floor: &NavigationMesh,
    area: &Bounds,
    picture: Option<&[u8]>,
) -> Markup {
    let size = area.max - area.min;
    // Lines and letters keep their size on the page, whatever the venue's.
    let unit = size.x.max(size.z) / 100.0;
    let view = format!("{:.3} {:.3} {:.3} {:.3}", area.min.x, area.min.z, size.x, size.z);
    let manifest = package.manifest();
    html! {
        svg.plan viewBox=(view) role="img" aria-label="Plan of the venue from above" {
            @if let Some(jpeg) = picture {
                image x=(area.min.x) y=(area.min.z) width=(size.x) height=(size.z) preserveAspectRatio="none"
                    href={ "data:image/jpeg;base64," (STANDARD.encode(jpeg)) } {}
            }
            path.floor d=(outline(floor)) {}
            path.wall d=(walls(floor)) stroke-width=(unit * 0.22) {}
            @for door in &manifest.doors {
                path.door d=(across(&door.place, door.width)) stroke-width=(unit * 0.6) {}
            }
            @for seat in &manifest.seats {
                circle.seat cx=(seat.place.position.x) cy=(seat.place.position.z) r=(unit * 0.5) {}
            }
            @for spawn in &manifest.spawn_points {
                circle.ring cx=(spawn.place.position.x) cy=(spawn.place.position.z) r=(spawn.radius) stroke-width=(unit * 0.2) {}
                path.spawn d=(arrow(&spawn.place, unit * 2.0)) stroke-width=(unit * 0.25) {}
            }
            (scale_bar(area, unit))
            @if let Some(frame) = &manifest.frame {
                (north(area, unit, frame.heading))
            }
        }
    }
}

/// All polygons as one path.
fn outline(floor: &NavigationMesh) -> String {
    let mut path = String::new();
    for at in 0..floor.polygons.len() {
        for (corner, point) in floor.corner_points(at).enumerate() {
            let command = if corner == 0 { 'M' } else { 'L' };
            // Writing into a text can not fail.
            write!(path, "{command}{:.2} {:.2}", point.x, point.z).ok();
        }
        path.push('Z');
    }
    path
}

/// Edges behind which there is no floor.
fn walls(floor: &NavigationMesh) -> String {
    let mut path = String::new();
    for (at, polygon) in floor.polygons.iter().enumerate() {
        let points: Vec<Vec3> = floor.corner_points(at).collect();
        for (edge, _) in polygon.neighbours.iter().enumerate().filter(|(_, behind)| behind.is_none()) {
            let (a, b) = (points[edge], points[(edge + 1) % points.len()]);
            write!(path, "M{:.2} {:.2}L{:.2} {:.2}", a.x, a.z, b.x, b.z).ok();
        }
    }
    path
}

fn around(place: &Place, offsets: &[Vec3]) -> String {
    let turn = Quat::from_rotation_y(place.yaw);
    let mut path = String::new();
    for (at, &offset) in offsets.iter().enumerate() {
        let point = place.position + turn * offset;
        write!(path, "{}{:.3} {:.3}", if at == 0 { 'M' } else { 'L' }, point.x, point.z).ok();
    }
    path
}

fn across(place: &Place, width: f32) -> String {
    around(place, &[Vec3::X * -width * 0.5, Vec3::X * width * 0.5])
}

/// Points the way people face.
fn arrow(place: &Place, size: f32) -> String {
    let corner = |x: f32, z: f32| Vec3::new(x, 0.0, z) * size;
    around(place, &[corner(0.0, -1.0), corner(0.6, 0.7), corner(0.0, 0.35), corner(-0.6, 0.7)]) + "Z"
}

/// The longest of some round lengths that takes no more than a quarter of the plan.
fn scale_bar(area: &Bounds, unit: f32) -> Markup {
    let width = area.max.x - area.min.x;
    let lengths = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0];
    let length = lengths.into_iter().filter(|length| *length <= width * 0.25).fold(0.1, f32::max);
    let (x, y) = (area.min.x + unit * 2.0, area.max.z - unit * 2.0);
    let path = format!("M{x:.3} {:.3}V{y:.3}H{:.3}V{:.3}", y - unit, x + length, y - unit);
    html! {
        path.scale-back d=(path) stroke-width=(unit * 0.8) {}
        path.scale d=(path) stroke-width=(unit * 0.3) {}
        text.label x=(x + length + unit) y=(y) font-size=(unit * 2.2) stroke-width=(unit * 0.5) { (length) " m" }
    }
}

/// `heading` is the direction of -z, which is up on the plan, in degrees clockwise from north.
fn north(area: &Bounds, unit: f32, heading: f64) -> Markup {
    let turn = format!(
        "translate({:.3} {:.3}) rotate({:.1})",
        area.max.x - unit * 4.0,
        area.min.z + unit * 4.0,
        -heading
    );
    let points = format!("M0 {:.3}L{:.3} {:.3}L{:.3} {:.3}Z", -unit * 2.4, unit, unit, -unit, unit);
    html! {
        g transform=(turn) {
            path.spawn d=(PreEscaped(points)) stroke-width=(unit * 0.2) {}
            text.label x=(-unit * 0.8) y=(unit * 3.4) font-size=(unit * 2.2) stroke-width=(unit * 0.5) { "N" }
        }
    }
}
