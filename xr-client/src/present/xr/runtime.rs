//! The OpenXR runtime: found, asked for a headset, and what it offers. Whatever it refuses is one error type with a
//! sentence for the person.
//!
//! It must not know graphics, sessions or the venue.

use crate::sentence::Problem;
use openxr as xr;
use openxr::sys::Result as Code;

/// How the two eyes are asked for.
pub const STEREO: xr::ViewConfigurationType = xr::ViewConfigurationType::PRIMARY_STEREO;

/// The headset can not be used, or not any more.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum XrError {
    /// The program that finds runtimes is not installed.
    #[error("there is no OpenXR loader: {0}")]
    NoLoader(String),
    /// No runtime is installed, or the chosen one does not load.
    #[error("no OpenXR runtime answers: {0}")]
    NoRuntime(String),
    /// The runtime has no headset.
    #[error("no headset is connected: {0}")]
    NoHeadset(String),
    /// The runtime is gone, or has taken the headset away.
    #[error("the headset is gone: {0}")]
    Lost(String),
    /// Something that worked elsewhere did not work here.
    #[error("the headset can not be used: {doing} failed: {detail}")]
    Failed {
        /// What was tried.
        doing: &'static str,
        /// What the system says.
        detail: String,
    },
}

impl XrError {
    /// What a call of OpenXR refused.
    pub fn of(doing: &'static str) -> impl Fn(Code) -> Self {
        move |code| match code {
            Code::ERROR_SESSION_LOST | Code::ERROR_INSTANCE_LOST => Self::Lost(format!("{doing}: {code}")),
            _ => Self::failed(doing, code),
        }
    }

    /// What another part of the system refused.
    pub fn failed(doing: &'static str, detail: impl std::fmt::Display) -> Self {
        Self::Failed { doing, detail: detail.to_string() }
    }

    /// The sentence for the person.
    pub fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            Self::NoLoader(_) => Problem::HeadsetNoLoader { detail },
            Self::NoRuntime(_) => Problem::HeadsetNoRuntime { detail },
            Self::NoHeadset(_) => Problem::HeadsetMissing { detail },
            Self::Lost(_) => Problem::HeadsetLost { detail },
            Self::Failed { .. } => Problem::HeadsetFailed { detail },
        }
    }
}

/// A runtime with a headset.
pub struct Runtime {
    /// The connection to the runtime.
    pub instance: xr::Instance,
    /// The headset.
    pub system: xr::SystemId,
    /// How pictures lie over what is really there: not at all, where the headset can.
    pub blend: xr::EnvironmentBlendMode,
    /// Pixels of an eye, as the runtime recommends.
    pub eye_size: [u32; 2],
    /// Most pixels on a side of what it takes.
    pub largest_side: u32,
    /// What it offers beyond the core.
    pub offers: Offers,
}

/// What a runtime offers beyond the core; everything is asked for where it is offered.
#[derive(Clone, Copy, Debug)]
pub struct Offers {
    /// The floor is told without a play area.
    pub local_floor: bool,
    /// The mesh of what the optics do not show.
    pub visibility_mask: bool,
    /// Depth is taken beside the colours.
    pub depth_layer: bool,
    /// A panorama can lie behind the pictures.
    pub panorama_layer: bool,
    /// Refresh rates can be chosen.
    pub refresh_rate: bool,
    /// The runtime's time can be compared with ours.
    pub clock: bool,
}

impl Offers {
    fn of(instance: &xr::Instance) -> Self {
        let offered = instance.exts();
        Self {
            local_floor: offered.ext_local_floor.is_some(),
            visibility_mask: offered.khr_visibility_mask.is_some(),
            depth_layer: offered.khr_composition_layer_depth.is_some(),
            panorama_layer: offered.khr_composition_layer_equirect2.is_some(),
            refresh_rate: offered.fb_display_refresh_rate.is_some(),
            #[cfg(windows)]
            clock: offered.khr_win32_convert_performance_counter_time.is_some(),
            #[cfg(not(windows))]
            clock: offered.khr_convert_timespec_time.is_some(),
        }
    }
}

impl Runtime {
    /// Finds the runtime that is installed, and its headset.
    pub fn find() -> Result<Self, XrError> {
        quiet_loader();
        // SAFETY: the loader's library is looked for by its name in the system's places, as every program does; what
        // lies there under this name is the OpenXR loader.
        #[allow(unsafe_code)]
        let entry = unsafe { xr::Entry::load(&()) };
        let entry = entry.map_err(|error| match &error {
            xr::EntryError::Load(why) => XrError::NoLoader(why.to_string()),
            xr::EntryError::Xr(code) => XrError::NoLoader(code.to_string()),
        })?;
        let instance = connect(&entry)?;
        let system = instance.system(xr::FormFactor::HEAD_MOUNTED_DISPLAY).map_err(|code| match code {
            Code::ERROR_FORM_FACTOR_UNAVAILABLE | Code::ERROR_FORM_FACTOR_UNSUPPORTED => {
                XrError::NoHeadset(code.to_string())
            }
            _ => XrError::failed("asking for a headset", code),
        })?;
        let runtime = Self {
            blend: blend_mode(&instance, system)?,
            eye_size: eye_size(&instance, system)?,
            largest_side: largest_side(&instance, system)?,
            offers: Offers::of(&instance),
            instance,
            system,
        };
        runtime.introduce();
        Ok(runtime)
    }

    /// Writes into the log whose headset this is.
    fn introduce(&self) {
        let name = self.instance.properties().map(|runtime| runtime.runtime_name).unwrap_or_default();
        let headset =
            self.instance.system_properties(self.system).map(|system| system.system_name).unwrap_or_default();
        let [width, height] = self.eye_size;
        tracing::info!(runtime = name, headset, width, height, "a headset is there");
    }
}

/// Keeps the loader from writing to the terminal that no runtime is there: most people have none, and who insists gets a
/// sentence. Whoever wants its words sets the variable.
fn quiet_loader() {
    const VARIABLE: &str = "XR_LOADER_DEBUG";
    if std::env::var_os(VARIABLE).is_none() {
        // SAFETY: the headset is looked for first of all, before the program starts a thread that could read the
        // environment meanwhile.
        #[allow(unsafe_code)]
        unsafe {
            std::env::set_var(VARIABLE, "none");
        }
    }
}

fn connect(entry: &xr::Entry) -> Result<xr::Instance, XrError> {
    let offered = entry.enumerate_extensions().map_err(|code| XrError::NoRuntime(code.to_string()))?;
    if !offered.khr_vulkan_enable2 {
        return Err(XrError::failed("asking for Vulkan", "the runtime does not offer XR_KHR_vulkan_enable2"));
    }
    let mut wanted = xr::ExtensionSet::default();
    wanted.khr_vulkan_enable2 = true;
    wanted.ext_local_floor = offered.ext_local_floor;
    wanted.ext_user_presence = offered.ext_user_presence;
    super::actions::ask_for(&offered, &mut wanted);
    wanted.khr_visibility_mask = offered.khr_visibility_mask;
    wanted.khr_composition_layer_depth = offered.khr_composition_layer_depth;
    wanted.khr_composition_layer_equirect2 = offered.khr_composition_layer_equirect2;
    wanted.fb_display_refresh_rate = offered.fb_display_refresh_rate;
    #[cfg(not(windows))]
    {
        wanted.khr_convert_timespec_time = offered.khr_convert_timespec_time;
    }
    #[cfg(windows)]
    {
        wanted.khr_win32_convert_performance_counter_time =
            offered.khr_win32_convert_performance_counter_time;
    }
    let about = xr::ApplicationInfo {
        application_name: "VEV",
        application_version: 1,
        engine_name: "VEV",
        engine_version: 1,
        api_version: xr::Version::new(1, 0, 0),
    };
    entry.create_instance(&about, &wanted, &[], &()).map_err(|code| XrError::NoRuntime(code.to_string()))
}

fn blend_mode(instance: &xr::Instance, system: xr::SystemId) -> Result<xr::EnvironmentBlendMode, XrError> {
    let modes = instance.enumerate_environment_blend_modes(system, STEREO);
    let modes = modes.map_err(XrError::of("asking how pictures are shown"))?;
    let opaque = modes.iter().find(|mode| **mode == xr::EnvironmentBlendMode::OPAQUE);
    let none = || XrError::failed("asking how pictures are shown", "no way is offered");
    opaque.or(modes.first()).copied().ok_or_else(none)
}

fn largest_side(instance: &xr::Instance, system: xr::SystemId) -> Result<u32, XrError> {
    let properties =
        instance.system_properties(system).map_err(XrError::of("asking for the headset's limits"))?;
    let graphics = properties.graphics_properties;
    Ok(graphics.max_swapchain_image_width.min(graphics.max_swapchain_image_height))
}

fn eye_size(instance: &xr::Instance, system: xr::SystemId) -> Result<[u32; 2], XrError> {
    let doing = "asking for the size of the eyes";
    let views = instance.enumerate_view_configuration_views(system, STEREO).map_err(XrError::of(doing))?;
    // One picture with two layers serves both eyes, so it is as large as the larger one.
    let size = |of: fn(&xr::ViewConfigurationView) -> (u32, u32)| {
        views.iter().map(of).map(|(recommended, most)| recommended.min(most)).max().unwrap_or(0)
    };
    let width = size(|view| (view.recommended_image_rect_width, view.max_image_rect_width));
    let height = size(|view| (view.recommended_image_rect_height, view.max_image_rect_height));
    if views.len() == 2 && width > 0 && height > 0 {
        return Ok([width, height]);
    }
    Err(XrError::failed(doing, format!("{} views of {width} × {height} pixels", views.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_its_sentence() {
        let check = |error: XrError, id: &str| assert_eq!(error.problem().id(), id);
        check(XrError::NoLoader("a".into()), "problem-headset-no-loader");
        check(XrError::NoRuntime("a".into()), "problem-headset-no-runtime");
        check(XrError::NoHeadset("a".into()), "problem-headset-missing");
        check(XrError::of("waiting")(Code::ERROR_SESSION_LOST), "problem-headset-lost");
        check(XrError::of("waiting")(Code::ERROR_RUNTIME_FAILURE), "problem-headset-failed");
    }
}
