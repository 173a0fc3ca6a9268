//! `EXT_meshopt_compression`: the three codecs and four filters of the extension's appendices, bitstream
//! version 0 (vertices) and 0 or 1 (indices). Written from the extension's text; tests compare it with
//! meshoptimizer's own encoder.

use super::json::Meshopt;

type Decoded = Result<Vec<u8>, &'static str>;

const TOO_SHORT: &str = "its compressed data is shorter than its count says";
const TOO_LONG: &str = "its compressed data is longer than its count says";
const BAD_HEADER: &str = "its compressed data is of another kind or a newer version";

/// Unpacks a view into `count * byte_stride` bytes; the caller has checked that so much is allowed.
pub(super) fn decode(data: &[u8], view: &Meshopt) -> Decoded {
    let count = usize::try_from(view.count).map_err(|_| "its count is too large")?;
    let stride = view.byte_stride as usize;
    // No code has fewer than one bit for an item; so memory is taken only for what may be there.
    let mut bytes = match view.mode.as_str() {
        "ATTRIBUTES" if stride == 0 || stride > 256 || !stride.is_multiple_of(4) => {
            return Err("its stride is not a multiple of 4 up to 256");
        }
        "ATTRIBUTES" => attributes(data, count, stride)?,
        "TRIANGLES" | "INDICES" if stride != 2 && stride != 4 => return Err("its stride is neither 2 nor 4"),
        "TRIANGLES" => pack(&triangles(data, count)?, stride)?,
        "INDICES" => pack(&sequence(data, count)?, stride)?,
        _ => return Err("its mode is none that exists"),
    };
    match view.filter.as_deref() {
        None | Some("NONE") => {}
        Some("OCTAHEDRAL") if stride == 4 => bytes.as_chunks_mut::<4>().0.iter_mut().for_each(octahedral_8),
        Some("OCTAHEDRAL") if stride == 8 => bytes.as_chunks_mut::<8>().0.iter_mut().for_each(octahedral_16),
        Some("QUATERNION") if stride == 8 => bytes.as_chunks_mut::<8>().0.iter_mut().for_each(quaternion),
        Some("EXPONENTIAL") => bytes.as_chunks_mut::<4>().0.iter_mut().for_each(exponential),
        Some(_) => return Err("its filter does not exist for its stride"),
    }
    Ok(bytes)
}

fn pack(indices: &[u32], stride: usize) -> Decoded {
    if stride == 4 {
        return Ok(indices.iter().flat_map(|index| index.to_le_bytes()).collect());
    }
    let narrow = |&index: &u32| u16::try_from(index).map(u16::to_le_bytes);
    let pairs: Result<Vec<_>, _> = indices.iter().map(narrow).collect();
    Ok(pairs.map_err(|_| "an index does not fit into its 2 bytes")?.concat())
}

fn attributes(data: &[u8], count: usize, stride: usize) -> Decoded {
    let tail = stride.max(32);
    let body_end = data.len().checked_sub(tail).filter(|&end| end >= 1).ok_or(TOO_SHORT)?;
    if data[0] != 0xa0 {
        return Err(BAD_HEADER);
    }
    let mut stream = Stream { data: &data[1..body_end] };
    let mut last = data[data.len() - stride..].to_vec();
    let block = (8192 / stride / 16 * 16).clamp(16, 256);
    // Each block has a header for each byte of the stride: two bits for 16 items.
    if count.div_ceil(16).div_ceil(4) > data.len() {
        return Err(TOO_SHORT);
    }
    let mut out = vec![0; count * stride];
    let mut values = [0; 256];
    for items in out.chunks_mut(block * stride) {
        let length = items.len() / stride;
        for byte in 0..stride {
            stream.byte_groups(&mut values[..length.next_multiple_of(16)])?;
            for (item, &delta) in items.chunks_exact_mut(stride).zip(&values) {
                // Zigzag: the lowest bit is the sign.
                let delta = (delta >> 1) ^ (delta & 1).wrapping_neg();
                last[byte] = last[byte].wrapping_add(delta);
                item[byte] = last[byte];
            }
        }
    }
    if stream.data.is_empty() { Ok(out) } else { Err(TOO_LONG) }
}

struct Stream<'a> {
    data: &'a [u8],
}

impl<'a> Stream<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], &'static str> {
        let (taken, rest) = self.data.split_at_checked(count).ok_or(TOO_SHORT)?;
        self.data = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, &'static str> {
        self.take(1).map(|bytes| bytes[0])
    }

    /// Groups of 16 bytes, each with 0, 2, 4 or 8 bits a byte as the header says.
    fn byte_groups(&mut self, out: &mut [u8]) -> Result<(), &'static str> {
        let header = self.take((out.len() / 16).div_ceil(4))?;
        for (group, values) in out.chunks_exact_mut(16).enumerate() {
            match header[group / 4] >> (group % 4 * 2) & 3 {
                0 => values.fill(0),
                1 => self.packed(values, 2)?,
                2 => self.packed(values, 4)?,
                _ => values.copy_from_slice(self.take(16)?),
            }
        }
        Ok(())
    }

    /// 16 values of `bits` bits, the highest first; all ones stand for a whole byte that follows.
    fn packed(&mut self, values: &mut [u8], bits: usize) -> Result<(), &'static str> {
        let codes = self.take(bits * 2)?;
        let escape = (1 << bits) - 1;
        for (i, value) in values.iter_mut().enumerate() {
            let at = i * bits;
            let code = codes[at / 8] >> (8 - bits - at % 8) & escape;
            *value = if code == escape { self.byte()? } else { code };
        }
        Ok(())
    }

    /// Seven bits a byte, the lowest first, five bytes at most.
    fn varint(&mut self) -> Result<u32, &'static str> {
        let mut value = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            value |= u32::from(byte & 127).checked_shl(shift).unwrap_or(0);
            if byte < 128 {
                break;
            }
        }
        Ok(value)
    }

    fn index_after(&mut self, last: u32) -> Result<u32, &'static str> {
        let code = self.varint()?;
        Ok(last.wrapping_add((code >> 1) ^ (code & 1).wrapping_neg()))
    }
}

fn sequence(data: &[u8], count: usize) -> Result<Vec<u32>, &'static str> {
    // The last four bytes are padding for readers that look ahead.
    let body_end = data.len().checked_sub(4).filter(|&end| end >= 1).ok_or(TOO_SHORT)?;
    if data[0] & 0xf0 != 0xd0 || data[0] & 15 > 1 {
        return Err(BAD_HEADER);
    }
    if count > body_end {
        return Err(TOO_SHORT);
    }
    let mut stream = Stream { data: &data[1..body_end] };
    let mut last = [0_u32; 2];
    let mut out = Vec::with_capacity(count);
    for _ in 0..count {
        let code = stream.varint()?;
        let line = &mut last[(code & 1) as usize];
        let delta = code >> 1;
        *line = line.wrapping_add((delta >> 1) ^ (delta & 1).wrapping_neg());
        out.push(*line);
    }
    if stream.data.is_empty() { Ok(out) } else { Err(TOO_LONG) }
}

/// What the triangle codec remembers: recent edges and vertices, the next new one, the last explicit one.
struct Recent {
    edges: [[u32; 2]; 16],
    edge_at: usize,
    vertices: [u32; 16],
    vertex_at: usize,
    next: u32,
    last: u32,
}

impl Recent {
    fn edge(&self, back: usize) -> [u32; 2] {
        self.edges[self.edge_at.wrapping_sub(1 + back) & 15]
    }

    fn vertex(&self, back: usize) -> u32 {
        self.vertices[self.vertex_at.wrapping_sub(back) & 15]
    }

    fn push_edge(&mut self, a: u32, b: u32) {
        self.edges[self.edge_at & 15] = [a, b];
        self.edge_at = self.edge_at.wrapping_add(1);
    }

    fn push_vertex(&mut self, vertex: u32) {
        self.vertices[self.vertex_at & 15] = vertex;
        self.vertex_at = self.vertex_at.wrapping_add(1);
    }

    fn new_vertex(&mut self) -> u32 {
        let vertex = self.next;
        self.next = self.next.wrapping_add(1);
        vertex
    }
}

fn triangles(data: &[u8], count: usize) -> Result<Vec<u32>, &'static str> {
    if !count.is_multiple_of(3) {
        return Err("its count is not a multiple of three");
    }
    let faces = count / 3;
    if data.len() < 1 + faces + 16 {
        return Err(TOO_SHORT);
    }
    if data[0] & 0xf0 != 0xe0 || data[0] & 15 > 1 {
        return Err(BAD_HEADER);
    }
    // Version 1 spends two codes on "one before" and "one after the last explicit index".
    let near_codes = if data[0] & 15 == 1 { 13 } else { 15 };
    let codes = &data[1..1 + faces];
    let (body, table) = data[1 + faces..].split_at(data.len() - 17 - faces);
    let mut stream = Stream { data: body };
    let mut recent = Recent {
        edges: [[u32::MAX; 2]; 16],
        edge_at: 0,
        vertices: [u32::MAX; 16],
        vertex_at: 0,
        next: 0,
        last: 0,
    };
    let mut out = Vec::with_capacity(count);
    for &code in codes {
        let triangle = if code < 0xf0 {
            triangle_on_edge(&mut recent, &mut stream, code, near_codes)?
        } else {
            triangle_alone(&mut recent, &mut stream, code, table)?
        };
        out.extend(triangle);
    }
    if stream.data.is_empty() { Ok(out) } else { Err(TOO_LONG) }
}

fn triangle_on_edge(
    recent: &mut Recent,
    stream: &mut Stream<'_>,
    code: u8,
    near_codes: u8,
) -> Result<[u32; 3], &'static str> {
    let [a, b] = recent.edge(usize::from(code >> 4));
    let third = code & 15;
    let c = if third == 0 {
        let c = recent.new_vertex();
        recent.push_vertex(c);
        c
    } else if third < near_codes {
        recent.vertex(1 + usize::from(third))
    } else {
        recent.last = match third {
            15 => stream.index_after(recent.last)?,
            13 => recent.last.wrapping_sub(1),
            _ => recent.last.wrapping_add(1),
        };
        recent.push_vertex(recent.last);
        recent.last
    };
    recent.push_edge(c, b);
    recent.push_edge(a, c);
    Ok([a, b, c])
}

fn triangle_alone(
    recent: &mut Recent,
    stream: &mut Stream<'_>,
    code: u8,
    table: &[u8],
) -> Result<[u32; 3], &'static str> {
    let explicit = code >= 0xfe;
    let pair = if explicit { stream.byte()? } else { table[usize::from(code & 15)] };
    if explicit && pair == 0 {
        recent.next = 0;
    }
    let kinds = [if code == 0xff { 15 } else { 0 }, pair >> 4, pair & 15];
    let mut triangle = [0; 3];
    // New and remembered vertices are found first: both look at the memory as it was before this triangle.
    for (vertex, &kind) in triangle.iter_mut().zip(&kinds) {
        *vertex = match kind {
            0 => recent.new_vertex(),
            _ => recent.vertex(usize::from(kind)),
        };
    }
    for (vertex, &kind) in triangle.iter_mut().zip(&kinds) {
        if explicit && kind == 15 {
            recent.last = stream.index_after(recent.last)?;
            *vertex = recent.last;
        }
    }
    for (&vertex, &kind) in triangle.iter().zip(&kinds) {
        if kind == 0 || (explicit && kind == 15) {
            recent.push_vertex(vertex);
        }
    }
    let [a, b, c] = triangle;
    recent.push_edge(b, a);
    recent.push_edge(c, b);
    recent.push_edge(a, c);
    Ok(triangle)
}

/// A point of the octahedron to a unit vector (extension appendix A, octahedral filter).
fn unfold(x: f32, y: f32, one: f32) -> [f32; 3] {
    let z = one - x.abs() - y.abs();
    // Below the equator the corners are folded over the edges.
    let fold = z.min(0.0);
    let unfolded = |value: f32| if value >= 0.0 { value + fold } else { value - fold };
    let (x, y) = (unfolded(x), unfolded(y));
    let length = (x * x + y * y + z * z).sqrt().max(f32::MIN_POSITIVE);
    [x / length, y / length, z / length]
}

fn octahedral_8(item: &mut [u8; 4]) {
    let [x, y, one] = [item[0] as i8, item[1] as i8, item[2] as i8].map(f32::from);
    let unit = unfold(x, y, one);
    for (byte, value) in item.iter_mut().zip(unit) {
        *byte = (value * 127.0).round() as i8 as u8;
    }
}

fn shorts(item: &[u8; 8]) -> [i16; 4] {
    std::array::from_fn(|i| i16::from_le_bytes([item[i * 2], item[i * 2 + 1]]))
}

fn put_short(item: &mut [u8; 8], at: usize, value: f32) {
    item[at * 2..at * 2 + 2].copy_from_slice(&(value.round() as i16).to_le_bytes());
}

fn octahedral_16(item: &mut [u8; 8]) {
    let [x, y, one, _] = shorts(item).map(f32::from);
    for (at, value) in unfold(x, y, one).into_iter().enumerate() {
        put_short(item, at, value * 32_767.0);
    }
}

fn quaternion(item: &mut [u8; 8]) {
    let [x, y, z, code] = shorts(item);
    // The last number holds the scale, and in its two lowest bits which component was left out.
    let scale = std::f32::consts::FRAC_1_SQRT_2 / f32::from(code | 3);
    let small = [x, y, z].map(|value| f32::from(value) * scale);
    let largest = (1.0 - small.iter().map(|value| value * value).sum::<f32>()).max(0.0).sqrt();
    let left_out = (code & 3) as usize;
    for (i, value) in small.into_iter().enumerate() {
        put_short(item, (left_out + 1 + i) & 3, value * 32_767.0);
    }
    put_short(item, left_out, largest * 32_767.0);
}

fn exponential(item: &mut [u8; 4]) {
    let bits = i32::from_le_bytes(*item);
    let (exponent, mantissa) = (bits >> 24, (bits << 8) >> 8);
    // 127 bits of exponent and 24 of mantissa can leave the range of f32; it then stays at its end.
    let value = f64::from(mantissa) * f64::from(exponent).exp2();
    *item = (value.clamp(f32::MIN.into(), f32::MAX.into()) as f32).to_le_bytes();
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::meshopt as reference;

    fn view(mode: &str, count: usize, stride: u64) -> Meshopt {
        Meshopt {
            buffer: 0,
            byte_offset: 0,
            byte_length: 0,
            byte_stride: stride,
            count: count as u64,
            mode: mode.into(),
            filter: None,
        }
    }

    fn grid_indices(side: u32) -> Vec<u32> {
        let quads = (0..side - 1).flat_map(|z| (0..side - 1).map(move |x| z * side + x));
        quads.flat_map(|a| [a, a + side, a + 1, a + 1, a + side, a + side + 1]).collect()
    }

    fn bytes_of(indices: &[u32]) -> Vec<u8> {
        indices.iter().flat_map(|index| index.to_le_bytes()).collect()
    }

    /// Triangles may come back turned (b, c, a): each is compared from its smallest index on.
    fn canonical(bytes: &[u8]) -> Vec<[u32; 3]> {
        let indices: Vec<u32> =
            bytes.as_chunks::<4>().0.iter().map(|four| u32::from_le_bytes(*four)).collect();
        let turned = |t: &[u32; 3]| {
            let first = (0..3).min_by_key(|&i| t[i]).unwrap();
            [t[first], t[(first + 1) % 3], t[(first + 2) % 3]]
        };
        indices.as_chunks::<3>().0.iter().map(turned).collect()
    }

    #[test]
    fn triangles_are_those_of_the_reference_encoder() {
        let mut scattered = grid_indices(40);
        // A stride that shares no factor with the count mixes near and far triangles.
        let triangles = scattered.clone();
        let count = triangles.len() / 3;
        for i in 0..count {
            let from = i * 389 % count * 3;
            scattered[i * 3..i * 3 + 3].copy_from_slice(&triangles[from..from + 3]);
        }
        for indices in [grid_indices(40), scattered, vec![5, 6, 7, 900, 7, 6]] {
            let packed = reference::encode_index_buffer(&indices, 1600).unwrap();
            let unpacked = decode(&packed, &view("TRIANGLES", indices.len(), 4)).unwrap();
            assert_eq!(canonical(&unpacked), canonical(&bytes_of(&indices)));
        }
    }

    #[test]
    fn attributes_are_those_of_the_reference_encoder() {
        // Smooth, noisy and constant bytes make all four group widths appear.
        let vertices: Vec<[u8; 12]> = (0..1000_u32)
            .map(|i| {
                std::array::from_fn(|k| {
                    [i / 3, i * i % 7, i.wrapping_mul(2_654_435_761) >> 24, 9][k % 4] as u8
                })
            })
            .collect();
        let packed = reference::encode_vertex_buffer_level(&vertices, 2, Some(0)).unwrap();
        assert_eq!(decode(&packed, &view("ATTRIBUTES", vertices.len(), 12)), Ok(vertices.concat()));
        assert!(decode(&packed, &view("ATTRIBUTES", vertices.len() + 256, 12)).is_err());
    }

    #[test]
    fn sequences_are_those_of_the_reference_encoder() {
        let indices: Vec<u32> = (0..500).map(|i| if i % 2 == 0 { i } else { 60_000 - i }).collect();
        let packed = reference::encode_index_sequence(&indices, 65_536).unwrap();
        assert_eq!(decode(&packed, &view("INDICES", indices.len(), 4)), Ok(bytes_of(&indices)));
        let narrow = decode(&packed, &view("INDICES", indices.len(), 2)).unwrap();
        assert_eq!(u16::from_le_bytes([narrow[2], narrow[3]]), 59_999);
    }

    #[test]
    fn cut_or_damaged_data_is_refused_or_harmless() {
        let indices = grid_indices(12);
        let packed = reference::encode_index_buffer(&indices, 144).unwrap();
        for length in 0..packed.len() {
            assert!(decode(&packed[..length], &view("TRIANGLES", indices.len(), 4)).is_err(), "{length}");
        }
        for at in 0..packed.len() {
            let mut damaged = packed.clone();
            damaged[at] ^= 0x55;
            for mode in ["TRIANGLES", "INDICES", "ATTRIBUTES"] {
                decode(&damaged, &view(mode, indices.len(), 4)).ok();
            }
        }
        assert_eq!(decode(&[0xa0; 64], &view("ATTRIBUTES", 1 << 40, 16)), Err(TOO_SHORT));
    }

    #[test]
    fn octahedral_normals_unfold() {
        let check = |item: [i8; 4], expected: [i8; 3]| {
            let mut bytes = item.map(|value| value as u8);
            octahedral_8(&mut bytes);
            assert_eq!([bytes[0] as i8, bytes[1] as i8, bytes[2] as i8], expected);
            assert_eq!(bytes[3] as i8, item[3]);
        };
        check([0, 0, 127, 5], [0, 0, 127]);
        check([127, 0, 127, 0], [127, 0, 0]);
        check([0, -127, 127, 0], [0, -127, 0]);
        check([127, 127, 127, -1], [0, 0, -127]);
    }

    #[test]
    fn quaternions_get_their_largest_component_back() {
        // Half a right angle about x, left-out component w (index 3), scale 2047.
        let half = std::f32::consts::FRAC_PI_8;
        let x = (half.sin() * 2047.0 * std::f32::consts::SQRT_2).round() as i16;
        let mut item = [0; 8];
        for (at, value) in [x, 0, 0, 2047].into_iter().enumerate() {
            put_short(&mut item, at, f32::from(value));
        }
        quaternion(&mut item);
        let [x, y, z, w] = shorts(&item).map(|value| f32::from(value) / 32_767.0);
        assert!(
            (x - half.sin()).abs() < 1e-3 && y == 0.0 && z == 0.0 && (w - half.cos()).abs() < 1e-3,
            "{x} {y} {z} {w}"
        );
    }

    #[test]
    fn exponents_scale_mantissas() {
        let check = |exponent: i32, mantissa: i32, expected: f32| {
            let mut item = (exponent << 24 | mantissa & 0xff_ffff).to_le_bytes();
            exponential(&mut item);
            assert_eq!(f32::from_le_bytes(item), expected);
        };
        check(0, 3, 3.0);
        check(-2, -3, -0.75);
        check(4, 1, 16.0);
        check(127, 0x7f_ffff, f32::MAX);
    }
}
