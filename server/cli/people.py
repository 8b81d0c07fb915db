"""Commands that let people in: the first administrator, one more, and who has lost every way back.

Both print a link that works once, for two days; whoever opens it chooses log-in and password. They
work beside the running server.
"""

from __future__ import annotations

import click

from server.cli.base import installation
from server.clock import system_ms
from server.people import service
from server.people.service import WhichOrganisation
from server.problems import Problem


@click.command("make-admin")
@click.option("--name", required=True, help="Whom to make an administrator.")
@click.option("--organisation", help="Its name: of the first one, or of one among several.")
@click.option("--number", help="The staff number; a free one by default.")
def make_admin_command(name: str, organisation: str | None, number: str | None) -> None:
    """Make an administrator, the very first or one more, and print their invitation."""
    with installation() as here:
        try:
            made = service.make_admin(
                here.session,
                organisation=organisation,
                name=name,
                number=number,
                public_url=here.settings.public_url,
                now_ms=system_ms(),
            )
            here.session.commit()
        except WhichOrganisation as error:
            raise click.ClickException(f"say --organisation: {error}") from error
        except Problem as problem:
            raise click.ClickException(problem.detail or problem.title) from problem
        service.forget_first_run_code(here.settings.data_dir)
    _say(made.url)


@click.command("recover")
@click.argument("login")
def recover_command(login: str) -> None:
    """Let LOGIN in again: password, second factors and sessions end, and a new invitation is printed."""
    with installation() as here:
        try:
            made = service.recover(
                here.session, login=login.lower(), public_url=here.settings.public_url, now_ms=system_ms()
            )
            here.session.commit()
        except Problem as problem:
            raise click.ClickException(problem.detail or problem.title) from problem
    click.echo("Password, second factors and sessions are gone.")
    _say(made.url)


def _say(url: str) -> None:
    click.echo("Open this once within 48 hours, in a browser that reaches the server:")
    click.echo(url)


COMMANDS = (make_admin_command, recover_command)
