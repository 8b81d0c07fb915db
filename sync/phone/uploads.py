"""Photos go up after the records that name them, piece by piece, each until the server has it whole.

tus 1.0.0, see `docs/protocol/photos.md`. What was cut off goes on from where the server stands.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sync.encoding import sha256_hex
from sync.phone.api import Api, NoAnswer, Reply, no_answer
from sync.phone.saving import Draft, Saver
from sync.phone.store import Photo, Store
from sync.proof import NONCE_HEADER, STORED_HEADER

PIECE_BYTES = 262_144
BETWEEN = 3
"""After so many pieces new records go first."""

AGAIN = 3
"""How often a photo is begun anew, or a piece repeated, within one round."""

REFUSALS = (413, 415)
"""The server will never take this photo: it is kept on the phone and tried no more."""

ENOUGH = (None, 401, 403, 503, 507)
"""After these no other photo will fare better in this round; None: nothing came at all."""

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Content-Type": "application/offset+octet-stream"}


def upload_waiting(
    store: Store, api: Api, saver: Saver, *, between: Callable[[], object] = lambda: None
) -> Iterator[str]:
    """Upload the photos whose records the server holds; yield the hash of each that arrived.

    One that fails stops no other; a damaged one is said to be so in a record.

    :param between: sends new records, which wait for no photo
    :raises NoAnswer: at the end, when some did not arrive
    """
    failure: NoAnswer | None = None
    sending = _Sending(api, between)
    for log, sha256 in store.uploads(state="waiting", ready=True):
        photo = store.photo(sha256)
        if photo is None or sha256_hex(photo.data) != sha256:
            with store.transaction():
                store.set_upload(log, sha256, "corrupt")
                _say_corrupt(store, saver, sha256, "missing" if photo is None else "hash")
            continue
        try:
            sending.whole(log, photo)
        except NoAnswer as none:
            if none.status in ENOUGH:
                raise
            if none.status in REFUSALS and none.slug is not None:
                store.set_upload(log, sha256, none.slug)
            else:
                failure = failure or none
        else:
            store.set_upload(log, sha256, "done")
            yield sha256
    if failure is not None:
        raise failure


@dataclass
class _Sending:
    """Sends photos, counting pieces over all of them."""

    api: Api
    between: Callable[[], object]
    pieces: int = field(default=0)

    def whole(self, log: str, photo: Photo) -> None:
        """Send a photo until the server says that it has every byte.

        :raises NoAnswer: it does not come to that now
        """
        size, tries = len(photo.data), AGAIN
        offset = None
        if size > PIECE_BYTES:
            reply = self._ask(log, photo)
            if _is_stored(reply, photo):
                return
            offset = _offset(reply, size)
            if offset is None and not (_is_ours(reply) and reply.status == 404):
                raise no_answer(reply)
        while True:
            reply = self._send(log, photo, offset)
            if _is_stored(reply, photo):
                return
            there = _offset(reply, size)
            if there is not None and (-1 if offset is None else offset) < there < size:
                offset = there
                continue
            if tries == 0 or not _is_ours(reply):
                raise no_answer(reply)
            if there is not None and there < size:  # it stands elsewhere
                offset = there
            elif reply.status == 404 or _is(reply, "wrong-hash"):  # gone over there: begun anew
                offset = None
            elif not _is(reply, "blob-checksum"):  # else it was damaged on its way: once more
                raise no_answer(reply)
            tries -= 1

    def _send(self, log: str, photo: Photo, offset: int | None) -> Reply:
        """Send the piece at `offset`; None begins the upload with its first piece."""
        piece = photo.data[offset or 0 : (offset or 0) + PIECE_BYTES]
        digest = base64.b64encode(hashlib.sha256(piece).digest()).decode()
        headers = {**PIECE, "Upload-Checksum": f"sha256 {digest}"}
        path = f"/api/v1/blobs/{log}"
        if offset is None:
            metadata = {"sha256": photo.sha256, "type": photo.mime}
            headers["Upload-Length"] = str(len(photo.data))
            headers["Upload-Metadata"] = ",".join(
                f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in metadata.items()
            )
            reply = self.api.send("POST", path, headers, piece, log=log)
        else:
            headers["Upload-Offset"] = str(offset)
            reply = self.api.send("PATCH", f"{path}/{photo.sha256}", headers, piece, log=log)
        self.pieces += 1
        if self.pieces % BETWEEN == 0:
            self.between()
        return reply

    def _ask(self, log: str, photo: Photo) -> Reply:
        return self.api.send("HEAD", f"/api/v1/blobs/{log}/{photo.sha256}", TUS, b"", log=log)


def _is_ours(reply: Reply) -> bool:
    """Tell whether the server answered: a stranger's 200 has neither of these."""
    return NONCE_HEADER.lower() in reply.headers and reply.headers.get("tus-resumable") == "1.0.0"


def _is_stored(reply: Reply, photo: Photo) -> bool:
    """Tell whether the server says that it has this very photo whole."""
    return _is_ours(reply) and reply.headers.get(STORED_HEADER.lower()) == photo.sha256


def _offset(reply: Reply, size: int) -> int | None:
    """Return where the server says that it stands, if it says so."""
    text = reply.headers.get("upload-offset", "")
    if not _is_ours(reply) or reply.status not in (200, 201, 204, 409) or not _is_digits(text):
        return None
    return int(text) if int(text) <= size else None


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _is(reply: Reply, slug: str) -> bool:
    return no_answer(reply).slug == slug


def _say_corrupt(store: Store, saver: Saver, sha256: str, why: str) -> None:
    def payload(_log: str, _seq: int) -> dict[str, object]:
        return {"sha256": sha256, "why": why}

    saver.save(Draft("photo.corrupt", payload, None, store.meta("site") or ""))
