//! What comes to a talk, and what follows from it: messages, own commits, new epochs.

use super::inbox::Missing;
use super::{MOST_SHOWN, MOST_UNREADABLE, Now, Pending, Stage, Talk, Undelivered};
use crate::MAX_MEMBERS;
use crate::content::Content;
use crate::error::{TalkError, crypto};
use crate::events::{End, Event, Outgoing};
use crate::group::{Change, Inbound, Kind, Outcome, PAST_EPOCHS};
use crate::roster::Member;
use crate::wishes::Wish;
use venue_model::text::MessageBody;

impl Talk {
    /// Takes a message that the server relayed.
    ///
    /// # Errors
    /// Says why it was not taken; nothing has changed then. `Late` and `Repeated` happen in every talk and are only counted.
    pub fn handle_message(&mut self, bytes: &[u8], now: Now) -> Result<(), TalkError> {
        let taken = self.take(bytes, now);
        self.count(&taken);
        match taken {
            Ok(()) => self.read_kept(now),
            Err(TalkError::NotDecrypted) => {
                self.unreadable += 1;
                if self.unreadable >= MOST_UNREADABLE {
                    // An error would say that it is over already, which is as well.
                    self.end(End::OutOfStep).ok();
                }
            }
            Err(_) => {}
        }
        taken
    }

    fn count(&mut self, taken: &Result<(), TalkError>) {
        let stats = &mut self.stats;
        let counter = match taken {
            Ok(()) => &mut stats.taken,
            Err(TalkError::Late { .. } | TalkError::NotIn) => &mut stats.late,
            Err(TalkError::Repeated) => &mut stats.repeated,
            Err(TalkError::NotAllowed(_) | TalkError::Certificate(_) | TalkError::Full) => &mut stats.refused,
            Err(_) => &mut stats.unreadable,
        };
        *counter += 1;
    }

    /// What was kept and can be read now. Its errors are events: nobody waits for them.
    pub(super) fn read_kept(&mut self, now: Now) {
        while let Stage::In(group) = &self.stage
            && let Some(bytes) = self.inbox.take(group.epoch())
        {
            let taken = self.take(&bytes, now);
            self.count(&taken);
            let is_usual = matches!(taken, Ok(()) | Err(TalkError::Late { .. } | TalkError::Repeated));
            if let Err(error) = taken
                && !is_usual
            {
                self.events.push_back(Event::Failed(error));
            }
        }
    }

    fn take(&mut self, bytes: &[u8], now: Now) -> Result<(), TalkError> {
        let inbound = Inbound::parse(bytes, self.config.talk)?;
        let group = match &mut self.stage {
            Stage::Over => return Err(TalkError::NotIn),
            Stage::Waiting(_) => {
                self.inbox.keep(inbound.epoch, bytes, Missing::Welcome, now.local)?;
                self.stats.early += 1;
                return Ok(());
            }
            Stage::In(group) => group,
        };
        let (epoch, current) = (inbound.epoch, group.epoch());
        if epoch > current {
            self.inbox.keep(epoch, bytes, Missing::Commit, now.local)?;
            self.stats.early += 1;
            return Ok(());
        }
        if self.pending.as_ref().is_some_and(|pending| pending.commit == bytes) {
            return self.own_commit_counts(now);
        }
        // What could read messages of the epochs before is erased after a while, and was never here before this device was.
        let past = if self.past_since.is_some() { PAST_EPOCHS } else { 0 };
        let oldest = current.saturating_sub(past).max(group.own()?.since);
        if let Some(at) = self.undelivered.iter().position(|text| text.message == bytes) {
            return self.own_text_came(at, epoch >= oldest);
        }
        let is_over = match inbound.kind {
            Kind::Change => epoch < current,
            Kind::Said => epoch < oldest,
        };
        if is_over {
            return Err(TalkError::Late { epoch, current });
        }
        let outcome = group.process(inbound, &self.config.admission, now.wall)?;
        self.unreadable = 0;
        match outcome {
            Outcome::Said { from, content } => self.said(&from, &content, now),
            Outcome::Own => Ok(()),
            Outcome::Changed(change) => self.changed(change, now),
            Outcome::PutOut { by } => self.end(End::PutOut { by: by.participant }),
        }
    }

    /// The own commit was the first of its epoch: it counts, and who was invited is told.
    fn own_commit_counts(&mut self, now: Now) -> Result<(), TalkError> {
        let Some(Pending { welcome, invited, .. }) = self.pending.take() else { return Ok(()) };
        let Stage::In(group) = &mut self.stage else { return Err(TalkError::NotIn) };
        let change = group.merge_own()?;
        self.wishes.settle_own();
        if let Some(bytes) = welcome {
            let welcomes = invited.into_iter().map(|to| Outgoing::Welcome { to, bytes: bytes.clone() });
            self.outgoing.extend(welcomes);
        }
        self.changed(change, now)
    }

    /// An own text has its place. If so many changes came before it that others can not read it any more, it goes out anew.
    fn own_text_came(&mut self, at: usize, can_be_read: bool) -> Result<(), TalkError> {
        let Some(Undelivered { reference, body, .. }) = self.undelivered.remove(at) else { return Ok(()) };
        if can_be_read {
            self.events.push_back(Event::Delivered { reference });
            return Ok(());
        }
        let message = self.say(&Content::Text { reference, body: body.clone() })?;
        self.undelivered.push_back(Undelivered { message, reference, body });
        Ok(())
    }

    fn said(&mut self, from: &Member, content: &[u8], now: Now) -> Result<(), TalkError> {
        let content = Content::decode(content).map_err(|_| TalkError::Unreadable("content"))?;
        match content {
            Content::Text { body, .. } if body.is_empty() => return Err(TalkError::BadText),
            Content::Text { reference, body } => self.show(*from, reference, body),
            Content::Leaving => {
                let Stage::In(group) = &self.stage else { return Err(TalkError::NotIn) };
                if group.roster().contains(from) {
                    self.wishes.push(Wish::Gone { member: *from, since: now.local })?;
                    self.commit_wishes(now);
                }
            }
            Content::Commitment { round, digest } => {
                let before = self.comparison.code();
                if let Some(content) = self.comparison.handle_commitment(from, round, digest) {
                    self.say(&content)?;
                }
                self.tell_code(before);
            }
            Content::Reveal { round, nonce } => {
                let before = self.comparison.code();
                self.comparison.handle_reveal(from, round, nonce);
                self.tell_code(before);
            }
            Content::Compared { round, with } => {
                if self.comparison.handle_compared(from, round, with) {
                    let state = self.comparison.compared(from.participant);
                    self.events.push_back(Event::Compared { with: from.participant, state });
                }
            }
        }
        Ok(())
    }

    /// Shows a text once, also when its writer could not know that it was read.
    fn show(&mut self, from: Member, reference: u64, body: MessageBody) {
        if self.shown.contains(&(from, reference)) {
            return;
        }
        if self.shown.len() >= MOST_SHOWN {
            self.shown.pop_front();
        }
        self.shown.push_back((from, reference));
        self.events.push_back(Event::Text { from: from.participant, body });
    }

    fn tell_code(&mut self, before: Option<crate::Code>) {
        let code = self.comparison.code();
        if code != before {
            self.events.push_back(Event::Code(code));
        }
    }

    /// A commit is done: new keys, and what people must know. An own commit of the epoch before did not count.
    fn changed(&mut self, change: Change, now: Now) -> Result<(), TalkError> {
        self.pending = None;
        let by = change.by;
        for member in &change.left {
            self.events.push_back(Event::Left { participant: member.participant, by });
        }
        for member in &change.joined {
            self.events.push_back(Event::Joined { participant: member.participant, by: Some(by) });
        }
        self.enter_epoch(now)?;
        if let Stage::In(group) = &self.stage {
            self.wishes.settle(group.roster(), change.packages);
        }
        if change.left.is_empty() && change.joined.is_empty() {
            let again = self.comparison.announce();
            again.iter().try_for_each(|content| self.say(content).map(drop))?;
        } else {
            self.begin_comparison()?;
        }
        self.commit_wishes(now);
        Ok(())
    }

    /// The keys of the epoch that has begun.
    pub(super) fn enter_epoch(&mut self, now: Now) -> Result<(), TalkError> {
        let Stage::In(group) = &self.stage else { return Err(TalkError::NotIn) };
        let (epoch, own_leaf) = (group.epoch(), group.own_leaf());
        self.voice.enter(epoch, group.roster(), own_leaf, group.as_ref(), now.local).map_err(crypto)?;
        self.past_since = Some(now.local);
        self.inbox.settle(now.local);
        self.events.push_back(Event::EpochChanged { epoch });
        Ok(())
    }

    /// The set of devices is another one: the code must be made anew.
    pub(super) fn begin_comparison(&mut self) -> Result<(), TalkError> {
        let Stage::In(group) = &self.stage else { return Err(TalkError::NotIn) };
        let before = self.comparison.code();
        let (secret, nonce) = (group.code_secret()?, group.draw()?);
        let said =
            self.comparison.begin(group.id(), group.epoch(), group.roster(), group.own()?, &secret, nonce);
        self.tell_code(before);
        said.iter().try_for_each(|content| self.say(content).map(drop))
    }

    /// Makes one commit of all wishes that are due, unless one is on its way.
    pub(super) fn commit_wishes(&mut self, now: Now) {
        let Stage::In(group) = &mut self.stage else { return };
        if self.pending.is_some() {
            return;
        }
        let plan = self.wishes.plan(group.roster(), group.own_leaf(), MAX_MEMBERS, now.local);
        self.wishes.turn_away(&plan.too_many);
        self.events.extend(plan.too_many.iter().map(|_| Event::Failed(TalkError::Full)));
        if plan.is_empty() {
            return;
        }
        match group.commit(&self.device, &plan.add, &plan.remove) {
            Ok(committed) => {
                let invited = plan.add.iter().map(|package| package.participant).collect();
                self.outgoing.push_back(Outgoing::ToAll(committed.commit.clone()));
                self.pending = Some(Pending {
                    commit: committed.commit,
                    welcome: committed.welcome,
                    invited,
                    sent_at: now.local,
                });
            }
            Err(error) => {
                self.wishes.give_up(&plan);
                group.withdraw().ok();
                self.events.push_back(Event::Failed(error));
            }
        }
    }
}
