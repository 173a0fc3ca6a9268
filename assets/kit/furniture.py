"""Furniture of a conference centre. Every piece stands on z = 0 at the origin and faces +y (a sitter looks along +y).

It must not know any venue: what stands where is the venue's plan. Materials are names; palette.py says what they are.
"""

import math
import random

import numpy as np

from .shape import Shape, place, rounded_outline, tilt

SEAT_HEIGHT = 0.45
DESK_HEIGHT = 0.75


def arc_path(points, corner=0.04, steps=3):
    """Rounds the corners of a path of points."""
    points = [np.asarray(p, float) for p in points]
    path = [points[0]]
    for before, here, after in zip(points, points[1:], points[2:]):
        a = here + (before - here) / np.linalg.norm(before - here) * corner
        b = here + (after - here) / np.linalg.norm(after - here) * corner
        for k in range(steps + 1):
            t = k / steps
            path.append((1 - t) ** 2 * a + 2 * t * (1 - t) * here + t * t * b)
    path.append(points[-1])
    return path


def delegate_chair(fabric="fabric_blue"):
    """A conference chair: sled frame of steel tube, upholstered seat and back, arm pads."""
    s = Shape()
    s.cushion((0.49, 0.47, 0.075), fabric, 0.032, 0.012, 3, at=place(z=SEAT_HEIGHT - 0.04))
    back = place(y=-0.245, z=0.70) @ tilt(math.radians(-101))
    s.cushion((0.46, 0.46, 0.06), fabric, 0.028, 0.012, 3, at=back)
    for side in (-1, 1):
        x = 0.255 * side
        s.tube(
            arc_path(
                [
                    (x, -0.25, 0.62),
                    (x, -0.24, 0.655),
                    (x, 0.23, 0.655),
                    (x, 0.25, 0.012),
                    (x, -0.27, 0.012),
                    (x, -0.22, 0.40),
                ],
                0.03,
                1,
            ),
            0.011,
            "steel",
            5,
        )
        s.box((x - 0.022, -0.18, 0.664), (x + 0.022, 0.2, 0.684), "black", 0.008)
    return s


def task_chair(fabric="fabric_grey"):
    """A lighter chair on four legs, for classrooms."""
    s = Shape()
    s.cushion((0.46, 0.45, 0.05), fabric, 0.022, 0.008, 3, at=place(z=SEAT_HEIGHT - 0.025))
    s.cushion(
        (0.44, 0.34, 0.04), fabric, 0.018, 0.006, 3, at=place(y=-0.235, z=0.70) @ tilt(math.radians(-100))
    )
    for x in (-0.2, 0.2):
        s.tube(
            arc_path([(x, -0.25, 0.80), (x, -0.19, 0.43), (x * 1.12, -0.25, 0.0)], 0.03, 2), 0.011, "steel", 6
        )
        s.tube([(x, 0.18, 0.43), (x * 1.12, 0.22, 0.0)], 0.011, "steel", 6)
        s.tube([(x, -0.19, 0.42), (x, 0.18, 0.42)], 0.009, "steel", 6)
    return s


def armchair(fabric="fabric_ochre"):
    """A lounge chair with a wrapped back on a wooden base."""
    s = Shape()
    s.cushion((0.56, 0.58, 0.16), fabric, 0.05, 0.02, at=place(y=0.04, z=0.37))
    s.cushion((0.80, 0.14, 0.46), fabric, 0.055, 0.012, at=place(y=-0.31, z=0.55) @ tilt(math.radians(10)))
    for side in (-1, 1):
        s.cushion((0.12, 0.64, 0.34), fabric, 0.05, 0.008, at=place(x=0.34 * side, y=0.0, z=0.44))
    s.box((-0.36, -0.32, 0.21), (0.36, 0.3, 0.29), "walnut", 0.012)
    for x in (-0.3, 0.3):
        for y in (-0.28, 0.26):
            s.tube([(x, y, 0.22), (x * 1.1, y * 1.1, 0.0)], 0.016, "walnut", 6)
    return s


def sofa(places=3, fabric="fabric_teal"):
    """A sofa with one seat and one back cushion for each place."""
    s = Shape()
    width = places * 0.66
    s.box((-width / 2 - 0.12, -0.4, 0.12), (width / 2 + 0.12, 0.38, 0.28), fabric, 0.03)
    s.cushion(
        (width + 0.3, 0.2, 0.5), fabric, 0.07, 0.01, cuts=5, at=place(y=-0.36, z=0.52) @ tilt(math.radians(6))
    )
    for k in range(places):
        x = (k - (places - 1) / 2) * 0.66
        s.cushion((0.65, 0.64, 0.17), fabric, 0.05, 0.022, at=place(x, 0.07, 0.365))
        s.cushion((0.63, 0.17, 0.40), fabric, 0.06, 0.03, at=place(x, -0.2, 0.63) @ tilt(math.radians(12)))
    for side in (-1, 1):
        s.cushion((0.17, 0.8, 0.42), fabric, 0.06, 0.008, at=place(side * (width / 2 + 0.08), -0.01, 0.41))
        for y in (-0.34, 0.32):
            s.cylinder(0.022, 0.0, 0.125, "walnut", 8, at=place(side * width / 2, y))
    return s


def sofa_seats(places=3):
    """Where people sit on a sofa: x offsets and the y of the sitter."""
    return [((k - (places - 1) / 2) * 0.66, 0.1) for k in range(places)]


def round_table(radius, height, top="oak", stem="black"):
    """A round table on one foot."""
    s = Shape()
    s.lathe(
        [
            (0, height - 0.028),
            (radius - 0.02, height - 0.028),
            (radius, height - 0.016),
            (radius, height - 0.006),
            (radius - 0.006, height),
            (0, height),
        ],
        top,
        32,
    )
    foot = min(0.32, radius * 0.72)
    s.lathe(
        [
            (foot, 0.0),
            (foot, 0.008),
            (foot - 0.02, 0.014),
            (0.05, 0.022),
            (0.032, 0.05),
            (0.032, height - 0.06),
            (0.09, height - 0.03),
        ],
        stem,
        20,
    )
    return s


def bar_stool():
    """A stool for high tables, 0.76 m."""
    s = Shape()
    s.cushion((0.38, 0.36, 0.06), "leather", 0.026, 0.008, at=place(z=0.73))
    s.cushion((0.36, 0.045, 0.17), "leather", 0.02, 0.004, at=place(y=-0.18, z=0.86) @ tilt(math.radians(8)))
    corners = [(-0.15, -0.15), (0.15, -0.15), (0.15, 0.15), (-0.15, 0.15)]
    for x, y in corners:
        s.tube([(x, y, 0.71), (x * 1.35, y * 1.35, 0.0)], 0.012, "black", 6)
    s.tube([(x * 1.23, y * 1.23, 0.26) for x, y in corners], 0.009, "black", 6, closed=True)
    for x in (-0.12, 0.12):
        s.tube([(x, -0.15, 0.7), (x, -0.185, 0.86)], 0.009, "black", 6)
    return s


def ottoman(fabric="fabric_blue", radius=1.0):
    """A round bench around a planter."""
    s = Shape()
    s.lathe(
        [
            (radius - 0.10, 0.0),
            (radius - 0.10, 0.10),
            (radius - 0.02, 0.13),
            (radius, 0.17),
            (radius, 0.38),
            (radius - 0.04, 0.435),
            (radius - 0.12, SEAT_HEIGHT),
            (0.50, SEAT_HEIGHT - 0.01),
            (0.46, SEAT_HEIGHT - 0.03),
        ],
        fabric,
        48,
    )
    s.lathe([(0.44, 0.40), (0.44, 0.78), (0.41, 0.80), (0.38, 0.79), (0.37, 0.72), (0, 0.73)], "walnut", 40)
    return s


def coffee_cup():
    """Cup and saucer."""
    s = Shape()
    s.lathe([(0.03, 0.0), (0.068, 0.008), (0.07, 0.011), (0.03, 0.006), (0, 0.006)], "porcelain", 12)
    s.lathe(
        [(0.02, 0.0065), (0.034, 0.03), (0.038, 0.062), (0.035, 0.062), (0.032, 0.05), (0, 0.05)],
        "porcelain",
        12,
    )
    s.lathe([(0.0319, 0.0505), (0, 0.0505)], "coffee", 12)
    s.tube([(0.034, 0, 0.05), (0.052, 0, 0.048), (0.052, 0, 0.028), (0.034, 0, 0.022)], 0.004, "porcelain", 4)
    return s


def carafe():
    """A water carafe and a glass, frosted enough to be opaque."""
    s = Shape()
    s.lathe(
        [(0.045, 0.0), (0.05, 0.02), (0.05, 0.12), (0.022, 0.19), (0.022, 0.24), (0.028, 0.25), (0, 0.245)],
        "water_glass",
        12,
    )
    s.lathe(
        [(0.026, 0.0), (0.032, 0.1), (0.029, 0.1), (0.027, 0.06), (0, 0.06)],
        "water_glass",
        9,
        at=place(0.12, 0.03),
    )
    return s


def papers(seed=0):
    """A few sheets and a pen."""
    rng = random.Random(seed)
    s = Shape()
    for k in range(3):
        s.box(
            (-0.105, -0.148, k * 0.0016),
            (0.105, 0.148, k * 0.0016 + 0.0012),
            "paper",
            0,
            at=place(rng.uniform(-0.02, 0.02), rng.uniform(-0.02, 0.02), turn=rng.uniform(-0.25, 0.25)),
            skip="z",
        )
    s.tube([(0.13, -0.07, 0.006), (0.15, 0.07, 0.006)], 0.005, "accent_blue", 6)
    return s


def laptop():
    """An open laptop."""
    s = Shape()
    s.box((-0.16, -0.11, 0.0), (0.16, 0.11, 0.016), "aluminium", 0.005)
    s.box((-0.14, -0.03, 0.0155), (0.14, 0.09, 0.0175), "black", 0.001)
    lid = place(y=0.112, z=0.012) @ tilt(math.radians(-14))
    s.box((-0.16, 0.0, 0.0), (0.16, 0.008, 0.22), "aluminium", 0.003, at=lid)
    s.box((-0.148, -0.0025, 0.012), (0.148, 0.0, 0.21), "screen_document", 0, at=lid, skip="Y")
    return s


def microphone():
    """A gooseneck microphone with its unit."""
    s = Shape()
    s.extrude(rounded_outline(0.15, 0.11, 0.02, 1), 0.0, 0.035, "black", 0.006, bottom=False)
    s.cylinder(0.014, 0.034, 0.040, "accent_blue", 6, 0.002, at=place(0.045, 0.02), bottom=False)
    neck = [(0, 0.02, 0.03), (0, 0.03, 0.16), (0, 0.01, 0.24), (0, -0.05, 0.30)]
    s.tube(neck, 0.0045, "black", 4)
    s.tube([(0, -0.045, 0.296), (0, -0.085, 0.325)], 0.011, "black", 6)
    return s


def name_plate():
    """A folded name plate that faces away from the sitter and to the sitter."""
    s = Shape()
    w, h, d = 0.13, 0.085, 0.04
    s.add(
        [(-w, -d, 0), (w, -d, 0), (w, 0, h), (-w, 0, h), (w, d, 0), (-w, d, 0)],
        [(0, 1, 2, 3), (4, 5, 3, 2), (0, 3, 5), (1, 4, 2)],
        "paper",
    )
    return s


def plant(height=1.7, seed=1, pot="pot_white", leaves=26):
    """A pot plant with arching blades, each blade two-sided by thickness."""
    rng = random.Random(seed)
    s = Shape()
    s.lathe(
        [(0.17, 0.0), (0.185, 0.01), (0.235, 0.42), (0.235, 0.45), (0.215, 0.45), (0.21, 0.40), (0, 0.41)],
        pot,
        24,
    )
    s.lathe([(0.209, 0.405), (0.1, 0.425), (0, 0.42)], "soil", 16)
    for k in range(leaves):
        turn = k * 2.399963 + rng.uniform(-0.2, 0.2)
        reach = rng.uniform(0.25, 0.62) * (0.6 + 0.4 * height / 1.7)
        top = rng.uniform(0.55, 1.0) * height
        droop = rng.uniform(0.05, 0.4) * (top - 0.4)
        blade(
            s,
            turn,
            reach,
            top,
            droop,
            rng.uniform(0.05, 0.085),
            "leaf" if rng.random() < 0.7 else "leaf_dark",
        )
    return s


def blade(s, turn, reach, top, droop, width, material):
    """One arching leaf from the pot's middle."""
    steps = 6
    spine, half = [], []
    for k in range(steps + 1):
        t = k / steps
        r = 0.03 + reach * t**1.3
        z = 0.42 + (top - 0.42) * math.sin(t * math.pi / 2) ** 0.8 - droop * max(0.0, t - 0.45) ** 1.5 * 2.4
        spine.append((r, z))
        half.append(width * (math.sin(math.pi * min(1.0, 0.12 + t * 0.86)) ** 0.8))
    upper = [
        (r, side * w, z + (0.35 * w if side else -0.1 * w))
        for (r, z), w in zip(spine, half)
        for side in (-1, 0, 1)
    ]
    lower = [(x, y, z - 0.004) for x, y, z in upper]
    n = len(upper)
    faces = []
    for k in range(steps):
        for side in (0, 1):
            a = k * 3 + side
            faces.append((a, a + 3, a + 4, a + 1))
            faces.append((n + a, n + a + 1, n + a + 4, n + a + 3))
    s.add(upper + lower, faces, material, at=place(turn=turn))


def column(height, radius=0.28):
    """A round column with a base ring, a shadow gap at the top, and a collar that lights the ceiling."""
    s = Shape()
    s.lathe(
        [
            (radius + 0.02, 0.0),
            (radius + 0.02, 0.09),
            (radius + 0.008, 0.1),
            (radius, 0.1),
            (radius, height - 0.12),
            (radius - 0.03, height - 0.118),
            (radius - 0.03, height + 0.01),
        ],
        "stone_light",
        40,
    )
    low = height - 0.95
    s.lathe(
        [
            (radius + 0.002, low - 0.03),
            (radius + 0.10, low),
            (radius + 0.10, low + 0.05),
            (radius + 0.09, low + 0.05),
            (radius + 0.085, low + 0.03),
        ],
        "brass",
        40,
    )
    s.lathe([(radius + 0.085, low + 0.031), (radius + 0.002, low + 0.032)], "lamp", 40)
    return s


def pendant(drop, ring=0.55):
    """A ring lamp that hangs from the ceiling; the origin is at the ceiling."""
    s = Shape()
    circle = [(ring * math.cos(a), ring * math.sin(a), -drop) for a in np.arange(40) * 2 * math.pi / 40]
    s.tube(circle, 0.028, "brass", 8, closed=True)
    glow = [(x * 0.995, y * 0.995, z - 0.026) for x, y, z in circle]
    s.tube(glow, 0.012, "lamp", 6, closed=True)
    for k in range(3):
        a = k * 2 * math.pi / 3
        s.tube(
            [
                (ring * math.cos(a), ring * math.sin(a), -drop + 0.02),
                (0.02 * math.cos(a), 0.02 * math.sin(a), -0.02),
            ],
            0.003,
            "black",
            4,
        )
    s.cylinder(0.07, -0.03, 0.01, "brass", 16)
    return s


def book_stack(seed=0):
    """Three books on a table."""
    rng = random.Random(seed)
    s, z = Shape(), 0.0
    for k in range(3):
        thick = rng.uniform(0.018, 0.034)
        s.box(
            (-0.11, -0.15, z),
            (0.11, 0.15, z + thick),
            ("accent_blue", "fabric_ochre", "fabric_grey")[k],
            0.003,
            at=place(turn=rng.uniform(-0.3, 0.3)),
        )
        z += thick + 0.0005
    return s
