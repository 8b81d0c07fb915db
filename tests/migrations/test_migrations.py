"""The migrations make exactly the tables and triggers that the models declare, and can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from server import (
    migrate,
    models,  # noqa: F401  every table
)
from server.db import Base, set_up_engine
from server.tenancy import INSTALLATION_TABLES
from tests.postgres import Cluster


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    """Two empty databases of one kind: one to migrate, one to create from the models."""
    if request.param == "sqlite":
        engines = tuple(create_engine(f"sqlite:///{tmp_path / name}", poolclass=NullPool) for name in "ab")
        for engine in engines:
            set_up_engine(engine)
        yield engines[0], engines[1]
        return
    running: Cluster = request.getfixturevalue("postgres")
    with running.database() as a, running.database() as b:
        yield create_engine(a, poolclass=NullPool), create_engine(b, poolclass=NullPool)


def triggers(connection: Connection) -> dict[str, str]:
    """Return each trigger's name and what it says."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = """SELECT t.tgname, pg_get_triggerdef(t.oid) || p.prosrc FROM pg_trigger t
                   JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal"""
    return {name: " ".join(sql.split()) for name, sql in connection.execute(text(query))}


def test_the_migrations_make_what_the_models_declare(empty: tuple[Engine, Engine]) -> None:
    migrated, declared = empty
    migrate.upgrade(migrated)
    with declared.begin() as connection:
        Base.metadata.create_all(connection)

    with migrated.connect() as ours, declared.connect() as theirs:
        assert compare_metadata(MigrationContext.configure(ours), Base.metadata) == []
        assert triggers(ours) == triggers(theirs)
        assert triggers(ours), "the ledger must be guarded by triggers"
        for table in Base.metadata.tables:
            mine = {c["name"]: (c["sqltext"]) for c in inspect(ours).get_check_constraints(table)}
            other = {c["name"]: (c["sqltext"]) for c in inspect(theirs).get_check_constraints(table)}
            assert mine == other, table


def test_up_down_and_up_again_leaves_the_same(empty: tuple[Engine, Engine]) -> None:
    migrated, _ = empty
    migrate.upgrade(migrated)
    with migrated.connect() as connection:
        before = sorted(inspect(connection).get_table_names()), triggers(connection)
        assert migrate.is_current(connection)

    migrate.downgrade(migrated)
    with migrated.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
        assert not migrate.is_current(connection)
    migrate.upgrade(migrated)

    with migrated.connect() as connection:
        assert (sorted(inspect(connection).get_table_names()), triggers(connection)) == before


def test_every_row_of_a_site_says_organisation_and_site() -> None:
    """Only what belongs to the installation or to a whole organisation lacks a site."""
    installation = {"organisation", *INSTALLATION_TABLES}
    no_site = {
        "person": "works at several sites",
        "company": "sends people to several sites",
        "certificate": "of a person",
        "console_session": "of a person",
        "totp": "of a person",
        "passkey": "of a person",
        "recovery_code": "of a person",
        "forgotten": "of a person",
        "invitation": "administrators have no site",
        "epoch": "one history",
        "feed_head": "one feed",
        "ledger_head": "one ledger",
        "audit_head": "one audit log",
        "audit": "logging in belongs to no site",
        "blob": "bytes are stored once; who claims them (`blob_claim`) has a site",
        "blob_gone": "of the same bytes",
        "retention": "one rule for the organisation",
        "announced_year": "the announcement is one for the whole country",
    }
    for name, table in Base.metadata.tables.items():
        if name not in installation:
            assert "organisation_id" in table.c, name
            assert not table.c.organisation_id.nullable, name
        if name not in no_site.keys() | installation | {"site"}:
            assert "site_id" in table.c, name
            assert not table.c.site_id.nullable, name


def test_a_phone_that_is_known_gets_the_row_of_the_site_for_which_it_works(
    empty: tuple[Engine, Engine],
) -> None:
    migrated, _ = empty
    migrate.upgrade(migrated, "0002")
    phone, site, organisation = ("0" * 31 + number for number in "123")
    with migrated.connect() as connection:
        connection.execute(
            text(
                "INSERT INTO device (id, organisation_id, site_id, name, state, public_key, check_word,"
                " made_ms, app, unsent_records, unsent_photos, storage, capabilities, pin_failed,"
                " pin_wait_until_ms)"
                " VALUES (:p, :o, :s, 'x', 'active', '', '', 77, '', 0, 0, '{}', '{}', 0, 0)"
            ),
            {"p": phone, "o": organisation, "s": site},
        )
        connection.commit()
    migrate.upgrade(migrated)
    with migrated.connect() as connection:
        columns = "number, device_id, organisation_id, site_id, from_ms, until_ms"
        (row,) = connection.execute(text(f"SELECT {columns} FROM device_site")).all()
    told = (row[0], *(str(value).replace("-", "") for value in row[1:4]), *row[4:])
    assert told == (1, phone, organisation, site, 77, None)
