"""Rules: what applicants are told, in words that need no explaining: what, by when, where.

An SMS holds the case number and the item, and stays near seventy characters: one SMS. It never
holds an identity number or the query code. Pure.
"""

from collections.abc import Mapping

from mingtang.messages.rules import Audience, Occasion, Place, Template

ALWAYS: Mapping[str, Place] = {
    "number": Place("办件编号", "330881016130917000001"),
    "item": Place("事项名称", "取水许可"),
    "applicant": Place("申请人", "毛小明"),
    "unit": Place("办理单位", "江山市水利局"),
    "where": Place("办事窗口", "江山市行政服务中心 12 号窗口"),
    "hotline": Place("服务热线", "12345"),
}
BY = Place("最晚日期", "2013年9月30日前")
WHAT = Place("要补的内容", "1. 申请书：没有签名，请签名")
REASON = Place("理由", "取水量超过核定总量。")
REMEDIES = Place("怎样申请复议或者起诉", "不服的，可以申请行政复议。")
DAYS = Place("工作日天数", "15")
SUM = Place("金额", "120.00 元")
DONE = Place("到那天做完什么", "办结")
NEXT = Place("下一步做什么", "请带身份证到江山市行政服务中心 12 号窗口领取")
KIND = Place("哪一种", "专家评审")
LIMITS = Place("办结日期", "承诺2013年9月30日前办结。")


def _occasion(
    event: str, label: str, subject: str, body: str, sms: str, **places: Place
) -> Occasion:
    """All begin with the name and end with the case number and whom to ask."""
    words = f"{{applicant}}：\n\n{body}\n\n办件编号：{{number}}。有疑问请拨打{{hotline}}。"
    told = Template(f"{subject}：{{item}}", words, f"{sms}编号{{number}}。")
    return Occasion(event, Audience.APPLICANT, label, told, {**ALWAYS, **places})


# The time that a special procedure takes is told in writing: 《行政许可法》第四十五条. Deemed
# acceptance and renewal: 第三十二条、第五十条.
TO_APPLICANT = (
    _occasion(
        "case.submitted",
        "收到网上申请",
        "收到您的申请",
        "您在网上提交的“{item}”申请已经收到。\n\n"
        "我们{by}告诉您是否受理；材料要补的，会一次告诉您补什么。{bring}",
        "收到您的“{item}”申请，{by}告诉您是否受理。",
        by=BY,
        bring=Place(
            "还要带来什么的话，自成一段",
            "\n\n还要请您2013年9月24日前把这些材料带到江山市行政服务中心 12 号窗口：\n\n申请书",
        ),
    ),
    _occasion(
        "case.taken_in",
        "窗口收件",
        "窗口已收到您的申请",
        "您交到窗口的“{item}”申请材料已经收下，请保存好收件凭证。\n\n"
        "我们{by}告诉您是否受理；材料要补的，会一次告诉您补什么。",
        "窗口已收到您的“{item}”申请，{by}告诉您是否受理。",
        by=BY,
    ),
    _occasion(
        "case.correction_asked",
        "要求补正",
        "请补材料",
        "您申请的“{item}”还缺材料，要补的全部内容如下：\n\n{what}\n\n"
        "请{by}补齐，可以在网上补交，也可以送到{where}。",
        "“{item}”还缺材料，请{by}补齐，网上交或送窗口都行。",
        by=BY,
        what=WHAT,
    ),
    _occasion(
        "case.more_asked",
        "受理后要求补充材料",
        "请补充材料",
        "您申请的“{item}”正在办理，还要补充下面的材料：\n\n{what}\n\n请{by}送到{where}。",
        "“{item}”还要补充材料，请{by}送到窗口。",
        by=BY,
        what=WHAT,
    ),
    _occasion(
        "case.found_incomplete",
        "补正不全",
        "补的材料还不齐",
        "您为“{item}”补交的材料已经核对，还缺：\n\n{what}\n\n"
        "请{by}补齐，可以在网上补交，也可以送到{where}。",
        "“{item}”补的材料还不齐，请{by}补齐，网上交或送窗口都行。",
        by=BY,
        what=WHAT,
    ),
    _occasion(
        "case.accepted",
        "受理",
        "已受理",
        "您申请的“{item}”已经受理。\n\n{limits}办好后我们会通知您。",
        "“{item}”已受理，{by}办结，办好后通知您。",
        by=BY,
        limits=LIMITS,
    ),
    _occasion(
        "case.accepted_below",
        "受理，先由下一级初审",
        "已受理，先初审",
        "您申请的“{item}”已经由{unit}受理。\n\n{limits}上报时会告诉您决定的期限。",
        "“{item}”已受理，{by}初审上报，由上一级决定。",
        by=BY,
        limits=Place("初审的期限", "2013年10月21日前初审完毕并上报，由上一级决定。"),
    ),
    _occasion(
        "case.referred_up",
        "初审上报",
        "已初审，报上一级决定",
        "您申请的“{item}”已经初审完毕，报{decider}决定。\n\n{limits}办好后我们会通知您。",
        "“{item}”已初审上报，{by}办结，办好后通知您。",
        by=BY,
        limits=LIMITS,
        decider=Place("由谁决定", "江山市规划局"),
    ),
    _occasion(
        "case.deemed_accepted",
        "视为受理",
        "已视为受理",
        "您申请的“{item}”，我们没有在法定期限内告知补正，依法自{since}起视为受理。\n\n"
        "{limits}办好后我们会通知您。",
        "“{item}”已依法视为受理，{by}{done}，办好后通知您。",
        by=BY,
        limits=LIMITS,
        since=Place("视为受理之日", "2013年9月17日"),
        done=DONE,
    ),
    _occasion(
        "case.material_deferred",
        "容缺受理，材料后补",
        "请按时补交材料",
        "您申请的“{item}”已经先受理。您答应后补的材料：\n\n{what}\n\n"
        "请{by}送到{where}。没有补齐，不能作出决定。",
        "“{item}”已先受理，请{by}把后补的材料送到窗口。",
        by=BY,
        what=Place("后补的材料", "1. 取水口位置图（2013年9月30日前）"),
    ),
    _occasion(
        "case.deferred_reminded",
        "提醒补交容缺材料",
        "别忘了补交材料",
        "您申请的“{item}”，答应后补的材料还没有交来：\n\n{what}\n\n"
        "请{by}送到{where}。没有补齐，不能作出决定。已经送来的，不用理会这条提醒。",
        "“{item}”后补的材料还没有交来，请{by}送到窗口。",
        by=BY,
        what=Place("还没有交来的材料", "1. 取水口位置图"),
    ),
    _occasion(
        "case.not_required",
        "不需要办理",
        "不需要办理",
        "您申请的“{item}”经核对，依法不需要办理，您不用再跑。\n\n理由：{reason}\n\n"
        "交过原件的，请带身份证到{where}取回。",
        "“{item}”经核对依法不需要办理，您不用再跑。",
        reason=REASON,
    ),
    _occasion(
        "case.declined",
        "不予受理",
        "不予受理",
        "您申请的“{item}”不归{unit}管，决定不予受理。\n\n理由：{reason}\n\n"
        "请向{competent}提出申请。{remedies}",
        "“{item}”不归{unit}管，请向{competent}申请。",
        reason=REASON,
        competent=Place("有权办理的机关", "江山市国土资源局"),
        remedies=REMEDIES,
    ),
    _occasion(
        "case.returned",
        "退件",
        "材料已退回",
        "您申请“{item}”的材料已经退回。\n\n理由：{reason}\n\n"
        "这不是对申请的决定，材料备齐后可以重新申请。交过原件的，请带身份证到{where}取回。",
        "“{item}”的材料已退回，备齐后可以重新申请。",
        reason=REASON,
    ),
    _occasion(
        "case.paused",
        "特别程序，暂停计时",
        "暂停计时",
        "您申请的“{item}”要进行{kind}，大约{days}个工作日，预计{by}结束。\n\n事由：{reason}\n\n"
        "这段时间不算在办理期限里，结束后会告诉您新的办结日期。要您配合的，承办人会另外联系您。",
        "“{item}”要进行{kind}，约{days}个工作日，不算在办理期限里。",
        by=BY,
        kind=KIND,
        days=DAYS,
        reason=REASON,
    ),
    _occasion(
        "case.resumed",
        "恢复计时",
        "继续办理",
        "您申请的“{item}”，特别程序已经结束，现在继续办理，{by}{done}。\n\n结果：{result}",
        "“{item}”的特别程序已结束，继续办理，{by}{done}。",
        by=BY,
        done=DONE,
        result=Place("特别程序的结果", "专家同意取水方案。"),
    ),
    _occasion(
        "case.extended",
        "延长办理期限",
        "办理期限延长",
        "您申请的“{item}”不能在原来的期限内作出决定，经单位负责人批准，延长{days}个工作日，"
        "改为{by}办结。\n\n理由：{reason}",
        "“{item}”延长{days}个工作日，改为{by}办结。",
        by=BY,
        days=DAYS,
        reason=REASON,
    ),
    _occasion(
        "case.granted",
        "准予",
        "已批准",
        "您申请的“{item}”已经作出决定：{result}。\n\n{reason}\n\n{next}。{remedies}",
        "“{item}”已决定{result}，{next}。",
        result=Place("决定", "准予"),
        reason=REASON,
        next=NEXT,
        remedies=REMEDIES,
    ),
    _occasion(
        "case.refused",
        "不予",
        "没有批准",
        "您申请的“{item}”经审查，没有批准。\n\n理由：{reason}\n\n依据：{basis}\n\n"
        "{next}。{remedies}",
        "“{item}”没有批准，理由见决定书。{next}。",
        reason=REASON,
        basis=Place("法律依据", "《水法》第四十八条"),
        next=Place("怎样拿到决定书", "请带身份证到江山市行政服务中心 12 号窗口领取决定书"),
        remedies=REMEDIES,
    ),
    _occasion(
        "case.deemed_granted",
        "视为准予延续",
        "视为准予延续",
        "您申请的“{item}”，原证件到期前没有作出决定，依法视为准予延续。\n\n{next}。",
        "“{item}”依法视为准予延续，{next}。",
        next=NEXT,
    ),
    _occasion(
        "case.issued",
        "证照做好",
        "证照做好了",
        "您申请的“{item}”，证照已经做好，编号 {licence}。\n\n{next}。",
        "“{item}”的证照做好了，{next}。",
        licence=Place("证照编号", "取水（江山）字〔2013〕第 8 号"),
        next=NEXT,
    ),
    _occasion(
        "case.delivered",
        "送达",
        "已送达",
        "您申请的“{item}”，结果已{way}。\n\n如果您没有拿到，也没有托人领取，请马上拨打{hotline}。{rate}",
        "“{item}”的结果已{way}。没有拿到请拨打{hotline}。",
        way=Place("怎样送达", "在窗口领取"),
        rate=Place(
            "请申请人评价的话，自成一段", "\n\n这次服务您满意吗？请打开这件办件，点“评价这次服务”。"
        ),
    ),
    _occasion(
        "case.charged",
        "通知缴费",
        "请缴费",
        "您申请的“{item}”要缴费 {sum}（{what}）。\n\n请到统一收费窗口缴费，报办件编号就行。{note}",
        "“{item}”要缴费 {sum}，请到统一收费窗口，报编号就行。",
        sum=SUM,
        what=Place("收费项目", "水资源费"),
        note=Place("不缴会怎样", "缴清以后才能拿到结果。"),
    ),
    _occasion(
        "case.refunded",
        "退费",
        "已退费",
        "您申请的“{item}”，已退给您 {sum}。\n\n理由：{reason}\n\n没有收到的，请拨打{hotline}。",
        "“{item}”已退费 {sum}。没有收到请拨打{hotline}。",
        sum=SUM,
        reason=REASON,
    ),
    _occasion(
        "case.withdrawn",
        "撤回申请",
        "已撤回",
        "您申请的“{item}”已按您的要求撤回，不再办理。需要时可以重新申请。\n\n"
        "如果不是您要撤回的，请马上拨打{hotline}。",
        "“{item}”已按您的要求撤回。不是您撤的，请拨打{hotline}。",
    ),
    _occasion(
        "case.terminated",
        "终止审查",
        "已终止审查",
        "“{item}”的申请，因{kind}，决定终止审查。\n\n{reason}\n\n"
        "交过原件的，请带身份证到{where}取回。{remedies}",
        "“{item}”已终止审查，理由见决定书。",
        kind=Place("终止的原因", "申请事项的标的已不存在"),
        reason=REASON,
        remedies=REMEDIES,
    ),
    _occasion(
        "case.reopened",
        "恢复办理",
        "恢复办理",
        "您申请的“{item}”恢复办理，{next}。\n\n理由：{reason}",
        "“{item}”恢复办理，{next}。",
        next=Place("下一步", "2013年9月30日前办结"),
        reason=REASON,
    ),
    _occasion(
        "clock.recomputed",
        "放假安排改变了日期",
        "日期有变",
        "国家的放假和调休安排有变，您申请的“{item}”，{limit}由{old}改为{new}。",
        "放假安排有变，“{item}”的{limit}由{old}改为{new}。",
        limit=Place("什么日期", "承诺办结日期"),
        old=Place("原来的日期", "2013年9月30日"),
        new=Place("现在的日期", "2013年10月8日"),
    ),
)
