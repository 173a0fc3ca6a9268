//! What the watchers of a crowd saw, and its percentiles.

use serde::{Deserialize, Serialize};

/// Which bodies: by how many are nearer to the watcher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    /// The forty nearest.
    Near,
    /// The next two hundred.
    Middle,
    /// All others.
    Far,
}

/// The band's last ranks; beyond is far.
const NEAR_RANKS: usize = 40;
const MIDDLE_RANKS: usize = 240;

/// Samples of one kind that are kept; of more each n-th.
const MOST_SAMPLES: usize = 1_000_000;

impl Band {
    /// The band of who has so many nearer ones.
    pub fn of_rank(rank: usize) -> Self {
        match rank {
            0..NEAR_RANKS => Self::Near,
            NEAR_RANKS..MIDDLE_RANKS => Self::Middle,
            _ => Self::Far,
        }
    }
}

/// Numbers of which percentiles are wanted.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<f32>);

impl Samples {
    /// Adds one.
    pub fn add(&mut self, value: f32) {
        if self.0.len() >= MOST_SAMPLES {
            // Half of them say the same.
            let mut keeps = false;
            self.0.retain(|_| {
                keeps = !keeps;
                keeps
            });
        }
        self.0.push(value);
    }

    /// Median, 99th percentile and count.
    pub fn spread(&self) -> Spread {
        let mut sorted = self.0.clone();
        sorted.sort_by(f32::total_cmp);
        let at = |part: f64| {
            let rank = ((sorted.len() as f64 * part).ceil() as usize).max(1) - 1;
            sorted.get(rank).copied().unwrap_or(f32::NAN)
        };
        Spread { p50: at(0.5), p99: at(0.99), count: sorted.len() }
    }
}

/// How numbers are spread.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Spread {
    /// Median; null when there was nothing.
    #[serde(deserialize_with = "number_or_none")]
    pub p50: f32,
    /// 99 of 100 are no more.
    #[serde(deserialize_with = "number_or_none")]
    pub p99: f32,
    /// How many there were.
    pub count: usize,
}

fn number_or_none<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<f32, D::Error> {
    Ok(Option::<f32>::deserialize(deserializer)?.unwrap_or(f32::NAN))
}

/// What is collected while a load is measured.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Age of a pose when it came, ms: of the near, of all.
    pub near_age: Samples,
    /// See [`Self::near_age`].
    pub age: Samples,
    /// How far in the past the near are shown, ms.
    pub near_delay: Samples,
    /// Distance of the shown head from the true one at the moment that is shown, mm, by band.
    pub error: [Samples; 3],
    /// Distance of the shown head from where it truly is now, mm, by band: the delay is in it.
    pub lag: [Samples; 3],
    /// The same of hands that are shown, near: at the moment that is shown, mm.
    pub near_hand_error: Samples,
    /// Part of those who are there that is shown.
    pub visible: Samples,
    /// Time from one step of the crowd to the next, ms.
    pub step: Samples,
}

/// What a crowd measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// Delegates.
    pub delegates: usize,
    /// Of them, those who looked at what they got.
    pub watchers: usize,
    /// For so long.
    pub seconds: f64,
    /// UDP payload to each client, kbit/s.
    pub down_kbit_per_client: f64,
    /// UDP payload from each client, kbit/s.
    pub up_kbit_per_client: f64,
    /// Packets to each client a second.
    pub packets_down_per_client_s: f64,
    /// Packets from each client a second.
    pub packets_up_per_client_s: f64,
    /// Age of a pose of the near when it came, ms.
    pub near_age_ms: Spread,
    /// Of all, ms.
    pub age_ms: Spread,
    /// How far in the past the near are shown, ms.
    pub near_delay_ms: Spread,
    /// Head at the shown moment: near, middle, far, mm.
    pub error_mm: [Spread; 3],
    /// Head now: near, middle, far, mm.
    pub lag_mm: [Spread; 3],
    /// Hands of the near at the shown moment, mm.
    pub near_hand_error_mm: Spread,
    /// Part of those who are there that is shown.
    pub visible: Spread,
    /// How often the server put a body elsewhere.
    pub corrections: u64,
    /// Connections that were lost.
    pub lost: u64,
    /// Frames of others' voices that came to all of them.
    pub frames_heard: u64,
    /// CPU time of the crowd's thread, part of a core.
    pub crowd_cpu: f64,
    /// Time from one step of the crowd to the next, ms: so late it may be itself.
    pub step_ms: Spread,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_what_was_added() {
        let mut samples = Samples::default();
        (1..=1_000).rev().for_each(|value| samples.add(value as f32));
        let Spread { p50, p99, count } = samples.spread();
        assert_eq!((p50, p99, count), (500.0, 990.0, 1_000));
        assert!(Samples::default().spread().p50.is_nan());
    }

    #[test]
    fn a_report_survives_its_way_through_json_even_without_samples() {
        let none = Samples::default().spread();
        let text = serde_json::to_string(&none).unwrap();
        let read: Spread = serde_json::from_str(&text).unwrap();
        assert!(read.p99.is_nan() && read.count == 0, "{text}");
    }

    #[test]
    fn memory_is_bounded() {
        let mut samples = Samples::default();
        (0..MOST_SAMPLES + 10).for_each(|value| samples.add(value as f32));
        assert!(samples.0.len() <= MOST_SAMPLES);
    }

    #[test]
    fn ranks_fall_into_bands() {
        let bands = [0, 39, 40, 239, 240, 9_999].map(Band::of_rank);
        use Band::{Far, Middle, Near};
        assert_eq!(bands, [Near, Near, Middle, Middle, Far, Far]);
    }
}
