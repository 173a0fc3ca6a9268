//! The counters in Prometheus' text format, version 0.0.4.
//!
//! It must not count anything itself. No name, text, code or address is a label.
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>

use crate::console::venue_files::FileCounts;
use crate::counters::{Counters, TICK_CPU_BUCKETS, TickCpu, TickPart};
use std::sync::atomic::Ordering;

/// The media type of the text.
pub const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

enum Kind {
    Counter,
    Gauge,
}

type Row = (&'static str, Kind, f64, &'static str);

/// Everything that is counted, as text.
pub fn text(counters: &Counters, files: &FileCounts) -> String {
    let mut text = String::with_capacity(4096);
    for (name, kind, value, help) in rows(counters).into_iter().chain(file_rows(files)) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
        };
        text += &format!("# HELP vev_{name} {help}\n# TYPE vev_{name} {kind}\nvev_{name} {value}\n");
    }
    text + &tick_cpu(&counters.tick_cpu)
}

/// CPU time of the tick's thread: a counter for each part, and a histogram of whole ticks.
fn tick_cpu(cpu: &TickCpu) -> String {
    let (parts, ticks) = ("vev_tick_part_cpu_seconds_total", "vev_tick_cpu_seconds");
    let mut text = format!("# HELP {parts} CPU time of the tick's thread by part.\n# TYPE {parts} counter\n");
    for (part, nanos) in TickPart::ALL.into_iter().zip(cpu.part_nanos) {
        text += &format!("{parts}{{part=\"{}\"}} {}\n", part.name(), nanos as f64 * 1e-9);
    }
    text += &format!("# HELP {ticks} CPU time of the tick's thread by tick.\n# TYPE {ticks} histogram\n");
    let mut count = 0;
    for bucket in 0..TICK_CPU_BUCKETS {
        count += cpu.buckets[bucket];
        text += &format!("{ticks}_bucket{{le=\"{:.6}\"}} {count}\n", TickCpu::bucket_end(bucket));
    }
    count += cpu.beyond;
    let sum = cpu.part_nanos.iter().sum::<u64>() as f64 * 1e-9;
    text + &format!("{ticks}_bucket{{le=\"+Inf\"}} {count}\n{ticks}_sum {sum}\n{ticks}_count {count}\n")
}

/// Name, kind, value and help of every counter.
fn rows(c: &Counters) -> [Row; 35] {
    use Kind::{Counter, Gauge};
    let seconds = |micros: u64| micros as f64 * 1e-6;
    [
        ("ticks_total", Counter, c.ticks as f64, "Ticks taken."),
        ("tick_seconds_last", Gauge, seconds(c.tick_micros_last), "How long the last tick took."),
        ("tick_seconds_max", Gauge, seconds(c.tick_micros_max), "How long the slowest tick took."),
        ("tick_seconds_total", Counter, seconds(c.tick_micros_total), "How long all ticks took together."),
        ("ticks_late_total", Counter, c.ticks_late as f64, "Ticks that began more than one tick late."),
        ("sessions", Gauge, c.sessions as f64, "Connections now."),
        ("people_connected", Gauge, c.people_connected as f64, "People inside."),
        ("people_lost", Gauge, c.people_lost as f64, "People whose place is kept after a lost connection."),
        ("people_watching", Gauge, c.people_watching as f64, "People who watch because the house was full."),
        ("sessions_opened_total", Counter, c.sessions_opened as f64, "Connections opened."),
        (
            "sessions_turned_away_total",
            Counter,
            c.sessions_turned_away as f64,
            "Connections beyond the limit.",
        ),
        ("joins_total", Counter, c.joins as f64, "Joins that succeeded."),
        ("joins_resumed_total", Counter, c.resumed as f64, "Joins that took up a kept place."),
        ("joins_refused_total", Counter, c.joins_refused as f64, "Joins that were refused."),
        ("codes_wrong_total", Counter, c.codes_wrong as f64, "Joins refused for wrong codes."),
        ("sessions_misbehaved_total", Counter, c.sessions_misbehaved as f64, "Sessions ended as malformed."),
        ("messages_in_total", Counter, c.messages_in as f64, "Control messages received."),
        ("messages_out_total", Counter, c.messages_out as f64, "Control messages sent."),
        ("datagrams_in_total", Counter, c.datagrams_in as f64, "Datagrams received."),
        ("datagrams_dropped_total", Counter, c.datagrams_dropped as f64, "Datagrams dropped."),
        ("datagrams_out_total", Counter, c.datagrams_out as f64, "Datagrams sent."),
        ("datagram_bytes_out_total", Counter, c.datagram_bytes_out as f64, "Bytes of datagrams sent."),
        ("voice_frames_in_total", Counter, c.voices.frames_in as f64, "Frames of voice taken."),
        ("voice_frames_refused_total", Counter, c.voices.frames_refused as f64, "Frames of voice refused."),
        (
            "voice_frames_out_total",
            Counter,
            c.voices.frames_out as f64,
            "Frames of voice sent on, for each listener.",
        ),
        ("voice_datagrams_out_total", Counter, c.voices.datagrams_out as f64, "Datagrams of voices sent."),
        ("ticks_unsent_total", Counter, c.ticks_unsent as f64, "Ticks left out: the machine is too slow."),
        ("corrections_total", Counter, c.corrections as f64, "Movements corrected."),
        ("spaces_entered_total", Counter, c.spaces_entered as f64, "Spaces entered by door or map."),
        ("texts_stored_total", Counter, c.texts_stored as f64, "Texts stored and delivered."),
        ("texts_rejected_total", Counter, c.texts_rejected as f64, "Texts rejected."),
        ("store_failures_total", Counter, c.store_failures as f64, "Store requests that failed."),
        ("store_waiting", Gauge, c.store_waiting as f64, "Store requests that wait now."),
        ("files_sent_total", Counter, c.files_sent as f64, "Files sent."),
        ("files_refused_total", Counter, c.files_refused as f64, "File requests refused."),
    ]
}

/// The same of the venue's files over HTTPS.
fn file_rows(c: &FileCounts) -> [Row; 6] {
    let row = |name, count: &std::sync::atomic::AtomicU64, help| {
        (name, Kind::Counter, count.load(Ordering::Relaxed) as f64, help)
    };
    [
        ("https_files_answers_total", &c.answers, "Answers with a venue file or a part of one, over HTTPS."),
        ("https_files_bytes_total", &c.bytes, "Bytes of venue files handed to HTTPS connections."),
        ("https_files_not_modified_total", &c.not_modified, "Answers to askers who had the file."),
        ("https_files_busy_total", &c.busy, "Requests for files while too many were answered."),
        ("https_files_missing_total", &c.missing, "Requests for files or venues that are not there."),
        ("https_files_failures_total", &c.failures, "Files that could not be read or have changed."),
    ]
    .map(|(name, count, help)| row(name, count, help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_counter_is_forgotten() {
        let fields = format!("{:?}", Counters::default()).matches(": ").count();
        // CPU time is no row; what it holds is looked at below. Voices are a group of rows.
        let of_cpu = 1 + format!("{:?}", TickCpu::default()).matches(": ").count();
        assert_eq!(rows(&Counters::default()).len(), fields - of_cpu - 1);
        let fields = format!("{:?}", FileCounts::default()).matches(": ").count();
        assert_eq!(file_rows(&FileCounts::default()).len(), fields);
    }

    #[test]
    fn the_cpu_time_of_ticks_is_a_histogram_and_a_counter_for_each_part() {
        let mut cpu = TickCpu { part_nanos: [1_000_000, 0, 0, 0, 500_000], ..TickCpu::default() };
        cpu.note(300_000);
        cpu.note(1_200_000);
        cpu.note(90_000_000);
        let text = tick_cpu(&cpu);
        for line in [
            "vev_tick_part_cpu_seconds_total{part=\"receive\"} 0.001",
            "vev_tick_cpu_seconds_bucket{le=\"0.000250\"} 0",
            "vev_tick_cpu_seconds_bucket{le=\"0.001000\"} 1",
            "vev_tick_cpu_seconds_bucket{le=\"0.053817\"} 2",
            "vev_tick_cpu_seconds_bucket{le=\"+Inf\"} 3",
            "vev_tick_cpu_seconds_sum 0.0015",
            "vev_tick_cpu_seconds_count 3",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
    }

    #[test]
    fn every_line_is_well_formed() {
        let counters = Counters { texts_stored: 3, tick_micros_last: 1_500, ..Counters::default() };
        let files = FileCounts::default();
        files.bytes.store(7, Ordering::Relaxed);
        let text = text(&counters, &files);
        assert!(text.contains("\nvev_https_files_bytes_total 7\n"));
        assert!(text.contains("\nvev_texts_stored_total 3\n"));
        assert!(text.contains("\nvev_tick_seconds_last 0.0015\n"));
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, value) = line.split_once(' ').unwrap();
            assert!(name.starts_with("vev_") && value.parse::<f64>().is_ok(), "{line}");
        }
    }
}
