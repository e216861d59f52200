"""Rules: what is written of a project, field by field, and what is wrong with it. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from mingtang.base.errors import DomainError
from mingtang.projects.rules.states import CodeScheme, ProjectType
from mingtang.regions.rules import check_credit_code

FIELDS = {
    "name": "项目名称",
    "code_scheme": "代码种类",
    "code": "项目代码",
    "owner_name": "项目业主",
    "owner_credit_code": "业主统一社会信用代码",
    "owner_contact": "业主联系人",
    "owner_phone": "业主电话",
    "industry": "行业",
    "place_id": "建设地点",
    "land_square_metres": "用地面积",
    "scale": "建设内容及规模",
    "investment_cents": "总投资",
    "type": "项目性质",
    "funds": "资金来源",
    "start_year": "开始年份",
    "end_year": "完成年份",
    "responsible_id": "责任单位",
    "responsible_person": "责任人",
    "liaison_leader": "联系领导",
}
NEEDED = (
    *("name", "owner_name", "place_id", "investment_cents", "type"),
    *("start_year", "end_year", "responsible_id"),
)
SEALED = frozenset({"owner_contact", "owner_phone"})  # the ledger says that they changed, not how
_CODE = re.compile(r"[0-9A-Za-z-]{1,24}")
YEARS = range(1990, 2101)


def check_content(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a project, whole and clean. Raises DomainError naming the field."""
    unknown = content.keys() - FIELDS.keys()
    assert not unknown, unknown
    clean: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in content.items()
    }
    for name in NEEDED:
        if clean.get(name) in (None, ""):
            raise DomainError(f"请填写{FIELDS[name]}。")
    ProjectType(clean["type"])
    _check_years(clean["start_year"], clean["end_year"])
    _check_code(clean)
    if clean.get("owner_credit_code"):
        clean["owner_credit_code"] = check_credit_code(clean["owner_credit_code"]).code
    return clean


def _check_years(start: int, end: int) -> None:
    if start not in YEARS or end not in YEARS:
        raise DomainError(f"起止年份应在 {YEARS.start} 到 {YEARS.stop - 1} 年之间，请核对。")
    if end < start:
        raise DomainError(f"完成年份 {end} 早于开始年份 {start}，请核对。")


def _check_code(clean: dict[str, Any]) -> None:
    code, scheme = clean.get("code", ""), clean.get("code_scheme", "")
    if bool(code) != bool(scheme):
        raise DomainError("项目代码和代码种类要一起填写；还没有代码的，两项都留空。")
    if code:
        CodeScheme(scheme)
        if not _CODE.fullmatch(code):
            raise DomainError("项目代码最多 24 位，只用数字、字母和短横线，请核对。")


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Field → [before, after] of what differs; None for what is sealed: that it changed is all
    that the ledger says."""
    return {
        name: [None, None] if name in SEALED else [before[name], value]
        for name, value in after.items()
        if before[name] != value
    }
