//! Pictures of the avatars, to look at them: every gesture from the front and the side, hands, faces that speak, and looks
//! in a row.
//!
//! It must not know the network or a venue: figures stand in a studio.

use crate::cli::{OFFSCREEN_FORMAT, offscreen_gpu, render_settings};
use crate::core::own_body::LOOKS;
use crate::present::Views;
use crate::scene::avatar::{Bearing, Cast, Sight};
use crate::scene::camera::Camera;
use crate::scene::mirror::STUDIO_LIGHT;
use crate::settings::Settings;
use anyhow::{Context as _, Result};
use glam::{Quat, UVec2, Vec3};
use std::f32::consts::{FRAC_PI_2, PI};
use std::path::Path;
use venue_model::{BodyPose, Gesture, ParticipantId, Posture, RigidPose, SeatId};
use venue_protocol::Appearance;
use wgpu_renderer::{Draw, FrameInput, Frustum, Gpu, OffscreenTarget, Renderer, SkinnedDraw, Sky};

/// Time from picture to picture of a movement, seconds.
const DT: f32 = 1.0 / 60.0;

/// How long everybody moves before the picture, seconds: gestures are in full swing.
const SETTLED_SECS: f32 = 1.3;

/// Pictures of one figure and of the row.
const FIGURE_SIZE: UVec2 = UVec2::new(512, 512);
const ROW_SIZE: UVec2 = UVec2::new(1_600, 480);

/// How many looks stand in the row.
const ROW: u8 = 8;

/// Somebody before the studio's camera.
#[derive(Clone, Copy, Debug)]
pub struct Sitter {
    /// Where; in the picture's end if they walk.
    pub body: BodyPose,
    /// How they look, and whether they raise a hand.
    pub bearing: Bearing,
    /// How fast they walk ahead, metres a second.
    pub speed: f32,
}

impl Sitter {
    /// Stands in the middle and faces the camera.
    pub fn standing(avatar: u8) -> Self {
        let appearance = Appearance { avatar, clothing: 0, skin: 0 };
        let bearing = Bearing { appearance, ..Bearing::default() };
        Self { body: BodyPose::standing(Vec3::ZERO, PI), bearing, speed: 0.0 }
    }

    /// Makes a gesture.
    pub fn making(avatar: u8, gesture: Gesture) -> Self {
        let sitter = Self::standing(avatar);
        Self { body: BodyPose { gesture, ..sitter.body }, ..sitter }
    }

    /// Sits on a seat of this height, metres.
    pub fn seated(avatar: u8, seat_metres: f32) -> Self {
        let mut sitter = Self::standing(avatar);
        sitter.body.posture = Posture::Seated(SeatId(1));
        sitter.body.head.position.y = venue_model::body::seated_eye_height(seat_metres);
        sitter
    }

    /// Asks for the floor.
    pub fn asking(avatar: u8) -> Self {
        let sitter = Self::standing(avatar);
        Self { bearing: Bearing { raised_hand: true, ..sitter.bearing }, ..sitter }
    }

    /// Speaks so loud, 0 to 1.
    pub fn speaking(avatar: u8, loudness: f32) -> Self {
        let sitter = Self::standing(avatar);
        Self { bearing: Bearing { loudness, ..sitter.bearing }, ..sitter }
    }

    /// Walks at this speed.
    pub fn walking(avatar: u8, speed: f32) -> Self {
        Self { speed, ..Self::standing(avatar) }
    }

    /// The same at another place, turned.
    pub fn at(self, place: Vec3, turn: f32) -> Self {
        let body = BodyPose { root: place, yaw: self.body.yaw + turn, ..self.body };
        Self { body, ..self }
    }

    fn body_before(&self, secs: f32) -> BodyPose {
        let ahead = Quat::from_rotation_y(self.body.yaw) * Vec3::NEG_Z;
        BodyPose { root: self.body.root - ahead * self.speed * secs, ..self.body }
    }
}

/// A room without walls where figures are drawn.
pub struct Studio {
    gpu: Gpu,
    renderer: Renderer,
    target: OffscreenTarget,
    size: UVec2,
}

impl Studio {
    /// A studio for pictures of this size.
    pub fn open(size: UVec2) -> Result<Self> {
        let settings = Settings::default();
        let gpu = offscreen_gpu(&settings)?;
        let render = render_settings(&settings, OFFSCREEN_FORMAT);
        let renderer = Renderer::new(&gpu, render)?;
        let target = OffscreenTarget::new(&gpu, &render, size)?;
        Ok(Self { gpu, renderer, target, size })
    }

    /// Takes a picture of these people, RGBA.
    pub fn shoot(&mut self, sitters: &[Sitter], camera: &Camera) -> Result<Vec<u8>> {
        let mut cast = Cast::new(&self.gpu, &mut self.renderer)?;
        let views = Views::flat(camera, self.size);
        let frames = (SETTLED_SECS / DT) as usize;
        for frame in (0..=frames).rev() {
            cast.begin();
            for (id, sitter) in (1u32..).zip(sitters) {
                let body = sitter.body_before(frame as f32 * DT);
                cast.show(ParticipantId(id), &body, sitter.bearing, DT);
            }
            cast.retire();
            cast.gather(&self.gpu, &self.renderer);
        }
        cast.fade_around(None);
        let view = views.as_slice()[0];
        cast.choose_levels(Sight {
            eye: camera.eye.position,
            radians_per_pixel: view.radians_per_pixel(self.size.y),
            frusta: &[Frustum::of(&view.clip_from_world())],
        });
        let mut shadows: Vec<Draw> = Vec::new();
        cast.append_shadows(|_| true, &mut shadows);
        let mut figures: Vec<SkinnedDraw<'_>> = Vec::new();
        cast.append_draws(|_| true, &mut figures);
        let frame = FrameInput {
            views: views.as_slice(),
            lighting: STUDIO_LIGHT,
            sky: SKY,
            static_draws: &shadows,
            skinned_draws: &figures,
            ..FrameInput::default()
        };
        self.renderer.prepare(&frame)?.submit(&self.gpu, &self.target.target())?;
        Ok(pollster::block_on(self.target.read_rgba(&self.gpu, 0))?)
    }

    fn save(&mut self, sitters: &[Sitter], camera: &Camera, path: &Path) -> Result<()> {
        let rgba = self.shoot(sitters, camera)?;
        image::save_buffer(path, &rgba, self.size.x, self.size.y, image::ExtendedColorType::Rgba8)
            .with_context(|| format!("{} can not be written", path.display()))
    }
}

const SKY: Sky = Sky::Gradient {
    zenith: Vec3::new(0.30, 0.33, 0.37),
    horizon: Vec3::new(0.48, 0.50, 0.52),
    ground: Vec3::new(0.42, 0.42, 0.42),
};

/// A camera at this height and distance before the middle of the studio.
pub fn camera(height: f32, metres: f32, vertical_fov: f32) -> Camera {
    let eye = RigidPose { position: Vec3::new(0.0, height, metres), orientation: Quat::IDENTITY };
    Camera { eye, vertical_fov }
}

/// A camera so near to a hand that its fingers are seen.
fn camera_at_hand(hand: Vec3) -> Camera {
    let orientation = Quat::from_rotation_y(-0.6);
    let eye = RigidPose { position: hand + orientation * Vec3::Z * 0.75, orientation };
    Camera { eye, vertical_fov: 0.42 }
}

/// A camera before a face.
fn camera_at_face() -> Camera {
    camera(1.60, 0.80, 0.40)
}

/// What is drawn of one figure: a name and the figure.
fn poses() -> Vec<(String, Sitter)> {
    let named = |name: &str, sitter| (name.to_owned(), sitter);
    let mut poses = vec![
        named("rest", Sitter::standing(0)),
        named("walk", Sitter::walking(1, 1.2)),
        named("walk-slow", Sitter::walking(3, 0.5)),
        named("sit", Sitter::seated(2, 0.45)),
        named("sit-stool", Sitter::seated(0, 0.76)),
        named("sit-low", Sitter::seated(1, 0.38)),
        named("raised-hand", Sitter::asking(3)),
        named("wheelchair", Sitter::standing(9)),
        named("wheelchair-parked", Sitter::seated(9, 0.45)),
    ];
    for (avatar, gesture) in (0u8..).zip(Gesture::ALL.into_iter().skip(1)) {
        poses.push((format!("{gesture:?}").to_lowercase(), Sitter::making(avatar, gesture)));
    }
    poses
}

/// What hands show, from so near that each finger is seen: a picture's name, the place and the height of the hand.
fn hands() -> [(&'static str, Sitter, Vec3); 7] {
    let making = |name, avatar, gesture, place| (name, Sitter::making(avatar, gesture), place);
    let at = Vec3::new;
    [
        ("rest", Sitter::standing(0), at(-0.22, 0.82, 0.0)),
        ("seated", Sitter::seated(0, 0.45), at(-0.10, 0.68, 0.25)),
        ("raised", Sitter::asking(0), at(-0.24, 1.95, 0.1)),
        making("applaud", 1, Gesture::Applaud, at(0.0, 1.20, 0.35)),
        making("point", 0, Gesture::Point, at(-0.16, 1.40, 0.6)),
        making("thumb-up", 1, Gesture::ThumbUp, at(-0.20, 1.30, 0.45)),
        making("wave", 4, Gesture::Wave, at(-0.36, 1.75, 0.2)),
    ]
}

/// Faces of every look, silent, in a talk and calling: a picture's name and the figure.
fn faces() -> impl Iterator<Item = (String, Sitter)> {
    let voices = [("silent", 0.0), ("talking", 0.65), ("calling", 1.0)];
    (0..LOOKS).flat_map(move |look| {
        voices.map(|(name, loudness)| (format!("{look}-{name}"), Sitter::speaking(look, loudness)))
    })
}

/// Draws everything into a folder.
pub fn run(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("{} can not be made", folder.display()))?;
    let mut studio = Studio::open(FIGURE_SIZE)?;
    let near = camera(0.98, 4.0, 0.56);
    for (name, sitter) in poses() {
        let aside = Vec3::X * 0.52;
        let two = [sitter.at(-aside, 0.25), sitter.at(aside, FRAC_PI_2)];
        studio.save(&two, &near, &folder.join(format!("figure-{name}.png")))?;
    }
    for (name, sitter, hand) in hands() {
        let camera = camera_at_hand(hand);
        studio.save(&[sitter], &camera, &folder.join(format!("hand-{name}.png")))?;
    }
    for (name, sitter) in faces() {
        studio.save(&[sitter], &camera_at_face(), &folder.join(format!("face-{name}.png")))?;
    }
    let mut studio = Studio::open(ROW_SIZE)?;
    let row: Vec<Sitter> = (0..ROW)
        .map(|look| Sitter::standing(look).at(Vec3::X * (f32::from(look) - 3.5) * 0.78, 0.0))
        .collect();
    studio.save(&row, &camera(0.98, 6.4, 0.32), &folder.join("row.png"))?;
    Ok(())
}

#[cfg(test)]
#[path = "portraits_tests.rs"]
mod tests;
