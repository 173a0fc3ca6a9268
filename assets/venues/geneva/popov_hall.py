"""Popov Hall: podium with the chair's desk and the big screen, curved rows of desks, interpreters' booths at the back."""

import math

import numpy as np

from kit import clutter as c
from kit import furniture as f
from kit.room import Lamp
from kit.shape import Shape, place, tilt

from .delegations import DELEGATIONS, plate_letters
from .plan import POPOV, idle_screen, make_downlight, room_shell, skirting

OPENINGS = {"s": [(10.9, 13.1, 0.0, 2.1)]}
FOCUS_Y = 26.0
FIRST_ROW, ROW_PITCH, SEAT_PITCH, AISLE = 6.6, 1.78, 0.72, 0.95
FOREMOST = 21.0
PODIUM = (-5.6, 5.6, 22.9)
PODIUM_HEIGHT = 0.30
LANGUAGES = (
    ("fr", "French"),
    ("ru", "Russian"),
    ("zh", "Chinese"),
    ("ar", "Arabic"),
    ("es", "Spanish"),
    ("en", "English"),
)


OWN = {"fr": "FRANÇAIS", "ru": "РУССКИЙ", "zh": "中文", "ar": "العربية", "es": "ESPAÑOL", "en": "ENGLISH"}


def build(seats=120):
    """Everything in the hall, with at least that many delegates' seats."""
    room_shell(POPOV, OPENINGS, "plaster_warm", lambda x, y: "carpet_grey")
    skirting(POPOV, OPENINGS)
    panels()
    upper_panels()
    podium()
    screen_wall()
    rows(seats)
    booths()
    ceiling()
    POPOV.spawn(0.0, 10.3, 0.0, 0.8)
    POPOV.zone(0, 25.0, (11.0, 4.2, 3.0), "stage", {"en": "Podium", "fr": "Tribune"})


def panels():
    """Wooden acoustic panels on both sides and the back, with shadow gaps."""
    s = POPOV.shape("shell")
    for k in range(11):
        y0 = 10.1 + k * 1.5
        for x, sign in ((-12.0, 1), (12.0, -1)):
            s.box(
                (x - 0.01, y0 + 0.03, 0.35),
                (x + sign * 0.06, y0 + 1.47, 3.6),
                "wood_panel",
                0.012,
                skip="X" if sign < 0 else "x",
            )
            for z in (1.05, 1.75, 2.45, 3.15):
                s.box(
                    (x, y0 + 0.05, z),
                    (x + sign * 0.063, y0 + 1.45, z + 0.012),
                    "slat_gap",
                    0.0,
                    skip="X" if sign < 0 else "x",
                )
        if k % 2 == 0:
            for x, sign in ((-12.0, 1), (12.0, -1)):
                sconce(x + sign * 0.06, y0 + 1.5, sign)


def upper_panels():
    """Panels covered with cloth above the wooden ones, and wood and cloth on both sides of the screen wall; what shows
    between panels is dark."""
    s = POPOV.shape("shell")
    for x, sign in ((-12.0, 1), (12.0, -1)):
        side = "X" if sign < 0 else "x"
        s.box((x - 0.01, 10.1, 0.33), (x + sign * 0.006, 26.62, 5.32), "slat_gap", 0.0, skip=side)
        for k in range(11):
            y0 = 10.1 + k * 1.5
            s.box((x - 0.01, y0 + 0.03, 3.7), (x + sign * 0.05, y0 + 1.47, 5.3), "acoustic", 0.006, skip=side)
    for sign in (-1, 1):
        ends = sorted((sign * 5.73, sign * 11.8))
        s.box((ends[0], 27.294, 0.33), (ends[1], 27.31, 5.32), "slat_gap", 0.0, skip="Y")
        for k in range(4):
            a, b = sorted((sign * (5.75 + 1.52 * k), sign * (5.75 + 1.52 * k + 1.46)))
            s.box((a, 27.24, 0.35), (b, 27.31, 3.6), "wood_panel", 0.008, skip="Y")
            for z in (1.05, 1.75, 2.45, 3.15):
                s.box((a + 0.02, 27.237, z), (b - 0.02, 27.31, z + 0.012), "slat_gap", 0.0, skip="Y")
            s.box((a, 27.25, 3.7), (b, 27.31, 5.3), "acoustic", 0.006, skip="Y")


def sconce(x, y, sign):
    """A wall lamp that washes the panels."""
    o = POPOV.shape("overhead")
    o.box((x - 0.005 * sign, y - 0.05, 2.55), (x + sign * 0.07, y + 0.05, 2.95), "brass", 0.008)
    o.box((x + sign * 0.01, y - 0.035, 2.951), (x + sign * 0.06, y + 0.035, 2.956), "lamp", 0.0)
    POPOV.lamps.append(Lamp(place(x + sign * 0.12, y, 3.05) @ tilt(math.pi), (0.08, 0.08), 7))


def podium():
    """A platform with a step and a ramp, the chair's desk with seven places, a lectern, flags."""
    x0, x1, y0 = PODIUM
    s = POPOV.shape("shell")
    h = PODIUM_HEIGHT
    s.box((x0, y0, -0.02), (x1, 27.32, h), "carpet_blue", 0.012, skip="zY")
    s.box((x0 + 0.02, y0 - 0.36, -0.02), (x1 - 0.02, y0 + 0.01, h / 2), "carpet_blue", 0.012, skip="zY")
    for z, y in ((h, y0), (h / 2, y0 - 0.36)):
        s.box((x0 + 0.02, y - 0.002, z - 0.03), (x1 - 0.02, y + 0.03, z + 0.002), "brass", 0.002)
    ramp_end = x1 + 3.6
    s.add(
        [(x1, 25.6, h), (ramp_end, 25.6, 0.001), (ramp_end, 27.32, 0.001), (x1, 27.32, h), (x1, 25.6, -0.02)],
        [(0, 1, 2, 3), (0, 4, 1)],
        "carpet_blue",
    )
    rail(x1, ramp_end)
    chair_desk(h)
    lectern(-4.7, 24.1, h)
    bands = (
        ("accent_blue", "sign_white", "accent_blue"),
        ("accent_red", "sign_white", "accent_red"),
        ("leaf_dark", "fabric_ochre", "accent_red"),
        ("sign_white", "fabric_teal", "sign_white"),
        ("fabric_ochre", "accent_blue", "fabric_ochre"),
    )
    for k, tones in enumerate(bands):
        for side in (-1, 1):
            at = place(side * (5.25 - 0.36 * k), 26.75, h, turn=1.3 * k)
            POPOV.put(f"flag {k}", lambda: c.flag(tones), at)


def rail(x0, x1):
    """A handrail along the ramp."""
    s = POPOV.shape("furniture")
    for k in range(4):
        t = k / 3
        x, z = x0 + (x1 - x0) * t, 0.3 * (1 - t)
        s.tube([(x, 25.63, z), (x, 25.63, z + 0.92)], 0.016, "steel", 8)
    s.tube([(x0 - 0.05, 25.63, 1.22), (x1 + 0.1, 25.63, 0.92)], 0.021, "walnut", 10)


def chair_desk(h):
    """The desk of the chair and the secretaries, seven places facing the hall."""
    s = POPOV.shape("furniture")
    for x0, x1, top in ((-3.2, -0.9, 0.75), (-0.9, 0.9, 0.80), (0.9, 3.2, 0.75)):
        s.box((x0 + 0.01, 24.45, h + top - 0.045), (x1 - 0.01, 25.15, h + top), "oak", 0.008)
        s.box((x0 + 0.02, 24.52, h - 0.01), (x1 - 0.02, 24.56, h + top - 0.045), "walnut", 0.006)
    for x in (-3.17, -0.93, 0.93, 3.17):
        s.box((x - 0.025, 24.56, h - 0.01), (x + 0.025, 25.1, h + 0.72), "walnut", 0.006)
    POPOV.letter("POPOV HALL", 0.15, place(0, 24.515, h + 0.5), "brass")
    POPOV.letter(
        "SALLE POPOV · SALA POPOV · ЗАЛ ПОПОВА · 波波夫厅", 0.055, place(0, 24.515, h + 0.29), "brass", 1.7
    )
    POPOV.letter("قاعة بوبوف", 0.07, place(0, 24.515, h + 0.15), "brass")
    for k, x in enumerate((-2.7, -1.95, -1.2, 0.0, 1.2, 1.95, 2.7)):
        top = h + (0.80 if k == 3 else 0.75)
        at = place(x, 25.5, h, turn=math.pi)
        POPOV.put("podium chair", lambda: f.delegate_chair("leather"), at)
        POPOV.seat(at, "Chair" if k == 3 else f"Podium {k + 1}")
        POPOV.put("microphone", f.microphone, place(x + 0.12, 24.72, top, turn=math.pi), "overhead")
        POPOV.put("name plate", f.name_plate, place(x, 24.55, top), "overhead")
        role = (
            "RAPPORTEUR",
            "VICE-CHAIR",
            "SECRETARY",
            "CHAIR",
            "LEGAL ADVISER",
            "VICE-CHAIR",
            "SECRETARIAT",
        )[k]
        plate_letters(POPOV, role, place(x, 24.55, top))
        POPOV.put("headset", c.headset, place(x - 0.42, 24.78, top, turn=math.pi + 0.3 * k), "overhead")
        POPOV.put("water", c.bottle, place(x + 0.3, 24.7, top, turn=k), "overhead")
        POPOV.put("papers", f.papers, place(x - 0.05, 24.95, top, turn=math.pi + 0.1 * k), "overhead")
    POPOV.put("carafe", f.carafe, place(0.5, 24.75, h + 0.8), "overhead")


def lectern(x, y, h):
    """A speaker's lectern."""
    s = POPOV.shape("furniture")
    s.box((x - 0.3, y - 0.22, h - 0.01), (x + 0.3, y + 0.2, h + 0.04), "walnut", 0.008)
    s.box((x - 0.24, y - 0.18, h + 0.04), (x + 0.24, y + 0.12, h + 1.04), "oak", 0.01)
    s.box(
        (x - 0.33, -0.26, 0.0),
        (x + 0.33, 0.26, 0.035),
        "walnut",
        0.008,
        at=place(0, y, h + 1.06) @ tilt(math.radians(-14)),
    )
    POPOV.put("microphone", f.microphone, place(x + 0.05, y - 0.12, h + 1.11, turn=math.pi), "overhead")


def screen_wall():
    """The big screen in a dark surround."""
    s = POPOV.shape("shell")
    s.box((-5.6, 27.22, PODIUM_HEIGHT), (5.6, 27.31, 5.2), "walnut", 0.012, skip="Y")
    s.box((-3.32, 27.16, 1.66), (3.32, 27.23, 5.22), "black", 0.012, skip="Y")
    s.quad(
        (-3.12, 27.157, 1.70),
        (3.12, 27.157, 1.70),
        (3.12, 27.157, 5.18),
        (-3.12, 27.157, 5.18),
        "screen_idle",
    )
    idle_screen(POPOV, place(0, 27.152, 3.44), 6.0)
    POPOV.screen(place(0, 27.147, 3.44), {"en": "Main screen", "fr": "Écran principal"}, 6.0, 3.375)
    for side in (-1, 1):
        for k in range(16):
            x = side * (3.5 + 0.13 * k)
            POPOV.put(f"slat {k % 3}", slat, place(x, 27.225), "slats")


def slat():
    """One oak slat of the screen wall."""
    return Shape().box((-0.04, -0.045, PODIUM_HEIGHT), (0.04, 0.0, 5.2), "oak", 0.004, skip="Yz")


def row_places(row):
    """The angles of one row's seats right of the aisle, and the angle where its desk begins and ends."""
    radius = FIRST_ROW + row * ROW_PITCH
    widest = min(math.radians(52), math.asin(min(1.0, 10.3 / radius)))
    foremost = math.acos(min(1.0, (FOCUS_Y - 20.9) / radius)) if radius > FOCUS_Y - 20.9 else 0.0
    limit = min(widest, foremost)
    start = AISLE / radius
    count = int((limit - start) * radius / SEAT_PITCH)
    return (
        radius,
        start,
        start + count * SEAT_PITCH / radius,
        [start + (k + 0.5) * SEAT_PITCH / radius for k in range(count)],
    )


def rows(seats):
    """Curved rows of desks around the podium, an aisle in the middle, until there are enough seats."""
    made = 0
    for row in range(6):
        if made >= seats:
            break
        radius, start, end, angles = row_places(row)
        for side in (-1, 1):
            desk(radius, side, start, end)
            for k, angle in enumerate(angles):
                place_setting(row, side, k, angle * side, radius, made + (side > 0) * len(angles) + k)
        made += 2 * len(angles)


def desk(radius, side, start, end):
    """One half of a row's desk: top, front panel, ends, cable rail."""
    s = POPOV.shape("furniture")
    centre = place(0, FOCUS_Y)
    a, b = (
        (start - math.pi / 2, end - math.pi / 2) if side > 0 else (-end - math.pi / 2, -start - math.pi / 2)
    )
    steps = max(6, int((b - a) * radius / 0.7))
    s.arc_band(radius - 1.02, radius - 0.50, a, b, 0.715, 0.75, "oak", steps, at=centre)
    inset = 0.012 / radius
    s.arc_band(
        radius - 0.99,
        radius - 0.965,
        a + inset,
        b - inset,
        0.04,
        0.713,
        "wood_panel",
        steps,
        0.003,
        at=centre,
    )
    s.arc_band(radius - 1.02, radius - 0.97, a, b, 0.7502, 0.79, "walnut", steps, at=centre)
    for k in range(5):
        angle = a + (b - a) * k / 4
        angle = min(max(angle, a + 0.02 / radius), b - 0.02 / radius)
        s.box(
            (radius - 0.965, -0.016, 0.0),
            (radius - 0.55, 0.016, 0.713),
            "walnut",
            0.003,
            at=centre @ place(turn=angle),
            skip="zZ",
        )


def place_setting(row, side, k, angle, radius, name):
    """A chair, its seat, a microphone, a headset, a name plate, sometimes papers, a laptop, a bag or a coat."""

    def polar(distance, extra=0.0, z=0.0):
        return place(distance * math.sin(angle), FOCUS_Y - distance * math.cos(angle), z, turn=angle + extra)

    number = (row * 37 + k * 11 + (side > 0) * 5) % 10
    chair = polar(radius - 0.29 + 0.01 * (number % 3))
    POPOV.put("delegate chair", f.delegate_chair, chair)
    POPOV.seat(chair, f"{'ABCDEF'[row]} {'L' if side < 0 else 'R'}{k + 1}")
    POPOV.put("microphone", f.microphone, polar(radius - 0.86, 0.0, 0.75) @ place(0.14), "overhead")
    plate = polar(radius - 0.94, 0.0, 0.75) @ place(-0.1, -0.02)
    POPOV.put("name plate", f.name_plate, plate, "overhead")
    plate_letters(POPOV, DELEGATIONS[name % len(DELEGATIONS)], plate)
    POPOV.put(
        f"headset {number % 2}",
        c.headset,
        polar(radius - 0.76, 0.0, 0.75)
        @ place(0.17 + 0.02 * (number % 3), 0.0, turn=0.35 * (number % 5) - 0.6),
        "overhead",
    )
    if number in (1, 4, 7, 8):
        POPOV.put(
            "papers", f.papers, polar(radius - 0.68, 0.1 * (number - 4), 0.75) @ place(-0.06), "overhead"
        )
    if number in (2, 6):
        POPOV.put("laptop", f.laptop, polar(radius - 0.72, 0.0, 0.75) @ place(-0.05), "overhead")
    if number == 3:
        POPOV.put("carafe", f.carafe, polar(radius - 0.8, 0.0, 0.75) @ place(-0.2), "overhead")
    if number in (0, 5, 9):
        POPOV.put("water", c.bottle, polar(radius - 0.84, 0.0, 0.75) @ place(-0.26), "overhead")
    if number == 5:
        POPOV.put("phone", c.phone, polar(radius - 0.66, 0.4, 0.75) @ place(-0.12), "overhead")
    if number in (1, 8):
        tone = ("leather", "fabric_navy")[number == 8]
        POPOV.put(
            f"bag {tone}", lambda: c.bag(tone), polar(radius - 0.3, 0.2) @ place(0.37, 0.25), "overhead"
        )
    if number == 6 and k % 2:
        POPOV.put("jacket", c.jacket, polar(radius - 0.29, 0.0) @ place(0, -0.28, 0.99), "overhead")


def booths():
    """Six interpreters' booths behind glass along the back wall, three on each side of the doorway."""
    width, depth, y0 = 2.55, 2.1, 7.3
    for n, (language, english) in enumerate(LANGUAGES):
        x0 = (-11.7 + n * width) if n < 3 else (11.7 - (6 - n) * width)
        booth(x0, x0 + width, y0, y0 + depth, language, english)
    s = POPOV.shape("furniture")
    for x0, x1 in ((-12.02, -11.66), (11.741, 12.02), (4.01, 4.09)):
        s.box((x0, y0 - 0.02, 0.0), (x1, y0 + depth + 0.05, 2.7), "walnut", 0.006, skip="z")
    for x0, x1 in ((-12.02, -4.0), (4.0, 12.02)):
        s.box((x0, y0 - 0.02, 2.4), (x1, y0 + depth + 0.08, 2.72), "walnut", 0.01)
        s.box((x0, y0 + depth + 0.081, 2.44), (x1, y0 + depth + 0.09, 2.68), "sign_blue", 0.0)


def booth(x0, x1, y0, y1, language, english):
    """One booth: side walls, glass front over a desk, an open doorway beside it, two seats, consoles."""
    s, glass = POPOV.shape("furniture"), POPOV.shape("glass")
    s.box((x1 - 0.04, y0 - 0.01, 0.0), (x1 + 0.04, y1 + 0.04, 2.42), "wood_panel", 0.005, skip="z")
    door = x0 + 0.95
    s.box((door - 0.03, y1 - 0.04, 0.0), (door + 0.03, y1 + 0.04, 2.41), "walnut", 0.005, skip="z")
    s.box((door + 0.03, y1 - 0.03, 0.0), (x1 - 0.04, y1 + 0.03, 0.95), "wood_panel", 0.005, skip="z")
    s.box((door + 0.03, y1 - 0.035, 0.95), (x1 - 0.04, y1 + 0.035, 0.99), "walnut", 0.004)
    s.box((x0 + 0.04, y1 - 0.04, 2.12), (door - 0.03, y1 + 0.04, 2.41), "walnut", 0.004)
    glass.quad(
        (x1 - 0.04, y1, 0.99),
        (door + 0.03, y1, 0.99),
        (door + 0.03, y1, 2.41),
        (x1 - 0.04, y1, 2.41),
        "glass",
    )
    s.box((door + 0.03, y1 - 0.6, 0.71), (x1 - 0.04, y1 - 0.03, 0.75), "oak", 0.006)
    o = POPOV.shape("overhead")
    o.box((x0 + 0.6, y0 + 0.6, 2.385), (x1 - 0.6, y0 + 0.8, 2.405), "lamp_cool", 0.0)
    POPOV.lamp((x0 + x1) / 2, y0 + 0.9, 2.36, (1.0, 0.2), 14)
    sign = OWN[language] if language == "en" else f"{OWN[language]} · {english}"
    POPOV.letter(sign, 0.1, place((x0 + x1) / 2, y1 + 0.095, 2.56, turn=math.pi), widest=2.1)
    for k, dx in enumerate((0.42, 1.1)):
        at = place(door + dx, y1 - 0.86, turn=0.0)
        POPOV.put("booth chair", f.task_chair, at)
        POPOV.seat(at, f"{english} booth {k + 1}")
        POPOV.put("microphone", f.microphone, place(door + dx + 0.1, y1 - 0.25, 0.75), "overhead")
        POPOV.put("laptop", f.laptop, place(door + dx - 0.08, y1 - 0.35, 0.75), "overhead")
        POPOV.put("headset", c.headset, place(door + dx + 0.16, y1 - 0.5, 0.75, turn=k), "overhead")
        POPOV.put("water", c.bottle, place(door + dx - 0.3, y1 - 0.2, 0.75, turn=k), "overhead")
    POPOV.booth(
        (x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0 - 0.1, y1 - y0, 2.3), language, {"en": f"{english} booth"}
    )


def ceiling():
    """Curved ceiling bands with hidden light around the same focus as the rows, and rows of downlights."""
    o = POPOV.shape("overhead")
    centre = place(0, FOCUS_Y)
    for inner, outer, half in ((3.6, 6.2, 58), (6.7, 9.3, 58), (9.8, 12.4, 52), (12.9, 15.5, 44)):
        a, b = math.radians(-90 - half), math.radians(-90 + half)
        z = 4.75
        o.arc_band(inner, outer, a, b, z, z + 0.12, "ceiling", 36, 0.02, at=centre)
        o.arc_band(
            outer - 0.25, outer - 0.18, a + 0.01, b - 0.01, z + 0.16, z + 0.2, "cove", 36, 0.0, at=centre
        )
        middle = (inner + outer) / 2
        count = int((b - a) * middle / 2.1)
        for k in range(count):
            angle = a + (b - a) * (k + 0.5) / count
            x, y = middle * math.cos(angle), FOCUS_Y + middle * math.sin(angle)
            if abs(x) < 11.5 and y > 9.8:
                POPOV.put("spot", make_downlight, place(x, y, z), "overhead")
                POPOV.lamp(x, y, z - 0.04, (0.14, 0.14), 17, (1.0, 0.92, 0.82))
    for x in (-2.7, -0.9, 0.9, 2.7):
        POPOV.lamp(x, 23.4, 5.5, (0.3, 0.3), 38, (1.0, 0.95, 0.88))
    for x in (-9.5, -6.0, 6.0, 9.5):
        POPOV.lamp(x, 25.2, 5.5, (0.5, 0.5), 30)
    cove_lamps()
    POPOV.lamp(0, 9.0, 5.5, (2.0, 0.6), 45)
    for x in (-7.8, 7.8):
        POPOV.lamp(x, 8.6, 5.5, (4.0, 0.6), 30)


def cove_lamps():
    """The light that the hidden strips throw at the ceiling."""
    for radius, half in ((6.0, 50), (9.1, 50), (12.2, 46), (15.3, 38)):
        for degrees in np.linspace(-half, half, 7):
            a = math.radians(-90 + degrees)
            x, y = radius * math.cos(a), FOCUS_Y + radius * math.sin(a)
            if abs(x) < 11.5:
                POPOV.lamps.append(Lamp(place(x, y, 5.0) @ tilt(math.pi), (0.5, 0.5), 20, (1.0, 0.84, 0.66)))
