"""Views: an application is written page by page, kept at every step, found again, and filed."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages as notes
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import public, scope
from mingtang.accounts.puzzles import puzzled
from mingtang.accounts.queries import actor_of, mandated_codes
from mingtang.accounts.rules import FILING_PER_SOURCE, TooManyAttempts
from mingtang.accounts.services import count_attempt_or_refuse
from mingtang.base.clock import now, today
from mingtang.base.errors import Conflict, DomainError
from mingtang.base.web import for_reading, new_command_id, secret_fields, site_url, source_of
from mingtang.cases import queries, services
from mingtang.cases.forms import CommandForm, FilingForm, ResumeForm
from mingtang.cases.present.filing import APPLICANT, CHECK, MATERIALS, Writing
from mingtang.cases.rules import AlreadyFiled, Channel
from mingtang.cases.views.common import FILED, as_picture, places_for, private, remember
from mingtang.cases.views.materials import materials_page
from mingtang.cases.views.writing import DRAFTS, draft_of, onward, page_of, to_page, writing_of
from mingtang.catalogue import queries as catalogue
from mingtang.questions.forms import QuestionsForm

PERSONAL = ("identity_number", "phone", "address", "proxy_identity_number")


# ── beginning ─────────────────────────────────────────────────────────────────────────────────


@public
@sensitive_post_parameters(*PERSONAL)
@puzzled("filing_source")
def file(request: HttpRequest, code: str) -> HttpResponse:
    """The first page of an application: who applies. What follows is asked by the item's form."""
    edition = catalogue.edition_for_filing(code)  # says why where applications are not taken
    if not request.user.is_authenticated and edition.details.get("real_name"):
        notes.info(request, _("这个事项要实名申请，请先用统一身份认证登录；也可以到窗口办理。"))
        return redirect_to_login(request.get_full_path())
    services.check_real_name(edition, scope(request).person_id)
    variants = catalogue.variants_of(edition)
    form = FilingForm(
        request.POST or None,
        initial=_prefill(request) | _chosen(request),
        variants=variants,
        item_name=edition.name,
        townships=queries.townships_of(edition, today()),
    )
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            draft = _begun(request, edition, form)
        except TooManyAttempts as error:
            form.add_error(None, error.message)
            status = error.status
        else:
            return to_page(draft, Writing(draft, edition, today()).beside(APPLICANT, 1))
    context = {
        "item": catalogue.item_detail(code, today()),
        "form": form,
        "begun": [one for one in _drafts(request) if one.item_id == edition.item_id],
    }
    return private(render(request, "cases/filing/begin.html", context, status=status))


def _chosen(request: HttpRequest) -> dict[str, str]:
    """The business variant that the guide's page was read for, the licence that is renewed."""
    asked = {
        "variant": ("variant", 2),
        "renews_number": ("renews", 100),
        "renews_until": ("until", 10),
    }
    found = {name: request.GET.get(key, "")[:most] for name, (key, most) in asked.items()}
    return {name: value for name, value in found.items() if value}


def _prefill(request: HttpRequest) -> dict[str, Any]:
    """What we know of a citizen who signed in. Staff file for nobody here."""
    user = request.user
    if not user.is_authenticated or scope(request).is_staff:
        return {}
    return {
        "applicant_name": user.name,
        "identity_number": user.identity_number,
        "phone": user.phone,
    }


def _begun(request: HttpRequest, edition: Any, form: FilingForm) -> Any:
    reader, at = scope(request), now()
    count_attempt_or_refuse("filing_source", source_of(request), FILING_PER_SOURCE, at)
    known = queries.known_answers(catalogue.form_of(edition), reader)
    draft = services.start_draft(
        edition=edition,
        content={"applicant": form.typed(), "known": known},
        person_id=None if reader.is_staff else reader.person_id,
        at=at,
    )
    remember(request, DRAFTS, str(draft.id))
    return draft


def _drafts(request: HttpRequest) -> list[Any]:
    reader = scope(request)
    ids = [int(one) for one in request.session.get(DRAFTS, [])]
    return queries.drafts_among(ids, None if reader.is_staff else reader.person_id)


@public
@for_reading
@secret_fields("code")
def resume(request: HttpRequest) -> HttpResponse:
    """Find an application again by the code that was given when it was saved."""
    form, status = ResumeForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                draft = services.draft_by_code(
                    code=form.cleaned_data["code"], source=source_of(request), at=now()
                )
                remember(request, DRAFTS, str(draft.id))
                return redirect("cases:filing_on", draft.id)
            except DomainError as error:
                form.add_error("code", error.message)
                status = error.status
    context = {"form": form, "drafts": _drafts(request)}
    return private(render(request, "cases/filing/resume.html", context, status=status))


@public
@require_GET
def filing_on(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Go on where something is still to be filled in."""
    draft = draft_of(request, draft_id)
    writing = writing_of(draft)
    parts = (part["key"] for part in writing.parts if not part["is_done"])
    return to_page(draft, next(parts, CHECK))


@public
@require_POST
def filing_discard(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Give up what was begun."""
    draft = draft_of(request, draft_id)
    services.discard_draft(draft.id)
    return redirect("catalogue:item", draft.item.code)


# ── the pages ─────────────────────────────────────────────────────────────────────────────────


@public
@sensitive_post_parameters()
def filing(request: HttpRequest, draft_id: int, part: str) -> HttpResponse:
    """One page of an application. Whatever was typed is kept, right or wrong, before it is read."""
    try:
        draft = draft_of(request, draft_id)
    except AlreadyFiled as filed:
        if filed.number in request.session.get(FILED, []):
            return redirect("cases:filed", filed.number)  # the second click
        raise
    writing = writing_of(draft)
    if writing.part(part) is None:
        return to_page(draft, CHECK)
    page = {APPLICANT: _applicant, MATERIALS: materials_page, CHECK: _check}.get(part, _section)
    return page(request, writing, part)


def _applicant(request: HttpRequest, writing: Writing, part: str) -> HttpResponse:
    typed = writing.content.get("applicant") or {}
    form = FilingForm(
        request.POST or None,
        initial=typed,
        variants=catalogue.variants_of(writing.edition),
        item_name=writing.edition.name,
        townships=queries.townships_of(writing.edition, writing.on),
    )
    if request.method == "POST":
        draft = services.keep_part(writing.draft.id, "applicant", form.typed(), at=now())
        writing = writing_of(queries.draft_of(draft.id))
        further = onward(request, writing, part, form.is_valid())
        if further:
            return further
    status = 422 if form.errors else 200
    return page_of(request, writing, part, "cases/filing/applicant.html", form=form, status=status)


def _section(request: HttpRequest, writing: Writing, part: str) -> HttpResponse:
    key = part.removeprefix("s-")
    answers, known = writing.answers, writing.content.get("known") or {}
    is_first_look = key not in answers
    if is_first_look and key in known:
        answers = {**answers, key: known[key]}
    form = QuestionsForm(
        writing.form,
        [key],
        data=request.POST if request.method == "POST" else None,
        answers=answers,
        on=writing.on,
        places=places_for(writing.form, writing.edition, writing.on),
    )
    if request.method == "POST":
        kept = {key: form.typed.get(key, {})}
        services.keep_part(writing.draft.id, "answers", kept, at=now())
        writing = writing_of(queries.draft_of(writing.draft.id))
        if form.is_row_change:
            _verb, _, rows = request.POST["row"].partition(" ")
            return to_page(writing.draft, part, f"#id_{quote(rows.split(' ')[0])}-count")
        further = onward(request, writing, part, form.is_valid())
        if further:
            return further
    brought = is_first_look and request.method != "POST" and key in known
    status = 422 if form.is_bound and form.errors else 200
    return page_of(
        request,
        writing,
        part,
        "cases/filing/section.html",
        form=form,
        is_brought=brought,
        status=status,
    )


# ── checking and filing ───────────────────────────────────────────────────────────────────────


def _check(request: HttpRequest, writing: Writing, part: str) -> HttpResponse:
    if request.headers.get("X-Mingtang-Save"):
        return HttpResponse(status=204)  # nothing is written here, and saving files nothing
    error, status = "", 200
    wrong = writing.still_wrong()
    if request.method == "POST":
        status = 422
        is_seen = request.POST.get("edition") == str(writing.edition.id)
        sent = CommandForm(request.POST)
        if not sent.is_valid():
            error = _("这一页不完整，请再按一次“确认提交”。您填的都还在。")
        elif not wrong and is_seen:
            try:
                return _filed(request, writing, sent.cleaned_data["command_id"])
            except AlreadyFiled:
                raise
            except DomainError as refused:
                error, status = refused.message, refused.status
        elif not is_seen:
            status = Conflict.status
            error = _("办事指南刚刚更新，请按新的要求再核对一遍。您填的都还在。")
    pages = queries.pages_of(writing.draft)
    materials = [
        {
            "name": one.name,
            "way_label": one.way.label,
            "promise": one.promise,
            "files": [pages[str(id_)] for id_ in one.upload_ids if str(id_) in pages],
        }
        for one in writing.given()
    ]
    return page_of(
        request,
        writing,
        part,
        "cases/filing/check.html",
        wrong=wrong,
        error=error,
        materials=materials,
        changes={
            section.key: reverse("cases:filing", args=[writing.draft.id, f"s-{section.key}"])
            for section in writing.form.sections
        },
        command_id=new_command_id(),
        status=status,
    )


def _filed(request: HttpRequest, writing: Writing, command_id: str) -> HttpResponseRedirect:
    form, reader = writing.applicant, scope(request)
    data = form.cleaned_data
    codes = mandated_codes(reader.person_id, today()) if reader.person_id else []
    is_oneself = request.user.is_authenticated and (
        data["proxy_identity_number"] == request.user.identity_number
    )
    is_registered = is_oneself and data["identity_number"] in codes
    answer = services.submit(
        item_code=writing.draft.item.code,
        applicant=form.applicant(person_id=reader.person_id, is_registered=is_registered),
        answers=writing.relevant(),
        given=writing.given(),
        draft_id=writing.draft.id,
        channel=Channel.ONLINE.value,
        variant=data.get("variant", ""),
        renewal=form.renewal(),
        township_id=form.township_id(),
        actor=actor_of(reader),
        at=now(),
        command_id=command_id,
    )
    remember(request, FILED, answer["number"])
    return redirect("cases:filed", answer["number"])


@public
@require_GET
def filing_later(request: HttpRequest, draft_id: int) -> HttpResponse:
    """What was saved, and how to find it again, here or on another device."""
    draft = draft_of(request, draft_id)
    context = {
        "item": catalogue.item_detail(draft.item.code, today()),
        "draft": draft,
        "code": services.resume_code(draft),
        "kept_days": services.KEPT_DAYS,
    }
    return private(render(request, "cases/filing/later.html", context))


@public
@require_GET
def filing_qr(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The picture that opens it on another device."""
    code = services.resume_code(draft_of(request, draft_id))
    return as_picture(f"{site_url(request)}{reverse('cases:filing_resume')}#code={code}")
