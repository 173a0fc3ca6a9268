//! What hangs in the room and what a hand aims at, told to the log: for whoever scripts a headset and sees nothing.
//!
//! Costs nothing unless the log is asked for it: `VEV_LOG=…,room=trace`.

use super::{App, Driver};
use crate::core::Connector;
use crate::input::hand_buttons::HandButton;
use crate::input::headset::HandState;
use crate::present::Presenter;
use egui::accesskit::{Node, Role};
use egui::pos2;
use std::fmt::Write as _;
use venue_model::RigidPose;

/// What was told last, so that it is told once.
#[derive(Debug, Default)]
pub(super) struct Told {
    panels: String,
    words: String,
    pointer: String,
    aim: String,
    hands: String,
    is_whole: bool,
}

impl<C: Connector, P: Presenter> App<C, P> {
    /// Tells every button, field and notice of the panels in the room with its place in the play space, metres, and what is
    /// to be read there.
    pub(super) fn tell_panels(&mut self) {
        if !tracing::enabled!(target: "room", tracing::Level::TRACE) {
            return;
        }
        self.panels.be_read(true);
        let Some(surface) = self.panels_in_world().and_then(|panels| panels.surface()).copied() else {
            return;
        };
        let Some(update) = &self.output.platform.accesskit_update else { return };
        let mut told = String::new();
        let is_told = |node: &Node| {
            matches!(
                node.role(),
                Role::Button | Role::RadioButton | Role::TextInput | Role::MultilineTextInput | Role::Alert
            )
        };
        for node in update.nodes.iter().map(|(_, node)| node).filter(|node| is_told(node)) {
            let Some(bounds) = node.bounds() else { continue };
            let middle = pos2((bounds.x0 + bounds.x1) as f32 * 0.5, (bounds.y0 + bounds.y1) as f32 * 0.5);
            let place = RigidPose { position: surface.place_of(middle), ..RigidPose::default() };
            let place = self.core.body().in_play_space(&place).position;
            let name = node.label().or_else(|| node.value()).unwrap_or_default();
            // There is no error in writing to a string.
            write!(told, "[{name}|{:.3} {:.3} {:.3}]", place.x, place.y, place.z).ok();
        }
        let labels = update.nodes.iter().map(|(_, node)| node).filter(|node| node.role() == Role::Label);
        let words: Vec<&str> = labels.filter_map(|node| node.value().or_else(|| node.label())).collect();
        let words = words.join(" | ");
        if self.told.words != words {
            tracing::trace!(target: "room", "words {words}");
            self.told.words = words;
        }
        if self.told.panels != told {
            tracing::trace!(target: "room", "panels {told}");
            self.told.panels = told;
        }
    }

    /// Tells where a hand's ray or finger is on the panels.
    pub(super) fn tell_pointer(&mut self) {
        if !tracing::enabled!(target: "room", tracing::Level::TRACE) {
            return;
        }
        let told = match self.panels_in_world().and_then(|panels| panels.beam()) {
            None => "points at nothing".to_owned(),
            Some(beam) => {
                let to = RigidPose { position: beam.to, ..RigidPose::default() };
                let to = self.core.body().in_play_space(&to).position;
                format!("points pressed={} at {to:.3}", beam.is_pressed)
            }
        };
        if self.told.pointer != told {
            tracing::trace!(target: "room", "{told}");
            self.told.pointer = told;
        }
    }

    /// Tells which buttons of the hands are pressed, where their sticks are, where the tips of index fingers are that are
    /// stretched, in the play space, metres, and how far bare hands pinch.
    pub(super) fn tell_hands(&mut self) {
        let Driver::Headset(headset) = &self.driver else { return };
        if !tracing::enabled!(target: "room", tracing::Level::TRACE) {
            return;
        }
        let hand = |hand: &HandState| {
            let pressed: Vec<_> =
                HandButton::ALL.into_iter().filter(|button| hand.is_pressed(*button)).collect();
            let tip = hand.tip.map_or("none".to_owned(), |tip| format!("{tip:.3}"));
            let pinch = hand.bare.map_or(String::new(), |said| format!(" pinch {:.1}", said.pinch));
            format!("{pressed:?} stick {:.1} tip {tip}{pinch}", hand.stick)
        };
        let [left, right] = headset.state().hands.each_ref().map(hand);
        let told = format!("hands left {left}; right {right}");
        if self.told.hands != told {
            tracing::trace!(target: "room", "{told}");
            self.told.hands = told;
        }
    }

    /// Tells whether everything that the view asks for is drawn.
    pub(super) fn tell_venue(&mut self) {
        if !tracing::enabled!(target: "room", tracing::Level::TRACE) {
            return;
        }
        let is_whole = self.is_loaded();
        if self.told.is_whole != is_whole {
            tracing::trace!(target: "room", "venue whole={is_whole}");
            self.told.is_whole = is_whole;
        }
    }

    /// Tells where a jump would lead.
    pub(super) fn tell_aim(&mut self) {
        if !tracing::enabled!(target: "room", tracing::Level::TRACE) {
            return;
        }
        let told = match &self.aim {
            None => "aims at nothing".to_owned(),
            Some(aim) => {
                let (seat, to) = (aim.seat.map(|seat| seat.0), aim.to);
                let facing = aim.facing.unwrap_or_default().to_degrees();
                format!("aims allowed={} seat={seat:?} facing={facing:.0} at {to:.2}", aim.is_allowed)
            }
        };
        if self.told.aim != told {
            tracing::trace!(target: "room", "{told}");
            self.told.aim = told;
        }
    }
}
