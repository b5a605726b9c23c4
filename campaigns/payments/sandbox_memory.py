"""What the sandbox asks of the place where it remembers: JSON objects by id, all or nothing."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

JSON = dict[str, Any]


class Shelf(Protocol):
    """The memory while it is being changed; nothing is kept unless the block ends well."""

    def get(self, id: str) -> JSON | None:
        """The object, or None; nobody else can change, or make, one of this id until the block ends."""

    def put(self, id: str, kind: str, body: JSON, due_at: datetime | None = None) -> None:
        """Keep an object, new or instead of the one with this id; `due_at` is when it wants attention."""

    def drop(self, id: str) -> None:
        """Forget an object; no error if there is none."""


class SandboxMemory(Protocol):
    """A memory that outlives the process and is shared by all of them."""

    def changing(self) -> AbstractContextManager[Shelf]:
        """A block of changes, all kept or none; no network inside."""

    def get(self, id: str) -> JSON | None:
        """The object, or None."""

    def newest(self, kind: str, limit: int) -> list[JSON]:
        """Objects of a kind, those with the greatest ids first: ids begin with the time."""

    def due(self, kind: str, now: datetime, limit: int) -> list[str]:
        """Ids of the objects of a kind that want attention by now, the longest waiting first."""
