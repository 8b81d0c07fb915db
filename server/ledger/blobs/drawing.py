"""Has pictures decoded by a process beside the server's, which a bad one may only take with itself.

One process for each of the server's, and one picture at a time: so much memory is used and no more.
"""

from __future__ import annotations

import atexit
import errno
import os
import select
import struct
import subprocess
import sys
import threading
import time
from mmap import mmap
from pathlib import Path

SCRIPT = Path(__file__).with_name("drawer.py")
WAIT_S = 120.0
"""So long an answer is waited for. The decoder's own limit counts its work, not how busy the machine is."""
_BLOCK = 65_536


class Undrawable(ValueError):
    """No picture can be made of the photo's data: broken, too large to decode, or deadly."""


def check(photo: bytes | mmap) -> None:
    """Decode a photo once.

    :raises Undrawable: its data are broken
    :raises OSError: the machine cannot just now
    """
    _drawer.ask(photo, width=0)


def thumbnail(photo: bytes, width: int) -> bytes:
    """Return a JPEG at most `width` pixels wide, drawn afresh, so that no EXIF and no comment comes along.

    :raises Undrawable: the photo's data are broken
    :raises OSError: the machine cannot just now
    """
    return _drawer.ask(photo, width=width)


class _Drawer:
    """The process, begun when it is needed and begun anew when it died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(self, photo: bytes | mmap, *, width: int) -> bytes:
        with self._lock:
            process = self._running()
            try:
                good, told = _exchange(process, struct.pack(">II", width, len(photo)), photo)
            except (EOFError, BrokenPipeError):
                self.end()
                raise Undrawable("the decoder died of it") from None
            except BaseException:
                self.end()
                raise
        if not good:
            raise Undrawable(told.decode())
        return told

    def _running(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():
            self._process = None  # that of the process from which this one was forked
        if self._process is None or self._process.poll() is not None:
            self.end()
            self._process = subprocess.Popen(  # noqa: S603  our own script
                [sys.executable, "-I", str(SCRIPT)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={},
            )
            self._owner = os.getpid()
        return self._process

    def end(self) -> None:
        """Let the process go, if there is one of ours."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _exchange(process: subprocess.Popen[bytes], *parts: bytes | mmap) -> tuple[bool, bytes]:
    """Send the parts of a request and return whether it went well, and what was answered.

    :raises EOFError, BrokenPipeError: the process died
    :raises TimeoutError: it says nothing
    """
    assert process.stdin is not None  # noqa: S101  both are pipes
    assert process.stdout is not None  # noqa: S101
    for part in parts:
        sent = 0
        with memoryview(part) as left:
            while sent < len(left):
                with left[sent : sent + _BLOCK] as block:
                    sent += os.write(process.stdin.fileno(), block)
    until = time.monotonic() + WAIT_S
    head = _read(process.stdout.fileno(), 5, until)
    return head[:1] == b"+", _read(process.stdout.fileno(), int.from_bytes(head[1:], "big"), until)


def _read(pipe: int, length: int, until: float) -> bytes:
    found = bytearray()
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    while len(found) < length:
        if not poll.poll(max(0.0, until - time.monotonic()) * 1_000):
            raise TimeoutError(errno.EAGAIN, "the decoder does not answer")
        block = os.read(pipe, min(length - len(found), _BLOCK))
        if not block:
            raise EOFError
        found += block
    return bytes(found)


_drawer = _Drawer()
atexit.register(_drawer.end)
