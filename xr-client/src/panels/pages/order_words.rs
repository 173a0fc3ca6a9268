//! The sentences about order: what was done to whom, and why something was not done.

use crate::panels::model::Notice;
use crate::panels::order_model::{Announced, SafetyNotice, WatchNews};
use crate::panels::view::View;
use crate::panels::words::Value;
use venue_protocol::{ActKind, ActRefusal, BlockRefusal, ReportRefusal, SummonsOutcome};

/// The sentence of a notice about order; none for other notices.
pub(crate) fn sentence(view: &View<'_>, notice: &Notice) -> Option<String> {
    Some(match notice {
        Notice::ActDone(_) => view.t("act-done"),
        Notice::ActRefused(why) => view.t(refusal_key(*why)),
        Notice::ActUndone(kind) => view.t(match kind {
            ActKind::Mute | ActKind::MuteSpace => "undone-mute",
            ActKind::LowerHand => "undone-hand",
            _ => "undone-other",
        }),
        Notice::ActTold { kind, name, reason } => {
            let key = match kind {
                ActKind::AskToUnmute => "told-unmute",
                ActKind::LowerHand => "told-hand",
                _ => "told-mute",
            };
            let told = view.tv(key, &[("name", Value::Text(name))]);
            match reason.is_empty() {
                true => told,
                false => format!("{told} {}", view.tv("told-reason", &[("reason", Value::Text(reason))])),
            }
        }
        Notice::Announced(Announced { name, words }) => {
            view.tv("announced", &[("name", Value::Text(name)), ("words", Value::Text(words))])
        }
        Notice::SummonsEnded { name, outcome } => {
            let key = match outcome {
                SummonsOutcome::Followed => "summons-followed",
                SummonsOutcome::Refused => "summons-refused",
                SummonsOutcome::Failed => "summons-failed",
                SummonsOutcome::Withdrawn => "summons-withdrawn",
            };
            view.tv(key, &[("name", Value::Text(name))])
        }
        Notice::Safety(notice) => safety(view, notice),
        Notice::Watching(news) => view.t(match news {
            WatchNews::CameIn => "notice-came-in",
            WatchNews::BroughtIn => "notice-brought-in",
            WatchNews::SentBack => "notice-sent-back",
        }),
        _ => return None,
    })
}

fn safety(view: &View<'_>, notice: &SafetyNotice) -> String {
    let name = |key, name| view.tv(key, &[("name", Value::Text(name))]);
    match notice {
        SafetyNotice::Blocked { name: who } => name("block-done", who),
        SafetyNotice::Unblocked { name: who } => name("block-ended", who),
        SafetyNotice::BlockRefused(why) => view.t(match why {
            BlockRefusal::NobodyThere => "act-refused-nobody-there",
            BlockRefusal::KeepsOrder => "block-refused-keeps-order",
            BlockRefusal::TooMany => "act-refused-too-fast",
            BlockRefusal::Full => "block-refused-full",
            BlockRefusal::NotStored => "act-refused-not-stored",
        }),
        SafetyNotice::Reported => view.t("report-sent"),
        SafetyNotice::ReportRefused(why) => view.t(match why {
            ReportRefusal::NobodyThere => "report-refused-nobody-there",
            ReportRefusal::Empty => "report-refused-empty",
            ReportRefusal::TooFast => "act-refused-too-fast",
            ReportRefusal::NotAllowed => "act-refused-not-allowed",
            ReportRefusal::NotStored => "act-refused-not-stored",
        }),
        SafetyNotice::Answered { about, words } => {
            view.tv("report-answered", &[("about", Value::Text(about)), ("words", Value::Text(words))])
        }
        SafetyNotice::Filed { by, about } => {
            view.tv("report-arrived", &[("by", Value::Text(by)), ("about", Value::Text(about))])
        }
        SafetyNotice::ReportClosed { name: who } => name("report-closed", who),
        SafetyNotice::Away => view.t("safe-now"),
    }
}

fn refusal_key(why: ActRefusal) -> &'static str {
    match why {
        ActRefusal::NotAllowed => "act-refused-not-allowed",
        ActRefusal::NobodyThere => "act-refused-nobody-there",
        ActRefusal::NotPossible => "act-refused-not-possible",
        ActRefusal::NotUndoable => "act-refused-not-undoable",
        ActRefusal::TooFast => "act-refused-too-fast",
        ActRefusal::NotStored => "act-refused-not-stored",
    }
}
