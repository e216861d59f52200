"""Commands: which villages take part, who acts for them, what the city gives them."""

import csv
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db.models import Q

from mingtang.base.clock import legal_date
from mingtang.base.errors import DomainError, NotFound
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command, record
from mingtang.regions import queries as regions
from mingtang.villages.models import (
    CityNotice,
    Kinship,
    Member,
    ReleaseLimit,
    Section,
    Village,
)
from mingtang.villages.rules.kinds import Area, Layout, NoticeKind, Office, short_name
from mingtang.villages.rules.moves import SecondPersonAgrees
from mingtang.villages.rules.periods import looser
from mingtang.villages.services.common import Facts, limit_of, person_of, persons_of, said

DATA = Path(__file__).parent.parent / "data"


def _told(
    verb: str, facts: Facts, actor: Actor, at: datetime, command_id: str, of: str = "all"
) -> None:
    record(
        stream=f"villages:{of}",
        kind=f"villages.{verb}",
        facts=facts,
        actor=actor,
        at=at,
        command_id=command_id,
    )


@command("villages.add")
def add_villages(
    *,
    township_code: str,
    joined_date: date,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """All villages of a township take part from a day on; those that do already stay."""
    unit_id = _township_unit(township_code)
    places = regions.villages(township_code, legal_date(at))
    known = set(Village.objects.filter(township_code=township_code).values_list("code", flat=True))
    name = regions.region_path(township_code)[-1]
    made = [
        Village(
            region_id=place.id,
            code=place.code,
            name=short_name(place.name),
            township_id=unit_id,
            township_code=township_code,
            township_name=name,
            joined_date=joined_date,
        )
        for place in places
        if place.code not in known
    ]
    Village.objects.bulk_create(made)
    facts = {"township": township_code, "codes": [one.code for one in made]}
    _told("added", facts, actor, at, command_id)
    return {"count": len(made)}


def _township_unit(code: str) -> int:
    place = regions.region_ids_of_codes([code]).get(code)
    found = [one.id for one in regions.township_units(code[:6]) if one.region_id == place]
    if not found:
        raise DomainError(f"没有区划代码是 {code} 的乡镇（街道），请核对。")
    return found[0]


@command("villages.seat")
def seat_member(
    *,
    village_ids: Sequence[int],
    person_id: int,
    office: str,
    valid_from: date,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """Somebody keeps a village's books or watches over them, from a day on: never both. One may
    do it for several villages."""
    villages = [_village(one) for one in village_ids]
    sitting = Member.objects.filter(village__in=villages, person_id=person_id, valid_to=None)
    if (held := sitting.select_related("village").first()) is not None:
        label = Office(held.office).label
        raise DomainError(f"此人已经是{held.village.name}的{label}，请先免去再任。")
    Member.objects.bulk_create(
        Member(
            village=village, person_id=person_id, office=Office(office).value, valid_from=valid_from
        )
        for village in villages
    )
    facts = {
        "villages": [one.code for one in villages],
        "person_id": str(person_id),
        "office": office,
    }
    _told("member_seated", facts, actor, at, command_id)
    return {"count": len(villages)}


@command("villages.unseat")
def unseat_member(
    *, member_id: int, valid_to: date, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """Whose office ends, ends it on a day."""
    member = Member.objects.select_related("village").filter(id=member_id, valid_to=None).first()
    if member is None:
        raise NotFound("没有找到这位成员，或者已经免去。")
    if valid_to < member.valid_from:
        raise DomainError(f"免去的日期 {valid_to} 早于任职日期 {member.valid_from}，请更正。")
    member.valid_to = valid_to
    member.save(update_fields=["valid_to"])
    facts = {"person_id": str(member.person_id), "office": member.office}
    _told("member_unseated", facts, actor, at, command_id, member.village.code)
    return {"member_id": str(member.id)}


@command("villages.declare_kinship")
def declare_kinship(
    *,
    village_id: int,
    person_id: int,
    relative_name: str,
    relation: str,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """A member is near kin to an officer of the village: they examine nothing from now on."""
    village = _village(village_id)
    made = Kinship.objects.create(
        village=village,
        person_id=person_id,
        relative_name=said(relative_name, "是哪位村干部的近亲属"),
        relation=said(relation, "是什么亲属关系"),
        declared_at=at,
        declared_by_id=person_of(actor),
    )
    facts = {"person_id": str(person_id), "relation": made.relation}
    _told("kinship_declared", facts, actor, at, command_id, village.code)
    return {"kinship_id": str(made.id)}


@command("villages.end_kinship")
def end_kinship(*, kinship_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """The officer left, or it was a mistake: the member may examine again."""
    row = Kinship.objects.select_related("village").filter(id=kinship_id, ended_at=None).first()
    if row is None:
        raise NotFound("没有找到这条近亲属登记，或者已经注销。")
    row.ended_at, row.ended_by_id = at, person_of(actor)
    row.save(update_fields=["ended_at", "ended_by"])
    facts = {"person_id": str(row.person_id)}
    _told("kinship_ended", facts, actor, at, command_id, row.village.code)
    return {"kinship_id": str(row.id)}


def _village(village_id: int) -> Village:
    found = Village.objects.filter(id=village_id).first()
    if found is None:
        raise NotFound("没有找到这个村，请核对后重试。")
    return found


# ── what the city gives ───────────────────────────────────────────────────────────────────────


@command("villages.load_shipped")
def load_shipped(
    *, valid_from: date, codes: Sequence[str] = (), actor: Actor, at: datetime, command_id: str
) -> Facts:
    """The usual sections (those of `codes`, or all) and limits, from a day on. What is there
    already stays as it is."""
    known = dict(Section.objects.values_list("code", "id"))
    with (DATA / "sections.csv").open(encoding="utf-8", newline="") as file:
        listed = [row for row in csv.DictReader(file) if not codes or row["code"] in codes]
    rows = [row for row in listed if row["code"] not in known]
    for position, row in enumerate(rows, start=len(known) + 1):
        made = _section(row, known, position, valid_from)
        made.save(force_insert=True)
        known[made.code] = made.id
    if not ReleaseLimit.objects.filter(village=None).exists():
        ReleaseLimit.objects.create(
            finance_months=3,
            due_day=20,
            major_cents=50_000 * 100,
            major_days=5,
            objection_days=10,
            reply_days=10,
            valid_from=valid_from,
            set_at=at,
            basis="《村民委员会组织法》第三十条；其余为本地规定，可改",
        )
    facts = {"codes": [row["code"] for row in rows]}
    _told("loaded", facts, actor, at, command_id)
    return facts


def shipped_codes() -> list[str]:
    """The codes of the usual sections, in their order."""
    with (DATA / "sections.csv").open(encoding="utf-8", newline="") as file:
        return [row["code"] for row in csv.DictReader(file)]


def _section(
    row: dict[str, str], known: dict[str, int], position: int, valid_from: date
) -> Section:
    return Section(
        code=row["code"],
        name=row["name"],
        area=Area(row["area"]).value,
        parent_id=known[row["parent"]] if row["parent"] else None,
        position=position,
        layout=Layout(row["layout"]).value,
        is_periodic=row["is_periodic"] == "1",
        guide=row["guide"],
        valid_from=valid_from,
    )


@command("villages.add_section")
def add_section(
    *, content: dict[str, Any], valid_from: date, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """One more section for all villages, from a day on. `content`: columns of a section, `parent`
    the code of another of the same area."""
    code, parent = str(content["code"]), str(content.get("parent") or "")
    if Section.objects.filter(code=code).exists():
        raise DomainError(f"栏目代码“{code}”已经用过，请换一个。")
    above = Section.objects.filter(code=parent, area=content["area"]).first() if parent else None
    if parent and (above is None or above.parent_id):
        raise DomainError("上级栏目不存在、不同类，或者已经是三级栏目，请另选。")
    known = {above.code: above.id} if above else {}
    row = {
        **{name: str(content.get(name, "")) for name in ("code", "area", "layout", "guide")},
        "name": said(str(content["name"]), "栏目名称"),
        "parent": parent,
        "is_periodic": "1" if content.get("is_periodic") else "",
    }
    _section(row, known, Section.objects.count() + 1, valid_from).save(force_insert=True)
    facts = {"code": code, "name": row["name"], "valid_from": valid_from.isoformat()}
    _told("section_added", facts, actor, at, command_id)
    return {"code": code}


@command("villages.end_section")
def end_section(*, code: str, valid_to: date, actor: Actor, at: datetime, command_id: str) -> Facts:
    """A section takes nothing new after a day; what stands in it stays."""
    section = Section.objects.filter(code=code, valid_to=None).first()
    if section is None:
        raise NotFound("没有找到这个栏目，或者已经停用。")
    if valid_to < section.valid_from:
        raise DomainError(f"停用日期 {valid_to} 早于启用日期 {section.valid_from}，请更正。")
    section.valid_to = valid_to
    section.save(update_fields=["valid_to"])
    _told("section_ended", {"code": code, "on": valid_to.isoformat()}, actor, at, command_id)
    return {"code": code}


@command("villages.set_limit")
def set_limit(
    *,
    valid_from: date,
    finance_months: int,
    due_day: int,
    major_cents: int,
    major_days: int,
    objection_days: int,
    reply_days: int,
    basis: str = "",
    village_id: int | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """How often and by when, from a day on: for all villages, or for one where there is much to
    book. What was owed before keeps its day. What asks less of one village than held for it waits
    until a second person agrees: returns {"limit_id", "looser"}."""
    columns = {
        "finance_months": finance_months,
        "due_day": due_day,
        "major_cents": major_cents,
        "major_days": major_days,
        "objection_days": objection_days,
        "reply_days": reply_days,
    }
    if finance_months not in (1, 3) or not 1 <= due_day <= 31 or min(columns.values()) < 0:
        raise DomainError("请填：财务每 1 个月或每 3 个月公开一次，公开日在 1 至 31 之间。")
    own = Q(village=village_id) if village_id else Q(village=None)
    if ReleaseLimit.objects.filter(own, valid_from=valid_from).exists():
        raise DomainError(f"{valid_from} 起的时限已经设定过，请改一个启用日期。")
    loosened = looser(limit_of(village_id, valid_from), columns) if village_id else []
    made = ReleaseLimit.objects.create(
        village_id=village_id,
        valid_from=valid_from,
        is_looser=bool(loosened),
        set_at=at,
        set_by_id=person_of(actor),
        basis=basis.strip(),
        **columns,
    )
    of = _village(village_id).code if village_id else "all"
    facts = {**_limit_facts(made), **columns, "basis": basis.strip(), "looser": loosened}
    _told("limit_set", facts, actor, at, command_id, of)
    return {"limit_id": str(made.id), "looser": loosened}


@command("villages.confirm_limit")
def confirm_limit(*, limit_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """A second person agrees to limits that ask less of a village. Raises SecondPersonAgrees."""
    row = _waiting_limit(limit_id)
    if row.set_by_id in persons_of(actor):
        raise SecondPersonAgrees
    row.confirmed_at, row.confirmed_by_id = at, person_of(actor)
    row.save(update_fields=["confirmed_at", "confirmed_by"])
    _told("limit_confirmed", _limit_facts(row), actor, at, command_id, row.village.code)
    return {"limit_id": str(row.id)}


@command("villages.decline_limit")
def decline_limit(*, limit_id: int, actor: Actor, at: datetime, command_id: str) -> Facts:
    """Loosened limits are given up before anybody agreed: they never held; the ledger knows."""
    row = _waiting_limit(limit_id)
    facts, code = _limit_facts(row), row.village.code
    row.delete()
    _told("limit_declined", facts, actor, at, command_id, code)
    return facts


def _waiting_limit(limit_id: int) -> Any:
    rows = ReleaseLimit.objects.select_for_update(of=("self",)).select_related("village")
    found = rows.filter(id=limit_id, is_looser=True, confirmed_at=None).first()
    if found is None:
        raise NotFound("没有等同意的时限，可能已经有人同意或者退回，请刷新页面。")
    return found


def _limit_facts(row: ReleaseLimit) -> Facts:
    return {"limit_id": str(row.id), "valid_from": row.valid_from.isoformat()}


@command("villages.push_notice")
def push_notice(
    *,
    kind: str,
    title: str,
    body: str,
    valid_from: date,
    valid_to: date | None = None,
    actor: Actor,
    at: datetime,
    command_id: str,
) -> Facts:
    """A policy or a notice of the city stands on every village's page, from a day to a day."""
    if valid_to is not None and valid_to < valid_from:
        raise DomainError(f"结束日期 {valid_to} 早于开始日期 {valid_from}，请更正。")
    made = CityNotice.objects.create(
        kind=NoticeKind(kind).value,
        title=said(title, "标题"),
        body=said(body, "正文"),
        valid_from=valid_from,
        valid_to=valid_to,
        pushed_at=at,
        pushed_by_id=person_of(actor),
    )
    facts = {"notice_id": str(made.id), "kind": made.kind, "title": made.title}
    _told("notice_pushed", facts, actor, at, command_id)
    return {"notice_id": str(made.id)}


@command("villages.end_notice")
def end_notice(
    *, notice_id: int, valid_to: date, actor: Actor, at: datetime, command_id: str
) -> Facts:
    """A notice is over after a day."""
    notice = CityNotice.objects.filter(id=notice_id).first()
    if notice is None:
        raise NotFound("没有找到这条通知，请核对后重试。")
    notice.valid_to = max(valid_to, notice.valid_from)
    notice.save(update_fields=["valid_to"])
    _told("notice_ended", {"notice_id": str(notice.id)}, actor, at, command_id)
    return {"notice_id": str(notice.id)}
