"""What a piece of bad input may cost whoever reads it: 2 s of the processor, 64 MB of memory.

Neither depends on what else the machine does: time is this thread's own, and memory is the peak of
this process, which Linux lets a process reset (elsewhere only what was kept is seen).
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MOST_CPU_S = 2.0
MOST_BYTES = 64 * 1_048_576

_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")


@contextmanager
def bounded(what: str) -> Iterator[None]:
    """Fail when what is done within costs more than one piece of bad input may.

    :param what: which one it is
    """
    began, before = time.thread_time(), _lower()
    yield
    cost, grown = time.thread_time() - began, _kib("VmHWM") * 1_024 - before
    assert cost <= MOST_CPU_S, f"{what}: {cost:.1f} s of the processor"
    assert grown <= MOST_BYTES, f"{what}: {grown / 1_048_576:.0f} MiB"


def _lower() -> int:
    """Bring the peak down to what is held now, and return that in bytes."""
    if _RESET.exists():
        _RESET.write_text("5")
    return _kib("VmHWM") * 1_024


def _kib(name: str) -> int:
    if not _STATUS.exists():
        return 0
    found = re.search(rf"^{name}:\s+(\d+) kB$", _STATUS.read_text(), re.MULTILINE)
    assert found is not None
    return int(found.group(1))
