"""What is written to the log, and how."""

from logging import LogRecord
from typing import Any

from mingtang.site.settings.env import log_level, one_of


def is_worth_a_line(record: LogRecord) -> bool:
    """A page that comes back with what is to be mended (422), or was changed meanwhile (409), has
    told its reader; nobody who watches the log has anything to do about it."""
    return getattr(record, "status_code", None) not in {409, 422}


def logging() -> dict[str, Any]:
    """The dictionary that `logging.config` wants, as the environment says it."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "class": "mingtang.base.requesting.Lines",
                "format": "{asctime} {levelname} {name} {message}",
                "style": "{",
            },
            "json": {"()": "mingtang.base.requesting.JsonLines"},
        },
        "filters": {"told": {"()": "django.utils.log.CallbackFilter", "callback": is_worth_a_line}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": one_of("MINGTANG_LOG_FORMAT", "line", known=("line", "json")),
                "filters": ["told"],
            }
        },
        "root": {"handlers": ["console"], "level": log_level("MINGTANG_LOG", "WARNING")},
    }
