//! Pictures of a venue's package, to look at it before anybody is in it: drawn by the renderer with every tile as fine
//! as the picture can show. No server, no display and no GPU is needed.
//!
//! `PICTURES/preview.json` tells what each picture shows; `venue-importer preview` reads it.

mod views;

pub use views::Subject;

use crate::cli::{OFFSCREEN_FORMAT, offscreen_gpu, render_settings};
use crate::core::files::{Readers, write_whole};
use crate::present::Views;
use crate::scene::camera::Camera;
use crate::scene::panorama::decode;
use crate::scene::stream::{Detail, Stream, Viewer};
use crate::scene::{light_of, setting_of};
use crate::settings::Settings;
use anyhow::{Context as _, Result, anyhow, bail};
use glam::{UVec2, Vec3};
use image::ImageEncoder as _;
use serde::Serialize;
use std::path::Path;
use std::time::{Duration, Instant};
use venue_model::FileHash;
use venue_motion::Walkable;
use venue_package::{DirectorySource, Package};
use wgpu_renderer::{
    Draw, FrameInput, Frustum, Gpu, Lighting, Mips, OffscreenTarget, RenderSettings, Renderer, Sky,
    SurfelDraw, TextureData, TextureId,
};

/// An error of so many pixels is not seen: every tile is shown at its finest, unless a picture could not tell.
const PIXELS: f32 = 0.25;

/// Bytes of tiles in one picture; what does not fit makes everything a little coarser, which is told.
const GPU_BYTES: u64 = 6 << 30;

/// Without progress for so long a picture has failed.
const PATIENCE: Duration = Duration::from_secs(120);

/// Pause while threads decode.
const PAUSE: Duration = Duration::from_millis(2);

/// What lies around a storey seen from above.
const PAPER: Vec3 = Vec3::new(0.86, 0.84, 0.80);

/// One picture that is to be taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Shot {
    /// Name of its file without ending.
    pub name: String,
    /// What it shows.
    pub subject: Subject,
    /// From where.
    pub camera: Camera,
    /// What is nearer to the eye is cut off, metres.
    pub near: f32,
    /// Pixels.
    pub size: UVec2,
}

/// What is told of all pictures.
#[derive(Debug, Serialize)]
struct Index {
    /// What drew them.
    adapter: String,
    pictures: Vec<Taken>,
}

/// What is told of one picture.
#[derive(Debug, Serialize)]
struct Taken {
    file: String,
    #[serde(flatten)]
    subject: Subject,
    size: [u32; 2],
    /// Tiles in it.
    tiles: u32,
    /// How much coarser than it should be it is, for want of memory; 1 is not at all.
    strain: f32,
}

/// Draws all pictures of a package into a folder, and tells of each.
pub fn run(package: &Path, folder: &Path) -> Result<()> {
    let refused = || format!("the package {} can not be used", package.display());
    let package = Package::open(DirectorySource::new(package)).with_context(refused)?;
    std::fs::create_dir_all(folder).with_context(|| format!("{} can not be made", folder.display()))?;
    let walkable = Walkable::new(package.navigation().with_context(refused)?).with_context(refused)?;
    let mut studio = Studio::open(&package)?;
    let mut pictures = Vec::new();
    for shot in views::of_venue(package.manifest(), &walkable) {
        let file = format!("{}.png", shot.name);
        let taken = studio.take(&package, &shot).with_context(|| file.clone())?;
        write(&folder.join(&file), &png(&taken.rgba, shot.size)?)?;
        println!("{file}");
        let size = shot.size.to_array();
        pictures.push(Taken { file, subject: shot.subject, size, tiles: taken.tiles, strain: taken.strain });
    }
    let index = Index { adapter: studio.gpu.adapter().get_info().name, pictures };
    write(&folder.join("preview.json"), &serde_json::to_vec_pretty(&index)?)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    write_whole(path, bytes, Readers::Anyone)
        .with_context(|| format!("{} can not be written", path.display()))
}

fn png(rgba: &[u8], size: UVec2) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    encoder.write_image(rgba, size.x, size.y, image::ExtendedColorType::Rgba8)?;
    Ok(bytes)
}

/// A venue without people, ready to be pictured.
struct Studio {
    gpu: Gpu,
    renderer: Renderer,
    settings: RenderSettings,
    target: Option<OffscreenTarget>,
    tiles: Stream,
    lighting: Lighting,
    sky: Sky,
    /// What was seen around a space last, and its file.
    panorama: Option<(FileHash, TextureId)>,
    draws: Vec<Draw>,
    surfels: Vec<SurfelDraw>,
}

/// A picture that was taken.
struct Picture {
    rgba: Vec<u8>,
    tiles: u32,
    strain: f32,
}

impl Studio {
    fn open(package: &Package) -> Result<Self> {
        let settings = Settings::default();
        let gpu = offscreen_gpu(&settings)?;
        let settings = render_settings(&settings, OFFSCREEN_FORMAT);
        let mut renderer = Renderer::new(&gpu, settings)?;
        let manifest = package.manifest();
        let mut tiles = Stream::new(gpu.texel_format(), Detail { pixels: PIXELS, gpu_bytes: GPU_BYTES })?;
        tiles.clear(setting_of(manifest), &mut renderer);
        tiles.open(&package.tileset()?);
        // No room is far from a picture.
        tiles.set_doors(manifest.spaces.iter().map(|space| (space.id, 0)).collect());
        let (lighting, sky) = light_of(&manifest.environment);
        let (draws, surfels) = (Vec::new(), Vec::new());
        let (target, panorama) = (None, None);
        Ok(Self { gpu, renderer, settings, target, tiles, lighting, sky, panorama, draws, surfels })
    }

    /// What is seen around the space of this key.
    fn sky_around(&mut self, package: &Package, key: &str) -> Result<Sky> {
        let manifest = package.manifest();
        let around = manifest.space_by_key(key).and_then(|space| manifest.panorama(space.id));
        let Some(around) = around else { return Ok(self.sky) };
        let texture = match self.panorama {
            Some((file, texture)) if file == around.picture => texture,
            before => {
                if let Some((_, texture)) = before {
                    self.renderer.remove_texture(texture);
                }
                let side = self.gpu.device().limits().max_texture_dimension_2d;
                let decoded = decode(&package.file(around.picture)?, side).map_err(|error| anyhow!(error))?;
                let (width, height, srgb, mips) = (decoded.width, decoded.height, true, Mips::Generate);
                let data = TextureData { width, height, rgba8: &decoded.rgba8, srgb, mips };
                self.renderer.add_texture(&self.gpu, &data)?
            }
        };
        self.panorama = Some((around.picture, texture));
        Ok(Sky::Equirect { texture, yaw: around.yaw(), tint: Vec3::ONE })
    }

    fn take(&mut self, package: &Package, shot: &Shot) -> Result<Picture> {
        let views = Views::flat_from(&shot.camera, shot.size, shot.near);
        self.load(package, shot, &views)?;
        let target = match self.target.take().filter(|target| target.size() == shot.size) {
            Some(target) => target,
            None => OffscreenTarget::new(&self.gpu, &self.settings, shot.size)?,
        };
        let sky = match &shot.subject {
            Subject::Space { space, .. } => self.sky_around(package, space)?,
            Subject::Storey { .. } => Sky::Gradient { zenith: PAPER, horizon: PAPER, ground: PAPER },
        };
        let frame = FrameInput {
            views: views.as_slice(),
            lighting: self.lighting,
            sky,
            static_draws: &self.draws,
            surfel_draws: &self.surfels,
            ..FrameInput::default()
        };
        self.renderer.prepare(&frame)?.submit(&self.gpu, &target.target())?;
        let rgba = pollster::block_on(target.read_rgba(&self.gpu, 0))?;
        self.target = Some(target);
        let stats = self.tiles.stats();
        Ok(Picture { rgba, tiles: stats.shown, strain: stats.strain })
    }

    /// Loads all that the picture shows.
    fn load(&mut self, package: &Package, shot: &Shot, views: &Views) -> Result<()> {
        let view = &views.as_slice()[0];
        let frusta = [Frustum::of(&view.clip_from_world())];
        let viewer = Viewer {
            eye: shot.camera.eye.position,
            ahead: shot.camera.ahead(),
            frusta: &frusta,
            pixels_per_radian: 1.0 / view.radians_per_pixel(shot.size.y),
        };
        let mut progress = (Instant::now(), self.tiles.stats());
        loop {
            if let Some((file, detail)) = self.tiles.advance(&self.gpu, &mut self.renderer).into_iter().next()
            {
                bail!("the tile {file} can not be shown: {detail}; venue-importer check tells more");
            }
            self.draws.clear();
            self.surfels.clear();
            // A whole second: what replaces another level has replaced it.
            self.tiles.select(&viewer, 1.0, &mut self.draws, &mut self.surfels);
            if self.tiles.is_settled() {
                return Ok(());
            }
            for file in self.tiles.wanted().to_vec() {
                self.tiles.load(file, package.file(file)?.into());
            }
            let stats = self.tiles.stats();
            if stats != progress.1 {
                progress = (Instant::now(), stats);
            } else if progress.0.elapsed() > PATIENCE {
                bail!("its tiles do not come to an end: {stats:?}");
            } else {
                std::thread::park_timeout(PAUSE);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{marked_package, snapshot};

    /// The smallest picture of a storey as it was blessed: the gallery is cut off.
    #[test]
    fn a_storey_and_a_space_are_pictured_and_the_same_again() {
        let package = marked_package();
        let walkable = Walkable::new(package.navigation().unwrap()).unwrap();
        let mut studio = Studio::open(&package).unwrap();
        for name in ["storey-1", "space-room-corner"] {
            let shots = views::of_venue(package.manifest(), &walkable);
            let mut shot = shots.into_iter().find(|shot| shot.name == name).unwrap();
            shot.size /= 8;
            let taken = studio.take(&package, &shot).unwrap();
            assert!(taken.tiles >= 1 && taken.strain == 1.0);
            snapshot::check(&format!("preview-{name}"), shot.size, &taken.rgba);
            assert_eq!(studio.take(&package, &shot).unwrap().rgba, taken.rgba);
        }
    }

    #[test]
    fn a_folder_that_is_no_package_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = run(folder.path(), &folder.path().join("out")).unwrap_err();
        assert!(format!("{error:#}").contains(&folder.path().display().to_string()), "{error:#}");
        assert!(!folder.path().join("out").exists());
    }
}
