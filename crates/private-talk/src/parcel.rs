//! What travels between two devices of a talk through the server: one byte that says what it is, and the bytes.

/// One message between members as the server carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parcel<'a> {
    /// For whoever lets the sender in.
    KeyPackage(&'a [u8]),
    /// For the one who was let in.
    Welcome(&'a [u8]),
    /// For all.
    Message(&'a [u8]),
}

impl<'a> Parcel<'a> {
    /// The bytes that travel.
    pub fn bytes(&self) -> Vec<u8> {
        let (kind, bytes) = match self {
            Self::KeyPackage(bytes) => (1, bytes),
            Self::Welcome(bytes) => (2, bytes),
            Self::Message(bytes) => (3, bytes),
        };
        [&[kind], *bytes].concat()
    }

    /// Reads them; none when it is nothing that this version knows.
    pub fn of(bytes: &'a [u8]) -> Option<Self> {
        let (kind, bytes) = bytes.split_first()?;
        Some(match kind {
            1 => Self::KeyPackage(bytes),
            2 => Self::Welcome(bytes),
            3 => Self::Message(bytes),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_read() {
        for parcel in [Parcel::KeyPackage(&[9]), Parcel::Welcome(&[]), Parcel::Message(&[3, 3])] {
            assert_eq!(Parcel::of(&parcel.bytes()), Some(parcel));
        }
        assert_eq!((Parcel::of(&[]), Parcel::of(&[0, 1]), Parcel::of(&[4])), (None, None, None));
    }
}
