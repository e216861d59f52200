from django.db import migrations, models
from django.db.models import Min, Sum


def join_windows(apps, schema_editor):
    """Back to one row for a day and unit: what was counted at its windows is added up."""
    rows = apps.get_model("counts", "DayCount").objects
    days = rows.values("measure", "date", "organisation_id")
    sums = days.annotate(first=Min("id"), total=Sum("count")).order_by("first")
    for found in list(sums):
        same = rows.filter(**{key: found[key] for key in ("measure", "date", "organisation_id")})
        same.exclude(id=found["first"]).delete()
        same.update(window_id=0, count=found["total"])


class Migration(migrations.Migration):
    dependencies = [("counts", "0001_initial")]
    operations = [
        migrations.RemoveConstraint(model_name="daycount", name="day_count_once"),
        migrations.AddField(
            model_name="daycount", name="window_id", field=models.BigIntegerField(default=0)
        ),
        migrations.AddConstraint(
            model_name="daycount",
            constraint=models.UniqueConstraint(
                fields=("measure", "date", "organisation_id", "window_id"), name="day_count_once"
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, join_windows),
    ]
