"""One example of every message, and what is none."""

from __future__ import annotations

import json

from sync.encoding import b64url_encode, sha256_hex
from sync.enrolment import check_word, sign_enrolment
from sync.proof import make_nonce
from tests.vectors.cases import enrolment, feed, leaving, proof, receipts, records
from tests.vectors.cases.common import (
    APP,
    BOOT,
    DEVICE,
    KID,
    ORGANISATION,
    PERSON,
    PHONE,
    SERVER,
    SITE,
    T0,
    nonce,
)

CLOCK = {"wall": T0 + 60_000, "mono": 61_000, "boot": BOOT, "tz": "Asia/Shanghai"}


FIRST_ANSWER: dict[str, object] = {
    "rows": [],
    "cursor": None,
    "more": True,
    "scopes": {"add": [SITE], "remove": []},
}


def cases() -> dict[str, object]:
    """Return the content of messages.json."""
    examples = {**_evidence(), **_state(), **_pictures(), **_joining()}
    return {
        "examples": [{"name": name, "message": message} for name, message in examples.items()],
        "bad": _bad(examples),
    }


def _start(number: int) -> dict[str, object]:
    return {"proto": 1, "nonce": nonce(number)}


def _evidence() -> dict[str, dict[str, object]]:
    links = records.chain()
    head = {"seq": len(links), "hash": links[-1]["hash"]}
    wire = [{"body": link["body"], "sig": link["sig"], "alg": "ES256"} for link in links[:2]] + [
        {
            "body": links[2]["body"],
            "sig": links[2]["sig"],
            "alg": "ES256",
            "private": {"geo": records.PARTS["geo"]},
        }
    ]
    outcomes = [{"hash": link["hash"], "outcome": "applied"} for link in links[:2]]
    return {
        "nonce.request": _start(1),
        "nonce.answer": {**_start(1), "proof_nonce": make_nonce(proof.NONCE_KEY, T0), "server_ms": T0},
        "hello.request": {
            **_start(2),
            "log": PHONE.log,
            "head": head,
            "oldest": 1,
            "app": APP,
            "clock": CLOCK,
            "unsent": {"records": 3, "photos": 1, "oldest_wall": T0},
            "storage": {"persisted": True, "usage": 1_000_000, "quota": None},
        },
        "hello.answer": {
            **_start(2),
            "epoch": "e1",
            "log": {"max_seq": 5, "head_hash": links[4]["hash"], "missing": [[3, 4]], "archived_through": 0},
            "anchor": records.ANCHOR,
            "limits": {
                "push_records": 100,
                "push_bytes": 524_288,
                "body_bytes": 262_144,
                "blob_bytes": 12_582_912,
            },
            "device": {
                "id": DEVICE,
                "name": "4 号手机",
                "state": "active",
                "site": {"id": SITE, "name": {"zh": "花园小区", "en": "Garden Court"}},
                "uploads_only": True,
            },
            "advice": {"min_app": None, "pull": True},
            "notices": [],
        },
        "have.request": {**_start(3), "log": PHONE.log, "hashes": [links[0]["hash"], links[1]["hash"]]},
        "have.answer": {
            **_start(3),
            "missing": [links[1]["hash"]],
            "marks": {links[0]["hash"]: ["two_phones"]},
        },
        "push.request": {**_start(4), "log": PHONE.log, "clock": CLOCK, "remaining": 5, "records": wire},
        "push.answer": {
            **_start(4),
            "count": 3,
            "outcomes": [
                *outcomes,
                {
                    "hash": links[2]["hash"],
                    "outcome": "quarantined",
                    "code": "scope_denied",
                    "marks": ["tag_unproven", "clock_back"],
                },
            ],
            "receipt": receipts.receipt(),
            "anchor": records.ANCHOR,
        },
        "raw.answer": {
            "proto": 1,
            "nonce": "",
            "hash": links[2]["hash"],
            "outcome": "quarantined",
            "code": "too_large",
        },
    }


def _state() -> dict[str, dict[str, object]]:
    fed = feed.cases()
    rows = [json.loads(step["row"]) for step in fed["rows"]]  # type: ignore[attr-defined]
    cursor = fed["cursors"][0]["cursor"]  # type: ignore[index]
    resume = fed["resumes"][0]["resume"]  # type: ignore[index]
    return {
        "pull.request": {**_start(5), "cursor": None, "scopes": [], "limit": 1000},
        "pull.answer": {
            **_start(5),
            "rows": rows,
            "cursor": cursor,
            "more": False,
            "scopes": {"add": [], "remove": []},
            "server_ms": T0,
        },
        "snapshot.request": {
            **_start(9),
            "scope": SITE,
            "cursor": None,
            "scopes": [],
            "resume": None,
            "limit": 1000,
        },
        "snapshot.answer": {
            **_start(9),
            "rows": rows[:1],
            "resume": resume,
            "cursor": None,
            "server_ms": T0,
        },
    }


def _pictures() -> dict[str, dict[str, object]]:
    data = b"\xff\xd8 a plan of the site \xff\xd9"
    name = sha256_hex(data)
    return {
        "picture.request": {**_start(12), "sha256": name},
        "picture.answer": {
            **_start(12),
            "sha256": name,
            "mime": "image/jpeg",
            "data": b64url_encode(data),
        },
    }


def _joining() -> dict[str, dict[str, object]]:
    code = enrolment.CODES[0]
    return {
        "enrol.request": {
            **_start(6),
            "code": code,
            "public_key": PHONE.public_key,
            "sig": sign_enrolment(PHONE, code),
            "name": "4 号手机",
            "app": APP,
            "clock": CLOCK,
            "capabilities": {"camera": True, "storage": "persisted"},
        },
        "enrol.answer": {
            **_start(6),
            "device": {"id": DEVICE, "name": "4 号手机"},
            "organisation": {"id": ORGANISATION, "name": "示例物业"},
            "site": {"id": SITE, "name": {"zh": "花园小区", "en": "Garden Court"}},
            "log": PHONE.log,
            "check_word": check_word(code, PHONE.public_key),
            "server_key": {"kid": KID, "public_key": SERVER.public_key},
            "state": "waiting",
        },
        "enrol-state.request": _start(7),
        "enrol-state.answer": {**_start(7), "state": "active", "person": PERSON},
        "leave.request": {**_start(10), "unsent": {"records": 3, "photos": 1, "oldest_wall": T0}},
        "leave.answer": {**_start(10), "epoch": "e1", "state": "revoked", "wipe": leaving.order()},
        "wiped.request": {**_start(11), "order": PERSON, "records": 3, "photos": 1},
        "wiped.answer": _start(11),
        "sign-in.request": {**_start(8), "person": PERSON, "pin": "240617"},
        "sign-in.answer": {**_start(8), "ok": False, "tries_left": 4, "wait_s": 0},
    }


def _bad(examples: dict[str, dict[str, object]]) -> list[dict[str, object]]:
    """Messages that are not what they should be; an answer may bring unknown members."""
    push = examples["push.request"]

    def case(name: str, message: str, good: bool = False, **members: object) -> dict[str, object]:
        kept = {k: v for k, v in {**examples[message], **members}.items() if v != "<gone>"}
        return {"name": name, "of": message, "message": kept, "good": good}

    return [
        case("a request with an unknown member", "hello.request", colour="red"),
        case("an answer with an unknown member", "hello.answer", good=True, colour="red"),
        case("a request of another protocol", "hello.request", proto=2),
        case("an answer of another protocol", "hello.answer", proto=2),
        case("a nonce of 21 characters", "hello.request", nonce="A" * 21),
        case("no nonce", "push.answer", nonce="<gone>"),
        case("no clock", "push.request", clock="<gone>"),
        case("a push of nothing", "push.request", records=[]),
        case("a push of 101 records", "push.request", records=push["records"][:1] * 101),  # type: ignore[index]
        case("an outcome that is none", "push.answer", outcomes=[{"hash": "0" * 64, "outcome": "lost"}]),
        case("a push without a receipt", "push.answer", good=True, receipt=None),
        case("a push to a server that doubts its clock", "push.answer", good=True, anchor=None),
        case("a greeting by a server that doubts its clock", "hello.answer", good=True, anchor=None),
        case("a phone that is asked nothing", "leave.answer", good=True, wipe=None),
        case("a phone that does not say what it has", "leave.request", unsent="<gone>"),
        case("nobody goes on with the phone", "enrol-state.answer", good=True, person="<gone>"),
        case("a page of 1,001 rows", "pull.request", limit=1001),
        case("a page of a scope that is none", "snapshot.request", scope="garden"),
        case("a snapshot that does not say what is whole", "snapshot.request", scopes="<gone>"),
        case("33 scopes", "pull.request", scopes=[SITE] * 33),
        case("a phone that does not say its scopes", "pull.request", good=True, scopes="<gone>"),
        case("a first answer: nothing is whole yet", "pull.answer", good=True, **FIRST_ANSWER),
        case("the last page of a snapshot", "snapshot.answer", good=True, resume=None, cursor="c"),
        case("a picture by no hash", "picture.request", sha256="0" * 63),
        case("a picture that is none of ours", "picture.answer", mime="image/svg+xml"),
        case("a picture in other digits", "picture.answer", data="not base64 url!"),
        case("a picture that is too large", "picture.answer", data="A" * 819_201),
        case("a PIN of five digits", "sign-in.request", pin="12345"),
        case("a PIN in other digits", "sign-in.request", pin="١٢٣٤٥٦"),
        case("a boolean as number", "pull.answer", server_ms=True),
    ]
