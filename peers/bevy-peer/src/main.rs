//! Bevy draws a space of a venue and a crowd of skinned figures, as our client's frame bench does, and prints what a
//! frame takes of the processor: all threads but those that paint the pixels.
//!
//! `bevy-peer PACKAGE SPACE COUNT AVATARS.GLB [PICTURE.png]`

mod crowd;
mod processor;
mod room;
mod view;

use bevy::app::PluginsState;
use bevy::prelude::*;
use bevy::window::ExitCondition;
use std::path::PathBuf;

/// Frames that are drawn and not counted.
const WARM_UP: usize = 150;
/// Frames that are counted.
const COUNTED: usize = 300;

/// What to draw.
#[derive(Resource, Clone, Debug)]
struct Scene {
    package: PathBuf,
    space: String,
    count: usize,
    avatars: PathBuf,
}

fn main() -> Result {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.len() < 4 {
        return Err("usage: bevy-peer PACKAGE SPACE COUNT AVATARS.GLB [PICTURE.png]".into());
    }
    let scene = Scene {
        package: words[0].clone().into(),
        space: words[1].clone(),
        count: words[2].parse().context("COUNT")?,
        avatars: words[3].clone().into(),
    };
    let mut app = app(scene);
    while app.plugins_state() == PluginsState::Adding {
        bevy::tasks::tick_global_task_pools_on_main_thread();
    }
    app.finish();
    app.cleanup();
    for _ in 0..WARM_UP {
        app.update();
    }
    let mut millis = Vec::with_capacity(COUNTED);
    for _ in 0..COUNTED {
        let before = processor::millis()?;
        app.update();
        millis.push(processor::millis()? - before);
    }
    let mean = millis.iter().sum::<f64>() / millis.len() as f64;
    millis.sort_by(f64::total_cmp);
    let at = |part: f64| millis[((millis.len() - 1) as f64 * part) as usize];
    if let Some(picture) = words.get(4) {
        view::save(&mut app, picture.into())?;
    }
    let drawn = app.world().resource::<room::Drawn>();
    println!(
        "{}",
        serde_json::json!({
            "mean_ms": mean, "p50_ms": at(0.5), "p99_ms": at(0.99), "tiles": drawn.tiles, "triangles": drawn.triangles,
        })
    );
    Ok(())
}

fn app(scene: Scene) -> App {
    let mut app = App::new();
    let window = WindowPlugin { primary_window: None, exit_condition: ExitCondition::DontExit, ..default() };
    app.insert_resource(scene)
        .add_plugins(DefaultPlugins.set(window))
        .add_plugins(view::ViewPlugin)
        .add_systems(Startup, (view::set_up, room::set_up, crowd::set_up).chain())
        .add_systems(Update, (view::turn, crowd::walk));
    app
}
