"""Views: the materials of an application, one by one, page by page."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from mingtang.accounts.policy import public, scope
from mingtang.base.clock import now
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.web import new_command_id
from mingtang.cases import queries, services
from mingtang.cases.forms import MaterialsForm
from mingtang.cases.forms.filing import rest_brought
from mingtang.cases.present.filing import Writing
from mingtang.cases.views.writing import draft_of, onward, page_of, to_page, writing_of
from mingtang.files.download import as_attachment, as_thumbnail
from mingtang.files.forms import files_of, upload_attributes
from mingtang.files.rules import RefusedFile
from mingtang.files.services import rotate, upload_ticket


def materials_page(request: HttpRequest, writing: Writing, part: str) -> HttpResponse:
    """How each material comes, and the pages of those that are given now."""
    data = request.POST if request.method == "POST" else None
    ticket = upload_ticket(writing.draft.subject, at=now())
    attributes = upload_attributes(ticket)
    if data is not None and data.get("go") == "rest":
        data = rest_brought(data, _without_files(request, writing), writing.said)
    form = _form_of(writing, data, attributes)
    if data is not None:
        services.keep_part(writing.draft.id, "materials", form.said(), at=now())
        refusals = dict(_take_files(request, writing))
        if page := data.get("page"):
            refusals |= _change_page(request, writing_of(queries.draft_of(writing.draft.id)), page)
        writing = writing_of(queries.draft_of(writing.draft.id))
        form = _form_of(writing, data, attributes)
        fits = form.is_valid() and not refusals
        for name, text in refusals.items():
            form.add_error(name if name in form.fields else None, text)
        if not refusals and (page or data.get("go") == "stay"):
            return to_page(writing.draft, part, f"#{_place(page or '')}")
        further = onward(request, writing, part, fits)
        if further and not refusals:
            return further
    status = 422 if form.is_bound and form.errors else 200
    rows = _rows(request, writing, form)
    return page_of(
        request, writing, part, "cases/filing/materials.html", form=form, rows=rows, status=status
    )


def _form_of(writing: Writing, data: Any, attributes: Mapping[str, str]) -> MaterialsForm:
    proxy = (writing.content.get("applicant") or {}).get("proxy_name")
    return MaterialsForm(writing.lines, writing.said, data, attributes, has_proxy=bool(proxy))


def _without_files(request: HttpRequest, writing: Writing) -> list[dict[str, Any]]:
    return [line for line in writing.lines if not request.FILES.get(f"files-{line['id']}")]


def _place(page: str) -> str:
    return f"material-{page.split()[1]}" if len(page.split()) == 3 else "main"


def _rows(request: HttpRequest, writing: Writing, form: MaterialsForm) -> list[dict[str, Any]]:
    pages = queries.pages_of(writing.draft)
    names = [line["name"] for line in writing.lines]
    earlier = queries.earlier_files(scope(request), names)
    found = []
    for row in form.rows():
        said = writing.said.get(row["line"]["id"]) or {}
        given = [pages[one] for one in said.get("uploads") or [] if one in pages]
        found.append(row | {"pages": given, "earlier": earlier.get(row["line"]["name"], [])})
    return found


def _take_files(request: HttpRequest, writing: Writing) -> Iterator[tuple[str, str]]:
    """Keep the files that came with the page; which input has one that is refused, and why."""
    for line in writing.lines:
        name = f"files-{line['id']}"
        try:
            kept = files_of(
                request,
                name,
                subject=writing.draft.subject,
                at=now(),
                command_id=new_command_id(),
            )
        except RefusedFile as error:
            yield name, error.message
            continue
        if kept:
            services.add_pages(writing.draft.id, line["id"], kept, at=now())


def _change_page(request: HttpRequest, writing: Writing, page: str) -> dict[str, str]:
    """`verb material upload`: one page less, further forward, turned, or given again.

    What is refused, as in `_take_files`.
    """
    verb, material_id, upload_id = (*page.split(), "", "", "")[:3]
    try:
        if verb == "again":
            _give_again(request, writing, material_id, upload_id)
        else:
            _change(writing, verb, material_id, upload_id)
    except DomainError as error:
        return {f"files-{material_id}": error.message}
    return {}


def _change(writing: Writing, verb: str, material_id: str, upload_id: str) -> None:
    ids = list((writing.said.get(material_id) or {}).get("uploads") or [])
    if upload_id not in ids:
        return  # gone already: a second click
    if verb == "turn":
        rotate(int(upload_id), subject=writing.draft.subject, quarter_turns=1)
        return
    at = ids.index(upload_id)
    ids.remove(upload_id)
    if verb == "forward":
        ids.insert(max(at - 1, 0), upload_id)
    services.set_pages(writing.draft.id, material_id, ids, at=now())


def _give_again(request: HttpRequest, writing: Writing, material_id: str, upload_id: str) -> None:
    """A copy of what the reader gave before for a material of this name."""
    line = next((one for one in writing.lines if one["id"] == material_id), None)
    if line is None:
        raise NotFound
    earlier = queries.earlier_files(scope(request), [line["name"]]).get(line["name"], [])
    upload = next((one for one in earlier if str(one.id) == upload_id), None)
    if upload is None:
        raise NotFound("没有找到您以前交过的这份文件，请重新上传。")
    services.give_again(writing.draft.id, material_id, upload, at=now())


@public
@require_GET
def filing_file(request: HttpRequest, draft_id: int, upload_id: int) -> HttpResponse:
    """A file of one's own application, to look at again: as it is kept, or small."""
    draft = draft_of(request, draft_id)
    upload = queries.pages_of(draft).get(str(upload_id))
    if upload is None:
        raise NotFound
    if "small" in request.GET:
        return as_thumbnail(upload)
    answer: HttpResponse = as_attachment(upload)  # type: ignore[assignment]
    return answer
