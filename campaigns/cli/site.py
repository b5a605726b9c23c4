"""`flask site`: the emergency switch, for when the pages for staff cannot be reached."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from campaigns.cli.terminal import plainly, the_keys
from campaigns.services import halting

site = AppGroup("site", help="The emergency switch.")


@site.command("halt")
def halt() -> None:
    """Empty all widgets and pause giving, on all nodes. Money that is on its way is booked all the same."""
    with plainly():
        changed = halting.halt(the_keys(), None)
    click.echo("All widgets are empty and giving is paused." if changed else "It was halted already.")


@site.command("resume")
def resume() -> None:
    """Bring widgets and giving back."""
    with plainly():
        changed = halting.resume(the_keys(), None)
    click.echo("Widgets and giving are back." if changed else "It was not halted.")
