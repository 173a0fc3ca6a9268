//! The venue's files on their way: manifest first, then floor and tiles, the room that one stands in before
//! the others. Files come from the cache or the server, and count only with the right hash. What does not come is
//! asked for again, but not for ever: a person never waits without an end.
//!
//! It must not know the renderer: whoever draws takes tiles as events. The time is an argument.

use super::cache::{CacheEvent, FileCache};
use super::content::{Content, FileKind};
use crate::sentence::Problem;
use bytes::Bytes;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use venue_model::{FileHash, SpaceId};
use venue_motion::Walkable;
use venue_package::tileset::Tile;
use venue_package::{Manifest, Tileset};
use venue_protocol::LocalTime;
use venue_transport::FileError;

/// Files that are asked for at the same time.
const MAX_UNDER_WAY: usize = 6;

/// How often a file may come damaged before it counts as damaged at the server.
const MAX_DAMAGED: u32 = 2;

/// How often a file that broke off is asked for again at the same connection.
const MAX_REPEATS: u32 = 3;

/// Pause before it is asked for again, µs.
const REPEAT_PAUSE_MICROS: u64 = 1_000_000;

/// Without a byte for so long, µs, the first room counts as stuck.
const PATIENCE_MICROS: u64 = 30_000_000;

/// What the loader has for the rest of the program.
#[derive(Clone, Debug)]
pub enum VenueEvent {
    /// The description of the venue; whatever was shown before is another venue.
    Opened(Arc<Manifest>),
    /// A tile's bytes.
    Tile {
        /// Which.
        tile: Tile,
        /// A glTF binary.
        bytes: Bytes,
    },
    /// Something is missing, but the venue can be used.
    Problem(Problem),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nobody has been asked yet.
    Waiting,
    /// The cache looks.
    Cache,
    /// The server sends.
    Server,
    /// It is here.
    Here,
    /// It will not come.
    Failed,
}

#[derive(Clone, Debug)]
struct Wanted {
    kind: FileKind,
    bytes: u64,
    received: u64,
    place: Place,
    /// Whether this connection's server has been asked.
    asked: bool,
    /// Not asked for before this time.
    ask_at: LocalTime,
    /// How often this connection's server did not bring it to an end.
    broken: u32,
    /// How often it came with other bytes.
    damaged: u32,
}

impl Wanted {
    fn is_under_way(&self) -> bool {
        !matches!(self.place, Place::Here | Place::Failed)
    }
}

/// A file to be asked for at the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileRequest {
    /// Which.
    pub hash: FileHash,
    /// Its size.
    pub bytes: u64,
}

/// Loads one venue after another.
#[derive(Default)]
pub struct VenueLoader {
    root: Option<FileHash>,
    manifest: Option<Arc<Manifest>>,
    walkable: Option<Arc<Walkable>>,
    tiles: Vec<Tile>,
    has_tileset: bool,
    wanted: BTreeMap<FileHash, Wanted>,
    /// In the order in which they are asked for.
    order: Vec<FileHash>,
    start: SpaceId,
    events: VecDeque<VenueEvent>,
    failure: Option<Problem>,
    now: LocalTime,
    /// When something came the last time.
    heard: LocalTime,
}

impl VenueLoader {
    /// Begins to load the venue of this manifest, or goes on with it if it is the one already.
    pub fn open(&mut self, manifest: FileHash, bytes: u64, start: SpaceId) {
        if self.root == Some(manifest) && self.failure.is_none() {
            self.start = start;
            return;
        }
        *self = Self { root: Some(manifest), start, now: self.now, heard: self.now, ..Self::default() };
        self.want(manifest, FileKind::Manifest, bytes);
    }

    /// The description, once it is here.
    pub fn manifest(&self) -> Option<&Arc<Manifest>> {
        self.manifest.as_ref()
    }

    /// The floor, once it is here.
    pub fn walkable(&self) -> Option<&Arc<Walkable>> {
        self.walkable.as_ref()
    }

    /// Bytes that are here, and bytes in all as far as is known.
    pub fn progress(&self) -> (u64, u64) {
        self.wanted.values().fold((0, 0), |(done, total), file| match file.place {
            Place::Here => (done + file.bytes, total + file.bytes),
            Place::Failed => (done, total),
            _ => (done + file.received.min(file.bytes), total + file.bytes),
        })
    }

    /// Whether floor and the tiles of the first room are here.
    pub fn is_enterable(&self) -> bool {
        self.walkable.is_some() && self.has_tileset && self.tiles.iter().all(|tile| !self.waits_for(tile))
    }

    /// Whether everything is here that will come.
    pub fn is_complete(&self) -> bool {
        self.is_enterable() && !self.wanted.values().any(Wanted::is_under_way)
    }

    /// Whether nothing has come for a long time although one can't enter yet.
    pub fn is_stuck(&self) -> bool {
        !self.is_enterable() && self.now.micros_since(self.heard) >= PATIENCE_MICROS
    }

    /// Looks for the tiles again that were given already, in the cache and at the server.
    pub fn show_again(&mut self) {
        for tile in &self.tiles {
            if let Some(file) = self.wanted.get_mut(&tile.content).filter(|file| file.place == Place::Here) {
                (file.place, file.asked) = (Place::Waiting, false);
            }
        }
    }

    /// Why the venue can't be used, if so.
    pub fn failure(&self) -> Option<&Problem> {
        self.failure.as_ref()
    }

    /// The next thing to act upon.
    pub fn poll_event(&mut self) -> Option<VenueEvent> {
        self.events.pop_front()
    }

    /// Asks the cache for what may be asked for now.
    pub fn advance(&mut self, now: LocalTime, cache: &mut dyn FileCache) {
        self.now = now;
        while let Some(event) = cache.poll() {
            self.handle_cache(event);
        }
        let under_way = |file: &&Wanted| matches!(file.place, Place::Cache | Place::Server);
        let mut free = MAX_UNDER_WAY.saturating_sub(self.wanted.values().filter(under_way).count());
        for hash in &self.order {
            let Some(file) = self.wanted.get_mut(hash).filter(|file| file.place == Place::Waiting) else {
                continue;
            };
            if free == 0 {
                return;
            }
            free -= 1;
            file.place = Place::Cache;
            cache.look_up(*hash, file.kind);
        }
    }

    /// The next file to ask the server for; `advance` has found that the cache lacks it.
    pub fn poll_request(&mut self) -> Option<FileRequest> {
        let now = self.now;
        let is_due = |file: &&mut Wanted| file.place == Place::Server && !file.asked && file.ask_at <= now;
        let asked =
            self.order.iter().copied().find(|hash| {
                self.wanted.get_mut(hash).filter(is_due).map(|file| file.asked = true).is_some()
            })?;
        Some(FileRequest { hash: asked, bytes: self.wanted.get(&asked).map_or(0, |file| file.bytes) })
    }

    /// The server or the connection is another one: what was under way is asked for again.
    pub fn handle_reconnected(&mut self) {
        self.heard = self.now;
        for file in self.wanted.values_mut().filter(|file| file.place == Place::Server) {
            (file.asked, file.ask_at, file.broken, file.received) = (false, self.now, 0, 0);
        }
    }

    /// More of a file came.
    pub fn handle_progress(&mut self, hash: FileHash, received: u64) {
        if let Some(file) = self.wanted.get_mut(&hash) {
            file.received = received;
            self.heard = self.now;
        }
    }

    /// The server's answer.
    pub fn handle_file(
        &mut self,
        hash: FileHash,
        result: Result<Bytes, FileError>,
        cache: &mut dyn FileCache,
    ) {
        let Some(file) = self.wanted.get(&hash).filter(|file| file.place == Place::Server) else { return };
        match result {
            Ok(bytes) => {
                self.heard = self.now;
                cache.keep(hash, file.kind, bytes);
            }
            Err(FileError::Broken | FileError::Refused) => self.take_broken(hash),
            Err(FileError::NotFound) => self.fail_file(hash, Problem::MissingFile { file: short(hash) }),
            Err(FileError::Damaged) => self.take_damaged(hash),
        }
    }

    fn handle_cache(&mut self, event: CacheEvent) {
        match event {
            CacheEvent::Ready { hash, bytes, content } => self.take(hash, bytes, content),
            CacheEvent::Unreadable { hash, detail } => {
                self.fail_file(hash, Problem::DamagedPackage { detail });
            }
            CacheEvent::Missing(hash) => {
                if let Some(file) = self.wanted.get_mut(&hash).filter(|file| file.place == Place::Cache) {
                    file.place = Place::Server;
                }
            }
            CacheEvent::Damaged(hash) => self.take_damaged(hash),
            CacheEvent::NotKept(problem) => self.events.push_back(VenueEvent::Problem(problem)),
        }
    }

    /// The server may be busy, or the stream broke while the connection lives: it is asked for again after a pause.
    fn take_broken(&mut self, hash: FileHash) {
        let Some(file) = self.wanted.get_mut(&hash) else { return };
        file.broken += 1;
        file.received = 0;
        file.asked = false;
        file.ask_at = self.now + REPEAT_PAUSE_MICROS;
        if file.broken > MAX_REPEATS {
            self.fail_file(hash, Problem::FileNotArriving { file: short(hash) });
        }
    }

    /// Damage on the way is asked for once more; twice the same is the server's own file.
    fn take_damaged(&mut self, hash: FileHash) {
        let Some(file) = self.wanted.get_mut(&hash) else { return };
        file.damaged += 1;
        file.received = 0;
        file.asked = false;
        if file.damaged >= MAX_DAMAGED {
            self.fail_file(hash, Problem::DamagedFile { file: short(hash) });
        }
    }

    fn fail_file(&mut self, hash: FileHash, problem: Problem) {
        if let Some(file) = self.wanted.get_mut(&hash) {
            file.place = Place::Failed;
        }
        let is_essential = !self.tiles.iter().any(|tile| tile.content == hash);
        if is_essential {
            self.failure = Some(problem);
        } else {
            self.events.push_back(VenueEvent::Problem(problem));
        }
    }

    fn take(&mut self, hash: FileHash, bytes: u64, content: Content) {
        let Some(file) = self.wanted.get_mut(&hash).filter(|file| file.place != Place::Here) else { return };
        file.place = Place::Here;
        file.bytes = bytes;
        self.heard = self.now;
        let taken = match content {
            Content::Manifest(manifest) => self.take_manifest(manifest),
            Content::Tileset(tileset) => self.take_tileset(tileset),
            Content::Floor(walkable) => {
                self.walkable = Some(walkable);
                Ok(())
            }
            Content::Tile(bytes) => {
                for tile in self.tiles.iter().filter(|tile| tile.content == hash) {
                    self.events.push_back(VenueEvent::Tile { tile: *tile, bytes: bytes.clone() });
                }
                Ok(())
            }
        };
        if let Err(detail) = taken {
            self.failure = Some(Problem::DamagedPackage { detail: detail.to_owned() });
        }
    }

    fn take_manifest(&mut self, manifest: Arc<Manifest>) -> Result<(), &'static str> {
        for (hash, kind) in [(manifest.navigation, FileKind::Floor), (manifest.tileset, FileKind::Tileset)] {
            let entry = manifest.file(hash).ok_or("its list of files lacks the floor or the tiles")?;
            self.want(hash, kind, entry.bytes);
        }
        self.events.push_back(VenueEvent::Opened(Arc::clone(&manifest)));
        self.manifest = Some(manifest);
        Ok(())
    }

    fn take_tileset(&mut self, tileset: Tileset) -> Result<(), &'static str> {
        let Some(manifest) = self.manifest.clone() else { return Ok(()) };
        let mut tiles = tileset.tiles;
        let distances = door_distances(&manifest, self.start);
        // Own room, then what every room sees, then the others by the number of doors between.
        let rank = |tile: &Tile| match tile.space {
            Some(space) if space == self.start => 0,
            None => 1,
            Some(space) => distances.get(&space).map_or(u32::MAX, |doors| doors + 1),
        };
        tiles.sort_by_key(rank);
        for tile in &tiles {
            let entry = manifest.file(tile.content).ok_or("its list of files lacks a tile")?;
            self.want(tile.content, FileKind::Tile, entry.bytes);
        }
        self.tiles = tiles;
        self.has_tileset = true;
        Ok(())
    }

    /// What several tiles share is wanted once.
    fn want(&mut self, hash: FileHash, kind: FileKind, bytes: u64) {
        if self.wanted.contains_key(&hash) {
            return;
        }
        let (place, ask_at) = (Place::Waiting, self.now);
        let file = Wanted { kind, bytes, received: 0, place, asked: false, ask_at, broken: 0, damaged: 0 };
        self.wanted.insert(hash, file);
        self.order.push(hash);
    }

    fn waits_for(&self, tile: &Tile) -> bool {
        tile.space == Some(self.start) && self.wanted.get(&tile.content).is_none_or(Wanted::is_under_way)
    }
}

/// The number of doors between a space and the others.
fn door_distances(manifest: &Manifest, start: SpaceId) -> BTreeMap<SpaceId, u32> {
    let mut distances = BTreeMap::from([(start, 0)]);
    let mut edge = BTreeSet::from([start]);
    while !edge.is_empty() {
        let mut next = BTreeSet::new();
        for door in &manifest.doors {
            for (from, to) in [(door.spaces[0], door.spaces[1]), (door.spaces[1], door.spaces[0])] {
                if edge.contains(&from) && !distances.contains_key(&to) {
                    distances.insert(to, distances[&from] + 1);
                    next.insert(to);
                }
            }
        }
        edge = next;
    }
    distances
}

/// The beginning of a hash is enough to find the file.
fn short(hash: FileHash) -> String {
    hash.to_string().chars().take(12).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::cache::MemoryCache;
    use crate::testing::tiny_package;
    use venue_package::Package;

    struct Stand {
        loader: VenueLoader,
        cache: MemoryCache,
        package: Package,
        asked: Vec<FileHash>,
        now: LocalTime,
    }

    impl Stand {
        fn new(start: u16) -> Self {
            let package = tiny_package();
            let mut loader = VenueLoader::default();
            loader.open(package.manifest_hash(), package.manifest_bytes().len() as u64, SpaceId(start));
            Self { loader, cache: MemoryCache::default(), package, asked: Vec::new(), now: LocalTime(0) }
        }

        fn file(&self, hash: FileHash) -> Bytes {
            match hash == self.package.manifest_hash() {
                true => Bytes::copy_from_slice(self.package.manifest_bytes()),
                false => self.package.file(hash).unwrap().into(),
            }
        }

        /// Answers every request by `answer` until nothing more is asked for.
        fn run(&mut self, answer: impl Fn(&Self, FileHash) -> Result<Bytes, FileError>) {
            for _ in 0..20 {
                self.loader.advance(self.now, &mut self.cache);
                while let Some(request) = self.loader.poll_request() {
                    self.asked.push(request.hash);
                    let result = answer(self, request.hash);
                    self.loader.handle_file(request.hash, result, &mut self.cache);
                }
            }
        }

        /// The same, and lets 200 ms pass between its rounds.
        fn run_in_time(&mut self, rounds: u32, answer: impl Fn(&Self, FileHash) -> Result<Bytes, FileError>) {
            for _ in 0..rounds {
                self.now = self.now + 200_000;
                self.run(&answer);
            }
        }

        fn times_asked(&self, hash: FileHash) -> usize {
            self.asked.iter().filter(|asked| **asked == hash).count()
        }

        fn tiles(&mut self) -> Vec<Option<SpaceId>> {
            let events = std::iter::from_fn(|| self.loader.poll_event());
            let spaces = events.filter_map(|event| match event {
                VenueEvent::Tile { tile, .. } => Some(tile.space),
                _ => None,
            });
            spaces.collect()
        }
    }

    #[test]
    fn tiles_are_given_again_from_the_cache_and_from_the_server_where_the_cache_lost_them() {
        let mut stand = Stand::new(1);
        stand.run(|stand, hash| Ok(stand.file(hash)));
        let first = stand.tiles();
        assert_eq!(first.len(), 2);
        let asked = stand.asked.len();
        stand.loader.show_again();
        assert!(!stand.loader.is_complete());
        stand.run(|stand, hash| Ok(stand.file(hash)));
        assert_eq!((stand.tiles().len(), stand.asked.len()), (2, asked), "from the cache");
        stand.cache = MemoryCache::default();
        stand.loader.show_again();
        stand.run(|stand, hash| Ok(stand.file(hash)));
        assert_eq!((stand.tiles().len(), stand.asked.len()), (2, asked + 2), "from the server");
        assert!(stand.loader.is_complete());
    }

    #[test]
    fn the_own_room_comes_first() {
        for start in [1, 2] {
            let mut stand = Stand::new(start);
            stand.run(|stand, hash| Ok(stand.file(hash)));
            assert!(stand.loader.is_enterable() && stand.loader.is_complete());
            assert_eq!(stand.tiles(), [Some(SpaceId(start)), Some(SpaceId(3 - start))]);
            let (done, total) = stand.loader.progress();
            assert_eq!(done, total);
        }
    }

    #[test]
    fn one_can_enter_while_other_rooms_are_on_their_way() {
        let mut stand = Stand::new(1);
        let hall = stand.package.tileset().unwrap().tiles[1].content;
        stand.run(|stand, hash| if hash == hall { Err(FileError::Broken) } else { Ok(stand.file(hash)) });
        assert!(stand.loader.is_enterable() && !stand.loader.is_complete());
        stand.loader.handle_reconnected();
        stand.run(|stand, hash| Ok(stand.file(hash)));
        assert!(stand.loader.is_complete());
        assert_eq!(stand.asked.iter().filter(|hash| **hash == hall).count(), 2);
    }

    #[test]
    fn damage_is_asked_for_again_once() {
        let mut stand = Stand::new(1);
        let navigation = stand.package.manifest().navigation;
        stand.run(|stand, hash| match hash == navigation {
            true => Ok(Bytes::from_static(b"other bytes")),
            false => Ok(stand.file(hash)),
        });
        assert_eq!(stand.asked.iter().filter(|hash| **hash == navigation).count(), 2);
        assert_eq!(stand.loader.failure().unwrap().id(), "problem-damaged-file");
    }

    #[test]
    fn a_missing_tile_is_told_and_the_venue_is_used_without_it() {
        let mut stand = Stand::new(1);
        let hall = stand.package.tileset().unwrap().tiles[1].content;
        stand.run(|stand, hash| if hash == hall { Err(FileError::NotFound) } else { Ok(stand.file(hash)) });
        assert!(stand.loader.failure().is_none() && stand.loader.is_complete());
        let told = std::iter::from_fn(|| stand.loader.poll_event())
            .any(|event| matches!(event, VenueEvent::Problem(Problem::MissingFile { .. })));
        assert!(told);
    }

    #[test]
    fn a_package_that_is_none_is_named() {
        let mut stand = Stand::new(1);
        let bytes = Bytes::from_static(b"{}");
        let hash = venue_package::hash_of(&bytes);
        stand.loader.open(hash, 2, SpaceId(1));
        stand.run(|_, _| Ok(bytes.clone()));
        assert_eq!(stand.loader.failure().unwrap().id(), "problem-damaged-package");
    }

    #[test]
    fn the_second_visit_asks_the_server_for_nothing() {
        let mut stand = Stand::new(1);
        stand.run(|stand, hash| Ok(stand.file(hash)));
        let root = stand.package.manifest_hash();
        let cache = std::mem::take(&mut stand.cache);
        let mut again = Stand { cache, ..Stand::new(1) };
        assert_eq!(again.package.manifest_hash(), root);
        again.run(|_, _| Err(FileError::NotFound));
        assert!(again.loader.is_complete() && again.asked.is_empty());
    }

    #[test]
    fn a_file_that_breaks_off_is_asked_for_again_by_the_same_connection() {
        for error in [FileError::Broken, FileError::Refused] {
            let mut stand = Stand::new(1);
            let floor = stand.package.manifest().navigation;
            stand.run_in_time(8, |stand, hash| match hash == floor && stand.times_asked(floor) < 3 {
                true => Err(error.clone()),
                false => Ok(stand.file(hash)),
            });
            assert_eq!(stand.times_asked(floor), 2, "a second lies between two questions");
            stand.run_in_time(10, |stand, hash| Ok(stand.file(hash)));
            assert!(stand.loader.is_complete(), "{error}");
        }
    }

    #[test]
    fn a_file_that_never_arrives_ends_with_a_sentence_that_is_true() {
        let mut stand = Stand::new(1);
        let floor = stand.package.manifest().navigation;
        let breaks = |stand: &Stand, hash| match hash == floor {
            true => Err(FileError::Broken),
            false => Ok(stand.file(hash)),
        };
        stand.run_in_time(40, breaks);
        assert_eq!(stand.times_asked(floor), 4);
        assert_eq!(stand.loader.failure().unwrap().id(), "problem-file-not-arriving");
    }

    #[test]
    fn loading_without_a_byte_is_stuck_after_half_a_minute_and_slow_loading_is_not() {
        let mut stand = Stand::new(1);
        let root = stand.package.manifest_hash();
        let wait = |stand: &mut Stand, secs: u64| {
            stand.now = stand.now + secs * 1_000_000;
            stand.loader.advance(stand.now, &mut stand.cache);
        };
        stand.run(|_, _| Err(FileError::Broken));
        wait(&mut stand, 29);
        assert!(!stand.loader.is_stuck());
        stand.loader.handle_progress(root, 1);
        wait(&mut stand, 29);
        assert!(!stand.loader.is_stuck());
        wait(&mut stand, 1);
        assert!(stand.loader.is_stuck());
        stand.loader.handle_reconnected();
        assert!(!stand.loader.is_stuck());
        stand.run_in_time(1, |stand, hash| Ok(stand.file(hash)));
        wait(&mut stand, 100);
        assert!(!stand.loader.is_stuck(), "inside nothing is awaited");
    }

    #[test]
    fn what_two_tiles_share_is_loaded_once() {
        let mut stand = Stand::new(1);
        stand.run(|stand, hash| Ok(stand.file(hash)));
        let tile = stand.loader.tiles[0];
        let before = stand.loader.order.len();
        stand.loader.want(tile.content, FileKind::Tile, 1);
        assert_eq!(stand.loader.order.len(), before);
        assert!(stand.loader.is_complete());
    }
}
