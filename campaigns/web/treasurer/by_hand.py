"""/treasury/book: gifts, expenses, transfers and opening balances by hand, each shown in full before it is booked."""

from __future__ import annotations

from datetime import date

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from campaigns.domain.ledger import EntryKind
from campaigns.domain.people import Permission
from campaigns.domain.periods import day_of
from campaigns.language import current, gettext
from campaigns.services.booking_by_hand import DayMoved, Ticket, book, booked_as, look_over
from campaigns.services.drafting import Plan, Refused, desk
from campaigns.services.keys import Keys
from campaigns.storage.unassigned import Unassigned
from campaigns.web import staff_page
from campaigns.web.doors import Room, who
from campaigns.web.forms.by_hand import HandForm, Sent
from campaigns.web.forms.pinned import Pinned, pin, unpin
from campaigns.web.forms.signed import Altered
from campaigns.web.responses import private_page
from campaigns.web.treasurer.words import account_words, kind_words


def _(text: str) -> str:
    """Marks a text for translation; it is translated when the page is made."""
    return text


KINDS = {
    "gift": EntryKind.OFFLINE_GIFT,
    "expense": EntryKind.EXPENSE,
    "transfer": EntryKind.TRANSFER,
    "opening": EntryKind.OPENING,
    "assignment": EntryKind.ASSIGNMENT,
}
TITLES = {
    "gift": _("Book a gift"),
    "expense": _("Book an expense"),
    "transfer": _("Book a transfer between our own accounts"),
    "opening": _("Book an opening balance"),
    "assignment": _("Assign money to a campaign"),
}
_RULE = f"/book/<any({','.join(KINDS)}):word>"
_PURPOSE = "book"


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room."""
    pages = _ByHand(keys)
    room.page("/book", "book", Permission.BOOK, pages.choose)
    room.page(_RULE, "book_form", Permission.BOOK, pages.form)
    room.deed(_RULE, "book_look", Permission.BOOK, pages.look)
    room.page(f"{_RULE}/confirm", "book_again", Permission.BOOK, pages.again)
    room.deed(f"{_RULE}/confirm", "book_confirm", Permission.BOOK, pages.confirm)


class _ByHand:
    """The views."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._secret = keys.settings.secret_key

    def choose(self) -> ResponseReturnValue:
        return private_page("treasurer/book.html", waiting=len(desk(self._keys, current().code).unassigned))

    def form(self, word: str) -> ResponseReturnValue:
        return self._form_page(word, self._form(word, None))

    def again(self, word: str) -> ResponseReturnValue:
        """Where a reload asks for the second step's address without a form."""
        return redirect(f"/treasury/book/{word}", 303)

    def look(self, word: str) -> ResponseReturnValue:
        """The first step: what was typed is shown as the entry that it would become."""
        return self._look(word, request.form)

    def confirm(self, word: str) -> ResponseReturnValue:
        """The second step: booked once, however often the button is pressed."""
        try:
            pinned = unpin(request.form.get("token", ""), f"{_PURPOSE}.{word}", self._secret)
        except Altered:
            return _not_ours()
        typed, shown = pinned.content
        if "change" in request.form:
            return self._form_page(word, self._form(word, MultiDict(typed)))
        if number := booked_as(self._keys, KINDS[word], pinned.reference):
            return staff_page.done(f"/treasury/ledger/{number}", "booked")
        if pinned.is_stale(self._keys.now()):
            return self._look(word, MultiDict(typed), trouble=_waited_too_long())
        form = self._form(word, MultiDict(typed))
        draft = form.read()
        if draft is None:
            return self._form_page(word, form, 422)
        ticket = Ticket(pinned.reference, pinned.expires_at)
        try:
            number = book(self._keys, who(), draft, ticket, date.fromisoformat(shown))
        except Refused as refused:
            form.complain(refused.fault)
            return self._form_page(word, form, 422)
        except DayMoved:
            return self._look(word, MultiDict(typed), trouble=_month_closed())
        return staff_page.done(f"/treasury/ledger/{number}", "booked")

    def _look(self, word: str, sent: Sent, trouble: tuple[str, str] | None = None) -> Response:
        form = self._form(word, sent)
        draft = form.read()
        if draft is None:
            return self._form_page(word, form, 422)
        pinned = Pinned.make(None, self._keys.now())
        try:
            plan = look_over(self._keys, draft, pinned.reference)
        except Refused as refused:
            form.complain(refused.fault)
            return self._form_page(word, form, 422)
        typed = {name: form[name].data or "" for name in form.wanted}
        pinned = Pinned([typed, plan.day.isoformat()], pinned.reference, pinned.expires_at)
        return self._confirm_page(word, form, plan, pin(pinned, f"{_PURPOSE}.{word}", self._secret), trouble)

    def _form(self, word: str, sent: Sent | None) -> HandForm:
        today = day_of(self._keys.now()).isoformat()
        return HandForm(KINDS[word], desk(self._keys, current().code), sent, today)

    def _form_page(self, word: str, form: HandForm, status: int = 200) -> Response:
        return private_page(
            "treasurer/book-form.html", status, form=form, word=word, title=gettext(TITLES[word]),
            labels=labels(form), choices=choices(form),
        )  # fmt: skip

    def _confirm_page(
        self, word: str, form: HandForm, plan: Plan, token: str, trouble: tuple[str, str] | None
    ) -> Response:
        titles = {each.slug: each.title for each in form.desk.campaigns}
        return private_page(
            "treasurer/book-confirm.html", 409 if trouble else 200, word=word, kind=kind_words(form.kind),
            plan=plan, campaign=titles.get(plan.draft.campaign, ""), token=token, trouble=trouble,
            account=account_words,
        )  # fmt: skip


def labels(form: HandForm) -> dict[str, str]:
    """What each field of the form is called, in the order in which they are asked for."""
    names = {
        "day": gettext("Date"),
        "amount": gettext("Amount"),
        "currency": gettext("Currency"),
        "debit": gettext("To"),
        "credit": gettext("From"),
        "campaign": gettext("Campaign"),
        "payment": gettext("Money that waits"),
        "memo": gettext("Memo"),
    }
    match form.kind:
        case EntryKind.OFFLINE_GIFT:
            names["debit"] = gettext("The money came to")
        case EntryKind.EXPENSE:
            names |= {"debit": gettext("What was paid for"), "credit": gettext("Paid from")}
        case EntryKind.OPENING:
            names["debit"] = gettext("Account")
        case _:
            pass
    return {name: names[name] for name in form.wanted}


def choices(form: HandForm) -> dict[str, list[tuple[str, str]]]:
    """What the form's lists offer: values and words."""
    nothing = [("", gettext("Choose"))]
    no_campaign = gettext("No campaign") if form.kind is EntryKind.EXPENSE else gettext("Choose")
    offered = {
        "currency": [(code, code) for code in form.currencies],
        "debit": nothing + [(name, account_words(name)) for name in form.debits],
        "credit": nothing + [(name, account_words(name)) for name in form.desk.own],
        "campaign": [("", no_campaign)] + [(each.slug, each.title) for each in form.funds],
        "payment": [(str(each.payment_id), _waiting_words(each)) for each in form.desk.unassigned],
    }
    return {name: options for name, options in offered.items() if name in form.wanted}


def _waiting_words(money: Unassigned) -> str:
    sentence = gettext("{amount}, came {day}, {number}")
    return sentence.format(
        amount=current().money(money.left), day=current().date(money.created_at), number=money.object_id
    )


def _not_ours() -> Response:
    return staff_page.refusal(
        400,
        gettext("This form is not as we made it"),
        gettext("Nothing was booked. Open the form again and fill it in once more."),
        "/treasury/book",
    )


def _waited_too_long() -> tuple[str, str]:
    return (
        gettext("This page was open for more than an hour"),
        gettext("Nothing was booked. Here is the same entry once more: look it over and book it."),
    )


def _month_closed() -> tuple[str, str]:
    return (
        gettext("Meanwhile the month was closed"),
        gettext("Nothing was booked. The entry would now stand under another day: look it over again."),
    )
