//! Good inputs for each target, made by the product's own encoders: where fuzzing and replay begin.

mod messages;
mod scans;

pub(crate) use messages::{EPOCH, SPACE, hello, hello_accepted, join, welcome};

use bytes::{Bytes, BytesMut};
use glam::Vec3;
use venue_model::{
    BodyPose, DeviceKey, EventKey, Gesture, ParticipantId, Posture, RigidPose, SeatId, ServerTime, Tick,
    ZoneId,
};
use venue_protocol::datagram::{Probe, ProbeReply};
use venue_protocol::{
    Earshot, HeardFrame, Placement, SILENT_LEVEL, VoiceFrame, VoiceReport, VoiceStatus, VoiceWay,
};
use venue_replication::{Feedback, PoseUpdate};

/// When the snapshots among the seeds were taken.
pub(crate) const SNAPSHOT_TICK: Tick = Tick(30);

/// Seeds of one target, none for a name that is unknown.
pub fn of(target: &str) -> Vec<Vec<u8>> {
    match target {
        "client-message" => messages::client(),
        "server-session" => sessions(&messages::client(), &poses()),
        "pose-update" => poses(),
        "feedback" => feedback(),
        "voice" => voice(),
        "snapshot" => snapshots(),
        "mirror" => vec![snapshots().iter().flat_map(|datagram| behind_length(datagram)).collect()],
        "probe" => probes(),
        "server-message" => messages::server(),
        "client-session" => sessions(&messages::server(), &snapshots()),
        "manifest" => package_files("venue.json"),
        "tileset" => package_files("tileset.json"),
        "navigation" => package_files(".vnav"),
        "acoustics" => package_files(".vaco"),
        "walkable" => package_files(".vnav").iter().map(|mesh| [&[0; 24][..], mesh].concat()).collect(),
        "package" => packages(),
        "gltf" | "gltf-import" | "tile" | "scan-gltf" => vec![venue_importer::tiny::tiny_venue_glb()],
        "scan-ply" => scans::ply(),
        "scan-obj" => scans::obj(),
        "scan-xyz" => scans::xyz(),
        "scan-las" => scans::las(),
        "scan-e57" => scans::e57(),
        "scan-zip" => scans::zip(),
        "places" => texts(&[include_str!("../../venue-importer/places.sample.toml"), PLACES]),
        "picture" => vec![PNG.to_vec(), ETC1S.to_vec(), UASTC.to_vec()],
        "link" => texts(&[
            "https://venue.example.org:4433/e/plenary#7KQ2-M9XT.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            "vev://[2001:db8::1]/e/wtf-26#7KQ2M9XT",
        ]),
        "script" => {
            texts(&[include_str!("../../xtask/tour/guest.vev"), include_str!("../../xtask/tour/camera.vev")])
        }
        "settings" => {
            texts(&["version = 1\ntext_scale = 1.5\nturn = \"smooth\"\n[keys]\nforward = \"KeyZ\"\n"])
        }
        "ticket" => vec![ticket()],
        "invitation-code" => texts(&["7KQ2-M9XT", "7kq2m9xt"]),
        "names" => {
            texts(&["name,delegation,role,spaces\nAna Li,BRA,chair,lounge;popov-hall\n\"Ó, Bo\",,,\n"])
        }
        "configuration" => texts(&[include_str!("../../venue-server/venue-server.sample.toml")]),
        "accept-language" => texts(&["zh-CN,zh;q=0.9,en;q=0.5", "ar"]),
        "identifiers" => texts(&[
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            "plenary-2026",
            "zh_CN.UTF-8",
        ]),
        "known-hosts" => texts(&["version = 1\n[hosts]\n\"venue.example.org 4433\" = \
            \"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"\n"]),
        "public-address" => texts(&["Venue.example.org:4433", "[2001:db8::1]:4433", "127.0.0.1"]),
        "times" => texts(&["2026-12-01", "2026-12-01 09:00", "2026-12-01T09:00:00+01:00"]),
        "serving" => {
            texts(&[r#"{"pid": 7, "venue": "127.0.0.1:4433", "page": "[::1]:4433", "operator": null}"#])
        }
        "backup" => vec![backup()],
        "certificate" => vec![
            include_bytes!("seeds/certificate.der").to_vec(),
            [include_bytes!("seeds/certificate.pem"), NO_KEY].concat(),
        ],
        "model" => vec![venue_importer::tiny::tiny_venue_glb()],
        _ => Vec::new(),
    }
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// The one ticket that the office of the target `ticket` has made.
pub(crate) fn ticket() -> Vec<u8> {
    use venue_server::sessions::ticket::{TicketClaims, TicketOffice};
    use venue_server::store::{InvitationId, PersonId, SpacesAllowed, UnixMillis};
    let claims = TicketClaims {
        subject: PersonId(7),
        invitation: InvitationId(9),
        event: EventKey::new("wtf-26").expect("a fixed key is good"),
        spaces: SpacesAllowed::Only(vec!["lounge".into()]),
        role: venue_model::Role::Chair,
        device: DeviceKey([3; 32]),
        expires_at: UnixMillis(1_000),
    };
    TicketOffice::new(&[9; 32], "fuzz").mint(&claims).to_vec()
}

/// What looks like a private key and is none: ours read no further than its armour (RFC 7468).
const NO_KEY: &[u8] = b"-----BEGIN PRIVATE KEY-----\nAAECAwQF\n-----END PRIVATE KEY-----\n";

/// Pictures in both of KTX2's codecs.
const ETC1S: &[u8] = include_bytes!("../../crates/venue-package/tests/pictures/etc1s.ktx2");
const UASTC: &[u8] = include_bytes!("../../crates/venue-package/tests/pictures/uastc-zstd-alpha.ktx2");

/// Places of other kinds than the sample's, two of them wrong.
const PLACES: &str = "[[space]]\nkey = \"a\"\nboxes = [{ min = [0, 0, 0], max = [9, 3, 9] }]\n\
    [[seat]]\nfrom = [1, 0, 1]\nto = [4, 0, 1]\ncount = 4000\n[[spawn]]\nat = [99, 0, 1e9]\n\
    [[exhibit]]\nname = \"Vase\"\nsource = \"../vase.glb\"\nat = [1, 0, 2]\nscale = 2\n";

/// A picture of one black pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cc`\0\0\0\x02\0\x01H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82";

/// The tiny venue's files whose name ends so.
fn package_files(ending: &str) -> Vec<Vec<u8>> {
    let package = venue_importer::tiny::tiny_package();
    let files = package.files().filter(|(path, _)| path.ends_with(ending));
    files.map(|(_, bytes)| bytes.to_vec()).collect()
}

/// The files of the target `package`: each kind of file behind its number.
fn packages() -> Vec<Vec<u8>> {
    let endings = ["venue.json", "tileset.json", ".vnav", ".glb", ".vaco"];
    let of = |(kind, ending): (usize, &str)| {
        package_files(ending).first().map(|bytes| [&[kind as u8][..], bytes].concat())
    };
    endings.into_iter().enumerate().filter_map(of).collect()
}

/// For the session targets: each message alone in each state, then everything behind each other.
fn sessions(messages: &[Vec<u8>], datagrams: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let in_state = |reached: u8, pieces: Vec<u8>| [vec![reached], pieces].concat();
    let alone =
        messages.iter().flat_map(|message| (0..3).map(|state| in_state(state, as_pieces(message, 0))));
    let mut seeds: Vec<Vec<u8>> = alone.collect();
    seeds.extend(datagrams.iter().map(|datagram| in_state(2, as_datagram(datagram))));
    let all = messages.iter().map(|message| as_pieces(message, 0));
    let all: Vec<u8> = all.chain(datagrams.iter().map(|datagram| as_datagram(datagram))).flatten().collect();
    seeds.extend([in_state(0, all.clone()), in_state(2, all)]);
    seeds
}

/// The bit of a piece that is a datagram.
const DATAGRAM: u8 = 0x80;

/// Bytes in the form that the session targets cut them by.
fn as_pieces(bytes: &[u8], lane: u8) -> Vec<u8> {
    bytes.chunks(64).flat_map(|chunk| [&[lane | (chunk.len() as u8 - 1)], chunk].concat()).collect()
}

/// One piece; of a longer datagram its beginning.
fn as_datagram(bytes: &[u8]) -> Vec<u8> {
    as_pieces(&bytes[..bytes.len().min(64)], DATAGRAM)
}

fn behind_length(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u16).to_le_bytes(), bytes].concat()
}

fn probes() -> Vec<Vec<u8>> {
    let reply = ProbeReply { id: 7, received: ServerTime(5), sent: ServerTime(9) };
    vec![Probe { id: 7 }.encode().to_vec(), reply.encode().to_vec()]
}

/// A backup of one file.
fn backup() -> Vec<u8> {
    let list = concat!(
        r#"{"format": "vev-backup", "version": 1, "program": "fuzz", "made_at": 0, "files": [{"path": "venue.db", "#,
        r#""bytes": 3, "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}]}"#
    );
    [tar_entry("backup.json", list.as_bytes()), tar_entry("venue.db", b"abc"), vec![0; 1_024]].concat()
}

/// One file of a tar archive (POSIX.1-1988, ustar): a header of 512 bytes, and the bytes in whole blocks.
fn tar_entry(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut header = vec![0; 512];
    let mut put = |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, name);
    put(100, "0000600\0");
    put(124, &format!("{:011o}", bytes.len()));
    put(136, "00000000000");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\x0000");
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut entry = [&header, bytes].concat();
    entry.resize(entry.len().next_multiple_of(512), 0);
    entry
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
    bodies()
        .map(|pose| update(pose).encode(Vec3::new(8.0, 0.0, -3.0), &mut BytesMut::new()).to_vec())
        .to_vec()
}

/// A second of bodies that stand, set off, walk and stand again.
fn snapshots() -> Vec<Vec<u8>> {
    use venue_replication::{Body, SpaceReplicator, Viewer, Who};
    let mut replicator = SpaceReplicator::new(SPACE, EPOCH, Vec3::ZERO);
    let viewer = Viewer { participant: ParticipantId(99), ..Viewer::default() };
    let mut datagrams = Vec::new();
    for step in 0..30u32 {
        let tick = Tick(SNAPSHOT_TICK.0 + step);
        let mut world = hecs::World::new();
        for (number, mut pose) in bodies().into_iter().enumerate() {
            pose.root.x += 0.05 * step.clamp(8, 16) as f32;
            world.spawn((Who(ParticipantId(number as u32 + 1)), Body { pose, sampled_at: tick.time() }));
        }
        replicator.encode(tick, &world);
        replicator.datagrams_for(&viewer, &mut datagrams);
    }
    datagrams.into_iter().map(|datagram| datagram.to_vec()).collect()
}

fn voice() -> Vec<Vec<u8>> {
    let frame = |way, level| VoiceFrame { way, sequence: 7, level, voice: Bytes::from_static(b"20 ms") };
    let lost = [(ParticipantId(9), 12)].into_iter().collect();
    let mut voices = BytesMut::new();
    for (speaker, way) in [(9, VoiceWay::Around), (70_000, VoiceWay::Stage)] {
        let speaker = ParticipantId(speaker);
        HeardFrame { speaker, way, sequence: 1, voice: b"a word" }.append(&mut voices);
    }
    let zone = Some(ZoneId(3));
    let status = VoiceStatus { earshot: Earshot::Table, zone, hearers: 4, lost: 9, is_narrow: true };
    let buffer = &mut BytesMut::new();
    vec![
        frame(VoiceWay::Around, 26).encode(buffer).to_vec(),
        frame(VoiceWay::Private, SILENT_LEVEL).encode(buffer).to_vec(),
        VoiceReport { lost }.encode(buffer).to_vec(),
        voices.to_vec(),
        status.encode().to_vec(),
    ]
}

fn feedback() -> Vec<Vec<u8>> {
    let report = |lacks: &[u32]| Feedback {
        space: SPACE,
        newest: 9,
        received: 8,
        delay_steps: 3,
        lacks: lacks.iter().copied().map(ParticipantId).collect(),
    };
    [report(&[]), report(&[1, 70_000])].map(|report| report.encode(&mut BytesMut::new()).to_vec()).to_vec()
}
