//! What the headset's optics never show of an eye's picture, from the runtime's mesh to the picture's coordinates.
//!
//! It must not know the renderer's passes.

use super::runtime::{Runtime, STEREO, XrError};
use super::views::projection;
use glam::{Mat4, Vec2, Vec3};
use openxr as xr;
use wgpu_renderer::{Gpu, HiddenArea};

/// Most corners of one eye's mesh that are believed.
const MOST_CORNERS: usize = 100_000;

/// The mask, and the angles that it was made for.
#[derive(Default)]
pub struct Mask {
    area: Option<HiddenArea>,
    made_for: Option<[xr::Fovf; 2]>,
}

impl Mask {
    /// What nobody sees.
    pub fn area(&self) -> Option<&HiddenArea> {
        self.area.as_ref()
    }

    /// The runtime has another mesh now.
    pub fn forget(&mut self) {
        self.made_for = None;
    }

    /// Makes the mask for these eyes unless it is made.
    pub fn fit(
        &mut self,
        runtime: &Runtime,
        session: &xr::Session<xr::Vulkan>,
        gpu: &Gpu,
        eyes: &[xr::View; 2],
    ) -> Result<(), XrError> {
        let angles = eyes.each_ref().map(|eye| eye.fov);
        let is_same = |fov: &xr::Fovf, made: &xr::Fovf| bits(fov) == bits(made);
        let is_made = |made: [xr::Fovf; 2]| angles.iter().zip(&made).all(|(fov, made)| is_same(fov, made));
        if !runtime.offers.visibility_mask || self.made_for.is_some_and(is_made) {
            return Ok(());
        }
        self.made_for = Some(angles);
        let eye = |index: u32| -> Result<Vec<Vec2>, XrError> {
            let kind = xr::VisibilityMaskTypeKHR::HIDDEN_TRIANGLE_MESH;
            let mesh = session.get_visibility_mask_khr(STEREO, index, kind);
            let mesh = mesh.map_err(XrError::of("asking for what is hidden"))?;
            Ok(triangles(&mesh, &projection(&angles[index as usize])))
        };
        let eyes = [eye(0)?, eye(1)?];
        tracing::info!(
            left = eyes[0].len() / 3,
            right = eyes[1].len() / 3,
            "triangles hide what nobody sees"
        );
        let area = HiddenArea::new(gpu, eyes.each_ref().map(Vec::as_slice));
        self.area = area.map_err(|error| XrError::failed("hiding what nobody sees", error))?;
        Ok(())
    }
}

fn bits(fov: &xr::Fovf) -> [u32; 4] {
    [fov.angle_left, fov.angle_right, fov.angle_up, fov.angle_down].map(f32::to_bits)
}

/// The mesh's triangles in the picture's coordinates. Its corners lie on the plane one metre before the eye
/// (XR_KHR_visibility_mask). A mesh that is none hides nothing.
fn triangles(mesh: &xr::VisibilityMask, clip_from_view: &Mat4) -> Vec<Vec2> {
    if mesh.indices.len() > MOST_CORNERS {
        return Vec::new();
    }
    let corner = |index: &u32| {
        let place = mesh.vertices.get(*index as usize)?;
        let seen = clip_from_view.project_point3(Vec3::new(place.x, place.y, -1.0)).truncate();
        seen.is_finite().then_some(seen)
    };
    let triangle = |of: &[u32]| Some([corner(&of[0])?, corner(&of[1])?, corner(&of[2])?]);
    mesh.indices.chunks_exact(3).filter_map(triangle).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mesh(vertices: &[[f32; 2]], indices: &[u32]) -> xr::VisibilityMask {
        let vertices = vertices.iter().map(|[x, y]| xr::Vector2f { x: *x, y: *y }).collect();
        xr::VisibilityMask { vertices, indices: indices.to_vec() }
    }

    fn eye() -> (xr::Fovf, Mat4) {
        let fov = xr::Fovf { angle_left: -0.9, angle_right: 0.7, angle_up: 0.85, angle_down: -0.8 };
        (fov, projection(&fov))
    }

    #[test]
    fn what_an_eye_s_angles_bound_meets_the_corners_of_its_picture() {
        let (fov, clip_from_view) = eye();
        let [left, right, up, down] =
            [fov.angle_left, fov.angle_right, fov.angle_up, fov.angle_down].map(f32::tan);
        let whole = mesh(&[[left, down], [right, down], [left, up]], &[0, 1, 2]);
        let seen = triangles(&whole, &clip_from_view);
        let expected = [Vec2::NEG_ONE, Vec2::new(1.0, -1.0), Vec2::new(-1.0, 1.0)];
        assert!(seen.iter().zip(expected).all(|(a, b)| a.abs_diff_eq(b, 1e-5)), "{seen:?}");
        assert_eq!(seen.len(), 3);
    }

    #[test]
    fn what_is_straight_ahead_is_not_in_the_middle_of_an_asymmetric_eye() {
        let (_, clip_from_view) = eye();
        let ahead = triangles(&mesh(&[[0.0, 0.0]], &[0, 0, 0]), &clip_from_view);
        assert!(ahead[0].x > 0.1, "{}", ahead[0]);
    }

    #[test]
    fn a_mesh_that_is_none_hides_nothing() {
        let (_, clip_from_view) = eye();
        let check = |mesh: xr::VisibilityMask| assert!(triangles(&mesh, &clip_from_view).is_empty());
        check(mesh(&[], &[]));
        check(mesh(&[[0.0, 0.0]; 3], &[0, 1, 3]));
        check(mesh(&[[f32::NAN, 0.0]; 3], &[0, 1, 2]));
        check(mesh(&[[0.0, 0.0]; 3], &[0, 1]));
        check(mesh(&[[0.0, 0.0]; 3], &vec![0; MOST_CORNERS + 3]));
    }
}
