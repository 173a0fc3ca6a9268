//! Step 4, exhibits and sounds: things with files of their own.

use crate::authored::{self, Making};
use crate::extensions::{self, AudioRoot, EmitterNode, Exhibit};
use crate::read::Source;
use crate::report::Report;
use crate::spaces::Rooms;
use crate::tiles::Piece;
use venue_model::{Localized, SpaceId};
use venue_package::PackageWriter;
use venue_package::gltf::{Asset, Image};
use venue_package::manifest::{self, Credit, MediaType};

/// An exhibit before its geometry is written.
pub(crate) struct Placed<'a> {
    pub(crate) space: SpaceId,
    pub(crate) name: Localized,
    pub(crate) pieces: Vec<Piece<'a>>,
}

/// Finds the exhibits, and whom to thank for them.
pub(crate) fn find<'a>(
    source: &'a Source,
    rooms: &Rooms,
    report: &mut Report,
) -> (Vec<Placed<'a>>, Vec<Credit>) {
    let mut placed = Vec::new();
    let mut credits = Vec::new();
    for &at in &rooms.order {
        let node = &source.document.nodes[at];
        let exhibit = match extensions::get::<Exhibit>(node, "VEV_exhibit") {
            Ok(Some(exhibit)) => exhibit,
            Ok(None) => continue,
            Err(sentence) => {
                report.error(sentence);
                continue;
            }
        };
        let space = exhibit.space.as_deref().map_or(rooms.nodes[at].space, |key| rooms.by_key(key));
        let Some(space) = space else {
            report
                .error(format!("the exhibit {:?} is in no space; put it below a VEV_space node", node.name));
            continue;
        };
        let own = exhibit.source.and_then(|name| source.exhibits.get(&name));
        let pieces: Vec<_> = match own {
            Some(document) => {
                report
                    .warnings
                    .extend(document.warnings.iter().map(|warning| format!("{:?}: {warning}", node.name)));
                credits.extend(credit(&document.asset, &node.name));
                let nodes = document.scene_nodes();
                nodes.into_iter().filter_map(|at| Piece::of(document, at, node.world)).collect()
            }
            None => {
                let below = rooms.order.iter().filter(|&&other| rooms.nodes[other].exhibit == Some(at));
                below.filter_map(|&at| Piece::of(&source.document, at, glam::Mat4::IDENTITY)).collect()
            }
        };
        if pieces.is_empty() {
            report.error(format!(
                "the exhibit {:?} has no geometry; name a \"source\" or put meshes below it",
                node.name
            ));
        }
        placed.push(Placed { space, name: exhibit.name.into(), pieces });
    }
    (placed, credits)
}

/// Writes each exhibit as tiles of its own.
pub(crate) fn write(
    placed: &[Placed<'_>],
    making: Making<'_>,
    writer: &mut PackageWriter,
    all: &mut Vec<venue_package::Tile>,
    report: &mut Report,
) -> Vec<manifest::Exhibit> {
    let mut exhibits = Vec::new();
    for exhibit in placed {
        let name = exhibit.name.get(venue_model::Language::En).to_owned();
        let into = (&mut *writer, &mut *all);
        let Some(top) = authored::write(&name, &exhibit.pieces, Some(exhibit.space), making, into, report)
        else {
            continue;
        };
        exhibits.push(manifest::Exhibit {
            space: exhibit.space,
            name: exhibit.name.clone(),
            bounds: all[top].bounds,
            content: all[top].content,
        });
    }
    exhibits
}

/// What the file itself says about its origin.
fn credit(asset: &Asset, node: &str) -> Option<Credit> {
    let short =
        |text: &Option<String>| text.as_deref().map(|text| text.chars().take(200).collect::<String>());
    let author = short(&asset.author).or_else(|| short(&asset.copyright))?;
    Some(Credit {
        what: short(&asset.title).unwrap_or_else(|| node.chars().take(200).collect()),
        author,
        source: asset.source.clone().unwrap_or_default(),
        license: short(&asset.license).unwrap_or_else(|| "see the author".into()),
    })
}

/// Finds the sounds and puts them into the package.
pub(crate) fn emitters(
    source: &Source,
    rooms: &Rooms,
    writer: &mut PackageWriter,
    report: &mut Report,
) -> Vec<manifest::Emitter> {
    let document = &source.document;
    let root = document.extensions.get("KHR_audio_emitter").cloned().unwrap_or_default();
    let audio: AudioRoot = if root.is_null() {
        AudioRoot::default()
    } else {
        serde_json::from_value(root).unwrap_or_else(|error| {
            report.error(format!("KHR_audio_emitter of the file: {error}"));
            AudioRoot::default()
        })
    };
    let mut emitters = Vec::new();
    for &at in &rooms.order {
        let node = &document.nodes[at];
        match extensions::get::<EmitterNode>(node, "KHR_audio_emitter") {
            Ok(Some(EmitterNode { emitter })) => {
                match take(&audio, &document.audio, emitter, rooms.nodes[at].space, node, writer) {
                    Ok(emitter) => emitters.push(emitter),
                    Err(what) => {
                        report.warn(format!("the sound of the node {:?} is left out: {what}", node.name))
                    }
                }
            }
            Ok(None) => {}
            Err(sentence) => report.error(sentence),
        }
    }
    emitters
}

fn take(
    audio: &AudioRoot,
    files: &[Image],
    index: usize,
    space: Option<SpaceId>,
    node: &venue_package::gltf::Node,
    writer: &mut PackageWriter,
) -> Result<manifest::Emitter, &'static str> {
    let emitter = audio.emitters.get(index).ok_or("there is no such emitter")?;
    if emitter.r#type != "positional" {
        return Err("only positional emitters are taken");
    }
    let source = emitter.sources.first().and_then(|&at| audio.sources.get(at)).ok_or("it has no source")?;
    let file = files.get(source.audio).ok_or("its audio is not in the file")?;
    let media_type = match file.media_type.as_str() {
        "audio/mpeg" => MediaType::Mp3,
        "audio/ogg" => MediaType::Ogg,
        "audio/wav" | "audio/x-wav" => MediaType::Wav,
        _ => return Err("it is neither MP3 nor Ogg nor WAV"),
    };
    Ok(manifest::Emitter {
        space: space.ok_or("it is below no VEV_space node")?,
        name: if emitter.name.is_empty() { &node.name } else { &emitter.name }.chars().take(120).collect(),
        position: node.world.w_axis.truncate(),
        sound: writer.add_file(file.bytes.clone(), media_type),
        gain: (emitter.gain.unwrap_or(1.0) * source.gain.unwrap_or(1.0)).clamp(0.0, 4.0),
        reference_distance: emitter.positional.ref_distance.unwrap_or(1.0),
        max_distance: emitter.positional.max_distance.unwrap_or(0.0),
        looping: source.r#loop,
        plays_at_start: source.auto_play,
    })
}
