"""The upgrade that seals what applicants wrote, with rows; and back again."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from mingtang.cases.models import Submission
from tests.upgrading import Stop, rows_of, walk, with_parents

TABLE = Submission._meta.db_table
BEFORE, AFTER = [("cases", "0008_archive_files")], [("cases", "0011_no_plain_answers")]
PLAIN = [{"summary": "在峡口镇取水。"}, {"supplied": "补好了"}]


def _read(answers: Any) -> Any:
    return json.loads(answers) if isinstance(answers, str) else answers


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_was_written_is_sealed_as_answers_and_comes_back(world, at, tmp_path: Path):
    case = world.file(world.item(), at, answers={"matter": {"summary": "在峡口镇取水。"}})
    Submission.objects.create(
        case=case,
        number=2,
        answers={"supplied": "补好了"},
        salt="0",
        commitment="0",
        submitted_at=at,
    )
    rows = rows_of(TABLE)
    for row, plain in zip(rows, PLAIN, strict=True):
        row["answers"] = json.dumps(plain)
    _, new, back = walk(
        tmp_path,
        Stop(at=BEFORE, lay=with_parents(Submission, rows)),
        Stop(at=AFTER, tell=TABLE),
        Stop(at=BEFORE, tell=TABLE),
    )
    assert "plain_answers" not in new[0]
    assert all("取水".encode() not in bytes(row["answers"]) for row in new)
    with connection.cursor() as cursor:
        for row in new:
            cursor.execute(
                f'UPDATE "{TABLE}" SET answers = %s WHERE id = %s', [row["answers"], row["id"]]
            )
    assert [row.answers for row in Submission.objects.order_by("number")] == [
        {"form": {"matter": {"summary": "在峡口镇取水。"}}},
        {"supplied": "补好了"},
    ]
    assert [_read(row["answers"]) for row in back] == PLAIN
