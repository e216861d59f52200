"""The pages of joint meetings: three people each, forms that keep what was typed."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.joint.models import Meeting
from mingtang.joint.services import Silence
from tests.joint.test_meetings import DAY, LIMIT, Hall, moment
from tests.world import new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HELD = date(2013, 9, 18)


@pytest.fixture
def hall(db: None) -> Hall:
    return Hall()


@pytest.fixture
def clock():
    with time_machine.travel(moment(DAY, 12), tick=False) as travelling:
        yield travelling


def url(name, *args):
    return reverse(f"meetings:{name}", args=args)


def post(client, path, **data):
    return client.post(path, {"command_id": new_command_id(), **data})


def invitation(hall, **more):
    return {
        "kind": "review",
        "units": [hall.units["land"].id, hall.units["water"].id],
        "day": HELD,
        "hour": "09:00",
        "place": "三楼会议室",
        "agenda": "总平面",
        "answer_by_date": LIMIT,
        **more,
    }


@pytest.mark.slow
@pytest.mark.both
def test_three_people(client, hall, clock):
    """Who called and who was called; a unit that has no part in it; a citizen; nobody."""
    meeting = hall.called("land")
    paths = (
        url("meeting", meeting.id),
        url("document", meeting.id, meeting.invitation_id),
        url("of_matter", hall.matter.id),
    )
    for path in paths:
        client.logout()
        assert client.get(path).url.startswith("/sign-in/")
        for person, status in (
            *((hall.handlers["plan"], 200), (hall.handlers["land"], 200)),
            *((hall.world.colleague, 404), (hall.world.citizen, 404)),
        ):
            client.force_login(person)
            assert client.get(path).status_code == status, (path, person)
    client.force_login(hall.handlers["fire"])
    assert client.get(url("desk")).context["rows"] == []


def test_another_paper_of_the_matter_is_not_the_meetings(client, hall, clock):
    first, second = hall.called("land"), hall.called("water")
    client.force_login(hall.handlers["plan"])
    assert client.get(url("document", first.id, second.invitation_id)).status_code == 404


@pytest.mark.slow
@pytest.mark.both
def test_called_attended_spoken_and_written_down(client, hall, clock):
    client.force_login(hall.handlers["plan"])
    refused = post(client, url("invite", hall.matter.id), **invitation(hall, units=[]))
    assert refused.status_code == 422
    assert "总平面" in refused.content.decode()
    post(client, url("invite", hall.matter.id), **invitation(hall))
    meeting = Meeting.objects.get()
    land, water = hall.units["land"].id, hall.units["water"].id
    client.force_login(hall.handlers["land"])
    assert client.get(url("desk")).context["rows"][0]["is_awaited"]
    said = url("act", meeting.id, "opine", land)
    assert post(client, said, opinion="disagree").status_code == 422
    post(client, said, opinion="agree_if", reason="补做地灾评估")
    assert post(client, url("act", meeting.id, "opine", water), opinion="agree").status_code == 403
    client.force_login(hall.handlers["water"])
    post(client, url("act", meeting.id, "opine", water), opinion="agree")
    clock.move_to(moment(HELD, 11))
    client.force_login(hall.handlers["water"])
    assert post(client, url("act", meeting.id, "cancel", "all"), reason="改期").status_code == 403
    client.force_login(hall.handlers["plan"])
    post(client, url("act", meeting.id, "attend", land), present="张某\n李某")
    early = post(client, url("act", meeting.id, "minute", "all"), summary="同意")
    assert "登记缺席" in early.content.decode()
    post(client, url("act", meeting.id, "attend", water), late="王某")
    post(client, url("act", meeting.id, "minute", "all"), summary="原则同意")
    meeting.refresh_from_db()
    assert meeting.is_agreed is True
    page = client.get(url("meeting", meeting.id)).content.decode()
    for word in ("迟到", "附条件同意", "补做地灾评估", "意见一致"):
        assert word in page
    assert client.get(url("desk")).context["rows"] == []


def test_the_page_says_whether_silence_is_consent(client, db):
    hall = Hall(silence=Silence(True, "江政发〔2013〕5号"))
    meeting = hall.called("land")
    client.force_login(hall.handlers["land"])
    with time_machine.travel(moment(date(2013, 9, 24)), tick=False):
        page = client.get(url("meeting", meeting.id)).content.decode()
    assert "按江政发〔2013〕5号，逾期未提出意见的视为同意方案" in page
    assert "逾期未提出意见，按规定视为同意" in page


def test_the_desk_asks_as_often_for_many_as_for_few(client, hall, clock):
    def asked():
        client.get(url("desk"))
        with CaptureQueriesContext(connection) as found:
            client.get(url("desk"))
        return len(found)

    hall.called("land", "water")
    client.force_login(hall.handlers["land"])
    before = asked()
    for _ in range(3):
        hall.called("land", "water", "fire")
    assert asked() == before
    assert len(client.get(url("desk")).context["rows"]) == 4


def test_the_applicant_is_shown_no_paper_and_no_event_of_a_meeting(client, hall, clock):
    meeting = hall.called("land")
    client.force_login(hall.world.citizen)
    page = client.get(reverse("joint:progress_of", args=[hall.matter.number]))
    assert page.status_code == 200
    for word in ("联审会议", meeting.agenda):
        assert word not in page.content.decode()
    paper = reverse("joint:own_document", args=[hall.matter.number, meeting.invitation_id])
    assert client.get(paper).status_code == 404


def test_colleagues_of_the_matter_find_its_meetings_from_its_page(client, hall, clock):
    hall.called("land")
    client.force_login(hall.handlers["fire"])
    page = client.get(reverse("joint:detail", args=[hall.matter.id])).content.decode()
    assert url("of_matter", hall.matter.id) in page
