"""A phone that seals records as the app does, and hands them to the ledger in-process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from server.feed import service as feed
from server.ledger import blobs, logs
from server.ledger import push as pushing
from server.ledger.devices import assign, find_caller
from server.ledger.models import Device
from server.people.models import Person
from server.sites.models import Place, Site, Tag
from sync.encoding import ZERO_HASH, b64url_encode, sha256_hex
from sync.keys import SigningKey
from sync.messages import Clock, PushAnswer, PushRequest
from sync.payloads import (
    Answers,
    AnyPayload,
    Finding,
    FormRef,
    LogOpen,
    Scan,
    ScannedTag,
    ShiftEnd,
    ShiftStart,
    StopSkip,
    Target,
)
from sync.records import (
    Base,
    Blob,
    PrivatePart,
    Time,
    WireRecord,
    build_body,
    private_hash,
    record_hash,
    sign_record,
)
from sync.tags import tag_proof

BOOT = "b7c1d2e3"


@dataclass
class Phone:
    """One enrolled phone. `wall` of a record is the time given, as of a clock that is right."""

    session: Session
    site: Site
    key: SigningKey
    receipt_key: SigningKey
    device_id: UUID
    data_dir: Path
    since_ms: int
    person: Person | None = None
    seq: int = 0
    head: str = ZERO_HASH
    anchor: str | None = None
    outbox: list[WireRecord] = field(default_factory=list)
    photos: dict[str, bytes] = field(default_factory=dict)
    wall_error_ms: int = 0
    """How wrong the phone's clock is."""

    def record(
        self,
        type: str,  # noqa: A002
        payload: AnyPayload,
        *,
        at_ms: int,
        private: dict[str, str] | None = None,
        blobs: Sequence[Blob] = (),
        deps: Sequence[str] = (),
        base: Base | None = None,
    ) -> str:
        """Seal a record and return its hash."""
        self.seq += 1
        salt = b64url_encode(b"0123456789abcdef")
        parts = {name: PrivatePart(salt, value) for name, value in (private or {}).items()}
        body = build_body(
            log=self.key.log,
            seq=self.seq,
            prev=self.head,
            id=str(uuid4()),
            type=type,
            actor=None if type == "log.open" or self.person is None else str(self.person.id),
            site=str(self.site.id),
            app="1.0.0",
            t=Time(self._wall(at_ms), at_ms - self.since_ms, BOOT, "Asia/Shanghai", self.anchor),
            p=payload,
            private={name: private_hash(part.salt, part.value) for name, part in parts.items()},
            blobs=blobs,
            deps=deps,
            base=base,
        )
        self.outbox.append(WireRecord(body, sign_record(self.key, body), "ES256", parts))
        self.head = record_hash(body)
        return self.head

    def sign_in(self, person: Person, *, at_ms: int) -> str:
        """Begin a person's shift."""
        self.person = person
        return self.record("shift.start", ShiftStart("pin", True, 0), at_ms=at_ms)

    def sign_out(self, *, at_ms: int) -> str:
        """End the shift."""
        return self.record("shift.end", ShiftEnd("person"), at_ms=at_ms)

    def scan(
        self,
        place: Place,
        tag: Tag | None,
        *,
        at_ms: int,
        occurrence: UUID | None = None,
        stop: UUID | None = None,
        walk_on: bool = True,
        result: Any = "known",
        out_of_order: bool = False,
        proof: str | None = None,
        private: dict[str, str] | None = None,
        frame: bytes | None = None,
    ) -> str:
        """Read a place's code. `proof` overrides the right one."""
        read = None
        if tag is not None:
            right = tag_proof(log=self.key.log, seq=self.seq + 1, token=tag.token)
            read = ScannedTag(tag.token_hash, proof or right, tag.print_no)
        scan = Scan(
            occurrence=str(occurrence) if occurrence else None,
            stop=str(stop) if stop else None,
            target=Target(place.kind, str(place.id), place.version),
            tag=read,
            result=result,
            method="camera",
            walk_on=walk_on,
            out_of_order=out_of_order,
        )
        blobs = [self.photo(frame, role="frame")] if frame else []
        return self.record("scan", scan, at_ms=at_ms, private=private, blobs=blobs)

    def stray(self, *, at_ms: int, text: str, result: Any = "unknown") -> str:
        """Read a code that the phone does not know."""
        scan = Scan(None, None, None, None, result, "camera", False, False)
        return self.record("scan", scan, at_ms=at_ms, private={"raw": text})

    def answer(
        self,
        place: Place,
        *,
        scan: str | None,
        form: UUID,
        edition: int,
        values: dict[str, Any],
        at_ms: int,
        occurrence: UUID | None = None,
        private: dict[str, str] | None = None,
        photos: Sequence[Blob] = (),
    ) -> str:
        """Fill a form."""
        answers = Answers(
            occurrence=str(occurrence) if occurrence else None,
            stop=None,
            target=Target(place.kind, str(place.id), place.version),
            scan=scan,
            form=FormRef(str(form), edition),
            values=values,
        )
        deps = [scan] if scan else []
        return self.record("answers", answers, at_ms=at_ms, private=private, blobs=photos, deps=deps)

    def report(
        self, place: Place, *, at_ms: int, occurrence: UUID | None = None, urgency: Any = "normal"
    ) -> str:
        """Report something wrong."""
        target = Target(place.kind, str(place.id), place.version)
        found = Finding(str(occurrence) if occurrence else None, None, target, urgency, "damage")
        return self.record("finding", found, at_ms=at_ms, private={"note": "门坏了"})

    def skip(
        self,
        place: Place,
        *,
        occurrence: UUID,
        stop: UUID,
        at_ms: int,
        reason: Any = "locked",
        note: str | None = None,
        photos: Sequence[Blob] = (),
    ) -> str:
        """Skip a stop of a round and say why."""
        target = Target(place.kind, str(place.id), place.version)
        skipped = StopSkip(str(occurrence), str(stop), target, reason)
        return self.record(
            "stop.skip", skipped, at_ms=at_ms, private={"note": note} if note else None, blobs=photos
        )

    def photo(self, data: bytes, *, role: Any = "photo", field: str | None = None) -> Blob:
        """Take a photo, to be named by a record and sent with `upload`."""
        sha256 = sha256_hex(data)
        self.photos[sha256] = data
        return Blob(sha256, len(data), "image/jpeg", role, field)

    def push(self, *, now_ms: int, remaining: int = 0) -> PushAnswer:
        """Send everything in the outbox."""
        caller = find_caller(self.session, self.key.log)
        assert caller is not None
        clock = Clock(self._wall(now_ms), now_ms - self.since_ms, BOOT, "Asia/Shanghai")
        request = PushRequest(1, "A" * 22, self.key.log, clock, remaining, self.outbox)
        items = pushing.read(request, caller, now_ms=now_ms)
        answer = pushing.push(
            self.session, caller=caller, request=request, items=items, key=self.receipt_key, now_ms=now_ms
        )
        feed.commit(self.session, now_ms=now_ms)
        self.outbox, self.anchor = [], answer.anchor
        return answer

    def upload(self, *, now_ms: int) -> None:
        """Send every photo."""
        organisation = self.site.organisation_id
        for sha256, data in self.photos.items():
            photo = blobs.write(
                data_dir=self.data_dir, organisation=organisation, sha256=sha256, data=data, now_ms=now_ms
            )
            blobs.note(
                self.session,
                organisation=organisation,
                sha256=sha256,
                size=len(data),
                photo=photo,
                now_ms=now_ms,
            )
        self.session.commit()
        self.photos = {}

    def revoke(self) -> None:
        """Have the supervisor write the phone off."""
        self.session.execute(update(Device).where(Device.id == self.device_id).values(state="revoked"))
        self.session.commit()

    def _wall(self, at_ms: int) -> int:
        return at_ms + self.wall_error_ms


def enrol(
    session: Session,
    *,
    site: Site,
    name: str,
    number: int,
    receipt_key: SigningKey,
    data_dir: Path,
    now_ms: int,
) -> Phone:
    """Return a phone that has joined the site, with its log opened."""
    key = SigningKey.from_number(10_000 + number)
    device = Device(
        id=UUID(int=90_000 + number),
        organisation_id=site.organisation_id,
        site_id=site.id,
        name=name,
        state="active",
        public_key=key.public_key,
        check_word="AAAA-BBBB",
        made_ms=now_ms,
    )
    session.add(device)
    session.flush()
    assign(session, device=device, site_id=site.id, now_ms=now_ms)
    logs.add(session, device=device, public_key=key.public_key, log=key.log, previous=None, trusted=True)
    phone = Phone(
        session=session,
        site=site,
        key=key,
        receipt_key=receipt_key,
        device_id=device.id,
        data_dir=data_dir,
        since_ms=now_ms - 60_000,
    )
    phone.record(
        "log.open", LogOpen(key.public_key, str(device.id), None, None, "enrolled", {}), at_ms=now_ms
    )
    phone.push(now_ms=now_ms)
    return phone
