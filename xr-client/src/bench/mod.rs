//! Measures frames: thread CPU time, own and total allocations, time to the first frame and to the inside.
//!
//! The clock of the scene is virtual (60 frames a second), so that every run shows the same frames.

pub mod rehearsal;

use crate::app::{App, AppParts, Driver};
use crate::cli::{OFFSCREEN_FORMAT, offscreen_gpu, render_settings};
use crate::core::cache::MemoryCache;
use crate::core::identity::Identity;
use crate::core::known_hosts::KnownHosts;
use crate::core::{ClientCore, CoreConfig, Stage, Target};
use crate::input::Command;
use crate::platform::{allocation_count, thread_cpu_micros};
use crate::present::headless::{Drawing, HeadlessPresenter};
use crate::settings::Settings;
use anyhow::{Context as _, Result, bail, ensure};
use glam::UVec2;
use rehearsal::{Rehearsal, RehearsalTransport};
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::time::Instant;
use venue_model::Language;
use venue_package::{DirectorySource, Package};
use venue_protocol::{Appearance, LocalTime};
use wgpu_renderer::{Gpu, Renderer, wgpu};

/// Time of the scene from frame to frame, µs.
const FRAME_MICROS: u64 = 16_667;

/// Frames that are drawn and not counted: pipelines are made, buffers grow to their size.
const WARM_UP: usize = 60;

/// Frames that are counted.
const COUNTED: usize = 300;

/// Frames after which loading has failed.
const LOADING_LIMIT: usize = 6_000;

/// Pictures are small, because the software renderer paints them on the same processor; the frame thread does
/// the same work for any size.
const SIZE: UVec2 = UVec2::new(320, 200);

/// Any link: the rehearsal asks for nothing.
const LINK: &str = "vev://rehearsal/e/rehearsal#0000-0000";

type BenchApp = App<Box<dyn FnMut(&Target) -> RehearsalTransport>, HeadlessPresenter>;

struct Stand {
    app: BenchApp,
    server: Rc<RefCell<Rehearsal>>,
    gpu: Gpu,
    now: LocalTime,
}

#[derive(Default)]
struct Counts {
    cpu_micros: Vec<f64>,
    own: Vec<u64>,
    total: Vec<u64>,
}

/// Runs a scene `SPACE-COUNT`, e.g. `lounge-50`, and prints a table and one JSON object a figure.
pub fn run(scene: &str, package: &Path) -> Result<()> {
    let start = Instant::now();
    let parts = scene.rsplit_once('-').and_then(|(space, count)| Some((space, count.parse().ok()?)));
    let (space, crowd) = parts.with_context(|| format!("{scene:?} is no scene; write e.g. lounge-50"))?;
    let mut stand = Stand::build(space, crowd, package)?;
    stand.step()?;
    let first_frame_secs = start.elapsed().as_secs_f64();
    let inside_secs = stand.load(start)?;
    for _ in 0..WARM_UP {
        stand.step()?;
    }
    let mut counts = Counts::default();
    for _ in 0..COUNTED {
        stand.counted_step(&mut counts)?;
    }
    let seen = stand.app.core.bodies().len();
    ensure!(seen >= crowd as usize * 9 / 10, "only {seen} of {crowd} people were shown");
    print(scene, crowd, first_frame_secs, inside_secs, &mut counts);
    Ok(())
}

impl Stand {
    fn build(space: &str, crowd: u32, package: &Path) -> Result<Self> {
        let name = package.display();
        let refused = || format!("the package {name} can not be used");
        let package = Package::open(DirectorySource::new(package)).with_context(refused)?;
        let server = Rehearsal::open(package, space, crowd).with_context(refused)?;
        let transport = Rc::clone(&server);
        let connector: Box<dyn FnMut(&Target) -> RehearsalTransport> =
            Box::new(move |_| RehearsalTransport::connect(&transport));
        let config = CoreConfig {
            identity: Identity::from_secret([7; 32]),
            hosts: KnownHosts::in_memory(),
            cache: Box::new(MemoryCache::default()),
            appearance: Appearance::default(),
            language: Language::En,
            last_place: None,
            last_link: None,
            seed: 1,
        };
        let core = ClientCore::new(config, connector);
        let gpu = offscreen_gpu()?;
        let settings = Settings::default();
        let render = render_settings(&settings, OFFSCREEN_FORMAT);
        let renderer = Renderer::new(&gpu, render)?;
        let presenter = HeadlessPresenter::new(&gpu, &render, SIZE, Path::new("."), Drawing::Always)?;
        let (driver, language, data) = (Driver::Nobody, Language::En, None);
        let device = gpu.clone();
        let mut app =
            App::new(AppParts { core, gpu, renderer, presenter, driver, settings, language, data })?;
        app.wish(Command::Connect(LINK.into()));
        Ok(Self { app, server, gpu: device, now: LocalTime(0) })
    }

    /// The server's part of a frame, and the GPU's of the one before: neither is the client's frame.
    fn prepare(&mut self) -> Result<()> {
        self.now = self.now + FRAME_MICROS;
        self.server.borrow_mut().advance(self.now);
        self.gpu.device().poll(wgpu::PollType::wait_indefinitely())?;
        Ok(())
    }

    fn step(&mut self) -> Result<()> {
        self.prepare()?;
        self.app.frame(self.now)?;
        Ok(())
    }

    fn counted_step(&mut self, counts: &mut Counts) -> Result<()> {
        self.prepare()?;
        let (cpu, before) = (thread_cpu_micros(), allocation_count());
        self.app.frame(self.now)?;
        let (cpu_after, after) = (thread_cpu_micros(), allocation_count());
        counts.cpu_micros.extend(cpu.zip(cpu_after).map(|(from, to)| to - from));
        counts.own.push(after.own - before.own);
        counts.total.push(after.total - before.total);
        Ok(())
    }

    /// Loads the whole venue; gives the seconds until the person was inside.
    fn load(&mut self, start: Instant) -> Result<f64> {
        let mut inside_secs = None;
        for _ in 0..LOADING_LIMIT {
            self.step()?;
            if *self.app.core.stage() == Stage::Inside {
                inside_secs.get_or_insert_with(|| start.elapsed().as_secs_f64());
            }
            if let Some(secs) = inside_secs.filter(|_| self.app.is_loaded()) {
                return Ok(secs);
            }
        }
        bail!("the venue did not load; the client's stage is {:?}", self.app.core.stage())
    }
}

fn print(scene: &str, crowd: u32, first_frame_secs: f64, inside_secs: f64, counts: &mut Counts) {
    let cpu = &mut counts.cpu_micros;
    cpu.sort_by(f64::total_cmp);
    counts.own.sort_unstable();
    let half = counts.total.len() / 2;
    let mean = |list: &[u64]| list.iter().sum::<u64>() as f64 / list.len().max(1) as f64;
    let growth = mean(&counts.total[half..]) - mean(&counts.total[..half]);
    let (cpu_p50, cpu_p99) = (at(cpu, 0.50) * 1e-3, at(cpu, 0.99) * 1e-3);
    let own = |part: f64| at(&counts.own.iter().map(|count| *count as f64).collect::<Vec<_>>(), part);
    let total = mean(&counts.total);
    println!("{scene}: {crowd} avatars, {COUNTED} frames");
    println!("  frame thread CPU      p50 {cpu_p50:.3} ms, p99 {cpu_p99:.3} ms");
    println!("  own allocations       p50 {}, p99 {}, most {} a frame", own(0.5), own(0.99), own(1.0));
    println!(
        "  all allocations       {total:.1} a frame, growing by {growth:.1} from the first half to the second"
    );
    println!("  first frame           {first_frame_secs:.2} s after the start (package on disk)");
    println!("  inside                {inside_secs:.2} s after the start (package on disk)");
    figure(&format!("frame.{scene}.cpu_ms_p50"), cpu_p50, "ms", None);
    figure(&format!("frame.{scene}.cpu_ms_p99"), cpu_p99, "ms", Some(1.5));
    figure(&format!("frame.{scene}.own_allocations"), own(0.99), "1/frame", Some(0.0));
    figure(&format!("frame.{scene}.total_allocations"), total, "1/frame", None);
    figure(&format!("frame.{scene}.first_frame_seconds"), first_frame_secs, "s", Some(1.0));
    figure(&format!("frame.{scene}.inside_seconds"), inside_secs, "s", Some(2.0));
}

fn at(sorted: &[f64], part: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * part).round() as usize).copied().unwrap_or(f64::NAN)
}

fn figure(name: &str, measured: f64, unit: &str, goal: Option<f64>) {
    let goal = goal.map_or_else(|| "null".to_owned(), |goal| goal.to_string());
    println!(
        "{{\"figure\":\"{name}\",\"measured\":{measured:.4},\"unit\":\"{unit}\",\"goal\":{goal},\"better\":\"lower\"}}"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_sorted_list() {
        let list: Vec<f64> = (0..101).map(f64::from).collect();
        assert_eq!((at(&list, 0.5), at(&list, 0.99), at(&list, 1.0)), (50.0, 99.0, 100.0));
        assert!(at(&[], 0.5).is_nan());
    }

    #[test]
    fn an_unknown_scene_is_named() {
        let error = run("nowhere", Path::new(".")).unwrap_err();
        assert!(error.to_string().contains("lounge-50"), "{error}");
    }
}
