"""Rules of joint matters: what people are told, and in which words. Pure.

Of each part the applicant hears from its department, as of any case; here the whole speaks.
"""

from mingtang.messages.rules import Audience, Occasion, Place, Template

_PLACES = {
    "number": Place("并联件编号", "330881011130917000001"),
    "title": Place("名称", "年产十万吨茶油加工项目"),
    "unit": Place("牵头部门", "江山市发展和改革局"),
    "part": Place("事项", "取水许可"),
    "due": Place("期限", "2013年11月4日"),
    "what": Place("后补的材料", "项目用地红线图、总平面图"),
    "until": Place("最迟补交日期", "2013年10月8日"),
    "hotline": Place("服务热线", "12345"),
}


def _said(
    event: str, audience: Audience, label: str, subject: str, body: str, sms: str = ""
) -> Occasion:
    return Occasion(event, audience, label, Template(subject, body, sms), _PLACES)


_TO, _STAFF = Audience.APPLICANT, Audience.STAFF
_LOOK = "凭编号和查询码可以查看全部事项的进度，或拨打 {hotline}。"
OCCASIONS: tuple[Occasion, ...] = (
    _said(
        *("joint.accepted", _TO, "并联申报已受理", "已受理：{title}"),
        "您的并联申报 {number} 已由{unit}受理，各部门同时办理，最晚 {due} 办结。" + _LOOK,
        "【{unit}】您的并联申报 {number} 已受理，最晚 {due} 办结。",
    ),
    _said(
        *("joint.deemed_accepted", _TO, "并联申报视为受理", "已受理：{title}"),
        "您的并联申报 {number} 已超过告知补正的期限，自收到之日起即为受理，各部门同时办理，"
        "最晚 {due} 办结。" + _LOOK,
        "【{unit}】您的并联申报 {number} 视为受理，最晚 {due} 办结。",
    ),
    _said(
        *("joint.material_deferred", _TO, "并联申报容缺受理，材料后补", "请按时补交材料：{title}"),
        "您的并联申报 {number} 已经先受理。您承诺后补的材料：{what}。请在 {until} 前一次补交，"
        "可以在网上提交，也可以送到窗口，各部门共用。没有补齐，要用这些材料的事项不能作出决定。"
        + _LOOK,
        "【{unit}】您的并联申报 {number} 已先受理，请在 {until} 前补交后补的材料。",
    ),
    _said(
        *("joint.deferred_reminded", _TO, "提醒补交并联件的容缺材料", "别忘了补交材料：{title}"),
        "您的并联申报 {number}，承诺后补的材料还没有交来：{what}。请在 {until} 前补交，"
        "各部门共用。没有补齐，要用这些材料的事项不能作出决定。" + _LOOK,
        "【{unit}】您的并联申报 {number} 后补的材料还没有交来，请在 {until} 前补交。",
    ),
    _said(
        *("joint.correction_asked", _TO, "并联申报要补正", "请补正：{title}"),
        "您的并联申报 {number} 还缺材料，要补的一次列在补正通知书上，请于 {due} 前补正。" + _LOOK,
        "【{unit}】您的并联申报 {number} 需要补正，请于 {due} 前补齐，内容见补正通知书。",
    ),
    _said(
        *("joint.supplied", _STAFF, "并联申报已补正", "补正到了：{title}"),
        "{number} 的申请人已补正，请在 {due} 前核对，一次受理或者退回。",
    ),
    _said(
        *("joint.returned", _TO, "并联申报退件", "已退件：{title}"),
        "您的并联申报 {number} 已由{unit}退回，理由见退件通知书。备齐后可以重新申报。" + _LOOK,
    ),
    _said(
        *("joint.extended", _TO, "并联审批延期", "延期：{title}"),
        "您的并联申报 {number} 经本级人民政府负责人批准延期，最晚 {due} 办结，"
        "理由见延期告知书。" + _LOOK,
        "【{unit}】您的并联申报 {number} 延期到 {due} 前办结。",
    ),
    _said(
        *("joint.done", _TO, "并联审批全部办结", "全部办结：{title}"),
        "您的并联申报 {number} 已全部办结，请领取结果。" + _LOOK,
        "【{unit}】您的并联申报 {number} 已全部办结，请领取结果。",
    ),
    _said(
        *("joint.terminated", _TO, "并联审批终止", "已终止：{title}"),
        "您的并联申报 {number} 已终止并联办理，理由见终止告知书。" + _LOOK,
    ),
    _said(
        *("joint.filed", _STAFF, "收到并联申报", "新的并联申报：{title}"),
        "{number} 已申报，请在 {due} 前核对材料，一次受理或者退回。",
    ),
    _said(
        *("joint.part_failed", _STAFF, "并联件有必办部分未获准予", "要决定怎样办：{title}"),
        "{number} 的“{part}”未获准予或者中途结束。请决定去掉这个部分继续办，还是终止。",
    ),
    _said(
        *("joint.part_bounced", _STAFF, "部门把并联事项退回窗口", "退回窗口：{title}"),
        "{number} 的“{part}”被办理部门退回窗口。期限照常计算，"
        "请看清退回的理由，补好后尽快重新移交。",
    ),
    _said(
        *("joint.extension_asked", _STAFF, "并联件申请延期", "等待批准延期：{title}"),
        "{unit}为并联件 {number} 申请延期，法定办结日期 {due}，请批复。",
    ),
    _said(
        *("joint.convertible", _STAFF, "模拟审批可以转为正式办件", "可以转为正式办件：{title}"),
        "{number} 的“{part}”所等的前置事项已批准，请逐项核对后转为正式办件。",
    ),
)
OCCASION_OF = {(one.event, one.audience): one for one in OCCASIONS}
