"""The form of a backup: a zip of one JSON-lines file per table, and a manifest that vouches for each of them.

It belongs to no kind of database, and can be read with any unzip and text editor. What is sealed stays sealed in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkstemp
from typing import IO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

FORMAT = 1
_MANIFEST = "manifest.json"
_CHUNK = 1 << 16
# What zipfile and its decompressors raise for a file that is cut off or altered.
_DAMAGE = (
    BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError,
    ValueError, LookupError, TypeError, AttributeError,
)  # fmt: skip

Value = str | int | bool | None


class Refused(Exception):
    """This backup is not made, or not restored; one sentence for whoever asked, and nothing was changed."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a table's file must hold."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in an archive: the migration that its tables are at, when it was made (UTC), and its parts."""

    revision: str
    made_at: datetime
    tables: Mapping[str, Part]

    def to_json(self) -> str:
        tables = {name: asdict(part) for name, part in self.tables.items()}
        content = {
            "format": FORMAT,
            "revision": self.revision,
            "made_at": self.made_at.isoformat(),
            "tables": tables,
        }
        return json.dumps(content, indent=2)

    @classmethod
    def from_json(cls, source: bytes) -> Manifest:
        """Reads what `to_json` wrote; Refused for another format."""
        content = json.loads(source)
        if content["format"] != FORMAT:
            raise Refused(
                f"This backup has format {content['format']}, and this program reads format {FORMAT}:"
                " use the version of the program that made it."
            )
        tables = {name: Part(part["rows"], part["sha256"]) for name, part in content["tables"].items()}
        return cls(content["revision"], datetime.fromisoformat(content["made_at"]), tables)


class Writer:
    """An archive that is being written."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._parts: dict[str, Part] = {}

    def add(self, table: str, rows: Iterable[Mapping[str, Value]]) -> None:
        """Write a table's rows down as they come."""
        digest, count = hashlib.sha256(), 0
        with self._archive.open(_member(table), "w", force_zip64=True) as member:
            for row in rows:
                line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                digest.update(line)
                member.write(line)
                count += 1
        self._parts[table] = Part(count, digest.hexdigest())

    def finish(self, revision: str, made_at: datetime) -> Manifest:
        """Write the manifest down, last: an archive without it is not finished."""
        manifest = Manifest(revision, made_at, self._parts)
        self._archive.writestr(_MANIFEST, manifest.to_json())
        return manifest


class Reader:
    """An archive whose every byte has been checked against its manifest."""

    def __init__(self, archive: ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    def rows(self, table: str) -> Iterator[Mapping[str, Value]]:
        """A table's rows, one after the other."""
        with self._archive.open(_member(table)) as member:
            for line in member:
                yield json.loads(line)


@contextmanager
def written(file: Path) -> Iterator[Writer]:
    """A new archive, readable by its owner alone; it takes the file's name only once it is whole and on the disk."""
    handle, name = mkstemp(dir=file.parent, prefix=f".{file.name}.")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
                yield Writer(archive)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def checked(file: Path) -> Iterator[Reader]:
    """An archive to read from; Refused, before anything is read from it, unless all of it is as it was written."""
    with file.open("rb") as stream:
        try:
            archive = ZipFile(stream)
            manifest = Manifest.from_json(archive.read(_MANIFEST))
            whole = _is_whole(archive, manifest)
        except _DAMAGE as error:
            raise Refused(_damaged(file)) from error
        if not whole:
            raise Refused(_damaged(file))
        yield Reader(archive, manifest)


def _damaged(file: Path) -> str:
    return f"{file.name} is not a whole backup: it is cut off, altered, or something else."


def _is_whole(archive: ZipFile, manifest: Manifest) -> bool:
    expected = sorted([_MANIFEST, *map(_member, manifest.tables)])
    return sorted(archive.namelist()) == expected and all(
        _part(archive, table) == part for table, part in manifest.tables.items()
    )


def _part(archive: ZipFile, table: str) -> Part:
    digest, lines = hashlib.sha256(), 0
    with archive.open(_member(table)) as member:
        for chunk in _chunks(member):
            digest.update(chunk)
            lines += chunk.count(b"\n")
    return Part(lines, digest.hexdigest())


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: stream.read(_CHUNK), b"")


def _member(table: str) -> str:
    return f"{table}.jsonl"
