//! A mouth that opens with its person's voice.
//!
//! It must not know bones or sound; it takes how loud the voice is and gives the jaw's turn.

use super::life::part;
use glam::Quat;

/// How far the loudest voice opens it, radians.
const WIDEST: f32 = 0.14;

/// How quickly it opens and closes: time constants, seconds.
const OPENS_SECS: f32 = 0.04;
const CLOSES_SECS: f32 = 0.12;

/// Who is heard no louder than this breathes or is in a noisy room.
const QUIET: f32 = 0.08;

/// Voices form new sounds so often, 1/s, and the most closed of them opens the mouth by this share of the most open.
const SOUNDS_A_SEC: f32 = 6.5;
const CLOSED_SOUND: f32 = 0.45;

/// One person's mouth.
#[derive(Clone, Copy, Debug)]
pub struct Mouth {
    seed: u32,
    secs: f32,
    /// 0 closed, 1 as far open as it goes.
    open: f32,
}

impl Mouth {
    /// A closed mouth; `seed` keeps two from moving alike.
    pub fn new(seed: u32) -> Self {
        Self { seed, secs: 0.0, open: 0.0 }
    }

    /// Moves on by `dt` seconds while the voice is so loud, 0 to 1.
    pub fn advance(&mut self, loudness: f32, dt: f32) {
        // After an hour it begins again, long before the seconds lose their fractions.
        self.secs = (self.secs + dt).rem_euclid(3_600.0);
        let heard = (loudness - QUIET) / (1.0 - QUIET);
        // No number is no voice.
        let wanted = if heard > 0.0 { heard.min(1.0) * self.sound() } else { 0.0 };
        let secs = if wanted > self.open { OPENS_SECS } else { CLOSES_SECS };
        self.open += (wanted - self.open) * (1.0 - (-dt / secs).exp());
    }

    /// Nobody sees it: it is closed when it is seen again.
    pub fn rest(&mut self) {
        self.open = 0.0;
    }

    /// The jaw's turn in the head.
    pub fn jaw(&self) -> Quat {
        Quat::from_rotation_x(-WIDEST * self.open)
    }

    /// How open the sound is that is formed now, 0 to 1: a level alone would open and close like a valve.
    fn sound(&self) -> f32 {
        let place = self.secs * SOUNDS_A_SEC;
        let (this, through) = (place as u32, place.fract());
        let (from, to) = (part(self.seed, this), part(self.seed, this + 1));
        let mixed = from + (to - from) * through * through * (3.0 - 2.0 * through);
        CLOSED_SOUND + (1.0 - CLOSED_SOUND) * mixed
    }
}

#[cfg(test)]
mod tests {
    use super::super::figure::{Figure, Scratch, Shown};
    use super::super::looks::LookMeshes;
    use super::super::rig::Rig;
    use super::super::stick_figure;
    use super::super::tests::own_avatar;
    use super::*;
    use glam::{Mat4, Vec3};
    use venue_model::BodyPose;
    use venue_package::gltf::{Document, Limits, Primitive};

    const DT: f32 = 1.0 / 90.0;

    /// How far open it is in each frame of a voice that is so loud for so long.
    fn course(mouth: &mut Mouth, loudness: f32, secs: f32) -> Vec<f32> {
        let frame = |_| {
            mouth.advance(loudness, DT);
            mouth.open
        };
        (0..(secs / DT) as usize).map(frame).collect()
    }

    #[test]
    fn it_opens_at_once_with_a_voice_and_closes_softly_after_it() {
        let mut mouth = Mouth::new(1);
        assert!(course(&mut mouth, 0.0, 1.0).iter().all(|open| *open == 0.0));
        let opening = course(&mut mouth, 1.0, 0.12);
        assert!(opening[opening.len() - 1] > 0.35, "{opening:?}");
        assert!(opening.windows(2).all(|pair| (pair[1] - pair[0]).abs() < 0.25), "no leap: {opening:?}");
        let before = mouth.open;
        let closing = course(&mut mouth, 0.0, 0.8);
        assert!(closing[4] > 0.5 * before, "it does not clap shut: {closing:?}");
        assert!(closing.windows(2).all(|pair| pair[1] <= pair[0]), "{closing:?}");
        assert!(mouth.open < 0.01, "{}", mouth.open);
    }

    #[test]
    fn louder_voices_open_it_farther_and_a_room_s_noise_does_not() {
        let widest =
            |loudness: f32| course(&mut Mouth::new(1), loudness, 5.0).into_iter().fold(0.0, f32::max);
        assert_eq!(widest(QUIET), 0.0);
        assert!(widest(0.3) < widest(0.6) && widest(0.6) < widest(1.0));
        assert!(widest(f32::INFINITY) <= 1.0 && widest(f32::NAN) == 0.0);
    }

    #[test]
    fn an_even_voice_does_not_hold_it_still_and_nobody_moves_alike() {
        let courses = [1, 2].map(|seed| course(&mut Mouth::new(seed), 0.8, 4.0)[30..].to_vec());
        for course in &courses {
            let (low, high) =
                course.iter().fold((1.0f32, 0.0f32), |(low, high), open| (low.min(*open), high.max(*open)));
            assert!(high - low > 0.2 && low > 0.2, "from {low} to {high}");
        }
        let apart = courses[0].iter().zip(&courses[1]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart > 0.15, "{apart}");
    }

    /// The skin of somebody who was so loud for a while.
    fn skin(rig: &Rig, loudness: f32, is_near: bool) -> Vec<Mat4> {
        let body = BodyPose::standing(Vec3::ZERO, 0.0);
        let (mut figure, mut scratch) = (Figure::new(1), Scratch::default());
        let shown = Shown { loudness, is_near, ..Shown::plain(&body) };
        (0..120).for_each(|_| figure.pose(rig, &mut scratch, shown, DT));
        figure.skin().to_vec()
    }

    /// Where each point of a mesh's part is.
    fn placed<'a>(part: &'a Primitive, skin: &'a [Mat4]) -> impl Iterator<Item = Vec3> + 'a {
        let carriers = part.joints.iter().zip(&part.weights);
        part.positions.iter().zip(carriers).map(|(point, (joints, weights))| {
            let carried = joints.iter().zip(weights.to_array());
            carried.map(|(joint, weight)| skin[usize::from(*joint)].transform_point3(*point) * weight).sum()
        })
    }

    #[test]
    fn the_lower_lip_and_the_chin_of_every_look_go_down_and_nothing_else() {
        let document = Document::read(super::super::AVATARS, &Limits::CLIENT).unwrap();
        let rig = Rig::new(&document).unwrap();
        let (silent, loud) = (skin(&rig, 0.0, true), skin(&rig, 1.0, true));
        for look in LookMeshes::of(&document) {
            let mesh = &document.meshes[look.meshes[0].unwrap()];
            let (mut lip, mut chin) = (0.0f32, 0.0f32);
            for part in &mesh.primitives {
                let moved = placed(part, &silent).zip(placed(part, &loud)).map(|(from, to)| to - from);
                for (point, moved) in part.positions.iter().zip(moved) {
                    let is_ahead = point.x.abs() < 0.012 && point.z < -0.07;
                    let is_still = match point.y {
                        1.558..1.564 if is_ahead => {
                            lip = lip.max(-moved.y);
                            false
                        }
                        1.52..1.54 if is_ahead => {
                            chin = chin.max(-moved.y);
                            false
                        }
                        // Between the teeth's roots and the eyes; the cheeks begin lower at the sides.
                        1.572..1.60 => point.x.abs() < 0.025,
                        1.60.. | ..1.46 => true,
                        _ => false,
                    };
                    assert!(!is_still || moved.length() < 1e-4, "{}: {point} by {moved}", look.name);
                    assert!(moved.length() < 0.02, "{}: {point} by {moved}", look.name);
                }
            }
            assert!((0.003..0.015).contains(&lip), "{}: the lip goes down by {lip}", look.name);
            assert!((0.003..0.015).contains(&chin), "{}: the chin goes down by {chin}", look.name);
        }
    }

    #[test]
    fn who_is_drawn_coarsely_or_has_no_jaw_keeps_it_shut() {
        let rig = own_avatar();
        assert_eq!(skin(&rig, 1.0, false), skin(&rig, 0.0, false));
        let rig = stick_figure();
        assert_eq!(rig.jaw, None);
        assert_eq!(skin(&rig, 1.0, true), skin(&rig, 0.0, true));
    }
}
