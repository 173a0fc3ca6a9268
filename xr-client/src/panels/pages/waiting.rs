//! On the way in, and what stands in the way: progress, lost connections, refusals.

use super::{frame, start};
use crate::panels::model::{PanelAction, Problem, Stage};
use crate::panels::theme::{GAP, SPACE};
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, ButtonKind};
use crate::panels::words::Value;
use egui::Ui;

/// Shows how far the way has got.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    frame::card(view, ui, |view, ui| match &view.model.stage {
        Stage::Hosting => going(view, ui, "wait-hosting", "", None),
        Stage::Connecting { host } => going(view, ui, "wait-connecting", host, None),
        Stage::Joining { host } => going(view, ui, "wait-joining", host, None),
        Stage::Loading { done, total } => {
            let share = if *total == 0 { 0.0 } else { *done as f32 / *total as f32 };
            going(view, ui, "wait-loading", &megabytes(view, *done, *total), Some(share));
        }
        Stage::Lost { problem, retry_in_secs } => lost(view, ui, problem, *retry_in_secs),
        Stage::Ended(problem) => ended(view, ui, problem),
        Stage::Start | Stage::StartWithProblem(_) | Stage::Inside => {}
    });
}

/// "3.1 / 24.0": the unit stands in the sentence.
fn megabytes(view: &View<'_>, done: u64, total: u64) -> String {
    let tenths = |bytes: u64| view.words.tenths(bytes.saturating_add(50_000) / 100_000);
    format!("{} / {}", tenths(done), tenths(total))
}

fn going(view: &mut View<'_>, ui: &mut Ui, key: &str, value: &str, share: Option<f32>) {
    let text = view.tv(key, &[("value", Value::Text(value))]);
    widgets::heading(view, ui, &text, Look::HEADING);
    ui.add_space(GAP);
    widgets::progress(view, ui, share, &text);
    ui.add_space(SPACE);
    let cancel = view.t("cancel");
    if widgets::button(view, ui, &cancel, ButtonKind::Plain) {
        view.actions.push(PanelAction::Cancel);
    }
}

fn lost(view: &mut View<'_>, ui: &mut Ui, problem: &Problem, retry_in_secs: Option<u32>) {
    let name = view.t("wait-lost");
    widgets::heading(view, ui, &name, Look::HEADING);
    let text = view.words.problem(problem);
    start::alert(view, ui, &text);
    let next = match retry_in_secs {
        Some(secs) => view.tv("wait-retry-in", &[("seconds", Value::Count(secs as usize))]),
        None => view.t("wait-retrying"),
    };
    let quiet = view.theme.quiet;
    widgets::label_colored(view, ui, &next, Look::BODY, quiet);
    ui.add_space(GAP);
    buttons(view, ui, Some(("retry-now", PanelAction::Retry)));
}

fn ended(view: &mut View<'_>, ui: &mut Ui, problem: &Problem) {
    let name = view.t("wait-ended");
    widgets::heading(view, ui, &name, Look::HEADING);
    let text = view.words.problem(problem);
    start::alert(view, ui, &text);
    ui.add_space(GAP);
    let first = match problem {
        Problem::TakenOver => Some(("continue-here", PanelAction::TakeOver)),
        // The sentence asks whether the key is right; trying again is the answer.
        Problem::UnknownServer { .. } | Problem::KeyChanged { .. } => Some(("go-on", PanelAction::Retry)),
        _ if can_retry(problem) => Some(("retry", PanelAction::Retry)),
        _ => None,
    };
    buttons(view, ui, first);
}

fn buttons(view: &mut View<'_>, ui: &mut Ui, first: Option<(&str, PanelAction)>) {
    ui.horizontal_wrapped(|ui| {
        let mut kind = ButtonKind::Primary;
        if let Some((key, action)) = first {
            let text = view.t(key);
            if widgets::button(view, ui, &text, ButtonKind::Primary) {
                view.actions.push(action);
            }
            kind = ButtonKind::Plain;
        }
        let back = view.t("to-start");
        if widgets::button(view, ui, &back, kind) {
            view.actions.push(PanelAction::Cancel);
        }
    });
}

/// Whether the same try can succeed later without another link.
fn can_retry(problem: &Problem) -> bool {
    !matches!(
        problem,
        Problem::LinkEmpty
            | Problem::LinkScheme { .. }
            | Problem::LinkHost { .. }
            | Problem::LinkPort { .. }
            | Problem::LinkEvent
            | Problem::LinkNoCode
            | Problem::LinkCode { .. }
            | Problem::LinkFingerprint
            | Problem::CodeWithoutServer
            | Problem::FingerprintMismatch { .. }
            | Problem::WrongVersion { .. }
            | Problem::UnknownInvitation
            | Problem::ExpiredInvitation
            | Problem::RevokedInvitation
            | Problem::Removed { .. }
    )
}
