//! The file in which a modeler says what stands where on a scan: its types, and reading it.
//!
//! Only what the text itself can be wrong in is told here; what a place means is [`super::placement`]'s.

use crate::acoustics::rules::Facing;
use crate::extensions::{Environment, Frame, Purpose, Text};
use glam::Vec3;
use serde::Deserialize;
use toml::Spanned;
use venue_model::{Bounds, Language};
use venue_package::manifest::Credit;

/// The commented sample, as `place --example` prints it.
pub(crate) const SAMPLE: &str = include_str!("../../places.sample.toml");
/// Longest file, bytes: 20,000 seats one by one take 2 MB.
pub(crate) const LONGEST: u64 = 8 << 20;

type List<T> = Vec<Spanned<T>>;

/// What stands where. Everything may be left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PlacesFile {
    pub(crate) venue: Venue,
    pub(crate) space: List<Space>,
    pub(crate) door: List<Door>,
    pub(crate) seat: List<Seat>,
    pub(crate) spawn: List<Spawn>,
    pub(crate) zone: List<Zone>,
    pub(crate) booth: List<Booth>,
    pub(crate) screen: List<Screen>,
    pub(crate) exhibit: List<Exhibit>,
    pub(crate) walkable: Walkable,
    pub(crate) redact: List<Redact>,
    pub(crate) acoustics: Acoustics,
    pub(crate) environment: Option<Environment>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Venue {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<Text>,
    pub(crate) credits: Vec<Credit>,
    pub(crate) frame: Option<Frame>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Space {
    pub(crate) key: String,
    pub(crate) name: Option<Text>,
    #[serde(default)]
    pub(crate) boxes: Vec<Bounds>,
    pub(crate) panorama: Option<String>,
    pub(crate) panorama_heading: Option<f32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Door {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) at: Vec3,
    pub(crate) yaw: Option<f32>,
    pub(crate) towards: Option<Vec3>,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// One seat (`at`), or a row of them (`from`, `to`, `count`).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seat {
    pub(crate) at: Option<Vec3>,
    pub(crate) from: Option<Vec3>,
    pub(crate) to: Option<Vec3>,
    pub(crate) count: Option<u32>,
    pub(crate) yaw: Option<f32>,
    pub(crate) towards: Option<Vec3>,
    pub(crate) height: Option<f32>,
    #[serde(default)]
    pub(crate) label: String,
    pub(crate) space: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spawn {
    pub(crate) at: Vec3,
    pub(crate) yaw: Option<f32>,
    pub(crate) towards: Option<Vec3>,
    pub(crate) radius: Option<f32>,
    pub(crate) space: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Zone {
    pub(crate) purpose: Purpose,
    pub(crate) name: Text,
    pub(crate) min: Vec3,
    pub(crate) max: Vec3,
    pub(crate) space: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Booth {
    pub(crate) language: Language,
    pub(crate) name: Text,
    pub(crate) min: Vec3,
    pub(crate) max: Vec3,
    pub(crate) space: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Screen {
    pub(crate) name: Text,
    pub(crate) at: Vec3,
    pub(crate) yaw: Option<f32>,
    pub(crate) towards: Option<Vec3>,
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) space: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exhibit {
    pub(crate) name: Text,
    pub(crate) source: String,
    pub(crate) at: Vec3,
    pub(crate) yaw: Option<f32>,
    pub(crate) towards: Option<Vec3>,
    pub(crate) scale: Option<f32>,
    pub(crate) space: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Walkable {
    pub(crate) add: List<Add>,
    pub(crate) cut: List<Cut>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Add {
    pub(crate) corners: Vec<Vec3>,
    #[serde(default)]
    pub(crate) clear: bool,
    pub(crate) space: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cut {
    pub(crate) corners: Vec<Vec3>,
    pub(crate) below: Option<f32>,
    pub(crate) above: Option<f32>,
}

/// A box, or four corners with a depth.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Redact {
    #[serde(default)]
    pub(crate) what: String,
    pub(crate) min: Option<Vec3>,
    pub(crate) max: Option<Vec3>,
    pub(crate) corners: Option<[Vec3; 4]>,
    pub(crate) depth: Option<f32>,
}

/// How surfaces sound.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Acoustics {
    pub(crate) material: List<Material>,
    pub(crate) surface: List<Surface>,
}

/// Coefficients; those of a known name are changed where they are given.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Material {
    pub(crate) name: String,
    pub(crate) absorption: Option<[f32; 3]>,
    pub(crate) scattering: Option<f32>,
    pub(crate) transmission: Option<[f32; 3]>,
}

/// Surfaces by name, facing, and a box or four corners with a depth.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Surface {
    pub(crate) material: String,
    pub(crate) named: Option<String>,
    pub(crate) facing: Option<Facing>,
    pub(crate) min: Option<Vec3>,
    pub(crate) max: Option<Vec3>,
    pub(crate) corners: Option<[Vec3; 4]>,
    pub(crate) depth: Option<f32>,
}

/// Reads a file of places; what is wrong is told with its line.
pub(crate) fn parse(text: &str) -> Result<PlacesFile, String> {
    toml::from_str(text).map_err(|error| {
        let place =
            error.span().map_or_else(String::new, |span| format!("line {}: ", line(text, span.start)));
        format!("{place}{}; venue-importer place --example shows how it is written", error.message().trim())
    })
}

/// The line in which a byte lies, counted from one.
pub(crate) fn line(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|&&byte| byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_told_with_their_line() {
        let check = |text: &str, parts: [&str; 2]| {
            let error = parse(text).unwrap_err();
            assert!(parts.iter().all(|part| error.contains(part)), "{text}: {error}");
        };
        check("[venue]\nid = \"x\"\n\n[[seat]]\nat = [1, 2]\n", ["line 5", "length"]);
        check("[[seat]]\nlabel = \"a\"\ntallness = 0.4\n", ["line 3", "tallness"]);
        check("[[door]]\nfrom = \"a\"\n", ["line 1", "missing field"]);
        check("[[space]]\nkey = \"a\"\nname = 3\n", ["line 3", "one for each language"]);
        check("[[zone]\n", ["line 1", "place --example"]);
    }
}
