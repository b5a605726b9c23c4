"""Faults that a test orders for the next requests, to see whether the product survives them."""

import threading
from collections import deque
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["error_500", "error_500_kept", "rate_limited", "timeout", "close", "slow"]


@dataclass(frozen=True)
class Fault:
    """One fault.

    `error_500` and `rate_limited` (429) answer so; `timeout` stays silent for `seconds`, then
    hangs up; `close` hangs up; `slow` answers rightly after `seconds`. `acted` says whether the
    request has been carried out all the same: then a repeat with its key gets the true answer.
    `error_500_kept` fails while acting: Stripe keeps that 500 and repeats it for the key.
    """

    kind: Kind
    acted: bool = False
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"unknown fault {self.kind}")

    @property
    def is_before_acting(self) -> bool:
        """True when the request must not be carried out at all."""
        return not self.acted and self.kind not in ("error_500_kept", "slow")


class FaultQueue:
    """Faults in the order in which the next requests will meet them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: deque[tuple[Fault, str]] = deque()

    def order(self, fault: Fault, *, times: int, path: str) -> None:
        """Let the next `times` requests whose path begins with `path` meet this fault."""
        with self._lock:
            self._queue.extend([(fault, path)] * times)

    def take(self, path: str) -> Fault | None:
        """Return the fault that this request meets, once, or None."""
        with self._lock:
            for index, (fault, wanted) in enumerate(self._queue):
                if path.startswith(wanted):
                    del self._queue[index]
                    return fault
        return None

    def clear(self) -> None:
        """Forget the faults that nobody has met yet."""
        with self._lock:
            self._queue.clear()
