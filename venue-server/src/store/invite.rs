//! Making invitations: people and digests in, codes out.
//!
//! It must not know command lines, links or files. Who hands the codes out does so before the commit: an
//! invitation whose code reached nobody would be a door that nobody can open and nobody can see.

use crate::store::api::{EventId, EventState, InvitationId, PersonId, UnixMillis};
use crate::store::code::{InvitationCode, Pepper};
use crate::store::database::Database;
use crate::store::events::{AdminError, count_invited};
use crate::store::lookup::{spaces_to_json, to_word};
use crate::store::people::{Invited, NewPerson};
use crate::store::sql_error::store_error;
use sqlx::{Connection, SqliteConnection};
use venue_model::{EventKey, Language};

/// Where the bits of codes come from.
pub type RandomBits<'a> = &'a mut (dyn FnMut() -> Result<u64, String> + Send);

/// Takes the codes to where people get them; an error means that nobody is invited.
pub type HandOut<'a> = &'a mut (dyn FnMut(&[Invited]) -> Result<(), String> + Send);

/// Who gets an invitation.
#[derive(Clone, Copy, Debug)]
pub enum Invitees<'a> {
    /// These people, who are new to the event.
    New(&'a [NewPerson]),
    /// A person who is invited already gets one more, for example because the link was lost.
    Again(PersonId),
}

/// How invitations are made.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// Keys the digests of the codes.
    pub pepper: &'a Pepper,
    /// The invitations count until then; as long as the event is open if none.
    pub valid_until: Option<UnixMillis>,
}

impl<'a> Terms<'a> {
    /// Invitations that count as long as the event is open.
    pub fn open_ended(pepper: &'a Pepper) -> Self {
        Self { pepper, valid_until: None }
    }
}

impl Database {
    /// Invites new people for as long as the event is open, all or nobody.
    pub async fn invite(
        &mut self,
        event: &EventKey,
        people: &[NewPerson],
        pepper: &Pepper,
        random: RandomBits<'_>,
    ) -> Result<Vec<Invited>, AdminError> {
        let terms = Terms::open_ended(pepper);
        self.invite_with(event, Invitees::New(people), terms, random, &mut |_| Ok(())).await
    }

    /// Makes invitations, all or none. `hand_out` is called once everything is ready and before it counts.
    pub async fn invite_with(
        &mut self,
        event: &EventKey,
        invitees: Invitees<'_>,
        terms: Terms<'_>,
        random: RandomBits<'_>,
        hand_out: HandOut<'_>,
    ) -> Result<Vec<Invited>, AdminError> {
        let record = self.require_event(event).await?;
        let now = self.now();
        if record.state == EventState::Closed {
            return Err(AdminError::EventEnded(event.clone()));
        }
        if terms.valid_until.is_some_and(|end| end <= now) {
            return Err(AdminError::EndsBeforeItBegins);
        }
        let count = match invitees {
            Invitees::New(people) => people.len(),
            Invitees::Again(_) => 1,
        };
        let mut codes = Vec::with_capacity(count);
        for _ in 0..count {
            codes.push(InvitationCode::from_random(random().map_err(AdminError::NoRandomness)?));
        }
        let digests: Vec<[u8; 32]> =
            codes.iter().map(|code| code.digest(terms.pepper, event.as_str()).0).collect();
        let path = self.path.clone();
        let failed = |error: sqlx::Error| AdminError::from(store_error(&path, &error));
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        let rows = Rows { event: record.id, now, expires_at: terms.valid_until };
        let ids = rows.insert(&mut transaction, invitees, &digests).await.map_err(failed)?;
        let made = ids.into_iter().zip(codes);
        let made: Vec<Invited> =
            made.map(|((person, invitation), code)| Invited { person, invitation, code }).collect();
        // An error drops the transaction, which rolls it back.
        hand_out(&made).map_err(AdminError::NotHandedOut)?;
        transaction.commit().await.map_err(failed)?;
        Ok(made)
    }
}

/// What the rows of one call have in common.
struct Rows {
    event: EventId,
    now: UnixMillis,
    expires_at: Option<UnixMillis>,
}

impl Rows {
    async fn insert(
        &self,
        connection: &mut SqliteConnection,
        invitees: Invitees<'_>,
        digests: &[[u8; 32]],
    ) -> Result<Vec<(PersonId, InvitationId)>, sqlx::Error> {
        let mut ids = Vec::with_capacity(digests.len());
        match invitees {
            Invitees::New(people) => {
                for (person, digest) in people.iter().zip(digests) {
                    let id = self.person(connection, person).await?;
                    ids.push((id, self.invitation(connection, id, digest).await?));
                }
                count_invited(connection, self.event, people.len()).await?;
            }
            Invitees::Again(person) => {
                for digest in digests {
                    ids.push((person, self.invitation(connection, person, digest).await?));
                }
            }
        }
        Ok(ids)
    }

    async fn person(
        &self,
        connection: &mut SqliteConnection,
        person: &NewPerson,
    ) -> Result<PersonId, sqlx::Error> {
        let done = sqlx::query(
            "INSERT INTO people (event, name, delegation, kind, role, language, spaces, created_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(self.event.0)
        .bind(person.name.as_str())
        .bind(person.delegation.as_str())
        .bind(to_word(&person.kind))
        .bind(to_word(&person.role))
        .bind(person.language.map(Language::code))
        .bind(spaces_to_json(&person.spaces))
        .bind(self.now.0)
        .execute(connection)
        .await?;
        Ok(PersonId(done.last_insert_rowid()))
    }

    async fn invitation(
        &self,
        connection: &mut SqliteConnection,
        person: PersonId,
        digest: &[u8; 32],
    ) -> Result<InvitationId, sqlx::Error> {
        let done = sqlx::query(
            "INSERT INTO invitations (person, code_digest, created_at, expires_at) VALUES (?, ?, ?, ?)",
        )
        .bind(person.0)
        .bind(digest.as_slice())
        .bind(self.now.0)
        .bind(self.expires_at.map(|at| at.0))
        .execute(connection)
        .await?;
        Ok(InvitationId(done.last_insert_rowid()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::api::{InvitationState, StoreReply, StoreRequest};
    use crate::store::events::NewEvent;
    use crate::store::people::PersonRef;
    use crate::store::testing::{PEPPER, TestDatabase, counting};

    fn key() -> EventKey {
        EventKey::new("wtf").unwrap()
    }

    async fn with_event() -> TestDatabase {
        let mut test = TestDatabase::new().await;
        test.database.add_event(&NewEvent::test("wtf", "Forum")).await.unwrap();
        test
    }

    #[tokio::test]
    async fn codes_are_not_in_the_file() {
        let mut test = with_event().await;
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
        let mut test = with_event().await;
        let people = [NewPerson::delegate("Ada"), NewPerson::delegate("Bo")];
        let result = test.database.invite(&key(), &people, &PEPPER, &mut || Ok(1)).await;
        assert!(result.is_err());
        assert!(test.database.people(&key()).await.unwrap().is_empty());
        assert_eq!(test.database.events().await.unwrap()[0].invited, 0);
    }

    #[tokio::test]
    async fn nobody_is_invited_whose_code_could_not_be_handed_out() {
        let mut test = with_event().await;
        let people = [NewPerson::delegate("Ada")];
        let (terms, mut random) = (Terms::open_ended(&PEPPER), counting());
        let new = Invitees::New(&people);
        let mut full = |_: &[Invited]| Err("links.csv: no space left".to_owned());
        let refused = test.database.invite_with(&key(), new, terms, &mut random, &mut full).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("nobody was invited") && refused.contains("no space left"), "{refused}");
        assert!(test.database.people(&key()).await.unwrap().is_empty());
        assert_eq!(test.database.events().await.unwrap()[0].invited, 0);
        // The connection goes on as if nothing had been.
        let mut seen = Vec::new();
        let mut keep = |made: &[Invited]| {
            seen.extend_from_slice(made);
            Ok(())
        };
        let made = test.database.invite_with(&key(), new, terms, &mut random, &mut keep).await.unwrap();
        assert_eq!(seen, made);
    }

    #[tokio::test]
    async fn nobody_is_invited_to_an_event_that_has_ended_nor_again() {
        let mut test = with_event().await;
        let people = [NewPerson::delegate("Ada")];
        let mut random = counting();
        let ada = test.database.invite(&key(), &people, &PEPPER, &mut random).await.unwrap()[0].person;
        test.database.close_event(&key()).await.unwrap();
        let terms = Terms::open_ended(&PEPPER);
        for invitees in [Invitees::New(&people), Invitees::Again(ada)] {
            let hand_out: HandOut<'_> = &mut |_| Ok(());
            let refused = test.database.invite_with(&key(), invitees, terms, &mut random, hand_out).await;
            assert!(matches!(refused, Err(AdminError::EventEnded(_))), "{refused:?}");
        }
    }

    #[tokio::test]
    async fn an_invitation_counts_until_its_end() {
        let mut test = with_event().await;
        let people = [NewPerson::delegate("Ada")];
        let end = UnixMillis(2_000_000);
        let terms = Terms { pepper: &PEPPER, valid_until: Some(end) };
        let (new, mut random) = (Invitees::New(&people), counting());
        let made = test.database.invite_with(&key(), new, terms, &mut random, &mut |_| Ok(())).await.unwrap();
        let (code, invitation) = (made[0].code, made[0].invitation);
        let asked = [
            StoreRequest::FindInvitation { event: key(), code },
            StoreRequest::FindTicketSubject { invitation },
        ];
        let expired = InvitationState::Expired { at: end };
        for (now, state, valid) in [(1_999_999, InvitationState::Valid, 1), (2_000_000, expired, 0)] {
            test.set_now(now);
            for request in &asked {
                let StoreReply::Invitation(Some(found)) = test.ask(request.clone()).await else { panic!() };
                assert_eq!(found.state, state);
            }
            let row = &test.database.people(&key()).await.unwrap()[0];
            assert_eq!((row.valid_invitations, row.expired_invitations), (valid, 1 - valid));
        }
        let late = test.database.invite_with(&key(), new, terms, &mut random, &mut |_| Ok(())).await;
        assert!(late.unwrap_err().to_string().contains("--valid-until"));
        test.database.revoke(&key(), &[PersonRef::Id(made[0].person)], "").await.unwrap();
        let StoreReply::Invitation(Some(found)) = test.ask(asked[0].clone()).await else { panic!() };
        assert_eq!(found.state, InvitationState::Revoked, "the organiser's word is the stronger one");
    }
}
