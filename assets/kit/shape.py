"""Solid shapes from a few numbers: boxes with bevels, lathes, tubes, extrusions, cushions, walls with openings.

A `Shape` is a bag of points and faces, each face with the name of its material. Metres, z up (the glTF writer
turns it to y up). It must not know any venue and needs no Blender.
"""

import math

import numpy as np


def place(x=0.0, y=0.0, z=0.0, turn=0.0, scale=1.0):
    """A 4x4 matrix: scale, then turn about +z (radians, counter-clockwise from above), then move."""
    c, s = math.cos(turn) * scale, math.sin(turn) * scale
    return np.array([[c, -s, 0, x], [s, c, 0, y], [0, 0, scale, z], [0, 0, 0, 1.0]])


def tilt(angle, axis="x"):
    """A 4x4 matrix that turns about +x or +y."""
    c, s = math.cos(angle), math.sin(angle)
    if axis == "x":
        return np.array([[1, 0, 0, 0], [0, c, -s, 0], [0, s, c, 0], [0, 0, 0, 1.0]])
    return np.array([[c, 0, s, 0], [0, 1, 0, 0], [-s, 0, c, 0], [0, 0, 0, 1.0]])


class Shape:
    """Points and faces; every face is wound counter-clockwise as seen from outside."""

    def __init__(self):
        self.points = []
        self.faces = []
        self.materials = []

    def add(self, points, faces, material, at=None):
        """Appends a piece; `at` is a 4x4 matrix."""
        first = len(self.points)
        points = np.asarray(points, float).reshape(-1, 3)
        if at is not None:
            points = points @ at[:3, :3].T + at[:3, 3]
            if np.linalg.det(at[:3, :3]) < 0:
                faces = [tuple(reversed(face)) for face in faces]
        self.points.extend(map(tuple, points))
        self.faces.extend(tuple(first + i for i in face) for face in faces)
        self.materials.extend([material] * len(faces))
        return self

    def merge(self, other, at=None):
        """Appends a copy of another shape."""
        for points, faces, material in other.by_material():
            self.add(points, faces, material, at)
        return self

    def by_material(self):
        """The points and faces of each material."""
        for material in dict.fromkeys(self.materials):
            faces = [f for f, m in zip(self.faces, self.materials) if m == material]
            used = sorted({i for face in faces for i in face})
            slot = {old: new for new, old in enumerate(used)}
            yield [self.points[i] for i in used], [tuple(slot[i] for i in f) for f in faces], material

    def split(self, chosen):
        """The faces whose material is chosen, and the rest."""
        parts = Shape(), Shape()
        for points, faces, material in self.by_material():
            parts[0 if chosen(material) else 1].add(points, faces, material)
        return parts

    def welded(self):
        """Joins points that coincide, so that neighbouring faces share their edge."""
        self.points, slots = weld_points(self.points)
        self.faces = [tuple(slots[i] for i in face) for face in self.faces]
        return self

    def quad(self, a, b, c, d, material, at=None):
        """One face."""
        return self.add([a, b, c, d], [(0, 1, 2, 3)], material, at)

    def box(self, low, high, material, bevel=0.006, at=None, skip=""):
        """A box with chamfered edges. `skip` leaves out sides nobody sees: letters of x X y Y z Z (low, high)."""
        low, high = np.minimum(low, high), np.maximum(low, high)
        bevel = min(bevel, *((high - low) * 0.45))
        if bevel <= 0.0005:
            return self._plain_box(low, high, material, at, skip)
        points, index = [], {}
        for corner in range(8):
            sign = np.array([1 if corner >> axis & 1 else -1 for axis in range(3)])
            base = np.where(sign > 0, high, low)
            for axis in range(3):
                inset = base - sign * bevel
                inset[axis] = base[axis]
                index[corner, axis] = len(points)
                points.append(inset)
        faces = []
        for axis in range(3):
            u, v = (axis + 1) % 3, (axis + 2) % 3
            for side in (0, 1):
                if "xyz"[axis].upper() * side + "xyz"[axis] * (1 - side) in skip:
                    continue
                ring = [side << axis | a << u | b << v for a, b in ((0, 0), (1, 0), (1, 1), (0, 1))]
                face = [index[c, axis] for c in ring]
                faces.append(tuple(face if side else face[::-1]))
            for a in (0, 1):
                for b in (0, 1):
                    one = a << u | b << v
                    two = one | 1 << axis
                    face = [index[one, u], index[two, u], index[two, v], index[one, v]]
                    faces.append(tuple(face if a != b else face[::-1]))
        for corner in range(8):
            face = [index[corner, axis] for axis in range(3)]
            faces.append(tuple(face if bin(corner).count("1") % 2 else face[::-1]))
        return self.add(points, faces, material, at)

    def _plain_box(self, low, high, material, at, skip):
        points = [[(low, high)[c >> a & 1][a] for a in range(3)] for c in range(8)]
        sides = {
            "x": (0, 4, 6, 2),
            "X": (1, 3, 7, 5),
            "y": (0, 1, 5, 4),
            "Y": (2, 6, 7, 3),
            "z": (0, 2, 3, 1),
            "Z": (4, 5, 7, 6),
        }
        return self.add(points, [f for side, f in sides.items() if side not in skip], material, at)

    def lathe(self, profile, material, sides=24, at=None):
        """Turns a profile [(radius, height), …], listed from bottom to top along the outside, about z."""
        points, faces, rings = [], [], []
        for radius, height in profile:
            if radius < 1e-6:
                rings.append([len(points)] * sides)
                points.append((0, 0, height))
                continue
            rings.append(list(range(len(points), len(points) + sides)))
            points += [
                (
                    radius * math.cos(2 * math.pi * i / sides),
                    radius * math.sin(2 * math.pi * i / sides),
                    height,
                )
                for i in range(sides)
            ]
        for low, high in zip(rings, rings[1:]):
            for i in range(sides):
                j = (i + 1) % sides
                face = list(dict.fromkeys((low[i], low[j], high[j], high[i])))
                if len(face) > 2:
                    faces.append(tuple(face))
        return self.add(points, faces, material, at)

    def cylinder(self, radius, low, high, material, sides=24, bevel=0.004, at=None, bottom=True):
        """An upright cylinder with bevelled rims."""
        bevel = min(bevel, radius * 0.4, (high - low) * 0.4)
        profile = [(0, low)] if bottom else []
        profile += [
            (radius - bevel, low),
            (radius, low + bevel),
            (radius, high - bevel),
            (radius - bevel, high),
            (0, high),
        ]
        return self.lathe(profile if bottom else profile[1:], material, sides, at)

    def tube(self, path, radius, material, sides=8, at=None, closed=False):
        """A round bar along a path of points."""
        path = np.asarray(path, float)
        count = len(path)
        ahead = np.roll(path, -1, 0) - path
        behind = path - np.roll(path, 1, 0)
        if not closed:
            ahead[-1], behind[0] = behind[-1], ahead[0]
        tangents = ahead / np.linalg.norm(ahead, axis=1, keepdims=True)
        tangents += behind / np.linalg.norm(behind, axis=1, keepdims=True)
        tangents /= np.linalg.norm(tangents, axis=1, keepdims=True)
        normal = np.cross(tangents[0], (0, 0, 1.0) if abs(tangents[0][2]) < 0.9 else (1.0, 0, 0))
        points = []
        for point, tangent in zip(path, tangents):
            normal = normal - tangent * normal.dot(tangent)
            normal /= np.linalg.norm(normal)
            side = np.cross(tangent, normal)
            points += [
                point + radius * (math.cos(a) * normal + math.sin(a) * side)
                for a in np.arange(sides) * 2 * math.pi / sides
            ]
        faces = []
        for i in range(count if closed else count - 1):
            k = (i + 1) % count
            faces += [
                (i * sides + j, i * sides + (j + 1) % sides, k * sides + (j + 1) % sides, k * sides + j)
                for j in range(sides)
            ]
        if not closed:
            faces.append(tuple(reversed(range(sides))))
            faces.append(tuple(range((count - 1) * sides, count * sides)))
        return self.add(points, faces, material, at)

    def extrude(self, outline, low, high, material, bevel=0.006, at=None, bottom=True):
        """A prism over a counter-clockwise convex-cornered outline [(x, y), …] with bevelled top and bottom rims."""
        outline = np.asarray(outline, float)
        inner = inset(outline, bevel)
        levels = [(inner, low), (outline, low + bevel), (outline, high - bevel), (inner, high)]
        count = len(outline)
        points = [(x, y, z) for ring, z in levels for x, y in ring]
        faces = [
            (
                k * count + i,
                k * count + (i + 1) % count,
                (k + 1) * count + (i + 1) % count,
                (k + 1) * count + i,
            )
            for k in range(3)
            for i in range(count)
        ]
        faces.append(tuple(range(3 * count, 4 * count)))
        if bottom:
            faces.append(tuple(reversed(range(count))))
        return self.add(points, faces, material, at)

    def arc_band(self, inner, outer, start, end, low, high, material, steps=12, bevel=0.006, at=None):
        """A curved slab between two radii and two angles (radians): a desk top, a step, a cove.

        It is made of short pieces, because long curved faces waste a texture atlas."""
        angles = np.linspace(start, end, steps + 1)
        section = [
            (inner + bevel, low),
            (outer - bevel, low),
            (outer, low + bevel),
            (outer, high - bevel),
            (outer - bevel, high),
            (inner + bevel, high),
            (inner, high - bevel),
            (inner, low + bevel),
        ]
        n = len(section)
        closed = abs(end - start) > 2 * math.pi - 1e-6
        for first in range(0, steps, 5):
            some = angles[first : first + 6]
            points = [(r * math.cos(a), r * math.sin(a), z) for a in some for r, z in section]
            faces = [
                (k * n + i, (k + 1) * n + i, (k + 1) * n + (i + 1) % n, k * n + (i + 1) % n)
                for k in range(len(some) - 1)
                for i in range(n)
            ]
            if not closed and first == 0:
                faces.append(tuple(range(n)))
            if not closed and first + 5 >= steps:
                faces.append(tuple(reversed(range((len(some) - 1) * n, len(some) * n))))
            self.add(points, faces, material, at)
        return self

    def cushion(self, size, material, round_to=0.05, puff=0.02, cuts=4, at=None):
        """A soft block centred on the origin: a box whose edges are rounded and whose faces swell a little."""
        size = np.asarray(size, float)
        half = size / 2
        grid = np.linspace(-1, 1, cuts + 1)
        points, faces = [], []
        for axis in range(3):
            u, v = (axis + 1) % 3, (axis + 2) % 3
            for side in (-1, 1):
                first = len(points)
                for a in grid:
                    for b in grid:
                        p = np.zeros(3)
                        p[axis], p[u], p[v] = side, ease(a), ease(b)
                        points.append(rounded(p, half, round_to, puff))
                for i in range(cuts):
                    for j in range(cuts):
                        k = first + i * (cuts + 1) + j
                        face = (k, k + cuts + 1, k + cuts + 2, k + 1)
                        faces.append(face if side > 0 else face[::-1])
        return self.add(*welded(points, faces), material, at)

    def wall(self, start, end, low, high, material, openings=(), at=None):
        """An upright sheet from start to end (x, y) seen from its left side; openings are (from, to, low, high) along it."""
        start, end = np.asarray(start, float), np.asarray(end, float)
        length = np.linalg.norm(end - start)
        along = (end - start) / length
        us = sorted({0.0, float(length), *(float(u) for o in openings for u in o[:2])})
        zs = sorted({float(low), float(high), *(float(z) for o in openings for z in o[2:])})
        points = [(*(start + along * u), z) for u in us for z in zs]
        faces = []
        for i in range(len(us) - 1):
            for j in range(len(zs) - 1):
                u, z = (us[i] + us[i + 1]) / 2, (zs[j] + zs[j + 1]) / 2
                if not any(o[0] < u < o[1] and o[2] < z < o[3] for o in openings):
                    k = i * len(zs) + j
                    faces.append((k, k + 1, k + len(zs) + 1, k + len(zs)))
        return self.add(points, faces, material, at)


def ease(t):
    """Draws grid lines towards the rim, where a cushion bends."""
    return math.copysign(1 - (1 - abs(t)) ** 1.6, t)


def rounded(p, half, round_to, puff):
    """Moves a point of the cube [-1, 1]³ onto a rounded, swollen block."""
    core = half - round_to
    full = p * half
    nearest = np.clip(full, -core, core)
    away = full - nearest
    reach = np.linalg.norm(away)
    if reach > 1e-9:
        full = nearest + away / reach * round_to
    swell = [math.cos(math.pi / 2 * abs(p[i])) for i in range(3)]
    thin = int(np.argmin(half))
    others = [i for i in range(3) if i != thin]
    if abs(p[thin]) > 0.99:
        full[thin] += math.copysign(puff, p[thin]) * swell[others[0]] * swell[others[1]]
    return full


def weld_points(points, tolerance=1e-5):
    """The distinct points, and for each old point its new index."""
    slots, unique, remap = {}, [], []
    for p in points:
        key = tuple(np.round(np.asarray(p) / tolerance).astype(int))
        if key not in slots:
            slots[key] = len(unique)
            unique.append(tuple(p))
        remap.append(slots[key])
    return unique, remap


def welded(points, faces):
    """Joins points that coincide and drops faces that vanish by it."""
    unique, remap = weld_points(points)
    joined = [tuple(dict.fromkeys(remap[i] for i in face)) for face in faces]
    return unique, [face for face in joined if len(face) > 2]


def inset(outline, distance):
    """Moves every edge of a counter-clockwise outline inwards."""
    outline = np.asarray(outline, float)
    ahead = np.roll(outline, -1, 0) - outline
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    behind = np.roll(ahead, 1, 0)
    left = np.stack([-ahead[:, 1], ahead[:, 0]], 1)
    left_behind = np.stack([-behind[:, 1], behind[:, 0]], 1)
    bisector = left + left_behind
    bisector /= np.maximum((bisector * left).sum(1, keepdims=True), 0.2)
    return outline + bisector * distance


def rounded_outline(width, depth, corner, steps=4):
    """A counter-clockwise rectangle with round corners, centred on the origin."""
    points = []
    for cx, cy, start in ((1, 1, 0), (-1, 1, 90), (-1, -1, 180), (1, -1, 270)):
        for k in range(steps + 1):
            a = math.radians(start + 90 * k / steps)
            points.append(
                (
                    cx * (width / 2 - corner) + corner * math.cos(a),
                    cy * (depth / 2 - corner) + corner * math.sin(a),
                )
            )
    return points


def floor(xs, ys, material_at, z=0.0, up=True):
    """A level sheet cut along all xs and ys; `material_at(x, y)` names each cell's material, None leaves a hole."""
    shape = Shape()
    for x0, x1 in zip(xs, xs[1:]):
        for y0, y1 in zip(ys, ys[1:]):
            material = material_at((x0 + x1) / 2, (y0 + y1) / 2)
            if material:
                corners = [(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)]
                shape.quad(*(corners if up else corners[::-1]), material)
    return shape.welded()
