"""The process keeps what posts give: what ends, ends with the next request all the same."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from mingtang.accounts.models import Mandate, Person, Post, Substitution
from mingtang.accounts.queries import mandated_codes
from mingtang.base.clock import today
from mingtang.regions.models import Organisation
from tests.world import SINCE

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def opens(client, world):
    """Whether somebody's desk opens; the clerk's own, with a case."""

    def answer(person):
        client.force_login(person)
        return client.get(reverse("cases:desk")).status_code == 200

    return answer


def test_a_post_that_ends(world, opens):
    assert opens(world.clerk)
    Post.objects.filter(person=world.clerk).update(valid_to=today() - timedelta(1))
    assert not opens(world.clerk)


def test_an_account_that_is_closed(world, opens):
    assert opens(world.clerk)
    Person.objects.filter(id=world.clerk.id).update(is_active=False)
    assert not opens(world.clerk)


def test_a_substitution_that_ends_and_an_absent_one_whose_account_is_closed(world, opens, at):
    assert not opens(world.citizen)
    world.people.substitution(world.clerk, world.citizen)
    assert opens(world.citizen)
    Person.objects.filter(id=world.clerk.id).update(is_active=False)
    assert not opens(world.citizen)
    Person.objects.filter(id=world.clerk.id).update(is_active=True)
    assert opens(world.citizen)
    Substitution.objects.update(ended_at=at, ended_by=world.clerk)
    assert not opens(world.citizen)


def test_a_unit_that_goes_below_another_is_seen_from_there(client, world, at):
    case = world.file(world.item(), at, world.citizen)
    client.force_login(world.colleague)
    page = reverse("cases:detail", args=[case.number])
    assert client.get(page).status_code == 404
    Organisation.objects.filter(id=world.water.id).update(parent=world.planning)
    assert client.get(page).status_code == 200


def test_a_mandate_that_is_given_and_taken_back(world):
    person, on = world.citizen.id, today()
    assert mandated_codes(person, on) == ()
    Mandate.objects.create(
        proxy=world.citizen,
        credit_code="113325000026455663",
        enterprise_name="江山市演示木业有限公司",
        valid_from=SINCE,
    )
    assert mandated_codes(person, on) == ("113325000026455663",)
    Mandate.objects.update(valid_to=today() - timedelta(1))
    assert mandated_codes(person, on) == ()


def test_without_the_marks_of_posts_a_right_would_outlive_its_post(world, opens):
    """The control: it is the trigger that tells."""
    assert opens(world.clerk)
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else " ON accounts_post"
        cursor.execute(f"DROP TRIGGER accounts_post_mark_update{on}")
    Post.objects.filter(person=world.clerk).update(valid_to=today() - timedelta(1))
    assert opens(world.clerk)
