"""The code of a tag is small, whole and read by a camera."""

from __future__ import annotations

from io import BytesIO

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from qr.code import QUIET_MODULES, ErrorLevel, modules_of, outlines
from qr.image import tag_png
from qr.payload import tag_url
from sync.tags import ALPHABET

TOKEN = "7K2MQX49ZB01HJVW"
URL = tag_url("https://rounds.example.cn", TOKEN)
tokens = st.text(ALPHABET, min_size=16, max_size=16)


def seen(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture)]


@settings(max_examples=25, deadline=None)
@given(
    token=tokens,
    error=st.sampled_from(["Q", "H"]),
    base=st.sampled_from(["http://localhost:8000", "https://a.cn"]),
)
def test_a_camera_reads_the_address_of_every_token(token: str, error: ErrorLevel, base: str) -> None:
    url = tag_url(base, token)
    assert seen(Image.open(BytesIO(tag_png(url, scale=4, error=error)))) == [url]


@pytest.mark.parametrize(
    ("characters", "error", "side"), [(47, "Q", 29), (48, "Q", 33), (50, "H", 33), (51, "H", 37)]
)
def test_a_code_is_as_small_as_the_alphanumeric_mode_makes_it(
    characters: int, error: ErrorLevel, side: int
) -> None:
    # Version 3-Q holds 47 characters in this mode and 32 bytes; a byte segment would need version 5.
    assert len(modules_of(URL.ljust(characters, "0")[:characters], error)) == side


def test_the_levels_of_error_correction_are_what_is_printed() -> None:
    for error in ("Q", "H"):
        (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(tag_png(URL, error=error))))
        assert code.ec_level == error


@pytest.mark.parametrize("text", ["", URL.lower(), URL + "#", "地址", "0" * 5000])
def test_a_text_that_does_not_fit_the_mode_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"alphanumeric|too many"):
        modules_of(text)


def test_a_picture_is_black_on_white_with_four_quiet_modules() -> None:
    picture = Image.open(BytesIO(tag_png(URL, scale=5))).convert("L")
    side = len(modules_of(URL))
    assert picture.size == ((side + 2 * QUIET_MODULES) * 5,) * 2
    assert {level for _, level in picture.getcolors() or []} == {0, 255}
    dark = Image.eval(picture, lambda level: 255 - level).getbbox()
    assert dark == (QUIET_MODULES * 5,) * 2 + ((QUIET_MODULES + side) * 5,) * 2


def test_a_picture_needs_pixels() -> None:
    with pytest.raises(ValueError, match="pixel"):
        tag_png(URL, scale=0)


@settings(max_examples=50, deadline=None)
@given(
    st.integers(1, 9).flatmap(
        lambda n: st.lists(st.lists(st.booleans(), min_size=n, max_size=n), min_size=n, max_size=n)
    )
)
def test_the_outlines_enclose_exactly_the_dark_modules(modules: list[list[bool]]) -> None:
    drawn = [
        [_winding(outlines(modules), column + 0.5, row + 0.5) for column in range(len(modules))]
        for row in range(len(modules))
    ]
    assert drawn == [[int(cell) for cell in row] for row in modules]


def test_an_outline_has_corners_only() -> None:
    assert sorted(outlines([[True, True], [True, True]])[0]) == [(0, 0), (0, 2), (2, 0), (2, 2)]


def _winding(polygons: list[list[tuple[int, int]]], x: float, y: float) -> int:
    """How often the outlines run round a point: 1 is dark under either fill rule, 0 is light."""
    turns = 0
    for polygon in polygons:
        for (x0, y0), (x1, y1) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
            if x0 == x1 and x0 > x and min(y0, y1) < y < max(y0, y1):
                turns += 1 if y1 > y0 else -1
    return turns


def test_a_scratched_code_is_still_read() -> None:
    picture = Image.open(BytesIO(tag_png(URL, scale=8, error="H"))).convert("L")
    middle = picture.width // 2
    ImageDraw.Draw(picture).rectangle((middle - 24, middle - 24, middle + 24, middle + 24), fill=255)
    assert seen(picture) == [URL]
