"""A part of the matrix on PostgreSQL, where the application works under a role that row security holds.

What is answered must be the same: too much held back would show as a 404 at home, too little is what
`tests/edge` looks for.
"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.access.table import ROWS
from tests.access.test_matrix import SAFE, ask, expected, is_told
from tests.access.world import build
from tests.conftest import FakeClock

AT = (
    ("home", "home", "administrator"),
    ("home", "home", "supervisor"),
    ("next_door", "next_door", "supervisor"),
    ("abroad", "abroad", "administrator"),
    ("home", "abroad", "administrator"),
)


@pytest.mark.parametrize("database_engine", ["postgres"], indirect=True)
def test_what_may_be_read_and_what_is_refused(app: Flask, session: Session, clock: FakeClock) -> None:
    world = build(app, session, clock)
    session.close()
    wrong, asked = [], 0
    for row in (row for row in ROWS if not row.is_public and row.names_site):
        for site, thing, role in AT:
            wanted = expected(row, role, site=site, thing=thing)
            passes = wanted == row.status and row.letter(role).isupper()
            if (row.thing is None and site != thing) or (passes and row.method not in SAFE):
                continue
            asked += 1
            answer = ask(row, world, role, site=site, thing=thing)
            if answer.status_code != wanted:
                wrong.append(f"{row}: {role} at {site}, thing of {thing}: {wanted}, not {is_told(answer)}")
    assert not wrong, "\n".join(wrong)
    assert asked > 200
