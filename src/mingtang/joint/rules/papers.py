"""Rules: the papers of a joint matter, and what they say. Pure."""

from collections.abc import Mapping

from mingtang.cases.rules.papers import Form

_APPLIED = "您（单位）申报的“{title}”（并联件编号 {number}，牵头部门 {unit}）"
_PARTS = ("序号", "事项", "部门", "情况")

FORMS: Mapping[str, Form] = {
    "joint_receipt": Form(
        "并联申报收件凭证",
        "并收",
        (
            _APPLIED + "已于 {day} 收到。要办的事项列在下面，材料只交一次。",
            "窗口核对后，{check} 个工作日内告知是否受理。",
        ),
        needs_seal=False,
        heads=_PARTS,
    ),
    "joint_accepted": Form(
        "并联审批受理通知书",
        "并受",
        (
            _APPLIED + "，材料齐全、符合法定形式，决定于 {day} 受理，各事项由有关部门并联办理。",
            "{promised}",
            "法定办结日期：{statutory}。",
            "{deferred}",
            "凭并联件编号和查询码可以查询全部事项的进度。",
        ),
        heads=_PARTS,
    ),
    "joint_deemed_accepted": Form(
        "并联审批受理通知书（视为受理）",
        "并受",
        (
            _APPLIED + "，自 {since} 收到申报之日起五个工作日内没有告知补正，"
            "自收到之日起即为受理，各事项由有关部门并联办理。",
            "{promised}",
            "法定办结日期：{statutory}。",
            "凭并联件编号和查询码可以查询全部事项的进度。",
        ),
        heads=_PARTS,
    ),
    "joint_correction": Form(
        "并联申报补正通知书",
        "并补",
        (
            _APPLIED + "，材料不齐全或者不符合法定形式。各部门要补正的全部内容一次性告知如下。",
            "{note}",
            "请于 {due} 前补正，可以在网上提交，也可以送到窗口。补正以后，各事项一起受理。",
        ),
        heads=("序号", "材料", "要补正的内容"),
    ),
    "joint_returned": Form(
        "退件通知书",
        "并退",
        (_APPLIED + "，现将申报材料退回。", "理由：{reason}", "材料备齐后，可以重新申报。"),
    ),
    "joint_extension": Form(
        "并联审批延期告知书",
        "并延",
        (
            _APPLIED + "，不能在法定期限内办结，经本级人民政府负责人批准，延长 {days} 个工作日。",
            "延期理由：{reason}",
            "延长后的法定办结日期：{due}。",
        ),
    ),
    "joint_done": Form(
        "并联审批办结告知单",
        "并结",
        (_APPLIED + "，要办的事项已于 {day} 全部办结，结果列在下面。",),
        needs_seal=False,
        heads=_PARTS,
    ),
    "joint_withdrawn": Form(
        "撤回申报确认书",
        "并撤",
        (_APPLIED + "，您（单位）已于 {day} 自愿撤回，其中没有决定的事项不再办理。", "{reason}"),
        needs_seal=False,
    ),
    "joint_terminated": Form(
        "并联审批终止告知书",
        "并终",
        (
            _APPLIED + "，现终止并联办理。",
            "理由：{reason}",
            "已经作出的决定不受影响；没有决定的事项，各部门依法另行处理。",
        ),
    ),
    "simulated_opinion": Form(
        "模拟审批意见，仅供内部使用",
        "",
        (
            "并联件 {number}“{title}”中的“{part}”，{unit} 于 {day} 按模拟审批提出意见。",
            "尚未批准的前置事项：{waits}。",
            "意见：{finding}。{opinion}",
            "本意见不是行政许可决定，不产生批准的效力，不得对外使用，不能据以发证。",
            "前置事项批准后，须逐项核对，转为正式办件再作决定。",
        ),
        needs_seal=False,
        is_internal=True,
    ),
}
