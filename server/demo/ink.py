"""Signatures of the demo: a line that swings as a hand does, another one for every name."""

from __future__ import annotations

import io
import math
from random import Random

from PIL import Image, ImageDraw

SIZE = (900, 360)


def signature(name: str) -> bytes:
    """Return a PNG with a signature that belongs to this name."""
    random = Random(f"ink {name}")  # noqa: S311  (a drawing)
    image = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(image)
    begin = 120
    for _ in name:
        wide, tall = random.uniform(150, 210), random.uniform(50, 95)
        turns, lean = random.uniform(2, 3.4), random.uniform(0.2, 0.7)
        points = []
        for i in range(60):
            at = i / 59
            x = begin + wide * at + 22 * math.sin(at * turns * 2 * math.pi + lean)
            y = (
                180
                + tall * math.cos(at * turns * 2 * math.pi) * (1 - 0.5 * at)
                + 14 * random.uniform(-0.2, 0.2)
            )
            points.append((x, y))
        pen.line(points, fill="black", width=7, joint="curve")
        begin += int(wide) + 24
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
