//! From where a venue is pictured: each space from where people come in, from a seat, and from the corner that sees
//! most; each storey from straight above without what is over the heads.
//!
//! It must not know the GPU.

use super::Shot;
use crate::scene::camera::{Camera, NEAR};
use glam::{Quat, UVec2, Vec2, Vec3, Vec3Swizzles as _};
use serde::Serialize;
use venue_model::body::{STANDING_EYE_HEIGHT, seated_eye_height};
use venue_model::{Place, RigidPose, Seat, Space, SpaceId};
use venue_motion::{Storeys, Walkable};
use venue_package::Manifest;

/// Pictures of spaces, pixels.
const SPACE_SIZE: UVec2 = UVec2::new(960, 600);

/// The longer side of pictures from above, and the shorter at least, pixels.
const STOREY_SIDE: f32 = 1_600.0;
const LEAST_SIDE: f32 = 64.0;

/// How much is seen of a space, from the lower edge to the upper, degrees.
const SPACE_DEGREES: f32 = 62.0;
const CORNER_DEGREES: f32 = 70.0;

/// People look a little down into a room, degrees.
const DOWN_DEGREES: f32 = 5.0;

/// Around the floor of a storey so much more is shown, metres: its walls.
const MARGIN: f32 = 1.0;

/// What lies higher than this over the highest floor of a storey is cut off, metres, and how far below the next storey's
/// floor at least: its slab.
const CUT: f32 = 2.0;
const SLAB: f32 = 0.5;

/// The eye over a storey is so many times as high as the storey is wide: lines that stand stay points.
const HEIGHT: f32 = 60.0;

/// Steps in which a look over a floor goes on, and how far at most, metres.
const STEP: f32 = 0.25;
const LONGEST_LOOK: f32 = 80.0;

/// What a picture shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Subject {
    /// A space.
    Space {
        /// Its key.
        space: String,
        /// From where: `entrance`, `seat` or `corner`.
        from: &'static str,
    },
    /// A storey from above: x goes to the right, z down.
    Storey {
        /// Counted from 1, the lowest.
        number: usize,
        /// Height of most of its floor, metres.
        floor: f32,
        /// Smallest and largest x and z that the picture shows, metres.
        area: [[f32; 2]; 2],
    },
}

/// All pictures of a venue.
pub fn of_venue(manifest: &Manifest, walkable: &Walkable) -> Vec<Shot> {
    let mut shots = Vec::new();
    for space in &manifest.spaces {
        let views = [
            ("entrance", entrance(manifest, space), SPACE_DEGREES),
            ("seat", seat(manifest, space), SPACE_DEGREES),
            ("corner", corner(walkable, space.id), CORNER_DEGREES),
        ];
        for (from, eye, degrees) in views {
            let Some(eye) = eye else { continue };
            let camera = Camera { eye, vertical_fov: degrees.to_radians() };
            let subject = Subject::Space { space: space.key.clone(), from };
            shots.push(Shot {
                name: format!("space-{}-{from}", space.key),
                subject,
                camera,
                near: NEAR,
                size: SPACE_SIZE,
            });
        }
    }
    shots.extend(storeys(walkable));
    shots
}

fn looking(position: Vec3, yaw: f32, down_degrees: f32) -> RigidPose {
    let orientation = Quat::from_rotation_y(yaw) * Quat::from_rotation_x(-down_degrees.to_radians());
    RigidPose { position, orientation }
}

/// As people see it who come in.
fn entrance(manifest: &Manifest, space: &Space) -> Option<RigidPose> {
    let Place { position, yaw } = manifest.spawn_points.iter().find(|spawn| spawn.space == space.id)?.place;
    Some(looking(position + Vec3::Y * STANDING_EYE_HEIGHT, yaw, DOWN_DEGREES))
}

/// From the seat in the middle of all seats.
fn seat(manifest: &Manifest, space: &Space) -> Option<RigidPose> {
    let seats: Vec<&Seat> = manifest.seats.iter().filter(|seat| seat.space == space.id).collect();
    let middle = seats.iter().map(|seat| seat.place.position).sum::<Vec3>() / seats.len().max(1) as f32;
    let distance = |seat: &&&Seat| seat.place.position.distance_squared(middle);
    let seat = seats.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
    let eye = seat.place.position + Vec3::Y * seated_eye_height(seat.height);
    Some(looking(eye, seat.place.yaw, DOWN_DEGREES * 0.5))
}

/// From the corner of the floor from which one looks farthest over the floor's middle.
fn corner(walkable: &Walkable, space: SpaceId) -> Option<RigidPose> {
    let mesh = walkable.mesh();
    let of_space = |at: &usize| mesh.polygons[*at].space == space;
    let corners: Vec<Vec3> =
        (0..mesh.polygons.len()).filter(of_space).flat_map(|at| mesh.corner_points(at)).collect();
    let low = corners.iter().copied().reduce(Vec3::min)?;
    let high = corners.iter().copied().reduce(Vec3::max)?;
    let middle = walkable.locate_in(space, (low + high) * 0.5, f32::INFINITY)?.position;
    let nearest = |x: f32, z: f32| {
        let to = |corner: &&Vec3| corner.xz().distance_squared(Vec2::new(x, z));
        corners.iter().min_by(|a, b| to(a).total_cmp(&to(b))).copied()
    };
    let ends = [(low.x, low.z), (high.x, low.z), (low.x, high.z), (high.x, high.z)];
    let ends = ends.into_iter().filter_map(|(x, z)| nearest(x, z));
    let seen = ends.map(|end| (look_length(walkable, space, end, middle), end));
    let (_, end) = seen.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    let way = (middle - end).with_y(0.0);
    let yaw = f32::atan2(-way.x, -way.z);
    Some(looking(end + Vec3::Y * (STANDING_EYE_HEIGHT + 0.35), yaw, DOWN_DEGREES * 2.4))
}

/// How far one gets over the floor from one point over another in a straight line, metres.
fn look_length(walkable: &Walkable, space: SpaceId, from: Vec3, over: Vec3) -> f32 {
    let way = (over - from).with_y(0.0).normalize_or_zero() * STEP;
    let mut at = from;
    for step in 1..(LONGEST_LOOK / STEP) as u16 {
        match walkable.locate_in(space, at + way, STEP * 1.5) {
            Some(floor) if floor.position.xz().distance(at.xz() + way.xz()) < STEP * 0.5 => {
                at = Vec3::new(at.x + way.x, floor.position.y, at.z + way.z);
            }
            _ => return f32::from(step) * STEP,
        }
    }
    LONGEST_LOOK
}

/// Every storey from above.
fn storeys(walkable: &Walkable) -> Vec<Shot> {
    let mesh = walkable.mesh();
    let storeys = Storeys::of(mesh);
    let shot = |number: usize| {
        let storey = storeys.all()[number];
        let of_storey = (0..mesh.polygons.len()).filter(|at| storeys.of_polygon(*at) == number);
        let corners: Vec<Vec2> =
            of_storey.flat_map(|at| mesh.corner_points(at)).map(|corner| corner.xz()).collect();
        let low = corners.iter().copied().reduce(Vec2::min)? - MARGIN;
        let high = corners.iter().copied().reduce(Vec2::max)? + MARGIN;
        let next = storeys.all().get(number + 1).map_or(f32::INFINITY, |next| next.floor - SLAB);
        let cut = (storey.top + CUT).min(next.max(storey.floor + 0.5));
        let (camera, near, size) = above(low, high, storey.floor, cut);
        let area = [low.to_array(), high.to_array()];
        let subject = Subject::Storey { number: number + 1, floor: storey.floor, area };
        Some(Shot { name: format!("storey-{}", number + 1), subject, camera, near, size })
    };
    (0..storeys.all().len()).filter_map(shot).collect()
}

/// A camera so high over an area that it sees it nearly as a plan does, the height from which on it sees, and the size of
/// the picture.
fn above(low: Vec2, high: Vec2, floor: f32, cut: f32) -> (Camera, f32, UVec2) {
    let extent = high - low;
    let height = extent.max_element() * HEIGHT;
    let per_metre = STOREY_SIDE / extent.max_element();
    let size = (extent * per_metre).round().max(Vec2::splat(LEAST_SIDE)).as_uvec2();
    let middle = (low + high) * 0.5;
    let eye = RigidPose {
        position: Vec3::new(middle.x, floor + height, middle.y),
        orientation: Quat::from_rotation_x(-std::f32::consts::FRAC_PI_2),
    };
    let vertical_fov = 2.0 * (extent.y * 0.5 / height).atan();
    (Camera { eye, vertical_fov }, floor + height - cut, size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{marked_package, tiny_package};

    fn shots(package: &venue_package::Package) -> Vec<Shot> {
        let walkable = Walkable::new(package.navigation().unwrap()).unwrap();
        of_venue(package.manifest(), &walkable)
    }

    #[test]
    fn a_space_is_pictured_from_each_place_that_it_has() {
        let names: Vec<String> = shots(&tiny_package()).into_iter().map(|shot| shot.name).collect();
        // The hall has no floor of its own in this venue, and no seat.
        let expected = [
            "space-room-entrance",
            "space-room-seat",
            "space-room-corner",
            "space-hall-entrance",
            "storey-1",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn the_corner_looks_over_the_middle() {
        let shots = shots(&tiny_package());
        let eye = shots.iter().find(|shot| shot.name == "space-room-corner").unwrap().camera.eye;
        assert_eq!((eye.position.x.abs(), eye.position.z.abs()), (8.0, 8.0));
        let ahead = eye.orientation * Vec3::NEG_Z;
        assert!(ahead.dot(-eye.position.with_y(0.0).normalize()) > 0.9, "{ahead}");
    }

    #[test]
    fn a_storey_is_seen_as_a_plan_without_what_is_above_it() {
        let shots = shots(&marked_package());
        let storeys: Vec<&Shot> = shots.iter().filter(|shot| shot.name.starts_with("storey")).collect();
        let [ground, gallery] = storeys[..] else { panic!("two storeys") };
        let Subject::Storey { number: 2, floor, area } = gallery.subject else { panic!("{gallery:?}") };
        assert_eq!((floor, area), (2.6, [[-9.0, -9.0], [-1.0, -4.0]]));
        assert_eq!(gallery.size, UVec2::new(1_600, 1_000));
        // Corners of the area lie in the picture's corners, and what is cut off lies before the near plane.
        let views = crate::present::Views::flat_from(&ground.camera, ground.size, ground.near);
        let clip = views.as_slice()[0].clip_from_world();
        let corner = clip.project_point3(Vec3::new(9.0, 0.0, 9.0));
        assert!((corner.x - 1.0).abs() < 1e-3 && (corner.y + 1.0).abs() < 1e-3, "{corner}");
        let is_seen = |y: f32| clip.project_point3(Vec3::new(0.0, y, 0.0)).z <= 1.0;
        assert!(
            is_seen(0.0) && is_seen(1.9) && !is_seen(2.2),
            "the gallery is 2.6 m high, its slab half a metre"
        );
    }
}
