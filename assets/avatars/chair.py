"""A wheelchair and glasses: bent tubes, rings and cushions as ready triangles in the figure's frame.

It must not know the person who uses them.
"""

import numpy as np

from .face import enlarged, outwards
from .rig import WHEEL

RIM = (0.22, 0.23, 0.24)
METAL, RUBBER, CLOTH = (0.11, 0.12, 0.13), (0.012, 0.012, 0.013), (0.02, 0.022, 0.03)


def tube(path, radius, sides=8, closed=False, color=METAL):
    """A round bar along points."""
    path = np.asarray(path, float)
    count = len(path)
    points, normals, faces = [], [], []
    for k in range(count):
        before = path[k - 1] if closed or k > 0 else path[k]
        after = path[(k + 1) % count] if closed or k < count - 1 else path[k]
        along = (after - before) / np.linalg.norm(after - before)
        helper = np.array([0.0, 0, 1]) if abs(along[2]) < 0.9 else np.array([0.0, 1, 0])
        u = np.cross(helper, along)
        u /= np.linalg.norm(u)
        v = np.cross(along, u)
        for s in range(sides):
            a = 2 * np.pi * s / sides
            n = np.cos(a) * u + np.sin(a) * v
            points.append(path[k] + n * radius)
            normals.append(n)
    for k in range(count if closed else count - 1):
        for s in range(sides):
            a, b = k * sides + s, k * sides + (s + 1) % sides
            c, d = (k + 1) % count * sides + s, (k + 1) % count * sides + (s + 1) % sides
            faces += [(a, b, c), (b, d, c)]
    return outwards(np.array(points), np.array(normals), np.array(faces)) + (np.tile(color, (len(points), 1)),)


def block(center, half, color=CLOTH):
    """A plain box, for what is far away."""
    points, normals, faces = [], [], []
    for axis in range(3):
        for side in (-1.0, 1.0):
            first = len(points)
            for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                q = np.zeros(3)
                q[axis], q[(axis + 1) % 3], q[(axis + 2) % 3] = side, a, b
                points.append(q * half + center)
                normals.append(np.eye(3)[axis] * side)
            faces += [(first, first + 1, first + 2), (first, first + 2, first + 3)]
    return outwards(np.array(points), np.array(normals), np.array(faces)) + (np.tile(color, (len(points), 1)),)


def cushion(center, half, color=CLOTH, tilt=0.0, parts=4):
    """A padded block with soft edges: a box bent towards a ball."""
    steps = np.linspace(-1, 1, parts + 1)
    points, normals, faces = [], [], []
    for axis in range(3):
        for side in (-1.0, 1.0):
            first = len(points)
            for a in steps:
                for b in steps:
                    q = np.zeros(3)
                    q[axis], q[(axis + 1) % 3], q[(axis + 2) % 3] = side, a, b
                    soft = q / (np.abs(q) ** 6).sum() ** (1 / 6)
                    n = np.sign(q) * np.abs(soft) ** 5 / np.asarray(half)
                    points.append(soft * half)
                    normals.append(n / np.linalg.norm(n))
            row = parts + 1
            for i in range(parts):
                for j in range(parts):
                    k = first + i * row + j
                    faces += [(k, k + 1, k + row), (k + 1, k + row + 1, k + row)]
    c, s = np.cos(tilt), np.sin(tilt)
    turn = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    points, normals = np.array(points) @ turn.T + center, np.array(normals) @ turn.T
    return outwards(points, normals, np.array(faces)) + (np.tile(color, (len(points), 1)),)


def joined(meshes):
    """Several triangle sets as one."""
    first, faces = 0, []
    for points, _, indices, _ in meshes:
        faces.append(indices + first)
        first += len(points)
    return tuple(np.concatenate([m[k] for m in meshes]) for k in (0, 1)) + (
        np.concatenate(faces),
        np.concatenate([m[3] for m in meshes]),
    )


def ring(center, radius, count, lean=0.0):
    """Points of a circle across the x axis, its top leaning inwards."""
    a = np.linspace(0, 2 * np.pi, count, endpoint=False)
    inward = -np.sign(center[0]) * lean * np.sin(a) * radius
    return np.stack([center[0] + inward, center[1] + radius * np.sin(a), center[2] + radius * np.cos(a)], 1)


def tyre(hub):
    """A tyre whose inner side is the metal of its rim."""
    points, normals, faces, tints = tube(ring(hub, 0.288, 32, 0.03), 0.0165, 6, True, RUBBER)
    to_hub = (hub - points) * (0, 1, 1)
    inner = (normals * to_hub).sum(1) > 0.55 * np.linalg.norm(to_hub, axis=1)
    return points, normals, faces, np.where(inner[:, None], RIM, tints)


def wheels():
    """The two large wheels with tyres, push rims on their brackets, and crossed spokes."""
    parts = []
    for sign in (-1.0, 1.0):
        hub = WHEEL * (sign, 1, 1)
        push = hub + (sign * 0.026, 0, 0)
        parts.append(tyre(hub))
        parts.append(tube(ring(push, 0.252, 24, 0.03), 0.0075, 4, True, (0.34, 0.35, 0.36)))
        parts.append(tube([hub - (0.025 * sign, 0, 0), hub + (0.035 * sign, 0, 0)], 0.020, 8, color=RIM))
        # A disc closes the hub's outer end.
        parts.append(tube([hub + (0.034 * sign, 0, 0), hub + (0.038 * sign, 0, 0)], 0.017, 6, color=METAL))
        for k in range(14):
            a = 2 * np.pi * k / 14
            aside = 0.55 if k % 2 else -0.55
            inner = hub + np.array([sign * (0.018 if k % 2 else -0.018), np.sin(a + aside) * 0.018, np.cos(a + aside) * 0.018])
            outer = ring(hub, 0.274, 14, 0.03)[k]
            parts.append(tube([inner, outer], 0.0022, 3, color=RIM))
        brackets = zip(ring(hub, 0.274, 6, 0.03), ring(push, 0.252, 6, 0.03))
        parts += [tube([a, b], 0.004, 3, color=RIM) for a, b in brackets]
    return joined(parts)


def frame():
    """Seat, back, side plates, footrests and the small wheels in front."""
    parts = [
        cushion((0, 0.452, 0.010), (0.205, 0.040, 0.215), parts=3),
        cushion((0, 0.690, 0.236), (0.190, 0.170, 0.020), tilt=-0.10, parts=3),
    ]
    for sign in (-1.0, 1.0):
        x = 0.222 * sign
        bar = [(x, 0.93, 0.345), (x, 0.90, 0.262), (x, 0.66, 0.235), (x, 0.42, 0.215), (x, 0.41, -0.20), (x * 0.95, 0.36, -0.265), (x * 0.80, 0.14, -0.37)]
        parts.append(tube(bar, 0.0125, 5))
        parts.append(tube([(x, 0.42, 0.19), (x, 0.20, 0.10), (x, 0.15, -0.20), (x, 0.41, -0.20)], 0.0105, 5))
        parts.append(tube([(x, 0.93, 0.345), (x, 0.935, 0.40)], 0.0170, 7, color=RUBBER))
        parts.append(tube([(0, WHEEL[1], WHEEL[2]), (WHEEL[0] * sign, WHEEL[1], WHEEL[2])], 0.011, 6))
        parts.append(block((x, 0.535, 0.03), (0.006, 0.085, 0.16), (0.05, 0.055, 0.065)))
        parts.append(cushion((x * 1.0, 0.645, 0.0), (0.022, 0.016, 0.125), CLOTH, parts=2))
        parts.append(tube(ring((x, 0.062, -0.235), 0.047, 11), 0.014, 5, True, RUBBER))
        parts.append(tube([(x, 0.062, -0.235), (x, 0.19, -0.20)], 0.010, 6))
        parts.append(block((0.105 * sign, 0.098, -0.425), (0.080, 0.010, 0.085), METAL))
    parts.append(tube([(-0.222, 0.30, 0.0), (0.222, 0.30, 0.0)], 0.0095, 6))
    return joined(parts)


def far_wheels():
    """Two tyres, for what is far away."""
    return joined(
        [tube(ring(WHEEL * (sign, 1, 1), 0.288, 12, 0.03), 0.022, 3, True, RUBBER) for sign in (-1.0, 1.0)]
    )


def far_frame():
    """Seat, back and footrests, for what is far away."""
    return joined(
        [
            block((0, 0.452, 0.010), (0.205, 0.035, 0.215)),
            block((0, 0.690, 0.236), (0.190, 0.170, 0.020)),
            block((0, 0.110, -0.420), (0.180, 0.012, 0.085), METAL),
        ]
    )


def glasses(color=(0.02, 0.018, 0.016), radius=0.0235, thin=0.0013):
    """Round glasses: two rims, a bridge and arms to the ears."""
    parts = []
    for sign in (-1.0, 1.0):
        a = np.linspace(0, 2 * np.pi, 22, endpoint=False)
        x, y = radius * 1.06 * np.cos(a), radius * 0.92 * np.sin(a)
        rim = np.stack([sign * 0.0335 + x, 1.6490 + y, -0.1010 + 0.22 * np.abs(sign * 0.0335 + x)], 1)
        parts.append(tube(rim, thin, 5, True, color))
        outer = np.array([sign * 0.0580, 1.655, -0.0880])
        parts.append(tube([outer, (sign * 0.0740, 1.657, -0.050), (sign * 0.0800, 1.655, 0.010), (sign * 0.0790, 1.645, 0.030)], thin, 5, color=color))
    parts.append(tube([(-0.0115, 1.653, -0.0990), (0, 1.656, -0.1015), (0.0115, 1.653, -0.0990)], thin, 5, color=color))
    points, normals, faces, tints = joined(parts)
    return enlarged(points), normals, faces, tints
