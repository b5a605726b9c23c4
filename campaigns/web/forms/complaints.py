"""What a donor is told about a form: one clear sentence for each problem, which says what to do."""

from __future__ import annotations

from campaigns.domain.money import Money
from campaigns.language import current, gettext
from campaigns.web.forms.amount import BadAmount, Problem


def about_amount(bad: BadAmount, minimum: Money, maximum: Money) -> str:
    """The sentence for an amount that cannot be given."""
    if bad.readings:
        return _two_readings(*bad.readings)
    if bad.problem is Problem.OTHER_CURRENCY:
        sentence = gettext("This amount is in another currency. Type how much you want to give in {currency}.")
        return sentence.format(currency=minimum.currency)
    if bad.problem is Problem.TOO_SMALL:
        sentence = gettext("The smallest gift that we can take here is {amount}.")
        return sentence.format(amount=current().money(minimum))
    if bad.problem is Problem.TOO_LARGE:
        sentence = gettext("The largest gift that we can take here is {amount}. For a larger one, please write to us.")
        return sentence.format(amount=current().money(maximum))
    return _plain(bad.problem)


def about_email() -> str:
    """The sentence for an e-mail address that cannot be one."""
    return gettext("This does not look like an e-mail address. Correct it, or leave the field empty.")


def about_method() -> str:
    """The sentence for a form without a way of paying."""
    return gettext("Choose how you want to pay.")


def about_card() -> str:
    """The sentence for a card without the tick."""
    return gettext(
        "To pay by card, confirm that it was not issued by a bank in Belarus or Russia. If it was, do not use it: "
        "choose another way."
    )


def _plain(problem: Problem) -> str:
    match problem:
        case Problem.EMPTY:
            return gettext("Choose an amount or type your own, for example 50.")
        case Problem.HIDDEN:
            return gettext(
                "The amount held invisible characters. They are removed: look the amount over and send it again."
            )
        case Problem.NEGATIVE:
            return gettext("The amount has a minus. Type it without one, for example 50.")
        case Problem.TOO_FINE:
            return gettext("The amount has more than two decimals. Type for example 12,50.")
        case Problem.ZERO:
            return gettext("The amount is zero. Type how much you want to give, for example 50.")
        case _:
            return gettext("We cannot read this amount. Type it with digits, for example 50 or 12,50.")


def _two_readings(small: Money, large: Money) -> str:
    sentence = gettext(
        "This amount can be read in two ways, as {small} or as {large}, and we do not want to guess. "
        "Type {typed_small} or {typed_large}."
    )
    return sentence.format(
        small=current().money(small),
        large=current().money(large),
        typed_small=_typed(small),
        typed_large=_typed(large),
    )


def _typed(amount: Money) -> str:
    """The amount as one would type it: without spaces, and with the language's decimal sign."""
    if amount.is_whole:
        return f"{amount.major:.0f}"
    return f"{amount.major:.2f}".replace(".", current().locale.number_symbols["latn"]["decimal"])
