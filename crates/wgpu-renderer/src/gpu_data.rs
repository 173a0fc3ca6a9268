//! Everything that shaders read, in the layout in which they read it. A test below compares each struct with its
//! namesake in WGSL by name, offset and size, and each vertex table by location and type.

use bytemuck::{Pod, Zeroable};
use glam::{Mat4, Vec3, Vec4};
use wgpu::{VertexAttribute, VertexFormat};

/// Structs of uniform buffers. Fields that only fill gaps begin with an underscore and are unknown to WGSL.
macro_rules! uniforms {
    ($($(#[$doc:meta])* struct $name:ident { $($field:ident: $ty:ty,)* })*) => {
        $($(#[$doc])*
        #[repr(C)]
        #[derive(Clone, Copy, Debug, Pod, Zeroable)]
        pub(crate) struct $name { $(pub(crate) $field: $ty,)* })*

        #[cfg(test)]
        const UNIFORMS: &[tests::Layout] = &[$(tests::Layout {
            name: stringify!($name),
            size: size_of::<$name>(),
            fields: &[$((stringify!($field), std::mem::offset_of!($name, $field), size_of::<$ty>()),)*],
        },)*];
    };
}

/// Structs of vertex and instance buffers with each field's location and format.
macro_rules! vertex_tables {
    ($($(#[$doc:meta])* struct $name:ident { $($field:ident: $ty:ty = $location:literal $format:ident,)* }
        fill { $($fill:ident: $fill_ty:ty,)* })*) => {
        $($(#[$doc])*
        #[repr(C)]
        #[derive(Clone, Copy, Debug, Pod, Zeroable)]
        pub(crate) struct $name { $(pub(crate) $field: $ty,)* $(pub(crate) $fill: $fill_ty,)* }

        impl $name {
            pub(crate) const ATTRIBUTES: &'static [VertexAttribute] = &[$(VertexAttribute {
                format: VertexFormat::$format,
                offset: std::mem::offset_of!($name, $field) as u64,
                shader_location: $location,
            },)*];

            /// The layout of a buffer of these.
            pub(crate) const fn layout(step_mode: wgpu::VertexStepMode) -> wgpu::VertexBufferLayout<'static> {
                wgpu::VertexBufferLayout {
                    array_stride: size_of::<$name>() as u64,
                    step_mode,
                    attributes: Self::ATTRIBUTES,
                }
            }
        })*

        #[cfg(test)]
        const VERTEX_TABLES: &[tests::VertexTable] = &[$(tests::VertexTable {
            name: stringify!($name),
            fields: &[$((stringify!($field), $location, VertexFormat::$format, size_of::<$ty>()),)*],
        },)*];
    };
}

uniforms! {
    /// What lies behind the picture in a headset's mirror.
    struct MirrorUniform {
        direction_from_clip: Mat4,
        turn: f32,
        has_panorama: f32,
        _fill: [f32; 2],
    }

    /// One eye.
    struct ViewUniform {
        clip_from_world: Mat4,
        direction_from_clip: Mat4,
        eye_in_world: Vec3,
        _fill: f32,
    }

    /// The frame: bind group 0 of every pass.
    struct FrameUniform {
        views: [ViewUniform; 2],
        ambient_from_above: Vec3,
        exposure: f32,
        ambient_from_below: Vec3,
        sky_kind: f32,
        direction_to_sun: Vec3,
        sky_yaw: f32,
        sun_color: Vec3,
        fade_amount: f32,
        fade_color: Vec3,
        vignette_radians: f32,
        sky_zenith: Vec3,
        _fill_zenith: f32,
        sky_horizon: Vec3,
        _fill_horizon: f32,
        sky_ground: Vec3,
        _fill_ground: f32,
        head_in_world: Vec3,
        _fill_head: f32,
    }

    /// A material's numbers.
    struct MaterialUniform {
        base_color: [f32; 4],
        emissive: Vec3,
        alpha_cutoff: f32,
        roughness: f32,
        metallic: f32,
        ambient: f32,
        lit: f32,
    }

    /// Where a cloud of surfels lies and how it looks.
    struct SurfelsUniform {
        world_row_x: Vec4,
        world_row_y: Vec4,
        world_row_z: Vec4,
        tint: Vec4,
        cover: [f32; 2],
        _fill: [f32; 2],
    }

    /// Where a panel lies in each view.
    struct PanelUniform {
        clip_from_panel: [Mat4; 2],
    }
}

vertex_tables! {
    /// A mesh's vertex.
    struct MeshVertex {
        position: [f32; 3] = 0 Float32x3,
        normal: [i16; 4] = 1 Snorm16x4,
        uv: [f32; 2] = 2 Float32x2,
        color_root: [u8; 4] = 3 Unorm8x4,
    } fill {}

    /// Which joints carry a vertex.
    struct SkinVertex {
        joints: [u16; 4] = 9 Uint16x4,
        weights: [u16; 4] = 10 Unorm16x4,
    } fill {}

    /// One appearance of a mesh.
    struct Instance {
        world_row_x: Vec4 = 4 Float32x4,
        world_row_y: Vec4 = 5 Float32x4,
        world_row_z: Vec4 = 6 Float32x4,
        tint: Vec4 = 7 Float32x4,
        object_id: u32 = 8 Uint32,
        marked_skeleton: [u16; 2] = 11 Uint16x2,
        cover: [f32; 2] = 12 Float32x2,
    } fill {}

    /// One figure of a crowd.
    struct CrowdInstance {
        place: [f32; 4] = 4 Float32x4,
        pivot_yaw: [f32; 4] = 5 Float32x4,
        head: [i16; 4] = 6 Snorm16x4,
        id_pose: [u32; 2] = 7 Uint32x2,
        light_a: [u16; 4] = 8 Float16x4,
        light_b: [u16; 4] = 11 Float16x4,
        light_c: [u16; 4] = 12 Float16x4,
        light_d: [u16; 4] = 13 Float16x4,
        light_e: [u16; 4] = 14 Float16x4,
        colors: [u16; 4] = 15 Float16x4,
    } fill {}

    /// A point of a scan as a disc.
    struct Surfel {
        position: [f32; 3] = 0 Float32x3,
        radius: f32 = 1 Float32,
        normal: [i16; 4] = 2 Snorm16x4,
        color_root: [u8; 4] = 3 Unorm8x4,
    } fill {}

    /// One name tag.
    struct LabelInstance {
        anchor_in_world: [f32; 3] = 0 Float32x3,
        depth_bias: f32 = 1 Float32,
        size_radians: [f32; 2] = 2 Float32x2,
        hidden_opacity: f32 = 3 Float32,
        encoded: f32 = 4 Float32,
        uv_rect: [f32; 4] = 5 Float32x4,
        tint: [f32; 4] = 6 Float32x4,
    } fill {}

    /// A corner of what nobody sees, in one view.
    struct HiddenCorner {
        place_in_clip: [f32; 2] = 0 Float32x2,
        view: u32 = 1 Uint32,
    } fill {}

    /// One mesh of a panel.
    struct PanelInstance {
        clip_rect: [f32; 4] = 3 Float32x4,
        encoded: f32 = 4 Float32,
    } fill {}
}

/// [`crate::PanelVertex`] is public and has egui's layout, so that egui's arrays are drawn as they are.
pub(crate) const PANEL_VERTEX: wgpu::VertexBufferLayout<'static> = wgpu::VertexBufferLayout {
    array_stride: size_of::<crate::PanelVertex>() as u64,
    step_mode: wgpu::VertexStepMode::Vertex,
    attributes: &wgpu::vertex_attr_array![0 => Float32x2, 1 => Float32x2, 2 => Unorm8x4],
};

/// The three rows of an affine matrix.
pub(crate) fn rows(matrix: &Mat4) -> [Vec4; 3] {
    [matrix.row(0), matrix.row(1), matrix.row(2)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes;
    use crate::shader::{ShaderSource, ViewMode};
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    pub(super) struct Layout {
        pub(super) name: &'static str,
        pub(super) size: usize,
        pub(super) fields: &'static [(&'static str, usize, usize)],
    }

    pub(super) struct VertexTable {
        pub(super) name: &'static str,
        pub(super) fields: &'static [(&'static str, u32, VertexFormat, usize)],
    }

    fn folder(path: &str) -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
    }

    fn stems(path: &str, extension: &str) -> BTreeSet<String> {
        let files = std::fs::read_dir(folder(path)).unwrap().map(|entry| entry.unwrap().path());
        let matching = files.filter(|file| file.extension().is_some_and(|found| found == extension));
        matching.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    }

    fn parse(source: &ShaderSource, mode: ViewMode) -> naga::Module {
        let text = source.text(mode);
        let module = naga::front::wgsl::parse_str(&text)
            .unwrap_or_else(|error| panic!("{}: {}", source.stem, error.emit_to_string(&text)));
        let capabilities = match mode {
            ViewMode::Single | ViewMode::Apart(_) => naga::valid::Capabilities::empty(),
            ViewMode::Multi => naga::valid::Capabilities::MULTIVIEW,
        };
        naga::valid::Validator::new(naga::valid::ValidationFlags::all(), capabilities)
            .validate(&module)
            .unwrap_or_else(|error| panic!("{}: {}", source.stem, error.emit_to_string(&text)));
        module
    }

    fn all_modules() -> Vec<(&'static str, naga::Module)> {
        let modes = [ViewMode::Single, ViewMode::Multi];
        let both =
            passes::SHADERS.iter().flat_map(|source| modes.map(|mode| (source.stem, parse(source, mode))));
        both.collect()
    }

    #[test]
    fn every_shader_file_is_one_pass_with_a_rust_file_of_the_same_stem_and_validates() {
        let on_disk = stems("../../shaders", "wgsl");
        let known: BTreeSet<String> = passes::SHADERS.iter().map(|source| source.stem.to_owned()).collect();
        assert_eq!(on_disk, known, "shaders/ and passes::SHADERS must list the same passes");
        let rust = stems("src/passes", "rs");
        for stem in &on_disk {
            assert!(rust.contains(stem), "src/passes/{stem}.rs is missing");
        }
        assert!(!all_modules().is_empty());
    }

    #[test]
    fn every_shared_part_is_used_and_no_shader_file_exceeds_250_lines() {
        let used: Vec<String> = passes::SHADERS.iter().map(|source| source.text(ViewMode::Single)).collect();
        let multi: Vec<String> = passes::SHADERS.iter().map(|source| source.text(ViewMode::Multi)).collect();
        for shared in stems("../../shaders/shared", "wgsl") {
            let text = std::fs::read_to_string(folder("../../shaders/shared").join(format!("{shared}.wgsl")))
                .unwrap();
            assert!(text.lines().count() <= 250, "shared/{shared}.wgsl is too long");
            assert!(
                used.iter().chain(&multi).any(|all| all.contains(&text)),
                "shared/{shared}.wgsl is not used"
            );
        }
        for source in passes::SHADERS {
            assert!(source.body.lines().count() <= 250, "{}.wgsl is too long", source.stem);
        }
    }

    fn check_struct(
        place: &str,
        module: &naga::Module,
        handle: naga::Handle<naga::Type>,
        seen: &mut BTreeSet<String>,
    ) {
        let ty = &module.types[handle];
        let (members, span) = match &ty.inner {
            naga::TypeInner::Struct { members, span } => (members, *span),
            naga::TypeInner::Array { base, .. } => return check_struct(place, module, *base, seen),
            _ => return,
        };
        let name = ty.name.clone().unwrap();
        let rust = UNIFORMS.iter().find(|layout| layout.name == name);
        let rust = rust.unwrap_or_else(|| panic!("{place}: {name} has no Rust struct in gpu_data"));
        let visible: Vec<_> = rust.fields.iter().filter(|field| !field.0.starts_with('_')).copied().collect();
        let shader: Vec<_> = members
            .iter()
            .map(|member| {
                let size = module.types[member.ty].inner.size(module.to_ctx()) as usize;
                (member.name.clone().unwrap(), member.offset as usize, size)
            })
            .collect();
        let ours: Vec<_> = visible.iter().map(|field| (field.0.to_owned(), field.1, field.2)).collect();
        assert_eq!(shader, ours, "{place}: the fields of {name} (name, offset, size)");
        assert_eq!(span as usize, rust.size, "{place}: the size of {name}");
        seen.insert(name);
        for member in members {
            check_struct(place, module, member.ty, seen);
        }
    }

    #[test]
    fn every_buffer_struct_of_every_shader_equals_its_rust_struct() {
        let mut seen = BTreeSet::new();
        for (stem, module) in all_modules() {
            for (_, variable) in module.global_variables.iter() {
                if matches!(variable.space, naga::AddressSpace::Uniform | naga::AddressSpace::Storage { .. })
                {
                    check_struct(stem, &module, variable.ty, &mut seen);
                }
            }
        }
        let rust: BTreeSet<String> = UNIFORMS.iter().map(|layout| layout.name.to_owned()).collect();
        assert_eq!(seen, rust, "every struct in gpu_data is read by a shader");
    }

    fn shader_format(module: &naga::Module, ty: naga::Handle<naga::Type>) -> (u32, naga::ScalarKind) {
        match module.types[ty].inner {
            naga::TypeInner::Scalar(scalar) => (1, scalar.kind),
            naga::TypeInner::Vector { size, scalar } => (size as u32, scalar.kind),
            ref other => panic!("{other:?} cannot be a vertex attribute"),
        }
    }

    fn rust_format(format: VertexFormat) -> (u32, naga::ScalarKind) {
        match format {
            VertexFormat::Float32 => (1, naga::ScalarKind::Float),
            VertexFormat::Float32x2 => (2, naga::ScalarKind::Float),
            VertexFormat::Float32x3 => (3, naga::ScalarKind::Float),
            VertexFormat::Float32x4
            | VertexFormat::Float16x4
            | VertexFormat::Snorm16x4
            | VertexFormat::Unorm16x4
            | VertexFormat::Unorm8x4 => (4, naga::ScalarKind::Float),
            VertexFormat::Uint32 => (1, naga::ScalarKind::Uint),
            VertexFormat::Uint32x2 | VertexFormat::Uint16x2 => (2, naga::ScalarKind::Uint),
            VertexFormat::Uint16x4 => (4, naga::ScalarKind::Uint),
            other => panic!("teach this test the format {other:?}"),
        }
    }

    /// The vertex tables of [`PANEL_VERTEX`], which the macro does not see.
    const PANEL_VERTEX_TABLE: VertexTable = VertexTable {
        name: "PanelVertex",
        fields: &[
            ("position", 0, VertexFormat::Float32x2, 8),
            ("uv", 1, VertexFormat::Float32x2, 8),
            ("color", 2, VertexFormat::Unorm8x4, 4),
        ],
    };

    #[test]
    fn every_vertex_input_of_every_shader_equals_its_rust_table() {
        let mut seen = BTreeSet::new();
        for (stem, module) in all_modules() {
            let vertex_stages =
                module.entry_points.iter().filter(|entry| entry.stage == naga::ShaderStage::Vertex);
            for argument in vertex_stages.flat_map(|entry| &entry.function.arguments) {
                let ty = &module.types[argument.ty];
                let naga::TypeInner::Struct { members, .. } = &ty.inner else { continue };
                let name = ty.name.as_deref().unwrap();
                if name == "ViewInput" {
                    continue;
                }
                let table =
                    VERTEX_TABLES.iter().chain([&PANEL_VERTEX_TABLE]).find(|table| table.name == name);
                let table = table.unwrap_or_else(|| panic!("{stem}: {name} has no vertex table in gpu_data"));
                assert_eq!(members.len(), table.fields.len(), "{stem}: the fields of {name}");
                for (member, (field, location, format, size)) in members.iter().zip(table.fields) {
                    assert_eq!(member.name.as_deref(), Some(*field), "{stem}: {name}");
                    let Some(naga::Binding::Location { location: found, .. }) = member.binding else {
                        panic!("{stem}: {name}.{field} has no location");
                    };
                    assert_eq!(found, *location, "{stem}: the location of {name}.{field}");
                    assert_eq!(
                        shader_format(&module, member.ty),
                        rust_format(*format),
                        "{stem}: {name}.{field}"
                    );
                    assert_eq!(
                        format.size() as usize,
                        *size,
                        "{name}.{field}: its format against its Rust type"
                    );
                }
                seen.insert(name.to_owned());
            }
        }
        let rust: BTreeSet<String> = VERTEX_TABLES.iter().map(|table| table.name.to_owned()).collect();
        seen.remove("PanelVertex");
        assert_eq!(seen, rust, "every vertex table in gpu_data is read by a shader");
    }

    #[test]
    fn the_panel_vertex_is_packed_as_egui_packs_it() {
        use std::mem::offset_of;
        let offsets = [
            offset_of!(crate::PanelVertex, position),
            offset_of!(crate::PanelVertex, uv),
            offset_of!(crate::PanelVertex, color),
        ];
        assert_eq!(offsets, [0, 8, 16]);
        assert_eq!(size_of::<crate::PanelVertex>(), 20);
        let attributes: Vec<_> =
            PANEL_VERTEX.attributes.iter().map(|a| (a.shader_location, a.offset)).collect();
        assert_eq!(attributes, [(0, 0), (1, 8), (2, 16)]);
    }
}
