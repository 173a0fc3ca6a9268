//! The panels in the room of somebody with a headset: where they hang, and what hands do at them.
//!
//! The same panels as in a window; here they get a place and a pointer. It must not know the headset's runtime, the panels'
//! pages or the renderer's passes: poses come in, a surface, egui's events and a beam go out.

pub mod hang;
pub mod pointing;
pub mod surface;
pub mod touch;

use crate::comfort::ComfortSettings;
use glam::Vec3;
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

/// From the eyes to the belt, metres: ahead, and down.
const BELT: [f32; 2] = [0.42, 0.62];

/// Where whoever has one hand alone finds what hangs on others' wrists: where they look at their own belt.
fn belt(head: &RigidPose) -> RigidPose {
    let ahead = hang::ahead(head);
    let position = head.position + ahead * BELT[0] - Vec3::Y * BELT[1];
    RigidPose { position, ..RigidPose::default() }
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
        let wrist = tracked.grips[wrist.index()].or_else(|| comfort.one_handed.then(|| belt(&tracked.head)));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comfort::Hand;

    fn hangs_at(one_handed: bool) -> Option<Vec3> {
        let head = RigidPose { position: Vec3::Y * 1.7, ..RigidPose::default() };
        let held = RigidPose { position: Vec3::new(0.2, 1.1, -0.4), ..RigidPose::default() };
        let hands = [HandInput::default(); 2];
        let tracked = Tracked { head, grips: [None, Some(held)], hands, pixels_per_degree: 20.0 };
        let comfort = ComfortSettings { one_handed, hand: Hand::Right, ..ComfortSettings::default() };
        let mut panels = PanelsInWorld::default();
        panels.step(&tracked, Showing::Glance, &comfort, 1.0, 0.01, &mut Vec::new());
        panels.surface().map(|surface| surface.root_from_panel.position)
    }

    #[test]
    fn with_one_hand_alone_the_wrist_s_panel_hangs_at_the_belt() {
        assert_eq!(hangs_at(false), None);
        let belt = hangs_at(true).unwrap();
        assert!((1.1..1.4).contains(&belt.y) && (-0.6..-0.3).contains(&belt.z), "{belt}");
    }
}
