"""A small server in memory that keeps the protocol's word: enough for a phone to lean on.

It judges little (no scopes, no people); what it promises it keeps: exact bytes, one hash
one row, outcomes, receipts, anchors, a feed with a cursor that knows its epoch.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from sync import enrolment, messages
from sync.anchors import Anchor, make_anchor
from sync.chain import missing_ranges
from sync.encoding import ZERO_HASH, sha256_hex
from sync.feed import (
    Cursor,
    Resume,
    chain_step,
    digest,
    make_cursor,
    make_resume,
    open_cursor,
    open_resume,
    row_bytes,
    scope_hash,
)
from sync.keys import SigningKey, log_of, verify
from sync.messages import MEDIA_TYPE, PREFIX, MessageError
from sync.proof import make_nonce, nonce_is_fresh, parse_authorization, verify_proof
from sync.receipts import Receipt, ledger_step, receipt_body, sign_receipt
from sync.records import SchemaError, WireRecord, parse_body, read_place, record_hash, signed_bytes

Answer = tuple[int, dict[str, str], bytes]
KEY = SigningKey.from_number(99)
SECRET = b"the server's secret"
SITE = "6f1e5a3e-3333-4c1a-9d8e-0a0b0c0d0e03"
DEVICE = "6f1e5a3e-1111-4c1a-9d8e-0a0b0c0d0e01"
ORGANISATION = "6f1e5a3e-8888-4c1a-9d8e-0a0b0c0d0e08"
PIN = "240617"


class Refusal(Exception):
    """A problem+json answer."""

    def __init__(self, status: int, slug: str, **members: object) -> None:
        super().__init__(slug)
        self.status = status
        self.members = {"type": f"/problems/{slug}", "status": status, **members}


@dataclass
class Server:
    """The server. `now_ms` is its clock; the rest is its database."""

    now_ms: int
    epoch: str = "e1"
    codes: set[str] = field(default_factory=set)
    logs: dict[str, str] = field(default_factory=dict)
    state: str = "waiting"
    records: dict[str, WireRecord] = field(default_factory=dict)
    places: dict[tuple[str, int], str] = field(default_factory=dict)
    raw: dict[str, bytes] = field(default_factory=dict)
    photos: dict[str, bytes] = field(default_factory=dict)
    parts: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """Photos that are not whole yet, by log and hash."""
    ledger: str = ZERO_HASH
    feed: list[bytes] = field(default_factory=list)
    poison: set[str] = field(default_factory=set)
    """Types of records on which a push fails as a whole, as a bug would make it."""
    site: str = SITE
    """The site for which the phone works."""
    trusts_anybody: bool = False
    """Whether a log is opened that no earlier key vouches for, as after a supervisor's word."""

    # -- what the office does ----------------------------------------------------------

    def enrolment_code(self) -> str:
        """Return a code with which a phone may join."""
        code = enrolment.make_code(len(self.codes).to_bytes(16, "big"))
        self.codes.add(code)
        return code

    def publish(
        self, kind: str, entity: str, version: int, body: Mapping[str, object] | None, *, scope: str = SITE
    ) -> None:
        """Write a row to the feed; None takes it away."""
        op = "upsert" if body is not None else "leave"
        row = row_bytes(kind=kind, id=entity, scope=scope, version=version, op=op, body=body)  # type: ignore[arg-type]
        self.feed.append(row)

    # -- the network side --------------------------------------------------------------

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request."""
        try:
            answer = self._route(method, path, headers, body)
        except (Refusal, MessageError) as refusal:
            if isinstance(refusal, MessageError):
                refusal = Refusal(400, "bad-message")
            content = json.dumps(refusal.members).encode()
            answer = (refusal.status, {"Content-Type": "application/problem+json"}, content)
        answer[1]["Fieldsync-Nonce"] = make_nonce(SECRET, self.now_ms)
        if path.startswith("/api/v1/blobs/"):
            answer[1]["Tus-Resumable"] = "1.0.0"
        return answer

    def _route(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if path.startswith("/api/v1/blobs/"):
            if "Upload-Checksum" in headers:
                digest = base64.b64decode(headers["Upload-Checksum"].removeprefix("sha256 ")).hex()
                if digest != sha256_hex(body):
                    raise Refusal(460, "blob-checksum")
            self._prove(method, path, headers, body)
            status, told = self._photo(method, path, headers, body)
            return status, told, b""
        name = path.removeprefix(PREFIX)
        try:
            plain = gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body
        except (OSError, EOFError):
            raise Refusal(400, "bad-message") from None
        if name == "nonce":
            asked = messages.decode(plain, messages.NonceRequest)
            return _answer(messages.NonceAnswer(1, asked.nonce, make_nonce(SECRET, self.now_ms), self.now_ms))
        if name == "enrol":
            return _answer(self._enrol(messages.decode(plain, enrolment.EnrolRequest)))
        opening = self._opening(plain) if name == "push" else None
        self._prove(method, path, headers, body, opening)
        if name == "raw":
            return _answer(self._raw(body))
        if name not in self._handlers():
            raise Refusal(404, "not-found")
        kind, handle = self._handlers()[name]
        return _answer(handle(messages.decode(plain, kind)))

    def _handlers(self) -> dict[str, tuple[type[Struct], Callable[..., Struct]]]:
        return {
            "enrol-state": (enrolment.EnrolStateRequest, self._enrol_state),
            "sign-in": (enrolment.SignInRequest, self._sign_in),
            "hello": (messages.HelloRequest, self._hello),
            "have": (messages.HaveRequest, self._have),
            "push": (messages.PushRequest, self._push),
            "pull": (messages.PullRequest, self._pull),
            "snapshot": (messages.SnapshotRequest, self._snapshot),
        }

    def _prove(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, opening: str | None = None
    ) -> None:
        proof = parse_authorization(headers.get("Authorization"))
        if proof is None:
            raise Refusal(401, "proof-missing")
        if not nonce_is_fresh(SECRET, proof.nonce, self.now_ms):
            raise Refusal(401, "proof-stale")
        public_key = self.logs.get(proof.log) or opening
        if public_key is None:
            raise Refusal(401, "unknown-log")
        if not verify_proof(proof, public_key, method=method, path=path, body=body):
            raise Refusal(401, "proof-wrong")
        if opening is not None:
            self.logs.setdefault(proof.log, opening)

    def _opening(self, plain: bytes) -> str | None:
        """Return the key of a rotated log that introduces itself, vouched for by the one before."""
        request = messages.decode(plain, messages.PushRequest)
        wire = request.records[0]
        try:
            opened = parse_body(wire.body)
        except SchemaError:
            return None
        members = opened.envelope.p
        if opened.envelope.type != "log.open" or log_of(str(members["public_key"])) != request.log:
            return None
        previous = self.logs.get(str(members["previous_log"]))
        vouched = previous is not None and verify(previous, signed_bytes(wire.body), wire.sig_prev or "")
        return str(members["public_key"]) if vouched or self.trusts_anybody else None

    # -- the messages ------------------------------------------------------------------

    def _enrol(self, asked: enrolment.EnrolRequest) -> Struct:
        if asked.code not in self.codes:
            raise Refusal(410, "enrolment-over")
        if not enrolment.verify_enrolment(asked.public_key, asked.code, asked.sig):
            raise Refusal(400, "bad-message")
        self.codes.remove(asked.code)
        log = log_of(asked.public_key) or ""
        self.logs[log] = asked.public_key
        return enrolment.EnrolAnswer(
            proto=1,
            nonce=asked.nonce,
            device=enrolment.Named(DEVICE, asked.name or "phone"),
            organisation=enrolment.Named(ORGANISATION, "示例物业"),
            site=messages.NamedSite(SITE, {"zh": "花园", "en": "Garden"}),
            log=log,
            check_word=enrolment.check_word(asked.code, asked.public_key),
            server_key=enrolment.ServerKey("k1", KEY.public_key),
            state="waiting",
        )

    def _enrol_state(self, asked: enrolment.EnrolStateRequest) -> Struct:
        return enrolment.EnrolStateAnswer(1, asked.nonce, self.state)  # type: ignore[arg-type]

    def _sign_in(self, asked: enrolment.SignInRequest) -> Struct:
        ok = asked.pin == PIN
        return enrolment.SignInAnswer(1, asked.nonce, ok, None if ok else 4, 0)

    def _hello(self, asked: messages.HelloRequest) -> Struct:
        seqs = sorted(seq for log, seq in self.places if log == asked.log)
        top = seqs[-1] if seqs else 0
        return messages.HelloAnswer(
            proto=1,
            nonce=asked.nonce,
            epoch=self.epoch,
            log=messages.LogState(
                max_seq=top,
                head_hash=self.places.get((asked.log, top), ZERO_HASH),
                missing=missing_ranges(seqs, upto=top),
                archived_through=0,
            ),
            anchor=self._anchor(asked.log, asked.clock),
            limits=messages.Limits(100, 524_288, 262_144, 12_582_912),
            device=messages.DeviceState(
                DEVICE,
                "phone",
                self.state,  # type: ignore[arg-type]
                messages.NamedSite(self.site, {"zh": "花园", "en": "Garden"}),
            ),
            advice=messages.Advice(None, True),
            notices=[],
        )

    def _have(self, asked: messages.HaveRequest) -> Struct:
        missing = [h for h in asked.hashes if h not in self.records and h not in self.raw]
        return messages.HaveAnswer(1, asked.nonce, missing)

    def _push(self, asked: messages.PushRequest) -> Struct:
        outcomes = []
        for wire in asked.records:
            if json.loads(wire.body).get("type") in self.poison:
                raise Refusal(500, "internal")
            outcomes.append(self._store(wire))
        places = sorted((json.loads(wire.body)["seq"], record_hash(wire.body)) for wire in asked.records)
        body = receipt_body(
            Receipt(
                v=1,
                log=json.loads(asked.records[0].body)["log"],
                from_seq=places[0][0],
                to_seq=places[-1][0],
                head_hash=places[-1][1],
                received_ms=self.now_ms,
                ledger_pos=len(self.records),
                ledger_chain=self.ledger,
                count=len(asked.records),
            )
        )
        return messages.PushAnswer(
            proto=1,
            nonce=asked.nonce,
            count=len(outcomes),
            outcomes=outcomes,
            receipt=messages.SignedReceipt(body, sign_receipt(KEY, body), "k1"),
            anchor=self._anchor(asked.log, asked.clock),
        )

    def _store(self, wire: WireRecord) -> messages.RecordOutcome:
        found = record_hash(wire.body)
        if found in self.records:
            return messages.RecordOutcome(found, "duplicate")
        place = read_place(wire.body)
        assert place is not None
        good = verify(self.logs.get(place.log, ""), signed_bytes(wire.body), wire.sig)
        self.records[found] = wire
        self.ledger = ledger_step(self.ledger, found)
        if not good:
            return messages.RecordOutcome(found, "quarantined", "bad_signature")
        if self.places.setdefault((place.log, place.seq), found) != found:
            return messages.RecordOutcome(found, "forked", marks=["fork"])
        return messages.RecordOutcome(found, "applied")

    def _raw(self, body: bytes) -> Struct:
        self.raw[sha256_hex(body)] = body
        return messages.RawAnswer(1, "", sha256_hex(body), "quarantined", "schema")

    def _pull(self, asked: messages.PullRequest) -> Struct:
        held = set(asked.scopes or ())
        if asked.cursor is None:
            return self._page(asked, [], None, add=[self.site], remove=sorted(held - {self.site}))
        pos = self._position(asked.cursor, held)
        if held != {self.site}:
            return self._page(asked, [], None, add=[self.site], remove=sorted(held - {self.site}))
        end = min(len(self.feed), pos + min(asked.limit, 3))
        mine = [row for row in map(_row, self.feed[pos:end]) if row.scope == self.site]
        return self._page(asked, mine, end)

    def _page(
        self,
        asked: messages.PullRequest,
        rows: list[messages.Row],
        end: int | None,
        *,
        add: Sequence[str] = (),
        remove: Sequence[str] = (),
    ) -> Struct:
        return messages.PullAnswer(
            proto=1,
            nonce=asked.nonce,
            rows=rows,
            cursor=None if end is None else self._cursor(end, {self.site}),
            more=end is None or end < len(self.feed),
            server_ms=self.now_ms,
            scopes=messages.ScopeChange(list(add), list(remove)),
        )

    def _snapshot(self, asked: messages.SnapshotRequest) -> Struct:
        if asked.scope != self.site:
            raise Refusal(409, "reset", reason="scope")
        begun, after = len(self.feed), ("", "")
        if asked.resume is not None:
            at = open_resume(SECRET, asked.resume)
            if at is None:
                raise Refusal(409, "reset", reason="cursor")
            if at.epoch != self.epoch:
                raise Refusal(409, "reset", reason="epoch")
            begun, after = at.pos, (at.kind, at.entity)
        newest = {(row.kind, row.id): row for row in map(_row, self.feed) if row.scope == asked.scope}
        left = sorted((key, row) for key, row in newest.items() if key > after and row.op == "upsert")[
            : min(asked.limit, 3) + 1
        ]
        rows = [row for _, row in left[: min(asked.limit, 3)]]
        resume = None
        if len(left) > len(rows):
            last = Resume(self.epoch, begun, self._chain(begun), asked.scope, rows[-1].kind, rows[-1].id, 1)
            resume = make_resume(SECRET, last)
        cursor = None if resume else self._cursor(begun, {*asked.scopes, asked.scope})
        return messages.SnapshotAnswer(1, asked.nonce, rows, resume, cursor, self.now_ms)

    def _position(self, text: str, held: Collection[str]) -> int:
        cursor = open_cursor(SECRET, text)
        if cursor is None:
            raise Refusal(409, "reset", reason="cursor")
        if cursor.epoch != self.epoch:
            raise Refusal(409, "reset", reason="epoch")
        if cursor.scopes != scope_hash(held):
            raise Refusal(409, "reset", reason="scope")
        if cursor.pos > len(self.feed) or cursor.chain != self._chain(cursor.pos):
            raise Refusal(409, "reset", reason="chain")
        return cursor.pos

    def _cursor(self, pos: int, scopes: Collection[str]) -> str:
        return make_cursor(SECRET, Cursor(self.epoch, pos, self._chain(pos), scope_hash(scopes)))

    def _chain(self, pos: int) -> str:
        chain = ZERO_HASH
        for row in self.feed[:pos]:
            chain = chain_step(chain, digest(row))
        return chain

    def _photo(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str]]:
        """Speak tus: begin, go on, or tell where an upload stands."""
        log, _, sha256 = path.removeprefix("/api/v1/blobs/").partition("/")
        if headers.get("Tus-Resumable") != "1.0.0":
            raise Refusal(412, "tus-version")
        if method == "POST":
            pairs = (pair.split(" ") for pair in headers["Upload-Metadata"].split(","))
            sha256 = {key: base64.b64decode(value).decode() for key, value in pairs}["sha256"]
        size = self._named(log, sha256)
        if size is None:
            raise Refusal(409, "blob-unknown") if method == "POST" else Refusal(404, "not-found")
        here = b"" if sha256 in self.photos else self.parts.get((log, sha256))
        offset = size if sha256 in self.photos else len(here or b"")
        stored = {"Fieldsync-Stored": sha256} if sha256 in self.photos else {}
        if method == "HEAD":
            if here is None:
                raise Refusal(404, "not-found")
            return 200, {"Upload-Offset": str(offset), "Upload-Length": str(size), **stored}
        if method == "PATCH":
            if here is None:
                raise Refusal(404, "not-found")
            if headers["Upload-Offset"] != str(offset):
                return 409, {"Upload-Offset": str(offset), **stored}
        elif offset > 0:
            return 201, {"Upload-Offset": str(offset), **stored}
        whole = (here or b"") + body
        if len(whole) > size:
            raise Refusal(400, "bad-upload")
        self.parts[log, sha256] = whole
        if len(whole) == size:
            self._finish(log, sha256)
            stored = {"Fieldsync-Stored": sha256}
        return (201 if method == "POST" else 204), {"Upload-Offset": str(len(whole)), **stored}

    def _finish(self, log: str, sha256: str) -> None:
        whole = self.parts.pop((log, sha256))
        if sha256_hex(whole) != sha256:
            raise Refusal(460, "wrong-hash")
        if whole.startswith(b"GIF"):
            raise Refusal(415, "blob-type")
        self.photos[sha256] = whole

    def _named(self, log: str, sha256: str) -> int | None:
        """Return the size of a photo that a record of the log names."""
        for wire in self.records.values():
            body = json.loads(wire.body)
            for blob in body.get("blobs", []):
                if (body["log"], blob["sha256"]) == (log, sha256):
                    return int(blob["size"])
        return None

    def _anchor(self, log: str, clock: messages.Clock) -> str:
        return make_anchor(KEY, log, Anchor(self.now_ms, clock.wall, clock.mono, clock.boot))


def _answer(message: Struct) -> Answer:
    return 200, {"Content-Type": MEDIA_TYPE}, messages.encode(message)


def _row(row: bytes) -> messages.Row:
    return messages.Row(**json.loads(row))
