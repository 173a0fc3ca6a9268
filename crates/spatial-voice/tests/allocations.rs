//! While sound is made nothing is allocated, by either backend: counted by an allocator, with 32 voices, a worker at
//! work on another thread, turns of the head, and people who come and go. What no allocator sees, locks, the crate does not name at
//! all: tidy bans them there.

#![allow(unsafe_code, reason = "a counting allocator is an allocator")]

mod support;

use glam::{Quat, Vec3};
use spatial_voice::BLOCK;
use spatial_voice::space::native::{Hrtf, Native};
use spatial_voice::space::{
    AcousticScene, AcousticSpace, DoorState, Listener, Material, Opening, OutputMode, Source, Spatial,
    StereoBlock, Triangle,
};
use spatial_voice::steam;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use support::mock;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

fn count() {
    COUNT.with(|count| count.set(count.get() + 1));
}

// SAFETY: all is passed on to the system's allocator; the counter neither allocates nor panics.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count();
        // SAFETY: the pointer came from `System` by the functions here.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// A tetrahedron of air with a door.
fn scene() -> AcousticScene {
    let space = AcousticSpace {
        materials: vec![Material { absorption: [0.1; 3], scattering: 0.1, transmission: [0.01; 3] }],
        vertices: vec![Vec3::ZERO, Vec3::X * 20.0, Vec3::Y * 20.0, Vec3::Z * 20.0],
        triangles: vec![
            Triangle { corners: [0, 1, 2], material: 0 },
            Triangle { corners: [0, 2, 3], material: 0 },
            Triangle { corners: [0, 3, 1], material: 0 },
        ],
        openings: vec![Opening { corners: [1, 3, 2], door: Some(1) }],
        ..AcousticSpace::default()
    };
    AcousticScene { spaces: vec![space] }
}

#[test]
fn the_native_backend_allocates_nothing() {
    check(Native::spatial(Arc::new(Hrtf::shipped().unwrap())));
}

#[test]
fn our_part_of_the_backend_by_steam_audio_allocates_nothing() {
    check(steam::spatial(Some(&mock("allocations", None))).unwrap());
}

fn check(Spatial { mut backend, mut worker }: Spatial) {
    let is_over = AtomicBool::new(false);
    let samples: [f32; BLOCK] = std::array::from_fn(|at| (at as f32 * 0.1).sin() * 0.1);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            worker.set_scene(&scene()).expect("it is small");
            while !is_over.load(Ordering::Relaxed) {
                worker.update_occlusion();
                worker.set_door(1, DoorState::Closed);
                worker.update_reverb();
                worker.set_door(1, DoorState::Open);
            }
        });
        let mut heard = StereoBlock::default();
        let mut most = 0.0_f32;
        for block in 0..300_usize {
            let turn = block as f32 * 0.1;
            let listener =
                Listener { position: Vec3::splat(3.0), building_from_head: Quat::from_rotation_y(turn) };
            let mode = [OutputMode::Binaural, OutputMode::Loudspeakers, OutputMode::Mono][block / 20 % 3];
            let sources: Vec<Source<'_>> = (0..32 - block % 7)
                .map(|slot| {
                    let aside = Vec3::new(slot as f32 * 0.2, 1.0, turn.sin());
                    Source { slot, position: listener.position + aside, gain: 1.0, samples: &samples }
                })
                .collect();
            let before = COUNT.with(Cell::get);
            backend.process_block(&listener, &sources, mode, &mut heard);
            assert_eq!(COUNT.with(Cell::get), before, "block {block}");
            most = heard.left.iter().fold(most, |most, value| most.max(value.abs()));
        }
        is_over.store(true, Ordering::Relaxed);
        assert!(most > 0.05, "something was heard: {most}");
    });
}
