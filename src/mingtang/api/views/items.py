"""Views: items, their guides and forms; an application is filed, or taken in at a counter."""

from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, ConfigDict, create_model

from mingtang.accounts.policy import scope
from mingtang.accounts.queries import mandated_codes
from mingtang.accounts.rules import COUNTER_ROLES
from mingtang.api import shapes
from mingtang.api.bodies import as_typed, body_of, check, read_json, shaped
from mingtang.api.doors import everybody, staff
from mingtang.api.interface import once, reads, writes
from mingtang.api.rules import BodyWrong, Fault
from mingtang.api.views.common import After, Key, Name, Words, applicant, words_of
from mingtang.base.clock import now, today
from mingtang.cases import queries as cases
from mingtang.cases import services
from mingtang.cases.forms import FilingForm, IntakeForm
from mingtang.cases.present.filing import Writing
from mingtang.cases.rules import Channel
from mingtang.catalogue import queries as catalogue
from mingtang.catalogue.queries.listing import fee_label, promised_label
from mingtang.files.forms import files_of
from mingtang.files.services import StoredFile
from mingtang.questions.rules import Form, Question
from mingtang.regions import queries as regions

router = Router(tags=["事项"])


@reads(router, "/items", everybody(), shapes.Page[shapes.ItemLine], "查事项")
def items(
    request: HttpRequest,
    q: Words = "",
    served: Literal["", "natural", "legal"] = "",
    after: After = "",
) -> dict[str, Any]:
    """The items that are offered: with words the best first, else in order of registration."""
    page = catalogue.search_items(on=today(), text=words_of(q), served=served, after=after)
    return {"rows": [vars(one) for one in page.items], "next": page.next_after or None}


@reads(router, "/items/{code}", everybody(), shapes.Guide, "办事指南")
def guide(request: HttpRequest, code: Name) -> dict[str, Any]:
    """One item: what is needed, how long it takes, what it costs, which steps it goes through."""
    told = catalogue.item_detail(code, today())
    edition = catalogue.edition(told["edition_id"])
    return {
        **{name: told[name] for name in shapes.Guide.model_fields if name in told},
        "promised_label": promised_label(edition),
        "fee_label": fee_label(edition),
        "materials": catalogue.materials_of(edition),
        "steps": catalogue.steps_of(edition),
        "variants": catalogue.variants_of(edition),
        "fees": catalogue.fees_of(edition),
    }


@reads(router, "/items/{code}/form", everybody(), shapes.ItemForm, "申请表")
def form(request: HttpRequest, code: Name) -> dict[str, Any]:
    """What an application for the item is asked."""
    found = catalogue.form_of(catalogue.edition_for_filing(code))
    return {
        "title": found.title,
        "sections": sections_of(found),
    }


def sections_of(form: Form) -> list[dict[str, Any]]:
    return [
        {
            "key": section.key,
            "title": section.title,
            "help": section.help,
            "questions": [_question(one) for one in section.questions],
        }
        for section in form.sections
    ]


def _question(one: Question) -> dict[str, Any]:
    kept = ("path", "title", "is_required", "help", "unit")
    return {
        **{name: getattr(one, name) for name in kept},
        "kind": one.kind.value,
        "options": dict(one.options),
        "rows": [_question(inner) for inner in one.rows],
    }


# ── filing ────────────────────────────────────────────────────────────────────────────────────


class Material(BaseModel):
    """How a material comes: brought to the window, later with a promise, or with the request:
    its files then stand under `files-` and its id."""

    model_config = ConfigDict(extra="forbid", strict=True)
    id: str
    way: Literal["uploaded", "to_bring", "deferred", "not_needed"]
    promise: str = ""


ANSWERS = dict[str, dict[str, Any]]
BESIDE = {"answers", "materials"}
FILES = "files-"
COMES_ALONG = 0  # in the place of an upload that is not stored yet
NOT_ASKED = "没有要这份材料，请对照办事指南核对编号和所选的情形。"


@cache
def filing_body() -> type[BaseModel]:
    base = body_of(FilingForm)
    made: type[BaseModel] = create_model(
        "Filing", __base__=base, answers=(ANSWERS, ...), materials=(list[Material], [])
    )
    return made


@cache
def intake_body() -> type[BaseModel]:
    made: type[BaseModel] = create_model(
        "Intake", __base__=body_of(IntakeForm), answers=(ANSWERS, ...)
    )
    return made


@writes(
    router,
    "/items/{code}/cases",
    everybody(),
    shapes.Filed,
    "网上申请",
    body=filing_body,
    files=("files-{id}",),
)
def file(request: HttpRequest, code: Name, key: Key) -> dict[str, Any]:
    """File an application. What keeps it from being filed is said at once, all of it."""
    said = shaped(filing_body(), read_json(request, OfMaterials())).model_dump(exclude_none=True)
    return once(request, key, lambda: _filed(request, code, said, key))


def _filed(request: HttpRequest, code: str, said: dict[str, Any], key: str) -> dict[str, Any]:
    writing = _writing(request, code, said)
    wrong = [Fault(_place(one["part"]), str(one["text"])) for one in writing.still_wrong()]
    if wrong := [*_unasked(request, writing, said), *wrong]:
        raise BodyWrong(wrong)
    form = writing.applicant
    person_id = None if scope(request).is_staff else scope(request).person_id
    answer = services.submit(
        item_code=code,
        applicant=form.applicant(
            person_id=person_id, is_registered=_is_registered(request, form.cleaned_data)
        ),
        answers=writing.relevant(),
        given=writing.given(),
        pages=_pages(request, key),
        channel=Channel.ONLINE.value,
        variant=form.cleaned_data.get("variant", ""),
        renewal=form.renewal(),
        township_id=form.township_id(),
        actor=applicant(request),
        at=now(),
        command_id=key,
    )
    return _receipt(answer)


def _unasked(request: HttpRequest, writing: Writing, said: dict[str, Any]) -> Iterator[Fault]:
    """Materials that this applicant is not asked for, and files of no material that is named."""
    asked, named = {line["id"] for line in writing.lines}, {one["id"] for one in said["materials"]}
    for place, one in enumerate(said["materials"]):
        if one["id"] not in asked:
            yield Fault(f"materials.{place}.id", NOT_ASKED)
    for name in request.FILES:
        if name.removeprefix(FILES) not in asked & named:
            yield Fault(name[:60], NOT_ASKED)


def _pages(request: HttpRequest, key: str) -> dict[str, list[StoredFile]]:
    """The files of each material, safe on disk: the same ones where the request comes again."""
    found = {}
    for name in sorted(request.FILES):
        one = name.removeprefix(FILES)
        command_id = f"{key}/{one}"
        found[one] = files_of(request, name, subject="case:new", at=now(), command_id=command_id)
    return found


class OfMaterials:
    """The names under which files of materials stand."""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.startswith(FILES)


def _writing(request: HttpRequest, code: str, said: dict[str, Any]) -> Writing:
    """An application written all at once, judged as one that was written page by page. Of files
    only that they are there: they are stored once nothing is wrong."""
    edition = catalogue.edition_for_filing(code)
    plain = {name: value for name, value in said.items() if name not in BESIDE}
    materials: dict[str, dict[str, Any]] = {
        one["id"]: {"way": one["way"], "promise": one["promise"]} for one in said["materials"]
    }
    for one, line in materials.items():
        if FILES + one in request.FILES:
            line |= {"way": "uploaded", "uploads": [COMES_ALONG]}
    content = {
        "applicant": as_typed(plain, "").dict(),
        "answers": said["answers"],
        "materials": materials,
    }
    return Writing(SimpleNamespace(content=content, edition_id=edition.id), edition, today())


def _place(part: str) -> str:
    return f"answers.{part.removeprefix('s-')}" if part.startswith("s-") else part


def _is_registered(request: HttpRequest, data: dict[str, Any]) -> bool:
    """Whether who signed in files as the proxy whose mandate is on record."""
    reader = scope(request)
    if reader.person_id is None or not request.user.is_authenticated:
        return False
    if data["proxy_identity_number"] != request.user.identity_number:
        return False
    return data["identity_number"] in mandated_codes(reader.person_id, today())


def _receipt(answer: dict[str, Any]) -> dict[str, Any]:
    case = cases.filed_case(answer["number"])
    return {
        "number": case.number,
        "query_code": services.tracking_code(case),
        "state": case.state,
    }


@writes(
    router,
    "/items/{code}/intake",
    staff(*COUNTER_ROLES),
    shapes.Filed,
    "窗口收件",
    body=intake_body,
)
def take_in(request: HttpRequest, code: Name, key: Key) -> dict[str, Any]:
    """Take an application in at a counter, complete or not: what it lacks is asked afterwards."""
    said = shaped(intake_body(), read_json(request)).model_dump(exclude_none=True)
    return once(request, key, lambda: _taken(request, code, said, key))


def _taken(request: HttpRequest, code: str, said: dict[str, Any], key: str) -> dict[str, Any]:
    edition = catalogue.edition_for_filing(code)
    unit = edition.item.department
    actor, channel = cases.permit_intake(
        scope(request), code, organisation_id=unit.id, region_id=unit.region_id
    )
    townships = cases.townships_of(edition, today())
    if townships and regions.township_unit_of(int(actor.organisation_id or 0)):
        townships = []
    answers = said.pop("answers")
    form = IntakeForm(
        as_typed(said, key),
        variants=catalogue.variants_of(edition),
        item_name=edition.name,
        townships=townships,
    )
    data = check(form)
    answer = services.take_in(
        item_code=code,
        applicant=form.applicant(person_id=None, is_registered=data["is_mandate_seen"]),
        answers=answers,
        may_lack=True,
        variant=data.get("variant", ""),
        originals=data["originals"],
        channel=channel.value,
        renewal=form.renewal(),
        township_id=form.township_id(),
        actor=actor,
        at=now(),
        command_id=key,
    )
    return _receipt(answer)
