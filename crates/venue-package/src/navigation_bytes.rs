//! The bytes of a navigation mesh file: little-endian, one header, five arrays.
//!
//! ```text
//! "VNAV" · version u32 · counts u32 ×4: vertices, polygons, height vertices, height triangles
//! vertices         3 × f32 each
//! polygons         corners u8 · space u16 · first height triangle u32 · height triangles u32
//!                  · per corner: vertex u32, neighbour u32 (0xffff_ffff: a wall)
//! height vertices  3 × f32 each
//! height triangles 3 × u32 each
//! ```
//! Only shape and length are looked at here; what the numbers mean is checked by
//! [`NavigationMesh::check`].

use crate::limits;
use crate::navigation::{NavigationError, NavigationMesh, NavigationPolygon};
use glam::Vec3;
use venue_model::SpaceId;

const MAGIC: [u8; 4] = *b"VNAV";
const VERSION: u32 = 1;
const WALL: u32 = u32::MAX;

pub(crate) fn write(mesh: &NavigationMesh) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(&MAGIC);
    let counts =
        [mesh.vertices.len(), mesh.polygons.len(), mesh.height_vertices.len(), mesh.height_triangles.len()];
    put(&mut out, VERSION);
    counts.iter().for_each(|&count| put(&mut out, count as u32));
    write_points(&mut out, &mesh.vertices);
    for polygon in &mesh.polygons {
        out.push(polygon.corners.len() as u8);
        out.extend_from_slice(&polygon.space.0.to_le_bytes());
        put(&mut out, polygon.heights.start);
        put(&mut out, polygon.heights.end.saturating_sub(polygon.heights.start));
        for (corner, neighbour) in polygon.corners.iter().zip(&polygon.neighbours) {
            put(&mut out, *corner);
            put(&mut out, neighbour.unwrap_or(WALL));
        }
    }
    write_points(&mut out, &mesh.height_vertices);
    mesh.height_triangles.iter().flatten().for_each(|&index| put(&mut out, index));
    out
}

fn put(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn write_points(out: &mut Vec<u8>, points: &[Vec3]) {
    for value in points.iter().flat_map(|point| point.to_array()) {
        out.extend_from_slice(&value.to_le_bytes());
    }
}

pub(crate) fn read(bytes: &[u8]) -> Result<NavigationMesh, NavigationError> {
    let (count, limit) = (bytes.len(), limits::NAVIGATION_BYTES as usize);
    if count > limit {
        return Err(NavigationError::TooMany { what: "bytes", count, limit });
    }
    let mut reader = Reader { bytes, at: 0 };
    if reader.take::<4>().ok() != Some(MAGIC) {
        return Err(NavigationError::NotNavigation);
    }
    let found = reader.number()?;
    if found != VERSION {
        return Err(NavigationError::Version { found, expected: VERSION });
    }
    let vertices = reader.count("vertices", limits::NAVIGATION_VERTICES)?;
    let polygons = reader.count("polygons", limits::NAVIGATION_POLYGONS)?;
    let height_vertices = reader.count("height vertices", limits::NAVIGATION_VERTICES)?;
    let height_triangles = reader.count("height triangles", limits::NAVIGATION_VERTICES)?;
    let mesh = NavigationMesh {
        vertices: reader.list(vertices, 12, Reader::point)?,
        polygons: reader.list(polygons, 11, Reader::polygon)?,
        height_vertices: reader.list(height_vertices, 12, Reader::point)?,
        height_triangles: reader
            .list(height_triangles, 12, |r| Ok([r.number()?, r.number()?, r.number()?]))?,
    };
    if reader.at == bytes.len() { Ok(mesh) } else { Err(NavigationError::Length { at: bytes.len() }) }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], NavigationError> {
        let rest = &self.bytes[self.at..];
        let taken = rest.first_chunk::<N>().ok_or(NavigationError::Length { at: self.bytes.len() })?;
        self.at += N;
        Ok(*taken)
    }

    fn number(&mut self) -> Result<u32, NavigationError> {
        self.take().map(u32::from_le_bytes)
    }

    fn count(&mut self, what: &'static str, limit: usize) -> Result<usize, NavigationError> {
        let count = self.number()? as usize;
        if count <= limit { Ok(count) } else { Err(NavigationError::TooMany { what, count, limit }) }
    }

    /// Reads `count` items of at least `least` bytes each; room is made only for what can be there.
    fn list<T>(
        &mut self,
        count: usize,
        least: usize,
        read: impl Fn(&mut Self) -> Result<T, NavigationError>,
    ) -> Result<Vec<T>, NavigationError> {
        if count > (self.bytes.len() - self.at) / least {
            return Err(NavigationError::Length { at: self.bytes.len() });
        }
        (0..count).map(|_| read(self)).collect()
    }

    fn point(&mut self) -> Result<Vec3, NavigationError> {
        let mut coordinate = || self.take().map(f32::from_le_bytes);
        Ok(Vec3::new(coordinate()?, coordinate()?, coordinate()?))
    }

    fn polygon(&mut self) -> Result<NavigationPolygon, NavigationError> {
        let [count] = self.take()?;
        if usize::from(count) > limits::POLYGON_CORNERS {
            let (count, limit) = (usize::from(count), limits::POLYGON_CORNERS);
            return Err(NavigationError::TooMany { what: "corners in a polygon", count, limit });
        }
        let space = SpaceId(self.take().map(u16::from_le_bytes)?);
        let (start, length) = (self.number()?, self.number()?);
        let mut polygon = NavigationPolygon {
            corners: Vec::with_capacity(count.into()),
            neighbours: Vec::with_capacity(count.into()),
            space,
            heights: start..start.saturating_add(length),
        };
        for _ in 0..count {
            polygon.corners.push(self.number()?);
            let neighbour = self.number()?;
            polygon.neighbours.push((neighbour != WALL).then_some(neighbour));
        }
        Ok(polygon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Two squares side by side, the second in another space and with a height triangle.
    fn two_squares() -> NavigationMesh {
        let at = |x: f32, z: f32| Vec3::new(x, 0.0, z);
        NavigationMesh {
            vertices: vec![at(0., 0.), at(0., 1.), at(1., 1.), at(1., 0.), at(2., 1.), at(2., 0.)],
            polygons: vec![
                NavigationPolygon {
                    corners: vec![0, 1, 2, 3],
                    neighbours: vec![None, None, Some(1), None],
                    space: SpaceId(1),
                    heights: 0..0,
                },
                NavigationPolygon {
                    corners: vec![3, 2, 4, 5],
                    neighbours: vec![Some(0), None, None, None],
                    space: SpaceId(2),
                    heights: 0..1,
                },
            ],
            height_vertices: vec![at(1., 0.), at(2., 1.), at(2., 0.)],
            height_triangles: vec![[0, 1, 2]],
        }
    }

    #[test]
    fn a_mesh_round_trips() {
        assert_eq!(two_squares().check(), Ok(()));
        assert_eq!(NavigationMesh::from_bytes(&two_squares().to_bytes()), Ok(two_squares()));
    }

    #[test]
    fn every_cut_is_refused() {
        let bytes = two_squares().to_bytes();
        for length in 0..bytes.len() {
            assert!(NavigationMesh::from_bytes(&bytes[..length]).is_err(), "{length}");
        }
        let longer = [bytes.as_slice(), &[0]].concat();
        assert!(matches!(NavigationMesh::from_bytes(&longer), Err(NavigationError::Length { .. })));
    }

    #[test]
    fn broken_meshes_are_refused_in_sentences() {
        let check = |damage: &dyn Fn(&mut NavigationMesh), expected: &str| {
            let mut mesh = two_squares();
            damage(&mut mesh);
            let error = NavigationMesh::from_bytes(&mesh.to_bytes()).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(&|mesh| mesh.vertices[2].y = f32::NAN, "vertex 2: it lies farther");
        check(&|mesh| mesh.polygons[0].corners[1] = 77, "polygon 0: it names a vertex");
        check(&|mesh| mesh.polygons[1].corners.reverse(), "neighbour of it does not share");
        check(&|mesh| mesh.polygons[1].neighbours[0] = None, "neighbour of it does not share");
        check(&|mesh| mesh.vertices[0] = Vec3::new(0.9, 0.0, 0.9), "not convex");
        check(&|mesh| mesh.polygons[1].heights = 0..9, "height triangles that do not exist");
        check(&|mesh| mesh.height_triangles[0][2] = 3, "height triangle 0");
    }

    #[test]
    fn counts_that_lie_take_no_memory() {
        let mut bytes = two_squares().to_bytes();
        bytes[8..12].copy_from_slice(&1_999_999_u32.to_le_bytes());
        assert!(matches!(NavigationMesh::from_bytes(&bytes), Err(NavigationError::Length { .. })));
        bytes[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(matches!(NavigationMesh::from_bytes(&bytes), Err(NavigationError::TooMany { .. })));
    }

    #[test]
    fn a_file_beyond_the_limit_is_not_looked_into() {
        let check = |bytes: usize, expected: &str| {
            let error = NavigationMesh::from_bytes(&vec![0; bytes]).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(limits::NAVIGATION_BYTES as usize, "this is not a navigation mesh");
        check(limits::NAVIGATION_BYTES as usize + 1, "67108865 bytes; 67108864 are allowed");
    }

    proptest! {
        #[test]
        fn damaged_bytes_never_panic(at in 0..300_usize, value: u8, cut in 0..400_usize) {
            let mut bytes = two_squares().to_bytes();
            if let Some(byte) = bytes.get_mut(at) {
                *byte = value;
            }
            bytes.truncate(cut);
            if let Ok(mesh) = NavigationMesh::from_bytes(&bytes) {
                prop_assert_eq!(mesh.check(), Ok(()));
            }
        }
    }
}
