"""Writes glTF 2.0 binary files: meshes, pictures, skins, animations and node extensions, from numpy arrays.

Positions and matrices come in glTF's own frame (y up); `to_gltf` turns the z-up frame of the plans into it.
It must not know any venue or avatar and needs no Blender.
"""

import json
import struct
from pathlib import Path

import numpy as np

FLOAT, USHORT, UINT, BYTE, UBYTE = 5126, 5123, 5125, 5120, 5121
TURN = np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 0], [0, 0, 0, 1.0]])


def to_gltf(points):
    """(x east, y north, z up) to (x east, y up, z south)."""
    points = np.asarray(points, float)
    return np.stack([points[..., 0], points[..., 2], -points[..., 1]], -1)


def matrix_to_gltf(matrix):
    """A z-up placement as a y-up one."""
    return TURN @ matrix @ TURN.T


def rotation_of(matrix):
    """The unit quaternion (x, y, z, w) of a 3x3 rotation."""
    m = np.asarray(matrix, float)[:3, :3]
    w = np.sqrt(max(0.0, 1 + m[0, 0] + m[1, 1] + m[2, 2])) / 2
    x = np.sqrt(max(0.0, 1 + m[0, 0] - m[1, 1] - m[2, 2])) / 2
    y = np.sqrt(max(0.0, 1 - m[0, 0] + m[1, 1] - m[2, 2])) / 2
    z = np.sqrt(max(0.0, 1 - m[0, 0] - m[1, 1] + m[2, 2])) / 2
    q = np.array(
        [
            np.copysign(x, m[2, 1] - m[1, 2]),
            np.copysign(y, m[0, 2] - m[2, 0]),
            np.copysign(z, m[1, 0] - m[0, 1]),
            w,
        ]
    )
    return q / np.linalg.norm(q)


class Glb:
    """A glTF document that grows piece by piece and is written once."""

    def __init__(self, generator, copyright_line):
        self.json = {
            "asset": {"version": "2.0", "generator": generator, "copyright": copyright_line},
            "scene": 0,
            "scenes": [{"nodes": []}],
            "nodes": [],
            "meshes": [],
            "materials": [],
            "accessors": [],
            "bufferViews": [],
        }
        self.bytes = bytearray()

    def _view(self, data, target=None):
        while len(self.bytes) % 4:
            self.bytes.append(0)
        view = {"buffer": 0, "byteOffset": len(self.bytes), "byteLength": len(data)}
        if target:
            view["target"] = target
        self.bytes += data
        self.json["bufferViews"].append(view)
        return len(self.json["bufferViews"]) - 1

    def accessor(self, array, kind, component=FLOAT, target=None, bounds=False, normalized=False):
        """Stores an array; rows are padded to four bytes as the format asks."""
        dtype = {FLOAT: "<f4", USHORT: "<u2", UINT: "<u4", BYTE: "i1", UBYTE: "u1"}[component]
        array = np.ascontiguousarray(array, dtype)
        stored, stride = array, None
        if array.ndim == 2 and array.shape[1] * array.itemsize % 4 and target == 34962:
            width = -(-array.shape[1] * array.itemsize // 4) * 4 // array.itemsize
            stored = np.zeros((len(array), width), array.dtype)
            stored[:, : array.shape[1]] = array
            stride = width * array.itemsize
        view = self._view(stored.tobytes(), target)
        if stride:
            self.json["bufferViews"][view]["byteStride"] = stride
        entry = {"bufferView": view, "componentType": component, "count": len(array), "type": kind}
        if normalized:
            entry["normalized"] = True
        if bounds:
            flat = array.reshape(len(array), -1)
            entry["min"], entry["max"] = flat.min(0).tolist(), flat.max(0).tolist()
        self.json["accessors"].append(entry)
        return len(self.json["accessors"]) - 1

    def primitive(
        self,
        positions,
        normals,
        indices,
        material,
        uvs=None,
        colors=None,
        joints=None,
        weights=None,
        small_normals=False,
    ):
        """One primitive; positions and normals are floats in glTF's frame, uvs have v down."""
        attributes = {"POSITION": self.accessor(positions, "VEC3", target=34962, bounds=True)}
        if small_normals:
            attributes["NORMAL"] = self.accessor(
                np.round(np.clip(normals, -1, 1) * 127), "VEC3", BYTE, 34962, normalized=True
            )
            self.uses("KHR_mesh_quantization", required=True)
        else:
            attributes["NORMAL"] = self.accessor(normals, "VEC3", target=34962)
        if uvs is not None:
            attributes["TEXCOORD_0"] = self.accessor(
                np.round(np.clip(uvs, 0, 1) * 65535), "VEC2", USHORT, 34962, normalized=True
            )
        if colors is not None:
            attributes["COLOR_0"] = self.accessor(
                np.round(np.clip(colors, 0, 1) * 65535), "VEC4", USHORT, 34962, normalized=True
            )
        if joints is not None:
            attributes["JOINTS_0"] = self.accessor(joints, "VEC4", UBYTE, 34962)
            attributes["WEIGHTS_0"] = self.accessor(weights, "VEC4", FLOAT, 34962)
        component = USHORT if len(positions) < 65535 else UINT
        indices = self.accessor(np.asarray(indices).reshape(-1), "SCALAR", component, 34963)
        return {"attributes": attributes, "indices": indices, "material": material}

    def mesh(self, name, primitives):
        """A mesh of primitives."""
        self.json["meshes"].append({"name": name, "primitives": primitives})
        return len(self.json["meshes"]) - 1

    def picture(self, name, data, media_type):
        """A texture from the bytes of a JPEG, PNG or WebP picture."""
        view = self._view(data)
        self.json.setdefault("images", []).append({"name": name, "bufferView": view, "mimeType": media_type})
        source = len(self.json["images"]) - 1
        texture = {"source": source}
        if media_type == "image/webp":
            self.uses("EXT_texture_webp", required=True)
            texture = {"extensions": {"EXT_texture_webp": {"source": source}}}
        self.json.setdefault("textures", []).append(texture)
        return len(self.json["textures"]) - 1

    def material(
        self,
        name,
        color=(1, 1, 1, 1),
        texture=None,
        unlit=False,
        roughness=0.9,
        alpha_mode="OPAQUE",
        double_sided=False,
    ):
        """A material; a baked one is unlit with a texture."""
        body = {
            "baseColorFactor": [float(c) for c in color],
            "metallicFactor": 0.0,
            "roughnessFactor": roughness,
        }
        if texture is not None:
            body["baseColorTexture"] = {"index": texture}
        entry = {"name": name, "pbrMetallicRoughness": body}
        if unlit:
            entry["extensions"] = {"KHR_materials_unlit": {}}
            self.uses("KHR_materials_unlit")
        if alpha_mode != "OPAQUE":
            entry["alphaMode"] = alpha_mode
        if double_sided:
            entry["doubleSided"] = True
        self.json["materials"].append(entry)
        return len(self.json["materials"]) - 1

    def node(self, name, parent=None, matrix=None, mesh=None, extensions=None, **more):
        """A node below `parent` (or at the root); `matrix` is rigid with an even scale, in glTF's frame."""
        entry = {"name": name, **more}
        if matrix is not None:
            scale = np.linalg.norm(matrix[:3, 0])
            if np.any(np.abs(matrix[:3, 3]) > 1e-9):
                entry["translation"] = [round(float(v), 6) for v in matrix[:3, 3]]
            rotation = rotation_of(matrix[:3, :3] / scale)
            if abs(rotation[3]) < 1 - 1e-12:
                entry["rotation"] = [round(float(v), 8) for v in rotation]
            if abs(scale - 1) > 1e-6:
                entry["scale"] = [float(scale)] * 3
        if mesh is not None:
            entry["mesh"] = mesh
        if extensions:
            entry["extensions"] = extensions
            for extension in extensions:
                self.uses(extension)
        self.json["nodes"].append(entry)
        index = len(self.json["nodes"]) - 1
        owner = (
            self.json["scenes"][0]["nodes"]
            if parent is None
            else self.json["nodes"][parent].setdefault("children", [])
        )
        owner.append(index)
        return index

    def uses(self, extension, required=False):
        """Names an extension in extensionsUsed and, if asked, in extensionsRequired."""
        for key in ("extensionsUsed", *(["extensionsRequired"] if required else [])):
            names = self.json.setdefault(key, [])
            if extension not in names:
                names.append(extension)
                names.sort()

    def extend_root(self, name, body):
        """An extension of the whole document."""
        self.json.setdefault("extensions", {})[name] = body
        self.uses(name)

    def write(self, path):
        """Writes the file, whole or not at all."""
        document = {key: value for key, value in self.json.items() if value != []}
        document["buffers"] = [{"byteLength": len(self.bytes)}]
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        body = bytes(self.bytes) + b"\0" * (-len(self.bytes) % 4)
        out = struct.pack("<4sII", b"glTF", 2, 12 + 8 + len(text) + 8 + len(body))
        out += (
            struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(body), b"BIN\0") + body
        )
        path = Path(path)
        partial = path.with_suffix(".partial")
        partial.write_bytes(out)
        partial.replace(path)
        return len(out)
