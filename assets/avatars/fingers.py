"""Fingers as ready triangles with a ring of points at both sides of each joint, so that they bend like fingers.

It must not know in which shapes hands are seen.
"""

import numpy as np

from . import hand
from .rig import NAMES, in_hand, turned_into_hand
from .face import outwards

SIDES = 6
# Rings of a finger: (bone, part of its length, how much of the next bone's joint moves it).
RINGS = (
    (0, -0.30, 0.0, 1.0),
    (0, 0.04, 0.55, 1.0),
    (0, 0.45, 1.0, 0.97),
    (0, 0.86, 1.0, 1.02),
    (1, 0.14, 1.0, 1.02),
    (1, 0.80, 1.0, 1.0),
    (2, 0.20, 1.0, 1.0),
    (2, 0.70, 1.0, 1.0),
    (2, 0.95, 1.0, 0.66),
)


def finger(name, size):
    """Points, normals, triangles of one right finger in the hand's frame, and each point's joint and weight."""
    shape = hand.THUMB if name == "Thumb" else hand.HAND[name]
    joints, ways = hand.chain(name), hand.bones_of(name)
    slim = np.array([1.0, size, size])
    points, normals, carried = [], [], []
    for bone, part, share, swell in RINGS:
        middle = joints[bone] + ways[bone] * shape.lengths[bone] * part
        t = np.clip(part, 0, 1)
        # Flat sides lie within their circle.
        radius = 1.12 * (shape.radii[bone] * (1 - t) + shape.radii[bone + 1] * t) * swell * size
        # At a joint a ring stands half-way between the two bones.
        along = ways[bone]
        if part > 0.75 and bone < 2:
            along = along + 0.35 * ways[bone + 1]
        if 0 < part < 0.25 and bone > 0:
            along = along + 0.35 * ways[bone - 1]
        along = along / np.linalg.norm(along)
        across = np.cross(along, (0.0, 0.0, 1.0))
        across /= np.linalg.norm(across)
        back = np.cross(across, along)
        for k in range(SIDES):
            a = 2 * np.pi * (k + 0.5) / SIDES
            n = np.cos(a) * across + np.sin(a) * back
            tip = along * (0.55 if swell < 0.8 else 0.0)
            points.append(middle * slim + n * radius)
            normals.append((n + tip) / np.linalg.norm(n + tip))
            carried.append((bone, share if bone == 0 else 1.0))
    points.append(joints[3] * slim)
    normals.append(ways[2])
    carried.append((2, 1.0))
    faces = []
    for ring in range(len(RINGS) - 1):
        for k in range(SIDES):
            a, b = ring * SIDES + k, ring * SIDES + (k + 1) % SIDES
            faces += [(a, b, a + SIDES), (b, b + SIDES, a + SIDES)]
    last = (len(RINGS) - 1) * SIDES
    faces += [(last + k, last + (k + 1) % SIDES, last + SIDES) for k in range(SIDES)]
    return np.array(points), np.array(normals), np.array(faces), carried


def weights(name, side, carried):
    """The rows of weights of a finger's points: near a joint both its bones carry them."""
    rows = np.zeros((len(carried), len(NAMES)))
    names = [side + joint for joint in hand.joint_names(name)]
    for row, (bone, share) in zip(rows, carried):
        row[NAMES.index(names[bone])] += share
        row[NAMES.index(side + "Hand" if bone == 0 else names[bone - 1])] += 1 - share
    soften(rows, names)
    return rows


def soften(rows, names):
    """The rings just before and after a joint follow the other bone a little."""
    slots = [NAMES.index(name) for name in names]
    for ring, (before, after) in ((3, (0, 1)), (4, (1, 0)), (5, (1, 2)), (6, (2, 1))):
        span = slice(ring * SIDES, (ring + 1) * SIDES)
        rows[span, slots[before]] -= 0.22
        rows[span, slots[after]] += 0.22


def both_hands(size, color):
    """All ten fingers: points, normals, triangles, colours, and the weights of the points."""
    sets, first = [], 0
    for side, sign in (("left", -1.0), ("right", 1.0)):
        for name in ("Thumb", *hand.FINGERS):
            points, normals, faces, carried = finger(name, size)
            points = in_hand(points) * (sign, 1, 1)
            normals = turned_into_hand(normals) * (sign, 1, 1)
            points, normals, faces = outwards(points, normals, faces)
            sets.append((points, normals, faces + first, weights(name, side, carried)))
            first += len(points)
    points, normals, faces, carried = (np.concatenate([s[k] for s in sets]) for k in range(4))
    return (points, normals, faces, np.tile(color, (len(points), 1))), carried
