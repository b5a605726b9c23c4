"""What the letters say: each in its reader's language, and nothing that could harm a donor."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest

from campaigns.language import LANGUAGES
from campaigns.services.letters import compose, message_id
from campaigns.storage.tray import Letter, LetterKind
from tests.gifts import NOW

RECEIPT = Letter(7, LetterKind.RECEIPT, "receipt:0123456789abcdef", 3, "en", 1, NOW)
ALERT = replace(RECEIPT, kind=LetterKind.ALERT, key="alert:dispute:du_1", pledge_id=None)
SENDER = "post@example.org"
SECRET = "a secret of the test, long enough for it"


def composed(letter: Letter, to: str = "anna@example.net") -> EmailMessage:
    return compose(letter, to, SENDER, message_id(letter, SECRET, "example.org"), NOW)


def text_of(letter: Letter) -> str:
    """Everything that the reader's screen shows."""
    message = composed(letter)
    return "\n".join([str(message["From"]), str(message["Subject"]), message.get_content()])


def test_a_receipt_thanks_and_names_the_day_in_warsaw() -> None:
    late = replace(RECEIPT, created_at=NOW.replace(hour=23, minute=30))
    assert "Thank you. Your payment has arrived." in text_of(RECEIPT)
    assert "22\N{NO-BREAK SPACE}November 2026" in text_of(RECEIPT)
    assert "23\N{NO-BREAK SPACE}November 2026" in text_of(late)
    assert "22\N{NO-BREAK SPACE}listopada 2026" in text_of(replace(RECEIPT, language="pl"))


# What a phone that is searched must not show: whom, what for and how much.
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", [RECEIPT, ALERT])
def test_no_letter_names_a_purpose_an_amount_or_a_reference(letter: Letter, language: str) -> None:
    shown = text_of(replace(letter, language=language)).lower()
    for word in ("campaign", "fund", "donat", "darowizn", "zbiórk", "belarus", "białoru", "lawyer", "zł", "pln", "http",
                 "0123456789abcdef", "du_1", "dispute", "anonym"):  # fmt: skip
        assert word not in shown, word


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_is_plain_text_and_says_how_to_be_forgotten(language: str) -> None:
    message = composed(replace(RECEIPT, language=language))
    assert message.get_content_type() == "text/plain"
    assert not message.is_multipart()
    assert message["Content-Language"] == language
    assert len(message.get_content().strip().split("\n\n")) == 4
    assert "reply" in text_of(RECEIPT)


def test_nothing_in_a_letter_asks_the_reader_s_programs_to_call_anybody() -> None:
    assert {"Disposition-Notification-To", "List-Unsubscribe", "Return-Receipt-To"}.isdisjoint(composed(RECEIPT).keys())


def test_the_same_letter_has_the_same_message_id_and_it_tells_nothing() -> None:
    first, again = composed(RECEIPT), composed(replace(RECEIPT, attempts=5))
    assert first["Message-ID"] == again["Message-ID"]
    assert first["Message-ID"] != composed(ALERT)["Message-ID"]
    assert message_id(RECEIPT, SECRET, "x") != message_id(RECEIPT, "another secret", "x"), "only we can compute it"
    assert "0123456789abcdef" not in first.as_string()


def test_an_alert_says_only_that_there_is_something_to_see() -> None:
    assert "Something needs your attention in the treasury" in text_of(ALERT)


def test_an_address_cannot_smuggle_in_a_header() -> None:
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        composed(RECEIPT, to="anna@example.net\r\nBcc: other@example.net")
