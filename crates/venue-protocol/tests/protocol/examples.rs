//! One message of every kind, with values that are easy to find in a row of bytes.

use glam::Vec3;
use venue_model::{
    BoundedText, DeviceKey, EventKey, FileHash, Language, Participant, ParticipantId, ParticipantKind, Place,
    Posture, Role, SeatId, ServerTime, SpaceEpoch, SpaceId, TalkId, TextId, TextScope, WallTime, ZoneId,
};
use venue_protocol::*;

fn moderate(act: Act) -> ClientMessage {
    Moderate { client_ref: 11, act, reason: text("noise") }.into()
}

pub fn text<const MAX: usize>(text: &str) -> BoundedText<MAX> {
    BoundedText::new(text).unwrap()
}

pub fn appearance() -> Appearance {
    Appearance { avatar: 1, clothing: 2, skin: 3 }
}

pub fn invitation() -> Credential {
    Credential::Invitation { event: EventKey::new("pp-26").unwrap(), code: InvitationCode(text("ABCD-EFGH")) }
}

pub fn hello() -> Hello {
    Hello {
        version_min: 1,
        version_max: 2,
        features: Features(0x8000_0000_0000_0001),
        program: text("xr-client 0.1.0"),
        device_key: DeviceKey([0xd0; 32]),
        language: Language::Fr,
    }
}

pub fn person(number: u32) -> Participant {
    Participant {
        id: ParticipantId(number),
        kind: ParticipantKind::Interpreter,
        role: Role::Chair,
        name: text("Zoë"),
        delegation: text("CHE"),
        language: Language::Ru,
    }
}

pub fn presence(number: u32) -> Presence {
    Presence { participant: person(number), appearance: appearance(), space: SpaceId(0x0506) }
}

pub fn place() -> Place {
    Place { position: Vec3::new(1.0, 2.0, -0.5), yaw: 0.25 }
}

pub fn ticket() -> Ticket {
    Ticket { bytes: TicketBytes::new(vec![0x71; 4]).unwrap(), valid_secs: 900 }
}

pub fn welcome() -> Welcome {
    Welcome {
        you: person(7),
        entry: EntryNote::ObserverBecauseFull,
        ticket: ticket(),
        event_title: text("Plenipotentiary"),
        notice: text("2026-11"),
        manifest: FileHash([0xfa; 32]),
        manifest_bytes: 0x0001_0203,
        space: SpaceId(0x0506),
        epoch: SpaceEpoch(0x0708_090a),
        placement: Placement(0x0b0c),
        place: place(),
        open_spaces: vec![SpaceId(0x0506), SpaceId(0x0507)],
        people: vec![presence(8)],
        seats: vec![SeatTaken { seat: SeatId(3), participant: ParticipantId(8) }],
    }
}

pub fn client_messages() -> Vec<ClientMessage> {
    let ticket = Credential::Ticket(ticket().bytes);
    vec![
        hello().into(),
        Join { credential: invitation(), proof: [0x51; 64], appearance: appearance() }.into(),
        Join { credential: ticket, proof: [0x52; 64], appearance: appearance() }.into(),
        RenewTicket.into(),
        GoToSpace { space: SpaceId(0x0102) }.into(),
        TakeSeat { seat: SeatId(0x0304) }.into(),
        LeaveSeat.into(),
        SendText { client_ref: 9, scope: TextScope::Space, body: text("Bonjour ! 你好") }.into(),
        SendText { client_ref: 10, scope: TextScope::Person(ParticipantId(0x0a0b)), body: text("x") }.into(),
        WriteLive { scope: TextScope::Space, edit: LiveEdit { erase: 3, insert: text("né") } }.into(),
        SetAppearance { appearance: appearance() }.into(),
        SetLanguage { language: Language::Ar }.into(),
        Leave.into(),
        SetHand { hand: Hand::Raised }.into(),
        SetMicrophone { is_open: true }.into(),
        moderate(Act::Mute(ParticipantId(0x0a0b))),
        moderate(Act::MuteSpace(SpaceId(0x0102))),
        moderate(Act::AskToUnmute(ParticipantId(0x0a0b))),
        moderate(Act::LowerHand(ParticipantId(0x0a0b))),
        moderate(Act::Summon {
            participant: ParticipantId(0x0a0b),
            space: SpaceId(0x0102),
            seat: Some(SeatId(0x0304)),
        }),
        moderate(Act::Remove(ParticipantId(0x0a0b))),
        moderate(Act::Lock(SpaceId(0x0102))),
        moderate(Act::Announce { space: None, words: text("Pause") }),
        moderate(Act::BringIn(ParticipantId(0x0a0b))),
        moderate(Act::SendBack(ParticipantId(0x0a0b))),
        UndoAct { act: ActId(0x0506) }.into(),
        RefuseSummons { act: ActId(0x0506) }.into(),
        FetchTexts { after: TextId(0x0c0d) }.into(),
        Block { participant: ParticipantId(0x0a0b) }.into(),
        Unblock { block: BlockId(0x0708) }.into(),
        Report {
            client_ref: 12,
            about: ParticipantId(0x0a0b),
            words: text("insults"),
            texts: ShortList::of([TextId(0x0fff), TextId(0x1000)]),
        }
        .into(),
        AnswerReport { report: ReportId(0x0102), words: text("spoken to") }.into(),
        AskToTalk { participant: ParticipantId(0x0a0b) }.into(),
        AnswerTalk { talk: TalkId(0x0c), answer: TalkAnswer::Later }.into(),
        LeaveTalk { talk: TalkId(0x0c) }.into(),
        PostToTalk { talk: TalkId(0x0c), to: None, bytes: talk_bytes() }.into(),
        PostToTalk { talk: TalkId(0x0c), to: Some(ParticipantId(0x0a0b)), bytes: talk_bytes() }.into(),
        KeepZone { zone: ZoneId(0x0102), is_kept: true }.into(),
    ]
}

fn talk_bytes() -> TalkBytes {
    TalkBytes::new(vec![0x01, 0x02, 0x03]).unwrap()
}

fn about_talks(participant: ParticipantId) -> [ServerMessage; 8] {
    let talk = TalkId(0x0102_0304);
    let claims = DeviceClaims {
        event: EventKey::new("wtf-26").unwrap(),
        participant,
        device: DeviceKey([0x31; 32]),
        valid_until: WallTime(1_795_600_000_000),
    };
    let certificate = DeviceCertificate { claims, signature: [0x32; 64] };
    [
        TalkAsked { talk, by: participant }.into(),
        TalkAskEnded { talk, participant, outcome: TalkAskOutcome::Expired }.into(),
        TalkChanged { talk, members: Talkers::of([participant]), asked: Talkers::default() }.into(),
        TalkPosted { talk, from: participant, is_for_you: true, bytes: talk_bytes() }.into(),
        InTalk { participant, is_in: true }.into(),
        ZoneKept { zone: ZoneId(0x0102), is_kept: true, is_for_you: false }.into(),
        ZoneRefused { zone: ZoneId(0x0102), why: ZoneRefusal::Taken }.into(),
        DeviceCertified { server_key: [0x33; 32], at: WallTime(1_795_599_000_000), certificate }.into(),
    ]
}

fn about_safety() -> Vec<ServerMessage> {
    let (participant, space, sent_at) =
        (ParticipantId(0x0506_0708), SpaceId(0x0102), WallTime(1_795_600_000_000));
    vec![
        Blocked {
            block: BlockId(0x0708),
            participant: Some(participant),
            name: text("Ana"),
            delegation: text("BRA"),
        }
        .into(),
        Unblocked { block: BlockId(0x0708) }.into(),
        BlockRefused { why: BlockRefusal::KeepsOrder }.into(),
        ReportStored { client_ref: 12, report: ReportId(0x0102) }.into(),
        ReportRefused { client_ref: 12, why: ReportRefusal::TooFast }.into(),
        ReportFiled {
            report: ReportId(0x0102),
            by: text("Li"),
            by_delegation: text("CHN"),
            about: text("Ana"),
            about_delegation: text(""),
            participant: None,
            space: Some(space),
            words: text("insults"),
            quotes: ShortList::of([Quote { by_reporter: true, body: text("stop"), sent_at }]),
            at: sent_at,
        }
        .into(),
        ReportClosed { report: ReportId(0x0102), by: text("Mo") }.into(),
        ReportAnswered { report: ReportId(0x0102), about: text("Ana"), words: text("spoken to") }.into(),
    ]
}

fn renewed() -> VenueRenewed {
    VenueRenewed {
        manifest: FileHash([0xab; 32]),
        manifest_bytes: 4_096,
        open_spaces: vec![SpaceId(0x0102)],
        space: SpaceId(0x0102),
        epoch: SpaceEpoch(4),
        placement: Placement(0x0d0f),
        place: place(),
        posture: Posture::Standing,
        cause: PlacementCause::Asked,
    }
}

pub fn server_messages() -> Vec<ServerMessage> {
    let (seat, participant) = (SeatId(0x0304), ParticipantId(0x0506_0708));
    let (space, epoch, placement) = (SpaceId(0x0102), SpaceEpoch(3), Placement(0x0d0e));
    let (text_id, sent_at) = (TextId(0x0fff), WallTime(1_795_600_000_000));
    let act = ActId(0x0506);
    let refused = Refused { code: RefusalCode::RateLimited, detail: text("too many"), retry_after_secs: 60 };
    let mut messages = vec![
        HelloAccepted {
            version: 1,
            features: Features(1),
            server_time: ServerTime(1_000_000),
            program: text("venue-server"),
        }
        .into(),
        HelloRefused { version_min: 2, version_max: 3, program: text("venue-server") }.into(),
        welcome().into(),
        refused.into(),
        ticket().into(),
        PresenceJoined { presence: presence(8) }.into(),
        PresenceChanged { presence: presence(9) }.into(),
        PresenceLeft { participant }.into(),
        SpaceEntered { space, epoch, placement, place: place(), cause: PlacementCause::Door }.into(),
        BodyPlaced {
            placement,
            place: place(),
            posture: Posture::Seated(seat),
            cause: PlacementCause::SatDown,
        }
        .into(),
        BodyPlaced { placement, place: place(), posture: Posture::Standing, cause: PlacementCause::TooFast }
            .into(),
        renewed().into(),
        VenueNote { words: text("line 5: at has 2 numbers") }.into(),
        SeatTaken { seat, participant }.into(),
        SeatFreed { seat }.into(),
        SeatRefused { seat, why: SeatRefusal::Elsewhere }.into(),
        TextAccepted { client_ref: 9, text_id, sent_at }.into(),
        TextRejected { client_ref: 9, why: TextRejection::NobodyThere }.into(),
        Text {
            text_id, from: participant, scope: TextScope::Space, space, body: text("Привет"), sent_at
        }
        .into(),
        LiveText {
            from: participant,
            scope: TextScope::Person(participant),
            space,
            edit: LiveEdit::whole("Пр"),
        }
        .into(),
        TakenOver.into(),
        Removed { why: text("asked to leave") }.into(),
        Closing { reason: ClosingReason::Restart, back_in_secs: 30 }.into(),
    ];
    messages.extend(about_hands(participant));
    let about_order: [ServerMessage; 9] = [
        ActDone { client_ref: 11, act }.into(),
        ActRefused { client_ref: 11, why: ActRefusal::NotPossible }.into(),
        ActUndone { act, kind: ActKind::Remove }.into(),
        ActTold { act, kind: ActKind::Mute, by: participant, reason: text("noise") }.into(),
        Summons { act, by: participant, space, at: ServerTime(0x0908), reason: text("") }.into(),
        SummonsEnded { act, participant, outcome: SummonsOutcome::Refused }.into(),
        SpaceLocked { space, act }.into(),
        SpaceUnlocked { space }.into(),
        Announcement { by: participant, space: Some(space), words: text("Pause"), sent_at }.into(),
    ];
    messages.extend(about_order);
    messages.extend(about_safety());
    messages.extend(about_talks(ParticipantId(0x0506_0708)));
    messages
}

fn about_hands(participant: ParticipantId) -> [ServerMessage; 5] {
    [
        HandRaised { participant, at: ServerTime(0x0908_0706) }.into(),
        HandLowered { participant }.into(),
        MicrophoneChanged { participant, microphone: Microphone::MutedByModerator }.into(),
        MicrophoneOpened { participant }.into(),
        Watch {
            participant,
            since: ServerTime(0x0908),
            kind: ParticipantKind::Interpreter,
            state: WatchState::BroughtIn,
        }
        .into(),
    ]
}
