"""Bakes light: one texture atlas for each group of pieces, light at a part of its resolution, colour at its full one.

Cycles computes the light that falls on each texel (denoised) and, apart from it, the colour of each texel; their
product is what a photograph of the place would show. It must not know any venue.
"""

import math
import time
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Matrix

from . import light, scene
from .shape import Shape


@dataclass
class Piece:
    """A part of an atlas: a shape, how densely its texels lie beside others', and what to call it."""

    name: str
    shape: Shape
    density: float = 1.0


@dataclass
class Baked:
    """Triangles of one piece with their place in the atlas (z up, v up)."""

    name: str
    points: np.ndarray
    normals: np.ndarray
    uvs: np.ndarray
    indices: np.ndarray


class Atlas:
    """Pieces that share one texture."""

    def __init__(self, name, pieces, size, coarser=2, soft=0.0):
        self.name, self.pieces, self.size, self.coarser, self.soft = name, pieces, size, coarser, soft
        whole, self.owners = Shape(), []
        for index, piece in enumerate(pieces):
            before = len(whole.faces)
            whole.merge(piece.shape)
            self.owners += [index] * (len(whole.faces) - before)
        self.object = scene.make_object(name, whole)
        self.glows = any(m in scene.GLOWING for m in whole.materials)

    def unwrap(self):
        """Flattens all faces and packs them; denser pieces get more texels."""
        mesh = self.object.data
        mesh.uv_layers.new(name="atlas")
        select_only(self.object)
        bpy.ops.object.mode_set(mode="EDIT")
        bpy.ops.mesh.select_all(action="SELECT")
        bpy.ops.uv.smart_project(
            angle_limit=math.radians(66), island_margin=0.0, scale_to_bounds=False, area_weight=0.0
        )
        bpy.ops.uv.average_islands_scale()
        bpy.ops.object.mode_set(mode="OBJECT")
        density = np.array([piece.density for piece in self.pieces])[np.array(self.owners)]
        totals = np.empty(len(mesh.polygons), np.int32)
        mesh.polygons.foreach_get("loop_total", totals)
        uvs = np.empty(len(mesh.loops) * 2, np.float32)
        mesh.uv_layers.active.uv.foreach_get("vector", uvs)
        uvs = uvs.reshape(-1, 2) * np.repeat(density, totals)[:, None]
        mesh.uv_layers.active.uv.foreach_set("vector", uvs.astype(np.float32).reshape(-1))
        bpy.ops.object.mode_set(mode="EDIT")
        bpy.ops.mesh.select_all(action="SELECT")
        bpy.ops.uv.select_all(action="SELECT")
        bpy.ops.uv.pack_islands(
            udim_source="CLOSEST_UDIM",
            rotate=True,
            rotate_method="CARDINAL",
            scale=True,
            margin_method="FRACTION",
            margin=2.0 / self.size,
            shape_method="AABB",
        )
        bpy.ops.object.mode_set(mode="OBJECT")

    def texels_per_metre(self):
        """The density of the piece with density 1, from areas."""
        mesh = self.object.data
        mesh.calc_loop_triangles()
        loops = np.empty(len(mesh.loop_triangles) * 3, np.int32)
        mesh.loop_triangles.foreach_get("loops", loops)
        area = np.empty(len(mesh.loop_triangles), np.float32)
        mesh.loop_triangles.foreach_get("area", area)
        polygon = np.empty(len(mesh.loop_triangles), np.int32)
        mesh.loop_triangles.foreach_get("polygon_index", polygon)
        uvs = np.empty(len(mesh.loops) * 2, np.float32)
        mesh.uv_layers.active.uv.foreach_get("vector", uvs)
        a, b, c = (uvs.reshape(-1, 2)[loops.reshape(-1, 3)[:, k]] for k in range(3))
        flat = np.abs((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) / 2
        density = np.array([piece.density for piece in self.pieces])[np.array(self.owners)[polygon]]
        chosen = area > 0.05 if (area > 0.05).any() else area > 0
        return float(
            np.sqrt((flat[chosen] / density[chosen] ** 2).sum() / area[chosen].sum()) * self.size
        ), float(flat.sum())

    def light(self, samples):
        """The light on each texel, linear RGB, rows from the bottom; computed coarser than the atlas, then enlarged."""
        coarse = self.texels(self.size // self.coarser)
        raw = self._bake("DIFFUSE", {"DIRECT", "INDIRECT"}, self.size // self.coarser, samples, 0)
        return light.enlarged(light.cleaned(raw, coarse, self.soft), coarse, self.texels(self.size))

    def texels(self, size):
        """Where the texels of a picture of that size lie in the room."""
        bpy.context.scene.render.bake.normal_space = "OBJECT"
        return light.Texels.from_bake(
            self._bake("POSITION", set(), size, 1, 0), self._bake("NORMAL", set(), size, 1, 0)
        )

    def colour(self):
        """The colour of each texel and, where surfaces glow, their own light."""
        colour = self._bake("DIFFUSE", {"COLOR"}, self.size, 2, 0)
        glow = self._bake("EMIT", set(), self.size, 1, 0) if self.glows else np.zeros_like(colour)
        return colour, glow

    def _bake(self, kind, passes, size, samples, margin):
        image = bpy.data.images.new(f"{self.name} {kind}", size, size, float_buffer=True, alpha=False)
        for slot in self.object.material_slots:
            nodes = slot.material.node_tree.nodes
            node = nodes.get("target") or nodes.new("ShaderNodeTexImage")
            node.name, node.image = "target", image
            nodes.active = node
        s = bpy.context.scene
        s.cycles.samples = samples
        s.render.bake.margin, s.render.bake.margin_type = margin, "EXTEND"
        select_only(self.object)
        bpy.ops.object.bake(type=kind, pass_filter=passes, use_clear=True)
        pixels = np.empty(size * size * 4, np.float32)
        image.pixels.foreach_get(pixels)
        bpy.data.images.remove(image)
        return pixels.reshape(size, size, 4)[:, :, :3].copy()

    def result(self):
        """The triangles of every piece, for the file; light is in the texture, so normals may be smooth everywhere."""
        mesh = self.object.data
        points, normals, uvs, indices, _ = scene.triangles(mesh, smooth=True)
        polygon = np.empty(len(mesh.loop_triangles), np.int32)
        mesh.loop_triangles.foreach_get("polygon_index", polygon)
        owner = np.array(self.owners)[polygon]
        made = []
        for index, piece in enumerate(self.pieces):
            used, remap = np.unique(indices[owner == index], return_inverse=True)
            made.append(Baked(piece.name, points[used], normals[used], uvs[used], remap.reshape(-1, 3)))
        return made


def select_only(chosen):
    """Makes one object the selected and active one."""
    for other in bpy.context.view_layer.objects:
        other.select_set(False)
    chosen.select_set(True)
    bpy.context.view_layer.objects.active = chosen


def settings(bounces=5):
    """Cycles on the processor, for baking."""
    s = bpy.context.scene
    s.render.engine = "CYCLES"
    s.cycles.device = "CPU"
    s.cycles.max_bounces, s.cycles.diffuse_bounces = bounces, bounces
    s.cycles.sample_clamp_indirect = 6.0
    s.cycles.use_adaptive_sampling = False
    s.cycles.denoiser = "OPENIMAGEDENOISE"
    s.cycles.use_light_tree = True
    s.view_settings.view_transform = "Standard"


def area_light(lamp):
    """Adds an area light; it shines along -z of its place."""
    data = bpy.data.lights.new("lamp", "AREA")
    data.shape, data.size, data.size_y = "RECTANGLE", *lamp.size
    data.energy, data.color = lamp.watts, lamp.color
    _link("lamp", data, lamp.at)


def portal(at, width, height):
    """Tells Cycles where daylight comes in; it shines along -z of its place."""
    data = bpy.data.lights.new("portal", "AREA")
    data.shape, data.size, data.size_y = "RECTANGLE", width, height
    data.cycles.is_portal = True
    _link("portal", data, at)


def sun(direction, strength, color, softness):
    """A sun whose light travels in `direction`."""
    data = bpy.data.lights.new("sun", "SUN")
    data.energy, data.color, data.angle = strength, color, softness
    away = -np.asarray(direction, float) / np.linalg.norm(direction)
    side = np.cross((0, 0, 1.0), away)
    side /= np.linalg.norm(side)
    at = np.eye(4)
    at[:3, 0], at[:3, 1], at[:3, 2] = side, np.cross(away, side), away
    _link("sun", data, at)


def sky(color, strength):
    """An even sky."""
    world = bpy.data.worlds.new("sky")
    bpy.context.scene.world = world
    world.use_nodes = True
    background = world.node_tree.nodes["Background"]
    background.inputs[0].default_value, background.inputs[1].default_value = (*color, 1), strength


def _link(name, data, at):
    made = bpy.data.objects.new(name, data)
    made.matrix_world = Matrix([list(map(float, row)) for row in at])
    bpy.context.scene.collection.objects.link(made)


def encode(picture, path, quality=85):
    """Writes an sRGB picture (rows from the bottom) as WebP or JPEG, by the file's ending, and returns its bytes."""
    height, width = picture.shape[:2]
    image = bpy.data.images.new(path.stem, width, height, alpha=False)
    image.pixels.foreach_set(light.with_alpha(picture).reshape(-1))
    image.file_format = {"webp": "WEBP", "jpg": "JPEG", "png": "PNG"}[path.suffix[1:]]
    image.save(filepath=str(path), quality=quality)
    bpy.data.images.remove(image)
    return path.read_bytes()


class Clock:
    """Tells how long each step took."""

    def __init__(self):
        self.last = time.monotonic()

    def tell(self, what):
        """Prints a step and its seconds."""
        now = time.monotonic()
        print(f"  {what}: {now - self.last:.0f} s", flush=True)
        self.last = now
