//! How the panels look: colours, sizes, distances. Nothing here draws.

use crate::panels::model::PanelSettings;
use egui::Color32;

/// Colours and sizes for one set of settings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theme {
    /// Behind a panel that lies over the venue.
    pub panel: Color32,
    /// Round a panel.
    pub edge: Color32,
    /// Behind a field or a text from somebody else.
    pub well: Color32,
    /// Behind what may be pressed.
    pub button: Color32,
    /// The same under the pointer.
    pub button_hover: Color32,
    /// What is read.
    pub text: Color32,
    /// What is read second.
    pub quiet: Color32,
    /// The one accent.
    pub accent: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// Behind one's own texts and what is chosen.
    pub accent_soft: Color32,
    /// Failed, leave.
    pub warning: Color32,
    /// Behind the start page: top and bottom.
    pub sky: [Color32; 2],
    /// Width of outlines, points.
    pub line: f32,
    /// Factor on every text size.
    pub text_scale: f32,
}

/// Corners of panels, points.
pub const RADIUS: f32 = 12.0;
/// Corners of buttons and fields, points.
pub const SMALL_RADIUS: f32 = 9.0;
/// Distance between things that belong together.
pub const GAP: f32 = 8.0;
/// Distance between groups, and from a panel's edge.
pub const SPACE: f32 = 20.0;

impl Theme {
    /// The theme for these settings.
    pub fn new(settings: &PanelSettings) -> Self {
        let text_scale =
            if settings.text_scale.is_finite() { settings.text_scale.clamp(0.75, 2.5) } else { 1.0 };
        if settings.high_contrast { Self::high_contrast(text_scale) } else { Self::glass(text_scale) }
    }

    fn glass(text_scale: f32) -> Self {
        let veil = |alpha| Color32::from_white_alpha(alpha);
        Self {
            panel: Color32::from_rgba_unmultiplied(12, 20, 33, 236),
            edge: veil(28),
            well: Color32::from_rgba_unmultiplied(5, 10, 18, 150),
            button: veil(16),
            button_hover: veil(34),
            text: Color32::from_rgb(238, 243, 249),
            quiet: Color32::from_rgb(166, 180, 198),
            accent: Color32::from_rgb(99, 180, 242),
            on_accent: Color32::from_rgb(6, 18, 32),
            accent_soft: Color32::from_rgb(31, 62, 94),
            warning: Color32::from_rgb(255, 158, 140),
            sky: [Color32::from_rgb(15, 32, 56), Color32::from_rgb(6, 12, 22)],
            line: 1.0,
            text_scale,
        }
    }

    fn high_contrast(text_scale: f32) -> Self {
        Self {
            panel: Color32::BLACK,
            edge: Color32::WHITE,
            well: Color32::BLACK,
            button: Color32::from_gray(28),
            button_hover: Color32::from_gray(64),
            text: Color32::WHITE,
            quiet: Color32::from_gray(225),
            accent: Color32::from_rgb(255, 220, 0),
            on_accent: Color32::BLACK,
            accent_soft: Color32::from_gray(50),
            warning: Color32::from_rgb(255, 176, 160),
            sky: [Color32::BLACK, Color32::BLACK],
            line: 2.0,
            text_scale,
        }
    }

    /// A text size in points.
    pub fn size(&self, size: TextSize) -> f32 {
        let points = match size {
            TextSize::Title => 30.0,
            TextSize::Heading => 20.0,
            TextSize::Body => 16.0,
            TextSize::Small => 13.5,
        };
        points * self.text_scale
    }

    /// Height of buttons, fields and list rows at least: large enough for a finger.
    pub fn row_height(&self) -> f32 {
        (44.0 * self.text_scale).max(40.0)
    }
}

/// The four sizes of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextSize {
    /// The product's name.
    Title,
    /// A panel's name.
    Heading,
    /// What is read.
    #[default]
    Body,
    /// What stands beside it.
    Small,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, WCAG 2.2.
    fn luminance(color: [f32; 3]) -> f32 {
        let linear = color.map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
        linear[0] * 0.2126 + linear[1] * 0.7152 + linear[2] * 0.0722
    }

    /// A premultiplied colour over an opaque one.
    fn over(top: Color32, below: [f32; 3]) -> [f32; 3] {
        let rest = 1.0 - f32::from(top.a()) / 255.0;
        let part = |index: usize| f32::from(top.to_array()[index]) / 255.0 + below[index] * rest;
        [part(0), part(1), part(2)]
    }

    fn contrast(a: [f32; 3], b: [f32; 3]) -> f32 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_can_be_read_over_the_brightest_venue() {
        for high_contrast in [false, true] {
            let theme = Theme::new(&PanelSettings { high_contrast, ..PanelSettings::default() });
            let panel = over(theme.panel, [1.0; 3]);
            let behind = [
                panel,
                over(theme.button_hover, panel),
                over(theme.well, panel),
                over(theme.accent_soft, panel),
                over(theme.sky[0], [0.0; 3]),
            ];
            for ground in behind {
                for text in [theme.text, theme.quiet, theme.warning] {
                    let ratio = contrast(over(text, ground), ground);
                    assert!(ratio >= 4.5, "{ratio} {text:?} on {ground:?}");
                }
            }
            let ratio = contrast(over(theme.on_accent, panel), over(theme.accent, panel));
            assert!(ratio >= 4.5, "{ratio}");
        }
    }

    #[test]
    fn a_broken_text_scale_does_no_harm() {
        let theme = Theme::new(&PanelSettings { text_scale: f32::NAN, ..PanelSettings::default() });
        assert_eq!(theme.size(TextSize::Body), 16.0);
    }
}
