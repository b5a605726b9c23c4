"""`flask audit`: who did what and when, and whether anybody changed the record of it."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from campaigns.cli.terminal import plainly, the_keys
from campaigns.services.audit_proof import Fault, Proof, verify

audit = AppGroup("audit", help="The audit log.")


@audit.command("check")
@click.option("--head", help="A head that was noted earlier: some record must still bear it.")
def check(head: str | None) -> None:
    """Compare every record with its seal, and name the first one that was changed, removed or put in.

    Records cut off at the end leave no trace in those before them. So note the head that this prints, elsewhere, and
    give it to the next check.
    """
    with plainly():
        found = verify(the_keys(), head)
    click.echo(f"Records: {found.records}. Head: {found.head}.")
    if found.fault:
        click.echo(f"FAULT: {_told(found)}", err=True)
        sys.exit(1)
    click.echo("The audit log is as it was written.")


def _told(found: Proof) -> str:
    match found.fault:
        case Fault.CHANGED:
            return f"record {found.number} was changed or put in, or one was removed just before it"
        case Fault.REMOVED:
            return f"records were removed just before record {found.number}"
        case Fault.UNREADABLE:
            return f"after record {found.number} stands something that cannot be read"
        case Fault.UNKNOWN_KEY:
            key = f"SECRET_KEY does not hold the key {found.about} that sealed it"
            return f"record {found.number} cannot be verified: {key}"
        case _ if found.about:
            return f"records were cut off after record {found.number}: the closing of {found.about} is not among them"
        case _:
            return f"records were cut off after record {found.number}: none bears the head that was noted"
