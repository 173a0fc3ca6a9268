//! Who may hear whom: the one rule, by rooms, zones, private talks and blocks.
//!
//! It must not know packets, nor how loud somebody is.

use crate::store::EventId;
use glam::Vec3;
use venue_model::{ParticipantId, SpaceId, TalkId, ZoneId};
use venue_protocol::Earshot;
use venue_transport::ConnectionId;

/// Who stands farther from a door is not heard behind it, metres.
const DOOR_REACH_METRES: f32 = 15.0;

/// Nearer than this nobody gets louder, metres.
const NEAREST_METRES: f32 = 1.0;

/// A space of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Room {
    /// Whose house.
    pub event: EventId,
    /// Which space of it.
    pub space: SpaceId,
}

/// Somebody with a connection, as the world sees them this tick.
#[derive(Clone, Debug, PartialEq)]
pub struct Attendee {
    /// Who.
    pub who: ParticipantId,
    /// The person's connection.
    pub connection: ConnectionId,
    /// Where.
    pub room: Room,
    /// The head, or where somebody without a body listens.
    pub position: Vec3,
    /// What the zone around does with voices.
    pub earshot: Earshot,
    /// That zone.
    pub zone: Option<ZoneId>,
    /// The private talk that the person is in.
    pub talk: Option<TalkId>,
    /// Whether the microphone is open.
    pub is_open: bool,
    /// Spaces that are heard through a door, and where the door is.
    pub doors: Vec<(SpaceId, Vec3)>,
    /// Who is neither heard by the person nor hears them.
    pub hidden: Vec<ParticipantId>,
}

/// How near a voice is to a listener.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Nearness {
    /// In the same private talk.
    Talk,
    /// On the stage of the listener's room.
    Stage,
    /// So many metres away, also around a door.
    Metres(f32),
}

impl Nearness {
    /// What it is worth beside a voice that is one metre away, decibels.
    pub fn decibels(self) -> f32 {
        match self {
            Self::Talk => 80.0,
            Self::Stage => 40.0,
            Self::Metres(metres) => -20.0 * metres.max(NEAREST_METRES).log10(),
        }
    }
}

/// Whether `listener` may hear `speaker`, and how near the voice is. Whoever is in a private talk is heard by its members
/// and by nobody else.
pub fn nearness(speaker: &Attendee, listener: &Attendee) -> Option<Nearness> {
    let is_other = speaker.who != listener.who && speaker.room.event == listener.room.event;
    if !is_other || listener.hidden.contains(&speaker.who) || speaker.hidden.contains(&listener.who) {
        return None;
    }
    if speaker.talk.is_some() {
        return (speaker.talk == listener.talk).then_some(Nearness::Talk);
    }
    if speaker.room.space != listener.room.space {
        return through_a_door(speaker, listener);
    }
    let metres = Nearness::Metres(speaker.position.distance(listener.position));
    let shares_zone = speaker.zone == listener.zone && speaker.earshot == listener.earshot;
    match speaker.earshot {
        Earshot::Stage => Some(Nearness::Stage),
        // A booth has walls of its own.
        Earshot::Room => (listener.earshot != Earshot::Booth).then_some(metres),
        Earshot::Table | Earshot::Booth => shares_zone.then_some(metres),
        Earshot::Quiet | Earshot::Private => None,
    }
}

fn through_a_door(speaker: &Attendee, listener: &Attendee) -> Option<Nearness> {
    let carries = matches!(speaker.earshot, Earshot::Room | Earshot::Stage);
    if !carries || listener.earshot == Earshot::Booth {
        return None;
    }
    let to_door = |(space, door): &(SpaceId, Vec3)| {
        let beyond = speaker.position.distance(*door);
        let is_near = *space == speaker.room.space && beyond <= DOOR_REACH_METRES;
        is_near.then(|| beyond + listener.position.distance(*door))
    };
    listener.doors.iter().filter_map(to_door).min_by(f32::total_cmp).map(Nearness::Metres)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voices::router::testing::at;

    #[test]
    fn a_table_keeps_its_words_and_a_stage_does_not() {
        let in_zone = |who, earshot, zone| Attendee { earshot, zone: Some(ZoneId(zone)), ..at(who, 1, 9.0) };
        let (stage, table, other_table) =
            (in_zone(1, Earshot::Stage, 1), in_zone(2, Earshot::Table, 2), in_zone(3, Earshot::Table, 3));
        let (neighbour, room) = (in_zone(4, Earshot::Table, 2), at(5, 1, 0.0));
        for listener in [&table, &other_table, &room] {
            assert_eq!(nearness(&stage, listener), Some(Nearness::Stage));
        }
        assert_eq!(nearness(&table, &neighbour), Some(Nearness::Metres(0.0)));
        assert_eq!(nearness(&table, &other_table), None);
        assert_eq!(nearness(&table, &room), None);
        assert_eq!(nearness(&room, &table), Some(Nearness::Metres(9.0)), "a table hears the room around it");
        assert_eq!(nearness(&in_zone(6, Earshot::Quiet, 4), &room), None);
        let booth = in_zone(7, Earshot::Booth, 5);
        assert_eq!(nearness(&room, &booth), None, "a booth has walls");
        assert_eq!(nearness(&stage, &booth), Some(Nearness::Stage), "and hears the floor");
        assert_eq!(nearness(&booth, &room), None);
    }

    #[test]
    fn a_private_talk_is_heard_by_its_members_alone_wherever_they_are() {
        let talking = |who, space, talk| Attendee { talk: Some(TalkId(talk)), ..at(who, space, 0.0) };
        let (ana, li, others) = (talking(1, 1, 7), talking(2, 2, 7), talking(3, 1, 8));
        assert_eq!(nearness(&ana, &li), Some(Nearness::Talk));
        assert_eq!(nearness(&ana, &others), None);
        assert_eq!(nearness(&ana, &at(4, 1, 0.0)), None);
        assert_eq!(nearness(&at(4, 1, 2.0), &ana), Some(Nearness::Metres(2.0)), "who talks hears the room");
    }

    #[test]
    fn a_voice_comes_around_a_door_and_no_farther() {
        let door = |space| vec![(SpaceId(space), Vec3::new(10.0, 0.0, 0.0))];
        let listener = Attendee { doors: door(2), ..at(1, 1, 4.0) };
        let speaker = |x| at(2, 2, x);
        assert_eq!(nearness(&speaker(13.0), &listener), Some(Nearness::Metres(9.0)));
        assert_eq!(nearness(&speaker(26.0), &listener), None, "too far from the door");
        assert_eq!(nearness(&speaker(13.0), &at(1, 1, 4.0)), None, "no open door near the listener");
        let table = Attendee { earshot: Earshot::Table, ..speaker(13.0) };
        assert_eq!(nearness(&table, &listener), None);
    }

    #[test]
    fn who_blocks_is_not_heard_and_hears_nothing() {
        let apart = Attendee { hidden: vec![ParticipantId(2)], ..at(1, 1, 0.0) };
        assert_eq!(nearness(&apart, &at(2, 1, 1.0)), None);
        assert_eq!(nearness(&at(2, 1, 1.0), &apart), None);
        assert_eq!(nearness(&apart, &apart), None, "nobody hears themself");
    }
}
