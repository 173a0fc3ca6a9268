"""Makes delegate.glb: surfaces of all parts, fewer triangles, colours with soft shadow, skin, clips.

One mesh with vertex colours, one lit material, one skin; see README.md for the frame, the bones and the clips.
"""

from pathlib import Path

import bpy
import numpy as np

from kit.glb import Glb, rotation_of

from . import body, motion, rig
from .sdf import gradient, surface

HERE = Path(__file__).resolve().parent


def reduced(points, quads, triangles):
    """The surface with about that many triangles, by Blender's edge collapse."""
    mesh = bpy.data.meshes.new("part")
    mesh.from_pydata(points.tolist(), [], quads.tolist())
    made = bpy.data.objects.new("part", mesh)
    bpy.context.scene.collection.objects.link(made)
    decimate = made.modifiers.new("fewer", "DECIMATE")
    decimate.ratio = min(1.0, triangles / (2 * len(quads)))
    decimate.use_symmetry, decimate.symmetry_axis = True, "X"
    result = made.evaluated_get(bpy.context.evaluated_depsgraph_get()).to_mesh()
    result.calc_loop_triangles()
    out = np.empty(len(result.vertices) * 3)
    result.vertices.foreach_get("co", out)
    indices = np.empty(len(result.loop_triangles) * 3, np.int32)
    result.loop_triangles.foreach_get("vertices", indices)
    bpy.data.objects.remove(made)
    return out.reshape(-1, 3), indices.reshape(-1, 3)


def without_hidden(points, quads, cover):
    """The surface without what lies well inside another part."""
    seen = (cover(points) > -0.007)[quads].any(1)
    used, remap = np.unique(quads[seen], return_inverse=True)
    return points[used], remap.reshape(-1, 4)


def soft_shadow(points, normals, whole):
    """How open the surroundings are, 0.35 to 1: creases, armpits and collars come out darker."""
    closed = np.zeros(len(points))
    for reach, weight in ((0.012, 0.30), (0.03, 0.30), (0.07, 0.25), (0.14, 0.15)):
        distance = whole(points + normals * reach)
        closed += weight * np.clip(1 - distance / reach, 0, 1)
    return 1 - 0.65 * np.clip(closed, 0, 1)


def build_mesh():
    """All parts as one set of arrays."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    parts = body.parts()
    whole = lambda p: np.minimum.reduce([part.distance(p) for part in parts])
    arrays = {"points": [], "normals": [], "colors": [], "indices": [], "joints": [], "weights": []}
    first = 0
    for part in parts:
        points, quads = surface(part.distance, part.low, part.high, part.cell)
        if part.hidden_by:
            points, quads = without_hidden(points, quads, part.hidden_by)
        points, indices = reduced(points, quads, part.triangles)
        normals = gradient(part.distance, points)
        shade = soft_shadow(points, normals, whole)
        joints, weights = rig.strongest(rig.weights(part.name, points))
        if part.name in ("eyes", "irises", "pupils"):
            shade = 0.5 + 0.5 * shade
        color = part.color(points) * shade[:, None]
        arrays["points"].append(points)
        arrays["normals"].append(normals)
        arrays["colors"].append(np.column_stack([color, np.ones(len(points))]))
        arrays["indices"].append(indices + first)
        arrays["joints"].append(joints)
        arrays["weights"].append(weights)
        first += len(points)
        print(f"  {part.name}: {len(indices)} triangles", flush=True)
    return {key: np.concatenate(value) for key, value in arrays.items()}


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
            "name": "delegate",
            "inverseBindMatrices": matrices,
            "joints": [nodes[n] for n in rig.NAMES],
            "skeleton": nodes["hips"],
        }
    ]
    return 0, nodes


def add_clip(glb, name, poses, extras, nodes):
    """One animation: every joint's rotation and the hips' place, 30 a second."""
    poses = list(poses)
    times = glb.accessor(np.arange(len(poses))[:, None] / motion.RATE, "SCALAR", bounds=True)
    samplers, channels = [], []

    def channel(node, path, values, kind):
        samplers.append({"input": times, "output": glb.accessor(values, kind), "interpolation": "LINEAR"})
        channels.append({"sampler": len(samplers) - 1, "target": {"node": nodes[node], "path": path}})

    for joint in rig.NAMES:
        rotations = np.array([rotation_of(pose.local[joint]) for pose in poses])
        for k in range(1, len(rotations)):
            if rotations[k].dot(rotations[k - 1]) < 0:
                rotations[k] *= -1
        channel(joint, "rotation", rotations, "VEC4")
    channel("hips", "translation", np.array([pose.hips for pose in poses]), "VEC3")
    glb.json.setdefault("animations", []).append(
        {"name": name, "samplers": samplers, "channels": channels, "extras": extras}
    )


def main():
    """Writes delegate.glb beside this file."""
    data = build_mesh()
    glb = Glb("VEV assets/build.py", "VEV contributors, MIT OR Apache-2.0")
    material = glb.material("delegate", roughness=0.85)
    root = glb.node("delegate")
    skin, nodes = add_skeleton(glb, root)
    primitive = glb.primitive(
        data["points"],
        data["normals"],
        data["indices"],
        material,
        colors=data["colors"],
        joints=data["joints"],
        weights=data["weights"],
    )
    glb.node("body", mesh=glb.mesh("body", [primitive]), skin=skin)
    for name, (clip, extras) in motion.CLIPS.items():
        add_clip(glb, name, clip(), extras, nodes)
    size = glb.write(HERE / "delegate.glb")
    print(f"delegate.glb: {len(data['indices'])} triangles, {size / 1e6:.2f} MB")
