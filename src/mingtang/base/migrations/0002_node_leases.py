from datetime import UTC, datetime

from django.db import migrations

NODES = 1024


def add_nodes(apps, schema_editor):
    lease = apps.get_model("base", "NodeLease")
    free = datetime(2004, 1, 1, tzinfo=UTC)
    lease.objects.bulk_create([lease(node=node, leased_until=free) for node in range(NODES)])


def remove_nodes(apps, schema_editor):
    apps.get_model("base", "NodeLease").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial")]
    operations = [migrations.RunPython(add_nodes, remove_nodes)]
