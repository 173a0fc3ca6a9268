//! Khronos' OpenXR loader for Windows. Windows has none, and runtimes bring none: every program carries its own.
//!
//! Its source comes with the crate by which the client calls it.

use super::windows::stands_alone;
use crate::process::{cargo, output, run, target};
use crate::{install, portability};
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The crate whose package holds the source.
const CRATE: &str = "openxr-sys";

/// Debian's headers for Windows know no such family of devices, and the source takes the warning for an error.
const FLAGS: &str = "-DWINAPI_PARTITION_SYSTEM=0x4";

/// The loader, and its licence.
pub(super) struct Loader {
    pub(super) library: PathBuf,
    pub(super) licence: PathBuf,
}

/// Builds it, if that is not done yet.
pub(super) fn build() -> Result<Loader> {
    install::debian(&["cmake", "make"])?;
    let source = source()?;
    let folder = target().join("windows/openxr-loader");
    let compiler = |name: &str| format!("{}-{name}", portability::COMPILERS);
    let mut configure = Command::new("cmake");
    configure
        .arg("-S")
        .arg(&source)
        .arg("-B")
        .arg(&folder)
        .args(["--log-level=WARNING", "-DCMAKE_SYSTEM_NAME=Windows"]);
    for (what, name) in [("C", "gcc-posix"), ("CXX", "g++-posix"), ("RC", "windres")] {
        configure.arg(format!("-DCMAKE_{what}_COMPILER={}", compiler(name)));
    }
    configure.arg(format!("-DCMAKE_CXX_FLAGS={FLAGS}")).args([
        "-DCMAKE_BUILD_TYPE=Release",
        "-DCMAKE_SHARED_LINKER_FLAGS=-static -s",
        "-DDYNAMIC_LOADER=ON",
        "-DBUILD_API_LAYERS=OFF",
        "-DBUILD_TESTS=OFF",
        "-DBUILD_WITH_SYSTEM_JSONCPP=OFF",
        "-Wno-dev",
    ]);
    run(configure.stdout(std::process::Stdio::null()))?;
    run(Command::new("cmake").arg("--build").arg(&folder).args([
        "--target",
        "openxr_loader",
        "--",
        "--silent",
    ]))?;
    let library = folder.join("src/loader/libopenxr_loader.dll");
    stands_alone(&library)?;
    Ok(Loader { library, licence: source.join("LICENSES/Apache-2.0.txt") })
}

fn source() -> Result<PathBuf> {
    let metadata = output(&mut cargo(&["metadata", "--format-version", "1", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let package = packages.into_iter().find(|package| package["name"] == CRATE);
    let manifest = package.and_then(|package| package["manifest_path"].as_str());
    let folder = manifest.and_then(|manifest| Path::new(manifest).parent());
    Ok(folder.with_context(|| format!("the crate {CRATE} is not used"))?.join("OpenXR-SDK"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_and_its_licence_come_with_the_crate() {
        let source = source().unwrap();
        assert!(source.join("src/loader/CMakeLists.txt").is_file());
        assert!(source.join("LICENSES/Apache-2.0.txt").is_file());
    }
}
