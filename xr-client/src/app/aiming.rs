//! Where a jump would lead, by a look or by an arc from a hand; let go, one jumps, or sits down on the seat that was meant, or
//! sees what one can do with the person who was meant.
//!
//! It must not draw; the scene shows the aim.

use super::{App, Driver};
use crate::comfort::Hand;
use crate::core::own_body::TELEPORT_RANGE;
use crate::core::{Connector, Stage};
use crate::input::Command;
use crate::input::aim::floor_along;
use crate::input::arc::{Landing, Throw, rise};
use crate::input::devices::Aiming;
use crate::input::hand_aim::HeldAim;
use crate::present::Presenter;
use crate::scene::marker::Aim;
use glam::Vec3;
use venue_model::RigidPose;

/// How high the arc of a look rises, as a share of its length.
const LOOK_RISE: f32 = 0.22;

/// How long somebody who jumps from a seat waits for standing, µs.
const STANDING_UP_MICROS: u64 = 1_500_000;

impl<C: Connector, P: Presenter> App<C, P> {
    /// Works out where a jump would lead, and jumps when the aim is let go.
    pub(super) fn aim(&mut self) {
        self.aim = None;
        self.jump_after_standing_up();
        match &self.driver {
            Driver::Devices(_) => self.aim_by_look(),
            Driver::Headset(_) => self.aim_by_hand(),
            Driver::Script(_) | Driver::Nobody => {}
        }
    }

    fn aim_by_look(&mut self) {
        let Driver::Devices(devices) = &mut self.driver else { return };
        let Some(aiming) = devices.aiming() else { return };
        let (Some(walkable), Some(size)) = (self.core.walkable(), self.frame_size) else { return };
        let aspect = size.size.x as f32 / size.size.y.max(1) as f32;
        let direction = match aiming {
            Aiming::Pointer(place) => self.camera.direction_through(place.x, place.y, aspect),
            Aiming::Ahead => self.camera.ahead(),
        };
        let eye = self.camera.eye.position;
        let floor = floor_along(walkable, eye, direction, self.core.body().floor());
        let reach = floor.map_or(TELEPORT_RANGE, |(place, _)| place.distance(eye));
        let seat = self.core.seat_along(eye, direction, reach);
        let hand = self.core.body().pose().building_from_root();
        let from = hand.position + hand.orientation * Vec3::new(0.25, 1.15, -0.3);
        let aim = |to: Vec3, is_allowed, seat| Aim {
            from,
            to,
            rise: from.distance(to) * LOOK_RISE,
            is_allowed,
            seat,
            person: None,
            facing: None,
        };
        let pointed = matches!(aiming, Aiming::Pointer(_));
        // The key jumps ahead, also through a crowd; a pointer means whom it is on.
        let person = self.core.person_along(eye, direction, reach).filter(|_| pointed);
        let meeting = person.map(|(who, to)| Aim { person: Some(who), ..aim(to, true, None) });
        let sitting = seat.map(|(seat, to)| aim(to, true, Some(seat)));
        self.aim = meeting.or(sitting).or(floor.map(|(to, is_allowed)| aim(to, is_allowed, None)));
        if devices.take_jump() {
            self.jump(0.0);
        }
    }

    fn aim_by_hand(&mut self) {
        let Driver::Headset(headset) = &mut self.driver else { return };
        let (held, is_let_go) = (headset.aim().held(), headset.take_jump());
        let Some(HeldAim { hand, turn }) = held.filter(|_| *self.core.stage() == Stage::Inside) else {
            return;
        };
        let Some(aim) = self.aim_of(hand) else { return };
        let root = self.core.body().pose().building_from_root();
        let throw = Throw::new(
            root.position + root.orientation * aim.position,
            root.orientation * aim.orientation * Vec3::NEG_Z,
        );
        self.aim = self.end_of(&throw, turn);
        if is_let_go {
            self.jump(turn);
        }
    }

    /// Where a hand points, in the root's frame.
    fn aim_of(&self, hand: Hand) -> Option<RigidPose> {
        let Driver::Headset(headset) = &self.driver else { return None };
        let aim = headset.state().hands[hand.index()].aim?;
        Some(self.core.body().in_root(&aim))
    }

    /// What the ball from a hand meets first: a free seat, or the floor.
    fn end_of(&self, throw: &Throw, turn: f32) -> Option<Aim> {
        let body = self.core.body();
        let Landing { to, secs, space } = throw.landing(self.core.walkable()?, body.floor());
        // A locked room is refused here as the server would.
        let is_allowed =
            space.is_some_and(|space| Some(space) == self.core.space() || self.core.may_enter(space));
        let person = throw.pieces(secs).find_map(|piece| {
            let way = piece.to - piece.from;
            let (who, root) = self.core.person_along(piece.from, way.try_normalize()?, way.length())?;
            Some((who, root, piece.end_secs))
        });
        let seat = throw.pieces(secs).find_map(|piece| {
            let way = piece.to - piece.from;
            let (seat, top) = self.core.seat_along(piece.from, way.try_normalize()?, way.length())?;
            Some((seat, top, piece.end_secs))
        });
        let from = throw.at(0.0);
        if let Some((who, to, secs)) = person {
            let person = Some(who);
            let rise = rise(secs);
            return Some(Aim { from, to, rise, is_allowed: true, seat: None, person, facing: None });
        }
        if let Some((seat, to, secs)) = seat {
            let seat = Some(seat);
            let rise = rise(secs);
            return Some(Aim { from, to, rise, is_allowed: true, seat, person: None, facing: None });
        }
        let ahead = body.pose().head_in_building().orientation * Vec3::NEG_Z;
        let facing = is_allowed.then(|| (-ahead.x).atan2(-ahead.z) + turn);
        Some(Aim { from, to, rise: rise(secs), is_allowed, seat: None, person: None, facing })
    }

    fn jump_after_standing_up(&mut self) {
        let Some((to, until)) = self.jump_later else { return };
        let has_stood_up = !self.core.body().is_seated();
        if has_stood_up {
            self.intent.commands.push(Command::Teleport(to));
        }
        if has_stood_up || self.now >= until {
            self.jump_later = None;
        }
    }

    /// Goes where the aim leads, if one may.
    fn jump(&mut self, turn: f32) {
        let Some(Aim { to, is_allowed: true, seat, person, .. }) = self.aim.take() else { return };
        if let Some(person) = person {
            return self.panels.open_person(person);
        }
        if let Some(seat) = seat {
            return self.intent.commands.push(Command::SitOn(seat));
        }
        if self.core.body().is_seated() {
            // Whoever sits stands up first, which the server must say.
            self.jump_later = Some((to, self.now + STANDING_UP_MICROS));
            return self.intent.commands.push(Command::StandUp);
        }
        self.intent.turn += turn;
        self.intent.commands.push(Command::Teleport(to));
    }
}
