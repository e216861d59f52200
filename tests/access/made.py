"""What the demo has none of, laid straight into the tables of a copy of it: of each kind of thing
one, so that somebody comes through every route and others are seen to be kept out."""

import hashlib
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import models

from mingtang.accounts.models import Person
from mingtang.base.clock import now, today
from mingtang.base.ids import next_id
from mingtang.files.services import path_of

CONTENT = b"\xe8\xaf\x81\xe6\x98\x8e"


def _plain(field: Any) -> Any:
    """A value that a column takes, of which nothing more is asked."""
    kind = field.get_internal_type()
    if field.choices:
        return next(value for value, _label in field.flatchoices if value)
    values: dict[str, Any] = {
        "DateField": today(),
        "DateTimeField": now(),
        "BooleanField": True,
        "JSONField": {},
        "BinaryField": b"x" * 16,
        "DecimalField": 1,
    }
    if kind in values:
        return values[kind]
    return 1 if "Integer" in kind else f"某{next_id() % 10**6}"[: field.max_length or 60]


def lay(model: str, **given: Any) -> Any:
    """A row of a model: what is given, and something sound in every column that must not be empty;
    of another row the first."""
    which = apps.get_model(model)
    for field in which._meta.concrete_fields:
        named = field.name in given or field.attname in given
        may_be_empty = field.null or field.has_default() or field.blank
        if named or may_be_empty or field.primary_key:
            continue
        if isinstance(field, models.ForeignKey):
            given[field.name] = field.related_model._default_manager.order_by("id").first()
        else:
            given[field.name] = _plain(field)
    row = which(**given)
    row.save(force_insert=True)
    return row


def _file(subject: str) -> Any:
    """A file of a thing, on the disk too."""
    digest = hashlib.sha256(CONTENT + subject.encode()).hexdigest()
    key = digest
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(CONTENT)
    return lay(
        *("files.Upload",),
        subject=subject,
        storage_key=key,
        original_name="证明.pdf",
        media_type="application/pdf",
        size_bytes=len(CONTENT),
        sha256=digest,
    )


def _first(model: str, **where: Any) -> Any:
    return apps.get_model(model)._default_manager.filter(**where).order_by("id").first()


def everything() -> None:
    """Lay one of each kind. Called once in a city, before anybody is asked."""
    unit = _first("regions.Organisation", code="slj")
    centre = _first("regions.Organisation", code="centre")
    people = list(Person.objects.exclude(username="").order_by("id")[:3])
    _watched(unit, people)
    _assessed(unit, people)
    _told(unit, centre, people)
    _owned()
    _entered()
    _filed()


def _watched(unit: Any, people: list[Person]) -> None:
    case = _first("cases.Case", organisation=unit)
    card = lay(
        *("supervision.Card",),
        rule=_first("supervision.Rule"),
        subject=case.stream,
        organisation=unit,
        colour="yellow",
        state="raised",
        facts={},
        rule_code="probe",
    )
    lay("supervision.Directive", card=card, ordered_by=people[0], ordering_unit=unit)
    lay("supervision.InspectionTask", owner_unit=unit, assigned_by=people[0])


def _entered() -> None:
    """A paper receipt of an outage, of what came to a counter."""
    taken = _first("cases.Case", intake_organisation__isnull=False)
    lay(
        *("outage.PaperReceipt",),
        kind="case",
        subject_id=taken.id,
        organisation_id=taken.intake_organisation_id,
        region_id=taken.region_id,
        number=1,
        scan=_file("paper:1"),
    )


def _assessed(unit: Any, people: list[Person]) -> None:
    scheme = _first("assessment.Scheme")
    sheet = lay(
        *("assessment.PeriodSheet",),
        scheme=scheme,
        code=scheme.code,
        period="2013-09",
        state="published",
        target_kind="department",
        target_id=unit.id,
        organisation_id=unit.id,
        published_at=now(),
        published_by=people[0],
        opened_by=people[0],
        objections_due_date=today() + timedelta(days=3),
    )
    indicator = next(iter(scheme.content["indicators"]))
    lay("assessment.Score", sheet=sheet, key=indicator["key"], evidence=[])
    lay("assessment.ManualEntry", sheet=sheet, entered_by=people[0])
    lay("assessment.Objection", sheet=sheet, objected_by=people[0])
    lay("assessment.Observation", person=people[0], organisation=unit, entered_by=people[1])


def _told(unit: Any, centre: Any, people: list[Person]) -> None:
    lay("reports.Edition", organisation=unit, year=2024, opened_by=people[0])
    lay("disclosure.CatalogueEntry", organisation=unit, entered_by=people[0])
    lay("exchange.Batch", scheme="national", from_date=date(2024, 1, 1), to_date=date(2024, 2, 1))
    lay(
        *("accounts.Substitution",),
        absent=_first("accounts.Person", username="shuili-sp"),
        from_date=today(),
        substitute=_first("accounts.Person", username="shuili-cb"),
        to_date=today(),
    )
    lay("accounts.FactorReset", person=people[0], asked_by=people[1])
    lay(
        *("screens.Insert",),
        organisation=centre,
        begins_at=now(),
        ends_at=now() + timedelta(hours=1),
    )
    case = _first("cases.Case", organisation=unit)
    lay("interaction.BadRating", subject=case.stream, organisation=unit, level="very_dissatisfied")
    rating = _first("interaction.Rating")
    if rating is None:
        said = {"rated_by": people[0], "text": "等了很久，说明不够清楚"}
        rating = lay("interaction.Rating", subject=case.stream, **said)
    done = {"subject": rating.subject, "completed_seq": rating.completed_seq}
    if _first("interaction.Service", **done) is None:
        lay("interaction.Service", organisation=unit, **done)
    joint = _first("joint.JointCase")
    paper = _first("files.Document")
    apps.get_model("catalogue.Campaign")._default_manager.update(notice=paper)
    called = _first("files.Document", subject=joint.stream)
    meeting = lay("joint.Meeting", joint=joint, invitation=called, invited_by=people[0])
    lay("joint.MeetingUnit", meeting=meeting, organisation=unit)
    village = _first("villages.Village")
    lay("villages.ReleaseLimit", village=village, set_by=people[0], finance_months=3, due_day=9)


def _owned() -> None:
    """A citizen whose request, letter and joint matter these are."""
    owner = Person(id=next_id(), username=f"owner-{next_id()}", name="主人", joined_at=now())
    owner.save()
    for model, name in (
        ("requests.Request", "applicant_person"),
        ("letters.Letter", "writer_person"),
        ("joint.JointCase", "applicant_person"),
    ):
        apps.get_model(model)._default_manager.filter(**{name: None}).update(**{name: owner})


def _filed() -> None:
    """A file of each thing whose files are opened through a route."""
    for model in (
        *("cases.Case", "requests.Request", "letters.Letter", "joint.JointCase"),
        *("supervision.Card", "channels.Release", "villages.Disclosure"),
        *("assessment.PeriodSheet",),
    ):
        for row in apps.get_model(model)._default_manager.all():
            _file(row.stream)
    drafts = apps.get_model("catalogue.Draft")._default_manager.order_by()
    for item_id in drafts.values_list("item_id", flat=True).distinct():  # an item may have several
        _file(f"item:{item_id}")
    for row in apps.get_model("disclosure.Publication")._default_manager.all():
        _file(row.subject)
