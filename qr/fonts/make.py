# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools==4.68.0", "zhon==2.1.1"]
# ///
"""Make the fonts of this folder from two npm packages: ``.venv/bin/uv run --script qr/fonts/make.py``.

Only who changes the choice of characters needs this; the made fonts are committed and come out byte for byte
the same. See ``docs/decisions/0003-font-for-tags.md``.
"""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from itertools import product
from pathlib import Path

from fontTools.subset import Options, Subsetter  # type: ignore[import-not-found]
from fontTools.ttLib import TTFont  # type: ignore[import-not-found]
from zhon import cedict  # type: ignore[import-not-found]

HERE = Path(__file__).resolve().parent
ASCII = set(range(0x20, 0x7F))
LATIN_AND_SIGNS = ASCII | {
    *range(0xA0, 0x250),  # Latin with accents, pinyin
    *range(0x1E00, 0x1F00),
    *range(0x2000, 0x2070),  # dashes, quotation marks, …
    *range(0x3380, 0x33E0),  # ㎡ and other units in one character
}


def double_bytes(encoding: str, *, leads: range) -> set[int]:
    """Return the characters of a two-byte encoding."""
    found: set[int] = set()
    for lead, trail in product(leads, range(0x40, 0xFF)):
        try:
            text = bytes([lead, trail]).decode(encoding)
        except UnicodeDecodeError:
            continue
        found.update(map(ord, text))
    return found


def chinese() -> set[int]:
    """Return GB 2312, the frequent half of Big5, and each character of the dictionary CC-CEDICT.

    The dictionary has the rare ones that places and people are named with.
    """
    dictionary = {ord(c) for c in cedict.all if ord(c) >= 0x3000}
    return (
        double_bytes("gb2312", leads=range(0xA1, 0xF8))
        | double_bytes("big5", leads=range(0xA4, 0xC7))
        | dictionary
    )


def reduce(package: str, version: str, member: str, characters: set[int], *, to: str) -> None:
    """Write one font of an npm package with these characters only, and its licence."""
    with tempfile.TemporaryDirectory() as folder:
        pack = ["npm", "pack", "--silent", f"{package}@{version}"]
        name = subprocess.run(pack, cwd=folder, check=True, capture_output=True, text=True).stdout.split()[-1]  # noqa: S603
        with tarfile.open(Path(folder) / name) as archive:
            archive.extractall(folder, filter="data")
        root = Path(folder) / "package"
        font = TTFont(root / member, recalcTimestamp=False)
        options = Options(
            hinting=False, layout_features=[], glyph_names=False, notdef_outline=True, legacy_kern=False
        )
        options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "VORG", "meta", "vhea", "vmtx"]
        options.recalc_timestamp = False
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=characters)
        subsetter.subset(font)
        font.save(HERE / f"{to}.ttf")
        (HERE / f"{to}.LICENSE.txt").write_bytes((root / "LICENSE_FONT").read_bytes())


if __name__ == "__main__":
    sans = "700Bold/NotoSansSC_700Bold.ttf"
    mono = "600SemiBold/JetBrainsMono_600SemiBold.ttf"
    reduce(
        "@expo-google-fonts/noto-sans-sc", "0.4.3", sans, chinese() | LATIN_AND_SIGNS, to="NotoSansSC-Bold"
    )
    reduce("@expo-google-fonts/jetbrains-mono", "0.4.1", mono, ASCII, to="JetBrainsMono-SemiBold")
