//! Visual order, wrapping, carets and missing glyphs of the text engine.

use super::*;
use cosmic_text::{Affinity, Cursor};

const STYLE: TextStyle = TextStyle {
    size: 20.0,
    weight: FontWeight::Regular,
    align: LineAlign::Left,
    wrap: None,
    max_lines: None,
};

/// The text of each visual line, its clusters from left to right.
fn visual_lines(text: &str, wrap: Option<f32>) -> Vec<String> {
    let mut engine = TextEngine::default();
    let buffer = engine.layout(text, TextStyle { wrap, ..STYLE });
    let line = |run: LayoutRun<'_>| {
        let mut glyphs: Vec<_> = run.glyphs.iter().collect();
        glyphs.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.start.cmp(&b.start)));
        glyphs.dedup_by_key(|glyph| glyph.start);
        glyphs.iter().map(|glyph| &run.text[glyph.start..glyph.end]).collect()
    };
    buffer.layout_runs().map(line).collect()
}

fn check_order(text: &str, expected: &str) {
    assert_eq!(visual_lines(text, None), [expected], "{text:?}");
}

#[test]
fn an_arabic_word_runs_from_right_to_left() {
    check_order("سلم", "ملس");
    check_order("مرحبا", "ابحرم");
}

#[test]
fn the_words_of_a_sentence_run_from_right_to_left() {
    check_order("قاعة بوبوف", "فوبوب ةعاق");
}

#[test]
fn digits_stay_in_order_inside_of_arabic() {
    check_order("غرفة 2026 ب", "ب 2026 ةفرغ");
    check_order("القاعة 12.5", "12.5 ةعاقلا");
    // UAX #9, rule W2: after an Arabic letter a hyphen between numbers does not join them.
    check_order("القاعة 12-14", "14-12 ةعاقلا");
}

#[test]
fn brackets_close_on_the_proper_side() {
    // The bracket that opens in reading order stands right of what it holds.
    let lines = visual_lines("سارة (CHE) هنا", None);
    assert_eq!(lines, ["انه )CHE( ةراس"]);
    let mut engine = TextEngine::default();
    let arabic = engine.layout("(س)", STYLE);
    let latin = engine.layout("()", STYLE);
    let ids = |buffer: &Buffer| -> Vec<u16> {
        let run = buffer.layout_runs().next().unwrap();
        let mut glyphs: Vec<_> = run.glyphs.iter().collect();
        glyphs.sort_by(|a, b| a.x.total_cmp(&b.x));
        glyphs.iter().map(|glyph| glyph.glyph_id).collect()
    };
    let (arabic, latin) = (ids(&arabic), ids(&latin));
    assert_eq!((arabic[0], arabic[2]), (latin[0], latin[1]), "mirrored shapes");
}

#[test]
fn mixed_text_keeps_each_run_whole() {
    check_order("Hall A قاعة ألف end", "Hall A فلأ ةعاق end");
    check_order("قاعة Popov Hall الكبرى", "ىربكلا Popov Hall ةعاق");
}

#[test]
fn isolated_names_do_not_turn_a_sentence_around() {
    let lines = visual_lines("دخل \u{2068}Anna (CHE)\u{2069} القاعة", None);
    let shown: String = lines[0].chars().filter(|c| !matches!(c, '\u{2068}' | '\u{2069}')).collect();
    assert_eq!(shown, "ةعاقلا Anna (CHE) لخد");
    let first = visual_lines("\u{2068}Anna\u{2069} في القاعة", None);
    assert!(first[0].starts_with('ة'), "the sentence decides its direction, not the name: {first:?}");
}

#[test]
fn a_wrapped_arabic_paragraph_begins_at_the_top() {
    let text = "مرحبا بكم في قاعة بوبوف الكبرى في مدينة جنيف يوم غد";
    let lines = visual_lines(text, Some(160.0));
    assert!(lines.len() >= 3, "{lines:?}");
    let first: String = lines[0].trim().chars().rev().collect();
    assert!(text.starts_with(&first), "{first:?}");
    let last: String = lines[lines.len() - 1].trim().chars().rev().collect();
    assert!(text.ends_with(&last), "{last:?}");
}

#[test]
fn a_bracket_stays_with_its_word_in_every_width() {
    let text = "صباح الخير، أنا في الردهة (قرب Popov Hall) حتى 10:30.";
    for width in (150..420).step_by(10) {
        for line in visual_lines(text, Some(width as f32)) {
            // Read from the right: the line's first character stands last.
            assert!(!line.trim().ends_with(')'), "a line begins with a closing bracket: {width} {line:?}");
            assert!(!line.trim().starts_with('('), "a line ends with an opening bracket: {width} {line:?}");
        }
    }
}

#[test]
fn full_width_brackets_stay_with_what_stands_in_an_isolate_between_them() {
    let text = "\u{2068}Anna Müller（\u{2068}CHE\u{2069}）\u{2069} 举报 \u{2068}王小明（\u{2068}CHN\u{2069}）\u{2069}";
    for width in (230..420).step_by(5) {
        for line in visual_lines(text, Some(width as f32)) {
            let line = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{2066}'..='\u{2069}'));
            assert!(!line.starts_with('）') && !line.ends_with('（'), "{width} {line:?}");
        }
    }
}

#[test]
fn arabic_letters_join() {
    let mut engine = TextEngine::default();
    let ids = |engine: &mut TextEngine, text: &str| -> Vec<u16> {
        let buffer = engine.layout(text, STYLE);
        buffer
            .layout_runs()
            .flat_map(|run| run.glyphs.iter().map(|glyph| glyph.glyph_id).collect::<Vec<_>>())
            .collect()
    };
    let alone = ids(&mut engine, "ب");
    let joined = ids(&mut engine, "ببب");
    assert_eq!(joined.len(), 3);
    assert!(joined.iter().all(|id| !alone.contains(id)), "initial, medial and final forms differ");
}

const SAMPLES: [&str; 8] = [
    "Plenary of the lounge",
    "مرحبا بكم في القاعة",
    "غرفة 2026 (CHE) مفتوحة",
    "Hall A قاعة ألف end",
    "在休息厅与各代表团交谈",
    "代表团 (CHN) Hall A 会议 12",
    "Приветствуем делегатов",
    "Ελληνικά et français déjà",
];

/// From index to place and back to a boundary at the same place, through every boundary.
fn check_round_trip(text: &str, wrap: Option<f32>) {
    let mut engine = TextEngine::default();
    let buffer = engine.layout(text, TextStyle { wrap, ..STYLE });
    let boundaries = text.char_indices().map(|(index, _)| index).chain([text.len()]);
    let affinities = [Affinity::Before, Affinity::After];
    for (index, affinity) in boundaries.flat_map(|index| affinities.map(|affinity| (index, affinity))) {
        let cursor = Cursor::new_with_affinity(0, index, affinity);
        let (x, top, height) = caret(&buffer, cursor, 0.0);
        let found = hit(&buffer, x, top + height * 0.5).expect("every point has a boundary");
        let (again, again_top, _) = caret(&buffer, found, 0.0);
        // At the border of two directions two boundaries share a place, so places are compared.
        assert!(
            (again - x).abs() < 0.6 && again_top == top,
            "{text:?} {index}: {x},{top} {again},{again_top}"
        );
    }
}

#[test]
fn carets_come_back_to_where_they_were() {
    for text in SAMPLES {
        check_round_trip(text, None);
        check_round_trip(text, Some(120.0));
    }
}

#[test]
fn in_one_direction_the_index_itself_comes_back() {
    for text in ["Plenary", "مرحبا بكم", "在休息厅", "Привет"] {
        let mut engine = TextEngine::default();
        let buffer = engine.layout(text, STYLE);
        for (index, _) in text.char_indices() {
            let (x, top, height) = caret(&buffer, Cursor::new(0, index), 0.0);
            let found = hit(&buffer, x, top + height * 0.5).unwrap();
            assert_eq!(found.index, index, "{text:?}");
        }
    }
}

#[test]
fn a_caret_moves_steadily_through_one_direction() {
    let mut engine = TextEngine::default();
    let mut places = |text: &str| -> Vec<f32> {
        let buffer = engine.layout(text, STYLE);
        let boundaries = text.char_indices().map(|(index, _)| index).chain([text.len()]);
        boundaries.map(|index| caret(&buffer, Cursor::new(0, index), 0.0).0).collect()
    };
    assert!(places("Plenary").is_sorted());
    assert!(places("مرحبا بكم").iter().rev().is_sorted());
}

fn missing(text: &str, weight: FontWeight) -> usize {
    TextEngine::default().shape(text, TextStyle { weight, ..STYLE }).missing
}

#[test]
fn no_glyph_is_missing_for_names_and_chinese() {
    let chinese = "国际电信联盟全权代表大会在日内瓦举行，各成员国代表团就频谱、卫星轨道与网络安全进行磋商。\
        請問貴國代表團的發言人是誰？「謝謝主席」、《公约》第五条（草案）……；：！％＋＝\
        臺灣 龍鳳飛舞 憂鬱 體驗 豐富 覽 贏 蠶 兀 卅 囗 彡";
    let names = "Zoë Ñúñez Şükrü Łukasz Đặng Nguyễn Þór Ægir Œuvre Ēriks Ģirts Ķēniņš Ċensu Ġorġ Ħamrun \
        Ελένη Παπαδοπούλου Ђорђе Љубица Ќирил Ўзбекистон Қазақстан Їжак Ґонта Әлия Өмүр \
        محمّد عبد اللّٰه پاکستان چین ژاله گنج ٹھٹھہ ڈھاکہ ۱۲۳ ٤٥٦ ،؛؟ \
        € £ ¥ № § ¶ † ‡ • … ‹ › « » „ “ ” ‘ ’ – — ° ′ ″ ← ↑ → ↓ ≤ ≥ ≠ ± × ÷ ½ ¼ ™ © ®";
    for weight in [FontWeight::Regular, FontWeight::Bold] {
        for word in chinese.split(' ').chain(names.split(' ')) {
            assert_eq!(missing(word, weight), 0, "{word} {weight:?}");
        }
    }
    assert_eq!(missing("\u{1f600}", FontWeight::Regular), 1, "the test can fail");
}

#[test]
fn isolation_marks_are_not_seen() {
    let mut engine = TextEngine::default();
    let plain = engine.shape("Room Lounge.", STYLE);
    let marked = engine.shape("Room \u{2068}Lounge\u{2069}.", STYLE);
    assert_eq!(marked.missing, 0);
    assert_eq!(plain.width, marked.width);
    let ink = |engine: &mut TextEngine, shaped: &Shaped| {
        let mut count = 0;
        engine.quads(shaped, [0.0; 2], |quad| count += u32::from(quad.placed.region.width > 0));
        count
    };
    assert_eq!(ink(&mut engine, &plain), ink(&mut engine, &marked));
}

#[test]
fn lines_are_cut_with_an_ellipsis() {
    let mut engine = TextEngine::default();
    let long = "A very long title of a meeting that nobody could ever read in one line";
    let style = TextStyle { wrap: Some(150.0), max_lines: Some(1), ..STYLE };
    let cut = engine.shape(long, style);
    assert_eq!(cut.lines, 1);
    assert!(cut.width <= 151.0 && cut.width > 100.0, "{}", cut.width);
}

#[test]
fn what_fits_is_never_cut() {
    let mut engine = TextEngine::default();
    for text in ["09:03 · أُرسلت", "Anna (CHE) · 09:02", "12 · 会议"] {
        let one_line = engine.shape(text, TextStyle { wrap: Some(400.0), max_lines: Some(1), ..STYLE });
        let free = engine.shape(text, STYLE);
        assert_eq!((one_line.width, one_line.glyphs.len()), (free.width, free.glyphs.len()), "{text}");
    }
}

#[test]
fn a_text_is_shaped_once() {
    let mut engine = TextEngine::default();
    let first = engine.shape("Lounge", STYLE);
    assert!(Arc::ptr_eq(&first, &engine.shape("Lounge", STYLE)));
    assert!(!Arc::ptr_eq(&first, &engine.shape("Lounge", TextStyle { size: 21.0, ..STYLE })));
    for index in 0..MAX_SHAPED + 10 {
        engine.shape(&index.to_string(), STYLE);
    }
    for _ in 0..4 {
        engine.begin_frame();
    }
    assert_eq!(engine.shaped_count(), 0);
}

#[test]
fn what_can_not_be_shown_is_taken_out() {
    assert_eq!(showable("a\u{202e}b\tc\nd\0"), "ab c\nd ");
    assert!(matches!(showable("قاعة \u{2068}A\u{2069}"), Cow::Borrowed(_)));
    assert_eq!(showable(&"x".repeat(20_000)).len(), MAX_CHARS);
}
