//! Which space holds what: a scan is one surface, so spaces are boxes in it.

use crate::hierarchy::Piece;
use glam::{DVec3, Vec3};
use std::borrow::Cow;
use venue_model::{Bounds, Space, SpaceId};

/// Floors lie in the planes of boxes; so far above a point its space is asked for as well, metres.
const ABOVE_FLOOR: f32 = 0.5;

/// The boxes of spaces, smaller ones first; everything, when there is one space around all.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Layout {
    boxes: Vec<(Bounds, SpaceId)>,
    all: Option<SpaceId>,
}

/// A part of a scan: what lies in one space, or in none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) space: Option<SpaceId>,
}

impl Layout {
    /// One space around all.
    pub(crate) fn one(space: SpaceId) -> Self {
        Self { boxes: Vec::new(), all: Some(space) }
    }

    /// Whether one space is around all.
    pub(crate) fn is_one(&self) -> bool {
        self.all.is_some()
    }

    /// Each space where its boxes are; where two hold a point, the smaller box counts.
    pub(crate) fn of_boxes(mut boxes: Vec<(Bounds, SpaceId)>) -> Self {
        let volume = |bounds: &Bounds| (bounds.max - bounds.min).element_product();
        boxes.sort_by(|a, b| volume(&a.0).total_cmp(&volume(&b.0)));
        Self { boxes, all: None }
    }

    /// The space that holds a point.
    pub(crate) fn space_at(&self, point: Vec3) -> Option<SpaceId> {
        let holds = |(bounds, _): &&(Bounds, SpaceId)| bounds.contains(point);
        self.all.or_else(|| self.boxes.iter().find(holds).map(|(_, space)| *space))
    }

    /// The space of what stands on a floor at a point.
    pub(crate) fn space_above(&self, floor: Vec3) -> Option<SpaceId> {
        self.space_at(floor + Vec3::Y * ABOVE_FLOOR).or_else(|| self.space_at(floor))
    }

    /// What tiles are made of one after the other: each space, and what is in none.
    pub(crate) fn parts(&self, spaces: &[Space]) -> Vec<Part> {
        let rest = self.all.is_none().then_some(Part { space: None });
        spaces.iter().map(|space| Part { space: Some(space.id) }).chain(rest).collect()
    }

    /// Tells the places of a piece at which one part may meet another.
    ///
    /// A corner that triangles of two parts share lies in one part itself, so at least one of those triangles is of
    /// another part than its corner. All corners of such triangles are told.
    pub(crate) fn seams(&self, piece: &Piece, mut tell: impl FnMut(DVec3)) {
        if self.all.is_some() || piece.indices.is_empty() {
            return;
        }
        let at = |point: DVec3| self.space_at(point.as_vec3());
        let spaces: Vec<Option<SpaceId>> = piece.positions.iter().map(|&point| at(point)).collect();
        for triangle in piece.indices.as_chunks::<3>().0 {
            let own = at(middle(piece, triangle));
            if triangle.iter().any(|&index| spaces[index as usize] != own) {
                triangle.iter().for_each(|&index| tell(piece.positions[index as usize]));
            }
        }
    }

    /// The triangles and points of a piece that are of this part; they are by their middle.
    pub(crate) fn choose<'a>(&self, part: Part, piece: &'a Piece) -> Cow<'a, Piece> {
        if self.all.is_some() {
            return Cow::Borrowed(piece);
        }
        let is_of = |middle: DVec3| self.space_at(middle.as_vec3()) == part.space;
        if !piece.indices.is_empty() {
            let of_part = |triangle: &&[u32; 3]| is_of(middle(piece, triangle));
            let chosen = piece.indices.as_chunks::<3>().0.iter().filter(of_part);
            let indices: Vec<u32> = chosen.flatten().copied().collect();
            // Without triangles the vertices would be points.
            let is_none = indices.is_empty();
            return Cow::Owned(if is_none { Piece::default() } else { Piece { indices, ..piece.clone() } });
        }
        let keep: Vec<bool> = piece.positions.iter().map(|&point| is_of(point)).collect();
        Cow::Owned(Piece {
            positions: kept(&piece.positions, &keep),
            normals: kept(&piece.normals, &keep),
            uvs: kept(&piece.uvs, &keep),
            colors: kept(&piece.colors, &keep),
            indices: Vec::new(),
            look: piece.look,
            station: piece.station,
        })
    }
}

fn middle(piece: &Piece, triangle: &[u32; 3]) -> DVec3 {
    triangle.iter().map(|&index| piece.positions[index as usize]).sum::<DVec3>() / 3.0
}

fn kept<T: Copy>(list: &[T], keep: &[bool]) -> Vec<T> {
    list.iter().zip(keep).filter(|(_, keep)| **keep).map(|(item, _)| *item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cube(min: f32, max: f32) -> Bounds {
        Bounds { min: Vec3::splat(min), max: Vec3::splat(max) }
    }

    #[test]
    fn the_smaller_box_holds_what_lies_in_both() {
        let layout = Layout::of_boxes(vec![(cube(0.0, 9.0), SpaceId(1)), (cube(2.0, 3.0), SpaceId(2))]);
        let check = |at: f32, space: Option<u16>| {
            assert_eq!(layout.space_at(Vec3::splat(at)), space.map(SpaceId), "{at}");
        };
        check(1.0, Some(1));
        check(2.5, Some(2));
        check(10.0, None);
        assert_eq!(layout.space_above(Vec3::new(1.0, -0.1, 1.0)), Some(SpaceId(1)));
        assert_eq!(Layout::one(SpaceId(3)).space_at(Vec3::splat(1e6)), Some(SpaceId(3)));
    }

    #[test]
    fn every_triangle_and_point_is_of_one_part() {
        let layout = Layout::of_boxes(vec![(cube(0.0, 1.0), SpaceId(1)), (cube(2.0, 3.0), SpaceId(2))]);
        let parts = [Some(SpaceId(1)), Some(SpaceId(2)), None].map(|space| Part { space });
        let positions: Vec<DVec3> = (0..9).map(|i| DVec3::splat(f64::from(i) * 0.4)).collect();
        let points = Piece { colors: vec![[1; 4]; 9], positions, ..Piece::default() };
        let counts = parts.map(|part| layout.choose(part, &points));
        assert_eq!(counts.each_ref().map(|piece| piece.positions.len()), [3, 3, 3]);
        assert!(counts.iter().all(|piece| piece.colors.len() == 3 && piece.normals.is_empty()));
        let triangles = Piece { indices: (0..9).collect(), ..points };
        let counts = parts.map(|part| layout.choose(part, &triangles).indices.len());
        assert_eq!(counts, [3, 3, 3]);
    }
}
