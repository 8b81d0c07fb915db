"""Stops that are skipped for a reason, and what a supervisor says to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from server.audit.models import AuditRow
from server.keeping.rebuild import differences
from server.rounds.models import RouteEdition
from server.rounds.skips import Skip, SkipDecision
from tests.api.rounds.conftest import MIN, As, Estate
from tests.api.rounds.night import Night
from tests.conftest import FakeClock

PHOTO = b"\xff\xd8\xff\xe0 a locked door"


@pytest.fixture
def night(estate: Estate, clock: FakeClock) -> Night:
    """Tonight's round, of which the first two stops are walked and the third is skipped."""
    night = Night(estate, clock)
    night.scan(1, 10)
    night.scan(2, 20)
    night.push(21)
    return night


def third(night: Night) -> UUID:
    stops = night.estate.session.scalars(select(RouteEdition)).one().stops
    return UUID(stops[2]["id"])


def skip(night: Night, minutes: float = 30, **members: Any) -> str:
    members.setdefault("stop", third(night))
    return night.phone.skip(
        night.estate.places[2], occurrence=night.id, at_ms=night.start + int(minutes * MIN), **members
    )


def test_a_skipped_stop_stays_undone_until_a_supervisor_accepts_the_reason(
    night: Night, as_: As, at: str
) -> None:
    skip(night, note="铁门锁了", photos=[night.phone.photo(PHOTO)])
    assert night.push(31) == [[]]
    night.push(181)
    assert night.state(181) == "partial"
    round_ = f"{at}/occurrences/{night.id}"

    shown = as_("Li").get(round_).json

    assert shown is not None
    assert (shown["skipped"], shown["asked"], shown["why"]["params"]["asked"]) == (0, 1, 1)
    [said] = shown["stops"][2]["skips"]
    assert (said["reason"], said["note"], said["person"]["name"]) == ("locked", "铁门锁了", "Wang")
    assert (said["decision"], [p["state"] for p in said["photos"]]) == (None, ["pending"])

    path = f"{round_}/stops/{third(night)}/skip"
    accepted = as_("Li").post(path, {"accepted": True, "why": "物业锁门"})
    assert accepted.status_code == 200
    assert accepted.json is not None
    assert (accepted.json["state"], accepted.json["done"], accepted.json["total"]) == ("done", 2, 3)
    assert (accepted.json["skipped"], accepted.json["asked"]) == (1, 0)
    [said] = accepted.json["stops"][2]["skips"]
    assert said["decision"] | {"at_ms": 0} == {"accepted": True, "why": "物业锁门", "by": "Li", "at_ms": 0}

    night.clock.ms += MIN
    refused = as_("Li").post(path, {"accepted": False})
    assert refused.json is not None
    assert refused.json["state"] == "partial", "the last word holds"
    session = night.estate.session
    assert session.scalar(select(func.count()).select_from(SkipDecision)) == 2, "and every word is kept"
    audited = select(AuditRow.action).where(AuditRow.action.startswith("skip.")).order_by(AuditRow.pos)
    assert session.scalars(audited).all() == ["skip.accepted", "skip.refused"]


def test_a_stop_that_is_reached_after_all_was_not_skipped(night: Night, as_: As, at: str) -> None:
    skip(night)
    night.push(31)
    as_("Li").post(f"{at}/occurrences/{night.id}/stops/{third(night)}/skip", {"accepted": True})
    night.scan(3, 40)
    night.push(41)

    shown = as_("Li").get(f"{at}/occurrences/{night.id}").json
    assert shown is not None
    assert (shown["state"], shown["done"], shown["skipped"]) == ("done", 3, 0)


def test_nothing_that_was_not_skipped_can_be_accepted(night: Night, as_: As, at: str) -> None:
    path = f"{at}/occurrences/{night.id}/stops/{third(night)}/skip"

    assert as_("Li").post(path, {"accepted": True}).status_code == 409
    skip(night)
    night.push(31)
    assert as_("Li").post(path, {"accepted": "yes"}).status_code == 422
    assert as_("Vera").post(path, {"accepted": True}).status_code == 403
    assert as_("Chen").post(path, {"accepted": True}).status_code == 404
    assert night.state(31) == "progress"


def test_who_skipped_it_is_shown_only_to_whom_evidence_is(night: Night, as_: As, at: str) -> None:
    skip(night, note="铁门锁了")
    night.push(31)

    shown = as_("Vera").get(f"{at}/occurrences/{night.id}").json

    assert shown is not None
    [said] = shown["stops"][2]["skips"]
    assert (said["reason"], said["note"], said["person"]) == ("locked", None, None)


@pytest.mark.parametrize(
    ("minutes", "stop", "marks"),
    [(181, None, ["after_grace"]), (30, UUID(int=7), ["not_here"])],
)
def test_a_skip_is_marked_and_never_refused(
    night: Night, minutes: float, stop: UUID | None, marks: list[str]
) -> None:
    skip(night, minutes, **({"stop": stop} if stop else {}))

    assert night.push(200) == [marks]
    assert night.state(200) == "partial"


def test_skips_are_made_again_from_the_ledger_as_they_were(night: Night) -> None:
    skip(night, 30)
    skip(night, 31, reason="other", note="脚手架")
    night.push(32)
    session = night.estate.session
    assert session.scalar(select(func.count()).select_from(Skip)) == 2

    assert differences(session, night.estate.site.organisation_id) == []
    session.rollback()
