//! What the server counts, as plain numbers that the console reads.
//!
//! It must not know who reads them; it holds no name, text or address.

use crate::voices::RouterCounts;

/// Counters since the server's start, and gauges of the last tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Ticks taken.
    pub ticks: u64,
    /// Microseconds that the last tick took, as handed in by the loop.
    pub tick_micros_last: u64,
    /// Microseconds that the slowest tick took.
    pub tick_micros_max: u64,
    /// Microseconds that all ticks took together.
    pub tick_micros_total: u64,
    /// Ticks that began more than one tick late.
    pub ticks_late: u64,
    /// Connections now, inside or not.
    pub sessions: u64,
    /// People now inside, connected.
    pub people_connected: u64,
    /// People whose place is kept after a lost connection.
    pub people_lost: u64,
    /// People who watch because the house was full.
    pub people_watching: u64,
    /// Connections opened.
    pub sessions_opened: u64,
    /// Connections that were turned away because there were too many.
    pub sessions_turned_away: u64,
    /// Joins that succeeded.
    pub joins: u64,
    /// Of those, joins that took up a kept place or took over from another device.
    pub resumed: u64,
    /// Joins that were refused.
    pub joins_refused: u64,
    /// Of those, for a wrong code or because of too many wrong codes.
    pub codes_wrong: u64,
    /// Sessions that were ended because of a malformed message or too many messages.
    pub sessions_misbehaved: u64,
    /// Control messages received.
    pub messages_in: u64,
    /// Control messages sent.
    pub messages_out: u64,
    /// Datagrams received.
    pub datagrams_in: u64,
    /// Datagrams that were dropped: malformed, out of place, or too many.
    pub datagrams_dropped: u64,
    /// Datagrams sent.
    pub datagrams_out: u64,
    /// Bytes of datagrams sent.
    pub datagram_bytes_out: u64,
    /// Ticks whose bodies were not sent, because the network's thread still had those of the last.
    pub ticks_unsent: u64,
    /// Movements that were corrected.
    pub corrections: u64,
    /// Doors walked through and spaces entered by the map.
    pub spaces_entered: u64,
    /// Texts stored and delivered.
    pub texts_stored: u64,
    /// Texts that were rejected.
    pub texts_rejected: u64,
    /// Requests that the store could not carry out.
    pub store_failures: u64,
    /// Requests that wait in the store now.
    pub store_waiting: u64,
    /// Files sent.
    pub files_sent: u64,
    /// Requests for files that were refused.
    pub files_refused: u64,
    /// CPU time of the tick's thread.
    pub tick_cpu: TickCpu,
    /// Voices.
    pub voices: RouterCounts,
}

/// A part of what the tick's thread does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TickPart {
    /// What came in, between ticks too: sessions, greetings, requests.
    Receive,
    /// The systems.
    Systems,
    /// Bodies are encoded and chosen for each viewer.
    Replicate,
    /// The store is asked and heard; messages find their sessions.
    Deliver,
    /// What goes out is handed to the transport.
    Flush,
}

impl TickPart {
    /// All, in the order of a step.
    pub const ALL: [Self; 5] = [Self::Receive, Self::Systems, Self::Replicate, Self::Deliver, Self::Flush];

    /// As metrics name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Receive => "receive",
            Self::Systems => "systems",
            Self::Replicate => "replicate",
            Self::Deliver => "deliver",
            Self::Flush => "flush",
        }
    }
}

/// Buckets of [`TickCpu::buckets`].
pub const TICK_CPU_BUCKETS: usize = 32;

/// Upper end of the first bucket, seconds; the others follow by the fourth root of two, the last is at 54 ms.
const FIRST_TICK_CPU_BUCKET: f64 = 250e-6;

/// CPU time that the tick's thread used, the time between two ticks counted to the second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TickCpu {
    /// Nanoseconds of each part, in the order of [`TickPart::ALL`].
    pub part_nanos: [u64; TickPart::ALL.len()],
    /// Ticks that used no more than [`TickCpu::bucket_end`] and more than the bucket before.
    pub buckets: [u64; TICK_CPU_BUCKETS],
    /// Ticks that used more than any bucket holds.
    pub beyond: u64,
}

impl TickCpu {
    /// Most seconds of CPU time of a tick in this bucket.
    pub fn bucket_end(bucket: usize) -> f64 {
        FIRST_TICK_CPU_BUCKET * 2f64.powf(bucket as f64 / 4.0)
    }

    /// Notes a tick's CPU time.
    pub fn note(&mut self, nanos: u64) {
        let secs = nanos as f64 * 1e-9;
        match (0..TICK_CPU_BUCKETS).find(|bucket| secs <= Self::bucket_end(*bucket)) {
            Some(bucket) => self.buckets[bucket] += 1,
            None => self.beyond += 1,
        }
    }
}

impl Counters {
    /// Notes how long a tick took.
    pub fn note_tick(&mut self, micros: u64) {
        self.tick_micros_last = micros;
        self.tick_micros_max = self.tick_micros_max.max(micros);
        self.tick_micros_total += micros;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tick_is_in_the_first_bucket_that_holds_it() {
        let mut cpu = TickCpu::default();
        for micros in [0, 250, 251, 1_000, 53_000, 60_000] {
            cpu.note(micros * 1_000);
        }
        assert_eq!(
            (cpu.buckets[0], cpu.buckets[1], cpu.buckets[8], cpu.buckets[31], cpu.beyond),
            (2, 1, 1, 1, 1)
        );
        assert!((TickCpu::bucket_end(8) - 1e-3).abs() < 1e-9 && TickCpu::bucket_end(31) > 53e-3);
    }
}
