"""Builds the art from its scripts: the sample venue and the avatar.

    python3 assets/build.py [--quality draft|final] [--only venue|avatar] [--work DIR]

Needs Python 3.11, Blender as a module and HarfBuzz: `pip install bpy==4.5.15 uharfbuzz==0.57.0`. A final venue bakes
for about forty minutes on two cores; a draft takes a few minutes. The files land beside their scripts; git keeps them
at milestones only.
"""

import argparse
import sys
import tempfile
from pathlib import Path

BPY = "4.5"


def check_dependencies(venue):
    """Ends with advice if something that the scripts need is missing; the venue's signs need HarfBuzz too."""
    if sys.version_info[:2] != (3, 11):
        sys.exit(
            f"assets/build.py: this is Python {sys.version.split()[0]}; Blender's module needs Python 3.11. Run it with python3.11."
        )
    try:
        import bpy
        import numpy  # noqa: F401 (comes with bpy, said here because every script uses it)

        if venue:
            import uharfbuzz  # noqa: F401 (shapes the signs' letters)
    except ImportError as missing:
        sys.exit(
            f"assets/build.py: the module '{missing.name}' is missing. Install it: python3.11 -m pip install bpy==4.5.15 uharfbuzz==0.57.0"
        )
    if not bpy.app.version_string.startswith(BPY):
        sys.exit(
            f"assets/build.py: found Blender {bpy.app.version_string}, need {BPY}. Install it: python3.11 -m pip install bpy==4.5.15 uharfbuzz==0.57.0"
        )


def main():
    """Reads the command line and builds."""
    parser = argparse.ArgumentParser(description="Builds the sample venue and the avatar from their scripts.")
    parser.add_argument(
        "--quality", choices=("draft", "final"), default="final", help="texture size and samples of the bake"
    )
    parser.add_argument("--only", choices=("venue", "avatar"), help="build one of the two")
    parser.add_argument("--room", action="append", default=[], help="bake only this room, keep the others")
    parser.add_argument(
        "--work", type=Path, help="folder for intermediate pictures (a temporary one without it)"
    )
    options = parser.parse_args()
    check_dependencies(options.only != "avatar")
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        if options.only != "avatar":
            from venues.geneva import make

            make.main(options.quality, work, options.room)
        if options.only != "venue":
            from avatars import make as avatar

            avatar.main()


if __name__ == "__main__":
    main()
