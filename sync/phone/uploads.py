"""Photos go up after the records that name them, one by one, each until the server has it whole."""

from __future__ import annotations

from collections.abc import Iterator

from sync.encoding import sha256_hex
from sync.phone.api import Api, NoAnswer, no_answer
from sync.phone.saving import Draft, Saver
from sync.phone.store import Photo, Store
from sync.proof import NONCE_HEADER

REFUSALS = (413, 415)
"""The server will never take this photo: it is kept on the phone and tried no more."""

ENOUGH = (None, 401, 403, 503, 507)
"""After these no other photo will fare better in this round; None: nothing came at all."""


def upload_waiting(store: Store, api: Api, saver: Saver) -> Iterator[str]:
    """Upload the photos whose records the server holds; yield the hash of each that arrived.

    One that fails stops no other; a damaged one is said to be so in a record.

    :raises NoAnswer: at the end, when some did not arrive
    """
    failure: NoAnswer | None = None
    for log, sha256 in store.uploads(state="waiting", ready=True):
        photo = store.photo(sha256)
        if photo is None or sha256_hex(photo.data) != sha256:
            with store.transaction():
                store.set_upload(log, sha256, "corrupt")
                _say_corrupt(store, saver, sha256, "missing" if photo is None else "hash")
            continue
        try:
            _upload(store, api, log, photo)
        except NoAnswer as none:
            if none.status in ENOUGH:
                raise
            if none.status in REFUSALS and none.slug is not None:
                store.set_upload(log, sha256, none.slug)
            else:
                failure = failure or none
        else:
            yield sha256
    if failure is not None:
        raise failure


def _upload(store: Store, api: Api, log: str, photo: Photo) -> None:
    path = f"/api/v1/blobs/{log}/{photo.sha256}"
    reply = api.send("PUT", path, {"Content-Type": photo.mime}, photo.data, log=log)
    # A stranger's 200 has no proof nonce; only ours counts.
    if reply.status not in (200, 201) or NONCE_HEADER.lower() not in reply.headers:
        raise no_answer(reply)
    store.set_upload(log, photo.sha256, "done")


def _say_corrupt(store: Store, saver: Saver, sha256: str, why: str) -> None:
    def payload(_log: str, _seq: int) -> dict[str, object]:
        return {"sha256": sha256, "why": why}

    saver.save(Draft("photo.corrupt", payload, None, store.meta("site") or ""))
