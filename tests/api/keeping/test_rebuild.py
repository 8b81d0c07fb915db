"""Projections made again from the log are those that are there, or the command says which is not."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from server.cli import main
from server.keeping.rebuild import differences, rebuild
from tests.api.field import Garden
from tests.api.keeping.test_verify import folder, furnish
from tests.conftest import FakeClock


def test_what_is_made_again_is_what_was_there_and_what_was_not_is_named(
    garden: Garden, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(garden, clock, photos=1)
    shared = garden.handset()
    shared.push(shared.record("shift.start", {"method": "pin", "online": True, "failed_tries": 0}))
    session = garden.session
    assert differences(session, garden.organisation) == []
    session.rollback()

    for statement, table in (
        ("UPDATE finding SET urgency = 'urgent' WHERE id = (SELECT min(id) FROM finding)", "finding"),
        ("DELETE FROM finding WHERE id = (SELECT min(id) FROM finding)", "finding"),
        ("UPDATE shift SET failed_tries = 7", "shift"),
    ):
        session.execute(text(statement))
        assert [one.table for one in differences(session, garden.organisation)] == [table], statement
        session.rollback()

    monkeypatch.setenv("ROUNDSMAN_DATA_DIR", str(folder(garden)))
    monkeypatch.setenv("ROUNDSMAN_DATABASE_URL", session.get_bind().url.render_as_string(False))  # type: ignore[union-attr]
    session.execute(text("DELETE FROM finding"))
    session.commit()
    told = CliRunner().invoke(main, ["rebuild", "--verify"])
    assert (told.exit_code, "finding" in told.output) == (1, True), told.output
    assert session.scalar(text("SELECT count(*) FROM finding")) == 0
    session.rollback()
    assert CliRunner().invoke(main, ["rebuild"]).exit_code == 0
    assert session.scalar(text("SELECT count(*) FROM finding")) == rebuilt(garden)
    session.rollback()
    assert "identical" in CliRunner().invoke(main, ["rebuild", "--verify"]).output


def rebuilt(garden: Garden) -> int:
    """Return how many findings the log makes."""
    rebuild(garden.session, garden.organisation)
    found = garden.session.scalar(text("SELECT count(*) FROM finding"))
    garden.session.rollback()
    return int(found or 0)
