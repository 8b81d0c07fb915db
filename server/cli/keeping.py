"""Commands by which an administrator keeps what was recorded, and proves that it was kept."""

from __future__ import annotations

from typing import BinaryIO
from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.cli.base import installation
from server.clock import system_ms
from server.keeping.rescue import import_rescue
from server.problems import Problem
from server.sites.models import Site


@click.command("import-rescue")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--site", type=click.UUID, help="Where records stand that no known log claims; the only site by default."
)
def import_rescue_command(file: BinaryIO, site: UUID | None) -> None:
    """Take in the rescue FILE of a phone. Doing it twice changes nothing more."""
    with installation() as here:
        where = _site(here.session, site)
        try:
            told = import_rescue(
                here.session,
                file=file,
                organisation=where.organisation_id,
                site=where.id,
                person=None,
                data_dir=here.settings.data_dir,
                key=here.secrets.receipt,
                now_ms=system_ms,
            )
        except Problem as problem:
            raise click.ClickException(f"{problem.title}: {problem.detail}") from problem
    for what, counts in (("records", told.records), ("quarantined", told.codes), ("photos", told.photos)):
        click.echo(f"{what}: " + (", ".join(f"{n} {name}" for name, n in sorted(counts.items())) or "none"))
    for bad in told.bad:
        click.echo(f"line {bad.line}: {bad.reason} {bad.detail}")
    if told.bad_lines > len(told.bad):
        click.echo(f"… {told.bad_lines} lines in all could not be used")
    if not told.whole:
        click.echo("The file was cut or changed; everything that could be read was taken.")


def _site(session: Session, wanted: UUID | None) -> Site:
    found = session.scalars(select(Site).order_by(Site.id)).all()
    session.rollback()
    if wanted is not None:
        found = [site for site in found if site.id == wanted]
    if len(found) != 1:
        names = "\n".join(f"  --site {site.id}  {site.name_zh}" for site in found)
        raise click.ClickException(f"say which site:\n{names}" if found else "there is no such site")
    return found[0]


COMMANDS = (import_rescue_command,)
