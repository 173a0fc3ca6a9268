"""Cleans baked light: no noise, no leaks between neighbours in an atlas. Works on pictures; it must not know any venue.

`Texels` says where each texel of an atlas lies in the room and which way it faces, as a bake stored it. With it, texels
that are neighbours in the picture only are told from those that are neighbours on a surface.
"""

import tempfile
from dataclasses import dataclass

import bpy
import numpy as np

# Texels of thin pieces take the mean of all light in such a cell (metres) that falls on what faces the same way.
CELL = 0.12
SHIFTS = 10


@dataclass
class Texels:
    """Places (metres) and normals (unit) of texels, and which texels belong to a surface at all."""

    places: np.ndarray
    normals: np.ndarray
    covered: np.ndarray

    @staticmethod
    def from_bake(places, normals):
        """From baked pictures without margins; normals are stored as colours."""
        covered = normals.max(-1) > 0.01
        return Texels(places, (normals * 2 - 1) * covered[..., None], covered)

    def texel(self):
        """The usual distance between neighbouring texels of a surface."""
        both = self.covered[:, 1:] & self.covered[:, :-1]
        apart = np.linalg.norm(self.places[:, 1:] - self.places[:, :-1], axis=-1)[both]
        return float(np.median(apart)) if len(apart) else 0.01

    def thin(self):
        """Texels of surfaces that are only a few texels wide: where a denoiser has nothing to compare."""
        near = 4 * self.texel()
        inner = self.covered.copy()
        for down, right in ((0, 1), (0, -1), (1, 0), (-1, 0), (0, 2), (0, -2), (2, 0), (-2, 0)):
            inner &= self._same(down, right, near * max(abs(down), abs(right)))
        wide = inner.copy()
        for down in range(-2, 3):
            for right in range(-2, 3):
                wide |= moved(inner, down, right) & self._same(down, right, near * 3)
        return self.covered & ~wide

    def _same(self, down, right, near):
        """Whether the texel so far away lies on the same surface."""
        apart = np.linalg.norm(moved(self.places, down, right) - self.places, axis=-1)
        along = (moved(self.normals, down, right) * self.normals).sum(-1)
        return moved(self.covered, down, right) & self.covered & (apart < near) & (along > 0.6)


def moved(picture, down, right):
    """The picture as seen from `down` rows and `right` columns away; beyond its edge nothing is there."""
    out = np.zeros_like(picture)
    height, width = picture.shape[:2]
    to = (slice(max(0, -down), height - max(0, down)), slice(max(0, -right), width - max(0, right)))
    source = (slice(max(0, down), height + min(0, down)), slice(max(0, right), width + min(0, right)))
    out[to] = picture[source]
    return out


def cleaned(raw, texels, soft=0.0):
    """The light without Monte Carlo noise; uncovered texels are filled from their neighbours. `soft` is the share of the
    mean about a texel in its light: furniture is made of pieces too small for a denoiser to tell light from noise.
    """
    thin = texels.thin()
    light = np.where(thin[..., None], in_cells(raw, texels), raw)
    light = denoised(filled(light, texels.covered), texels)
    if soft:
        share = np.where(thin, 1.0, soft)[..., None].astype(np.float32)
        light = light * (1 - share) + in_cells(light, texels) * share
    return filled(light, texels.covered)


def in_cells(raw, texels):
    """For each texel the mean light of its cell of the room, over texels that face the same way; several grids blur
    the borders of the cells."""
    where, faces = texels.places[texels.covered], texels.normals[texels.covered]
    axis = np.abs(faces).argmax(-1)
    way = axis * 2 + (np.take_along_axis(faces, axis[:, None], -1)[:, 0] > 0)
    light, total = raw[texels.covered], 0.0
    shifts = np.random.default_rng(1).random((SHIFTS, 3))
    for shift in shifts:
        cell = np.floor(where / CELL + shift).astype(np.int64) + 4096
        key = ((cell[:, 0] * 8192 + cell[:, 1]) * 8192 + cell[:, 2]) * 6 + way
        _, slot, count = np.unique(key, return_inverse=True, return_counts=True)
        slot = slot.reshape(-1)
        sums = np.stack([np.bincount(slot, light[:, k], len(count)) for k in range(3)], -1)
        total = total + (sums / count[:, None])[slot]
    out = np.zeros_like(raw)
    out[texels.covered] = total / len(shifts)
    return out


def filled(picture, covered, rings=3):
    """Gives uncovered texels the colour of their neighbours: a few rings exactly, what lies deeper from coarser copies."""
    picture, known = picture * covered[..., None], covered.copy()
    for _ in range(rings):
        total, count = np.zeros_like(picture), np.zeros(known.shape, np.float32)
        for down, right in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)):
            total += moved(picture, down, right)
            count += moved(known, down, right)
        new = ~known & (count > 0)
        picture[new] = total[new] / count[new][:, None]
        known |= new
    return from_coarser(picture, known)


def from_coarser(picture, known):
    """Fills unknown texels from a picture of half the size, that one from its half, and so on."""
    height, width = known.shape
    if known.all() or min(height, width) < 2 or not known.any():
        return picture
    padded = np.zeros((height + height % 2, width + width % 2, 3), np.float32)
    weight = np.zeros(padded.shape[:2], np.float32)
    padded[:height, :width], weight[:height, :width] = picture * known[..., None], known
    halves = padded.reshape(padded.shape[0] // 2, 2, -1, 2, 3).sum((1, 3))
    count = weight.reshape(weight.shape[0] // 2, 2, -1, 2).sum((1, 3))
    coarse = from_coarser(halves / np.maximum(count, 1)[..., None], count > 0)
    fine = coarse.repeat(2, 0).repeat(2, 1)[:height, :width]
    return np.where(known[..., None], picture, fine)


def enlarged(light, coarse, fine):
    """The light for the fine texels, between the four coarse ones about each that lie on the same surface; where there
    are none, between all four."""
    factor = fine.covered.shape[0] / coarse.covered.shape[0]
    near, size = 3.0 * coarse.texel(), coarse.covered.shape[0]
    rows, columns = np.nonzero(fine.covered)
    v, u = (rows + 0.5) / factor - 0.5, (columns + 0.5) / factor - 0.5
    place, normal = fine.places[rows, columns], fine.normals[rows, columns]
    total, weights = np.zeros((len(rows), 3), np.float32), np.zeros(len(rows), np.float32)
    plain = np.zeros((len(rows), 3), np.float32)
    for down in (0, 1):
        for right in (0, 1):
            y, x = np.floor(v) + down, np.floor(u) + right
            share = ((1 - np.abs(v - y)) * (1 - np.abs(u - x))).astype(np.float32)
            y, x = (np.clip(k, 0, size - 1).astype(int) for k in (y, x))
            here = light[y, x]
            plain += here * share[:, None]
            same = coarse.covered[y, x] & (np.linalg.norm(coarse.places[y, x] - place, axis=-1) < near)
            same &= (coarse.normals[y, x] * normal).sum(-1) > 0.6
            share = (share + 1e-3) * same
            total += here * share[:, None]
            weights += share
    some = weights > 0
    plain[some] = total[some] / weights[some][:, None]
    out = np.zeros((*fine.covered.shape, 3), np.float32)
    out[rows, columns] = plain
    return out


def denoised(picture, texels):
    """The picture without Monte Carlo noise, by Open Image Denoise in Blender's compositor (a bake denoises only its
    combined pass, which has the colours in it). Normals tell pieces of the atlas from noise."""
    height, width = picture.shape[:2]
    s = bpy.data.scenes.new("denoise")
    s.use_nodes = True
    nodes, links = s.node_tree.nodes, s.node_tree.links
    nodes.clear()
    covered = texels.covered[..., None].astype(np.float32)
    inputs = {"Image": picture, "Normal": texels.normals, "Albedo": np.repeat(covered, 3, -1)}
    clean, out = nodes.new("CompositorNodeDenoise"), nodes.new("CompositorNodeComposite")
    clean.use_hdr, clean.prefilter = True, "NONE"
    images = []
    for socket, pixels in inputs.items():
        image = bpy.data.images.new(socket, width, height, float_buffer=True, alpha=False)
        image.pixels.foreach_set(with_alpha(pixels).reshape(-1))
        image.update()
        source = nodes.new("CompositorNodeImage")
        source.image = image
        links.new(source.outputs[0], clean.inputs[socket])
        images.append(image)
    links.new(clean.outputs[0], out.inputs[0])
    s.render.resolution_x, s.render.resolution_y, s.render.resolution_percentage = width, height, 100
    s.render.image_settings.file_format, s.render.image_settings.color_depth = "OPEN_EXR", "32"
    s.view_settings.view_transform = "Raw"
    with tempfile.TemporaryDirectory() as folder:
        s.render.filepath = f"{folder}/clean.exr"
        bpy.ops.render.render(write_still=True, scene=s.name)
        images.append(bpy.data.images.load(s.render.filepath))
        pixels = np.empty(width * height * 4, np.float32)
        images[-1].pixels.foreach_get(pixels)
    for image in images:
        bpy.data.images.remove(image)
    bpy.data.scenes.remove(s)
    return np.maximum(pixels.reshape(height, width, 4)[:, :, :3], 0)


def with_alpha(picture):
    """RGB as RGBA."""
    rgba = np.ones((*picture.shape[:2], 4), np.float32)
    rgba[:, :, :3] = picture
    return rgba


def develop(light, colour, glow, gain):
    """Light times colour as a photograph: exposed, its highlights rolled off, a little contrast, sRGB between 0 and 1."""
    value = light * colour * gain
    knee = 0.5
    value = np.where(value > knee, knee + (1 - knee) * (1 - np.exp(-(value - knee) / (1 - knee))), value)
    value = np.clip(np.maximum(value, np.clip(glow, 0, 1)), 0, 1)
    value = np.where(value <= 0.0031308, value * 12.92, 1.055 * value ** (1 / 2.4) - 0.055)
    return 0.78 * value + 0.22 * value * value * (3 - 2 * value)


def balance(light, covered, strength=0.6):
    """Factors for red, green and blue that bring the mean light of a room nearer to white, as a camera does."""
    mean = np.sqrt(np.maximum(light[covered], 0)).mean(0) ** 2
    factors = (mean.mean() / np.maximum(mean, 1e-4)) ** strength
    return factors / factors.mean()
