"""A person who left has erased what names them; the records stay, and everything verifies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary, Uuid, cast, select
from sqlalchemy import String as Text

from server.audit.models import AuditRow
from server.db import Base
from server.keeping.export import export_log
from server.ledger import forgetting
from server.ledger.models import Record
from server.people.erasing import LOGGING_IN
from server.people.models import Person
from sync.encoding import sha256_hex
from sync.verify import verify_export
from tests.api.field import SAME_ORIGIN, Garden, data, slug
from tests.api.privacy.scene import assert_whole, data_dir, gone, named, parts, post, tick, walk, whole_files


def leave(garden: Garden, name: str) -> None:
    path = f"/api/v1/sites/{garden.site}/people/{garden.people[name]}"
    answer = garden.client("ada").patch(path, json={"left": True}, headers=SAME_ORIGIN)
    assert answer.status_code == 200, answer.get_data(as_text=True)


def erase(garden: Garden, name: str, number: str, by: str = "ada") -> dict[str, int]:
    path = f"/api/v1/sites/{garden.site}/people/{garden.people[name]}/data/erase"
    answer = post(garden, by, path, {"number": number})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, int] = answer.json  # type: ignore[assignment]
    return found


def test_what_names_a_person_goes_and_the_records_stay(garden: Garden, tmp_path: Path) -> None:
    mine = walk(garden)
    other = walk(garden, actor="liu", color="red")
    shared = other.phone.record(blobs=[])
    before = garden.all(select(Record.hash).order_by(Record.ledger_pos))
    leave(garden, "wang")

    assert erase(garden, "wang", "4") == {"parts": 4, "photos": 2}

    assert parts(garden) == ["geo", "geo", "note", "raw"]
    assert set(gone(garden)) == {sha256_hex(mine.frame), sha256_hex(mine.photo)}
    assert whole_files(garden) == {sha256_hex(other.frame), sha256_hex(other.photo)}
    person = garden.one(select(Person).where(Person.id == garden.people["wang"]))
    assert (person.name, person.number) == ("离职员工 Former employee #1", "former-1")
    assert (person.login, person.pin_hash, person.password_hash) == (None, None, None)
    assert garden.all(select(Record.hash).order_by(Record.ledger_pos)) == before
    [noted] = garden.all(select(AuditRow).where(AuditRow.action == "person.erased"))
    assert noted.person_id == garden.people["ada"]
    assert_whole(garden)
    assert other.phone.outcomes(shared) == [("applied", None)]

    with_files = export_log(
        garden.session,
        target=tmp_path / "log",
        organisation=garden.organisation,
        site=None,
        data_dir=data_dir(garden),
        key=garden.secrets.receipt,
        now_ms=garden.clock.ms,
    )
    assert with_files["photos"] == 2
    assert verify_export(tmp_path / "log").findings == {}


def test_no_table_but_the_feed_remembers_the_name(garden: Garden) -> None:
    """The feed's old rows go with its horizon; everything else has forgotten the name already."""
    person = garden.session.get_one(Person, garden.people["wang"])
    person.name, person.login = "王不留行", "wangbuliuxing"
    garden.session.commit()
    path = f"/api/v1/sites/{garden.site}/people/{person.id}"
    client = garden.client("ada")
    changed = client.patch(path, json={"name": "王不留行甲"}, headers=SAME_ORIGIN)
    assert changed.status_code == 200, changed.get_data(as_text=True)
    walk(garden)
    leave(garden, "wang")
    assert "person" in places_of(garden, "王不留行")

    erase(garden, "wang", "4")

    assert places_of(garden, "王不留行") == {"feed"}
    assert places_of(garden, "wangbuliuxing") == set()
    assert places_of(garden, "said by wang") == set()


def places_of(garden: Garden, text: str) -> set[str]:
    """Return the tables in which a text stands, in whatever column."""
    found = set()
    garden.session.rollback()
    for name, table in Base.metadata.tables.items():
        for column in table.columns:
            if isinstance(column.type, Uuid):
                continue
            for (value,) in garden.session.execute(
                select(column if isinstance(column.type, LargeBinary) else cast(column, Text))
            ):
                told = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                if text in told or text.encode("unicode_escape").decode() in told:
                    found.add(name)
    return found


def test_what_comes_later_is_erased_as_well(garden: Garden) -> None:
    first = walk(garden)
    leave(garden, "wang")
    erase(garden, "wang", "4")
    assert first.phone.outcomes(first.scan, first.finding) == [("duplicate", None)] * 2
    assert parts(garden) == []

    late = walk(garden, color="blue", phone=first.phone)  # it lay on the phone all the while
    assert parts(garden) == ["geo", "geo", "note", "raw"]
    tick(garden)

    assert parts(garden) == []
    assert whole_files(garden) == set()
    assert late.phone.upload(late.photo).headers["Fieldsync-Stored"] == sha256_hex(late.photo)
    assert whole_files(garden) == set()
    assert_whole(garden)


def test_an_interrupted_erasure_is_finished_by_the_clock(
    garden: Garden, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk(garden)
    leave(garden, "wang")

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    real = forgetting._sweep_step
    monkeypatch.setattr(forgetting, "_sweep_step", killed)
    with pytest.raises(KeyboardInterrupt):
        erase(garden, "wang", "4")
    assert parts(garden) != []

    monkeypatch.setattr(forgetting, "_sweep_step", real)
    tick(garden)
    assert parts(garden) == []
    assert whole_files(garden) == set()
    assert_whole(garden)


def test_a_photo_that_somebody_else_names_stays(garden: Garden) -> None:
    mine = walk(garden)
    phone = garden.handset(actor="liu")
    again = phone.record(blobs=[named(mine.photo, "photo")])
    assert phone.outcomes(again) == [("applied", None)]
    leave(garden, "wang")

    erase(garden, "wang", "4")

    assert whole_files(garden) == {sha256_hex(mine.photo)}


def test_phones_are_told(garden: Garden) -> None:
    phone = walk(garden).phone
    leave(garden, "wang")
    erase(garden, "wang", "4")

    first = data(phone.post("pull", {"cursor": None, "scopes": [], "limit": 1000}))
    assert first["scopes"]["add"] == [str(garden.site)]
    snapshot: dict[str, Any] = {
        "scope": str(garden.site),
        "cursor": None,
        "scopes": [],
        "resume": None,
        "limit": 1000,
    }
    rows = data(phone.post("snapshot", snapshot))["rows"]

    [told] = [row for row in rows if row["kind"] == "erasure"]
    assert told["id"] == str(garden.people["wang"])
    assert told["body"] == {"id": str(garden.people["wang"]), "at_ms": garden.clock.ms}
    assert [row["op"] for row in rows if row["kind"] == "person"].count("upsert") == 1


def test_who_may_erase_and_whom(garden: Garden) -> None:
    wang = f"/api/v1/sites/{garden.site}/people/{garden.people['wang']}/data/erase"
    assert slug(post(garden, "ada", wang, {"number": "4"})) == "still-here"
    leave(garden, "wang")
    assert slug(post(garden, "ada", wang, {"number": "5"})) == "not-this-person"
    assert post(garden, "li", wang, {"number": "4"}).status_code == 403
    assert post(garden, "chen", wang, {"number": "4"}).status_code == 404
    elsewhere = wang.replace(str(garden.site), str(garden.north))
    assert post(garden, "ada", elsewhere, {"number": "4"}).status_code == 404
    stale = garden.client("ada")
    garden.clock.forward(minutes=11)
    refused = stale.post(wang, json={"number": "4"}, headers=SAME_ORIGIN)
    assert slug(refused) == "fresh-login"
    assert parts(garden) == []


KEPT = {
    "plan.person_id",
    "part_price.set_by",
    "upkeep_cycle.person_id",
    "stock_entry.person_id",
    "stock_entry.noted_by",
    "stock_move.person_id",
    "stock_count.person_id",
    "stock_take.begun_by",
    "stock_take.settled_by",
    "stock_tally.person_id",
    "plan_edition.person_id",
    "announced_year.person_id",
    "asset_entry.entered_by",
    "asset_import.made_by",
    "asset_said.person_id",
    "document.added_by",
    "duty_done.entered_by",
    "take_over.begun_by",
    "take_over.ended_by",
    "take_over_check.checked_by",
    "audit.person_id",
    "audit_look.person_id",
    "certificate.person_id",
    "comment.person_id",
    "closing.closed_by",
    "consent.person_id",
    "enrolment.made_by",
    "erasure.person_id",
    "explanation.person_id",
    "forgotten.person_id",
    "invitation.made_by",
    "membership.person_id",
    "meter_entry.entered_by",
    "meter_exchange.person_id",
    "meter_reading.entered_by",
    "meter_reading.person_id",
    "meter_target.set_by",
    "occurrence.excused_by",
    "paper_sheet.person_id",
    "paper_sheet.entered_by",
    "record.actor",
    "request.opened_by",
    "request_event.person_id",
    "report_seen.person_id",
    "shift.person_id",
    "skip.person_id",
    "skip_decision.decided_by",
    "stand_in.person_id",
    "visit.person_id",
    "finding.person_id",
    "order_act.person_id",
    "order_event.person_id",
    "order_policy.changed_by",
    "work_order.opened_by",
}
"""Columns that go on naming an erased person by the id alone, to which no name leads any more."""


def test_every_table_that_names_a_person_was_thought_of() -> None:
    gone_with_the_name = {model.__tablename__ for model in LOGGING_IN}
    words = ("person", "actor", "made_by", "_by")
    for name, table in Base.metadata.tables.items():
        for column in table.columns:
            named = isinstance(column.type, Uuid) and any(word in column.name for word in words)
            if named and name not in gone_with_the_name:
                assert f"{name}.{column.name}" in KEPT, f"what becomes of {name}.{column.name} at an erasure?"
