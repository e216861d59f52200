"""Services: which project a filing is for. The library of projects, above, registers how one is
found; what its programmes say about silence comes with it."""

from collections.abc import Callable
from dataclasses import dataclass

from mingtang.joint.services.filing import Silence


@dataclass(frozen=True)
class Undertaking:
    """A project as a filing knows it. `label`: its stream (`project:42`)."""

    label: str
    name: str
    silence: Silence


Find = Callable[[str], Undertaking | None]
_finders: list[Find] = []


def register_finder(find: Find) -> None:
    """Once per process, while the apps load. `find` is given a code or a name."""
    _finders.append(find)


def undertaking(code_or_name: str) -> Undertaking | None:
    return next((found for find in _finders if (found := find(code_or_name))), None)
