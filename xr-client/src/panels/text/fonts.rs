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
const JAPANESE: &str = "Noto Sans CJK JP";
const KOREAN: &str = "Noto Sans CJK KR";

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

static FACES: [&[u8]; 26] = [
    face!("NotoSans-Regular.ttf"),
    face!("NotoSans-Bold.ttf"),
    face!("NotoSansArabic-Regular.ttf"),
    face!("NotoSansArabic-Bold.ttf"),
    face!("NotoSansSC-Regular.otf"),
    face!("NotoSansSC-Bold.otf"),
    face!("NotoSansArmenian-Regular.ttf"),
    face!("NotoSansBengali-Regular.ttf"),
    face!("NotoSansDevanagari-Regular.ttf"),
    face!("NotoSansEthiopic-Regular.ttf"),
    face!("NotoSansGeorgian-Regular.ttf"),
    face!("NotoSansGujarati-Regular.ttf"),
    face!("NotoSansGurmukhi-Regular.ttf"),
    face!("NotoSansHebrew-Regular.ttf"),
    face!("NotoSansKannada-Regular.ttf"),
    face!("NotoSansKhmer-Regular.ttf"),
    face!("NotoSansLao-Regular.ttf"),
    face!("NotoSansMalayalam-Regular.ttf"),
    face!("NotoSansMyanmar-Regular.ttf"),
    face!("NotoSansSinhala-Regular.ttf"),
    face!("NotoSansTamil-Regular.ttf"),
    face!("NotoSansTelugu-Regular.ttf"),
    face!("NotoSansThaana-Regular.ttf"),
    face!("NotoSansThai-Regular.ttf"),
    face!("NotoSansKR-Regular.otf"),
    face!("NotoSansJP-Regular.otf"),
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
            Script::Han | Script::Hiragana | Script::Katakana | Script::Bopomofo => &[CHINESE, JAPANESE],
            Script::Armenian => &["Noto Sans Armenian"],
            Script::Bengali => &["Noto Sans Bengali"],
            Script::Devanagari => &["Noto Sans Devanagari"],
            Script::Ethiopic => &["Noto Sans Ethiopic"],
            Script::Georgian => &["Noto Sans Georgian"],
            Script::Gujarati => &["Noto Sans Gujarati"],
            Script::Gurmukhi => &["Noto Sans Gurmukhi"],
            Script::Hebrew => &["Noto Sans Hebrew"],
            Script::Kannada => &["Noto Sans Kannada"],
            Script::Khmer => &["Noto Sans Khmer"],
            Script::Lao => &["Noto Sans Lao"],
            Script::Malayalam => &["Noto Sans Malayalam"],
            Script::Myanmar => &["Noto Sans Myanmar"],
            Script::Sinhala => &["Noto Sans Sinhala"],
            Script::Tamil => &["Noto Sans Tamil"],
            Script::Telugu => &["Noto Sans Telugu"],
            Script::Thaana => &["Noto Sans Thaana"],
            Script::Thai => &["Noto Sans Thai"],
            Script::Hangul => &[KOREAN],
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
        let names: Vec<_> =
            system.db().faces().map(|face| (face.families[0].0.as_str(), face.weight.0)).collect();
        assert_eq!(names.len(), FACES.len());
        for family in [ARABIC, CHINESE, FAMILY] {
            assert!(names.contains(&(family, 400)) && names.contains(&(family, 700)), "{family}");
        }
        let scripts = [Script::Thai, Script::Hebrew, Script::Hangul, Script::Georgian, Script::Ethiopic];
        for script in scripts {
            let family = Families.script_fallback(script, "en")[0];
            assert!(names.contains(&(family, 400)), "{family}");
        }
    }
}
