//! The graphics device of the headset: made by the runtime, which knows on which card its screens hang and what it
//! needs of it, and handed to wgpu.
//!
//! It must not know sessions or the venue. Together with `swapchain.rs` and `session.rs` it is where OpenXR, Vulkan
//! and wgpu hold the same objects, and where `unsafe` is.

#![allow(unsafe_code, reason = "raw handles of Vulkan go from OpenXR to wgpu")]

use super::runtime::{Runtime, XrError};
use super::settings::EyeWay;
use ash::vk::{self, Handle as _};
use openxr as xr;
use std::ffi::{CStr, c_char};
use wgpu_renderer::wgpu::hal;
use wgpu_renderer::{Gpu, Quality, RenderSettings, ViewWay, wgpu};

/// Vulkan, as wgpu knows it.
pub type Vulkan = hal::api::Vulkan;

/// The versions of Vulkan that are asked for: multiview is part of the least. wgpu writes shaders for the card's own version,
/// which the instance's must not forbid, so it is the loader's as far as wgpu knows it.
const LEAST_API: u32 = vk::API_VERSION_1_2;
const MOST_API: u32 = vk::API_VERSION_1_3;

/// The device, and its handles for the session.
pub struct HeadsetDevice {
    /// As the renderer takes it.
    pub gpu: Gpu,
    /// As the session takes it. It is valid as long as `gpu` or anything made of it lives.
    pub binding: xr::vulkan::SessionCreateInfo,
    /// Whether the driver draws two views at once wrongly.
    is_wrong_at_once: bool,
}

/// A Vulkan instance that the runtime has made.
struct Instance {
    raw: xr::sys::platform::VkInstance,
    functions: ash::Instance,
    card: vk::PhysicalDevice,
}

/// What the device is opened with.
struct Wish {
    features: wgpu::Features,
    limits: wgpu::Limits,
}

type GetFunction = xr::sys::platform::VkGetInstanceProcAddr;

impl HeadsetDevice {
    /// Opens the device that the headset hangs on.
    pub fn open(runtime: &Runtime) -> Result<Self, XrError> {
        // SAFETY: the system's Vulkan loader is looked for by its name, as every program does.
        let entry = unsafe { ash::Entry::load() };
        let entry = entry.map_err(|error| XrError::failed("loading Vulkan", error))?;
        let api = api_of(&entry);
        check_version(runtime, api)?;
        let get = get_function(&entry);
        let (instance, hal_instance) = make_instance(runtime, &entry, get, api)?;
        let exposed = hal_instance
            .expose_adapter(instance.card)
            .ok_or_else(|| XrError::failed("opening the graphics card", "wgpu can not use it"))?;
        // SAFETY: the instance was made for wgpu alone, and is destroyed by the guard that went with it.
        let wgpu_instance = unsafe { wgpu::Instance::from_hal::<Vulkan>(hal_instance) };
        let wish = Wish::of(&exposed);
        let is_wrong_at_once = is_wrong_at_once(&exposed.info);
        let (open, binding) = make_device(runtime, &instance, &exposed, &wish, get)?;
        // SAFETY: the adapter comes from this instance, and the device from this adapter, opened with these features.
        let (adapter, made) = unsafe {
            let adapter = wgpu_instance.create_adapter_from_hal(exposed);
            let descriptor = wgpu::DeviceDescriptor {
                label: Some("headset"),
                required_features: wish.features,
                required_limits: wish.limits,
                ..Default::default()
            };
            let made = adapter.create_device_from_hal(open, &descriptor);
            (adapter, made)
        };
        let (device, queue) = made.map_err(|error| XrError::failed("handing the device over", error))?;
        Ok(Self { gpu: Gpu::from_parts(wgpu_instance, adapter, device, queue), binding, is_wrong_at_once })
    }

    /// How this device draws the two eyes in this quality.
    pub fn way(&self, wanted: EyeWay, quality: Quality) -> ViewWay {
        // The format does not change what is asked of the device.
        let at_once = RenderSettings::stereo(quality, wgpu::TextureFormat::Rgba8UnormSrgb);
        let can = self.gpu.device().features().contains(at_once.required_features());
        let is_wanted = match wanted {
            EyeWay::Auto => !self.is_wrong_at_once,
            EyeWay::AtOnce => true,
            EyeWay::Apart => false,
        };
        if can && is_wanted { ViewWay::AtOnce } else { ViewWay::Apart }
    }
}

/// Mesa's software Vulkan draws triangles that are clipped at the picture's edge into the first view only (22.3.6; no
/// version is known that does not), and gains nothing by drawing both at once.
fn is_wrong_at_once(info: &wgpu::AdapterInfo) -> bool {
    info.driver == "llvmpipe"
}

impl Wish {
    /// Two views at once, as far as the card has it: without, they are drawn apart.
    fn of(exposed: &hal::ExposedAdapter<Vulkan>) -> Self {
        let at_once = wgpu::Features::MULTIVIEW | wgpu::Features::MULTISAMPLE_ARRAY;
        let features = Gpu::required_features(exposed.features, at_once & exposed.features);
        let limits = Gpu::required_limits(exposed.capabilities.limits.clone(), features);
        Self { features, limits }
    }
}

/// The version of the loader, within those that are asked for.
fn api_of(entry: &ash::Entry) -> u32 {
    // SAFETY: the loader was just loaded, and is asked before anything is made of it.
    let loader = unsafe { entry.try_enumerate_instance_version() }.ok().flatten();
    let plain = |version: u32| vk::make_api_version(0, 1, vk::api_version_minor(version), 0);
    loader.map_or(LEAST_API, plain).clamp(LEAST_API, MOST_API)
}

/// Runtimes answer nothing about Vulkan before they were asked which versions they take.
fn check_version(runtime: &Runtime, api: u32) -> Result<(), XrError> {
    let doing = "asking for Vulkan's version";
    let taken = runtime.instance.graphics_requirements::<xr::Vulkan>(runtime.system);
    let taken = taken.map_err(XrError::of(doing))?;
    let ours = xr::Version::new(vk::api_version_major(api) as u16, vk::api_version_minor(api) as u16, 0);
    if taken.min_api_version_supported <= ours {
        return Ok(());
    }
    Err(XrError::failed(doing, format!("the runtime wants {} at least", taken.min_api_version_supported)))
}

fn get_function(entry: &ash::Entry) -> GetFunction {
    let theirs: vk::PFN_vkGetInstanceProcAddr = entry.static_fn().get_instance_proc_addr;
    // SAFETY: both types are the C function vkGetInstanceProcAddr; they differ in the names of a handle, which is a
    // pointer in both, and of the pointer that it gives back.
    unsafe { std::mem::transmute::<vk::PFN_vkGetInstanceProcAddr, GetFunction>(theirs) }
}

fn refused(doing: &'static str) -> impl Fn(i32) -> XrError {
    move |code| XrError::failed(doing, vk::Result::from_raw(code))
}

fn make_instance(
    runtime: &Runtime,
    entry: &ash::Entry,
    get: GetFunction,
    api: u32,
) -> Result<(Instance, hal::vulkan::Instance), XrError> {
    let doing = "making a Vulkan instance";
    let flags = wgpu::InstanceFlags::empty();
    let extensions = hal::vulkan::Instance::desired_extensions(entry, api, flags)
        .map_err(|error| XrError::failed(doing, error))?;
    let names: Vec<*const c_char> = extensions.iter().map(|name| name.as_ptr()).collect();
    let about = vk::ApplicationInfo::default().api_version(api);
    let wish = vk::InstanceCreateInfo::default().application_info(&about).enabled_extension_names(&names);
    // SAFETY: the description and all that it points to live until the call returns.
    let raw =
        unsafe { runtime.instance.create_vulkan_instance(runtime.system, get, (&raw const wish).cast()) };
    let raw = raw.map_err(XrError::of(doing))?.map_err(refused(doing))?;
    // SAFETY: the handle was just made, by the loader whose functions these are.
    let functions = unsafe { ash::Instance::load(entry.static_fn(), vk::Instance::from_raw(raw as u64)) };
    let guard = guard(&runtime.instance, functions.clone(), |functions| {
        // SAFETY: wgpu calls the guard once, after everything that was made of the instance is destroyed.
        unsafe { functions.destroy_instance(None) };
    });
    // SAFETY: the instance was made with these extensions, this version and these flags. Handed over at once, it is
    // destroyed by its guard also when something below fails.
    let hal_instance = unsafe {
        let budget = wgpu::MemoryBudgetThresholds::default();
        hal::vulkan::Instance::from_raw(
            entry.clone(),
            functions.clone(),
            api,
            0,
            None,
            extensions,
            flags,
            budget,
            false,
            Some(guard),
        )
    };
    let hal_instance = hal_instance.map_err(|error| XrError::failed(doing, error))?;
    // SAFETY: the instance is alive, in `hal_instance`.
    let card = unsafe { runtime.instance.vulkan_graphics_device(runtime.system, raw) };
    let card = card.map_err(XrError::of("asking for the headset's graphics card"))?;
    Ok((Instance { raw, functions, card: vk::PhysicalDevice::from_raw(card as u64) }, hal_instance))
}

fn make_device(
    runtime: &Runtime,
    instance: &Instance,
    exposed: &hal::ExposedAdapter<Vulkan>,
    wish: &Wish,
    get: GetFunction,
) -> Result<(hal::OpenDevice<Vulkan>, xr::vulkan::SessionCreateInfo), XrError> {
    let doing = "opening the graphics device";
    let family = graphics_family(instance)?;
    let extensions: Vec<&'static CStr> = exposed.adapter.required_device_extensions(wish.features);
    let mut features = exposed.adapter.physical_device_features(&extensions, wish.features);
    let names: Vec<*const c_char> = extensions.iter().map(|name| name.as_ptr()).collect();
    let queues = [vk::DeviceQueueCreateInfo::default().queue_family_index(family).queue_priorities(&[1.0])];
    let info = vk::DeviceCreateInfo::default().queue_create_infos(&queues).enabled_extension_names(&names);
    let info = features.add_to_device_create(info);
    let card = instance.card.as_raw() as xr::sys::platform::VkPhysicalDevice;
    // SAFETY: the card is of this instance; the description and all that it points to live until the call returns.
    let raw =
        unsafe { runtime.instance.create_vulkan_device(runtime.system, get, card, (&raw const info).cast()) };
    let raw = raw.map_err(XrError::of(doing))?.map_err(refused(doing))?;
    // SAFETY: the handle was just made, of the instance whose functions these are.
    let functions =
        unsafe { ash::Device::load(instance.functions.fp_v1_0(), vk::Device::from_raw(raw as u64)) };
    let guard = guard(&runtime.instance, functions.clone(), |functions| {
        // SAFETY: wgpu calls the guard once, after everything that was made of the device is destroyed.
        unsafe { functions.destroy_device(None) };
    });
    // SAFETY: the device was made of this adapter with these extensions, features and this queue.
    let open = unsafe {
        let hints = wgpu::MemoryHints::Performance;
        let (limits, features) = (&wish.limits, wish.features);
        exposed.adapter.device_from_raw(
            functions,
            Some(guard),
            &extensions,
            features,
            limits,
            &hints,
            family,
            0,
        )
    };
    let open = open.map_err(|error| XrError::failed(doing, error))?;
    let binding = xr::vulkan::SessionCreateInfo {
        instance: instance.raw,
        physical_device: card,
        device: raw,
        queue_family_index: family,
        queue_index: 0,
    };
    Ok((open, binding))
}

fn graphics_family(instance: &Instance) -> Result<u32, XrError> {
    // SAFETY: the card is of this instance, which is alive.
    let families = unsafe { instance.functions.get_physical_device_queue_family_properties(instance.card) };
    let found = families.iter().position(|family| family.queue_flags.contains(vk::QueueFlags::GRAPHICS));
    let none = || XrError::failed("opening the graphics device", "the card has no queue for graphics");
    found.map(|index| index as u32).ok_or_else(none)
}

/// What wgpu calls when it is done with something that the runtime made. It keeps the runtime until then: an OpenXR
/// instance must outlive what was made through it.
fn guard<T: Send + Sync + 'static>(
    runtime: &xr::Instance,
    made: T,
    destroy: impl FnOnce(T) + Send + Sync + 'static,
) -> Box<dyn FnOnce() + Send + Sync + 'static> {
    let runtime = runtime.clone();
    Box::new(move || {
        destroy(made);
        drop(runtime);
    })
}
