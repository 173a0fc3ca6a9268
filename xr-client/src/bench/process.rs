//! What frames take of all threads of this process, without those that stand in for a graphics card: to compare with
//! programs that share a frame among threads.

use super::{COUNTED, LOOK_POINTS, Stand, at, figure};
use anyhow::{Context as _, Result};
use glam::Vec2;
use wgpu_renderer::wgpu;

/// What Mesa's software Vulkan calls the threads that paint. The one that hands them their work has no name: it has the
/// process's.
const PAINTERS: &str = "llvmpipe";

/// Milliseconds that all other threads have run.
fn millis() -> Result<f64> {
    let (mut nanos, first) = (0.0, std::process::id().to_string());
    let process = std::fs::read_to_string("/proc/self/comm")?;
    for thread in std::fs::read_dir("/proc/self/task").context("threads are told on Linux alone")? {
        let folder = thread?.path();
        // A thread may end while it is looked at.
        let Ok(name) = std::fs::read_to_string(folder.join("comm")) else { continue };
        let Ok(times) = std::fs::read_to_string(folder.join("schedstat")) else { continue };
        let is_unnamed = name == process && !folder.ends_with(&first);
        if !is_unnamed && !name.starts_with(PAINTERS) {
            nanos += times.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0.0);
        }
    }
    Ok(nanos * 1e-6)
}

impl Stand {
    /// Goes on with the walk; what each frame takes until its picture is finished, ms.
    pub(super) fn measure_process(&mut self) -> Result<Vec<f64>> {
        let mut frames = Vec::with_capacity(COUNTED);
        for _ in 0..COUNTED {
            self.prepare()?;
            let before = millis()?;
            self.with_devices(|devices| devices.move_pointer(LOOK_POINTS, Vec2::ZERO));
            self.app.frame(self.now)?;
            self.app.gpu().device().poll(wgpu::PollType::wait_indefinitely())?;
            frames.push(millis()? - before);
        }
        frames.sort_by(f64::total_cmp);
        Ok(frames)
    }
}

/// `frames` are sorted already.
pub(super) fn print(scene: &str, frames: &[f64]) {
    let (p50, p99) = (at(frames, 0.5), at(frames, 0.99));
    println!("  all threads           p50 {p50:.3} ms, p99 {p99:.3} ms, without a software card's");
    figure(&format!("frame.{scene}.process_cpu_ms_p50"), p50, "ms", None);
    figure(&format!("frame.{scene}.process_cpu_ms_p99"), p99, "ms", None);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_of_another_thread_is_counted_while_it_lives() {
        let (tell, told) = std::sync::mpsc::channel();
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let before = millis().unwrap();
        let work = move || {
            let sum = (0..50_000_000u64).fold(0, |sum: u64, next| sum.wrapping_mul(31) ^ next);
            tell.send(std::hint::black_box(sum)).unwrap();
            ended.recv().ok();
        };
        let thread = std::thread::Builder::new().name("vev-work".into()).spawn(work).unwrap();
        told.recv().unwrap();
        assert!(millis().unwrap() > before + 1.0);
        drop(end);
        thread.join().unwrap();
    }
}
