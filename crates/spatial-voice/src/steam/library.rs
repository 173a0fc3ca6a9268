//! Finds Valve's library, resolves all of its functions that are used, and opens a context. The only file that loads
//! anything; an object of the library is an [`Owned`], which releases it.

#![allow(unsafe_code, reason = "a C library is loaded at run time")]

use super::SteamError;
use super::layout::*;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The table of functions, and how it is filled: one line for each.
macro_rules! functions {
    ($($field:ident = $symbol:literal: ($($argument:ty),*) $(-> $answer:ty)?;)*) => {
        /// Functions of the library.
        pub(super) struct Functions {
            $(pub(super) $field: unsafe extern "system" fn($($argument),*) $(-> $answer)?,)*
        }

        impl Functions {
            fn resolve(library: &libloading::Library, path: &Path) -> Result<Self, SteamError> {
                let missing = |symbol| SteamError::MissingSymbol { path: path.to_owned(), symbol };
                Ok(Self {
                    $($field: {
                        // SAFETY: the symbol has this signature in every version 4.x of the published header.
                        let symbol = unsafe { library.get(concat!($symbol, "\0").as_bytes()) };
                        *symbol.map_err(|_| missing($symbol))?
                    },)*
                })
            }
        }
    };
}

functions! {
    context_create = "iplContextCreate": (*mut ContextSettings, *mut Handle) -> Status;
    context_release = "iplContextRelease": (*mut Handle);
    hrtf_create = "iplHRTFCreate": (Handle, *mut AudioSettings, *mut HrtfSettings, *mut Handle) -> Status;
    hrtf_release = "iplHRTFRelease": (*mut Handle);
    binaural_create = "iplBinauralEffectCreate":
        (Handle, *mut AudioSettings, *mut BinauralSettings, *mut Handle) -> Status;
    binaural_release = "iplBinauralEffectRelease": (*mut Handle);
    binaural_reset = "iplBinauralEffectReset": (Handle);
    binaural_apply = "iplBinauralEffectApply":
        (Handle, *mut BinauralParams, *mut AudioBuffer, *mut AudioBuffer) -> i32;
    direct_create = "iplDirectEffectCreate":
        (Handle, *mut AudioSettings, *mut DirectSettings, *mut Handle) -> Status;
    direct_release = "iplDirectEffectRelease": (*mut Handle);
    direct_reset = "iplDirectEffectReset": (Handle);
    direct_apply = "iplDirectEffectApply":
        (Handle, *mut DirectParams, *mut AudioBuffer, *mut AudioBuffer) -> i32;
    reflection_create = "iplReflectionEffectCreate":
        (Handle, *mut AudioSettings, *mut ReflectionSettings, *mut Handle) -> Status;
    reflection_release = "iplReflectionEffectRelease": (*mut Handle);
    reflection_apply = "iplReflectionEffectApply":
        (Handle, *mut ReflectionParams, *mut AudioBuffer, *mut AudioBuffer, Handle) -> i32;
    scene_create = "iplSceneCreate": (Handle, *mut SceneSettings, *mut Handle) -> Status;
    scene_release = "iplSceneRelease": (*mut Handle);
    scene_commit = "iplSceneCommit": (Handle);
    mesh_create = "iplStaticMeshCreate": (Handle, *mut MeshSettings, *mut Handle) -> Status;
    mesh_release = "iplStaticMeshRelease": (*mut Handle);
    mesh_add = "iplStaticMeshAdd": (Handle, Handle);
    mesh_remove = "iplStaticMeshRemove": (Handle, Handle);
    simulator_create = "iplSimulatorCreate": (Handle, *mut SimulationSettings, *mut Handle) -> Status;
    simulator_release = "iplSimulatorRelease": (*mut Handle);
    simulator_set_scene = "iplSimulatorSetScene": (Handle, Handle);
    simulator_share = "iplSimulatorSetSharedInputs": (Handle, i32, *mut SharedInputs);
    simulator_commit = "iplSimulatorCommit": (Handle);
    simulator_run_direct = "iplSimulatorRunDirect": (Handle);
    simulator_run_reflections = "iplSimulatorRunReflections": (Handle);
    source_create = "iplSourceCreate": (Handle, *mut SourceSettings, *mut Handle) -> Status;
    source_release = "iplSourceRelease": (*mut Handle);
    source_add = "iplSourceAdd": (Handle, Handle);
    source_set = "iplSourceSetInputs": (Handle, i32, *mut SourceInputs);
    source_get = "iplSourceGetOutputs": (Handle, i32, *mut Outputs);
}

/// What the file is called here.
pub(super) const FILE: &str = if cfg!(target_os = "windows") {
    "phonon.dll"
} else if cfg!(target_os = "macos") {
    "libphonon.dylib"
} else {
    "libphonon.so"
};

/// The library with its context.
pub(super) struct Library {
    pub(super) functions: Functions,
    pub(super) context: Handle,
    /// Unloaded last.
    _library: libloading::Library,
}

// SAFETY: the functions are plain code. The context is used only to make objects: when a backend is made, before its
// halves part, and later by its worker alone. The library counts references to it with atomics.
unsafe impl Send for Library {}
// SAFETY: as above; nothing here changes behind a shared reference.
unsafe impl Sync for Library {}

impl Library {
    /// Loads the library from a file or folder, else from the program's folder.
    pub(super) fn load(configured: Option<&Path>) -> Result<Arc<Self>, SteamError> {
        let path = find(configured)?;
        // SAFETY: whoever names this file, or put it beside the program, vouches for it as for the program; Valve's
        // library runs no code on loading that asks anything of us.
        let library = unsafe { libloading::Library::new(&path) }
            .map_err(|error| SteamError::Unloadable { path: path.clone(), reason: reason(&error) })?;
        let functions = Functions::resolve(&library, &path)?;
        let none = std::ptr::null_mut();
        let mut settings =
            ContextSettings { version: VERSION, log: none, allocate: none, free: none, simd: AVX2, flags: 0 };
        let mut context = none;
        // SAFETY: both pointers are to live values of this stack frame; the callbacks may be null.
        let status = unsafe { (functions.context_create)(&raw mut settings, &raw mut context) };
        if status != 0 || context.is_null() {
            return Err(SteamError::Version { path, code: status });
        }
        Ok(Arc::new(Self { functions, context, _library: library }))
    }

    /// Lets the library make an object.
    pub(super) fn make<K>(
        self: &Arc<Self>,
        what: &'static str,
        release: unsafe extern "system" fn(*mut Handle),
        make: impl FnOnce(*mut Handle) -> Status,
    ) -> Result<Owned<K>, SteamError> {
        let mut handle = std::ptr::null_mut();
        let code = make(&raw mut handle);
        if code != 0 || handle.is_null() {
            return Err(SteamError::Refused { what, code });
        }
        Ok(Owned { handle, release, library: self.clone(), kind: PhantomData })
    }
}

impl Drop for Library {
    fn drop(&mut self) {
        // SAFETY: the context came from this library and is released once; each object that was made with it holds
        // this `Library`, so none is left.
        unsafe { (self.functions.context_release)(&raw mut self.context) };
    }
}

/// What the system says: of a failed load it is the cause that tells something.
fn reason(error: &libloading::Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}

/// Where the library is.
fn find(configured: Option<&Path>) -> Result<PathBuf, SteamError> {
    let path = match configured {
        Some(path) if path.is_dir() => path.join(FILE),
        Some(path) => path.to_owned(),
        None => {
            let program = std::env::current_exe().unwrap_or_default();
            program.parent().unwrap_or(Path::new("")).join(FILE)
        }
    };
    if path.is_file() { Ok(path) } else { Err(SteamError::NotFound { path }) }
}

/// An object of the library, of a kind that the type tells.
pub(super) struct Owned<K> {
    handle: Handle,
    release: unsafe extern "system" fn(*mut Handle),
    pub(super) library: Arc<Library>,
    kind: PhantomData<fn() -> K>,
}

// SAFETY: the library ties no object to a thread; each is used by one thread at a time, because it is never shared.
unsafe impl<K> Send for Owned<K> {}

impl<K> Owned<K> {
    /// For a call of the library.
    pub(super) fn raw(&self) -> Handle {
        self.handle
    }
}

impl<K> Drop for Owned<K> {
    fn drop(&mut self) {
        // SAFETY: the object came from the library with this function to release it, and is released once.
        unsafe { (self.release)(&raw mut self.handle) };
    }
}
