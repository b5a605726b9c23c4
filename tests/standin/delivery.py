"""The courier: carries signed notices to the product, again and again until it says 2xx."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random
from typing import Literal, TypedDict
from urllib.parse import urlsplit

from tests.standin import signing
from tests.standin.clock import Clock
from tests.standin.policy import Policy
from tests.standin.store import JSON

# Takes the body and its signature, returns the status code.
Receiver = Callable[[bytes, str], int]
Order = Literal["created", "reversed", "shuffled"]


class Delivery(TypedDict):
    """One try to deliver one notice; `status` is None when no answer came or it was dropped."""

    event: str
    type: str
    attempt: int
    status: int | None
    error: str | None


@dataclass(order=True)
class _Copy:
    """A copy of a notice, waiting for its time."""

    due: float
    number: int
    event: JSON = field(compare=False)
    attempts_left: int = field(compare=False)
    attempt: int = field(compare=False, default=1)


def over_http(url: str, timeout: float = 10.0) -> Receiver:
    """Return a receiver that posts to `url` as Stripe does; a redirect is not followed."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname is None:
        raise ValueError(f"notices go to plain HTTP on loopback, not to {url}")
    host, port, path = parts.hostname, parts.port or 80, parts.path or "/"

    def post(body: bytes, signature: str) -> int:
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": signature,
        }
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            response.read()
            return response.status
        finally:
            connection.close()

    return post


class Courier:
    """A heap of copies and the threads that carry them."""

    def __init__(self, *, clock: Clock, secrets: list[str], policy: Policy) -> None:
        self._clock = clock
        self.secrets = secrets
        self._changed = threading.Condition()
        self._heap: list[_Copy] = []
        self._unacknowledged: dict[str, JSON] = {}
        self._threads: list[threading.Thread] = []
        self._on_the_way = 0
        self._numbered = 0
        self._limit = policy.threads
        self._random = Random(policy.seed)
        self._crash: BaseException | None = None
        self._closed = False
        self._policy = policy
        self.receiver: Receiver | None = None
        self.log: list[Delivery] = []

    @property
    def policy(self) -> Policy:
        """The policy for what happens from now on."""
        return self._policy

    @policy.setter
    def policy(self, policy: Policy) -> None:
        with self._changed:
            self._policy = policy
            self._limit = policy.threads
            self._random = Random(policy.seed)

    def accept(self, event: JSON) -> None:
        """Take a new event; it is pending until the product has said 2xx to it."""
        if self.receiver is None:
            return
        event["pending_webhooks"] = 1
        with self._changed:
            self._unacknowledged[event["id"]] = event
            if self._policy.mode == "at_once":
                self._send([event] * self._policy.copies, self._policy.drop, self._random, self._policy.delay)

    def pending(self) -> list[JSON]:
        """Return the events that the product has not acknowledged, oldest first."""
        with self._changed:
            return list(self._unacknowledged.values())

    def discard_pending(self) -> None:
        """Give up every notice that is not delivered: Stripe's last retry has failed."""
        with self._changed:
            self._heap.clear()
            self._unacknowledged.clear()
            self._changed.notify_all()

    def deliver(
        self,
        events: Iterable[JSON],
        *,
        order: Order = "created",
        copies: int = 1,
        drop: float = 0.0,
        seed: int = 0,
        threads: int | None = None,
        timeout: float = 60.0,
    ) -> list[Delivery]:
        """Deliver these events now, whatever the mode; return the tries, repeated as the policy says."""
        random = Random(seed)
        batch = [event for event in events for _ in range(copies)]
        if order == "reversed":
            batch.reverse()
        if order == "shuffled":
            random.shuffle(batch)
        with self._changed:
            first = len(self.log)
            self._limit = threads or self._policy.threads
            self._send(batch, drop, random)
        try:
            self.wait_until_idle(timeout)
        finally:
            with self._changed:
                self._limit = self._policy.threads
        return self.log[first:]

    def wait_until_idle(self, timeout: float) -> None:
        """Return when nothing is on its way; TimeoutError, or what the receiver raised."""
        with self._changed:
            idle = self._changed.wait_for(lambda: self._crash or not (self._heap or self._on_the_way), timeout)
            crash, self._crash = self._crash, None
        if crash is not None:
            raise crash
        if not idle:
            raise TimeoutError(f"notices are still on their way after {timeout} seconds")

    def close(self) -> None:
        """Stop the threads; what was on its way stays pending."""
        with self._changed:
            self._closed = True
            self._heap.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=5)

    def _send(self, batch: list[JSON], drop: float, random: Random, delay: tuple[float, float] = (0.0, 0.0)) -> None:
        """Put copies on the heap; the caller holds the lock."""
        now = time.monotonic()
        for event in batch:
            if drop and random.random() < drop:
                self._note(event, 1, None, "dropped")
                continue
            due = now + random.uniform(*delay)
            self._push(_Copy(due, 0, event, self._policy.attempts - 1))
        while len(self._threads) < self._limit and self._heap:
            thread = threading.Thread(target=self._work, daemon=True)
            self._threads.append(thread)
            thread.start()
        self._changed.notify_all()

    def _push(self, copy: _Copy) -> None:
        self._numbered += 1
        copy.number = self._numbered
        heappush(self._heap, copy)

    def _work(self) -> None:
        while True:
            with self._changed:
                copy = self._next()
                if copy is None:
                    return
                self._on_the_way += 1
            status, error = self._carry(copy.event)
            with self._changed:
                self._on_the_way -= 1
                self._file(copy, status, error)
                self._changed.notify_all()

    def _next(self) -> _Copy | None:
        """Wait for a copy whose time has come; None when the courier closes."""
        while not self._closed:
            if self._heap and self._on_the_way < self._limit:
                late = self._heap[0].due - time.monotonic()
                if late <= 0:
                    return heappop(self._heap)
                self._changed.wait(late)
            else:
                self._changed.wait()
        return None

    def _carry(self, event: JSON) -> tuple[int | None, str | None]:
        receiver = self.receiver
        if receiver is None:
            return None, "no endpoint"
        body = render(event)
        try:
            return receiver(body, signing.header(body, self.secrets, self._clock.now())), None
        except (OSError, http.client.HTTPException) as error:
            return None, f"{type(error).__name__}: {error}"
        except Exception as crash:  # noqa: BLE001 - from a receiver in this process; the test gets it, whatever it is
            with self._changed:
                self._crash = crash
            return None, repr(crash)

    def _file(self, copy: _Copy, status: int | None, error: str | None) -> None:
        self._note(copy.event, copy.attempt, status, error)
        if status is not None and 200 <= status < 300:
            copy.event["pending_webhooks"] = 0
            self._unacknowledged.pop(copy.event["id"], None)
        elif copy.attempts_left and not self._closed:
            copy.due = time.monotonic() + self._policy.retry_delay
            copy.attempts_left -= 1
            copy.attempt += 1
            self._push(copy)

    def _note(self, event: JSON, attempt: int, status: int | None, error: str | None) -> None:
        self.log.append(
            Delivery(
                event=event["id"],
                type=event["type"],
                attempt=attempt,
                status=status,
                error=error,
            )
        )


def render(event: JSON) -> bytes:
    """Return a notice's body, indented as Stripe sends it."""
    return json.dumps(event, indent=2).encode()
