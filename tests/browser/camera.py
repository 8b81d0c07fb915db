"""A fake camera: a wall with a label on it, written as the file that Chromium shows for a camera.

Chromium takes the *path* once, at its start; it reads the file anew at each `getUserMedia`. So a
journey hangs another label on the wall before it opens the scanner again.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1280, 720
FRAMES = 3
"""Shown in a loop; each with other noise, as a real sensor never sends one picture twice."""

Corners = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]


def show(path: Path, label: bytes, *, seed: int = 0) -> None:
    """Let the camera at `path` see `label`, a PNG, on a wall: a little turned and from the side."""
    random = np.random.default_rng(seed)
    wall = _wall(random)
    picture = Image.open(io.BytesIO(label)).convert("L")
    card = Image.new("L", (picture.width + 40, picture.height + 40), 246)
    card.paste(picture, (20, 20))
    height = 430.0
    width = card.width * height / card.height
    left, top = (WIDTH - width) / 2 + random.uniform(-60, 60), (HEIGHT - height) / 2 + random.uniform(-30, 30)
    lean, drop = random.uniform(8, 22), random.uniform(-16, 16)
    corners: Corners = (
        (left, top + drop),
        (left + width, top - drop + lean / 2),
        (left + width - lean, top + height - drop),
        (left + lean, top + height + drop - lean / 2),
    )
    _hang(wall, card, corners)
    write(path, wall.filter(ImageFilter.GaussianBlur(0.8)), random=random)


def show_wall(path: Path, *, seed: int = 0) -> None:
    """Let the camera at `path` see the bare wall: no code at all."""
    random = np.random.default_rng(seed)
    write(path, _wall(random), random=random)


def write(path: Path, picture: Image.Image, *, random: np.random.Generator) -> None:
    """Write `picture`, grey, as a y4m of a few noisy frames. The file is replaced in one step."""
    base = np.asarray(picture.convert("L"), dtype=np.float32)
    grey = np.full(WIDTH * HEIGHT // 2, 128, dtype=np.uint8).tobytes()
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode())
        for _ in range(FRAMES):
            noisy = base + random.normal(0, 3, base.shape)
            file.write(b"FRAME\n" + np.clip(noisy, 0, 255).astype(np.uint8).tobytes() + grey)
    unfinished.replace(path)


def _wall(random: np.random.Generator) -> Image.Image:
    """Return a plastered wall: light from one side, a dado, a pipe."""
    across = np.linspace(168, 132, WIDTH)[None, :] + np.linspace(8, -14, HEIGHT)[:, None]
    plaster = across + random.normal(0, 5, (HEIGHT, WIDTH))
    wall = Image.fromarray(np.clip(plaster, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(wall)
    draw.rectangle((0, HEIGHT - 90, WIDTH, HEIGHT), fill=104)
    pipe = 70 + int(random.integers(0, 60))
    draw.rectangle((pipe, 0, pipe + 26, HEIGHT), fill=120)
    draw.line((pipe + 6, 0, pipe + 6, HEIGHT), fill=176, width=4)
    return wall


def _hang(wall: Image.Image, card: Image.Image, corners: Corners) -> None:
    coefficients = _perspective(corners, card.width, card.height)
    where = (Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC)
    turned = card.transform(wall.size, *where)
    mask = Image.new("L", card.size, 255).transform(wall.size, *where)
    wall.paste(turned, (0, 0), mask)


def _perspective(corners: Corners, width: int, height: int) -> list[float]:
    """Return the eight numbers that map a point of the wall back onto the card."""
    rows: list[list[float]] = []
    wanted: list[float] = []
    for (x, y), (u, v) in zip(corners, ((0, 0), (width, 0), (width, height), (0, height)), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    solved: NDArray[np.float64] = np.linalg.solve(np.array(rows), np.array(wanted))
    return [float(number) for number in solved]
