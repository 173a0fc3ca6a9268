//! Names that people see: nobody gets one that pretends to be staff, or that is not what it looks like.
//!
//! It must not know where names come from. Letters that look alike are folded to Latin ones in the sense of
//! Unicode Technical Standard 39, section 4, for the letters of the Cyrillic and Greek scripts that people
//! mistake for Latin ones.

use venue_model::Role;

/// Why a name is not taken; each is a sentence for whoever invites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// Nothing that can be read.
    #[error("the name is empty")]
    Empty,
    /// Characters that nobody sees.
    #[error("the name holds a character that cannot be seen (U+{0:04X}); write the name anew")]
    Invisible(u32),
    /// A tower of accents that covers other lines.
    #[error("the name has more than four accents on one letter")]
    TooManyAccents,
    /// Letters of two scripts that look alike, in one word.
    #[error(
        "a word of the name mixes Latin letters with Cyrillic or Greek ones that look alike; write it anew"
    )]
    MixedScripts,
    /// It says that its bearer keeps order.
    #[error(
        "the name looks like that of a moderator or organiser; give the person that role, or another name"
    )]
    LooksLikeStaff,
}

/// Words by which staff are called, folded; in the six languages.
const STAFF: [&str; 30] = [
    "moderator",
    "moderators",
    "admin",
    "administrator",
    "sysadmin",
    "organiser",
    "organizer",
    "chairperson",
    "chairman",
    "chairwoman",
    "moderateur",
    "moderatrice",
    "moderation",
    "organisateur",
    "organisatrice",
    "administrateur",
    "moderador",
    "moderadora",
    "moderación",
    "organizador",
    "organizadora",
    "administrador",
    "модератор",
    "организатор",
    "администратор",
    "председатель",
    "主持人",
    "管理员",
    "المشرف",
    "المنظم",
];

/// Most accents on one letter.
const MAX_ACCENTS: usize = 4;

/// Checks a name for a person of this role; who keeps order may be called so.
pub fn check(name: &str, role: Role) -> Result<(), NameFault> {
    if let Some(hidden) = name.chars().find(|c| is_invisible(*c)) {
        return Err(NameFault::Invisible(hidden.into()));
    }
    if !name.chars().any(char::is_alphanumeric) {
        return Err(NameFault::Empty);
    }
    let mut accents = 0;
    for c in name.chars() {
        accents = if is_accent(c) { accents + 1 } else { 0 };
        if accents > MAX_ACCENTS {
            return Err(NameFault::TooManyAccents);
        }
    }
    let words = || name.split(|c: char| !c.is_alphanumeric() && !is_accent(c) && !is_joiner(c));
    if words().any(mixes_scripts) {
        return Err(NameFault::MixedScripts);
    }
    // Letters with gaps between them read as the word, too.
    let whole: String = words().map(folded).collect();
    let is_spaced = words().filter(|word| !word.is_empty()).all(|word| word.chars().count() == 1);
    let looks_like_staff = words().map(folded).any(|word| is_staff(&word)) || (is_spaced && is_staff(&whole));
    if role == Role::Participant && looks_like_staff {
        return Err(NameFault::LooksLikeStaff);
    }
    Ok(())
}

fn is_staff(word: &str) -> bool {
    STAFF.contains(&word) || STAFF.iter().any(|staff| folded(staff) == word)
}

/// Formatting characters, spaces that are none, tags and private letters. Joiners belong to scripts that need them.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\n' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180e}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffd}'
        | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{e0fff}')
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

fn mixes_scripts(word: &str) -> bool {
    let is_latin = |c: char| c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}');
    let is_other = |c: char| matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}');
    word.chars().any(is_latin) && word.chars().any(is_other)
}

/// Small, without accents and joiners, with letters of other scripts as the Latin ones that they look like.
fn folded(word: &str) -> String {
    let small = word.chars().flat_map(char::to_lowercase);
    small.filter(|c| !is_accent(*c) && !is_joiner(*c)).map(plain).collect()
}

fn plain(c: char) -> char {
    match c {
        'а' | 'α' | 'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'с' | 'ϲ' | 'ç' | 'ć' | 'č' => 'c',
        'ԁ' | 'ď' | 'đ' => 'd',
        'е' | 'ε' | 'ё' | 'è'..='ë' | 'ē' | 'ę' | 'ě' => 'e',
        'һ' | 'н' => 'h',
        'і' | 'ї' | 'ι' | 'ì'..='ï' | 'ī' | 'ı' | '1' | 'l' | '|' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' | 'μ' => 'm',
        'п' | 'η' | 'ñ' | 'ń' | 'ň' => 'n',
        'о' | 'ο' | 'σ' | 'ò'..='ö' | 'ø' | 'ō' | '0' => 'o',
        'р' | 'ρ' => 'p',
        'г' | 'ř' | 'ŕ' => 'r',
        'ѕ' | 'ś' | 'š' | '5' => 's',
        'т' | 'τ' | 'ť' | '7' => 't',
        'υ' | 'ù'..='ü' | 'ū' | 'ů' => 'u',
        'ν' | 'ѵ' => 'v',
        'х' | 'χ' => 'x',
        'у' | 'γ' | 'ý' | 'ÿ' => 'y',
        'ž' | 'ź' | 'ż' => 'z',
        '3' => 'e',
        '4' | '@' => 'a',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_world_are_taken() {
        for name in [
            "Amina Al-Farsi",
            "أمينة الفارسي",
            "José Ñuñez",
            "Nguyễn Văn Đức",
            "Ольга Модестова",
            "Ἀλέξανδρος",
            "王小明",
            "O’Neill",
            "Zoë",
            "Guest 1",
            "X Æ",
            "میثم‌زاده",
            "Jean-Luc d’Aubigné",
            "Dr. Wu (2nd seat)",
            "Анна Smith",
            "Mode Rator-Klein",
            "กมลวรรณ",
            "Chairil Anwar",
            "Ada",
            "e\u{301}\u{323}a",
        ] {
            assert_eq!(check(name, Role::Participant), Ok(()), "{name}");
        }
    }

    #[test]
    fn nobody_looks_like_staff_without_being_staff() {
        for name in [
            "Moderator",
            "MODERATOR",
            "The Moderator",
            "Möderator",
            "M0derator",
            "ΜΟDΕRΑΤΟR".to_lowercase().as_str(),
            "Модератор",
            "модeратор",
            "m o d e r a t o r",
            "Modération",
            "Admin",
            "Аdmin",
            "主持人",
            "المشرف",
            "Organizer (VEV)",
            "moder\u{200d}ator",
            "mo\u{301}derator",
        ] {
            assert!(check(name, Role::Participant).is_err(), "{name}");
        }
        assert_eq!(check("Moderator 2", Role::Moderator), Ok(()));
        assert_eq!(check("Модератор", Role::Participant), Err(NameFault::LooksLikeStaff));
        assert_eq!(check("Аdmin", Role::Organiser), Err(NameFault::MixedScripts), "not even staff");
    }

    #[test]
    fn what_cannot_be_seen_is_named() {
        let check = |name: &str, fault| assert_eq!(check(name, Role::Participant), Err(fault), "{name:?}");
        check("Ada\u{200b}", NameFault::Invisible(0x200b));
        check("Ada\u{e0041}", NameFault::Invisible(0xe0041));
        check("\u{202e}adA", NameFault::Invisible(0x202e));
        check("Ada\nBo", NameFault::Invisible(0xa));
        check("\u{3164}", NameFault::Invisible(0x3164));
        check(" .-", NameFault::Empty);
        check(&format!("A{}", "\u{301}".repeat(5)), NameFault::TooManyAccents);
        assert!(NameFault::Invisible(0x200b).to_string().contains("U+200B"));
    }
}
