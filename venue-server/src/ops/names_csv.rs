//! Lists of people as organisers keep them: CSV from any spreadsheet.
//!
//! It must not know the store or files. Every bad row is named by its line, and one bad
//! row means that nobody is invited.

use crate::names;
use crate::store::SpacesAllowed;
use crate::store::people::NewPerson;
use csv::StringRecord;
use serde::de::DeserializeOwned;
use std::fmt;
use venue_model::people::{Delegation, PersonName};
use venue_model::{Language, ParticipantKind, Role};

/// Most people in one list.
pub const MAX_PEOPLE: usize = 20_000;

/// Longest list that is read, in bytes.
pub const MAX_BYTES: usize = 8 << 20;

/// Most complaints that are told at once.
const MAX_COMPLAINTS: usize = 50;

/// What is wrong with a list, line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Complaints(Vec<String>);

impl fmt::Display for Complaints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for Complaints {}

/// The columns, by the position that the first line gives them.
struct Columns {
    name: usize,
    delegation: Option<usize>,
    role: Option<usize>,
    kind: Option<usize>,
    language: Option<usize>,
    spaces: Option<usize>,
}

/// Reads a list. `known_spaces` are the keys of the venue's spaces, if they are known.
pub fn read(text: &str, known_spaces: Option<&[String]>) -> Result<Vec<NewPerson>, Complaints> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().next().unwrap_or_default();
    // Spreadsheets of many countries write semicolons.
    let delimiter = [b';', b'\t'].into_iter().find(|d| first.contains(char::from(*d))).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| Complaints(vec![error.to_string()]))?.clone();
    let columns = Columns::find(&headers).map_err(|complaint| Complaints(vec![complaint]))?;
    let mut people = Vec::new();
    let mut complaints = Complaints::default();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                complaints.0.push(error.to_string());
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().all(str::is_empty) {
            continue;
        }
        match columns.person(&record, known_spaces) {
            Ok(person) => people.push(person),
            Err(what) => complaints.0.push(format!("line {line}: {what}")),
        }
        if people.len() > MAX_PEOPLE {
            complaints.0.push(format!("more than {MAX_PEOPLE} people; split the list"));
        }
        if complaints.0.len() >= MAX_COMPLAINTS {
            complaints.0.push("and perhaps more".into());
            return Err(complaints);
        }
    }
    if complaints.0.is_empty() && people.is_empty() {
        complaints.0.push("the list has no people, only its first line".into());
    }
    if complaints.0.is_empty() { Ok(people) } else { Err(complaints) }
}

impl Columns {
    fn find(headers: &StringRecord) -> Result<Self, String> {
        const KNOWN: [&str; 6] = ["name", "delegation", "role", "kind", "language", "spaces"];
        let at = |wanted: &str| headers.iter().position(|header| header.eq_ignore_ascii_case(wanted));
        let unknown =
            headers.iter().find(|header| !KNOWN.iter().any(|known| header.eq_ignore_ascii_case(known)));
        if let Some(unknown) = unknown {
            return Err(format!(
                "line 1: there is no column \"{unknown}\"; the columns are {}",
                KNOWN.join(", ")
            ));
        }
        let name = at("name").ok_or("line 1: the column \"name\" is missing")?;
        Ok(Self {
            name,
            delegation: at("delegation"),
            role: at("role"),
            kind: at("kind"),
            language: at("language"),
            spaces: at("spaces"),
        })
    }

    fn person(&self, record: &StringRecord, known_spaces: Option<&[String]>) -> Result<NewPerson, String> {
        let cell = |column: Option<usize>| column.and_then(|at| record.get(at)).unwrap_or_default();
        let name = cell(Some(self.name));
        if name.is_empty() {
            return Err("the name is empty".into());
        }
        let language = match cell(self.language) {
            "" => None,
            tag => Some(
                Language::from_tag(tag)
                    .ok_or_else(|| format!("\"{tag}\" is none of the languages ar, zh, en, fr, ru, es"))?,
            ),
        };
        let role = word::<Role>(cell(self.role), "roles participant, chair, moderator, organiser")?;
        names::check(name, role).map_err(|fault| fault.to_string())?;
        Ok(NewPerson {
            name: PersonName::new(name).map_err(|error| format!("name: {error}"))?,
            delegation: Delegation::new(cell(self.delegation))
                .map_err(|error| format!("delegation: {error}"))?,
            kind: word::<ParticipantKind>(
                cell(self.kind),
                "kinds delegate, observer, interpreter, kiosk, robot, service",
            )?,
            role,
            language,
            spaces: spaces(cell(self.spaces), known_spaces)?,
        })
    }
}

/// One of an enum's words; an empty cell is its default.
fn word<T: DeserializeOwned + Default>(cell: &str, choices: &str) -> Result<T, String> {
    if cell.is_empty() {
        return Ok(T::default());
    }
    let value = serde_json::Value::String(cell.to_ascii_lowercase());
    serde_json::from_value(value).map_err(|_| format!("\"{cell}\" is none of the {choices}"))
}

/// Keys of spaces between spaces, commas, semicolons or bars; an empty cell opens all.
fn spaces(cell: &str, known: Option<&[String]>) -> Result<SpacesAllowed, String> {
    let separators = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|');
    let keys: Vec<String> = cell.split(separators).filter(|key| !key.is_empty()).map(str::to_owned).collect();
    if keys.is_empty() || keys == ["all"] || keys == ["*"] {
        return Ok(SpacesAllowed::All);
    }
    if let Some(known) = known
        && let Some(unknown) = keys.iter().find(|key| !known.contains(key))
    {
        return Err(format!("the venue has no space \"{unknown}\"; it has {}", known.join(", ")));
    }
    Ok(SpacesAllowed::Only(keys))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_looks_like_staff_is_named_by_its_line() {
        let complaints = read("name,role\nAda,\nMоderator,\nMo the moderator,moderator\n", None).unwrap_err();
        let complaints = complaints.to_string();
        assert!(complaints.starts_with("line 3: ") && complaints.lines().count() == 1, "{complaints}");
    }

    fn known() -> Vec<String> {
        ["lounge", "hall-a"].map(str::to_owned).to_vec()
    }

    #[test]
    fn a_full_list_is_read() {
        let text = "\u{feff}Name,Delegation,Role,Kind,Language,Spaces\n\
                    Ada Lovelace,GBR,chair,,en,lounge hall-a\n\
                    \n\
                    \"Бо, Иванова\",RUS,,interpreter,ru-RU,\n";
        let people = read(text, Some(&known())).unwrap();
        assert_eq!(people.len(), 2);
        assert_eq!(people[0].role, Role::Chair);
        assert_eq!(people[0].spaces, SpacesAllowed::Only(known()));
        assert_eq!(people[1].name.as_str(), "Бо, Иванова");
        assert_eq!(people[1].kind, ParticipantKind::Interpreter);
        assert_eq!(people[1].language, Some(Language::Ru));
        assert_eq!(people[1].spaces, SpacesAllowed::All);
    }

    #[test]
    fn semicolons_and_tabs_are_delimiters_too() {
        for delimiter in [";", "\t"] {
            let text = "name,spaces\nAda,lounge|hall-a\n".replace(',', delimiter);
            assert_eq!(read(&text, None).unwrap()[0].spaces, SpacesAllowed::Only(known()));
        }
    }

    #[test]
    fn every_bad_row_is_named_by_its_line() {
        let text =
            "name,role,language,spaces\nAda,king,en,\n,,,\n\"\",chair,,\nBo,,de,\nCy,,,cellar\nDi,,,\n";
        let complaints = read(text, Some(&known())).unwrap_err().to_string();
        let expected = "line 2: \"king\" is none of the roles participant, chair, moderator, organiser\n\
                        line 4: the name is empty\n\
                        line 5: \"de\" is none of the languages ar, zh, en, fr, ru, es\n\
                        line 6: the venue has no space \"cellar\"; it has lounge, hall-a";
        assert_eq!(complaints, expected);
    }

    #[test]
    fn a_list_without_names_or_people_is_refused() {
        let check = |text: &str, part: &str| {
            let complaint = read(text, None).unwrap_err().to_string();
            assert!(complaint.contains(part), "{complaint}");
        };
        check("", "column \"name\" is missing");
        check("name\n", "no people");
        check("name,colour\nAda,red\n", "no column \"colour\"");
        check(&format!("name\n{}\n", "x".repeat(81)), "line 2: name: the text has more than 80");
        check("name\nA\u{202e}da\n", "line 2: the name holds a character that cannot be seen (U+202E)");
    }
}
