"""The commands: `flask <command>`. Each says in one sentence what it did, and exits with 1 when something is wrong."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from campaigns.cli.audit import audit
from campaigns.cli.demo import demo_group
from campaigns.cli.exporting import export_command
from campaigns.cli.site import site
from campaigns.cli.staff import staff
from campaigns.cli.terminal import plainly, the_keys
from campaigns.services import (
    alerting,
    backup,
    checking,
    erasure,
    jobs,
    mailroom,
    opening,
    resealing,
    restore,
    settlement,
)

database = AppGroup("database", help="The database's schema.")
books = AppGroup("books", help="The ledger.")
books.add_command(export_command)
mail = AppGroup("mail", help="The tray of letters.")
jobs_group = AppGroup("jobs", help="What is done without being asked.")
donors = AppGroup("donors", help="What names donors: sealed, apart from the books, erased in time.")


def install(app: Flask) -> None:
    """Give the app its commands."""
    for command in (
        database,
        books,
        mail,
        jobs_group,
        donors,
        demo_group,
        backup_command,
        restore_command,
        site,
        staff,
        audit,
    ):
        app.cli.add_command(command)


@database.command("upgrade")
def upgrade() -> None:
    """Bring the database to the schema of this program."""
    keys = the_keys()
    with plainly():
        click.echo(f"The database is at {opening.bring_up_to_date(keys.settings, keys.database)}.")


@books.command("check")
def check() -> None:
    """Add every figure up anew, compare closed months with their seals, and say whether the books are right."""
    with plainly():
        result = checking.check_all(the_keys())
    for proof in result.proofs:
        booked = proof.booked
        click.echo(
            f"{proof.slug}: raised {booked.raised}, pledged {booked.pledged}, "
            f"{booked.supporters} supporters, {booked.gifts} gifts"
        )
    for fault in result.faults:
        click.echo(f"FAULT: {fault}", err=True)
    if result.faults:
        sys.exit(1)
    click.echo("The books are right.")


@books.command("alerts")
def alerts() -> None:
    """Show what needs a treasurer: cards of dangerous countries, disputes, money without a campaign, odd notices."""
    with plainly():
        found = alerting.unresolved(the_keys().database)
    for each in found:
        click.echo(
            f"{each.created_at:%Y-%m-%d}  {each.kind}  {each.gateway} {each.object_id}  {each.detail or ''}".rstrip()
        )
    click.echo(f"Alerts: {len(found)}.")


@books.command("replay")
@click.argument("object_id")
def replay(object_id: str) -> None:
    """Fetch OBJECT_ID (a payment, refund, dispute or checkout) from the provider and book what is missing."""
    keys = the_keys()
    with plainly():
        outcomes = settlement.replay(keys, object_id)
    for outcome in outcomes:
        click.echo("known already" if outcome.repeated else f"{outcome.state} {outcome.reason or ''}".rstrip())
    click.echo(f"Notices fetched: {len(outcomes)}.")


@mail.command("send")
def send() -> None:
    """Send the letters that are due."""
    keys = the_keys()
    with plainly():
        report = mailroom.deliver(keys.database, keys.vault, mailroom.Office.of(keys.settings), keys.now())
    click.echo(
        f"Letters sent {report.sent}, postponed {report.postponed}, undeliverable {report.undeliverable}, "
        f"dropped {report.dropped}, waiting {report.waiting}."
    )
    if report.trouble:
        raise click.ClickException(report.trouble)


@jobs_group.command("run")
@click.option("--every", type=click.IntRange(min=1), help="Go on for ever, with so many seconds between the rounds.")
def run(every: int | None) -> None:
    """Expiry, snapshots, fees, letters and purges; safe on several nodes at once."""
    while True:
        keys = the_keys()
        done = jobs.run_jobs(keys, keys.now(), current_app.extensions["jobs"])
        if every is None:
            click.echo(", ".join(f"{name} {number}" for name, number in done.items()))
            sys.exit(1 if -1 in done.values() else 0)
        time.sleep(every)


@donors.command("purge")
def purge() -> None:
    """Erase the donors whose time is over. The books stay whole."""
    keys = the_keys()
    with plainly():
        erased = erasure.purge(keys.database, keys.now())
    click.echo(f"Donors erased: {erased.donors}.")
    if not erased.traceless:
        click.echo("Another process still reads an older state; the next purge clears the rest of the log.")


@donors.command("forget")
@click.option(
    "--email", prompt="E-mail address to erase", help="Asked for where it is not given: a shell keeps a history."
)
def forget(email: str) -> None:
    """Erase an e-mail address now, wherever it is kept, because its owner asks for it. The books stay whole."""
    keys = the_keys()
    with plainly():
        erased = erasure.forget(keys.database, keys.vault, email)
    click.echo(f"Addresses erased: {erased.donors}.")


@donors.command("reseal")
def reseal() -> None:
    """Seal every donor anew with the first of PII_KEYS, so that the older keys can go."""
    keys = the_keys()
    with plainly():
        click.echo(f"Donors sealed anew: {resealing.reseal(keys.database, keys.vault)}.")


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup_command(file: Path) -> None:
    """Write the whole database into FILE; names of donors stay sealed in it."""
    keys = the_keys()
    with plainly():
        manifest = backup.save(keys.database, file, keys.now())
    click.echo(f"Backed up {sum(part.rows for part in manifest.tables.values())} rows to {file}.")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def restore_command(file: Path) -> None:
    """Read a backup into an empty database that `flask database upgrade` has made."""
    with plainly():
        manifest = restore.restore(the_keys().database, file)
    click.echo(f"Restored {sum(part.rows for part in manifest.tables.values())} rows from {file}.")
