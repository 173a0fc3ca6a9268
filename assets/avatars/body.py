"""Bodies without clothes' cut: trunk, arms, legs, hands, feet as signed distances, by a few measures.

glTF's frame: y up, facing -z, the left hand at -x; eyes at 1.65 m, arms 40 degrees from the body. It must not know
how a body moves; rig.py has the bones.
"""

from dataclasses import dataclass
from typing import Callable

import numpy as np

from . import hand
from .rig import ARM, ELBOW, HAND_FRAME, SHOULDER, WRIST, in_hand
from .sdf import carve, common, ellipsoid, grown, half_space, limb, melt, mirrored, slab


@dataclass
class Part:
    """A piece of the figure with its own surface; `kind` says how the skeleton moves it."""

    name: str
    kind: str
    material: str
    distance: Callable | None
    low: tuple
    high: tuple
    cell: float
    triangles: int
    color: Callable
    hidden_by: Callable | None = None
    # Ready triangles (points, normals, indices, colours) in place of a distance.
    mesh: tuple | None = None
    # Triangles of the coarsest level; 0 where nobody would miss the part.
    far: int = 0
    # The shape of the coarser levels, where it differs.
    coarse: Callable | None = None
    # Ready triangles of the coarsest level.
    far_mesh: tuple | None = None
    # Ready weights of ready triangles, where `kind` does not say enough.
    carried: object = None
    # How much of what the finest level has of the head follows the jaw: a function from points to shares.
    jaw: Callable | None = None
    # Opens the finest level's triangles (points, triangles, the distance that they show) and gives them ready.
    opened: Callable | None = None


@dataclass
class Build:
    """Measures of a trunk, metres."""

    shoulder: float = 0.145
    chest: tuple = (0.143, 0.098)
    waist: tuple = (0.124, 0.088)
    hips: tuple = (0.146, 0.100)
    bust: float = 0.0
    belly: float = 0.0
    arm: float = 1.0
    hand: float = 1.0


MAN = Build()
WOMAN = Build(0.128, (0.123, 0.084), (0.102, 0.074), (0.144, 0.098), 1.0, 0.0, 0.82, 0.90)


def plain(color):
    """One colour."""
    return lambda p: np.tile(np.asarray(color, float), (len(p), 1))


def torso(b):
    """The trunk."""
    chest = ellipsoid((0, 1.305, 0.008), (b.chest[0], 0.165, b.chest[1]))
    waist = ellipsoid((0, 1.10, 0.004), (b.waist[0], 0.19, b.waist[1]))
    hips = ellipsoid((0, 0.945, 0.012), (b.hips[0], 0.130, b.hips[1]))
    shoulders = mirrored(
        melt(
            0.03,
            limb((0.0, 1.425, 0.018), (b.shoulder, 1.400, 0.012), 0.046, 0.044),
            limb((0.0, 1.455, 0.022), (b.shoulder * 0.7, 1.415, 0.016), 0.050, 0.036),
        )
    )
    whole = melt(0.055, melt(0.09, chest, waist, hips), shoulders)
    if b.bust:
        whole = melt(0.040, whole, mirrored(ellipsoid((0.056, 1.283, -0.058), (0.055, 0.058, 0.047 * b.bust))))
    if b.belly:
        whole = melt(0.06, whole, ellipsoid((0, 1.09, -0.035), (0.110, 0.120, 0.075 * b.belly)))
    return whole


def sleeves(b, start, end, loose=0.0, to=None):
    """Both sleeves, from the shoulder to the wrist or to `to` metres along the arm, with creases at the elbow."""
    forward = np.array([0, 0, -1.0])
    arms = mirrored(
        melt(
            0.03,
            limb(SHOULDER - ARM * 0.005, ELBOW, (0.0520 + loose) * b.arm, start * b.arm),
            limb(ELBOW, WRIST + ARM * 0.004, start * b.arm, end * b.arm),
        )
    )

    def creased(p):
        q = np.abs(p) * (1, 0, 0) + p * (0, 1, 1)
        along = (q - ELBOW) @ ARM
        front = np.clip((q - ELBOW) @ forward / 0.05, -1, 1)
        near = np.exp(-((along / 0.055) ** 2)) * (0.45 + 0.55 * front)
        return arms(p) + 0.0030 * near * np.sin(along * 210) + 0.0016 * np.exp(-(((along - 0.17) / 0.06) ** 2)) * np.sin(along * 160)

    reach = (WRIST - SHOULDER) @ ARM + 0.004 if to is None else to
    cut = SHOULDER + ARM * reach
    beyond = mirrored(common(half_space(cut, -ARM), half_space((0.10, 0, 0), (-1, 0, 0)), 0.001))
    return carve(creased, beyond, 0.004)


def bare_arms(b, start):
    """Skin of the arms from `start` metres below the shoulder to the wrist."""
    arm = mirrored(
        melt(
            0.03,
            limb(SHOULDER, ELBOW, 0.043 * b.arm, 0.0375 * b.arm),
            limb(ELBOW, WRIST, 0.0380 * b.arm, 0.0265 * b.hand),
        )
    )
    below = mirrored(common(half_space(SHOULDER + ARM * start, ARM * -1), half_space((0.12, 0, 0), (-1, 0, 0)), 0.001))
    return common(arm, lambda p: below(p), 0.002)


def leg(top, knee, ankle):
    """One leg at x > 0."""
    return melt(
        0.04,
        limb((0.084, 0.92, 0.010), (0.092, 0.50, 0.004), top, knee),
        limb((0.092, 0.50, 0.004), (0.098, 0.09, 0.016), knee, ankle),
    )


def bare_legs():
    """Calves and ankles, shown below skirts."""
    calf = melt(
        0.03,
        limb((0.092, 0.56, 0.006), (0.096, 0.36, 0.018), 0.038, 0.043),
        limb((0.096, 0.36, 0.018), (0.100, 0.10, 0.020), 0.043, 0.027),
        limb((0.100, 0.10, 0.020), (0.100, 0.05, 0.02), 0.027, 0.028),
    )
    instep = limb((0.100, 0.075, 0.010), (0.103, 0.035, -0.075), 0.024, 0.024)
    return mirrored(melt(0.02, calf, instep))


def trousers(b, top=0.083, knee=0.059, ankle=0.052, waist=1.03):
    """Straight trousers with a crease, that break over the shoes."""
    legs = mirrored(common(leg(top, knee, ankle), half_space((0, 0.050, 0.02), (0, -1, -0.20)), 0.004))
    seat = common(grown(torso(b), 0.005), half_space((0, waist, 0), (0, 1, 0)), 0.004)
    whole = melt(0.02, legs, common(seat, half_space((0, 0.84, 0), (0, -1, 0)), 0.02))

    def creased(p):
        q = np.abs(p[:, 0])
        front = np.exp(-(((q - 0.094) / 0.010) ** 2)) * (p[:, 2] < 0) * 0.0030
        low = np.exp(-(((p[:, 1] - 0.12) / 0.05) ** 2)) * np.sin(p[:, 1] * 170 + p[:, 2] * 25) * 0.0030
        knees = np.exp(-(((p[:, 1] - 0.50) / 0.06) ** 2)) * np.sin(p[:, 1] * 120) * 0.0014
        hip = np.exp(-(((p[:, 1] - 0.86) / 0.04) ** 2)) * (p[:, 2] < 0) * np.sin(q * 70 + p[:, 1] * 60) * 0.0020
        return whole(p) - front + low + knees + hip

    return creased


def shoes():
    """Leather shoes with soles and a heel."""
    upper = melt(
        0.03,
        limb((0.100, 0.052, 0.040), (0.102, 0.044, -0.075), 0.038, 0.037),
        ellipsoid((0.104, 0.036, -0.130), (0.036, 0.030, 0.062)),
        limb((0.100, 0.06, 0.03), (0.1, 0.11, 0.022), 0.037, 0.039),
    )
    upper = common(upper, half_space((0, 0.016, 0), (0, -1, 0)), 0.004)
    flat = melt(
        0.03,
        limb((0.100, 0.02, 0.040), (0.102, 0.02, -0.075), 0.038, 0.039),
        ellipsoid((0.104, 0.02, -0.130), (0.038, 0.036, 0.064)),
    )
    sole = common(grown(flat, 0.002), slab((0.10, 0.0105, -0.05), (0.09, 0.0105, 0.2), 0.003), 0.002)
    arch = limb((0.04, 0.0, 0.012), (0.16, 0.0, 0.012), 0.014, 0.014)
    return mirrored(melt(0.003, upper, carve(sole, arch, 0.004)))


def pumps():
    """Low shoes with a small heel that leave the instep free."""
    upper = melt(
        0.02,
        limb((0.100, 0.040, 0.040), (0.102, 0.030, -0.075), 0.033, 0.033),
        ellipsoid((0.104, 0.026, -0.125), (0.033, 0.024, 0.058)),
    )
    upper = carve(upper, ellipsoid((0.101, 0.082, -0.030), (0.029, 0.040, 0.082)), 0.006)
    upper = common(upper, half_space((0, 0.012, 0), (0, -1, 0)), 0.004)
    flat = melt(
        0.03,
        limb((0.100, 0.012, 0.040), (0.102, 0.012, -0.075), 0.033, 0.034),
        ellipsoid((0.104, 0.012, -0.125), (0.034, 0.03, 0.059)),
    )
    sole = common(flat, slab((0.10, 0.008, -0.05), (0.09, 0.008, 0.2), 0.002), 0.002)
    arch = limb((0.04, 0.0, 0.0), (0.16, 0.0, 0.0), 0.017, 0.017)
    return mirrored(melt(0.003, upper, carve(sole, arch, 0.003)))


def wrist_and_palm():
    """Wrist and palm of the right hand, in the figure."""
    palm = slab(in_hand(np.array([0.050, 0.0010, -0.0005])), (0.046, 0.0375, 0.0140), 0.0128, HAND_FRAME)
    wrist = limb(WRIST - ARM * 0.03, WRIST + ARM * 0.02, 0.026, 0.025, (HAND_FRAME[2], 0.80))
    return melt(0.014, palm, wrist)


def slimmer(whole, size):
    """Both hands, across and thick as `size` says; their joints stay where they are."""

    def distance(p):
        q = (p - WRIST) @ HAND_FRAME.T
        return whole(in_hand(q * (1.0, 1 / size, 1 / size))) * size

    return mirrored(distance)


def palms(size=1.0):
    """Both hands without fingers, with knuckles and the ball of the thumb."""
    start, end = (in_hand(point) for point in hand.chain("Thumb")[:2])
    ball = limb(start, start + (end - start) * 0.96, 0.0165, 0.0118)
    heel = limb(in_hand(np.array([0.020, -0.022, 0.003])), in_hand(np.array([0.070, -0.029, 0.002])), 0.0145, 0.0125)
    knuckles = [
        limb(in_hand(hand.chain(name)[0] + (-0.020, 0, -0.001)), in_hand(hand.chain(name)[0] + (0.002, 0, -0.0002)), 0.0095, hand.HAND[name].radii[0] * 1.03)
        for name in hand.FINGERS
    ]
    # Skin between the knuckles, or a fist shows four pegs.
    row = [in_hand(hand.chain(name)[0] + (0.0005, 0, 0)) for name in hand.FINGERS]
    between = [limb(a, b, 0.0102, 0.0098 if k < 2 else 0.0086) for k, (a, b) in enumerate(zip(row, row[1:]))]
    whole = melt(0.010, melt(0.014, wrist_and_palm(), ball, heel), melt(0.006, *knuckles, *between))
    return slimmer(whole, size)


def hands(size=1.0):
    """Whole hands in the rest pose, for figures whose fingers do not move."""
    fingers = []
    for name in ("Thumb", *hand.FINGERS):
        points = [in_hand(point) for point in hand.chain(name)]
        radii = (hand.THUMB if name == "Thumb" else hand.HAND[name]).radii
        fingers.append(melt(0.004, *(limb(points[k], points[k + 1], radii[k], radii[k + 1] * 0.95) for k in range(3))))
    # Fingers lie together: so far away one sees a hand, not its gaps.
    return slimmer(melt(0.010, wrist_and_palm(), melt(0.012, *fingers)), size)
