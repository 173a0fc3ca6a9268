//! Step redact: what shall not be seen is painted over, in pictures and in the colours of vertices and points, before
//! any level of detail is made of them.
//!
//! A texel goes when any part of it lies on a surface inside of a marked box. What no surface outside of the boxes
//! shows goes with it for some texels around, because programs that unwrap scans repeat colours beyond the borders
//! of charts. The paint is the mean of what is around, never of what was there.

use super::placement::Redact;
use super::shape::Shape;
use crate::hierarchy::Piece;
use crate::report::Report;
use crate::textures::atlas::Sheets;
use anyhow::{Context, Result};
use glam::{Vec2, Vec3};
use std::collections::BTreeSet;

/// Paint spreads so far over texels that nothing outside shows.
const SPREAD: usize = 16;
/// What is around an area: so many texels, and this share of its size.
const AROUND: usize = 32;
const AROUND_SHARE: f32 = 1.5;
/// Texels looked at for each texel of a picture; pictures that repeat more often are painted over wholly.
const BUDGET: u64 = 64;
/// Most areas: a texel's mark is a byte.
pub(super) const MOST: usize = 250;
/// The mark of what a surface outside of every area shows.
const SHOWN: u8 = 255;
/// Paint where nothing is around.
const GREY: [u8; 3] = [128; 3];

/// An area with its paint for vertices and points.
#[derive(Clone, Debug)]
pub(super) struct Hidden {
    area: Redact,
    paint: [u8; 3],
}

impl Hidden {
    /// Paints the colours of a piece that lie inside.
    pub(super) fn paint(all: &[Self], piece: &mut Piece) {
        if piece.colors.is_empty() {
            return;
        }
        for hidden in all {
            for (color, &position) in piece.colors.iter_mut().zip(&piece.positions) {
                if is_within(hidden.area.cube_from_building.transform_point3(position.as_vec3()), 1.001) {
                    let [r, g, b] = hidden.paint;
                    *color = [r, g, b, 255];
                }
            }
        }
    }
}

fn is_within(point: Vec3, half: f32) -> bool {
    point.abs().max_element() <= half
}

/// Paints over the areas; from here on the shape gives what is left.
pub(super) fn apply(shape: &mut Shape<'_>, areas: &[Redact], report: &mut Report) -> Result<()> {
    if areas.is_empty() {
        return Ok(());
    }
    anyhow::ensure!(areas.len() <= MOST, "there are {} [[redact]]; {MOST} are allowed", areas.len());
    let (hidden, counts) = colors(shape, areas)?;
    let mut texels = vec![[0_u64; 2]; areas.len()];
    for picture in touched(shape, areas)? {
        let mask = Mask::make(shape, areas, picture)?;
        for (count, more) in texels.iter_mut().zip(mask.paint(shape, areas.len())?) {
            count[0] += more;
            count[1] += u64::from(more > 0);
        }
    }
    shape.hide(hidden);
    for ((area, count), [texels, pictures]) in areas.iter().zip(counts).zip(texels) {
        report.fact(
            "painted over",
            format!(
                "{}: {texels} texels in {pictures} pictures, {count} colours of vertices and points",
                area.what
            ),
        );
        if texels == 0 && count == 0 {
            report.warn(format!("{}: nothing of the scan with a colour lies in that area", area.what));
        }
    }
    Ok(())
}

/// The paint of each area for vertices and points, and how many lie inside.
fn colors(shape: &Shape<'_>, areas: &[Redact]) -> Result<(Vec<Hidden>, Vec<u64>)> {
    let mut sums = vec![[0_u64; 4]; areas.len()];
    let mut counts = vec![0; areas.len()];
    shape.visit(&mut |piece| {
        for (color, &position) in piece.colors.iter().zip(&piece.positions) {
            let inside: Vec<Vec3> = areas
                .iter()
                .map(|area| area.cube_from_building.transform_point3(position.as_vec3()))
                .collect();
            let is_hidden = inside.iter().any(|&point| is_within(point, 1.001));
            for (at, &point) in inside.iter().enumerate() {
                if is_within(point, 1.001) {
                    counts[at] += 1;
                } else if !is_hidden && is_within(point, AROUND_SHARE) {
                    (0..3).for_each(|i| sums[at][i] += u64::from(color[i]));
                    sums[at][3] += 1;
                }
            }
        }
        Ok(())
    })?;
    let hidden = areas.iter().zip(&sums).map(|(area, sum)| Hidden { area: area.clone(), paint: mean(sum) });
    Ok((hidden.collect(), counts))
}

fn mean(sum: &[u64; 4]) -> [u8; 3] {
    if sum[3] == 0 { GREY } else { std::array::from_fn(|i| (sum[i] / sum[3]) as u8) }
}

/// The pictures that surfaces in an area show.
fn touched(shape: &Shape<'_>, areas: &[Redact]) -> Result<Vec<u16>> {
    let mut pictures = BTreeSet::new();
    shape.visit(&mut |piece| {
        let Some(picture) = picture_of(shape, piece) else { return Ok(()) };
        if !pictures.contains(&picture) {
            let touches =
                |triangle: &[u32; 3]| areas.iter().any(|area| reaches(area, corners(piece, triangle)));
            if piece.indices.as_chunks::<3>().0.iter().any(touches) {
                pictures.insert(picture);
            }
        }
        Ok(())
    })?;
    Ok(pictures.into_iter().collect())
}

fn picture_of(shape: &Shape<'_>, piece: &Piece) -> Option<u16> {
    if piece.uvs.is_empty() {
        return None;
    }
    shape.looks().get(usize::from(piece.look))?.picture.map(|picture| picture as u16)
}

fn corners(piece: &Piece, triangle: &[u32; 3]) -> [Vec3; 3] {
    triangle.map(|index| piece.positions[index as usize].as_vec3())
}

/// Whether a triangle may reach into an area.
fn reaches(area: &Redact, corners: [Vec3; 3]) -> bool {
    let [a, b, c] = corners.map(|corner| area.cube_from_building.transform_point3(corner));
    a.min(b).min(c).cmple(Vec3::ONE).all() && a.max(b).max(c).cmpge(Vec3::NEG_ONE).all()
}

/// What becomes of each texel of a picture: 0 nothing shows it, 1 and more: the area that it lies in, [`SHOWN`].
struct Mask {
    picture: u16,
    size: [usize; 2],
    marks: Vec<u8>,
    budget: u64,
}

impl Mask {
    fn make(shape: &Shape<'_>, areas: &[Redact], picture: u16) -> Result<Self> {
        let size = shape.sources().size(picture).map(|side| side as usize);
        let count = size[0] * size[1];
        let mut mask = Self { picture, size, marks: vec![0; count], budget: count as u64 * BUDGET };
        shape.visit(&mut |piece| {
            if picture_of(shape, piece) == Some(picture) {
                for triangle in piece.indices.as_chunks::<3>().0 {
                    mask.triangle(areas, piece, triangle);
                }
            }
            Ok(())
        })?;
        mask.spread(areas.len());
        Ok(mask)
    }

    fn triangle(&mut self, areas: &[Redact], piece: &Piece, triangle: &[u32; 3]) {
        let corners = corners(piece, triangle);
        let [width, height] = self.size.map(|side| side as f32);
        let texels = triangle.map(|index| {
            piece.uvs.get(index as usize).copied().unwrap_or_default() * Vec2::new(width, height)
        });
        let within: Vec<(u8, [Vec3; 3])> = (1..)
            .zip(areas)
            .filter(|(_, area)| reaches(area, corners))
            .map(|(mark, area)| (mark, corners.map(|at| area.cube_from_building.transform_point3(at))))
            .collect();
        let Some(flat) = Flat::new(texels) else { return self.edges(&within, texels) };
        let (low, high) = flat.reach();
        let span = (high - low).max(Vec2::ONE);
        let work = (f64::from(span.x) * f64::from(span.y)) as u64;
        if work > self.budget {
            // Such a picture repeats over the surface: any part of it may show inside.
            if let Some((mark, _)) = within.first() {
                self.marks.fill(*mark);
            }
            return;
        }
        self.budget -= work;
        for y in low.y as i64..high.y as i64 {
            for x in low.x as i64..high.x as i64 {
                let at = Vec2::new(x as f32 + 0.5, y as f32 + 0.5);
                let Some((weights, is_inside)) = flat.weights(at) else { continue };
                let mark = within.iter().find(|(_, cube)| {
                    let point = cube[0] * weights.x + cube[1] * weights.y + cube[2] * weights.z;
                    point.abs().cmple(flat.texel_in(cube) + 1.0).all()
                });
                match mark {
                    Some((mark, _)) => self.set(x, y, *mark),
                    None if is_inside => self.set(x, y, SHOWN),
                    None => {}
                }
            }
        }
        self.edges(&within, texels);
    }

    /// Marks along the edges: a triangle may be thinner than a texel.
    fn edges(&mut self, within: &[(u8, [Vec3; 3])], texels: [Vec2; 3]) {
        for (mark, cube) in within {
            for (a, b) in [(0, 1), (1, 2), (2, 0)] {
                let steps = (texels[b] - texels[a]).length().mul_add(2.0, 1.0).min(100_000.0) as u32;
                for step in 0..=steps {
                    let share = step as f32 / steps as f32;
                    if is_within(cube[a].lerp(cube[b], share), 1.0) {
                        let at = texels[a].lerp(texels[b], share).floor();
                        self.set(at.x as i64, at.y as i64, *mark);
                    }
                }
            }
        }
    }

    fn set(&mut self, x: i64, y: i64, mark: u8) {
        let [width, height] = self.size;
        let (x, y) = (x.rem_euclid(width as i64) as usize, y.rem_euclid(height as i64) as usize);
        // What lies in an area goes, whatever else shows it.
        let place = &mut self.marks[y * width + x];
        if *place == 0 || *place == SHOWN {
            *place = mark;
        }
    }

    /// The columns and rows that an area's marks lie in.
    fn reach(&self, areas: usize) -> Vec<Option<[[usize; 2]; 2]>> {
        let mut reach: Vec<Option<[[usize; 2]; 2]>> = vec![None; areas];
        for (at, &mark) in self.marks.iter().enumerate().filter(|(_, mark)| (1..SHOWN).contains(*mark)) {
            let (x, y) = (at % self.size[0], at / self.size[0]);
            let [low, high] = reach[usize::from(mark) - 1].unwrap_or([[x, y]; 2]);
            reach[usize::from(mark) - 1] =
                Some([[low[0].min(x), low[1].min(y)], [high[0].max(x), high[1].max(y)]]);
        }
        reach
    }

    fn spread(&mut self, areas: usize) {
        let [width, height] = self.size;
        for [low, high] in self.reach(areas).into_iter().flatten() {
            let columns = low[0].saturating_sub(SPREAD)..(high[0] + SPREAD + 1).min(width);
            let rows = low[1].saturating_sub(SPREAD)..(high[1] + SPREAD + 1).min(height);
            for _ in 0..SPREAD {
                let mut grown = Vec::new();
                for (x, y) in rows.clone().flat_map(|y| columns.clone().map(move |x| (x, y))) {
                    if self.marks[y * width + x] != 0 {
                        continue;
                    }
                    let around = [(x.wrapping_sub(1), y), (x + 1, y), (x, y.wrapping_sub(1)), (x, y + 1)];
                    let marks = around.iter().filter(|(x, y)| columns.contains(x) && rows.contains(y));
                    let near = marks.map(|(x, y)| self.marks[y * width + x]).find(|m| (1..SHOWN).contains(m));
                    grown.extend(near.map(|mark| (y * width + x, mark)));
                }
                if grown.is_empty() {
                    break;
                }
                grown.into_iter().for_each(|(at, mark)| self.marks[at] = mark);
            }
        }
    }

    /// Paints the picture; how many texels of each area.
    fn paint(&self, shape: &Shape<'_>, areas: usize) -> Result<Vec<u64>> {
        let [width, _] = self.size;
        let reach = self.reach(areas);
        let mut sums = vec![[0_u64; 4]; areas];
        let failed = || "a picture in the work folder can not be changed; is there room on the disk?";
        let repaint = |change: &mut dyn FnMut(usize, &mut [[u8; 4]]) -> bool| {
            shape.sources().repaint(self.picture, change).with_context(failed)
        };
        repaint(&mut |y, row| {
            for (sum, [low, high]) in sums.iter_mut().zip(&reach).filter_map(|(s, r)| Some((s, (*r)?))) {
                if y + AROUND < low[1] || y > high[1] + AROUND {
                    continue;
                }
                let columns = low[0].saturating_sub(AROUND)..(high[0] + AROUND + 1).min(width);
                let marks = &self.marks[y * width..][columns.clone()];
                for (pixel, _) in row[columns].iter().zip(marks).filter(|(_, mark)| **mark == SHOWN) {
                    (0..3).for_each(|i| sum[i] += u64::from(pixel[i]));
                    sum[3] += 1;
                }
            }
            false
        })?;
        let mut counts = vec![0; areas];
        repaint(&mut |y, row| {
            let mut changed = false;
            for (pixel, &mark) in row.iter_mut().zip(&self.marks[y * width..]) {
                if (1..SHOWN).contains(&mark) {
                    let [r, g, b] = mean(&sums[usize::from(mark) - 1]);
                    *pixel = [r, g, b, 255];
                    counts[usize::from(mark) - 1] += 1;
                    changed = true;
                }
            }
            changed
        })?;
        Ok(counts)
    }
}

/// A triangle in its picture, in texels.
struct Flat {
    corners: [Vec2; 3],
    /// Twice the area, signed.
    doubled: f32,
}

impl Flat {
    /// None for what has no area.
    fn new(corners: [Vec2; 3]) -> Option<Self> {
        let doubled = (corners[1] - corners[0]).perp_dot(corners[2] - corners[0]);
        let good = doubled.is_finite()
            && doubled.abs() > 1e-6
            && corners.iter().all(|c| c.abs().max_element() < 1e7);
        good.then_some(Self { corners, doubled })
    }

    /// First and last texel, with one more to each side.
    fn reach(&self) -> (Vec2, Vec2) {
        let [a, b, c] = self.corners;
        (a.min(b).min(c).floor() - 1.0, a.max(b).max(c).ceil() + 1.0)
    }

    /// Shares of the corners at a texel's middle, and whether it lies in the triangle; none far from it.
    fn weights(&self, at: Vec2) -> Option<(Vec3, bool)> {
        let [a, b, c] = self.corners;
        let weights = Vec3::new(
            (b - at).perp_dot(c - at) / self.doubled,
            (c - at).perp_dot(a - at) / self.doubled,
            (a - at).perp_dot(b - at) / self.doubled,
        );
        if weights.min_element() >= 0.0 {
            return Some((weights, true));
        }
        let clamped = weights.max(Vec3::ZERO);
        let clamped = clamped / clamped.element_sum();
        let near = a * clamped.x + b * clamped.y + c * clamped.z;
        (near.distance_squared(at) <= 2.0).then_some((clamped, false))
    }

    /// How far a texel reaches in the space of these corners, each way.
    fn texel_in(&self, cube: &[Vec3; 3]) -> Vec3 {
        let [a, b, c] = self.corners;
        let (u, v) = (cube[1] - cube[0], cube[2] - cube[0]);
        let (across, down) = (b - a, c - a);
        let right = (u * down.y - v * across.y) / self.doubled;
        let below = (v * across.x - u * down.x) / self.doubled;
        right.abs() + below.abs()
    }
}
