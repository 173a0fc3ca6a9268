//! The server under load: a process on one core, and what the system and its own metrics say of it.

use crate::demo::server::{EVENT, Server};
use crate::process::output;
use anyhow::{Context as _, Result, bail};
use std::collections::BTreeMap;
use std::fs::{read_dir, read_to_string};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// So many of the crowd are on their way in at once. The server gives one network no more than a quarter of the places
/// for newcomers that are free, so that 100 of 500 may.
pub const COMING_IN: usize = 90;

/// A server process on one core.
pub struct Pinned {
    server: Server,
    core: usize,
}

/// The server at one moment; two of them make a measurement.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// CPU seconds of each kind of thread, by its name.
    pub threads: BTreeMap<String, f64>,
    /// Resident memory.
    pub rss_bytes: u64,
    /// The server's own metrics, by name and labels.
    pub metrics: BTreeMap<String, f64>,
}

impl Pinned {
    /// Starts a server that takes so many people from one address.
    pub fn start(programs: &Path, folder: &Path, core: usize, count: usize) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let burst = count + 100;
        let limits = format!(
            "[limits]\naddress_burst = {burst}\naddress_per_s = {burst}\nnetwork_newcomers = {COMING_IN}\n"
        );
        std::fs::write(folder.join("venue-server.toml"), limits)?;
        let server = Server::start(programs, folder)?;
        let pinned = Self { server, core };
        pinned.pin()?;
        Ok(pinned)
    }

    /// All of its threads, and with them those that they start.
    fn pin(&self) -> Result<()> {
        let (core, pid) = (self.core.to_string(), self.server.pid().to_string());
        output(Command::new("taskset").args(["--all-tasks", "--cpu-list", "--pid", &core, &pid]))?;
        Ok(())
    }

    /// Invites so many people who may be in this space alone.
    pub fn invite(&self, count: usize, space: &str) -> Result<Vec<String>> {
        let list = self.server.folder().join("crowd.csv");
        let row = |number: usize| format!("Delegate {number},CHE,en,{space}\n");
        let rows: String = (1..=count).map(row).collect();
        std::fs::write(&list, format!("name,delegation,language,spaces\n{rows}"))?;
        let table = output(self.server.command().args(["invite", "--event", EVENT, "--csv"]).arg(&list))?;
        let links: Vec<String> =
            table.lines().skip(1).filter_map(|row| row.rsplit(',').next()).map(str::to_owned).collect();
        if links.len() != count {
            bail!("invited {count} people and got {} links", links.len());
        }
        Ok(links)
    }

    /// Looks at it.
    pub fn measure(&self) -> Result<Measured> {
        Measured::of(&self.server)
    }

    /// Kills it as a power cut does and starts it again; the Unix time at which it served again.
    pub fn kill_and_restart(&mut self) -> Result<f64> {
        self.server.kill_and_restart()?;
        let serves_at = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs_f64();
        self.pin()?;
        Ok(serves_at)
    }

    /// Asks it to stop.
    pub fn stop(self) -> Result<()> {
        self.server.stop()
    }
}

/// Asks the server whose folder this is.
fn fetch_metrics(folder: &Path) -> Result<String> {
    let serving: serde_json::Value = serde_json::from_str(&read_to_string(folder.join("serving.json"))?)?;
    let address = serving["operator"].as_str().context("serving.json names no operator's address")?;
    let token = read_to_string(folder.join("keys/operator.token"))?;
    let mut stream = TcpStream::connect(address)?;
    let token = token.trim();
    let request = format!(
        "GET /metrics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("no answer from /metrics")?;
    if !head.starts_with("HTTP/1.1 200") {
        bail!("/metrics answers {head}");
    }
    Ok(body.to_owned())
}

/// CPU seconds of each kind of a process's threads, by its name.
pub(crate) fn thread_seconds(process: u32) -> Result<BTreeMap<String, f64>> {
    let mut threads = BTreeMap::new();
    for task in read_dir(format!("/proc/{process}/task"))? {
        let task = task?.path();
        // A thread that ended meanwhile has no more files.
        let (Ok(name), Ok(times)) =
            (read_to_string(task.join("comm")), read_to_string(task.join("schedstat")))
        else {
            continue;
        };
        let nanos: u64 = times.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0);
        *threads.entry(name.trim().to_owned()).or_default() += nanos as f64 * 1e-9;
    }
    Ok(threads)
}

/// Lines of Prometheus' text format.
fn parse_metrics(text: &str) -> BTreeMap<String, f64> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.rsplit_once(' '))
        .filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?)))
        .collect()
}

impl Measured {
    /// A server's process as it is now.
    pub fn of(server: &Server) -> Result<Self> {
        let threads = thread_seconds(server.pid())?;
        let status = read_to_string(format!("/proc/{}/status", server.pid()))?;
        let rss = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let rss_kib: u64 =
            rss.and_then(|rss| rss.trim().trim_end_matches(" kB").parse().ok()).context("no VmRSS")?;
        Ok(Self {
            threads,
            rss_bytes: rss_kib * 1024,
            metrics: parse_metrics(&fetch_metrics(server.folder())?),
        })
    }

    /// What a counter, or a thread's time, grew by since `before`.
    pub fn grown(&self, before: &Self, name: &str) -> f64 {
        let value = |at: &Self| at.metrics.get(name).copied().unwrap_or(0.0);
        value(self) - value(before)
    }

    /// CPU seconds since `before` of threads whose name begins so.
    pub fn thread(&self, before: &Self, name: &str) -> f64 {
        let sum = |at: &Self| -> f64 {
            at.threads.iter().filter(|(of, _)| of.starts_with(name)).map(|(_, secs)| secs).sum()
        };
        sum(self) - sum(before)
    }

    /// Milliseconds of CPU time that `part` of the ticks since `before` did not exceed.
    pub fn tick_ms(&self, before: &Self, part: f64) -> f64 {
        let prefix = "vev_tick_cpu_seconds_bucket{le=\"";
        let end = |name: &str| name.strip_prefix(prefix)?.strip_suffix("\"}")?.parse::<f64>().ok();
        let mut buckets: Vec<(f64, f64)> =
            self.metrics.keys().filter_map(|name| Some((end(name)?, self.grown(before, name)))).collect();
        buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
        let wanted = buckets.last().map_or(0.0, |(_, all)| all * part);
        let mut below = (0.0, 0.0);
        for (end, count) in buckets {
            if count >= wanted && count > below.1 {
                // Ticks are taken to be spread evenly within a bucket.
                let inside = (wanted - below.1) / (count - below.1);
                let top = if end.is_finite() { end } else { below.0 * 2.0 };
                return (below.0 + (top - below.0) * inside) * 1e3;
            }
            below = (end, count);
        }
        f64::NAN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(text: &str) -> Measured {
        Measured { metrics: parse_metrics(text), ..Measured::default() }
    }

    #[test]
    fn percentiles_of_ticks_are_those_between_two_looks() {
        let bucket = |counts: [u32; 4]| {
            let ends = ["0.001", "0.002", "0.004", "+Inf"];
            let lines = ends.iter().zip(counts);
            lines
                .map(|(end, count)| format!("vev_tick_cpu_seconds_bucket{{le=\"{end}\"}} {count}\n"))
                .collect::<String>()
        };
        let (before, after) = (measured(&bucket([50, 50, 50, 50])), measured(&bucket([50, 140, 150, 150])));
        assert!((after.tick_ms(&before, 0.45) - 1.5).abs() < 1e-9);
        assert!((after.tick_ms(&before, 0.95) - 3.0).abs() < 1e-9);
        let slow = measured(&bucket([50, 50, 50, 60]));
        assert!(slow.tick_ms(&before, 0.5) > 4.0, "beyond the last end");
    }

    #[test]
    fn counters_and_threads_are_differences() {
        let text = "# HELP x y\nvev_ticks_total 12\nvev_tick_part_cpu_seconds_total{part=\"flush\"} 0.5\n";
        let (before, mut after) = (Measured::default(), measured(text));
        after.threads.insert("vev-tick".into(), 2.0);
        assert_eq!(after.grown(&before, "vev_ticks_total"), 12.0);
        assert_eq!(after.grown(&before, "vev_tick_part_cpu_seconds_total{part=\"flush\"}"), 0.5);
        assert_eq!(after.thread(&before, "vev-tick"), 2.0);
    }
}
