"""A delegate in business dress: head, hair, hands, shirt, tie, jacket, trousers, shoes, as signed distances.

glTF's frame: y up, facing -z, the left hand at -x. 1.75 m tall, eyes at 1.65 m, arms 40° from the body.
It must not know how a body moves; rig.py has the bones.
"""

from dataclasses import dataclass
from typing import Callable

import numpy as np

from .rig import ARM, ELBOW, SHOULDER, WRIST
from .sdf import ball, carve, common, ellipsoid, grown, half_space, limb, melt, mirrored, slab

SKIN, UPPER_LIP, LOWER_LIP = (0.62, 0.36, 0.24), (0.40, 0.165, 0.125), (0.53, 0.245, 0.185)
HAIR = (0.035, 0.022, 0.016)
JACKET, LAPEL = (0.038, 0.053, 0.090), (0.029, 0.041, 0.070)
SHIRT, TIE = (0.78, 0.79, 0.80), (0.30, 0.035, 0.05)
TROUSERS, SHOES = (0.03, 0.042, 0.07), (0.018, 0.014, 0.012)
EYE_WHITE, IRIS = (0.72, 0.70, 0.67), (0.075, 0.038, 0.017)


@dataclass
class Part:
    """A piece of the body with its own surface."""

    name: str
    distance: Callable
    low: tuple
    high: tuple
    cell: float
    triangles: int
    color: Callable
    hidden_by: Callable | None = None


def smooth(low, high, value):
    """0 below low, 1 above high, soft in between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def plain(color):
    """One colour."""
    return lambda p: np.tile(np.asarray(color, float), (len(p), 1))


def head():
    """Skull, face and neck."""
    skull = melt(
        0.03,
        ellipsoid((0, 1.662, 0.014), (0.072, 0.088, 0.094)),
        ellipsoid((0, 1.612, -0.028), (0.0595, 0.076, 0.056)),
    )
    jaw = mirrored(limb((0.040, 1.578, -0.002), (0.012, 1.543, -0.064), 0.020, 0.017))
    face = melt(0.028, skull, jaw, ball((0, 1.5415, -0.068), 0.0185))
    cheeks = mirrored(ball((0.040, 1.612, -0.056), 0.023))
    brow = mirrored(limb((0.006, 1.669, -0.079), (0.040, 1.670, -0.066), 0.011, 0.011))
    face = melt(0.024, face, cheeks, brow)
    face = carve(face, mirrored(ellipsoid((0.0315, 1.6505, -0.099), (0.0185, 0.0115, 0.020))), 0.016)
    nose = melt(
        0.009,
        limb((0, 1.660, -0.081), (0, 1.6185, -0.1015), 0.0075, 0.0108),
        mirrored(ball((0.0108, 1.6135, -0.0935), 0.0074)),
    )
    face = melt(0.011, face, nose)
    face = melt(0.018, face, ellipsoid((0, 1.573, -0.064), (0.036, 0.022, 0.0270)))
    lids = mirrored(carve(ball((0.0315, 1.650, -0.0722), 0.0149), EYE_SLIT, 0.0022))
    face = melt(0.004, face, lids)
    ears = mirrored(
        carve(
            ellipsoid((0.0755, 1.640, 0.012), (0.0085, 0.029, 0.0175)),
            ellipsoid((0.086, 1.642, 0.009), (0.007, 0.018, 0.010)),
            0.005,
        )
    )
    face = melt(0.006, face, ears)
    neck = melt(
        0.03,
        limb((0, 1.43, 0.026), (0, 1.585, 0.014), 0.0565, 0.0515),
        mirrored(limb((0.05, 1.62, 0.03), (0.015, 1.46, -0.026), 0.016, 0.014)),
    )
    return melt(0.018, face, neck)


EYE_SLIT = slab((0.0315, 1.6494, -0.09), (0.0142, 0.0051, 0.02), 0.0049)


def mouth(p):
    """Distance-like: negative where the lips lie, seen from the front."""
    t = np.clip(1 - (p[:, 0] / 0.0250) ** 2, 0, 1)
    above = p[:, 1] - (1.5712 + 0.0060 * t**0.75 - 0.0013 * np.exp(-((p[:, 0] / 0.0042) ** 2)))
    below = 1.5708 - 0.0074 * t**0.85 - p[:, 1]
    return np.maximum.reduce([above, below, np.abs(p[:, 0]) - 0.0250, p[:, 2] + 0.05])


def lip(upper):
    """One of the closed lips; both lie on the face and part along a line that sinks a little in the middle."""

    def half(p):
        line = p[:, 1] - (1.5706 - 0.0012 * np.cos(np.clip(p[:, 0] / 0.025, -1, 1) * 1.5))
        return np.maximum(mouth(p), 0.00025 - line if upper else line + 0.00025)

    return common(grown(head(), 0.0016 if upper else 0.0022), half, 0.0022)


def head_color(p):
    """Skin with warmer cheeks and ears, and a shade of beard."""
    color = np.tile(np.asarray(SKIN, float), (len(p), 1))
    flat = np.abs(p[:, :2]) - (0.042, 0) - np.column_stack([np.zeros(len(p)), np.full(len(p), 1.607)])
    cheeks = (1 - smooth(0.0, 0.034, np.linalg.norm(flat, axis=1))) * (p[:, 2] < -0.03)
    nose = 1 - smooth(0.0, 0.024, np.linalg.norm(p - (0, 1.617, -0.110), axis=1))
    ears = smooth(0.070, 0.080, np.abs(p[:, 0])) * (p[:, 1] < 1.68) * (p[:, 1] > 1.60)
    beard = smooth(1.600, 1.575, p[:, 1]) * smooth(1.50, 1.525, p[:, 1]) * smooth(0.01, -0.02, p[:, 2])
    for amount, tint in (
        (0.22 * cheeks, (0.62, 0.27, 0.19)),
        (0.20 * nose, (0.62, 0.27, 0.19)),
        (0.25 * ears, (0.60, 0.25, 0.17)),
        (0.14 * beard, (0.28, 0.18, 0.13)),
    ):
        color = color * (1 - amount[:, None]) + np.asarray(tint) * amount[:, None]
    return color


def hair():
    """Short hair with a parting, clear of face and ears."""
    cap = ellipsoid((0, 1.670, 0.018), (0.0800, 0.0900, 0.0995))
    top = melt(
        0.03,
        limb((0.020, 1.735, -0.048), (-0.040, 1.724, -0.050), 0.022, 0.024),
        limb((0.02, 1.742, 0.02), (-0.028, 1.738, 0.0), 0.019, 0.022),
    )
    whole = melt(0.035, cap, top)
    whole = carve(whole, limb((0.034, 1.772, -0.10), (0.030, 1.768, 0.04), 0.0045, 0.003), 0.006)
    face = melt(
        0.03,
        ellipsoid((0, 1.610, -0.075), (0.0725, 0.098, 0.066)),
        ellipsoid((0, 1.56, -0.045), (0.10, 0.085, 0.068)),
    )
    whole = carve(whole, face, 0.008)
    whole = carve(whole, mirrored(ellipsoid((0.084, 1.632, 0.012), (0.022, 0.036, 0.023))), 0.006)
    nape = half_space((0, 1.595, 0.075), (0, -1, -0.35))
    return common(whole, nape, 0.012)


def brows():
    """Eyebrows."""
    inner, middle, outer = (0.0150, 1.6725, -0.0915), (0.034, 1.6765, -0.0850), (0.0485, 1.6722, -0.0715)
    return mirrored(melt(0.003, limb(inner, middle, 0.0034, 0.0030), limb(middle, outer, 0.0030, 0.0016)))


EYE = (0.0315, 1.650, -0.0722)


def eyes():
    """Eyeballs."""
    return mirrored(ball(EYE, 0.0138))


def iris(radius, lift):
    """A coloured disc on the front of each eye."""

    def disc(p):
        return np.maximum(np.hypot(p[:, 0] - EYE[0], p[:, 1] - EYE[1]) - radius, p[:, 2] - EYE[2])

    return mirrored(lambda p: np.maximum(ball(EYE, 0.0138 + lift)(p), disc(p)))


def torso():
    """The trunk without clothes' thickness."""
    chest = ellipsoid((0, 1.315, 0.008), (0.158, 0.165, 0.104))
    waist = ellipsoid((0, 1.10, 0.004), (0.138, 0.19, 0.098))
    hips = ellipsoid((0, 0.955, 0.010), (0.158, 0.125, 0.106))
    shoulders = mirrored(limb((0.0, 1.435, 0.016), (0.160, 1.408, 0.012), 0.051, 0.050))
    return melt(0.06, melt(0.09, chest, waist, hips), shoulders)


def shirt():
    """The shirt's front; cuffs show below the sleeves."""
    body = common(grown(torso(), -0.001), half_space((0, 1.12, 0), (0, -1, 0)), 0.002)
    body = common(body, slab((0, 1.3, -0.05), (0.11, 0.2, 0.12), 0.01), 0.004)
    cuff = mirrored(
        common(
            limb(WRIST - ARM * 0.014, WRIST + ARM * 0.02, 0.0335, 0.0315),
            half_space(WRIST + ARM * 0.008, ARM),
            0.002,
        )
    )
    return melt(0.004, body, cuff)


def collar():
    """The shirt's collar with its two points."""
    neck = melt(
        0.02,
        limb((0, 1.44, 0.024), (0, 1.502, 0.016), 0.073, 0.0640),
        limb((0, 1.43, 0.02), (0, 1.46, 0.02), 0.08, 0.07),
    )
    band = common(neck, half_space((0, 1.505, -0.02), (0, 1, -0.22)), 0.003)
    band = carve(band, slab((0, 1.50, -0.075), (0.006, 0.03, 0.03), 0.002), 0.003)
    away = np.array([0.30, 0.50, -0.80]) / np.linalg.norm([0.30, 0.50, -0.80])
    points = mirrored(limb((0.022, 1.480, -0.052), (0.043, 1.440, -0.074), 0.017, 0.007, (away, 0.5)))
    return melt(0.005, band, points)


def tie():
    """A knot and a blade that lies on the shirt."""

    def blade(p):
        width = 0.016 + 0.020 * smooth(1.44, 1.15, p[:, 1])
        return np.maximum.reduce([np.abs(p[:, 0]) - width, 1.13 - p[:, 1], p[:, 1] - 1.447, p[:, 2] + 0.03])

    lying = common(grown(torso(), 0.0065), blade, 0.004)
    knot = limb((0, 1.462, -0.071), (0, 1.437, -0.078), 0.017, 0.011)
    return melt(0.006, lying, knot)


def opening(p):
    """Half the width of the jacket's opening at a height."""
    return 0.004 + 0.245 * np.clip(p[:, 1] - 1.155, 0, 1) ** 0.92


def jacket():
    """A two-button jacket with lapels, collar, shoulder line and sleeves."""
    trunk = melt(0.05, grown(torso(), 0.014), ellipsoid((0, 0.90, 0.008), (0.168, 0.16, 0.116)))
    sleeves = mirrored(
        melt(
            0.03,
            limb(SHOULDER + ARM * 0.005, ELBOW, 0.0610, 0.0530),
            limb(ELBOW, WRIST + ARM * 0.005, 0.0540, 0.0430),
        )
    )
    whole = melt(0.035, trunk, sleeves)
    whole = common(whole, half_space((0, 0.835, 0), (0, -1, 0)), 0.006)
    beyond_wrist = common(
        limb(WRIST, WRIST + ARM * 0.2, 0.06, 0.06), half_space(WRIST - ARM * 0.004, -ARM), 0.001
    )
    whole = carve(whole, mirrored(beyond_wrist), 0.004)
    lapels = common(grown(whole, 0.0055), lapel_band, 0.003)
    collar = common(
        limb((0, 1.40, 0.02), (0, 1.487, 0.022), 0.094, 0.079),
        half_space((0, 1.482, 0.03), (0, 1, -0.62)),
        0.004,
    )
    whole = melt(0.004, melt(0.012, whole, collar), lapels)
    whole = carve(whole, front_cut, 0.003)
    whole = carve(whole, limb((0, 1.38, 0.0), (0, 1.60, 0.014), 0.066, 0.070), 0.004)
    return melt(0.002, whole, buttons())


def lapel_band(p):
    """Where the lapels lie: beside the opening, broadest at the chest."""
    edge = opening(p)
    width = 0.058 * smooth(1.15, 1.33, p[:, 1]) * (1 - 0.35 * smooth(1.36, 1.45, p[:, 1]))
    outside = np.maximum(np.abs(p[:, 0]) - edge - width, edge - 0.02 - np.abs(p[:, 0]))
    return np.maximum.reduce([outside, 1.15 - p[:, 1], p[:, 1] - 1.455, p[:, 2] + 0.0])


def front_cut(p):
    """The opening over the shirt, and the parting of the fronts below the buttons."""
    upper = np.maximum.reduce([np.abs(p[:, 0]) - opening(p), 1.155 - p[:, 1], p[:, 2] + 0.02])
    spread = 0.0015 + 0.20 * np.clip(0.985 - p[:, 1], 0, 1) ** 1.3
    lower = np.maximum.reduce([np.abs(p[:, 0] - 0.002) - spread, p[:, 1] - 1.156, p[:, 2] + 0.05])
    return np.minimum(upper, lower)


def buttons():
    """Two buttons on the front."""
    return lambda p: np.minimum(
        ball((0.010, 1.125, -0.1115), 0.0085)(p), ball((0.010, 1.025, -0.1125), 0.0085)(p)
    )


def jacket_color(p):
    """Cloth; lapels a shade deeper, buttons dark."""
    color = np.tile(np.asarray(JACKET, float), (len(p), 1))
    lapel = smooth(0.004, -0.002, lapel_band(p))
    color = color * (1 - lapel[:, None]) + np.asarray(LAPEL) * lapel[:, None]
    button = smooth(0.003, 0.0, buttons()(p))
    return color * (1 - button[:, None]) + 0.008 * button[:, None]


def trousers():
    """Straight trousers that break over the shoes."""
    leg = melt(
        0.04,
        limb((0.088, 0.92, 0.010), (0.096, 0.50, 0.004), 0.089, 0.064),
        limb((0.096, 0.50, 0.004), (0.100, 0.09, 0.016), 0.064, 0.056),
    )
    legs = mirrored(common(leg, half_space((0, 0.052, 0.02), (0, -1, -0.22)), 0.004))
    return melt(0.02, legs, common(grown(torso(), 0.006), half_space((0, 1.03, 0), (0, 1, 0)), 0.004))


def shoes():
    """Plain leather shoes with soles."""
    upper = melt(
        0.03,
        limb((0.100, 0.052, 0.040), (0.102, 0.046, -0.075), 0.040, 0.041),
        ellipsoid((0.104, 0.040, -0.125), (0.040, 0.036, 0.062)),
        limb((0.100, 0.06, 0.03), (0.1, 0.11, 0.022), 0.038, 0.040),
    )
    upper = common(upper, half_space((0, 0.016, 0), (0, -1, 0)), 0.004)
    sole = common(
        grown(
            melt(
                0.03,
                limb((0.100, 0.02, 0.040), (0.102, 0.02, -0.075), 0.041, 0.043),
                ellipsoid((0.104, 0.02, -0.125), (0.042, 0.036, 0.064)),
            ),
            0.002,
        ),
        slab((0.10, 0.0105, -0.05), (0.09, 0.0105, 0.2), 0.003),
        0.002,
    )
    return mirrored(melt(0.003, upper, sole))


def hands():
    """Hands with slightly bent fingers; palms face the thighs, thumbs to the front."""
    inward = np.array([ARM[1], -ARM[0], 0.0])
    ahead = np.array([0, 0, -1.0])
    frame = np.stack([ARM, ahead, inward])
    palm = slab(WRIST + ARM * 0.052, (0.046, 0.040, 0.0145), 0.013, frame)
    wrist = limb(WRIST - ARM * 0.03, WRIST + ARM * 0.02, 0.027, 0.025, (inward, 0.78))
    fingers = []
    for across, reach, thick in (
        (0.030, 0.072, 0.0088),
        (0.0105, 0.080, 0.0092),
        (-0.009, 0.075, 0.0088),
        (-0.0275, 0.060, 0.0078),
    ):
        knuckle = WRIST + ARM * (0.094 - 0.10 * abs(across - 0.008)) + ahead * across
        middle = knuckle + ARM * reach * 0.52 + inward * 0.006 + ahead * across * 0.10
        tip = middle + ARM * reach * 0.44 + inward * 0.020
        fingers.append(
            melt(
                0.004,
                limb(knuckle, middle, thick, thick * 0.94),
                limb(middle, tip, thick * 0.94, thick * 0.78),
            )
        )
    base = WRIST + ARM * 0.022 + ahead * 0.026 + inward * 0.004
    joint = WRIST + ARM * 0.062 + ahead * 0.053 + inward * 0.014
    end = WRIST + ARM * 0.096 + ahead * 0.058 + inward * 0.020
    thumb = melt(0.006, limb(base, joint, 0.0155, 0.0112), limb(joint, end, 0.0112, 0.0086))
    return mirrored(melt(0.006, melt(0.012, palm, wrist, thumb), melt(0.0022, *fingers)))


def parts():
    """All pieces, with the box each lies in, the fineness of its surface and its share of triangles."""
    x = float(WRIST[0] + 0.2 * ARM[0] + 0.05)
    return [
        Part(
            "head",
            head(),
            (-0.10, 1.43, -0.13),
            (0.10, 1.76, 0.13),
            0.0034,
            2620,
            head_color,
            common(hair(), half_space((0, 1.60, -0.02), (0, 0, -1))),
        ),
        Part(
            "upper lip", lip(True), (-0.03, 1.56, -0.10), (0.03, 1.585, -0.06), 0.0011, 110, plain(UPPER_LIP)
        ),
        Part(
            "lower lip", lip(False), (-0.03, 1.555, -0.10), (0.03, 1.58, -0.06), 0.0011, 110, plain(LOWER_LIP)
        ),
        Part("hair", hair(), (-0.11, 1.55, -0.12), (0.11, 1.79, 0.14), 0.0045, 640, plain(HAIR)),
        Part("brows", brows(), (-0.06, 1.66, -0.105), (0.06, 1.69, -0.06), 0.0018, 120, plain(HAIR)),
        Part("eyes", eyes(), (-0.05, 1.63, -0.09), (0.05, 1.67, -0.055), 0.0024, 200, plain(EYE_WHITE)),
        Part(
            "irises",
            iris(0.0062, 0.0004),
            (-0.05, 1.64, -0.09),
            (0.05, 1.66, -0.07),
            0.0009,
            110,
            plain(IRIS),
        ),
        Part(
            "pupils",
            iris(0.0027, 0.0008),
            (-0.05, 1.64, -0.09),
            (0.05, 1.66, -0.07),
            0.0006,
            70,
            plain((0.004, 0.004, 0.004)),
        ),
        Part("collar", collar(), (-0.11, 1.37, -0.11), (0.11, 1.53, 0.12), 0.0036, 330, plain(SHIRT)),
        Part("shirt", shirt(), (-x, 0.95, -0.14), (x, 1.53, 0.13), 0.0060, 300, plain(SHIRT)),
        Part("tie", tie(), (-0.05, 1.11, -0.13), (0.05, 1.49, 0.0), 0.004, 150, plain(TIE)),
        Part("jacket", jacket(), (-x, 0.82, -0.14), (x, 1.52, 0.15), 0.0062, 1500, jacket_color),
        Part("trousers", trousers(), (-0.19, 0.04, -0.13), (0.19, 1.04, 0.14), 0.009, 500, plain(TROUSERS)),
        Part("shoes", shoes(), (-0.16, -0.01, -0.20), (0.16, 0.16, 0.10), 0.006, 360, plain(SHOES)),
        Part("hands", hands(), (-x, 0.72, -0.09), (x, 1.06, 0.06), 0.0034, 880, plain(SKIN)),
    ]
