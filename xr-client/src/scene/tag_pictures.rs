//! Which picture each name tag has: what it says is put together only when something about the person changed, and the
//! last picture stays until the new one is drawn.
//!
//! It must not know places; the panels draw the pictures.

use crate::core::people::People;
use crate::panels::{Panels, Tag, TagKey, TagText};
use venue_model::{Language, ParticipantId};

/// The places of both forms.
const WHOLE: usize = 0;
const SMALL: usize = 1;

/// People whose pictures are known without asking for memory.
const ROOM: usize = 256;

/// Somebody whose tag is shown.
#[derive(Clone, Copy, Debug)]
pub struct Says<'p> {
    /// Who.
    pub id: ParticipantId,
    /// Where everything else about them is looked up, when it is needed.
    pub people: &'p People,
    /// Whether they speak, or write for all to read along.
    pub is_speaking: bool,
}

/// What all tags depend on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stamp {
    /// Of what is known of people.
    pub revision: u64,
    /// Of the sentences.
    pub language: Language,
    /// Pixels of a point.
    pub scale: f32,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    id: ParticipantId,
    stamp: Stamp,
    is_speaking: bool,
    /// The whole tag and the small one, as they should be and as they were shown last.
    keys: [TagKey; 2],
    shown: [Option<TagKey>; 2],
    is_used: bool,
}

/// The pictures of those who have tags.
#[derive(Debug)]
pub struct TagPictures {
    /// By their ids.
    known: Vec<Known>,
}

impl Default for TagPictures {
    fn default() -> Self {
        Self { known: Vec::with_capacity(ROOM) }
    }
}

impl TagPictures {
    /// The pictures of somebody's tag, whole and small, of those that are needed and drawn.
    pub fn pictures(
        &mut self,
        panels: &mut Panels,
        says: &Says<'_>,
        needed: [bool; 2],
        stamp: &Stamp,
    ) -> [Option<Tag>; 2] {
        let mut pictures = [None; 2];
        let Some(known) = self.known(panels, says, stamp) else { return pictures };
        // The small one is asked for first: it stands in for the whole one as long as that is missing.
        for form in [SMALL, WHOLE] {
            if !needed[form] {
                continue;
            }
            let key = known.keys[form];
            let found = panels
                .find_tag(key)
                .or_else(|| panels.draw_tag_soon(key, text_of(says, form == SMALL)?, stamp.scale));
            pictures[form] = found.or_else(|| panels.find_tag(known.shown[form]?));
            if found.is_some() {
                known.shown[form] = Some(key);
            }
        }
        pictures
    }

    /// Forgets those who were not asked about since the last time.
    pub fn forget_others(&mut self) {
        self.known.retain_mut(|known| std::mem::take(&mut known.is_used));
    }

    /// What is known of somebody; none of a person whom nobody has told of.
    fn known(&mut self, panels: &Panels, says: &Says<'_>, stamp: &Stamp) -> Option<&mut Known> {
        let (id, is_speaking) = (says.id, says.is_speaking);
        let keys = || {
            let key = |is_small| Some(panels.tag_key(text_of(says, is_small)?, stamp.scale));
            Some([key(false)?, key(true)?])
        };
        let place = match self.known.binary_search_by_key(&id, |known| known.id) {
            Ok(place) => place,
            Err(place) => {
                let (stamp, keys, shown) = (*stamp, keys()?, [None; 2]);
                self.known.insert(place, Known { id, stamp, is_speaking, keys, shown, is_used: true });
                place
            }
        };
        let known = &mut self.known[place];
        known.is_used = true;
        if (known.stamp, known.is_speaking) != (*stamp, is_speaking) {
            (known.stamp, known.is_speaking, known.keys) = (*stamp, is_speaking, keys()?);
        }
        Some(known)
    }
}

fn text_of<'p>(says: &Says<'p>, is_small: bool) -> Option<TagText<'p>> {
    let person = &says.people.get(says.id)?.participant;
    Some(TagText {
        name: person.name.as_str(),
        delegation: person.delegation.as_str(),
        language: person.language,
        role: person.role,
        kind: person.kind,
        hand: says.people.has_raised_hand(person.id),
        microphone: says.people.microphone(person.id),
        is_in_talk: says.people.is_in_talk(person.id),
        is_speaking: says.is_speaking,
        is_small,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panels::{PanelInput, PanelModel, TagDrawing};
    use venue_model::people::PersonName;
    use venue_model::{Participant, ParticipantKind, Role, ServerTime, SpaceId};
    use venue_protocol::{Appearance, Presence};

    const ADA: ParticipantId = ParticipantId(7);

    fn ada() -> People {
        let participant = Participant {
            id: ADA,
            kind: ParticipantKind::Delegate,
            role: Role::Participant,
            name: PersonName::lossy("Ada"),
            delegation: Default::default(),
            language: Language::En,
        };
        let mut people = People::default();
        let appearance = Appearance::default();
        people.restart(&[Presence { participant, appearance, space: SpaceId(1) }], &[]);
        people
    }

    fn look(known: &mut TagPictures, panels: &mut Panels, people: &People) -> [Option<Tag>; 2] {
        let stamp = Stamp { revision: people.revision(), language: Language::En, scale: 1.0 };
        let says = Says { id: ADA, people, is_speaking: false };
        let pictures = known.pictures(panels, &says, [true, true], &stamp);
        known.forget_others();
        pictures
    }

    fn draw_frame(panels: &mut Panels) {
        let input = PanelInput { screen_px: [320, 200], pixels_per_point: 1.0, ..PanelInput::default() };
        panels.frame(input, &PanelModel::default());
    }

    #[test]
    fn a_tag_comes_a_little_later_and_stays_until_the_next_one_is_drawn() {
        let (mut known, mut panels, mut people) = (TagPictures::default(), Panels::new(), ada());
        let mut frames = 0;
        assert_eq!(look(&mut known, &mut panels, &people), [None; 2], "nothing is drawn in a frame");
        let first = loop {
            draw_frame(&mut panels);
            let pictures = look(&mut known, &mut panels, &people);
            match pictures {
                [Some(_), Some(_)] => break pictures,
                _ => std::thread::yield_now(),
            }
        };
        people.raise_hand(ADA, ServerTime(1));
        let raised = loop {
            let pictures = look(&mut known, &mut panels, &people);
            assert!(pictures.iter().all(Option::is_some), "no frame is without a tag");
            if pictures[0] != first[0] && pictures[1] != first[1] {
                break pictures;
            }
            frames += 1;
            draw_frame(&mut panels);
            std::thread::yield_now();
        };
        assert!(frames > 0, "it was not drawn at once");
        assert_eq!(look(&mut known, &mut panels, &people), raised);
    }

    #[test]
    fn for_a_picture_that_is_kept_tags_are_drawn_at_once() {
        let (mut known, mut panels, people) = (TagPictures::default(), Panels::new(), ada());
        panels.set_tag_drawing(TagDrawing::AtOnce);
        assert!(look(&mut known, &mut panels, &people).iter().all(Option::is_some));
        assert!(!panels.awaits_tags());
    }

    #[test]
    fn who_has_no_tag_any_more_is_forgotten() {
        let (mut known, mut panels, people) = (TagPictures::default(), Panels::new(), ada());
        look(&mut known, &mut panels, &people);
        assert_eq!(known.known.len(), 1);
        known.forget_others();
        assert!(known.known.is_empty());
    }
}
