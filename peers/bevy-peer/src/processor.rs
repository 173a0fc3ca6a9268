//! Processor time of this process, without the threads that paint pixels in the place of a graphics card.

use bevy::prelude::Result;

/// What Mesa's software Vulkan calls the threads that paint. The one that hands them their work has no name: it has the
/// process's.
const PAINTERS: &str = "llvmpipe";

/// Milliseconds that all other threads have run.
pub fn millis() -> Result<f64> {
    let (mut nanos, first) = (0.0, std::process::id().to_string());
    let process = std::fs::read_to_string("/proc/self/comm")?;
    for thread in std::fs::read_dir("/proc/self/task")? {
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
