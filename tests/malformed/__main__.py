"""Send malformed requests to the city of MINGTANG_HOME, a copy that may be spoilt; print what was
found as JSON. `--count N` requests or `--minutes M`; `--seed S`. In the end a form is made to break
on NUL, which has to be seen.

    MINGTANG_HOME=… python -m tests.malformed --count 20000
"""

import argparse
import contextlib
import itertools
import json
import logging
import random
import time
from collections.abc import Callable
from unittest import mock

import django

django.setup()
logging.disable(logging.CRITICAL)

from django.core.signals import request_finished  # noqa: E402
from django.core.validators import ProhibitNullCharactersValidator  # noqa: E402
from django.db import close_old_connections  # noqa: E402

from tests.access import made  # noqa: E402
from tests.access.asking import settle, undrawn  # noqa: E402
from tests.malformed.sending import WRONG_METHOD, Judge  # noqa: E402
from tests.malformed.sending import made as request_for  # noqa: E402
from tests.malformed.targets import Target, targets  # noqa: E402

MOST_FOR_CONTROL = 10_000  # as a rule some hundreds
READ = 4  # every fourth round what is only read is asked for too: less is sent to it than to a form
DRAWN = 5 * READ  # and then, now and again, the pages are drawn, which takes most of the time


def _breaks_on_nul(_self: object, value: str) -> None:
    if "\0" in str(value):
        raise RuntimeError("weakened")


def walk(
    judge: Judge, every: list[Target], dice: random.Random, goes_on: Callable[[], bool]
) -> None:
    """Round after round over all targets, in an order of its own."""
    for number in itertools.count(1):
        with undrawn() if number % DRAWN else contextlib.nullcontext():
            for target in dice.sample(every, len(every)):
                if number % READ and target.method == "GET":
                    continue
                if not goes_on():
                    return
                sent = request_for(target, dice)
                if judge.send(sent) == WRONG_METHOD and sent.way != "method":
                    every.remove(target)  # a page that is only read, or only sent to


def weakened(every: list[Target], dice: random.Random) -> int:
    """How many requests it took until a form that breaks on NUL was seen; 0 where it never was."""
    judge = Judge()
    with mock.patch.object(ProhibitNullCharactersValidator, "__call__", _breaks_on_nul):
        walk(judge, every, dice, lambda: not judge.faulty and judge.sent < MOST_FOR_CONTROL)
    judge.close()
    return judge.sent if any("RuntimeError" in one for one in judge.faults) else 0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    made.everything()
    request_finished.disconnect(close_old_connections)  # one connection serves them all
    every, judge, dice = targets(), Judge(), random.Random(asked.seed)
    settle()
    count, begun, clock = len(every), time.process_time(), time.monotonic()
    if asked.minutes:
        walk(judge, every, dice, lambda: time.monotonic() - clock < asked.minutes * 60)
    else:
        walk(judge, every, dice, lambda: judge.sent < asked.count)
    judge.close()
    told = {
        "requests": judge.sent,
        "targets": count,
        "entered": judge.entered,
        "statuses": dict(sorted(judge.statuses.items())),
        "faulty": judge.faulty,
        "faults": judge.faults,
        "seconds": round(time.process_time() - begun, 1),
        "weakened": weakened(every, dice),
    }
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
