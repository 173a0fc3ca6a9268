"""Between our shapes and Blender's: builds meshes with procedural materials and reads triangles back.

It must not know any venue.
"""

import bpy
import numpy as np

from .palette import GLOWING, PALETTE

SMOOTH_BELOW = np.radians(38)


def clear():
    """An empty file."""
    bpy.ops.wm.read_factory_settings(use_empty=True)


def make_object(name, shape, smooth_below=SMOOTH_BELOW):
    """A Blender object of a shape; smooth where faces meet at small angles."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([tuple(p) for p in shape.points], [], [list(f) for f in shape.faces])
    names = list(dict.fromkeys(shape.materials))
    slot = {material: k for k, material in enumerate(names)}
    for material in names:
        mesh.materials.append(material_named(material))
    mesh.polygons.foreach_set("material_index", np.array([slot[m] for m in shape.materials], np.int32))
    mesh.polygons.foreach_set("use_smooth", np.ones(len(mesh.polygons), bool))
    mesh.update()
    mesh.set_sharp_from_angle(angle=float(smooth_below))
    made = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(made)
    return made


def triangles(mesh, smooth=False):
    """Unique corners (positions, normals, uvs) and triangle indices of a Blender mesh, z up, and each triangle's slot.

    `smooth` takes the points' normals instead of the corners', which needs fewer corners."""
    mesh.calc_loop_triangles()
    loops = np.empty(len(mesh.loop_triangles) * 3, np.int32)
    mesh.loop_triangles.foreach_get("loops", loops)
    slots = np.empty(len(mesh.loop_triangles), np.int32)
    mesh.loop_triangles.foreach_get("material_index", slots)
    vertex = np.empty(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", vertex)
    points = np.empty(len(mesh.vertices) * 3, np.float32)
    mesh.vertices.foreach_get("co", points)
    normals = np.empty(len(mesh.loops) * 3, np.float32)
    mesh.corner_normals.foreach_get("vector", normals)
    if smooth:
        averaged = np.empty(len(mesh.vertices) * 3, np.float32)
        mesh.vertex_normals.foreach_get("vector", averaged)
        normals = averaged.reshape(-1, 3)[vertex]
    normals = normals.reshape(-1, 3)
    normals[np.linalg.norm(normals, axis=1) < 0.5] = (0, 0, 1)
    corner = np.zeros((len(mesh.loops), 8), np.float32)
    corner[:, :3] = points.reshape(-1, 3)[vertex]
    corner[:, 3:6] = normals
    if mesh.uv_layers:
        uvs = np.empty(len(mesh.loops) * 2, np.float32)
        mesh.uv_layers.active.uv.foreach_get("vector", uvs)
        corner[:, 6:] = uvs.reshape(-1, 2)
    unique, remap = np.unique(np.round(corner, 5), axis=0, return_inverse=True)
    return unique[:, :3], unique[:, 3:6], unique[:, 6:], remap.reshape(-1)[loops].reshape(-1, 3), slots


def material_named(name):
    """The Cycles material of a palette name: a diffuse pattern in world coordinates, or a glow."""
    if name in bpy.data.materials:
        return bpy.data.materials[name]
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    nodes.clear()
    out = nodes.new("ShaderNodeOutputMaterial")
    if name in GLOWING:
        color, strength = GLOWING[name]
        glow = nodes.new("ShaderNodeEmission")
        glow.inputs["Color"].default_value = (*color, 1)
        glow.inputs["Strength"].default_value = strength
        links.new(glow.outputs[0], out.inputs[0])
        return material
    if name not in PALETTE:
        raise KeyError(f"the material '{name}' is not in kit/palette.py")
    diffuse = nodes.new("ShaderNodeBsdfDiffuse")
    links.new(diffuse.outputs[0], out.inputs[0])
    links.new(pattern(nodes, links, *PALETTE[name]), diffuse.inputs["Color"])
    return material


def pattern(nodes, links, kind, color, second, size):
    """The colour socket of a pattern."""
    position = nodes.new("ShaderNodeNewGeometry").outputs["Position"]
    amount = {
        "wood": wood,
        "parquet": parquet,
        "carpet": carpet,
        "fabric": fabric,
        "stone": stone,
        "tiles": tiles,
        "panel": tiles,
        "leaf": leaf,
        "rug": rug,
        "plain": plain,
    }[kind](nodes, links, position, size)
    mix = nodes.new("ShaderNodeMix")
    mix.data_type = "RGBA"
    links.new(amount, mix.inputs[0])
    mix.inputs[6].default_value = (*color, 1)
    mix.inputs[7].default_value = (*second, 1)
    return mix.outputs[2]


def noise(nodes, links, position, scale, detail=4.0, stretch=(1, 1, 1), rough=0.55):
    """A noise value between 0 and 1, `scale` a metre."""
    mapping = nodes.new("ShaderNodeMapping")
    links.new(position, mapping.inputs[0])
    mapping.inputs["Scale"].default_value = stretch
    texture = nodes.new("ShaderNodeTexNoise")
    texture.inputs["Scale"].default_value = scale
    texture.inputs["Detail"].default_value = detail
    texture.inputs["Roughness"].default_value = rough
    links.new(mapping.outputs[0], texture.inputs["Vector"])
    return texture.outputs[0]


def contrast(nodes, links, value, low, high):
    """Stretches a value from [low, high] to [0, 1]."""
    node = nodes.new("ShaderNodeMapRange")
    links.new(value, node.inputs["Value"])
    node.inputs["From Min"].default_value, node.inputs["From Max"].default_value = low, high
    return node.outputs[0]


def math_node(nodes, links, operation, a, b):
    """A two-input sum; inputs are sockets or numbers."""
    node = nodes.new("ShaderNodeMath")
    node.operation = operation
    for k, value in enumerate((a, b)):
        if isinstance(value, (int, float)):
            node.inputs[k].default_value = value
        else:
            links.new(value, node.inputs[k])
    return node.outputs[0]


def plain(nodes, links, position, size):
    return contrast(nodes, links, noise(nodes, links, position, 1.0 / size, 3.0), 0.3, 0.7)


def wood(nodes, links, position, size):
    """Grain runs up on what stands and along x on what lies."""
    upright = noise(nodes, links, position, 3.0 / size, 6.0, (3.0, 3.0, 0.22), 0.65)
    lying = noise(nodes, links, position, 3.0 / size, 6.0, (0.22, 3.0, 3.0), 0.65)
    apart = nodes.new("ShaderNodeSeparateXYZ")
    links.new(nodes.new("ShaderNodeNewGeometry").outputs["Normal"], apart.inputs[0])
    lies = math_node(nodes, links, "GREATER_THAN", math_node(nodes, links, "ABSOLUTE", apart.outputs[2], 0.0), 0.6)
    chosen = nodes.new("ShaderNodeMix")
    for socket, value in zip(chosen.inputs, (lies, None, upright, lying)):
        if value:
            links.new(value, socket)
    return contrast(nodes, links, chosen.outputs[0], 0.36, 0.66)


def carpet(nodes, links, position, size):
    fine = noise(nodes, links, position, 60.0, 2.0)
    broad = noise(nodes, links, position, 1.0 / size, 3.0)
    return contrast(
        nodes,
        links,
        math_node(
            nodes,
            links,
            "ADD",
            math_node(nodes, links, "MULTIPLY", fine, 0.6),
            math_node(nodes, links, "MULTIPLY", broad, 0.4),
        ),
        0.34,
        0.66,
    )


def fabric(nodes, links, position, size):
    return contrast(nodes, links, noise(nodes, links, position, 4.0 / size, 2.0), 0.32, 0.68)


def stone(nodes, links, position, size):
    veins = noise(nodes, links, position, 2.0 / size, 8.0, (1, 1, 1), 0.68)
    return contrast(nodes, links, veins, 0.38, 0.62)


def leaf(nodes, links, position, size):
    return contrast(nodes, links, noise(nodes, links, position, 1.0 / size, 2.0), 0.35, 0.65)


def brick(nodes, links, position, wide, high, gap, offset):
    """A grid of rectangles in the floor's plane: its tint socket and its joint socket."""
    texture = nodes.new("ShaderNodeTexBrick")
    links.new(position, texture.inputs["Vector"])
    texture.offset = offset
    texture.inputs["Scale"].default_value = 1.0
    texture.inputs["Brick Width"].default_value = wide
    texture.inputs["Row Height"].default_value = high
    texture.inputs["Mortar Size"].default_value = gap
    texture.inputs["Color1"].default_value = (0, 0, 0, 1)
    texture.inputs["Color2"].default_value = (1, 1, 1, 1)
    texture.inputs["Mortar"].default_value = (0.5, 0.5, 0.5, 1)
    return texture.outputs["Color"], texture.outputs["Fac"]


def parquet(nodes, links, position, size):
    tint, joint = brick(nodes, links, position, size * 9, size, 0.002, 0.37)
    grain = noise(nodes, links, position, 9.0, 5.0, (0.5, 6.0, 1.0), 0.6)
    mixed = math_node(
        nodes,
        links,
        "ADD",
        math_node(nodes, links, "MULTIPLY", tint, 0.45),
        math_node(nodes, links, "MULTIPLY", grain, 0.75),
    )
    return math_node(
        nodes,
        links,
        "ADD",
        contrast(nodes, links, mixed, 0.15, 1.0),
        math_node(nodes, links, "MULTIPLY", joint, 0.5),
    )


def tiles(nodes, links, position, size):
    tint, joint = brick(nodes, links, position, size, size, 0.006, 0.0)
    mottled = noise(nodes, links, position, 3.0, 6.0)
    mixed = math_node(
        nodes,
        links,
        "ADD",
        math_node(nodes, links, "MULTIPLY", tint, 0.15),
        math_node(nodes, links, "MULTIPLY", contrast(nodes, links, mottled, 0.35, 0.65), 0.3),
    )
    return math_node(nodes, links, "MAXIMUM", mixed, math_node(nodes, links, "MULTIPLY", joint, 0.9))


def rug(nodes, links, position, size):
    wave = nodes.new("ShaderNodeTexWave")
    links.new(position, wave.inputs["Vector"])
    wave.wave_type, wave.bands_direction = "BANDS", "Y"
    wave.inputs["Scale"].default_value = 0.55 / size
    wave.inputs["Distortion"].default_value = 1.2
    fine = noise(nodes, links, position, 70.0, 2.0)
    return contrast(
        nodes,
        links,
        math_node(
            nodes,
            links,
            "ADD",
            math_node(nodes, links, "MULTIPLY", wave.outputs["Color"], 0.8),
            math_node(nodes, links, "MULTIPLY", fine, 0.3),
        ),
        0.55,
        0.95,
    )
