"""Takes parts of a finished GLB over into a new one, so that one room can be baked again without the others.

It must not know any venue and needs no Blender.
"""

import json
import struct
from pathlib import Path


class Source:
    """A GLB to take nodes from."""

    def __init__(self, path):
        data = Path(path).read_bytes()
        length = struct.unpack("<I", data[12:16])[0]
        self.json, self.bytes = json.loads(data[20 : 20 + length]), data[28 + length :]
        self.taken = {}

    def roots(self):
        """The names of the nodes at the top, and their indices."""
        return {self.json["nodes"][k]["name"]: k for k in self.json["scenes"][0]["nodes"]}

    def give(self, glb, index, parent=None):
        """Copies a node with all below it, and what it needs, into `glb`."""
        body = {key: value for key, value in self.json["nodes"][index].items() if key != "children"}
        name, extensions = body.pop("name"), body.pop("extensions", None)
        if "mesh" in body:
            body["mesh"] = self._once(glb, "meshes", body["mesh"], self._mesh)
        made = glb.node(name, parent, extensions=extensions, **body)
        for child in self.json["nodes"][index].get("children", ()):
            self.give(glb, child, made)
        return made

    def _once(self, glb, kind, index, change):
        if (kind, index) not in self.taken:
            entry = change(glb, json.loads(json.dumps(self.json[kind][index])))
            glb.json.setdefault(kind, []).append(entry)
            self.taken[kind, index] = len(glb.json[kind]) - 1
        return self.taken[kind, index]

    def _mesh(self, glb, mesh):
        for primitive in mesh["primitives"]:
            for name, index in primitive["attributes"].items():
                primitive["attributes"][name] = self._once(glb, "accessors", index, self._accessor)
            primitive["indices"] = self._once(glb, "accessors", primitive["indices"], self._accessor)
            primitive["material"] = self._once(glb, "materials", primitive["material"], self._material)
        glb.uses("KHR_mesh_quantization", required=True)
        return mesh

    def _accessor(self, glb, accessor):
        accessor["bufferView"] = self._once(glb, "bufferViews", accessor["bufferView"], self._view)
        return accessor

    def _view(self, glb, view):
        first = view.get("byteOffset", 0)
        while len(glb.bytes) % 4:
            glb.bytes.append(0)
        view["byteOffset"] = len(glb.bytes)
        glb.bytes += self.bytes[first : first + view["byteLength"]]
        return view

    def _material(self, glb, material):
        for extension in material.get("extensions", ()):
            glb.uses(extension)
        picture = material["pbrMetallicRoughness"].get("baseColorTexture")
        if picture:
            picture["index"] = self._once(glb, "textures", picture["index"], self._texture)
        return material

    def _texture(self, glb, texture):
        for name, body in texture.get("extensions", {}).items():
            glb.uses(name, required=True)
            body["source"] = self._once(glb, "images", body["source"], self._accessor)
        if "source" in texture:
            texture["source"] = self._once(glb, "images", texture["source"], self._accessor)
        return texture
