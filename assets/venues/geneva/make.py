"""Makes the venue's GLB: builds the rooms, bakes their light, writes meshes and the nodes that carry meaning."""

import math
import os
import sys
from pathlib import Path

import bpy
import numpy as np
from mathutils import Matrix

from kit import bake, light, scene
from kit.glb import Glb, matrix_to_gltf, to_gltf
from kit.graft import Source
from kit.lettering import lettering_shape
from kit.palette import PALETTE
from kit.room import NAVIGATION
from kit.shape import Shape, place, tilt

from . import hall_a, hall_c, lounge, outside, panorama, popov_hall
from .plan import HALL_A, HALL_C, LOUNGE, POPOV, outer_skin

HERE = Path(__file__).resolve().parent
ROOMS = (LOUNGE, POPOV, HALL_C, HALL_A)
PLAIN = {
    "glass": (0.80, 0.90, 0.92, 0.10),
    "sign_white": (0.88, 0.87, 0.84, 1.0),
    "sign_blue": (0.02, 0.10, 0.24, 1.0),
    "brass": (0.50, 0.34, 0.13, 1.0),
}
# Texels a metre beside those of the piece "furniture".
DENSITY = {"furniture": 1.0, "overhead": 0.8, "outside": 0.45}
# Share of the atlas' full size, samples a texel of light.
QUALITY = {"draft": (0.5, 8), "final": (1.0, 24)}
# Full atlas sizes in texels: what encloses a room, what stands in it.
SIZES = {"lounge": (3584, 4160), "popov-hall": (4480, 4096), "hall-c": (2176, 2112), "hall-a": (2496, 2560)}
# Texels a metre of ceilings beside walls and floors: nobody looks at one from nearby.
CEILING_DENSITY = 0.5
# How bright a room's surfaces come out in the mean; a hall of dark wood stays darker than white rooms.
BRIGHTNESS = {"lounge": 0.178, "popov-hall": 0.138, "hall-c": 0.18, "hall-a": 0.2}
SKY = (0.62, 0.77, 1.0)
SUN = (0.35, 0.70, -0.62)
# Openings for daylight: middle x, y, z, width, height.
WINDOWS = ((0.0, -7.2, 1.8, 23.2, 3.5), (-18.3, -6.2, 1.87, 9.0, 2.05), (18.3, -6.2, 1.75, 9.6, 2.5))


def build_rooms():
    """Fills all rooms."""
    lounge.build()
    popov_hall.build()
    hall_c.build()
    hall_a.build()
    outside.build()
    for room in ROOMS:
        for line in room.lettering:
            room.shape("letters").merge(lettering_shape(line))


def light_the_scene():
    """Sun, sky, the windows they shine through, and all lamps."""
    bake.settings()
    for room, holes in ((LOUNGE, lounge), (POPOV, popov_hall), (HALL_C, hall_c), (HALL_A, hall_a)):
        scene.make_object(f"{room.key} skin", outer_skin(room, holes.OPENINGS))
    bake.sky(SKY, 1.15)
    bake.sun(SUN, 3.6, (1.0, 0.90, 0.74), math.radians(1.2))
    for x, y, z, width, height in WINDOWS:
        bake.portal(place(x, y, z) @ tilt(math.pi / 2), width, height)
    for room in ROOMS:
        for lamp in room.lamps:
            bake.area_light(lamp)


def occluders(room, chosen):
    """Copies of furniture that are not baked themselves still throw shadows and light."""
    for name, shape in room.prototypes.items():
        first = None
        for copy in room.copies:
            if copy.prototype != name or copy is chosen[name]:
                continue
            made = first.copy() if first else scene.make_object(f"{room.key} {name}", shape)
            if first:
                bpy.context.scene.collection.objects.link(made)
            first = first or made
            made.matrix_world = Matrix([list(map(float, row)) for row in copy.at])


def atlases_of(room, share):
    """The room's two atlases: what encloses it, and what stands in it (one of each prototype)."""
    chosen = {}
    for copy in room.copies:
        same = [other for other in room.copies if other.prototype == copy.prototype]
        chosen[copy.prototype] = same[len(same) // 2]
    occluders(room, chosen)
    pieces = [
        bake.Piece(role, room.shapes[role], DENSITY[role])
        for role in ("furniture", "overhead", "outside")
        if role in room.shapes
    ]
    pieces += [
        bake.Piece(name, Shape().merge(shape, chosen[name].at), prototype_density(name))
        for name, shape in room.prototypes.items()
    ]
    shell_size, size = (int(full * share) for full in SIZES[room.key])
    ceiling, rest = room.shapes["shell"].split(lambda material: material.startswith("ceiling"))
    enclosing = [bake.Piece("shell", rest), bake.Piece("shell ceiling", ceiling, CEILING_DENSITY)]
    shell = bake.Atlas(f"{room.key} shell", enclosing, shell_size, coarser=4)
    return shell, bake.Atlas(f"{room.key} furniture", pieces, size, coarser=3, soft=0.6), chosen


def prototype_density(name):
    """Texels a metre of a prototype beside unique furniture: what is seen close by and repeated gets more."""
    if "plant" in name or "ceiling" in name:
        return 1.5
    return 3.0 if "slat" in name else 2.2


def baked(quality, work, only=()):
    """The GLB with baked light; `only` names the rooms to bake, the others are kept from geneva.glb; all without it."""
    scene.clear()
    clock = bake.Clock()
    build_rooms()
    share, samples = QUALITY[quality]
    rooms = [(room, *atlases_of(room, share)) for room in ROOMS]
    rooms = [entry for entry in rooms if not only or entry[0].key in only]
    light_the_scene()
    clock.tell("rooms built")
    glb = new_glb()
    letters = {}
    for room, shell, furniture, chosen in rooms:
        space = space_node(glb, room)
        pictures = {}
        for atlas in (shell, furniture):
            atlas.unwrap()
            density, filled = atlas.texels_per_metre()
            clock.tell(f"{atlas.name}: {density:.0f} texels/m, {filled:.0%} of the atlas filled")
            pictures[atlas] = baked_pictures(atlas, samples, work, quality)
            clock.tell(f"{atlas.name}: baked")
        gain = exposure(BRIGHTNESS[room.key], *pictures[shell])
        print(f"  {room.key}: exposure {gain.round(2)}")
        for atlas, (light_there, colour, glow, covered) in pictures.items():
            name = atlas.name.replace(" ", "-")
            photograph = light.filled(light.develop(light_there, colour, glow, gain), covered)
            data = bake.encode(photograph, work / f"{name}.webp")
            print(f"  {name}: {len(data) / 1e6:.2f} MB")
            material = glb.material(name, texture=glb.picture(name, data, "image/webp"), unlit=True)
            add_baked(glb, space, room, atlas, material, chosen)
        add_plain(glb, space, room, letters)
        add_markers(glb, room, space)
    if not only or LOUNGE.key in only:
        add_backdrop(glb, work, quality)
    if only:
        if not (HERE / "geneva.glb").exists():
            sys.exit(f"{HERE / 'geneva.glb'} is not there, and keeps the other rooms: build all rooms once, without --room")
        kept = Source(HERE / "geneva.glb")
        for name, index in kept.roots().items():
            if name not in only:
                kept.give(glb, index)
    # The first room is the entrance, whichever was baked last.
    order = [room.key for room in ROOMS]
    glb.json["scenes"][0]["nodes"].sort(key=lambda at: order.index(glb.json["nodes"][at]["name"]))
    return glb


def baked_pictures(atlas, samples, work, quality):
    """The atlas' light, colour, glow and coverage; finished ones of the same name are read back when VEV_KEEP_LIGHT is
    set (for trying exposures, or to go on after a break)."""
    kept = work / f"{atlas.name.replace(' ', '-')}-{quality}.npz"
    if os.environ.get("VEV_KEEP_LIGHT") and kept.exists():
        stored = np.load(kept)
        return [stored[name] for name in ("light", "colour", "glow", "covered")]
    there = atlas.light(samples)
    colour, glow = atlas.colour()
    covered = there.max(-1) + colour.max(-1) + glow.max(-1) > 0
    names = {"light": there, "colour": colour, "glow": glow}
    np.savez(kept, covered=covered, **{name: value.astype(np.float16) for name, value in names.items()})
    return there, colour, glow, covered


def exposure(brightness, there, colour, _, covered):
    """How bright and how warm to develop a room: its lit surfaces come out at a pleasant middle, its white nearly white."""
    factors = light.balance(there, covered)
    seen = (there * colour * factors).mean(-1)[covered]
    return np.clip(brightness / max(np.mean(np.sqrt(seen)) ** 2, 1e-3), 0.4, 8.0) * factors


def add_baked(glb, space, room, atlas, material, chosen):
    """The atlas' pieces: unique ones as they are, prototypes once for each copy, joined by role."""
    joined = {}
    for piece in atlas.result():
        copies = (
            [c for c in room.copies if c.prototype == piece.name] if piece.name in room.prototypes else None
        )
        if copies is None:
            joined.setdefault(piece.name.split()[0], []).append((piece, np.eye(4)))
            continue
        home = np.linalg.inv(chosen[piece.name].at)
        for copy in copies:
            joined.setdefault(copy.role, []).append((piece, copy.at @ home))
    for role, parts in joined.items():
        points, normals, uvs, indices, first = [], [], [], [], 0
        for piece, at in parts:
            turn = at[:3, :3] / np.linalg.norm(at[:3, 0])
            points.append(piece.points @ at[:3, :3].T + at[:3, 3])
            normals.append(piece.normals @ turn.T)
            uvs.append(piece.uvs)
            indices.append(piece.indices + first)
            first += len(piece.points)
        uv = np.concatenate(uvs)
        whole = (
            to_gltf(np.concatenate(points)),
            to_gltf(np.concatenate(normals)),
            np.stack([uv[:, 0], 1 - uv[:, 1]], 1),
        )
        name = f"{room.key} {role}"
        mesh = glb.mesh(name, list(primitives_of(glb, whole, indices, material)))
        glb.node(name, space, mesh=mesh, extensions=navigation_of(role))


def primitives_of(glb, whole, parts, material, limit=65_000):
    """Primitives of few enough points for 16-bit indices; `parts` are kept together as far as they fit."""
    group, low = [], 0
    for indices in [*parts, None]:
        high = int(max(g.max() for g in group)) + 1 if group else low
        if indices is None or (group and int(indices.max()) + 1 - low > limit):
            points, normals, uvs = (array[low:high] for array in whole)
            yield glb.primitive(
                points, normals, np.concatenate(group) - low, material, uvs, small_normals=True
            )
            group, low = [], high
        if indices is not None:
            group.append(indices)


def add_plain(glb, space, room, materials):
    """Glass and letters: plain colours without a texture."""
    for role in ("glass", "letters"):
        shape = room.shapes.get(role)
        if not shape or not shape.faces:
            continue
        primitives = []
        made = scene.make_object(f"{room.key} {role}", shape) if role == "letters" else None
        for name in dict.fromkeys(shape.materials):
            if name not in materials:
                color = PLAIN.get(name) or (*PALETTE[name][1], 1.0)
                materials[name] = glb.material(
                    name,
                    color,
                    unlit=True,
                    alpha_mode="BLEND" if color[3] < 1 else "OPAQUE",
                    double_sided=color[3] < 1,
                )
            if made:
                points, normals, _, indices, slots = scene.triangles(made.data)
                chosen = indices[slots == list(dict.fromkeys(shape.materials)).index(name)]
            else:
                points, chosen = np.array(shape.points), np.array(
                    [t for f in shape.faces for t in ((f[0], f[1], f[2]), (f[0], f[2], f[3]))]
                )
                normals = np.tile((0, 1.0, 0), (len(points), 1))
            used, remap = np.unique(chosen, return_inverse=True)
            primitives.append(
                glb.primitive(
                    to_gltf(points[used]),
                    to_gltf(normals[used]),
                    remap.reshape(-1, 3),
                    materials[name],
                    small_normals=True,
                )
            )
        glb.node(
            f"{room.key} {role}",
            space,
            mesh=glb.mesh(f"{room.key} {role}", primitives),
            extensions=navigation_of(role),
        )
        if made:
            bpy.data.objects.remove(made)


def add_backdrop(glb, work, quality):
    """The picture of lake and mountains on its part of a cylinder."""
    width = 4096 if quality == "final" else 1024
    data = bake.encode(panorama.paint(width)[::-1], work / "panorama.webp", 88)
    material = glb.material("panorama", texture=glb.picture("panorama", data, "image/webp"), unlit=True)
    points, normals, uvs, indices = outside.backdrop()
    mesh = glb.mesh("panorama", [glb.primitive(to_gltf(points), to_gltf(normals), indices, material, uvs)])
    lounge_node = next(k for k, node in enumerate(glb.json["nodes"]) if node["name"] == LOUNGE.key)
    glb.node("panorama", lounge_node, mesh=mesh, extensions=navigation_of("outside"))


def new_glb():
    """The document with what holds for the whole venue."""
    glb = Glb("VEV assets/build.py", "VEV contributors, MIT OR Apache-2.0")
    glb.extend_root(
        "VEV_venue",
        {
            "id": "geneva",
            "name": {
                "ar": "مركز المؤتمرات، جنيف",
                "zh": "日内瓦会议中心",
                "en": "Conference centre, Geneva",
                "fr": "Centre de conférences, Genève",
                "ru": "Конференц-центр, Женева",
                "es": "Centro de conferencias, Ginebra",
            },
            "frame": {"latitude": 46.2266, "longitude": 6.1405, "height": 400.0, "heading": 0.0},
        },
    )
    glb.extend_root(
        "VEV_environment",
        {
            "sun": {"direction": [0.35, -0.62, -0.70], "color": [1.0, 0.94, 0.84], "strength": 1.1},
            "ambient": [0.62, 0.60, 0.57],
            "sky": {
                "zenith": [0.18, 0.36, 0.70],
                "horizon": [0.66, 0.78, 0.90],
                "ground": [0.25, 0.25, 0.24],
            },
        },
    )
    return glb


def space_node(glb, room):
    """A room's node; its bounds are the room, not the view from its windows."""
    low, high = to_gltf(room.low), to_gltf(room.high)
    margin = np.array([0.2, 0.05, 0.2])
    bounds = {
        "min": (np.minimum(low, high) - margin).round(4).tolist(),
        "max": (np.maximum(low, high) + margin).round(4).tolist(),
    }
    return glb.node(
        room.key, extensions={"VEV_space": {"key": room.key, "name": room.names, "bounds": bounds}}
    )


def navigation_of(role):
    """The extension that tells what walking does with a role of geometry."""
    body = NAVIGATION[role]
    return {"VEV_navigation": body} if body else None


def add_markers(glb, room, space):
    """Seats, doors, zones, screens, booths, exhibits, spawn points."""
    for marker in room.markers:
        glb.node(marker.name, space, matrix_to_gltf(marker.at), extensions=marker.extensions)


def main(quality, work, only=()):
    """Writes geneva.glb beside this file; `work` is a folder for intermediate pictures."""
    glb = baked(quality, work, only)
    size = glb.write(HERE / "geneva.glb")
    print(f"geneva.glb: {size / 1e6:.1f} MB")
