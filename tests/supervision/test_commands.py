"""The command line of supervision: load-rules, tick, cards, and what the doctor says."""

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from mingtang.base.serials import next_serials
from mingtang.site.doctor import findings
from mingtang.site.work import AFTER
from mingtang.supervision import queries
from mingtang.supervision.models import Rule
from mingtang.supervision.services import sweep

pytestmark = pytest.mark.django_db


def said(*arguments, **options):
    out = io.StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def asks_for_rules(on):
    return any("mingtang load-rules" in one.text for one in findings(on))


def test_the_doctor_asks_for_rules_until_they_are_loaded():
    on = date(2013, 9, 17)
    assert asks_for_rules(on)
    assert "现行方案：overdue" in said("load_rules", since="2013-01-01")
    assert not asks_for_rules(on)
    count = Rule.objects.count()
    assert "新增 0 条规则" in said("load_rules")
    assert Rule.objects.count() == count > 40
    assert queries.profile_on(date(2012, 12, 31)) is None


def test_one_tick_is_one_round_of_all_sweeps():
    assert json.loads(said("tick")) == {"rounds": 1, "delivered": 0}
    assert sweep in [one.run for one in AFTER]


@pytest.mark.parametrize(
    "arguments", [["cards", "--as-of", "tomorrow"], ["load_rules", "--since", "x"]]
)
def test_a_day_that_is_none_is_told(arguments):
    with pytest.raises(CommandError, match="不是日期"):
        said(*arguments)


def test_no_cards_is_an_answer_as_well():
    assert said("cards", as_of="2013-09-17").strip().endswith("共 0 张。")
    assert said("cards", as_of="2013-09-17", format="csv").startswith("编号,发出日期,颜色")


def test_numbers_are_drawn_many_at_once():
    assert list(next_serials("card:x", 3)) == [1, 2, 3]
    assert list(next_serials("card:x", 0)) == []
    assert list(next_serials("card:x", 2)) == [4, 5]
