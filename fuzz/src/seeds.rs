//! Good inputs for each target, made by the product's own encoders: where fuzzing and replay begin.

use glam::Vec3;
use venue_model::{
    BodyPose, BoundedText, DeviceKey, EventKey, Gesture, Language, ParticipantId, Posture, RigidPose, SeatId,
    ServerTime, SpaceId, TextScope,
};
use venue_protocol::{
    Appearance, ClientMessage, Closing, ClosingReason, Credential, Features, GoToSpace, Hello, HelloAccepted,
    InvitationCode, Join, Leave, MessageBody, Placement, SeatFreed, SeatTaken, SendText, ServerMessage,
    SetLanguage, TakeSeat, TakenOver, VERSION_MAX, VERSION_MIN,
};
use venue_replication::PoseUpdate;

/// Seeds of one target, none for a name that is unknown.
pub fn of(target: &str) -> Vec<Vec<u8>> {
    match target {
        "client-message" => client_messages(),
        "server-session" => client_messages().iter().map(|message| as_pieces(message)).collect(),
        "pose-update" => poses(),
        "snapshot" => snapshots(),
        "server-message" => server_messages(),
        "client-session" => server_messages().iter().map(|message| as_pieces(message)).collect(),
        "manifest" => package_files("venue.json"),
        "tileset" => package_files("tileset.json"),
        "navigation" => package_files(".vnav"),
        "gltf" => vec![venue_importer::tiny::tiny_venue_glb()],
        "picture" => vec![PNG.to_vec()],
        _ => Vec::new(),
    }
}

/// A picture of one black pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cc`\0\0\0\x02\0\x01H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82";

fn client_messages() -> Vec<Vec<u8>> {
    let hello = Hello {
        version_min: VERSION_MIN,
        version_max: VERSION_MAX,
        features: Features::OWN,
        program: Default::default(),
        device_key: DeviceKey([3; 32]),
        language: Language::Ar,
    };
    let mut messages: Vec<ClientMessage> = vec![
        hello.into(),
        GoToSpace { space: SpaceId(2) }.into(),
        TakeSeat { seat: SeatId(9) }.into(),
        SetLanguage { language: Language::Zh }.into(),
        Leave.into(),
        SendText { client_ref: 1, scope: TextScope::Space, body: MessageBody::lossy("مرحبا, 你好") }.into(),
    ];
    if let Ok(event) = EventKey::new("assembly") {
        let code = InvitationCode(BoundedText::lossy("7K2M9QXA"));
        let credential = Credential::Invitation { event, code };
        messages.push(Join { credential, proof: [5; 64], appearance: Appearance::default() }.into());
    }
    messages.iter().map(|message| message.encode().to_vec()).collect()
}

fn server_messages() -> Vec<Vec<u8>> {
    let (seat, participant) = (SeatId(3), ParticipantId(7));
    let messages: [ServerMessage; 5] = [
        HelloAccepted {
            version: VERSION_MAX,
            features: Features::OWN,
            server_time: ServerTime(1_000_000),
            program: Default::default(),
        }
        .into(),
        SeatTaken { seat, participant }.into(),
        SeatFreed { seat }.into(),
        Closing { reason: ClosingReason::Restart, back_in_secs: 30 }.into(),
        TakenOver.into(),
    ];
    messages.iter().map(|message| message.encode().to_vec()).collect()
}

/// The tiny venue's files whose name ends so.
fn package_files(ending: &str) -> Vec<Vec<u8>> {
    let package = venue_importer::tiny::tiny_package();
    let files = package.files().filter(|(path, _)| path.ends_with(ending));
    files.map(|(_, bytes)| bytes.to_vec()).collect()
}

/// Bytes in the form that the session targets cut them by: all on the control stream.
fn as_pieces(bytes: &[u8]) -> Vec<u8> {
    bytes.chunks(64).flat_map(|chunk| [&[chunk.len() as u8 - 1], chunk].concat()).collect()
}

fn bodies() -> [BodyPose; 3] {
    let standing = BodyPose::standing(Vec3::new(1.5, 0.0, -2.25), 0.7);
    let hand = RigidPose { position: Vec3::new(0.3, 1.1, -0.4), ..RigidPose::default() };
    let gesturing = BodyPose { hands: [Some(hand), None], gesture: Gesture::Wave, ..standing };
    let seated = BodyPose { posture: Posture::Seated(SeatId(4)), ..standing };
    [standing, gesturing, seated]
}

fn poses() -> Vec<Vec<u8>> {
    let update =
        |pose| PoseUpdate { placement: Placement(1), sequence: 7, sampled_at: ServerTime(5_000_000), pose };
    bodies().map(|pose| update(pose).encode(Vec3::new(8.0, 0.0, -3.0)).to_vec()).to_vec()
}

fn snapshots() -> Vec<Vec<u8>> {
    use venue_model::{SpaceEpoch, Tick};
    use venue_replication::{Body, SpaceReplicator, Viewer, Who};
    let mut world = hecs::World::new();
    for (number, pose) in bodies().into_iter().enumerate() {
        let sampled_at = Tick(30).time();
        world.spawn((Who(ParticipantId(number as u32 + 1)), Body { pose, sampled_at }));
    }
    let mut replicator = SpaceReplicator::new(SpaceId(1), SpaceEpoch(1), Vec3::ZERO);
    replicator.encode(Tick(30), &world);
    let viewer = Viewer { participant: ParticipantId(99), position: Vec3::ZERO };
    let mut datagrams = Vec::new();
    replicator.datagrams_for(&viewer, &mut datagrams);
    datagrams.into_iter().map(|datagram| datagram.to_vec()).collect()
}
