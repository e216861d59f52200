"""Papers of the time before codes and ways of sealing: the upgrade gives them both."""

import pytest
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from mingtang.base.db import install_guards, lift_written_guards, missing_guards
from mingtang.files.codes import code_of
from mingtang.files.models import Document
from mingtang.files.services import document_by_code, draw_up, faults_of, seal_document
from mingtang.ledger.services import record
from tests.files.conftest import DAY, NOTICE, SEAL
from tests.world import World, new_command_id


def migrate(*targets) -> None:
    lift_written_guards()  # as the command does
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_papers_drawn_up_before_get_their_codes(at):
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
    try:
        migrate(("files", "0002_documents"))
        with connection.cursor() as cursor:
            columns = connection.introspection.get_table_description(cursor, "files_document")
        assert not {"code_index", "seal_method"} & {column.name for column in columns}
    finally:
        migrate()
        install_guards()
    assert missing_guards() == []
    for one in made:
        found = document_by_code(code=code_of(one.id, one.salt), source="1", at=at)
        assert found == one
        assert found.paper() == NOTICE
        assert faults_of(found) == []
    first = Document.objects.get(id=made[0].id)
    assert (first.seal_name, first.seal_method) == (SEAL, "physical")
