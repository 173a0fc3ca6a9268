//! Processor time of this process, without the threads that paint pixels in the place of a graphics card.

use anyhow::Result;

/// What Mesa's software Vulkan calls its threads.
const PAINTERS: [&str; 2] = ["llvmpipe", "vk:"];

/// Milliseconds that all other threads have run.
pub fn millis() -> Result<f64> {
    let mut nanos = 0.0;
    for thread in std::fs::read_dir("/proc/self/task")? {
        let folder = thread?.path();
        // A thread may end while it is looked at.
        let Ok(name) = std::fs::read_to_string(folder.join("comm")) else { continue };
        let Ok(times) = std::fs::read_to_string(folder.join("schedstat")) else { continue };
        if !PAINTERS.iter().any(|painter| name.starts_with(painter)) {
            nanos += times.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0.0);
        }
    }
    Ok(nanos * 1e-6)
}
