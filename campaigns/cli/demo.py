"""`flask demo`: the demo's campaigns, its ledger, and who can sign in to it."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from campaigns.cli.terminal import plainly, the_keys
from campaigns.config import UnsafeSettings
from campaigns.services import demo, opening
from campaigns.services.demo import people

demo_group = AppGroup("demo", help="The demo's campaigns, its ledger, and its staff.")

_HEAD = ("Role", "E-mail", "Password", "Key of one-time codes", "Code now")


@demo_group.command("seed")
def seed() -> None:
    """Bring the database up to date, and create the demo's campaigns, ledger and staff where they are missing."""
    keys = the_keys()
    with plainly():
        opening.bring_up_to_date(keys.settings, keys.database)
        made = demo.seed(keys)
    click.echo(f"Demo campaigns created: {made}.")


@demo_group.command("staff")
def staff() -> None:
    """Show with what each role signs in to the demo, unless somebody has changed it since."""
    keys = the_keys()
    with plainly():
        if not keys.settings.demo:
            raise UnsafeSettings("This is a live site: its staff chose their own passwords.")
        rows = [_HEAD, *people.table(keys)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    click.echo(f"Sign in at {keys.settings.base_url}/sign-in")
