"""Rules: what a programme may say. It means only what the city wrote into it. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from mingtang.base.errors import DomainError

Content = Mapping[str, Any]
PROGRAMME_FIELDS = {
    "name": "名称",
    "year": "年份",
    "elements": "要素",
    "stages": "阶段",
    "limits": "时限",
    "entry_rule": "入库条件",
    "note": "说明",
    "is_confirmed": "名称已核实",
    "absence_is_consent": "缺席默认",
    "silence_is_consent": "超时默许",
    "consent_basis": "依据文号",
    "consent_basis_date": "依据日期",
}
MOST_ELEMENTS = 20


def check_programme(content: Content) -> dict[str, Any]:
    """The content, clean. Raises DomainError naming what is missing."""
    unknown = content.keys() - PROGRAMME_FIELDS.keys()
    assert not unknown, unknown
    clean: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in content.items()
    }
    if not clean.get("name"):
        raise DomainError("请填写计划的名称。")
    _check_elements(clean.get("elements", ()))
    _check_limits(clean.get("limits", ()))
    consents = clean.get("absence_is_consent") or clean.get("silence_is_consent")
    if consents and not (clean.get("consent_basis") and clean.get("consent_basis_date")):
        raise DomainError("启用“缺席默认”或“超时默许”，须填写作为依据的文件的文号和日期。")
    return clean


def _check_elements(elements: Sequence[Mapping[str, Any]]) -> None:
    if len(elements) > MOST_ELEMENTS:
        raise DomainError(f"要素最多 {MOST_ELEMENTS} 个。")
    names = [one["name"] for one in elements if one["name"]]
    for name in names:
        if names.count(name) > 1:
            raise DomainError(f"要素“{name}”写了两遍，请改一个。")


def _check_limits(limits: Sequence[Mapping[str, Any]]) -> None:
    for limit in limits:
        if not limit["name"] or not 1 <= limit["days"] <= 1000:
            raise DomainError("时限要写名称和 1 到 1000 个工作日。")


def changed(before: Content, after: Content) -> dict[str, list[Any]]:
    """Field → [before, after] of what differs."""
    return {name: [before[name], value] for name, value in after.items() if before[name] != value}
