"""Authority at the window: what was decided or accepted behind it, and what nothing tells."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from mingtang.accounts.models import Post
from mingtang.accounts.rules import Role
from mingtang.cases.rules import Verb
from mingtang.regions.models import Centre, Window
from mingtang.supervision import queries
from mingtang.supervision.rules.authority import Done, Finding, Hall, offices
from tests.supervision.making import moment

pytestmark = pytest.mark.django_db
FILED, DAY, ON = date(2013, 9, 2), date(2013, 9, 4), date(2013, 9, 18)
SPAN = date(2013, 9, 1), ON


@pytest.fixture
def seated(hall):
    """The water office has a window where its clerk and its lead sit, and no letter yet."""
    centre = Centre.objects.create(
        name="江山市行政服务中心", region=hall.region, level="county", organisation=hall.centre
    )
    window = Window.objects.create(centre=centre, number="3", name="水利", organisation=hall.water)
    Post.objects.filter(person__in=[hall.clerk, hall.lead]).update(window_id=window.id)
    return hall


def examined(hall, accepted_by=None):
    case = hall.file(hall.item_code, moment(FILED))
    hall.do("receive", case, FILED, hall.clerk)
    hall.do("accept", case, FILED, accepted_by or hall.clerk)
    hall.do("claim", case, FILED, hall.handler, step_key="review")
    hall.do("examine", case, DAY, hall.handler, step_key="review", opinion="符合条件")
    return case


def decided(hall, by, **more):
    case = examined(hall, **more)
    hall.do("decide", case, DAY, by, verb=Verb.GRANT, reason="符合条件")
    return case


def office(hall, *, reader=None, span=SPAN):
    found = queries.authority(hall.scope(reader or hall.inspector), *span)
    return {one.office.unit_id: one for one in found}.get(hall.water.id)


def seen(one):
    found = one.office.found.items()
    return {finding.value: [each.stream for each in listed] for finding, listed in found}


def letter(hall, acts=("grant",), items=("*",), until=date(2014, 1, 1)):
    hall.people.letter(hall.lead, list(acts), list(items), until)


def test_decided_at_the_window_under_a_letter_is_no_finding(seated):
    letter(seated)
    decided(seated, seated.lead)
    one = office(seated)
    assert (one.office.decided, one.office.at_window, seen(one)) == (1, 1, {})
    assert (one.office.items, one.office.authorised) == ({seated.item_code}, {seated.item_code})
    assert [each.number for each in one.letters] == ["江授〔2013〕1号"]
    assert (one.window_count, one.can_tell) == (1, True)


def test_a_letter_that_nobody_uses_shows(seated):
    letter(seated)
    case = decided(seated, seated.approver)
    one = office(seated)
    assert (one.office.at_window, seen(one)) == (0, {"unused": [case.stream]})


@pytest.mark.parametrize(
    "written",
    [{"acts": ["refuse"]}, {"items": ["330881-other"]}, {"until": date(2013, 9, 3)}, None],
    ids=["another act", "another item", "run out", "none"],
)
def test_where_no_letter_lets_the_window_decide_authority_was_not_given(seated, written):
    if written is not None:
        letter(seated, **written)
    case = decided(seated, seated.approver)
    one = office(seated)
    assert seen(one) == {"not_given": [case.stream]}
    assert one.office.authorised == set()


def test_taken_in_at_the_window_and_accepted_behind_it(seated):
    behind = seated.people.post("behind", Role.CLERK, seated.water)
    case = examined(seated, accepted_by=behind)
    examined(seated)
    assert seen(office(seated)) == {"accepted_behind": [case.stream]}


def test_asked_again_after_acceptance_by_the_back_office(seated):
    letter(seated)
    case = seated.file(seated.item_code, moment(FILED))
    filed = Done(case.stream, 1, "case.submitted", FILED, seated.water.id)
    accepted = Done(case.stream, 3, "case.accepted", FILED, seated.water.id, (seated.clerk.id,))
    asked = [
        Done(case.stream, seq, "case.correction_asked", DAY, seated.water.id, (who.id,))
        for seq, who in ((2, seated.handler), (4, seated.handler), (5, seated.clerk))
    ]
    found = offices(asked, {case.stream: [filed, accepted]}, _hall())
    assert [one.seq for one in found[seated.water.id].found[Finding.ASKED_BEHIND]] == [4]


def _hall():
    from mingtang.accounts import queries as accounts

    return Hall(accounts.seats_between(*SPAN), accounts.letters_between(*SPAN))


def test_where_nobody_is_registered_at_a_window_nothing_is_found(hall):
    """The clerk may well sit there; the ledger does not know."""
    decided(hall, hall.approver)
    one = office(hall)
    assert (one.can_tell, one.office.unknown, seen(one)) == (False, 1, {})


def test_what_is_decided_out_of_the_span_is_not_counted(seated):
    decided(seated, seated.approver)
    assert office(seated, span=(date(2013, 9, 5), ON)).office.decided == 0
    assert office(seated, span=(DAY, DAY)).office.decided == 1


def test_an_office_sees_its_own_and_who_watches_its_region(seated):
    decided(seated, seated.approver)
    assert office(seated, reader=seated.handler).office.decided == 1
    assert office(seated, reader=seated.colleague) is None


def test_numbers_of_the_page_lead_to_their_cases(client, seated):
    case = decided(seated, seated.approver)
    path = reverse("supervision:authority")
    with time_machine.travel(moment(ON), tick=False):
        assert client.get(path).url.startswith("/sign-in/")
        for person, status in (
            *((seated.inspector, 200), (seated.handler, 200)),
            *((seated.colleague, 200), (seated.stranger, 404)),
        ):
            client.force_login(person)
            assert client.get(path).status_code == status
        client.force_login(seated.inspector)
        page = client.get(path)
        (row,) = [one for one in page.context["rows"] if one["decided"]]
        assert (row["name"], row["at_window"]) == ("市水利局", 0)
        cell = next(one for one in row["cells"] if one["count"])
        assert cell["label"] == "未授权"
        chosen = client.get(cell["url"])
        (listed,) = chosen.context["chosen"]["cases"]
        assert (listed["who"], listed["on"]) == (str(seated.approver), DAY)
        assert case.number in chosen.content.decode()
        assert "没有有效的授权书" in page.content.decode()
        client.force_login(seated.colleague)
        assert "chosen" in client.get(cell["url"]).context  # nothing of another office in it
        assert client.get(cell["url"]).context["chosen"]["cases"] == []


def test_more_cases_take_no_more_statements(seated, django_assert_max_num_queries):
    scope = seated.scope(seated.inspector)
    decided(seated, seated.approver)
    with django_assert_max_num_queries(12) as few:
        queries.authority(scope, *SPAN)
    for _ in range(5):
        decided(seated, seated.approver)
    with django_assert_max_num_queries(len(few)):
        found = queries.authority(scope, *SPAN)
    assert sum(one.office.decided for one in found) == 6
