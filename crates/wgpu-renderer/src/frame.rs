//! What one frame shows: views, light, sky, draws, labels, panels. Plain borrowed data.

use crate::{CrowdDraw, MaterialId, MeshId, PanelLayer, SurfelsId, TextureId};
use glam::{Mat4, Vec2, Vec3, Vec4};

/// One eye or camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// From the building frame to the eye: x right, y up, looking along -z. Rigid.
    pub view_from_world: Mat4,
    /// Reversed depth with an infinite far plane, see [`crate::reverse_z_perspective`].
    pub clip_from_view: Mat4,
}

impl View {
    /// The whole way from the world to the picture.
    pub fn clip_from_world(&self) -> Mat4 {
        self.clip_from_view * self.view_from_world
    }

    /// Where the eye stands.
    pub fn position_in_world(&self) -> Vec3 {
        let rotation_inverse = glam::Mat3::from_mat4(self.view_from_world).transpose();
        -(rotation_inverse * self.view_from_world.w_axis.truncate())
    }

    /// The angle that one pixel at the picture's centre spans when the picture is `height` pixels high.
    pub fn radians_per_pixel(&self, height: u32) -> f32 {
        2.0 / (self.clip_from_view.y_axis.y * height.max(1) as f32)
    }
}

/// The light on lit materials. All colours are linear.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lighting {
    /// What a white matt surface that faces up sends back of the ambient light.
    pub ambient_from_above: Vec3,
    /// The same for one that faces down.
    pub ambient_from_below: Vec3,
    /// Towards the sun; need not be a unit vector.
    pub direction_to_sun: Vec3,
    /// What a white matt surface that faces the sun sends back of its light.
    pub sun_color: Vec3,
    /// Factor on all lit colours before the tone curve.
    pub exposure: f32,
}

/// The light at one place, as one figure there has it. All colours are linear.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlaceLight {
    /// What a white matt surface sends back on the average over all directions that it may face.
    pub ambient: Vec3,
    /// How much more it sends back for each metre that its unit normal goes towards x, y and z.
    pub slopes: [Vec3; 3],
    /// Towards the strongest light; need not be a unit vector.
    pub direction_to_light: Vec3,
    /// What a white matt surface that faces it sends back of it.
    pub light_color: Vec3,
}

impl PlaceLight {
    /// The light that is the same everywhere.
    pub fn of(lighting: &Lighting) -> Self {
        let (above, below) = (lighting.ambient_from_above, lighting.ambient_from_below);
        Self {
            ambient: (above + below) * 0.5,
            slopes: [Vec3::ZERO, (above - below) * 0.5, Vec3::ZERO],
            direction_to_light: lighting.direction_to_sun,
            light_color: lighting.sun_color,
        }
    }

    /// A light between this one and another.
    #[must_use]
    pub fn mixed(&self, other: &Self, part: f32) -> Self {
        let slopes = [0, 1, 2].map(|axis| self.slopes[axis].lerp(other.slopes[axis], part));
        Self {
            ambient: self.ambient.lerp(other.ambient, part),
            slopes,
            direction_to_light: self.direction_to_light.lerp(other.direction_to_light, part),
            light_color: self.light_color.lerp(other.light_color, part),
        }
    }

    /// As the shader has it: ambient, slopes, direction, colour.
    pub(crate) fn rows(&self) -> [[Vec4; 3]; 2] {
        let [x, y, z] = self.slopes.map(|slope| slope.extend(0.0));
        let direction = self.direction_to_light.try_normalize().unwrap_or(Vec3::Y);
        [[self.ambient.extend(0.0), x, y], [z, direction.extend(0.0), self.light_color.extend(0.0)]]
    }
}

impl Default for Lighting {
    fn default() -> Self {
        Self {
            ambient_from_above: Vec3::new(0.55, 0.58, 0.62),
            ambient_from_below: Vec3::new(0.30, 0.28, 0.26),
            direction_to_sun: Vec3::new(0.4, 0.8, 0.3),
            sun_color: Vec3::new(0.45, 0.43, 0.38),
            exposure: 1.0,
        }
    }
}

/// What is seen where nothing stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sky {
    /// Three linear colours, mixed by height.
    Gradient {
        /// Straight up.
        zenith: Vec3,
        /// At eye level.
        horizon: Vec3,
        /// Straight down.
        ground: Vec3,
    },
    /// A panorama: the picture's middle is seen towards -z at yaw 0.
    Equirect {
        /// Twice as wide as high.
        texture: TextureId,
        /// Turns the panorama about +y, radians.
        yaw: f32,
        /// Factor on its colours; white leaves them as they are.
        tint: Vec3,
    },
    /// Nothing: whoever shows the target lays it over something else, by its alpha. Its colours are premultiplied.
    Open,
}

impl Default for Sky {
    fn default() -> Self {
        Self::Gradient {
            zenith: Vec3::new(0.19, 0.36, 0.66),
            horizon: Vec3::new(0.71, 0.79, 0.86),
            ground: Vec3::new(0.29, 0.28, 0.27),
        }
    }
}

/// Which pixels of a draw are there: those whose number in an even pattern over the screen, 0 to 1, lies in a range.
/// Two draws that share the pattern between them replace each other without a gap and without blending.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cover {
    /// The first number that is there.
    pub from: f32,
    /// The first number that is not there any more.
    pub to: f32,
}

impl Cover {
    /// Every pixel.
    pub const WHOLE: Self = Self { from: 0.0, to: 1.0 };

    /// What appears, when `share` of its way is done.
    pub fn appearing(share: f32) -> Self {
        Self { from: 0.0, to: share }
    }

    /// What vanishes while something else appears in its place.
    pub fn vanishing(share: f32) -> Self {
        Self { from: share, to: 1.0 }
    }

    /// Whether every pixel is there.
    pub fn is_whole(&self) -> bool {
        self.from <= 0.0 && self.to >= 1.0
    }
}

impl Default for Cover {
    fn default() -> Self {
        Self::WHOLE
    }
}

/// One still mesh.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Draw {
    /// What.
    pub mesh: MeshId,
    /// How it looks.
    pub material: MaterialId,
    /// Where; may scale, also unevenly and mirrored.
    pub world_from_model: Mat4,
    /// Factor on the base colour and alpha; [`Vec4::ONE`] leaves it.
    pub tint: Vec4,
    /// Which of its pixels are there.
    pub cover: Cover,
    /// Name in the object-id picture; 0 is nothing.
    pub object_id: u32,
}

/// One cloud of surfels. It has no ids: pointing goes through it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurfelDraw {
    /// What.
    pub surfels: SurfelsId,
    /// Where; turned, moved and evenly scaled.
    pub world_from_model: Mat4,
    /// Factor on the colours; alpha is not used.
    pub tint: Vec4,
    /// Which of its pixels are there.
    pub cover: Cover,
}

/// One mesh on a skeleton.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SkinnedDraw<'a> {
    /// What; it has joints and weights.
    pub mesh: MeshId,
    /// How it looks.
    pub material: MaterialId,
    /// Where the model stands; the identity if `joints` already lead to the world.
    pub world_from_model: Mat4,
    /// For each joint `model_from_joint * joint_from_bind_pose` (glTF: global transform times inverse bind
    /// matrix); at most [`crate::MAX_JOINTS`]. Draws that share one slice share its upload.
    pub joints: &'a [Mat4],
    /// Factor on the base colour and alpha; [`Vec4::ONE`] leaves it.
    pub tint: Vec4,
    /// Name in the object-id picture; 0 is nothing. Below [`crate::ObjectIdImage::MARK`] if a joint is marked.
    pub object_id: u32,
    /// The joints whose part of the mesh has [`crate::ObjectIdImage::MARK`] in its ids: what they carry together more than
    /// half.
    pub marked_joints: [Option<u16>; 2],
    /// The light where it stands; none is the frame's. Draws that share their joints share it.
    pub light: Option<PlaceLight>,
}

/// A picture that faces the viewer and keeps its angular size: a name tag.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Label {
    /// The middle of the picture's lower edge.
    pub anchor_in_world: Vec3,
    /// Width and height as angles in radians, see [`View::radians_per_pixel`].
    pub size_radians: Vec2,
    /// The atlas; its colours have premultiplied alpha.
    pub texture: TextureId,
    /// Smallest and largest u and v of the region.
    pub uv_rect: [f32; 4],
    /// Factor on colour and alpha.
    pub tint: Vec4,
    /// How far the label is pulled towards the viewer for the depth test, metres: its own head must not cut it.
    pub depth_bias: f32,
    /// How much is seen of it behind other things, 0 to 1: it fades instead of being cut.
    pub hidden_opacity: f32,
}

/// A colour over the finished picture, below the screen panels.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Fade {
    /// Linear colour.
    pub color: Vec3,
    /// 0 shows the picture, 1 only the colour.
    pub amount: f32,
}

/// Darkness around the middle of the view, below labels and panels: for eyes that are moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vignette {
    /// What stays clear, radians from straight ahead; each eye has its own middle.
    pub clear_radians: f32,
}

/// Everything that one frame shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct FrameInput<'a> {
    /// As many as the settings' view count.
    pub views: &'a [View],
    /// Light on lit materials.
    pub lighting: Lighting,
    /// Behind everything.
    pub sky: Sky,
    /// Still meshes in any order.
    pub static_draws: &'a [Draw],
    /// Clouds of surfels in any order.
    pub surfel_draws: &'a [SurfelDraw],
    /// Meshes on skeletons in any order.
    pub skinned_draws: &'a [SkinnedDraw<'a>],
    /// Crowds in any order.
    pub crowds: &'a [CrowdDraw<'a>],
    /// Name tags in any order.
    pub labels: &'a [Label],
    /// Panels, back to front.
    pub panels: &'a [PanelLayer<'a>],
    /// Over the picture.
    pub fade: Fade,
    /// Around its middle; none costs nothing.
    pub vignette: Option<Vignette>,
}

/// What a frame came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameStats {
    /// Meshes that were drawn.
    pub drawn: u32,
    /// Meshes outside of every view.
    pub culled: u32,
    /// Draws, labels or panel meshes whose mesh, material or texture was removed, or that do not fit together.
    pub skipped: u32,
    /// Draw commands recorded.
    pub draw_calls: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reverse_z_perspective;

    #[test]
    fn a_view_knows_where_its_eye_stands_and_what_a_pixel_spans() {
        let eye = Vec3::new(3.0, 1.7, -2.0);
        let view_from_world =
            glam::camera::rh::view::look_to_mat4(eye, Vec3::new(0.3, -0.2, -1.0).normalize(), Vec3::Y);
        let view = View { view_from_world, clip_from_view: reverse_z_perspective(1.0, 1.5, 0.1) };
        assert!(view.position_in_world().abs_diff_eq(eye, 1e-5));
        let one_pixel_up = Vec3::new(0.0, view.radians_per_pixel(1000).tan(), -1.0);
        let ndc = view.clip_from_view.project_point3(one_pixel_up);
        assert!((ndc.y * 500.0 - 1.0).abs() < 1e-3, "{}", ndc.y);
    }
}
