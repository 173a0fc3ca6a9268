//! The panels: start page, progress, what lies over the venue, and all text that the client shows.
//!
//! egui does layout, focus and accessibility; every string is translated by [`words`], shaped by
//! [`text`] and drawn as a mesh from one atlas. The panels read a [`PanelModel`] and answer with
//! [`PanelAction`]s: they know no network, no renderer, no window and no clock.

mod choices;
mod flags;
mod focus;
mod invite_model;
mod key_model;
mod keyboard;
mod listed;
mod local;
mod memory;
mod mesh;
pub mod model;
pub mod order_model;
pub mod output;
mod pages;
mod scribe;
mod tags;
pub mod talk_model;
pub mod text;
pub mod theme;
mod turns;
mod view;
mod voice_model;
mod web_links;
mod widgets;
pub mod words;

pub use model::{
    Action, Conversation, Delivery, Invite, KeyChange, KeyHint, KeyStep, LastVenue, Notice, Panel,
    PanelAction, PanelModel, PanelSettings, Person, Picture, Problem, Room, Stage, TextFailure, TextLine,
    Turning,
};
pub use output::{
    AtlasUpdate, PanelInput, PanelMesh, PanelOutput, PanelVertex, Region, Tag, TagKey, TagText,
};
pub use web_links::WebLink;

use crate::platform::foreign;
use egui::{Event, Key, RawInput, Rect, pos2, vec2};
use memory::Memory;
use scribe::Scribe;
use text::TextEngine;
use theme::Theme;
use turns::Turns;
use view::View;
use words::Words;

/// Size of one frame: pixels and pixels of a point.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Screen {
    px: [u32; 2],
    scale: f32,
}

/// When name tags are drawn that are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagDrawing {
    /// Beside the frames; a tag is there a few frames later.
    #[default]
    Aside,
    /// In the frame that asks, for a picture that is kept.
    AtOnce,
}

/// All panels of one window.
pub struct Panels {
    context: egui::Context,
    engine: TextEngine,
    words: Words,
    memory: Memory,
    meshes: Vec<PanelMesh>,
    /// What the last laid-out frame was made of: the same again is not laid out.
    last: Option<(Screen, PanelModel, (Option<Panel>, bool))>,
    /// Size of the atlas that the meshes' texture coordinates are made for.
    atlas_size: [u32; 2],
    /// egui asked for another frame.
    unsettled: bool,
    /// What takes the pointer.
    solid: Vec<Rect>,
    turns: Turns,
    platform: egui::PlatformOutput,
    tag_drawing: TagDrawing,
    /// Draws tags aside, from the first one on.
    scribe: Option<Scribe>,
    /// The memory of a frame's list of updates.
    updates: Vec<AtlasUpdate>,
}

impl Default for Panels {
    fn default() -> Self {
        Self::new()
    }
}

impl Panels {
    /// Panels with nothing open.
    pub fn new() -> Self {
        Self {
            context: quiet_context(),
            engine: TextEngine::default(),
            words: Words::new(PanelSettings::default().language),
            memory: Memory::default(),
            meshes: Vec::new(),
            last: None,
            atlas_size: [0; 2],
            unsettled: false,
            solid: Vec::new(),
            turns: Turns::default(),
            platform: egui::PlatformOutput::default(),
            tag_drawing: TagDrawing::default(),
            scribe: None,
            updates: Vec::new(),
        }
    }

    /// The context that `egui_winit::State::new` wants.
    pub fn context(&self) -> &egui::Context {
        &self.context
    }

    /// A screen reader listens from now on, or not any more; the next frame tells it what there is.
    pub fn be_read(&mut self, is_read: bool) {
        match is_read {
            true => self.context.enable_accesskit(),
            false => self.context.disable_accesskit(),
        }
        self.unsettled = true;
    }

    /// The triangles of the last frame, to be drawn in order.
    pub fn meshes(&self) -> &[PanelMesh] {
        &self.meshes
    }

    /// Hears of the visit before anything of it is drawn: what is opened now belongs to it.
    pub fn follow_visit(&mut self, visit: u32) {
        self.memory.follow_visit(visit);
    }

    /// Opens a panel over the venue; it takes the keyboard.
    pub fn open(&mut self, panel: Panel) {
        self.memory.open(panel);
    }

    /// Opens a panel, or closes it when it is open and has the keyboard.
    pub fn toggle(&mut self, panel: Panel) {
        if self.memory.open == Some(panel) && !self.memory.view_has_keys {
            self.close()
        } else {
            self.open(panel)
        }
    }

    /// Closes whatever is open.
    pub fn close(&mut self) {
        self.memory.open = None;
        self.give_keys_to_view();
    }

    /// The panel that is open.
    pub fn open_panel(&self) -> Option<Panel> {
        self.memory.open
    }

    /// Shows the page of somebody who was pointed at.
    pub fn open_person(&mut self, person: venue_model::ParticipantId) {
        self.memory.open_person(person);
    }

    /// Gives the whole atlas again with the next frame, for a renderer that has none of it.
    pub fn show_again(&mut self) {
        self.engine.atlas.show_again();
    }

    /// The picture of a name tag, or of a sign like one; drawn on first use, found again afterwards. Ask before [`Self::frame`],
    /// whose atlas updates carry its pixels; the region holds while that frame is drawn.
    pub fn tag(&mut self, text: TagText<'_>, pixels_per_point: f32) -> Option<Tag> {
        tags::tag(&mut self.engine, &self.words, text, pixels_per_point)
    }

    /// When the tags of [`Self::draw_tag_soon`] are drawn from now on.
    pub fn set_tag_drawing(&mut self, tag_drawing: TagDrawing) {
        self.tag_drawing = tag_drawing;
    }

    /// What a tag is found again by.
    pub fn tag_key(&self, text: TagText<'_>, pixels_per_point: f32) -> TagKey {
        TagKey(tags::key_of(text, self.words.language(), pixels_per_point))
    }

    /// A tag that is there; it stays at least until the next frame.
    pub fn find_tag(&mut self, key: TagKey) -> Option<Tag> {
        tags::find(&mut self.engine.atlas, key.0)
    }

    /// Has a tag drawn that is not there: it is found in one of the next frames.
    pub fn draw_tag_soon(&mut self, key: TagKey, text: TagText<'_>, pixels_per_point: f32) -> Option<Tag> {
        if self.tag_drawing == TagDrawing::Aside && self.scribe.is_none() {
            self.scribe = Scribe::start()
                .inspect_err(|error| tracing::debug!(%error, "frames draw their own tags"))
                .ok();
        }
        match (&mut self.scribe, self.tag_drawing) {
            (Some(scribe), TagDrawing::Aside) => {
                scribe.ask(key.0, text, self.words.language(), pixels_per_point);
                None
            }
            _ => self.tag(text, pixels_per_point),
        }
    }

    /// Whether tags that were asked for are still being drawn.
    pub fn awaits_tags(&self) -> bool {
        self.scribe.as_ref().is_some_and(Scribe::is_busy)
    }

    /// Takes back the memory of updates that were applied.
    pub fn recycle(&mut self, updates: &mut Vec<AtlasUpdate>) {
        updates.drain(..).for_each(|update| self.engine.atlas.recycle(update.rgba));
        self.updates = std::mem::take(updates);
    }

    /// The client's sentences in the language that is set, for a window's title.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// Lays out and answers one frame. Cheap when nothing changed since the last one.
    pub fn frame(&mut self, mut input: PanelInput, model: &PanelModel) -> PanelOutput {
        self.turns.take(&mut input.raw);
        if self.words.language() != model.settings.language {
            self.words = Words::new(model.settings.language);
        }
        input.raw.events.splice(0..0, self.memory.keyboard.take_typed());
        self.memory.follow_visit(model.visit);
        self.memory.follow_talk(model.talk.current.as_ref().map(|talk| talk.id));
        // The mirror and the sound's check are open before entry too.
        let is_start = matches!(model.stage, Stage::Start | Stage::StartWithProblem(_));
        let is_before = matches!(self.memory.open, Some(Panel::Avatar | Panel::SoundCheck));
        if model.stage != Stage::Inside && !(is_start && is_before) {
            self.memory.open = None;
            self.memory.view_has_keys = true;
        }
        let screen = Screen { px: input.screen_px, scale: sane_scale(input.pixels_per_point) };
        self.follow_focus(&input.raw, model);
        let mut output = PanelOutput::default();
        if self.must_lay_out(screen, &input.raw, model) {
            self.lay_out(screen, input.raw, model, &mut output);
        } else {
            // The glyphs of the kept meshes must not make room for others.
            self.engine.atlas.keep_last_frame();
        }
        output.platform = self.platform.clone();
        self.platform.commands.clear();
        self.platform.events.clear();
        self.platform.accesskit_update = None;
        output.wants_keyboard = self.is_interactive(model);
        output.wants_pointer = self.pointer_is_over();
        output.repaint_after_secs = (self.unsettled || self.turns.is_waiting()).then_some(0.0);
        output.atlas = std::mem::take(&mut self.updates);
        output.atlas.extend(std::iter::from_fn(|| self.engine.atlas.take_update()));
        // Tags asked for from here on belong to the next frame.
        self.engine.begin_frame();
        if let Some(scribe) = &mut self.scribe {
            scribe.collect(&mut self.engine.atlas);
        }
        output
    }

    /// Whether keys and clicks mean something to the panels.
    fn is_interactive(&self, model: &PanelModel) -> bool {
        model.stage != Stage::Inside || !self.memory.view_has_keys
    }

    fn pointer_is_over(&self) -> bool {
        let over = |at| self.is_over(at);
        self.context.pointer_latest_pos().is_some_and(over) || self.context.egui_is_using_pointer()
    }

    fn is_over(&self, at: egui::Pos2) -> bool {
        self.solid.iter().any(|rect| rect.contains(at))
    }

    fn must_lay_out(&self, screen: Screen, raw: &RawInput, model: &PanelModel) -> bool {
        let events = match self.is_interactive(model) {
            true => !raw.events.is_empty(),
            false => raw.events.iter().any(|event| self.concerns_the_venue(event)),
        };
        let same = self.last.as_ref().is_some_and(|(last_screen, last_model, last_open)| {
            *last_screen == screen && last_model == model && *last_open == self.memory.shown()
        });
        let outgrown = self.atlas_size != self.engine.atlas.size();
        events || self.unsettled || self.memory.just_opened || outgrown || !same
    }

    /// Whether an event means something while the 3-D view has the keyboard: what lies over it answers to the pointer
    /// alone, and a key or button that was pressed in a panel has to be let go.
    fn concerns_the_venue(&self, event: &Event) -> bool {
        match event {
            Event::AccessKitActionRequest(_) | Event::WindowFocused(_) => true,
            Event::PointerMoved(pos) => self.is_over(*pos) || self.pointer_is_over(),
            Event::PointerGone | Event::MouseWheel { .. } => self.pointer_is_over(),
            Event::PointerButton { pressed: true, pos, .. } => self.is_over(*pos),
            Event::Key { pressed: false, key, .. } => {
                self.context.input(|input| input.keys_down.contains(key))
            }
            Event::PointerButton { pressed: false, .. } => {
                self.context.input(|input| input.pointer.any_down())
            }
            _ => false,
        }
    }

    fn lay_out(&mut self, screen: Screen, mut raw: RawInput, model: &PanelModel, output: &mut PanelOutput) {
        let just_opened = std::mem::take(&mut self.memory.just_opened);
        self.memory.wants_focus = just_opened;
        let was_open = self.memory.open.is_some();
        if !self.is_interactive(model) {
            focus::leave_keys_to_view(&mut raw);
        }
        let escape = prepare(&mut raw, screen, just_opened);
        let hides_keyboard = self.memory.keyboard.begin_frame();
        self.solid.clear();
        self.memory.spoken.clear();
        let mut view = View {
            engine: &mut self.engine,
            words: &self.words,
            theme: Theme::new(&model.settings),
            model,
            memory: &mut self.memory,
            actions: &mut output.actions,
            right_to_left: model.settings.language.is_right_to_left(),
            solid: &mut self.solid,
        };
        let mut full = foreign(|| self.context.run_ui(raw, |ui| pages::show(&mut view, ui)));
        if let Some(update) = &mut full.platform_output.accesskit_update {
            widgets::spoken_text::tell(update, &self.memory.spoken);
        }
        // egui draws no text and no picture of its own, so its texture is never used.
        full.textures_delta.clear();
        let primitives = foreign(|| self.context.tessellate(full.shapes, screen.scale));
        let size = screen.px.map(|side| side as f32);
        self.atlas_size = self.engine.atlas.size();
        mesh::convert(primitives, screen.scale, size, &self.engine.atlas, &mut self.meshes);
        let delay = full.viewport_output.values().map(|viewport| viewport.repaint_delay).min();
        self.unsettled = delay.is_some_and(|delay| delay.as_secs_f32() < 1.0);
        foreign(|| self.platform.append(full.platform_output));
        if escape || (was_open && self.memory.open.is_none()) {
            self.close();
        }
        if hides_keyboard {
            self.forget_focus();
            self.memory.keyboard.serve_nobody();
        }
        match &mut self.last {
            Some((last_screen, last_model, last_open)) => {
                (*last_screen, *last_open) = (screen, self.memory.shown());
                last_model.take_over(model);
            }
            None => self.last = Some((screen, model.clone(), self.memory.shown())),
        }
        self.unsettled |= escape || hides_keyboard;
        output.changed = true;
    }
}

fn sane_scale(scale: f32) -> f32 {
    if scale.is_finite() && scale > 0.0 { scale.clamp(0.5, 4.0) } else { 1.0 }
}

/// Gives egui the size, takes away what is not for it; whether a panel is to be closed.
fn prepare(raw: &mut RawInput, screen: Screen, just_opened: bool) -> bool {
    let points = vec2(screen.px[0] as f32, screen.px[1] as f32) / screen.scale;
    raw.screen_rect = Some(Rect::from_min_size(pos2(0.0, 0.0), points));
    raw.viewports.entry(raw.viewport_id).or_default().native_pixels_per_point = Some(screen.scale);
    // The key that opened a panel is not meant for what the panel holds; one that comes up must not seem held.
    if just_opened {
        raw.events.retain(|event| !matches!(event, Event::Key { pressed: true, .. } | Event::Text(_)));
    }
    let is_escape = |event: &Event| matches!(event, Event::Key { key: Key::Escape, pressed: true, .. });
    raw.events.iter().any(is_escape)
}

/// A context that moves and blinks nothing and changes nothing by itself.
fn quiet_context() -> egui::Context {
    let context = egui::Context::default();
    context.options_mut(|options| {
        options.zoom_with_keyboard = false;
        options.max_passes = std::num::NonZeroUsize::MIN;
        options.tessellation_options.prerasterized_discs = false;
        options.theme_preference = egui::ThemePreference::Dark;
    });
    context.all_styles_mut(|style| {
        style.animation_time = 0.0;
        style.scroll_animation = egui::style::ScrollAnimation::none();
        style.spacing.scroll = egui::style::ScrollStyle::thin();
    });
    context.set_missing_glyph_policy(egui::epaint::text::MissingGlyphPolicy::Tofu);
    context
}

#[cfg(test)]
mod audio_tests;
#[cfg(test)]
mod behaviour_tests;
#[cfg(test)]
mod focus_tests;
#[cfg(test)]
mod headset_tests;
#[cfg(test)]
pub(crate) mod language_tests;
#[cfg(test)]
mod link_tests;
#[cfg(test)]
mod place_tests;
#[cfg(test)]
mod raster;
#[cfg(test)]
mod safety_tests;
#[cfg(test)]
mod talk_tests;
#[cfg(test)]
mod tests;
