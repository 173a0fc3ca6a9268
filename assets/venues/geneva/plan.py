"""The venue's plan: which rooms there are, where they stand, and the parts that all of them share.

Metres; x east, y north, z up. The lounge lies between the three halls; its window front looks south over the lake.
"""

import numpy as np

from kit.clutter import curtain
from kit.room import Room
from kit.shape import Shape, floor, place

WALL = 0.3
DOOR_HEIGHT = 2.1

LOUNGE = Room(
    "lounge",
    {"ar": "الردهة", "zh": "休息厅", "en": "Lounge", "fr": "Salon", "ru": "Фойе", "es": "Salón"},
    (-12.0, -7.0, 0.0),
    (12.0, 7.0, 4.0),
)
POPOV = Room(
    "popov-hall",
    {
        "ar": "قاعة بوبوف",
        "zh": "波波夫厅",
        "en": "Popov Hall",
        "fr": "Salle Popov",
        "ru": "Зал Попова",
        "es": "Sala Popov",
    },
    (-12.0, 7.3, 0.0),
    (12.0, 27.3, 5.6),
)
HALL_C = Room(
    "hall-c",
    {"ar": "القاعة C", "zh": "C厅", "en": "Hall C", "fr": "Salle C", "ru": "Зал C", "es": "Sala C"},
    (-24.3, -6.0, 0.0),
    (-12.3, 4.0, 3.4),
)
HALL_A = Room(
    "hall-a",
    {"ar": "القاعة A", "zh": "A厅", "en": "Hall A", "fr": "Salle A", "ru": "Зал A", "es": "Sala A"},
    (12.3, -6.0, 0.0),
    (24.3, 6.0, 3.6),
)


def room_shell(room, openings, wall_material, floor_at, cuts_x=(), cuts_y=(), ceiling="ceiling"):
    """Floor, ceiling and the four walls, seen from inside. `openings` maps a wall (n e s w) to its holes along
    the wall, measured from the low corner; the sheets reach under each other, so that no edge shows a gap."""
    (x0, y0, z0), (x1, y1, z1) = room.low, room.high
    s = room.shape("shell")
    tuck = 0.008
    xs = sorted({x0 - tuck, x1 + tuck, *cuts_x})
    ys = sorted({y0 - tuck, y1 + tuck, *cuts_y})
    s.merge(floor(xs, ys, floor_at, z0))
    s.merge(floor([x0 - tuck, x1 + tuck], [y0 - tuck, y1 + tuck], lambda x, y: ceiling, z1, up=False))
    low, high = z0 - 0.008, z1 + 0.008
    length_x, length_y = x1 - x0, y1 - y0
    s.wall((x0, y0), (x1, y0), low, high, wall_material, openings.get("s", ()))
    s.wall((x1, y0), (x1, y1), low, high, wall_material, openings.get("e", ()))
    s.wall(
        (x1, y1),
        (x0, y1),
        low,
        high,
        wall_material,
        [(length_x - b, length_x - a, c, d) for a, b, c, d in openings.get("n", ())],
    )
    s.wall(
        (x0, y1),
        (x0, y0),
        low,
        high,
        wall_material,
        [(length_y - b, length_y - a, c, d) for a, b, c, d in openings.get("w", ())],
    )


def outer_skin(room, openings, gap=0.1):
    """Roof, ground and outer walls that keep the sky's light out of the seams; they are never seen."""
    (x0, y0, z0), (x1, y1, z1) = (np.array(room.low) - gap).tolist(), (np.array(room.high) + gap).tolist()
    s = Shape()
    s.merge(floor([x0, x1], [y0, y1], lambda x, y: "slat_gap", z0))
    s.merge(floor([x0, x1], [y0, y1], lambda x, y: "slat_gap", z1))
    length_x, length_y = x1 - x0, y1 - y0
    for wall, start, end, length in (
        ("s", (x0, y0), (x1, y0), 0),
        ("e", (x1, y0), (x1, y1), 0),
        ("n", (x1, y1), (x0, y1), length_x),
        ("w", (x0, y1), (x0, y0), length_y),
    ):
        holes = [(a + gap, b + gap, c, d) for a, b, c, d in openings.get(wall, ())]
        s.wall(
            start,
            end,
            z0,
            z1,
            "slat_gap",
            [(length - b, length - a, c, d) for a, b, c, d in holes] if length else holes,
        )
    return s


def skirting(room, openings, material="walnut", height=0.1, depth=0.016):
    """Skirting boards along all walls but the openings that reach the floor."""
    (x0, y0, _), (x1, y1, _) = room.low, room.high
    s = room.shape("shell")
    for wall, length in (("s", x1 - x0), ("n", x1 - x0), ("e", y1 - y0), ("w", y1 - y0)):
        gaps = sorted((o[0] - 0.09, o[1] + 0.09) for o in openings.get(wall, ()) if o[2] < 0.2)
        edges = [0.0, *(e for gap in gaps for e in gap), length]
        for a, b in zip(edges[::2], edges[1::2]):
            if b - a < 0.05:
                continue
            low, high = {
                "s": ((x0 + a, y0 - 0.01), (x0 + b, y0 + depth)),
                "n": ((x0 + a, y1 - depth), (x0 + b, y1 + 0.01)),
                "e": ((x1 - depth, y0 + a), (x1 + 0.01, y0 + b)),
                "w": ((x0 - 0.01, y0 + a), (x0 + depth, y0 + b)),
            }[wall]
            s.box((*low, -0.01), (*high, height), material, 0.004, skip="z")


def doorway(room, x, y, turn, width, leaves=True):
    """The lining, frame, threshold and open leaves of a doorway through a wall; `turn` faces out of the room.

    The origin of the local frame is the middle of the threshold, +y faces into the other room."""
    at = place(x, y, turn=turn)
    half, deep, high = width / 2, WALL / 2, DOOR_HEIGHT
    s = room.shape("shell")
    s.box(
        (-half - 0.05, -deep - 0.005, -0.05),
        (half + 0.05, deep + 0.005, 0.006),
        "oak",
        0.004,
        at=at,
        skip="z",
    )
    jamb = 0.07
    for side in (-1, 1):
        s.box(
            (side * half, -deep - 0.018, -0.01),
            (side * (half + jamb), deep + 0.018, high + jamb),
            "walnut",
            0.006,
            at=at,
            skip="z",
        )
    s.box(
        (-half - 0.001, -deep - 0.018, high),
        (half + 0.001, deep + 0.018, high + jamb),
        "walnut",
        0.006,
        at=at,
    )
    if not leaves:
        return
    for side in (-1, 1):
        o = room.shape("overhead")
        hinge = side * (half + 0.005)
        leaf = at @ place(hinge, deep + 0.03)
        o.box(
            (side * 0.075, 0.0, 0.012),
            (side * (0.075 + half - 0.01), 0.045, high - 0.01),
            "walnut",
            0.004,
            at=leaf,
        )
        for z0, z1 in ((0.25, 0.95), (1.05, 1.95)):
            o.box((side * 0.19, 0.044, z0), (side * (half - 0.04), 0.050, z1), "wood_panel", 0.004, at=leaf)
        o.tube(
            [
                (side * (half - 0.02), 0.05, 0.9),
                (side * (half - 0.02), 0.095, 0.9),
                (side * (half - 0.02), 0.095, 1.25),
                (side * (half - 0.02), 0.05, 1.25),
            ],
            0.011,
            "brass",
            8,
            at=leaf,
        )


def door_sign(room, x, y, turn, names, width=2.0):
    """A sign board above a doorway with the name in all six languages, read from inside the room; `turn` faces out."""
    at = place(x, y, turn=turn)
    s = room.shape("overhead")
    s.box((-width / 2, -0.045, 2.27), (width / 2, 0.02, 2.97), "sign_blue", 0.008, at=at)
    s.box((-width / 2 + 0.02, -0.048, 2.30), (width / 2 - 0.02, -0.044, 2.308), "brass", 0.0, at=at)
    room.letter(names["en"].upper(), 0.175, at @ place(0, -0.049, 2.80), widest=width - 0.2)
    rest = (("fr", -1, 2.57), ("es", 1, 2.57), ("ru", -1, 2.41), ("zh", 0, 2.41), ("ar", 1, 2.41))
    for language, side, z in rest:
        reach = width * (0.23 if z > 2.5 else 0.31)
        field = width * (0.42 if z > 2.5 else 0.29)
        room.letter(names[language], 0.078, at @ place(side * reach, -0.049, z), widest=field)


def idle_screen(room, at, width):
    """What a screen shows while nothing is on it: the room's name in all six languages, over a thin line. `at` is the
    middle of the picture, seen from -y."""
    unit = width / 6.0
    room.letter(room.names["en"].upper(), 0.42 * unit, at @ place(z=0.42 * unit), "sign_white", width * 0.8)
    rest = " · ".join(room.names[language] for language in ("fr", "es", "ru", "zh"))
    room.letter(rest, 0.15 * unit, at @ place(z=-0.2 * unit), "sign_white", width * 0.84, "regular")
    room.letter(room.names["ar"], 0.19 * unit, at @ place(z=-0.55 * unit), "sign_white", width * 0.5, "regular")
    line = room.shape("letters")
    half, z = 0.9 * unit, 0.08 * unit
    line.quad((-half, 0, z), (half, 0, z), (half, 0, z + 0.025 * unit), (-half, 0, z + 0.025 * unit), "brass", at)


def window_front(room, x0, x1, y, low, high, bays, turn_out=-1):
    """A glazed front in the plane y that looks towards -y: posts, rails, panes, and a stone sill."""
    s, glass = room.shape("furniture"), room.shape("glass")
    deep = 0.13
    for k in range(bays + 1):
        x = x0 + (x1 - x0) * k / bays
        s.box((x - 0.03, y - deep, low), (x + 0.03, y + 0.02, high), "frame", 0.005)
    for z0, z1 in ((low, low + 0.07), (high - 0.07, high), (low + 0.95, low + 1.0)):
        for k in range(bays):
            a, b = (x0 + (x1 - x0) * (k + j) / bays for j in (0, 1))
            s.box((a + 0.03, y - deep + 0.01, z0), (b - 0.03, y + 0.01, z1), "frame", 0.004, skip="xX")
    shell = room.shape("shell")
    shell.box((x0 - 0.1, y - 0.3, low - 0.06), (x1 + 0.1, y + 0.05, low + 0.004), "stone", 0.006)
    for x in (x0, x1):
        lo, hi = (x - 0.25, x) if x == x0 else (x, x + 0.25)
        shell.box((lo - 0.0, y - 0.3, low - 0.05), (hi, y - 0.004, high + 0.05), "plaster", 0.004)
    shell.box((x0 - 0.2, y - 0.3, high), (x1 + 0.2, y - 0.004, high + 0.2), "plaster", 0.004)
    glass.quad((x0, y - 0.06, low), (x1, y - 0.06, low), (x1, y - 0.06, high), (x0, y - 0.06, high), "glass")


def downlight(room, x, y, z, watts=18.0):
    """A round recessed lamp in the ceiling."""
    room.put("downlight", make_downlight, place(x, y, z), "overhead")
    room.lamp(x, y, z - 0.03, (0.12, 0.12), watts)


def make_downlight():
    """The ring and the glowing lens; the origin is at the ceiling."""
    s = Shape()
    s.lathe([(0.055, -0.004), (0.058, -0.012), (0.075, -0.012), (0.082, 0.004)], "steel", 20)
    s.lathe([(0.0, -0.006), (0.056, -0.006)], "lamp", 20)
    return s


def curtains(room, x0, x1, y, low, high, width=0.62):
    """Drawn-back curtains at both ends of a window front in the plane y."""
    for k, x in enumerate((x0 + width / 2, x1 - width / 2)):
        room.put(f"curtain {k}", lambda: curtain(width, high - low, seed=k), place(x, y, low), "overhead")
