"""A decision says that its proof is still to come, until a signed head covers it, and not after."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.cases import services
from mingtang.cases.rules import DECIDING_EVENTS, Verb
from mingtang.ledger import queries
from mingtang.ledger.services import grow_tree
from tests.requests.office import Office

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.slow]
PENDING = "防改凭证待生成"


def _says(client, url):
    page = client.get(url)
    assert page.status_code == 200
    return PENDING in page.content.decode()


def test_a_case_says_so_to_both_sides_until_a_head_is_signed(client, world, at):
    case = world.bring(world.file(world.item(), at, world.citizen), "examined", at)
    sides = ((world.citizen, "cases:progress_case"), (world.clerk, "cases:detail"))

    def told():
        found = set()
        for person, page in sides:
            client.force_login(person)
            found.add(_says(client, reverse(page, args=[case.number])))
        return found

    assert told() == {False}, "nothing was decided"
    grow_tree(at)
    world.act(world.approver, services.decide, case, at, verb=Verb.GRANT, reason="符合条件")
    assert told() == {True}
    grow_tree(at)
    assert told() == {False}
    world.seal(case, at)
    assert told() == {False}, "what came after it is no decision"


@pytest.mark.both
def test_it_costs_no_statement(world, at):
    case = world.bring(world.file(world.item(), at, world.citizen), "granted", at)
    with CaptureQueriesContext(connection) as asked:
        events, is_unsigned = queries.history_and_unsigned(case.stream, DECIDING_EVENTS)
    assert len(asked) == 1
    assert is_unsigned
    assert [one.id for one in events] == [one.id for one in queries.history(case.stream)]
    grow_tree(at)
    assert not queries.history_and_unsigned(case.stream, DECIDING_EVENTS)[1]


def test_a_request_says_so_to_both_sides(client, db, at):
    office = Office()
    found = office.received(applicant=office.applicant(person_id=office.citizen.id))
    office.decide(found, office.start)
    pages = (
        (office.citizen, reverse("requests:progress_of", args=[found.number])),
        (office.worker, reverse("requests:detail", args=[found.id])),
    )
    for is_pending in (True, False):
        for person, url in pages:
            client.force_login(person)
            assert _says(client, url) == is_pending
        grow_tree(at)
