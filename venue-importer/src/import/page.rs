//! The report as a page of HTML that needs nothing else: what was found, made and warned of, a plan, and what
//! devices make of it.

use super::budget::{self, CLASSES, Demand};
use super::{page_sound, plan, top_view};
use crate::preview::PagePicture;
use crate::progress_bar::time;
use crate::report::{Figures, Report, Step, TileFigures};
use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use venue_model::Language;
use venue_package::{DirectorySource, Package, Tileset};

const STYLE: &str = include_str!("page.css");

/// Where the page of a package lies: beside it, because a package holds only what it lists.
pub fn path(package: &Path) -> PathBuf {
    let mut name = package.file_name().unwrap_or_default().to_os_string();
    name.push(".report.html");
    package.with_file_name(name)
}

/// Writes the page of a package that was made, with pictures if there are any.
pub fn write(report: &Report, package: &Path, pictures: &[PagePicture]) -> Result<PathBuf> {
    let page = page(report, &Package::open(DirectorySource::new(package))?, pictures)?;
    let path = path(package);
    std::fs::write(&path, page).with_context(|| format!("{} can not be written", path.display()))?;
    Ok(path)
}

/// The page.
pub fn page(report: &Report, package: &Package, pictures: &[PagePicture]) -> Result<String> {
    let (tileset, floor) = (package.tileset()?, package.navigation()?);
    let area = plan::area(package);
    let ground = package.manifest().spawn_points.first().map_or(0.0, |spawn| spawn.place.position.y);
    // Without the view the plan still says where the floor is.
    let picture = top_view::draw(package, &tileset, &area, ground).ok();
    let name = package.manifest().name.get(Language::En);
    let demands = report.figures.as_ref().map(|figures| budget::demands(package, &tileset, &figures.tiles));
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (name) " – import" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p.kind { "Import report" }
                    h1 { (name) }
                    (summary(report, &tileset))
                }
                main {
                    (warnings(&report.warnings))
                    section {
                        h2 { "Plan" }
                        (plan::draw(package, &floor, &area, picture.as_deref()))
                        p.note { "From above, cut at head height. Blue: floor that people walk on. The arrow: where they appear, and the way they look." }
                    }
                    (seen(pictures))
                    (page_sound::section(&report.sound))
                    @if let Some(demands) = &demands { (devices(demands)) }
                    @if let Some(figures) = &report.figures { (levels(figures, &tileset)) }
                    @if report.steps.is_empty() { (facts(&report.facts)) }
                    (steps(&report.steps))
                }
            }
        }
    }
    .into_string())
}

fn summary(report: &Report, tileset: &Tileset) -> Markup {
    let scanned = |figures: &Figures| match figures.scan_triangles {
        0 => ("points scanned", figures.scan_points),
        triangles => ("triangles scanned", triangles),
    };
    let wall: Duration = report.steps.iter().map(|step| step.wall).sum();
    html! {
        dl.summary {
            @if let Some(figures) = &report.figures {
                @let (what, number) = scanned(figures);
                div { dt { (what) } dd { (count(number)) } }
            }
            div { dt { "tiles" } dd { (tileset.tiles.len()) } }
            @if let Some(figures) = &report.figures {
                div { dt { "package" } dd { (megabytes(figures.package_bytes as f64)) } }
            }
            @if !report.steps.is_empty() { div { dt { "made in" } dd.time { (time(wall.as_secs_f64())) } } }
            div { dt { "warnings" } dd { (report.warnings.len()) } }
        }
    }
}

fn warnings(warnings: &[String]) -> Markup {
    html! {
        @if !warnings.is_empty() {
            section.warnings {
                h2 { "Look at this" }
                ul { @for warning in warnings { li { (warning) } } }
            }
        }
    }
}

/// The venue as the client draws it.
fn seen(pictures: &[PagePicture]) -> Markup {
    html! {
        @if !pictures.is_empty() {
            section {
                h2 { "Pictures" }
                div.pictures {
                    @for picture in pictures {
                        figure {
                            img alt=(picture.title) loading="lazy"
                                src={ "data:image/jpeg;base64," (STANDARD.encode(&picture.jpeg)) };
                            figcaption { (picture.title) }
                        }
                    }
                }
                p.note { "Drawn by the client with every tile at its finest." }
            }
        }
    }
}

/// What was found by a command that does not measure its steps.
fn facts(facts: &[(String, String)]) -> Markup {
    html! {
        @if !facts.is_empty() {
            section.step {
                h2 { "What was found" }
                dl { @for (what, value) in facts { dt { (what) } dd { (value) } } }
            }
        }
    }
}

fn devices(demands: &[Demand; 2]) -> Markup {
    let [finest, first] = demands;
    let seconds = first.file_bytes as f64 / budget::LINE;
    let rows = [
        ("Triangles", count(finest.triangles), count(first.triangles)),
        ("Textures in memory", megabytes(finest.texture_bytes), megabytes(first.texture_bytes)),
        (
            "First view to fetch",
            "–".into(),
            format!("{} ({seconds:.1} s)", megabytes(first.file_bytes as f64)),
        ),
    ];
    html! {
        section {
            h2 { "What devices make of it" }
            table {
                thead { tr {
                    th scope="col" { "" } th scope="col" { "finest level" } th scope="col" { "first view" }
                    @for class in &CLASSES { th scope="col" { (class.name) } }
                } }
                tbody {
                    @for (at, (what, all, least)) in rows.iter().enumerate() {
                        tr {
                            th scope="row" { (what) } td { (all) } td { (least) }
                            @for class in &CLASSES {
                                @let (limit, verdict) = &class.judge(demands)[at];
                                td { span class={ "verdict v" (*verdict as u8) } { (verdict.word()) } " " span.limit { "of " (limit) } }
                            }
                        }
                    }
                }
            }
            p.note {
                b { "fits" } ": the finest level is held as a whole. "
                b { "streams" } ": what is near is fine, the rest coarser. "
                b { "slow" } ": more than 1.5 MB before anything is seen; times are for 20 Mbit/s. "
                b { "too much" } ": even the coarsest level is beyond the device."
            }
        }
    }
}

/// A level's tiles added up.
#[derive(Default)]
struct Level {
    tiles: u64,
    sum: TileFigures,
    error: f32,
}

fn levels(figures: &Figures, tileset: &Tileset) -> Markup {
    let mut levels: BTreeMap<u32, Level> = BTreeMap::new();
    for (figures, tile) in figures.tiles.iter().zip(&tileset.tiles) {
        let level = levels.entry(figures.level).or_default();
        level.tiles += 1;
        level.sum.items += figures.items;
        level.sum.bytes += figures.bytes;
        level.sum.picture_bytes += figures.picture_bytes;
        level.sum.pixels += figures.pixels;
        level.error = level.error.max(tile.geometric_error);
    }
    let of_one = |bytes: u64, items: u64| bytes as f64 / items.max(1) as f64;
    html! {
        section {
            h2 { "Levels of detail" }
            table {
                thead { tr { @for what in ["level", "tiles", "triangles", "geometry", "bytes each", "pictures", "Mpixel", "error at most"] { th scope="col" { (what) } } } }
                tbody {
                    @for (at, level) in levels.iter().rev() {
                        @let geometry = level.sum.bytes - level.sum.picture_bytes;
                        tr {
                            th scope="row" { (at) @if *at == 0 { " (finest)" } }
                            td { (level.tiles) } td { (count(level.sum.items)) }
                            td { (megabytes(geometry as f64)) } td { (format!("{:.1}", of_one(geometry, level.sum.items))) }
                            td { (megabytes(level.sum.picture_bytes as f64)) } td { (format!("{:.1}", level.sum.pixels as f64 * 1e-6)) }
                            td { (length(level.error)) }
                        }
                    }
                }
            }
        }
    }
}

fn steps(steps: &[Step]) -> Markup {
    let longest = steps.iter().map(|step| step.wall).max().unwrap_or_default().as_secs_f64().max(1e-9);
    html! {
        section {
            h2 { "Steps" }
            @for step in steps {
                article.step {
                    h3 { (step.name) span.time { (time(step.wall.as_secs_f64())) " · " (time(step.cpu.as_secs_f64())) " of processor" } }
                    div.bar { div style={ "width:" (format!("{:.1}", step.wall.as_secs_f64() / longest * 100.0)) "%" } {} }
                    @if !step.parts.is_empty() {
                        p.parts.time { @for (name, cpu) in &step.parts { span { (name) " " (time(cpu.as_secs_f64())) } } }
                    }
                    dl { @for (what, value) in &step.facts { dt { (what) } dd { (value) } } }
                }
            }
        }
    }
}

pub(super) fn count(number: u64) -> String {
    match number {
        n if n < 10_000 => n.to_string(),
        n if n < 1_000_000 => format!("{:.0} k", n as f64 * 1e-3),
        n => format!("{:.2} M", n as f64 * 1e-6),
    }
}

fn megabytes(bytes: f64) -> String {
    if bytes == 0.0 {
        return "none".into();
    }
    if bytes < 1e5 { format!("{:.0} kB", bytes * 1e-3) } else { format!("{:.1} MB", bytes * 1e-6) }
}

fn length(metres: f32) -> String {
    match metres {
        m if m <= 0.0 => "none".into(),
        m if m < 0.01 => format!("{:.1} mm", m * 1e3),
        m if m < 1.0 => format!("{:.1} cm", m * 1e2),
        m => format!("{m:.1} m"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_say_them() {
        assert_eq!([9_999, 40_000, 1_234_567].map(count), ["9999", "40 k", "1.23 M"]);
        assert_eq!([0.0, 1_234.0, 2_345_678.0].map(megabytes), ["none", "1 kB", "2.3 MB"]);
        assert_eq!([0.0, 0.0012, 0.034, 2.5].map(length), ["none", "1.2 mm", "3.4 cm", "2.5 m"]);
        assert_eq!(path(Path::new("/a/hall")), Path::new("/a/hall.report.html"));
    }

    #[test]
    fn pictures_stand_in_the_page_itself_with_their_names() {
        let picture = PagePicture { title: "A <hall>".into(), jpeg: vec![0xff, 0xd8, 0xff] };
        let text = seen(&[picture]).0;
        assert!(text.contains("data:image/jpeg;base64,/9j/") && text.contains("A &lt;hall&gt;"), "{text}");
        assert_eq!(seen(&[]).0, "");
    }

    #[test]
    fn what_a_scan_s_maker_wrote_is_text_on_the_page() {
        let evil = "<script>alert(1)</script>";
        let step = Step { name: evil.into(), facts: vec![(evil.into(), evil.into())], ..Step::default() };
        let text = [warnings(&[evil.into()]).0, steps(&[step]).0].concat();
        assert!(!text.contains("<script"), "{text}");
        assert_eq!(text.matches("&lt;script&gt;").count(), 4);
    }
}
