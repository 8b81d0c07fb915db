"""Anchors: the server's signed time, bound to one phone's clocks.

A record that names an anchor was made after it. See ``docs/protocol/time.md``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sync.keys import SigningKey, verify
from sync.strict import MAX_INTEGER

_TOKEN = re.compile(r"(-?[0-9]{1,16})\.(-?[0-9]{1,16})\.([0-9]{1,16})\.([0-9a-f]{8})\.([A-Za-z0-9_-]{86})\Z")


@dataclass(frozen=True, slots=True)
class Anchor:
    """The server's time `server_ms` and the phone's clocks as its request stated them, in ms."""

    server_ms: int
    wall: int
    mono: int
    boot: str

    @property
    def text(self) -> str:
        """The signed part of the token."""
        return f"{self.server_ms}.{self.wall}.{self.mono}.{self.boot}"


def make_anchor(key: SigningKey, log: str, anchor: Anchor) -> str:
    """Return the anchor's token for `log`, signed by the server's receipt key."""
    return f"{anchor.text}.{key.sign(_message(log, anchor.text))}"


def parse_anchor(token: str) -> Anchor | None:
    """Return what a token claims, or None when it is none. Nothing is verified."""
    match = _TOKEN.match(token)
    if match is None:
        return None
    server_ms, wall, mono = (int(match.group(i)) for i in (1, 2, 3))
    if max(abs(server_ms), abs(wall), mono) > MAX_INTEGER:
        return None
    anchor = Anchor(server_ms, wall, mono, match.group(4))
    # A number has one form: "007" would be another text with the same meaning.
    return anchor if token.startswith(anchor.text + ".") else None


def verify_anchor(public_key: str, log: str, token: str | None) -> Anchor | None:
    """Return the anchor when the server's key signed it for this very log, else None."""
    anchor = parse_anchor(token or "")
    if anchor is None or token is None:
        return None
    sig = token[len(anchor.text) + 1 :]
    return anchor if verify(public_key, _message(log, anchor.text), sig) else None


def _message(log: str, text: str) -> bytes:
    return f"fieldsync/1 anchor\n{log}\n{text}".encode("ascii", "replace")
