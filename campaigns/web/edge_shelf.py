"""Where the edge keeps answers, within bounds, and where requests wait for an answer that another is fetching."""

from __future__ import annotations

from threading import Event, Lock

from campaigns.web.edge_answers import Answer, Kept
from campaigns.web.edge_keys import Key


class Shelf:
    """At most so many answers and so many bytes; the least recently used ones make room. Reading takes no lock."""

    def __init__(self, entries: int, size: int) -> None:
        self._most_entries = entries
        self._most_bytes = size
        self._kept: dict[Key, Kept] = {}
        self._size = 0
        self._lock = Lock()
        self.get = self._kept.get

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size(self) -> int:
        """Bytes of all answers with their headers."""
        return self._size

    def put(self, key: Key, kept: Kept) -> None:
        """Keep an answer, unless a newer one is there or it alone would take an eighth of the room."""
        if kept.size > self._most_bytes // 8:
            return
        with self._lock:
            known = self._kept.get(key)
            if known is not None and known.fresh_until > kept.fresh_until:
                return
            self._drop(key)
            while self._kept and not self._has_room_for(kept):
                self._drop(min(self._kept, key=lambda each: self._kept[each].used))
            self._kept[key] = kept
            self._size += kept.size

    def _has_room_for(self, kept: Kept) -> bool:
        return len(self._kept) < self._most_entries and self._size + kept.size <= self._most_bytes

    def _drop(self, key: Key) -> None:
        gone = self._kept.pop(key, None)
        if gone is not None:
            self._size -= gone.size


class Flight:
    """One answer on its way, and those who wait for it."""

    def __init__(self) -> None:
        self._landed = Event()
        self._answer: Answer | Kept | None = None

    def land(self, answer: Answer | Kept | None) -> None:
        """Whoever waits goes on: with this answer, or with None, which each must fetch for itself."""
        self._answer = answer
        self._landed.set()

    def wait(self, seconds: float) -> Answer | Kept | None:
        """The answer; None where it cannot be shared or takes too long."""
        return self._answer if self._landed.wait(seconds) else None


class Flights:
    """The answers that are being fetched now: one at a time for a key."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._flights: dict[Key, Flight] = {}

    def __len__(self) -> int:
        return len(self._flights)

    def board(self, key: Key) -> tuple[Flight, bool]:
        """The flight for this key, and whether the caller is the one who has to fetch."""
        with self._lock:
            flight = self._flights.get(key)
            if flight is not None:
                return flight, False
            flight = self._flights[key] = Flight()
            return flight, True

    def end(self, key: Key, flight: Flight) -> None:
        """The next request for this key fetches again; nothing happens where another flight has taken its place."""
        with self._lock:
            if self._flights.get(key) is flight:
                del self._flights[key]
