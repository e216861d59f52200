"""Facets are kept by the process, so they lie with the document again, and changes are told.

What was in the index goes: `mingtang migrate` makes it anew from the data.
"""

from django.db import migrations, models

FUNCTION = (
    "CREATE FUNCTION mingtang_search(asked tsquery) "
    "RETURNS TABLE ({columns}) LANGUAGE sql STABLE ROWS 100 SET enable_seqscan = off AS "
    "$$ SELECT {names} FROM base_searchtext t WHERE t.tokens @@ asked $$"
)
MAKE = [
    "DROP FUNCTION mingtang_search(tsquery)",
    "ALTER TABLE base_searchtext DROP COLUMN facets_id",
    FUNCTION.format(columns="id bigint, kind varchar", names="t.id, t.kind"),
]
UNDO = [
    "DROP FUNCTION mingtang_search(tsquery)",
    "ALTER TABLE base_searchtext ADD COLUMN facets_id bigint NOT NULL",
    FUNCTION.format(
        columns="id bigint, facets_id bigint, kind varchar", names="t.id, t.facets_id, t.kind"
    ),
]


def empty(apps, schema_editor):
    schema_editor.execute("DELETE FROM base_searchtext")
    schema_editor.execute("DELETE FROM base_searchdocument")


def make(apps, schema_editor):
    for statement in MAKE if schema_editor.connection.vendor == "postgresql" else ():
        schema_editor.execute(statement)


def undo(apps, schema_editor):
    for statement in UNDO if schema_editor.connection.vendor == "postgresql" else ():
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("base", "0005_search_facets")]
    operations = [
        migrations.RunPython(empty, empty),
        migrations.RunPython(make, undo),
        migrations.RemoveIndex("searchdocument", "search_counted"),
        migrations.RemoveIndex("searchdocument", "search_in_order"),
        migrations.RemoveField("searchdocument", "facets"),
        migrations.RemoveField("searchdocument", "name_length"),
        migrations.AddField("searchdocument", "facets", models.TextField(blank=True)),
        migrations.DeleteModel("SearchFacets"),
        migrations.CreateModel(
            name="SearchChange",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
            ],
        ),
        migrations.AddIndex(
            "searchdocument", models.Index(fields=["kind", "key"], name="search_kind_key")
        ),
    ]
