"""Screens of the editor: the blank forms and samples of an item."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.queries import actor_of
from mingtang.base.clock import now
from mingtang.base.errors import DomainError, NotFound
from mingtang.catalogue import services
from mingtang.catalogue.editor import queries
from mingtang.catalogue.editor.forms import CommandForm
from mingtang.catalogue.queries import item_files
from mingtang.files.download import as_attachment

editors = staff(*queries.AUTHORS)


class FileForm(CommandForm):
    file = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy(
            "PDF、JPG 或 PNG，不超过 10 MB。文件名要和材料里“空白表格”“填写样张”写的一样。"
        ),
        error_messages={
            "required": gettext_lazy("请先选择文件。"),
            "empty": gettext_lazy("这是空文件，请重新选择。"),
        },
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )


@editors
@require_http_methods(["GET", "POST"])
def files(request: HttpRequest, code: str) -> HttpResponse:
    """The files of an item; one more is kept by POST."""
    item = queries.item_for(scope(request), code)
    if request.method == "GET":
        return _page(request, item, FileForm(), 200)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, item, form, 422)
    try:
        made = _keep(request, item, form.cleaned_data)
    except DomainError as error:
        form.add_error("file", error.message)
        return _page(request, item, form, error.status)
    said = _("已保存“%(name)s”。") if made["is_new"] else _("“%(name)s”早已保存，内容相同。")
    messages.success(request, said % {"name": made["name"]})
    return redirect("catalogue:draft_files", code)


def _keep(request: HttpRequest, item: Any, data: dict[str, Any]) -> dict[str, Any]:
    reader = scope(request)
    return services.keep_item_file(
        item_id=item.id,
        incoming=data["file"],
        actor=actor_of(reader, queries.grant_over(reader, item)),
        at=now(),
        command_id=data["command_id"],
    )


def _page(request: HttpRequest, item: Any, form: FileForm, status: int) -> HttpResponse:
    draft = queries.open_draft_of(item)
    drafted = draft.content["materials"] if draft else []
    edition = item.current_edition
    context = {
        "item": item,
        "name": edition.name if edition else draft.content["name"] if draft else item.code,
        "form": form,
        "files": item_files.files_of(item, drafted),
        "wanted": item_files.names_wanted(item, drafted),
    }
    return render(request, "catalogue/editor/files.html", context, status=status)


@editors
@require_GET
def file(request: HttpRequest, code: str, name: str) -> FileResponse:
    """A file of an item that one may edit, published or not."""
    item = queries.item_for(scope(request), code)
    found = item_files.kept_file(item.id, name)
    if found is None:
        raise NotFound
    return as_attachment(found)
