"""A server on either database, in a folder of the harness's choice, and everybody who uses it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.faults.field import Field, confirm_all, found
from tests.faults.postgres import Postgres, postgres
from tests.faults.serving import Server, Zygote
from tests.faults.truth import Held, equation, losses, read, whole

Engine = Literal["sqlite", "postgres"]
ENGINES: tuple[Engine, ...] = ("sqlite", "postgres")


class Failed(AssertionError):
    """What a harness found: data lost, damaged, doubled, or an answer that no server may give."""


@dataclass
class World:
    """A server on a database in a folder, and everybody who uses it."""

    folder: Path
    server: Server
    field: Field
    database: Postgres | None
    """None: SQLite, within the data folder."""

    @property
    def data_dir(self) -> Path:
        """Where the server keeps photos, secrets and SQLite."""
        return self.server.data_dir

    def begin(self) -> None:
        """Start the server and let everybody join."""
        self.server.start()
        self.field.start(lambda: confirm_all(self.server.database_url))

    def held(self, *, data_dir: Path | None = None) -> Held:
        """Return what the data hold just now."""
        return read(database_url=self.server.database_url, data_dir=data_dir or self.data_dir)

    def close(self) -> None:
        """End everybody, at once."""
        self.field.abandon()
        self.server.kill()
        if self.database:
            self.database.kill()

    def check_acknowledged(self, when: str) -> None:
        """Compare with the journals while nobody sends.

        :raises Failed: something that was acknowledged is not there
        """
        held = self.held()
        lost = losses(self.field.journal, held)
        if lost or held.wrong:
            raise Failed(f"{when}: {lost}; {held.wrong}")

    def finish(self) -> str:
        """Drain every phone, compare everything, and return the conservation equation.

        :raises Failed: something is lost, damaged or doubled
        """
        self.field.drain()
        held = self.held()
        journal = self.field.journal
        text, holds = equation(journal, held)
        wrong = whole(journal, held)
        wrong.extend(self.field.who_missed_rows(held.places))
        if not all(outcome == "applied" for outcome in held.records.values()):
            wrong.append("a good record was not applied")
        if journal.unfriendly:
            wrong.append(f"{len(journal.unfriendly)} unfriendly answers, such as {journal.unfriendly[0]}")
        if wrong or not holds:
            raise Failed(f"{text}; {wrong}")
        return text


@contextmanager
def world(
    zygote: Zygote,
    folder: Path,
    engine: Engine,
    *,
    phones: int,
    seed: int,
    broken: Sequence[str] = (),
    settings: Sequence[str] = (),
    photo_kib: int = 60,
    log: Path | None = None,
) -> Iterator[World]:
    """Lend a world whose data all lie in `folder`; nothing of it runs any more afterwards.

    :param broken: breakages of the server, for negative controls
    :param settings: settings of PostgreSQL
    :param log: where the server's output goes; beside the folder when it is not given
    """
    data_dir, log = folder / "var", log or folder.parent / f"{folder.name}.log"
    data_dir.mkdir(mode=0o700, parents=True)
    with ExitStack() as stack:
        database = stack.enter_context(postgres(folder, settings=settings)) if engine == "postgres" else None
        url = database.url if database else f"sqlite:///{data_dir / 'roundsman.db'}"
        server = Server(zygote, data_dir, url, log, broken)
        founded = found(data_dir=data_dir, database_url=url, url=server.url, phones=phones)
        field = Field(founded, server.url, seed, phones, photo_kib)
        made = World(folder, server, field, database)
        stack.callback(made.close)
        yield made
