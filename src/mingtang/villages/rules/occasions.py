"""Rules: what a village's people and villagers are told, and in which words. Pure."""

from mingtang.messages.rules import Audience, Occasion, Place, Template

_PLACES = {
    "title": Place("公开的标题", "凤里村2013年8月财务收支"),
    "village": Place("村名", "凤里村"),
    "number": Place("异议编号", "异33088111820113001"),
    "reason": Place("退回的原因", "水渠维修没有附票据"),
    "hotline": Place("服务热线", "12345"),
}


def _said(
    event: str, audience: Audience, label: str, subject: str, body: str, sms: str = ""
) -> Occasion:
    return Occasion(event, audience, label, Template(subject, body, sms), _PLACES)


_STAFF = Audience.STAFF
OCCASIONS: tuple[Occasion, ...] = (
    _said(
        *("village.handed_in", _STAFF, "等村务监督委员会审查", "等您审查：{title}"),
        "“{title}”已经送审，请在“三务公开”里审查。",
    ),
    _said(
        *("village.returned", _STAFF, "公开内容被退回", "被退回：{title}"),
        "“{title}”被退回：{reason}。请改好再送审，已填的都在。",
    ),
    _said(
        *("village.objected", _STAFF, "有村民提出异议", "有异议：{title}"),
        "村民对“{title}”提出了异议（{number}），请在期限内答复。",
    ),
    _said(
        *("village.replied", Audience.APPLICANT, "异议已答复", "异议已答复：{number}"),
        "您提出的异议 {number} 已经答复，凭编号和查询码可以查看。"
        "不满意的，可以向乡镇（街道）反映。",
        "您的异议{number}已答复，凭编号和查询码可在网上查看。服务热线 {hotline}。",
    ),
)
OCCASION_OF = {one.event: one for one in OCCASIONS}
