"""What of the house English speaks: which sources are of staff alone, and the words of the rules
that public pages show. scripts/make_messages.py and tests/structure/test_languages.py read it."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatch
from typing import Any

from django.core.management import load_command_class

from mingtang.base import speech
from mingtang.cases.present import EVENT_TITLES, NEXT_BELOW, NEXT_STEPS
from mingtang.cases.present.events import WAY
from mingtang.cases.rules import GivenWay, HandOverWay, Outcome, PauseReason, State
from mingtang.cases.rules.fees import ChargeState
from mingtang.catalogue.rules import DEFAULT_PROMISE, KINDS, LAW_SETS_NONE, NOT_STATED
from mingtang.catalogue.rules.campaigns import Decision
from mingtang.catalogue.rules.chain import FIRST_LINK, FIRST_NOTE
from mingtang.catalogue.rules.details import DETAILS, MATERIALS
from mingtang.catalogue.rules.fields import Field, Table
from mingtang.catalogue.rules.lists import FIELDS, ListKind
from mingtang.catalogue.rules.profiles import ASKED_BEFORE, ASKED_SINCE, SERVED_BADLY
from mingtang.consultations.rules import life as consultations
from mingtang.consultations.rules.survey import QuestionKind
from mingtang.disclosure.rules.items import (
    CATEGORIES,
    COLUMN_LABELS,
    GENRE_LABELS,
    VALIDITY_LABELS,
    Validity,
)
from mingtang.disclosure.rules.section import ABOUT, CATEGORY_GROUPS, LAWS
from mingtang.files.rules.documents import Fault, SealState
from mingtang.files.seals import LOCAL_NOTICE
from mingtang.files.services.verifying import NOT_OURS
from mingtang.interaction.rules import Level, RatingChannel
from mingtang.joint import present as joint
from mingtang.joint.rules import states as joint_states
from mingtang.joint.rules.route import NodeKind
from mingtang.letters import present as letters
from mingtang.letters.rules import kinds as letter_kinds
from mingtang.letters.rules import moves as letter_moves
from mingtang.licences.rules import Ending, Standing
from mingtang.queues.rules import TicketState, Why
from mingtang.requests import present as requests
from mingtang.requests.rules import kinds as request_kinds
from mingtang.requests.rules import people as request_people
from mingtang.requests.rules import states as request_states
from mingtang.site import cli
from mingtang.site.command import USAGE
from mingtang.timing.rules import UNIT_LABELS
from mingtang.timing.rules.clocks import CLOCK_LABELS
from mingtang.villages.rules.kinds import AREA_LABELS, TABLE_WORDS

DESK_OF_DISCLOSURE = ("book", "common", "item", "numbering", "keeping", "office", "releases")

# Templates and modules that only pages of staff use: they are not translated. Names as makemessages
# writes them, from src/mingtang; a star stands for anything.
STAFF = (
    *(
        "assessment/*",
        "bottlenecks/*",
        "troubles/*",
        "licences/templates/licences/li*",
        "supervision/*",
        "projects/[!t]*",
        "projects/templates/agents/*",
        "projects/templates/projects/[!o]*",
        *("villages/forms/office.py", "villages/present_office.py", "villages/urls*"),
        *("villages/views/desk.py", "villages/views/work.py", "villages/views/settings.py"),
        "villages/templates/villages/office/*",
        "screens/*",
        "queues/views/keeping.py",
        "queues/forms/keeping.py",
        "queues/templates/queues/keep.html",
        "reports/*",
        "exchange/*",
    ),
    *(
        "outage/forms.py",
        "outage/views.py",
        *("requests/views/paper.py", "letters/views/paper.py", "joint/views/paper.py"),
        "outage/templates/outage/fi*",
        "outage/templates/outage/[er]*",
    ),
    *("persons/forms.py", "persons/views/asking.py", "persons/views/revealing.py"),
    *("persons/templates/persons/office/*", "accounts/templates/accounts/refusals.html"),
    *("joint/*_meetings.py", "joint/views/meetings.py", "joint/templates/meetings/*"),
    *("base/pdf.py", "site/doors.py", "site/views/today.py", "site/templates/site/today.html"),
    *(f"cases/forms/{name}.py" for name in ("acts", "deeds", "leads")),
    *(
        f"cases/views/{name}.py"
        for name in (
            *("archive", "case", "cashier", "desk", "handover", "leads", "mandates", "offers"),
            "paper",
        )
    ),
    *(
        f"cases/templates/cases/{name}.html"
        for name in (
            *("archives", "authority", "case_detail", "cashier", "desk", "handover", "intake"),
            *("letter", "mandates", "originals", "overview", "sheet", "take_in", "taken"),
            *(
                "parts/desk_row",
                "parts/done",
                "parts/owed",
                "parts/archive",
                "parts/history",
                "parts/money",
                "parts/originals",
            ),
            *("parts/seals", "parts/steps", "parts/told", "parts/unit_figures"),
        )
    ),
    *(
        "disclosure/forms.py",
        "disclosure/present.py",
        *(f"disclosure/views/{name}.py" for name in DESK_OF_DISCLOSURE),
    ),
    "disclosure/templates/disclosure/office/*",
    *("catalogue/views/campaigns.py", "catalogue/forms.py", "catalogue/campaign_pages.py"),
    *("catalogue/views/keeping.py", "catalogue/templates/catalogue/lists/kept.html"),
    "catalogue/templates/catalogue/lists/printings.html",
    "catalogue/templates/catalogue/referred.html",
    *("catalogue/views/shelf.py", "catalogue/templates/catalogue/shelf/*"),
    *(
        f"catalogue/templates/catalogue/campaigns/{name}.html"
        for name in ("list", "start", "campaign", "entries", "parts/faults")
    ),
    *("catalogue/editor/*", "catalogue/templates/catalogue/editor/*"),
    *("joint/editor/*", "joint/templates/joint/routes/*", "joint/maps.py"),
    *("joint/templates/joint/parts/map.html", "joint/templates/joint/map.html"),
    *("catalogue/templates/catalogue/enquiries.html", "catalogue/templates/catalogue/sheet.html"),
    *(
        "catalogue/templates/catalogue/guide_pdf.html",
        "catalogue/templates/catalogue/handbook_pdf.html",
    ),
    "disclosure/templates/disclosure/sheet.html",
    "disclosure/templates/disclosure/bundle_*.html",
    *("consultations/forms/office.py", "consultations/views/office.py"),
    "consultations/templates/consultations/office/*",
    *("files/templates/files/seals.html", "interaction/views/desk.py"),
    *(
        f"interaction/templates/interaction/{name}.html"
        for name in (*("bad_rating", "bad_ratings", "call", "rates", "slip"),)
    ),
    *("requests/forms/acts.py", "requests/views/desk.py", "requests/views/report.py"),
    *(
        f"requests/templates/requests/{name}.html"
        for name in (
            *("cell", "desk", "detail", "register", "report", "take_in"),
            *("parts/matrix", "parts/rows", "parts/tabs"),
        )
    ),
    *("letters/forms/desk.py", "letters/rules/*"),
    *(f"letters/views/{name}.py" for name in ("desk", "intake", "publishing")),
    *(
        f"letters/templates/letters/{name}.html"
        for name in (
            *("copy", "desk", "detail", "limits", "mail", "mails", "phone", "promote", "readers"),
            *("register", "take_in", "parts/changes", "parts/rows", "parts/tabs"),
        )
    ),
    *("joint/forms/acts.py", "joint/views/desk.py"),
    *(f"joint/templates/joint/{name}.html" for name in ("desk", "detail", "parts/inside")),
    *("messages/forms.py", "messages/templates/messages/template*.html"),
    "messages/templates/messages/sent.html",
    "messages/templates/messages/parts/preview.html",
)

# Words of the rules that stand before or after a number: {} is the number.
COUNTED = (
    *("{}次", "{}份", "{} 元", "{}.{} 元", "{}年{}月{}日"),
    *("{}个工作日内", "决定后{}个工作日内", "自受理起共{}个工作日", "自受理起共{}个自然日"),
    *("自上报起共{}个工作日", "自上报起共{}个自然日", "自受理起{}个工作日"),
    *("自受理起共{}个月", "自受理起共{}个办公小时", "1个工作日", "1 个工作日"),
)
# Words that no rule lists, but a record, a form of the catalogue or a chain says.
SINGLE = (
    *(
        "申请人",
        "当场办结",
        "必要",
        "非必要",
        "情形需要",
        "是",
        "否",
        "无",
        "收件",
        "受理",
        "决定",
        "送达",
    ),
    *("审查", "联合审查", "现场踏勘", "缴费", "制证", "电子", "纸质", "原件", "复印件", "证件原样"),
    *("：", "1 个月", "有", "没有"),
    *("您在网上填了申请表，这份不用交。", "您没有委托别人来办，这份不用交。"),
)

# What goes wrong most often for somebody who fills in a page: {} is a number or a name in quotes.
# Other messages of rules stay Chinese: many quote the law.
MISTAKES = (
    *("请填写{}。", "请选择{}。", "请至少填写一行{}。", "{}应是文字，请重新填写。"),
    *("{}有 {} 个字，最多 {} 个字，请精简。", "{}至少要写 {} 个字，请补充。"),
    *("{}请填整数，如 {}。", "{}请填数字，小数不超过 {} 位，如 {}。", "{}请选{}或{}。"),
    *("{}请填数字，小数不超过 {} 位，如 {}.{}。", "{}请从列出的选项中选择。"),
    *("{}至少要填 {} 行，现在是 {} 行。", "{}最多填 {} 行，现在是 {} 行，请删去多余的。"),
    "{}不对：手机应为 {} 位数字，座机请带区号，如 {}-{}。",
    *("{}应有所在的村（社区）和门牌。", "{}请选择所在的乡镇、村（社区）。"),
    "{}请写明街路、门牌号，不超过 {} 个字。",
    "公民身份号码应为{}位，您填写的是{}位，请对照证照核对。",
    "公民身份号码第{}位（校验码）与前{}位对不上，可能有一位填错，请对照证件逐位核对。",
    "统一社会信用代码应为{}位，您填写的是{}位，请对照证照核对。",
    "统一社会信用代码第{}位（校验码）与前{}位对不上，可能有一位填错，请对照证照逐位核对。",
    *("用户名或密码不正确，请核对后重新输入。", "办件编号或查询码不正确，请对照回执重新输入。"),
    "尝试次数过多，请 {} 分钟后再试；着急办理请到窗口或拨打服务热线。",
    "没有找到这个续填码的申请，请核对后重新输入。超过 {} 天没有修改的已删除。",
    "没有找到这个事项，请核对编码，或在网上办事中按名称查找。",
    "没有找到您要的内容，请核对编号后重试。",
)


def is_for_staff(source: str) -> bool:
    return any(fnmatch(source, pattern) for pattern in STAFF)


def words() -> list[str]:
    """The msgids that no template and no call spells out, each once."""
    return list(dict.fromkeys([*_labels(), *COUNTED, *SINGLE, *MISTAKES]))


def _labels() -> Iterator[str]:
    for kinds in (State, Outcome, HandOverWay, PauseReason, GivenWay, ChargeState):
        yield from _of(kinds)
    yield from (*_of(Decision), *_of(ListKind), *FIELDS.values())
    for others in (SealState, Fault, Level, RatingChannel, KINDS.values(), TicketState, Why):
        yield from _of(others)
    yield from (*EVENT_TITLES.values(), *NEXT_STEPS.values(), *(title for _key, title in WAY))
    yield from (NEXT_BELOW, FIRST_LINK, FIRST_NOTE)
    yield from (DEFAULT_PROMISE, LAW_SETS_NONE, NOT_STATED, ASKED_BEFORE, ASKED_SINCE, SERVED_BADLY)
    yield from (LOCAL_NOTICE, NOT_OURS)
    yield from (*_of(Standing), *_of(Ending))
    yield from _of_requests()
    yield from _of_letters()
    yield from _of_joint()
    yield from CLOCK_LABELS.values()
    for asked in (consultations.Kind, consultations.State, QuestionKind):
        yield from _of(asked)
    yield from (one.noun for one in consultations.Kind)
    yield from _of_openness()
    yield from (*AREA_LABELS.values(), *TABLE_WORDS)
    for unit in UNIT_LABELS.values():
        yield from (f"{{}}{unit}", f"{{}} {unit}")
    for field in (*DETAILS, *MATERIALS.columns):
        yield from _of_field(field)
    yield from _of_commands()


def _of_commands() -> Iterator[str]:
    """What the help of the command line says."""
    yield from (cli.USAGE, cli.MORE, cli.UNKNOWN, USAGE, speech.HELP_OF_HELP)
    yield from speech.GROUPS.values()
    for heading, names in cli.COMMANDS:
        yield heading
        for name in names:
            command = load_command_class("mingtang.site", name)
            yield from speech.texts(command.create_parser("", name))
            yield command.help


def _of_openness() -> Iterator[str]:
    """What the public section says of its columns, kinds and law."""
    for kinds in (COLUMN_LABELS, CATEGORIES, GENRE_LABELS, ABOUT):
        yield from kinds.values()
    yield from (label for one, label in VALIDITY_LABELS.items() if one is not Validity.NONE)
    yield from (title for _article, title in CATEGORY_GROUPS)
    yield from (law.title for law in LAWS)


def _of_joint() -> Iterator[str]:
    """What the public reads of its joint matters."""
    for kinds in (joint_states.JointState, joint_states.PartStatus, NodeKind):
        yield from _of(kinds)
    yield from joint.NEXT_STEPS.values()
    yield from (title for kind, title in joint.EVENT_TITLES.items() if joint.is_for_all(kind))


def _of_letters() -> Iterator[str]:
    """What the public reads of its letters."""
    for kinds in (letter_kinds.Kind, letter_kinds.Source, letter_kinds.Target):
        yield from _of(kinds)
    yield from _of(letter_moves.State)
    yield from _of(letter_kinds.CallResult)
    yield from _of(letter_kinds.Refusal)
    yield from (one.help_text for one in letter_kinds.Kind)
    yield from (one.advice for one in letter_kinds.Refusal)
    yield from (one.next_step for one in letter_moves.State if one.next_step)
    yield from letter_kinds.RATINGS.values()
    yield from (letters.EVENT_TITLES[kind] for kind in letters.SHOWN_TO_WRITER)


def _of_requests() -> Iterator[str]:
    """What the public reads of its information requests."""
    people = request_people
    for kinds in (people.ApplicantKind, people.Channel, people.WantedForm, people.WantedWay):
        yield from _of(kinds)
    yield from _of(request_states.State)
    yield from (one.next_step for one in request_states.State if one.next_step)
    yield from (one.name_in_full for one in request_kinds.Kind)
    yield from (requests.EVENT_TITLES[kind] for kind in requests.SHOWN_TO_APPLICANT)


def _of(labelled: Iterable[Any]) -> Iterator[str]:
    for one in labelled:
        yield one.label


def _of_field(field: Field) -> Iterator[str]:
    """Its name and the names of its options; rows of tables are shown without theirs."""
    yield field.label
    options: Mapping[str, Any] | None = getattr(field, "options", None)
    if options and not isinstance(field, Table):
        yield from _of(options.values())
