//! Which output plays: the chosen one, or the system's default when that is gone, or none until one comes back.
//!
//! It must not know samples or threads; time is an argument.

use super::device::{AudioDevice, Loss, Output};
use super::feed::Feed;
use super::microphone::{Microphone, Recording};
use super::mixer::Mixer;
use crate::voice::Line;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use venue_protocol::LocalTime;

/// Pause before an output that was lost is opened again, µs; doubled with each try.
const FIRST_PAUSE_MICROS: u64 = 1_000_000;

/// Longest pause between two tries, µs.
const LONGEST_PAUSE_MICROS: u64 = 60_000_000;

/// Outputs that are offered; nobody chooses among more.
const MAX_OUTPUTS: usize = 16;

/// What the switch waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody wants sound, or none.
    Use(Wish),
    /// Somebody looks at the outputs.
    List,
    /// The output of this opening is gone.
    Lost(u32),
    /// Somebody wants to be recorded, or not any more.
    Record(Option<Recording>),
    /// The microphone of this opening is gone.
    MicrophoneLost(u32),
    /// The program ends.
    End,
}

/// What is to be played on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Whether anything is to be played.
    pub is_on: bool,
    /// The chosen output; none for the system's default.
    pub output: Option<Output>,
}

/// What the person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// The outputs that are there.
    Outputs(Vec<Output>),
    /// The chosen output is gone; the system's default plays.
    Replaced(Output),
    /// No output is left.
    Gone,
    /// The microphones that are there.
    Inputs(Vec<Output>),
    /// The chosen microphone is not there; the system's default records.
    MicrophoneReplaced(Output),
    /// No microphone could be opened, and why (English).
    NoMicrophone(String),
    /// The microphone is gone.
    MicrophoneLost,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Closed,
    PlaysChosen,
    PlaysDefault,
    /// Nothing plays; the next try is due at this time.
    Waits {
        at: LocalTime,
        pause_micros: u64,
        is_told: bool,
    },
}

/// Keeps an output open.
pub struct Switch<D> {
    device: D,
    feed: Arc<Feed>,
    events: SyncSender<Event>,
    reports: SyncSender<Report>,
    wish: Wish,
    state: State,
    /// Counts openings, so that the loss of an earlier one is not mistaken.
    opening: u32,
    /// None where there are no voices.
    microphone: Option<Microphone>,
}

impl<D: AudioDevice> Switch<D> {
    /// A switch with nothing open.
    pub fn new(device: D, feed: Arc<Feed>, events: SyncSender<Event>, reports: SyncSender<Report>) -> Self {
        let (wish, state) = (Wish::default(), State::Closed);
        Self { device, feed, events, reports, wish, state, opening: 0, microphone: None }
    }

    /// The same with a microphone on this line.
    pub fn with_line(self, line: Option<Arc<Line>>) -> Self {
        Self { microphone: line.map(Microphone::new), ..self }
    }

    /// Takes an event.
    pub fn handle(&mut self, event: Event, now: LocalTime) {
        match event {
            Event::Use(wish) => {
                if self.wish != wish {
                    self.wish = wish;
                    self.begin(now);
                }
            }
            Event::List => self.list(now),
            Event::Lost(opening) if opening == self.opening => self.lose(now),
            Event::Lost(_) => {}
            Event::Record(wish) => self.record(wish),
            Event::MicrophoneLost(opening) => self.lose_microphone(opening),
            Event::End => {
                self.close();
                self.record(None);
            }
        }
    }

    /// Tries again when it is time to, and lets time pass for the device.
    pub fn poll(&mut self, now: LocalTime) {
        if let State::Waits { at, pause_micros, is_told } = self.state
            && at <= now
            && !self.open_any()
        {
            if !is_told {
                self.report(Report::Gone);
            }
            self.wait(now, (pause_micros * 2).min(LONGEST_PAUSE_MICROS), true);
        }
        self.device.pass_time(now);
        if let Some(microphone) = &mut self.microphone {
            microphone.turn();
        }
    }

    fn record(&mut self, wish: Option<Recording>) {
        let Self { device, events, microphone, .. } = self;
        let is_wanted = wish.is_some();
        let report = match microphone {
            Some(microphone) => microphone.record(device, wish, events),
            None => is_wanted.then(|| Report::NoMicrophone("there are no voices".into())),
        };
        if let Some(report) = report {
            self.report(report);
        }
    }

    fn lose_microphone(&mut self, opening: u32) {
        let Self { device, microphone, .. } = self;
        if microphone.as_mut().is_some_and(|microphone| microphone.lose(device, opening)) {
            self.report(Report::MicrophoneLost);
        }
    }

    /// When [`Switch::poll`] is due.
    pub fn due(&self) -> Option<LocalTime> {
        match self.state {
            State::Waits { at, .. } => Some(at),
            State::Closed | State::PlaysChosen | State::PlaysDefault => None,
        }
    }

    fn begin(&mut self, now: LocalTime) {
        self.close();
        if !self.wish.is_on {
            return;
        }
        let is_open = self.open_any();
        match self.wish.output.clone() {
            Some(chosen) if is_open && self.state == State::PlaysDefault => {
                self.report(Report::Replaced(chosen));
            }
            Some(_) if !is_open => self.report(Report::Gone),
            // A computer without any output is silent from the beginning; nothing happened to tell of.
            _ => {}
        }
        if !is_open {
            self.wait(now, FIRST_PAUSE_MICROS, true);
        }
    }

    fn lose(&mut self, now: LocalTime) {
        let was = self.state;
        self.close();
        match (was, self.wish.output.clone()) {
            (State::PlaysChosen, Some(chosen)) => {
                if self.open(None) {
                    self.report(Report::Replaced(chosen));
                } else {
                    self.report(Report::Gone);
                    self.wait(now, FIRST_PAUSE_MICROS, true);
                }
            }
            // Another default may take its place in a moment; only if none does it is worth a word.
            _ => self.wait(now, FIRST_PAUSE_MICROS, false),
        }
    }

    /// Who looks at the list may just have plugged something in.
    fn list(&mut self, now: LocalTime) {
        let mut outputs = self.device.outputs();
        outputs.truncate(MAX_OUTPUTS);
        let is_there =
            self.wish.output.as_ref().is_some_and(|chosen| outputs.iter().any(|o| o.id == chosen.id));
        let plays_another = matches!(self.state, State::PlaysDefault) && is_there;
        if plays_another || matches!(self.state, State::Waits { .. }) {
            self.close();
            if !self.open_any() {
                self.wait(now, FIRST_PAUSE_MICROS, true);
            }
        }
        self.report(Report::Outputs(outputs));
        let mut inputs = self.device.inputs();
        inputs.truncate(MAX_OUTPUTS);
        self.report(Report::Inputs(inputs));
    }

    /// Opens the chosen output or else the default.
    fn open_any(&mut self) -> bool {
        let chosen = self.wish.output.clone();
        chosen.is_some_and(|chosen| self.open(Some(&chosen))) || self.open(None)
    }

    fn open(&mut self, output: Option<&Output>) -> bool {
        self.opening = self.opening.wrapping_add(1);
        let loss = Loss { events: self.events.clone(), what: Event::Lost(self.opening) };
        let mixer = Mixer::new(Arc::clone(&self.feed));
        match self.device.open(output, mixer, loss) {
            Ok(()) => {
                self.state = if output.is_some() { State::PlaysChosen } else { State::PlaysDefault };
                true
            }
            Err(error) => {
                tracing::debug!(%error, output = output.map_or("default", |output| &output.id), "no sound output");
                false
            }
        }
    }

    fn close(&mut self) {
        self.device.close();
        self.state = State::Closed;
    }

    fn wait(&mut self, now: LocalTime, pause_micros: u64, is_told: bool) {
        self.state = State::Waits { at: now + pause_micros, pause_micros, is_told };
    }

    fn report(&self, report: Report) {
        if self.reports.try_send(report).is_err() {
            tracing::debug!("nobody listens to the sound output's reports");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::virtual_device::VirtualDevice;
    use std::sync::mpsc::{Receiver, sync_channel};

    const SECOND: u64 = 1_000_000;

    struct Stand {
        device: VirtualDevice,
        switch: Switch<VirtualDevice>,
        events: Receiver<Event>,
        reports: Receiver<Report>,
        now: LocalTime,
    }

    impl Stand {
        fn new(device: VirtualDevice) -> Self {
            let (sender, events) = sync_channel(8);
            let (reporter, reports) = sync_channel(8);
            let switch = Switch::new(device.clone(), Arc::new(Feed::new()), sender, reporter);
            Self { device, switch, events, reports, now: LocalTime(0) }
        }

        fn wants(&mut self, output: Option<&Output>) -> Vec<Report> {
            let wish = Wish { is_on: true, output: output.cloned() };
            self.switch.handle(Event::Use(wish), self.now);
            self.after(0)
        }

        /// Lets so many seconds pass; gives what was reported.
        fn after(&mut self, secs: u64) -> Vec<Report> {
            for _ in 0..=secs * 10 {
                while let Ok(event) = self.events.try_recv() {
                    self.switch.handle(event, self.now);
                }
                self.switch.poll(self.now);
                self.now = self.now + SECOND / 10;
            }
            self.reports.try_iter().collect()
        }
    }

    fn headset() -> Output {
        Output { id: "usb:1".into(), name: "Headset".into() }
    }

    #[test]
    fn a_computer_without_sound_is_silent_without_a_word() {
        let mut stand = Stand::new(VirtualDevice::without_default());
        assert_eq!(stand.wants(None), []);
        assert_eq!(stand.after(600), []);
        let tries = stand.device.tries();
        assert!((5..40).contains(&tries), "{tries} tries in ten minutes");
        stand.device.set_default(true);
        assert_eq!(stand.after(61), []);
        assert_eq!(stand.device.plays_on(), Some(None), "sound begins when there is an output");
    }

    #[test]
    fn an_unplugged_output_is_replaced_by_the_default_and_then_by_silence_with_one_word_each() {
        let mut stand = Stand::new(VirtualDevice::with_outputs(vec![headset()]));
        assert_eq!(stand.wants(Some(&headset())), []);
        assert_eq!(stand.device.plays_on(), Some(Some(headset())));
        stand.device.unplug(&headset());
        assert_eq!(stand.after(5), [Report::Replaced(headset())]);
        assert_eq!(stand.device.plays_on(), Some(None));
        stand.device.set_default(false);
        assert_eq!(stand.after(60), [Report::Gone]);
        assert_eq!(stand.device.plays_on(), None);
        stand.device.set_default(true);
        assert_eq!(stand.after(60), []);
        assert_eq!(stand.device.plays_on(), Some(None));
    }

    #[test]
    fn a_default_that_only_changes_costs_no_word() {
        let mut stand = Stand::new(VirtualDevice::default());
        stand.wants(None);
        stand.device.set_default(false);
        stand.device.set_default(true);
        assert_eq!(stand.after(3), []);
        assert_eq!(stand.device.plays_on(), Some(None));
    }

    #[test]
    fn a_chosen_output_that_is_missing_is_told_and_taken_when_the_list_shows_it() {
        let mut stand = Stand::new(VirtualDevice::default());
        assert_eq!(stand.wants(Some(&headset())), [Report::Replaced(headset())]);
        stand.device.plug(headset());
        stand.switch.handle(Event::List, stand.now);
        assert_eq!(stand.after(0), [Report::Outputs(vec![headset()]), Report::Inputs(Vec::new())]);
        assert_eq!(stand.device.plays_on(), Some(Some(headset())));
    }

    #[test]
    fn who_switches_sound_off_frees_the_output_and_an_old_loss_means_nothing() {
        let mut stand = Stand::new(VirtualDevice::with_outputs(vec![headset()]));
        stand.wants(Some(&headset()));
        stand.wants(None);
        stand.switch.handle(Event::Lost(1), stand.now);
        assert_eq!((stand.after(2), stand.device.plays_on()), (vec![], Some(None)));
        stand.switch.handle(Event::Use(Wish::default()), stand.now);
        assert_eq!((stand.after(2), stand.device.plays_on()), (vec![], None));
    }
}
