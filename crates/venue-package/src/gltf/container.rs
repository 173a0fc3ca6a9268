//! The outer form: GLB chunks (glTF 2.0 specification §4.4) or bare JSON.

use super::{GltfError, Limits};

const GLB_MAGIC: &[u8; 4] = b"glTF";
const JSON_CHUNK: u32 = 0x4e4f_534a;
const BINARY_CHUNK: u32 = 0x004e_4942;

/// JSON and, when there is one, the binary chunk.
pub(super) fn split<'a>(bytes: &'a [u8], limits: &Limits) -> Result<(&'a [u8], Option<&'a [u8]>), GltfError> {
    if bytes.len() as u64 > limits.file_bytes {
        return Err(GltfError::TooLarge {
            what: format!("a file of {} bytes", bytes.len()),
            limit: limits.file_bytes,
        });
    }
    let (json, binary) = if bytes.starts_with(GLB_MAGIC) { glb(bytes)? } else { (bare_json(bytes)?, None) };
    if json.len() as u64 > limits.json_bytes {
        return Err(GltfError::TooLarge {
            what: format!("JSON of {} bytes", json.len()),
            limit: limits.json_bytes,
        });
    }
    Ok((json, binary))
}

fn bare_json(bytes: &[u8]) -> Result<&[u8], GltfError> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => Ok(text),
        _ => Err(GltfError::NotGltf("it begins neither with \"glTF\" nor with a JSON object")),
    }
}

fn glb(bytes: &[u8]) -> Result<(&[u8], Option<&[u8]>), GltfError> {
    let version = number(bytes, 4)?;
    if version != 2 {
        return Err(GltfError::Version(version.to_string()));
    }
    let length = number(bytes, 8)? as usize;
    let whole =
        bytes.get(..length).ok_or(GltfError::NotGltf("it is shorter than its header says; copy it again"))?;
    let (json, rest) = chunk(whole.get(12..).unwrap_or_default(), JSON_CHUNK)?
        .ok_or(GltfError::NotGltf("its first chunk is not JSON"))?;
    // Chunks of other kinds between and behind are allowed and skipped.
    let mut rest = rest;
    while rest.len() >= 8 {
        if let Some((binary, _)) = chunk(rest, BINARY_CHUNK)? {
            return Ok((json, Some(binary)));
        }
        let length = number(rest, 0)? as usize;
        rest = length.checked_add(8).and_then(|end| rest.get(end..)).unwrap_or_default();
    }
    Ok((json, None))
}

/// A chunk's bytes, and those that follow it.
type Chunk<'a> = (&'a [u8], &'a [u8]);

/// The chunk at the beginning, if it is of this kind.
fn chunk(bytes: &[u8], kind: u32) -> Result<Option<Chunk<'_>>, GltfError> {
    let length = number(bytes, 0)? as usize;
    if number(bytes, 4)? != kind {
        return Ok(None);
    }
    let body = &bytes[8..];
    if length > body.len() {
        return Err(GltfError::NotGltf("a chunk is longer than the file; copy it again"));
    }
    Ok(Some(body.split_at(length)))
}

fn number(bytes: &[u8], at: usize) -> Result<u32, GltfError> {
    let four = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    four.map(|four| u32::from_le_bytes(*four)).ok_or(GltfError::NotGltf("it ends within its header"))
}
