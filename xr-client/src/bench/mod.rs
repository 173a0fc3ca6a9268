//! Measures frames: thread CPU time, own and total allocations, from the input of a person who walks and looks around
//! to the last recorded draw.
//!
//! The clock of the scene is virtual (60 frames a second), so that every run shows the same frames.

pub mod eyes;
mod hall;
pub mod portraits;
mod process;
pub mod rehearsal;
pub mod start;
pub mod worn;

use crate::app::{App, AppParts, Driver};
use crate::cli::{OFFSCREEN_FORMAT, offscreen_gpu, render_settings};
use crate::core::cache::{DiskCache, FileCache, MemoryCache};
use crate::core::identity::Identity;
use crate::core::known_hosts::KnownHosts;
use crate::core::{ClientCore, CoreConfig, Stage, Target};
use crate::input::Command;
use crate::input::devices::Devices;
use crate::input::keys::Action;
use crate::platform::{allocation_count, resident_mib, thread_cpu_micros};
use crate::present::headless::{Drawing, HeadlessPresenter};
use crate::present::{PresentError, Presenter};
use crate::scene::stream::{Probe, StreamStats};
use crate::settings::Settings;
use crate::sound::Sounds;
use anyhow::{Context as _, Result, bail, ensure};
use glam::{UVec2, Vec2};
use rehearsal::{Rehearsal, RehearsalTransport};
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};
use venue_model::Language;
use venue_package::{DirectorySource, Package};
use venue_protocol::{Appearance, LocalTime};
use wgpu_renderer::{Gpu, RenderSettings, Renderer, wgpu};

/// Time of the scene from frame to frame, µs.
const FRAME_MICROS: u64 = 16_667;

/// Frames that are drawn and not counted: pipelines are made, buffers grow to their size.
const WARM_UP: usize = 150;

/// Frames that are counted.
const COUNTED: usize = 300;

/// Frames inside in which panels, letters and the sky are drawn for the first time.
const FIRST_FRAMES: usize = 10;

/// Time after which loading has failed. Frames that draw nothing pass by thousands while the loading threads wait for
/// a processor, so that no number of frames is a limit.
const LOADING_LIMIT: Duration = Duration::from_secs(120);

/// Pictures are small, because the software renderer paints them on the same processor; the frame thread does
/// the same work for any size.
const SIZE: UVec2 = UVec2::new(320, 200);

/// How far the mouse moves to the left in each frame, points. The walk becomes a circle in 150 frames, so that both
/// halves of the counted frames show the same.
const LOOK_POINTS: Vec2 = Vec2::new(-std::f32::consts::TAU / (150.0 * 0.003), 0.0);

/// How far the person must get in the counted frames, metres, so that the frames were those of a walk.
const WALKED_METRES: f32 = 2.0;

/// How far the person must turn in them, radians.
const TURNED_RADIANS: f32 = 1.0;

/// How much the process may grow in the counted frames, MiB: nothing accumulates from frame to frame.
const MEMORY_GROWTH_MIB: f64 = 16.0;

/// Who joins after the counted frames, one after the other.
const JOINS: u32 = 20;

/// Frames from one join to the next; the newcomer is told of, seen and drawn within them.
const FRAMES_OF_A_JOIN: usize = 15;

/// What a join may cost a frame beyond a steady one, ms.
const JOIN_MS: f64 = 2.0;

/// Looks at many tiles whose time is taken together.
const LOOKS: u32 = 500;

/// What a frame may cost, ms; and with a crowd in view.
const FRAME_MS: f64 = 1.5;
const CROWD_MS: f64 = 2.0;

/// A scene of the hall, filled.
const CROWD: &str = "crowd";

/// Any link: the rehearsal asks for nothing.
const LINK: &str = "vev://rehearsal/e/rehearsal#0000-0000";

type BenchConnector = Box<dyn FnMut(&Target) -> RehearsalTransport>;
/// A client before a rehearsal, frame by frame.
pub(crate) struct Stand<P: Presenter = HeadlessPresenter> {
    pub(crate) app: App<BenchConnector, P>,
    pub(crate) server: Rc<RefCell<Rehearsal>>,
    now: LocalTime,
}

struct Counts {
    cpu_micros: Vec<f64>,
    own: Vec<u64>,
    total: Vec<u64>,
    /// How much the process grew, MiB, its driver included.
    grown_mib: Option<f64>,
}

/// Runs a scene `SPACE-COUNT`, e.g. `lounge-50`, and prints a table and one JSON object a figure.
pub fn run(scene: &str, package: &Path) -> Result<()> {
    let (space, crowd) = parts_of(scene)?;
    let (mut loading, mut steady) = load_alone(open(space, package)?, space)?;
    let mut stand = Stand::build(open(space, package)?, space, crowd, Path::new("."))?;
    stand.load()?;
    let mut counts = stand.measure(WARM_UP, COUNTED)?;
    let seen = stand.app.core.bodies().len();
    ensure!(seen >= crowd as usize * 9 / 10, "only {seen} of {crowd} people were shown");
    print(scene, crowd, &mut counts);
    print_streaming(scene, &stand.app.stream_stats())?;
    print_loading(scene, &mut loading, &mut steady);
    let mut joins = stand.measure_joins(crowd)?;
    print_joins(scene, &mut joins, &counts);
    process::print(scene, &stand.measure_process()?);
    Ok(())
}

/// What a frame of a scene may cost, ms.
fn most_ms(scene: &str) -> f64 {
    if scene.starts_with(CROWD) { CROWD_MS } else { FRAME_MS }
}

/// The space's key and the number of people in it. A `crowd-COUNT` is in the hall.
fn parts_of(scene: &str) -> Result<(&str, u32)> {
    let parts = scene.rsplit_once('-').and_then(|(space, count)| Some((space, count.parse().ok()?)));
    let in_hall = |(space, count)| (if space == CROWD { hall::KEY } else { space }, count);
    parts.map(in_hall).with_context(|| format!("{scene:?} is no scene; write e.g. lounge-50"))
}

fn open(space: &str, package: &Path) -> Result<Package> {
    let refused = || format!("the package {} can not be used", package.display());
    match space == hall::KEY {
        true => hall::package(),
        false => Package::open(DirectorySource::new(package)).with_context(refused),
    }
}

/// A client's core that meets a rehearsal of this space with a crowd.
fn rehearse(
    package: Package,
    space: &str,
    crowd: u32,
    cache: Box<dyn FileCache>,
) -> Result<(Rc<RefCell<Rehearsal>>, ClientCore<BenchConnector>)> {
    let server = Rehearsal::open(package, space, crowd)?;
    let transport = Rc::clone(&server);
    let connector: BenchConnector = Box::new(move |_| RehearsalTransport::connect(&transport));
    let config = CoreConfig {
        identity: Identity::from_secret([7; 32]),
        hosts: KnownHosts::in_memory(),
        cache,
        appearance: Appearance::default(),
        language: Language::En,
        last_place: None,
        last_link: None,
        seed: 1,
    };
    Ok((server, ClientCore::new(config, connector)))
}

/// Tiles come to somebody who is alone, through a cache on the disk as in a real visit: the frames in which they come,
/// and those after. Fifty people who are drawn for the first time are another cost.
fn load_alone(package: Package, space: &str) -> Result<(Vec<f64>, Counts)> {
    let folder = std::env::temp_dir().join(format!("vev-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("{}", folder.display()))?;
    let cache = Box::new(DiskCache::open(folder.clone())?);
    let presenter = |gpu: &Gpu, render: &RenderSettings| {
        HeadlessPresenter::new(gpu, render, SIZE, Path::new("."), Drawing::Always)
    };
    let mut alone = Stand::build_with(package, space, 0, cache, presenter)?;
    let mut loading = alone.load()?;
    loading.drain(..loading.len().min(FIRST_FRAMES));
    ensure!(!loading.is_empty(), "everything was loaded in {FIRST_FRAMES} frames: nothing to measure");
    let steady = alone.measure(FIRST_FRAMES, COUNTED)?;
    drop(alone);
    std::fs::remove_dir_all(&folder).ok();
    Ok((loading, steady))
}

impl Stand {
    /// A client that wishes to enter the space of this key, where a crowd walks; pictures go into `folder`.
    pub(crate) fn build(package: Package, space: &str, crowd: u32, folder: &Path) -> Result<Self> {
        let presenter = |gpu: &Gpu, render: &RenderSettings| {
            HeadlessPresenter::new(gpu, render, SIZE, folder, Drawing::Always)
        };
        Self::build_with(package, space, crowd, Box::<MemoryCache>::default(), presenter)
    }

    /// The same with another cache.
    fn build_with(
        package: Package,
        space: &str,
        crowd: u32,
        cache: Box<dyn FileCache>,
        presenter: impl FnOnce(&Gpu, &RenderSettings) -> Result<HeadlessPresenter, PresentError>,
    ) -> Result<Self> {
        let settings = Settings::default();
        let gpu = offscreen_gpu(&settings)?;
        let render = render_settings(&settings, OFFSCREEN_FORMAT);
        Self::before(rehearse(package, space, crowd, cache)?, settings, gpu, render, presenter)
    }
}

impl<P: Presenter> Stand<P> {
    /// A client before a presenter, on a device that is open.
    fn before(
        (server, core): (Rc<RefCell<Rehearsal>>, ClientCore<BenchConnector>),
        settings: Settings,
        gpu: Gpu,
        render: RenderSettings,
        presenter: impl FnOnce(&Gpu, &RenderSettings) -> Result<P, PresentError>,
    ) -> Result<Self> {
        let settings = Settings { has_seen_tour: true, ..settings };
        let renderer = Renderer::new(&gpu, render)?;
        let presenter = presenter(&gpu, &render)?;
        let (driver, language, data) = (Driver::Devices(Box::default()), Language::En, None);
        let sounds = Sounds::unheard();
        let parts = AppParts { core, gpu, renderer, presenter, driver, settings, language, data, sounds };
        let mut app = App::new(parts)?;
        app.wish(Command::Connect(LINK.into()));
        Ok(Self { app, server, now: LocalTime(0) })
    }

    /// The server's part of a frame, and the GPU's of the one before: neither is the client's frame.
    fn prepare(&mut self) -> Result<()> {
        self.now = self.now + FRAME_MICROS;
        self.server.borrow_mut().advance(self.now);
        self.app.gpu().device().poll(wgpu::PollType::wait_indefinitely())?;
        Ok(())
    }

    /// One frame.
    pub(crate) fn step(&mut self) -> Result<()> {
        self.prepare()?;
        self.app.frame(self.now)?;
        Ok(())
    }

    /// Loads all that is seen of the venue; what each frame in it took of the processor, µs.
    pub(crate) fn load(&mut self) -> Result<Vec<f64>> {
        let mut cpu = Vec::new();
        let began = Instant::now();
        while began.elapsed() < LOADING_LIMIT {
            let was_inside = *self.app.core.stage() == Stage::Inside;
            self.prepare()?;
            let before = thread_cpu_micros();
            self.app.frame(self.now)?;
            if was_inside {
                cpu.extend(before.zip(thread_cpu_micros()).map(|(from, to)| to - from));
            }
            if *self.app.core.stage() == Stage::Inside && self.app.is_loaded() {
                return Ok(cpu);
            }
        }
        bail!("the venue did not load; the client's stage is {:?}", self.app.core.stage())
    }

    /// Walks and looks around, and counts what the last of the frames take.
    fn measure(&mut self, warm_up: usize, counted: usize) -> Result<Counts> {
        self.with_devices(|devices| {
            devices.press(Action::Forward);
            devices.set_looking(true);
        });
        for _ in 0..warm_up {
            self.with_devices(|devices| devices.move_pointer(LOOK_POINTS, Vec2::ZERO));
            self.step()?;
        }
        let mut counts = Counts::with_capacity(counted);
        let (mut walked, mut turned, mut before) = (0.0, 0.0, *self.app.core.body().pose());
        let resident = resident_mib();
        for _ in 0..counted {
            self.counted_step(&mut counts)?;
            let pose = *self.app.core.body().pose();
            walked += pose.root.distance(before.root);
            turned += (pose.yaw - before.yaw).abs().min(1.0);
            before = pose;
        }
        counts.grown_mib = resident.zip(resident_mib()).map(|(from, to)| to - from);
        ensure!(walked >= WALKED_METRES, "the person walked only {walked:.2} m: the keys do not arrive");
        ensure!(
            turned >= TURNED_RADIANS,
            "the person turned only {turned:.2} rad: the mouse does not arrive"
        );
        Ok(counts)
    }

    /// Lets people join one by one and counts the dearest frame of each join.
    fn measure_joins(&mut self, crowd: u32) -> Result<Vec<f64>> {
        let before = self.app.core.bodies().len();
        let mut dearest = Vec::with_capacity(JOINS as usize);
        for number in crowd..crowd + JOINS {
            self.server.borrow_mut().join(number);
            let mut counts = Counts::with_capacity(FRAMES_OF_A_JOIN);
            for _ in 0..FRAMES_OF_A_JOIN {
                self.counted_step(&mut counts)?;
            }
            dearest.extend(counts.cpu_micros.iter().copied().reduce(f64::max));
        }
        let came = self.app.core.bodies().len() - before;
        ensure!(came >= JOINS as usize * 9 / 10, "only {came} of {JOINS} newcomers were shown");
        Ok(dearest)
    }

    fn counted_step(&mut self, counts: &mut Counts) -> Result<()> {
        self.prepare()?;
        let (cpu, before) = (thread_cpu_micros(), allocation_count());
        self.with_devices(|devices| devices.move_pointer(LOOK_POINTS, Vec2::ZERO));
        self.app.frame(self.now)?;
        let (cpu_after, after) = (thread_cpu_micros(), allocation_count());
        counts.cpu_micros.extend(cpu.zip(cpu_after).map(|(from, to)| to - from));
        counts.own.push(after.own - before.own);
        counts.total.push(after.total - before.total);
        Ok(())
    }

    fn with_devices(&mut self, act: impl FnOnce(&mut Devices)) {
        if let Driver::Devices(devices) = &mut self.app.driver {
            act(devices);
        }
    }
}

impl Counts {
    fn with_capacity(frames: usize) -> Self {
        let list = || Vec::with_capacity(frames);
        Self { cpu_micros: Vec::with_capacity(frames), own: list(), total: list(), grown_mib: None }
    }
}

fn print(scene: &str, crowd: u32, counts: &mut Counts) {
    let cpu = &mut counts.cpu_micros;
    cpu.sort_by(f64::total_cmp);
    counts.own.sort_unstable();
    let half = counts.total.len() / 2;
    let mean = |list: &[u64]| list.iter().sum::<u64>() as f64 / list.len().max(1) as f64;
    let growth = mean(&counts.total[half..]) - mean(&counts.total[..half]);
    let (cpu_p50, cpu_p99) = (at(cpu, 0.50) * 1e-3, at(cpu, 0.99) * 1e-3);
    let own = |part: f64| at(&counts.own.iter().map(|count| *count as f64).collect::<Vec<_>>(), part);
    let total = mean(&counts.total);
    println!("{scene}: {crowd} avatars, {COUNTED} frames of a walk with W held and the mouse turning");
    println!("  frame thread CPU      p50 {cpu_p50:.3} ms, p99 {cpu_p99:.3} ms");
    println!("  own allocations       p50 {}, p99 {}, most {} a frame", own(0.5), own(0.99), own(1.0));
    println!(
        "  all allocations       {total:.1} a frame, growing by {growth:.1} from the first half to the second"
    );
    if let Some(grown) = counts.grown_mib {
        println!(
            "  memory                grew by {grown:.1} MiB in the counted frames, the driver's included"
        );
        figure(&format!("frame.{scene}.memory_growth_mib"), grown, "MiB", Some(MEMORY_GROWTH_MIB));
    }
    figure(&format!("frame.{scene}.cpu_ms_p50"), cpu_p50, "ms", None);
    figure(&format!("frame.{scene}.cpu_ms_p99"), cpu_p99, "ms", Some(most_ms(scene)));
    figure(&format!("frame.{scene}.own_allocations"), own(0.99), "1/frame", Some(0.0));
    figure(&format!("frame.{scene}.total_allocations"), total, "1/frame", None);
}

/// What streaming came to, and what choosing among two thousand tiles costs.
fn print_streaming(scene: &str, stats: &StreamStats) -> Result<()> {
    let mut probe = Probe::new(&hall::many_tiles());
    let before = thread_cpu_micros();
    let shown = (0..LOOKS).map(|look| probe.look(look as f32 * 0.05)).max().unwrap_or_default();
    ensure!(shown > 100, "only {shown} of the many tiles are shown");
    let micros = before.zip(thread_cpu_micros()).map_or(f64::NAN, |(from, to)| to - from);
    let select_ms = micros * 1e-3 / f64::from(LOOKS);
    let mb = stats.gpu_bytes as f64 * 1e-6;
    println!("  streaming             {} of {} tiles shown, {mb:.1} MB on the GPU", stats.shown, stats.tiles);
    println!("  choosing              {select_ms:.4} ms a frame among {} tiles", probe.len());
    figure(&format!("frame.{scene}.tiles_shown"), f64::from(stats.shown), "tiles", None);
    figure(&format!("frame.{scene}.tiles_gpu_mb"), mb, "MB", None);
    figure(&format!("frame.{scene}.select_ms_2000"), select_ms, "ms", Some(0.2));
    Ok(())
}

/// What frames cost in which tiles come.
fn print_loading(scene: &str, loading: &mut [f64], steady: &mut Counts) {
    steady.cpu_micros.sort_by(f64::total_cmp);
    loading.sort_by(f64::total_cmp);
    let usual = at(&steady.cpu_micros, 0.5);
    let cost = |part: f64| (at(loading, part) - usual) * 1e-3;
    let (p50, p99, most) = (cost(0.5), cost(0.99), cost(1.0));
    println!(
        "  tiles come            {} frames take {p50:.3} ms (p50), {p99:.3} ms (p99), {most:.3} ms (most) more \
         than a usual one",
        loading.len()
    );
    figure(&format!("frame.{scene}.streaming_cost_ms_p99"), p99, "ms", Some(JOIN_MS));
    figure(&format!("frame.{scene}.streaming_cost_ms_most"), most, "ms", None);
}

/// `steady` is sorted already.
fn print_joins(scene: &str, joins: &mut [f64], steady: &Counts) {
    joins.sort_by(f64::total_cmp);
    let usual = at(&steady.cpu_micros, 0.5);
    let cost = |part: f64| (at(joins, part) - usual) * 1e-3;
    let (p50, most) = (cost(0.5), cost(1.0));
    println!(
        "  a join                the dearest of its {FRAMES_OF_A_JOIN} frames takes {p50:.3} ms (p50), \
         {most:.3} ms (most of {JOINS}) more than a usual one"
    );
    figure(&format!("frame.{scene}.join_cost_ms_p50"), p50, "ms", None);
    figure(&format!("frame.{scene}.join_cost_ms_most"), most, "ms", Some(JOIN_MS));
}

fn at(sorted: &[f64], part: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * part).round() as usize).copied().unwrap_or(f64::NAN)
}

fn figure(name: &str, measured: f64, unit: &str, goal: Option<f64>) {
    println!("{}", figure_line(name, measured, unit, goal));
}

/// No peer is named for the client's frame: the fields say so.
fn figure_line(name: &str, measured: f64, unit: &str, goal: Option<f64>) -> String {
    let goal = goal.map_or_else(|| "null".to_owned(), |goal| goal.to_string());
    format!(
        "{{\"figure\":\"{name}\",\"measured\":{measured:.4},\"unit\":\"{unit}\",\"goal\":{goal},\
         \"better\":\"lower\",\"peer\":null,\"peer_measured\":null}}"
    )
}

#[cfg(test)]
mod headset_tests;
#[cfg(test)]
mod overlay_tests;

#[cfg(test)]
mod panorama_tests;

#[cfg(test)]
mod room_tests;

#[cfg(test)]
mod stream_tests;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panels::{PanelInput, PanelModel, Panels};
    use crate::platform::foreign;
    use crate::present::Views;
    use crate::scene::camera::Camera;
    use wgpu_renderer::{FrameInput, OffscreenTarget, PanelLayer, PanelPlacement};

    #[test]
    fn parts_of_a_sorted_list() {
        let list: Vec<f64> = (0..101).map(f64::from).collect();
        assert_eq!((at(&list, 0.5), at(&list, 0.99), at(&list, 1.0)), (50.0, 99.0, 100.0));
        assert!(at(&[], 0.5).is_nan());
    }

    fn stand(crowd: u32) -> Stand {
        let mut stand = Stand::build(crate::testing::tiny_package(), "room", crowd, Path::new(".")).unwrap();
        stand.load().unwrap();
        stand
    }

    #[test]
    fn a_frame_of_a_walk_through_a_crowd_allocates_nothing_of_its_own() {
        let mut counts = stand(12).measure(240, 120).unwrap();
        counts.own.sort_unstable();
        assert_eq!(counts.own.last(), Some(&0), "{:?}", counts.own);
        assert!(counts.total.iter().all(|total| *total > 0), "wgpu's are counted in the total");
    }

    #[test]
    fn newcomers_are_told_of_seen_and_counted() {
        let mut stand = stand(3);
        let joins = stand.measure_joins(3).unwrap();
        assert_eq!(joins.len(), JOINS as usize);
        assert!(joins.iter().all(|micros| *micros > 0.0), "{joins:?}");
        assert!(stand.app.core.bodies().len() >= JOINS as usize);
    }

    fn own_allocations(of: impl FnOnce()) -> u64 {
        let before = allocation_count().own;
        of();
        allocation_count().own - before
    }

    #[test]
    fn lists_that_the_renderer_grows_count_as_ours_and_what_wgpu_takes_does_not() {
        let settings = Settings::default();
        let gpu = offscreen_gpu(&settings).unwrap();
        let render = render_settings(&settings, OFFSCREEN_FORMAT);
        let mut renderer = Renderer::new(&gpu, render).unwrap();
        let target = OffscreenTarget::new(&gpu, &render, SIZE).unwrap();
        let layer = PanelLayer { placement: PanelPlacement::Screen, size: Vec2::ONE, meshes: &[] };
        let views = Views::flat(&Camera::default(), SIZE);
        let frame = FrameInput { views: views.as_slice(), panels: &[layer; 100], ..Default::default() };
        let mut draw = || {
            own_allocations(|| {
                let prepared = renderer.prepare(&frame).unwrap();
                foreign(|| prepared.submit(&gpu, &target.target())).unwrap();
            })
        };
        assert!(draw() > 0, "the renderer's lists grow");
        assert_eq!(draw(), 0, "they have grown");
    }

    #[test]
    fn what_the_panels_keep_counts_as_ours() {
        let mut panels = Panels::new();
        let mut model = PanelModel { event_title: "Plenary".into(), ..PanelModel::default() };
        let mut frame = |model: &PanelModel| {
            let raw = foreign(Default::default);
            let input = PanelInput { screen_px: [320, 200], pixels_per_point: 1.0, raw };
            own_allocations(|| drop(panels.frame(input, model)))
        };
        assert!(frame(&model) > 0, "a copy of the model is kept");
        assert!((0..10).any(|_| frame(&model) == 0), "a frame like the last one takes nothing");
        model.event_title = "Another plenary".into();
        assert!(frame(&model) > 0);
    }

    #[test]
    fn every_figure_names_its_peer_or_says_that_there_is_none() {
        let line = figure_line("frame.x.cpu_ms_p99", 0.25, "ms", Some(1.5));
        let figure: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!((&figure["measured"], &figure["goal"]), (&0.25.into(), &1.5.into()));
        for field in ["peer", "peer_measured"] {
            assert_eq!(figure.get(field), Some(&serde_json::Value::Null), "{line}");
        }
    }

    #[test]
    fn an_unknown_scene_is_named() {
        let error = run("nowhere", Path::new(".")).unwrap_err();
        assert!(error.to_string().contains("lounge-50"), "{error}");
    }
}
