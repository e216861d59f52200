"""Rules: what colleagues are told about a case: only what waits for them by name. Pure."""

from collections.abc import Mapping

from mingtang.cases.rules.occasions.applicant import BY, DAYS, KIND, REASON
from mingtang.messages.rules import Audience, Occasion, Place, Template

ALWAYS: Mapping[str, Place] = {
    "number": Place("办件编号", "330881016130917000001"),
    "item": Place("事项名称", "取水许可"),
    "who": Place("谁办的", "江山市水利局柴伟"),
}
STEP = Place("环节", "审查")


def _occasion(event: str, label: str, subject: str, body: str, **places: Place) -> Occasion:
    """For the inbox alone: colleagues are at the desk, and no SMS is spent on them."""
    told = Template(subject, f"办件 {{number}}“{{item}}”：\n\n{body}")
    return Occasion(event, Audience.STAFF, label, told, {**ALWAYS, **places})


TO_STAFF = (
    _occasion(
        "case.step_transferred",
        "环节转给您",
        "转给您办理：{item}，{step}",
        "{who}把“{step}”转给您办理，请领取。本件{by}办结。\n\n说明：{reason}",
        step=STEP,
        by=BY,
        reason=REASON,
    ),
    _occasion(
        "case.signer_added",
        "请您加签",
        "请您加签：{item}",
        "{who}请您加签，请领取办理。本件{by}办结。\n\n理由：{reason}",
        by=BY,
        reason=REASON,
    ),
    _occasion(
        "case.opinion_requested",
        "征求贵单位意见",
        "征求意见：{item}",
        "{who}征求贵单位的意见，请{by}答复。\n\n问题：{question}",
        by=BY,
        question=Place("要征求的问题", "取水口是否影响航道？"),
    ),
    _occasion(
        "case.pause_asked",
        "请批特别程序",
        "请批特别程序：{item}",
        "{who}申请{kind}，{days}个工作日。请批准，或者写明理由不同意。\n\n事由：{reason}",
        kind=KIND,
        days=DAYS,
        reason=REASON,
    ),
    _occasion(
        "case.extension_asked",
        "请批延期",
        "请批延期：{item}",
        "{who}申请延期{days}个工作日，本件现在{by}办结。请批准，或者写明理由不同意。\n\n"
        "理由：{reason}",
        by=BY,
        days=DAYS,
        reason=REASON,
    ),
    _occasion(
        "case.request_rejected",
        "申请没有批准",
        "没有批准{kind}：{item}",
        "{who}没有批准您的{kind}申请，请按原来的期限办理，本件{by}办结。\n\n理由：{reason}",
        by=BY,
        kind=Place("申请了什么", "延期"),
        reason=REASON,
    ),
    _occasion(
        "case.step_returned",
        "环节退回重办",
        "退回重办：{item}，{step}",
        "{who}把您完成的“{step}”退回重办，请领取。本件{by}办结。\n\n理由：{reason}",
        step=STEP,
        by=BY,
        reason=REASON,
    ),
    _occasion(
        "case.supplied",
        "申请人已补正",
        "申请人已补正：{item}",
        "申请人已补交材料，请{by}核对是否齐全。",
        by=BY,
    ),
    _occasion(
        "clock.recomputed",
        "放假安排改变了日期",
        "日期有变：{item}",
        "工作日日历更新，{limit}由{old}改为{new}。",
        limit=Place("什么日期", "承诺办结日期"),
        old=Place("原来的日期", "2013年9月30日"),
        new=Place("现在的日期", "2013年10月8日"),
    ),
)
