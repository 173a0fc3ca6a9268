//! The node extensions of `docs/venue-package.md` as types; a field that is not there is refused.

use glam::{DVec3, Vec3};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use venue_model::{Bounds, Language, Localized};
use venue_package::gltf::Node;
use venue_package::manifest::{Credit, Sky, Sun};

/// A node's extension; what is wrong with it is told in a sentence.
pub(crate) fn get<T: DeserializeOwned>(node: &Node, name: &str) -> Result<Option<T>, String> {
    let Some(value) = node.extensions.get(name) else { return Ok(None) };
    serde_json::from_value(value.clone())
        .map(Some)
        .map_err(|error| format!("the node {:?}: {name}: {error}; see docs/venue-package.md", node.name))
}

/// One string (English), or one for each language.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "expected a text, or one for each language: { en = \"Hall\", fr = \"Salle\" } with some of ar zh en fr ru es"
)]
pub(crate) enum Text {
    English(String),
    Languages(Localized),
}

impl From<Text> for Localized {
    fn from(text: Text) -> Self {
        match text {
            Text::English(text) => Self::english(text),
            Text::Languages(text) => text,
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Venue {
    pub(crate) id: Option<String>,
    pub(crate) name: Option<Text>,
    #[serde(default)]
    pub(crate) credits: Vec<Credit>,
    pub(crate) frame: Option<Frame>,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Frame {
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
    #[serde(default)]
    pub(crate) height: f64,
    #[serde(default)]
    pub(crate) heading: f64,
    #[serde(default)]
    pub(crate) survey_origin: DVec3,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Environment {
    pub(crate) sun: Option<Sun>,
    pub(crate) ambient: Option<Vec3>,
    pub(crate) sky: Option<Sky>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SpaceNode {
    pub(crate) key: String,
    pub(crate) name: Option<Text>,
    pub(crate) bounds: Option<Bounds>,
    pub(crate) panorama: Option<String>,
    pub(crate) panorama_heading: Option<f32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Door {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seat {
    pub(crate) height: Option<f32>,
    #[serde(default)]
    pub(crate) label: String,
    pub(crate) space: Option<String>,
}

/// `OMI_spawn_point`, whose other fields (team, group) have no meaning here.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct OmiSpawnPoint {
    #[serde(default)]
    pub(crate) title: String,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SpawnPoint {
    pub(crate) radius: Option<f32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Zone {
    pub(crate) purpose: Purpose,
    pub(crate) name: Text,
    pub(crate) size: Vec3,
    pub(crate) language: Option<Language>,
    pub(crate) space: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Purpose {
    Talk,
    Quiet,
    Stage,
    Booth,
    Exhibit,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Booth {
    pub(crate) language: Language,
    pub(crate) name: Text,
    pub(crate) size: Vec3,
    pub(crate) space: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Screen {
    pub(crate) name: Text,
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) space: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exhibit {
    pub(crate) name: Text,
    pub(crate) source: Option<String>,
    pub(crate) space: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Navigation {
    pub(crate) walkable: bool,
    #[serde(default)]
    pub(crate) obstacle: bool,
}

/// `VEV_acoustics`: what a node and all below it are made of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acoustics {
    pub(crate) material: String,
    pub(crate) absorption: Option<[f32; 3]>,
    pub(crate) scattering: Option<f32>,
    pub(crate) transmission: Option<[f32; 3]>,
}

/// The node's part of `KHR_audio_emitter`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct EmitterNode {
    pub(crate) emitter: usize,
}

/// The root's part of `KHR_audio_emitter`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AudioRoot {
    pub(crate) sources: Vec<AudioSource>,
    pub(crate) emitters: Vec<AudioEmitter>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AudioSource {
    pub(crate) gain: Option<f32>,
    #[serde(default)]
    pub(crate) r#loop: bool,
    #[serde(default)]
    pub(crate) auto_play: bool,
    pub(crate) audio: usize,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct AudioEmitter {
    #[serde(default)]
    pub(crate) name: String,
    pub(crate) r#type: String,
    pub(crate) gain: Option<f32>,
    #[serde(default)]
    pub(crate) sources: Vec<usize>,
    #[serde(default)]
    pub(crate) positional: Positional,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Positional {
    pub(crate) ref_distance: Option<f32>,
    pub(crate) max_distance: Option<f32>,
}
