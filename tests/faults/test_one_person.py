"""One person with every post tries each command that has an effect, in a house in which others
began much: what needs two does not come about, in whatever order and in whoever's place.

The commands are those of the table of tests/structure/test_alone.py; what they are given is read
from their signatures. The services ask for no role (the gates of views and the API do), so the
person may do more than any holder of posts. What came about is read from the tables.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from mingtang.accounts.models import Post
from mingtang.accounts.rules import Role
from mingtang.cases.models import Case
from mingtang.cases.rules import PauseReason, Verb
from mingtang.consultations.models import Activity
from mingtang.ledger import queries as ledger
from mingtang.letters.models import Letter, PublicCopy
from mingtang.outage.models import PaperReceipt
from mingtang.outage.rules import code_of
from mingtang.outage.services import PaperClaim
from mingtang.requests.models import Request
from mingtang.requests.rules.deciding import Part
from mingtang.requests.rules.kinds import Kind
from mingtang.supervision.models import Card
from mingtang.supervision.rules import CancelReason
from mingtang.timing.rules import DayOff
from tests.faults.solo.house import BEGIN, DAY, SLOW, SPOT, House
from tests.faults.solo.walking import LEAST, Learned, Walk, tried
from tests.faults.solo.watching import (
    BY_TWO,
    CALENDAR,
    CANCELS,
    DATES,
    ENDS,
    FIRST_PART,
    PUBLIC,
    STOPS,
)
from tests.laid import laid
from tests.structure.test_alone import rows

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
house = laid(House)


@pytest.mark.parametrize(
    ("lives", "acts"),
    [pytest.param(1, 0, marks=pytest.mark.once), pytest.param(20, 2000, marks=pytest.mark.soak)],
)
def test_what_needs_two_does_not_come_about_by_one(house, lasting, lives, acts):
    learned, done, refused, broken = Learned(), Counter(), Counter(), {}
    count = 0
    for seed in lasting.rounds(lives):
        with transaction.atomic():
            walk = Walk(house(), seed, learned)
            walk.go_round()
            walk.go(acts)
            walk.hear()
            assert ledger.verify().is_ok
            transaction.set_rollback(True)
        count += 1
        done, refused, broken = done + walk.done, refused + walk.refused, broken | walk.broken
    kinds = tried()
    asked = done + refused
    lasting.tell(
        "one person at random",
        lives=count,
        kinds=len(kinds),
        kinds_done=len(done),
        done=done.total(),
        refused=refused.total(),
        least_of_a_kind=min(asked[kind] for kind in kinds),
    )
    print("\n".join(f"{kind} {done[kind]} {refused[kind]}" for kind in kinds))  # with -s, or red
    assert {kind: broken.get(kind) for kind in kinds if asked[kind] < LEAST * count} == {}
    assert len(done) > len(kinds) // 2  # the house lets most of them come about


def test_what_is_by_two_has_a_first_part_to_look_for():
    by_two = {kind for table in rows().values() for kind, why in table.items() if why in BY_TWO}
    assert by_two == set(FIRST_PART)


# ── each rule taken away is seen ──────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Weak:
    """Rules that are taken away, and acts that then bring about what one person may not."""

    rules: tuple[str, ...]
    acts: Callable[[Walk], None]
    effect: str
    instead: Any = ()  # what the rules give then
    refused_below: str = ""  # by which constraint the tables refuse it all the same


def _running() -> Case:
    return Case.objects.filter(item__code=SLOW, state="accepted").order_by("id")[0]


def _pause(walk: Walk) -> None:
    case = {"case_id": _running().id}
    walk.do("case.claim", **case, step_key="review")
    walk.do("case.ask_pause", **case, why=PauseReason.HEARING, note="要听证", days=10)
    walk.do("case.pause", **case)


def _decide(walk: Walk) -> None:
    case = {"case_id": _running().id}
    walk.do("case.claim", **case, step_key="review")
    walk.do("case.examine", **case, step_key="review", opinion="符合条件，同意。")
    walk.do("case.decide", **case, verb=Verb.GRANT, reason="符合条件")


def _own_letter(walk: Walk) -> None:
    """A letter of authority for oneself, and alone under it."""
    post = Post.objects.get(person=walk.solo, role=Role.CHIEF_REPRESENTATIVE.value)
    days = {"valid_from": DAY, "valid_to": DAY.replace(year=2030)}
    words = {"document_number": "江授〔2024〕9号", "item_codes": [SPOT], "acts": ["grant"]}
    walk.do("authority.grant", post_id=post.id, seal="章", **words, **days)
    case = Case.objects.filter(item__code=SPOT, state="accepted").order_by("id")[0]
    walk.do("case.claim", case_id=case.id, step_key="review")
    walk.do("case.examine", case_id=case.id, step_key="review", opinion="符合条件，同意。")
    walk.do("case.decide", case_id=case.id, verb=Verb.GRANT, reason="符合条件")


def _answer(walk: Walk) -> None:
    request = {"request_id": Request.objects.filter(state="handling").order_by("id")[0].id}
    walk.do("request.draft", **request, parts=[Part("全部内容", Kind.A)], override="")
    walk.do("request.decide", **request)


def _load_days(walk: Walk) -> None:
    days = [DayOff(DAY.replace(day=20), False, "临时放假")]
    given = {"year": 2024, "days_off": days, "source": "测试", "published_on": None}
    walk.do("calendar.load", second=walk.house.actor(walk.solo), **given)


def _publish_copy(walk: Walk) -> None:
    letters = Letter.objects.filter(state="answered", consented_at__isnull=False)
    letter = letters.exclude(id__in=PublicCopy.objects.values("letter_id")).order_by("id")[0]
    words = {"title": "水费多收", "question": "多收了三个月。", "text": "下月退还。"}
    walk.do("letter.draft_copy", letter_id=letter.id, **words)
    walk.do("letter.confirm_copy", letter_id=letter.id)


def _cancel_card(walk: Walk) -> None:
    card = {"card_id": Card.objects.filter(state="notified").order_by("id")[0].id}
    why = {"reason": CancelReason.OUTAGE, "note": "系统停了半天"}
    walk.do("card.propose_cancel", **card, **why)
    walk.do("card.approve_cancel", **card)


def _close_card(walk: Walk) -> None:
    card = {"card_id": Card.objects.filter(state="notified").order_by("id")[0].id}
    walk.do("card.explain", **card, text="系统停了半天，无法受理。")
    walk.do("card.close", **card)


def _date_back(walk: Walk) -> None:
    cases = Case.objects.filter(item__code=SLOW).exclude(intake_organisation=None)
    case = cases.order_by("id")[0]
    earlier = case.submitted_at.replace(day=2)
    claim = PaperClaim(code_of(3), earlier, walk.giver.file())
    walk.do("case.enter_paper_receipt", case_id=case.id, claim=claim)
    walk.do("case.confirm_paper_receipt", receipt_id=PaperReceipt.objects.latest("id").id)


def _open_activity(walk: Walk) -> None:
    one = Activity.objects.filter(opened_at=None).order_by("id")[0]
    walk.do("consultation.open", activity_id=one.id)


CASES, CARDS = "mingtang.cases.services", "mingtang.supervision.services.life"
WEAK = {
    "a pause": Weak(
        (f"{CASES}.pausing.check_separation",),
        *(_pause, STOPS),
        refused_below="request_answered_by_another",
    ),
    "a decision": Weak((f"{CASES}.deciding._is_examiner",), _decide, ENDS, instead=False),
    "a letter of authority": Weak(("mingtang.accounts.services._is_actor",), _own_letter, ENDS),
    "an answer": Weak(("mingtang.requests.services.deciding.check_two",), _answer, ENDS),
    "a calendar": Weak(("mingtang.timing.services.check_two_people",), _load_days, CALENDAR),
    "a copy": Weak(("mingtang.letters.services.publishing.persons_of",), _publish_copy, PUBLIC),
    "an activity": Weak(
        ("mingtang.consultations.services.life._check_went_out",), _open_activity, PUBLIC
    ),
    "a card": Weak(
        (f"{CARDS}.check_two",), _cancel_card, CANCELS, refused_below="card_cancelled_by_two"
    ),
    "a card closed": Weak((f"{CARDS}.check_two",), _close_card, ENDS),
    "a receipt": Weak(("mingtang.outage.services.check_second",), _date_back, DATES),
}


@pytest.mark.once
@pytest.mark.parametrize("name", WEAK)
def test_control_a_rule_taken_away_is_seen(house, name, monkeypatch):
    """The positive controls. As it stands, the same acts are refused; where the tables refuse them
    below the rule, they do so until their checks are lifted too."""
    weak = WEAK[name]
    walk = Walk(house(), 1, Learned())
    assert walk.is_refused(weak.acts)
    for rule in weak.rules:
        monkeypatch.setattr(rule, lambda *_given, **_named: weak.instead)
    if weak.refused_below:
        with pytest.raises(IntegrityError, match=weak.refused_below), transaction.atomic():
            weak.acts(walk)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        try:
            with pytest.raises(AssertionError, match=weak.effect):
                weak.acts(walk)
        finally:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.mark.once
def test_what_two_may_do_is_no_finding(house):
    """The other control: another one asked for it, and the one person agrees."""
    walk = Walk(house(), 1, Learned())
    asked = Case.objects.filter(requests__kind="pause", requests__is_approved=None)
    walk.do("case.pause", case_id=asked.order_by("id")[0].id)
    examined = Case.objects.filter(item__code=SLOW, steps__status="done", decided_at=None)
    walk.do("case.decide", case_id=examined.order_by("id")[0].id, verb=Verb.GRANT, reason="符合")
    assert walk.at > BEGIN
