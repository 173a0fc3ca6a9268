//! The panels as a whole: what they answer, how they lie, what assistive programs hear, how they look.

use super::language_tests::{PANELS, busy, choose_everything};
use super::listed::Listed;
use super::raster::{Picture as Canvas, Texture};
use super::*;
use crate::panels::model::{Around, Destination, Here, Map, Plan, SharedPlan, Thing, Way};
use crate::plan::{PlanDoor, PlanRoom, PlanSeat};
use egui::accesskit::{Node, Role};
use egui::{Event, Key, Modifiers};
use venue_model::{
    Language, Localized, Participant, ParticipantId, ParticipantKind, Role as EventRole, SeatId, SpaceId,
    WallTime,
};
use venue_protocol::Microphone;

const SCREEN: [u32; 2] = [1280, 800];
pub(super) const LOUNGE: Conversation = Conversation::Room(SpaceId(0));

/// A window with panels in it.
pub(super) struct Stand {
    pub(super) panels: Panels,
    pub(super) model: PanelModel,
    texture: Texture,
    pub(super) nodes: Vec<Node>,
    /// The name of what has the keyboard.
    pub(super) focused: String,
    scale: f32,
    pub(super) screen: [u32; 2],
}

impl Stand {
    pub(super) fn new(model: PanelModel) -> Self {
        let panels = Panels::new();
        panels.context().enable_accesskit();
        let (texture, nodes, focused) = (Texture::default(), Vec::new(), String::new());
        let mut stand = Self { panels, model, texture, nodes, focused, scale: 1.0, screen: SCREEN };
        stand.settle();
        stand
    }

    pub(super) fn frame(&mut self, events: Vec<Event>) -> PanelOutput {
        let raw = egui::RawInput { events, focused: true, ..egui::RawInput::default() };
        let input = PanelInput { screen_px: self.screen, pixels_per_point: self.scale, raw };
        let mut output = self.panels.frame(input, &self.model);
        for update in &output.atlas {
            self.texture.apply(update);
        }
        if let Some(update) = output.platform.accesskit_update.take() {
            let focused = update.nodes.iter().find(|(id, _)| *id == update.focus);
            self.focused = focused.map(|(_, node)| node_name(node)).unwrap_or_default();
            self.nodes = update.nodes.into_iter().map(|(_, node)| node).collect();
        }
        for action in &output.actions {
            if let PanelAction::ChangeSettings(settings) = action {
                self.model.settings = *settings;
            }
        }
        output
    }

    /// Frames until nothing moves any more.
    pub(super) fn settle(&mut self) {
        for _ in 0..8 {
            if !self.frame(Vec::new()).changed {
                return;
            }
        }
        panic!("the panels never come to rest");
    }

    pub(super) fn open(&mut self, panel: Panel) {
        self.panels.open(panel);
        self.settle();
    }

    pub(super) fn press(&mut self, key: Key) -> PanelOutput {
        self.press_with(key, Modifiers::NONE)
    }

    fn press_with(&mut self, key: Key, modifiers: Modifiers) -> PanelOutput {
        let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
        let output = self.frame(vec![event(true), event(false)]);
        self.settle();
        output
    }

    pub(super) fn named(&self, role: Role, name: &str) -> &Node {
        let found = self.nodes.iter().find(|node| node.role() == role && node_name(node).contains(name));
        found.unwrap_or_else(|| panic!("no {role:?} named {name:?} among {:#?}", self.names()))
    }

    pub(super) fn names(&self) -> Vec<(Role, String)> {
        self.nodes.iter().map(|node| (node.role(), node_name(node))).collect()
    }

    pub(super) fn click(&mut self, role: Role, name: &str) -> PanelOutput {
        let bounds = self.named(role, name).bounds().expect("it lies somewhere");
        let pos =
            pos2(((bounds.x0 + bounds.x1) * 0.5) as f32, ((bounds.y0 + bounds.y1) * 0.5) as f32) / self.scale;
        self.click_at(pos)
    }

    pub(super) fn click_at(&mut self, pos: egui::Pos2) -> PanelOutput {
        let button = |pressed| Event::PointerButton {
            pos,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        self.frame(vec![Event::PointerMoved(pos)]);
        self.frame(vec![button(true)]);
        let output = self.frame(vec![button(false)]);
        self.settle();
        output
    }

    fn picture(&self) -> Canvas {
        let mut canvas = Canvas::new(self.screen);
        canvas.draw(self.panels.meshes(), &self.texture);
        canvas
    }
}

pub(super) fn node_name(node: &Node) -> String {
    let label = node.label().or_else(|| node.value()).unwrap_or_default();
    label.chars().filter(|c| !matches!(c, '\u{2068}' | '\u{2069}')).collect()
}

fn person(id: u32, name: &str, delegation: &str, room: u16) -> Person {
    let participant = Participant {
        id: ParticipantId(id),
        kind: ParticipantKind::Delegate,
        role: if id == 3 { EventRole::Chair } else { EventRole::Participant },
        name: name.to_owned().try_into().unwrap(),
        delegation: delegation.to_owned().try_into().unwrap(),
        language: Language::Fr,
    };
    Person { participant, room: Some(SpaceId(room)) }
}

fn room(id: u16, names: [&str; 6]) -> Room {
    let name = Localized(Language::ALL.into_iter().zip(names.map(str::to_owned)).collect());
    Room { id: SpaceId(id), name, open: id != 3 }
}

pub(super) fn line(
    key: u64,
    from: u32,
    conversation: Conversation,
    body: &str,
    delivery: Delivery,
) -> TextLine {
    let sent_at = Some(WallTime((9 * 60 + key) * 60_000));
    TextLine { key, conversation, from: ParticipantId(from), body: body.to_owned(), sent_at, delivery }
}

pub(super) fn inside(language: Language) -> PanelModel {
    let keys = crate::input::keys::KeyTable::default();
    let hint = |deed| KeyHint {
        deed,
        keys: keys.caps_of(deed, &crate::input::layout::Legends::default()),
        is_changed: false,
    };
    let anna = Conversation::Person(ParticipantId(2));
    PanelModel {
        stage: Stage::Inside,
        settings: PanelSettings { language, ..PanelSettings::default() },
        event_title: "Plenipotentiary Conference 2026".to_owned(),
        own: Some(ParticipantId(1)),
        people: Listed::from(vec![
            person(1, "Jean Dupont", "FRA", 0),
            person(2, "Anna Müller", "CHE", 0),
            person(3, "محمد الأمين", "EGY", 0),
            person(4, "王小明", "CHN", 1),
            person(5, "Мария Иванова", "RUS", 2),
        ]),
        rooms: vec![
            room(0, ["الردهة", "休息厅", "Lounge", "Salon", "Холл", "Salón"]),
            room(1, ["قاعة بوبوف", "波波夫厅", "Popov Hall", "Salle Popov", "Зал Попова", "Sala Popov"]),
            room(2, ["القاعة C", "C 厅", "Hall C", "Salle C", "Зал C", "Sala C"]),
            room(3, ["القاعة A", "A 厅", "Hall A", "Salle A", "Зал A", "Sala A"]),
        ],
        room: Some(SpaceId(0)),
        texts: vec![
            line(1, 2, LOUNGE, "Good morning! Shall we meet before the session?", Delivery::Received),
            line(2, 3, LOUNGE, "صباح الخير، أنا في الردهة (قرب Popov Hall) حتى 10:30.", Delivery::Received),
            line(3, 1, LOUNGE, "Avec plaisir, j’arrive.", Delivery::Stored),
            line(4, 4, LOUNGE, "大家好，第五条草案今天上午讨论吗？", Delivery::Received),
            line(5, 1, LOUNGE, "See you at the coffee bar", Delivery::Sending),
            line(6, 1, LOUNGE, "Is the draft online?", Delivery::Failed(TextFailure::NotConnected)),
            line(7, 2, anna, "A word in private?", Delivery::Received),
        ],
        keys: Action::all().map(hint).collect(),
        map: Some(map()),
        around: around(),
        here: Here {
            room: Some(SpaceId(0)),
            company: vec![ParticipantId(2), ParticipantId(3)],
            facing: Some(Thing::Door { to: SpaceId(1) }),
        },
        ..PanelModel::default()
    }
}

/// A lounge with a hall above it and two seats.
fn map() -> Map {
    let room = |id, least: [f32; 2], greatest: [f32; 2]| {
        let [[x0, y0], [x1, y1]] = [least, greatest];
        let corners = [[x0, y0], [x0, y1], [x1, y1], [x1, y0]].map(glam::Vec2::from);
        let walls = (0..4).map(|i| [corners[i], corners[(i + 1) % 4]]).collect();
        let middle = (corners[0] + corners[2]) * 0.5;
        PlanRoom { id: SpaceId(id), floor: vec![corners.to_vec()], walls, middle }
    };
    let seat = |id, x: f32| PlanSeat {
        id: SeatId(id),
        space: SpaceId(0),
        at: glam::vec2(x, 4.0),
        label: format!("B{id}"),
    };
    let plan = Plan {
        rooms: vec![room(0, [-12.0, -7.0], [12.0, 7.0]), room(1, [-12.0, -21.0], [6.0, -7.2])],
        doors: vec![PlanDoor { ends: [glam::vec2(-1.0, -7.1), glam::vec2(1.0, -7.1)] }],
        seats: vec![seat(1, 3.0), seat(2, 6.0)],
        bounds: [glam::vec2(-12.0, -21.0), glam::vec2(12.0, 7.0)],
    };
    Map {
        plan: SharedPlan(std::sync::Arc::new(plan)),
        own: Some((glam::vec2(-3.0, 2.0), 0.6)),
        height: 0.0,
        people: vec![(ParticipantId(2), glam::vec2(-5.0, 0.0)), (ParticipantId(3), glam::vec2(4.0, -3.0))],
        taken: vec![SeatId(2)],
    }
}

fn around() -> Vec<Around> {
    let seat = Thing::Seat { id: SeatId(1), label: "B1".to_owned() };
    let place = Destination::Point(SpaceId(0), glam::Vec3::ZERO);
    vec![
        Around {
            thing: Thing::Person(ParticipantId(2)),
            way: Way::AheadLeft,
            metres: 2,
            goal: Destination::Person(ParticipantId(2)),
        },
        Around { thing: seat, way: Way::Right, metres: 5, goal: Destination::Seat(SeatId(1)) },
        Around { thing: Thing::Door { to: SpaceId(1) }, way: Way::Ahead, metres: 11, goal: place },
    ]
}

pub(super) fn at_start(language: Language) -> PanelModel {
    PanelModel {
        settings: PanelSettings { language, ..PanelSettings::default() },
        last_venue: Some(LastVenue {
            title: "Plenipotentiary Conference 2026".to_owned(),
            host: "vev.example.int".to_owned(),
        }),
        can_host: true,
        ..PanelModel::default()
    }
}

/// Writes the pictures that a person looks at, into the folder that the variable names.
pub(super) fn keep(stand: &Stand, name: &str) {
    if let Some(folder) = std::env::var_os("VEV_PANEL_PICTURES") {
        stand.picture().save(&std::path::Path::new(&folder).join(format!("{name}.png")));
    }
}

fn keep_atlas(stand: &Stand, name: &str) {
    let Some(folder) = std::env::var_os("VEV_PANEL_PICTURES") else { return };
    let corner = |position: [f32; 2]| PanelVertex { position, uv: position, color: [255; 4] };
    let [width, height] = stand.texture.size.map(|side| side as f32);
    let mut vertices = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]].map(corner).to_vec();
    for vertex in &mut vertices {
        vertex.position = [vertex.position[0] * width, vertex.position[1] * height];
    }
    let mesh = PanelMesh { clip_rect: [0.0, 0.0, width, height], vertices, indices: vec![0, 1, 2, 2, 1, 3] };
    let mut canvas = Canvas::new(stand.texture.size);
    canvas.draw(&[mesh], &stand.texture);
    canvas.save(&std::path::Path::new(&folder).join(format!("{name}.png")));
}

#[test]
fn every_page_can_be_drawn_in_every_language() {
    for language in Language::ALL {
        let code = language.code();
        keep(&Stand::new(at_start(language)), &format!("start-{code}"));
        let lost = Problem::NoAnswer { host: "vev.example.int".into(), port: "4433".into() };
        let stage = Stage::Lost { problem: lost, retry_in_secs: Some(3) };
        keep(&Stand::new(PanelModel { stage, ..at_start(language) }), &format!("lost-{code}"));
        let stage = Stage::Loading { done: 3_100_000, total: 24_000_000 };
        keep(&Stand::new(PanelModel { stage, ..at_start(language) }), &format!("loading-{code}"));
        let mut model = busy(language);
        model.order.summons = None;
        model.settings.wants_tour = false;
        let mut stand = Stand::new(model);
        keep(&stand, &format!("hud-{code}"));
        for panel in PANELS {
            choose_everything(&mut stand);
            stand.panels.memory.report = None;
            stand.open(panel);
            assert!(!stand.panels.meshes().is_empty(), "{panel:?}");
            keep(&stand, &format!("{panel:?}-{code}").to_lowercase());
        }
    }
}

#[test]
fn panels_lie_where_reading_begins() {
    let side = |language| {
        let mut stand = Stand::new(inside(language));
        stand.open(Panel::Menu);
        stand.named(Role::Dialog, &stand.panels.words().get("menu"));
        let bounds = stand.named(Role::Button, &stand.panels.words().get("help")).bounds().unwrap();
        (bounds.x0 as f32, bounds.x1 as f32)
    };
    let (left, right) = side(Language::En);
    let (mirrored_left, mirrored_right) = side(Language::Ar);
    assert!(right < 640.0 && mirrored_left > 640.0, "{right} {mirrored_left}");
    assert_eq!((left, right), (1280.0 - mirrored_right, 1280.0 - mirrored_left), "mirrored exactly");
}

#[test]
fn triangles_stay_within_the_picture_and_the_atlas() {
    let mut stand = Stand::new(inside(Language::Ru));
    stand.open(Panel::Texts);
    let meshes = stand.panels.meshes();
    assert!(meshes.iter().map(|mesh| mesh.vertices.len()).sum::<usize>() > 500);
    for mesh in meshes {
        assert!(mesh.clip_rect[0] >= 0.0 && mesh.clip_rect[2] <= 1280.0 && mesh.clip_rect[3] <= 800.0);
        assert!(mesh.indices.iter().all(|&index| (index as usize) < mesh.vertices.len()));
        let good = |vertex: &PanelVertex| {
            vertex.uv.iter().all(|uv| (0.0..=1.0).contains(uv))
                && vertex.position.iter().all(|x| x.is_finite())
        };
        assert!(mesh.vertices.iter().all(good));
    }
}

#[test]
fn a_still_frame_is_not_laid_out_again() {
    let mut stand = Stand::new(inside(Language::En));
    stand.open(Panel::People);
    let before = stand.panels.meshes().to_vec();
    let shaped = stand.panels.engine.shaped_count();
    for _ in 0..10 {
        let output = stand.frame(Vec::new());
        assert!(!output.changed && output.atlas.is_empty() && output.repaint_after_secs.is_none());
    }
    assert_eq!(stand.panels.meshes(), before);
    assert_eq!(stand.panels.engine.shaped_count(), shaped);
    stand.model.people.pop();
    assert!(stand.frame(Vec::new()).changed);
}

#[test]
fn a_link_is_pasted_and_entered_by_the_keyboard_alone() {
    let mut stand = Stand::new(at_start(Language::En));
    let hint = stand.panels.words().get("start-link-hint");
    for _ in 0..12 {
        if stand
            .nodes
            .iter()
            .any(|node| node.role() == Role::TextInput && node.value().is_some_and(|v| !v.is_empty()))
        {
            break;
        }
        stand.press(Key::Tab);
        stand.frame(vec![Event::Paste("  https://vev.example/e/plenary#7KQ2-M9XT ".to_owned())]);
        stand.settle();
    }
    assert_eq!(stand.named(Role::TextInput, &hint).label(), Some(hint.as_str()));
    let output = stand.press(Key::Enter);
    let link = "https://vev.example/e/plenary#7KQ2-M9XT".to_owned();
    assert_eq!(output.actions, [PanelAction::Connect(link)]);
}

#[test]
fn a_text_is_written_sent_and_the_field_emptied() {
    let mut stand = Stand::new(inside(Language::En));
    // The key that opens the panel is not written into it.
    stand.panels.open(Panel::Texts);
    stand.frame(vec![Event::Text("t".to_owned())]);
    stand.frame(vec![Event::Text("Good ".to_owned())]);
    stand.frame(vec![Event::Text("day".to_owned())]);
    let output = stand.press(Key::Enter);
    let sent = PanelAction::SendText { conversation: LOUNGE, body: "Good day".to_owned() };
    assert_eq!(output.actions, [sent]);
    assert!(stand.press(Key::Enter).actions.is_empty(), "nothing is sent twice, and nothing empty");
}

#[test]
fn an_input_method_writes_chinese() {
    let mut stand = Stand::new(inside(Language::Zh));
    stand.open(Panel::Texts);
    let preedit =
        |text: &str| Event::Ime(egui::ImeEvent::Preedit { text: text.to_owned(), active_range_chars: None });
    let output = stand.frame(vec![preedit("ni hao")]);
    assert!(output.platform.ime.is_some(), "the window learns where the caret is");
    stand.frame(vec![Event::Ime(egui::ImeEvent::Commit("你好".to_owned()))]);
    let output = stand.press(Key::Enter);
    assert!(
        matches!(&output.actions[..], [PanelAction::SendText { body, .. }] if body == "你好"),
        "{:?}",
        output.actions
    );
}

#[test]
fn texts_that_failed_can_be_sent_again() {
    let mut stand = Stand::new(inside(Language::Es));
    stand.open(Panel::Texts);
    let retry = stand.panels.words().get("retry");
    let output = stand.click(Role::Button, &retry);
    assert_eq!(output.actions, [PanelAction::RetryText(6)]);
}

#[test]
fn a_click_on_a_person_opens_their_page_and_then_the_thread_with_them() {
    let mut stand = Stand::new(inside(Language::Ar));
    assert_eq!(stand.panels.memory.unread_in_all(&stand.model), 4);
    stand.open(Panel::People);
    stand.click(Role::Button, "Anna Müller (CHE), ");
    assert_eq!(stand.panels.open_panel(), Some(Panel::Person));
    let write = stand.panels.words().get("person-write");
    stand.click(Role::Button, &write);
    assert_eq!(stand.panels.open_panel(), Some(Panel::Texts));
    assert!(stand.names().iter().any(|(_, name)| name.contains("A word in private?")));
    assert_eq!(stand.panels.memory.unread_in_all(&stand.model), 3, "what is shown is read");
}

#[test]
fn rooms_are_chosen_and_closed_ones_are_not() {
    let mut stand = Stand::new(inside(Language::Ru));
    stand.open(Panel::Rooms);
    assert!(stand.names().iter().any(|(role, name)| *role == Role::ListItem && name.contains("Зал A")));
    let output = stand.click(Role::Button, "Зал Попова");
    assert_eq!(output.actions, [PanelAction::GoToRoom(SpaceId(1))]);
    assert_eq!(stand.panels.open_panel(), None);
}

#[test]
fn the_language_changes_at_once() {
    let mut stand = Stand::new(at_start(Language::En));
    let output = stand.click(Role::RadioButton, "Русский");
    assert!(matches!(
        output.actions[..],
        [PanelAction::ChangeSettings(PanelSettings { language: Language::Ru, .. })]
    ));
    assert!(stand.names().iter().any(|(_, name)| name == "Ваше приглашение"), "{:?}", stand.names());
}

#[test]
fn a_problem_is_told_with_a_retry_or_without() {
    let refused = |problem| Stand::new(PanelModel { stage: Stage::Ended(problem), ..at_start(Language::En) });
    let mut stand = refused(Problem::ServerBusy { host: "vev.example".into() });
    assert_eq!(stand.click(Role::Button, "Try again").actions, [PanelAction::Retry]);
    let stand = refused(Problem::RevokedInvitation);
    stand.named(Role::Alert, "withdrawn");
    assert!(!stand.names().iter().any(|(_, name)| name == "Try again"));
    let mut stand =
        refused(Problem::UnknownServer { host: "vev.example".into(), fingerprint: "x".repeat(43) });
    assert_eq!(stand.click(Role::Button, "go on").actions, [PanelAction::Retry]);
    let mut stand = refused(Problem::TakenOver);
    assert_eq!(stand.click(Role::Button, "Continue here").actions, [PanelAction::TakeOver]);
}

#[test]
fn large_text_on_a_small_fine_screen_still_fits() {
    let settings = PanelSettings { text_scale: 2.0, high_contrast: true, ..PanelSettings::default() };
    let mut stand = Stand::new(PanelModel { settings, ..inside(Language::En) });
    (stand.scale, stand.screen) = (1.5, [1100, 760]);
    for panel in [Panel::Menu, Panel::Texts, Panel::Settings] {
        stand.open(panel);
        for node in stand.nodes.iter().filter(|node| node.role() == Role::Button) {
            let bounds = node.bounds().unwrap();
            assert!(bounds.x0 >= 0.0 && bounds.x1 <= 1100.0, "{panel:?} {} {bounds:?}", node_name(node));
        }
        keep(&stand, &format!("large-{panel:?}").to_lowercase());
    }
}

#[test]
fn hostile_names_and_texts_do_no_harm() {
    let mut bodies: Vec<String> = vec![
        "\u{202e}abc\u{2066}\u{2066}\u{2066}".into(),
        "a\u{300}".repeat(500),
        "\u{200d}\u{fe0f}\u{1f468}\u{200d}\u{1f469}".repeat(80),
        "ﷺ".repeat(200),
        "لا".repeat(900),
        "\u{0}\u{7}\r\n\t\u{85}\u{2028}\u{2029}".into(),
        "x".repeat(2_000),
        "א\u{5b0}1ب2a".repeat(150),
        "\u{e0001}\u{10ffff}\u{ffff}\u{fdd0}".into(),
    ];
    bodies.extend(hostile_files());
    for body in &bodies {
        let mut model = inside(Language::Ar);
        model.people[1].participant.name = venue_model::BoundedText::lossy(body);
        model.event_title.clone_from(body);
        model.texts = vec![line(1, 2, LOUNGE, body, Delivery::Received)];
        let mut stand = Stand::new(model);
        stand.open(Panel::Texts);
        stand.frame(vec![Event::Paste(body.clone())]);
        stand.press_with(Key::ArrowLeft, Modifiers::CTRL);
        stand.open(Panel::People);
        let name = stand.model.people[1].participant.name.as_str().to_owned();
        let participant = &stand.model.people[1].participant;
        let (language, role, kind) = (participant.language, participant.role, participant.kind);
        stand.panels.tag(
            TagText {
                name: &name,
                delegation: "",
                language,
                role,
                kind,
                hand: false,
                microphone: Microphone::Muted,
                is_in_talk: false,
                is_speaking: false,
                is_small: false,
            },
            1.0,
        );
    }
}

/// Strings that broke other programs, where the machine has them.
fn hostile_files() -> Vec<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/hostile/strings");
    let mut folders = vec![root];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = std::fs::read(&path) {
                found.push(String::from_utf8_lossy(&bytes[..bytes.len().min(6_000)]).into_owned());
            }
        }
    }
    found.sort();
    found.into_iter().step_by(7).collect()
}

#[test]
fn an_atlas_that_grows_for_tags_keeps_the_panels_right() {
    let mut stand = Stand::new(inside(Language::En));
    stand.open(Panel::Menu);
    let before = stand.picture().rgb;
    let first = stand.panels.engine.atlas.size();
    for index in 0..400 {
        let name = format!("Delegate number {index}");
        let (language, role, kind) = (Language::En, EventRole::Participant, ParticipantKind::Delegate);
        stand.panels.tag(
            TagText {
                name: &name,
                delegation: "ITU",
                language,
                role,
                kind,
                hand: false,
                microphone: Microphone::Muted,
                is_in_talk: false,
                is_speaking: false,
                is_small: false,
            },
            2.0,
        );
    }
    assert_ne!(stand.panels.engine.atlas.size(), first);
    stand.settle();
    assert!(stand.picture().rgb == before, "the same picture from the larger atlas");
}

#[test]
fn a_name_tag_has_its_pixels_in_the_next_update() {
    let mut stand = Stand::new(inside(Language::En));
    let text = TagText {
        name: "Anna Müller",
        delegation: "CHE",
        language: Language::Fr,
        role: EventRole::Chair,
        kind: ParticipantKind::Interpreter,
        hand: false,
        microphone: Microphone::Muted,
        is_in_talk: false,
        is_speaking: false,
        is_small: false,
    };
    let tag = stand.panels.tag(text, 2.0).unwrap();
    stand.frame(Vec::new());
    let region = tag.region;
    let middle = ((region.y + region.height - 6) * stand.texture.size[0] + region.x + region.width / 2) * 4;
    assert!(stand.texture.rgba[middle as usize + 3] > 150, "glass");
    assert_eq!(stand.panels.tag(text, 2.0).unwrap().region, region);
    keep_atlas(&stand, "atlas");
}
