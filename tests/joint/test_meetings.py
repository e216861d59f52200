"""Joint review meetings and site visits: called, attended, spoken, silent, written down once."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from mingtang.base.clock import LEGAL_ZONE
from mingtang.base.errors import Conflict, DomainError, NotAllowed
from mingtang.files.queries import documents_of
from mingtang.joint import services as joint
from mingtang.joint.models import Meeting, MeetingUnit
from mingtang.joint.rules.meetings import AnsweredAlready, NotInvited, TooFewOfficers
from mingtang.joint.services import meetings
from mingtang.ledger.queries import history
from mingtang.timing.queries import clocks_of
from tests.joint.office import Office
from tests.world import new_command_id

pytestmark = pytest.mark.django_db
DAY = date(2013, 9, 17)
LIMIT = date(2013, 9, 23)


def moment(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=LEGAL_ZONE)


class Hall(Office):
    """A matter that is accepted, and a meeting about it on Wednesday 18 September 2013."""

    def __init__(self, **more):
        super().__init__()
        self.matter = self.open(moment(DAY), **more)
        self.accept(self.matter, moment(DAY))

    def do(self, command, key="plan", on=DAY, hour=11, **content):
        return getattr(meetings, command)(
            **content,
            actor=self.world.actor(self.handlers[key]),
            at=moment(on, hour),
            command_id=new_command_id(),
        )

    def called(self, *keys, **more):
        fields = {
            "joint_id": self.matter.id,
            "kind": "review",
            "units": [self.units[key].id for key in keys or ("land", "water")],
            "held_at": moment(date(2013, 9, 18), 9),
            "place": "行政服务中心三楼会议室",
            "agenda": "总平面布置方案",
            "papers_sent": "总平面图",
            "answer_by_date": LIMIT,
            **more,
        }
        return Meeting.objects.get(id=int(self.do("invite", **fields)["meeting_id"]))

    def came(self, meeting, key, on=date(2013, 9, 18), **more):
        unit = self.units[key].id
        return self.do("attend", on=on, meeting_id=meeting.id, organisation_id=unit, **more)

    def said(self, meeting, key, opinion="agree", on=date(2013, 9, 18), **more):
        unit = self.units[key].id
        return self.do(
            *("opine", key, on),
            meeting_id=meeting.id,
            organisation_id=unit,
            opinion=opinion,
            **more,
        )

    def told(self, kind):
        return [one for one in history(self.matter.stream) if one.kind == kind]


@pytest.fixture
def hall(db: None) -> Hall:
    return Hall()


class TestTheInvitation:
    def test_one_paper_calls_all_and_each_has_its_own_limit(self, hall):
        meeting = hall.called("land", "water", "fire")
        paper = meeting.invitation.paper()
        assert "江山市国土资源局、" in paper.addressee
        assert any("如实记入" in text for text in paper.paragraphs)
        clocks = [one for one in clocks_of(hall.matter.stream) if one.kind.startswith("opinion:")]
        assert {one.due_date for one in clocks} == {LIMIT}
        assert len(clocks) == len(hall.told("meeting.invited")) == 3

    def test_it_is_about_a_part_that_is_there(self, hall):
        assert hall.called(part_key="land").part.key == "land"
        with pytest.raises(DomainError, match="没有这个环节"):
            hall.called(part_key="nothing")

    def test_called_off_nobody_is_waited_for(self, hall):
        meeting = hall.called()
        hall.do("cancel", meeting_id=meeting.id, reason="改期")
        assert all(
            one.stopped_date
            for one in clocks_of(hall.matter.stream)
            if one.kind.startswith("opinion:")
        )
        with pytest.raises(Conflict, match="已经取消"):
            hall.said(meeting, "land")


class TestWords:
    def test_each_unit_speaks_for_itself_and_once(self, hall):
        meeting = hall.called()
        land = hall.units["land"].id
        with pytest.raises(NotAllowed, match="不能代填"):
            hall.do("opine", "plan", meeting_id=meeting.id, organisation_id=land, opinion="agree")
        hall.said(meeting, "land")
        with pytest.raises(AnsweredAlready):
            hall.said(meeting, "land", "disagree", reason="改主意")
        with pytest.raises(NotInvited):
            hall.said(meeting, "fire")

    def test_an_objection_has_reasons_in_the_database_too(self, hall):
        meeting = hall.called()
        with pytest.raises(DomainError, match="理由"):
            hall.said(meeting, "land", "disagree")
        with pytest.raises(IntegrityError), transaction.atomic():
            MeetingUnit.objects.filter(meeting=meeting).update(
                opinion="disagree",
                opined_date=DAY,
                opined_at=moment(DAY),
                opined_by=hall.handlers["land"],
            )

    def test_a_late_word_counts_and_is_told_as_late(self, hall):
        meeting = hall.called()
        hall.said(meeting, "land", on=LIMIT + timedelta(days=1))
        assert hall.told("meeting.opined")[0].facts["is_late"] is True


class TestTheRecord:
    def ready(self, hall, meeting):
        hall.came(meeting, "land", present=["张某", "李某"])
        hall.came(meeting, "water")

    def test_it_waits_for_attendance_and_for_the_limit(self, hall):
        meeting = hall.called()
        fields = {"meeting_id": meeting.id, "summary": "原则同意"}
        with pytest.raises(DomainError, match="还没有到"):
            hall.do("minute", **fields)
        with pytest.raises(DomainError, match="到会"):
            hall.do("minute", on=date(2013, 9, 18), **fields)
        self.ready(hall, meeting)
        with pytest.raises(DomainError, match="还有单位没有提出意见"):
            hall.do("minute", on=date(2013, 9, 18), **fields)

    def test_one_record_for_all_shows_silence_as_silence(self, hall):
        meeting = hall.called()
        self.ready(hall, meeting)
        hall.said(meeting, "land", "agree_if", reason="补做地灾评估")
        made = hall.do(
            *("minute", "plan", LIMIT + timedelta(days=1)),
            meeting_id=meeting.id,
            summary="原则同意",
        )
        assert made["is_agreed"] is False
        meeting.refresh_from_db()
        rows = {row[0]: row[1:] for row in meeting.minutes.paper().rows}
        assert rows["江山市国土资源局"] == ("到会", "张某、李某", "附条件同意", "补做地灾评估")
        assert rows["江山市水利局"][0::2] == ("缺席", "逾期未提出意见")
        minutes = [one for one in documents_of(hall.matter.stream) if one.kind == "meeting_minutes"]
        assert len(minutes) == 1
        told = {
            one.facts["organisation_id"]: one.facts["attendance"]
            for one in hall.told("meeting.attended")
        }
        assert told == {
            str(hall.units["land"].id): "present",
            str(hall.units["water"].id): "absent",
        }
        with pytest.raises(Conflict):
            hall.came(meeting, "water", present=["王某"])

    def test_who_only_came_late_is_late(self, hall):
        meeting = hall.called()
        assert hall.came(meeting, "land", late=["张某"])["attendance"] == "late"
        assert (
            hall.came(meeting, "land", present=["李某"], late=["张某"])["attendance"] == "present"
        )
        with pytest.raises(DomainError, match="同时登记"):
            hall.came(meeting, "land", present=["张某"], late=["张某"])

    def test_a_site_is_visited_by_two_or_more(self, hall):
        meeting = hall.called(kind="site_visit")
        hall.came(meeting, "land", present=["张某"])
        hall.came(meeting, "water")
        for key in ("land", "water"):
            hall.said(meeting, key)
        fields = {"meeting_id": meeting.id, "summary": "现场与图纸一致"}
        with pytest.raises(TooFewOfficers):
            hall.do("minute", on=date(2013, 9, 18), **fields)
        hall.came(meeting, "water", present=["赵某"])
        assert hall.do("minute", on=date(2013, 9, 18), **fields)["is_agreed"] is True


class TestSilence:
    def minuted(self, hall):
        meeting = hall.called()
        for key in ("land", "water"):
            hall.came(meeting, key)
        made = hall.do(
            *("minute", "plan", LIMIT + timedelta(days=1)), meeting_id=meeting.id, summary="无异议"
        )
        return meeting, made

    def test_off_by_default(self, hall):
        assert hall.matter.silence_is_consent is False
        _meeting, made = self.minuted(hall)
        assert made["is_agreed"] is False

    @pytest.mark.slow
    def test_as_consent_it_says_so_and_never_makes_a_licence(self, db):
        """Positive control: a decision would change what this looks at."""
        hall = Hall(silence=joint.Silence(True, "江政发〔2013〕5号"))
        meeting, made = self.minuted(hall)
        assert made["is_agreed"] is True
        meeting.refresh_from_db()
        words = {row[3] for row in meeting.minutes.paper().rows}
        assert words == {"逾期未提出意见，按规定视为同意"}
        assert any("江政发〔2013〕5号" in text for text in meeting.invitation.paper().paragraphs)
        hall.settle(moment(LIMIT + timedelta(days=1), 12))
        assert self.decided(hall) == []
        hall.decide(hall.matter, "land", moment(LIMIT + timedelta(days=1), 13))
        assert self.decided(hall) == ["land"]

    def test_absence_as_consent_is_that_of_the_unit_that_did_not_come(self, db):
        """缺席默认: who came and said nothing is silent all the same."""
        hall = Hall(silence=joint.Silence(False, "江政发〔2013〕5号", of_absent=True))
        meeting = hall.called()
        hall.came(meeting, "land", present=["张某"])
        hall.came(meeting, "water")
        made = hall.do(
            *("minute", "plan", LIMIT + timedelta(days=1)), meeting_id=meeting.id, summary="无异议"
        )
        meeting.refresh_from_db()
        words = {row[0]: row[1::2] for row in meeting.minutes.paper().rows}
        assert words == {
            "江山市国土资源局": ("到会", "逾期未提出意见"),
            "江山市水利局": ("缺席", "逾期未提出意见，按规定视为同意"),
        }
        assert made["is_agreed"] is False
        told = "缺席又逾期未提出意见的，按江政发〔2013〕5号视为同意"
        assert any(told in text for text in meeting.invitation.paper().paragraphs)
        assert self.decided(hall) == []

    def decided(self, hall):
        parts = hall.matter.parts.filter(case__decided_at__isnull=False).order_by("position")
        return [part.key for part in parts]
