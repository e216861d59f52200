"""One person at random, with every post that one may hold: whatever is asked and confirmed, in
whatever order and in whoever's place, what needs two does not come about.

The services ask for no role (the gates of views and the API do), so the person here may do more
than any holder of posts. What came about is read from the tables, never asked of the same code.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from mingtang.accounts import services as accounts
from mingtang.accounts.rules import ADMINISTRATORS, EVERY_ITEM, Role
from mingtang.base.errors import DomainError
from mingtang.cases import services as cases
from mingtang.cases.models import Case
from mingtang.cases.rules import PauseReason, RequestKind, Verb
from mingtang.channels import services as channels
from mingtang.disclosure import services as disclosure
from mingtang.disclosure.models import Publication
from mingtang.files.services import store
from mingtang.ledger import queries as ledger
from mingtang.ledger.models import Event
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.outage import services as outage
from mingtang.outage.models import PaperReceipt
from mingtang.outage.rules import code_of
from mingtang.supervision import services as supervision
from mingtang.supervision.models import Card
from mingtang.supervision.rules import CancelReason
from mingtang.timing.models import CalendarEdition, Clock, DayOff
from mingtang.timing.rules import DayOff as Day
from mingtang.timing.services import load_calendar_year, seed_calendars
from tests import papers
from tests.disclosure.conftest import CONTENT
from tests.supervision.hall import Hall
from tests.world import morning, new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BEGIN = morning(2013, 9, 18)
WATCHED = ("promised", "statutory")  # limits that applicants are promised


class Alone(Hall):
    """A hall where cases run, a card is red, and one person who holds every post."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.rng, self.at = random.Random(seed), BEGIN
        self.tally: Counter[str] = Counter()
        by: dict[str, Any] = {"actor": SYSTEM, "at": morning(2013, 9, 2)}
        seed_calendars(at=morning(2013, 9, 2))
        channels.load_shipped(**by, command_id=new_command_id())
        outage.reserve_paper_receipts(count=50, **by, command_id=new_command_id())
        self.overdue()
        self.item("330881-slow", promised=15, statutory=20, special="听证|20日")
        for _ in range(3):
            self.running_case()
        self.solo = self.people.post("solo", Role.CLERK, self.water)
        for role in set(Role) - ADMINISTRATORS - {Role.CLERK}:
            items = [EVERY_ITEM] if role is Role.GENERAL_CLERK else None
            self.people.post("solo", role, self.water, item_codes=items)
        self.scope_of_solo = self.scope(self.solo)
        self.in_place_of: list[int] = []
        self.before = picture()

    def running_case(self) -> None:
        case = self.file("330881-slow", BEGIN)
        for verb in (cases.receive, cases.accept):
            self.act(self.clerk, verb, case, BEGIN)

    # ── who acts ──────────────────────────────────────────────────────────────────────────────

    def actor_now(self) -> Actor:
        """Under any of the posts, at times in the place of somebody whose substitute this is."""
        grant = self.rng.choice(self.scope_of_solo.grants)
        actor = replace(
            self.actor(self.solo),
            organisation_id=str(grant.organisation_id),
        )
        if self.in_place_of and self.rng.random() < 0.3:
            actor = replace(actor, acting_for_id=str(self.rng.choice(self.in_place_of)))
        return actor

    def any_case(self) -> Case:
        return self.rng.choice(list(Case.objects.order_by("id")))

    def of_case(self, command: Callable[..., Any], /, **more: Any) -> Any:
        return self.by(command, case_id=self.any_case().id, **more)

    def by(self, command: Callable[..., Any], /, **more: Any) -> Any:
        return command(actor=self.actor_now(), at=self.at, command_id=new_command_id(), **more)

    def any_of(self, rows: Any) -> int:
        known = list(rows.order_by("id").values_list("id", flat=True))
        return int(self.rng.choice(known)) if known else 5

    # ── one act ───────────────────────────────────────────────────────────────────────────────

    def live(self, acts: int) -> None:
        for _ in range(acts):
            self.at += timedelta(minutes=self.rng.randint(1, 10))
            name = self.rng.choice(tuple(DEEDS))
            try:
                DEEDS[name](self)
                self.tally["done"] += 1
                self.tally[name] += 1
            except DomainError:
                self.tally["refused"] += 1
            found = self.differences()
            assert not found, f"{name}: {found}"

    def differences(self) -> list[str]:
        """What came about that needs two, in words."""
        now = picture()
        found = [what for what in ("calendar", "published", "cancelled") if self.differs(now, what)]
        for one, (status, due, pauses) in self.before["clocks"].items():
            is_status, is_due, is_pauses = now["clocks"][one]
            if is_status != status or is_due > due or is_pauses != pauses:
                found.append(f"clock {one}: {status} {due} → {is_status} {is_due} {is_pauses}")
        return [*found, *(f"dated back: {one}" for one in now["dated_back"])]

    def differs(self, now: dict[str, Any], what: str) -> bool:
        return bool(now[what] != self.before[what])


def picture() -> dict[str, Any]:
    """What the tables say."""
    clocks = Clock.objects.filter(stream__startswith="case:", kind__in=WATCHED)
    told = Event.objects.filter(kind__in=("case.submitted", "case.taken_in"))
    entered = dict(told.values_list("stream", "at"))
    return {
        "clocks": {one.id: (one.status, one.due_date, one.pauses) for one in clocks.order_by("id")},
        "calendar": (
            sorted(CalendarEdition.objects.values_list("id", "year", "version")),
            DayOff.objects.count(),
        ),
        "published": Publication.objects.exclude(published_version=None).count(),
        "cancelled": Card.objects.exclude(cancelled_at=None).count(),
        "dated_back": [
            case.number for case in Case.objects.all() if case.submitted_at < entered[case.stream]
        ],
    }


# ── what the person tries ─────────────────────────────────────────────────────────────────────


def _stand_in(alone: Alone) -> None:
    """For the clerk, the handler or the approver."""
    absent = alone.rng.choice([alone.clerk, alone.handler, alone.approver])
    day = date(2013, 9, 18)
    given = {"from_date": day, "to_date": date(2013, 12, 31), "reason": "休假"}
    alone.by(
        accounts.arrange_substitution, absent_id=absent.id, substitute_id=alone.solo.id, **given
    )
    alone.in_place_of.append(absent.id)


def _take_a_post(alone: Alone) -> None:
    role = alone.rng.choice([*ADMINISTRATORS, Role.APPROVER])
    given = {"organisation_id": alone.water.id, "role": role, "valid_from": date(2013, 9, 18)}
    alone.by(accounts.assign_post, person_id=alone.solo.id, **given)


def _load_calendar(alone: Alone) -> None:
    """With oneself as the second, or with whom one stands in for as the first."""
    second = alone.actor(alone.solo)
    year = 2013
    days = [Day(date(2013, 9, alone.rng.randint(19, 27)), True, "临时放假")]
    notice = {"year": year, "days_off": days, "source": "测试", "published_on": None}
    alone.by(load_calendar_year, second=second, **notice)


def _enter_receipt(alone: Alone) -> None:
    scan = SimpleUploadedFile("回执.png", papers.png())
    kept = store(scan, command_id=new_command_id())
    code = code_of(alone.rng.randint(1, 50))
    claim = outage.PaperClaim(code, morning(2013, 9, 11, 15), kept)
    alone.of_case(cases.enter_paper_receipt, claim=claim)


def _draft_text(alone: Alone) -> None:
    alone.by(disclosure.draft, organisation_id=alone.water.id, content=CONTENT)


def _of_text(command: Callable[..., Any]) -> Callable[[Alone], None]:
    def done(alone: Alone) -> None:
        known = list(Publication.objects.select_related("version").order_by("id"))
        if known:
            one = alone.rng.choice(known)
            bound = {"publication_id": one.id, "content_hash": one.version.content_hash}
            alone.by(command, **bound)

    return done


def _of_step(command: Callable[..., Any], **more: Any) -> Callable[[Alone], None]:
    return lambda alone: alone.of_case(command, step_key="review", **more)


def _of_card(command: Callable[..., Any], **more: Any) -> Callable[[Alone], None]:
    return lambda alone: alone.by(command, card_id=alone.any_of(Card.objects), **more)


DEEDS: dict[str, Callable[[Alone], None]] = {
    "substitution.arrange": _stand_in,
    "post.assign": _take_a_post,
    "calendar.load": _load_calendar,
    "case.claim": _of_step(cases.claim),
    "case.examine": _of_step(cases.examine, opinion="符合条件，同意。"),
    "case.take_back": _of_step(cases.take_back),
    "case.return_step": _of_step(cases.return_step, reason="请再核对"),
    "case.ask_pause": lambda alone: alone.of_case(
        cases.ask_pause, why=PauseReason.HEARING, note="要听证", days=10
    ),
    "case.pause": lambda alone: alone.of_case(cases.pause),
    "case.ask_extension": lambda alone: alone.of_case(cases.ask_extension, days=5, note="案情复杂"),
    "case.extend": lambda alone: alone.of_case(cases.extend),
    "case.reject_request": lambda alone: alone.of_case(
        cases.reject_request, kind=alone.rng.choice(list(RequestKind)), reason="不必"
    ),
    "case.decide": lambda alone: alone.of_case(
        cases.decide, verb=Verb.GRANT, reason="符合条件", legal_basis="《水法》第四十八条"
    ),
    "case.enter_paper_receipt": _enter_receipt,
    "case.confirm_paper_receipt": lambda alone: alone.by(
        cases.confirm_paper_receipt, receipt_id=alone.any_of(PaperReceipt.objects)
    ),
    "card.explain": _of_card(supervision.explain, text="系统停了"),
    "card.propose_cancel": _of_card(
        supervision.propose_cancel, reason=CancelReason.OUTAGE, note="系统停了半天"
    ),
    "card.approve_cancel": _of_card(supervision.approve_cancel),
    "card.reject_cancel": _of_card(supervision.reject_cancel, reason="理由不足"),
    "disclosure.draft": _draft_text,
    "disclosure.submit": _of_text(disclosure.submit),
    "disclosure.review": _of_text(disclosure.review),
    "disclosure.clear": _of_text(disclosure.clear),
    "disclosure.publish": _of_text(disclosure.publish),
    "disclosure.keep": _of_text(disclosure.keep),
}


REFUSED_BELOW = {
    "mingtang.cases.services.pausing.check_separation": "request_answered_by_another",
    "mingtang.supervision.services.life.check_two": "card_cancelled_by_two",
    "mingtang.disclosure.rules.chain.check_another": "not reviewed",
}


@pytest.mark.parametrize(
    ("lives", "acts"),
    [pytest.param(1, 60, marks=pytest.mark.once), pytest.param(20, 2000, marks=pytest.mark.soak)],
)
def test_what_needs_two_does_not_come_about_by_one(lasting, lives, acts):
    found: Counter[str] = Counter()
    for seed in lasting.rounds(lives):
        with transaction.atomic():
            alone = Alone(seed)
            alone.live(acts)
            assert ledger.verify().is_ok
            found.update(lives=1, done=alone.tally["done"], refused=alone.tally["refused"])
            transaction.set_rollback(True)
    lasting.tell("one person at random", **found)
    assert found["done"] > found["lives"] * 10


@pytest.mark.once
def test_a_calendar_by_one_is_seen(monkeypatch):
    """The first positive control: the rule of two takes one."""
    alone = Alone(seed=1)
    monkeypatch.setattr("mingtang.timing.services.check_two_people", lambda *_given: None)
    DEEDS["calendar.load"](alone)
    assert "calendar" in alone.differences()


@pytest.mark.once
def test_a_limit_that_two_stopped_is_seen():
    """The second: what two may do is read as the same change."""
    alone = Alone(seed=1)
    case = Case.objects.filter(item__code="330881-slow").latest("id")
    asked = {"why": PauseReason.HEARING, "note": "要听证", "days": 10}
    alone.act(alone.handler, cases.claim, case, BEGIN, step_key="review")
    alone.act(alone.handler, cases.ask_pause, case, BEGIN, **asked)
    assert alone.differences() == []
    alone.act(alone.approver, cases.pause, case, BEGIN)
    assert [one for one in alone.differences() if one.startswith("clock")]


@pytest.mark.once
@pytest.mark.soak
@pytest.mark.parametrize("place", REFUSED_BELOW)
def test_without_the_rule_the_database_refuses(place, monkeypatch):
    """What the code would let pass is tried by the walk, and a constraint or a trigger holds."""
    alone = Alone(seed=1)
    monkeypatch.setattr(place, lambda *_given: None)
    with pytest.raises(IntegrityError, match=REFUSED_BELOW[place]):
        alone.live(1500)
