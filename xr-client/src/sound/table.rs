//! The one table from what happens to what sounds. What the person is told in words by the same event stands in
//! `notices.rs`.
//!
//! It must not know settings, time or devices.

use super::kinds::Sound;
use crate::core::{CoreEvent, Happening};
use crate::panels::model::{Conversation, Notice};
use crate::panels::order_model::{SafetyNotice, WatchNews};
use crate::panels::talk_model::TalkNotice;
use venue_protocol::ActKind;

/// Who listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listener {
    /// Anybody.
    Delegate,
    /// Chairs, moderators, organisers.
    KeepsOrder,
}

/// What an event asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    /// A sound, once.
    Once(Sound),
    /// A sound again and again, until its end or a few times.
    Begin(Sound),
    /// The end of it.
    End(Sound),
}

/// What an event sounds like; most do not sound.
pub fn cue_of(event: &CoreEvent, listener: Listener) -> Option<Cue> {
    let happening = match event {
        CoreEvent::Notice(notice) => return sound_of_notice(notice, listener).map(Cue::Once),
        CoreEvent::Happened(happening) => happening,
        CoreEvent::VenueOpened(_)
        | CoreEvent::Tiles(_)
        | CoreEvent::Tile { .. }
        | CoreEvent::TileFailed(_)
        | CoreEvent::Jumped
        | CoreEvent::Admitted { .. } => return None,
    };
    Some(match happening {
        Happening::Text(Conversation::Person(_)) | Happening::TalkText => Cue::Once(Sound::ToMe),
        // It is asked quietly: once, as somebody who steps up to one.
        Happening::TalkAsked => Cue::Once(Sound::ToMe),
        Happening::Text(Conversation::Room(_)) => Cue::Once(Sound::ToRoom),
        Happening::Summoned => Cue::Begin(Sound::Summons),
        Happening::SummonsOver => Cue::End(Sound::Summons),
        Happening::Lost => Cue::Once(Sound::Lost),
        Happening::Back => Cue::Once(Sound::Back),
    })
}

fn sound_of_notice(notice: &Notice, listener: Listener) -> Option<Sound> {
    match notice {
        Notice::Announced(_) => Some(Sound::Announcement),
        Notice::ActTold { kind, .. } => match kind {
            ActKind::Mute | ActKind::MuteSpace => Some(Sound::Muted),
            ActKind::AskToUnmute => Some(Sound::AskedToUnmute),
            ActKind::LowerHand => Some(Sound::HandLowered),
            // They have events of their own.
            ActKind::Summon | ActKind::Remove | ActKind::Lock | ActKind::Announce => None,
            ActKind::BringIn | ActKind::SendBack => None,
        },
        Notice::HandRaised { .. } => (listener == Listener::KeepsOrder).then_some(Sound::HandRaised),
        // Moderators write to this person alone, or a report waits for them.
        Notice::Safety(SafetyNotice::Answered { .. } | SafetyNotice::Filed { .. }) => Some(Sound::ToMe),
        // Others see the person from now on.
        Notice::Watching(WatchNews::CameIn | WatchNews::BroughtIn) => Some(Sound::ToMe),
        Notice::MicrophoneShut(_) => Some(Sound::Muted),
        // Who hears one has changed.
        Notice::Talk(TalkNotice::Begun | TalkNotice::Joined { .. }) => Some(Sound::ToMe),
        Notice::Talk(_) => None,
        // The answer to what the person just did is seen where they look.
        Notice::Safety(_)
        | Notice::Problem(_)
        | Notice::PutBack
        | Notice::Observing
        | Notice::Watching(WatchNews::SentBack)
        | Notice::HandNotOpen
        | Notice::MicrophoneClosed
        | Notice::HeightMeasured
        | Notice::HeightNotMeasured
        | Notice::Where(_)
        | Notice::ActDone(_)
        | Notice::ActRefused(_)
        | Notice::ActUndone(_)
        | Notice::SummonsEnded { .. }
        | Notice::Overlay { .. }
        | Notice::Copied { .. }
        | Notice::NothingToCopy
        | Notice::VenueRenewed
        | Notice::VenueNote { .. }
        | Notice::NoWay(_) => None,
        // The loss and the return of the connection sound by themselves.
        Notice::Reconnected => None,
        // Coming and going would be noise in a lounge.
        Notice::Arrived { .. } | Notice::Departed { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use venue_model::{ParticipantId, SpaceId};

    fn check(event: CoreEvent, expected: Option<Cue>) {
        assert_eq!(cue_of(&event, Listener::Delegate), expected, "{event:?}");
    }

    fn told(kind: ActKind) -> CoreEvent {
        CoreEvent::Notice(Notice::ActTold { kind, name: "Mona".into(), reason: String::new() })
    }

    #[test]
    fn texts_sound_by_whom_they_are_for() {
        let text = |conversation| CoreEvent::Happened(Happening::Text(conversation));
        check(text(Conversation::Person(ParticipantId(2))), Some(Cue::Once(Sound::ToMe)));
        check(text(Conversation::Room(SpaceId(1))), Some(Cue::Once(Sound::ToRoom)));
    }

    #[test]
    fn what_moderators_do_to_the_person_sounds_by_what_it_is() {
        check(told(ActKind::Mute), Some(Cue::Once(Sound::Muted)));
        check(told(ActKind::AskToUnmute), Some(Cue::Once(Sound::AskedToUnmute)));
        check(told(ActKind::LowerHand), Some(Cue::Once(Sound::HandLowered)));
        check(told(ActKind::Lock), None);
        check(CoreEvent::Happened(Happening::Summoned), Some(Cue::Begin(Sound::Summons)));
        check(CoreEvent::Happened(Happening::SummonsOver), Some(Cue::End(Sound::Summons)));
    }

    #[test]
    fn a_raised_hand_sounds_for_who_gives_the_floor_and_nobody_sounds_on_coming_in() {
        let hand = CoreEvent::Notice(Notice::HandRaised { name: "Ana".into() });
        assert_eq!(cue_of(&hand, Listener::KeepsOrder), Some(Cue::Once(Sound::HandRaised)));
        check(hand, None);
        check(CoreEvent::Notice(Notice::Arrived { name: "Ana".into() }), None);
    }
}
