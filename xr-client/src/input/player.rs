//! Plays a script: looks at what the client knows and wants the next thing, as a person at the keyboard would.
//!
//! It must not act on the network; it fills intents.

use super::script::{Line, Predicate, SeatChoice, Step, TalkStep};
use super::{Command, Intent, ShellCommand};
use crate::core::microphone::OwnMicrophone;
use crate::core::people::People;
use crate::core::stage::Stage;
use crate::core::talking::TalkCommand;
use crate::core::texts::Texts;
use crate::panels::model::Delivery;
use crate::scene::camera::Perspective;
use crate::sound::Heard;
use crate::voice::Speaking;
use glam::{Vec2, Vec3};
use private_talk::Talks;
use std::collections::BTreeMap;
use std::collections::VecDeque;
use venue_model::{BodyPose, Gesture, ParticipantId, SeatId, SpaceId, TextScope};
use venue_motion::{FloorPoint, Walkable};
use venue_package::Manifest;
use venue_protocol::{LocalTime, MessageBody, TalkAnswer};

/// Seconds that a wait or a walk may take, until the script says otherwise.
const DEFAULT_LIMIT_SECS: f64 = 60.0;

/// As near as a walk comes to its goal, metres.
const ARRIVED_METRES: f32 = 0.12;

/// A voice softer than this is not heard, decibels below full scale.
const AUDIBLE_LEVEL: u8 = 60;

/// A body that moved less than this for a while is still, metres.
const STILL_METRES: f32 = 0.003;

/// How long a body must not have moved to be still, µs.
const STILL_MICROS: u64 = 600_000;

/// What the player sees.
pub struct Surroundings<'a> {
    /// The client's clock.
    pub now: LocalTime,
    /// How far the way into the venue has got.
    pub stage: &'a Stage,
    /// The venue.
    pub manifest: Option<&'a Manifest>,
    /// The floor.
    pub walkable: Option<&'a Walkable>,
    /// The own space.
    pub space: Option<SpaceId>,
    /// The own body.
    pub body: &'a BodyPose,
    /// The floor below it.
    pub floor: Option<FloorPoint>,
    /// The others that are shown.
    pub bodies: &'a [(ParticipantId, BodyPose)],
    /// Everybody.
    pub people: &'a People,
    /// The texts.
    pub texts: &'a Texts,
    /// Whether everything of the venue is drawn.
    pub is_loaded: bool,
    /// Whether a picture is being taken.
    pub is_drawing: bool,
    /// The nearest free seat.
    pub nearest_seat: Option<SeatId>,
    /// The sentence that is shown as a notice.
    pub notice_id: Option<&'a str>,
    /// What a builder's tools said last.
    pub note: Option<&'a str>,
    /// What was copied last.
    pub copied: Option<&'a str>,
    /// What sounded since the program's start.
    pub heard: &'a Heard,
    /// The own microphone.
    pub own_microphone: OwnMicrophone,
    /// Whether the microphone's file is over.
    pub is_spoken: bool,
    /// Who is heard.
    pub speaking: &'a [Speaking],
    /// Private talks.
    pub talks: &'a Talks,
}

/// A script that did not come to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the script: {what}")]
pub struct ScriptFailure {
    /// Counted from one.
    pub line: usize,
    /// What did not happen.
    pub what: String,
}

/// Whether a step is through.
enum Done {
    Yes,
    No(&'static str),
}

/// Plays one script.
pub struct Player {
    lines: VecDeque<Line>,
    limit_micros: u64,
    /// When the step that runs began.
    began: Option<LocalTime>,
    frames: u32,
    path: Vec<Vec3>,
    seen_at: BTreeMap<ParticipantId, (Vec3, LocalTime)>,
}

impl Player {
    /// A player at the script's start.
    pub fn new(lines: Vec<Line>) -> Self {
        Self {
            lines: lines.into(),
            limit_micros: (DEFAULT_LIMIT_SECS * 1e6) as u64,
            began: None,
            frames: 0,
            path: Vec::new(),
            seen_at: BTreeMap::new(),
        }
    }

    /// Wants what the script wants now. Ends with `Quit` when the script is through.
    pub fn step(
        &mut self,
        seen: &Surroundings<'_>,
        intent: &mut Intent,
        shell: &mut Vec<ShellCommand>,
    ) -> Result<(), ScriptFailure> {
        self.watch(seen);
        while let Some(line) = self.lines.front().cloned() {
            let is_new = self.began.is_none();
            let began = *self.began.get_or_insert(seen.now);
            let fail = |what: String| ScriptFailure { line: line.number, what };
            let done = self.perform(&line.step, is_new, seen, intent, shell).map_err(fail)?;
            self.frames += 1;
            if let Done::No(waits_for) = done {
                if seen.now.micros_since(began) > self.limit_micros {
                    let secs = self.limit_micros / 1_000_000;
                    let stage = describe(seen);
                    return Err(fail(format!("after {secs} s still no end of: {waits_for} ({stage})")));
                }
                return Ok(());
            }
            self.lines.pop_front();
            self.began = None;
            self.frames = 0;
        }
        shell.push(ShellCommand::Quit);
        Ok(())
    }

    fn watch(&mut self, seen: &Surroundings<'_>) {
        self.seen_at.retain(|id, _| seen.bodies.iter().any(|(other, _)| other == id));
        for (id, pose) in seen.bodies {
            let entry = self.seen_at.entry(*id).or_insert((pose.root, seen.now));
            if entry.0.distance(pose.root) > STILL_METRES {
                *entry = (pose.root, seen.now);
            }
        }
    }

    fn perform(
        &mut self,
        step: &Step,
        is_new: bool,
        seen: &Surroundings<'_>,
        intent: &mut Intent,
        shell: &mut Vec<ShellCommand>,
    ) -> Result<Done, String> {
        match step {
            Step::Wait(predicate) => {
                let holds = self.holds(predicate, seen);
                return Ok(if holds { Done::Yes } else { Done::No("the wait") });
            }
            Step::Timeout(secs) => self.limit_micros = (secs.max(0.0) * 1e6) as u64,
            Step::Walk { x, z } => return self.walk(*x, *z, is_new, seen, intent),
            Step::Screenshot(name) => {
                if is_new {
                    shell.push(ShellCommand::Screenshot(name.clone()));
                }
                let is_taken = !is_new && !seen.is_drawing;
                return Ok(if is_taken { Done::Yes } else { Done::No("the picture") });
            }
            Step::Quit => {
                self.lines.truncate(1);
            }
            Step::Open(panel) => shell.push(ShellCommand::OpenPanel(*panel)),
            Step::Close => shell.push(ShellCommand::ClosePanel),
            Step::Language(language) => shell.push(ShellCommand::SetLanguage(*language)),
            Step::ThirdPerson(third) => shell.push(ShellCommand::SetPerspective(match third {
                true => Perspective::Third,
                false => Perspective::First,
            })),
            Step::Overlay(is_shown) => shell.push(ShellCommand::ShowOverlay(*is_shown)),
            Step::Copy => shell.push(ShellCommand::CopyAnchor),
            wish => intent.commands.push(command_of(wish, seen)?),
        }
        Ok(Done::Yes)
    }

    fn walk(
        &mut self,
        x: f32,
        z: f32,
        is_new: bool,
        seen: &Surroundings<'_>,
        intent: &mut Intent,
    ) -> Result<Done, String> {
        let (Some(walkable), Some(floor)) = (seen.walkable, seen.floor) else {
            return Ok(Done::No("a floor to walk on"));
        };
        if is_new || self.path.is_empty() {
            let goal = Vec3::new(x, floor.position.y, z);
            let to = walkable.locate(goal, 3.0).ok_or_else(|| format!("there is no floor at {x} {z}"))?;
            self.path = walkable.path(floor, to).ok_or_else(|| format!("no way on foot leads to {x} {z}"))?;
            self.path.reverse();
        }
        let here = seen.body.root;
        while let Some(corner) = self.path.last() {
            let way = Vec2::new(corner.x - here.x, corner.z - here.z);
            // Corners on the way are only passed by; the goal is reached.
            let near = if self.path.len() == 1 { ARRIVED_METRES } else { 0.3 };
            if way.length() > near {
                let yaw = (-way.x).atan2(-way.y);
                intent.commands.push(Command::Face { yaw, pitch: 0.0 });
                intent.walk = Vec2::Y * (way.length() * 1.5).clamp(0.15, 1.0);
                return Ok(Done::No("the walk"));
            }
            self.path.pop();
        }
        Ok(Done::Yes)
    }

    fn holds(&self, predicate: &Predicate, seen: &Surroundings<'_>) -> bool {
        let shown = |name: &str| {
            let id = seen.people.named(name)?;
            seen.bodies.iter().find(|(shown, _)| *shown == id).map(|(id, _)| *id)
        };
        let problem = match seen.stage {
            Stage::StartWithProblem(problem) | Stage::Ended(problem) => Some(problem.id()),
            Stage::Lost { problem, .. } | Stage::AsksTrust { problem, .. } => Some(problem.id()),
            _ => seen.notice_id,
        };
        match predicate {
            Predicate::Inside => *seen.stage == Stage::Inside,
            Predicate::Loaded => seen.is_loaded,
            Predicate::Space(key) => seen.space.is_some() && space_by_key(seen, key) == seen.space,
            Predicate::Others(count) => seen.bodies.len() >= *count,
            Predicate::Person(name) => shown(name).is_some(),
            Predicate::Gone(name) => shown(name).is_none(),
            Predicate::Still(name) => shown(name)
                .and_then(|id| self.seen_at.get(&id))
                .is_some_and(|(_, since)| seen.now.micros_since(*since) >= STILL_MICROS),
            Predicate::Seated(seated) => {
                matches!(seen.body.posture, venue_model::Posture::Seated(_)) == *seated
            }
            Predicate::Text(words) => seen.texts.lines().any(|line| {
                matches!(line.delivery, Delivery::Received | Delivery::Stored) && line.body.contains(words)
            }),
            Predicate::Lost => matches!(seen.stage, Stage::Lost { .. }),
            Predicate::Problem(id) => problem == Some(id.as_str()),
            Predicate::Sound(sound, count) => seen.heard.count(*sound) >= *count,
            Predicate::Seat(label) => {
                seen.manifest.is_some_and(|manifest| manifest.seats.iter().any(|seat| seat.label == *label))
            }
            Predicate::Note(words) => seen.note.is_some_and(|note| note.contains(words)),
            Predicate::Copied(words) => seen.copied.is_some_and(|copied| copied.contains(words)),
            Predicate::Microphone(is_open) => {
                (seen.own_microphone == OwnMicrophone::Open) == *is_open
                    && seen.own_microphone != OwnMicrophone::Opening
            }
            Predicate::Spoken => seen.is_spoken,
            Predicate::Heard(name) => is_heard(name, seen),
            Predicate::Silent(name) => !is_heard(name, seen),
            Predicate::Asked(name) => {
                let id = seen.people.named(name);
                seen.talks.requests().iter().any(|request| Some(request.by) == id)
            }
            Predicate::Talk(name) => {
                let id = seen.people.named(name);
                id.is_some_and(|id| seen.talks.members().contains(&id)) && seen.talks.code().is_some()
            }
            Predicate::Whisper(words) => {
                seen.talks.texts().any(|text| text.body.as_str().contains(words.as_str()))
            }
            Predicate::NoTalk => seen.talks.current().is_none(),
            Predicate::Frames(count) => self.frames >= *count,
        }
    }
}

fn is_heard(name: &str, seen: &Surroundings<'_>) -> bool {
    let id = seen.people.named(name);
    let audible = |speaking: &&Speaking| speaking.said.level < AUDIBLE_LEVEL;
    seen.speaking.iter().filter(audible).any(|speaking| Some(speaking.who) == id)
}

fn command_of(step: &Step, seen: &Surroundings<'_>) -> Result<Command, String> {
    Ok(match step {
        Step::Connect(link) => Command::Connect(link.clone()),
        Step::Trust => Command::TrustServer,
        Step::GoTo(key) => {
            let space = space_by_key(seen, key);
            Command::GoToSpace(space.ok_or_else(|| format!("the venue has no space {key:?}"))?)
        }
        Step::Teleport { x, z } => Command::Teleport(Vec3::new(*x, seen.body.root.y, *z)),
        Step::Face { yaw, pitch } => Command::Face { yaw: *yaw, pitch: *pitch },
        Step::FacePerson(name) => face(name, seen)?,
        Step::Sit(choice) => Command::TakeSeat(seat(choice, seen)?),
        Step::Stand => Command::StandUp,
        Step::Microphone(is_open) => match (seen.own_microphone, is_open) {
            (OwnMicrophone::Closed, true) | (OwnMicrophone::Open, false) => Command::MuteOrUnmute,
            (now, _) => return Err(format!("the microphone is {now:?}")),
        },
        Step::Talk(step) => Command::Talk(talk_command(step, seen)?),
        Step::Gesture(number) => Command::Gesture(Gesture::ALL.get(*number).copied().unwrap_or_default()),
        Step::Say(text) => {
            let body = MessageBody::new(text.clone()).map_err(|error| error.to_string())?;
            Command::SendText { scope: TextScope::Space, body }
        }
        other => return Err(format!("{other:?} is no wish of the body")),
    })
}

fn talk_command(step: &TalkStep, seen: &Surroundings<'_>) -> Result<TalkCommand, String> {
    let who =
        |name: &String| seen.people.named(name).ok_or_else(|| format!("nobody here is called {name:?}"));
    Ok(match step {
        TalkStep::Ask(name) => TalkCommand::Ask(who(name)?),
        TalkStep::Accept(name) => TalkCommand::Answer { by: who(name)?, answer: TalkAnswer::Accept },
        TalkStep::Confirm(name) => TalkCommand::Confirm(who(name)?),
        TalkStep::Say(text) => {
            TalkCommand::Say(MessageBody::new(text.clone()).map_err(|error| error.to_string())?)
        }
        TalkStep::Leave => TalkCommand::Leave,
    })
}

fn face(name: &str, seen: &Surroundings<'_>) -> Result<Command, String> {
    let id = seen.people.named(name).ok_or_else(|| format!("nobody here is called {name:?}"))?;
    let body = seen.bodies.iter().find(|(shown, _)| *shown == id);
    let (_, pose) = body.ok_or_else(|| format!("{name} is not in this space"))?;
    let way = pose.head_in_building().position - seen.body.head_in_building().position;
    let flat = Vec2::new(way.x, way.z).length();
    Ok(Command::Face { yaw: (-way.x).atan2(-way.z), pitch: way.y.atan2(flat) })
}

fn seat(choice: &SeatChoice, seen: &Surroundings<'_>) -> Result<SeatId, String> {
    let SeatChoice::Named(label) = choice else {
        return seen.nearest_seat.ok_or_else(|| "no free seat is in reach".to_owned());
    };
    let seats = seen.manifest.map_or(&[][..], |manifest| &manifest.seats);
    let by_label = seats.iter().find(|seat| seat.label == *label);
    let by_number = || seats.iter().find(|seat| label.parse() == Ok(seat.id.0));
    let found = by_label.or_else(by_number).map(|seat| seat.id);
    found.ok_or_else(|| format!("the venue has no seat {label:?}"))
}

fn space_by_key(seen: &Surroundings<'_>, key: &str) -> Option<SpaceId> {
    seen.manifest.and_then(|manifest| manifest.space_by_key(key)).map(|space| space.id)
}

fn describe(seen: &Surroundings<'_>) -> String {
    let root = seen.body.root;
    let others = seen.bodies.len();
    format!("stage {:?}, at {:.2} {:.2} {:.2}, {others} others seen", seen.stage, root.x, root.y, root.z)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::script::parse;
    use crate::testing::square_room;

    struct World {
        stage: Stage,
        body: BodyPose,
        people: People,
        texts: Texts,
        walkable: Walkable,
        heard: Heard,
        talks: Talks,
        now: u64,
    }

    impl World {
        fn new() -> Self {
            Self {
                stage: Stage::Connecting,
                body: BodyPose::standing(Vec3::ZERO, 0.0),
                people: People::default(),
                texts: Texts::new(0),
                walkable: square_room(5.0),
                heard: Heard::default(),
                talks: Talks::new([7; 32]),
                now: 0,
            }
        }

        fn step(&mut self, player: &mut Player) -> Result<(Intent, Vec<ShellCommand>), ScriptFailure> {
            self.now += 16_000;
            let floor = self.walkable.locate(self.body.root, 1.0);
            let seen = Surroundings {
                now: LocalTime(self.now),
                stage: &self.stage,
                manifest: None,
                walkable: Some(&self.walkable),
                space: None,
                body: &self.body,
                floor,
                bodies: &[],
                people: &self.people,
                texts: &self.texts,
                is_loaded: true,
                is_drawing: false,
                nearest_seat: None,
                notice_id: None,
                note: None,
                copied: None,
                heard: &self.heard,
                own_microphone: OwnMicrophone::Closed,
                is_spoken: true,
                speaking: &[],
                talks: &self.talks,
            };
            let (mut intent, mut shell) = (Intent::default(), Vec::new());
            player.step(&seen, &mut intent, &mut shell)?;
            Ok((intent, shell))
        }
    }

    fn player(script: &str) -> Player {
        Player::new(parse(script).unwrap())
    }

    #[test]
    fn a_wait_goes_on_when_its_predicate_holds() {
        let mut world = World::new();
        let mut player = player("wait inside\nsay hello");
        assert!(world.step(&mut player).unwrap().0.commands.is_empty());
        world.stage = Stage::Inside;
        let (intent, shell) = world.step(&mut player).unwrap();
        assert!(matches!(intent.commands[..], [Command::SendText { .. }]));
        assert_eq!(shell, [ShellCommand::Quit]);
    }

    #[test]
    fn a_wait_that_never_holds_fails_with_its_line() {
        let mut world = World::new();
        let mut player = player("timeout 1\nwait inside");
        let failure = (0..100).find_map(|_| world.step(&mut player).err()).unwrap();
        assert_eq!(failure.line, 2);
        assert!(failure.to_string().contains("1 s"), "{failure}");
    }

    #[test]
    fn a_walk_heads_for_its_goal_and_ends_there() {
        let mut world = World::new();
        let mut player = player("walk 3 0");
        let (intent, _) = world.step(&mut player).unwrap();
        let Some(Command::Face { yaw, .. }) = intent.commands.first() else { panic!("{intent:?}") };
        assert!((yaw + std::f32::consts::FRAC_PI_2).abs() < 1e-3, "east is to the right: {yaw}");
        assert!(intent.walk.y > 0.9);
        world.body.root = Vec3::new(2.95, 0.0, 0.0);
        assert_eq!(world.step(&mut player).unwrap().1, [ShellCommand::Quit]);
    }

    #[test]
    fn quit_leaves_the_rest_out() {
        let mut world = World::new();
        let (intent, shell) = world.step(&mut player("quit\nsay never")).unwrap();
        assert_eq!((intent.commands.len(), &shell[..]), (0, &[ShellCommand::Quit][..]));
    }
}
