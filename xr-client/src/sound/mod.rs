//! Sound: what happens is told by short sounds, too, for who looks elsewhere or does not see. Read it in this order:
//! `table` (event → sound), `director` (when), `feed` → `mixer` → `blocks` (samples), `switch` (where to).
//!
//! It must not know panels or the renderer. Voices are mixed here, too; they are `voice`'s matter.

mod blocks;
pub mod device;
mod director;
mod earcons;
mod feed;
mod kinds;
mod microphone;
mod mixer;
mod settings;
mod switch;
mod system_device;
mod table;
mod virtual_device;
mod wav_device;

pub use blocks::curve;
pub use device::{AudioDevice, Output};
pub use director::Heard;
pub use earcons::{Bank, Frame};
pub use kinds::{Group, Sound};
pub use microphone::Recording;
pub use mixer::{BLOCK, Block, RATE};
pub use settings::{AudioSettings, MAX_VOLUME};
pub use switch::Report;
pub use system_device::SystemDevice;
pub use table::Listener;
pub use virtual_device::VirtualDevice;
pub use wav_device::{WavDevice, WavError};

use crate::core::CoreEvent;
use crate::voice::{BuildingWorker, Clock, Parts, Voice};
use director::Director;
use feed::Feed;
use spatial_voice::Treatment;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};
use switch::{Event, Switch, Wish};
use venue_protocol::LocalTime;

/// Events and reports that wait.
const WAITING: usize = 16;

/// Where the switch runs.
enum Outlet {
    /// Nowhere: nothing sounds.
    None,
    /// Within [`Sounds::advance`], in the time that it is told.
    Here(Box<Switch<VirtualDevice>>, Receiver<Event>),
    /// On a thread of its own, because opening a device may take long.
    Thread(SyncSender<Event>),
}

/// The sounds of one client.
pub struct Sounds {
    director: Director,
    feed: Arc<Feed>,
    outlet: Outlet,
    events: SyncSender<Event>,
    reports: Receiver<Report>,
    wish: Wish,
    /// A wish that the switch has not taken yet.
    unsent: Option<Wish>,
    is_list_shown: bool,
    voice: Option<Voice>,
    /// What follows sound through the building, where no thread does.
    building: Option<BuildingWorker>,
    /// How the person is recorded now, as the switch was told.
    recording: Option<Recording>,
    /// The same, as it is wanted and the switch was not told yet.
    unsent_recording: Option<Option<Recording>>,
    /// Whether the microphone's file is over.
    is_spoken: Option<Arc<AtomicBool>>,
}

impl Sounds {
    /// Sounds that nobody hears, but that are counted.
    pub fn unheard() -> Self {
        let (events, _) = sync_channel(1);
        let (_, reports) = sync_channel(1);
        Self::with(Arc::new(Feed::new()), Outlet::None, (events, reports), None)
    }

    /// Sounds on a device without hardware, in the time that [`Sounds::advance`] is told.
    pub fn on(device: VirtualDevice) -> Self {
        let (events, waiting) = sync_channel(WAITING);
        let (reporter, reports) = sync_channel(WAITING);
        let feed = Arc::new(Feed::new());
        let (voice, parts) = Voice::new(Clock::Told(Arc::default()));
        let line = Arc::clone(voice.line());
        let worker = ears_for(&feed, parts);
        let switch = Switch::new(device, Arc::clone(&feed), events.clone(), reporter).with_line(Some(line));
        let outlet = Outlet::Here(Box::new(switch), waiting);
        let mut sounds = Self::with(feed, outlet, (events, reports), Some(voice));
        sounds.building = worker;
        sounds
    }

    /// Sounds on the system's devices.
    pub fn on_system() -> Self {
        Self::on_thread(SystemDevice::default)
    }

    /// Sounds in and out of files, in real time.
    pub fn on_files(device: WavDevice) -> Self {
        let is_spoken = device.is_spoken();
        let mut sounds = Self::on_thread(move || device);
        sounds.is_spoken = Some(is_spoken);
        sounds
    }

    /// Whether the microphone's file is over; true where there is none.
    pub fn is_spoken(&self) -> bool {
        self.is_spoken.as_ref().is_none_or(|is_spoken| is_spoken.load(Ordering::Relaxed))
    }

    /// Sounds on a device that a thread of its own keeps: opening one may take long.
    fn on_thread<D: AudioDevice>(device: impl FnOnce() -> D + Send + 'static) -> Self {
        let (events, waiting) = sync_channel(WAITING);
        let (reporter, reports) = sync_channel(WAITING);
        let feed = Arc::new(Feed::new());
        let (voice, parts) = Voice::new(Clock::Real(Instant::now()));
        let (of_thread, sender) = (Arc::clone(&feed), events.clone());
        let run = move || {
            let line = Arc::clone(parts.line());
            // The ears take half a second, which no frame waits for.
            let worker = ears_for(&of_thread, parts);
            let aside = std::thread::Builder::new().name("vev-acoustics".into());
            if let Some(Err(error)) = worker.map(|worker| aside.spawn(move || worker.run())) {
                tracing::warn!(%error, "walls do not muffle voices");
            }
            let switch = Switch::new(device(), of_thread, sender, reporter);
            keep(switch.with_line(Some(line)), &waiting);
        };
        let outlet = match std::thread::Builder::new().name("sound".into()).spawn(run) {
            Ok(_) => Outlet::Thread(events.clone()),
            Err(error) => {
                tracing::warn!(%error, "there is no thread for sound; nothing sounds");
                Outlet::None
            }
        };
        Self::with(feed, outlet, (events, reports), Some(voice))
    }

    fn with(
        feed: Arc<Feed>,
        outlet: Outlet,
        (events, reports): (SyncSender<Event>, Receiver<Report>),
        voice: Option<Voice>,
    ) -> Self {
        Self {
            director: Director::default(),
            feed,
            outlet,
            events,
            reports,
            wish: Wish::default(),
            unsent: None,
            is_list_shown: false,
            voice,
            building: None,
            recording: None,
            unsent_recording: None,
            is_spoken: None,
        }
    }

    /// Voices; none where nobody hears anything, or where they can not be had.
    pub fn voice(&mut self) -> Option<&mut Voice> {
        self.voice.as_mut()
    }

    /// Records the person like this from now on, or not any more.
    pub fn record(&mut self, is_on: bool, input: Option<&Output>, treatment: Treatment) {
        let is_same = match &self.recording {
            Some(known) => is_on && known.input.as_ref() == input && known.treatment == treatment,
            None => !is_on,
        };
        if !is_same {
            self.recording = is_on.then(|| Recording { input: input.cloned(), treatment });
            self.unsent_recording = Some(self.recording.clone());
        }
    }

    /// Takes what the person has set.
    pub fn set(&mut self, settings: &AudioSettings, output: Option<&Output>) {
        self.director.set(*settings);
        self.feed.set(settings);
        let is_on = settings.sounds || (self.voice.is_some() && settings.voice_volume > 0);
        let is_same = self.wish.is_on == is_on && self.wish.output.as_ref() == output;
        if !is_same {
            self.wish = Wish { is_on, output: output.cloned() };
            self.unsent = Some(self.wish.clone());
        }
    }

    /// Something happened.
    pub fn hear(&mut self, event: &CoreEvent, listener: Listener, now: LocalTime) {
        let cue = table::cue_of(event, listener);
        if let Some(sound) = cue.and_then(|cue| self.director.hear(cue, now)) {
            self.begin(sound);
        }
    }

    /// Plays a sound because the person wants to know it.
    pub fn sample(&mut self, sound: Sound) {
        self.begin(sound);
    }

    /// Whether the person looks at the outputs; they are listed anew whenever that begins.
    pub fn show_outputs(&mut self, is_shown: bool) {
        if is_shown && !self.is_list_shown {
            self.send(Event::List);
        }
        self.is_list_shown = is_shown;
    }

    /// Lets time pass.
    pub fn advance(&mut self, now: LocalTime) {
        if let Some(wish) = self.unsent.take()
            && !self.send(Event::Use(wish.clone()))
        {
            self.unsent = Some(wish);
        }
        if let Some(recording) = self.unsent_recording.take()
            && !self.send(Event::Record(recording.clone()))
        {
            self.unsent_recording = Some(recording);
        }
        if let Some(voice) = &self.voice {
            voice.line().clock().tell(now);
        }
        if let Some(building) = &mut self.building {
            building.advance(now);
        }
        if let Some(sound) = self.director.advance(now) {
            self.begin(sound);
        }
        if let Outlet::Here(switch, events) = &mut self.outlet {
            while let Ok(event) = events.try_recv() {
                switch.handle(event, now);
            }
            switch.poll(now);
        }
    }

    /// What the person should know of the devices.
    pub fn poll_report(&mut self) -> Option<Report> {
        self.reports.try_recv().ok()
    }

    /// What was played.
    pub fn heard(&self) -> &Heard {
        self.director.heard()
    }

    fn begin(&mut self, sound: Sound) {
        tracing::debug!(sound = sound.name(), "a sound");
        if !self.feed.begin(sound) {
            tracing::trace!(sound = sound.name(), "no device plays");
        }
    }

    /// Whether the event was taken, or nobody is there to take it.
    fn send(&self, event: Event) -> bool {
        matches!(self.outlet, Outlet::None) || self.events.try_send(event).is_ok()
    }
}

impl Drop for Sounds {
    fn drop(&mut self) {
        if let Outlet::Thread(events) = &self.outlet
            && events.try_send(Event::End).is_err()
        {
            tracing::debug!("the sound's thread ends with the program");
        }
    }
}

/// Ears for this feed's mixers.
fn ears_for(feed: &Feed, parts: Parts) -> Option<BuildingWorker> {
    match parts.put_together() {
        Ok((ear, worker)) => {
            feed.give_ear(Box::new(ear));
            Some(worker)
        }
        Err(error) => {
            tracing::warn!(%error, "nobody is heard");
            None
        }
    }
}

/// The thread that keeps an output open.
fn keep<D: AudioDevice>(mut switch: Switch<D>, events: &Receiver<Event>) {
    let start = Instant::now();
    let now = || LocalTime(start.elapsed().as_micros() as u64);
    loop {
        switch.poll(now());
        let event = match switch.due() {
            None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(at) => events.recv_timeout(Duration::from_micros(at.micros_since(now()))),
        };
        match event {
            Ok(Event::End) | Err(RecvTimeoutError::Disconnected) => return,
            Ok(event) => switch.handle(event, now()),
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::Happening;
    use crate::panels::model::Conversation;
    use venue_model::ParticipantId;

    fn text_to_me() -> CoreEvent {
        CoreEvent::Happened(Happening::Text(Conversation::Person(ParticipantId(2))))
    }

    /// Lets a second pass in frames.
    fn second(sounds: &mut Sounds, from: u64) {
        for step in 1..=100 {
            sounds.advance(LocalTime(from + step * 10_000));
        }
    }

    #[test]
    fn what_is_heard_is_the_sound_at_its_volume() {
        let device = VirtualDevice::default();
        let mut sounds = Sounds::on(device.clone());
        sounds.set(&AudioSettings { volume: 50, ..AudioSettings::default() }, None);
        second(&mut sounds, 0);
        sounds.hear(&text_to_me(), Listener::Delegate, LocalTime(1_000_000));
        second(&mut sounds, 1_000_000);
        let bank = Bank::new();
        let wanted = bank.samples(Sound::ToMe).iter().map(|frame| frame.map(|sample| sample * 0.25));
        let wanted: Vec<Frame> = wanted.skip(1).collect();
        let heard = device.heard();
        assert_eq!(heard[..], wanted[..heard.len()]);
        assert!(wanted.len() - heard.len() < 4, "silent frames at the end alone are missing");
        assert_eq!((device.bursts(), sounds.heard().count(Sound::ToMe)), (1, 1));
    }

    #[test]
    fn sounds_that_are_off_open_no_device() {
        let device = VirtualDevice::default();
        let mut sounds = Sounds::on(device.clone());
        let off = AudioSettings { sounds: false, voice_volume: 0, ..AudioSettings::default() };
        sounds.set(&off, None);
        second(&mut sounds, 0);
        sounds.hear(&text_to_me(), Listener::Delegate, LocalTime(1_000_000));
        second(&mut sounds, 1_000_000);
        assert_eq!((device.plays_on(), device.bursts(), device.tries()), (None, 0, 0));
    }

    #[test]
    fn the_systems_device_answers_from_a_thread_of_its_own() {
        // Whether this machine has sound or not.
        let mut sounds = Sounds::on_system();
        sounds.set(&AudioSettings { volume: 0, ..AudioSettings::default() }, None);
        sounds.show_outputs(true);
        second(&mut sounds, 0);
        let report = sounds.reports.recv_timeout(Duration::from_secs(60));
        assert!(matches!(report, Ok(Report::Outputs(_))), "{report:?}");
    }
}
