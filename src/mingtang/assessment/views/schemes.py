"""Views: schemes are read, tried, saved as versions, switched, exported and imported."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import staff
from mingtang.assessment import present, queries, services
from mingtang.assessment.forms import SchemeForm, YamlForm
from mingtang.assessment.rules.plain_yaml import dump, load
from mingtang.assessment.rules.schemes import faults
from mingtang.assessment.rules.sheets import EDITORS, OVERSEERS
from mingtang.assessment.rules.sources import offers
from mingtang.assessment.rules.written import written
from mingtang.assessment.views.common import done, is_editor, pressed, refused, sent
from mingtang.base.clock import today
from mingtang.base.errors import DomainError, NotFound
from mingtang.messages.forms import CommandForm


@staff(*OVERSEERS)
@require_GET
def schemes(request: HttpRequest) -> HttpResponse:
    """Every scheme, and which version is on."""
    context = {
        "rows": [present.scheme_row(one) for one in queries.scheme_lines()],
        "is_editor": is_editor(request),
        "form": YamlForm(),
        "button": CommandForm(auto_id=False),
    }
    return render(request, "assessment/schemes.html", context)


@staff(*OVERSEERS)
def scheme(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """A version: read by the inspector; by the office changed, tried on the last period, saved."""
    row = queries.scheme_version(code, version)
    content = queries.content_of(row)
    if request.method == "POST" and not is_editor(request):
        raise NotFound
    form = SchemeForm(request.POST or None, scheme=content, version=version)
    typed = form.changed() if form.is_valid() else content
    if form.is_valid() and "save" in request.POST:
        try:
            return _saved(request, form)
        except DomainError as error:
            form.add_error(None, error.message)
    problems = faults(typed, offers())
    context: dict[str, Any] = {
        **present.scheme(row, typed),
        "faults": problems,
        "form": form,
        "is_editor": is_editor(request),
        "button": CommandForm(auto_id=False),
    }
    if form.is_bound and not form.errors and not problems:
        context |= present.trial(content, typed, today())
    status = 422 if form.errors else 200
    return render(request, "assessment/scheme.html", context, status=status)


def _saved(request: HttpRequest, form: SchemeForm) -> HttpResponseRedirect:
    typed = form.changed()
    is_copy = typed.code != form.scheme.code
    made = services.write_scheme(
        content=written(typed),
        based_on=0 if is_copy else form.cleaned_data["based_on"],
        **sent(request, EDITORS, form),
    )
    done(request, _("已保存为第 %(version)d 版，启用以后才用来考核。") % made)
    return redirect("assessment:scheme", made["code"], made["version"])


@staff(*EDITORS)
@require_POST
def switch(request: HttpRequest, code: str, version: int) -> HttpResponseRedirect:
    """Switch a version on, or the scheme off."""
    queries.scheme_version(code, version)
    wanted = None if request.POST.get("go") == "off" else version
    by = sent(request, EDITORS, pressed(request))
    try:
        services.switch(code=code, version=wanted, **by)
        done(request, _("已停用。") if wanted is None else _("已启用，下一次打开考核时使用。"))
    except DomainError as error:
        refused(request, error)
    return redirect("assessment:scheme", code, version)


@staff(*OVERSEERS)
@require_GET
def export(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """A version as YAML."""
    row = queries.scheme_version(code, version)
    text = dump(written(queries.content_of(row)))  # a database may keep names in its own order
    answer = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{code}-v{version}.yaml"'
    return answer


@staff(*EDITORS)
@require_POST
def import_(request: HttpRequest) -> HttpResponse:
    """A scheme from YAML: the next version of its code."""
    form = YamlForm(request.POST)
    if form.is_valid():
        try:
            made = services.write_scheme(
                content=load(form.cleaned_data["text"]),
                based_on=None,
                **sent(request, EDITORS, form),
            )
            done(request, _("已导入为第 %(version)d 版。") % made)
            return redirect("assessment:scheme", made["code"], made["version"])
        except DomainError as error:
            form.add_error("text", error.message)
    context = {
        "rows": [present.scheme_row(one) for one in queries.scheme_lines()],
        "is_editor": True,
        "form": form,
        "button": CommandForm(auto_id=False),
    }
    return render(request, "assessment/schemes.html", context, status=422)


@staff(*EDITORS)
@require_POST
def load_examples(request: HttpRequest) -> HttpResponseRedirect:
    """The shipped examples, switched off."""
    made = services.load_shipped(**sent(request, EDITORS, pressed(request)))
    done(request, _("载入了 %(count)d 个示例。") % {"count": len(made["codes"])})
    return redirect("assessment:schemes")
