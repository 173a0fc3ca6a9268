//! How far an import is, as people and programs want it told: a bar on a terminal, a line now and then in a log,
//! an object of JSON a line for programs, or nothing.

use crate::import::Progress;
use crate::report::Step;
use serde_json::{Value, json};
use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A bar is drawn anew so often.
const BAR_EVERY: Duration = Duration::from_millis(100);
/// A log gets a line so often.
const LINE_EVERY: Duration = Duration::from_secs(5);
/// A program is told so often.
const JSON_EVERY: Duration = Duration::from_millis(500);
/// Before this part is done nobody can tell how long the rest takes.
const LEAST_SHARE: f64 = 0.02;
const BAR_CELLS: usize = 24;
/// A bar must fit on one line of a narrow terminal.
const NAME_CHARS: usize = 24;

/// How progress is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// One line that changes.
    Bar,
    /// A line every few seconds.
    Lines,
    /// An object a line.
    Json,
    /// Nothing.
    Quiet,
}

impl Style {
    /// What suits the standard error output.
    pub fn suitable() -> Self {
        if std::io::stderr().is_terminal() { Self::Bar } else { Self::Lines }
    }
}

/// Tells how far an import is.
pub struct Teller {
    style: Style,
    started: Instant,
    state: Mutex<State>,
}

struct State {
    out: Box<dyn Write + Send>,
    job: Job,
    told: Option<Duration>,
}

/// What is worked on: a step, and a file in it.
#[derive(Default, PartialEq)]
struct Job {
    step: String,
    what: String,
    since: Duration,
}

impl Teller {
    /// Tells on an output.
    pub fn new(style: Style, out: Box<dyn Write + Send>) -> Self {
        let state = State { out, job: Job::default(), told: None };
        Self { style, started: Instant::now(), state: Mutex::new(state) }
    }

    fn tell(&self, now: Duration, name: &str, what: &str, done: f64, total: f64) {
        let every = match self.style {
            Style::Quiet => return,
            Style::Bar => BAR_EVERY,
            Style::Lines => LINE_EVERY,
            Style::Json => JSON_EVERY,
        };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.job.step != name || state.job.what != what {
            state.job = Job { step: name.to_owned(), what: what.to_owned(), since: now };
        }
        if state.told.is_some_and(|told| now.saturating_sub(told) < every) {
            return;
        }
        state.told = Some(now);
        let text = match self.style {
            Style::Json => {
                let told =
                    json!({"event": "progress", "step": name, "what": what, "done": done, "total": total});
                format!("{told}\n")
            }
            _ => {
                let line = line(&state.job, now, done, total);
                if self.style == Style::Bar { format!("\r\x1b[2K{line}") } else { format!("{line}\n") }
            }
        };
        state.write(&text);
    }

    fn event(&self, value: &Value) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.write(&format!("{value}\n"));
    }

    /// Takes away the bar, so that other text can follow.
    pub fn clear(&self) {
        if self.style == Style::Bar {
            self.state.lock().unwrap_or_else(PoisonError::into_inner).write("\r\x1b[2K");
        }
    }
}

impl State {
    fn write(&mut self, text: &str) {
        // Nobody listens any more; the import goes on all the same.
        self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush()).ok();
    }
}

impl Progress for Teller {
    fn begin(&self, name: &str) {
        if self.style == Style::Json {
            self.event(&json!({"event": "begin", "step": name}));
        }
        self.state.lock().unwrap_or_else(PoisonError::into_inner).told = None;
        self.tell(self.started.elapsed(), name, "", 0.0, 1.0);
    }

    fn step(&self, name: &str, what: &str, done: f64, total: f64) {
        self.tell(self.started.elapsed(), name, what, done, total);
    }

    fn end(&self, step: &Step) {
        match self.style {
            Style::Json => {
                let mut told = step.json();
                told["event"] = "end".into();
                self.event(&told);
            }
            Style::Bar | Style::Lines => {
                let before = if self.style == Style::Bar { "\r\x1b[2K" } else { "" };
                let (wall, cpu) = (step.wall.as_secs_f64(), step.cpu.as_secs_f64());
                let text = format!(
                    "{before}{:<11} done in {} ({cpu:.1} s of processor time)\n",
                    step.name,
                    time(wall)
                );
                self.state.lock().unwrap_or_else(PoisonError::into_inner).write(&text);
            }
            Style::Quiet => {}
        }
    }
}

/// One line: what, how much of it, how fast, and how long the rest takes.
fn line(job: &Job, now: Duration, done: f64, total: f64) -> String {
    let share = if total > 0.0 { (done / total).clamp(0.0, 1.0) } else { 0.0 };
    let filled = (share * BAR_CELLS as f64) as usize;
    let bar: String = (0..BAR_CELLS).map(|cell| if cell < filled { '█' } else { '░' }).collect();
    let mut text = format!("{:<11} {bar} {:>3.0} %", job.step, share * 100.0);
    let seconds = now.saturating_sub(job.since).as_secs_f64();
    if seconds > 0.0 && share >= LEAST_SHARE {
        if let Some((unit, size)) = unit(&job.step) {
            text += &format!("  {:.1} {unit}/s", done / size / seconds);
        }
        if share < 1.0 {
            text += &format!("  {} left", time(seconds * (1.0 - share) / share));
        }
    }
    if !job.what.is_empty() {
        let name: String = job.what.chars().filter(|c| !c.is_control()).take(NAME_CHARS).collect();
        text += &format!("  {name}");
    }
    text
}

/// What a step counts, where it counts more than its own share.
fn unit(step: &str) -> Option<(&'static str, f64)> {
    match step {
        "read" => Some(("MB", 1e6)),
        "orient" => Some(("M triangles", 1e6)),
        "pictures" => Some(("pictures", 1.0)),
        _ => None,
    }
}

/// A time as one says it.
pub(crate) fn time(seconds: f64) -> String {
    match seconds {
        s if s < 10.0 => format!("{s:.1} s"),
        s if s < 60.0 => format!("{s:.0} s"),
        s if s < 3600.0 => format!("{:.0} min {:02.0} s", (s / 60.0).floor(), (s % 60.0).floor()),
        s => format!("{:.0} h {:02.0} min", (s / 3600.0).floor(), (s % 3600.0 / 60.0).floor()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Page {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_line_tells_share_rate_and_the_time_that_is_left() {
        let job = Job { step: "read".into(), what: "hall\u{1b}.obj".into(), since: at(10) };
        assert_eq!(
            line(&job, at(20), 250e6, 1e9),
            "read        ██████░░░░░░░░░░░░░░░░░░  25 %  25.0 MB/s  30 s left  hall.obj"
        );
        let job = Job { step: "tiles".into(), ..Job::default() };
        assert_eq!(line(&job, at(0), 0.0, 0.0), "tiles       ░░░░░░░░░░░░░░░░░░░░░░░░   0 %");
        assert_eq!(line(&job, at(9), 1.0, 1.0), "tiles       ████████████████████████ 100 %");
        let check = |seconds: f64, text: &str| assert_eq!(time(seconds), text);
        check(3.24, "3.2 s");
        check(59.0, "59 s");
        check(61.9, "1 min 01 s");
        check(7_260.0, "2 h 01 min");
    }

    #[test]
    fn a_log_gets_a_line_every_few_seconds_and_a_bar_ten_in_a_second() {
        for (style, lines) in [(Style::Lines, 3), (Style::Bar, 11), (Style::Quiet, 0)] {
            let page = Page::default();
            let teller = Teller::new(style, Box::new(page.clone()));
            (0..=1_100).for_each(|at| {
                let now = if style == Style::Bar { at } else { at * 10 };
                teller.tell(Duration::from_millis(now), "tiles", "", at as f64, 1_100.0);
            });
            assert_eq!(
                page.text().matches("tiles").count(),
                lines + usize::from(style == Style::Bar),
                "{style:?}"
            );
        }
    }

    #[test]
    fn programs_get_an_object_a_line() {
        let page = Page::default();
        let teller = Teller::new(Style::Json, Box::new(page.clone()));
        teller.begin("read");
        teller.end(&Step {
            name: "read".into(),
            facts: vec![("scan".into(), "7".into())],
            ..Step::default()
        });
        let text = page.text();
        let events: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let kinds: Vec<_> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["begin", "progress", "end"]);
        assert_eq!(events[2]["facts"][0]["value"], "7");
    }
}
