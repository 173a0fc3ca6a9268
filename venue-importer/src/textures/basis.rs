//! Basis Universal, by its own encoder: the one place of the importer that calls into C++.

use super::ktx2;
use super::picture::Picture;
use anyhow::{Context, Result, bail};
use basis_universal::BasisTextureFormat;
use basis_universal::encoding::{ColorSpace, Compressor, CompressorParams};
use sha2::{Digest, Sha256};
use std::fmt;
use std::path::Path;

/// How a picture is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// About a bit and a half a pixel: for what is seen from afar, and for everything where size counts. With its
    /// quality, 1 to 255.
    Etc1s(u8),
    /// About 6 bits a pixel, nearly lossless: for what people stand before.
    Uastc,
}

impl Codec {
    /// ETC1S at the usual quality: half the bytes of the best, and what is lost is hard to see on walls and carpets.
    pub const ETC1S: Self = Self::Etc1s(128);
}

impl fmt::Display for Codec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uastc => f.write_str("uastc"),
            Self::Etc1s(quality) => write!(f, "etc1s:{quality}"),
        }
    }
}

impl Codec {
    /// The codec that a person names.
    pub fn named(text: &str) -> Result<Self, String> {
        let quality = match text.split_once(':') {
            None if text == "uastc" => return Ok(Self::Uastc),
            None if text == "etc1s" => return Ok(Self::ETC1S),
            Some(("etc1s", quality)) => quality.parse().ok().filter(|quality| *quality > 0),
            _ => None,
        };
        let wrong =
            || format!("{text:?} is neither uastc nor etc1s nor etc1s:QUALITY with a quality from 1 to 255");
        quality.map(Self::Etc1s).ok_or_else(wrong)
    }
}

/// Effort of UASTC, 0 to 4: the next step takes twice as long for a decibel at 46.
const UASTC_LEVEL: i32 = 1;

/// Packs a picture as [`encode`] does, or takes it from the folder where an earlier, interrupted run left it.
pub(crate) fn encode_once(picture: &Picture, codec: Codec, kept: Option<&Path>) -> Result<Vec<u8>> {
    let Some(folder) = kept else { return encode(picture, codec) };
    let mut digest = Sha256::new();
    digest.update(format!("{codec:?} {} {} {}", picture.width, picture.height, env!("CARGO_PKG_VERSION")));
    digest.update(bytemuck::cast_slice::<_, u8>(&picture.pixels));
    let name: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let path = folder.join(name);
    if let Ok(bytes) = std::fs::read(&path) {
        return Ok(bytes);
    }
    let bytes = encode(picture, codec)?;
    // What is cut off by a crash must not be taken for whole: the name comes last. Without it the work is done again.
    let half = path.with_extension("new");
    if std::fs::write(&half, &bytes).is_ok() {
        std::fs::rename(&half, &path).ok();
    }
    Ok(bytes)
}

/// Packs a picture, with all its mip levels, as KTX 2. Width and height must be multiples of four.
pub(crate) fn encode(picture: &Picture, codec: Codec) -> Result<Vec<u8>> {
    let (width, height) = (picture.width, picture.height);
    if width == 0 || height == 0 || !width.is_multiple_of(4) || !height.is_multiple_of(4) {
        bail!("a picture of {width} × {height} pixels can not be packed: both must be multiples of 4");
    }
    let mut params = CompressorParams::new();
    params.set_print_status_to_stdout(false);
    // Plain differences of the bytes: the encoder's perceptual measure takes half as long again for no visible gain.
    params.set_color_space(ColorSpace::Linear);
    match codec {
        Codec::Etc1s(quality) => {
            params.set_basis_format(BasisTextureFormat::ETC1S);
            params.set_etc1s_quality_level(u32::from(quality));
        }
        Codec::Uastc => {
            params.set_basis_format(BasisTextureFormat::UASTC4x4);
            // SAFETY: the parameters live, and the flags are one of the encoder's levels. The crate's own setter adds
            // its bits to those of the default level, so that it can not choose a faster one.
            #[expect(unsafe_code, reason = "the encoder is a C++ library")]
            unsafe {
                basis_universal_sys::compressor_params_set_pack_uastc_flags(params.0, UASTC_LEVEL);
            }
        }
    }
    params.source_image_mut(0).init(bytemuck::cast_slice(&picture.pixels), width, height, 4);
    let mut level = picture.clone();
    for number in 0.. {
        if level.width == 1 && level.height == 1 {
            break;
        }
        level = level.scaled(0.5, (level.width / 2).max(1), (level.height / 2).max(1));
        let bytes = bytemuck::cast_slice(&level.pixels);
        params.source_mipmap_image_mut(0, number).init(bytes, level.width, level.height, 4);
    }
    let mut compressor = Compressor::new(1);
    // SAFETY: the parameters are an image of its stated size in four channels, its halves, and settings
    // that the setters have checked; the picture's sides are neither zero nor beyond the encoder's limit.
    #[expect(unsafe_code, reason = "the encoder is a C++ library")]
    unsafe {
        if !compressor.init(&params) {
            bail!("the texture encoder refused a picture of {width} × {height} pixels");
        }
        if let Err(code) = compressor.process() {
            bail!("the texture encoder failed on a picture of {width} × {height} pixels: {code:?}");
        }
    }
    ktx2::from_basis(compressor.basis_file()).context("the texture encoder's output can not be read")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A smooth picture with a soft hole when `alpha` is set.
    fn picture(width: u32, height: u32, alpha: bool) -> Picture {
        let at = |i: u32| {
            let (x, y) = ((i % width) as f32 / width as f32, (i / width) as f32 / height as f32);
            let hole = if alpha { ((x - 0.5).hypot(y - 0.5) * 510.0).min(255.0) } else { 255.0 };
            [(x * 255.0) as u8, (y * 255.0) as u8, ((x * 9.0).sin() * 50.0 + 100.0) as u8, hole as u8]
        };
        Picture { width, height, pixels: (0..width * height).map(at).collect() }
    }

    fn decoded(bytes: &[u8], level: usize) -> (u32, u32, Vec<u8>) {
        let texture = basisu::Transcoder::new(bytes).unwrap();
        let info = texture.image_level_info(level as u32).unwrap();
        let pixels =
            texture.transcode(level as u32, basisu::TargetFormat::Rgba32, basisu::DecodeFlags::NONE).unwrap();
        (info.width, info.height, pixels)
    }

    fn check(codec: Codec, width: u32, height: u32, alpha: bool, most_error: f64) -> usize {
        let picture = picture(width, height, alpha);
        let bytes = encode(&picture, codec).unwrap();
        let (w, h, pixels) = decoded(&bytes, 0);
        assert_eq!((w, h), (width, height));
        let differences = pixels.iter().zip(picture.pixels.as_flattened());
        let squares: f64 = differences.map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum();
        let error = (squares / pixels.len() as f64).sqrt();
        assert!(error <= most_error, "{codec:?} {width} × {height}: {error}");
        let levels = 32 - width.max(height).leading_zeros();
        let (w, h, last) = decoded(&bytes, levels as usize - 1);
        assert_eq!((w, h), (1, 1));
        assert!(last[0].abs_diff(148) < 20, "{last:?}");
        bytes.len()
    }

    #[test]
    fn pictures_come_back_from_an_independent_reader_with_all_their_levels() {
        let small = check(Codec::ETC1S, 64, 32, false, 7.0);
        let large = check(Codec::Uastc, 64, 32, false, 2.5);
        assert!(small < large, "{small} {large}");
        check(Codec::ETC1S, 68, 20, true, 14.0);
        check(Codec::Uastc, 68, 20, true, 5.0);
    }

    #[test]
    fn a_lower_quality_takes_fewer_bytes() {
        let picture = picture(256, 256, false);
        let bytes = |text: &str| encode(&picture, Codec::named(text).unwrap()).unwrap().len();
        assert!(bytes("etc1s:20") < bytes("etc1s") && bytes("etc1s") < bytes("uastc"));
        assert_eq!(Codec::named("etc1s:128"), Ok(Codec::ETC1S));
        assert_eq!(Codec::named(&Codec::ETC1S.to_string()), Ok(Codec::ETC1S));
        for wrong in ["", "etc1s:", "etc1s:0", "etc1s:256", "uastc:3", "jpeg"] {
            assert!(Codec::named(wrong).unwrap_err().contains("QUALITY"), "{wrong}");
        }
    }

    #[test]
    fn the_same_picture_makes_the_same_bytes() {
        let picture = picture(64, 64, false);
        for codec in [Codec::ETC1S, Codec::Uastc] {
            assert_eq!(encode(&picture, codec).unwrap(), encode(&picture, codec).unwrap());
        }
    }

    #[test]
    fn what_was_packed_before_is_not_packed_again() {
        let folder = tempfile::tempdir().unwrap();
        let picture = picture(16, 16, false);
        let first = encode_once(&picture, Codec::ETC1S, Some(folder.path())).unwrap();
        let kept = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
        std::fs::write(&kept, "marked").unwrap();
        assert_eq!(encode_once(&picture, Codec::ETC1S, Some(folder.path())).unwrap(), b"marked");
        assert_eq!(encode_once(&picture, Codec::ETC1S, None).unwrap(), first);
        assert_ne!(encode_once(&picture, Codec::Uastc, Some(folder.path())).unwrap(), b"marked");
    }

    #[test]
    fn odd_sizes_are_refused() {
        let error = encode(&Picture::filled(6, 4, [0; 4]), Codec::ETC1S).unwrap_err();
        assert!(error.to_string().contains("multiples of 4"));
    }
}
