"""Releases: what is entered, what it adds up to, what it lacks; each number opens its rows."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from mingtang.base.errors import DomainError, NotFound
from mingtang.base.paging import DateCursor
from mingtang.channels import queries, rules, services
from mingtang.channels.models import Release
from mingtang.channels.queries import Sought, year_of
from mingtang.channels.rules import BadRelease, Copies, Line, Measure, NewRelease
from mingtang.ledger.models import Event
from mingtang.ledger.queries import history
from mingtang.ledger.rules import SYSTEM
from tests.world import new_command_id

DAY = date(2013, 9, 16)


@pytest.fixture
def shop(world, at):
    services.load_shipped(actor=SYSTEM, at=at, command_id=new_command_id())
    return Shop(world, at)


class Shop:
    """The centre enters releases."""

    def __init__(self, world, at):
        self.world, self.at, self.organ = world, at, world.centre

    def by(self, person=None):
        actor = self.world.actor(person or self.world.manager)
        return {"actor": actor, "at": self.at, "command_id": new_command_id()}

    def enter(self, *rows, organ=None):
        done = services.release_many(
            organisation_id=(organ or self.organ).id, rows=list(rows), **self.by()
        )
        assert done["rows"] == len(rows)

    def release(self, **more):
        made = services.release(organisation_id=self.organ.id, new=row(**more), **self.by())
        return Release.objects.get(id=int(made["release_id"]))


def row(**more):
    plain = NewRelease(channel="portal", title="办事结果", released_date=DAY)
    return replace(plain, **more)


def test_one_release_is_in_the_ledger(shop):
    made = shop.release(evidence="https://example.gov.cn/1.html")
    assert (made.quantity, made.measure, made.is_automatic, made.is_in_time) == (
        1,
        "item",
        False,
        True,
    )
    event = history(made.stream)[0]
    assert (event.kind, event.effective_on) == ("release.made", DAY)
    assert event.facts["channel"] == "portal"


def test_loading_the_channels_again_changes_nothing(shop, at):
    again = services.load_shipped(actor=SYSTEM, at=at, command_id=new_command_id())
    assert again["codes"] == []
    named = {one.name for one in queries.all_channels()}
    assert {"市政府门户网站", "江山信息网", "公共资源交易网", "今日江山", "数字电视"} <= named


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"title": " "}, "标题"),
        ({"quantity": 0}, "至少应为 1 条"),
        ({"released_date": date(2013, 9, 18)}, "还没有到"),
        ({"item_count": 3}, "信息条数"),
        ({"evidence": "第 3 期"}, "网址"),
        ({"subject": "case:1", "item_count": None}, "只能是 1"),
        ({"distribution": (Copies("市发改局", 1),)}, "不按份计"),
    ],
)
def test_a_row_that_cannot_be_is_refused_in_words(shop, more, said):
    with pytest.raises(BadRelease, match=said):
        shop.release(**more)


def test_a_distribution_list_adds_up(shop):
    copies = (Copies("市发改局", 200), Copies("各窗口", 300))
    made = shop.release(channel="handbook", quantity=500, item_count=1, distribution=copies)
    listed = queries.distribution_of(made.id)
    assert [(one.recipient, one.copies) for one in listed] == [("市发改局", 200), ("各窗口", 300)]
    assert queries.record_quality(Sought()).lacking_proof == 0, "the list is the proof"
    with pytest.raises(BadRelease, match="合计 500 份，与数量 501"):
        shop.release(channel="handbook", quantity=501, distribution=copies)


def test_a_distribution_list_is_read_line_by_line():
    text = "市发改局 200\n各窗口  300份\n\n"
    assert rules.read_distribution(text) == (Copies("市发改局", 200), Copies("各窗口", 300))
    with pytest.raises(BadRelease, match="第 2 行"):
        rules.read_distribution("市发改局 200\n各窗口")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("市" * 101 + " 3", "不超过 100 个字"),
        ("市发改局 1000001", "1 到 1000000"),
        ("市发改局 " + "9" * 3000, "1 到 1000000"),
        ("市发改局 0", "1 到 1000000"),
    ],
)
def test_a_line_of_a_distribution_list_has_its_bounds(line, said):
    with pytest.raises(BadRelease, match=f"第 2 行.*{said}"):
        rules.read_distribution(f"各窗口 300\n{line}")


def test_many_rows_are_entered_all_or_none_with_the_row_that_is_wrong(shop):
    rows = [row(), row(title=""), row()]
    with pytest.raises(BadRelease, match="第 2 行"):
        shop.enter(*rows)
    assert Release.objects.count() == 0
    shop.enter(row(), row(channel="board"))
    told = Event.objects.filter(kind="release.many_made").order_by("stream")
    assert [one.stream for one in told] == ["channel:board", "channel:portal"]
    assert [one.facts["late_rows"] for one in told] == [0, 0]


def test_a_list_tells_how_many_of_its_rows_came_late(shop):
    shop.enter(row(), row(released_date=DAY - timedelta(days=9)), row(channel="board"))
    told = Event.objects.filter(kind="release.many_made").order_by("stream")
    assert [one.facts["late_rows"] for one in told] == [0, 1]


def test_copies_items_and_hours_are_never_added(shop):
    shop.enter(
        row(quantity=30, item_count=None),
        row(channel="handbook", quantity=500),
        row(channel="led", quantity=8),
    )
    found = queries.sums(Sought())
    assert (found.of(Measure.ITEM), found.of(Measure.COPY), found.of(Measure.HOUR)) == (30, 500, 8)
    assert (found.rows, found.distinct, found.undivided_rows) == (3, 2, 1)


def test_one_item_on_three_channels_is_one_item(shop):
    shop.enter(*(row(channel=code, subject="case:7") for code in ("portal", "board", "paper")))
    found = queries.sums(Sought())
    assert (found.of(Measure.ITEM), found.distinct) == (3, 1)


def test_a_late_entry_and_a_missing_proof_are_told(shop):
    # Tuesday 17 September: what went out on Monday is in time, what went out on Friday is not.
    shop.enter(
        row(released_date=date(2013, 9, 16), evidence="https://example.gov.cn/1"),
        row(released_date=date(2013, 9, 13)),
    )
    quality = queries.record_quality(Sought())
    assert (quality.rows, quality.in_time, quality.lacking_proof) == (2, 1, 1)
    late = queries.releases(Sought(is_late=True)).rows
    assert [one.released_date for one in late] == [date(2013, 9, 13)]
    assert queries.releases(Sought(lacks_proof=True)).rows == late


def test_a_proof_may_come_later(shop):
    made = shop.release(channel="board")
    assert queries.record_quality(Sought()).lacking_proof == 1
    services.add_evidence(release_id=made.id, text="照片 1", **shop.by())
    assert queries.record_quality(Sought()).lacking_proof == 0


def test_what_is_withdrawn_counts_no_more_and_stays(shop):
    made = shop.release()
    services.withdraw(release_id=made.id, reason="重复登记", **shop.by())
    assert queries.sums(Sought()).rows == 0
    kept = queries.releases(Sought(with_withdrawn=True)).rows
    assert [one.withdrawn_reason for one in kept] == ["重复登记"]
    with pytest.raises(rules.AlreadyWithdrawn):
        services.withdraw(release_id=made.id, reason="再撤一次", **shop.by())


def test_the_figures_of_a_year_keep_the_mixed_total_and_the_honest_ones_apart(shop):
    shop.enter(
        row(quantity=36799, item_count=None),
        row(channel="info-site", quantity=1),
        row(channel="media", quantity=132),
        row(channel="handbook", quantity=32500),
        row(channel="board", quantity=10537, item_count=None),
        row(channel="tv", quantity=2, region="330881000000"),
        row(released_date=date(2012, 12, 31), quantity=99),
    )
    found = queries.figures(shop.organ.id, 2013)
    assert found.lines[Line.PORTAL] == 36799
    assert found.on_the_web == 36800
    assert found.mixed_total == 36799 + 1 + 132 + 32500 + 10537
    assert (found.copies, found.places_on_tv) == (32500, 1)
    for line, count in found.lines.items():
        rows = queries.releases(found.sought(line)).rows
        assert sum(one.quantity for one in rows) == count, "each number opens its rows"


def test_automatic_releases_are_told_from_those_by_hand(shop):
    with transaction.atomic():
        first = services.count_automatic(
            channel="site",
            organisation_id=shop.organ.id,
            subject="guide:1",
            title="指南",
            content_hash="a" * 64,
            **shop.by(),
        )
        again = services.count_automatic(
            channel="site",
            organisation_id=shop.organ.id,
            subject="guide:1",
            title="指南",
            content_hash="a" * 64,
            **shop.by(),
        )
    assert (first is not None, again) == (True, None), "once, however often it is looked at"
    shop.enter(row(channel="portal"))
    found = {one.channel.code: (one.automatic, one.by_hand) for one in queries.by_channel(Sought())}
    assert found == {"portal": (0, 1), "site": (1, 0)}


def test_what_the_system_released_by_itself_is_not_withdrawn_by_hand(shop):
    with transaction.atomic():
        made = services.count_automatic(
            channel="site",
            organisation_id=shop.organ.id,
            subject="guide:1",
            title="指南",
            content_hash="a" * 64,
            **shop.by(),
        )
    with pytest.raises(DomainError, match="打开这条信息"):
        services.withdraw(release_id=made.id, reason="重复登记", **shop.by())
    made.refresh_from_db()
    assert made.withdrawn_at is None


def test_another_units_channel_is_not_there(shop):
    with pytest.raises(NotFound, match="没有渠道"):
        shop.release(channel="nothing")


def test_pages_follow_one_another(shop):
    shop.enter(
        *(row(title=f"第 {n} 条", released_date=DAY - timedelta(days=n % 3)) for n in range(7))
    )
    first = queries.releases(Sought(), size=4)
    second = queries.releases(Sought(), DateCursor.read(str(first.next)), size=4)
    assert len(first.rows) == 4
    assert second.next is None
    titles = [one.title for one in (*first.rows, *second.rows)]
    assert sorted(titles) == sorted(f"第 {n} 条" for n in range(7))


def test_a_list_asks_as_often_with_more_rows(shop, django_assert_num_queries):
    shop.enter(row(evidence="https://a.gov.cn"))
    with django_assert_num_queries(2):
        _read(queries.releases(Sought()))
    shop.enter(*(row(evidence="https://a.gov.cn") for _n in range(20)))
    with django_assert_num_queries(2):
        _read(queries.releases(Sought()))


def _read(page):
    return [(one.channel.name, str(one.entered_by), list(one.evidence.all())) for one in page.rows]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE channels_release SET quantity = 1000",
        "UPDATE channels_release SET released_date = '2013-01-01'",
        "DELETE FROM channels_release",
        "DELETE FROM channels_evidence",
    ],
)
def test_releases_are_not_rewritten(shop, statement):
    shop.release(evidence="https://a.gov.cn")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)


ROWS = st.lists(
    st.builds(
        rules.Row,
        line=st.sampled_from(Line),
        measure=st.sampled_from(Measure),
        quantity=st.integers(1, 9),
        subject=st.sampled_from(["", "case:1", "case:2"]),
        item_count=st.sampled_from([None, 1, 2]),
        is_automatic=st.booleans(),
    ),
    max_size=12,
)


@given(ROWS)
def test_sums_of_parts_are_the_sum(rows):
    whole = rules.add_up(rows)
    assert sum(count for _measure, count in whole.quantities) == sum(one.quantity for one in rows)
    assert whole.distinct <= sum(one.item_count or 1 for one in rows)


@pytest.mark.slow
@pytest.mark.django_db
def test_the_database_adds_up_as_the_rules_do(shop):
    import random

    order = random.Random(8)
    codes = ["portal", "board", "handbook", "led", "tv", "site"]
    rows, plain = [], []
    for n in range(120):
        code, subject = order.choice(codes), order.choice(["", "", f"case:{order.randrange(9)}"])
        quantity = order.randrange(1, 50)
        count = 1 if subject else order.choice([None, 1, quantity])
        rows.append(
            row(channel=code, quantity=quantity, subject=subject, item_count=count, title=f"{n}")
        )
    shop.enter(*rows)
    known = {one.code: one for one in queries.all_channels()}
    for new in rows:
        channel = known[new.channel]
        plain.append(
            rules.Row(
                Line(channel.line),
                Measure(channel.measure),
                new.quantity,
                new.subject,
                new.item_count,
            )
        )
    found = queries.sums(year_of(shop.organ.id, 2013))
    assert found == rules.add_up(plain)
