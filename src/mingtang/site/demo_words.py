"""The demo's letters in words: who wrote about what, by which way, and how far it got. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from mingtang.letters.rules.kinds import Kind, Source


@dataclass(frozen=True)
class Matter:
    """A letter of the demo. `took`: days until the answer; `answer`: it, or why not accepted."""

    kind: Kind
    source: Source
    unit: str
    days_ago: int
    title: str
    text: str
    steps: tuple[str, ...]
    answer: str = ""
    took: int = 2
    writer: str = "毛小明"


_AT_UNIT = ("accept", "dispatch")
_HANDLED = (*_AT_UNIT, "take")
_DONE = (*_HANDLED, "answer")
_ENQUIRY, _HELP, _AGAINST, _IDEA = Kind.ENQUIRY, Kind.HELP, Kind.COMPLAINT, Kind.SUGGESTION
_WEB, _PHONE, _BOX = Source.WEB, Source.PHONE, Source.BOX

_ANSWERED = (
    *(
        Matter(
            *(_ENQUIRY, _WEB, unit, ago, title, text),
            steps=(*_DONE, *more),
            answer=answer,
            writer=writer,
        )
        for unit, ago, writer, title, text, answer, more in (
            (
                *("slj", 40, "祝根土"),
                "农村自来水断水怎么报修？",
                "我们村这几天早上没有水，想问向谁报修、要不要钱。",
                "请拨打供水服务电话报修，当天派人；主管道的维修不收费，户内的按公示价格收费。",
                ("close", "publish", "promote"),
            ),
            (
                *("gsj", 38, "姜美仙"),
                "个体户换经营场所要办什么？",
                "小店搬到对面街上，营业执照要不要换？",
                "要办变更登记。带营业执照和新场所的证明到大厅窗口，当场办好，不收费。",
                ("close", "publish", "promote"),
            ),
            (
                *("mzj", 36, "徐雨生"),
                "高龄津贴从哪个月开始发？",
                "家里老人上个月满八十岁，津贴从哪个月算起？",
                "从满八十岁的当月起发，到村里登记一次即可。",
                ("close", "publish", "promote"),
            ),
            (
                *("gtj", 34, "柴小兰"),
                "老房子翻建要不要重新审批？",
                "老屋漏雨，想在原来的地方翻建，面积不变。",
                "原址翻建也要办审批，由村里报到乡镇，不收费。",
                ("close", "publish"),
            ),
            (
                *("zjj", 33, "吴水根"),
                "小区维修基金怎么申请？",
                "楼顶漏水，业委会想用维修基金。",
                "由业委会提出方案，三分之二业主同意后到住建局窗口办理。",
                ("close", "publish"),
            ),
            (
                *("slj", 30, "郑国平"),
                "河边能不能自己挖沙？",
                "修猪圈要点沙子，能不能在村前河里挖？",
                "不能。河道采砂须经许可，自用少量也要先向水利站申请。",
                ("close", "promote"),
            ),
        )
    ),
)
_COMPLAINTS = (
    Matter(
        *(_AGAINST, _PHONE, "zjj", 45, "工地夜里施工吵得睡不着"),
        "门口工地连着三天夜里十二点还在打桩，孩子要考试。",
        (
            "accept",
            "dispatch",
            "return",
            "designate",
            "take",
            "answer",
            "satisfied",
            "close",
            "publish",
        ),
        "已经责令工地晚上十点以后停止打桩，并贴出公告。",
        9,
    ),
    Matter(
        *(_AGAINST, _WEB, "gsj", 28, "窗口排队两小时没人叫号"),
        "上午九点取的号，十一点还没有叫到，窗口只有一个人。",
        (*_DONE, "dissatisfied", "redo", "answer", "satisfied", "close", "publish"),
        "已经增开一个窗口，并在叫号屏上显示要等多久。",
        5,
    ),
    Matter(
        *(_AGAINST, _BOX, "mzj", 24, "婚姻登记态度差"),
        "问一句材料，工作人员说自己看墙上。",
        (*_DONE, "satisfied", "close"),
        "已经向您道歉，当事人停岗培训。",
        6,
    ),
    Matter(
        *(_AGAINST, _PHONE, "slj", 20, "水费多收三个月"),
        "水表坏了三个月，水费照样按以前的收。",
        (*_DONE, "dissatisfied", "redo"),
        "已经核实，下月起退还。",
        8,
    ),
    Matter(
        *(_AGAINST, Source.HOTLINE, "zfj", 6, "占道摊点没人管"),
        "菜场门口天天占道，早上车子过不去。",
        _HANDLED,
    ),
    Matter(
        *(_AGAINST, _WEB, "gtj", 22, "宅基地审批拖了半年"),
        "材料早就交齐了，每次去问都说在等。",
        _HANDLED,
    ),
    Matter(
        *(_AGAINST, Source.LEADER, "zjj", 3, "电梯坏了没人修"),
        "小区电梯坏了一个星期，物业推给开发商。",
        _AT_UNIT,
    ),
    Matter(
        *(_AGAINST, _PHONE, "gsj", 2, "买到过期奶粉，投诉没回音"),
        "上周在窗口登记了投诉，到现在没有人联系。",
        ("accept",),
    ),
)
_HELPS = tuple(
    Matter(_HELP, source, unit, ago, title, text, steps, answer, took)
    for source, unit, ago, title, text, steps, answer, took in (
        (
            *(_PHONE, "mzj", 26, "独居老人需要送餐", "老人八十六岁，腿脚不便，想申请送餐。"),
            (*_DONE, "satisfied", "close", "publish"),
            "社区食堂从明天起每天送两餐。",
            3,
        ),
        (
            *(_PHONE, "slj", 18, "水管冻裂，院子里都是水", "半夜水管裂了，关不住。"),
            (*_DONE, "satisfied", "close"),
            "当晚已经修好。",
            1,
        ),
        (
            *(_WEB, "zjj", 12, "路灯坏了一排", "村口到学校的路灯全不亮，孩子上学摸黑。"),
            (*_DONE, "satisfied"),
            "已经换好。",
            3,
        ),
        (
            *(Source.HOTLINE, "zfj", 8, "井盖不见了", "人行道上的井盖没有了，怕有人掉下去。"),
            _DONE,
            "已经补上井盖。",
            1,
        ),
        (_BOX, "mzj", 9, "低保停发了", "这个月没有收到低保，不知道为什么。", _HANDLED, "", 2),
        (_PHONE, "gtj", 1, "山体滑下来一块", "屋后山上滑下来一块，怕再下雨。", _AT_UNIT, "", 2),
        (_PHONE, "slj", 0, "一楼水压太小", "早晚高峰洗澡水都没有。", (), "", 2),
    )
)
_IDEAS = tuple(
    Matter(_IDEA, source, unit, ago, title, text, steps, answer, took)
    for source, unit, ago, title, text, steps, answer, took in (
        (
            *(_WEB, "zjj", 50, "公园加几张有靠背的凳子", "老人坐久了腰疼，希望凳子有靠背。"),
            (*_DONE, "close", "publish"),
            "已经列入今年的计划，先换二十张。",
            10,
        ),
        (
            *(_BOX, "gsj", 42, "取号机旁边放副老花镜", "字太小，看不清。"),
            (*_DONE, "close", "publish"),
            "各窗口都放了老花镜。",
            4,
        ),
        (
            *(Source.PAGE_ERROR, "gsj", 15, "网页找错：/places/", "服务点的电话少了一位。"),
            (*_DONE, "close"),
            "已经改正，谢谢。",
            1,
        ),
        (
            *(Source.TV, "slj", 11, "电视上的水库水位字太小", "看不清水位。"),
            _DONE,
            "已经放大。",
            5,
        ),
        (_WEB, "zfj", 5, "早市给一块固定的地方", "菜农早上没地方卖菜。", _HANDLED, "", 2),
        (_WEB, "mzj", 1, "村里办个图书角", "孩子放学没有地方去。", ("accept",), "", 2),
        (Source.PAGE_ERROR, "gsj", 0, "网页找错：/help/", "有一个错别字。", (), "", 2),
    )
)
_TIP_OFFS = tuple(
    Matter(Kind.TIP_OFF, source, unit, ago, title, text, steps)
    for source, unit, ago, title, text, steps in (
        (_WEB, "gtj", 10, "举报违法占地", "有人在农田里填土建厂房。", _AT_UNIT),
        (_BOX, "slj", 4, "举报偷采河沙", "夜里有船在河里抽沙。", ("accept",)),
        (_PHONE, "zjj", 0, "举报工程转包", "中标的和干活的不是一家。", ()),
    )
)
_DECLINED = tuple(
    Matter(kind, _WEB, "slj", ago, title, text, ("decline",), why)
    for kind, ago, title, text, why in (
        (_ENQUIRY, 16, "合同纠纷怎么判", "和老板的官司还在打，请帮忙判一下。", "litigation"),
        (_AGAINST, 14, "干部作风问题", "反映某干部吃拿卡要。", "discipline"),
        (_ENQUIRY, 13, "申请公开拆迁文件", "请公开2012年的拆迁补偿文件。", "disclosure"),
        (_HELP, 7, "没有写内容", "救命", "empty"),
    )
)
_NEW = tuple(
    Matter(_ENQUIRY, source, unit, 0, title, text, ())
    for source, unit, title, text in (
        (_WEB, "mzj", "残疾证补办要多久", "证丢了，补办要几天？"),
        (_WEB, "gsj", "摆摊要不要执照", "想在夜市摆个小摊。"),
        (_BOX, "zjj", "公租房还有没有", "在城里打工，想申请公租房。"),
        (_PHONE, "gtj", "房产证加名字", "结婚了想把名字加上。"),
        (_WEB, "slj", "井水能不能化验", "想知道井水能不能喝。"),
    )
)


def _all() -> Iterator[Matter]:
    for part in (_ANSWERED, _COMPLAINTS, _HELPS, _IDEAS, _TIP_OFFS, _DECLINED, _NEW):
        yield from part


LETTERS = tuple(_all())
