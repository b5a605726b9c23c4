"""Telling of an error in a log: its kind and the way to it, never its message, which could quote a donor."""

from __future__ import annotations

import traceback


def way_to(error: BaseException) -> str:
    """`KeyError in change (figures.py:52) < post (posting.py:81) < ...`."""
    way = " < ".join(
        f"{step.name} ({step.filename.rpartition('/')[2]}:{step.lineno})"
        for step in reversed(traceback.extract_tb(error.__traceback__))
    )
    return f"{type(error).__name__} in {way}"
