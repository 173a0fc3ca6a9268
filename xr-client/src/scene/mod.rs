//! What is seen: tiles, avatars, tags, marker, light and sky, made from what the core knows.
//!
//! It must not know the network, the window or how panels look.

pub mod avatar;
pub mod beam;
pub mod camera;
mod frame;
mod light;
mod loader;
pub mod marker;
pub mod mirror;
pub mod model;
pub mod mute_sign;
pub mod overlay;
pub mod panorama;
mod rays;
mod solid;
pub mod stream;
mod tag_layout;
mod tag_pictures;
mod tags;
mod talk_rings;
mod upload;

use crate::core::people::Entry;
use crate::core::venue::door_distances;
use crate::core::{ClientCore, Connector};
use crate::panels::Panels;
use avatar::{AvatarError, Bearing, Cast, Sight};
use beam::{BeamMarker, SeenBeam};
use camera::{Camera, Perspective};
pub use frame::{Recycled, SceneFrame};
use glam::Vec3;
use light::{Setting, Surroundings};
use marker::{Aim, Marker};
use mirror::{MIRRORED, Mirror, PanelSide};
use mute_sign::{MuteSign, SeenSign};
use overlay::Overlay;
use panorama::Panorama;
use stream::{Detail, Stream, StreamStats, Viewer};
pub use tags::TagView;
use talk_rings::TalkRings;

use std::sync::Arc;
use tags::Tags;
use venue_model::{FileHash, Fingers, ParticipantId, SpaceId};
use venue_package::manifest::Environment;
use venue_package::{Manifest, Tileset};
use venue_protocol::Appearance;
use wgpu_renderer::{
    Draw, Frustum, Gpu, Label, Lighting, RenderError, Renderer, Sky, SurfelDraw, TextureId, View,
};

/// So many tiles are fetched before what is seen between them.
const TILES_BEFORE_PANORAMA: usize = 8;

/// What is drawn of a full hall, before the list of it asks for memory.
const EXPECTED_DRAWS: usize = 1_024;

/// How long the view is dark after a jump, seconds.
const FADE_SECS: f32 = 0.22;

/// A sign over a table hangs so high above the floor, and is read from so far, metres.
const SIGN_METRES: f32 = 2.1;
const FARTHEST_SIGN: f32 = 30.0;

/// The scene can not be made.
#[derive(Debug, thiserror::Error)]
pub enum SceneError {
    /// The avatar.
    #[error(transparent)]
    Avatar(#[from] AvatarError),
    /// The GPU.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// No thread for loading.
    #[error("the loader can not start: {0}")]
    Thread(#[from] std::io::Error),
}

/// What is seen.
pub struct Scene {
    tiles: Stream,
    /// The venue that is shown, and the space that the viewer is in.
    manifest: Option<Arc<Manifest>>,
    /// The tileset whose tiles are shown.
    tileset: Option<FileHash>,
    space: Option<SpaceId>,
    cast: Cast,
    marker: Marker,
    talk_rings: TalkRings,
    beam_marker: BeamMarker,
    /// What a hand points with at the panels.
    beam: Option<SeenBeam>,
    mute_sign: MuteSign,
    sign: Option<SeenSign>,
    /// What the venue is made of, for whoever builds it.
    pub overlay: Overlay,
    /// What is seen around the space.
    pub panorama: Panorama,
    /// Files that are missing, the most wanted first.
    wanted: Vec<FileHash>,
    draws: Vec<Draw>,
    surfels: Vec<SurfelDraw>,
    labels: Vec<Label>,
    tags: Tags,
    /// Seconds of the last update.
    dt: f32,
    lighting: Lighting,
    sky: Sky,
    fade_secs: f32,
    perspective: Perspective,
    /// Whether others fade who come very close.
    keeps_distance: bool,
    /// Seen instead of the venue while it is open.
    mirror: Option<Mirror>,
}

impl Scene {
    /// An empty scene.
    pub fn new(gpu: &Gpu, renderer: &mut Renderer) -> Result<Self, SceneError> {
        Ok(Self {
            tiles: Stream::new(gpu.texel_format(), Detail::of(gpu, renderer.settings().quality))?,
            manifest: None,
            tileset: None,
            space: None,
            cast: Cast::new(gpu, renderer)?,
            marker: Marker::new(gpu, renderer)?,
            talk_rings: TalkRings::new(gpu, renderer)?,
            beam_marker: BeamMarker::new(gpu, renderer)?,
            beam: None,
            mute_sign: MuteSign::new(gpu, renderer)?,
            sign: None,
            overlay: Overlay::default(),
            panorama: Panorama::default(),
            wanted: Vec::new(),
            draws: Vec::with_capacity(EXPECTED_DRAWS),
            surfels: Vec::new(),
            labels: Vec::new(),
            tags: Tags::default(),
            dt: 0.0,
            lighting: Lighting::default(),
            sky: Sky::default(),
            fade_secs: 0.0,
            perspective: Perspective::First,
            keeps_distance: true,
            mirror: None,
        })
    }

    /// Another venue was opened.
    pub fn open(&mut self, manifest: &Arc<Manifest>, renderer: &mut Renderer) {
        if !self.shows_same_tiles(manifest) {
            self.tiles.clear(setting_of(manifest), renderer);
            self.tileset = None;
        }
        (self.lighting, self.sky) = light_of(&manifest.environment);
        (self.manifest, self.space) = (Some(Arc::clone(manifest)), None);
    }

    /// Whether a venue differs from the one that is shown in other things than its tiles and their light: then these
    /// stay, and nobody sees the venue come anew.
    fn shows_same_tiles(&self, manifest: &Manifest) -> bool {
        let places = |manifest: &Manifest| {
            manifest.spaces.iter().map(|space| (space.id, space.bounds)).collect::<Vec<_>>()
        };
        self.tileset == Some(manifest.tileset)
            && self.manifest.as_ref().is_some_and(|shown| {
                shown.environment == manifest.environment && places(shown) == places(manifest)
            })
    }

    /// The venue's tiles are known.
    pub fn open_tiles(&mut self, tileset: &Tileset) {
        if self.tileset.is_none() {
            self.tiles.open(tileset);
            self.tileset = self.manifest.as_ref().map(|manifest| manifest.tileset);
        }
    }

    /// A file's bytes came.
    pub fn load(&mut self, file: FileHash, bytes: bytes::Bytes) {
        if !self.panorama.load(file, &bytes) {
            self.tiles.load(file, bytes);
        }
    }

    /// A file that is wanted does not come now.
    pub fn handle_failed(&mut self, file: FileHash) {
        if !self.panorama.handle_failed(file) {
            self.tiles.handle_failed(file);
        }
    }

    /// The files that are wanted, the most wanted first.
    pub fn wanted_files(&mut self) -> &[FileHash] {
        let tiles = self.tiles.wanted();
        let (first, later) = tiles.split_at(tiles.len().min(TILES_BEFORE_PANORAMA));
        self.wanted.clear();
        self.wanted.extend(first.iter().copied().chain(self.panorama.wanted_file()));
        self.wanted.extend_from_slice(later);
        &self.wanted
    }

    /// How finely tiles are shown.
    pub fn set_detail(&mut self, detail: Detail) {
        self.tiles.set_detail(detail);
    }

    /// What streaming does now.
    pub fn stream_stats(&self) -> StreamStats {
        self.tiles.stats()
    }

    /// Whether every tile that the last view asks for is drawn.
    pub fn is_loaded(&self) -> bool {
        self.tiles.is_settled() && self.overlay.is_settled() && self.panorama.is_settled()
    }

    /// Heads bump against the tiles that are loaded from now on.
    pub fn be_solid(&mut self) {
        self.tiles.be_solid();
    }

    /// How far a way goes on behind the first surface, metres; none if nothing solid is known around it.
    pub fn depth_in_walls(&self, from: Vec3, to: Vec3) -> Option<f32> {
        self.tiles.depth(from, to)
    }

    /// The view jumps: it is dark for a moment, so that nobody feels moved.
    pub fn jump(&mut self) {
        self.fade_secs = FADE_SECS;
    }

    /// First or third person.
    pub fn perspective(&self) -> Perspective {
        self.perspective
    }

    /// Changes between first and third person.
    pub fn set_perspective(&mut self, perspective: Perspective) {
        self.perspective = perspective;
    }

    /// Whether others fade who come very close.
    pub fn set_keeps_distance(&mut self, keeps_distance: bool) {
        self.keeps_distance = keeps_distance;
    }

    /// What a hand points with at the panels from now on.
    pub fn set_beam(&mut self, beam: Option<SeenBeam>) {
        self.beam = beam;
    }

    /// What the own microphone's sign shows from now on.
    pub fn set_sign(&mut self, sign: Option<SeenSign>) {
        self.sign = sign;
    }

    /// Opens the mirror beside a panel at this side, or closes it.
    pub fn set_mirror(&mut self, side: Option<PanelSide>) {
        match (&mut self.mirror, side) {
            (Some(mirror), Some(side)) => mirror.set_side(side),
            (_, side) => self.mirror = side.map(Mirror::new),
        }
    }

    /// Whether the mirror is seen and not the venue.
    pub fn is_mirror_open(&self) -> bool {
        self.mirror.is_some()
    }

    /// Turns the figure in the mirror, radians.
    pub fn turn_mirror(&mut self, by: f32) {
        if let Some(mirror) = &mut self.mirror {
            mirror.turn(by);
        }
    }

    /// Moves everything on by `dt` seconds; gives tiles that can't be shown.
    pub fn update<C: Connector>(
        &mut self,
        gpu: &Gpu,
        renderer: &mut Renderer,
        core: &ClientCore<C>,
        aim: Option<&Aim>,
        dt: f32,
    ) -> Vec<(FileHash, String)> {
        self.dt = dt;
        let broken = self.tiles.advance(gpu, renderer);
        if let Err(error) = self.overlay.advance(gpu, renderer, core.manifest().zip(core.walkable())) {
            // The venue is seen without it; a device that is lost is dealt with by the next frame.
            tracing::warn!(%error, "the overlay can not be drawn");
            self.overlay.set_wanted(false);
        }
        self.fade_secs = (self.fade_secs - dt).max(0.0);
        self.cast.begin();
        self.show_others(core, dt);
        self.cast.see_by(None);
        if let Some(own) = core.own_id() {
            let raised_hand = core.people().has_raised_hand(own);
            let (loudness, is_speaking) = voice_of(core, own);
            let (appearance, curls) = (core.appearance(), core.body().curls());
            let bearing = Bearing { appearance, raised_hand, is_speaking, loudness, light: None, curls };
            self.cast.show(own, core.body().pose(), bearing, dt);
            // Own eyes are inside of the own head.
            self.cast.see_by((self.perspective == Perspective::First).then_some(own));
        }
        if let Some(mirror) = &self.mirror {
            let loudness = core.own_id().map_or(0.0, |own| core.loudness(own));
            mirror.show(&mut self.cast, core.appearance(), loudness, dt);
        }
        self.cast.retire();
        let lights = self.tiles.lights();
        // The mirror's figure stands nowhere, and has the studio's light.
        self.cast.light_up(|place| lights.at(place), dt);
        let keeps_distance = self.keeps_distance && self.mirror.is_none();
        let own = core.own_id().filter(|_| keeps_distance);
        self.cast.fade_around(own.map(|own| (own, core.body().pose().root)));
        self.draws.clear();
        self.surfels.clear();
        if self.mirror.is_some() {
            self.cast.append_shadows(|id| id == MIRRORED, &mut self.draws);
            self.append_beam();
            return broken;
        }
        self.cast.append_shadows(|_| true, &mut self.draws);
        self.overlay.append_draws(&mut self.draws);
        self.append_talks(core);
        if let Some(aim) = aim {
            self.marker.append_draws(aim, &mut self.draws);
        }
        self.append_beam();
        broken
    }

    fn show_others<C: Connector>(&mut self, core: &ClientCore<C>, dt: f32) {
        let people = core.people();
        let is_news = self.cast.hear_of_news(people.revision());
        for (id, pose) in core.bodies_in_view() {
            // A thousand look-ups in each frame would find what the last frame found.
            let known = if is_news { None } else { self.cast.known(*id) };
            let (appearance, raised_hand) = known.unwrap_or_else(|| {
                let looks = people.get(*id).map_or(Appearance::default(), |entry: &Entry| entry.appearance);
                (looks, people.has_raised_hand(*id))
            });
            let (loudness, is_speaking) = voice_of(core, *id);
            let curls = pose.fingers.map(|fingers| fingers.map(Fingers::curls));
            let bearing = Bearing { appearance, raised_hand, is_speaking, loudness, light: None, curls };
            self.cast.show(*id, pose, bearing, dt);
        }
    }

    /// Light around who talks in private.
    fn append_talks<C: Connector>(&mut self, core: &ClientCore<C>) {
        let people = core.people();
        self.talk_rings.clear();
        if core.is_in_talk() {
            self.talk_rings.add_own(core.body().pose().root);
        }
        for (zone, is_ours) in core.kept_places() {
            self.talk_rings.add_place(zone.bounds, is_ours);
        }
        if people.talkers().next().is_none() && !core.is_in_talk() {
            return self.talk_rings.append_draws(&mut self.draws);
        }
        let members = core.talks().members();
        for (id, pose) in core.bodies_in_view() {
            if members.contains(id) {
                self.talk_rings.add_own(pose.root);
            } else if people.is_in_talk(*id) {
                self.talk_rings.add_other(pose.root);
            }
        }
        self.talk_rings.append_draws(&mut self.draws);
    }

    fn append_beam(&mut self) {
        if let Some(beam) = &self.beam {
            self.beam_marker.append_draws(beam, &mut self.draws);
        }
        if let Some(sign) = &self.sign {
            self.mute_sign.append_draws(sign, &mut self.draws);
        }
    }

    /// Chooses tiles for these views of the own eyes, and puts them among what is drawn. Must run after the update and
    /// before the frame is drawn.
    pub fn select_tiles<C: Connector>(&mut self, core: &ClientCore<C>, views: &[View], height_px: u32) {
        self.follow_space(core.space());
        let (Some(first), Some(last)) = (views.first(), views.last()) else { return };
        let frusta = [first, last].map(|view| Frustum::of(&view.clip_from_world()));
        let ahead = -first.view_from_world.row(2).truncate();
        let viewer = Viewer {
            eye: (first.position_in_world() + last.position_in_world()) * 0.5,
            ahead,
            frusta: &frusta[..views.len().min(2)],
            pixels_per_radian: 1.0 / first.radians_per_pixel(height_px),
        };
        let (draws, surfels) = (self.draws.len(), self.surfels.len());
        self.tiles.select(&viewer, self.dt, &mut self.draws, &mut self.surfels);
        if self.mirror.is_some() {
            // The venue loads on behind the mirror, but is not seen.
            self.draws.truncate(draws);
            self.surfels.truncate(surfels);
        }
    }

    fn follow_space(&mut self, space: Option<SpaceId>) {
        if self.space == space {
            return;
        }
        self.space = space;
        if let (Some(space), Some(manifest)) = (space, &self.manifest) {
            self.tiles.set_doors(door_distances(manifest, space));
        }
        let around = space.and_then(|space| self.manifest.as_ref()?.panorama(space).copied());
        self.panorama.want(around);
    }

    /// The camera of the own eyes, also while the mirror is open.
    pub fn own_camera<C: Connector>(&self, core: &ClientCore<C>, vertical_fov: f32) -> Camera {
        Camera::of_body(core.body().pose(), self.perspective, vertical_fov)
    }

    /// Chooses who is drawn and how finely in these views, and gathers the crowd. Must run after the update and before the
    /// frame is drawn.
    pub fn choose_figures(&mut self, gpu: &Gpu, renderer: &Renderer, views: &[View], height_px: u32) {
        let (Some(first), Some(last)) = (views.first(), views.last()) else { return };
        let frusta = [first, last].map(|view| Frustum::of(&view.clip_from_world()));
        self.cast.choose_levels(Sight {
            eye: (first.position_in_world() + last.position_in_world()) * 0.5,
            radians_per_pixel: first.radians_per_pixel(height_px),
            frusta: &frusta[..views.len().min(2)],
        });
        self.cast.gather(gpu, renderer);
    }

    /// Puts a tag over every other head. Must run before the panels' frame, which brings new pictures.
    pub fn tag<C: Connector>(
        &mut self,
        panels: &mut Panels,
        atlas: Option<TextureId>,
        core: &ClientCore<C>,
        view: &TagView,
    ) {
        if self.mirror.is_some() {
            self.labels.clear();
            return;
        }
        let speaks = |id| core.is_speaking(id);
        let who = (core.bodies_in_view(), core.people(), &speaks as &dyn Fn(ParticipantId) -> bool);
        self.tags.collect(panels, atlas, who, view, self.dt, &mut self.labels);
        self.overlay.append_labels(panels, atlas, view, &mut self.labels);
        self.label_places(panels, atlas, core, view);
    }

    /// Says over a table or booth that it is kept for a talk.
    fn label_places<C: Connector>(
        &mut self,
        panels: &mut Panels,
        atlas: Option<TextureId>,
        core: &ClientCore<C>,
        view: &TagView,
    ) {
        for (zone, is_ours) in core.kept_places() {
            let middle = zone.bounds.center();
            let at = Vec3::new(middle.x, (zone.bounds.min.y + SIGN_METRES).min(zone.bounds.max.y), middle.z);
            if at.distance(view.eye) > FARTHEST_SIGN {
                continue;
            }
            let words = panels.words().of_kept_place(is_ours);
            let tag = panels.tag(overlay::sign_of(&words), view.pixels_per_point);
            if let (Some(tag), Some(texture)) = (tag, atlas) {
                self.labels.push(tags::label(tag, texture, at, 1.0, view));
            }
        }
    }

    /// The camera of the own body.
    pub fn camera<C: Connector>(&self, core: &ClientCore<C>, vertical_fov: f32) -> Camera {
        match &self.mirror {
            Some(mirror) => mirror.camera(),
            None => self.own_camera(core, vertical_fov),
        }
    }
}

/// How loud the voice of somebody is, 0 to 1, and whether they speak to the room.
fn voice_of<C: Connector>(core: &ClientCore<C>, id: ParticipantId) -> (f32, bool) {
    let loudness = core.loudness(id);
    (loudness, loudness > 0.0 || core.is_writing_to_room(id))
}

/// What the tiles of a venue are lit and lighted by.
pub(crate) fn setting_of(manifest: &Manifest) -> Setting {
    let sky = &manifest.environment.sky;
    let spaces = manifest.spaces.iter().map(|space| (space.bounds.min, space.bounds.max));
    let around = Surroundings([sky.zenith, sky.horizon, sky.ground]);
    Setting { generation: 0, spaces: spaces.collect(), around }
}

/// The light on figures and lit things, and the sky.
pub(crate) fn light_of(environment: &Environment) -> (Lighting, Sky) {
    let sun = &environment.sun;
    let lighting = Lighting {
        ambient_from_above: environment.ambient,
        ambient_from_below: environment.ambient * Vec3::new(0.62, 0.58, 0.54),
        direction_to_sun: -sun.direction,
        sun_color: sun.color * sun.strength * 0.35,
        exposure: 1.0,
    };
    let sky = &environment.sky;
    (lighting, Sky::Gradient { zenith: sky.zenith, horizon: sky.horizon, ground: sky.ground })
}
