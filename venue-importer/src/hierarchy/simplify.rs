//! Step levels of detail: fewer triangles for the same surface, with what neighbours share left in place.

use super::mesh::{Grid, Look, TileMesh};
use meshopt::{SimplifyOptions, VertexDataAdapter};

/// Weight of a vertex's colour beside its position: captured colours are all that such a scan shows.
const COLOR_WEIGHT: f32 = 0.4;
/// Weight of the normal, for surfaces that are lit.
const NORMAL_WEIGHT: f32 = 0.3;
/// Floats of a vertex's attributes: colour and normal.
const ATTRIBUTES: usize = 6;

/// A simplified mesh, and how far its surface may be from the one before, metres.
#[derive(Clone, Debug, PartialEq)]
pub struct Simplified {
    /// Its vertices are among those of the mesh before.
    pub mesh: TileMesh,
    /// Metres.
    pub error: f32,
}

/// Simplifies towards so many triangles; places for which `is_locked` holds stay.
///
/// Seams of pictures and borders between looks are kept as lines. The goal may be missed when
/// little is left that can go. The method is that of Garland and Heckbert with attributes (1998), as
/// meshoptimizer has it.
pub fn simplify(
    mesh: &TileMesh,
    looks: &[Look],
    grid: Grid,
    triangles: usize,
    largest_error: f32,
    is_locked: impl Fn([i32; 3]) -> bool,
) -> Simplified {
    if mesh.triangles() <= triangles {
        return Simplified { mesh: mesh.clone(), error: 0.0 };
    }
    let origin = mesh.vertices[0].position;
    let relative =
        |position: [i32; 3]| grid.point(std::array::from_fn(|i| position[i] - origin[i])).to_array();
    let positions: Vec<[f32; 3]> = mesh.vertices.iter().map(|vertex| relative(vertex.position)).collect();
    let attributes: Vec<f32> = mesh
        .vertices
        .iter()
        .flat_map(|vertex| {
            let is_lit = !looks.get(usize::from(vertex.look)).is_none_or(|look| look.unlit);
            let [r, g, b, _] = vertex.color.map(|value| f32::from(value) / 255.0);
            let [x, y, z, _] = vertex.normal.map(|value| if is_lit { f32::from(value) / 127.0 } else { 0.0 });
            [r, g, b, x, y, z]
        })
        .collect();
    let locks: Vec<bool> = mesh.vertices.iter().map(|vertex| is_locked(vertex.position)).collect();
    let bytes: &[u8] = bytemuck::cast_slice(&positions);
    let adapter = VertexDataAdapter::new(bytes, 12, 0).expect("positions are twelve bytes each");
    let weights = weights(&attributes);
    let mut error = 0.0;
    let indices = meshopt::simplify_with_attributes_and_locks(
        &mesh.indices,
        &adapter,
        &attributes,
        &weights,
        ATTRIBUTES * size_of::<f32>(),
        &locks,
        triangles * 3,
        largest_error,
        SimplifyOptions::ErrorAbsolute | SimplifyOptions::Prune,
        Some(&mut error),
    );
    let mut simple = TileMesh { vertices: mesh.vertices.clone(), indices };
    simple.drop_unused();
    Simplified { mesh: simple, error }
}

/// Where colours are what is seen and nothing is lit, all normals are alike; without weight they cost no time.
fn weights(attributes: &[f32]) -> [f32; ATTRIBUTES] {
    let rows = attributes.as_chunks::<ATTRIBUTES>().0;
    let differs =
        |part: std::ops::Range<usize>| rows.iter().any(|row| row[part.clone()] != rows[0][part.clone()]);
    let normal = if differs(0..3) && !differs(3..ATTRIBUTES) { 0.0 } else { NORMAL_WEIGHT };
    [COLOR_WEIGHT, COLOR_WEIGHT, COLOR_WEIGHT, normal, normal, normal]
}

#[cfg(test)]
mod tests {
    use super::super::mesh::Vertex;
    use super::*;

    const GRID: Grid = Grid { exponent: -10 };

    /// A square of `side` × `side` quads of 1,024 steps, its height given in steps.
    fn sheet(side: i32, height: impl Fn(i32, i32) -> i32) -> TileMesh {
        let mut mesh = TileMesh::default();
        let vertex = |x: i32, z: i32| Vertex {
            position: [x * 1_024, height(x, z), z * 1_024],
            color: if x < side / 2 { [255, 0, 0, 255] } else { [0, 0, 255, 255] },
            ..Vertex::default()
        };
        for z in 0..=side {
            mesh.vertices.extend((0..=side).map(|x| vertex(x, z)));
        }
        let at = |x: i32, z: i32| (z * (side + 1) + x) as u32;
        for (x, z) in (0..side).flat_map(|z| (0..side).map(move |x| (x, z))) {
            let corners = [at(x, z), at(x, z + 1), at(x + 1, z + 1), at(x + 1, z)];
            mesh.indices.extend([0, 1, 2, 0, 2, 3].map(|i: usize| corners[i]));
        }
        mesh
    }

    fn looks() -> Vec<Look> {
        vec![Look::default()]
    }

    #[test]
    fn a_flat_sheet_loses_triangles_and_no_locked_place() {
        let mesh = sheet(32, |_, _| 0);
        let border = |p: [i32; 3]| p[0] == 0 || p[2] == 0 || p[0] == 32 * 1_024 || p[2] == 32 * 1_024;
        let simple = simplify(&mesh, &looks(), GRID, 200, 1.0, border);
        assert!(simple.mesh.triangles() < 900, "{}", simple.mesh.triangles());
        assert!(simple.error < 0.02, "{}", simple.error);
        let kept = |mesh: &TileMesh| mesh.vertices.iter().filter(|vertex| border(vertex.position)).count();
        assert_eq!(kept(&simple.mesh), kept(&mesh));
    }

    #[test]
    fn the_error_is_in_metres_and_bounds_the_loss() {
        let bumpy = sheet(32, |x, z| (x * x * 31 + z * z * 17 + x * z * 7) % 5 * 40);
        let simple = simplify(&bumpy, &looks(), GRID, 100, 0.001, |_| false);
        assert_eq!(
            simple.mesh.triangles(),
            bumpy.triangles(),
            "bumps are larger than the error that is allowed"
        );
        let simple = simplify(&bumpy, &looks(), GRID, 100, 10.0, |_| false);
        assert!(simple.mesh.triangles() < 300);
        assert!((0.01..1.0).contains(&simple.error), "{}", simple.error);
    }
}
