"""Records: bodies with their hashes and signatures, private parts, and what is no record."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sync.anchors import Anchor, make_anchor
from sync.encoding import ZERO_HASH, sha256_hex
from sync.geo import Geo, geo_value
from sync.ids import occurrence_id, uuid7
from sync.records import (
    Base,
    Blob,
    build_body,
    private_hash,
    record_hash,
    sign_record,
)
from sync.tags import tag_hash, tag_proof
from tests.vectors.cases.common import (
    APP,
    BOOT,
    CHECKPOINT,
    DEVICE,
    FORM,
    OTHER_PHONE,
    PERSON,
    PHONE,
    PLAN,
    SERVER,
    SITE,
    STOP,
    T0,
    TOKEN,
    at,
    salt,
)

OCCURRENCE = occurrence_id(PLAN, T0)
ANCHOR = make_anchor(SERVER, PHONE.log, Anchor(T0 - 500, T0 - 500, 500, BOOT))
ORDER = "6f1e5a3e-9999-4c1a-9d8e-0a0b0c0d0e09"
TARGET = {"kind": "checkpoint", "id": CHECKPOINT, "version": 4}
PARTS = {
    "geo": {"salt": salt(1), "value": geo_value(Geo(lat=251_234_567, lon=1_027_654_321, accuracy=12))},
    "note": {"salt": salt(2), "value": "门口有积水 “slippery”\n第二行 😀"},
    "text.remark": {"salt": salt(3), "value": ""},
    "raw": {"salt": salt(4), "value": "WIFI:S:guest;;"},
    "name": {"salt": salt(5), "value": "王女士"},
}


def _id(seq: int) -> str:
    return uuid7(T0 + seq, bytes([seq]) * 10)


def _private(*names: str) -> dict[str, str]:
    return {name: private_hash(PARTS[name]["salt"], PARTS[name]["value"]) for name in names}


def chain() -> list[dict[str, object]]:
    """Return a log of every type of record: parts as given, body, hash, signature."""
    photo = sha256_hex(b"photo")
    payloads: list[tuple[str, str, dict[str, object], dict[str, object]]] = [
        (
            "a log is opened",
            "log.open",
            {
                "public_key": PHONE.public_key,
                "device": DEVICE,
                "previous_log": None,
                "previous_head": None,
                "reason": "enrolled",
                "capabilities": {"camera": True, "storage": "persisted"},
            },
            {},
        ),
        ("a guard signs in", "shift.start", {"method": "pin", "online": True, "failed_tries": 1}, {}),
        (
            "a known tag is read",
            "scan",
            {
                "occurrence": OCCURRENCE,
                "stop": STOP,
                "target": TARGET,
                "tag": {
                    "hash": tag_hash(TOKEN),
                    "proof": tag_proof(log=PHONE.log, seq=3, token=TOKEN),
                    "version": 2,
                },
                "result": "known",
                "method": "camera",
                "walk_on": False,
                "out_of_order": False,
            },
            {
                "private": _private("geo"),
                "blobs": [Blob(sha256=photo, size=183_220, mime="image/jpeg", role="frame")],
            },
        ),
        (
            "a form is filled",
            "answers",
            {
                "occurrence": OCCURRENCE,
                "stop": STOP,
                "target": TARGET,
                "scan": "<hash of record 3>",
                "form": {"id": FORM, "edition": 3},
                "values": {
                    "pressure": "0.45",
                    "leaks": "fault",
                    "mode": "auto",
                    "gauge": {"photos": 1},
                    "remark": {"private": True},
                    "level": {"cannot_read": "dark"},
                    "energy": {"meter": STOP, "edition": 3, "value": "1204.5"},
                    "said": {"seconds": 7},
                    "signed": {"signed": True},
                    "used": {"part": STOP, "quantity": "2"},
                },
            },
            {
                "private": _private("note", "text.remark"),
                "deps": ["<hash of record 3>"],
                "blobs": [
                    Blob(sha256=photo, size=183_220, mime="image/jpeg", role="photo", field="gauge"),
                    Blob(sha256=ZERO_HASH, size=0, mime="image/webp", role="photo", field="leaks", lost=True),
                    Blob(sha256=ZERO_HASH, size=9, mime="image/jpeg", role="photo", field="gauge", of=photo),
                    Blob(sha256="ab" * 32, size=9, mime="audio/webm", role="voice", field="said"),
                    Blob(sha256="cd" * 32, size=9, mime="image/png", role="signature", field="signed"),
                ],
            },
        ),
        (
            "some other code is read",
            "scan",
            {
                "occurrence": None,
                "stop": None,
                "target": None,
                "tag": None,
                "result": "no_tag",
                "method": "photo",
                "walk_on": False,
                "out_of_order": False,
            },
            {"private": _private("raw")},
        ),
        (
            "a finding on the way",
            "finding",
            {"occurrence": None, "stop": None, "target": TARGET, "urgency": "urgent", "kind": "hazard"},
            {"private": _private("note"), "base": Base(entity=CHECKPOINT, version=4)},
        ),
        ("a photo is found damaged", "photo.corrupt", {"sha256": photo, "why": "hash"}, {}),
        ("the guard signs out", "shift.end", {"reason": "person"}, {}),
        (
            "the guard agrees to a place in the records",
            "consent",
            {"version": 1, "language": "zh", "location": True},
            {},
        ),
        (
            "another code is read, and the record says that it says where",
            "scan",
            {
                "occurrence": OCCURRENCE,
                "stop": STOP,
                "target": TARGET,
                "tag": None,
                "result": "no_tag",
                "method": "camera",
                "walk_on": False,
                "out_of_order": False,
                "location": "given",
            },
            {"private": _private("geo"), "tv": 2},
        ),
        (
            "the guard takes it back",
            "consent",
            {"version": 1, "language": "en", "location": False},
            {},
        ),
        (
            "a round of another team is taken over",
            "round.take",
            {"occurrence": OCCURRENCE, "instead_of": {"kind": "team", "id": DEVICE}},
            {},
        ),
        (
            "a round is taken over of which the phone knows no more",
            "round.take",
            {"occurrence": OCCURRENCE, "instead_of": None},
            {},
        ),
        (
            "the guard says how a scan came about",
            "explain",
            {"record": "<hash of record 3>"},
            {"private": _private("note")},
        ),
        (
            "a stop is skipped, for its door is locked",
            "stop.skip",
            {"occurrence": OCCURRENCE, "stop": STOP, "target": TARGET, "reason": "locked"},
            {"private": _private("note")},
        ),
        (
            "two of a part are taken for a work order",
            "stock.move",
            {"part": PLAN, "quantity": "-2", "order": FORM, "why": "used", "asset": STOP},
            {"private": _private("note")},
        ),
        (
            "a quarter of a part is brought back",
            "stock.move",
            {"part": PLAN, "quantity": "0.25", "order": None, "why": "returned", "asset": None},
            {},
        ),
        ("a part is counted", "stock.count", {"part": PLAN, "counted": "0"}, {}),
    ]
    payloads += [
        (
            "a lift stands, since a moment that the technician was told",
            "asset.state",
            {"asset": STOP, "state": "stopped", "since_ms": 1795438000000},
            {"private": _private("note")},
        ),
        ("it runs again", "asset.state", {"asset": STOP, "state": "running", "since_ms": None}, {}),
    ]
    payloads += [
        (
            "a water meter was exchanged",
            "meter.exchange",
            {"meter": STOP, "edition": 2, "end": "812.5", "start": "0", "number": "SN-8841", "seen": 1},
            {"private": _private("note")},
        ),
        (
            "a gauge was exchanged, and nobody could read the old one",
            "meter.exchange",
            {"meter": STOP, "edition": 1, "end": None, "start": "-0.5", "number": None, "seen": 0},
            {},
        ),
    ]
    payloads += _orders()
    links: list[dict[str, object]] = []
    prev = ZERO_HASH
    for seq, (name, kind, payload, more) in enumerate(payloads, start=1):
        scan = str(links[2]["hash"]) if len(links) > 2 else ""
        if payload.get("scan"):
            payload["scan"] = scan
            more["deps"] = [scan]
        if payload.get("record"):
            payload["record"] = scan
        given: dict[str, object] = {
            "log": PHONE.log,
            "seq": seq,
            "prev": prev,
            "id": _id(seq),
            "type": kind,
            "tv": more.pop("tv", 1),
            "actor": None if kind in ("log.open", "photo.corrupt") else PERSON,
            "site": SITE,
            "app": APP,
            "t": at(seq * 1000, anchor=None if seq == 1 else ANCHOR),
            "p": payload,
            **more,
        }
        body = build_body(**given)  # type: ignore[arg-type]
        prev = record_hash(body)
        links.append({"name": name, "body": body, "hash": prev, "sig": sign_record(PHONE, body)})
    return links


def _orders() -> list[tuple[str, str, dict[str, object], dict[str, object]]]:
    """Return what is said to a work order, one of every type."""
    of: dict[str, object] = {"order": ORDER}
    saw: dict[str, object] = {"base": Base(ORDER, 3)}
    place = {"kind": TARGET["kind"], "id": TARGET["id"]}
    opened = {"target": place, "kind": "repair", "urgency": "urgent", "class": "water"}
    return [
        (
            "a work order is opened for a burst pipe",
            "order.open",
            {**of, **opened, "finding": "0" * 64, "mine": False},
            {"private": _private("note"), "deps": ["0" * 64]},
        ),
        ("it is taken", "order.accept", {**of}, saw),
        ("it is given back", "order.return", {**of, "reason": "no_skill"}, saw),
        ("it is passed on", "order.pass", {**of, "to": PERSON}, saw),
        ("somebody is there, without a scan", "order.arrive", {**of, "scan": None}, saw),
        ("it waits", "order.pause", {**of, "reason": "parts", "until_ms": T0 + 86_400_000}, saw),
        ("it goes on", "order.resume", {**of}, saw),
        ("something is said", "order.note", {**of}, {**saw, "private": _private("note")}),
        ("somebody worked", "order.labour", {**of, "minutes": 45, "people": 2}, saw),
        ("the place is another", "order.set", {**of, "field": "place", "from": None, "to": "3-9"}, saw),
        ("it is done", "order.complete", {**of, "result": "fixed", "answers": None}, saw),
        ("the customer signs", "order.sign", {**of, "by": "customer"}, {**saw, "private": _private("name")}),
        (
            "the customer types the name instead",
            "order.sign",
            {**of, "by": "customer", "how": "typed"},
            {**saw, "private": _private("name")},
        ),
        ("somebody goes", "order.leave", {**of, "scan": None}, saw),
        ("it was looked at", "order.verify", {**of, "ok": True}, saw),
        ("whoever asked is content", "order.follow", {**of, "satisfied": True}, saw),
    ]


def cases() -> dict[str, object]:
    """Return the content of records.json."""
    links = chain()
    return {
        "keys": [
            {"name": "the phone's key", "public_key": PHONE.public_key, "log": PHONE.log},
            {"name": "another phone's key", "public_key": OTHER_PHONE.public_key, "log": OTHER_PHONE.log},
        ],
        "good": [
            {**link, "public_key": PHONE.public_key, "members": json.loads(str(link["body"]))}
            for link in links
        ]
        + [_after_a_loss()],
        "signatures": _signatures(links),
        "private": [
            {
                "name": f"the private part {name}",
                **part,
                "hash": private_hash(part["salt"], part["value"]),
            }
            for name, part in PARTS.items()
        ],
        "escapes": _escapes(),
        "bad": _bad(json.loads(str(links[2]["body"])), json.loads(str(links[0]["body"]))),
    }


def _after_a_loss() -> dict[str, object]:
    """Return the opening of a log of a phone whose store was cleared."""
    before = chain()[-1]
    body = build_body(
        log=OTHER_PHONE.log,
        seq=1,
        prev=ZERO_HASH,
        id=_id(1),
        type="log.open",
        tv=1,
        actor=None,
        site=SITE,
        app=APP,
        t=at(90_000, anchor=None),
        p={
            "public_key": OTHER_PHONE.public_key,
            "device": DEVICE,
            "previous_log": PHONE.log,
            "previous_head": before["hash"],
            "reason": "lost",
            "capabilities": {},
            "previous_seq": 41,
        },
    )
    return {
        "name": "a log is opened after the phone's store was cleared",
        "body": body,
        "hash": record_hash(body),
        "sig": sign_record(OTHER_PHONE, body),
        "public_key": OTHER_PHONE.public_key,
        "members": json.loads(body),
    }


def _signatures(links: list[dict[str, object]]) -> list[dict[str, object]]:
    body, sig = str(links[2]["body"]), str(links[2]["sig"])

    def case(name: str, public_key: str, text: str, signature: str, good: bool) -> dict[str, object]:
        return {"name": name, "public_key": public_key, "body": text, "sig": signature, "good": good}

    return [
        case("the log's own signature", PHONE.public_key, body, sig, True),
        case("another phone's key", OTHER_PHONE.public_key, body, sig, False),
        case(
            "one character of the body changed", PHONE.public_key, body.replace("known", "knovn"), sig, False
        ),
        case("the signature of another record", PHONE.public_key, body, str(links[1]["sig"]), False),
        case("no signature", PHONE.public_key, body, "", False),
        case("a signature with padding", PHONE.public_key, body, sig + "==", False),
        case("a signature cut short", PHONE.public_key, body, sig[:-2], False),
        case("a key that is none", "AAAA", body, sig, False),
        case("a signature of noughts", PHONE.public_key, body, "A" * 86, False),
    ]


def _escapes() -> list[dict[str, object]]:
    """Texts as they stand inside a body: the two languages must write the same bytes."""
    given = [
        ("quotes and backslash", 'say "hi" \\ there'),
        ("line ends and tabs", "a\nb\r\tc\b\f"),
        ("other control characters", "\u0001\u001f"),
        ("delete and separators stand for themselves", "\u007f\u2028\u2029/"),
        ("Chinese and beyond the basic plane", "巡迹 𠮷 😀"),
    ]
    return [
        {
            "name": name,
            "text": text,
            "json": json.dumps(text, ensure_ascii=False),
        }
        for name, text in given
    ]


def _bad(scan: dict[str, object], opened: dict[str, object]) -> list[dict[str, object]]:
    def text(body: Mapping[str, object]) -> str:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"))

    def with_p(**members: object) -> dict[str, object]:
        return {**scan, "p": {**scan["p"], **members}}  # type: ignore[dict-item]

    def with_t(**members: object) -> dict[str, object]:
        return {**scan, "t": {**scan["t"], **members}}  # type: ignore[dict-item]

    def without(*names: str) -> dict[str, object]:
        return {name: value for name, value in scan.items() if name not in names}

    changed: list[tuple[str, dict[str, object], str]] = [
        ("an unknown member", {**scan, "colour": "red"}, "schema"),
        ("an unknown member of the payload", with_p(colour="red"), "schema"),
        ("no site", without("site"), "schema"),
        ("a hash in upper case", {**scan, "prev": str(scan["prev"]).upper()}, "schema"),
        ("number 0", {**scan, "seq": 0}, "schema"),
        ("a number as text", {**scan, "seq": "3"}, "schema"),
        ("a boolean as number", {**scan, "seq": True}, "schema"),
        ("a later record without a predecessor", {**scan, "prev": ZERO_HASH}, "schema"),
        ("record 1 that is no log.open", {**scan, "seq": 1, "prev": ZERO_HASH}, "schema"),
        ("a second log.open", {**opened, "seq": 2, "prev": scan["prev"]}, "schema"),
        ("nobody read the code", {**scan, "actor": None}, "schema"),
        ("somebody opened the log", {**opened, "actor": PERSON}, "schema"),
        ("an id that is no UUID", {**scan, "site": "here"}, "schema"),
        ("a negative mono", with_t(mono=-1), "schema"),
        ("a boot that is not 8 hex digits", with_t(boot="b7c1"), "schema"),
        ("an app version of 33 characters", {**scan, "app": "1" * 33}, "schema"),
        ("a result that is none", with_p(result="maybe"), "schema"),
        ("a private part of another name", {**scan, "private": {"title": ZERO_HASH}}, "schema"),
        ("a photo of another type", {**scan, "blobs": [{**scan["blobs"][0], "mime": "image/gif"}]}, "schema"),  # type: ignore[index]
        ("a type nobody knows yet", {**scan, "type": "key.loan"}, "unknown_type"),
        ("a later version of the payload", {**scan, "tv": 3, "p": {"new": 1}}, "unknown_type"),
        ("a later version of the envelope", {**scan, "v": 2, "new": 1}, "unknown_type"),
        ("version 0 of the envelope", {**scan, "v": 0}, "schema"),
    ]
    texts = [
        ("a fraction", text(scan).replace('"walk_on":false', '"walk_on":0.5'), "schema"),
        ("a key twice", text(scan).replace('{"v":1,', '{"v":1,"v":1,'), "schema"),
        ("half a pair of surrogates", text(scan).replace("0.1.0", "\\ud800"), "schema"),
        ("NUL", text(scan).replace("0.1.0", "\\u0000"), "schema"),
        ("no object", "[]", "schema"),
        ("cut short", text(scan)[:-1], "schema"),
        ("nothing", "", "schema"),
    ]
    listed = [(name, text(body), code) for name, body, code in changed] + texts
    return [{"name": name, "body": body, "code": code} for name, body, code in listed]
