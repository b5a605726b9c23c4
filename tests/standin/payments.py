"""What a donor does on the hosted page, and what the donor's bank answers."""

from dataclasses import dataclass

from tests.standin import balance, ids
from tests.standin.account import Account
from tests.standin.errors import Refused
from tests.standin.objects import charge as build_charge
from tests.standin.objects import intent as build_intent
from tests.standin.objects.session import customer_details
from tests.standin.store import JSON


@dataclass(frozen=True)
class Donor:
    """Who pays and how, as typed into the hosted page."""

    method: str = "blik"
    card_country: str = "PL"
    email: str = "donor@example.org"
    name: str = "Test Donor"


def pay(account: Account, session_id: str, donor: Donor) -> JSON:
    """The donor pays and the bank agrees at once; return the session, complete and paid."""
    session, intent, charge = _try(account, session_id, donor)
    _complete(session, donor, "paid")
    _receive(account, intent, charge, "checkout.session.completed", session)
    return session


def pay_later(account: Account, session_id: str, donor: Donor) -> JSON:
    """The donor is done but the money is on its way; return the session, complete and unpaid."""
    session, intent, charge = _try(account, session_id, donor)
    intent.update(status="processing")
    _complete(session, donor, "unpaid")
    account.events.record("charge.pending", charge)
    account.events.record("payment_intent.processing", intent)
    account.events.record("checkout.session.completed", session)
    return session


def settle(account: Account, session_id: str) -> JSON:
    """The money that was on its way arrives; return the session."""
    session, intent, charge = _awaited(account, session_id)
    session.update(payment_status="paid")
    _receive(account, intent, charge, "checkout.session.async_payment_succeeded", session)
    return session


def fail(account: Account, session_id: str) -> JSON:
    """The money that was on its way never comes; return the session."""
    session, intent, charge = _awaited(account, session_id)
    _refuse(account, intent, charge)
    account.events.record("checkout.session.async_payment_failed", session)
    return session


def decline(account: Account, session_id: str, donor: Donor) -> JSON:
    """The bank says no at once; return the session, still open for another try."""
    session, intent, charge = _try(account, session_id, donor)
    _refuse(account, intent, charge)
    return session


def _try(account: Account, session_id: str, donor: Donor) -> tuple[JSON, JSON, JSON]:
    session = account.store.get("checkout.session", session_id)
    if session["status"] != "open":
        raise Refused(f"the session is {session['status']}, nobody can pay it")
    if donor.method not in session["payment_method_types"]:
        raise Refused(f"the session does not offer {donor.method}")
    intent = _intent(account, session)
    is_card = donor.method == "card"
    charge = build_charge.build(
        ident=ids.mint("charge" if is_card else "payment"),
        payment_method=ids.mint("payment_method"),
        created=account.clock.now(),
        intent=intent,
        details=build_charge.method_details(
            donor.method,
            card_country=donor.card_country,
            amount=intent["amount"],
            name=donor.name,
        ),
        donor=build_charge.billing_details(
            email=donor.email,
            name=donor.name,
            country=donor.card_country if is_card else "PL",
        ),
    )
    intent.update(latest_charge=charge["id"], payment_method=charge["payment_method"])
    return session, intent, account.store.put(charge)


def _intent(account: Account, session: JSON) -> JSON:
    """Return the session's intent; Stripe makes it when the donor first tries, not before."""
    if session["payment_intent"] is not None:
        return account.store.get("payment_intent", session["payment_intent"])
    intent = build_intent.build(
        ident=ids.mint("payment_intent"),
        created=account.clock.now(),
        session=session,
        data=account.intent_data[session["id"]],
    )
    session["payment_intent"] = intent["id"]
    account.session_of_intent[intent["id"]] = session["id"]
    account.events.record("payment_intent.created", intent)
    return account.store.put(intent)


def _complete(session: JSON, donor: Donor, payment_status: str) -> None:
    session.update(
        status="complete",
        payment_status=payment_status,
        url=None,
        customer_details=customer_details(
            email=donor.email,
            name=donor.name,
            country=donor.card_country if donor.method == "card" else "PL",
        ),
    )


def _receive(account: Account, intent: JSON, charge: JSON, session_event: str, session: JSON) -> None:
    """Record that the money is there.

    A card's balance line comes a moment after the charge, as with `automatic_async` capture:
    `charge.succeeded` does not have it yet, `charge.updated` does.
    """
    charge.update(status="succeeded", paid=True, captured=True, amount_captured=charge["amount"])
    intent.update(status="succeeded", amount_received=charge["amount"], last_payment_error=None)
    line = balance.post_charge(account, charge)["id"]
    is_late = line if charge["payment_method_details"]["type"] == "card" else None
    if not is_late:
        charge["balance_transaction"] = line
    account.events.record("charge.succeeded", charge)
    account.events.record("payment_intent.succeeded", intent)
    account.events.record(session_event, session)
    if is_late:
        charge["balance_transaction"] = line
        account.events.record("charge.updated", charge, {"balance_transaction": None})


def _awaited(account: Account, session_id: str) -> tuple[JSON, JSON, JSON]:
    session = account.store.get("checkout.session", session_id)
    if session["payment_intent"] is None:
        raise Refused("nobody has tried to pay this session")
    intent = account.store.get("payment_intent", session["payment_intent"])
    if intent["status"] != "processing":
        raise Refused(f"no money is on its way: the intent is {intent['status']}")
    return session, intent, account.store.get("charge", intent["latest_charge"])


def _refuse(account: Account, intent: JSON, charge: JSON) -> None:
    code, message = build_charge.FAILURES[charge["payment_method_details"]["type"]]
    charge.update(
        status="failed",
        failure_code=code,
        failure_message=message,
        outcome=build_charge.outcome(approved=False),
    )
    intent.update(
        status="requires_payment_method",
        payment_method=None,
        last_payment_error=build_intent.payment_error(charge),
    )
    account.events.record("charge.failed", charge)
    account.events.record("payment_intent.payment_failed", intent)
