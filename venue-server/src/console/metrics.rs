//! The counters in Prometheus' text format, version 0.0.4.
//!
//! It must not count anything itself. No name, text, code or address is a label.
//! <https://prometheus.io/docs/instrumenting/exposition_formats/>

use crate::counters::Counters;

/// The media type of the text.
pub const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

enum Kind {
    Counter,
    Gauge,
}

/// Everything that is counted, as text. The pattern names every field, so that a new
/// counter cannot be forgotten here.
pub fn text(counters: &Counters) -> String {
    use Kind::{Counter, Gauge};
    let Counters {
        ticks,
        tick_micros_last,
        tick_micros_max,
        tick_micros_total,
        ticks_late,
        sessions,
        people_connected,
        people_lost,
        people_watching,
        sessions_opened,
        sessions_turned_away,
        joins,
        resumed,
        joins_refused,
        codes_wrong,
        sessions_misbehaved,
        messages_in,
        messages_out,
        datagrams_in,
        datagrams_dropped,
        datagrams_out,
        datagram_bytes_out,
        corrections,
        spaces_entered,
        texts_stored,
        texts_rejected,
        store_failures,
        store_waiting,
        files_sent,
        files_refused,
    } = *counters;
    let seconds = |micros: u64| micros as f64 * 1e-6;
    let rows: [(&str, Kind, f64, &str); 30] = [
        ("ticks_total", Counter, ticks as f64, "Ticks taken."),
        ("tick_seconds_last", Gauge, seconds(tick_micros_last), "How long the last tick took."),
        ("tick_seconds_max", Gauge, seconds(tick_micros_max), "How long the slowest tick took."),
        ("tick_seconds_total", Counter, seconds(tick_micros_total), "How long all ticks took together."),
        ("ticks_late_total", Counter, ticks_late as f64, "Ticks that began more than one tick late."),
        ("sessions", Gauge, sessions as f64, "Connections now."),
        ("people_connected", Gauge, people_connected as f64, "People inside."),
        ("people_lost", Gauge, people_lost as f64, "People whose place is kept after a lost connection."),
        ("people_watching", Gauge, people_watching as f64, "People who watch because the house was full."),
        ("sessions_opened_total", Counter, sessions_opened as f64, "Connections opened."),
        ("sessions_turned_away_total", Counter, sessions_turned_away as f64, "Connections beyond the limit."),
        ("joins_total", Counter, joins as f64, "Joins that succeeded."),
        ("joins_resumed_total", Counter, resumed as f64, "Joins that took up a kept place."),
        ("joins_refused_total", Counter, joins_refused as f64, "Joins that were refused."),
        ("codes_wrong_total", Counter, codes_wrong as f64, "Joins refused for wrong codes."),
        ("sessions_misbehaved_total", Counter, sessions_misbehaved as f64, "Sessions ended as malformed."),
        ("messages_in_total", Counter, messages_in as f64, "Control messages received."),
        ("messages_out_total", Counter, messages_out as f64, "Control messages sent."),
        ("datagrams_in_total", Counter, datagrams_in as f64, "Datagrams received."),
        ("datagrams_dropped_total", Counter, datagrams_dropped as f64, "Datagrams dropped."),
        ("datagrams_out_total", Counter, datagrams_out as f64, "Datagrams sent."),
        ("datagram_bytes_out_total", Counter, datagram_bytes_out as f64, "Bytes of datagrams sent."),
        ("corrections_total", Counter, corrections as f64, "Movements corrected."),
        ("spaces_entered_total", Counter, spaces_entered as f64, "Spaces entered by door or map."),
        ("texts_stored_total", Counter, texts_stored as f64, "Texts stored and delivered."),
        ("texts_rejected_total", Counter, texts_rejected as f64, "Texts rejected."),
        ("store_failures_total", Counter, store_failures as f64, "Store requests that failed."),
        ("store_waiting", Gauge, store_waiting as f64, "Store requests that wait now."),
        ("files_sent_total", Counter, files_sent as f64, "Files sent."),
        ("files_refused_total", Counter, files_refused as f64, "File requests refused."),
    ];
    let mut text = String::with_capacity(4096);
    for (name, kind, value, help) in rows {
        let kind = match kind {
            Counter => "counter",
            Gauge => "gauge",
        };
        text += &format!("# HELP vev_{name} {help}\n# TYPE vev_{name} {kind}\nvev_{name} {value}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_well_formed() {
        let counters = Counters { texts_stored: 3, tick_micros_last: 1_500, ..Counters::default() };
        let text = text(&counters);
        assert!(text.contains("\nvev_texts_stored_total 3\n"));
        assert!(text.contains("\nvev_tick_seconds_last 0.0015\n"));
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, value) = line.split_once(' ').unwrap();
            assert!(name.starts_with("vev_") && value.parse::<f64>().is_ok(), "{line}");
        }
    }
}
