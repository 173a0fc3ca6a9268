//! A full event: what who watches is told, how observers are marked in lists, and the buttons of who keeps order.

use crate::input::OrderCommand;
use crate::panels::model::PanelAction;
use crate::panels::order_model::InLine;
use crate::panels::theme::GAP;
use crate::panels::view::{Look, View};
use crate::panels::widgets;
use crate::panels::words::Value;
use egui::Ui;
use venue_model::ParticipantId;
use venue_protocol::{Act, ActReason};

/// Says that the user watches, how long the line is, and what can be done; nothing to others.
pub(crate) fn status(view: &mut View<'_>, ui: &mut Ui) {
    let Some((place, _)) =
        view.model.own.and_then(|own| found(view, own)).filter(|(_, own)| !own.is_brought_in)
    else {
        return;
    };
    let watching = view.model.order.line.iter().filter(|person| !person.is_brought_in).count();
    let others = watching.saturating_sub(1);
    let own = view.tv("watching-place", &[("count", Value::Count(place))]);
    widgets::label(view, ui, &own, Look::STRONG);
    let quiet = view.theme.quiet;
    if others > 0 {
        let others = view.tv("watching-others", &[("count", Value::Count(others))]);
        widgets::label_colored(view, ui, &others, Look::BODY, quiet);
    }
    let ask = view.t("watching-ask");
    widgets::label_colored(view, ui, &ask, Look::SMALL, quiet);
    ui.add_space(GAP);
}

/// How a person is marked who came to a full event; none for others.
pub(crate) fn note(view: &View<'_>, who: ParticipantId) -> Option<String> {
    let (place, person) = found(view, who)?;
    Some(match person.is_brought_in {
        true => view.t("watching-brought-in"),
        false => view.tv("watching-number", &[("count", Value::Count(place))]),
    })
}

/// What who keeps order can do about a person's watching: the key of the words, and the act.
pub(crate) fn act(view: &View<'_>, who: ParticipantId) -> Option<(&'static str, Act)> {
    let (_, person) = found(view, who).filter(|_| view.model.order.keeps_order)?;
    Some(match person.is_brought_in {
        true => ("watching-send-back", Act::SendBack(who)),
        false => ("watching-bring-in", Act::BringIn(who)),
    })
}

/// Does such an act.
pub(crate) fn moderate(view: &mut View<'_>, act: Act) {
    view.actions.push(PanelAction::Order(OrderCommand::Moderate(act, ActReason::default())));
}

/// Somebody's place in the line, from 1.
fn found(view: &View<'_>, who: ParticipantId) -> Option<(usize, InLine)> {
    let line = &view.model.order.line;
    let at = line.iter().position(|person| person.who == who)?;
    Some((at + 1, line[at]))
}
