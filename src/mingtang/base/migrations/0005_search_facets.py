"""Facets become rows of their own, so that many labels are counted fast.

What was in the index goes: `mingtang migrate` makes it anew from the data.
"""

import django.db.models.deletion
from django.db import migrations, models


def empty(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DELETE FROM base_searchtext")
    schema_editor.execute("DELETE FROM base_searchdocument")


class Migration(migrations.Migration):
    dependencies = [("base", "0004_search_tokens")]
    operations = [
        migrations.RunPython(empty, empty),
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
