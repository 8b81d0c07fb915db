"""The demo estate as one sees it from above: two maps, drawn, and where its checkpoints lie on them."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from math import cos, radians

from PIL import Image, ImageDraw

from server.demo.estate import Label, label
from server.demo.pictures import font

SIZE = (1_600, 1_200)
"""Pixels of a map."""
METRES = (240, 180)
"""What the map of the grounds shows."""
CORNER = (312_214_300, 1_214_512_800)
"""Its north-western corner: degrees of latitude and longitude times 10^7. Invented."""
_DEGREE_M = 111_320
_QUALITY = 80

_GRASS, _ROAD, _WALL, _INK = (219, 230, 208), (244, 243, 238), (120, 126, 118), (30, 40, 38)
_HOUSE, _WATER, _SAND, _STONE = (232, 220, 200), (186, 214, 226), (242, 226, 178), (224, 222, 216)

Spot = tuple[int, int]
"""Ten-thousandths of a map's width and height."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A map: what it is called, how it is drawn, which numbers lie where."""

    name: Label
    draw: Callable[[], bytes]
    spots: Mapping[str, Spot]


def position(number: str) -> dict[str, int] | None:
    """Return where a place of the grounds is in the world; None for one indoors or below."""
    spot = OUTDOORS.get(number)
    if spot is None:
        return None
    south_m, east_m = spot[1] / 10_000 * METRES[1], spot[0] / 10_000 * METRES[0]
    lat = CORNER[0] - round(south_m / _DEGREE_M * 1e7)
    lon = CORNER[1] + round(east_m / (_DEGREE_M * cos(radians(CORNER[0] / 1e7))) * 1e7)
    return {"lat": lat, "lon": lon}


OUTDOORS: Mapping[str, Spot] = {
    "01": (9_300, 5_000),
    "02": (700, 5_000),
    "03": (5_000, 5_000),
    "04": (7_050, 5_850),
    "05": (3_150, 5_700),
    "06": (5_000, 500),
    "07": (8_700, 9_000),
    "08": (1_300, 9_000),
    "09": (6_000, 9_150),
}
INDOORS: Mapping[str, Spot] = {
    "10": (2_000, 3_350),
    "11": (2_000, 1_900),
    "12": (8_000, 3_350),
    "13": (8_000, 1_900),
    "18": (5_000, 7_900),
    "E6": (2_700, 2_500),
    "E8": (1_300, 2_500),
}
BELOW: Mapping[str, Spot] = {
    "14": (8_300, 4_600),
    "15": (1_700, 4_600),
    "16": (3_600, 2_700),
    "17": (6_400, 2_700),
    "E1": (6_000, 1_500),
    "E2": (6_900, 1_500),
    "E3": (3_100, 1_500),
    "E4": (4_100, 1_500),
    "E5": (5_000, 8_200),
    "E7": (8_700, 1_600),
}


def _at(x: int, y: int) -> tuple[float, float]:
    return x / 10_000 * SIZE[0], y / 10_000 * SIZE[1]


def _box(
    draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], fill: tuple[int, int, int], **more: int
) -> None:
    draw.rounded_rectangle(
        (*_at(*box[:2]), *_at(*box[2:])), radius=more.get("radius", 8), fill=fill, outline=_WALL, width=3
    )


def _word(draw: ImageDraw.ImageDraw, x: int, y: int, text: str, size: int = 30) -> None:
    draw.text(_at(x, y), text, font=font(size), fill=_INK, anchor="mm")


@cache
def grounds() -> bytes:
    """Return the JPEG of the grounds."""
    image = Image.new("RGB", SIZE, _GRASS)
    draw = ImageDraw.Draw(image)
    draw.rectangle((*_at(200, 200), *_at(9_800, 9_800)), outline=_WALL, width=10)
    for box in (
        (200, 4_550, 9_800, 5_450),
        (4_600, 700, 5_400, 9_500),
        (600, 8_600, 9_400, 9_300),
        (600, 350, 9_400, 750),
    ):
        draw.rectangle((*_at(*box[:2]), *_at(*box[2:])), fill=_ROAD)
    draw.ellipse((*_at(4_200, 3_950), *_at(5_800, 6_050)), fill=_STONE, outline=_WALL, width=3)
    draw.ellipse((*_at(2_100, 5_700), *_at(4_100, 7_300)), fill=_WATER, outline=_WALL, width=3)
    _box(draw, (6_200, 5_900, 7_900, 7_100), _SAND, radius=30)
    houses = (
        ("1 栋", 900, 1_200), ("2 栋", 2_900, 1_200), ("3 栋", 6_900, 1_200),
        ("4 栋", 900, 6_000), ("5 栋", 8_200, 5_700), ("6 栋", 3_000, 7_500),
    )  # fmt: skip
    for name, x, y in houses:
        tall = 2_000 if y < 3_000 else 2_300 if x in (900, 8_200) else 900
        wide = 2_200 if x == 6_900 else 1_500 if x in (2_900, 3_000) else 1_000 if y > 3_000 else 1_900
        _box(draw, (x, y, x + wide, y + tall), _HOUSE)
        _word(draw, x + wide // 2, y + tall // 2, name, 38)
    _box(draw, (4_500, 7_500, 5_500, 8_300), _HOUSE)
    _word(draw, 5_000, 8_150, "监控中心", 22)
    _word(draw, 3_100, 6_700, "水景")
    _word(draw, 7_050, 6_650, "儿童乐园")
    _word(draw, 5_000, 4_400, "中心广场", 26)
    _word(draw, 9_300, 4_300, "东门", 30)
    _word(draw, 700, 4_300, "西门", 30)
    _word(draw, 9_450, 550, "北 ↑", 26)
    return _jpeg(image)


@cache
def basement() -> bytes:
    """Return the JPEG of the basement."""
    image = Image.new("RGB", SIZE, (236, 238, 236))
    draw = ImageDraw.Draw(image)
    draw.rectangle((*_at(300, 300), *_at(9_700, 9_700)), fill=(250, 250, 248), outline=_WALL, width=10)
    for x in range(700, 9_300, 560):
        for y in (5_600, 7_900):
            draw.rectangle((*_at(x, y), *_at(x + 480, y + 1_200)), outline=(190, 196, 190), width=3)
    for name, box in (
        ("配电室", (2_500, 700, 4_700, 2_400)),
        ("水泵房", (5_300, 700, 7_500, 2_400)),
        ("发电机房", (7_900, 700, 9_400, 2_400)),
    ):
        _box(draw, box, _STONE)
        _word(draw, (box[0] + box[2]) // 2, 2_150, name, 28)
    draw.rectangle((*_at(400, 3_300), *_at(9_600, 5_300)), fill=_ROAD)
    _word(draw, 1_700, 3_700, "B1 西", 34)
    _word(draw, 8_300, 3_700, "B1 东", 34)
    return _jpeg(image)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


MAPS: tuple[Sheet, ...] = (
    Sheet(label("园区平面图", "Grounds"), grounds, {**OUTDOORS, **INDOORS}),
    Sheet(label("地下室 B1", "Basement B1"), basement, BELOW),
)
