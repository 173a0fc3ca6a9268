//! The sentences about private talks.

use crate::panels::talk_model::TalkNotice;
use crate::panels::view::View;
use crate::panels::words::Value;
use private_talk::End;
use venue_protocol::{TalkAskOutcome, ZoneRefusal};

/// The sentence of a notice about a private talk.
pub(crate) fn sentence(view: &View<'_>, notice: &TalkNotice) -> String {
    let named = |key, name: &str| view.tv(key, &[("name", Value::Text(name))]);
    match notice {
        TalkNotice::Begun => view.t("talk-begun"),
        TalkNotice::Joined { name } => named("talk-joined", name),
        TalkNotice::Left { name } => named("talk-left", name),
        TalkNotice::None { name, outcome } => match outcome {
            TalkAskOutcome::Declined => named("talk-declined", name),
            TalkAskOutcome::Later => named("talk-not-now", name),
            TalkAskOutcome::Gone => named("talk-gone", name),
            TalkAskOutcome::Expired => named("talk-expired", name),
            TalkAskOutcome::TooMany => view.t("talk-too-many"),
        },
        TalkNotice::Ended(end) => view.t(match end {
            End::Left => "talk-over",
            End::PutOut { .. } => "talk-put-out",
            End::OutOfStep => "talk-lost",
        }),
        TalkNotice::Failed => view.t("talk-failed"),
        TalkNotice::KeptOut => view.t("talk-kept-out"),
        TalkNotice::NotKept(why) => view.t(match why {
            ZoneRefusal::NotThere => "talk-keep-not-there",
            ZoneRefusal::Occupied => "talk-keep-occupied",
            ZoneRefusal::Taken => "talk-keep-taken",
            ZoneRefusal::NotInTalk => "talk-over",
        }),
    }
}
