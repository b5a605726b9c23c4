"""The 1.5% of income tax that a taxpayer may assign to a public benefit organisation (never a donation)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

# Ten digits, zero padded, no checksum: the type TNrKRS of the Ministry of Finance's schemas.
_KRS = re.compile(r"\d{10}", re.ASCII)


def is_krs(number: str) -> bool:
    """True for a number that has the form of the National Court Register's (KRS)."""
    return _KRS.fullmatch(number) is not None


@dataclass(frozen=True, slots=True)
class Season:
    """The weeks in which the return for one year is filed."""

    tax_year: int

    @property
    def opens(self) -> date:
        return date(self.tax_year + 1, 2, 15)

    @property
    def deadline(self) -> date:
        """Never after the day that the law gives, which moves on when this one is no working day."""
        return date(self.tax_year + 1, 4, 30)


def season_of(day: date) -> Season:
    """The season that runs on this day, or else the next one."""
    this_year = Season(day.year - 1)
    return this_year if day <= this_year.deadline else Season(day.year)
