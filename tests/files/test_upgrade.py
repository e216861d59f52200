"""Papers of the time before codes and ways of sealing: the upgrade gives them both."""

from pathlib import Path

import pytest
from django.db import transaction

from mingtang.files.models import Document
from mingtang.files.services import draw_up, seal_document
from mingtang.ledger.services import record
from tests.files.conftest import DAY, NOTICE, SEAL
from tests.upgrading import Stop, rows_of, walk, with_parents
from tests.world import World, new_command_id

THEN, NOW = [("files", "0002_documents")], [("files", "0005_codes_for_all")]
TABLE = Document._meta.db_table
GIVEN = ("code_index", "seal_method", "seal_provider", "seal_signature")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_papers_drawn_up_before_get_their_codes(at, tmp_path: Path):
    world, made = World(), []
    by = {"actor": world.actor(world.approver), "at": at}
    for _ in range(3):
        with transaction.atomic():
            unit = world.water.id
            one = draw_up(NOTICE, subject="case:42", organisation_id=unit, on=DAY, at=at)
            told = {"stream": "case:42", "kind": "case.correction_asked", "command_id": "1"}
            record(**told, facts={"document": one.facts()}, **by)
        made.append(one)
    seal_document(document_id=made[0].id, seal_name=SEAL, **by, command_id=new_command_id())
    today = rows_of(TABLE)
    _, old, new, back, again = walk(
        tmp_path,
        Stop(at=THEN, lay=with_parents(Document, today)),
        Stop(at=THEN, tell=TABLE),
        Stop(at=NOW, tell=TABLE),
        Stop(at=THEN, tell=TABLE),
        Stop(at=NOW, tell=TABLE),
    )
    assert len(old) == len(made)
    assert not set(GIVEN) & set(old[0])
    # The same codes as commands of today have given; the first one was sealed by hand.
    assert [[row[key] for key in GIVEN] for row in new] == [
        [row[key] for key in GIVEN] for row in today
    ]
    assert [row["seal_method"] for row in new] == ["physical", "", ""]
    assert back == old
    assert again == new
