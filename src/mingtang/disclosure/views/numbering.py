"""Views: how index numbers are made, and another way laid down by the head of the office."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import today
from mingtang.base.errors import DomainError
from mingtang.disclosure import queries, services
from mingtang.disclosure.forms import SchemeForm
from mingtang.disclosure.rules import chain
from mingtang.disclosure.rules.index import SerialScope
from mingtang.disclosure.views.common import READERS, done, grant_at, organ_choices, sent


@staff(*READERS)
def schemes(request: HttpRequest) -> HttpResponse:
    """编号规则: of one's own units; only the head changes one."""
    own = organ_choices(request, chain.READERS)
    rows = queries.numbering_of([int(one) for one, _name in own], today())
    form = None
    if scope(request).has_role(chain.RELEASERS):
        organs = organ_choices(request, chain.RELEASERS)
        form = SchemeForm(request.POST or None, organs=organs, initial=_now(rows))
        if form.is_valid():
            try:
                return _laid_down(request, form)
            except DomainError as error:
                form.add_error("template", error.message)
    names = dict(own)
    context = {
        "rows": [(names[str(one.organisation_id)], one) for one in rows],
        "form": form,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "disclosure/office/schemes.html", context, status=status)


def _now(rows: list[queries.Numbering]) -> dict[str, str]:
    """What the form begins with: how the first unit numbers today."""
    first = next((one.scheme for one in rows if one.scheme), None)
    return {"template": first.template, "scope": first.scope.value} if first else {}


def _laid_down(request: HttpRequest, form: SchemeForm) -> HttpResponseRedirect:
    organ = int(form.cleaned_data["organisation"])
    by = sent(grant_at(request, chain.RELEASERS, organ), request, form)
    services.set_scheme(
        code=f"unit-{organ}",
        template=form.cleaned_data["template"],
        scope=SerialScope(form.cleaned_data["scope"]),
        organisation_id=organ,
        **by,
    )
    done(request, _("编号规则已保存。已经编过的索引号不变。"))
    return redirect("disclosure:schemes")
