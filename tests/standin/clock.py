"""The stand-in's clock: wall time that a test can move forward."""

import time
from collections.abc import Callable


class Clock:
    """Seconds since the epoch, plus what the test has added."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._ahead = 0

    def now(self) -> int:
        """Return the stand-in's time in whole seconds since the epoch, as Stripe writes times."""
        return int(self._source()) + self._ahead

    def advance(self, seconds: int) -> None:
        """Move time forward; ValueError backwards, because provider time never runs back."""
        if seconds < 0:
            raise ValueError("the provider's time does not run backwards")
        self._ahead += seconds
