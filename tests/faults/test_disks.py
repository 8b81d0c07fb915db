"""The image of a disk shows what was on it at the cut, and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.faults.disks import image, same, why_no_mounts

mounts = pytest.mark.skipif(
    why_no_mounts() is not None, reason=f"no disk can be made here: {why_no_mounts()}"
)


@mounts
def test_a_cut_keeps_what_was_flushed_and_takes_the_rest(folder: Path) -> None:
    with image(folder / "image", mib=16) as disk:
        (disk.at / "flushed").write_text("1")
        subprocess.run(["sync", "-f", str(disk.at)], check=True)
        (disk.at / "held back").write_text("2")
        left = disk.cut(folder / "cut.img")
        disk.unmount()
        left.mount()
        found = {path.name for path in left.at.iterdir()} - {"lost+found"}
        left.unmount()

    assert found == {"flushed"}


@mounts
def test_a_disk_that_somebody_holds_on_to_is_no_disk_to_go_on_with(folder: Path) -> None:
    with image(folder / "image", mib=16) as disk:
        with (disk.at / "open").open("w"), pytest.raises(AssertionError, match=r"held on to by .*python"):
            disk.unmount(within_s=0)
        disk.mount()


@mounts
def test_a_disk_that_lives_on_is_not_mounted_again(folder: Path) -> None:
    with image(folder / "image", mib=16) as disk, pytest.raises(AssertionError, match="still mounted"):
        disk.mount()


@mounts
def test_a_cut_is_never_written_over_an_older_disk(folder: Path) -> None:
    with image(folder / "image", mib=16) as disk, pytest.raises(AssertionError, match="a disk already"):
        disk.cut(disk.file)


@pytest.mark.parametrize(
    ("one", "other"),
    [(b"a", b"b"), (b"a", b"\0"), (b"\0", b"a"), (b"a", b"a\0")],
    ids=["other", "lacks", "has more", "longer"],
)
def test_a_copy_of_two_moments_is_not_the_same(folder: Path, one: bytes, other: bytes) -> None:
    paths = (folder / "one", folder / "other")
    for path, tail in zip(paths, (one, other), strict=True):
        with path.open("wb") as made:
            made.seek(3 << 20)
            if tail.strip(b"\0"):
                made.write(tail)
            else:
                made.truncate((3 << 20) + len(tail))

    assert not same(*paths)
    assert same(paths[0], paths[0])
