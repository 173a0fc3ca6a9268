//! Whole numbers of which most are small, without a memory of the last ones.

use crate::arithmetic::{Channel, TOTAL};
use glam::IVec3;

/// Most bits of a number's size.
const MAX_BITS: u32 = 16;

/// Three of them, no larger than 2¹⁶.
pub(crate) fn vector(channel: &mut impl Channel, value: IVec3) -> IVec3 {
    IVec3::from_array(value.to_array().map(|axis| number(channel, axis)))
}

/// One: how many bits it has, its sign, and the bits below the highest (Elias' gamma code, 1975).
pub(crate) fn number(channel: &mut impl Channel, value: i32) -> i32 {
    let size = value.unsigned_abs().min((1 << MAX_BITS) - 1);
    let wanted = 32 - size.leading_zeros();
    let bits = channel.number(wanted, 5).min(MAX_BITS);
    if bits == 0 {
        return 0;
    }
    let is_negative = channel.flag(value < 0, TOTAL / 2);
    let low = channel.wide(size & ((1 << (bits - 1)) - 1), bits - 1);
    let size = (1 << (bits - 1) | low) as i32;
    if is_negative { -size } else { size }
}
