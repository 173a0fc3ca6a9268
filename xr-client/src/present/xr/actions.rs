//! The hands of the headset: actions and spaces made of the table in `input/xr_actions.rs`, and read once a frame.
//!
//! It must not know what the actions are for.

use super::runtime::{Runtime, XrError};
use super::views::pose_of;
use crate::input::headset::HandState;
use crate::input::xr_actions::{HANDS, HandAction, PROFILES, Profile};
use glam::Vec2;
use openxr as xr;
use venue_model::RigidPose;

/// What the hands can do.
pub struct Actions {
    instance: xr::Instance,
    set: xr::ActionSet,
    hands: [xr::Path; 2],
    grip: xr::Action<xr::Posef>,
    aim: xr::Action<xr::Posef>,
    select: xr::Action<bool>,
    menu: xr::Action<bool>,
    stick: xr::Action<xr::Vector2f>,
    spaces: [HandSpaces; 2],
}

struct HandSpaces {
    grip: xr::Space,
    aim: xr::Space,
}

impl Actions {
    /// Makes the actions and attaches them to the session, which takes no others any more.
    pub fn new(runtime: &Runtime, session: &xr::Session<xr::Vulkan>) -> Result<Self, XrError> {
        let refused = XrError::of("setting up the hands");
        let instance = runtime.instance.clone();
        let set = instance.create_action_set("venue", "Venue", 0).map_err(&refused)?;
        let path = |text: &str| instance.string_to_path(text).map_err(&refused);
        let hands = [path(HANDS[0])?, path(HANDS[1])?];
        let grip = set.create_action::<xr::Posef>("grip", "Hand", &hands).map_err(&refused)?;
        let aim = set.create_action::<xr::Posef>("aim", "Point", &hands).map_err(&refused)?;
        let select = set.create_action::<bool>("select", "Select", &hands).map_err(&refused)?;
        let menu = set.create_action::<bool>("menu", "Menu", &hands).map_err(&refused)?;
        let stick = set.create_action::<xr::Vector2f>("stick", "Walk and turn", &hands).map_err(&refused)?;
        let space = |action: &xr::Action<xr::Posef>, hand: xr::Path| {
            action.create_space(session, hand, xr::Posef::IDENTITY).map_err(&refused)
        };
        let spaces = |hand| -> Result<HandSpaces, XrError> {
            Ok(HandSpaces { grip: space(&grip, hand)?, aim: space(&aim, hand)? })
        };
        let spaces = [spaces(hands[0])?, spaces(hands[1])?];
        let made = Self { instance: instance.clone(), set, hands, grip, aim, select, menu, stick, spaces };
        for profile in &PROFILES {
            made.suggest(profile);
        }
        session.attach_action_sets(&[&made.set]).map_err(&refused)?;
        Ok(made)
    }

    /// A runtime that does not know a controller can still serve the others.
    fn suggest(&self, profile: &Profile) {
        let bind = || -> xr::Result<()> {
            let bindings = profile.paths().map(|(action, path)| {
                let path = self.instance.string_to_path(&path)?;
                Ok(match action {
                    HandAction::Grip => xr::Binding::new(&self.grip, path),
                    HandAction::Aim => xr::Binding::new(&self.aim, path),
                    HandAction::Select => xr::Binding::new(&self.select, path),
                    HandAction::Menu => xr::Binding::new(&self.menu, path),
                    HandAction::Stick => xr::Binding::new(&self.stick, path),
                })
            });
            let bindings: Vec<xr::Binding<'_>> = bindings.collect::<xr::Result<_>>()?;
            let path = self.instance.string_to_path(profile.path)?;
            self.instance.suggest_interaction_profile_bindings(path, &bindings)
        };
        if let Err(error) = bind() {
            tracing::warn!(profile = profile.path, %error, "the runtime does not take a controller's buttons");
        }
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
        Ok([self.hand(0, session, play, time)?, self.hand(1, session, play, time)?])
    }

    fn hand(
        &self,
        index: usize,
        session: &xr::Session<xr::Vulkan>,
        play: &xr::Space,
        time: xr::Time,
    ) -> Result<HandState, XrError> {
        let refused = XrError::of("asking for a hand");
        let (hand, spaces) = (self.hands[index], &self.spaces[index]);
        let is_pressed =
            |action: &xr::Action<bool>| action.state(session, hand).map(|state| state.current_state);
        let stick = self.stick.state(session, hand).map_err(&refused)?.current_state;
        Ok(HandState {
            grip: locate(&spaces.grip, play, time).map_err(&refused)?,
            aim: locate(&spaces.aim, play, time).map_err(&refused)?,
            select: is_pressed(&self.select).map_err(&refused)?,
            menu: is_pressed(&self.menu).map_err(&refused)?,
            stick: Vec2::new(stick.x, stick.y),
        })
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

/// Where a space is; none while it is not tracked.
fn locate(space: &xr::Space, base: &xr::Space, time: xr::Time) -> xr::Result<Option<RigidPose>> {
    let found = space.locate(base, time)?;
    let known = xr::SpaceLocationFlags::POSITION_VALID | xr::SpaceLocationFlags::ORIENTATION_VALID;
    Ok(if found.location_flags.contains(known) { pose_of(&found.pose) } else { None })
}
