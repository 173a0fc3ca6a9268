//! The eye: a camera without a window that turns on the spot, and the end of each frame.

use bevy::camera::RenderTarget;
use bevy::core_pipeline::tonemapping::Tonemapping;
use bevy::prelude::*;
use bevy::render::render_resource::{Extent3d, PollType, TextureFormat, TextureUsages};
use bevy::render::renderer::RenderDevice;
use bevy::render::view::screenshot::{Screenshot, save_to_disk};
use bevy::render::{Render, RenderApp, RenderSystems};
use std::path::PathBuf;

/// Pixels, as our bench has them.
const SIZE: UVec2 = UVec2::new(320, 200);
/// Height of the eyes over the floor, metres.
pub const EYES: f32 = 1.6;
/// The camera turns once in so many frames, as the walker of our bench does.
const FRAMES_OF_A_TURN: f32 = 150.0;

/// The picture that is drawn into.
#[derive(Resource)]
struct Target(Handle<Image>);

/// Ends each frame when its picture is finished, so that none waits in a queue.
pub struct ViewPlugin;

impl Plugin for ViewPlugin {
    fn build(&self, app: &mut App) {
        if let Some(render) = app.get_sub_app_mut(RenderApp) {
            render.add_systems(Render, finish.after(RenderSystems::Render));
        }
    }
}

fn finish(device: Res<RenderDevice>) {
    device.poll(PollType::wait_indefinitely()).ok();
}

/// Places the camera at the origin; [`crate::room`] moves it to where people arrive.
pub fn set_up(mut commands: Commands, mut images: ResMut<Assets<Image>>) {
    let size = Extent3d { width: SIZE.x, height: SIZE.y, ..default() };
    let mut image = Image::new_target_texture(size.width, size.height, TextureFormat::Rgba8UnormSrgb, None);
    image.texture_descriptor.usage |= TextureUsages::COPY_SRC;
    let target = images.add(image);
    commands.insert_resource(Target(target.clone()));
    commands.insert_resource(GlobalAmbientLight { brightness: 900.0, ..default() });
    commands.spawn((
        Camera3d::default(),
        // Light is baked; what is drawn is what is shown, as with ours.
        Tonemapping::None,
        RenderTarget::Image(target.into()),
        Projection::Perspective(PerspectiveProjection { fov: 1.1, near: 0.05, ..default() }),
        Transform::from_xyz(0.0, EYES, 0.0),
    ));
}

/// Turns the camera a little.
pub fn turn(mut cameras: Query<&mut Transform, With<Camera3d>>) {
    for mut camera in &mut cameras {
        camera.rotate_y(std::f32::consts::TAU / FRAMES_OF_A_TURN);
    }
}

/// Writes the next frame's picture.
pub fn save(app: &mut App, path: PathBuf) -> Result<()> {
    let target = app.world().resource::<Target>().0.clone();
    app.world_mut().spawn(Screenshot::image(target)).observe(save_to_disk(path.clone()));
    for _ in 0..10 {
        app.update();
    }
    path.is_file().then_some(()).with_context(|| format!("{} was not written", path.display()))
}
