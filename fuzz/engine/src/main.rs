//! libFuzzer's entry: runs the target that `VEV_FUZZ_TARGET` names; `list` prints their names,
//! `VEV_FUZZ_SEEDS` writes the target's seeds into a folder.

#![no_main]

use std::sync::OnceLock;

static TARGET: OnceLock<fn(&[u8])> = OnceLock::new();

fn choose() -> fn(&[u8]) {
    let name = std::env::var("VEV_FUZZ_TARGET").unwrap_or_default();
    if name == "list" {
        fuzz::TARGETS.iter().for_each(|target| println!("{}", target.name));
        std::process::exit(0);
    }
    let Some(target) = fuzz::TARGETS.iter().find(|target| target.name == name) else {
        eprintln!("set VEV_FUZZ_TARGET to the name of a target, or to `list`");
        std::process::exit(2);
    };
    if let Some(folder) = std::env::var_os("VEV_FUZZ_SEEDS") {
        for (number, seed) in fuzz::seeds::of(target.name).iter().enumerate() {
            let file = std::path::Path::new(&folder).join(format!("seed-{number}"));
            std::fs::write(file, seed).expect("the folder for seeds can be written");
        }
        std::process::exit(0);
    }
    target.run
}

libfuzzer_sys::fuzz_target!(init: { TARGET.get_or_init(choose); }, |data: &[u8]| {
    (TARGET.get_or_init(choose))(data);
});
