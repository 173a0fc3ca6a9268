//! Shapes text once, keeps the result, and turns it into quads of the atlas.
//!
//! Everything is in whole pixels. It knows no widget, no language file and no colours but those it is given.

use super::atlas::{Atlas, PictureKey, Placed};
use super::fonts::{self, FontWeight};
use cosmic_text::{
    Attrs, Buffer, CacheKey, CacheKeyFlags, Cursor, Family, FontSystem, LayoutGlyph, LayoutRun, Metrics,
    Shaping, SwashCache, Wrap,
};
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

/// Height of a line as a factor of the font's size: Arabic vowel signs need it.
const LINE_HEIGHT: f32 = 1.45;
/// Longest text that is shaped, in characters; the rest is cut.
const MAX_CHARS: usize = 8_192;
/// Width in pixels that stands for "do not wrap".
const UNWRAPPED: f32 = 1.0e6;
/// Widths that are tried to keep brackets and full stops with their words.
const MAX_NARROWER: usize = 4;
/// Shaped texts that are kept.
const MAX_SHAPED: usize = 2_048;

/// Where the lines of a text lie within its width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LineAlign {
    /// At the left edge.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right edge.
    Right,
}

/// How a text is set.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TextStyle {
    /// Font size in pixels.
    pub size: f32,
    /// Weight.
    pub weight: FontWeight,
    /// Lines that are narrower than the widest.
    pub align: LineAlign,
    /// Wraps at this many pixels; none: only at line ends.
    pub wrap: Option<f32>,
    /// Cuts with an ellipsis after this many lines.
    pub max_lines: Option<u16>,
}

/// One glyph, placed.
#[derive(Clone, Copy, Debug)]
struct PlacedGlyph {
    key: CacheKey,
    x: i32,
    y: i32,
}

/// A text ready to be drawn.
#[derive(Debug, Default)]
pub struct Shaped {
    glyphs: Vec<PlacedGlyph>,
    /// Pixels from the left edge to the end of the widest line.
    pub width: f32,
    /// Pixels from the top of the first line to the bottom of the last.
    pub height: f32,
    /// Lines.
    pub lines: usize,
    /// Characters that no face has.
    pub missing: usize,
}

struct Kept {
    text: Box<str>,
    style: StyleBits,
    shaped: Arc<Shaped>,
    used_in: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct StyleBits {
    size: u32,
    wrap: Option<u32>,
    max_lines: Option<u16>,
    weight: FontWeight,
    align: LineAlign,
}

impl From<TextStyle> for StyleBits {
    fn from(style: TextStyle) -> Self {
        Self {
            size: style.size.to_bits(),
            wrap: style.wrap.map(f32::to_bits),
            max_lines: style.max_lines,
            weight: style.weight,
            align: style.align,
        }
    }
}

/// Fonts, the texts shaped lately, and the atlas.
pub struct TextEngine {
    fonts: FontSystem,
    scaler: SwashCache,
    /// All pictures.
    pub atlas: Atlas,
    shaped: HashMap<u64, Kept>,
    hasher: RandomState,
    frame: u64,
    /// What did not fit and was cut.
    #[cfg(test)]
    pub(crate) cut: std::collections::BTreeSet<String>,
}

impl Default for TextEngine {
    fn default() -> Self {
        Self::with_atlas(Atlas::default())
    }
}

impl TextEngine {
    /// An engine that makes no quads: its texts become pictures by [`Self::pixels`].
    pub fn without_atlas() -> Self {
        Self::with_atlas(Atlas::tiny())
    }

    fn with_atlas(atlas: Atlas) -> Self {
        Self {
            fonts: fonts::embedded(),
            scaler: SwashCache::new(),
            atlas,
            shaped: HashMap::new(),
            hasher: RandomState::new(),
            frame: 0,
            #[cfg(test)]
            cut: std::collections::BTreeSet::new(),
        }
    }
}

/// Where a quad lies: pixels on the screen, texels in the atlas.
#[derive(Clone, Copy, Debug)]
pub struct Quad {
    /// Left and top, pixels.
    pub position: [f32; 2],
    /// Its picture.
    pub placed: Placed,
}

impl TextEngine {
    /// A new frame begins; forgets shaped texts that were not used lately.
    pub fn begin_frame(&mut self) {
        self.frame += 1;
        self.atlas.begin_frame();
        if self.shaped.len() > MAX_SHAPED {
            let recent = self.frame.saturating_sub(2);
            self.shaped.retain(|_, kept| kept.used_in >= recent);
        }
    }

    /// Fonts, for fields that edit.
    pub(super) fn fonts(&mut self) -> &mut FontSystem {
        &mut self.fonts
    }

    /// Shapes a text, or finds it shaped.
    pub fn shape(&mut self, text: &str, style: TextStyle) -> Arc<Shaped> {
        let bits = StyleBits::from(style);
        let key = self.hasher.hash_one((text, bits));
        if let Some(kept) = self.shaped.get_mut(&key)
            && *kept.text == *text
            && kept.style == bits
        {
            kept.used_in = self.frame;
            return Arc::clone(&kept.shaped);
        }
        let shaped = Arc::new(placed(&self.layout(text, style), style));
        let kept = Kept { text: text.into(), style: bits, shaped: Arc::clone(&shaped), used_in: self.frame };
        self.shaped.insert(key, kept);
        shaped
    }

    /// How many texts are kept shaped.
    pub fn shaped_count(&self) -> usize {
        self.shaped.len()
    }

    fn layout(&mut self, text: &str, style: TextStyle) -> Buffer {
        let text = showable(text);
        let whole = self.layout_whole(&text, style);
        let limit = usize::from(style.max_lines.unwrap_or(u16::MAX));
        if whole.layout_runs().nth(limit).is_none() {
            return whole;
        }
        #[cfg(test)]
        self.cut.insert(text.to_string());
        // The longest beginning that fits together with the ellipsis, found by halving.
        let ends: Vec<usize> = text.char_indices().map(|(index, _)| index).collect();
        let (mut fits, mut fails) = (0, ends.len() - 1);
        while fails - fits > 1 {
            let middle = (fits + fails) / 2;
            let cut = self.layout_whole(&beginning(&text, ends[middle]), style);
            if cut.layout_runs().nth(limit).is_none() { fits = middle } else { fails = middle }
        }
        self.layout_whole(&beginning(&text, ends[fits]), style)
    }

    /// Lays out without a limit of lines, a little narrower where a line would break before a bracket.
    fn layout_whole(&mut self, text: &str, style: TextStyle) -> Buffer {
        let wide = self.layout_at(text, style, style.wrap.unwrap_or(UNWRAPPED));
        let Some(wrap) = style.wrap else { return wide };
        let mut bad = bad_break(&wide);
        for _ in 0..MAX_NARROWER {
            let Some(width) = bad.filter(|&width| width - 1.0 > wrap * 0.7) else { break };
            let narrow = self.layout_at(text, style, width - 1.0);
            bad = bad_break(&narrow);
            if bad.is_none() {
                return narrow;
            }
        }
        wide
    }

    fn layout_at(&mut self, text: &str, style: TextStyle, width: f32) -> Buffer {
        let mut buffer = Buffer::new_empty(metrics(style.size));
        // Without wrapping the library loses numbers that begin a line of Arabic.
        buffer.set_wrap(Wrap::WordOrGlyph);
        buffer.set_size(Some(width), None);
        let left = Some(cosmic_text::Align::Left);
        buffer.set_text(text, &attributes(style.weight), Shaping::Advanced, left);
        buffer.shape_until_scroll(&mut self.fonts, false);
        buffer
    }

    /// The quads of a shaped text whose top left corner lies at `origin` pixels.
    pub fn quads(&mut self, shaped: &Shaped, origin: [f32; 2], mut each: impl FnMut(Quad)) {
        let (left, top) = (origin[0].round(), origin[1].round());
        for glyph in &shaped.glyphs {
            self.quad(glyph.key, [left + glyph.x as f32, top + glyph.y as f32], &mut each);
        }
    }

    /// The quads of a laid-out buffer.
    pub(super) fn buffer_quads(&mut self, buffer: &Buffer, origin: [f32; 2], mut each: impl FnMut(Quad)) {
        let (left, top) = (origin[0].round(), origin[1].round());
        for run in buffer.layout_runs() {
            for glyph in visible(&run) {
                let physical = glyph.physical((0.0, run.line_y.round()), 1.0);
                self.quad(physical.cache_key, [left + physical.x as f32, top + physical.y as f32], &mut each);
            }
        }
    }

    /// Every covered pixel of a shaped text, with its coverage, for a picture made by hand.
    pub fn pixels(&mut self, shaped: &Shaped, mut each: impl FnMut(i32, i32, u8)) {
        for glyph in &shaped.glyphs {
            let Some(image) = self.scaler.get_image_uncached(&mut self.fonts, glyph.key) else { continue };
            let place = image.placement;
            if image.content != cosmic_text::SwashContent::Mask || place.width == 0 {
                continue;
            }
            let (left, top) = (glyph.x + place.left, glyph.y - place.top);
            for (row, y) in image.data.chunks_exact(place.width as usize).zip(top..) {
                for (&coverage, x) in row.iter().zip(left..) {
                    each(x, y, coverage);
                }
            }
        }
    }

    fn quad(&mut self, key: CacheKey, pen: [f32; 2], each: &mut impl FnMut(Quad)) {
        // Without a place in the atlas the glyph stays away for this frame; the next one has room.
        let Some(placed) = self.glyph(key) else { return };
        if placed.region.width > 0 {
            let position = [pen[0] + placed.left as f32, pen[1] - placed.top as f32];
            each(Quad { position, placed });
        }
    }

    fn glyph(&mut self, key: CacheKey) -> Option<Placed> {
        if let Some(placed) = self.atlas.get(PictureKey::Glyph(key)) {
            return Some(placed);
        }
        let image = self.scaler.get_image_uncached(&mut self.fonts, key);
        let (size, offset, mask) = match &image {
            Some(image) if image.content == cosmic_text::SwashContent::Mask => {
                let place = image.placement;
                ([place.width, place.height], [place.left, place.top], image.data.as_slice())
            }
            _ => ([0, 0], [0, 0], &[][..]),
        };
        let rgba: Vec<u8> = mask.iter().flat_map(|&coverage| [coverage; 4]).collect();
        self.atlas.insert(PictureKey::Glyph(key), size, offset, &rgba)
    }
}

/// The width of a line after which closing punctuation begins the next one, or that ends with an
/// opening bracket: the library breaks between two directions even where UAX #14 forbids it.
fn bad_break(buffer: &Buffer) -> Option<f32> {
    let closes = |c: char| {
        matches!(c, ')' | ']' | '}' | '»' | '”' | '.' | ',' | ';' | ':' | '!' | '?' | '،' | '؛' | '؟' | '…')
            || matches!(c, '）' | '】' | '》' | '」' | '』' | '、' | '。' | '，' | '；' | '：' | '！' | '？')
    };
    let opens = |c: char| matches!(c, '(' | '[' | '{' | '«' | '“' | '（' | '【' | '《' | '「' | '『');
    // Names stand in isolates, which are no letters.
    let is_isolate = |c: &char| matches!(c, '\u{2066}'..='\u{2069}');
    let mut last: Option<(usize, f32)> = None;
    for run in buffer.layout_runs() {
        let start = run.glyphs.iter().map(|glyph| glyph.start).min().unwrap_or(0);
        if let Some((_, width)) = last.filter(|&(line, _)| line == run.line_i) {
            let before = run.text[..start].chars().rev().find(|c| !is_isolate(c));
            let after = run.text[start..].chars().find(|c| !is_isolate(c));
            if after.is_some_and(closes) && !before.is_some_and(char::is_whitespace)
                || before.is_some_and(opens)
            {
                return Some(width);
            }
        }
        last = Some((run.line_i, run.line_w));
    }
    None
}

fn beginning(text: &str, end: usize) -> String {
    format!("{}…", text[..end].trim_end())
}

/// Line metrics for a font size in pixels.
pub(super) fn metrics(size: f32) -> Metrics {
    Metrics::new(size, (size * LINE_HEIGHT).round())
}

/// What every text is set with.
pub(super) fn attributes(weight: FontWeight) -> Attrs<'static> {
    // The faces carry no hints; the scaler is told not to look for them.
    let flags = CacheKeyFlags::DISABLE_HINTING;
    Attrs::new().family(Family::Name(fonts::FAMILY)).weight(weight.as_db()).cache_key_flags(flags)
}

/// Text without what can not be shown: control characters become spaces, bidirectional
/// overrides and embeddings go (isolates stay: the translations need them).
pub(super) fn showable(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{feff}');
    let breaks = |c: char| matches!(c, '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}');
    let plain = |c: char| c == '\n' || !(c.is_control() || hidden(c) || breaks(c));
    if text.len() <= MAX_CHARS && text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let kept = text.chars().filter(|&c| !hidden(c)).take(MAX_CHARS);
    Cow::Owned(kept.map(|c| if plain(c) { c } else { ' ' }).collect())
}

/// Glyphs that leave ink: not spaces, and not the marks that only steer direction and joining.
fn visible<'a>(run: &'a LayoutRun<'_>) -> impl Iterator<Item = &'a LayoutGlyph> {
    let steers = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2069}' | '\u{ad}');
    let inkless = move |cluster: &str| cluster.chars().all(|c| c.is_whitespace() || steers(c));
    let text = run.text;
    run.glyphs.iter().filter(move |glyph| !text.get(glyph.start..glyph.end).is_some_and(inkless))
}

fn placed(buffer: &Buffer, style: TextStyle) -> Shaped {
    let mut shaped = Shaped::default();
    for run in buffer.layout_runs() {
        shaped.width = shaped.width.max(run.line_w.ceil());
        shaped.height = run.line_top + run.line_height;
        shaped.lines += 1;
    }
    for run in buffer.layout_runs() {
        let free = shaped.width - run.line_w.ceil();
        let shift = match style.align {
            LineAlign::Left => 0.0,
            LineAlign::Center => (free * 0.5).floor(),
            LineAlign::Right => free,
        };
        for glyph in visible(&run) {
            shaped.missing += usize::from(glyph.glyph_id == 0);
            let physical = glyph.physical((shift, run.line_y.round()), 1.0);
            shaped.glyphs.push(PlacedGlyph { key: physical.cache_key, x: physical.x, y: physical.y });
        }
    }
    shaped
}

/// Where the caret stands at `cursor`: x, top and height in pixels. Between two directions the
/// cursor's affinity says at which of the two characters it stands.
pub(super) fn caret(buffer: &Buffer, cursor: Cursor, empty_x: f32) -> (f32, f32, f32) {
    let mut other = None;
    for run in buffer.layout_runs().filter(|run| run.line_i == cursor.line) {
        let place = |x| (x, run.line_top, run.line_height);
        if run.glyphs.is_empty() {
            return place(empty_x);
        }
        let after = edge(&run, |glyph| glyph.start == cursor.index, false);
        let before = edge(&run, |glyph| glyph.end == cursor.index, true);
        let (wanted, second) = if cursor.affinity.before() { (before, after) } else { (after, before) };
        if let Some(x) = wanted {
            return place(x);
        }
        let inside = |glyph: &LayoutGlyph| glyph.start < cursor.index && cursor.index < glyph.end;
        if run.glyphs.iter().any(inside)
            && let Some(x) = run.cursor_position(&cursor)
        {
            return place(x);
        }
        other = other.or(second.map(place));
    }
    other.unwrap_or((empty_x, 0.0, buffer.metrics().line_height))
}

/// The edge of the cluster that `belongs`: where reading it begins, or where it ends.
fn edge(run: &LayoutRun<'_>, belongs: impl Fn(&LayoutGlyph) -> bool, end: bool) -> Option<f32> {
    let mut edge: Option<f32> = None;
    for glyph in run.glyphs.iter().filter(|glyph| belongs(glyph)) {
        let at_right = glyph.level.is_rtl() != end;
        edge = Some(match (edge, at_right) {
            (Some(x), true) => x.max(glyph.x + glyph.w),
            (Some(x), false) => x.min(glyph.x),
            (None, true) => glyph.x + glyph.w,
            (None, false) => glyph.x,
        });
    }
    edge
}

/// The character boundary that is nearest to a point in pixels.
pub(super) fn hit(buffer: &Buffer, x: f32, y: f32) -> Option<Cursor> {
    let mut line = None;
    for run in buffer.layout_runs() {
        if line.is_none() || run.line_top <= y {
            line = Some(run);
        }
    }
    let run = line?;
    if run.glyphs.is_empty() {
        return Some(Cursor::new(run.line_i, 0));
    }
    // Inside of the line: outside, the library goes to the line's end on either side.
    let left = run.glyphs.iter().map(|glyph| glyph.x).fold(f32::INFINITY, f32::min);
    let right = run.glyphs.iter().map(|glyph| glyph.x + glyph.w).fold(f32::NEG_INFINITY, f32::max);
    let inside = x.max(left + 0.01).min(right - 0.01);
    buffer.hit(inside, run.line_top + run.line_height * 0.5)
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;
