"""Reads of the catalogue: the public list, searched, narrowed and counted, and what is offered
while somebody types. All of it comes from the search index."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mingtang.base.ids import parse_id
from mingtang.base.search import Found, Search, every, look_up, search
from mingtang.catalogue.models import Edition, Item, ItemStatus, LifeEvent, Served
from mingtang.catalogue.rules import KINDS, NOT_STATED, ItemKind, Limit
from mingtang.catalogue.rules.details import PRE_EXAMINERS, SERVICE_LEVELS
from mingtang.catalogue.rules.facets import DEPARTMENT, KIND, LEVEL, LIFE, REFERRED, SERVED, THEME
from mingtang.catalogue.search import KIND as SUBJECT
from mingtang.regions import queries as regions
from mingtang.timing.rules import Unit

PAGE = 20
SUGGESTED = 8
RANK = "r"  # begins the cursor of a searched list: a rank, where an unsearched one has an id
LAST_RANK = 100_000
KINDS_SHOWN = [kind.value for kind in KINDS]
SERVED_SHOWN = [Served.NATURAL.value, Served.LEGAL.value]
LEVELS_SHOWN = list(SERVICE_LEVELS)
REFERRED_SHOWN = list(PRE_EXAMINERS)
# What a list of items shows of an edition; its long texts stay where they are.
SHOWN = (
    *("code", "department_id", "current_edition__name", "current_edition__kind"),
    *("current_edition__on_the_spot", "current_edition__is_free", "current_edition__fee"),
    *("current_edition__promised_amount", "current_edition__promised_unit"),
)


@dataclass(frozen=True)
class ItemRow:
    code: str
    name: str
    department: str
    kind_label: str
    promised_label: str
    fee_label: str


@dataclass(frozen=True)
class Choice:
    """One value of a facet, and how many items it would leave, the other choices kept."""

    code: str
    label: str
    count: int


@dataclass(frozen=True)
class Facet:
    """`chosen`: the value that the list is narrowed to, or None."""

    key: str
    title: str
    any_label: str
    choices: list[Choice]
    chosen: Choice | None


@dataclass(frozen=True)
class ItemPage:
    """`is_similar`: nothing fits the text in full, these come near it."""

    items: list[ItemRow]
    total: int
    next_after: str
    facets: dict[str, Facet]
    is_similar: bool = False


def search_items(
    *,
    on: date,
    text: str = "",
    department: int | None = None,
    served: str = "",
    kind: str = "",
    level: str = "",
    referred: str = "",
    theme: str = "",
    life: str = "",
    after: str = "",
) -> ItemPage:
    """A page of items: with a text the best first, else in order of registration.

    `after` is where the last page ended. Blank choices do not narrow; `life`: a life event's key.
    """
    asked = look_up(SUBJECT, text) if text.strip() else None
    wanted = {SERVED: served, KIND: kind, LEVEL: level, REFERRED: referred}
    wanted |= {THEME: theme, LIFE: life}
    wanted[DEPARTMENT] = "" if department is None else str(department)
    found = every(SUBJECT) if asked is None else asked.found
    fitting, counts = found.only(wanted), found.counts(wanted)
    ids, next_after = (
        _registered(fitting, after) if asked is None else _ranked(asked, fitting, after)
    )
    items = _items(ids)
    units = {int(one) for one in (*counts.get(DEPARTMENT, ()), wanted[DEPARTMENT]) if one}
    names = regions.names_of(sorted(units | {item.department_id for item in items}), on)
    return ItemPage(
        items=[item_row(item, names.get(item.department_id, "")) for item in items],
        total=len(fitting),
        next_after=next_after,
        facets=_facets(counts, wanted, names),
        is_similar=asked is not None and asked.is_loose,
    )


def all_items(on: date, most: int) -> list[ItemRow]:
    """The items that are offered, in order of registration, up to so many."""
    rows = _in_force().select_related("current_edition").only(*SHOWN).order_by("id")[:most]
    names = regions.names_of(sorted({item.department_id for item in rows}), on)
    return [item_row(item, names.get(item.department_id, "")) for item in rows]


@dataclass(frozen=True)
class Suggestion:
    code: str
    name: str
    department: str


def suggest_items(text: str, on: date) -> list[Suggestion]:
    """The best few items for what somebody has typed so far."""
    hits = search(SUBJECT, text, SUGGESTED) if text.strip() else []
    items = _items([hit.key for hit in hits])
    names = regions.short_names_of((item.department_id for item in items), on)
    rows = [item_row(item, names.get(item.department_id, "")) for item in items]
    return [Suggestion(row.code, row.name, row.department) for row in rows]


# ── which items, in which order ───────────────────────────────────────────────────────────────


def _in_force() -> QuerySet[Item]:
    return Item.objects.filter(status=ItemStatus.ACTIVE).exclude(current_edition=None)


def _registered(found: Found, after: str) -> tuple[list[int], str]:
    ids = found.keys_after(parse_id(after) or 0, PAGE + 1)
    return ids[:PAGE], str(ids[PAGE - 1]) if len(ids) > PAGE else ""


def _ranked(asked: Search, found: Found, after: str) -> tuple[list[int], str]:
    start = _rank(after)
    hits = asked.page(start, PAGE + 1, found)
    more = f"{RANK}{start + PAGE}" if len(hits) > PAGE else ""
    return [hit.key for hit in hits[:PAGE]], more


def _rank(after: str) -> int:
    """The rank that a cursor names; 0 for one that names none."""
    rank = parse_id(after.removeprefix(RANK)) if after.startswith(RANK) else None
    return rank if rank is not None and rank <= LAST_RANK else 0


def _items(ids: list[int]) -> list[Item]:
    rows = _in_force().filter(id__in=ids).select_related("current_edition").only(*SHOWN)
    place = {one: at for at, one in enumerate(ids)}
    return sorted(rows, key=lambda item: place[item.id])


# ── facets ────────────────────────────────────────────────────────────────────────────────────


def _facets(
    counts: Mapping[str, Mapping[str, int]], wanted: Mapping[str, str], names: Mapping[int, str]
) -> dict[str, Facet]:
    """The choices of each facet: only those that leave something, and the one that is made."""
    fixed: dict[str, Mapping[str, str]] = {
        SERVED: {Served.NATURAL.value: _("个人办事"), Served.LEGAL.value: _("企业和单位办事")},
        KIND: {kind.value: row.label for kind, row in KINDS.items()},
        LEVEL: {"county": _("市中心可办"), "township": _("乡镇可办"), "village": _("村里可办")},
        REFERRED: {"township": _("乡镇（街道）先初审"), "department": _("市级部门先初审")},
        LIFE: dict(LifeEvent.objects.order_by("position", "id").values_list("key", "name")),
    }
    units = {str(key): name for key, name in names.items()}
    found: dict[str, Mapping[str, str]] = {DEPARTMENT: units, THEME: {}} | fixed
    titles = _titles()
    return {
        key: _facet(key, titles[key], counts.get(key, {}), wanted[key], found[key], key in fixed)
        for key in titles
    }


def _titles() -> dict[str, tuple[str, str]]:
    """Of each facet, in the order of the page: its name, and what says that all are wanted."""
    return {
        DEPARTMENT: (_("部门"), _("全部部门")),
        SERVED: (_("谁来办"), _("个人和企业")),
        KIND: (_("类型"), _("全部类型")),
        LEVEL: (_("到哪里办"), _("市、乡镇、村")),
        REFERRED: (_("分级办理"), _("不限")),
        THEME: (_("主题"), _("全部主题")),
        LIFE: (_("一件事"), _("不限")),
    }


def _facet(
    key: str,
    titles: tuple[str, str],
    counted: Mapping[str, int],
    wanted: str,
    labels: Mapping[str, str],
    is_ordered: bool,
) -> Facet:
    """`is_ordered`: the labels come in an order of their own; else the most frequent first."""
    codes: Iterable[str] = {**counted, wanted: 0} if wanted else counted
    made = [Choice(code, labels.get(code, code), counted.get(code, 0)) for code in codes]
    if is_ordered:
        place = {code: at for at, code in enumerate(labels)}
        made.sort(key=lambda one: (place.get(one.code, len(place)), one.code))
    else:
        made.sort(key=lambda one: (-one.count, one.label, one.code))
    chosen = next((one for one in made if one.code == wanted), None)
    return Facet(key, *titles, made, chosen)


# ── a row ─────────────────────────────────────────────────────────────────────────────────────


def item_row(item: Item, department: str) -> ItemRow:
    edition = item.current_edition
    assert edition is not None
    return ItemRow(
        code=item.code,
        name=edition.name,
        department=department,
        kind_label=kind_label(edition),
        promised_label=promised_label(edition),
        fee_label=fee_in_short(edition),
    )


def kind_label(edition: Edition) -> str:
    return KINDS[ItemKind(edition.kind)].label


def promised_label(edition: Edition) -> str:
    if edition.on_the_spot:
        return _("当场办结")
    amount, unit = edition.promised_amount, edition.promised_unit
    return NOT_STATED if amount is None or unit is None else Limit(amount, Unit(unit)).label


def fee_in_short(edition: Edition) -> str:
    """The fee without what it rests on: for lists and at a glance."""
    return re.split(r"[，,；;。]?(?:收费)?依据|[。；]", fee_label(edition))[0] or fee_label(edition)


def fee_label(edition: Edition) -> str:
    if edition.is_free:
        return _("不收费")
    if edition.fee:
        return edition.fee
    return NOT_STATED if edition.is_free is None else _("收费，标准未载明")


def item_names(
    *, department_ids: Iterable[int] = (), codes: Iterable[str] = (), most: int
) -> list[tuple[str, str]]:
    """Code and name of the items of some departments and of those with some codes, by name."""
    wanted = Q(department__in=list(department_ids)) | Q(code__in=list(codes))
    rows = _in_force().filter(wanted).order_by("current_edition__name", "code")
    return list(rows.values_list("code", "current_edition__name")[:most])
