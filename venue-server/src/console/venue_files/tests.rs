//! The venue's files as a stranger's program gets them: over real HTTPS, byte for byte.

use super::*;
use crate::console::{Console, ConsoleParts, PageSection};
use crate::counters::Counters;
use crate::ops::DataDirectory;
use crate::store::Condition;
use crate::world::testing;
use flate2::read::GzDecoder;
use rustls_pki_types::{CertificateDer, ServerName};
use std::collections::BTreeMap;
use std::io::Read;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::Ordering;
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use venue_package::manifest::MediaType;
use venue_package::{Package, PackageWriter, Tileset, writer};
use venue_transport::ServerCertificate;

type Stream = TlsStream<tokio::net::TcpStream>;

/// More than all buffers of a connection on loopback hold.
const LARGE: usize = 24 << 20;

/// A console that serves a small venue with one large sound; `ask` is a browser that knows its certificate.
struct Site {
    console: Console,
    counts: Arc<FileCounts>,
    tls: TlsConnector,
    package: Package,
    sound: Vec<u8>,
    folder: tempfile::TempDir,
    runtime: tokio::runtime::Runtime,
}

struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sound: Vec<u8> = (0..LARGE).map(|at| ((at / 7) ^ (at >> 9)) as u8).collect();
        let small = testing::package();
        let mut writer = PackageWriter::default();
        let mut manifest = testing::manifest();
        manifest.navigation =
            writer.add_file(small.file(small.manifest().navigation).unwrap(), MediaType::Navigation);
        manifest.tileset = writer.add_tileset(&Tileset::default());
        writer.add_file(sound.clone(), MediaType::Wav);
        let venue = folder.path().join("venue");
        writer::write_directory(&writer.finish(manifest).unwrap(), &venue).unwrap();
        let package = crate::ops::venue::open(&venue).unwrap();

        let directory = DataDirectory::open(folder.path().join("data")).unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let secrets = runtime.block_on(async {
            directory.open_database().await.unwrap().close().await.unwrap();
            directory.secrets().await.unwrap()
        });
        let certificate = ServerCertificate::self_signed(&["localhost".into()]).unwrap();
        let files = VenueFiles::new(Shelf::new(&package, &venue).unwrap(), 4_000);
        let counts = files.counts();
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let console = Console::start(ConsoleParts {
            page_listener: TcpListener::bind(any).unwrap(),
            operator_listener: TcpListener::bind(any).unwrap(),
            certificate: certificate.clone(),
            page: PageSection::default(),
            directory,
            secrets,
            public: "localhost".parse().unwrap(),
            keep_days: 30,
            store: Condition::new(Instant::now()),
            files,
            counters: Box::new(Counters::default),
        });
        let tls = trusting(&certificate);
        Self { console: console.unwrap(), counts, tls, package, sound, folder, runtime }
    }

    fn key(&self) -> String {
        self.package.manifest_hash().to_string()
    }

    fn sound_name(&self) -> String {
        let files = &self.package.manifest().files;
        let sound = files.iter().find(|file| file.media_type == MediaType::Wav).unwrap();
        self.package.manifest().path_of(sound)
    }

    /// A connection of its own, from an address of its own if need be, with a small window.
    async fn connect(&self, from: [u8; 4]) -> Stream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((from, 0).into()).unwrap();
        socket.set_recv_buffer_size(64 << 10).unwrap();
        let stream = socket.connect(self.console.page).await.unwrap();
        self.tls.connect(ServerName::try_from("localhost").unwrap(), stream).await.unwrap()
    }

    /// The answer to a request line and header lines; the path follows `/venues/KEY/`.
    fn ask(&self, method: &str, name: &str, headers: &str) -> Answer {
        self.ask_raw(method, &format!("/venues/{}/{name}", self.key()), headers)
    }

    fn ask_raw(&self, method: &str, path: &str, headers: &str) -> Answer {
        self.runtime.block_on(async {
            let mut stream = self.connect([127, 0, 0, 1]).await;
            let request =
                format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Connection: close\r\n\r\n");
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut bytes = Vec::new();
            stream.read_to_end(&mut bytes).await.unwrap();
            parse(&bytes)
        })
    }
}

fn trusting(certificate: &ServerCertificate) -> TlsConnector {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from(certificate.chain()[0].clone())).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

fn parse(bytes: &[u8]) -> Answer {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer with headers");
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let header = |line: &str| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.to_ascii_lowercase(), value.to_owned())
    };
    Answer { status, headers: lines.map(header).collect(), body: bytes[end + 4..].to_vec() }
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

#[test]
fn every_file_is_given_whole_and_for_ever_to_whoever_knows_the_address() {
    let site = Site::new();
    for file in &site.package.manifest().files {
        let name = site.package.manifest().path_of(file);
        let answer = site.ask("GET", &name, "");
        assert_eq!((answer.status, writer::hash_of(&answer.body)), (200, file.hash), "{name}");
        assert_eq!(answer.header("content-length"), file.bytes.to_string());
        assert_eq!(answer.header("etag"), format!("\"{}\"", file.hash));
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("accept-ranges"), "bytes");
        let head = site.ask("HEAD", &name, "");
        assert_eq!((head.status, head.body.len()), (200, 0));
        assert_eq!(head.header("content-length"), file.bytes.to_string());
    }
    assert_eq!(site.ask("GET", &site.sound_name(), "").header("content-type"), "audio/wav");
    let manifest = site.ask("GET", "venue.json", "");
    assert_eq!(manifest.body, site.package.manifest_bytes());
    assert_eq!(manifest.header("content-type"), "application/json");
    let counts = &site.counts;
    assert_eq!(counts.answers.load(Ordering::Relaxed), 5, "HEAD is no answer with a file");
    assert!(counts.bytes.load(Ordering::Relaxed) > 2 * LARGE as u64);
}

#[test]
fn json_is_compressed_for_who_takes_it_and_has_a_tag_of_its_own() {
    let site = Site::new();
    let packed = site.ask("GET", "venue.json", "Accept-Encoding: br, gzip\r\n");
    assert_eq!((packed.status, packed.header("content-encoding")), (200, "gzip"));
    assert_eq!(packed.header("vary"), "accept-encoding");
    assert_eq!(packed.header("content-length"), packed.body.len().to_string());
    let mut plain = Vec::new();
    GzDecoder::new(packed.body.as_slice()).read_to_end(&mut plain).unwrap();
    assert_eq!(plain, site.package.manifest_bytes());
    assert!(packed.body.len() * 2 < plain.len());
    let tag = packed.header("etag");
    assert_eq!(tag, format!("\"{}-gzip\"", site.key()));
    let again = format!("Accept-Encoding: gzip\r\nIf-None-Match: {tag}\r\n");
    assert_eq!(site.ask("GET", "venue.json", &again).status, 304);
    let other = site.ask("GET", "venue.json", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!(other.status, 200, "the plain form is another representation");
    let sound = site.ask("HEAD", &site.sound_name(), "Accept-Encoding: gzip\r\n");
    assert_eq!((sound.header("content-encoding"), sound.header("vary")), ("", ""));
    let head = site.ask("HEAD", "venue.json", "Accept-Encoding: gzip\r\n");
    assert_eq!(head.header("content-length"), packed.header("content-length"));
}

#[test]
fn parts_are_given_and_what_does_not_exist_is_refused() {
    let site = Site::new();
    let name = site.sound_name();
    let check = |range: &str, expected: std::ops::Range<usize>| {
        let answer = site.ask("GET", &name, &format!("Range: {range}\r\n"));
        assert_eq!(answer.status, 206, "{range}");
        let part = format!("bytes {}-{}/{LARGE}", expected.start, expected.end - 1);
        assert_eq!(answer.header("content-range"), part);
        assert_eq!(answer.body, &site.sound[expected], "{range}");
    };
    check("bytes=0-0", 0..1);
    check("bytes=65530-65545", 65_530..65_546);
    check(&format!("bytes={}-", LARGE - 5), LARGE - 5..LARGE);
    check("bytes=-7", LARGE - 7..LARGE);
    check("bytes=100000-99999999999999999999999", 100_000..LARGE);
    for range in [format!("bytes={LARGE}-"), "bytes=99999999999999999999999-".into(), "bytes=-0".into()] {
        let refused = site.ask("GET", &name, &format!("Range: {range}\r\n"));
        assert_eq!((refused.status, refused.body.len()), (416, 0), "{range}");
        assert_eq!(refused.header("content-range"), format!("bytes */{LARGE}"));
    }
    for range in ["bytes=0-1,5-6", "bytes=5-4", "lines=1-2"] {
        let whole = site.ask("GET", &name, &format!("Range: {range}\r\n"));
        assert_eq!((whole.status, whole.body.len()), (200, LARGE), "{range}");
    }
    let head = site.ask("HEAD", &name, "Range: bytes=0-1\r\n");
    assert_eq!((head.status, head.header("content-length")), (200, LARGE.to_string().as_str()));
    let part = site.ask("GET", "venue.json", "Range: bytes=2-5\r\nAccept-Encoding: gzip\r\n");
    assert_eq!((part.status, part.header("content-encoding")), (206, ""));
    assert_eq!(part.body, &site.package.manifest_bytes()[2..6]);
}

#[test]
fn conditions_decide_before_anything_is_sent() {
    let site = Site::new();
    let name = site.sound_name();
    let tag = site.ask("HEAD", &name, "").header("etag").to_owned();
    let known = site.ask("GET", &name, &format!("If-None-Match: \"x\", W/{tag}\r\n"));
    assert_eq!((known.status, known.body.len()), (304, 0));
    assert_eq!((known.header("etag"), known.header("content-type")), (tag.as_str(), ""));
    assert!(known.header("cache-control").contains("immutable"));
    assert_eq!(site.ask("GET", &name, "If-Match: \"x\"\r\n").status, 412);
    let resumed = site.ask("GET", &name, &format!("Range: bytes=9-10\r\nIf-Range: {tag}\r\n"));
    assert_eq!((resumed.status, resumed.body.as_slice()), (206, &site.sound[9..11]));
    let begun_anew = site.ask("GET", &name, "Range: bytes=9-10\r\nIf-Range: \"x\"\r\n");
    assert_eq!((begun_anew.status, begun_anew.body.len()), (200, LARGE));
    assert_eq!(site.counts.not_modified.load(Ordering::Relaxed), 1);
}

#[test]
fn what_is_not_listed_does_not_exist() {
    let site = Site::new();
    std::fs::write(site.folder.path().join("venue/secret.txt"), "secret").unwrap();
    let check = |path: &str| {
        let answer = site.ask_raw("GET", path, "");
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(matches!(answer.status, 400 | 404), "{path}: {} {said}", answer.status);
        assert!(!said.contains("secret") && !said.contains("ticket"), "{path}: {said}");
    };
    let (key, sound) = (site.key(), site.sound_name());
    for name in [
        "secret.txt",
        "",
        ".",
        "..",
        "../data/keys/ticket.key",
        "..%2fdata%2fkeys%2fticket.key",
        "%2e%2e/secret.txt",
        "files/../secret.txt",
        "files/..%5c..%5csecret.txt",
        "files/",
        "files",
        "//venue.json",
        "./venue.json",
        "venue.json%00",
        "venue.json/",
        "VENUE.JSON",
        "%ff%fe",
        "files/%2e%2e/venue.json",
    ] {
        check(&format!("/venues/{key}/{name}"));
    }
    check(&format!("/venues/{}/venue.json", "0".repeat(64)));
    check(&format!("/venues/{}/venue.json", key.to_uppercase()));
    check(&format!("/venues/{}/venue.json", &key[..63]));
    check(&format!("/venues/{}", key));
    check("/venues/");
    check(&format!("/venues//{sound}"));
    check(&format!("/{sound}"));
    let missing = site.ask("GET", "files/none.glb", "");
    assert_eq!((missing.status, missing.header("cache-control")), (404, "no-store"));
    assert!(site.counts.missing.load(Ordering::Relaxed) > 15);
}

#[test]
fn other_sites_pages_may_read_and_nobody_may_write() {
    let site = Site::new();
    let asked = "Origin: https://viewer.example.org\r\nAccess-Control-Request-Method: GET\r\n\
                 Access-Control-Request-Headers: range\r\n";
    let allowed = site.ask("OPTIONS", "tileset.json", asked);
    assert_eq!((allowed.status, allowed.header("access-control-allow-origin")), (204, "*"));
    assert!(allowed.header("access-control-allow-headers").contains("range"));
    assert!(allowed.header("access-control-allow-methods").contains("GET"));
    let missing = site.ask("GET", "none", "Origin: https://viewer.example.org\r\n");
    assert_eq!((missing.status, missing.header("access-control-allow-origin")), (404, "*"));
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        let refused = site.ask(method, "venue.json", "Content-Length: 0\r\n");
        assert_eq!((refused.status, refused.header("allow")), (405, "GET, HEAD, OPTIONS"));
    }
}

#[test]
fn a_file_that_changed_on_the_disk_is_not_given_out_under_its_old_name() {
    let site = Site::new();
    let path = site.folder.path().join("venue").join(site.sound_name());
    let mut other = site.sound.clone();
    other[5] ^= 1;
    std::fs::write(&path, &other).unwrap();
    let refused = site.ask("GET", &site.sound_name(), "");
    assert_eq!((refused.status, refused.header("cache-control")), (503, "no-store"));
    std::fs::remove_file(&path).unwrap();
    assert_eq!(site.ask("GET", &site.sound_name(), "").status, 503);
    assert_eq!(site.counts.failures.load(Ordering::Relaxed), 2);
}

#[test]
fn readers_who_take_nothing_hold_their_own_networks_places_only() {
    let site = Site::new();
    let request =
        format!("GET /venues/{}/{} HTTP/1.1\r\nHost: localhost\r\n\r\n", site.key(), site.sound_name());
    site.runtime.block_on(async {
        let mut slow = Vec::new();
        for number in 0..ANSWERS_PER_NETWORK + 1 {
            let mut stream = site.connect([127, 0, 0, 3]).await;
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut first = [0; 12];
            stream.read_exact(&mut first).await.unwrap();
            let expected = if number < ANSWERS_PER_NETWORK { b"HTTP/1.1 200" } else { b"HTTP/1.1 503" };
            assert_eq!(&first, expected, "reader {number}");
            slow.push(stream);
        }
        // Nobody read on: what was taken off the disk is what the connections' buffers hold.
        let taken = site.counts.bytes.load(Ordering::Relaxed);
        assert!(taken < (ANSWERS_PER_NETWORK * LARGE) as u64 / 2, "{taken}");
        let mut page = site.connect([127, 0, 0, 3]).await;
        page.write_all(b"GET /e/none HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        let mut first = [0; 12];
        page.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 404", "the entry page answers the same network");
        // Who reads at last gets every byte; the door has not lost its patience.
        let mut rest = vec![0; LARGE];
        slow[0].read_exact(&mut rest).await.unwrap();
    });
    assert_eq!(site.ask("GET", &site.sound_name(), "").body, site.sound, "another network is served");
    assert_eq!(site.counts.busy.load(Ordering::Relaxed), 1);
}
