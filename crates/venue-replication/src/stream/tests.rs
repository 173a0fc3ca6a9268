//! Whatever somebody does, both ends of a stream keep the same state and the bounds of its ring. It must not know datagrams.

use super::*;
use crate::pose_codec::tests::body;
use proptest::prelude::*;

const ORIGIN: Vec3 = Vec3::new(12.0, 0.0, -7.0);

/// One step of somebody's motion: along the floor, of head and hands, and now and then a jump or a hand that is lost.
#[derive(Clone, Debug)]
struct Move {
    along: [f32; 3],
    turn: f32,
    reach: [f32; 3],
    twist: [f32; 3],
    late_millis: u64,
    /// Ticks that the server leaves out before each beat.
    left_out: u32,
    jump: Option<BodyPose>,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let small = |most: f32| prop::array::uniform3(-most..most);
    let jump = prop_oneof![12 => Just(None), 1 => body().prop_map(Some)];
    let one = (
        small(0.08),
        -0.2f32..0.2,
        small(0.05),
        small(0.15),
        0u64..40,
        prop_oneof![3 => Just(0u32), 1 => 1u32..8],
        jump,
    );
    let one = one.prop_map(|(along, turn, reach, twist, late_millis, left_out, jump)| Move {
        along,
        turn,
        reach,
        twist,
        late_millis,
        left_out,
        jump,
    });
    prop::collection::vec(one, 1..40)
}

fn moved(pose: &BodyPose, by: &Move) -> BodyPose {
    if let Some(jump) = by.jump {
        return jump;
    }
    let [x, y, z] = by.twist;
    let twist = Quat::from_euler(glam::EulerRot::YXZ, y, x, z);
    let part = |part: &RigidPose| RigidPose {
        position: (part.position + Vec3::from_array(by.reach)).clamp_length_max(2.0),
        orientation: (part.orientation * twist).normalize(),
    };
    BodyPose {
        root: pose.root + Vec3::from_array(by.along),
        yaw: pose.yaw + by.turn,
        head: part(&pose.head),
        hands: pose.hands.map(|hand| hand.as_ref().map(part)),
        ..*pose
    }
}

/// How far a seen part is from the true one, metres and degrees, in the building's frame.
fn apart(
    sent: &BodyPose,
    seen: &BodyPose,
    part: impl Fn(&BodyPose) -> Option<RigidPose>,
) -> Option<(f32, f32)> {
    let out = |pose: &BodyPose| {
        let (root, part) = (pose.building_from_root(), part(pose)?);
        Some((root.position + root.orientation * part.position, root.orientation * part.orientation))
    };
    let ((a, p), (b, q)) = (out(sent)?, out(seen)?);
    // The angle from the chord: the arc cosine near 1 is worthless in singles.
    let chord = (p - q).length().min((p + q).length());
    Some((a.distance(b), (4.0 * (chord / 2.0).asin()).to_degrees()))
}

fn check(ring: Ring, sent: &BodyPose, seen: &BodyPose) {
    let (metres, degrees) = match ring {
        Ring::Near => (0.002, 0.2),
        Ring::Middle => (0.01, 0.8),
        Ring::Far => (0.03, 2.0),
        Ring::Crowd => (0.06, 4.0),
    };
    for side in 0..3 {
        let part = |pose: &BodyPose| if side == 0 { Some(pose.head) } else { pose.hands[side - 1] };
        if let Some((far, turned)) = apart(sent, seen, part) {
            assert!(far <= metres && turned <= degrees, "{ring:?}: {far} m, {turned}°");
        }
    }
    assert!(
        (seen.root - sent.root).abs().max_element() <= metres * 3.0,
        "{ring:?}: {} {}",
        seen.root,
        sent.root
    );
    assert_eq!((seen.posture, seen.gesture), (sent.posture, sent.gesture));
    if ring == Ring::Near {
        assert_eq!(seen.fingers, sent.fingers);
        assert_eq!(seen.hands.map(|hand| hand.is_some()), sent.hands.map(|hand| hand.is_some()));
    }
}

proptest! {
    #[test]
    fn whatever_somebody_does_is_seen_within_the_bounds_of_the_ring(
        first in body(), moves in moves(), ring in 0usize..4, joins_at in 0usize..40,
    ) {
        let ring = Ring::ALL[ring];
        let mut beat = Beat { number: u16::MAX - 20, ..Beat::steady(Tick(600)) };
        let mut pose = first;
        let mut sender = Stream::begin(ring, beat, beat.tick.time(), &pose, ORIGIN);
        let anchor = sender.anchor();
        let mut early = Stream::from_anchor(ring, beat, anchor.bytes(), 0, anchor.len());
        let mut late: Option<Stream> = None;
        for (at, by) in moves.iter().enumerate() {
            for _ in 0..ring.period_beats() {
                beat = beat.next(Tick(beat.tick.0 + 1 + by.left_out));
            }
            pose = moved(&pose, by);
            let sampled_at = beat.tick.time() - by.late_millis * 1000;
            match sender.encode(beat, sampled_at, &pose, ORIGIN) {
                Some(string) => {
                    for receiver in [Some(&mut early), late.as_mut()].into_iter().flatten() {
                        receiver.decode(beat, string.bytes(), 0, string.len());
                    }
                }
                None => {
                    sender = Stream::begin(ring, beat, sampled_at, &pose, ORIGIN);
                    let anchor = sender.anchor();
                    early = Stream::from_anchor(ring, beat, anchor.bytes(), 0, anchor.len());
                    late = late.map(|_| early);
                }
            }
            if at == joins_at {
                let anchor = sender.anchor();
                late = Some(Stream::from_anchor(ring, beat, anchor.bytes(), 0, anchor.len()));
            }
            check(ring, &pose, &early.pose(ORIGIN));
            prop_assert!(early.sampled_at().0.abs_diff(sampled_at.0) < 4_000);
            // Whoever begins to look in between has the same state as who looked from the start.
            if let Some(late) = &late {
                check(ring, &pose, &late.pose(ORIGIN));
            }
        }
    }

    #[test]
    fn any_bits_are_some_body(bytes in prop::collection::vec(any::<u8>(), 0..128), updates in 1usize..20, ring in 0usize..4) {
        let (ring, bits) = (Ring::ALL[ring], bytes.len() as u32 * 8);
        let mut stream = Stream::from_anchor(ring, Beat::steady(Tick(9)), &bytes, 0, bits);
        for at in 0..updates {
            stream.decode(Beat::steady(Tick(10 + at as u32)), &bytes, at as u32, bits);
            let pose = stream.pose(ORIGIN);
            prop_assert!(pose.root.is_finite() && pose.head.position.is_finite());
            prop_assert!(pose.head.orientation.is_normalized());
        }
    }
}

#[test]
fn who_stands_still_takes_next_to_nothing() {
    let pose = BodyPose::standing(Vec3::new(3.0, 0.0, 4.0), 0.7);
    let mut stream = Stream::begin(Ring::Near, Beat::steady(Tick(100)), Tick(100).time(), &pose, ORIGIN);
    let bits = |tick: u32, stream: &mut Stream| {
        let at = Tick(tick);
        stream.encode(Beat::steady(at), at.time(), &pose, ORIGIN).unwrap().len()
    };
    (101..130).for_each(|tick| {
        bits(tick, &mut stream);
    });
    let all: u32 = (130..160).map(|tick| bits(tick, &mut stream)).sum();
    assert!(all <= 90, "{all} bits in thirty updates");
}

#[test]
fn a_walk_of_somebody_without_hands_takes_few_bits() {
    let mut stream = None;
    let mut bits = Vec::new();
    for step in 0..150u32 {
        let tick = Tick(300 + step);
        let beat = Beat::steady(tick);
        let pose = BodyPose::standing(Vec3::new(step as f32 * 0.045, 0.0, 2.0), 0.3);
        match &mut stream {
            None => stream = Some(Stream::begin(Ring::Near, beat, tick.time(), &pose, ORIGIN)),
            Some(stream) => bits.push(stream.encode(beat, tick.time(), &pose, ORIGIN).unwrap().len()),
        }
    }
    let mean = bits[30..].iter().sum::<u32>() as f32 / (bits.len() - 30) as f32;
    assert!(mean <= 16.0, "{mean}");
}
