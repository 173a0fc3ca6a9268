//! Packets of one size, so that their length says nothing of what is said. Knows no keys.
//!
//! The length of a packet of a codec with a variable rate follows the sounds: from it phrases were recognised through encryption
//! (Wright et al., 2008; White et al., 2011). All packets of `spatial-voice` on a good path (32 kbit/s) fit into the second size,
//! all on a narrow one (16 kbit/s) into the first. A talk keeps the size that its longest packet of the last ten seconds of
//! speech needs: only a change of the path shows.

/// Most bytes of one packet of the codec; as in `spatial-voice`.
pub const MAX_VOICE_BYTES: usize = 400;

/// The sizes, with the byte that ends the packet. Measured on 200 s of speech in many languages: at most 67 and 109 bytes.
const SIZES: [usize; 3] = [72, 120, LARGEST];
pub(super) const LARGEST: usize = MAX_VOICE_BYTES + 1;

/// Packets after which a smaller size is enough, ten seconds of speech.
const PATIENCE: u32 = 500;

/// What SFrame adds at most: the longest header and the tag.
pub(super) const LARGEST_OVERHEAD: usize = 17 + 16;

/// Ends the packet; zeros follow (ISO/IEC 7816-4).
const END: u8 = 0x80;

/// Fills packets up.
#[derive(Clone, Debug)]
pub(super) struct Padder {
    /// Which size is used.
    at: usize,
    /// Packets in a row for which a smaller one would do.
    smaller: u32,
}

impl Default for Padder {
    fn default() -> Self {
        Self { at: 1, smaller: 0 }
    }
}

impl Padder {
    /// The packet, its end and zeros, or nothing if it has no or too many bytes.
    pub fn pad(&mut self, opus: &[u8]) -> Option<Vec<u8>> {
        let needed = SIZES.iter().position(|size| opus.len() < *size).filter(|_| !opus.is_empty())?;
        if needed >= self.at {
            (self.at, self.smaller) = (needed, 0);
        } else {
            self.smaller += 1;
            if self.smaller >= PATIENCE {
                (self.at, self.smaller) = (self.at - 1, 0);
            }
        }
        let size = *SIZES.get(self.at)?;
        let mut padded = Vec::with_capacity(size);
        padded.extend_from_slice(opus);
        padded.push(END);
        padded.resize(size, 0);
        Some(padded)
    }
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

    fn size(padder: &mut Padder, bytes: usize) -> Option<usize> {
        padder.pad(&vec![0x80; bytes]).map(|padded| padded.len())
    }

    #[test]
    fn speech_on_a_path_has_one_size() {
        let mut padder = Padder::default();
        for frame in 0..5_000 {
            // On a good path one packet of four would fit into the smallest size.
            let bytes = if frame % 4 == 0 { 60 + frame % 12 } else { 72 + frame % 38 };
            assert_eq!(size(&mut padder, bytes), Some(120));
        }
    }

    #[test]
    fn the_size_grows_at_once_and_shrinks_after_ten_seconds() {
        let mut padder = Padder::default();
        let sizes: Vec<_> = (0..PATIENCE).map(|_| size(&mut padder, 40)).collect();
        assert!(sizes[..PATIENCE as usize - 1].iter().all(|size| *size == Some(120)));
        assert_eq!(sizes.last(), Some(&Some(72)));
        assert_eq!(size(&mut padder, 72), Some(120));
        assert_eq!(size(&mut padder, 400), Some(401));
        assert_eq!(size(&mut padder, 1), Some(401));
    }

    #[test]
    fn empty_and_too_long_packets_are_refused() {
        assert_eq!(size(&mut Padder::default(), 0), None);
        assert_eq!(size(&mut Padder::default(), 401), None);
    }

    proptest! {
        #[test]
        fn packets_come_out_as_they_went_in(opus in proptest::collection::vec(any::<u8>(), 1..=400)) {
            let padded = Padder::default().pad(&opus).unwrap();
            prop_assert_eq!(unpad(&padded), Some(&opus[..]));
        }

        #[test]
        fn any_bytes_are_unpadded_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Some(opus) = unpad(&bytes) {
                let needed = SIZES.iter().position(|size| *size == bytes.len()).unwrap();
                let mut padder = Padder { at: needed, smaller: 0 };
                prop_assert_eq!(padder.pad(opus), Some(bytes));
            }
        }
    }
}
