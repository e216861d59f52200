"""Many cases with all their rows, fast: copies of lives that the real commands have led.

A few cases are brought by the commands, over the days of a year, to where real ones stand; then
all rows of each are written again and again under new ids, numbers and streams, the ledger's chain
reckoned anew. So a row is what a command would have written, and no rule is told twice. What is
owed to followers is not copied: it counts as delivered. How often a life is copied is skewed, as
life is. tests/site/test_bench.py compares the copies with their originals.
"""

import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import JSONField, Model

from mingtang.base.ids import lease, next_id
from mingtang.base.models import Serial
from mingtang.base.sealed import blind_index
from mingtang.cases.models import Case, Step, Submission
from mingtang.files.codes import INDEX, code_of
from mingtang.files.models import Document
from mingtang.files.rules.documents import Paper, commitment
from mingtang.ledger.models import HASHED_FIELDS, Command, Event, Stream
from mingtang.ledger.rules import GENESIS, leaf_hash
from mingtang.timing.models import Clock

TOGETHER = 400  # copies in one transaction
FIRST_SERIAL = 1000  # the originals have those below
ORDER = (Case, Submission, Step, Clock, Document, Command, Stream, Event)  # as keys point


class Row:
    """One row of a life: what is the same in all copies is made ready for the database once."""

    def __init__(self, one: Model, tokens: re.Pattern[str]) -> None:
        self.model = type(one)
        self.fields = {each.attname: each for each in self.model._meta.concrete_fields}
        self.raw = {name: getattr(one, name) for name in self.fields}
        self.ready = {name: _ready(self.fields[name], value) for name, value in self.raw.items()}
        self.own = [name for name, value in self.raw.items() if _mentions(tokens, value)]

    def values(self, changed: Mapping[str, Any]) -> list[Any]:
        """The row for the database, with these values instead of the original's."""
        ready = {name: _ready(self.fields[name], value) for name, value in changed.items()}
        return list({**self.ready, **ready}.values())


@dataclass(frozen=True)
class Life:
    """All rows of one case, and the words in them that are its own."""

    tokens: re.Pattern[str]
    case_number: str
    rows: list[Row]

    def names(self, serial: int) -> dict[str, str]:
        """New words for the copy of this number: ids, command ids, numbers of case and papers."""
        found = {self.case_number: f"{self.case_number[:15]}{serial:06}"}
        for row in self.rows:
            if row.model is Command:
                found[row.raw["command_id"]] = f"{next_id():032x}"
            elif row.model is not Stream:
                found[str(row.raw["id"])] = str(next_id())
            if row.model is Document and (number := row.raw["number"]):
                found[number] = re.sub(r"\d+号$", f"{serial}号", number)
        return found


def life_of(case: Case) -> Life:
    """Read all rows of a case."""
    events = list(Event.objects.filter(stream=case.stream).order_by("seq"))
    rows: list[Model] = [
        Case.objects.get(id=case.id),
        *case.submissions.order_by("id"),
        *case.steps.order_by("id"),
        *Clock.objects.filter(stream=case.stream).order_by("id"),
        *(papers := list(Document.objects.filter(subject=case.stream).order_by("id"))),
        *Command.objects.filter(command_id__in={one.command_id for one in events}),
        *Stream.objects.filter(name=case.stream),
        *events,
    ]
    own = [str(one.pk) for one in rows if not isinstance(one, Stream)]
    own += [case.number, *(paper.number for paper in papers if paper.number)]
    tokens = re.compile("|".join(map(re.escape, sorted(own, key=len, reverse=True))))
    return Life(tokens, case.number, [Row(one, tokens) for one in rows])


def copy_lives(lives: Sequence[Life], count: int, first: int = FIRST_SERIAL) -> None:
    """Write so many copies in all, numbered from `first`; the first lives have most of them."""
    dice = random.Random(first)
    weights = [1 / place for place in range(1, len(lives) + 1)]
    for start in range(0, count, TOGETHER):
        lease()
        chosen = dice.choices(lives, weights, k=min(TOGETHER, count - start))
        with transaction.atomic():
            _write(_copied(one, first + start + n) for n, one in enumerate(chosen))
    Serial.objects.update(last=first + count)  # where the commands go on
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what PostgreSQL does by itself within a minute


def _write(copies: Iterable[list[tuple[Row, dict[str, Any]]]]) -> None:
    together: dict[type[Model], list[list[Any]]] = {model: [] for model in ORDER}
    for copy in copies:
        for row, changed in copy:
            together[row.model].append(row.values(changed))
    for model, rows in together.items():
        _insert(model, rows)


def _copied(life: Life, serial: int) -> list[tuple[Row, dict[str, Any]]]:
    """Each row with what is different in this copy."""
    names = life.names(serial)
    copy = [
        (row, {one: _renamed(life, names, row.raw[one]) for one in row.own}) for row in life.rows
    ]
    before = GENESIS
    for row, changed in copy:
        if row.model is Document:
            _commit(row.raw | changed, changed)
        elif row.model is Event:
            changed["previous_leaf"] = before
            whole = row.raw | changed
            before = changed["leaf"] = leaf_hash({key: whole[key] for key in HASHED_FIELDS})
    head = next(changed for row, changed in copy if row.model is Stream)
    head["last_leaf"] = before
    return copy


def _commit(whole: Mapping[str, Any], changed: dict[str, Any]) -> None:
    """A paper's commitment covers its number; the index of its code, its id."""
    changed["commitment"] = commitment(
        Paper.read(whole["content"]),
        whole["number"] or "",
        whole["issued_date"],
        whole["salt"],
        issuer=str(whole["organisation_id"]),
    )
    changed["code_index"] = blind_index(INDEX, code_of(whole["id"], whole["salt"]))


def _mentions(tokens: re.Pattern[str], value: Any) -> bool:
    return bool(tokens.search(json.dumps(value, default=str, ensure_ascii=False)))


def _renamed(life: Life, names: Mapping[str, str], value: Any) -> Any:
    """A value with this copy's words in place of the original's."""
    if isinstance(value, str):
        return life.tokens.sub(lambda found: names[found[0]], value)
    if isinstance(value, list):
        return [_renamed(life, names, one) for one in value]
    if isinstance(value, dict):
        return {key: _renamed(life, names, one) for key, one in value.items()}
    is_id = isinstance(value, int) and not isinstance(value, bool)
    return int(names.get(str(value), value)) if is_id else value


def _ready(column: Any, value: Any) -> Any:
    if isinstance(column, JSONField):
        return None if value is None else json.dumps(value, cls=DjangoJSONEncoder)
    return column.get_db_prep_save(value, connection)


def _insert(model: type[Model], rows: list[list[Any]]) -> None:
    fields = [f'"{each.column}"' for each in model._meta.concrete_fields]
    into = f'"{model._meta.db_table}" ({", ".join(fields)})'
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join("%s" for _ in fields)
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", rows)
