//! People and their invitations as the operator handles them: list, find, revoke.
//!
//! It must not know command lines, links or files.

use crate::store::api::{EventId, InvitationId, PersonId, SpacesAllowed, StoreError, UnixMillis};
use crate::store::code::{InvitationCode, Pepper};
use crate::store::database::Database;
use crate::store::events::AdminError;
use crate::store::lookup::from_word;
use crate::store::sql_error::store_error;
use sqlx::{Connection, Row, SqliteConnection};
use venue_model::people::{Delegation, PersonName};
use venue_model::{EventKey, Language, ParticipantKind, Role};

/// Somebody who is to be invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPerson {
    /// Name as shown.
    pub name: PersonName,
    /// Delegation as shown, may be empty.
    pub delegation: Delegation,
    /// Kind of participant.
    pub kind: ParticipantKind,
    /// Role in the event.
    pub role: Role,
    /// Language to begin with.
    pub language: Option<Language>,
    /// Where the person may go.
    pub spaces: SpacesAllowed,
}

impl NewPerson {
    /// A delegate without delegation who may go everywhere.
    pub fn delegate(name: &str) -> Self {
        Self {
            name: PersonName::lossy(name),
            delegation: Delegation::default(),
            kind: ParticipantKind::Delegate,
            role: Role::Participant,
            language: None,
            spaces: SpacesAllowed::All,
        }
    }
}

/// An invitation as made: the only moment at which its code is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invited {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub invitation: InvitationId,
    /// Its code.
    pub code: InvitationCode,
}

/// How the operator names a person.
#[derive(Clone, Debug)]
pub enum PersonRef {
    /// By number.
    Id(PersonId),
    /// By name as invited.
    Name(String),
    /// By the code of an invitation, and the pepper to look it up with.
    Code(InvitationCode, Pepper),
}

/// A person in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRow {
    /// Who.
    pub person: PersonId,
    /// Name as shown.
    pub name: String,
    /// Delegation as shown.
    pub delegation: String,
    /// Kind of participant.
    pub kind: ParticipantKind,
    /// Role in the event.
    pub role: Role,
    /// Invitations that count.
    pub valid_invitations: i64,
    /// Invitations whose time is over and which nobody revoked.
    pub expired_invitations: i64,
}

impl Database {
    /// Everybody who is invited to an event, by name.
    pub async fn people(&mut self, event: &EventKey) -> Result<Vec<PersonRow>, AdminError> {
        let record = self.require_event(event).await?;
        let now = self.now();
        let rows = sqlx::query(
            "SELECT p.id, p.name, p.delegation, p.kind, p.role, \
             (SELECT count(*) FROM invitations WHERE person = p.id AND revoked_at IS NULL \
             AND coalesce(expires_at > ?1, TRUE)) AS valid, \
             (SELECT count(*) FROM invitations WHERE person = p.id AND revoked_at IS NULL \
             AND expires_at <= ?1) AS expired \
             FROM people p WHERE p.event = ?2 ORDER BY p.name, p.id",
        )
        .bind(now.0)
        .bind(record.id.0)
        .fetch_all(&mut self.connection)
        .await
        .map_err(|error| store_error(&self.path, &error))?;
        let read = rows.iter().map(|row| {
            Ok(PersonRow {
                person: PersonId(row.try_get("id")?),
                name: row.try_get("name")?,
                delegation: row.try_get("delegation")?,
                kind: from_word(row.try_get("kind")?)?,
                role: from_word(row.try_get("role")?)?,
                valid_invitations: row.try_get("valid")?,
                expired_invitations: row.try_get("expired")?,
            })
        });
        let read: Result<_, sqlx::Error> = read.collect();
        Ok(read.map_err(|error| store_error(&self.path, &error))?)
    }

    /// The one person that is meant.
    pub async fn require_person(
        &mut self,
        event: &EventKey,
        who: &PersonRef,
    ) -> Result<PersonRow, AdminError> {
        let mut people = self.people(event).await?;
        let wanted = match who {
            PersonRef::Id(id) => Some(*id),
            PersonRef::Name(_) => None,
            PersonRef::Code(code, pepper) => Some(self.holder(event, *code, pepper).await?),
        };
        people.retain(|row| match (who, wanted) {
            (PersonRef::Name(name), _) => row.name == *name,
            (_, wanted) => Some(row.person) == wanted,
        });
        let label = match who {
            PersonRef::Id(id) => format!("number {id}"),
            PersonRef::Name(name) => name.clone(),
            PersonRef::Code(..) => "by this code".into(),
        };
        if people.len() > 1 {
            let candidates: Vec<String> =
                people.iter().map(|row| format!("{} ({})", row.person, row.delegation)).collect();
            return Err(AdminError::Ambiguous { who: label, candidates: candidates.join(", ") });
        }
        people.pop().ok_or(AdminError::NoSuchPerson { who: label, event: event.clone() })
    }

    async fn holder(
        &mut self,
        event: &EventKey,
        code: InvitationCode,
        pepper: &Pepper,
    ) -> Result<PersonId, AdminError> {
        let digest = code.digest(pepper, event.as_str());
        let found: Option<i64> = sqlx::query_scalar("SELECT person FROM invitations WHERE code_digest = ?")
            .bind(digest.0.as_slice())
            .fetch_optional(&mut self.connection)
            .await
            .map_err(|error| store_error(&self.path, &error))?;
        found.map(PersonId).ok_or_else(|| AdminError::NoSuchCode(event.clone()))
    }

    /// Revokes every invitation of these people, all or none; a running server sends
    /// them out. The result says how many invitations no longer count, per person.
    pub async fn revoke(
        &mut self,
        event: &EventKey,
        people: &[PersonRef],
        reason: &str,
    ) -> Result<Vec<(PersonRow, usize)>, AdminError> {
        let record = self.require_event(event).await?;
        let mut rows = Vec::with_capacity(people.len());
        for who in people {
            rows.push(self.require_person(event, who).await?);
        }
        let now = self.now();
        let work = async {
            let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
            let mut revoked = Vec::with_capacity(rows.len());
            for row in rows {
                let count = revoke_one(&mut transaction, record.id, row.person, reason, now).await?;
                revoked.push((row, count));
            }
            transaction.commit().await?;
            Ok(revoked)
        };
        let revoked: Result<_, sqlx::Error> = work.await;
        Ok(revoked.map_err(|error| store_error(&self.path, &error))?)
    }

    /// Revokes every invitation to every event, because their codes can not be recognised any more; says how many.
    pub async fn revoke_everybody(&mut self) -> Result<u64, StoreError> {
        let now = self.now();
        sqlx::query("UPDATE invitations SET revoked_at = ? WHERE revoked_at IS NULL")
            .bind(now.0)
            .execute(&mut self.connection)
            .await
            .map(|done| done.rows_affected())
            .map_err(|error| store_error(&self.path, &error))
    }

    /// Holds the write lock until the connection is closed.
    #[cfg(test)]
    pub(crate) async fn lock_for_test(&mut self) {
        sqlx::query("BEGIN IMMEDIATE").execute(&mut self.connection).await.unwrap();
    }
}

async fn revoke_one(
    connection: &mut SqliteConnection,
    event: EventId,
    person: PersonId,
    reason: &str,
    now: UnixMillis,
) -> Result<usize, sqlx::Error> {
    let invitations: Vec<i64> = sqlx::query_scalar(
        "UPDATE invitations SET revoked_at = ? WHERE person = ? AND revoked_at IS NULL RETURNING id",
    )
    .bind(now.0)
    .bind(person.0)
    .fetch_all(&mut *connection)
    .await?;
    for invitation in &invitations {
        sqlx::query(
            "INSERT INTO changes (kind, event, person, invitation, at) VALUES ('revoked', ?, ?, ?, ?)",
        )
        .bind(event.0)
        .bind(person.0)
        .bind(invitation)
        .bind(now.0)
        .execute(&mut *connection)
        .await?;
    }
    if !invitations.is_empty() {
        sqlx::query(
            "INSERT INTO moderation (event, person, action, reason, at) VALUES (?, ?, 'revoked', ?, ?)",
        )
        .bind(event.0)
        .bind(person.0)
        .bind(reason)
        .bind(now.0)
        .execute(&mut *connection)
        .await?;
    }
    Ok(invitations.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::events::NewEvent;
    use crate::store::testing::{PEPPER, TestDatabase, counting};

    fn key() -> EventKey {
        EventKey::new("wtf").unwrap()
    }

    #[tokio::test]
    async fn people_are_found_by_number_name_and_code() {
        let mut test = TestDatabase::new().await;
        test.database.add_event(&NewEvent::test("wtf", "Forum")).await.unwrap();
        let people = ["Ada", "Bo", "Bo"].map(NewPerson::delegate);
        let invited = test.database.invite(&key(), &people, &PEPPER, &mut counting()).await.unwrap();
        let mut who = async |who: PersonRef| test.database.require_person(&key(), &who).await;
        assert_eq!(who(PersonRef::Name("Ada".into())).await.unwrap().person, invited[0].person);
        assert_eq!(who(PersonRef::Id(invited[2].person)).await.unwrap().name, "Bo");
        let by_code = PersonRef::Code(invited[1].code, PEPPER);
        assert_eq!(who(by_code).await.unwrap().person, invited[1].person);
        let two = who(PersonRef::Name("Bo".into())).await.unwrap_err().to_string();
        assert!(two.contains("several people are called Bo"), "{two}");
        let none = who(PersonRef::Name("Cy".into())).await.unwrap_err().to_string();
        assert!(none.contains("nobody called Cy"), "{none}");
    }

    #[tokio::test]
    async fn revoking_is_all_or_none_and_counts_once() {
        let mut test = TestDatabase::new().await;
        test.database.add_event(&NewEvent::test("wtf", "Forum")).await.unwrap();
        let people = ["Ada", "Bo"].map(NewPerson::delegate);
        test.database.invite(&key(), &people, &PEPPER, &mut counting()).await.unwrap();
        let ada = PersonRef::Name("Ada".into());
        let nobody = PersonRef::Name("Cy".into());
        assert!(test.database.revoke(&key(), &[ada.clone(), nobody], "").await.is_err());
        let valid = |people: Vec<PersonRow>| people.iter().map(|row| row.valid_invitations).sum::<i64>();
        assert_eq!(valid(test.database.people(&key()).await.unwrap()), 2);
        assert_eq!(test.database.revoke(&key(), std::slice::from_ref(&ada), "").await.unwrap()[0].1, 1);
        assert_eq!(test.database.revoke(&key(), &[ada], "").await.unwrap()[0].1, 0);
        assert_eq!(valid(test.database.people(&key()).await.unwrap()), 1);
    }
}
