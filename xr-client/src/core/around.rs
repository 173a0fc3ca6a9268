//! What is around the body, in words that need no picture: what it is, which way, how far, and how to go there.
//!
//! It must not know how that is shown or spoken.

use super::client::ClientCore;
use super::connect::Connector;
use super::errand::Destination;
use glam::Vec3;
use std::f32::consts::{FRAC_PI_4, TAU};
use venue_model::{Localized, ParticipantId, SeatId, SpaceId};

/// Most free seats that are listed: a hall has hundreds, and the nearest few are what one looks for.
const MAX_SEATS: usize = 8;

/// Most people that are listed.
const MAX_PEOPLE: usize = 60;

/// How near somebody is who counts as company, metres.
const COMPANY_METRES: f32 = 4.0;

/// Which way something lies, seen from the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Ahead.
    Ahead,
    /// Between ahead and right.
    AheadRight,
    /// To the right.
    Right,
    /// Between behind and right.
    BehindRight,
    /// Behind.
    Behind,
    /// Between behind and left.
    BehindLeft,
    /// To the left.
    Left,
    /// Between ahead and left.
    AheadLeft,
}

impl Way {
    const ALL: [Self; 8] = [
        Self::Ahead,
        Self::AheadRight,
        Self::Right,
        Self::BehindRight,
        Self::Behind,
        Self::BehindLeft,
        Self::Left,
        Self::AheadLeft,
    ];

    /// The way to something `offset` away for a body that looks along `yaw`.
    fn to(offset: Vec3, yaw: f32) -> Self {
        let bearing = (offset.x.atan2(-offset.z) + yaw).rem_euclid(TAU);
        Self::ALL[(bearing / FRAC_PI_4).round() as usize % Self::ALL.len()]
    }

    /// The key of its word in the locales.
    pub fn key(self) -> &'static str {
        match self {
            Self::Ahead => "way-ahead",
            Self::AheadRight => "way-ahead-right",
            Self::Right => "way-right",
            Self::BehindRight => "way-behind-right",
            Self::Behind => "way-behind",
            Self::BehindLeft => "way-behind-left",
            Self::Left => "way-left",
            Self::AheadLeft => "way-ahead-left",
        }
    }
}

/// What something is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// Somebody.
    Person(ParticipantId),
    /// A door.
    Door {
        /// Where it leads.
        to: SpaceId,
    },
    /// A free seat.
    Seat {
        /// Which.
        id: SeatId,
        /// What is written on it.
        label: String,
    },
    /// A screen.
    Screen {
        /// Its name.
        name: Localized,
    },
}

/// Something around the body.
#[derive(Clone, Debug, PartialEq)]
pub struct Around {
    /// What.
    pub thing: Thing,
    /// Which way.
    pub way: Way,
    /// How far, metres.
    pub metres: usize,
    /// Where *go* leads.
    pub goal: Destination,
}

/// Where one is, for a sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Here {
    /// The room.
    pub room: Option<SpaceId>,
    /// Who is near, the nearest first.
    pub company: Vec<ParticipantId>,
    /// What one faces.
    pub facing: Option<Thing>,
}

impl<C: Connector> ClientCore<C> {
    /// What is around, the nearest first.
    pub fn around(&self) -> Vec<Around> {
        let mut found: Vec<(f32, Around)> = self.people_around();
        found.extend(self.things_around());
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found.into_iter().map(|(_, around)| around).collect()
    }

    /// Where one is.
    pub fn here(&self) -> Here {
        let around = self.around();
        let near = |around: &&Around| around.metres as f32 <= COMPANY_METRES;
        let company = around.iter().filter(near).filter_map(|around| match around.thing {
            Thing::Person(person) => Some(person),
            _ => None,
        });
        // Seats are everywhere; what one looks at is what stands out.
        let stands_out = |around: &&Around| !matches!(around.thing, Thing::Seat { .. });
        let facing = around.iter().filter(stands_out).find(|around| around.way == Way::Ahead);
        Here {
            room: self.space(),
            company: company.take(3).collect(),
            facing: facing.map(|around| around.thing.clone()),
        }
    }

    fn people_around(&self) -> Vec<(f32, Around)> {
        let people = self.bodies().iter().filter_map(|(id, pose)| {
            let entry = self.people().get(*id)?;
            (entry.space == self.space())
                .then(|| self.seen(Thing::Person(*id), pose.root, Destination::Person(*id)))
        });
        nearest(people.collect(), MAX_PEOPLE)
    }

    fn things_around(&self) -> Vec<(f32, Around)> {
        let (Some(space), Some(manifest)) = (self.space(), self.manifest()) else { return Vec::new() };
        let doors = manifest.doors.iter().filter_map(|door| {
            let to = match door.spaces {
                [here, there] if here == space => there,
                [there, here] if here == space => there,
                _ => return None,
            };
            let goal = Destination::Point(space, door.place.position);
            Some(self.seen(Thing::Door { to }, door.place.position, goal))
        });
        let seats = manifest.seats.iter().filter(|seat| seat.space == space);
        let free = seats.filter(|seat| self.people().sitter_on(seat.id).is_none());
        let seats = free.map(|seat| {
            let thing = Thing::Seat { id: seat.id, label: seat.label.clone() };
            self.seen(thing, seat.place.position, Destination::Seat(seat.id))
        });
        let screens = manifest.screens.iter().filter(|screen| screen.space == space).map(|screen| {
            // One goes to where a screen can be read, not below it.
            let front = screen.center + screen.orientation * Vec3::Z * screen.width.max(1.5);
            let floor = self.body().pose().root.y;
            let goal = Destination::Point(space, Vec3::new(front.x, floor, front.z));
            self.seen(Thing::Screen { name: screen.name.clone() }, screen.center, goal)
        });
        let mut found = nearest(seats.collect(), MAX_SEATS);
        found.extend(doors);
        found.extend(screens);
        found
    }

    fn seen(&self, thing: Thing, place: Vec3, goal: Destination) -> (f32, Around) {
        let pose = self.body().pose();
        let offset = (place - pose.root).with_y(0.0);
        let metres = offset.length();
        (metres, Around { thing, way: Way::to(offset, pose.yaw), metres: metres.round() as usize, goal })
    }
}

fn nearest(mut found: Vec<(f32, Around)>, most: usize) -> Vec<(f32, Around)> {
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found.truncate(most);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::rehearsed::Stand;
    use std::f32::consts::{FRAC_PI_2, PI};

    #[test]
    fn ways_are_told_from_where_one_looks() {
        let check = |offset: [f32; 2], yaw: f32, expected| {
            assert_eq!(Way::to(Vec3::new(offset[0], 0.0, offset[1]), yaw), expected, "{offset:?} {yaw}");
        };
        check([0.0, -3.0], 0.0, Way::Ahead);
        check([3.0, 0.0], 0.0, Way::Right);
        check([-3.0, 0.0], 0.0, Way::Left);
        check([0.0, 3.0], 0.0, Way::Behind);
        // A positive yaw turns left: what lay to the left is now ahead.
        check([-3.0, 0.0], FRAC_PI_2, Way::Ahead);
        check([0.0, -3.0], FRAC_PI_2, Way::Right);
        check([0.0, -3.0], PI, Way::Behind);
        check([2.0, -2.0], 0.0, Way::AheadRight);
    }

    #[test]
    fn the_nearest_comes_first_and_each_thing_can_be_gone_to() {
        let stand = Stand::entered(2);
        let around = stand.core.around();
        assert!(around.iter().any(|found| matches!(found.thing, Thing::Seat { .. })), "{around:?}");
        assert!(around.iter().any(|found| matches!(found.thing, Thing::Door { .. })), "{around:?}");
        assert!(around.windows(2).all(|pair| pair[0].metres <= pair[1].metres));
        assert_eq!(stand.core.here().room, stand.core.space());
    }
}
