"""Which request a line of the log belongs to; and lines, as JSON too, that name nobody."""

import json
import logging
import re
import secrets
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from mingtang.base.privacy import mask_text

GIVEN = re.compile(r"[0-9A-Za-z_.-]{8,64}")
MORE = (
    *("command", "command_id", "outcome", "method", "route", "status", "milliseconds"),
    *("event", "locked", "source", "person"),  # what was refused
)
request_id: ContextVar[str] = ContextVar("request id", default="")
log = logging.getLogger(__name__)


def id_for(given: str) -> str:
    """The id that a proxy gave to a request, if it looks like one; else a new one of ours."""
    return given if GIVEN.fullmatch(given) else secrets.token_hex(8)


class Lines(logging.Formatter):
    """Plain lines. Numbers of people in a text or a trace are masked, and a text stays one line."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        record.message = " ".join(mask_text(record.message).splitlines())
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return mask_text(super().formatException(ei))


class JsonLines(logging.Formatter):
    """A line of JSON for each record. Numbers of people in a text or a trace are masked."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": mask_text(record.getMessage()),
            "process": record.process,
        }
        if current := request_id.get():
            said["request_id"] = current
        said |= {name: getattr(record, name) for name in MORE if hasattr(record, name)}
        if record.exc_info:
            said["trace"] = mask_text(self.formatException(record.exc_info))
        return json.dumps(said, ensure_ascii=False, default=str)
