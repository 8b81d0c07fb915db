"""Runs every long harness in a row and prints the conservation equation of each.

python -m tests.faults.soak [target ...]
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

TARGETS: dict[str, list[str]] = {
    "simulate": [],
    "simulate-phone": ["ROUNDS=10000"],
    "faults": [],
    "race": [],
    "kill": ["KILLS=500"],
    "kill-chromium": ["KILLS=30"],
    "powercut": ["CUTS=50"],
    "powercut-chromium": [],
    "month": [],
    "pg-restarts": [],
    "rollback": [],
    "full-disk": [],
    "storm": ["PHONES=2000"],
}
"""Make targets, with the numbers that a soak asks for."""


def main() -> None:
    """Run, print as they go, and sum up."""
    chosen = sys.argv[1:] or list(TARGETS)
    equations: list[str] = []
    failed: list[str] = []
    for target in chosen:
        began = time.monotonic()
        command = ["make", "--no-print-directory", target, *TARGETS[target]]
        print(f"== {' '.join(command)}", flush=True)
        with subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as running:
            assert running.stdout is not None
            for line in running.stdout:
                print(line, end="", flush=True)
                if "captured" in line or "not done here" in line:
                    equations.append(line.strip())
        took = time.monotonic() - began
        print(f"== {target}: {'ok' if running.returncode == 0 else 'FAILED'} in {took:.0f} s", flush=True)
        if running.returncode:
            failed.append(target)
    print("\nEvery equation: captured = applied + held + forked + quarantined + pending on the phones")
    for line in equations:
        print(f"  {line}")
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
