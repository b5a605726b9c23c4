"""The shelves: every object that the stand-in keeps, by kind and identifier, in order of birth."""

from collections.abc import Iterator
from typing import Any

from tests.standin.errors import no_such

JSON = dict[str, Any]


class Store:
    """Objects as the API shows them; the newest comes first where Stripe lists them."""

    def __init__(self) -> None:
        self._by_id: dict[str, JSON] = {}
        self._shelves: dict[str, dict[str, JSON]] = {}

    def put(self, thing: JSON) -> JSON:
        """Keep a new object under its `object` and `id`, and return it."""
        self._by_id[thing["id"]] = thing
        self._shelves.setdefault(thing["object"], {})[thing["id"]] = thing
        return thing

    def find(self, ident: str) -> JSON | None:
        """Return the object with this identifier, of whatever kind, or None."""
        return self._by_id.get(ident)

    def get(self, kind: str, ident: str, *, param: str = "id", status: int = 404) -> JSON:
        """Return the object; ApiError `resource_missing` if there is none of this kind."""
        thing = self._shelves.get(kind, {}).get(ident)
        if thing is None:
            raise no_such(kind, ident, param=param, status=status)
        return thing

    def oldest_first(self, kind: str) -> Iterator[JSON]:
        """Walk one shelf in order of birth."""
        return iter(self._shelves.get(kind, {}).values())

    def newest_first(self, kind: str) -> Iterator[JSON]:
        """Walk one shelf as the API lists it."""
        return reversed(self._shelves.get(kind, {}).values())

    def of(self, kind: str, field: str, value: object) -> list[JSON]:
        """Return the objects of a kind whose field has this value, oldest first."""
        return [thing for thing in self.oldest_first(kind) if thing[field] == value]
