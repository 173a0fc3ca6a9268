//! A house: one event's own copy of the venue, with a world for each space.
//!
//! Two events at one venue never meet, so each has its own people, seats and worlds. This
//! file must not know connections or the store.

use crate::store::EventRecord;
use crate::world::blocks::Blocks;
use crate::world::order::Order;
use crate::world::people::People;
use crate::world::plan::Plan;
use crate::world::seats::SeatBook;
use crate::world::spawn;
use crate::world::talks::Talks;
use crate::world::walker::Walker;
use glam::Vec3;
use hecs::{Entity, World};
use std::collections::BTreeMap;
use std::sync::Arc;
use venue_model::{ParticipantId, ServerTime, Space, SpaceEpoch, SpaceId};
use venue_motion::FloorPoint;
use venue_replication::space_replicator::origin_of;
use venue_replication::{Body, Feedback, Notice, SpaceReplicator, Who};

/// One event's people and spaces.
pub struct House {
    /// The event.
    pub event: EventRecord,
    /// Who is in.
    pub people: People,
    /// Who sits where.
    pub seats: SeatBook,
    /// What keeps order.
    pub order: Order,
    /// Who does not want to meet whom.
    pub blocks: Blocks,
    /// Private talks.
    pub talks: Talks,
    /// How many people have a place; who comes later watches.
    pub max_bodies: usize,
    spaces: BTreeMap<SpaceId, SpaceWorld>,
    seed: u64,
}

/// One space: the unit of ownership.
pub struct SpaceWorld {
    /// Which owner this is; grows when the space moves to another server.
    pub epoch: SpaceEpoch,
    /// Everybody who is in the space.
    pub world: World,
    /// What its viewers are sent.
    pub replicator: SpaceReplicator,
}

impl SpaceWorld {
    fn empty(space: &Space, epoch: SpaceEpoch) -> Self {
        let replicator = SpaceReplicator::new(space.id, epoch, origin_of(&space.bounds));
        Self { epoch, world: World::new(), replicator }
    }
}

impl House {
    /// An empty house for an event; `seed` turns the pattern in which people arrive.
    pub fn new(event: EventRecord, plan: &Plan, seed: u64) -> Self {
        let spaces = plan.spaces().map(|space| (space.id, SpaceWorld::empty(space, SpaceEpoch(1)))).collect();
        Self {
            event,
            people: People::default(),
            seats: SeatBook::default(),
            order: Order::default(),
            blocks: Blocks::default(),
            talks: Talks::default(),
            max_bodies: usize::MAX,
            spaces,
            seed,
        }
    }

    /// One space.
    pub fn space(&self, id: SpaceId) -> Option<&SpaceWorld> {
        self.spaces.get(&id)
    }

    /// Every space.
    pub fn spaces_mut(&mut self) -> impl Iterator<Item = (SpaceId, &mut SpaceWorld)> {
        self.spaces.iter_mut().map(|(&id, space)| (id, space))
    }

    /// The epoch of a space.
    pub fn epoch(&self, id: SpaceId) -> SpaceEpoch {
        self.spaces.get(&id).map_or(SpaceEpoch(0), |space| space.epoch)
    }

    /// The point that positions on the wire are relative to where a person is.
    pub fn origin_of(&self, id: ParticipantId) -> Option<Vec3> {
        let person = self.people.get(id)?;
        Some(self.spaces.get(&person.space)?.replicator.origin())
    }

    /// Where a person walks; none for somebody without an entity.
    pub fn walker(&self, id: ParticipantId) -> Option<hecs::Ref<'_, Walker>> {
        let person = self.people.get(id)?;
        self.spaces.get(&person.space)?.world.get::<&Walker>(person.entity?).ok()
    }

    /// Changes a walker and shows the outcome on the visible body.
    pub fn change_walker<R>(
        &mut self,
        id: ParticipantId,
        change: impl FnOnce(&mut Walker) -> R,
    ) -> Option<R> {
        let person = self.people.get(id)?;
        let (space, entity) = (person.space, person.entity?);
        let world = &mut self.spaces.get_mut(&space)?.world;
        let (walker, body) = world.query_one_mut::<(&mut Walker, Option<&mut Body>)>(entity).ok()?;
        let outcome = change(walker);
        if let Some(body) = body {
            *body = walker.body();
        }
        Some(outcome)
    }

    /// Puts a walker into the person's space; `visible` gives it a body that others see.
    pub fn add_walker(&mut self, id: ParticipantId, space: SpaceId, walker: Walker, visible: bool) {
        let Some(place) = self.spaces.get_mut(&space) else { return };
        let body = walker.body();
        let entity = match visible {
            true => place.world.spawn((Who(id), walker, body, Notice::default())),
            false => place.world.spawn((Who(id), walker)),
        };
        if let Some(person) = self.people.get_mut(id) {
            person.space = space;
            person.entity = Some(entity);
        }
    }

    /// Gives somebody who walks unseen a body that others see, or takes it away.
    pub fn set_visible(&mut self, id: ParticipantId, visible: bool) {
        let Some((walker, was_visible)) = self.take_body(id) else { return };
        let Some(space) = self.people.get(id).map(|person| person.space) else { return };
        debug_assert_ne!(visible, was_visible, "said once");
        self.add_walker(id, space, walker, visible);
    }

    /// How many bodies that others see are so near to a point.
    pub fn bodies_near(&self, space: SpaceId, point: Vec3, metres: f32) -> usize {
        let Some(space) = self.spaces.get(&space) else { return 0 };
        let mut query = space.world.query::<&Body>();
        query.iter().filter(|body| body.pose.root.distance(point) < metres).count()
    }

    /// A person's client says which snapshots came.
    pub fn hear_feedback(&mut self, id: ParticipantId, feedback: &Feedback) {
        // Also of a space that is seen through a door; one that the person does not see knows no such viewer.
        if let Some(place) = self.spaces.get_mut(&feedback.space) {
            place.replicator.hear(id, feedback);
        }
    }

    /// Two people talk with each other.
    pub fn note_talk(&mut self, one: ParticipantId, other: ParticipantId, now: ServerTime) {
        for (who, partner) in [(one, other), (other, one)] {
            if let Some(person) = self.people.get_mut(who) {
                person.talks.note(partner, now);
            }
        }
    }

    /// Says what makes somebody matter to others.
    pub fn set_notice(&mut self, space: SpaceId, entity: hecs::Entity, notice: Notice) {
        let Some(place) = self.spaces.get_mut(&space) else { return };
        if let Ok(mut known) = place.world.get::<&mut Notice>(entity) {
            *known = notice;
        }
    }

    /// What makes somebody matter to others; none for who has no body.
    pub fn notice(&self, id: ParticipantId) -> Option<Notice> {
        let person = self.people.get(id)?;
        Some(*self.spaces.get(&person.space)?.world.get::<&Notice>(person.entity?).ok()?)
    }

    /// Whether a person may go to a space now: the invitation opens it, and it is not locked for the person.
    pub fn may_enter(&self, id: ParticipantId, space: SpaceId) -> bool {
        let Some(person) = self.people.get(id) else { return false };
        let is_locked = self.order.is_locked(space) && person.space != space && !person.keeps_order();
        person.account.spaces.contains(&space) && !is_locked
    }

    /// Whether two people do not see each other, because one blocks the other. Who keeps order sees, and is seen by, all.
    pub fn is_hidden(&self, one: ParticipantId, other: ParticipantId) -> bool {
        if self.blocks.is_empty() || one == other {
            return false;
        }
        let Some((one, other)) = self.people.get(one).zip(self.people.get(other)) else { return false };
        let keeps_order = one.keeps_order() || other.keeps_order();
        !keeps_order && self.blocks.is_between(one.account.person, other.account.person)
    }

    /// Everybody whom a person does not see.
    pub fn hidden_from(&self, who: ParticipantId) -> Vec<ParticipantId> {
        let Some(person) = self.people.get(who).filter(|_| !self.blocks.is_empty()) else {
            return Vec::new();
        };
        let apart = self.blocks.apart_from(person.account.person);
        let others = apart.filter_map(|other| self.people.of_account(other));
        others.filter(|other| self.is_hidden(who, *other)).collect()
    }

    /// Notes where this person may walk now: who is in a locked space stays, and does not come back.
    pub fn renew_allowed_of(&mut self, id: ParticipantId) {
        let Some(person) = self.people.get(id) else { return };
        let all = Arc::clone(&person.account.spaces);
        let allowed = match all.iter().all(|space| self.may_enter(id, *space)) {
            true => all,
            false => Arc::new(all.iter().copied().filter(|space| self.may_enter(id, *space)).collect()),
        };
        self.change_walker(id, |walker| walker.allowed = allowed);
    }

    /// The same for everybody, after a space was locked or opened.
    pub fn renew_allowed(&mut self) {
        let everybody: Vec<_> = self.people.iter().map(|person| person.participant.id).collect();
        everybody.into_iter().for_each(|id| self.renew_allowed_of(id));
    }

    /// Takes a person's walker out of the person's space; whether it had a body that others see. It is put back by
    /// [`Self::add_walker`].
    pub fn take_body(&mut self, id: ParticipantId) -> Option<(Walker, bool)> {
        let person = self.people.get_mut(id)?;
        let (space, entity) = (person.space, person.entity.take()?);
        self.take_walker(space, entity)
    }

    /// Makes the spaces of another state of the venue, without anybody in them. `kept` tells by which number a space
    /// goes on; its epoch grows, so that what was sent of it before is void. Locks go on with their spaces.
    pub fn rebuild(&mut self, plan: &Plan, kept: &BTreeMap<SpaceId, SpaceId>) {
        let of_before = |id: SpaceId| kept.iter().find(|(_, new)| **new == id).map(|(old, _)| *old);
        let last = self.spaces.values().map(|space| space.epoch).max().unwrap_or_default();
        let epoch = |id: SpaceId| {
            of_before(id).and_then(|old| self.spaces.get(&old)).map_or(last, |space| space.epoch)
        };
        let spaces = plan
            .spaces()
            .map(|space| (space.id, SpaceWorld::empty(space, SpaceEpoch(epoch(space.id).0 + 1))));
        self.spaces = spaces.collect();
        self.order.renumber(kept);
    }

    /// Moves a person with entity and body from one space's world to another's.
    pub fn carry_over(&mut self, id: ParticipantId, to: SpaceId) {
        let Some(person) = self.people.get_mut(id) else { return };
        let from = person.space;
        person.space = to;
        let Some(entity) = person.entity.take() else { return };
        let Some((walker, visible)) = self.take_walker(from, entity) else { return };
        self.add_walker(id, to, walker, visible);
    }

    /// Takes a person out of the house with seat and entity.
    pub fn remove(&mut self, id: ParticipantId) -> Option<crate::world::people::Person> {
        self.seats.free(id);
        let person = self.people.remove(id)?;
        if let Some(entity) = person.entity {
            self.take_walker(person.space, entity);
        }
        Some(person)
    }

    fn take_walker(&mut self, space: SpaceId, entity: Entity) -> Option<(Walker, bool)> {
        let world = &mut self.spaces.get_mut(&space)?.world;
        let visible = world.remove_one::<Body>(entity).is_ok();
        let walker = world.remove_one::<Walker>(entity).ok();
        world.despawn(entity).ok()?;
        Some((walker?, visible))
    }

    /// A free place in a space for somebody who arrives there, away from everybody else.
    pub fn arrival_place(
        &self,
        plan: &Plan,
        space: SpaceId,
        who: ParticipantId,
    ) -> Option<(FloorPoint, f32)> {
        let others = self.standing_points(space, who);
        let points: Vec<_> = plan.spawn_points_of(space).collect();
        let first = who.0 as usize % points.len().max(1);
        let turn = (who.0.wrapping_add(self.seed as u32) as f32 * 0.381_966).fract();
        let (before, after) = points.split_at(first.min(points.len()));
        after.iter().chain(before).find_map(|point| {
            let floor_at = |at: Vec3| plan.floor_of(space, at).map(|floor| (floor.position, floor));
            let found = spawn::spread(point.place.position, point.radius, turn, &others, floor_at);
            found.map(|(_, floor)| (floor, point.place.yaw))
        })
    }

    /// Where everybody in a space but one stands.
    fn standing_points(&self, space: SpaceId, but: ParticipantId) -> Vec<Vec3> {
        let Some(space) = self.spaces.get(&space) else { return Vec::new() };
        let mut query = space.world.query::<(&Who, &Walker)>();
        query.iter().filter(|(who, _)| who.0 != but).map(|(_, walker)| walker.pose.root).collect()
    }
}
