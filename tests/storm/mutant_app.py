"""The program with one of the faults of tests/mutants.py, named by MUTANT: a WSGI application like `app:app`."""

import os

from campaigns.application import create_app
from tests.mutants import MUTANTS

MUTANTS[os.environ["MUTANT"]](setattr)

app = create_app()
