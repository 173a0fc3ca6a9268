//! Finding invitations and events, and reading their rows.
//!
//! It must not write.

use crate::store::api::{
    EventId, EventRecord, EventState, Invitation, InvitationId, InvitationState, PersonId, SpacesAllowed,
    UnixMillis,
};
use crate::store::code::CodeDigest;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use venue_model::{EventKey, Localized};

/// How an invitation is found.
pub(super) enum Key {
    /// By the code in an event's link.
    Code { event: EventKey, digest: CodeDigest },
    /// By its number, which a ticket carries.
    Invitation(InvitationId),
}

/// Both ways of finding an invitation read the same columns.
macro_rules! invitation_where {
    ($condition:literal) => {
        concat!(
            "SELECT i.id AS invitation, i.person, i.revoked_at, i.expires_at, ",
            "p.name, p.delegation, p.kind, p.role, p.language, p.spaces, ",
            "e.id AS event, e.key, e.title, e.opens_at, e.closes_at, e.closed_at ",
            "FROM invitations i JOIN people p ON p.id = i.person JOIN events e ON e.id = p.event WHERE ",
            $condition
        )
    };
}

/// Finds an invitation, also a revoked one and one to a closed event.
pub(super) async fn find(
    connection: &mut SqliteConnection,
    key: &Key,
    now: UnixMillis,
) -> Result<Option<Invitation>, sqlx::Error> {
    let row = match key {
        Key::Code { event, digest } => {
            let sql = invitation_where!("i.code_digest = ? AND e.key = ?");
            let query = sqlx::query(sql).bind(digest.0.as_slice()).bind(event.as_str());
            query.fetch_optional(connection).await?
        }
        Key::Invitation(id) => {
            let sql = invitation_where!("i.id = ?");
            sqlx::query(sql).bind(id.0).fetch_optional(connection).await?
        }
    };
    row.as_ref().map(|row| invitation(row, now)).transpose()
}

/// Whether there is an event of this name.
pub(super) async fn event_exists(
    connection: &mut SqliteConnection,
    event: &EventKey,
) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM events WHERE key = ?)")
        .bind(event.as_str())
        .fetch_one(connection)
        .await
}

fn invitation(row: &SqliteRow, now: UnixMillis) -> Result<Invitation, sqlx::Error> {
    let language: Option<String> = row.try_get("language")?;
    let spaces: Option<String> = row.try_get("spaces")?;
    Ok(Invitation {
        id: InvitationId(row.try_get("invitation")?),
        person: PersonId(row.try_get("person")?),
        event: event(row, now)?,
        state: invitation_state(row, now)?,
        name: from_word(row.try_get("name")?)?,
        delegation: from_word(row.try_get("delegation")?)?,
        kind: from_word(row.try_get("kind")?)?,
        role: from_word(row.try_get("role")?)?,
        language: language.map(from_word).transpose()?,
        spaces: spaces_from_json(spaces.as_deref())?,
        // Whoever finds an invitation for the tick adds them.
        blocks: Vec::new(),
    })
}

fn invitation_state(row: &SqliteRow, now: UnixMillis) -> Result<InvitationState, sqlx::Error> {
    let revoked_at: Option<i64> = row.try_get("revoked_at")?;
    let expires_at = row.try_get::<Option<i64>, _>("expires_at")?.map(UnixMillis);
    Ok(match (revoked_at, expires_at) {
        (Some(_), _) => InvitationState::Revoked,
        (None, Some(at)) if at <= now => InvitationState::Expired { at },
        (None, _) => InvitationState::Valid,
    })
}

/// Reads the columns of an event, whose id is named `event`.
pub(super) fn event(row: &SqliteRow, now: UnixMillis) -> Result<EventRecord, sqlx::Error> {
    let title: String = row.try_get("title")?;
    Ok(EventRecord {
        id: EventId(row.try_get("event")?),
        key: from_word(row.try_get("key")?)?,
        title: serde_json::from_str::<Localized>(&title).map_err(decode)?,
        state: times(row)?.state(now),
    })
}

/// Reads the columns with an event's times.
pub(super) fn times(row: &SqliteRow) -> Result<EventTimes, sqlx::Error> {
    let at = |column| row.try_get::<Option<i64>, _>(column).map(|at| at.map(UnixMillis));
    Ok(EventTimes { opens_at: at("opens_at")?, closes_at: at("closes_at")?, closed_at: at("closed_at")? })
}

/// When an event may be entered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventTimes {
    /// Not before; open at once if none.
    pub opens_at: Option<UnixMillis>,
    /// Not from then on; open until closed by hand if none.
    pub closes_at: Option<UnixMillis>,
    /// When it was closed by hand.
    pub closed_at: Option<UnixMillis>,
}

impl EventTimes {
    fn state(self, now: UnixMillis) -> EventState {
        if self.closed_at.is_some() || self.closes_at.is_some_and(|end| end <= now) {
            return EventState::Closed;
        }
        match self.opens_at {
            Some(opens_at) if now < opens_at => EventState::NotYetOpen { opens_at },
            _ => EventState::Open,
        }
    }
}

/// A small value (an enum's word, a bounded text) as it stands in a column.
pub(super) fn to_word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        // Every value that comes here serialises as a string; see the test below.
        other => unreachable!("not a word: {other:?}"),
    }
}

/// Reads what [`to_word`] wrote.
pub(super) fn from_word<T: DeserializeOwned>(word: String) -> Result<T, sqlx::Error> {
    serde_json::from_value(serde_json::Value::String(word)).map_err(decode)
}

pub(super) fn spaces_to_json(spaces: &SpacesAllowed) -> Option<String> {
    match spaces {
        SpacesAllowed::All => None,
        SpacesAllowed::Only(keys) => Some(serde_json::Value::from(keys.clone()).to_string()),
    }
}

pub(super) fn spaces_from_json(text: Option<&str>) -> Result<SpacesAllowed, sqlx::Error> {
    let keys = text.map(serde_json::from_str::<Vec<String>>).transpose().map_err(decode)?;
    Ok(keys.map_or(SpacesAllowed::All, SpacesAllowed::Only))
}

pub(super) fn decode(error: serde_json::Error) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use venue_model::{Language, ParticipantKind, Role};

    #[test]
    fn words_of_the_columns_are_read_back() {
        for kind in ParticipantKind::ALL {
            assert_eq!(from_word::<ParticipantKind>(to_word(&kind)).unwrap(), kind);
        }
        for role in Role::ALL {
            assert_eq!(from_word::<Role>(to_word(&role)).unwrap(), role);
        }
        for language in Language::ALL {
            assert_eq!(to_word(&language), language.code());
        }
        assert!(from_word::<Role>("king".into()).is_err());
    }

    #[test]
    fn an_event_is_open_between_its_times() {
        let check = |opens: Option<i64>, closes: Option<i64>, closed: Option<i64>, expected| {
            let [opens_at, closes_at, closed_at] = [opens, closes, closed].map(|at| at.map(UnixMillis));
            let times = EventTimes { opens_at, closes_at, closed_at };
            assert_eq!(times.state(UnixMillis(100)), expected, "{times:?}");
        };
        check(None, None, None, EventState::Open);
        check(Some(100), Some(101), None, EventState::Open);
        check(Some(101), None, None, EventState::NotYetOpen { opens_at: UnixMillis(101) });
        check(None, Some(100), None, EventState::Closed);
        check(None, Some(200), Some(50), EventState::Closed);
    }

    #[test]
    fn spaces_are_read_back() {
        for spaces in [SpacesAllowed::All, SpacesAllowed::Only(vec!["hall-c".into(), "lounge".into()])] {
            assert_eq!(spaces_from_json(spaces_to_json(&spaces).as_deref()).unwrap(), spaces);
        }
    }
}
