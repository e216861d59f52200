"""Long forms: for how many minutes one goes on, and the one table in which forms tell figures.

`--minutes 30` lets each long form go on for half an hour instead of its own number of rounds;
`--figures FILE` adds what was told to a list in JSON, of which scripts/make_soak.py makes the table
of docs/trust.md.
"""

import json
import shlex
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from mingtang.base.clock import now

TOLD = "figures"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("soak")
    group.addoption("--minutes", type=float, help="for how long each long form goes on")
    group.addoption("--figures", type=Path, help="a file to which the figures told are added")


class Lasting:
    """How long a form goes on, and what it tells in the end."""

    def __init__(self, minutes: float | None, record: Callable[[str, object], None]) -> None:
        self.minutes = minutes
        self._record = record
        self._began = time.monotonic()

    def rounds(self, count: int) -> Iterator[int]:
        """So many rounds, or, where minutes are given, as many as there is time for."""
        number = 0
        while number < count if self.minutes is None else self._has_time():
            yield number
            number += 1

    def _has_time(self) -> bool:
        assert self.minutes is not None
        return time.monotonic() - self._began < self.minutes * 60

    def tell(self, what: str, *, database: str = "", **figures: float) -> None:
        minutes = round((time.monotonic() - self._began) / 60, 1)
        said = {
            "what": what,
            "database": database or connection.vendor,
            "minutes": minutes,
            **figures,
        }
        self._record(TOLD, said)


@pytest.fixture
def lasting(request: pytest.FixtureRequest, record_property: Any) -> Lasting:
    """A short form keeps its number of rounds, whatever the long ones are told."""
    is_long = request.node.get_closest_marker("soak") is not None
    return Lasting(request.config.getoption("minutes") if is_long else None, record_property)


def _told(terminal: Any) -> list[dict[str, Any]]:
    reports = terminal.stats.get("passed", []) + terminal.stats.get("failed", [])
    told = [value for one in reports for name, value in one.user_properties if name == TOLD]
    return sorted(told, key=lambda one: (one["what"], one["database"]))


def _line(said: dict[str, Any]) -> str:
    rest = {name: value for name, value in said.items() if name not in ("what", "database")}
    figures = ", ".join(f"{value:,} {name.replace('_', ' ')}" for name, value in rest.items())
    return f"{said['what']} ({said['database']}): {figures}"


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    told = _told(terminalreporter)
    if not told:
        return
    terminalreporter.section("figures")
    for said in told:
        terminalreporter.write_line(_line(said))
    if path := config.getoption("figures"):
        asked = shlex.join(["pytest", *map(str, config.invocation_params.args)])
        made = {"ended_at": f"{now():%Y-%m-%d %H:%M} UTC", "command": asked}
        kept = json.loads(path.read_text()) if path.exists() else []
        kept += [{**made, **said} for said in told]
        path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
