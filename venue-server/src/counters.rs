//! What the server counts, as plain numbers that the console reads.
//!
//! It must not know who reads them; it holds no name, text or address.

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
}

impl Counters {
    /// Notes how long a tick took.
    pub fn note_tick(&mut self, micros: u64) {
        self.tick_micros_last = micros;
        self.tick_micros_max = self.tick_micros_max.max(micros);
        self.tick_micros_total += micros;
    }
}
