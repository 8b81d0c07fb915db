"""The whole month: ``python -m tests.estate_month [--seed 7] [--database postgres]``."""

from __future__ import annotations

import argparse
import logging
import secrets
import tempfile
import time
import warnings
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from server.app import create_app
from server.db import set_up_engine
from tests.cheap import hash_cheaply
from tests.conftest import FakeClock, _migrated, settings_for
from tests.estate_month.field import Field
from tests.estate_month.places import HOSPITAL, RESIDENTIAL
from tests.estate_month.play import Month, eve
from tests.estate_month.story import Span
from tests.postgres import cluster

NOVEMBER = Span("2026-11", date(2026, 11, 1), days=30, walked=30)


def main() -> None:
    """Play a month and print what was compared."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    asked = parser.parse_args()
    seed = secrets.randbelow(2**32) if asked.seed is None else asked.seed
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    hash_cheaply()
    print(f"estate month on {asked.database}: seed {seed}", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder / 'month.db'}"
        if asked.database == "postgres":
            url = stack.enter_context(cluster()).create("month")
        _migrated(folder / "migrating", url)
        clock = FakeClock(eve(NOVEMBER))
        app = create_app(settings_for(folder / "var", url), now_ms=clock)
        engine = create_engine(url, poolclass=NullPool)
        set_up_engine(engine)
        session = stack.enter_context(Session(engine.execution_options(deferred=True)))
        made = Field(app, session, clock)
        month = Month(made, NOVEMBER, seed, (RESIDENTIAL, HOSPITAL), say=lambda line: print(line, flush=True))
        found = month.play()
    print(f"estate month: seed {seed}: {found}; {time.process_time():.0f} s of CPU", flush=True)


if __name__ == "__main__":
    main()
