"""Paints the view from the windows: sky, snowy mountains, hills, a lake with sails and a fountain, trees and lawn.

The picture is as wide as the backdrop's arc; everything is computed from noise, nothing is photographed.
"""

import numpy as np

from .outside import BACKDROP

EYE = 1.65
HORIZON = -0.35


def lattice(x, y, seed):
    """Smooth value noise between 0 and 1 on a lattice of whole numbers."""
    table = np.random.default_rng(seed).random((256, 256)).astype(np.float32)
    x0, y0 = np.floor(x).astype(int), np.floor(y).astype(int)
    fx, fy = x - x0, y - y0
    fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)
    a, b = table[y0 % 256, x0 % 256], table[y0 % 256, (x0 + 1) % 256]
    c, d = table[(y0 + 1) % 256, x0 % 256], table[(y0 + 1) % 256, (x0 + 1) % 256]
    return (a * (1 - fx) + b * fx) * (1 - fy) + (c * (1 - fx) + d * fx) * fy


def cloudy(x, y, seed, octaves=5, fall=0.5):
    """Noise of several sizes, about 0 to 1."""
    total, weight, norm = 0.0, 1.0, 0.0
    for k in range(octaves):
        total = total + weight * lattice(x * 2**k, y * 2**k, seed + k)
        norm += weight
        weight *= fall
    return total / norm


def ridged(x, y, seed, octaves=6):
    """Noise with sharp crests."""
    total, weight, norm = 0.0, 1.0, 0.0
    for k in range(octaves):
        total = total + weight * (1 - np.abs(2 * lattice(x * 2**k, y * 2**k, seed + k) - 1))
        norm += weight
        weight *= 0.55
    return total / norm


def mix(a, b, t):
    """From a to b; t may be a picture."""
    t = np.asarray(t)[..., None] if np.ndim(t) else t
    return np.asarray(a) * (1 - t) + np.asarray(b) * t


def paint(width):
    """The picture in sRGB, rows from the top, `width` by a quarter of it."""
    height = width // 4
    azimuth = np.degrees(
        BACKDROP["start"] + (BACKDROP["end"] - BACKDROP["start"]) * (np.arange(width) + 0.5) / width
    )
    z = BACKDROP["high"] + (BACKDROP["low"] - BACKDROP["high"]) * (np.arange(height) + 0.5) / height
    elevation = np.degrees(np.arctan2(z - EYE, BACKDROP["radius"]))
    a, e = np.meshgrid(azimuth, elevation)
    picture = sky(a, e)
    picture = far_mountains(picture, a, e, azimuth)
    picture = hills(picture, a, e, azimuth, 31, 2.6, 1.5, (0.28, 0.38, 0.50), (0.42, 0.53, 0.64), 0.07)
    picture = hills(picture, a, e, azimuth, 47, 1.05, 0.9, (0.20, 0.32, 0.27), (0.36, 0.47, 0.42), 0.12)
    picture = town(picture, a, e)
    picture = lake(picture, a, e)
    picture = fountain(picture, a, e)
    picture = sails(picture, a, e)
    picture = park(picture, a, e, azimuth)
    return np.clip(picture, 0, 1).astype(np.float32)


def sky(a, e):
    """A clear afternoon with thin clouds and a glow on the sun's side."""
    t = np.clip(e / 24, 0, 1) ** 0.7
    base = mix((0.83, 0.90, 0.95), (0.36, 0.58, 0.86), t)
    glow = np.exp(-(((a - 243) / 34) ** 2)) * np.exp(-np.clip(e, 0, None) / 40)
    base = mix(base, (1.0, 0.97, 0.90), 0.35 * glow)
    wisps = cloudy(a * 0.055 + 3, e * 0.26 + 0.03 * a, 71, 6, 0.56)
    cover = np.clip((wisps - 0.52) * 3.6, 0, 1) * np.clip((e - 2) / 6, 0, 1)
    banks = cloudy(a * 0.16, e * 0.55, 83, 6)
    cover = np.maximum(
        cover * 0.75, np.clip((banks - 0.56) * 5, 0, 1) * np.exp(-(((e - 8.5) / 2.6) ** 2)) * 0.85
    )
    return mix(base, mix((0.97, 0.97, 0.97), (0.88, 0.91, 0.95), np.clip(banks * 1.6 - 0.5, 0, 1)), cover)


def far_mountains(picture, a, e, azimuth):
    """The snowy chain, highest in its middle, blue with distance."""
    zero = np.zeros_like(azimuth)
    crest = (
        2.0
        + 3.6 * np.exp(-(((azimuth - 292) / 17) ** 2))
        + 1.7 * np.exp(-(((azimuth - 240) / 26) ** 2))
        + 1.2 * np.exp(-(((azimuth - 205) / 14) ** 2))
    )
    crest = crest * (0.75 + 1.0 * ridged(azimuth * 0.11, zero, 5, 7)) + 0.25
    depth = crest[None, :] - e
    rock = ridged(a * 0.42 + depth * 0.35, e * 0.9 + depth * 0.4, 13, 7)
    light = np.clip(0.55 + 4.6 * (rock - np.roll(rock, 5, 1)), 0, 1)
    snow_line = 2.6 + 1.5 * (cloudy(a * 0.5, e * 1.3, 17) - 0.5) + 1.1 * (rock - 0.6)
    snow = np.clip((e - snow_line) * 2.2, 0, 1)
    ground = mix((0.40, 0.50, 0.63), (0.56, 0.64, 0.73), light)
    white = mix((0.66, 0.74, 0.86), (0.98, 0.97, 0.95), light)
    color = mix(mix(ground, white, snow), (0.80, 0.87, 0.93), np.clip(0.62 - e * 0.13, 0.05, 0.7))
    return mix(picture, color, np.clip(depth * 14, 0, 1))


def hills(picture, a, e, azimuth, seed, top, swing, dark, bright, contrast):
    """A nearer, darker ridge with woods."""
    crest = top * (
        0.35 + 0.9 * cloudy(azimuth * 0.045 + seed, np.zeros_like(azimuth), seed, 5, 0.45)
    ) + 0.06 * swing * cloudy(azimuth * 2.5, np.zeros_like(azimuth), seed + 9, 3)
    depth = crest[None, :] - e
    woods = cloudy(a * 1.6, e * 5.0, seed + 3, 6, 0.62)
    light = np.clip(0.5 + 3.2 * (woods - np.roll(woods, 3, 1)) + (woods - 0.5) * contrast * 8, 0, 1)
    haze = np.clip(0.45 - 0.2 * e / top, 0, 0.6)
    return mix(picture, mix(mix(dark, bright, light), (0.74, 0.83, 0.89), haze), np.clip(depth * 18, 0, 1))


def town(picture, a, e):
    """Pale specks of houses along the far shore."""
    column, row = np.floor(a * 5.2), np.floor((e - HORIZON) * 9.0)
    here = lattice(column * 7.1 + 0.5, row * 3.3 + 0.5, 91)
    near_shore = (
        np.exp(-np.clip(e - HORIZON, 0, None) / 0.22) * cloudy(a * 0.11, e * 0, 93, 2) * (e > HORIZON)
    )
    speck = (here > 0.62) & ((a * 5.2 - column) < 0.72) & (((e - HORIZON) * 9.0 - row) < 0.62)
    tone = mix((0.86, 0.82, 0.76), (0.70, 0.55, 0.48), (here * 40) % 1.0)
    return mix(picture, tone, np.where(speck, np.clip(near_shore * 1.5, 0, 0.85), 0))


def lake(picture, a, e):
    """Water: mirrors the sky, darker towards us, rippled, with a glitter below the sun."""
    depth = np.clip(HORIZON - e, 0, None)
    distance = 1.0 / np.maximum(depth, 0.05)
    ripple = cloudy(a * 1.7, np.log(np.maximum(depth, 0.02)) * 16, 57, 4, 0.6)
    broad = cloudy(a * 0.07, np.log(np.maximum(depth, 0.02)) * 3.0, 61, 4)
    water = mix((0.64, 0.76, 0.86), (0.20, 0.42, 0.58), np.clip(depth / 9, 0, 1) ** 0.6)
    water = water * (0.90 + 0.20 * ripple[..., None]) * (0.93 + 0.14 * broad[..., None])
    streaks = np.clip((broad - 0.55) * 5, 0, 1) * 0.25
    water = mix(water, (0.78, 0.87, 0.93), streaks)
    glitter = np.exp(-(((a - 243) / 9) ** 2)) * np.clip((ripple - 0.56) * 9, 0, 1) * np.clip(distance, 0, 1)
    water = mix(water, (1.0, 0.98, 0.92), np.clip(glitter, 0, 0.8))
    shade = np.exp(-depth / 0.25) * 0.35
    water = mix(water, (0.36, 0.47, 0.50), shade)
    return mix(picture, water, np.clip((HORIZON - e) * 30, 0, 1))


def fountain(picture, a, e):
    """The tall fountain, leaning in the wind."""
    foot, top = -0.6, 4.2
    t = np.clip((e - foot) / (top - foot), 0, 1)
    middle = 318.0 - 0.55 * t**2
    sides = np.where(a < middle, 0.10 + 0.55 * t**1.3, 0.08 + 0.10 * t)
    veil = np.exp(-(((a - middle) / sides) ** 2)) * (e > foot) * (e < top) * (1 - t**5)
    falling = np.exp(-(((a - (317.0 - 0.4 * t)) / 0.6) ** 2)) * (e > foot) * (t < 0.85) * 0.35
    grain = 0.7 + 0.5 * cloudy(a * 9, e * 6, 101, 4)
    return mix(picture, (0.98, 0.985, 0.99), np.clip((veil + falling) * grain, 0, 0.93))


def sails(picture, a, e):
    """Small sailing boats and their reflections."""
    for at, foot, size in (
        (222.5, -0.9, 0.34),
        (231, -1.7, 0.55),
        (262.4, -1.15, 0.42),
        (268, -0.75, 0.26),
        (283, -2.3, 0.72),
        (301.5, -1.0, 0.36),
        (333, -1.5, 0.5),
    ):
        t = (e - foot) / size
        main = (t > 0.06) & (t < 1) & (a - at > -0.02) & (a - at < 0.42 * size * (1 - t))
        jib = (t > 0.06) & (t < 0.8) & (at - a > 0.02) & (at - a < 0.26 * size * (1 - t / 0.8))
        hull = (np.abs(a - at - 0.05) < 0.4 * size) & (t > -0.03) & (t < 0.07)
        picture = np.where(main[..., None], (0.97, 0.96, 0.93), picture)
        picture = np.where(jib[..., None], (0.90, 0.91, 0.92), picture)
        picture = np.where(hull[..., None], (0.30, 0.24, 0.22), picture)
        mirrored = (t < -0.03) & (t > -0.7) & (np.abs(a - at - 0.05) < 0.22 * size)
        picture = mix(picture, (0.85, 0.90, 0.93), np.where(mirrored, 0.28, 0.0))
    return picture


def park(picture, a, e, azimuth):
    """The near shore: lawn, a quay and round tree crowns."""
    shore = -6.8 + 0.7 * cloudy(azimuth * 0.03, azimuth * 0, 111, 3)
    lawn_light = cloudy(a * 1.1, e * 2.2, 113, 6, 0.6)
    lawn = mix((0.24, 0.37, 0.13), (0.48, 0.58, 0.26), np.clip(lawn_light * 1.7 - 0.4, 0, 1))
    picture = mix(picture, (0.70, 0.67, 0.60), np.clip((shore[None, :] + 0.16 - e) * 20, 0, 1))
    picture = mix(picture, lawn, np.clip((shore[None, :] - e) * 20, 0, 1))
    rng = np.random.default_rng(7)
    crowns = sorted(
        (
            (float(rng.uniform(168, 372)), float(rng.uniform(-13, -7.4)), float(rng.uniform(0.7, 1.5)))
            for _ in range(120)
        ),
        key=lambda c: -c[1],
    )
    for x, y, r in crowns:
        r *= 0.6 + 0.11 * (-7 - y) + 0.6
        picture = crown(picture, a, e, azimuth, x, y, r)
    return picture


def crown(picture, a, e, azimuth, x, y, r):
    """One tree with its shadow on the lawn."""
    first, last = np.searchsorted(azimuth, (x - 2.2 * r, x + 2.2 * r))
    if last - first < 2:
        return picture
    part = (slice(None), slice(first, last))
    u, v = (a[part] - x) / r, (e[part] - y) / r
    fringe = cloudy(u * 2.5 + x, v * 2.5 + y, 131, 5, 0.6)
    shadow = np.clip(1.3 - np.hypot((u - 0.5) / 1.15, (v + 0.85) / 0.28), 0, 1)
    painted = mix(picture[part], (0.13, 0.20, 0.09), np.clip(shadow * 2, 0, 0.65))
    inside = 1.0 - np.hypot(u, v * 1.05) + (fringe - 0.5) * 0.75
    light = np.clip(0.5 + 0.38 * v - 0.30 * u + (fringe - 0.5) * 1.9, 0, 1)
    leaves = mix((0.09, 0.17, 0.06), (0.42, 0.53, 0.20), light)
    picture[part] = mix(painted, leaves, np.clip(inside * 7, 0, 1))
    return picture
