"""What came of a command: counted, and told to the log with the request that it was part of."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from mingtang.base import metrics
from mingtang.base.errors import DomainError

DONE, REPEATED, REFUSED, FAILED = "done", "repeated", "refused", "failed"
log = logging.getLogger(__name__)


@contextmanager
def outcome_of(kind: str, command_id: str) -> Iterator[list[str]]:
    """Around a command. What stands in the list at its end came of it, unless it raises: a sentence
    for a person is a refusal, all else a failure."""
    came = [DONE]
    try:
        yield came
    except DomainError:
        came[0] = REFUSED
        raise
    except Exception:
        came[0] = FAILED
        raise
    finally:
        metrics.command_run(kind, came[0])
        more = {"command": kind, "command_id": command_id, "outcome": came[0]}
        log.info("command %s: %s", kind, came[0], extra=more)
