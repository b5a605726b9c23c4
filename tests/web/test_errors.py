"""Error pages, and what the logs say of them."""

import json
import logging
from io import BytesIO

import pytest

from campaigns.services.log_lines import JsonLines
from tests.web.sites import Site

CANARY = "kanarek"


@pytest.mark.parametrize(
    "path,asked,lang",
    [
        ("/pl/nothing", "en", "pl"),
        ("/en/nothing", "pl", "en"),
        ("/xx/nothing", "en", "en"),
        ("/nothing", "", "pl"),
        ("/pl/fund/more/and/more", "en", "pl"),
        ("/pl/%F0%9F%90%A6", "", "pl"),
    ],
)
def test_what_is_not_there_is_said_in_the_readers_language(site: Site, path: str, asked: str, lang: str) -> None:
    assert site.visitor.get(path, 404, Accept_Language=asked).lang == lang


def test_a_form_sent_to_a_page_is_told_where_to_go(site: Site) -> None:
    page = site.visitor.post("/pl/privacy", {}, 405)
    assert "Ten adres działa tylko z formularzem" in page.words


def test_a_body_too_large_is_not_read(site: Site) -> None:
    page = site.visitor.post("/pl/fund/give", {"amount": "5" * 300_000}, 413)
    assert "To było za dużo naraz" in page.words


def test_a_broken_body_is_no_accident(site: Site) -> None:
    headers = {"Origin": site.visitor.base_url}
    answer = site.visitor.raw(
        "POST", "/pl/fund/give", headers=headers, input_stream=BytesIO(b"\xff\x00=%zz&&&"), content_length=9,
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert answer.status_code == 422


def test_a_database_that_is_gone_makes_a_page_that_says_so(site: Site) -> None:
    form = site.second_step() | {"email": "jan@example.org"}
    lose_the_database(site)
    assert "Nasz system jest przeciążony albo w naprawie." in site.visitor.get("/pl/fund", 503).text
    page = site.visitor.post("/pl/give/confirm", form, 503)
    assert "Nie udało się otworzyć strony płatności" in page.words
    assert page.by_id("email").get("value") == "jan@example.org"
    assert form["token"] in page.html


def lose_the_database(site: Site) -> None:
    with site.keys.database.transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE campaigns RENAME TO mislaid")


def test_an_accident_tells_the_log_where_and_nobody_what(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    @site.app.get("/accident")
    def accident() -> str:
        raise RuntimeError(CANARY)

    site.app.extensions["doors"]["accident"] = None
    page = site.visitor.get("/accident", 500, Accept_Language="pl")
    assert "Coś się zepsuło po naszej stronie" in page.words
    assert CANARY not in page.html
    (record,) = [record for record in caplog.records if record.name == "campaigns.errors"]
    assert "RuntimeError in accident (test_errors.py:" in record.getMessage()
    assert CANARY not in caplog.text


def test_a_request_is_one_line_that_leads_to_nobody(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "campaigns.requests")
    site.visitor.get(f"/pl/{CANARY}?name={CANARY}", 404, User_Agent=CANARY, Referer=CANARY)
    (record,) = [record for record in caplog.records if record.name == "campaigns.requests"]
    line = json.loads(JsonLines().format(record))
    assert line.keys() - {"time", "level", "logger", "message"} == {"endpoint", "method", "status", "ms"}
    assert (line["endpoint"], line["method"], line["status"]) == ("donor.campaign", "GET", 404)
    assert CANARY not in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_what_donors_type_is_in_no_log(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    site.visitor.post("/pl/fund/give", {"amount": "own", "own_amount": CANARY}, 422)
    form = site.second_step()
    site.visitor.post("/pl/give/confirm", form | {"email": CANARY}, 422)
    site.visitor.send("/pl/give/confirm", form | {"email": f"{CANARY}@example.org"})
    assert form["token"] not in caplog.text
    assert CANARY not in caplog.text
