"""The life of a scheme and of a period's sheets, and what stands in the way."""

import io
from dataclasses import replace
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from mingtang.assessment import queries, services
from mingtang.assessment.models import (
    ManualEntry,
    Objection,
    Observation,
    PeriodSheet,
    Scheme,
    SchemeSwitch,
)
from mingtang.assessment.queries.computing import differences, read_ledger
from mingtang.assessment.queries.targets import targets
from mingtang.assessment.rules import observations as seen
from mingtang.assessment.rules import sheets as rules
from mingtang.assessment.rules.observations import BadRows, ObservationKind
from mingtang.assessment.rules.periods import BadPeriod, period_of
from mingtang.assessment.rules.schemes import BadScheme, Cycle, TargetKind, check
from mingtang.assessment.rules.sources import offers
from mingtang.assessment.rules.written import written
from mingtang.assessment.services.schemes import MovedOn
from mingtang.base.db import REFUSAL
from mingtang.base.errors import DomainError, NotAllowed, NotFound
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import SYSTEM
from tests.assessment.conftest import MONTH, OPENED
from tests.assessment.schemes import D, deduct, linear, manual, scheme
from tests.world import morning, new_command_id

pytestmark = pytest.mark.django_db
S2 = scheme(
    deduct("yellow_cards", "1"), deduct("red_cards", "1.5"),
    deduct("refusals_without_reason", "0.5"), manual(), code="s2",
)  # fmt: skip
AFTER = morning(2013, 10, 15)


@pytest.fixture
def opened(office):
    """The vector of the reference: two yellow cards, a red one, a refusal without a reason."""
    for number, colour in enumerate(("yellow", "yellow", "red"), 1):
        office.card(number, colour, date(2013, 9, 10 + number))
    facts = {"organisation_id": str(office.world.water.id), "reason": "不行"}
    office.tell("case:1", "case.refused", date(2013, 9, 20), **facts)
    office.use(S2)
    office.open(S2)
    return PeriodSheet.objects.get(target_id=office.world.water.id)


def enter(office, sheet, who=None, at=OPENED, **more):
    content = {"key": "manual", "points": D("-0.5"), "reason": "败诉", "evidence": "行初字第7号"}
    return office.do(
        who or office.world.manager, services.enter, at, sheet_id=sheet.id, **{**content, **more}
    )


def confirm(office, made, who=None, at=OPENED):
    who = who or office.reform
    return office.do(who, services.confirm_entry, at, entry_id=int(made["entry_id"]))


def publish(office, at=OPENED):
    return office.do(office.world.manager, services.publish, at, code="s2", period=MONTH)


def lock(office, at=AFTER):
    return office.do(office.world.manager, services.lock, at, code="s2", period=MONTH)


class TestSchemes:
    def test_versions_follow_each_other_and_one_is_on(self, office):
        office.use(S2)
        office.use(S2)
        assert [one.version for one in queries.versions("s2")] == [2, 1]
        assert queries.in_force("s2").version == 2
        office.do(office.reform, services.switch, code="s2", version=1)
        assert queries.in_force("s2").version == 1
        assert queries.scheme_lines()[0].version_on == 1
        office.do(office.reform, services.switch, code="s2", version=None)
        with pytest.raises(NotFound):
            queries.in_force("s2")
        kinds = [event.kind for event in ledger.history("scheme:s2")]
        assert kinds[-2:] == ["scheme.switched_on", "scheme.switched_off"]

    def test_what_contradicts_itself_is_kept_but_not_switched_on(self, office):
        bad = scheme(deduct("weather", "0", "5"), code="bad", base=D(1))
        kept = office.do(
            office.world.manager, services.write_scheme, content=written(bad), based_on=None
        )
        assert len(kept["faults"]) == 3
        with pytest.raises(BadScheme) as refused:
            office.do(office.world.manager, services.switch, code="bad", version=1)
        assert refused.value.faults == kept["faults"]
        assert not SchemeSwitch.objects.exists()

    def test_two_editors_do_not_overwrite_each_other(self, office):
        office.use(S2)
        write = {"content": written(S2), "based_on": 0}
        with pytest.raises(MovedOn, match="第 1 版"):
            office.do(office.reform, services.write_scheme, **write)

    @pytest.mark.parametrize("fault", [{"code": "不行"}, {"name": " "}, {"cycle": "week"}])
    def test_what_the_register_cannot_hold_is_refused(self, office, fault):
        with pytest.raises(BadScheme):
            office.do(
                office.reform, services.write_scheme, content=written(S2) | fault, based_on=None
            )

    def test_a_version_is_never_changed_nor_removed(self, office):
        office.use(S2)
        for model in (Scheme, SchemeSwitch):
            for change in (
                lambda model=model: model.objects.update(code="x"),
                lambda model=model: model.objects.all()._raw_delete("default"),
            ):
                with pytest.raises(Exception, match=REFUSAL), transaction.atomic():
                    change()

    def test_the_shipped_examples_are_right_and_loaded_once(self, office):
        shipped = {one.code: one for one in services.shipped_schemes()}
        assert set(shipped) == {
            *("window-performance", "sub-centre", "department-monthly"),
            "agent-monthly",
        }
        for one in shipped.values():
            check(one, offers())
        by = {"actor": SYSTEM, "at": OPENED}
        first = services.load_shipped(**by, command_id=new_command_id())
        assert sorted(first["codes"]) == sorted(shipped)
        assert services.load_shipped(**by, command_id=new_command_id()) == {"codes": []}
        assert queries.switched_on() == {}


class TestOpening:
    def test_the_vector_of_2013(self, office, opened):
        assert opened.total == 96
        made = enter(office, opened)
        opened.refresh_from_db()
        assert opened.total == 96  # not before somebody else confirms
        assert confirm(office, made) == {"total": "95.50"}
        opened.refresh_from_db()
        assert (opened.total, opened.head_total) == (D("95.5"), D("95.5"))

    def test_every_point_names_its_events(self, office, opened):
        rows = {row.key: row for row in queries.scores_of(opened)}
        assert [one[0] for one in rows["yellow_cards"].evidence] == ["card:1", "card:2"]
        assert rows["refusals_without_reason"].evidence == [
            ["case:1", 1, "2013-09-20", "未说明理由"]
        ]
        assert (rows["red_cards"].points, rows["red_cards"].value) == (D("-1.5"), 1)

    def test_others_have_a_sheet_of_their_own(self, office, opened):
        other = PeriodSheet.objects.get(target_id=office.world.planning.id)
        assert (other.total, other.state) == (100, "draft")

    def test_opening_twice_opens_nothing_more(self, office, opened):
        assert office.open(S2)["opened"] == 0

    def test_what_goes_on_is_not_opened(self, office):
        office.use(S2)
        with pytest.raises(BadPeriod, match="2013-09-30"):
            office.open(S2, at=morning(2013, 9, 30))

    def test_without_a_scheme_or_anybody_to_judge(self, office):
        with pytest.raises(NotFound):
            office.open(S2)
        agents = scheme(manual(), code="agents", target="agent")
        office.use(agents)
        with pytest.raises(DomainError, match="没有登记任何代办员"):
            office.open(agents)

    def test_places_among_all_make_points(self, office):
        ranks = scheme(
            linear("r", "100", "decided_cases"), code="ranks", base=D(0), target="window"
        )
        (one,) = ranks.indicators
        office.use(replace(ranks, indicators=(replace(one, kind="rank"),)))
        facts = {"organisation_id": str(office.world.water.id)}
        office.tell("case:9", "case.granted", date(2013, 9, 20), **facts)
        office.open(ranks)
        assert {one.total for one in PeriodSheet.objects.all()} == {D(100)}  # done at no window


class TestEntries:
    def test_the_one_who_entered_does_not_confirm(self, office, opened):
        made = enter(office, opened)
        with pytest.raises(rules.SamePerson):
            confirm(office, made, office.world.manager)
        with pytest.raises(IntegrityError), transaction.atomic():
            ManualEntry.objects.update(confirmed_at=OPENED, confirmed_by_id=office.world.manager.id)

    def test_nobody_confirms_twice(self, office, opened):
        made = enter(office, opened)
        confirm(office, made)
        with pytest.raises(rules.ConfirmedAlready):
            confirm(office, made, office.inspector)

    @pytest.mark.parametrize(
        "fault",
        [{"points": D(0)}, {"points": D("0.001")}, {"points": D(101)}, {"reason": " "},
         {"evidence": ""}, {"key": "yellow_cards"}, {"key": "nothing"}],
    )  # fmt: skip
    def test_points_need_a_reason_evidence_and_a_line_of_their_own(self, office, opened, fault):
        with pytest.raises(DomainError):
            enter(office, opened, **fault)
        assert not ManualEntry.objects.exists()

    def test_an_entry_is_never_changed(self, office, opened):
        enter(office, opened)
        with pytest.raises(Exception, match=REFUSAL), transaction.atomic():
            ManualEntry.objects.update(points=5)


class TestPublishing:
    def test_three_working_days_for_objections(self, office, opened):
        assert publish(office)["objections_due"] == "2013-10-12"  # a Saturday that works
        assert {one.state for one in PeriodSheet.objects.all()} == {"published"}

    def test_not_while_an_entry_waits(self, office, opened):
        enter(office, opened)
        with pytest.raises(rules.NotNow, match="1 条人工记分"):
            publish(office)

    def test_an_objection_in_time_is_answered_and_the_points_mended(self, office, opened):
        publish(office)
        made = office.do(office.lead, services.object_to, sheet_id=opened.id, key="red_cards",
                         text="红牌当天停电，不应计")  # fmt: skip
        with pytest.raises(rules.NotNow, match="异议成立"):
            enter(office, opened)
        with pytest.raises(rules.NotNow, match="1 条异议"):
            lock(office)
        office.do(office.reform, services.answer_objection, is_upheld=True, answer="情况属实，补记",
                  objection_id=int(made["objection_id"]))  # fmt: skip
        confirm(office, enter(office, opened, points=D("1.5")))
        opened.refresh_from_db()
        assert opened.total == D("97.5")
        with pytest.raises(services.objecting.AnsweredAlready):
            office.do(office.reform, services.answer_objection, is_upheld=False,
                      answer="再答复一次", objection_id=int(made["objection_id"]))  # fmt: skip
        assert lock(office) == {"locked": 2}

    def test_not_later_and_not_before(self, office, opened):
        object_to = {"sheet_id": opened.id, "key": "", "text": "总分不对，请核对"}
        with pytest.raises(rules.NotNow):
            office.do(office.lead, services.object_to, **object_to)
        publish(office)
        office.do(office.lead, services.object_to, morning(2013, 10, 12), **object_to)
        with pytest.raises(rules.NotNow, match="2013-10-12"):
            office.do(office.lead, services.object_to, morning(2013, 10, 14), **object_to)

    def test_nobody_answers_their_own(self, office, opened):
        publish(office)
        made = office.do(office.world.manager, services.object_to, sheet_id=opened.id, key="",
                         text="总分不对，请核对")  # fmt: skip
        with pytest.raises(NotAllowed):
            office.do(office.world.manager, services.answer_objection, is_upheld=True,
                      answer="情况属实，补记", objection_id=int(made["objection_id"]))  # fmt: skip

    def test_not_locked_before_the_days_are_over(self, office, opened):
        with pytest.raises(rules.NotNow):
            lock(office)
        publish(office)
        with pytest.raises(rules.NotNow, match="期满后"):
            lock(office, morning(2013, 10, 12))
        lock(office)
        for act in (publish, lock):
            with pytest.raises(rules.NotNow):
                act(office)
        with pytest.raises(rules.NotNow):
            enter(office, opened)
        with pytest.raises(rules.NotNow):
            office.do(office.reform, services.refresh, code="s2", period=MONTH)

    @pytest.mark.parametrize(
        "change",
        [{"state": "locked"}, {"state": "published"}, {"published_at": OPENED}, {"state": "odd"},
         {"total": None}],
    )  # fmt: skip
    def test_the_database_holds_state_and_dates_together(self, office, opened, change):
        with pytest.raises(IntegrityError), transaction.atomic():
            PeriodSheet.objects.update(**change)

    def test_answers_and_states_are_in_pairs(self, office, opened):
        publish(office)
        office.do(
            office.lead, services.object_to, sheet_id=opened.id, key="", text="总分不对，核对"
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            Objection.objects.update(answered_at=AFTER)


class TestChangedSources:
    """A card that falls away: the score changes when somebody reads anew, never by itself."""

    def differ(self, office, sheet):
        period = period_of(Cycle.MONTH, MONTH)
        judged = targets(TargetKind.DEPARTMENT, period.until)
        measures = read_ledger(period, TargetKind.DEPARTMENT, judged).measures[sheet.target_id]
        return differences(queries.content_of(sheet.scheme), queries.scores_of(sheet), measures)

    def test_after_locking_it_shows_as_a_difference(self, office, opened):
        publish(office)
        lock(office)
        assert self.differ(office, opened) == []
        office.tell("card:3", "card.cancelled", date(2013, 11, 1))
        (one,) = self.differ(office, opened)
        assert (one.key, one.kept, one.now, one.added) == ("red_cards", "1", "0", [])
        assert [row[0] for row in one.removed] == ["card:3"]
        opened.refresh_from_db()
        assert opened.total == 96

    def test_before_it_may_be_read_anew(self, office, opened):
        office.tell("card:3", "card.cancelled", date(2013, 11, 1))
        opened.refresh_from_db()
        assert opened.total == 96
        refresh = {"code": "s2", "period": MONTH}
        assert office.do(office.reform, services.refresh, **refresh) == {"changed": 1}
        assert office.do(office.reform, services.refresh, **refresh) == {"changed": 0}
        opened.refresh_from_db()
        assert opened.total == D("97.5")
        told = ledger.history(opened.stream)[-1]
        assert (told.kind, told.facts["before"], told.facts["total"]) == (
            "sheet.refreshed", "96.00", "97.50",
        )  # fmt: skip
        breaks = [one for one in ledger.verify().breaks if one.stream.startswith("sheet:")]
        assert breaks == []


ROWS = """类别,日期,用户名,单位,窗口,地点,时间,说明
缺勤（半天）,2013-09-10,clerk,,,,,
离岗未报去向,2013-09-11,,,1,一楼,09:30,二十分钟
巡查发现：工作作风,2013-09-12,clerk,,,一楼,10:00,玩手机
training_missed,2013-09-13,,江山市规划局,,,,
"""


class TestObservations:
    def load(self, office, text=ROWS, who=None):
        return office.do(who or office.world.manager, services.import_observations, text=text)

    def test_a_file_is_taken_in_and_counts_once_confirmed(self, office):
        assert self.load(office) == {"count": 4}
        rows = {row.kind: row for row in Observation.objects.all()}
        assert {row.organisation_id for row in rows.values()} == {
            office.world.water.id, office.world.planning.id,
        }  # fmt: skip
        assert rows["absence"].window_id == rows["left_post"].window_id == office.first.id
        period = period_of(Cycle.MONTH, MONTH)
        judged = targets(TargetKind.WINDOW, period.until)

        def absences():
            found = read_ledger(period, TargetKind.WINDOW, judged).measures
            return found[office.first.id]["observed_absence"].value

        assert absences() == 0
        confirm = {"observation_ids": [rows["absence"].id]}
        with pytest.raises(seen.SamePersonConfirms):
            office.do(office.world.manager, services.confirm_observations, **confirm)
        office.do(office.reform, services.confirm_observations, **confirm)
        assert absences() == 1
        with pytest.raises(seen.ConfirmedAlready):
            office.do(office.inspector, services.confirm_observations, **confirm)

    def test_a_patrols_finding_is_confirmed_by_whom_it_is_about(self, office):
        self.load(office)
        one = {"observation_ids": [Observation.objects.get(kind="patrol_conduct").id]}
        with pytest.raises(seen.NotYoursToConfirm):
            office.do(office.reform, services.confirm_observations, **one)
        assert office.do(office.world.clerk, services.confirm_observations, **one) == {"count": 1}

    @pytest.mark.parametrize(
        ("row", "said"),
        [
            ("无故缺席,2013-09-10,clerk,,,,,", "第 3 行：不认识的类别“无故缺席”"),
            ("absence,10/9/2013,clerk,,,,,", "第 3 行：日期“10/9/2013”"),
            ("absence,2014-01-01,clerk,,,,,", "还没有到"),
            ("absence,2013-09-10,,,,,,", "至少填一项"),
            ("absence,2013-09-10,nobody,,,,,", "没有用户名“nobody”"),
            ("absence,2013-09-10,,,77,,,", "没有窗口“77”"),
            ("absence,2013-09-10,,某局,,,,", "没有单位“某局”"),
            ("patrol_quality,2013-09-10,,,1,,,", "由本人确认"),
            ("absence,2013-09-10,clerk,,,,9点,", "时间“9点”"),
            ("absence,2013-09-10,clerk,,,,,,,,", "表头只有"),
        ],
    )
    def test_a_file_with_an_error_leaves_nothing(self, office, row, said):
        head, good = ROWS.splitlines()[:2]
        with pytest.raises(BadRows, match="一行也没有导入") as refused:
            self.load(office, "\n".join([head, good, row]))
        assert said in str(refused.value)
        assert not Observation.objects.exists()

    @pytest.mark.parametrize(
        ("text", "said"),
        [("", "缺少“类别”"), ("类别,日期\n", "没有数据"), ("类别,日期,工资\n", "工资")],
    )
    def test_a_file_of_another_shape(self, office, text, said):
        with pytest.raises(BadRows, match=said):
            self.load(office, text)

    def test_what_was_seen_is_never_changed(self, office):
        self.load(office)
        for change in (lambda: Observation.objects.update(kind="praise"),
                       lambda: Observation.objects.all().delete()):  # fmt: skip
            with pytest.raises(Exception, match=REFUSAL), transaction.atomic():
                change()

    def test_one_by_hand(self, office):
        make = {"kind": ObservationKind.PRAISE, "on": date(2013, 9, 9), "who": "clerk"}
        office.do(office.inspector, services.observe, **make)
        assert Observation.objects.get().window_id == office.first.id
        with pytest.raises(DomainError, match="还没有到"):
            office.do(office.inspector, services.observe, **{**make, "on": date(2013, 12, 1)})
        with pytest.raises(DomainError, match="用户名"):
            office.do(office.inspector, services.observe, kind=ObservationKind.PATROL_CONDUCT,
                      on=date(2013, 9, 9), unit="slj")  # fmt: skip

    def test_a_licence_without_a_case_is_suspected_once(self, office):
        office.tell("case:1", "case.issued", date(2013, 9, 3),
                    organisation_id=str(office.world.water.id), licence_number="水001")  # fmt: skip
        text = "单位,证照编号,日期,类别\nslj,水001,2013-09-03,取水许可证\nslj,水002,2013-09-04,\n"
        load = lambda text=text: office.do(office.inspector, services.import_licences, text=text)  # noqa: E731
        assert load() == {"count": 2, "suspected": 1}
        assert load() == {"count": 2, "suspected": 0}
        row = Observation.objects.get()
        assert (row.kind, row.note, row.confirmed_at) == ("off_system", "证照 水002", None)
        for bad in (
            "slj,水003,2013-09-03,\nslj,水003,2013-09-03,",
            "某局,水004,2013-09-03,",
            "slj,,,",
        ):
            with pytest.raises(BadRows):
                load("单位,证照编号,日期,类别\n" + bad)
        assert Observation.objects.count() == 1


class TestCommandLine:
    def printed(self, **more):
        out, err = io.StringIO(), io.StringIO()
        call_command("score", scheme="s2", period=MONTH, stdout=out, stderr=err, **more)
        return out.getvalue(), err.getvalue()

    def test_prints_what_is_kept(self, office, opened):
        out, err = self.printed(format="csv")
        head, *rows = out.splitlines()
        assert head.startswith("组别,名次,考核对象,得分")
        assert rows == [
            "全部,1,江山市规划局,100.00,100.00,,,,0,草稿",
            "全部,2,江山市水利局,96.00,96.00,,,,1,草稿",
        ]
        assert err == ""

    def test_tries_what_is_not_open_and_writes_nothing(self, office):
        office.card(1, "red", date(2013, 9, 11))
        office.use(S2)
        before = ledger.event_count()
        out, err = self.printed()
        assert "98.50" in out
        assert "还没有打开" in err
        assert (PeriodSheet.objects.count(), ledger.event_count()) == (0, before)

    def test_refuses_with_a_sentence(self, office):
        with pytest.raises(CommandError, match="没有启用的版本"):
            self.printed()
        office.use(S2)
        with pytest.raises(CommandError, match="2013-09 这样"):
            call_command("score", scheme="s2", period="Sep")

    def test_examples_are_loaded(self, office):
        out = io.StringIO()
        call_command("load_schemes", stdout=out)
        call_command("load_schemes", stdout=out)
        assert "新载入 4 个" in out.getvalue()
        assert "都已载入" in out.getvalue()


def test_the_comparison_moves_places_only_where_points_do(office, opened):
    heavier = scheme(*(replace(one, per=one.per * 2) for one in S2.indicators), code="s2")
    found = queries.compared(S2, heavier, period_of(Cycle.MONTH, MONTH))
    moved = {one.label: one for one in found}
    assert moved["江山市水利局"].after.total == 92
    assert moved["江山市水利局"].is_moved
    assert not moved["江山市规划局"].is_moved
