//! Where name tags lie in a crowd: no tag on another one or on a face, who asks for the floor and who is near first.
//!
//! It works in angles about the eye (azimuth and elevation), so that turning the head moves nothing. It must not know
//! pictures, people or cameras.

use crate::sorted_map::SortedMap;
use std::f32::consts::TAU;
use venue_model::ParticipantId;

/// Between two tags, radians.
const GAP: f32 = 0.004;

/// A tag is lifted so far above its head at most, radians; one that needs more is set small, or not shown.
const MOST_LIFT: f32 = 0.16;

/// Tries to find a free place upwards.
const TRIES: usize = 12;

/// How quickly a tag moves to its place and fades, 1/s.
const PACE: f32 = 9.0;

/// Whoever is nearer has a whole tag, and beyond the second distance a small one; between the two it stays as it was.
const WHOLE_METRES: (f32, f32) = (8.0, 9.5);

/// Beyond this only those have a tag who ask for the floor, metres.
const READABLE_METRES: f32 = 22.0;

/// How wide and high a face is, metres.
const FACE_METRES: (f32, f32) = (0.22, 0.28);

/// Faces that are farther away are too small to be covered, metres.
const FACE_SEEN_METRES: f32 = 14.0;

/// How a tag is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// With everything.
    #[default]
    Whole,
    /// The name alone, in small letters.
    Small,
}

/// Somebody who may have a tag.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// Who.
    pub id: ParticipantId,
    /// Direction of the tag's foot from the eye: azimuth and elevation, radians.
    pub foot: [f32; 2],
    /// Elevation of the middle of the face, radians.
    pub face: f32,
    /// How far, metres.
    pub metres: f32,
    /// Whether the person asks for the floor or speaks.
    pub is_called: bool,
    /// Whether there are too many others, so that the tag goes.
    pub is_over: bool,
    /// Width and height of the tag in each form, radians.
    pub sizes: [[f32; 2]; 2],
}

/// Where a tag is shown now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    /// How it is drawn.
    pub form: Form,
    /// How far above its foot, radians.
    pub lift: f32,
    /// How much of it is seen, 0 to 1.
    pub opacity: f32,
}

impl Place {
    /// Whether anything of it is seen.
    pub fn is_seen(&self) -> bool {
        self.opacity > 0.01
    }
}

#[derive(Clone, Copy, Debug)]
struct Block {
    middle: f32,
    half_width: f32,
    low: f32,
    high: f32,
    of: ParticipantId,
}

#[derive(Clone, Copy, Debug)]
struct Kept {
    place: Place,
    is_wished: bool,
}

/// The tags' places from frame to frame.
#[derive(Debug, Default)]
pub struct TagLayout {
    kept: SortedMap<ParticipantId, Kept>,
    blocks: Vec<Block>,
    order: Vec<usize>,
}

impl TagLayout {
    /// Finds a place for each wish, `dt` seconds after the last time.
    pub fn arrange(&mut self, wishes: &[Wish], dt: f32) {
        self.kept.values_mut().for_each(|kept| kept.is_wished = false);
        self.blocks.clear();
        self.blocks.extend(wishes.iter().filter(|wish| wish.metres < FACE_SEEN_METRES).map(face_of));
        let rank = |at: &usize| {
            let wish = &wishes[*at];
            // In steps of half a metre, so that two who sway beside each other do not change places.
            (!wish.is_called, (wish.metres * 2.0) as u32, wish.id)
        };
        self.order.clear();
        self.order.extend(0..wishes.len());
        self.order.sort_unstable_by_key(rank);
        let share = 1.0 - (-PACE * dt).exp();
        for at in 0..self.order.len() {
            let wish = &wishes[self.order[at]];
            let before = self.kept.get(&wish.id).map(|kept| kept.place);
            let wanted = self.place_of(wish, before.unwrap_or_default().form);
            let place = before.map_or(wanted, |before| moved(before, wanted, share));
            self.kept.insert(wish.id, Kept { place, is_wished: true });
        }
        self.kept.retain(|_, kept| kept.is_wished);
    }

    /// Lets the next tags take their places at once, as after a jump.
    pub fn forget(&mut self) {
        self.kept.clear();
    }

    /// Which forms of somebody's tag may be shown in the next frame; the others need not be drawn.
    pub fn forms(&self, id: ParticipantId, metres: f32, is_called: bool) -> [bool; 2] {
        let shown = self.place(id).filter(Place::is_seen).map(|place| place.form);
        let is_readable = is_called || metres <= READABLE_METRES || shown.is_some();
        let is_near = is_called || metres < WHOLE_METRES.1 || shown == Some(Form::Whole);
        [is_readable && is_near, is_readable]
    }

    /// Whether anything of somebody's tag is seen.
    pub fn is_shown(&self, id: ParticipantId) -> bool {
        self.place(id).is_some_and(|place| place.is_seen())
    }

    /// Where somebody's tag is shown; none for those who did not wish for one.
    pub fn place(&self, id: ParticipantId) -> Option<Place> {
        self.kept.get(&id).map(|kept| kept.place)
    }

    /// The best place for a wish beside those that have one already, which it then takes.
    fn place_of(&mut self, wish: &Wish, before: Form) -> Place {
        let form = form_at(wish, before);
        if wish.is_over || wish.metres > READABLE_METRES && !wish.is_called {
            return Place { form: Form::Small, ..Place::default() };
        }
        let forms = [form, Form::Small];
        for form in &forms[..if form == Form::Small { 1 } else { 2 }] {
            if let Some(lift) = self.free_lift(wish, *form) {
                self.blocks.push(block_of(wish, *form, lift));
                return Place { form: *form, lift, opacity: 1.0 };
            }
        }
        Place { form: Form::Small, lift: 0.0, opacity: 0.0 }
    }

    /// How far a tag must be lifted to lie on nothing.
    fn free_lift(&self, wish: &Wish, form: Form) -> Option<f32> {
        let mut lift = 0.0;
        for _ in 0..TRIES {
            let block = block_of(wish, form, lift);
            let hit = self.blocks.iter().filter(|other| other.of != wish.id && overlaps(&block, other));
            let Some(top) = hit.map(|other| other.high).reduce(f32::max) else { return Some(lift) };
            lift = top + GAP - wish.foot[1];
            if lift > MOST_LIFT {
                return None;
            }
        }
        None
    }
}

/// A tag that changes its form fades in anew; else it glides.
fn moved(before: Place, wanted: Place, share: f32) -> Place {
    let glide = |from: f32, to: f32| from + (to - from) * share;
    if before.form != wanted.form && before.opacity > 0.05 && wanted.opacity > 0.0 {
        return Place { opacity: glide(before.opacity, 0.0), ..before };
    }
    let from = if before.form == wanted.form { before.lift } else { wanted.lift };
    // What is gone stays where it was while it fades.
    let lift = if wanted.opacity == 0.0 { before.lift } else { glide(from, wanted.lift) };
    let form = if wanted.opacity == 0.0 { before.form } else { wanted.form };
    Place { form, lift, opacity: glide(before.opacity, wanted.opacity) }
}

fn form_at(wish: &Wish, before: Form) -> Form {
    let (whole, small) = WHOLE_METRES;
    match before {
        // Its picture is still being drawn.
        _ if wish.sizes[Form::Whole as usize][0] == 0.0 => Form::Small,
        _ if wish.is_called || wish.metres <= whole => Form::Whole,
        _ if wish.metres >= small => Form::Small,
        before => before,
    }
}

fn face_of(wish: &Wish) -> Block {
    let (width, height) = FACE_METRES;
    let metres = wish.metres.max(0.3);
    let half = height * 0.5 / metres;
    Block {
        middle: wish.foot[0],
        half_width: width * 0.5 / metres,
        low: wish.face - half,
        high: wish.face + half,
        of: wish.id,
    }
}

fn block_of(wish: &Wish, form: Form, lift: f32) -> Block {
    let [width, height] = wish.sizes[form as usize];
    let low = wish.foot[1] + lift;
    Block { middle: wish.foot[0], half_width: width * 0.5, low, high: low + height, of: wish.id }
}

fn overlaps(one: &Block, other: &Block) -> bool {
    if one.low >= other.high + GAP * 0.5 || other.low >= one.high + GAP * 0.5 {
        return false;
    }
    // Both directions lie within half a turn of the front, so that their difference is less than a whole one.
    let apart = (one.middle - other.middle).abs();
    apart.min(TAU - apart) < one.half_width + other.half_width + GAP
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f32::consts::PI;

    fn wish(id: u32, azimuth: f32, metres: f32) -> Wish {
        Wish {
            id: ParticipantId(id),
            foot: [azimuth, 0.24 / metres],
            face: 0.0,
            metres,
            is_over: false,
            is_called: false,
            sizes: [[0.16, 0.035], [0.09, 0.018]],
        }
    }

    /// A circle of people around a point three metres ahead.
    fn circle(count: u32) -> Vec<Wish> {
        let at = |n: u32| {
            let angle = n as f32 / count as f32 * TAU;
            let (x, z) = (1.2 * angle.cos(), 4.0 + 1.2 * angle.sin());
            wish(n, x.atan2(z), x.hypot(z))
        };
        (0..count).map(at).collect()
    }

    fn settled(wishes: &[Wish]) -> TagLayout {
        let mut layout = TagLayout::default();
        (0..240).for_each(|_| layout.arrange(wishes, 1.0 / 60.0));
        layout
    }

    fn shown(layout: &TagLayout, wishes: &[Wish]) -> Vec<Block> {
        let places = wishes.iter().map(|wish| (wish, layout.place(wish.id).unwrap()));
        places.filter(|(_, place)| place.opacity > 0.5).map(|(w, p)| block_of(w, p.form, p.lift)).collect()
    }

    #[test]
    fn twelve_who_talk_have_tags_that_lie_on_no_other_and_on_no_face() {
        let wishes = circle(12);
        let layout = settled(&wishes);
        let blocks = shown(&layout, &wishes);
        assert!(blocks.len() >= 9, "{} of 12 can be read", blocks.len());
        for (at, one) in blocks.iter().enumerate() {
            assert!(blocks[at + 1..].iter().all(|other| !overlaps(one, other)), "{one:?}");
            assert!(
                wishes.iter().map(face_of).all(|face| face.of == one.of || !overlaps(one, &face)),
                "{one:?}"
            );
        }
    }

    #[test]
    fn who_asks_for_the_floor_has_a_whole_tag_over_their_head() {
        let mut wishes = circle(12);
        let last = wishes.len() / 4;
        wishes[last].is_called = true;
        let place = settled(&wishes).place(wishes[last].id).unwrap();
        assert_eq!((place.form, place.opacity > 0.99), (Form::Whole, true));
        wishes[last].metres = 30.0;
        assert!(settled(&wishes).place(wishes[last].id).unwrap().opacity > 0.99, "also from far away");
        wishes[last].is_called = false;
        assert!(settled(&wishes).place(wishes[last].id).unwrap().opacity < 0.01);
    }

    #[test]
    fn the_nearer_one_stays_where_it_belongs_and_the_farther_one_goes_up() {
        let wishes = [wish(1, 0.0, 2.0), wish(2, 0.02, 2.6)];
        let layout = settled(&wishes);
        assert_eq!(layout.place(ParticipantId(1)).unwrap().lift, 0.0);
        assert!(layout.place(ParticipantId(2)).unwrap().lift > 0.02);
    }

    #[test]
    fn swaying_beside_each_other_changes_nothing_and_walking_moves_smoothly() {
        let mut layout = TagLayout::default();
        let (mut before, mut most) = (None::<Place>, 0.0_f32);
        for n in 0..600 {
            let sway = (n as f32 * 0.1).sin() * 0.02;
            // The second walks past behind the first.
            let wishes = [wish(1, 0.0, 2.2 + sway), wish(2, -0.6 + n as f32 * 0.002, 4.2 - sway)];
            layout.arrange(&wishes, 1.0 / 60.0);
            assert_eq!(layout.place(ParticipantId(1)).unwrap().lift, 0.0);
            let place = layout.place(ParticipantId(2)).unwrap();
            most = most.max(before.map_or(0.0, |before| (place.lift - before.lift).abs()));
            before = Some(place);
        }
        assert!(most < 0.02, "{most}");
    }

    #[test]
    fn behind_one_is_beside_nobody_ahead() {
        let wishes = [wish(1, PI - 0.01, 2.0), wish(2, -PI + 0.01, 2.4), wish(3, 0.0, 2.0)];
        let layout = settled(&wishes);
        assert!(layout.place(ParticipantId(2)).unwrap().lift > 0.0, "the circle closes behind");
        assert_eq!(layout.place(ParticipantId(3)).unwrap().lift, 0.0);
    }

    #[test]
    fn after_a_jump_the_tags_are_in_their_places_at_once() {
        let mut layout = settled(&circle(12));
        let elsewhere = [wish(1, 0.0, 2.0), wish(2, 0.02, 2.6), wish(3, 0.01, 3.0)];
        layout.forget();
        layout.arrange(&elsewhere, 1.0 / 60.0);
        let settled = settled(&elsewhere);
        for wish in &elsewhere {
            assert_eq!(layout.place(wish.id), settled.place(wish.id));
        }
    }

    #[test]
    fn only_forms_that_may_be_shown_are_drawn() {
        let wishes = [wish(1, 0.0, 3.0), wish(2, 0.5, 15.0), wish(3, 1.0, 30.0)];
        let layout = settled(&wishes);
        let forms = |id, metres, is_called| layout.forms(ParticipantId(id), metres, is_called);
        assert_eq!([forms(1, 3.0, false), forms(2, 15.0, false)], [[true, true], [false, true]]);
        assert_eq!([forms(3, 30.0, false), forms(3, 30.0, true)], [[false, false], [true, true]]);
        assert_eq!(forms(1, 15.0, false), [true, true], "the whole one is shown and has to fade first");
        for wish in &wishes {
            let place = layout.place(wish.id).unwrap();
            assert!(place.opacity < 0.01 || layout.forms(wish.id, wish.metres, false)[place.form as usize]);
        }
    }

    #[test]
    fn who_is_gone_is_forgotten() {
        let mut layout = settled(&circle(12));
        layout.arrange(&[], 0.1);
        assert!(layout.kept.iter().next().is_none());
    }
}
