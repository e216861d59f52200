from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_items(apps: Any, _schema: Any) -> None:
    """Items get the name of the edition in force."""
    item, edition = apps.get_model("catalogue", "Item"), apps.get_model("catalogue", "Edition")
    names = edition.objects.filter(id=OuterRef("current_edition")).values("name")
    item.objects.exclude(current_edition=None).update(name=Subquery(names[:1]))
    item.objects.filter(current_edition=None).update(name=models.F("code"))


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_details")]

    operations = [
        migrations.AddField(
            model_name="item",
            name="name",
            field=models.CharField(default="", max_length=300),
            preserve_default=False,
        ),
        migrations.RunPython(name_items, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=~models.Q(name=""), name="item_name_given"
            ),
        ),
    ]
