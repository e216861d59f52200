"""Rules of requests: what people are told, and in which words. Pure."""

from mingtang.messages.rules import Audience, Occasion, Place, Template

_PLACES = {
    "number": Place("申请编号", "Y3308810161309170001"),
    "unit": Place("办理单位", "江山市水利局"),
    "due": Place("期限", "2013年10月15日"),
    "state": Place("现在的状态", "办理中"),
    "hotline": Place("服务热线", "12345"),
}


def _said(
    event: str, audience: Audience, label: str, subject: str, body: str, sms: str = ""
) -> Occasion:
    return Occasion(event, audience, label, Template(subject, body, sms), _PLACES)


_TO, _STAFF = Audience.APPLICANT, Audience.STAFF
_LOOK = "凭编号和查询码可以查看办理进度，或拨打 {hotline}。"
OCCASIONS: tuple[Occasion, ...] = (
    _said(
        *("request.received", _TO, "信息公开申请已收到", "申请已收到：{number}"),
        "您的政府信息公开申请 {number} 已由{unit}收到，最晚 {due} 答复。" + _LOOK,
        "【{unit}】您的信息公开申请 {number} 已收到，最晚 {due} 答复。",
    ),
    _said(
        *("request.correction_asked", _TO, "信息公开申请要补正", "请补正：{number}"),
        "您的政府信息公开申请 {number} 内容不明确，请在 {due} 前补正，逾期不补正的不再处理。"
        + _LOOK,
        "【{unit}】您的信息公开申请 {number} 需要补正，请在 {due} 前补正。",
    ),
    _said(
        *("request.consulted", _TO, "信息公开申请征求意见", "正在征求意见：{number}"),
        "{unit}就您的申请 {number} 书面征求意见，所需时间不计入答复期限。" + _LOOK,
    ),
    _said(
        *("request.reasons_asked", _TO, "信息公开申请要说明理由", "请说明理由：{number}"),
        "请就申请 {number} 书面说明理由，详见说明理由告知书。" + _LOOK,
    ),
    _said(
        *("request.extended", _TO, "信息公开申请延期答复", "延期答复：{number}"),
        "{unit}延期答复您的申请 {number}，答复期限到 {due}。" + _LOOK,
        "【{unit}】您的信息公开申请 {number} 延期到 {due} 答复。",
    ),
    _said(
        *("request.charged", _TO, "信息公开申请要缴费", "请缴费：{number}"),
        "您的申请 {number} 需缴信息处理费，请在 {due} 前缴纳，逾期视为放弃申请。" + _LOOK,
        "【{unit}】您的信息公开申请 {number} 需缴信息处理费，请在 {due} 前缴纳。",
    ),
    _said(
        *("request.decided", _TO, "信息公开申请已答复", "已答复：{number}"),
        "{unit}已就您的政府信息公开申请 {number} 作出答复。" + _LOOK,
        "【{unit}】您的信息公开申请 {number} 已经答复。",
    ),
    _said(
        *("request.lapsed", _TO, "信息公开申请不再处理", "不再处理：{number}"),
        "您的申请 {number} 逾期没有补正或者缴费，{unit}不再处理，详见答复书。" + _LOOK,
    ),
    _said(
        *("request.filed", _STAFF, "收到网上的信息公开申请", "新的信息公开申请：{number}"),
        "{number} 已提交，请今天与申请人联系并确认收到。",
    ),
    _said(
        *("request.drafted", _STAFF, "信息公开答复等待批准", "答复等待批准：{number}"),
        "{number} 的答复已经拟好，请审批。答复期限到 {due}。",
    ),
    _said(
        *("request.lapse_proposed", _STAFF, "信息公开申请逾期没有回音", "期限已过：{number}"),
        "{number}（{state}）的期限 {due} 已过，请核实后确认不再处理，或者继续等待。",
    ),
)
OCCASION_OF = {(one.event, one.audience): one for one in OCCASIONS}
