//! Walking: from polygon to polygon through their shared edges, along walls where there is none.

use crate::walkable::{FloorPoint, Walkable, outward};
use glam::{Vec2, Vec3, Vec3Swizzles};

/// Edges that one walk may cross or touch; a walk of some hundred metres has fewer.
const MAX_EDGES: usize = 2_048;

/// Below this many metres a walk has ended.
const SHORT: f32 = 1e-5;

/// What happens at a wall.
#[derive(Clone, Copy, PartialEq)]
enum AtWall {
    Slide,
    Stop,
}

impl Walkable {
    /// Where a body comes to that wants to go from `from` to `wanted` in a straight line.
    ///
    /// It slides along walls and follows stairs and ramps; it never leaves the mesh, never
    /// passes a wall, and changes storeys only where the floor leads there. The height of
    /// `wanted` has no meaning.
    pub fn walk(&self, from: FloorPoint, wanted: Vec3) -> FloorPoint {
        self.go(from, wanted, AtWall::Slide)
    }

    /// Whether the straight line (seen from above) leads from one point to the other over walkable floor alone.
    pub fn is_straight_walkable(&self, from: FloorPoint, to: FloorPoint) -> bool {
        let reached = self.go(from, to.position, AtWall::Stop);
        reached.polygon == to.polygon && reached.position.distance(to.position) < 0.01
            || reached.position.distance(to.position) < 1e-3
    }

    fn go(&self, from: FloorPoint, wanted: Vec3, at_wall: AtWall) -> FloorPoint {
        if from.polygon as usize >= self.mesh.polygons.len() || !wanted.is_finite() {
            return from;
        }
        let mut polygon = from.polygon;
        // A point that is not quite on its polygon begins at the nearest place that is.
        let mut at = self.clamp_into(polygon, from.position.xz()).xz();
        let mut motion = wanted.xz() - at;
        for _ in 0..MAX_EDGES {
            let Some(exit) = self.exit(polygon, at, motion) else {
                at += motion;
                break;
            };
            at += motion * exit.fraction;
            motion *= 1.0 - exit.fraction;
            match (exit.neighbour, at_wall) {
                (Some(neighbour), _) => polygon = neighbour,
                (None, AtWall::Stop) => break,
                (None, AtWall::Slide) => motion = motion.project_onto_normalized(exit.along),
            }
            if motion.length_squared() < SHORT * SHORT {
                break;
            }
        }
        self.floor_point(polygon, self.clamp_into(polygon, at))
    }

    /// The edge through which a motion leaves the polygon; none when it ends inside.
    fn exit(&self, polygon: u32, at: Vec2, motion: Vec2) -> Option<Exit> {
        let source = &self.mesh.polygons[polygon as usize];
        let mut first: Option<Exit> = None;
        for (edge, neighbour) in source.neighbours.iter().enumerate() {
            let a = self.mesh.vertices[source.corners[edge] as usize].xz();
            let b = self.mesh.vertices[source.corners[(edge + 1) % source.corners.len()] as usize].xz();
            let Some(out) = outward(a, b).try_normalize() else { continue };
            let speed = out.dot(motion);
            // What goes along an edge does not leave through it; the bound is far below a step and far above rounding.
            if speed <= 1e-6 * motion.length() {
                continue;
            }
            let fraction = ((a - at).dot(out) / speed).max(0.0);
            if fraction < first.as_ref().map_or(1.0, |exit| exit.fraction) {
                first = Some(Exit { neighbour: *neighbour, fraction, along: out.perp() });
            }
        }
        first
    }
}

struct Exit {
    neighbour: Option<u32>,
    /// Part of the motion until there.
    fraction: f32,
    /// The edge's direction.
    along: Vec2,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan_mesh::{flat, ramp, stairs_to_gallery, two_storeys};
    use proptest::prelude::*;
    use venue_model::SpaceId;

    fn start(walkable: &Walkable, x: f32, y: f32, z: f32) -> FloorPoint {
        walkable.locate(Vec3::new(x, y, z), 0.2).unwrap()
    }

    #[test]
    fn walking_at_a_wall_slides_along_it() {
        let walkable = flat(&["aaaa", "aaaa"]);
        let reached = walkable.walk(start(&walkable, 1.0, 0.0, 1.5), Vec3::new(3.0, 0.0, 9.0));
        assert!(reached.position.abs_diff_eq(Vec3::new(3.0, 0.0, 2.0), 1e-4), "{}", reached.position);
        let corner = walkable.walk(start(&walkable, 1.0, 0.0, 1.5), Vec3::new(30.0, 0.0, 30.0));
        assert!(corner.position.abs_diff_eq(Vec3::new(4.0, 0.0, 2.0), 1e-4), "{}", corner.position);
    }

    #[test]
    fn a_door_leads_from_space_to_space_and_the_wall_beside_it_does_not() {
        // Two rooms of 3 × 3, one cell of door between them.
        let walkable = flat(&["aaa#bbb", "aaaabbb", "aaa#bbb"]);
        let through = walkable.walk(start(&walkable, 1.5, 0.0, 1.5), Vec3::new(5.5, 0.0, 1.5));
        assert_eq!((through.space, through.position), (SpaceId(2), Vec3::new(5.5, 0.0, 1.5)));
        let beside = walkable.walk(start(&walkable, 1.5, 0.0, 0.5), Vec3::new(5.5, 0.0, 0.5));
        assert_eq!((beside.space, beside.position), (SpaceId(1), Vec3::new(3.0, 0.0, 0.5)));
    }

    #[test]
    fn a_ramp_lifts_and_storeys_do_not_mix() {
        let walkable = ramp();
        let reached = walkable.walk(start(&walkable, 0.5, 0.25, 0.5), Vec3::new(2.5, 0.0, 0.5));
        assert!((reached.position.y - 1.25).abs() < 1e-4, "{}", reached.position);

        let walkable = two_storeys();
        let below = walkable.walk(start(&walkable, 0.5, 0.0, 0.5), Vec3::new(2.5, 9.0, 2.5));
        let above = walkable.walk(start(&walkable, 0.5, 3.0, 0.5), Vec3::new(2.5, 0.0, 2.5));
        assert_eq!((below.position.y, above.position.y), (0.0, 3.0));
    }

    #[test]
    fn stairs_lead_up_to_the_gallery_over_the_room() {
        let walkable = stairs_to_gallery();
        let mut at = start(&walkable, 0.5, 0.0, 0.5);
        // Along the foot, up the stairs, and back over the way that one came.
        for wanted in [
            Vec3::new(3.5, 0.0, 0.5),
            Vec3::new(3.5, 0.0, 5.5),
            Vec3::new(0.5, 0.0, 5.5),
            Vec3::new(0.5, 0.0, 0.7),
        ] {
            at = walkable.walk(at, wanted);
        }
        assert!(at.position.abs_diff_eq(Vec3::new(0.5, 3.0, 0.7), 1e-3), "{}", at.position);
    }

    #[test]
    fn broken_wishes_leave_one_where_one_is() {
        let walkable = flat(&["aa"]);
        let from = start(&walkable, 0.5, 0.0, 0.5);
        assert_eq!(walkable.walk(from, Vec3::NAN), from);
        let lost = FloorPoint { polygon: 99, ..from };
        assert_eq!(walkable.walk(lost, Vec3::ZERO), lost);
    }

    #[test]
    fn straight_lines_see_walls() {
        let walkable = flat(&["aaa#bbb", "aaaabbb", "aaa#bbb"]);
        let at = |x, z| start(&walkable, x, 0.0, z);
        assert!(walkable.is_straight_walkable(at(0.5, 1.2), at(6.5, 1.8)));
        assert!(!walkable.is_straight_walkable(at(2.5, 0.5), at(4.5, 0.5)));
    }

    /// The point is on its polygon.
    fn is_on_mesh(walkable: &Walkable, point: FloorPoint) -> bool {
        walkable.clamp_into(point.polygon, point.position.xz()).distance(point.position) < 1e-3
    }

    proptest! {
        #[test]
        fn a_walk_never_leaves_the_mesh_and_never_passes_a_wall(
            steps in prop::collection::vec((-400.0..400.0_f32, -400.0..400.0_f32, 0.001..1.0_f32), 1..40),
        ) {
            // The room `c` has no door: however long the step, nobody comes in.
            let walkable = flat(&["aaaaa#ccc", "a#a#a#ccc", "aaaaa####", "##abbbbb#", "aaaaa####"]);
            let mut at = start(&walkable, 0.5, 0.0, 0.5);
            for (x, z, part) in steps {
                at = walkable.walk(at, at.position + Vec3::new(x, 0.0, z) * part);
                prop_assert!(is_on_mesh(&walkable, at), "{at:?}");
                prop_assert_ne!(at.space, SpaceId(3));
            }
        }

        #[test]
        fn a_straight_walk_is_as_long_as_wanted_or_touches_a_wall(x in 0.1..3.9_f32, z in 0.1..1.9_f32) {
            let walkable = flat(&["aaaa", "aaaa"]);
            let from = start(&walkable, 2.0, 0.0, 1.0);
            let wanted = Vec3::new(x, 0.0, z);
            prop_assert!(walkable.walk(from, wanted).position.abs_diff_eq(wanted, 1e-4));
        }
    }
}
