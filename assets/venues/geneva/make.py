"""Makes the venue's GLB: builds the rooms, bakes their light, writes meshes and the nodes that carry meaning."""

from pathlib import Path

import numpy as np

from kit import scene
from kit.glb import Glb, matrix_to_gltf, to_gltf
from kit.palette import GLOWING, PALETTE
from kit.room import NAVIGATION

from . import hall_a, hall_c, lounge, outside, popov_hall
from .plan import HALL_A, HALL_C, LOUNGE, POPOV

HERE = Path(__file__).resolve().parent
ROOMS = (LOUNGE, POPOV, HALL_C, HALL_A)
GLASS = (0.80, 0.90, 0.92, 0.10)


def build_rooms():
    """Fills all rooms."""
    lounge.build()
    popov_hall.build()
    hall_c.build()
    hall_a.build()
    outside.build()
    for room in ROOMS:
        for line in room.lettering:
            room.shape("letters").merge(scene.lettering_shape(line))


def draft():
    """A GLB with plain colours, for a first look; nothing is baked."""
    scene.clear()
    build_rooms()
    glb = new_glb()
    materials = {}
    for room in ROOMS:
        space = space_node(glb, room)
        merged = {role: shape for role, shape in room.shapes.items()}
        for copy in room.copies:
            room.shape(copy.role).merge(room.prototypes[copy.prototype], copy.at)
        for role, shape in merged.items():
            made = scene.make_object(f"{room.key} {role}", shape)
            points, normals, _, indices, slots = scene.triangles(made.data)
            primitives = []
            for slot, name in enumerate(dict.fromkeys(shape.materials)):
                chosen = indices[slots == slot]
                used, remap = np.unique(chosen, return_inverse=True)
                if name not in materials:
                    materials[name] = draft_material(glb, name)
                primitives.append(glb.primitive(to_gltf(points[used]), to_gltf(normals[used]), remap.reshape(-1, 3), materials[name]))
            glb.node(f"{room.key} {role}", space, mesh=glb.mesh(f"{room.key} {role}", primitives), extensions=navigation_of(role))
        add_markers(glb, room, space)
    return glb


def draft_material(glb, name):
    """A palette entry as one colour."""
    if name == "glass":
        return glb.material("glass", GLASS, unlit=True, alpha_mode="BLEND", double_sided=True)
    color = GLOWING[name][0] if name in GLOWING else PALETTE[name][1]
    return glb.material(name, (*color, 1.0), unlit=name in GLOWING)


def new_glb():
    """The document with what holds for the whole venue."""
    glb = Glb("VEV assets/build.py", "VEV contributors, MIT OR Apache-2.0")
    glb.extend_root("VEV_venue", {"id": "geneva", "name": {
        "ar": "مركز المؤتمرات، جنيف", "zh": "日内瓦会议中心", "en": "Conference centre, Geneva", "fr": "Centre de conférences, Genève",
        "ru": "Конференц-центр, Женева", "es": "Centro de conferencias, Ginebra"},
        "frame": {"latitude": 46.2266, "longitude": 6.1405, "height": 400.0, "heading": 0.0}})
    glb.extend_root("VEV_environment", {
        "sun": {"direction": [0.35, -0.62, -0.70], "color": [1.0, 0.94, 0.84], "strength": 1.1},
        "ambient": [0.62, 0.60, 0.57],
        "sky": {"zenith": [0.18, 0.36, 0.70], "horizon": [0.66, 0.78, 0.90], "ground": [0.25, 0.25, 0.24]}})
    return glb


def space_node(glb, room):
    """A room's node; its bounds are the room, not the view from its windows."""
    low, high = to_gltf(room.low), to_gltf(room.high)
    margin = np.array([0.2, 0.05, 0.2])
    bounds = {"min": (np.minimum(low, high) - margin).round(4).tolist(), "max": (np.maximum(low, high) + margin).round(4).tolist()}
    return glb.node(room.key, extensions={"VEV_space": {"key": room.key, "name": room.names, "bounds": bounds}})


def navigation_of(role):
    """The extension that tells what walking does with a role of geometry."""
    body = NAVIGATION[role]
    return {"VEV_navigation": body} if body else None


def add_markers(glb, room, space):
    """Seats, doors, zones, screens, booths, exhibits, spawn points."""
    for marker in room.markers:
        glb.node(marker.name, space, matrix_to_gltf(marker.at), extensions=marker.extensions)


def main(quality):
    """Writes geneva.glb beside this file."""
    glb = draft() if quality == "draft" else baked(quality)
    size = glb.write(HERE / "geneva.glb")
    print(f"geneva.glb: {size / 1e6:.1f} MB")
