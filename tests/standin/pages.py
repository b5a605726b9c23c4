"""The hosted page: plain HTML where a browser pays, pays later, is declined or walks away."""

from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qs

from tests.standin import payments
from tests.standin.account import Account
from tests.standin.ageing import catch_up
from tests.standin.errors import ApiError
from tests.standin.payments import Donor
from tests.standin.rules import money
from tests.standin.store import JSON

_NAMES = {"blik": "BLIK", "p24": "Przelewy24", "card": "Card"}
_OUTCOMES = {"pay": "Pay", "pay_later": "Pay later", "decline": "Be declined"}


@dataclass(frozen=True)
class Page:
    """An HTML page, or a redirect when `location` is set."""

    status: int
    html: str = ""
    location: str | None = None


def show(account: Account, session_id: str, notice: str = "") -> Page:
    """Return the page of a session: the form while it is open, else a sentence."""
    with account.lock:
        catch_up(account)
        try:
            session = account.store.get("checkout.session", session_id)
        except ApiError:
            return Page(404, _document("Not found", "<h1>There is no such page.</h1>"))
        if session["status"] != "open":
            sentence = f"This checkout is {session['status']}."
            return Page(200, _document("Checkout", f"<h1>{sentence}</h1>"))
        return Page(200, _document("Checkout", _form(account, session, notice)))


def act(account: Account, session_id: str, body: str) -> Page:
    """Do what the browser's form says; return where the browser goes next."""
    fields = {name: values[0] for name, values in parse_qs(body).items()}
    with account.lock:
        page = show(account, session_id)
        session = account.store.find(session_id)
        if page.status != 200 or session is None or session["status"] != "open":
            return page
        return _act(account, session, fields)


def _act(account: Account, session: JSON, fields: dict[str, str]) -> Page:
    outcome, ident = fields.get("outcome", ""), session["id"]
    if outcome == "abandon" and session["cancel_url"]:
        return Page(303, location=session["cancel_url"])
    email = session["customer_email"] or fields.get("email", "")
    if "@" not in email:
        return show(account, ident, "Enter an e-mail address.")
    method = fields.get("method", "")
    if outcome not in _OUTCOMES or method not in session["payment_method_types"]:
        return show(account, ident, "Choose how to pay.")
    donor = Donor(method=method, email=email, card_country=fields.get("card_country") or "PL")
    if outcome == "decline":
        payments.decline(account, ident, donor)
        return show(account, ident, "The payment was declined. Try again or another way.")
    (payments.pay if outcome == "pay" else payments.pay_later)(account, ident, donor)
    return Page(303, location=session["success_url"].replace("{CHECKOUT_SESSION_ID}", ident))


def _form(account: Account, session: JSON, notice: str) -> str:
    title = escape(account.line_items[session["id"]][0]["description"])
    amount = money(session["amount_total"], session["currency"])
    methods = "".join(
        f'<p><label><input type="radio" name="method" value="{m}"{" checked" if not i else ""}> {_NAMES[m]}</label></p>'
        for i, m in enumerate(session["payment_method_types"])
    )
    buttons = "".join(f'<button name="outcome" value="{value}">{label}</button> ' for value, label in _OUTCOMES.items())
    if session["cancel_url"]:
        buttons += '<button name="outcome" value="abandon" formnovalidate>Back</button>'
    return f"""<h1>{title}</h1>
<p>{amount}</p>
{f'<p role="alert">{notice}</p>' if notice else ""}
<form method="post">
{_email_field(session["customer_email"])}
<fieldset><legend>Method</legend>{methods}</fieldset>
<p><label>Country of the card's bank <input name="card_country" value="PL" size="2"></label></p>
<p>{buttons}</p>
</form>"""


def _email_field(known: str | None) -> str:
    if known is not None:
        return f"<p>{escape(known)}</p>"
    return '<p><label>E-mail <input type="email" name="email" required></label></p>'


def _document(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"></head>
<body><main>{body}</main></body>
</html>
"""
