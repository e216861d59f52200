"""Rules of letters: what people are told, and in which words. No personal data. Pure."""

from mingtang.messages.rules import Audience, Occasion, Place, Template

_PLACES = {
    "number": Place("来信编号", "X3308811609170001"),
    "unit": Place("单位", "江山市水利局"),
    "due": Place("期限", "2026年10月15日"),
    "why": Place("理由或去向", "属于政府信息公开申请"),
    "hotline": Place("服务热线", "12345"),
}


def _said(
    event: str, audience: Audience, label: str, subject: str, body: str, sms: str = ""
) -> Occasion:
    return Occasion(event, audience, label, Template(subject, body, sms), _PLACES)


_TO, _STAFF = Audience.APPLICANT, Audience.STAFF
_LOOK = "凭编号和查询码可以查看，或拨打 {hotline}。"
OCCASIONS: tuple[Occasion, ...] = (
    _said(
        *("letter.accepted", _TO, "来信已受理", "来信已受理：{number}"),
        "您的来信 {number} 已受理，最晚 {due} 答复。" + _LOOK,
        "【{unit}】您的来信 {number} 已受理，最晚 {due} 答复。",
    ),
    _said(
        *("letter.declined", _TO, "来信不予受理", "来信不予受理：{number}"),
        "您的来信 {number} 不予受理：{why}。" + _LOOK,
        "【{unit}】您的来信 {number} 不予受理：{why}。",
    ),
    _said(
        *("letter.transferred", _TO, "来信已转出", "来信已转出：{number}"),
        "您的来信 {number} 已转{why}办理，期限按那里的规定计算。" + _LOOK,
    ),
    _said(
        *("letter.extended", _TO, "来信延期答复", "延期答复：{number}"),
        "您的来信 {number} 延期到 {due} 答复。" + _LOOK,
    ),
    _said(
        *("letter.answered", _TO, "来信已答复", "已答复：{number}"),
        "您的来信 {number} 已经答复，请查看并评价。" + _LOOK,
        "【{unit}】您的来信 {number} 已经答复，请凭编号和查询码查看。",
    ),
    _said(
        *("letter.redone", _TO, "来信重新办理", "重新办理：{number}"),
        "您的来信 {number} 将重新办理，最晚 {due} 答复。" + _LOOK,
    ),
    _said(
        *("letter.filed", _STAFF, "收到来信", "新的来信：{number}"),
        "{number} 已收到，请当天看信并决定是否受理。",
    ),
    _said(
        *("letter.dispatched", _STAFF, "来信交办", "交办来信：{number}"),
        "{number} 交由{unit}办理，最晚 {due} 答复。",
    ),
    _said(
        *("letter.returned", _STAFF, "来信被退回", "来信被退回：{number}"),
        "{number} 被退回，请指定承办单位，期限照常计算（{due}）。",
    ),
    _said(
        *("letter.urged", _STAFF, "来信催办", "催办来信：{number}"),
        "{number} 请抓紧办理，最晚 {due} 答复。",
    ),
    _said(
        *("letter.directed", _STAFF, "来信督办", "督办来信：{number}"),
        "{number} 已督办，请按督办意见办理，最晚 {due} 答复。",
    ),
    _said(
        *("letter.added", _STAFF, "来信人有补充", "来信有补充：{number}"),
        "{number} 的来信人补充了内容，请查看。",
    ),
)
OCCASION_OF = {(one.event, one.audience): one for one in OCCASIONS}
