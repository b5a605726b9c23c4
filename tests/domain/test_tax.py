"""The number under which a taxpayer finds an organisation."""

import pytest

from campaigns.domain.tax import is_krs


@pytest.mark.parametrize("number", ["0000123456", "0000000001", "1234567890"])
def test_ten_digits_have_the_form_of_a_krs_number(number: str) -> None:
    assert is_krs(number)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "123456",
        "00001234567",
        "0000 123456",
        "000012345x",
        "٠٠٠٠١٢٣٤٥٦",
        "0000123456\n",
        " 0000123456",
        "+000123456",
    ],
)
def test_anything_else_is_no_krs_number(number: str) -> None:
    assert not is_krs(number)
