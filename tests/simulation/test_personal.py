"""What a phone records of its people only with their word, and drops when one of them is erased."""

from __future__ import annotations

import json

from sync.geo import Geo
from sync.messages import Row
from sync.phone.retention import forget_erased
from sync.phone.saving import Picture
from sync.records import parse_body
from tests.simulation.conftest import ROUND, TOKENS, World

HERE = Geo(lat=312_214_300, lon=1_214_512_800, accuracy=12)


def test_a_place_is_recorded_only_after_a_yes_and_until_a_no(world: World) -> None:
    phone = world.phone
    said = []
    for answer in (None, True, False):
        if answer is not None:
            phone.consent(1, "zh", location=answer)
        scan = phone.scan(TOKENS[0], occurrence=ROUND, geo=HERE)
        nowhere = phone.scan(TOKENS[1], occurrence=ROUND)
        found = phone.finding("dirt", geo=HERE)
        said.append(
            [
                parse_body(one.wire.body).envelope.p.get("location", "geo" in one.wire.private)
                for one in (scan, nowhere, found)
            ]
        )

    assert said == [
        ["refused", "refused", False],
        ["given", "unavailable", True],
        ["refused", "refused", False],
    ]
    assert phone.sync().complete


def test_what_is_private_of_an_erased_person_goes_once_the_server_has_it(world: World) -> None:
    phone = world.phone
    phone.finding("dirt", note="sent", photos=[Picture(b"\xff\xd8\xff one")])
    assert phone.sync().complete
    unsent = phone.finding("dirt", note="to be sent")
    actor = json.loads(unsent.wire.body)["actor"]
    row = next(iter(phone.store.all_rows().values()))
    told = Row("erasure", actor, row.scope, 1, "upsert", {"id": actor, "at_ms": 1})
    phone.store.apply_row(told, 1)

    assert forget_erased(phone.store) == 1

    notes = [record.wire.private.get("note") for record in phone.store.records() if record.type == "finding"]
    assert [note and note.value for note in notes] == [None, "to be sent"]
    assert phone.sync().complete
    assert not any(record.wire.private for record in phone.store.records())
