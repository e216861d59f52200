"""What a command is given at random, read from its signature: a row for each id, a member for each
enum, some words for each text. What no name or type tells is in the tables below.
"""

import dataclasses
import enum
import inspect
import random
import types
import typing
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model

from mingtang.base.clock import legal_date
from mingtang.files.services import StoredFile, store
from tests import papers
from tests.faults.solo.words import CHOICES, MADE, NUMBERS, ROWS, WORDS
from tests.world import new_command_id

BY = frozenset({"actor", "at", "command_id", "return"})


class UnknownGift(Exception):
    """No table and no type says what a parameter may be given."""


@cache
def wanted_by(body: Any) -> Mapping[str, tuple[Any, bool]]:
    """Parameter → its type, and whether it may be left out."""
    hints = typing.get_type_hints(body)
    return {
        name: (hints[name], one.default is not inspect.Parameter.empty)
        for name, one in inspect.signature(body).parameters.items()
        if name not in BY
    }


@cache
def rows_of(kind: str, name: str, module: str) -> type[Model] | None:
    """The table whose ids a parameter takes: by the tables of names, else by its own name."""
    for key in (f"{kind}:{name}", f"{kind.partition('.')[0]}.*:{name}", name):
        if key in ROWS:
            return apps.get_model(ROWS[key]) if ROWS[key] else None
    plain = name.removesuffix("s").removesuffix("_id")
    if plain == name or name.endswith("session_id"):
        return None
    label = module.split(".")[1]
    called = plain.replace("_", "")
    found = [one for one in apps.get_models() if one._meta.model_name == called]
    near = [one for one in found if one._meta.app_label == label]
    return (near or found or [None])[0]


def is_row(kind: str, name: str) -> bool:
    return name.endswith(("_id", "_ids")) or name in ROWS or f"{kind}:{name}" in ROWS


class Giver:
    """Gives arguments to commands. `pick` chooses among rows, so that the walk may prefer some."""

    def __init__(
        self, rng: random.Random, pick: Callable[[str, Sequence[Any]], Any], solo_id: int
    ) -> None:
        self.rng, self.pick, self.solo_id = rng, pick, solo_id
        self.at = datetime(2024, 9, 18)
        self.kind, self.module = "", ""
        self.so_far: dict[str, Any] = {}
        self._kept: list[StoredFile] = []

    def arguments(self, kind: str, command: Any, at: datetime) -> dict[str, Any]:
        """Raises UnknownGift."""
        self.kind, self.module, self.at = kind, command.__module__, at
        self.so_far = {}
        for name, (hint, may_lack) in wanted_by(command.__wrapped__).items():
            if may_lack and self.rng.random() < 0.6:
                continue
            self.so_far[name] = self.one(name, hint)
        return self.so_far

    # ── by name ───────────────────────────────────────────────────────────────────────────────

    def one(self, name: str, hint: Any) -> Any:
        for key in (f"{self.kind}:{name}", name):
            if key in MADE:
                return MADE[key](self)
            if key in CHOICES:
                return self.rng.choice(CHOICES[key])
        if is_row(self.kind, name) and (table := rows_of(self.kind, name, self.module)):
            return self._ids(table, hint)
        return self.of(name, hint)

    def _ids(self, table: type[Model], hint: Any) -> Any:
        """One id, or a list of one or two, of the type that is asked for."""
        known = list(table.objects.order_by("id"))
        inner = [one for one in typing.get_args(hint) if one is not types.NoneType]
        is_many = typing.get_origin(hint) not in (None, types.UnionType, typing.Union)
        kind = str if str in (hint, *inner) else int
        some = [kind(self.pick(self.kind, known).id)] if known else [kind(5)]
        return some if is_many else some[0]

    # ── by type ───────────────────────────────────────────────────────────────────────────────

    def of(self, name: str, hint: Any) -> Any:
        origin, inner = typing.get_origin(hint), typing.get_args(hint)
        if origin in (types.UnionType, typing.Union):
            chosen = [one for one in inner if one is not types.NoneType]
            return None if self.rng.random() < 0.4 else self.of(name, chosen[0])
        if origin in (list, Sequence, Iterable, Collection):
            return [self.of(name, inner[0])]
        if origin is tuple:
            many = inner[:1] if inner[-1] is Ellipsis else inner
            return tuple(self.of(name, one) for one in many)
        if origin in (dict, Mapping):
            return {self.of(name, inner[0]): self.of(name, inner[1])}
        return self._plain(name, hint)

    def _plain(self, name: str, hint: Any) -> Any:
        if hint is bool:
            return self.rng.random() < 0.5
        if hint is StoredFile:
            return self.file()
        if hint is datetime:
            return self.at + timedelta(days=self.rng.randint(-9, 30), hours=self.rng.randint(0, 4))
        if hint is date:
            return self.day(30)
        if hint is int:
            return self.rng.choice(NUMBERS.get(name, (1, 5, 10)))
        if hint is Decimal:
            return Decimal(self.rng.randint(1, 3))
        if hint is str:
            return WORDS.get(name, "情况复杂，请再核对。")
        if inspect.isclass(hint) and issubclass(hint, enum.Enum):
            return self.rng.choice(list(hint))
        if dataclasses.is_dataclass(hint):
            return self._made(hint)
        raise UnknownGift(f"{self.kind}: {name} is {hint}: tests/faults/solo/words.py")

    def _made(self, hint: Any) -> Any:
        """A value of a class, its fields by name and type; what has a default may lack."""
        hints = typing.get_type_hints(hint)
        given = {}
        for one in dataclasses.fields(hint):
            has_default = (one.default, one.default_factory) != (dataclasses.MISSING,) * 2
            if not (has_default and self.rng.random() < 0.7):
                given[one.name] = self.one(one.name, hints[one.name])
        return hint(**given)

    def day(self, most: int = 0) -> date:
        """Often today, else gone by or to come."""
        if self.rng.random() < 0.4:
            return legal_date(self.at)
        return legal_date(self.at) + timedelta(days=self.rng.randint(-20, most))

    def file(self) -> StoredFile:
        """A picture that was taken in: few files, since each costs time."""
        if len(self._kept) < 2:
            picture = SimpleUploadedFile(f"图{len(self._kept)}.png", papers.png())
            self._kept.append(store(picture, command_id=new_command_id()))
        return self.rng.choice(self._kept)

    # ── what hangs on what was given before ───────────────────────────────────────────────────

    def row(self, label: str, name: str) -> Any:
        """The row whose id was given as `name`, or none."""
        return apps.get_model(label).objects.filter(id=int(self.so_far.get(name) or 0)).first()

    def some(self, label: str, **where: Any) -> Any:
        """Any row of a table, or none."""
        known = list(apps.get_model(label).objects.filter(**where).order_by("id"))
        return self.rng.choice(known) if known else None
