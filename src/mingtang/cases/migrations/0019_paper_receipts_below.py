"""Paper receipts go to the room below, where letters, requests and joint matters have theirs too.
The way back takes those of cases back; what other things have stays in the tables of `outage`."""

from django.db import migrations

SAME = (
    *("id", "number", "received_at", "scan_id", "entered_at", "entered_by_id", "entered_for_id"),
    *("stage", "decided_at", "decided_by_id", "reason"),
)
BLOCK = ("id", "first", "last", "printed_at")
KIND, TOGETHER = "case", 1000


def _moved(source, target, names, more, found=None):
    rows = source.objects.all() if found is None else found
    made = [
        target(**{name: getattr(one, name) for name in names}, **more(one))
        for one in rows.order_by("id")
    ]
    target.objects.bulk_create(made, batch_size=TOGETHER)
    return [one.id for one in made]


def down(apps, _editor):
    """Each row as it is; the unit and the place are those of its case."""
    old, new = (apps.get_model(app, "PaperReceipt") for app in ("cases", "outage"))
    _moved(*(apps.get_model(app, "PaperBlock") for app in ("cases", "outage")), BLOCK, _nothing)
    rows = old.objects.select_related("case")
    _moved(old, new, SAME, _of_case, rows)


def _nothing(_block):
    return {}


def _of_case(receipt):
    case = receipt.case
    return {
        "kind": KIND,
        "subject_id": case.id,
        "organisation_id": case.intake_organisation_id or case.organisation_id,
        "region_id": case.region_id,
    }


def up(apps, _editor):
    """The blocks, and what is of cases; the rest is left where no older program looks."""
    old, new = (apps.get_model(app, "PaperReceipt") for app in ("cases", "outage"))
    blocks, below = (apps.get_model(app, "PaperBlock") for app in ("cases", "outage"))
    _moved(below, blocks, BLOCK, _nothing)
    rows = new.objects.filter(kind=KIND)
    _moved(new, old, SAME, lambda one: {"case_id": one.subject_id}, rows)
    rows.delete()
    below.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0018_paper_receipts"),
        ("outage", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(down, up),
        migrations.DeleteModel("PaperReceipt"),
        migrations.DeleteModel("PaperBlock"),
    ]
