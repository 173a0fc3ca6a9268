"""What must hold for shapes, skin and clips, without Blender: `python3 -m unittest test_assets` in assets/."""

import unittest

import numpy as np

from avatars import motion, rig
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


if __name__ == "__main__":
    unittest.main()
