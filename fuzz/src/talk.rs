//! Targets over what a private talk takes: messages, welcomes, key packages, voice, certificates.

use private_talk::{Admission, Device, Now, Outgoing, Talk, TalkConfig};
use std::cell::RefCell;
use venue_model::{DeviceKey, EventKey, ParticipantId, TalkId, WallTime};
use venue_protocol::{DeviceCertificate, DeviceClaims, LocalTime};

/// A certificate that is accepted is written and read again unchanged.
pub(crate) fn device_certificate(data: &[u8]) {
    if let Ok(certificate) = DeviceCertificate::decode(data) {
        assert_eq!(certificate.encode(), data, "a certificate has one encoding");
    }
}

thread_local! {
    /// A talk of one device, and a device that waits for a welcome. Making keys takes longer than a run.
    static TALKS: RefCell<[Talk; 2]> = RefCell::new(talks());
}

/// Whatever comes, a device that is in stays in its epoch, and one that waits goes on waiting.
pub(crate) fn talk(data: &[u8]) {
    TALKS.with_borrow_mut(|[inside, outside]| {
        let now = now();
        for talk in [&mut *inside, &mut *outside] {
            talk.handle_message(data, now).ok();
            assert!(talk.join(data, now).is_err(), "nobody welcomes these");
            assert!(talk.open_voice(ParticipantId(2), data, now.local).is_err(), "nobody spoke");
            talk.invite(data, now).ok();
            while talk.poll_event().is_some() || talk.poll_outgoing().is_some() {}
        }
        assert_eq!((inside.epoch(), inside.members().len()), (Some(0), 1));
        assert_eq!(outside.epoch(), None);
    });
}

fn now() -> Now {
    Now { local: LocalTime(0), wall: WallTime(1_800_000_000_000) }
}

fn talks() -> [Talk; 2] {
    // No server signs anything here: no key package is let in.
    let admission =
        Admission { server_key: [9; 32], event: EventKey::new("wtf-26").expect("a fixed key is good") };
    let config = TalkConfig { talk: TalkId(1), admission };
    let inside = Talk::start(config.clone(), device(1), now()).expect("a talk begins");
    let mut outside = Talk::answer(config, device(2), now()).expect("a device answers");
    assert!(matches!(outside.poll_outgoing(), Some(Outgoing::KeyPackage(_))));
    [inside, outside]
}

/// A device with a key of its own and a certificate that nobody signed.
fn device(participant: u32) -> Device {
    // Secret and public key of RFC 8032 §7.1, tests 1 and 2.
    let (secret, key) = match participant {
        1 => (
            *b"\x9d\x61\xb1\x9d\xef\xfd\x5a\x60\xba\x84\x4a\xf4\x92\xec\x2c\xc4\x44\x49\xc5\x69\x7b\x32\x69\x19\x70\x3b\xac\x03\x1c\xae\x7f\x60",
            *b"\xd7\x5a\x98\x01\x82\xb1\x0a\xb7\xd5\x4b\xfe\xd3\xc9\x64\x07\x3a\x0e\xe1\x72\xf3\xda\xa6\x23\x25\xaf\x02\x1a\x68\xf7\x07\x51\x1a",
        ),
        _ => (
            *b"\x4c\xcd\x08\x9b\x28\xff\x96\xda\x9d\xb6\xc3\x46\xec\x11\x4e\x0f\x5b\x8a\x31\x9f\x35\xab\xa6\x24\xda\x8c\xf6\xed\x4f\xb8\xa6\xfb",
            *b"\x3d\x40\x17\xc3\xe8\x43\x89\x5a\x92\xb7\x0a\xa7\x4d\x1b\x7e\xbc\x9c\x98\x2c\xcf\x2e\xc4\x96\x8c\xc0\xcd\x55\xf1\x2a\xf4\x66\x0c",
        ),
    };
    let claims = DeviceClaims {
        event: EventKey::new("wtf-26").expect("a fixed key is good"),
        participant: ParticipantId(participant),
        device: DeviceKey(key),
        valid_until: WallTime(u64::MAX),
    };
    Device::new(&secret, DeviceCertificate { claims, signature: [0; 64] }).expect("the keys belong together")
}
