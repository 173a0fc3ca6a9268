//! Starts the client; everything is in the library.

use xr_client::platform::CountingAllocator;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fn main() -> std::process::ExitCode {
    xr_client::cli::run()
}
