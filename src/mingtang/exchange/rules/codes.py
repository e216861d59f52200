"""Rules: code lists of a scheme. Each code holds from a day, and to one.

What we call a thing is translated by them when a row is written. A word that no code stands for
is written as it is: the check of the batch finds it, and nothing before that stops for it.
"""

import csv
import io
from collections.abc import Container, Iterable, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, timedelta

from mingtang.base.errors import DomainError, NotFound


@dataclass(frozen=True)
class Code:
    """`ours`: our word; `code`: theirs; `source`: who says so, or that nobody does yet."""

    list: str
    ours: str
    code: str
    label: str
    valid_from: date
    valid_to: date | None
    source: str

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


COLUMNS = tuple(field.name for field in fields(Code))


class UnreadableCodes(DomainError):
    """A table of codes that cannot be read."""


class CodeBook:
    """All codes of a scheme, asked by list and day."""

    def __init__(self, codes: Iterable[Code]) -> None:
        self.codes = sorted(codes, key=lambda one: (one.list, one.ours, one.valid_from, one.code))
        self._ours: dict[tuple[str, str], list[Code]] = {}
        self._theirs: dict[tuple[str, str], list[Code]] = {}
        for one in self.codes:
            if one.code:  # a word without a code yet goes out as it is, and is rejected
                self._ours.setdefault((one.list, one.ours), []).append(one)
                self._theirs.setdefault((one.list, one.code), []).append(one)

    def theirs(self, name: str, ours: str, on: date) -> str:
        """The code for a word of ours on a day; the word itself where there is none."""
        found = (one.code for one in self._ours.get((name, ours), ()) if one.holds(on))
        return next(found, ours)

    def ours(self, name: str, code: str, on: date, known: Container[str] = ()) -> str:
        """Our word for a code on a day: of several one that is `known`, else the first; the code
        where there is none."""
        found = [one.ours for one in self._theirs.get((name, code), ()) if one.holds(on)]
        return next((one for one in found if one in known), next(iter(found), code))

    def is_known(self, name: str, code: str, on: date) -> bool:
        return any(one.holds(on) for one in self._theirs.get((name, code), ()))


def write_codes(codes: Sequence[Code]) -> str:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    rows.writerows(["" if one is None else str(one) for one in astuple(code)] for code in codes)
    return out.getvalue()


def read_codes(text: str) -> list[Code]:
    """Raises UnreadableCodes, with the line."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise UnreadableCodes(f"代码表的表头应为 {','.join(COLUMNS)}。")
    return [_code(number, row) for number, row in enumerate(rows, 2)]


def _code(number: int, row: dict[str, str]) -> Code:
    try:
        day = {key: date.fromisoformat(row[key]) for key in ("valid_from", "valid_to") if row[key]}
        words = (row["list"], row["ours"], row["code"], row["label"])
        if not all((row["list"], row["ours"], row["label"])) or row["code"] is None:
            raise ValueError
        return Code(*words, day["valid_from"], day.get("valid_to"), row["source"])
    except (KeyError, TypeError, ValueError):
        raise UnreadableCodes(
            f"代码表第{number}行不完整：代码表名、本方用语、名称和启用日期都要填（代码未定的留空），"
            "日期写成 2013-01-01 这样。"
        ) from None


def merged(shipped: Iterable[Code], own: Iterable[Code]) -> list[Code]:
    """The shipped codes, each until the day before this place has set its own; own ones until the
    next of them."""
    dated: dict[tuple[str, str], list[Code]] = {}
    for one in own:
        dated.setdefault((one.list, one.ours), []).append(one)
    kept = [_until(one, dated.get((one.list, one.ours), ())) for one in shipped]
    for mine in dated.values():
        kept += [_until(one, [other for other in mine if other is not one]) for one in mine]
    return [one for one in kept if one is not None]


def _until(code: Code, others: Iterable[Code]) -> Code | None:
    """The code, ended by the first of the others that begins after it; None where one begins with
    it or before."""
    later = [one.valid_from for one in others if one.valid_from >= code.valid_from]
    if not later:
        return code
    last = min(later) - timedelta(days=1)
    if last < code.valid_from:
        return None
    return replace(code, valid_to=last if code.valid_to is None else min(last, code.valid_to))


class NoSuchCode(NotFound):
    def __init__(self, name: str, ours: str) -> None:
        super().__init__(f"代码表“{name}”里没有“{ours}”这一项，请从代码表页面选一项来改。")
