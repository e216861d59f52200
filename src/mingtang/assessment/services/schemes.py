"""Services: schemes are written in versions, and switched on or off."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from mingtang.assessment import queries
from mingtang.assessment.models import Scheme, SchemeSwitch
from mingtang.assessment.rules import schemes as rules
from mingtang.assessment.rules.plain_yaml import load
from mingtang.assessment.rules.schemes import BadScheme
from mingtang.assessment.rules.sources import offers
from mingtang.assessment.rules.written import Written, read, written
from mingtang.base.db import queue_up
from mingtang.base.errors import Conflict
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record

DATA = Path(__file__).parent.parent / "data"


class MovedOn(Conflict):
    def __init__(self, version: int) -> None:
        super().__init__(
            f"您打开页面以后，别人已经保存了第 {version} 版。请从最新一版开始修改，您填的没有保存。"
        )


@command("scheme.write")
def write_scheme(
    *, content: Written, based_on: int | None, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Keep a scheme as the next version of its code. It may still contradict itself: only to be
    switched on it must be right. `based_on`: the newest version that the writer saw, 0 for none.

    Returns {"code", "version", "faults"}. Raises BadScheme for what cannot be read, MovedOn.
    """
    scheme = read(content)
    _check_storable(scheme)
    queue_up(f"scheme:{scheme.code}")
    latest = queries.latest_version(scheme.code)
    number = latest.version if latest else 0
    if based_on is not None and based_on != number:
        raise MovedOn(number)
    row = _kept(scheme, number + 1, actor, at)
    facts = {"version": row.version, "name": row.name, "content": row.content}
    _tell(row.code, "scheme.written", facts, actor, at, command_id)
    return {
        "code": row.code,
        "version": row.version,
        "faults": rules.faults(scheme, offers()),
    }


def _check_storable(scheme: rules.Scheme) -> None:
    """What the register needs of every version, right or not."""
    wrong = []
    if not (scheme.code.isascii() and scheme.code.replace("-", "a").isalnum()):
        wrong.append("代码须由英文字母、数字和 - 组成")
    if len(scheme.code) > 40 or not 0 < len(scheme.name.strip()) <= 80:
        wrong.append("代码不超过 40 字，名称为 1 至 80 字")
    if scheme.cycle not in set(rules.Cycle) or scheme.target not in set(rules.TargetKind):
        wrong.append("周期或者考核对象不认识")
    if any(not one.key or len(one.key) > 40 for one in scheme.indicators):
        wrong.append("指标代码为 1 至 40 字")
    if wrong:
        raise BadScheme(wrong)


def _kept(scheme: rules.Scheme, version: int, actor: Actor, at: datetime) -> Scheme:
    return Scheme.objects.create(
        code=scheme.code,
        version=version,
        name=scheme.name.strip(),
        cycle=scheme.cycle,
        target_kind=scheme.target,
        content=written(scheme),
        written_at=at,
        written_by_id=int(actor.id) if actor.id else None,
    )


@command("scheme.switch")
def switch(
    *, code: str, version: int | None, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Switch a version on, in place of the one that was; None: off. Sheets that are open stay with
    their version. Raises BadScheme with every fault of what contradicts itself."""
    queue_up(f"scheme:{code}")
    row = queries.scheme_version(code, version) if version is not None else None
    if row is not None:
        rules.check(queries.content_of(row), offers())
    assert actor.id is not None
    SchemeSwitch.objects.create(code=code, scheme=row, switched_at=at, switched_by_id=int(actor.id))
    kind = "scheme.switched_on" if row else "scheme.switched_off"
    _tell(code, kind, {"version": version}, actor, at, command_id)
    return {"code": code, "version": version}


def _tell(
    code: str, kind: str, facts: dict[str, Any], actor: Actor, at: datetime, command_id: str
) -> None:
    record(
        stream=f"scheme:{code}", kind=kind, facts=facts, actor=actor, at=at, command_id=command_id
    )


# ── shipped examples ──────────────────────────────────────────────────────────────────────────


@cache
def shipped_schemes() -> tuple[rules.Scheme, ...]:
    """The examples that come with the system, by name of their files."""
    return tuple(read(load(path.read_text("utf-8"))) for path in sorted(DATA.glob("*.yaml")))


@command("scheme.load_shipped")
def load_shipped(*, actor: Actor, at: datetime, command_id: str) -> dict[str, Any]:
    """Put the examples into the register, switched off: a place edits them first. What has the
    code of one already stays as it is. Returns {"codes"}."""
    added = []
    for scheme in shipped_schemes():
        if queries.latest_version(scheme.code) is None:
            row = _kept(scheme, 1, actor, at)
            facts = {"version": 1, "name": row.name, "content": row.content}
            _tell(row.code, "scheme.written", facts, actor, at, command_id)
            added.append(row.code)
    return {"codes": added}
