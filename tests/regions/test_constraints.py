"""The database refuses places and units that cannot be."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mingtang.ledger.rules import SYSTEM
from mingtang.regions.models import Centre, Organisation, OrganisationName, Region, Window
from mingtang.regions.services import load_regions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def county() -> None:
    at = datetime(2026, 11, 22, 1, tzinfo=UTC)
    load_regions(county="330881", actor=SYSTEM, at=at, command_id="county")


def region(**changes: Any) -> Region:
    fields = {
        "code": "330881999000",
        "name": "试验镇",
        "level": "township",
        "valid_from": date(2023, 1, 1),
        "source": "试验",
    }
    return Region(**fields | changes)


def organisation(**changes: Any) -> Organisation:
    fields = {
        "code": "trial",
        "area6": "330881",
        "unit3": "900",
        "kind": "department",
        "region": Region.objects.get(code="330881000000"),
    }
    return Organisation(**fields | changes)


def window(**changes: Any) -> Window:
    hall = Centre.objects.get(level="county")
    return Window(**{"centre": hall, "number": "99", "name": "试验窗口"} | changes)


def test_sound_rows_are_taken() -> None:
    region().save()
    organisation().save()
    window().save()


def test_the_same_code_may_hold_again_from_another_day() -> None:
    region(code="330881001000", name="新双塔街道").save()


@pytest.mark.parametrize(
    "broken",
    [
        lambda: region(code="330881001000", valid_from=date(2022, 10, 31)),
        lambda: region(code="330881"),
        lambda: region(level="planet"),
        lambda: region(valid_to=date(2022, 12, 31)),
        lambda: organisation(unit3="001"),
        lambda: organisation(unit3="01"),
        lambda: organisation(code="gaj"),
        lambda: organisation(kind="shop"),
        lambda: organisation(credit_code="123"),
        lambda: organisation(valid_from=date(2020, 1, 2), valid_to=date(2020, 1, 1)),
        lambda: window(number="1"),
        lambda: window(is_general=True, organisation=Organisation.objects.get(code="gaj")),
        lambda: OrganisationName(organisation=Organisation.objects.get(code="gaj"), name="又一名"),
        lambda: OrganisationName(
            organisation=Organisation.objects.get(code="gaj"), name="", position=2
        ),
    ],
)
def test_what_cannot_be_is_refused(broken: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        broken().save()


def test_a_unit_is_not_its_own_parent() -> None:
    own = Organisation.objects.get(code="gaj")
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(id=own.id).update(parent=own)
