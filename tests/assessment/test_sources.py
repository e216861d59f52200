"""Where numbers come from: the ledger's events, whose they are, and what does not count."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mingtang.assessment.queries import read_ledger
from mingtang.assessment.queries.targets import targets
from mingtang.assessment.rules.observations import ObservationKind
from mingtang.assessment.rules.periods import period_of
from mingtang.assessment.rules.schemes import Cycle, TargetKind
from mingtang.assessment.rules.sources import SOURCES, Fact, Told
from mingtang.cases import services as cases
from mingtang.cases.rules import HandOverWay, Verb
from mingtang.interaction import services as ratings
from mingtang.interaction.services import submit as rate
from mingtang.ledger.queries import streams_of
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import deliver_all
from tests.world import morning, new_command_id

ON = date(2013, 9, 17)
SEPTEMBER = period_of(Cycle.MONTH, "2013-09")


def told(*facts: Fact, histories=()) -> Told:
    whole: dict[str, list[Fact]] = {}
    for fact in [*histories, *facts]:
        whole.setdefault(fact.stream, []).append(fact)
    ordered = {name: tuple(sorted(rows, key=lambda one: one.seq)) for name, rows in whole.items()}
    return Told(facts, ordered)


def fact(kind: str, /, seq: int = 1, stream: str = "case:1", on: date = ON, **facts) -> Fact:
    return Fact(stream, seq, kind, on, facts)


def amount(code: str, tale: Told) -> str:
    found = SOURCES[code].measure(tale)
    return f"{found.value}" if found.of is None else f"{found.value}/{found.of}"


def clock(op: str, **more) -> dict:
    return {"kind": "promised", "op": op, **more}


def law(op: str, **more) -> dict:
    return {"kind": "statutory", "op": op, **more}


class TestSources:
    """Each of them, without a database: one telling that counts, one that does not."""

    @pytest.mark.parametrize("lift", ["card.cancelled", "card.superseded"])
    def test_a_card_counts_until_it_is_lifted_whenever_that_was(self, lift):
        card = fact("card.raised", stream="card:1", colour="yellow", rule_code="X")
        later = fact(lift, 2, "card:1", date(2013, 12, 1))
        assert amount("yellow_cards", told(card)) == "1"
        assert amount("red_cards", told(card)) == "0"
        assert amount("yellow_cards", told(card, histories=[later])) == "0"

    def test_who_came_late_or_not_to_a_joint_meeting(self):
        ways = ("present", "late", "absent", "absent")
        tale = told(
            *(
                fact("meeting.attended", seq, "joint:1", attendance=how)
                for seq, how in enumerate(ways, 1)
            )
        )
        assert (amount("meetings_late", tale), amount("meetings_absent", tale)) == ("1", "2")

    def test_a_joint_matter_is_on_time_by_the_limit_that_was_told(self):
        begun = fact(
            *("joint.accepted", 1, "joint:1"),
            clocks=[clock("start", due="2013-09-16"), law("start", due="2013-09-18")],
        )
        longer = fact("joint.extended", 2, "joint:1", clocks=[law("extend", due="2013-09-20")])
        done = fact("joint.done", 3, "joint:1")
        assert amount("joint_on_time_rate", told(done, histories=[begun])) == "0/1"
        assert amount("joint_on_time_rate", told(done, histories=[begun, longer])) == "1/1"
        assert amount("joint_on_time_rate", told(done)) == "0/0"
        assert amount("joint_bounces", told(done, fact("joint.part_bounced", 2, "joint:1"))) == "1"

    def test_agents_are_judged_by_their_acts_steps_projects_and_ratings(self):
        tale = told(
            fact("agency.signed", 1, "agency:1"),
            fact("agency.acted", 2, "agency:1"),
            fact("agency.acted", 3, "agency:1", done="2013-09-17", is_late=False),
            fact("agency.acted", 4, "agency:1", done="2013-09-18", is_late=True),
            fact("agency.rated", 5, "agency:1", level="dissatisfied"),
            fact("agency.taken_over", 1, "agency:2"),
        )
        assert amount("agent_acts", tale) == "3"
        assert amount("agent_projects", tale) == "2"
        assert amount("agent_on_time_rate", tale) == "1/2"
        assert amount("agent_good_rating_rate", tale) == "0/1"

    def test_sources_of_agents_are_for_agents_and_those_of_officers_are_not(self):
        kinds = {one.code: one.targets for one in SOURCES.values()}
        assert kinds["agent_acts"] == {TargetKind.AGENT}
        assert TargetKind.AGENT not in kinds["late_cases"] | kinds["meetings_absent"]

    def test_late_and_early_are_against_the_promise_as_it_stood(self):
        begun = fact("case.accepted", 1, clocks=[clock("start", due="2013-09-18")])
        moved = fact("case.resumed", 2, clocks=[clock("resume", due="2013-09-20")])
        for day, late, on_time, early in (
            (18, "0", "1/1", "1/1"), (20, "0", "1/1", "0/1"), (22, "1", "0/1", "0/1"),
        ):  # fmt: skip
            done = fact("case.granted", 3, clocks=[clock("stop", on=f"2013-09-{day}")])
            tale = told(done, histories=[begun, moved])
            found = [amount(code, tale) for code in ("late_cases", "on_time_rate", "early_rate")]
            assert found == [late, on_time, early]

    def test_what_promised_nothing_is_neither(self):
        assert amount("on_time_rate", told(fact("case.granted"))) == "0/0"
        assert amount("late_cases", told(fact("case.granted"))) == "0"

    def test_reasons_of_fewer_than_ten_characters_are_none(self):
        rows = [fact("case.refused", 1, reason="不行"), fact("case.declined", 2, reason="　" * 12)]
        good = fact("case.refused", 3, reason="取水口位于一级保护区内，依法不得取水")
        assert amount("refusals_without_reason", told(*rows, good)) == "2"

    def test_what_was_entered_late_is_counted_by_the_row(self):
        late = fact("release.made", stream="release:1", is_in_time=False)
        prompt = fact("release.made", stream="release:2", is_in_time=True)
        listed = fact("release.many_made", stream="channel:site", rows=9, late_rows=4)
        assert amount("late_entries", told(late, prompt, listed)) == "5"
        assert amount("late_entries", told(prompt)) == "0"

    def test_corrections_before_and_after_acceptance(self):
        asked, accepted = fact("case.correction_asked", 1), fact("case.accepted", 2)
        again, done = fact("case.correction_asked", 3), fact("case.granted", 4)
        assert amount("late_corrections", told(asked, again, histories=[accepted])) == "1"
        assert amount("correction_rate", told(done, histories=[asked, accepted])) == "1/1"
        assert amount("correction_rate", told(done, histories=[accepted])) == "0/1"

    def test_shares_of_cases(self):
        tale = told(
            fact("case.submitted", 1, channel="online"), fact("case.taken_in", 1, "case:2"),
            fact("case.granted", 2, is_on_the_spot=True), fact("case.refused", 2, "case:2"),
            fact("case.returned", 2, "case:3"),
        )  # fmt: skip
        codes = ("online_rate", "on_the_spot_rate", "return_rate", "decided_cases")
        assert [amount(code, tale) for code in codes] == ["1/2", "1/2", "1/3", "2"]
        assert amount("received_cases", tale) == "2"

    def test_ratings_with_and_without_silence(self):
        rows = []
        for number in range(120):
            stream = f"case:{number}"
            rows.append(fact("case.delivered", 5, stream))
            if number < 96:
                level = "satisfied" if number < 90 else "very_dissatisfied"
                rows.append(fact("rating.given", 6, stream, level=level, completed_seq=5))
        tale = told(*rows)
        codes = ("good_rating_rate", "participation_rate", "good_rating_rate_filled")
        assert [amount(code, tale) for code in codes] == ["90/96", "96/120", "114/120"]
        assert amount("bad_ratings", tale) == "6"

    def test_the_later_word_counts_and_what_is_unfounded_on_neither_side(self):
        bad = fact("rating.given", 5, completed_seq=4, level="dissatisfied", level_label="不满意")
        done = fact("case.delivered", 4)
        word = fact("rating.corrected", 6, completed_seq=4, level="satisfied")
        assert amount("good_rating_rate", told(done, bad)) == "0/1"
        assert amount("bad_ratings", told(done, bad)) == "1"
        mended = told(done, bad, histories=[word])
        assert amount("good_rating_rate", mended) == "1/1"
        assert amount("bad_ratings", mended) == "0"
        assert amount("good_rating_rate_filled", mended) == "1/1"
        aside = replace(told(done, bad), unfounded=frozenset({("case:1", 4)}))
        assert amount("good_rating_rate", aside) == "0/0"
        assert amount("bad_ratings", aside) == "0"
        assert amount("good_rating_rate_filled", aside) == "0/0"
        assert amount("participation_rate", aside) == "1/1"

    @pytest.mark.parametrize(
        ("later", "until", "late"),
        [
            ([("stop", {"on": "2013-09-18"})], 30, "0"),
            ([("stop", {"on": "2013-09-20"})], 30, "1"),
            ([("stop", {"on": "2013-10-20"})], 17, "1"),
            ([], 18, "0"),  # the day of the limit itself
            ([], 30, "1"),
            ([("recompute", {"due": "2013-10-08"})], 30, "0"),
            ([("recompute", {"due": "2013-09-20"}), ("stop", {"on": "2013-09-20"})], 30, "0"),
        ],
    )
    def test_bad_ratings_not_cared_for_in_time(self, later, until, late):
        def op(name, **more):
            return {"clocks": [{"kind": "call_back", "op": name, **more}]}

        stream = "bad_rating:7"
        begun = fact("bad_rating.opened", 1, stream, **op("start", due="2013-09-18"))
        rest = [
            fact("bad_rating.contacted", seq, stream, **op(name, **more))
            for seq, (name, more) in enumerate(later, 2)
        ]
        tale = replace(told(begun, histories=rest), until=date(2013, 9, until))
        assert amount("late_bad_ratings", tale) == late

    @pytest.mark.parametrize("kind", ObservationKind)
    def test_every_kind_of_observation_has_a_source_of_its_own(self, kind):
        tale = told(fact("observation.confirmed", stream="observation:1", kind=kind.value))
        found = {one.source: amount(one.source, tale) for one in ObservationKind}
        assert found == {one.source: "1" if one is kind else "0" for one in ObservationKind}

    @pytest.mark.parametrize("code", sorted(SOURCES))
    def test_nothing_happened(self, code):
        assert amount(code, Told()) in {"0", "0/0"}

    def test_every_number_names_the_events_it_came_from(self):
        (one,) = (
            SOURCES["bad_ratings"]
            .measure(told(fact("rating.given", 7, level="dissatisfied", level_label="不满意")))
            .evidence
        )
        assert (one.stream, one.seq, one.on, one.what) == ("case:1", 7, ON, "不满意")


@pytest.mark.django_db
class TestWhose:
    """Real cases through the real commands: each number goes to its window, unit, person."""

    @pytest.fixture
    def late(self, office, at):
        """A case of the water department, promised in a day and decided after four."""
        world = office.world
        case = world.file(world.item(statutory=20, promised=1), at, world.citizen)
        world.bring(case, "accepted", at)
        done = at + timedelta(days=7)
        world.act(world.handler, cases.claim, case, done, step_key="review")
        for who, act, more in (
            (world.handler, cases.examine, {"step_key": "review", "opinion": "符合条件"}),
            (world.approver, cases.decide, {"verb": Verb.GRANT, "reason": "符合条件"}),
        ):
            world.act(who, act, case, done, **more)
        world.seal(case, done)
        world.act(world.clerk, cases.hand_over, case, done, way=HandOverWay.WINDOW, note="")
        return case

    def read(self, kind: TargetKind):
        found = targets(kind, SEPTEMBER.until)
        return {one.id: one for one in found}, read_ledger(SEPTEMBER, kind, found).measures

    def late_by(self, kind: TargetKind) -> dict[int, int]:
        _all, measures = self.read(kind)
        return {key: int(one["late_cases"].value) for key, one in measures.items()}

    def test_a_decision_in_the_office_counts_for_the_window_that_took_the_case_in(
        self, office, late
    ):
        assert self.late_by(TargetKind.WINDOW) == {office.first.id: 1, office.second.id: 0}
        assert self.late_by(TargetKind.SUB_CENTRE) == {office.sub.id: 0}
        units = self.late_by(TargetKind.DEPARTMENT)
        assert units == {office.world.water.id: 1, office.world.planning.id: 0}

    def test_a_person_answers_for_what_they_did_themselves(self, office, late):
        found = self.late_by(TargetKind.PERSON)
        assert {key for key, count in found.items() if count} == {office.world.approver.id}

    def test_a_rating_is_of_the_window_and_person_that_gave_the_service(self, office, late):
        guest = Actor(id=None, label="申请人")
        rate(number=late.number, level="dissatisfied", text="", channel="code", actor=guest,
             at=morning(2013, 9, 26), command_id=new_command_id())  # fmt: skip
        _all, windows = self.read(TargetKind.WINDOW)
        assert windows[office.first.id]["bad_ratings"].value == 1
        _all, people = self.read(TargetKind.PERSON)
        assert people[office.world.clerk.id]["bad_ratings"].value == 1

    def test_an_unfounded_one_costs_nobody_and_a_late_call_back_its_window(self, office, late):
        guest = Actor(id=None, label="申请人")
        rate(number=late.number, level="dissatisfied", text="", channel="code", actor=guest,
             at=morning(2013, 9, 26), command_id=new_command_id())  # fmt: skip
        deliver_all(morning(2013, 9, 26))
        (stream,) = streams_of("bad_rating", "")
        office.card(9, "yellow", date(2013, 9, 30), subject=stream)
        _all, windows = self.read(TargetKind.WINDOW)
        own = windows[office.first.id]
        found = {code: own[code].value for code in ("bad_ratings", "late_bad_ratings")}
        assert found == {"bad_ratings": 1, "late_bad_ratings": 1}
        assert own["yellow_cards"].value == 1
        assert windows[office.second.id]["late_bad_ratings"].value == 0
        later, number = morning(2013, 10, 8), stream.removeprefix("bad_rating:")
        for who, command in (
            (office.lead, ratings.contact),
            (office.lead, ratings.dispute),
            (office.world.manager, ratings.approve),
        ):
            office.do(who, command, later, ticket_id=number, note="录像为证")
        _all, windows = self.read(TargetKind.WINDOW)
        assert windows[office.first.id]["bad_ratings"].value == 0
        assert windows[office.first.id]["good_rating_rate"].of == 0
        assert windows[office.first.id]["late_bad_ratings"].value == 1  # late it stays

    def test_a_card_is_of_its_unit_and_of_the_window_of_its_person_or_its_case(self, office, late):
        office.card(1, "yellow", date(2013, 9, 24), person_id=str(office.world.clerk.id))
        office.card(2, "red", date(2013, 9, 25), subject=late.stream)
        office.card(3, "red", date(2013, 10, 1))  # another month
        _all, windows = self.read(TargetKind.WINDOW)
        own = windows[office.first.id]
        assert (own["yellow_cards"].value, own["red_cards"].value) == (1, 1)
        _all, units = self.read(TargetKind.DEPARTMENT)
        assert units[office.world.water.id]["red_cards"].value == 1

    @pytest.mark.slow
    def test_the_ledger_is_read_in_as_many_statements_for_more_cases(
        self, office, at, django_assert_max_num_queries
    ):
        world = office.world
        item = world.item(statutory=20, promised=5)
        world.bring(world.file(item, at, world.citizen), "delivered", at)
        found = targets(TargetKind.WINDOW, SEPTEMBER.until)
        with django_assert_max_num_queries(100) as first:
            read_ledger(SEPTEMBER, TargetKind.WINDOW, found)
        count = len(first)
        for _ in range(3):
            world.bring(world.file(item, at, world.citizen), "delivered", at)
        with django_assert_max_num_queries(count):
            assert read_ledger(SEPTEMBER, TargetKind.WINDOW, found).volumes[office.first.id] == 4
