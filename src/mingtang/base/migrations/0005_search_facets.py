"""Facets become rows of their own, so that many labels are counted fast; on PostgreSQL the tokens
get a table of their own, so that documents are short rows.

What was in the index goes: `mingtang migrate` makes it anew from the data.
"""

import django.db.models.deletion
from django.db import migrations, models


def empty(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DELETE FROM base_searchtext")
    schema_editor.execute("DELETE FROM base_searchdocument")


# toast_tuple_target: the vectors lie outside, so that the rows which the index finds are small;
# kind and facets lie with them, so that counting needs no other table. The planner does not know
# what it costs to fetch a vector, and would read all of them for a word that many documents have:
# the function holds it to the index.
MAKE = [
    "ALTER TABLE base_searchdocument DROP COLUMN tokens",
    "CREATE TABLE base_searchtext (id bigint PRIMARY KEY, facets_id bigint NOT NULL, "
    "kind varchar(40) NOT NULL, tokens tsvector NOT NULL) WITH (toast_tuple_target = 128)",
    "CREATE INDEX search_text_tokens ON base_searchtext USING gin (tokens) WITH (fastupdate = off)",
    "CREATE FUNCTION mingtang_search(asked tsquery) "
    "RETURNS TABLE (id bigint, facets_id bigint, kind varchar) LANGUAGE sql STABLE "
    "ROWS 100 SET enable_seqscan = off AS "
    "$$ SELECT t.id, t.facets_id, t.kind FROM base_searchtext t WHERE t.tokens @@ asked $$",
]
UNDO = [
    "DROP FUNCTION mingtang_search(tsquery)",
    "DROP TABLE base_searchtext",
    "ALTER TABLE base_searchdocument ADD COLUMN tokens tsvector",
    "CREATE INDEX search_document_tokens ON base_searchdocument USING gin (tokens) "
    "WITH (fastupdate = off)",
]


def make(apps, schema_editor):
    for statement in MAKE if schema_editor.connection.vendor == "postgresql" else ():
        schema_editor.execute(statement)


def undo(apps, schema_editor):
    for statement in UNDO if schema_editor.connection.vendor == "postgresql" else ():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("base", "0004_search_tokens")]
    operations = [
        migrations.RunPython(empty, empty),
        migrations.RunPython(make, undo),
        migrations.CreateModel(
            name="SearchFacets",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("label", models.TextField(blank=True)),
            ],
        ),
        migrations.RemoveField("searchdocument", "facets"),
        migrations.AddField(
            "searchdocument",
            "facets",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="base.searchfacets",
            ),
        ),
        migrations.AddIndex(
            "searchdocument", models.Index(fields=["kind", "facets"], name="search_counted")
        ),
        migrations.AddIndex(
            "searchdocument",
            models.Index(fields=["kind", "key", "facets"], name="search_in_order"),
        ),
    ]
