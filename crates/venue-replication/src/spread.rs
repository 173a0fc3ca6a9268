//! How far residuals usually lie from their predictions, learnt from those before, and the code of a residual by it.
//!
//! Residuals of people's motion have many small values, few large ones, and change their scale with what people do:
//! the model is a Student distribution of four degrees of freedom, whose scale follows the last residuals. Its closed
//! form needs no more than a square root, so all machines make the same tables.

use crate::arithmetic::{Channel, Distribution, TOTAL};
use crate::whole;
use glam::IVec3;
use std::sync::LazyLock;

/// Scales are a quarter of an octave of variance apart.
const LEVELS: usize = 96;

/// The level of variance 1.
const UNIT_LEVEL: i32 = 16;

/// Tables are made up to this level; beyond, low bits are sent as they are.
const TABLE_LEVELS: usize = 37;

/// Levels in an octave of deviation.
const OCTAVE: usize = 8;

/// Cells on either side of the middle one.
const REACH: i32 = 63;

const CELLS: usize = 2 * REACH as usize + 1;

/// Levels are remembered to this part.
const FINE: i32 = 16;

/// How the scale of one kind of residual follows the last ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Habit {
    /// Eighths of the way to the last residual's own scale.
    pub(crate) pace: i32,
    /// Where a stream begins, levels.
    pub(crate) first: i32,
}

/// The scale of one kind of residual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Spread(i32);

impl Spread {
    /// Bits of [`Spread::transfer`].
    const BITS: u32 = 11;

    pub(crate) fn new(habit: Habit) -> Self {
        Self(habit.first * FINE)
    }

    fn level(self) -> usize {
        ((self.0 + FINE / 2) / FINE).clamp(0, LEVELS as i32 - 1) as usize
    }

    /// Sends the scale itself.
    pub(crate) fn transfer(self, channel: &mut impl Channel) -> Self {
        Self(channel.number(self.0 as u32, Self::BITS).min((LEVELS * FINE as usize - 1) as u32) as i32)
    }

    fn learn(&mut self, mean_square: f32, habit: Habit) {
        let own = level_of(mean_square * 1.25 + 0.2) as i32 * FINE;
        self.0 += (own - self.0) * habit.pace / 8;
    }
}

/// A residual between lattice points. An encoder must compare: what lies kilometres out comes back as something else, and
/// has to be sent in another way.
pub(crate) fn vector(channel: &mut impl Channel, value: IVec3, spread: &mut Spread, habit: Habit) -> IVec3 {
    let level = spread.level();
    let is_odd = channel.flag(value.x & 1 == 1, TABLES.odd_parts[level]);
    let parity = i32::from(is_odd);
    let variance = TABLES.variances[level];
    let x = cell(channel, value.x, parity, level, Tail::Long);
    let square = |of: i32| of as f32 * of as f32;
    let squares = square(x);
    let y = cell(channel, value.y, parity, level_of((4.0 * variance + squares) / 5.0), Tail::Short);
    let squares = squares + square(y);
    let z = cell(channel, value.z, parity, level_of((4.0 * variance + squares) / 6.0), Tail::Short);
    let squares = squares + square(z);
    spread.learn(squares / 3.0, habit);
    IVec3::new(x, y, z)
}

/// A residual of whole numbers; the same holds.
pub(crate) fn scalar(channel: &mut impl Channel, value: i32, spread: &mut Spread, habit: Habit) -> i32 {
    let doubled = cell(channel, value * 2, 0, spread.level(), Tail::Long);
    spread.learn(doubled as f32 * doubled as f32, habit);
    doubled / 2
}

/// How heavy the tails of a distribution are: four degrees of freedom, or six of a coordinate whose neighbours are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tail {
    Long,
    Short,
}

/// One coordinate, whose parity is known.
fn cell(channel: &mut impl Channel, value: i32, parity: i32, level: usize, tail: Tail) -> i32 {
    let half = (value - parity) >> 1;
    let shift = level.saturating_sub(TABLE_LEVELS - 1).div_ceil(OCTAVE);
    let table = level - shift * OCTAVE;
    // Cells of several points lie between even numbers, as those of odd points do.
    let is_between = shift > 0 || parity == 1;
    let wanted = half >> shift;
    let symbol = (wanted.clamp(-REACH, REACH) + REACH) as usize;
    let distribution = Distribution(TABLES.of(table, is_between, tail));
    let mut coarse = channel.symbol(symbol, distribution) as i32 - REACH;
    if coarse.abs() == REACH {
        // Who rests long and then leaps is seldom, but need not be told of anew.
        coarse += whole::number(channel, wanted - coarse);
    }
    let fine = channel.number(half as u32 & ((1 << shift) - 1), shift as u32) as i32;
    (coarse << shift | fine) * 2 + parity
}

/// The last level whose variance is not above this one.
fn level_of(variance: f32) -> usize {
    TABLES.variances.partition_point(|of| *of <= variance).saturating_sub(1)
}

type Table = [u16; CELLS + 1];

struct Tables {
    variances: [f32; LEVELS],
    odd_parts: [u32; LEVELS],
    tables: Vec<[Table; 4]>,
}

impl Tables {
    fn of(&self, level: usize, is_between: bool, tail: Tail) -> &Table {
        &self.tables[level][usize::from(is_between) + 2 * usize::from(tail == Tail::Short)]
    }
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let quarter = 2f64.sqrt().sqrt();
    let variance = |level: usize| {
        let steps = level as i32 - UNIT_LEVEL;
        (0..steps.unsigned_abs()).fold(1.0, |of, _| if steps < 0 { of / quarter } else { of * quarter })
    };
    let deviations: Vec<f64> = (0..LEVELS).map(|level| variance(level).sqrt()).collect();
    let of_level = |level: usize| {
        [(0.0, Tail::Long), (1.0, Tail::Long), (0.0, Tail::Short), (1.0, Tail::Short)]
            .map(|(parity, tail)| table(deviations[level], parity, tail))
    };
    Tables {
        variances: std::array::from_fn(|level| variance(level) as f32),
        odd_parts: std::array::from_fn(|level| odd_parts(deviations[level])),
        tables: (0..TABLE_LEVELS).map(of_level).collect(),
    }
});

/// The cumulative distribution of Student's t, for even degrees of freedom (Abramowitz and Stegun 26.7.4).
fn student(at: f64, tail: Tail) -> f64 {
    let freedom = if tail == Tail::Long { 4.0 } else { 6.0 };
    let sine = at / (freedom + at * at).sqrt();
    let square = freedom / (freedom + at * at);
    let series = match tail {
        Tail::Long => 1.0 + square / 2.0,
        Tail::Short => 1.0 + square / 2.0 + square * square * 3.0 / 8.0,
    };
    0.5 + 0.5 * sine * series
}

/// Cells two wide around `2 i + parity`; each has at least one part.
fn table(deviation: f64, parity: f64, tail: Tail) -> Table {
    let spare = f64::from(TOTAL) - CELLS as f64;
    let mut parts = [0; CELLS + 1];
    for (at, part) in parts.iter_mut().enumerate() {
        let edge = 2.0 * (at as f64 - f64::from(REACH)) + parity - 1.0;
        *part = at as u16 + (student(edge / deviation, tail) * spare) as u16;
    }
    parts[0] = 0;
    parts[CELLS] = TOTAL as u16;
    parts
}

/// How often a residual of this scale is a point of odd coordinates.
fn odd_parts(deviation: f64) -> u32 {
    let mass = |parity: i32| {
        let cells = (-20..=20).map(|at| f64::from(2 * at + parity) / deviation);
        let sum: f64 = cells
            .map(|at| student(at + 0.5 / deviation, Tail::Long) - student(at - 0.5 / deviation, Tail::Long))
            .sum();
        sum * sum * sum
    };
    let (even, odd) = (mass(0), mass(1));
    let part = if even + odd > 0.0 { odd / (even + odd) } else { 0.5 };
    ((part * f64::from(TOTAL)) as u32).clamp(40, TOTAL - 40)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::{ArithmeticDecoder, ArithmeticEncoder};
    use crate::lattice;
    use proptest::prelude::*;

    const HABIT: Habit = Habit { pace: 2, first: 30 };

    fn point() -> impl Strategy<Value = IVec3> {
        let near = (-6i32..6, -6i32..6, -6i32..6);
        let far = (-900i32..900, -900i32..900, -900i32..900);
        let points = prop_oneof![4 => near, 1 => far];
        (points, any::<bool>()).prop_map(|((x, y, z), is_odd)| IVec3::new(x, y, z) * 2 + i32::from(is_odd))
    }

    proptest! {
        #[test]
        fn residuals_round_trip_or_come_back_as_something_else(values in prop::collection::vec(point(), 1..12)) {
            let mut encoder = ArithmeticEncoder::new();
            let mut spread = Spread::new(HABIT);
            let sent: Vec<_> = values.iter().map(|value| vector(&mut encoder, *value, &mut spread, HABIT)).collect();
            let string = encoder.finish();
            let mut decoder = ArithmeticDecoder::new(string.bytes(), 0, string.len());
            let mut seen_spread = Spread::new(HABIT);
            for (value, sent) in values.iter().zip(&sent) {
                let seen = vector(&mut decoder, IVec3::ZERO, &mut seen_spread, HABIT);
                prop_assert_eq!(seen, *sent);
                prop_assert!(lattice::has(seen));
                prop_assert!(value.abs().max_element() > 12 || seen == *value, "small ones always fit");
            }
            prop_assert_eq!(seen_spread, spread);
        }

        #[test]
        fn whole_numbers_round_trip(values in prop::collection::vec(-30i32..30, 1..30)) {
            let mut encoder = ArithmeticEncoder::new();
            let mut spread = Spread::new(HABIT);
            for value in &values {
                prop_assert_eq!(scalar(&mut encoder, *value, &mut spread, HABIT), *value);
            }
            let string = encoder.finish();
            let mut decoder = ArithmeticDecoder::new(string.bytes(), 0, string.len());
            let mut spread = Spread::new(HABIT);
            for value in &values {
                prop_assert_eq!(scalar(&mut decoder, 0, &mut spread, HABIT), *value);
            }
        }
    }

    #[test]
    fn what_stands_still_takes_a_fraction_of_a_bit() {
        let mut encoder = ArithmeticEncoder::new();
        let mut spread = Spread::new(HABIT);
        for _ in 0..60 {
            vector(&mut encoder, IVec3::ZERO, &mut spread, HABIT);
        }
        let mut warm = ArithmeticEncoder::new();
        (0..60).for_each(|_| {
            vector(&mut warm, IVec3::ZERO, &mut spread, HABIT);
        });
        let bits = warm.finish().len();
        assert!(bits < 20, "{bits} bits for sixty");
    }

    #[test]
    fn every_level_has_a_table_of_whole_probability() {
        for level in 0..TABLE_LEVELS {
            for (is_between, tail) in
                [(false, Tail::Long), (true, Tail::Long), (false, Tail::Short), (true, Tail::Short)]
            {
                let table = TABLES.of(level, is_between, tail);
                assert!(table.windows(2).all(|pair| pair[0] < pair[1]), "level {level}");
                assert_eq!((table[0], table[CELLS]), (0, TOTAL as u16));
            }
        }
        assert!(TABLES.variances.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
