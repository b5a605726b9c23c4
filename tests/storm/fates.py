"""What becomes of a gift at the provider: chosen by chance, from a seed that can be repeated."""

from __future__ import annotations

from random import Random

from tests.standin.control import Control

METHODS = ("blik", "p24", "card")


def amount(chance: Random) -> str:
    """Some złoty, often with groszy."""
    return f"{chance.randint(5, 300)},{chance.choice((0, 0, 1, 50, 99)):02}"


def befall(provider: Control, page: str, method: str, chance: Random) -> None:
    """The donor pays, now or later, or does not; and what donors and banks do to money that came."""
    fate = chance.choices(("pays", "waits", "fails", "declined", "expires", "leaves"), (12, 3, 1, 1, 1, 2))[0]
    match fate:
        case "pays":
            provider.pay(page, method)
        case "waits":
            provider.pay_later(page, method)
            provider.settle(page)
        case "fails":
            provider.pay_later(page, method)
            provider.fail(page)
        case "declined":
            provider.decline(page, method)
            provider.pay(page, method)
        case "expires":
            provider.expire(page)
        case _:
            return
    if fate in ("pays", "waits", "declined"):
        _return(provider, str(provider.thing(page)["payment_intent"]), method, chance)


def _return(provider: Control, payment: str, method: str, chance: Random) -> None:
    fate = chance.choices(("stays", "part", "twice", "whole", "bounces", "disputed"), (10, 2, 2, 1, 1, 2))[0]
    match fate:
        case "part":
            provider.refund(payment, chance.randint(1, 500))
        case "twice":
            provider.refund(payment, 100)
            provider.refund(payment, 100)
        case "whole":
            provider.refund(payment)
        case "bounces":
            provider.fail_refund(provider.refund(payment)["id"])
            provider.refund(payment, 200)
        case "disputed" if method != "p24":
            dispute = provider.dispute(payment)["id"]
            end = chance.choice((provider.win, provider.lose, None))
            if end is not None:
                end(dispute)
