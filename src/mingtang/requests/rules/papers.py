"""Rules of requests: the papers of a request, one form each (宿政办函〔2021〕21号's list). Pure.

Official Chinese texts, whatever the language of the page. `{places}` are filled from facts.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mingtang.files.rules.documents import LONGEST_MARK, Paper, chinese_date
from mingtang.requests.rules.deciding import Part
from mingtang.requests.rules.kinds import Kind
from mingtang.requests.rules.moves import MOVES

PLACE = re.compile(r"\{(\w+)\}")
MARK = "公复"


class PaperKind(StrEnum):
    """A form. Stored as the kind of a document."""

    APPLICATION = "request_application"
    REGISTER = "request_register"
    RECEIPT = "request_receipt"
    FLOW = "request_flow"
    CORRECTION = "request_correction"
    REASONS = "request_reasons"
    EXTENSION = "request_extension"
    THIRD_PARTY = "request_third_party"
    THIRD_PARTY_REPLY = "request_third_party_reply"
    CONSULT_NOTICE = "request_consult_notice"
    THIRD_PARTY_TOLD = "request_third_party_told"
    JOINT = "request_joint"
    ASSIST = "request_assist"
    FEE = "request_fee"
    APPROVAL = "request_approval"
    REPLY = "request_reply"
    MOVED = "request_moved"

    @property
    def form(self) -> "Form":
        return FORMS[self]

    @property
    def is_for_applicant(self) -> bool:
        return FORMS[self].is_for_applicant


@dataclass(frozen=True)
class Form:
    """One form: its title, paragraphs, who gets it, whether it bears a number and a seal."""

    title: str
    paragraphs: tuple[str, ...]
    basis: str = ""
    addressee: str = "{applicant}"
    is_numbered: bool = True
    needs_seal: bool = True
    is_for_applicant: bool = True
    heads: tuple[str, ...] = ()


_INNER = {"is_numbered": False, "needs_seal": False, "is_for_applicant": False}
_ASKED = "您于{submitted}提出的政府信息公开申请（编号 {number}）收悉。"
FORMS: dict[PaperKind, Form] = {
    PaperKind.APPLICATION: Form(
        "政府信息公开申请表",
        ("申请人向{unit}申请公开下列政府信息。", "所需政府信息的内容：{description}"),
        addressee="{unit}",
        is_numbered=False,
        needs_seal=False,
        heads=("项目", "内容"),
    ),
    PaperKind.REGISTER: Form(
        "政府信息公开申请登记表",
        ("编号 {number}，{channel}。", "内容：{description}"),
        addressee="",
        heads=("项目", "内容"),
        **_INNER,  # type: ignore[arg-type]
    ),
    PaperKind.RECEIPT: Form(
        "政府信息公开申请接收回执",
        (
            "您的政府信息公开申请（编号 {number}）已经收到。",
            (
                "收到申请之日为{received}（{rule}）。本机关自次日起 {days} 个工作日内答复，"
                "最晚在{due}；依法补正、征求意见、延期、收费的，另行书面告知。"
            ),
        ),
        basis="{receipt_article}",
    ),
    PaperKind.FLOW: Form(
        "依申请公开办理流程图",
        ("从收到申请到答复和救济，每一步由谁办、期限怎样计、留下什么文书。",),
        addressee="",
        is_numbered=False,
        needs_seal=False,
        heads=("步骤", "由谁办", "期限", "文书"),
    ),
    PaperKind.CORRECTION: Form(
        "政府信息公开申请补正告知书",
        (
            _ASKED + "经审查，申请内容不明确，请补正：",
            "{wanted}",
            (
                "请在{term}前补正。本机关自收到补正之日起重新计算答复期限；"
                "无正当理由逾期不补正的，视为放弃申请，本机关不再处理。"
            ),
        ),
        basis="{correction_article}",
    ),
    PaperKind.REASONS: Form(
        "政府信息公开申请说明理由告知书",
        (
            _ASKED + "您申请公开政府信息的数量、频次明显超过合理范围：{wanted}",
            (
                "请在{term}前书面说明理由。理由不合理的，本机关不予处理；"
                "理由合理但不能在期限内答复的，本机关确定延迟答复的合理期限并告知您。"
            ),
        ),
        basis="{reasons_article}",
    ),
    PaperKind.EXTENSION: Form(
        "政府信息公开延期答复告知书",
        (
            _ASKED + "因{reason}，不能在{old_due}前答复。",
            "经本机关政府信息公开工作机构负责人同意，延长 {days} 个工作日，答复期限到{due}。",
        ),
        basis="{extension_article}",
    ),
    PaperKind.THIRD_PARTY: Form(
        "政府信息公开征求意见书",
        (
            "本机关收到申请，要求公开下列政府信息，其内容可能涉及贵方合法权益：{question}",
            (
                "请自收到本意见书之日起 {days} 个工作日内，在所附确认函上写明是否同意公开；"
                "不同意的请说明理由。逾期未提出意见的，由本机关依法决定是否公开。"
            ),
        ),
        basis="{third_article}",
        addressee="{party}",
        is_for_applicant=False,
    ),
    PaperKind.THIRD_PARTY_REPLY: Form(
        "政府信息公开征求意见确认函",
        ("关于：{question}", "我方意见（请勾选）并说明理由："),
        addressee="{unit}",
        heads=("意见", "勾选", "理由"),
        **_INNER,  # type: ignore[arg-type]
    ),
    PaperKind.CONSULT_NOTICE: Form(
        "政府信息公开征求意见告知书",
        (
            _ASKED + "申请的信息{why}，本机关已于{sent}书面征求意见。",
            "征求意见所需时间不计算在答复期限内。",
        ),
        basis="{tolling_article}",
    ),
    PaperKind.THIRD_PARTY_TOLD: Form(
        "依申请公开告知书",
        (
            (
                "贵方不同意公开的下列政府信息，本机关认为不公开会对公共利益造成重大影响，"
                "决定予以公开：{question}"
            ),
            "理由：{override}",
        ),
        basis="{third_article}",
        addressee="{party}",
        is_for_applicant=False,
    ),
    PaperKind.JOINT: Form(
        "政府信息公开征求意见书",
        (
            "本机关收到申请，要求公开由贵机关与本机关共同制作的下列政府信息：{question}",
            "请自收到本意见书之日起 {days} 个工作日内提出意见；逾期未提出意见的，视为同意公开。",
        ),
        basis="{joint_article}",
        addressee="{party}",
        is_for_applicant=False,
    ),
    PaperKind.ASSIST: Form(
        "政府信息公开协办函",
        ("因办理政府信息公开申请（编号 {number}）需要，请贵单位协助：{question}",),
        addressee="{party}",
        is_for_applicant=False,
    ),
    PaperKind.FEE: Form(
        "政府信息公开信息处理费收费通知书",
        (
            _ASKED + "依照规定{basis}，应缴信息处理费 {amount} 元，计算如下。",
            (
                "请自收到本通知次日起 {days} 个工作日内（到{term}）缴纳。缴费后重新计算答复期限；"
                "逾期未缴纳的，视为放弃申请，本机关不再处理。"
            ),
        ),
        basis="{tariff}",
        heads=("序号", "数量", "单价（元）", "金额（元）"),
    ),
    PaperKind.APPROVAL: Form(
        "政府信息公开审查呈批单",
        ("申请（编号 {number}）：{description}", "承办人 {drafter} 于{drafted}拟写答复，请审批。"),
        addressee="",
        heads=("内容", "处理", "依据", "理由"),
        **_INNER,  # type: ignore[arg-type]
    ),
    PaperKind.REPLY: Form(
        "政府信息公开申请答复书",
        (_ASKED + "您申请公开：{description}", "经审查，答复如下："),
        basis="{law}",
    ),
    PaperKind.MOVED: Form(
        "主动公开移送明细表",
        ("下列依申请公开的政府信息，多人申请或者涉及公众利益，移送主动公开。", "理由：{reason}"),
        addressee="",
        heads=("项目", "内容"),
        **_INNER,  # type: ignore[arg-type]
    ),
}


def mark_of(unit: str) -> str:
    """The word of its numbers: 水利局公复."""
    return f"{unit[: LONGEST_MARK - len(MARK)]}{MARK}"


def paper(
    kind: PaperKind,
    *,
    unit: str,
    facts: Mapping[str, str],
    paragraphs: Sequence[str] = (),
    rows: Iterable[Sequence[str]] = (),
    remedies: str = "",
) -> Paper:
    """A form filled in. `unit`: the organ's short name; `paragraphs` follow those of the form.

    What is put in is never read for places again. Raises KeyError for a fact that is missing.
    """
    form = FORMS[kind]
    told = {"unit": unit, **facts}

    def filled(text: str) -> str:
        return PLACE.sub(lambda found: told[found[1]], text)

    return Paper(
        kind=kind.value,
        title=form.title,
        mark=mark_of(unit) if form.is_numbered else "",
        addressee=filled(form.addressee),
        paragraphs=(*(filled(text) for text in form.paragraphs), *paragraphs),
        legal_basis=filled(form.basis),
        remedies=remedies,
        needs_seal=form.needs_seal,
        rows=tuple(tuple(row) for row in rows),
        row_heads=form.heads,
    )


def part_paragraphs(parts: Sequence[Part], on: date) -> list[str]:
    """What a letter says of each part, numbered where there are several."""
    numerals = "一二三四五六七八九十"
    told = []
    for place, part in enumerate(parts):
        head = f"{numerals[place]}、" if len(parts) > 1 and place < len(numerals) else ""
        basis = part.basis.strip() or part.kind.row.legal_basis(on)
        reason = f"理由：{part.reason.strip()}" if part.reason.strip() else ""
        if part.kind is Kind.A and reason:
            reason = part.reason.strip()
        end = "" if not reason or reason[-1] in "。！？" else "。"
        told.append(
            f"{head}关于“{part.scope.strip()}”：{part.kind.row.says}（{basis}）{reason}{end}"
        )
    return told


def flow_rows() -> list[tuple[str, str, str, str]]:
    """The flow chart as rows, from the table of moves."""
    return [
        (
            move.label,
            "、".join(
                [
                    *(["申请人"] if move.by_applicant else []),
                    *sorted(role.label for role in move.roles),
                ]
            ),
            move.clock or "不变",
            move.paper or "无",
        )
        for move in MOVES
    ]


def told_day(on: date | None) -> str:
    return chinese_date(on) if on else "未定"
