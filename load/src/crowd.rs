//! The crowd: its connections and its members, stepped on the thread of whoever owns it.

use crate::bot::{Bot, Habits, Stage};
use crate::clip::Clip;
use crate::cpu;
use crate::invitation::Invitation;
use crate::tally::{Report, Tally};
use crate::watch::Truth;
use anyhow::{Context as _, Result, bail};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};
use venue_model::{BodyPose, ParticipantId, Place, Posture, SpaceId};
use venue_protocol::{ClientRequest, CloseCode, LocalTime};
use venue_transport::{ClientEvent, ClientPool, MemberId, Traffic, Trust};

/// How often watchers compare what they see with the truth.
const LOOK_MICROS: u64 = 200_000;

/// Who comes, and how.
#[derive(Debug)]
pub struct CrowdConfig {
    /// A link for each, all of one server.
    pub invitations: Vec<Invitation>,
    /// Where and how they move.
    pub stage: Stage,
    /// So many speak without a pause.
    pub speaking: usize,
    /// So many look at what they get.
    pub watchers: usize,
    /// So many are on their way in at once; the server has a limit for one network.
    pub coming_in: usize,
}

/// A crowd of delegates.
pub struct Crowd {
    pool: ClientPool,
    stage: Stage,
    coming_in: usize,
    bots: Vec<Bot>,
    /// By bot: its connection.
    members: Vec<Option<MemberId>>,
    /// By connection: whose it is.
    owners: BTreeMap<MemberId, usize>,
    by_participant: BTreeMap<ParticipantId, usize>,
    started: Instant,
    next_look: LocalTime,
    stepped_at: LocalTime,
    lost: u64,
    tally: Option<Measurement>,
    /// How often whoever wanted to come in could not, by the reason.
    failures: BTreeMap<String, u64>,
}

/// A measurement that runs.
struct Measurement {
    tally: Tally,
    began: Instant,
    traffic: Traffic,
    cpu: Duration,
    lost: u64,
    corrections: u64,
    frames_heard: u64,
}

impl Crowd {
    /// Nobody has come yet.
    pub fn new(config: CrowdConfig) -> Result<Self> {
        let CrowdConfig { invitations, stage, speaking, watchers, coming_in } = config;
        let first = invitations.first().context("nobody is invited")?;
        let pool = ClientPool::new(first.server, Trust::Pinned(first.fingerprint))?;
        let count = invitations.len();
        // Spread, so that watchers came at all times.
        let is_watcher = |number: usize| (number * watchers) / count != ((number + 1) * watchers) / count;
        let bot = |(number, invitation): (usize, Invitation)| {
            let habits = Habits { speaks: number < speaking, watches: is_watcher(number) };
            Bot::new(number as u64, invitation.credential, habits)
        };
        let bots: Vec<Bot> = invitations.into_iter().enumerate().map(bot).collect();
        Ok(Self {
            pool,
            stage,
            coming_in,
            members: bots.iter().map(|_| None).collect(),
            bots,
            owners: BTreeMap::new(),
            by_participant: BTreeMap::new(),
            started: Instant::now(),
            next_look: LocalTime(0),
            stepped_at: LocalTime(0),
            lost: 0,
            tally: None,
            failures: BTreeMap::new(),
        })
    }

    /// A moment of everybody's life, about a millisecond.
    pub fn step(&mut self) -> Result<()> {
        let now = self.now();
        let since = now.micros_since(std::mem::replace(&mut self.stepped_at, now));
        if let Some(Measurement { tally, .. }) = &mut self.tally {
            tally.step.add(since as f32 * 1e-3);
        }
        self.send_in_some(now)?;
        for number in 0..self.bots.len() {
            if self.bots[number].due() <= now {
                self.act(number, now);
            }
        }
        let events: Vec<(MemberId, ClientEvent)> =
            self.pool.turn(Instant::now() + Duration::from_millis(1)).collect();
        let now = self.now();
        for (member, event) in events {
            if let Some(number) = self.owners.get(&member).copied() {
                self.hear(number, event, now);
            }
        }
        if self.next_look <= now {
            self.next_look = now + LOOK_MICROS;
            self.look(now);
        }
        Ok(())
    }

    /// Steps until something holds of the crowd; an error after `patience`.
    pub fn run_until(
        &mut self,
        patience: Duration,
        what: &str,
        mut holds: impl FnMut(&Self) -> bool,
    ) -> Result<()> {
        let since = Instant::now();
        while !holds(self) {
            if since.elapsed() > patience {
                let (inside, all) = (self.inside(), self.bots.len());
                bail!("not in time: {what}; {inside} of {all} are inside; failures: {:?}", self.failures);
            }
            self.step()?;
        }
        Ok(())
    }

    /// Everybody.
    pub fn bots(&self) -> &[Bot] {
        &self.bots
    }

    /// How many are inside.
    pub fn inside(&self) -> usize {
        self.bots.iter().filter(|bot| bot.is_inside()).count()
    }

    /// Connections that were lost after somebody was inside.
    pub fn lost(&self) -> u64 {
        self.lost
    }

    /// How often whoever wanted to come in could not, by the reason, since this was asked last.
    pub fn take_failures(&mut self) -> BTreeMap<String, u64> {
        std::mem::take(&mut self.failures)
    }

    /// Lets one of them ask the server for something.
    pub fn request(&mut self, number: usize, request: ClientRequest) {
        self.bots[number].request(request);
        self.flush(number);
    }

    /// One of them speaks from another socket from now on, as after a change of networks.
    pub fn change_network(&mut self, number: usize, from: Option<IpAddr>) -> Result<()> {
        let Some(member) = self.members[number] else { bail!("{number} has no connection") };
        Ok(self.pool.rebind(member, from)?)
    }

    /// Whom a watcher's client shows, and where; with where they truly are.
    pub fn shown(&mut self, watcher: usize) -> Vec<(usize, BodyPose, BodyPose)> {
        let now = self.now();
        let Some(view) = self.bots[watcher].take_view(now, &self.stage.clip) else { return Vec::new() };
        let truth = TrueBodies {
            crowd: &self.bots,
            by_participant: &self.by_participant,
            now,
            clip: &self.stage.clip,
        };
        let both = |(who, shown): &(ParticipantId, BodyPose)| {
            Some((*self.by_participant.get(who)?, *shown, truth.body(*who, 0)?))
        };
        let all = view.watch.shown().iter().filter_map(both).collect();
        self.bots[watcher].give_back(view);
        all
    }

    /// Where the server last put one of them.
    pub fn placed(&self, number: usize) -> Option<(SpaceId, Place, Posture)> {
        self.bots[number].placed()
    }

    /// Begins to measure.
    pub fn begin(&mut self) {
        self.tally = Some(Measurement {
            tally: Tally::default(),
            began: Instant::now(),
            traffic: self.traffic(),
            cpu: cpu::thread_time(),
            lost: self.lost,
            corrections: self.corrections(),
            frames_heard: self.frames_heard(),
        });
    }

    /// Ends the measurement; what came of it.
    pub fn end(&mut self) -> Option<Report> {
        let Measurement { tally, began, traffic: before, cpu, lost, corrections, frames_heard } =
            self.tally.take()?;
        let (seconds, now, clients) = (began.elapsed().as_secs_f64(), self.traffic(), self.bots.len());
        let each = |now: u64, before: u64| now.saturating_sub(before) as f64 / seconds / clients as f64;
        let kbit = |bytes: f64| bytes * 8.0 / 1e3;
        Some(Report {
            delegates: clients,
            watchers: self.bots.iter().filter(|bot| bot.watches()).count(),
            seconds,
            down_kbit_per_client: kbit(each(now.bytes_in, before.bytes_in)),
            up_kbit_per_client: kbit(each(now.bytes_out, before.bytes_out)),
            packets_down_per_client_s: each(now.packets_in, before.packets_in),
            packets_up_per_client_s: each(now.packets_out, before.packets_out),
            near_age_ms: tally.near_age.spread(),
            age_ms: tally.age.spread(),
            near_delay_ms: tally.near_delay.spread(),
            error_mm: tally.error.each_ref().map(crate::tally::Samples::spread),
            lag_mm: tally.lag.each_ref().map(crate::tally::Samples::spread),
            near_hand_error_mm: tally.near_hand_error.spread(),
            visible: tally.visible.spread(),
            corrections: self.corrections() - corrections,
            lost: self.lost - lost,
            frames_heard: self.frames_heard() - frames_heard,
            step_ms: tally.step.spread(),
            crowd_cpu: (cpu::thread_time().saturating_sub(cpu)).as_secs_f64() / seconds,
        })
    }

    fn corrections(&self) -> u64 {
        self.bots.iter().map(Bot::corrections).sum()
    }

    fn frames_heard(&self) -> u64 {
        self.bots.iter().map(Bot::frames_heard).sum()
    }

    fn traffic(&self) -> Traffic {
        let each = self.members.iter().flatten().map(|member| self.pool.traffic(*member));
        each.fold(Traffic::default(), |sum, one| Traffic {
            bytes_in: sum.bytes_in + one.bytes_in,
            bytes_out: sum.bytes_out + one.bytes_out,
            packets_in: sum.packets_in + one.packets_in,
            packets_out: sum.packets_out + one.packets_out,
        })
    }

    fn now(&self) -> LocalTime {
        LocalTime(self.started.elapsed().as_micros() as u64)
    }

    /// Lets those try who want to, as many as may be on their way at once.
    fn send_in_some(&mut self, now: LocalTime) -> Result<()> {
        let coming = self.owners.len() - self.inside();
        let mut room = self.coming_in.saturating_sub(coming);
        for number in 0..self.bots.len() {
            if room == 0 {
                break;
            }
            if self.members[number].is_none() && self.bots[number].wants_connection(now) {
                let member = self.pool.connect(Instant::now())?;
                self.bots[number].connecting();
                self.members[number] = Some(member);
                self.owners.insert(member, number);
                room -= 1;
            }
        }
        Ok(())
    }

    fn act(&mut self, number: usize, now: LocalTime) {
        let (bot, pool) = (&mut self.bots[number], &mut self.pool);
        let Some(member) = self.members[number] else { return };
        bot.act(now, &self.stage, &mut |datagram| pool.send_datagram(member, datagram));
        self.flush(number);
    }

    /// Carries what somebody says over the control stream, and closes what is over.
    fn flush(&mut self, number: usize) {
        let Some(member) = self.members[number] else { return };
        while let Some(bytes) = self.bots[number].poll_control() {
            self.pool.send_control(member, bytes);
        }
        if self.bots[number].is_over() {
            self.pool.close(member, CloseCode::Normal, "over", Instant::now());
            self.forget(number);
        }
    }

    fn forget(&mut self, number: usize) {
        if let Some(member) = self.members[number].take() {
            self.owners.remove(&member);
        }
        let now = self.now();
        self.bots[number].disconnected(now);
    }

    fn hear(&mut self, number: usize, event: ClientEvent, now: LocalTime) {
        let bot = &mut self.bots[number];
        let was_inside = bot.is_inside();
        match event {
            ClientEvent::Opened { exporter, .. } => bot.opened(now, exporter, &self.stage),
            ClientEvent::Control(bytes) => {
                bot.control(now, &bytes, &self.stage);
                if !was_inside
                    && bot.is_inside()
                    && let Some(id) = bot.id()
                {
                    self.by_participant.insert(id, number);
                }
            }
            ClientEvent::Datagram(bytes) => {
                let tally = self.tally.as_mut().map(|measurement| &mut measurement.tally);
                bot.datagram(now, bytes, &self.stage, tally);
            }
            ClientEvent::Closed { .. } => self.forget(number),
            ClientEvent::Failed(error) => {
                self.failed(format!("{error:?}"));
                self.forget(number);
            }
            ClientEvent::File { .. } | ClientEvent::FileProgress { .. } => {}
        }
        if let Some(refusal) = self.bots[number].take_refusal() {
            self.failed(refusal);
        }
        self.flush(number);
        self.lost += u64::from(was_inside && !self.bots[number].is_inside());
    }

    fn failed(&mut self, reason: String) {
        *self.failures.entry(reason).or_default() += 1;
    }

    /// Lets the watchers compare.
    fn look(&mut self, now: LocalTime) {
        for number in 0..self.bots.len() {
            let Some(mut view) = self.bots[number].take_view(now, &self.stage.clip) else { continue };
            let truth = TrueBodies {
                crowd: &self.bots,
                by_participant: &self.by_participant,
                now,
                clip: &self.stage.clip,
            };
            let tally = self.tally.as_mut().map(|measurement| &mut measurement.tally);
            view.watch.look(view.at, view.own.root, &truth, tally);
            self.bots[number].give_back(view);
        }
    }
}

/// The crowd's own knowledge of where everybody is.
struct TrueBodies<'a> {
    crowd: &'a [Bot],
    by_participant: &'a BTreeMap<ParticipantId, usize>,
    now: LocalTime,
    clip: &'a Clip,
}

impl Truth for TrueBodies<'_> {
    fn body(&self, who: ParticipantId, micros_ago: u64) -> Option<BodyPose> {
        let bot = &self.crowd[*self.by_participant.get(&who)?];
        bot.pose_at(LocalTime(self.now.0.saturating_sub(micros_ago)), self.clip)
    }
}
