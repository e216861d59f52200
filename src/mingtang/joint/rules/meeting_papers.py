"""Rules of joint meetings: the invitation and the minutes, one numbered paper each. Pure.

Official Chinese texts, whatever the language of the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mingtang.files.rules.documents import LONGEST_MARK, Paper, chinese_date
from mingtang.joint.rules.meetings import Consent, MeetingKind

INVITATION, MINUTES = "meeting_invitation", "meeting_minutes"
WORDS = {INVITATION: "联通", MINUTES: "联纪"}
SITE_VISIT_LAW = "《中华人民共和国行政许可法》第三十四条第三款"


def _mark(unit: str, kind: str) -> str:
    word = WORDS[kind]
    return f"{unit[: LONGEST_MARK - len(word)]}{word}"


@dataclass(frozen=True)
class Called:
    """What a meeting is about, as its papers say it."""

    kind: MeetingKind
    unit: str  # short name of who calls
    joint: str  # number and title
    part: str  # name of the one part; "" about the whole
    when: str
    place: str
    agenda: str
    papers: str
    answer_by: date

    @property
    def subject(self) -> str:
        return f"{self.joint}（{self.part}）" if self.part else self.joint


def invitation_paper(called: Called, units: Sequence[str], consent: Consent) -> Paper:
    """To all units in one paper: what, when, where, and until when their word is awaited."""
    silence = (
        f"{consent.of_whom}，按{consent.basis}视为同意提交讨论的方案；"
        "视为同意不代替本单位依法作出的审批决定。"
        if consent.of_whom
        else "逾期未提出意见的，如实记入会议记录。"
    )
    return Paper(
        kind=INVITATION,
        title=f"{called.kind.label}通知",
        mark=_mark(called.unit, INVITATION),
        addressee="、".join(units),
        paragraphs=(
            f"定于{called.when}在{called.place}就{called.subject}举行{called.kind.label}。",
            f"议题：{called.agenda}",
            *([f"随送材料：{called.papers}"] if called.papers else []),
            f"请派员参加，并在{chinese_date(called.answer_by)}前提出书面意见。{silence}",
        ),
        legal_basis=SITE_VISIT_LAW if called.kind is MeetingKind.SITE_VISIT else "",
        needs_seal=False,
    )


@dataclass(frozen=True)
class UnitLine:
    """A unit in the minutes."""

    unit: str
    attendance: str
    people: str
    standing: str
    reason: str


def minutes_paper(called: Called, lines: Sequence[UnitLine], summary: str) -> Paper:
    """The one record for all: who came, who said what, who was silent."""
    return Paper(
        kind=MINUTES,
        title=f"{called.kind.label}{'记录' if called.kind is MeetingKind.SITE_VISIT else '纪要'}",
        mark=_mark(called.unit, MINUTES),
        addressee="",
        paragraphs=(
            f"{called.when}在{called.place}就{called.subject}举行{called.kind.label}。",
            f"议题：{called.agenda}",
            summary,
            "各单位的意见不代替依法应当作出的审批决定。",
        ),
        legal_basis=SITE_VISIT_LAW if called.kind is MeetingKind.SITE_VISIT else "",
        needs_seal=False,
        row_heads=("单位", "到会", "参加人员", "意见", "理由或者条件"),
        rows=tuple(
            (one.unit, one.attendance, one.people, one.standing, one.reason) for one in lines
        ),
    )
