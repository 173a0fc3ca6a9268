"""What people bring, leave and hang up: headsets, bottles, bags, coats, brochures, flags, curtains, cushions.

Every piece stands on z = 0 at the origin and faces +y. It must not know any venue.
"""

import math
import random

import numpy as np

from .shape import Shape, place, rounded_outline, tilt


def headset():
    """An interpretation receiver with its headset, laid down beside it."""
    s = Shape()
    s.extrude(rounded_outline(0.052, 0.092, 0.012, 2), 0.0, 0.018, "black", 0.004, bottom=False)
    s.box((-0.018, 0.008, 0.0175), (0.018, 0.034, 0.0186), "screen_idle", 0.0, skip="z")
    band = [
        (0.10 + 0.072 * math.cos(a), 0.02 + 0.085 * math.sin(a), 0.016 + 0.012 * math.sin(a))
        for a in np.linspace(math.radians(-20), math.radians(200), 13)
    ]
    s.tube(band, 0.006, "black", 6)
    for x in (0.033, 0.167):
        s.lathe(
            [(0.0, -0.012), (0.024, -0.012), (0.029, -0.006), (0.029, 0.006), (0.022, 0.012), (0, 0.009)],
            "black",
            12,
            at=place(x, -0.012, 0.029) @ tilt(math.pi / 2, "y"),
        )
    cable = [(0.0, -0.046, 0.006), (0.02, -0.075, 0.004), (0.05, -0.06, 0.004), (0.033, -0.03, 0.01)]
    s.tube(cable, 0.0025, "black", 4)
    return s


def bottle():
    """A bottle of water with a blue cap and a glass turned over beside it."""
    s = Shape()
    s.lathe(
        [
            (0.0, 0.001),
            (0.03, 0.0),
            (0.033, 0.006),
            (0.033, 0.13),
            (0.031, 0.14),
            (0.013, 0.185),
            (0.013, 0.2),
        ],
        "water_glass",
        14,
    )
    s.lathe([(0.0335, 0.05), (0.0335, 0.1)], "sign_white", 14)
    s.lathe([(0.0152, 0.192), (0.0152, 0.212), (0.013, 0.215), (0, 0.215)], "accent_blue", 10)
    s.lathe(
        [(0.033, 0.0), (0.028, 0.1), (0.026, 0.103), (0, 0.103)], "water_glass", 12, at=place(0.09, -0.02)
    )
    return s


def phone():
    """A telephone that lies on its back."""
    s = Shape()
    s.extrude(rounded_outline(0.072, 0.148, 0.012, 3), 0.0, 0.008, "black", 0.002, bottom=False)
    return s


def pillow(fabric="fabric_ochre", size=0.42):
    """A loose cushion that leans against a sofa's back; it stands on its lower edge."""
    s = Shape()
    return s.cushion(
        (size, 0.09, size), fabric, 0.04, 0.05, 5, at=place(z=size * 0.47) @ tilt(math.radians(14))
    )


def bag(material="leather"):
    """A document bag that stands on the floor."""
    s = Shape()
    s.cushion((0.38, 0.13, 0.28), material, 0.03, 0.012, 4, at=place(z=0.14))
    s.cushion((0.36, 0.03, 0.15), material, 0.012, 0.004, 3, at=place(y=0.075, z=0.2))
    for y in (-0.03, 0.03):
        arc = [(0.09 * math.cos(a), y, 0.27 + 0.12 * math.sin(a)) for a in np.linspace(0, math.pi, 9)]
        s.tube(arc, 0.007, "black", 6)
    for x in (-0.09, 0.09):
        s.box((x - 0.014, 0.088, 0.16), (x + 0.014, 0.094, 0.19), "brass", 0.002)
    return s


def coat(material="fabric_grey", seed=0):
    """A coat on a hook at the origin's height; it hangs down and its folds go round."""
    rng = random.Random(seed)
    waves = [rng.uniform(0, 6.28) for _ in range(3)]
    s, rings, sides = Shape(), [], 28
    levels = ((0.0, 0.05), (-0.05, 0.13), (-0.12, 0.19), (-0.35, 0.18), (-0.7, 0.2), (-1.0, 0.23))
    for z, wide in levels:
        ring = []
        for k in range(sides):
            a = 2 * math.pi * k / sides
            fold = (
                1
                + min(1.0, -z * 1.6) * 0.16 * math.sin(5 * a + waves[0])
                + 0.03 * math.sin(9 * a + waves[1] + z * 4)
            )
            ring.append((wide * fold * math.cos(a), 0.42 * wide * fold * math.sin(a), z))
        rings.append(ring)
    points = [p for ring in reversed(rings) for p in ring]
    faces = [
        (k * sides + i, k * sides + (i + 1) % sides, (k + 1) * sides + (i + 1) % sides, (k + 1) * sides + i)
        for k in range(len(rings) - 1)
        for i in range(sides)
    ]
    faces.append(tuple(range((len(rings) - 1) * sides, len(rings) * sides)))
    faces.append(tuple(reversed(range(sides))))
    s.add(points, faces, material)
    for side in (-1, 1):
        arm = [(side * 0.17, 0.02, -0.14), (side * 0.225, 0.03, -0.4), (side * 0.215, 0.05, -0.66)]
        s.tube(arm, 0.05, material, 9)
    return s


def jacket(material="fabric_navy"):
    """A jacket hung over the back of a chair; the origin is the middle of the back's upper edge."""
    s = Shape()
    s.cushion((0.5, 0.13, 0.5), material, 0.05, 0.012, 5, at=place(y=0.02, z=-0.22))
    for side in (-1, 1):
        sleeve = [(side * 0.24, 0.0, -0.05), (side * 0.29, -0.02, -0.3), (side * 0.275, 0.01, -0.55)]
        s.tube(sleeve, 0.05, material, 10)
    return s


def coat_stand():
    """A stand of steel with hooks, a coat and an umbrella."""
    s = Shape()
    s.lathe([(0.2, 0.0), (0.2, 0.02), (0.04, 0.04), (0.018, 0.06), (0.018, 1.78), (0.0, 1.8)], "black", 20)
    for k in range(5):
        a = 2 * math.pi * k / 5
        hook = [(0.0, 1.66), (0.12, 1.70), (0.17, 1.76), (0.175, 1.79)]
        s.tube([(r * math.cos(a), r * math.sin(a), z) for r, z in hook], 0.008, "brass", 6)
    ring = [(0.15 * math.cos(a), 0.15 * math.sin(a), 0.5) for a in np.arange(20) * math.pi / 10]
    s.tube(ring, 0.006, "brass", 6, closed=True)
    s.merge(coat("fabric_grey", 1), place(0.19, 0.0, 1.72, turn=math.pi / 2))
    s.merge(coat("fabric_blue", 2), place(-0.15, 0.11, 1.72, turn=math.radians(234 + 90)))
    s.lathe([(0.008, 0.06), (0.035, 0.2), (0.03, 0.62), (0.009, 0.66)], "black", 10, at=place(0.1, -0.1))
    s.tube([(0.1, -0.1, 0.6), (0.1, -0.1, 0.86), (0.06, -0.1, 0.88)], 0.008, "walnut", 6)
    return s


def brochure_stand():
    """A leaning rack with brochures in three rows."""
    s = Shape()
    back = tilt(math.radians(-12))
    s.box((-0.36, -0.012, 0.0), (0.36, 0.012, 1.55), "oak", 0.005, at=back)
    s.box((-0.36, -0.4, 0.0), (-0.3, 0.06, 0.04), "oak", 0.006)
    s.box((0.3, -0.4, 0.0), (0.36, 0.06, 0.04), "oak", 0.006)
    tones = ("accent_blue", "paper", "fabric_teal", "sign_white", "fabric_ochre", "fabric_rust")
    for row in range(4):
        z = 0.28 + 0.32 * row
        s.box((-0.36, 0.012, z - 0.02), (0.36, 0.075, z), "oak", 0.003, at=back)
        s.box((-0.36, 0.068, z), (0.36, 0.075, z + 0.06), "oak", 0.002, at=back)
        for k in range(3):
            tone = tones[(row * 2 + k * 5) % 6]
            x = -0.23 + 0.23 * k
            s.box(
                (x - 0.095, 0.03, z),
                (x + 0.095, 0.06 - 0.007 * ((row + k) % 3), z + 0.27),
                tone,
                0.003,
                at=back,
            )
            s.box((x - 0.08, 0.0601, z + 0.17), (x + 0.08, 0.0615, z + 0.24), "paper", 0, at=back)
    return s


def brochures(seed=0):
    """A fan of brochures on a table."""
    rng = random.Random(seed)
    s = Shape()
    for k, tone in enumerate(("accent_blue", "sign_white", "fabric_teal", "paper", "fabric_ochre")):
        at = place(0.03 * k - 0.06, rng.uniform(-0.01, 0.01), 0.003 * k, turn=-0.25 * k + 0.5)
        s.box((-0.05, -0.105, 0.0), (0.05, 0.105, 0.0026), tone, 0.0, at=at, skip="z")
    return s


def newspaper():
    """A folded newspaper."""
    s = Shape()
    s.box((-0.15, -0.1, 0.0), (0.15, 0.1, 0.008), "paper", 0.003)
    for k in range(5):
        y = 0.07 - 0.03 * k
        s.box((-0.135, y - 0.006, 0.008), (-0.01 if k else 0.135, y + 0.006, 0.0084), "slat_gap", 0, skip="z")
    s.box((0.01, -0.07, 0.008), (0.135, 0.045, 0.0084), "fabric_grey", 0, skip="z")
    return s


def fruit_bowl():
    """A bowl of fruit."""
    rng = random.Random(4)
    s = Shape()
    s.lathe(
        [(0.06, 0.0), (0.065, 0.012), (0.13, 0.05), (0.155, 0.085), (0.15, 0.088), (0.12, 0.055), (0, 0.02)],
        "porcelain",
        28,
    )
    for k in range(9):
        a, r = 2.4 * k, (0.0, 0.07, 0.075)[min(k, 2) if k < 3 else 1]
        size = rng.uniform(0.034, 0.041)
        tone = ("bottle_amber", "accent_red", "leaf")[k % 3]
        profile = [(size * math.cos(t), size * math.sin(t)) for t in np.linspace(-1.5, 1.5, 8)]
        s.lathe(profile, tone, 12, at=place(r * math.cos(a), r * math.sin(a), 0.085 + 0.045 * (k > 6)))
    return s


def pastries():
    """A glass-domed plate of croissants."""
    s = Shape()
    s.lathe(
        [(0.06, 0.0), (0.02, 0.02), (0.02, 0.09), (0.15, 0.1), (0.152, 0.108), (0, 0.105)], "porcelain", 28
    )
    for k in range(6):
        a = 2 * math.pi * k / 6
        at = place(0.085 * math.cos(a), 0.085 * math.sin(a), 0.125, turn=a)
        arc = [(0.045 * math.cos(t), 0.045 * math.sin(t) - 0.02, 0) for t in np.linspace(0.2, 2.9, 7)]
        s.tube(arc, 0.019, "fabric_ochre", 7, at=at)
    return s


def waste_bin():
    """Two round bins for paper and the rest."""
    s = Shape()
    for x, tone in ((-0.19, "steel"), (0.19, "pot_dark")):
        s.lathe(
            [(0.15, 0.0), (0.155, 0.01), (0.16, 0.62), (0.15, 0.65), (0.1, 0.655), (0.095, 0.63), (0, 0.4)],
            tone,
            24,
            at=place(x),
        )
        s.lathe([(0.161, 0.5), (0.161, 0.56)], "accent_blue" if x < 0 else "fabric_ochre", 24, at=place(x))
    return s


def floor_lamp():
    """A standing lamp with a cloth shade."""
    s = Shape()
    s.lathe([(0.15, 0.0), (0.15, 0.015), (0.03, 0.03), (0.012, 0.05), (0.012, 1.5)], "brass", 20)
    s.lathe([(0.23, 1.34), (0.235, 1.345), (0.185, 1.68), (0.18, 1.68)], "fabric_sand", 32)
    s.lathe([(0.178, 1.66), (0.225, 1.35)], "lamp", 32)
    s.lathe([(0.0, 1.62), (0.178, 1.66)][::-1], "lamp", 32)
    return s


def side_table(top="stone_light"):
    """A small round table beside a sofa."""
    s = Shape()
    s.lathe([(0, 0.49), (0.2, 0.49), (0.215, 0.5), (0.215, 0.51), (0.208, 0.516), (0, 0.516)], top, 28)
    s.tube([(0, 0, 0.0), (0, 0, 0.5)], 0.016, "brass", 8)
    s.lathe([(0.15, 0.0), (0.15, 0.008), (0.02, 0.02), (0.0, 0.02)], "brass", 24)
    return s


def flag(tones, height=2.35):
    """A flag on its pole as it hangs indoors: bands of cloth fall in folds, narrow at the top."""
    s = Shape()
    s.lathe(
        [
            (0.14, 0),
            (0.14, 0.02),
            (0.03, 0.05),
            (0.015, 0.06),
            (0.015, height),
            (0.03, height + 0.03),
            (0, height + 0.09),
        ],
        "brass",
        14,
    )
    folds, levels = 44, 7
    count = len(tones)
    for n, tone in enumerate(tones):
        points, faces = [], []
        ks = range(folds * n // count, folds * (n + 1) // count + 1)
        for level in range(levels + 1):
            t = level / levels
            z = height - 0.06 - 1.35 * t
            for k in ks:
                a = 2 * math.pi * k / folds
                wide = 0.03 + 0.115 * min(1.0, t * 1.5) ** 0.7
                r = wide * (1 + (0.05 + 0.27 * t) * math.sin(7 * a + 1.2 * t))
                points.append((r * math.cos(a), r * math.sin(a), z - 0.12 * t * (1 - math.cos(a))))
        width = len(ks)
        for level in range(levels):
            for k in range(width - 1):
                a = level * width + k
                faces.append((a, a + width, a + width + 1, a + 1))
        s.add(points, faces, tone)
    return s


def curtain(width, height, material="fabric_sand", seed=0):
    """A drawn-back curtain of heavy cloth from a rail at its height; its folds stand before y = 0, on both sides."""
    rng = random.Random(seed)
    shift = [rng.uniform(0, 6.28) for _ in range(4)]
    steps, levels = max(12, int(width / 0.02)), 6
    points, faces = [], []
    for side in (0, 1):
        for level in range(levels + 1):
            t = level / levels
            for k in range(steps + 1):
                x = width * k / steps
                y = 0.05 * math.sin(x * 46 + shift[0]) * (0.75 + 0.25 * t) + 0.015 * math.sin(
                    x * 17 + shift[1] + 2 * t
                )
                points.append((x - width / 2, y + 0.004 * side, height * (1 - t) + 0.012))
    row = steps + 1
    for side in (0, 1):
        first = side * row * (levels + 1)
        for level in range(levels):
            for k in range(steps):
                a = first + level * row + k
                face = (a, a + row, a + row + 1, a + 1)
                faces.append(face if side == 0 else face[::-1])
    s = Shape().add(points, faces, material)
    s.tube([(-width / 2 - 0.05, 0, height + 0.03), (width / 2 + 0.05, 0, height + 0.03)], 0.014, "brass", 8)
    return s


def banner(tone="accent_blue"):
    """A roll-up banner: foot, cloth, top rail."""
    s = Shape()
    s.extrude(rounded_outline(0.9, 0.24, 0.06, 3), 0.0, 0.09, "aluminium", 0.012)
    s.box((-0.425, -0.005, 0.09), (0.425, 0.005, 2.05), tone, 0.0)
    s.box((-0.43, -0.014, 2.04), (0.43, 0.014, 2.075), "aluminium", 0.005)
    s.box((-0.425, 0.005, 0.09), (0.425, 0.0065, 0.62), "sign_white", 0.0, skip="y")
    return s


def stacked_cups(high=4):
    """Cups stacked for guests."""
    s = Shape()
    for k in range(high):
        s.lathe(
            [(0.022, 0.0), (0.036, 0.03), (0.04, 0.06), (0.037, 0.06), (0.02, 0.012), (0, 0.012)],
            "porcelain",
            14,
            at=place(z=0.026 * k),
        )
    return s


def framed(width, height, fields, frame="frame"):
    """A framed picture on a wall behind it (y = 0): `fields` are (x0, z0, x1, z1, tone) from its middle."""
    s = Shape()
    s.box((-width / 2, 0.0, -height / 2), (width / 2, 0.035, height / 2), frame, 0.008, skip="y")
    s.box(
        (-width / 2 + 0.05, 0.034, -height / 2 + 0.05),
        (width / 2 - 0.05, 0.037, height / 2 - 0.05),
        "paper",
        0,
    )
    for n, (x0, z0, x1, z1, tone) in enumerate(fields):
        s.box((x0, 0.036, z0), (x1, 0.0385 + 0.0015 * n, z1), tone, 0.0, skip="y")
    return s


def tree(height=2.6, seed=3, leaves=230, pot="pot_dark"):
    """A weeping fig in a pot: three twined stems and a round crown of single leaves."""
    rng = random.Random(seed)
    s = Shape()
    s.lathe(
        [(0.2, 0.0), (0.215, 0.01), (0.27, 0.48), (0.27, 0.52), (0.25, 0.52), (0.245, 0.46), (0, 0.47)],
        pot,
        28,
    )
    s.lathe([(0.244, 0.465), (0.1, 0.485), (0, 0.48)], "soil", 18)
    crown = height * 0.64
    for k in range(3):
        stem = [
            (0.035 * math.cos(2.1 * k + 4 * t), 0.035 * math.sin(2.1 * k + 4 * t), 0.45 + (crown - 0.35) * t)
            for t in np.linspace(0, 1, 9)
        ]
        s.tube(stem, 0.014, "bark", 7)
    for k in range(9):
        a, lift = 2.4 * k, rng.uniform(0.2, 0.9)
        start = (0.0, 0.0, crown - 0.25 + 0.05 * k)
        tip = (0.36 * math.cos(a), 0.36 * math.sin(a), start[2] + 0.4 * lift)
        s.tube([start, tuple((u + v) / 2 + 0.03 for u, v in zip(start, tip)), tip], 0.007, "bark", 5)
    for _ in range(leaves):
        away = np.array([rng.gauss(0, 1) for _ in range(3)])
        away /= np.linalg.norm(away)
        reach = rng.uniform(0.45, 1.0) ** 0.5
        x, y, z = away * reach * (0.52, 0.52, height * 0.25)
        _leaf(s, (x, y, z + height * 0.74), rng)
    return s


def _leaf(s, at, rng):
    """One hanging leaf, folded along its middle, seen from both sides."""
    long, wide = rng.uniform(0.09, 0.14), rng.uniform(0.026, 0.038)
    upper = [
        (0, 0, 0),
        (-wide, long * 0.45, -0.01),
        (0, long * 0.5, 0.012),
        (wide, long * 0.45, -0.01),
        (0, long, -0.02),
    ]
    lower = [(x, y, z - 0.003) for x, y, z in upper]
    faces = [(0, 2, 1), (0, 3, 2), (1, 2, 4), (2, 3, 4)]
    faces += [(5 + c, 5 + b, 5 + a) for a, b, c in faces]
    turned = (
        place(*at, turn=rng.uniform(0, 6.28))
        @ tilt(rng.uniform(-1.1, 0.35))
        @ tilt(rng.uniform(-0.5, 0.5), "y")
    )
    s.add(upper + lower, faces, "leaf" if rng.random() < 0.6 else "leaf_dark", at=turned)
