"""What the API takes: known names, at any depth, of the right type."""

from typing import Any

import pytest
from stripe.params import RefundCreateParams

from tests.standin.brackets import decode
from tests.standin.errors import ApiError
from tests.standin.params import check
from tests.standin.till import Till, gift


@pytest.mark.parametrize(
    "changes,param",
    [
        ({"colour": "red"}, "colour"),
        ({"payment_intent_data": {"receipt": "x"}}, "payment_intent_data[receipt]"),
        ({"wallet_options": {"link": {"show": "never"}}}, "wallet_options[link][show]"),
        ({"line_items": [{"price_data": {"currency": "pln", "vat": 1}}]}, "line_items[0][price_data][vat]"),
    ],
)
def test_an_unknown_parameter_is_refused_at_any_depth(till: Till, changes: dict[str, Any], param: str) -> None:
    refusal = till.refused(**changes)
    assert (refusal.http_status, refusal.code, refusal.param) == (400, "parameter_unknown", param)
    assert str(refusal).endswith(f"Received unknown parameter: {param}")


def test_several_unknown_parameters_are_named_together(till: Till) -> None:
    assert "Received unknown parameters: colour, taste" in str(till.refused(colour="red", taste="sweet"))


def test_the_options_of_the_client_are_no_parameters_of_the_api() -> None:
    with pytest.raises(ApiError, match="Received unknown parameters: api_key, idempotency_key"):
        check(RefundCreateParams, {"api_key": "x", "idempotency_key": "x"})


def test_payment_method_types_is_no_longer_supported(till: Till) -> None:
    assert till.refused(payment_method_types=["blik"]).code == "payment_method_types_no_longer_supported"


@pytest.mark.parametrize(
    "changes,param,code",
    [
        ({"line_items": [{"quantity": 1, "price_data": {}}]}, "line_items[0][price_data]", "parameter_missing"),
        ({"line_items": [{"quantity": 1, "price_data": {"unit_amount": 500}}]}, "line_items[0][price_data][currency]",
         "parameter_missing"),
        ({"success_url": None}, "success_url", "parameter_missing"),
        ({"expires_at": "soon"}, "expires_at", "parameter_invalid_integer"),
        ({"client_reference_id": ""}, "client_reference_id", "parameter_invalid_empty"),
        ({"adaptive_pricing": {"enabled": "perhaps"}}, "adaptive_pricing[enabled]", None),
        ({"line_items": "one"}, "line_items", None),
        ({"metadata": "text"}, "metadata", None),
        ({"metadata": {"key": {"deeper": "x"}}}, "metadata[key]", None),
        ({"mode": "gift"}, "mode", None),
        ({"submit_type": "give"}, "submit_type", None),
        ({"locale": "be"}, "locale", None),
        ({"locale": "uk"}, "locale", None),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_refused(
    till: Till, changes: dict[str, Any], param: str, code: str | None
) -> None:
    refusal = till.refused(**changes)
    assert refusal.http_status == 400
    assert (refusal.param, refusal.code) == (param, code)


@pytest.mark.parametrize("locale", ["pl", "en", "en-GB", "ru", "auto"])
def test_known_locales_are_taken(till: Till, locale: str) -> None:
    assert till.open(locale=locale).locale == locale


@pytest.mark.parametrize("changes", [{"mode": "subscription"}, {"discounts": [{"coupon": "x"}]}, {"ui_mode": "form"}])
def test_what_the_stand_in_cannot_act_is_refused_and_not_ignored(till: Till, changes: dict[str, Any]) -> None:
    assert till.refused(**changes).code == "not_modelled_here"


def test_what_was_asked_is_repeated_in_the_session(till: Till) -> None:
    session = till.open(
        adaptive_pricing={"enabled": False},
        wallet_options={"link": {"display": "never"}},
        customer_creation="if_required",
        custom_text={"submit": {"message": "Dziękujemy"}},
    ).to_dict()
    assert session["adaptive_pricing"] == {"enabled": False}
    assert session["wallet_options"] == {"link": {"display": "never"}}
    assert session["custom_text"]["submit"] == {"message": "Dziękujemy"}
    assert session["submit_type"] == gift(1)["submit_type"]


def test_brackets_become_nested_parameters() -> None:
    assert decode("a[b][0][c]=1&a[b][0][d]=&x[]=1&x[]=2&y=%C5%82") == {
        "a": {"b": {"0": {"c": "1", "d": ""}}},
        "x": {"0": "1", "1": "2"},
        "y": "ł",
    }


@pytest.mark.parametrize("body", ["a[b=1", "a]=1", "a=1&a[b]=1", "a[b]=1&a=1", "a=%FF", "nothing"])
def test_a_body_that_is_no_form_is_refused(body: str) -> None:
    with pytest.raises(ApiError):
        decode(body)
