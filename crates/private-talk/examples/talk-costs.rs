//! What a private talk costs: time and bytes of a voice packet, of a coming and a going at sixteen devices.
//!
//! `cargo run --release -p private-talk --example talk-costs`. One machine, one thread, wall-clock time: for orders of magnitude.

use anyhow::{Context, Result, bail};
use ed25519_dalek::{Signer, SigningKey};
use private_talk::{Admission, Device, MAX_MEMBERS, Now, Outgoing, Talk, TalkConfig};
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use venue_model::{DeviceKey, EventKey, ParticipantId, TalkId, WallTime};
use venue_protocol::{DeviceCertificate, DeviceClaims, LocalTime};

const FRAMES: u64 = 100_000;

fn main() -> Result<()> {
    let wall = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis() as u64;
    let now = Now { local: LocalTime(0), wall: WallTime(wall) };
    let mut talks = vec![(1, Talk::start(config()?, device(1, wall)?, now)?)];
    settle(&mut talks, now)?;
    for number in 2..=MAX_MEMBERS as u32 {
        let newcomer = invite(&mut talks, number, now)?;
        let begun = Instant::now();
        let sizes = settle(&mut talks, now)?;
        if [2, 8, 16].contains(&number) {
            println!(
                "a coming, {number} devices: inviter {:.1} ms, newcomer's key package {:.1} ms, all devices' work in sum {:.0} ms",
                newcomer.0,
                newcomer.1,
                begun.elapsed().as_secs_f64() * 1e3
            );
            println!("  {sizes}");
        }
    }
    voice(&mut talks, now)?;
    leaving(&mut talks, now)
}

/// A packet made and heard, 60 bytes of Opus.
fn voice(talks: &mut [(u32, Talk)], now: Now) -> Result<()> {
    let mut packets = Vec::new();
    let begun = Instant::now();
    for frame in 0..FRAMES {
        packets.push(talks[0].1.seal_voice(frame, &[7; 60])?);
    }
    let sealed = begun.elapsed().as_secs_f64() * 1e6 / FRAMES as f64;
    let begun = Instant::now();
    for packet in &packets {
        talks[1].1.open_voice(ParticipantId(1), packet, now.local)?;
    }
    let opened = begun.elapsed().as_secs_f64() * 1e6 / FRAMES as f64;
    println!(
        "a voice packet: made in {sealed:.2} µs, heard in {opened:.2} µs, 60 bytes become {}",
        packets[0].len()
    );
    Ok(())
}

/// The last one leaves, the first takes it out.
fn leaving(talks: &mut Vec<(u32, Talk)>, now: Now) -> Result<()> {
    let Some((_, mut last)) = talks.pop() else { bail!("somebody must be in") };
    last.leave()?;
    let Some(Outgoing::ToAll(leaving)) = last.poll_outgoing() else { bail!("who leaves says so") };
    let begun = Instant::now();
    for (_, talk) in talks.iter_mut() {
        talk.handle_message(&leaving, now)?;
    }
    let sizes = settle(talks, now)?;
    println!(
        "a going, {MAX_MEMBERS} devices: all devices' work in sum {:.0} ms",
        begun.elapsed().as_secs_f64() * 1e3
    );
    println!("  {sizes}");
    Ok(())
}

/// Lets somebody in; returns how long the inviter and the newcomer took, ms.
fn invite(talks: &mut Vec<(u32, Talk)>, number: u32, now: Now) -> Result<(f64, f64)> {
    let begun = Instant::now();
    let mut talk = Talk::answer(config()?, device(number, now.wall.0)?, now)?;
    let made = begun.elapsed().as_secs_f64() * 1e3;
    let Some(Outgoing::KeyPackage(package)) = talk.poll_outgoing() else { bail!("there is a key package") };
    let begun = Instant::now();
    talks[0].1.invite(&package, now)?;
    let invited = begun.elapsed().as_secs_f64() * 1e3;
    talks.push((number, talk));
    Ok((invited, made))
}

/// Carries everything to everybody until all is quiet; says how large the messages were and how long one device took.
fn settle(talks: &mut [(u32, Talk)], now: Now) -> Result<String> {
    let (mut largest, mut welcome, mut slowest, mut count) = (0, 0, 0.0f64, 0);
    loop {
        let mut sent = Vec::new();
        for (_, talk) in talks.iter_mut() {
            sent.extend(std::iter::from_fn(|| talk.poll_outgoing()));
        }
        if sent.is_empty() {
            return Ok(format!(
                "{count} messages, the largest {largest} B, welcome {welcome} B; one message took a device {slowest:.1} ms at most"
            ));
        }
        for outgoing in sent {
            match outgoing {
                Outgoing::ToAll(bytes) => {
                    (largest, count) = (largest.max(bytes.len()), count + 1);
                    for (_, talk) in talks.iter_mut() {
                        let begun = Instant::now();
                        // Who waits for a welcome keeps it; what it can not read later is late.
                        talk.handle_message(&bytes, now).ok();
                        slowest = slowest.max(begun.elapsed().as_secs_f64() * 1e3);
                    }
                }
                Outgoing::Welcome { to, bytes } => {
                    welcome = bytes.len();
                    let newcomer = talks.iter_mut().find(|(number, _)| *number == to.0);
                    newcomer.context("the newcomer is there")?.1.join(&bytes, now)?;
                }
                Outgoing::KeyPackage(_) => bail!("key packages are taken by whoever invites"),
            }
        }
    }
}

fn config() -> Result<TalkConfig> {
    let server_key = SigningKey::from_bytes(&[77; 32]).verifying_key().to_bytes();
    Ok(TalkConfig { talk: TalkId(1), admission: Admission { server_key, event: EventKey::new("wtf-26")? } })
}

fn device(number: u32, wall: u64) -> Result<Device> {
    let secret = [number as u8; 32];
    let claims = DeviceClaims {
        event: EventKey::new("wtf-26")?,
        participant: ParticipantId(number),
        device: DeviceKey(SigningKey::from_bytes(&secret).verifying_key().to_bytes()),
        valid_until: WallTime(wall + 3_600_000),
    };
    let signature = SigningKey::from_bytes(&[77; 32]).sign(&claims.signed_bytes()).to_bytes();
    Ok(Device::new(&secret, DeviceCertificate { claims, signature })?)
}
