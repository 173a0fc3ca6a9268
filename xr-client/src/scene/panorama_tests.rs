//! A panorama on its way: behind the frames where that is possible, else as their sky.

use super::*;
use crate::cli::{OFFSCREEN_FORMAT, offscreen_gpu, render_settings};
use crate::settings::Settings;
use crate::testing::panorama_png;
use std::time::{Duration, Instant};
use venue_model::SpaceId;

const FILE: FileHash = FileHash([7; 32]);

/// A presenter's place for a panorama, which may refuse it.
#[derive(Default)]
struct Stage {
    refuses: bool,
    size: UVec2,
    rgba8: Vec<u8>,
}

impl Backdrop for Stage {
    fn largest_side(&self) -> u32 {
        64
    }

    fn begin(&mut self, size: UVec2) -> bool {
        (self.size, self.rgba8) = (size, Vec::new());
        !self.refuses
    }

    fn write(&mut self, first_row: u32, rgba8: &[u8]) -> bool {
        assert_eq!(self.rgba8.len(), (first_row * self.size.x * 4) as usize, "one row after the other");
        self.rgba8.extend_from_slice(rgba8);
        !self.refuses
    }

    fn is_ready(&self) -> bool {
        !self.refuses && !self.rgba8.is_empty()
    }

    fn clear(&mut self) {
        *self = Self { refuses: self.refuses, ..Self::default() };
    }
}

struct Bench {
    gpu: Gpu,
    renderer: Renderer,
    panorama: Panorama,
}

impl Bench {
    fn new() -> Self {
        let settings = Settings::default();
        let gpu = offscreen_gpu(&settings).unwrap();
        let renderer = Renderer::new(&gpu, render_settings(&settings, OFFSCREEN_FORMAT)).unwrap();
        let mut panorama = Panorama::default();
        panorama.want(Some(SpacePanorama { space: SpaceId(1), picture: FILE, heading: 90.0 }));
        Self { gpu, renderer, panorama }
    }

    fn step(&mut self, stage: Option<&mut Stage>) -> Option<(FileHash, String)> {
        let backdrop = stage.map(|stage| stage as &mut dyn Backdrop);
        self.panorama.advance(&self.gpu, &mut self.renderer, backdrop)
    }

    /// Gives the file whenever it is wanted until nothing more comes; what was said to be wrong.
    fn settle(&mut self, mut stage: Option<&mut Stage>, bytes: &[u8]) -> Option<String> {
        let (mut wrong, begun) = (None, Instant::now());
        loop {
            wrong = self.step(stage.as_deref_mut()).map(|(_, detail)| detail).or(wrong);
            if let Some(file) = self.panorama.wanted_file() {
                assert!(self.panorama.load(file, &Bytes::copy_from_slice(bytes)));
            }
            if self.panorama.is_settled() {
                return wrong;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "it comes to no end");
        }
    }
}

#[test]
fn it_is_the_frames_sky_where_nobody_shows_it_behind_them() {
    let mut bench = Bench::new();
    assert_eq!(bench.panorama.sky(), None);
    assert_eq!(bench.settle(None, &panorama_png(16)), None);
    let Some(Sky::Equirect { yaw, tint, .. }) = bench.panorama.sky() else { panic!("it is the sky") };
    assert!((yaw + std::f32::consts::FRAC_PI_2).abs() < 1e-6, "90° to the right is -90° about +y: {yaw}");
    assert_eq!((tint, bench.panorama.backdrop_yaw()), (Vec3::ONE, None));
    bench.panorama.want(None);
    assert_eq!(bench.panorama.sky(), None, "at once, from a room without one");
    bench.step(None);
    assert!(bench.panorama.is_settled());
}

#[test]
fn whoever_can_show_it_behind_the_frames_gets_it_within_its_limits_and_else_it_is_the_sky() {
    let (mut bench, mut stage) = (Bench::new(), Stage::default());
    assert_eq!(bench.settle(Some(&mut stage), &panorama_png(256)), None);
    assert_eq!((stage.size, stage.rgba8.len()), (UVec2::new(64, 32), 64 * 32 * 4));
    assert_eq!(bench.panorama.sky(), Some(Sky::Open));
    assert!(bench.panorama.backdrop_yaw().is_some());
    // The runtime does not take it any more.
    stage.refuses = true;
    assert_eq!(bench.settle(Some(&mut stage), &panorama_png(256)), None);
    assert!(matches!(bench.panorama.sky(), Some(Sky::Equirect { .. })));
}

#[test]
fn who_shows_it_changes_while_it_is_seen() {
    let (mut bench, mut stage) = (Bench::new(), Stage::default());
    let bytes = panorama_png(32);
    for _ in 0..2 {
        assert_eq!(bench.settle(None, &bytes), None);
        assert!(matches!(bench.panorama.sky(), Some(Sky::Equirect { .. })));
        assert_eq!(bench.settle(Some(&mut stage), &bytes), None);
        assert_eq!(bench.panorama.sky(), Some(Sky::Open));
        assert_eq!(bench.settle(Some(&mut stage), &bytes), None);
        assert_eq!(bench.panorama.sky(), Some(Sky::Open), "and stays");
    }
}

#[test]
fn what_is_no_panorama_is_told_once_and_leaves_the_room_its_sky() {
    let mut bench = Bench::new();
    let wrong = bench.settle(None, b"no picture").unwrap();
    assert!(wrong.contains("a JPEG or a PNG"), "{wrong}");
    assert_eq!((bench.panorama.sky(), bench.step(None)), (None, None));
    let mut bench = Bench::new();
    bench.step(None);
    assert!(!bench.panorama.handle_failed(FileHash([8; 32])) && bench.panorama.handle_failed(FILE));
    assert!(bench.panorama.is_settled());
}

#[test]
fn another_room_has_another_one_and_the_first_comes_again() {
    let (mut bench, mut stage) = (Bench::new(), Stage::default());
    assert_eq!(bench.settle(Some(&mut stage), &panorama_png(32)), None);
    let first = bench.panorama.wanted;
    let picture = FileHash([9; 32]);
    bench.panorama.want(Some(SpacePanorama { space: SpaceId(2), picture, heading: 0.0 }));
    assert_eq!(bench.panorama.sky(), None, "never the one of the room before");
    for (wanted, width) in [(bench.panorama.wanted, 48), (first, 32)] {
        bench.panorama.want(wanted);
        assert_eq!(bench.settle(Some(&mut stage), &panorama_png(width)), None);
        assert_eq!((stage.size.x, bench.panorama.sky()), (width, Some(Sky::Open)));
    }
}
