//! Where a modeler says what stands where on a scan: a TOML file, a model with our extensions, or nowhere.

use super::layout::Layout;
use super::placement::{Placement, Thing};
use super::places_file::{self as file, PlacesFile};
use crate::extensions::{self, Environment, Exhibit, Venue};
use crate::pack;
use crate::panoramas;
use crate::places::{self, place_of};
use crate::read::{self, Source};
use crate::report::Report;
use crate::spaces::{self, NodeUse, Rooms};
use anyhow::{Context, Result, bail};
use glam::Vec3;
use std::path::{Path, PathBuf};
use venue_model::Bounds;
use venue_package::limits;
use venue_package::manifest::GeodeticFrame;

/// What a modeler said, read and not yet put onto a scan.
pub(crate) struct PlacesInput {
    name: String,
    folder: PathBuf,
    said: Said,
}

enum Said {
    Nothing,
    File { text: String, file: Box<PlacesFile> },
    Model(Box<Source>),
}

impl PlacesInput {
    /// Reads the file; `name` is the venue's when there is none.
    pub(crate) fn open(path: Option<&Path>, name: &str) -> Result<Self> {
        let Some(path) = path else {
            return Ok(Self { name: name.to_owned(), folder: PathBuf::new(), said: Said::Nothing });
        };
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let shown = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("glb")) {
            let source = Box::new(read::read_file(path)?);
            return Ok(Self { name: shown, folder, said: Said::Model(source) });
        }
        let bytes =
            std::fs::metadata(path).with_context(|| format!("there is no file {}", path.display()))?.len();
        if bytes > file::LONGEST {
            bail!("{} has {bytes} bytes; {} are allowed", path.display(), file::LONGEST);
        }
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("{} can not be read as text", path.display()))?;
        Ok(Self { folder, ..Self::of_text(shown, text)? })
    }

    fn of_text(name: String, text: String) -> Result<Self> {
        let file = file::parse(&text).map_err(|error| anyhow::anyhow!("{name}, {error}"))?;
        Ok(Self { name, folder: PathBuf::new(), said: Said::File { text, file: Box::new(file) } })
    }

    /// Tells what is wrong whatever the scan is, before hours are spent on it.
    pub(crate) fn check(&self) -> Result<()> {
        self.checked().map(|_| ())
    }

    /// The same, and looks at the pictures that it names.
    pub(crate) fn check_with_files(&self) -> Result<()> {
        let mut report = Report::default();
        panoramas::check(&self.checked()?.panoramas, &self.folder, &mut report);
        report.stop_on_errors()
    }

    /// The pictures that it names, wherever they are; none can be told of what is wrong.
    pub(crate) fn pictures(&self) -> Result<Vec<PathBuf>> {
        Ok(panoramas::files(&self.checked()?.panoramas, &self.folder))
    }

    fn checked(&self) -> Result<Placement> {
        let everywhere = Bounds { min: Vec3::splat(-limits::EXTENT), max: Vec3::splat(limits::EXTENT) };
        let mut report = Report::default();
        let placement = self.resolve(everywhere, &mut report);
        report.stop_on_errors()?;
        Ok(placement)
    }

    /// What stands where on a scan that lies within `around`.
    pub(crate) fn resolve(&self, around: Bounds, report: &mut Report) -> Placement {
        let placement = match &self.said {
            Said::Nothing => return Placement::one(&self.name, around),
            Said::File { text, file } => Placement::of_file(&self.name, text, file, around, report),
            Said::Model(source) => of_model(source, around, report),
        };
        describe(&placement, report);
        placement
    }

    /// Where the paths of exhibits begin.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

/// Judges what a places file says, whatever the scan is: its text, and what its places mean for a venue.
pub fn judge_places(name: &str, text: &str) -> Result<()> {
    PlacesInput::of_text(name.to_owned(), text.to_owned())?.check()
}

fn describe(placement: &Placement, report: &mut Report) {
    let keys: Vec<_> = placement.rooms.spaces.iter().map(|space| space.key.as_str()).collect();
    report.fact("spaces", format!("{}: {}", keys.len(), keys.join(", ")));
    let places = &placement.places;
    for (what, count) in [
        ("doors", places.doors.len()),
        ("seats", places.seats.len()),
        ("zones", places.zones.len()),
        ("screens", places.screens.len()),
        ("exhibits", placement.things.len()),
        ("panoramas", placement.panoramas.len()),
    ] {
        if count > 0 {
            report.fact(what, count);
        }
    }
}

/// The places of a model; its geometry says no more than how large its spaces are.
fn of_model(source: &Source, around: Bounds, report: &mut Report) -> Placement {
    let document = &source.document;
    let one = Placement::one("Venue", around);
    let has_spaces = document.nodes.iter().any(|node| node.extensions.contains_key("VEV_space"));
    let (mut rooms, layout) = if has_spaces {
        let rooms = spaces::find_bounded(document, report);
        let boxes = rooms.spaces.iter().map(|space| (space.bounds, space.id)).collect();
        (rooms, Layout::of_boxes(boxes))
    } else {
        let nodes = vec![NodeUse::default(); document.nodes.len()];
        (Rooms { order: document.scene_nodes(), nodes, ..one.rooms }, one.layout)
    };
    for (usage, node) in rooms.nodes.iter_mut().zip(&document.nodes) {
        usage.space = usage.space.or_else(|| layout.space_above(place_of(node.world).position));
    }
    let places = places::find(document, &rooms, report);
    let venue: Venue = pack::root(source, "VEV_venue", report);
    let name = venue.name.map(Into::into);
    if let (false, Some(name)) = (has_spaces, &name) {
        rooms.spaces[0].name = Clone::clone(name);
    }
    let environment = document.extensions.contains_key("VEV_environment").then(|| {
        let given: Environment = pack::root(source, "VEV_environment", report);
        pack::environment(given)
    });
    Placement {
        id: venue.id,
        name,
        credits: venue.credits,
        frame: venue.frame.map(|frame| GeodeticFrame {
            latitude: frame.latitude,
            longitude: frame.longitude,
            height: frame.height,
            heading: frame.heading,
            survey_origin: frame.survey_origin,
        }),
        places,
        things: model_things(source, &rooms, report),
        panoramas: panoramas::find(source, &rooms, report),
        rooms,
        layout,
        environment,
        ..Placement::default()
    }
}

fn model_things(source: &Source, rooms: &Rooms, report: &mut Report) -> Vec<Thing> {
    let mut things = Vec::new();
    for &at in &rooms.order {
        let node = &source.document.nodes[at];
        let Ok(Some(exhibit)) = extensions::get::<Exhibit>(node, "VEV_exhibit") else { continue };
        let space = exhibit.space.as_deref().map_or(rooms.nodes[at].space, |key| rooms.by_key(key));
        match (exhibit.source, space) {
            (Some(source), Some(space)) => {
                things.push(Thing { space, name: exhibit.name.into(), source, world: node.world });
            }
            (None, _) => report.warn(format!(
                "the exhibit {:?} is left out: on a scan an exhibit names its own file by \"source\"",
                node.name
            )),
            (_, None) => report.error(format!("the exhibit {:?} is in no space", node.name)),
        }
    }
    things
}
