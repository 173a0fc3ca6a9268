//! What a person wants of the program itself rather than of the venue.

use crate::panels::Panel;
use crate::scene::camera::Perspective;
use venue_model::Language;

/// One wish.
#[derive(Clone, Debug, PartialEq)]
pub enum ShellCommand {
    /// Open a panel.
    OpenPanel(Panel),
    /// Open a panel, or close it when it is open.
    TogglePanel(Panel),
    /// Close whatever panel is open.
    ClosePanel,
    /// Say where one is.
    SayWhere,
    /// See the venue so.
    SetPerspective(Perspective),
    /// The other perspective.
    TogglePerspective,
    /// Show what the venue is made of, or do not.
    ShowOverlay(bool),
    /// Show what the venue is made of, or do not any more.
    ToggleOverlay,
    /// Copy the anchor that is aimed at, else the point of the floor, as text.
    CopyAnchor,
    /// Show what each picture takes, or do not any more.
    ToggleTimes,
    /// Show every text in this language.
    SetLanguage(Language),
    /// Write a picture under this name.
    Screenshot(String),
    /// End the program.
    Quit,
}
