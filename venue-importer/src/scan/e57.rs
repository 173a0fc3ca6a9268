//! ASTM E2807 (E57): laser scans with their poses, Cartesian or spherical, with colours, intensities and normals.
//!
//! The XML part is read by the crate `e57`; its reader of points keeps what streams of one packet have too much
//! without a bound, so the packets are read here ([`e57_packets`](super::e57_packets)).

use super::assemble::Vertex;
use super::batch::RawBatch;
use super::e57_packets::{Columns, Pages, Points};
use super::error::ScanError;
use super::info::Up;
use super::intensity::Grey;
use super::sink::Sink;
use super::source::Source;
use e57::{E57Reader, PointCloud, RecordDataType, RecordName, RecordValue};
use glam::{DQuat, DVec3, Vec3};

/// Largest XML part, bytes; a scan has about five thousand.
const XML_BYTES: u64 = 16 << 20;
/// Most scans in a file, and most fields of a point.
const SCANS: usize = 100_000;
const FIELDS: usize = 256;

/// Reads a file into the store.
pub(super) fn read(source: &Source, sink: &mut Sink<'_>) -> Result<(), ScanError> {
    let header = source.beginning(48)?;
    let long = |at: usize| {
        header.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |eight| u64::from_le_bytes(*eight))
    };
    if long(32) > XML_BYTES {
        return Err(
            source.wrong("header", format!("its XML has {} bytes; {XML_BYTES} are allowed", long(32)))
        );
    }
    let file = E57Reader::new(source.open()?).map_err(|error| source.wrong("header", sentence(&error)))?;
    sink.info.metres_per_unit = Some(1.0);
    sink.info.up = Some(Up::Z);
    if let Some(crs) = file.coordinate_metadata().filter(|crs| !crs.trim().is_empty()) {
        sink.info.crs = Some(crs.trim().chars().take(8_000).collect());
    }
    let scans = file.pointclouds();
    about(source, sink, &scans, file.images().len());
    if scans.is_empty() || scans.len() > SCANS {
        return Err(source.wrong("", format!("it holds {} scans; 1 to {SCANS} are read", scans.len())));
    }
    let mut pages = Pages::new(source, source.open()?)?;
    let mut done = 0;
    for (at, scan) in scans.iter().enumerate() {
        let place = format!("scan {} of {}", at + 1, scans.len());
        Scan::new(source, sink, scan, &place)?.read(&mut pages, sink, &mut done)?;
    }
    Ok(())
}

fn sentence(error: &e57::Error) -> String {
    use std::error::Error as _;
    match error.source() {
        Some(source) => format!("{error}: {source}; copy it again"),
        None => format!("{error}; copy it again"),
    }
}

/// What the file tells of people, devices and places, in one sentence.
fn about(source: &Source, sink: &mut Sink<'_>, scans: &[PointCloud], images: usize) {
    let any = |has: fn(&PointCloud) -> bool| scans.iter().any(has);
    let told = [
        (any(|scan| scan.sensor_serial.is_some()), "serial number of the scanner".to_owned()),
        (
            any(|scan| scan.sensor_vendor.is_some() || scan.sensor_model.is_some()),
            "make of the scanner".to_owned(),
        ),
        (any(|scan| scan.acquisition_start.is_some()), "times of the scans".to_owned()),
        (any(|scan| scan.name.is_some() || scan.description.is_some()), "names and descriptions".to_owned()),
        (images > 0, format!("{images} photographs of the scanner")),
    ];
    let told: Vec<String> =
        told.into_iter().filter(|(is_there, _)| *is_there).map(|(_, what)| what).collect();
    if !told.is_empty() {
        sink.removed(format!("{}: {}", source.name, told.join(", ")));
    }
}

/// One scan and how its points become vertices.
struct Scan<'a> {
    source: &'a Source,
    place: String,
    cloud: &'a PointCloud,
    rotation: DQuat,
    translation: DVec3,
    station: Option<u32>,
    fields: Fields,
    /// Lowest value and eighth bits in one unit, of each colour.
    colors: [(f64, f64); 3],
    grey: Grey,
}

/// Where in a point what stands.
struct Fields {
    cartesian: Option<[usize; 3]>,
    cartesian_state: Option<usize>,
    /// Range, azimuth, elevation.
    spherical: Option<[usize; 3]>,
    spherical_state: Option<usize>,
    color: Option<[usize; 3]>,
    color_state: Option<usize>,
    intensity: Option<usize>,
    normal: Option<[usize; 3]>,
}

impl Fields {
    fn new(cloud: &PointCloud) -> Self {
        let one = |name: RecordName| cloud.prototype.iter().position(|record| record.name == name);
        let three = |names: [RecordName; 3]| match names.map(one) {
            [Some(a), Some(b), Some(c)] => Some([a, b, c]),
            _ => None,
        };
        // Normals are an extension of their own.
        let extra = |wanted: &str| {
            let is = |name: &RecordName| matches!(name, RecordName::Unknown { name, .. } if name == wanted);
            cloud.prototype.iter().position(|record| is(&record.name))
        };
        let normal = match [extra("normalX"), extra("normalY"), extra("normalZ")] {
            [Some(x), Some(y), Some(z)] => Some([x, y, z]),
            _ => None,
        };
        Self {
            cartesian: three([RecordName::CartesianX, RecordName::CartesianY, RecordName::CartesianZ]),
            cartesian_state: one(RecordName::CartesianInvalidState),
            spherical: three([
                RecordName::SphericalRange,
                RecordName::SphericalAzimuth,
                RecordName::SphericalElevation,
            ]),
            spherical_state: one(RecordName::SphericalInvalidState),
            color: three([RecordName::ColorRed, RecordName::ColorGreen, RecordName::ColorBlue]),
            color_state: one(RecordName::IsColorInvalid),
            intensity: one(RecordName::Intensity),
            normal,
        }
    }

    /// Those whose values are needed.
    fn used(&self) -> Vec<usize> {
        let threes =
            [self.cartesian, self.spherical, self.color, self.normal].into_iter().flatten().flatten();
        let ones = [self.cartesian_state, self.spherical_state, self.color_state, self.intensity];
        threes.chain(ones.into_iter().flatten()).collect()
    }
}

impl<'a> Scan<'a> {
    fn new(
        source: &'a Source,
        sink: &mut Sink<'_>,
        cloud: &'a PointCloud,
        place: &str,
    ) -> Result<Self, ScanError> {
        let fields = Fields::new(cloud);
        let wrong = |reason: &str| source.wrong(place, reason);
        if cloud.prototype.len() > FIELDS {
            return Err(wrong(&format!("its points have more than {FIELDS} fields")));
        }
        if fields.cartesian.is_none() && fields.spherical.is_none() {
            return Err(wrong("its points have no coordinates"));
        }
        let (mut rotation, mut translation) = (DQuat::IDENTITY, DVec3::ZERO);
        if let Some(pose) = &cloud.transform {
            rotation = DQuat::from_xyzw(pose.rotation.x, pose.rotation.y, pose.rotation.z, pose.rotation.w);
            translation = DVec3::new(pose.translation.x, pose.translation.y, pose.translation.z);
            let length = rotation.length();
            if !(translation.is_finite() && length.is_finite() && length > 1e-9) {
                return Err(wrong("its pose is none"));
            }
            rotation = rotation.normalize();
        }
        // Without a pose several scans may have been merged, and nobody stood at zero.
        let station = cloud.transform.is_some().then(|| sink.station(translation));
        sink.info.has_intensity |= fields.intensity.is_some();
        Ok(Self {
            source,
            place: place.to_owned(),
            colors: fields.color.map_or([(0.0, 1.0); 3], |at| color_ranges(cloud, at)),
            cloud,
            rotation,
            translation,
            station,
            fields,
            grey: Grey::default(),
        })
    }

    fn read(&mut self, pages: &mut Pages, sink: &mut Sink<'_>, done: &mut u64) -> Result<(), ScanError> {
        let wrong = |reason: String| self.source.wrong(self.place.clone(), reason);
        let mut points = Points::new(pages, self.cloud, &self.fields.used()).map_err(wrong)?;
        let mut batch = RawBatch { station: self.station, ..RawBatch::default() };
        let mut intensities = Vec::new();
        let mut columns = Columns::default();
        loop {
            let read = points.read(pages, &mut columns);
            let count = read.map_err(|reason| self.source.wrong(self.place.clone(), reason))?;
            if count == 0 {
                return Ok(());
            }
            for at in 0..count {
                if let Some(vertex) = self.vertex(&columns, at) {
                    batch.add(vertex);
                    if let (Some(intensity), None) = (self.fields.intensity, self.fields.color) {
                        intensities.push(columns.get(intensity, at) as f32);
                    }
                }
            }
            self.grey.color(&mut batch, &mut intensities);
            sink.push(&mut batch)?;
            sink.progress(*done + points.bytes);
            if points.is_done() {
                *done += points.bytes;
                return Ok(());
            }
        }
    }

    /// The vertex of a point, none when the file calls it invalid.
    fn vertex(&self, columns: &Columns, at: usize) -> Option<Vertex> {
        let state = |field: Option<usize>| field.map_or(0.0, |field| columns.get(field, at));
        let three = |fields: [usize; 3]| DVec3::from(fields.map(|field| columns.get(field, at)));
        let cartesian =
            self.fields.cartesian.filter(|_| state(self.fields.cartesian_state) == 0.0).map(three);
        let local = cartesian.or_else(|| {
            let spherical = self.fields.spherical.filter(|_| state(self.fields.spherical_state) == 0.0)?;
            let [range, azimuth, elevation] = spherical.map(|field| columns.get(field, at));
            let flat = range * elevation.cos();
            Some(DVec3::new(flat * azimuth.cos(), flat * azimuth.sin(), range * elevation.sin()))
        })?;
        let color = self.fields.color.map(|fields| {
            if state(self.fields.color_state) != 0.0 {
                return [128, 128, 128, 255];
            }
            let [red, green, blue] = std::array::from_fn(|i| {
                let (low, scale) = self.colors[i];
                ((columns.get(fields[i], at) - low) * scale).round().clamp(0.0, 255.0) as u8
            });
            [red, green, blue, 255]
        });
        let turned = |normal: DVec3| (self.rotation * normal).as_vec3().try_normalize().unwrap_or(Vec3::Z);
        Some(Vertex {
            position: self.rotation * local + self.translation,
            normal: self.fields.normal.map(|fields| turned(three(fields))),
            uv: None,
            color,
        })
    }
}

/// For each colour its lowest value, and how many of 255 steps one unit is.
fn color_ranges(cloud: &PointCloud, fields: [usize; 3]) -> [(f64, f64); 3] {
    let limits = cloud.color_limits.as_ref();
    let said = |low: &Option<RecordValue>, high: &Option<RecordValue>, kind: &RecordDataType| {
        let value = |limit: &Option<RecordValue>| limit.as_ref().and_then(|limit| limit.to_f64(kind).ok());
        value(low).zip(value(high))
    };
    std::array::from_fn(|i| {
        let kind = &cloud.prototype[fields[i]].data_type;
        let limit = limits.and_then(|limits| match i {
            0 => said(&limits.red_min, &limits.red_max, kind),
            1 => said(&limits.green_min, &limits.green_max, kind),
            _ => said(&limits.blue_min, &limits.blue_max, kind),
        });
        let of_kind = match *kind {
            RecordDataType::Integer { min, max } => (min as f64, max as f64),
            RecordDataType::ScaledInteger { min, max, scale, offset } => {
                (min as f64 * scale + offset, max as f64 * scale + offset)
            }
            RecordDataType::Single { .. } | RecordDataType::Double { .. } => (0.0, 1.0),
        };
        let is_range = |(low, high): &(f64, f64)| low.is_finite() && high.is_finite() && high > low;
        let (low, high) = limit.filter(is_range).unwrap_or(of_kind);
        if high > low { (low, 255.0 / (high - low)) } else { (0.0, 1.0) }
    })
}
