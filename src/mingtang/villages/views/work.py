"""Views: one disclosure: written line by line, imported, handed in, examined, released."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.sessions import browser_mark
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.subjects import url_of
from mingtang.files.download import as_attachment
from mingtang.files.services import store
from mingtang.ledger.queries import history
from mingtang.persons.present import hidden_context
from mingtang.villages import present_office as present
from mingtang.villages import queries, services
from mingtang.villages.forms import office as forms
from mingtang.villages.hidden import hidden_of
from mingtang.villages.queries import desk, rights
from mingtang.villages.rules.kinds import LINES_OF, Layout
from mingtang.villages.rules.moves import CLERKS, DEEDS, READERS, TOWNSHIP, Deed, State

TEXT = ["GET", "HEAD", "POST"]
TONES = {Deed.HAND_IN: "primary", Deed.EXAMINE: "primary", Deed.APPROVE: "primary"}
TONES |= {Deed.RELEASE: "primary", Deed.TAKE_DOWN: "danger"}
HELP = {
    Deed.HAND_IN: "送审以后不能再改；被退回的可以改。",
    Deed.RELEASE: "发布后全村都能看到，异议期开始。",
    Deed.ARCHIVE: "异议期已过、异议都已答复的，可以归档；归档后仍然公开。",
}
Refused = dict[str, Any]


def private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store, private"
    return response


# ── begun, written ────────────────────────────────────────────────────────────────────────────


@staff(*CLERKS)
@require_http_methods(TEXT)
def new(request: HttpRequest, code: str) -> HttpResponse:
    """Begin something that no schedule asks for."""
    village = rights.village_for(scope(request), code)
    actor = rights.clerk_actor(scope(request), village.id, _("起草公开"))
    sections = [(one.code, one.name) for one in desk.sections_to_write(today())]
    form, status = forms.BeginForm(request.POST or None, sections=sections), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = services.begin(
                    village_id=village.id, **form.cleaned_data, actor=actor, at=now()
                )
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
            else:
                return redirect("village_office:work", made["disclosure_id"])
    context = {"form": form, "village": village}
    return private(render(request, "villages/office/new.html", context, status=status))


@staff(*READERS)
@require_http_methods(TEXT)
def work(request: HttpRequest, disclosure_id: int) -> HttpResponse:
    """One disclosure: what it says, what may be done with it. Sent: the text is kept."""
    one = rights.disclosure_for(scope(request), disclosure_id)
    if request.method != "POST":
        return _page(request, one)
    actor = rights.permit(scope(request), one.village_id, Deed.WRITE)
    form = text_form(one, request.POST)
    if not form.is_valid():
        return _page(request, one, {"text_form": form}, status=422)
    try:
        services.write(disclosure_id=one.id, **form.cleaned_data, actor=actor, at=now())
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, one, {"text_form": form}, status=error.status)
    notes.success(request, _("已保存。"))
    return _back(one, form)


def _back(one: queries.Disclosure, form: Any) -> HttpResponse:
    """To the page, which tells the script what has arrived, so that its copy may go."""
    key = form.cleaned_data["command_id"]
    return redirect(f"{reverse('village_office:work', args=[one.id])}?taken={key}")


def text_form(one: queries.Disclosure, data: Any = None) -> forms.DeedForm:
    is_account = Layout(one.section.layout) is Layout.ACCOUNTS
    kind = forms.AccountForm if is_account else forms.TextForm
    initial: dict[str, Any] = {"title": one.title, "body": one.body}
    if is_account:
        opening = desk.closing_before(one) if one.opening_cents is None else one.opening_cents
        initial |= {"opening_cents": opening, "closing_cents": one.closing_cents}
    return kind(data, initial=initial)


def _page(
    request: HttpRequest,
    one: queries.Disclosure,
    refused: Refused | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """`refused`: forms that came back with their words, in place of empty ones."""
    on, layout = today(), Layout(one.section.layout)
    deeds = rights.deeds_for(scope(request), one)
    may_write, given = Deed.WRITE in deeds, refused or {}
    context = {
        "one": one,
        "state": present.state(one),
        "late": present.lateness(one, on),
        "occasion": present.occasion(one),
        "lines": present.lines(one),
        "has_lines": bool(LINES_OF[layout]),
        "entry": desk.preview(one),
        "majors": desk.majors_of(one, on) if may_write else [],
        "may_write": may_write,
        "acts": _acts(one, deeds, given),
        "checks": present.checks(one),
        "objections": present.objections(one, on),
        "paper_form": given.get("paper_form") or _paper_form(request, one),
        "history": present.history(history(one.stream)),
        "taken": request.GET.get("taken", "")[:32],
        "browser_mark": browser_mark(str(request.user.pk)),
        "tv_url": url_of(f"tv_preview:{one.id}", for_staff=True),
        "message": given.get("message", ""),
        "faults": given.get("faults", ()),
    }
    if may_write:
        context |= {
            "text_form": given.get("text_form") or text_form(one),
            "line_form": given.get("line_form")
            or (forms.LineForm(layout=layout) if LINES_OF[layout] else None),
            "import_form": forms.ImportForm() if LINES_OF[layout] else None,
        }
    return private(render(request, "villages/office/work.html", context, status=status))


def _paper_form(request: HttpRequest, one: queries.Disclosure) -> forms.PaperForm | None:
    is_open = State(one.state) is State.RELEASED and scope(request).has_role(CLERKS | TOWNSHIP)
    return forms.PaperForm() if is_open else None


def _acts(one: queries.Disclosure, deeds: list[Deed], refused: Refused) -> list[dict[str, Any]]:
    """The forms open to the reader, besides writing."""
    return [
        {
            "verb": deed.value,
            "label": deed.label,
            "url": reverse("village_office:act", args=[one.id, deed.value]),
            "tone": TONES.get(deed, "plain"),
            "help": HELP.get(deed, ""),
            "form": refused.get(deed.value)
            or forms.FORM_OF[deed](initial={"content_hash": one.content_hash}),
        }
        for deed in deeds
        if deed is not Deed.WRITE
    ]


# ── lines ─────────────────────────────────────────────────────────────────────────────────────


@staff(*CLERKS)
@require_POST
def line(request: HttpRequest, disclosure_id: int) -> HttpResponse:
    """Book one line."""
    one = rights.disclosure_for(scope(request), disclosure_id)
    actor = rights.permit(scope(request), one.village_id, Deed.WRITE)
    form = forms.LineForm(request.POST, request.FILES, layout=Layout(one.section.layout))
    if not form.is_valid():
        return _page(request, one, {"line_form": form}, status=422)
    key, file = form.cleaned_data["command_id"], form.cleaned_data.get("receipt")
    try:
        receipt = store(file, command_id=key) if file else None
        services.add_lines(
            disclosure_id=one.id,
            lines=[form.cleaned_data["line"]],
            receipt=receipt,
            actor=actor,
            at=now(),
            command_id=key,
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, one, {"line_form": form}, status=error.status)
    notes.success(request, _("记好了一笔。"))
    return _back(one, form)


@staff(*CLERKS)
@require_POST
def drop_line(request: HttpRequest, disclosure_id: int, line_id: int) -> HttpResponse:
    one = rights.disclosure_for(scope(request), disclosure_id)
    actor = rights.permit(scope(request), one.village_id, Deed.WRITE)
    key = request.POST.get("command_id", "")
    form = forms.DeedForm({"command_id": key})
    if not form.is_valid():
        raise NotFound
    services.drop_line(disclosure_id=one.id, line_id=line_id, actor=actor, at=now(), command_id=key)
    notes.success(request, _("已删去一行。"))
    return redirect("village_office:work", one.id)


@staff(*CLERKS)
@require_POST
def import_lines(request: HttpRequest, disclosure_id: int) -> HttpResponse:
    """A bookkeeper's table becomes lines, all of them or none."""
    one = rights.disclosure_for(scope(request), disclosure_id)
    actor = rights.permit(scope(request), one.village_id, Deed.WRITE)
    form = forms.ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        told = {"message": _("没有导入："), "faults": [_("请选 XLSX 或 CSV 表格。")]}
        return _page(request, one, told, status=422)
    file = form.cleaned_data["table"]
    try:
        read = services.read_lines(file.read(), file.name, one.section.layout)
        if read.faults:
            told = {"message": _("一行也没有导入，请在表里改好这些行再传："), "faults": read.faults}
            return _page(request, one, told, status=422)
        services.add_lines(
            disclosure_id=one.id,
            lines=read.lines,
            actor=actor,
            at=now(),
            command_id=form.cleaned_data["command_id"],
        )
    except DomainError as error:
        told = {"message": _("没有导入："), "faults": [error.message]}
        return _page(request, one, told, status=error.status)
    notes.success(request, _("导入了 %d 行。") % len(read.lines))
    if read.left_out:
        left = "、".join(read.left_out)
        notes.warning(request, _("这些列不公开，没有读入：%s。") % left)
    return _back(one, form)


@staff(*READERS)
@require_GET
def receipt(request: HttpRequest, disclosure_id: int, upload_id: int) -> HttpResponseBase:
    """A receipt, for who examines."""
    one = rights.disclosure_for(scope(request), disclosure_id)
    found = desk.receipts_of(one).get(upload_id)
    if found is None:
        raise NotFound
    return as_attachment(found)


@staff(*READERS)
@require_GET
def preview(request: HttpRequest, disclosure_id: int) -> HttpResponse:
    """As everybody would read it."""
    one = rights.disclosure_for(scope(request), disclosure_id)
    entry = desk.preview(one)
    context: dict[str, Any] = {
        "entry": entry,
        "village": entry.village,
        "objections": [],
        "may_object": False,
        "is_preview": True,
        "tv_url": url_of(f"tv_preview:{one.id}", for_staff=True),
    }
    return private(render(request, "villages/entry.html", context))


# ── deeds ─────────────────────────────────────────────────────────────────────────────────────


def command_of(deed: Deed, one: queries.Disclosure, form: forms.DeedForm) -> Callable[..., Any]:
    """What is to be called with actor, at and command_id."""
    content, ids = form.content(), [one.id]
    if deed in (Deed.EXAMINE, Deed.APPROVE):
        verb = services.examine if deed is Deed.EXAMINE else services.approve
        hashes = {str(one.id): content.pop("content_hash")}
        return lambda **by: verb(hashes=hashes, **content, **by)
    if deed is Deed.TAKE_DOWN:
        return lambda **by: services.take_down(disclosure_id=one.id, **content, **by)
    verb = {
        Deed.HAND_IN: services.hand_in,
        Deed.RELEASE: services.release,
        Deed.ARCHIVE: services.archive,
    }[deed]
    return lambda **by: verb(disclosure_ids=ids, **by)


@staff(*READERS)
@require_POST
def act(request: HttpRequest, disclosure_id: int, verb: str) -> HttpResponse:
    """Something is done with a disclosure; what is refused comes back with its words."""
    if verb not in set(Deed) - {Deed.WRITE}:
        raise NotFound
    deed, reader = Deed(verb), scope(request)
    one = rights.disclosure_for(reader, disclosure_id)
    actor = rights.permit(reader, one.village_id, deed)
    form = forms.FORM_OF[deed](request.POST)
    if not form.is_valid():
        return _page(request, one, {deed.value: form}, status=422)
    key = form.cleaned_data["command_id"]
    try:
        command_of(deed, one, form)(actor=actor, at=now(), command_id=key)
    except DomainError as error:
        told = {"message": error.message}
        return _page(request, rights.disclosure_for(reader, one.id), told, status=error.status)
    notes.success(request, _("已办理：%s") % DEEDS[deed].label)
    return redirect("village_office:work", one.id)


# ── objections ────────────────────────────────────────────────────────────────────────────────


@staff(*CLERKS, *TOWNSHIP)
@sensitive_post_parameters("name", "phone", "text")
@require_POST
def paper(request: HttpRequest, disclosure_id: int) -> HttpResponse:
    """An objection that came on paper is typed in."""
    one = rights.disclosure_for(scope(request), disclosure_id)
    actor = rights.permit(scope(request), one.village_id, Deed.RELEASE)
    form = forms.PaperForm(request.POST)
    if not form.is_valid():
        return _page(request, one, {"paper_form": form}, status=422)
    try:
        made = services.raise_objection(
            disclosure_id=one.id, is_on_paper=True, **form.cleaned_data, actor=actor, at=now()
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, one, {"paper_form": form}, status=error.status)
    found = queries.objection_shown(made["number"])
    notes.success(
        request,
        _("已登记，编号 %(number)s，查询码 %(code)s，请抄给村民。")
        % {"number": found.number, "code": services.tracking_code(found)},
    )
    return redirect("village_office:work", one.id)


@staff(*CLERKS, *TOWNSHIP)
@require_http_methods(TEXT)
def objection(request: HttpRequest, objection_id: int) -> HttpResponse:
    """An objection, its words for who answers it, and the answer."""
    found = desk.objection_for(scope(request), objection_id)
    if found is None:
        raise NotFound
    actor = rights.permit(scope(request), found.disclosure.village_id, Deed.RELEASE)
    form, status = forms.ReplyForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.reply(objection_id=found.id, **form.cleaned_data, actor=actor, at=now())
            except DomainError as error:
                form.add_error(None, error.message)
                status = error.status
            else:
                notes.success(request, _("已答复。"))
                return redirect("village_office:work", found.disclosure_id)
    context = {
        "found": found,
        **hidden_context(scope(request), "objection", found.id, hidden_of(found)),
        "row": present.objection(found, today()),
        "form": form,
        "is_open": found.replied_at is None,
    }
    return private(render(request, "villages/office/objection.html", context, status=status))
