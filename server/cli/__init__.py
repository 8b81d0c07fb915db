"""`roundsman …`: what an administrator does from a shell."""

from __future__ import annotations

import os
import secrets
import socket
from pathlib import Path

import click
import qrcode
from granian import Granian
from granian.constants import HTTPModes, Interfaces

from server import clock, migrate
from server.cli import keeping
from server.cli import people as people_commands
from server.cli.base import make_app
from server.config import Settings
from server.db import check_durability, db, passes_row_security
from server.demo import service as demo
from server.demo.clock import DemoClock
from server.demo.people import PIN as DEMO_PIN
from server.jobs import JOBS
from server.keeping import witness
from server.people import service as people
from server.tenancy import enter_installation
from server.tick import service as ticking


@click.group()
def main() -> None:
    """Roundsman 巡迹: rounds that work offline and prove themselves."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--demo/--no-demo", "with_demo", default=False, help="Make the demo estate on the first start.")
def serve(host: str, port: int, with_demo: bool) -> None:
    """Migrate the database, then serve phones, console and tags on one port."""
    os.environ.setdefault("PORT", str(port))
    time = DemoClock()
    app = make_app(time)
    settings: Settings = app.extensions["roundsman.settings"]
    if not (settings.pwa_dir / "app" / "index.html").exists():
        raise click.ClickException(f"{settings.pwa_dir} holds no phone app: run `make build` first")
    with app.app_context():
        check_durability(db.engine)
        if passes_row_security(db.engine):
            click.echo("Row security does not hold this role of PostgreSQL: see docs/keeping.md", err=True)
        _migrate(settings)
        witness.check(db.session(), settings.data_dir, now_ms=clock.system_ms())
        if with_demo and people.is_empty(db.session()):
            db.session.rollback()
            click.echo("Walking two days of the demo estate through the real protocol …")
            demo.create(app, clock=time, until_ms=clock.system_ms())
            time.release()
        _greet(settings)
        db.session.remove()
        # Granian forks: a worker that inherits an open SQLite database waits for ever for locks of its parent
        db.engine.dispose()
    Granian(
        "wsgi:arrivals",
        address=_ip(host),
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=1 if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite") else 2,
        respawn_failed_workers=True,  # one that the system killed for want of memory is not the end
        log_enabled=False,
        working_dir=Path(__file__).resolve().parent.parent.parent,
    ).serve()


def _ip(host: str) -> str:
    """Return the address of `host`, which the server wants as an IP."""
    try:
        return socket.gethostbyname(host)
    except OSError as error:
        raise click.ClickException(f"HOST={host} has no address") from error


def _greet(settings: Settings) -> None:
    """Print where to go, the first log-in, and a fresh enrolment code."""
    session = db.session()
    enter_installation(session)
    now = clock.system_ms()
    click.echo(f"\n  Roundsman 巡迹 is at {settings.public_url}/")
    click.echo(f"  Console             {settings.public_url}/console/")
    if people.is_empty(session):
        code = people.first_run_code(settings.data_dir)
        click.echo(f"  First run           {settings.public_url}/console/#/first-run?code={code}")
        click.echo("")
        return
    first = people.first_login(session, settings.data_dir)
    if first is not None:
        click.echo(f"  Log in as           {first.login}   {first.password}")
    made = demo.fresh_enrolment(session, public_url=settings.public_url, now_ms=now)
    session.commit()
    if made is not None:
        click.echo(f"  Every worker's PIN  {DEMO_PIN}")
        click.echo(f"  Enrol a phone       {made.url}")
        click.echo("                      (ten minutes, once; then compare the check word in the console)\n")
        picture = qrcode.QRCode(border=2, error_correction=qrcode.constants.ERROR_CORRECT_L)
        picture.add_data(made.url)
        picture.print_ascii(invert=True)
    click.echo("", nl=True)


@main.command()
def tick() -> None:
    """Do all periodic work once, if no other process is at it."""
    app = make_app()
    with app.app_context():
        failed = ticking.tick(db.session(), jobs=JOBS, holder=secrets.token_hex(8), now_ms=clock.system_ms())
    if failed:
        raise click.ClickException("failed: " + ", ".join(failed))


@main.command("migrate")
def migrate_command() -> None:
    """Bring the database to the tables that this release needs."""
    _migrate(make_app().extensions["roundsman.settings"])


def _migrate(settings: Settings) -> None:
    with migrate.as_owner(settings) as engine:
        migrate.upgrade(engine)


for command in (*keeping.COMMANDS, *people_commands.COMMANDS):
    main.add_command(command)
