"""The one place that speaks SMTP: takes a letter to the mail server and says what the server made of it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from enum import Enum, StrEnum
from ipaddress import ip_address
from smtplib import (
    SMTP,
    SMTP_SSL,
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
)
from urllib.parse import parse_qs, unquote, urlsplit

PATIENCE = 20  # seconds, for each answer of the server
_CLOSING = 421  # RFC 5321, 3.8: the server hangs up after this reply
_PERMANENT = 500


class Gone(Exception):
    """The server cannot be reached, hung up, or takes no letters from us at all; the message names no recipient."""


class Verdict(Enum):
    """What the server made of one letter."""

    ACCEPTED = "accepted"
    LATER = "later"
    NEVER = "never"


class Security(StrEnum):
    """How the way to the server is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """What MAIL_URL says: where letters are handed over, and the address that they come from (None: the office's)."""

    host: str
    port: int
    user: str
    password: str
    security: Security
    sender: str | None

    @classmethod
    def parse(cls, url: str) -> MailServer:
        """From `smtps://user:password@host:465` or `smtp://user:password@host:587?starttls=1`, with `from=` as needed.

        ValueError, without the password, for anything else, and for letters that would cross a network in the clear
        (`starttls=0` says that this is meant).
        """
        parts = urlsplit(url)
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or options.keys() - {"starttls", "from"}:
            raise ValueError("MAIL_URL must be smtps://user:password@host or smtp://user:password@host:587?starttls=1.")
        security = _security(parts.scheme, parts.hostname, options.get("starttls"))
        port = parts.port or {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}[security]
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname, port, user, password, security, options.get("from"))


def _security(scheme: str, host: str, starttls: str | None) -> Security:
    if scheme == "smtps":
        return Security.TLS
    if starttls == "1":
        return Security.STARTTLS
    if starttls == "0" or _is_here(host):
        return Security.NONE
    raise ValueError("MAIL_URL would send letters in the clear: write smtps://, or add ?starttls=1.")


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Postman:
    """One connection to the mail server."""

    def __init__(self, connection: SMTP, sender: str) -> None:
        self._connection = connection
        self._sender = sender

    def hand_over(self, message: EmailMessage, recipient: str) -> Verdict:
        """Give one letter to the server. Gone if the connection broke: then it is not known whether it was taken."""
        try:
            self._connection.send_message(message, self._sender, [recipient])
        except SMTPRecipientsRefused as refusal:
            return _verdict(refusal.recipients[recipient][0])
        except SMTPDataError as refusal:
            return _verdict(refusal.smtp_code)
        except SMTPNotSupportedError:  # an address in letters that this server cannot carry
            return Verdict.NEVER
        except (SMTPException, OSError) as error:
            # The server's words are left out, and out of the chain: they may repeat the recipient's address.
            raise Gone(f"the mail server does not take letters now ({type(error).__name__})") from None
        return Verdict.ACCEPTED


def _verdict(code: int) -> Verdict:
    if code == _CLOSING:
        raise Gone("the mail server is closing down")
    return Verdict.NEVER if code >= _PERMANENT else Verdict.LATER


@contextmanager
def connected(server: MailServer, sender: str, patience: float = PATIENCE) -> Iterator[Postman]:
    """A connection for letters from `sender`, ready to take them; Gone, in the same words for all, if there is none."""
    try:
        connection = _connect(server, domain_of(sender), patience)
    except SMTPAuthenticationError as error:
        raise Gone(f"the mail server refuses the name or the password in MAIL_URL ({error.smtp_code})") from None
    except (SMTPException, OSError) as error:
        raise Gone(f"no connection to the mail server {server.host}:{server.port} ({error})") from error
    try:
        yield Postman(connection, sender)
    finally:
        with suppress(SMTPException, OSError):  # every letter's fate is known by now
            connection.quit()
        connection.close()


def _connect(server: MailServer, our_name: str, patience: float) -> SMTP:
    """Calls, protects the line and signs in; never goes on in the clear where protection was asked for."""
    if server.security is Security.TLS:
        trusted = ssl.create_default_context()
        connection: SMTP = SMTP_SSL(
            server.host, server.port, local_hostname=our_name, timeout=patience, context=trusted
        )
    else:
        connection = SMTP(server.host, server.port, local_hostname=our_name, timeout=patience)
    try:
        if server.security is Security.STARTTLS:
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def domain_of(address: str) -> str:
    """The part of an e-mail address after the @."""
    return address.rpartition("@")[2]
