"""One row for each event that is to be told, and two indexes less that nobody asks.

Back: what nobody was told of is owed to each who is to be told.
"""

from itertools import count
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from mingtang.ledger.followers import wanting


def _owe_to_each(apps: Any, _editor: Any) -> None:
    untold = apps.get_model("ledger", "Untold").objects.select_related("event")
    deliveries = apps.get_model("ledger", "Delivery")
    numbers = count(1 + max(_last(deliveries.objects), _last(untold)))  # all before any to come
    debts = [
        deliveries(id=next(numbers), event=one.event, follower=name, due_at=one.due_at)
        for one in untold.order_by("pk")
        for name in wanting(one.event.kind, one.event.stream)
    ]
    deliveries.objects.bulk_create(debts, batch_size=500)


def _last(rows: Any) -> int:
    return rows.aggregate(last=models.Max("pk"))["last"] or 0


class _WithoutIndex(migrations.AlterField):
    """On SQLite Django would copy all events for it."""

    index = '"ledger_event_command_id_b8b7a524"'

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP INDEX {self.index}")
        else:
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f'CREATE INDEX {self.index} ON "ledger_event" ("command_id")')
        else:
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_delivery_index")]

    operations = [
        migrations.CreateModel(
            name="Untold",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="untold",
                        serialize=False,
                        to="ledger.event",
                    ),
                ),
                ("due_at", models.DateTimeField()),
            ],
        ),
        migrations.RunPython(migrations.RunPython.noop, _owe_to_each),
        migrations.RemoveIndex(model_name="event", name="event_kind_id"),
        _WithoutIndex(
            model_name="event", name="command_id", field=models.CharField(max_length=64)
        ),
    ]
