"""The default looks: who they are, and of which parts each is made.

The order is the order on the wire. It must not know triangles or files.
"""

from dataclasses import dataclass, field
from typing import Callable

import numpy as np

from . import body, chair, dress, face, fingers, hair, mouth
from .body import MAN, WOMAN, Build, Part, plain
from .face import Face, in_figure, smooth
from .rig import WRIST
from .sdf import ball, carve, common, ellipsoid, half_space, limb, melt, slab, grown

LIGHT, FAIR, OLIVE = (0.72, 0.46, 0.34), (0.66, 0.40, 0.285), (0.55, 0.32, 0.205)
BROWN, DEEP, DARK = (0.36, 0.185, 0.105), (0.215, 0.102, 0.055), (0.120, 0.056, 0.031)
BLACK_HAIR, DARK_HAIR, CHESTNUT = (0.014, 0.011, 0.010), (0.034, 0.021, 0.014), (0.115, 0.052, 0.024)
GREY_HAIR, SILVER = (0.28, 0.275, 0.27), (0.46, 0.455, 0.44)
WHITE, BLACK_SHOES, BROWN_SHOES = (0.80, 0.80, 0.79), (0.014, 0.012, 0.011), (0.075, 0.032, 0.016)
GOLD = (0.55, 0.34, 0.09)
X = float(WRIST[0]) + 0.16
HAND_TINT = (0.97, 0.95, 0.94)


@dataclass
class Look:
    """One default look."""

    name: str
    skin: tuple
    cloth: tuple
    face: Face
    build: Build
    hair_color: tuple
    hair: Callable | None
    clothes: Callable
    ears: bool = True
    extras: list = field(default_factory=list)
    beard: float = 0.0
    hair_triangles: int = 1050
    hair_material: str = "other"


def strands(color, seed=1.0):
    """Hair's colour: lighter where light falls, with strands."""
    base = np.asarray(color, float)

    def tint(p):
        turn = np.arctan2(p[:, 0], p[:, 2])
        streak = 1 + 0.16 * np.sin(turn * 34 + seed + p[:, 1] * 25) + 0.10 * np.sin(turn * 71 + 2 * seed)
        top = 0.88 + 0.34 * smooth(1.66, 1.78, p[:, 1])
        return base * (streak * top)[:, None]

    return tint


def head_parts(look):
    """Head, eyes, lids, brows, teeth, hair and beard."""
    f = look.face
    neck = 0.90 if look.build.bust else 1.0
    head = in_figure(face.head(f, look.ears, neck))
    jaw = lambda p: mouth.share_of_jaw(face.reduced(p))
    wild = look.hair() if look.hair else None
    cover = common(in_figure(wild), half_space((0, 1.60, -0.035), (0, 0, -1))) if wild else None
    parts = [
        Part("head", "head", "skin", head, (-0.105, 1.41, -0.135), (0.105, 1.78, 0.135), 0.0030, 2050, plain((1, 1, 1)), cover, far=96, coarse=in_figure(face.closed(f, look.ears, neck)), jaw=jaw, opened=mouth.opened),
        Part("brows", "face", "other", in_figure(face.brows(f)), (-0.07, 1.655, -0.13), (0.07, 1.70, -0.03), 0.0018, 130, plain(f.brow_color)),
    ]
    points, normals, faces, tints = face.eyeballs(f)
    parts.append(Part("eyes", "Eye", "other", None, (), (), 0, 0, plain((1, 1, 1)), mesh=(face.enlarged(points), normals, faces, tints)))
    points, normals, faces = face.lids()
    parts.append(Part("lids", "Lid", "skin", None, (), (), 0, 0, plain((1, 1, 1)), mesh=(face.enlarged(points), normals, faces, np.tile((0.80, 0.70, 0.68), (len(points), 1)))))
    rim = face.rims(f, face.closed(f, False))
    parts.append(Part("rims", "face", "skin", None, (), (), 0, 0, plain((1, 1, 1)), mesh=(face.enlarged(rim[0]), *rim[1:])))
    points, normals, faces, tints = mouth.teeth(f)
    parts.append(Part("teeth", "face", "other", None, (), (), 0, 0, plain((1, 1, 1)), mesh=(face.enlarged(points), normals, faces, tints), jaw=lambda p: np.full(len(p), mouth.TEETH_SHARE)))
    if wild:
        # Cloth lies at the chin and goes with it.
        is_cloth = look.hair_material == "clothing"
        color = plain((1, 1, 1)) if is_cloth else strands(look.hair_color)
        parts.append(Part("hair", "hair", look.hair_material, in_figure(wild), (-0.15, 1.36, -0.15), (0.15, 1.85, 0.19), 0.0046, look.hair_triangles, color, far=100, jaw=jaw if is_cloth else None))
    if look.beard:
        beard = in_figure(hair.beard(face.head(f, False), look.beard))
        parts.append(Part("beard", "face", "other", beard, (-0.10, 1.47, -0.14), (0.10, 1.63, 0.03), 0.0036, 360, strands(look.hair_color, 2.0), far=14, jaw=jaw))
    return parts


def hand_parts(b):
    """Both hands: palms, and fingers that bend; coarser figures have them in one piece."""
    mesh, carried = fingers.both_hands(b.hand, HAND_TINT)
    return [
        Part("hands", "palm", "skin", body.palms(b.hand), (-X, 0.76, -0.09), (X, 1.06, 0.06), 0.0036, 560, plain(HAND_TINT), far=28, coarse=body.hands(b.hand)),
        Part("fingers", "palm", "skin", None, (), (), 0, 0, plain(HAND_TINT), mesh=mesh, carried=carried),
    ]


def leather(color, build=body.shoes, triangles=340):
    """Shoes."""
    return Part("shoes", "shoes", "other", build(), (-0.16, -0.01, -0.21), (0.16, 0.16, 0.10), 0.0056, triangles, plain(color), far=28)


def legs(b, material="clothing", color=(1, 1, 1), triangles=560, **cut):
    """Trousers."""
    return Part("trousers", "legs", material, body.trousers(b, **cut), (-0.19, 0.03, -0.13), (0.19, 1.05, 0.14), 0.0080, triangles, plain(color), far=70)


def suit(b, jacket_triangles=1500, close=1.145, hem=0.845, trousers=True, blouse=WHITE, tie=None, open_collar=False, button=0.30):
    """Jacket and trousers, a shirt with its collar, and perhaps a tie."""
    parts = [
        Part("jacket", "jacket", "clothing", dress.jacket(b, close, hem), (-X, 0.80, -0.16), (X, 1.52, 0.16), 0.0060, jacket_triangles, dress.jacket_color((close - 0.020, close - 0.105), close, button=button), far=130),
        Part("shirt", "trunk", "other", dress.shirt(b), (-X, 0.95, -0.16), (X, 1.50, 0.14), 0.0062, 300, plain(blouse), far=14),
        Part("collar", "collar", "other", dress.collar(open_collar), (-0.11, 1.36, -0.12), (0.11, 1.53, 0.12), 0.0036, 330, plain(blouse), far=12),
    ]
    if tie:
        parts.append(Part("tie", "trunk", "other", dress.tie(b), (-0.05, 1.08, -0.14), (0.05, 1.49, 0.0), 0.0038, 170, dress.striped(*tie), far=8))
    if open_collar:
        parts.append(chest(b))
    if trousers:
        parts.append(legs(b))
    return parts


def chest(b):
    """The skin in a neckline."""
    return Part("chest", "collar", "skin", dress.skin_of_chest(b), (-0.13, 1.26, -0.16), (0.13, 1.52, 0.10), 0.0065, 150, plain((1, 1, 1)), far=10)


def arms_of_skin(b, start):
    """Bare forearms."""
    return Part("arms", "trunk", "skin", body.bare_arms(b, start), (-X, 0.95, -0.08), (X, 1.42, 0.09), 0.0060, 300, plain((1, 1, 1)), far=24)


def calves():
    """Bare calves."""
    return Part("calves", "calves", "skin", body.bare_legs(), (-0.16, 0.01, -0.12), (0.16, 0.58, 0.09), 0.0065, 330, plain((0.98, 0.97, 0.96)), far=34)


def navy_suit(b):
    """Business dress with a tie."""
    return suit(b, tie=((0.27, 0.03, 0.05), (0.40, 0.10, 0.11))) + [leather(BLACK_SHOES), *hand_parts(b)]


def open_jacket(b):
    """A jacket without a tie."""
    parts = suit(b, open_collar=True, blouse=(0.62, 0.70, 0.80), trousers=False)
    return parts + [legs(b, "other", (0.055, 0.058, 0.066)), leather(BROWN_SHOES), *hand_parts(b)]


def trouser_suit(b):
    """A woman's trouser suit over a light top."""
    parts = [p for p in suit(b, close=1.17, hem=0.83) if p.name not in ("shirt", "collar")]
    top = dress.v_neck(b, 0.002, 1.335)
    parts.append(Part("top", "trunk", "other", top, (-0.2, 0.95, -0.16), (0.2, 1.50, 0.14), 0.0062, 330, plain((0.78, 0.74, 0.68)), far=16))
    return parts + [chest(b), leather(BLACK_SHOES, body.pumps, 360), *hand_parts(b)]


def teal_dress(b):
    """A dress to below the knee with a belt."""
    top = melt(0.02, dress.v_neck(b, 0.007, 1.325, 0.98), body.sleeves(b, 0.047, 0.042, 0.004, 0.30))
    flare = dress.gown([(1.06, 0.118, 0.088, 0.008), (0.94, 0.158, 0.114, 0.012), (0.70, 0.178, 0.138, 0.010), (0.44, 0.205, 0.170, 0.010)], 11, 0.0085, 0.98)
    band = dress.belt(b, 1.055, 0.013)
    return [
        Part("dress", "skirt", "clothing", melt(0.012, top, flare), (-X, 0.41, -0.21), (X, 1.50, 0.21), 0.0064, 1700, plain((1, 1, 1)), far=170),
        Part("belt", "trunk", "other", band, (-0.2, 1.02, -0.16), (0.2, 1.09, 0.16), 0.0055, 160, plain((0.05, 0.028, 0.018))),
        chest(b), arms_of_skin(b, 0.28), calves(), leather((0.05, 0.028, 0.018), body.pumps, 360), *hand_parts(b),
    ]


def blouse_and_skirt(b):
    """A blouse with a bow, and a straight skirt."""
    blouse = melt(0.02, dress.fitted_top(b, 0.008, 1.445, 0.030, 0.97), body.sleeves(b, 0.0490, 0.0400, 0.004))
    bow = melt(0.006, limb((-0.002, 1.440, -0.066), (-0.050, 1.415, -0.082), 0.011, 0.017, ((0, 0, 1.0), 0.5)), limb((0.002, 1.440, -0.066), (0.050, 1.418, -0.082), 0.011, 0.017, ((0, 0, 1.0), 0.5)), limb((-0.004, 1.436, -0.072), (-0.020, 1.345, -0.103), 0.009, 0.014, ((0, 0, 1.0), 0.4)), limb((0.004, 1.436, -0.072), (0.022, 1.355, -0.103), 0.009, 0.014, ((0, 0, 1.0), 0.4)), ball((0, 1.438, -0.070), 0.012))
    skirt = dress.gown([(1.075, 0.116, 0.086, 0.008), (0.95, 0.160, 0.116, 0.013), (0.72, 0.160, 0.120, 0.010), (0.46, 0.142, 0.112, 0.010)], 7, 0.0022, 0.9)
    return [
        Part("blouse", "trunk", "other", blouse, (-X, 0.95, -0.16), (X, 1.52, 0.16), 0.0062, 1500, plain((0.72, 0.69, 0.66)), far=120),
        Part("bow", "trunk", "other", bow, (-0.09, 1.32, -0.13), (0.09, 1.47, -0.03), 0.0044, 220, plain((0.72, 0.69, 0.66))),
        Part("skirt", "skirt", "clothing", skirt, (-0.2, 0.43, -0.16), (0.2, 1.09, 0.17), 0.0078, 620, plain((1, 1, 1)), far=70),
        calves(), leather(BLACK_SHOES, body.pumps, 360), *hand_parts(b),
    ]


def boubou(b):
    """A wide robe with embroidery at the neck, over trousers."""
    robe = dress.gown([(1.40, 0.165, 0.100, 0.014), (1.30, 0.185, 0.128, 0.008), (1.00, 0.225, 0.160, 0.010), (0.60, 0.255, 0.190, 0.012), (0.13, 0.275, 0.205, 0.014)], 13, 0.0130, 1.32)
    top = melt(0.03, grown(body.torso(b), 0.014), dress.boubou_sleeves())
    whole = melt(0.035, top, robe)
    hole = limb((0, 1.40, 0.018), (0, 1.60, 0.022), 0.058, 0.066)
    whole = carve(whole, melt(0.01, hole, ellipsoid((0, 1.455, -0.055), (0.030, 0.060, 0.05))), 0.004)

    def ornament(p):
        ring = np.abs(np.hypot(p[:, 0], (p[:, 1] - 1.465) * 0.85) - 0.080) - 0.011
        plate = np.maximum(np.abs(p[:, 0]) - 0.034, np.abs(p[:, 1] - 1.325) - 0.075)
        lattice = 0.0045 - np.abs(np.mod(p[:, 0] + p[:, 1], 0.022) - 0.011) * np.abs(np.mod(p[:, 0] - p[:, 1], 0.022) - 0.011) * 60
        return np.maximum.reduce([np.minimum(ring, np.maximum(plate, -lattice * 0 - 0.1)), p[:, 2] + 0.01, 1.24 - p[:, 1]])

    trim = common(grown(whole, 0.0024), ornament, 0.002)
    return [
        Part("robe", "robe", "clothing", whole, (-X - 0.05, 0.10, -0.25), (X + 0.05, 1.53, 0.26), 0.0082, 2300, plain((1, 1, 1)), far=200),
        Part("trim", "trunk", "other", trim, (-0.12, 1.23, -0.20), (0.12, 1.53, 0.0), 0.0040, 420, plain(GOLD), far=16),
        chest(b), leather(BROWN_SHOES), *hand_parts(b),
        Part("trousers", "legs", "clothing", common(body.trousers(b), half_space((0, 0.45, 0), (0, 1, 0))), (-0.19, 0.03, -0.13), (0.19, 0.46, 0.14), 0.0080, 160, plain((0.9, 0.9, 0.9))),
    ]


def sari(b):
    """A blouse with short sleeves, a pleated skirt and the end over the left shoulder."""
    blouse = melt(0.02, dress.fitted_top(b, 0.004, 1.41, 0.055, 1.10), body.sleeves(b, 0.044, 0.04, 0.002, 0.15))
    skirt = dress.gown([(1.045, 0.126, 0.096, 0.006), (0.94, 0.164, 0.122, 0.010), (0.60, 0.172, 0.146, 0.010), (0.07, 0.198, 0.180, 0.010)], 17, 0.0080, 1.00)
    end = dress.sash(b)

    def edge(p):
        return np.maximum(np.abs(np.abs(dress.sash_line(p) + 0.010) - 0.064) - 0.008, p[:, 2] - 0.03)

    hem = common(grown(skirt, 0.0022), lambda p: np.abs(p[:, 1] - 0.098) - 0.024, 0.002)
    trim = common(grown(end, 0.0020), edge, 0.0015)
    return [
        Part("blouse", "trunk", "other", blouse, (-X, 1.07, -0.17), (X, 1.50, 0.14), 0.0060, 700, plain((0.16, 0.022, 0.045)), far=60),
        Part("skirt", "skirt", "clothing", skirt, (-0.23, 0.05, -0.22), (0.23, 1.06, 0.22), 0.0078, 1050, plain((1, 1, 1)), far=90),
        Part("end", "trunk", "clothing", end, (-0.2, 0.78, -0.19), (0.2, 1.53, 0.16), 0.0062, 900, plain((1, 1, 1)), far=50),
        Part("trim", "trunk", "other", trim, (-0.2, 0.93, -0.20), (0.2, 1.53, 0.05), 0.0048, 320, plain(GOLD), far=10),
        Part("hem", "skirt", "other", hem, (-0.23, 0.06, -0.22), (0.23, 0.14, 0.22), 0.0070, 300, plain(GOLD), far=16),
        chest(b), arms_of_skin(b, 0.13), leather(GOLD, body.pumps, 320), *hand_parts(b),
        Part("midriff", "trunk", "skin", grown(body.torso(b), -0.001), (-0.16, 1.02, -0.14), (0.16, 1.13, 0.14), 0.0070, 140, plain((1, 1, 1))),
    ]


def kurta(b):
    """A long tunic with a standing collar over narrow trousers."""
    skirt = dress.gown([(1.08, 0.138, 0.104, 0.008), (0.94, 0.168, 0.124, 0.010), (0.70, 0.180, 0.132, 0.010), (0.50, 0.192, 0.138, 0.010)], 9, 0.0040, 0.95, slit=0.72)
    whole = melt(0.03, melt(0.03, grown(body.torso(b), 0.010), body.sleeves(b, 0.0490, 0.0420, 0.003)), skirt)
    whole = carve(whole, limb((0, 1.42, 0.010), (0, 1.60, 0.020), 0.056, 0.060), 0.004)
    stand = common(limb((0, 1.43, 0.024), (0, 1.500, 0.020), 0.066, 0.0600), half_space((0, 1.492, -0.02), (0, 1, -0.22)), 0.003)
    stand = carve(stand, slab((0, 1.49, -0.07), (0.005, 0.05, 0.03), 0.002), 0.002)
    placket = common(grown(whole, 0.0026), slab((0, 1.335, -0.08), (0.015, 0.110, 0.09), 0.003), 0.002)
    studs = dress.buttons(grown(whole, 0.002), (1.41, 1.36, 1.31, 1.26), 0.0, 0.0052)
    return [
        Part("kurta", "skirt", "clothing", melt(0.006, whole, stand), (-X, 0.47, -0.18), (X, 1.52, 0.18), 0.0066, 1950, plain((1, 1, 1)), far=190),
        Part("placket", "trunk", "clothing", placket, (-0.03, 1.21, -0.16), (0.03, 1.46, -0.03), 0.0042, 90, plain((0.72, 0.72, 0.72))),
        Part("studs", "trunk", "other", studs, (-0.02, 1.24, -0.16), (0.02, 1.43, -0.03), 0.0024, 80, plain(GOLD)),
        legs(b, "other", (0.70, 0.66, 0.58), 420, top=0.076, knee=0.052, ankle=0.046),
        leather(BROWN_SHOES), *hand_parts(b),
    ]


def long_coat(b):
    """A long open coat over a light dress."""
    coat = melt(0.03, melt(0.03, grown(body.torso(b), 0.012), body.sleeves(b, 0.0500, 0.0440, 0.004)), dress.gown([(1.06, 0.128, 0.100, 0.010), (0.94, 0.172, 0.126, 0.012), (0.60, 0.190, 0.150, 0.012), (0.24, 0.212, 0.172, 0.012)], 10, 0.0075, 1.0))

    def gap(p):
        half = 0.020 + 0.035 * smooth(1.0, 0.3, p[:, 1]) + 0.05 * smooth(1.20, 1.42, p[:, 1])
        return np.maximum(np.abs(p[:, 0]) - half, p[:, 2] + 0.02)

    coat = carve(coat, gap, 0.006)
    coat = carve(coat, limb((0, 1.42, 0.010), (0, 1.60, 0.020), 0.060, 0.066), 0.004)
    inner = melt(0.02, grown(body.torso(b), 0.003), dress.gown([(1.05, 0.112, 0.086, 0.010), (0.94, 0.152, 0.108, 0.012), (0.60, 0.168, 0.132, 0.012), (0.065, 0.192, 0.156, 0.012)], 12, 0.0065, 1.0))
    inner = common(inner, half_space((0, 1.47, 0), (0, 1, 0)), 0.004)
    return [
        Part("coat", "skirt", "clothing", coat, (-X, 0.21, -0.21), (X, 1.50, 0.21), 0.0070, 1800, plain((1, 1, 1)), far=170),
        Part("dress", "skirt", "other", inner, (-0.22, 0.05, -0.20), (0.22, 1.48, 0.19), 0.0082, 620, plain((0.66, 0.60, 0.52)), far=50),
        leather((0.30, 0.20, 0.13), body.pumps, 320), *hand_parts(b),
    ]


def pullover(b):
    """A soft pullover over a shirt's collar, with plain trousers; the wheelchair is part of the look."""
    knit = melt(0.03, dress.v_neck(b, 0.011, 1.365, 0.93), body.sleeves(b, 0.0500, 0.0410, 0.004))
    return [
        Part("pullover", "trunk", "clothing", knit, (-X, 0.90, -0.16), (X, 1.50, 0.16), 0.0062, 1350, plain((1, 1, 1)), far=98),
        Part("shirt", "trunk", "other", dress.shirt(b, 1.28), (-X, 0.95, -0.16), (X, 1.50, 0.14), 0.0062, 150, plain(WHITE), far=8),
        Part("collar", "collar", "other", dress.collar(True), (-0.11, 1.36, -0.12), (0.11, 1.53, 0.12), 0.0038, 250, plain(WHITE), far=8),
        chest(b), legs(b, "other", (0.05, 0.048, 0.047), 480), leather(BROWN_SHOES), *hand_parts(b),
        Part("chair", "chair", "other", None, (), (), 0, 0, plain((1, 1, 1)), mesh=chair.frame(), far_mesh=chair.far_frame()),
        Part("wheels", "Wheel", "other", None, (), (), 0, 0, plain((1, 1, 1)), mesh=chair.wheels(), far_mesh=chair.far_wheels()),
    ]


def spectacles(color=(0.02, 0.018, 0.016), radius=0.0235):
    """Glasses on the nose."""
    return Part("glasses", "face", "other", None, (), (), 0, 0, plain((1, 1, 1)), mesh=chair.glasses(color, radius))


def woman(**more):
    """A woman's face."""
    base = {"width": 0.96, "jaw": 0.88, "chin": 0.90, "nose": 0.92, "nose_width": 0.95, "lips": 1.12, "brow": 0.72, "brow_bone": 0.80, "eye_open": 1.12, "lash": 1.0, "blush": 0.9}
    return Face(**{**base, **more})


ROSE, BERRY, PLUM = (0.78, 0.40, 0.40), (0.66, 0.30, 0.33), (0.62, 0.32, 0.36)

LOOKS = [
    Look("suit", OLIVE, (0.030, 0.044, 0.088), Face(stubble=0.35), MAN, DARK_HAIR, hair.side_parted, navy_suit),
    Look("dress", DEEP, (0.016, 0.150, 0.160), woman(nose_width=1.18, lips=1.28, lip_color=PLUM, iris=(0.045, 0.02, 0.012), brow_color=BLACK_HAIR), WOMAN, BLACK_HAIR, lambda: hair.curly(0.026, 0.0190), teal_dress, hair_triangles=1350),
    Look("blouse", LIGHT, (0.045, 0.050, 0.075), woman(age=0.75, lip_color=ROSE, iris=(0.06, 0.11, 0.16), brow_color=(0.16, 0.14, 0.12), lips=0.98), Build(0.129, (0.127, 0.090), (0.112, 0.084), (0.150, 0.104), 1.0, 0.0, 0.86, 0.90), SILVER, hair.bob, blouse_and_skirt),
    Look("boubou", DARK, (0.42, 0.56, 0.72), Face(nose_width=1.28, lips=1.30, lip_color=(0.74, 0.46, 0.46), age=0.55, iris=(0.04, 0.018, 0.011), brow_color=(0.06, 0.056, 0.052), jaw=1.05), Build(0.148, (0.148, 0.106), (0.136, 0.100), (0.150, 0.104), 0.0, 0.5), (0.20, 0.195, 0.19), lambda: hair.cropped(0.001), boubou, beard=0.55),
    Look("sari", BROWN, (0.230, 0.020, 0.120), woman(lip_color=BERRY, iris=(0.05, 0.022, 0.012), brow_color=BLACK_HAIR, brow=0.85), WOMAN, BLACK_HAIR, lambda: hair.bun(True), sari),
    Look("scarf", FAIR, (0.105, 0.060, 0.110), woman(lip_color=ROSE, brow=0.90, brow_color=DARK_HAIR, iris=(0.09, 0.06, 0.025), cheek=1.04), WOMAN, BLACK_HAIR, hair.scarf_hood, long_coat, ears=False, hair_material="clothing", hair_triangles=1350),
    Look("jacket", FAIR, (0.066, 0.060, 0.054), Face(age=0.8, nose=1.08, iris=(0.07, 0.13, 0.17), brow_color=(0.20, 0.185, 0.17), jaw=1.03, stubble=0.15), Build(0.146, (0.148, 0.106), (0.138, 0.104), (0.150, 0.106), 0.0, 0.6), GREY_HAIR, None, open_jacket, beard=1.0),
    Look("kurta", BROWN, (0.50, 0.42, 0.30), Face(brow=1.12, iris=(0.05, 0.022, 0.012), brow_color=BLACK_HAIR, stubble=0.6), MAN, BLACK_HAIR, hair.brushed_up, kurta, beard=0.35),
    Look("trousers", LIGHT, (0.155, 0.030, 0.045), woman(width=1.0, nose=0.86, nose_width=0.98, lip_color=ROSE, slant=0.0022, eye_open=0.98, iris=(0.05, 0.024, 0.013), brow_color=BLACK_HAIR), WOMAN, BLACK_HAIR, lambda: hair.long_straight(1.445), trouser_suit),
    Look("wheelchair", OLIVE, (0.055, 0.105, 0.065), Face(width=1.0, nose=0.95, brow=0.95, iris=(0.07, 0.035, 0.015), brow_color=DARK_HAIR, stubble=0.25), MAN, CHESTNUT, lambda: hair.curly(0.009, 0.0150, 1.625, 5), pullover, hair_triangles=1250),
]
LOOKS[6].extras.append(spectacles((0.03, 0.022, 0.018)))
LOOKS[2].extras.append(spectacles((0.10, 0.035, 0.03), 0.0245))


def parts_of(look):
    """Every part of a look."""
    return head_parts(look) + look.clothes(look.build) + list(look.extras)
