"""Rules of the ledger: who acts, canonical bytes, leaf hashes, the check of a chain. Pure."""

import functools
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from mingtang.base.errors import Conflict, DomainError
from mingtang.ledger.verify_ledger import Digest

GENESIS = "0" * 64
LEAF_PREFIX = b"\x00"  # RFC 6962: leaves and nodes are hashed apart


class CommandConflict(Conflict):
    """The same command id came with other content."""

    def __init__(self) -> None:
        super().__init__(
            "这次提交的编号已用于另一项内容不同的操作，本次没有执行。请返回刷新页面后重新提交。"
        )


@dataclass(frozen=True)
class Actor:
    """Who acts: ids and labels as of the moment of the act. No personal data of citizens."""

    id: str | None
    label: str
    organisation_id: str | None = None
    organisation_label: str = ""
    acting_for_id: str | None = None
    acting_for_label: str = ""


SYSTEM = Actor(id=None, label="系统")


class OnePersonAlone(DomainError):
    """What two people do together, asked for by one."""


def check_two_people(actor: Actor, second: Actor, what: str) -> None:
    """Who does it and who agrees are two people. Raises OnePersonAlone."""
    if actor.id is None or second.id is None or actor.id == second.id:
        raise OnePersonAlone(f"{what}须由两个人一起办理，请换另一位管理员确认。")


def _plain(value: Any) -> Any:
    """A value as JSON knows it: NFC text, ISO dates, UTC instants with microseconds."""
    kind = type(value)  # most are of these four: the short way first
    if kind is str:
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if kind is int or value is None:
        return value
    if kind is dict:
        return {_plain(str(key)): _plain(item) for key, item in value.items()}
    return _plain_of_others(value)


def _plain_of_others(value: Any) -> Any:
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {_plain(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, bytes | bytearray):
        return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


ATOMS = frozenset((str, int, bool, type(None), date, datetime, Decimal))
_spelled = json.JSONEncoder(
    sort_keys=True,
    ensure_ascii=False,
    separators=(",", ":"),
    allow_nan=False,
    default=_plain_of_others,
).encode


def _is_simple(value: Any) -> bool:
    """Whether JSON's own writer says of it what `_plain` would, but for the form of its text."""
    kind = type(value)
    if kind is dict:
        return all(
            type(key) is str and (type(item) in ATOMS or _is_simple(item))
            for key, item in value.items()
        )
    if kind is list or isinstance(value, tuple):
        return all(type(item) in ATOMS or _is_simple(item) for item in value)
    return kind in ATOMS


def canonical(value: Any) -> bytes:
    """The one spelling of a value: sorted keys, no spaces, UTF-8 in the form NFC, no floats.

    Raises TypeError for what has no exact form (floats, bytes, arbitrary objects). Most values are
    spelled at once: where the whole text is NFC, so is each text in it.
    """
    if type(value) is str or _is_simple(value):
        text = _spelled(value)
        if text.isascii() or unicodedata.is_normalized("NFC", text):
            return text.encode()
    return _spelled(_plain(value)).encode()


def leaf_hash(row: Mapping[str, Any], digest: Digest) -> str:
    """The digest of the canonical row, which holds its stream's previous leaf: 64 hex digits."""
    return digest(LEAF_PREFIX + canonical(row)).hex()


class Leaves:
    """The leaf hashes of the events of one command: what they have in common is spelled once, what
    few commands differ in once in a process.

    Each is what `leaf_hash` says of the whole row.
    """

    def __init__(self, actor: Actor, at: datetime, command_id: str, digest: Digest) -> None:
        self._digest = digest
        who, where = _spelled_actor(actor)
        when = b',"at":' + canonical(_plain(at)) + b',"command_id":' + canonical(command_id)
        self._begin = LEAF_PREFIX + who + when + b',"effective_on":'
        self._middle = where + b',"previous_leaf":'

    def leaf(
        self, *, stream: str, seq: int, kind: str, on: date, facts: bytes, previous: str
    ) -> str:
        """`facts`: in their canonical form."""
        parts = (
            *(self._begin, _spelled_once(on), b',"facts":', facts),
            *(b',"kind":', _spelled_once(kind), self._middle, canonical(previous)),
            *(b',"seq":%d,"stream":' % seq, canonical(stream), b"}"),
        )
        return self._digest(b"".join(parts)).hex()


@functools.lru_cache(4096)
def _spelled_once(value: str | date) -> bytes:
    return canonical(value)


@functools.lru_cache(1024)
def _spelled_actor(actor: Actor) -> tuple[bytes, bytes]:
    """What comes before the instant in a row, and between kind and previous leaf."""
    who = {
        "acting_for_id": actor.acting_for_id,
        "acting_for_label": actor.acting_for_label,
        "actor_id": actor.id,
        "actor_label": actor.label,
    }
    where = {
        "organisation_id": actor.organisation_id,
        "organisation_label": actor.organisation_label,
    }
    return canonical(who)[:-1], b"," + canonical(where)[1:-1]


@dataclass(frozen=True)
class Break:
    """A place where a chain does not hold."""

    stream: str
    seq: int
    reason: str


@dataclass
class ChainCheck:
    """Reads one stream's rows in order and finds the first place where they do not hold."""

    stream: str
    digest: Digest
    seq: int = 0
    leaf: str = GENESIS
    broken: Break | None = None

    def read(self, row: Mapping[str, Any], leaf: str) -> None:
        """Take the next row (as it was hashed) with its stored leaf."""
        if self.broken:
            return
        expected = self.seq + 1
        if row["seq"] != expected:
            self._fail(expected, f"序号应为 {expected}，实为 {row['seq']}")
        elif row["previous_leaf"] != self.leaf:
            self._fail(expected, "与前一条的链接不符")
        elif leaf_hash(row, self.digest) != leaf:
            self._fail(expected, "内容与其哈希不符")
        self.seq, self.leaf = expected, leaf

    def _fail(self, seq: int, reason: str) -> None:
        self.broken = Break(self.stream, seq, reason)
