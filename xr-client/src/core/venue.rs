//! The venue's files on their way: manifest first, then floor and the coarse tiles of the room that one stands in,
//! then the tiles that whoever draws chooses. Files come from the cache or the server, and count only with the right
//! hash. What does not come is asked for again, but not for ever: a person never waits without an end.
//!
//! It must not know the renderer: whoever draws chooses tiles and takes them as events. The time is an argument.

use super::cache::{CacheEvent, FileCache};
use super::content::{Content, FileKind};
use crate::sentence::Problem;
use crate::sorted_map::SortedMap;
use bytes::Bytes;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use venue_model::{FileHash, SpaceId};
use venue_motion::Walkable;
use venue_package::{Manifest, Tileset};
use venue_protocol::LocalTime;
use venue_transport::FileError;

/// Files that are asked for at the same time.
const MAX_UNDER_WAY: usize = 6;

/// Most tiles that may be chosen at once. More would only wait here.
pub const MAX_CHOSEN: usize = 64;

/// How often a file may come damaged before it counts as damaged at the server.
const MAX_DAMAGED: u32 = 2;

/// How often a file that broke off is asked for again at the same connection.
const MAX_REPEATS: u32 = 3;

/// Pause before it is asked for again the first time, µs; each further pause is twice as long.
const REPEAT_PAUSE_MICROS: u64 = 1_000_000;

/// Without a byte for so long, µs, the first room counts as stuck.
const PATIENCE_MICROS: u64 = 30_000_000;

/// What the loader has for the rest of the program.
#[derive(Clone, Debug)]
pub enum VenueEvent {
    /// The description of the venue; whatever was shown before is another venue.
    Opened(Arc<Manifest>),
    /// Its tiles, of which some may be chosen.
    Tiles(Arc<Tileset>),
    /// The floor; who stood on the one before stands on this.
    Floor,
    /// A tile's bytes.
    Tile {
        /// Its content.
        file: FileHash,
        /// A glTF binary.
        bytes: Bytes,
    },
    /// A chosen tile does not come; it may be chosen again later.
    TileFailed(FileHash),
    /// Something is missing, but the venue can be used.
    Problem(Problem),
}

/// Who says which tiles are loaded after those of the first view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chooser {
    /// Nobody: the coarsest of every room, the nearest rooms first.
    #[default]
    Nobody,
    /// Whoever draws, by [`VenueLoader::choose`].
    Scene,
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
    fn new(kind: FileKind, bytes: u64, now: LocalTime) -> Self {
        let place = Place::Waiting;
        Self { kind, bytes, received: 0, place, asked: false, ask_at: now, broken: 0, damaged: 0 }
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
    tileset: Option<Arc<Tileset>>,
    /// Sizes of all tiles' files, of the panoramas around spaces, and of their acoustic meshes.
    streamed_bytes: BTreeMap<FileHash, u64>,
    /// What was asked for and is not done with: files that the venue needs, and tiles on their way.
    wanted: SortedMap<FileHash, Wanted>,
    /// What the first view needs, in the order in which it is asked for.
    first: Vec<FileHash>,
    /// Tiles of the first view that are not here yet.
    awaited: BTreeSet<FileHash>,
    /// Tiles beyond the first view, the most wanted first.
    chosen: Vec<FileHash>,
    chooser: Chooser,
    start: SpaceId,
    /// Whether the manifest and the floor that are here are those of the state before.
    is_renewing: bool,
    events: VecDeque<VenueEvent>,
    failure: Option<Problem>,
    /// Tiles whose failure was told to the person.
    told: BTreeSet<FileHash>,
    /// Bytes of files of the first view that are here, and of all of them.
    first_bytes: (u64, u64),
    /// Bytes of tiles that came from the server.
    fetched: u64,
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
        let (chooser, now, heard) = (self.chooser, self.now, self.now);
        *self = Self { root: Some(manifest), start, chooser, now, heard, ..Self::default() };
        self.want_first(manifest, FileKind::Manifest, bytes);
    }

    /// Begins to load another state of the venue. Manifest and floor stay what they are until the new ones are here.
    pub fn renew(&mut self, manifest: FileHash, bytes: u64, start: SpaceId) {
        let before = (self.manifest.take(), self.walkable.take());
        self.root = None;
        self.open(manifest, bytes, start);
        (self.manifest, self.walkable) = before;
        self.is_renewing = self.manifest.is_some();
    }

    /// Whether the description that is here is the one of the state before.
    pub fn awaits_manifest(&self) -> bool {
        self.is_renewing
    }

    /// Says who chooses tiles from now on.
    pub fn set_chooser(&mut self, chooser: Chooser) {
        self.chooser = chooser;
        self.chosen.clear();
    }

    /// Chooses tiles, the most wanted first; what was chosen before and is not any more is not asked for. Files that
    /// the server sends already come to an end, and into the cache.
    pub fn choose(&mut self, tiles: &[FileHash]) {
        self.chosen.clear();
        for hash in tiles.iter().take(MAX_CHOSEN) {
            let Some(&bytes) = self.streamed_bytes.get(hash) else { continue };
            let now = self.now;
            self.wanted.insert_missing(*hash, || Wanted::new(FileKind::Tile, bytes, now));
            self.chosen.push(*hash);
        }
        let (chosen, awaited) = (&self.chosen, &self.awaited);
        self.wanted.retain(|hash, file| {
            let is_idle = file.place == Place::Waiting || (file.place == Place::Server && !file.asked);
            file.kind != FileKind::Tile || !is_idle || awaited.contains(hash) || chosen.contains(hash)
        });
    }

    /// The description, once it is here.
    pub fn manifest(&self) -> Option<&Arc<Manifest>> {
        self.manifest.as_ref()
    }

    /// The floor, once it is here.
    pub fn walkable(&self) -> Option<&Arc<Walkable>> {
        self.walkable.as_ref()
    }

    /// The tiles, once they are known.
    pub fn tileset(&self) -> Option<&Arc<Tileset>> {
        self.tileset.as_ref()
    }

    /// Bytes of the first view that are here, and bytes in all as far as is known.
    pub fn progress(&self) -> (u64, u64) {
        let (done, total) = self.first_bytes;
        let is_first =
            |hash: &FileHash, file: &Wanted| file.kind != FileKind::Tile || self.awaited.contains(hash);
        let under_way = self.wanted.iter().filter(|(hash, file)| is_first(hash, file));
        let received = under_way.filter(|(_, file)| file.place != Place::Here);
        (done + received.map(|(_, file)| file.received.min(file.bytes)).sum::<u64>(), total)
    }

    /// Bytes of tiles that came from the server, and tiles that are asked for and not here.
    pub fn traffic(&self) -> (u64, usize) {
        (self.fetched, self.wanted.values().filter(|file| file.kind == FileKind::Tile).count())
    }

    /// Whether floor and the coarse tiles of the first room are here.
    pub fn is_enterable(&self) -> bool {
        self.walkable.is_some() && self.tileset.is_some() && self.awaited.is_empty()
    }

    /// Whether everything is here that will come and was chosen.
    pub fn is_complete(&self) -> bool {
        let is_over = |file: &Wanted| matches!(file.place, Place::Here | Place::Failed);
        self.is_enterable() && self.chosen.is_empty() && self.wanted.values().all(is_over)
    }

    /// Whether nothing has come for a long time although one can't enter yet.
    pub fn is_stuck(&self) -> bool {
        !self.is_enterable() && self.now.micros_since(self.heard) >= PATIENCE_MICROS
    }

    /// Gives the tiles again that were given already, when nobody chooses: from the cache, or the server.
    pub fn show_again(&mut self) {
        if self.chooser == Chooser::Nobody {
            self.choose_coarse();
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
        for hash in self.first.iter().chain(&self.chosen) {
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
        for hash in self.first.iter().chain(&self.chosen) {
            if let Some(file) = self.wanted.get_mut(hash).filter(is_due) {
                file.asked = true;
                return Some(FileRequest { hash: *hash, bytes: file.bytes });
            }
        }
        None
    }

    /// The server or the connection is another one: what was under way is asked for again.
    pub fn handle_reconnected(&mut self) {
        self.heard = self.now;
        for file in self.wanted.values_mut().filter(|file| file.place == Place::Server) {
            (file.asked, file.ask_at, file.broken, file.received) = (false, self.now, 0, 0);
        }
        // What nobody waits for any more needs no further question.
        let (chosen, awaited) = (&self.chosen, &self.awaited);
        self.wanted.retain(|hash, file| {
            file.kind != FileKind::Tile || awaited.contains(hash) || chosen.contains(hash)
        });
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
                if file.kind == FileKind::Tile {
                    self.fetched += bytes.len() as u64;
                }
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
        file.ask_at = self.now + (REPEAT_PAUSE_MICROS << file.broken.min(MAX_REPEATS));
        file.broken += 1;
        file.received = 0;
        file.asked = false;
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
        let Some(file) = self.wanted.get_mut(&hash) else { return };
        if file.kind != FileKind::Tile {
            file.place = Place::Failed;
            self.failure = Some(problem);
            return;
        }
        self.finish_tile(hash);
        self.events.push_back(VenueEvent::TileFailed(hash));
        if self.told.insert(hash) {
            self.events.push_back(VenueEvent::Problem(problem));
        }
    }

    /// A tile is done with, for better or worse: it may be chosen again.
    fn finish_tile(&mut self, hash: FileHash) {
        if let Some(file) = self.wanted.remove(&hash)
            && self.awaited.remove(&hash)
        {
            self.first_bytes.0 += file.bytes;
        }
        self.chosen.retain(|chosen| *chosen != hash);
    }

    fn take(&mut self, hash: FileHash, bytes: u64, content: Content) {
        let Some(file) = self.wanted.get_mut(&hash).filter(|file| file.place != Place::Here) else { return };
        file.place = Place::Here;
        self.heard = self.now;
        if file.kind != FileKind::Tile {
            self.first_bytes.0 += bytes;
        }
        let taken = match content {
            Content::Manifest(manifest) => self.take_manifest(manifest),
            Content::Tileset(tileset) => self.take_tileset(tileset),
            Content::Floor(walkable) => {
                self.walkable = Some(walkable);
                self.events.push_back(VenueEvent::Floor);
                Ok(())
            }
            Content::Tile(bytes) => {
                let is_expected = self.awaited.contains(&hash) || self.chosen.contains(&hash);
                self.finish_tile(hash);
                // What nobody waits for any more is in the cache now.
                if is_expected {
                    self.events.push_back(VenueEvent::Tile { file: hash, bytes });
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
            self.want_first(hash, kind, entry.bytes);
        }
        self.is_renewing = false;
        self.events.push_back(VenueEvent::Opened(Arc::clone(&manifest)));
        self.manifest = Some(manifest);
        Ok(())
    }

    fn take_tileset(&mut self, tileset: Arc<Tileset>) -> Result<(), &'static str> {
        let Some(manifest) = self.manifest.clone() else { return Ok(()) };
        let listed: BTreeMap<_, _> = manifest.files.iter().map(|file| (file.hash, file.bytes)).collect();
        let around = manifest.panoramas.iter().map(|panorama| panorama.picture);
        let heard = manifest.acoustics.iter().map(|acoustics| acoustics.mesh);
        for file in tileset.tiles.iter().map(|tile| tile.content).chain(around).chain(heard) {
            let bytes =
                *listed.get(&file).ok_or("its list of files lacks a tile, a panorama or an acoustic mesh")?;
            self.streamed_bytes.insert(file, bytes);
        }
        // One can enter when the room is there at its coarsest level.
        let start = Some(self.start);
        for tile in tileset.tiles.iter().filter(|tile| tile.parent.is_none() && tile.space == start) {
            let bytes = self.streamed_bytes.get(&tile.content).copied().unwrap_or_default();
            if self.awaited.insert(tile.content) {
                self.want_first(tile.content, FileKind::Tile, bytes);
            }
        }
        self.events.push_back(VenueEvent::Tiles(Arc::clone(&tileset)));
        self.tileset = Some(tileset);
        if self.chooser == Chooser::Nobody {
            self.choose_coarse();
        }
        Ok(())
    }

    /// The coarsest level of every room: the own one, then what every room sees, then the others by the number of
    /// doors between.
    fn choose_coarse(&mut self) {
        let (Some(manifest), Some(tileset)) = (&self.manifest, &self.tileset) else { return };
        let distances = door_distances(manifest, self.start);
        let rank = |space: Option<SpaceId>| match space {
            Some(space) if space == self.start => 0,
            None => 1,
            Some(space) => distances.get(&space).map_or(u32::MAX, |doors| doors + 1),
        };
        let coarse = tileset.tiles.iter().filter(|tile| tile.parent.is_none());
        let mut tiles: Vec<_> = coarse.map(|tile| (rank(tile.space), tile.content)).collect();
        tiles.sort_by_key(|(rank, _)| *rank);
        let tiles: Vec<_> = tiles.into_iter().map(|(_, content)| content).collect();
        self.choose(&tiles);
    }

    /// What several things share is wanted once.
    fn want_first(&mut self, hash: FileHash, kind: FileKind, bytes: u64) {
        if self.wanted.contains_key(&hash) {
            return;
        }
        self.wanted.insert(hash, Wanted::new(kind, bytes, self.now));
        self.first.push(hash);
        self.first_bytes.1 += bytes;
    }
}

/// The number of doors between a space and the others.
pub fn door_distances(manifest: &Manifest, start: SpaceId) -> BTreeMap<SpaceId, u32> {
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
    use crate::testing::{layered_package, tiny_package};
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

        fn events(&mut self) -> Vec<VenueEvent> {
            std::iter::from_fn(|| self.loader.poll_event()).collect()
        }

        /// The files of tiles that came.
        fn files(&mut self) -> Vec<FileHash> {
            let file = |event| if let VenueEvent::Tile { file, .. } = event { Some(file) } else { None };
            self.events().into_iter().filter_map(file).collect()
        }

        /// Their spaces.
        fn tiles(&mut self) -> Vec<Option<SpaceId>> {
            let tiles = self.package.tileset().unwrap().tiles;
            let space = |file| tiles.iter().find(|tile| tile.content == file).unwrap().space;
            self.files().into_iter().map(space).collect()
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
    fn what_is_wanted_twice_is_loaded_once() {
        let mut stand = Stand::new(1);
        stand.run(|stand, hash| Ok(stand.file(hash)));
        let (tile, before) = (stand.package.tileset().unwrap().tiles[0].content, stand.asked.len());
        stand.cache = MemoryCache::default();
        stand.loader.choose(&[tile, tile]);
        stand.run(|stand, hash| Ok(stand.file(hash)));
        assert_eq!(stand.asked.len(), before + 1);
        assert!(stand.loader.is_complete());
    }

    /// A stand with a scene that has chosen nothing yet, inside of the first room.
    fn with_scene() -> Stand {
        let package = layered_package();
        let mut loader = VenueLoader::default();
        loader.set_chooser(Chooser::Scene);
        loader.open(package.manifest_hash(), package.manifest_bytes().len() as u64, SpaceId(1));
        let (cache, asked, now) = (MemoryCache::default(), Vec::new(), LocalTime(0));
        let mut stand = Stand { loader, cache, package, asked, now };
        stand.run(|stand, hash| Ok(stand.file(hash)));
        assert!(stand.loader.is_enterable() && stand.loader.is_complete());
        stand
    }

    #[test]
    fn the_first_view_is_the_coarse_level_of_the_own_room_alone() {
        let mut stand = with_scene();
        let tiles = stand.package.tileset().unwrap().tiles;
        assert_eq!(stand.files(), [tiles[0].content]);
        assert_eq!(stand.asked.len(), 4, "manifest, floor, tileset, one tile");
        let (done, total) = stand.loader.progress();
        assert_eq!(done, total);
    }

    #[test]
    fn chosen_tiles_come_in_the_order_of_the_choice_and_may_be_chosen_again() {
        let mut stand = with_scene();
        stand.events();
        let [_, a, b, ..] = stand.package.tileset().unwrap().tiles[..] else { panic!() };
        stand.loader.choose(&[b.content, a.content]);
        assert!(!stand.loader.is_complete());
        stand.run(|stand, hash| Ok(stand.file(hash)));
        assert_eq!(stand.files(), [b.content, a.content]);
        assert!(stand.loader.is_complete());
        let asked = stand.asked.len();
        stand.loader.choose(&[a.content, FileHash([7; 32])]);
        stand.run(|stand, hash| Ok(stand.file(hash)));
        assert_eq!(
            (stand.files().as_slice(), stand.asked.len()),
            ([a.content].as_slice(), asked),
            "from the cache"
        );
        assert!(stand.loader.traffic().0 > 0 && stand.loader.traffic().1 == 0);
    }

    #[test]
    fn what_is_not_chosen_any_more_is_not_asked_for_and_what_was_asked_for_goes_to_the_cache() {
        let mut stand = with_scene();
        stand.events();
        let tiles: Vec<_> =
            stand.package.tileset().unwrap().tiles[1..].iter().map(|tile| tile.content).collect();
        stand.loader.choose(&tiles);
        // Two rounds: the cache misses, the server is asked.
        stand.loader.advance(stand.now, &mut stand.cache);
        stand.loader.advance(stand.now, &mut stand.cache);
        let first = stand.loader.poll_request().unwrap();
        stand.loader.choose(&[]);
        assert_eq!(stand.loader.poll_request(), None);
        let bytes = stand.file(first.hash);
        stand.loader.handle_file(first.hash, Ok(bytes), &mut stand.cache);
        stand.run(|_, _| panic!("nothing is asked for"));
        assert_eq!(stand.files(), []);
        assert!(stand.loader.is_complete());
        stand.loader.choose(&[first.hash]);
        stand.run(|_, _| panic!("the cache has it"));
        assert_eq!(stand.files(), [first.hash]);
    }

    #[test]
    fn a_tile_that_does_not_come_is_told_once_and_may_be_chosen_again() {
        let mut stand = with_scene();
        stand.events();
        let tile = stand.package.tileset().unwrap().tiles[1].content;
        for round in 0..2 {
            stand.loader.choose(&[tile]);
            stand.run_in_time(80, |_, _| Err(FileError::Broken));
            let events = stand.events();
            let failed = events.iter().filter(|e| matches!(e, VenueEvent::TileFailed(file) if *file == tile));
            assert_eq!(failed.count(), 1);
            let told = events.iter().filter(|event| matches!(event, VenueEvent::Problem(_))).count();
            assert_eq!(told, 1 - round, "once");
        }
        assert_eq!(stand.times_asked(tile), 8, "with growing pauses, four times for each choice");
        assert!(stand.loader.failure().is_none());
        stand.loader.choose(&[tile]);
        stand.run(|stand, hash| Ok(stand.file(hash)));
        assert_eq!(stand.files(), [tile]);
    }
}
