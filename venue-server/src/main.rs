//! The program `venue-server`; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    venue_server::cli::main()
}
