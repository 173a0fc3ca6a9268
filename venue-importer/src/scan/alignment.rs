//! Where a scan lies in the frame of the others: given by the modeler, done while the scan is read.

use super::batch::RawBatch;
use super::info::{ScanInfo, Up};
use glam::{DQuat, DVec3};
use serde::{Deserialize, Serialize};

/// What the coordinates are after the alignment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Onto {
    /// The building frame: metres, y up.
    #[default]
    Building,
    /// A building's plan: metres, x and y on the plan, z the height.
    Plan,
    /// The coordinates of another scan that is imported along, in its unit and with its axis up.
    Scan,
}

/// Turns, scales and moves one scan: first the turn and the scale, then the move.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Alignment {
    /// The scan's file name, without folders.
    pub scan: String,
    /// What its coordinates become.
    pub onto: Onto,
    /// Factor.
    pub scale: f64,
    /// Unit quaternion x y z w.
    pub rotation: DQuat,
    /// In the units of `onto`.
    pub translation: DVec3,
}

impl Alignment {
    /// A point of the scan in the other frame.
    pub fn point(&self, point: DVec3) -> DVec3 {
        self.rotation * point * self.scale + self.translation
    }

    pub(super) fn batch(&self, batch: &mut RawBatch) {
        batch.positions.iter_mut().for_each(|position| *position = self.point(*position));
        let turn = self.rotation.as_quat();
        batch.normals.iter_mut().for_each(|normal| *normal = turn * *normal);
    }

    /// What is known of the frame then.
    pub(super) fn tell(&self, info: &mut ScanInfo, before: (Option<Up>, Option<f64>)) {
        (info.up, info.metres_per_unit) = match self.onto {
            Onto::Building => (Some(Up::Y), Some(1.0)),
            Onto::Plan => (Some(Up::Z), Some(1.0)),
            Onto::Scan => before,
        };
    }
}
