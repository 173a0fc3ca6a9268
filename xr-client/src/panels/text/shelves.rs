//! Where pictures lie in a texture: shelves of equal height, each cut into spans.
//!
//! It hands out and takes back rectangles; it knows no pixels and no glyphs.

use crate::panels::output::Region;

/// Shelves, and pictures on each, that ask for no memory while a frame is drawn.
const SPARE_SHELVES: usize = 128;
const SPARE_SPANS: usize = 32;

/// Heights are rounded up to this, so that shelves can be used again by what is nearly as high.
const HEIGHT_STEP: u32 = 4;

#[derive(Clone, Debug)]
struct Span {
    x: u32,
    width: u32,
    used: bool,
}

#[derive(Clone, Debug)]
struct Shelf {
    y: u32,
    height: u32,
    spans: Vec<Span>,
}

impl Shelf {
    /// A free shelf, in the memory of one that is gone.
    fn empty(y: u32, height: u32, width: u32, mut spans: Vec<Span>) -> Self {
        spans.clear();
        spans.push(Span { x: 0, width, used: false });
        Self { y, height, spans }
    }

    fn is_empty(&self) -> bool {
        matches!(self.spans.as_slice(), [span] if !span.used)
    }

    /// Takes the first free span that is wide enough.
    fn take(&mut self, width: u32) -> Option<u32> {
        let at = self.spans.iter().position(|span| !span.used && span.width >= width)?;
        let span = &mut self.spans[at];
        let (x, rest) = (span.x, span.width - width);
        span.width = width;
        span.used = true;
        if rest > 0 {
            self.spans.insert(at + 1, Span { x: x + width, width: rest, used: false });
        }
        Some(x)
    }

    fn give_back(&mut self, x: u32) {
        let Some(at) = self.spans.iter().position(|span| span.x == x && span.used) else { return };
        self.spans[at].used = false;
        if self.spans.get(at + 1).is_some_and(|next| !next.used) {
            self.spans[at].width += self.spans.remove(at + 1).width;
        }
        if at > 0 && !self.spans[at - 1].used {
            self.spans[at - 1].width += self.spans.remove(at).width;
        }
    }
}

/// Rectangles of one texture.
#[derive(Clone, Debug)]
pub struct Shelves {
    width: u32,
    height: u32,
    /// From the top down, without gaps.
    shelves: Vec<Shelf>,
    /// The memory of shelves that are gone.
    spare: Vec<Vec<Span>>,
}

impl Shelves {
    /// An empty texture.
    pub fn new(width: u32, height: u32) -> Self {
        let spare = (0..SPARE_SHELVES).map(|_| Vec::with_capacity(SPARE_SPANS)).collect();
        let mut shelves = Vec::with_capacity(SPARE_SHELVES);
        shelves.push(Shelf::empty(0, height, width, Vec::with_capacity(SPARE_SPANS)));
        Self { width, height, shelves, spare }
    }

    /// Finds a place; none when it is full.
    pub fn allocate(&mut self, width: u32, height: u32) -> Option<Region> {
        let rounded = height.div_ceil(HEIGHT_STEP) * HEIGHT_STEP;
        let wanted = rounded.min(self.height);
        if width == 0 || height == 0 || width > self.width || height > wanted {
            return None;
        }
        // A used shelf may be half as high again; an empty one is cut to measure.
        let fits = |shelf: &Shelf| {
            let free = shelf.spans.iter().any(|span| !span.used && span.width >= width);
            !shelf.is_empty() && free && shelf.height >= wanted && shelf.height * 2 <= wanted * 3
        };
        let best = self.shelves.iter().enumerate().filter(|(_, shelf)| fits(shelf));
        let at = match best.min_by_key(|(_, shelf)| shelf.height).map(|(at, _)| at) {
            Some(at) => at,
            None => self.open_shelf(wanted)?,
        };
        let shelf = &mut self.shelves[at];
        let y = shelf.y;
        shelf.take(width).map(|x| Region { x, y, width, height })
    }

    fn open_shelf(&mut self, height: u32) -> Option<usize> {
        let at = self.shelves.iter().position(|shelf| shelf.is_empty() && shelf.height >= height)?;
        let shelf = &mut self.shelves[at];
        let (y, rest) = (shelf.y, shelf.height - height);
        shelf.height = height;
        if rest > 0 {
            let spans = self.spare.pop().unwrap_or_default();
            self.shelves.insert(at + 1, Shelf::empty(y + height, rest, self.width, spans));
        }
        Some(at)
    }

    /// Takes a rectangle back that [`Self::allocate`] gave.
    pub fn free(&mut self, region: Region) {
        let Some(at) = self.shelves.iter().position(|shelf| shelf.y == region.y) else { return };
        self.shelves[at].give_back(region.x);
        if !self.shelves[at].is_empty() {
            return;
        }
        if self.shelves.get(at + 1).is_some_and(Shelf::is_empty) {
            self.join_next(at);
        }
        if at > 0 && self.shelves[at - 1].is_empty() {
            self.join_next(at - 1);
        }
    }

    /// Makes one of a free shelf and the free one below it.
    fn join_next(&mut self, at: usize) {
        let below = self.shelves.remove(at + 1);
        self.shelves[at].height += below.height;
        self.spare.push(below.spans);
    }

    /// Makes the texture larger; what lies in it stays where it is.
    pub fn grow(&mut self, width: u32, height: u32) {
        for shelf in &mut self.shelves {
            let more = width - self.width;
            match shelf.spans.last_mut() {
                Some(span) if !span.used => span.width += more,
                _ => shelf.spans.push(Span { x: self.width, width: more, used: false }),
            }
        }
        let more = height - self.height;
        match self.shelves.last_mut() {
            Some(shelf) if shelf.is_empty() => shelf.height += more,
            _ => self.shelves.push(Shelf::empty(self.height, more, width, Vec::new())),
        }
        (self.width, self.height) = (width, height);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn overlap(a: Region, b: Region) -> bool {
        a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
    }

    proptest! {
        #[test]
        fn what_is_handed_out_never_overlaps(steps in prop::collection::vec((1u32..90, 1u32..70, any::<bool>()), 1..200)) {
            let mut shelves = Shelves::new(256, 256);
            let mut held: Vec<Region> = Vec::new();
            for (index, (width, height, give_back)) in steps.into_iter().enumerate() {
                if give_back && !held.is_empty() {
                    shelves.free(held.swap_remove(index % held.len()));
                }
                if index == 100 {
                    shelves.grow(512, 512);
                }
                if let Some(region) = shelves.allocate(width, height) {
                    prop_assert_eq!((region.width, region.height), (width, height));
                    prop_assert!(held.iter().all(|&other| !overlap(region, other)));
                    prop_assert!(region.x + width <= shelves.width && region.y + height <= shelves.height);
                    held.push(region);
                }
            }
            for region in held {
                shelves.free(region);
            }
            prop_assert!(shelves.allocate(shelves.width, shelves.height).is_some(), "all of it is free again");
        }
    }

    #[test]
    fn it_says_when_it_is_full() {
        let mut shelves = Shelves::new(64, 64);
        assert!(shelves.allocate(65, 1).is_none());
        let count = std::iter::from_fn(|| shelves.allocate(16, 16)).count();
        assert_eq!(count, 16);
    }
}
