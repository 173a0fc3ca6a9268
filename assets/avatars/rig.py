"""The bones of a standing person, how skin follows them, and how limbs reach for a place.

Every joint's rest rotation is the identity, so a joint's rotation is about the axes of the world: x right, y up,
z back. Names are VRM's. It must not know clothes or clips.
"""

import math

import numpy as np

from . import hand

A_POSE = math.radians(40)
ARM = np.array([math.sin(A_POSE), -math.cos(A_POSE), 0.0])
SHOULDER = np.array([0.156, 1.400, 0.012])
UPPER_ARM, LOWER_ARM = 0.285, 0.255
ELBOW = SHOULDER + ARM * UPPER_ARM
WRIST = ELBOW + ARM * LOWER_ARM
HIP = np.array([0.084, 0.925, 0.008])
KNEE = np.array([0.092, 0.500, 0.004])
ANKLE = np.array([0.100, 0.088, 0.016])
TOES = np.array([0.103, 0.030, -0.110])

EYE = np.array([0.036725, 1.650, -0.08066])
WHEEL = np.array([0.285, 0.305, 0.075])
# The right hand's axes in the figure: along the forearm, ahead to the thumb, inward to the palm; rows.
HAND_FRAME = np.array([ARM, [0, 0, -1.0], [ARM[1], -ARM[0], 0.0]])


def in_hand(points):
    """Points of the right hand's frame in the figure."""
    return WRIST + points @ HAND_FRAME


def turned_into_hand(directions):
    """Directions of the right hand's frame in the figure."""
    return directions @ HAND_FRAME


def _sided(side, name, parent, point):
    """A joint of the left (x < 0) or right side."""
    title = lambda n: n if n in ("hips", "spine", "chest", "neck", "head", "chair") else side + n
    return (title(name), title(parent), point * (np.array([-1.0, 1, 1]) if side == "left" else 1.0))


# (name, parent, rest position)
JOINTS = [
    ("hips", None, np.array([0, 0.960, 0.008])),
    ("spine", "hips", np.array([0, 1.060, 0.010])),
    ("chest", "spine", np.array([0, 1.200, 0.012])),
    ("neck", "chest", np.array([0, 1.470, 0.022])),
    ("head", "neck", np.array([0, 1.560, 0.012])),
    # Near the ears, where a jaw has its hinge.
    ("jaw", "head", np.array([0, 1.625, -0.005])),
]
for _side in ("left", "right"):
    JOINTS += [
        _sided(_side, "Shoulder", "chest", np.array([0.050, 1.420, 0.012])),
        _sided(_side, "UpperArm", "Shoulder", SHOULDER),
        _sided(_side, "LowerArm", "UpperArm", ELBOW),
        _sided(_side, "Hand", "LowerArm", WRIST),
        _sided(_side, "UpperLeg", "hips", HIP),
        _sided(_side, "LowerLeg", "UpperLeg", KNEE),
        _sided(_side, "Foot", "LowerLeg", ANKLE),
        _sided(_side, "Toes", "Foot", TOES),
        _sided(_side, "Eye", "head", EYE),
        _sided(_side, "Lid", "head", EYE),
    ]
# A wheelchair stands on the floor and not on the hips; its wheels roll.
JOINTS.append(("chair", None, np.zeros(3)))
for _side in ("left", "right"):
    JOINTS.append(_sided(_side, "Wheel", "chair", WHEEL))
# Fingers come last, so that figures which are drawn coarsely do without them.
BODY_JOINTS = len(JOINTS)
for _side in ("left", "right"):
    for _finger in ("Thumb", *hand.FINGERS):
        _above = "Hand"
        for _name, _point in zip(hand.joint_names(_finger), hand.chain(_finger)):
            JOINTS.append(_sided(_side, _name, _above, in_hand(_point)))
            _above = _name
NAMES = [name for name, _, _ in JOINTS]
PARENT = {name: parent for name, parent, _ in JOINTS}
REST = {name: point for name, _, point in JOINTS}


def smooth(low, high, value):
    """0 at low, 1 at high (low may be the greater), soft in between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def weights(kind, points):
    """How much each joint moves each point: an array (points, joints) whose rows sum to 1. Only a "palm" follows
    fingers: its ball of the thumb."""
    w = np.zeros((len(points), len(NAMES)))
    slot = {name: k for k, name in enumerate(NAMES)}
    y = points[:, 1]
    if kind in ("head", "hair"):
        # Long hair and a scarf's end lie on the chest and do not swing with the head.
        low, high = (1.455, 1.545) if kind == "head" else (1.44, 1.58)
        up, middle = smooth(low, high, y), smooth(1.42, low + 0.02, y)
        w[:, slot["head"]] = up
        w[:, slot["neck"]] = (1 - up) * middle
        w[:, slot["chest"]] = (1 - up) * (1 - middle)
        return w
    if kind in ("face", "chair"):
        w[:, slot["head" if kind == "face" else "chair"]] = 1
        return w
    if kind in ("Eye", "Lid", "Wheel"):
        for side, sign in (("left", -1.0), ("right", 1.0)):
            w[:, slot[side + kind]] = points[:, 0] * sign > 0
        return w
    trunk_weights(w, slot, kind, points)
    for side, sign in (("left", -1.0), ("right", 1.0)):
        mirrored = points * (sign, 1, 1)
        if kind not in ("legs", "calves"):
            arm_weights(w, slot, side, mirrored, kind)
        if kind in ("legs", "calves", "shoes", "jacket", "skirt", "robe"):
            leg_weights(w, slot, side, mirrored, kind)
        if kind == "palm":
            thumb_weights(w, slot, side, mirrored)
    return w / w.sum(1, keepdims=True)


def with_jaw(w, share):
    """The same weights where the jaw takes this share, 0 to 1, of what each point has of the head."""
    w = w.copy()
    moved = w[:, NAMES.index("head")] * share
    w[:, NAMES.index("head")] -= moved
    w[:, NAMES.index("jaw")] += moved
    return w


def trunk_weights(w, slot, kind, points):
    """Hips, spine, chest, neck by height."""
    y = points[:, 1]
    above = [
        smooth(0.98, 1.10, y),
        smooth(1.10, 1.26, y),
        smooth(1.44, 1.52, y) * (0.6 if kind == "collar" else 0.0),
    ]
    w[:, slot["hips"]] = 1 - above[0]
    w[:, slot["spine"]] = above[0] * (1 - above[1])
    w[:, slot["chest"]] = above[0] * above[1] * (1 - above[2])
    w[:, slot["neck"]] = above[0] * above[1] * above[2]


def arm_weights(w, slot, side, p, kind):
    """Takes from the trunk what lies along the arm; `p` is mirrored so that the arm is at x > 0."""
    along = (p - SHOULDER) @ ARM
    away = np.linalg.norm(p - SHOULDER - np.outer(along, ARM), axis=1)
    inner = ((p - SHOULDER) @ np.array([ARM[1], -ARM[0], 0.0])) > 0
    # A wide sleeve hangs far below its arm; elsewhere what is far from the arm belongs to the trunk.
    reach = (0.20, 0.12) if kind == "robe" else (0.115, 0.058)
    near = np.where(inner, smooth(*reach, away), 1.0) * (p[:, 0] > 0.05)
    near = np.where(along > 0.19, 1.0 * (p[:, 0] > 0.19) * smooth(0.135, 0.09, away), near)
    if kind == "robe":
        near = np.where(along > 0.19, smooth(0.30, 0.22, away), near) * smooth(0.0, 0.05, p[:, 0] - 0.155 - 0.35 * np.maximum(0, 1.30 - p[:, 1]) * (p[:, 1] < 1.30))
    arm = smooth(-0.055, 0.075, along) * near
    shoulder = smooth(0.02, 0.10, p[:, 0]) * smooth(1.30, 1.42, p[:, 1]) * (1 - arm) * 0.55
    elbow = smooth(UPPER_ARM - 0.05, UPPER_ARM + 0.05, along)
    hand = smooth(UPPER_ARM + LOWER_ARM - 0.022, UPPER_ARM + LOWER_ARM + 0.012, along)
    if kind in ("robe", "jacket", "trunk"):
        hand = hand * 0.0
    w *= (1 - arm - shoulder)[:, None]
    w[:, slot[side + "Shoulder"]] += shoulder
    w[:, slot[side + "UpperArm"]] += arm * (1 - elbow)
    w[:, slot[side + "LowerArm"]] += arm * elbow * (1 - hand)
    w[:, slot[side + "Hand"]] += arm * hand


def thumb_weights(w, slot, side, p):
    """Takes from the hand what the thumb's first bone moves; `p` is mirrored so that the hand is at x > 0."""
    start, end = (in_hand(point) for point in hand.chain("Thumb")[:2])
    line = end - start
    t = np.clip((p - start) @ line / line.dot(line), 0, 1)
    away = np.linalg.norm(p - start - t[:, None] * line, axis=1)
    share = smooth(0.10, 0.85, t) * smooth(0.030, 0.013, away)
    moved = w[:, slot[side + "Hand"]] * share
    w[:, slot[side + "Hand"]] -= moved
    w[:, slot[side + "ThumbMetacarpal"]] += moved


def leg_weights(w, slot, side, p, kind):
    """Takes from the hips what belongs to a leg; `p` is mirrored so that the leg is at x > 0."""
    y = p[:, 1]
    mine = smooth(-0.025, 0.025, p[:, 0])
    arm = w[:, [slot[s + j] for s in ("left", "right") for j in ("LowerArm", "UpperArm", "Hand")]].sum(1)
    if kind == "jacket":
        leg = 0.62 * smooth(0.985, 0.85, y) * mine * (arm < 0.3) * (y < 0.99)
        knee = foot = toes = np.zeros(len(p))
    elif kind in ("skirt", "robe"):
        # Cloth between the knees is carried by both legs.
        leg = smooth(0.99, 0.82, y) * smooth(-0.11, 0.11, p[:, 0]) * (arm < 0.3)
        knee = smooth(0.58, 0.42, y)
        foot = toes = np.zeros(len(p))
    else:
        leg = smooth(0.985, 0.845, y) * mine
        # Knees under a skirt bend as the skirt does, or they come through it.
        knee = smooth(0.58, 0.42, y) if kind == "calves" else smooth(0.56, 0.44, y)
        foot = smooth(0.115, 0.075, y) if kind == "shoes" else np.zeros(len(p))
        toes = smooth(-0.085, -0.125, p[:, 2]) * foot
    if kind in ("skirt", "robe"):
        w[:, slot["hips"]] = np.maximum(0, w[:, slot["hips"]] - leg)
    else:
        w *= (1 - leg)[:, None]
    w[:, slot[side + "UpperLeg"]] += leg * (1 - knee)
    w[:, slot[side + "LowerLeg"]] += leg * knee * (1 - foot)
    w[:, slot[side + "Foot"]] += leg * knee * foot * (1 - toes)
    w[:, slot[side + "Toes"]] += leg * knee * foot * toes


def strongest(w, count=4):
    """The strongest joints of each point and their weights."""
    order = np.argsort(-w, axis=1)[:, :count]
    chosen = np.take_along_axis(w, order, 1)
    chosen /= chosen.sum(1, keepdims=True)
    order[chosen < 1e-4] = 0
    chosen[chosen < 1e-4] = 0
    return order, chosen / chosen.sum(1, keepdims=True)


def turn(axis, angle):
    """A rotation about an axis (x, y, z or a vector), in radians."""
    axis = {"x": (1, 0, 0), "y": (0, 1, 0), "z": (0, 0, 1)}.get(axis, axis) if isinstance(axis, str) else axis
    a = np.asarray(axis, float)
    a = a / np.linalg.norm(a)
    k = np.array([[0, -a[2], a[1]], [a[2], 0, -a[0]], [-a[1], a[0], 0]])
    return np.eye(3) + math.sin(angle) * k + (1 - math.cos(angle)) * k @ k


class Pose:
    """Local rotations of all joints and the hips' place."""

    def __init__(self):
        self.local = {name: np.eye(3) for name in NAMES}
        self.hips = REST["hips"].copy()

    def world(self, name):
        """Rotation and place of a joint."""
        parent = PARENT[name]
        if parent is None:
            return self.local[name], self.hips if name == "hips" else REST[name]
        rotation, place = self.world(parent)
        return rotation @ self.local[name], place + rotation @ (REST[name] - REST[parent])

    def point_to(self, name, rotation):
        """Gives a joint a rotation in the world."""
        self.local[name] = self.world(PARENT[name])[0].T @ rotation

    def reach(self, upper, lower, end, target, bend):
        """Two bones reach for a target; the middle joint bends towards `bend`."""
        start = self.world(upper)[1]
        a, b = REST[lower] - REST[upper], REST[end] - REST[lower]
        la, lb = np.linalg.norm(a), np.linalg.norm(b)
        line = target - start
        d = np.clip(np.linalg.norm(line), 1e-4, (la + lb) * 0.9995)
        line = line / np.linalg.norm(line)
        bend = bend - line * line.dot(bend)
        bend /= np.linalg.norm(bend)
        x = (la * la - lb * lb + d * d) / (2 * d)
        middle = line * x + bend * math.sqrt(max(0.0, la * la - x * x))
        self.point_to(upper, aim(a, middle, bend))
        self.point_to(lower, aim(b, line * d - middle, bend))


def aim(rest, wanted, hint):
    """The rotation that takes a rest direction to a wanted one and keeps the limb from twisting beyond need."""
    a, b = rest / np.linalg.norm(rest), wanted / np.linalg.norm(wanted)
    axis = np.cross(a, b)
    s, c = np.linalg.norm(axis), a.dot(b)
    if s < 1e-8:
        return np.eye(3) if c > 0 else turn(hint, math.pi)
    return turn(axis / s, math.atan2(s, c))
