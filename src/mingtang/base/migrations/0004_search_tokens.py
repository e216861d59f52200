"""The tokens of search documents: an FTS5 table on SQLite, a tsvector column on PostgreSQL."""

from django.db import migrations

MAKE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE base_searchtext USING fts5("
        "name, sound, main, unit, body, tokenize = 'unicode61 remove_diacritics 0')"
    ],
    "postgresql": [
        "ALTER TABLE base_searchdocument ADD COLUMN tokens tsvector",
        # fastupdate: a long pending list makes every search slow, and the planner avoid the index
        "CREATE INDEX search_document_tokens ON base_searchdocument USING gin (tokens) "
        "WITH (fastupdate = off)",
    ],
}
UNDO = {
    "sqlite": ["DROP TABLE base_searchtext"],
    "postgresql": ["ALTER TABLE base_searchdocument DROP COLUMN tokens"],
}


def make(apps, schema_editor):
    for statement in MAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def undo(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("base", "0003_search")]
    operations = [migrations.RunPython(make, undo)]
