//! The embedded Noto faces and which of them writes which script.
//!
//! System fonts are never read: every machine shows the same picture.

use cosmic_text::{Fallback, FontSystem, fontdb};
use std::sync::Arc;
use unicode_script::Script;

/// Writes everything that no other family is named for.
pub const FAMILY: &str = "Noto Sans";
const ARABIC: &str = "Noto Sans Arabic";
const CHINESE: &str = "Noto Sans CJK SC";

/// Weights of the faces below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FontWeight {
    /// For reading.
    #[default]
    Regular,
    /// For headings and what may be pressed.
    Bold,
}

impl FontWeight {
    pub(super) fn as_db(self) -> fontdb::Weight {
        match self {
            Self::Regular => fontdb::Weight::NORMAL,
            Self::Bold => fontdb::Weight::BOLD,
        }
    }
}

macro_rules! face {
    ($name:literal) => {
        include_bytes!(concat!("../../../../assets/fonts/", $name))
    };
}

static FACES: [&[u8]; 6] = [
    face!("NotoSans-Regular.ttf"),
    face!("NotoSans-Bold.ttf"),
    face!("NotoSansArabic-Regular.ttf"),
    face!("NotoSansArabic-Bold.ttf"),
    face!("NotoSansSC-Regular.otf"),
    face!("NotoSansSC-Bold.otf"),
];

struct Families;

impl Fallback for Families {
    fn common_fallback(&self) -> &[&'static str] {
        &[FAMILY, CHINESE, ARABIC]
    }

    fn forbidden_fallback(&self) -> &[&'static str] {
        &[]
    }

    fn script_fallback(&self, script: Script, _locale: &str) -> &[&'static str] {
        match script {
            Script::Arabic => &[ARABIC],
            Script::Han | Script::Hiragana | Script::Katakana | Script::Bopomofo => &[CHINESE],
            _ => &[],
        }
    }
}

/// A font system that holds the embedded faces and nothing else.
pub fn embedded() -> FontSystem {
    let mut faces = fontdb::Database::new();
    for bytes in FACES {
        faces.load_font_source(fontdb::Source::Binary(Arc::new(bytes)));
    }
    faces.set_sans_serif_family(FAMILY);
    FontSystem::new_with_locale_and_db_and_fallback("en".to_owned(), faces, Families)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_is_read() {
        let system = embedded();
        let mut names: Vec<_> =
            system.db().faces().map(|face| (face.families[0].0.clone(), face.weight.0)).collect();
        names.sort();
        let expected = [ARABIC, CHINESE, FAMILY].map(|name| [(name.to_owned(), 400), (name.to_owned(), 700)]);
        let mut expected = expected.concat();
        expected.sort();
        assert_eq!(names, expected);
    }
}
