"""The column that the tables of a case share; those of many apps stand in base/columns.py."""

from typing import Any

from django.db import models


def case_of(related_name: str) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name=related_name)
