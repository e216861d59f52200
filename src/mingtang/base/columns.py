"""Columns and constraints that tables of many apps have in common."""

from typing import Any

from django.db import models
from django.db.models import Q


def person() -> "models.ForeignKey[Any, Any]":
    """Who did something; empty while nobody has."""
    return models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )


def organisation(*, null: bool = False) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        "regions.Organisation", null=null, on_delete=models.PROTECT, related_name="+"
    )


def document(*, null: bool = False) -> "models.ForeignKey[Any, Any]":
    """A numbered paper of ours."""
    return models.ForeignKey(
        "files.Document", null=null, on_delete=models.PROTECT, related_name="+"
    )


def chosen(kinds: Any, length: int, **more: Any) -> "models.CharField[Any, Any]":
    """A stored choice with its label."""
    labels = [(one.value, getattr(one, "label", one.value)) for one in kinds]
    return models.CharField(max_length=length, choices=labels, **more)


def paired(name: str, prefix: str, *, unless: Q | None = None) -> models.CheckConstraint:
    """`x_at` and `x_by` are set together or not at all; `unless`: where somebody without an
    account acted, or the system."""
    at, by = f"{name}_at", f"{name}_by"
    both = Q(**{at: None, by: None}) | Q(**{f"{at}__isnull": False, f"{by}__isnull": False})
    return models.CheckConstraint(
        condition=both if unless is None else both | unless, name=f"{prefix}_{name}_paired"
    )


def together(name: str, *columns: str) -> models.CheckConstraint:
    """All of these columns are filled, or none."""
    none = Q(**dict.fromkeys(columns))
    every = Q(**{f"{column}__isnull": False for column in columns})
    return models.CheckConstraint(condition=none | every, name=name)


def one_of(column: str, values: Any, prefix: str, *, null: bool = False) -> models.CheckConstraint:
    """Only values that the rules know."""
    known = Q(**{f"{column}__in": [value.value for value in values]})
    return models.CheckConstraint(
        condition=known | Q(**{column: None}) if null else known, name=f"{prefix}_{column}_known"
    )
