"""The treasurer at the desk, for tests of pages: fields of the page that was shown, and what the books hold."""

from __future__ import annotations

from io import BytesIO

from sqlalchemy import select

from campaigns.services.checking import check_all
from campaigns.storage.models import entries, postings
from tests.web.page_rules import Page, text_of
from tests.web.staff import Office, StaffClient


def hidden(page: Page) -> dict[str, str]:
    """The hidden fields of a page's forms."""
    return {
        field.get("name", ""): field.get("value", "") for field in page.every("input") if field.get("type") == "hidden"
    }


def value(page: Page, name: str) -> str:
    """What stands in a field of a page: what was typed, or the option that is chosen."""
    field = page.by_id(name)
    chosen = [option.get("value", "") for option in field.iter() if option.get("selected") is not None]
    return chosen[0] if chosen else field.get("value", "")


def errors(page: Page) -> list[str]:
    return [text_of(each) for each in page.every() if "error" in (each.get("class") or "").split()]


def upload(client: StaffClient, content: bytes | str, status: int = 200, *, in_chunks: bool = False) -> Page:
    """Sends a file to be looked over; `in_chunks`: without its length, as some proxies pass it on."""
    data = content.encode() if isinstance(content, str) else content
    head = b'--cut\r\nContent-Disposition: form-data; name="file"; filename="import.csv"\r\n\r\n'
    body = head + data + b"\r\n--cut--\r\n"
    chunked = {"Transfer-Encoding": "chunked"} if in_chunks else {}
    answer = client.raw(
        "POST", "/treasury/import", content_type="multipart/form-data; boundary=cut",
        headers={"Origin": client.base_url, **chunked}, environ_overrides={"wsgi.input_terminated": in_chunks},
        **({"input_stream": BytesIO(body)} if in_chunks else {"data": body}),
    )  # fmt: skip
    return client.inspected(answer, status)


def lines(office: Office) -> list[tuple[int, str, str, int]]:
    """Every posting: entry, day, account, minor units."""
    query = (
        select(entries.c.id, entries.c.day, postings.c.account, postings.c.amount_minor)
        .join_from(entries, postings, postings.c.entry_id == entries.c.id)
        .order_by(entries.c.id, postings.c.line)
    )
    with office.site.keys.database.reading() as connection:
        return [(row.id, row.day.isoformat(), row.account, row.amount_minor) for row in connection.execute(query)]


def faults(office: Office) -> list[str]:
    return check_all(office.site.keys).faults
