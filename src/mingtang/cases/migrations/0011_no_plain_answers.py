from django.db import migrations


class Migration(migrations.Migration):
    """Words of applicants in the clear do not stay behind for a release."""

    dependencies = [("cases", "0010_sealed_answers")]

    operations = [migrations.RemoveField("submission", "plain_answers")]
