//! MTL, the surfaces of OBJ: colour, opacity and the picture with its options.

use super::error::ScanError;
use super::source::Source;
use super::text::{Joins, Lines, number, shown, words};
use glam::{Vec2, Vec3};

/// Most surfaces of one library.
const MATERIALS: usize = 100_000;

/// A surface as the library has it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mtl {
    pub(super) name: String,
    pub(super) color: Vec3,
    pub(super) opacity: f32,
    pub(super) picture: Option<Map>,
    /// A picture says where there is something.
    pub(super) has_mask: bool,
    /// Illumination model 0: the colour is what is seen.
    pub(super) unlit: bool,
}

/// A picture and how its coordinates are changed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Map {
    pub(super) file: String,
    pub(super) scale: Vec2,
    pub(super) offset: Vec2,
}

impl Mtl {
    pub(super) fn plain(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            color: Vec3::ONE,
            opacity: 1.0,
            picture: None,
            has_mask: false,
            unlit: false,
        }
    }
}

/// Reads a library. Words that are not known are skipped, as everybody does.
pub(super) fn read(source: &Source) -> Result<Vec<Mtl>, ScanError> {
    let mut lines = Lines::new(source)?;
    let mut found: Vec<Mtl> = Vec::new();
    while let Some(line) = lines.next(Joins::Backslash)?.map(<[u8]>::to_vec) {
        let line = line.trim_ascii();
        let Some(word) = words(line).next() else { continue };
        let rest = line[word.len()..].trim_ascii();
        let word = word.to_ascii_lowercase();
        if word == b"newmtl" {
            if found.len() >= MATERIALS {
                return Err(lines.wrong(format!("it has more than {MATERIALS} materials")));
            }
            found.push(Mtl::plain(&shown(rest)));
            continue;
        }
        let Some(current) = found.last_mut() else { continue };
        let first = words(rest).next().and_then(number);
        match word.as_slice() {
            b"kd" => {
                let parts: Vec<f32> = words(rest).filter_map(number).map(|part| part as f32).collect();
                if let [red, green, blue, ..] = parts[..] {
                    current.color = Vec3::new(red, green, blue).clamp(Vec3::ZERO, Vec3::ONE);
                }
            }
            b"d" => current.opacity = first.map_or(1.0, |d| d as f32).clamp(0.0, 1.0),
            b"tr" => current.opacity = first.map_or(1.0, |tr| 1.0 - tr as f32).clamp(0.0, 1.0),
            b"illum" => current.unlit = first == Some(0.0),
            b"map_kd" => current.picture = map(rest),
            // Ambient pictures are those of programs that know no diffuse ones.
            b"map_ka" | b"map_ke" if current.picture.is_none() => current.picture = map(rest),
            b"map_d" => current.has_mask = true,
            _ => {}
        }
    }
    Ok(found)
}

/// Options, then the name, which may have spaces.
fn map(line: &[u8]) -> Option<Map> {
    let mut map = Map { file: String::new(), scale: Vec2::ONE, offset: Vec2::ZERO };
    let mut rest = line.trim_ascii();
    loop {
        let word = words(rest).next()?;
        // How many words follow; of vectors, as many as are numbers.
        let (most, is_vector) = match word.to_ascii_lowercase().as_slice() {
            b"-o" | b"-s" | b"-t" => (3, true),
            b"-mm" => (2, false),
            b"-blendu" | b"-blendv" | b"-cc" | b"-clamp" | b"-imfchan" | b"-texres" | b"-bm" | b"-boost"
            | b"-type" | b"-colorspace" => (1, false),
            _ => break,
        };
        let option = word.to_ascii_lowercase();
        rest = rest[word.len()..].trim_ascii_start();
        let mut values = Vec::new();
        for _ in 0..most {
            let Some(value) = words(rest).next() else { break };
            let value_number = number(value);
            if is_vector && value_number.is_none() {
                break;
            }
            values.push(value_number.unwrap_or_default() as f32);
            rest = rest[value.len()..].trim_ascii_start();
        }
        let vector = |without: f32| {
            let at = |i: usize| values.get(i).copied().filter(|value| value.is_finite()).unwrap_or(without);
            Vec2::new(at(0), at(1))
        };
        match option.as_slice() {
            b"-o" => map.offset = vector(0.0),
            b"-s" => map.scale = vector(1.0),
            _ => {}
        }
    }
    map.file = String::from_utf8_lossy(rest).trim().trim_matches('"').to_owned();
    (!map.file.is_empty()).then_some(map)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Option<(&str, Vec2, Vec2)>) {
        let expected = expected.map(|(file, scale, offset)| Map { file: file.into(), scale, offset });
        assert_eq!(map(line.as_bytes()), expected, "{line}");
    }

    #[test]
    fn options_of_maps_are_told_from_names() {
        check("a.jpg", Some(("a.jpg", Vec2::ONE, Vec2::ZERO)));
        check("my hall 1.jpg ", Some(("my hall 1.jpg", Vec2::ONE, Vec2::ZERO)));
        check(
            "-clamp on -s 2 3 1 -o 0.5 a b.png",
            Some(("a b.png", Vec2::new(2.0, 3.0), Vec2::new(0.5, 0.0))),
        );
        check("-mm 0 1 -imfchan m -bm 1.0 C:\\x\\a.png", Some(("C:\\x\\a.png", Vec2::ONE, Vec2::ZERO)));
        check("\"a b.png\"", Some(("a b.png", Vec2::ONE, Vec2::ZERO)));
        check("-s 1", None);
        check("", None);
    }

    #[test]
    fn a_library_is_read() {
        let text =
            b"# made by hand\nKd 9 9 9\nnewmtl the floor\n\tKd 0.5 0.25 2\n d 0.5\nillum 0\nmap_Ka x.png\n\
                     map_Kd a.jpg\nmap_d m.png\nnewmtl b\nTr 0.25\nmap_Ka only ambient.png\n";
        let found = read(&Source::memory("a.mtl", text)).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].name.as_str(), found[0].color), ("the floor", Vec3::new(0.5, 0.25, 1.0)));
        assert_eq!((found[0].opacity, found[0].unlit, found[0].has_mask), (0.5, true, true));
        assert_eq!(found[0].picture.as_ref().unwrap().file, "a.jpg");
        assert_eq!(
            (found[1].opacity, &found[1].picture.as_ref().unwrap().file[..]),
            (0.75, "only ambient.png")
        );
    }
}
