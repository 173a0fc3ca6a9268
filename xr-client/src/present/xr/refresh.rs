//! Which of a headset's refresh rates is asked for.
//!
//! Pure but for [`apply`]; it must not know why a rate is wanted.

use super::runtime::Runtime;
use super::settings::Refresh;
use openxr as xr;

/// Below this the picture flickers for many people, Hz.
const LEAST: f32 = 72.0;

/// Rates this close are the same, Hz.
const CLOSE: f32 = 0.6;

/// The rates that the runtime lets one choose from, Hz; empty where it lets nobody choose.
pub fn offered(runtime: &Runtime, session: &xr::Session<xr::Vulkan>) -> Vec<u16> {
    if !runtime.offers.refresh_rate {
        tracing::info!("the headset has one refresh rate: its runtime offers no choice");
        return Vec::new();
    }
    match session.enumerate_display_refresh_rates() {
        Ok(rates) => whole(&rates),
        Err(error) => {
            tracing::info!(%error, "the headset keeps its refresh rate");
            Vec::new()
        }
    }
}

/// Rates as they are called, in order.
fn whole(rates: &[f32]) -> Vec<u16> {
    let sane = rates.iter().filter(|rate| rate.is_finite() && (1.0..1000.0).contains(*rate));
    let mut whole: Vec<u16> = sane.map(|rate| rate.round() as u16).collect();
    whole.sort_unstable();
    whole.dedup();
    whole
}

/// Asks the runtime for the wanted rate, where it lets one choose.
pub fn apply(runtime: &Runtime, session: &xr::Session<xr::Vulkan>, wanted: Refresh) {
    if !runtime.offers.refresh_rate {
        return;
    }
    let ask = || -> xr::Result<()> {
        let offered = session.enumerate_display_refresh_rates()?;
        let now = session.get_display_refresh_rate()?;
        let chosen = choose(&offered, now, wanted);
        if let Some(rate) = chosen {
            session.request_display_refresh_rate(rate)?;
        }
        tracing::info!(hertz = chosen.unwrap_or(now), ?offered, "the headset's refresh rate");
        Ok(())
    };
    if let Err(error) = ask() {
        tracing::info!(%error, "the headset keeps its refresh rate");
    }
}

/// The rate to ask for; none if the present one is right.
fn choose(offered: &[f32], now: f32, wanted: Refresh) -> Option<f32> {
    let most = match wanted {
        Refresh::Auto if now + CLOSE >= LEAST => return None,
        // The runtime's own choice is too low: the lowest that is not.
        Refresh::Auto => {
            let enough = offered.iter().copied().filter(|rate| *rate + CLOSE >= LEAST);
            return enough.reduce(f32::min);
        }
        Refresh::UpTo(hertz) => f32::from(hertz),
    };
    // The highest up to the wish; a headset that has only more gets the lowest of them.
    let sane = || offered.iter().copied().filter(|rate| rate.is_finite() && *rate > 0.0);
    let chosen =
        sane().filter(|rate| *rate <= most + CLOSE).reduce(f32::max).or_else(|| sane().reduce(f32::min));
    chosen.filter(|rate| (rate - now).abs() > CLOSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(offered: &[f32], now: f32, wanted: Refresh, expected: Option<f32>) {
        assert_eq!(choose(offered, now, wanted), expected, "{offered:?} {now} {wanted:?}");
    }

    #[test]
    fn the_runtime_s_choice_stays_unless_it_flickers() {
        check(&[60.0, 72.0, 90.0, 120.0], 90.0, Refresh::Auto, None);
        check(&[60.0, 72.0, 90.0, 120.0], 60.0, Refresh::Auto, Some(72.0));
        check(&[60.0], 60.0, Refresh::Auto, None);
        check(&[], 60.0, Refresh::Auto, None);
    }

    #[test]
    fn a_wish_is_met_or_come_close_to_from_below() {
        check(&[60.0, 72.0, 90.0, 120.0], 72.0, Refresh::UpTo(90), Some(90.0));
        check(&[72.0, 80.0, 144.0], 72.0, Refresh::UpTo(120), Some(80.0));
        check(&[89.53, 59.94], 59.94, Refresh::UpTo(90), Some(89.53));
        check(&[90.0, 120.0], 120.0, Refresh::UpTo(72), Some(90.0));
        check(&[90.0], 90.0, Refresh::UpTo(90), None);
        check(&[f32::NAN, -1.0], 90.0, Refresh::UpTo(120), None);
    }

    #[test]
    fn rates_are_called_by_whole_numbers_in_order() {
        assert_eq!(whole(&[89.53, f32::NAN, 72.0, -1.0, 59.94, 90.0]), [60, 72, 90]);
        assert!(whole(&[]).is_empty());
    }
}
