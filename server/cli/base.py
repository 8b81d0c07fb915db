"""What every command begins with: the application of this installation."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import click
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server import clock, migrate
from server.app import create_app
from server.config import ConfigError, Settings
from server.db import db
from server.people.models import Organisation
from server.secrets import Secrets
from server.tenancy import enter_installation


def make_app(now_ms: clock.NowMs = clock.system_ms) -> Flask:
    """Return the application that the environment describes."""
    try:
        return create_app(Settings.from_env(os.environ), now_ms=now_ms)
    except ConfigError as error:
        raise click.ClickException(str(error)) from error


@dataclass(frozen=True, slots=True)
class Installation:
    """The running installation as a command uses it."""

    app: Flask
    settings: Settings
    secrets: Secrets
    session: Session
    engine: Engine

    def organisations(self) -> list[UUID]:
        """Return every organisation."""
        found = list(self.session.scalars(select(Organisation.id).order_by(Organisation.id)))
        self.session.rollback()
        return found


@contextmanager
def installation() -> Iterator[Installation]:
    """Lend the installation to a command; its database must have the tables of this release."""
    app = make_app()
    with app.app_context():
        with db.engine.connect() as connection:
            current = migrate.is_current(connection)
        if not current:
            raise click.ClickException(
                "the database has other tables than this release: run `roundsman migrate`"
            )
        try:
            session = db.session()
            enter_installation(session)
            yield Installation(
                app,
                app.extensions["roundsman.settings"],
                app.extensions["roundsman.secrets"],
                session,
                db.engine,
            )
        finally:
            db.session.remove()
            db.engine.dispose()
