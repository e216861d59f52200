"""Programmes: what a city calls a group of projects, as data. No programme is code."""

from django.db import models
from django.db.models import Q

from mingtang.base.columns import chosen, one_of
from mingtang.base.ids import next_id
from mingtang.projects.rules.states import ProgrammeState


class Programme(models.Model):
    """五位一体, 四大百亿, 1353…: names and elements as the city fills them in.

    What an element means is for the city to say: shipped ones are empty, with a suggestion at
    most. Silence counts as consent only where a document says so, and never makes a licence.
    """

    id = models.BigIntegerField(primary_key=True, default=next_id, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    year = models.PositiveSmallIntegerField(null=True)  # null: not of one year, or not known
    elements = models.JSONField(default=list)  # [{"name", "suggestion", "is_confirmed"}]
    stages = models.JSONField(default=list)  # names of its own stages, in order
    limits = models.JSONField(default=list)  # [{"name", "days"}], working days
    entry_rule = models.CharField(max_length=500, blank=True)
    note = models.CharField(max_length=500, blank=True)
    is_confirmed = models.BooleanField(default=False)  # False: labels are 待确认
    absence_is_consent = models.BooleanField(default=False)  # 缺席默认
    silence_is_consent = models.BooleanField(default=False)  # 超时默许
    consent_basis = models.CharField(max_length=100, blank=True)  # number of the document
    consent_basis_date = models.DateField(null=True)
    state = chosen(ProgrammeState, 10, default=ProgrammeState.ACTIVE.value)

    class Meta:
        constraints = (
            one_of("state", ProgrammeState, "programme"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="programme_named"),
            models.CheckConstraint(
                condition=Q(absence_is_consent=False, silence_is_consent=False)
                | (~Q(consent_basis="") & Q(consent_basis_date__isnull=False)),
                name="programme_consent_by_document",
            ),
        )

    def __str__(self) -> str:
        return self.name
