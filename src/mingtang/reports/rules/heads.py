"""Rules of reports: the head above the text: index number, issuing body, fields. Pure."""

import re
from collections.abc import Iterator

from mingtang.regions.rules import IdentifierError, check_credit_code, check_organisation_code
from mingtang.reports.rules.dating import period_of
from mingtang.reports.rules.documents import Context, Document, years_in
from mingtang.reports.rules.findings import Outcome, Passed, Unassessable, error, info, warn

CREDIT_CODES_SINCE = 2015  # 国发〔2015〕33号: the uniform social credit code, from 2015-10-01
_INDEX = re.compile(r"^([0-9A-Z]{18}|[0-9A-Z]{8}-?[0-9X])[/-](?:[^\d]*)((?:19|20)\d\d)")
_CLOCK = re.compile(r"(\d{1,2}:\d{2}(?::\d{2})?)")
_MIDNIGHT = re.compile(r"0?0:00(?::00)?")
_EXPECTED = (
    "索引号",
    "文号",
    "名称",
    "发文机关",
    "成文日期",
    "主题分类",
    "公开方式",
    "有效性",
    "体裁",
)


def check_index(document: Document, context: Context) -> Iterator[Outcome]:
    """L06: the code in the index number is a true one, and of its time."""
    field = document.head.get("索引号")
    match = _INDEX.match(field.value.upper()) if field else None
    if field is None or match is None:
        yield Unassessable("L06", "没有索引号，或编法不是“代码/年份-序号”")
        return
    code, year = match[1], int(match[2])
    is_credit = len(code) == 18
    try:
        (check_credit_code if is_credit else check_organisation_code)(code)
    except IdentifierError as problem:
        yield warn(
            "L06", field.line, field.quote, f"索引号里的代码不对：{problem}", "正确的机构代码"
        )
        return
    if is_credit and year < CREDIT_CODES_SINCE:
        why = f"索引号用了统一社会信用代码，这种代码2015年才有，{year}年的索引号应是迁移时重编的。"
        yield warn("L06", field.line, field.quote, why, "同时保留原索引号和迁移后的索引号")
    else:
        yield Passed("L06", f"索引号中的代码校验位正确：{code}")


def _is_short_for(short: str, full: str) -> bool:
    """Whether the characters of a short name stand in the full one in their order."""
    rest = iter(full)
    return all(char in rest for char in short)


def title_organ(document: Document) -> str:
    """The organ in whose name the title speaks."""
    if document.title is None:
        return ""
    text = document.title.text
    year = next((at for _, at in years_in(text)), len(text))
    words = re.search(r"关于|政府信息公开|信息公开|政务公开", text)
    return re.sub(r"[\s《》]", "", text[: min(year, words.start() if words else len(text))])


def check_organ(document: Document, context: Context) -> Iterator[Outcome]:
    """L07: who issued it is who speaks in the title."""
    organ = title_organ(document)
    said = [
        (name, document.head[name]) for name in ("发文机关", "信息来源") if name in document.head
    ]
    if not organ or not any(field.value for _, field in said):
        yield Unassessable("L07", "标题或页眉里没有机关名称")
        return
    other = [(name, one) for name, one in said if one.value and not _same(one.value, organ)]
    for name, field in other[:1]:
        why = f"{name}“{field.value}”不是标题中的“{organ}”，可能是机构更名后重挂的。"
        yield warn("L07", field.line, field.quote, why, f"{organ}（更名的注明曾用名和起止日期）")
    if not other:
        yield Passed("L07", "发文机关与标题一致")


def _same(name: str, organ: str) -> bool:
    plain = re.sub(r"\s", "", name)
    return _is_short_for(plain, organ) or _is_short_for(organ, plain)


def check_clock_time(document: Document, context: Context) -> Iterator[Outcome]:
    """L08: 成文日期 is a day, not the moment of a button."""
    field = document.head.get("成文日期")
    if field is None:
        return
    clock = _CLOCK.search(field.value)
    if clock and not _MIDNIGHT.fullmatch(clock[1]):
        why = f"成文日期带有时刻{clock[1]}，像是保存时自动填写的；成文日期只到日。"
        yield error("L08", field.line, field.quote, why, field.value[: clock.start()].strip())
    elif clock:
        yield info("L08", field.line, field.quote, "成文日期只写到日。", field.value[:10])
    else:
        yield Passed("L08", "成文日期只写到日")


def check_fields(document: Document, context: Context) -> Iterator[Outcome]:
    """L09: fields that are empty or missing, where the report has a head at all."""
    head = document.head
    if "索引号" not in head:
        return
    empty = [name for name, field in head.items() if not field.value]
    missing = [name for name in _EXPECTED if name not in head]
    if empty:
        field = head[empty[0]]
        why = (
            f"{'、'.join(empty)}没有填写"
            + (f"；缺少{'、'.join(missing)}" if missing else "")
            + "。"
        )
        yield warn("L09", field.line, field.quote, why, "补全页眉各项")
    elif missing:
        field = head["索引号"]
        yield info(
            "L09", field.line, field.quote, f"页眉缺少{'、'.join(missing)}。", "补全页眉各项"
        )


def check_completeness(document: Document, context: Context) -> Iterator[Outcome]:
    """L19: what a reader looks for: the period, where to get it, whom to ask."""
    period, text = period_of(document, context.year), document.text
    missing = []
    if period is None or not period.line:
        missing.append("统计期限")
    if not any(word in text for word in ("下载", "网址", "网站查阅", "可在", "查阅")):
        missing.append("下载查阅方式")
    if not any(
        word in text for word in ("联系电话", "电话:", "联系地址", "地址:", "邮编", "联系人")
    ):
        missing.append("联系方式")
    if missing:
        line = document.title.line if document.title else 1
        quote = document.title.raw if document.title else ""
        yield info("L19", line, quote, f"没有写明{'、'.join(missing)}。", "在开头写明")
