"""Views: the ledger of releases with its sums, entries by hand, one release with its proofs."""

import csv
from datetime import date
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mingtang.accounts.policy import scope, staff
from mingtang.accounts.proof import proved
from mingtang.base.cells import guarded
from mingtang.base.clock import today
from mingtang.base.errors import DomainError, NotFound
from mingtang.base.ids import parse_id
from mingtang.base.paging import DateCursor
from mingtang.base.replica import may_lag
from mingtang.base.web import search_text
from mingtang.channels import queries as channels
from mingtang.channels import services as channel_services
from mingtang.channels.queries import Release, Sought
from mingtang.channels.rules import Line, NewRelease
from mingtang.disclosure import present, queries
from mingtang.disclosure.forms import EvidenceForm, ReleaseForm, TakeDownForm, pairs
from mingtang.disclosure.rules import chain
from mingtang.disclosure.views.common import (
    READERS,
    day_asked,
    done,
    grant_at,
    organ_choices,
    sent,
)
from mingtang.files.download import as_attachment
from mingtang.files.queries import upload_of, uploads_of
from mingtang.files.services import store
from mingtang.regions.queries import names_of

MOST_EXPORTED = 50_000
FLAGS = ("late", "unproven", "withdrawn")


def _sought(request: HttpRequest, organs: list[int]) -> tuple[Sought, dict[str, str]]:
    """What is asked for, and the same as words of the address."""
    on = today()
    since = day_asked(request, "since", date(on.year, 1, 1))
    until = day_asked(request, "until", on)
    unit = parse_id(request.GET.get("unit", ""))
    line = request.GET.get("line", "")
    channel = search_text(request, "channel")
    way = request.GET.get("way", "")
    sought = Sought(
        organisation_ids=(unit,) if unit in organs else tuple(organs),
        since=since,
        until=until,
        channels=(channel,) if channel else (),
        line=Line(line) if line in set(Line) else None,
        is_automatic={"auto": True, "hand": False}.get(way),
        words=search_text(request),
        is_late=bool(request.GET.get("late")),
        lacks_proof=bool(request.GET.get("unproven")),
        with_withdrawn=bool(request.GET.get("withdrawn")),
    )
    asked = {"since": str(since), "until": str(until)}
    for name in ("unit", "line", "channel", "way", "q", *FLAGS):
        if value := request.GET.get(name, ""):
            asked[name] = value[:60]
    return sought, asked


@staff(*READERS)
@may_lag
@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """发布台账: every release with its filters; the sums above, each with its rows."""
    organs = queries.readable_organs(scope(request))
    sought, asked = _sought(request, organs)
    after = DateCursor.read(request.GET.get("after", ""))
    page = channels.releases(sought, after)
    names = _names(page.rows)
    quality = channels.record_quality(sought)
    kept = urlencode(asked)
    context = {
        "rows": [present.release(one, names) for one in page.rows],
        "sums": channels.sums(sought),
        "by_channel": _by_channel(sought, asked),
        "quality": quality,
        "share": f"{100 * quality.share_in_time:.1f}%"
        if quality.share_in_time is not None
        else "—",
        "late_url": f"?{urlencode(asked | {'late': '1'})}",
        "unproven_url": f"?{urlencode(asked | {'unproven': '1'})}",
        "asked": asked,
        "units": sorted(names_of(_units(organs, sought), today()).items(), key=lambda p: p[1]),
        "lines": pairs(Line),
        "channels": channels.all_channels(),
        "next_url": f"?{kept}&after={page.next}" if page.next else "",
        "first_url": f"?{kept}" if after else "",
        "csv_url": f"export/?{kept}",
        "may_enter": scope(request).has_role(chain.ENTERERS),
    }
    return render(request, "disclosure/office/releases.html", context)


def _units(organs: list[int], sought: Sought) -> list[int]:
    """The units to choose from: one's own few, or those that released anything."""
    return organs if len(organs) <= 30 else channels.units_with_releases(organs)


def _names(rows: list[Release]) -> dict[int, str]:
    ids = {one.organisation_id for one in rows} | {one.on_behalf_of_id for one in rows}
    return names_of([one for one in ids if one], today())


def _by_channel(sought: Sought, asked: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": one.channel.name,
            "total": one.total,
            "automatic": one.automatic,
            "by_hand": one.by_hand,
            "distinct": one.distinct,
            "measure": one.channel.get_measure_display(),
            "url": f"?{urlencode(asked | {'channel': one.channel.code})}",
        }
        for one in channels.by_channel(sought)
    ]


@staff(*READERS)
@require_GET
@proved()
@may_lag
def export(request: HttpRequest) -> HttpResponse:
    """The same rows as CSV."""
    sought, asked = _sought(request, queries.readable_organs(scope(request)))
    if channels.sums(sought).rows > MOST_EXPORTED:
        raise DomainError(_("一次最多导出 50000 行，请缩小日期范围。"))
    rows = list(channels.every_release(sought))
    names = _names(rows)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"releases-{asked['since']}-{asked['until']}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.write("\ufeff")  # without which spreadsheets take Chinese for another encoding
    writer = csv.writer(answer)
    writer.writerow([label for _name, label in present.RELEASE_COLUMNS])
    for one in rows:
        told = present.release(one, names)
        writer.writerow([guarded(_cell(told[name])) for name, _label in present.RELEASE_COLUMNS])
    return answer


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


# ── entries by hand ───────────────────────────────────────────────────────────────────────────


@staff(*sorted(chain.ENTERERS))
def enter(request: HttpRequest) -> HttpResponse:
    """Enter what went out elsewhere: a board, a newspaper, leaflets, television."""
    organs = organ_choices(request, chain.ENTERERS)
    form = ReleaseForm(
        request.POST or None,
        request.FILES or None,
        organs=organs,
        channels=_choices([int(key) for key, _name in organs]),
        initial={"released_date": today()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _entered(request, form)
        except DomainError as error:
            form.add_error(None, error.message)
    context = {"form": form}
    return render(
        request, "disclosure/office/enter.html", context, status=422 if form.errors else 200
    )


def _choices(organisation_ids: list[int]) -> list[tuple[str, str]]:
    """The channels of all units for which somebody enters: the command refuses another unit's."""
    return [
        (one.code, f"{one.name}（{one.get_measure_display()}）")
        for one in channels.channels_for(*organisation_ids)
        if not one.is_automatic
    ]


def _entered(request: HttpRequest, form: ReleaseForm) -> HttpResponseRedirect:
    data = form.cleaned_data
    organ = int(data["organisation"])
    by = sent(grant_at(request, chain.ENTERERS, organ), request, form)
    names = ("channel", "title", "released_date", "quantity", "item_count", "evidence")
    new = NewRelease(**{name: data[name] for name in names}, distribution=data["distribution"])
    file = store(data["file"], command_id=by["command_id"]) if data["file"] else None
    made = channel_services.release(organisation_id=organ, new=new, file=file, **by)
    done(request, _("已记入发布台账。"))
    return redirect("disclosure:release", made["release_id"])


# ── one release ───────────────────────────────────────────────────────────────────────────────


@staff(*READERS)
@require_GET
def release(request: HttpRequest, release_id: str) -> HttpResponse:
    """One row of the ledger: proofs, distribution, withdrawal."""
    return _release(request, _found(request, release_id))


def _found(request: HttpRequest, release_id: str) -> Release:
    organs = queries.readable_organs(scope(request))
    return channels.release_for(parse_id(release_id) or 0, organs)


def _release(request: HttpRequest, found: Release, **forms: Any) -> HttpResponse:
    may = found.organisation_id in queries.organs_of(scope(request), chain.ENTERERS)
    shown: dict[str, Any] = {}
    if may and found.withdrawn_at is None:
        shown["evidence_form"] = EvidenceForm(auto_id="evidence_%s")
        if not found.is_automatic:
            shown["withdraw_form"] = TakeDownForm(auto_id="withdraw_%s")
    context = {
        "row": present.release(found, _names([found])),
        "release": found,
        "evidence": found.evidence.all(),
        "uploads": uploads_of(found.stream),
        "distribution": channels.distribution_of(found.id),
        **shown,
        **forms,
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "disclosure/office/release.html", context, status=422 if wrong else 200)


@staff(*sorted(chain.ENTERERS))
@require_POST
def prove(request: HttpRequest, release_id: str) -> HttpResponse:
    """Add what shows that a release took place."""
    found = _found(request, release_id)
    grant = grant_at(request, chain.ENTERERS, found.organisation_id)
    form = EvidenceForm(request.POST, request.FILES, auto_id="evidence_%s")
    if not form.is_valid():
        return _release(request, found, evidence_form=form)
    by = sent(grant, request, form)
    try:
        chosen = form.cleaned_data["file"]
        file = store(chosen, command_id=by["command_id"]) if chosen else None
        channel_services.add_evidence(
            release_id=found.id, text=form.cleaned_data["text"], file=file, **by
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _release(request, found, evidence_form=form)
    done(request, _("凭证已登记。"))
    return redirect("disclosure:release", found.id)


@staff(*sorted(chain.ENTERERS))
@require_POST
def withdraw(request: HttpRequest, release_id: str) -> HttpResponse:
    """Take a release back, with the reason."""
    found = _found(request, release_id)
    grant = grant_at(request, chain.ENTERERS, found.organisation_id)
    form = TakeDownForm(request.POST, auto_id="withdraw_%s")
    if not form.is_valid():
        return _release(request, found, withdraw_form=form)
    try:
        channel_services.withdraw(
            release_id=found.id, reason=form.cleaned_data["reason"], **sent(grant, request, form)
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _release(request, found, withdraw_form=form)
    done(request, _("已撤下，台账里留有记录。"))
    return redirect("disclosure:release", found.id)


@staff(*READERS)
@require_GET
def release_file(request: HttpRequest, release_id: str, upload_id: str) -> FileResponse:
    """A photograph that proves a release."""
    found = _found(request, release_id)
    upload = upload_of(found.stream, parse_id(upload_id) or 0)
    if upload is None:
        raise NotFound("没有找到这个文件，请从发布记录里打开。")
    upload.check_may_leave()
    return as_attachment(upload)
