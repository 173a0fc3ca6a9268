"""The lounge: window front over the lake, coffee bar, sofa groups, high tables, columns, and the doors to the halls."""

import math
import random

import numpy as np

from kit import clutter as c
from kit import furniture as f
from kit.room import Lamp, face
from kit.shape import Shape, place, rounded_outline, tilt

from .plan import (
    HALL_A,
    HALL_C,
    LOUNGE,
    POPOV,
    curtains,
    door_sign,
    doorway,
    downlight,
    room_shell,
    skirting,
    window_front,
)

OPENINGS = {
    "s": [(0.4, 23.6, 0.08, 3.55)],
    "n": [(10.9, 13.1, 0.0, 2.1)],
    "w": [(6.1, 7.9, 0.0, 2.1)],
    "e": [(6.1, 7.9, 0.0, 2.1)],
}
CARPETS = ((-11.2, -4.7, -6.3, -1.4), (4.7, 11.2, -6.3, -1.4))
BAR = (5.6, 11.0, 5.0)


def build():
    """Everything in the lounge."""
    shell()
    doors()
    bar()
    groups()
    benches()
    high_tables()
    statue()
    greenery()
    notices()
    donor_wall()
    sponsor_stand()
    belongings()
    ceiling()
    LOUNGE.spawn(-1.0, -1.0, 0.0, 2.2)
    LOUNGE.zone(-7.9, -3.9, (6.4, 4.8, 2.6), "talk", {"en": "West sofas", "fr": "Canapés ouest"})
    LOUNGE.zone(7.9, -3.9, (6.4, 4.8, 2.6), "talk", {"en": "East sofas", "fr": "Canapés est"})
    LOUNGE.zone(8.3, 4.6, (6.6, 3.6, 2.6), "talk", {"en": "Coffee bar", "fr": "Bar à café"})


def shell():
    """Floor of oak with two carpets let in, walls, columns, the window front."""

    def floor_at(x, y):
        inside = any(x0 < x < x1 and y0 < y < y1 for x0, x1, y0, y1 in CARPETS)
        return "carpet_blue" if inside else "parquet"

    room_shell(
        LOUNGE,
        OPENINGS,
        "plaster",
        floor_at,
        [x for r in CARPETS for x in r[:2]],
        [-6.3, -1.4],
        "ceiling_panel",
    )
    skirting(LOUNGE, OPENINGS)
    window_front(LOUNGE, -11.6, 11.6, -7.0, 0.08, 3.55, 10)
    curtains(LOUNGE, -11.85, 11.85, -6.84, 0.03, 3.62)
    for x in (-4.4, 4.4):
        for y in (-1.0, 5.4):
            LOUNGE.put("column", lambda: f.column(4.0), place(x, y))
            for k in range(4):
                around = place(x, y, 3.12, turn=k * math.pi / 2) @ place(0.36) @ tilt(math.pi)
                LOUNGE.lamps.append(Lamp(around, (0.12, 0.12), 9))
    s = LOUNGE.shape("shell")
    for x0, x1, y0, y1 in CARPETS:
        for low, high in (
            ((x0, y0), (x1, y0)),
            ((x0, y1), (x1, y1)),
            ((x0, y0), (x0, y1)),
            ((x1, y0), (x1, y1)),
        ):
            s.box(
                (low[0] - 0.012, low[1] - 0.012, -0.01),
                (high[0] + 0.012, high[1] + 0.012, 0.003),
                "brass",
                0.001,
                skip="z",
            )
    slatted_wall(-10.6, -2.6, 7.0)
    slatted_wall(2.0, 5.2, 7.0)


def slatted_wall(x0, x1, y, high=3.2):
    """Upright oak slats before a dark ground on the north wall."""
    s = LOUNGE.shape("shell")
    s.box((x0, y - 0.02, 0.1), (x1, y + 0.01, high), "slat_gap", 0.003, skip="Y")
    count = int((x1 - x0) / 0.12)
    for k in range(count):
        x = x0 + (x1 - x0) * (k + 0.5) / count
        LOUNGE.put(
            f"wall slat {k * 7 % 3}", lambda: slat(0.035, 0.036, 0.1, high), place(x, y - 0.019), "slats"
        )
    s.box((x0 - 0.03, y - 0.14, high), (x1 + 0.03, y + 0.01, high + 0.05), "walnut", 0.006)
    s.box((x0 + 0.02, y - 0.09, high + 0.051), (x1 - 0.02, y - 0.05, high + 0.056), "lamp", 0.0)
    for x in np.arange(x0 + 0.6, x1, 1.2):
        LOUNGE.lamps.append(Lamp(place(x, y - 0.1, high + 0.08) @ tilt(math.pi), (0.9, 0.06), 9))


def slat(half, deep, low, high):
    """One upright slat; its back side, at y = 0, is against a wall. Its grain comes from where the baked copy stands."""
    return Shape().box((-half, -deep, low), (half, 0.0, high), "oak", 0.004, skip="Yz")


def doors():
    """The three doorways with their signs."""
    for x, y, turn, room, width in (
        (0, 7.15, face("n"), POPOV, 2.2),
        (-12.15, 0, face("w"), HALL_C, 1.8),
        (12.15, 0, face("e"), HALL_A, 1.8),
    ):
        doorway(LOUNGE, x, y, turn, width)
        LOUNGE.door(x, y, turn, room.key, width)
        inward = place(x, y, turn=turn) @ place(0, -0.15)
        door_sign(LOUNGE, inward[0, 3], inward[1, 3], turn, room.names, 2.6 if room is POPOV else 2.1)


def bar():
    """The coffee bar: a counter of stone and oak, a back wall with shelves, machine and cups."""
    x0, x1, y = BAR
    s = LOUNGE.shape("furniture")
    s.box((x0, y, 0.1), (x1, y + 0.62, 1.06), "wood_panel", 0.006)
    s.box((x0 + 0.04, y + 0.05, 0.0), (x1 - 0.04, y + 0.57, 0.1), "black", 0.003)
    s.box((x0 - 0.06, y - 0.1, 1.06), (x1 + 0.06, y + 0.68, 1.11), "stone_light", 0.008)
    count = int((x1 - x0) / 0.09)
    for k in range(count):
        x = x0 + (x1 - x0) * (k + 0.5) / count
        LOUNGE.put(
            f"bar slat {k * 7 % 3}", lambda: slat(0.022, 0.026, 0.12, 1.04), place(x, y + 0.004), "slats"
        )
    back = 6.98
    s.box((x0, back - 0.55, 0.0), (x1, back, 0.92), "walnut", 0.006)
    s.box((x0 - 0.02, back - 0.58, 0.92), (x1 + 0.02, back, 0.96), "stone_light", 0.006)
    s.box((x0, back - 0.03, 0.96), (x1, back, 3.1), "wood_panel", 0.004)
    for z in (1.5, 1.95, 2.4):
        s.box((x0 + 0.2, back - 0.3, z), (x0 + 2.3, back - 0.03, z + 0.03), "walnut", 0.004)
        s.box((x0 + 0.22, back - 0.29, z - 0.006), (x0 + 2.28, back - 0.26, z), "lamp", 0)
    bottles(s, x0, back)
    machine(s, x0 + 3.1, back - 0.3)
    boards(s, x0 + 2.6, x1 - 0.1, back)
    for k in range(5):
        LOUNGE.put("cup", f.coffee_cup, place(x0 + 0.5 + 0.16 * k, y + 0.3, 1.11, turn=k), "overhead")
    LOUNGE.put("pastries", c.pastries, place(x0 + 2.2, y + 0.42, 1.11), "overhead")
    LOUNGE.put("fruit", c.fruit_bowl, place(x0 + 4.6, y + 0.36, 1.11), "overhead")
    LOUNGE.put("newspaper", c.newspaper, place(x0 + 3.1, y + 0.12, 1.11, turn=0.3), "overhead")
    for k in range(5):
        LOUNGE.put("stacked cups", c.stacked_cups, place(x0 + 3.9 + 0.1 * k, back - 0.35, 0.96), "overhead")
    for k in range(3):
        LOUNGE.put("bottle", c.bottle, place(x0 + 1.3 + 0.19 * k, y + 0.45, 1.11, turn=k), "overhead")
    for k, x in enumerate((6.3, 7.4, 8.5, 9.6)):
        stool(x, y - 0.42, 0.0, f"Bar {k + 1}")
    for x in np.arange(6.2, 10.6, 1.05):
        pendant_cone(LOUNGE.shape("overhead"), x, y + 0.25)
        LOUNGE.lamp(x, y + 0.25, 2.15, (0.1, 0.1), 14)


def bottles(s, x0, back):
    """Bottles, jars and cups on the shelves."""
    rng = random.Random(5)
    for z in (1.53, 1.98, 2.43):
        x = x0 + 0.32
        while x < x0 + 2.2:
            kind = rng.choice(("bottle_green", "bottle_amber", "porcelain", "water_glass"))
            high, r = rng.uniform(0.2, 0.3), rng.uniform(0.032, 0.042)
            if kind == "porcelain":
                s.lathe(
                    [(0.03, 0), (0.04, 0.05), (0.042, 0.1), (0.036, 0.1), (0, 0.06)],
                    kind,
                    12,
                    at=place(x, back - 0.16, z),
                )
            else:
                s.lathe(
                    [(r, 0), (r, high * 0.6), (r * 0.35, high * 0.78), (r * 0.35, high), (0, high)],
                    kind,
                    12,
                    at=place(x, back - 0.16 + rng.uniform(-0.03, 0.03), z),
                )
            x += rng.uniform(0.11, 0.2)


def machine(s, x, y):
    """An espresso machine with two groups."""
    at = place(x, y, 0.96)
    s.box((-0.38, -0.24, 0.0), (0.38, 0.22, 0.06), "black", 0.012, at=at)
    s.box((-0.36, 0.0, 0.06), (0.36, 0.22, 0.5), "steel", 0.02, at=at)
    s.box((-0.38, -0.24, 0.33), (0.38, 0.22, 0.52), "aluminium", 0.02, at=at)
    for k in (-0.18, 0.18):
        s.cylinder(0.04, 0.25, 0.34, "steel", 12, at=at @ place(k, -0.15))
        s.tube([(k, -0.16, 0.27), (k, -0.33, 0.25)], 0.014, "black", 6, at=at)
    for k in range(6):
        s.lathe(
            [(0.03, 0), (0.038, 0.06), (0.033, 0.06), (0, 0.03)],
            "porcelain",
            12,
            at=at @ place(-0.28 + 0.11 * k, 0.05, 0.52),
        )


def boards(s, x0, x1, back):
    """The menu boards above the machine."""
    wide = (x1 - x0 - 0.1) / 2
    for k, lines in enumerate(
        (
            ("COFFEE · КОФЕ · قهوة", "Espresso", "Cappuccino", "Americano", "Ristretto"),
            ("THÉ · TÉ · 茶 · شاي", "Green tea", "Verveine", "Earl Grey", "Mint"),
        )
    ):
        a = x0 + k * (wide + 0.1)
        s.box((a, back - 0.07, 1.75), (a + wide, back - 0.03, 2.95), "black", 0.01)
        for row, text in enumerate(lines):
            LOUNGE.letter(
                text,
                0.072 if row == 0 else 0.058,
                place(a + wide / 2, back - 0.073, 2.76 - row * 0.21),
                "sign_white",
                widest=wide - 0.12,
                weight="bold" if row == 0 else "regular",
            )


def pendant_cone(s, x, y):
    """A small lamp on a cord over the bar."""
    at = place(x, y, 2.15)
    s.lathe([(0.12, 0.0), (0.125, 0.004), (0.05, 0.16), (0.02, 0.19), (0, 0.19)], "brass", 18, at=at)
    s.lathe([(0.0, 0.004), (0.12, 0.0)], "lamp", 18, at=at)
    s.tube([(0, 0, 0.18), (0, 0, 1.86)], 0.004, "black", 4, at=at)


def stool(x, y, turn, label):
    """A bar stool that one can sit on."""
    LOUNGE.put("stool", f.bar_stool, place(x, y, turn=turn))
    LOUNGE.seat(place(x, y, turn=turn), label, 0.76)


def sofa(x, y, turn, places, fabric, label):
    """A sofa with its seats."""
    LOUNGE.put(f"sofa {places} {fabric}", lambda: f.sofa(places, fabric), place(x, y, turn=turn))
    for k, (dx, dy) in enumerate(f.sofa_seats(places)):
        LOUNGE.seat(place(x, y, turn=turn) @ place(dx, dy), f"{label} {k + 1}")


def armchair(x, y, turn, fabric, label):
    """An armchair with its seat."""
    LOUNGE.put(f"armchair {fabric}", lambda: f.armchair(fabric), place(x, y, turn=turn))
    LOUNGE.seat(place(x, y, turn=turn) @ place(0, 0.08), label)


def coffee_table(x, y, radius, height=0.42):
    """A low table."""
    LOUNGE.put(f"low table {radius}", lambda: f.round_table(radius, height, "walnut"), place(x, y))


def rug(x, y, width, depth):
    """A rug; its edge is low enough to walk over."""
    LOUNGE.shape("shell").extrude(
        rounded_outline(width, depth, 0.05, 2), 0.0005, 0.009, "rug", 0.003, at=place(x, y), bottom=False
    )


def groups():
    """Places to sit together: for eight in the west, for seven in the east, for two at the windows."""
    rug(-8.0, -3.9, 3.6, 3.0)
    sofa(-8.0, -5.45, face("n"), 3, "fabric_teal", "West sofa")
    sofa(-8.0, -2.35, face("s"), 3, "fabric_teal", "North-west sofa")
    armchair(-10.15, -3.9, face("e") + 0.12, "fabric_ochre", "West armchair")
    armchair(-5.85, -3.9, face("w") - 0.1, "fabric_ochre", "Middle armchair")
    coffee_table(-8.45, -3.9, 0.45)
    coffee_table(-7.4, -3.7, 0.32, 0.42)
    rug(8.0, -3.9, 3.4, 3.0)
    sofa(8.0, -2.35, face("s"), 3, "fabric_sand", "East sofa")
    armchair(6.0, -4.4, face("e") + 0.35, "fabric_rust", "East armchair 1")
    armchair(7.35, -5.5, face("n") + 0.12, "fabric_rust", "East armchair 2")
    armchair(8.75, -5.45, face("n") - 0.2, "fabric_rust", "East armchair 3")
    armchair(10.15, -4.2, face("w") - 0.2, "fabric_rust", "East armchair 4")
    coffee_table(8.0, -3.95, 0.5)
    armchair(-2.7, -5.75, face("e") - 0.5, "fabric_sand", "Window armchair 1")
    armchair(-1.0, -5.75, face("w") + 0.5, "fabric_sand", "Window armchair 2")
    coffee_table(-1.85, -5.55, 0.32)
    clutter()


def benches():
    """Two round benches with tall plants beside the way to Popov Hall."""
    for n, x in enumerate((-2.9, 2.9)):
        LOUNGE.put("bench", f.ottoman, place(x, 2.5))
        LOUNGE.put("bench plant", lambda: f.plant(1.9, 77, "pot_dark", 34), place(x, 2.5, 0.28, turn=x))
        for k in range(6):
            turn = 2 * math.pi * k / 6 + math.pi / 6
            LOUNGE.seat(place(x, 2.5, turn=turn) @ place(0, 0.76), f"{('West', 'East')[n]} bench {k + 1}")


def clutter():
    """What people leave on tables."""
    for k, (x, y, z) in enumerate(
        (
            (-8.6, -4.1, 0.42),
            (-8.25, -3.75, 0.42),
            (-7.4, -3.6, 0.42),
            (7.8, -4.1, 0.42),
            (8.3, -3.7, 0.42),
            (-1.85, -5.45, 0.42),
        )
    ):
        LOUNGE.put("cup", f.coffee_cup, place(x, y, z, turn=k * 1.7), "overhead")
    LOUNGE.put("books", f.book_stack, place(-8.55, -3.72, 0.42, turn=0.5), "overhead")
    LOUNGE.put("books", f.book_stack, place(8.1, -4.2, 0.42, turn=1.9), "overhead")
    LOUNGE.put("papers", f.papers, place(7.72, -3.72, 0.42, turn=0.3), "overhead")
    for x, y in ((-7.6, -3.85), (-1.95, -5.68)):
        LOUNGE.put("carafe", f.carafe, place(x, y, 0.42), "overhead")


def high_tables():
    """Standing tables with stools."""
    spots = ((-7.2, 2.6, 4), (-10.0, 4.3, 3), (-6.6, 5.2, 3), (6.6, 1.7, 4), (9.8, 2.2, 3))
    for n, (x, y, stools) in enumerate(spots):
        LOUNGE.put("high table", lambda: f.round_table(0.4, 1.08, "oak"), place(x, y))
        for k in range(stools):
            turn = 2 * math.pi * k / stools + 0.4 * n
            stool(x + 0.62 * math.sin(turn), y - 0.62 * math.cos(turn), turn, f"High table {n + 1}, {k + 1}")
        LOUNGE.put("cup", f.coffee_cup, place(x + 0.15, y + 0.1, 1.08, turn=n), "overhead")
        LOUNGE.put("cup", f.coffee_cup, place(x - 0.17, y - 0.05, 1.08, turn=2.0 * n), "overhead")


def statue():
    """A plinth with a scanned statue, lit from above."""
    x, y = 2.6, -3.4
    s = LOUNGE.shape("furniture")
    s.box((x - 0.4, y - 0.4, 0.0), (x + 0.4, y + 0.4, 0.08), "stone", 0.01, skip="z")
    s.box((x - 0.34, y - 0.34, 0.08), (x + 0.34, y + 0.34, 0.98), "stone_light", 0.012, skip="z")
    s.box((x - 0.38, y - 0.38, 0.98), (x + 0.38, y + 0.38, 1.03), "stone", 0.01)
    s.box((x - 0.15, y + 0.338, 0.62), (x + 0.15, y + 0.35, 0.78), "brass", 0.002)
    LOUNGE.letter("Cat", 0.035, place(x, y + 0.352, 0.70, turn=math.pi), "black")
    LOUNGE.exhibit(
        place(x, y, 1.03, turn=math.pi),
        {"en": "Cat", "fr": "Chat", "es": "Gato", "ru": "Кошка", "zh": "猫", "ar": "قطة"},
        "../../exhibits/cat.glb",
    )
    LOUNGE.zone(x, y, (2.4, 2.4, 2.4), "exhibit", {"en": "Statue", "fr": "Statue"})
    LOUNGE.lamp(x, y + 1.2, 3.9, (0.15, 0.15), 60)


def greenery():
    """Plants at the columns, in the corners, and a low planter before the windows."""
    spots = (
        (-11.3, -6.3, 1.9),
        (11.3, -6.3, 2.0),
        (-11.3, 6.3, 1.8),
        (-4.4, -1.75, 1.5),
        (4.4, -1.75, 1.55),
        (-2.0, 6.45, 1.5),
        (2.2, -6.3, 1.2),
        (11.3, 3.6, 1.7),
    )
    for k, (x, y, high) in enumerate(spots):
        kind = k % 3
        LOUNGE.put(
            f"plant {kind}",
            lambda: f.plant((1.5, 1.8, 1.25)[kind], 11 + kind, ("pot_white", "pot_dark", "pot_white")[kind]),
            place(x, y, turn=k * 1.3, scale=high / (1.5, 1.8, 1.25)[kind]),
        )
    for k, (x, y) in enumerate(((4.9, -6.25), (-4.6, -6.25), (-11.4, -1.55))):
        LOUNGE.put("tree", c.tree, place(x, y, turn=2.0 * k, scale=(1.0, 1.08, 0.9)[k]))


def notices():
    """The name of the place on a board before the slats, the agenda board, clocks, a picture."""
    s, x = LOUNGE.shape("overhead"), -8.0
    s.box((x - 2.2, 6.84, 2.02), (x + 2.2, 6.94, 3.12), "sign_blue", 0.012)
    s.box((x - 2.12, 6.836, 2.09), (x + 2.12, 6.841, 2.1), "brass", 0.0)
    LOUNGE.letter("CONFERENCE CENTRE", 0.26, place(x, 6.835, 2.84), widest=4.0)
    for text, dx, z in (
        ("CENTRE DE CONFÉRENCES", -1.06, 2.5),
        ("CENTRO DE CONFERENCIAS", 1.06, 2.5),
        ("КОНФЕРЕНЦ-ЦЕНТР", -1.3, 2.24),
        ("会议中心", 0.12, 2.24),
        ("مركز المؤتمرات", 1.28, 2.24),
    ):
        LOUNGE.letter(text, 0.115, place(x + dx, 6.835, z), widest=1.95)
    s.box((11.95, 2.0, 1.0), (11.99, 3.1, 2.6), "black", 0.01)
    s.box((11.944, 2.05, 1.06), (11.951, 3.05, 2.54), "screen_idle", 0)
    for row, text in enumerate(
        ("TODAY", "09:30  Popov Hall", "11:00  Hall C", "14:00  Hall A", "15:30  Popov Hall")
    ):
        LOUNGE.letter(
            text,
            0.09 if row == 0 else 0.056,
            place(11.94, 2.55, 2.36 - row * 0.24, turn=-math.pi / 2),
            widest=0.9,
            weight="bold" if row == 0 else "regular",
        )
    for k, (town, hour, minute) in enumerate(
        (("New York", 4, 10), ("Geneva", 10, 10), ("Nairobi", 12, 10), ("Beijing", 17, 10))
    ):
        clock(s, place(-11.97, 6.0 - 0.62 * k, 2.55, turn=-math.pi / 2), hour, minute)
        LOUNGE.letter(town, 0.05, place(-11.975, 6.0 - 0.62 * k, 2.24, turn=math.pi / 2), "sign_blue")
    fields = (
        (-0.85, -0.45, 0.1, 0.2, "fabric_teal"),
        (-0.3, -0.2, 0.75, 0.45, "fabric_ochre"),
        (-0.6, 0.0, 0.35, 0.5, "accent_blue"),
        (0.2, -0.5, 0.9, -0.1, "fabric_rust"),
        (-0.1, -0.05, 0.15, 0.3, "fabric_sand"),
    )
    LOUNGE.put(
        "picture", lambda: c.framed(2.2, 1.3, fields), place(11.985, -3.9, 1.75, turn=face("w")), "overhead"
    )


def clock(s, at, hour, minute):
    """A wall clock, read from +y of its place."""
    upright = at @ tilt(-math.pi / 2)
    s.cylinder(0.2, 0.0, 0.035, "frame", 32, 0.008, at=upright, bottom=False)
    s.cylinder(0.185, 0.034, 0.037, "sign_white", 32, 0.001, at=upright, bottom=False)
    for k in range(12):
        mark = upright @ place(turn=k * math.pi / 6)
        s.box((-0.005, 0.145, 0.0368), (0.005, 0.172, 0.0385), "black", 0, at=mark, skip="z")
    for turn, long, wide in ((hour * 30 + minute / 2, 0.1, 0.007), (minute * 6, 0.15, 0.005)):
        hand = upright @ place(turn=math.radians(-turn + 180) + math.pi)
        s.box((-wide, -0.02, 0.039), (wide, long, 0.041), "black", 0, at=hand, skip="z")


def donor_wall():
    """Plaques of brass on walnut between the donors' heading in six languages."""
    s, x, y = LOUNGE.shape("overhead"), -11.985, -3.8
    s.box((x, y - 1.7, 0.75), (x + 0.04, y + 1.7, 2.75), "walnut", 0.008, skip="x")

    def line(text, height, dy, z, material="sign_white", widest=0.0):
        LOUNGE.letter(text, height, place(x + 0.045, y + dy, z, turn=math.pi / 2), material, widest)

    line("WITH THANKS TO OUR DONORS", 0.12, 0.0, 2.56, "sign_white", 3.1)
    line("AVEC NOS REMERCIEMENTS À NOS DONATEURS", 0.055, -0.8, 2.37, "sign_white", 1.5)
    line("AGRADECEMOS A NUESTROS DONANTES", 0.055, 0.8, 2.37, "sign_white", 1.5)
    line("БЛАГОДАРИМ НАШИХ ДОНОРОВ", 0.055, -0.8, 2.25, "sign_white", 1.3)
    line("感谢捐助方", 0.06, 0.2, 2.25)
    line("شكرا للجهات المانحة", 0.06, 1.05, 2.25)
    donors = (
        "Member States", "États Membres", "The Host Canton and City",
        "Foundation for Dialogue", "The Friends of the Lake", "The Interpreters' Association",
        "Fonds pour la paix", "Fundación del Lago", "Общество друзей",
        "The Library Fund", "语言基金会", "صندوق الحوار",
    )  # fmt: skip
    for k, name in enumerate(donors):
        dy, z = -1.08 + 1.08 * (k % 3), 2.0 - 0.32 * (k // 3)
        s.box((x + 0.03, y + dy - 0.48, z - 0.11), (x + 0.052, y + dy + 0.48, z + 0.11), "brass", 0.006)
        LOUNGE.letter(name, 0.055, place(x + 0.054, y + dy, z, turn=math.pi / 2), "black", widest=0.86)
    for dy in (-1.1, 0.0, 1.1):
        s.lathe(
            [(0.0, 0.0), (0.045, 0.004), (0.03, 0.11), (0.0, 0.12)],
            "brass",
            14,
            at=place(x + 0.28, y + dy, 2.86),
        )
        s.tube([(x + 0.28, y + dy, 2.96), (x, y + dy, 2.99)], 0.008, "brass", 6)
        LOUNGE.lamps.append(
            Lamp(place(x + 0.3, y + dy, 2.85) @ tilt(math.radians(-20), "y"), (0.08, 0.08), 7)
        )


def sponsor_stand():
    """A sponsor's stand at the west wall: a back wall, a counter with brochures, a banner, a rack."""
    o, s, x, y = LOUNGE.shape("overhead"), LOUNGE.shape("furniture"), -11.98, 3.0
    o.box((x, y - 1.1, 0.0), (x + 0.08, y + 1.1, 2.3), "sign_white", 0.01, skip="x")
    o.box((x + 0.075, y - 1.1, 1.72), (x + 0.084, y + 1.1, 2.3), "fabric_teal", 0.0, skip="x")
    o.box((x + 0.075, y - 1.1, 0.0), (x + 0.084, y + 1.1, 0.35), "accent_blue", 0.0, skip="x")

    def line(text, height, dy, z, material="sign_white", widest=0.0):
        LOUNGE.letter(text, height, place(x + 0.087, y + dy, z, turn=math.pi / 2), material, widest)

    line("LAKESIDE LANGUAGES", 0.15, 0.0, 2.08, widest=2.0)
    line("Interpreting · Terminology · Captions", 0.06, 0.0, 1.86, widest=2.0)
    line("SPONSOR · PATROCINADOR · СПОНСОР · 赞助商", 0.05, 0.0, 1.58, "sign_blue", 2.0)
    line("الجهة الراعية", 0.06, 0.0, 1.45, "sign_blue")
    s.extrude(rounded_outline(0.5, 1.15, 0.16, 5), 0.0, 0.98, "sign_white", 0.01, at=place(-10.95, y))
    s.extrude(rounded_outline(0.6, 1.25, 0.2, 5), 0.98, 1.02, "oak", 0.008, at=place(-10.95, y))
    LOUNGE.letter("LAKESIDE", 0.12, place(-10.696, y, 0.6, turn=math.pi / 2), "sign_blue", 0.8)
    LOUNGE.put("brochures", c.brochures, place(-10.9, y - 0.3, 1.02, turn=0.4 - math.pi / 2), "overhead")
    LOUNGE.put("brochures", c.brochures, place(-10.92, y + 0.1, 1.02, turn=-math.pi / 2), "overhead")
    LOUNGE.put("laptop", f.laptop, place(-11.02, y + 0.42, 1.02, turn=math.pi / 2), "overhead")
    LOUNGE.put("banner", c.banner, place(-11.55, y + 1.75, 0.0, turn=-math.pi / 2 + 0.25))
    LOUNGE.letter(
        "LISTEN",
        0.17,
        place(-11.5, y + 1.75, 1.6) @ place(turn=math.pi / 2 + 0.25) @ place(0, -0.06),
        "sign_white",
        0.75,
    )


def belongings():
    """What makes the lounge lived in: cushions, bags, coats, lamps and small tables, brochures, bins."""
    for k, (x, y, turn, tone) in enumerate(
        (
            (-8.85, -5.62, 0.25, "fabric_ochre"),
            (-7.15, -5.62, -0.2, "fabric_sand"),
            (-8.8, -2.18, math.pi - 0.3, "fabric_sand"),
            (-7.1, -2.18, math.pi + 0.2, "fabric_ochre"),
            (7.2, -2.18, math.pi - 0.25, "fabric_teal"),
            (8.85, -2.18, math.pi + 0.3, "fabric_blue"),
        )
    ):
        LOUNGE.put(f"pillow {tone}", lambda: c.pillow(tone), place(x, y, 0.44, turn=turn), "overhead")
    for x, y in ((-9.55, -5.75), (-9.55, -2.1), (9.55, -2.1), (-1.85, -6.35)):
        LOUNGE.put("side table", c.side_table, place(x, y))
    for x, y in ((-6.4, -5.95), (10.4, -2.1), (-6.4, -1.85)):
        LOUNGE.put("floor lamp", c.floor_lamp, place(x, y))
        LOUNGE.lamp(x, y, 1.4, (0.2, 0.2), 9, (1.0, 0.82, 0.6))
    for x, y, turn, tone in (
        (-9.2, -4.75, 0.3, "leather"),
        (6.55, -5.1, 1.2, "fabric_navy"),
        (9.55, -4.9, 2.1, "leather"),
        (-2.35, 3.75, 0.4, "fabric_navy"),
        (-3.2, -5.35, 1.1, "leather"),
    ):
        LOUNGE.put(f"bag {tone}", lambda: c.bag(tone), place(x, y, turn=turn), "overhead")
    LOUNGE.put("coat stand", c.coat_stand, place(11.4, 4.4, turn=0.6))
    LOUNGE.put("bins", c.waste_bin, place(5.1, 6.6))
    LOUNGE.put("rack", c.brochure_stand, place(1.62, 6.55, turn=math.pi))
    for x, y, z, turn in ((-9.55, -5.75, 0.516, 0.4), (-7.85, -4.15, 0.42, 0.9), (8.3, -4.2, 0.42, 2.5)):
        LOUNGE.put("newspaper", c.newspaper, place(x, y, z, turn=turn) @ place(scale=0.8), "overhead")
    for x, y, z, turn in (
        (-8.25, -4.15, 0.42, 0.5),
        (7.65, -4.2, 0.42, 1.3),
        (-7.35, 2.75, 1.08, 2.0),
        (6.75, 1.55, 1.08, 0.2),
    ):
        LOUNGE.put("phone", c.phone, place(x, y, z, turn=turn), "overhead")
    for x, y, z, turn in (
        (9.55, -2.1, 0.516, 0.0),
        (-9.55, -2.1, 0.516, 1.0),
        (-10.1, 4.4, 1.08, 1.0),
        (9.75, 2.3, 1.08, 2.0),
    ):
        LOUNGE.put("bottle", c.bottle, place(x, y, z, turn=turn), "overhead")
    LOUNGE.put("papers", f.papers, place(-6.65, 5.3, 1.08, turn=0.8), "overhead")
    LOUNGE.put("laptop", f.laptop, place(6.5, 1.8, 1.08, turn=2.4), "overhead")


def ceiling():
    """Two fields of hanging slats over the sofas, a lit trough over the main way, ring lamps, downlights."""
    s = LOUNGE.shape("overhead")
    for x0, x1 in ((-11.0, -4.9), (4.9, 11.0)):
        count = 22
        for k in range(count):
            x = x0 + (x1 - x0) * (k + 0.5) / count
            LOUNGE.put(
                f"ceiling slat {k * 7 % 3}",
                lambda: Shape().box((-0.022, -2.6, 0.0), (0.022, 2.6, 0.16), "oak", 0.0),
                place(x, -3.8, 3.68),
                "overhead",
            )
        for y in (-5.9, -3.8, -1.7):
            s.box((x0, y - 0.02, 3.84), (x1, y + 0.02, 3.9), "frame", 0.0)
            for x in (x0 + 0.3, x1 - 0.3):
                s.box((x - 0.006, y - 0.006, 3.9), (x + 0.006, y + 0.006, 4.01), "frame", 0.0, skip="zZ")
    for x in (-1.6, 1.6):
        s.box((x - 0.07, -6.2, 3.955), (x + 0.07, 6.2, 4.01), "frame", 0.004, skip="Z")
        s.box((x - 0.045, -6.17, 3.949), (x + 0.045, 6.17, 3.956), "lamp_cool", 0.0, skip="Z")
        for y in np.arange(-5.2, 5.3, 2.6):
            LOUNGE.lamp(x, y, 3.94, (0.1, 2.4), 42, (1.0, 0.93, 0.84))
    for x, y, drop in ((-8.0, 3.7, 1.25), (8.2, 2.0, 1.25)):
        LOUNGE.put("ring lamp", lambda: f.pendant(1.25, 0.7), place(x, y, 4.0), "overhead")
        LOUNGE.lamp(x, y, 2.7, (1.0, 1.0), 60)
    for x in (-10.5, -8.0, -5.5, 5.5, 8.0, 10.5):
        for y in (0.2, 6.2):
            if y < 1 or x < 0:
                downlight(LOUNGE, x, y, 4.0)
    for x in (-9.5, -6.5, 6.5, 9.5):
        LOUNGE.lamp(x, -3.8, 3.6, (0.3, 0.3), 22)
