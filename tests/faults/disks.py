"""Disks that can lose their power or run full: an ext4 image, a small tmpfs. For root on Linux."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path


@cache
def why_no_mounts() -> str | None:
    """Return why file systems cannot be made and mounted here, or None when they can."""
    if sys.platform != "linux":
        return "only Linux has loop devices and tmpfs"
    if os.geteuid() != 0:
        return "only root may mount"
    missing = [
        tool for tool in ("mkfs.ext4", "e2fsck", "mount", "umount", "losetup") if not shutil.which(tool)
    ]
    if missing:
        return f"{', '.join(missing)} is not installed"
    tried = subprocess.run(["losetup", "-f"], check=False, capture_output=True, text=True)
    return None if tried.returncode == 0 else f"no loop device: {tried.stderr.strip()}"


class Image:
    """A file with an ext4 file system, mounted at `at`.

    What the kernel holds back of it is not in the file: a copy of the file, taken while everybody
    is stopped and before anything is synced, is what a disk holds after a power cut.
    """

    def __init__(self, file: Path, at: Path) -> None:
        self.file = file
        self.at = at
        self._mounted = False

    @classmethod
    def make(cls, file: Path, at: Path, *, mib: int) -> Image:
        """Make and mount an empty one."""
        with file.open("wb") as made:
            made.truncate(mib * 1024 * 1024)
        _run("mkfs.ext4", "-q", "-F", "-b", "4096", "-E", "lazy_itable_init=0,lazy_journal_init=0", str(file))
        image = cls(file, at)
        image.mount()
        image.at.chmod(0o755)
        return image

    def mount(self) -> None:
        """Mount it; ext4 replays its journal if it was not unmounted."""
        self.at.mkdir(parents=True, exist_ok=True)
        _run("mount", "-o", "loop", str(self.file), str(self.at))
        self._mounted = True

    def unmount(self) -> None:
        """Unmount it, however long somebody still holds on to it."""
        if not self._mounted:
            return
        for _ in range(100):
            if subprocess.run(["umount", str(self.at)], check=False, capture_output=True).returncode == 0:
                self._mounted = False
                return
            time.sleep(0.1)
        _run("umount", "--lazy", str(self.at))
        self._mounted = False

    def cut(self, copy: Path) -> Image:
        """Return what the disk holds at this moment, as an image that is not mounted.

        The caller has stopped everybody who writes. Nothing is synced: only what had been flushed
        before is in the file. When the kernel writes back in the middle of the copying, it is
        copied again, for a disk does not hold half of two moments.
        """
        for _ in range(20):
            before = self.file.stat().st_mtime_ns
            _run("cp", "--sparse=always", str(self.file), str(copy))
            if self.file.stat().st_mtime_ns == before:
                return Image(copy, self.at)
        raise AssertionError("the disk does not come to rest")

    def check(self) -> None:
        """Have e2fsck look at it, unmounted; a journal that was to be replayed is no fault."""
        assert not self._mounted
        done = subprocess.run(["e2fsck", "-fy", str(self.file)], check=False, capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stdout + done.stderr


@contextmanager
def image(folder: Path, *, mib: int) -> Iterator[Image]:
    """Lend a mounted image in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Image.make(folder / "disk.img", folder / "disk", mib=mib)
    try:
        yield made
    finally:
        made.unmount()


@contextmanager
def tmpfs(at: Path, *, size: str, inodes: int | None = None) -> Iterator[Path]:
    """Lend a file system in memory of a given size, such as `4m`."""
    at.mkdir(parents=True, exist_ok=True)
    options = f"size={size},mode=0755" + (f",nr_inodes={inodes}" if inodes else "")
    _run("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(at))
    try:
        yield at
    finally:
        for _ in range(100):
            if subprocess.run(["umount", str(at)], check=False, capture_output=True).returncode == 0:
                break
            time.sleep(0.1)
        else:
            _run("umount", "--lazy", str(at))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
