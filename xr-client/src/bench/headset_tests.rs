//! Somebody with a headset before the whole client, without a runtime: what a headset says comes in as numbers. Panels hang in the
//! room, hands point at them, and a text is written and sent with the keyboard that hangs there.

use super::*;
use crate::input::headset::{Attention, HandState, HeadsetState};
use crate::panels::Panel;
use crate::testing::{snapshot, tiny_package};
use egui::accesskit::{Node, Role};
use glam::{Quat, Vec3};
use venue_model::RigidPose;

/// Size of the picture that is drawn; a quarter of it is kept.
const DRAWN: UVec2 = UVec2::new(512, 512);

/// Frames after which a wanted picture has to be there.
const LIMIT: usize = 400;

struct Headset {
    stand: Stand,
    state: HeadsetState,
    nodes: Vec<Node>,
}

impl Headset {
    fn put_on(folder: &Path) -> Self {
        let presenter = |gpu: &Gpu, render: &RenderSettings| {
            HeadlessPresenter::new(gpu, render, DRAWN, folder, Drawing::Always)
        };
        let cache = Box::<MemoryCache>::default();
        let mut stand = Stand::build_with(tiny_package(), "room", 0, cache, presenter).unwrap();
        stand.load().unwrap();
        stand.app.be_read(true);
        let head = RigidPose { position: Vec3::Y * 1.65, orientation: Quat::IDENTITY };
        let left = RigidPose { position: Vec3::new(-0.2, 1.15, -0.3), orientation: Quat::IDENTITY };
        let right = RigidPose { position: Vec3::new(0.15, 1.25, -0.2), orientation: Quat::IDENTITY };
        stand.app.driver = Driver::Headset(Box::default());
        let hands = [left, right].map(|grip| HandState { grip: Some(grip), ..HandState::default() });
        let state =
            HeadsetState { attention: Attention::Full, head: Some(head), hands, is_recentered: false };
        let mut headset = Self { stand, state, nodes: Vec::new() };
        headset.frames(3);
        headset
    }

    fn frame(&mut self) {
        let Driver::Headset(headset) = &mut self.stand.app.driver else { panic!("a headset drives") };
        headset.set(self.state);
        self.stand.step().unwrap();
        if let Some(update) = self.stand.app.panel_output().platform.accesskit_update.take() {
            self.nodes = update.nodes.into_iter().map(|(_, node)| node).collect();
        }
    }

    fn frames(&mut self, count: usize) {
        (0..count).for_each(|_| self.frame());
    }

    /// Points with the right hand at something by its name and pulls the trigger.
    fn click(&mut self, role: Role, name: &str) {
        let label = |node: &Node| node.label().or_else(|| node.value()).unwrap_or_default().to_owned();
        let found = self.nodes.iter().find(|node| node.role() == role && label(node) == name);
        let names = || self.nodes.iter().map(label).collect::<Vec<_>>();
        let bounds = found.unwrap_or_else(|| panic!("no {name:?} in {:?}", names())).bounds().unwrap();
        // What assistive programs are told is in points; the root's transform has the scale.
        let point = egui::pos2((bounds.x0 + bounds.x1) as f32 * 0.5, (bounds.y0 + bounds.y1) as f32 * 0.5);
        for select in [false, true, false] {
            self.point_at(point, select);
            self.frame();
        }
        self.frames(3);
    }

    fn point_at(&mut self, point: egui::Pos2, select: bool) {
        let surface =
            *self.stand.app.panels_in_world().unwrap().surface().expect("the panels hang somewhere");
        let position = self.state.hands[1].grip.unwrap().position;
        let direction = (surface.place_of(point) - position).normalize();
        let aim = RigidPose { position, orientation: Quat::from_rotation_arc(Vec3::NEG_Z, direction) };
        self.state.hands[1] = HandState { aim: Some(aim), select, ..self.state.hands[1] };
    }

    fn check_picture(&mut self, folder: &Path, name: &str) {
        self.stand.app.presenter.want_screenshot(name.to_owned());
        let mut frames = 0..LIMIT;
        while self.stand.app.presenter.is_busy() {
            frames.next().expect("the picture is taken");
            self.frame();
        }
        let picture = image::open(folder.join(format!("{name}.png"))).unwrap();
        let size = DRAWN / 2;
        let small = picture.resize_exact(size.x, size.y, image::imageops::FilterType::Triangle).to_rgba8();
        snapshot::check(name, size, small.as_raw());
    }
}

#[test]
fn a_text_is_written_in_the_room_with_one_hand_and_a_trigger() {
    let folder = tempfile::tempdir().unwrap();
    let mut headset = Headset::put_on(folder.path());
    let words = |headset: &Headset, key: &str| headset.stand.app.panels().words().get(key);
    // What lies at a window's edge is on the wrist of the other hand.
    let wrist = headset.stand.app.panels_in_world().unwrap().surface().unwrap().root_from_panel.position;
    assert!(wrist.distance(headset.state.hands[0].grip.unwrap().position) < 0.3, "{wrist}");
    let texts = words(&headset, "texts");
    headset.click(Role::Button, &texts);
    assert_eq!(headset.stand.app.panels().open_panel(), Some(Panel::Texts));
    let panel = *headset.stand.app.panels_in_world().unwrap().surface().unwrap();
    assert!(
        panel.root_from_panel.position.distance(headset.state.head.unwrap().position) > 0.9,
        "at arm's reach"
    );
    let [shift, enter] = ["keyboard-shift", "keyboard-enter"].map(|key| words(&headset, key));
    headset.click(Role::Button, &shift);
    for key in ["H", "e", "l", "l", "o"] {
        headset.click(Role::Button, key);
    }
    headset.check_picture(folder.path(), "panel-in-room");
    headset.click(Role::Button, &enter);
    let lines: Vec<_> = headset.stand.app.core.texts().lines().map(|line| line.body.clone()).collect();
    assert_eq!(lines, ["Hello"]);
}

#[test]
fn a_headset_that_is_taken_off_leaves_no_press_behind_and_the_panels_lie_in_the_window_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut headset = Headset::put_on(folder.path());
    let name = headset.stand.app.panels().words().get("menu");
    headset.click(Role::Button, &name);
    headset.point_at(egui::pos2(240.0, 300.0), false);
    headset.frame();
    headset.point_at(egui::pos2(240.0, 300.0), true);
    headset.frame();
    headset.state.attention = Attention::None;
    headset.frames(2);
    assert!(!headset.stand.app.panels().context().input(|input| input.pointer.any_down()));
    assert!(headset.stand.app.panels_in_world().is_none());
}

/// Points the right hand along a direction of the room.
fn point_ahead(headset: &mut Headset, direction: Vec3) {
    let position = headset.state.hands[1].grip.unwrap().position;
    let orientation = Quat::from_rotation_arc(Vec3::NEG_Z, direction.normalize());
    headset.state.hands[1].aim = Some(RigidPose { position, orientation });
}

#[test]
fn a_trigger_throws_an_arc_and_where_it_lands_one_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut headset = Headset::put_on(folder.path());
    let before = *headset.stand.app.core.body().pose();
    point_ahead(&mut headset, Vec3::new(0.15, -0.25, -1.0));
    headset.state.hands[1].select = true;
    headset.frames(2);
    headset.state.hands[1].stick = glam::Vec2::X;
    headset.check_picture(folder.path(), "arc-in-headset");
    headset.state.hands[1].select = false;
    headset.frames(2);
    let after = *headset.stand.app.core.body().pose();
    let metres = after.root.distance(before.root);
    assert!((1.5..6.0).contains(&metres), "{metres}");
    let ahead = after.head_in_building().orientation * Vec3::NEG_Z;
    let turned = before.head_in_building().orientation * Vec3::X;
    assert!(ahead.distance(turned) < 1e-2, "the stick pointed to the right: {ahead}");
    headset.state.hands[1].stick = glam::Vec2::ZERO;
    // Out of the room leads no way.
    point_ahead(&mut headset, Vec3::new(0.0, 0.8, -1.0));
    headset.state.hands[1].select = true;
    headset.frames(2);
    headset.check_picture(folder.path(), "arc-refused");
    headset.state.hands[1].select = false;
    headset.frames(2);
    assert_eq!(headset.stand.app.core.body().pose().root, after.root);
}

#[test]
fn a_code_of_eight_characters_is_written_by_pointing() {
    let folder = tempfile::tempdir().unwrap();
    let mut headset = Headset::put_on(folder.path());
    headset.stand.app.act(crate::panels::PanelAction::Leave);
    headset.frames(8);
    let words = |headset: &Headset, key: &str| headset.stand.app.panels().words().get(key);
    let field =
        headset.nodes.iter().find(|node| matches!(node.role(), Role::TextInput | Role::MultilineTextInput));
    let (role, name) = field.map(|node| (node.role(), node.label().unwrap_or_default().to_owned())).unwrap();
    headset.click(role, &name);
    for key in "K7M2P9QX".chars() {
        headset.click(Role::Button, &key.to_string());
    }
    let enter = words(&headset, "start-enter-venue");
    headset.click(Role::Button, &enter);
    headset.frames(60);
    assert_eq!(*headset.stand.app.core.stage(), Stage::Inside);
    let goal = headset.stand.app.core.goal().unwrap().to_text();
    assert!(goal.contains("K7M2-P9QX"), "{goal}");
}

#[test]
fn a_stick_that_walks_narrows_the_view_and_a_setting_opens_it_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut headset = Headset::put_on(folder.path());
    headset.state.hands[0].stick = glam::Vec2::Y;
    headset.state.hands[1].stick = glam::Vec2::X;
    headset.stand.app.settings.turn = crate::settings::Turn::Smooth;
    headset.stand.app.settings.comfort.vignette = crate::comfort::Vignette::Strong;
    headset.frames(60);
    headset.check_picture(folder.path(), "vignette-in-headset");
    assert!(headset.stand.app.vignette.is_some());
    headset.stand.app.settings.comfort.vignette = crate::comfort::Vignette::Off;
    headset.frames(300);
    assert!(headset.stand.app.vignette.is_none());
}
