"""Views: one item at the desk, and the acts of its review chain."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.proof import proved
from mingtang.accounts.rules import Role
from mingtang.base.clock import today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.ids import parse_id
from mingtang.channels import queries as channels
from mingtang.disclosure import present, queries, services
from mingtang.disclosure.forms import (
    ChannelsForm,
    ClearForm,
    OldNumberForm,
    ReadForm,
    ReturnForm,
    ReviewForm,
    TakeDownForm,
)
from mingtang.disclosure.queries.desk import Publication
from mingtang.disclosure.rules import chain
from mingtang.disclosure.rules.chain import Act, State
from mingtang.disclosure.rules.items import CATEGORIES
from mingtang.disclosure.rules.terms import term_on
from mingtang.disclosure.rules.text import blocks
from mingtang.disclosure.services.common import content_of
from mingtang.disclosure.views.common import READERS, done, grant_at, refused, sent
from mingtang.disclosure.views.office import attachments
from mingtang.messages.forms import CommandForm
from mingtang.regions.queries import names_of
from mingtang.timing.queries import open_clock
from mingtang.timing.rules import ClockKind

Fields = dict[str, Any]


@staff(*READERS)
@require_GET
def item(request: HttpRequest, publication_id: str) -> HttpResponse:
    """What an item says, what the look before release found, its chain, and what may be done."""
    found = queries.item_for(scope(request), parse_id(publication_id))
    return _page(request, found)


def _page(
    request: HttpRequest, found: Publication, refused_form: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    version, on = found.version, today()
    assert version is not None
    may = queries.acts_for(scope(request), found)
    ids = {found.organisation_id, *([found.on_behalf_of_id] if found.on_behalf_of_id else [])}
    names = names_of(ids, on)
    releases = channels.of_subject(found.subject)
    clock = open_clock(found.subject, ClockKind.DISCLOSURE)
    term = term_on(version.formed_date)
    context = {
        "item": found,
        "version": version,
        "content": content_of(version),
        "category": CATEGORIES.get(version.category, ""),
        "state": State(found.state).label,
        "tone": present.TONES[State(found.state)],
        "organ": names.get(found.organisation_id, ""),
        "on_behalf_of": names.get(found.on_behalf_of_id or 0, ""),
        "blocks": blocks(version.body),
        "files": attachments(found, version),
        "findings": present.findings(services.findings_of(version)),
        "reviews": [present.review(one) for one in queries.reviews_of(found)],
        "versions": [present.version(one, found) for one in queries.versions_of(found)],
        "numbers": queries.public_numbers(found),
        "doubts": queries.doubts_of_item(found),
        "releases": [present.release(one, names) for one in releases],
        "limit": present.left(clock.due_date if clock else None, None, on),
        "article": term.article if term else "",
        "is_superseded": queries.is_superseded(found),
        "acts": _acts(request, found, may, refused_form),
        "may_edit": Act.REVISE in may,
    }
    status = 422 if refused_form else 200
    return render(request, "disclosure/office/item.html", context, status=status)


# In the order in which they stand beside the item.
LABELS = {
    Act.SUBMIT: ("送审", "primary"),
    Act.REVIEW: ("审核同意", "primary"),
    Act.CLEAR: ("保密审查同意", "primary"),
    Act.PUBLISH: ("发布", "primary"),
    Act.KEEP: ("定为不主动公开", "primary"),
    Act.RECALL: ("取回", "plain"),
    Act.TAKE_DOWN: ("撤下", "danger"),
}
HELP = {
    Act.SUBMIT: "送审以后由另一位同事审核。",
    Act.KEEP: "理由已写在信息里；不会出现在公开页面上。",
    Act.RECALL: "还没有人审核同意时，可以取回再改。",
}


def _acts(
    request: HttpRequest,
    item: Publication,
    may: set[Act],
    refused_form: tuple[str, forms.Form] | None,
) -> list[Fields]:
    listed = [
        (act.value, *LABELS[act], HELP.get(act, ""))
        for act in LABELS
        if act in may and act is not Act.TAKE_DOWN
    ]
    if may & {Act.REVIEW, Act.CLEAR, Act.PUBLISH, Act.KEEP}:
        listed.append(("return", "退回", "plain", ""))
    if item.is_public and _releases(request, item):
        listed.append(("release", "再发到别的渠道", "plain", ""))
    if _releases(request, item):
        listed.append(("number", "登记原来的索引号", "plain", ""))
    if Act.TAKE_DOWN in may:
        listed.append((Act.TAKE_DOWN.value, *LABELS[Act.TAKE_DOWN], ""))
    given = dict([refused_form] if refused_form else [])
    return [
        {
            "verb": verb,
            "label": _(label),
            "tone": tone,
            "help": _(help_text) if help_text else "",
            "url": reverse("disclosure:office_act", args=[item.id, verb]),
            "form": given.get(verb) or form_of(verb, item),
        }
        for verb, label, tone, help_text in listed
    ]


def _releases(request: HttpRequest, item: Publication) -> bool:
    return item.organisation_id in queries.organs_of(scope(request), chain.REVIEWERS)


FORMS: dict[str, type[forms.Form]] = {
    Act.SUBMIT: ReadForm,
    Act.RECALL: CommandForm,
    Act.REVIEW: ReviewForm,
    Act.CLEAR: ClearForm,
    Act.KEEP: ReadForm,
    Act.TAKE_DOWN: TakeDownForm,
    "return": ReturnForm,
    "number": OldNumberForm,
}


def form_of(verb: str, item: Publication, data: Any = None) -> forms.Form:
    """The form of an act on an item."""
    assert item.version is not None
    initial = {"content_hash": item.version.content_hash}
    auto_id = f"id_{verb}_%s"
    if verb in {Act.PUBLISH, "release"}:
        listed = channels.channels_for(item.organisation_id)
        return ChannelsForm(data, channels=listed, initial=initial, auto_id=auto_id)
    return FORMS[verb](data, initial=initial, auto_id=auto_id)


def _on(form: forms.Form) -> list[services.On]:
    assert isinstance(form, ChannelsForm)
    return [services.On(**one) for one in form.rows()]


def _publish(item: Publication, form: forms.Form, by: Fields) -> str:
    read = form.cleaned_data["content_hash"]
    made = services.publish(publication_id=item.id, content_hash=read, on=_on(form), **by)
    return _("已公开，索引号 %(index_number)s，记入发布台账 %(releases)s 行。") % made


def _release(item: Publication, form: forms.Form, by: Fields) -> str:
    made = services.release_on(publication_id=item.id, on=_on(form), **by)
    return _("已记入发布台账 %(releases)s 行。") % made


def _number(item: Publication, form: forms.Form, by: Fields) -> str:
    data = form.cleaned_data
    made = services.add_old_number(
        publication_id=item.id, number=data["number"], organ_name=data["organ_name"], **by
    )
    return "".join([_("已登记，用这个号码也能找到。"), *made["doubts"]])


def _simply(command: Callable[..., Fields], said: str) -> Callable[..., str]:
    """A command that takes what its form has."""

    def act(item: Publication, form: forms.Form, by: Fields) -> str:
        data = {name: value for name, value in form.cleaned_data.items() if name != "command_id"}
        command(publication_id=item.id, **data, **by)
        return _(said)

    return act


COMMANDS: dict[str, Callable[..., str]] = {
    Act.SUBMIT: _simply(services.submit, "已送审。"),
    Act.RECALL: _simply(services.recall, "已取回，可以修改。"),
    Act.REVIEW: _simply(services.review, "已审核同意。"),
    Act.CLEAR: _simply(services.clear, "保密审查已同意。"),
    Act.KEEP: _simply(services.keep, "已定为不主动公开。"),
    Act.TAKE_DOWN: _simply(services.take_down, "已撤下。"),
    "return": _simply(services.send_back, "已退回起草人。"),
    Act.PUBLISH: _publish,
    "release": _release,
    "number": _number,
}
ROLES: dict[str, frozenset[Role]] = {
    **{act.value: roles for act, roles in chain.MAY.items()},
    "return": chain.REVIEWERS | chain.SECRECY_REVIEWERS,
    "release": chain.REVIEWERS,
    "number": chain.REVIEWERS,
}


@staff(*sorted(chain.READERS))
@require_POST
@proved(when=lambda publication_id, verb: verb == Act.PUBLISH)
def act(request: HttpRequest, publication_id: str, verb: str) -> HttpResponse:
    """One act of the chain on one item."""
    found = queries.item_for(scope(request), parse_id(publication_id))
    if verb not in COMMANDS:
        raise NotFound
    grant = grant_at(request, ROLES[verb], found.organisation_id)
    form = form_of(verb, found, request.POST)
    if not form.is_valid():
        return _page(request, found, (verb, form))
    try:
        done(request, COMMANDS[verb](found, form, sent(grant, request, form)))
    except DomainError as error:
        if not form.visible_fields():
            refused(request, error)
            return redirect("disclosure:office_item", found.id)
        form.add_error(None, error.message)
        return _page(request, queries.item_for(scope(request), found.id), (verb, form))
    return redirect("disclosure:office_item", found.id)
