//! The graphics device: opened here, or handed over by a headset's runtime. Errors that wgpu reports outside of
//! a call's result are kept here until the next call of the renderer returns them.

use crate::{RenderError, TexelFormat};
use std::sync::{Arc, Mutex, PoisonError};

/// Which adapter a program wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum GpuPreference {
    /// The discrete one.
    #[default]
    HighPerformance,
    /// The integrated one.
    LowPower,
    /// The one that computes on the processor: the same picture on every machine.
    Software,
}

/// Textures in blocks, asked for wherever the adapter has them.
const PACKED_TEXTURES: wgpu::Features = wgpu::Features::TEXTURE_COMPRESSION_BC
    .union(wgpu::Features::TEXTURE_COMPRESSION_ASTC)
    .union(wgpu::Features::TEXTURE_COMPRESSION_ETC2);

/// The graphics device with everything that it came from.
#[derive(Clone, Debug)]
pub struct Gpu {
    instance: wgpu::Instance,
    adapter: wgpu::Adapter,
    device: wgpu::Device,
    queue: wgpu::Queue,
    faults: Arc<Faults>,
}

impl Gpu {
    /// Opens an adapter that can show on `compatible_surface` with the core limits of WebGPU and
    /// `optional_features`, which is empty in flat mode.
    ///
    /// # Errors
    /// No adapter, or one that does not open.
    pub async fn request(
        instance: wgpu::Instance,
        compatible_surface: Option<&wgpu::Surface<'_>>,
        preference: GpuPreference,
        optional_features: wgpu::Features,
    ) -> Result<Self, RenderError> {
        let options = wgpu::RequestAdapterOptions {
            power_preference: match preference {
                GpuPreference::LowPower => wgpu::PowerPreference::LowPower,
                GpuPreference::HighPerformance | GpuPreference::Software => {
                    wgpu::PowerPreference::HighPerformance
                }
            },
            force_fallback_adapter: preference == GpuPreference::Software,
            compatible_surface,
            ..Default::default()
        };
        let adapter = instance
            .request_adapter(&options)
            .await
            .map_err(|error| RenderError::NoAdapter { reason: error.to_string() })?;
        let descriptor = wgpu::DeviceDescriptor {
            label: Some("renderer"),
            required_features: Self::required_features(adapter.features(), optional_features),
            required_limits: Self::required_limits(adapter.limits(), optional_features),
            ..Default::default()
        };
        let (device, queue) = adapter.request_device(&descriptor).await.map_err(|error| {
            RenderError::NoDevice { adapter: adapter.get_info().name, reason: error.to_string() }
        })?;
        Ok(Self::from_parts(instance, adapter, device, queue))
    }

    /// The features that a device of this renderer is opened with: what was asked for, and those of packed textures
    /// that the adapter offers, and marks of time.
    pub fn required_features(offered: wgpu::Features, asked: wgpu::Features) -> wgpu::Features {
        asked | (offered & (PACKED_TEXTURES | crate::timing::FEATURES))
    }

    /// The limits that a device of this renderer is opened with: the core of WebGPU, textures as large as the
    /// adapter has them, and two views where multiview is asked for.
    pub fn required_limits(offered: wgpu::Limits, features: wgpu::Features) -> wgpu::Limits {
        let mut limits = wgpu::Limits::downlevel_defaults().using_resolution(offered);
        if features.contains(wgpu::Features::MULTIVIEW) {
            limits.max_multiview_view_count = 2;
        }
        limits
    }

    /// Takes over a device that somebody else opened, as a headset's runtime demands. Errors of the device that
    /// nobody else catches are from now on returned by the renderer's calls.
    pub fn from_parts(
        instance: wgpu::Instance,
        adapter: wgpu::Adapter,
        device: wgpu::Device,
        queue: wgpu::Queue,
    ) -> Self {
        let faults = Arc::new(Faults::default());
        let uncaptured = Arc::clone(&faults);
        device.on_uncaptured_error(Arc::new(move |error| uncaptured.record(error)));
        let lost = Arc::clone(&faults);
        device.set_device_lost_callback(move |_, message| lost.record_loss(message));
        Self { instance, adapter, device, queue, faults }
    }

    /// The instance, to make surfaces with.
    pub fn instance(&self) -> &wgpu::Instance {
        &self.instance
    }

    /// The adapter, to ask what a surface supports.
    pub fn adapter(&self) -> &wgpu::Adapter {
        &self.adapter
    }

    /// The device.
    pub fn device(&self) -> &wgpu::Device {
        &self.device
    }

    /// The queue.
    pub fn queue(&self) -> &wgpu::Queue {
        &self.queue
    }

    /// The smallest format in which the device reads pictures of good quality at full speed.
    pub fn texel_format(&self) -> TexelFormat {
        // Software has blocks as well, and decodes a whole one for each texel that it reads.
        if self.is_software() {
            return TexelFormat::Rgba8;
        }
        let features = self.device.features();
        let formats = [
            (wgpu::Features::TEXTURE_COMPRESSION_BC, TexelFormat::Bc7),
            (wgpu::Features::TEXTURE_COMPRESSION_ASTC, TexelFormat::Astc4x4),
            (wgpu::Features::TEXTURE_COMPRESSION_ETC2, TexelFormat::Etc2Rgba8),
        ];
        let found = formats.into_iter().find(|(feature, _)| features.contains(*feature));
        found.map_or(TexelFormat::Rgba8, |(_, format)| format)
    }

    /// Whether the device paints on the processor (a software Vulkan such as Mesa's).
    pub fn is_software(&self) -> bool {
        self.adapter.get_info().device_type == wgpu::DeviceType::Cpu
    }

    /// Whether the device is gone for good.
    pub fn is_lost(&self) -> bool {
        self.faults.lock().lost.is_some()
    }

    /// Ok, or the error that the device reported since the last call; a lost device stays lost.
    pub(crate) fn check(&self, doing: &'static str) -> Result<(), RenderError> {
        self.faults.take(doing)
    }
}

/// What the device reported and nobody has returned yet. Holds the first fault only: the rest follow from it.
#[derive(Debug, Default)]
struct Faults {
    state: Mutex<FaultState>,
}

#[derive(Debug, Default)]
struct FaultState {
    pending: Option<Fault>,
    lost: Option<String>,
}

#[derive(Debug)]
enum Fault {
    OutOfMemory,
    Refused(String),
}

impl Faults {
    fn lock(&self) -> std::sync::MutexGuard<'_, FaultState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, doing: &'static str) -> Result<(), RenderError> {
        let mut state = self.lock();
        if let Some(reason) = &state.lost {
            return Err(RenderError::DeviceLost { reason: reason.clone() });
        }
        match state.pending.take() {
            None => Ok(()),
            Some(Fault::OutOfMemory) => Err(RenderError::OutOfMemory { doing }),
            Some(Fault::Refused(description)) => Err(RenderError::Refused { doing, description }),
        }
    }

    fn record(&self, error: wgpu::Error) {
        let fault = match error {
            wgpu::Error::OutOfMemory { .. } => Fault::OutOfMemory,
            wgpu::Error::Validation { description, .. } | wgpu::Error::Internal { description, .. } => {
                Fault::Refused(description)
            }
        };
        self.lock().pending.get_or_insert(fault);
    }

    fn record_loss(&self, reason: String) {
        self.lock().lost.get_or_insert(reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn out_of_memory() -> wgpu::Error {
        wgpu::Error::OutOfMemory { source: "no room".into() }
    }

    fn refused(description: &str) -> wgpu::Error {
        wgpu::Error::Validation { source: "refused".into(), description: description.into() }
    }

    #[test]
    fn the_first_fault_is_returned_once() {
        let faults = Faults::default();
        assert_eq!(faults.take("drawing"), Ok(()));
        faults.record(out_of_memory());
        faults.record(refused("a consequence"));
        assert_eq!(faults.take("drawing"), Err(RenderError::OutOfMemory { doing: "drawing" }));
        assert_eq!(faults.take("drawing"), Ok(()));
        faults.record(refused("bad format"));
        let error = faults.take("drawing").unwrap_err().to_string();
        assert!(error.contains("drawing") && error.contains("bad format"), "{error}");
    }

    #[test]
    fn a_lost_device_stays_lost_and_hides_what_followed() {
        let faults = Faults::default();
        faults.record(out_of_memory());
        faults.record_loss("the driver was reset".into());
        faults.record_loss("again".into());
        for _ in 0..2 {
            let reason = "the driver was reset".to_owned();
            assert_eq!(faults.take("drawing"), Err(RenderError::DeviceLost { reason }));
        }
    }
}
