//! Fields: typing, selecting, input methods, undo, limits, hostile text.

use super::*;
use proptest::prelude::*;

const KIND: FieldKind = FieldKind { max_chars: 40, keeps_lines: false };

fn field(engine: &mut TextEngine, text: &str) -> TextField {
    let mut field = TextField::new(KIND);
    field.lay_out(engine, 20.0, 400.0, false);
    field.apply(engine, FieldInput::Insert(text));
    field
}

fn step(motion: Motion) -> FieldInput<'static> {
    FieldInput::Move { motion, select: false }
}

#[test]
fn typing_and_taking_back() {
    let mut engine = TextEngine::default();
    let mut field = field(&mut engine, "Lounge");
    field.apply(&mut engine, FieldInput::Backspace { word: false });
    assert_eq!(field.text(), "Loung");
    field.apply(&mut engine, step(Motion::Home));
    field.apply(&mut engine, FieldInput::Delete { word: false });
    assert_eq!(field.text(), "oung");
    field.apply(&mut engine, FieldInput::Insert("two words "));
    field.apply(&mut engine, FieldInput::Backspace { word: true });
    assert_eq!(field.text(), "two oung");
}

#[test]
fn a_field_takes_no_more_than_fits_and_no_line_ends() {
    let mut engine = TextEngine::default();
    let mut field = field(&mut engine, &"语".repeat(60));
    assert_eq!(field.text().chars().count(), 40);
    field.apply(&mut engine, FieldInput::SelectAll);
    field.apply(&mut engine, FieldInput::Insert("a\r\nb\u{202e}c"));
    assert_eq!(field.text(), "a bc");
}

#[test]
fn changes_can_be_undone_and_made_again() {
    let mut engine = TextEngine::default();
    let mut field = field(&mut engine, "");
    for letter in ["H", "a", "l", "l"] {
        field.apply(&mut engine, FieldInput::Insert(letter));
    }
    field.apply(&mut engine, FieldInput::Insert(" "));
    field.apply(&mut engine, FieldInput::Insert("C"));
    let mut seen = Vec::new();
    for _ in 0..4 {
        field.apply(&mut engine, FieldInput::Undo);
        seen.push(field.text());
    }
    assert_eq!(seen, ["Hall ", "Hall", "", ""]);
    field.apply(&mut engine, FieldInput::Redo);
    assert_eq!(field.text(), "Hall");
}

#[test]
fn left_goes_left_on_the_screen_in_both_directions() {
    let mut engine = TextEngine::default();
    for text in ["Hall", "قاعة"] {
        let mut field = field(&mut engine, text);
        field.apply(&mut engine, step(if text == "Hall" { Motion::End } else { Motion::Home }));
        let mut places = vec![field.caret().x];
        for _ in 0..4 {
            field.apply(&mut engine, step(Motion::Left));
            places.push(field.caret().x);
        }
        assert!(places.windows(2).all(|pair| pair[1] < pair[0]), "{text}: {places:?}");
    }
}

#[test]
fn a_selection_is_copied_replaced_and_shown() {
    let mut engine = TextEngine::default();
    let mut field = field(&mut engine, "Hall A قاعة");
    field.apply(&mut engine, step(Motion::Home));
    for _ in 0..8 {
        field.apply(&mut engine, FieldInput::Move { motion: Motion::Next, select: true });
    }
    assert_eq!(field.selected().as_deref(), Some("Hall A ق"));
    assert_eq!(field.selection_boxes().len(), 2, "two runs, two boxes");
    assert_eq!(field.selection_chars(), (0, 8));
    field.apply(&mut engine, FieldInput::Insert("x"));
    assert_eq!(field.text(), "xاعة");
}

#[test]
fn arrows_leave_a_selection_at_its_edge() {
    let mut engine = TextEngine::default();
    let mut field = field(&mut engine, "abcd");
    field.apply(&mut engine, FieldInput::SelectAll);
    field.apply(&mut engine, step(Motion::Left));
    assert_eq!((field.selection_chars(), field.selected()), ((0, 0), None));
}

#[test]
fn an_input_method_shows_and_then_writes() {
    let mut engine = TextEngine::default();
    let mut field = field(&mut engine, "会");
    field.apply(&mut engine, FieldInput::Preedit("y"));
    field.apply(&mut engine, FieldInput::Preedit("yi"));
    assert_eq!(field.text(), "会", "what is only shown is not part of the text");
    assert!(!field.preedit_boxes().is_empty());
    field.apply(&mut engine, FieldInput::Insert("议"));
    assert_eq!(field.text(), "会议");
    field.apply(&mut engine, FieldInput::Preedit("x"));
    field.apply(&mut engine, FieldInput::Preedit(""));
    assert_eq!((field.text().as_str(), field.preedit_boxes().len()), ("会议", 0));
}

#[test]
fn presses_select_characters_words_and_lines() {
    let mut engine = TextEngine::default();
    let mut field = field(&mut engine, "Popov Hall");
    let press = |x, clicks| FieldInput::Press { x, y: 5.0, clicks, select: false };
    field.apply(&mut engine, press(1.0, 1));
    assert_eq!(field.selection_chars(), (0, 0));
    field.apply(&mut engine, FieldInput::Drag { x: 390.0, y: 5.0 });
    assert_eq!(field.selected().as_deref(), Some("Popov Hall"));
    field.apply(&mut engine, press(20.0, 2));
    assert_eq!(field.selected().as_deref(), Some("Popov"));
    field.apply(&mut engine, press(20.0, 3));
    assert_eq!(field.selected().as_deref(), Some("Popov Hall"));
}

#[test]
fn an_empty_field_in_arabic_has_its_caret_at_the_right() {
    let mut engine = TextEngine::default();
    let mut field = TextField::new(KIND);
    field.lay_out(&mut engine, 20.0, 300.0, true);
    assert_eq!(field.caret().x, 300.0);
    field.apply(&mut engine, FieldInput::Insert("12"));
    assert!(field.caret().x > 290.0, "digits stay at the right: {:?}", field.caret());
    field.set_text(&mut engine, "");
    assert!(field.is_empty());
}

#[test]
fn up_and_down_keep_their_column() {
    let mut engine = TextEngine::default();
    let mut field = TextField::new(FieldKind { max_chars: 200, keeps_lines: true });
    field.lay_out(&mut engine, 20.0, 400.0, false);
    field.apply(&mut engine, FieldInput::Insert("mmmmmm\niiiiii\nmmmmmm"));
    assert_eq!(field.height(), field.line_height() * 3.0);
    let x = field.caret().x;
    field.apply(&mut engine, step(Motion::Up));
    assert!(field.caret().x < x && field.caret().top > 0.0);
    field.apply(&mut engine, step(Motion::Up));
    field.apply(&mut engine, step(Motion::Up));
    assert_eq!(field.selection_chars(), (0, 0));
}

#[derive(Clone, Debug)]
enum Deed {
    Insert(String),
    Preedit(String),
    Plain(FieldInput<'static>),
}

fn deeds() -> impl Strategy<Value = Deed> {
    let motions = prop::sample::select(vec![
        Motion::Left,
        Motion::Right,
        Motion::Up,
        Motion::Down,
        Motion::Home,
        Motion::End,
        Motion::PreviousWord,
        Motion::NextWord,
    ]);
    prop_oneof![
        "[ -~אבغقي语\u{300}\u{202e}\u{2068}\u{200d}😀\n]{0,6}".prop_map(Deed::Insert),
        any::<String>().prop_map(Deed::Insert),
        "[a-z语]{0,3}".prop_map(Deed::Preedit),
        (motions, any::<bool>())
            .prop_map(|(motion, select)| Deed::Plain(FieldInput::Move { motion, select })),
        any::<bool>().prop_map(|word| Deed::Plain(FieldInput::Backspace { word })),
        any::<bool>().prop_map(|word| Deed::Plain(FieldInput::Delete { word })),
        Just(Deed::Plain(FieldInput::SelectAll)),
        Just(Deed::Plain(FieldInput::Undo)),
        Just(Deed::Plain(FieldInput::Redo)),
        (-50.0f32..500.0, -50.0f32..200.0, 1u8..4, any::<bool>())
            .prop_map(|(x, y, clicks, select)| Deed::Plain(FieldInput::Press { x, y, clicks, select })),
        (-50.0f32..500.0, -50.0f32..200.0).prop_map(|(x, y)| Deed::Plain(FieldInput::Drag { x, y })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn no_sequence_of_deeds_breaks_a_field(steps in prop::collection::vec(deeds(), 1..30)) {
        let mut engine = TextEngine::default();
        let mut field = TextField::new(FieldKind { max_chars: 60, keeps_lines: true });
        field.lay_out(&mut engine, 18.0, 220.0, true);
        for step in &steps {
            match step {
                Deed::Insert(text) => field.apply(&mut engine, FieldInput::Insert(text)),
                Deed::Preedit(text) => field.apply(&mut engine, FieldInput::Preedit(text)),
                Deed::Plain(input) => field.apply(&mut engine, input.clone()),
            };
            prop_assert!(field.text().chars().count() <= 60);
            prop_assert!(field.caret().x.is_finite());
            field.selection_boxes();
            field.selection_chars();
            field.quads(&mut engine, [0.0; 2], |_| {});
        }
    }
}
