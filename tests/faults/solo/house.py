"""A house in which others began much: cases, letters, requests, projects, joint matters, villages,
texts, drafts and judgements, in many states. Then one person is alone in it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch

from mingtang.accounts import services as accounts
from mingtang.accounts.rules import ADMINISTRATORS, EVERY_ITEM, Role
from mingtang.assessment import services as assessment
from mingtang.assessment.models import PeriodSheet
from mingtang.cases import services as cases
from mingtang.cases.models import Case
from mingtang.cases.rules import PauseReason
from mingtang.catalogue import services as catalogue
from mingtang.catalogue.models import Draft, Edition, Item
from mingtang.channels import services as channels
from mingtang.consultations import services as consultations
from mingtang.disclosure import services as disclosure
from mingtang.disclosure.models import Publication
from mingtang.interaction import services as interaction
from mingtang.joint import services as joint
from mingtang.joint.models import RouteDraft
from mingtang.joint.rules.route import Node, Stage, content_of
from mingtang.joint.rules.route import Route as Way
from mingtang.joint.services import drafts as routes
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import deliver_all
from mingtang.outage import services as outage
from mingtang.regions.models import Organisation
from mingtang.requests.rules.deciding import Part
from mingtang.requests.rules.kinds import Kind
from mingtang.supervision.models import Card
from mingtang.supervision.rules import CancelReason
from mingtang.timing.services import seed_calendars
from tests.assessment.conftest import Office as AssessmentOffice
from tests.assessment.schemes import D, deduct, manual, scheme
from tests.catalogue.campaigning import Cleaning
from tests.consultations.conftest import OPINIONS, SURVEY
from tests.disclosure.conftest import CONTENT
from tests.joint.office import Office as JointOffice
from tests.letters.office import Office as LetterOffice
from tests.projects.bureau import Bureau
from tests.projects.office import Office as ProjectOffice
from tests.requests.office import Office as RequestOffice
from tests.supervision.hall import Hall
from tests.villages.hamlet import Hamlet, income
from tests.world import World, morning, new_command_id, plain

BEGIN = morning(2024, 9, 12)
FIRST = morning(2024, 9, 11)
DAY = date(2024, 9, 11)
SLOW, SPOT = "330881-slow", "330881-spot"
WHY = {"why": PauseReason.HEARING, "note": "要听证", "days": 10}


@contextmanager
def shared(world: World) -> Iterator[None]:
    """Whoever makes a world meanwhile gets this one, and an organisation that is there as it is."""
    make = World.organisation

    def one_of(self: World, code: str, *named: str, **more: str) -> Organisation:
        known = Organisation.objects.filter(code=code).first()
        return known or make(self, code, *named, **more)

    with (
        patch.object(World, "__init__", lambda self: vars(self).update(vars(world))),
        patch.object(World, "organisation", one_of),
    ):
        yield


class House(Hall):
    """What others began, in the order of the tree."""

    def __init__(self) -> None:
        super().__init__()
        by: dict[str, Any] = {"actor": SYSTEM, "at": morning(2013, 9, 2)}
        seed_calendars(at=morning(2013, 9, 2))
        channels.load_shipped(**by, command_id=new_command_id())
        outage.reserve_paper_receipts(count=50, **by, command_id=new_command_id())
        for _ in range(4):
            self.overdue()
        self.begin_villages()
        self.begin_joint()
        self.begin_projects()
        self.begin_cases()
        self.begin_texts()
        self.begin_letters()
        self.begin_requests()
        self.begin_judging()
        self.begin_drafts()
        deliver_all(BEGIN - timedelta(hours=1))
        self.let_in()

    def by(self, who: Any, at: datetime = FIRST) -> dict[str, Any]:
        return {"actor": self.actor(who), "at": at, "command_id": new_command_id()}

    # ── cases and cards ───────────────────────────────────────────────────────────────────────

    def begin_cases(self) -> None:
        self.item(SLOW, promised=15, statutory=20, special="听证|20日")
        self.item(SPOT, promised=1, statutory=20, on_the_spot="是")
        letter = self.by(self.manager, morning(2013, 9, 2))
        post = self.lead.posts.get()
        days = {"valid_from": date(2013, 1, 1), "valid_to": date(2030, 1, 1)}
        accounts.grant_authority(
            post_id=post.id,
            document_number="江授〔2013〕1号",
            seal="审批专用章",
            **{"item_codes": [SPOT], "acts": ["grant"], **days, **letter},
        )
        for _ in range(2):
            given = {"item_code": SLOW, "applicant": self.applicant(), "answers": plain("取水。")}
            cases.take_in(**given, **self.by(self.clerk))
        for code, state in (
            *((SLOW, ""), (SLOW, "received"), (SLOW, "accepted"), (SLOW, "claimed")),
            *((SLOW, "examined"), (SLOW, "granted"), (SPOT, "accepted"), (SPOT, "examined")),
            *((SLOW, "sealed"), (SLOW, "delivered")),
        ):
            case = self.file(code, FIRST)
            if state:
                self.bring(case, state, FIRST)
        deliver_all(FIRST)
        said = {
            "number": case.number,
            "level": "dissatisfied",
            "text": "等了太久",
            "channel": "code",
        }
        interaction.submit(actor=SYSTEM, at=FIRST, command_id=new_command_id(), **said)
        self.ask(cases.ask_pause, **WHY)
        self.act(self.approver, cases.pause, self.ask(cases.ask_pause, **WHY), FIRST)
        self.ask(cases.ask_extension, days=5, note="案情复杂")
        self.begin_cards()

    def begin_cards(self) -> None:
        """Of those that may be explained one is, another one is left as it is."""
        cards = list(Card.objects.filter(state="notified").order_by("id"))
        explained = cards[: len(cards) // 2]
        for card in explained:
            self.supervise(
                "explain", self.lead, on=DAY, card_id=card.id, text="系统停了半天，无法受理。"
            )
        for card in explained[: len(explained) // 2]:
            why = {"reason": CancelReason.OUTAGE, "note": "系统停了半天"}
            self.supervise("propose_cancel", self.inspector, on=DAY, card_id=card.id, **why)

    def ask(self, command: Callable[..., Any], **more: Any) -> Case:
        """A case in which the handler asks for more time."""
        case = self.bring(self.file(SLOW, FIRST), "claimed", FIRST)
        self.act(self.handler, command, case, FIRST, **more)
        return case

    # ── texts ─────────────────────────────────────────────────────────────────────────────────

    def begin_texts(self) -> None:
        post = self.people.post
        self.contact = post("contact", Role.SECTION_CONTACT, self.water)
        self.press = post("press", Role.DISCLOSURE_OFFICE, self.water)
        for steps in range(4):
            made = disclosure.draft(
                organisation_id=self.water.id, content=CONTENT, **self.by(self.contact)
            )
            self.review(made, steps)
        for plan, steps in ((OPINIONS, 0), (OPINIONS, 3), (SURVEY, 3)):
            made = consultations.draft(
                organisation_id=self.water.id, plan=plan, **self.by(self.contact)
            )
            self.review(made, steps)

    def review(self, made: dict[str, Any], steps: int) -> None:
        """So many steps of the chain, each by another one."""
        one = Publication.objects.get(id=int(made["publication_id"]))
        bound = {"publication_id": one.id, "content_hash": one.version.content_hash}
        people = (self.contact, self.press, self.approver)
        deeds = (disclosure.submit, disclosure.review, disclosure.publish)
        for who, deed in list(zip(people, deeds, strict=True))[:steps]:
            deed(**bound, **self.by(who))

    # ── letters and requests ──────────────────────────────────────────────────────────────────

    def begin_letters(self) -> None:
        with shared(self):
            office = self.letters = LetterOffice()
        office.start = DAY
        for made in (office.file, office.handled, office.answered, office.published):
            made()
        office.do("accept", office.file())
        draft = {"title": "水费多收", "question": "多收了三个月。", "text": "下月退还。"}
        office.do("draft_copy", office.answered(), **draft)

    def begin_requests(self) -> None:
        with shared(self):
            office = self.requests = RequestOffice()
        office.start = DAY
        office.file()
        for _ in range(3):
            office.received()
        office.decide(office.received(), DAY)
        office.do("draft", office.received(), parts=[Part("全部内容", Kind.A)], override="")
        who = {"role": "third", "party_name": "某公司", "question": "是否同意公开？"}
        office.do("consult", office.received(), **who)
        office.do("ask_correction", office.received(), wanted="请写明文件名称", days=10)

    # ── projects and joint matters ────────────────────────────────────────────────────────────

    def begin_projects(self) -> None:
        with shared(self):
            office = self.projects = ProjectOffice()
            Bureau(self)
        office.enter()
        one = office.admitted(at=FIRST)
        office.admitted(at=FIRST, name="木门产业园二期")
        edition = office.route()
        office.do("choose_route", at=FIRST, project_id=one.id, route_edition_id=edition.id)

    def begin_joint(self) -> None:
        with shared(self):
            office = self.joint = JointOffice()
        office.open(FIRST)
        matter = office.open(FIRST)
        office.accept(matter, FIRST)
        asked = office.open(FIRST)
        office.accept(asked, FIRST)
        more = {"days": 10, "note": "需专家论证"}
        office.act(office.handlers["plan"], joint.ask_extension, asked, FIRST, **more)

    # ── villages ──────────────────────────────────────────────────────────────────────────────

    def begin_villages(self) -> None:
        with shared(self):
            hamlet = self.hamlet = Hamlet()
        hamlet.object_to(hamlet.account_out())
        one = hamlet.owed(morning(2013, 10, 2))
        line = income(100_00, day=date(2013, 9, 5))
        hamlet.write(one, line, at=morning(2013, 10, 3), opening=1_400_00)
        hamlet.hand_in(one, morning(2013, 10, 4))
        hamlet.owed(morning(2013, 11, 2))
        limit = {"finance_months": 3, "due_day": 10, "major_cents": 1, "major_days": 5}
        more = {"objection_days": 10, "reply_days": 10, "valid_from": date(2024, 10, 1)}
        proposed = {"village_id": hamlet.village.id, **limit, **more}
        hamlet.do("set_limit", self.manager, FIRST, **proposed)

    # ── judging ───────────────────────────────────────────────────────────────────────────────

    def begin_judging(self) -> None:
        """September 2013 was opened; one gave points that wait for another."""
        office = AssessmentOffice(self)
        made = scheme(deduct("red_cards", "1.5"), manual(), code="s2")
        office.use(made)
        office.open(made)
        sheet = PeriodSheet.objects.get(target_id=self.water.id)
        words = {"key": "manual", "points": D("-0.5"), "reason": "败诉", "evidence": "行初字第7号"}
        office.do(self.manager, assessment.enter, sheet_id=sheet.id, **words)

    # ── drafts ────────────────────────────────────────────────────────────────────────────────

    def begin_drafts(self) -> None:
        world = Cleaning(self)
        world.inventory("取水许可", "河道采砂许可")
        world.decide(*({"number": one, "decision": "保留"} for one in "12"))
        whole = {
            "basis": "《中华人民共和国水法》第四十八条",
            "conditions": "有合法的取水事由。",
            "procedure": "收件；受理；审查；决定；送达。",
            "materials": "申请表|表格|1|必要",
            "fee": "不收费",
        }
        basis = "《中华人民共和国水法》第四十八条"
        for number, is_submitted in enumerate((False, True)):
            code = self.item(
                f"330881-d{number}", promised=5, statutory=20, statutory_basis=basis, **whole
            )
            item = Item.objects.get(code=code)
            draft = self.draft_of(item, world.author)
            if is_submitted:
                catalogue.submit_draft(draft_id=draft.id, **self.by(world.author))
        for code in ("plant", "mill"):
            made = routes.create_route(code=code, name="厂房项目", **self.by(world.author))
            self.route_of(int(made["draft_id"]), world.author, is_submitted=code == "mill")

    def route_of(self, draft_id: int, author: Any, *, is_submitted: bool) -> None:
        draft = RouteDraft.objects.get(id=draft_id)
        node = Node("water", name="取水", organisation="slj", days=5)
        content = content_of(Way((Stage("s1", "办理", (node,), lead="slj"),)))
        said = {"name": "厂房项目", "note": "", "content": content, "base_number": 0}
        routes.save_draft(draft_id=draft_id, revision=draft.revision, **said, **self.by(author))
        if is_submitted:
            routes.submit_draft(draft_id=draft_id, **self.by(author))

    def draft_of(self, item: Item, author: Any) -> Draft:
        made = catalogue.open_draft(item_id=item.id, **self.by(author))
        draft = Draft.objects.get(id=int(made["draft_id"]))
        content = draft.content | {"promised_amount": 3}
        number = Edition.objects.filter(item=item).count()
        catalogue.save_draft(
            draft_id=draft.id,
            content=content,
            revision=draft.revision,
            **{"base_number": number, **self.by(author)},
        )
        draft.refresh_from_db()
        return draft

    # ── the one person ────────────────────────────────────────────────────────────────────────

    def let_in(self) -> None:
        """Every post at the water office, and one at each other place."""
        post = self.people.post
        self.solo = post("solo", Role.CLERK, self.water)
        for role in set(Role) - ADMINISTRATORS - {Role.CLERK}:
            items = [EVERY_ITEM] if role is Role.GENERAL_CLERK else None
            post("solo", role, self.water, item_codes=items)
        for place in Organisation.objects.exclude(id=self.water.id).order_by("id"):
            post("solo", Role.HANDLER, place)
