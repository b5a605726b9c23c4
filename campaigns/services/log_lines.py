"""The log: one JSON object a line on standard error, with nothing in it that leads to a person."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

_OURS = "campaigns"


class JsonLines(logging.Formatter):
    """A record as one line of JSON. A record's own facts come as `extra={"facts": {...}}`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        return json.dumps(line, ensure_ascii=False)


def install() -> None:
    """Let our own loggers speak, once for each process, however many applications it makes."""
    logger = logging.getLogger(_OURS)
    if not any(isinstance(handler.formatter, JsonLines) for handler in logger.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(JsonLines())
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
