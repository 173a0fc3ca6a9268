//! Buffers and buffer views as byte slices: GLB chunk, data URIs, meshopt-compressed views.

use super::json::{BufferView, Root};
use super::{GltfError, Limits, meshopt};
use base64::Engine as _;
use std::borrow::Cow;
use std::cell::Cell;

/// The bytes behind a file's views, and how much may still be unpacked from them.
pub(super) struct Buffers<'a> {
    root: &'a Root,
    buffers: Vec<Cow<'a, [u8]>>,
    /// Unpacked views by index; none where the view is stored plainly.
    unpacked: Vec<Option<Vec<u8>>>,
    bytes_left: Cell<u64>,
    limit: u64,
}

impl<'a> Buffers<'a> {
    pub(super) fn new(root: &'a Root, binary: Option<&'a [u8]>, limits: &Limits) -> Result<Self, GltfError> {
        let buffers = (0..root.buffers.len()).map(|at| buffer(root, at, binary)).collect::<Result<_, _>>()?;
        let limit = limits.decoded_bytes;
        let mut all = Self { root, buffers, unpacked: Vec::new(), bytes_left: Cell::new(limit), limit };
        for (at, view) in root.buffer_views.iter().enumerate() {
            let unpacked = all.unpack(at, view)?;
            all.unpacked.push(unpacked);
        }
        Ok(all)
    }

    /// Buffers whose bytes were fetched one by one; none of their views is packed.
    pub(super) fn fetched(root: &'a Root, buffers: Vec<Vec<u8>>, limit: u64) -> Self {
        let buffers = buffers.into_iter().map(Cow::Owned).collect();
        Self { root, buffers, unpacked: Vec::new(), bytes_left: Cell::new(limit), limit }
    }

    /// Takes `count` items of `size` bytes from what may be unpacked.
    pub(super) fn charge(&self, what: &str, count: u64, size: u64) -> Result<(), GltfError> {
        let left = count.checked_mul(size).and_then(|bytes| self.bytes_left.get().checked_sub(bytes));
        let too_large = || GltfError::TooLarge { what: format!("{what} unpacked"), limit: self.limit };
        self.bytes_left.set(left.ok_or_else(too_large)?);
        Ok(())
    }

    /// The bytes of a view.
    pub(super) fn view(&self, at: usize, from: &str) -> Result<&[u8], GltfError> {
        let view =
            self.root.buffer_views.get(at).ok_or_else(|| GltfError::missing(from, "buffer view", at))?;
        match self.unpacked.get(at) {
            Some(Some(bytes)) => Ok(bytes),
            _ => self.slice(view.buffer, view.byte_offset, view.byte_length, &format!("buffer view {at}")),
        }
    }

    /// Bytes from one item of a view to the next, when the file says so.
    pub(super) fn stride(&self, at: usize) -> Option<u64> {
        let view = self.root.buffer_views.get(at)?;
        view.extensions.meshopt.as_ref().map(|packed| packed.byte_stride).or(view.byte_stride)
    }

    fn slice(&self, buffer: usize, offset: u64, length: u64, from: &str) -> Result<&[u8], GltfError> {
        let bytes = self.buffers.get(buffer).ok_or_else(|| GltfError::missing(from, "buffer", buffer))?;
        let end = offset.checked_add(length);
        let range = end.and_then(|end| Some(usize::try_from(offset).ok()?..usize::try_from(end).ok()?));
        if bytes.is_empty() && length > 0 {
            return Err(GltfError::broken(
                from,
                format!("the bytes of buffer {buffer} are not in this file"),
            ));
        }
        range.and_then(|range| bytes.get(range)).ok_or_else(|| {
            GltfError::broken(from, format!("it reaches beyond the {} bytes of buffer {buffer}", bytes.len()))
        })
    }

    fn unpack(&self, at: usize, view: &BufferView) -> Result<Option<Vec<u8>>, GltfError> {
        let Some(packed) = &view.extensions.meshopt else { return Ok(None) };
        let from = format!("buffer view {at} (EXT_meshopt_compression)");
        let bytes = self.slice(packed.buffer, packed.byte_offset, packed.byte_length, &from)?;
        self.charge(&from, packed.count, packed.byte_stride)?;
        meshopt::decode(bytes, packed).map(Some).map_err(|what| GltfError::broken(from, what))
    }
}

fn buffer<'a>(root: &Root, at: usize, binary: Option<&'a [u8]>) -> Result<Cow<'a, [u8]>, GltfError> {
    let buffer = &root.buffers[at];
    let name = format!("buffer {at}");
    let bytes = match (&buffer.uri, binary) {
        (Some(uri), _) => Cow::Owned(data_uri(uri, &name)?.1),
        (None, Some(binary)) if at == 0 => Cow::Borrowed(binary),
        // A place-holder, e.g. for readers without meshopt; what needs its bytes is told then.
        (None, _) => Cow::Borrowed(&[][..]),
    };
    // GLB pads its chunk by up to three bytes; what is shorter than said is caught where it is used.
    let said = usize::try_from(buffer.byte_length).unwrap_or(usize::MAX);
    Ok(match bytes {
        Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[..said.min(bytes.len())]),
        Cow::Owned(bytes) => Cow::Owned(bytes),
    })
}

/// Media type and bytes of a base64 data URI (RFC 2397).
pub(super) fn data_uri(uri: &str, from: &str) -> Result<(String, Vec<u8>), GltfError> {
    let Some(data) = uri.strip_prefix("data:") else {
        return Err(GltfError::External { at: from.to_owned(), uri: uri.chars().take(80).collect() });
    };
    let (head, body) =
        data.split_once(',').ok_or_else(|| GltfError::broken(from, "its data URI has no comma"))?;
    let media_type =
        head.strip_suffix(";base64").ok_or_else(|| GltfError::broken(from, "its data URI is not base64"))?;
    let engine = base64::engine::general_purpose::GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        base64::engine::GeneralPurposeConfig::new()
            .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
    );
    let bytes =
        engine.decode(body).map_err(|error| GltfError::broken(from, format!("its data URI: {error}")))?;
    Ok((media_type.split(';').next().unwrap_or_default().to_owned(), bytes))
}
