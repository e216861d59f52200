"""The upgrade that seals what applicants wrote, with rows; and back again."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from mingtang.base.db import install_guards, missing_guards
from mingtang.cases.models import Submission

BEFORE = [("cases", "0008_archive_files")]
SQUASHED = [("cases", "0001_squashed_0011")]  # what came later stands on it, not on the single ones


def step_by_step():
    """The way of an installation that stands; a new one has its tables at once."""
    executor = MigrationExecutor(connection)
    executor.loader.replace_migrations = False
    executor.loader.build_graph()
    return executor


def migrate(target):
    step_by_step().migrate(target)
    return step_by_step().loader.project_state(target).apps


def columns():
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, "cases_submission")
    return {one.name for one in found}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_was_written_is_sealed_as_answers_and_comes_back(world, at):
    case = world.file(world.item(), at, answers={"matter": {"summary": "在峡口镇取水。"}})
    Submission.objects.create(
        case=case,
        number=2,
        answers={"supplied": "补好了"},
        salt="0",
        commitment="0",
        submitted_at=at,
    )
    try:
        MigrationExecutor(connection).migrate(SQUASHED)
        old = migrate(BEFORE).get_model("cases", "Submission").objects.order_by("number")
        assert [row.answers for row in old] == [
            {"summary": "在峡口镇取水。"},
            {"supplied": "补好了"},
        ]
    finally:
        migrate(step_by_step().loader.graph.leaf_nodes())
        install_guards()
    assert missing_guards() == []
    assert "plain_answers" not in columns()
    assert [row.answers for row in Submission.objects.order_by("number")] == [
        {"form": {"matter": {"summary": "在峡口镇取水。"}}},
        {"supplied": "补好了"},
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM cases_submission")
        assert all("取水".encode() not in bytes(row[0]) for row in cursor.fetchall())
