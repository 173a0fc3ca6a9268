//! Calls of the library with our types: what may be passed to what is checked by the compiler here, so that the rest
//! of the backend is safe code. Knows no voices and no buildings.

#![allow(unsafe_code, reason = "functions of a C library are called")]

use super::SteamError;
use super::layout::*;
use super::library::{Library, Owned};
use crate::{BLOCK, SAMPLE_RATE};
use std::ptr::null_mut;
use std::sync::Arc;

/// Kinds of objects.
pub(super) enum Hrtf {}
pub(super) enum Binaural {}
pub(super) enum Direct {}
pub(super) enum Reflection {}
pub(super) enum Scene {}
pub(super) enum Mesh {}
pub(super) enum Simulator {}
pub(super) enum SourceObject {}

/// Longest reverberation that is simulated and made, seconds.
pub(super) const SECONDS: f32 = 2.0;

/// Rays for the reverberation, and points of a head for occlusion.
pub(super) const RAYS: i32 = 1_024;
pub(super) const POINTS: i32 = 16;

const AUDIO: AudioSettings = AudioSettings { rate: SAMPLE_RATE as i32, block: BLOCK as i32 };

impl Library {
    /// The library's own head responses.
    pub(super) fn hrtf(self: &Arc<Self>) -> Result<Owned<Hrtf>, SteamError> {
        let (mut audio, mut settings) = (
            AUDIO,
            HrtfSettings {
                kind: 0,
                file: std::ptr::null(),
                bytes: std::ptr::null(),
                byte_count: 0,
                volume: 1.0,
                norm: 0,
            },
        );
        self.make("its head responses", self.functions.hrtf_release, |out| {
            // SAFETY: the context is alive; all pointers are to live values.
            unsafe { (self.functions.hrtf_create)(self.context, &raw mut audio, &raw mut settings, out) }
        })
    }

    pub(super) fn binaural(self: &Arc<Self>, hrtf: &Owned<Hrtf>) -> Result<Owned<Binaural>, SteamError> {
        let (mut audio, mut settings) = (AUDIO, BinauralSettings { hrtf: hrtf.raw() });
        self.make("the effect for headphones", self.functions.binaural_release, |out| {
            // SAFETY: the context and the responses are alive, and the effect keeps its own reference to them.
            unsafe { (self.functions.binaural_create)(self.context, &raw mut audio, &raw mut settings, out) }
        })
    }

    pub(super) fn direct(self: &Arc<Self>) -> Result<Owned<Direct>, SteamError> {
        let (mut audio, mut settings) = (AUDIO, DirectSettings { channels: 1 });
        self.make("the effect of distance and walls", self.functions.direct_release, |out| {
            // SAFETY: the context is alive; all pointers are to live values.
            unsafe { (self.functions.direct_create)(self.context, &raw mut audio, &raw mut settings, out) }
        })
    }

    pub(super) fn reflection(self: &Arc<Self>) -> Result<Owned<Reflection>, SteamError> {
        let samples = (SECONDS * SAMPLE_RATE as f32) as i32;
        let (mut audio, mut settings) =
            (AUDIO, ReflectionSettings { kind: PARAMETRIC, response_samples: samples, channels: 1 });
        self.make("the reverberation", self.functions.reflection_release, |out| {
            // SAFETY: the context is alive; all pointers are to live values.
            unsafe {
                (self.functions.reflection_create)(self.context, &raw mut audio, &raw mut settings, out)
            }
        })
    }

    pub(super) fn scene(self: &Arc<Self>) -> Result<Owned<Scene>, SteamError> {
        let none = null_mut();
        let mut settings =
            SceneSettings { kind: 0, callbacks: [none; 4], user: none, embree: none, radeon_rays: none };
        self.make("a scene", self.functions.scene_release, |out| {
            // SAFETY: the context is alive; all pointers are to live values.
            unsafe { (self.functions.scene_create)(self.context, &raw mut settings, out) }
        })
    }

    pub(super) fn simulator(self: &Arc<Self>, sources: usize) -> Result<Owned<Simulator>, SteamError> {
        let mut settings = SimulationSettings {
            flags: DIRECT | REFLECTIONS,
            scene_kind: 0,
            reflection_kind: PARAMETRIC,
            occlusion_samples: POINTS,
            rays: RAYS,
            diffuse_samples: 32,
            seconds: SECONDS,
            order: 0,
            sources: sources as i32,
            threads: 1,
            ray_batch: 1,
            visibility_samples: 1,
            rate: AUDIO.rate,
            block: AUDIO.block,
            open_cl: null_mut(),
            radeon_rays: null_mut(),
            tan: null_mut(),
        };
        self.make("a simulation", self.functions.simulator_release, |out| {
            // SAFETY: the context is alive; all pointers are to live values.
            unsafe { (self.functions.simulator_create)(self.context, &raw mut settings, out) }
        })
    }
}

impl Owned<Scene> {
    /// A mesh for this scene; it is not in it yet. None: it has no triangles, or names what does not exist.
    pub(super) fn mesh(
        &self,
        vertices: &mut [Vector],
        triangles: &mut [[i32; 3]],
        of: &mut [i32],
        materials: &mut [SteamMaterial],
    ) -> Result<Option<Owned<Mesh>>, SteamError> {
        let is_inside = |at: &i32, count: usize| usize::try_from(*at).is_ok_and(|at| at < count);
        let is_whole = triangles.iter().flatten().all(|at| is_inside(at, vertices.len()))
            && of.iter().all(|at| is_inside(at, materials.len()))
            && of.len() == triangles.len();
        if triangles.is_empty() || !is_whole {
            return Ok(None);
        }
        let mut settings = MeshSettings {
            vertex_count: vertices.len() as i32,
            triangle_count: triangles.len() as i32,
            material_count: materials.len() as i32,
            vertices: vertices.as_mut_ptr(),
            triangles: triangles.as_mut_ptr(),
            material_indices: of.as_mut_ptr(),
            materials: materials.as_mut_ptr(),
        };
        let functions = &self.library.functions;
        let mesh = self.library.make("a mesh", functions.mesh_release, |out| {
            // SAFETY: the scene is alive; the lists are as long as they say and every number leads into them; the
            // library copies them.
            unsafe { (functions.mesh_create)(self.raw(), &raw mut settings, out) }
        })?;
        Ok(Some(mesh))
    }

    pub(super) fn add(&self, mesh: &Owned<Mesh>) {
        // SAFETY: both are alive, and the mesh was made for this scene.
        unsafe { (self.library.functions.mesh_add)(mesh.raw(), self.raw()) };
    }

    pub(super) fn remove(&self, mesh: &Owned<Mesh>) {
        // SAFETY: both are alive, and the mesh was made for this scene.
        unsafe { (self.library.functions.mesh_remove)(mesh.raw(), self.raw()) };
    }

    pub(super) fn commit(&self) {
        // SAFETY: the scene is alive, and no simulation runs: the worker does one thing at a time.
        unsafe { (self.library.functions.scene_commit)(self.raw()) };
    }
}

impl Owned<Simulator> {
    /// A source that is simulated from the next commit on.
    pub(super) fn source(&self, flags: i32) -> Result<Owned<SourceObject>, SteamError> {
        let functions = &self.library.functions;
        let mut settings = SourceSettings { flags };
        let source: Owned<SourceObject> = self.library.make("a source", functions.source_release, |out| {
            // SAFETY: the simulator is alive; all pointers are to live values.
            unsafe { (functions.source_create)(self.raw(), &raw mut settings, out) }
        })?;
        // SAFETY: both are alive, and the simulator keeps its own reference to the source.
        unsafe { (functions.source_add)(source.raw(), self.raw()) };
        Ok(source)
    }

    pub(super) fn set_scene(&self, scene: &Owned<Scene>) {
        // SAFETY: both are alive, and the simulator keeps its own reference to the scene.
        unsafe { (self.library.functions.simulator_set_scene)(self.raw(), scene.raw()) };
        self.commit();
    }

    pub(super) fn commit(&self) {
        // SAFETY: the simulator is alive, and no simulation runs: the worker does one thing at a time.
        unsafe { (self.library.functions.simulator_commit)(self.raw()) };
    }

    /// Simulates the direct sound, or reflections, for a listener.
    pub(super) fn run(&self, what: i32, listener: Frame) {
        let mut shared = SharedInputs {
            listener,
            rays: RAYS,
            bounces: 32,
            seconds: SECONDS,
            order: 0,
            nearest: 1.0,
            path_callback: null_mut(),
            path_user: null_mut(),
        };
        let functions = &self.library.functions;
        // SAFETY: the simulator is alive; the library copies the inputs; scene and sources are committed.
        unsafe {
            (functions.simulator_share)(self.raw(), what, &raw mut shared);
            match what {
                DIRECT => (functions.simulator_run_direct)(self.raw()),
                _ => (functions.simulator_run_reflections)(self.raw()),
            }
        }
    }
}

impl Owned<SourceObject> {
    /// Where it is, and what of the direct sound is to be found out.
    pub(super) fn set(&self, what: i32, source: Frame, direct_flags: i32) {
        let none = null_mut();
        let mut inputs = SourceInputs {
            flags: what,
            direct_flags,
            source,
            distance: DistanceModel { kind: 0, nearest: 1.0, callback: none, user: none, dirty: 0 },
            air: AirModel { kind: 0, coefficients: [0.0; 3], callback: none, user: none, dirty: 0 },
            directivity: Directivity { weight: 0.0, power: 1.0, callback: none, user: none },
            occlusion_kind: VOLUMETRIC,
            occlusion_radius: 0.3,
            occlusion_samples: POINTS,
            reverb_scale: [1.0; 3],
            hybrid_time: 1.0,
            hybrid_overlap: 0.25,
            baked: 0,
            baked_data: [0; 6],
            probes: none,
            visibility: [1.0; 3],
            path_order: 0,
            validates_paths: 0,
            finds_paths: 0,
            transmission_rays: 2,
            spare: [0; 4],
        };
        // SAFETY: the source is alive; the library copies what the flags name, and no later fields than there are.
        unsafe { (self.library.functions.source_set)(self.raw(), what, &raw mut inputs) };
    }

    /// What the last simulation found.
    pub(super) fn get(&self, what: i32) -> Outputs {
        let mut outputs =
            Outputs { direct: DirectParams::default(), reflections: reflection([0.0; 3]), paths: [0; 24] };
        // SAFETY: the source is alive, and the outputs are as large as any version 4.x has them.
        unsafe { (self.library.functions.source_get)(self.raw(), what, &raw mut outputs) };
        outputs
    }
}

/// Reverberation by its times alone.
fn reflection(times: [f32; 3]) -> ReflectionParams {
    ReflectionParams {
        kind: PARAMETRIC,
        response: null_mut(),
        times,
        eq: [1.0; 3],
        delay: 0,
        channels: 1,
        response_samples: (SECONDS * SAMPLE_RATE as f32) as i32,
        tan_device: null_mut(),
        tan_slot: 0,
    }
}

/// Channels as the library takes them, for one call. It reads its input and never writes to it.
fn buffer<const N: usize>(channels: &mut [*mut f32; N]) -> AudioBuffer {
    AudioBuffer { channels: N as i32, samples: BLOCK as i32, data: channels.as_mut_ptr() }
}

impl Owned<Direct> {
    pub(super) fn apply(&mut self, mut params: DirectParams, from: &mut [f32; BLOCK], to: &mut [f32; BLOCK]) {
        let (mut from, mut to) = ([from.as_mut_ptr()], [to.as_mut_ptr()]);
        let (mut from, mut to) = (buffer(&mut from), buffer(&mut to));
        // SAFETY: the effect is alive and used by this thread alone; both buffers hold a block for one channel.
        unsafe {
            (self.library.functions.direct_apply)(self.raw(), &raw mut params, &raw mut from, &raw mut to)
        };
    }

    pub(super) fn reset(&mut self) {
        // SAFETY: the effect is alive and used by this thread alone.
        unsafe { (self.library.functions.direct_reset)(self.raw()) };
    }
}

impl Owned<Binaural> {
    pub(super) fn apply(
        &mut self,
        hrtf: &Owned<Hrtf>,
        direction: Vector,
        blend: f32,
        from: &mut [f32; BLOCK],
        to: &mut [[f32; BLOCK]; 2],
    ) {
        let [left, right] = to;
        let (mut from, mut to) = ([from.as_mut_ptr()], [left.as_mut_ptr(), right.as_mut_ptr()]);
        let (mut from, mut to) = (buffer(&mut from), buffer(&mut to));
        let mut params = BinauralParams {
            direction,
            interpolation: BILINEAR,
            blend,
            hrtf: hrtf.raw(),
            peak_delays: null_mut(),
        };
        // SAFETY: effect and responses are alive and used by this thread alone; the buffers hold a block for one
        // channel and for two.
        unsafe {
            (self.library.functions.binaural_apply)(self.raw(), &raw mut params, &raw mut from, &raw mut to)
        };
    }

    pub(super) fn reset(&mut self) {
        // SAFETY: the effect is alive and used by this thread alone.
        unsafe { (self.library.functions.binaural_reset)(self.raw()) };
    }
}

impl Owned<Reflection> {
    pub(super) fn apply(&mut self, times: [f32; 3], from: &mut [f32; BLOCK], to: &mut [f32; BLOCK]) {
        let (mut from, mut to) = ([from.as_mut_ptr()], [to.as_mut_ptr()]);
        let (mut from, mut to) = (buffer(&mut from), buffer(&mut to));
        let mut params = reflection(times);
        // SAFETY: the effect is alive and used by this thread alone; both buffers hold a block for one channel; the
        // mixer may be null.
        unsafe {
            (self.library.functions.reflection_apply)(
                self.raw(),
                &raw mut params,
                &raw mut from,
                &raw mut to,
                null_mut(),
            )
        };
    }
}
