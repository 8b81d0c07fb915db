"""A client of fieldsync/1 that was written from docs/protocol alone.

It imports nothing of ours, only the standard library and a library for ECDSA: what it can do, a stranger
can do who has nothing but the pages. Keep it so: where a test needs more of it, read the page, not the code,
and mend the page if it does not say enough.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.stranger.basics import Log, NoAnswerError, RefusedError, b64, sha256, strict, uuid7, verifies, word

MEDIA_TYPE = "application/vnd.fieldsync+json"


Headers = Mapping[str, str]
"""By their names in lower case."""
Send = Callable[[str, str, dict[str, str], bytes], tuple[int, Headers, bytes]]
"""(method, path, headers, body) → (status, headers, body)."""


@dataclass
class Phone:
    """One phone. `now_ms` is its clock."""

    send: Send
    now_ms: Callable[[], int]
    log: Log = field(default_factory=Log)
    began_ms: int = 0
    boot: str = field(default_factory=lambda: secrets.token_hex(4))
    proof_nonce: str = ""
    server_key: dict[str, str] = field(default_factory=dict)
    device: str = ""
    site: str = ""
    actor: str | None = None
    anchor: str | None = None
    outbox: list[dict[str, Any]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    rows: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    cursor: str | None = None
    scopes: list[str] = field(default_factory=list)

    # -- requests: messages.md

    def clock(self) -> dict[str, Any]:
        mono = self.now_ms() - self.began_ms
        return {"wall": self.now_ms(), "mono": mono, "boot": self.boot, "tz": "Asia/Shanghai"}

    def proved(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Headers, bytes]:
        """Send a request with its proof, a second time where the nonce was too old."""
        if not self.proof_nonce:
            self.proof_nonce = self.ask("nonce", proof=False)["proof_nonce"]
        for last in (False, True):
            nonce = self.proof_nonce
            signed = f"fieldsync/1 proof\n{method}\n{path}\n{nonce}\n{sha256(body)}"
            proof = f'Fieldsync log="{self.log.name}", nonce="{nonce}", sig="{self.log.sign(signed)}"'
            answer = self.send(method, path, {**headers, "Authorization": proof}, body)
            self.proof_nonce = answer[1].get("fieldsync-nonce", "")
            stale = answer[0] == 401 and strict(answer[2])["type"].endswith("/proof-stale")
            if last or not stale:
                break
        return answer

    def ask(
        self, path: str, /, *, proof: bool = True, packed: bool = False, **members: Any
    ) -> dict[str, Any]:
        """Send a message and return its answer, if it is one."""
        nonce = b64(secrets.token_bytes(16))
        body = json.dumps({"proto": 1, "nonce": nonce, **members}).encode()
        headers = {"Content-Type": MEDIA_TYPE}
        if packed:
            body, headers["Content-Encoding"] = gzip.compress(body), "gzip"
        sender = self.proved if proof else self.send
        return self.read(*sender("POST", f"/api/v1/sync/{path}", headers, body), nonce)

    def read(self, status: int, headers: Headers, body: bytes, nonce: str) -> dict[str, Any]:
        """Believe an answer, or raise `NoAnswerError` or `RefusedError`."""
        kind = headers.get("content-type", "").partition(";")[0]
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        if status != 200:
            raise (
                RefusedError(status, strict(body)) if kind == "application/problem+json" else NoAnswerError()
            )
        if kind != MEDIA_TYPE or headers.get("fieldsync-digest", sha256(body)) != sha256(body):
            raise NoAnswerError("somebody else spoke")
        told = strict(body)
        if told.get("proto") != 1 or told.get("nonce") != nonce:
            raise NoAnswerError("an answer to something else")
        return told

    # -- joining: enrolment.md

    def enrol(self, code: str) -> str:
        """Ask to join; return the word that both screens show."""
        public = self.log.public_key
        told = self.ask(
            "enrol",
            proof=False,
            code=code,
            public_key=public,
            sig=self.log.sign(f"fieldsync/1 enrol\n{code}\n{public}"),
            name="",
            app="9.0.0",
            clock=self.clock(),
            capabilities={"camera": True},
        )
        self.server_key, self.device, self.site = told["server_key"], told["device"]["id"], told["site"]["id"]
        if told["log"] != self.log.name:
            raise NoAnswerError("another key than mine")
        own = word(f"fieldsync/1 check\n{code}\n{public}", 8)
        if told["check_word"] != own:
            raise NoAnswerError("the word is not that of my key")
        return own

    def state(self) -> str:
        return str(self.ask("enrol-state")["state"])

    def sign_in(self, person: str, pin: str) -> bool:
        ok = bool(self.ask("sign-in", person=person, pin=pin)["ok"])
        if ok:
            self.actor = person
            self.save("shift.start", {"method": "pin", "online": True, "failed_tries": 0})
        return ok

    # -- the log: records.md

    def save(
        self,
        kind: str,
        p: dict[str, Any],
        *,
        private: Mapping[str, str] | None = None,
        deps: list[str] | None = None,
        blobs: list[dict[str, Any]] | None = None,
        old: Log | None = None,
    ) -> str:
        """Seal a record, put it into the outbox, return its hash."""
        parts = {
            name: {"salt": b64(secrets.token_bytes(16)), "value": value}
            for name, value in (private or {}).items()
        }
        members: dict[str, Any] = {
            "v": 1,
            "log": self.log.name,
            "seq": self.log.seq + 1,
            "prev": self.log.head,
            "id": uuid7(),
            "type": kind,
            "tv": 1,
            "actor": None if kind == "log.open" else self.actor,
            "site": self.site,
            "app": "9.0.0",
            "t": {**self.clock(), "anchor": self.anchor},
            "private": {n: sha256((part["salt"] + part["value"]).encode()) for n, part in parts.items()},
            "deps": deps,
            "blobs": blobs,
            "p": p,
        }
        kept = {n: v for n, v in members.items() if v or n not in {"private", "deps", "blobs"}}
        body = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
        signed = f"fieldsync/1 record\n{body}"
        wire: dict[str, Any] = {"body": body, "sig": self.log.sign(signed), "alg": "ES256"}
        if parts:
            wire["private"] = parts
        if old is not None:
            wire["sig_prev"] = old.sign(signed)
        self.log.seq, self.log.head = self.log.seq + 1, sha256(body.encode())
        self.outbox.append(wire)
        self.kept.append(self.log.head)
        return self.log.head

    def open(self, reason: str = "enrolled", previous: Log | None = None) -> str:
        p = {
            "public_key": self.log.public_key,
            "device": self.device,
            "previous_log": previous and previous.name,
            "previous_head": previous and previous.head,
            "reason": reason,
            "capabilities": {"camera": True},
        }
        return self.save("log.open", p, old=previous)

    def rotate(self) -> None:
        """Take a new key, which the old one vouches for."""
        old, self.log = self.log, Log()
        self.open("rotated", old)

    def tag_proof(self, token: str) -> str:
        """Return what proves that the next record's author read the code (tags.md)."""
        return sha256(f"fieldsync/1 tag\n{self.log.name}\n{self.log.seq + 1}\n{token}".encode())

    # -- what goes up

    def hello(self) -> dict[str, Any]:
        told = self.ask(
            "hello",
            log=self.log.name,
            head={"seq": self.log.seq, "hash": self.log.head},
            oldest=1,
            app="9.0.0",
            clock=self.clock(),
            unsent={"records": len(self.outbox), "photos": 0, "oldest_wall": None},
            storage={"persisted": None, "usage": None, "quota": None},
        )
        self.believe(told["anchor"])
        return told

    def believe(self, token: str | None) -> None:
        """Keep the server's time, if the server said it to this log (time.md)."""
        if token is None:
            return
        stated, _, sig = token.rpartition(".")
        if not verifies(self.server_key["public_key"], sig, f"fieldsync/1 anchor\n{self.log.name}\n{stated}"):
            raise NoAnswerError("an anchor that is not the server's")
        self.anchor = token

    def push(self) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """Push the outbox; return the outcomes and what the receipt says. Only then is it empty."""
        batch = self.outbox[:50]
        told = self.ask(
            "push",
            packed=True,
            log=self.log.name,
            clock=self.clock(),
            remaining=len(self.outbox) - len(batch),
            records=batch,
        )
        sealed = [sha256(wire["body"].encode()) for wire in batch]
        if told["count"] != len(batch) or [o["hash"] for o in told["outcomes"]] != sealed:
            raise NoAnswerError("outcomes of something else")
        says = self.received(told["receipt"], batch, sealed)
        self.believe(told["anchor"])
        gone = {o["hash"] for o in told["outcomes"] if o["outcome"] != "later"}
        self.outbox = [wire for wire in self.outbox if sha256(wire["body"].encode()) not in gone]
        return told["outcomes"], says

    def received(
        self, receipt: dict[str, str] | None, batch: list[dict[str, Any]], sealed: list[str]
    ) -> dict[str, Any]:
        """Return what a receipt says; nothing where nothing was received."""
        if receipt is None:
            return {}
        numbers = [json.loads(wire["body"])["seq"] for wire in batch]
        if not verifies(
            self.server_key["public_key"], receipt["sig"], f"fieldsync/1 receipt\n{receipt['body']}"
        ):
            raise NoAnswerError("a receipt that is not the server's")
        says: dict[str, Any] = strict(receipt["body"].encode())
        expected = {"log": self.log.name, "from": numbers[0], "to": numbers[-1], "count": len(batch)}
        if {**says, **expected, "v": 1, "head_hash": sealed[-1]} != says:
            raise NoAnswerError("a receipt for something else")
        return says

    def raw(self, record: bytes) -> dict[str, Any]:
        headers = {"Content-Type": "application/octet-stream"}
        return self.read(*self.proved("POST", "/api/v1/sync/raw", headers, record), "")

    def have(self) -> list[str]:
        """Return which of the records that are kept the server lacks."""
        missing: list[str] = self.ask("have", log=self.log.name, hashes=self.kept)["missing"]
        return missing

    # -- photos: photos.md

    def tus(
        self, method: str, sha: str, piece: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, Headers, bytes]:
        path = f"/api/v1/blobs/{self.log.name}" + (f"/{sha}" if method != "POST" else "")
        full = {"Tus-Resumable": "1.0.0", **(headers or {})}
        if piece:
            full["Content-Type"] = "application/offset+octet-stream"
            full["Upload-Checksum"] = "sha256 " + base64.b64encode(hashlib.sha256(piece).digest()).decode()
        answer = self.proved(method, path, full, piece)
        if not {"tus-resumable", "fieldsync-nonce"} <= answer[1].keys():
            raise NoAnswerError("a stranger's")
        return answer

    def begin(self, photo: bytes, first: bytes) -> tuple[int, Headers, bytes]:
        said = {"sha256": sha256(photo), "type": "image/jpeg"}
        metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in said.items())
        headers = {"Upload-Length": str(len(photo)), "Upload-Metadata": metadata}
        return self.tus("POST", sha256(photo), first, headers)

    def resume(self, photo: bytes) -> bool:
        """Ask where an upload stands, send the rest, and tell whether the server has the photo now."""
        sha = sha256(photo)
        _, told, _ = self.tus("HEAD", sha)
        if told.get("fieldsync-stored") == sha:
            return True
        at = int(told["upload-offset"])
        _, told, _ = self.tus("PATCH", sha, photo[at:], {"Upload-Offset": str(at)})
        return told.get("fieldsync-stored") == sha

    # -- what comes down: feed.md

    def apply(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            key = row["kind"], row["id"]
            if row["version"] > self.rows.get(key, {"version": 0})["version"]:
                self.rows[key] = row

    def pull(self) -> None:
        """Fetch what changed, whole sites first."""
        while True:
            page = self.ask("pull", cursor=self.cursor, scopes=self.scopes, limit=1000)
            add, remove = page["scopes"]["add"], page["scopes"]["remove"]
            self.cursor = page["cursor"]
            if not add and not remove:
                self.apply(page["rows"])
                if page["more"]:
                    continue
                return
            self.scopes = [s for s in self.scopes if s not in remove]
            self.rows = {k: row for k, row in self.rows.items() if row["scope"] in self.scopes}
            if add:
                self.snapshot(add[0])

    def snapshot(self, scope: str) -> None:
        """Fetch a site page by page; it counts when the last page is there."""
        resume = None
        while True:
            page = self.ask(
                "snapshot", scope=scope, cursor=self.cursor, scopes=self.scopes, resume=resume, limit=2
            )
            self.apply(page["rows"])
            resume = page["resume"]
            if resume is None:
                self.cursor, self.scopes = page["cursor"], [*self.scopes, scope]
                return

    def shown(self, kind: str) -> list[dict[str, Any]]:
        return [row["body"] for (k, _), row in self.rows.items() if k == kind and row["op"] == "upsert"]
