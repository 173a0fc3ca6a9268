//! Name tags: a picture from the panels' atlas over every head, at constant angular size.
//!
//! It must not know fonts or languages; the panels draw the pictures.

use super::tag_layout::{TagLayout, Wish};
use super::tag_pictures::{Says, Stamp, TagPictures};
use crate::core::people::People;
use crate::panels::{Panels, Tag};
use glam::{Vec2, Vec3};
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

/// An eye that moves farther than this from frame to frame was not walking, metres.
const JUMP_METRES: f32 = 1.0;

/// So many have a tag at most: more could not be read, and would have no place beside each other.
const MOST_TAGS: usize = 96;

/// Somebody who may have a tag.
#[derive(Clone, Copy, Debug)]
struct Near {
    /// The place in the list of bodies.
    body: usize,
    id: ParticipantId,
    metres: f32,
    /// Whether they ask for the floor or speak.
    is_called: bool,
    /// Whether there are too many nearer ones, so that the tag goes.
    is_over: bool,
}

/// The tags of everybody: their places, and what is drawn.
#[derive(Debug, Default)]
pub struct Tags {
    layout: TagLayout,
    known: TagPictures,
    near: Vec<Near>,
    /// Where the eye was in the last frame.
    eye: Option<Vec3>,
    wishes: Vec<Wish>,
    pictures: Vec<[Option<Tag>; 2]>,
    feet: Vec<Vec3>,
}

/// Bodies, what is known of their owners, and who speaks.
type Crowd<'a> = (&'a [(ParticipantId, BodyPose)], &'a People, &'a dyn Fn(ParticipantId) -> bool);

impl Tags {
    /// Fills `labels` with the tags of these bodies, `dt` seconds after the last time.
    pub fn collect(
        &mut self,
        panels: &mut Panels,
        atlas: Option<TextureId>,
        (bodies, people, speaks): Crowd<'_>,
        view: &TagView,
        dt: f32,
        labels: &mut Vec<Label>,
    ) {
        labels.clear();
        self.wishes.clear();
        self.pictures.clear();
        self.feet.clear();
        self.choose((bodies, people, speaks), view.eye);
        let stamp = Stamp {
            revision: people.revision(),
            language: panels.words().language(),
            scale: view.pixels_per_point,
        };
        for at in 0..self.near.len() {
            let Near { body, metres, is_called, is_over, .. } = self.near[at];
            let (id, pose) = &bodies[body];
            let head = pose.head_in_building().position;
            let needed = self.layout.forms(*id, metres, is_called);
            let says = Says { id: *id, people, is_speaking: speaks(*id) };
            let pictures = self.known.pictures(panels, &says, needed, &stamp);
            if pictures == [None; 2] && !self.layout.is_shown(*id) {
                continue;
            }
            let radians = |tag: &Option<Tag>| {
                let size = tag.map_or([0, 0], |tag| [tag.region.width, tag.region.height]);
                size.map(|pixels| pixels as f32 * view.radians_per_pixel)
            };
            let foot = head + Vec3::Y * ABOVE_EYES;
            let (to_foot, to_face) = (foot - view.eye, head - view.eye);
            self.wishes.push(Wish {
                id: *id,
                foot: [to_foot.x.atan2(-to_foot.z), elevation(to_foot)],
                face: elevation(to_face),
                metres,
                is_called,
                is_over,
                sizes: [radians(&pictures[0]), radians(&pictures[1])],
            });
            self.pictures.push(pictures);
            self.feet.push(foot);
        }
        if self.eye.is_none_or(|eye| eye.distance(view.eye) > JUMP_METRES) {
            // From another place the tags would glide through each other.
            self.layout.forget();
        }
        self.eye = Some(view.eye);
        self.known.forget_others();
        self.layout.arrange(&self.wishes, dt);
        // The first tags make the atlas; its texture exists from the next frame on.
        let Some(texture) = atlas else { return };
        for ((wish, pictures), foot) in self.wishes.iter().zip(&self.pictures).zip(&self.feet) {
            let Some(place) = self.layout.place(wish.id).filter(|place| place.is_seen()) else {
                continue;
            };
            let Some(tag) = pictures[place.form as usize] else { continue };
            labels.push(label(
                tag,
                texture,
                *foot + Vec3::Y * (place.lift * wish.metres),
                place.opacity,
                view,
            ));
        }
    }
}

impl Tags {
    /// Finds who may have a tag: whoever is called and the nearest, and those whose tag still fades.
    fn choose(&mut self, (bodies, people, speaks): Crowd<'_>, eye: Vec3) {
        self.near.clear();
        for (body, (id, pose)) in bodies.iter().enumerate() {
            let metres = pose.head_in_building().position.distance(eye);
            if !(NEAREST..FARTHEST).contains(&metres) {
                continue;
            }
            // Who asks for the floor or speaks comes first.
            let is_called = people.has_raised_hand(*id) || speaks(*id);
            self.near.push(Near { body, id: *id, metres, is_called, is_over: false });
        }
        if self.near.len() > MOST_TAGS {
            self.near.select_nth_unstable_by(MOST_TAGS, |a, b| {
                b.is_called.cmp(&a.is_called).then(a.metres.total_cmp(&b.metres))
            });
            self.near[MOST_TAGS..].iter_mut().for_each(|near| near.is_over = true);
            let layout = &self.layout;
            self.near.retain(|near| !near.is_over || layout.is_shown(near.id));
        }
    }
}

fn elevation(way: Vec3) -> f32 {
    way.y.atan2(way.x.hypot(way.z))
}

pub(super) fn label(tag: Tag, texture: TextureId, anchor: Vec3, opacity: f32, view: &TagView) -> Label {
    let size = Vec2::new(tag.region.width as f32, tag.region.height as f32);
    let atlas_size = Vec2::new(tag.atlas_size[0].max(1) as f32, tag.atlas_size[1].max(1) as f32);
    let low = Vec2::new(tag.region.x as f32, tag.region.y as f32) / atlas_size;
    let high = low + size / atlas_size;
    Label {
        anchor_in_world: anchor,
        size_radians: size * view.radians_per_pixel,
        texture,
        uv_rect: [low.x, low.y, high.x, high.y],
        tint: Vec3::ONE.extend(opacity),
        depth_bias: 0.2,
        hidden_opacity: 0.0,
    }
}
