"""refusals.json: everything that the server says no to a phone with. docs/protocol/messages.md, photos.md.

`title` and `detail` are for people and may read otherwise; the rest is the protocol.
"""

from __future__ import annotations

ENROL, HELLO, PUSH, RAW, PULL = (f"/api/v1/sync/{name}" for name in ("enrol", "hello", "push", "raw", "pull"))
PHOTO = "/api/v1/blobs/k3vqz5c4y6kd2m7a5r6hzp3xwe"

Refusal = tuple[str, int, str, str, dict[str, object], dict[str, str]]
"""Slug, status, path, title, members, headers."""


def _reset(reason: str) -> Refusal:
    return "reset", 409, PULL, "Pull again from the beginning", {"reason": reason}, {}


REFUSALS: tuple[Refusal, ...] = (
    ("bad-message", 400, PUSH, "This is not a message of the protocol", {"reason": "duplicate_key"}, {}),
    ("bad-key", 400, ENROL, "The request is not signed by the key that it names", {}, {}),
    ("bad-upload", 400, PHOTO, "This is not an upload of a photo", {"reason": "upload-length"}, {}),
    ("proof-missing", 401, PUSH, "The request carries no proof", {}, {}),
    ("proof-stale", 401, PUSH, "The proof is too old", {}, {}),
    ("proof-wrong", 401, PUSH, "The proof does not fit the request", {}, {}),
    ("unknown-log", 401, HELLO, "This log is not known", {}, {}),
    ("device-draining", 403, PULL, "This phone only hands over what it has", {}, {}),
    ("device-revoked", 403, HELLO, "This phone does not belong to the site", {}, {}),
    ("device-waiting", 403, HELLO, "This phone waits to be confirmed", {}, {}),
    ("not-found", 404, PHOTO, "Nothing of this name here", {}, {}),
    _reset("cursor"),
    _reset("epoch"),
    _reset("chain"),
    _reset("horizon"),
    _reset("scope"),
    ("blob-unknown", 409, PHOTO, "No record of this log names the photo", {}, {}),
    (
        "blob-offset",
        409,
        PHOTO,
        "The upload goes on at another place",
        {"offset": 262_144},
        {"Upload-Offset": "262144"},
    ),
    ("enrolment-over", 410, ENROL, "This code is over; ask for a new one", {}, {}),
    ("tus-version", 412, PHOTO, "Only tus 1.0.0 is spoken here", {}, {"Tus-Version": "1.0.0"}),
    ("too-large", 413, PUSH, "The request is too large", {}, {}),
    ("blob-too-large", 413, PHOTO, "The photo is too large", {}, {}),
    ("media-type", 415, PUSH, "This media type is not taken here", {}, {}),
    ("blob-type", 415, PHOTO, "This is not a JPEG, PNG or WebP photo, nor a voice note", {}, {}),
    ("wrong-host", 421, HELLO, "This server has another address", {}, {}),
    ("blob-busy", 423, PHOTO, "Another request writes to this upload", {"retryable": True}, {}),
    ("slow-down", 429, ENROL, "Too many wrong tries; wait a while", {}, {"Retry-After": "60"}),
    ("too-much", 429, RAW, "Too much at once; wait a while", {}, {"Retry-After": "10"}),
    ("blob-checksum", 460, PHOTO, "The piece was damaged on its way", {"retryable": True}, {}),
    ("wrong-hash", 460, PHOTO, "The bytes are not those that the address names", {"retryable": True}, {}),
    ("internal", 500, PUSH, "The server failed; nothing was changed", {}, {}),
    ("busy", 503, PUSH, "Try again in a moment", {}, {"Retry-After": "5"}),
    ("later", 503, PULL, "Come again later for what comes down", {}, {"Retry-After": "17"}),
    ("disk-full", 507, PUSH, "The server has no room", {}, {"Retry-After": "60"}),
)


def cases() -> dict[str, object]:
    """Return the content of refusals.json."""
    return {"refusals": [_case(*refusal) for refusal in REFUSALS]}


def _case(
    slug: str, status: int, path: str, title: str, members: dict[str, object], headers: dict[str, str]
) -> dict[str, object]:
    reason = members.get("reason")
    problem = {
        "type": f"/problems/{slug}",
        "title": title,
        "status": status,
        "retryable": status == 429 or status >= 500,
        **members,
        "instance": path,
    }
    return {
        "name": f"{slug}: {reason}" if reason else slug,
        "slug": slug,
        "status": status,
        "headers": {"Content-Type": "application/problem+json", **headers},
        "problem": problem,
    }
