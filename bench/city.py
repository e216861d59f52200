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
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import JSONField, Model

from mingtang.base.ids import lease, next_id
from mingtang.base.models import Serial
from mingtang.base.profile import digest
from mingtang.base.sealed import SealedField, blind_index
from mingtang.cases.models import Case, Step, Submission
from mingtang.files.codes import INDEX, code_of
from mingtang.files.models import Document
from mingtang.files.rules.documents import Paper, commitment
from mingtang.ledger.models import HASHED_FIELDS, Command, Event
from mingtang.ledger.rules import GENESIS, LEAF_PREFIX, canonical
from mingtang.supervision.models import Watch
from mingtang.timing.models import Clock

PREVIOUS = "previous-leaf"  # stands where the leaf before is put
TOGETHER = 400  # copies in one transaction
FIRST_SERIAL = 1000  # the originals have those below
ORDER = (Case, Submission, Step, Clock, Document, Command, Event, Watch)  # as keys point
NAMED = (Watch,)  # its key is the name of the case's stream: no word of its own


class Words:
    """A text in which words of a life are put in the place of the original's, cut up once."""

    def __init__(self, tokens: re.Pattern[str], text: str) -> None:
        parts = re.split(f"({tokens.pattern})", text)
        self.parts, self.own = parts, list(enumerate(parts))[1::2]

    def said(self, names: Mapping[str, str]) -> str:
        parts = self.parts.copy()
        for place, word in self.own:
            parts[place] = names[word]
        return "".join(parts)


class Row:
    """One row of a life: what is the same in all copies is made ready for the database once."""

    def __init__(self, one: Model, tokens: re.Pattern[str]) -> None:
        self.model = type(one)
        self.fields = {each.attname: each for each in self.model._meta.concrete_fields}
        self.raw = {name: getattr(one, name) for name in self.fields}
        self.ready = [_ready(self.fields[name], value) for name, value in self.raw.items()]
        self.places = {name: place for place, name in enumerate(self.fields)}
        own = [name for name, value in self.raw.items() if _mentions(tokens, value)]
        self.own = [(self.places[name], _exchange(self, name, tokens)) for name in own]
        self.hashed = self._hashed(tokens) if self.model is Event else None
        self.content = Words(tokens, one.content) if isinstance(one, Document) else None

    def _hashed(self, tokens: re.Pattern[str]) -> Words:
        """What the leaf covers, with the previous leaf left open."""
        known = {key: self.raw[key] for key in HASHED_FIELDS} | {"previous_leaf": PREVIOUS}
        text = canonical(known).decode()
        return Words(re.compile(f"{tokens.pattern}|{PREVIOUS}"), text)

    def copied(self, names: Mapping[str, str]) -> list[Any]:
        """The row for the database in the words of a copy."""
        ready = self.ready.copy()
        for place, exchange in self.own:
            ready[place] = exchange(names)
        return ready

    def put(self, ready: list[Any], name: str, value: Any) -> None:
        ready[self.places[name]] = value


def _exchange(row: Row, name: str, tokens: re.Pattern[str]) -> Callable[[Mapping[str, str]], Any]:
    """How a value of a row becomes that of a copy, ready for the database."""
    field, value = row.fields[name], row.raw[name]
    if isinstance(value, int):
        word = str(value)
        return lambda names: int(names[word])
    if isinstance(field, JSONField):
        text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
        return Words(tokens, text).said
    words = Words(tokens, value)  # a text, which may be sealed anew
    if isinstance(field, SealedField):
        return lambda names: _ready(field, words.said(names))
    return words.said


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
            elif row.model not in NAMED:
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
        *events,
        *Watch.objects.filter(stream=case.stream),
    ]
    own = [str(one.pk) for one in rows if not isinstance(one, NAMED)]
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
            _trust()
            _write(_copied(one, first + start + n) for n, one in enumerate(chosen))
    Serial.objects.update(last=first + count)  # where the commands go on
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what PostgreSQL does by itself within a minute


def _trust() -> None:
    """What copies point at is there: PostgreSQL need not look for each of them (half the time)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")


def _write(copies: Iterable[list[tuple[type[Model], list[Any]]]]) -> None:
    together: dict[type[Model], list[list[Any]]] = {model: [] for model in ORDER}
    for copy in copies:
        for model, ready in copy:
            together[model].append(ready)
    for model, rows in together.items():
        _insert(model, rows)


def _copied(life: Life, serial: int) -> list[tuple[type[Model], list[Any]]]:
    """Each row in the words of this copy, its events chained anew."""
    names = life.names(serial)
    copy: list[tuple[type[Model], list[Any]]] = []
    before = GENESIS
    for row in life.rows:
        ready = row.copied(names)
        copy.append((row.model, ready))
        if row.model is Document:
            _commit(row, ready, names)
        elif row.hashed is not None:
            row.put(ready, "previous_leaf", before)
            whole = row.hashed.said({**names, PREVIOUS: before}).encode()
            before = digest(LEAF_PREFIX + whole).hex()
            row.put(ready, "leaf", before)
    return copy


def _commit(row: Row, ready: list[Any], names: Mapping[str, str]) -> None:
    """A paper's commitment covers its number; the index of its code, its id."""
    raw = row.raw
    number, content = names.get(raw["number"], raw["number"] or ""), raw["content"]
    if words := row.content:
        content = words.said(names)
    issuer = str(raw["organisation_id"])
    paper, of = Paper.read(content), {"issuer": issuer, "digest": digest}
    told = commitment(paper, number, raw["issued_date"], raw["salt"], **of)
    row.put(ready, "commitment", told)
    code = code_of(int(names[str(raw["id"])]), raw["salt"])
    row.put(ready, "code_index", blind_index(INDEX, code))


def _mentions(tokens: re.Pattern[str], value: Any) -> bool:
    return bool(tokens.search(json.dumps(value, default=str, ensure_ascii=False)))


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
