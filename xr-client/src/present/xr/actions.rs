//! The hands of the headset: actions and spaces made of the table in `input/xr_actions.rs`, and read once a frame.
//!
//! It must not know what the actions are for.

use super::hand_joints::HandJoints;
use super::runtime::{Runtime, XrError};
use super::views::pose_of;
use crate::input::bare_hands::Gestures;
use crate::input::fingers::Hold;
use crate::input::hand_buttons::HandButton;
use crate::input::headset::HandState;
use crate::input::xr_actions::{HANDS, HandAction, Needs, PROFILES, Profile};
use glam::Vec2;
use openxr as xr;
use venue_model::RigidPose;

/// What the hands can do.
pub struct Actions {
    instance: xr::Instance,
    set: xr::ActionSet,
    hands: [xr::Path; 2],
    made: Made,
    spaces: [HandSpaces; 2],
    joints: HandJoints,
}

/// The actions.
struct Made {
    grip: xr::Action<xr::Posef>,
    aim: xr::Action<xr::Posef>,
    select: xr::Action<bool>,
    stick: xr::Action<xr::Vector2f>,
    stick_gate: xr::Action<bool>,
    buttons: [xr::Action<bool>; HandButton::ALL.len()],
    pull: xr::Action<f32>,
    squeeze: xr::Action<f32>,
    thumb_rest: xr::Action<bool>,
    pinch: xr::Action<f32>,
    pinch_ready: xr::Action<bool>,
    grasp: xr::Action<f32>,
    grasp_ready: xr::Action<bool>,
}

struct HandSpaces {
    grip: xr::Space,
    aim: xr::Space,
}

/// Asks for what the table's controllers and fingers need, as far as the runtime offers it.
pub fn ask_for(offered: &xr::ExtensionSet, wanted: &mut xr::ExtensionSet) {
    wanted.ext_hand_tracking = offered.ext_hand_tracking;
    wanted.ext_hand_interaction = offered.ext_hand_interaction;
    wanted.ext_hp_mixed_reality_controller = offered.ext_hp_mixed_reality_controller;
    wanted.fb_touch_controller_pro = offered.fb_touch_controller_pro;
    wanted.meta_touch_controller_plus = offered.meta_touch_controller_plus;
    wanted.bd_controller_interaction = offered.bd_controller_interaction;
}

/// Whether the runtime was asked for what a controller needs.
fn is_offered(instance: &xr::Instance, needs: Needs) -> bool {
    let has = instance.exts();
    match needs {
        Needs::Nothing => true,
        Needs::HandInteraction => has.ext_hand_interaction.is_some(),
        Needs::Hp => has.ext_hp_mixed_reality_controller.is_some(),
        Needs::TouchPro => has.fb_touch_controller_pro.is_some(),
        Needs::TouchPlus => has.meta_touch_controller_plus.is_some(),
        Needs::Pico => has.bd_controller_interaction.is_some(),
    }
}

impl Made {
    fn new(set: &xr::ActionSet, hands: &[xr::Path; 2]) -> xr::Result<Self> {
        let button = |button: HandButton| match button {
            HandButton::Lower => set.create_action("lower", "Lower button", hands),
            HandButton::Upper => set.create_action("upper", "Upper button", hands),
            HandButton::StickPress => set.create_action("stick_press", "Stick pressed", hands),
            HandButton::Menu => set.create_action("menu", "Menu button", hands),
            HandButton::Squeeze => set.create_action("squeeze_button", "Squeeze", hands),
        };
        let [lower, upper, stick_press, menu, squeeze] = HandButton::ALL.map(button);
        Ok(Self {
            grip: set.create_action("grip", "Hand", hands)?,
            aim: set.create_action("aim", "Point", hands)?,
            select: set.create_action("select", "Select", hands)?,
            stick: set.create_action("stick", "Walk and turn", hands)?,
            stick_gate: set.create_action("stick_gate", "Walk while pressed", hands)?,
            buttons: [lower?, upper?, stick_press?, menu?, squeeze?],
            pull: set.create_action("pull", "Index finger", hands)?,
            squeeze: set.create_action("squeeze", "Other fingers", hands)?,
            thumb_rest: set.create_action("thumb_rest", "Thumb", hands)?,
            pinch: set.create_action("pinch", "Pinch", hands)?,
            pinch_ready: set.create_action("pinch_ready", "Pinch is seen", hands)?,
            grasp: set.create_action("grasp", "Fist", hands)?,
            grasp_ready: set.create_action("grasp_ready", "Fist is seen", hands)?,
        })
    }

    fn bind(&self, action: HandAction, path: xr::Path) -> xr::Binding<'_> {
        match action {
            HandAction::Grip => xr::Binding::new(&self.grip, path),
            HandAction::Aim => xr::Binding::new(&self.aim, path),
            HandAction::Select => xr::Binding::new(&self.select, path),
            HandAction::Stick => xr::Binding::new(&self.stick, path),
            HandAction::StickGate => xr::Binding::new(&self.stick_gate, path),
            HandAction::Button(button) => xr::Binding::new(&self.buttons[button as usize], path),
            HandAction::Pinch => xr::Binding::new(&self.pinch, path),
            HandAction::PinchReady => xr::Binding::new(&self.pinch_ready, path),
            HandAction::Grasp(_) => xr::Binding::new(&self.grasp, path),
            HandAction::GraspReady => xr::Binding::new(&self.grasp_ready, path),
            HandAction::Pull => xr::Binding::new(&self.pull, path),
            HandAction::Squeeze => xr::Binding::new(&self.squeeze, path),
            HandAction::ThumbRest => xr::Binding::new(&self.thumb_rest, path),
        }
    }

    /// What of a hand is no pose.
    fn state(&self, session: &xr::Session<xr::Vulkan>, hand: xr::Path) -> xr::Result<HandState> {
        let is_pressed = |action: &xr::Action<bool>| Ok(action.state(session, hand)?.current_state);
        let stick = self.stick.state(session, hand)?.current_state;
        let gate = self.stick_gate.state(session, hand)?;
        let is_meant = !gate.is_active || gate.current_state;
        let mut buttons = [false; HandButton::ALL.len()];
        for (is_down, action) in buttons.iter_mut().zip(&self.buttons) {
            *is_down = is_pressed(action)?;
        }
        Ok(HandState {
            select: is_pressed(&self.select)?,
            buttons,
            stick: if is_meant { Vec2::new(stick.x, stick.y) } else { Vec2::ZERO },
            curls: self.hold(session, hand)?.map(|hold| hold.curls()),
            bare: self.gestures(session, hand)?,
            ..HandState::default()
        })
    }

    /// How a controller is held; none while there is none, or one that feels nothing.
    fn hold(&self, session: &xr::Session<xr::Vulkan>, hand: xr::Path) -> xr::Result<Option<Hold>> {
        let (pull, squeeze) = (self.pull.state(session, hand)?, self.squeeze.state(session, hand)?);
        let thumb_rests = self.thumb_rest.state(session, hand)?.current_state;
        let hold = Hold { pull: pull.current_state, squeeze: squeeze.current_state, thumb_rests };
        Ok((pull.is_active || squeeze.is_active).then_some(hold))
    }

    /// What a bare hand does; none while the runtime does not say. One that does not say what is to be believed means all.
    fn gestures(&self, session: &xr::Session<xr::Vulkan>, hand: xr::Path) -> xr::Result<Option<Gestures>> {
        let (pinch, grasp) = (self.pinch.state(session, hand)?, self.grasp.state(session, hand)?);
        let is_ready = |action: &xr::Action<bool>| {
            action.state(session, hand).map(|ready| !ready.is_active || ready.current_state)
        };
        let said = Gestures {
            pinch: pinch.current_state,
            can_pinch: pinch.is_active && is_ready(&self.pinch_ready)?,
            grasp: grasp.current_state,
            can_grasp: grasp.is_active && is_ready(&self.grasp_ready)?,
            knuckle: None,
        };
        Ok((pinch.is_active || grasp.is_active).then_some(said))
    }
}

impl Actions {
    /// Makes the actions and attaches them to the session, which takes no others any more.
    pub fn new(runtime: &Runtime, session: &xr::Session<xr::Vulkan>) -> Result<Self, XrError> {
        let refused = XrError::of("setting up the hands");
        let instance = runtime.instance.clone();
        let set = instance.create_action_set("venue", "Venue", 0).map_err(&refused)?;
        let path = |text: &str| instance.string_to_path(text).map_err(&refused);
        let hands = [path(HANDS[0])?, path(HANDS[1])?];
        let made = Made::new(&set, &hands).map_err(&refused)?;
        let space = |action: &xr::Action<xr::Posef>, hand: xr::Path| {
            action.create_space(session, hand, xr::Posef::IDENTITY).map_err(&refused)
        };
        let spaces = |hand| -> Result<HandSpaces, XrError> {
            Ok(HandSpaces { grip: space(&made.grip, hand)?, aim: space(&made.aim, hand)? })
        };
        let spaces = [spaces(hands[0])?, spaces(hands[1])?];
        let joints = HandJoints::new(runtime, session);
        for profile in PROFILES.iter().filter(|profile| is_offered(&instance, profile.needs)) {
            suggest(&instance, &made, profile);
        }
        session.attach_action_sets(&[&set]).map_err(&refused)?;
        Ok(Self { instance, set, hands, made, spaces, joints })
    }

    /// Asks for the state of all actions. Without the focus they are all at rest.
    pub fn sync(&self, session: &xr::Session<xr::Vulkan>) -> Result<(), XrError> {
        session.sync_actions(&[(&self.set).into()]).map_err(XrError::of("asking for the buttons"))
    }

    /// Both hands at this moment, left and right.
    pub fn hands(
        &self,
        session: &xr::Session<xr::Vulkan>,
        play: &xr::Space,
        time: xr::Time,
    ) -> Result<[HandState; 2], XrError> {
        let hand = |side: usize| -> xr::Result<HandState> {
            let spaces = &self.spaces[side];
            let grip = locate(&spaces.grip, play, time)?;
            let aim = locate(&spaces.aim, play, time)?;
            let mut state = HandState { grip, aim, ..self.made.state(session, self.hands[side])? };
            self.joints.fill(side, play, time, &mut state);
            Ok(state)
        };
        let refused = XrError::of("asking for a hand");
        Ok([hand(0).map_err(&refused)?, hand(1).map_err(&refused)?])
    }

    /// Writes into the log which controllers are in the hands now.
    pub fn tell_controllers(&self, session: &xr::Session<xr::Vulkan>) {
        let name = |hand: xr::Path| match session.current_interaction_profile(hand) {
            Ok(profile) if profile != xr::Path::NULL => {
                self.instance.path_to_string(profile).unwrap_or_default()
            }
            _ => "none".to_owned(),
        };
        tracing::info!(
            left = name(self.hands[0]),
            right = name(self.hands[1]),
            "controllers are in the hands"
        );
    }
}

/// A runtime that does not know a controller can still serve the others.
fn suggest(instance: &xr::Instance, made: &Made, profile: &Profile) {
    let bind = || -> xr::Result<()> {
        let bindings = profile.paths().map(|(action, path)| {
            let path = instance.string_to_path(&path)?;
            Ok(made.bind(action, path))
        });
        let bindings: Vec<xr::Binding<'_>> = bindings.collect::<xr::Result<_>>()?;
        let path = instance.string_to_path(profile.path)?;
        instance.suggest_interaction_profile_bindings(path, &bindings)
    };
    if let Err(error) = bind() {
        tracing::warn!(profile = profile.path, %error, "the runtime does not take a controller's buttons");
    }
}

/// Where a space is; none while it is not tracked.
fn locate(space: &xr::Space, base: &xr::Space, time: xr::Time) -> xr::Result<Option<RigidPose>> {
    let found = space.locate(base, time)?;
    let known = xr::SpaceLocationFlags::POSITION_VALID | xr::SpaceLocationFlags::ORIENTATION_VALID;
    Ok(if found.location_flags.contains(known) { pose_of(&found.pose) } else { None })
}
