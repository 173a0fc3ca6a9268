"""What must hold for shapes, skin and clips, without Blender: `python3 -m unittest test_assets` in assets/."""

import unittest

import numpy as np

from avatars import face, motion, mouth, rig
from kit.glb import rotation_of
from kit.shape import Shape, place, rounded_outline


def volume(shape):
    """The volume inside; negative where faces look inwards."""
    points = np.array(shape.points)
    return sum(
        points[f[0]].dot(np.cross(points[f[i]], points[f[i + 1]])) / 6
        for f in shape.faces
        for i in range(1, len(f) - 1)
    )


class Shapes(unittest.TestCase):
    """Solids are closed and look outwards."""

    def test_solids_have_the_volume_of_their_kind(self):
        cases = {
            "box": (Shape().box((0, 0, 0), (1, 1, 1), "m", 0.01), 1.0),
            "plain box": (Shape().box((0, 0, 0), (1, 1, 1), "m", 0.0), 1.0),
            "cylinder": (Shape().cylinder(1, 0, 1, "m", 64), np.pi),
            "prism": (Shape().extrude(rounded_outline(1, 1, 0.05), 0, 1, "m"), 1.0),
            "arc": (Shape().arc_band(1, 2, 0, 1, 0, 1, "m", 20), 1.5),
            "bar": (Shape().tube([(0, 0, 0), (0, 0, 2)], 0.5, "m", 64), np.pi / 2),
            "mirrored": (
                Shape().merge(Shape().box((0, 0, 0), (1, 1, 1), "m"), np.diag([-1.0, 1, 1, 1])),
                1.0,
            ),
        }
        for name, (shape, expected) in cases.items():
            with self.subTest(name):
                self.assertAlmostEqual(volume(shape) / expected, 1.0, delta=0.03)

    def test_a_wall_leaves_its_openings_out(self):
        wall = Shape().wall((0, 0), (10, 0), 0, 3, "m", [(4, 5, 0, 2)])
        points = np.array(wall.points)
        area = sum(
            np.linalg.norm(np.cross(points[f[1]] - points[f[0]], points[f[3]] - points[f[0]]))
            for f in wall.faces
        )
        self.assertAlmostEqual(area, 28.0)

    def test_a_turn_faces_west_after_a_quarter(self):
        self.assertTrue(np.allclose(place(turn=np.pi / 2)[:3, :3] @ (0, 1, 0), (-1, 0, 0)))


class Body(unittest.TestCase):
    """Skin weights and clips."""

    def test_every_point_of_the_skin_follows_whole_joints(self):
        points = np.random.default_rng(1).uniform((-0.6, 0, -0.2), (0.6, 1.75, 0.2), (2000, 3))
        for part in ("head", "hair", "face", "jacket", "trunk", "collar", "legs", "calves", "palm", "skirt", "robe", "shoes", "chair"):
            with self.subTest(part):
                weights = rig.weights(part, points)
                self.assertTrue(np.allclose(weights.sum(1), 1.0))
                self.assertGreaterEqual(weights.min(), -1e-9)
                self.assertTrue(np.allclose(rig.with_jaw(weights, np.full(len(points), 0.7)).sum(1), 1.0))

    def test_planted_feet_do_not_slide_or_sink(self):
        for k, pose in enumerate(motion.walk()):
            for side, sign in motion.SIDES:
                phase = (k / motion.RATE + (0.0 if side == "right" else 0.5)) % 1.0
                rotation, ankle = pose.world(side + "Foot")
                if phase < motion.STANCE:
                    y, z, _, _ = motion.foot_at(phase)
                    self.assertLess(np.linalg.norm(ankle - (sign * 0.088, y, z)), 0.001)
                for sole in (motion.HEEL, motion.BALL):
                    self.assertGreater(
                        (ankle + rotation @ (sole - (0, rig.ANKLE[1], rig.ANKLE[2])))[1], -0.001
                    )

    def test_clips_close(self):
        for name, (clip, _) in motion.CLIPS.items():
            poses = list(clip())
            with self.subTest(name):
                self.assertTrue(np.allclose(poses[0].hips, poses[-1].hips, atol=1e-6))
                for joint in rig.NAMES:
                    self.assertTrue(np.allclose(poses[0].local[joint], poses[-1].local[joint], atol=1e-6))

    def test_sitting_hips_are_above_the_seat(self):
        pose = next(iter(motion.sit()))
        self.assertAlmostEqual(pose.world("leftUpperLeg")[1][1], motion.SEAT_HEIGHT + 0.085, delta=0.02)

    def test_rotations_survive_as_quaternions(self):
        turn = rig.turn((1, 2, 3), 2.5)
        x, y, z, w = rotation_of(turn)
        back = np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
                [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
                [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
            ]
        )
        self.assertTrue(np.allclose(back, turn))


def tile(across, down):
    """A plane in the place of a mouth: points and triangles of a skew grid, in the head's frame."""
    x, y = np.meshgrid(np.linspace(-0.041, 0.040, across), np.linspace(1.590, 1.551, down))
    points = np.stack([x.ravel(), y.ravel(), np.full(x.size, -0.08)], 1)
    k = np.arange(across * down).reshape(down, across)
    a, b, c, d = (k[i, j].ravel() for i in (slice(0, -1), slice(1, None)) for j in (slice(0, -1), slice(1, None)))
    return points, np.concatenate([np.stack([a, b, c], 1), np.stack([b, d, c], 1)])


def area(points, faces):
    """The size of triangles."""
    a, b, c = (points[faces[:, k]] for k in range(3))
    return np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2


class Mouth(unittest.TestCase):
    """The jaw's share of a face, and the slit between the lips."""

    def share(self, *places):
        return mouth.share_of_jaw(np.array(places, float))

    def test_the_lower_lip_and_the_chin_follow_the_jaw_and_nothing_above_behind_or_below_them(self):
        line = face.mouth_line(0.0)
        self.assertTrue(np.allclose(self.share((0, line - 1e-4, -0.085), (0, 1.54, -0.085)), 1.0, atol=0.05))
        still = [(0, line + 1e-6, -0.085), (0, 1.61, -0.10), face.EYE, (0.05, 1.60, -0.06), (0.07, 1.62, 0.01), (0, 1.47, -0.03)]
        self.assertTrue(np.allclose(self.share(*still), 0.0))

    def test_the_share_changes_softly_but_across_the_slit(self):
        for x in (0.0, 0.010, 0.020, 0.024, 0.035, 0.050):
            down = np.array([(x, y, -0.07) for y in np.arange(1.60, 1.45, -0.0005)])
            steps = np.abs(np.diff(mouth.share_of_jaw(down)))
            over_line = steps.argmax() if x < mouth.CORNER else -1
            self.assertLess(np.delete(steps, over_line).max(), 0.04, x)
        ahead = np.array([(0.03, 1.55, z) for z in np.arange(-0.09, 0.02, 0.0005)])
        self.assertLess(np.abs(np.diff(mouth.share_of_jaw(ahead))).max(), 0.04)

    def test_the_slit_parts_the_lips_and_leaves_the_closed_face_as_it_was(self):
        points, faces = tile(17, 12)
        cut, triangles, upper, lower = mouth.cut(points, faces)
        self.assertGreater(len(upper), 8)
        self.assertAlmostEqual(area(cut, triangles) / area(points, faces), 1.0, delta=1e-3)
        self.assertTrue(np.allclose(cut[upper], cut[lower], atol=1e-5))
        self.assertTrue((np.diff(cut[upper, 0]) > 0).all())
        for edge, sign in ((upper, 1), (lower, -1)):
            around = cut[triangles[np.isin(triangles, edge[1:-1]).any(1)]].mean(1)
            self.assertTrue(((around[:, 1] - face.mouth_line(around[:, 0])) * sign > 0).all())
        share = mouth.share_of_jaw(cut)
        self.assertTrue((share[upper] == 0).all())
        self.assertTrue((share[lower[[0, -1]]] == 0).all())
        self.assertGreater(share[lower].max(), 0.9)

    def test_an_opened_mouth_has_no_gap_between_lips_and_depth(self):
        points, faces = tile(9, 7)
        plane = face.enlarged(points)[0, 2]
        made, normals, triangles, tints = mouth.opened(face.enlarged(points), faces, lambda p: plane - p[:, 2])
        self.assertEqual(len(made), len(normals))
        self.assertEqual(len(made), len(tints))
        edges = {}
        for f in triangles:
            for a, b in ((f[0], f[1]), (f[1], f[2]), (f[2], f[0])):
                edges[a, b] = edges.get((a, b), 0) + 1
        self.assertEqual(max(edges.values()), 1, "triangles beside each other are wound alike")
        border = [made[list(e)].mean(0) for e in edges if e[::-1] not in edges]
        inner = [p for p in face.reduced(np.array(border)) if abs(p[0]) < 0.035 and 1.556 < p[1] < 1.585]
        # Only where the slit ends beyond the last pair of points it may go on to a corner of the face.
        self.assertTrue(all(abs(p[0]) > 0.017 for p in inner), inner)


if __name__ == "__main__":
    unittest.main()
