//! Name tags: a picture from the panels' atlas over every head, at constant angular size.
//!
//! It must not know fonts or languages; the panels draw the pictures.

use crate::core::people::People;
use crate::panels::{Panels, TagText};
use glam::{Vec2, Vec3, Vec4};
use venue_model::{BodyPose, ParticipantId};
use wgpu_renderer::{Label, TextureId};

/// How far above the eyes the tag's lower edge is, metres.
const ABOVE_EYES: f32 = 0.24;

/// Nearer than this a tag is faded out, so that it does not fill the view, metres.
const NEAREST: f32 = 0.6;

/// Beyond this nobody could read it, metres.
const FARTHEST: f32 = 40.0;

/// What a tag's size on the screen depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TagView {
    /// The eye.
    pub eye: Vec3,
    /// Angle of one pixel.
    pub radians_per_pixel: f32,
    /// Pixels of a point.
    pub pixels_per_point: f32,
}

/// Fills `labels` with the tags of these bodies.
pub fn collect(
    panels: &mut Panels,
    atlas: Option<TextureId>,
    bodies: &[(ParticipantId, BodyPose)],
    people: &People,
    view: &TagView,
    labels: &mut Vec<Label>,
) {
    labels.clear();
    for (id, pose) in bodies {
        let head = pose.head_in_building().position;
        let metres = head.distance(view.eye);
        let Some(entry) = people.get(*id).filter(|_| (NEAREST..FARTHEST).contains(&metres)) else { continue };
        let person = &entry.participant;
        let text = TagText {
            name: person.name.as_str(),
            delegation: person.delegation.as_str(),
            language: person.language,
            role: person.role,
            kind: person.kind,
            hand: people.has_raised_hand(*id),
            microphone: people.microphone(*id),
        };
        // The first tags make the atlas; its texture exists from the next frame on.
        let (Some(tag), Some(texture)) = (panels.tag(text, view.pixels_per_point), atlas) else { continue };
        let size = Vec2::new(tag.region.width as f32, tag.region.height as f32);
        let atlas_size = Vec2::new(tag.atlas_size[0].max(1) as f32, tag.atlas_size[1].max(1) as f32);
        let low = Vec2::new(tag.region.x as f32, tag.region.y as f32) / atlas_size;
        let high = low + size / atlas_size;
        labels.push(Label {
            anchor_in_world: head + Vec3::Y * ABOVE_EYES,
            size_radians: size * view.radians_per_pixel,
            texture,
            uv_rect: [low.x, low.y, high.x, high.y],
            tint: Vec4::ONE,
            depth_bias: 0.2,
            hidden_opacity: 0.0,
        });
    }
}
