"""Rules of agents: their papers: letter (委托书), hand-over (移交单), completion (办结单). Pure.

Official Chinese texts, whatever the language of the page.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from mingtang.files.rules.documents import LONGEST_MARK, Paper, chinese_date
from mingtang.projects.rules.agency import Service

LETTER, HAND_OVER, COMPLETION = "agency_letter", "agency_hand_over", "agency_completion"
WORDS = {LETTER: "代委", HAND_OVER: "代移", COMPLETION: "代结"}


def _mark(unit: str, kind: str) -> str:
    word = WORDS[kind]
    return f"{unit[: LONGEST_MARK - len(word)]}{word}"


def named(services: Iterable[Service]) -> str:
    """The services in the order in which letters list them."""
    wanted = set(services)
    return "、".join(one.label for one in Service if one in wanted)


def letter_paper(
    *,
    unit: str,
    owner: str,
    project: str,
    agent: str,
    services: Iterable[Service],
    nodes: Sequence[str] | None,
    valid_from: date,
    valid_to: date,
) -> Paper:
    """What owner and agent sign: for what, from when to when, freely and free of charge."""
    whole = "项目全程" if nodes is None else f"部分环节：{'、'.join(nodes)}"
    return Paper(
        kind=LETTER,
        title="重大项目代办委托书",
        mark=_mark(unit, LETTER),
        addressee=unit,
        paragraphs=(
            (
                f"{owner}自愿委托{unit}代办员 {agent} 代办“{project}”的下列服务：{named(services)}"
                f"（{whole}）。"
            ),
            (
                f"委托期限自{chinese_date(valid_from)}至{chinese_date(valid_to)}。"
                "代办不收取任何费用，业主可以随时书面撤销委托。"
            ),
            (
                "代办员在委托范围内以业主名义咨询、申报、补交材料、催办和领取结果，"
                "每件事都注明代业主办理；代办员不参加审查和审批，不代替业主对材料的真实性负责。"
            ),
            "更换代办员的，由双方办理移交并告知业主，本委托书继续有效。",
        ),
        needs_seal=False,
        row_heads=("签字", "姓名", "日期"),
        rows=(("业主", "", ""), ("代办员", "", "")),
    )


def hand_over_paper(
    *, unit: str, project: str, giver: str, taker: str, note: str, acts: Sequence[Sequence[str]]
) -> Paper:
    """What goes from one agent to the next: each act that has no result yet."""
    told = (f"“{project}”的代办由 {giver} 移交给 {taker}，未了事项 {len(acts)} 件，列表如下。",)
    return Paper(
        kind=HAND_OVER,
        title="代办移交单",
        mark=_mark(unit, HAND_OVER),
        addressee="",
        paragraphs=(*told, *([note] if note else [])),
        needs_seal=False,
        row_heads=("日期", "事项", "存在问题"),
        rows=tuple(tuple(act) for act in acts),
    )


def completion_paper(
    *,
    unit: str,
    owner: str,
    project: str,
    agent: str,
    letter: str,
    on: date,
    act_count: int,
    steps: Sequence[Sequence[str]],
) -> Paper:
    """What was done under a letter, step by step against the plan."""
    return Paper(
        kind=COMPLETION,
        title="项目代办办结单",
        mark=_mark(unit, COMPLETION),
        addressee=owner,
        paragraphs=(
            (
                f"依据委托书 {letter}，代办员 {agent} 代办“{project}”的事项"
                f"到{chinese_date(on)}办结，台账共 {act_count} 条。"
            ),
            "请对代办服务作出评价；评价由业主自己作出，代办员不经手。",
        ),
        needs_seal=False,
        row_heads=("环节", "计划日期", "完成日期"),
        rows=tuple(tuple(step) for step in steps),
    )
