//! What the signs at anchors say, and which of them are near enough to be read.
//!
//! It must not know fonts; the panels draw the pictures.

use crate::panels::{Panels, Tag, TagText};
use crate::scene::tags::{TagView, label};
use glam::Vec3;
use venue_model::{Language, ParticipantKind, Role};
use venue_protocol::Microphone;
use wgpu_renderer::{Label, TextureId};

/// Signs in one picture at most.
const MOST: usize = 40;

/// Farther ones are not read, metres.
const FARTHEST: f32 = 30.0;

/// A sign in the venue.
#[derive(Debug)]
pub(super) struct Sign {
    /// Where it hangs.
    pub(super) at: Vec3,
    /// What it says.
    pub(super) text: String,
    /// It is left out from this distance on, metres: seats stand close together.
    pub(super) reach: f32,
}

/// The nearest signs of a frame; keeps its memory.
#[derive(Debug, Default)]
pub(super) struct Nearest(Vec<(f32, usize)>);

impl Nearest {
    /// Adds labels for the signs that are near the eye.
    pub(super) fn append(
        &mut self,
        signs: &[Sign],
        panels: &mut Panels,
        atlas: Option<TextureId>,
        view: &TagView,
        labels: &mut Vec<Label>,
    ) {
        self.find(signs, view.eye);
        for (_, at) in &self.0 {
            let sign = &signs[*at];
            let tag: Option<Tag> = panels.tag(text_of(&sign.text), view.pixels_per_point);
            // The first tags make the atlas; its texture exists from the next frame on.
            if let (Some(tag), Some(texture)) = (tag, atlas) {
                labels.push(label(tag, texture, sign.at + Vec3::Y * 0.06, 1.0, view));
            }
        }
    }

    fn find(&mut self, signs: &[Sign], eye: Vec3) {
        self.0.clear();
        for (at, sign) in signs.iter().enumerate() {
            let metres = sign.at.distance(eye);
            if metres > sign.reach.min(FARTHEST) {
                continue;
            }
            let place = self.0.partition_point(|(known, _)| *known <= metres);
            if place < MOST {
                self.0.truncate(MOST - 1);
                self.0.insert(place, (metres, at));
            }
        }
    }
}

/// A name alone, as people far away have it.
pub(in crate::scene) fn text_of(name: &str) -> TagText<'_> {
    TagText {
        name,
        delegation: "",
        language: Language::En,
        role: Role::Participant,
        kind: ParticipantKind::Delegate,
        hand: false,
        microphone: Microphone::Muted,
        is_in_talk: false,
        is_speaking: false,
        is_small: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_signs_are_shown_and_never_more_than_can_be_read() {
        let sign = |metres: f32, reach| Sign { at: Vec3::X * metres, text: String::new(), reach };
        let signs: Vec<Sign> = (0..200u8).rev().map(|at| sign(f32::from(at) * 0.1, 100.0)).collect();
        let mut nearest = Nearest::default();
        nearest.find(&signs, Vec3::ZERO);
        let metres: Vec<f32> = nearest.0.iter().map(|found| found.0).collect();
        assert_eq!(metres.len(), MOST);
        assert!(metres.is_sorted() && metres[MOST - 1] < 4.0, "{metres:?}");
        nearest.find(&[sign(5.0, 4.0), sign(40.0, 100.0), sign(3.0, 4.0)], Vec3::ZERO);
        assert_eq!(nearest.0.iter().map(|found| found.1).collect::<Vec<_>>(), [2]);
    }
}
