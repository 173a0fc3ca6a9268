//! Monado, the OpenXR runtime that the headset's tests run on: built from Debian's source package, because the
//! suite that the gate runs on has none. It is built twice: within the program that uses it, and as a service that can go
//! while the program stays. It knows no test; it gives the files that name the runtimes.

use super::bare_hands;
use super::{apt, debian, tools};
use crate::process::{output, run};
use anyhow::{Context, Result, bail, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// The suite of Debian whose source package is built.
const SUITE: &str = "trixie";

/// What building and loading the runtime needs.
const PACKAGES: [&str; 15] = [
    "cmake",
    "dpkg-dev",
    "g++",
    "glslang-tools",
    "libeigen3-dev",
    "libopenxr-loader1",
    "libudev-dev",
    "libvulkan-dev",
    "libx11-xcb-dev",
    "libxcb-randr0-dev",
    "libxrandr-dev",
    "mesa-vulkan-drivers",
    "ninja-build",
    "pkg-config",
    "xz-utils",
];

/// One change of a source file: every `from` becomes `to`.
pub(super) struct Patch {
    pub file: &'static str,
    pub from: &'static str,
    pub to: &'static str,
}

const PATCHES: [Patch; 3] = [
    // The compositor without a display runs at 20 frames a second, which makes tests three times as long.
    Patch {
        file: "src/xrt/compositor/null/null_compositor.c",
        from: "U_TIME_1S_IN_NS / 20;",
        to: "U_TIME_1S_IN_NS / 60;",
    },
    // Poses are taken from this machine alone.
    Patch { file: "src/xrt/drivers/remote/r_hub.c", from: "htonl(INADDR_ANY)", to: "htonl(INADDR_LOOPBACK)" },
    // Without this function a program that asks for the visibility mask calls through a null pointer.
    Patch {
        file: "src/xrt/drivers/remote/r_hmd.c",
        from: "\trh->base.get_view_poses = r_hmd_get_view_poses;",
        to: "\trh->base.get_view_poses = r_hmd_get_view_poses;\n\
             \trh->base.get_visibility_mask = u_device_get_visibility_mask;",
    },
];

/// All changes, in their order.
fn patches() -> impl Iterator<Item = &'static Patch> {
    PATCHES.iter().chain(&bare_hands::PATCHES)
}

/// Options of the build that are on; the drivers that need no device stay at their defaults.
const ON: [&str; 2] = ["XRT_FEATURE_OPENXR_LAYER_COLOR_SCALE_BIAS", "XRT_MODULE_AUX_VIVE"];

/// Options that are off: other graphics APIs, cameras, buses, and drivers of real devices.
const OFF: [&str; 26] = [
    "BUILD_TESTING",
    "XRT_BUILD_DRIVER_HDK",
    "XRT_BUILD_DRIVER_HYDRA",
    "XRT_BUILD_DRIVER_PSMV",
    "XRT_BUILD_DRIVER_PSSENSE",
    "XRT_BUILD_DRIVER_RIFT_S",
    "XRT_BUILD_DRIVER_STEAMVR_LIGHTHOUSE",
    "XRT_BUILD_DRIVER_TWRAP",
    "XRT_BUILD_DRIVER_VIVE",
    "XRT_BUILD_DRIVER_WMR",
    "XRT_BUILD_SAMPLES",
    "XRT_FEATURE_STEAMVR_PLUGIN",
    "XRT_HAVE_BLUETOOTH",
    "XRT_HAVE_DBUS",
    "XRT_HAVE_EGL",
    "XRT_HAVE_GST",
    "XRT_HAVE_HIDAPI",
    "XRT_HAVE_JPEG",
    "XRT_HAVE_LIBUSB",
    "XRT_HAVE_OPENCV",
    "XRT_HAVE_OPENGL",
    "XRT_HAVE_OPENGLES",
    "XRT_HAVE_SDL2",
    "XRT_HAVE_SYSTEMD",
    "XRT_HAVE_WAYLAND",
    "XRT_MODULE_MONADO_CLI",
];

/// How the runtime runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// Within the program that uses it.
    InProcess,
    /// In a process of its own, [`service_program`].
    Service,
}

impl Build {
    const ALL: [Self; 2] = [Self::InProcess, Self::Service];

    fn folder(self) -> PathBuf {
        folder().join(match self {
            Self::InProcess => "build",
            Self::Service => "service",
        })
    }

    /// The file that names this runtime to the OpenXR loader: the value of `XR_RUNTIME_JSON`.
    pub fn runtime_file(self) -> PathBuf {
        self.folder().join("openxr_monado-dev.json")
    }

    fn option(self) -> &'static str {
        match self {
            Self::InProcess => "-DXRT_FEATURE_SERVICE=OFF",
            Self::Service => "-DXRT_FEATURE_SERVICE=ON",
        }
    }
}

/// The file that names the runtime within the program to the OpenXR loader.
pub fn runtime_file() -> PathBuf {
    Build::InProcess.runtime_file()
}

/// The program behind [`Build::Service`]. It ends with its standard input, unless `XRT_NO_STDIN` is set.
pub fn service_program() -> PathBuf {
    Build::Service.folder().join("src/xrt/targets/service/monado-service")
}

fn folder() -> PathBuf {
    tools().join("monado")
}

/// Builds the runtime unless this recipe's is there.
pub fn install() -> Result<()> {
    debian(&PACKAGES)?;
    let (folder, recipe) = (folder(), recipe());
    let stamp = folder.join("recipe");
    let is_there = || Build::ALL.iter().all(|build| build.runtime_file().is_file());
    if std::fs::read_to_string(&stamp).is_ok_and(|built| built == recipe) && is_there() {
        return Ok(());
    }
    println!("building Monado, the OpenXR runtime of the headset's tests");
    let started = Instant::now();
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    }
    let source = unpack(&folder)?;
    for patch in patches() {
        patch.apply(&source)?;
    }
    for build in Build::ALL {
        make(&source, build)?;
        let file = build.runtime_file();
        ensure!(file.is_file(), "Monado was built without {}", file.display());
    }
    // Sources and lists of packages are as large as the runtime; a change of the recipe fetches them anew.
    for part in ["src", "apt"] {
        std::fs::remove_dir_all(folder.join(part))?;
    }
    std::fs::write(&stamp, recipe).with_context(|| stamp.display().to_string())?;
    println!("Monado was built in {:.0} s", started.elapsed().as_secs_f64());
    Ok(())
}

/// What the runtime is made from, in words: another text is another runtime.
fn recipe() -> String {
    let patches = patches().map(|patch| format!("{}: {}\n", patch.file, patch.to));
    let builds = Build::ALL.map(Build::option);
    let (on, off, builds) = (ON.join(" "), OFF.join(" "), builds.join(" "));
    format!("{SUITE}\n{}on {on}\noff {off}\n{builds}\n", patches.collect::<String>())
}

/// Fetches the source package by lists of its own, so that the machine's own suite stays what it is.
fn unpack(folder: &Path) -> Result<PathBuf> {
    let (lists, cache, place) = (folder.join("apt/lists"), folder.join("apt/cache"), folder.join("src"));
    for made in [lists.join("partial"), cache.join("archives/partial"), place.clone()] {
        std::fs::create_dir_all(&made).with_context(|| made.display().to_string())?;
    }
    let sources = folder.join("apt/trixie.sources");
    std::fs::write(&sources, debian_sources()?)?;
    let option = |name: &str, value: &Path| format!("-o{name}={}", value.display());
    let options = [
        option("Dir::Etc::SourceList", &sources),
        option("Dir::Etc::SourceParts", Path::new("/dev/null")),
        option("Dir::State::Lists", &lists),
        option("Dir::Cache", &cache),
    ];
    run(apt().args(&options).args(["update", "--quiet=2"]))?;
    let fetch = ["source", "--quiet=2", "--tar-only", "monado"];
    run(apt().args(&options).args(fetch).current_dir(&place))?;
    let tarball = only_entry(&place, |name| name.starts_with("monado_") && name.contains(".orig.tar."))?;
    run(Command::new("tar").arg("xf").arg(&tarball).current_dir(&place))?;
    only_entry(&place, |name| name.starts_with("monado-"))
}

fn only_entry(folder: &Path, is_it: impl Fn(&str) -> bool) -> Result<PathBuf> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if is_it(&entry.file_name().to_string_lossy()) {
            return Ok(entry.path());
        }
    }
    bail!("the source package of Monado is not as expected; look into {}", folder.display())
}

impl Patch {
    fn apply(&self, source: &Path) -> Result<()> {
        let path = source.join(self.file);
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        ensure!(text.contains(self.from), "{} has no {:?}: renew the patch", self.file, self.from);
        std::fs::write(&path, text.replace(self.from, self.to)).with_context(|| path.display().to_string())
    }
}

fn make(source: &Path, build: Build) -> Result<()> {
    let into = build.folder();
    let mut configure = Command::new("cmake");
    configure.arg("-S").arg(source).arg("-B").arg(&into).args(["-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release"]);
    configure.arg(build.option());
    configure.args(ON.iter().map(|name| format!("-D{name}=ON")));
    configure.args(OFF.iter().map(|name| format!("-D{name}=OFF")));
    // Both print hundreds of lines that only a fault makes worth reading.
    output(&mut configure)?;
    output(Command::new("ninja").arg("-C").arg(&into)).map(drop)
}

/// The machine's own Debian sources, for source packages of the other suite.
fn debian_sources() -> Result<String> {
    let mut files = vec![PathBuf::from("/etc/apt/sources.list")];
    let parts = std::fs::read_dir("/etc/apt/sources.list.d").into_iter().flatten().flatten();
    files.extend(parts.map(|part| part.path()));
    let texts = files.iter().filter_map(|file| {
        let extension = file.extension()?;
        let text = std::fs::read_to_string(file).ok()?;
        if extension == "sources" { from_stanzas(&text) } else { from_lines(&text) }
    });
    texts.into_iter().next().context(
        "no Debian source is configured in /etc/apt, so the sources of Monado can not be fetched: add one",
    )
}

/// From the format of `.sources` files: the first stanza with Debian's own archive.
fn from_stanzas(text: &str) -> Option<String> {
    text.split("\n\n").find_map(|stanza| {
        let field = |name: &str| {
            let lines = stanza.lines().filter_map(|line| line.split_once(':'));
            lines.filter(|(key, _)| *key == name).map(|(_, value)| value.trim().to_owned()).next()
        };
        let uri = field("URIs")?.split_whitespace().next()?.to_owned();
        let is_for_packages = field("Types")?.split_whitespace().any(|kind| kind == "deb");
        (is_for_packages && is_archive(&uri)).then(|| stanza_for(&uri, field("Signed-By").as_deref()))
    })
}

/// From the older format: `deb [options] URI suite component…`.
fn from_lines(text: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let rest = line.trim().strip_prefix("deb ")?.trim_start();
        let (options, rest) = match rest.strip_prefix('[') {
            Some(bracketed) => bracketed.split_once(']')?,
            None => ("", rest),
        };
        let uri = rest.split_whitespace().next()?;
        let key = options.split_whitespace().find_map(|option| option.strip_prefix("signed-by="));
        is_archive(uri).then(|| stanza_for(uri, key))
    })
}

/// Mirrors have the archive below `debian`; security updates have a folder of their own.
fn is_archive(uri: &str) -> bool {
    uri.trim_end_matches('/').ends_with("/debian")
}

fn stanza_for(uri: &str, signed_by: Option<&str>) -> String {
    let key = signed_by.map(|key| format!("Signed-By: {key}\n")).unwrap_or_default();
    format!("Types: deb-src\nURIs: {uri}\nSuites: {SUITE}\nComponents: main\n{key}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPECTED: &str =
        "Types: deb-src\nURIs: http://mirror.example/debian\nSuites: trixie\nComponents: main\n";

    #[test]
    fn the_archive_of_a_stanza_becomes_a_source_of_the_other_suite() {
        let text = "Types: deb\n# a comment\nURIs: http://mirror.example/debian-security\nSuites: bookworm-security\n\n\
                    Types: deb deb-src\nURIs: http://mirror.example/debian\nSuites: bookworm\nSigned-By: /key\n";
        assert_eq!(from_stanzas(text), Some(format!("{EXPECTED}Signed-By: /key\n")));
        assert_eq!(from_stanzas("Types: deb\nURIs: https://other.example/node\nSuites: x\n"), None);
    }

    #[test]
    fn so_does_a_line_with_and_without_options() {
        assert_eq!(from_lines("deb http://mirror.example/debian bookworm main\n"), Some(EXPECTED.into()));
        let with_key = "# deb http://x/debian\ndeb [arch=amd64 signed-by=/key] http://mirror.example/debian bookworm main";
        assert_eq!(from_lines(with_key), Some(format!("{EXPECTED}Signed-By: /key\n")));
        assert_eq!(from_lines("deb-src http://mirror.example/debian bookworm main"), None);
    }

    #[test]
    fn a_patch_that_meets_another_source_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let patch = Patch { file: "a.c", from: "20", to: "60" };
        std::fs::write(folder.path().join("a.c"), "rate = 20;").unwrap();
        patch.apply(folder.path()).unwrap();
        assert_eq!(std::fs::read_to_string(folder.path().join("a.c")).unwrap(), "rate = 60;");
        assert!(patch.apply(folder.path()).unwrap_err().to_string().contains("renew the patch"));
    }

    #[test]
    fn another_recipe_is_another_runtime() {
        assert!(recipe().contains("INADDR_LOOPBACK") && recipe().contains("XRT_FEATURE_SERVICE"));
    }
}
