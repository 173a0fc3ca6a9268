//! The command line: what it means, and the assembly of a client from it.
//!
//! It must not know frames; `app.rs` does.

use crate::app::{App, AppParts, Driver, Flow};
use crate::bench::start::StartWatch;
use crate::core::cache::{DiskCache, FileCache, MemoryCache};
use crate::core::files::DataFolder;
use crate::core::identity::Identity;
use crate::core::known_hosts::KnownHosts;
use crate::core::{ClientCore, CoreConfig};
use crate::input::player::Player;
use crate::input::{Command, script};
use crate::link::Link;
use crate::net::QuicConnector;
use crate::outside::Starter;
use crate::panels::words::Words;
use crate::present::headless::{Drawing, HeadlessPresenter};
use crate::present::{Presenter, flat, xr};
use crate::sentence::Problem;
use crate::settings::{Picture, Settings};
use crate::sound::{Sounds, VirtualDevice, WavDevice};
use anyhow::{Context as _, Result};
use clap::Parser;
use glam::UVec2;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use venue_model::Language;
use venue_protocol::{Appearance, LocalTime};
use wgpu_renderer::{Gpu, GpuPreference, Quality, RenderSettings, Renderer, wgpu};

/// Pause between two steps of a headless client that draws nothing.
const HEADLESS_PAUSE: Duration = Duration::from_millis(15);

/// Enter a virtual event venue.
#[derive(Clone, Debug, Parser)]
#[command(name = "xr-client", version, about, long_about = LONG_ABOUT)]
pub struct Arguments {
    /// Show the venue in a window, also when there is a headset.
    #[arg(long, conflicts_with_all = ["headless", "xr"])]
    pub flat: bool,
    /// Show the venue in a headset, and fail if there is none. Without --xr and --flat a headset is used if one answers.
    #[arg(long, conflicts_with = "headless")]
    pub xr: bool,
    /// Show nothing; play a script and write pictures.
    #[arg(long, requires = "script")]
    pub headless: bool,
    /// Script for --headless: one command a line; see docs/client-scripts.md.
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
    /// Folder for the pictures of --headless, --portraits and --preview.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub out: PathBuf,
    /// Size of the pictures of --headless, e.g. 1280x800.
    #[arg(long, value_name = "SIZE", default_value = "1280x800", value_parser = parse_size)]
    pub size: UVec2,
    /// Enter by this link or code at once.
    #[arg(long, value_name = "LINK", env = "VEV_LINK", hide_env_values = true)]
    pub link: Option<String>,
    /// The link, as a browser hands it over.
    #[arg(value_name = "LINK", conflicts_with = "link")]
    pub opened_link: Option<String>,
    /// Language of the panels: ar, zh, en, fr, ru or es.
    #[arg(long, value_name = "CODE", value_parser = parse_language)]
    pub language: Option<Language>,
    /// For weak graphics: no multisampling, smaller textures' filters.
    #[arg(long)]
    pub low: bool,
    /// Folder for settings, the device's key and venues (default: the system's folder for programs' data).
    #[arg(long, value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
    /// Look and colours of skin and clothes, three numbers, e.g. 4,2,5; 0 is the look's own colour.
    #[arg(long, value_name = "LOOK,SKIN,CLOTHING", value_parser = parse_appearance)]
    pub appearance: Option<Appearance>,
    /// Let vev:// links open this program, for you alone, and end.
    #[arg(long)]
    pub register: bool,
    /// With --headless: speak what this WAV file says (48 kHz), once, from the start on.
    #[arg(long, value_name = "FILE", requires = "headless")]
    pub microphone: Option<PathBuf>,
    /// With --headless: write what is heard into this WAV file.
    #[arg(long, value_name = "FILE", requires = "headless")]
    pub loudspeakers: Option<PathBuf>,
    /// End when standard input ends: for programs that start this one and end before it.
    #[arg(long)]
    pub until_input_ends: bool,
    /// Measure frames of a scene: lounge-50. Prints a table and one JSON object a line.
    #[arg(long, value_name = "SCENE")]
    pub bench_frame: Option<String>,
    /// With --bench-frame: draw both eyes of a headset offscreen, each of this size, e.g. 2064x2208; their last pictures
    /// go into the folder of --out.
    #[arg(long, value_name = "SIZE", value_parser = parse_size, requires = "bench_frame", conflicts_with = "xr")]
    pub eyes: Option<UVec2>,
    /// Draw the avatars and their gestures into the folder of --out, to look at them.
    #[arg(long)]
    pub portraits: bool,
    /// Draw pictures of a venue's package into the folder of --out: its spaces, and its storeys from above.
    #[arg(long, value_name = "PACKAGE")]
    pub preview: Option<PathBuf>,
    /// The venue's package folder for --bench-frame.
    #[arg(long, value_name = "FOLDER", default_value = "assets/venues/geneva/package")]
    pub package: PathBuf,
}

const LONG_ABOUT: &str = "Enter a virtual event venue.\n\n\
    Without options the venue is shown in the headset, if one answers, else in a window. Both begin with the start\n\
    page: paste the link of your invitation there.\n\
    Keys: WASD walk, Shift run, Q and E turn, right mouse button looks, left mouse button jumps, C sits,\n\
    T texts, F10 menu, F1 help, Tab moves the focus. Everything can be reached by the keyboard alone, and every\n\
    key can be changed in the settings.";

/// The program: parses the command line and runs until its end.
pub fn run() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_env("VEV_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("xr_client=info,sofar=error,warn"));
    // Colours belong to a terminal, not to a log in a file.
    let has_colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(has_colours)
        .with_writer(std::io::stderr)
        .init();
    match run_with(&arguments) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xr-client: {}", sentence_of(&error, &arguments));
            std::process::ExitCode::FAILURE
        }
    }
}

/// What to say about the error: the person's own language where there is a sentence for it.
fn sentence_of(error: &anyhow::Error, arguments: &Arguments) -> String {
    let language = arguments.language.or_else(system_language).unwrap_or_default();
    match error.chain().find_map(|cause| cause.downcast_ref::<Problem>()) {
        Some(problem) => Words::new(language).problem(problem),
        None => format!("{error:#}"),
    }
}

fn run_with(arguments: &Arguments) -> Result<()> {
    if arguments.register {
        return crate::register::register();
    }
    if let Some(scene) = &arguments.bench_frame {
        return match (arguments.xr, arguments.eyes) {
            (true, _) => crate::bench::worn::run(scene, &arguments.package),
            (false, Some(size)) => crate::bench::eyes::run(scene, &arguments.package, size, &arguments.out),
            (false, None) => crate::bench::run(scene, &arguments.package),
        };
    }
    if arguments.portraits {
        return crate::bench::portraits::run(&arguments.out);
    }
    if let Some(package) = &arguments.preview {
        return crate::preview::run(package, &arguments.out);
    }
    match arguments {
        Arguments { headless: true, .. } => run_headless(arguments),
        Arguments { flat: true, .. } => flat::run(arguments),
        _ => run_in_headset(arguments),
    }
}

/// The headset if one answers; where none does, or when it is lost, the window, unless the person insists.
fn run_in_headset(arguments: &Arguments) -> Result<()> {
    let insists = arguments.xr;
    let worn = match xr::open() {
        Ok(worn) => worn,
        Err(error) if insists => return Err(error.problem().into()),
        Err(error) => {
            tracing::info!("the venue is shown in a window: {error}");
            return flat::run(arguments);
        }
    };
    let outcome = worn.run(arguments)?;
    match outcome.ending {
        xr::Ending::Left => Ok(()),
        xr::Ending::Stopped if insists => Ok(()),
        xr::Ending::Lost if insists => Err(headset_lost("--xr does not go on in a window")),
        xr::Ending::Stopped | xr::Ending::Lost => run_after_headset(arguments, outcome),
    }
}

/// Goes on in a window; where there is no display either, the program ends with the headset.
fn run_after_headset(arguments: &Arguments, outcome: xr::Outcome) -> Result<()> {
    let xr::Outcome { ending, link, windows } = outcome;
    let windows = match windows.map_or_else(flat::window_loop, Ok) {
        Ok(windows) => windows,
        Err(_) if ending == xr::Ending::Stopped => return Ok(()),
        Err(no_display) => return Err(headset_lost(&Words::new(Language::En).problem(&no_display))),
    };
    tracing::warn!("the headset is gone: the venue is shown in a window");
    let opened_link = link.or_else(|| arguments.opened_link.clone());
    flat::run_on(windows, &Arguments { link: None, opened_link, ..arguments.clone() })
}

fn headset_lost(detail: &str) -> anyhow::Error {
    Problem::HeadsetLost { detail: detail.into() }.into()
}

/// What both ways of running share: settings, identity, cache, core.
pub struct Prepared {
    /// The client without a picture.
    pub core: ClientCore<QuicConnector>,
    /// What the person has set.
    pub settings: Settings,
    /// The language to begin with.
    pub language: Language,
    /// Where things are kept; none when the folder can not be used and nothing outlives the program.
    pub data: Option<DataFolder>,
    /// What the person should know at the start.
    pub problem: Option<Problem>,
}

/// What is kept on this computer, or what stands in for it in memory.
struct Kept {
    data: Option<DataFolder>,
    settings: Settings,
    identity: Identity,
    hosts: KnownHosts,
    cache: Box<dyn FileCache>,
    last_link: Option<Link>,
    problem: Option<Problem>,
}

/// Reads what is kept on this computer. A folder that can not be used costs the memory of it, not the venue.
pub fn prepare(arguments: &Arguments) -> Result<Prepared> {
    let kept = match keep(arguments) {
        Ok(kept) => kept,
        Err(problem) => Kept {
            data: None,
            settings: Settings::default(),
            identity: Identity::from_secret(random()?),
            hosts: KnownHosts::in_memory(),
            cache: Box::new(MemoryCache::default()),
            last_link: None,
            problem: Some(problem),
        },
    };
    let mut settings = kept.settings;
    settings.is_low_for_now = arguments.low;
    let language = arguments.language.or(settings.language).or_else(system_language).unwrap_or_default();
    let seed = random()?;
    let chosen = arguments.appearance.or(settings.avatar.map(Appearance::from));
    let appearance = chosen.unwrap_or_else(|| chosen_by_chance(seed));
    // The mirror begins with what the others see; it is stored with the first change.
    settings.avatar = Some(appearance.into());
    let config = CoreConfig {
        identity: kept.identity,
        hosts: kept.hosts,
        cache: kept.cache,
        appearance,
        language,
        last_place: settings.last_place.as_ref().and_then(crate::settings::LastPlace::place),
        last_link: kept.last_link,
        seed: u64::from_le_bytes(seed),
    };
    let core = ClientCore::new(config, QuicConnector);
    Ok(Prepared { core, settings, language, data: kept.data, problem: kept.problem })
}

fn keep(arguments: &Arguments) -> Result<Kept, Problem> {
    let data = DataFolder::open(arguments.data_dir.as_deref())?;
    let identity = Identity::load_or_make(&data.device_key())?;
    let (settings, mut problem) = Settings::load(&data.settings());
    let cache: Box<dyn FileCache> = match DiskCache::open(data.files()) {
        Ok(cache) => Box::new(cache),
        Err(error) => {
            let folder = data.files().display().to_string();
            problem = Some(Problem::DiskFull { folder, detail: error.to_string() });
            Box::new(MemoryCache::default())
        }
    };
    let hosts = KnownHosts::load(data.known_hosts());
    let last_link = std::fs::read_to_string(data.last_link()).ok();
    let last_link = last_link.and_then(|text| Link::parse(&text, None).ok());
    Ok(Kept { data: Some(data), settings, identity, hosts, cache, last_link, problem })
}

fn system_language() -> Option<Language> {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| std::env::var(name).ok());
    set.and_then(|tag| Language::from_tag(&tag))
}

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|error| anyhow::anyhow!("the system gives no random numbers: {error}"))?;
    Ok(bytes)
}

/// The picture's quality for these settings.
pub fn quality(settings: &Settings) -> Quality {
    match settings.picture_now() {
        Picture::Low => Quality::Low,
        Picture::Standard => Quality::Standard,
    }
}

/// The renderer's settings for these settings.
pub fn render_settings(settings: &Settings, format: wgpu::TextureFormat) -> RenderSettings {
    RenderSettings::flat(quality(settings), format)
}

/// The adapter to ask for with these settings.
pub fn gpu_preference(settings: &Settings) -> GpuPreference {
    match settings.picture_now() {
        Picture::Low => GpuPreference::LowPower,
        Picture::Standard => GpuPreference::HighPerformance,
    }
}

/// The format of offscreen pictures.
pub const OFFSCREEN_FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

/// Validation layers are for whoever asks for them (`WGPU_VALIDATION=1`), not for every unoptimised build on a machine that has
/// them: an older layer takes newer shaders for errors.
pub fn instance_flags() -> wgpu::InstanceFlags {
    wgpu::InstanceFlags::empty().with_env()
}

/// A device for offscreen pictures.
pub fn offscreen_gpu(settings: &Settings) -> Result<Gpu> {
    offscreen_gpu_with(settings, wgpu::Features::empty())
}

/// The same with features that flat pictures do not need.
pub fn offscreen_gpu_with(settings: &Settings, features: wgpu::Features) -> Result<Gpu> {
    let described = wgpu::InstanceDescriptor::new_without_display_handle_from_env();
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor { flags: instance_flags(), ..described });
    let request = Gpu::request(instance, None, gpu_preference(settings), features);
    pollster::block_on(request).map_err(|error| Problem::NoGraphics { detail: error.to_string() }.into())
}

fn run_headless(arguments: &Arguments) -> Result<()> {
    let path = arguments.script.as_deref().context("--headless needs --script FILE")?;
    let text =
        std::fs::read_to_string(path).with_context(|| format!("{} can not be read", path.display()))?;
    let lines = script::parse(&text).with_context(|| path.display().to_string())?;
    std::fs::create_dir_all(&arguments.out)
        .with_context(|| format!("{} can not be made", arguments.out.display()))?;
    let Prepared { core, mut settings, language, data, .. } = prepare(arguments)?;
    // A script knows its way.
    settings.has_seen_tour = true;
    let gpu = offscreen_gpu(&settings)?;
    let render = render_settings(&settings, OFFSCREEN_FORMAT);
    let renderer = Renderer::new(&gpu, render)?;
    let mut start_watch = StartWatch::from_environment();
    let drawing = if start_watch.is_some() { Drawing::Always } else { Drawing::Screenshots };
    let presenter = HeadlessPresenter::new(&gpu, &render, arguments.size, &arguments.out, drawing)?;
    let driver = Driver::Script(Box::new(Player::new(lines)));
    // A script has no ears, and runs beside others on one machine; what sounds is counted.
    let sounds = match (&arguments.microphone, &arguments.loudspeakers) {
        (None, None) => Sounds::on(VirtualDevice::default()),
        (microphone, loudspeakers) => {
            Sounds::on_files(WavDevice::new(microphone.as_deref(), loudspeakers.as_deref())?)
        }
    };
    let parts = AppParts { core, gpu, renderer, presenter, driver, settings, language, data, sounds };
    let mut app = App::new(parts)?;
    enter_by(arguments, &mut app);
    let starter = starter(arguments)?;
    let start = Instant::now();
    loop {
        if starter.as_ref().is_some_and(Starter::is_gone) {
            app.ask_quit();
        }
        let now = LocalTime(start.elapsed().as_micros() as u64);
        let flow = app.frame(now)?;
        if let Some(watch) = &mut start_watch {
            watch.look(&app)?;
        }
        if let Some(name) = app.take_screenshot() {
            app.presenter.want_screenshot(name);
        }
        let is_busy = app.presenter.is_busy();
        app.set_drawing(is_busy);
        if flow == Flow::Quit && !is_busy {
            return Ok(());
        }
        if !is_busy {
            std::thread::park_timeout(HEADLESS_PAUSE);
        }
    }
}

/// Whoever started the program, if it is to end with them.
pub fn starter(arguments: &Arguments) -> Result<Option<Starter>> {
    let watch = arguments.until_input_ends.then(Starter::watch).transpose();
    watch.context("the system gives no thread for standard input")
}

/// Enters by the link of the command line, if there is one.
pub fn enter_by<P: Presenter>(arguments: &Arguments, app: &mut App<QuicConnector, P>) {
    if let Some(link) = arguments.link.as_ref().or(arguments.opened_link.as_ref()) {
        app.wish(Command::Connect(link.clone()));
    }
}

fn chosen_by_chance(seed: [u8; 8]) -> Appearance {
    // Nobody is put into the wheelchair, which is the last look, without asking.
    Appearance { avatar: seed[0] % 9, clothing: 0, skin: 0 }
}

fn parse_language(text: &str) -> Result<Language, String> {
    Language::from_tag(text).ok_or_else(|| "languages are ar, zh, en, fr, ru and es".to_owned())
}

fn parse_size(text: &str) -> Result<UVec2, String> {
    let (width, height) = text.split_once('x').ok_or("a size is written as 1280x800")?;
    let side = |text: &str| {
        text.parse().ok().filter(|side| (16..=8_192).contains(side)).ok_or("sides are 16 to 8192 pixels")
    };
    Ok(UVec2::new(side(width)?, side(height)?))
}

fn parse_appearance(text: &str) -> Result<Appearance, String> {
    let number = |text: &str| text.trim().parse().map_err(|_| format!("{text:?} is no number from 0 to 255"));
    let numbers: Vec<u8> = text.split(',').map(number).collect::<Result<_, _>>()?;
    match numbers[..] {
        [avatar, skin, clothing] => Ok(Appearance { avatar, clothing, skin }),
        _ => Err("three numbers, e.g. 4,2,5".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn sizes_and_looks_are_read() {
        assert_eq!(parse_size("1280x800"), Ok(UVec2::new(1280, 800)));
        assert!(parse_size("1280").is_err() && parse_size("4x99999").is_err());
        assert_eq!(parse_appearance("4,2, 5"), Ok(Appearance { avatar: 4, clothing: 5, skin: 2 }));
        assert!(parse_appearance("2,5").is_err() && parse_appearance("2,5,256").is_err());
    }

    #[test]
    fn a_folder_that_can_not_be_used_costs_its_memory_and_not_the_venue() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "in the way").unwrap();
        let arguments =
            Arguments::try_parse_from(["xr-client", "--data-dir", file.to_str().unwrap()]).unwrap();
        let prepared = prepare(&arguments).unwrap();
        assert!(prepared.data.is_none());
        assert!(matches!(prepared.problem, Some(Problem::DataFolder { .. })), "{:?}", prepared.problem);
    }

    #[test]
    fn what_ends_the_program_is_said_in_the_persons_language() {
        let arguments = Arguments::try_parse_from(["xr-client", "--language", "fr"]).unwrap();
        let said = |error: anyhow::Error| sentence_of(&error, &arguments);
        let problem = Problem::NoDisplay { detail: "none".into() };
        assert_eq!(said(problem.clone().into()), Words::new(Language::Fr).problem(&problem));
        assert_eq!(said(anyhow::anyhow!("b").context("a")), "a: b");
    }

    #[test]
    fn headless_needs_a_script() {
        assert!(Arguments::try_parse_from(["xr-client", "--headless"]).is_err());
        let opened = Arguments::try_parse_from(["xr-client", "vev://h/e/a#7KQ2M9XT"]).unwrap();
        assert!(opened.opened_link.is_some());
    }
}
