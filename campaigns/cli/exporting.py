"""`flask books export`: a part of the books as a file."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkstemp
from typing import IO

import click
from flask.cli import with_appcontext

from campaigns.cli.terminal import plainly, the_keys
from campaigns.domain.selection import Selection
from campaigns.language import speaking
from campaigns.services.exporting import SEPARATORS, Format, Order, UnknownCampaign, export_books
from campaigns.web.treasurer.selecting import read_selection


@click.command("export")
@click.option("--format", "form", type=click.Choice([form.value for form in Format]), required=True)
@click.option("--from", help="The first day, like 2026-01-01.")
@click.option("--to", help="The last day, which is included.")
@click.option("--campaign", help="The word in the campaign's address.")
@click.option("--account", help="Entries with a posting on this account, whole.")
@click.option("--kind", help="Entries of this kind.")
@click.option("--gateway", help="Entries of this payment provider.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option("--separator", type=click.Choice(SEPARATORS), default=SEPARATORS[0], show_default=True, help="Of CSV.")
@click.option("--force", is_flag=True, help="Replace a file of that name.")
@click.option("--progress", is_flag=True, help="Tell how far it is, even where nobody seems to watch.")
@with_appcontext
def export_command(form: str, out: Path, separator: str, *, force: bool, progress: bool, **given: str | None) -> None:
    """Write entries, or all there are, into a file; it is noted in the audit log."""
    order = Order(_selection(given), Format(form), separator)
    watch = _Progress() if progress or sys.stderr.isatty() else None
    with plainly(), _written(out, force=force) as file:
        try:
            totals = export_books(the_keys(), None, order, file, watch)
        except UnknownCampaign as error:
            raise click.ClickException(f"There is no campaign {error}.") from error
    for total in totals.by_account():
        debit, credit, balance = total.told()
        click.echo(f"{total.account}: debit {debit}, credit {credit}, balance {balance} {total.currency}")
    click.echo(f"Exported {totals.entries} entries with {totals.lines} lines to {out}.")


def _selection(given: dict[str, str | None]) -> Selection:
    with speaking("en"):
        selection, complaints = read_selection({name: value for name, value in given.items() if value})
    if complaints:
        raise click.UsageError(" ".join(complaints))
    return selection


@contextmanager
def _written(out: Path, *, force: bool) -> Iterator[IO[bytes]]:
    """A file readable by its owner alone, which takes its name only once it is whole and on the disk."""
    _must_be_free(out, force=force)
    handle, name = mkstemp(dir=out.parent, prefix=f".{out.name}.")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _must_be_free(out, force=force)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _must_be_free(out: Path, *, force: bool) -> None:
    if out.exists() and not force:
        raise click.ClickException(f"There is a file {out} already: choose another name, or say --force.")


@dataclass(slots=True)
class _Progress:
    """How far it is, on one line of the terminal."""

    _began: float = field(default_factory=time.monotonic)
    _told: float = 0

    def __call__(self, done: int, number: int) -> None:
        now = time.monotonic()
        if now - self._told < 0.1 and done < number:
            return
        self._told = now
        rate = done / max(now - self._began, 0.001)
        click.echo(f"\r{done:,} of {number:,} entries, {rate:,.0f} a second", err=True, nl=done >= number)
