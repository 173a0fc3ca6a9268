//! The proof that a picture shows people where they are: for each other avatar, which pixels must show its head, and
//! where the object-id picture shows it.
//!
//! It must not know the network; it compares poses with pixels.

use super::silhouette::{self, Seen};
use crate::scene::avatar::head::{HeadShape, Heads};
use glam::{Quat, UVec2, Vec2, Vec3};
use serde::Serialize;
use venue_model::{ParticipantId, RigidPose};
use venue_protocol::Appearance;
use wgpu_renderer::{ObjectIdImage, View};

/// What stands this much nearer than the head's surface hides it, metres. Its owner's body is no excuse.
const HIDES_METRES: f32 = 0.05;

/// Whose heads should be seen where.
#[derive(Clone, Debug, Default)]
pub struct Subjects {
    /// The person of this client.
    pub own: Option<Subject>,
    /// The others.
    pub others: Vec<Subject>,
    /// Key of the space.
    pub space: String,
    /// The server's time, µs.
    pub server_time_micros: u64,
    /// What streaming has come to.
    pub streaming: StreamReport,
    /// What was copied last as text.
    pub copied: Option<String>,
}

/// The venue's tiles, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct StreamReport {
    /// Tiles of the venue, all levels.
    pub tiles: u32,
    /// Tiles in the picture.
    pub shown: u32,
    /// Bytes on the GPU.
    pub gpu_bytes: u64,
    /// Bytes of tiles that came from the server.
    pub fetched_bytes: u64,
    /// Files that are asked for, decoded or uploaded.
    pub queue: u32,
    /// Tiles that went to make room.
    pub evicted: u32,
    /// How much coarser everything is for want of room; 1 is not at all.
    pub strain: f32,
}

/// One person.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Id, which is also the object id.
    pub id: ParticipantId,
    /// Name.
    pub name: String,
    /// The point between the eyes in the building frame, and where the face looks: along -z.
    pub head: RigidPose,
    /// Floor point below the body.
    pub root: Vec3,
    /// Whose head it is.
    pub appearance: Appearance,
}

/// What stands in the file beside a screenshot.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Key of the space.
    pub space: String,
    /// The server's time of the picture, µs.
    pub server_time_micros: u64,
    /// Width and height in pixels.
    pub size: [u32; 2],
    /// What the picture was taken with.
    pub camera: CameraReport,
    /// The person of this client.
    pub own: Option<PersonReport>,
    /// The others.
    pub others: Vec<SeenReport>,
    /// What streaming has come to.
    pub streaming: StreamReport,
    /// What was copied last as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copied: Option<String>,
}

/// Where the eye was and how it looked, in the building frame: enough to draw the same picture with another program.
#[derive(Clone, Debug, Serialize)]
pub struct CameraReport {
    /// Metres.
    pub position: [f32; 3],
    /// Of length one, as the next.
    pub ahead: [f32; 3],
    /// Towards the upper edge.
    pub up: [f32; 3],
    /// From the lower edge to the upper one, degrees.
    pub vertical_degrees: f32,
}

/// Where a person is.
#[derive(Clone, Debug, Serialize)]
pub struct PersonReport {
    /// Id.
    pub participant: u32,
    /// Name.
    pub name: String,
    /// Point between the eyes, metres in the building frame.
    pub head: [f32; 3],
    /// Floor point, metres in the building frame.
    pub root: [f32; 3],
}

/// Where a person is, and what the picture shows of them.
#[derive(Clone, Debug, Serialize)]
pub struct SeenReport {
    /// Where this client takes them to be.
    #[serde(flatten)]
    pub person: PersonReport,
    /// Pixels that show them.
    pub pixels: usize,
    /// Middle of those pixels.
    pub centroid_px: Option<[f32; 2]>,
    /// Where the head's pose projects; none behind the viewer or outside of the picture.
    pub head_px: Option<[f32; 2]>,
    /// Pixels that show their head.
    pub head_pixels: usize,
    /// Pixels that the head covers when it is where its pose says, those beyond the picture's edges too.
    pub head_expected_pixels: usize,
    /// Those of the expected pixels that something else stands before, or that lie beyond the edges.
    pub head_hidden_pixels: usize,
    /// Metres from the middle of the head's surface that must be seen to the middle of that which is seen: to the
    /// right, up, and away from the viewer. None if either is nowhere.
    pub head_offset_metres: Option<[f32; 3]>,
}

/// Compares poses with pixels.
pub fn report(subjects: &Subjects, image: &ObjectIdImage, view: &View, heads: &Heads) -> Report {
    Report {
        space: subjects.space.clone(),
        server_time_micros: subjects.server_time_micros,
        size: image.size().to_array(),
        camera: camera(view),
        own: subjects.own.as_ref().map(person),
        others: subjects
            .others
            .iter()
            .map(|subject| seen(subject, image, view, heads.of(subject.appearance)))
            .collect(),
        streaming: subjects.streaming,
        copied: subjects.copied.clone(),
    }
}

fn camera(view: &View) -> CameraReport {
    let world_from_view = Quat::from_mat4(&view.view_from_world).inverse();
    CameraReport {
        position: view.position_in_world().to_array(),
        ahead: (world_from_view * Vec3::NEG_Z).to_array(),
        up: (world_from_view * Vec3::Y).to_array(),
        vertical_degrees: 2.0 * (1.0 / view.clip_from_view.y_axis.y).atan().to_degrees(),
    }
}

fn person(subject: &Subject) -> PersonReport {
    PersonReport {
        participant: subject.id.0,
        name: subject.name.clone(),
        head: subject.head.position.to_array(),
        root: subject.root.to_array(),
    }
}

fn seen(subject: &Subject, image: &ObjectIdImage, view: &View, shape: &HeadShape) -> SeenReport {
    let id = subject.id.0;
    let (mut pixels, mut sum) = (0usize, Vec2::ZERO);
    let (mut head_pixels, mut shown) = (0usize, Middle::default());
    for pixel in image.pixels_of(id).chain(image.pixels_of(id | ObjectIdImage::MARK)) {
        pixels += 1;
        sum += pixel.as_vec2() + 0.5;
        if image.id_at(pixel) != id {
            head_pixels += 1;
            image.position_at(pixel).into_iter().for_each(|point| shown.add(point));
        }
    }
    let expected = silhouette::of_head(&subject.head, shape, view, image.size()).unwrap_or_default();
    let mut due = Middle::default();
    for surface in &expected {
        if !is_hidden(surface, id, image, view) {
            due.add(surface.point);
        }
    }
    let offset = shown.point().zip(due.point()).map(|(shown, due)| in_view(view, shown - due).to_array());
    SeenReport {
        person: person(subject),
        pixels,
        centroid_px: (pixels > 0).then(|| (sum / pixels as f32).to_array()),
        head_px: project(view, subject.head.position, image.size()).map(|place| place.to_array()),
        head_pixels,
        head_expected_pixels: expected.len(),
        head_hidden_pixels: expected.len() - due.count,
        head_offset_metres: offset,
    }
}

/// Whether something else than its owner stands before a part of a head.
fn is_hidden(surface: &Seen, id: u32, image: &ObjectIdImage, view: &View) -> bool {
    let Ok(pixel) = UVec2::try_from(surface.pixel) else { return true };
    if pixel.cmpge(image.size()).any() {
        return true;
    }
    let depth_of = |point: Vec3| -view.view_from_world.transform_point3(point).z;
    let is_nearer = |point: Vec3| depth_of(point) < surface.depth - HIDES_METRES;
    image.id_at(pixel) & !ObjectIdImage::MARK != id && image.position_at(pixel).is_some_and(is_nearer)
}

/// A way in the world as the viewer has it: to the right, up, away.
fn in_view(view: &View, way: Vec3) -> Vec3 {
    let seen = Quat::from_mat4(&view.view_from_world) * way;
    Vec3::new(seen.x, seen.y, -seen.z)
}

/// The middle of points.
#[derive(Default)]
struct Middle {
    sum: glam::DVec3,
    count: usize,
}

impl Middle {
    fn add(&mut self, point: Vec3) {
        self.sum += point.as_dvec3();
        self.count += 1;
    }

    fn point(&self) -> Option<Vec3> {
        (self.count > 0).then(|| (self.sum / self.count as f64).as_vec3())
    }
}

/// The pixel that a point is seen at.
pub fn project(view: &View, point: Vec3, size: UVec2) -> Option<Vec2> {
    let clip = view.clip_from_world() * point.extend(1.0);
    if clip.w <= 0.0 {
        return None;
    }
    let ndc = clip.truncate() / clip.w;
    let place = Vec2::new(ndc.x * 0.5 + 0.5, 0.5 - ndc.y * 0.5) * size.as_vec2();
    let inside = place.cmpge(Vec2::ZERO).all() && place.cmplt(size.as_vec2()).all();
    inside.then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::Views;
    use crate::scene::avatar::Cast;
    use crate::scene::camera::{Camera, Perspective};
    use venue_model::BodyPose;
    use wgpu_renderer::{
        Draw, FrameInput, Gpu, GpuPreference, MaterialData, MeshData, Quality, RenderSettings, Renderer, wgpu,
    };

    const SIZE: UVec2 = UVec2::new(640, 400);

    /// A viewer two metres before somebody who looks a little past the viewer.
    struct Scene {
        gpu: Gpu,
        renderer: Renderer,
        cast: Cast,
        heads: Heads,
        body: BodyPose,
        view: View,
        /// A wall of one metre before the left part of the picture, as far as this to the right.
        wall: Option<f32>,
    }

    impl Scene {
        fn new() -> Self {
            let instance =
                wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle_from_env());
            let features = wgpu::Features::empty();
            let request = Gpu::request(instance, None, GpuPreference::Software, features);
            let gpu = pollster::block_on(request).unwrap();
            let settings = RenderSettings::flat(Quality::Low, wgpu::TextureFormat::Rgba8Unorm);
            let mut renderer = Renderer::new(&gpu, settings).unwrap();
            let viewer = BodyPose::standing(Vec3::new(4.0, 0.0, 3.0), 0.4);
            let camera = Camera::of_body(&viewer, Perspective::First, 1.0);
            let before = viewer.root + Quat::from_rotation_y(viewer.yaw) * Vec3::new(0.1, 0.0, -2.0);
            let mut body = BodyPose::standing(before, viewer.yaw + std::f32::consts::PI + 0.5);
            body.head.orientation = Quat::from_rotation_x(-0.1);
            Self {
                cast: Cast::new(&gpu, &mut renderer).unwrap(),
                heads: Heads::of_program().unwrap(),
                view: Views::flat(&camera, SIZE).as_slice()[0],
                gpu,
                renderer,
                body,
                wall: None,
            }
        }

        /// What the picture proves when the avatar stands `shift` (right, up, away) beside where it is taken to be.
        fn report(&mut self, shift: Vec3) -> SeenReport {
            let world_from_view = Quat::from_mat4(&self.view.view_from_world).inverse();
            let mut drawn = self.body;
            drawn.root += world_from_view * Vec3::new(shift.x, shift.y, -shift.z);
            self.cast.begin();
            for _ in 0..3 {
                self.cast.show(ParticipantId(7), &drawn, Default::default(), 0.1);
                self.cast.gather(&self.gpu, &self.renderer);
            }
            let mut skinned = Vec::new();
            self.cast.append_draws(|_| true, &mut skinned);
            let material = self.renderer.add_material(&self.gpu, &MaterialData::default()).unwrap();
            let walls = self.wall.map(|right| {
                let corner = |x: f32, y: f32| [x, y, -1.0];
                let positions = [
                    corner(right - 2.0, -1.0),
                    corner(right, -1.0),
                    corner(right, 1.0),
                    corner(right - 2.0, 1.0),
                ];
                let data =
                    MeshData { positions: &positions, indices: &[0, 1, 2, 0, 2, 3], ..Default::default() };
                let mesh = self.renderer.add_mesh(&self.gpu, &data).unwrap();
                let world_from_model = self.view.view_from_world.inverse();
                Draw {
                    mesh,
                    material,
                    world_from_model,
                    tint: glam::Vec4::ONE,
                    cover: wgpu_renderer::Cover::WHOLE,
                    object_id: 0,
                }
            });
            let frame = FrameInput {
                views: &[self.view],
                skinned_draws: &skinned,
                static_draws: walls.as_slice(),
                ..Default::default()
            };
            let drawing = self.renderer.render_object_ids(&self.gpu, &frame, SIZE);
            let image = pollster::block_on(drawing).unwrap();
            let head = self.body.head_in_building();
            let subject = Subject {
                id: ParticipantId(7),
                name: "Ada".into(),
                head,
                root: self.body.root,
                appearance: Appearance::default(),
            };
            let subjects = Subjects { others: vec![subject], ..Subjects::default() };
            report(&subjects, &image, &self.view, &self.heads).others.remove(0)
        }
    }

    /// The largest difference between what must be seen and what is seen, to the right, up and away.
    fn assert_offset(seen: &SeenReport, expected: Vec3, tolerance: f32) {
        let found = Vec3::from_array(seen.head_offset_metres.unwrap());
        assert!(
            (found - expected).abs().max_element() < tolerance,
            "{found} instead of {expected}: {seen:?}"
        );
    }

    #[test]
    fn the_camera_is_told_as_it_was() {
        let turned = Quat::from_rotation_y(std::f32::consts::FRAC_PI_2);
        let eye = RigidPose { position: Vec3::new(1.0, 1.65, -4.0), orientation: turned };
        let told = super::camera(&Views::flat(&Camera { eye, vertical_fov: 1.0 }, SIZE).as_slice()[0]);
        let near = |a: [f32; 3], b: [f32; 3]| Vec3::from(a).distance(Vec3::from(b)) < 1e-5;
        assert!(near(told.position, [1.0, 1.65, -4.0]) && near(told.up, [0.0, 1.0, 0.0]), "{told:?}");
        assert!(near(told.ahead, [-1.0, 0.0, 0.0]), "a yaw to the left looks along -x: {told:?}");
        assert!((told.vertical_degrees - 1f32.to_degrees()).abs() < 1e-3, "{told:?}");
    }

    #[test]
    fn a_head_that_is_where_its_pose_says_is_seen_there() {
        let mut scene = Scene::new();
        let seen = scene.report(Vec3::ZERO);
        assert_offset(&seen, Vec3::ZERO, 0.004);
        assert!(seen.head_pixels > 500 && seen.head_hidden_pixels == 0, "{seen:?}");
        let (pixels, expected) = (seen.head_pixels as f32, seen.head_expected_pixels as f32);
        assert!((pixels / expected - 1.0).abs() < 0.05, "{seen:?}");
    }

    #[test]
    fn an_avatar_that_is_shifted_by_eight_centimetres_fails_along_every_axis() {
        let mut scene = Scene::new();
        for axis in [Vec3::X, Vec3::NEG_X, Vec3::Y, Vec3::NEG_Y, Vec3::Z, Vec3::NEG_Z] {
            let seen = scene.report(axis * 0.08);
            assert_offset(&seen, axis * 0.08, 0.015);
        }
    }

    #[test]
    fn another_part_of_the_body_is_no_head() {
        let mut scene = Scene::new();
        // The avatar is sunk so far that its crown is where the chest of its pose is.
        let seen = scene.report(Vec3::NEG_Y * 0.45);
        assert!(seen.pixels > 500);
        assert!(seen.head_offset_metres.unwrap()[1] < -0.4, "{seen:?}");
    }

    #[test]
    fn what_is_hidden_of_a_head_is_not_expected_and_the_rest_is_still_compared() {
        let mut scene = Scene::new();
        // The wall's right edge stands before a good third of the head.
        scene.wall = Some(0.04);
        let seen = scene.report(Vec3::ZERO);
        let hidden = seen.head_hidden_pixels as f32 / seen.head_expected_pixels as f32;
        assert!((0.15..0.85).contains(&hidden), "{seen:?}");
        assert_offset(&seen, Vec3::ZERO, 0.004);
        let higher = scene.report(Vec3::Y * 0.08);
        assert_offset(&higher, Vec3::Y * 0.08, 0.02);
        scene.wall = Some(1.0);
        let gone = scene.report(Vec3::ZERO);
        assert_eq!((gone.head_pixels, gone.head_offset_metres), (0, None));
        assert_eq!(gone.head_hidden_pixels, gone.head_expected_pixels);
    }

    #[test]
    fn a_head_straight_ahead_is_in_the_middle_and_one_behind_is_nowhere() {
        let body = BodyPose::standing(Vec3::ZERO, 0.5);
        let camera = Camera::of_body(&body, Perspective::First, 1.0);
        let size = UVec2::new(1280, 800);
        let view = Views::flat(&camera, size).as_slice()[0];
        let ahead = camera.eye.position + camera.ahead() * 3.0;
        let seen = project(&view, ahead, size).unwrap();
        assert!(seen.distance(Vec2::new(640.0, 400.0)) < 0.1, "{seen}");
        assert_eq!(project(&view, camera.eye.position - camera.ahead() * 3.0, size), None);
        let right = camera.eye.orientation * Vec3::X;
        assert!(project(&view, ahead + right, size).unwrap().x > 700.0);
        assert!(project(&view, ahead + Vec3::Y * 0.5, size).unwrap().y < 350.0);
    }
}
