"""Rules of the look at a text before it is released: what in it leads to a natural person. Pure.

What is found by shape and check digits comes from base.privacy, the one place of the detectors.
A finding that blocks stops the release until the text is cleaned or the reviewer says why it may
stay (个人信息保护法 art. 25: nothing is published without separate consent; art. 34: no more than the
duty needs).
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

LABELS = {
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
_CARD_ISSUERS = re.compile(r"62|4|5[1-5]|2[2-7]|3[0-9]|9")
_OFFICIAL_MAIL = (".gov.cn",)


def scan_text(text: str, names: Iterable[str] = ()) -> tuple[Finding, ...]:
    """What of a text must be cleaned or looked at, line by line. `names`: persons who are known."""
    known = sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len, reverse=True)
    found = [
        finding
        for number, line in enumerate(privacy.readable(text[:LONGEST_TEXT]).splitlines(), 1)
        for finding in _in_line(line, known, f"第 {number} 行")
    ]
    if len(text) > LONGEST_TEXT:
        found.append(_finding(TOO_LONG, Severity.BLOCK, f"第 {LONGEST_TEXT} 个字以后", ""))
    return folded(found)


def scan_name(name: str, names: Iterable[str] = ()) -> tuple[Finding, ...]:
    """The same of the name of a file, which is published with it."""
    plain = privacy.readable(name)
    drafts = [
        _finding(DRAFT, Severity.WARN, "文件名", _around(plain, _mark(DRAFT, match)))
        for match in _DRAFT.finditer(plain)
    ]
    known = [one for one in names if len(one) > 1]
    return folded([*_in_line(plain, known, "文件名"), *drafts[:1]])


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that stop a release."""
    return tuple(finding for finding in findings if finding.severity == Severity.BLOCK)


def folded(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Of each kind the first few one by one, and how many more there are."""
    seen: Counter[tuple[str, Severity]] = Counter()
    shown = []
    for finding in findings:
        seen[finding.code, finding.severity] += 1
        if seen[finding.code, finding.severity] <= MOST_OF_A_KIND:
            shown.append(finding)
    rest = [
        _finding(code, severity, REST.format(count - MOST_OF_A_KIND), "")
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
            yield _finding(spot.kind, severity, where, _around(blotted, spot))


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
    return not (_CARD_GROUPS.fullmatch(said) and _CARD_ISSUERS.match(said))


_DOUBTS = {
    privacy.OLD_IDENTITY: _is_odd_old_identity,
    privacy.CARD: _is_odd_card,
}


def _around(blotted: str, spot: Spot) -> str:
    """A few characters of a line in which all that was found is blotted out."""
    before = blotted[max(0, spot.start - AROUND) : spot.start]
    return f"{before}{spot.masked}{blotted[spot.end : spot.end + AROUND]}"


def _finding(code: str, severity: Severity, where: str, quote: str) -> Finding:
    return Finding(code, severity, where, quote, ADVICE.get(code, ""))
