"""Views: the book of rules: what holds, another profile, the next version of a rule, its trial."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.base.clock import now, today
from mingtang.base.errors import DomainError, NotFound
from mingtang.supervision import queries, services
from mingtang.supervision.forms import RuleForm, SwitchForm
from mingtang.supervision.present_rules import line, profile_label, trial, version
from mingtang.supervision.rules import INSPECTORS, OVERSEERS, Colour
from mingtang.supervision.views.common import is_inspector

DAY = timedelta(days=1)


@staff(*OVERSEERS)
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """The rules of a profile: of the one that holds, where none is named."""
    return _rules(request)


def _rules(request: HttpRequest, form: SwitchForm | None = None) -> HttpResponse:
    on = today()
    known, current = queries.profiles(), queries.profile_on(on)
    shown = request.GET.get("profile", "") or current or (known[0] if known else "")
    if known and shown not in known:
        raise NotFound
    choices = [(one, profile_label(one)) for one in known]
    may_switch = is_inspector(request) and len(known) > 1
    context = {
        "profile": shown,
        "profile_label": profile_label(shown),
        "current": current,
        "current_label": profile_label(current) if current else "",
        "profiles": [{"code": one, "label": label} for one, label in choices],
        "changes": [
            {"since": since, "label": profile_label(one), "is_coming": since > on}
            for since, one in queries.profile_choices()
        ],
        "rows": [line(one, on) for one in queries.rule_lines(shown, on)],
        "form": form or (_switch_form(choices) if may_switch else None),
        "is_overseer": True,
    }
    status = 422 if form is not None else 200
    return render(request, "supervision/rules.html", context, status=status)


def _switch_form(choices: list[tuple[str, Any]], data: Any = None) -> SwitchForm:
    return SwitchForm(data, profiles=choices, initial={"since": today() + DAY})


@staff(*INSPECTORS)
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Another profile holds from a day on."""
    choices = [(one, profile_label(one)) for one in queries.profiles()]
    form = _switch_form(choices, request.POST)
    if not form.is_valid():
        return _rules(request, form)
    said = form.cleaned_data
    try:
        services.switch_profile(
            profile=said["profile"],
            since=said["since"],
            actor=queries.inspector_actor(scope(request)),
            at=now(),
            command_id=said["command_id"],
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _rules(request, form)
    notes.success(
        request, _("已换方案，从 %(since)s 起执行。已发的牌不变。") % {"since": said["since"]}
    )
    return redirect("supervision:rules")


@staff(*OVERSEERS)
def rule(request: HttpRequest, profile: str, code: str) -> HttpResponse:
    """A rule with its versions. An inspector writes the next one, and tries it before."""
    versions = queries.rule_versions(profile, code)
    may_write = is_inspector(request)
    if request.method == "POST" and not may_write:
        raise NotFound
    latest, on = versions[0], today()
    form = _rule_form(latest, request.POST or None)
    tried = None
    if form.is_bound and form.is_valid():
        try:
            if "save" in request.POST:
                return _saved(request, latest, form)
            tried = _tried(latest, form)
        except DomainError as error:
            form.add_error(None, error.message)
    context = {
        "rule": version(latest, on),
        "versions": [version(one, on) for one in versions],
        "profile_label": profile_label(profile),
        "form": form if may_write else None,
        "trial": tried,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "supervision/rule.html", context, status=status)


def _rule_form(latest: queries.Rule, data: Any) -> RuleForm:
    initial = {
        "colour": latest.colour,
        "score": latest.score,
        "valid_from": today() + DAY,
        "is_on": latest.is_on,
        "off_reason": latest.off_reason,
    }
    return RuleForm(data, numbers=queries.numbers_in(latest.params), initial=initial)


def _saved(request: HttpRequest, latest: queries.Rule, form: RuleForm) -> HttpResponse:
    said = form.cleaned_data
    made = services.add_rule_version(
        profile=latest.profile,
        code=latest.code,
        name=latest.name,
        trigger=latest.trigger,
        params=form.params(latest.params),
        colour=said["colour"],
        type=latest.type,
        subject_kind=latest.subject_kind,
        score=str(said["score"]),
        valid_from=said["valid_from"],
        is_on=said["is_on"],
        off_reason="" if said["is_on"] else said["off_reason"],
        actor=queries.inspector_actor(scope(request)),
        at=now(),
        command_id=said["command_id"],
    )
    notes.success(
        request,
        _("已保存为第 %(version)d 版，从 %(since)s 起执行。")
        % {"version": made["version"], "since": said["valid_from"]},
    )
    return redirect("supervision:rule", latest.profile, latest.code)


def _tried(latest: queries.Rule, form: RuleForm) -> dict[str, Any]:
    """Both on last year's cases: as it is, and as it was typed."""
    year = today().year - 1
    before = queries.version_of(latest)
    after = replace(
        before,
        params=form.params(latest.params),
        colour=Colour(form.cleaned_data["colour"]),
    )
    return trial(queries.trial(before, year), queries.trial(after, year), year, today())
