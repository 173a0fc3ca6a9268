//! `decode(encode(x)) == x` for every message with any values, and `encode(decode(b)) == b` for any
//! bytes that decode.

use crate::examples::{client_messages, server_messages};
use glam::Vec3;
use proptest::prelude::*;
use venue_model::{
    BoundedText, DeviceKey, EventKey, FileHash, Language, Participant, ParticipantId, ParticipantKind, Place,
    Posture, Role, SeatId, ServerTime, SpaceEpoch, SpaceId, TalkId, TextId, TextScope, WallTime, ZoneId,
};
use venue_protocol::frame::{
    Frame, FrameReader, MAX_CLIENT_PAYLOAD, MAX_SERVER_PAYLOAD, MessageType, encode_frame,
};
use venue_protocol::*;

fn one_frame(bytes: &[u8], max_payload: usize) -> Frame {
    let mut reader = FrameReader::new(max_payload);
    reader.push(bytes);
    let frame = reader.next_frame().unwrap().expect("a whole frame");
    assert_eq!(reader.next_frame(), Ok(None), "nothing behind it");
    frame
}

fn text<const MAX: usize>() -> impl Strategy<Value = BoundedText<MAX>> {
    prop::collection::vec(any::<char>(), 0..MAX.min(60))
        .prop_map(|c| BoundedText::lossy(&String::from_iter(c)))
}

fn one_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(all)
}

prop_compose! {
    fn appearance()(avatar: u8, clothing: u8, skin: u8) -> Appearance {
        Appearance { avatar, clothing, skin }
    }
}

prop_compose! {
    fn person()(
        id: u32, kind in one_of(&ParticipantKind::ALL), role in one_of(&Role::ALL),
        name in text(), delegation in text(), language in one_of(&Language::ALL),
    ) -> Participant {
        Participant { id: ParticipantId(id), kind, role, name, delegation, language }
    }
}

prop_compose! {
    fn presence()(participant in person(), appearance in appearance(), space: u16) -> Presence {
        Presence { participant, appearance, space: SpaceId(space) }
    }
}

prop_compose! {
    fn place()(position in prop::array::uniform3(-1e5f32..1e5), yaw in -7f32..7.0) -> Place {
        Place { position: Vec3::from_array(position), yaw }
    }
}

prop_compose! {
    fn ticket()(bytes in prop::collection::vec(any::<u8>(), 0..=MAX_TICKET_BYTES), valid_secs: u32) -> Ticket {
        Ticket { bytes: TicketBytes::new(bytes).unwrap(), valid_secs }
    }
}

fn credential() -> impl Strategy<Value = Credential> {
    let invitation = ("[a-z0-9-]{1,40}", text()).prop_map(|(event, code)| Credential::Invitation {
        event: EventKey::new(event).unwrap(),
        code: InvitationCode(code),
    });
    prop_oneof![invitation, ticket().prop_map(|ticket| Credential::Ticket(ticket.bytes))]
}

fn scope() -> impl Strategy<Value = TextScope> {
    prop::option::of(any::<u32>())
        .prop_map(|id| id.map_or(TextScope::Space, |id| TextScope::Person(ParticipantId(id))))
}

fn hello() -> impl Strategy<Value = Hello> {
    let versions = (any::<u16>(), any::<u16>()).prop_map(|(a, b)| (a.min(b), a.max(b)));
    let language = one_of(&Language::ALL);
    (versions, any::<u64>(), text(), any::<[u8; 32]>(), language).prop_map(
        |((version_min, version_max), features, program, key, language)| Hello {
            version_min,
            version_max,
            features: Features(features),
            program,
            device_key: DeviceKey(key),
            language,
        },
    )
}

fn join() -> impl Strategy<Value = Join> {
    let proof = prop::collection::vec(any::<u8>(), 64).prop_map(|bytes| <[u8; 64]>::try_from(bytes).unwrap());
    (credential(), proof, appearance()).prop_map(|(credential, proof, appearance)| Join {
        credential,
        proof,
        appearance,
    })
}

fn act() -> impl Strategy<Value = Act> {
    let ids = (any::<u32>(), any::<u16>(), prop::option::of(any::<u16>()));
    (one_of(&ActKind::ALL), ids, text()).prop_map(|(kind, (participant, space, other), words)| {
        let (participant, space) = (ParticipantId(participant), SpaceId(space));
        match kind {
            ActKind::Mute => Act::Mute(participant),
            ActKind::MuteSpace => Act::MuteSpace(space),
            ActKind::AskToUnmute => Act::AskToUnmute(participant),
            ActKind::LowerHand => Act::LowerHand(participant),
            ActKind::Summon => Act::Summon { participant, space, seat: other.map(SeatId) },
            ActKind::Remove => Act::Remove(participant),
            ActKind::Lock => Act::Lock(space),
            ActKind::Announce => Act::Announce { space: other.map(SpaceId), words },
            ActKind::BringIn => Act::BringIn(participant),
            ActKind::SendBack => Act::SendBack(participant),
        }
    })
}

fn report() -> impl Strategy<Value = ClientMessage> {
    let texts = prop::collection::vec(any::<u64>().prop_map(TextId), 0..=MAX_QUOTES);
    (any::<u32>(), any::<u32>(), text(), texts).prop_map(|(client_ref, about, words, texts)| {
        Report { client_ref, about: ParticipantId(about), words, texts: ShortList::of(texts) }.into()
    })
}

fn client_message() -> impl Strategy<Value = ClientMessage> {
    let body = (any::<u32>(), scope(), text())
        .prop_map(|(client_ref, scope, body)| SendText { client_ref, scope, body }.into());
    let live = (scope(), any::<u16>(), text())
        .prop_map(|(scope, erase, insert)| WriteLive { scope, edit: LiveEdit { erase, insert } }.into());
    prop_oneof![
        hello().prop_map(ClientMessage::from),
        join().prop_map(ClientMessage::from),
        Just(RenewTicket.into()),
        any::<u64>().prop_map(|after| FetchTexts { after: TextId(after) }.into()),
        any::<u16>().prop_map(|space| GoToSpace { space: SpaceId(space) }.into()),
        any::<u16>().prop_map(|seat| TakeSeat { seat: SeatId(seat) }.into()),
        Just(LeaveSeat.into()),
        body,
        live,
        appearance().prop_map(|appearance| SetAppearance { appearance }.into()),
        one_of(&Language::ALL).prop_map(|language| SetLanguage { language }.into()),
        Just(Leave.into()),
        one_of(&Hand::ALL).prop_map(|hand| SetHand { hand }.into()),
        any::<bool>().prop_map(|is_open| SetMicrophone { is_open }.into()),
        (any::<u32>(), act(), text()).prop_map(|(client_ref, act, reason)| Moderate {
            client_ref,
            act,
            reason
        }
        .into()),
        any::<u64>().prop_map(|act| UndoAct { act: ActId(act) }.into()),
        any::<u64>().prop_map(|act| RefuseSummons { act: ActId(act) }.into()),
        any::<u32>().prop_map(|id| Block { participant: ParticipantId(id) }.into()),
        any::<u64>().prop_map(|id| Unblock { block: BlockId(id) }.into()),
        report(),
        any::<u32>().prop_map(|id| AskToTalk { participant: ParticipantId(id) }.into()),
        (any::<u32>(), one_of(&TalkAnswer::ALL)).prop_map(|(talk, answer)| AnswerTalk {
            talk: TalkId(talk),
            answer
        }
        .into()),
        any::<u32>().prop_map(|talk| LeaveTalk { talk: TalkId(talk) }.into()),
        (any::<u32>(), prop::option::of(any::<u32>()), talk_bytes()).prop_map(|(talk, to, bytes)| {
            PostToTalk { talk: TalkId(talk), to: to.map(ParticipantId), bytes }.into()
        }),
        (any::<u16>(), any::<bool>())
            .prop_map(|(zone, is_kept)| KeepZone { zone: ZoneId(zone), is_kept }.into()),
        (any::<u64>(), text()).prop_map(|(id, words)| AnswerReport { report: ReportId(id), words }.into()),
    ]
}

prop_compose! {
    fn welcome()(
        you in person(), entry in one_of(&EntryNote::ALL), ticket in ticket(), event_title in text(),
        notice in text(), manifest: [u8; 32], manifest_bytes: u32,
        (space, epoch, placement, place) in (any::<u16>(), any::<u32>(), any::<u16>(), place()),
        open in prop::collection::vec(any::<u16>(), 0..5),
        people in prop::collection::vec(presence(), 0..20),
        seats in prop::collection::vec((any::<u16>(), any::<u32>()), 0..20),
    ) -> Welcome {
        let seat = |(seat, participant)| SeatTaken { seat: SeatId(seat), participant: ParticipantId(participant) };
        Welcome {
            you, entry, ticket, event_title, notice, manifest: FileHash(manifest), manifest_bytes,
            space: SpaceId(space), epoch: SpaceEpoch(epoch), placement: Placement(placement), place,
            open_spaces: open.into_iter().map(SpaceId).collect(), people, seats: seats.into_iter().map(seat).collect(),
        }
    }
}

prop_compose! {
    fn placed()(
        ids: (u16, u32, u16, u16), place in place(), cause in one_of(&PlacementCause::ALL), sits: bool,
        manifest: [u8; 32], manifest_bytes: u32, open in prop::collection::vec(any::<u16>(), 0..5), words in text(),
    ) -> [ServerMessage; 4] {
        let (space, epoch, placement, seat) = ids;
        let (space, epoch, placement) = (SpaceId(space), SpaceEpoch(epoch), Placement(placement));
        let posture = if sits { Posture::Seated(SeatId(seat)) } else { Posture::Standing };
        [
            SpaceEntered { space, epoch, placement, place, cause }.into(),
            BodyPlaced { placement, place, posture, cause }.into(),
            VenueRenewed {
                manifest: FileHash(manifest), manifest_bytes, open_spaces: open.into_iter().map(SpaceId).collect(),
                space, epoch, placement, place, posture, cause,
            }
            .into(),
            VenueNote { words }.into(),
        ]
    }
}

prop_compose! {
    fn about_seats()(seat: u16, participant: u32, why in one_of(&SeatRefusal::ALL)) -> [ServerMessage; 4] {
        let (seat, participant) = (SeatId(seat), ParticipantId(participant));
        [
            SeatTaken { seat, participant }.into(),
            SeatFreed { seat }.into(),
            SeatRefused { seat, why }.into(),
            PresenceLeft { participant }.into(),
        ]
    }
}

prop_compose! {
    fn about_texts()(
        client_ref: u32, id: u64, at: u64, from: u32, scope in scope(), space: u16, body in text(),
        why in one_of(&TextRejection::ALL),
    ) -> [ServerMessage; 4] {
        let (text_id, sent_at, from) = (TextId(id), WallTime(at), ParticipantId(from));
        [
            TextAccepted { client_ref, text_id, sent_at }.into(),
            TextRejected { client_ref, why }.into(),
            LiveText { from, scope, space: SpaceId(space), edit: LiveEdit { erase: space, insert: body.clone() } }
                .into(),
            Text { text_id, from, scope, space: SpaceId(space), body, sent_at }.into(),
        ]
    }
}

prop_compose! {
    fn about_hello()(
        hello in hello(), version: u16, at: u64, code in one_of(&RefusalCode::ALL), detail in text(),
        retry_after_secs: u16,
    ) -> [ServerMessage; 3] {
        let Hello { version_min, version_max, features, program, .. } = hello;
        let server_time = ServerTime(at);
        [
            HelloAccepted { version, features, server_time, program: program.clone() }.into(),
            HelloRefused { version_min, version_max, program }.into(),
            Refused { code, detail, retry_after_secs }.into(),
        ]
    }
}

prop_compose! {
    fn about_the_end()(why in text(), reason in one_of(&ClosingReason::ALL), back_in_secs: u32) -> [ServerMessage; 3] {
        [TakenOver.into(), Removed { why }.into(), Closing { reason, back_in_secs }.into()]
    }
}

prop_compose! {
    fn about_hands()(
        participant: u32, at: u64, microphone in one_of(&Microphone::CLOSED),
        kind in one_of(&ParticipantKind::ALL), state in one_of(&WatchState::ALL),
    ) -> [ServerMessage; 5] {
        let participant = ParticipantId(participant);
        [
            HandRaised { participant, at: ServerTime(at) }.into(),
            HandLowered { participant }.into(),
            MicrophoneChanged { participant, microphone }.into(),
            MicrophoneOpened { participant }.into(),
            Watch { participant, since: ServerTime(at), kind, state }.into(),
        ]
    }
}

prop_compose! {
    fn about_order()(
        (client_ref, act, participant, space) in (any::<u32>(), any::<u64>(), any::<u32>(), any::<u16>()),
        at: u64, why in one_of(&ActRefusal::ALL), kind in one_of(&ActKind::ALL),
        outcome in one_of(&SummonsOutcome::ALL), reason in text(), words in text(), to in prop::option::of(any::<u16>()),
    ) -> [ServerMessage; 9] {
        let (act, by, space) = (ActId(act), ParticipantId(participant), SpaceId(space));
        [
            ActDone { client_ref, act }.into(),
            ActRefused { client_ref, why }.into(),
            ActUndone { act, kind }.into(),
            ActTold { act, kind, by, reason: reason.clone() }.into(),
            Summons { act, by, space, at: ServerTime(at), reason }.into(),
            SummonsEnded { act, participant: by, outcome }.into(),
            SpaceLocked { space, act }.into(),
            SpaceUnlocked { space }.into(),
            Announcement { by, space: to.map(SpaceId), words, sent_at: WallTime(at) }.into(),
        ]
    }
}

prop_compose! {
    fn about_safety()(
        (number, client_ref, at) in (any::<u64>(), any::<u32>(), any::<u64>()),
        participant in prop::option::of(any::<u32>().prop_map(ParticipantId)),
        space in prop::option::of(any::<u16>().prop_map(SpaceId)),
        (name, other, delegation) in (text(), text(), text()), words in text(),
        (why, why_not) in (one_of(&BlockRefusal::ALL), one_of(&ReportRefusal::ALL)),
        quotes in prop::collection::vec((any::<bool>(), text(), any::<u64>()), 0..=MAX_QUOTES),
    ) -> [ServerMessage; 8] {
        let (block, report, at) = (BlockId(number), ReportId(number), WallTime(at));
        let quote = |(by_reporter, body, at)| Quote { by_reporter, body, sent_at: WallTime(at) };
        let filed = ReportFiled {
            report, by: name.clone(), by_delegation: delegation.clone(), about: other.clone(),
            about_delegation: delegation.clone(), participant, space, words: words.clone(),
            quotes: ShortList::of(quotes.into_iter().map(quote)), at,
        };
        [
            Blocked { block, participant, name: name.clone(), delegation }.into(),
            Unblocked { block }.into(),
            BlockRefused { why }.into(),
            ReportStored { client_ref, report }.into(),
            ReportRefused { client_ref, why: why_not }.into(),
            filed.into(),
            ReportClosed { report, by: name }.into(),
            ReportAnswered { report, about: other, words }.into(),
        ]
    }
}

fn talk_bytes() -> impl Strategy<Value = TalkBytes> {
    prop::collection::vec(any::<u8>(), 0..300).prop_map(|bytes| TalkBytes::new(bytes).unwrap())
}

prop_compose! {
    fn about_talks()(
        (talk, participant, is_it) in (any::<u32>(), any::<u32>(), any::<bool>()),
        outcome in one_of(&TalkAskOutcome::ALL), bytes in talk_bytes(),
        members in prop::collection::vec(any::<u32>(), 0..=MAX_TALKERS), device: [u8; 32], until: u64,
        zone: u16, why in one_of(&ZoneRefusal::ALL),
    ) -> [ServerMessage; 8] {
        let (talk, participant) = (TalkId(talk), ParticipantId(participant));
        let people = Talkers::of(members.into_iter().map(ParticipantId));
        let event = EventKey::new("wtf-26").unwrap();
        let claims =
            DeviceClaims { event, participant, device: DeviceKey(device), valid_until: WallTime(until) };
        let certificate = DeviceCertificate { claims, signature: [7; 64] };
        [
            TalkAsked { talk, by: participant }.into(),
            TalkAskEnded { talk, participant, outcome }.into(),
            TalkChanged { talk, members: people.clone(), asked: people }.into(),
            TalkPosted { talk, from: participant, is_for_you: is_it, bytes }.into(),
            InTalk { participant, is_in: is_it }.into(),
            DeviceCertified { server_key: device, at: WallTime(until), certificate }.into(),
            ZoneKept { zone: ZoneId(zone), is_kept: is_it, is_for_you: is_it }.into(),
            ZoneRefused { zone: ZoneId(zone), why }.into(),
        ]
    }
}

fn server_message() -> impl Strategy<Value = ServerMessage> {
    let pick = |messages: &[ServerMessage]| prop::sample::select(messages.to_vec());
    prop_oneof![
        about_hello().prop_flat_map(move |messages| pick(&messages)),
        welcome().prop_map(ServerMessage::from),
        ticket().prop_map(ServerMessage::from),
        presence().prop_map(|presence| PresenceJoined { presence }.into()),
        presence().prop_map(|presence| PresenceChanged { presence }.into()),
        placed().prop_flat_map(move |messages| pick(&messages)),
        about_seats().prop_flat_map(move |messages| pick(&messages)),
        about_texts().prop_flat_map(move |messages| pick(&messages)),
        about_the_end().prop_flat_map(move |messages| pick(&messages)),
        about_hands().prop_flat_map(move |messages| pick(&messages)),
        about_order().prop_flat_map(move |messages| pick(&messages)),
        about_safety().prop_flat_map(move |messages| pick(&messages)),
        about_talks().prop_flat_map(move |messages| pick(&messages)),
    ]
}

#[test]
fn the_examples_hold_every_message() {
    let kinds = |names: Vec<std::mem::Discriminant<ClientMessage>>| names.len();
    let mut client: Vec<_> = client_messages().iter().map(std::mem::discriminant).collect();
    client.dedup();
    assert_eq!(kinds(client), 26);
    let mut server: Vec<_> = server_messages().iter().map(std::mem::discriminant).collect();
    server.dedup();
    assert_eq!(server.len(), 52);
}

#[test]
fn the_largest_messages_fit_their_limits() {
    let wide = |count: usize| "\u{1f600}".repeat(count);
    let mut person = crate::examples::presence(1);
    person.participant.name = BoundedText::new(wide(80)).unwrap();
    person.participant.delegation = BoundedText::new(wide(24)).unwrap();
    let mut welcome = crate::examples::welcome();
    welcome.people = vec![person; MAX_WELCOME_PEOPLE];
    welcome.seats = vec![SeatTaken { seat: SeatId(1), participant: ParticipantId(1) }; MAX_WELCOME_SEATS];
    welcome.event_title = BoundedText::new(wide(200)).unwrap();
    let frame = ServerMessage::from(welcome).encode();
    assert!(frame.len() <= MAX_SERVER_PAYLOAD, "{}", frame.len());
    let body = BoundedText::new(wide(2_000)).unwrap();
    let frame = ClientMessage::from(SendText { client_ref: 1, scope: TextScope::Space, body }).encode();
    assert!(frame.len() <= MAX_CLIENT_PAYLOAD, "{}", frame.len());
}

#[test]
fn bytes_behind_a_message_are_an_error() {
    let mut payload = one_frame(&ClientMessage::from(Leave).encode(), 9).payload.to_vec();
    payload.push(0);
    let frame = Frame { message_type: MessageType(10), payload: payload.into() };
    assert_eq!(ClientMessage::decode(&frame).unwrap_err().fault, codec::DecodeFault::Trailing);
}

proptest! {
    #[test]
    fn client_messages_round_trip(message in client_message()) {
        let frame = one_frame(&message.encode(), MAX_CLIENT_PAYLOAD);
        prop_assert_eq!(ClientMessage::decode(&frame), Ok(Some(message)));
    }

    #[test]
    fn server_messages_round_trip(message in server_message()) {
        let frame = one_frame(&message.encode(), MAX_SERVER_PAYLOAD);
        prop_assert_eq!(ServerMessage::decode(&frame), Ok(Some(message)));
    }

    #[test]
    fn a_value_has_one_encoding(
        number in prop_oneof![0u16..24, 0x8000u16..0x8018],
        payload in prop::collection::vec(any::<u8>(), 0..120),
    ) {
        let message_type = MessageType(number);
        let frame = Frame { message_type, payload: payload.clone().into() };
        let written = encode_frame(message_type, &payload);
        if let Ok(Some(message)) = ClientMessage::decode(&frame) {
            prop_assert_eq!(message.encode(), written.clone());
        }
        if let Ok(Some(message)) = ServerMessage::decode(&frame) {
            prop_assert_eq!(message.encode(), written);
        }
    }

    #[test]
    fn a_cut_message_is_an_error(at in 0..client_messages().len(), keep in 0.0f64..1.0) {
        let bytes = client_messages()[at].encode();
        let mut frame = one_frame(&bytes, MAX_CLIENT_PAYLOAD);
        let keep = (frame.payload.len() as f64 * keep) as usize;
        if keep < frame.payload.len() {
            frame.payload.truncate(keep);
            prop_assert!(ClientMessage::decode(&frame).is_err());
        }
    }
}
