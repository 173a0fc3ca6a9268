//! A figure of a crowd is the same picture as a skeleton of its own in the same pose, light and colours, also in ids.

use crate::geometry::{bar, bent};
use crate::stage::{Picture, Stage, at, look, plain};
use glam::{Mat4, Quat, UVec2, Vec3, Vec4};
use wgpu_renderer::{
    CrowdDraw, CrowdFigure, CrowdPiece, CrowdTint, FrameInput, HeadShare, MaterialData, MaterialId, MeshId,
    ObjectIdImage, PlaceLight, PosesId, RenderError, SkinnedDraw, View,
};

const SIZE: u32 = 160;
const OWN: [f32; 4] = [0.5, 0.25, 0.1, 1.0];
const CHOSEN: Vec3 = Vec3::new(0.1, 0.3, 0.6);

/// A bar whose upper half is its head, in two poses.
struct Bars {
    stage: Stage,
    bar: MeshId,
    material: MaterialId,
    poses: PosesId,
}

fn bars() -> Bars {
    let mut stage = Stage::new(plain(), SIZE, SIZE);
    let bar = bar(&mut stage);
    let material = stage.material(&MaterialData { base_color: OWN, ..Default::default() });
    let shares = [HeadShare::default(), HeadShare { turn: 1.0, is_head: true }];
    let poses = stage.renderer.begin_poses(&stage.gpu, &shares, 3).unwrap();
    for (place, angle) in [(0, 0.0), (2, 0.6)] {
        stage.renderer.write_pose(&stage.gpu, poses, place, &bent(angle)).unwrap();
    }
    Bars { stage, bar, material, poses }
}

fn views() -> [View; 1] {
    [look(Vec3::new(0.3, 1.9, 6.0), Vec3::new(0.0, 1.4, 0.0), 1.0)]
}

fn light() -> PlaceLight {
    PlaceLight {
        ambient: Vec3::new(0.5, 0.4, 0.3),
        slopes: [Vec3::splat(0.1), Vec3::new(0.0, 0.2, 0.1), Vec3::new(-0.1, 0.0, 0.05)],
        direction_to_light: Vec3::new(1.0, 2.0, 0.5),
        light_color: Vec3::new(0.6, 0.7, 0.8),
    }
}

fn figure() -> CrowdFigure {
    CrowdFigure {
        position: Vec3::new(0.4, 0.1, -0.3),
        yaw: 0.7,
        scale: 0.8,
        head: Quat::IDENTITY,
        pivot: Vec3::Y * 1.5,
        pose: 2,
        colors: [None; 2],
        object_id: 5,
        light: Some(light()),
    }
}

impl Bars {
    fn with_crowd<R>(
        &mut self,
        figures: &[CrowdFigure],
        tint: CrowdTint,
        act: impl FnOnce(&mut Stage, &FrameInput<'_>) -> R,
    ) -> R {
        let pieces = [CrowdPiece { mesh: self.bar, material: self.material, tint }];
        let crowds = [CrowdDraw { pieces: &pieces, poses: self.poses, reach: [3.2, 3.2], figures }];
        act(&mut self.stage, &FrameInput { views: &views(), crowds: &crowds, ..Default::default() })
    }

    /// The same by a skeleton of its own.
    fn with_skeleton<R>(
        &mut self,
        joints: &[Mat4],
        tint: Vec4,
        act: impl FnOnce(&mut Stage, &FrameInput<'_>) -> R,
    ) -> R {
        let figure = figure();
        let skeleton = [SkinnedDraw {
            mesh: self.bar,
            material: self.material,
            world_from_model: Mat4::from_translation(figure.position)
                * Mat4::from_rotation_y(figure.yaw)
                * Mat4::from_scale(Vec3::splat(figure.scale)),
            joints,
            tint,
            object_id: 5,
            marked_joints: [Some(1), None],
            light: figure.light,
        }];
        let frame = FrameInput { views: &views(), skinned_draws: &skeleton, ..Default::default() };
        act(&mut self.stage, &frame)
    }
}

/// Two pictures, but for rounding and the pixels at edges.
fn assert_alike(one: &Picture, other: &Picture) {
    let differ = |(a, b): &(&[u8], &[u8])| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > 3);
    let pairs = one.rgba.chunks_exact(4).zip(other.rgba.chunks_exact(4));
    let off = pairs.filter(differ).count();
    assert!(off <= 12, "{off} pixels differ");
}

#[test]
fn a_figure_looks_as_a_skeleton_in_its_pose_place_and_light() {
    let mut bars = bars();
    let crowd = bars.with_crowd(&[figure()], CrowdTint::Own, |stage, frame| stage.picture(frame));
    let alone = bars.with_skeleton(&bent(0.6), Vec4::ONE, |stage, frame| stage.picture(frame));
    let empty = bars.with_crowd(&[], CrowdTint::Own, |stage, frame| stage.picture(frame));
    let seen = alone.rgba.chunks_exact(4).zip(empty.rgba.chunks_exact(4)).filter(|(a, b)| a != b).count();
    assert!(seen > 400, "only {seen} pixels show the bar");
    assert_alike(&crowd, &alone);
}

#[test]
fn the_head_turns_about_its_pivot_and_nothing_else_does() {
    let mut bars = bars();
    let head = Quat::from_rotation_z(-0.6);
    let straight = CrowdFigure { pose: 0, head, ..figure() };
    let crowd = bars.with_crowd(&[straight], CrowdTint::Own, |stage, frame| stage.picture(frame));
    let alone = bars.with_skeleton(&bent(0.6), Vec4::ONE, |stage, frame| stage.picture(frame));
    // Between the halves a turn by shares is rounder than a mix of two matrices.
    let differ = |(a, b): &(&[u8], &[u8])| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > 3);
    let off = crowd.rgba.chunks_exact(4).zip(alone.rgba.chunks_exact(4)).filter(differ).count();
    assert!(off < 150, "{off} pixels differ");
    let ahead = CrowdFigure { pose: 0, ..figure() };
    let unturned = bars.with_crowd(&[ahead], CrowdTint::Own, |stage, frame| stage.picture(frame));
    let moved = crowd.rgba.chunks_exact(4).zip(unturned.rgba.chunks_exact(4)).filter(differ).count();
    assert!(moved > 300, "only {moved} pixels show the turn");
}

#[test]
fn chosen_colours_stand_in_for_the_material_s_own() {
    let mut bars = bars();
    let factor = (CHOSEN / Vec4::from(OWN).truncate()).extend(1.0);
    let alone = bars.with_skeleton(&bent(0.6), factor, |stage, frame| stage.picture(frame));
    for (tint, colors) in
        [(CrowdTint::First, [Some(CHOSEN), None]), (CrowdTint::Second, [Some(Vec3::ONE), Some(CHOSEN)])]
    {
        let tinted = CrowdFigure { colors, ..figure() };
        let crowd = bars.with_crowd(&[tinted], tint, |stage, frame| stage.picture(frame));
        assert_alike(&crowd, &alone);
    }
    let kept = bars.with_crowd(&[figure()], CrowdTint::Second, |stage, frame| stage.picture(frame));
    let own = bars.with_crowd(&[figure()], CrowdTint::Own, |stage, frame| stage.picture(frame));
    assert_alike(&kept, &own);
}

#[test]
fn figures_are_found_in_ids_with_their_heads_marked() {
    let mut bars = bars();
    let other = CrowdFigure { position: Vec3::new(-1.6, 0.0, 0.0), object_id: 6, pose: 0, ..figure() };
    let size = UVec2::splat(SIZE);
    let ids = |stage: &mut Stage, frame: &FrameInput<'_>| {
        pollster::block_on(stage.renderer.render_object_ids(&stage.gpu, frame, size)).unwrap()
    };
    let crowd = bars.with_crowd(&[figure(), other], CrowdTint::Own, ids);
    let alone = bars.with_skeleton(&bent(0.6), Vec4::ONE, ids);
    for id in [5, 5 | ObjectIdImage::MARK] {
        let (found, expected) = (crowd.pixels_of(id).count(), alone.pixels_of(id).count());
        assert!(expected > 100 && found.abs_diff(expected) < 12, "{id:x}: {found}, not {expected}");
    }
    assert!(crowd.pixels_of(6).count() > 100 && crowd.pixels_of(6 | ObjectIdImage::MARK).count() > 100);
}

#[test]
fn who_is_outside_of_the_picture_or_has_no_pose_is_left_out() {
    let mut bars = bars();
    let behind = CrowdFigure { position: Vec3::Z * 60.0, ..figure() };
    let nowhere = CrowdFigure { pose: 3, ..figure() };
    let figures = [figure(), behind, nowhere, figure()];
    let stats = bars.with_crowd(&figures, CrowdTint::Own, |stage, frame| stage.draw(frame));
    assert_eq!((stats.drawn, stats.culled, stats.skipped), (2, 1, 1));
    let gone = bars.stage.quad();
    bars.stage.renderer.remove_mesh(gone);
    bars.bar = gone;
    let stats = bars.with_crowd(&figures[..1], CrowdTint::Own, |stage, frame| stage.draw(frame));
    assert_eq!((stats.skipped, stats.draw_calls), (1, 1), "the sky alone is drawn");
}

#[test]
fn tables_that_do_not_fit_are_refused() {
    let mut bars = bars();
    let Stage { gpu, renderer, .. } = &mut bars.stage;
    let refused = |result: Result<(), RenderError>, part: &str| {
        let error = result.unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    };
    refused(renderer.begin_poses(gpu, &[], 4).map(drop), "0 joints");
    refused(renderer.begin_poses(gpu, &[HeadShare::default(); 129], 4).map(drop), "129 joints");
    refused(renderer.begin_poses(gpu, &[HeadShare::default()], 0).map(drop), "0 poses");
    refused(renderer.write_pose(gpu, bars.poses, 3, &[Mat4::IDENTITY]), "pose 3");
    refused(renderer.write_pose(gpu, bars.poses, 0, &[at(0.0, 0.0, 0.0); 3]), "3 joints");
}
