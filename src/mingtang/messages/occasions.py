"""Rules of messages: what people are told of requests about their own data (《个人信息保护法》
第四十四条至第五十条), and in which words. No personal data stands in them. Pure."""

from mingtang.messages.rules import Audience, Occasion, Place, Template

PLACES = {
    "what": Place("申请什么", "复制个人信息"),
    "due": Place("最晚哪天答复", "2013年10月15日"),
    "answer": Place("答复", "同意"),
    "hotline": Place("服务热线", "12345"),
}
_NOT_YOU = "不是您本人办的，请马上修改密码并拨打 {hotline}。"


def _said(event: str, label: str, subject: str, body: str, sms: str) -> Occasion:
    return Occasion(event, Audience.APPLICANT, label, Template(subject, body, sms), PLACES)


OCCASIONS: tuple[Occasion, ...] = (
    _said(
        *("personal.asked", "个人信息的申请已收到", "申请已收到：{what}"),
        "您申请{what}，已经收到，最晚 {due} 答复。答复会写在“我的个人信息”页面。" + _NOT_YOU,
        "您申请{what}，已经收到，最晚 {due} 答复。" + _NOT_YOU,
    ),
    _said(
        *("personal.answered", "个人信息的申请已答复", "申请已答复：{what}"),
        "您申请{what}，答复是：{answer}。理由和办理情况写在“我的个人信息”页面。" + _NOT_YOU,
        "您申请{what}，答复是：{answer}。" + _NOT_YOU,
    ),
    _said(
        *("personal.copied", "个人信息的副本已交出", "个人信息的副本已交出"),
        "您的个人信息已经复制了一份，交给了登录您账户的人或者在窗口办理的人。" + _NOT_YOU,
        "您的个人信息已经复制了一份。" + _NOT_YOU,
    ),
)
OCCASION_OF = {one.event: one for one in OCCASIONS}
