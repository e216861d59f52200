"""What stands in addresses: of each kind of thing one of the demo, whose it is, and who beyond
that unit reads it. This table is what the probe holds the house to."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.apps import apps

from mingtang.accounts.rules import REGION_WIDE, Role
from mingtang.exchange.queries.codes import book_of
from mingtang.messages.queries import wordings
from mingtang.requests.rules import tables


@dataclass(frozen=True)
class Thing:
    """What stands in an address for one thing, the units whose it is, and the citizen; `people`:
    the demo's own, by name, where a post at the unit is not enough."""

    values: dict[str, Any]
    units: tuple[int, ...] = ()
    person: int | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """`near`: the roles that reach a thing of another unit of their region, among those that the
    route admits; `is_common`: a thing of the whole installation, there for each holder."""

    find: Callable[[], Thing]
    near: frozenset[Role] = frozenset()
    is_common: bool = False
    said: str = "本单位"

    def hides(self, role: Role, *, is_far: bool, is_near: bool) -> bool:
        """Whether a thing is not there for a holder of this role who comes from elsewhere."""
        return (is_far and not self.is_common) or (is_near and role not in self.near)


def _first(model: str, **where: Any) -> Any:
    return apps.get_model(model)._default_manager.filter(**where).order_by("id").first()


def _parts(stream: str) -> dict[str, Any]:
    """A paper and a file of something, where it has them."""
    paper, file = _first("files.Document", subject=stream), _first("files.Upload", subject=stream)
    papers = {"document_id": paper.id} if paper else {}
    return papers | ({"upload_id": file.id} if file else {})


def _row(model: str, name: str, unit: str = "", key: str = "id", **where: Any) -> Thing:
    """The first row of a kind; `unit`: the way to the unit whose it is."""
    one = owner = _first(model, **where)
    for step in unit.split(".") if unit else ():
        owner = getattr(owner, step)
    parts = _parts(one.stream) if hasattr(one, "stream") else {}
    return Thing({name: getattr(one, key), **parts}, (owner,) if unit else ())


def _case() -> Thing:
    paper = _first("files.Document", kind="granted")
    one = _first("cases.Case", id=int(paper.subject.partition(":")[2]))
    return Thing(
        *({"number": one.number, **_parts(one.stream)}, (one.organisation_id,)),
        person=one.applicant_person_id,
    )


def _hidden() -> Thing:
    case = _case()
    one = _first("cases.Case", number=case.values["number"])
    return Thing({"kind": "case", "key": one.id}, case.units)


def _request() -> Thing:
    one = _first("requests.Request", applicant_person__isnull=False)
    one = one or _first("requests.Request")
    values = {"request_id": one.id, "number": one.number, **_parts(one.stream)}
    return Thing(values, (one.organisation_id,), one.applicant_person_id)


def _letter() -> Thing:
    one = _first("letters.Letter", lead__isnull=False, kind="complaint")
    values = {"letter_id": one.id, "number": one.number, **_parts(one.stream)}
    return Thing(values, (one.office_id, one.lead_id), one.writer_person_id)


def _joint() -> Thing:
    one = _first("joint.JointCase")
    part = one.parts.order_by("position").first()
    values = {"joint_id": one.id, "number": one.number, "part": part.key, **_parts(one.stream)}
    return Thing(values, (one.lead_id,), one.applicant_person_id)


def _item() -> Thing:
    one = _first("catalogue.Item", current_edition__isnull=False)
    return Thing({"code": one.code}, (one.department_id,))


def _draft() -> Thing:
    one = _first("catalogue.Draft", state="draft", item__current_edition__isnull=False)
    one = one or _first("catalogue.Draft", state="draft")
    return Thing({"code": one.item.code, "name": "证明.pdf"}, (one.item.department_id,))


def _village() -> Thing:
    one = _first("villages.Disclosure", released_at__isnull=False)
    values = {"disclosure_id": one.id, "line_id": one.lines.order_by("id").first().id}
    values |= {"size": "hd", **_parts(one.stream)}
    return Thing(values, (one.village.township_id,), people=("cunwenshu",))


def _village_place() -> Thing:
    kin = _first("villages.Kinship")
    member = _first("villages.Member", village=kin.village)
    values = {"code": kin.village.code, "kinship_id": kin.id, "member_id": member.id}
    return Thing(values, (kin.village.township_id,), people=("cunwenshu",))


def _project() -> Thing:
    one = _first("projects.Project", nodes__isnull=False)
    values = {"project_id": one.id, "node_id": one.nodes.order_by("id").first().id}
    return Thing({**values, **_parts(one.stream)})


def _comment() -> Thing:
    one = _first("consultations.Comment")
    values = {"activity_id": one.activity_id, "number": one.number}
    return Thing(values, (one.activity.organisation_id,))


def _agency_letter() -> Thing:
    found = _row("projects.AgencyLetter", "letter_id", "organisation_id")
    return replace(found, people=("daiban",))


def _opinion() -> Thing:
    one = _first("consultations.Comment")
    return Thing({"id": f"{one.activity_id}-{one.number}"}, (one.activity.organisation_id,))


def _rule() -> Thing:
    one = _first("supervision.Rule")
    return Thing({"profile": one.profile, "code": one.code})


def _sheet() -> Thing:
    one = _first("assessment.PeriodSheet")
    score = one.scores.order_by("id").first()
    values = {
        "sheet_id": one.id,
        "code": one.code,
        "period": one.period,
        "entry_id": _first("assessment.ManualEntry", sheet=one).id,
        "objection_id": _first("assessment.Objection", sheet=one).id,
        "key": score.key,
        **_parts(one.stream),
    }
    return Thing(values, (one.organisation_id,))


def _meeting() -> Thing:
    one = _first("joint.Meeting")
    values = {"meeting_id": one.id, "document_id": one.invitation_id}
    return Thing({**values, "whose": "none"}, (one.joint.lead_id,))


def _campaign() -> Thing:
    one = _first("catalogue.Campaign")
    values = {"campaign_id": one.id, "document_id": one.result_id or one.notice_id}
    asked = one.units.order_by("id").first()
    units = (one.lead_id, asked.organisation_id) if asked else (one.lead_id,)
    return Thing({**values, "organisation_id": units[-1]}, units)


def _sealed() -> Thing:
    one = _first("files.Document", sealed_at__isnull=False)
    return Thing({"document_id": one.id}, (one.organisation_id,))


def _catalogue_entry() -> Thing:
    one = _first("disclosure.CatalogueEntry")
    other = _first("disclosure.Publication", organisation=one.organisation_id)
    values = {"entry_id": one.id, "publication_id": other.id if other else 7}
    return Thing(values, (one.organisation_id,))


def _limit() -> Thing:
    one = _first("villages.ReleaseLimit", village__isnull=False, confirmed_at=None)
    values = {"code": one.village.code, "limit_id": one.id}
    return Thing(values, (one.village.township_id,))


def _message() -> Thing:
    one = _first("mailroom.Message", person__isnull=False, way="inbox")
    return Thing({"message_id": one.id}, person=one.person_id)


def _code() -> Thing:
    one = book_of("national").codes[0]
    return Thing({"name": one.list, "ours": one.ours})


def _occasion() -> Thing:
    one = wordings()[0].occasion
    return Thing({"event": one.event, "audience": str(one.audience)})


OVERSEEING = frozenset({Role.CENTRE_MANAGER, Role.INSPECTOR, Role.STEERING_GROUP})
CASES = REGION_WIDE | {Role.GENERAL_CLERK}
WATCHING = REGION_WIDE
PROJECTS = REGION_WIDE | {Role.PROJECT_OFFICE, Role.AGENT}
CLEARING = frozenset({Role.REFORM_OFFICE, Role.CENTRE_MANAGER, Role.STEERING_GROUP})
EVERYBODY = frozenset(Role)
_REGION = "本单位；{}可看全区域"
_CASES = _REGION.format("综合窗口、中心、监察、审改办、领导小组")
_WATCHED = _REGION.format("中心、监察、领导小组")
_ALL = "全站，不分单位"


def _common(find: Callable[[], Thing]) -> Kind:
    return Kind(find, EVERYBODY, is_common=True, said=_ALL)


KINDS: dict[str, Kind] = {
    "case": Kind(_case, CASES, said=f"{_CASES}；申请人看自己的"),
    "joint": Kind(_joint, CASES, said=f"{_CASES}；申请人看自己的"),
    "authority": Kind(
        partial(_row, "accounts.LetterOfAuthority", "letter_id", "post.organisation_id"),
        *(CASES, False, _CASES),
    ),
    "draft": Kind(
        *(_draft, frozenset({Role.CENTRE_MANAGER, Role.REFORM_OFFICE})),
        said=_REGION.format("中心、审改办"),
    ),
    "campaign": Kind(_campaign, CLEARING, said="参加清理的单位；审改办、中心、领导小组可看全区域"),
    "power_list": Kind(
        *(partial(_row, "catalogue.PowerList", "list_id"), EVERYBODY), said="同一区域"
    ),
    "shelf_guide": Kind(partial(_row, "catalogue.ShelfGuide", "guide_id", "organisation_id")),
    "village": Kind(_village, OVERSEEING, said=_WATCHED),
    "village_place": Kind(_village_place, OVERSEEING, said=_WATCHED),
    "objection": Kind(
        partial(_row, "villages.Objection", "objection_id", "disclosure.village.township_id")
    ),
    "project": Kind(_project, PROJECTS, said=_REGION.format("项目办、代办员、中心、监察等")),
    "agency_letter": Kind(
        _agency_letter,
        *(PROJECTS - {Role.AGENT}, False, _REGION.format("项目办、中心、监察等")),
    ),
    "engagement": Kind(
        partial(_row, "projects.Engagement", "engagement_id", "organisation_id"),
        *(frozenset({Role.PROJECT_OFFICE, Role.AGENT}), False, _REGION.format("项目办、代办员")),
    ),
    "request": Kind(_request, said="本单位；申请人看自己的"),
    "letter": Kind(_letter, said="信访办和承办单位；举报只有指定的人；写信人看自己的"),
    "mail": Kind(partial(_row, "letters.Mail", "mail_id"), said="信访办"),
    "letter_reader": Kind(partial(_row, "letters.Reader", "reader_id"), said="信访办"),
    "activity": Kind(
        partial(_row, "consultations.Activity", "activity_id", "organisation_id"),
        *(OVERSEEING, False, _WATCHED),
    ),
    "comment": Kind(_comment, OVERSEEING, said=_WATCHED),
    "opinion": Kind(_opinion, OVERSEEING, said=_WATCHED),
    "publication": Kind(
        partial(_row, "disclosure.Publication", "publication_id", "organisation_id"),
        *(OVERSEEING, False, _WATCHED),
    ),
    "release": Kind(
        partial(_row, "channels.Release", "release_id", "organisation_id"),
        *(OVERSEEING, False, _WATCHED),
    ),
    "queue": Kind(partial(_row, "queues.Queue", "queue_id", "organisation_id")),
    "device": Kind(partial(_row, "screens.Device", "device_id", "organisation_id")),
    "message": Kind(_message, said="收件人本人"),
    "hidden": Kind(_hidden, CASES, said=f"{_CASES}（页面上能看到的那一件）"),
    "licence": Kind(
        partial(_row, "licences.Licence", "licence_id", "organisation_id"), *(CASES, False, _CASES)
    ),
    "item": _common(_item),
    "route": _common(
        partial(_row, "joint.Route", "code", key="code", current_edition__isnull=False)
    ),
    "firm": _common(partial(_row, "projects.Intermediary", "intermediary_id")),
    "programme": _common(partial(_row, "projects.Programme", "programme_id")),
    "mandate": _common(partial(_row, "accounts.Mandate", "mandate_id")),
    "rule": _common(_rule),
    "scheme": _common(partial(_row, "assessment.Scheme", "code", key="code")),
    "village_rules": _common(lambda: Thing({"verb": "notice"})),
    "card": Kind(
        partial(_row, "supervision.Card", "card_id", "organisation_id"),
        *(WATCHING, False, _CASES),
    ),
    "directive": Kind(
        partial(_row, "supervision.Directive", "directive_id", "card.organisation_id"),
        *(WATCHING, False, _CASES),
    ),
    "task": Kind(
        partial(_row, "supervision.InspectionTask", "task_id", "owner_unit_id"),
        *(WATCHING, False, _CASES),
    ),
    "sheet": Kind(_sheet, REGION_WIDE, said=_REGION.format("中心、监察、审改办、领导小组")),
    "observation": Kind(
        partial(_row, "assessment.Observation", "observation_id", "organisation_id"),
        *(REGION_WIDE, False, "被看到的人自己；中心、监察、审改办、领导小组可看全区域"),
    ),
    "report": Kind(partial(_row, "reports.Edition", "edition_id", "organisation_id")),
    "catalogue_entry": Kind(_catalogue_entry),
    "bad_rating": Kind(
        partial(_row, "interaction.BadRating", "ticket_id", "organisation_id"),
        *(OVERSEEING | {Role.REFORM_OFFICE}, False, _REGION.format("中心、监察等")),
    ),
    "rating": Kind(partial(_row, "interaction.Rating", "rating_id"), EVERYBODY, said="同一区域"),
    "meeting": Kind(_meeting, CASES, said=f"{_CASES}；请来的单位"),
    "limit": Kind(_limit, OVERSEEING, said=_WATCHED),
    "sealed": Kind(_sealed, OVERSEEING, said=_WATCHED),
    "insert": Kind(partial(_row, "screens.Insert", "insert_id", "organisation_id")),
    "substitution": Kind(
        partial(_row, "accounts.Substitution", "substitution_id"),
        *(frozenset({Role.CENTRE_MANAGER}), False, "本人；中心管理人员"),
    ),
    "paper_receipt": Kind(
        partial(_row, "outage.PaperReceipt", "receipt_id", "organisation_id"),
        *(frozenset({Role.CENTRE_MANAGER}), False, "收件的单位；中心管理人员"),
    ),
    "reset": _common(partial(_row, "accounts.FactorReset", "reset_id")),
    "batch": _common(partial(_row, "exchange.Batch", "batch_id")),
    "code": _common(_code),
    "occasion": _common(_occasion),
    "auto": _common(lambda: Thing({"kind": "licence"})),
    "window": replace(_common(lambda: Thing({"verb": "recall"})), said="各叫自己窗口的号"),
    "batch_act": replace(_common(lambda: Thing({"verb": "receive"})), said="逐件看是不是自己的"),
    "month": replace(_common(lambda: Thing({"month": "2013-09"})), said="各看本单位的数字"),
    "year": replace(_common(lambda: Thing({"year": 2025})), said="各看本单位的数字"),
    "entries": replace(_common(lambda: Thing({"ending": "csv"})), said="各看本单位的目录"),
    "plan": replace(_common(lambda: Thing({"kind": "survey"})), said="为本单位起草"),
}

# Route names, by a pattern, and what stands in their addresses: the first that fits.
OF = (
    (r"cases:(detail|attachment|document|document_pdf|act|deed|taken|enter_paper_receipt)", "case"),
    (r"cases:(progress_case|correct|withdraw|collect|own_document.*|filed.*|proof.*)", "case"),
    (r"interaction:(rate|correct|rerate|slip)", "case"),
    (r"api:.*(cases|progress)/.*", "case"),
    (r"api:.*desk/publications/.*", "publication"),
    (r"api:.*desk/letters/.*", "letter"),
    (r"api:.*desk/requests/.*", "request"),
    (r"api:.*desk/villages/of/.*", "village_place"),
    (r"api:.*desk/objections/.*", "objection"),
    (r"api:.*desk/opinions/.*", "opinion"),
    (r"api:.*desk/consultations/new/.*", "plan"),
    (r"api:.*desk/items/.*", "draft"),
    (r"api:.*items/.*", "item"),
    (r"api:.*desk/joint/.*", "joint"),
    (r"api:.*desk/villages/.*", "village"),
    (r"api:.*desk/consultations/.*", "activity"),
    (r"api:.*desk/projects/.*", "project"),
    (r"api:.*letters/follow/.*", "letter"),
    (r"api:.*requests/follow/.*", "request"),
    (r"outage:(receipt|scan|confirm|refuse)|api:.*desk/paper-receipts/.*", "paper_receipt"),
    (r"cases:letter", "authority"),
    (r"cases:end_mandate", "mandate"),
    (r"cases:take_in|catalogue:(sheet|shelve)", "item"),
    (r"catalogue:(draft.*|editions|history)", "draft"),
    (r"catalogue:campaign.*", "campaign"),
    (r"catalogue:kept_list.*", "power_list"),
    (r"catalogue:shelf_.*", "shelf_guide"),
    (r"routes:.*|joint:(take_in|file)", "route"),
    (r"requests:(report|cell)", "year"),
    (r"requests:.*", "request"),
    (r"projects:programme.*", "programme"),
    (r"projects:.*|agents:(of_project|project_act)", "project"),
    (r"agents:(letter|document.*|file|act)", "agency_letter"),
    (r"agents:engagement_act", "engagement"),
    (r"agents:firm.*", "firm"),
    (r"joint:.*|meetings:(of_matter|invite)", "joint"),
    (r"consultations:office_new", "plan"),
    (r"consultations:office_(comment|judge)", "comment"),
    (r"consultations:office.*", "activity"),
    (r"licences:(licence|act)|api:.*desk/licences/.*", "licence"),
    (r"letters:mail", "mail"),
    (r"letters:end_reader", "letter_reader"),
    (r"letters:.*", "letter"),
    (r"queues:keep_one", "queue"),
    (r"village_office:(people|kinship|end_kinship|seat|unseat|own_limits|new)", "village_place"),
    (r"village_office:limit_act", "limit"),
    (r"village_office:objection", "objection"),
    (r"village_office:settings_act", "village_rules"),
    (
        r"village_office:(work|preview|paper|line|drop_line|import|receipt|act)|tv:preview",
        "village",
    ),
    (r"supervision:rule", "rule"),
    (r"assessment:(scheme|switch|export)", "scheme"),
    (r"screens:(renew|revoke|volume)", "device"),
    (r"disclosure:release.*", "release"),
    (r"openness:standard_export", "entries"),
    (r"disclosure:office.*", "publication"),
    (r"disclosure:auto_switch", "auto"),
    (r"messages:message", "message"),
    (r"messages:template.*", "occasion"),
    (r"supervision:(card.*|evidence|act)|api:.*cards/.*", "card"),
    (r"supervision:directive.*", "directive"),
    (r"supervision:task.*", "task"),
    (r"supervision:bulletin.*", "month"),
    (r"assessment:confirm_observation", "observation"),
    (r"assessment:.*", "sheet"),
    (r"reports:.*", "report"),
    (r"openness:standard_(un)?link", "catalogue_entry"),
    (r"interaction:publish", "rating"),
    (r"interaction:(act_on_)?bad_rating", "bad_rating"),
    (r"meetings:.*", "meeting"),
    (r"files:sealed", "sealed"),
    (r"screens:end_insert", "insert"),
    (r"screens:move", "window"),
    (r"cases:end_substitution", "substitution"),
    (r"cases:batch", "batch_act"),
    (r"accounts:agree_reset", "reset"),
    (r"exchange:batch", "batch"),
    (r"exchange:set_code", "code"),
    (r"persons:reveal", "hidden"),
)
# What else stands in addresses, and is not of the thing itself.
WORDS: dict[str, Any] = {"version": 1, "number": 1, "key": "probe", "form": "docx"}
WORDS |= {"table": "3", "row": tables.NEW, "column": tables.TOTAL}
VERBS = {
    "cases:act": "accept", "cases:deed": "charge", "catalogue:draft_act": "submit",
    "catalogue:campaign_act": "close", "catalogue:shelf_act": "count",
    "consultations:office_judge": "keep", "joint:act": "accept", "letters:act": "accept",
    "letters:copy_act": "confirm", "projects:programme_act": "archive", "projects:act": "report",
    "agents:act": "sign", "agents:project_act": "draw", "agents:engagement_act": "complete",
    "agents:firm_act": "renew", "requests:act": "search", "disclosure:office_act": "submit",
    "routes:act": "open", "interaction:act_on_bad_rating": "contact", "meetings:act": "cancel",
    "supervision:act": "explain", "supervision:task_act": "report", "assessment:act": "refresh",
    "reports:act": "write", "village_office:act": "hand-in", "village_office:limit_act": "agree",
    "joint:act_on_part": "simulate",
}  # fmt: skip

# Where business of many stands side by side: worklists, searches, registers, exports. The long
# form opens every page.
LISTS = frozenset(
    {
        *("site:today", "cases:desk", "cases:originals", "cases:archives_file", "joint:desk"),
        *("requests:desk", "requests:register", "letters:desk", "letters:register"),
        *("files:seals", "exchange:old_cases", "interaction:bad_ratings", "messages:sent"),
        *("api:GET cases", "api:GET desk/letters", "api:GET desk/requests", "api:GET cards"),
    }
)
SEARCHED = frozenset({"cases:desk", "requests:register", "letters:register", "files:seals"})


def kind_of(route: str) -> str:
    """The kind of thing in a route's address, or "" where the demo has none of it."""
    return next((kind for pattern, kind in OF if re.fullmatch(pattern, route)), "")
