"""Rules of joint meetings: what invited units are told, and in which words. Pure."""

from mingtang.messages.rules import Audience, Occasion, Place, Template

_PLACES = {
    "kind": Place("会议还是踏勘", "联审会议"),
    "title": Place("并联办件的名称", "年产十万套木门项目"),
    "number": Place("并联办件编号", "330881011130917000001"),
    "held": Place("时间", "2013年9月18日9:00"),
    "place": Place("地点", "行政服务中心三楼会议室"),
    "due": Place("提出意见的期限", "2013年9月23日"),
}


def _said(event: str, label: str, subject: str, body: str) -> Occasion:
    return Occasion(event, Audience.STAFF, label, Template(subject, body), _PLACES)


OCCASIONS: tuple[Occasion, ...] = (
    _said(
        *("meeting.invited", "邀请参加联审、踏勘", "{kind}：{title}"),
        "请派员参加：{held}，{place}。请在 {due} 以前就“{title}”（{number}）提出意见。",
    ),
    _said(
        *("meeting.cancelled", "联审、踏勘取消", "{kind}取消：{title}"),
        "原定 {held} 的{kind}（{number}）不开了，原因见会议页面。",
    ),
    _said(
        *("meeting.minuted", "联审、踏勘记录已出具", "{kind}记录：{title}"),
        "{held} 的{kind}（{number}）已经出具记录，请查看。各项审批仍须各自依法作出决定。",
    ),
)
OCCASION_OF = {one.event: one for one in OCCASIONS}
