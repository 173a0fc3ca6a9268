"""A hand's measures: where its joints are, how long and thick its fingers, and how each bends in the hand's shapes.

Numbers alone, for the right hand, in the hand's own frame (along the forearm, ahead where the thumb is, inward where
the palm looks), metres from the wrist. It must not know meshes or where the hand is.
"""

from dataclasses import dataclass

import numpy as np

FINGERS = ("Index", "Middle", "Ring", "Little")
# VRM's names of a finger's bones and of the thumb's, from the palm outwards.
BONES = ("Proximal", "Intermediate", "Distal")
THUMB_BONES = ("Metacarpal", "Proximal", "Distal")


@dataclass
class Finger:
    """A chain of three bones: its first joint, its bones' lengths, its radii at the joints and the tip."""

    knuckle: tuple
    lengths: tuple
    radii: tuple
    # How far each bone is bent in the rest pose, degrees, and how far aside the finger leans.
    rest: tuple = ()
    lean: float = 0.0


# The rest pose is a hand that hangs: slightly curled, the little finger most.
HAND = {
    "Index": Finger((0.0900, 0.0290, 0.0), (0.0410, 0.0250, 0.0200), (0.0094, 0.0086, 0.0080, 0.0066), (14, 22, 12), 2.0),
    "Middle": Finger((0.0930, 0.0098, 0.0), (0.0450, 0.0280, 0.0210), (0.0096, 0.0088, 0.0082, 0.0067), (18, 25, 13), 0.5),
    "Ring": Finger((0.0895, -0.0090, 0.0), (0.0415, 0.0265, 0.0205), (0.0092, 0.0084, 0.0078, 0.0064), (22, 27, 14), -1.5),
    "Little": Finger((0.0835, -0.0262, 0.0), (0.0325, 0.0200, 0.0180), (0.0082, 0.0074, 0.0069, 0.0057), (26, 27, 15), -4.0),
}
THUMB = Finger((0.0190, 0.0220, 0.0040), (0.0470, 0.0300, 0.0250), (0.0150, 0.0118, 0.0104, 0.0080))
THUMB_REST = ((0.840, 0.480, 0.250), (0.885, 0.200, 0.420), (0.880, 0.060, 0.470))


def direction(bend, lean):
    """Where a bone points that is bent towards the palm and leans to the thumb, degrees."""
    b, l = np.radians(bend), np.radians(lean)
    return np.array([np.cos(b) * np.cos(l), np.cos(b) * np.sin(l), np.sin(b)])


def turned(bend, lean):
    """The directions along, ahead and inward of such a bone, as columns."""
    b, l = np.radians(bend), np.radians(lean)
    aside = np.array([-np.sin(l), np.cos(l), 0.0])
    palm = np.array([-np.sin(b) * np.cos(l), -np.sin(b) * np.sin(l), np.cos(b)])
    return np.stack([direction(bend, lean), aside, palm], 1)


def bones_of(name):
    """The three directions of a finger's bones in the rest pose."""
    if name == "Thumb":
        return [np.array(d) / np.linalg.norm(d) for d in THUMB_REST]
    finger = HAND[name]
    return [direction(bend, finger.lean) for bend in np.cumsum(finger.rest)]


def chain(name):
    """A finger's three joints and its tip."""
    finger = THUMB if name == "Thumb" else HAND[name]
    points = [np.array(finger.knuckle)]
    for way, length in zip(bones_of(name), finger.lengths):
        points.append(points[-1] + way * length)
    return points


def joint_names(name):
    """A finger's joints, without the side."""
    return [name + bone for bone in (THUMB_BONES if name == "Thumb" else BONES)]


@dataclass
class Shape:
    """A shape of the hand: how far each finger's bones are bent and lean, degrees, and where the thumb's bones point."""

    bends: dict
    leans: dict
    thumb: tuple


def alike(*bend):
    """All four fingers bent alike."""
    return {name: bend for name in FINGERS}


CLOSED = {"Index": (80, 96, 50), "Middle": (84, 98, 52), "Ring": (86, 98, 52), "Little": (84, 94, 52)}
TOGETHER = {"Index": -0.5, "Middle": 0.0, "Ring": 0.5, "Little": 2.0}
APART = {"Index": 7.0, "Middle": 1.5, "Ring": -5.0, "Little": -12.0}
OVER_FINGERS = ((0.60, 0.47, 0.56), (0.46, -0.20, 0.86), (0.30, -0.93, 0.22))

SHAPES = {
    # Lies on something level.
    "Flat": Shape(alike(6, 9, 4), TOGETHER, ((0.80, 0.55, 0.14), (0.90, 0.40, 0.16), (0.95, 0.26, 0.14))),
    # Is shown to somebody.
    "Open": Shape(alike(0, 7, 4), APART, ((0.72, 0.66, 0.16), (0.76, 0.62, 0.14), (0.80, 0.58, 0.06))),
    "Fist": Shape(CLOSED, TOGETHER, OVER_FINGERS),
    "Pointing": Shape(CLOSED | {"Index": (2, 5, 3)}, TOGETHER, OVER_FINGERS),
    "ThumbUp": Shape(CLOSED, TOGETHER, ((0.66, 0.75, 0.02), (0.20, 0.98, -0.02), (-0.04, 0.99, -0.10))),
}
