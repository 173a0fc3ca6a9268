//! The panels of who wears a headset: they hang in the room, and hands point at them.
//!
//! It must not know the headset's runtime; whoever tracks the person tells poses before each frame.

use super::App;
use crate::app::Driver;
use crate::comfort::Hand;
use crate::core::Connector;
use crate::core::microphone::Shut;
use crate::in_world::pointing::HandInput;
use crate::in_world::{PanelsInWorld, Showing, Tracked, surface};
use crate::input::Command;
use crate::input::headset::{AtPanels, Attention, HandState, HeadsetSettings};
use crate::panels::{PanelModel, Panels, Stage};
use crate::platform::foreign;
use crate::present::panel_painter::screen_layer;
use crate::present::{FrameSize, Presenter};
use crate::scene::beam::SeenBeam;
use crate::scene::mute_sign::SeenSign;
use glam::{UVec2, Vec2};
use venue_model::RigidPose;
use wgpu_renderer::{PanelLayer, PanelMesh};

/// The panels in the room, and what is tracked in this frame.
pub(super) struct InWorld {
    panels: PanelsInWorld,
    tracked: Tracked,
}

impl<C: Connector, P: Presenter> App<C, P> {
    /// Takes what the hands of who wears a headset want.
    pub(super) fn take_hands(&mut self, dt: f32) {
        let is_asked = self.is_waiting_for_button();
        let Driver::Headset(headset) = &mut self.driver else { return };
        headset.set_at_panels(hands_at_panels(self.in_world.as_ref(), self.output.wants_pointer));
        headset.set_asked(is_asked);
        let settings = HeadsetSettings::of(&self.settings);
        headset.fill(&mut self.intent, &mut self.shell, &settings, dt);
        let pressed = headset.pressed().filter(|_| is_asked);
        let holds = headset.state().hands.iter().filter(|hand| hand.grip.is_some());
        self.keeper
            .set_bare_hands(holds.clone().count() > 0 && holds.clone().all(|hand| hand.bare.is_some()));
        if self.intent.commands.contains(&Command::Recenter) {
            bring(self.in_world.as_mut());
        }
        if let Some(button) = pressed {
            self.take_button(button);
        }
        self.measure_if_needed();
    }

    /// Takes what the headset tracks, in the root's frame, which the core has just moved. Who does not see the venue has no
    /// panels in the room.
    pub(super) fn track(&mut self) {
        let Driver::Headset(headset) = &self.driver else { return };
        let (state, body) = (headset.state(), self.core.body());
        let hand = |hand: &HandState| HandInput {
            aim: hand.aim.map(|aim| body.in_root(&aim)),
            tip: hand
                .tip
                .map(|tip| body.in_root(&RigidPose { position: tip, ..RigidPose::default() }).position),
            press: if hand.select { 1.0 } else { 0.0 },
            stick: hand.stick,
        };
        let hands = match state.attention {
            Attention::Full => state.hands.each_ref().map(hand),
            Attention::Seen | Attention::None => [HandInput::default(); 2],
        };
        let pose = body.pose();
        let (head, grips) = (pose.head, pose.hands);
        let size = self.presenter.view_size().max(UVec2::ONE);
        let view = self.presenter.views(&self.camera, size).as_slice()[0];
        let pixels_per_degree = 1.0 / view.radians_per_pixel(size.y).to_degrees();
        let is_seen = state.attention != Attention::None;
        self.set_tracked(is_seen.then_some(Tracked { head, grips, hands, pixels_per_degree }));
    }

    /// From the first time on the panels hang in the room; without, they lie on the picture again.
    fn set_tracked(&mut self, tracked: Option<Tracked>) {
        self.keeper.set_lacks_keyboard(tracked.is_some());
        match (&mut self.in_world, tracked) {
            (Some(in_world), Some(tracked)) => in_world.tracked = tracked,
            (Some(in_world), None) => {
                // Whoever puts the headset down is not heard any more.
                self.core.shut_microphone(Shut::HeadsetOff);
                let events = &mut self.raw.get_or_insert_default().events;
                in_world.panels.leave(&self.settings.comfort, events);
                self.in_world = None;
            }
            (None, tracked) => {
                self.in_world = tracked.map(|tracked| InWorld { panels: PanelsInWorld::default(), tracked });
            }
        }
    }

    /// The panels in the room: where they are, and which hand is busy with them.
    pub fn panels_in_world(&self) -> Option<&PanelsInWorld> {
        self.in_world.as_ref().map(|in_world| &in_world.panels)
    }

    /// Moves the panels and lets hands point at them.
    pub(super) fn point_at_panels(&mut self, dt: f32) {
        let Some(in_world) = &mut self.in_world else {
            self.scene.set_beam(None);
            return self.scene.set_sign(None);
        };
        let settings = &self.settings;
        let showing = showing(&self.panels, self.keeper.model());
        // An input that holds nothing is egui's, with a list of its own.
        let raw = foreign(|| self.raw.get_or_insert_default());
        raw.focused = true;
        let InWorld { panels, tracked } = in_world;
        panels.step(tracked, showing, &settings.comfort, settings.text_scale, dt, &mut raw.events);
        let own = self.core.own_id();
        self.scene.set_sign(own.map(|own| SeenSign {
            head: self.core.body().pose().head_in_building(),
            microphone: self.core.people().microphone(own),
        }));
        let root = self.core.body().pose().building_from_root();
        let in_building = |place| root.position + root.orientation * place;
        let beam = panels.beam().filter(|beam| self.output.wants_pointer || beam.is_pressed);
        self.scene.set_beam(beam.map(|beam| SeenBeam {
            from: beam.from.map(in_building),
            to: in_building(beam.to),
            eye: in_building(tracked.head.position),
            is_pressed: beam.is_pressed,
        }));
    }

    /// The size that the panels are laid out for, and pixels of a point.
    pub(super) fn panel_screen(&self, size: FrameSize) -> ([u32; 2], f32) {
        let Some(InWorld { panels, tracked }) = &self.in_world else {
            return (size.size.to_array(), size.pixels_per_point);
        };
        let pixels = surface::pixels_per_point(tracked.pixels_per_degree);
        let hidden = || (crate::in_world::hang::WRIST_SIZE * pixels).to_array().map(|side| side as u32);
        (panels.surface().map_or_else(hidden, |surface| surface.pixels(pixels)), pixels)
    }

    /// The panels' layer: on the picture, or in the room; none on a wrist that is not seen.
    pub(super) fn panel_layer<'a>(
        &self,
        meshes: &'a [PanelMesh<'a>],
        size: FrameSize,
    ) -> Option<PanelLayer<'a>> {
        let Some(InWorld { panels, .. }) = &self.in_world else {
            return Some(screen_layer(meshes, size.size));
        };
        let (pixels, scale) = self.panel_screen(size);
        let root = self.core.body().pose().building_from_root();
        panels.surface().map(|surface| PanelLayer {
            placement: surface.placement(&root, scale),
            size: Vec2::from(pixels.map(|side| side as f32)),
            meshes,
        })
    }
}

/// The person has another middle of the room: the panels come before them.
pub(super) fn bring(in_world: Option<&mut InWorld>) {
    if let Some(in_world) = in_world {
        in_world.panels.bring();
    }
}

/// Which hands are busy with the panels in the room. Where nothing lies on a panel, as around a notice, nobody is: the
/// pointer says so for its hand.
fn hands_at_panels(in_world: Option<&InWorld>, is_wanted: bool) -> AtPanels {
    let Some(InWorld { panels, .. }) = in_world else { return AtPanels::default() };
    let pointing = panels.pointing();
    let counts = |hand: Hand| is_wanted || pointing.hand() != hand;
    AtPanels {
        scrolling: Hand::BOTH.map(|hand| pointing.takes(hand) && counts(hand)),
        pointing: Hand::BOTH.map(|hand| pointing.is_on(hand) && counts(hand)),
        pressing: Hand::BOTH.map(|hand| pointing.presses(hand) && counts(hand)),
    }
}

/// What must be read comes before the person; the rest is a glance at the wrist.
fn showing(panels: &Panels, model: &PanelModel) -> Showing {
    let is_told = model.notice.is_some() || model.order.summons.is_some() || model.settings.wants_tour;
    match model.stage == Stage::Inside && panels.open_panel().is_none() && !is_told {
        true => Showing::Glance,
        false => Showing::Page,
    }
}
