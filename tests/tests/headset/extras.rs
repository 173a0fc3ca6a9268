//! What a runtime offers beyond the core is used where it is offered: the mask, the depth, the refresh rate; and a window
//! shows what the headset shows. All of it under the validation layers of Vulkan and OpenXR.

use crate::desktop::Desktop;
use crate::visit::server;
use crate::worn::{Setup, Worn};
use std::path::{Path, PathBuf};

/// Waits until the venue is seen, and leaves.
fn visit(mut worn: Worn) -> Vec<String> {
    worn.wait_for("stage=\"inside\"");
    worn.wait_for("frames=300");
    let (status, log) = worn.leave();
    assert!(status.success(), "{status}: {log:#?}");
    assert!(!log.iter().any(|line| line.contains(" ERROR ") || line.contains("panicked")), "{log:#?}");
    log
}

fn line<'a>(log: &'a [String], text: &str) -> &'a str {
    log.iter().find(|line| line.contains(text)).unwrap_or_else(|| panic!("no {text:?} in {log:#?}"))
}

#[test]
fn mask_depth_and_refresh_rate_are_used_where_the_runtime_has_them() {
    let folder = tempfile::tempdir().unwrap();
    let (server, links) = server(folder.path());
    let place = folder.path().join("amina");
    let log = visit(Setup::new(&place).start(&links[0]));
    let mask = line(&log, "triangles hide what nobody sees");
    assert!(mask.contains("left=") && !mask.contains("left=0 "), "{mask}");
    assert!(line(&log, "the headset's refresh rate").contains("hertz=60"), "the only one is kept");
    assert!(!log.iter().any(|line| line.contains("gets no depth")), "{log:#?}");
    assert!(line(&log, "the eyes are drawn").contains("Apart"), "this driver's two views are wrong");
    server.stop().unwrap();
}

/// Lets the validation layer of Vulkan write its errors into a file.
fn vulkan_layer(folder: &Path) -> (PathBuf, PathBuf) {
    let (settings, errors) = (folder.join("vk_layer_settings.txt"), folder.join("vulkan-errors.txt"));
    let text = format!(
        "khronos_validation.debug_action = VK_DBG_LAYER_ACTION_LOG_MSG\n\
         khronos_validation.report_flags = error\n\
         khronos_validation.log_filename = {}\n",
        errors.display()
    );
    std::fs::write(&settings, text).unwrap();
    (settings, errors)
}

/// The runtime is another process: what is validated is the client and what it does with the runtime's pictures.
fn validate(eyes: &str) {
    let folder = tempfile::tempdir().unwrap();
    let (server, links) = server(folder.path());
    let place = folder.path().join("amina");
    std::fs::create_dir_all(&place).unwrap();
    let (settings, vulkan) = vulkan_layer(&place);
    let openxr = place.join("openxr-errors.txt");
    let eyes = format!("[headset]\neyes = \"{eyes}\"\n");
    let setup = Setup::new(&place).by_service().in_full_quality().with_settings(&eyes);
    let service = setup.start_service();
    let setup = setup
        .with("VK_INSTANCE_LAYERS", "VK_LAYER_KHRONOS_validation")
        .with("VK_LAYER_SETTINGS_PATH", &settings.display().to_string())
        .with("XR_ENABLE_API_LAYERS", "XR_APILAYER_LUNARG_core_validation")
        .with("XR_CORE_VALIDATION_EXPORT_TYPE", "text")
        .with("XR_CORE_VALIDATION_FILE_NAME", &openxr.display().to_string());
    visit(setup.start(&links[0]));
    // Both write their file only when they were loaded.
    let read =
        |file: &Path| std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
    let (vulkan, openxr) = (read(&vulkan), read(&openxr));
    assert!(vulkan.trim().is_empty(), "{vulkan}");
    // The layer is older than XR_EXT_local_floor and refuses its kind of space; the client then takes the stage.
    let is_local_floor = |line: &&str| line.contains("xrCreateReferenceSpace");
    let errors: Vec<&str> = openxr.lines().filter(|line| line.contains("ERROR")).collect();
    assert_eq!(errors.iter().filter(|line| !is_local_floor(line)).count(), 0, "{openxr}");
    assert!(errors.len() <= 2, "{openxr}");
    drop(service);
    server.stop().unwrap();
}

#[test]
fn no_layer_finds_an_error_where_both_eyes_are_drawn_at_once() {
    validate("at-once");
}

#[test]
fn no_layer_finds_an_error_where_the_eyes_are_drawn_apart() {
    validate("apart");
}

#[test]
fn a_window_shows_what_the_headset_shows_and_closing_it_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let (server, links) = server(folder.path());
    let desktop = Desktop::start();
    let place = folder.path().join("amina");
    let mut worn = Setup::new(&place).beside(desktop.name()).start(&links[0]);
    worn.wait_for("a window shows what the headset shows");
    worn.wait_for("stage=\"inside\"");
    crate::desktop::until("the venue is seen in the window", || desktop.shades(100, 100, 700, 500) > 60);
    desktop.save(&crate::pictures().join("mirror.png"));
    // Without a window manager nobody can press a cross: its message is what the window gets.
    let pid = worn.process_id().to_string();
    let window = desktop.xdotool(&["search", "--onlyvisible", "--pid", &pid]);
    desktop.close(window.lines().next().unwrap());
    let (status, log) = worn.wait();
    assert!(status.success(), "{status}: {log:#?}");
    line(&log, "state=\"exiting\"");
    server.stop().unwrap();
}

#[test]
fn without_a_wish_for_it_no_window_opens() {
    let folder = tempfile::tempdir().unwrap();
    let (server, links) = server(folder.path());
    let desktop = Desktop::start();
    let place = folder.path().join("amina");
    let setup = Setup::new(&place).beside(desktop.name()).with_settings("[headset]\nmirror = false\n");
    let log = visit(setup.start(&links[0]));
    assert!(!log.iter().any(|line| line.contains("a window shows")), "{log:#?}");
    server.stop().unwrap();
}
