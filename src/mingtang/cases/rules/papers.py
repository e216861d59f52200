"""Rules: the papers that acts on a case leave, and what they say. Pure.

One table: a paper's title, the word of its number (字), its sentences with places for what the
act knows, and the article behind it where the procedure is that of the permit law.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mingtang.files.rules.documents import Paper


@dataclass(frozen=True)
class Form:
    """How a paper reads. `law` is cited for permits only: other procedures have no such article.

    What is internal stays in the house and addresses nobody.
    """

    title: str
    word: str
    sentences: tuple[str, ...]
    law: str = ""
    needs_seal: bool = True
    heads: tuple[str, ...] = ()
    is_internal: bool = False


_APPLIED = "您（单位）就“{item}”提出的申请（办件编号 {number}）"
_MISSING = ("序号", "材料", "需要补正的内容")

FORMS: Mapping[str, Form] = {
    "receipt": Form(
        "收件凭证",
        "收",
        (_APPLIED + "已于 {day} 收到，收到的材料列在下面。", "{next}"),
        needs_seal=False,
        heads=("序号", "材料", "份数"),
    ),
    "not_required": Form(
        "不受理告知书",
        "不受理",
        (_APPLIED + "，经核对，依法不需要取得行政机关的批准，不予受理。", "理由：{reason}"),
        "《中华人民共和国行政许可法》第三十二条第一款第（一）项",
    ),
    "declined": Form(
        "不予受理决定书",
        "不予受理",
        (
            _APPLIED + "，经核对，不属于本机关的职权范围，决定不予受理。",
            "理由：{reason}",
            "请向 {competent} 提出申请。",
        ),
        "《中华人民共和国行政许可法》第三十二条第一款第（二）项",
    ),
    "correction": Form(
        "补正通知书",
        "补正",
        (
            _APPLIED + "，材料不齐全或者不符合法定形式。需要补正的全部内容一次性告知如下。",
            "{note}",
            "请于 {due} 前补正，可以在网上提交，也可以送到窗口。",
        ),
        "《中华人民共和国行政许可法》第三十二条第一款第（四）项",
        heads=_MISSING,
    ),
    "correction_receipt": Form(
        "补正收件凭证",
        "补收",
        (_APPLIED + "，补正材料已于 {day} 收到，列在下面。",),
        needs_seal=False,
        heads=("序号", "材料", "份数"),
    ),
    "returned": Form(
        "退件通知书",
        "退",
        (
            _APPLIED + "，现将申请材料退回。",
            "理由：{reason}",
            "这不是对申请的决定。材料备齐后，可以重新提出申请。",
        ),
    ),
    "accepted": Form(
        "受理通知书",
        "受",
        (
            _APPLIED + "，材料齐全、符合法定形式，决定于 {day} 受理。",
            "{limits}",
            "{deferred}",
            "凭办件编号和查询码可以查询办理进度。",
        ),
        "《中华人民共和国行政许可法》第三十二条第一款第（五）项、第二款",
    ),
    "deemed_accepted": Form(
        "受理通知书（视为受理）",
        "受",
        (
            _APPLIED + "，自 {day} 收到材料之日起五个工作日内未告知补正，"
            "自收到申请材料之日起即为受理。",
            "{limits}",
        ),
        "《中华人民共和国行政许可法》第三十二条第一款第（四）项",
    ),
    "pause": Form(
        "特别程序告知书",
        "特",
        (
            _APPLIED + "，需要依法进行{kind}。",
            "事由：{reason}",
            "预计需要 {days} 个工作日（至 {due}）。所需时间不计算在办理期限内。",
        ),
        "《中华人民共和国行政许可法》第四十五条",
    ),
    "extension": Form(
        "延期告知书",
        "延",
        (
            _APPLIED + "，不能在法定期限内作出决定，经本机关负责人批准，延长 {days} 个工作日。",
            "延期理由：{reason}",
            "延长后的法定办结日期：{due}。",
        ),
        "《中华人民共和国行政许可法》第四十二条",
    ),
    "transfer": Form(
        "转办单",
        "转",
        ("“{item}”的申请（办件编号 {number}）由 {sender} 转至 {receiver} 办理。", "理由：{reason}"),
        needs_seal=False,
    ),
    "referred_up": Form(
        "上报单",
        "上报",
        (
            "“{item}”的申请（办件编号 {number}，申请人：{applicant}），由 {sender} 初审。",
            "现报 {receiver} 决定。",
            "初审意见：{finding}。{opinion}",
            "初审人：{who}。初审意见不是对申请的决定。",
        ),
        "《中华人民共和国行政许可法》第四十三条",
        needs_seal=False,
        is_internal=True,
    ),
    "granted": Form(
        "准予决定书",
        "准",
        (_APPLIED + "，经审查，决定准予。", "{reason}"),
        "《中华人民共和国行政许可法》第三十八条第一款",
    ),
    "granted_partly": Form(
        "准予决定书（部分）",
        "准",
        (_APPLIED + "，经审查，决定部分准予。", "{reason}"),
        "《中华人民共和国行政许可法》第三十八条",
    ),
    "refused": Form(
        "不予决定书",
        "不准",
        (_APPLIED + "，经审查，决定不予准予。", "理由：{reason}"),
        "《中华人民共和国行政许可法》第三十八条第二款",
    ),
    "deemed_granted": Form(
        "准予延续决定书（视为准予）",
        "准延",
        (_APPLIED + "，原证件（{renewed}）有效期于 {day} 届满，期满前未作决定，视为准予延续。",),
        "《中华人民共和国行政许可法》第五十条第二款",
    ),
    "result": Form(
        "办理结果告知单",
        "结",
        (_APPLIED + "，已于 {day} 作出决定：{result}。", "{collect}", "{due}"),
        "《中华人民共和国行政许可法》第四十四条",
        needs_seal=False,
    ),
    "withdrawn": Form(
        "撤回申请确认书",
        "撤",
        (
            _APPLIED + "，您（单位）已于 {day} 自愿撤回，本件不再办理。",
            "理由：{reason}",
            "需要时可以重新提出申请。",
        ),
        needs_seal=False,
    ),
    "terminated": Form(
        "终止审查决定书",
        "终止",
        (_APPLIED + "，因{kind}，决定终止审查。", "{reason}"),
    ),
    "delivery": Form(
        "送达回证",
        "送",
        (
            "办件编号 {number}，“{item}”的办理结果（{result}）于 {day} 送达。",
            "送达方式：{way}。{note}",
            "受送达人签名：　　　　　　　　日期：",
        ),
        "《中华人民共和国行政许可法》第四十四条",
        needs_seal=False,
    ),
    "archive": Form(
        "卷内目录",
        "",
        (
            "办件编号 {number}，“{item}”，申请人：{applicant}。卷内文件 {count} 件。",
            "保管期限：{retention}，自办结的次年一月一日起算。",
            "{missing}",
        ),
        needs_seal=False,
        heads=("序号", "文件", "文号", "日期", "份数"),
        is_internal=True,
    ),
    "payment": Form(
        "缴款通知书",
        "缴",
        (_APPLIED + "，应缴费用列在下面，共 {sum}。请到统一收费窗口缴纳。",),
        needs_seal=False,
        heads=("收费项目", "标准", "依据", "金额"),
    ),
    "slip": Form(
        "材料交接单",
        "交",
        (
            "办件编号 {number}，“{item}”的原件由 {sender} 交 {receiver}，请于 {due} 前签收。",
            "移交人：{who}　　　　　　　　签收人：",
        ),
        needs_seal=False,
        heads=("序号", "材料", "份数"),
        is_internal=True,
    ),
}


# Papers that say a case is over: reopened, it is not, and they no longer hold.
CLOSING = frozenset({"returned", "withdrawn", "terminated"})
# Papers about the way to a decision: over with a case that was cut short.
ON_THE_WAY = frozenset(
    {"receipt", "correction", "accepted", "deemed_accepted", "pause", "extension"}
)


def standing(
    kind: str,
    *,
    is_reopened: bool,
    newer_number: str = "",
    cut_short: str = "",
    expired: str = "",
) -> str:
    """Why a paper no longer counts, for who verifies it; "" where it does. Nothing personal.

    `is_reopened`: its case went on after it; `cut_short`: how its case ended before a decision;
    `newer_number`: of a later paper in its place; `expired`: the last day of the licence.
    """
    if kind in CLOSING and is_reopened:
        return "之后本件已恢复办理，这份文书不再作数。"
    if kind == "correction" and newer_number:
        return f"之后另发了补正通知书（{newer_number}），以后一份为准。"
    if kind in ON_THE_WAY and cut_short:
        return f"本件后来“{cut_short}”，这份文书所说的办理已经结束。"
    if expired:
        return f"所发证照的有效期到 {expired} 为止，已经届满。"
    return ""


def paper(
    kind: str,
    *,
    unit: str,
    addressee: str,
    facts: Mapping[str, str],
    rows: Sequence[Sequence[str]] = (),
    is_permit: bool = False,
    remedies: str = "",
    legal_basis: str = "",
) -> Paper:
    """A paper of a case, of one kind, filled in: see `filled`."""
    return filled(
        *(FORMS[kind], kind),
        unit=unit,
        addressee=addressee,
        facts=facts,
        rows=rows,
        is_permit=is_permit,
        remedies=remedies,
        legal_basis=legal_basis,
    )


def filled(
    form: Form,
    kind: str,
    *,
    unit: str,
    addressee: str,
    facts: Mapping[str, str],
    rows: Sequence[Sequence[str]] = (),
    is_permit: bool = False,
    remedies: str = "",
    legal_basis: str = "",
) -> Paper:
    """A form filled in. Sentences with nothing to say are left out.

    `legal_basis` goes before the article of the form; `unit` is the short name in the number.
    """
    said = [sentence.format(**facts) for sentence in form.sentences]
    return Paper(
        kind=kind,
        title=form.title,
        mark=f"{unit}{form.word}" if form.word else "",
        addressee="" if form.is_internal else addressee,
        paragraphs=tuple(one for one in said if one),
        legal_basis=legal_basis or (form.law if is_permit else ""),
        remedies=remedies,
        needs_seal=form.needs_seal,
        rows=tuple(tuple(row) for row in rows),
        row_heads=form.heads if rows else (),
    )
