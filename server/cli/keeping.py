"""Commands by which an administrator keeps what was recorded, and proves that it was kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO, Literal
from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import rotation
from server.audit import service as audit
from server.cli.base import installation
from server.clock import system_ms
from server.config import ConfigError, Settings
from server.keeping import archive, backup, restore
from server.keeping.export import export_log
from server.keeping.rebuild import differences
from server.keeping.rescue import import_rescue
from server.keeping.verify import Report, verify
from server.people import factor_keys
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


@click.command("verify")
@click.option("--every-signature", is_flag=True, help="Verify every record's own signature: slower.")
def verify_command(every_signature: bool) -> None:
    """Check everything that is kept; name the first bad row of each kind."""
    with installation() as here:
        report = verify(
            here.session,
            data_dir=here.settings.data_dir,
            receipt_keys=here.secrets.receipt_keys,
            every_signature=every_signature,
        )
        here.session.rollback()
    say(report)


def say(report: Report) -> None:
    """Print what was verified; end with an error when something is not what was written."""
    click.echo("looked at " + ", ".join(f"{n} {what}" for what, n in sorted(report.counts.items())))
    for found in report.findings:
        click.echo(f"{found.kind}: {found.where}: {found.why} (organisation {found.organisation})")
    if report.findings:
        raise click.ClickException("not everything is as it was written")
    click.echo("everything is as it was written")


@click.command("backup")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--verify", "only_verify", is_flag=True, help="Read the newest backup in FOLDER back; make none."
)
def backup_command(folder: Path, only_verify: bool) -> None:
    """Back up everything to FOLDER while the server works, and read it back.

    What was read back without a fault counts as archived: phones may let go of it.
    """
    with installation() as here:
        try:
            if not only_verify:
                made = backup.back_up(
                    here.session, root=folder, data_dir=here.settings.data_dir, now_ms=system_ms()
                )
                click.echo(f"wrote {made}")
            newest = archive.newest(folder)
            with backup.read_back(newest) as (scratch, report):
                through = backup.archived(scratch)
            if not report.findings:
                marked = backup.mark_archived(here.session, newest, through)
                click.echo(f"read back {newest}; it covers {marked} logs")
        except archive.BadBackup as error:
            raise click.ClickException(str(error)) from error
    say(report)


@click.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--at", help="The name of the backup; the newest by default.")
@click.option("--replace", is_flag=True, help="Drop what the database holds. Stop the server first.")
def restore_command(folder: Path, at: str | None, replace: bool) -> None:
    """Put a backup from FOLDER in the place of an empty installation.

    The history gets another name: every phone pulls anew and sends again what it still keeps.
    """
    try:
        settings = Settings.from_env(os.environ)
        chosen = archive.newest(folder, at)
        told = restore.restore(chosen, settings=settings, replace=replace, now_ms=system_ms())
    except (archive.BadBackup, ConfigError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"put back {chosen.name}: {told.rows} rows, {told.photos} photos, another history begins")


@click.command("rebuild")
@click.option("--verify", "only_verify", is_flag=True, help="Only compare; change nothing.")
def rebuild_command(only_verify: bool) -> None:
    """Make visits, readings, findings and shifts again from the log, and name what was not as it is made."""
    wrong = 0
    with installation() as here:
        for organisation in here.organisations():
            found = differences(here.session, organisation)
            if only_verify:
                here.session.rollback()
            else:
                here.session.commit()
            for one in found:
                click.echo(f"{one.table} {one.key}: {one.why}")
            wrong += len(found)
    if wrong and only_verify:
        raise click.ClickException("the projections are not what the log makes")
    click.echo("made again" if wrong else "identical")


@click.command("export-log")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--site", type=click.UUID, help="Only this site's records; of the others their hashes.")
def export_command(folder: Path, site: UUID | None) -> None:
    """Write the log to an empty FOLDER, for whoever verifies it: python -m sync.verify FOLDER."""
    with installation() as here:
        organisations = here.organisations()
        if site is not None:
            organisations = [_site(here.session, site).organisation_id]
        if len(organisations) != 1:
            raise click.ClickException("there are several organisations: say --site")
        try:
            counts = export_log(
                here.session,
                target=folder,
                organisation=organisations[0],
                site=site,
                data_dir=here.settings.data_dir,
                key=here.secrets.receipt,
                receipt_keys=here.secrets.receipt_keys,
                now_ms=system_ms(),
            )
        except FileExistsError as error:
            raise click.ClickException(str(error)) from error
    click.echo("wrote " + ", ".join(f"{n} {what}" for what, n in counts.items()))
    click.echo(f"verify it with: python -m sync.verify {folder}")


@click.command("rotate-secret")
@click.argument("name", type=click.Choice(sorted(rotation.KEPT)))
def rotate_command(name: rotation.Name | Literal["factor"]) -> None:
    """Replace a secret of the server. Start the server anew afterwards, and make a backup."""
    with installation() as here:
        data_dir, organisations = here.settings.data_dir, here.organisations()

        def note() -> None:
            for organisation in organisations:
                audit.write(
                    here.session,
                    organisation=organisation,
                    site=None,
                    person=None,
                    action="secret.rotate",
                    subject=f"secret:{name}",
                    detail={},
                    now_ms=system_ms(),
                )

        if name == "factor":
            count = factor_keys.renew(here.session, data_dir=data_dir, note=note)
            click.echo(f"factor is another one at once, {count} encrypted anew. {rotation.KEPT[name]}")
            return
        rotation.rotate(data_dir, name, now_ms=system_ms())
        note()
        here.session.commit()
    click.echo(f"{name} is another one from the server's next start. {rotation.KEPT[name]}")


COMMANDS = (
    rotate_command,
    import_rescue_command,
    verify_command,
    rebuild_command,
    backup_command,
    restore_command,
    export_command,
)
