//! PLY: meshes with colours, normals, texture coordinates of vertices or of corners, and points with intensities.

use super::assemble::{Assembler, Vertex};
use super::batch::RawBatch;
use super::error::ScanError;
use super::info::ScanMaterial;
use super::inputs::SPLATS;
use super::intensity::Grey;
use super::ply_body::{Body, Row};
use super::ply_header::{self, Element, Header, Kind};
use super::sink::Sink;
use super::source::Source;
use super::vertices::Vertices;
use glam::{DVec3, Vec2, Vec3};

/// Reads a file into the store.
pub(super) fn read(source: &Source, sink: &mut Sink<'_>) -> Result<(), ScanError> {
    let mut open = source.open()?;
    let header = ply_header::read(source, &mut open)?;
    check(source, &header)?;
    let faces = header.elements.iter().position(|element| element.name == "face" && element.count > 0);
    let mut body = Body::new(source, open, header.encoding, header.length);
    let mut row = Row::default();
    let mut vertices = Vertices::new(source, sink);
    for (at, element) in header.elements.iter().enumerate() {
        match element.name.as_str() {
            "vertex" if faces.is_some() => collect(sink, element, &mut body, &mut row, &mut vertices)?,
            "vertex" => points(sink, element, &mut body, &mut row)?,
            "face" if Some(at) == faces => {
                vertices.freeze()?;
                Faces::new(source, sink, &header, element)?.read(
                    sink,
                    element,
                    &mut body,
                    &mut row,
                    &mut vertices,
                )?;
            }
            // What is behind the last element that is needed is not even looked at.
            _ if faces.is_none_or(|faces| at > faces) && at > 0 => break,
            _ => skip(sink, element, &mut body, &mut row)?,
        }
    }
    Ok(())
}

/// Refuses what would be misunderstood.
fn check(source: &Source, header: &Header) -> Result<(), ScanError> {
    let find = |name: &str| header.elements.iter().position(|element| element.name == name);
    let Some(vertex) = find("vertex") else {
        return Err(source.wrong("header", "it has no element \"vertex\""));
    };
    let element = &header.elements[vertex];
    let is_splat = (element.has("f_dc_0") && element.has("scale_0")) || element.has("packed_position");
    if is_splat {
        return Err(source.wrong("", SPLATS));
    }
    if find("tristrips").is_some() {
        return Err(
            source.wrong("header", "its triangles are strips; export it with plain faces, e.g. from MeshLab")
        );
    }
    if ["x", "y", "z"].iter().any(|name| !element.has(name)) {
        return Err(source.wrong("header", "its vertices have no x, y and z"));
    }
    if header.elements.iter().filter(|element| element.name == "vertex" || element.name == "face").count()
        > 1 + usize::from(find("face").is_some())
    {
        return Err(source.wrong("header", "an element comes twice"));
    }
    if find("face").is_some_and(|face| face < vertex) {
        return Err(
            source.wrong("header", "its faces come before its vertices; export it again, e.g. from MeshLab")
        );
    }
    Ok(())
}

fn skip(sink: &mut Sink<'_>, element: &Element, body: &mut Body<'_>, row: &mut Row) -> Result<(), ScanError> {
    for at in 0..element.count {
        body.row(element, at, row)?;
        if element.properties.is_empty() {
            break;
        }
        sink.progress(body.done);
    }
    Ok(())
}

fn collect(
    sink: &mut Sink<'_>,
    element: &Element,
    body: &mut Body<'_>,
    row: &mut Row,
    vertices: &mut Vertices,
) -> Result<(), ScanError> {
    let columns = Columns::new(element);
    for at in 0..element.count {
        body.row(element, at, row)?;
        vertices.push(&columns.vertex(row), sink)?;
        sink.progress(body.done);
    }
    Ok(())
}

fn points(
    sink: &mut Sink<'_>,
    element: &Element,
    body: &mut Body<'_>,
    row: &mut Row,
) -> Result<(), ScanError> {
    let columns = Columns::new(element);
    let mut batch = RawBatch::default();
    sink.info.has_intensity |= columns.intensity.is_some();
    let mut grey = Grey::default();
    let mut intensities = Vec::new();
    for at in 0..element.count {
        body.row(element, at, row)?;
        batch.add(Vertex { uv: None, ..columns.vertex(row) });
        if let (Some(intensity), None) = (columns.intensity, columns.colors) {
            intensities.push(row.number(intensity) as f32);
        }
        if batch.is_full() || at + 1 == element.count {
            grey.color(&mut batch, &mut intensities);
            sink.push(&mut batch)?;
        }
        sink.progress(body.done);
    }
    Ok(())
}

/// Where a vertex's properties stand.
struct Columns {
    position: [usize; 3],
    normal: Option<[usize; 3]>,
    uv: Option<[usize; 2]>,
    colors: Option<([usize; 3], Kind)>,
    alpha: Option<(usize, Kind)>,
    intensity: Option<usize>,
}

impl Columns {
    fn new(element: &Element) -> Self {
        let one = |names: &[&str]| element.position(names);
        let kind = |at: usize| element.properties[at].kind;
        let colors = one(&["red", "r", "diffuse_red"])
            .zip(one(&["green", "g", "diffuse_green"]))
            .zip(one(&["blue", "b", "diffuse_blue"]));
        let uv = one(&["s", "u", "texture_u"]).zip(one(&["t", "v", "texture_v"]));
        let normal = one(&["nx", "normal_x"]).zip(one(&["ny", "normal_y"])).zip(one(&["nz", "normal_z"]));
        let at = |name: &str| one(&[name]).unwrap_or_default();
        Self {
            position: [at("x"), at("y"), at("z")],
            normal: normal.map(|((x, y), z)| [x, y, z]),
            uv: uv.map(|(u, v)| [u, v]),
            colors: colors.map(|((red, green), blue)| ([red, green, blue], kind(red))),
            alpha: one(&["alpha", "a", "diffuse_alpha"]).map(|at| (at, kind(at))),
            intensity: one(&[
                "intensity",
                "scalar_intensity",
                "scalar_Intensity",
                "reflectance",
                "Intensity",
            ]),
        }
    }

    fn vertex(&self, row: &Row) -> Vertex {
        let three = |columns: [usize; 3]| DVec3::from(columns.map(|at| row.number(at)));
        Vertex {
            position: three(self.position),
            normal: self.normal.map(|columns| three(columns).as_vec3().try_normalize().unwrap_or(Vec3::Y)),
            uv: self.uv.map(|[u, v]| uv_from_above(row.number(u), row.number(v))),
            color: self.colors.map(|(columns, kind)| {
                let [red, green, blue] = columns.map(|at| eight_bits(row.number(at), kind));
                let alpha = self.alpha.map_or(255, |(at, kind)| eight_bits(row.number(at), kind));
                [red, green, blue, alpha]
            }),
        }
    }
}

/// PLY counts v upwards, glTF downwards.
fn uv_from_above(u: f64, v: f64) -> Vec2 {
    Vec2::new(u as f32, (1.0 - v) as f32)
}

fn eight_bits(value: f64, kind: Kind) -> u8 {
    let value = match kind {
        Kind::F32 | Kind::F64 => value * 255.0,
        Kind::U16 | Kind::I16 => value / 257.0,
        Kind::U32 | Kind::I32 if value > 255.0 => value / 257.0,
        _ => value,
    };
    value.round().clamp(0.0, 255.0) as u8
}

/// How faces are meant.
struct Faces<'a> {
    source: &'a Source,
    corners: usize,
    /// A list of two numbers for each corner.
    wedge_uvs: Option<usize>,
    /// Which of the materials.
    texture: Option<usize>,
    materials: Vec<u32>,
}

impl<'a> Faces<'a> {
    fn new(
        source: &'a Source,
        sink: &mut Sink<'_>,
        header: &Header,
        element: &Element,
    ) -> Result<Self, ScanError> {
        let corners = element.position(&["vertex_indices", "vertex_index"]);
        let corners = corners.filter(|&at| element.properties[at].list.is_some());
        let corners =
            corners.ok_or_else(|| source.wrong("header", "its faces have no list \"vertex_indices\""))?;
        if element.has("red") {
            sink.warn(format!(
                "{}: the colours of its faces are left out, those of vertices are read",
                source.name
            ));
        }
        let mut materials = Vec::new();
        for name in &header.textures {
            let picture = match source.sibling(name) {
                Ok(file) => sink.picture_file(&file)?,
                Err(error) => {
                    sink.warn(format!("{error}; its surfaces are plain"));
                    None
                }
            };
            let name = super::error::shown(name);
            materials.push(sink.material(ScanMaterial { name, picture, ..ScanMaterial::default() })?);
        }
        let wedge_uvs = element.position(&["texcoord"]).filter(|&at| element.properties[at].list.is_some());
        Ok(Self { source, corners, wedge_uvs, texture: element.position(&["texnumber"]), materials })
    }

    fn read(
        &self,
        sink: &mut Sink<'_>,
        element: &Element,
        body: &mut Body<'_>,
        row: &mut Row,
        vertices: &mut Vertices,
    ) -> Result<(), ScanError> {
        let mut assembler = Assembler::default();
        for at in 0..element.count {
            body.row(element, at, row)?;
            self.face(sink, element, at, row, vertices, &mut assembler)?;
            sink.progress(body.done);
        }
        assembler.finish(sink)
    }

    fn face(
        &self,
        sink: &mut Sink<'_>,
        element: &Element,
        at: u64,
        row: &Row,
        vertices: &mut Vertices,
        assembler: &mut Assembler,
    ) -> Result<(), ScanError> {
        let corners = row.list(self.corners);
        let count = vertices.len();
        if let Some(&wrong) = corners.iter().find(|&&corner| !(0.0..count as f64).contains(&corner)) {
            let place = format!("face {} of {}", at + 1, element.count);
            return Err(self
                .source
                .wrong(place, format!("it names vertex {wrong} of {count}, counted from 0")));
        }
        let uvs = self.wedge_uvs.map(|at| row.list(at)).filter(|uvs| uvs.len() == corners.len() * 2);
        let uv = |corner: usize| uvs.map(|uvs| uv_from_above(uvs[corner * 2], uvs[corner * 2 + 1]));
        let number = self.texture.map_or(0.0, |at| row.number(at)).max(0.0) as usize;
        let material = self.materials.get(number).or(self.materials.first()).copied();
        // Corners of the same place with other texture coordinates are other vertices.
        let key = |corner: usize| {
            let [u, v] = uv(corner).map_or([0; 2], |uv| uv.to_array().map(f32::to_bits));
            [corners[corner] as u32, u, v]
        };
        for last in 2..corners.len() {
            let keys = [key(0), key(last - 1), key(last)];
            assembler.triangle(sink, material, keys, |[vertex, u, v]| {
                let mut found = vertices.get(vertex)?;
                if uvs.is_some() {
                    found.uv = Some(Vec2::new(f32::from_bits(u), f32::from_bits(v)));
                }
                Ok(found)
            })?;
        }
        Ok(())
    }
}
