//! Names of pictures that lie side by side in texture space: `hall.1001.png`, `hall_u1_v1.png`, `hall.<UDIM>.png`.
//!
//! In UDIM the tile right of the first is 1002, the one above it 1011; ten tiles make a row. RealityCapture and
//! others count columns and rows from one: `_u2_v1` is right of `_u1_v1`.

/// Most tiles in a row, and most rows that are believed.
const TILES: u32 = 10;
const ROWS: u32 = 100;

/// A name with a tile's number in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tiled {
    before: String,
    behind: String,
    style: Style,
    /// Column and row, from 0; none in `<UDIM>`.
    pub(super) tile: Option<[u32; 2]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Udim,
    ColumnRow,
}

impl Tiled {
    /// The tile's number in a picture's name, if there is one.
    pub(super) fn find(name: &str) -> Option<Self> {
        let made = |from: usize, to: usize, style, tile| {
            let (before, behind) = (name.get(..from)?.to_owned(), name.get(to..)?.to_owned());
            Some(Self { before, behind, style, tile })
        };
        let lower = name.to_ascii_lowercase();
        if let Some(at) = lower.find("<udim>") {
            return made(at, at + 6, Style::Udim, None);
        }
        if let Some((from, to, tile)) = column_row(&lower) {
            return made(from, to, Style::ColumnRow, Some(tile));
        }
        let stem = name.rfind('.').unwrap_or(name.len());
        let number: u32 = name.get(stem.checked_sub(4)?..stem)?.parse().ok()?;
        let separator = name.as_bytes().get(stem.checked_sub(5)?)?;
        let at = number.checked_sub(1001).filter(|&at| at < TILES * ROWS && b"._-".contains(separator))?;
        made(stem - 4, stem, Style::Udim, Some([at % TILES, at / TILES]))
    }

    /// The name of another tile of the same set.
    pub(super) fn name(&self, [column, row]: [u32; 2]) -> String {
        let number = match self.style {
            Style::Udim => (1001 + column + TILES * row).to_string(),
            Style::ColumnRow => format!("_u{}_v{}", column + 1, row + 1),
        };
        format!("{}{number}{}", self.before, self.behind)
    }

    /// What all tiles of a set have in common.
    pub(super) fn set(&self) -> (String, String) {
        (self.before.clone(), self.behind.clone())
    }
}

/// The tile in which these texture coordinates (v upwards) lie, if it is one of a set.
pub(super) fn tile_of(uvs: [[f32; 2]; 3]) -> Option<[u32; 2]> {
    // By the middle: corners may lie on the border.
    let middle = |axis: usize| uvs.iter().map(|uv| uv[axis]).sum::<f32>() / 3.0;
    let place = |value: f32, most: u32| (value >= 0.0 && value < most as f32).then_some(value as u32);
    Some([place(middle(0), TILES)?, place(middle(1), ROWS)?])
}

/// The last `_u…_v…` of a name in small letters.
fn column_row(lower: &str) -> Option<(usize, usize, [u32; 2])> {
    let from = lower.rfind("_u")?;
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let column = &lower[from + 2..];
    let column_digits = digits(column);
    let row = column[column_digits..].strip_prefix("_v")?;
    let row_digits = digits(row);
    let count = |text: &str, most: u32| {
        text.parse::<u32>().ok().and_then(|number| number.checked_sub(1)).filter(|&at| at < most)
    };
    let tile = [count(&column[..column_digits], TILES)?, count(&row[..row_digits], ROWS)?];
    Some((from, from + 2 + column_digits + 2 + row_digits, tile))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, tile: Option<Option<[u32; 2]>>, second: &str) {
        let found = Tiled::find(name);
        assert_eq!(found.as_ref().map(|found| found.tile), tile, "{name}");
        if let Some(found) = found {
            assert_eq!(found.name([1, 2]), second, "{name}");
        }
    }

    #[test]
    fn numbers_of_tiles_are_found_in_names() {
        check("hall.1001.png", Some(Some([0, 0])), "hall.1022.png");
        check("hall_1012.jpg", Some(Some([1, 1])), "hall_1022.jpg");
        check("hall.<UDIM>.png", Some(None), "hall.1022.png");
        check("hall_u1_v1.png", Some(Some([0, 0])), "hall_u2_v3.png");
        check("hall_U2_V10_diffuse.png", Some(Some([1, 9])), "hall_u2_v3_diffuse.png");
        check("hall.png", None, "");
        check("hall_2024.png", None, "");
        check("1001.png", None, "");
        check("hall_u0_v1.png", None, "");
        check("ä_u", None, "");
    }

    #[test]
    fn triangles_lie_in_the_tile_of_their_middle() {
        assert_eq!(tile_of([[1.0, 0.0], [2.0, 0.0], [1.5, 1.0]]), Some([1, 0]));
        assert_eq!(tile_of([[-1.0, 0.0], [-2.0, 0.0], [-1.5, 1.0]]), None);
        assert_eq!(tile_of([[f32::NAN; 2]; 3]), None);
    }
}
