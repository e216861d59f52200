"""What hands and scanners type, answered with a sentence and never with a 500; sums below zero."""

from datetime import date

import pytest
from django import forms
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.base.clock import now, today
from mingtang.cases import services
from mingtang.cases.forms.base import day
from mingtang.cases.forms.deeds import YuanField
from mingtang.cases.models import Case, CashierDay
from mingtang.cases.rules.fees import yuan
from mingtang.cases.views.common import FIRST_DAY
from tests.world import NUMBERS, new_command_id


@pytest.mark.parametrize(
    ("cents", "text"),
    [(0, "0.00"), (5, "0.05"), (12050, "120.50"), (-12050, "-120.50"), (-5, "-0.05")],
)
def test_a_sum_is_written_the_same_on_both_sides_of_zero(cents, text):
    assert yuan(cents) == f"{text} 元"


@pytest.mark.parametrize(
    "typed",
    ["9e999999", "-9e999999", "1e-999999", "NaN", "sNaN", "Infinity", "1e12", "1.005", "-1"],
)
def test_what_is_no_sum_is_refused_with_a_sentence(typed):
    with pytest.raises(forms.ValidationError, match="金额写成"):
        YuanField().clean(typed)


def test_a_drawer_may_be_short():
    assert YuanField(may_be_negative=True).clean("-120.50 元") == -12050
    with pytest.raises(forms.ValidationError, match="金额写成"):
        YuanField(may_be_negative=True).clean("-9e999999")


def test_a_day_beyond_all_plans_is_refused_with_a_sentence():
    field = day("有效期止", required=False)
    assert field.clean("1900-01-01") == date(1900, 1, 1)
    assert field.clean("2200-12-31") == date(2200, 12, 31)
    assert field.clean("") is None
    for typed in ("0001-01-05", "1899-12-31", "2201-01-01", "9999-12-31"):
        with pytest.raises(forms.ValidationError, match="1900 至 2200"):
            field.clean(typed)


@pytest.mark.django_db
class TestPages:
    @pytest.mark.parametrize("route", ["cashier", "sheet"])
    @pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31", "x"])
    def test_a_day_of_no_calendar_shows_the_nearest_one(self, client, world, route, on):
        client.force_login(world.clerk)
        answer = client.get(reverse(f"cases:{route}"), {"on": on})
        shown = FIRST_DAY if on.startswith("0") else today()
        assert (answer.status_code, answer.context["on"]) == (200, shown)

    @pytest.mark.parametrize(
        ("on", "counted"), [("9999-12-31", "0"), ("0001-01-01", "0"), ("", "9e999999")]
    )
    def test_a_day_is_not_closed_with_them(self, client, world, on, counted):
        client.force_login(world.clerk)
        about = {"on": on or today(), "counted": counted, "command_id": new_command_id()}
        assert client.post(reverse("cases:cashier"), about).status_code == 422
        assert not CashierDay.objects.exists()

    def test_an_old_licence_of_the_year_one_is_asked_about_again(self, client, world):
        item = world.item()
        client.force_login(world.citizen)
        answer = client.post(
            reverse("cases:file", args=[item]),
            {
                "applicant_kind": "natural",
                "applicant_name": "毛小明",
                "identity_number": NUMBERS[0],
                "phone": "13800000001",
                "renews_number": "取水〔2008〕1号",
                "renews_until": "0001-01-05",
                "command_id": new_command_id(),
            },
        )
        assert answer.status_code == 422
        assert "1900 至 2200" in answer.content.decode()
        assert not Case.objects.exists()

    def test_codes_that_nobody_sees_do_not_break_a_scan(self, client, world, at):
        case = world.file(world.item(), at)
        client.force_login(world.clerk)
        answer = client.get(reverse("cases:scan"), {"q": f"{case.number}\x00\x1d"})
        assert answer.url == reverse("cases:detail", args=[case.number])
        answer = client.get(reverse("cases:scan"), {"q": "\x00"})
        assert answer.url.startswith(reverse("cases:desk"))
        assert client.get(answer.url).status_code == 200

    def test_a_batch_of_refusals_does_not_boast(self, client, world):
        client.force_login(world.clerk)
        about = {"number": ["12\x003", "\x00"], "command_id": new_command_id()}
        url = reverse("cases:batch", args=["receive"])
        page = client.post(url, about, follow=True).content.decode()
        assert "123：没有找到" in page
        assert "完成 0 件" not in page


@pytest.mark.django_db
def test_a_day_of_refunds_alone_is_closed_below_zero(client, world):
    at, cashier = now(), world.people.post("cashier", Role.CLERK, world.water)
    item = world.item(fees="工本费|120.50元/证|价费〔2012〕1号")
    case = world.bring(world.file(item, at), "received", at)
    made = world.act(world.clerk, services.charge, case, at, fees=[("工本费", 12050)])
    charge_id = int(made["charge_id"])
    world.act(world.clerk, services.pay, case, at, charge_id=charge_id)
    refund = {"charge_id": charge_id, "cents": 12050, "reason": "多收了"}
    world.act(cashier, services.refund, case, at, **refund)
    client.force_login(cashier)
    url = reverse("cases:cashier")
    page = client.get(url).content.decode()
    assert "<strong>-120.50 元</strong>" in page
    assert 'inputmode="text"' in page
    about = {"on": today(), "counted": "-120.50", "command_id": new_command_id()}
    assert client.post(url, about).status_code == 302
    assert CashierDay.objects.get().counted_cents == -12050
