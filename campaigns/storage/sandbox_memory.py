"""The sandbox's memory: the table `sandbox_objects`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from campaigns.storage.database import Database, lock
from campaigns.storage.models import sandbox_objects

JSON = dict[str, Any]

_columns = sandbox_objects.c


class StoredSandbox:
    """JSON objects by id, in short transactions of their own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def changing(self) -> Iterator[StoredShelf]:
        """A transaction: kept when the block ends, rolled back when it raises."""
        with self._database.transaction() as connection:
            yield StoredShelf(connection)

    def get(self, id: str) -> JSON | None:
        """The object, or None."""
        with self._database.reading() as connection:
            return _get(connection, id)

    def newest(self, kind: str, limit: int) -> list[JSON]:
        """Objects of a kind, the greatest ids first."""
        question = select(_columns.body).where(_columns.kind == kind).order_by(_columns.id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [json.loads(body) for body in connection.scalars(question)]

    def due(self, kind: str, now: datetime, limit: int) -> list[str]:
        """Ids of the objects of a kind that are due, the longest waiting first."""
        question = (
            select(_columns.id)
            .where(_columns.due_at <= now, _columns.kind == kind)
            .order_by(_columns.due_at, _columns.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return list(connection.scalars(question))


class StoredShelf:
    """The objects, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: str) -> JSON | None:
        """The object, or None; held until the transaction ends, and so is an id that has no object yet."""
        lock(self._connection, f"sandbox:{id}")
        return _get(self._connection, id)

    def put(self, id: str, kind: str, body: JSON, due_at: datetime | None = None) -> None:
        """Keep the object, new or changed."""
        row = {"kind": kind, "body": json.dumps(body), "due_at": due_at}
        changed = self._connection.execute(update(sandbox_objects).where(_columns.id == id).values(row))
        if not changed.rowcount:
            self._connection.execute(insert(sandbox_objects).values(row | {"id": id}))

    def drop(self, id: str) -> None:
        """Forget the object."""
        self._connection.execute(delete(sandbox_objects).where(_columns.id == id))


def _get(connection: Connection, id: str) -> JSON | None:
    body = connection.scalar(select(_columns.body).where(_columns.id == id))
    return None if body is None else json.loads(body)
