//! From a microphone over a line and back to the ears, in virtual time.

use super::*;
use crate::sound::{AudioSettings, Sounds, VirtualDevice};
use bytes::Bytes;
use std::sync::Mutex;
use venue_model::ParticipantId;
use venue_protocol::{DatagramKind, HeardFrame, LocalTime, VoiceFrame, VoiceWay};
use venue_transport::{DatagramSender, DatagramTap as _};

/// A server that says what one says to the other.
struct Mirror {
    to: Arc<Line>,
    lost: Mutex<u32>,
    ways: Mutex<Vec<VoiceWay>>,
}

impl DatagramSender for Mirror {
    fn send(&self, datagram: Bytes) {
        assert_eq!(DatagramKind::of(&datagram), Some(DatagramKind::VoiceFrame));
        let frame = VoiceFrame::decode(&datagram).unwrap();
        self.ways.lock().unwrap().push(frame.way);
        let mut lost = self.lost.lock().unwrap();
        *lost += 1;
        if !lost.is_multiple_of(20) {
            let (speaker, sequence) = (ParticipantId(7), frame.sequence);
            let heard = HeardFrame { speaker, way: frame.way, sequence, voice: &frame.voice };
            let mut out = bytes::BytesMut::new();
            heard.append(&mut out);
            self.to.receive(&out.freeze());
        }
    }
}

struct Stand {
    devices: [VirtualDevice; 2],
    sounds: [Sounds; 2],
    mirror: Arc<Mirror>,
    now: u64,
}

impl Stand {
    /// Ana speaks, Bo hears.
    fn new() -> Self {
        let devices = [VirtualDevice::default(), VirtualDevice::default()];
        let mut sounds = devices.clone().map(Sounds::on);
        sounds.iter_mut().for_each(|sounds| sounds.set(&AudioSettings::default(), None));
        let to = Arc::clone(sounds[1].voice().unwrap().line());
        let mirror = Arc::new(Mirror { to, lost: Mutex::new(0), ways: Mutex::default() });
        let line = Arc::clone(sounds[0].voice().unwrap().line());
        line.connect(mirror.clone());
        sounds[1].voice().unwrap().tell_hall(Hall { gain: 1.0, ..Hall::default() });
        Self { devices, sounds, mirror, now: 0 }
    }

    fn line(&mut self) -> Arc<Line> {
        Arc::clone(self.sounds[0].voice().unwrap().line())
    }

    fn pass(&mut self, seconds: u64) {
        for _ in 0..seconds * 100 {
            self.now += 10_000;
            self.sounds.iter_mut().for_each(|sounds| sounds.advance(LocalTime(self.now)));
        }
    }

    fn record(&mut self) {
        let treatment = Treatment { echo: true, noise: false, gain: false };
        self.sounds[0].record(true, None, treatment);
    }

    /// A voice of so many seconds into Ana's microphone.
    fn speak(&self, seconds: usize) {
        let rate = crate::sound::RATE as f32;
        let voice = (0..seconds * crate::sound::RATE as usize).map(|n| {
            let seconds = n as f32 / rate;
            let tone = |hertz: f32| (seconds * hertz * std::f32::consts::TAU).sin();
            let syllable = (seconds * 8.0).sin().max(0.0);
            (tone(140.0) + tone(280.0) + 0.5 * tone(700.0) + 0.3 * tone(1_220.0)) * 0.15 * syllable
        });
        self.devices[0].speak(voice);
    }

    fn loudness(&self) -> f32 {
        self.devices[1].heard().iter().map(|frame| frame[0] * frame[0] + frame[1] * frame[1]).sum()
    }
}

#[test]
fn what_one_says_the_other_hears() {
    let mut stand = Stand::new();
    stand.record();
    stand.line().set_way(Way::Around);
    stand.speak(3);
    stand.pass(3);
    assert!(stand.loudness() > 10.0, "{}", stand.loudness());
    let speaking = stand.sounds[1].voice().unwrap().speaking().to_vec();
    assert_eq!((speaking.len(), speaking[0].who), (1, ParticipantId(7)));
    assert!(speaking[0].said.stats.repaired > 0, "each twentieth frame was lost: {speaking:?}");
    assert!(stand.line().own().is_voice);
    assert!(stand.mirror.ways.lock().unwrap().iter().all(|way| *way == VoiceWay::Around));
}

#[test]
fn a_closed_microphone_sends_nothing_and_is_not_open_at_the_system() {
    let mut stand = Stand::new();
    stand.speak(2);
    stand.pass(1);
    assert_eq!((stand.devices[0].records(), stand.line().sent()), (None, 0));
    stand.record();
    stand.pass(1);
    assert_eq!(
        (stand.devices[0].records(), stand.line().sent()),
        (Some(None), 0),
        "it records, and is closed"
    );
    stand.line().set_way(Way::Around);
    stand.speak(1);
    stand.pass(1);
    let sent = stand.line().sent();
    assert!(sent > 30, "{sent}");
    stand.line().disconnect();
    stand.speak(1);
    stand.pass(1);
    assert_eq!(stand.line().sent(), sent, "a line that is gone is closed");
    stand.sounds[0].record(false, None, Treatment::default());
    stand.pass(1);
    assert_eq!(stand.devices[0].records(), None);
    assert_eq!(stand.line().own(), spatial_voice::Heard::default());
}

#[test]
fn voices_outlive_another_output() {
    let mut stand = Stand::new();
    stand.record();
    stand.line().set_way(Way::Around);
    let output = crate::sound::Output { id: "usb".into(), name: "Headset".into() };
    stand.devices[1].plug(output.clone());
    stand.sounds[1].set(&AudioSettings::default(), Some(&output));
    stand.speak(2);
    stand.pass(2);
    assert_eq!(stand.devices[1].plays_on(), Some(Some(output.clone())));
    let before = stand.loudness();
    assert!(before > 5.0, "{before}");
    stand.devices[1].unplug(&output);
    stand.pass(3);
    stand.speak(2);
    stand.pass(2);
    assert!(stand.loudness() > before * 1.3, "{before} and {}", stand.loudness());
}

#[test]
fn who_tries_the_microphone_hears_it() {
    let mut stand = Stand::new();
    stand.record();
    stand.line().set_way(Way::Back);
    stand.speak(1);
    stand.pass(1);
    let ways = stand.mirror.ways.lock().unwrap().clone();
    assert!(!ways.is_empty() && ways.iter().all(|way| *way == VoiceWay::Back));
}

#[test]
fn an_unplugged_microphone_is_told_and_records_no_more() {
    use crate::sound::Report;
    let mut stand = Stand::new();
    stand.record();
    stand.pass(1);
    stand.devices[0].unplug_microphone(None);
    stand.pass(1);
    let reports: Vec<Report> = std::iter::from_fn(|| stand.sounds[0].poll_report()).collect();
    assert!(reports.contains(&Report::MicrophoneLost), "{reports:?}");
    assert_eq!(stand.devices[0].records(), None);
    stand.sounds[0].record(false, None, Treatment::default());
    stand.pass(1);
    stand.record();
    stand.pass(1);
    let reports: Vec<Report> = std::iter::from_fn(|| stand.sounds[0].poll_report()).collect();
    assert!(matches!(reports[..], [Report::NoMicrophone(_)]), "{reports:?}");
}
