//! Blocking: two people vanish for each other, as soon as it is stored, until who began it ends it.
//!
//! It must not know the store's inside. Who keeps order is seen by all and sees all.

use crate::store::{StoreError, StoreReply, StoreRequest, StoredBlock};
use crate::systems::hands;
use crate::world::effects::BlockUnderWay;
use crate::world::{Effects, House, Purpose};
use venue_model::{ParticipantId, ServerTime};
use venue_protocol::{
    Block, BlockId, BlockRefusal, BlockRefused, Blocked, PresenceJoined, PresenceLeft, Unblock, Unblocked,
};

/// Most people whom one person blocks.
const MAX_BLOCKS: usize = 200;

/// Sends a block on its way to the store, or tells why not.
pub fn block(house: &mut House, who: ParticipantId, wanted: &Block, now: ServerTime, effects: &mut Effects) {
    if let Err(why) = try_block(house, who, wanted.participant, now, effects) {
        effects.tell(who, BlockRefused { why }.into());
    }
}

fn try_block(
    house: &mut House,
    who: ParticipantId,
    about: ParticipantId,
    now: ServerTime,
    effects: &mut Effects,
) -> Result<(), BlockRefusal> {
    let other = house.people.get(about).filter(|_| about != who).ok_or(BlockRefusal::NobodyThere)?;
    let (of_other, keeps_order) = (other.account.person, other.keeps_order());
    let (name, delegation) = (other.participant.name.clone(), other.participant.delegation.clone());
    let person = house.people.get_mut(who).ok_or(BlockRefusal::NobodyThere)?;
    if keeps_order || person.keeps_order() {
        return Err(BlockRefusal::KeepsOrder);
    }
    let by = person.account.person;
    if !person.limits.safety.take(now) {
        return Err(BlockRefusal::TooMany);
    }
    if house.blocks.of(by).count() >= MAX_BLOCKS {
        return Err(BlockRefusal::Full);
    }
    let request = StoreRequest::AddBlock { event: house.event.id, by, about: of_other };
    let under_way = StoredBlock { id: 0, blocker: by, blocked: of_other, name, delegation };
    effects.request(request, Purpose::Block(BlockUnderWay { by: who, block: under_way }));
    Ok(())
}

/// Lets two people vanish for each other whose block is stored, or tells that it could not be.
pub fn settle(
    house: &mut House,
    under_way: BlockUnderWay,
    reply: &Result<StoreReply, StoreError>,
    effects: &mut Effects,
) {
    let BlockUnderWay { by, block } = under_way;
    let Ok(StoreReply::BlockStored { block: id }) = reply else {
        return effects.tell(by, BlockRefused { why: BlockRefusal::NotStored }.into());
    };
    let other = house.people.of_account(block.blocked);
    let block = StoredBlock { id: *id, ..block };
    effects.tell(by, told(house, &block).into());
    house.blocks.insert(block);
    if let Some(other) = other {
        effects.tell(by, PresenceLeft { participant: other }.into());
        effects.tell(other, PresenceLeft { participant: by }.into());
    }
}

fn told(house: &House, block: &StoredBlock) -> Blocked {
    Blocked {
        block: BlockId(block.id),
        participant: house.people.of_account(block.blocked),
        name: block.name.clone(),
        delegation: block.delegation.clone(),
    }
}

/// What somebody who comes in has to know of their own blocks.
pub fn as_they_stand(house: &House, who: ParticipantId) -> Vec<Blocked> {
    let Some(person) = house.people.get(who) else { return Vec::new() };
    house.blocks.of(person.account.person).map(|block| told(house, block)).collect()
}

/// Sends the end of a block on its way to the store, or tells why not.
pub fn unblock(house: &mut House, who: ParticipantId, wanted: &Unblock, effects: &mut Effects) {
    let Some(person) = house.people.get(who) else { return };
    let by = person.account.person;
    let is_own = house.blocks.get(wanted.block.0).is_some_and(|block| block.blocker == by);
    if !is_own {
        return effects.tell(who, BlockRefused { why: BlockRefusal::NobodyThere }.into());
    }
    let request = StoreRequest::RemoveBlock { block: wanted.block.0, by };
    effects.request(request, Purpose::Unblock { by: who, block: wanted.block });
}

/// Lets two people see each other again whose block is gone, unless the other blocks too.
pub fn settle_end(
    house: &mut House,
    by: ParticipantId,
    block: BlockId,
    reply: &Result<StoreReply, StoreError>,
    effects: &mut Effects,
) {
    if !matches!(reply, Ok(StoreReply::BlockRemoved { .. })) {
        return effects.tell(by, BlockRefused { why: BlockRefusal::NotStored }.into());
    }
    effects.tell(by, Unblocked { block }.into());
    let Some(ended) = house.blocks.remove(block.0) else { return };
    let Some(other) = house.people.of_account(ended.blocked).filter(|other| !house.is_hidden(by, *other))
    else {
        return;
    };
    for (viewer, shown) in [(by, other), (other, by)] {
        let Some(person) = house.people.get(shown) else { continue };
        effects.tell(viewer, PresenceJoined { presence: person.presence() }.into());
        hands::of(person).into_iter().for_each(|message| effects.tell(viewer, message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::testing;
    use glam::Vec3;
    use venue_model::Role;
    use venue_protocol::ServerMessage;

    fn stand() -> (House, [ParticipantId; 2]) {
        let (plan, mut house) = testing::plan_and_house();
        let people = [1, 2].map(|n| testing::let_in(&mut house, &plan, n, Vec3::ZERO));
        (house, people)
    }

    fn asked(house: &mut House, by: ParticipantId, participant: ParticipantId) -> Effects {
        let mut effects = Effects::default();
        block(house, by, &Block { participant }, ServerTime(5_000_000), &mut effects);
        effects
    }

    fn refused(effects: &Effects) -> Option<BlockRefusal> {
        effects.messages.iter().find_map(|(_, message)| match message {
            ServerMessage::BlockRefused(refused) => Some(refused.why),
            _ => None,
        })
    }

    #[test]
    fn nothing_vanishes_before_it_is_stored() {
        let (mut house, [ada, bo]) = stand();
        let effects = asked(&mut house, ada, bo);
        assert!(effects.messages.is_empty() && !house.is_hidden(ada, bo));
        let Some((_, Purpose::Block(under_way))) = effects.requests.into_iter().next() else { panic!() };
        let mut after = Effects::default();
        settle(&mut house, under_way.clone(), &Err(StoreError::Gone), &mut after);
        assert_eq!(refused(&after), Some(BlockRefusal::NotStored));
        settle(&mut house, under_way, &Ok(StoreReply::BlockStored { block: 7 }), &mut Effects::default());
        assert!(house.is_hidden(ada, bo) && house.is_hidden(bo, ada));
        let mut ended = Effects::default();
        unblock(&mut house, bo, &Unblock { block: BlockId(7) }, &mut ended);
        assert_eq!(refused(&ended), Some(BlockRefusal::NobodyThere), "only its owner ends it");
    }

    #[test]
    fn who_keeps_order_neither_blocks_nor_is_blocked() {
        let (mut house, [ada, bo]) = stand();
        house.people.get_mut(bo).unwrap().participant.role = Role::Chair;
        assert_eq!(refused(&asked(&mut house, ada, bo)), Some(BlockRefusal::KeepsOrder));
        assert_eq!(refused(&asked(&mut house, bo, ada)), Some(BlockRefusal::KeepsOrder));
        assert_eq!(refused(&asked(&mut house, ada, ada)), Some(BlockRefusal::NobodyThere));
    }
}
