//! The panels in the room of somebody with a headset: where they hang, and what hands do at them.
//!
//! The same panels as in a window; here they get a place and a pointer. It must not know the headset's runtime, the panels'
//! pages or the renderer's passes: poses come in, a surface, egui's events and a beam go out.

pub mod hang;
pub mod pointing;
pub mod surface;
pub mod touch;

use crate::comfort::ComfortSettings;
use hang::{Hang, Mount};
use pointing::{Beam, HandInput, HandRules, Pointing};
use surface::Surface;
use venue_model::RigidPose;

/// What is tracked in one frame, in the root's frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tracked {
    /// Between the eyes.
    pub head: RigidPose,
    /// Grips, left and right.
    pub grips: [Option<RigidPose>; 2],
    /// What the hands do, left and right.
    pub hands: [HandInput; 2],
    /// How fine the headset's picture is in its middle.
    pub pixels_per_degree: f32,
}

/// What the panels have to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Showing {
    /// A page, or something that must be read now.
    Page,
    /// Where one is and what can be opened.
    Glance,
}

/// The panels' place and pointer.
#[derive(Debug, Default)]
pub struct PanelsInWorld {
    hang: Hang,
    pointing: Pointing,
    surface: Option<Surface>,
}

impl PanelsInWorld {
    /// Moves on by `dt` seconds and appends what hands did for the panels' next frame.
    pub fn step(
        &mut self,
        tracked: &Tracked,
        showing: Showing,
        comfort: &ComfortSettings,
        text_scale: f32,
        dt: f32,
        events: &mut Vec<egui::Event>,
    ) {
        self.hang.set_mount(match showing {
            Showing::Page => Mount::Air,
            Showing::Glance => Mount::Wrist,
        });
        // The hand that points can not reach its own wrist; with one hand alone there is no other.
        let wrist = if comfort.one_handed { comfort.hand.other() } else { self.pointing.hand().other() };
        let wrist = tracked.grips[wrist.index()];
        self.surface = self.hang.step(&tracked.head, wrist.as_ref(), text_scale, dt);
        let rules = HandRules { hand: comfort.hand, one_handed: comfort.one_handed };
        self.pointing.step(self.surface.as_ref(), &tracked.hands, rules, dt, events);
    }

    /// The headset is put down: what is pressed is let go.
    pub fn leave(&mut self, comfort: &ComfortSettings, events: &mut Vec<egui::Event>) {
        let rules = HandRules { hand: comfort.hand, one_handed: comfort.one_handed };
        self.pointing.step(None, &[HandInput::default(); 2], rules, 0.0, events);
        self.surface = None;
    }

    /// Where the panels are; none while they hang on a wrist that nobody sees.
    pub fn surface(&self) -> Option<&Surface> {
        self.surface.as_ref()
    }

    /// The pointer, as it is seen.
    pub fn beam(&self) -> Option<Beam> {
        self.pointing.beam()
    }

    /// The hands' pointer: which hand is busy with the panels.
    pub fn pointing(&self) -> &Pointing {
        &self.pointing
    }

    /// The panels come before the person, wherever they look now.
    pub fn bring(&mut self) {
        self.hang.open();
    }
}
