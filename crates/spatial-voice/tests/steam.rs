//! The Steam Audio backend against a stand-in for the library: loading and refusing, and that every number arrives.
//! The library itself is not here; `examples/walk-around` hears by it where `VEV_PHONON` names one.

#![allow(unsafe_code, reason = "the stand-in is asked how many of its objects are left")]

mod support;

use glam::Vec3;
use spatial_voice::BLOCK;
use spatial_voice::space::{
    AcousticScene, AcousticSpace, DoorState, Listener, Material, Opening, OutputMode, Source, Spatial,
    StereoBlock, Triangle,
};
use spatial_voice::steam::{self, SteamError};
use std::path::Path;
use support::mock;

fn error(configured: &Path) -> SteamError {
    steam::spatial(Some(configured)).err().expect("it is refused")
}

#[test]
fn a_missing_file_is_told_with_what_to_do() {
    let found = error(Path::new("no/such/libphonon.so"));
    assert!(matches!(found, SteamError::NotFound { .. }));
    assert!(found.to_string().contains("no/such/libphonon.so") && found.to_string().contains("VEV_PHONON"));
    // Without a name it is looked for beside the program, which here is the test.
    let found = steam::spatial(None).err().unwrap();
    assert!(matches!(&found, SteamError::NotFound { path } if path.is_absolute()), "{found}");
}

#[test]
fn a_file_that_is_no_library_is_told() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("libphonon-text.so");
    std::fs::write(&path, "no library").unwrap();
    let found = error(&path);
    assert!(matches!(&found, SteamError::Unloadable { reason, .. } if reason.len() > 20), "{found}");
}

#[test]
fn a_missing_function_is_named() {
    let found = error(&mock("lacking", Some("lacking")));
    assert!(matches!(found, SteamError::MissingSymbol { symbol: "iplSourceGetOutputs", .. }), "{found}");
}

#[test]
fn a_refused_version_is_told() {
    let found = error(&mock("old", Some("old")));
    assert!(matches!(found, SteamError::Version { code: 1, .. }), "{found}");
    assert!(found.to_string().contains("4.6"));
}

#[test]
fn what_the_library_does_not_make_is_told_and_nothing_leaks() {
    let path = mock("refusing", Some("refusing"));
    // Held open, so that its count outlives the attempt.
    let count = live(&path);
    assert!(matches!(error(&path), SteamError::Refused { what: "its head responses", code: 3 }));
    assert_eq!(count(), 0);
}

/// Asks the stand-in how many of its objects are left.
fn live(path: &Path) -> impl Fn() -> i64 {
    // SAFETY: the stand-in is ours; the function has this signature.
    let library = unsafe { libloading::Library::new(path) }.expect("it was compiled");
    move || {
        // SAFETY: as above.
        let count = unsafe { library.get::<extern "C" fn() -> i64>(b"mock_live\0") }.expect("it counts");
        count()
    }
}

/// A wall of two surfaces at x = 5, and one of doors at x = -5.
fn scene() -> AcousticScene {
    let square =
        |x: f32| [(-9.0, -9.0), (9.0, -9.0), (9.0, 9.0), (-9.0, 9.0)].map(|(y, z)| Vec3::new(x, y, z));
    let vertices = [5.0, 5.2, -5.0, -5.2].into_iter().flat_map(square).collect();
    let halves = |first: u32| [[first, first + 1, first + 2], [first, first + 2, first + 3]];
    let space = AcousticSpace {
        materials: vec![Material { absorption: [0.1; 3], scattering: 0.1, transmission: [0.01; 3] }],
        vertices,
        triangles: [0, 4]
            .into_iter()
            .flat_map(halves)
            .map(|corners| Triangle { corners, material: 0 })
            .collect(),
        openings: [8, 12]
            .into_iter()
            .flat_map(halves)
            .map(|corners| Opening { corners, door: Some(3) })
            .collect(),
        ..AcousticSpace::default()
    };
    AcousticScene { spaces: vec![space] }
}

/// Amplitude in both ears of a source after the worker has looked and the gains have come to rest.
fn heard(spatial: &mut Spatial, position: Vec3, mode: OutputMode) -> [f32; 2] {
    let (listener, samples) =
        (Listener { position: Vec3::new(0.0, 0.3, 0.4), ..Listener::default() }, [0.5; BLOCK]);
    let source = Source { slot: 5, position, gain: 1.0, samples: &samples };
    let mut heard = StereoBlock::default();
    for _ in 0..50 {
        spatial.backend.process_block(&listener, &[source], mode, &mut heard);
        spatial.worker.update_occlusion();
        spatial.worker.update_reverb();
    }
    spatial.backend.process_block(&listener, &[source], mode, &mut heard);
    [heard.left[BLOCK - 1], heard.right[BLOCK - 1]]
}

#[test]
fn the_whole_way_through_the_library() {
    let path = mock("whole", None);
    let count = live(&path);
    let mut spatial = steam::spatial(Some(&path)).unwrap();
    assert_eq!(spatial.backend.name(), "Steam Audio");
    let (right, left) = (Vec3::new(8.0, 0.31, 0.42), Vec3::new(-8.0, 0.31, 0.42));
    let mode = OutputMode::Binaural;
    let [quiet, open] = heard(&mut spatial, right, mode);
    assert!(open > quiet * 5.0 && open > 0.03, "{quiet} {open}");

    spatial.worker.set_scene(&scene()).unwrap();
    let [_, walled] = heard(&mut spatial, right, mode);
    // 1 % of the energy comes through: a tenth of the amplitude.
    assert!((walled / open - 0.1).abs() < 0.005, "{walled} {open}");

    let [open, _] = heard(&mut spatial, left, mode);
    for _ in 0..2 {
        spatial.worker.set_door(3, DoorState::Closed);
    }
    let [closed, _] = heard(&mut spatial, left, mode);
    assert!(closed < open * 0.06, "{closed} {open}");
    spatial.worker.set_door(3, DoorState::Open);
    assert!((heard(&mut spatial, left, mode)[0] / open - 1.0).abs() < 1e-3);

    let [left_ear, right_ear] = heard(&mut spatial, left, OutputMode::Loudspeakers);
    assert!(left_ear > right_ear * 5.0);
    let [left_ear, right_ear] = heard(&mut spatial, left, OutputMode::Mono);
    assert_eq!(left_ear, right_ear);

    drop(spatial);
    assert_eq!(count(), 0, "all objects are released");
}

#[test]
fn broken_numbers_do_not_reach_the_ears() {
    let mut spatial = steam::spatial(Some(&mock("broken", None))).unwrap();
    spatial.worker.set_scene(&scene()).unwrap();
    let samples = [f32::NAN; BLOCK];
    let mut block = StereoBlock::default();
    for value in [f32::NAN, f32::INFINITY, 1e30, 0.0] {
        let position = Vec3::splat(value);
        let listener = Listener { position, building_from_head: glam::Quat::from_xyzw(0.0, 0.0, 0.0, value) };
        for slot in [0, 31, 32, usize::MAX] {
            let source = Source { slot, position, gain: value, samples: &samples };
            spatial.backend.process_block(&listener, &[source; 3], OutputMode::Binaural, &mut block);
            spatial.worker.update_occlusion();
            spatial.worker.update_reverb();
            assert!(block.left.iter().chain(&block.right).all(|sample| sample.abs() <= 1.0));
        }
    }
}
