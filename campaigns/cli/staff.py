"""`flask staff`: the first people, and a new invitation for whoever has lost everything."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from campaigns.cli.terminal import plainly, the_keys
from campaigns.domain.people import INVITATION_LIFETIME, Role
from campaigns.language import DEFAULT, LANGUAGES
from campaigns.services import hiring
from campaigns.web.forms.gift import looks_like_email

_HOURS = INVITATION_LIFETIME.total_seconds() / 3600

staff = AppGroup("staff", help="Who works here.")


def _email(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not looks_like_email(value.strip()):
        raise click.BadParameter("this does not look like an e-mail address.")
    return value.strip()


def _name(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not 0 < len(value.strip()) <= 100:
        raise click.BadParameter("give a name of up to 100 characters.")
    return value.strip()


@staff.command("add")
@click.option("--email", required=True, callback=_email, help="With which they will sign in.")
@click.option("--name", required=True, callback=_name)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--language", default=DEFAULT, show_default=True, type=click.Choice(list(LANGUAGES)))
def add(email: str, name: str, role: str, language: str) -> None:
    """Open an account and print the link by which its owner takes it."""
    with plainly():
        link = hiring.open_account(the_keys(), email, name, Role(role), language)
    _show(link)


@staff.command("invite")
@click.option("--email", required=True, callback=_email)
def invite(email: str) -> None:
    """Print a new link for somebody who has lost the first one, or the phone and the recovery codes."""
    with plainly():
        link = hiring.invite_again(the_keys(), email)
    _show(link)


def _show(link: str) -> None:
    click.echo(link)
    click.echo(f"The link works once and ends after {_HOURS:.0f} hours. Give it to nobody but its owner.")
