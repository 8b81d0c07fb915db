"""Pictures that a phone would have taken: walls with a label, plant, damage. Drawn, not taken."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

import qr
from qr.image import tag_png
from server.demo.estate import Place

WIDTH, HEIGHT = 360, 480
"""Pixels of a picture; a phone held upright, made small."""

SCENE = (528, 704)
"""Pixels in which a place is drawn, before it is made small."""

QUALITY = 58
_MARGIN = 18
_FONT = Path(qr.__file__).resolve().parent / "fonts" / "NotoSansSC-Bold.ttf"
_WALLS = {
    "grounds": (178, 172, 156), "b1": (206, 198, 180), "b3": (204, 200, 186), "basement": (148, 150, 148),
    "power": (164, 170, 168), "water": (150, 164, 172), "control": (170, 174, 182),
}  # fmt: skip


class Album:
    """The pictures of one estate: each place is drawn once, each picture of it differs a little."""

    def __init__(self) -> None:
        self._walls: dict[str, Image.Image] = {}

    def frame(self, place: Place, *, url: str, random: Random, dark: bool, stamp: str) -> bytes:
        """Return the JPEG of the label at `place`, as the camera saw it when it read the code."""
        wall = self._walls.get(place.number)
        if wall is None:
            wall = self._walls[place.number] = _small(_labelled(_scene(place), place, url))
        return _taken(wall, random=random, dark=dark, stamp=f"{stamp}  {place.number}")

    def photo(self, place: Place, *, random: Random, dark: bool, stamp: str) -> bytes:
        """Return the JPEG of something wrong at `place`: a stain, a crack, a ring around it."""
        scene = _scene(place)
        draw = ImageDraw.Draw(scene)
        x, y = random.randint(170, 310), random.randint(260, 400)
        for _ in range(5):
            spread = random.randint(20, 70)
            draw.ellipse((x - spread, y - 12, x + spread, y + random.randint(30, 110)), fill=(96, 88, 76))
        crack = [(x - 120, y - 140)]
        for _ in range(9):
            crack.append((crack[-1][0] + random.randint(6, 34), crack[-1][1] + random.randint(8, 40)))
        draw.line(crack, fill=(52, 48, 44), width=4)
        scene = scene.filter(ImageFilter.GaussianBlur(1.2))
        ImageDraw.Draw(scene).ellipse((x - 130, y - 110, x + 130, y + 150), outline=(196, 60, 44), width=5)
        return _taken(_small(scene), random=random, dark=dark, stamp=f"{stamp}  {place.number}")


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return the demo's font, which has Chinese letters and Latin ones."""
    return ImageFont.truetype(_FONT, size)


def _scene(place: Place) -> Image.Image:
    """Return the wall at a place with what hangs there."""
    random = Random(place.number)  # noqa: S311 (a drawing)
    wide, high = SCENE
    red, green, blue = _WALLS[place.zone]
    scene = Image.new("RGB", (wide, high), (red, green, blue))
    draw = ImageDraw.Draw(scene)
    for y in range(0, high, 4):
        shade = int(18 * y / high)
        draw.line((0, y, wide, y), fill=(red - shade, green - shade, blue - shade), width=4)
    for x in range(random.randint(60, 120), wide, 132):
        draw.line((x, 0, x, high), fill=(red - 26, green - 26, blue - 26), width=2)
    draw.rectangle((0, high - 92, wide, high), fill=(red // 2, green // 2, blue // 2))
    if place.kind == "asset":
        _plant(draw, random)
    else:
        draw.rectangle((40, 40, 62, high), fill=(red - 44, green - 40, blue - 36))
    return scene


def _plant(draw: ImageDraw.ImageDraw, random: Random) -> None:
    """Draw a housing, a gauge and pipes."""
    draw.rectangle((60, 420, 470, 660), fill=(70, 92, 108), outline=(48, 62, 74), width=4)
    for x in (110, 400):
        draw.rectangle((x, 0, x + 30, 430), fill=(92, 112, 96), outline=(60, 74, 64), width=3)
    draw.ellipse((210, 450, 330, 570), fill=(236, 236, 230), outline=(40, 44, 48), width=6)
    tip = random.randint(-34, 34)
    draw.line((270, 510, 270 + tip, 466), fill=(186, 44, 34), width=5)


def _labelled(scene: Image.Image, place: Place, url: str) -> Image.Image:
    """Hang the place's label on its wall, a little crooked."""
    code = Image.open(io.BytesIO(tag_png(url, scale=6))).convert("RGB").resize((216, 216))
    card = Image.new("RGB", (240, 300), (250, 250, 246))
    card.paste(code, (12, 10))
    draw = ImageDraw.Draw(card)
    draw.text((20, 228), place.number, font=font(34), fill=(16, 18, 20))
    draw.text((84, 234), place.name["zh"], font=font(22), fill=(16, 18, 20))
    draw.text((84, 266), place.name["en"][:18], font=font(13), fill=(60, 62, 64))
    angle = Random(place.number).uniform(-4, 4)  # noqa: S311 (a drawing)
    turned = card.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
    mask = Image.new("L", card.size, 255).rotate(angle, expand=True)
    hung = scene.copy()
    hung.paste(turned, (140, 170), mask)
    return hung


def _small(scene: Image.Image) -> Image.Image:
    return scene.resize((WIDTH + 2 * _MARGIN, HEIGHT + 2 * _MARGIN), Image.Resampling.LANCZOS)


@cache
def _night() -> Image.Image:
    return Image.new("RGB", (WIDTH, HEIGHT))


@cache
def _torchlight() -> Image.Image:
    """Return the light of a torch: bright in the middle, little at the rim."""
    light = Image.radial_gradient("L").resize((WIDTH, HEIGHT))
    return ImageChops.invert(light).point(lambda v: 40 + v * 4 // 5).convert("RGB")


def _taken(scene: Image.Image, *, random: Random, dark: bool, stamp: str) -> bytes:
    left, top = random.randint(0, 2 * _MARGIN), random.randint(0, 2 * _MARGIN)
    picture = scene.crop((left, top, left + WIDTH, top + HEIGHT))
    light = random.uniform(0.9, 1.06)
    picture = Image.blend(_night(), picture, light)
    if dark:
        picture = ImageChops.multiply(picture, _torchlight())
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, HEIGHT - 28, WIDTH, HEIGHT), fill=(24, 26, 28))
    draw.text((10, HEIGHT - 25), stamp, font=font(15), fill=(250, 250, 240))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
