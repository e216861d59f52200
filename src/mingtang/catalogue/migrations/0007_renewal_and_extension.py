"""Procedures say whether a renewal may be deemed granted, and by how many days they may be
extended (《行政许可法》第五十条、第四十二条)."""

from django.db import migrations, models


def tell_the_permit_law(apps, schema_editor):
    profiles = apps.get_model("catalogue", "ProcedureProfile")
    profiles.objects.filter(key="permit").update(has_deemed_renewal=True, extension_days=10)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0006_basic")]

    operations = [
        migrations.AddField(
            model_name="procedureprofile",
            name="extension_days",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="procedureprofile",
            name="has_deemed_renewal",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(tell_the_permit_law, migrations.RunPython.noop),
    ]
