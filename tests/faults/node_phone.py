"""The app's own phone engine in a Node process, driven from Python by JSON lines.

The same TypeScript that a browser runs (store, sealing, rounds, network port), with IndexedDB in memory.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

PWA = Path(__file__).resolve().parent.parent.parent / "pwa"


@cache
def engine() -> Path:
    """Return the bundled engine; built once per test process."""
    built = Path(tempfile.mkdtemp(prefix="rm-node-phone-")) / "phone.mjs"
    rolldown = PWA / "node_modules" / ".bin" / "rolldown"
    command = ["src/testing/node-phone.ts", "--file", str(built), "--format", "esm", "--platform", "node"]
    subprocess.run(
        [str(rolldown), *command, "--log-level", "silent"], cwd=PWA, check=True, capture_output=True
    )
    return built


class PhoneFailed(AssertionError):
    """The phone's own code raised: what it said."""


@dataclass
class NodePhone:
    """A phone that asks the server at `url`. Use it as a context manager, or call `start` and `close`."""

    url: str
    skew_ms: int = 0
    """How far its clock is ahead."""
    actor: str | None = None
    """The person who is signed in."""
    _process: subprocess.Popen[str] | None = field(default=None, init=False)

    def start(self) -> NodePhone:
        """Start the process."""
        self._process = subprocess.Popen(
            ["node", str(engine()), self.url, str(self.skew_ms)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        return self

    def close(self) -> None:
        """End the process; what it kept is gone."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def __enter__(self) -> NodePhone:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    # -- what it can be told

    def begin(self, do: str, **said: Any) -> None:
        """Tell it to do something, without waiting for it."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **said}) + "\n")
        self._process.stdin.flush()

    def finish(self) -> dict[str, Any]:
        """Wait for the answer to what was begun first."""
        assert self._process is not None
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise PhoneFailed("the phone's process ended")
        said = json.loads(line)
        if "error" in said:
            raise PhoneFailed(said["error"])
        answer: dict[str, Any] = said["answer"]
        return answer

    def tell(self, do: str, **said: Any) -> dict[str, Any]:
        """Tell it to do something and wait for its answer."""
        self.begin(do, **said)
        return self.finish()

    def join(self, code: str, name: str = "Node") -> None:
        """Ask to join with a supervisor's code; a supervisor has to confirm the phone, then `confirm`."""
        answer = self.tell("join", code=code, name=name)
        assert answer["ok"], answer

    def confirm(self) -> None:
        """Hear from the server that a supervisor has confirmed the phone."""
        answer = self.tell("state")
        assert answer == {"ok": True, "value": "active"}, answer

    def wait_only(self, patience: float) -> None:
        """From now on wait for an answer this part of the time that a phone in the field waits."""
        self.tell("patience", share=patience)

    def save(
        self, records: int = 1, *, photos: int = 0, size: int = 3_000, seed: int = 1
    ) -> dict[str, list[str]]:
        """Save findings, the first `photos` of them with a photo of about `size` bytes; return the hashes."""
        said = {"actor": self.actor, "seed": seed}
        return self.tell("save", **said, records=records, photos=photos, bytes=size)

    def round(self) -> dict[str, Any]:
        """Run one round; return how it ended."""
        return self.tell("round")

    def drain(self, *, within_s: float = 60) -> dict[str, Any]:
        """Run rounds until everything is sent; fail when it is not in time."""
        answer = self.tell("drain", within_ms=int(within_s * 1000))
        assert answer["full"], answer
        return answer

    def counts(self) -> dict[str, Any]:
        """Return what is unsent, refused, damaged."""
        return self.tell("counts")

    def dump(self) -> dict[str, Any]:
        """Return all records and photos that it keeps, its rows and its head."""
        return self.tell("dump")
