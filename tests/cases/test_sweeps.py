"""What the law does by itself: one bad case does not keep the others waiting."""

import logging

import pytest

from mingtang.base.errors import DomainError
from mingtang.cases import services
from mingtang.cases.services import sweeps
from tests.world import morning

pytestmark = pytest.mark.django_db
LATER = morning(2013, 9, 26, 0)


@pytest.fixture
def cases(world, at):
    item = world.item(statutory=20, promised=5)
    return [world.file(item, at) for _ in range(3)]


def _failing(monkeypatch, bad, error):
    real = sweeps.deem_accepted

    def deem_accepted(*, case_id, **more):
        if case_id == bad.id:
            raise error
        return real(case_id=case_id, **more)

    monkeypatch.setattr(sweeps, "deem_accepted", deem_accepted)


@pytest.mark.parametrize(
    ("error", "level"),
    [(KeyError("promised"), logging.ERROR), (DomainError("没有日历"), logging.WARNING)],
)
def test_a_case_that_fails_is_logged_and_the_others_move(monkeypatch, caplog, cases, error, level):
    bad = cases[0]
    with monkeypatch.context() as patch:
        _failing(patch, bad, error)
        assert services.sweep_deemed(LATER) == 2
    (record,) = [one for one in caplog.records if one.name == sweeps.__name__]
    assert (record.levelno, str(bad.id) in record.getMessage()) == (level, True)
    for case in cases:
        case.refresh_from_db()
    assert [case.state for case in cases] == ["submitted", "accepted", "accepted"]
    assert services.sweep_deemed(LATER) == 1  # once it is mended, its turn comes


def test_what_is_not_asked_for_in_time_is_no_news(monkeypatch, caplog, cases):
    with monkeypatch.context() as patch:
        _failing(patch, cases[0], sweeps.NotNow("期限还没有届满"))
        assert services.sweep_deemed(LATER) == 2
    assert not [one for one in caplog.records if one.name == sweeps.__name__]
