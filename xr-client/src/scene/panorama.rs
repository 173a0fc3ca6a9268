//! What is seen around a space where nothing stands: a panorama, decoded by a thread of its own, uploaded in strips.
//!
//! A presenter that can show one behind its frames takes it over; else it is the frames' sky. It must not know where
//! files come from.

use bytes::Bytes;
use glam::{UVec2, Vec3};
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use venue_model::FileHash;
use venue_package::decode_panorama;
use venue_package::gltf::Picture;
use venue_package::manifest::SpacePanorama;
use wgpu_renderer::{
    Gpu, Mips, Quality, RenderError, Renderer, Sky, TexelFormat, TextureId, TextureRows, TextureShape,
};

/// Bytes that one frame uploads; a row of a very wide picture may have a few more.
const STRIP_BYTES: usize = 1 << 20;

/// Shows a panorama behind the frames of a presenter.
pub trait Backdrop {
    /// Most pixels on a side.
    fn largest_side(&self) -> u32;
    /// Makes room for a panorama, in place of the one before; whether there is some.
    fn begin(&mut self, size: UVec2) -> bool;
    /// Takes the next rows: RGBA, colours encoded as sRGB; whether it could.
    fn write(&mut self, first_row: u32, rgba8: &[u8]) -> bool;
    /// Whether a panorama is whole, and can still be shown.
    fn is_ready(&self) -> bool;
    /// Gives it up.
    fn clear(&mut self);
}

/// The panorama around the viewer's space.
#[derive(Default)]
pub struct Panorama {
    wanted: Option<SpacePanorama>,
    state: State,
    largest_side: u32,
    /// Whether somebody could show it behind the frames in the last one.
    had_backdrop: bool,
}

/// How far the panorama has got.
#[derive(Default)]
enum State {
    /// There is none.
    #[default]
    Without,
    /// Its file is on its way.
    Awaited(FileHash),
    /// A thread unpacks it.
    Decoding(FileHash, Receiver<Result<Strips, String>>),
    /// It goes to where it will be shown.
    Uploading(FileHash, Strips, Place),
    /// It is seen.
    Shown(FileHash, Place),
    /// It can not be seen.
    Broken(FileHash),
}

/// Who shows it.
#[derive(Clone, Copy)]
enum Place {
    Behind,
    Sky(TextureId),
}

/// A picture, cut across: what was uploaded is freed bit by bit, because to free it at once takes milliseconds.
struct Strips {
    size: UVec2,
    next_row: u32,
    strips: VecDeque<Vec<u8>>,
}

impl State {
    fn file(&self) -> Option<FileHash> {
        match self {
            Self::Without => None,
            Self::Awaited(file)
            | Self::Decoding(file, _)
            | Self::Uploading(file, ..)
            | Self::Shown(file, _)
            | Self::Broken(file) => Some(*file),
        }
    }

    fn place(&self) -> Option<Place> {
        match self {
            Self::Uploading(_, _, place) | Self::Shown(_, place) => Some(*place),
            _ => None,
        }
    }
}

impl Panorama {
    /// Which is seen from now on.
    pub fn want(&mut self, wanted: Option<SpacePanorama>) {
        self.wanted = wanted;
    }

    /// The file that is missing.
    pub fn wanted_file(&self) -> Option<FileHash> {
        match self.state {
            State::Awaited(file) => Some(file),
            _ => None,
        }
    }

    /// Takes its file; whether it is one.
    pub fn load(&mut self, file: FileHash, bytes: &Bytes) -> bool {
        if self.wanted_file() != Some(file) {
            return false;
        }
        let (outbox, inbox) = sync_channel(1);
        let (bytes, side) = (bytes.clone(), self.largest_side);
        // Nobody waits any more where another is wanted meanwhile.
        let work = move || drop(outbox.send(decode(&bytes, side).map(Strips::of)));
        self.state = match std::thread::Builder::new().name("vev-panorama".into()).spawn(work) {
            Ok(_) => State::Decoding(file, inbox),
            Err(error) => {
                tracing::warn!(%error, "a panorama can not be decoded");
                State::Broken(file)
            }
        };
        true
    }

    /// Its file does not come; whether it is one.
    pub fn handle_failed(&mut self, file: FileHash) -> bool {
        let is_it = self.wanted_file() == Some(file);
        if is_it {
            self.state = State::Broken(file);
        }
        is_it
    }

    /// Brings it nearer to being seen by one piece; what is wrong with it, once.
    pub fn advance(
        &mut self,
        gpu: &Gpu,
        renderer: &mut Renderer,
        mut backdrop: Option<&mut dyn Backdrop>,
    ) -> Option<(FileHash, String)> {
        self.largest_side = largest_side(gpu, renderer, backdrop.as_deref());
        let had_backdrop = std::mem::replace(&mut self.had_backdrop, backdrop.is_some());
        let is_backdrop_new = backdrop.is_some() && !had_backdrop;
        let wanted = self.wanted.map(|wanted| wanted.picture);
        if self.state.file() != wanted {
            self.leave(renderer, backdrop);
            self.state = wanted.map_or(State::Without, State::Awaited);
            return None;
        }
        let (state, broken) = match std::mem::take(&mut self.state) {
            State::Decoding(file, inbox) => match inbox.try_recv() {
                Ok(Ok(strips)) => (begin(file, strips, gpu, renderer, backdrop), None),
                Ok(Err(detail)) => (Ok(State::Broken(file)), Some((file, detail))),
                Err(TryRecvError::Empty) => (Ok(State::Decoding(file, inbox)), None),
                Err(TryRecvError::Disconnected) => (Ok(State::Broken(file)), None),
            },
            State::Uploading(file, strips, place) => {
                (upload(file, strips, place, gpu, renderer, backdrop), None)
            }
            // Whoever showed it does not any more: it comes again, for the frames themselves.
            State::Shown(file, Place::Behind) if !backdrop.as_mut().is_some_and(|it| it.is_ready()) => {
                (Ok(State::Awaited(file)), None)
            }
            // Somebody can who could not before: it comes again, for them.
            State::Shown(file, Place::Sky(texture)) if is_backdrop_new => {
                renderer.remove_texture(texture);
                (Ok(State::Awaited(file)), None)
            }
            state => (Ok(state), None),
        };
        match state {
            Ok(state) => {
                self.state = state;
                broken
            }
            Err((file, error)) => {
                self.state = State::Broken(file);
                Some((file, error.to_string()))
            }
        }
    }

    fn leave(&self, renderer: &mut Renderer, backdrop: Option<&mut dyn Backdrop>) {
        match (self.state.place(), backdrop) {
            (Some(Place::Sky(texture)), _) => renderer.remove_texture(texture),
            (Some(Place::Behind), Some(backdrop)) => backdrop.clear(),
            _ => {}
        }
    }

    /// The sky while it is seen.
    pub fn sky(&self) -> Option<Sky> {
        let wanted = self.shown()?;
        match self.state.place()? {
            Place::Behind => Some(Sky::Open),
            Place::Sky(texture) => Some(Sky::Equirect { texture, yaw: wanted.yaw(), tint: Vec3::ONE }),
        }
    }

    /// The turn about +y, radians, of what is seen behind the frames.
    pub fn backdrop_yaw(&self) -> Option<f32> {
        let wanted = self.shown()?;
        matches!(self.state.place(), Some(Place::Behind)).then(|| wanted.yaw())
    }

    fn shown(&self) -> Option<SpacePanorama> {
        let is_shown =
            |wanted: &SpacePanorama| matches!(self.state, State::Shown(file, _) if file == wanted.picture);
        self.wanted.filter(is_shown)
    }

    /// Whether nothing more will come.
    pub fn is_settled(&self) -> bool {
        let is_over = matches!(self.state, State::Without | State::Shown(..) | State::Broken(_));
        is_over && self.state.file() == self.wanted.map(|wanted| wanted.picture)
    }
}

type Step = Result<State, (FileHash, RenderError)>;

/// Chooses who shows it, and makes room there.
fn begin(
    file: FileHash,
    strips: Strips,
    gpu: &Gpu,
    renderer: &mut Renderer,
    backdrop: Option<&mut dyn Backdrop>,
) -> Step {
    if backdrop.is_some_and(|backdrop| backdrop.begin(strips.size)) {
        return Ok(State::Uploading(file, strips, Place::Behind));
    }
    let (format, mips) = (TexelFormat::Rgba8, Mips::Generate);
    let shape = TextureShape { width: strips.size.x, height: strips.size.y, format, srgb: true, mips };
    let texture = renderer.begin_texture(gpu, &shape).map_err(|error| (file, error))?;
    Ok(State::Uploading(file, strips, Place::Sky(texture)))
}

fn upload(
    file: FileHash,
    mut strips: Strips,
    place: Place,
    gpu: &Gpu,
    renderer: &mut Renderer,
    backdrop: Option<&mut dyn Backdrop>,
) -> Step {
    let failed = |error| (file, error);
    let Some(strip) = strips.strips.pop_front() else {
        if let Place::Sky(texture) = place {
            renderer.finish_texture(gpu, texture).map_err(failed)?;
        }
        return Ok(State::Shown(file, place));
    };
    match place {
        Place::Behind => {
            if !backdrop.is_some_and(|backdrop| backdrop.write(strips.next_row, &strip)) {
                return Ok(State::Awaited(file));
            }
        }
        Place::Sky(texture) => {
            let rows = TextureRows { level: 0, first: strips.next_row, bytes: &strip };
            renderer.write_texture(gpu, texture, &rows).map_err(failed)?;
        }
    }
    strips.next_row += strip.len() as u32 / (strips.size.x * 4);
    Ok(State::Uploading(file, strips, place))
}

fn largest_side(gpu: &Gpu, renderer: &Renderer, backdrop: Option<&dyn Backdrop>) -> u32 {
    let wished = match renderer.settings().quality {
        Quality::Low => 4_096,
        Quality::Standard => 8_192,
    };
    let theirs = backdrop.map_or(u32::MAX, |backdrop| backdrop.largest_side());
    wished.min(theirs).min(gpu.device().limits().max_texture_dimension_2d)
}

/// Unpacks a panorama, made smaller where it has more pixels on a side; the error says in English what is wrong with it.
pub fn decode(bytes: &[u8], largest_side: u32) -> Result<Picture, String> {
    let picture = decode_panorama(bytes).map_err(|error| error.to_string())?;
    if picture.width <= largest_side {
        return Ok(picture);
    }
    let (width, height) = (largest_side.max(2), (largest_side / 2).max(1));
    let Picture { width: whole_width, height: whole_height, rgba8 } = picture;
    let Some(whole) = image::RgbaImage::from_raw(whole_width, whole_height, rgba8) else {
        return Err("it has other pixels than it says".into());
    };
    let rgba8 = image::imageops::thumbnail(&whole, width, height).into_raw();
    Ok(Picture { width, height, rgba8 })
}

impl Strips {
    fn of(picture: Picture) -> Self {
        let row_bytes = picture.width as usize * 4;
        let strip = (STRIP_BYTES / row_bytes).max(1) * row_bytes;
        Self {
            size: UVec2::new(picture.width, picture.height),
            next_row: 0,
            strips: picture.rgba8.chunks(strip).map(<[u8]>::to_vec).collect(),
        }
    }
}

#[cfg(test)]
#[path = "panorama_tests.rs"]
mod tests;
