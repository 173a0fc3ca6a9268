"""Heads: skull, features, eyes and lids as signed distances and small meshes, and the picture painted on a face.

Everything is in the frame of a head of natural size whose eyes are at 1.65 m; `enlarged` gives it the proportions of
our figures. It must not know hair, clothes or skeletons.
"""

from dataclasses import dataclass

import numpy as np

from .sdf import ball, carve, common, ellipsoid, grown, limb, melt, mirrored, moved_surface

EYE = np.array([0.0325, 1.650, -0.0700])
EYE_RADIUS = 0.0160
# Figures have somewhat larger, rounder heads than people.
LARGER = np.array([1.13, 1.055, 1.13])
CENTER = np.array([0.0, 1.650, 0.012])
PICTURE = (512, 256)
TOP, BOTTOM = 1.770, 1.490


@dataclass
class Face:
    """What makes one face differ from another; 1 is the middle of people."""

    width: float = 1.0
    jaw: float = 1.0
    chin: float = 1.0
    cheek: float = 1.0
    nose: float = 1.0
    nose_width: float = 1.0
    lips: float = 1.0
    lip_color: tuple = (0.80, 0.50, 0.47)
    brow: float = 1.0
    brow_color: tuple = (0.03, 0.02, 0.015)
    brow_bone: float = 1.0
    eye_open: float = 1.0
    slant: float = 0.0012
    lash: float = 0.6
    iris: tuple = (0.10, 0.045, 0.02)
    blush: float = 0.6
    age: float = 0.0
    stubble: float = 0.0


def enlarged(points):
    """From the head's own frame to the figure's."""
    return (np.asarray(points, float) - CENTER) * LARGER + CENTER


def reduced(points):
    """From the figure's frame to the head's own."""
    return (np.asarray(points, float) - CENTER) / LARGER + CENTER


def in_figure(body):
    """A distance of the head's frame as one of the figure's."""
    return lambda p: body(reduced(p)) * LARGER[1]


def smooth(low, high, value):
    """0 at low, 1 at high (low may be the greater), soft in between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def lid_edges(x, face):
    """Heights of the upper and the lower lid's edge at |x|, and how far within the corners, 1 in the middle."""
    t = (x - EYE[0]) / 0.0158
    inside = np.clip(1 - t * t, 0, 1)
    tilt = face.slant * t
    upper = EYE[1] + tilt + (0.0063 * face.eye_open) * inside**0.75 * (1 + 0.12 * t)
    lower = EYE[1] + tilt - (0.0053 * face.eye_open) * inside**0.85
    return upper, lower, inside


def eye_opening(face):
    """A hole somewhat larger than the eye; the rim of the lids covers its edge."""
    return mirrored(
        lambda p: np.maximum(
            (np.hypot((p[:, 0] - EYE[0]) / 0.0182, (p[:, 1] - EYE[1] - 0.0008) / (0.0098 * face.eye_open)) - 1) * 0.010,
            p[:, 2] - EYE[2],
        )
    )


def rims(face, surface):
    """Both lids of both eyes around the almond of the opening, from the eyeball out to the face's surface."""
    around, rows = 24, 5
    points, normals, faces, tints = [], [], [], []
    for k in range(around):
        a = 2 * np.pi * k / around
        c, s = np.cos(a), np.sin(a)
        t = np.sign(c) * abs(c) ** 0.85
        upper, lower, _ = lid_edges(np.array([EYE[0] + 0.0157 * t]), face)
        edge = np.array([EYE[0] + 0.0157 * t, upper[0] if s >= 0 else lower[0]])
        out = np.array([EYE[0] + 0.0232 * c, EYE[1] + 0.0006 + (0.0150 if s > 0 else 0.0132) * face.eye_open * s])
        for r, part in enumerate((0.0, 0.0, 0.28, 0.62, 1.0)):
            x, y = edge * (1 - part) + out * part
            flat = min(1.0, np.hypot(x - EYE[0], y - EYE[1]) / (EYE_RADIUS + 0.0022))
            on_ball = EYE[2] - (EYE_RADIUS + (0.0002, 0.0017, 0.0022, 0.0020, 0)[r]) * np.sqrt(max(0.0, 1 - flat * flat))
            on_face = front_of(surface, x, y) - 0.0004
            blend = smooth(0.30, 1.0, part)
            points.append((x, y, min(on_ball, on_face + 0.003) * (1 - blend) + on_face * blend))
            dark = np.ones(3)
            if r < 3:
                strong = face.lash * (max(0.0, s) ** 0.4 if s > 0 else 0.30) * (1.0, 1.0, 0.28)[r]
                dark = 1 - strong * (1 - np.array((0.10, 0.07, 0.06)))
            crease = 0.34 * np.exp(-(((part - 0.50) / 0.22) ** 2)) * max(0.0, s) ** 0.5
            tints.append(dark * (1 - crease * (1 - np.array((0.55, 0.44, 0.40)))))
        for r in range(rows - 1):
            b, d = k * rows + r, (k + 1) % around * rows + r
            faces += [(b, d, b + 1), (d, d + 1, b + 1)]
    points, tints, faces = np.array(points), np.array(tints), np.array(faces)
    normals = np.zeros_like(points)
    a, b, c = (points[faces[:, k]] for k in range(3))
    flat = np.cross(b - a, c - a)
    flat *= np.sign(-flat[:, 2:3] + 1e-12)
    for k in range(3):
        np.add.at(normals, faces[:, k], flat)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    flip = np.array([-1.0, 1, 1])
    return outwards(
        np.concatenate([points, points * flip]),
        np.concatenate([normals, normals * flip]),
        np.concatenate([faces, faces + len(points)]),
    ) + (np.concatenate([tints, tints]),)


def front_of(surface, x, y):
    """Where a line from the front meets a surface: its z."""
    z = np.linspace(-0.13, -0.03, 201)
    inside = surface(np.column_stack([np.full(201, x), np.full(201, y), z])) < 0
    return z[np.argmax(inside)] if inside.any() else -0.06


def nose(face):
    """Bridge, tip and wings."""
    n, w = face.nose, face.nose_width
    tip = np.array([0.0, 1.6165, -0.0985 - 0.0060 * (n - 1) * 10 * 0.1 - 0.004])
    return melt(
        0.010,
        limb((0, 1.662, -0.0795), tip, 0.0072, 0.0098 + 0.0012 * (w - 1)),
        mirrored(ball((0.0102 * w, 1.6125, -0.0915), 0.0073 * (0.5 + 0.5 * w))),
    )


def lips(face):
    """Two soft rolls that meet in a faint smile."""
    f = face.lips
    upper = mirrored(
        limb((0.0045, 1.5735 + 0.001 * f, -0.0868), (0.0215, 1.5725, -0.0745), 0.0044 * f, 0.0024)
    )
    lower = mirrored(
        limb((0.0, 1.5655 - 0.001 * f, -0.0855), (0.0165, 1.5695, -0.0775), 0.0054 * f, 0.0028)
    )
    return melt(0.0035, upper, lower)


def mouth_line(x):
    """The height where the lips meet."""
    return 1.5700 + 0.0028 * (np.abs(x) / 0.025) ** 2.0 - 0.0008 * np.exp(-((x / 0.006) ** 2))


def skull(face):
    """The head without eyes, ears and neck."""
    whole = melt(
        0.03,
        ellipsoid((0, 1.668, 0.014), (0.0735, 0.085, 0.094)),
        ellipsoid((0, 1.612, -0.028), (0.0590 * face.width, 0.078, 0.057)),
    )
    jaw = mirrored(
        limb((0.0425 * face.jaw, 1.581, -0.002), (0.013 * face.jaw, 1.541, -0.066), 0.021, 0.0165)
    )
    whole = melt(0.030, whole, jaw, ball((0, 1.5400, -0.0705), 0.0180 * face.chin))
    cheeks = mirrored(ball((0.0395, 1.6085, -0.0565), 0.0235 * face.cheek))
    bone = mirrored(
        limb((0.008, 1.671, -0.0795), (0.040, 1.672, -0.0660), 0.0095 * face.brow_bone, 0.0095 * face.brow_bone)
    )
    whole = melt(0.026, whole, cheeks, bone)
    whole = carve(whole, mirrored(ellipsoid((0.0325, 1.6500, -0.1030), (0.0205, 0.0130, 0.0205))), 0.018)
    whole = melt(0.011, whole, nose(face))
    return melt(0.018, whole, ellipsoid((0, 1.571, -0.0645), (0.034, 0.022, 0.0270)))


def ears():
    """Both ears, with the hollow of the shell."""
    return mirrored(
        carve(
            ellipsoid((0.0765, 1.640, 0.012), (0.0085, 0.030, 0.0180)),
            ellipsoid((0.0870, 1.642, 0.009), (0.007, 0.019, 0.0105)),
            0.005,
        )
    )


def closed(face, with_ears=True, neck_width=1.0):
    """Skull, features and neck without openings: what is far away has its eyes painted."""
    whole = melt(0.005, skull(face), lips(face))

    whole = melt(0.0055, whole, mirrored(ball(EYE, EYE_RADIUS + 0.0014)))
    if with_ears:
        whole = melt(0.006, whole, ears())
    w = neck_width
    neck = melt(
        0.03,
        limb((0, 1.42, 0.030), (0, 1.585, 0.016), 0.0520 * w, 0.0470 * w),
        mirrored(limb((0.046, 1.61, 0.03), (0.014, 1.46, -0.018), 0.015 * w, 0.012 * w)),
    )
    return melt(0.018, whole, neck)


def head(face, with_ears=True, neck_width=1.0):
    """Skull, features and neck; the eyes' openings are holes."""
    whole = carve(closed(face, with_ears, neck_width), eye_opening(face), 0.0012)
    # Behind the lids lies the socket, in which the eyeball and the lid that blinks have room.
    return carve(whole, mirrored(ball(EYE, EYE_RADIUS + 0.0006)), 0.0008)


def brows(face):
    """Eyebrows that lie on the bone, thick at the nose and thin at the temple."""
    b = face.brow
    lift = 0.0016 * (1.3 - b)
    inner, middle, outer = (0.0135, 1.6735, 0), (0.031, 1.6785 + lift, 0), (0.0475, 1.6735, 0)

    def flat(p):
        q = p * (1, 1, 0)
        return melt(0.003, limb(inner, middle, 0.0040 * b, 0.0032 * b), limb(middle, outer, 0.0032 * b, 0.0012))(q)

    on_skin = grown(skull(face), 0.0016)
    return common(on_skin, mirrored(lambda p: np.maximum(flat(p), p[:, 2] + 0.045)), 0.0016)


def eyeballs(face):
    """Both eyeballs as rings around the line of sight, so that iris and pupil have sharp edges."""
    rings = [0.0, 0.19, 0.191, 0.38, 0.43, 0.475, 0.49, 0.75, 1.2, 1.65]
    white, iris, dark = np.array((0.80, 0.79, 0.77)), np.array(face.iris), np.array((0.006, 0.005, 0.005))
    colors = [dark, dark, iris * 1.3, iris * 0.85, iris * 0.35, iris * 0.3, white, white * 0.97, white * 0.8, white * 0.6]
    sides = 14
    points, normals, tints, faces = [], [], [], []
    for sign in (1.0, -1.0):
        first = len(points)
        center = EYE * (sign, 1, 1)
        for ring, color in zip(rings, colors):
            bulge = 0.0005 * np.clip(1 - ring / 0.45, 0, 1)
            for k in range(sides):
                a = 2 * np.pi * k / sides
                n = np.array([np.sin(ring) * np.cos(a), np.sin(ring) * np.sin(a), -np.cos(ring)])
                points.append(center + n * (EYE_RADIUS + bulge))
                normals.append(n)
                shade = 1.0 + 0.35 * (0.19 < ring < 0.45) * -np.sin(a)
                tints.append(color * shade)
        for r in range(len(rings) - 1):
            for k in range(sides):
                a, b = first + r * sides + k, first + r * sides + (k + 1) % sides
                faces += [(a, a + sides, b), (b, a + sides, b + sides)]
        first = len(points)
        glint = center + np.array([0.0030 - 0.0004 * sign, 0.0036, 0])
        for k in range(6):
            a = 2 * np.pi * k / 6
            q = glint + np.array([np.cos(a), np.sin(a), 0]) * 0.00125 - center
            q[2] = -np.sqrt((EYE_RADIUS + 0.0009) ** 2 - q[0] ** 2 - q[1] ** 2)
            points.append(center + q)
            normals.append((0, 0.6, -0.8))
            tints.append((1, 1, 1))
        faces += [(first, first + k + 1, first + k) for k in range(1, 5)]
    return outwards(np.array(points), np.array(normals), np.array(faces)) + (np.array(tints),)


def outwards(points, normals, faces):
    """The same triangles, wound so that they face along their normals."""
    a, b, c = (points[faces[:, k]] for k in range(3))
    turned = (np.cross(b - a, c - a) * normals[faces[:, 0]]).sum(1) < 0
    faces[turned] = faces[turned][:, ::-1]
    return points, normals, faces


def lids():
    """The part of the upper lids that lies under the brow while the eye is open and turns down in a blink."""
    points, normals, faces = [], [], []
    rows, sides = 6, 8
    for sign in (1.0, -1.0):
        first = len(points)
        for r in range(rows + 1):
            pitch = np.radians(27 + 78 * r / rows)
            for k in range(sides + 1):
                yaw = np.radians(-80 + 160 * k / sides)
                n = np.array([np.sin(yaw) * np.cos(pitch), np.sin(pitch), -np.cos(yaw) * np.cos(pitch)])
                points.append(EYE * (sign, 1, 1) + n * (EYE_RADIUS + 0.0008))
                normals.append(n)
        for r in range(rows):
            for k in range(sides):
                a = first + r * (sides + 1) + k
                b = a + sides + 1
                faces += [(a, a + 1, b), (a + 1, b + 1, b)]
    return outwards(np.array(points), np.array(normals), np.array(faces))


def place_in_picture(points):
    """Texture coordinates of a head's points (its own frame): the turn from the front and the height."""
    angle = np.abs(np.arctan2(points[:, 0], -points[:, 2]))
    return np.column_stack([angle / np.pi, np.clip((TOP - points[:, 1]) / (TOP - BOTTOM), 0, 1)])


def picture(face):
    """What is painted on a face: lips, lashes, blush, age; factors on the skin's colour, rows from the top."""
    width, height = PICTURE
    angle = (np.arange(width) + 0.5) / width * np.pi
    y = TOP - (np.arange(height) + 0.5) / height * (TOP - BOTTOM)
    radius = moved_surface(skull(face), angle[::4], y[::4])
    radius = np.repeat(np.repeat(radius, 4, 0), 4, 1)
    kernel = np.ones(5) / 5
    for axis in (0, 1):
        radius = np.apply_along_axis(lambda r: np.convolve(np.pad(r, 2, "edge"), kernel, "valid"), axis, radius)
    a, yy = np.meshgrid(angle, y)
    p = np.stack([radius * np.sin(a), yy, -radius * np.cos(a)], -1).reshape(-1, 3)
    color = np.ones((len(p), 3))

    def tint(amount, factor):
        nonlocal color
        color = color * (1 - amount[:, None] * (1 - np.asarray(factor)))

    front = smooth(0.0, -0.03, p[:, 2])
    paint_flush(tint, p, front, face)
    paint_age(tint, p, front, face)
    paint_eye(tint, p, front, face)
    paint_mouth(tint, p, front, face)
    return np.clip(color, 0, 1).reshape(height, width, 3)


def spot(p, place, size):
    """1 at a place, fading over `size` metres across the face."""
    return np.exp(-(((p[:, 0] - place[0]) / size) ** 2 + ((p[:, 1] - place[1]) / size) ** 2))


def paint_flush(tint, p, front, face):
    """Blood near the skin: cheeks, nose, ears, chin; and hair that grows in a man's skin."""
    tint(face.blush * 0.55 * front * spot(p, (0.041, 1.608), 0.023), (0.93, 0.66, 0.62))
    tint(0.30 * front * spot(p, (0, 1.615), 0.014), (0.95, 0.74, 0.70))
    tint(0.16 * front * spot(p, (0, 1.542), 0.020), (0.95, 0.76, 0.72))
    ear = smooth(0.070, 0.078, p[:, 0]) * smooth(1.60, 1.615, p[:, 1]) * smooth(1.68, 1.665, p[:, 1])
    tint(0.40 * ear, (0.92, 0.68, 0.62))
    # Skin is a little deeper below the jaw and around the eyes.
    tint(0.28 * smooth(1.545, 1.515, p[:, 1]), (0.78, 0.70, 0.66))
    tint(0.25 * front * spot(p, (0.0325, 1.652), 0.019), (0.86, 0.74, 0.72))
    jaw = smooth(1.603, 1.580, p[:, 1]) * smooth(1.512, 1.54, p[:, 1]) * smooth(0.012, -0.02, p[:, 2])
    lip = 1 - spot(p, (0, 1.570), 0.017)
    upper = spot(p, (0.010, 1.588), 0.014)
    tint(face.stubble * np.clip(jaw * lip + upper, 0, 1), (0.66, 0.64, 0.64))


def paint_age(tint, p, front, face):
    """Lines of a life: beside the mouth, on the forehead, at the eyes' corners."""
    if face.age <= 0:
        return
    x, y = p[:, 0], p[:, 1]
    fold = np.abs(x - (0.016 + 0.018 * smooth(1.612, 1.565, y))) + 4 * np.maximum(0, np.abs(y - 1.589) - 0.020)
    tint(face.age * 0.50 * front * np.exp(-((fold / 0.0030) ** 2)), (0.72, 0.58, 0.54))
    for level in (1.694, 1.704, 1.713):
        line = np.abs(y - level - 0.0015 * np.cos(x * 90)) + 0.6 * np.maximum(0, x - 0.030)
        tint(face.age * 0.30 * front * np.exp(-((line / 0.0018) ** 2)), (0.78, 0.68, 0.64))
    for slope in (0.25, -0.15):
        line = np.abs(y - 1.650 - slope * (x - 0.050)) + 3 * np.maximum(0, 0.051 - x) + 3 * np.maximum(0, x - 0.061)
        tint(face.age * 0.40 * front * np.exp(-((line / 0.0014) ** 2)), (0.78, 0.66, 0.62))
    bag = np.abs(y - (1.6385 + 3.0 * (x - 0.0325) ** 2 * 6)) + np.maximum(0, np.abs(x - 0.0325) - 0.012)
    tint(face.age * 0.40 * front * np.exp(-((bag / 0.0022) ** 2)), (0.76, 0.64, 0.62))


def paint_eye(tint, p, front, face):
    """Lashes and the lid's crease; and the eye itself, for figures so far away that they have no eyeballs."""
    x, y = p[:, 0], p[:, 1]
    upper, lower, inside = lid_edges(x, face)
    near = smooth(0.0190, 0.0165, np.abs(x - EYE[0])) * front
    within = (inside > 0) * (y < upper) * (y > lower) * front
    tint(within, (0.80, 0.80, 0.80))
    iris = np.hypot(x - EYE[0], y - EYE[1] - 0.0006)
    tint(within * smooth(0.0074, 0.0064, iris), np.clip(np.array(face.iris) * 0.8, 0.01, 1))
    above = y - upper
    lash = smooth(0.0030, 0.0009, above) * smooth(-0.0022, -0.0012, above)
    tint(face.lash * near * lash * (0.75 + 0.25 * smooth(0.030, 0.047, x)), (0.09, 0.07, 0.065))
    under = smooth(0.0020, 0.0006, np.abs(y - lower))
    tint(0.45 * face.lash * near * under, (0.40, 0.28, 0.25))
    crease = np.exp(-(((above - 0.0058) / 0.0014) ** 2))
    tint(0.42 * near * crease, (0.58, 0.46, 0.42))


def paint_mouth(tint, p, front, face):
    """Lips, the line between them and their corners; the nostrils."""
    x, y = p[:, 0], p[:, 1]
    t = np.clip(1 - (x / 0.0240) ** 2, 0, 1)
    line = mouth_line(x)
    top = line + face.lips * (0.0072 * t**0.8 - 0.0014 * np.exp(-((x / 0.0045) ** 2)))
    low = line - face.lips * 0.0088 * t**0.7
    lip = smooth(0.0012, -0.0012, y - top) * smooth(0.0014, -0.0014, low - y) * smooth(0.0255, 0.0225, x) * front
    tint(0.92 * lip, face.lip_color)
    tint(0.25 * lip * (y > line), (0.82, 0.72, 0.72))
    tint(0.75 * front * np.exp(-(((y - line) / 0.0011) ** 2)) * smooth(0.0262, 0.0225, x), (0.34, 0.20, 0.18))
    tint(0.35 * front * spot(p, (0.0255, 1.5728), 0.0032), (0.55, 0.42, 0.40))
    tint(0.30 * front * np.exp(-(((y - low + 0.0045) / 0.003) ** 2)) * smooth(0.018, 0.006, x), (0.78, 0.66, 0.62))
    tint(0.85 * front * np.exp(-(((x - 0.0068 * face.nose_width) / 0.0033) ** 2 + ((y - 1.6058) / 0.0017) ** 2)), (0.22, 0.13, 0.11))
    wing = np.abs(np.hypot(x - 0.0102 * face.nose_width, y - 1.6135) - 0.0080)
    tint(0.40 * front * np.exp(-((wing / 0.0018) ** 2)) * (x > 0.011 * face.nose_width), (0.66, 0.50, 0.46))
