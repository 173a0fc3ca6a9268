//! Name tags as pictures of the atlas: flag and "Name (DELEGATION)", below it role and language.

use super::flags;
use super::output::{Region, Tag, TagText};
use super::pages::people_words;
use super::text::atlas::{Atlas, PictureKey};
use super::text::fonts::FontWeight;
use super::text::{LineAlign, Shaped, TextEngine, TextStyle};
use super::words::{Value, Words};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use venue_protocol::Microphone;

/// Size of the name, points.
const NAME_SIZE: f32 = 20.0;
/// Size of the line below it, points.
const NOTE_SIZE: f32 = 14.0;
/// Height of the flag, points.
const FLAG_HEIGHT: f32 = 17.0;
/// Between flag and name, points.
const FLAG_GAP: f32 = 9.0;
/// Widest tag, points; longer names are cut.
const MAX_WIDTH: f32 = 420.0;
/// The glass of a tag: sRGB and alpha, which counts for less where light is mixed than on a screen.
const GLASS: [f32; 4] = [12.0, 20.0, 33.0, 0.92];
/// The edge of a tag whose person speaks: sRGB, opaque, and its width in points.
const SPEAKING: ([f32; 3], f32) = ([99.0, 180.0, 242.0], 2.5);

/// What a tag is known by in the atlas.
pub(super) fn key_of(text: TagText<'_>, language: venue_model::Language, scale: f32) -> PictureKey {
    let mut hasher = DefaultHasher::new();
    (text, language, scale.to_bits()).hash(&mut hasher);
    PictureKey::Tag(hasher.finish())
}

/// A tag that the atlas has.
pub(super) fn find(atlas: &mut Atlas, key: PictureKey) -> Option<Tag> {
    let region = atlas.get(key)?.region;
    Some(Tag { region, atlas_size: atlas.size() })
}

/// Finds or draws a tag.
pub(crate) fn tag(engine: &mut TextEngine, words: &Words, text: TagText<'_>, scale: f32) -> Option<Tag> {
    let key = key_of(text, words.language(), scale);
    if let Some(tag) = find(&mut engine.atlas, key) {
        return Some(tag);
    }
    let picture = draw(engine, words, text, scale, Picture::default());
    engine.atlas.insert(key, picture.size(), [0, 0], picture.rgba())?;
    find(&mut engine.atlas, key)
}

/// Draws a tag over a picture that is not needed any more.
pub(super) fn draw(
    engine: &mut TextEngine,
    words: &Words,
    text: TagText<'_>,
    scale: f32,
    over: Picture,
) -> Picture {
    let flag_height = if text.is_small { FLAG_HEIGHT * 0.7 } else { FLAG_HEIGHT };
    let flag = flags::flag(text.delegation, (flag_height * scale).round() as u32);
    if text.is_small {
        return draw_small(engine, text, flag.as_ref(), scale, over);
    }
    // The flag stands before the name, and both in the middle.
    let before = flag.as_ref().map_or(0.0, |flag| flag.width() as f32 + FLAG_GAP * scale);
    let name = match text.delegation {
        "" => text.name.to_owned(),
        delegation => {
            words.with("person", &[("name", Value::Text(text.name)), ("delegation", Value::Text(delegation))])
        }
    };
    let mut line = |text: &str, size: f32, weight, before: f32| {
        let wrap = Some((MAX_WIDTH * scale - before).floor());
        let style = TextStyle {
            size: (size * scale).round(),
            weight,
            align: LineAlign::Left,
            wrap,
            max_lines: Some(1),
        };
        engine.shape(text, style)
    };
    let name = line(&name, NAME_SIZE, FontWeight::Bold, before);
    let note = line(&notes_of(words, text).join(" · "), NOTE_SIZE, FontWeight::Regular, 0.0);
    let mut picture =
        Picture::glass(name.width + before, name.height, &note, (scale, text.is_speaking), over);
    if let Some(flag) = flag {
        let left = (picture.region.width as f32 - name.width - before) * 0.5;
        let top = 7.0 * scale + (name.height - flag.height() as f32) * 0.5;
        picture.paste(&flag, left.round() as u32, top.round() as u32);
    }
    picture.write(engine, &name, 7.0 * scale, before, [255.0; 3]);
    let below = 5.0 * scale + name.height;
    picture.write(engine, &note, below, 0.0, [178.0, 200.0, 224.0]);
    picture
}

/// What stands below the name.
fn notes_of(words: &Words, text: TagText<'_>) -> Vec<String> {
    let mut notes: Vec<String> = text.hand.then(|| words.get("hand-raised")).into_iter().collect();
    if text.is_in_talk {
        notes.push(words.get("talk-in"));
    }
    if text.microphone == Microphone::MutedByModerator {
        notes.push(words.get("microphone-muted"));
    }
    notes.push(text.language.code().to_uppercase());
    notes.extend(people_words::kind_key(text.kind).map(|key| words.get(key)));
    notes.extend(people_words::role_key(text.role).map(|key| words.get(key)));
    notes
}

/// The name alone, for those far away and for the middle of a crowd.
fn draw_small(
    engine: &mut TextEngine,
    text: TagText<'_>,
    flag: Option<&image::RgbImage>,
    scale: f32,
    over: Picture,
) -> Picture {
    let style = TextStyle {
        size: (NOTE_SIZE * scale).round(),
        weight: FontWeight::Bold,
        align: LineAlign::Left,
        wrap: Some((MAX_WIDTH * 0.5 * scale).floor()),
        max_lines: Some(1),
    };
    let name = engine.shape(text.name, style);
    let before = flag.map_or(0.0, |flag| flag.width() as f32 + FLAG_GAP * 0.6 * scale);
    let nothing = Arc::new(Shaped::default());
    let mut picture =
        Picture::glass(name.width + before, name.height, &nothing, (scale, text.is_speaking), over);
    if let Some(flag) = flag {
        let left = (picture.region.width as f32 - name.width - before) * 0.5;
        let top = 6.0 * scale + (name.height - flag.height() as f32) * 0.5;
        picture.paste(flag, left.round() as u32, top.round() as u32);
    }
    picture.write(engine, &name, 6.0 * scale, before, [235.0, 241.0, 250.0]);
    picture
}

/// A picture that is being made: premultiplied, sRGB-encoded.
#[derive(Default)]
pub(super) struct Picture {
    region: Region,
    rgba: Vec<u8>,
}

impl Picture {
    /// Width and height, pixels.
    pub(super) fn size(&self) -> [u32; 2] {
        [self.region.width, self.region.height]
    }

    /// Four bytes a pixel, rows from the top.
    pub(super) fn rgba(&self) -> &[u8] {
        &self.rgba
    }

    /// An empty tag, in the memory of a picture that is not needed any more.
    fn glass(
        first_width: f32,
        first_height: f32,
        note: &Arc<Shaped>,
        (scale, speaks): (f32, bool),
        over: Self,
    ) -> Self {
        let width = (first_width.max(note.width) + 28.0 * scale).ceil();
        let height = (first_height + note.height + 12.0 * scale).ceil();
        let region = Region { x: 0, y: 0, width: width as u32, height: height as u32 };
        let radius = 12.0 * scale;
        let texel = |x: u32, y: u32| {
            // Distance to a rounded rectangle's edge, after Inigo Quilez' "2D distance functions".
            let qx = (x as f32 + 0.5 - width * 0.5).abs() - width * 0.5 + radius;
            let qy = (y as f32 + 0.5 - height * 0.5).abs() - height * 0.5 + radius;
            let outside = qx.max(0.0).hypot(qy.max(0.0));
            let distance = outside + qx.max(qy).min(0.0) - radius;
            let within = (0.5 - distance).clamp(0.0, 1.0);
            let edge = if speaks { (distance + SPEAKING.1 * scale + 0.5).clamp(0.0, 1.0) } else { 0.0 };
            let alpha = within * (GLASS[3] + (1.0 - GLASS[3]) * edge);
            let color = |channel: usize| {
                let mixed = GLASS[channel] + (SPEAKING.0[channel] - GLASS[channel]) * edge;
                (mixed * alpha).round() as u8
            };
            [color(0), color(1), color(2), (alpha * 255.0).round() as u8]
        };
        // Between the corners a row has one colour.
        let corner = (radius.ceil() as u32 + 1).min(region.width / 2);
        let mut rgba = over.rgba;
        rgba.clear();
        rgba.reserve((region.width * region.height * 4) as usize);
        for y in 0..region.height {
            let middle = texel(region.width / 2, y);
            rgba.extend((0..corner).flat_map(|x| texel(x, y)));
            rgba.extend((corner..region.width - corner).flat_map(|_| middle));
            rgba.extend((region.width - corner..region.width).flat_map(|x| texel(x, y)));
        }
        Self { region, rgba }
    }

    /// Puts an opaque picture here; what would stand over the edge is cut off.
    fn paste(&mut self, picture: &image::RgbImage, left: u32, top: u32) {
        for (x, y, pixel) in picture.enumerate_pixels() {
            let (x, y) = (x + left, y + top);
            if x < self.region.width && y < self.region.height {
                let at = ((y * self.region.width + x) * 4) as usize;
                self.rgba[at..at + 3].copy_from_slice(&pixel.0);
                self.rgba[at + 3] = 255;
            }
        }
    }

    /// Writes a line in the middle of the width, behind so much of something else.
    fn write(&mut self, engine: &mut TextEngine, line: &Shaped, top: f32, behind: f32, color: [f32; 3]) {
        let (width, height) = (self.region.width as i32, self.region.height as i32);
        let left = ((width as f32 - line.width + behind) * 0.5).round() as i32;
        let top = top.round() as i32;
        engine.pixels(line, |x, y, coverage| {
            let (x, y) = (x + left, y + top);
            if !(0..width).contains(&x) || !(0..height).contains(&y) {
                return;
            }
            let at = ((y * width + x) * 4) as usize;
            let alpha = f32::from(coverage) / 255.0;
            for (channel, value) in color.into_iter().chain([255.0]).enumerate() {
                let below = f32::from(self.rgba[at + channel]);
                self.rgba[at + channel] = (value * alpha + below * (1.0 - alpha)).round() as u8;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use venue_model::{Language, ParticipantKind, Role};

    fn text(name: &str) -> TagText<'_> {
        TagText {
            name,
            delegation: "CHE",
            language: Language::Fr,
            role: Role::Chair,
            kind: ParticipantKind::Delegate,
            hand: false,
            microphone: Microphone::Muted,
            is_in_talk: false,
            is_speaking: false,
            is_small: false,
        }
    }

    #[test]
    fn a_tag_is_drawn_once_and_found_again() {
        let mut engine = TextEngine::default();
        let words = Words::new(Language::En);
        let first = tag(&mut engine, &words, text("Anna Müller"), 1.0).unwrap();
        assert_eq!(tag(&mut engine, &words, text("Anna Müller"), 1.0), Some(first));
        let other = tag(&mut engine, &words, text("محمد"), 1.0).unwrap();
        assert_ne!(first.region, other.region);
        let fine = tag(&mut engine, &words, text("Anna Müller"), 2.0).unwrap();
        assert!(fine.region.width > first.region.width + first.region.width / 2);
    }

    #[test]
    fn a_delegation_with_a_flag_has_it_before_the_name() {
        let mut engine = TextEngine::default();
        let words = Words::new(Language::En);
        let with = tag(&mut engine, &words, text("Anna Müller"), 1.0).unwrap();
        let without = TagText { delegation: "PRS", ..text("Anna Müller") };
        let without = tag(&mut engine, &words, without, 1.0).unwrap();
        assert!(with.region.width >= without.region.width + 24, "{with:?} {without:?}");
        let red = |pixel: &[u8]| pixel[0] > 180 && pixel[1] < 60 && pixel[2] < 60;
        let update = engine.atlas.take_update().unwrap();
        assert!(update.rgba.chunks_exact(4).any(red), "the Swiss flag is red");
    }

    #[test]
    fn a_raised_hand_is_another_tag() {
        let mut engine = TextEngine::default();
        let words = Words::new(Language::En);
        let down = tag(&mut engine, &words, text("Anna Müller"), 1.0).unwrap();
        let up = TagText { hand: true, ..text("Anna Müller") };
        let up = tag(&mut engine, &words, up, 1.0).unwrap();
        assert_ne!(up.region, down.region);
    }

    #[test]
    fn who_speaks_has_a_bright_edge_at_the_same_size() {
        let words = Words::new(Language::En);
        let edge_of = |is_speaking| {
            let mut engine = TextEngine::default();
            let text = TagText { delegation: "", is_speaking, ..text("Anna Müller") };
            let region = tag(&mut engine, &words, text, 1.0).unwrap().region;
            let update = engine.atlas.take_update().unwrap();
            let row = (region.y + region.height / 2 - update.region.y) * update.region.width;
            let at = (row + region.x - update.region.x + 1) as usize * 4;
            (region.width, region.height, update.rgba[at + 2])
        };
        let (quiet, speaking) = (edge_of(false), edge_of(true));
        assert_eq!((quiet.0, quiet.1), (speaking.0, speaking.1), "nothing jumps");
        assert!(speaking.2 > 200 && quiet.2 < 60, "{quiet:?} {speaking:?}");
    }

    #[test]
    fn a_small_tag_is_the_name_alone_in_smaller_letters() {
        let mut engine = TextEngine::default();
        let words = Words::new(Language::En);
        let whole = tag(&mut engine, &words, text("Anna Müller"), 1.0).unwrap().region;
        let small =
            tag(&mut engine, &words, TagText { is_small: true, ..text("Anna Müller") }, 1.0).unwrap().region;
        assert!(
            small.width * 4 < whole.width * 3 && small.height * 3 < whole.height * 2,
            "{small:?} {whole:?}"
        );
    }

    #[test]
    fn long_names_are_cut() {
        let mut engine = TextEngine::default();
        let words = Words::new(Language::En);
        let long = tag(&mut engine, &words, text(&"Maximiliane ".repeat(6)), 1.0).unwrap();
        assert!(long.region.width <= MAX_WIDTH as u32 + 30, "{:?}", long.region);
    }
}
