//! Speakers and listeners of a Mumble server on this machine: `mumble-peer PORT PEOPLE SPEAKING WARM_UP SECONDS`.
//!
//! Its lines are `inside`, `begin` and `end REPORT`, as those of `load crowd`, and it ends with its input. It speaks what the
//! public protocol documentation of Mumble 1.3 describes: control by TLS, voices by UDP under OCB2-AES128. Nothing is decoded: what
//! is counted is datagrams, and each of Mumble's carries one frame.

mod control;
mod member;
mod ocb2;

use anyhow::{Context as _, Result, ensure};
use member::Member;
use mio::{Events, Poll};
use std::io::Read as _;
use std::time::{Duration, Instant};

/// Longest time for all to come in.
const PATIENCE: Duration = Duration::from_secs(120);

/// Time between two frames of somebody who speaks.
const FRAME: Duration = Duration::from_millis(20);

/// A server forgets who says nothing for half a minute.
const PING: Duration = Duration::from_secs(5);

/// All of them, on one thread.
struct Crowd {
    poll: Poll,
    events: Events,
    members: Vec<Member>,
    speaking: usize,
    next_frames: Vec<Instant>,
    next_ping: Instant,
}

fn main() -> Result<()> {
    let numbers: Vec<u64> = std::env::args().skip(1).map(|word| word.parse()).collect::<Result<_, _>>()?;
    let [port, people, speaking, warm_up, seconds] = numbers[..] else {
        anyhow::bail!("usage: mumble-peer PORT PEOPLE SPEAKING WARM_UP SECONDS")
    };
    let port = u16::try_from(port).context("no such port")?;
    let mut crowd = Crowd::new(port, people as usize, speaking as usize)?;
    let began = Instant::now();
    while !crowd.members.iter().all(Member::hears_by_udp) {
        ensure!(began.elapsed() < PATIENCE, "not all came in");
        crowd.step()?;
    }
    println!("inside");
    crowd.speak_from(Instant::now());
    crowd.step_for(Duration::from_secs(warm_up))?;
    println!("begin");
    let before = crowd.counts();
    let began = Instant::now();
    crowd.step_for(Duration::from_secs(seconds))?;
    let after = crowd.counts();
    println!(
        "end sent={} heard={} seconds={:.3}",
        after.0 - before.0,
        after.1 - before.1,
        began.elapsed().as_secs_f64()
    );
    // Whoever measures looks at the server now.
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

impl Crowd {
    /// Everybody is on the way in.
    fn new(port: u16, people: usize, speaking: usize) -> Result<Self> {
        ensure!(0 < speaking && speaking <= people, "somebody speaks");
        let poll = Poll::new()?;
        let trust = control::trust()?;
        let members = (0..people)
            .map(|number| Member::connect(number, port, &trust, poll.registry()))
            .collect::<Result<_>>()?;
        let now = Instant::now();
        Ok(Self {
            poll,
            events: Events::with_capacity(1_024),
            members,
            speaking,
            next_frames: Vec::new(),
            next_ping: now,
        })
    }

    /// Each on a clock of their own.
    fn speak_from(&mut self, now: Instant) {
        let phase = |who: usize| Duration::from_micros((who as u64 * 7_919) % FRAME.as_micros() as u64);
        self.next_frames = (0..self.speaking).map(|who| now + phase(who)).collect();
    }

    fn step_for(&mut self, time: Duration) -> Result<()> {
        let end = Instant::now() + time;
        while Instant::now() < end {
            self.step()?;
        }
        Ok(())
    }

    /// Says what is due, then waits for what comes, a millisecond at most.
    fn step(&mut self) -> Result<()> {
        let now = Instant::now();
        for (who, due) in self.next_frames.iter_mut().enumerate() {
            if *due <= now {
                // One that was late goes on from now.
                *due = (*due + FRAME).max(now);
                self.members[who].speak()?;
            }
        }
        if self.next_ping <= now {
            // Who is not heard by UDP yet asks more often.
            let is_inside = self.members.iter().all(Member::hears_by_udp);
            self.next_ping = now + if is_inside { PING } else { PING / 25 };
            self.members.iter_mut().try_for_each(Member::ping)?;
        }
        self.poll.poll(&mut self.events, Some(Duration::from_millis(1)))?;
        for event in &self.events {
            let (number, is_udp) = (event.token().0 / 2, event.token().0 % 2 == 1);
            let member = &mut self.members[number];
            if is_udp {
                member.hear_voices()?;
            } else {
                member.hear_control().with_context(|| format!("member {number}"))?;
            }
        }
        Ok(())
    }

    /// Frames sent, and datagrams with a frame that came.
    fn counts(&self) -> (u64, u64) {
        self.members.iter().fold((0, 0), |(sent, heard), member| (sent + member.sent, heard + member.heard))
    }
}
