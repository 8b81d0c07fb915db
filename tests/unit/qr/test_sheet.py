"""A sheet of labels comes out of any printer as it should hang on the walls."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import product
from typing import Any

import numpy as np
import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp
from pypdf import PdfReader
from reportlab.pdfbase.ttfonts import TTFontFile

from qr.payload import tag_url
from qr.sheet import SIZES, Label, tag_sheet
from sync.tags import ALPHABET

DPI = 300
MM = DPI / 25.4
GRIDS = {"40x60": (40, 60, 4, 4), "50x70": (50, 70, 3, 3), "80x110": (80, 110, 2, 2)}
PLACES = [
    ("东门岗", "East gate"),
    ("北围墙周界", "North perimeter"),
    ("化粪池1#", "Septic tank 1"),
    ("3栋9层楼道", "Corridor 3-9"),
    ("配电室门外", "Switch-room door"),
    (
        "地下二层人防工程东侧生活水泵房与消防水泵房之间的走廊尽头",
        "Corridor end between the domestic and fire pump rooms, east",
    ),
    ("垟头埗", ""),
    ("泵房☃😀", "Pump room 😀"),
    ("مضخة المياه", "مضخة"),
    ("", "Only English"),
    ("超" * 300, "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3),
    ("", ""),
]


def labels(count: int, *, base: str = "https://rounds.xingfu.example.cn") -> list[Label]:
    chance = random.Random(7)
    return [
        Label(
            url=tag_url(base, "".join(chance.choices(ALPHABET, k=16))),
            name_zh=PLACES[n % len(PLACES)][0],
            name_en=PLACES[n % len(PLACES)][1],
            number=f"B2-{n:03}-SOUTH" if n % 10 == 9 else f"{n + 1:02}",
            short_code="".join(chance.choices(ALPHABET, k=8)),
            print_no=1 + n % 3 * 50,
        )
        for n in range(count)
    ]


def sheet(to_print: list[Label], **options: Any) -> bytes:
    return tag_sheet(to_print, **({"site_zh": "幸福花园", "site_en": "Happiness Garden"} | options))


def pictures(pdf: bytes) -> Iterator[np.ndarray[Any, np.dtype[np.uint8]]]:
    """Every page as grey pixels, row by row from the top."""
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        yield np.asarray(page.render(scale=DPI / 72, grayscale=True).to_pil().convert("L"))
    document.close()


@dataclass(frozen=True)
class Seen:
    """A code on a page; its dark square in pixels."""

    text: str
    level: str
    left: int
    top: int
    right: int
    bottom: int


def codes(page: np.ndarray[Any, np.dtype[np.uint8]]) -> list[Seen]:
    found = []
    for code in zxingcpp.read_barcodes(page):
        corners = [
            code.position.top_left,
            code.position.top_right,
            code.position.bottom_right,
            code.position.bottom_left,
        ]
        xs, ys = [c.x for c in corners], [c.y for c in corners]
        found.append(Seen(code.text, code.ec_level, min(xs), min(ys), max(xs), max(ys)))
    return found


def boxes(size: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of a full page's labels in mm from its upper left corner, in order."""
    wide, high, columns, rows = GRIDS[size]
    left, top = (210 - columns * wide - (columns - 1) * 6) / 2, (297 - rows * high - (rows - 1) * 6) / 2
    places = [(left + c * (wide + 6), top + r * (high + 6)) for r, c in product(range(rows), range(columns))]
    return [(x, y, x + wide, y + high) for x, y in places]


def test_each_size_of_the_specification_is_there() -> None:
    assert set(SIZES) == set(GRIDS)


@pytest.mark.parametrize("size", GRIDS)
def test_a_camera_reads_each_printed_label_in_walking_order(size: str) -> None:
    to_print, per_page = labels(20), len(boxes(size))
    order: list[str] = []
    for page in pictures(sheet(to_print, size=size)):
        seen = codes(page)
        for left, top, right, bottom in boxes(size):
            inside = [
                code.text
                for code in seen
                if left * MM < code.left
                and code.right < right * MM
                and top * MM < code.top
                and code.bottom < bottom * MM
            ]
            assert len(inside) <= 1
            order += inside
        assert len(seen) <= per_page
    assert order == [label.url for label in to_print]


@pytest.mark.parametrize("size", GRIDS)
@pytest.mark.parametrize(
    "base", ["http://localhost:8000", "https://rounds.property-services.xingfu-garden.example.com.cn:8443"]
)
def test_a_printed_code_is_large_enough_with_white_around_it(size: str, base: str) -> None:
    page = next(pictures(sheet(labels(len(boxes(size)), base=base), size=size)))
    seen = codes(page)
    assert len(seen) == len(boxes(size))
    for code in seen:
        count = modules(code.text, size)
        module = (code.right - code.left + 1) / count
        assert module * (count + 8) / MM >= 34
        assert module / MM >= 0.5
        quiet = int(module * 4) - 2
        around = page[code.top - quiet : code.bottom + quiet, code.left - quiet : code.right + quiet].copy()
        around[quiet - 3 : -quiet + 3, quiet - 3 : -quiet + 3] = 255
        assert around.min() == 255, "something is printed in the quiet zone"


def modules(url: str, size: str) -> int:
    """The side of the smallest version that holds an alphanumeric text, by the tables of the standard."""
    capacity = {"Q": [16, 29, 47, 67, 87, 108, 125], "H": [10, 20, 35, 50, 64, 84, 93, 122]}[
        "H" if size == "80x110" else "Q"
    ]
    return 21 + 4 * next(n for n, most in enumerate(capacity) if len(url) <= most)


@pytest.mark.parametrize("size", ["50x70", "80x110"])
def test_the_dark_square_alone_has_34_millimetres_on_the_usual_sizes(size: str) -> None:
    page = next(pictures(sheet(labels(4), size=size)))
    assert min(code.right - code.left for code in codes(page)) / MM >= 34


@pytest.mark.parametrize(
    ("size", "error", "level"), [("50x70", None, "Q"), ("80x110", None, "H"), ("50x70", "H", "H")]
)
def test_outdoor_labels_survive_more_damage(size: str, error: Any, level: str) -> None:
    page = next(pictures(sheet(labels(2), size=size, error=error)))
    assert {code.level for code in codes(page)} == {level}


@pytest.mark.parametrize("size", GRIDS)
def test_nothing_is_printed_outside_its_label_or_over_something_else(size: str) -> None:
    odd = {"site_zh": "幸福花园" * 20, "site_en": "Garden " * 20}
    for options in ({}, odd):
        letters = letter_boxes(sheet(labels(len(boxes(size))), size=size, **options))
        assert len(letters) > 100
        for letter in letters:
            left, top, right, bottom = letter
            inside = [x0 < left and right < x1 and y0 < top and bottom < y1 for x0, y0, x1, y1 in boxes(size)]
            foot = top > 284 and bottom < 289 and left > 14 and right < 196
            assert any(inside) or foot
        assert not overlapping(letters)


def overlapping(letters: list[tuple[float, float, float, float]]) -> bool:
    """Whether any two letters share more than 0.15 mm of the page both ways; kerning may share less."""
    box = np.array(letters)
    across = np.minimum(box[:, None, 2], box[None, :, 2]) - np.maximum(box[:, None, 0], box[None, :, 0])
    along = np.minimum(box[:, None, 3], box[None, :, 3]) - np.maximum(box[:, None, 1], box[None, :, 1])
    shared = (across > 0.15) & (along > 0.15)
    np.fill_diagonal(shared, val=False)
    return bool(shared.any())


def letter_boxes(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of what is black of each letter on the first page, like `boxes`."""
    document = pypdfium2.PdfDocument(pdf)
    text = document[0].get_textpage()
    found = [[length / 72 * 25.4 for length in text.get_charbox(n)] for n in range(text.count_chars())]
    document.close()
    return [(left, 297 - top, right, 297 - bottom) for left, bottom, right, top in found if right > left]


@pytest.mark.parametrize("size", GRIDS)
def test_cut_marks_stand_outside_the_corners_of_each_label(size: str) -> None:
    page = next(pictures(sheet(labels(len(boxes(size))), size=size)))
    for left, top, right, bottom in boxes(size):
        for x, out_x in ((left, -1.5), (right, 1.5)):
            for y, out_y in ((top, -1.5), (bottom, 1.5)):
                assert darkest(page, x + out_x, y) < 200
                assert darkest(page, x, y + out_y) < 200
        inner = page[int(top * MM) + 2 : int((top + 1.4) * MM), int(left * MM) + 2 : int(right * MM) - 2]
        assert inner.min() == 255


def darkest(page: np.ndarray[Any, np.dtype[np.uint8]], x: float, y: float) -> int:
    return int(page[int(y * MM) - 2 : int(y * MM) + 3, int(x * MM) - 2 : int(x * MM) + 3].min())


def test_the_text_of_a_label_can_be_searched_and_copied() -> None:
    label = replace(
        labels(1)[0],
        name_zh="配电室门外",
        name_en="Switch-room door",
        number="16",
        short_code="7F3K92QD",
        print_no=3,
    )
    text = PdfReader(BytesIO(sheet([label]))).pages[0].extract_text()
    for part in (
        "配电室门外",
        "Switch-room door",
        "16",
        "幸福花园 Happiness Garden",
        "7F3K-92QD v3",
        "1 / 1",
    ):
        assert part in text


def test_an_empty_english_name_leaves_no_gap_and_no_stranger() -> None:
    label = replace(labels(1)[0], name_zh="泵房", name_en="")
    text = PdfReader(BytesIO(sheet([label], site_en=""))).pages[0].extract_text()
    assert "None" not in text
    assert "泵房" in text


def test_all_fonts_are_embedded_subsets_and_no_code_is_a_picture() -> None:
    pdf = sheet(labels(9))
    fonts = set()
    for page in PdfReader(BytesIO(pdf)).pages:
        assert not list(page.images)
        for font in _fonts(page):
            fonts.add(font["/BaseFont"].split("+")[-1])
            assert "+" in font["/BaseFont"]
            assert len(font["/FontDescriptor"]["/FontFile2"].get_data()) > 1000
    assert {name[:12] for name in fonts} == {"NotoSansSC-B", "JetBrainsMon"}
    assert len(pdf) < 150_000


def _fonts(page: Any) -> list[Any]:
    return list(page["/Resources"]["/Font"].values())


def test_two_hundred_labels_are_numbered_by_pages() -> None:
    to_print = [replace(label, name_zh="水泵房门外", name_en="Pump-room door") for label in labels(200)]
    reader = PdfReader(BytesIO(sheet(to_print)))
    assert len(reader.pages) == 23
    assert "1 / 23" in reader.pages[0].extract_text()
    last = reader.pages[22].extract_text()
    assert "23 / 23" in last
    assert all(f"{label.short_code[:4]}-{label.short_code[4:]}" in last for label in to_print[198:])


def test_the_same_labels_give_the_same_bytes() -> None:
    assert sheet(labels(12)) == sheet(labels(12))


def test_only_one_sheet_at_a_time_reads_the_glyphs(monkeypatch: pytest.MonkeyPatch) -> None:
    # reportlab moves one pointer through a font that all sheets share: two at once would mix up letters.
    reading, most, make = 0, 0, TTFontFile.makeSubset

    def watched(face: Any, subset: Any) -> Any:
        nonlocal reading, most
        reading += 1
        most = max(most, reading)
        time.sleep(0.02)
        made = make(face, subset)
        reading -= 1
        return made

    monkeypatch.setattr(TTFontFile, "makeSubset", watched)
    several = [labels(n + 4)[n:] for n in range(4)]
    with ThreadPoolExecutor(len(several)) as pool:
        at_once = list(pool.map(sheet, several))
    assert most == 1
    assert at_once == [sheet(each) for each in several]


def test_a_sheet_that_cannot_be_printed_is_refused() -> None:
    with pytest.raises(ValueError, match="A7"):
        sheet(labels(1), size="A7")
    with pytest.raises(ValueError, match="a label at least"):
        sheet([])
    long = labels(1, base="https://" + ".".join(["a" * 60] * 4))
    with pytest.raises(ValueError, match="too long for a label of 40"):
        sheet(long, size="40x60")
    with pytest.raises(ValueError, match="alphanumeric"):
        sheet([replace(labels(1)[0], url="https://host/t/x")])
