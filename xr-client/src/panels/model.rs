//! What the panels show and what they ask for: plain data between the client and its panels.
//!
//! The client keeps one [`PanelModel`] and changes it when something happens; the panels
//! only read it and answer with [`PanelAction`]s. Nothing here knows egui, the renderer,
//! the network or a clock.

pub use super::choices::{PanelSettings, Picture, Times, Turning};
pub use super::invite_model::Invite;
pub use super::key_model::{ButtonChange, KeyChange, KeyHint, KeyStep};
use super::listed::Listed;
use super::order_model::{Announced, OrderModel, SafetyNotice, WatchNews};
use super::talk_model::{TalkModel, TalkNotice};
pub use super::voice_model::{Arriving, MicrophoneModel, VoiceModel};
use super::web_links::WebLink;
pub use crate::core::around::{Around, Here, Thing, Way};
pub use crate::core::errand::{Destination, NoWay};
use crate::core::microphone::Shut;
pub use crate::core::nearby::Nearby;
use crate::core::talking::TalkCommand;
use crate::input::OrderCommand;
use crate::input::hand_buttons::HandDeed;
pub use crate::input::keys::Action;
pub use crate::plan::{Plan, SharedPlan};
pub use crate::sentence::Problem;
use crate::sound::{Output, Sound};
use glam::Vec2;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use venue_model::{Localized, Participant, ParticipantId, SeatId, SpaceId, WallTime};
use venue_protocol::{ActKind, ActRefusal, SummonsOutcome};

/// Everything the panels show at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PanelModel {
    /// How far the way into the venue has got.
    pub stage: Stage,
    /// What the user has chosen; the panels change it by [`PanelAction::ChangeSettings`].
    pub settings: PanelSettings,
    /// What the last pictures took, while that is shown.
    pub times: Option<Times>,
    /// Whether the user has no keyboard: a headset; then fields show one.
    pub lacks_keyboard: bool,
    /// Whether the hands hold no controllers: fingers pinch and point.
    pub has_bare_hands: bool,
    /// The refresh rates that the headset lets its wearer choose from, Hz; none without a headset.
    pub refresh_rates: Option<Vec<u16>>,
    /// The sound outputs that are there, while the settings are open.
    pub outputs: Vec<Output>,
    /// The chosen sound output; none for the system's default.
    pub output: Option<Output>,
    /// The user's microphone, and how others are heard.
    pub voice: VoiceModel,
    /// The venue entered last, offered first on the start page.
    pub last_venue: Option<LastVenue>,
    /// Whether this machine can start a server of its own (its program lies beside the client).
    pub can_host: bool,
    /// Whether a server that was started here is open.
    pub hosts: bool,
    /// Links for others into the venue that is hosted here.
    pub invites: Vec<Invite>,
    /// Which visit this is; another number means that nothing of the last one may stay in the panels.
    pub visit: u32,
    /// Title of the event, in the user's language.
    pub event_title: String,
    /// The user's own id, once inside.
    pub own: Option<ParticipantId>,
    /// Everybody in the event, the user too, and those who left but whose texts are still shown.
    pub people: Listed<Person>,
    /// Whose hands are up, the user's too, in the order in which they went up.
    pub hands: Vec<ParticipantId>,
    /// What keeps order.
    pub order: OrderModel,
    /// Private talks.
    pub talk: TalkModel,
    /// The rooms of the venue in the order in which they are offered.
    pub rooms: Vec<Room>,
    /// The room that the user stands in.
    pub room: Option<SpaceId>,
    /// Whether the user sits; then the hint says how to stand up.
    pub seated: bool,
    /// What is within reach; the hint at the bottom names it.
    pub nearby: Option<Nearby>,
    /// The plan of the venue and who is where on it, while it is looked at.
    pub map: Option<Map>,
    /// What is around the user, nearest first, while it is looked at.
    pub around: Vec<Around>,
    /// Where the user is, while it is looked at.
    pub here: Here,
    /// Texts in the order of arrival, oldest first; the client keeps the newest 1,000.
    pub texts: Vec<TextLine>,
    /// Lines that others are writing now.
    pub live: Vec<LiveWords>,
    /// A short word about something that just happened; the client takes it away after it was shown for a while.
    pub notice: Option<Notice>,
    /// What the keys do now, in the order in which help lists them.
    pub keys: Vec<KeyHint>,
    /// The change of a key that is going on.
    pub key_change: Option<KeyChange>,
    /// How far the change of a controller's button has got.
    pub button_change: Option<ButtonChange>,
    /// The user's time zone.
    pub zone: Zone,
}

impl PanelModel {
    /// Becomes `now`. Only what differs is copied: a crowd of names is not copied again because a hint changed.
    pub(crate) fn take_over(&mut self, now: &Self) {
        // Without `..`, so that no new field is forgotten.
        let Self {
            stage,
            settings,
            times,
            lacks_keyboard,
            has_bare_hands,
            refresh_rates,
            outputs,
            output,
            voice,
            last_venue,
            can_host,
            hosts,
            invites,
            visit,
            event_title,
            own,
            people,
            hands,
            order,
            talk,
            rooms,
            room,
            seated,
            nearby,
            map,
            around,
            here,
            texts,
            live,
            notice,
            keys,
            key_change,
            button_change,
            zone,
        } = now;
        renew(&mut self.stage, stage);
        renew(&mut self.settings, settings);
        self.times = *times;
        self.lacks_keyboard = *lacks_keyboard;
        self.has_bare_hands = *has_bare_hands;
        renew(&mut self.refresh_rates, refresh_rates);
        renew(&mut self.outputs, outputs);
        renew(&mut self.output, output);
        renew(&mut self.voice, voice);
        renew(&mut self.last_venue, last_venue);
        renew(&mut self.can_host, can_host);
        renew(&mut self.hosts, hosts);
        renew(&mut self.invites, invites);
        renew(&mut self.visit, visit);
        renew(&mut self.event_title, event_title);
        renew(&mut self.own, own);
        renew(&mut self.people, people);
        renew(&mut self.hands, hands);
        renew(&mut self.order, order);
        renew(&mut self.talk, talk);
        renew(&mut self.rooms, rooms);
        renew(&mut self.room, room);
        renew(&mut self.seated, seated);
        renew(&mut self.nearby, nearby);
        renew(&mut self.map, map);
        renew(&mut self.around, around);
        renew(&mut self.here, here);
        renew(&mut self.texts, texts);
        renew(&mut self.live, live);
        renew(&mut self.notice, notice);
        renew(&mut self.keys, keys);
        renew(&mut self.key_change, key_change);
        renew(&mut self.button_change, button_change);
        renew(&mut self.zone, zone);
    }
}

fn renew<T: Clone + PartialEq>(field: &mut T, now: &T) {
    if field != now {
        field.clone_from(now);
    }
}

/// A time zone; UTC unless set.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone(pub TimeZone);

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl Zone {
    /// Day and time of day; none for times that no calendar reaches.
    pub fn moment(&self, time: WallTime) -> Option<jiff::civil::DateTime> {
        let millis = i64::try_from(time.0).ok()?;
        Some(self.0.to_datetime(Timestamp::from_millisecond(millis).ok()?))
    }
}

/// How far the way into the venue has got.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Stage {
    /// The start page.
    #[default]
    Start,
    /// The start page with a sentence about what went wrong with the last try.
    StartWithProblem(Problem),
    /// A server on this computer is being started.
    Hosting,
    /// Reaching the server.
    Connecting {
        /// Host as the user knows it.
        host: String,
    },
    /// The server answered and is checking the invitation.
    Joining {
        /// Host as the user knows it.
        host: String,
    },
    /// The venue's files are on their way.
    Loading {
        /// Bytes that are here.
        done: u64,
        /// Bytes in all.
        total: u64,
    },
    /// In the venue.
    Inside,
    /// The connection is gone; the client tries again by itself.
    Lost {
        /// What happened.
        problem: Problem,
        /// Seconds until the next try; none while trying.
        retry_in_secs: Option<u32>,
    },
    /// The end, until the user does something: refused, removed, taken over, damaged.
    Ended(Problem),
}

/// A venue that was entered before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastVenue {
    /// The event's title.
    pub title: String,
    /// Host and port as shown.
    pub host: String,
}

/// Somebody in the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub participant: Participant,
    /// Where; none for those who left.
    pub room: Option<SpaceId>,
}

/// A room of the venue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// Id.
    pub id: SpaceId,
    /// Name in the languages that the venue has.
    pub name: Localized,
    /// Whether the user's invitation opens it.
    pub open: bool,
}

/// The plan of the venue and who is where on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// What does not change.
    pub plan: SharedPlan,
    /// Where the user stands and looks, radians about the axis up.
    pub own: Option<(Vec2, f32)>,
    /// Height of the floor that the user stands on, metres.
    pub height: f32,
    /// Others in the user's room.
    pub people: Vec<(ParticipantId, Vec2)>,
    /// Seats that somebody sits on.
    pub taken: Vec<SeatId>,
}

/// A thread of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Conversation {
    /// Everybody in a room; one can write to it while one is there.
    Room(SpaceId),
    /// One other person.
    Person(ParticipantId),
}

/// A line that somebody is writing now.
#[derive(Clone, PartialEq, Eq)]
pub struct LiveWords {
    /// Who writes.
    pub from: ParticipantId,
    /// The thread it belongs to.
    pub conversation: Conversation,
    /// The line so far.
    pub text: String,
}

impl std::fmt::Debug for LiveWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let chars = self.text.chars().count();
        write!(f, "LiveWords {{ {:?}, {:?}, {chars} characters }}", self.from, self.conversation)
    }
}

/// One text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextLine {
    /// Grows by one with each line; the client's own count.
    pub key: u64,
    /// The thread it belongs to; a direct text stands in the thread of the *other* person.
    pub conversation: Conversation,
    /// Who wrote it.
    pub from: ParticipantId,
    /// What was written.
    pub body: String,
    /// When the server stored it; none before it has.
    pub sent_at: Option<WallTime>,
    /// What became of it.
    pub delivery: Delivery,
}

/// What became of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Came from somebody else.
    Received,
    /// On its way to the server.
    Sending,
    /// The server has stored it.
    Stored,
    /// Not sent; the user can try again.
    Failed(TextFailure),
}

/// Why a text was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFailure {
    /// No connection, or it broke before the server confirmed.
    NotConnected,
    /// The server could not store it.
    NotStored,
    /// Too many texts in a short time.
    RateLimited,
    /// The other person has left.
    PersonGone,
    /// The writer has gone to another room, and the text belongs to the one before.
    RoomLeft,
    /// Too long, or with characters that are not taken.
    NotAccepted,
}

impl TextFailure {
    /// The key of its sentence in the locales.
    pub fn key(self) -> &'static str {
        match self {
            Self::NotConnected => "text-failed-not-connected",
            Self::NotStored => "text-failed-not-stored",
            Self::RateLimited => "text-failed-rate-limited",
            Self::PersonGone => "text-failed-person-gone",
            Self::RoomLeft => "text-failed-room-left",
            Self::NotAccepted => "text-failed-not-accepted",
        }
    }
}

/// A short word about something that just happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Something did not work, but the user is still in the venue.
    Problem(Problem),
    /// The server put the body back to where it may stand.
    PutBack,
    /// The event is full for speakers: one watches until a place is free.
    Observing,
    /// What became of the user, who came to a full event.
    Watching(WatchNews),
    /// The connection is back.
    Reconnected,
    /// The user only watches and cannot ask for the floor.
    HandNotOpen,
    /// The microphone is closed by a moderator and stays so.
    MicrophoneClosed,
    /// The microphone was closed, and the user did not do it.
    MicrophoneShut(Shut),
    /// About private talks.
    Talk(TalkNotice),
    /// The height of the eyes is known now.
    HeightMeasured,
    /// It could not be measured.
    HeightNotMeasured,
    /// Somebody in the room raised a hand.
    HandRaised {
        /// Who.
        name: String,
    },
    /// Where the user is, because they asked.
    Where(Here),
    /// An own act is done and recorded.
    ActDone(ActKind),
    /// An own act is not done.
    ActRefused(ActRefusal),
    /// An act was taken back.
    ActUndone(ActKind),
    /// Somebody who keeps order did something that concerns the user.
    ActTold {
        /// What.
        kind: ActKind,
        /// Who.
        name: String,
        /// Why; may be empty.
        reason: String,
    },
    /// A summons of the user's ended.
    SummonsEnded {
        /// Who was summoned.
        name: String,
        /// How.
        outcome: SummonsOutcome,
    },
    /// Something was announced.
    Announced(Announced),
    /// About blocks, reports and the safe place.
    Safety(SafetyNotice),
    /// One does not get where one wanted to be taken.
    NoWay(NoWay),
    /// Floor and marks are shown, and this key copies the mark that is aimed at.
    Overlay {
        /// What stands on the key; empty if none does.
        key: String,
    },
    /// A mark or a point of the floor was copied as text.
    Copied {
        /// The text.
        entry: String,
    },
    /// There was nothing to copy.
    NothingToCopy,
    /// The venue has a new state.
    VenueRenewed,
    /// What a builder's tools say.
    VenueNote {
        /// Their own words, English.
        words: String,
    },
    /// Somebody came into the room.
    Arrived {
        /// Who.
        name: String,
    },
    /// Somebody left the room.
    Departed {
        /// Who.
        name: String,
    },
}

/// A panel that can lie over the venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Panel {
    /// The menu.
    Menu,
    /// Who is here.
    People,
    /// Texts.
    Texts,
    /// Where a link of a text leads.
    Link,
    /// Rooms to go to.
    Rooms,
    /// The plan of the venue.
    Map,
    /// What is around.
    Around,
    /// What chairs and moderators can do.
    Moderation,
    /// The private talk that the user is in.
    Talk,
    /// One person, and what one can do.
    Person,
    /// Links for others into the venue that is hosted here.
    Invite,
    /// One's own avatar before a mirror.
    Avatar,
    /// Whether one hears and is heard.
    SoundCheck,
    /// Settings.
    Settings,
    /// Keys and advice.
    Help,
    /// Really leave?
    Leave,
}

/// What the user asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum PanelAction {
    /// Enter by a pasted link or a typed code, as written.
    Connect(String),
    /// Enter the venue entered last.
    ConnectLast,
    /// Forget that venue and its invitation on this computer.
    ForgetLast,
    /// Start a server on this machine and enter it, or enter it again.
    HostHere,
    /// Try again now.
    Retry,
    /// Give up connecting or hosting and go back to the start page.
    Cancel,
    /// Take the place back that another device of the same person took.
    TakeOver,
    /// Leave the venue for the start page.
    Leave,
    /// End the program.
    Quit,
    /// Send a text.
    SendText {
        /// To whom.
        conversation: Conversation,
        /// What; not empty, at most `MAX_MESSAGE_CHARS` characters, no control characters.
        body: String,
    },
    /// Show what is being written, or with an empty line nothing any more.
    WriteLive {
        /// To whom.
        conversation: Conversation,
        /// The line so far.
        line: String,
    },
    /// Send a failed text again.
    RetryText(u64),
    /// Go to a room.
    GoToRoom(SpaceId),
    /// Go to a person, a seat or a place.
    GoTo(Destination),
    /// Say where the user is.
    SayWhere,
    /// Stand up from the seat.
    StandUp,
    /// Raise the hand, or lower it.
    RaiseOrLowerHand,
    /// The microphone is to be opened, or closed.
    MuteOrUnmute,
    /// The user wants to hear how they sound, or not any more.
    TryMicrophone(bool),
    /// Another microphone is chosen; none for the system's default.
    ChooseInput(Option<Output>),
    /// Somebody is to be so loud, percent.
    SetVolumeOf(ParticipantId, u8),
    /// Talk in private.
    Talk(TalkCommand),
    /// Keep order, or what a person may do against it.
    Order(OrderCommand),
    /// Use and store these settings from now on.
    ChangeSettings(PanelSettings),
    /// Play sound on this output from now on; on the system's default if none is named.
    ChooseOutput(Option<Output>),
    /// Play a sound, to know it.
    PlaySample(Sound),
    /// Begin to change the key of a deed: the next key that is pressed is meant.
    ChangeKey(Action),
    /// Take the key from the other deed.
    TakeKey,
    /// Leave the keys as they are.
    KeepKeys,
    /// The deed's first keys again; all deeds' if none is named.
    ResetKeys(Option<Action>),
    /// Begin to change the button of a deed: the next one that is pressed is meant.
    ChangeButton(HandDeed),
    /// Leave the buttons as they are.
    KeepButtons,
    /// Measure how high the eyes are.
    MeasureHeight,
    /// Let what lies ahead of the user be ahead of the body.
    Recenter,
    /// Turn the figure in the mirror by an angle, radians.
    TurnMirror(f32),
    /// Show the privacy notice in a browser.
    OpenPrivacyNotice,
    /// Show the page of a link in a browser; the user has seen where it leads.
    OpenLink(WebLink),
}
