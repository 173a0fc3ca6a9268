//! What both eyes of a headset take of a graphics card, without a headset: offscreen, at the size that is asked for.
//!
//! The runtime's own work and what its optics hide are left out: all pixels of both eyes are drawn.

use super::rehearsal::Rehearsal;
use super::{BenchConnector, COUNTED, Stand, WARM_UP, at, figure, most_ms, open, parts_of, rehearse};
use crate::app::Driver;
use crate::cli::{offscreen_gpu_with, quality};
use crate::core::ClientCore;
use crate::core::cache::MemoryCache;
use crate::input::headset::{Attention, HandState, HeadsetState};
use crate::platform::{allocation_count, thread_cpu_micros};
use crate::present::{FrameSize, PresentError, Presenter, Shown, Views};
use crate::scene::camera::{Camera, NEAR};
use crate::settings::{Settings, Turn};
use anyhow::{Context as _, Result, ensure};
use glam::{Mat4, Quat, UVec2, Vec2, Vec3};
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use venue_model::RigidPose;
use wgpu_renderer::{
    Gpu, OffscreenTarget, PassTimes, RenderSettings, Renderer, Target, Timing, View, ViewWay,
    reverse_z_perspective_from_angles, wgpu,
};

/// Half of the distance between the eyes, metres.
const HALF_APART: f32 = 0.032;

/// How far an eye sees, radians, as headsets of 2023 have it: outwards, to the nose, up and down.
const ANGLES: [f32; 4] = [0.94, 0.70, 0.77, 0.96];

/// What headsets take: the world is drawn into it without another copy.
const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8UnormSrgb;

/// Pixels of a point, for name tags.
const PIXELS_PER_POINT: f32 = 1.25;

/// The left stick walks ahead, the right one turns.
const STICKS: [Vec2; 2] = [Vec2::Y, Vec2::new(0.6, 0.0)];

/// What a picture of both eyes may take of the graphics card, ms.
const GPU_MS: f64 = 8.0;

/// One of the times.
type Of = fn(&PassTimes) -> f32;

/// Draws both eyes offscreen, and keeps the times of their passes.
struct EyesPresenter {
    target: OffscreenTarget,
    /// Whether times are asked for: once is enough.
    is_timed: bool,
    times: Vec<PassTimes>,
}

/// What the counted frames took.
#[derive(Default)]
struct Counts {
    cpu_micros: Vec<f64>,
    own: Vec<f64>,
}

/// Draws a scene `SPACE-COUNT` for both eyes, each of this size; prints figures and keeps the last picture of each eye in
/// the folder.
pub fn run(scene: &str, package: &Path, size: UVec2, folder: &Path) -> Result<()> {
    let (space, crowd) = parts_of(scene)?;
    let meeting = rehearse(open(space, package)?, space, crowd, Box::<MemoryCache>::default())?;
    let mut stand = stand(meeting, size)?;
    stand.load()?;
    let counts = stand.measure_worn()?;
    let seen = stand.app.core.bodies().len();
    ensure!(seen >= crowd as usize * 9 / 10, "only {seen} of {crowd} people were shown");
    stand.app.presenter.keep(stand.app.gpu(), folder, scene)?;
    print(scene, size, &stand, counts);
    Ok(())
}

/// A client in a headset that is not there.
fn stand(
    meeting: (Rc<RefCell<Rehearsal>>, ClientCore<BenchConnector>),
    size: UVec2,
) -> Result<Stand<EyesPresenter>> {
    let settings = Settings { turn: Turn::Smooth, ..Settings::default() };
    let render = RenderSettings::stereo(quality(&settings), FORMAT);
    let (gpu, render) = device(&settings, render)?;
    let presenter = |gpu: &Gpu, render: &RenderSettings| {
        let target = OffscreenTarget::new(gpu, render, size)?;
        Ok(EyesPresenter { target, is_timed: false, times: Vec::with_capacity(WARM_UP + COUNTED) })
    };
    let mut stand = Stand::before(meeting, settings, gpu, render, presenter)?;
    stand.app.driver = Driver::Headset(Box::default());
    Ok(stand)
}

/// A device that draws both eyes at once, or one that draws them apart.
fn device(settings: &Settings, render: RenderSettings) -> Result<(Gpu, RenderSettings)> {
    let at_once = offscreen_gpu_with(settings, render.required_features()).ok();
    // Mesa's software Vulkan draws what is clipped into the first view only.
    match at_once.filter(|gpu| !gpu.is_software()) {
        Some(gpu) => Ok((gpu, render)),
        None => {
            let render = RenderSettings { way: ViewWay::Apart, ..render };
            Ok((offscreen_gpu_with(settings, wgpu::Features::empty())?, render))
        }
    }
}

impl Stand<EyesPresenter> {
    fn measure_worn(&mut self) -> Result<Counts> {
        for _ in 0..WARM_UP {
            self.drive();
            self.step()?;
        }
        let mut counts = Counts::default();
        counts.cpu_micros.reserve(COUNTED);
        counts.own.reserve(COUNTED);
        self.app.presenter.times.clear();
        for _ in 0..COUNTED {
            self.prepare()?;
            let (cpu, before) = (thread_cpu_micros(), allocation_count());
            self.drive();
            self.app.frame(self.now)?;
            let (cpu_after, after) = (thread_cpu_micros(), allocation_count());
            counts.cpu_micros.extend(cpu.zip(cpu_after).map(|(from, to)| to - from));
            counts.own.push((after.own - before.own) as f64);
        }
        Ok(counts)
    }

    /// Somebody who walks and turns by the sticks, hands before the body.
    fn drive(&mut self) {
        let Driver::Headset(headset) = &mut self.app.driver else { return };
        let pose = |x, y, z| RigidPose { position: Vec3::new(x, y, z), orientation: Quat::IDENTITY };
        let hand = |grip, stick| HandState { grip: Some(grip), stick, ..HandState::default() };
        headset.set(HeadsetState {
            attention: Attention::Full,
            head: Some(pose(0.0, 1.65, 0.0)),
            hands: [hand(pose(-0.2, 1.2, -0.35), STICKS[0]), hand(pose(0.2, 1.2, -0.35), STICKS[1])],
            is_recentered: false,
        });
    }
}

impl EyesPresenter {
    /// Writes the last picture of each eye.
    fn keep(&self, gpu: &Gpu, folder: &Path, scene: &str) -> Result<()> {
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        let size = self.target.size();
        for (view, eye) in ["left", "right"].into_iter().enumerate() {
            let rgba = pollster::block_on(self.target.read_rgba(gpu, view as u32))?;
            let path = folder.join(format!("{scene}-{eye}.png"));
            image::save_buffer(&path, &rgba, size.x, size.y, image::ExtendedColorType::Rgba8)
                .with_context(|| path.display().to_string())?;
        }
        Ok(())
    }
}

impl Presenter for EyesPresenter {
    fn acquire(&mut self, _gpu: &Gpu) -> Result<Option<FrameSize>, PresentError> {
        Ok(Some(FrameSize { size: self.target.size(), pixels_per_point: PIXELS_PER_POINT }))
    }

    fn view_size(&self) -> UVec2 {
        self.target.size()
    }

    fn views(&self, camera: &Camera, _size: UVec2) -> Views {
        let [out, nose, up, down] = ANGLES;
        let world_from_head = camera.view_from_world().inverse();
        let eye = |x: f32, left: f32, right: f32| View {
            view_from_world: (world_from_head * Mat4::from_translation(Vec3::X * x)).inverse(),
            clip_from_view: reverse_z_perspective_from_angles(-left, right, -down, up, NEAR),
        };
        Views::stereo([eye(-HALF_APART, out, nose), eye(HALF_APART, nose, out)])
    }

    fn target(&self) -> Option<Target<'_>> {
        Some(self.target.target())
    }

    fn present(&mut self, shown: &mut Shown<'_>) -> Result<(), PresentError> {
        if !std::mem::replace(&mut self.is_timed, true) {
            shown.renderer.time_passes(shown.gpu, Timing::On)?;
        }
        // Those of the frame before, whose end was waited for.
        self.times.extend(shown.renderer.pass_times());
        Ok(())
    }

    fn set_up_again(&mut self, _lost: &Gpu, _settings: &Settings) -> Result<(Gpu, Renderer), PresentError> {
        Err(PresentError::Surface("the graphics device was lost".into()))
    }
}

fn print(scene: &str, size: UVec2, stand: &Stand<EyesPresenter>, mut counts: Counts) {
    let gpu = stand.app.gpu().adapter().get_info();
    let render = stand.app.render_settings();
    let (way, samples) = (render.way, render.sample_count);
    println!(
        "{scene} for both eyes, each {size}, {samples} samples, {way:?}, on {} ({})",
        gpu.name, gpu.driver_info
    );
    let name = |what: &str| format!("frame.eyes.{scene}.{what}");
    let passes: [(&str, Of); 4] = [
        ("gpu", PassTimes::sum_ms),
        ("gpu_world", |times| times.world_ms),
        ("gpu_depth", |times| times.depth_ms),
        ("gpu_screen", |times| times.screen_ms),
    ];
    for (what, of) in passes {
        let mut list: Vec<f64> = stand.app.presenter.times.iter().map(|times| of(times).into()).collect();
        list.sort_by(f64::total_cmp);
        let (p50, p99) = (at(&list, 0.5), at(&list, 0.99));
        println!("  {what:<20}  p50 {p50:.3} ms, p99 {p99:.3} ms of {} frames", list.len());
        let goal = (what == "gpu").then_some(GPU_MS);
        figure(&name(&format!("{what}_ms_p50")), p50, "ms", None);
        figure(&name(&format!("{what}_ms_p99")), p99, "ms", goal);
    }
    counts.cpu_micros.sort_by(f64::total_cmp);
    counts.own.sort_by(f64::total_cmp);
    let (p50, p99) = (at(&counts.cpu_micros, 0.5) * 1e-3, at(&counts.cpu_micros, 0.99) * 1e-3);
    println!("  frame thread CPU      p50 {p50:.3} ms, p99 {p99:.3} ms");
    figure(&name("cpu_ms_p99"), p99, "ms", Some(most_ms(scene)));
    figure(&name("own_allocations"), at(&counts.own, 0.99), "1/frame", Some(0.0));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::tiny_package;

    #[test]
    fn both_eyes_are_drawn_and_see_a_room_from_two_places() {
        let meeting = rehearse(tiny_package(), "room", 1, Box::<MemoryCache>::default()).unwrap();
        let mut stand = stand(meeting, UVec2::new(96, 104)).unwrap();
        stand.load().unwrap();
        for _ in 0..4 {
            stand.drive();
            stand.step().unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        stand.app.presenter.keep(stand.app.gpu(), folder.path(), "room").unwrap();
        let [left, right] =
            ["left", "right"].map(|eye| image::open(folder.path().join(format!("room-{eye}.png"))).unwrap());
        assert_eq!((left.width(), left.height()), (96, 104));
        assert_ne!(left.to_rgb8(), right.to_rgb8());
        // The software's clock marks times, too.
        assert!(stand.app.presenter.times.iter().any(|times| times.world_ms > 0.0));
    }
}
