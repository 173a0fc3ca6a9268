//! Text: fonts, shaping, the atlas of glyphs, fields that are edited.
//!
//! All of it works in whole pixels of the screen. It knows no panel, no language file and no window.

pub mod atlas;
pub mod engine;
pub mod field;
pub mod fonts;
pub mod shelves;

pub use atlas::Atlas;
pub use engine::{LineAlign, Shaped, TextEngine, TextStyle};
pub use field::{FieldKind, TextField};
