"""Clothes as signed distances around a trunk, with cut, folds and seams.

It must not know faces, hair or skeletons beyond the arms' line.
"""

import numpy as np

from .body import sleeves, torso
from .face import smooth
from .rig import ARM, SHOULDER, WRIST
from .sdf import carve, common, ellipsoid, grown, half_space, limb, melt, mirrored, slab


def opening(p, close):
    """Half the width of a jacket's opening at a height."""
    return 0.003 + 0.245 * np.clip(p[:, 1] - close, 0, 1) ** 0.92


def lapel_band(close):
    """Where the lapels lie: beside the opening, broadest at the chest, with a notch below the collar."""

    def band(p):
        edge = opening(p, close)
        width = 0.054 * smooth(close, close + 0.17, p[:, 1]) * (1 - 0.30 * smooth(1.36, 1.44, p[:, 1]))
        x = np.abs(p[:, 0])
        notch = 0.020 * np.exp(-(((p[:, 1] - 1.372) / 0.008) ** 2))
        outside = np.maximum(x - edge - width + notch, edge - 0.02 - x)
        return np.maximum.reduce([outside, close - 0.005 - p[:, 1], p[:, 1] - 1.445, p[:, 2] + 0.0])

    return band


def front_cut(close):
    """The opening over the shirt, and the parting of the fronts below the last button."""

    def cut(p):
        upper = np.maximum.reduce([np.abs(p[:, 0]) - opening(p, close), close - p[:, 1], p[:, 2] + 0.02])
        spread = 0.0015 + 0.20 * np.clip(0.985 - p[:, 1], 0, 1) ** 1.3
        lower = np.maximum.reduce([np.abs(p[:, 0] - 0.002) - spread, p[:, 1] - close - 0.001, p[:, 2] + 0.05])
        return np.minimum(upper, lower)

    return cut


def waist_folds(body):
    """Cloth that is drawn together at the waist and hangs in soft folds below it."""

    def folded(p):
        turn = np.arctan2(p[:, 0], -p[:, 2])
        pull = np.exp(-(((p[:, 1] - 1.125) / 0.045) ** 2))
        lines = np.sin(np.abs(p[:, 0]) * 95 - p[:, 1] * 85) * (p[:, 2] < 0.02)
        fall = smooth(1.06, 0.86, p[:, 1]) * np.sin(turn * 9)
        return body(p) + 0.0015 * pull * lines + 0.0016 * fall

    return folded


def jacket(b, close=1.145, hem=0.845, grow=0.011):
    """A jacket with lapels, collar, shoulder line, sleeves, pockets and two buttons."""
    trunk = melt(0.05, grown(torso(b), grow), ellipsoid((0, 0.90, 0.008), (b.hips[0] + 0.014, 0.15, b.hips[1] + 0.012)))
    whole = melt(0.034, waist_folds(trunk), sleeves(b, 0.0495, 0.0405, 0.0035))
    whole = common(whole, half_space((0, hem, 0), (0, -1, 0)), 0.006)
    lapels = common(grown(whole, 0.0050), lapel_band(close), 0.0025)
    collar = common(
        limb((0, 1.40, 0.024), (0, 1.480, 0.026), 0.088, 0.071), half_space((0, 1.472, 0.03), (0, 1, -0.62)), 0.004
    )
    whole = melt(0.004, melt(0.012, whole, collar), lapels)
    whole = carve(whole, front_cut(close), 0.003)
    whole = carve(whole, limb((0, 1.38, 0.004), (0, 1.60, 0.018), 0.061, 0.064), 0.004)
    return melt(0.002, whole, buttons(whole, (close - 0.020, close - 0.105)))


def buttons(body, heights, x=0.009, size=0.0075):
    """Flat buttons on the front of a garment."""

    def distance(p):
        spots = np.minimum.reduce([np.hypot(p[:, 0] - x, p[:, 1] - y) - size for y in heights])
        return np.maximum.reduce([spots, body(p) - 0.0032, p[:, 2] + 0.03])

    return distance


def jacket_color(body_buttons, close=1.145, lapel_shade=0.78, button=0.30):
    """Cloth with a faint weave; lapels a shade deeper, buttons darker, seams at the shoulder."""
    band = lapel_band(close)

    def color(p):
        value = 1.0 - 0.03 * np.sin(p[:, 1] * 900) * np.sin(p[:, 0] * 900)
        value = value * (1 - (1 - lapel_shade) * smooth(0.004, -0.002, band(p)))
        spots = np.minimum.reduce([np.hypot(p[:, 0] - 0.009, p[:, 1] - y) for y in body_buttons])
        value = np.where((spots < 0.0085) & (p[:, 2] < -0.04), button, value)
        return np.tile(value[:, None], (1, 3))

    return color


def shirt(b, low=1.00, grow=0.001, cuffs=True):
    """A shirt's front under a jacket; cuffs show below the sleeves."""
    body = common(grown(torso(b), grow), half_space((0, low, 0), (0, -1, 0)), 0.002)
    body = common(body, slab((0, 1.25, -0.05), (0.105, 0.3, 0.12), 0.01), 0.004)
    if not cuffs:
        return body
    cuff = mirrored(
        common(
            limb(WRIST - ARM * 0.014, WRIST + ARM * 0.02, 0.0325 * b.arm, 0.0310 * b.arm),
            half_space(WRIST + ARM * 0.010, ARM),
            0.002,
        )
    )
    return melt(0.004, body, cuff)


def collar(is_open=False):
    """A shirt's collar with its two points; an open one shows the throat."""
    neck = melt(
        0.02,
        limb((0, 1.435, 0.028), (0, 1.497, 0.022), 0.068, 0.0590),
        limb((0, 1.42, 0.024), (0, 1.455, 0.024), 0.076, 0.066),
    )
    band = common(neck, half_space((0, 1.492, -0.02), (0, 1, -0.26)), 0.003)
    width = 0.022 if is_open else 0.005
    notch = (
        limb((0, 1.52, -0.080), (0, 1.395, -0.085), 0.034, 0.004)
        if is_open
        else slab((0, 1.49, -0.070), (width, 0.03, 0.03), 0.002)
    )
    band = carve(band, notch, 0.003)
    away = np.array([0.30, 0.50, -0.80]) / np.linalg.norm([0.30, 0.50, -0.80])
    out = 0.018 if is_open else 0.0
    points = mirrored(
        limb((0.020 + out, 1.470, -0.044 + out * 0.3), (0.034 + out, 1.428, -0.064), 0.0145, 0.0065, (away, 0.5))
    )
    return melt(0.005, band, points)


def tie(b):
    """A knot and a blade that lies on the shirt."""

    def blade(p):
        width = 0.014 + 0.021 * smooth(1.43, 1.15, p[:, 1])
        return np.maximum.reduce([np.abs(p[:, 0]) - width, 1.10 - p[:, 1], p[:, 1] - 1.442, p[:, 2] + 0.03])

    lying = common(grown(torso(b), 0.0060), blade, 0.004)
    knot = limb((0, 1.456, -0.062), (0, 1.430, -0.072), 0.0165, 0.0105)
    return melt(0.006, lying, knot)


def striped(color, other, pitch=70.0):
    """Diagonal stripes."""
    a, b = np.asarray(color, float), np.asarray(other, float)

    def tint(p):
        band = smooth(0.55, 0.75, np.sin((p[:, 1] + p[:, 0] * 0.9) * pitch * 2 * np.pi / 6.28))
        return a * (1 - band[:, None]) + b * band[:, None]

    return tint


def between(profile, y):
    """Radii and middle of a gown at heights, softly between the rows (height, across, deep, middle)."""
    rows = np.array(sorted(profile))
    return [np.interp(y, rows[:, 0], rows[:, k]) for k in (1, 2, 3)]


def gown(profile, folds=0, amount=0.0, below=1.0, slit=None):
    """A skirt or robe as a tube of given widths, whose folds deepen downwards from a height."""
    low, high = min(r[0] for r in profile), max(r[0] for r in profile)

    def distance(p):
        across, deep, middle = (np.zeros(len(p)) for _ in range(3))
        for step in (-0.03, 0.0, 0.03):
            a, d, m = between(profile, p[:, 1] + step)
            across, deep, middle = across + a / 3, deep + d / 3, middle + m / 3
        turn = np.arctan2(p[:, 0] / across, (middle - p[:, 2]) / deep)
        flat = (np.hypot(p[:, 0] / across, (p[:, 2] - middle) / deep) - 1) * np.minimum(across, deep)
        depth = amount * smooth(below, low, p[:, 1])
        wave = np.sin(turn * folds + 0.8 * np.sin(turn * 2)) + 0.35 * np.sin(turn * folds * 1.7 + 1)
        whole = np.maximum.reduce([flat + depth * wave, low - p[:, 1], p[:, 1] - high])
        if slit is not None:
            cut = np.maximum(np.abs(p[:, 2] - middle) - 0.004 - 0.09 * np.maximum(0, slit - p[:, 1]), p[:, 1] - slit)
            whole = np.maximum(whole, -np.maximum(cut, 0.06 - np.abs(p[:, 0])))
        return whole

    return distance


def fitted_top(b, grow=0.006, neck=1.425, deep=0.055, low=0.99):
    """A close top with a round neck."""
    whole = common(grown(torso(b), grow), half_space((0, low, 0), (0, -1, 0)), 0.004)
    hole = melt(0.01, ellipsoid((0, neck + 0.045, -0.055), (0.060 + deep * 0.3, deep + 0.020, 0.06)), limb((0, neck - 0.02, 0.022), (0, 1.6, 0.02), 0.060, 0.062))
    return carve(waist_folds(whole), hole, 0.004)


def v_neck(b, grow=0.006, point=1.30, low=0.99):
    """A close top whose neck is cut to a point."""
    whole = common(grown(torso(b), grow), half_space((0, low, 0), (0, -1, 0)), 0.004)

    def cut(p):
        half = 0.002 + 0.40 * np.clip(p[:, 1] - point, 0, 1)
        return np.maximum.reduce([np.abs(p[:, 0]) - half, point - p[:, 1], p[:, 2] - 0.01])

    whole = carve(waist_folds(whole), cut, 0.004)
    return carve(whole, limb((0, 1.40, 0.022), (0, 1.6, 0.02), 0.060, 0.062), 0.004)


def skin_of_chest(b):
    """What a neckline shows."""
    whole = common(grown(torso(b), -0.0008), half_space((0, 1.27, 0), (0, -1, 0)), 0.002)
    return common(whole, slab((0, 1.35, 0), (0.100, 0.16, 0.14), 0.01), 0.004)


def belt(b, y, grow=0.010, thick=0.016):
    """A band around the waist."""
    return common(grown(torso(b), grow), slab((0, y, 0), (0.3, thick, 0.3), 0.003), 0.004)


def boubou_sleeves():
    """Wide sleeves that hang open from the arms."""
    forward = np.array([0.0, 0.0, 1.0])
    down = np.array([ARM[1], -ARM[0], 0.0])
    tip = WRIST + ARM * 0.01
    upper = limb(SHOULDER, tip, 0.060, 0.060, (forward, 0.9))
    hang = melt(0.03, limb(SHOULDER + down * 0.012 + ARM * 0.10, tip + down * 0.090, 0.050, 0.060, (forward, 0.8)), upper)

    def folded(p):
        q = np.abs(p) * (1, 0, 0) + p * (0, 1, 1)
        along = (q - SHOULDER) @ ARM
        return hang(q) + 0.0045 * np.sin(along * 62 + 3.5 * (q - SHOULDER) @ down * 12) * smooth(0.05, 0.2, along)

    cut = mirrored(common(half_space(tip - ARM * 0.02, -ARM), half_space((0.10, 0, 0), (-1, 0, 0)), 0.001))
    inside = mirrored(limb(tip + down * 0.045 - ARM * 0.05, tip + down * 0.05 + ARM * 0.05, 0.050, 0.066, (forward, 0.62)))
    return carve(carve(folded, cut, 0.004), inside, 0.006)


def sash_line(p):
    """How far a point lies beside the middle of a sari's end: from the right hip to the left shoulder."""
    start, end = np.array([0.155, 1.00]), np.array([-0.105, 1.42])
    along = (end - start) / np.linalg.norm(end - start)
    across = np.array([-along[1], along[0]])
    return (p[:, :2] - start) @ across


def sash(b, grow=0.012):
    """A sari's end: over the chest and the left shoulder, pleated, and down the back."""

    def front(p):
        off = sash_line(p)
        return np.maximum.reduce([np.abs(off + 0.010) - 0.072, p[:, 2] - 0.03, 0.965 - p[:, 1]])

    def pleats(p):
        off = sash_line(p)
        return 0.0030 * np.sin(off * 180) * (p[:, 2] < 0.03)

    lying = common(lambda p: torso(b)(p) - grow + pleats(p), front, 0.004)
    over = common(grown(torso(b), grow), slab((-0.092, 1.45, 0.03), (0.052, 0.09, 0.14), 0.01), 0.004)
    fall = slab((-0.085, 1.11, 0.112), (0.062, 0.300, 0.0055), 0.004)

    def hanging(p):
        return fall(p - np.array([0, 0, 1.0]) * (0.0040 * np.sin(p[:, 0] * 170) + 0.03 * smooth(1.30, 0.9, p[:, 1]) * 0.4)[:, None])

    return melt(0.008, melt(0.012, lying, over), hanging)


