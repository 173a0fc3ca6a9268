//! Rooms whose sound is known, through the whole step.

use super::*;
use crate::hierarchy::Piece;
use glam::DVec3;
use venue_model::{DoorId, Localized, Place, SpaceId};
use venue_package::NavigationPolygon;

/// A box seen from inside, in quads of so many metres; look 0.
fn shell(min: Vec3, max: Vec3, step: f32) -> Piece {
    let mut piece = Piece::default();
    let size = max - min;
    for axis in 0..3 {
        let (u, v) = ((axis + 1) % 3, (axis + 2) % 3);
        for at in [min, max] {
            let (across, along) = ((size[u] / step).ceil() as u32, (size[v] / step).ceil() as u32);
            for i in 0..across {
                for j in 0..along {
                    let first = piece.positions.len() as u32;
                    for (a, b) in [(0, 0), (1, 0), (1, 1), (0, 1)] {
                        let mut point = at;
                        point[u] = min[u] + size[u] * (i + a) as f32 / across as f32;
                        point[v] = min[v] + size[v] * (j + b) as f32 / along as f32;
                        piece.positions.push(point.as_dvec3());
                    }
                    piece.indices.extend([0, 1, 2, 0, 2, 3].map(|k| first + k));
                }
            }
        }
    }
    piece
}

/// A floor over this rectangle, of the space 1 where x < 0 and of the space 2 elsewhere.
fn floor(rectangles: &[([f32; 4], u16)]) -> NavigationMesh {
    let mut mesh = NavigationMesh::default();
    for &([x0, z0, x1, z1], space) in rectangles {
        let first = mesh.vertices.len() as u32;
        mesh.vertices.extend([(x0, z0), (x0, z1), (x1, z1), (x1, z0)].map(|(x, z)| Vec3::new(x, 0.0, z)));
        mesh.polygons.push(NavigationPolygon {
            corners: (first..first + 4).collect(),
            neighbours: vec![None; 4],
            space: SpaceId(space),
            heights: 0..0,
        });
    }
    mesh
}

fn space(id: u16, min: Vec3, max: Vec3) -> Space {
    Space {
        id: SpaceId(id),
        key: format!("room-{id}"),
        name: Localized::english("Room"),
        bounds: Bounds { min, max },
    }
}

fn named(name: &str) -> Surface {
    Surface { names: vec![name.into()], color: Vec3::ONE, opacity: 1.0, ..Surface::default() }
}

fn sound(pieces: &[Piece], space: &Space, doors: &[Door], floor: &NavigationMesh, spacing: f32) -> Sound {
    let geometry = |visit: &mut dyn FnMut(&Piece) -> Result<()>| pieces.iter().try_for_each(visit);
    build(&Room {
        space,
        doors,
        floor,
        geometry: &geometry,
        full: Full { geometry: &geometry, error: 0.0 },
        surfaces: &[named("concrete"), named("carpet"), named("curtain")],
        pictures: &Pictures::default(),
        rules: &Rules::default(),
        is_elsewhere: &|_| false,
        spacing,
    })
    .unwrap()
    .map(|(sound, _)| sound)
    .unwrap()
}

/// Of a box of one material: absorption, and air as in [`decay`].
fn eyring(size: Vec3, absorption: f32) -> f32 {
    let volume = size.element_product();
    let area = 2.0 * (size.x * size.y + size.y * size.z + size.z * size.x);
    0.161 * volume / (-area * (1.0 - absorption).ln())
}

#[test]
fn a_plain_room_becomes_a_few_triangles_of_its_own_size_that_sound_the_same() {
    let (min, max) = (Vec3::new(-4.0, 0.0, -3.0), Vec3::new(4.0, 3.0, 3.0));
    let shell = shell(min, max, 0.25);
    let floor = floor(&[([-3.7, -2.7, 3.7, 2.7], 1)]);
    // Of curtains, the rays lose their direction at once, as the formula wants it.
    let shell = Piece { look: 2, ..shell };
    let sound = sound(&[shell], &space(1, min - 0.05, max + 0.05), &[], &floor, 0.0);
    let mesh = &sound.mesh;
    assert_eq!((mesh.check(), mesh.open_edges()), (Ok(()), 0));
    assert!(mesh.openings.is_empty() && mesh.triangles.len() < 150, "{:?}", sound.figures);
    assert!((mesh.measured.volume - 144.0).abs() < 144.0 * 0.05, "{:?}", mesh.measured);
    assert!(mesh.measured.is_true(), "{:?}", sound.figures);
    let expected = eyring(max - min, 0.25);
    assert!(
        (mesh.measured.full_reverberation[0] / expected - 1.0).abs() < 0.15,
        "{expected} {:?}",
        mesh.measured
    );
    assert_eq!(sound.figures.materials.len(), 1);
    assert_eq!(sound.figures.materials[0].why, "by name");
}

/// Two rooms of 6 × 6 × 3 m and a wall of 20 cm between them, with a doorway of 1.6 × 2.2 m.
fn two_rooms() -> (Vec<Piece>, [Space; 2], Vec<Door>, NavigationMesh) {
    let spaces = [
        space(1, Vec3::new(-6.0, -0.05, -3.05), Vec3::new(0.0, 3.05, 3.05)),
        space(2, Vec3::new(0.0, -0.05, -3.05), Vec3::new(6.05, 3.05, 3.05)),
    ];
    let outer = shell(Vec3::new(-6.0, 0.0, -3.0), Vec3::new(6.0, 3.0, 3.0), 0.5);
    let wall = |min: [f32; 3], max: [f32; 3]| shell(min.into(), max.into(), 0.4);
    let pieces = vec![
        outer,
        wall([-0.1, 0.0, -3.0], [0.1, 3.0, -0.8]),
        wall([-0.1, 0.0, 0.8], [0.1, 3.0, 3.0]),
        wall([-0.1, 2.2, -0.8], [0.1, 3.0, 0.8]),
    ];
    // Looks along +x, out of the first room into the second.
    let place = Place { position: Vec3::ZERO, yaw: -std::f32::consts::FRAC_PI_2 };
    let spaces_of_door = [SpaceId(1), SpaceId(2)];
    let door = Door { id: DoorId(5), spaces: spaces_of_door, place, width: 1.6, height: 2.2 };
    let floor = floor(&[([-5.7, -2.7, -0.3, 2.7], 1), ([0.3, -2.7, 5.7, 2.7], 2)]);
    (pieces, spaces, vec![door], floor)
}

#[test]
fn a_door_is_an_opening_of_both_rooms_and_a_wall_blocks_what_the_door_lets_through() {
    let (pieces, spaces, doors, floor) = two_rooms();
    let sounds = spaces.each_ref().map(|space| sound(&pieces, space, &doors, &floor, 0.0));
    for sound in &sounds {
        let mesh = &sound.mesh;
        assert_eq!((mesh.check(), mesh.open_edges()), (Ok(()), 0));
        assert!(mesh.measured.is_true(), "{}", sound.figures.proof_sentence());
        assert!(mesh.openings.iter().all(|opening| opening.door == Some(DoorId(5))), "{:?}", mesh.openings);
        let area = sound.figures.doors_area;
        assert!((area - 3.5).abs() < 0.9, "{area}");
        assert!((mesh.measured.volume - 106.0).abs() < 9.0, "{:?}", mesh.measured);
    }
    let heard = sounds.each_ref().map(|sound| Heard::of_mesh(&sound.mesh));
    let check = |from: [f32; 3], to: [f32; 3], expected: bool| {
        let is_blocked = heard.iter().any(|heard| heard.is_blocked(from.into(), to.into()));
        assert_eq!(is_blocked, expected, "{from:?} {to:?}");
    };
    check([-2.0, 1.5, 0.0], [2.0, 1.5, 0.0], false);
    check([-2.0, 1.5, 0.5], [2.0, 1.2, -0.5], false);
    check([-2.0, 1.5, 2.0], [2.0, 1.5, 2.0], true);
    check([-2.0, 2.7, 0.0], [2.0, 2.7, 0.0], true);
    check([-4.0, 1.5, -2.0], [-1.0, 1.5, 2.0], false);
    // A room with an open door reverberates less than one whose doorway is walled up.
    let walled = [pieces, vec![shell(Vec3::new(-0.1, 0.0, -0.8), Vec3::new(0.1, 2.2, 0.8), 0.4)]].concat();
    let closed = sound(&walled, &spaces[0], &[], &floor, 0.0);
    assert!(closed.mesh.openings.is_empty(), "{:?}", closed.figures);
    assert!(closed.mesh.measured.reverberation[0] > sounds[0].mesh.measured.reverberation[0] * 1.1);
}

#[test]
fn furniture_stays_and_what_hangs_freely_is_heard_from_both_sides() {
    let (min, max) = (Vec3::new(-5.0, 0.0, -4.0), Vec3::new(5.0, 3.5, 4.0));
    let table = shell(Vec3::new(-1.0, 0.0, -1.0), Vec3::new(1.0, 0.8, 1.0), 0.3);
    let corner = |y: f64, z: f64| DVec3::new(2.5, y, z);
    let curtain = Piece {
        positions: vec![corner(0.3, -2.5), corner(0.3, 2.5), corner(3.0, 2.5), corner(3.0, -2.5)],
        indices: vec![0, 1, 2, 0, 2, 3],
        look: 2,
        ..Piece::default()
    };
    let floor = floor(&[([-4.7, -3.7, -1.3, 3.7], 1), ([1.3, -3.7, 4.7, 3.7], 1)]);
    let pieces = [shell(min, max, 0.5), Piece { look: 1, ..table }, curtain];
    let sound = sound(&pieces, &space(1, min - 0.05, max + 0.05), &[], &floor, 0.0);
    let mesh = &sound.mesh;
    assert!(mesh.measured.is_true(), "{}", sound.figures.proof_sentence());
    assert_eq!(mesh.open_edges(), 0);
    let area = |name: &str| {
        let of = sound.figures.materials.iter().find(|of| of.name == name);
        of.unwrap_or_else(|| panic!("{:?}", sound.figures.materials)).area
    };
    assert!((area("curtain") - 27.0).abs() < 6.0, "both sides of 13.5 m²: {}", area("curtain"));
    assert!((area("carpet") - 10.4).abs() < 4.0, "{}", area("carpet"));
    assert!((area("concrete") - 282.0).abs() < 25.0, "{}", area("concrete"));
    let heard = Heard::of_mesh(mesh);
    assert!(heard.is_blocked(Vec3::new(2.0, 1.5, 0.0), Vec3::new(3.0, 1.5, 0.0)), "by the curtain");
    assert!(heard.is_blocked(Vec3::new(-2.0, 0.5, 0.0), Vec3::new(2.0, 0.5, 0.0)), "by the table");
    assert!(!heard.is_blocked(Vec3::new(-2.0, 1.3, 0.0), Vec3::new(2.0, 1.3, 0.0)), "over the table");
}

#[test]
fn a_scan_of_points_becomes_a_room_too() {
    let (min, max) = (Vec3::new(-3.0, 0.0, -2.5), Vec3::new(3.0, 2.8, 2.5));
    let points = Piece { indices: Vec::new(), look: 2, ..shell(min, max, 0.04) };
    let floor = floor(&[([-2.7, -2.2, 2.7, 2.2], 1)]);
    let sound = sound(&[points], &space(1, min - 0.05, max + 0.05), &[], &floor, 0.1);
    assert!(sound.mesh.measured.is_true(), "{}", sound.figures.proof_sentence());
    assert!(sound.mesh.openings.is_empty() && sound.mesh.open_edges() == 0, "{:?}", sound.figures);
    assert!((sound.mesh.measured.volume - 84.0).abs() < 8.0, "{:?}", sound.mesh.measured);
    assert_eq!(sound.figures.full_triangles, 0);
}

#[test]
fn a_room_without_a_ceiling_is_open_there_and_one_without_air_has_no_sound() {
    let (min, max) = (Vec3::new(-3.0, 0.0, -3.0), Vec3::new(3.0, 3.0, 3.0));
    let mut open = shell(min, max, 0.3);
    let is_top = |triangle: &[u32; 3]| triangle.iter().all(|&i| open.positions[i as usize].y > 2.99);
    let kept: Vec<u32> =
        open.indices.as_chunks::<3>().0.iter().filter(|t| !is_top(t)).flatten().copied().collect();
    open.indices = kept;
    let floor = floor(&[([-2.7, -2.7, 2.7, 2.7], 1)]);
    let room = space(1, min - 0.05, max + 0.05);
    let sound = sound(&[open], &room, &[], &floor, 0.0);
    assert!((sound.figures.open_area - 36.0).abs() < 5.0, "{:?}", sound.figures);
    assert_eq!((sound.mesh.open_edges(), sound.figures.doors_area), (0, 0.0));
    assert!(sound.mesh.measured.is_true(), "{}", sound.figures.proof_sentence());

    let geometry = |_: &mut dyn FnMut(&Piece) -> Result<()>| Ok(());
    let nowhere = Room {
        space: &room,
        doors: &[],
        floor: &NavigationMesh::default(),
        geometry: &geometry,
        full: Full { geometry: &geometry, error: 0.0 },
        surfaces: &[],
        pictures: &Pictures::default(),
        rules: &Rules::default(),
        is_elsewhere: &|_| false,
        spacing: 0.0,
    };
    assert!(build(&nowhere).unwrap().is_none());
}
