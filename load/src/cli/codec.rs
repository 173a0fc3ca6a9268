//! `load codec`: what the codec makes of recorded motion: bits of an update, errors, and CPU time, for every ring; and
//! over a path that loses datagrams. Run by `cargo xtask bench codec`; prints a line of `name=value` words for each
//! measurement.

use super::{hall, lossy};
use anyhow::Result;
use load::cpu;
use load::recording::{Errors, Recording, quantile};
use std::path::PathBuf;
use venue_model::Tick;
use venue_replication::Beat;
use venue_replication::detail::Ring;
use venue_replication::pose_codec;
use venue_replication::stream::Stream;

/// Losses of the path, percent.
const LOSSES: [u64; 2] = [0, 5];

/// People in the hall.
const HALLS: [u32; 2] = [200, 1_000];

/// What to measure with.
#[derive(clap::Args)]
pub struct Args {
    /// Motion captures (BVH) with head and hands.
    #[arg(required = true)]
    recordings: Vec<PathBuf>,
}

/// Measures each.
pub fn run(args: &Args) -> Result<()> {
    for path in &args.recordings {
        let recording = Recording::read(path)?;
        println!("recording={} seconds={:.1}", recording.name, recording.seconds());
        Ring::ALL.into_iter().for_each(|ring| measure(&recording, ring));
        absolute(&recording);
        LOSSES.into_iter().for_each(|percent| lossy::measure(&recording, percent));
        HALLS.into_iter().for_each(|people| hall::measure(&recording, people));
    }
    Ok(())
}

/// One ring's stream from the first update to the last, and the same at the other end.
fn measure(recording: &Recording, ring: Ring) {
    let period = ring.period_beats();
    let ticks: Vec<Tick> = recording.ticks().step_by(period as usize).collect();
    let origin = glam::Vec3::ZERO;
    let (mut bits, mut anchors, mut errors) = (Vec::new(), Vec::new(), Errors::default());
    let mut streams: Option<(Stream, Stream)> = None;
    for tick in &ticks {
        let (beat, pose) = (Beat::steady(*tick), recording.pose(tick.time()));
        let string = streams.as_mut().and_then(|(sender, _)| sender.encode(beat, tick.time(), &pose, origin));
        match (string, &mut streams) {
            (Some(string), Some((_, receiver))) => {
                bits.push(f64::from(string.len()));
                receiver.decode(beat, string.bytes(), 0, string.len());
            }
            _ => {
                let sender = Stream::begin(ring, beat, tick.time(), &pose, origin);
                let anchor = sender.anchor();
                anchors.push(f64::from(anchor.len()));
                streams = Some((sender, Stream::from_anchor(ring, beat, anchor.bytes(), 0, anchor.len())));
            }
        }
        if let Some((_, receiver)) = &streams {
            errors.note(&pose, &receiver.pose(origin));
        }
    }
    let nanos = encode_nanos(recording, ring, &ticks);
    let [median, p95] = [0.5, 0.95].map(|part| quantile(&mut bits, part));
    println!(
        "ring={ring:?} updates={} bits_median={median} bits_p95={p95} anchors={} anchor_bits={} worst_mm={:.3} worst_degrees={:.3} encode_ns={nanos:.0}",
        bits.len(),
        anchors.len(),
        quantile(&mut anchors, 0.5),
        errors.worst_metres * 1000.0,
        errors.worst_radians.to_degrees(),
    );
}

/// CPU time of an update's encoding, the median of some rounds.
fn encode_nanos(recording: &Recording, ring: Ring, ticks: &[Tick]) -> f64 {
    let poses: Vec<_> = ticks.iter().map(|tick| recording.pose(tick.time())).collect();
    let mut rounds: Vec<f64> = (0..9)
        .map(|_| {
            let all = cpu::nanos_of(|| {
                let mut stream =
                    Stream::begin(ring, Beat::steady(ticks[0]), ticks[0].time(), &poses[0], glam::Vec3::ZERO);
                for (tick, pose) in ticks.iter().zip(&poses).skip(1) {
                    let beat = Beat::steady(*tick);
                    if stream.encode(beat, tick.time(), pose, glam::Vec3::ZERO).is_none() {
                        stream = Stream::begin(ring, beat, tick.time(), pose, glam::Vec3::ZERO);
                    }
                }
            });
            all / ticks.len() as f64
        })
        .collect();
    quantile(&mut rounds, 0.5)
}

/// The pose that builds on nothing, for comparison.
fn absolute(recording: &Recording) {
    let mut bits: Vec<f64> = recording
        .ticks()
        .map(|tick| pose_codec::encode(&recording.pose(tick.time()), glam::Vec3::ZERO).len() as f64 * 8.0)
        .collect();
    println!("absolute bits_median={}", quantile(&mut bits, 0.5));
}
