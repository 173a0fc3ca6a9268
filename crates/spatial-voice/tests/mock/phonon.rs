//! A stand-in for Valve's library, compiled by `tests/steam.rs` as a library of its own: enough of its behaviour that
//! loading, refusing and the way of every number can be tested. It makes no sound worth hearing.
//!
//! Built with `--cfg old` it is of version 4.5; with `--cfg lacking` one function is missing; with `--cfg refusing`
//! it has no head responses.

#![allow(unsafe_code, dead_code, non_snake_case, clippy::missing_safety_doc)]

#[path = "../../src/steam/layout.rs"]
mod layout;

use layout::*;
use std::sync::atomic::{AtomicI64, Ordering};

/// Objects that are not released yet.
static LIVE: AtomicI64 = AtomicI64::new(0);

#[unsafe(no_mangle)]
pub extern "C" fn mock_live() -> i64 {
    LIVE.load(Ordering::SeqCst)
}

/// Any object.
#[derive(Default)]
struct Object {
    triangles: Vec<([Vector; 3], f32)>,
    /// Meshes of a scene, sources of a simulator.
    parts: Vec<usize>,
    scene: usize,
    listener: Frame,
    source: Option<Vector>,
    occlusion: f32,
    transmission: f32,
    times: [f32; 3],
}

fn put(out: *mut Handle, object: Object) -> Status {
    LIVE.fetch_add(1, Ordering::SeqCst);
    // SAFETY: the caller gives a place for the handle.
    unsafe { *out = Box::into_raw(Box::new(object)).cast() };
    0
}

fn object<'a>(handle: Handle) -> &'a mut Object {
    // SAFETY: handles come from `put`, and each is used by one thread at a time.
    unsafe { &mut *handle.cast::<Object>() }
}

macro_rules! releases {
    ($($name:ident)*) => {
        $(#[unsafe(no_mangle)]
        pub unsafe extern "system" fn $name(handle: *mut Handle) {
            LIVE.fetch_sub(1, Ordering::SeqCst);
            // SAFETY: the handle came from `put` and is released once.
            unsafe {
                drop(Box::from_raw((*handle).cast::<Object>()));
                *handle = std::ptr::null_mut();
            }
        })*
    };
}

releases! {
    iplContextRelease iplHRTFRelease iplBinauralEffectRelease iplDirectEffectRelease iplReflectionEffectRelease
    iplSceneRelease iplStaticMeshRelease iplSimulatorRelease iplSourceRelease
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn iplContextCreate(settings: *mut ContextSettings, out: *mut Handle) -> Status {
    // SAFETY: the caller gives settings.
    let version = unsafe { (*settings).version };
    let newest = if cfg!(old) { 5 } else { 8 };
    let is_known = version >> 16 == 4 && (version >> 8 & 0xff) <= newest;
    if is_known { put(out, Object::default()) } else { 1 }
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn iplHRTFCreate(
    _: Handle,
    audio: *mut AudioSettings,
    _: *mut HrtfSettings,
    out: *mut Handle,
) -> Status {
    // SAFETY: the caller gives settings.
    let AudioSettings { rate, block } = unsafe { *audio };
    if cfg!(refusing) || (rate, block) != (48_000, 480) { 3 } else { put(out, Object::default()) }
}

macro_rules! effects {
    ($($name:ident $settings:ty;)*) => {
        $(#[unsafe(no_mangle)]
        pub extern "system" fn $name(_: Handle, _: *mut AudioSettings, _: *mut $settings, out: *mut Handle) -> Status {
            put(out, Object::default())
        })*
    };
}

effects! {
    iplBinauralEffectCreate BinauralSettings;
    iplDirectEffectCreate DirectSettings;
    iplReflectionEffectCreate ReflectionSettings;
}

#[unsafe(no_mangle)]
pub extern "system" fn iplBinauralEffectReset(_: Handle) {}

#[unsafe(no_mangle)]
pub extern "system" fn iplDirectEffectReset(_: Handle) {}

/// A channel of a buffer.
unsafe fn channel<'a>(buffer: *mut AudioBuffer, at: usize) -> &'a mut [f32] {
    // SAFETY: the caller's buffer has so many channels of so many samples.
    unsafe {
        assert!(at < (*buffer).channels as usize);
        std::slice::from_raw_parts_mut(*(*buffer).data.add(at), (*buffer).samples as usize)
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn iplBinauralEffectApply(
    _: Handle,
    params: *mut BinauralParams,
    from: *mut AudioBuffer,
    to: *mut AudioBuffer,
) -> i32 {
    // SAFETY: as the interface says.
    unsafe {
        let side = (*params).direction.x * (*params).blend;
        for (ear, gain) in [(0, 1.0 - side), (1, 1.0 + side)] {
            let pairs = channel(to, ear).iter_mut().zip(channel(from, 0));
            pairs.for_each(|(to, from)| *to = *from * gain / 2.0);
        }
    }
    1
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn iplDirectEffectApply(
    _: Handle,
    params: *mut DirectParams,
    from: *mut AudioBuffer,
    to: *mut AudioBuffer,
) -> i32 {
    // SAFETY: as the interface says.
    unsafe {
        let params = *params;
        assert_eq!(params.flags, DISTANCE | AIR | OCCLUSION | TRANSMISSION);
        let walls = params.occlusion + (1.0 - params.occlusion) * params.transmission[1];
        let gain = params.distance * params.air[1] * walls;
        channel(to, 0).iter_mut().zip(channel(from, 0)).for_each(|(to, from)| *to = *from * gain);
    }
    1
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn iplReflectionEffectApply(
    _: Handle,
    params: *mut ReflectionParams,
    from: *mut AudioBuffer,
    to: *mut AudioBuffer,
    mixer: Handle,
) -> i32 {
    // SAFETY: as the interface says.
    unsafe {
        assert!(mixer.is_null() && (*params).kind == PARAMETRIC);
        let gain = 0.1 * (*params).times[1];
        channel(to, 0).iter_mut().zip(channel(from, 0)).for_each(|(to, from)| *to = *from * gain);
    }
    1
}

#[unsafe(no_mangle)]
pub extern "system" fn iplSceneCreate(_: Handle, _: *mut SceneSettings, out: *mut Handle) -> Status {
    put(out, Object::default())
}

#[unsafe(no_mangle)]
pub extern "system" fn iplSceneCommit(_: Handle) {}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn iplStaticMeshCreate(
    _: Handle,
    settings: *mut MeshSettings,
    out: *mut Handle,
) -> Status {
    // SAFETY: the lists are as long as they say.
    let triangles = unsafe {
        let settings = &*settings;
        (0..settings.triangle_count as usize).map(|at| {
            let corners = (*settings.triangles.add(at)).map(|corner| *settings.vertices.add(corner as usize));
            let material = *settings.material_indices.add(at) as usize;
            (corners, (*settings.materials.add(material)).transmission[1])
        })
    };
    put(out, Object { triangles: triangles.collect(), ..Object::default() })
}

#[unsafe(no_mangle)]
pub extern "system" fn iplStaticMeshAdd(mesh: Handle, scene: Handle) {
    // The library keeps a reference; here the triangles are copied, and the mesh is known by its place.
    let scene = object(scene);
    scene.parts.push(mesh as usize);
    let triangles = object(mesh).triangles.clone();
    scene.triangles.extend(triangles);
}

#[unsafe(no_mangle)]
pub extern "system" fn iplStaticMeshRemove(mesh: Handle, scene: Handle) {
    let scene = object(scene);
    assert!(scene.parts.contains(&(mesh as usize)), "it was never added");
    scene.parts.retain(|part| *part != mesh as usize);
    let gone = &object(mesh).triangles;
    scene.triangles.retain(|triangle| !gone.contains(triangle));
}

#[unsafe(no_mangle)]
pub extern "system" fn iplSimulatorCreate(_: Handle, _: *mut SimulationSettings, out: *mut Handle) -> Status {
    put(out, Object::default())
}

#[unsafe(no_mangle)]
pub extern "system" fn iplSimulatorSetScene(simulator: Handle, scene: Handle) {
    object(simulator).scene = scene as usize;
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn iplSimulatorSetSharedInputs(
    simulator: Handle,
    _: i32,
    inputs: *mut SharedInputs,
) {
    // SAFETY: the caller gives inputs.
    object(simulator).listener = unsafe { (*inputs).listener };
}

#[unsafe(no_mangle)]
pub extern "system" fn iplSimulatorCommit(_: Handle) {}

#[unsafe(no_mangle)]
pub extern "system" fn iplSimulatorRunDirect(simulator: Handle) {
    let simulator = object(simulator);
    let scene = object(simulator.scene as Handle);
    for source in &simulator.parts {
        let source = object(*source as Handle);
        let Some(to) = source.source else { continue };
        let from = simulator.listener.origin;
        let met: Vec<f32> = scene
            .triangles
            .iter()
            .filter(|(corners, _)| meets(corners, from, to))
            .map(|(_, gain)| *gain)
            .collect();
        source.occlusion = if met.is_empty() { 1.0 } else { 0.0 };
        let product: f32 = met.iter().product();
        source.transmission = if met.len() > 1 { product.sqrt() } else { product };
    }
}

#[unsafe(no_mangle)]
pub extern "system" fn iplSimulatorRunReflections(simulator: Handle) {
    for source in &object(simulator).parts {
        object(*source as Handle).times = [1.0, 0.8, 0.5];
    }
}

#[unsafe(no_mangle)]
pub extern "system" fn iplSourceCreate(_: Handle, _: *mut SourceSettings, out: *mut Handle) -> Status {
    put(out, Object { occlusion: 1.0, transmission: 1.0, ..Object::default() })
}

#[unsafe(no_mangle)]
pub extern "system" fn iplSourceAdd(source: Handle, simulator: Handle) {
    object(simulator).parts.push(source as usize);
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn iplSourceSetInputs(source: Handle, _: i32, inputs: *mut SourceInputs) {
    // SAFETY: the caller gives inputs.
    let inputs = unsafe { &*inputs };
    object(source).source = (inputs.direct_flags != 0).then_some(inputs.source.origin);
}

#[cfg(not(lacking))]
#[unsafe(no_mangle)]
pub unsafe extern "system" fn iplSourceGetOutputs(source: Handle, what: i32, outputs: *mut Outputs) {
    let source = object(source);
    // SAFETY: the caller gives a place for the outputs.
    unsafe {
        if what & DIRECT != 0 {
            (*outputs).direct.occlusion = source.occlusion;
            (*outputs).direct.transmission = [source.transmission; 3];
        }
        if what & REFLECTIONS != 0 {
            (*outputs).reflections.times = source.times;
        }
    }
}

/// Whether a straight way meets a triangle (Möller and Trumbore).
fn meets(corners: &[Vector; 3], from: Vector, to: Vector) -> bool {
    let minus = |a: Vector, b: Vector| Vector { x: a.x - b.x, y: a.y - b.y, z: a.z - b.z };
    let dot = |a: Vector, b: Vector| a.x * b.x + a.y * b.y + a.z * b.z;
    let cross = |a: Vector, b: Vector| Vector {
        x: a.y * b.z - a.z * b.y,
        y: a.z * b.x - a.x * b.z,
        z: a.x * b.y - a.y * b.x,
    };
    let (way, ab, ac) = (minus(to, from), minus(corners[1], corners[0]), minus(corners[2], corners[0]));
    let p = cross(way, ac);
    let scale = dot(ab, p);
    let t = minus(from, corners[0]);
    let q = cross(t, ab);
    let (u, v, at) = (dot(t, p) / scale, dot(way, q) / scale, dot(ac, q) / scale);
    scale != 0.0 && u >= 0.0 && v >= 0.0 && u + v <= 1.0 && (0.0..1.0).contains(&at)
}
