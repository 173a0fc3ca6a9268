//! What the panels show of order and what they ask for: plain data, beside [`super::model`].

use venue_model::{ParticipantId, SpaceId};
use venue_protocol::{Act, ActId, ActReason};

/// What keeps order, at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OrderModel {
    /// Whether the user's role lets them keep order.
    pub keeps_order: bool,
    /// Locked rooms, and the act by which each can be opened.
    pub locked: Vec<(SpaceId, ActId)>,
    /// Those whose microphones a moderator closed.
    pub muted: Vec<ParticipantId>,
    /// The summons that can be refused now.
    pub summons: Option<SummonsView>,
    /// The user's own acts that can be taken back, newest first.
    pub acts: Vec<(ActId, Act)>,
}

/// A summons whose countdown runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummonsView {
    /// Who asks.
    pub name: String,
    /// Where to.
    pub room: SpaceId,
    /// Why; may be empty.
    pub reason: String,
    /// Seconds until the user is taken there.
    pub secs: u32,
}

/// What the user asks for to keep order, or for their own safety.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderAction {
    /// An act, and why.
    Moderate(Act, ActReason),
    /// Take an own act back.
    Undo(ActId),
    /// Do not follow the summons.
    RefuseSummons,
}
