"""The two steps of giving, and everything that can go wrong between them."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaigns.storage.models import pledges
from tests.databases import SQLiteDatabases
from tests.web.page_rules import text_of
from tests.web.sites import DAY, Site, build

CONFIRM = "/pl/give/confirm"


def promises(site: Site) -> int:
    with site.keys.database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(pledges)) or 0


def test_the_first_step_shows_the_gift_and_writes_nothing(site: Site) -> None:
    page = site.visitor.post("/pl/fund/give", {"amount": "own", "own_amount": "1 000,50 zł"})
    assert "1 000,50 zł" in page.words
    assert "Fundusz dojazdów" in page.words
    assert promises(site) == 0


def test_blik_comes_first_and_is_chosen(site: Site) -> None:
    page = site.visitor.post("/pl/fund/give", {"amount": "50"})
    methods = [field for field in page.every("input") if field.get("name") == "method"]
    assert [field.get("value") for field in methods] == ["blik", "p24", "card"]
    assert [field.get("value") for field in methods if field.get("checked") is not None] == ["blik"]


def test_the_warning_and_the_privacy_notice_stand_before_the_pay_button(site: Site) -> None:
    text = site.visitor.post("/en/fund/give", {"amount": "50"}).text
    button = text.index("Go on and pay")
    assert 0 < text.index("Before you pay: is your bank in Belarus or Russia?") < button
    assert 0 < text.index("A refund does not remove the trace.") < button
    assert 0 < text.index("keep it encrypted") < button


@pytest.mark.parametrize(
    "typed,said",
    [
        ("", "Wybierz kwotę albo wpisz własną"),
        ("0", "Kwota wynosi zero"),
        ("-5", "Przed kwotą jest minus"),
        ("1.000", "Tę kwotę można odczytać na dwa sposoby"),
        ("12,34567", "więcej niż dwa miejsca po przecinku"),
        ("1000000000000", "Największa wpłata, jaką możemy tu przyjąć, to 10 000 zł"),
        ("pięć", "Nie umiemy odczytać tej kwoty"),
        ("\u202e50", "W kwocie były niewidoczne znaki"),
        ("5\x0750", "W kwocie były niewidoczne znaki"),
        ("4", "Najmniejsza wpłata, jaką możemy tu przyjąć, to 5 zł"),
    ],
)
def test_a_bad_amount_is_explained_and_kept(site: Site, typed: str, said: str) -> None:
    page = site.visitor.post("/pl/fund/give", {"amount": "own", "own_amount": typed}, 422)
    field = page.by_id("own-amount")
    assert field.get("aria-invalid") == "true"
    assert field.get("value") == "".join(character for character in typed if character not in "\u202e\x07")
    assert said in text_of(page.by_id("own-amount-error"))
    (summary,) = [element for element in page.every() if element.get("role") == "alert"]
    assert said in text_of(summary)
    assert page.by_id("own").get("checked") is not None


def test_an_amount_beside_the_presets_is_read_too(site: Site) -> None:
    assert "37,50 zł" in site.visitor.post("/pl/fund/give", {"amount": "37,50"}).words


def test_confirming_leads_on_to_the_providers_page(site: Site) -> None:
    answer = site.visitor.send(CONFIRM, site.second_step())
    assert answer.status_code == 303
    assert answer.location.startswith(f"{site.visitor.base_url}/sandbox/checkout/")
    assert promises(site) == 1


def test_a_form_sent_twice_is_one_gift(site: Site) -> None:
    form = site.second_step()
    first, second = (site.visitor.send(CONFIRM, form) for _ in range(2))
    assert first.location == second.location
    assert promises(site) == 1


def test_two_forms_are_two_gifts(site: Site) -> None:
    places = {site.visitor.send(CONFIRM, site.second_step()).location for _ in range(2)}
    assert len(places) == promises(site) == 2


def test_a_stale_form_comes_back_fresh_with_its_amount(site: Site) -> None:
    form = site.second_step(amount="200") | {"email": "jan@example.org"}
    site.clock.turn(timedelta(minutes=60))
    page = site.visitor.post(CONFIRM, form, 422)
    assert "Ta strona była otwarta ponad godzinę" in page.words
    assert "200 zł" in page.words
    assert page.by_id("email").get("value") == "jan@example.org"
    (token,) = [field.get("value", "") for field in page.every("input") if field.get("name") == "token"]
    assert site.visitor.send(CONFIRM, form | {"token": token}).status_code == 303


@pytest.mark.parametrize(
    "damage", [lambda token: token[:-1], lambda token: "x" + token, lambda _token: "", lambda _: "ą"]
)
def test_an_altered_form_is_refused_with_a_way_back(site: Site, damage: object) -> None:
    form = site.second_step()
    assert callable(damage)
    page = site.visitor.post(CONFIRM, form | {"token": damage(form["token"])}, 400)
    assert "Ten formularz jest uszkodzony" in page.words
    assert "/pl/" in [link.get("href") for link in page.one("main").iter()]
    assert promises(site) == 0


def test_another_sites_form_is_worth_nothing_here(site: Site, sqlite_databases: SQLiteDatabases) -> None:
    other = build(sqlite_databases.migrated())
    site.visitor.post(CONFIRM, other.second_step(), 400)
    other.keys.database.close()


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://127.0.0.1:8001", None, ""])
@pytest.mark.parametrize("path", ["/pl/fund/give", CONFIRM])
def test_a_form_from_another_site_is_refused(site: Site, path: str, origin: str | None) -> None:
    page = site.visitor.post(path, {"amount": "50"}, 403, origin)
    assert "Nie mogliśmy przyjąć tego formularza" in page.words


def test_a_browser_without_origin_may_say_it_otherwise(site: Site) -> None:
    answer = site.visitor.raw("POST", "/pl/fund/give", data={"amount": "50"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 200


def test_a_card_needs_the_tick(site: Site) -> None:
    form = site.second_step() | {"method": "card"}
    page = site.visitor.post(CONFIRM, form, 422)
    assert "potwierdź, że nie wydał jej bank" in text_of(page.by_id("safe-card-error"))
    assert page.by_id("method-card").get("checked") is not None
    assert site.visitor.send(CONFIRM, form | {"safe_card": "yes"}).status_code == 303


@pytest.mark.parametrize("method", ["", "cash", "transfer", "bitcoin"])
def test_only_ways_that_are_offered_can_be_chosen(site: Site, method: str) -> None:
    page = site.visitor.post(CONFIRM, site.second_step() | {"method": method}, 422)
    assert "Wybierz sposób płatności." in text_of(page.by_id("method-error"))


@pytest.mark.parametrize(
    "email", ["jan", "jan@", "@example.org", "a@b@example.org", "a b@example.org", "a\x00@b.pl", "x" * 250 + "@b.pl"]
)
def test_what_is_no_email_address_is_kept_and_explained(site: Site, email: str) -> None:
    page = site.visitor.post(CONFIRM, site.second_step() | {"email": email}, 422)
    assert "To nie wygląda na adres e-mail." in text_of(page.by_id("email-error"))
    assert promises(site) == 0


def test_an_unusual_email_address_is_taken(site: Site) -> None:
    assert site.visitor.send(CONFIRM, site.second_step() | {"email": " żółw+x@przykład.pl "}).status_code == 303


def test_too_many_tries_say_how_long_to_wait(sqlite_url: str) -> None:
    site = build(sqlite_url, GIVE_LIMITS="2/10m,10/1d")
    for _ in range(2):
        assert site.visitor.send(CONFIRM, site.second_step()).status_code == 303
    answer = site.visitor.send(CONFIRM, site.second_step())
    assert answer.status_code == 429
    assert 600 <= int(answer.headers["Retry-After"]) <= 660
    assert "Spróbuj ponownie za 11 minut." in site.visitor.post(CONFIRM, site.second_step(), 429).text


def test_the_first_step_counts_as_no_try(sqlite_url: str) -> None:
    site = build(sqlite_url, GIVE_LIMITS="1/1d")
    form = [site.second_step() for _ in range(3)][-1]
    assert site.visitor.send(CONFIRM, form).status_code == 303


def test_a_campaign_that_closed_meanwhile_takes_nothing(site: Site) -> None:
    site.add("short", closes_at=site.clock() + timedelta(minutes=10))
    form = site.second_step("short")
    site.clock.turn(timedelta(minutes=11))
    assert "Ta zbiórka nie przyjmuje teraz wpłat" in site.visitor.post(CONFIRM, form, 409).words
    site.visitor.post("/pl/short/give", {"amount": "50"}, 409)
    assert promises(site) == 0


def test_what_takes_no_gifts_has_no_first_step(site: Site) -> None:
    site.add("soon", opens_at=site.clock() + DAY)
    site.visitor.post("/pl/soon/give", {"amount": "50"}, 409)
    site.visitor.post("/pl/nothing/give", {"amount": "50"}, 404)


def test_the_second_step_in_the_other_language_begins_again(site: Site) -> None:
    page = site.visitor.post("/pl/fund/give", {"amount": "50"})
    (switch,) = [link for link in page.every("a") if link.get("hreflang") == "en"]
    assert switch.get("href") == "/en/fund"
    assert site.visitor.raw("GET", "/en/fund/give").location == "/en/fund"


def test_no_address_ever_holds_an_amount(site: Site) -> None:
    page = site.visitor.post("/pl/fund/give", {"amount": "137"})
    addresses = [element.get(name, "") for element in page.every() for name in ("href", "action")]
    assert not [address for address in addresses if "137" in address]
    assert "137" not in text_of(page.one("title"))
