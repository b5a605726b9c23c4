"""Forms that are sent twice, too late, altered or from elsewhere: nothing is lost, and nothing happens twice."""

from __future__ import annotations

import pytest

from tests.hardening.houses import FUND, HOST, ORIGIN, House, complaint, spoken, title, value_of, visible
from tests.wording import in_language

FOREIGN = {
    "another site": "https://evil.example",
    "a hidden origin": "null",
    "no origin": None,
    "another port": f"{ORIGIN}:8443",
    "a subdomain": f"http://www.{HOST}",
    "a name that begins alike": f"{ORIGIN}.evil.example",
    "our name with a path": f"{ORIGIN}/",
    "two origins": f"{ORIGIN}, https://evil.example",
    "another scheme": f"file://{HOST}",
}


def test_a_form_sent_twice_makes_one_pledge_and_leads_to_one_page(house: House) -> None:
    form, tries = house.offer("50"), house.rows()["tries"]
    first, second = house.confirm(form), house.confirm(form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert house.begun == 1
    assert house.rows()["tries"] == tries + 1


def test_two_forms_with_one_amount_are_two_gifts(house: House) -> None:
    first, second = house.confirm(house.offer("50")), house.confirm(house.offer("50"))
    assert first.location != second.location
    assert house.begun == 2


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_a_stale_form_comes_back_fresh_with_all_that_was_typed(house: House, lang: str) -> None:
    form = house.offer("77", lang) | {"email": "donor@example.org"}
    house.clock.forward(minutes=60)
    answer = house.confirm(form, lang)
    assert (answer.status_code, spoken(answer.text)) == (422, lang)
    assert in_language(lang, "This page was open for more than an hour") in complaint(answer.text)
    assert "77" in answer.text
    assert value_of(answer.text, "email") == "donor@example.org"
    assert house.begun == 0
    again = form | {"token": value_of(answer.text, "token")}
    assert house.confirm(again, lang).status_code == 303


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_an_altered_form_is_refused_in_its_language(house: House, lang: str) -> None:
    token = house.offer("50", lang)["token"]
    for altered in (token[:-1] + ("A" if token[-1] != "A" else "B"), token[1:], "", "x" * 5000, "\0", "ż" * 40):
        answer = house.confirm({"token": altered, "method": "blik"}, lang)
        assert (answer.status_code, spoken(answer.text)) == (400, lang)
        assert title(answer.text) == in_language(lang, "This form is damaged")
    assert house.begun == 0


def test_a_token_of_one_site_is_nothing_at_another(house: House, quiet_house: House) -> None:
    assert house.confirm(quiet_house.offer("50")).status_code == 400


@pytest.mark.parametrize("origin", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("lang", ["en", "pl"])
def test_forms_from_elsewhere_are_refused_at_both_steps(house: House, origin: str | None, lang: str) -> None:
    form = house.offer("50", lang)
    for answer in (house.choose("50", lang, origin=origin), house.confirm(form, lang, origin=origin)):
        assert (answer.status_code, spoken(answer.text)) == (403, lang)
    assert house.begun == 0


def test_a_browser_that_sends_no_origin_may_say_by_other_means_that_the_form_is_ours(house: House) -> None:
    assert house.choose("50", origin=None, Sec_Fetch_Site="same-origin").status_code == 200
    assert house.choose("50", origin=None, Sec_Fetch_Site="same-site").status_code == 403
    assert house.choose("50", origin="https://evil.example", Sec_Fetch_Site="same-origin").status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_forms_from_elsewhere_move_nothing_at_the_sandbox(house: House, origin: str | None) -> None:
    page = house.page(house.offer("50"))
    before = house.rows()
    assert house.send(page, {"outcome": "pay"}, origin=origin).status_code == 403
    assert house.rows() == before


@pytest.mark.parametrize("method", ["", "cash", "transfer", "BLIK", "blik\0"])
def test_a_way_of_paying_that_is_not_offered_is_asked_for_again(house: House, method: str) -> None:
    answer = house.confirm(house.offer("50") | {"method": method})
    assert answer.status_code == 422
    assert "Choose how you want to pay" in complaint(answer.text)
    assert house.begun == 0


def test_a_card_without_its_tick_is_refused_and_the_rest_is_kept(house: House) -> None:
    form = house.offer("50") | {"method": "card", "email": "donor@example.org"}
    answer = house.confirm(form)
    assert answer.status_code == 422
    assert "not issued by a bank in Belarus or Russia" in complaint(answer.text)
    assert value_of(answer.text, "email") == "donor@example.org"
    assert house.confirm(form | {"safe_card": "yes"}).status_code == 303


@pytest.mark.parametrize(
    "email", ["donor", "@example.org", "a@b", "a b@example.org", "a@example.org\r\nBcc: b@example.org", "ż" * 250]
)
def test_an_address_that_cannot_be_one_is_kept_and_asked_about(house: House, email: str) -> None:
    answer = house.confirm(house.offer("50") | {"email": email})
    assert answer.status_code == 422
    assert "does not look like an e-mail address" in complaint(answer.text)
    assert value_of(answer.text, "email") == visible(email)
    assert house.rows()["donors"] == 0


@pytest.mark.parametrize("slug,status", [("nothing-here", 404), ("tax-1-5", 409), ("%00", 404), ("..%2fetc", 404)])
def test_only_a_campaign_that_takes_gifts_takes_one(house: House, slug: str, status: int) -> None:
    answer = house.send(f"/pl/{slug}/give", {"amount": "50"})
    assert (answer.status_code, spoken(answer.text)) == (status, "pl")


def test_bytes_that_are_no_form_are_no_gift(house: House) -> None:
    for body in (b"\xff\xfe\x00", b"&&&===%%%", b"{}", b"amount=%ff%fe"):
        answer = house.send(f"/en/{FUND}/give", body, Content_Type="application/x-www-form-urlencoded")
        assert answer.status_code == 422
    answer = house.send(f"/en/{FUND}/give", b"--x\r\n", Content_Type="multipart/form-data; boundary=x")
    assert answer.status_code == 422
