"""Rules: drafts of the next edition: states, moves, the shape of what is written. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from mingtang.base.errors import Conflict, DomainError, NotAllowed
from mingtang.catalogue.rules.details import BY_KEY, DETAILS, MATERIALS, contradictions
from mingtang.catalogue.rules.fields import Field, Text, is_blank
from mingtang.catalogue.rules.kinds import ItemKind
from mingtang.catalogue.rules.profiles import PROFILES
from mingtang.catalogue.rules.route import ROUTE, rows_of
from mingtang.timing.rules import Unit


class DraftState(Enum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    DISCARDED = "discarded"

    @property
    def label(self) -> str:
        return STATE_LABELS[self]


STATE_LABELS = {
    DraftState.DRAFT: "起草中",
    DraftState.IN_REVIEW: "待审核",
    DraftState.PUBLISHED: "已发布",
    DraftState.DISCARDED: "已放弃",
}
OPEN_STATES = (DraftState.DRAFT, DraftState.IN_REVIEW)


class DraftVerb(Enum):
    SAVE = "save"
    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"
    DISCARD = "discard"

    @property
    def label(self) -> str:
        return VERB_LABELS[self]


VERB_LABELS = {
    DraftVerb.SAVE: "保存",
    DraftVerb.SUBMIT: "提交审核",
    DraftVerb.RETURN: "退回修改",
    DraftVerb.PUBLISH: "审核并发布",
    DraftVerb.DISCARD: "放弃草稿",
}
MOVES = {
    (DraftState.DRAFT, DraftVerb.SAVE): DraftState.DRAFT,
    (DraftState.DRAFT, DraftVerb.SUBMIT): DraftState.IN_REVIEW,
    (DraftState.DRAFT, DraftVerb.DISCARD): DraftState.DISCARDED,
    (DraftState.IN_REVIEW, DraftVerb.RETURN): DraftState.DRAFT,
    (DraftState.IN_REVIEW, DraftVerb.PUBLISH): DraftState.PUBLISHED,
}


class WrongMove(Conflict):
    def __init__(self, state: DraftState, verb: DraftVerb) -> None:
        super().__init__(f"草稿现在是“{state.label}”，不能“{verb.label}”。请刷新页面后再办理。")


class DraftMoved(Conflict):
    """Someone else saved, or published, since the page was opened."""


class SamePerson(NotAllowed):
    def __init__(self) -> None:
        super().__init__("起草人不能审核自己写的内容，请由另一位审核人员办理。")


class DraftInvalid(DomainError):
    """What came cannot be kept in a draft: each sentence names its field, and its row."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("草稿没有保存：" + "".join(sentences))
        self.sentences = list(sentences)


def target_of(state: DraftState, verb: DraftVerb) -> DraftState:
    """Raises WrongMove."""
    if (state, verb) not in MOVES:
        raise WrongMove(state, verb)
    return MOVES[state, verb]


def check_second_person(reviewer_id: str, author_ids: Iterable[str]) -> None:
    """Raises SamePerson if the reviewer wrote in the draft."""
    if reviewer_id in set(author_ids):
        raise SamePerson


# What an edition says about an item, and what the item's own row says: name in forms and diffs.
FIELD_LABELS = {
    "name": "项目名称",
    "main_item": "主项",
    "kind": "事项类型",
    "profile": "办理程序类别",
    "body_code": "部门编码",
    "served": "服务对象",
    "basis": "办事依据",
    "conditions": "申报条件",
    "materials": "申报材料",
    "procedure": "办理程序",
    "on_the_spot": "即办件",
    "statutory": "法定时限",
    "statutory_basis": "法定时限依据",
    "promised": "承诺时限",
    "promised_is_default": "按中心统一承诺",
    "is_free": "是否收费",
    "fee": "收费标准",
    "route": "流程环节",
} | {field.key: field.label for field in DETAILS}
TEXTS = {
    "name": 300,
    "main_item": 300,
    "body_code": 64,
    "statutory_basis": 300,
    "basis": 20_000,
    "conditions": 20_000,
    "procedure": 20_000,
    "fee": 20_000,
}
TEXT_FIELDS = tuple(Text(key, FIELD_LABELS[key], most) for key, most in TEXTS.items())
MOST_AMOUNT = 9999
SERVED = ("natural", "legal", "both")


def check_shape(content: Mapping[str, Any]) -> None:
    """Refuse what no edition could hold. Blanks may stay: a draft need not be complete.

    Raises DraftInvalid with every sentence.
    """
    found = [*_faults(content, TEXT_FIELDS), *_choices(content), *_limits(content)]
    found += [*_faults(content, (MATERIALS, *DETAILS)), *_material_ids(content)]
    found += [f"“{ROUTE.label}”{fault}" for fault in ROUTE.faults(rows_of(content["route"]))]
    if not str(content.get("name") or "").strip():
        found.append("“项目名称”没有填写。")
    found = found or list(_contradictions(content))
    if found:
        raise DraftInvalid(found)


def _faults(content: Mapping[str, Any], fields: Iterable[Field]) -> list[str]:
    return [
        f"“{field.label}”{fault}"
        for field in fields
        if not is_blank(content.get(field.key))
        for fault in field.faults(content[field.key])
    ]


def _contradictions(content: Mapping[str, Any]) -> Iterator[str]:
    for key, row, text in contradictions(content):
        label = MATERIALS.label if key == MATERIALS.key else BY_KEY[key].label
        yield f"“{label}”{f'第{row}行' if row else ''}{text}"


def _choices(content: Mapping[str, Any]) -> list[str]:
    allowed: dict[str, Iterable[Any]] = {
        "kind": [kind.value for kind in ItemKind],
        "profile": PROFILES,
        "served": SERVED,
        "is_free": (True, False, None),
        "on_the_spot": (True, False),
        "promised_is_default": (True, False),
    }
    wrong = [key for key, values in allowed.items() if content.get(key) not in values]
    return [f"“{FIELD_LABELS[key]}”不在可选范围内，请重新选择。" for key in wrong]


def _limits(content: Mapping[str, Any]) -> list[str]:
    return [
        f"“{FIELD_LABELS[name]}”应有数字和单位，数字为0到{MOST_AMOUNT}，请补齐或都留空。"
        for name in ("statutory", "promised")
        if not _is_limit(content.get(f"{name}_amount"), content.get(f"{name}_unit"))
    ]


def _is_limit(amount: Any, unit: Any) -> bool:
    if amount is None or unit is None:
        return amount is None and unit is None
    known = [one.value for one in Unit]
    return type(amount) is int and 0 <= amount <= MOST_AMOUNT and unit in known


def _material_ids(content: Mapping[str, Any]) -> list[str]:
    return [
        f"“{MATERIALS.label}”第{number}行缺少材料标识，请重新填写这一行。"
        for number, line in enumerate(content.get("materials") or [], 1)
        if not str(line.get("id") or "")
    ]
