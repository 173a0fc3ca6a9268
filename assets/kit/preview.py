"""Pictures of a GLB as a visitor sees it: unlit textures as they are, seen from given places at eye height.

python3 -m kit.preview FILE.glb OUT_DIR NAME x y z turn_degrees pitch_degrees [NAME …]   (z up, run in assets/)
"""

import math
import sys
from pathlib import Path

import bpy


def load(path):
    """Imports a GLB into an empty file and lights what is not baked a little."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.import_scene.gltf(filepath=str(path))
    world = bpy.data.worlds.new("world")
    bpy.context.scene.world = world
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs[0].default_value = (0.8, 0.8, 0.85, 1)
    sun = bpy.data.objects.new("sun", bpy.data.lights.new("sun", "SUN"))
    sun.data.energy = 2.0
    sun.rotation_euler = (0.7, 0.2, 0.5)
    bpy.context.scene.collection.objects.link(sun)


def shoot(path, x, y, z, turn, pitch, size=(960, 600), angle=75, samples=6, bounces=0):
    """Renders one picture; turn 0 looks along +y."""
    s = bpy.context.scene
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    s.collection.objects.link(camera)
    camera.location = (x, y, z)
    camera.rotation_euler = (math.radians(90 + pitch), 0, math.radians(turn))
    camera.data.angle = math.radians(angle)
    camera.data.clip_end = 500
    s.camera = camera
    s.render.engine = "CYCLES"
    s.cycles.samples, s.cycles.max_bounces = samples, bounces
    s.cycles.transparent_max_bounces = 8
    s.cycles.use_denoising = False
    s.cycles.use_adaptive_sampling = False
    s.render.use_persistent_data = True
    s.view_settings.view_transform = "Standard"
    s.render.resolution_x, s.render.resolution_y = size
    s.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)


def main(arguments):
    """Loads the file and makes every picture asked for."""
    source, out = Path(arguments[0]), Path(arguments[1])
    out.mkdir(parents=True, exist_ok=True)
    load(source)
    views = arguments[2:]
    for k in range(0, len(views), 6):
        name, *numbers = views[k : k + 6]
        shoot(out / f"{name}.png", *map(float, numbers))


if __name__ == "__main__":
    main(sys.argv[1:])
