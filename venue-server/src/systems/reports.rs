//! Reports to the moderators: stored first, told to those on duty, answered, and the answer told to who reported.
//!
//! It must not know the store's inside. Nobody sees, or answers, a report about themself.

use crate::store::{NamedPerson, PersonId, StoreError, StoreReply, StoreRequest, StoredReport};
use crate::world::{Effects, House, Person, Plan, Purpose};
use venue_model::{BoundedText, ParticipantId, Role, ServerTime};
use venue_protocol::{
    AnswerReport, Quote, Report, ReportAnswered, ReportClosed, ReportFiled, ReportId, ReportRefusal,
    ReportRefused, ReportStored, ShortList,
};

/// Sends a report on its way to the store, or tells why not.
pub fn submit(
    house: &mut House,
    plan: &Plan,
    who: ParticipantId,
    report: Report,
    now: ServerTime,
    effects: &mut Effects,
) {
    let client_ref = report.client_ref;
    if let Err(why) = try_submit(house, plan, who, report, now, effects) {
        effects.tell(who, ReportRefused { client_ref, why }.into());
    }
}

fn try_submit(
    house: &mut House,
    plan: &Plan,
    who: ParticipantId,
    report: Report,
    now: ServerTime,
    effects: &mut Effects,
) -> Result<(), ReportRefusal> {
    let Report { client_ref, about, words, texts } = report;
    let other = house.people.get(about).filter(|_| about != who).ok_or(ReportRefusal::NobodyThere)?;
    let about = other.account.person;
    if words.as_str().trim().is_empty() {
        return Err(ReportRefusal::Empty);
    }
    let person = house.people.get_mut(who).ok_or(ReportRefusal::NobodyThere)?;
    if !person.limits.safety.take(now) {
        return Err(ReportRefusal::TooFast);
    }
    let request = StoreRequest::AddReport {
        event: house.event.id,
        by: person.account.person,
        about,
        space: plan.key_of(person.space).to_owned(),
        words: words.as_str().to_owned(),
        texts: texts.as_slice().to_vec(),
    };
    effects.request(request, Purpose::Report { by: who, client_ref });
    Ok(())
}

/// Acknowledges a report that is stored and tells it to those on duty, or tells that it is not stored.
pub fn settle(
    house: &House,
    plan: &Plan,
    (by, client_ref): (ParticipantId, u32),
    reply: Result<StoreReply, StoreError>,
    effects: &mut Effects,
) {
    let Ok(StoreReply::Report(Some(report))) = reply else {
        return effects.tell(by, ReportRefused { client_ref, why: ReportRefusal::NotStored }.into());
    };
    effects.tell(by, ReportStored { client_ref, report: ReportId(report.id) }.into());
    for person in on_duty(house, report.about.person) {
        effects.tell(person.participant.id, filed(house, plan, &report).into());
    }
}

/// Moderators and organisers but the one whom it is about.
fn on_duty(house: &House, about: Option<PersonId>) -> impl Iterator<Item = &Person> {
    house.people.iter().filter(move |person| answers(person) && Some(person.account.person) != about)
}

fn answers(person: &Person) -> bool {
    person.participant.role >= Role::Moderator
}

fn filed(house: &House, plan: &Plan, report: &StoredReport) -> ReportFiled {
    let quote = |quote: &crate::store::StoredQuote| Quote {
        by_reporter: quote.by_reporter,
        body: quote.body.clone(),
        sent_at: quote.sent_at.wall_time(),
    };
    let NamedPerson { name: by, delegation: by_delegation, .. } = report.reporter.clone();
    let NamedPerson { name: about, delegation: about_delegation, person } = report.about.clone();
    ReportFiled {
        report: ReportId(report.id),
        by,
        by_delegation,
        about,
        about_delegation,
        participant: person.and_then(|person| house.people.of_account(person)),
        space: plan.spaces().find(|space| space.key == report.space).map(|space| space.id),
        words: BoundedText::lossy(&report.words),
        quotes: ShortList::of(report.quotes.iter().map(quote)),
        at: report.at.wall_time(),
    }
}

/// Sends an answer on its way to the store, or tells why not.
pub fn answer(
    house: &mut House,
    who: ParticipantId,
    answer: &AnswerReport,
    now: ServerTime,
    effects: &mut Effects,
) {
    let event = house.event.id;
    let Some(person) = house.people.get_mut(who) else { return };
    let words = answer.words.as_str().trim();
    let why = if !answers(person) {
        Some(ReportRefusal::NotAllowed)
    } else if words.is_empty() {
        Some(ReportRefusal::Empty)
    } else if !person.limits.acts.take(now) {
        Some(ReportRefusal::TooFast)
    } else {
        None
    };
    if let Some(why) = why {
        return effects.tell(who, ReportRefused { client_ref: 0, why }.into());
    }
    let (report, by) = (answer.report.0, person.account.person);
    let request = StoreRequest::AnswerReport { event, report, by, words: words.to_owned() };
    effects.request(request, Purpose::Answer { by: who });
}

/// Closes a report whose answer is stored, and tells the reporter, or tells that it is not stored.
pub fn settle_answer(
    house: &House,
    by: ParticipantId,
    reply: Result<StoreReply, StoreError>,
    effects: &mut Effects,
) {
    let why = match reply {
        Ok(StoreReply::Report(Some(report))) => return closed(house, &report, effects),
        Ok(_) => ReportRefusal::NobodyThere,
        Err(_) => ReportRefusal::NotStored,
    };
    effects.tell(by, ReportRefused { client_ref: 0, why }.into());
}

fn closed(house: &House, report: &StoredReport, effects: &mut Effects) {
    let by = report.answer.as_ref().map(|(_, by)| by.name.clone()).unwrap_or_default();
    for person in on_duty(house, report.about.person) {
        let message = ReportClosed { report: ReportId(report.id), by: by.clone() };
        effects.tell(person.participant.id, message.into());
    }
    let reporter = report.reporter.person.and_then(|person| house.people.of_account(person));
    reporter.into_iter().for_each(|who| tell_answer(who, report, effects));
}

fn tell_answer(who: ParticipantId, report: &StoredReport, effects: &mut Effects) {
    let words = report.answer.as_ref().map_or("", |(words, _)| words);
    let message = ReportAnswered {
        report: ReportId(report.id),
        about: report.about.name.clone(),
        words: BoundedText::lossy(words),
    };
    effects.tell(who, message.into());
    effects.request(StoreRequest::NoteReportTold { report: report.id }, Purpose::Presence);
}

/// Asks which reports concern somebody who comes in.
pub fn look_up(house: &House, who: ParticipantId, effects: &mut Effects) {
    let Some(person) = house.people.get(who) else { return };
    let request = StoreRequest::FindReports {
        event: house.event.id,
        person: person.account.person,
        is_on_duty: answers(person),
    };
    effects.request(request, Purpose::Reports { of: who });
}

/// Tells somebody who came in which reports wait for them.
pub fn settle_lookup(
    house: &House,
    plan: &Plan,
    who: ParticipantId,
    reply: Result<StoreReply, StoreError>,
    effects: &mut Effects,
) {
    // What the store could not say now it says at the next coming in; its own thread has logged why.
    let Ok(StoreReply::Reports { open, answered }) = reply else { return };
    if house.people.get(who).is_none() {
        return;
    }
    open.iter().for_each(|report| effects.tell(who, filed(house, plan, report).into()));
    answered.iter().for_each(|report| tell_answer(who, report, effects));
}
