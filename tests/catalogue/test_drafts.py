"""From draft to edition: two people, a gate, and nothing half-published."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mingtang.accounts.rules import Role
from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, DomainError
from mingtang.base.models import SearchDocument
from mingtang.base.search.index import keys_of
from mingtang.cases.models import Case
from mingtang.catalogue import queries, services
from mingtang.catalogue.models import Draft, Edition, Item, ProcedureProfile
from mingtang.catalogue.rules.drafts import DraftInvalid, DraftMoved, SamePerson, WrongMove
from mingtang.catalogue.rules.gate import GateClosed
from mingtang.catalogue.search import index_items
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import CommandConflict
from mingtang.questions.rules import ordered
from mingtang.regions.models import Centre, Window
from tests.questions.schemas import EVERY, every
from tests.world import World, new_command_id

pytestmark = pytest.mark.django_db
BASIS = "《中华人民共和国水法》第四十八条"
COMPLETE = {
    "basis": BASIS,
    "conditions": "有合法的取水事由。",
    "procedure": "收件；受理；审查；决定；送达。",
    "materials": "申请表|表格|1|必要",
    "fee": "不收费",
}


@pytest.fixture
def desk(world: World) -> World:
    """The world with a window, an author and a reviewer."""
    centre = Centre.objects.create(
        name="江山市行政服务中心", region=world.region, level="county", organisation=world.centre
    )
    Window.objects.create(centre=centre, number="1", name="水利窗口", organisation=world.water)
    world.author = world.people.post("author", Role.REFORM_OFFICE, world.centre)
    world.reviewer = world.people.post("reviewer", Role.REFORM_OFFICE, world.centre)
    return world


@pytest.fixture
def item(desk: World) -> Item:
    code = desk.item(statutory=20, promised=5, statutory_basis=f"{BASIS}", **COMPLETE)
    return Item.objects.get(code=code)


class Desk:
    """Runs commands on drafts without ceremony."""

    def __init__(self, world: World, item: Item, at: Any) -> None:
        self.world, self.item, self.at = world, item, at

    def do(self, who: str, command: Any, **more: Any) -> Any:
        by = {"actor": self.world.actor(getattr(self.world, who)), "at": self.at}
        return command(**({"command_id": new_command_id()} | more), **by)

    def open(self) -> Draft:
        made = self.do("author", services.open_draft, item_id=self.item.id)
        return Draft.objects.get(id=int(made["draft_id"]))

    def save(self, draft: Draft, who: str = "author", **changes: Any) -> Any:
        draft.refresh_from_db()
        self.item.refresh_from_db()
        more = {
            "content": draft.content | changes,
            "revision": draft.revision,
            "base_number": queries.Edition.objects.filter(item=self.item).count(),
        }
        return self.do(who, services.save_draft, draft_id=draft.id, **more)

    def submitted(self, **changes: Any) -> Draft:
        draft = self.open()
        self.save(draft, **(changes or {"promised_amount": 3}))
        self.do("author", services.submit_draft, draft_id=draft.id)
        draft.refresh_from_db()
        return draft

    def publish(self, draft: Draft, who: str = "reviewer") -> Any:
        return self.do(who, services.publish_draft, draft_id=draft.id)


@pytest.fixture
def at_desk(desk: World, item: Item, at: Any) -> Desk:
    return Desk(desk, item, at)


def kinds(item: Item) -> list[str]:
    return [event.kind for event in ledger.history(f"item:{item.id}")]


def test_a_draft_becomes_the_next_edition_by_a_second_person(at_desk, item):
    draft = at_desk.submitted()
    answer = at_desk.publish(draft)
    item.refresh_from_db()
    assert (answer["number"], item.current_edition.promised_amount) == (2, 3)
    assert item.current_edition.published_by_label == "reviewer先生"
    draft.refresh_from_db()
    assert (draft.state, draft.edition_id) == ("published", item.current_edition.id)
    assert kinds(item) == [
        "item.published",
        "item.draft_opened",
        "item.draft_saved",
        "item.draft_submitted",
        "item.published",
    ]
    assert ledger.verify().is_ok


def test_the_edition_has_the_hash_that_an_import_of_the_same_would_make(desk, at_desk, item):
    draft = at_desk.submitted()
    at_desk.publish(draft)
    item.refresh_from_db()
    before = Edition.objects.count()
    desk.item(statutory=20, promised=3, statutory_basis=BASIS, **COMPLETE)
    assert Edition.objects.count() == before


def test_an_old_case_keeps_its_old_edition(desk, at_desk, item, at):
    case = desk.file(item.code, at)
    at_desk.publish(at_desk.submitted())
    desk.bring(case, "accepted", at)
    later = desk.file(item.code, at)
    assert (case.edition.number, later.edition.number) == (1, 2)
    assert queries.limits_of(Case.objects.get(id=case.id).edition).promised.amount == 5


@pytest.mark.parametrize("who", ["author", "second"])
def test_nobody_who_wrote_in_a_draft_publishes_or_returns_it(desk, at_desk, item, who):
    desk.second = desk.people.post("second", Role.REFORM_OFFICE, desk.centre)
    draft = at_desk.open()
    at_desk.save(draft, "second", promised_amount=4)
    at_desk.do("author", services.submit_draft, draft_id=draft.id)
    with pytest.raises(SamePerson):
        at_desk.publish(draft, who)
    with pytest.raises(SamePerson):
        at_desk.do(who, services.return_draft, draft_id=draft.id, reason="改")
    assert Edition.objects.count() == 1
    at_desk.publish(draft)


def test_the_database_too_refuses_an_author_as_reviewer(desk, at_desk, at):
    draft = at_desk.submitted()
    edition = Edition.objects.get()
    with pytest.raises(IntegrityError, match="draft_second_person"), transaction.atomic():
        Draft.objects.filter(id=draft.id).update(
            state="published", reviewed_by=desk.author, reviewed_at=at, edition=edition
        )


def test_the_gate_refuses_at_submission_and_nothing_moves(at_desk, item):
    draft = at_desk.open()
    at_desk.save(draft, basis="《水法》", is_free=None)
    with pytest.raises(GateClosed, match="2处") as refused:
        at_desk.do("author", services.submit_draft, draft_id=draft.id)
    assert [lack.field for lack in refused.value.lacks] == ["basis", "fee"]
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_the_gate_is_asked_again_at_publication(at_desk, item):
    draft = at_desk.submitted()
    Window.objects.all().delete()
    with pytest.raises(GateClosed, match="窗口"):
        at_desk.publish(draft)
    assert Edition.objects.count() == 1


def test_a_failure_half_way_leaves_nothing_published(at_desk, item, monkeypatch):
    draft = at_desk.submitted()

    def broken(*args: Any, **more: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("mingtang.catalogue.services.drafts.tell", broken)
    with pytest.raises(RuntimeError):
        at_desk.publish(draft)
    item.refresh_from_db()
    draft.refresh_from_db()
    assert (Edition.objects.count(), draft.state) == (1, "in_review")
    assert item.current_edition.number == 1


def test_the_same_command_publishes_once(at_desk, item):
    draft = at_desk.submitted()
    once = {"draft_id": draft.id, "command_id": new_command_id()}
    first = at_desk.do("reviewer", services.publish_draft, **once)
    assert at_desk.do("reviewer", services.publish_draft, **once) == first
    assert Edition.objects.count() == 2
    with pytest.raises(CommandConflict):
        at_desk.do("author", services.publish_draft, **once)


def test_a_publication_meanwhile_is_noticed(desk, at_desk, item):
    draft = at_desk.submitted()
    desk.item(statutory=20, promised=4, statutory_basis=BASIS, **COMPLETE)
    with pytest.raises(DraftMoved, match=r"第1版.*第2版"):
        at_desk.publish(draft)
    at_desk.do("reviewer", services.return_draft, draft_id=draft.id, reason="照第2版核对")
    at_desk.save(draft)
    at_desk.do("author", services.submit_draft, draft_id=draft.id)
    assert at_desk.publish(draft)["number"] == 3


def test_a_colleagues_saving_meanwhile_is_noticed(at_desk, item):
    draft = at_desk.open()
    stale = {"content": draft.content | {"conditions": "甲"}, "revision": 1, "base_number": 1}
    at_desk.save(draft, conditions="乙")
    with pytest.raises(DraftMoved, match="同事"):
        at_desk.do("author", services.save_draft, draft_id=draft.id, **stale)
    draft.refresh_from_db()
    assert draft.content["conditions"] == "乙"


def test_what_no_edition_can_hold_is_not_saved(at_desk, item):
    draft = at_desk.open()
    with pytest.raises(DraftInvalid, match="项目名称"):
        at_desk.save(draft, name="")


def test_one_open_draft_an_item(at_desk, item):
    draft = at_desk.open()
    with pytest.raises(Conflict, match="已有一份"):
        at_desk.open()
    at_desk.do("author", services.discard_draft, draft_id=draft.id)
    at_desk.open()


def test_an_unchanged_draft_is_not_published(at_desk, item):
    draft = at_desk.open()
    with pytest.raises(Conflict, match="完全相同"):
        at_desk.do("author", services.submit_draft, draft_id=draft.id)


def test_a_return_needs_a_reason_and_opens_the_draft_again(at_desk, item):
    draft = at_desk.submitted()
    with pytest.raises(DomainError, match="原因"):
        at_desk.do("reviewer", services.return_draft, draft_id=draft.id, reason=" ")
    with pytest.raises(WrongMove, match="待审核"):
        at_desk.save(draft, conditions="丙")
    at_desk.do("reviewer", services.return_draft, draft_id=draft.id, reason="条件不清")
    at_desk.save(draft, conditions="丙")
    draft.refresh_from_db()
    assert (draft.state, draft.return_reason) == ("draft", "条件不清")


def test_a_suspended_item_takes_no_filings_until_it_is_resumed(desk, at_desk, item, at):
    more = {"item_id": item.id, "reason": "系统检修"}
    at_desk.do("reviewer", services.suspend_item, **more)
    with pytest.raises(queries.ItemNotOpen, match="暂停"):
        desk.file(item.code, at)
    at_desk.do("reviewer", services.resume_item, **more)
    desk.file(item.code, at)


def found(text: str, at: Any) -> list[str]:
    return [row.code for row in queries.search_items(on=legal_date(at), text=text).items]


def test_search_finds_an_edition_once_it_is_published(at_desk, item, at):
    draft = at_desk.submitted(name="河道采砂许可新规")
    assert found("采砂新规", at) == []
    at_desk.publish(draft)
    assert found("采砂新规", at) == [item.code]
    assert SearchDocument.objects.get(key=item.id).name == "河道采砂许可新规"


def test_search_leaves_out_what_is_not_in_force(at_desk, item, at):
    more = {"item_id": item.id, "reason": "系统检修"}
    index_items([item], legal_date(at))
    assert found(item.code, at) == [item.code]
    at_desk.do("reviewer", services.suspend_item, **more)
    assert (found(item.code, at), list(keys_of("item"))) == ([], [])
    at_desk.do("reviewer", services.resume_item, **more)
    assert found(item.code, at) == [item.code]
    at_desk.do("reviewer", services.retire_item, **more)
    assert (found(item.code, at), list(keys_of("item"))) == ([], [])


def test_a_retired_item_stays_with_its_cases(desk, at_desk, item, at):
    case = desk.file(item.code, at)
    draft = at_desk.open()
    more = {"item_id": item.id, "reason": "依国发〔2015〕27号取消"}
    with pytest.raises(Conflict, match="草稿"):
        at_desk.do("reviewer", services.retire_item, **more)
    at_desk.do("author", services.discard_draft, draft_id=draft.id)
    at_desk.do("reviewer", services.retire_item, **more)
    with pytest.raises(queries.ItemNotOpen, match="取消"):
        desk.file(item.code, at)
    assert desk.bring(case, "delivered", at).state == "delivered"
    with pytest.raises(Conflict, match="已取消"):
        at_desk.open()
    with pytest.raises(Conflict, match="取消"):
        at_desk.do("reviewer", services.resume_item, **more)
    assert kinds(item)[-1] == "item.abolished"


def test_a_profile_is_that_of_the_day_of_publication(item):
    edition = item.current_edition
    assert "三个月" in queries.profile_of(edition).remedies
    ProcedureProfile.objects.filter(key="permit").delete()
    assert queries.profile_of(edition).completeness_days == 5  # as shipped
    ProcedureProfile.objects.create(
        key="permit",
        label="行政许可程序",
        valid_from="2012-01-01",
        completeness_days=3,
        delivery_days=7,
    )
    assert queries.profile_of(edition).completeness_days == 3


def test_an_incomplete_import_stays_as_it_is_and_is_told(desk):
    code = desk.item(code="330881-bare")
    bare = Item.objects.get(code=code)
    lacks = queries.lacks_of(queries.content_of(bare), bare.department_id, bare_day())
    assert {"basis", "conditions", "materials", "procedure", "fee"} <= {one.field for one in lacks}
    assert queries.edition_for_filing(code).number == 1


def bare_day() -> Any:
    from datetime import date

    return date(2013, 9, 17)


# ── the form that an edition carries ──────────────────────────────────────────────────────────

BROKEN = every("matter.sort", x_purpose=None)


def test_a_broken_form_is_not_saved_and_a_sound_one_is_published(at_desk, item):
    draft = at_desk.open()
    with pytest.raises(DraftInvalid, match="“办理类型”没有写收集目的"):
        at_desk.save(draft, form=BROKEN)
    assert "form" not in Draft.objects.get().content
    at_desk.do("author", services.discard_draft, draft_id=draft.id)
    at_desk.publish(at_desk.submitted(form=EVERY))
    assert Edition.objects.latest("number").details["form"] == ordered(EVERY)


def test_a_form_that_newer_rules_refuse_is_not_published(at_desk, item):
    draft = at_desk.submitted(form=EVERY)
    draft.content["form"] = BROKEN  # as if it had been saved before there was the rule
    draft.save()
    with pytest.raises(GateClosed, match="“办理类型”没有写收集目的"):
        at_desk.publish(draft)
    assert "form" not in Edition.objects.latest("number").details
