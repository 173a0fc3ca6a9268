//! How this program asks the system for memory: it keeps what it has freed, because the next tile needs as much again.
//!
//! Cells are worked on one after the other in large lists. An allocator that gives each of them back to the system has
//! the next one's pages cleared and mapped anew, which took a twentieth of an import's processor time.

/// Sets the allocator up, once, at the program's beginning. Where the system has another allocator, nothing happens.
pub fn keep() {
    allocator::keep();
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod allocator {
    /// Lists up to this size come from memory that is kept, bytes: the most that glibc allows.
    const KEPT_LIST: libc::c_int = 32 << 20;
    /// Unused memory at the end beyond this goes back, bytes.
    const KEPT: libc::c_int = 512 << 20;

    pub(super) fn keep() {
        let settings =
            [(libc::M_MMAP_THRESHOLD, KEPT_LIST), (libc::M_TRIM_THRESHOLD, KEPT), (libc::M_ARENA_MAX, 1)];
        for (name, value) in settings {
            // A setting that is refused leaves the allocator as it was, which costs time and nothing else.
            // SAFETY: `mallopt` takes two numbers and touches nothing of ours.
            #[expect(unsafe_code, reason = "the standard library does not set the allocator up")]
            unsafe {
                libc::mallopt(name, value);
            }
        }
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
mod allocator {
    pub(super) fn keep() {}
}
