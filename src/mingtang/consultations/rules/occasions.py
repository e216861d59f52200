"""Rules: on what occasion people are told of a consultation, and in which words. Pure."""

from mingtang.messages.rules import Audience, Occasion, Place, Template

REPORTED = Occasion(
    "consultation.reported",
    Audience.APPLICANT,
    "公布征集、访谈结果",
    Template(
        "{kind}的结果已经公布",
        "您参加的{kind}“{title}”已经公布结果。您的意见怎么处理、为什么，请到网站“政民互动 → "
        "征集调查”栏目查看。谢谢您。",
        "您参加的{kind}“{title}”已公布结果，请到网站“政民互动”查看。",
    ),
    {"kind": Place("活动种类", "意见征集"), "title": Place("活动名称", "农贸市场管理办法")},
)
OCCASIONS = (REPORTED,)
