"""Rules: the publish gate. What an item lacks before it may be published, told field by field."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingtang.base.errors import DomainError
from mingtang.catalogue.rules.details import BY_KEY, FEES
from mingtang.catalogue.rules.drafts import FIELD_LABELS
from mingtang.catalogue.rules.fields import is_blank
from mingtang.catalogue.rules.kinds import KINDS, ItemKind, holds_on
from mingtang.catalogue.rules.limits import Limit, is_longer
from mingtang.catalogue.rules.profiles import Profile
from mingtang.catalogue.rules.route import days_of, misplaced_needs
from mingtang.timing.rules import Unit

Content = Mapping[str, Any]
TITLE = re.compile(r"《[^》]+》|〔\d{4}〕")
ARTICLE = re.compile(r"第[一二三四五六七八九十百千零〇\d]+条")


@dataclass(frozen=True)
class Lack:
    """One thing that keeps an item from being published. `field` is a disclosure's or another's."""

    field: str
    label: str
    text: str
    row: int | None = None

    @property
    def sentence(self) -> str:
        where = f"第{self.row}行" if self.row else ""
        return f"“{self.label}”{where}：{self.text}"


class GateClosed(DomainError):
    """The item is not complete; nothing was published."""

    def __init__(self, lacks: Sequence[Lack]) -> None:
        super().__init__(
            f"还有{len(lacks)}处没有达到公开要求，这次没有办成："
            + "".join(one.sentence for one in lacks)
        )
        self.lacks = list(lacks)


Told = Iterator[tuple[int | None, str]]


def _text(name: str) -> Callable[[Content], Told]:
    def check(content: Content) -> Told:
        if not str(content.get(name) or "").strip():
            yield None, "没有填写。"

    return check


def _basis(content: Content) -> Told:
    """Each basis names its title or number and its article."""
    lines = [line.strip() for line in re.split(r"[;；\n]", content.get("basis") or "")]
    lines = [line for line in lines if line]
    if not lines:
        yield None, "没有填写。"
    for row, line in enumerate(lines, 1):
        if not TITLE.search(line):
            yield row, "请写明文件名称（《……》）或文号。"
        elif not ARTICLE.search(line):
            yield row, "没有写到条款，请补“第几条”；查不到的请先留在草稿中。"


def _materials(content: Content) -> Told:
    materials = content.get("materials") or []
    if not materials:
        yield None, "一份也没有列；确实不需要的，请列一行“无需提交材料”。"
    seen: dict[str, int] = {}
    for row, line in enumerate(materials, 1):
        name = str(line.get("name") or "").strip()
        if not name:
            yield row, "没有材料名称。"
        elif name in seen:
            yield row, f"与第{seen[name]}行的“{name}”重复。"
        seen.setdefault(name, row)


def limit_of(content: Content, name: str) -> Limit | None:
    amount, unit = content.get(f"{name}_amount"), content.get(f"{name}_unit")
    return None if amount is None or unit is None else Limit(amount, Unit(unit))


def _promised(content: Content) -> Told:
    promised, statutory = limit_of(content, "promised"), limit_of(content, "statutory")
    if promised is None:
        yield None, "没有填写；当场办结的请填0个工作日。"
        return
    if content.get("on_the_spot") and promised.amount:
        yield None, f"即办件应当场办结，现在写的是{promised.label}。"
    longer = is_longer(promised, statutory) if statutory else False
    if longer and statutory:
        yield None, f"{promised.label}长于法定时限{statutory.label}，请缩短。"
    elif longer is None:
        yield None, "与法定时限的单位不同，比不出长短，请改用同一单位。"


def _fee(content: Content) -> Told:
    fee, is_free = str(content.get("fee") or "").strip(), content.get("is_free")
    rows = content.get(FEES.key) or []
    if is_free is None:
        yield None, "请明确选择收费还是不收费，不能空着。"
    elif is_free and (fee or rows):
        yield None, "选了不收费，又写了收费标准，请删去其一。"
    elif not is_free and rows:
        yield from _fee_rows(rows, content.get("fee_basis") or "")
    elif not is_free and not fee:
        yield None, "选了收费，没有写标准。"
    elif not is_free and not TITLE.search(fee):
        yield None, "写了标准，没有写依据，请补文件名称或文号。"


def _fee_rows(rows: Sequence[Mapping[str, Any]], basis: str) -> Told:
    """Each fee has a standard and a basis; a waiver rests on something too."""
    for number, row in enumerate(rows, 1):
        if not row.get("standard"):
            yield number, "没有写标准。"
        if not TITLE.search(row.get("basis") or basis):
            yield number, "没有写依据，请补文件名称或文号。"
        if row.get("is_reducible") and not row.get("waiver"):
            yield number, "可以减免，没有写减免依据。"


def _said(name: str) -> Callable[[Content], Told]:
    def check(content: Content) -> Told:
        if is_blank(content.get(name)):
            yield None, "没有填写。"

    return check


@dataclass(frozen=True)
class Disclosure:
    label: str
    check: Callable[[Content], Told]


# 七公开, and what places that disclose more may add to the ordered set.
DISCLOSURES = {
    "name": Disclosure("项目名称", _text("name")),
    "basis": Disclosure("办事依据", _basis),
    "conditions": Disclosure("申报条件", _text("conditions")),
    "materials": Disclosure("申报材料", _materials),
    "procedure": Disclosure("办理程序", _text("procedure")),
    "promised": Disclosure("承诺时限", _promised),
    "fee": Disclosure("收费标准", _fee),
    "statutory_basis": Disclosure("法定时限依据", _text("statutory_basis")),
    "body_code": Disclosure("部门编码", _text("body_code")),
} | {key: Disclosure(field.label, _said(key)) for key, field in BY_KEY.items()}
OTHER = {
    "kind": FIELD_LABELS["kind"],
    "statutory": "法定时限",
    "profile": "办理程序类别",
    "route": "流程环节",
    "windows": "办理窗口",
    "basic": "基本目录",  # rules.basic
    "form": BY_KEY["form"].label,
}


def labels_of(required: Sequence[str]) -> dict[str, str]:
    return {key: DISCLOSURES[key].label for key in required} | OTHER


def check(
    content: Content,
    *,
    required: Sequence[str],
    profile: Profile | None,
    window_count: int,
    on: date,
) -> list[Lack]:
    """All that keeps an item from being published on a day, in the order of the disclosures."""
    lacks = [
        Lack(key, DISCLOSURES[key].label, text, row)
        for key in required
        for row, text in DISCLOSURES[key].check(content)
    ]
    lacks += [Lack("kind", OTHER["kind"], text) for text in _kind_in_force(content, on)]
    lacks += [Lack("statutory", OTHER["statutory"], text) for text in _statutory(content, profile)]
    lacks += [Lack("profile", OTHER["profile"], text) for text in _in_force(profile, on)]
    lacks += [Lack("route", OTHER["route"], text, row) for row, text in _route(content)]
    lacks += [Lack("form", OTHER["form"], text) for text in _form(content)]
    if window_count < 1:
        text = "实施部门没有对应的窗口，也没有综合窗口，请先登记窗口。"
        lacks.append(Lack("windows", OTHER["windows"], text))
    return lacks


def _kind_in_force(content: Content, on: date) -> Iterator[str]:
    """A kind that is no more takes no new editions."""
    kind = ItemKind(content["kind"])
    ended = KINDS[kind].last_day
    if ended and not holds_on(kind, on):
        day = f"{ended.year}年{ended.month}月{ended.day}日"
        yield f"“{KINDS[kind].label}”只到{day}，请改选现行的类型，或者取消事项。"


def _statutory(content: Content, profile: Profile | None) -> Iterator[str]:
    """A limit of a special law cites its article; a permit without one has the permit law's."""
    statutory = limit_of(content, "statutory")
    law = profile.statutory if profile else None
    if statutory is None:
        if law and profile:
            yield f"没有填写；没有特别法的，填{law.label}（{profile.statutory_basis}）。"
    elif not ARTICLE.search(content.get("statutory_basis") or ""):
        wanted = FIELD_LABELS["statutory_basis"]
        yield f"写了{statutory.label}，没有写到依据的条款，请补“{wanted}”。"


def _route(content: Content) -> Told:
    """No step waits for ever, and together they take no longer than what is promised."""
    if endless := list(misplaced_needs(content["route"])):
        yield from endless
        return
    promised, days = limit_of(content, "promised"), days_of(content["route"])
    if promised and promised.unit is Unit.WORKING_DAY and days > promised.amount:
        yield None, f"各环节合计{days}个工作日，长于承诺时限{promised.label}，请核对其一。"


def _form(content: Content) -> Iterator[str]:
    """No form is needed; one with faults, by rules made since it was saved, is not published."""
    if not is_blank(content.get("form")):
        yield from BY_KEY["form"].faults(content["form"])


def _in_force(profile: Profile | None, on: date) -> Iterator[str]:
    if profile is None:
        yield "没有选择。"
    elif not profile.holds_on(on):
        ended = profile.valid_to
        until = f"只到{ended.year}年{ended.month}月{ended.day}日" if ended else "还没有开始施行"
        yield f"“{profile.label}”{until}，请改选现行的类别。"
