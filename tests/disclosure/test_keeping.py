"""The standard catalogue taken in and its gaps; the daily check by the national indicators."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingtang.accounts.rules import Role
from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict, NotFound
from mingtang.disclosure import services
from mingtang.disclosure.models import CatalogueEntry, Publication, SiteCheck
from mingtang.disclosure.queries import checks as found_checks
from mingtang.disclosure.queries import standard as catalogue
from mingtang.disclosure.rules import checks, standard
from mingtang.disclosure.rules.checks import Result
from mingtang.disclosure.services import standard as commands
from mingtang.disclosure.services.checks import run_check, sweep_checks
from mingtang.files.services import path_of, store
from mingtang.ledger.queries import history
from tests.disclosure.test_section import PNG
from tests.world import new_command_id

HEAD = ",".join(standard.LABELS.values())
ONE = (
    "1,水利建设,饮用水,检查结果,《条例》第二十条,每季度结束后20个工作日内,市水利局,"
    "■政府网站 ■社区/企事业单位/村公示栏（电子屏）,√,,√,,√,,"
)
TWO = "2,水利建设,取水许可,许可决定,《条例》第二十条,20个工作日内,市水利局,■政府网站,√,,√,,√,,"
BAD = "3,,,内容,,20个工作日内,市水利局,■政府网址,√,,√,,√,,"


def table(*lines: str) -> str:
    return "\n".join([HEAD, *lines]) + "\n"


@pytest.fixture
def file(tmp_path):
    def written(*lines: str, name: str = "目录.csv"):
        path = tmp_path / name
        path.write_text(table(*lines), encoding="utf-8")
        return path

    return written


@pytest.fixture
def taken(office, file):
    """An organ with two lines."""
    rows = commands.read_standard_file(file(ONE, TWO))
    commands.import_standard(
        organisation_id=office.organ.id, rows=rows, source="目录.csv", **office.by(office.worker)
    )
    return catalogue.entries_of(office.organ.id)


# ── the standard catalogue ────────────────────────────────────────────────────────────────────


def test_a_table_is_taken_in_and_told(office, taken):
    assert [str(one) for one in taken] == ["水利建设 饮用水", "水利建设 取水许可"]
    (event,) = history(f"standard:{office.organ.id}")
    assert (event.kind, event.facts["new"]) == ("standard.imported", 2)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_exported_comes_back_the_same(office, taken, tmp_path, ending):
    path = tmp_path / f"out.{ending}"
    assert commands.export_standard(path, office.organ.id) == 2
    rows = commands.read_standard_file(path)
    plan = commands.plan_standard(office.organ.id, rows)
    assert (plan.mistakes, plan.new, plan.changed, plan.ended, plan.same_count) == ((),) * 4 + (2,)
    other = office.world.planning.id
    commands.import_standard(
        organisation_id=other, rows=rows, source="x", **office.by(office.worker)
    )
    assert catalogue.lines_of(other) == catalogue.lines_of(office.organ.id)
    again = tmp_path / f"again.{ending}"
    commands.export_standard(again, other)
    assert commands.read_standard_file(again) == rows


def test_one_mistake_and_nothing_is_written(office, taken, file):
    rows = commands.read_standard_file(file(ONE, TWO, BAD))
    with pytest.raises(standard.StandardRefused) as refused:
        commands.import_standard(
            organisation_id=office.organ.id, rows=rows, source="x", **office.by(office.worker)
        )
    told = [str(one) for one in refused.value.mistakes]
    assert any(one.startswith("第 4 行“公开依据”") for one in told)
    assert any("政府网址" in one for one in told)
    assert len(catalogue.entries_of(office.organ.id)) == 2


def test_what_a_later_table_leaves_out_ends_and_may_come_back(office, taken, file):
    def load(*lines: str) -> None:
        commands.import_standard(
            organisation_id=office.organ.id,
            rows=commands.read_standard_file(file(*lines)),
            source="x",
            **office.by(office.worker),
        )

    load(ONE)
    assert [one.second for one in catalogue.entries_of(office.organ.id)] == ["饮用水"]
    assert CatalogueEntry.objects.filter(ended_at__isnull=False).count() == 1
    load(ONE, TWO.replace("许可决定", "许可决定和期限"))
    assert CatalogueEntry.objects.count() == 2
    assert catalogue.lines_of(office.organ.id)[1].content == "许可决定和期限"


def test_gaps_are_lines_without_anything_public_or_stale_ones(office, taken):
    today = legal_date(office.at)
    lines = catalogue.coverage_of(office.organ.id, today)
    assert catalogue.tally(lines) == {"missing": 2, "stale": 0, "covered": 0, "by_request": 0}
    item = office.published()
    commands.link_entry(entry_id=taken[0].id, publication_id=item.id, **office.by(office.worker, 5))
    lines = catalogue.coverage_of(office.organ.id, today)
    assert [one.where for one in lines] == ["covered", "missing"]
    later = catalogue.coverage_of(office.organ.id, today + timedelta(days=200))
    assert later[0].where == "stale"
    services.take_down(publication_id=item.id, reason="内容有误", **office.by(office.head, 6))
    assert catalogue.coverage_of(office.organ.id, today)[0].where == "missing"


def test_only_what_is_public_of_the_same_organ_is_linked(office, taken):
    draft = office.draft()
    with pytest.raises(NotFound):
        commands.link_entry(
            entry_id=taken[0].id, publication_id=draft.id, **office.by(office.worker, 5)
        )
    item = office.published()
    ids = {"entry_id": taken[0].id, "publication_id": item.id}
    commands.link_entry(**ids, **office.by(office.worker, 5))
    with pytest.raises(Conflict):
        commands.link_entry(**ids, **office.by(office.worker, 6))
    commands.unlink_entry(**ids, **office.by(office.worker, 7))
    with pytest.raises(NotFound):
        commands.unlink_entry(**ids, **office.by(office.worker, 8))


def test_the_commands_check_write_and_export(office, file, tmp_path, capsys):
    code = office.organ.code
    call_command("import_standard", file(ONE, TWO), organ=code, dry_run=True)
    assert catalogue.entries_of(office.organ.id) == []
    call_command("import_standard", file(ONE, TWO), organ=code)
    assert len(catalogue.entries_of(office.organ.id)) == 2
    call_command("export_standard", tmp_path / "out.xlsx", organ=code)
    capsys.readouterr()
    with pytest.raises(SystemExit):
        call_command("import_standard", file(BAD), organ=code, format="json")
    told = json.loads(capsys.readouterr().out)
    assert told["written"] is False
    assert {one["column"] for one in told["mistakes"]} >= {"first", "basis", "carriers"}
    assert {one["row"] for one in told["mistakes"]} == {2}


PAGE = "/disclosure/office/standard/"


def upload(client, unit: int, *lines: str, **more: str):
    sheet = SimpleUploadedFile("目录.csv", table(*lines).encode(), content_type="text/csv")
    data = {"command_id": new_command_id(), "unit": unit, "file": sheet, **more}
    return client.post(f"{PAGE}import/", data)


def test_the_office_takes_a_table_in_by_the_page(client, office):
    client.force_login(office.worker)
    unit = office.organ.id
    checked = upload(client, unit, ONE, TWO, check="1")
    assert "检查通过，还没有导入：将新增 2 条" in checked.content.decode()
    assert catalogue.entries_of(unit) == []
    wrong = upload(client, unit, ONE, BAD)
    assert wrong.status_code == 422
    assert "第 3 行“公开依据”" in wrong.content.decode()
    assert upload(client, unit, ONE, TWO).status_code == 302
    shown = client.get(PAGE).content.decode()
    assert "水利建设 · 饮用水" in shown
    assert "没有公开过" in shown
    item = office.published()
    entry = catalogue.entries_of(unit)[0]
    linked = {"command_id": new_command_id(), "unit": unit, "number": item.index_number}
    client.post(f"{PAGE}{entry.id}/link/", linked)
    assert item.version.title in client.get(f"{PAGE}?where=stale").content.decode()
    for ending in ("csv", "xlsx"):
        assert client.get(f"{PAGE}export/{ending}/").status_code == 200
    assert client.get(f"{PAGE}export/exe/").status_code == 404
    undo = {"command_id": new_command_id(), "unit": unit}
    client.post(f"{PAGE}{entry.id}/unlink/{item.id}/", undo)
    assert "没有公开过" in client.get(f"{PAGE}?where=missing").content.decode()


def test_a_colleague_elsewhere_and_a_stranger_keep_no_catalogue(client, office, taken):
    unit, entry = office.organ.id, taken[0].id
    item = office.published()
    linked = {"command_id": new_command_id(), "unit": unit, "number": item.index_number}
    for person in (office.other_head, office.world.stranger, None):
        if person:
            client.force_login(person)
        else:
            client.logout()
        expected = 404 if person else 302
        assert client.get(f"{PAGE}?unit={unit}").status_code == expected
        assert client.get(f"{PAGE}export/csv/?unit={unit}").status_code == expected
        assert upload(client, unit, ONE).status_code == expected
        kept = 404 if person else 403  # on the page that asks to sign in
        assert client.post(f"{PAGE}{entry}/link/", linked).status_code == kept
        undo = client.post(f"{PAGE}{entry}/unlink/{item.id}/", linked)
        assert undo.status_code == kept
    assert len(catalogue.entries_of(unit)) == 2
    client.force_login(office.contact)  # reads, and keeps nothing
    assert client.get(PAGE).status_code == 200
    assert upload(client, unit, ONE).status_code == 404


def test_the_catalogue_costs_the_same_with_more_lines(client, office, file):
    client.force_login(office.worker)

    def cost(*lines: str) -> int:
        upload(client, office.organ.id, *lines)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        return len(captured)

    many = [ONE.replace("1,水利建设,饮用水", f"{n},水利建设,饮用水{n}") for n in range(1, 30)]
    assert cost(ONE, TWO) == cost(*many)


# ── the daily check ───────────────────────────────────────────────────────────────────────────


def check(office, days: int = 0) -> list[SiteCheck]:
    on = legal_date(office.at) + timedelta(days=days)
    run_check(day=on.isoformat(), **office.by(office.head, 30))
    return list(SiteCheck.objects.filter(day=on).order_by("position"))


def said(rows, code: str, organ: int | None = None) -> list[str]:
    return [one.result for one in rows if one.code == code and one.organisation_id == organ]


def test_an_empty_site_fails_by_its_empty_columns(office):
    rows = check(office)
    assert said(rows, "empty") == ["veto", *["stale"] * 6]
    assert said(rows, "home") == ["veto", "stale"]
    assert said(rows, "letters") == ["unknown"]


def test_days_are_counted_down_to_the_limit(office):
    office.published()
    fresh = check(office)
    (home,) = [one for one in fresh if one.code == "home"]
    assert (home.result, home.days_left) == ("ok", 14)
    (soon,) = [one for one in check(office, 10) if one.code == "home"]
    assert (soon.result, soon.days_left) == ("soon", 4)
    late = check(office, 15)
    assert said(late, "home") == ["veto", "stale"]
    assert said(late, "fast") == ["stale"]
    assert said(late, "fast", office.organ.id) == ["stale"]
    assert SiteCheck.objects.earliest("day").day == legal_date(office.at)


def test_a_day_has_one_check_however_often_it_runs(office):
    first = len(check(office))
    assert len(check(office)) == first == SiteCheck.objects.count()
    assert sweep_checks(office.at) == 0
    assert sweep_checks(office.at + timedelta(days=1)) > 0
    assert sweep_checks(office.at + timedelta(days=1, hours=3)) == 0
    assert [one.kind for one in history("site:checks")] == ["site.checked"] * 3


def test_links_that_lead_nowhere_are_told(office):
    other = office.published(title="有的")
    body = (
        f"见 /disclosure/items/{other.id}/ 和 /disclosure/items/77/。\n\n"
        "另见 /disclosure/nothing/ 和 https://elsewhere.example/gone"
    )
    office.published(body=body)
    rows = [one for one in check(office) if one.code == "link"]
    assert sorted(one.said.split("链接 ")[1].split(" ")[0] for one in rows) == [
        *("/disclosure/items/77/", "/disclosure/nothing/")
    ]
    assert {one.organisation_id for one in rows} == {office.organ.id}


def test_what_is_no_address_is_told_as_a_broken_link(office):
    office.published(body="详见 https://[官网网址]/abc")
    (row,) = [one for one in check(office) if one.code == "link"]
    assert "链接 https://[官网网址]/abc 打不开" in row.said


def test_attachments_that_do_not_open_are_told(office):
    png = SimpleUploadedFile("名单.png", PNG)
    stored = store(png, command_id=new_command_id())
    office.published(files=[stored])
    assert said(check(office), "file") == ["ok"]
    path_of(stored.storage_key).unlink()
    assert said(check(office), "file", office.organ.id) == ["stale"]


def test_a_date_that_cannot_be_is_told_at_once(office):
    item = office.published()
    assert said(check(office), "published") == ["ok"]
    Publication.objects.filter(id=item.id).update(public_date="2013-09-01")
    assert said(check(office), "published", office.organ.id) == ["veto"]


def test_missing_names_of_the_site_are_told(office, settings):
    settings.MINGTANG_SITE_ID_CODE, settings.MINGTANG_HOTLINE = "", "12345"
    tags = {one.target: one.result for one in check(office) if one.code == "tag"}
    assert tags["网站标识码（SiteIDCode）"] == "stale"
    assert tags["联系电话"] == "ok"


CHECKS = "/disclosure/office/checks/"


def test_those_who_keep_the_site_see_the_check_and_run_it(client, office):
    manager = office.world.people.post("manager", Role.CENTRE_MANAGER, office.world.planning)
    for person in (office.worker, office.head, manager):
        client.force_login(person)
        shown = client.get(CHECKS).content.decode()
        assert "国办秘函〔2019〕19号" in shown
        done = client.post(f"{CHECKS}now/", {"command_id": new_command_id()})
        assert done.status_code == 302
        assert "单项否决" in client.get(CHECKS).content.decode()
        assert "不能自动检查" in client.get(f"{CHECKS}?all=1").content.decode()


def test_others_see_no_check(client, office):
    for person, status in ((office.contact, 404), (office.world.stranger, 404), (None, 302)):
        if person:
            client.force_login(person)
        else:
            client.logout()
        assert client.get(CHECKS).status_code == status
        assert client.post(f"{CHECKS}now/", {}).status_code == status
    assert SiteCheck.objects.count() == 0


def test_the_check_shows_an_organ_its_own_rows_alone(client, office):
    office.published(body="见 /disclosure/nothing/")
    run_check(day="2013-09-17", **office.by(office.head, 30))
    mine = found_checks.rows_of(legal_date(office.at), [office.organ.id])
    others = found_checks.rows_of(legal_date(office.at), [office.world.planning.id])
    assert any("/disclosure/nothing/" in one.said for one in mine)
    assert not any("/disclosure/nothing/" in one.said for one in others)


def test_the_check_costs_the_same_with_more_rows(client, office):
    client.force_login(office.head)

    def cost() -> int:
        run_check(day="2013-09-17", **office.by(office.head, 30))
        client.get(CHECKS)
        with CaptureQueriesContext(connection) as captured:
            client.get(f"{CHECKS}?all=1")
        return len(captured)

    few = cost()
    for number in range(6):
        office.published(title=f"第{number}条", body=f"见 /disclosure/no/{number}/")
    assert cost() == few


def test_limits_are_rows_with_their_source():
    for limit in checks.LIMITS:
        assert "国办秘函〔2019〕19号" in limit.source
    assert [
        one.result
        for one in checks.in_order(
            [
                checks.Found("a", Result.OK, ""),
                checks.Found("b", Result.VETO, ""),
                checks.Found("c", Result.SOON, "", days_left=2),
                checks.Found("d", Result.STALE, ""),
            ]
        )
    ] == [Result.VETO, Result.STALE, Result.SOON, Result.OK]
