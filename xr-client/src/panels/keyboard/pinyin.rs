//! Chinese by pinyin: the characters and words that a row of Latin letters may stand for, from a small table of our own.
//!
//! It knows the 1,900 commonest characters and the words of a conference; it learns nothing and keeps nothing.

use std::sync::LazyLock;

/// Most that is offered.
const MOST: usize = 60;

/// Letters that the longest entry has; nothing longer is composed.
pub(crate) const LONGEST: usize = 24;

static LETTERS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| table(include_str!("pinyin_letters.txt")));
static WORDS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| table(include_str!("pinyin_words.txt")));

/// Lines of a syllable or a word and what it may stand for, sorted.
fn table(text: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut lines: Vec<_> = text.lines().filter_map(|line| line.split_once(' ')).collect();
    lines.sort_unstable();
    lines
}

fn find(table: &[(&'static str, &'static str)], pinyin: &str) -> Option<&'static str> {
    let at = table.binary_search_by(|(known, _)| (*known).cmp(pinyin)).ok()?;
    Some(table[at].1)
}

/// What the entries stand for that are longer than these letters and begin with them.
fn begun<'a>(
    table: &'a [(&'static str, &'static str)],
    composed: &'a str,
) -> impl Iterator<Item = &'static str> + 'a {
    let from = table.partition_point(|(pinyin, _)| *pinyin <= composed);
    let rest = table[from..].iter().take_while(move |(pinyin, _)| pinyin.starts_with(composed));
    rest.map(|(_, texts)| *texts)
}

/// What letters may stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// The characters.
    pub(crate) text: String,
    /// How many of the letters they stand for, from the first.
    pub(crate) letters: usize,
}

/// The candidates for lower-case letters, the likeliest first: words before characters, longer ones before shorter ones.
pub(crate) fn candidates(composed: &str) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let mut add = |text: &str, letters: usize| {
        if found.len() < MOST && !found.iter().any(|known| known.text == text) {
            found.push(Candidate { text: text.to_owned(), letters });
        }
    };
    let prefixes = (1..=composed.len().min(LONGEST)).rev().filter(|end| composed.is_char_boundary(*end));
    for end in prefixes.clone() {
        find(&WORDS, &composed[..end])
            .into_iter()
            .flat_map(|words| words.split(' '))
            .for_each(|word| add(word, end));
    }
    for end in prefixes {
        let letters = find(&LETTERS, &composed[..end]).unwrap_or_default();
        letters.chars().for_each(|letter| add(letter.encode_utf8(&mut [0; 4]), end));
    }
    // Letters that begin a word or a syllable are completed.
    for words in begun(&WORDS, composed) {
        words.split(' ').take(1).for_each(|word| add(word, composed.len()));
    }
    for letters in begun(&LETTERS, composed) {
        letters.chars().take(2).for_each(|letter| add(letter.encode_utf8(&mut [0; 4]), composed.len()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(composed: &str) -> (String, usize) {
        let first = candidates(composed).into_iter().next().unwrap();
        (first.text, first.letters)
    }

    #[test]
    fn words_and_characters_are_found_the_likeliest_first() {
        assert_eq!(best("nihao"), ("你好".to_owned(), 5));
        assert_eq!(best("de"), ("的".to_owned(), 2));
        assert_eq!(best("huiyiting"), ("会议厅".to_owned(), 9));
        assert!(candidates("shi").iter().any(|found| found.text == "十"));
    }

    #[test]
    fn what_is_left_over_is_composed_on() {
        // No word stands for all of it: the longest beginning is offered, with what it takes.
        assert_eq!(best("womenqu"), ("我们".to_owned(), 5));
        assert_eq!(best("qu"), ("去".to_owned(), 2));
        let syllables: Vec<_> =
            candidates("xian").into_iter().map(|found| (found.text, found.letters)).collect();
        assert!(syllables.contains(&("先".to_owned(), 4)) && syllables.contains(&("西".to_owned(), 2)));
    }

    #[test]
    fn a_beginning_is_completed() {
        assert!(candidates("huiy").iter().any(|found| found.text == "会议" && found.letters == 4));
        assert!(candidates("zh").iter().any(|found| found.text == "这"));
    }

    #[test]
    fn letters_that_stand_for_nothing_offer_nothing_and_everything_has_a_bound() {
        assert!(candidates("vvv").is_empty());
        assert!(candidates("").len() <= MOST && candidates(&"a".repeat(500)).len() <= MOST);
    }

    #[test]
    fn the_tables_hold_lower_case_letters_and_characters_alone() {
        for (pinyin, texts) in LETTERS.iter().chain(WORDS.iter()) {
            assert!(
                pinyin.bytes().all(|byte| byte.is_ascii_lowercase()) && pinyin.len() <= LONGEST,
                "{pinyin}"
            );
            assert!(texts.chars().all(|c| c == ' ' || ('\u{4e00}'..='\u{9fff}').contains(&c)), "{texts}");
        }
        let mut syllables: Vec<_> = LETTERS.iter().map(|(pinyin, _)| pinyin).collect();
        syllables.dedup();
        assert_eq!(syllables.len(), LETTERS.len(), "no syllable is there twice");
    }
}
