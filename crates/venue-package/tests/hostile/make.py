"""Writes the hostile files that stand beside this script: each lies about itself in one way.

Run it anew after a change: python3 make.py. What begins with good- must be read, with bad- refused;
odd- may go either way, but never panic, hang or take memory without bound.
"""

import base64
import json
import pathlib
import struct
import zlib

HERE = pathlib.Path(__file__).parent


def chunk(kind, data, length=None):
    return struct.pack("<I4s", len(data) if length is None else length, kind) + data


def glb(*chunks, magic=b"glTF", version=2, length=None):
    body = b"".join(chunks)
    return struct.pack("<4sII", magic, version, 12 + len(body) if length is None else length) + body


def json_chunk(value, pad=b" "):
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return chunk(b"JSON", text + pad * (-len(text) % 4))


TRIANGLE = struct.pack("<9f", 0, 0, 0, 1, 0, 0, 0, 1, 0) + struct.pack("<4H", 0, 1, 2, 0)


def triangle():
    return {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"},
            {"bufferView": 1, "componentType": 5123, "count": 3, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": 36},
            {"buffer": 0, "byteOffset": 36, "byteLength": 8},
        ],
        "buffers": [{"byteLength": len(TRIANGLE)}],
    }


def changed(path, value):
    root = triangle()
    *parents, last = path.split("/")
    place = root
    for part in parents:
        place = place[int(part)] if isinstance(place, list) else place[part]
    place[int(last) if isinstance(place, list) else last] = value
    return root


def whole(root, data=TRIANGLE):
    return glb(json_chunk(root), chunk(b"BIN\0", data + b"\0" * (-len(data) % 4)))


def text(root):
    return json.dumps(root).encode()


def with_uri(uri):
    return text(changed("buffers/0/uri", uri))


def png(width, height, data=None, kind=0):
    def part(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0))
    data = zlib.compress(b"\0\0" * height) if data is None else data
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", data) + part(b"IEND", b"")


def containers():
    good = whole(triangle())
    yield "good-triangle.glb", good
    yield "good-triangle.gltf", with_uri("data:application/octet-stream;base64," + base64.b64encode(TRIANGLE).decode())
    yield "good-no-geometry.glb", glb(json_chunk({"asset": {"version": "2.0"}}))
    yield "odd-unknown-chunk.glb", whole(triangle()) [:8] + struct.pack("<I", len(good) + 12) + good[12:] + chunk(b"XTRA", b"abcd")
    yield "odd-binary-before-json.glb", glb(chunk(b"BIN\0", TRIANGLE), json_chunk(triangle()))
    yield "odd-json-padded-with-zeros.glb", glb(json_chunk({"asset": {"version": "2.0"}}, b"\0"))
    yield "bad-empty.glb", b""
    yield "bad-magic-alone.glb", b"glTF"
    yield "bad-header-alone.glb", glb(length=12)
    yield "bad-version-1.glb", glb(json_chunk(triangle()), version=1)
    yield "bad-length-beyond-the-end.glb", good[:8] + struct.pack("<I", 0xFFFFFFFF) + good[12:]
    yield "bad-json-chunk-beyond-the-end.glb", good[:12] + struct.pack("<I", 0xFFFFFFFC) + good[16:]
    yield "bad-cut-in-the-binary.glb", good[:-20]
    yield "bad-cut-in-the-json.glb", good[:100]
    yield "bad-json-is-no-utf8.glb", glb(json_chunk(b'{"asset":{"version":"2.0\xff\xfe"}}'))
    yield "bad-json-is-a-list.glb", glb(json_chunk([]))
    yield "bad-json-nests-deeply.glb", glb(json_chunk(b'{"asset":{"version":"2.0"},"extras":' + b"[" * 20_000 + b"}"))
    yield "bad-extras-nest-deeply.gltf", b'{"asset":{"version":"2.0"},"nodes":[{"extras":' + b'{"a":' * 9_000


def geometry():
    huge = 2**53
    yield "bad-node-is-its-own-child.gltf", text(changed("nodes/0/children", [0]))
    yield "bad-nodes-in-a-circle.gltf", text(changed("nodes", [{"children": [1]}, {"children": [0]}]))
    yield "bad-child-that-is-not-there.gltf", text(changed("nodes/0/children", [7]))
    yield "bad-mesh-that-is-not-there.gltf", text(changed("nodes/0/mesh", 4_294_967_295))
    yield "bad-scene-that-is-not-there.gltf", text(changed("scene", 9))
    yield "bad-index-below-zero.gltf", text(changed("nodes/0/mesh", -1))
    yield "bad-accessor-counts-too-much.glb", whole(changed("accessors/0/count", huge))
    yield "bad-accessor-counts-one-too-much.glb", whole(changed("accessors/0/count", 4))
    yield "bad-accessor-of-unknown-type.glb", whole(changed("accessors/0/componentType", 5124))
    yield "bad-accessor-offset.glb", whole(changed("accessors/0/byteOffset", huge))
    yield "bad-view-beyond-its-buffer.glb", whole(changed("bufferViews/0/byteLength", 4_000))
    yield "bad-view-offset-overflows.glb", whole(changed("bufferViews/0/byteOffset", 2**64 - 8))
    yield "bad-view-stride.glb", whole(changed("bufferViews/0/byteStride", 252))
    yield "odd-buffer-longer-than-its-bytes.glb", whole(changed("buffers/0/byteLength", 2**40))
    yield "bad-indices-beyond-the-vertices.glb", whole(triangle(), TRIANGLE[:36] + struct.pack("<4H", 0, 1, 9, 0))
    yield "odd-positions-not-finite.glb", whole(triangle(), struct.pack("<3f", float("nan"), float("inf"), 0) + TRIANGLE[12:])
    sparse = {"count": huge, "indices": {"bufferView": 1, "componentType": 5123}, "values": {"bufferView": 0}}
    yield "bad-sparse-counts-too-much.glb", whole(changed("accessors/0/sparse", sparse))
    zeros = {"componentType": 5126, "count": 4_000_000_000, "type": "VEC3"}
    yield "bad-zeros-without-end.glb", whole(changed("accessors/0", zeros))
    meshopt = {"buffer": 0, "byteLength": 36, "byteStride": 12, "count": 3, "mode": "ATTRIBUTES"}
    view = {"buffer": 0, "byteLength": 36, "byteStride": 12, "extensions": {"EXT_meshopt_compression": meshopt}}
    yield "bad-meshopt-is-noise.glb", whole(changed("bufferViews/0", view))
    meshopt = dict(meshopt, count=2**40, byteStride=256)
    view = dict(view, extensions={"EXT_meshopt_compression": meshopt})
    yield "bad-meshopt-counts-too-much.glb", whole(changed("bufferViews/0", view))
    yield "bad-required-extension.gltf", text(changed("extensionsRequired", ["EXT_unheard_of"]))


def elsewhere():
    yield "bad-buffer-in-a-system-file.gltf", with_uri("file:///etc/passwd")
    yield "bad-buffer-in-the-network.gltf", with_uri("https://example.org/a.bin")
    yield "bad-buffer-above-its-folder.gltf", with_uri("%2e%2e/%2e%2e/secret.bin")
    yield "bad-data-uri-is-no-base64.gltf", with_uri("data:application/octet-stream;base64,####")
    yield "bad-data-uri-too-short.gltf", with_uri("data:application/octet-stream;base64,AAAA")


def pictures():
    yield "good-dot.png", png(1, 1)
    yield "bad-picture-of-4-billion-pixels.png", png(65_535, 65_535, zlib.compress(b"\0" * 64))
    yield "bad-picture-wider-than-a-number.png", png(0xFFFFFFFF, 0xFFFFFFFF, b"")
    yield "bad-picture-of-no-pixels.png", png(0, 0, b"")
    yield "bad-picture-unpacks-too-little.png", png(64, 64, zlib.compress(b"\0" * 10))
    yield "bad-picture-noise-for-data.png", png(8, 8, b"\x78\x9c" + b"\xff" * 30)
    yield "bad-picture-cut.png", png(1, 1)[:40]
    yield "bad-jpeg-header-alone.jpg", bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0000b08ffffffff0101110000")
    yield "bad-webp-length.webp", b"RIFF\xff\xff\xff\xffWEBPVP8L\xff\xff\xff\x7f\x2f\xff\xff\xff\xff"
    yield "bad-ktx2-is-not-read.ktx2", bytes.fromhex("ab4b5458203230bb0d0a1a0a") + b"\0" * 68


for files in (containers(), geometry(), elsewhere(), pictures()):
    for name, data in files:
        (HERE / name).write_bytes(data)
