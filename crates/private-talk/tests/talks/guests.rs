//! Devices that are driven by the server's words alone, around a server that asks, lets in and relays as the real one does.

use crate::hall::{HOUR, ParseText as _, certificate, server_key, wall};
use private_talk::{Compared, End, TalkNews, Talks};
use std::collections::{BTreeMap, VecDeque};
use venue_model::{ParticipantId, TalkId, WallTime};
use venue_protocol::session::ClientRequest;
use venue_protocol::{
    DeviceCertified, LocalTime, TalkAnswer, TalkAskEnded, TalkAskOutcome, TalkAsked, TalkChanged, TalkPosted,
    Talkers,
};

const TALK: TalkId = TalkId(7);

enum Word {
    Asked(TalkAsked),
    Ended(TalkAskEnded),
    Changed(TalkChanged),
    Posted(TalkPosted),
}

struct Guest {
    talks: Talks,
    waiting: VecDeque<Word>,
    told: Vec<TalkNews>,
}

/// The server's part: one talk, and everybody's words in the order in which they go out.
struct House {
    guests: BTreeMap<u32, Guest>,
    members: Vec<ParticipantId>,
    asked: Vec<(ParticipantId, ParticipantId)>,
    carried: Vec<Vec<u8>>,
    now: LocalTime,
}

impl House {
    fn of(people: std::ops::RangeInclusive<u32>) -> Self {
        let now = LocalTime(1_000_000);
        let guests = people.map(|id| {
            let secret = [id as u8; 32];
            let mut talks = Talks::new(secret);
            let certificate = certificate(id, secret, WallTime(wall().0 + HOUR));
            let server_key = server_key().verifying_key().to_bytes();
            talks.handle_certified(DeviceCertified { server_key, at: wall(), certificate }, now);
            (id, Guest { talks, waiting: VecDeque::new(), told: Vec::new() })
        });
        Self { guests: guests.collect(), members: Vec::new(), asked: Vec::new(), carried: Vec::new(), now }
    }

    fn talks(&mut self, id: u32) -> &mut Talks {
        &mut self.guests.get_mut(&id).unwrap().talks
    }

    fn tell(&mut self, to: ParticipantId, word: Word) {
        if let Some(guest) = self.guests.get_mut(&to.0) {
            guest.waiting.push_back(word);
        }
    }

    fn tell_changed(&mut self, also: &[ParticipantId]) {
        let members = self.members.clone();
        for to in members.iter().chain(also) {
            let asked = Talkers::of(self.asked.iter().map(|(_, who)| *who));
            let changed = TalkChanged { talk: TALK, members: Talkers::of(members.clone()), asked };
            self.tell(*to, Word::Changed(changed));
        }
    }

    fn take_request(&mut self, from: ParticipantId, request: ClientRequest) {
        match request {
            ClientRequest::AskToTalk(wanted) => {
                self.asked.push((from, wanted.participant));
                self.tell(wanted.participant, Word::Asked(TalkAsked { talk: TALK, by: from }));
                self.tell_changed(&[]);
            }
            ClientRequest::AnswerTalk(given) => {
                let at = self.asked.iter().position(|(_, who)| *who == from).unwrap();
                let (by, who) = self.asked.remove(at);
                if given.answer == TalkAnswer::Accept {
                    let new = [by, who].into_iter().filter(|one| !self.members.contains(one));
                    let new: Vec<_> = new.collect();
                    self.members.extend(new);
                    return self.tell_changed(&[]);
                }
                let outcome = TalkAskOutcome::Declined;
                for to in [by, who] {
                    self.tell(to, Word::Ended(TalkAskEnded { talk: TALK, participant: who, outcome }));
                }
            }
            ClientRequest::LeaveTalk(_) => self.part(from),
            ClientRequest::PostToTalk(said) => {
                if !self.members.contains(&from) {
                    return;
                }
                self.carried.push(said.bytes.as_slice().to_vec());
                let receivers =
                    self.members.clone().into_iter().filter(|to| said.to.is_none_or(|one| one == *to));
                for to in receivers.collect::<Vec<_>>() {
                    let (is_for_you, bytes) = (said.to.is_some(), said.bytes.clone());
                    self.tell(to, Word::Posted(TalkPosted { talk: TALK, from, is_for_you, bytes }));
                }
            }
            other => panic!("{other:?}"),
        }
    }

    fn part(&mut self, who: ParticipantId) {
        if !self.members.contains(&who) {
            return;
        }
        self.members.retain(|member| *member != who);
        let mut out = vec![who];
        if self.members.len() < 2 {
            out.append(&mut self.members);
        }
        self.tell_changed(&out);
    }

    /// The server finds that somebody's connection is gone.
    fn lose(&mut self, id: u32) {
        self.guests.remove(&id);
        self.part(ParticipantId(id));
    }

    /// Everything that is under way arrives, one word at a time.
    fn settle(&mut self) {
        for _ in 0..400 {
            self.now.0 += 10_000;
            let now = self.now;
            let ids: Vec<u32> = self.guests.keys().copied().collect();
            for id in ids {
                let own = ParticipantId(id);
                let Some(guest) = self.guests.get_mut(&id) else { continue };
                match guest.waiting.pop_front() {
                    Some(Word::Asked(asked)) => guest.talks.handle_asked(&asked),
                    Some(Word::Ended(ended)) => guest.talks.handle_ask_ended(own, &ended),
                    Some(Word::Changed(changed)) => guest.talks.handle_changed(own, &changed, now),
                    Some(Word::Posted(posted)) => guest.talks.handle_posted(own, &posted, now),
                    None => {}
                }
                if guest.talks.poll_timeout().is_some_and(|due| due <= now) {
                    guest.talks.handle_timeout(now);
                }
                guest.told.extend(std::iter::from_fn(|| guest.talks.poll_news()));
                let requests: Vec<_> = std::iter::from_fn(|| guest.talks.poll_request()).collect();
                requests.into_iter().for_each(|request| self.take_request(own, request));
            }
        }
    }

    fn bring_in(&mut self, by: u32, who: u32) {
        self.talks(by).ask(ParticipantId(who));
        self.settle();
        self.talks(who).answer(ParticipantId(by), TalkAnswer::Accept);
        self.settle();
    }

    fn members_at(&mut self, id: u32) -> Vec<u32> {
        let mut members: Vec<u32> = self.talks(id).members().iter().map(|member| member.0).collect();
        members.sort_unstable();
        members
    }

    fn assert_together(&mut self, people: &[u32]) {
        for id in people {
            assert_eq!(self.members_at(*id), people, "as {id} sees it; told {:?}", self.guests[id].told);
        }
        let failed = self.guests.values().flat_map(|guest| &guest.told);
        let failed: Vec<_> = failed.filter(|news| matches!(news, TalkNews::Failed(_))).collect();
        assert!(failed.is_empty(), "{failed:?}");
    }
}

#[test]
fn two_who_agree_write_hear_and_compare() {
    let mut house = House::of(1..=3);
    house.bring_in(1, 2);
    house.assert_together(&[1, 2]);
    assert!(house.talks(1).say(ParticipantId(1), &"Nobody else reads this".parse_text()));
    house.settle();
    let heard: Vec<_> = house.talks(2).texts().map(|text| (text.from, text.body.to_string())).collect();
    assert_eq!(heard, [(ParticipantId(1), "Nobody else reads this".to_owned())]);
    assert!(house.talks(1).texts().all(|text| text.is_delivered));
    assert_eq!(house.talks(3).members(), [], "who is not in knows nobody");
    let secret = b"else reads";
    assert!(house.carried.iter().all(|bytes| !bytes.windows(secret.len()).any(|part| part == secret)));
    let now = house.now;
    let code = house.talks(1).code().unwrap();
    assert_eq!(house.talks(2).code(), Some(code));
    house.talks(1).confirm(ParticipantId(2), now);
    house.talks(2).confirm(ParticipantId(1), now);
    house.settle();
    let told = format!("{:?}", house.guests.values().map(|guest| &guest.told).collect::<Vec<_>>());
    assert_eq!(house.talks(1).compared(ParticipantId(2)), Compared::ByBoth, "{told:?}");
    let sealed = house.talks(1).shared().unwrap().lock().unwrap().seal_voice(1, &[5; 60]).unwrap();
    let clocks = private_talk::Now { local: now, wall: wall() };
    let shared = house.talks(2).shared().unwrap();
    let voice = shared.lock().unwrap().open_voice(ParticipantId(1), &sealed, clocks.local).unwrap();
    assert_eq!(voice.opus, [5; 60]);
}

#[test]
fn a_third_is_brought_in_and_the_first_leaves() {
    let mut house = House::of(1..=4);
    house.bring_in(1, 2);
    house.bring_in(2, 3);
    house.bring_in(1, 4);
    house.assert_together(&[1, 2, 3, 4]);
    house.talks(1).leave();
    house.settle();
    house.assert_together(&[2, 3, 4]);
    assert_eq!(house.talks(1).current(), None);
    // Who was lost is out of the keys, too.
    house.lose(3);
    house.settle();
    house.assert_together(&[2, 4]);
    house.talks(4).leave();
    house.settle();
    assert_eq!(house.talks(2).current(), None, "a talk of one is none");
    assert_eq!(house.guests[&2].told.last(), Some(&TalkNews::Ended(End::Left)));
}

#[test]
fn who_says_no_is_in_no_talk() {
    let mut house = House::of(1..=2);
    house.talks(1).ask(ParticipantId(2));
    house.settle();
    assert_eq!(house.talks(2).requests().len(), 1);
    house.talks(2).answer(ParticipantId(1), TalkAnswer::Decline);
    house.settle();
    let no = TalkNews::NoTalk { with: ParticipantId(2), outcome: TalkAskOutcome::Declined };
    assert_eq!(house.guests[&1].told, [no]);
    assert_eq!((house.talks(1).current(), house.talks(2).current()), (None, None));
}

#[test]
fn whoever_was_to_let_two_in_is_lost_and_they_find_each_other() {
    let mut house = House::of(1..=3);
    // All three are in as the server sees it, and nobody has a key of another: the first is lost at once.
    house.members = [1, 2, 3].map(ParticipantId).to_vec();
    house.tell_changed(&[]);
    house.guests.get_mut(&1).unwrap().waiting.clear();
    let now = house.now;
    for id in [2, 3] {
        let guest = house.guests.get_mut(&id).unwrap();
        let Some(Word::Changed(changed)) = guest.waiting.pop_front() else { panic!() };
        guest.talks.handle_changed(ParticipantId(id), &changed, now);
    }
    house.lose(1);
    house.settle();
    house.assert_together(&[2, 3]);
}

#[test]
fn a_lost_connection_ends_the_talk_and_asks_the_server_for_nothing() {
    let mut house = House::of(1..=2);
    house.bring_in(1, 2);
    house.talks(1).handle_lost();
    assert_eq!(house.talks(1).poll_request(), None);
    let told: Vec<_> = std::iter::from_fn(|| house.talks(1).poll_news()).collect();
    assert_eq!(told, [TalkNews::Ended(End::OutOfStep)]);
    assert!(house.talks(1).shared().is_none() && house.talks(1).members().is_empty());
}
