//! A headset's head, hands and buttons: what is tracked and pressed becomes an intent.
//!
//! It must not know the runtime that tracks (the presenter translates it) nor the network.

use super::bare_hands::{BareHands, Gestures};
use super::hand_aim::{AimRules, HandAim};
use super::hand_buttons::{HandButton, HandButtons, HandDeed};
use super::held_over::HeldOver;
use super::intent::TrackedPoses;
use super::one_stick;
use super::{Command, Intent, OrderCommand, ShellCommand};
use crate::comfort::turn::StickTurn;
use crate::comfort::{ComfortSettings, Hand, OneStick};
use crate::panels::Panel;
use crate::settings::{Settings, Turn};
use glam::{Vec2, Vec3};
use venue_model::RigidPose;

/// Sticks that are let go rest within this.
const DEAD_ZONE: f32 = 0.15;

/// A button that is held so long means something else than one that is pressed, seconds.
const LONG_PRESS_SECS: f32 = 0.8;

/// One hand, in the play space's frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HandState {
    /// Where the palm holds the controller.
    pub grip: Option<RigidPose>,
    /// Where it points: along -z.
    pub aim: Option<RigidPose>,
    /// The tip of the index finger, where fingers are tracked.
    pub tip: Option<Vec3>,
    /// How far fingers are bent, from the thumb to the little finger: 0 straight, 1 in the fist.
    pub curls: Option<[f32; 5]>,
    /// What it does without a controller; none while it holds one.
    pub bare: Option<Gestures>,
    /// The button that chooses what is pointed at.
    pub select: bool,
    /// Which others are pressed, in the order of [`HandButton::ALL`].
    pub buttons: [bool; HandButton::ALL.len()],
    /// x to the right, y ahead; each -1 to 1.
    pub stick: Vec2,
}

impl HandState {
    /// Whether a button is pressed.
    pub fn is_pressed(&self, button: HandButton) -> bool {
        self.buttons[button as usize]
    }
}

/// What was set for a headset's hands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HeadsetSettings {
    /// How the stick turns.
    pub turn: Turn,
    /// The only hand that does anything, if there is one.
    pub only: Option<Hand>,
    /// What its stick does.
    pub one_stick: OneStick,
    /// What buttons do.
    pub buttons: HandButtons,
    /// What is added to every tracked height, metres.
    pub raised_metres: f32,
}

impl HeadsetSettings {
    /// Out of everything that a person has set.
    pub fn of(settings: &Settings) -> Self {
        let comfort = &settings.comfort;
        let only = comfort.one_handed.then_some(comfort.hand);
        let raised_metres = comfort.height_offset.unwrap_or(0.0);
        let ComfortSettings { one_stick, buttons, .. } = *comfort;
        Self { turn: settings.turn, only, one_stick, buttons, raised_metres }
    }
}

/// What the panels in the room have of the hands, left and right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AtPanels {
    /// Whose stick scrolls there.
    pub scrolling: [bool; 2],
    /// Whose ray or finger is there: its trigger is theirs.
    pub pointing: [bool; 2],
    /// Who presses something there.
    pub pressing: [bool; 2],
}

/// How much of the person's attention the venue has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Attention {
    /// The venue is not seen: the headset is off, or another program has it.
    #[default]
    None,
    /// It is seen, but something of the system lies over it.
    Seen,
    /// It is seen and hears every button.
    Full,
}

/// What a headset says at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HeadsetState {
    /// How much the venue has of the person's attention.
    pub attention: Attention,
    /// The head in the play space's frame; none while it is not tracked.
    pub head: Option<RigidPose>,
    /// Left and right.
    pub hands: [HandState; 2],
    /// The person let the system choose another middle of the play space.
    pub is_recentered: bool,
}

/// The state of a headset, and what its buttons were a frame ago.
#[derive(Clone, Debug, Default)]
pub struct Headset {
    state: HeadsetState,
    last_head: Option<RigidPose>,
    held_over: HeldOver,
    bare_hands: BareHands,
    were_pressed: [[bool; HandButton::ALL.len()]; 2],
    /// How long the button that recenters is held; none while it is not, or when that has done its deed.
    held_secs: Option<f32>,
    stick_turn: StickTurn,
    aim: HandAim,
    at_panels: AtPanels,
    /// The button of a controller that went down in this frame.
    pressed: Option<HandButton>,
    /// The next button that goes down answers a question of the settings, and does nothing.
    is_asked: bool,
}

impl Headset {
    /// What the headset says now.
    pub fn set(&mut self, mut state: HeadsetState) {
        self.held_over.take_out(&mut state);
        self.state = HeadsetState { is_recentered: state.is_recentered || self.state.is_recentered, ..state };
        self.last_head = state.head.or(self.last_head);
    }

    /// What it said last.
    pub fn state(&self) -> &HeadsetState {
        &self.state
    }

    /// Which hands are busy with the panels.
    pub fn set_at_panels(&mut self, at_panels: AtPanels) {
        self.at_panels = at_panels;
    }

    /// Whether the next button answers a question and does nothing else.
    pub fn set_asked(&mut self, is_asked: bool) {
        self.is_asked = is_asked;
    }

    /// The button that went down in this frame.
    pub fn pressed(&self) -> Option<HandButton> {
        self.pressed
    }

    /// What a hand aims at.
    pub fn aim(&self) -> &HandAim {
        &self.aim
    }

    /// Whether the aim was let go; asks once.
    pub fn take_jump(&mut self) -> bool {
        self.aim.take_jump()
    }

    /// Fills this frame's intent.
    pub fn fill(
        &mut self,
        intent: &mut Intent,
        shell: &mut Vec<ShellCommand>,
        settings: &HeadsetSettings,
        dt: f32,
    ) {
        intent.is_away = self.state.attention != Attention::Full;
        self.pressed = None;
        if intent.is_away {
            self.aim.clear();
            self.bare_hands.clear();
        } else {
            self.bare_hands.step(&mut self.state, self.last_head, dt);
        }
        if self.state.attention == Attention::None {
            (self.were_pressed, self.held_secs) = ([[false; HandButton::ALL.len()]; 2], None);
            self.stick_turn = StickTurn::default();
            return;
        }
        let hands = self.state.hands;
        // For the moment that the tracking is lost the head is where it was.
        intent.tracked = self.last_head.map(|head| TrackedPoses {
            head,
            hands: hands.map(|hand| hand.grip),
            curls: hands.map(|hand| hand.curls),
            raised_metres: settings.raised_metres,
        });
        if std::mem::take(&mut self.state.is_recentered) {
            intent.commands.push(Command::Recenter);
        }
        self.move_by_sticks(intent, settings, dt);
        self.press_buttons(intent, shell, settings, dt);
    }

    /// The left stick walks, the right one turns and aims. One hand alone turns, and aims or walks.
    fn move_by_sticks(&mut self, intent: &mut Intent, settings: &HeadsetSettings, dt: f32) {
        let turning = settings.only.unwrap_or(Hand::Right);
        let walks_alone = settings.only.is_some() && settings.one_stick == OneStick::Walk;
        let AtPanels { scrolling, pointing, pressing } = self.at_panels;
        let at_panels = Hand::BOTH.map(|hand| pointing[hand.index()] || scrolling[hand.index()]);
        let rules =
            AimRules { stick: (!walks_alone).then_some(turning), only: settings.only, at_panels, pressing };
        self.aim.step(&self.state.hands, rules);
        let free = |hand: Hand| match scrolling[hand.index()] || self.aim.has_stick(hand) {
            true => Vec2::ZERO,
            false => self.state.hands[hand.index()].stick,
        };
        let (walk, aside) = match settings.only {
            None => (free(Hand::Left), free(Hand::Right).x),
            Some(only) if walks_alone => one_stick::parts(free(only), settings.turn),
            Some(only) => (Vec2::ZERO, free(only).x),
        };
        intent.walk = beyond_dead_zone(walk);
        intent.turn += self.stick_turn.step(aside, settings.turn, dt);
    }

    fn press_buttons(
        &mut self,
        intent: &mut Intent,
        shell: &mut Vec<ShellCommand>,
        settings: &HeadsetSettings,
        dt: f32,
    ) {
        let counts = |side: usize| settings.only.is_none_or(|only| only.index() == side);
        let now = [0, 1].map(|side| self.state.hands[side].buttons.map(|is_down| is_down && counts(side)));
        let were = std::mem::replace(&mut self.were_pressed, now);
        let mut holds_recenter = false;
        for (side, button) in [0, 1].into_iter().flat_map(|side| HandButton::ALL.map(|button| (side, button)))
        {
            let deed = settings.buttons.deed_of(button);
            let (is_down, was_down) = (now[side][button as usize], were[side][button as usize]);
            holds_recenter |= is_down && deed == HandDeed::Recenter;
            if is_down && !was_down {
                self.pressed = Some(button);
                if !self.is_asked {
                    self.begin(deed, intent, shell);
                }
            }
        }
        self.hold(holds_recenter, intent, dt);
    }

    fn begin(&mut self, deed: HandDeed, intent: &mut Intent, shell: &mut Vec<ShellCommand>) {
        match deed {
            HandDeed::Nothing => {}
            HandDeed::Menu => shell.push(ShellCommand::ClosePanel),
            HandDeed::Mute => intent.commands.push(Command::MuteOrUnmute),
            HandDeed::Recenter => self.held_secs = Some(0.0),
            HandDeed::Hand => intent.commands.push(Command::RaiseOrLowerHand),
            HandDeed::Sit => intent.commands.push(Command::SitOrStand),
            HandDeed::Text => shell.push(ShellCommand::TogglePanel(Panel::Texts)),
        }
    }

    /// Shortly pressed, the button recenters when it is let go; held, it leads to safety at once.
    fn hold(&mut self, is_down: bool, intent: &mut Intent, dt: f32) {
        let Some(secs) = self.held_secs else { return };
        let secs = secs + dt;
        self.held_secs = Some(secs).filter(|_| is_down && secs < LONG_PRESS_SECS);
        if secs >= LONG_PRESS_SECS {
            intent.commands.push(Command::Order(OrderCommand::GoToSafety));
        } else if !is_down {
            intent.commands.push(Command::Recenter);
        }
    }
}

/// A stick's way without the part in which it rests, at most 1 long.
fn beyond_dead_zone(stick: Vec2) -> Vec2 {
    let length = stick.length().min(1.0);
    let beyond = (length - DEAD_ZONE).max(0.0) / (1.0 - DEAD_ZONE);
    stick.normalize_or_zero() * beyond
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worn() -> HeadsetState {
        let head = RigidPose { position: Vec3::Y * 1.6, ..RigidPose::default() };
        HeadsetState { attention: Attention::Full, head: Some(head), ..HeadsetState::default() }
    }

    fn frame(headset: &mut Headset, state: HeadsetState) -> (Intent, Vec<ShellCommand>) {
        let (mut intent, mut shell) = (Intent::default(), Vec::new());
        headset.set(state);
        headset.fill(&mut intent, &mut shell, &HeadsetSettings::default(), 0.1);
        (intent, shell)
    }

    fn with_stick(aside: f32) -> HeadsetState {
        let mut state = worn();
        state.hands[1].stick = Vec2::new(aside, 0.0);
        state
    }

    #[test]
    fn a_stick_that_is_held_aside_turns_once() {
        let mut headset = Headset::default();
        let turns = [0.9, 1.0, 0.6, 0.9, 0.1, 0.9, -0.9]
            .map(|aside| frame(&mut headset, with_stick(aside)).0.turn.to_degrees().round());
        assert_eq!(turns, [-30.0, 0.0, 0.0, 0.0, 0.0, -30.0, 0.0]);
    }

    #[test]
    fn a_stick_that_rests_walks_nowhere_and_a_pushed_one_at_full_speed() {
        let mut state = worn();
        state.hands[0].stick = Vec2::new(0.1, 0.05);
        assert_eq!(frame(&mut Headset::default(), state).0.walk, Vec2::ZERO);
        state.hands[0].stick = Vec2::new(0.0, 1.0);
        assert!(frame(&mut Headset::default(), state).0.walk.abs_diff_eq(Vec2::Y, 1e-6));
    }

    #[test]
    fn the_stick_of_a_hand_at_the_panels_does_nothing_else() {
        let mut headset = Headset::default();
        headset.set_at_panels(AtPanels { scrolling: [true, true], ..AtPanels::default() });
        let mut state = with_stick(1.0);
        state.hands[0].stick = Vec2::Y;
        let (intent, _) = frame(&mut headset, state);
        assert_eq!((intent.walk, intent.turn), (Vec2::ZERO, 0.0));
    }

    #[test]
    fn the_menu_opens_once_for_each_press() {
        let mut headset = Headset::default();
        let mut pressed = worn();
        pressed.hands[1].buttons[HandButton::Menu as usize] = true;
        let opened = [pressed, pressed, worn(), pressed].map(|state| frame(&mut headset, state).1.len());
        assert_eq!(opened, [1, 0, 0, 1]);
    }

    #[test]
    fn who_took_the_headset_off_wants_nothing_and_is_away() {
        let mut headset = Headset::default();
        let mut state = with_stick(1.0);
        state.attention = Attention::Seen;
        let (intent, _) = frame(&mut headset, state);
        assert!(intent.is_away && intent.tracked.is_some(), "the head looks around below the system's menu");
        state.attention = Attention::None;
        let (intent, shell) = frame(&mut headset, state);
        assert!(intent.is_away && intent.tracked.is_none() && intent.turn == 0.0 && shell.is_empty());
    }

    #[test]
    fn a_lost_head_stays_where_it_was_and_a_recentered_one_is_told_once() {
        let mut headset = Headset::default();
        frame(&mut headset, worn());
        let lost = HeadsetState { head: None, is_recentered: true, ..worn() };
        let (intent, _) = frame(&mut headset, lost);
        assert_eq!(intent.tracked.unwrap().head.position, Vec3::Y * 1.6);
        assert_eq!(intent.commands, [Command::Recenter]);
        assert!(frame(&mut headset, worn()).0.commands.is_empty());
    }

    fn pressing(button: HandButton) -> HeadsetState {
        let mut state = worn();
        state.hands[0].buttons[button as usize] = true;
        state
    }

    #[test]
    fn the_button_that_recenters_leads_to_safety_when_it_is_held() {
        let mut headset = Headset::default();
        let held = pressing(HandButton::StickPress);
        let commands = |headset: &mut Headset, state, frames: usize| -> Vec<Command> {
            (0..frames).flat_map(|_| frame(headset, state).0.commands).collect()
        };
        assert!(commands(&mut headset, held, 3).is_empty());
        assert_eq!(commands(&mut headset, worn(), 2), [Command::Recenter], "let go");
        let safety = Command::Order(OrderCommand::GoToSafety);
        assert_eq!(commands(&mut headset, held, 30), [safety], "once, and at once");
        assert!(commands(&mut headset, worn(), 2).is_empty());
    }

    #[test]
    fn one_hand_does_everything_and_the_other_nothing() {
        let only = HeadsetSettings { only: Some(Hand::Left), ..HeadsetSettings::default() };
        let with = |state: HeadsetState| {
            let (mut intent, mut shell) = (Intent::default(), Vec::new());
            let mut headset = Headset::default();
            headset.set(state);
            headset.fill(&mut intent, &mut shell, &only, 0.1);
            (intent, shell, headset.aim().held().is_some())
        };
        let mut state = pressing(HandButton::Upper);
        state.hands[0].stick = Vec2::X;
        let (intent, shell, _) = with(state);
        assert_eq!((intent.turn.to_degrees().round(), shell.len(), intent.walk), (-30.0, 1, Vec2::ZERO));
        state.hands.swap(0, 1);
        let (intent, shell, _) = with(state);
        assert_eq!((intent.turn, shell.len()), (0.0, 0));
        let mut state = worn();
        state.hands[0] =
            HandState { aim: Some(RigidPose::default()), stick: Vec2::Y, ..HandState::default() };
        assert!(with(state).2, "its stick pushed ahead aims");
    }

    #[test]
    fn one_hand_s_stick_may_walk_instead_and_its_trigger_still_aims() {
        let (only, one_stick) = (Some(Hand::Right), OneStick::Walk);
        let walks = HeadsetSettings { only, one_stick, ..HeadsetSettings::default() };
        let mut headset = Headset::default();
        let mut with = |select: bool, x: f32, y: f32| {
            let mut state = worn();
            let (aim, stick) = (Some(RigidPose::default()), Vec2::new(x, y));
            state.hands[1] = HandState { aim, select, stick, ..HandState::default() };
            // The hand that does nothing.
            state.hands[0].stick = Vec2::ONE;
            let mut intent = Intent::default();
            headset.set(state);
            headset.fill(&mut intent, &mut Vec::new(), &walks, 0.1);
            (intent.walk, intent.turn.to_degrees().round(), headset.aim().held().is_some())
        };
        assert_eq!(with(false, 0.1, 1.0), (Vec2::Y, 0.0, false));
        assert_eq!(with(false, 0.0, -1.0), (Vec2::NEG_Y, 0.0, false), "and back");
        assert_eq!(with(false, 1.0, 0.3), (Vec2::ZERO, -30.0, false), "aside it turns");
        assert_eq!(with(false, 0.0, 0.0), (Vec2::ZERO, 0.0, false));
        assert_eq!(with(true, 0.0, 0.0), (Vec2::ZERO, 0.0, true), "the trigger aims");
        assert_eq!(with(true, 0.0, 1.0), (Vec2::ZERO, 0.0, true), "where the stick chooses the facing");
    }

    #[test]
    fn a_trigger_that_closed_the_system_s_menu_leads_nowhere() {
        let mut headset = Headset::default();
        let mut held = worn();
        held.hands[1] = HandState { aim: Some(RigidPose::default()), select: true, ..HandState::default() };
        let seen = HeadsetState { attention: Attention::Seen, ..worn() };
        let aims = [worn(), seen, held, held, worn()].map(|state| {
            frame(&mut headset, state);
            headset.aim().held().is_some() || headset.take_jump()
        });
        assert_eq!(aims, [false; 5]);
        frame(&mut headset, held);
        assert!(headset.aim().held().is_some(), "pulled anew it aims");
    }

    #[test]
    fn a_button_that_answers_a_question_does_nothing_else() {
        let mut headset = Headset::default();
        headset.set_asked(true);
        let (intent, shell) = frame(&mut headset, pressing(HandButton::Menu));
        assert_eq!((intent.commands, shell, headset.pressed()), (vec![], vec![], Some(HandButton::Menu)));
    }
}
