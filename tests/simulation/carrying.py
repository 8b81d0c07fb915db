"""Other ways to the server than from the record's own phone: in a file, by a colleague's phone."""

from __future__ import annotations

import io
import json

from server.keeping.rescue import import_rescue
from sync import messages
from sync.messages import STORED_OUTCOMES, PushAnswer, PushRequest
from sync.phone.api import NoAnswer
from sync.rescue import FoundRecord, RescueReader
from tests.api.keeping.files import written
from tests.simulation import truths
from tests.simulation.installation import Installation
from tests.simulation.pocket import Pocket

MOST_CARRIED = 20
"""So many records of a colleague go up in one request."""

SIXTHS = 6
"""Into so many parts a file may be cut."""


def rescue_file(pocket: Pocket) -> bytes:
    """Return the rescue file of a phone, damaged rows and all."""
    store = pocket.store
    records = store.records()
    keys = {
        record.log: json.loads(record.wire.body)["p"]["public_key"]
        for record in records
        if record.type == "log.open"
    }
    named = {sha256 for state in ("waiting", "done") for _log, sha256 in store.uploads(state=state)}
    photos = [photo.data for sha256 in sorted(named) if (photo := store.photo(sha256))]
    header = {
        "rescue": 1,
        "made_ms": pocket.clock.wall(),
        "app": "0.1.0",
        "device": {"id": store.meta("device"), "name": pocket.name},
        "logs": [{"log": log, "public_key": key, "alg": "ES256"} for log, key in keys.items()],
    }
    return written(header, [json.loads(messages.encode(record.wire)) for record in records], photos)


def cut(file: bytes, sixths: int) -> bytes:
    """Return the head line and so many sixths of the rest."""
    head = file.index(b"\n") + 1
    return file[: head + (len(file) - head) * sixths // SIXTHS]


def records_in(file: bytes) -> set[str]:
    """Return the hashes of the records that can be read."""
    return {
        truths.hash_of(f.record.body) for f in RescueReader(io.BytesIO(file)) if isinstance(f, FoundRecord)
    }


def bring(server: Installation, file: bytes) -> None:
    """Give a file to the server, whose administrator imports it."""
    with server.session() as session:
        import_rescue(
            session,
            file=io.BytesIO(file),
            organisation=server.furnished.organisation,
            site=server.furnished.site,
            person=server.furnished.people["li"],
            data_dir=server.folder / "var",
            key=server.app.extensions["roundsman.secrets"].receipt,
            now_ms=server.clock,
        )
        kept = truths.bodies(session)
    assert records_in(file) <= kept.keys(), "I1: a file was imported and its records are not there"


def carry(server: Installation, *, author: Pocket, bringer: Pocket) -> None:
    """Let one phone send what another still has to send, as it is; the author learns nothing of it."""
    rig = bringer.phone._engine._rig
    for head in author.store.heads():
        unsent = author.store.unsent(head.log, MOST_CARRIED)
        if not unsent or not bringer.store.heads():
            continue
        log = bringer.phone.log
        records = [record.wire for record in unsent]
        asked = PushRequest(1, rig.api.new_nonce(), log, rig.request_clock(), 0, records)
        try:
            answer = rig.api.call("push", asked, PushAnswer, log=log)
        except (NoAnswer, LookupError):  # it is revoked, unknown to a server set back, or without its key
            return
        with server.session() as session:
            kept = truths.bodies(session)
        stored = {outcome.hash for outcome in answer.outcomes if outcome.outcome in STORED_OUTCOMES}
        assert stored <= kept.keys(), "I1: a false acknowledgement to a colleague"
