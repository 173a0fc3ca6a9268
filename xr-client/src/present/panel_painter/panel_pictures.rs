//! Panels and name tags as they were blessed, in each language, drawn by the renderer.

use super::*;
use crate::cli::{OFFSCREEN_FORMAT, offscreen_gpu, render_settings};
use crate::panels::language_tests::{busy, in_large_letters};
use crate::panels::{Panel, PanelInput, PanelModel, Panels, Stage, TagText};
use crate::present::Views;
use crate::scene::camera::Camera;
use crate::settings::Settings;
use crate::sound::Output;
use crate::testing::snapshot;
use glam::UVec2;
use venue_model::{Language, ParticipantKind, Role};
use venue_protocol::Microphone;
use wgpu_renderer::{FrameInput, OffscreenTarget, Sky};

/// A window as narrow as a panel; a quarter of its picture is kept.
const WINDOW: UVec2 = UVec2::new(452, 512);

/// The renderer before a window.
struct Easel {
    gpu: Gpu,
    renderer: Renderer,
    target: OffscreenTarget,
}

impl Easel {
    fn new() -> Self {
        let settings = Settings::default();
        let gpu = offscreen_gpu(&settings).unwrap();
        let render = render_settings(&settings, OFFSCREEN_FORMAT);
        let renderer = Renderer::new(&gpu, render).unwrap();
        let target = OffscreenTarget::new(&gpu, &render, WINDOW).unwrap();
        Self { gpu, renderer, target }
    }

    /// Draws these panels once they have come to rest, and compares.
    fn check(&mut self, name: &str, panels: &mut Panels, model: &PanelModel) {
        self.check_scrolled(name, panels, model, 0);
    }

    /// Draws these panels after so many presses of *Page Down*, and compares.
    fn check_scrolled(&mut self, name: &str, panels: &mut Panels, model: &PanelModel, pages: usize) {
        self.check_after(name, panels, model, 10 + pages, |_, step| {
            let (key, modifiers) = (egui::Key::PageDown, egui::Modifiers::NONE);
            let event = egui::Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers };
            // The first frame only finds out how high everything is.
            if (2..2 + pages).contains(&step) { vec![event] } else { Vec::new() }
        });
    }

    /// Draws these panels after so many frames, before each of which something happens, and compares.
    fn check_after(
        &mut self,
        name: &str,
        panels: &mut Panels,
        model: &PanelModel,
        frames: usize,
        mut happen: impl FnMut(&mut Panels, usize) -> Vec<egui::Event>,
    ) {
        let mut painter = PanelPainter::default();
        for step in 0..frames {
            let events = happen(panels, step);
            let input = PanelInput {
                screen_px: WINDOW.to_array(),
                pixels_per_point: 1.0,
                raw: egui::RawInput { focused: true, events, ..egui::RawInput::default() },
            };
            let output = panels.frame(input, model);
            painter.apply(&output.atlas, &self.gpu, &mut self.renderer).unwrap();
        }
        let meshes = painter.meshes(panels.meshes());
        let layers = [screen_layer(&meshes, WINDOW)];
        let views = Views::flat(&Camera::default(), WINDOW);
        let sky = Sky::Gradient {
            zenith: glam::Vec3::splat(0.35),
            horizon: glam::Vec3::splat(0.55),
            ground: glam::Vec3::splat(0.25),
        };
        let frame = FrameInput { views: views.as_slice(), sky, panels: &layers, ..FrameInput::default() };
        self.renderer.prepare(&frame).unwrap().submit(&self.gpu, &self.target.target()).unwrap();
        let rgba = pollster::block_on(self.target.read_rgba(&self.gpu, 0)).unwrap();
        let picture = image::RgbaImage::from_raw(WINDOW.x, WINDOW.y, rgba).unwrap();
        let size = WINDOW / 2;
        let small = image::imageops::thumbnail(&picture, size.x, size.y);
        snapshot::check(name, size, small.as_raw());
        let atlas = painter.atlas().unwrap();
        self.renderer.remove_texture(atlas);
    }
}

fn check_language(language: Language) {
    let mut easel = Easel::new();
    let code = language.code();
    let mut model = busy(language);
    model.order.summons = None;
    model.settings.wants_tour = false;
    let asked = model.clone();
    model.talk.requests.clear();
    let start = PanelModel { stage: Stage::Start, ..model.clone() };
    easel.check(&format!("panel-start-{code}"), &mut Panels::new(), &start);
    for panel in [Panel::Menu, Panel::People, Panel::Texts, Panel::Around, Panel::Settings, Panel::Talk] {
        let mut panels = Panels::new();
        panels.follow_visit(model.visit);
        panels.open(panel);
        let name = format!("panel-{panel:?}-{code}").to_lowercase();
        easel.check(&name, &mut panels, &model);
    }
    easel.check(&format!("panel-asked-{code}"), &mut Panels::new(), &asked);
    let mut panels = Panels::new();
    panels.follow_visit(model.visit);
    panels.open(Panel::Settings);
    let headset = Output { id: "alsa:usb".into(), name: "USB Headset".into() };
    let with_outputs = PanelModel { outputs: vec![headset.clone()], output: Some(headset), ..model.clone() };
    easel.check_scrolled(&format!("panel-audio-{code}"), &mut panels, &with_outputs, 3);
    let mut panels = Panels::new();
    panels.follow_visit(model.visit);
    panels.open(Panel::Menu);
    easel.check(&format!("panel-large-{code}"), &mut panels, &in_large_letters(model));
}

/// Where one writes with a headset: the keyboard below the texts.
#[test]
fn the_on_screen_keyboard() {
    let mut easel = Easel::new();
    for language in [Language::Ar, Language::Zh, Language::En, Language::Fr, Language::Ru, Language::Es] {
        let mut model = PanelModel { lacks_keyboard: true, ..busy(language) };
        model.order.summons = None;
        model.talk.requests.clear();
        model.settings.wants_tour = false;
        let mut panels = Panels::new();
        panels.follow_visit(model.visit);
        panels.open(Panel::Texts);
        easel.check(&format!("keyboard-{}", language.code()), &mut panels, &model);
    }
}

fn plain_tag() -> TagText<'static> {
    TagText {
        name: "Amina Diallo",
        delegation: "SEN",
        language: Language::Fr,
        role: Role::Participant,
        kind: ParticipantKind::Delegate,
        hand: false,
        microphone: Microphone::default(),
        is_in_talk: false,
        is_speaking: false,
        is_small: false,
    }
}

#[test]
fn a_widened_atlas_shows_what_it_showed() {
    let mut easel = Easel::new();
    let mut model = busy(Language::En);
    model.order.summons = None;
    model.talk.requests.clear();
    model.settings.wants_tour = false;
    let mut panels = Panels::new();
    panels.follow_visit(model.visit);
    panels.open(Panel::Menu);
    let mut sizes = Vec::new();
    easel.check_after("panel-menu-en", &mut panels, &model, 10, |panels, step| {
        for index in 0..if step == 5 { 400 } else { 0 } {
            let name = format!("Delegate number {index}");
            let text = TagText { name: &name, ..plain_tag() };
            sizes.extend(panels.tag(text, 2.0).map(|tag| tag.atlas_size));
        }
        Vec::new()
    });
    assert!(sizes.first() != sizes.last(), "{:?}: the atlas did not grow", sizes.last());
}

#[test]
fn panels_in_arabic() {
    check_language(Language::Ar);
}

#[test]
fn panels_in_chinese() {
    check_language(Language::Zh);
}

#[test]
fn panels_in_english() {
    check_language(Language::En);
}

#[test]
fn panels_in_french() {
    check_language(Language::Fr);
}

#[test]
fn panels_in_russian() {
    check_language(Language::Ru);
}

#[test]
fn panels_in_spanish() {
    check_language(Language::Es);
}

/// Tags of everybody who can be told by theirs, below each other.
#[test]
fn name_tags() {
    let plain = plain_tag();
    let tags = [
        plain,
        TagText {
            name: "محمد الأمين", delegation: "EGY", language: Language::Ar, hand: true, ..plain
        },
        TagText { name: "王小明", delegation: "CHN", language: Language::Zh, role: Role::Chair, ..plain },
        TagText {
            name: "Мария Иванова", delegation: "", kind: ParticipantKind::Interpreter, ..plain
        },
        TagText { microphone: Microphone::MutedByModerator, role: Role::Moderator, ..plain },
        TagText { is_speaking: true, is_small: true, ..plain },
    ];
    let mut panels = Panels::new();
    let mut canvas = image::RgbaImage::from_pixel(256, 256, image::Rgba([120, 130, 140, 255]));
    let mut top = 2;
    for text in tags {
        let tag = panels.tag(text, 0.6).unwrap();
        let input = PanelInput { screen_px: [64, 64], pixels_per_point: 1.0, raw: Default::default() };
        panels.show_again();
        let output = panels.frame(input, &PanelModel::default());
        let [width, height] = output.atlas[0].atlas_size;
        let atlas = image::RgbaImage::from_raw(width, height, output.atlas[0].rgba.clone()).unwrap();
        let region = tag.region;
        for (x, y) in (0..region.width).flat_map(|x| (0..region.height).map(move |y| (x, y))) {
            let texel = atlas.get_pixel(region.x + x, region.y + y);
            let below = canvas.get_pixel_mut(2 + x, top + y);
            let rest = 255 - u16::from(texel[3]);
            for channel in 0..3 {
                let mixed = u16::from(texel[channel]) + u16::from(below[channel]) * rest / 255;
                below[channel] = mixed.min(255) as u8;
            }
        }
        top += region.height + 3;
    }
    snapshot::check("tags", UVec2::splat(256), canvas.as_raw());
}
