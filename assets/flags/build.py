"""Makes flags.bin and flags.txt: the flags of the Member States and observer States of the United Nations, and its own.

    pip install resvg_py pillow pycountry
    npm pack flag-icons && tar xzf flag-icons-*.tgz
    python assets/flags/build.py package/flags/4x3

flags.bin holds, in the order of the codes (ISO 3166-1 alpha-3, and UNO) in flags.txt, two bytes of length (low first)
and a PNG of 48 × 36 pixels for each, so that one flag is decoded without the others. Which entities have a flag follows the membership of the United Nations and says nothing else about any of them.
"""

import io
import pathlib
import sys

import pycountry
import resvg_py
from PIL import Image

WIDTH, HEIGHT, COLOURS = 48, 36, 48
HERE = pathlib.Path(__file__).parent

# In ISO 3166-1, but neither Member States nor observer States of the United Nations.
OTHERS = set(
    """ABW AIA ALA ASM ATA ATF BES BLM BMU BVT CCK COK CUW CXR CYM ESH FLK FRO GGY GIB GLP GRL GUF GUM HKG HMD IMN
    IOT JEY MAC MAF MNP MSR MTQ MYT NCL NFK NIU PCN PRI PYF REU SGS SHN SJM SPM SXM TCA TKL TWN UMI VGB VIR
    WLF""".split()
)


def main(folder: pathlib.Path) -> None:
    codes = {c.alpha_3: c.alpha_2.lower() for c in pycountry.countries if c.alpha_3 not in OTHERS}
    assert len(codes) == 195, len(codes)
    codes["UNO"] = "un"
    order = sorted(codes)
    packed = b""
    for code in order:
        # Drawn larger and made smaller: thin lines stay even.
        png = resvg_py.svg_to_bytes(svg_path=str(folder / f"{codes[code]}.svg"), width=4 * WIDTH)
        flag = Image.open(io.BytesIO(bytes(png))).convert("RGBA")
        flag = Image.alpha_composite(Image.new("RGBA", flag.size, "white"), flag).convert("RGB")
        flag = flag.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        small = io.BytesIO()
        flag.quantize(COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
        packed += len(small.getvalue()).to_bytes(2, "little") + small.getvalue()
    (HERE / "flags.bin").write_bytes(packed)
    (HERE / "flags.txt").write_text("".join(f"{code}\n" for code in order))
    print(f"{len(order)} flags, {len(packed)} bytes")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
