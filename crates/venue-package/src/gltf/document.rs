//! What a glTF file holds, as plain data. Knows nothing of bytes and JSON beyond the extensions' values.

use glam::{Mat4, Quat, Vec2, Vec3, Vec4};
use serde_json::{Map, Value};

/// A glTF file's contents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Every node; parents come in no certain order.
    pub nodes: Vec<Node>,
    /// The nodes at the top of the default scene.
    pub roots: Vec<usize>,
    /// Meshes.
    pub meshes: Vec<Mesh>,
    /// Materials.
    pub materials: Vec<Material>,
    /// Textures: which image, how sampled.
    pub textures: Vec<Texture>,
    /// Images as stored.
    pub images: Vec<Image>,
    /// Skins.
    pub skins: Vec<Skin>,
    /// Animations.
    pub animations: Vec<Animation>,
    /// Extensions of the root object and of the default scene, by name.
    pub extensions: Map<String, Value>,
    /// Bytes behind the root's `KHR_audio_emitter.audio` entries: media type and contents.
    pub audio: Vec<Image>,
    /// Whom to thank.
    pub asset: Asset,
    /// What was left out, in sentences.
    pub warnings: Vec<String>,
}

/// The file's own words on its origin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asset {
    /// `asset.copyright`.
    pub copyright: Option<String>,
    /// `asset.extras.title`.
    pub title: Option<String>,
    /// `asset.extras.author`.
    pub author: Option<String>,
    /// `asset.extras.license`.
    pub license: Option<String>,
    /// `asset.extras.source`.
    pub source: Option<String>,
}

/// A node of the scene.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// May be empty.
    pub name: String,
    /// Indices of nodes.
    pub children: Vec<usize>,
    /// Index of the parent.
    pub parent: Option<usize>,
    /// Parent from this node.
    pub local: Transform,
    /// World from this node, in the pose of the file.
    pub world: Mat4,
    /// Index of a mesh.
    pub mesh: Option<usize>,
    /// Index of a skin.
    pub skin: Option<usize>,
    /// By name.
    pub extensions: Map<String, Value>,
}

/// Parent from child: scale, then turn, then move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transform {
    /// Metres.
    pub translation: Vec3,
    /// Unit quaternion.
    pub rotation: Quat,
    /// Factors.
    pub scale: Vec3,
}

impl Default for Transform {
    fn default() -> Self {
        Self { translation: Vec3::ZERO, rotation: Quat::IDENTITY, scale: Vec3::ONE }
    }
}

impl Transform {
    /// As a matrix.
    pub fn matrix(&self) -> Mat4 {
        Mat4::from_scale_rotation_translation(self.scale, self.rotation, self.translation)
    }
}

/// A mesh: pieces that differ in material.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mesh {
    /// May be empty.
    pub name: String,
    /// Triangles and points; strips and fans are unrolled, lines left out with a warning.
    pub primitives: Vec<Primitive>,
}

/// What the vertices of a primitive are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Topology {
    /// Corners of triangles.
    #[default]
    Triangles,
    /// Each on its own: a small disc across its normal.
    Points,
}

/// Triangles or points of one material. A list that the file lacks is empty, else as long as `positions`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Primitive {
    /// What the vertices are.
    pub topology: Topology,
    /// Metres.
    pub positions: Vec<Vec3>,
    /// Unit length.
    pub normals: Vec<Vec3>,
    /// Unit length, `w` is the sign of the bitangent.
    pub tangents: Vec<Vec4>,
    /// First and second texture coordinates.
    pub uvs: [Vec<Vec2>; 2],
    /// Linear RGBA.
    pub colors: Vec<Vec4>,
    /// Indices into the skin's joints.
    pub joints: Vec<[u16; 4]>,
    /// Adding up to one.
    pub weights: Vec<Vec4>,
    /// Of points, from the attribute `_RADIUS`: half the size of the disc, metres, 0 and up.
    pub radii: Vec<f32>,
    /// Three for each triangle, counter-clockwise from the front; always there and in range for triangles, empty
    /// for points.
    pub indices: Vec<u32>,
    /// Index of a material.
    pub material: Option<usize>,
}

/// How a surface looks.
#[derive(Clone, Debug, PartialEq)]
pub struct Material {
    /// May be empty.
    pub name: String,
    /// Linear RGBA factor.
    pub base_color: Vec4,
    /// sRGB picture times the factor.
    pub base_color_texture: Option<TextureUse>,
    /// Linear RGB, strength included.
    pub emissive: Vec3,
    /// sRGB picture times the factor.
    pub emissive_texture: Option<TextureUse>,
    /// 0 to 1.
    pub roughness: f32,
    /// 0 to 1.
    pub metallic: f32,
    /// Roughness in green, metalness in blue.
    pub metallic_roughness_texture: Option<TextureUse>,
    /// In tangent space.
    pub normal_texture: Option<TextureUse>,
    /// In red.
    pub occlusion_texture: Option<TextureUse>,
    /// `KHR_materials_unlit`: the colour is what is seen; baked light.
    pub unlit: bool,
    /// What alpha means.
    pub alpha: AlphaMode,
    /// Whether the back is seen too.
    pub double_sided: bool,
}

impl Default for Material {
    fn default() -> Self {
        Self {
            name: String::new(),
            base_color: Vec4::ONE,
            base_color_texture: None,
            emissive: Vec3::ZERO,
            emissive_texture: None,
            roughness: 1.0,
            metallic: 1.0,
            metallic_roughness_texture: None,
            normal_texture: None,
            occlusion_texture: None,
            unlit: false,
            alpha: AlphaMode::Opaque,
            double_sided: false,
        }
    }
}

/// What a material's alpha means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AlphaMode {
    /// Nothing.
    Opaque,
    /// Seen from this alpha on, else not.
    Mask(f32),
    /// Mixed with what is behind.
    Blend,
}

/// A texture as a material uses it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextureUse {
    /// Index of the texture.
    pub texture: usize,
    /// Which of [`Primitive::uvs`]: 0 or 1.
    pub uv_set: usize,
    /// `KHR_texture_transform`.
    pub transform: UvTransform,
}

/// `KHR_texture_transform`: scale, then turn, then move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UvTransform {
    /// Added last.
    pub offset: Vec2,
    /// Radians, counter-clockwise as the extension counts it.
    pub rotation: f32,
    /// Factors.
    pub scale: Vec2,
}

impl Default for UvTransform {
    fn default() -> Self {
        Self { offset: Vec2::ZERO, rotation: 0.0, scale: Vec2::ONE }
    }
}

impl UvTransform {
    /// The texture coordinate that is sampled.
    pub fn apply(&self, uv: Vec2) -> Vec2 {
        let (sin, cos) = self.rotation.sin_cos();
        let scaled = uv * self.scale;
        self.offset + Vec2::new(cos * scaled.x + sin * scaled.y, -sin * scaled.x + cos * scaled.y)
    }
}

/// An image and how it is sampled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Texture {
    /// Index of the image.
    pub image: usize,
    /// Beyond 0 to 1, horizontally and vertically.
    pub wrap: [Wrap; 2],
    /// Whether single pixels stay visible when near.
    pub nearest: bool,
}

/// What a texture shows beyond its edges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wrap {
    /// Itself again.
    #[default]
    Repeat,
    /// Itself mirrored.
    Mirror,
    /// Its last pixel.
    Clamp,
}

/// A file inside of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// E.g. `image/webp`; found out from the bytes when the file does not say.
    pub media_type: String,
    /// As stored.
    pub bytes: Vec<u8>,
}

/// Joints that move a mesh.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Skin {
    /// May be empty.
    pub name: String,
    /// Indices of nodes.
    pub joints: Vec<usize>,
    /// Joint from mesh, one for each joint.
    pub inverse_bind: Vec<Mat4>,
}

/// A recorded movement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Animation {
    /// May be empty.
    pub name: String,
    /// One for each moved property.
    pub channels: Vec<Channel>,
}

impl Animation {
    /// Seconds until its last key.
    pub fn duration(&self) -> f32 {
        self.channels.iter().filter_map(|channel| channel.times.last()).fold(0.0, |a, &b| a.max(b))
    }
}

/// How one property of one node moves.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// Index of the node.
    pub node: usize,
    /// Which property.
    pub property: Property,
    /// What lies between keys.
    pub interpolation: Interpolation,
    /// Seconds, growing.
    pub times: Vec<f32>,
    /// One for each time; three (in-tangent, value, out-tangent) when cubic. A rotation is x y z w.
    pub values: Vec<Vec4>,
}

/// A property of a node that moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Property {
    /// Metres in `xyz`.
    Translation,
    /// Unit quaternion.
    Rotation,
    /// Factors in `xyz`.
    Scale,
}

/// What lies between keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interpolation {
    /// A straight line, or the shorter arc.
    Linear,
    /// The earlier key.
    Step,
    /// A Hermite spline.
    Cubic,
}
