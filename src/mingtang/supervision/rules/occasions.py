"""Rules of supervision: what people are told of a card, and in which words. Pure."""

from mingtang.messages.rules import Audience, Occasion, Place, Template

CARD_RAISED = Occasion(
    "card.raised",
    Audience.STAFF,
    "发出提醒或者黄牌、红牌",
    Template(
        "{colour}：{what}",
        "{colour} {number}（{rule}）\n\n{what}，{unit}。{due}\n\n{next}",
    ),
    {
        "number": Place("牌的编号", "监20130000012"),
        "colour": Place("颜色", "黄牌"),
        "rule": Place("规则", "超过承诺时限"),
        "what": Place("办件", "330881016130917000001 取水许可"),
        "unit": Place("责任单位", "江山市水利局"),
        "due": Place("到期日", "到期日 2013-09-22。"),
        "next": Place("接下来做什么", "请按时说明情况；认为有误的，可以申诉。"),
    },
)
_TASK = {
    "number": Place("督查件的编号", "查20130000003"),
    "title": Place("督查的事项", "窗口授权是否到位"),
    "source": Place("来源", "领导批示"),
    "unit": Place("承办单位", "江山市水利局"),
    "due": Place("报告的期限", "2013-09-30"),
}
TASK_ASSIGNED = Occasion(
    "task.assigned",
    Audience.STAFF,
    "交办督查件、批示",
    Template(
        "{source}：{title}",
        "{unit}：\n\n{source} {number}“{title}”交你单位办理。请在 {due} 前报告办理情况。",
    ),
    _TASK,
)
TASK_REPORTED = Occasion(
    "task.reported",
    Audience.STAFF,
    "督查件已报告",
    Template("已报告：{title}", "{unit}报告了{source} {number}“{title}”的办理情况，请看后了结。"),
    _TASK,
)
TASK_CLOSED = Occasion(
    "task.closed",
    Audience.STAFF,
    "督查件已了结",
    Template("已了结：{title}", "{source} {number}“{title}”已了结。"),
    _TASK,
)
TASK_OCCASIONS = {one.event: one for one in (TASK_ASSIGNED, TASK_REPORTED, TASK_CLOSED)}
OCCASIONS: tuple[Occasion, ...] = (CARD_RAISED, *TASK_OCCASIONS.values())
