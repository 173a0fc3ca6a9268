//! The header and the records in front of a LAS file's points (ASPRS LAS 1.4 R15).

use super::error::{ScanError, shown};
use super::source::{Open, Source, read_range};

/// Most records that are looked at.
const RECORDS: u32 = 10_000;
/// Largest record that is read, bytes.
const RECORD_BYTES: u64 = 1 << 20;

/// What stands in front of the points.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// Point format 0 to 10.
    pub(super) format: u8,
    pub(super) record_bytes: usize,
    pub(super) points: u64,
    /// Of the first point, or of the compressed points.
    pub(super) start: u64,
    pub(super) scale: [f64; 3],
    pub(super) offset: [f64; 3],
    /// The record that says how LAZ is packed.
    pub(super) laz: Option<Vec<u8>>,
    pub(super) crs: Option<String>,
    pub(super) metres_per_unit: Option<f64>,
    /// What it tells of people and devices.
    pub(super) told: Vec<&'static str>,
    pub(super) warnings: Vec<String>,
    /// Whether the coordinates are small enough.
    may_be_degrees: bool,
}

impl Header {
    /// Where the colours are in a point.
    pub(super) fn color_offset(&self) -> Option<usize> {
        match self.format {
            2 => Some(20),
            3 | 5 => Some(28),
            7 | 8 | 10 => Some(30),
            _ => None,
        }
    }

    /// Whether a point is marked as one to leave out: withheld, or noise.
    pub(super) fn is_dropped(&self, record: &[u8]) -> bool {
        match self.format {
            0..=5 => record[15] & 0x80 != 0 || matches!(record[15] & 0x1f, 7 | 18),
            _ => record[15] & 0x04 != 0 || matches!(record[16], 7 | 18),
        }
    }
}

/// Bytes of each point format without extra bytes.
const FORMAT_BYTES: [usize; 11] = [20, 28, 26, 34, 57, 63, 30, 36, 38, 59, 67];

/// Reads the header.
pub(super) fn read(source: &Source, open: &mut Open) -> Result<Header, ScanError> {
    let wrong = |reason: &str| source.wrong("header", reason);
    let bytes = source.beginning(375)?;
    if !bytes.starts_with(b"LASF") {
        return Err(wrong("a LAS file begins with \"LASF\""));
    }
    if bytes.len() < 227 {
        return Err(wrong("the file ends here; copy it again"));
    }
    let (major, minor) = (bytes[24], bytes[25]);
    if major != 1 || minor > 4 {
        return Err(wrong(&format!("this is LAS {major}.{minor}; up to 1.4 is read")));
    }
    let short = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let long = |at: usize| u32::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
    let double = |at: usize| f64::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
    let is_new = minor == 4 && bytes.len() >= 375;
    let huge = |at: usize| u64::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
    let mut header = Header {
        format: bytes[104] & 0x3f,
        record_bytes: usize::from(short(105)),
        points: u64::from(long(107)),
        start: u64::from(long(96)),
        scale: [double(131), double(139), double(147)],
        offset: [double(155), double(163), double(171)],
        ..Header::default()
    };
    if is_new && huge(247) > 0 {
        header.points = huge(247);
    }
    let Some(&least) = FORMAT_BYTES.get(usize::from(header.format)) else {
        return Err(wrong(&format!("its point format {} does not exist", header.format)));
    };
    if header.record_bytes < least {
        let reason =
            format!("its points have {} bytes, format {} has {least}", header.record_bytes, header.format);
        return Err(wrong(&reason));
    }
    if header.start > source.length || u64::from(short(94)) > header.start {
        return Err(wrong("its points begin behind the end of the file; copy it again"));
    }
    if !header.scale.iter().chain(&header.offset).all(|number| number.is_finite()) {
        return Err(wrong("its scale and offset are no numbers"));
    }
    if bytes[26..90].iter().any(|&byte| byte != 0) {
        header.told.push("names of the system and the program that made it");
    }
    // Highest and lowest x and y. Some files that call themselves geographic are not.
    let most = |places: [usize; 2], most: f64| places.iter().all(|&at| double(at).abs() <= most);
    header.may_be_degrees = most([179, 187], 360.0) && most([195, 203], 90.0);
    let mut records = Records { source, open, left: RECORDS };
    records.read(u64::from(short(94)), long(100), header.start, 54, &mut header)?;
    if is_new {
        records.read(huge(235), long(243), source.length, 60, &mut header)?;
    }
    let is_compressed = bytes[104] & 0x80 != 0 || header.laz.is_some();
    match (is_compressed, &header.laz) {
        (true, None) => Err(wrong("it is compressed, but the record that says how is missing")),
        (true, Some(_)) => Ok(header),
        (false, _) => {
            let bytes = header.points.checked_mul(header.record_bytes as u64);
            match bytes.is_some_and(|bytes| bytes <= source.length - header.start) {
                true => Ok(header),
                false => {
                    let there = (source.length - header.start) / header.record_bytes as u64;
                    let reason = format!("it says {} points, but has {there}; copy it again", header.points);
                    Err(wrong(&reason))
                }
            }
        }
    }
}

/// Variable length records.
struct Records<'a> {
    source: &'a Source,
    open: &'a mut Open,
    left: u32,
}

impl Records<'_> {
    fn read(
        &mut self,
        mut at: u64,
        count: u32,
        end: u64,
        head_bytes: usize,
        header: &mut Header,
    ) -> Result<(), ScanError> {
        for number in 0..count {
            let place = || format!("record {} of {count}", number + 1);
            let Some(left) = self.left.checked_sub(1) else {
                return Err(self.source.wrong(place(), format!("more than {RECORDS} records are not read")));
            };
            self.left = left;
            let cut = || self.source.wrong(place(), "it reaches beyond its place in the file");
            let body = at.checked_add(head_bytes as u64).filter(|&body| body <= end).ok_or_else(cut)?;
            let head = read_range(self.open, at, head_bytes)
                .map_err(|error| self.source.wrong(place(), error.to_string()))?;
            let length = match head_bytes {
                60 => u64::from_le_bytes(std::array::from_fn(|i| head[20 + i])),
                _ => u64::from(u16::from_le_bytes([head[20], head[21]])),
            };
            at = body.checked_add(length).filter(|&at| at <= end).ok_or_else(cut)?;
            let user = head[2..18].split(|&byte| byte == 0).next().unwrap_or_default();
            let id = u16::from_le_bytes([head[18], head[19]]);
            let is_known = matches!(
                (user, id),
                (b"laszip encoded", 22204) | (b"LASF_Projection", 2112 | 34735) | (b"liblas", 2112)
            );
            if !is_known || length > RECORD_BYTES {
                continue;
            }
            let bytes = read_range(self.open, body, length as usize)
                .map_err(|error| self.source.wrong(place(), error.to_string()))?;
            match (user, id) {
                (_, 22204) => header.laz = Some(bytes),
                (_, 2112) => wkt(self.source, &bytes, header)?,
                _ => geo_keys(self.source, &bytes, header)?,
            }
        }
        Ok(())
    }
}

/// The file says that its coordinates are longitudes and latitudes.
fn degrees(source: &Source, header: &mut Header) -> Result<(), ScanError> {
    if header.may_be_degrees {
        let advice = "bring it into a metric grid first, e.g. with PDAL or CloudCompare";
        return Err(source.wrong("header", format!("its coordinates are degrees; {advice}")));
    }
    let warning =
        "it says that its coordinates are degrees, but they are too large; they are taken as they are";
    header.warnings.push(warning.to_owned());
    Ok(())
}

/// The reference system as text.
fn wkt(source: &Source, bytes: &[u8], header: &mut Header) -> Result<(), ScanError> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_matches(['\0', ' ', '\n', '\r']);
    if text.is_empty() {
        return Ok(());
    }
    let upper = text.to_uppercase();
    let is_projected =
        ["PROJCS", "PROJCRS", "LOCAL_CS", "ENGCRS", "GEOCCS"].iter().any(|word| upper.contains(word));
    if !is_projected && ["GEOGCS", "GEOGCRS", "GEODCRS"].iter().any(|word| upper.contains(word)) {
        return degrees(source, header);
    }
    header.crs = Some(text.chars().take(8_000).collect());
    let found = wkt_unit(&upper);
    header.metres_per_unit = found.or(header.metres_per_unit);
    Ok(())
}

/// The unit of the horizontal coordinates: that of the projected system itself, behind those of its parts.
fn wkt_unit(upper: &str) -> Option<f64> {
    let from = upper.find("PROJECTION[").or_else(|| upper.find("CONVERSION["))?;
    let to = upper[from..].find("VERT").map_or(upper.len(), |length| from + length);
    let part = &upper[from..to];
    // In the older form the first unit, in the newer one the last.
    let at = match part.contains("LENGTHUNIT[") {
        true => part.rfind("LENGTHUNIT[")? + 11,
        false => part.find("UNIT[")? + 5,
    };
    let value = part[at..].split(',').nth(1)?;
    let value: f64 = value.trim().split(']').next()?.trim().parse().ok()?;
    (1e-6..1e6).contains(&value).then_some(value)
}

/// The reference system as numbers (GeoTIFF 1.1).
fn geo_keys(source: &Source, bytes: &[u8], header: &mut Header) -> Result<(), ScanError> {
    let numbers: Vec<u16> = bytes.as_chunks().0.iter().map(|two| u16::from_le_bytes(*two)).collect();
    let key = |wanted: u16| {
        let mut keys = numbers.get(4..).unwrap_or_default().chunks_exact(4);
        keys.find(|key| key[0] == wanted && key[1] == 0).map(|key| key[3])
    };
    // 1024: the kind of system; 2 is geographic. 3072: the projected system.
    if key(1024) == Some(2) && key(3072).is_none() {
        return degrees(source, header);
    }
    if header.crs.is_none() {
        header.crs = key(3072).filter(|&code| code != 32_767).map(|code| format!("EPSG:{code}"));
    }
    let unit = |code: u16| match code {
        9001 => Some(1.0),
        9002 => Some(0.3048),
        9003 => Some(1200.0 / 3937.0),
        _ => None,
    };
    let horizontal = key(3076).and_then(unit);
    if let Some((horizontal, vertical)) = horizontal.zip(key(4099).and_then(unit))
        && horizontal != vertical
    {
        header
            .warnings
            .push("its heights have another unit than its other coordinates; that of those is taken".into());
    }
    header.metres_per_unit = header.metres_per_unit.or(horizontal);
    if let Some(code) = key(3076).filter(|&code| unit(code).is_none()) {
        header.warnings.push(shown(&format!("its unit {code} is not known")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_of_a_reference_system_is_found() {
        let geo = r#"GEOGCS["WGS 84",UNIT["DEGREE",0.0174532925199433]]"#;
        let old = |unit: &str| {
            format!(
                r#"COMPD_CS["A",PROJCS["B",{geo},PROJECTION["T"],PARAMETER["P",1],{unit}],VERT_CS["V",UNIT["METRE",2]]]"#
            )
        };
        assert_eq!(wkt_unit(&old(r#"UNIT["METRE",1]"#)), Some(1.0));
        assert_eq!(
            wkt_unit(&old(r#"UNIT["US SURVEY FOOT",0.3048006096012192,AUTHORITY["EPSG","9003"]]"#)),
            Some(0.3048006096012192)
        );
        let new = r#"PROJCRS["A",CONVERSION["C",PARAMETER["F",5,LENGTHUNIT["METRE",1]]],CS[CARTESIAN,2],LENGTHUNIT["FOOT",0.3048]]"#;
        assert_eq!(wkt_unit(new), Some(0.3048));
        assert_eq!(wkt_unit(geo), None);
        assert_eq!(wkt_unit("PROJECTION[UNIT["), None);
    }
}
