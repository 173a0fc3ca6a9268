//! The glTF reader: what it understands, and what it refuses in sentences.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use glam::{Mat4, Vec2, Vec3, Vec4};
use serde_json::{Value, json};
use venue_package::gltf::*;

fn read(bytes: &[u8]) -> Result<Document, GltfError> {
    Document::read(bytes, &Limits::CLIENT)
}

fn read_json(value: &Value) -> Result<Document, GltfError> {
    read(value.to_string().as_bytes())
}

/// Base64 by hand: three bytes to four characters.
fn data_uri(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |three: &[u8]| {
        let bits =
            three.iter().enumerate().fold(0_u32, |all, (i, &byte)| all | u32::from(byte) << (16 - 8 * i));
        let letter = |i: usize| {
            if i <= three.len() { LETTERS[(bits >> (18 - 6 * i) & 63) as usize] as char } else { '=' }
        };
        [0, 1, 2, 3].map(letter)
    };
    let text: String = bytes.chunks(3).flat_map(group).collect();
    format!("data:application/octet-stream;base64,{text}")
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// A triangle in a JSON file with its buffer inside.
fn triangle() -> Value {
    let bytes =
        [floats(&[0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0]), vec![0, 0, 1, 0, 2, 0, 0, 0]].concat();
    json!({
        "asset": {"version": "2.0"},
        "scene": 0, "scenes": [{"nodes": [0]}],
        "nodes": [{"name": "a", "mesh": 0}],
        "meshes": [{"name": "m", "primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"},
            {"bufferView": 1, "componentType": 5123, "count": 3, "type": "SCALAR"}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": 36},
            {"buffer": 0, "byteOffset": 36, "byteLength": 8}],
        "buffers": [{"byteLength": bytes.len(), "uri": data_uri(&bytes)}],
    })
}

fn changed(at: &str, value: Value) -> Value {
    let mut file = triangle();
    let (parent, key) = at.rsplit_once('/').unwrap();
    match file.pointer_mut(parent).unwrap() {
        Value::Object(object) => _ = object.insert(key.to_owned(), value),
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        other => panic!("{other}"),
    }
    file
}

#[test]
fn a_triangle_is_read() {
    let document = read_json(&triangle()).unwrap();
    let primitive = &document.meshes[0].primitives[0];
    assert_eq!(primitive.positions, [Vec3::ZERO, Vec3::X, Vec3::Y]);
    assert_eq!(primitive.indices, [0, 1, 2]);
    assert_eq!(
        (document.roots.as_slice(), document.scene_nodes().as_slice()),
        ([0].as_slice(), [0].as_slice())
    );
}

#[test]
fn broken_files_are_refused_in_sentences() {
    let check = |at: &str, value: Value, expected: &str| {
        let error = read_json(&changed(at, value)).unwrap_err().to_string();
        assert!(error.contains(expected), "{at}: {error}");
    };
    check("/asset/version", json!("1.0"), "this is glTF 1.0");
    check("/nodes/0/mesh", json!(7), "node 0 \"a\" names mesh 7, of which there is none");
    check("/nodes/0/children", json!([0]), "node 0: it has two parents, or is its own");
    check("/nodes/0/children", json!([4]), "node 0 names node 4");
    check("/nodes/0/scale", json!([1e39, 1, 1]), "its transform holds a number that is none");
    check("/scene", json!(3), "scene 3");
    check("/accessors/0/count", json!(4), "accessor 0: it reaches beyond its buffer view");
    check("/accessors/0/count", json!(u64::MAX), "accessor 0 unpacked is more than");
    check("/accessors/0/componentType", json!(5), "its component type 5 does not exist");
    check("/accessors/0/type", json!("VEC2"), "it is VEC2, where mesh 0 \"m\", primitive 0 needs VEC3");
    check("/accessors/1/componentType", json!(5122), "not unsigned whole ones");
    check("/bufferViews/0/byteLength", json!(99), "buffer view 0: it reaches beyond");
    check("/bufferViews/0/byteStride", json!(4), "accessor 0: it reaches beyond its buffer view");
    check("/bufferViews/0/byteOffset", json!(u64::MAX), "buffer view 0: it reaches beyond");
    check("/buffers/0/uri", json!("model.bin"), "buffer 0 lies in another file (model.bin); export one .glb");
    check("/buffers/0/uri", json!("data:;base64,a*b"), "buffer 0: its data URI");
    check("/extensionsRequired", json!(["EXT_magic"]), "requires the glTF extension \"EXT_magic\"");
    check("/meshes/0/primitives/0/material", json!(0), "names material 0");
    let two = changed("/accessors/1/count", json!(4));
    assert!(read_json(&two).is_ok(), "a line of four indices holds one triangle");
}

#[test]
fn a_circle_of_nodes_is_refused() {
    let mut file = triangle();
    file["nodes"] = json!([{"children": [1]}, {"children": [0]}]);
    assert!(read_json(&file).unwrap_err().to_string().contains("each other's children in a circle"));
}

#[test]
fn indices_beyond_the_vertices_are_refused() {
    let bytes = [floats(&[0.0; 9]), vec![0, 0, 1, 0, 3, 0, 0, 0]].concat();
    let file = changed("/buffers/0/uri", json!(data_uri(&bytes)));
    assert!(read_json(&file).unwrap_err().to_string().contains("the index 3 is beyond its 3 vertices"));
}

#[test]
fn many_items_are_refused_before_they_take_memory() {
    let limits = Limits { items: 1_000, ..Limits::CLIENT };
    let mut file = triangle();
    file["nodes"] = json!(vec![json!({}); 1_001]);
    let error = Document::read(file.to_string().as_bytes(), &limits).unwrap_err();
    assert!(error.to_string().contains("too many items"), "{error}");
}

#[test]
fn memory_for_repeated_accessors_is_counted_once_for_each_use() {
    // A thousand primitives of one large accessor without bytes: small on disk, huge unpacked.
    let mut file = triangle();
    file["accessors"][0] = json!({"componentType": 5126, "count": 1_000_000, "type": "VEC3"});
    let primitive = json!({"attributes": {"POSITION": 0}, "indices": 1});
    file["meshes"][0]["primitives"] = json!(vec![primitive; 1_000]);
    let error = read_json(&file).unwrap_err();
    assert!(matches!(error, GltfError::TooLarge { .. }), "{error}");
}

#[test]
fn sparse_accessors_overlay_their_base() {
    let bytes = [floats(&[9.0, 9.0, 9.0]), vec![1, 0, 0, 0]].concat();
    let mut file = triangle();
    file["buffers"].as_array_mut().unwrap().push(json!({"byteLength": bytes.len(), "uri": data_uri(&bytes)}));
    let views = file["bufferViews"].as_array_mut().unwrap();
    views.push(json!({"buffer": 1, "byteOffset": 0, "byteLength": 12}));
    views.push(json!({"buffer": 1, "byteOffset": 12, "byteLength": 4}));
    file["accessors"][0]["sparse"] = json!({"count": 1,
        "indices": {"bufferView": 3, "componentType": 5121}, "values": {"bufferView": 2}});
    let document = read_json(&file).unwrap();
    assert_eq!(document.meshes[0].primitives[0].positions, [Vec3::ZERO, Vec3::splat(9.0), Vec3::Y]);
    file["accessors"][0]["sparse"]["count"] = json!(4);
    assert!(read_json(&file).unwrap_err().to_string().contains("more sparse items than items"));
}

#[test]
fn quantised_attributes_are_numbers_again() {
    let mut file = triangle();
    // Three normalised signed bytes, padded to four, and three whole shorts.
    let bytes = vec![127_u8, 0, 0, 0, 0, 127, 0, 0, 0, 0, 0x81, 0];
    file["buffers"].as_array_mut().unwrap().push(json!({"byteLength": 12, "uri": data_uri(&bytes)}));
    file["bufferViews"].as_array_mut().unwrap().push(json!({"buffer": 1, "byteLength": 12, "byteStride": 4}));
    let accessor =
        json!({"bufferView": 2, "componentType": 5120, "normalized": true, "count": 3, "type": "VEC3"});
    file["accessors"].as_array_mut().unwrap().push(accessor);
    file["meshes"][0]["primitives"][0]["attributes"]["NORMAL"] = json!(2);
    file["extensionsRequired"] = json!(["KHR_mesh_quantization"]);
    let document = read_json(&file).unwrap();
    assert_eq!(document.meshes[0].primitives[0].normals, [Vec3::X, Vec3::Y, Vec3::NEG_Z]);
}

#[test]
fn strips_and_fans_become_triangles_and_lines_are_left_out() {
    let check = |mode: u32, expected: &[u32]| {
        let mut file = changed("/meshes/0/primitives/0/mode", json!(mode));
        let bytes = [floats(&[0.0; 9]), vec![0, 0, 1, 0, 2, 0, 1, 0]].concat();
        file["buffers"][0]["uri"] = json!(data_uri(&bytes));
        file["accessors"][1]["count"] = json!(4);
        let document = read_json(&file).unwrap();
        let found = document.meshes[0].primitives.first().map(|primitive| primitive.indices.as_slice());
        assert_eq!(found.unwrap_or_default(), expected, "mode {mode}");
        assert_eq!(document.warnings.is_empty(), !expected.is_empty(), "mode {mode}");
    };
    check(5, &[0, 1, 2, 2, 1, 1]);
    check(6, &[1, 2, 0, 2, 1, 0]);
    check(1, &[]);
}

#[test]
fn what_is_supported_when_required_is_this() {
    let expected = [
        "EXT_meshopt_compression",
        "EXT_texture_webp",
        "KHR_audio_emitter",
        "KHR_materials_emissive_strength",
        "KHR_materials_unlit",
        "KHR_mesh_quantization",
        "KHR_texture_basisu",
        "KHR_texture_transform",
        "OMI_seat",
        "OMI_spawn_point",
        "VEV_acoustics",
        "VEV_booth",
        "VEV_door",
        "VEV_environment",
        "VEV_exhibit",
        "VEV_navigation",
        "VEV_screen",
        "VEV_seat",
        "VEV_space",
        "VEV_spawn_point",
        "VEV_venue",
        "VEV_zone",
    ];
    assert_eq!(SUPPORTED_WHEN_REQUIRED, expected);
    for name in expected {
        assert!(read_json(&changed("/extensionsRequired", json!([name]))).is_ok(), "{name}");
    }
    for name in ["KHR_draco_mesh_compression", "KHR_lights_punctual", ""] {
        let error = read_json(&changed("/extensionsRequired", json!([name]))).unwrap_err();
        assert_eq!(error, GltfError::RequiredExtension(name.into()));
    }
}

#[test]
fn transforms_come_down_the_tree() {
    let half = std::f32::consts::FRAC_1_SQRT_2;
    let mut file = triangle();
    file["nodes"] = json!([
        {"name": "top", "translation": [1, 2, 3], "children": [1]},
        {"name": "turned", "rotation": [0, half, 0, half], "scale": [2, 2, 2], "mesh": 0}]);
    let document = read_json(&file).unwrap();
    let expected = Mat4::from_translation(Vec3::new(1.0, 2.0, 3.0))
        * Mat4::from_rotation_y(std::f32::consts::FRAC_PI_2)
        * Mat4::from_scale(Vec3::splat(2.0));
    assert!(document.nodes[1].world.abs_diff_eq(expected, 1e-5), "{}", document.nodes[1].world);
    assert_eq!((document.nodes[1].parent, document.scene_nodes()), (Some(0), vec![0, 1]));
    file["nodes"][1] = json!({"mesh": 0, "matrix": [0, 0, -2, 0, 0, 2, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1]});
    assert!(read_json(&file).unwrap().nodes[1].world.abs_diff_eq(expected, 1e-5));
}

#[test]
fn skins_and_animations_are_read() {
    let mut file = triangle();
    let bytes = floats(&[[0.0, 1.5].as_slice(), &[0.0; 4], &[1.0, 2.0]].concat());
    file["buffers"].as_array_mut().unwrap().push(json!({"byteLength": bytes.len(), "uri": data_uri(&bytes)}));
    let views = file["bufferViews"].as_array_mut().unwrap();
    views.push(json!({"buffer": 1, "byteOffset": 0, "byteLength": 8}));
    views.push(json!({"buffer": 1, "byteOffset": 8, "byteLength": 24}));
    let accessors = file["accessors"].as_array_mut().unwrap();
    accessors.push(json!({"bufferView": 2, "componentType": 5126, "count": 2, "type": "SCALAR"}));
    accessors.push(json!({"bufferView": 3, "componentType": 5126, "count": 2, "type": "VEC3"}));
    file["skins"] = json!([{"joints": [0]}]);
    file["animations"] = json!([{"name": "walk",
        "channels": [{"sampler": 0, "target": {"node": 0, "path": "translation"}}, {"sampler": 0, "target": {"node": 0, "path": "weights"}}],
        "samplers": [{"input": 2, "output": 3}]}]);
    let document = read_json(&file).unwrap();
    assert_eq!(
        (document.skins[0].joints.as_slice(), document.skins[0].inverse_bind.as_slice()),
        ([0].as_slice(), [Mat4::IDENTITY].as_slice())
    );
    let walk = &document.animations[0];
    assert_eq!((walk.duration(), walk.channels.len(), document.warnings.len()), (1.5, 1, 1));
    assert_eq!(walk.channels[0].values[1], Vec4::new(0.0, 1.0, 2.0, 0.0));
    file["animations"][0]["samplers"][0]["interpolation"] = json!("CUBICSPLINE");
    assert!(read_json(&file).unwrap_err().to_string().contains("do not make a movement"));
}

#[test]
fn what_is_written_is_read_again() {
    let mut writer = GlbWriter::default();
    let image = Image { media_type: "image/webp".into(), bytes: b"RIFF\0\0\0\0WEBPVP8L".to_vec() };
    let image_at = writer.add_image(&image);
    let texture = Texture { image: image_at, wrap: [Wrap::Clamp, Wrap::Mirror], nearest: true };
    let texture_at = writer.add_texture(&texture);
    let transform = UvTransform { offset: Vec2::new(0.5, 0.25), rotation: 0.0, scale: Vec2::splat(2.0) };
    let material = Material {
        name: "baked".into(),
        base_color: Vec4::new(0.5, 0.5, 0.5, 1.0),
        base_color_texture: Some(TextureUse { texture: texture_at, uv_set: 0, transform }),
        emissive: Vec3::new(4.0, 2.0, 0.0),
        unlit: true,
        alpha: AlphaMode::Mask(0.25),
        double_sided: true,
        metallic: 0.0,
        ..Material::default()
    };
    let material_at = writer.add_material(&material);
    let primitive = Primitive {
        positions: vec![Vec3::ZERO, Vec3::X, Vec3::Y],
        normals: vec![Vec3::Z; 3],
        uvs: [vec![Vec2::ZERO, Vec2::X, Vec2::Y], vec![]],
        colors: vec![Vec4::ONE; 3],
        indices: vec![0, 1, 2],
        material: Some(material_at),
        ..Primitive::default()
    };
    let mesh = writer.add_mesh("m", std::slice::from_ref(&primitive));
    writer.add_node(json!({"mesh": mesh, "extensions": {"VEV_space": {"key": "a"}}}));
    let bytes = writer.finish();
    let document = read(&bytes).unwrap();
    assert_eq!(document.meshes[0].primitives, [primitive]);
    assert_eq!(document.materials, [material]);
    assert_eq!(
        (document.textures.as_slice(), document.images.as_slice()),
        ([texture].as_slice(), [image].as_slice())
    );
    assert_eq!(document.nodes[0].extensions["VEV_space"]["key"], "a");
    for length in 0..bytes.len() {
        assert!(read(&bytes[..length]).is_err(), "{length} bytes are enough");
    }
}

/// Four surfels with everything that they may bring.
fn surfels() -> Primitive {
    Primitive {
        topology: Topology::Points,
        positions: vec![Vec3::ZERO, Vec3::X, Vec3::Y, Vec3::Z],
        normals: vec![Vec3::Z; 4],
        colors: vec![Vec4::new(1.0, 0.0, 0.0, 1.0); 4],
        radii: vec![0.01, 0.02, 0.5, 0.0],
        ..Primitive::default()
    }
}

#[test]
fn points_are_written_and_read_again_with_their_radii() {
    let mut writer = GlbWriter::default();
    let mesh = writer.add_mesh("scan", &[surfels()]);
    writer.add_node(json!({"mesh": mesh}));
    let document = read(&writer.finish()).unwrap();
    assert_eq!(document.meshes[0].primitives, [surfels()]);
    assert!(document.warnings.is_empty());
}

#[test]
fn packed_points_are_read_and_need_no_indices() {
    let points = surfels();
    let list = |name, shape, stride, bytes: Vec<u8>| PackedList {
        name,
        shape,
        component_type: 5126,
        normalized: false,
        count: 4,
        stride,
        mode: "ATTRIBUTES",
        bytes,
        ..PackedList::default()
    };
    let positions = meshopt::encode_vertex_buffer_level(&points.positions, 2, Some(0)).unwrap();
    let radii = meshopt::encode_vertex_buffer_level(&points.radii, 2, Some(0)).unwrap();
    let bounds = Some([Vec3::ZERO, Vec3::ONE]);
    let attributes = vec![
        PackedList { bounds, ..list("POSITION", "VEC3", 12, positions) },
        list("_RADIUS", "SCALAR", 4, radii),
    ];
    let mut writer = GlbWriter::default();
    let packed = PackedPrimitive { attributes, topology: Topology::Points, ..PackedPrimitive::default() };
    let mesh = writer.add_packed_mesh("scan", &[packed]);
    writer.add_node(json!({"mesh": mesh}));
    let document = read(&writer.finish()).unwrap();
    let expected = Primitive { normals: vec![], colors: vec![], ..points };
    assert_eq!(document.meshes[0].primitives, [expected]);
}

#[test]
fn a_ktx2_picture_is_written_and_read_by_its_extension() {
    let bytes = include_bytes!("pictures/etc1s.ktx2").to_vec();
    let image = Image { media_type: "image/ktx2".into(), bytes };
    let mut writer = GlbWriter::default();
    let at = writer.add_image(&image);
    let texture = writer.add_texture(&Texture { image: at, ..Texture::default() });
    let used = Some(TextureUse { texture, uv_set: 0, transform: UvTransform::default() });
    writer.add_material(&Material { base_color_texture: used, ..Material::default() });
    let file = writer.finish();
    let text = String::from_utf8_lossy(&file);
    assert!(text.contains(r#""extensionsRequired":["KHR_texture_basisu"]"#), "{text}");
    assert!(text.contains(r#""extensions":{"KHR_texture_basisu":{"source":0}}"#), "{text}");
    let document = read(&file).unwrap();
    assert_eq!((document.textures[0].image, &document.images[0]), (0, &image));
    assert!(document.warnings.is_empty());
    let picture = decode_image(&image.bytes, "", &Limits::CLIENT).unwrap();
    assert_eq!((picture.width, picture.height, picture.rgba8.len()), (32, 16, 32 * 16 * 4));
}
