//! The proof that a picture shows people where they are: for each other avatar, where its head should be seen,
//! and which surface the object-id picture has there.
//!
//! It must not know the network; it compares poses with pixels.

use glam::{UVec2, Vec2, Vec3};
use serde::Serialize;
use venue_model::ParticipantId;
use wgpu_renderer::{ObjectIdImage, View};

/// Surface farther from the head's pose than this is not looked at, metres.
const SEARCH_METRES: f32 = 0.35;

/// Whose heads should be seen where.
#[derive(Clone, Debug, Default)]
pub struct Subjects {
    /// The person of this client.
    pub own: Option<Subject>,
    /// The others.
    pub others: Vec<Subject>,
    /// Key of the space.
    pub space: String,
    /// The server's time, µs.
    pub server_time_micros: u64,
}

/// One person.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Id, which is also the object id.
    pub id: ParticipantId,
    /// Name.
    pub name: String,
    /// Point between the eyes in the building frame.
    pub head: Vec3,
    /// Floor point below the body.
    pub root: Vec3,
}

/// What stands in the file beside a screenshot.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Key of the space.
    pub space: String,
    /// The server's time of the picture, µs.
    pub server_time_micros: u64,
    /// Width and height in pixels.
    pub size: [u32; 2],
    /// The person of this client.
    pub own: Option<PersonReport>,
    /// The others.
    pub others: Vec<SeenReport>,
}

/// Where a person is.
#[derive(Clone, Debug, Serialize)]
pub struct PersonReport {
    /// Id.
    pub participant: u32,
    /// Name.
    pub name: String,
    /// Point between the eyes, metres in the building frame.
    pub head: [f32; 3],
    /// Floor point, metres in the building frame.
    pub root: [f32; 3],
}

/// Where a person is, and what the picture shows of them.
#[derive(Clone, Debug, Serialize)]
pub struct SeenReport {
    /// Where this client takes them to be.
    #[serde(flatten)]
    pub person: PersonReport,
    /// Pixels that show them.
    pub pixels: usize,
    /// Middle of those pixels.
    pub centroid_px: Option<[f32; 2]>,
    /// Where the head's pose projects; none behind the viewer or outside of the picture.
    pub head_px: Option<[f32; 2]>,
    /// Metres from the head's pose to the nearest surface of theirs that is seen: the skin between the eyes is
    /// about a centimetre before the pose. None if they are not seen near it.
    pub head_surface_metres: Option<f32>,
    /// The same across the line of sight alone, which is what the picture can show from every side.
    pub head_lateral_metres: Option<f32>,
}

/// Compares poses with pixels.
pub fn report(subjects: &Subjects, image: &ObjectIdImage, view: &View) -> Report {
    Report {
        space: subjects.space.clone(),
        server_time_micros: subjects.server_time_micros,
        size: image.size().to_array(),
        own: subjects.own.as_ref().map(person),
        others: subjects.others.iter().map(|subject| seen(subject, image, view)).collect(),
    }
}

fn person(subject: &Subject) -> PersonReport {
    PersonReport {
        participant: subject.id.0,
        name: subject.name.clone(),
        head: subject.head.to_array(),
        root: subject.root.to_array(),
    }
}

fn seen(subject: &Subject, image: &ObjectIdImage, view: &View) -> SeenReport {
    let mut pixels = 0usize;
    let mut sum = Vec2::ZERO;
    let mut nearest: Option<f32> = None;
    let mut lateral: Option<f32> = None;
    let eye = view.position_in_world();
    let sight = (subject.head - eye).normalize_or(Vec3::NEG_Z);
    for pixel in image.pixels_of(subject.id.0) {
        pixels += 1;
        sum += pixel.as_vec2() + 0.5;
        let Some(off) = image.position_at(pixel).map(|point| point - subject.head) else { continue };
        if off.length() < SEARCH_METRES {
            let across = (off - sight * off.dot(sight)).length();
            nearest = Some(nearest.map_or(off.length(), |best| best.min(off.length())));
            lateral = Some(lateral.map_or(across, |best| best.min(across)));
        }
    }
    SeenReport {
        person: person(subject),
        pixels,
        centroid_px: (pixels > 0).then(|| (sum / pixels as f32).to_array()),
        head_px: project(view, subject.head, image.size()).map(|place| place.to_array()),
        head_surface_metres: nearest,
        head_lateral_metres: lateral,
    }
}

/// The pixel that a point is seen at.
pub fn project(view: &View, point: Vec3, size: UVec2) -> Option<Vec2> {
    let clip = view.clip_from_world() * point.extend(1.0);
    if clip.w <= 0.0 {
        return None;
    }
    let ndc = clip.truncate() / clip.w;
    let place = Vec2::new(ndc.x * 0.5 + 0.5, 0.5 - ndc.y * 0.5) * size.as_vec2();
    let inside = place.cmpge(Vec2::ZERO).all() && place.cmplt(size.as_vec2()).all();
    inside.then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::Views;
    use crate::scene::camera::{Camera, Perspective};
    use venue_model::BodyPose;

    #[test]
    fn a_head_straight_ahead_is_in_the_middle_and_one_behind_is_nowhere() {
        let body = BodyPose::standing(Vec3::ZERO, 0.5);
        let camera = Camera::of_body(&body, Perspective::First, 1.0);
        let size = UVec2::new(1280, 800);
        let view = Views::flat(&camera, size).as_slice()[0];
        let ahead = camera.eye.position + camera.ahead() * 3.0;
        let seen = project(&view, ahead, size).unwrap();
        assert!(seen.distance(Vec2::new(640.0, 400.0)) < 0.1, "{seen}");
        assert_eq!(project(&view, camera.eye.position - camera.ahead() * 3.0, size), None);
        let right = camera.eye.orientation * Vec3::X;
        assert!(project(&view, ahead + right, size).unwrap().x > 700.0);
        assert!(project(&view, ahead + Vec3::Y * 0.5, size).unwrap().y < 350.0);
    }
}
