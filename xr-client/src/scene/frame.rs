//! What a scene gives to one frame of the renderer: borrowed lists, and the memory of those that are made anew.
//!
//! It must not move anything on.

use super::mirror::{self, MIRRORED};
use super::{FADE_SECS, Scene};
use wgpu_renderer::{CrowdDraw, Draw, Label, Lighting, SkinnedDraw, Sky, SurfelDraw};

/// What borrows from the scene for one frame.
pub struct SceneFrame<'a> {
    /// Still meshes.
    pub draws: &'a [Draw],
    /// Scanned points.
    pub surfels: &'a [SurfelDraw],
    /// Avatars.
    pub skinned: Vec<SkinnedDraw<'a>>,
    /// Those of them who share their poses.
    pub crowds: Vec<CrowdDraw<'a>>,
    /// Name tags.
    pub labels: &'a [Label],
    /// Light.
    pub lighting: Lighting,
    /// Sky.
    pub sky: Sky,
    /// The turn about +y, radians, of the panorama that is shown behind an open sky.
    pub backdrop_yaw: Option<f32>,
    /// How dark the picture is, 0 to 1.
    pub darkness: f32,
}

/// The memory of a frame that is over.
#[derive(Default)]
pub struct Recycled {
    skinned: Vec<SkinnedDraw<'static>>,
    crowds: Vec<CrowdDraw<'static>>,
}

impl SceneFrame<'_> {
    /// Gives the lists' memory back for the next frame.
    pub fn recycle(self) -> Recycled {
        Recycled { skinned: emptied(self.skinned), crowds: emptied(self.crowds) }
    }
}

/// Empties a frame's list. Collecting from a vector's own iterator keeps its memory where both kinds have one layout; there
/// is no item left whose borrow could dangle.
fn emptied<A, B>(mut list: Vec<A>) -> Vec<B> {
    list.clear();
    list.into_iter().filter_map(|_| None).collect()
}

impl Scene {
    /// What is drawn in this frame; the memory of a frame before is used again.
    pub fn frame<'a>(&'a self, recycled: Recycled) -> SceneFrame<'a> {
        let Recycled { skinned, crowds } = recycled;
        let (mut skinned, mut crowds): (Vec<SkinnedDraw<'a>>, Vec<CrowdDraw<'a>>) = (skinned, crowds);
        if let Some(mirror) = &self.mirror {
            self.cast.append_draws(|id| id == MIRRORED, &mut skinned);
            let (lighting, sky) = (mirror::STUDIO_LIGHT, mirror.sky());
            let (draws, surfels) = (&self.draws[..], &self.surfels[..]);
            let (backdrop_yaw, darkness) = (None, 0.0);
            return SceneFrame {
                draws,
                surfels,
                skinned,
                crowds,
                labels: &[],
                lighting,
                sky,
                backdrop_yaw,
                darkness,
            };
        }
        self.cast.append_draws(|_| true, &mut skinned);
        self.cast.append_crowds(&mut crowds);
        SceneFrame {
            draws: &self.draws,
            surfels: &self.surfels,
            skinned,
            crowds,
            labels: &self.labels,
            lighting: self.lighting,
            sky: self.panorama.sky().unwrap_or(self.sky),
            backdrop_yaw: self.panorama.backdrop_yaw(),
            darkness: self.fade_secs / FADE_SECS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recycling_keeps_the_memory() {
        let list: Vec<SkinnedDraw<'static>> = Vec::with_capacity(64);
        let (pointer, capacity) = (list.as_ptr() as usize, list.capacity());
        let again: Vec<SkinnedDraw<'static>> = emptied(emptied::<_, SkinnedDraw<'static>>(list));
        assert_eq!((again.as_ptr() as usize, again.capacity()), (pointer, capacity));
    }
}
