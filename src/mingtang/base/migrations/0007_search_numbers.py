"""Documents are numbered from one on, so that a process keeps their places by number; a change
tells what it put into the index and what it took out.

What was in the index goes: `mingtang migrate` makes it anew from the data. The column is added by
itself: other tables' triggers write into this one, and SQLite would make it anew.
"""

from django.db import migrations, models

TELL = "ALTER TABLE base_searchchange ADD COLUMN told text NOT NULL DEFAULT ''"
UNTELL = "ALTER TABLE base_searchchange DROP COLUMN told"


def empty(apps, schema_editor):
    schema_editor.execute("DELETE FROM base_searchtext")
    schema_editor.execute("DELETE FROM base_searchdocument")
    apps.get_model("base", "SearchChange").objects.exclude(kind__startswith="table:").delete()


class Migration(migrations.Migration):
    dependencies = [("base", "0006_search_shelf")]
    operations = [
        migrations.RunPython(empty, empty),
        migrations.AlterField(
            "searchdocument",
            "id",
            models.BigAutoField(editable=False, primary_key=True, serialize=False),
        ),
        migrations.RunSQL(
            TELL,
            UNTELL,
            state_operations=[
                migrations.AddField(
                    "searchchange", "told", models.TextField(blank=True, default="", db_default="")
                )
            ],
        ),
    ]
