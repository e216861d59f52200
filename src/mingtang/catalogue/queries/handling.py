"""Reads: what the handling of a case needs of the edition that it was filed under."""

from typing import Any

from mingtang.catalogue.models import Edition
from mingtang.catalogue.rules.variants import asked_for, chosen


def steps_of(edition: Edition) -> list[dict[str, Any]]:
    """The planned steps in order, each with the number of its stage, from 1."""
    return [
        {
            "stage": number,
            "key": step["key"],
            "name": step["name"],
            "kind": step["kind"],
            "organisation": step["organisation"],
            "needs": list(step.get("needs") or []),
            "days": step.get("days"),
        }
        for number, stage in enumerate(edition.route["stages"], 1)
        for step in stage["steps"]
    ]


def materials_of(edition: Edition, variant: str = "") -> list[dict[str, Any]]:
    """What is asked for, of a business variant or of all."""
    picked = chosen(edition.details.get("variants") or [], variant)
    return [dict(line) for line in asked_for(edition.materials, picked)]


def fees_of(edition: Edition) -> list[dict[str, Any]]:
    return [dict(row) for row in edition.details.get("fees") or []]


def special_of(edition: Edition) -> list[dict[str, Any]]:
    """The special procedures that the edition has made public."""
    return [dict(row) for row in edition.details.get("special") or []]
