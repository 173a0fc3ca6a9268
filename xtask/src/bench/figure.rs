//! One measured figure as a line of JSON.

use serde_json::json;

/// A figure; smaller is better unless its line says otherwise.
pub struct Figure<'a> {
    /// E.g. `frame.lounge-50.inside_seconds`.
    pub name: &'a str,
    /// The measured value.
    pub measured: f64,
    /// Its unit.
    pub unit: &'a str,
    /// What it should be at most, or at least.
    pub goal: Option<f64>,
    /// Who is compared with, and what was measured of them.
    pub peer: Option<(&'a str, f64)>,
}

impl Figure<'_> {
    /// The line. A figure without a peer says so.
    pub fn line(&self) -> String {
        self.line_as("lower")
    }

    /// The line of a figure that should be large.
    pub fn line_where_more_is_better(&self) -> String {
        self.line_as("higher")
    }

    fn line_as(&self, better: &str) -> String {
        let Self { name, measured, unit, goal, peer } = self;
        let rounded = |value: f64| (value * 1e4).round() / 1e4;
        let (peer, peer_measured) = (peer.map(|(peer, _)| peer), peer.map(|(_, of)| rounded(of)));
        let (measured, goal) = (rounded(*measured), goal.map(rounded));
        json!({
            "figure": name,
            "measured": measured,
            "unit": unit,
            "goal": goal,
            "better": better,
            "peer": peer,
            "peer_measured": peer_measured,
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_its_peer_or_says_that_there_is_none() {
        let figure = Figure { name: "a.b", measured: 1.23456, unit: "s", goal: None, peer: None };
        let line: serde_json::Value = serde_json::from_str(&figure.line()).unwrap();
        assert_eq!(line["measured"], 1.2346);
        assert!(line.get("peer").unwrap().is_null() && line.get("peer_measured").unwrap().is_null());
        let compared = Figure { peer: Some(("other 1.0", 2.0)), ..figure };
        let line: serde_json::Value = serde_json::from_str(&compared.line()).unwrap();
        assert_eq!((&line["peer"], &line["peer_measured"]), (&json!("other 1.0"), &json!(2.0)));
    }
}
