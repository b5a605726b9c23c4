"""/treasury/export: the part of the books that the ledger shows, as a file."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from campaigns.domain.people import Permission
from campaigns.domain.selection import Selection
from campaigns.language import gettext
from campaigns.services.exporting import (
    SEPARATORS,
    SUFFIXES,
    TYPES,
    Format,
    Order,
    UnknownCampaign,
    export_books,
    preview,
)
from campaigns.services.keys import Keys
from campaigns.web.doors import Room, who
from campaigns.web.responses import private_page
from campaigns.web.treasurer import words
from campaigns.web.treasurer.selecting import fields_of, query_of, read_selection

_CHUNK = 1 << 18


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""

    def look() -> ResponseReturnValue:
        selection, complaints = read_selection(request.args)
        if complaints:
            return _page(selection, complaints)
        try:
            return _page(selection, [], preview(keys, selection))
        except UnknownCampaign:
            return _page(selection, [gettext("There is no such campaign.")])

    def send() -> ResponseReturnValue:
        selection, complaints = read_selection(request.args)
        if complaints:
            return _page(selection, complaints)
        order = Order(selection, *_form())
        file = TemporaryFile()  # noqa: SIM115 - it is closed when the last byte has been sent
        try:
            export_books(keys, who(), order, file)
        except UnknownCampaign:
            file.close()
            return _page(selection, [gettext("There is no such campaign.")])
        except BaseException:
            file.close()
            raise
        return _sent(file, f"ledger-{keys.now():%Y-%m-%d}.{SUFFIXES[order.form]}", TYPES[order.form])

    room.page("/export", "export", Permission.EXPORT, look)
    room.deed("/export", "export_send", Permission.EXPORT, send)


def _form() -> tuple[Format, str]:
    """What was chosen in the form: only what stands in it can come from it."""
    separator = request.form.get("separator", SEPARATORS[0])
    try:
        form = Format(request.form.get("format", ""))
    except ValueError:
        raise BadRequest from None
    if separator not in SEPARATORS:
        raise BadRequest
    return form, separator


def _page(selection: Selection, complaints: list[str], sums: object = None) -> Response:
    return private_page(
        "treasurer/export.html", 422 if complaints else 200, selection=selection, chosen=fields_of(selection),
        query=query_of(selection), complaints=complaints, sums=sums, words=words,
    )  # fmt: skip


def _sent(file: IO[bytes], name: str, kind: str) -> Response:
    """The file, piece by piece. By now it needs no database: however slowly it is taken, nobody waits for it."""
    size = file.tell()
    file.seek(0)
    response = Response(_pieces(file), mimetype=None, content_type=kind)
    response.headers["Content-Length"] = str(size)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.call_on_close(file.close)
    return response


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.read(_CHUNK), b"")
