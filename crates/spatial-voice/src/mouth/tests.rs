//! What becomes of a microphone's samples: made voices, noise and echo.

use super::*;

/// A voice as a physicist makes it: a buzz of 120 Hz through two resonances, in syllables.
fn voice(blocks: usize) -> Vec<[f32; BLOCK]> {
    let rate = SAMPLE_RATE as f32;
    let mut resonances = [Resonance::new(700.0), Resonance::new(1_220.0)];
    let mut phase = 0.0f32;
    (0..blocks * BLOCK)
        .map(|n| {
            let seconds = n as f32 / rate;
            phase += (120.0 + 15.0 * (seconds * 5.0).sin()) / rate;
            let pulse = if phase >= 1.0 { 1.0 } else { 0.0 };
            phase = phase.fract();
            let syllable = (seconds * 4.0 * std::f32::consts::PI).sin().max(0.0).sqrt();
            resonances.iter_mut().map(|resonance| resonance.step(pulse)).sum::<f32>() * syllable * 0.4
        })
        .collect::<Vec<_>>()
        .chunks_exact(BLOCK)
        .map(|block| block.try_into().unwrap())
        .collect()
}

struct Resonance {
    turn: [f32; 2],
    past: [f32; 2],
}

impl Resonance {
    fn new(hertz: f32) -> Self {
        let (angle, radius) = (std::f32::consts::TAU * hertz / SAMPLE_RATE as f32, 0.99);
        Self { turn: [2.0 * radius * angle.cos(), -radius * radius], past: [0.0; 2] }
    }

    fn step(&mut self, input: f32) -> f32 {
        let output = input * 0.3 + self.turn[0] * self.past[0] + self.turn[1] * self.past[1];
        self.past = [output, self.past[0]];
        output
    }
}

fn noise(blocks: usize, amplitude: f32) -> Vec<[f32; BLOCK]> {
    let mut state = 1u32;
    let mut next = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..blocks).map(|_| std::array::from_fn(|_| next() * amplitude)).collect()
}

fn utter(mouth: &mut Mouth, blocks: &[[f32; BLOCK]], is_open: bool) -> Vec<Utterance> {
    blocks.iter().filter_map(|block| mouth.speak(block, is_open).unwrap()).collect()
}

#[test]
fn a_voice_is_sent_and_silence_is_not() {
    let mut mouth = Mouth::new(Treatment::default()).unwrap();
    let said = utter(&mut mouth, &voice(300), true);
    assert!(said.len() > 130, "{} of 150 frames", said.len());
    assert!(said.windows(2).all(|pair| pair[1].sequence == pair[0].sequence + 1));
    assert!(said.iter().any(|utterance| (10..45).contains(&utterance.level)), "{:?}", said[50].level);
    assert!(mouth.heard().is_voice);
    utter(&mut mouth, &[[0.0; BLOCK]; 200], true);
    let in_silence = utter(&mut mouth, &[[0.0; BLOCK]; 200], true);
    assert!(in_silence.is_empty(), "{} packets of nothing", in_silence.len());
    assert_eq!(mouth.heard(), Heard::default());
}

#[test]
fn numbers_go_on_while_nothing_is_sent() {
    let mut mouth = Mouth::new(Treatment::default()).unwrap();
    let first = utter(&mut mouth, &voice(100), true).last().unwrap().sequence;
    utter(&mut mouth, &[[0.0; BLOCK]; 400], true);
    let next = utter(&mut mouth, &voice(100), true)[0].sequence;
    assert!((200..=210).contains(&(next - first)), "{first} to {next}");
}

#[test]
fn a_closed_microphone_ends_within_three_packets_and_is_still_heard_by_its_owner() {
    let mut mouth = Mouth::new(Treatment::default()).unwrap();
    assert!(utter(&mut mouth, &voice(50), false).is_empty(), "it begins closed");
    assert!(mouth.heard().is_voice, "so that who speaks into it is told");
    assert!(!utter(&mut mouth, &voice(50), true).is_empty());
    assert!(utter(&mut mouth, &voice(50), false).len() <= 3);
    assert!(utter(&mut mouth, &voice(50), false).is_empty());
}

#[test]
fn what_the_loudspeakers_play_is_taken_out() {
    let far = voice(600);
    let energy = |treatment| {
        let mut mouth = Mouth::new(treatment).unwrap();
        let mut said = 0;
        for (number, block) in far.iter().enumerate() {
            mouth.hear_loudspeakers(block);
            // It comes back 30 ms later, three times as soft.
            let echo = number.checked_sub(3).map_or([0.0; BLOCK], |earlier| far[earlier].map(|s| s * 0.3));
            let utterance = mouth.speak(&echo, true).unwrap();
            // The canceller needs a moment.
            said += utterance
                .map_or(0, |utterance| if number > 200 { 128 - usize::from(utterance.level) } else { 0 });
        }
        said
    };
    let without = energy(Treatment { echo: false, noise: false, gain: false });
    let with = energy(Treatment { echo: true, noise: false, gain: false });
    assert!(without > 10_000 && with * 3 < without, "{with} of {without}");
}

#[test]
fn steady_noise_is_no_voice() {
    let mut mouth = Mouth::new(Treatment::default()).unwrap();
    utter(&mut mouth, &noise(300, 0.02), true);
    let said = utter(&mut mouth, &noise(300, 0.02), true).len();
    assert!(said < 30, "{said} of 150 frames of noise");
}

#[test]
fn samples_that_are_no_numbers_are_borne() {
    let mut mouth = Mouth::new(Treatment::default()).unwrap();
    let bad = [[f32::NAN; BLOCK], [f32::INFINITY; BLOCK], [1e30; BLOCK], [-1e30; BLOCK]];
    utter(&mut mouth, &bad, true);
    let said = utter(&mut mouth, &voice(200), true);
    assert!(said.len() > 60, "{}", said.len());
}

#[test]
fn untreated_samples_are_as_they_were() {
    let (mut plain, mut receiver) = (Mouth::new(Treatment::NONE).unwrap(), crate::Receiver::new().unwrap());
    let spoken = voice(200);
    for (number, block) in spoken.iter().enumerate() {
        if let Some(utterance) = plain.speak(block, true).unwrap() {
            receiver.put(utterance.sequence, &utterance.packet, number as u64 * 10_000);
        }
    }
    assert!(receiver.stats().received > 80, "{:?}", receiver.stats());
}
