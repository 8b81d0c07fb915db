"""What a team leader may with paper sheets and skipped stops: see those of the own team, decide nothing.

docs/access.md: an excuse, a sheet and a skip take a round out of the number by which the leader's own
team is measured, so they are a supervisor's. Hua leads the night team; Wang is in it, Liu is not.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from server.feed import service as feed
from server.people import memberships, organisations
from server.people.models import Membership
from server.rounds.models import RouteEdition
from server.rounds.office import PaperSheet
from server.rounds.skips import SkipDecision
from tests.api.field import data
from tests.api.rounds.conftest import MIN, As, Console, Estate
from tests.api.rounds.night import Night
from tests.api.rounds.test_office import picture, sheet, upload
from tests.conftest import FakeClock


def put_into(estate: Estate, name: str, team: UUID | None) -> None:
    session, person = estate.session, estate.people[name]
    found = session.get_one(Membership, (person.id, estate.site.id))
    organisations.change_person(
        session, person=person, membership=found, changes={"team": team}, now_ms=estate.clock.ms
    )
    feed.commit(session, now_ms=estate.clock.ms)


@pytest.fixture
def night(estate: Estate, clock: FakeClock) -> Night:
    session = estate.session
    hua = organisations.make_person(
        session,
        organisation=estate.site.organisation_id,
        name="Hua",
        number="N90",
        login="hua",
        now_ms=clock.ms,
    )
    memberships.join(session, person=hua, site=estate.site.id, role="team_leader", team=estate.team.id)
    feed.commit(session, now_ms=clock.ms)
    estate.people["Hua"] = hua
    put_into(estate, "Wang", estate.team.id)
    return Night(estate, clock)


def on_paper(as_: As, at: str, night: Night) -> str:
    """Enter a sheet of Wang and one of Liu; return the round's address."""
    night.clock.ms = night.start + 90 * MIN
    round_ = f"{at}/occurrences/{night.id}"
    for person in ("Wang", "Liu"):
        photo = upload(as_, at, picture()).json["photo"]
        assert as_("Li").post(f"{round_}/papers", sheet(night, photo, 5, person=person)).status_code == 200
    return round_


def test_a_leader_sees_the_sheets_of_the_own_team_only(as_: As, at: str, night: Night) -> None:
    round_ = on_paper(as_, at, night)

    both = data(as_("Li").get(f"{round_}/papers"))["papers"]
    own = data(as_("Hua").get(f"{round_}/papers"))["papers"]

    assert sorted(one["person"]["name"] for one in both) == ["Liu", "Wang"]
    assert [one["person"]["name"] for one in own] == ["Wang"]


def test_a_leader_enters_no_sheet_and_opens_no_photo_of_one(as_: As, at: str, night: Night) -> None:
    round_ = on_paper(as_, at, night)
    photo = upload(as_, at, picture()).json["photo"]
    hua = as_("Hua")

    assert hua.post(f"{round_}/papers", sheet(night, photo, 5, 20, 40)).status_code == 403
    assert upload(as_, at, picture(), who="Hua").status_code == 403
    assert hua.get(f"{at}/papers/photos/{photo}").status_code == 403
    assert night.estate.session.scalar(select(func.count()).select_from(PaperSheet)) == 2


def skipped(night: Night) -> UUID:
    """Let Wang and Liu both skip the third stop; return it."""
    other = night.estate.phone("5 号手机")
    other.sign_in(night.estate.people["Liu"], at_ms=night.clock.ms)
    stop = UUID(night.estate.session.scalars(select(RouteEdition)).one().stops[2]["id"])
    told: dict[str, Any] = {"occurrence": night.id, "stop": stop}
    night.phone.skip(night.estate.places[2], at_ms=night.start + 30 * MIN, note="铁门锁了", **told)
    other.skip(night.estate.places[2], at_ms=night.start + 31 * MIN, note="外来车堵住", **told)
    night.push(32)
    night.push(33, phone=other)
    return stop


def test_a_leader_reads_why_the_own_team_skipped_and_not_who_else_did(as_: As, at: str, night: Night) -> None:
    skipped(night)

    def words(console: Console) -> list[tuple[str | None, str | None]]:
        [stop] = [s for s in data(console.get(f"{at}/occurrences/{night.id}"))["stops"] if s["skips"]]
        return [(s["person"] and s["person"]["name"], s["note"]) for s in stop["skips"]]

    assert words(as_("Li")) == [("Wang", "铁门锁了"), ("Liu", "外来车堵住")]
    assert words(as_("Hua")) == [("Wang", "铁门锁了"), (None, None)]


def test_a_leader_accepts_no_skip_and_refuses_none(as_: As, at: str, night: Night) -> None:
    path = f"{at}/occurrences/{night.id}/stops/{skipped(night)}/skip"

    for accepted in (True, False):
        assert as_("Hua").post(path, {"accepted": accepted}).status_code == 403
    assert night.estate.session.scalar(select(func.count()).select_from(SkipDecision)) == 0


def test_a_leader_without_a_team_sees_nobodys(as_: As, at: str, night: Night) -> None:
    round_ = on_paper(as_, at, night)
    put_into(night.estate, "Hua", None)

    assert data(as_("Hua").get(f"{round_}/papers"))["papers"] == []
