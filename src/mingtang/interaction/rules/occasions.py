"""Rules: on what occasions people are told about ratings, and in which words. Pure."""

from mingtang.messages.rules import Audience, Occasion, Place, Template

ITEM = Place("事项名称", "取水许可")
BAD_RATING = Occasion(
    "bad_rating.opened",
    Audience.STAFF,
    "收到差评",
    Template(
        "收到一条差评：{item}",
        "{unit}的“{item}”收到评价“{level}”。请{by}回访，到“差评处理”里登记；被评单位看不到评价人，由中心联系。",
    ),
    {
        "item": ITEM,
        "unit": Place("单位", "江山市水利局"),
        "level": Place("评价", "不满意"),
        "by": Place("何时以前", "在2013年9月18日以前"),
    },
)
ANSWERED = Occasion(
    "bad_rating.answered",
    Audience.APPLICANT,
    "答复您的评价",
    Template(
        "您的评价有了答复：{item}",
        "您对“{item}”（办件 {number}）的评价，{unit}已经整改并答复：\n\n{answer}\n\n"
        "请打开这件办件，点“看我的评价”，说说现在满意吗。",
    ),
    {
        "item": ITEM,
        "number": Place("办件编号", "330881016130917000001"),
        "unit": Place("单位", "江山市水利局"),
        "answer": Place("答复", "已经加开一个窗口。"),
    },
)
ASKED = Occasion(
    "rating.asked",
    Audience.APPLICANT,
    "请您评价",
    Template(
        "请您评价：{item}",
        "您的“{item}”已经办完。请评价这次服务：{link}",
        "【{site}】您的“{item}”已办完，请评价：{link}（{days}天内有效，不评也可以）",
    ),
    {
        "item": ITEM,
        "link": Place("评价链接", "https://example.cn/rate/…/"),
        "days": Place("链接几天有效", "7"),
        "site": Place("网站名称", "江山市政务服务"),
    },
)
OCCASIONS = (BAD_RATING, ANSWERED, ASKED)
