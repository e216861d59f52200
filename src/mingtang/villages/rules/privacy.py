"""Rules: what of a natural person stays out of a village's disclosures. Pure.

Lists of who receives relief show the name and the sum: 《村民委员会组织法》第三十条 asks for no
more, and identity numbers, accounts and illnesses are sensitive (《个人信息保护法》第二十八条).
"""

import re
from collections.abc import Iterable

from mingtang.base.errors import DomainError
from mingtang.disclosure.rules import scan
from mingtang.disclosure.rules.scan import Finding, Severity

ILLNESS = "illness"
_PRIVATE_COLUMN = re.compile(
    r"身份|证件|电话|手机|联系|账号|帐号|账户|卡号|银行|病|症|残疾|健康|住址|地址|出生|年龄|致贫"
)
_ILLNESS = re.compile(
    r"癌|肿瘤|白血病|尿毒症|透析|精神病|精神障碍|精神残疾|智力残疾|肢体残疾|艾滋|肝炎|肺结核"
    r"|糖尿病|心脏病|癫痫|抑郁|瘫痪|中风|重病|大病|患病"
)


class Private(DomainError):
    """What was written leads to a natural person, or to their body."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        told = "；".join(f"{one.where}有{_label(one)}，{one.advice}" for one in self.findings[:5])
        super().__init__(f"公开的内容里有不能公开的个人信息：{told}改好后再提交，已填的都在。")


def _label(one: Finding) -> str:
    return "病情" if one.code == ILLNESS else one.label


def is_private_column(heading: str) -> bool:
    """Whether a column of a table is of the sort that no village lays open."""
    return bool(_PRIVATE_COLUMN.search("".join(heading.split())))


def look(lines: Iterable[tuple[str, str]], names: Iterable[str] = ()) -> tuple[Finding, ...]:
    """What must be cleaned before anybody reads it; each line says where it stands."""
    listed = list(lines)
    found = scan.blocking(scan.scan_lines(listed, names))
    ill = [
        Finding(ILLNESS, Severity.BLOCK, where, "", "删去病名和病情，只写救助类别。")
        for where, text in listed
        if _ILLNESS.search(text)
    ]
    return (*found, *ill)


def check(lines: Iterable[tuple[str, str]], names: Iterable[str] = ()) -> None:
    """Raises Private."""
    if found := look(lines, names):
        raise Private(found)
