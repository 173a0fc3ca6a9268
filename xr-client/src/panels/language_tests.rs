//! Every page in every language: nothing is cut in the largest letters, nothing passes Fluent by, and every name can be
//! shown.

use super::model::LiveWords;
use super::order_model::{
    Announced, BlockedView, InLine, OrderModel, QuoteView, ReportView, SafetyNotice, SummonsView, WatchNews,
};
use super::talk_model::{CurrentTalk, PlaceState, TalkLine, TalkModel, TalkNotice, TalkPlace};
use super::tests::{Stand, at_start, inside, keep, line, node_name};
use super::text::fonts::FontWeight;
use super::text::{TextEngine, TextStyle};
use super::voice_model::Arriving;
use super::*;
use private_talk::{Compared, End};
use venue_model::{Language, Localized, ParticipantId, Role as EventRole, SpaceId, TalkId, WallTime, ZoneId};
use venue_protocol::{Act, ActId, BlockId, ReportId, TalkAskOutcome, ZoneRefusal};

/// The panels that can lie over the venue.
pub(super) const PANELS: [Panel; 16] = [
    Panel::Menu,
    Panel::People,
    Panel::Person,
    Panel::Texts,
    Panel::Link,
    Panel::Rooms,
    Panel::Map,
    Panel::Around,
    Panel::Moderation,
    Panel::Talk,
    Panel::Invite,
    Panel::Avatar,
    Panel::SoundCheck,
    Panel::Settings,
    Panel::Help,
    Panel::Leave,
];

/// A venue in which everything that a page can show is there.
pub(crate) fn busy(language: Language) -> PanelModel {
    let anna = ParticipantId(2);
    let report = ReportView {
        report: ReportId(4),
        by: "Anna Müller".into(),
        by_delegation: "CHE".into(),
        about: "王小明".into(),
        about_delegation: "CHN".into(),
        participant: Some(ParticipantId(4)),
        room: Some(SpaceId(1)),
        words: "…".into(),
        quotes: vec![QuoteView { by_reporter: false, body: "…".into(), sent_at: WallTime(0) }],
        at: WallTime(0),
    };
    let words = "… https://vev.example.int/agenda".to_owned();
    let announcements = std::sync::Arc::new(vec![Announced { name: "Mona".into(), words }]);
    let order = OrderModel {
        announcements,
        keeps_order: true,
        muted: vec![anna],
        summons: Some(SummonsView { name: "Mona".into(), room: SpaceId(1), reason: "…".into(), secs: 4 }),
        acts: vec![(ActId(7), Act::Mute(anna)), (ActId(8), Act::Lock(SpaceId(1)))],
        locked: vec![(SpaceId(1), ActId(8))],
        blocked: vec![BlockedView {
            block: BlockId(1),
            name: "Jean Dupont".into(),
            delegation: "FRA".into(),
        }],
        reports: vec![report],
        was_near: vec![anna],
        line: vec![
            InLine { who: ParticipantId(1), is_brought_in: false },
            InLine { who: anna, is_brought_in: false },
        ],
    };
    let live =
        vec![LiveWords { from: anna, conversation: Conversation::Room(SpaceId(0)), text: "…".into() }];
    let mut model = PanelModel {
        order,
        talk: talking(),
        live,
        hands: vec![anna, ParticipantId(1)],
        seated: true,
        hosts: true,
        ..inside(language)
    };
    model.people[0].participant.role = EventRole::Moderator;
    let link = "https://vev.example.int/agenda";
    model.texts.push(line(8, 2, Conversation::Room(SpaceId(0)), link, Delivery::Received));
    model.settings.wants_tour = true;
    model.voice.arriving = vec![Arriving { who: anna, lost_tenths: 12, guessed_tenths: 3, waits_ms: 41 }];
    model
}

/// A private talk with everything that its page can show, and somebody who asks.
pub(crate) fn talking() -> TalkModel {
    let [anna, wang, mohammed] = [2, 4, 3].map(ParticipantId);
    let line = |from, is_delivered| TalkLine { from, body: "…".into(), is_delivered };
    let current = CurrentTalk {
        id: TalkId(3),
        others: vec![(anna, Compared::ByThem), (mohammed, Compared::ByBoth)],
        asked: vec![wang],
        has_begun: true,
        code: Some("0427 1835 9902 6611".into()),
        lines: vec![line(anna, true), line(ParticipantId(1), true), line(ParticipantId(1), false)],
    };
    TalkModel {
        requests: vec![wang],
        awaited: vec![wang],
        talkers: vec![anna, mohammed],
        current: Some(current),
        place: Some(TalkPlace {
            zone: ZoneId(1),
            name: Localized::english("Lounge"),
            state: PlaceState::Free,
        }),
    }
}

pub(crate) fn in_large_letters(mut model: PanelModel) -> PanelModel {
    model.settings.text_scale = 2.0;
    model.settings.high_contrast = true;
    model
}

/// Pages that show one person, link or report have one to show.
pub(super) fn choose_everything(stand: &mut Stand) {
    let memory = &mut stand.panels.memory;
    memory.person = Some(ParticipantId(4));
    memory.asked_link = super::web_links::links_in("https://аррӏе.com/\u{202e}agenda").pop();
    memory.moderated = Some(ParticipantId(2));
    memory.report = Some(super::memory::Reporting::new());
    memory.answering = Some((ReportId(4), super::memory::report_field()));
}

/// Every page: outside, on the way, inside with each panel.
fn each_page(language: Language, mut visit: impl FnMut(&mut Stand, &str)) {
    let host = || "vev.example.int".to_owned();
    let outside = [
        ("start", Stage::Start),
        ("problem", Stage::StartWithProblem(Problem::UnknownInvitation)),
        ("connecting", Stage::Connecting { host: host() }),
        ("joining", Stage::Joining { host: host() }),
        ("loading", Stage::Loading { done: 3_100_000, total: 24_000_000 }),
        ("hosting", Stage::Hosting),
        ("lost", Stage::Lost { problem: Problem::ServerBusy { host: host() }, retry_in_secs: Some(3) }),
        ("ended", Stage::Ended(Problem::UnknownInvitation)),
    ];
    for (name, stage) in outside {
        visit(&mut Stand::new(in_large_letters(PanelModel { stage, ..at_start(language) })), name);
    }
    let mut stand = Stand::new(in_large_letters(busy(language)));
    visit(&mut stand, "inside");
    for panel in PANELS {
        choose_everything(&mut stand);
        stand.open(panel);
        visit(&mut stand, &format!("{panel:?}").to_lowercase());
    }
    // What only a worn headset has to say; rates as headsets offer them.
    stand.model.lacks_keyboard = true;
    for rates in [vec![], vec![90], vec![72, 80, 90, 120, 144]] {
        stand.model.refresh_rates = Some(rates);
        stand.open(Panel::Settings);
        visit(&mut stand, "settings-worn");
    }
    (stand.model.lacks_keyboard, stand.model.refresh_rates) = (false, None);
    stand.panels.memory.shows_announcements = true;
    stand.open(Panel::Texts);
    visit(&mut stand, "announcements");
    let notices = [
        Notice::PutBack,
        Notice::Observing,
        Notice::Watching(WatchNews::CameIn),
        Notice::Watching(WatchNews::BroughtIn),
        Notice::Watching(WatchNews::SentBack),
        Notice::Reconnected,
        Notice::HandNotOpen,
        Notice::MicrophoneClosed,
        Notice::HeightMeasured,
        Notice::HeightNotMeasured,
        Notice::Safety(SafetyNotice::Reported),
        Notice::Safety(SafetyNotice::Away),
        Notice::Talk(TalkNotice::Begun),
        Notice::Talk(TalkNotice::Ended(End::OutOfStep)),
        Notice::Talk(TalkNotice::Failed),
        Notice::Talk(TalkNotice::KeptOut),
        Notice::Talk(TalkNotice::NotKept(ZoneRefusal::Occupied)),
        Notice::Talk(TalkNotice::None { name: "Mona".into(), outcome: TalkAskOutcome::TooMany }),
    ];
    stand.panels.close();
    stand.model.order.summons = None;
    stand.settle();
    visit(&mut stand, "asked");
    stand.open(Panel::Talk);
    visit(&mut stand, "asked-in-talk");
    stand.panels.close();
    stand.model.talk.requests.clear();
    for step in 0..super::pages::STEPS {
        stand.panels.memory.tour_step = step;
        // A step that is changed from outside is laid out with the next change of the model.
        stand.model.settings.mouse_speed += 0.5;
        stand.settle();
        visit(&mut stand, &format!("tour-{step}"));
    }
    for notice in notices {
        stand.model.notice = Some(notice);
        stand.settle();
        visit(&mut stand, "notice");
    }
}

#[test]
fn nothing_is_cut_in_the_largest_letters_in_any_language() {
    for language in Language::ALL {
        each_page(language, |stand, page| {
            keep(stand, &format!("large-{page}-{}", language.code()));
            let mut cut = std::mem::take(&mut stand.panels.engine.cut);
            // Rooms' names on the plan; the list beside it says them whole.
            cut.retain(|text| {
                page != "map" || !stand.model.rooms.iter().any(|room| room.name.get(language) == text)
            });
            assert!(cut.is_empty(), "{language:?}, {page}: {cut:?}");
            for node in &stand.nodes {
                let Some(bounds) = node.bounds() else { continue };
                let width = f64::from(stand.screen[0]);
                assert!(bounds.x0 >= -0.5 && bounds.x1 <= width + 0.5, "{page}: {}", node_name(node));
            }
        });
    }
}

#[test]
fn every_sentence_comes_by_fluent() {
    let names = "Jean Dupont Anna Müller FRA CHE CHN EGY RUS Мария Иванова محمد الأمين 王小明 Mona";
    let rooms = "Lounge Popov Hall Hall C Hall A B1 B2";
    let own = "Plenipotentiary Conference 2026 vev.example.int vev:// https agenda аррӏе com xn 80ak6aa92e E2 80 AEagenda Guest VEV VirtualEventVenue";
    let keys = "W S A D Q E G C H T P R M B N L X V Shift PgUp PgDn Enter Esc F1 F3 F4 F10 K";
    let texts: String = inside(Language::En).texts.iter().map(|line| line.body.clone() + " ").collect();
    let languages: String =
        Language::ALL.iter().map(|language| language.endonym().to_owned() + " ").collect();
    let known = [names, rooms, own, keys, &texts, &languages].join(" ");
    let known: std::collections::BTreeSet<String> = words_of(&known).collect();
    each_page(Language::En, |stand, page| {
        stand.panels.words = Words::pseudo();
        // Whatever was laid out before is laid out again.
        stand.model.visit += 1;
        stand.model.settings.mouse_speed += 0.5;
        let open = stand.panels.memory.open;
        stand.panels.memory.visit = stand.model.visit;
        stand.panels.memory.open = open;
        stand.settle();
        for node in &stand.nodes {
            let rest = outside_of_marks(&node_name(node));
            let passed: Vec<String> = words_of(&rest).filter(|word| !known.contains(word)).collect();
            assert!(passed.is_empty(), "{page}: {passed:?} in {:?}", node_name(node));
        }
        assert!(
            stand.nodes.iter().any(|node| node_name(node).contains('‹')),
            "{page} is in the pseudo-language"
        );
    });
}

fn words_of(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| word.chars().any(char::is_alphabetic)).map(str::to_owned)
}

/// What does not stand in a marked sentence.
fn outside_of_marks(text: &str) -> String {
    let mut depth = 0;
    let mut rest = String::new();
    for letter in text.chars() {
        match letter {
            '‹' => depth += 1,
            '›' => depth -= 1,
            other if depth == 0 => rest.push(other),
            _ => {}
        }
    }
    rest
}

/// Given names and family names by script.
const NAMES: [(&str, &str); 13] = [
    (
        "Zoë José Łukasz Željko Søren Đỗ Īls Çağrı Ñandú Ţepeş Eðvarð Māris Žofia Ġorġ Nguyễn Kịrị",
        "Müller Ñúñez Şükrü Đặng Ægisson Œuvray Ķēniņš Ħamrun Čapek Ștefănescu Ōyama Ỳusuf",
    ),
    ("Ольга Сергій Ђорђе Әлия Ҳасан Ґрета Їжак Ўткир", "Иванова Қазақ Љубић Шевченко Ћирић Ӯрин Ҷамол Өмүр"),
    ("Ελένη Γιώργος Ἀνδρέας Ζωή", "Παπαδοπούλου Οικονόμου Ξένος Ψαρράς"),
    ("محمّد عبد_الله فاطمة زینب پرویز ژاله گل ٹھاکر", "الأمین خوئی چودھری ڈار ڑانا العلیّ ہاشمی"),
    ("王 李 張 劉 陈 歐陽 司马 諸葛", "小明 麗華 伟 淑芬 志强 美玲 建国 雅婷"),
    ("さくら ケンジ 太郎 みどり", "田中 鈴木 高橋 渡辺 伊藤 佐々木"),
    ("지훈 서연 민준 하은 도윤", "김 이 박 최 정 강 조"),
    ("สมชาย มาลี ณัฐ กิตติ", "ศรีสุข แก้วมณี ทองดี"),
    ("דוד שרה משה רבקה", "כהן לוי מזרחי פרץ"),
    ("अनिल प्रिया कृष्ण लक्ष्मी", "शर्मा गुप्ता श्रीवास्तव"),
    ("გიორგი ნინო დავით", "ბერიძე კაპანაძე"),
    ("Արամ Անահիտ Տիգրան", "Պետրոսյան Գրիգորյան"),
    ("አበበ ሰላም ተስፋዬ", "ገብረማርያም በቀለ"),
];

#[test]
fn a_thousand_names_in_their_scripts_have_every_letter() {
    let mut engine = TextEngine::default();
    let mut shown = 0;
    let words = |text: &'static str| text.split(' ').map(|word| word.replace('_', " "));
    for (given, family) in NAMES {
        let (given, family): (Vec<_>, Vec<_>) = (words(given).collect(), words(family).collect());
        for (one, other) in given.iter().flat_map(|one| family.iter().map(move |other| (one, other))) {
            for name in [format!("{one} {other}"), format!("{other} {one}")] {
                for weight in [FontWeight::Regular, FontWeight::Bold] {
                    let style = TextStyle { size: 18.0, weight, ..TextStyle::default() };
                    assert_eq!(engine.shape(&name, style).missing, 0, "{name} {weight:?}");
                }
                shown += 1;
            }
        }
    }
    assert!(shown >= 1_000, "{shown}");
}
