"""Clean-up campaigns: from the notice to the items that are gone, moved or of another kind."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from mingtang.base.errors import Conflict, DomainError, NotFound
from mingtang.catalogue import services
from mingtang.catalogue.models import Campaign, CampaignEntry, Draft, Item
from mingtang.catalogue.queries import campaigns as queries
from mingtang.catalogue.rules.campaigns import (
    After,
    AlteredDecisions,
    Balance,
    Decision,
    DoesNotBalance,
    NotAllAnswered,
    RowsRefused,
    SecondPersonFreezes,
    WrongStage,
    balance_of,
)
from mingtang.files import queries as files
from mingtang.files.services import faults_of
from mingtang.ledger import queries as ledger
from tests.catalogue.campaigning import Cleaning
from tests.world import World, morning

# ── rules ─────────────────────────────────────────────────────────────────────────────────────

counts = st.fixed_dictionaries({one.value: st.integers(0, 400) for one in Decision})


@given(counts, st.integers(0, 5), st.integers(-3, 3))
def test_the_balance_holds_only_when_all_is_decided_and_adds_up(decided, undecided, off) -> None:
    total = sum(decided.values())
    found = balance_of(total + off, decided | {"": undecided})
    assert found.total == total
    assert found.holds is (off == 0 and undecided == 0)
    assert ("≠" in found.sentence) is not found.holds


def test_the_balance_is_said_as_the_report_says_it() -> None:
    counts = {"retain": 205, "abolish": 13, "delegate": 32, "convert": 53}
    assert balance_of(303, counts).sentence == "303 = 保留 205 + 取消 13 + 下放 32 + 调整 53"
    assert balance_of(303, counts | {"convert": 52, "": 1}).sentence.endswith("（还差 1 项）")
    assert balance_of(300, counts).sentence.endswith("（多出 3 项）")
    assert not Balance(None, {}).holds


def test_128_and_53_are_181_only_if_the_53_lie_outside() -> None:
    assert After(128, 53, is_inside=False).totals == (181,)
    assert After(128, 53, is_inside=True).totals == (128,)
    unknown = After(128, 53, is_inside=None)
    assert unknown.totals == (128, 181)
    assert "原件没有说明" in unknown.sentence


# ── the life of one ───────────────────────────────────────────────────────────────────────────


@pytest.fixture
def cleaning(world: World) -> Cleaning:
    return Cleaning(world)


def kinds_of(campaign_id: int) -> list[str]:
    return [event.kind for event in ledger.history(f"campaign:{campaign_id}")]


@pytest.mark.django_db
def test_a_campaign_from_its_notice_to_the_items(cleaning: Cleaning) -> None:
    world = cleaning.world
    items = [cleaning.item(f"330881-016-00{n}", name) for n, name in enumerate("甲乙丙丁戊己", 1)]
    codes = {item.name: item.code for item in items}
    cleaning.inventory(*"甲乙丙丁戊己", **codes)
    cleaning.decide(
        {"number": "1", "decision": "保留"},
        {"number": "2", "decision": "取消"},
        {"number": "3", "decision": "下放", "target_level": "乡镇级", "target": "江山市贺村镇"},
        {"number": "4", "decision": "调整", "after_kind": "日常管理服务事项"},
        {"number": "5", "decision": "合并", "merged_into": "1"},
        {"number": "6", "decision": "下放", "target_level": "村居级"},
    )
    assert (
        queries.balance(cleaning.campaign).sentence
        == "6 = 保留 1 + 取消 1 + 下放 2 + 调整 1 + 合并 1"
    )
    cleaning.finish()
    made = cleaning.on(services.carry_out)
    assert made == {"count": 5, "refused": []}
    states = dict(Item.objects.filter(code__in=codes.values()).values_list("name", "status"))
    assert states == {
        "甲": "active",
        "乙": "abolished",
        "丙": "active",
        "丁": "active",
        "戊": "abolished",
        "己": "abolished",
    }
    assert Item.objects.get(name="丙").department == cleaning.town
    draft = Draft.objects.get(item__name="丁")
    assert draft.content["kind"] == "routine_service"
    assert draft.author_ids == [str(cleaning.author.id)]  # another publishes it
    fates = queries.fates_of(items[4].id, morning(2013, 5, 7).date())
    assert [one["into"] for one in fates] == [[(items[0].code, "甲")]]
    [fate] = queries.fates_of(items[0].id, morning(2013, 5, 7).date())
    assert fate["from"] == [(items[4].code, "戊")]
    assert kinds_of(cleaning.campaign_id)[-4:] == [
        *("campaign.decided", "campaign.frozen", "campaign.announced", "campaign.carried_out"),
    ]
    assert cleaning.on(services.carry_out)["count"] == 0  # once
    assert world.water.id != cleaning.town.id


@pytest.mark.django_db
def test_both_papers_stand_in_the_ledger(cleaning: Cleaning) -> None:
    cleaning.inventory("甲", "乙")
    cleaning.decide({"number": "1", "decision": "保留"}, {"number": "2", "decision": "取消"})
    cleaning.finish()
    papers = files.documents_of(f"campaign:{cleaning.campaign_id}")
    assert [paper.kind for paper in papers] == ["cleanup_notice", "cleanup_result"]
    assert [faults_of(paper) for paper in papers] == [[], []]
    text = papers[1].paper()
    assert "2 项：保留 1 项，取消 1 项" in text.paragraphs[1]
    assert [row[3] for row in text.rows] == ["保留", "取消"]
    [told] = [
        event.facts
        for event in ledger.history(f"campaign:{cleaning.campaign_id}")
        if event.kind == "campaign.announced"
    ]
    assert told["decided"] == {"retain": 1, "abolish": 1, "delegate": 0, "convert": 0, "merge": 0}


@pytest.mark.django_db
def test_the_board_shows_who_has_not_answered_and_the_inventory_waits(cleaning: Cleaning) -> None:
    cleaning.start()
    cleaning.report("甲")
    on = morning(2013, 5, 2).date()
    rows = queries.coverage(cleaning.campaign, on)
    assert [(row.name, row.state.value, row.is_late) for row in rows] == [
        ("市规划局", "waiting", True),
        ("市水利局", "reported", False),
    ]
    cleaning.accept(cleaning.world.water)
    with pytest.raises(NotAllAnswered, match="规划局"):
        cleaning.on(services.close_inventory)
    cleaning.report(unit=cleaning.world.planning)  # nothing to report is an answer
    cleaning.accept(cleaning.world.planning)
    cleaning.on(services.close_inventory)
    assert cleaning.campaign.inventory_count == 1


@pytest.mark.django_db
def test_a_returned_report_says_why_and_is_replaced(cleaning: Cleaning) -> None:
    cleaning.start()
    cleaning.report("甲", "乙")
    unit = {"organisation_id": cleaning.world.water.id}
    with pytest.raises(DomainError, match="原因"):
        cleaning.on(services.return_report, reason=" ", **unit)
    cleaning.on(services.return_report, reason="漏了一项", **unit)
    [row] = [
        one
        for one in queries.coverage(cleaning.campaign, morning(2013, 4, 1).date())
        if one.entry_count
    ]
    assert (row.state.value, row.return_reason) == ("returned", "漏了一项")
    cleaning.report("甲", "乙", "丙")
    assert CampaignEntry.objects.filter(campaign=cleaning.campaign).count() == 3
    cleaning.accept(cleaning.world.water)
    with pytest.raises(Conflict, match="已经审定"):
        cleaning.report("丁")


@pytest.mark.django_db
def test_a_report_is_refused_row_by_row_and_writes_nothing(cleaning: Cleaning) -> None:
    cleaning.start()
    cleaning.item("330881-014-001", "别人的", department=cleaning.world.planning)
    rows = [
        {"row": "2", "name": ""},
        {"row": "3", "name": "甲", "proposal": "扔掉"},
        {"row": "4", "name": "乙", "task_code": "没有的"},
        {"row": "5", "name": "丙", "task_code": "330881-014-001"},
        {"row": "6", "name": "甲"},
    ]
    with pytest.raises(RowsRefused) as refused:
        cleaning.on(
            services.report, cleaning.contact, organisation_id=cleaning.world.water.id, rows=rows
        )
    assert [(one.row, one.text) for one in refused.value.errors] == [
        (2, "没有写事项名称"),
        (3, "清理建议“扔掉”应为保留、取消、下放、调整、合并之一"),
        (6, "与第3行的“甲”重复"),
        (4, "没有编码为“没有的”的事项"),
        (5, "事项“别人的”不是这个部门的"),
    ]
    assert not CampaignEntry.objects.exists()


@pytest.mark.django_db
def test_an_item_told_by_its_code_and_again_by_its_name_is_refused(cleaning: Cleaning) -> None:
    item = cleaning.item("330881-016-001", "甲")
    cleaning.start()
    by_code = {"row": "2", "name": "甲的旧名", "task_code": item.code}
    by_name = {"row": "3", "name": "甲"}
    again = by_code | {"row": "4"}
    unit = {"organisation_id": cleaning.world.water.id}
    with pytest.raises(RowsRefused) as refused:
        cleaning.on(services.report, cleaning.contact, rows=[by_code, by_name, again], **unit)
    assert [(one.row, one.text) for one in refused.value.errors] == [
        (4, "与第2行的“甲的旧名”重复"),
        (3, "与第2行是同一个事项“甲”"),
    ]
    cleaning.on(services.report, cleaning.contact, rows=[by_name], **unit)
    assert CampaignEntry.objects.get().item == item


@pytest.mark.django_db
def test_the_office_enters_what_came_on_paper_for_many_at_once(cleaning: Cleaning) -> None:
    cleaning.start()
    rows = [{"department": "水利局", "name": "甲"}, {"department": "江山市规划局", "name": "甲"}]
    made = cleaning.on(services.take_reports, rows=[rows[0] | {"department": "市水利局"}, rows[1]])
    assert made == {"units": 2, "entry_count": 2}
    with pytest.raises(RowsRefused, match="没有写部门"):
        cleaning.on(services.take_reports, rows=[{"name": "没有部门"}])
    with pytest.raises(RowsRefused, match="没有登记过部门"):
        cleaning.on(services.take_reports, rows=[{"department": "月球局", "name": "甲"}])


# ── decisions ─────────────────────────────────────────────────────────────────────────────────

WRONG = [
    ({"number": "9", "decision": "保留"}, "清单里没有序号“9”"),
    ({"number": "1", "decision": "留"}, "决定“留”应为"),
    ({"number": "1", "name": "乙", "decision": "保留"}, "序号 1 是“甲”，不是“乙”"),
    ({"number": "1", "decision": "调整"}, "没有写调整为哪一类"),
    ({"number": "1", "decision": "调整", "after_kind": "非行政许可审批"}, "不是调整"),
    ({"number": "1", "decision": "下放"}, "没有写下放到哪一级"),
    ({"number": "1", "decision": "合并"}, "没有写并入哪个序号"),
    ({"number": "1", "decision": "合并", "merged_into": "1"}, "不能并入自己"),
    ({"number": "1", "decision": "合并", "merged_into": "9" * 5000}, "应是数字"),
    ({"number": "9" * 5000, "decision": "保留"}, "清单里没有序号"),
    ({"number": "1", "decision": "合并", "merged_into": "2"}, "序号 2 没有决定保留"),
    ({"number": "1", "decision": "保留", "target": "贺村镇"}, "只有下放才写“承接单位”"),
    (
        {"number": "1", "decision": "下放", "target_level": "乡镇级", "target": "无此镇"},
        "没有登记过",
    ),
    ({"number": "1", "decision": "取消", "effective_date": ""}, "没有写生效日期"),
    ({"number": "1", "decision": "取消", "effective_date": "明天"}, "请写成 2013-09-17"),
    ({"number": "1", "decision": "取消", "basis": ""}, "没有写依据"),
]


@pytest.mark.django_db
def test_a_wrong_decision_is_refused_with_its_row(cleaning: Cleaning) -> None:
    cleaning.inventory("甲", "乙")
    for row, sentence in WRONG:
        with pytest.raises(RowsRefused) as refused:
            cleaning.decide({"row": "7", **row}, {"number": "2", "decision": "取消"})
        assert sentence in refused.value.message, row
        assert "第7行" in refused.value.message, row
    assert not CampaignEntry.objects.exclude(decision="").exists()
    cleaning.decide({"number": "1", "decision": "保留"}, {"number": "2", "decision": "取消"})


@pytest.mark.django_db
def test_a_kind_that_is_no_more_is_decided_for_nothing(cleaning: Cleaning) -> None:
    cleaning.start(scope_kind="routine_service")
    cleaning.report("甲")
    cleaning.report(unit=cleaning.world.planning)
    cleaning.accept()
    cleaning.on(services.close_inventory)
    row = {"number": "1", "decision": "调整", "after_kind": "非行政许可审批"}
    with pytest.raises(RowsRefused, match="只到2015年5月9日"):
        cleaning.decide(row | {"effective_date": "2015-05-10"})
    cleaning.decide(row | {"effective_date": "2015-05-09"})
    with pytest.raises(DomainError, match="已经没有“非行政许可审批”这一类"):
        cleaning.act(
            services.start_campaign,
            at=morning(2015, 5, 10),
            title="再来一次",
            scope_kind="non_permit_approval",
            lead_id=cleaning.office.id,
            organisation_ids=[cleaning.world.water.id],
            report_due_date="2015-06-30",
        )


@pytest.mark.django_db
def test_several_go_on_in_several_and_their_heir_must_stay(cleaning: Cleaning) -> None:
    cleaning.inventory(*"甲乙丙丁")
    cleaning.decide(
        {"number": "1", "decision": "保留"},
        {"number": "2", "decision": "保留"},
        {"number": "3", "decision": "合并", "merged_into": "1、2"},
        {"number": "4", "decision": "合并", "merged_into": "2"},
    )
    shown, _next = queries.entries(cleaning.campaign, on=morning(2013, 5, 7).date())
    assert [row.said for row in shown][2:] == ["合并（并入序号 1、2）", "合并（并入序号 2）"]
    with pytest.raises(RowsRefused, match="序号 3 已决定并入它，它须保留"):
        cleaning.decide({"number": "1", "decision": "取消"})
    cleaning.decide(
        {"number": "1", "decision": "取消"}, {"number": "3", "decision": "合并", "merged_into": "2"}
    )
    assert queries.balance(cleaning.campaign).holds


# ── frozen ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_second_person_freezes_what_balances(cleaning: Cleaning) -> None:
    cleaning.inventory("甲", "乙")
    cleaning.decide({"number": "1", "decision": "保留"})
    with pytest.raises(SecondPersonFreezes):
        cleaning.on(services.freeze)
    with pytest.raises(DoesNotBalance, match="2 ≠ 保留 1（还差 1 项）"):
        cleaning.on(services.freeze, cleaning.second)
    cleaning.decide({"number": "2", "decision": "取消"}, by=cleaning.second)
    with pytest.raises(SecondPersonFreezes):
        cleaning.on(services.freeze, cleaning.second)  # who decided one freezes none
    third = cleaning.world.people.post(
        "third", cleaning.world.scope(cleaning.author).grants[0].role, cleaning.office
    )
    cleaning.on(services.freeze, third)
    with pytest.raises(WrongStage):
        cleaning.decide({"number": "2", "decision": "保留"})


@pytest.mark.django_db
def test_the_database_keeps_the_second_person_and_whole_decisions(cleaning: Cleaning) -> None:
    cleaning.inventory("甲")
    cleaning.decide({"number": "1", "decision": "保留"})
    cleaning.on(services.freeze, cleaning.second)
    entry = CampaignEntry.objects.get()
    for rows, values in [
        (Campaign.objects.all(), {"frozen_by": cleaning.author}),
        (Campaign.objects.all(), {"inventory_count": None}),
        (Campaign.objects.all(), {"state": "reporting"}),
        (CampaignEntry.objects.all(), {"decision": "", "decision_basis": ""}),
        (CampaignEntry.objects.all(), {"decision": "convert"}),
        (CampaignEntry.objects.all(), {"decision": "delegate"}),
        (CampaignEntry.objects.all(), {"decision": "nonsense"}),
    ]:
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)
    CampaignEntry.objects.filter(id=entry.id).update(note="可以改")


@pytest.mark.django_db
def test_what_was_altered_after_it_was_frozen_is_not_announced(cleaning: Cleaning) -> None:
    cleaning.inventory("甲", "乙")
    cleaning.decide({"number": "1", "decision": "保留"}, {"number": "2", "decision": "取消"})
    cleaning.on(services.freeze, cleaning.second)
    rows = CampaignEntry.objects.filter(number=2)
    rows.update(decision="retain")
    with pytest.raises(AlteredDecisions):
        cleaning.on(services.announce)
    rows.update(decision="abolish")
    cleaning.on(services.announce)


@pytest.mark.django_db
def test_what_an_item_refuses_is_told_and_tried_again(cleaning: Cleaning) -> None:
    item = cleaning.item("330881-016-001", "甲")
    cleaning.inventory("甲", 甲=item.code)
    cleaning.decide({"number": "1", "decision": "取消"})
    cleaning.finish()
    opened = cleaning.act(services.open_draft, item_id=item.id)
    made = cleaning.on(services.carry_out)
    assert made["count"] == 0
    assert "草稿" in made["refused"][0]["why"]
    assert queries.due_count(cleaning.campaign, morning(2013, 5, 7).date()) == 1
    cleaning.act(services.discard_draft, draft_id=int(opened["draft_id"]))
    assert cleaning.on(services.carry_out)["count"] == 1
    item.refresh_from_db()
    assert item.status == "abolished"


@pytest.mark.django_db
def test_a_decision_waits_for_its_day(cleaning: Cleaning) -> None:
    item = cleaning.item("330881-016-001", "甲")
    cleaning.inventory("甲", 甲=item.code)
    cleaning.decide({"number": "1", "decision": "取消", "effective_date": "2013-07-01"})
    cleaning.finish()
    assert cleaning.on(services.carry_out)["count"] == 0
    later = {"campaign_id": cleaning.campaign_id, "at": morning(2013, 7, 1)}
    assert cleaning.act(services.carry_out, **later)["count"] == 1


CARRYING = "mingtang.catalogue.services.campaigns.carrying"


@pytest.mark.django_db
def test_what_an_item_refuses_leaves_nothing_behind(
    cleaning: Cleaning, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = cleaning.item("330881-016-001", "甲")
    cleaning.inventory("甲", 甲=item.code)
    row = {"number": "1", "decision": "调整", "after_kind": "日常管理服务事项"}
    cleaning.decide(row)
    cleaning.finish()

    def refuse(**_content: Any) -> None:
        raise Conflict("另一位同事刚保存过。")

    with monkeypatch.context() as patched:
        patched.setattr(f"{CARRYING}.save_draft", refuse)
        made = cleaning.on(services.carry_out)
    assert made == {"count": 0, "refused": [{"number": "1", "why": "另一位同事刚保存过。"}]}
    assert not Draft.objects.exists()
    assert "item.draft_opened" not in [one.kind for one in ledger.history(f"item:{item.id}")]
    assert cleaning.on(services.carry_out) == {"count": 1, "refused": []}
    assert CampaignEntry.objects.get().draft == Draft.objects.get()


@pytest.mark.django_db
def test_what_was_done_by_hand_counts_as_carried(cleaning: Cleaning) -> None:
    gone, handed = (cleaning.item(f"330881-016-00{n}", name) for n, name in ((1, "甲"), (2, "乙")))
    cleaning.inventory("甲", "乙", 甲=gone.code, 乙=handed.code)
    delegated = {"number": "2", "decision": "下放", "target_level": "乡镇级"}
    cleaning.decide({"number": "1", "decision": "取消"}, delegated | {"target": "江山市贺村镇"})
    cleaning.finish()
    cleaning.act(services.retire_item, item_id=gone.id, reason="早已取消")
    town = {"department_id": cleaning.town.id}
    cleaning.act(services.move_item, item_id=handed.id, reason="早已下放", **town)
    assert cleaning.on(services.carry_out) == {"count": 2, "refused": []}
    assert not CampaignEntry.objects.filter(carried_at=None).exists()
    assert queries.due_count(cleaning.campaign, morning(2013, 5, 7).date()) == 0


@pytest.mark.django_db
def test_those_refused_hold_nobody_else_up(
    cleaning: Cleaning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{CARRYING}.MOST", 1)
    items = [cleaning.item(f"330881-016-00{n}", name) for n, name in enumerate("甲乙丙", 1)]
    cleaning.inventory(*"甲乙丙", **{item.name: item.code for item in items})
    cleaning.decide(*({"number": str(n), "decision": "取消"} for n in (1, 2, 3)))
    cleaning.finish()
    cleaning.act(services.open_draft, item_id=items[0].id)  # which keeps it from being retired
    assert [cleaning.on(services.carry_out)["count"] for _run in range(3)] == [1, 1, 0]
    left = CampaignEntry.objects.filter(carried_at=None)
    assert [one.name for one in left] == ["甲"]


# ── written up afterwards; others ─────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_campaign_written_up_afterwards_says_so_and_makes_no_papers(cleaning: Cleaning) -> None:
    more: dict[str, Any] = {"is_reconstructed": True, "document_number": "江审改办〔2013〕1号"}
    with pytest.raises(DomainError, match="出自哪份文件"):
        cleaning.start(**more)
    cleaning.start(**more, source="年度报告")
    units = [cleaning.world.water.id, cleaning.world.planning.id]
    rows = [{"name": f"清理目录第 {n} 项"} for n in (1, 2, 3)]
    cleaning.on(services.take_reports, rows=rows, also_answered=units)
    cleaning.accept()
    cleaning.on(services.close_inventory)
    cleaning.decide(
        *({"number": str(n), "decision": "保留", "effective_date": ""} for n in (1, 2, 3))
    )
    cleaning.finish()
    assert files.documents_of(f"campaign:{cleaning.campaign_id}") == []
    rows, _next = queries.entries(cleaning.campaign, on=morning(2013, 5, 7).date())
    assert {(row.unit, row.is_placeholder) for row in rows} == {("未载明", True)}
    [told] = queries.announced_in(2013)
    assert (told["inventory"], told["departments"], told["decided"]["retain"]) == (3, 2, 3)
    assert queries.announced_in(2014) == []


@pytest.mark.django_db
def test_pages_of_entries_hold_each_once(cleaning: Cleaning) -> None:
    cleaning.inventory(*(f"事项{n}" for n in range(23)))
    seen: list[int | None] = []
    after = ""
    while True:
        rows, after = queries.entries(
            cleaning.campaign, on=morning(2013, 5, 7).date(), after=after, page=10
        )
        seen += [row.number for row in rows]
        if not after:
            break
    assert seen == list(range(1, 24))
    rows, after = queries.entries(cleaning.campaign, on=morning(2013, 5, 7).date(), page=None)
    assert ([row.number for row in rows], after) == (seen, "")


@pytest.mark.django_db
def test_no_campaign_is_not_found(cleaning: Cleaning) -> None:
    with pytest.raises(NotFound):
        cleaning.act(services.freeze, campaign_id=1)
    with pytest.raises(NotFound):
        queries.campaign(1)


@pytest.mark.django_db
def test_what_a_department_calls_by_its_name_is_its_item(cleaning: Cleaning) -> None:
    mine = cleaning.item("330881-016-001", "甲")
    cleaning.item("330881-016-002", "乙")
    cleaning.item("330881-016-003", "乙")  # two of a name: neither is meant
    cleaning.item("330881-014-001", "丙", department=cleaning.world.planning)
    cleaning.start()
    cleaning.report("甲", "乙", "丙")
    found = dict(CampaignEntry.objects.values_list("name", "item_id"))
    assert found == {"甲": mine.id, "乙": None, "丙": None}
