"""Idempotency keys: a repeated request gets the first answer, a different one is refused."""

import threading
from dataclasses import dataclass

from tests.standin.clock import Clock
from tests.standin.errors import ApiError

_KEPT_FOR = 24 * 60 * 60
_LONGEST = 255


@dataclass(frozen=True)
class Question:
    """What makes two requests the same: the address and the decoded parameters."""

    path: str
    params: str


@dataclass(frozen=True)
class Answer:
    """A response as it goes over the wire."""

    status: int
    body: bytes
    headers: dict[str, str]


@dataclass
class _Entry:
    question: Question
    since: int
    answer: Answer | None = None


class Keys:
    """The keys of the last 24 hours."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: dict[str, _Entry] = {}

    def begin(self, key: str, question: Question) -> Answer | None:
        """Reserve a key, or return the answer that it has; ApiError 400 or 409 on conflict."""
        if len(key) > _LONGEST:
            raise ApiError(
                400,
                f"Idempotency keys can be at most {_LONGEST} characters.",
                kind="idempotency_error",
            )
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or entry.since + _KEPT_FOR <= self._clock.now():
                self._entries[key] = _Entry(question, self._clock.now())
                return None
            _refuse_other_question(key, entry.question, question)
            if entry.answer is None:
                raise ApiError(
                    409,
                    "There is currently another in-progress request using this Idempotent Key: "
                    f"{key}. Please try again later.",
                    code="idempotency_key_in_use",
                )
            return entry.answer

    def keep(self, key: str, answer: Answer) -> None:
        """Store the answer that every repeat will get."""
        with self._lock:
            self._entries[key].answer = answer

    def forget(self, key: str) -> None:
        """Free a key whose request never began to be carried out."""
        with self._lock:
            del self._entries[key]


def _refuse_other_question(key: str, first: Question, now: Question) -> None:
    if first.path != now.path:
        raise ApiError(
            400,
            "Keys for idempotent requests can only be used for the same endpoint they were first "
            f"used for ('{first.path}' vs '{now.path}'). Try using a key other than '{key}' if "
            "you meant to execute a different request.",
            kind="idempotency_error",
        )
    if first.params != now.params:
        raise ApiError(
            400,
            "Keys for idempotent requests can only be used with the same parameters they were "
            f"first used with. Try using a key other than '{key}' if you meant to execute a "
            "different request.",
            kind="idempotency_error",
        )
