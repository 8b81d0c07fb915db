"""`make mutants`: break one mechanism at a time, run its directed test, and fail when one stays green.

Works in a copy of the tracked files, so the tree itself is never touched. Each test is run once on the
sound copy first: a test that is red anyway kills nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.mutants.catalogue import MUTANTS
from tests.mutants.mutant import Mutant, applied

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT_S = 300


def main() -> None:
    """Run what was asked for and print a line for each mutant."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--only", default="", help="only mutants whose name contains this")
    only = asked.parse_args().only
    chosen = [mutant for mutant in MUTANTS if only in mutant.name]
    survived: list[str] = []
    with tempfile.TemporaryDirectory(prefix="roundsman-mutants-") as folder:
        copy = Path(folder)
        _copy(copy)
        sound = {test: _verdict(test, copy) for test in dict.fromkeys(mutant.test for mutant in chosen)}
        for mutant in chosen:
            began = time.monotonic()
            told = _judge(mutant, copy, sound)
            print(f"{told:10} {time.monotonic() - began:5.1f} s  {mutant.name}  [{mutant.test}]", flush=True)
            if told != "killed":
                survived.append(mutant.name)
    print(f"{len(chosen)} mutants, {len(chosen) - len(survived)} killed")
    if survived:
        sys.exit("not killed: " + "; ".join(survived))


def _judge(mutant: Mutant, copy: Path, sound: dict[str, str]) -> str:
    if sound[mutant.test] != "green":
        return f"{sound[mutant.test]}!"
    with applied(mutant, copy):
        return {"red": "killed", "green": "SURVIVED"}.get(_verdict(mutant.test, copy), "broken!")


def _copy(target: Path) -> None:
    """Copy what git tracks, and link what is installed."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    for installed in (".venv", "pwa/node_modules", "pwa/dist"):
        (target / installed).symlink_to(ROOT / installed)


def _verdict(test: str, copy: Path) -> str:
    """Return `green`, `red`, or `broken` when the test did not run at all."""
    return _vitest(test, copy) if ".test.ts" in test else _pytest(test, copy)


def _pytest(test: str, copy: Path) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test]
    code = _run(command, copy)
    return {0: "green", 1: "red"}.get(code, "broken")


def _vitest(test: str, copy: Path) -> str:
    file, _, title = test.partition(" > ")
    report = copy / "vitest.json"
    report.unlink(missing_ok=True)
    command = ["node", "--import", "./scripts/node20.mjs", "node_modules/vitest/vitest.mjs", "run", file]
    command += ["-t", re.escape(title)] if title else []
    _run([*command, "--reporter=json", f"--outputFile={report}"], copy / "pwa")
    if not report.exists():
        return "broken"
    told = json.loads(report.read_text("utf-8"))
    if told["numFailedTests"] > 0:
        return "red"
    return "green" if told["success"] and told["numPassedTests"] > 0 else "broken"


def _run(command: list[str], folder: Path) -> int:
    """Run a command quietly; a test that hangs on a mutant has noticed it too.

    Byte code of the sound file must not stand for the mutant: none is written.
    """
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        return subprocess.run(
            command, cwd=folder, env=env, capture_output=True, timeout=LIMIT_S, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        return 1


if __name__ == "__main__":
    main()
