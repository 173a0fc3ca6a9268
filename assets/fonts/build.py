"""Builds the fonts of this folder out of Debian's Noto packages.

    apt-get install fonts-noto-core fonts-noto-cjk && pip install fonttools
    python3 assets/fonts/build.py

It knows which characters a delegate's screen needs and nothing of the program that shows them.
The Chinese faces hold GB 2312, the frequent plane of Big5 (its first 5,401 characters), kana and
common punctuation; the bold one, for headings, the first level of GB 2312. Names of people may be in more scripts
than the six languages have: those faces are there in one weight. The Korean one holds KS X 1001's syllables.
"""

import pathlib
import subprocess

from fontTools import subset
from fontTools.ttLib import TTFont, TTCollection

HERE = pathlib.Path(__file__).parent

LATIN_GREEK_CYRILLIC = [
    (0x20, 0x7E), (0xA0, 0x24F), (0x250, 0x2AF), (0x2B0, 0x36F), (0x370, 0x3FF), (0x400, 0x52F),
    (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x2070, 0x209C), (0x20A0, 0x20BF), (0x2100, 0x214F),
    (0x2150, 0x218B), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x25A0, 0x25FF), (0xFB00, 0xFB06),
    (0xFFFD, 0xFFFD),
]
ARABIC = [
    (0x20, 0x7E), (0xA0, 0xA0), (0xAB, 0xAB), (0xBB, 0xBB), (0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF),
    (0x200B, 0x200F), (0x2010, 0x2026), (0x202A, 0x202E), (0x2066, 0x2069), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF),
]
CJK_COMMON = [
    (0x20, 0x7E), (0xA0, 0xFF), (0x2010, 0x2027), (0x2030, 0x203B), (0x2103, 0x2103), (0x2116, 0x2122),
    (0x2160, 0x217B), (0x2190, 0x2199), (0x2460, 0x249B), (0x2500, 0x257F), (0x25A0, 0x25EF),
    (0x2605, 0x2606), (0x2640, 0x2642), (0x3000, 0x30FF), (0x3105, 0x312F), (0x3220, 0x3229),
    (0x338E, 0x33D5), (0xFE30, 0xFE4F), (0xFF01, 0xFF5E), (0xFFE0, 0xFFE6),
]

# Scripts of names only: everything that the face has.
NAMES = (
    "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi", "Hebrew", "Kannada", "Khmer",
    "Lao", "Malayalam", "Myanmar", "Sinhala", "Tamil", "Telugu", "Thaana", "Thai",
)


def characters(ranges):
    return {code for first, last in ranges for code in range(first, last + 1)}


def decoded(encoding, rows, cells):
    """Every character of a double-byte code between the given lead and trail bytes."""
    found = set()
    for lead in rows:
        for trail in cells:
            try:
                found.update(map(ord, bytes([lead, trail]).decode(encoding)))
            except UnicodeDecodeError:
                pass
    return found


def gb2312(last_row):
    return decoded("gb2312", range(0xA1, last_row + 1), range(0xA1, 0xFF))


def big5_frequent():
    cells = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    return decoded("big5", range(0xA1, 0xC7), cells)


def package_file(package, name):
    listing = subprocess.run(["dpkg", "-L", package], check=True, capture_output=True, text=True).stdout
    return next(pathlib.Path(line) for line in listing.splitlines() if line.endswith("/" + name))


def write(font, codes, target):
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["*"]
    options.layout_features_exclude = ["vert", "vrt2", "vhal", "vpal", "vkrn", "hwid", "fwid", "pwid", "palt"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14, 16, 17]
    options.drop_tables += ["VORG", "vhea", "vmtx", "BASE", "DSIG"]
    options.notdef_outline = True
    options.glyph_names = False
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=codes)
    chosen.subset(font)
    # A fixed time makes the same bytes on every day.
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.save(HERE / target)
    print(f"{target}: {(HERE / target).stat().st_size / 1e6:.2f} MB, {font['maxp'].numGlyphs} glyphs")


def cjk(name, family):
    collection = TTCollection(package_file("fonts-noto-cjk", name))
    return next(font for font in collection.fonts if font["name"].getDebugName(1).startswith(family))


def simplified_chinese(name):
    return cjk(name, "Noto Sans CJK SC")


def korean():
    syllables = decoded("euc_kr", range(0xB0, 0xC9), range(0xA1, 0xFF))
    return {code for code in syllables if 0xAC00 <= code <= 0xD7A3} | characters([(0x20, 0x7E), (0x3131, 0x318E)])


def for_names(script):
    font = TTFont(package_file("fonts-noto-core", f"NotoSans{script}-Regular.ttf"))
    write(font, set(font.getBestCmap()), f"NotoSans{script}-Regular.ttf")


def main():
    latin = characters(LATIN_GREEK_CYRILLIC)
    arabic = characters(ARABIC)
    for style in ("Regular", "Bold"):
        write(TTFont(package_file("fonts-noto-core", f"NotoSans-{style}.ttf")), latin, f"NotoSans-{style}.ttf")
        name = f"NotoSansArabic-{style}.ttf"
        write(TTFont(package_file("fonts-noto-core", name)), arabic, name)
    common = characters(CJK_COMMON)
    write(simplified_chinese("NotoSansCJK-Regular.ttc"), common | gb2312(0xF7) | big5_frequent(), "NotoSansSC-Regular.otf")
    write(simplified_chinese("NotoSansCJK-Bold.ttc"), common | gb2312(0xD7), "NotoSansSC-Bold.otf")
    for script in NAMES:
        for_names(script)
    write(cjk("NotoSansCJK-Regular.ttc", "Noto Sans CJK KR"), korean(), "NotoSansKR-Regular.otf")
    # Names from Japan: the first level of JIS X 0208, as far as the Chinese face does not have it.
    japanese = decoded("euc_jp", range(0xB0, 0xD0), range(0xA1, 0xFF)) - common - gb2312(0xF7) - big5_frequent()
    write(cjk("NotoSansCJK-Regular.ttc", "Noto Sans CJK JP"), japanese, "NotoSansJP-Regular.otf")


if __name__ == "__main__":
    main()
