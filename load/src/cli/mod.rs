//! The command line: a crowd at a real server, or the codec without one.

mod codec;
mod crowd;
mod hall;
mod lossy;

/// What to do.
#[derive(clap::Parser)]
#[command(name = "load")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// Simulated delegates at a server.
    Crowd(crowd::Args),
    /// What the codec makes of recorded motion.
    Codec(codec::Args),
}

/// Does it.
pub fn run(args: &Args) -> anyhow::Result<()> {
    match &args.what {
        What::Crowd(args) => crowd::run(args),
        What::Codec(args) => codec::run(args),
    }
}
