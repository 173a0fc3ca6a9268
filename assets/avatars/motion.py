"""The clips: Idle, Walk (in place, feet planted), Sit. Poses over time, made by rules; it must not know the mesh.

The body faces -z. A planted foot moves backwards (+z) exactly at WALK_SPEED, so a body that moves forward at
WALK_SPEED does not slide.
"""

import math

import numpy as np

from . import hand
from .rig import ANKLE, ARM, HAND_FRAME, HIP, REST, Pose, aim, turn, turned_into_hand

RATE = 30
WALK_SPEED = 1.15
WALK_SECONDS = 1.0
STANCE = 0.58
SEAT_HEIGHT = 0.45
CHAIR_SEAT, CHAIR_REST = 0.49, 0.108
HEEL, BALL = np.array([0.0, 0.0, 0.062]), np.array([0.0, 0.0, -0.118])
SIDES = (("left", -1.0), ("right", 1.0))


def arms_down(pose, spread=7.0, bend=14.0, swing=(0.0, 0.0)):
    """Arms hang beside the body; swing is forward in degrees (left, right)."""
    for (side, sign), forward in zip(SIDES, swing):
        drop = math.radians(40 - spread)
        pose.local[side + "Shoulder"] = turn("z", -sign * drop * 0.22)
        lower = turn("z", -sign * drop * 0.78)
        # A positive turn about x lifts what hangs down to -z, the front.
        pose.local[side + "UpperArm"] = turn("x", math.radians(forward)) @ lower
        whole = turn("z", -sign * drop)
        pose.local[side + "LowerArm"] = (
            whole.T @ turn("x", math.radians(bend + max(0.0, forward) * 0.55)) @ whole
        )
        pose.local[side + "Hand"] = turn(ARM * (sign, 1, 1), -sign * math.radians(10))


def plant(pose, side, ankle, pitch=0.0, toes=0.0, knee_out=0.0):
    """Stands a foot: the ankle's place, the foot's pitch (heel up is positive) and the toes' bend."""
    sign = -1.0 if side == "left" else 1.0
    pose.reach(
        side + "UpperLeg", side + "LowerLeg", side + "Foot", ankle, np.array([sign * knee_out, 0.0, -1.0])
    )
    pose.point_to(side + "Foot", turn("x", -pitch))
    pose.local[side + "Toes"] = turn("x", toes)


def idle():
    """Four seconds of standing: breath, a slow shift of weight, small turns of the head."""
    seconds = 4.0
    for t in times(seconds):
        w = 2 * math.pi * t / seconds
        pose = Pose()
        pose.hips = REST["hips"] + np.array(
            [0.010 * math.sin(w), -0.004 - 0.001 * math.cos(2 * w), 0.004 * math.sin(w + 1)]
        )
        pose.local["hips"] = turn("z", 0.010 * math.sin(w)) @ turn("y", 0.012 * math.sin(w + 0.5))
        breath = math.sin(w - 0.6)
        pose.local["spine"] = turn("x", 0.010 + 0.006 * breath) @ turn("z", -0.012 * math.sin(w))
        pose.local["chest"] = turn("x", -0.004 - 0.014 * breath)
        pose.local["neck"] = turn("x", 0.006 * breath)
        pose.local["head"] = turn("y", 0.035 * math.sin(w + 2)) @ turn("x", 0.012 * math.sin(w + 1.2))
        arms_down(pose, 7.5 + 0.6 * breath, 15, (2 + 0.8 * breath, 2 + 0.8 * breath))
        for side, sign in SIDES:
            pose.local[side + "Shoulder"] = turn("z", sign * 0.010 * breath) @ pose.local[side + "Shoulder"]
            plant(pose, side, ANKLE * (sign, 1, 1) + np.array([sign * 0.012, 0, 0.012 * sign]), knee_out=0.12)
        yield pose


def foot_at(phase):
    """Ankle (y, z), pitch and toe bend of a foot at a phase of its cycle; phase 0 is the heel's strike."""
    step = WALK_SPEED * WALK_SECONDS * STANCE
    rest = np.array([0.0, ANKLE[1], ANKLE[2]])
    strike, off = -math.radians(16), math.radians(34)
    if phase < STANCE:
        u = phase / STANCE
        ground = -step / 2 + step * u - 0.025
        pitch = strike * (1 - ease(u / 0.18)) + off * ease((u - 0.56) / 0.44) ** 1.25
        pivot = HEEL if pitch < 0 else BALL
        ankle = np.array([0.0, 0.0, ground]) + pivot + turn("x", -pitch) @ (rest - pivot)
        return ankle[1], ankle[2], pitch, max(0.0, pitch) * 0.85
    u = (phase - STANCE) / (1 - STANCE)
    y0, z0, p0, _ = foot_at(STANCE - 1e-9)
    y1, z1, _, _ = foot_at(0.0)
    length = (1 - STANCE) * WALK_SECONDS
    h = hermite(u, z0, z1, WALK_SPEED * length, WALK_SPEED * length * 0.9)
    lift = hermite(u, y0, y1, 0.35 * length, -0.16 * length) + 0.045 * math.sin(math.pi * u) ** 2
    pitch = (
        p0 * (1 - ease(u / 0.62)) ** 1.0
        + 0.25 * math.sin(math.pi * min(1.0, u / 0.6)) * (1 - u)
        + strike * ease((u - 0.45) / 0.5)
    )
    return lift, h, pitch, 0.0


def hermite(u, a, b, slope_a, slope_b):
    """A cubic from a to b with slopes at its ends."""
    return (
        (2 * u**3 - 3 * u**2 + 1) * a
        + (u**3 - 2 * u**2 + u) * slope_a
        + (3 * u**2 - 2 * u**3) * b
        + (u**3 - u**2) * slope_b
    )


def ease(t):
    """0 to 1, soft at both ends."""
    t = min(1.0, max(0.0, t))
    return t * t * (3 - 2 * t)


def walk():
    """One second, two steps; the right heel strikes at 0."""
    for t in times(WALK_SECONDS):
        phase = t / WALK_SECONDS
        w = 2 * math.pi * phase
        pose = Pose()
        pose.hips = REST["hips"] + np.array(
            [0.018 * math.sin(w), -0.032 - 0.026 * math.cos(2 * w - 0.5), 0.0]
        )
        pose.local["hips"] = (
            turn("y", math.radians(5) * math.cos(w))
            @ turn("z", -math.radians(2.2) * math.sin(w))
            @ turn("x", -math.radians(2))
        )
        pose.local["spine"] = turn("y", -math.radians(5) * math.cos(w)) @ turn(
            "z", math.radians(2.0) * math.sin(w)
        )
        pose.local["chest"] = turn("y", -math.radians(4) * math.cos(w)) @ turn(
            "x", math.radians(1) - 0.01 * math.cos(2 * w)
        )
        pose.local["head"] = turn("y", math.radians(3.5) * math.cos(w)) @ turn(
            "x", math.radians(1) + 0.012 * math.cos(2 * w)
        )
        swing = 21 * math.cos(w)
        arms_down(pose, 8, 14, (3 + swing, 3 - swing))
        for side, sign in SIDES:
            y, z, pitch, toes = foot_at(phase % 1.0 if side == "right" else (phase + 0.5) % 1.0)
            plant(pose, side, np.array([sign * 0.088, y, z]), pitch, toes, 0.06)
        yield pose


def sit(seat=SEAT_HEIGHT, floor=0.0, ahead=-0.405):
    """Four seconds of sitting: thighs level, hands on them, breath; feet stand `floor` above the origin."""
    seconds = 4.0
    for t in times(seconds):
        w = 2 * math.pi * t / seconds
        breath = math.sin(w)
        pose = Pose()
        pose.hips = np.array([0.0, seat + 0.120 + 0.001 * breath, 0.040])
        pose.local["hips"] = turn("x", -0.04)
        pose.local["spine"] = turn("x", 0.02 + 0.006 * breath)
        pose.local["chest"] = turn("x", -0.016 * breath)
        pose.local["head"] = turn("y", 0.03 * math.sin(w + 1)) @ turn("x", 0.02 + 0.01 * math.sin(w + 2))
        for side, sign in SIDES:
            foot = np.array([sign * 0.108, ANKLE[1] + floor, ahead + (0.02 if sign > 0 else 0.0)])
            plant(pose, side, foot, knee_out=0.10)
            rest_hand(pose, side, sign, breath, seat)
        yield pose


def roll():
    """Sitting in the wheelchair: its seat is higher and feet stand on the rests."""
    return sit(CHAIR_SEAT, CHAIR_REST, -0.42)


def rest_hand(pose, side, sign, breath, seat):
    """Lays a hand on its thigh, palm down, fingers to the knee and a little inwards."""
    wrist = np.array([sign * 0.140, seat + 0.195 + 0.001 * breath, -0.20])
    pose.local[side + "Shoulder"] = turn("z", sign * 0.008 * breath)
    pose.reach(side + "UpperArm", side + "LowerArm", side + "Hand", wrist, np.array([sign * 0.55, -0.2, 1.0]))
    fingers = np.array([-sign * 0.22, -0.16, -1.0])
    palm = np.array([0.0, -1.0, 0.16])
    pose.point_to(
        side + "Hand", between(ARM * (sign, 1, 1), np.array([ARM[1] * sign, -ARM[0], 0.0]), fingers, palm)
    )


def shape_hand(pose, side, shape):
    """Gives a hand a shape: each finger's bones the directions that it says, however the hand itself is turned."""
    mirror = np.diag([-1.0 if side == "left" else 1.0, 1, 1])
    before = pose.world(side + "Hand")[0]

    def stand(joint, rotation):
        pose.point_to(side + joint, before @ mirror @ rotation @ mirror)

    for name in hand.FINGERS:
        rest = hand.HAND[name]
        for joint, old, new in zip(hand.joint_names(name), np.cumsum(rest.rest), np.cumsum(shape.bends[name])):
            by = hand.turned(new, shape.leans[name]) @ hand.turned(old, rest.lean).T
            stand(joint, HAND_FRAME.T @ by @ HAND_FRAME)
    for joint, rest, way in zip(hand.joint_names("Thumb"), hand.bones_of("Thumb"), shape.thumb):
        a, b = turned_into_hand(rest), turned_into_hand(np.asarray(way, float))
        stand(joint, aim(a, b, np.array([0.0, 0, 1])))


def hand_shapes():
    """The hands' shapes as poses by the names of their clips."""
    poses = {}
    for name, shape in hand.SHAPES.items():
        poses["Hand" + name] = pose = Pose()
        for side, _ in SIDES:
            shape_hand(pose, side, shape)
    return poses


def between(along, across, new_along, new_across):
    """The rotation that takes one pair of directions to another."""

    def frame(a, b):
        a = a / np.linalg.norm(a)
        b = b - a * a.dot(b)
        b /= np.linalg.norm(b)
        return np.stack([a, b, np.cross(a, b)], 1)

    return frame(new_along, new_across) @ frame(along, across).T


def times(seconds):
    """The moments of a clip; the last one is the first one again."""
    return [k / RATE for k in range(int(seconds * RATE) + 1)]


CLIPS = {
    "Idle": (idle, {"loop": True}),
    "Walk": (walk, {"loop": True, "strideSpeed": WALK_SPEED}),
    "Sit": (sit, {"loop": True, "seatHeight": SEAT_HEIGHT}),
    "Roll": (roll, {"loop": True, "seatHeight": CHAIR_SEAT}),
}
assert HIP[1] < REST["hips"][1]
