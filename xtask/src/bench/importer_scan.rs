//! A scan that is the same on every machine: a bumpy hall with clutter, as photogrammetry leaves it, as GLB.
//!
//! Its noise is whole-number hashing, so that no library's sine changes a figure.

use anyhow::{Context, Result};
use image::codecs::jpeg::JpegEncoder;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

type Vec3 = [f64; 3];

/// The hall, metres.
const SIZE: Vec3 = [14.0, 3.5, 9.0];
/// Lumps on the floor: chairs, bags, plants.
const LUMPS: u32 = 60;
/// Pixels of a picture along a side.
const PICTURE: u32 = 4_096;
const PICTURES: u32 = 2;

/// What is made.
#[derive(Clone, Copy)]
pub struct Scan {
    /// About so many.
    pub triangles: u64,
    /// Colours come from pictures; else from vertices.
    pub has_pictures: bool,
}

/// What was made.
pub struct Made {
    /// Exactly so many.
    pub triangles: u64,
    /// Pixels of all pictures.
    pub pixels: u64,
    /// Metres along the longest side.
    pub extent: f64,
}

/// Surfaces with one material.
#[derive(Default)]
struct Part {
    positions: Vec<[f32; 3]>,
    uvs: Vec<[f32; 2]>,
    colors: Vec<[u8; 4]>,
    indices: Vec<u32>,
    picture: u32,
}

/// Writes a scan.
pub fn write(scan: Scan, path: &Path) -> Result<Made> {
    let parts = parts(scan.triangles);
    let triangles = parts.iter().map(|part| part.indices.len() as u64 / 3).sum();
    let count = if scan.has_pictures { PICTURES } else { 0 };
    let pictures: Vec<Vec<u8>> = (0..count).map(picture).collect::<Result<_>>()?;
    let pixels = u64::from(count) * u64::from(PICTURE).pow(2);
    glb(&parts, &pictures, path).with_context(|| path.display().to_string())?;
    Ok(Made { triangles, pixels, extent: SIZE[0] })
}

/// Floor, ceiling, four walls, and the lumps.
fn parts(triangles: u64) -> Vec<Part> {
    let [x, y, z] = SIZE;
    // Lumps have about half the surface of the floor.
    let area = 2.0 * (x * y + y * z + z * x) + x * z * 0.5;
    let spacing = (2.0 * area / triangles as f64).sqrt();
    // From, along, across; then the part of a picture: left, top, width, height.
    let walls: [(u32, Vec3, Vec3, Vec3, [f64; 4]); 6] = [
        (0, [0.0, 0.0, z], [x, 0.0, 0.0], [0.0, 0.0, -z], [0.0, 0.0, 1.0, 0.5]),
        (0, [0.0, y, 0.0], [x, 0.0, 0.0], [0.0, 0.0, z], [0.0, 0.5, 1.0, 0.5]),
        (1, [0.0, 0.0, 0.0], [x, 0.0, 0.0], [0.0, y, 0.0], [0.0, 0.0, 0.5, 0.25]),
        (1, [x, 0.0, z], [-x, 0.0, 0.0], [0.0, y, 0.0], [0.5, 0.0, 0.5, 0.25]),
        (1, [0.0, 0.0, z], [0.0, 0.0, -z], [0.0, y, 0.0], [0.0, 0.25, 0.5, 0.25]),
        (1, [x, 0.0, 0.0], [0.0, 0.0, z], [0.0, y, 0.0], [0.5, 0.25, 0.5, 0.25]),
    ];
    let wall = |(picture, from, u, v, area): (u32, Vec3, Vec3, Vec3, [f64; 4])| {
        let mut part = Part { picture, ..Part::default() };
        let inwards = scale(cross(u, v), 1.0 / length(cross(u, v)));
        let point = |s: f64, t: f64| {
            let flat = add(add(from, scale(u, s)), scale(v, t));
            // Sheets meet at their edges, where nothing is moved.
            let edge = (s * (1.0 - s) * t * (1.0 - t) * 400.0).min(1.0);
            add(flat, scale(inwards, bump(flat) * edge))
        };
        part.sheet(steps(length(u), spacing), steps(length(v), spacing), point, area);
        part
    };
    let mut parts: Vec<Part> = walls.into_iter().map(wall).collect();
    let mut clutter = Part { picture: 1, ..Part::default() };
    (0..LUMPS).for_each(|number| clutter.lump(number, spacing));
    parts.push(clutter);
    parts
}

fn steps(length: f64, spacing: f64) -> u32 {
    (length / spacing).round().max(2.0) as u32
}

impl Part {
    /// A grid of so many quads along and across; `area` is its part of the picture.
    fn sheet(&mut self, along: u32, across: u32, point: impl Fn(f64, f64) -> Vec3, area: [f64; 4]) {
        let first = self.positions.len() as u32;
        for j in 0..=across {
            for i in 0..=along {
                let (s, t) = (f64::from(i) / f64::from(along), f64::from(j) / f64::from(across));
                let place = point(s, t);
                self.positions.push(place.map(|value| value as f32));
                self.uvs.push([(area[0] + area[2] * s) as f32, (area[1] + area[3] * t) as f32]);
                self.colors.push(color(place));
            }
        }
        let at = |i: u32, j: u32| first + j * (along + 1) + i;
        for (i, j) in (0..across).flat_map(|j| (0..along).map(move |i| (i, j))) {
            let [a, b, c, d] = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
            self.indices.extend([a, b, c, a, c, d]);
        }
    }

    /// A ball out of a cube's faces, dented, that rests on the floor.
    fn lump(&mut self, number: u32, spacing: f64) {
        let random = |salt: u32| f64::from(hash([number as i32, salt as i32, 77]) % 10_000) / 10_000.0;
        let radius = 0.12 + 0.3 * random(1);
        let middle = [0.6 + (SIZE[0] - 1.2) * random(2), radius * 0.8, 0.6 + (SIZE[2] - 1.2) * random(3)];
        let quads = steps(radius * std::f64::consts::FRAC_PI_2, spacing);
        let faces: [[Vec3; 3]; 6] = [
            [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            [[-1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]],
            [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]],
            [[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]],
            [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
            [[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
        ];
        let (cell, column, row) = (1.0 / 8.0, f64::from(number % 8), f64::from(number / 8));
        for ([normal, u, v], face) in faces.into_iter().zip(0_u32..) {
            let point = |s: f64, t: f64| {
                let cube = add(normal, add(scale(u, 2.0 * s - 1.0), scale(v, 2.0 * t - 1.0)));
                let out = scale(cube, 1.0 / length(cube));
                let dent = 1.0 + 0.25 * (noise(add(scale(out, 2.0), middle), number) - 0.5);
                let place = add(middle, scale(out, radius * dent));
                add(place, scale(out, bump(place)))
            };
            let (left, top) = (f64::from(face % 3) / 3.0, f64::from(face / 3) / 2.0);
            let area = [(column + left) * cell, 0.5 + (row + top) * cell / 2.0, cell / 3.0, cell / 4.0];
            self.sheet(quads, quads, point, area);
        }
    }
}

fn add(a: Vec3, b: Vec3) -> Vec3 {
    std::array::from_fn(|i| a[i] + b[i])
}

fn scale(a: Vec3, by: f64) -> Vec3 {
    a.map(|value| value * by)
}

fn cross(a: Vec3, b: Vec3) -> Vec3 {
    std::array::from_fn(|i| a[(i + 1) % 3] * b[(i + 2) % 3] - a[(i + 2) % 3] * b[(i + 1) % 3])
}

fn length(a: Vec3) -> f64 {
    a.iter().map(|value| value * value).sum::<f64>().sqrt()
}

/// A scanner's waves, dents and grain, metres.
fn bump(at: Vec3) -> f64 {
    let layer = |wide: f64, high: f64, salt: u32| (noise(scale(at, 1.0 / wide), salt) - 0.5) * 2.0 * high;
    layer(1.1, 0.008, 1) + layer(0.17, 0.003, 2) + layer(0.02, 0.0008, 3)
}

fn color(at: Vec3) -> [u8; 4] {
    let shade = 90.0 + 60.0 * noise(scale(at, 1.5), 5) + 40.0 * noise(scale(at, 9.0), 6);
    let grain = 14.0 * noise(scale(at, 120.0), 7);
    let tint = 30.0 * noise(scale(at, 0.4), 8);
    [(shade + grain + tint) as u8, (shade + grain) as u8, (shade + grain + 20.0 - tint) as u8, 255]
}

/// Smooth noise from 0 to 1 with a grain of one.
fn noise(at: Vec3, salt: u32) -> f64 {
    let base = at.map(f64::floor);
    let soft: Vec3 = std::array::from_fn(|i| {
        let t = at[i] - base[i];
        t * t * (3.0 - 2.0 * t)
    });
    let corner = |x: usize, y: usize, z: usize| {
        let place = [base[0] as i32 + x as i32, base[1] as i32 + y as i32, base[2] as i32 + z as i32];
        f64::from(hash([place[0], place[1] ^ (salt as i32) << 20, place[2]]) & 0xffff) / 65_535.0
    };
    let mix = |a: f64, b: f64, t: f64| a + (b - a) * t;
    let line = |y: usize, z: usize| mix(corner(0, y, z), corner(1, y, z), soft[0]);
    mix(mix(line(0, 0), line(1, 0), soft[1]), mix(line(0, 1), line(1, 1), soft[1]), soft[2])
}

fn hash(place: [i32; 3]) -> u32 {
    let mut value = place
        .into_iter()
        .fold(0x9e37_79b9_u32, |value, part| (value ^ part as u32).wrapping_mul(0x85eb_ca6b).rotate_left(13));
    value = (value ^ (value >> 16)).wrapping_mul(0xc2b2_ae35);
    value ^ (value >> 15)
}

fn picture(number: u32) -> Result<Vec<u8>> {
    let pixel = |x: u32, y: u32| {
        let place = [f64::from(x) / 500.0, f64::from(number) * 9.0, f64::from(y) / 500.0];
        let [r, g, b, _] = color(place);
        let grain = (hash([x as i32, y as i32, 3]) % 12) as u8;
        image::Rgb([r.saturating_add(grain), g.saturating_add(grain), b.saturating_add(grain)])
    };
    let mut bytes = Vec::new();
    image::RgbImage::from_fn(PICTURE, PICTURE, pixel)
        .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90))?;
    Ok(bytes)
}

/// Writes glTF 2.0 as one binary: plain lists, as programs for photogrammetry do.
fn glb(parts: &[Part], pictures: &[Vec<u8>], path: &Path) -> Result<()> {
    let mut file = Lists::default();
    let primitives: Vec<Value> = parts
        .iter()
        .map(|part| {
            let corner = |pick: fn(f32, f32) -> f32| {
                part.positions.iter().copied().reduce(|a, b| std::array::from_fn(|i| pick(a[i], b[i])))
            };
            let positions =
                file.add(bytes(&part.positions, f32::to_le_bytes), 5126, "VEC3", part.positions.len());
            file.accessors[positions]["min"] = json!(corner(f32::min));
            file.accessors[positions]["max"] = json!(corner(f32::max));
            let mut attributes = json!({"POSITION": positions});
            if pictures.is_empty() {
                let colors = file.add(part.colors.concat(), 5121, "VEC4", part.colors.len());
                file.accessors[colors]["normalized"] = json!(true);
                attributes["COLOR_0"] = json!(colors);
            } else {
                attributes["TEXCOORD_0"] =
                    json!(file.add(bytes(&part.uvs, f32::to_le_bytes), 5126, "VEC2", part.uvs.len()));
            }
            let indices: Vec<u8> = part.indices.iter().flat_map(|index| index.to_le_bytes()).collect();
            let indices = file.add(indices, 5125, "SCALAR", part.indices.len());
            json!({"attributes": attributes, "indices": indices, "material": part.picture})
        })
        .collect();
    let images: Vec<Value> = pictures
        .iter()
        .map(|picture| json!({"bufferView": file.view(picture), "mimeType": "image/jpeg"}))
        .collect();
    let textures: Vec<Value> = (0..pictures.len()).map(|source| json!({"source": source})).collect();
    let material = |at: u32| match pictures.is_empty() {
        true => json!({"extensions": {"KHR_materials_unlit": {}}}),
        false => json!({"pbrMetallicRoughness": {"baseColorTexture": {"index": at}, "metallicFactor": 0}}),
    };
    let mut document = json!({
        "asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0}],
        "extensionsUsed": ["KHR_materials_unlit"], "meshes": [{"primitives": primitives}],
        "materials": (0..PICTURES).map(material).collect::<Vec<_>>(), "accessors": file.accessors,
        "bufferViews": file.views, "buffers": [{"byteLength": file.binary.len()}],
    });
    if !pictures.is_empty() {
        document["images"] = json!(images);
        document["textures"] = json!(textures);
    }
    let mut json = document.to_string().into_bytes();
    json.resize(json.len().next_multiple_of(4), b' ');
    let mut out = BufWriter::new(File::create(path)?);
    let total = 12 + 8 + json.len() + 8 + file.binary.len();
    for word in [0x4654_6c67, 2, total as u32, json.len() as u32, 0x4e4f_534a] {
        out.write_all(&u32::to_le_bytes(word))?;
    }
    out.write_all(&json)?;
    for word in [file.binary.len() as u32, 0x004e_4942] {
        out.write_all(&word.to_le_bytes())?;
    }
    out.write_all(&file.binary)?;
    Ok(out.flush()?)
}

fn bytes<const N: usize>(rows: &[[f32; N]], number: fn(f32) -> [u8; 4]) -> Vec<u8> {
    rows.iter().flatten().flat_map(|value| number(*value)).collect()
}

/// The binary part, and what says where things lie in it.
#[derive(Default)]
struct Lists {
    binary: Vec<u8>,
    views: Vec<Value>,
    accessors: Vec<Value>,
}

impl Lists {
    fn view(&mut self, bytes: &[u8]) -> usize {
        self.views.push(json!({"buffer": 0, "byteOffset": self.binary.len(), "byteLength": bytes.len()}));
        self.binary.extend_from_slice(bytes);
        self.binary.resize(self.binary.len().next_multiple_of(4), 0);
        self.views.len() - 1
    }

    fn add(&mut self, bytes: Vec<u8>, component: u32, shape: &str, count: usize) -> usize {
        let view = self.view(&bytes);
        self.accessors
            .push(json!({"bufferView": view, "componentType": component, "type": shape, "count": count}));
        self.accessors.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_has_the_triangles_that_were_asked_for_and_is_always_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let write_to = |name: &str| {
            let path = folder.path().join(name);
            let made = write(Scan { triangles: 20_000, has_pictures: false }, &path).unwrap();
            (made.triangles, std::fs::read(path).unwrap())
        };
        let (triangles, bytes) = write_to("one.glb");
        assert!((15_000..30_000).contains(&triangles), "{triangles}");
        assert_eq!(bytes, write_to("two.glb").1);
        assert_eq!(&bytes[..4], b"glTF");
        assert_eq!(u32::from_le_bytes(bytes[8..12].try_into().unwrap()) as usize, bytes.len());
    }

    #[test]
    fn walls_face_inwards() {
        let middle = scale(SIZE, 0.5);
        for wall in &parts(3_000)[..6] {
            let [a, b, c] = [0, 1, 2].map(|i| wall.positions[wall.indices[i] as usize].map(f64::from));
            let to = |from: Vec3, to: Vec3| add(to, scale(from, -1.0));
            let normal = cross(to(a, b), to(a, c));
            let inwards = to(a, middle);
            assert!((0..3).map(|i| normal[i] * inwards[i]).sum::<f64>() > 0.0);
        }
    }
}
