//! How a body is a component of the peers: whole at each change, or as differences.

use crate::packed::{BYTES, Change, Quantised};
use bevy::prelude::*;
use bevy_replicon::prelude::*;
use bevy_replicon::shared::replication::diff::{Diffable, EntityDiffExt};
use load::recording::Errors;
use serde::{Deserialize, Serialize};
use venue_model::BodyPose;

/// Which person a body is.
#[derive(Clone, Copy, Component, Serialize, Deserialize)]
pub struct Number(pub u32);

/// How bodies are sent.
pub trait Way: Component {
    /// Tells the app.
    fn register(app: &mut App);
    /// At the beginning.
    fn new(body: Quantised) -> Self;
    /// As they are seen.
    fn seen(&self) -> Quantised;
    /// At each tick.
    fn set(entity: EntityWorldMut, body: Quantised);
}

/// Each change is the whole body, packed to bits.
#[derive(Clone, Component, Serialize, Deserialize)]
pub struct Whole([u8; BYTES]);

impl Way for Whole {
    fn register(app: &mut App) {
        app.replicate::<Self>();
    }

    fn new(body: Quantised) -> Self {
        Self(body.pack())
    }

    fn seen(&self) -> Quantised {
        Quantised::unpack(&self.0)
    }

    fn set(mut entity: EntityWorldMut, body: Quantised) {
        if let Some(mut known) = entity.get_mut::<Self>() {
            known.0 = body.pack();
        }
    }
}

/// Each change is a difference from what a listener has acknowledged.
#[derive(Clone, Component, Serialize, Deserialize)]
pub struct Diffs(Quantised);

impl Diffable for Diffs {
    type Diff = Change;

    fn apply_diff(&mut self, diff: &Change) -> Result<()> {
        self.0.apply(diff);
        Ok(())
    }
}

impl Way for Diffs {
    fn register(app: &mut App) {
        app.replicate_diff::<Self>();
    }

    fn new(body: Quantised) -> Self {
        Self(body)
    }

    fn seen(&self) -> Quantised {
        self.0
    }

    fn set(mut entity: EntityWorldMut, body: Quantised) {
        let change = entity.get::<Self>().map(|known| known.0.change_to(&body));
        if let Some(change) = change {
            entity.apply_diff::<Self>(change).unwrap_or_else(|error| panic!("{error}"));
        }
    }
}

/// Compares what a client has of everybody with the truth.
pub fn compare<W: Way>(client: &mut World, truth: &[BodyPose], errors: &mut Errors) {
    let seen: Vec<_> = client.query::<(&Number, &W)>().iter(client).map(|(n, w)| (n.0, w.seen())).collect();
    assert_eq!(seen.len(), truth.len(), "the client knows everybody");
    seen.iter().for_each(|(number, body)| errors.note(&truth[*number as usize], &body.pose()));
}
