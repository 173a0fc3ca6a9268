"""Makes avatars.glb: all default looks on one skeleton, each in three levels of detail, and the clips.

Each look has meshes `name`, `name.middle` and `name.far`, whose primitives have the materials `skin`, `clothing`
and `other`; see README.md for the frame, the bones and the clips.
"""

import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import bpy
import numpy as np

from kit.glb import Glb, rotation_of

from . import face, looks, motion, rig
from .sdf import gradient, surface

HERE = Path(__file__).resolve().parent
MIDDLE = 0.24
# Triangles of a whole figure, near to far.
BUDGETS = (8000, 2000, 500)
PROCESSES = 2
# Eyes and lids are painted on the heads of coarser figures, their mouths stay closed, and their hands are in one piece.
NEAR_ALONE = ("eyes", "lids", "rims", "teeth", "fingers")
# A place of the face's picture where nothing is painted.
PLAIN = (0.995, 0.30)


def collapsed(points, faces, triangles):
    """The surface with about that many triangles, by Blender's edge collapse."""
    count = sum(len(f) - 2 for f in faces[:1]) * len(faces)
    mesh = bpy.data.meshes.new("part")
    mesh.from_pydata(points.tolist(), [], faces.tolist())
    made = bpy.data.objects.new("part", mesh)
    bpy.context.scene.collection.objects.link(made)
    decimate = made.modifiers.new("fewer", "DECIMATE")
    decimate.ratio = min(1.0, triangles / count)
    # Mirrored halves need room for both sides of an edge; the coarsest shapes do without.
    decimate.use_symmetry, decimate.symmetry_axis = triangles > 260, "X"
    result = made.evaluated_get(bpy.context.evaluated_depsgraph_get()).to_mesh()
    result.calc_loop_triangles()
    out = np.empty(len(result.vertices) * 3)
    result.vertices.foreach_get("co", out)
    indices = np.empty(len(result.loop_triangles) * 3, np.int32)
    result.loop_triangles.foreach_get("vertices", indices)
    bpy.data.objects.remove(made)
    bpy.data.meshes.remove(mesh)
    return out.reshape(-1, 3), indices.reshape(-1, 3)


def without_hidden(points, quads, cover):
    """The surface without what lies well inside another part."""
    seen = (cover(points) > -0.007)[quads].any(1)
    used, remap = np.unique(quads[seen], return_inverse=True)
    return points[used], remap.reshape(-1, 4)


def soft_shadow(points, normals, whole):
    """How open the surroundings are, 0.35 to 1: creases, armpits and collars come out darker."""
    closed = np.zeros(len(points))
    for reach, weight in ((0.012, 0.26), (0.03, 0.30), (0.07, 0.27), (0.14, 0.17)):
        distance = whole(points + normals * reach)
        closed += weight * np.clip(1 - distance / reach, 0, 1)
    return 1 - 0.68 * np.clip(closed, 0, 1)


class Surfaces:
    """A part's surface before it is simplified: worked out once, simplified as often as a budget asks."""

    def __init__(self, part):
        self.part = part
        self.fine = {}

    def made(self, level, triangles):
        """Points, normals, triangles and colours of a level; none where the part is left out."""
        part = self.part
        if part.mesh:
            points, normals, indices, tints = part.mesh
            if level == 0:
                return part.mesh
            if level == 2 and part.far_mesh:
                return part.far_mesh
            if triangles == 0 or part.name in NEAR_ALONE:
                return None
            fewer, faces = collapsed(points, indices, triangles)
            nearest = [int(np.argmin(((points - p) ** 2).sum(1))) for p in fewer]
            return fewer, normals[nearest], faces, tints[nearest]
        if triangles == 0:
            return None
        distance = part.coarse if level and part.coarse else part.distance
        # Coarse levels start from a coarser surface, whose small features do not resist being simplified.
        cell = part.cell * (1.0, 1.5, 2.6)[level]
        if (distance, cell) not in self.fine:
            points, quads = surface(distance, part.low, part.high, cell)
            if part.hidden_by:
                points, quads = without_hidden(points, quads, part.hidden_by)
            self.fine[distance, cell] = (points, quads)
        points, faces = collapsed(*self.fine[distance, cell], triangles)
        if level == 0 and part.opened:
            return part.opened(points, faces, distance)
        return points, gradient(distance, points), faces, part.color(points)


def wanted(part, level):
    """How many triangles a part would like."""
    near = len(part.mesh[2]) if part.mesh else part.triangles
    return (near, int(near * MIDDLE), part.far)[level]


def is_fixed(part, level):
    """Whether a part keeps its triangles whatever the budget: ready ones, and the face that people look at."""
    return (level == 0 and bool(part.mesh or part.name == "head")) or (level == 2 and bool(part.far_mesh))


def fitted(surfaces, level):
    """All parts of a level, simplified until they keep to its budget together."""
    factor = 1.0
    for _ in range(12):
        made = []
        for surface_of in surfaces:
            share = 1.0 if is_fixed(surface_of.part, level) else factor
            triangles = int(wanted(surface_of.part, level) * share)
            # What would be less than a small solid is left out.
            triangles = 0 if triangles < 6 else triangles
            made.append(surface_of.made(level, triangles))
        total = sum(len(m[2]) for m in made if m)
        if total <= BUDGETS[level]:
            return made
        fixed = sum(len(m[2]) for m, s in zip(made, surfaces) if m and is_fixed(s.part, level))
        factor *= 0.985 * ((BUDGETS[level] - fixed) / (total - fixed)) ** 1.2
    raise SystemExit(f"{total} triangles do not fit into {BUDGETS[level]}")


def build_look(look):
    """A look's three levels: for each, the arrays of each material."""
    parts = looks.parts_of(look)
    solid = [part for part in parts if part.distance]
    whole = lambda p: np.minimum.reduce([part.distance(p) for part in solid])
    surfaces = [Surfaces(part) for part in parts]
    merged, counts = [], []
    for level in range(3):
        groups = {}
        for part, made in zip(parts, fitted(surfaces, level)):
            if made is not None:
                add_part(groups, part, made, whole, level)
        merged.append({m: {k: np.concatenate(v) for k, v in a.items()} for m, a in groups.items()})
        counts.append(sum(len(a["indices"]) for a in merged[-1].values()))
    print(f"  {look.name}: {counts} triangles", flush=True)
    return merged


def add_part(groups, part, made, whole, level):
    """Adds a part's surface to the arrays of its material."""
    points, normals, indices, color = made
    shade = soft_shadow(points, normals, whole)
    if part.name in ("eyes", "lids", "rims", "teeth"):
        shade = 0.60 + 0.40 * shade
    kinds = ("points", "normals", "colors", "uvs", "indices", "weights")
    arrays = groups.setdefault(part.material, {kind: [] for kind in kinds})
    first = sum(len(p) for p in arrays["points"])
    uvs = np.tile(PLAIN, (len(points), 1))
    if part.name in ("head", "rims"):
        uvs = face.place_in_picture(face.reduced(points))
    arrays["points"].append(points)
    arrays["normals"].append(normals)
    arrays["colors"].append(np.column_stack([color * shade[:, None], np.ones(len(points))]))
    arrays["uvs"].append(uvs)
    arrays["indices"].append(indices + first)
    # What is drawn coarsely has no fingers that move.
    kind = "trunk hands" if part.kind == "palm" and level else part.kind
    carried = part.carried if level == 0 and part.carried is not None else rig.weights(kind, points)
    if level == 0 and part.jaw:
        carried = rig.with_jaw(carried, part.jaw(points))
    arrays["weights"].append(carried)


def build_by_name(name):
    """A look's levels, in a process of its own."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    return build_look(next(look for look in looks.LOOKS if look.name == name))


def jpeg(linear, name):
    """A picture of linear colours as a JPEG file's bytes."""
    srgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.maximum(linear, 1e-6) ** (1 / 2.4) - 0.055)
    height, width, _ = srgb.shape
    image = bpy.data.images.new(name, width, height)
    image.pixels.foreach_set(np.concatenate([srgb, np.ones((height, width, 1))], 2)[::-1].astype(np.float32).ravel())
    image.file_format = "JPEG"
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "face.jpg")
        image.save(filepath=path, quality=90)
        data = Path(path).read_bytes()
    bpy.data.images.remove(image)
    return data


def add_skeleton(glb, root):
    """The joints' nodes and their skin; returns the skin and each joint's node."""
    nodes = {}
    for name, parent, place in rig.JOINTS:
        at = np.eye(4)
        at[:3, 3] = place - (rig.REST[parent] if parent else 0)
        nodes[name] = glb.node(name, nodes[parent] if parent else root, at)
    inverse = np.tile(np.eye(4), (len(rig.NAMES), 1, 1))
    for k, name in enumerate(rig.NAMES):
        inverse[k, :3, 3] = -rig.REST[name]
    matrices = glb.accessor(inverse.transpose(0, 2, 1).reshape(-1, 16), "MAT4")
    glb.json["skins"] = [
        {
            "name": "person",
            "inverseBindMatrices": matrices,
            "joints": [nodes[n] for n in rig.NAMES],
            "skeleton": root,
        }
    ]
    return 0, nodes


def add_clip(glb, name, poses, extras, nodes):
    """One animation: every joint's rotation and the hips' place, 30 a second; a single pose leaves the hips alone."""
    poses = list(poses)
    times = glb.accessor(np.arange(len(poses))[:, None] / motion.RATE, "SCALAR", bounds=True)
    samplers, channels = [], []

    def channel(node, path, values, kind):
        samplers.append({"input": times, "output": glb.accessor(values, kind), "interpolation": "LINEAR"})
        channels.append({"sampler": len(samplers) - 1, "target": {"node": nodes[node], "path": path}})

    for joint in rig.NAMES:
        rotations = np.array([rotation_of(pose.local[joint]) for pose in poses])
        if np.allclose(rotations, (0, 0, 0, 1), atol=1e-7):
            continue
        for k in range(1, len(rotations)):
            if rotations[k].dot(rotations[k - 1]) < 0:
                rotations[k] *= -1
        channel(joint, "rotation", rotations, "VEC4")
    if len(poses) > 1:
        channel("hips", "translation", np.array([pose.hips for pose in poses]), "VEC3")
    glb.json.setdefault("animations", []).append(
        {"name": name, "samplers": samplers, "channels": channels, "extras": extras}
    )


def add_look(glb, look, levels, skin, other):
    """The meshes of a look's levels, with its own colours of skin and clothes."""
    picture = glb.picture(f"face of {look.name}", jpeg(face.picture(look.face), look.name), "image/jpeg")
    materials = {
        "skin": glb.material(f"skin {look.name}", (*look.skin, 1), picture, roughness=0.72),
        "clothing": glb.material(f"clothing {look.name}", (*look.cloth, 1), roughness=0.92),
        "other": other,
    }
    for suffix, level in zip(("", ".middle", ".far"), levels):
        primitives = []
        for name, a in sorted(level.items()):
            joints, weights = rig.strongest(a["weights"])
            primitives.append(
                glb.primitive(
                    a["points"], a["normals"], a["indices"], materials[name],
                    uvs=a["uvs"] if name == "skin" else None,
                    colors=a["colors"], joints=joints, weights=weights, small_normals=True,
                )
            )  # fmt: skip
        glb.node(look.name + suffix, mesh=glb.mesh(look.name + suffix, primitives), skin=skin)


def build_all(names):
    """The looks' levels, in processes of their own. Those inherit the path; bpy's inner modules, which it puts there,
    would be taken for bpy itself."""
    path = list(sys.path)
    sys.path[:] = [place for place in path if not place.endswith(os.path.join("scripts", "modules"))]
    try:
        with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
            return list(pool.map(build_by_name, names))
    finally:
        sys.path[:] = path


def main(target=HERE / "avatars.glb"):
    """Writes avatars.glb beside this file."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    glb = Glb("VEV assets/build.py", "VEV contributors, MIT OR Apache-2.0")
    other = glb.material("other", roughness=0.70)
    root = glb.node("person")
    skin, nodes = add_skeleton(glb, root)
    built = build_all([look.name for look in looks.LOOKS])
    for look, levels in zip(looks.LOOKS, built):
        add_look(glb, look, levels, skin, other)
    for name, (clip, extras) in motion.CLIPS.items():
        add_clip(glb, name, clip(), extras, nodes)
    for name, pose in motion.hand_shapes().items():
        add_clip(glb, name, [pose], {"hand": True}, nodes)
    size = glb.write(target)
    print(f"{target.name}: {size / 1e6:.2f} MB")
