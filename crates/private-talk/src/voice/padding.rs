//! Packets of three sizes, so that their length tells little of what is said. Knows no keys.
//!
//! The length of a packet of a codec with a variable rate follows the sounds: from it phrases were recognised through
//! encryption (White et al., 2011; Wright et al., 2008). Most packets of 24 kbit/s, and all of silence, fill the smallest size.

/// Most bytes of one packet of the codec; as in `spatial-voice`.
pub const MAX_VOICE_BYTES: usize = 400;

/// The sizes, with the byte that ends the packet.
const SIZES: [usize; 3] = [96, 160, LARGEST];
pub(super) const LARGEST: usize = MAX_VOICE_BYTES + 1;

/// What SFrame adds at most: the longest header and the tag.
pub(super) const LARGEST_OVERHEAD: usize = 17 + 16;

/// Ends the packet; zeros follow (ISO/IEC 7816-4).
const END: u8 = 0x80;

/// The packet, its end and zeros, or nothing if it has no or too many bytes.
pub(super) fn pad(opus: &[u8]) -> Option<Vec<u8>> {
    if opus.is_empty() {
        return None;
    }
    let size = SIZES.into_iter().find(|size| opus.len() < *size)?;
    let mut padded = Vec::with_capacity(size);
    padded.extend_from_slice(opus);
    padded.push(END);
    padded.resize(size, 0);
    Some(padded)
}

/// The packet in what was padded.
pub(super) fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let end = padded.iter().rposition(|byte| *byte != 0)?;
    let is_whole = padded.get(end) == Some(&END) && end > 0 && SIZES.contains(&padded.len());
    if is_whole { padded.get(..end) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_packet_has_one_of_three_sizes() {
        let check = |bytes: usize, size: Option<usize>| {
            assert_eq!(pad(&vec![0x80; bytes]).map(|padded| padded.len()), size, "{bytes}");
        };
        check(0, None);
        check(1, Some(96));
        check(95, Some(96));
        check(96, Some(160));
        check(159, Some(160));
        check(160, Some(401));
        check(400, Some(401));
        check(401, None);
    }

    proptest! {
        #[test]
        fn packets_come_out_as_they_went_in(opus in proptest::collection::vec(any::<u8>(), 1..=400)) {
            let padded = pad(&opus).unwrap();
            prop_assert_eq!(unpad(&padded), Some(&opus[..]));
        }

        #[test]
        fn any_bytes_are_unpadded_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Some(opus) = unpad(&bytes) {
                prop_assert_eq!(pad(opus), Some(bytes));
            }
        }
    }
}
