"""Disks that can lose their power or run full: an ext4 image, a small tmpfs. For root on Linux."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

UNMOUNT_S = 30.0
"""So long whoever works on an image may take to let go of it after a SIGKILL."""

PIECE = 1 << 20


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
        assert not self._loops(), f"{self.file} is still mounted somewhere: that would be shown, not the file"
        self.at.mkdir(parents=True, exist_ok=True)
        _run("mount", "-o", "loop", str(self.file), str(self.at))
        self._mounted = True

    def unmount(self, within_s: float = UNMOUNT_S) -> None:
        """Unmount it, and wait until the kernel has let go of it.

        :raises AssertionError: somebody holds on to it; it is out of the way, and lives on for them
        """
        if not self._mounted:
            return
        self._mounted = False
        deadline = time.monotonic() + within_s
        while subprocess.run(["umount", str(self.at)], check=False, capture_output=True).returncode:
            if time.monotonic() > deadline:
                holders = _users(self.at)
                _run("umount", "--lazy", str(self.at))
                raise AssertionError(f"{self.file} is held on to by {holders}")
            time.sleep(0.1)
        while self._loops():  # it may be mounted in another name space, too
            assert time.monotonic() < deadline, f"{self.file} is unmounted, and somebody still has it"
            time.sleep(0.1)

    def cut(self, copy: Path) -> Image:
        """Return what the disk holds at this moment, as an image that is not mounted.

        The caller has stopped everybody who writes. Nothing is synced: only what had been flushed
        before is in the file. When the kernel writes back in the middle of the copying, it is
        copied again, for a disk does not hold half of two moments. The copy is a new file: over one
        that the kernel still knows, a mount would show what the kernel knows.
        """
        assert not copy.exists(), f"{copy} was a disk already"
        for _ in range(20):
            _run("cp", "--sparse=always", str(self.file), str(copy))
            if same(self.file, copy):
                return Image(copy, self.at)
        raise AssertionError("the disk does not come to rest")

    def _loops(self) -> str:
        """Return the loop devices that have the file."""
        return subprocess.run(
            ["losetup", "-j", str(self.file)], check=True, capture_output=True, text=True
        ).stdout.strip()

    def check(self) -> None:
        """Have e2fsck look at it, unmounted; a journal that was to be replayed is no fault."""
        assert not self._mounted
        done = subprocess.run(["e2fsck", "-fy", str(self.file)], check=False, capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stdout + done.stderr


def same(file: Path, copy: Path) -> bool:
    """Return whether a copy equals its file now.

    If it does, it is of one moment: of that between the end of the copying and the begin of the comparing.
    Times of change cannot tell, for they are as coarse as 4 ms.
    """
    size = file.stat().st_size
    if copy.stat().st_size != size:
        return False
    with file.open("rb") as one, copy.open("rb") as other:
        for begin, end in (*_extents(one.fileno(), size), *_extents(other.fileno(), size)):
            for at in range(begin, end, PIECE):
                length = min(PIECE, end - at)
                if os.pread(one.fileno(), length, at) != os.pread(other.fileno(), length, at):
                    return False
    return True


def _extents(file: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield from where to where there are data; the rest are holes, which are zeros."""
    at = 0
    while at < size:
        try:
            at = os.lseek(file, at, os.SEEK_DATA)
        except OSError:  # nothing but a hole is left
            return
        end = os.lseek(file, at, os.SEEK_HOLE)
        yield at, end
        at = end


def _users(at: Path) -> list[str]:
    """Return who has a file open below a folder, or stands in it."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with suppress(OSError):
                links = [process / "cwd", process / "root", *(process / "fd").iterdir()]
                if any(str(link.readlink()).startswith(f"{at}/") for link in links):
                    found.append(f"{process.name} ({(process / 'comm').read_text().strip()})")
    return found


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
