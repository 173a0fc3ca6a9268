"""Lettering in any of the house's scripts: shapes a line with HarfBuzz and the project's own Noto faces, and fills it.

Blender's own text objects do not join Arabic letters, and they have one face only. It must not know any venue.
"""

from functools import lru_cache
from itertools import groupby
from pathlib import Path

import bpy
import numpy as np

from .shape import Shape

FONTS = Path(__file__).resolve().parents[1] / "fonts"
# Looked through from the first: a letter is set in the first face that has it.
FACES = {
    "bold": ("NotoSans-Bold.ttf", "NotoSansArabic-Bold.ttf", "NotoSansSC-Bold.otf"),
    "regular": ("NotoSans-Regular.ttf", "NotoSansArabic-Regular.ttf", "NotoSansSC-Regular.otf"),
}
CAPITAL = 0.714


@lru_cache(maxsize=None)
def face_named(name):
    """A face of the project as HarfBuzz sees it, and the letters that it has."""
    import uharfbuzz

    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(FONTS / name)))
    return uharfbuzz.Font(face), frozenset(face.unicodes), face.upem


def runs_of(text, weight):
    """The line as runs of one face each, in reading order; spaces and points stay with the run before them."""
    chosen, last = [], None
    for letter in text:
        if last and not letter.isalnum() and ord(letter) in face_named(last)[1]:
            chosen.append(last)
            continue
        last = next((f for f in FACES[weight] if ord(letter) in face_named(f)[1]), None)
        if last is None:
            raise KeyError(f"no face has the letter '{letter}' of '{text}'")
        chosen.append(last)
    return [
        (face, "".join(letter for letter, _ in pairs))
        for face, pairs in groupby(zip(text, chosen), key=lambda pair: pair[1])
    ]


class Pen:
    """Takes HarfBuzz's outlines as polygons; curves become a few straight pieces."""

    def __init__(self, steps):
        self.steps, self.loops = steps, []

    def move_to(self, x, y):
        """Begins a contour."""
        self.loops.append([np.array((x, y))])

    def line_to(self, x, y):
        """A straight piece."""
        self.loops[-1].append(np.array((x, y)))

    def curve(self, *controls):
        """A curve of any degree, by its control points."""
        points = [self.loops[-1][-1], *map(np.array, controls)]
        for k in range(1, self.steps + 1):
            t, some = k / self.steps, points
            while len(some) > 1:
                some = [a * (1 - t) + b * t for a, b in zip(some, some[1:])]
            self.loops[-1].append(some[0])


@lru_cache(maxsize=None)
def glyph(face, number, steps):
    """The points and faces of one glyph, in its face's units. Each is filled alone: Arabic letters overlap where they
    join, and a fill over both would leave a hole there."""
    import uharfbuzz

    font, _, upem = face_named(face)
    draw, pen = uharfbuzz.DrawFuncs(), Pen(steps)
    draw.set_move_to_func(lambda x, y, pen: pen.move_to(x, y))
    draw.set_line_to_func(lambda x, y, pen: pen.line_to(x, y))
    draw.set_quadratic_to_func(lambda a, b, x, y, pen: pen.curve((a, b), (x, y)))
    draw.set_cubic_to_func(lambda a, b, c, d, x, y, pen: pen.curve((a, b), (c, d), (x, y)))
    draw.set_close_path_func(lambda pen: None)
    font.draw_glyph(number, draw, pen)
    curve = bpy.data.curves.new("glyph", "CURVE")
    curve.dimensions, curve.fill_mode = "2D", "BOTH"
    for loop in pen.loops:
        points = [p for p, q in zip(loop, [loop[-1], *loop]) if np.abs(p - q).max() > 0.5]
        if len(points) < 3:
            continue
        spline = curve.splines.new("POLY")
        spline.points.add(len(points) - 1)
        spline.use_cyclic_u = True
        for point, (x, y) in zip(spline.points, points):
            point.co = (x / upem, y / upem, 0.0, 1.0)
    made = bpy.data.objects.new("glyph", curve)
    bpy.context.scene.collection.objects.link(made)
    mesh = made.to_mesh()
    points = np.array([v.co[:2] for v in mesh.vertices]).reshape(-1, 2)
    faces = [tuple(p.vertices) for p in mesh.polygons]
    if sum(p.normal.z for p in mesh.polygons) < 0:
        faces = [tuple(reversed(face)) for face in faces]
    made.to_mesh_clear()
    bpy.data.objects.remove(made)
    bpy.data.curves.remove(curve)
    return points, faces


def lettering_shape(line):
    """The letters of a line as flat faces in their place; a line that is too wide for its field is set smaller."""
    import uharfbuzz

    runs, glyphs, end = runs_of(line.text, line.weight), [], 0.0
    if "Arabic" in runs[0][0]:
        runs = [(face, run.strip() if "Arabic" not in face else run) for face, run in reversed(runs)]
        runs = [(face, run if not n else " " + run) for n, (face, run) in enumerate(runs)]
    for face, run in runs:
        font, _, upem = face_named(face)
        buffer = uharfbuzz.Buffer()
        buffer.add_str(run)
        buffer.guess_segment_properties()
        uharfbuzz.shape(font, buffer)
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions):
            at = (end + position.x_offset / upem, position.y_offset / upem)
            glyphs.append((glyph(face, info.codepoint, line.steps), at))
            end += position.x_advance / upem
    em = line.height / CAPITAL
    if line.widest and end * em > line.widest:
        em = line.widest / end
    shape = Shape()
    for (points, faces), (x, y) in glyphs:
        if not faces:
            continue
        flat = (points + (x - end / 2, y - CAPITAL / 2)) * em
        shape.add(np.stack([flat[:, 0], np.zeros(len(flat)), flat[:, 1]], 1), faces, line.material, line.at)
    return shape
