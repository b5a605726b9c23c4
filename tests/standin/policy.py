"""How notices are delivered: at once, held for the test to flush, or never."""

from dataclasses import dataclass
from typing import Literal

Mode = Literal["at_once", "held", "never"]


@dataclass(frozen=True)
class Policy:
    """Stripe's habits as a test wants them; times in seconds of real time.

    `delay` is the least and the greatest lateness of each copy; `drop` the probability that a
    copy is lost on the way; `attempts` bounds the tries until a 2xx; `threads` how many are on
    their way at once; `wait` whether paying, refunding and so on return only when all is
    delivered. Random choices come from `seed`.
    """

    mode: Mode = "at_once"
    delay: tuple[float, float] = (0.0, 0.0)
    copies: int = 1
    drop: float = 0.0
    attempts: int = 3
    retry_delay: float = 0.05
    threads: int = 1
    wait: bool = True
    seed: int = 0

    def __post_init__(self) -> None:
        if self.mode not in ("at_once", "held", "never"):
            raise ValueError(f"unknown mode {self.mode}")
        if min(self.copies, self.attempts, self.threads) < 1 or not 0 <= self.drop <= 1:
            raise ValueError("copies, attempts and threads are at least 1, drop is 0 to 1")
