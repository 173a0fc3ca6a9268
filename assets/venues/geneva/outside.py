"""What is seen through the windows: a terrace with a glass balustrade and planters, and the picture of lake and mountains."""

import math
import random

import numpy as np

from kit.shape import place

from .plan import LOUNGE

TERRACE = (-27.0, 27.0, -12.5, -5.9)
# The picture hangs on a part of a cylinder: radius, height of its low and high edge, angles seen from its middle.
BACKDROP = {"radius": 95.0, "low": -26.0, "high": 44.0, "start": math.radians(170), "end": math.radians(370)}
GROUND = -0.06


def build():
    """The terrace; the backdrop's mesh is made where its picture is known."""
    x0, x1, y0, y1 = TERRACE
    o = LOUNGE.shape("outside")
    o.quad((x0, y0, GROUND), (x1, y0, GROUND), (x1, -7.02, GROUND), (x0, -7.02, GROUND), "terrace")
    for a, b in ((x0, -12.02), (12.02, x1)):
        o.quad((a, -7.02, GROUND), (b, -7.02, GROUND), (b, -6.02, GROUND), (a, -6.02, GROUND), "terrace")
    o.box((x0, y0 - 0.15, -0.9), (x1, y0, 0.06), "stone_light", 0.012)
    for x in np.arange(x0, x1 + 0.1, 2.0):
        o.box((x - 0.02, y0 - 0.09, 0.06), (x + 0.02, y0 - 0.05, 1.04), "steel", 0.004)
    o.tube([(x0, y0 - 0.07, 1.06), (x1, y0 - 0.07, 1.06)], 0.026, "steel", 8)
    o.wall((12.02, -6.0), (12.02, -7.3), GROUND, 4.4, "plaster")
    o.wall((-12.02, -7.3), (-12.02, -6.0), GROUND, 4.4, "plaster")
    planters(o)
    eaves(o)


def planters(o):
    """Long planters with clipped hedges and flowers."""
    rng = random.Random(3)
    for x in (-22.0, -15.0, -8.6, 8.6, 15.0, 22.0):
        o.box((x - 1.5, -11.9, GROUND), (x + 1.5, -11.3, 0.42), "stone", 0.012, skip="z")
        o.cushion((2.86, 0.46, 0.5), "hedge", 0.12, 0.02, 6, at=place(x, -11.6, 0.6))
        for _ in range(16):
            o.cushion(
                (0.09, 0.09, 0.07),
                "hedge_flower",
                0.03,
                0.0,
                1,
                at=place(
                    x + rng.uniform(-1.35, 1.35),
                    -11.6 + rng.uniform(-0.22, 0.22),
                    0.84 + rng.uniform(-0.03, 0.04),
                    turn=rng.uniform(0, 3),
                ),
            )


def eaves(o):
    """The underside and the edge of the roof above the windows."""
    o.box((-12.4, -8.6, 4.02), (12.4, -7.02, 4.3), "plaster", 0.012)
    o.box((-26.0, -7.4, 3.62), (-12.42, -6.02, 3.9), "plaster", 0.012)
    o.box((12.42, -7.4, 3.82), (26.0, -6.02, 4.1), "plaster", 0.012)


def backdrop():
    """The backdrop's points, normals, uvs (v down) and triangles, z up; the picture faces the building."""
    b = BACKDROP
    steps = 64
    angles = np.linspace(b["start"], b["end"], steps + 1)
    points, normals, uvs, indices = [], [], [], []
    for k, a in enumerate(angles):
        for z, v in ((b["low"], 1.0), (b["high"], 0.0)):
            points.append((b["radius"] * math.cos(a), b["radius"] * math.sin(a), z))
            normals.append((-math.cos(a), -math.sin(a), 0.0))
            uvs.append((k / steps, v))
    for k in range(steps):
        i = 2 * k
        indices += [(i, i + 1, i + 3), (i, i + 3, i + 2)]
    return np.array(points), np.array(normals), np.array(uvs), np.array(indices)
