//! How each space reverberates with its doors as they are. Knows no rays.

use super::geometry::Kind;
use super::paths::Closed;
use super::propagation::{RoomSound, eyring};
use super::scene::{AcousticScene, AcousticSpace, BANDS, Band, DOOR};
use glam::Vec3;

/// A space's air and what absorbs around it.
pub(crate) struct Room {
    volume: f32,
    /// Square metres of each kind of face.
    faces: Vec<(Kind, f32)>,
    /// RT60 with all doors open, if somebody measured it.
    measured: Option<Band>,
}

impl Room {
    /// All rooms of a scene, in the order of its spaces.
    pub(crate) fn all(scene: &AcousticScene) -> Vec<Self> {
        scene.spaces.iter().map(Self::new).collect()
    }

    fn new(space: &AcousticSpace) -> Self {
        let (mut faces, mut enclosed) = (Vec::<(Kind, f32)>::new(), 0.0_f64);
        let middle = space.vertices.iter().copied().find(|point| point.is_finite()).unwrap_or(Vec3::ZERO);
        let surfaces = space.triangles.iter().filter_map(|triangle| {
            let material = space.materials.get(usize::from(triangle.material))?.bounded();
            Some((triangle.corners, Kind::Surface(material)))
        });
        let openings = space.openings.iter().map(|opening| (opening.corners, Kind::Opening(opening.door)));
        for (corners, kind) in surfaces.chain(openings) {
            let Some(corners) = space.corners(corners) else { continue };
            let [a, b, c] = corners.map(|corner| corner - middle);
            // Counter-clockwise seen from inside: the volume comes out negative.
            enclosed -= f64::from(a.dot(b.cross(c)) / 6.0);
            let area = (b - a).cross(c - a).length() / 2.0;
            match faces.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, sum)) => *sum += area,
                None => faces.push((kind, area)),
            }
        }
        let given = Some(space.volume).filter(|volume| volume.is_finite() && *volume > 0.0);
        Self { volume: given.unwrap_or(enclosed.abs() as f32), faces, measured: space.reverberation }
    }

    /// Cubic metres of air.
    pub(crate) fn volume(&self) -> f32 {
        self.volume
    }

    /// With these doors closed.
    pub(crate) fn sound(&self, closed: &Closed) -> RoomSound {
        let now = self.reckoned(closed);
        let times = match self.measured {
            None => now,
            // The measurement, changed as much as the doors change what is reckoned.
            Some(measured) => {
                let open = self.reckoned(&Closed::new());
                std::array::from_fn(|band| measured[band] * now[band] / open[band].max(1e-3))
            }
        };
        RoomSound::new(self.volume, times)
    }

    fn reckoned(&self, closed: &Closed) -> Band {
        let (mut surface, mut absorbed) = (0.0, [0.0; BANDS]);
        for &(kind, area) in &self.faces {
            let absorption = match kind {
                Kind::Surface(material) => material.absorption,
                Kind::Opening(Some(door)) if closed.contains(&door) => DOOR.absorption,
                Kind::Opening(_) => [1.0; BANDS],
            };
            surface += area;
            absorbed.iter_mut().zip(absorption).for_each(|(sum, share)| *sum += share * area);
        }
        if surface <= 0.0 {
            return [0.0; BANDS];
        }
        eyring(self.volume, surface, absorbed.map(|sum| sum / surface))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    fn sound(space: &AcousticSpace, closed: &[u16]) -> RoomSound {
        Room::new(space).sound(&closed.iter().copied().collect())
    }

    #[test]
    fn a_box_has_its_volume_and_sabines_time() {
        let size = Vec3::new(8.0, 3.5, 5.0);
        let space = testing::room(Vec3::ONE, Vec3::ONE + size, [0.08; BANDS]);
        let room = Room::new(&space);
        assert!((room.volume - 140.0).abs() < 0.1, "{}", room.volume);
        let area = 2.0 * (size.x * size.y + size.y * size.z + size.z * size.x);
        let sabine = 0.161 * 140.0 / (area * 0.08);
        let found = sound(&space, &[]).times[0];
        assert!((found / sabine - 1.0).abs() < 0.1, "{found} {sabine}");
    }

    #[test]
    fn a_closed_door_keeps_the_sound_in() {
        let mut space = testing::two_rooms(Some(7)).spaces.remove(0);
        assert!(sound(&space, &[7]).times[1] > sound(&space, &[]).times[1] * 1.3);
        space.reverberation = Some([0.5; BANDS]);
        assert!((sound(&space, &[]).times[1] - 0.5).abs() < 1e-3);
        assert!(sound(&space, &[7]).times[1] > 0.6);
    }

    #[test]
    fn spaces_without_faces_do_not_reverberate() {
        assert_eq!(sound(&AcousticSpace::default(), &[]), RoomSound::default());
        let flat = AcousticSpace { reverberation: Some([f32::NAN; BANDS]), ..AcousticSpace::default() };
        assert_eq!(sound(&flat, &[]), RoomSound::default());
    }
}
