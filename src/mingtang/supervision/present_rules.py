"""What pages show of rules, and of their trial."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingtang.base.subjects import titles_of, url_of
from mingtang.supervision import queries
from mingtang.supervision.forms import NUMBER_LABELS
from mingtang.supervision.present import colour, unit_names
from mingtang.supervision.rules import TRIGGERS

Row = dict[str, Any]
SHOWN = 50
# The shipped ones; a city that writes its own sees its code.
PROFILE_LABELS = {
    "overdue": gettext_lazy("超期方案（黄牌：刚超期）"),
    "expiring": gettext_lazy("将到期方案（黄牌：快到期）"),
}


def profile_label(profile: str) -> str:
    return str(PROFILE_LABELS.get(profile, profile))


def version(row: queries.Rule, on: date) -> Row:
    """One version, in words."""
    trigger = TRIGGERS.get(row.trigger)
    return {
        "code": row.code,
        "name": row.name,
        "version": row.version,
        "trigger": trigger.label if trigger else row.trigger,
        "numbers": [
            (str(NUMBER_LABELS.get(name, name)), value)
            for name, value in queries.numbers_in(row.params).items()
        ],
        "colour": colour(row.colour),
        "score": row.score,
        "type": row.get_type_display(),
        "since": row.valid_from,
        "is_coming": row.valid_from > on,
        "is_on": row.is_on,
        "off_reason": row.off_reason,
    }


def line(one: queries.RuleLine, on: date) -> Row:
    return version(one.shown, on) | {
        "url": reverse("supervision:rule", args=[one.shown.profile, one.shown.code]),
        "next_since": one.latest.valid_from if one.comes_later else None,
    }


def trial(before: queries.Trial, after: queries.Trial, year: int, on: date) -> Row:
    """How many cards a year would have had by the last version, and as typed: for whom, when."""
    units = {**dict.fromkeys(before.by_organisation), **dict.fromkeys(after.by_organisation)}
    names = unit_names(units, on)
    lines = [
        {
            "label": names.get(unit, ""),
            "before": before.by_organisation.get(unit, 0),
            "after": after.by_organisation.get(unit, 0),
        }
        for unit in units
    ]
    shown = after.subjects[:SHOWN]
    titles = titles_of(stream for stream, _day in shown)
    return {
        "year": year,
        "before": before.count,
        "after": after.count,
        "units": sorted(lines, key=lambda one: (-one["after"], -one["before"], one["label"])),
        "months": [
            {"month": _("%(month)d 月") % {"month": month}, "after": after.by_month.get(month, 0)}
            for month in range(1, 13)
        ],
        "subjects": [
            {"what": titles[stream], "url": url_of(stream, for_staff=True), "on": day}
            for stream, day in shown
        ],
        "more": max(after.count - SHOWN, 0),
    }
