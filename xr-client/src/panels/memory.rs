//! What the panels remember between frames: what is open, what is written, what was read.

use super::keyboard::Keyboard;
use super::model::{Conversation, Delivery, Panel, PanelModel};
use super::pages::PeopleOrder;
use super::text::{FieldKind, TextField};
use super::web_links::WebLink;
use super::widgets::spoken_text::SpokenText;
use std::collections::BTreeMap;
use venue_model::text::MAX_MESSAGE_CHARS;
use venue_model::{ParticipantId, TalkId};
use venue_protocol::ReportId;

/// Longest link that is taken.
const MAX_LINK_CHARS: usize = 600;

/// Longest search for a person.
const MAX_SEARCH_CHARS: usize = 80;

/// State of the panels.
pub(crate) struct Memory {
    /// The panel over the venue.
    pub(crate) open: Option<Panel>,
    /// Whether the 3-D view has the keyboard, inside of the venue.
    pub(crate) view_has_keys: bool,
    /// Whether `open` was opened since the last frame.
    pub(crate) just_opened: bool,
    /// Whether the first widget of the panel takes the focus in this frame.
    pub(crate) wants_focus: bool,
    /// Whether the field of a panel just opened takes the focus, though it stands below other things.
    pub(crate) field_wants_focus: bool,
    /// The thread that was chosen in the text panel; none: the room that the user stands in.
    pub(crate) conversation: Option<Conversation>,
    /// The visit that thread, draft and what was seen belong to.
    pub(crate) visit: u32,
    /// Whether the text panel shows announcements instead of a thread.
    pub(crate) shows_announcements: bool,
    /// The invite whose link was copied last, by its place in the list.
    pub(crate) copied: Option<usize>,
    /// The link of a text that the user may open.
    pub(crate) asked_link: Option<WebLink>,
    /// Whether that link was copied.
    pub(crate) is_link_copied: bool,
    /// How far the steps of the first minute have got.
    pub(crate) tour_step: usize,
    /// Their height in the last frame, to set them at the foot of the screen.
    pub(crate) tour_height: f32,
    /// The link or code on the start page.
    pub(crate) link: TextField,
    /// What is looked for among the people.
    pub(crate) people_search: TextField,
    /// The order of the people.
    pub(crate) people_order: PeopleOrder,
    /// What is being written.
    pub(crate) draft: TextField,
    /// What is being written in the private talk, and which talk that is.
    pub(crate) talk_draft: TextField,
    pub(crate) talk: Option<TalkId>,
    /// Whether others read along while one writes.
    pub(crate) is_live: bool,
    /// What others read of it now.
    pub(crate) live_line: Option<(Conversation, String)>,
    /// Why an act is done, on the page of moderators.
    pub(crate) reason: TextField,
    /// What is to be announced.
    pub(crate) announcement: TextField,
    /// The person whose acts the page of moderators shows.
    pub(crate) moderated: Option<ParticipantId>,
    /// The person whose page is shown.
    pub(crate) person: Option<ParticipantId>,
    /// What is being reported about that person; none while nothing is.
    pub(crate) report: Option<Reporting>,
    /// The report that is being answered, and the answer so far.
    pub(crate) answering: Option<(ReportId, TextField)>,
    /// The key of the newest text that was seen, by thread.
    pub(crate) seen: BTreeMap<Conversation, u64>,
    /// The fields of the frame that is laid out, for assistive programs.
    pub(crate) spoken: Vec<SpokenText>,
    /// Height of the start page's card in the last frame, to set it in the middle.
    pub(crate) card_height: f32,
    /// Where the microphone's sign begins in this frame, points from the top; far below when it is not shown.
    pub(crate) sign_top: f32,
    /// Height of the slip at the foot of the screen in the last frame.
    pub(crate) slip_height: f32,
    /// The keyboard on the screen.
    pub(crate) keyboard: Keyboard,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            open: None,
            view_has_keys: true,
            just_opened: false,
            wants_focus: false,
            field_wants_focus: false,
            conversation: None,
            visit: 0,
            shows_announcements: false,
            copied: None,
            asked_link: None,
            is_link_copied: false,
            tour_step: 0,
            tour_height: 0.0,
            link: TextField::new(FieldKind { max_chars: MAX_LINK_CHARS, keeps_lines: false }),
            people_search: empty_search(),
            people_order: PeopleOrder::default(),
            draft: empty_draft(),
            talk_draft: empty_draft(),
            talk: None,
            reason: TextField::new(FieldKind { max_chars: 200, keeps_lines: false }),
            announcement: TextField::new(FieldKind { max_chars: 500, keeps_lines: false }),
            moderated: None,
            person: None,
            report: None,
            answering: None,
            is_live: false,
            live_line: None,
            seen: BTreeMap::new(),
            card_height: 0.0,
            sign_top: f32::INFINITY,
            slip_height: 0.0,
            spoken: Vec::new(),
            keyboard: Keyboard::default(),
        }
    }
}

/// A report that is being written.
pub(crate) struct Reporting {
    /// What happened.
    pub(crate) words: TextField,
    /// Whether the last texts are quoted: only if the user says so.
    pub(crate) with_texts: bool,
}

impl Reporting {
    /// Nothing written yet.
    pub(crate) fn new() -> Self {
        Self { words: report_field(), with_texts: false }
    }
}

/// Words of a report, or of an answer to one.
pub(crate) fn report_field() -> TextField {
    TextField::new(FieldKind { max_chars: 500, keeps_lines: false })
}

fn empty_search() -> TextField {
    TextField::new(FieldKind { max_chars: MAX_SEARCH_CHARS, keeps_lines: false })
}

fn empty_draft() -> TextField {
    TextField::new(FieldKind { max_chars: MAX_MESSAGE_CHARS, keeps_lines: true })
}

impl Memory {
    /// Forgets what belongs to another visit: whom one wrote to, what one was writing, what one has seen.
    pub(crate) fn follow_visit(&mut self, visit: u32) {
        if self.visit == visit {
            return;
        }
        self.visit = visit;
        self.open = None;
        (self.conversation, self.shows_announcements) = (None, false);
        (self.copied, self.asked_link, self.is_link_copied) = (None, None, false);
        self.tour_step = 0;
        self.draft = empty_draft();
        self.moderated = None;
        (self.person, self.report, self.answering) = (None, None, None);
        (self.is_live, self.live_line) = (false, None);
        self.people_search = empty_search();
        self.seen.clear();
    }

    /// What was being written in a talk that is over is not for another.
    pub(crate) fn follow_talk(&mut self, talk: Option<TalkId>) {
        if self.talk != talk {
            self.talk = talk;
            self.talk_draft = empty_draft();
        }
    }

    /// The thread that the text panel shows; none before the user stands in a room.
    pub(crate) fn thread(&self, model: &PanelModel) -> Option<Conversation> {
        self.conversation.or(model.room.map(Conversation::Room))
    }

    /// Chooses the thread that the text panel shows. The room that one stands in is followed to the next one.
    pub(crate) fn choose(&mut self, conversation: Conversation, model: &PanelModel) {
        let is_here = model.room.map(Conversation::Room) == Some(conversation);
        self.shows_announcements = false;
        self.conversation = (!is_here).then_some(conversation);
    }

    /// Opens the page of one person.
    pub(crate) fn open_person(&mut self, person: ParticipantId) {
        let is_another = self.person != Some(person);
        if is_another {
            self.report = None;
        }
        self.person = Some(person);
        self.open(Panel::Person);
        // The same panel with somebody else is another page.
        self.just_opened |= is_another;
    }

    /// Opens a panel.
    pub(crate) fn open(&mut self, panel: Panel) {
        self.just_opened = self.open != Some(panel) || self.view_has_keys;
        self.view_has_keys = false;
        self.open = Some(panel);
    }

    /// What shows which panel is open and whether it has the keyboard.
    pub(crate) fn shown(&self) -> (Option<Panel>, bool) {
        (self.open, self.view_has_keys)
    }

    /// Whether the first widget of a panel just opened should take the focus; true once.
    pub(crate) fn gives_focus(&mut self) -> bool {
        std::mem::take(&mut self.wants_focus)
    }

    /// Opens the text panel at a thread.
    pub(crate) fn write_to(&mut self, conversation: Conversation) {
        self.conversation = Some(conversation);
        self.shows_announcements = false;
        self.open(Panel::Texts);
    }

    /// Texts of a thread that were not seen.
    pub(crate) fn unread(&self, model: &PanelModel, conversation: Conversation) -> usize {
        let seen = self.seen.get(&conversation).copied();
        let fresh = |key: u64| seen.is_none_or(|seen| key > seen);
        let lines = model.texts.iter().filter(|line| line.conversation == conversation);
        lines.filter(|line| line.delivery == Delivery::Received && fresh(line.key)).count()
    }

    /// Texts of all threads that were not seen.
    pub(crate) fn unread_in_all(&self, model: &PanelModel) -> usize {
        threads(model).into_iter().map(|conversation| self.unread(model, conversation)).sum()
    }

    /// The thread on the screen has been seen.
    pub(crate) fn mark_seen(&mut self, model: &PanelModel) {
        let Some(thread) = self.thread(model) else { return };
        let lines = model.texts.iter().filter(|line| line.conversation == thread);
        if let Some(newest) = lines.map(|line| line.key).max() {
            self.seen.insert(thread, newest);
        }
    }
}

/// The room that one stands in first, then the people and rooms with whom there are texts, the newest first.
pub(crate) fn threads(model: &PanelModel) -> Vec<Conversation> {
    let here = model.room.map(Conversation::Room);
    let mut newest: BTreeMap<Conversation, u64> = BTreeMap::new();
    for line in model.texts.iter().filter(|line| Some(line.conversation) != here) {
        newest.insert(line.conversation, line.key);
    }
    let mut others: Vec<_> = newest.into_iter().collect();
    others.sort_by_key(|&(_, key)| std::cmp::Reverse(key));
    here.into_iter().chain(others.into_iter().map(|(thread, _)| thread)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panels::model::TextLine;
    use venue_model::{ParticipantId, SpaceId};

    const LOUNGE: Conversation = Conversation::Room(SpaceId(3));
    const HALL: Conversation = Conversation::Room(SpaceId(4));

    fn line(key: u64, conversation: Conversation, delivery: Delivery) -> TextLine {
        TextLine { key, conversation, from: ParticipantId(1), body: "x".into(), sent_at: None, delivery }
    }

    #[test]
    fn only_what_others_wrote_and_nobody_saw_is_unread() {
        let anna = Conversation::Person(ParticipantId(2));
        let texts = vec![
            line(1, LOUNGE, Delivery::Received),
            line(2, anna, Delivery::Received),
            line(3, anna, Delivery::Stored),
            line(4, anna, Delivery::Received),
        ];
        let model = PanelModel { texts, room: Some(SpaceId(3)), ..PanelModel::default() };
        let mut memory = Memory::default();
        assert_eq!((memory.unread(&model, anna), memory.unread_in_all(&model)), (2, 3));
        memory.choose(anna, &model);
        memory.mark_seen(&model);
        assert_eq!((memory.unread(&model, anna), memory.unread_in_all(&model)), (0, 1));
        assert_eq!(threads(&model), [LOUNGE, anna]);
    }

    #[test]
    fn each_room_has_its_own_thread_and_the_one_here_is_followed() {
        let texts = vec![line(1, LOUNGE, Delivery::Received)];
        let mut model = PanelModel { texts, room: Some(SpaceId(3)), ..PanelModel::default() };
        let mut memory = Memory::default();
        memory.choose(LOUNGE, &model);
        model.room = Some(SpaceId(4));
        assert_eq!(memory.thread(&model), Some(HALL));
        assert_eq!((memory.unread(&model, HALL), memory.unread(&model, LOUNGE)), (0, 1));
        assert_eq!(threads(&model), [HALL, LOUNGE]);
        memory.choose(LOUNGE, &model);
        assert_eq!(memory.thread(&model), Some(LOUNGE), "what was said elsewhere can be read again");
    }

    #[test]
    fn another_visit_finds_nothing_of_the_last_one() {
        let anna = Conversation::Person(ParticipantId(2));
        let mut memory = Memory::default();
        let mut engine = crate::panels::TextEngine::default();
        memory.write_to(anna);
        memory.seen.insert(anna, 7);
        memory.draft.apply(&mut engine, crate::panels::text::field::FieldInput::Insert("for Anna"));
        memory.follow_visit(0);
        assert!(memory.draft.text() == "for Anna", "the same visit goes on");
        memory.follow_visit(1);
        assert!(memory.draft.is_empty() && memory.seen.is_empty() && memory.conversation.is_none());
    }
}
