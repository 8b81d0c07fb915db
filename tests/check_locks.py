"""Every lock is hashed and names no registry host."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def faults() -> list[str]:
    """Return a sentence per fault of a lock."""
    found = []
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-setup.lock"):
        text = (ROOT / name).read_text("utf-8")
        if re.search(r"https?://", text):
            found.append(f"{name} names a host")
        pins = re.findall(r"^[a-z0-9][\w.\-\[\]]*==", text, re.MULTILINE | re.IGNORECASE)
        blocks = re.split(r"^(?=[a-z0-9][\w.\-\[\]]*==)", text, flags=re.MULTILINE | re.IGNORECASE)[1:]
        if not pins or any("--hash=sha256:" not in block for block in blocks):
            found.append(f"{name} has a pin without a hash")
    lock = json.loads((ROOT / "pwa/package-lock.json").read_text("utf-8"))
    for path, package in lock["packages"].items():
        if "resolved" in package:
            found.append(f"package-lock.json names a host for {path}")
        if path and not package.get("link") and "integrity" not in package:
            found.append(f"package-lock.json has no hash for {path}")
    return found


if __name__ == "__main__":
    problems = faults()
    for line in problems:
        print(line, file=sys.stderr)
    sys.exit(1 if problems else 0)
