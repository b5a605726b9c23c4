"""The postman: reads MAIL_URL, never goes in the clear where it must not, and understands what servers answer."""

from __future__ import annotations

import secrets
from email.message import EmailMessage
from pathlib import Path
from ssl import SSLContext

import pytest

from campaigns.services.postman import Gone, MailServer, Security, Verdict, connected
from tests import mail

SENDER = "post@example.org"
ANNA = "anna@example.net"


def a_letter(to: str = ANNA) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = SENDER, to, "Potwierdzenie płatności"
    message.set_content("Dziękujemy.\n")
    return message


def hand_over(url: str, to: str = ANNA) -> Verdict:
    with connected(MailServer.parse(url), SENDER) as postman:
        return postman.hand_over(a_letter(to), to)


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SSLContext:
    """The server's side of a certificate that this test trusts."""
    file, context = mail.certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return context


@pytest.mark.parametrize(
    "url, expected",
    [
        ("smtps://us%40er:p%2Fw@mail.example.org", ("mail.example.org", 465, "us@er", "p/w", Security.TLS, None)),
        ("smtp://mail.example.org?starttls=1", ("mail.example.org", 587, "", "", Security.STARTTLS, None)),
        ("smtp://127.0.0.1:2525", ("127.0.0.1", 2525, "", "", Security.NONE, None)),
        ("smtp://relay.lan?starttls=0&from=post@a.pl", ("relay.lan", 25, "", "", Security.NONE, "post@a.pl")),
    ],
)
def test_mail_url_names_the_server(url: str, expected: tuple[object, ...]) -> None:
    assert MailServer.parse(url) == MailServer(*expected)  # type: ignore[arg-type]  # as the table lists them


@pytest.mark.parametrize(
    "url", ["http://mail.example.org", "smtp://", "smtp://mail.example.org", "smtps://h?startls=1", "smtp://u:hush@h"]
)
def test_a_mail_url_that_is_wrong_or_unsafe_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="MAIL_URL") as raised:
        MailServer.parse(url)
    assert "hush" not in str(raised.value)


def test_a_letter_arrives_as_it_was_written(mail_server: mail.MailServer) -> None:
    assert hand_over(mail_server.url) is Verdict.ACCEPTED
    (letter,) = mail_server.letters
    assert letter["Subject"] == "Potwierdzenie płatności"
    assert letter.get_content().splitlines() == ["Dziękujemy."]
    assert mail_server.recipients == [ANNA]


@pytest.mark.parametrize("to", ["zażółć@example.net", "anna@żółw.example"])
def test_addresses_are_not_only_ascii(mail_server: mail.MailServer, to: str) -> None:
    assert hand_over(mail_server.url, to) is Verdict.ACCEPTED
    assert mail_server.recipients == [to]


@pytest.mark.parametrize("at_once", [True, False])
def test_letters_go_encrypted_with_name_and_password(trusted: SSLContext, at_once: bool) -> None:
    password = secrets.token_hex(8)
    with mail.running(mail.MailServer(password=password), trusted, at_once=at_once) as server:
        scheme, option = ("smtps", "") if at_once else ("smtp", "?starttls=1")
        url = f"{scheme}://post:{{}}@{mail.HOST}:{server.port}{option}"
        assert hand_over(url.format(password)) is Verdict.ACCEPTED
        with pytest.raises(Gone, match="name or the password"):
            hand_over(url.format("wrong"))
        assert len(server.letters) == 1


def test_no_letter_goes_in_the_clear_where_encryption_was_asked_for(mail_server: mail.MailServer) -> None:
    with pytest.raises(Gone):
        hand_over(f"{mail_server.url}?starttls=1")
    assert mail_server.letters == []


def test_no_letter_goes_to_a_server_with_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    _, context = mail.certificate(tmp_path)
    with mail.running(mail.MailServer(), context) as server:
        with pytest.raises(Gone, match="certificate"):
            hand_over(f"{server.url}?starttls=1")
        assert server.letters == []


@pytest.mark.parametrize(
    "answer, verdict",
    [("450 4.2.0 greylisted", Verdict.LATER), ("550 5.1.1 no such user", Verdict.NEVER)],
)
def test_a_refused_recipient_is_tried_later_or_never(
    mail_server: mail.MailServer, answer: str, verdict: Verdict
) -> None:
    mail_server.refused[ANNA] = answer
    with connected(MailServer.parse(mail_server.url), SENDER) as postman:
        assert postman.hand_over(a_letter(), ANNA) is verdict
        assert postman.hand_over(a_letter("jan@example.net"), "jan@example.net") is Verdict.ACCEPTED


@pytest.mark.parametrize(
    "answer, verdict", [("452 4.3.1 disk full", Verdict.LATER), ("554 5.7.1 looks like spam", Verdict.NEVER)]
)
def test_refused_content_is_tried_later_or_never(mail_server: mail.MailServer, answer: str, verdict: Verdict) -> None:
    mail_server.refuses_content = answer
    assert hand_over(mail_server.url) is verdict


@pytest.mark.parametrize(
    "server",
    [
        mail.MailServer(hangs_up_after=0),
        mail.MailServer(refuses_sender="553 5.7.1 not your address"),
        mail.MailServer(refused={ANNA: f"421 4.3.2 {ANNA}: closing"}),
        mail.MailServer(refuses_content=f"421 4.3.2 {ANNA}: closing"),
    ],
    ids=["hangs up", "refuses us", "closes at the address", "closes at the text"],
)
def test_a_server_that_is_gone_is_no_verdict_on_the_letter(server: mail.MailServer) -> None:
    with mail.running(server), pytest.raises(Gone) as raised:
        hand_over(server.url)
    assert "anna" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_nobody_at_the_door_is_said_so() -> None:
    with mail.running(mail.MailServer()) as server:
        pass
    with pytest.raises(Gone, match=f"no connection to the mail server {mail.HOST}:{server.port}"):
        hand_over(server.url)


def test_a_server_that_says_nothing_is_not_waited_for_forever(mail_server: mail.MailServer) -> None:
    mail_server.slow = 30
    with connected(MailServer.parse(mail_server.url), SENDER, patience=0.2) as postman, pytest.raises(Gone):
        postman.hand_over(a_letter(), ANNA)
