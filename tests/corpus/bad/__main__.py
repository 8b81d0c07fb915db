"""`python -m tests.corpus.bad`: how many cases of bad input there are, by class.

Counted is what the generators yield, each case once, however many messages or engines it is sent to:
what stands around a message's members is made for each message, and counts for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tests.corpus.bad import console, exports, login, meaning, records, rows, syntax, web, wire

UUID = meaning.UUID
CLOCK = {"wall": 1, "mono": 1, "boot": "b7c1d2e3", "tz": "Asia/Shanghai"}


def message(name: str) -> dict[str, Any]:
    """Return a message that has every member of its shape; whether they are right does not matter here."""
    made: dict[str, Any] = {}
    for path in meaning.SHAPES[name]:
        *way, last = path.split(".")
        place: Any = made
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        place[last] = [{}] if last == "records" and isinstance(place, dict) and not way else {}
    return made


def record() -> dict[str, Any]:
    """Return the members of a record that a case changes."""
    return {"site": UUID, "t": {}, "p": {"target": {}}, "v": 1, "type": "finding", "tv": 1, "actor": UUID}


CLASSES: dict[str, Callable[[], Iterable[object]]] = {
    "JSON syntax": lambda: syntax.cases(b'{"proto":1,"nonce":"A"}'),
    "meaning of messages": lambda: (
        case
        for name in meaning.SHAPES
        for case in (*meaning.cases(name, message(name)), *meaning.floats(name, message(name)))
    ),
    "console: meaning": lambda: (
        case for body in console.bodies(console.NOBODY).values() for case in console.cases(body)
    ),
    "records": lambda: records.cases(record()),
    "texts": lambda: records.TEXTS,
    "HTTP: types and packing": lambda: web.bodies(b"{}"),
    "HTTP: bombs": web.bombs,
    "HTTP: bare connections": wire.cases,
    "proofs, nonces, methods, addresses": lambda: (
        *web.PROOFS,
        *web.STALE,
        *web.METHODS,
        *web.ADDRESSES,
    ),
    "authentication": lambda: (
        *login.strangers("A" * 43, "0" * 64),
        *login.elsewhere("http://localhost"),
        *login.bodies(),
    ),
    "exports": exports.cases,
    "rows on the phone": rows.cases,
}


def counts() -> dict[str, int]:
    """Return how many cases each class has."""
    return {name: sum(1 for _ in cases()) for name, cases in CLASSES.items()}


def main() -> None:
    """Print them."""
    found = counts()
    for name, count in found.items():
        print(f"{count:6,}  {name}")
    print(f"{sum(found.values()):6,}  in all")


if __name__ == "__main__":
    main()
