"""Bodies as signed distances: round solids that melt into each other, and their surface as triangles.

A distance is a function from points (n, 3) to numbers, negative inside. It must not know what is modelled.
"""

import numpy as np


def ellipsoid(center, radii):
    """An ellipsoid (an estimate of the distance that is good near its surface)."""
    center, radii = np.asarray(center, float), np.asarray(radii, float)

    def distance(p):
        q = (p - center) / radii
        k0 = np.linalg.norm(q, axis=1)
        k1 = np.linalg.norm(q / radii, axis=1)
        return k0 * (k0 - 1) / np.maximum(k1, 1e-9)

    return distance


def ball(center, radius):
    """A sphere."""
    center = np.asarray(center, float)
    return lambda p: np.linalg.norm(p - center, axis=1) - radius


def limb(a, b, start, end, flat=None):
    """A rounded cone from a to b; `flat` (axis, factor) squeezes it along an axis through its line."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    axis = b - a
    length = axis.dot(axis)

    def distance(p):
        t = np.clip((p - a) @ axis / length, 0, 1)
        away = p - (a + t[:, None] * axis)
        if flat is not None:
            direction, factor = np.asarray(flat[0], float), flat[1]
            away = away + np.outer(away @ direction, direction) * (1 / factor - 1)
        return np.linalg.norm(away, axis=1) - (start + (end - start) * t)

    return distance


def slab(center, half, round_to, frame=None):
    """A rounded box; `frame` holds its axes as rows."""
    center, half = np.asarray(center, float), np.asarray(half, float)

    def distance(p):
        q = p - center
        if frame is not None:
            q = q @ np.asarray(frame).T
        q = np.abs(q) - half + round_to
        return np.linalg.norm(np.maximum(q, 0), axis=1) + np.minimum(q.max(1), 0) - round_to

    return distance


def half_space(point, normal):
    """Everything behind a plane."""
    point, normal = np.asarray(point, float), np.asarray(normal, float)
    normal = normal / np.linalg.norm(normal)
    return lambda p: (p - point) @ normal


def melt(k, *parts):
    """The union of parts, with joints as soft as k metres."""

    def distance(p):
        d = parts[0](p)
        for part in parts[1:]:
            other = part(p)
            h = np.clip(0.5 + 0.5 * (other - d) / k, 0, 1)
            d = other * (1 - h) + d * h - k * h * (1 - h)
        return d

    return distance


def carve(body, tool, k=0.004):
    """The body without the tool, with edges as soft as k metres."""

    def distance(p):
        d, t = body(p), -tool(p)
        h = np.clip(0.5 - 0.5 * (d - t) / k, 0, 1)
        return d * (1 - h) + t * h + k * h * (1 - h)

    return distance


def common(a, b, k=0.003):
    """What two bodies share."""
    return carve(a, lambda p: -b(p), k)


def grown(body, by):
    """The body with a thicker skin."""
    return lambda p: body(p) - by


def mirrored(body):
    """A body and its mirror image; describe the one at x > 0."""
    return lambda p: body(np.abs(p) * (1, 0, 0) + p * (0, 1, 1))


def moved_surface(body, angles, heights):
    """How far the surface is from the upright axis at angles from the front and heights: an array (heights, angles)."""
    a, y = np.meshgrid(angles, heights)
    away = np.stack([np.sin(a), np.zeros_like(a), -np.cos(a)], -1).reshape(-1, 3)
    base = np.stack([np.zeros_like(a), y, np.zeros_like(a)], -1).reshape(-1, 3)
    low, high = np.zeros(len(base)), np.full(len(base), 0.16)
    for _ in range(14):
        middle = (low + high) / 2
        outside = body(base + away * middle[:, None]) > 0
        low, high = np.where(outside, low, middle), np.where(outside, middle, high)
    return ((low + high) / 2).reshape(a.shape)


def gradient(body, p, h=0.0008):
    """The outward direction at points."""
    g = np.stack([body(p + step) - body(p - step) for step in np.eye(3) * h], 1)
    return g / np.maximum(np.linalg.norm(g, axis=1, keepdims=True), 1e-9)


def surface(body, low, high, cell):
    """The body's surface as points and quads by surface nets, drawn onto the true surface."""
    low = np.asarray(low, float) - 1.5 * cell
    counts = np.ceil((np.asarray(high, float) + 1.5 * cell - low) / cell).astype(int) + 1
    axes = [low[i] + cell * np.arange(counts[i]) for i in range(3)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), -1)
    values = near_values(body, grid, counts, cell)
    points, slots = net_points(values, grid, counts, cell)
    quads = net_quads(values < 0, slots)
    points -= gradient(body, points) * np.clip(body(points), -cell, cell)[:, None]
    return points, quads


def near_values(body, grid, counts, cell, step=4):
    """The distances on a grid, worked out finely only where a coarse look says that the surface may be near."""
    coarse = grid[::step, ::step, ::step]
    rough = body(coarse.reshape(-1, 3)).reshape(coarse.shape[:3])
    for axis in range(3):
        rough = np.repeat(rough, step, axis)
    values = rough[: counts[0], : counts[1], : counts[2]].copy()
    near = np.abs(values) < 2.3 * step * cell
    values[near] = body(grid[near])
    return values


def net_points(values, grid, counts, cell):
    """One point for each cell that the surface crosses: the middle of its edges' crossings."""
    corner = [(i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1)]

    def at(array, c):
        return array[c[0] : counts[0] - 1 + c[0], c[1] : counts[1] - 1 + c[1], c[2] : counts[2] - 1 + c[2]]

    inside = sum(at(values, c) < 0 for c in corner)
    cells = (inside > 0) & (inside < 8)
    total = np.zeros((cells.sum(), 3))
    crossings = np.zeros(cells.sum())
    for a in corner:
        for axis in range(3):
            if a[axis]:
                continue
            b = tuple(1 if i == axis else a[i] for i in range(3))
            va, vb = at(values, a)[cells], at(values, b)[cells]
            cut = (va < 0) != (vb < 0)
            t = np.where(cut, va / np.where(va == vb, 1, va - vb), 0)
            start = np.stack([at(grid[..., i], a)[cells] for i in range(3)], 1)
            start[:, axis] += t * cell
            total += start * cut[:, None]
            crossings += cut
    slots = np.full(cells.shape, -1)
    slots[cells] = np.arange(cells.sum())
    return total / crossings[:, None], slots


def net_quads(inside, slots):
    """A quad around every grid edge that the surface crosses, wound outwards."""
    quads = []
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        first = np.swapaxes(np.moveaxis(inside, (axis, u, v), (0, 1, 2)), 0, 0)
        cells = np.moveaxis(slots, (axis, u, v), (0, 1, 2))
        a, b = first[:-1, 1:-1, 1:-1], first[1:, 1:-1, 1:-1]
        for rising in (True, False):
            i, j, k = np.nonzero(a & ~b if rising else ~a & b)
            ring = [cells[i, j, k], cells[i, j + 1, k], cells[i, j + 1, k + 1], cells[i, j, k + 1]]
            quads.append(np.stack(ring if rising else ring[::-1], 1))
    return np.concatenate(quads)
