"""Percentiles: the database, DuckDB over Parquet, DuckDB over CSV, the board of the page and the
standard library say the same."""

import datetime as dt
import io
import json
import statistics
from collections import defaultdict
from random import Random

import pytest
from django.core.management import CommandError, call_command

from mingtang.accounts.rules import Role
from mingtang.bottlenecks.models import StepTime
from mingtang.bottlenecks.queries import percentiles as asked
from mingtang.bottlenecks.queries.times import COLUMNS, Selection, board
from mingtang.bottlenecks.rules.board import By
from tests.world import World

pytestmark = pytest.mark.django_db
YEAR = Selection(dt.date(2013, 1, 1), dt.date(2013, 12, 31))


@pytest.fixture
def world() -> World:
    """Of three years, with passages that do not count, at two offices."""
    world = World()
    chance = Random(7)
    StepTime.objects.bulk_create(_passage(world, chance, n) for n in range(300))
    return world


def _passage(world: World, chance: Random, n: int) -> StepTime:
    over = dt.date(2012, 6, 1) + dt.timedelta(days=chance.randrange(800))
    waiting, handling = chance.randrange(6), chance.choice([0, 1, 1, 2, 13])
    node = chance.choice(["review", "visit", "decide"])
    return StepTime(
        stream=f"case:{n}",
        item_code=chance.choice(["A-1", "B-2"]),
        item_name="取水许可",
        edition=chance.randrange(3),
        key=node,
        attempt=1,
        name=f"环节 {node}",
        kind=node,
        stage=chance.randrange(2),
        organisation=chance.choice([world.water, world.planning]),
        status=chance.choice(["done", "done", "redone", "cancelled"]),
        ready_date=over,
        over_date=over,
        waiting_days=waiting,
        handling_days=handling,
        paused_days=0,
        days=waiting + handling,
    )


def by_hand(by: By) -> list[asked.Line]:
    groups = defaultdict(list)
    rows = StepTime.objects.filter(over_date__year=2013, status__in=["done", "redone"])
    for row in rows.order_by("id"):
        groups[tuple(getattr(row, name) for name in COLUMNS[by])].append(row.days)
    return [
        asked.Line(key, len(took), statistics.median(took), _ninth(took))
        for key, took in sorted(groups.items())
    ]


def _ninth(took: list[int]) -> float:
    return statistics.quantiles(took, n=10, method="inclusive")[8] if len(took) > 1 else took[0]


def rounded(lines: list[asked.Line]) -> list[asked.Line]:
    return [one._replace(median=round(one.median, 9), p90=round(one.p90, 9)) for one in lines]


@pytest.mark.parametrize("by", [By.NODE, By.DEPARTMENT])
def test_database_files_page_and_library_agree(world, by, tmp_path, monkeypatch) -> None:
    truth = rounded(by_hand(by))
    assert len(truth) > 1
    assert rounded(asked.percentiles(YEAR, by)) == truth
    written = asked.write_files(YEAR, tmp_path)
    assert [path.name for path in written] == ["passages-2013.parquet"]
    assert rounded(asked.percentiles_of_files(YEAR, by, tmp_path)) == truth
    with monkeypatch.context() as bare:
        bare.setattr(asked, "has_duckdb", lambda: False)
        assert [path.name for path in asked.write_files(YEAR, tmp_path)] == ["passages-2013.csv"]
    assert [path.name for path in tmp_path.iterdir()] == ["passages-2013.csv"]
    assert rounded(asked.percentiles_of_files(YEAR, by, tmp_path)) == truth
    reader = world.people.post("reform", Role.REFORM_OFFICE, world.centre)
    shown = {one.key: one for one in board(world.scope(reader), YEAR, by).groups}
    assert {one.key: (one.passages, one.median, one.p90) for one in truth} == {
        key: (one.count, float(one.days.median), round(float(one.days.p90), 9))
        for key, one in shown.items()
    }


def test_a_figure_that_is_interpolated_otherwise_is_another(world, tmp_path, monkeypatch) -> None:
    """The control: not the nearest value, but the line between two."""
    asked.write_files(YEAR, tmp_path)
    monkeypatch.setattr(
        asked, "_asked", lambda sql, values, ask=asked._asked: ask(_nearest(sql), values)
    )
    found = asked.percentiles_of_files(YEAR, By.NODE, tmp_path)
    assert rounded(found) != rounded(by_hand(By.NODE))


def _nearest(sql: str) -> str:
    return sql.replace("quantile_cont", "quantile_disc")


def test_one_office_and_part_of_a_year(world, tmp_path) -> None:
    chosen = Selection(dt.date(2013, 3, 1), dt.date(2013, 5, 31), world.water.id)
    asked.write_files(YEAR, tmp_path)
    found = asked.percentiles(chosen, By.DEPARTMENT)
    assert [one.key for one in found] == [(world.water.id,)]
    assert rounded(asked.percentiles_of_files(chosen, By.DEPARTMENT, tmp_path)) == rounded(found)


def told(**options) -> dict:
    out = io.StringIO()
    call_command("statistics", format="json", year=2013, stdout=out, **options)
    return json.loads(out.getvalue())


def test_the_command_tells_the_same_with_files_and_without(world, tmp_path) -> None:
    folder = tmp_path / "it's"
    assert len(told(export=folder)["files"]) == 1
    found = told(by="department")["percentiles"]
    assert {one["name"] for one in found} == {"市水利局", "市规划局"}
    assert told(by="department", files=folder)["percentiles"] == found
    out = io.StringIO()
    call_command("statistics", by="stage", year=2013, stdout=out)
    assert out.getvalue().splitlines()[0].startswith("名称")


def test_where_there_are_no_files_or_nothing_to_read_them_with_it_says_so(
    world, tmp_path, monkeypatch
) -> None:
    with pytest.raises(CommandError, match="--export"):
        call_command("statistics", files=tmp_path)
    asked.write_files(YEAR, tmp_path)
    monkeypatch.setattr(asked, "has_duckdb", lambda: False)
    with pytest.raises(CommandError, match="analytics"):
        call_command("statistics", files=tmp_path)
