//! What assistive programs are told of a field's text: its lines letter by letter, and where the caret is. egui tells
//! it for its own fields only.
//!
//! It must not know how the text is drawn.

use egui::Id;
use egui::accesskit::{Node, Role, TextPosition, TextSelection, TreeUpdate};

/// A run has so many letters at most: the places of its words are bytes.
const LETTERS: usize = 255;

/// A field of the frame that is laid out.
#[derive(Clone, Debug)]
pub(crate) struct SpokenText {
    /// The field.
    pub(crate) field: Id,
    /// What stands in it.
    pub(crate) text: String,
    /// Where the selection began and where the caret is, in letters; none without the focus.
    pub(crate) selection: Option<(usize, usize)>,
}

/// Adds the texts of the fields to what is told of a frame.
pub(crate) fn tell(update: &mut TreeUpdate, fields: &[SpokenText]) {
    for SpokenText { field, text, selection } in fields {
        let Some(at) = update.nodes.iter().position(|(id, _)| *id == field.accesskit_id()) else { continue };
        let runs = runs_of(text);
        let bounds = update.nodes[at].1.bounds();
        let ids = (0..runs.len()).map(|number| id_of(*field, number).accesskit_id());
        let node = &mut update.nodes[at].1;
        node.set_children(ids.collect::<Vec<_>>());
        if let Some((anchor, caret)) = selection {
            let place = |letter| {
                let (number, character_index) = place_of(&runs, letter);
                TextPosition { node: id_of(*field, number).accesskit_id(), character_index }
            };
            node.set_text_selection(TextSelection { anchor: place(*anchor), focus: place(*caret) });
        }
        for (number, run) in runs.iter().enumerate() {
            let mut node = Node::new(Role::TextRun);
            bounds.into_iter().for_each(|bounds| node.set_bounds(bounds));
            node.set_value(*run);
            node.set_character_lengths(run.chars().map(|letter| letter.len_utf8() as u8).collect::<Vec<_>>());
            node.set_word_starts(word_starts(run));
            update.nodes.push((id_of(*field, number).accesskit_id(), node));
        }
    }
}

fn id_of(field: Id, number: usize) -> Id {
    field.with(("run", number))
}

/// The text in pieces: lines with their ends, and what is longer in several; one, empty, for an empty text and behind a
/// last line's end.
fn runs_of(text: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    for mut line in text.split_inclusive('\n') {
        while let Some((end, _)) = line.char_indices().nth(LETTERS) {
            let (run, rest) = line.split_at(end);
            runs.push(run);
            line = rest;
        }
        runs.push(line);
    }
    if text.is_empty() || text.ends_with('\n') {
        runs.push("");
    }
    runs
}

/// Where words begin behind the first letter.
fn word_starts(run: &str) -> Vec<u8> {
    let is_word: Vec<bool> = run.chars().map(char::is_alphanumeric).collect();
    let begins = |at: &usize| is_word[*at] && !is_word[*at - 1];
    (1..is_word.len()).filter(begins).map(|at| at as u8).collect()
}

/// The run of a letter, and its number in it; a place between two runs is the end of the first, but behind a line's end.
fn place_of(runs: &[&str], letter: usize) -> (usize, usize) {
    let mut left = letter;
    for (number, run) in runs.iter().enumerate() {
        let letters = run.chars().count();
        let is_last = number + 1 == runs.len();
        if left < letters || is_last || (left == letters && !run.ends_with('\n')) {
            return (number, left.min(letters));
        }
        left -= letters;
    }
    (0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_told_in_runs_that_together_are_the_text() {
        let long = "слово ".repeat(100);
        for text in ["", "one", "one\ntwo", "one\n", "\n\n", &long] {
            let runs = runs_of(text);
            assert_eq!(runs.concat(), text);
            assert!(runs.iter().all(|run| run.chars().count() <= LETTERS));
        }
        assert_eq!(runs_of("one\n"), ["one\n", ""], "the caret can stand on the last line");
    }

    #[test]
    fn every_caret_has_a_place() {
        let text = "ab\ncd";
        let runs = runs_of(text);
        let places: Vec<_> = (0..=5).map(|letter| place_of(&runs, letter)).collect();
        assert_eq!(places, [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]);
        assert_eq!(place_of(&[""], 0), (0, 0));
        assert_eq!(place_of(&["ab"], 99), (0, 2));
    }

    #[test]
    fn words_begin_behind_what_is_between_them() {
        assert_eq!(word_starts("by keys, alone"), [3, 9]);
        assert!(word_starts("").is_empty());
    }
}
