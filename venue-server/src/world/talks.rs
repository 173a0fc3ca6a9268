//! Private talks of one house: who asks whom, and who is in. What is said in them the server can not read.
//!
//! It must not know messages.

use std::collections::BTreeMap;
use venue_model::{ParticipantId, ServerTime, TalkId, ZoneId};
use venue_protocol::MAX_TALKERS;

/// Somebody who is asked to talk and has not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Who.
    pub who: ParticipantId,
    /// By whom.
    pub by: ParticipantId,
    /// Since when.
    pub at: ServerTime,
}

/// One talk, or a request for one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Who is in, in the order in which they came.
    pub members: Vec<ParticipantId>,
    /// Who is asked.
    pub asked: Vec<Asked>,
}

/// All talks of a house.
#[derive(Debug, Default)]
pub struct Talks {
    last: u32,
    rounds: BTreeMap<TalkId, Round>,
    kept: BTreeMap<ZoneId, Keeping>,
}

/// For whom a place is kept.
#[derive(Clone, Copy, Debug)]
struct Keeping {
    talk: TalkId,
    /// Since when nobody of the talk is there.
    empty_since: Option<ServerTime>,
}

impl Talks {
    /// The talk that somebody is in.
    pub fn of(&self, who: ParticipantId) -> Option<TalkId> {
        self.rounds.iter().find(|(_, round)| round.members.contains(&who)).map(|(talk, _)| *talk)
    }

    /// One talk.
    pub fn get(&self, talk: TalkId) -> Option<&Round> {
        self.rounds.get(&talk)
    }

    /// Everybody who is in a talk.
    pub fn talkers(&self) -> impl Iterator<Item = ParticipantId> + '_ {
        self.rounds.values().flat_map(|round| round.members.iter().copied())
    }

    /// Notes that somebody is asked into the asker's talk, or into a new one; none when as many are in or asked as may be, or
    /// the one is asked already.
    pub fn ask(&mut self, by: ParticipantId, who: ParticipantId, at: ServerTime) -> Option<TalkId> {
        let is_known = |round: &Round| {
            round.members.contains(&who) || round.asked.iter().any(|asked| asked.who == who && asked.by == by)
        };
        if self.rounds.values().any(|round| round.members.contains(&by) && is_known(round))
            || self.rounds.values().any(|round| round.asked.iter().any(|a| (a.who, a.by) == (who, by)))
        {
            return None;
        }
        let talk = self.of(by).unwrap_or_else(|| {
            self.last += 1;
            TalkId(self.last)
        });
        let round = self.rounds.entry(talk).or_default();
        if round.members.len() + round.asked.len() >= MAX_TALKERS {
            return None;
        }
        round.asked.push(Asked { who, by, at });
        Some(talk)
    }

    /// Takes a request back that was answered or is over.
    pub fn take_request(&mut self, talk: TalkId, who: ParticipantId) -> Option<Asked> {
        let round = self.rounds.get_mut(&talk)?;
        let at = round.asked.iter().position(|asked| asked.who == who)?;
        let asked = round.asked.remove(at);
        self.forget_empty(talk);
        Some(asked)
    }

    /// Requests that are older than this.
    pub fn expired(&self, now: ServerTime, micros: u64) -> Vec<(TalkId, Asked)> {
        let all =
            self.rounds.iter().flat_map(|(talk, round)| round.asked.iter().map(|asked| (*talk, *asked)));
        all.filter(|(_, asked)| now.micros_since(asked.at) >= micros).collect()
    }

    /// Requests by somebody, or to somebody.
    pub fn requests_of(&self, who: ParticipantId) -> Vec<(TalkId, Asked)> {
        let all =
            self.rounds.iter().flat_map(|(talk, round)| round.asked.iter().map(|asked| (*talk, *asked)));
        all.filter(|(_, asked)| asked.who == who || asked.by == who).collect()
    }

    /// Lets somebody in.
    pub fn enter(&mut self, talk: TalkId, who: ParticipantId) {
        let round = self.rounds.entry(talk).or_default();
        if !round.members.contains(&who) {
            round.members.push(who);
        }
    }

    /// Takes somebody out. A talk of one is none: who is left is taken out too. All who are out now.
    pub fn leave(&mut self, talk: TalkId, who: ParticipantId) -> Vec<ParticipantId> {
        let Some(round) = self.rounds.get_mut(&talk) else { return Vec::new() };
        let Some(at) = round.members.iter().position(|member| *member == who) else { return Vec::new() };
        round.members.remove(at);
        let mut out = vec![who];
        if round.members.len() < 2 {
            out.append(&mut round.members);
        }
        self.forget_empty(talk);
        out
    }

    /// Places that are kept, and for which talks.
    pub fn kept(&self) -> impl Iterator<Item = (ZoneId, TalkId)> + '_ {
        self.kept.iter().map(|(zone, keeping)| (*zone, keeping.talk))
    }

    /// The talk that a place is kept for.
    pub fn keeper_of(&self, zone: ZoneId) -> Option<TalkId> {
        self.kept.get(&zone).map(|keeping| keeping.talk)
    }

    /// Keeps a place for a talk; gives the one that was kept for it before and is free now.
    pub fn keep(&mut self, zone: ZoneId, talk: TalkId) -> Option<ZoneId> {
        let before = self.kept().find(|(_, keeper)| *keeper == talk).map(|(zone, _)| zone);
        before.inspect(|before| self.free(*before));
        self.kept.insert(zone, Keeping { talk, empty_since: None });
        before
    }

    /// A place is free again.
    pub fn free(&mut self, zone: ZoneId) {
        self.kept.remove(&zone);
    }

    /// Notes whether somebody of the talk is at its place now; since when nobody is.
    pub fn note_use(&mut self, zone: ZoneId, is_used: bool, now: ServerTime) -> Option<ServerTime> {
        let keeping = self.kept.get_mut(&zone)?;
        keeping.empty_since = if is_used { None } else { Some(keeping.empty_since.unwrap_or(now)) };
        keeping.empty_since
    }

    fn forget_empty(&mut self, talk: TalkId) {
        if self.rounds.get(&talk).is_some_and(|round| round.members.is_empty() && round.asked.is_empty()) {
            self.rounds.remove(&talk);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: ParticipantId = ParticipantId(1);
    const LI: ParticipantId = ParticipantId(2);
    const OMAR: ParticipantId = ParticipantId(3);

    #[test]
    fn a_talk_of_one_is_none() {
        let mut talks = Talks::default();
        let talk = talks.ask(ANA, LI, ServerTime(1)).unwrap();
        assert_eq!(talks.of(ANA), None, "who asks is not in a talk yet");
        assert_eq!(talks.ask(ANA, LI, ServerTime(2)), None, "asked already");
        assert_eq!(talks.take_request(talk, LI).map(|asked| asked.by), Some(ANA));
        talks.enter(talk, ANA);
        talks.enter(talk, LI);
        assert_eq!(talks.ask(ANA, OMAR, ServerTime(3)), Some(talk), "into the same talk");
        assert_eq!((talks.of(LI), talks.talkers().count()), (Some(talk), 2));
        assert_eq!(talks.leave(talk, LI), [LI, ANA]);
        assert_eq!(talks.of(ANA), None);
        assert_eq!(talks.expired(ServerTime(90), 50).len(), 1, "Omar's request is still there");
    }

    #[test]
    fn no_talk_has_more_than_sixteen() {
        let mut talks = Talks::default();
        let talk = talks.ask(ANA, LI, ServerTime(0)).unwrap();
        talks.take_request(talk, LI);
        [ANA, LI].into_iter().for_each(|who| talks.enter(talk, who));
        let asked = (10..40).filter(|id| talks.ask(ANA, ParticipantId(*id), ServerTime(0)).is_some()).count();
        assert_eq!(asked, MAX_TALKERS - 2);
    }
}
