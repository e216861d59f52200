"""Rules of the look at a text before it is released: what in it leads to a natural person. Pure.

What is found by shape and check digits comes from base.privacy, the one place of the detectors.
A finding that blocks stops the release until the text is cleaned or the reviewer says why it may
stay: nothing is published without separate consent (《个人信息保护法》第二十五条), and no more than
the duty needs (第三十四条).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mingtang.base import privacy
from mingtang.base.masking import mask_person_name
from mingtang.base.privacy import Spot

AROUND = 8  # characters of the text quoted on either side
MOST_OF_A_KIND = 20  # findings told one by one; the rest of their kind in one line
LONGEST_TEXT = 2_000_000  # characters looked at; a longer text says so and is stopped
REST = "其余 {} 处"


class Severity(StrEnum):
    BLOCK = "block"
    WARN = "warn"

    @property
    def label(self) -> str:
        return "必须处理" if self is Severity.BLOCK else "请核对"


@dataclass(frozen=True)
class Finding:
    """What was found, where, and what to do. The quote is masked: findings are kept and shown."""

    code: str
    severity: Severity
    where: str
    quote: str
    advice: str

    @property
    def label(self) -> str:
        return LABELS.get(self.code, self.code)


NAME, TOO_LONG = "person_name", "too_long"
SECRET, INTERNAL = "secrecy_mark", "internal_mark"
DRAFT = "draft_mark"

# What a file holds besides its text.
COMMENT, TRACKED, HIDDEN_TEXT, AUTHOR = "comment", "tracked", "hidden_text", "author"
HIDDEN_SHEET, HIDDEN_ROW, HIDDEN_COLUMN = "hidden_sheet", "hidden_row", "hidden_column"
HIDDEN_SLIDE, NOTES, EXTERNAL, NAMED = "hidden_slide", "notes", "external", "named_range"
PIVOT, ANNOTATION, ATTACHED = "pivot_cache", "annotation", "attached"
PLACE, CAMERA, NO_TEXT, UNREADABLE = "place", "camera", "no_text", "unreadable"

LABELS = {
    COMMENT: "批注",
    TRACKED: "修订痕迹",
    HIDDEN_TEXT: "隐藏文字",
    AUTHOR: "作者信息",
    HIDDEN_SHEET: "隐藏的工作表",
    HIDDEN_ROW: "隐藏的行",
    HIDDEN_COLUMN: "隐藏的列",
    HIDDEN_SLIDE: "隐藏的幻灯片",
    NOTES: "演讲者备注",
    EXTERNAL: "外部链接",
    NAMED: "定义的名称",
    PIVOT: "数据透视表缓存",
    ANNOTATION: "注释",
    ATTACHED: "夹带的文件",
    PLACE: "拍摄地点",
    CAMERA: "拍摄信息",
    NO_TEXT: "读不出文字的页或图片",
    UNREADABLE: "不能检查的文件",
    privacy.IDENTITY: "公民身份号码",
    privacy.OLD_IDENTITY: "15 位身份号码",
    privacy.CARD: "银行卡号",
    privacy.MOBILE: "手机号码",
    privacy.LANDLINE: "固定电话",
    privacy.PLATE: "车牌号码",
    privacy.MAIL: "电子邮箱",
    privacy.HOME: "个人住址",
    privacy.ROOM: "门牌到室的地址",
    NAME: "当事人姓名",
    SECRET: "密级标志",
    INTERNAL: "内部标志",
    DRAFT: "未定稿字样",
    TOO_LONG: "文本过长",
}
ADVICE = {
    COMMENT: "在“审阅”里删除全部批注，另存后重新上传。",
    TRACKED: "在“审阅”里接受或拒绝全部修订，另存后重新上传。",
    HIDDEN_TEXT: "显示隐藏文字并删去，另存后重新上传。",
    AUTHOR: "在“文件 → 检查文档”里删除作者、单位等属性，另存后重新上传。",
    HIDDEN_SHEET: "取消隐藏并核对，不公开的工作表请删除。",
    HIDDEN_ROW: "取消隐藏（或清除筛选）并核对，不公开的行请删除。",
    HIDDEN_COLUMN: "取消隐藏并核对，不公开的列请删除。",
    HIDDEN_SLIDE: "取消隐藏并核对，不公开的幻灯片请删除。",
    NOTES: "删除备注，或另存为 PDF 后上传。",
    EXTERNAL: "在“数据 → 编辑链接”里断开链接，另存后重新上传。",
    NAMED: "在“名称管理器”里核对，指向不公开数据的请删除。",
    PIVOT: "透视表里带着全部原始数据：请复制为数值，删去透视表。",
    ANNOTATION: "删除注释，或重新打印为 PDF 后上传。",
    ATTACHED: "把附件取出单独送审。",
    PLACE: "删除照片的位置信息后重新上传。",
    CAMERA: "核对照片的拍摄时间、设备信息能否公开；另存一份可以去掉。",
    NO_TEXT: "扫描页和图片里的字不能自动检查，请逐一人工核对有没有身份证号、电话等。",
    UNREADABLE: "请重新另存为 DOCX、XLSX、PDF 或图片后再上传。",
    privacy.IDENTITY: "删去，或只留前三位和后两位。",
    privacy.OLD_IDENTITY: "核实是不是旧身份证号；是就删去，是登记号请在前面写明“注册号”。",
    privacy.CARD: "删去，或只留后四位。",
    privacy.MOBILE: "个人手机请删去；确需公布的工作手机，由审核人写明理由。",
    privacy.LANDLINE: "核实是单位电话；家庭电话请删去。",
    privacy.PLATE: "删去，或只留前两位；公车处置等依法公开的，由审核人写明理由。",
    privacy.MAIL: "核实是单位邮箱；个人邮箱请删去。",
    privacy.HOME: "写到村（社区）、街路为止，删去门牌。",
    privacy.ROOM: "核实是不是住宅；是住宅请写到街路为止。",
    NAME: "当事人姓名请隐去，如“王*”；依法应公开姓名的，由审核人写明理由。",
    SECRET: "带密级标志的文件不得公开；已解密的请附解密依据，删去标志再送审。",
    INTERNAL: "核实能否公开；可以公开的请删去这行字样。",
    DRAFT: "核实是不是定稿；文件名会一起公开，请改名后重新上传。",
    TOO_LONG: "太长，不能全部检查；请分成几份。",
}
_SAID = {SECRET, INTERNAL, DRAFT}  # words that are quoted as they stand
_WARNS = {privacy.LANDLINE, privacy.MAIL, privacy.ROOM, INTERNAL, DRAFT}

_SECRET = re.compile(r"(?:绝密|机密|秘密)[ \u3000]{0,4}[★☆]")
_INTERNAL = re.compile(r"内部资料|内部文件|内部使用|不得外传|注意保存|不予公开$")
_DRAFT = re.compile(r"草稿|讨论稿|送审稿|修改稿|未定稿|改稿|批注|副本|最终版|终稿")
_NUMBER_LABEL = re.compile(r"(?:注册号|登记号|登记证号|许可证号|证书编号)[:：为]?[ ]{0,2}$")
_CARD_GROUPS = re.compile(r"\d{13,19}|\d{4}(?:[ \-]\d{4}){2,3}(?:[ \-]\d{1,4})?|\d{6}[ \-]\d{13}")
# By length: only UnionPay (62) has cards of more than sixteen digits.
_CARD_ISSUERS = re.compile(r"62\d{11,17}|[459]\d{15}|2[2-7]\d{14}|35\d{14}|3[0-9]\d{12,13}|4\d{12}")
_OFFICIAL_MAIL = (".gov.cn",)


def scan_text(text: str, names: Iterable[str] = ()) -> tuple[Finding, ...]:
    """What of a text must be cleaned or looked at, line by line. `names`: persons who are known."""
    lines = text[:LONGEST_TEXT].splitlines()
    found = scan_lines(((f"第 {number} 行", line) for number, line in enumerate(lines, 1)), names)
    if len(text) > LONGEST_TEXT:
        where = f"第 {LONGEST_TEXT} 个字以后"
        found = (*found, finding(TOO_LONG, Severity.BLOCK, where))
    return found


def scan_lines(lines: Iterable[tuple[str, str]], names: Iterable[str] = ()) -> tuple[Finding, ...]:
    """The same of lines that say where they stand: rows of a sheet, paragraphs of a page."""
    known = sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len, reverse=True)
    return folded(
        found for where, line in lines for found in _in_line(privacy.readable(line), known, where)
    )


def scan_name(name: str, names: Iterable[str] = ()) -> tuple[Finding, ...]:
    """The same of the name of a file, which is published with it."""
    plain = privacy.readable(name)
    drafts = [
        finding(DRAFT, Severity.WARN, "文件名", _around(plain, _mark(DRAFT, match)))
        for match in _DRAFT.finditer(plain)
    ]
    known = [one for one in names if len(one) > 1]
    return folded([*_in_line(plain, known, "文件名"), *drafts[:1]])


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that stop a release."""
    return tuple(one for one in findings if one.severity == Severity.BLOCK)


def folded(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Of each kind the first few one by one, and how many more there are."""
    seen: Counter[tuple[str, Severity]] = Counter()
    shown = []
    for one in findings:
        seen[one.code, one.severity] += 1
        if seen[one.code, one.severity] <= MOST_OF_A_KIND:
            shown.append(one)
    rest = [
        finding(code, severity, REST.format(count - MOST_OF_A_KIND))
        for (code, severity), count in seen.items()
        if count > MOST_OF_A_KIND
    ]
    return (*shown, *rest)


def _in_line(line: str, names: Iterable[str], where: str) -> Iterator[Finding]:
    if not line.strip():
        return
    spots = sorted([*_spots(line), *_named(line, names)], key=lambda spot: (spot.start, spot.end))
    blotted = privacy.blotted(line, (spot for spot in spots if spot.kind not in _SAID))
    for spot in spots:
        if severity := _severity(line, spot):
            yield finding(spot.kind, severity, where, _around(blotted, spot))


def _spots(line: str) -> Iterator[Spot]:
    yield from privacy.find(line)
    yield from privacy.find_homes(line)
    for code, pattern in ((SECRET, _SECRET), (INTERNAL, _INTERNAL)):
        for match in pattern.finditer(line):
            yield _mark(code, match)


def _mark(code: str, match: re.Match[str]) -> Spot:
    """A word that is itself the finding hides nothing."""
    return Spot(code, match.start(), match.end(), match[0])


def _named(line: str, names: Iterable[str]) -> Iterator[Spot]:
    for name in names:
        for match in re.finditer(re.escape(name), line):
            yield Spot(NAME, match.start(), match.end(), mask_person_name(name))


def _severity(line: str, spot: Spot) -> Severity | None:
    """How grave a spot is; None where it is nothing after all."""
    said = line[spot.start : spot.end]
    if spot.kind == privacy.MAIL and said.lower().endswith(_OFFICIAL_MAIL):
        return None
    if spot.kind == privacy.IDENTITY and not _has_birthday(said):
        return None  # a credit code whose check is right for this too, as 113308810026310171
    if spot.kind in _WARNS or (spot.kind in _DOUBTS and _DOUBTS[spot.kind](line, spot)):
        return Severity.WARN
    return Severity.BLOCK


def _has_birthday(said: str) -> bool:
    return _is_day(re.sub(r"\D", "", said)[6:14])


def _is_odd_old_identity(line: str, spot: Spot) -> bool:
    number = re.sub(r"\D", "", line[spot.start : spot.end])
    is_labelled = bool(_NUMBER_LABEL.search(line[max(0, spot.start - 8) : spot.start]))
    return is_labelled or not _is_day(f"19{number[6:12]}")


def _is_day(digits: str) -> bool:
    try:
        return 1880 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).year <= 2100
    except ValueError:
        return False


def _is_odd_card(line: str, spot: Spot) -> bool:
    """A row of figures whose check is right by chance: no issuer's number, or not set as one."""
    said = line[spot.start : spot.end]
    number = re.sub(r"\D", "", said)
    return not (_CARD_GROUPS.fullmatch(said) and _CARD_ISSUERS.fullmatch(number))


_DOUBTS = {
    privacy.OLD_IDENTITY: _is_odd_old_identity,
    privacy.CARD: _is_odd_card,
}


def _around(blotted: str, spot: Spot) -> str:
    """A few characters of a line in which all that was found is blotted out."""
    before = blotted[max(0, spot.start - AROUND) : spot.start]
    return f"{before}{spot.masked}{blotted[spot.end : spot.end + AROUND]}"


def finding(code: str, severity: Severity, where: str, quote: str = "") -> Finding:
    """A finding of a known kind, with its advice."""
    return Finding(code, severity, where, quote, ADVICE.get(code, ""))
