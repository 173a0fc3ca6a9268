//! Makes blocks of sound for a device: adds up what sounds now. It runs on the device's own thread, so it takes no
//! lock, no memory and no more than a bounded time; a test counts.
//!
//! It must not know which device plays.

use super::earcons::Frame;
use super::feed::Feed;
use super::kinds::Sound;
use crate::voice::Ear;
use std::sync::Arc;

/// Samples a second.
pub const RATE: u32 = 48_000;

/// Samples of a block: ten milliseconds.
pub const BLOCK: usize = 480;

/// A block of stereo samples.
pub type Block = [Frame; BLOCK];

/// Sounds at the same time. Each peaks below a quarter of full scale, so that their sum can not be cut off.
const MAX_VOICES: usize = 4;

#[derive(Clone, Copy, Debug)]
struct Voice {
    sound: Sound,
    /// The next sample.
    at: usize,
}

/// Makes blocks of sound.
#[derive(Debug)]
pub struct Mixer {
    feed: Arc<Feed>,
    voices: [Option<Voice>; MAX_VOICES],
    /// The volume at the end of the last block.
    gain: f32,
    /// What others say; none while another mixer has it, or where there are no voices.
    ear: Option<Box<Ear>>,
}

impl Mixer {
    /// A mixer for a device that begins now: what waited for one is old and is not played.
    pub fn new(feed: Arc<Feed>) -> Self {
        while feed.next().is_some() {}
        let (gain, ear) = (feed.gain(), feed.take_ear());
        Self { feed, voices: [None; MAX_VOICES], gain, ear }
    }

    /// The time by the line's clock, µs.
    pub fn now(&self) -> u64 {
        self.ear.as_ref().map_or(0, |ear| ear.now())
    }

    /// Fills the next block, which is played at this time by the line's clock, µs.
    pub fn render(&mut self, block: &mut Block, now: u64) {
        block.fill([0.0; 2]);
        while let Some(sound) = self.feed.next() {
            if let Some(free) = self.voices.iter_mut().find(|voice| voice.is_none()) {
                *free = Some(Voice { sound, at: 0 });
            }
        }
        for place in &mut self.voices {
            let Some(voice) = place else { continue };
            let rest = self.feed.bank().samples(voice.sound).get(voice.at..).unwrap_or_default();
            for (frame, sample) in block.iter_mut().zip(rest) {
                frame[0] += sample[0];
                frame[1] += sample[1];
            }
            voice.at += BLOCK;
            if rest.len() <= BLOCK {
                *place = None;
            }
        }
        self.finish(block);
        if let Some(ear) = &mut self.ear {
            ear.add_to(block, now);
            block.as_flattened_mut().iter_mut().for_each(|sample| *sample = sample.clamp(-1.0, 1.0));
            ear.note_played(block);
        }
    }

    /// The sounds' volume, and mono. The volume slides through the block, because a jump would click.
    fn finish(&mut self, block: &mut Block) {
        let (from, to) = (self.gain, self.feed.gain());
        self.gain = to;
        let is_mono = self.feed.is_mono();
        for (step, frame) in block.iter_mut().enumerate() {
            let gain = from + (to - from) * ((step + 1) as f32 / BLOCK as f32);
            let [left, right] = match is_mono {
                true => [(frame[0] + frame[1]) * 0.5; 2],
                false => *frame,
            };
            *frame = [left * gain, right * gain].map(|sample| sample.clamp(-1.0, 1.0));
        }
    }
}

impl Drop for Mixer {
    fn drop(&mut self) {
        if let Some(ear) = self.ear.take() {
            self.feed.give_ear(ear);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::allocation_count;
    use crate::sound::settings::AudioSettings;

    fn stand(settings: AudioSettings) -> (Arc<Feed>, Mixer) {
        let feed = Arc::new(Feed::new());
        feed.set(&settings);
        let mixer = Mixer::new(Arc::clone(&feed));
        (feed, mixer)
    }

    fn play(mixer: &mut Mixer, blocks: usize) -> Vec<Frame> {
        let mut block = [[0.0; 2]; BLOCK];
        (0..blocks)
            .flat_map(|_| {
                mixer.render(&mut block, 0);
                block
            })
            .collect()
    }

    const LOUD: AudioSettings = AudioSettings {
        sounds: true,
        volume: 100,
        messages_to_me: true,
        messages_in_room: true,
        order: true,
        hands: true,
        connection: true,
        mono: false,
        voice_volume: 100,
        loudspeakers: false,
        room_sound: true,
        echo: true,
        noise: true,
        gain_control: true,
        push_to_talk: false,
        talk_goes_along: false,
    };

    #[test]
    fn a_sound_is_played_whole_and_then_there_is_silence() {
        let (feed, mut mixer) = stand(LOUD);
        assert!(play(&mut mixer, 3).iter().all(|frame| *frame == [0.0; 2]));
        assert!(feed.begin(Sound::ToMe));
        let wanted = feed.bank().samples(Sound::ToMe);
        let heard = play(&mut mixer, wanted.len() / BLOCK + 2);
        assert_eq!(&heard[..wanted.len()], wanted);
        assert!(heard[wanted.len()..].iter().all(|frame| *frame == [0.0; 2]));
    }

    #[test]
    fn many_sounds_at_once_are_never_cut_off() {
        let (feed, mut mixer) = stand(LOUD);
        let loudest = [Sound::ToMe, Sound::Announcement, Sound::AskedToUnmute, Sound::Muted];
        for sound in loudest.into_iter().chain(loudest) {
            assert!(feed.begin(sound));
        }
        let peak = play(&mut mixer, 130).iter().flatten().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
        assert!((0.2..0.99).contains(&peak), "{peak}");
    }

    #[test]
    fn in_mono_both_ears_hear_the_same_and_nothing_is_lost() {
        let differs = |frames: &[Frame]| frames.iter().any(|[left, right]| (left - right).abs() > 0.01);
        let energy = |frames: &[Frame]| frames.iter().flatten().map(|sample| sample * sample).sum::<f32>();
        let heard = [false, true].map(|mono| {
            let (feed, mut mixer) = stand(AudioSettings { mono, ..LOUD });
            assert!(feed.begin(Sound::ToMe));
            play(&mut mixer, 60)
        });
        assert!(differs(&heard[0]) && !differs(&heard[1]));
        assert!(energy(&heard[1]) > energy(&heard[0]) * 0.8);
    }

    #[test]
    fn a_change_of_volume_slides() {
        let (feed, mut mixer) = stand(LOUD);
        assert!(feed.begin(Sound::Announcement));
        play(&mut mixer, 3);
        feed.set(&AudioSettings { volume: 0, ..LOUD });
        let sliding = play(&mut mixer, 1);
        let steps = sliding.windows(2).map(|pair| (pair[1][0] - pair[0][0]).abs());
        assert!(steps.fold(0.0, f32::max) < 0.05);
        assert!(play(&mut mixer, 5).iter().all(|frame| *frame == [0.0; 2]));
    }

    #[test]
    fn the_callback_takes_no_memory() {
        let (feed, mut mixer) = stand(LOUD);
        let mut block = [[0.0; 2]; BLOCK];
        let before = allocation_count().own;
        for round in 0..400 {
            feed.begin(Sound::ALL[round % Sound::ALL.len()]);
            mixer.render(&mut block, 0);
        }
        assert_eq!(allocation_count().own, before);
    }

    #[test]
    fn what_waited_for_a_device_is_not_played_by_the_next_one() {
        let (feed, _) = stand(LOUD);
        assert!(feed.begin(Sound::ToMe));
        let mut mixer = Mixer::new(Arc::clone(&feed));
        assert!(play(&mut mixer, 5).iter().all(|frame| *frame == [0.0; 2]));
    }
}
