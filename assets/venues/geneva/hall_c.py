"""Hall C: a classroom with tables for two, a speaker's table, a screen and a board, windows over the lake."""

import math

from kit import clutter as c
from kit import furniture as f
from kit.room import face
from kit.shape import place

from .delegations import DELEGATIONS, plate_letters
from .plan import HALL_C, curtains, idle_screen, room_shell, skirting, window_front

OPENINGS = {"e": [(5.1, 6.9, 0.0, 2.1)], "s": [(1.5, 10.5, 0.85, 2.9)]}


def build():
    """Everything in the hall."""
    room_shell(HALL_C, OPENINGS, "plaster", lambda x, y: "carpet_teal", ceiling="ceiling_tile")
    skirting(HALL_C, OPENINGS, "oak")
    window_front(HALL_C, -22.8, -13.8, -6.0, 0.85, 2.9, 6)
    curtains(HALL_C, -23.0, -13.6, -5.86, 0.03, 2.98)
    front()
    tables()
    back()
    for x in (-21.5, -18.5, -15.5):
        for y in (-3.6, -0.9, 1.8):
            panel_light(x, y)
    HALL_C.spawn(-13.4, 1.6, face("w"), 0.6)
    HALL_C.zone(-22.8, -1.0, (2.6, 8.0, 2.6), "stage", {"en": "Speaker's place", "fr": "Place de l'orateur"})


def panel_light(x, y):
    """A square lamp in the ceiling."""
    o = HALL_C.shape("overhead")
    o.box((x - 0.31, y - 0.31, 3.385), (x + 0.31, y + 0.31, 3.41), "aluminium", 0.003, skip="Z")
    o.box((x - 0.285, y - 0.285, 3.380), (x + 0.285, y + 0.285, 3.386), "lamp_cool", 0.0, skip="Z")
    HALL_C.lamp(x, y, 3.36, (0.55, 0.55), 26, (1.0, 0.95, 0.88))


def front():
    """The west wall: screen, board, the speaker's table."""
    s = HALL_C.shape("overhead")
    s.box((-24.29, -2.5, 1.05), (-24.24, 0.5, 2.8), "black", 0.008)
    s.quad(
        (-24.237, -2.44, 1.11),
        (-24.237, 0.44, 1.11),
        (-24.237, 0.44, 2.74),
        (-24.237, -2.44, 2.74),
        "screen_idle",
    )
    idle_screen(HALL_C, place(-24.232, -1.0, 1.925, turn=math.pi / 2), 2.84)
    HALL_C.screen(
        place(-24.227, -1.0, 1.925, turn=math.pi / 2), {"en": "Screen", "fr": "Écran"}, 2.84, 1.5975
    )
    s.box((-24.29, 1.0, 0.95), (-24.25, 3.4, 2.2), "whiteboard", 0.004)
    s.box((-24.29, 0.96, 0.9), (-24.2, 3.44, 0.95), "aluminium", 0.006)
    s.box((-24.29, -5.4, 0.95), (-24.25, -3.1, 2.2), "chalkboard", 0.004)
    s.box((-24.29, -5.44, 0.9), (-24.2, -3.06, 0.95), "oak", 0.006)
    t = HALL_C.shape("furniture")
    table(t, place(-22.9, -1.0, turn=face("e")), 2.0, 0.75)
    at = place(-23.45, -1.0, turn=face("e"))
    HALL_C.put("chair", f.task_chair, at)
    HALL_C.seat(at, "Speaker")
    HALL_C.put("laptop", f.laptop, place(-22.95, -0.8, 0.75, turn=face("e")), "overhead")
    HALL_C.put("microphone", f.microphone, place(-22.8, -1.3, 0.75, turn=face("e")), "overhead")


def table(s, at, width, depth):
    """A table on steel legs with a modesty panel on its far side."""
    s.box((-width / 2, -depth / 2, 0.722), (width / 2, depth / 2, 0.75), "oak", 0.006, at=at)
    s.box(
        (-width / 2 + 0.05, depth / 2 - 0.06, 0.35),
        (width / 2 - 0.05, depth / 2 - 0.04, 0.72),
        "wood_panel",
        0.004,
        at=at,
    )
    for x in (-width / 2 + 0.07, width / 2 - 0.07):
        s.tube([(x, -depth / 2 + 0.08, 0.72), (x, -depth / 2 + 0.08, 0.0)], 0.018, "steel", 8, at=at)
        s.tube([(x, depth / 2 - 0.08, 0.72), (x, depth / 2 - 0.08, 0.0)], 0.018, "steel", 8, at=at)
        s.box(
            (x - 0.015, -depth / 2 + 0.08, 0.69), (x + 0.015, depth / 2 - 0.08, 0.72), "steel", 0.003, at=at
        )


def tables():
    """Four rows of three tables for two, facing west."""
    s = HALL_C.shape("furniture")
    for row in range(4):
        x = -20.7 + row * 1.55
        for column in range(3):
            y = -3.9 + column * 2.5
            table(s, place(x, y, turn=face("w")), 1.7, 0.6)
            for k, dy in enumerate((-0.42, 0.42)):
                at = place(
                    x + 0.5 + 0.03 * ((row + column + k) % 3),
                    y + dy,
                    turn=face("w") + 0.06 * ((row * 2 + column + k) % 3 - 1),
                )
                HALL_C.put("chair", f.task_chair, at)
                HALL_C.seat(at, f"{'ABCD'[row]} {column * 2 + k + 1}")
                HALL_C.put(
                    "name plate", f.name_plate, place(x - 0.2, y + dy, 0.75, turn=face("w")), "overhead"
                )
                named = DELEGATIONS[(row * 31 + column * 8 + k * 3 + 2) % len(DELEGATIONS)]
                plate_letters(HALL_C, named, place(x - 0.2, y + dy, 0.75, turn=face("w")))
                belongings(row * 6 + column * 2 + k, place(x, y + dy, 0, turn=face("w")))
                kind = (row * 7 + column * 3 + k) % 5
                if kind in (0, 3):
                    HALL_C.put(
                        "papers",
                        f.papers,
                        place(x + 0.05, y + dy, 0.75, turn=face("w") + 0.2 * kind),
                        "overhead",
                    )
                elif kind == 1:
                    HALL_C.put("laptop", f.laptop, place(x + 0.02, y + dy, 0.75, turn=face("w")), "overhead")


def belongings(number, at):
    """What the person at a table has brought: a bottle, a headset, a bag, a jacket over the chair."""
    if number % 2 == 0:
        HALL_C.put("water", c.bottle, at @ place(0.26, 0.12, 0.75, turn=number), "overhead")
    if number % 3 != 1:
        HALL_C.put(
            "headset", c.headset, at @ place(-0.36, -0.02, 0.75, turn=0.3 * (number % 5) - 0.6), "overhead"
        )
    if number % 5 == 2:
        HALL_C.put("bag", c.bag, at @ place(0.1, 0.12, turn=0.2 * number), "overhead")
    if number % 7 == 3:
        HALL_C.put("jacket", c.jacket, at @ place(0, -0.78, 0.92), "overhead")


def back():
    """A sideboard, plants, the room's name."""
    s = HALL_C.shape("furniture")
    s.box((-19.5, 3.5, 0.08), (-16.3, 3.96, 0.82), "walnut", 0.008)
    s.box((-19.54, 3.46, 0.82), (-16.26, 3.98, 0.86), "stone_light", 0.006)
    for k in range(4):
        s.box((-19.47 + 0.8 * k, 3.492, 0.12), (-18.73 + 0.8 * k, 3.502, 0.79), "wood_panel", 0.003)
    for k in range(6):
        HALL_C.put("cup", f.coffee_cup, place(-19.2 + 0.17 * k, 3.7, 0.86, turn=k), "overhead")
    HALL_C.put("carafe", f.carafe, place(-17.6, 3.7, 0.86), "overhead")
    HALL_C.put("books", f.book_stack, place(-16.7, 3.72, 0.86, turn=0.4), "overhead")
    o = HALL_C.shape("overhead")
    o.box((-19.3, 3.95, 1.4), (-16.5, 3.99, 2.3), "oak", 0.006)
    HALL_C.letter("HALL C", 0.25, place(-17.9, 3.945, 2.04), "sign_white")
    HALL_C.put("coat stand", c.coat_stand, place(-12.8, 2.3, turn=2.2))
    HALL_C.put("bins", c.waste_bin, place(-15.8, 3.7))
    HALL_C.letter("SALLE C · SALA C · ЗАЛ C · C厅", 0.085, place(-17.9, 3.945, 1.72), "sign_white", 2.5)
    HALL_C.letter("القاعة C", 0.095, place(-17.9, 3.945, 1.53), "sign_white")
    for x, y, kind in ((-23.6, 3.3, 0), (-13.0, -5.3, 1), (-13.0, 3.3, 0)):
        HALL_C.put(f"plant {kind}", lambda: f.plant((1.5, 1.8)[kind], 31 + kind), place(x, y, turn=x))
