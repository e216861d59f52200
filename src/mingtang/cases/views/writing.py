"""Views: what the pages of an application share: who has it, where it goes on."""

from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from mingtang.accounts.policy import scope
from mingtang.base.clock import today
from mingtang.base.errors import NotFound
from mingtang.cases import queries
from mingtang.cases.present.filing import APPLICANT, Writing
from mingtang.cases.rules import AlreadyFiled
from mingtang.cases.views.common import private, remember
from mingtang.catalogue import queries as catalogue

DRAFTS = "filing_drafts"  # what this browser has begun, or shown the resume code of
PASS_AGE = 24 * 3600  # a page left open over night still saves what is typed into it
PASS = "filing_pass"  # noqa: S105 – the name of an input


def to_page(draft: Any, part: str, fragment: str = "") -> HttpResponseRedirect:
    answer = redirect("cases:filing", draft.id, part)
    answer["Location"] += fragment
    return answer


# ── who has it ────────────────────────────────────────────────────────────────────────────────


def draft_of(request: HttpRequest, draft_id: int) -> Any:
    """The draft, for its person, the browser that has it, or a page that was open when the
    session ended: what was typed there is still saved. Raises NotFound, AlreadyFiled."""
    draft = queries.draft_of(draft_id)
    reader = scope(request)
    is_mine = reader.person_id is not None and draft.person_id == reader.person_id
    if not (is_mine or str(draft_id) in request.session.get(DRAFTS, [])):
        if not _has_pass(request, draft_id):
            raise NotFound("没有找到这份没填完的申请。换了设备的，请凭续填码找回。")
        remember(request, DRAFTS, str(draft_id))
    if draft.case is not None:
        raise AlreadyFiled(draft.case.number)
    return draft


def _has_pass(request: HttpRequest, draft_id: int) -> bool:
    try:
        shown = signing.loads(request.POST.get(PASS, ""), salt=PASS, max_age=PASS_AGE)
    except signing.BadSignature:
        return False
    return bool(shown == str(draft_id))


def writing_of(draft: Any) -> Writing:
    return Writing(draft, catalogue.edition_for_filing(draft.item.code), today())


def page_of(
    request: HttpRequest, writing: Writing, part: str, template: str, **more: Any
) -> HttpResponse:
    """`status` may be among `more`."""
    status = more.pop("status", 200)
    context = {
        "item": catalogue.item_detail(writing.draft.item.code, writing.on),
        "draft": writing.draft,
        "writing": writing,
        "parts": writing.parts,
        "here": writing.part(part),
        "back": writing.beside(part, -1) if part != APPLICANT else "",
        "filing_pass": signing.dumps(str(writing.draft.id), salt=PASS),
        "renewed": writing.renewed(),
        **more,
    }
    return private(render(request, template, context, status=status))


def onward(request: HttpRequest, writing: Writing, part: str, fits: bool) -> HttpResponse | None:
    """Where a page that was saved leads; None: it is shown again with what is wrong."""
    draft, go = writing.draft, request.POST.get("go", "next")
    if request.headers.get("X-Mingtang-Save"):
        return HttpResponse(status=204)
    if go == "later":
        return redirect("cases:filing_later", draft.id)
    if go == "back":
        return to_page(draft, writing.beside(part, -1))
    if not fits:
        return None
    return to_page(draft, writing.beside(part, 1))
