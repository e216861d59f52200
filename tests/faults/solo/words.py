"""What parameters are given where neither their type nor their name tells it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from mingtang.accounts.rules import EVERY_ITEM, Role
from mingtang.base.clock import LEGAL_ZONE
from mingtang.cases.rules import Verb
from mingtang.catalogue.models import Edition
from mingtang.exchange.rules.writing import Span
from mingtang.joint.rules.meetings import MeetingKind, Opinion
from mingtang.letters.rules import kinds as letters
from mingtang.outage.rules import code_of
from mingtang.outage.services import PaperClaim
from mingtang.projects.rules.agency import ActKind, Service
from mingtang.projects.rules.intermediaries import Commissioner, Trade
from mingtang.projects.rules.states import ProblemCategory
from mingtang.requests.rules import kinds, people
from mingtang.requests.rules.consulting import Answer, PartyRole
from mingtang.requests.rules.deciding import Part
from mingtang.requests.rules.fees import FeeBasis
from mingtang.requests.rules.remedies import RemedyKind, RemedyResult
from mingtang.timing.rules import DayOff
from mingtang.villages.rules import kinds as villages
from mingtang.villages.services.owing import Debt
from tests.catalogue.test_basic_rules import line
from tests.consultations.conftest import INTERVIEW, OPINIONS, SURVEY
from tests.disclosure.conftest import CONTENT
from tests.joint.office import KEYS
from tests.supervision.making import SHIPPED
from tests.villages.hamlet import income, spending
from tests.world import NUMBERS as IDENTITIES
from tests.world import plain

# "kind:name", "family.*:name" or "name" → the table whose ids it takes; "" for no table
ROWS: Mapping[str, str] = {
    "agency.*:letter_id": "projects.AgencyLetter",
    "agency.*:step_id": "projects.AgencyStep",
    "agency.*:act_id": "projects.AgencyAct",
    "letter.*:letter_id": "letters.Letter",
    "letter.*:about_id": "regions.Organisation",
    "item.*:draft_id": "catalogue.Draft",
    "route.*:draft_id": "joint.RouteDraft",
    "case.submit:draft_id": "cases.FilingDraft",
    "route_edition_id": "joint.RouteEdition",
    "edition_id": "joint.RouteEdition",
    "case.open_part:edition_id": "catalogue.Edition",
    "receipt_id": "outage.PaperReceipt",
    "entry_id": "assessment.ManualEntry",
    "sheet_id": "assessment.PeriodSheet",
    "sheet.*:objection_id": "assessment.Objection",
    "objection.*:objection_id": "assessment.Objection",
    "village.*:objection_id": "villages.Objection",
    "limit_id": "villages.ReleaseLimit",
    "notice_id": "villages.CityNotice",
    "node_id": "projects.NodePlan",
    "project.*:problem_id": "projects.Problem",
    "request.*:request_id": "requests.Request",
    "remedy_id": "requests.Remedy",
    "task_id": "supervision.InspectionTask",
    "card.*:directive_id": "supervision.Directive",
    "ticket_id": "interaction.BadRating",
    "rating_id": "interaction.Rating",
    "joint_id": "joint.JointCase",
    "authority.grant:post_id": "accounts.Post",
    "original_ids": "cases.Original",
    "meeting.invite:units": "regions.Organisation",
    "upload_id": "",
    "upload_ids": "",
    "material_id": "",
    "material_ids": "",
    "place_id": "regions.Region",
    "region_id": "regions.Region",
    "township_id": "regions.Region",
    **dict.fromkeys(
        (
            *("organisation_id", "department_id", "unit_id", "owner_unit_id", "on_behalf_of"),
            *("lead_id", "lead_organisation_id", "intake_organisation_id", "assisting_ids"),
            *("organisation_ids",),
        ),
        "regions.Organisation",
    ),
    "project.raise_problem:owner_id": "regions.Organisation",
}
PEOPLE = (
    *("person_id", "absent_id", "substitute_id", "owner_person_id", "agent_id", "proxy_id"),
    *("receiver_id", "accepted_by_id", "to_person_id", "to_agent_id", "reader_id"),
)


def _values(members: Any) -> list[str]:
    return [one.value for one in members]


CHOICES: Mapping[str, Sequence[Any]] = {
    "case.decide:verb": (Verb.GRANT, Verb.GRANT, Verb.REFUSE),
    "letter.register:kind": _values(letters.Kind),
    "letter.accept:kind": ["", *_values(letters.Kind)],
    "letter.register:source": _values(letters.TYPED),
    "letter.decline:refusal": _values(letters.Refusal),
    "letter.transfer:target": _values(letters.Target),
    "letter_limit.set:kind": _values(letters.Kind),
    "letter_limit.set:source": ["", *_values(letters.Source)],
    "request.register:channel": _values(people.Channel),
    "wanted_form": _values(people.WantedForm),
    "wanted_way": _values(people.WantedWay),
    "request.consult:role": _values(PartyRole),
    "request.answer_consultation:opinion": _values(Answer),
    "request.charge:basis": _values(FeeBasis),
    "request.register_remedy:kind": _values(RemedyKind),
    "request.close_remedy:result": _values(RemedyResult),
    "request.deliver:way": _values(people.WantedWay),
    "agency.note_act:kind": _values(ActKind),
    "service": _values(Service),
    "trade": _values(Trade),
    "commissioner": _values(Commissioner),
    "category": _values(ProblemCategory),
    "meeting.invite:kind": _values(MeetingKind),
    "meeting.opine:opinion": _values(Opinion),
    "project.add_milestone:kind": ["case", "utility", "milestone"],
    "project.add_milestone:stage": ["start", "build"],
    "villages.push_notice:kind": _values(villages.NoticeKind),
    "villages.seat:office": _values(villages.Office),
    "village.begin:section_code": ["decisions", "resolutions", "accounts", "party-work"],
    "village.examine:verdict": ["agree"],
    "village.approve:verdict": ["agree"],
    "consultation.answer:verdict": ["adopted", "not_adopted"],
    "insert.show:kind": ["notice", "urgent"],
    "channel": ["portal"],
    "case.submit:channel": ["online", "counter"],
    "case.take_in:channel": ["counter"],
    "item_code": ["330881-slow", "330881-spot"],
    "code": ["s2"],
    "period": ["2013-09"],
    "year": [2013, 2024],
    "month": [8, 9],
    "profile": ["overdue", "balanced"],
    "colour": ["yellow", "red"],
    "scheme": ["national"],
    "number": [1],
    "township_code": ["330881118000"],
    "finance_months": [1, 3],
    "due_day": [10, 20],
    "pictures": [()],
    "route.load_shipped:units": [""],
    "route.load_shipped:items": [""],
    "step": [1],
    "promise": ["三日内补齐"],
}
NUMBERS: Mapping[str, Sequence[int]] = {
    "days": (1, 5, 10, 20),
    "year": (2013, 2024),
    "attendee_count": (12,),
    "copies": (2,),
}
WORDS: Mapping[str, str] = {
    "phone": "13800000001",
    "party_phone": "13800000001",
    "email": "a@example.cn",
    "identity_number": IDENTITIES[0],
    "credit_code": "91110000600037341L",
    "companion": "李某",
    "legal_basis": "《水法》第四十八条",
    "override_reason": "",
    "licence_number": "取水证〔2024〕8号",
    "document_number": "江授〔2024〕8号",
    "digest": "0" * 64,
    "score": "1",
    "version": "1",
}


def _when(giver: Any, back: int) -> Any:
    return giver.at - timedelta(days=giver.rng.randint(1, back))


def _claim(giver: Any) -> PaperClaim:
    return PaperClaim(code_of(giver.rng.randint(1, 50)), _when(giver, 30), giver.file())


def _content(giver: Any) -> Any:
    title = f"检查通知之{giver.rng.randint(1, 9999)}"
    return replace(CONTENT, title=title, formed_date=giver.day())


def _plan(giver: Any) -> Any:
    plan = giver.rng.choice((OPINIONS, SURVEY, INTERVIEW))
    if plan is INTERVIEW:
        held = giver.at + timedelta(days=3)
        plan = replace(plan, held_at=held, held_until=held + timedelta(hours=1))
    return plan


def _days_off(giver: Any) -> list[DayOff]:
    return [DayOff(date(2024, 9, giver.rng.randint(23, 27)), False, "临时放假")]


def _hash(giver: Any) -> str:
    one = giver.row("disclosure.Publication", "publication_id")
    return one.version.content_hash if one else ""


def _hashes(giver: Any) -> dict[str, str]:
    from mingtang.villages.models import Disclosure

    one = giver.pick(giver.kind, list(Disclosure.objects.order_by("id")))
    return {str(one.id): one.content_hash}


def _draft(giver: Any) -> dict[str, Any]:
    """What a draft of an item says, with another limit."""
    one = giver.row("catalogue.Draft", "draft_id")
    return {**one.content, "promised_amount": giver.rng.randint(1, 5)} if one else {}


def _revision(giver: Any) -> int:
    one = giver.row("catalogue.Draft", "draft_id")
    return one.revision if one else 1


def _base_number(giver: Any) -> int:
    one = giver.row("catalogue.Draft", "draft_id")
    return Edition.objects.filter(item_id=one.item_id).count() if one else 1


def _limit(giver: Any) -> int:
    one = giver.some("villages.ReleaseLimit", confirmed_at=None)
    return int(one.id) if one else 5


def _part_case(giver: Any) -> int:
    one = giver.some("joint.JointPart", case__isnull=False)
    return int(one.case_id) if one else 5


def _consulting(giver: Any) -> int:
    one = giver.some("requests.Consultation")
    return int(one.request_id) if one else 5


def _debts(giver: Any) -> list[Debt]:
    village, section = giver.some("villages.Village"), giver.some("villages.Section")
    return [Debt(village.id, section.id, date(2024, 8, 1), 1, date(2024, 9, 30))]


def _ahead(days: int) -> Callable[[Any], Any]:
    return lambda giver: giver.at.date() + timedelta(days=days)


def _today(giver: Any) -> date:
    return giver.at.astimezone(LEGAL_ZONE).date()


def _step(giver: Any) -> str:
    known = giver.some("cases.Step", case_id=giver.so_far.get("case_id") or 0)
    return known.key if known else "review"


def _part(giver: Any) -> str:
    known = giver.some("joint.JointPart", joint_id=giver.so_far.get("joint_id") or 0)
    return known.key if known else "land"


def _missing(giver: Any) -> list[dict[str, str]]:
    case = giver.row("cases.Case", "case_id")
    rows = list(case.edition.materials.order_by("id")) if case and _has_materials(case) else []
    return [{"id": str(one.id), "name": one.name, "text": "缺页"} for one in rows[:1]] or [
        {"id": "", "name": "申请书", "text": "缺少签名"}
    ]


def _has_materials(case: Any) -> bool:
    return hasattr(case.edition.materials, "order_by")


def _missing_of_a_matter(giver: Any) -> dict[str, str]:
    known = giver.some("joint.JointMaterial", joint_id=giver.so_far.get("joint_id") or 0)
    return {known.key: "缺页"} if known else {"x": "缺页"}


def _brought(giver: Any) -> list[str]:
    from mingtang.joint.models import JointMaterial

    matter = giver.so_far.get("joint_id") or 0
    rows = JointMaterial.objects.filter(joint_id=matter, way="to_bring", brought_at=None)
    return [one.key for one in rows.order_by("id")]


def _applicant(giver: Any) -> Any:
    return giver.house.applicant(giver.house.citizen)


def _asker(_giver: Any) -> people.Applicant:
    kind = people.ApplicantKind.NATURAL
    return people.Applicant(kind=kind, name="毛小明", identity_number=IDENTITIES[0], phone="138")


def _person(giver: Any) -> int:
    """Often oneself."""
    if giver.rng.random() < 0.5:
        return int(giver.solo_id)
    return int(giver.some("accounts.Person").id)


def _slot(giver: Any) -> Any:
    day = giver.at.astimezone(LEGAL_ZONE) + timedelta(days=1)
    return day.replace(hour=9, minute=0, second=0, microsecond=0)


def _span(giver: Any) -> Span:
    return Span(date(2024, 9, 1), giver.at.date())


def _lines(giver: Any) -> list[Any]:
    return [giver.rng.choice((income, spending))(900_00)]


def _open_charge(_giver: Any) -> list[tuple[str, int]]:
    return [("水资源费", 100_00)]


def _of_project(giver: Any) -> dict[str, Any]:
    return giver.house.projects.content()


def _post(giver: Any) -> int:
    """Of a chief representative, at times one's own."""
    known = giver.some("accounts.Post", role=Role.CHIEF_REPRESENTATIVE.value)
    return int(known.id) if known else 5


MADE: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(PEOPLE, _person),
    "claim": _claim,
    "paper": lambda giver: giver.rng.choice([None, _claim(giver)]),
    "content": _content,
    "project.enter:content": _of_project,
    "project.change:content": _of_project,
    "plan": _plan,
    "days_off": _days_off,
    "second": lambda giver: giver.house.actor(giver.house.solo),
    "calendar.load:year": lambda _giver: 2024,
    "calendar.seed:years": lambda _giver: [2024, 2025],
    "content_hash": _hash,
    "hashes": _hashes,
    "step_key": _step,
    "part": _part,
    "part_key": _part,
    "missing": _missing,
    "joint.ask_correction:missing": _missing_of_a_matter,
    "brought": lambda _giver: [],
    "joint.accept:brought": _brought,
    "joint.supply:brought": _brought,
    "joint.supply_deferred:brought": _brought,
    "applicant": _applicant,
    "request.register:applicant": _asker,
    "request.file:applicant": _asker,
    "answers": lambda _giver: plain("在峡口镇取水灌溉。"),
    "consultation.submit_sheet:answers": lambda _giver: {},
    "case.supply:answers": lambda _giver: None,
    "slot_at": _slot,
    "span": _span,
    "lines": _lines,
    "fees": _open_charge,
    "authority.grant:post_id": _post,
    "acts": lambda _giver: ["grant", "refuse"],
    "item_codes": lambda _giver: [EVERY_ITEM],
    "authority.grant:valid_to": lambda giver: giver.at.date() + timedelta(days=90),
    "authority.grant:valid_from": lambda giver: giver.at.date() - timedelta(days=1),
    "substitution.arrange:to_date": lambda giver: giver.at.date() + timedelta(days=90),
    "substitution.arrange:from_date": lambda giver: giver.at.date(),
    "due_date": lambda giver: giver.at.date() + timedelta(days=giver.rng.randint(1, 15)),
    "basic.load:rows": lambda _giver: [line()],
    "item.import:rows": lambda _giver: [],
    "exchange.receive:rows": lambda _giver: [],
    "rows": lambda _giver: [],
    "exchange.export:rows": lambda _giver: 0,
    "exchange.export:units": lambda _giver: {},
    "faults": lambda _giver: [],
    "shipped": lambda _giver: {},
    "params": lambda _giver: {},
    "pages": lambda _giver: {},
    "cards": lambda _giver: [],
    "files": lambda _giver: [],
    "originals": lambda _giver: [],
    "given": lambda _giver: [],
    "handed": lambda _giver: [],
    "parts": lambda _giver: [Part("全部内容", kinds.Kind.A)],
    "upload_ids": lambda _giver: (),
    "material_ids": lambda _giver: ["1"],
    "renewal": lambda _giver: None,
    "wanted_way": lambda giver: giver.rng.choice(_values(people.WantedWay)),
    "case.supply:note": lambda _giver: "已补签名。",
    "villages.confirm_limit:limit_id": _limit,
    "villages.decline_limit:limit_id": _limit,
    "request.answer_consultation:request_id": _consulting,
    "request.note_consulted:request_id": _consulting,
    "agency.draw_letter:agent_id": lambda giver: int(giver.solo_id),
    "joint.settle:case_id": _part_case,
    "place": lambda _giver: "会议室",
    "unit": lambda _giver: "slj",
    "type": lambda _giver: "time",
    "village.owe:debts": _debts,
    "services": lambda giver: [giver.rng.choice(list(Service)).value],
    "node_keys": lambda _giver: None,
    "villages.load_shipped:codes": lambda _giver: [],
    "item.save_draft:content": _draft,
    "item.save_draft:revision": _revision,
    "item.save_draft:base_number": _base_number,
    "disclosure.draft_list:ids": lambda _giver: ["5"],
    "letter.register:order": lambda _giver: None,
    "supervision.load_rules:shipped": lambda _giver: SHIPPED,
    "villages.add_section:content": lambda giver: {
        "code": f"s{giver.rng.randint(1, 999)}",
        "name": "新栏目",
        "area": "village",
        "layout": "text",
    },
    "observation.make:who": lambda _giver: "clerk",
    "meeting.invite:held_at": lambda giver: giver.at + timedelta(days=3),
    **dict.fromkeys(
        (
            *("confirmed_date", "corrected_date", "delivered_date", "paid_date", "reached_date"),
            *("answered_date", "raised_date", "closed_date", "ended_date", "completed_date"),
            *("happened_date", "acted_date", "submitted_date", "arrived_date", "approval_date"),
            *("resumed_date", "held_date"),
        ),
        lambda giver: giver.day(),
    ),
    "joint.open:answers": lambda _giver: {"p1_matter": plain("新建厂房。")["matter"]},
    "answer_by_date": _ahead(8),
    "promised_date": _ahead(20),
    "supervision.add_rule_version:valid_from": _ahead(10),
    "agency.draw_letter:valid_from": _today,
    "agency.draw_letter:valid_to": _ahead(90),
    "mandate.register:valid_to": _ahead(90),
    "owner_signed_date": _today,
    "agent_signed_date": _today,
    "planned_date": _ahead(5),
    "started_date": _today,
    "released_date": _today,
    "released_at": lambda giver: giver.at,
    "disclosure_ids": lambda giver: [int(one) for one in _hashes(giver)],
    "nodes": lambda _giver: list(KEYS),
    "joint": lambda giver: f"joint:{getattr(giver.some('joint.JointCase'), 'id', 5)}",
}
