"""Reads: all that an edition tells a citizen, for its page, for paper and for a preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from mingtang.base import words
from mingtang.catalogue.models import Edition, Item, ItemStatus
from mingtang.catalogue.queries import item_files
from mingtang.catalogue.queries.listing import (
    fee_in_short,
    fee_label,
    kind_label,
    promised_label,
)
from mingtang.catalogue.rules import KINDS, LAW_SETS_NONE, NOT_STATED, ItemKind, Profile
from mingtang.catalogue.rules.chain import chain_of
from mingtang.catalogue.rules.details import BY_KEY, MATERIALS
from mingtang.catalogue.rules.fields import Field, is_blank
from mingtang.catalogue.rules.referral import referred_up
from mingtang.catalogue.rules.route import units_of
from mingtang.catalogue.rules.variants import asked_for, chosen, names_of
from mingtang.regions import queries as regions

if TYPE_CHECKING:
    from mingtang.catalogue.queries import Limits

Told = dict[str, Any]

# Where a page shows each detail. A field stands in one of these; a test looks.
GROUPS = {
    "authority": (
        *("level", "power_source", "body_type", "entrusted_by"),
        *("pre_examined_by", "pre_examination_days", "decided_by"),
    ),
    "ways": (
        *("channels", "service_levels", "scope_area", "in_centre", "booking", "online"),
        *("online_depth", "real_name", "online_payment", "express", "visits", "visits_note"),
    ),
    "outcome": ("result_type", "result_name"),
    "contacts": ("enquiry", "complaint"),
    "terms": (
        *("quantity_limit", "intermediary", "joint_bodies", "themes"),
        *("office", "discretion", "accountability"),
    ),
    "dates": ("effective_on", "cancelled_on"),
    "codes": ("basic_code", "local_basic_code", "local_code", "towns", "villages"),
}
SHOWN_APART = (
    *("variants", "special", "no_statutory_limit", "promised_note", "fees", "fee_basis"),
    *("places", "online_url", "questions", "form"),
)
MATERIAL_FACTS = ("size", "origin", "origin_note", "issuer", "basis", "standard")
COLUMN = {column.key: column for column in MATERIALS.columns}
BRIEF_LETTERS = 24  # what fits under one heading, read at a glance
NOTE_LETTERS = 30
ALWAYS = {"必要", NOT_STATED}


def tell(
    item: Item,
    edition: Edition,
    on: date,
    *,
    limits: Limits,
    profile: Profile,
    variant: str = "",
) -> Told:
    """An item as an edition says it, published or not. Blank groups are empty lists.

    `variant` is the code of a business variant: what only others need is left out; a code that
    the item does not have means all of it.
    """
    details = edition.details
    variants = details.get("variants") or []
    picked = chosen(variants, variant)
    told = _identity(item, edition, on) | _disclosures(edition, limits)
    told |= {name: _facts(details, keys) for name, keys in GROUPS.items()}
    told |= _ways(item, edition) | _apart(edition, profile, _other_units(item, edition, on))
    told["materials"] = _materials(item, edition, picked, variants)
    told["variants"] = [dict(one) | {"is_chosen": one is picked} for one in variants]
    told["variant"] = dict(picked) if picked else None
    return told | {"brief": _brief(told, details)}


# ── the parts ─────────────────────────────────────────────────────────────────────────────────


def _identity(item: Item, edition: Edition, on: date) -> Told:
    return {
        "code": item.code,
        "name": edition.name,
        "main_item": item.main_item,
        "department": regions.name_of(item.department_id, on),
        "kind_label": kind_label(edition),
        "edition_id": edition.id,
        "edition_number": edition.number,
        "published_at": edition.published_at,
        "status": item.status,
        "is_abolished": item.status == ItemStatus.ABOLISHED,
        "status_label": str(ItemStatus(item.status).label),
    }


def _disclosures(edition: Edition, limits: Limits) -> Told:
    """What 七公开 asks for beside name and materials. Blank where the publication does not say."""
    details = edition.details
    notes = (limits.promised_basis, details.get("promised_note", ""))
    fees = details.get("fees") or []
    return {
        "basis": edition.basis,
        "conditions": edition.conditions,
        "procedure": edition.procedure,
        "promised_label": promised_label(edition),
        "promised_note": "；".join(one for one in notes if one),
        "statutory_label": _statutory(limits, details),
        "statutory_basis": limits.statutory_basis,
        "fee_label": edition.fee if fees else fee_label(edition),
        "fee_brief": _fee_brief(edition, fees),
        "fees": [_fee(row) for row in fees],
        "fee_basis": details.get("fee_basis", ""),
    }


def _statutory(limits: Limits, details: Mapping[str, Any]) -> str:
    """That law sets none was looked up and said; else nobody has said anything."""
    if limits.statutory:
        return limits.statutory.label
    return LAW_SETS_NONE if details.get("no_statutory_limit") else NOT_STATED


def _fee(row: Mapping[str, Any]) -> Told:
    waiver = row.get("waiver", "")
    if row.get("is_reducible") is not None and not waiver:
        waiver = _("可以减免") if row["is_reducible"] else _("不减免")
    return {key: row.get(key, "") for key in ("name", "standard", "basis")} | {"waiver": waiver}


def _fee_brief(edition: Edition, fees: Sequence[Mapping[str, Any]]) -> str:
    """What it costs, in a word or two: the sums, where they are short."""
    said = "、".join(dict.fromkeys(str(row.get("standard") or "") for row in fees))
    said = said or fee_in_short(edition)
    if len(said) <= BRIEF_LETTERS:
        return said
    return (
        _("%(count)d 个项目收费") % {"count": len(fees)} if len(fees) > 1 else _("收费，见收费标准")
    )


def _facts(details: Mapping[str, Any], keys: Sequence[str]) -> list[Told]:
    return [_fact(BY_KEY[key], details[key]) for key in keys if not is_blank(details.get(key))]


def _fact(field: Field, value: Any) -> Told:
    return {"term": field.label, "value": field.show(value)}


def _ways(item: Item, edition: Edition) -> Told:
    address = edition.details.get("online_url", "")
    return {
        "on_the_spot": edition.on_the_spot,
        "served_label": str(edition.get_served_display()),
        "places": edition.details.get("places") or [],
        "windows": [
            {"number": one.number, "name": one.name, "place": one.place}
            for one in regions.windows_serving(item.department_id)
        ],
        "online_url": address if address.startswith(("https://", "http://")) else "",
        "can_file": item.status == ItemStatus.ACTIVE and is_applied_for(edition),
    }


def is_applied_for(edition: Edition) -> bool:
    return KINDS[ItemKind(edition.kind)].is_applied_for


def _other_units(item: Item, edition: Edition, on: date) -> dict[str, str]:
    """The units of the route by code, without the item's own department."""
    codes = units_of(edition.route)
    names = regions.names_by_code(codes, on) if codes else {}
    return {code: name for code, name in names.items() if code != item.department.code}


def _apart(edition: Edition, profile: Profile, units: Mapping[str, str]) -> Told:
    details = edition.details
    chain = chain_of(
        edition.route,
        profile,
        promised="" if promised_label(edition) == NOT_STATED else promised_label(edition),
        on_the_spot=edition.on_the_spot,
        units=units,
        first=referred_up(details),
    )
    return {
        "chain": chain if is_applied_for(edition) else [],
        "special": [
            {key: row.get(key, "") for key in ("name", "limit", "basis")}
            for row in details.get("special") or []
        ],
        "questions": [
            {key: row.get(key, "") for key in ("question", "answer")}
            for row in details.get("questions") or []
        ],
        "remedies": profile.remedies,
    }


# ── materials ─────────────────────────────────────────────────────────────────────────────────


def _materials(
    item: Item,
    edition: Edition,
    picked: Mapping[str, Any] | None,
    variants: Sequence[Mapping[str, Any]],
) -> list[Told]:
    """The lines that are asked for, with the files that are kept for them."""
    lines = asked_for(edition.materials, picked)
    kept: set[str] = set()
    if any(item_files.names_in(lines)):
        kept = item_files.names_kept_by(item.id, edition.published_at)
    return [_material(line, kept, variants if picked is None else []) for line in lines]


def _material(
    line: Mapping[str, Any], kept: set[str], variants: Sequence[Mapping[str, Any]]
) -> Told:
    """A material as shown; of the first columns, what is not stated is said to be so."""
    copies = line.get("copies")
    facts = [_fact(COLUMN[key], line[key]) for key in MATERIAL_FACTS if not is_blank(line.get(key))]
    if variants and line.get("variants"):
        only = _("%(names)s时才要") % {"names": names_of(variants, line["variants"])}
        facts.insert(0, {"term": COLUMN["variants"].label, "value": only})
    return {
        "id": line["id"],
        "name": line["name"],
        "need": line.get("need") or NOT_STATED,
        "form": _form(line) or NOT_STATED,
        "copies": f"{copies}份" if copies else NOT_STATED,
        "note": line.get("note") or "",
        "facts": facts,
        "files": _files(line, kept),
    }


def _form(line: Mapping[str, Any]) -> str:
    sheet = COLUMN["sheet"].show(line["sheet"]) if line.get("sheet") else ""
    said = line.get("form") or ""
    return f"{said}（{sheet}）" if said and sheet and sheet != said else said or sheet


def _files(line: Mapping[str, Any], kept: set[str]) -> list[Told]:
    """The blank form and the sample; what is not kept here is fetched at the counter."""
    return [
        {
            "label": COLUMN[key].label,
            "name": item_files.name_of(line[key]),
            "is_kept": item_files.name_of(line[key]) in kept,
        }
        for key in item_files.COLUMNS
        if line.get(key)
    ]


# ── in brief ──────────────────────────────────────────────────────────────────────────────────


def _brief(told: Told, details: Mapping[str, Any]) -> list[Told]:
    """What everyone asks first: what to bring, where, how long, how much; and where it stands."""
    found = [
        _said("materials", _("要带什么"), *_bring(told["materials"])),
        _said("places", _("到哪里办"), *_where(told, details)),
        _said(
            "limits", _("要多久"), told["promised_label"], told["promised_note"] or _by_law(told)
        ),
        _said("fees", _("收多少钱"), told["fee_brief"]),
    ]
    if details.get("visits") is not None:
        value = _("跑 %(count)d 次") % {"count": details["visits"]}
        value = value if details["visits"] else _("一次也不用跑")
        found.insert(2, _said("ways", _("跑几趟"), value, _visits_note(details)))
    return found


def _visits_note(details: Mapping[str, Any]) -> str:
    if details.get("visits_note") or details["visits"]:
        return str(details.get("visits_note", ""))
    at_counter = "window" in (details.get("channels") or [])
    return _("网上办不用跑；到窗口办请带原件。") if at_counter else ""


def _said(target: str, question: str, answer: str, note: str = "") -> Told:
    return {"target": target, "question": question, "answer": answer, "note": note}


def _bring(materials: Sequence[Told]) -> tuple[str, str]:
    if not materials:
        return NOT_STATED, ""
    names = [line["name"] for line in materials]
    always = [line for line in materials if line["need"] in ALWAYS]
    sometimes = len(names) - len(always)
    shown = 1
    while shown < len(names) and len("、".join(names[: shown + 1])) <= NOTE_LETTERS:
        shown += 1
    etc = _("等") if shown < len(names) else ""
    said = _("%(count)d 种材料") % {"count": len(names)}
    if always and sometimes:
        counts = {"always": len(always), "sometimes": sometimes}
        said = _("%(always)d 种必带，%(sometimes)d 种看情况带") % counts
    return said, "、".join(names[:shown]) + etc


def _where(told: Told, details: Mapping[str, Any]) -> tuple[str, str]:
    note = ""
    if levels := details.get("service_levels"):
        shown = BY_KEY["service_levels"].show(levels)
        note = _("%(levels)s都受理") % {"levels": words.said(shown)} if len(levels) > 1 else ""
    if told["places"]:
        first = told["places"][0]
        return first["name"], note or first.get("address", "")
    if told["windows"]:
        window = told["windows"][0]
        number = _("%(number)s 号窗") % {"number": window["number"]} if window["number"] else ""
        return f"{window['place']} {number or window['name']}", note
    return _("先问咨询台"), note


def _by_law(told: Told) -> str:
    label = told["statutory_label"]
    if label in {NOT_STATED, LAW_SETS_NONE}:
        return ""
    return _("法定 %(limit)s") % {"limit": words.said(label)}
