"""Views: what the public may read, and the desk of those who publish."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel

from mingtang.accounts.policy import scope
from mingtang.accounts.proof import check_proved
from mingtang.api import shapes
from mingtang.api.bodies import body_of, check, files_in, typed
from mingtang.api.doors import everybody, staff
from mingtang.api.interface import once, reads, writes
from mingtang.api.rules import BodyWrong, Fault
from mingtang.api.verbs import Verb
from mingtang.api.views.acts import Asked, deed
from mingtang.api.views.common import After, Id, Key, Name, next_of
from mingtang.base.clock import today
from mingtang.base.ids import parse_id
from mingtang.base.paging import DateCursor
from mingtang.disclosure import present, queries, services
from mingtang.disclosure.forms import ChannelsForm, ItemForm
from mingtang.disclosure.queries.desk import Publication
from mingtang.disclosure.rules import chain
from mingtang.disclosure.rules.chain import ACT_LABELS, Act, State
from mingtang.disclosure.rules.items import Column
from mingtang.disclosure.services.common import content_of
from mingtang.disclosure.views.common import READERS, grant_at, organ_choices, sent
from mingtang.disclosure.views.item import COMMANDS, FORMS, ROLES, form_of
from mingtang.disclosure.views.office import files_for, revise
from mingtang.regions import queries as regions

router = Router(tags=["信息公开"])


@reads(router, "/publications", everybody(), shapes.Page[shapes.PublicLine], "公开的信息")
def publications(
    request: HttpRequest, column: Column | None = None, after: After = ""
) -> dict[str, Any]:
    """What is public, newest first."""
    sought = queries.PublicSought(column=column)
    page = queries.public_items(sought, DateCursor.read(after))
    names = regions.names_of({one.organisation_id for one in page.rows}, today())
    return {"rows": [_line(one, names) for one in page.rows], "next": next_of(page.next)}


@reads(router, "/publications/{publication_id}", everybody(), shapes.PublicText, "一条公开信息")
def publication(request: HttpRequest, publication_id: Id) -> dict[str, Any]:
    found = queries.public_item(parse_id(publication_id) or 0)
    version = found.published_version
    assert version is not None
    kept = ("body", "document_number", "formed_date", "keywords", "validity")
    return {
        **_line(found, regions.names_of({found.organisation_id}, today())),
        **{name: getattr(version, name) for name in kept},
        "files": [one["name"] for one in version.attachments],
    }


def _line(item: Publication, names: dict[int, str]) -> dict[str, Any]:
    version = item.published_version
    assert version is not None
    return {
        "id": str(item.id),
        "title": version.title,
        "organ": names.get(item.organisation_id, ""),
        "column": version.column,
        "public_date": item.public_date,
        "index_number": item.index_number or "",
    }


# ── the desk ──────────────────────────────────────────────────────────────────────────────────

Basket = Literal["mine", "review", "secrecy", "release", "overdue", "all"]


@reads(
    router,
    "/desk/publications",
    staff(*READERS),
    shapes.Page[shapes.DraftLine],
    "起草、审核、发布的清单",
)
def desk(request: HttpRequest, basket: Basket = "all", after: After = "") -> dict[str, Any]:
    """What waits, for the reader's posts."""
    reader, on = scope(request), today()
    chosen = next((one for one in queries.baskets_for(reader) if one.key == basket), None)
    if chosen is None:
        return {"rows": [], "next": None}
    page = queries.desk_page(reader, chosen, on, DateCursor.read(after))
    names = regions.names_of({one.organisation_id for one in page.rows}, on)
    return {"rows": [_draft(one, names) for one in page.rows], "next": next_of(page.next)}


@reads(router, "/desk/publications/{publication_id}", staff(*READERS), shapes.DraftFile, "一条信息")
def draft_file(request: HttpRequest, publication_id: Id) -> dict[str, Any]:
    """What it says, what the look before release found, and what the reader may do now."""
    found = queries.item_for(scope(request), parse_id(publication_id))
    assert found.version is not None
    return {
        **_draft(found, regions.names_of({found.organisation_id}, today())),
        "body": found.version.body,
        "findings": present.findings(services.findings_of(found.version)),
        "acts": sorted(act.value for act in queries.acts_for(scope(request), found)),
    }


def _draft(item: Publication, names: dict[int, str]) -> dict[str, Any]:
    version, state = item.version, State(item.state)
    assert version is not None
    return {
        "id": str(item.id),
        "title": version.title,
        "organ": names.get(item.organisation_id, ""),
        "column": version.column,
        "state": state.value,
        "state_label": state.label,
        "is_public": item.is_public,
        "content_hash": version.content_hash,
    }


@cache
def draft_body() -> type[BaseModel]:
    return body_of(ItemForm)


@writes(
    router,
    "/desk/publications",
    staff(*sorted(chain.DRAFTERS)),
    shapes.PublicationDone,
    "起草",
    body=draft_body,
    files=files_in(ItemForm),
)
def draft(request: HttpRequest, key: Key) -> dict[str, Any]:
    """Begin an item; `organisation` may be left out by who drafts for one unit alone."""
    data = typed(request, ItemForm, key)

    def do() -> dict[str, Any]:
        organs = organ_choices(request, chain.DRAFTERS)
        if "organisation" not in data and len(organs) == 1:
            data["organisation"] = organs[0][0]
        form = ItemForm(data, request.FILES, organs=organs, is_new=True)
        organ = int(check(form)["organisation"])
        made = services.draft(
            organisation_id=organ,
            content=form.content(),
            asks_secrecy=form.cleaned_data["asks_secrecy"],
            files=files_for(request, key),
            **sent(grant_at(request, chain.DRAFTERS, organ), request, form),
        )
        return _done(request, made["publication_id"], "已保存草稿。")

    return once(request, key, do)


def _revise(asked: Asked) -> Any:
    """Another version; `content_hash` says of which, `organisation` may be left out."""
    found = queries.item_for(asked.reader, parse_id(asked.about["id"]))
    grant = queries.grant_for(asked.reader, found, Act.REVISE)
    assert found.version is not None
    unit = str(found.organisation_id)
    asked.data.setdefault("organisation", unit)
    attached = [(str(one.upload_id), one.name) for one in content_of(found.version).attachments]
    files = asked.request.FILES
    form = ItemForm(asked.data, files, organs=[(unit, unit)], attached=attached)
    check(form)
    revise(asked.request, found, form, sent(grant, asked.request, form))
    return {"publication_id": str(found.id)}


REVISE = "/desk/publications/{id}/revise"
deed(router, REVISE, staff(*sorted(chain.DRAFTERS)), ItemForm, _revise, "改成新的一版")


def _done(request: HttpRequest, publication_id: Any, said: str) -> dict[str, Any]:
    state = State(queries.item_for(scope(request), int(publication_id)).state)
    told = {"state": state.value, "state_label": state.label, "said": said}
    return {"id": str(publication_id), **told}


def _form_class(verb: str) -> Any:
    return ChannelsForm if verb in {Act.PUBLISH.value, "release"} else FORMS[verb]


def verbs() -> Iterator[Verb]:
    for verb in map(str, COMMANDS):
        label = ACT_LABELS[Act(verb)] if verb in set(Act) else OTHERS[verb]
        form = _form_class(verb)
        yield Verb(verb, label, body_of(form, is_open=form is ChannelsForm))


OTHERS = {"return": "退回", "number": "登记原来的索引号", "release": "再发到别的渠道"}


@writes(
    router,
    "/desk/publications/{publication_id}/acts/{verb}",
    staff(*sorted(chain.READERS)),
    shapes.PublicationDone,
    "办理",
    verbs=verbs,
)
def act(request: HttpRequest, publication_id: Id, verb: Name, key: Key) -> dict[str, Any]:
    """One act of the review chain. Another person reviews than wrote, as on the page."""
    if verb not in COMMANDS:
        raise BodyWrong([Fault("verb", "没有这种办理，请对照接口说明核对。")])
    if verb == chain.Act.PUBLISH:
        check_proved(request)
    kind = _form_class(verb)
    data = typed(request, kind, key, is_open=kind is ChannelsForm)

    def do() -> dict[str, Any]:
        found = queries.item_for(scope(request), parse_id(publication_id))
        grant = grant_at(request, ROLES[verb], found.organisation_id)
        form = form_of(verb, found, data)
        check(form)
        return _done(request, found.id, COMMANDS[verb](found, form, sent(grant, request, form)))

    return once(request, key, do)
