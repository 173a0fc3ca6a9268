//! Which keys the on-screen keyboard has: six languages as people know them from their own keyboards, digits and signs,
//! and the letters and digits of invitation codes.
//!
//! It must not know how keys look or what is written with them.

use venue_model::Language;

/// Keys of a row, apart by spaces; a key may write more than one character.
pub(crate) type Row = &'static str;

/// What stands on the letter keys of a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Letters {
    /// From the top; shift and backspace stand at the ends of the last.
    pub(crate) rows: &'static [Row],
    /// The same keys with shift, where that is more than capitals.
    pub(crate) shifted: Option<&'static [Row]>,
}

/// The first row of signs in every language.
pub(crate) const DIGITS: Row = "1 2 3 4 5 6 7 8 9 0";

/// The second.
const SIGNS: Row = "@ # % & * ( ) - + =";

/// What an invitation code can hold: Crockford's base 32, which has no I, L, O, U. The hyphen is for reading only.
pub(crate) const CODE: [Row; 4] = [DIGITS, "A B C D E F G H J K", "M N P Q R S T V W X", "Y Z -"];

const LATIN: Letters =
    Letters { rows: &["q w e r t y u i o p", "a s d f g h j k l", "z x c v b n m"], shifted: None };

const FRENCH: Letters = Letters {
    rows: &["é è ê ë à â ç î ï ô ù û", "a z e r t y u i o p", "q s d f g h j k l m", "w x c v b n ’"],
    shifted: None,
};

const SPANISH: Letters = Letters {
    rows: &["á é í ó ú ü ¿ ¡", "q w e r t y u i o p", "a s d f g h j k l ñ", "z x c v b n m"],
    shifted: None,
};

const RUSSIAN: Letters = Letters {
    rows: &["й ц у к е н г ш щ з х ъ", "ф ы в а п р о л д ж э ё", "я ч с м и т ь б ю"],
    shifted: None,
};

const ARABIC: Letters = Letters {
    rows: &["ض ص ث ق ف غ ع ه خ ح ج د", "ش س ي ب ل ا ت ن م ك ط ذ", "ئ ء ؤ ر لا ى ة و ز ظ"],
    // Other shapes of alif, vowel marks, and the digits of the Mashriq.
    shifted: Some(&[
        "أ إ آ لأ لإ لآ ٱ ـ ؟ ، ؛ :",
        "\u{64e} \u{64b} \u{64f} \u{64c} \u{650} \u{64d} \u{651} \u{652} « » ( )",
        "٠ ١ ٢ ٣ ٤ ٥ ٦ ٧ ٨ ٩",
    ]),
};

/// The letters of a language; Chinese is written by pinyin.
pub(crate) const fn letters(language: Language) -> Letters {
    match language {
        Language::Ar => ARABIC,
        Language::Zh | Language::En => LATIN,
        Language::Fr => FRENCH,
        Language::Ru => RUSSIAN,
        Language::Es => SPANISH,
    }
}

/// Digits and signs of a language; backspace stands at the end of the last row.
pub(crate) const fn signs(language: Language) -> [Row; 3] {
    let own = match language {
        Language::Ar => "، ؛ ؟ ! : / « » … _",
        Language::Zh => "， 。 ？ ！ ： ； 、 “ ” …",
        Language::En => ", ; : ? ! / ' \" _ …",
        Language::Fr => ", ; : ? ! / « » _ €",
        Language::Ru => ", ; : ? ! / « » _ №",
        Language::Es => ", ; : ¿ ? ¡ ! / \" €",
    };
    [DIGITS, SIGNS, own]
}

/// The sign beside the space bar that ends a sentence.
pub(crate) const fn full_stop(language: Language) -> &'static str {
    match language {
        Language::Zh => "。",
        _ => ".",
    }
}

/// How many keys the longest of the rows has.
pub(crate) fn longest(rows: &[Row]) -> usize {
    rows.iter().map(|row| row.split(' ').count()).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::InvitationCode;
    use std::collections::BTreeSet;

    #[test]
    fn every_letter_of_each_alphabet_is_there_once() {
        let russian = "абвгдежзийклмнопрстуфхцчшщъыьэюя".to_owned() + "ё";
        for (language, alphabet) in [
            (Language::En, "abcdefghijklmnopqrstuvwxyz"),
            (Language::Zh, "abcdefghijklmnopqrstuvwxyz"),
            (Language::Fr, "abcdefghijklmnopqrstuvwxyzàâçéèêëîïôùû"),
            (Language::Es, "abcdefghijklmnopqrstuvwxyzáéíóúüñ"),
            (Language::Ru, russian.as_str()),
            (Language::Ar, "ابتثجحخدذرزسشصضطظعغفقكلمنهويءئؤىة"),
        ] {
            let letters = letters(language);
            let keys: Vec<&str> = letters.rows.iter().flat_map(|row| row.split(' ')).collect();
            let different: BTreeSet<&str> = keys.iter().copied().collect();
            assert_eq!(keys.len(), different.len(), "{language:?}: no key is there twice");
            for letter in alphabet.chars() {
                assert!(keys.contains(&letter.to_string().as_str()), "{language:?}: {letter}");
            }
        }
    }

    #[test]
    fn shifted_keys_stand_on_the_same_places() {
        for language in Language::ALL {
            let letters = letters(language);
            let Some(shifted) = letters.shifted else { continue };
            let counts = |rows: &[Row]| rows.iter().map(|row| row.split(' ').count()).collect::<Vec<_>>();
            assert_eq!(counts(letters.rows), counts(shifted));
        }
    }

    #[test]
    fn the_code_page_has_what_codes_have_and_nothing_else() {
        let keys: Vec<&str> = CODE.iter().flat_map(|row| row.split(' ')).filter(|key| *key != "-").collect();
        assert_eq!(keys.len(), 32);
        for key in keys {
            let code = format!("{key}{key}{key}{key}-{key}{key}{key}{key}");
            let read = InvitationCode::parse(&code).unwrap();
            assert_eq!(read.as_str(), key.repeat(8), "it is not read as another one");
        }
    }
}
