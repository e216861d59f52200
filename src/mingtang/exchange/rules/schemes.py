"""Rules: a scheme of exchange, as a file of data says it: tables, fields, homes, references.

A field names the home that fills it, by the words of our own records (queries/records.py). Another
scheme is another file; nothing in the code knows the name of a field of theirs but the file.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from mingtang.base.errors import DomainError, NotFound

NAMES = ("national", "node", "zhejiang")  # those that we bring along
TYPE = re.compile(r"(varchar)\((\d+)\)|int|datetime")
REMEMBERED = 32  # files of schemes that were read
GUID, OPERATION, CHANGED, BATCH = "row_guid", "cd_operation", "cd_time", "cd_batch"


@dataclass(frozen=True)
class Field:
    """A column of theirs. `width` is in characters, of text alone. `list` names the code list."""

    name: str
    label: str
    kind: str  # varchar, int, datetime
    width: int
    is_required: bool
    home: str
    list: str = ""
    is_cut: bool = False
    many: str | None = None  # what stands between several values; "": nothing, a digit each
    none: str = ""


@dataclass(frozen=True)
class Reference:
    """Fields whose values some row of another table has; `later`: a time here, and the one there
    that it may not be before."""

    fields: tuple[str, ...]
    to: str
    later: tuple[str, str] | None = None


@dataclass(frozen=True)
class Table:
    """A table of theirs; `each` says which of our records makes a row of it."""

    name: str
    label: str
    each: str
    fields: tuple[Field, ...]
    refers: Reference | None = None
    order: tuple[str, str] | None = None  # times of which the first is not after the second

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)


@dataclass(frozen=True)
class Scheme:
    name: str
    label: str
    version: str
    source: str
    data_source: str
    tables: tuple[Table, ...]

    def lists(self) -> set[str]:
        return {field.list for table in self.tables for field in table.fields if field.list}


class UnreadableScheme(DomainError):
    """A mapping file that does not say what a scheme needs. `where`: the word at which it fails."""

    def __init__(self, told: str, where: str = "") -> None:
        super().__init__(told)
        self.where = where


def load(name: str, folder: Path | None = None) -> Scheme:
    """A scheme by its name, that we bring along or that lies in the folder of the place; one that
    extends another has its tables too. Raises NotFound, UnreadableScheme."""
    return _made(tuple(_text(one, folder) for one in family(name, folder)))


@lru_cache(maxsize=REMEMBERED)
def _made(texts: tuple[str, ...]) -> Scheme:
    """Of what the files of a family say today: one that was changed is read anew."""
    *bases, own = map(_parsed, texts)
    tables: dict[str, Any] = {}
    for one in (*bases, own):
        tables |= one.get("tables", {})
    common = (*bases, own)[0].get("common", {})
    return _scheme({**own, "common": common, "tables": tables})


def family(name: str, folder: Path | None = None) -> tuple[str, ...]:
    """The schemes that a scheme is made of, what it extends first. Raises NotFound."""
    found, base = [name], _said(name, folder).get("extends")
    while base:
        if base in found:
            raise UnreadableScheme(f"方案 {base} 又回到它自己，请核对 extends。", "extends")
        found.append(base)
        base = _said(base, folder).get("extends")
    return tuple(reversed(found))


def folder_of(name: str, folder: Path | None = None) -> Traversable:
    """Where the files of a scheme lie: one that we bring along is not replaced by one of the
    place. Raises NotFound."""
    if name in NAMES:
        return resources.files("mingtang.exchange") / "data"
    if folder is None or not name.isidentifier() or not (folder / f"{name}.toml").is_file():
        raise NotFound(
            f"没有名为“{name}”的交换方案，自带的有：national（国家汇聚表）、node（下级节点上报）、"
            "zhejiang（浙江统一收件）；本地的放在 MINGTANG_SCHEMES 指定的目录里。"
        )
    return folder


def _said(name: str, folder: Path | None) -> Mapping[str, Any]:
    return _parsed(_text(name, folder))


def _text(name: str, folder: Path | None) -> str:
    try:
        return (folder_of(name, folder) / f"{name}.toml").read_text("utf-8")
    except UnicodeDecodeError:
        raise UnreadableScheme("不是 UTF-8 文本，请另存为 UTF-8。") from None


@lru_cache(maxsize=REMEMBERED)
def _parsed(text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise UnreadableScheme(f"不是完整的 TOML：{problem}。") from None


def read(text: str) -> Scheme:
    """A mapping file. Raises UnreadableScheme."""
    try:
        return _scheme(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        raise UnreadableScheme(f"映射文件不是完整的 TOML：{problem}。") from None


def _scheme(said: Mapping[str, Any]) -> Scheme:
    try:
        common = tuple(_field(*one) for one in said["common"].items())
        tables = tuple(_table(name, one, common) for name, one in said["tables"].items())
        name, label, version = said["name"], said["label"], said["version"]
        source, data_source = said["source"], said["data_source"]
        return _checked(Scheme(name, label, version, source, data_source, tables))
    except KeyError as problem:
        raise UnreadableScheme(f"映射文件里缺少 {problem.args[0]}，请补上。") from None
    except (TypeError, AttributeError, IndexError):
        raise UnreadableScheme("映射文件的写法与自带的方案不同，请对照 national.toml。") from None


def _table(name: str, said: Mapping[str, Any], common: tuple[Field, ...]) -> Table:
    refers = said.get("refers")
    return Table(
        name,
        said["label"],
        said["each"],
        common + tuple(_field(*one) for one in said["fields"].items()),
        Reference(tuple(refers["fields"]), refers["to"], _pair(refers.get("later")))
        if refers
        else None,
        _pair(said.get("order")),
    )


def _pair(said: list[str] | None) -> tuple[str, str] | None:
    return (said[0], said[1]) if said else None


def _field(name: str, said: Mapping[str, Any]) -> Field:
    found = TYPE.fullmatch(str(said["type"]).removesuffix(" *"))
    if found is None:
        raise UnreadableScheme(f"映射文件里 {name} 的类型“{said['type']}”不认识。", name)
    return Field(
        name,
        said["label"],
        found[1] or found[0],
        int(found[2] or 0),
        str(said["type"]).endswith(" *"),
        said["home"],
        said.get("list", ""),
        said.get("cut", False),
        said.get("many"),
        said.get("none", ""),
    )


def _checked(scheme: Scheme) -> Scheme:
    """References and orders name what is there."""
    known = {table.name: set(table.columns) for table in scheme.tables}
    for table in scheme.tables:
        named = set(table.order or ())
        if table.refers:
            there = known.get(table.refers.to, set())
            named |= set(table.refers.fields) | set((table.refers.later or ())[:1])
            wanted = set(table.refers.fields) | set((table.refers.later or ())[1:])
            if not wanted <= there:
                raise UnreadableScheme(f"{table.name} 引用的表或字段不存在。", table.name)
        if not named <= known[table.name]:
            raise UnreadableScheme(f"{table.name} 没有它自己提到的字段。", table.name)
    return scheme
