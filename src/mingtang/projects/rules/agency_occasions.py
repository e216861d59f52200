"""Rules of agents: what owners, agents and departments are told, and in which words. Pure."""

from mingtang.messages.rules import Audience, Occasion, Place, Template

_PLACES = {
    "project": Place("项目名称", "年产十万套木门项目"),
    "number": Place("委托书编号", "行政服务中心代委〔2013〕1号"),
    "agent": Place("代办员", "徐明"),
    "what": Place("中介服务", "勘察测绘"),
    "hotline": Place("服务热线", "12345"),
}


def _said(
    event: str, audience: Audience, label: str, subject: str, body: str, sms: str = ""
) -> Occasion:
    return Occasion(event, audience, label, Template(subject, body, sms), _PLACES)


_TO, _STAFF = Audience.APPLICANT, Audience.STAFF
_LOOK = "登录后在“我的项目代办”里可以查看，或拨打 {hotline}。"
OCCASIONS: tuple[Occasion, ...] = (
    _said(
        *("agency.signed", _TO, "代办开始", "代办开始：{project}"),
        "“{project}”由代办员{agent}代办（委托书 {number}），不收任何费用，随时可以书面撤销。"
        + _LOOK,
        "“{project}”由代办员{agent}免费代办，随时可以书面撤销。服务热线 {hotline}。",
    ),
    _said(
        *("agency.taken_over", _TO, "更换代办员", "换了代办员：{project}"),
        "“{project}”的代办员换成{agent}，未了的事项已经移交。" + _LOOK,
        "“{project}”的代办员换成{agent}，未了的事项已经移交。服务热线 {hotline}。",
    ),
    _said(
        *("agency.concluded", _TO, "代办办结，请业主评价", "请评价代办：{project}"),
        "“{project}”的代办已经办结，请评价代办员{agent}的服务。" + _LOOK,
        "“{project}”的代办已经办结，请登录评价。服务热线 {hotline}。",
    ),
    _said(
        *("agency.revoked", _TO, "委托已撤销", "委托已撤销：{project}"),
        "您对“{project}”的代办委托（{number}）已经撤销，以后由您自己办理。" + _LOOK,
    ),
    _said(
        *("engagement.completed", _TO, "中介服务完成，请业主评价", "请评价中介服务：{project}"),
        "“{project}”的{what}已经完成，请评价这次中介服务。" + _LOOK,
    ),
    _said(
        *("agency.signed", _STAFF, "委托书生效", "委托书生效：{project}"),
        "“{project}”的委托书 {number} 双方已签字，请排代办计划。",
    ),
    _said(
        *("agency.handed_over", _STAFF, "等您接手代办", "等您接手：{project}"),
        "{agent}要把“{project}”的代办移交给您，请看移交单后确认。",
    ),
    _said(
        *("agency.revoked", _STAFF, "业主撤销委托", "业主撤销委托：{project}"),
        "业主撤销了“{project}”的委托书 {number}，请停止代办。",
    ),
    _said(
        *("engagement.completed", _STAFF, "中介服务完成，请部门评价", "请评价中介服务：{project}"),
        "“{project}”的{what}已经完成，请评价这次中介服务。",
    ),
)
OCCASION_OF = {(one.event, one.audience): one for one in OCCASIONS}
