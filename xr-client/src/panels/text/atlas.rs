//! One texture for every glyph, every name tag and one white texel.
//!
//! What was not used for a while makes room for what is new; where everything is used it grows up to a bound, and then
//! what was not used for longest goes. What is used in the running frame never moves, so that triangles made earlier in
//! it stay right. It knows no fonts.

use super::shelves::Shelves;
use crate::panels::output::{AtlasUpdate, Region};
use std::collections::HashMap;

/// Width and height at the start, 16 MiB: the names of a full lounge fit, so that nobody's arrival makes it grow.
const FIRST_SIDE: u32 = 2048;
/// Frames after which a picture that nobody asked for makes room before the atlas grows: the names of a crowd that was
/// walked past are not worth four times the memory.
const RESTING_FRAMES: u64 = 120;
/// Pictures that find their place without asking for memory.
const FIRST_PICTURES: usize = 2_048;
/// Buffers for updates that are kept, and how large each of them is at first: two names of a fine screen.
const MAX_BUFFERS: usize = 4;
const BUFFER_BYTES: usize = 1 << 20;
/// Width and height at most: 64 MiB, below the 8192 that WebGPU promises.
const LAST_SIDE: u32 = 4096;
/// Free texels around each picture, so that linear filtering never sees a neighbour.
const GAP: u32 = 1;
/// Changed parts that are kept apart; more become one.
const MAX_DIRTY: usize = 32;
/// Side of the white square at the origin.
const WHITE_SIDE: u32 = 3;

/// What a picture in the atlas is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PictureKey {
    /// One glyph at one size and subpixel place.
    Glyph(cosmic_text::CacheKey),
    /// One name tag, by the hash of what it shows.
    Tag(u64),
    /// One flag, by the hash of its delegation and size.
    Flag(u64),
}

/// Where a picture lies, and what its maker wanted to remember.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Texels.
    pub region: Region,
    /// From the pen to the picture's left edge, pixels.
    pub left: i32,
    /// From the baseline up to the picture's top edge, pixels.
    pub top: i32,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    key: PictureKey,
    placed: Placed,
    used_in: u64,
}

/// A texture full of small pictures.
pub struct Atlas {
    side: u32,
    last_side: u32,
    pixels: Vec<u8>,
    shelves: Shelves,
    entries: Vec<Entry>,
    by_key: HashMap<PictureKey, usize>,
    /// When what may go was used last.
    ages: Vec<u64>,
    buffers: Vec<Vec<u8>>,
    frame: u64,
    /// Changed parts, and how much of each changed.
    dirty: Vec<(Region, u64)>,
    /// Whether everything is to be sent.
    is_new: bool,
}

impl Default for Atlas {
    fn default() -> Self {
        Self::with_sides(FIRST_SIDE, LAST_SIDE)
    }
}

impl Atlas {
    /// An atlas of hardly anything.
    pub fn tiny() -> Self {
        Self::with_sides(WHITE_SIDE + GAP, WHITE_SIDE + GAP)
    }

    fn with_sides(side: u32, last_side: u32) -> Self {
        let mut atlas = Self {
            side,
            last_side,
            // As large as it may become: what is not written takes no memory, and growing copies nothing.
            pixels: vec![0; (last_side * last_side * 4) as usize],
            shelves: Shelves::new(side, side),
            entries: Vec::with_capacity(FIRST_PICTURES),
            by_key: HashMap::with_capacity(FIRST_PICTURES),
            ages: Vec::with_capacity(FIRST_PICTURES),
            buffers: (0..MAX_BUFFERS).map(|_| Vec::with_capacity(BUFFER_BYTES)).collect(),
            frame: 0,
            dirty: Vec::with_capacity(MAX_DIRTY),
            is_new: true,
        };
        // The first allocation lies at the origin: egui's plain shapes have their texture coordinate there.
        let white = atlas.shelves.allocate(WHITE_SIDE + GAP, WHITE_SIDE + GAP);
        debug_assert_eq!(white.map(|region| (region.x, region.y)), Some((0, 0)));
        for y in 0..WHITE_SIDE {
            let row = (y * last_side * 4) as usize;
            atlas.pixels[row..row + (WHITE_SIDE * 4) as usize].fill(255);
        }
        atlas
    }

    /// Size in texels.
    pub fn size(&self) -> [u32; 2] {
        [self.side, self.side]
    }

    /// Middle of the white square, texels.
    pub fn white(&self) -> [f32; 2] {
        [WHITE_SIDE as f32 * 0.5; 2]
    }

    /// A new frame begins: what is not used from now on may be thrown out.
    pub fn begin_frame(&mut self) {
        self.frame += 1;
    }

    /// The frame draws what the last one drew, without asking for each picture again.
    pub fn keep_last_frame(&mut self) {
        let last = self.frame.saturating_sub(1);
        for entry in self.entries.iter_mut().filter(|entry| entry.used_in == last) {
            entry.used_in = self.frame;
        }
    }

    /// Finds a picture and keeps it for this frame.
    pub fn get(&mut self, key: PictureKey) -> Option<Placed> {
        let entry = &mut self.entries[*self.by_key.get(&key)?];
        entry.used_in = self.frame;
        Some(entry.placed)
    }

    /// Puts a picture in: `rgba` has four premultiplied bytes a texel. None when it finds no
    /// place although everything unused was thrown out.
    pub fn insert(
        &mut self,
        key: PictureKey,
        size: [u32; 2],
        offset: [i32; 2],
        rgba: &[u8],
    ) -> Option<Placed> {
        debug_assert_eq!(rgba.len(), (size[0] * size[1] * 4) as usize);
        let place = self.make_room(size[0] + GAP, size[1] + GAP)?;
        let region = Region { width: size[0], height: size[1], ..place };
        self.write(place, region, rgba);
        let placed = Placed { region, left: offset[0], top: offset[1] };
        self.by_key.insert(key, self.entries.len());
        self.entries.push(Entry { key, placed, used_in: self.frame });
        Some(placed)
    }

    fn make_room(&mut self, width: u32, height: u32) -> Option<Region> {
        loop {
            if let Some(region) = self.shelves.allocate(width, height) {
                return Some(region);
            }
            if self.throw_out(self.frame.saturating_sub(RESTING_FRAMES)) {
                continue;
            }
            if self.side < self.last_side {
                self.grow();
            } else if !self.throw_out(self.frame) {
                return None;
            }
        }
    }

    fn grow(&mut self) {
        let side = (self.side * 2).min(self.last_side);
        self.shelves.grow(side, side);
        self.side = side;
    }

    /// Throws out the older half of what was not used since a frame; false when there is nothing.
    fn throw_out(&mut self, since: u64) -> bool {
        let Self { entries, by_key, ages, shelves, .. } = self;
        ages.clear();
        ages.extend(entries.iter().map(|entry| entry.used_in).filter(|used_in| *used_in < since));
        if ages.is_empty() {
            return false;
        }
        let middle = ages.len() / 2;
        let (_, &mut limit, _) = ages.select_nth_unstable(middle);
        entries.retain(|entry| {
            let stays = entry.used_in > limit;
            if !stays {
                let region = entry.placed.region;
                shelves.free(Region { width: region.width + GAP, height: region.height + GAP, ..region });
                by_key.remove(&entry.key);
            }
            stays
        });
        for (place, entry) in entries.iter().enumerate() {
            by_key.insert(entry.key, place);
        }
        true
    }

    /// Writes a picture and clears the gap beside it.
    fn write(&mut self, place: Region, region: Region, rgba: &[u8]) {
        for y in 0..place.height {
            let from = (((place.y + y) * self.last_side + place.x) * 4) as usize;
            let row = &mut self.pixels[from..from + (place.width * 4) as usize];
            row.fill(0);
            if y < region.height {
                let bytes = (region.width * 4) as usize;
                row[..bytes].copy_from_slice(&rgba[y as usize * bytes..][..bytes]);
            }
        }
        self.mark(place);
    }

    /// Notes a changed part: with the last one if little lies between them, for what lies between is sent too.
    fn mark(&mut self, place: Region) {
        let is_full = self.dirty.len() == MAX_DIRTY;
        match self.dirty.last_mut() {
            Some((last, changed)) if is_full || area(union(*last, place)) <= 2 * (*changed + area(place)) => {
                *last = union(*last, place);
                *changed += area(place);
            }
            _ => self.dirty.push((place, area(place))),
        }
    }

    /// Counts everything as changed, for a texture that is made anew.
    pub fn show_again(&mut self) {
        self.is_new = true;
    }

    /// A part that changed; ask until there is none. Whoever has a smaller texture makes it as large as the update says,
    /// and keeps what it shows.
    pub fn take_update(&mut self) -> Option<AtlasUpdate> {
        let region = if std::mem::take(&mut self.is_new) {
            self.dirty.clear();
            Region { x: 0, y: 0, width: self.side, height: self.side }
        } else {
            self.dirty.pop()?.0
        };
        let mut rgba = self.buffers.pop().unwrap_or_default();
        rgba.clear();
        rgba.reserve((region.width * region.height * 4) as usize);
        for y in region.y..region.y + region.height {
            let from = ((y * self.last_side + region.x) * 4) as usize;
            rgba.extend_from_slice(&self.pixels[from..from + (region.width * 4) as usize]);
        }
        Some(AtlasUpdate { atlas_size: self.size(), region, rgba })
    }
}

impl Atlas {
    /// Takes back the memory of an update. The whole atlas is sent too seldom to be kept.
    pub fn recycle(&mut self, buffer: Vec<u8>) {
        if self.buffers.len() < MAX_BUFFERS && buffer.capacity() <= 2 * BUFFER_BYTES {
            self.buffers.push(buffer);
        }
    }

    /// The pixels of a part.
    #[cfg(test)]
    pub fn pixels_of(&self, region: Region) -> Vec<u8> {
        let row = |y: u32| {
            let from = ((y * self.last_side + region.x) * 4) as usize;
            self.pixels[from..from + (region.width * 4) as usize].iter().copied()
        };
        (region.y..region.y + region.height).flat_map(row).collect()
    }
}

fn area(region: Region) -> u64 {
    u64::from(region.width) * u64::from(region.height)
}

fn union(a: Region, b: Region) -> Region {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    let right = (a.x + a.width).max(b.x + b.width);
    let bottom = (a.y + a.height).max(b.y + b.height);
    Region { x, y, width: right - x, height: bottom - y }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(side: u32, value: u8) -> Vec<u8> {
        vec![value; (side * side * 4) as usize]
    }

    fn texel(atlas: &Atlas, region: Region) -> u8 {
        atlas.pixels[((region.y * atlas.last_side + region.x) * 4) as usize]
    }

    #[test]
    fn it_grows_then_throws_out_what_is_old() {
        let mut atlas = Atlas::with_sides(64, 128);
        let mut placed = Vec::new();
        for index in 0..100u64 {
            atlas.begin_frame();
            let place = atlas.insert(PictureKey::Tag(index), [15, 15], [0, 0], &picture(15, index as u8 + 1));
            placed.push(place.expect("room is made"));
        }
        assert_eq!(atlas.size(), [128, 128]);
        assert_eq!(atlas.get(PictureKey::Tag(0)), None);
        let last = atlas.get(PictureKey::Tag(99)).expect("the newest is there");
        assert_eq!(texel(&atlas, last.region), 100);
        assert!(atlas.entries.len() < 64 && atlas.by_key.len() == atlas.entries.len());
    }

    #[test]
    fn names_that_were_walked_past_make_room_and_nothing_grows() {
        let mut atlas = Atlas::with_sides(64, 128);
        for frame in 0..10 * RESTING_FRAMES {
            atlas.begin_frame();
            // Two are always in view, and now and then another one.
            for index in [0, 1] {
                let is_there = atlas.get(PictureKey::Tag(index)).is_some();
                is_there.then_some(()).or_else(|| {
                    atlas.insert(PictureKey::Tag(index), [15, 15], [0, 0], &picture(15, 1)).map(drop)
                });
            }
            if frame % 20 == 0 {
                let key = PictureKey::Tag(100 + frame);
                atlas.insert(key, [15, 15], [0, 0], &picture(15, 2)).expect("room is made");
            }
        }
        assert_eq!(atlas.size(), [64, 64]);
    }

    #[test]
    fn what_a_frame_uses_stays_where_it_is() {
        let mut atlas = Atlas::with_sides(64, 64);
        atlas.begin_frame();
        let mut count = 0;
        while atlas.insert(PictureKey::Tag(count), [15, 15], [0, 0], &picture(15, 1)).is_some() {
            count += 1;
        }
        assert!((9..=16).contains(&count), "{count}");
        assert!((0..count).all(|index| atlas.get(PictureKey::Tag(index)).is_some()));
    }

    #[test]
    fn updates_carry_exactly_what_changed() {
        let mut atlas = Atlas::with_sides(64, 64);
        let whole = atlas.take_update().expect("a new texture is sent whole");
        assert_eq!((whole.region.width, whole.rgba.len()), (64, 64 * 64 * 4));
        assert_eq!(&whole.rgba[..4], &[255; 4]);
        assert_eq!(atlas.take_update(), None);
        let place = atlas.insert(PictureKey::Tag(1), [2, 2], [0, 0], &picture(2, 7)).expect("it fits");
        let update = atlas.take_update().expect("something changed");
        assert_eq!((update.region.x, update.region.y), (place.region.x, place.region.y));
        assert_eq!(update.rgba[..8], [7; 8]);
        assert_eq!(update.rgba[8..12], [0; 4], "the gap is clear");
        assert_eq!(atlas.take_update(), None);
    }

    #[test]
    fn what_lies_far_apart_is_sent_apart_and_never_without_bound() {
        let mut atlas = Atlas::with_sides(1024, 1024);
        // One below all others, and as many changes as a page in a new language makes.
        for index in 0..200 {
            let side = if index == 190 { 200 } else { 30 };
            atlas.insert(PictureKey::Tag(index), [side, side], [0, 0], &picture(side, 9)).unwrap();
            if index == 100 {
                while atlas.take_update().is_some() {}
            }
        }
        let changed: u64 = atlas.dirty.iter().map(|(_, changed)| changed).sum();
        let placed: Vec<Region> = atlas.entries.iter().map(|entry| entry.placed.region).collect();
        let updates: Vec<AtlasUpdate> = std::iter::from_fn(|| atlas.take_update()).collect();
        assert!((2..=MAX_DIRTY).contains(&updates.len()), "{}", updates.len());
        let sent: u64 = updates.iter().map(|update| area(update.region)).sum();
        assert!(sent <= 2 * changed, "{sent} texels are sent for {changed}");
        let placed = &placed[101..];
        let holds =
            |region: &Region| updates.iter().any(|update| union(update.region, *region) == update.region);
        assert!(placed.iter().all(holds), "everything is sent");
    }
}
