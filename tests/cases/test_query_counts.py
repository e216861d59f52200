"""How many statements each command and each page costs: exactly, and the same with more rows."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from mingtang.accounts.rules import Role
from mingtang.cases import queries, services
from mingtang.cases.models import Case
from mingtang.cases.rules import (
    HandOverWay,
    PauseReason,
    Renewal,
    RequestKind,
    TerminationReason,
    Verb,
)
from mingtang.cases.services.common import draw
from mingtang.files.models import Document
from mingtang.files.queries import uploads_of
from mingtang.files.services import store
from mingtang.ledger.queries import history
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import deliver_all
from mingtang.messages.queries import sent_about
from mingtang.outage import services as outage
from mingtang.outage.rules import code_of
from tests.cases.town import FIRST, SEEN, Town
from tests.papers import png
from tests.world import morning, new_command_id, plain

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WHY = {"reason": "符合条件，同意。"}
REVIEW = {"step_key": "review"}
CELLS = {
    "statutory": 20,
    "promised": 5,
    "materials": "申请表\n身份证明",
    "special": "专家评审|20个工作日",
    "fee": "收费",
    "fees": "工本费|10元/证|文件",
}


class Stage:
    """One case, and the acts that bring it to where a command starts from."""

    def __init__(self, world, at):
        self.world, self.at = world, at
        self.item = world.item(**CELLS)
        self.boss = world.people.post("boss", Role.APPROVER, world.water)
        self.planner = world.people.post("planner", Role.HANDLER, world.planning)
        self.case = world.file(self.item, at, world.citizen)

    def act(self, who, command, at=None, **more):
        return self.world.act(who, command, self.case, at or self.at, **more)

    def to(self, state):
        self.world.bring(self.case, state, self.at)

    def by(self, who, command, **more):
        """The command, ready to be counted: the actor is found before."""
        actor = self.world.actor(who)
        ids = {PLANNING: self.world.planning.id, BOSS: self.boss.id}
        told = {key: ids.get(str(value), value) for key, value in more.items()}
        return lambda: command(
            **told, case_id=self.case.id, actor=actor, at=self.at, command_id=new_command_id()
        )

    def asked(self):
        self.to("received")
        self.act(self.world.clerk, services.ask_correction, note="缺少报告")

    def supplied(self):
        self.asked()
        self.act(self.world.citizen, services.supply, note="报告", files=[])

    def asked_for(self, what):
        self.to("examined")
        if what == "pause":
            about = {"why": PauseReason.EXPERT_REVIEW, "note": "需评审", "days": 10}
            self.act(self.world.handler, services.ask_pause, **about)
        else:
            self.act(self.world.handler, services.ask_extension, days=5, note="需调查")

    def charged(self):
        self.to("granted")
        made = self.act(self.world.clerk, services.charge, fees=[("工本费", 1000)])
        return {"charge_id": int(made["charge_id"])}

    def kept(self):
        self.act(self.world.clerk, services.take_originals, originals=[("身份证", 1)])
        return [one.id for one in self.case.originals.all()]

    def sent(self):
        made = self.act(
            self.world.clerk,
            services.send_originals,
            original_ids=self.kept(),
            receiver_id=self.world.planning.id,
            due_date=self.at.date(),
        )
        return {"slip_id": int(made["slip_id"])}


def _submit(s):
    return lambda: s.world.file(s.item, s.at, s.world.citizen)


def _take_in(s):
    actor = s.world.actor(s.world.clerk)
    fields = {"item_code": s.item, "applicant": s.world.applicant(), "answers": plain("取水")}
    fields |= {"files": [], "originals": [("身份证", 1)], "actor": actor, "at": s.at}
    return lambda: services.take_in(**fields, command_id=new_command_id())


def _enter_paper_receipt(s):
    """Of a case that came to a counter, with a number of a block that was printed."""
    Case.objects.filter(id=s.case.id).update(intake_organisation=s.world.water)
    printed = outage.reserve_paper_receipts(
        count=1, actor=SYSTEM, at=s.at, command_id=new_command_id()
    )
    scan = store(SimpleUploadedFile("回执.png", png()), command_id=new_command_id())
    claim = outage.PaperClaim(code_of(printed["first"]), s.at, scan)
    return s.by(s.world.clerk, services.enter_paper_receipt, claim=claim)


def _count_part_from(s):
    """As the joint matter does with whose acceptance a case began."""
    s.to("accepted")
    s.case.refresh_from_db()
    begun = {"joint": "joint:1", "accepted_at": s.case.accepted_at, "since": date(2013, 9, 10)}
    return s.by(s.boss, services.count_part_from, **begun)


def _decide_paper_receipt(command, **more):
    def ready(s):
        made = _enter_paper_receipt(s)()
        by = {"actor": s.world.actor(s.boss), "at": s.at, "command_id": new_command_id()}
        return lambda: command(receipt_id=int(made["receipt_id"]), **by, **more)

    return ready


def _after(state, who, command, **more):
    def ready(s):
        if state != "submitted":
            s.to(state)
        return s.by(getattr(s.world, who, None) or getattr(s, who), command, **more)

    return ready


def _deem_accepted(s):
    return lambda: services.deem_accepted(
        case_id=s.case.id, actor=SYSTEM, at=morning(2013, 9, 26), command_id=new_command_id()
    )


def _deem_granted(s):
    until = s.at.date() + timedelta(days=30)
    case = s.world.file(s.item, s.at, renewal=Renewal("取水证001", until))
    s.world.act(s.world.clerk, services.receive, case, s.at, is_renewal_seen=True)
    later = s.at + timedelta(days=31)
    return lambda: services.deem_granted(
        case_id=case.id, actor=SYSTEM, at=later, command_id=new_command_id()
    )


def _supply(s):
    s.asked()
    return s.by(s.world.citizen, services.supply, note="报告", files=[])


def _still_missing(s):
    s.supplied()
    return s.by(s.world.clerk, services.still_missing, note="没有盖章")


def _send_back(s):
    s.asked()
    return s.by(s.world.clerk, services.send_back, asked_by_applicant=True, **WHY)


def _deferred(s):
    s.to("received")
    one = Case.objects.select_related("edition").get(id=s.case.id).edition.materials[0]["id"]
    return one, [services.Deferred(one, "三日内补交", date(2013, 9, 23))]


def _accept_deferring(s):
    _one, deferred = _deferred(s)
    return s.by(s.world.clerk, services.accept, deferred=deferred)


def _supply_deferred(s):
    one, deferred = _deferred(s)
    s.act(s.world.clerk, services.accept, deferred=deferred)
    return s.by(s.world.clerk, services.supply_deferred, material_ids=[one], files=[])


def _bring_materials(s):
    edition = Case.objects.select_related("edition").get(id=s.case.id).edition
    one = edition.materials[0]
    given = [services.Given(one["id"], one["name"], services.GivenWay.TO_BRING)]
    s.case = s.world.file(s.item, s.at, given=given)
    s.to("received")
    return s.by(s.world.clerk, services.bring_materials, material_ids=[one["id"]])


def _remind_deferred(s):
    _one, deferred = _deferred(s)
    s.act(s.world.clerk, services.accept, deferred=deferred)
    return lambda: services.remind_deferred(
        case_id=s.case.id, actor=SYSTEM, at=morning(2013, 9, 22), command_id=new_command_id()
    )


def _answer(what, command, **more):
    def ready(s):
        s.asked_for(what)
        return s.by(s.world.approver, command, **more)

    return ready


def _resume(s):
    s.asked_for("pause")
    s.act(s.world.approver, services.pause)
    return s.by(s.world.approver, services.resume, result="通过")


def _reopen(s):
    s.to("claimed")
    s.act(s.world.clerk, services.withdraw, reason="")
    return s.by(s.world.approver, services.reopen, **WHY)


def _archive(s):
    s.to("delivered")
    papers = Document.objects.filter(needs_seal=True, sealed_at=None)
    papers.update(sealed_at=s.at, sealed_by=s.world.clerk, seal_name="章", seal_method="physical")
    return s.by(s.world.clerk, services.archive)


def _money(command, who="clerk", before=None, **more):
    def ready(s):
        one = s.charged()
        if before:
            s.act(s.world.clerk, before[0], **one, **before[1])
        return s.by(getattr(s.world, who), command, **one, **more)

    return ready


def _send_originals(s):
    about = {"receiver_id": s.world.planning.id, "due_date": s.at.date()}
    return s.by(s.world.clerk, services.send_originals, original_ids=s.kept(), **about)


def _sign_slip(s):
    return s.by(s.planner, services.sign_slip, **s.sent())


def _return_originals(s):
    return s.by(s.world.clerk, services.return_originals, original_ids=s.kept())


def _close_day(s):
    actor = s.world.actor(s.world.clerk)
    about = {"on": s.at.date(), "counted_cents": 0, "actor": actor, "at": s.at}
    return lambda: services.close_day(**about, command_id=new_command_id())


def _recall_slip(s):
    return s.by(s.world.clerk, services.recall_slip, **s.sent())


def _confirm_mandate(s):
    proxy = services.Proxy("周小兰", "330881190001010023")
    s.case = s.world.file(s.item, s.at, applicant=replace(s.world.applicant(), proxy=proxy))
    return s.by(s.world.clerk, services.confirm_mandate)


def _cancel_step(s):
    s.to("claimed")
    about = {"person_id": s.boss.id, "organisation_id": s.world.water.id}
    s.act(s.world.handler, services.add_signer, **about, **WHY)
    return s.by(s.world.handler, services.cancel_step, step_key="sign-1", **WHY)


def _refer_up(s):
    town = Town(s.world)
    s.case = town.bring(town.file(town.item(), s.at), "claimed", s.at)
    return s.by(town.handler, services.refer_up, **FIRST, **SEEN)


def _hand_on(s):
    s.to("claimed")
    s.act(s.world.handler, services.bounce, **WHY)
    return s.by(s.world.clerk, services.hand_on, note="补齐")


PLANNING, BOSS = "planning", "boss"  # stand for ids: see Stage.by
ORGAN = {"competent": "市自然资源局"}
ASKED = (services.ask_waiver, {"cents": 400, "reason": "低保户"})
GRANT = {"verb": Verb.GRANT, **WHY}
PAUSE = {"why": PauseReason.EXPERT_REVIEW, "note": "需评审", "days": 10}
OVERRIDE = {"override_reason": "批准"}
NOBODY = {"to_person_id": None}
SIGNER = {"person_id": BOSS, "organisation_id": PLANNING}
QUESTION = {"organisation_id": PLANNING, "question": "是否符合规划？", "days": 5}
WINDOW = {"way": HandOverWay.WINDOW}
DEATH = {"why": TerminationReason.DEATH}
ORIGINALS = {"originals": [("身份证", 1)]}
READY = {
    "submit": _submit,
    "take_in": _take_in,
    "enter_paper_receipt": _enter_paper_receipt,
    "count_part_from": _count_part_from,
    "confirm_paper_receipt": _decide_paper_receipt(services.confirm_paper_receipt),
    "refuse_paper_receipt": _decide_paper_receipt(services.refuse_paper_receipt, **WHY),
    "receive": _after("submitted", "clerk", services.receive),
    "not_require": _after("received", "clerk", services.not_require, **WHY),
    "decline": _after("received", "clerk", services.decline, **WHY, **ORGAN),
    "correct_on_spot": _after("received", "clerk", services.correct_on_spot, note="电话"),
    "ask_correction": _after("received", "clerk", services.ask_correction, note="缺报告"),
    "supply": _supply,
    "still_missing": _still_missing,
    "send_back": _send_back,
    "accept": _after("received", "clerk", services.accept),
    "accept deferring": _accept_deferring,
    "deem_accepted": _deem_accepted,
    "ask_more": _after("accepted", "approver", services.ask_more, note="缺报告", **OVERRIDE),
    "supply_deferred": _supply_deferred,
    "transfer": _after("submitted", "clerk", services.transfer, organisation_id=PLANNING, **WHY),
    "claim": _after("accepted", "handler", services.claim, **REVIEW),
    "examine": _after("claimed", "handler", services.examine, opinion="可以", **REVIEW),
    "take_back": _after("examined", "handler", services.take_back, **REVIEW),
    "return_step": _after("examined", "approver", services.return_step, **WHY, **REVIEW),
    "transfer_step": _after("claimed", "handler", services.transfer_step, **REVIEW, **NOBODY),
    "add_signer": _after("claimed", "handler", services.add_signer, **SIGNER, **WHY),
    "request_opinion": _after("claimed", "handler", services.request_opinion, **QUESTION),
    "ask_pause": _after("claimed", "handler", services.ask_pause, **PAUSE),
    "pause": _answer("pause", services.pause),
    "resume": _resume,
    "ask_extension": _after("claimed", "handler", services.ask_extension, days=5, note="需要"),
    "extend": _answer("extension", services.extend),
    "reject_request": _answer("pause", services.reject_request, kind=RequestKind.PAUSE, **WHY),
    "decide": _after("examined", "approver", services.decide, **GRANT),
    "deem_granted": _deem_granted,
    "issue": _after("granted", "clerk", services.issue, licence_number="一号"),
    "hand_over": _after("sealed", "clerk", services.hand_over, **WINDOW, note=""),
    "choose_delivery": _after("granted", "citizen", services.choose_delivery, **WINDOW),
    "withdraw": _after("claimed", "citizen", services.withdraw, reason=""),
    "terminate": _after("claimed", "approver", services.terminate, **DEATH, **WHY),
    "reopen": _reopen,
    "archive": _archive,
    "charge": _after("granted", "clerk", services.charge, fees=[("工本费", 1000)]),
    "ask_waiver": _money(services.ask_waiver, cents=400, reason="低保户"),
    "answer_waiver": _money(services.answer_waiver, "approver", ASKED, is_approved=True),
    "pay": _money(services.pay),
    "refund": _money(services.refund, "approver", (services.pay, {}), cents=1000, **WHY),
    "close_day": _close_day,
    "take_originals": _after("received", "clerk", services.take_originals, **ORIGINALS),
    "send_originals": _send_originals,
    "sign_slip": _sign_slip,
    "return_originals": _return_originals,
    "recall_slip": _recall_slip,
    "bring_materials": _bring_materials,
    "remind_deferred": _remind_deferred,
    "confirm_mandate": _confirm_mandate,
    "cancel_step": _cancel_step,
    "refer_up": _refer_up,
    "bounce": _after("claimed", "handler", services.bounce, **WHY),
    "hand_on": _hand_on,
}
COSTS = {  # statements, without what files does
    "recall_slip": 8,
    "bring_materials": 9,
    "remind_deferred": 9,
    "confirm_mandate": 7,
    "cancel_step": 9,
    "refer_up": 29,
    "bounce": 7,
    "hand_on": 7,
    "submit": 13,
    "take_in": 14,
    "enter_paper_receipt": 12,
    "count_part_from": 12,
    "confirm_paper_receipt": 16,
    "refuse_paper_receipt": 9,
    "receive": 7,
    "not_require": 17,
    "decline": 17,
    "correct_on_spot": 8,
    "ask_correction": 18,
    "supply": 19,
    "still_missing": 15,
    "send_back": 15,
    "accept": 15,
    "accept deferring": 16,
    "deem_accepted": 16,
    "ask_more": 9,
    "supply_deferred": 13,
    "transfer": 11,
    "claim": 10,
    "examine": 8,
    "take_back": 14,
    "return_step": 12,
    "transfer_step": 8,
    "add_signer": 8,
    "request_opinion": 12,
    "ask_pause": 8,
    "pause": 22,
    "resume": 19,
    "ask_extension": 10,
    "extend": 16,
    "reject_request": 8,
    "decide": 18,
    "deem_granted": 19,
    "issue": 8,
    "hand_over": 12,
    "choose_delivery": 7,
    "withdraw": 15,
    "terminate": 16,
    "reopen": 22,
    "archive": 16,
    "charge": 8,
    "ask_waiver": 8,
    "answer_waiver": 8,
    "pay": 10,
    "refund": 9,
    "close_day": 8,
    "take_originals": 7,
    "send_originals": 11,
    "sign_slip": 9,
    "return_originals": 9,
}
UNCOUNTED = {"case_by_code", "day_of", "needs_licence", "refresh_due_date", "tracking_code"}
UNCOUNTED |= {"check_real_name"}
UNCOUNTED |= {
    "KEPT_DAYS",
    "Given",
    "GivenWay",
    "add_pages",
    "discard_draft",
    "draft_by_code",
    "give_again",
}
UNCOUNTED |= {"applicant_content", "applicant_of", "by_code", "next_number"}
UNCOUNTED |= {"days_to_remind"}
UNCOUNTED |= {"open_part", "supply_part"}  # counted with the matter: tests/joint
UNCOUNTED |= {"keep_part", "resume_code", "set_pages", "start_draft", "sweep_drafts"}
UNCOUNTED |= {"Applicant", "Deferred", "Proxy", "Renewal", "sweep_deemed", "sweep_reminders"}


def _statements(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured if _counts(query["sql"])]


def _counts(sql):
    """Not transactions, the calendar's lock that PostgreSQL alone takes, what files does by itself,
    and the case's edition, which the process keeps."""
    is_transaction = sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK"))
    is_of_files = '"files_' in sql or "'document:" in sql  # a paper costs what it costs
    is_kept = sql.startswith("SELECT") and 'FROM "catalogue_edition" WHERE' in sql
    return not (is_transaction or is_of_files or is_kept or "pg_advisory_xact_lock" in sql)


def test_every_command_is_counted():
    assert set(services.__all__) - UNCOUNTED == {name.split()[0] for name in READY}
    assert set(COSTS) == set(READY)


@pytest.mark.both
@pytest.mark.parametrize("name", READY)
def test_a_command_costs_so_many_statements(world, at, name):
    """A number that grows is looked at; one that shrinks is written down here."""
    statements = _statements(READY[name](Stage(world, at)))
    assert len(statements) == COSTS[name], "\n".join(statements)


# ── pages ─────────────────────────────────────────────────────────────────────────────────────

TABS = ("todo", "mine", "window", "department", "decide", "today", "waiting", "deliver", "done")


@pytest.fixture
def chief(world):
    """One person with every post that opens a list."""
    for role in (Role.CLERK, Role.HANDLER, Role.APPROVER):
        world.people.post("chief", role, world.water)
    return world.people.post("chief", Role.WINDOW_LEAD, world.water)


def _cost(client, url):
    client.get(url)  # the session and the calendar are warm
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    assert answer.status_code == 200, url
    return len(captured), answer.content.decode()


def _filled(world, at, count):
    """`count` cases in every state that a list shows."""
    item = world.item(**CELLS)
    for _ in range(count):
        for state in ("submitted", "received", "claimed", "examined", "granted", "delivered"):
            case = world.file(item, at, world.citizen)
            if state != "submitted":
                world.bring(case, state, at)
            if state == "granted":
                world.act(world.clerk, services.charge, case, at, fees=[("工本费", 1000)])


@pytest.mark.slow
@pytest.mark.both
def test_each_tab_of_the_desk_costs_the_same_with_more_rows(client, world, at, chief, when):
    when(at)
    client.force_login(chief)
    costs, rows = [], []
    for count in (1, 2):
        _filled(world, at, count)
        pages = {tab: _cost(client, f"{reverse('cases:desk')}?tab={tab}") for tab in TABS}
        costs.append({tab: cost for tab, (cost, _page) in pages.items()})
        rows.append({tab: page.count("/cases/") for tab, (_cost, page) in pages.items()})
    assert costs[0] == costs[1]
    assert all(rows[1][tab] >= rows[0][tab] for tab in TABS), rows


@pytest.fixture
def when(monkeypatch):
    """Pages read the clock: let it stand at a moment of the story.

    All pages are loaded before: one that is loaded meanwhile would keep this clock for good.
    """
    from mingtang.base import clock

    assert get_resolver().url_patterns

    def stand(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    return stand


def _laden(world, at, case, count):
    """Steps, papers, charges, originals, slips, corrections: each `count` times more."""
    for number in range(count):
        act = {"case": case, "at": at}
        world.act(world.clerk, services.charge, fees=[("工本费", 1000)], **act)
        world.act(world.clerk, services.take_originals, originals=[("身份证", 1)], **act)
        world.act(world.clerk, services.ask_more, note="缺报告", override_reason="批准", **act)
        world.act(
            world.handler,
            services.request_opinion,
            organisation_id=world.planning.id,
            question=f"第{number}个问题",
            days=5,
            **act,
        )
        original = case.originals.order_by("-id").first()
        world.act(
            world.clerk,
            services.send_originals,
            original_ids=[original.id],
            receiver_id=world.planning.id,
            due_date=at.date(),
            **act,
        )


@pytest.fixture
def case(world, at):
    return world.bring(world.file(world.item(**CELLS), at, world.citizen), "claimed", at)


@pytest.mark.slow
@pytest.mark.both
@pytest.mark.parametrize("page", ["detail", "progress_case", "mine", "originals"])
def test_a_page_costs_the_same_with_more_of_everything(client, world, at, chief, case, page):
    is_own = page in {"progress_case", "mine"}
    client.force_login(world.citizen if is_own else chief)
    args = [case.number] if page in {"detail", "progress_case"} else []
    url = reverse(f"cases:{page}", args=args)
    costs = []
    for count in (2, 4):
        _laden(world, at, case, count)
        if page == "mine":
            world.bring(world.file(case.item.code, at, world.citizen), "received", at)
        costs.append(_cost(client, url)[0])
    assert costs[0] == costs[1]


@pytest.mark.slow
@pytest.mark.both
def test_a_case_read_at_once_is_the_case_read_part_by_part(world, at, case):
    _laden(world, at, case, 2)
    deliver_all(at)
    found, parts = queries.whole(case), queries.Situation(case)
    for name in SITUATION:
        assert [_told(row) for row in vars(found.now)[name]] == [
            _told(row) for row in getattr(parts, name)
        ], name
    for one in ("steps", "requests", "slips"):
        people = [_people(row) for row in vars(found.now)[one]]
        assert people == [_people(row) for row in getattr(parts, one)]
    given = [[_told(m) for m in one.materials.all()] for one in found.now.submissions]
    assert given == [[_told(m) for m in one.materials.all()] for one in parts.submissions]
    assert [_told(one) for one in found.events] == [_told(one) for one in history(case.stream)]
    assert found.told == sent_about(case.stream)
    assert [one.id for one in found.uploads] == [one.id for one in uploads_of(case.stream)]
    assert len(found.told) > 1
    assert len(found.now.steps) > 2


SITUATION = ("steps", "clocks", "submissions", "corrections", "deferred", "requests", "pauses")
SITUATION += ("charges", "originals", "slips", "documents")


def _told(row):
    """All that was read of a row; what is read when it is asked for is left out."""
    names = [one.attname for one in type(row)._meta.concrete_fields]
    return {name: vars(row)[name] for name in names if name in vars(row)}


def _people(row):
    names = [one.name for one in type(row)._meta.concrete_fields if one.name.endswith("_by")]
    return {name: str(getattr(row, name)) for name in names}


# What a clerk's pages cost in a process that runs for a while: the session; the person, with what
# the process keeps; the lists' numbers; the rows.
PAGES = {"worklist": 4, "case page": 7}


@pytest.mark.both
@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_so_many_statements(client, world, at, page):
    case = world.bring(world.file(world.item(**CELLS), at, world.citizen), "received", at)
    client.force_login(world.clerk)
    url = {
        "worklist": f"{reverse('cases:desk')}?tab=window",
        "case page": reverse("cases:detail", args=[case.number]),
    }[page]
    assert case.number in client.get(url).content.decode()
    assert len(_warm(client, url)) == PAGES[page]


@pytest.mark.both
def test_no_more_are_pinned_than_asked_for(client, world, at):
    """The control: a page that nothing is kept for takes more."""
    client.force_login(world.clerk)
    url = f"{reverse('cases:desk')}?tab=window"
    assert _cost(client, url)[0] > PAGES["worklist"]


def _warm(client, url):
    """The statements of a page whose process keeps what it may; `_cost` counts as if it did not."""
    return _noted(lambda: client.get(url))


def _noted(act):
    seen = []

    def note(execute, sql, *more):
        seen.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(note):
        act()
    return [sql for sql in seen if not sql.startswith(("SAVEPOINT", "RELEASE"))]


# What the hot acts cost in such a process, all of it, the papers too; of these one is the test's
# own reading (submit), or about a person who was never seen before (decide). PostgreSQL takes
# besides the calendar's lock, and looks after it whether what it keeps still holds.
HOT = {"submit": 11, "receive": 8, "accept": 15, "claim": 11, "examine": 9, "decide": 18}
LOCK, MARKS = "pg_advisory_xact_lock", "FROM base_searchchange"


@pytest.mark.both
@pytest.mark.parametrize("name", HOT)
def test_a_hot_act_costs_so_many_statements(world, at, name):
    READY[name](Stage(world, at))()  # what the process keeps is kept
    statements = _noted(READY[name](Stage(world, at)))
    locks = sum(LOCK in sql for sql in statements)
    assert len(statements) - 2 * locks == HOT[name], "\n".join(statements)
    assert sum(MARKS in sql for sql in statements) == 1 + locks


@pytest.mark.both
def test_it_would_cost_more_if_each_answer_that_is_kept_were_asked_after(world, at, monkeypatch):
    """The control."""
    monkeypatch.setattr("mingtang.base.kept.asked_once", nullcontext)
    READY["decide"](Stage(world, at))()
    statements = _noted(READY["decide"](Stage(world, at)))
    assert sum(MARKS in sql for sql in statements) > 3


def test_drawing_up_a_paper_costs_the_same_with_more_lines(world, at, case):
    case = Case.objects.select_related("edition").get(id=case.id)
    costs = [
        len(_statements(lambda n=n: draw(case, "payment", at, {"sum": "1"}, [["a"] * 4] * n)))
        for n in (1, 30)
    ]
    assert costs[0] == costs[1]
