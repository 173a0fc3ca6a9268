//! The panels of who wears a headset: they hang in the room, and hands point at them.
//!
//! It must not know the headset's runtime; whoever tracks the person tells poses before each frame.

use super::App;
use crate::comfort::walls;
use crate::core::Connector;
use crate::in_world::{PanelsInWorld, Showing, Tracked, surface};
use crate::panels::{PanelModel, Panels, Stage};
use crate::present::panel_painter::layer;
use crate::present::{PanelSurface, Presenter};
use crate::scene::beam::SeenBeam;
use glam::Vec2;
use wgpu_renderer::{PanelLayer, PanelMesh};

/// The panels in the room, and what is tracked in this frame.
pub(super) struct InWorld {
    panels: PanelsInWorld,
    tracked: Tracked,
}

impl<C: Connector, P: Presenter> App<C, P> {
    /// What is tracked of a person with a headset in the next frame. From the first time on the panels hang in the room;
    /// without, they lie on the picture again.
    pub fn set_tracked(&mut self, tracked: Option<Tracked>) {
        self.keeper.set_lacks_keyboard(tracked.is_some());
        match (&mut self.in_world, tracked) {
            (Some(in_world), Some(tracked)) => in_world.tracked = tracked,
            (Some(in_world), None) => {
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
        let Some(in_world) = &mut self.in_world else { return self.scene.set_beam(None) };
        let settings = &self.settings;
        let showing = showing(&self.panels, self.keeper.model());
        let raw = self.raw.get_or_insert_default();
        raw.focused = true;
        let InWorld { panels, tracked } = in_world;
        panels.step(tracked, showing, &settings.comfort, settings.text_scale, dt, &mut raw.events);
        let root = self.core.body().pose().building_from_root();
        let in_building = |place| root.position + root.orientation * place;
        self.scene.set_beam(panels.beam().map(|beam| SeenBeam {
            from: beam.from.map(in_building),
            to: in_building(beam.to),
            eye: in_building(tracked.head.position),
            is_pressed: beam.is_pressed,
        }));
    }

    /// How dark it is because the head of who wears a headset is inside of a wall, 0 to 1.
    pub(super) fn wall_darkness(&self) -> f32 {
        let body = self.core.body();
        let stands = self.in_world.is_some() && !body.is_seated() && !self.scene.is_mirror_open();
        match (self.core.walkable().filter(|_| stands), body.floor()) {
            (Some(walkable), Some(floor)) => {
                walls::darkness(walkable, floor, body.pose().head_in_building().position)
            }
            _ => 0.0,
        }
    }

    /// The size that the panels are laid out for, and pixels of a point: the presenter's, or those in the room.
    pub(super) fn panel_screen(&self, given: &PanelSurface) -> ([u32; 2], f32) {
        let Some(InWorld { panels, tracked }) = &self.in_world else {
            return (given.size.to_array(), given.pixels_per_point);
        };
        let pixels = surface::pixels_per_point(tracked.pixels_per_degree);
        let hidden = || (crate::in_world::hang::WRIST_SIZE * pixels).to_array().map(|side| side as u32);
        (panels.surface().map_or_else(hidden, |surface| surface.pixels(pixels)), pixels)
    }

    /// The panels' layer: where the presenter has it, or in the room; none on a wrist that is not seen.
    pub(super) fn panel_layer<'a>(
        &self,
        meshes: &'a [PanelMesh<'a>],
        given: &PanelSurface,
    ) -> Option<PanelLayer<'a>> {
        let Some(InWorld { panels, .. }) = &self.in_world else {
            return Some(layer(meshes, given));
        };
        let (pixels, scale) = self.panel_screen(given);
        let root = self.core.body().pose().building_from_root();
        panels.surface().map(|surface| PanelLayer {
            placement: surface.placement(&root, scale),
            size: Vec2::from(pixels.map(|side| side as f32)),
            meshes,
        })
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
