"""Views: the desk of those who publish, one item with what may be done, the editor."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.queries import actor_of
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.ids import derived_command_id, parse_id
from mingtang.base.paging import DateCursor
from mingtang.base.web import search_text
from mingtang.disclosure import present, queries, services
from mingtang.disclosure.forms import ItemForm, pairs
from mingtang.disclosure.queries.desk import Publication
from mingtang.disclosure.rules import chain
from mingtang.disclosure.rules.chain import Act, State
from mingtang.disclosure.rules.items import Attribute, Column
from mingtang.disclosure.rules.text import blocks
from mingtang.disclosure.services.common import content_of
from mingtang.disclosure.views.common import (
    READERS,
    done,
    grant_at,
    organ_choices,
    pressed,
    refused,
    sent,
)
from mingtang.files.download import as_attachment
from mingtang.files.forms import files_of
from mingtang.files.queries import upload_of
from mingtang.ledger.rules import Actor
from mingtang.messages.forms import CommandForm
from mingtang.regions.queries import names_of
from mingtang.timing.queries import current_calendar

FILTERS = ("q", "column", "attribute", "state")


@staff(*READERS)
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for whom: one's drafts, what is to be reviewed, cleared, released, overdue."""
    reader, on = scope(request), today()
    baskets = queries.baskets_for(reader)
    key = request.GET.get("list", "")
    counts = queries.basket_counts(reader, on)
    basket = next((one for one in baskets if one.key == key), None)
    basket = basket or next((one for one in baskets if counts.get(one.key)), baskets[0])
    after = DateCursor.read(request.GET.get("after", ""))
    page = queries.desk_page(reader, basket, on, after, _filter(request))
    names = names_of({one.organisation_id for one in page.rows}, on)
    calendar = current_calendar()
    kept = {"list": basket.key} | {
        name: request.GET[name] for name in FILTERS if request.GET.get(name)
    }
    context = {
        "baskets": [
            {"key": one.key, "label": one.label, "count": counts.get(one.key)} for one in baskets
        ],
        "basket": basket,
        "rows": [present.row(one, on, names, calendar) for one in page.rows],
        "next_url": f"?{urlencode(kept | {'after': str(page.next)})}" if page.next else "",
        "first_url": f"?{urlencode(kept)}" if after else "",
        "may_draft": reader.has_role(chain.DRAFTERS),
        "may_bulk": basket.key == "review",
        "button": CommandForm(auto_id=False),
        "columns": pairs(Column),
        "attributes": pairs(Attribute),
        "states": pairs(State),
        "asked": {name: request.GET.get(name, "") for name in FILTERS},
    }
    return render(request, "disclosure/office/desk.html", context)


def _filter(request: HttpRequest) -> queries.Filter:
    known: dict[str, Any] = {"column": Column, "attribute": Attribute, "state": State}
    chosen: dict[str, Any] = {
        name: value
        for name, kinds in known.items()
        if (value := request.GET.get(name, "")) in set(kinds)
    }
    return queries.Filter(words=search_text(request), **chosen)


@staff(*sorted(chain.REVIEWERS))
@require_POST
def review_many(request: HttpRequest) -> HttpResponseRedirect:
    """Approve the ticked items, each with the hash that stood on the page: in one act for each
    post under which they are reviewed, so that whoever stands in for a drafter is known as such."""
    opinion, reviewed = request.POST.get("opinion", "")[:500], 0
    try:
        form = pressed(request)
        for actor, hashes in _by_post(request, _ticked(request)).items():
            by = {"actor": actor, "at": now(), "command_id": _part_id(form, actor)}
            reviewed += services.review_many(hashes=hashes, opinion=opinion, **by)["reviewed"]
    except DomainError as error:
        refused(request, error)
    if reviewed:
        done(request, _("已审核同意 %(reviewed)s 条。") % {"reviewed": reviewed})
    return redirect(f"{reverse('disclosure:desk')}?list=review")


def _ticked(request: HttpRequest) -> dict[str, str]:
    parts = (text.partition(":") for text in request.POST.getlist("bound"))
    return {key: read for key, _sep, read in parts if parse_id(key) is not None and read}


def _by_post(request: HttpRequest, hashes: dict[str, str]) -> dict[Actor, dict[str, str]]:
    """The ticked items by who reviews them: in which post, and for whom."""
    if not hashes:
        raise DomainError(_("没有选中要审核的信息，请先勾选。"))
    reader, parts = scope(request), dict[Actor, dict[str, str]]()
    for key, read in sorted(hashes.items()):
        organ = queries.item_for(reader, parse_id(key)).organisation_id
        actor = actor_of(reader, grant_at(request, chain.REVIEWERS, organ))
        parts.setdefault(actor, {})[key] = read
    return parts


def _part_id(form: CommandForm, actor: Actor) -> str:
    """Each post's part is a command of its own; the form sent twice is still done once."""
    pressed_id = form.cleaned_data["command_id"]
    return derived_command_id(pressed_id, actor.organisation_id, actor.acting_for_id or "")


# ── the editor ────────────────────────────────────────────────────────────────────────────────


@staff(*sorted(chain.DRAFTERS))
def new(request: HttpRequest) -> HttpResponse:
    """Begin an item."""
    organs = organ_choices(request, chain.DRAFTERS)
    form = ItemForm(
        request.POST or None,
        request.FILES or None,
        organs=organs,
        is_new=True,
        initial={"target_group": "全社会", "attribute": "active", "genre": "other"},
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _begun(request, form)
        except DomainError as error:
            form.add_error(None, error.message)
    context = {"form": form, "item": None}
    return render(
        request, "disclosure/office/edit.html", context, status=422 if form.errors else 200
    )


def _begun(request: HttpRequest, form: ItemForm) -> HttpResponseRedirect:
    organ = int(form.cleaned_data["organisation"])
    by = sent(grant_at(request, chain.DRAFTERS, organ), request, form)
    made = services.draft(
        organisation_id=organ,
        content=form.content(),
        asks_secrecy=form.cleaned_data["asks_secrecy"],
        files=files_for(request, by["command_id"]),
        **by,
    )
    done(request, _("已保存草稿。看过检查结果就可以送审。"))
    return redirect("disclosure:office_item", made["publication_id"])


def files_for(request: HttpRequest, command_id: str) -> list[Any]:
    return files_of(
        request, "new_files", subject=f"disclosure:{command_id}", at=now(), command_id=command_id
    )


@staff(*sorted(chain.DRAFTERS))
def edit(request: HttpRequest, publication_id: str) -> HttpResponse:
    """Write another version of an item."""
    item = queries.item_for(scope(request), parse_id(publication_id))
    grant = queries.grant_for(scope(request), item, Act.REVISE)
    assert item.version is not None
    content = content_of(item.version)
    attached = [(str(one.upload_id), one.name) for one in content.attachments]
    organ = [
        (str(item.organisation_id), names_of([item.organisation_id], today())[item.organisation_id])
    ]
    form = ItemForm(
        request.POST or None,
        request.FILES or None,
        organs=organ,
        attached=attached,
        initial={
            **{name: getattr(content, name) for name in content.__dataclass_fields__},
            "kept": [key for key, _name in attached],
            "content_hash": item.version.content_hash,
            "asks_secrecy": item.version.asks_secrecy,
            "organisation": organ[0][0],
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            revise(request, item, form, sent(grant, request, form))
            done(request, _("已保存为新的一版，须重新送审。"))
            return redirect("disclosure:office_item", item.id)
        except DomainError as error:
            form.add_error(None, error.message)
    context = {"form": form, "item": item, "version": item.version}
    return render(
        request, "disclosure/office/edit.html", context, status=422 if form.errors else 200
    )


def revise(request: HttpRequest, item: Any, form: ItemForm, by: dict[str, Any]) -> Any:
    """Another version as a form says that was found sound. Raises DomainError."""
    kept = set(form.cleaned_data.get("kept", []))
    attached = content_of(item.version).attachments
    return services.revise(
        publication_id=item.id,
        content=form.content([one for one in attached if str(one.upload_id) in kept]),
        content_hash=form.cleaned_data["content_hash"],
        note=form.cleaned_data["note"],
        asks_secrecy=form.cleaned_data["asks_secrecy"],
        files=files_for(request, by["command_id"]),
        **by,
    )


# ── reading ───────────────────────────────────────────────────────────────────────────────────


@staff(*READERS)
@require_GET
def version(request: HttpRequest, publication_id: str, number: int) -> HttpResponse:
    """One version as it was written."""
    item = queries.item_for(scope(request), parse_id(publication_id))
    found = queries.version_of(item, number)
    context = {
        "item": item,
        "version": found,
        "blocks": blocks(found.body),
        "files": attachments(item, found),
    }
    return render(request, "disclosure/office/version.html", context)


def attachments(item: Publication, version: Any) -> list[dict[str, str]]:
    return [
        {
            "name": one["name"],
            "url": reverse("disclosure:office_file", args=[item.id, one["upload_id"]]),
        }
        for one in version.attachments
    ]


@staff(*READERS)
@require_GET
def file(request: HttpRequest, publication_id: str, upload_id: str) -> FileResponse:
    """A file of an item, for those whom the item is open to."""
    item = queries.item_for(scope(request), parse_id(publication_id))
    found = upload_of(item.subject, parse_id(upload_id) or 0)
    if found is None:
        raise NotFound("没有找到这个附件，请从信息页面下载。")
    found.check_may_leave()
    return as_attachment(found)
