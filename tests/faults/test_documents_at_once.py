"""Many papers at once: every number once, none left out; of many seals one."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import transaction

from mingtang.files.models import Document
from mingtang.files.rules.documents import SealedAlready
from mingtang.files.services import draw_up, seal_document
from mingtang.ledger import queries as ledger
from tests.faults.test_at_once import _at_once
from tests.files.conftest import NOTICE, SEAL
from tests.world import new_command_id

pytestmark = pytest.mark.django_db(transaction=True)
ON = date(2013, 9, 17)


class Failed(Exception):
    """An act that fails after its paper was drawn up."""


def _draw(world, at, mark="水利局受", *, fails=False):
    with transaction.atomic():
        paper = replace(NOTICE, mark=mark)
        drawn = draw_up(paper, subject="case:1", organisation_id=world.water.id, on=ON, at=at)
        if fails:
            raise Failed
        return drawn.number


def test_twenty_threads_get_twenty_numbers_without_a_gap(world, at):
    numbers = _at_once([lambda: _draw(world, at)] * 20)
    assert sorted(map(str, numbers)) == sorted(f"水利局受〔2013〕{n}号" for n in range(1, 21))
    assert Document.objects.count() == 20


@pytest.mark.slow
def test_acts_that_fail_among_them_leave_neither_papers_nor_gaps(world, at):
    acts = [lambda fails=n % 2 == 0: _draw(world, at, fails=fails) for n in range(20)]
    results = _at_once(acts)
    assert sum(isinstance(result, Failed) for result in results) == 10
    kept = {result for result in results if isinstance(result, str)}
    assert kept == {f"水利局受〔2013〕{n}号" for n in range(1, 11)}
    assert set(Document.objects.values_list("number", flat=True)) == kept


def test_marks_at_once_do_not_mix(world, at):
    marks = ("水利局受", "水利局准")
    results = _at_once([lambda mark=mark: _draw(world, at, mark) for mark in marks * 6])
    assert set(results) == {f"{mark}〔2013〕{n}号" for mark in marks for n in range(1, 7)}


def test_of_many_seals_at_once_one_is_entered(world, at):
    _draw(world, at)
    document = Document.objects.get()

    def seal(place):
        return seal_document(
            document_id=document.id,
            seal_name=f"{SEAL}（{place}）",
            actor=world.actor(world.approver),
            at=at,
            command_id=new_command_id(),
        )

    results = _at_once([lambda place=place: seal(place) for place in range(8)])
    assert sum(isinstance(result, SealedAlready) for result in results) == 7
    (winner,) = [place for place, result in enumerate(results) if isinstance(result, dict)]
    document.refresh_from_db()
    assert document.seal_name == f"{SEAL}（{winner}）"
    (event,) = ledger.history("case:1")
    assert event.facts["seal_name"] == document.seal_name
