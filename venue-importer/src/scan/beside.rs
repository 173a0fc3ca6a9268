//! Files beside a model that say more of it: RealityCapture's `.rcInfo`, a projection in `.prj`.
//!
//! RealityCapture and RealityScan write an XML with the settings of the export. Which attributes it has depends on
//! the version, so only those are taken that say by their names what they are. The coordinate system it names is
//! the project's; with the export type 3 the model itself is in another one.

use super::error::{ScanError, shown};
use super::sink::Sink;
use super::source::Source;

/// Largest of these files, bytes.
const BYTES: u64 = 4 << 20;
/// Longest text that is taken over.
const TEXT: usize = 8_000;

/// Reads what lies beside the model; nothing of it is needed.
pub(super) fn read(source: &Source, sink: &mut Sink<'_>) -> Result<(), ScanError> {
    if let Some(file) = source.companion("rcinfo").or_else(|| source.companion("rsinfo")) {
        match file.bytes(BYTES).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()) {
            Ok(text) => reality_capture(&file, sink, &text),
            Err(error) => sink.warn(format!("{error}; it is left out")),
        }
    }
    if let Some(file) = source.companion("prj")
        && sink.info.crs.is_none()
        && let Ok(bytes) = file.bytes(BYTES)
    {
        let text = String::from_utf8_lossy(&bytes);
        sink.info.crs = Some(text.trim().chars().take(TEXT).collect());
    }
    Ok(())
}

fn reality_capture(file: &Source, sink: &mut Sink<'_>, text: &str) {
    // Documents in it would be entities; none of ours has any, and their expansion is what bombs are made of.
    let document = match roxmltree::Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            return sink.warn(format!("{}: {}; it is left out", file.name, shown(&error.to_string())));
        }
    };
    let find = |wanted: &str| {
        let attributes = document.descendants().flat_map(|node| node.attributes());
        let mut all = attributes.filter(|attribute| attribute.name().eq_ignore_ascii_case(wanted));
        all.next().map(|attribute| attribute.value().to_owned())
    };
    let crs = find("globalCoordinateSystemWkt")
        .or_else(|| find("globalCoordinateSystem"))
        .or_else(|| find("globalCoordinateSystemName"));
    let crs = crs.filter(|crs| !crs.is_empty() && !crs.starts_with("local:"));
    if crs.is_some() && find("exportCoordinateSystemType").as_deref() == Some("3") {
        let name = &file.name;
        sink.warn(format!(
            "{name}: the model is not in the coordinate system that it names, so none is known"
        ));
    } else if let Some(crs) = crs {
        sink.info.crs = Some(crs.chars().take(TEXT).collect());
    }
    let scale =
        |axis: &str| find(&format!("settingsScale{axis}")).and_then(|scale| scale.parse::<f64>().ok());
    if let (Some(x), Some(y), Some(z)) = (scale("x"), scale("y"), scale("z")) {
        // The export was multiplied by this; RealityCapture itself measures in metres.
        if x == y && y == z && x.is_finite() && x > 1e-6 && x < 1e6 {
            sink.info.metres_per_unit = Some(1.0 / x);
        }
    }
}
