"""Whatever happens in whatever order: the bar, the books, an export and the provider say the same, to the grosz.

40 examples on each database; `LONG=1` makes them 400. The examples are the same in every run.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.databases import SQLiteDatabases
from tests.mutants import MUTANTS
from tests.property.conftest import Fresh, fresh_from
from tests.property.machine import AnySequence

LONG = bool(os.environ.get("LONG"))

PATIENT = settings(
    max_examples=400 if LONG else 40,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
# A mutant is to be caught, not to be made small.
QUICK = settings(PATIENT, max_examples=40, phases=[Phase.generate], report_multiple_bugs=False, print_blob=False)


def play(fresh: Fresh, how: settings) -> None:
    """Hypothesis plays until it has seen enough, or something that must not be."""
    machine = type("AnySequence", (AnySequence,), {"fresh": staticmethod(fresh)})
    run_state_machine_as_test(machine, settings=how)


@pytest.mark.timeout(0 if LONG else 300)
def test_after_any_sequence_the_books_say_what_happened(fresh: Fresh) -> None:
    play(fresh, PATIENT)


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_program_that_gets_money_wrong_is_caught(
    mutant: str, sqlite_databases: SQLiteDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    MUTANTS[mutant](monkeypatch.setattr)
    with fresh_from(sqlite_databases) as fresh, pytest.raises(AssertionError):
        play(fresh, QUICK)
