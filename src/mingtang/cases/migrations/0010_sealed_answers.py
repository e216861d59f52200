"""What applicants wrote is sealed at rest, as answers to the plain form; and back again."""

from django.db import migrations

BATCH = 500


def _batches(model):
    last = 0
    while rows := list(model.objects.filter(id__gt=last).order_by("id")[:BATCH]):
        yield rows
        last = rows[-1].id


def seal(apps, schema_editor):
    model = apps.get_model("cases", "Submission")
    for rows in _batches(model):
        for row in rows:
            said = dict(row.plain_answers)
            if "summary" in said:
                said = {"form": {"matter": {"summary": said.pop("summary")}}, **said}
            row.answers = said
        model.objects.bulk_update(rows, ["answers"])


def unseal(apps, schema_editor):
    model = apps.get_model("cases", "Submission")
    for rows in _batches(model):
        for row in rows:
            said = dict(row.answers)
            form = said.pop("form", {})
            if "matter" in form:
                said["summary"] = form["matter"].get("summary", "")
            row.plain_answers = said
        model.objects.bulk_update(rows, ["plain_answers"])


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_filing")]

    operations = [migrations.RunPython(seal, unseal)]
