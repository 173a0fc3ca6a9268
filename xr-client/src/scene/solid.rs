//! What of a tile a head can not be inside of: its triangles, for rays.
//!
//! It must not know whose head it is.

use super::rays::Tree;
use glam::{Mat4, Vec3};
use venue_package::gltf::{AlphaMode, Document, Material, Primitive, Topology};

/// A tile with more triangles is not looked at: sorting them would take too long.
const MAX_TRIANGLES: usize = 1_000_000;

/// So close before a surface it is felt, metres.
const FELT: f32 = 0.1;

/// The triangles of a tile.
pub struct Solid(Tree);

impl Solid {
    /// Out of a decoded file; none if it has no triangles or too many.
    pub fn of(document: &Document) -> Option<Self> {
        let parts = || {
            let meshes = document.nodes.iter().filter(|node| node.skin.is_none());
            let meshes = meshes.filter_map(|node| Some((document.meshes.get(node.mesh?)?, node.world)));
            let parts =
                meshes.flat_map(|(mesh, world)| mesh.primitives.iter().map(move |part| (part, world)));
            parts.filter(|(part, _)| is_solid(part, document))
        };
        let count: usize = parts().map(|(part, _)| part.indices.len() / 3).sum();
        if count == 0 || count > MAX_TRIANGLES {
            return None;
        }
        let mut corners = Vec::with_capacity(count);
        parts().for_each(|(part, world)| append(part, world, &mut corners));
        Some(Self(Tree::new(corners)))
    }

    /// How far a way goes on behind the first surface, metres; negative before it. None if there is no surface on the way
    /// and close behind its end.
    pub fn depth(&self, from: Vec3, to: Vec3) -> Option<f32> {
        let (along, metres) = (to - from).normalize_and_length();
        let hit = self.0.nearest_within(from, along, metres + FELT)?;
        Some(metres - hit.metres)
    }
}

/// Leaves and lattices, which are cut out of their pictures, are soft or full of holes.
fn is_solid(primitive: &Primitive, document: &Document) -> bool {
    let material = primitive.material.and_then(|index| document.materials.get(index));
    let is_cut = |material: &Material| matches!(material.alpha, AlphaMode::Mask(_));
    primitive.topology == Topology::Triangles && !material.is_some_and(is_cut)
}

fn append(primitive: &Primitive, world: Mat4, corners: &mut Vec<[Vec3; 3]>) {
    let place = |index: u32| world.transform_point3(primitive.positions[index as usize]);
    let triangles = primitive.indices.chunks_exact(3);
    corners.extend(triangles.map(|triangle| [place(triangle[0]), place(triangle[1]), place(triangle[2])]));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A wall at z = -2 that looks to +z.
    fn wall() -> Solid {
        let corner = |x: f32, y: f32| Vec3::new(x * 5.0, y * 3.0, -2.0);
        let [a, b, c, d] = [corner(-1.0, 0.0), corner(1.0, 0.0), corner(1.0, 1.0), corner(-1.0, 1.0)];
        Solid(Tree::new(vec![[a, b, c], [a, c, d]]))
    }

    fn depth(x: f32, z: f32) -> Option<f32> {
        wall().depth(Vec3::new(0.0, 1.6, 0.0), Vec3::new(x, 1.6, z))
    }

    #[test]
    fn depth_is_measured_along_the_way() {
        assert_eq!(depth(0.0, -1.5), None);
        assert!((depth(0.0, -1.95).unwrap() + 0.05).abs() < 1e-4);
        assert!((depth(0.0, -2.2).unwrap() - 0.2).abs() < 1e-4);
        assert!((depth(2.2, -2.2).unwrap() - 0.2 * 2f32.sqrt()).abs() < 1e-4, "aslant");
        assert_eq!(depth(0.0, 0.0), None, "no way at all");
    }
}
