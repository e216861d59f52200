"""The administrator's pages: batches, rejects, codes; the old numbers for whoever meets them."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.exchange import views
from mingtang.exchange.models import Batch, LegacyCase, LegacyImport, Reject
from mingtang.exchange.queries.codes import book_of
from mingtang.exchange.rules.schemes import NAMES
from tests.laid import laid
from tests.world import World, morning


def office() -> World:
    world = World()
    world.people.post("admin", Role.SYSTEM_ADMIN, world.centre)
    batch = Batch.objects.create(
        way="made",
        scheme="national",
        version="1",
        from_date=date(2013, 9, 1),
        to_date=date(2013, 9, 30),
        digest="d" * 64,
        row_count=90,
        rejected_count=40,
        noted_at=morning(2013, 10, 8),
    )
    Reject.objects.bulk_create(
        Reject(
            batch=batch,
            origin="check",
            table="up_pro_accept",
            line=line,
            row_guid=str(line),
            field="catalog_code",
            reason="必填，没有填",
        )
        for line in range(1, 41)
    )
    old = LegacyImport.objects.create(source="旧系统", digest="d", begun_at=morning(2013, 1, 4))
    LegacyCase.objects.create(
        legacy_import=old,
        source="旧系统",
        old_number="SP1",
        item_name="取水许可证核发",
        applicant_name="毛建国",
        state="granted",
        submitted_date=date(2009, 3, 5),
    )
    return world


_office = laid(office)


@pytest.fixture
def world(db, _office):
    return _office()


@pytest.fixture
def admin(world, client):
    client.force_login(world.people.made["admin"])
    return client


def test_an_administrator_sees_batches_and_what_was_rejected_where_page_by_page(admin):
    batch = Batch.objects.get()
    listed = admin.get(reverse("exchange:batches")).text
    assert "退回 40 行" in listed
    url = reverse("exchange:batch", args=[batch.id])
    first = admin.get(url)
    assert "办件受理 · 基本编码 <strong>40</strong>" in first.text
    assert first.text.count("必填，没有填") == 30
    assert admin.get(url + first.context["next_url"]).text.count("必填，没有填") == 10
    assert admin.get(reverse("exchange:batch", args=["1"])).status_code == 404


def test_lists_of_many_ask_no_more_than_lists_of_few(admin):
    urls = [reverse("exchange:batches"), reverse("exchange:batch", args=[Batch.objects.get().id])]

    def statements():
        counts = []
        for url in urls:
            with CaptureQueriesContext(connection) as asked:
                assert admin.get(url).status_code == 200
            counts.append(len(asked))
        return counts

    many = statements()
    Reject.objects.filter(line__gt=1).delete()
    assert statements() == many
    for number in range(5):
        shown = {"scheme": "national", "version": "1", "row_count": 1, "digest": str(number)}
        days = {"from_date": date(2013, 9, 1), "to_date": date(2013, 9, 1)}
        Batch.objects.create(way="received", noted_at=morning(2013, 10, 8), **shown, **days)
    assert statements() == many


def test_a_code_is_set_from_a_day_on_and_says_what_is_missing(admin):
    url = reverse("exchange:set_code", args=["outcome", "granted"])
    assert "用过的代码" in admin.get(url).text
    sent = {"command_id": "a" * 32, "code": "77", "label": "准予许可", "since": "2014-07-01"}
    wrong = admin.post(url, sent | {"code": "7 7"})
    assert wrong.status_code == 422
    assert "写明依据" in wrong.text
    assert admin.post(url, sent | {"source": "联调纪要"}).status_code == 302
    assert book_of("national").theirs("outcome", "granted", date(2014, 7, 1)) == "77"
    assert admin.get(reverse("exchange:set_code", args=["outcome", "none"])).status_code == 404


def test_the_book_of_a_scheme_is_read_once_for_all_lists_of_codes(admin, monkeypatch):
    read = []
    monkeypatch.setattr(views, "book_of", lambda scheme: read.append(scheme) or book_of(scheme))
    page = admin.get(reverse("exchange:codes"))
    assert page.status_code == 200
    assert len(page.context["lists"]) > len(NAMES)
    assert all(one["codes"] for one in page.context["lists"])
    assert len(read) == len(set(read)) <= len(NAMES)


def test_an_old_number_is_found_whole_with_its_name_masked(world, client):
    client.force_login(world.general)
    found = client.get(reverse("exchange:old_cases"), {"number": "SP1"}).text
    assert "旧系统导入" in found
    assert "毛建国" not in found
    assert "没有查到" in client.get(reverse("exchange:old_cases"), {"number": "SP"}).text


@pytest.mark.parametrize("name", ["batches", "codes", "old_cases"])
def test_colleagues_and_strangers_do_not_see_these_pages(world, client, name):
    url = reverse(f"exchange:{name}")
    assert client.get(url).status_code == 302
    client.force_login(world.colleague)
    assert client.get(url).status_code == 404
    client.force_login(world.stranger)
    assert client.get(url).status_code == 404
    codes = reverse("exchange:set_code", args=["outcome", "granted"])
    batch = reverse("exchange:batch", args=[Batch.objects.get().id])
    assert {client.get(one).status_code for one in (codes, batch)} == {404}
