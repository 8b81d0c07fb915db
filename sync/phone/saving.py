"""Saving: the only way in which a phone writes a record.

Photos first; then read the head, build the body, hash and sign outside any transaction;
then one transaction that puts the record only if the head is still the one that was read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sync.encoding import b64url_encode, sha256_hex
from sync.ids import uuid7
from sync.phone.ports import Clock, Crypto, Randomness
from sync.phone.store import LogHead, Photo, Record, Store, StoreFull
from sync.records import (
    Base,
    Blob,
    PrivatePart,
    Time,
    WireRecord,
    build_body,
    private_hash,
    record_hash,
    signed_bytes,
)

MAX_RACES = 100
"""How often a save begins again because somebody else moved the head."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo, voice note or signature to save with a record; `field` names the form's field it is for."""

    data: bytes
    mime: str = "image/jpeg"
    role: str = "photo"
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person is about to save; `payload` may depend on the place (log, seq)."""

    type: str
    payload: Callable[[str, int], Mapping[str, object]]
    actor: str | None
    site: str
    private: Mapping[str, str] = field(default_factory=dict)
    deps: Sequence[str] = ()
    base: Base | None = None
    pictures: Sequence[Picture] = ()
    tv: int = 1
    """The version of the payload."""


class Saver:
    """Seals drafts into the current log of a store."""

    def __init__(
        self, *, store: Store, clock: Clock, randomness: Randomness, crypto: Crypto, app: str, tz: str
    ) -> None:
        self._store = store
        self._clock = clock
        self._randomness = randomness
        self._crypto = crypto
        self._app = app
        self.tz = tz
        self.boot = randomness.bytes(4).hex()
        """The name of this page session."""

    def save(self, draft: Draft, *, previous_log: str | None = None) -> Record:
        """Save a draft and return the record; on return it is durable.

        :param previous_log: for the `log.open` of a rotated log: the log whose key signs too
        :raises LookupError: the phone has no log yet
        """
        photos = [self._keep(picture) for picture in draft.pictures]
        parts = {
            name: PrivatePart(b64url_encode(self._randomness.bytes(16)), _well_formed(value))
            for name, value in draft.private.items()
        }
        for _ in range(MAX_RACES):
            head = current(self._store)
            record = self._seal(draft, head, parts, photos, previous_log)
            kept = [blob.sha256 for blob in photos if not blob.lost]
            if self._store.append(record, expected=head, photos=kept):
                return record
        raise RuntimeError("the log's head never rests")

    def _seal(
        self,
        draft: Draft,
        head: LogHead,
        parts: Mapping[str, PrivatePart],
        photos: Sequence[Blob],
        previous_log: str | None,
    ) -> Record:
        wall = self._clock.wall()
        seq = head.seq + 1
        body = build_body(
            log=head.log,
            seq=seq,
            prev=head.hash,
            id=uuid7(wall, self._randomness.bytes(10)),
            type=draft.type,
            tv=draft.tv,
            actor=draft.actor,
            site=draft.site,
            app=self._app,
            t=Time(
                wall=wall,
                mono=self._clock.mono(),
                boot=self.boot,
                tz=self.tz,
                anchor=self._store.meta(f"anchor:{head.log}"),
            ),
            private={name: private_hash(part.salt, part.value) for name, part in parts.items()},
            deps=draft.deps,
            base=draft.base,
            blobs=photos,
            p=draft.payload(head.log, seq),
        )
        message = signed_bytes(body)
        wire = WireRecord(
            body=body,
            sig="" if head.alg == "none" else self._crypto.sign(head.log, message),
            alg=head.alg,
            private=dict(parts),
            sig_prev=None if previous_log is None else self._crypto.sign(previous_log, message),
        )
        return Record(record_hash(body), head.log, seq, draft.type, wall, wire)

    def _keep(self, picture: Picture) -> Blob:
        """Keep a photo, read it back and hash it; one that was not kept is said to be lost.

        A full store lets go of photos that the server has; the record is saved in any case.
        """
        sha256 = sha256_hex(picture.data)
        photo = Photo(sha256, picture.mime, picture.data)
        try:
            self._store.put_photo(photo)
        except StoreFull:
            self._store.free_photos(len(picture.data))
            with suppress(StoreFull):
                self._store.put_photo(photo)
        back = self._store.photo(sha256)
        lost = back is None or sha256_hex(back.data) != sha256
        return Blob(
            sha256=sha256,
            size=len(picture.data),
            mime=picture.mime,  # type: ignore[arg-type]
            role=picture.role,  # type: ignore[arg-type]
            field=picture.field,
            lost=lost,
        )


def current(store: Store) -> LogHead:
    """Return the head of the log that is written to.

    :raises LookupError: the phone has no log yet
    """
    heads = store.heads()
    if not heads:
        raise LookupError("the phone has not joined")
    return heads[-1]


def _well_formed(text: str) -> str:
    """Return the text without half surrogates and NUL, which no strict reader takes."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", "\ufffd")
