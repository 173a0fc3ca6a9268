"""The mouth: which part of a face follows the jaw, the slit between the lips, and what is seen behind it.

Everything is in the frame of a head of natural size (see face.py). Where the lips meet, the face's surface is cut, so
that nothing is stretched when the jaw goes down; closed, both edges lie together. It must not know skeletons, clothes
or how far a mouth opens.
"""

import numpy as np

from .face import closed, enlarged, front_of, mouth_line, outwards, reduced, smooth
from .sdf import gradient

# Half the width of the slit.
CORNER = 0.0225
# Both edges of the slit are this far from the line where the lips meet, so that a place tells which lip it is on.
APART = 0.000002
# Points so near to the line are put on it, and what lies behind this is no mouth; metres.
NEAR_LINE, AHEAD = 0.0004, -0.05
# How far below and above the line lips have to bend, and how long edges may be there; metres.
LIP, LIP_EDGE = (-0.018, 0.003), 0.0055
# From the lip's edge inwards: the lip's inner side, then the depth of the mouth; metres inwards and away from the line.
INNER_LIP, DEPTH = (0.0032, 0.0022), (0.0190, 0.0062)
LIP_TINT, PALATE_TINT, TONGUE_TINT = (0.58, 0.42, 0.40), (0.05, 0.022, 0.022), (0.34, 0.11, 0.11)
TEETH_TINT = (0.50, 0.46, 0.40)
# A lip that speaks rises; ours stays, and the teeth come down by this share of the jaw's way instead.
TEETH_SHARE = 0.2


def share_of_jaw(points):
    """How much the jaw moves each point, 0 to 1: all of the lower lip's middle and the chin, little of the mouth's
    corners, and softly less towards the cheeks, the ears and the throat."""
    x, y, z = np.abs(points[:, 0]), points[:, 1], points[:, 2]
    below = mouth_line(x) - y
    at_lip = np.clip(1 - (x / CORNER) ** 2, 0, 1) ** 0.9
    share = np.where(below > 0, at_lip + (1 - at_lip) * smooth(0.0, 0.034, below), 0.0)
    return share * smooth(0.002, -0.046, z) * smooth(1.478, 1.512, y)


def refined(points, faces, onto):
    """The surface with more points where lips move, which would open with few of them like a bag; `onto` draws new
    points onto the true surface."""
    middles = {}
    for a, b in edges_of(faces):
        middle = (points[a] + points[b]) / 2
        above = middle[1] - mouth_line(middle[0])
        is_lip = abs(middle[0]) < CORNER and LIP[0] < above < LIP[1] and middle[2] < AHEAD
        if is_lip and np.linalg.norm(points[a] - points[b]) > LIP_EDGE:
            middles[a, b] = len(points) + len(middles)
    if not middles:
        return points, faces
    new = onto(np.array([(points[a] + points[b]) / 2 for a, b in middles]))
    triangles = []
    for face in faces.tolist():
        ring = with_middles(face, middles)
        at = next((k for k, point in enumerate(ring) if point not in face), 0)
        triangles += fan(ring[at:] + ring[:at])
    return np.concatenate([points, new]), np.array(triangles)


def edges_of(faces):
    """Every edge once, the smaller number first, in a fixed order."""
    return sorted({tuple(sorted(edge)) for f in faces.tolist() for edge in zip(f, f[1:] + f[:1])})


def with_middles(face, middles):
    """A triangle's outline with the points that lie on its edges."""
    ring = []
    for a, b in zip(face, face[1:] + face[:1]):
        ring += [a] + [middles[edge] for edge in [(min(a, b), max(a, b))] if edge in middles]
    return ring


def cut(points, faces):
    """A face's surface, cut where the lips meet: points, triangles, and the numbers of the upper and the lower edge's
    points from corner to corner. Each pair lies in one place; that of a corner stays together when the jaw moves."""
    points = points.copy()
    height = points[:, 1] - mouth_line(points[:, 0])
    on_slit = (np.abs(height) < NEAR_LINE) & (np.abs(points[:, 0]) < CORNER) & (points[:, 2] < AHEAD)
    points[on_slit, 1] -= height[on_slit]
    side = np.where(on_slit, 0, np.where(height > 0, 1, -1))
    crossings, new = {}, []
    for a, b in edges_of(faces):
        if side[a] * side[b] < 0 and max(points[a, 2], points[b, 2]) < AHEAD:
            place = on_line(points[a], points[b])
            if abs(place[0]) < CORNER:
                crossings[a, b] = len(points) + len(new)
                new.append(place)
    points = np.concatenate([points, np.reshape(new, (-1, 3))])
    side = np.concatenate([side, np.zeros(len(new), int)])
    upper = np.flatnonzero(side == 0)
    upper = upper[np.argsort(points[upper, 0])]
    lower = len(points) + np.arange(len(upper))
    lower_of = dict(zip(upper.tolist(), lower.tolist()))
    triangles, ends = [], set()
    for face in faces.tolist():
        triangles += parted(face, side, crossings, lower_of, ends)
    points = np.concatenate([points, points[upper]])
    points[upper, 1] += APART
    points[lower, 1] += np.where(np.isin(upper, list(ends)), APART, -APART)
    return points, np.array(triangles), upper, lower


def on_line(a, b):
    """The place between two points where the lips meet."""
    for _ in range(30):
        middle = (a + b) / 2
        is_like_a = (middle[1] > mouth_line(middle[0])) == (a[1] > mouth_line(a[0]))
        a, b = (middle, b) if is_like_a else (a, middle)
    return (a + b) / 2


def parted(face, side, crossings, lower_of, ends):
    """A triangle's pieces above and below the slit, or the triangle itself; adds to `ends` where a slit ends in it."""
    ring = with_middles(face, crossings)
    on_slit = [k for k in ring if side[k] == 0]
    if all(side[k] >= 0 for k in face):
        return [tuple(face)]
    if all(side[k] <= 0 for k in face):
        return [tuple(lower_of.get(k, k) for k in face)]
    if len(on_slit) < 2:
        ends.update(on_slit)
        at = ring.index(on_slit[0]) if on_slit else 0
        return fan(ring[at:] + ring[:at])
    above = [k for k in ring if side[k] >= 0]
    below = [lower_of.get(k, k) for k in ring if side[k] <= 0]
    return fan(above) + fan(below)


def fan(ring):
    """A convex outline's triangles around its first point."""
    return [(ring[0], ring[k], ring[k + 1]) for k in range(1, len(ring) - 1)]


def opened(points, faces, head):
    """A head's triangles with a mouth that can open (the figure's frame, as `head` is): points, normals, triangles,
    colours."""

    def onto(places):
        drawn = enlarged(places)
        return reduced(drawn - gradient(head, drawn) * head(drawn)[:, None])

    outer, triangles, upper, lower = cut(*refined(reduced(points), faces, onto))
    normals = gradient(head, enlarged(outer))
    inner, inner_normals, tints, strips = hollow(outer, normals, upper, lower)
    return (
        enlarged(np.concatenate([outer, inner])),
        np.concatenate([normals, inner_normals]),
        np.concatenate([triangles, strips]),
        np.concatenate([np.ones((len(outer), 3)), tints]),
    )


def hollow(outer, normals, upper, lower):
    """What lies behind both edges of the slit, the inner sides of the lips and a dark depth: new points, their normals
    and colours, and triangles among the outer and the new points."""
    inwards = -normals[upper] * (1, 0, 1)
    inwards /= np.linalg.norm(inwards, axis=1, keepdims=True)
    size = 0.3 + 0.7 * np.clip(1 - (outer[upper, 0] / CORNER) ** 2, 0, 1)
    points, inner_normals, tints, rows = [], [], [], []
    for edge, sign, deep_tint in ((upper, 1.0, PALATE_TINT), (lower, -1.0, TONGUE_TINT)):
        for (inward, away), tint in ((INNER_LIP, LIP_TINT), (DEPTH, deep_tint)):
            row = outer[edge] + inwards * (inward * size)[:, None] + np.outer(away * size, (0, sign, 0))
            # Both ends of a row are the corners of the mouth themselves.
            numbers = len(outer) + len(row[1:-1]) * len(rows) + np.arange(len(row[1:-1]))
            rows.append(np.concatenate([edge[:1], numbers, edge[-1:]]))
            points.append(row[1:-1])
            inner_normals.append(np.tile((0.0, -sign * 0.9, -0.436), (len(numbers), 1)))
            tints.append(np.tile(tint, (len(numbers), 1)))
    inner_upper, palate, inner_lower, tongue = rows
    around = [upper, inner_upper, palate, tongue, inner_lower, lower]
    strips = [strip(a, b) for a, b in zip(around, around[1:])]
    return np.concatenate(points), np.concatenate(inner_normals), np.concatenate(tints), np.concatenate(strips)


def strip(above, below):
    """Triangles between two rows, which may begin and end in the same points."""
    made = []
    for k in range(len(above) - 1):
        made += [(above[k], above[k + 1], below[k]), (above[k + 1], below[k + 1], below[k])]
    return np.array([t for t in made if len(set(t)) == 3])


def teeth(face):
    """The edge of the upper teeth behind the lip: points, normals, triangles, colours."""
    surface = closed(face, False)
    columns = np.linspace(-0.0150, 0.0150, 9)
    points = []
    for x in columns:
        z = front_of(surface, x, mouth_line(x)) + 0.0052 + 0.0015 * (x / 0.015) ** 2
        for height in (0.0045, 0.0006 + 0.0016 * (x / 0.015) ** 4):
            points.append((x, mouth_line(x) + height, z))
    points = np.array(points)
    normals = np.tile((0.0, 0.0, -1.0), (len(points), 1)) + points * (18.0, 0, 0)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    faces = [(2 * k + a, 2 * k + b, 2 * k + c) for k in range(len(columns) - 1) for a, b, c in ((0, 1, 2), (2, 1, 3))]
    return outwards(points, normals, np.array(faces)) + (np.tile(TEETH_TINT, (len(points), 1)),)
