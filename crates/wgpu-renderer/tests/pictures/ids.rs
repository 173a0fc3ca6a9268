//! The object-id picture: the right ids at the right pixels, and the way back into the world.

use crate::geometry::{bar, bent};
use crate::stage::{Stage, at, draw, look, plain};
use glam::{Mat4, UVec2, Vec2, Vec3, Vec4};
use wgpu_renderer::{
    AlphaMode, Draw, FrameInput, MaterialData, MaterialKind, Mips, ObjectIdImage, SkinnedDraw,
};

fn pixel_of(view: &wgpu_renderer::View, point: Vec3, size: UVec2) -> UVec2 {
    let ndc = view.clip_from_world().project_point3(point);
    ((Vec2::new(ndc.x, -ndc.y) * 0.5 + 0.5) * size.as_vec2()).as_uvec2()
}

#[test]
fn each_object_is_found_where_it_stands_within_a_centimetre() {
    let mut stage = Stage::new(plain(), 16, 16);
    let (ball, bar, quad) = (stage.ball(), bar(&mut stage), stage.quad());
    let paint = stage.paint([1.0; 4]);
    let size = UVec2::new(320, 200);
    let views = [look(Vec3::new(31.0, 1.7, 24.0), Vec3::new(30.0, 1.2, 20.0), 1.6)];
    let ball_center = Vec3::new(29.5, 1.4, 20.5);
    let named = |mesh, place: Vec3, object_id| Draw {
        cover: wgpu_renderer::Cover::WHOLE,
        object_id,
        ..draw(mesh, paint, Mat4::from_translation(place) * Mat4::from_rotation_y(0.3))
    };
    let draws = [named(ball, ball_center, 7), named(quad, Vec3::new(31.2, 1.3, 20.0), 4_000_000_000)];
    let joints = bent(0.7);
    let bodies = [SkinnedDraw {
        mesh: bar,
        material: paint,
        world_from_model: at(30.2, 0.0, 19.0),
        joints: &joints,
        tint: Vec4::ONE,
        object_id: 9,
        marked_joints: [None; 2],
        light: None,
    }];
    let frame =
        FrameInput { views: &views, static_draws: &draws, skinned_draws: &bodies, ..Default::default() };
    let image = pollster::block_on(stage.renderer.render_object_ids(&stage.gpu, &frame, size)).unwrap();

    let pixel = pixel_of(&views[0], ball_center, size);
    assert_eq!(image.id_at(pixel), 7);
    let surface = image.position_at(pixel).unwrap();
    // The ball is made of flat facets, so it is a little smaller than a sphere.
    assert!((surface.distance(ball_center) - 0.5).abs() < 0.01, "{surface}");

    let on_quad = Vec3::new(31.2, 1.3, 20.0);
    let pixel = pixel_of(&views[0], on_quad, size);
    assert_eq!(image.id_at(pixel), 4_000_000_000);
    assert!(image.position_at(pixel).unwrap().distance(on_quad) < 0.02, "within half a pixel");
    let normal = Mat4::from_rotation_y(0.3).transform_vector3(Vec3::Z);
    for pixel in image.pixels_of(4_000_000_000) {
        let off_plane = normal.dot(image.position_at(pixel).unwrap() - on_quad).abs();
        assert!(off_plane < 0.01, "{off_plane} m off its plane");
    }
    assert!(image.pixels_of(9).count() > 200, "the skinned bar is seen");
    let bar_foot = pixel_of(&views[0], Vec3::new(30.2, 0.5, 19.15), size);
    assert_eq!(image.id_at(bar_foot), 9);
    assert_eq!((image.id_at(UVec2::ZERO), image.position_at(UVec2::ZERO)), (0, None), "the sky");
}

#[test]
fn ids_look_through_glass_and_through_the_holes_of_masks() {
    let mut stage = Stage::new(plain(), 16, 16);
    let quad = stage.quad();
    let hole = stage.texture(1, &[255, 255, 255, 0], true, Mips::None);
    let alpha = AlphaMode::Mask { cutoff: 0.5 };
    let kind = MaterialKind::Unlit;
    let holed = stage.material(&MaterialData { kind, texture: Some(hole), alpha, ..Default::default() });
    let glass = stage.material(&MaterialData { kind, alpha: AlphaMode::Blend, ..Default::default() });
    let paint = stage.paint([1.0; 4]);
    let named = |material, z, object_id| Draw { object_id, ..draw(quad, material, at(0.0, 0.0, z)) };
    let draws = [named(glass, -1.0, 1), named(holed, -1.1, 2), named(paint, -1.2, 3)];
    let views = crate::stage::ahead();
    let frame = FrameInput { views: &views, static_draws: &draws, ..Default::default() };
    let size = UVec2::splat(32);
    let image = pollster::block_on(stage.renderer.render_object_ids(&stage.gpu, &frame, size)).unwrap();
    assert_eq!(image.id_at(UVec2::splat(16)), 3);
    assert!((image.position_at(UVec2::splat(16)).unwrap().z + 1.2).abs() < 0.001);
}

#[test]
fn what_hangs_on_marked_joints_has_ids_of_its_own() {
    let mut stage = Stage::new(plain(), 16, 16);
    let bar = bar(&mut stage);
    let material = stage.paint([1.0; 4]);
    let views = [look(Vec3::new(0.0, 1.5, 4.0), Vec3::new(0.0, 1.5, 0.0), 1.0)];
    let joints = bent(0.0);
    let body = SkinnedDraw {
        mesh: bar,
        material,
        world_from_model: Mat4::IDENTITY,
        joints: &joints,
        tint: Vec4::ONE,
        object_id: 5,
        marked_joints: [Some(1), None],
        light: None,
    };
    let mut seen = |body| {
        let frame = FrameInput { views: &views, skinned_draws: &[body], ..Default::default() };
        let size = UVec2::splat(200);
        pollster::block_on(stage.renderer.render_object_ids(&stage.gpu, &frame, size)).unwrap()
    };
    let image = seen(body);
    // The upper joint carries more than half from 1.5 m on.
    for pixel in image.pixels_of(5) {
        assert!(image.position_at(pixel).unwrap().y < 1.51);
    }
    for pixel in image.pixels_of(5 | ObjectIdImage::MARK) {
        assert!(image.position_at(pixel).unwrap().y > 1.49);
    }
    assert!(image.pixels_of(5).count() > 100 && image.pixels_of(5 | ObjectIdImage::MARK).count() > 100);
    let plain = seen(SkinnedDraw { marked_joints: [None; 2], ..body });
    assert_eq!(plain.pixels_of(5 | ObjectIdImage::MARK).count(), 0);
    let whole = seen(SkinnedDraw { marked_joints: [Some(1), Some(0)], ..body });
    assert_eq!(whole.pixels_of(5).count(), 0, "two joints that are marked are marked together");
}
