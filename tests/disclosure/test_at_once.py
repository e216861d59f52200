"""Items made public at the same moment: each gets a number of its own, and none is left out."""

import threading

import pytest
from django.db import connection

from mingtang.base import ids
from mingtang.base.errors import DomainError
from mingtang.disclosure import services
from mingtang.disclosure.models import Publication
from mingtang.ledger import queries as ledger

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 6
REFUSED = services.On("no_such_channel")  # found out after the number was drawn


def _serials() -> list[int]:
    numbered = Publication.objects.exclude(index_number=None)
    return sorted(int(one.index_number[-5:]) for one in numbered)


def test_a_refused_release_takes_no_number(office):
    office.published()
    with pytest.raises(DomainError):
        office.publish(office.approved(), REFUSED)
    office.published()
    assert _serials() == [1, 2]


@pytest.mark.slow
def test_releases_at_once_leave_no_gap_where_some_are_refused(office):
    items = [office.approved(title=f"关于检查第{n}处水源的通知") for n in range(AT_ONCE)]
    barrier, results = threading.Barrier(AT_ONCE), [None] * AT_ONCE

    def publish(place: int) -> None:
        try:
            ids.lease()
            barrier.wait()
            results[place] = office.publish(items[place], *([REFUSED] if place % 3 == 0 else []))
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=(n,)) for n in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [one for one in results if isinstance(one, Exception)]
    assert [isinstance(one, DomainError) for one in refused] == [True, True], refused
    assert _serials() == list(range(1, AT_ONCE - 1))
    assert ledger.verify().is_ok
