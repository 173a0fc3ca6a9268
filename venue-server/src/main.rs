//! The program `venue-server`; everything is in the library.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// What one thread takes another gives back, a thousand times a tick: the system's allocator is slow at that.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    venue_server::cli::main()
}
