//! How what the server uses grows with the crowd: a part for each delegate and a part for each pair of them.

use super::table::Outcome;

/// Least squares of `each * n + pair * n²`: an empty hall costs next to nothing.
fn fit(points: &[(f64, f64)]) -> (f64, f64) {
    let sum = |power: i32, weight: fn(f64) -> f64| -> f64 {
        points.iter().map(|(n, used)| n.powi(power) * weight(*used)).sum()
    };
    let (squares, cubes, fourths) = (sum(2, |_| 1.0), sum(3, |_| 1.0), sum(4, |_| 1.0));
    let (by_one, by_square) = (sum(1, |used| used), sum(2, |used| used));
    let determinant = squares * fourths - cubes * cubes;
    let each = (by_one * fourths - by_square * cubes) / determinant;
    let pair = (squares * by_square - cubes * by_one) / determinant;
    (each, pair)
}

/// The fits of the whole server and of its two busy threads.
pub fn print(outcomes: &[Outcome]) {
    let outcomes: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.kept_up()).collect();
    if outcomes.len() < 2 {
        return println!("\nfit: there is none, fewer than two crowds had all their ticks");
    }
    let counts: Vec<String> = outcomes.iter().map(|outcome| outcome.delegates.to_string()).collect();
    println!("\nfit: CPU seconds a second = a · n + b · n² for n of {} delegates", counts.join(", "));
    for (what, thread) in [("server", ""), ("tick", "vev-tick"), ("network", "vev-quic")] {
        let points: Vec<(f64, f64)> =
            outcomes.iter().map(|outcome| (outcome.delegates as f64, outcome.thread(thread))).collect();
        let (each, pair) = fit(&points);
        println!(
            "  {what:<8} a = {:.3} ms, b = {:.3} µs; at 1,000 the squares are {:.0} % of it",
            each * 1e3,
            pair * 1e6,
            100.0 * pair * 1e6 / (each * 1e3 + pair * 1e6)
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_comes_out() {
        let used = |n: f64| (n, 0.4e-3 * n + 0.2e-6 * n * n);
        let (each, pair) = fit(&[200.0, 500.0, 1_000.0].map(used));
        assert!((each - 0.4e-3).abs() < 1e-9 && (pair - 0.2e-6).abs() < 1e-12, "{each} {pair}");
    }
}
