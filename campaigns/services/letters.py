"""What our letters say, each in its reader's language, and no more than it must."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from campaigns.language import Language, language
from campaigns.storage.tray import Letter, LetterKind

_TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "letters"


@dataclass(frozen=True, slots=True)
class Inside:
    """What only this letter says: its secret, opened, and the site that a link in it leads to."""

    secret: str = ""
    base_url: str = ""


_NOTHING = Inside()


def compose(
    letter: Letter, recipient: str, sender: str, message_id: str, now: datetime, inside: Inside = _NOTHING
) -> EmailMessage:
    """The letter as it is sent.

    A receipt may be read over the donor's shoulder, or at a border: sender, subject and text name no organisation,
    campaign or amount, and look like any shop's. An alert says only that there is something to see. Letters for staff
    hold a link that works once, or the head of a closed month, and no more.
    """
    speaker = language(letter.language)
    message = EmailMessage()
    message["From"] = Address(_sender_name(letter.kind, speaker), addr_spec=sender)
    message["To"] = recipient
    message["Subject"] = _subject(letter.kind, speaker)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answering machine need reply
    text = _templates(speaker.code).get_template(f"{letter.kind}.txt")
    date = speaker.date(letter.created_at)
    message.set_content(text.render(date=date, secret=inside.secret, base_url=inside.base_url))
    message["Content-Language"] = speaker.code  # set_content drops earlier Content- headers
    return message


def message_id(letter: Letter, secret: str, domain: str) -> str:
    """The letter's own Message-ID, the same whenever it is sent again, from which nothing can be told."""
    name = hmac.new(secret.encode(), f"message-id:{letter.key}".encode(), hashlib.sha256)
    return f"<{name.hexdigest()[:32]}@{domain}>"


def _sender_name(kind: LetterKind, speaker: Language) -> str:
    return speaker.gettext("Confirmations") if kind is LetterKind.RECEIPT else ""


def _subject(kind: LetterKind, speaker: Language) -> str:
    match kind:
        case LetterKind.RECEIPT:
            return speaker.gettext("Confirmation of payment")
        case LetterKind.ALERT:
            return speaker.gettext("Something needs your attention in the treasury")
        case LetterKind.INVITATION:
            return speaker.gettext("Your invitation")
        case LetterKind.RESET:
            return speaker.gettext("A new password")
        case LetterKind.CLOSING:
            return speaker.gettext("A month was closed")


@cache
def _templates(code: str) -> Environment:
    speaker = language(code)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(speaker.gettext, speaker.ngettext, newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    return environment
