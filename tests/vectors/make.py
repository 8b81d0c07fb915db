"""Write the shared vectors: ``python -m tests.vectors.make``.

The same input gives the same bytes (keys are fixed, signatures deterministic), so a
change of the protocol shows as a change of these files.
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path

from server.apidocs.messages import EXAMPLES
from sync.forms import KINDS

FOLDER = Path(__file__).parent
SUBJECTS = (
    "anchors",
    "chain",
    "crew",
    "encoding",
    "enrolment",
    "feed",
    "forms",
    "ids",
    "leaving",
    "messages",
    "meters",
    "orders",
    "photos",
    "proof",
    "receipts",
    "recurrence",
    "records",
    "refusals",
    "rescue",
    "stock",
    "strict",
    "succession",
    "tags",
    "time",
    *(f"forms/{kind}" for kind in KINDS),
)


def content(subject: str) -> str:
    """Return the text of one file of vectors."""
    cases = importlib.import_module(f"tests.vectors.cases.{subject.replace('/', '.')}").cases()
    return json.dumps(cases, ensure_ascii=False, indent=1) + "\n"


def examples() -> str:
    """Return the example of each message as the description of the API shows it."""
    cases = importlib.import_module("tests.vectors.cases.messages").cases()["examples"]
    return json.dumps({c["name"]: c["message"] for c in cases}, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write every file."""
    for subject in SUBJECTS:
        (FOLDER / f"{subject}.json").write_text(content(subject), "utf-8")
    EXAMPLES.write_text(examples(), "utf-8")


if __name__ == "__main__":
    main()
