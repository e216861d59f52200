"""The pages that staff may open, for whom each is: the way around and the page of the day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mingtang.accounts.rules import COUNTER_ROLES, REFUSAL_READERS, Role, Scope
from mingtang.assessment.rules import sheets
from mingtang.bottlenecks.rules.board import READERS as BOTTLENECK_READERS
from mingtang.cases.rules import leads
from mingtang.cases.rules.archive import ARCHIVE_READERS
from mingtang.catalogue.editor.queries import AUTHORS
from mingtang.catalogue.queries.campaigns import READERS as CAMPAIGN_READERS
from mingtang.catalogue.queries.lists import KEEPERS, PRINTERS
from mingtang.catalogue.rules.shelf import KEEPERS as SHELF_KEEPERS
from mingtang.consultations.rules.life import READERS as CONSULTATION_READERS
from mingtang.disclosure.rules import chain
from mingtang.exchange.rules.batches import CALENDAR_READERS, OLD_CASE_READERS
from mingtang.exchange.rules.batches import KEEPERS as EXCHANGE_KEEPERS
from mingtang.files.queries import seal_grants
from mingtang.interaction.rules import CALLERS, READERS
from mingtang.joint.queries import meetings
from mingtang.joint.queries.routes import AUTHORS as ROUTE_AUTHORS
from mingtang.letters.rules import moves as letters
from mingtang.licences.rules import READERS as LICENCE_READERS
from mingtang.outage.rules import CONFIRMERS
from mingtang.persons.rules import KEEPERS as PERSONAL_KEEPERS
from mingtang.persons.rules import REVEAL_READERS
from mingtang.projects.queries import agency, intermediaries
from mingtang.projects.rules import moves as projects
from mingtang.queues.rules import CALLERS as CALL_NUMBERS
from mingtang.queues.rules import KEEPERS as QUEUE_KEEPERS
from mingtang.reports.queries import EDITORS as REPORT_EDITORS
from mingtang.requests.rules import moves as requests
from mingtang.screens.rules.devices import KEEPERS as SCREEN_KEEPERS
from mingtang.troubles.rules import KEEPERS as TROUBLE_KEEPERS
from mingtang.villages.rules import moves as villages


def _holders(roles: Iterable[Role]) -> Callable[[Scope], bool]:
    wanted = frozenset(roles)
    return lambda scope: scope.has_role(wanted)


def _reads_cases(scope: Scope) -> bool:
    return bool(scope.reading())


@dataclass(frozen=True)
class Door:
    """A page, what it is good for in one line, and who may open it."""

    label: Any  # translated when shown
    hint: Any
    route: str
    icon: str
    is_for: Callable[[Scope], bool]

    @cached_property
    def url(self) -> str:
        return reverse(self.route)


# Stand in the second row of the way around, while somebody is at the desk.
DESK = (
    Door(_("办件"), _("按到期先后排的工作清单"), "cases:desk", "folder", _reads_cases),
    Door(
        *(_("叫号"), _("叫下一位，一个号从排队到评价"), "screens:window", "chat"),
        _holders(CALL_NUMBERS),
    ),
    Door(
        *(_("办件总览"), _("各部门收了多少、按时多少"), "cases:overview", "building"),
        _holders(leads.OVERSEERS),
    ),
    Door(
        *(_("窗口日报"), _("每个窗口一天的数字"), "cases:sheet", "calendar"),
        _holders(leads.SHEET_READERS),
    ),
    Door(
        *(_("收费日结"), _("收了多少，点清交账"), "cases:cashier", "clip"),
        _holders(leads.CASHIER_READERS),
    ),
    Door(
        *(_("顶岗和交接"), _("请假有人顶，手上的事有人接"), "cases:handover", "person"),
        _holders(leads.ARRANGERS),
    ),
    Door(
        *(_("委托登记"), _("谁替哪家单位办事"), "cases:mandates", "person"),
        _holders(leads.MANDATE_KEEPERS),
    ),
    Door(
        *(_("授权使用"), _("凭授权书作出的决定"), "cases:authority", "check"),
        _holders(leads.AUTHORITY_READERS),
    ),
    Door(
        *(_("归档移交"), _("办结的卷，移交档案"), "cases:archives", "book"),
        _holders(ARCHIVE_READERS),
    ),
    Door(
        *(_("纸质回执"), _("停机时的回执，另一人核对时间"), "outage:receipts", "clip"),
        _holders(CONFIRMERS),
    ),
    Door(_("评价"), _("好评率、参评率，逐个窗口"), "interaction:rates", "chat", _holders(READERS)),
    Door(
        *(_("差评处理"), _("联系、核实、整改、答复"), "interaction:bad_ratings", "bang"),
        _holders(READERS),
    ),
    Door(
        *(_("电话回访"), _("替别的单位问一问办得怎样"), "interaction:call", "phone"),
        _holders(CALLERS),
    ),
)
COUNTER = (
    Door(
        *(_("窗口收件"), _("申请人在窗口，替他录入"), "cases:intake", "document"),
        _holders(COUNTER_ROLES),
    ),
    Door(
        *(_("一次性告知单"), _("来问的人，带一张单子回去"), "catalogue:enquiries", "chat"),
        _holders(COUNTER_ROLES),
    ),
    Door(
        *(_("登记信息公开申请"), _("当面、信函、口头提出的申请"), "requests:take_in", "document"),
        _holders(requests.REGISTRARS),
    ),
    Door(
        *(_("并联收件"), _("几个部门的事，一个窗口收"), "joint:intake", "document"),
        _holders(COUNTER_ROLES),
    ),
    Door(
        *(_("接电话"), _("边听边记，查这个号码以前的来信"), "letters:phone", "phone"),
        _holders(letters.TYPISTS),
    ),
    Door(
        *(_("录入来信"), _("意见箱里的信、12345 工单"), "letters:take_in", "clip"),
        _holders(letters.TYPISTS),
    ),
    Door(
        *(_("证照"), _("发出的证照，现在有没有效，撤销和注销"), "licences:list", "document"),
        _holders(LICENCE_READERS),
    ),
    Door(_("原件交接"), _("部门之间的原件，签收有据"), "cases:originals", "clip", _reads_cases),
)
ELSEWHERE = (
    Door(_("并联审批"), _("几个部门同时办的件"), "joint:desk", "building", _reads_cases),
    Door(
        *(_("依申请公开"), _("信息公开申请，按期限先后"), "requests:desk", "document"),
        _holders(requests.READERS),
    ),
    Door(
        *(_("来信办理"), _("咨询、求助、投诉、举报、建议，按期限先后"), "letters:desk", "chat"),
        _holders(letters.READERS),
    ),
    Door(
        *(_("重大项目库"), _("办到哪一步、投了多少、谁在等什么"), "projects:library", "building"),
        _holders(projects.READERS),
    ),
    Door(
        *(
            _("三务公开"),
            _("村里的公开：谁写、谁审查、谁晚了"),
            "village_office:desk",
            "building",
        ),
        _holders(villages.READERS),
    ),
    Door(
        *(_("效能监察"), _("提醒、黄牌和红牌，说明和申诉"), "supervision:board", "bang"),
        _reads_cases,
    ),
    Door(
        *(_("督查件"), _("督查件和领导批示，期限和报告"), "supervision:tasks", "clip"),
        _reads_cases,
    ),
    Door(
        *(_("多级联动事项"), _("下级初审、上级决定的事项"), "catalogue:referred", "book"),
        _reads_cases,
    ),
    Door(
        *(_("事项编辑"), _("起草、审核、发布办事指南"), "catalogue:edit_list", "document"),
        _holders(AUTHORS),
    ),
    Door(
        *(_("并联审批路线"), _("阶段、环节和前置，再造前后对照"), "routes:list", "clip"),
        _holders(ROUTE_AUTHORS),
    ),
    Door(
        *(_("事项清理"), _("部门上报，逐项决定，公布结果"), "catalogue:campaigns", "clip"),
        _holders(CAMPAIGN_READERS),
    ),
    Door(
        *(_("清单和汇编"), _("权力清单、责任清单，定稿公布"), "catalogue:kept_lists", "book"),
        _holders(KEEPERS),
    ),
    Door(
        *(_("印刷和发放"), _("印了多少份，发给了谁"), "catalogue:printings", "document"),
        _holders(PRINTERS),
    ),
    Door(
        *(_("取阅架"), _("给群众带走的指南，还有几份、是不是现行版"), "catalogue:shelf", "book"),
        _holders(SHELF_KEEPERS),
    ),
    Door(
        *(_("用印登记"), _("盖了哪些章，谁盖的"), "files:seals", "check"),
        lambda scope: bool(seal_grants(scope)),
    ),
    Door(
        *(_("年度报告"), _("数字从记录里来，自查、定稿"), "reports:index", "document"),
        _holders(REPORT_EDITORS),
    ),
    Door(
        *(_("信息公开"), _("起草、审核、发布，发布台账"), "disclosure:desk", "book"),
        _holders(chain.READERS | chain.OVERSEERS),
    ),
    Door(
        *(_("征集调查"), _("意见征集、访谈、问卷，逐条答复"), "consultations:office", "chat"),
        _holders(CONSULTATION_READERS),
    ),
    Door(
        *(_("绩效考核"), _("每月考核、名次、异议"), "assessment:rounds", "check"),
        _holders(sheets.READERS),
    ),
    Door(
        *(_("我的代办"), _("要办的事，替哪些项目办"), "agents:desk", "person"),
        _holders(agency.AGENTS),
    ),
    Door(
        *(_("代办总表"), _("谁代办哪些项目，省了几天"), "agents:board", "building"),
        _holders(agency.OVERSEERS),
    ),
    Door(
        *(_("联审和踏勘"), _("要开的会、要看的现场，等谁的意见"), "meetings:desk", "chat"),
        _holders(meetings.SPEAKERS),
    ),
    Door(
        *(_("中介机构"), _("名录、委托和评价"), "agents:register", "book"),
        _holders(intermediaries.KEEPERS),
    ),
    Door(
        *(_("瓶颈分析"), _("时间花在哪里，改流程能省几天"), "bottlenecks:board", "clock"),
        _holders(BOTTLENECK_READERS),
    ),
    Door(
        *(_("取号设置"), _("按什么分类取号，哪些窗口叫号"), "queues:keep", "clip"),
        _holders(QUEUE_KEEPERS),
    ),
    Door(
        *(_("大厅屏幕"), _("大屏、评价器、取号机，现在显示什么"), "screens:devices", "building"),
        _holders(SCREEN_KEEPERS),
    ),
    Door(
        *(_("消息发送"), _("短信、邮件发出去没有，为什么"), "messages:sent", "phone"),
        _holders([Role.SYSTEM_ADMIN, Role.CENTRE_MANAGER]),
    ),
    Door(
        *(_("重置两步验证"), _("手机和恢复码都丢了的，两个人办"), "accounts:resets", "person"),
        _holders([Role.SECURITY_ADMIN]),
    ),
    Door(
        *(_("安全事件"), _("没有成功的登录，打开无权查看的内容"), "accounts:refusals", "search"),
        _holders(REFUSAL_READERS),
    ),
    Door(
        *(
            _("个人信息申请"),
            _("复制、删除个人信息的申请，期限和答复"),
            "persons:data_requests",
            "person",
        ),
        _holders(PERSONAL_KEEPERS),
    ),
    Door(
        *(
            _("查看个人信息的记录"),
            _("谁看过完整的证件号码和电话，为什么"),
            "persons:reveals",
            "search",
        ),
        _holders(REVEAL_READERS),
    ),
    Door(
        *(_("运行问题"), _("用系统遇到的问题，谁来处理、解决了没有"), "troubles:list", "chat"),
        _holders(TROUBLE_KEEPERS),
    ),
    Door(
        *(_("系统使用培训"), _("哪天培训、谁来了、考核怎样"), "troubles:courses", "person"),
        _holders(TROUBLE_KEEPERS),
    ),
    Door(
        *(_("数据交换"), _("报给上级的批次、退回的记录、代码表"), "exchange:batches", "folder"),
        _holders(EXCHANGE_KEEPERS),
    ),
    Door(
        *(_("日程订阅"), _("把手上办件的到期日放进手机、电脑的日历"), "exchange:calendar", "clock"),
        _holders(CALENDAR_READERS),
    ),
    Door(
        *(_("查旧系统办件"), _("凭旧编号查以前的办件"), "exchange:old_cases", "search"),
        _holders(OLD_CASE_READERS),
    ),
    Door(
        *(_("消息模板"), _("短信和站内信怎么说"), "messages:templates", "phone"),
        _holders([Role.CENTRE_MANAGER]),
    ),
)


def open_to(scope: Scope, doors: Iterable[Door]) -> list[Door]:
    return [door for door in doors if door.is_for(scope)]
