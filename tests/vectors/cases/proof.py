"""Proofs of requests, and the proof nonce."""

from __future__ import annotations

from sync.proof import authorization, make_nonce, proof_message
from tests.vectors.cases.common import PHONE, T0

NONCE_KEY = bytes(range(32))


def cases() -> dict[str, object]:
    """Return the content of proof.json."""
    nonce = make_nonce(NONCE_KEY, T0)
    requests = [
        ("a hello", "POST", "/api/v1/sync/hello", '{"proto":1}'),
        ("a photo's head", "HEAD", f"/api/v1/blobs/{PHONE.log}/{'0' * 64}", ""),
        ("a path with a query", "GET", "/api/v1/x?y=%20&z=1", "巡迹"),
    ]
    good = f'Fieldsync log="{PHONE.log}", nonce="{nonce}", sig="{"A" * 86}"'
    return {
        "requests": [
            {
                "name": name,
                "method": method,
                "path": path,
                "nonce": nonce,
                "body": body,
                "message": proof_message(method=method, path=path, nonce=nonce, body=body.encode()).decode(),
                "public_key": PHONE.public_key,
                "log": PHONE.log,
                "authorization": authorization(
                    PHONE, method=method, path=path, nonce=nonce, body=body.encode()
                ),
            }
            for name, method, path, body in requests
        ],
        "headers": [
            {"name": "a proof", "header": good, "good": True},
            {"name": "no header", "header": "", "good": False},
            {"name": "another scheme", "header": good.replace("Fieldsync", "Bearer"), "good": False},
            {"name": "no signature", "header": good.split(", sig", maxsplit=1)[0], "good": False},
            {"name": "something after it", "header": good + ", x", "good": False},
            {"name": "a line end after it", "header": good + "\n", "good": False},
            {
                "name": "a log in upper case",
                "header": good.replace(PHONE.log, PHONE.log.upper()),
                "good": False,
            },
        ],
        "nonces": [
            {"name": name, "key": NONCE_KEY.hex(), "nonce": text, "now_ms": now, "fresh": fresh}
            for name, text, now, fresh in [
                ("at once", nonce, T0, True),
                ("after five minutes", nonce, T0 + 300_000, True),
                ("a millisecond later", nonce, T0 + 300_001, False),
                ("from the future", nonce, T0 - 1, False),
                ("of another key", make_nonce(b"x" * 32, T0), T0, False),
                ("with another time", nonce.replace(str(T0), str(T0 + 1)), T0 + 1, False),
                ("junk", "nonce", T0, False),
            ]
        ],
    }
