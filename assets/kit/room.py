"""A room under construction: its shapes by role, copies of furniture, lettering, lamps, and the nodes that carry meaning.

Directions are turns about +z: turn 0 faces +y, which is -z in glTF. It must not know any venue and needs no Blender.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from .shape import Shape, place

# What walking does with each role of geometry; see docs/venue-package.md.
NAVIGATION = {
    "shell": None,
    "slats": {"walkable": False, "obstacle": True},
    "furniture": {"walkable": False, "obstacle": True},
    "overhead": {"walkable": False},
    "outside": {"walkable": False},
    "glass": {"walkable": False, "obstacle": True},
    "letters": {"walkable": False},
}


@dataclass
class Marker:
    """A node without geometry whose extensions say what stands there."""

    name: str
    at: np.ndarray
    extensions: dict


@dataclass
class Lettering:
    """A line of text, centred on its place, its letters upright in the x-z plane and read from -y.

    `steps` is how many straight pieces a curve becomes."""

    text: str
    height: float
    at: np.ndarray
    material: str
    widest: float = 0.0
    weight: str = "bold"
    steps: int = 3


@dataclass
class Copy:
    """One copy of a furniture prototype."""

    prototype: str
    at: np.ndarray
    role: str


@dataclass
class Lamp:
    """An area light of `watts`, facing down unless its place turns it."""

    at: np.ndarray
    size: tuple
    watts: float
    color: tuple = (1.0, 0.9, 0.76)


@dataclass
class Room:
    """One space of the venue."""

    key: str
    names: dict
    low: tuple
    high: tuple
    shapes: dict = field(default_factory=dict)
    prototypes: dict = field(default_factory=dict)
    copies: list = field(default_factory=list)
    markers: list = field(default_factory=list)
    lettering: list = field(default_factory=list)
    lamps: list = field(default_factory=list)

    def shape(self, role) -> Shape:
        """The room's geometry of one role, to add to."""
        return self.shapes.setdefault(role, Shape())

    def put(self, prototype, make, at, role="furniture"):
        """Stands a copy of a prototype somewhere; `make` builds it the first time."""
        if prototype not in self.prototypes:
            self.prototypes[prototype] = make()
        self.copies.append(Copy(prototype, at, role))

    def seat(self, at, label, height=0.45):
        """Somewhere to sit: the floor point below the seat."""
        extensions = {"OMI_seat": {}, "VEV_seat": {"height": height, "label": label}}
        self.markers.append(Marker(f"seat {label}", at, extensions))

    def spawn(self, x, y, turn, radius):
        """Where people appear."""
        extensions = {"OMI_spawn_point": {"title": self.key}, "VEV_spawn_point": {"radius": radius}}
        self.markers.append(Marker(f"spawn {self.key}", place(x, y, turn=turn), extensions))

    def door(self, x, y, turn, to, width, height=2.1):
        """An opening into another room; `turn` faces into it."""
        extensions = {"VEV_door": {"from": self.key, "to": to, "width": width, "height": height}}
        self.markers.append(Marker(f"door {self.key} to {to}", place(x, y, turn=turn), extensions))

    def zone(self, x, y, size, purpose, names, language=None):
        """A part of the room with a purpose; `size` is x, y (north), z (up)."""
        body = {"purpose": purpose, "name": names, "size": [size[0], size[2], size[1]]}
        if language:
            body["language"] = language
        self.markers.append(Marker(f"zone {names['en']}", place(x, y, size[2] / 2), {"VEV_zone": body}))

    def booth(self, x, y, size, language, names):
        """An interpreters' booth; `size` is x, y (north), z (up)."""
        body = {"language": language, "name": names, "size": [size[0], size[2], size[1]]}
        self.markers.append(Marker(f"booth {language}", place(x, y, size[2] / 2), {"VEV_booth": body}))

    def screen(self, at, names, width, height):
        """A surface for pictures; it is seen from -y of its place."""
        self.markers.append(
            Marker(
                f"screen {names['en']}", at, {"VEV_screen": {"name": names, "width": width, "height": height}}
            )
        )

    def exhibit(self, at, names, source):
        """A thing to look at, from a GLB of its own."""
        self.markers.append(
            Marker(f"exhibit {names['en']}", at, {"VEV_exhibit": {"name": names, "source": source}})
        )

    def letter(self, text, height, at, material="sign_white", widest=0.0, weight="bold", steps=3):
        """A line of text on a wall or a board: the height of its capitals, and how wide it may be (0: any)."""
        self.lettering.append(Lettering(text, height, at, material, widest, weight, steps))

    def lamp(self, x, y, z, size, watts, color=(1.0, 0.9, 0.76)):
        """An area light that shines down."""
        self.lamps.append(Lamp(place(x, y, z), size, watts, color))


def face(direction):
    """The turn that faces a compass direction: n is +y, w is -x."""
    return {"n": 0.0, "w": math.pi / 2, "s": math.pi, "e": -math.pi / 2}[direction]
