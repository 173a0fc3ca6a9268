//! What each kind of anchor looks like when it is shown.
//!
//! It must not know the GPU.

use super::builder::{Builder, Color};
use crate::anchors::Anchor;
use glam::{Quat, Vec3};

/// Where people appear, seats, doors, screens, zones, booths, exhibits.
const SPAWN: Color = [0.05, 0.85, 0.15, 1.0];
const SEAT: Color = [1.0, 0.72, 0.02, 1.0];
const DOOR: Color = [1.0, 0.28, 0.01, 1.0];
const SCREEN: Color = [0.02, 0.55, 1.0, 1.0];
const ZONE: Color = [0.75, 0.12, 1.0, 1.0];
const BOOTH: Color = [1.0, 0.08, 0.42, 1.0];
const EXHIBIT: Color = [0.02, 0.9, 0.75, 1.0];

/// Above the overlay of the floor, metres.
const LIFT: Vec3 = Vec3::new(0.0, 0.07, 0.0);

/// Adds an anchor.
pub(super) fn add(builder: &mut Builder, anchor: &Anchor<'_>) {
    match anchor {
        Anchor::Spawn(spawn) => {
            let middle = spawn.place.position + LIFT;
            builder.disc(middle, spawn.radius.max(0.2), faint(SPAWN, 0.22), SPAWN);
            builder.arrow(middle + LIFT * 0.3, spawn.place.yaw, 0.9, SPAWN);
        }
        Anchor::Seat(seat) => {
            let (foot, top) = (seat.place.position, anchor.handle());
            builder.bar(foot, top, 0.02, SEAT);
            let turn = Quat::from_rotation_y(seat.place.yaw);
            let corner = |x: f32, z: f32| top + turn * Vec3::new(x, 0.0, z);
            let square = [corner(-0.2, -0.2), corner(0.2, -0.2), corner(0.2, 0.2), corner(-0.2, 0.2)];
            builder.face(square, faint(SEAT, 0.35));
            builder.frame(square, 0.02, SEAT);
            builder.arrow(top + LIFT * 0.3, seat.place.yaw, 0.4, SEAT);
        }
        Anchor::Door(door) => {
            let upright = Quat::from_rotation_y(door.place.yaw);
            let opening = rectangle(anchor.handle(), upright, door.width, door.height);
            builder.face(opening, faint(DOOR, 0.16));
            builder.frame(opening, 0.04, DOOR);
            builder.arrow(door.place.position + LIFT * 1.3, door.place.yaw, 0.8, DOOR);
        }
        Anchor::Screen(screen) => {
            let surface = rectangle(screen.center, screen.orientation, screen.width, screen.height);
            builder.face(surface, faint(SCREEN, 0.2));
            builder.frame(surface, 0.03, SCREEN);
            builder.bar(screen.center, screen.center + screen.orientation * Vec3::Z * 0.5, 0.03, SCREEN);
        }
        Anchor::Zone(zone) => builder.edges(&zone.bounds, 0.03, ZONE),
        Anchor::Booth(zone, _) => builder.edges(&zone.bounds, 0.03, BOOTH),
        Anchor::Exhibit(exhibit) => builder.edges(&exhibit.bounds, 0.02, EXHIBIT),
    }
}

fn faint([r, g, b, _]: Color, alpha: f32) -> Color {
    [r, g, b, alpha]
}

fn rectangle(middle: Vec3, turn: Quat, width: f32, height: f32) -> [Vec3; 4] {
    let corner = |x: f32, y: f32| middle + turn * Vec3::new(x * width * 0.5, y * height * 0.5, 0.0);
    [corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)]
}
