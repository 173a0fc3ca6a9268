//! One message of every kind, and those that begin a session.

use glam::Vec3;
use venue_model::{
    BoundedText, DeviceKey, EventKey, FileHash, Language, Participant, ParticipantId, ParticipantKind, Place,
    Posture, Role, SeatId, ServerTime, SpaceEpoch, SpaceId, TextId, TextScope, WallTime,
};
use venue_protocol::*;

/// The space that the welcome leads into.
pub(crate) const SPACE: SpaceId = SpaceId(1);
/// Its epoch.
pub(crate) const EPOCH: SpaceEpoch = SpaceEpoch(1);

const APPEARANCE: Appearance = Appearance { avatar: 1, clothing: 2, skin: 3 };
const PLACE: Place = Place { position: Vec3::new(1.0, 0.0, -0.5), yaw: 0.25 };
const SEAT: SeatId = SeatId(9);
const OTHER: ParticipantId = ParticipantId(2);
const PLACEMENT: Placement = Placement(1);

/// The client's first message.
pub(crate) fn hello() -> Hello {
    Hello {
        version_min: VERSION_MIN,
        version_max: VERSION_MAX,
        features: Features::OWN,
        program: BoundedText::lossy("xr-client 0.1.0"),
        device_key: DeviceKey([3; 32]),
        language: Language::Ar,
    }
}

/// The server's answer to it.
pub(crate) fn hello_accepted() -> HelloAccepted {
    HelloAccepted {
        version: VERSION_MAX,
        features: Features::OWN,
        server_time: ServerTime(1_000_000),
        program: BoundedText::lossy("venue-server 0.1.0"),
    }
}

/// The client's second message.
pub(crate) fn join() -> Join {
    let event = EventKey::new("assembly").expect("a fixed key is good");
    let code = InvitationCode(BoundedText::lossy("7K2M9QXA"));
    Join { credential: Credential::Invitation { event, code }, proof: [5; 64], appearance: APPEARANCE }
}

/// What lets a client in.
pub(crate) fn welcome() -> Welcome {
    Welcome {
        you: person(1),
        entry: EntryNote::ObserverBecauseFull,
        ticket: ticket(),
        event_title: BoundedText::lossy("Plenipotentiary"),
        notice: BoundedText::lossy("2026-11"),
        manifest: FileHash([0xfa; 32]),
        manifest_bytes: 70_000,
        space: SPACE,
        epoch: EPOCH,
        placement: PLACEMENT,
        place: PLACE,
        open_spaces: vec![SPACE, SpaceId(2)],
        people: vec![presence(2), presence(3)],
        seats: vec![SeatTaken { seat: SeatId(3), participant: OTHER }],
    }
}

fn person(number: u32) -> Participant {
    Participant {
        id: ParticipantId(number),
        kind: ParticipantKind::Interpreter,
        role: Role::Chair,
        name: BoundedText::lossy("Zoë 李"),
        delegation: BoundedText::lossy("CHE"),
        language: Language::Ru,
    }
}

fn presence(number: u32) -> Presence {
    Presence { participant: person(number), appearance: APPEARANCE, space: SPACE }
}

fn ticket() -> Ticket {
    Ticket { bytes: ticket_bytes(), valid_secs: 900 }
}

fn ticket_bytes() -> TicketBytes {
    TicketBytes::new(vec![0x71; 12]).expect("twelve bytes are no long ticket")
}

/// Every message that a client can send, each framed.
pub(super) fn client() -> Vec<Vec<u8>> {
    let (client_ref, body) = (1, BoundedText::lossy("مرحبا, 你好"));
    let ticket = Join { credential: Credential::Ticket(ticket_bytes()), ..join() };
    let messages: [ClientMessage; 12] = [
        hello().into(),
        join().into(),
        ticket.into(),
        RenewTicket.into(),
        GoToSpace { space: SpaceId(2) }.into(),
        TakeSeat { seat: SEAT }.into(),
        LeaveSeat.into(),
        SendText { client_ref, scope: TextScope::Space, body: body.clone() }.into(),
        SendText { client_ref, scope: TextScope::Person(OTHER), body }.into(),
        SetAppearance { appearance: APPEARANCE }.into(),
        SetLanguage { language: Language::Zh }.into(),
        Leave.into(),
    ];
    messages.iter().map(|message| message.encode().to_vec()).collect()
}

/// Every message that a server can send, each framed.
pub(super) fn server() -> Vec<Vec<u8>> {
    let program = || BoundedText::lossy("venue-server 0.1.0");
    let (client_ref, text_id, sent_at) = (1, TextId(77), WallTime(1_795_600_000_000));
    let (placement, place, space, epoch) = (PLACEMENT, PLACE, SpaceId(2), EPOCH);
    let detail = BoundedText::lossy("too many");
    let posture = Posture::Seated(SEAT);
    let body = BoundedText::lossy("Привет");
    let messages: [ServerMessage; 19] = [
        hello_accepted().into(),
        HelloRefused { version_min: 2, version_max: 3, program: program() }.into(),
        welcome().into(),
        Refused { code: RefusalCode::RateLimited, detail, retry_after_secs: 60 }.into(),
        ticket().into(),
        PresenceJoined { presence: presence(4) }.into(),
        PresenceChanged { presence: presence(2) }.into(),
        PresenceLeft { participant: OTHER }.into(),
        SpaceEntered { space, epoch, placement, place, cause: PlacementCause::Door }.into(),
        BodyPlaced { placement, place, posture, cause: PlacementCause::SatDown }.into(),
        SeatTaken { seat: SEAT, participant: OTHER }.into(),
        SeatFreed { seat: SEAT }.into(),
        SeatRefused { seat: SEAT, why: SeatRefusal::Elsewhere }.into(),
        TextAccepted { client_ref, text_id, sent_at }.into(),
        TextRejected { client_ref, why: TextRejection::NobodyThere }.into(),
        Text { text_id, from: OTHER, scope: TextScope::Space, space, body, sent_at }.into(),
        TakenOver.into(),
        Removed { why: BoundedText::lossy("asked to leave") }.into(),
        Closing { reason: ClosingReason::Restart, back_in_secs: 30 }.into(),
    ];
    messages.iter().map(|message| message.encode().to_vec()).collect()
}
