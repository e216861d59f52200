"""The cashier's day: what was taken and given back, closing it, no money after that.

By three people: the one who may, the colleague who may not, the stranger.
"""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.base.clock import legal_date, now
from mingtang.cases import services
from mingtang.cases.models import CashierDay, Charge
from mingtang.cases.queries import money
from mingtang.cases.rules import NotNow
from mingtang.ledger import queries as ledger
from tests.world import new_command_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(world):
    return world.item(statutory=20, promised=5, fees="工本费|10元/证|价费〔2012〕1号")


def _charge(world, item, at: datetime) -> Charge:
    case = world.bring(world.file(item, at), "accepted", at)
    world.act(world.clerk, services.charge, case, at, fees=[("工本费", 1000)])
    return case.charges.get()


def _pay(world, charge: Charge, at: datetime, who=None) -> None:
    world.act(who or world.clerk, services.pay, charge.case, at, charge_id=charge.id)


def _refund(world, charge: Charge, at: datetime, who) -> None:
    more = {"charge_id": charge.id, "cents": 1000, "reason": "重复收费，退回。"}
    world.act(who, services.refund, charge.case, at, **more)


def _close(world, who, at: datetime, cents: int, note: str = "") -> None:
    services.close_day(
        on=legal_date(at),
        counted_cents=cents,
        note=note,
        actor=world.actor(who),
        at=at,
        command_id=new_command_id(),
    )


@pytest.fixture
def lead(world):
    return world.people.post("lead", Role.WINDOW_LEAD, world.water)


class TestGuard:
    def test_nobody_takes_money_after_their_day_is_closed(self, world, item, at):
        charge = _charge(world, item, at)
        _close(world, world.clerk, at, 0)
        with pytest.raises(NotNow, match="已经结了"):
            _pay(world, charge, at)
        charge.refresh_from_db()
        assert (charge.state, charge.paid_at) == ("due", None)

    def test_nobody_gives_money_back_after_their_day_is_closed(self, world, item, at, lead):
        charge = _charge(world, item, at)
        _pay(world, charge, at)
        _close(world, lead, at, 0)
        with pytest.raises(NotNow, match="已经结了"):
            _refund(world, charge, at, lead)
        assert services.day_of(lead.id, legal_date(at))["refunded"] == 0

    def test_a_colleague_and_the_next_day_go_on(self, world, item, at, lead):
        one, two = _charge(world, item, at), _charge(world, item, at)
        _close(world, world.clerk, at, 0)
        _pay(world, one, at, lead)
        _pay(world, two, at + timedelta(days=1))
        assert services.day_of(lead.id, legal_date(at))["paid"] == 1000
        assert services.day_of(world.clerk.id, date(2013, 9, 18))["paid"] == 1000


class TestPage:
    def _post(self, client, **changes):
        data = {
            "on": legal_date(now()).isoformat(),
            "counted": "10",
            "note": "",
            "command_id": new_command_id(),
            **changes,
        }
        return client.post(reverse("cases:cashier"), data)

    def test_a_day_is_read_counted_and_closed(self, client, world, item):
        at = now()
        charge = _charge(world, item, at)
        _pay(world, charge, at)
        client.force_login(world.clerk)
        page = client.get(reverse("cases:cashier")).content.decode()
        charge.refresh_from_db()
        assert charge.receipt_number in page
        assert charge.case.number in page
        assert self._post(client).status_code == 302
        page = client.get(reverse("cases:cashier")).content.decode()
        assert "这一天的账已结" in page
        assert "相符" in page
        assert 'name="counted"' not in page
        day = CashierDay.objects.get()
        assert (day.paid_cents, day.counted_cents, day.payment_count) == (1000, 1000, 1)
        (event,) = ledger.history(f"cashier:{world.clerk.id}")
        assert event.facts["difference"] == 0

    def test_a_difference_needs_a_word_and_what_was_typed_stays(self, client, world):
        client.force_login(world.clerk)
        answer = self._post(client, counted="3.50")
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "实点与系统相差 3.50 元" in page
        assert 'value="3.50"' in page
        assert self._post(client, counted="3.50", note="找零多收。").status_code == 302
        assert "找零多收。" in client.get(reverse("cases:cashier")).content.decode()
        assert self._post(client, counted="3.50", note="再结一次").status_code == 409

    @pytest.mark.parametrize(
        "changes", [{"counted": "abc"}, {"on": "x"}, {"on": "2999-01-01"}, {"counted": ""}]
    )
    def test_what_cannot_be_read_closes_nothing(self, client, world, changes):
        client.force_login(world.clerk)
        assert self._post(client, **changes).status_code == 422
        assert CashierDay.objects.count() == 0

    def test_three_people(self, client, world, at):
        url = reverse("cases:cashier")
        assert client.get(url).status_code == 302
        client.force_login(world.stranger)
        assert client.get(url).status_code == 404
        client.force_login(world.handler)
        assert client.get(url).status_code == 404
        assert self._post(client).status_code == 404
        _close(world, world.clerk, at, 500, "多出五元，原因待查。")
        client.force_login(world.colleague)
        assert "原因待查" not in client.get(url).content.decode()
        client.force_login(world.manager)
        page = client.get(url).content.decode()
        assert "clerk先生" in page
        assert "原因待查" in page
        assert 'name="counted"' not in page
        assert self._post(client).status_code == 404

    def test_a_substitute_does_not_close_the_drawer_of_the_absent(self, client, world):
        world.people.substitution(world.clerk, world.handler)
        client.force_login(world.handler)
        assert client.get(reverse("cases:cashier")).status_code == 200
        assert self._post(client).status_code == 404

    def test_it_costs_the_same_with_more_rows(
        self, client, world, item, django_assert_max_num_queries
    ):
        at = now()
        client.force_login(world.clerk)
        asked = []
        for rows in (1, 5):
            for _ in range(rows):
                _pay(world, _charge(world, item, at), at)
                CashierDay.objects.create(
                    date=legal_date(at) - timedelta(CashierDay.objects.count() + 1),
                    cashier=world.clerk,
                    organisation_id=world.water.id,
                    paid_cents=0,
                    refunded_cents=0,
                    counted_cents=0,
                    payment_count=0,
                    closed_at=at,
                )
            with django_assert_max_num_queries(16) as captured:
                client.get(reverse("cases:cashier"))
            asked.append(len(captured))
        assert asked[0] == asked[1]


def test_money_is_told_in_the_order_in_which_it_moved(world, item, at, lead):
    first, second = _charge(world, item, at), _charge(world, item, at)
    _pay(world, first, at)
    _pay(world, second, at + timedelta(hours=2), lead)
    _refund(world, first, at + timedelta(hours=1), lead)
    lines = money.money_of(lead.id, legal_date(at))
    assert [line.cents for line in lines] == [-1000, 1000]
    assert lines[0].note == "重复收费，退回。"


def test_closed_days_page_without_gaps_or_doubles(world, at, monkeypatch):
    monkeypatch.setattr(money, "PAGE", 2)
    for day in range(5):
        _close(world, world.clerk, at + timedelta(days=day), 0)
    seen, after = [], None
    while True:
        page = money.closed_days(world.scope(world.clerk), after)
        seen += [row.date.day for row in page.rows]
        if page.next is None:
            break
        after = money.DateCursor.read(str(page.next))
    assert seen == [21, 20, 19, 18, 17]
