//! What came of a load, for people and as figures.

use super::server::Measured;
use crate::bench::figure::Figure;
use serde_json::Value;

/// One measured crowd.
pub struct Outcome {
    /// How many delegates.
    pub delegates: usize,
    /// Memory of the server before anybody came.
    pub rss_empty: u64,
    /// The server when the measurement began, and when it ended.
    pub before: Measured,
    /// See [`Self::before`].
    pub after: Measured,
    /// What the crowd measured.
    pub report: Value,
    /// The return after a kill, if there was one.
    pub back: Option<Back>,
}

/// How a crowd came back to a server that was killed; seconds after it served again.
#[derive(Clone, Debug)]
pub struct Back {
    /// The middle one of the crowd.
    pub median: f64,
    /// The last one.
    pub last: f64,
    /// How many have the number that they had.
    pub same_numbers: u64,
    /// How often somebody could not come in meanwhile, by the reason.
    pub failures: String,
}

/// Goals of DESIGN §9, for a thousand delegates.
const GOAL_DELEGATES: usize = 1_000;
const GOAL_CORES: f64 = 1.0;
const GOAL_TICK_MS: f64 = 10.0;
const GOAL_DOWN_KBIT: f64 = 320.0;
const GOAL_NEAR_AGE_MS: f64 = 50.0;
const GOAL_SECONDS_BACK: f64 = 3.0;

/// Below this share of its ticks a server did not keep up.
const KEPT_UP: f64 = 0.97;

/// A crowd that looks more seldom than this is late itself: what it says of ages is its own delay.
const CROWD_IS_LATE_MS: f64 = 12.0;

impl Outcome {
    fn seconds(&self) -> f64 {
        self.after.grown(&self.before, "vev_ticks_total") / 30.0
    }

    /// A number of what the crowd measured.
    pub fn of(&self, name: &str) -> f64 {
        self.report[name].as_f64().unwrap_or(f64::NAN)
    }

    fn spread(&self, pointer: &str) -> (f64, f64) {
        let spread = self.report.pointer(pointer);
        let value = |name: &str| spread.and_then(|spread| spread[name].as_f64()).unwrap_or(f64::NAN);
        (value("p50"), value("p99"))
    }

    fn both(&self, pointer: &str, unit: &str) -> String {
        let (p50, p99) = self.spread(pointer);
        format!("p50 {p50:.1} {unit}, p99 {p99:.1} {unit}")
    }

    /// CPU seconds a second of threads whose name begins so.
    pub fn thread(&self, name: &str) -> f64 {
        self.after.thread(&self.before, name) / self.of("seconds")
    }

    /// CPU seconds a second of the whole server.
    pub fn cores(&self) -> f64 {
        self.thread("")
    }

    /// Whether nearly every tick was taken: a server that has no time for all uses less for each delegate.
    pub fn kept_up(&self) -> bool {
        self.seconds() > KEPT_UP * self.of("seconds")
    }

    fn part(&self, part: &str) -> f64 {
        let name = format!("vev_tick_part_cpu_seconds_total{{part=\"{part}\"}}");
        self.after.grown(&self.before, &name) / self.of("seconds")
    }

    fn bytes_per_delegate(&self) -> f64 {
        self.after.rss_bytes.saturating_sub(self.rss_empty) as f64 / self.delegates as f64
    }
}

/// The table.
pub fn print(outcome: &Outcome) {
    let ms = |part: f64| outcome.after.tick_ms(&outcome.before, part);
    println!("\n{} delegates, {:.0} s", outcome.delegates, outcome.of("seconds"));
    println!("  server                {:.3} CPU seconds a second", outcome.cores());
    println!("    tick                {:.3}", outcome.thread("vev-tick"));
    for part in ["receive", "systems", "replicate", "deliver", "flush"] {
        println!("      {part:<17} {:.3}", outcome.part(part));
    }
    let (transport, tick) = (outcome.thread("vev-quic"), outcome.thread("vev-tick"));
    println!("    network             {transport:.3}");
    println!("    other threads       {:.3}", outcome.cores() - tick - transport);
    println!("  a tick's CPU time     p50 {:.2} ms, p99 {:.2} ms", ms(0.5), ms(0.99));
    let (ticks, late) =
        (outcome.seconds() * 30.0, outcome.after.grown(&outcome.before, "vev_ticks_late_total"));
    let unsent = outcome.after.grown(&outcome.before, "vev_ticks_unsent_total");
    println!(
        "  ticks                 {:.1} a second, {late:.0} late, {unsent:.0} left out",
        ticks / outcome.of("seconds")
    );
    println!(
        "  down, each client     {:.1} kbit/s in {:.0} packets a second",
        outcome.of("down_kbit_per_client"),
        outcome.of("packets_down_per_client_s")
    );
    println!(
        "  up, each client       {:.1} kbit/s in {:.0} packets a second",
        outcome.of("up_kbit_per_client"),
        outcome.of("packets_up_per_client_s")
    );
    let dropped = outcome.after.grown(&outcome.before, "vev_datagrams_dropped_total");
    let got = outcome.after.grown(&outcome.before, "vev_datagrams_in_total");
    println!(
        "  datagrams             {:.0} a second came, {dropped:.0} were dropped in all",
        got / outcome.of("seconds")
    );
    print_view(outcome);
    println!("  memory                {:.0} kB for each delegate", outcome.bytes_per_delegate() / 1e3);
    println!("  corrections, lost     {:.0}, {:.0}", outcome.of("corrections"), outcome.of("lost"));
    let busy = outcome.of("crowd_cpu") * 100.0;
    println!(
        "  the crowd             {busy:.0} % of its core, a step each {}",
        outcome.both("/step_ms", "ms")
    );
    if outcome.spread("/step_ms").1 > CROWD_IS_LATE_MS {
        println!(
            "  THE CROWD IS LATE ITSELF: its ages and errors are too large. Does the machine do anything else?"
        );
    }
    if let Some(Back { median, last, same_numbers, failures }) = &outcome.back {
        println!(
            "  back after a kill     median {median:.2} s, last {last:.2} s; {same_numbers} with the same number"
        );
        println!("    failed tries        {failures}");
    }
}

fn print_view(outcome: &Outcome) {
    let both = |pointer: &str, unit: &str| outcome.both(pointer, unit);
    println!("  age of a pose         near {}; all {}", both("/near_age_ms", "ms"), both("/age_ms", "ms"));
    println!("  shown in the past     near {}", both("/near_delay_ms", "ms"));
    for (number, band) in ["near", "middle", "far"].iter().enumerate() {
        let (then, now) = (format!("/error_mm/{number}"), format!("/lag_mm/{number}"));
        if outcome.spread(&then).0.is_nan() {
            // So small a crowd has none that far.
            continue;
        }
        println!(
            "  head off, {band:<11} {} of the shown moment; {} of now",
            both(&then, "mm"),
            both(&now, "mm")
        );
    }
    println!("  hands off, near       {} of the shown moment", both("/near_hand_error_mm", "mm"));
    let (visible, _) = outcome.spread("/visible");
    println!("  visible               {:.1} % of those who are there", visible * 100.0);
}

/// One line of JSON for each figure: plain names for the largest crowd, with the number for the others.
pub fn print_figures(outcomes: &[Outcome]) {
    let largest = outcomes.iter().map(|outcome| outcome.delegates).max().unwrap_or(0);
    for outcome in outcomes {
        let delegates = outcome.delegates;
        let prefix = if delegates == largest { "load".to_owned() } else { format!("load.{delegates}") };
        let goal = |goal: f64| (delegates >= GOAL_DELEGATES).then_some(goal);
        let figures = [
            ("cores", outcome.cores(), "cores", goal(GOAL_CORES)),
            ("tick_ms_p99", outcome.after.tick_ms(&outcome.before, 0.99), "ms", goal(GOAL_TICK_MS)),
            ("bytes_per_delegate", outcome.bytes_per_delegate(), "bytes", None),
            ("down_kbit_per_client", outcome.of("down_kbit_per_client"), "kbit/s", goal(GOAL_DOWN_KBIT)),
            ("near_pose_age_ms_p99", outcome.spread("/near_age_ms").1, "ms", goal(GOAL_NEAR_AGE_MS)),
        ];
        for (name, measured, unit, goal) in figures {
            let name = format!("{prefix}.{name}");
            println!("{}", Figure { name: &name, measured, unit, goal, peer: None }.line());
        }
        if let Some(back) = &outcome.back {
            let goal = goal(GOAL_SECONDS_BACK);
            let name = format!("{}.seconds_back_max", prefix.replace("load", "chaos"));
            println!("{}", Figure { name: &name, measured: back.last, unit: "s", goal, peer: None }.line());
        }
    }
}
