"""Rules: the file of an ended case: how long it is kept, what should be in it and is not. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mingtang.accounts.rules import Role
from mingtang.cases.rules.papers import FORMS

ARCHIVE_READERS = frozenset({Role.WINDOW_LEAD, Role.CENTRE_MANAGER})


class Retention(StrEnum):
    """保管期限: 永久, 30年, 10年 and no other (《机关文件材料归档范围和文书档案保管期限规定》,
    国家档案局令第8号, 第六条). Which one a kind of case has is for the local schedule: a setting.
    """

    TEN = "10"
    THIRTY = "30"
    PERMANENT = "permanent"

    @property
    def label(self) -> str:
        return {"10": "10年", "30": "30年", "permanent": "永久"}[self.value]


RETENTIONS = tuple(one.value for one in Retention)


def retention_of(profile: str, of_profiles: Mapping[str, str], otherwise: str) -> Retention:
    """How long the file of a case is kept whose item follows a procedure."""
    return Retention(of_profiles.get(profile, otherwise))


@dataclass(frozen=True)
class Act:
    """What happened to a case, and the ids of the papers of which its event tells."""

    kind: str
    on: date
    paper_ids: tuple[str, ...] = ()


# The paper that an event of a case must have left. Decisions say themselves which.
LEAVES = {
    "case.taken_in": "receipt",
    "case.not_required": "not_required",
    "case.declined": "declined",
    "case.correction_asked": "correction",
    "case.supplied": "correction_receipt",
    "case.returned": "returned",
    "case.accepted": "accepted",
    "case.deemed_accepted": "deemed_accepted",
    "case.paused": "pause",
    "case.extended": "extension",
    "case.transferred": "transfer",
    "case.granted": "granted",
    "case.refused": "refused",
    "case.deemed_granted": "deemed_granted",
    "case.withdrawn": "withdrawn",
    "case.terminated": "terminated",
    "case.charged": "payment",
    "case.originals_sent": "slip",
    "case.delivered": "delivery",
}


def missing_papers(acts: Iterable[Act], present: Collection[str]) -> list[str]:
    """Papers that the acts on a case should have left and that are not there, a line each.

    `present`: the ids of its papers. An act that told of none, or of one that is gone, lacks it.
    """
    return [
        f"{FORMS[LEAVES[act.kind]].title}（{act.on.year}年{act.on.month}月{act.on.day}日）没有存档"
        for act in acts
        if act.kind in LEAVES and not (act.paper_ids and set(act.paper_ids) <= set(present))
    ]


def missing_materials(wanted: Iterable[str], arrived: Iterable[str]) -> list[str]:
    """Materials of the edition of which nothing that came in bears the name, a line each.

    Names are all there is to go by: a scan called 材料.pdf may hold any of them, so a line says
    that it was not entered by itself, no more.
    """
    names = [_plain(name) for name in arrived]
    return [
        f"材料“{one}”没有单独登记"
        for one in wanted
        if not any(_plain(one) in name or (len(name) > 1 and name in _plain(one)) for name in names)
    ]


def _plain(name: str) -> str:
    """A name of a file or a material as it is compared: no ending, no punctuation."""
    stem, dot, ending = name.rpartition(".")
    kept = stem if dot and ending.isascii() and len(ending) <= 4 else name
    return "".join(char for char in kept if char.isalnum())


def told_missing(lines: Iterable[str]) -> str:
    """The sentence that stays with the file."""
    said = "；".join(lines)
    return f"归档时缺少：{said}。" if said else "应有的文书齐全，办事指南要求的材料都有登记。"
