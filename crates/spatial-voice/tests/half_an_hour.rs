//! Half an hour of voices in virtual time, nothing lost: clocks that differ do not drift apart, nothing is guessed, and no
//! memory is taken.
//!
//! What is shared, so that it ends within a minute: one mouth speaks for all, once, and everybody's packets are its packets,
//! numbered and timed by clocks of their own. What a packet says has no part in when it is played, so eight mouths would
//! prove nothing more. In the lounge of 24 listeners the eight speak one after the other, with pauses; eight who
//! never pause, for whom no silence makes up for a clock, are followed by one listener. Listeners do not know each other, so they
//! live one after the other. All decode everything; one renders for two ears, the others only look at the samples.

#![allow(unsafe_code, reason = "a counting allocator is an allocator")]

use arrayvec::ArrayVec;
use spatial_voice::space::native::{Hrtf, Native};
use spatial_voice::space::{Listener, OutputMode, Source, SpatialBackend, StereoBlock};
use spatial_voice::{
    BLOCK, FRAME_MICROS, Hall, MAX_PACKET, Mouth, Place, SAMPLE_RATE, Said, Treatment, Voices,
};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::{Arc, Mutex};

thread_local! {
    static CALLS: Cell<u64> = const { Cell::new(0) };
    static BYTES: Cell<i64> = const { Cell::new(0) };
}

struct Counting;

fn count(bytes: i64) {
    CALLS.with(|calls| calls.set(calls.get() + 1));
    BYTES.with(|held| held.set(held.get() + bytes));
}

// SAFETY: all is passed on to the system's allocator; the counters neither allocate nor panic.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as i64);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as i64));
        // SAFETY: the pointer came from `System` by the functions here.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

type Packet = ArrayVec<u8, MAX_PACKET>;

const SPEAKERS: usize = 8;
const LISTENERS: usize = 24;

/// Half an hour.
const MICROS: u64 = 30 * 60 * 1_000_000;

/// Time of a block, µs.
const BLOCK_MICROS: u64 = 10_000;

/// Clocks of speakers, and of listeners' sound cards: so many millionths fast or slow. Between two of them lie up to 100, which is
/// 180 ms in half an hour.
const SPEAKERS_PPM: [i64; SPEAKERS] = [-50, 50, -35, 35, -20, 20, 0, -50];
const LISTENERS_PPM: [i64; 4] = [50, -50, 0, 25];

/// Samples of somebody who speaks: a buzz of 120 Hz through two resonances, in syllables that do not quite end.
fn voice(blocks: usize) -> Vec<[f32; BLOCK]> {
    let rate = SAMPLE_RATE as f32;
    let mut past = [[0.0_f32; 2]; 2];
    let mut phase = 0.0_f32;
    let mut sample = |at: usize| {
        let seconds = at as f32 / rate;
        phase += (120.0 + 15.0 * (seconds * 5.0).sin()) / rate;
        let pulse = if phase >= 1.0 { 0.3 } else { 0.0 };
        phase = phase.fract();
        let syllable = (seconds * 4.0 * std::f32::consts::PI).sin().abs().max(0.1).sqrt();
        let resonances = past.iter_mut().zip([700.0_f32, 1_220.0]).map(|(past, hertz)| {
            let (turn, radius) = ((std::f32::consts::TAU * hertz / rate).cos(), 0.99);
            let output = pulse + 2.0 * radius * turn * past[0] - radius * radius * past[1];
            *past = [output, past[0]];
            output
        });
        resonances.sum::<f32>() * syllable * 0.4
    };
    (0..blocks).map(|block| std::array::from_fn(|at| sample(block * BLOCK + at))).collect()
}

/// What one mouth makes of so many seconds of speech, frame by frame: the end of a turn is in it.
fn spoken(seconds: usize) -> Vec<Option<Packet>> {
    let mut mouth = Mouth::new(Treatment::default()).expect("the codec starts");
    let mut packets = Vec::new();
    let blocks = voice(seconds * 100);
    let closing = blocks.len() - 20;
    for (number, block) in blocks.iter().enumerate() {
        let said = mouth.speak(block, number < closing).expect("it encodes");
        if number % 2 == 1 {
            packets.push(said.map(|said| said.packet));
        }
    }
    packets
}

/// Frames at the beginning and at the end of a turn in which perhaps nobody is heard.
const EDGE: u64 = 50;

/// Frames from the beginning of a turn to that of the next one, and seconds of it that somebody speaks.
const TURN: u64 = 1_000;
const TURN_SECONDS: usize = 8;

/// When each of them speaks.
#[derive(Clone, Copy)]
enum Talk {
    /// One after the other, each for a turn.
    InTurns,
    /// All, all the time.
    AtOnce,
}

/// One speaker's packets on their way to one listener.
struct Coming<'a> {
    packets: &'a [Option<Packet>],
    talk: Talk,
    speaker: usize,
    /// The next frame on the speaker's clock.
    frame: u64,
    /// How long a packet is on its way, µs.
    way: u64,
}

impl Coming<'_> {
    /// The packet of a frame, if anything is said in it.
    fn packet(&self, frame: u64) -> Option<&Packet> {
        let turn = self.packets.len() as u64;
        match self.talk {
            Talk::InTurns if (frame / TURN) as usize % SPEAKERS != self.speaker => None,
            Talk::InTurns => self.packets.get((frame % TURN) as usize)?.as_ref(),
            // Without the beginning and the end of a turn; each is at another place of it.
            Talk::AtOnce => {
                let at = (frame + self.speaker as u64 * 37) % (turn - 2 * EDGE) + EDGE;
                self.packets[at as usize].as_ref()
            }
        }
    }

    /// When a frame was spoken to its end, true time, µs.
    fn spoken_at(&self, frame: u64) -> u64 {
        let nominal = (frame + 1) * FRAME_MICROS;
        let phase = 1_000_000 + self.speaker as u64 * 2_311;
        phase + nominal.saturating_add_signed(-(nominal as i64) * SPEAKERS_PPM[self.speaker] / 1_000_000)
    }

    /// When its packet comes: no way is quite even.
    fn comes_at(&self, frame: u64) -> u64 {
        let unrest = (frame ^ self.way).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
        self.spoken_at(frame) + self.way + unrest % 3_000
    }

    /// Gives the listener what came until now.
    fn put_until(&mut self, now: u64, voices: &mut Voices) -> u64 {
        let mut count = 0;
        while self.comes_at(self.frame) <= now {
            if let Some(packet) = self.packet(self.frame) {
                // The number wraps after 22 minutes.
                voices.put(self.speaker as u32, self.frame as u16, packet, self.comes_at(self.frame));
                count += 1;
            }
            self.frame += 1;
        }
        count
    }
}

/// What a listener hears of one speaker.
#[derive(Clone, Copy, Debug, Default)]
struct Ear {
    blocks: u64,
    /// Blocks without a voice after the first one with it.
    gaps: u64,
    /// Steps from one sample to the next that no voice has.
    clicks: u64,
    last: f32,
}

/// A backend that listens closely and makes no sound; or lets another make it.
struct Ears {
    ears: Arc<Mutex<[Ear; SPEAKERS]>>,
    sound: Option<Box<dyn SpatialBackend>>,
}

/// The largest step of the voice is a third of that.
const CLICK: f32 = 0.5;

impl SpatialBackend for Ears {
    fn name(&self) -> &'static str {
        "ears"
    }

    fn process_block(
        &mut self,
        listener: &Listener,
        sources: &[Source<'_>],
        mode: OutputMode,
        heard: &mut StereoBlock,
    ) {
        let mut ears = self.ears.lock().expect("nobody fails with it");
        for (speaker, ear) in ears.iter_mut().enumerate() {
            let Some(source) = sources.iter().find(|source| source.position.x == speaker as f32) else {
                ear.gaps += u64::from(ear.blocks > 0);
                continue;
            };
            ear.blocks += 1;
            for sample in source.samples {
                ear.clicks += u64::from((sample - ear.last).abs() > CLICK);
                ear.last = *sample;
            }
        }
        if let Some(sound) = &mut self.sound {
            sound.process_block(listener, sources, mode, heard);
        }
    }
}

/// How one listener fared.
struct Fared {
    /// The listener's clock, millionths.
    card: i64,
    /// Packets that were given, by speaker.
    given: [u64; SPEAKERS],
    ears: [Ear; SPEAKERS],
    /// What was known last of each speaker.
    said: [Option<Said>; SPEAKERS],
    /// By minute: the mean delay of those who were heard, µs, and the most packets of a speaker that were not played yet.
    minutes: ArrayVec<(u64, u64), 30>,
    /// Calls of the allocator while it listened.
    allocations: u64,
}

/// Half an hour of one listener.
fn listen(
    number: usize,
    packets: &[Option<Packet>],
    talk: Talk,
    sound: Option<Box<dyn SpatialBackend>>,
) -> Fared {
    let ears = Arc::new(Mutex::new([Ear::default(); SPEAKERS]));
    let mut voices = Voices::new(Box::new(Ears { ears: ears.clone(), sound })).expect("the codec starts");
    let position = |speaker: usize| glam::Vec3::new(speaker as f32, 0.0, -3.0);
    let place = |speaker: usize| Place { speaker: speaker as u32, position: position(speaker), gain: 0.5 };
    let hall = Hall { places: (0..SPEAKERS).map(place).collect(), gain: 1.0, ..Hall::default() };
    let way = |speaker: usize| 15_000 + ((number * 31 + speaker * 17) % 60) as u64 * 1_000;
    let mut coming: [Coming<'_>; SPEAKERS] =
        std::array::from_fn(|speaker| Coming { packets, talk, speaker, frame: 0, way: way(speaker) });
    let card = LISTENERS_PPM[number % LISTENERS_PPM.len()];
    let mut fared = Fared {
        card,
        given: [0; SPEAKERS],
        ears: [Ear::default(); SPEAKERS],
        said: [None; SPEAKERS],
        minutes: ArrayVec::new(),
        allocations: 0,
    };
    let (mut heard, mut delays) = (StereoBlock::default(), (0, 0));
    let before = CALLS.with(Cell::get);
    for block in 0..MICROS / BLOCK_MICROS {
        let nominal = block * BLOCK_MICROS;
        let now = 1_000_000 + nominal.saturating_add_signed(-(nominal as i64) * card / 1_000_000);
        for coming in &mut coming {
            fared.given[coming.speaker] += coming.put_until(now, &mut voices);
        }
        voices.render(now, &hall, &mut heard);
        if block % 50 != 49 {
            continue;
        }
        for said in voices.said(now) {
            fared.said[said.speaker as usize] = Some(said);
            if said.level < AUDIBLE {
                delays = (delays.0 + said.delay_micros, delays.1 + 1);
            }
        }
        if block % 6_000 == 5_999 {
            let waiting =
                |(said, given): (&Option<Said>, &u64)| given - said.map_or(0, |said| said.stats.frames);
            let most = fared.said.iter().zip(&fared.given).map(waiting).max().unwrap_or(0);
            fared.minutes.push((delays.0 / u64::max(delays.1, 1), most));
            delays = (0, 0);
        }
    }
    fared.allocations = CALLS.with(Cell::get) - before;
    fared.ears = *ears.lock().expect("nobody fails with it");
    fared
}

/// Levels of who is heard, decibels below the loudest.
const AUDIBLE: u8 = 60;

/// Packets of a speaker that may wait to be played, and how far a minute's mean delay may lie from the first one's, µs: a turn begins with
/// a block, wherever its frames lie. Clocks that nobody follows would come to 180,000.
const WAITING: u64 = 5;
const DRIFT_MICROS: u64 = 15_000;

/// How far the samples that were left out or repeated may be from what the clocks differ by: 15 ms.
const STRETCHED: u64 = 720;

fn check(fared: &Fared, talk: Talk) {
    assert_eq!(fared.allocations, 0, "no memory is taken or given back");
    assert_eq!(fared.minutes.len(), 30);
    let first = fared.minutes[0].0;
    for (minute, (delay, waiting)) in fared.minutes.iter().enumerate() {
        assert!(delay.abs_diff(first) <= DRIFT_MICROS, "minute {minute}: {delay} µs, at first {first}");
        assert!(*waiting <= WAITING, "minute {minute}: {waiting} packets wait");
    }
    for (speaker, (said, ear)) in fared.said.iter().zip(&fared.ears).enumerate() {
        let stats = said.expect("everybody was heard").stats;
        let glitches = (stats.concealed, stats.repaired, stats.late, ear.clicks);
        assert_eq!(glitches, (0, 0, 0, 0), "speaker {speaker}: {stats:?} {ear:?}");
        assert!(ear.blocks * 20 >= stats.frames * 39, "speaker {speaker}: {stats:?} {ear:?}");
        if let Talk::AtOnce = talk {
            assert_eq!(ear.gaps, 0, "speaker {speaker}: {stats:?}");
            let apart = SPEAKERS_PPM[speaker].abs_diff(fared.card) * MICROS / 1_000_000 * 48 / 1_000;
            let made_up = stats.stretched;
            assert!(made_up.abs_diff(apart) <= STRETCHED, "speaker {speaker}: {made_up} of {apart} samples");
        }
    }
}

#[test]
fn eight_who_speak_in_turns_are_heard_by_twenty_four_for_half_an_hour() {
    let packets = spoken(TURN_SECONDS);
    let mut resident = None;
    for number in 0..LISTENERS {
        let sound = (number == 0).then(|| Native::spatial(Arc::new(Hrtf::shipped().unwrap())).backend);
        let held = BYTES.with(Cell::get);
        check(&listen(number, &packets, Talk::InTurns, sound), Talk::InTurns);
        if number > 0 {
            assert_eq!(BYTES.with(Cell::get), held, "a listener who left leaves nothing");
            // The codec's own memory is not the counted allocator's.
            let now = resident_kib();
            let before = *resident.get_or_insert(now);
            assert!(now <= before + RESIDENT_KIB, "{before} KiB have become {now}");
        }
    }
}

#[test]
fn eight_who_never_pause_are_followed_for_half_an_hour() {
    let packets = spoken(TURN_SECONDS);
    check(&listen(1, &packets, Talk::AtOnce, None), Talk::AtOnce);
}

#[test]
fn a_mouth_that_speaks_on_holds_no_more_memory() {
    let mut mouth = Mouth::new(Treatment::default()).unwrap();
    let blocks = voice(500);
    let mut held = None;
    for minute in 0..3 {
        for number in 0..6_000 {
            mouth.speak(&blocks[number % blocks.len()], number % 3_000 < 2_500).unwrap();
        }
        let now = BYTES.with(Cell::get);
        assert_eq!(now, *held.get_or_insert(now), "minute {minute}");
    }
}

/// What of the process may become resident after the first listener, KiB.
const RESIDENT_KIB: u64 = 2_048;

/// Memory of this process that is resident, KiB.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("this is Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it has memory");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
