"""The process in which an inspector works: little memory, little time, no secrets.

`python -m mingtang.files.inspectors VERB SOURCE TARGET`: a flaw is a line of JSON and exit code 3;
of a full disk the exit code is 4.
"""

import errno
import json
import resource
import sys
from contextlib import suppress
from pathlib import Path

MOST_MEMORY = 384 * 1024 * 1024
MOST_SECONDS = 15
MOST_BYTES_WRITTEN = 200 * 1024 * 1024


def _set_limits() -> None:
    limits = {
        resource.RLIMIT_DATA: MOST_MEMORY,
        resource.RLIMIT_CPU: MOST_SECONDS,
        resource.RLIMIT_FSIZE: MOST_BYTES_WRITTEN,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        with suppress(ValueError, OSError):  # a system that knows it not still has the others
            resource.setrlimit(limit, (most, most))


def main(verb: str, source: Path, target: Path) -> int:
    from mingtang.files.inspectors import FLAW, FULL, inspect
    from mingtang.files.rules.uploads import Flaw

    try:
        inspect(verb, source, target)
    except Flaw as flaw:
        sys.stdout.write(json.dumps({"why": flaw.why, "mend": flaw.mend}))
        return FLAW
    except OSError as error:
        if error.errno == errno.ENOSPC:
            return FULL
        raise
    return 0


if __name__ == "__main__":
    _set_limits()
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
