"""Hair, beards and a head-scarf as signed distances, in the frame of a head of natural size (see face.py).

It must not know faces' features beyond the hairline, nor skeletons.
"""

import numpy as np

from .face import smooth
from .sdf import ball, carve, common, ellipsoid, grown, half_space, limb, melt, mirrored


def cap(lift=0.0, low=1.598):
    """What covers the skull, without the face and the ears."""
    return common(
        ellipsoid((0, 1.671, 0.018), (0.0785 + lift, 0.0885 + lift, 0.0985 + lift)),
        half_space((0, low, 0.075), (0, -1, -0.30)),
        0.010,
    )


def face_hole(forehead=0.0, temple=0.0):
    """What hair leaves free: forehead, temples, cheeks."""
    return melt(
        0.026,
        ellipsoid((0, 1.616 + forehead * 0.5, -0.085), (0.0690 + temple, 0.0985 + forehead, 0.062)),
        ellipsoid((0, 1.555, -0.045), (0.10, 0.085, 0.066)),
    )


def ear_hole():
    """Room for the ears."""
    return mirrored(ellipsoid((0.086, 1.634, 0.010), (0.024, 0.036, 0.022)))


def combed(body, across, count, depth):
    """Shallow grooves along the hair; `across` gives the place across the strands, in radians."""
    return lambda p: body(p) + depth * (0.6 * np.sin(across(p) * count) + 0.4 * np.sin(across(p) * count * 2.3 + 1.0))


def clustered(k, centers, radii):
    """Many balls that melt into each other."""

    def distance(p):
        total = np.zeros(len(p))
        for center, radius in zip(centers, radii):
            total += np.exp(-np.clip((np.linalg.norm(p - center, axis=1) - radius) / k, -30, 30))
        return -k * np.log(np.maximum(total, 1e-13))

    return distance


def on_skull(count, lift, seed):
    """Even places on the skull's upper part, with a little disorder."""
    noise = np.random.default_rng(seed)
    k = np.arange(count) + 0.5
    up, turn = 1 - 1.45 * k / count, np.pi * (1 + 5**0.5) * k
    ring = np.sqrt(np.clip(1 - up * up, 0, 1))
    direction = np.stack([ring * np.cos(turn), up, ring * np.sin(turn)], 1)
    direction += noise.normal(0, 0.05, direction.shape)
    return np.array([0, 1.672, 0.018]) + direction * (np.array([0.0740, 0.0840, 0.0930]) + lift)


def side_parted():
    """Short hair combed over from a parting, with volume at the front."""
    locks = []
    for k, z in enumerate(np.linspace(-0.066, 0.055, 6)):
        height = 1.7515 - 0.9 * (z - 0.0) ** 2 * 3.4
        locks.append(
            melt(
                0.010,
                limb((0.030, height - 0.008, z + 0.010), (-0.016, height + 0.001, z - 0.006), 0.0165, 0.0205),
                limb((-0.016, height + 0.001, z - 0.006), (-0.060, height - 0.030, z + 0.004 * k), 0.0200, 0.0165),
            )
        )
    whole = melt(0.012, cap(0.002), *locks)
    whole = carve(whole, limb((0.036, 1.772, -0.085), (0.033, 1.772, 0.04), 0.0040, 0.0028), 0.006)
    whole = carve(whole, face_hole(0.003), 0.007)
    whole = carve(whole, ear_hole(), 0.006)
    return combed(whole, lambda p: p[:, 2] * 60 + p[:, 1] * 8, 6.0, 0.0008)


def brushed_up():
    """Short sides and thick hair brushed up from the forehead."""
    top = []
    for x in np.linspace(-0.046, 0.046, 6):
        drop = 6.5 * x * x
        top.append(
            melt(
                0.012,
                limb((x * 0.95, 1.734 - drop, -0.066), (x, 1.7545 - drop, -0.044), 0.0125, 0.0150),
                limb((x, 1.7545 - drop, -0.044), (x * 0.9, 1.7455 - drop, 0.045), 0.0150, 0.0185),
            )
        )
    whole = melt(0.010, cap(0.000), *top)
    whole = carve(whole, face_hole(0.001), 0.006)
    return carve(whole, ear_hole(), 0.006)


def cropped(thick=0.0):
    """Hair cut close to the skull."""
    whole = carve(cap(-0.0012 + thick), face_hole(0.001, 0.002), 0.004)
    return carve(whole, ear_hole(), 0.006)


def curly(lift=0.010, size=0.0165, low=1.60, seed=3):
    """Curls all over the head; with more lift they stand around it like a cloud."""
    centers = on_skull(120, lift * 0.6, seed)
    keep = centers[:, 1] > low + 0.45 * np.maximum(0, -centers[:, 2] - 0.0)
    centers = centers[keep]
    radii = np.random.default_rng(seed).uniform(0.85, 1.15, len(centers)) * size
    whole = melt(0.008, clustered(0.0030, centers, radii), cap(lift * 0.5, low + 0.01))
    whole = carve(whole, face_hole(-0.001), 0.010)
    return whole if lift > 0.018 else carve(whole, ear_hole(), 0.008)


def curtain(low, front, depth=0.0, wave=0.0):
    """Hair that falls behind the ears down to a height, at the sides and the back."""

    def distance(p):
        y = p[:, 1]
        t = np.clip((1.66 - y) / (1.66 - low), 0, 1)
        width = 0.0840 + 0.016 * np.sin(t * 2.6) - depth * t**3 + wave * np.sin(t * 11)
        back = 0.0990 + 0.004 * np.sin(t * 3.0) - 0.010 * t + wave * np.sin(t * 11 + 0.7)
        flat = np.hypot(p[:, 0] / width, (p[:, 2] - 0.022) / back)
        shell = (flat - 1) * 0.085
        inner = -(np.hypot(p[:, 0] / (width - 0.026), (p[:, 2] - 0.012) / (back - 0.020)) - 1) * 0.07
        return np.maximum.reduce([shell, inner, y - 1.685, low - y, front + 0.10 * np.maximum(0, 1.66 - y) * 0 - p[:, 2]])

    return distance


def long_straight(low=1.440, wave=0.0, fringe=False):
    """Long hair, parted, that falls over the shoulders' back."""
    top = mirrored(
        melt(
            0.014,
            limb((0.010, 1.752, -0.040), (0.062, 1.700, -0.052), 0.0155, 0.0145),
            limb((0.062, 1.700, -0.052), (0.0775, 1.625, -0.030), 0.0140, 0.0120),
        )
    )
    whole = melt(0.014, cap(0.005, 1.55), top, curtain(low, -0.035, 0.0, wave))
    whole = carve(whole, limb((0, 1.776, -0.09), (0, 1.778, 0.06), 0.0045, 0.0030), 0.006)
    if fringe:
        cut = limb((0, 1.735, -0.079), (0, 1.705, -0.086), 0.02, 0.02)
        whole = melt(0.012, whole, common(cut, half_space((0, 1.69, 0), (0, -1, 0)), 0.004))
    whole = carve(whole, face_hole(0.000, -0.003), 0.008)
    turn = lambda p: np.arctan2(p[:, 0], p[:, 2])
    return combed(whole, turn, 22, 0.0009)


def bob():
    """Hair cut level with the jaw, swept from a parting."""
    sweep = melt(
        0.014,
        limb((0.026, 1.752, -0.050), (-0.050, 1.722, -0.064), 0.0170, 0.0175),
        limb((-0.050, 1.722, -0.064), (-0.0765, 1.640, -0.034), 0.0160, 0.0130),
        limb((0.026, 1.752, -0.050), (0.066, 1.700, -0.050), 0.0160, 0.0150),
        limb((0.066, 1.700, -0.050), (0.0790, 1.625, -0.028), 0.0145, 0.0130),
    )
    whole = melt(0.014, cap(0.007, 1.55), sweep, curtain(1.548, -0.040, -0.006))
    whole = carve(whole, face_hole(-0.002, -0.003), 0.008)
    return combed(whole, lambda p: np.arctan2(p[:, 0], p[:, 2]), 22, 0.0008)


def bun(low=False):
    """Hair drawn back into a knot."""
    whole = carve(cap(0.002, 1.60), face_hole(0.002), 0.006)
    whole = carve(whole, ear_hole(), 0.006)
    whole = combed(whole, lambda p: np.arctan2(p[:, 0], p[:, 1] - 1.66), 26, 0.0009)
    y, z = (1.622, 0.125) if low else (1.715, 0.122)
    knot = ellipsoid((0, y, z), (0.036, 0.034, 0.028))
    knot = combed(knot, lambda p: np.arctan2(p[:, 1] - y, p[:, 0]) + 2.0 * np.hypot(p[:, 0], p[:, 1] - y) / 0.03, 5, 0.0014)
    return melt(0.007, whole, knot)


def beard(skin, full=1.0):
    """A trimmed beard and moustache on a face."""

    def region(p):
        x, y, z = np.abs(p[:, 0]), p[:, 1], p[:, 2]
        upper = 1.588 + 0.030 * smooth(0.030, 0.066, x) + 0.03 * smooth(-0.03, 0.0, z)
        jaw = np.maximum.reduce([y - upper, 1.506 + 0.25 * np.maximum(0, z + 0.05) - y, z - 0.000])
        lip = 0.0135 - np.hypot(x * 0.60, (y - 1.5690) * 1.15)
        moustache = np.maximum(np.hypot(x / 0.029, (y - 1.5835 + 0.1 * x) / 0.0062) - 1, 0 * x - 1) * 0.006
        return np.minimum(np.maximum(jaw, lip), np.maximum(moustache, z + 0.04))

    thick = lambda p: skin(p) - (0.0022 + 0.0040 * full * smooth(1.575, 1.535, p[:, 1]))
    return common(thick, region, 0.0030)


def scarf_hood():
    """A scarf over head, ears and neck that frames the face."""
    hood = ellipsoid((0, 1.664, 0.020), (0.0855, 0.0965, 0.1060))
    sides = limb((0, 1.640, 0.014), (0, 1.555, 0.010), 0.0835, 0.0740)
    neck = limb((0, 1.565, 0.004), (0, 1.455, 0.018), 0.0690, 0.0860)
    whole = melt(0.030, hood, sides, neck)
    chin = mirrored(limb((0.064, 1.600, -0.020), (0.008, 1.5245, -0.056), 0.026, 0.0200))
    whole = melt(0.018, whole, chin)
    rim = ellipsoid((0, 1.6245, -0.105), (0.0640, 0.0900, 0.0800))
    whole = carve(whole, rim, 0.009)
    folds = lambda p: p[:, 1] * 75 - np.abs(p[:, 0]) * 55 + 18 * (p[:, 2] + 0.02)
    amount = lambda p: 0.0019 * smooth(1.60, 1.53, p[:, 1]) + 0.0006
    return lambda p: whole(p) + amount(p) * np.sin(folds(p) * 1.9)
