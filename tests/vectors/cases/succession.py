"""The server's receipt key is replaced: which key a phone believes afterwards."""

from __future__ import annotations

import msgspec

from sync.messages import SignedReceipt
from sync.succession import newest, sign_change
from tests.vectors.cases.common import SERVER, T0, key

SECOND, THIRD, STRANGER = key("server 2"), key("server 3"), key("a stranger's server")


def change() -> dict[str, str]:
    """Return the change that the examples have."""
    found: dict[str, str] = msgspec.to_builtins(sign_change(SERVER, SECOND.public_key, made_ms=T0))
    return found


def cases() -> dict[str, object]:
    """Return the content of succession.json."""
    first = sign_change(SERVER, SECOND.public_key, made_ms=T0)
    second = sign_change(SECOND, THIRD.public_key, made_ms=T0 + 1)
    forged = sign_change(STRANGER, STRANGER.public_key, made_ms=T0)
    claimed = forged.body.replace(STRANGER.public_key, SERVER.public_key, 1)
    version = first.body.replace('"v":1', '"v":2')
    later = SERVER.sign(f"fieldsync/1 server key\n{version}".encode())
    altered = first.body.replace(SECOND.public_key, STRANGER.public_key)
    receipt = SERVER.sign(f"fieldsync/1 receipt\n{first.body}".encode())
    no_key = sign_change(SERVER, "AAAA", made_ms=T0)
    given: list[tuple[str, list[SignedReceipt]]] = [
        ("no change", []),
        ("one change", [first]),
        ("two changes, one after the other", [first, second]),
        ("the first is not told: nothing leads from the key that is known", [second]),
        ("out of order: as far as it leads", [second, first]),
        ("a stranger's key", [forged]),
        ("a stranger in the old key's name", [SignedReceipt(claimed, forged.sig, SERVER.log)]),
        ("altered after it was signed", [SignedReceipt(altered, first.sig, SERVER.log)]),
        ("of a later version", [SignedReceipt(version, later, SERVER.log)]),
        ("signed as a receipt is", [SignedReceipt(first.body, receipt, SERVER.log)]),
        ("to what is no key", [no_key]),
        ("junk", [SignedReceipt("{", "AAAA", "k")]),
        ("junk before a good one", [SignedReceipt("{", "AAAA", "k"), first]),
    ]
    return {
        "changes": [
            {
                "name": name,
                "known": SERVER.public_key,
                "changes": msgspec.to_builtins(changes),
                "newest": newest(SERVER.public_key, changes),
            }
            for name, changes in given
        ],
        "names": [{"name": "the second key", "public_key": SECOND.public_key, "kid": SECOND.log}],
    }
