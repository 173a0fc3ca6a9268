//! The page's part on sound: how long each space reverberates, how true its small mesh is, and what it is made of.

use crate::report::RoomFigures;
use maud::{Markup, html};
use venue_package::acoustics::TOLERANCE;

/// Surer than this needs no look, less sure than that does.
const SURE: [f32; 2] = [0.7, 0.35];

/// The section; nothing, when nothing is known.
pub(super) fn section(rooms: &[RoomFigures]) -> Markup {
    html! {
        @if !rooms.is_empty() {
            section {
                h2 { "How it sounds" }
                table {
                    thead { tr {
                        @for what in ["space", "reverberation, low / mid / high", "of the full mesh", "off by", "blocked", "off by", "air", "triangles"] {
                            th scope="col" { (what) }
                        }
                    } }
                    tbody { @for room in rooms { (row(room)) } }
                }
                @for room in rooms {
                    h3 { (room.space) " is made of" }
                    table {
                        thead { tr { @for what in ["material", "area", "how sure", "why"] { th scope="col" { (what) } } } }
                        tbody {
                            @for of in &room.materials {
                                tr {
                                    th scope="row" { (of.name) } td { (format!("{:.0} m²", of.area)) }
                                    td { span class={ "verdict v" (class(of.confidence)) } { (format!("{:.0} %", of.confidence * 100.0)) } }
                                    td { (of.why) }
                                }
                            }
                        }
                    }
                }
                p.note {
                    "Reverberation is RT60 in seconds, up to 800 Hz, up to 8 kHz and above, by rays in the small mesh that the venue is heard by and in the full one; "
                    "blocked is the share of sound between two places. Up to 20 % off is good. What is made of the wrong thing is said in "
                    code { "[acoustics]" } " of the file of places; " code { "place" } " changes it in seconds."
                }
            }
        }
    }
}

fn row(room: &RoomFigures) -> Markup {
    let times = |times: &[f32; 3]| times.map(|time| format!("{time:.2}")).join(" / ");
    let off = |share: f32| {
        let class = if share <= TOLERANCE { 0 } else { 3 };
        html! { span class={ "verdict v" (class) } { (format!("{:.0} %", share * 100.0)) } }
    };
    html! {
        tr {
            th scope="row" { (room.space) }
            td { (times(&room.reverberation)) " s" } td { (times(&room.full_reverberation)) " s" }
            td { (off(room.reverberation_difference)) }
            td { (format!("{:.0} %", room.occlusion[0] * 100.0)) } td { (off(room.occlusion_difference)) }
            td { (format!("{:.0} m³", room.volume)) } td { (room.triangles) }
        }
    }
}

fn class(confidence: f32) -> u8 {
    SURE.iter().position(|&limit| confidence >= limit).unwrap_or(2) as u8
}
