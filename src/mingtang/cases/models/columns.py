"""Columns and constraints that the tables of a case share."""

from typing import Any

from django.db import models
from django.db.models import Q


def person() -> "models.ForeignKey[Any, Any]":
    """Who did something; empty while nobody has."""
    return models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )


def case_of(related_name: str) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name=related_name)


def document(*, null: bool = False) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "files.Document", null=null, on_delete=models.PROTECT, related_name="+"
    )


def paired(name: str, prefix: str, *, unless: Q | None = None) -> models.CheckConstraint:
    """`x_at` and `x_by` are set together or not at all; `unless`: where the system acted."""
    at, by = f"{name}_at", f"{name}_by"
    both = Q(**{at: None, by: None}) | Q(**{f"{at}__isnull": False, f"{by}__isnull": False})
    return models.CheckConstraint(
        condition=both if unless is None else both | unless, name=f"{prefix}_{name}_paired"
    )


def one_of(column: str, values: Any, prefix: str) -> models.CheckConstraint:
    """Only values that the rules know."""
    return models.CheckConstraint(
        condition=Q(**{f"{column}__in": [value.value for value in values]}),
        name=f"{prefix}_{column}_known",
    )
