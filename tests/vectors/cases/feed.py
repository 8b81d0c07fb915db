"""Rows of the feed, their digests and chain; cursors, which only the server reads."""

from __future__ import annotations

from dataclasses import asdict

from sync.encoding import ZERO_HASH
from sync.feed import Cursor, Resume, chain_step, digest, make_cursor, make_resume, row_bytes, scope_hash
from tests.vectors.cases.common import CHECKPOINT, PERSON, SITE

CURSOR_KEY = bytes(range(32))


def cases() -> dict[str, object]:
    """Return the content of feed.json."""
    rows = [
        row_bytes(
            kind="checkpoint",
            id=CHECKPOINT,
            scope=SITE,
            version=4,
            op="upsert",
            body={
                "id": CHECKPOINT,
                "number": "B2-07",
                "name": {"zh": "水泵房", "en": "Pump room"},
                "zone": None,
                "retired": False,
            },
        ),
        row_bytes(kind="person", id=PERSON, scope=SITE, version=2, op="leave", body=None),
    ]
    chain = ZERO_HASH
    steps: list[dict[str, object]] = []
    for name, row in zip(("an upsert", "a leave"), rows, strict=True):
        after = chain_step(chain, digest(row))
        steps.append(
            {"name": name, "row": row.decode(), "digest": digest(row), "chain": chain, "next": after}
        )
        chain = after
    scopes = scope_hash([SITE])
    cursor = make_cursor(CURSOR_KEY, Cursor("e1", 2, chain, scopes))
    head, tail = cursor.split(".")
    opened = {"epoch": "e1", "pos": 2, "chain": chain, "scopes": scopes}
    place = Resume("e1", 2, chain, SITE, "checkpoint", CHECKPOINT, 4)
    resume = make_resume(CURSOR_KEY, place)
    resume_head, resume_tail = resume.split(".")
    return {
        "rows": steps,
        "scopes": [
            {"name": "one site", "scopes": [SITE], "hash": scopes},
            {
                "name": "order and repeats do not matter",
                "scopes": ["b", "a", "b"],
                "hash": scope_hash(["a", "b"]),
            },
            {"name": "no site", "scopes": [], "hash": scope_hash([])},
        ],
        "cursors": [
            {"name": name, "key": CURSOR_KEY.hex(), "cursor": text, "opened": result}
            for name, text, result in [
                ("the server's cursor", cursor, opened),
                ("another MAC", f"{head}.{'A' * 22}", None),
                ("no MAC", head, None),
                ("another place", f"{'B' + head[1:]}.{tail}", None),
                ("a place in a snapshot", resume, None),
                ("junk", "cursor", None),
                ("nothing", "", None),
            ]
        ],
        "resumes": [
            {"name": name, "key": CURSOR_KEY.hex(), "resume": text, "opened": result}
            for name, text, result in [
                ("the server's place in a snapshot", resume, asdict(place)),
                ("another MAC", f"{resume_head}.{'A' * 22}", None),
                ("another place", f"{'B' + resume_head[1:]}.{resume_tail}", None),
                ("a cursor", cursor, None),
                ("nothing", "", None),
            ]
        ],
    }
