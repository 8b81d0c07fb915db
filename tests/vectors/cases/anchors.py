"""Anchor tokens."""

from __future__ import annotations

from sync.anchors import Anchor, make_anchor
from tests.vectors.cases.common import BOOT, OTHER_PHONE, PHONE, SERVER, T0


def cases() -> dict[str, object]:
    """Return the content of anchors.json."""
    plain = Anchor(T0, T0 + 5, 1_000, BOOT)
    odd = Anchor(T0, -86_400_000, 0, BOOT)
    good = make_anchor(SERVER, PHONE.log, plain)
    sig = good.rsplit(".", 1)[1]

    def case(name: str, log: str, token: str, anchor: Anchor | None) -> dict[str, object]:
        members = anchor and {
            "server_ms": anchor.server_ms,
            "wall": anchor.wall,
            "mono": anchor.mono,
            "boot": anchor.boot,
        }
        return {"name": name, "public_key": SERVER.public_key, "log": log, "token": token, "anchor": members}

    return {
        "anchors": [
            case("the server's anchor", PHONE.log, good, plain),
            case("a phone's clock before 1970", PHONE.log, make_anchor(SERVER, PHONE.log, odd), odd),
            case("of another log", OTHER_PHONE.log, good, None),
            case("by another key", PHONE.log, make_anchor(OTHER_PHONE, PHONE.log, plain), None),
            case("the time changed", PHONE.log, good.replace(str(T0), str(T0 - 1), 1), None),
            case("another spelling of a number", PHONE.log, f"0{good}", None),
            case("beyond 2^53", PHONE.log, f"9007199254740992.0.0.{BOOT}.{sig}", None),
            case("no signature", PHONE.log, plain.text, None),
            case("a line end after it", PHONE.log, good + "\n", None),
            case("nothing", PHONE.log, "", None),
        ]
    }
