"""The end of a stream is its last event: the table that repeated it goes, and comes back filled."""

from django.db import migrations

FILL = """
INSERT INTO ledger_stream (name, last_seq, last_leaf)
SELECT stream, seq, leaf FROM ledger_event AS last
WHERE seq = (SELECT max(seq) FROM ledger_event WHERE stream = last.stream)
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_tree_nodes")]

    operations = [
        migrations.RunSQL(migrations.RunSQL.noop, FILL),
        migrations.DeleteModel(name="Stream"),
    ]
