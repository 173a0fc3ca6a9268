//! People and their invitations as the operator handles them: invite, list, revoke.
//!
//! It must not know command lines, links or files.

use crate::store::api::{EventId, EventState, InvitationId, PersonId, SpacesAllowed, UnixMillis};
use crate::store::code::{InvitationCode, Pepper};
use crate::store::database::Database;
use crate::store::events::{AdminError, count_invited};
use crate::store::lookup::{from_word, spaces_to_json, to_word};
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
}

impl Database {
    /// Invites these people, all or nobody. `random` gives the codes' bits.
    pub async fn invite(
        &mut self,
        event: &EventKey,
        people: &[NewPerson],
        pepper: &Pepper,
        random: &mut (dyn FnMut() -> Result<u64, String> + Send),
    ) -> Result<Vec<Invited>, AdminError> {
        let record = self.require_event(event).await?;
        if record.state == EventState::Closed {
            return Err(AdminError::EventEnded(event.clone()));
        }
        let mut codes = Vec::with_capacity(people.len());
        for _ in people {
            codes.push(InvitationCode::from_random(random().map_err(AdminError::NoRandomness)?));
        }
        let digests = codes.iter().map(|code| code.digest(pepper, event.as_str()).0);
        let rows: Vec<(&NewPerson, [u8; 32])> = people.iter().zip(digests).collect();
        let now = self.now();
        let ids = insert_all(&mut self.connection, record.id, &rows, now).await;
        let ids = ids.map_err(|error| store_error(&self.path, &error))?;
        let made = ids.into_iter().zip(codes);
        Ok(made.map(|((person, invitation), code)| Invited { person, invitation, code }).collect())
    }

    /// Gives a person one more invitation, for example because the link was lost.
    pub async fn invite_again(
        &mut self,
        event: &EventKey,
        person: PersonId,
        pepper: &Pepper,
        random: u64,
    ) -> Result<Invited, AdminError> {
        let code = InvitationCode::from_random(random);
        let digest = code.digest(pepper, event.as_str()).0;
        let now = self.now();
        let invitation = insert_invitation(&mut self.connection, person, &digest, now).await;
        let invitation = invitation.map_err(|error| store_error(&self.path, &error))?;
        Ok(Invited { person, invitation, code })
    }

    /// Everybody who is invited to an event, by name.
    pub async fn people(&mut self, event: &EventKey) -> Result<Vec<PersonRow>, AdminError> {
        let record = self.require_event(event).await?;
        let rows = sqlx::query(
            "SELECT p.id, p.name, p.delegation, p.kind, p.role, \
             (SELECT count(*) FROM invitations WHERE person = p.id AND revoked_at IS NULL) AS valid \
             FROM people p WHERE p.event = ? ORDER BY p.name, p.id",
        )
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

    /// Holds the write lock until the connection is closed.
    #[cfg(test)]
    pub(crate) async fn lock_for_test(&mut self) {
        sqlx::query("BEGIN IMMEDIATE").execute(&mut self.connection).await.unwrap();
    }
}

async fn insert_all(
    connection: &mut SqliteConnection,
    event: EventId,
    rows: &[(&NewPerson, [u8; 32])],
    now: UnixMillis,
) -> Result<Vec<(PersonId, InvitationId)>, sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut ids = Vec::with_capacity(rows.len());
    for (person, digest) in rows {
        let id = insert_person(&mut transaction, event, person, now).await?;
        ids.push((id, insert_invitation(&mut transaction, id, digest, now).await?));
    }
    count_invited(&mut transaction, event, rows.len()).await?;
    transaction.commit().await?;
    Ok(ids)
}

async fn insert_person(
    connection: &mut SqliteConnection,
    event: EventId,
    person: &NewPerson,
    now: UnixMillis,
) -> Result<PersonId, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO people (event, name, delegation, kind, role, language, spaces, created_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(event.0)
    .bind(person.name.as_str())
    .bind(person.delegation.as_str())
    .bind(to_word(&person.kind))
    .bind(to_word(&person.role))
    .bind(person.language.map(Language::code))
    .bind(spaces_to_json(&person.spaces))
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(PersonId(done.last_insert_rowid()))
}

async fn insert_invitation(
    connection: &mut SqliteConnection,
    person: PersonId,
    digest: &[u8; 32],
    now: UnixMillis,
) -> Result<InvitationId, sqlx::Error> {
    let done = sqlx::query("INSERT INTO invitations (person, code_digest, created_at) VALUES (?, ?, ?)")
        .bind(person.0)
        .bind(digest.as_slice())
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(InvitationId(done.last_insert_rowid()))
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
    use crate::store::testing::{PEPPER, TestDatabase};

    fn key() -> EventKey {
        EventKey::new("wtf").unwrap()
    }

    fn counting() -> impl FnMut() -> Result<u64, String> + Send {
        let mut next = 0;
        move || {
            next += 1;
            Ok(next)
        }
    }

    #[tokio::test]
    async fn codes_are_not_in_the_file() {
        let mut test = TestDatabase::new().await;
        test.database.add_event(&NewEvent::test("wtf", "Forum")).await.unwrap();
        let mut random = || Ok(0x1234_5678_9abc_def0);
        let people = [NewPerson::delegate("Ada")];
        let invited = test.database.invite(&key(), &people, &PEPPER, &mut random).await.unwrap();
        test.database.checkpoint().await.unwrap();
        let bytes = std::fs::read(test.folder.path().join("venue.db")).unwrap();
        let holds = |needle: &str| bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
        assert!(holds("Ada"));
        assert!(!holds(invited[0].code.compact()));
    }

    #[tokio::test]
    async fn two_equal_codes_invite_nobody() {
        let mut test = TestDatabase::new().await;
        test.database.add_event(&NewEvent::test("wtf", "Forum")).await.unwrap();
        let people = [NewPerson::delegate("Ada"), NewPerson::delegate("Bo")];
        let result = test.database.invite(&key(), &people, &PEPPER, &mut || Ok(1)).await;
        assert!(result.is_err());
        assert!(test.database.people(&key()).await.unwrap().is_empty());
        assert_eq!(test.database.events().await.unwrap()[0].invited, 0);
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

    #[tokio::test]
    async fn nobody_is_invited_to_an_event_that_has_ended() {
        let mut test = TestDatabase::new().await;
        test.database.add_event(&NewEvent::test("wtf", "Forum")).await.unwrap();
        test.database.close_event(&key()).await.unwrap();
        let people = [NewPerson::delegate("Ada")];
        let refused = test.database.invite(&key(), &people, &PEPPER, &mut counting()).await;
        assert!(matches!(refused, Err(AdminError::EventEnded(_))));
    }
}
