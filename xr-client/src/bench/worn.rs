//! The same frames in a headset: two eyes, at the pace of a runtime, from a person who walks and turns by the sticks.
//!
//! What the runtime waits and works is its own; figures are of the client's frame between the runtime's begin and end.
//! Two visits follow one another in one process: somebody alone, and somebody in the crowd.

use super::rehearsal::Rehearsal;
use super::{
    BenchConnector, COUNTED, FRAME_MICROS, LINK, TURNED_RADIANS, WALKED_METRES, WARM_UP, at, figure, most_ms,
    open, parts_of, rehearse,
};
use crate::app::{App, Driver};
use crate::core::Stage;
use crate::core::cache::MemoryCache;
use crate::input::Command;
use crate::input::headset::{Attention, HeadsetState};
use crate::platform::{allocation_count, thread_cpu_micros};
use crate::present::xr::settings::HeadsetSettings;
use crate::present::xr::{self, XrPresenter};
use crate::settings::{Settings, Turn};
use crate::sound::Sounds;
use anyhow::{Result, bail, ensure};
use glam::Vec2;
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;
use venue_model::Language;
use venue_package::Package;
use venue_protocol::LocalTime;
use wgpu_renderer::wgpu;

/// Frames after which loading has failed; the runtime paces them.
const LOADING_LIMIT: usize = 20_000;

/// Pause while the headset shows nothing.
const IDLE_PAUSE: Duration = Duration::from_millis(10);

/// The left stick walks ahead, the right one turns.
const STICKS: [Vec2; 2] = [Vec2::Y, Vec2::new(0.6, 0.0)];

/// A client in a headset before a rehearsal, frame by frame.
struct WornStand {
    app: App<BenchConnector, XrPresenter>,
    server: Rc<RefCell<Rehearsal>>,
    now: LocalTime,
    sticks: [Vec2; 2],
}

/// What the counted frames took.
struct Counts {
    /// The client's frame alone, µs of the thread's processor.
    frame: Vec<f64>,
    /// From the runtime's begin to its end, its calls on this thread included.
    whole: Vec<f64>,
    own: Vec<f64>,
    total: Vec<f64>,
}

/// Runs a scene `SPACE-COUNT` in the headset that answers, and prints a table and one JSON object a figure.
pub fn run(scene: &str, package: &Path) -> Result<()> {
    let (space, crowd) = parts_of(scene)?;
    let mut alone = WornStand::visit(open(space, package)?, space, 0)?;
    let mut counts = WornStand::visit(open(space, package)?, space, crowd)?;
    alone.sort();
    counts.sort();
    print(scene, crowd, &alone, &counts);
    Ok(())
}

impl WornStand {
    /// A visit from the beginning to the end.
    fn visit(package: Package, space: &str, crowd: u32) -> Result<Counts> {
        let (server, core) = rehearse(package, space, crowd, Box::<MemoryCache>::default())?;
        // A window beside the headset is not what is measured.
        let headset = HeadsetSettings { mirror: false, ..HeadsetSettings::default() };
        let settings = Settings { has_seen_tour: true, turn: Turn::Smooth, headset, ..Settings::default() };
        let app = xr::open()?.hold(core, settings, Language::En, None, Sounds::unheard())?;
        let mut stand = Self { app, server, now: LocalTime(0), sticks: [Vec2::ZERO; 2] };
        stand.app.wish(Command::Connect(LINK.into()));
        stand.load()?;
        let counts = stand.measure()?;
        let seen = stand.app.core.bodies().len();
        ensure!(seen >= crowd as usize * 9 / 10, "only {seen} of {crowd} people were shown");
        stand.leave()?;
        Ok(counts)
    }

    fn load(&mut self) -> Result<()> {
        for _ in 0..LOADING_LIMIT {
            self.step(None)?;
            if *self.app.core.stage() == Stage::Inside && self.app.is_loaded() {
                return Ok(());
            }
        }
        bail!("the venue did not load; the client's stage is {:?}", self.app.core.stage())
    }

    fn measure(&mut self) -> Result<Counts> {
        self.sticks = STICKS;
        for _ in 0..WARM_UP {
            self.step(None)?;
        }
        let list = || Vec::with_capacity(COUNTED);
        let mut counts = Counts { frame: list(), whole: list(), own: list(), total: list() };
        let (mut walked, mut turned, mut before) = (0.0, 0.0, *self.app.core.body().pose());
        let shown = self.app.presenter.shown();
        for _ in 0..COUNTED {
            self.step(Some(&mut counts))?;
            let pose = *self.app.core.body().pose();
            walked += pose.root.distance(before.root);
            turned += (pose.yaw - before.yaw).abs().min(1.0);
            before = pose;
        }
        ensure!(walked >= WALKED_METRES, "the person walked only {walked:.2} m: the stick does not arrive");
        ensure!(turned >= TURNED_RADIANS, "the person turned only {turned:.2} rad");
        let shown = self.app.presenter.shown() - shown;
        ensure!(shown >= COUNTED as u64 * 9 / 10, "only {shown} of {COUNTED} frames were shown");
        Ok(counts)
    }

    /// One frame at the runtime's pace. The server's part and the GPU's of the frame before are not the client's.
    fn step(&mut self, counts: Option<&mut Counts>) -> Result<()> {
        self.now = self.now + FRAME_MICROS;
        self.server.borrow_mut().advance(self.now);
        self.app.gpu().device().poll(wgpu::PollType::wait_indefinitely())?;
        ensure!(self.app.presenter.poll()?.is_none(), "the headset ended the visit");
        if !self.app.presenter.is_running() {
            std::thread::park_timeout(IDLE_PAUSE);
        }
        let (whole, allocations) = (thread_cpu_micros(), allocation_count());
        let state = self.app.presenter.begin_frame()?;
        self.app.core.set_display_lead(self.app.presenter.lead());
        let begun = thread_cpu_micros();
        self.drive(state);
        self.app.frame(self.now)?;
        let drawn = thread_cpu_micros();
        self.app.presenter.end_frame()?;
        let (ended, after) = (thread_cpu_micros(), allocation_count());
        if let Some(counts) = counts {
            counts.frame.extend(begun.zip(drawn).map(|(from, to)| to - from));
            counts.whole.extend(whole.zip(ended).map(|(from, to)| to - from));
            counts.own.push((after.own - allocations.own) as f64);
            counts.total.push((after.total - allocations.total) as f64);
        }
        Ok(())
    }

    /// The headset's head, and sticks that no hand has to push.
    fn drive(&mut self, mut state: HeadsetState) {
        if let Driver::Headset(headset) = &mut self.app.driver {
            for (hand, stick) in state.hands.iter_mut().zip(self.sticks) {
                hand.stick = stick;
            }
            if state.attention == Attention::Seen {
                state.attention = Attention::Full;
            }
            headset.set(state);
        }
    }

    /// Ends the session in order, so that the next one can begin.
    fn leave(mut self) -> Result<()> {
        self.sticks = [Vec2::ZERO; 2];
        self.app.presenter.ask_end()?;
        for _ in 0..LOADING_LIMIT {
            if self.app.presenter.poll()?.is_some() {
                return Ok(());
            }
            if !self.app.presenter.is_running() {
                std::thread::park_timeout(IDLE_PAUSE);
            }
            self.app.presenter.begin_frame()?;
            self.app.presenter.end_frame()?;
        }
        bail!("the headset does not let go")
    }
}

impl Counts {
    fn sort(&mut self) {
        for list in [&mut self.frame, &mut self.whole, &mut self.own, &mut self.total] {
            list.sort_by(f64::total_cmp);
        }
    }
}

fn print(scene: &str, crowd: u32, alone: &Counts, counts: &Counts) {
    let ms = |list: &[f64], part: f64| at(list, part) * 1e-3;
    let (p50, p99) = (ms(&counts.frame, 0.5), ms(&counts.frame, 0.99));
    let whole = ms(&counts.whole, 0.99);
    let total = counts.total.iter().sum::<f64>() / counts.total.len().max(1) as f64;
    let own = |part: f64| at(&counts.own, part);
    println!("{scene} in a headset: {crowd} avatars, {COUNTED} frames of a walk by the sticks");
    println!("  frame thread CPU      p50 {p50:.3} ms, p99 {p99:.3} ms");
    println!("  the runtime's calls   with them p99 {whole:.3} ms on the same thread");
    println!("  alone                 p50 {:.3} ms", ms(&alone.frame, 0.5));
    println!("  own allocations       p50 {}, p99 {}, most {} a frame", own(0.5), own(0.99), own(1.0));
    println!("  all allocations       {total:.1} a frame");
    let name = |what: &str| format!("frame.xr.{scene}.{what}");
    figure(&name("cpu_ms_p50"), p50, "ms", None);
    figure(&name("cpu_ms_p99"), p99, "ms", Some(most_ms(scene)));
    figure(&name("with_runtime_cpu_ms_p99"), whole, "ms", None);
    figure(&name("own_allocations"), own(0.99), "1/frame", Some(0.0));
    figure(&name("total_allocations"), total, "1/frame", None);
}
