"""base64url, hashes, names of logs, check words."""

from __future__ import annotations

import base64
import hashlib

from sync.encoding import b64url_encode, check_word, log_id, sha256_hex
from tests.vectors.cases.common import OTHER_PHONE, PHONE, SERVER


def cases() -> dict[str, object]:
    """Return the content of encoding.json."""
    good = [b"", b"\x00", b"\xff\xfe", b"\xfb\xff\xbf", bytes(range(16)), "巡迹".encode()]
    bad = [
        ("padding", "AA=="),
        ("the other alphabet", "+/8"),
        ("a lonely character", "AAAAA"),
        ("bits left over", "AB"),
        ("bits left over in two bytes", "AAB"),
        ("a blank", "AA AA"),
        ("a line end", "AAAA\n"),
        ("not ASCII", "ＡＡ"),
    ]
    digests = [hashlib.sha256(text).digest() for text in (b"a", b"b")]
    return {
        "b64url": [
            {"name": f"{len(data)} bytes", "hex": data.hex(), "text": b64url_encode(data)} for data in good
        ],
        "not_b64url": [{"name": name, "text": text} for name, text in bad],
        "sha256": [
            {"name": f"the hash of {text!r}", "text": text, "hash": sha256_hex(text.encode())}
            for text in ("", "abc", "巡迹")
        ],
        "log_id": [
            {
                "name": f"the log of the {name}",
                "public_key": key.public_key,
                "log": log_id(base64.urlsafe_b64decode(key.public_key + "==")),
            }
            for name, key in (("phone", PHONE), ("other phone", OTHER_PHONE), ("server", SERVER))
        ],
        "check_word": [
            {
                "name": f"{characters} characters",
                "hex": digest.hex(),
                "characters": characters,
                "word": check_word(digest, characters=characters),
            }
            for digest in (*digests, bytes(32), b"\xff" * 32)
            for characters in (8, 12)
        ],
    }
