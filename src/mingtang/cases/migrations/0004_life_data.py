"""What earlier cases know of their decisions and steps, said in the new columns.

Back again nothing is lost: the column they came from is still there.
"""

from django.db import migrations


def tell(apps, schema_editor):
    cases = apps.get_model("cases", "Case").objects
    cases.filter(is_granted=True).update(outcome="granted")
    cases.filter(is_granted=False).update(outcome="refused")
    apps.get_model("cases", "Step").objects.filter(status="done").update(finding="fit")


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_life")]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
