"""A final report opened again, and the archive of the year with what is missing in it."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.urls import reverse

from mingtang.base.errors import Conflict
from mingtang.disclosure import services as disclosure
from mingtang.ledger.queries import history
from mingtang.reports import queries, services
from mingtang.reports.models import Edition, PastSnapshot
from mingtang.reports.rules.figures import BadReport
from tests.reports.test_editions import by, opened, released
from tests.world import new_command_id


def frozen(office, year=2024):
    edition = opened(office, year=year)
    services.freeze(edition_id=edition.id, **by(office, office.head))
    return Edition.objects.get(id=edition.id)


def reopen(office, edition, reason="接收渠道的数字抄错了"):
    services.reopen(edition_id=edition.id, reason=reason, **by(office, office.head))
    return Edition.objects.get(id=edition.id)


def test_a_final_report_is_opened_again_and_what_it_said_stays(office):
    first = frozen(office)
    again = reopen(office, first)
    assert (again.state, again.snapshot, again.frozen_at) == ("draft", None, None)
    services.enter_cell(edition_id=again.id, key="staff.full", value=Decimal(3), **by(office))
    services.freeze(edition_id=again.id, **by(office, office.head))
    past = PastSnapshot.objects.get()
    assert (past.snapshot, past.snapshot_hash) == (first.snapshot, first.snapshot_hash)
    assert Edition.objects.get(id=again.id).snapshot_hash != past.snapshot_hash
    told = [one for one in history(again.stream) if one.kind == "report.reopened"]
    assert told[0].facts["snapshot_hash"] == first.snapshot_hash


def test_what_it_said_is_changed_by_nobody(office):
    reopen(office, frozen(office))
    with pytest.raises(DatabaseError), transaction.atomic():
        PastSnapshot.objects.update(reason="别的")


def test_it_stays_closed_without_a_reason_and_while_a_later_one_rests_on_it(office):
    first = frozen(office, 2023)
    with pytest.raises(BadReport, match="为什么"):
        reopen(office, first, "  ")
    later = frozen(office, 2024)
    with pytest.raises(Conflict, match="2024年"):
        reopen(office, first)
    reopen(office, later)
    assert reopen(office, first).state == "draft"
    with pytest.raises(Conflict, match="还没有定稿"):
        reopen(office, first)


def test_only_the_head_opens_it_again(client, office):
    edition = frozen(office)
    url = reverse("reports:act", args=[edition.id, "reopen"])
    sent = {"command_id": new_command_id(), "reason": "数字抄错了"}
    client.force_login(office.worker)
    client.post(url, sent)
    assert Edition.objects.get(id=edition.id).state == "frozen"
    client.force_login(office.head)
    assert "重新打开" in client.get(reverse("reports:work", args=[edition.id])).content.decode()
    client.post(url, sent)
    assert Edition.objects.get(id=edition.id).state == "draft"
    shown = client.get(reverse("reports:work", args=[edition.id])).content.decode()
    assert "数字抄错了" in shown
    assert edition.snapshot_hash[:16] in shown


def test_the_archive_lists_the_year_and_says_what_is_missing(client, office):
    released(office)
    edition = opened(office)
    disclosure.note_training(
        organisation_id=office.water.id,
        held_date=date(2024, 3, 5),
        topic="公开条例",
        attendees="各科室",
        attendee_count=12,
        hours=Decimal(2),
        **by(office),
    )
    parts = {one.title: one for one in queries.archive(office.water.id, 2024)}
    assert [one.what for one in parts["培训记录"].rows] == ["公开条例（12 人，2 小时）"]
    assert parts["培训记录"].lacking == []
    (june,) = parts["发布台账"].rows
    assert (june.what, june.amount) == ("2024年6月发布台账", 5)
    assert "5月的发布台账是空的。" in parts["发布台账"].lacking
    assert "6月的发布台账是空的。" not in parts["发布台账"].lacking
    assert parts["年度报告"].lacking == ["年度报告还没有定稿。"]
    assert queries.archive(office.water.id, 2023)[3].lacking == ["全年没有培训记录。"]
    client.force_login(office.worker)
    shown = client.get(reverse("reports:archive", args=[edition.id])).content.decode()
    assert "公开条例" in shown
    assert "年度报告还没有定稿" in shown


def test_the_archive_is_its_offices_alone(client, office):
    url = reverse("reports:archive", args=[opened(office).id])
    client.force_login(office.other)
    assert client.get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


def test_a_request_without_an_answer_is_missing(office):
    request = office.received()
    (asked,) = [one for one in queries.archive(office.water.id, 2024) if one.title == "依申请公开"]
    assert asked.lacking == [f"申请 {request.number} 还没有答复。"]
