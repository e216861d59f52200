"""Editions: opened, written, checked, frozen; figures come from rows and open them."""

import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.base.clock import LEGAL_ZONE
from mingtang.base.errors import Conflict
from mingtang.catalogue.models import Item
from mingtang.catalogue.services.states import retire_item
from mingtang.channels import services as channels
from mingtang.channels.rules import NewRelease
from mingtang.ledger.rules import SYSTEM
from mingtang.reports import queries, services, sources
from mingtang.reports.models import Edition
from mingtang.reports.readers.docx import read_docx
from mingtang.reports.rules.checking import lint
from mingtang.reports.rules.composing import compose, printed_keys
from mingtang.reports.rules.figures import CELLS, BadReport, Frozen, NoFigure, Style, keyed
from mingtang.reports.rules.tables import COLUMNS, ROWS
from mingtang.reports.writers import as_csv, as_docx, as_text
from tests.requests.office import moment
from tests.world import new_command_id

NOON = datetime(2025, 1, 20, 12, tzinfo=LEGAL_ZONE)
LINES = {"portal": 36_799, "site": 40_180, "media": 132, "handbook": 32_500, "board": 10_537}


def by(office, person=None, at=NOON):
    actor = office.actor(person or office.worker)
    return {"actor": actor, "at": at, "command_id": new_command_id()}


def opened(office, year=2024, style=Style.NEW):
    made = services.open_edition(
        organisation_id=office.water.id, year=year, style=style, **by(office)
    )
    return Edition.objects.get(id=int(made["edition_id"]))


def released(office, year=2024, **counts):
    channels.load_shipped(actor=SYSTEM, at=NOON, command_id=new_command_id())
    day = date(year, 6, 5)
    rows = [
        NewRelease(code, "批量登记", day, quantity=count, item_count=None)
        for code, count in (counts or LINES).items()
    ]
    channels.release_many(organisation_id=office.water.id, rows=rows, **by(office))


def everything_agrees(edition, facts):
    """Each printed number is what its rows add up to."""
    keys = printed_keys(compose(facts))
    assert keys
    for key in keys:
        if key in facts.figures:
            drill = queries.drill(edition.organisation_id, edition.year, facts, key)
            assert drill.agrees, (key, drill.figure.value, drill.total)


@pytest.mark.parametrize("style", Style)
def test_a_report_without_any_record_says_so_and_passes_the_linter(office, style):
    facts = queries.facts_of(opened(office, style=style))
    assert not queries.self_check(facts).has_error
    assert "没有收到政府信息公开申请" in as_text(compose(facts))


@pytest.mark.parametrize("style", Style)
def test_the_mixed_total_stands_beside_the_honest_ones(office, style):
    released(office)
    edition = opened(office, style=style)
    facts = queries.facts_of(edition)
    text = as_text(compose(facts))
    for number in ("120148", "36799", "40180", "132条", "32500份", "10537", "76979条"):
        assert number in text
    assert not queries.self_check(facts).has_error
    everything_agrees(edition, facts)


@pytest.mark.slow
def test_table_three_is_that_of_the_requests_and_every_cell_opens_its_rows(office):
    office.received(date(2024, 3, 4))
    office.received(date(2024, 12, 30))
    edition = opened(office)
    facts = queries.facts_of(edition)
    assert facts.figures["t3.NEW.0"].value == facts.figures["t3.NEW.6"].value == 2
    assert facts.figures["t3.CARRIED_OUT.6"].value == 2
    for row in ROWS:
        for column in range(len(COLUMNS)):
            key = f"t3.{row.name}.{column}"
            assert queries.drill(office.water.id, 2024, facts, key).agrees
    opinion = lint(read_docx(as_docx(compose(facts))))
    assert not opinion.has_error
    assert {"I1", "I2", "I3", "I4"} <= {one.id for one in opinion.passed}


def test_what_is_carried_out_is_carried_into_the_next_year(office):
    office.received(date(2024, 12, 30))
    first, second = opened(office), opened(office, year=2025)
    before, now = queries.facts_of(first), queries.facts_of(second)
    opinion = queries.self_check(now, before)
    assert not opinion.has_error
    assert {"X1", "X2"} <= {one.id for one in opinion.passed}


def test_a_frozen_report_stays_as_it_was_and_keeps_its_hash(office):
    released(office)
    edition = opened(office)
    services.enter_cell(edition_id=edition.id, key="staff.full", value=Decimal(2), **by(office))
    services.freeze(edition_id=edition.id, **by(office, office.head))
    frozen = Edition.objects.get(id=edition.id)
    text = as_text(compose(queries.facts_of(frozen)))
    assert "2025年1月20日" in text
    assert "专职人员2人" in text
    row = NewRelease("board", "后来的", date(2024, 7, 1), quantity=5, item_count=5)
    channels.release_many(organisation_id=office.water.id, rows=[row], **by(office))
    again = queries.facts_of(Edition.objects.get(id=edition.id))
    assert as_text(compose(again)) == text
    assert again.as_json() == frozen.snapshot
    assert not queries.drill(office.water.id, 2024, again, "release.board").agrees
    with pytest.raises(Frozen):
        services.write_text(edition_id=edition.id, key="general", text="改", **by(office))


def test_a_report_is_not_final_before_its_year_is_over(office):
    edition = opened(office, year=2025)
    with pytest.raises(BadReport, match="还没有结束"):
        services.freeze(edition_id=edition.id, **by(office, office.head))


def test_a_report_with_an_error_cannot_be_made_final(office):
    edition = opened(office)
    text = "2024年，本单位公开政府信息100条，其中网站60条，微信50条。"
    services.write_text(edition_id=edition.id, key="general", text=text, **by(office))
    with pytest.raises(BadReport, match="自查有错误"):
        services.freeze(edition_id=edition.id, **by(office, office.head))
    services.write_text(
        edition_id=edition.id, key="general", text=text.replace("50条", "40条"), **by(office)
    )
    services.freeze(edition_id=edition.id, **by(office, office.head))


def test_a_report_that_contradicts_the_one_before_cannot_be_made_final(office):
    before = opened(office, year=2023)
    services.freeze(edition_id=before.id, **by(office, office.head))
    office.register(date(2023, 12, 28))
    edition = opened(office)
    with pytest.raises(BadReport, match="自查有错误"):
        services.freeze(edition_id=edition.id, **by(office, office.head))


def test_items_are_those_of_the_end_of_the_year(office):
    for code in ("330881-1", "330881-2", "330881-3"):
        office.item(code, in_centre="是")
    for code, day in (("330881-1", date(2013, 5, 6)), ("330881-2", date(2014, 5, 6))):
        retire_item(
            item_id=Item.objects.get(code=code).id,
            reason="依国发〔2013〕19号取消",
            actor=office.actor(office.worker),
            at=moment(day),
            command_id=new_command_id(),
        )
    for unit in (office.water.id, office.centre.id):
        counts = {
            year: int(keyed(sources.gather(unit, year))["item.all"].value)
            for year in (2012, 2013, 2014)
        }
        assert counts == {2012: 0, 2013: 2, 2014: 1}
        rows = sources.rows_behind(unit, 2013, "item.all")
        assert [one.what for one in rows] == ["330881-2 取水许可", "330881-3 取水许可"]


def test_a_row_says_the_legal_day_of_a_request_filed_after_midnight(office):
    request = office.file(at=datetime(2024, 3, 5, 0, 30, tzinfo=LEGAL_ZONE))
    office.do("confirm_receipt", request, date(2024, 3, 5), confirmed_date=date(2024, 3, 5))
    (row,) = sources.rows_behind(office.water.id, 2024, "t3.NEW.0")
    assert row.when == date(2024, 3, 5)


def test_a_problem_goes_into_the_next_year_until_it_is_mended(office):
    first = opened(office)
    note = {"text": "记录不及时", "measure": "当天登记", "owner": "办公室"}
    services.note_problem(edition_id=first.id, **note, **by(office))
    second = opened(office, year=2025)
    carried = second.problems.get()
    assert (carried.since_year, carried.carried_from.state) == (2024, "carried")
    assert "记录不及时（仍在改进）" in as_text(compose(queries.facts_of(second)))
    services.settle_problem(problem_id=carried.id, outcome="全部当天登记", **by(office))
    assert "已改进，全部当天登记" in as_text(compose(queries.facts_of(second)))


def test_one_report_a_year_and_form(office):
    opened(office)
    with pytest.raises(Conflict):
        opened(office)


@pytest.mark.parametrize(("key", "value"), [("staff.full", "1.5"), ("staff.full", "-1")])
def test_a_number_that_cannot_be_is_refused(office, key, value):
    edition = opened(office)
    with pytest.raises(BadReport):
        services.enter_cell(edition_id=edition.id, key=key, value=Decimal(value), **by(office))


def test_an_unknown_number_has_no_rows(office):
    edition = opened(office)
    with pytest.raises(NoFigure):
        queries.drill(office.water.id, 2024, queries.facts_of(edition), "t3.NOTHING.9")
    for key in ("t3.NOTHING.9", "t3.NEW.99", "t4.NOBODY.1", "clean.1.retain", "what"):
        with pytest.raises(NoFigure):
            sources.rows_behind(office.water.id, 2024, key)


def test_files_say_the_same(office):
    released(office)
    facts = queries.facts_of(opened(office, style=Style.OLD))
    blocks = compose(facts)
    paragraphs = [one.raw for one in read_docx(as_docx(blocks)).paragraphs]
    plain = [line.strip("　") for line in as_text(blocks).splitlines() if line]
    assert paragraphs == plain
    assert "release.portal,政府门户网站公开,36799,条" in as_csv(facts.figures.values())
    assert as_docx(blocks) == as_docx(blocks)


def test_the_command_writes_the_report(office, capsys):
    released(office, year=2013)
    call_command("report", organ=office.water.code, year=2013, style="2008", format="json")
    said = json.loads(capsys.readouterr().out)
    assert {"key": "release.web", "label": "在政府网站上公开", "value": "76979", "unit": "条"} in (
        said["figures"]
    )
    assert "120148" in said["text"]
    assert len(said["hash"]) == 64


# ── pages ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def edition(office):
    released(office)
    return opened(office)


PAGES = ("edition", "work")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("who", "status"), [("worker", 200), ("head", 200), ("other", 404)])
def test_who_may_read_a_report(office, edition, client, page, who, status):
    client.force_login(getattr(office, who))
    assert client.get(reverse(f"reports:{page}", args=[edition.id])).status_code == status


def test_a_stranger_is_sent_to_sign_in_and_a_clerk_finds_nothing(office, edition, client):
    url = reverse("reports:index")
    assert client.get(url).status_code == 302
    client.force_login(office.people.post("clerk", Role.CLERK, office.water))
    assert client.get(url).status_code in {403, 404}


def test_each_number_on_the_page_opens_its_rows(office, edition, client):
    client.force_login(office.worker)
    page = client.get(reverse("reports:edition", args=[edition.id])).content.decode()
    url = reverse("reports:rows", args=[edition.id, "release.printed"])
    assert f'<a href="{url}">32500</a>' in page
    rows = client.get(url).content.decode()
    assert "批量登记" in rows
    assert client.get(reverse("reports:rows", args=[edition.id, "none"])).status_code == 404


@pytest.mark.parametrize("form", ["docx", "txt", "csv", "json"])
def test_the_report_as_a_file(office, edition, client, form):
    client.force_login(office.worker)
    answer = client.get(reverse("reports:download", args=[edition.id, form]))
    assert answer.status_code == 200
    assert answer.content


@pytest.mark.slow
@pytest.mark.once
def test_the_report_as_pdf(office, edition, client, pdf_machine):
    client.force_login(office.worker)
    answer = client.get(reverse("reports:download", args=[edition.id, "pdf"]))
    assert answer.content[:5] == b"%PDF-"


@pytest.mark.slow
def test_a_report_is_made_by_pages(office, client):
    client.force_login(office.head)
    client.post(
        reverse("reports:index"),
        {
            "organisation": office.water.id,
            "year": 2024,
            "style": "2021",
            "command_id": new_command_id(),
        },
    )
    edition = Edition.objects.get()

    def press(verb, **data):
        url = reverse("reports:act", args=[edition.id, verb])
        answer = client.post(url, data | {"command_id": new_command_id()}, follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    press("enter", key="staff.part", value="3")
    press("write", key="general", text="2024年，本单位认真做好信息公开工作。")
    press("note", text="记录不及时", measure="当天登记", owner="办公室")
    problem = edition.problems.get()
    press("settle", problem=problem.id, outcome="已当天登记")
    assert "请填数字" in press("enter", key="staff.part", value="很多")
    press("freeze")
    edition.refresh_from_db()
    assert edition.state == "frozen"
    facts = queries.facts_of(edition)
    assert facts.figures["staff.part"].value == 3
    assert facts.texts["general"].startswith("2024年")


def test_the_worker_cannot_make_it_final(office, edition, client):
    client.force_login(office.worker)
    url = reverse("reports:act", args=[edition.id, "freeze"])
    client.post(url, {"command_id": new_command_id()})
    edition.refresh_from_db()
    assert edition.state == "draft"


@pytest.mark.parametrize("after", ["2013", "2013-", "-1", "a-b", "2013-1-2", "9" * 30 + "-1"])
def test_a_garbled_page_address_is_the_first_page(office, edition, client, after):
    client.force_login(office.worker)
    answer = client.get(reverse("reports:index"), {"after": after})
    assert answer.status_code == 200
    assert len(answer.context["rows"]) == 1


def test_the_list_costs_the_same_with_more_reports(office, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(office.worker)
    opened(office)
    url = reverse("reports:index")
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for year in range(2015, 2024):
        opened(office, year=year)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


def test_every_cell_has_a_label_and_a_unit():
    assert all(label and unit in {"人", "件", "万元"} for label, unit in CELLS.values())
