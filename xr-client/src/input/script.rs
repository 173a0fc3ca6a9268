//! Scripts that drive the client without a person: one command a line, waits with predicates instead of sleeps.
//!
//! This file reads scripts; [`super::player`] plays them. It must not know the network or the renderer.

use crate::panels::Panel;
use crate::sound::Sound;
use venue_model::Language;

/// One line of a script.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Counted from one, for messages.
    pub number: usize,
    /// What to do.
    pub step: Step,
}

/// What a line asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `wait PREDICATE`: goes on when it holds; fails after the time limit.
    Wait(Predicate),
    /// `timeout SECONDS`: the time limit of the waits and walks that follow.
    Timeout(f64),
    /// `connect LINK`.
    Connect(String),
    /// `trust`: goes on with a server whose key is new.
    Trust,
    /// `goto SPACE`: by the map, to the space with this key.
    GoTo(String),
    /// `walk X Z`: walks to this floor point, building frame, metres.
    Walk {
        /// Metres.
        x: f32,
        /// Metres.
        z: f32,
    },
    /// `teleport X Z`.
    Teleport {
        /// Metres.
        x: f32,
        /// Metres.
        z: f32,
    },
    /// `face YAW [PITCH]`, degrees.
    Face {
        /// Radians.
        yaw: f32,
        /// Radians.
        pitch: f32,
    },
    /// `face NAME`: towards the head of the person with this name.
    FacePerson(String),
    /// `sit LABEL` or `sit nearest`.
    Sit(SeatChoice),
    /// `stand`.
    Stand,
    /// `gesture 1` to `gesture 7`.
    Gesture(usize),
    /// `say TEXT`: to the space.
    Say(String),
    /// `language CODE`.
    Language(Language),
    /// `open PANEL` with menu, people, texts, rooms, map, around, settings, help.
    Open(Panel),
    /// `close`: whatever panel is open.
    Close,
    /// `view first` or `view third`.
    ThirdPerson(bool),
    /// `overlay on` or `overlay off`: what the venue is made of.
    Overlay(bool),
    /// `copy`: the anchor or the floor ahead, as text.
    Copy,
    /// Open the microphone, or close it.
    Microphone(bool),
    /// `talk ask NAME`, `talk accept NAME`, `talk confirm NAME`, `talk say TEXT`, `talk leave`: private talks.
    Talk(TalkStep),
    /// `screenshot NAME`: writes NAME.png and NAME.json.
    Screenshot(String),
    /// `quit`.
    Quit,
}

/// What a line does about private talks. People are named as they are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TalkStep {
    /// Asks somebody.
    Ask(String),
    /// Says yes to somebody who asks.
    Accept(String),
    /// The code is the same as somebody's.
    Confirm(String),
    /// Writes to the talk.
    Say(String),
    /// Leaves it.
    Leave,
}

/// Which seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SeatChoice {
    /// The nearest free one in the space.
    Nearest,
    /// The one with this label or number.
    Named(String),
}

/// What a wait waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Predicate {
    /// `inside`: in the venue.
    Inside,
    /// `loaded`: every tile of the venue is drawn.
    Loaded,
    /// `space KEY`: in this space.
    Space(String),
    /// `others N`: at least so many others are seen in the space.
    Others(usize),
    /// `person NAME`: this person is seen in the space.
    Person(String),
    /// `still NAME`: this person is seen and has not moved for a while.
    Still(String),
    /// `gone NAME`: this person is not seen in the space.
    Gone(String),
    /// `seated` or `standing`.
    Seated(bool),
    /// `text WORDS`: a text that holds these words has arrived or was stored.
    Text(String),
    /// `lost`: the connection is gone.
    Lost,
    /// `problem ID`: this sentence is shown.
    Problem(String),
    /// `sound NAME [COUNT]`: so many sounds of this name were played since the start; one, if no number is given.
    Sound(Sound, u32),
    /// `seat LABEL`: the venue has a seat with this label.
    Seat(String),
    /// `note WORDS`: a builder's tools said something that holds these words.
    Note(String),
    /// `copied WORDS`: what was copied last holds these words.
    Copied(String),
    /// The own microphone is open, or closed, as the server says.
    Microphone(bool),
    /// Somebody's voice is heard.
    Heard(String),
    /// The microphone's file is over.
    Spoken,
    /// Somebody's voice is not heard.
    Silent(String),
    /// `asked NAME`: this person asks to talk in private.
    Asked(String),
    /// `talk NAME`: this person is in the same private talk, and everybody's device has taken part in its code.
    Talk(String),
    /// `whisper WORDS`: a text of the private talk holds these words.
    Whisper(String),
    /// `no-talk`: the person is in no private talk.
    NoTalk,
    /// `frames N`: so many frames later.
    Frames(u32),
}

/// A script that can not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the script: {what}")]
pub struct ScriptError {
    /// Counted from one.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub what: String,
}

/// Reads a script. Empty lines and what follows `#` at a line's start are left out.
pub fn parse(text: &str) -> Result<Vec<Line>, ScriptError> {
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let number = index + 1;
        let step = parse_step(line).map_err(|what| ScriptError { line: number, what })?;
        lines.push(Line { number, step });
    }
    Ok(lines)
}

fn parse_step(line: &str) -> Result<Step, String> {
    let (word, rest) = split_word(line);
    match word {
        "wait" => Ok(Step::Wait(parse_predicate(rest)?)),
        "timeout" => Ok(Step::Timeout(f64::from(number(rest)?))),
        "connect" => Ok(Step::Connect(text(rest, "a link")?)),
        "trust" => Ok(Step::Trust),
        "goto" => Ok(Step::GoTo(text(rest, "the key of a space")?)),
        "walk" => pair(rest).map(|[x, z]| Step::Walk { x, z }),
        "teleport" => pair(rest).map(|[x, z]| Step::Teleport { x, z }),
        "face" => parse_face(rest),
        "sit" if rest == "nearest" => Ok(Step::Sit(SeatChoice::Nearest)),
        "sit" => Ok(Step::Sit(SeatChoice::Named(text(rest, "a seat's label, or `nearest`")?))),
        "stand" => Ok(Step::Stand),
        "gesture" => parse_gesture(rest),
        "say" => Ok(Step::Say(text(rest, "a text")?)),
        "language" => {
            let language = Language::from_tag(rest).filter(|_| !rest.is_empty());
            language.map(Step::Language).ok_or_else(|| format!("{rest:?} is none of ar, zh, en, fr, ru, es"))
        }
        "open" => parse_panel(rest).map(Step::Open),
        "close" => Ok(Step::Close),
        "view" => match rest {
            "first" => Ok(Step::ThirdPerson(false)),
            "third" => Ok(Step::ThirdPerson(true)),
            _ => Err("`view` needs `first` or `third`".into()),
        },
        "overlay" => match rest {
            "on" => Ok(Step::Overlay(true)),
            "off" => Ok(Step::Overlay(false)),
            _ => Err("`overlay` needs `on` or `off`".into()),
        },
        "copy" => Ok(Step::Copy),
        "microphone" => match rest {
            "open" => Ok(Step::Microphone(true)),
            "close" => Ok(Step::Microphone(false)),
            _ => Err("`microphone` needs `open` or `close`".into()),
        },
        "talk" => parse_talk(rest).map(Step::Talk),
        "screenshot" => parse_picture_name(rest).map(Step::Screenshot),
        "quit" => Ok(Step::Quit),
        _ => Err(format!("there is no command {word:?}")),
    }
}

fn parse_predicate(text_of_it: &str) -> Result<Predicate, String> {
    let (word, rest) = split_word(text_of_it);
    match word {
        "inside" => Ok(Predicate::Inside),
        "loaded" => Ok(Predicate::Loaded),
        "space" => Ok(Predicate::Space(text(rest, "the key of a space")?)),
        "others" => count(rest).map(Predicate::Others),
        "person" => Ok(Predicate::Person(text(rest, "a name")?)),
        "still" => Ok(Predicate::Still(text(rest, "a name")?)),
        "gone" => Ok(Predicate::Gone(text(rest, "a name")?)),
        "seated" => Ok(Predicate::Seated(true)),
        "standing" => Ok(Predicate::Seated(false)),
        "text" => Ok(Predicate::Text(text(rest, "some words")?)),
        "lost" => Ok(Predicate::Lost),
        "problem" => Ok(Predicate::Problem(text(rest, "the id of a sentence")?)),
        "sound" => parse_sound(rest),
        "seat" => Ok(Predicate::Seat(text(rest, "a seat's label")?)),
        "note" => Ok(Predicate::Note(text(rest, "some words")?)),
        "copied" => Ok(Predicate::Copied(text(rest, "some words")?)),
        "microphone" => match rest {
            "open" => Ok(Predicate::Microphone(true)),
            "closed" => Ok(Predicate::Microphone(false)),
            _ => Err("`wait microphone` needs `open` or `closed`".into()),
        },
        "heard" => Ok(Predicate::Heard(text(rest, "a name")?)),
        "spoken" => Ok(Predicate::Spoken),
        "silent" => Ok(Predicate::Silent(text(rest, "a name")?)),
        "asked" => Ok(Predicate::Asked(text(rest, "a name")?)),
        "talk" => Ok(Predicate::Talk(text(rest, "a name")?)),
        "whisper" => Ok(Predicate::Whisper(text(rest, "some words")?)),
        "no-talk" => Ok(Predicate::NoTalk),
        "frames" => count(rest).map(|count| Predicate::Frames(count as u32)),
        _ => Err(format!("`wait` knows no {word:?}")),
    }
}

fn parse_sound(rest: &str) -> Result<Predicate, String> {
    let (name, times) = split_word(rest);
    let sound = Sound::named(name).ok_or_else(|| {
        let names: Vec<_> = Sound::ALL.iter().map(|sound| sound.name()).collect();
        format!("{name:?} is none of the sounds {}", names.join(", "))
    })?;
    let times = if times.is_empty() { 1 } else { count(times)? };
    Ok(Predicate::Sound(sound, u32::try_from(times).unwrap_or(u32::MAX)))
}

fn parse_face(rest: &str) -> Result<Step, String> {
    let (first, second) = split_word(rest);
    let Ok(yaw) = first.parse::<f32>() else {
        return Ok(Step::FacePerson(text(rest, "degrees or a name")?));
    };
    let pitch = if second.is_empty() { 0.0 } else { number(second)? };
    Ok(Step::Face { yaw: yaw.to_radians(), pitch: pitch.to_radians() })
}

fn parse_talk(rest: &str) -> Result<TalkStep, String> {
    let (word, rest) = split_word(rest);
    match word {
        "ask" => Ok(TalkStep::Ask(text(rest, "a name")?)),
        "accept" => Ok(TalkStep::Accept(text(rest, "a name")?)),
        "confirm" => Ok(TalkStep::Confirm(text(rest, "a name")?)),
        "say" => Ok(TalkStep::Say(text(rest, "a text")?)),
        "leave" => Ok(TalkStep::Leave),
        _ => {
            Err("`talk` needs `ask`, `accept` or `confirm` with a name, `say` with a text, or `leave`".into())
        }
    }
}

fn parse_gesture(rest: &str) -> Result<Step, String> {
    let number = count(rest)?;
    if (1..=7).contains(&number) { Ok(Step::Gesture(number)) } else { Err("gestures are 1 to 7".into()) }
}

fn parse_panel(rest: &str) -> Result<Panel, String> {
    match rest {
        "menu" => Ok(Panel::Menu),
        "people" => Ok(Panel::People),
        "texts" => Ok(Panel::Texts),
        "rooms" => Ok(Panel::Rooms),
        "map" => Ok(Panel::Map),
        "around" => Ok(Panel::Around),
        "moderation" => Ok(Panel::Moderation),
        "avatar" => Ok(Panel::Avatar),
        "settings" => Ok(Panel::Settings),
        "help" => Ok(Panel::Help),
        "talk" => Ok(Panel::Talk),
        _ => Err(format!(
            "{rest:?} is none of menu, people, texts, rooms, map, around, moderation, avatar, settings, help, talk"
        )),
    }
}

/// A picture's name becomes a file's name, so it may hold nothing that leads elsewhere.
fn parse_picture_name(rest: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if (1..=80).contains(&rest.len()) && rest.chars().all(allowed) {
        Ok(rest.to_owned())
    } else {
        Err(format!("{rest:?} is no name for a picture: use a-z, 0-9, - and _"))
    }
}

fn split_word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim())
}

fn text(rest: &str, what: &str) -> Result<String, String> {
    if rest.is_empty() { Err(format!("{what} is missing")) } else { Ok(rest.to_owned()) }
}

fn number(rest: &str) -> Result<f32, String> {
    rest.parse().ok().filter(|value: &f32| value.is_finite()).ok_or_else(|| format!("{rest:?} is no number"))
}

fn count(rest: &str) -> Result<usize, String> {
    rest.parse().map_err(|_| format!("{rest:?} is no whole number"))
}

fn pair(rest: &str) -> Result<[f32; 2], String> {
    let (x, z) = split_word(rest);
    Ok([number(x)?, number(z)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(text: &str) -> Vec<Step> {
        parse(text).unwrap().into_iter().map(|line| line.step).collect()
    }

    #[test]
    fn a_tour_is_read() {
        let script = "# tour\nwait inside\n\ngoto popov-hall\nwait space popov-hall\nwalk 1.5 -2\n\
                      say Good morning, all\nface 90 -10\nface Ada Lovelace\nopen menu\nlanguage ar\nscreenshot lounge\nwait sound to-me\nwait sound summons 2\nquit";
        let steps = steps(script);
        assert_eq!(steps[0], Step::Wait(Predicate::Inside));
        assert_eq!(steps[1], Step::GoTo("popov-hall".into()));
        assert_eq!(steps[3], Step::Walk { x: 1.5, z: -2.0 });
        assert_eq!(steps[4], Step::Say("Good morning, all".into()));
        assert_eq!(steps[5], Step::Face { yaw: 90f32.to_radians(), pitch: (-10f32).to_radians() });
        assert_eq!(steps[6], Step::FacePerson("Ada Lovelace".into()));
        assert_eq!(steps[8], Step::Language(Language::Ar));
        assert_eq!(steps[10], Step::Wait(Predicate::Sound(Sound::ToMe, 1)));
        assert_eq!(steps[11], Step::Wait(Predicate::Sound(Sound::Summons, 2)));
        assert_eq!(steps.last(), Some(&Step::Quit));
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let check = |text: &str, line: usize, words: &str| {
            let error = parse(text).unwrap_err();
            assert_eq!(error.line, line, "{error}");
            assert!(error.to_string().contains(words), "{error}");
        };
        check("wait inside\njump 3", 2, "jump");
        check("walk 1", 1, "no number");
        check("\n\nscreenshot ../etc", 3, "no name for a picture");
        check("wait forever", 1, "forever");
        check("gesture 9", 1, "1 to 7");
        check("talk whisper", 1, "`ask`, `accept`");
        check("language de", 1, "ar, zh");
        check("wait sound fanfare", 1, "to-me, to-room");
        check("wait sound to-me often", 1, "no whole number");
    }
}
