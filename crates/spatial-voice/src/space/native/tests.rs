//! What the native backend is promised to do, heard from outside: through `process_block` and the worker alone.

use super::*;
use crate::SAMPLE_RATE;
use crate::space::scene::{AcousticScene, Material, Triangle};
use crate::space::testing::{self, listener, noise, reverberation, source, two_rooms};
use crate::space::{AcousticSpace, DoorState, SpatialWorker};
use glam::Quat;
use std::f32::consts::TAU;
use std::sync::LazyLock;

static HRTF: LazyLock<Arc<Hrtf>> = LazyLock::new(|| Arc::new(Hrtf::shipped().unwrap()));

const HEAD: Vec3 = Vec3::new(2.0, 1.6, 2.1);

/// A backend in a building, its worker, and what was heard of it.
struct Bench {
    native: Native,
    worker: NativeWorker,
    listener: Listener,
    mode: OutputMode,
    left: Vec<f32>,
    right: Vec<f32>,
}

impl Bench {
    fn new(scene: &AcousticScene) -> Self {
        let (native, mut worker) = Native::new(HRTF.clone());
        worker.set_scene(scene).unwrap();
        Self {
            native,
            worker,
            listener: listener(),
            mode: OutputMode::Binaural,
            left: Vec::new(),
            right: Vec::new(),
        }
    }

    fn block(&mut self, position: Vec3, samples: &[f32; BLOCK]) {
        let mut heard = StereoBlock::default();
        self.native.process_block(&self.listener, &[source(0, position, samples)], self.mode, &mut heard);
        self.left.extend(heard.left);
        self.right.extend(heard.right);
    }

    /// Lets the worker find the paths and the gains come to rest, then forgets what was heard.
    fn settle(&mut self, position: Vec3) {
        for _ in 0..2 {
            self.block(position, &[0.0; BLOCK]);
            self.worker.update_occlusion();
            self.worker.update_reverb();
        }
        // What was said before fades away.
        (0..200).for_each(|_| self.block(position, &[0.0; BLOCK]));
        (self.left, self.right) = (Vec::new(), Vec::new());
    }

    /// Plays so many blocks of a signal.
    fn play(&mut self, position: Vec3, blocks: usize, mut signal: impl FnMut(usize) -> f32) {
        for block in 0..blocks {
            self.block(position, &std::array::from_fn(|at| signal(block * BLOCK + at)));
        }
    }
}

fn level(samples: &[f32]) -> f32 {
    10.0 * (samples.iter().map(|value| value * value).sum::<f32>() / samples.len() as f32).max(1e-20).log10()
}

fn tone(hertz: f32) -> impl FnMut(usize) -> f32 {
    move |at| 0.1 * (at as f32 * hertz * TAU / SAMPLE_RATE as f32).sin()
}

fn white(mut seed: u32) -> impl FnMut(usize) -> f32 {
    move |_| 0.1 * noise(&mut seed)
}

/// Samples by which the left ear is later than the right, by the best correlation of what is below 1.5 kHz.
fn later(left: &[f32], right: &[f32]) -> i32 {
    let smooth = |samples: &[f32]| {
        let mut state = [0.0; 2];
        let share = bands::one_pole(1_500.0);
        let step = |sample: &f32| {
            state[0] += share * (sample - state[0]);
            state[1] += share * (state[0] - state[1]);
            state[1]
        };
        samples.iter().map(step).collect::<Vec<f32>>()
    };
    let (left, right) = (smooth(left), smooth(right));
    let likeness = |lag: i32| -> f32 {
        (100..left.len() - 100).map(|at| right[at] * left[(at as i32 + lag) as usize]).sum()
    };
    (-60..=60).max_by(|a, b| likeness(*a).total_cmp(&likeness(*b))).unwrap()
}

/// Time and level by which the right ear is ahead, for a source at this azimuth and 2 m in the open.
fn differences(azimuth: f32) -> (i32, f32) {
    let mut bench = Bench::new(&AcousticScene::default());
    let turn = azimuth.to_radians();
    let position = HEAD + Vec3::new(turn.sin(), 0.0, -turn.cos()) * 2.0;
    bench.settle(position);
    bench.play(position, 12, white(3));
    (later(&bench.left, &bench.right), level(&bench.right) - level(&bench.left))
}

#[test]
fn both_ears_tell_the_side_and_how_far_aside() {
    let (time, loudness) = differences(0.0);
    assert!(time.abs() <= 2 && loudness.abs() < 1.5, "in front: {time} {loudness}");
    let (time, loudness) = differences(180.0);
    assert!(time.abs() <= 2 && loudness.abs() < 1.5, "behind: {time} {loudness}");
    for side in [1.0, -1.0] {
        let mut last = (0, 0.0);
        for azimuth in [15.0, 30.0, 45.0, 60.0, 75.0, 90.0_f32] {
            let (time, loudness) = differences(azimuth * side);
            let (time, loudness) = (time * side as i32, loudness * side);
            // Woodworth's head of 8.75 cm: r / c (sin a + a).
            let turn = azimuth.to_radians();
            let expected = 0.0875 / 343.0 * (turn.sin() + turn) * SAMPLE_RATE as f32;
            assert!((time as f32 - expected).abs() < expected * 0.3 + 2.0, "{azimuth}: {time} {expected}");
            assert!(
                time >= last.0 && loudness > 1.0 && loudness > last.1 - 1.5,
                "{azimuth}: {loudness} {last:?}"
            );
            last = (time, loudness);
        }
        assert!((28..40).contains(&last.0) && last.1 > 6.0, "{last:?}");
        let (time, loudness) = differences(135.0 * side);
        assert!(time * side as i32 > 10 && loudness * side > 3.0, "behind aside: {time} {loudness}");
    }
}

#[test]
fn a_turn_of_the_head_is_heard_in_the_next_block() {
    let mut bench = Bench::new(&AcousticScene::default());
    let position = HEAD + Vec3::X * 2.0;
    bench.settle(position);
    let mut signal = white(5);
    bench.play(position, 6, &mut signal);
    let end = BLOCK * 5;
    assert!(level(&bench.right[end..]) - level(&bench.left[end..]) > 5.0);
    // The worker sleeps; the head turns about: what was on the right is on the left.
    bench.listener.building_from_head = Quat::from_rotation_y(std::f32::consts::PI);
    bench.play(position, 1, &mut signal);
    let half = BLOCK * 6 + BLOCK / 2;
    assert!(level(&bench.left[half..]) > level(&bench.right[half..]), "heard within the block");
    bench.play(position, 1, &mut signal);
    let next = BLOCK * 7;
    assert!(level(&bench.left[next..]) - level(&bench.right[next..]) > 5.0);
}

/// Level of a tone from a place after all has settled.
fn heard_level(bench: &mut Bench, position: Vec3, hertz: f32) -> f32 {
    bench.settle(position);
    bench.play(position, 10, tone(hertz));
    level(&bench.left[BLOCK * 5..]).max(level(&bench.right[BLOCK * 5..]))
}

#[test]
fn a_wall_takes_the_high_sounds_and_less_of_the_low_ones() {
    let behind = Vec3::new(8.0, 1.6, 2.3);
    let lost = |hertz: f32| {
        heard_level(&mut Bench::new(&AcousticScene::default()), behind, hertz)
            - heard_level(&mut Bench::new(&two_rooms(None)), behind, hertz)
    };
    let (low, high) = (lost(250.0), lost(4_000.0));
    assert!(high >= 15.0 && low < high - 5.0 && low > 5.0, "{low} {high}");
}

#[test]
fn a_closing_door_muffles_and_an_opening_one_gives_the_voice_back() {
    let behind = Vec3::new(8.0, 1.6, 2.3);
    let mut bench = Bench::new(&two_rooms(Some(4)));
    let open = heard_level(&mut bench, behind, 3_000.0);
    bench.worker.set_door(4, DoorState::Closed);
    let closed = heard_level(&mut bench, behind, 3_000.0);
    bench.worker.set_door(4, DoorState::Open);
    let again = heard_level(&mut bench, behind, 3_000.0);
    assert!(open - closed > 15.0 && (again - open).abs() < 1.0, "{open} {closed} {again}");
}

#[test]
fn a_box_reverberates_as_sabine_says() {
    let size = Vec3::new(9.0, 4.0, 7.0);
    let absorption = [0.08, 0.12, 0.12];
    let scene = AcousticScene { spaces: vec![testing::room(Vec3::ZERO, size, absorption)] };
    let mut bench = Bench::new(&scene);
    let position = Vec3::new(6.0, 1.6, 5.0);
    bench.settle(position);
    bench.play(position, 300, |at| if at == 0 { 1.0 } else { 0.0 });
    let (volume, area) =
        (size.element_product(), 2.0 * (size.x * size.y + size.y * size.z + size.z * size.x));
    for (band, hertz) in [(0, 250.0), (1, 2_500.0)] {
        let air = super::super::propagation::AIR[band];
        let sabine = 0.161 * volume / (area * absorption[band] + 4.0 * air * volume);
        // The direct sound is over after 20 ms.
        let found = reverberation(&bench.left[BLOCK * 2..], hertz);
        assert!((found / sabine - 1.0).abs() < 0.2, "{hertz}: {found} {sabine}");
    }
}

#[test]
fn nothing_clicks_while_somebody_walks_around() {
    let mut bench = Bench::new(&two_rooms(None));
    let place = |block: usize| {
        let turn = block as f32 * 0.05;
        HEAD + Vec3::new(turn.sin(), 0.0, -turn.cos()) * 1.5
    };
    bench.settle(place(0));
    let mut steady = tone(200.0);
    // The tone itself must not begin with a click.
    let mut signal = |at: usize| steady(at) * (at as f32 / (BLOCK * 20) as f32).min(1.0);
    for block in 0..120 {
        bench.block(place(block), &std::array::from_fn(|at| signal(block * BLOCK + at)));
        if block % 5 == 0 {
            bench.worker.update_occlusion();
        }
    }
    // A click is a step of the second difference; a tone's is small and even.
    let roughest =
        |samples: &[f32]| samples.windows(3).map(|s| (s[0] - 2.0 * s[1] + s[2]).abs()).fold(0.0, f32::max);
    let tone_of = 0.1 * (200.0 * TAU / SAMPLE_RATE as f32).powi(2);
    for ear in [&bench.left, &bench.right] {
        let found = roughest(ear);
        assert!(found < tone_of * 4.0, "{found} {tone_of}");
    }
}

#[test]
fn a_voice_in_front_keeps_its_timbre() {
    let mut bench = Bench::new(&AcousticScene::default());
    let position = HEAD + Vec3::NEG_Z;
    let levels: Vec<f32> = [125.0, 250.0, 500.0, 1_000.0, 2_000.0, 4_000.0]
        .into_iter()
        .map(|hertz| heard_level(&mut bench, position, hertz) - level(&[0.1 / 2.0_f32.sqrt()]))
        .collect();
    assert!(levels.iter().all(|level| level.abs() < 4.0), "{levels:?}");
}

#[test]
fn near_the_head_and_in_it_a_voice_stays_sane() {
    let mut bench = Bench::new(&AcousticScene::default());
    for distance in [0.5, 0.2, 0.1, 0.01, 0.0, -0.01, -0.2] {
        let position = HEAD + Vec3::X * distance;
        bench.settle(position);
        bench.play(position, 4, white(9));
        let (left, right) = (level(&bench.left[BLOCK..]), level(&bench.right[BLOCK..]));
        assert!(left.max(right) < -10.0 && left.max(right) > -40.0, "{distance}: {left} {right}");
        if distance == 0.0 {
            assert_eq!(bench.left, bench.right, "in the middle of the head");
        }
    }
}

#[test]
fn loudspeakers_know_sides_and_mono_has_none() {
    let position = HEAD + Vec3::new(2.0, 0.0, -0.5);
    let mut bench = Bench::new(&two_rooms(None));
    bench.mode = OutputMode::Loudspeakers;
    bench.settle(position);
    bench.play(position, 4, white(2));
    assert!(level(&bench.right) - level(&bench.left) > 6.0);
    bench.mode = OutputMode::Mono;
    bench.settle(position);
    bench.play(position, 4, white(2));
    assert_eq!(bench.left, bench.right);
    assert!(level(&bench.left) > -50.0);
    bench.mode = OutputMode::Binaural;
    bench.settle(position);
    bench.play(position, 4, white(2));
    assert!(level(&bench.right) - level(&bench.left) > 3.0);
}

#[test]
fn a_voice_waits_for_its_path_but_not_for_ever() {
    let behind = Vec3::new(8.0, 1.6, 2.3);
    let mut bench = Bench::new(&two_rooms(None));
    bench.play(behind, 9, white(4));
    assert!(bench.left.iter().all(|sample| *sample == 0.0), "nothing slips through the wall");
    bench.play(behind, 3, white(4));
    assert!(level(&bench.left[BLOCK * 11..]) > -60.0, "without a worker it is heard as in the open");
}

#[test]
fn who_is_left_out_falls_silent_and_others_do_not_take_their_gains() {
    let mut bench = Bench::new(&AcousticScene::default());
    bench.settle(HEAD + Vec3::X);
    bench.play(HEAD + Vec3::X, 4, white(4));
    let mut heard = StereoBlock::default();
    for _ in 0..6 {
        bench.native.process_block(&bench.listener, &[], bench.mode, &mut heard);
    }
    assert_eq!(heard, StereoBlock::default());
}

#[test]
fn hostile_input_is_survived() {
    let wild =
        [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN_POSITIVE / 8.0, 1e30, -1e30, 0.0];
    let mut scene = two_rooms(Some(1));
    let space = &mut scene.spaces[0];
    space.vertices.extend(wild.map(|value| Vec3::new(value, value, 1.0)));
    space.materials.push(Material {
        absorption: [f32::NAN; 3],
        scattering: -1.0,
        transmission: [f32::INFINITY; 3],
    });
    let many = space.vertices.len() as u32 + 3;
    for at in 0..200 {
        let corners = [at % many, (at * 7) % many, (at * 13) % many];
        space.triangles.push(Triangle { corners, material: (at % 4) as u8 });
    }
    space.reverberation = Some([f32::INFINITY, f32::NAN, -3.0]);
    space.volume = f32::NAN;
    let mut bench = Bench::new(&scene);
    let mut seed = 77;
    let mut pick = || wild[((noise(&mut seed) + 1.0) * 3.99) as usize];
    for block in 0..200 {
        let samples: [f32; BLOCK] = std::array::from_fn(|_| pick());
        let sources: Vec<Source<'_>> = (0..40)
            .map(|at| Source {
                slot: if at == 39 { usize::MAX } else { at },
                position: Vec3::new(pick(), pick(), pick()),
                gain: pick(),
                samples: &samples,
            })
            .collect();
        let turn = Quat::from_xyzw(pick(), pick(), pick(), pick());
        let listener = Listener { position: Vec3::new(pick(), 1.0, pick()), building_from_head: turn };
        let mode = [OutputMode::Binaural, OutputMode::Loudspeakers, OutputMode::Mono][block % 3];
        let mut heard = StereoBlock::default();
        bench.native.process_block(&listener, &sources, mode, &mut heard);
        assert!(heard.left.iter().chain(&heard.right).all(|value| value.abs() <= 1.0), "block {block}");
        if block % 5 == 0 {
            bench.worker.update_occlusion();
            bench.worker.update_reverb();
        }
    }
}

#[test]
fn a_mesh_that_is_too_large_is_refused_and_a_large_one_is_taken() {
    let mut scene = two_rooms(None);
    let triangle = scene.spaces[0].triangles[0];
    scene.spaces[0].triangles = vec![triangle; 1_000_001];
    let (_, mut worker) = Native::new(HRTF.clone());
    assert!(worker.set_scene(&scene).unwrap_err().to_string().contains("1000000 are allowed"));
    let grid: Vec<Vec3> =
        (0..10_000).map(|at| Vec3::new((at % 100) as f32, 0.0, (at / 100) as f32)).collect();
    let corners = (0..9_800_u32).map(|at| [at, at + 1, at + 100]);
    let triangles = corners.map(|corners| Triangle { corners, material: 0 }).collect();
    let space = AcousticSpace {
        vertices: grid,
        triangles,
        materials: scene.spaces[0].materials.clone(),
        ..AcousticSpace::default()
    };
    worker.set_scene(&AcousticScene { spaces: vec![space] }).unwrap();
    worker.update_occlusion();
    worker.update_reverb();
}
