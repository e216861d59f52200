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
OCCASIONS: tuple[Occasion, ...] = (CARD_RAISED,)
