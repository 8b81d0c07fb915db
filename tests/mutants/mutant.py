"""What a mutant is, and how it is put into a copy of the project."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mechanism broken in one place."""

    name: str
    """What is broken, in words of the field."""
    file: str
    """Path from the root of the project."""
    old: str
    """Text that stands in the file exactly once."""
    new: str
    test: str
    """What must go red: a pytest node id, with or without parameters, or `path.test.ts > its title`."""


@contextmanager
def applied(mutant: Mutant, root: Path) -> Iterator[None]:
    """Put the mutant into the tree at `root`, and take it out again.

    :raises ValueError: its text does not stand there exactly once
    """
    path = root / mutant.file
    sound = path.read_text("utf-8")
    path.write_text(broken(mutant, sound), "utf-8")
    try:
        yield
    finally:
        path.write_text(sound, "utf-8")


def broken(mutant: Mutant, sound: str) -> str:
    """Return the file's text with the mutant in it.

    :raises ValueError: the text that it breaks does not stand there exactly once
    """
    if (count := sound.count(mutant.old)) != 1:
        raise ValueError(f"{mutant.name}: its text stands {count} times in {mutant.file}")
    return sound.replace(mutant.old, mutant.new)
