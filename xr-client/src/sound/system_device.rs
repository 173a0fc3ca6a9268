//! The system's own sound: ALSA, WASAPI or CoreAudio, by cpal. The callback runs on cpal's thread.
//!
//! It must not know what sounds. A computer without sound is nothing unusual here.

use super::blocks::Blocks;
use super::device::{AudioDevice, Loss, OpenError, Output};
use super::mixer::{BLOCK, Mixer, RATE};
use crate::voice::Take;
use cpal::traits::{DeviceTrait as _, HostTrait as _, StreamTrait as _};
use cpal::{BufferSize, ErrorKind, FromSample, SampleFormat, SizedSample, StreamConfig};
use cpal::{SupportedBufferSize, SupportedStreamConfigRange};
use std::time::Duration;

/// How often a silent device is asked whether it is still there.
const PATIENCE: Duration = Duration::from_secs(1);

/// Frames that a device is asked to take at once: twenty milliseconds, short enough to belong to what is seen.
const PORTION: u32 = 2 * BLOCK as u32;

/// Sample formats that are spoken, the best first.
const FORMATS: [SampleFormat; 5] =
    [SampleFormat::F32, SampleFormat::I16, SampleFormat::I32, SampleFormat::U16, SampleFormat::U8];

/// ALSA's names that are no places to listen to: parts of others, bare hardware, and the default, which is offered
/// by a name of its own.
const ALSA_NOT_OFFERED: [&str; 20] = [
    "null",
    "default",
    "front:",
    "rear:",
    "center_lfe:",
    "side:",
    "surround",
    "iec958:",
    "modem:",
    "hw:",
    "plughw:",
    "dmix",
    "dsnoop",
    "usbstream:",
    "lavrate",
    "samplerate",
    "speex",
    "oss",
    "upmix",
    "vdownmix",
];

/// The system's sound.
#[derive(Default)]
pub struct SystemDevice {
    stream: Option<cpal::Stream>,
    recording: Option<cpal::Stream>,
}

impl AudioDevice for SystemDevice {
    fn outputs(&mut self) -> Vec<Output> {
        quietly(|| {
            let devices = host().and_then(|host| host.output_devices().map_err(said));
            match devices {
                Ok(devices) => unlike(devices.filter_map(|device| offered(&device)).collect()),
                Err(error) => {
                    tracing::debug!(%error, "the sound outputs can not be listed");
                    Vec::new()
                }
            }
        })
    }

    fn open(&mut self, output: Option<&Output>, mixer: Mixer, loss: Loss) -> Result<(), OpenError> {
        self.close();
        self.stream = Some(quietly(|| {
            let host = host()?;
            let device = match output {
                None => host.default_output_device(),
                Some(output) => host.device_by_id(&output.id.parse().map_err(said)?),
            };
            let device = device.ok_or_else(|| OpenError("it is not there".into()))?;
            play(&device, mixer, loss)
        })?);
        Ok(())
    }

    fn close(&mut self) {
        self.stream = None;
    }

    fn inputs(&mut self) -> Vec<Output> {
        quietly(|| match host().and_then(|host| host.input_devices().map_err(said)) {
            Ok(devices) => unlike(devices.filter_map(|device| offered(&device)).collect()),
            Err(error) => {
                tracing::debug!(%error, "the microphones can not be listed");
                Vec::new()
            }
        })
    }

    fn record(&mut self, input: Option<&Output>, take: Take, loss: Loss) -> Result<(), OpenError> {
        self.stop_recording();
        self.recording = Some(quietly(|| {
            let host = host()?;
            let device = match input {
                None => host.default_input_device(),
                Some(input) => host.device_by_id(&input.id.parse().map_err(said)?),
            };
            let device = device.ok_or_else(|| OpenError("it is not there".into()))?;
            listen(&device, take, loss)
        })?);
        Ok(())
    }

    fn stop_recording(&mut self) {
        self.recording = None;
    }
}

fn said(error: cpal::Error) -> OpenError {
    OpenError(error.to_string())
}

fn host() -> Result<cpal::Host, OpenError> {
    let first = cpal::available_hosts().into_iter().next();
    cpal::host_from_id(first.ok_or_else(|| OpenError("the system has no sound".into()))?).map_err(said)
}

fn offered(device: &cpal::Device) -> Option<Output> {
    let id = device.id().ok()?;
    if !is_offered(id.id()) {
        return None;
    }
    let name: String = device.to_string().chars().filter(|c| !c.is_control()).take(80).collect();
    Some(Output { id: id.to_string(), name })
}

fn is_offered(id: &str) -> bool {
    !cfg!(target_os = "linux") || !ALSA_NOT_OFFERED.iter().any(|start| id.starts_with(start))
}

/// Gives outputs of the same name different ones, so that a person can tell them apart.
fn unlike(outputs: Vec<Output>) -> Vec<Output> {
    let has_twin = |output: &Output| outputs.iter().filter(|other| other.name == output.name).count() > 1;
    let renamed = outputs.iter().map(|output| match has_twin(output) {
        true => Output { id: output.id.clone(), name: format!("{} ({})", output.name, output.id) },
        false => output.clone(),
    });
    renamed.collect()
}

fn play(device: &cpal::Device, mixer: Mixer, loss: Loss) -> Result<cpal::Stream, OpenError> {
    let offered: Vec<_> = device.supported_output_configs().map_err(said)?.collect();
    let (format, config) = best(&offered).ok_or_else(|| OpenError("it speaks no format of ours".into()))?;
    tracing::debug!(?format, ?config, "a sound output is opened");
    let blocks = Blocks::new(mixer, config.sample_rate);
    let stream = match format {
        SampleFormat::I16 => build::<i16>(device, config, blocks, loss),
        SampleFormat::I32 => build::<i32>(device, config, blocks, loss),
        SampleFormat::U16 => build::<u16>(device, config, blocks, loss),
        SampleFormat::U8 => build::<u8>(device, config, blocks, loss),
        _ => build::<f32>(device, config, blocks, loss),
    };
    let stream = stream.map_err(said)?;
    stream.play().map_err(said)?;
    Ok(stream)
}

fn listen(device: &cpal::Device, mut take: Take, loss: Loss) -> Result<cpal::Stream, OpenError> {
    let offered: Vec<_> = device.supported_input_configs().map_err(said)?.collect();
    let (format, config) = best(&offered).ok_or_else(|| OpenError("it speaks no format of ours".into()))?;
    tracing::debug!(?format, ?config, "a microphone is opened");
    take.set_rate(config.sample_rate);
    let stream = match format {
        SampleFormat::I16 => build_input::<i16>(device, config, take, loss),
        SampleFormat::I32 => build_input::<i32>(device, config, take, loss),
        SampleFormat::U16 => build_input::<u16>(device, config, take, loss),
        SampleFormat::U8 => build_input::<u8>(device, config, take, loss),
        _ => build_input::<f32>(device, config, take, loss),
    };
    let stream = stream.map_err(said)?;
    stream.play().map_err(said)?;
    Ok(stream)
}

/// What a device is asked for: our rate before others, two channels before more, floats before integers.
fn best(offered: &[SupportedStreamConfigRange]) -> Option<(SampleFormat, StreamConfig)> {
    let rate =
        |range: &SupportedStreamConfigRange| RATE.clamp(range.min_sample_rate(), range.max_sample_rate());
    let rank = |range: &SupportedStreamConfigRange| {
        let format = FORMATS.iter().position(|format| *format == range.sample_format())?;
        let channels = range.channels();
        Some((rate(range).abs_diff(RATE), channels.abs_diff(2), channels < 2, format))
    };
    let ranked = offered.iter().filter_map(|range| Some((rank(range)?, range)));
    let (_, range) = ranked.min_by_key(|(rank, _)| *rank)?;
    let buffer_size = match range.buffer_size() {
        SupportedBufferSize::Range { min, max } if (*min..=*max).contains(&PORTION) => {
            BufferSize::Fixed(PORTION)
        }
        _ => BufferSize::Default,
    };
    let config = StreamConfig { channels: range.channels(), sample_rate: rate(range), buffer_size };
    Some((range.sample_format(), config))
}

fn build<T: SizedSample + FromSample<f32> + Send + 'static>(
    device: &cpal::Device,
    config: StreamConfig,
    mut blocks: Blocks,
    loss: Loss,
) -> Result<cpal::Stream, cpal::Error> {
    let channels = usize::from(config.channels);
    let fill = move |samples: &mut [T], _: &cpal::OutputCallbackInfo| {
        let now = blocks.now();
        blocks.fill(samples, channels, now, T::from_sample_);
    };
    device.build_output_stream(config, fill, failing("a sound output reports", loss), Some(PATIENCE))
}

fn build_input<T: SizedSample + Send + 'static>(
    device: &cpal::Device,
    config: StreamConfig,
    mut take: Take,
    loss: Loss,
) -> Result<cpal::Stream, cpal::Error>
where
    f32: FromSample<T>,
{
    let channels = usize::from(config.channels);
    let hear = move |samples: &[T], _: &cpal::InputCallbackInfo| {
        take.push(samples, channels, f32::from_sample_);
    };
    device.build_input_stream(config, hear, failing("a microphone reports", loss), Some(PATIENCE))
}

/// What is done with a device's troubles.
fn failing(what: &'static str, loss: Loss) -> impl FnMut(cpal::Error) + Send + 'static {
    move |error: cpal::Error| {
        tracing::debug!(%error, what);
        if is_loss(error.kind()) {
            loss.tell();
        }
    }
}

/// A crack, or a default that the system itself has moved, ends nothing.
fn is_loss(kind: ErrorKind) -> bool {
    !matches!(kind, ErrorKind::Xrun | ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied)
}

/// ALSA writes to the terminal whatever it does not find; a computer without sound is no error.
#[cfg(target_os = "linux")]
fn quietly<R>(call: impl FnOnce() -> R) -> R {
    let said = alsa::Output::local_error_handler();
    let result = call();
    if let Ok(said) = said {
        tracing::trace!(alsa = %said.borrow(), "ALSA said");
    }
    result
}

/// Other systems say nothing by themselves.
#[cfg(not(target_os = "linux"))]
fn quietly<R>(call: impl FnOnce() -> R) -> R {
    call()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(channels: u16, rates: [u32; 2], format: SampleFormat) -> SupportedStreamConfigRange {
        let size = SupportedBufferSize::Range { min: 64, max: 8_192 };
        SupportedStreamConfigRange::new(channels, rates[0], rates[1], size, format)
    }

    #[test]
    fn our_rate_comes_before_others_and_two_channels_before_more() {
        let offered = [
            range(2, [44_100, 44_100], SampleFormat::F32),
            range(6, [8_000, 192_000], SampleFormat::F32),
            range(2, [8_000, 192_000], SampleFormat::I16),
            range(2, [48_000, 48_000], SampleFormat::F64),
        ];
        let (format, config) = best(&offered).unwrap();
        assert_eq!((format, config.channels, config.sample_rate), (SampleFormat::I16, 2, RATE));
        assert_eq!(config.buffer_size, BufferSize::Fixed(PORTION));
        let (_, config) = best(&offered[..1]).unwrap();
        assert_eq!(config.sample_rate, 44_100, "what it has not, is converted");
        assert!(best(&offered[3..]).is_none());
    }

    #[test]
    fn a_crack_is_no_loss_and_an_unplugged_device_is() {
        assert!(!is_loss(ErrorKind::Xrun) && !is_loss(ErrorKind::DeviceChanged));
        assert!(is_loss(ErrorKind::DeviceNotAvailable) && is_loss(ErrorKind::BackendError));
    }

    #[test]
    fn twins_are_told_apart() {
        let output = |id: &str, name: &str| Output { id: id.into(), name: name.into() };
        let names = |outputs| unlike(outputs).into_iter().map(|output| output.name).collect::<Vec<_>>();
        assert_eq!(
            names(vec![output("alsa:a", "Speakers"), output("alsa:b", "Speakers"), output("alsa:c", "HDMI")]),
            ["Speakers (alsa:a)", "Speakers (alsa:b)", "HDMI"]
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn people_are_offered_places_to_listen_to() {
        let offered = |id: &&str| is_offered(id);
        let ids =
            ["null", "default", "pipewire", "sysdefault:CARD=PCH", "front:CARD=PCH,DEV=0", "hw:CARD=0,DEV=0"];
        assert_eq!(
            ids.iter().copied().filter(offered).collect::<Vec<_>>(),
            ["pipewire", "sysdefault:CARD=PCH"]
        );
    }
}
