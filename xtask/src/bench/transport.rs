//! What a sent datagram costs the server's transport: beside the same datagrams sealed and sent by one `sendmmsg`
//! a tick, and beside asynchronous quinn.
//!
//! The load is an example of `venue-transport`: a server process with only the server's threads, whose CPU time
//! counts as a whole, and a process with its clients.

use super::figure::Figure;
use crate::process::{cargo, output, run, target};
use anyhow::{Context as _, Result};
use std::path::Path;
use std::process::Command;

/// What to measure.
#[derive(clap::Args)]
pub struct Args {
    /// Full datagrams that each connection gets a tick.
    #[arg(long, default_value_t = 3)]
    datagrams: usize,
    /// Measured after three seconds to settle.
    #[arg(long, default_value_t = 5)]
    seconds: u32,
    /// Each kind in turn; the median counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

const CONNECTIONS: [usize; 2] = [200, 1_000];

/// Times raw that our server may cost.
const GOAL: f64 = 3.0;

/// Below this share of what was sent, the clients did not keep up and the figures say little.
const KEPT_UP: f64 = 0.95;

/// What one kind of server used.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cost {
    us_per_datagram: f64,
    received_per_s: f64,
    arrived: f64,
}

/// Measures, and prints a table and the figures.
pub fn measure(args: &Args) -> Result<()> {
    let build =
        ["build", "--release", "--quiet", "--package", "venue-transport", "--example", "transport-load"];
    run(&mut cargo(&build))?;
    let program = target().join("release/examples/transport-load");
    println!(
        "CPU time of all of the server's threads for each datagram that arrived, its receiving included:"
    );
    println!(
        "every client gets {} × 1,100 bytes and says 40 bytes, 30 times a second; {} s, median of {}",
        args.datagrams, args.seconds, args.rounds
    );
    let mut lines = Vec::new();
    let mut worst = (0.0, 0.0);
    for connections in CONNECTIONS {
        let [raw, ours, quinn] = compare(&program, args, connections)?;
        let ratio = |of: Cost| of.us_per_datagram / raw.us_per_datagram;
        println!("  {connections} clients");
        for (name, cost) in
            [("sealed, one sendmmsg", raw), ("our network thread", ours), ("async quinn", quinn)]
        {
            println!(
                "    {name:<21} {:>6.2} µs, {:.2} × raw; {:.1} % arrived, {:.0} received a second",
                cost.us_per_datagram,
                ratio(cost),
                cost.arrived * 100.0,
                cost.received_per_s
            );
        }
        if ours.arrived < KEPT_UP || quinn.arrived < KEPT_UP {
            println!("    the clients did not keep up: measure on a machine that does nothing else");
        }
        worst = if ratio(ours) > worst.0 { (ratio(ours), ratio(quinn)) } else { worst };
        lines.push((
            format!("transport.{connections}.us_per_datagram"),
            ours.us_per_datagram,
            "µs",
            quinn.us_per_datagram,
        ));
        lines.push((format!("transport.{connections}.ratio_to_raw"), ratio(ours), "×", ratio(quinn)));
    }
    lines.push(("transport.ratio_to_raw".to_owned(), worst.0, "×", worst.1));
    for (name, measured, unit, peer) in lines {
        let goal = name.ends_with("ratio_to_raw").then_some(GOAL);
        let figure = Figure { name: &name, measured, unit, goal, peer: Some(("async quinn 0.11", peer)) };
        println!("{}", figure.line());
    }
    Ok(())
}

/// Each kind in turn, so that what else the machine does hits all alike.
fn compare(program: &Path, args: &Args, connections: usize) -> Result<[Cost; 3]> {
    let mut costs = [const { Vec::new() }; 3];
    for _ in 0..args.rounds.max(1) {
        for (kind, costs) in ["raw", "ours", "async"].into_iter().zip(&mut costs) {
            let numbers =
                [connections, args.datagrams, args.seconds as usize].map(|number| number.to_string());
            let printed = output(Command::new(program).arg(kind).args(numbers))?;
            costs.push(parse(&printed).with_context(|| format!("the load of {kind} says: {printed}"))?);
        }
    }
    Ok(costs.map(median))
}

fn median(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by(|a, b| a.us_per_datagram.total_cmp(&b.us_per_datagram));
    costs[costs.len() / 2]
}

fn parse(line: &str) -> Option<Cost> {
    let value = |name: &str| {
        let word = line.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
        word.and_then(|word| word.parse().ok())
    };
    let us_per_datagram = value("us_per_datagram")?;
    Some(Cost { us_per_datagram, received_per_s: value("received_per_s")?, arrived: value("arrived")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_what_was_printed_counts() {
        let line = |us: f64| {
            format!("us_per_datagram={us} sent_per_s=1 received_per_s=6000 cpu_share=0.1 arrived=1\n")
        };
        let costs = [9.0, 4.0, 7.0].map(|us| parse(&line(us)).unwrap());
        assert_eq!(
            median(costs.to_vec()),
            Cost { us_per_datagram: 7.0, received_per_s: 6_000.0, arrived: 1.0 }
        );
        assert_eq!(parse("only 3 of 5 clients came"), None);
    }
}
