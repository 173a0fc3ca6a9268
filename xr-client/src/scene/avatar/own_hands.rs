//! What somebody sees of themselves: their hands, when a headset knows where these are. The rest of the own body would be
//! guessed, and stand before the eyes.

use super::fingers::hangs_on;
use super::rig::Rig;
use glam::{Mat4, Vec3, Vec4};

/// One hand alone, of a figure's skin: everything else shrinks to a point in the wrist. The hand is moved to where it truly
/// is, also where the figure's arm is too short for that. Each hand is a drawing of its own: what shrinks to two
/// points leaves specks on the line between them.
pub fn keep_one(rig: &Rig, side: usize, wrist: Vec3, skin: &[Mat4], kept: &mut Vec<Mat4>) {
    let hand = rig.arms[side].end;
    let is_kept = |node: usize| node == hand || hangs_on(&rig.parents, node, hand);
    let place = |(matrix, (node, inverse_bind)): (&Mat4, &(usize, Mat4))| {
        (*node == hand).then(|| (*matrix * inverse_bind.inverse()).w_axis.truncate())
    };
    let formed = skin.iter().zip(&rig.joints).find_map(place);
    let shift = Mat4::from_translation(wrist - formed.unwrap_or(wrist));
    let point = Mat4::from_cols(Vec4::ZERO, Vec4::ZERO, Vec4::ZERO, wrist.extend(1.0));
    kept.clear();
    kept.extend(skin.iter().zip(&rig.joints).map(|(matrix, (node, _))| match is_kept(*node) {
        true => shift * *matrix,
        false => point,
    }));
}

#[cfg(test)]
mod tests {
    use super::super::figure::{Figure, Scratch, Shown, wrist_of};
    use super::super::tests::own_avatar;
    use super::*;
    use glam::Quat;
    use venue_model::{BodyPose, RigidPose};

    #[test]
    fn a_hand_is_where_it_is_held_and_nothing_else_is_left() {
        let rig = own_avatar();
        // Farther than the arm reaches.
        let hand = RigidPose { position: Vec3::new(0.2, 1.3, -1.1), orientation: Quat::from_rotation_x(0.4) };
        let body = BodyPose { hands: [None, Some(hand)], ..BodyPose::standing(Vec3::ZERO, 0.0) };
        let (mut figure, mut scratch) = (Figure::new(3), Scratch::default());
        figure.pose(&rig, &mut scratch, Shown::plain(&body), 0.1);
        let wrist = wrist_of(&hand).position;
        let mut kept = Vec::new();
        keep_one(&rig, 1, wrist, figure.skin(), &mut kept);
        assert_eq!(kept.len(), figure.skin().len());
        let mut fingers = 0;
        for (matrix, (node, inverse_bind)) in kept.iter().zip(&rig.joints) {
            let at = (*matrix * inverse_bind.inverse()).w_axis.truncate();
            let of_hand = *node == rig.arms[1].end || hangs_on(&rig.parents, *node, rig.arms[1].end);
            fingers += usize::from(of_hand);
            match of_hand {
                true => assert!(at.distance(wrist) < 0.25, "a part of the hand is {at}"),
                false => assert!(matrix.transform_point3(Vec3::ONE).distance(wrist) < 1e-6),
            }
            if *node == rig.arms[1].end {
                assert!(at.distance(wrist) < 1e-4, "the hand is at {at}, held at {wrist}");
            }
        }
        assert!(fingers > 10, "{fingers} bones of the hand");
    }
}
