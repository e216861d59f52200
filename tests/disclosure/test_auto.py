"""What other apps know becomes a day's list that waits for review; it never publishes itself."""

from datetime import timedelta

from django.db import transaction

from mingtang.catalogue.models import Item
from mingtang.disclosure import services
from mingtang.disclosure.followers import AUTO_DRAFTS
from mingtang.disclosure.models import AutoFact, Publication
from mingtang.disclosure.rules.auto import AutoKind
from mingtang.disclosure.services.auto import note_fact
from mingtang.ledger.models import Event
from mingtang.ledger.rules import SYSTEM
from mingtang.ledger.services import record
from tests.catalogue.campaigning import Cleaning
from tests.world import new_command_id


def _decided(office, item_code, *, kind="case.granted", number="江水许〔2013〕1号", case=1):
    """The two events of a case that tell of it and of its decision."""
    item = Item.objects.select_related("current_edition").get(code=item_code)
    told = {"actor": SYSTEM, "at": office.at, "command_id": new_command_id()}
    with transaction.atomic():
        record(
            stream=f"case:{case}",
            kind="case.submitted",
            facts={
                "item_code": item.code,
                "item_name": item.current_edition.name,
                "edition_id": str(item.current_edition_id),
                "organisation_id": str(office.organ.id),
            },
            **told,
        )
        return record(
            stream=f"case:{case}",
            kind=kind,
            facts={
                "organisation_id": str(office.organ.id),
                "document": {"number": number},
            },
            **told,
        )


def _listed():
    return Publication.objects.filter(origin__startswith="auto:").select_related("version")


def test_the_decisions_of_a_day_become_one_draft_of_their_organ(office):
    code = office.world.item()
    for case in (1, 2, 3):
        event = _decided(office, code, number=f"江水许〔2013〕{case}号", case=case)
        AUTO_DRAFTS.handle(event)
    AUTO_DRAFTS.handle(event)  # told twice
    assert services.sweep_lists(office.at) == 0, "the day is not over"
    assert services.sweep_lists(office.at + timedelta(days=1)) == 1
    item = _listed().get()
    assert item.version.title == "江山市水利局2013年9月17日行政许可决定公开信息（3件）"
    assert "| 江水许〔2013〕2号 |" in item.version.body
    assert (item.state, item.drafted_by, item.is_public) == ("review", None, False)
    assert services.sweep_lists(office.at + timedelta(days=2)) == 0, "once is enough"
    office.review(item)
    assert office.publish(office.item(item.id)).is_public


def test_no_name_of_an_applicant_is_in_a_list(office):
    AUTO_DRAFTS.handle(_decided(office, office.world.item()))
    services.sweep_lists(office.at + timedelta(days=1))
    assert "毛小明" not in _listed().get().version.body


def test_what_is_no_licence_is_not_listed(office):
    code = office.world.item("330881-bt", kind="benefit")
    AUTO_DRAFTS.handle(_decided(office, code))
    assert AutoFact.objects.count() == 0


def test_a_kind_that_is_off_drafts_nothing(office):
    services.switch_auto(kind=AutoKind.LICENCE, is_on=False, **office.by(office.head))
    AUTO_DRAFTS.handle(_decided(office, office.world.item()))
    assert AutoFact.objects.count() == 0
    services.switch_auto(kind=AutoKind.LICENCE, is_on=True, **office.by(office.head))
    AUTO_DRAFTS.handle(Event.objects.get(kind="case.granted"))
    assert AutoFact.objects.count() == 1


def test_as_shipped_only_licences_are_on():
    from mingtang.disclosure.rules.auto import shipped

    assert [kind for kind in AutoKind if shipped(kind)] == [AutoKind.LICENCE]


def test_an_announced_clean_up_is_a_line_of_its_offices_list(office):
    services.switch_auto(kind=AutoKind.CLEANUP, is_on=True, **office.by(office.head))
    cleaning = Cleaning(office.world)
    cleaning.inventory("甲", "乙")
    cleaning.decide({"number": "1", "decision": "保留"}, {"number": "2", "decision": "取消"})
    cleaning.finish()
    event = Event.objects.get(kind="campaign.announced")
    AUTO_DRAFTS.handle(event)
    fact = AutoFact.objects.get(kind=AutoKind.CLEANUP.value)
    assert fact.organisation_id == cleaning.office.id
    assert fact.cells[1:3] == ["非行政许可审批事项清理", "2 项：保留 1，取消 1"]


def _line(office, number: int, organ=None, long: int = 0) -> None:
    note_fact(
        AutoKind.LICENCE,
        organisation_id=(organ or office.organ).id,
        day=office.at.date(),
        stream=f"case:{number}",
        seq=1,
        cells=[f"江水许〔2013〕{number}号", "取水许可" + "审" * long, "准予许可", "2013-09-17"],
    )


def test_a_list_too_long_for_one_text_is_drafted_in_parts(office):
    for number in range(4):
        _line(office, number, long=30_000)
    tomorrow = office.at + timedelta(days=1)
    assert [services.sweep_lists(tomorrow) for _ in range(3)] == [1, 1, 0]
    assert sorted(item.version.title[-4:] for item in _listed()) == ["（2件）", "（2件）"]
    assert not AutoFact.objects.filter(publication=None).exists()


def test_a_list_that_cannot_be_drafted_stops_no_other(office, caplog):
    _line(office, 1, long=100_001)
    _line(office, 2, organ=office.world.planning)
    assert services.sweep_lists(office.at + timedelta(days=1)) == 1
    assert _listed().get().organisation_id == office.world.planning.id
    assert "清单没有生成：行政许可办理结果" in caplog.text
