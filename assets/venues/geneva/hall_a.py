"""Hall A: a round table of twenty-four under a ring of light, windows over the lake, screens, a quiet look."""

import math

from kit import clutter as c
from kit import furniture as f
from kit.room import face
from kit.shape import place

from .delegations import DELEGATIONS, plate_letters
from .plan import HALL_A, curtains, downlight, idle_screen, room_shell, skirting, window_front

OPENINGS = {"w": [(5.1, 6.9, 0.0, 2.1)], "s": [(1.2, 10.8, 0.5, 3.0)]}
CENTRE = (18.6, 0.0)
SEATS = 24
OUTER, INNER = 3.25, 2.5


def build():
    """Everything in the hall."""
    room_shell(HALL_A, OPENINGS, "plaster", lambda x, y: "carpet_warm")
    skirting(HALL_A, OPENINGS)
    window_front(HALL_A, 13.5, 23.1, -6.0, 0.5, 3.0, 6)
    curtains(HALL_A, 13.3, 23.3, -5.86, 0.03, 3.05)
    table()
    walls()
    lights()
    HALL_A.spawn(13.3, 1.9, face("e"), 0.5)
    HALL_A.zone(*CENTRE, (8.4, 8.4, 2.8), "talk", {"en": "Round table", "fr": "Table ronde"})


def table():
    """The ring of desks with its chairs and what lies on it; plants stand in the middle."""
    s, at = HALL_A.shape("furniture"), place(*CENTRE)
    full = 2 * math.pi
    s.arc_band(INNER, OUTER, 0, full, 0.712, 0.75, "walnut", 96, 0.008, at=at)
    s.arc_band(INNER + 0.16, INNER + 0.2, 0, full, 0.7502, 0.753, "brass", 96, 0.0, at=at)
    s.arc_band(INNER + 0.05, INNER + 0.08, 0, full, 0.05, 0.711, "oak", 96, 0.004, at=at)
    for k in range(SEATS):
        angle = full * (k + 0.5) / SEATS
        s.box(
            (INNER + 0.08, -0.018, 0.0),
            (OUTER - 0.12, 0.018, 0.711),
            "oak",
            0.004,
            at=at @ place(turn=angle),
            skip="zZ",
        )
    for k in range(SEATS):
        setting(k, full * k / SEATS)
    for k in range(5):
        angle = full * k / 5
        HALL_A.put(
            "plant",
            lambda: f.plant(0.95, 51, "pot_dark", 22),
            place(CENTRE[0] + 1.3 * math.cos(angle), CENTRE[1] + 1.3 * math.sin(angle), turn=k, scale=1.05),
        )
    HALL_A.put("tall plant", lambda: f.plant(1.35, 52, "pot_dark", 30), place(*CENTRE))


def setting(k, angle):
    """One place at the table; the sitter looks at the middle."""

    def polar(distance, z=0.0, dx=0.0, extra=0.0):
        base = place(
            CENTRE[0] + distance * math.cos(angle),
            CENTRE[1] + distance * math.sin(angle),
            z,
            turn=angle + math.pi / 2 + extra,
        )
        return base @ place(dx)

    chair = polar(OUTER + 0.28)
    HALL_A.put("chair", lambda: f.delegate_chair("fabric_grey"), chair)
    HALL_A.seat(chair, f"Round table {k + 1}")
    HALL_A.put("microphone", f.microphone, polar(OUTER - 0.42, 0.75, 0.16), "overhead")
    HALL_A.put("name plate", f.name_plate, polar(OUTER - 0.47, 0.75, -0.08), "overhead")
    plate_letters(HALL_A, DELEGATIONS[(k * 5 + 3) % len(DELEGATIONS)], polar(OUTER - 0.47, 0.75, -0.08))
    HALL_A.put("headset", c.headset, polar(OUTER - 0.24, 0.75, 0.19, 0.3 * (k % 5) - 0.6), "overhead")
    if k % 2 == 0:
        HALL_A.put("water", c.bottle, polar(OUTER - 0.36, 0.75, -0.27), "overhead")
    if k % 5 == 3:
        HALL_A.put("jacket", c.jacket, polar(OUTER + 0.28) @ place(0, -0.28, 0.99), "overhead")
    if k % 7 == 4:
        HALL_A.put("bag", c.bag, polar(OUTER + 0.32, 0.0, 0.4, 0.3), "overhead")
    if k % 8 == 5:
        HALL_A.put("phone", c.phone, polar(OUTER - 0.12, 0.75, -0.16, 0.2), "overhead")
    if k % 3 == 0:
        HALL_A.put("papers", f.papers, polar(OUTER - 0.2, 0.75, -0.05, 0.1 * (k % 4)), "overhead")
    elif k % 4 == 1:
        HALL_A.put("laptop", f.laptop, polar(OUTER - 0.24, 0.75, -0.04), "overhead")
    if k % 6 == 2:
        HALL_A.put("carafe", f.carafe, polar(OUTER - 0.45, 0.75, 0.42), "overhead")


def walls():
    """Panels and a screen in the east, art and the room's name in the north, a credenza."""
    s, o = HALL_A.shape("shell"), HALL_A.shape("overhead")
    for k in range(7):
        y = -5.5 + 1.6 * k
        s.box((24.24, y + 0.02, 0.3), (24.31, y + 1.38, 3.1), "wood_panel", 0.01, skip="X")
    o.box((24.17, -1.5, 1.2), (24.25, 1.5, 2.93), "black", 0.01)
    o.quad(
        (24.167, 1.44, 1.26),
        (24.167, -1.44, 1.26),
        (24.167, -1.44, 2.87),
        (24.167, 1.44, 2.87),
        "screen_idle",
    )
    idle_screen(HALL_A, place(24.162, 0.0, 2.065, turn=-math.pi / 2), 2.86)
    HALL_A.screen(
        place(24.157, 0.0, 2.065, turn=-math.pi / 2), {"en": "Screen", "fr": "Écran"}, 2.86, 1.60875
    )
    f_ = HALL_A.shape("furniture")
    f_.box((16.6, 5.5, 0.1), (20.6, 5.97, 0.85), "walnut", 0.008)
    f_.box((16.56, 5.46, 0.85), (20.64, 5.98, 0.89), "stone_light", 0.006)
    for k in range(5):
        f_.box((16.63 + 0.8 * k, 5.492, 0.14), (17.37 + 0.8 * k, 5.502, 0.82), "oak", 0.003)
    for k in range(5):
        HALL_A.put("cup", f.coffee_cup, place(17.0 + 0.18 * k, 5.7, 0.89, turn=k), "overhead")
    HALL_A.put("carafe", f.carafe, place(19.2, 5.7, 0.89), "overhead")
    HALL_A.put("fruit", c.fruit_bowl, place(18.4, 5.72, 0.89), "overhead")
    HALL_A.put("pastries", c.pastries, place(19.6, 5.72, 0.89), "overhead")
    HALL_A.put("coat stand", c.coat_stand, place(12.9, 2.9, turn=0.4))
    HALL_A.put("bins", c.waste_bin, place(15.9, 5.72))
    HALL_A.put("books", f.book_stack, place(20.1, 5.72, 0.89, turn=0.3), "overhead")
    HALL_A.letter("HALL A", 0.27, place(18.6, 5.985, 2.45), "walnut")
    HALL_A.letter("SALLE A · SALA A · ЗАЛ A · A厅", 0.09, place(18.6, 5.985, 2.12), "walnut")
    HALL_A.letter("القاعة A", 0.1, place(18.6, 5.985, 1.9), "walnut")
    picture(14.6, 5.97, ("fabric_ochre", "accent_blue", "fabric_rust", "fabric_teal"))
    picture(22.6, 5.97, ("fabric_teal", "fabric_sand", "accent_blue", "fabric_ochre"))
    for x, y, kind in ((23.5, 5.2, 0), (23.5, -5.2, 1), (13.1, -5.2, 0), (13.1, 5.2, 1)):
        HALL_A.put(
            f"corner plant {kind}", lambda: f.plant((1.5, 1.8)[kind], 61 + kind), place(x, y, turn=x + y)
        )


def picture(x, y, colors):
    """A framed abstract picture of overlapping fields."""
    o = HALL_A.shape("overhead")
    o.box((x - 0.75, y - 0.02, 1.05), (x + 0.75, y + 0.02, 2.25), "frame", 0.008)
    o.box((x - 0.70, y - 0.024, 1.10), (x + 0.70, y - 0.019, 2.20), "paper", 0.001)
    fields = (
        (-0.55, 1.2, 0.05, 1.9),
        (-0.15, 1.45, 0.5, 2.1),
        (-0.4, 1.7, 0.25, 2.05),
        (0.1, 1.18, 0.58, 1.5),
    )
    for n, ((x0, z0, x1, z1), color) in enumerate(zip(fields, colors)):
        o.box((x + x0, y - 0.027 - 0.002 * n, z0), (x + x1, y - 0.023, z1), color, 0.0)


def lights():
    """A great ring over the table and downlights along the walls."""
    o, (x, y) = HALL_A.shape("overhead"), CENTRE
    full = 2 * math.pi
    o.arc_band(2.55, 2.95, 0, full, 2.98, 3.1, "oak", 72, 0.01, at=place(x, y))
    o.arc_band(2.62, 2.88, 0, full, 2.972, 2.981, "lamp", 72, 0.0, at=place(x, y))
    for k in range(8):
        a = full * k / 8
        px, py = x + 2.75 * math.cos(a), y + 2.75 * math.sin(a)
        o.tube([(px, py, 3.09), (px, py, 3.61)], 0.006, "black", 5)
        HALL_A.lamp(px, py, 2.95, (0.5, 0.5), 26)
    for px in (13.4, 16.0, 21.2, 23.6):
        for py in (-4.6, 4.9):
            downlight(HALL_A, px, py, 3.6, 22)
