"""Inspection tasks and leaders' instructions: three people each, lights, who is told, the words."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.base.subjects import titles_of, url_of
from mingtang.ledger.services import deliver_all
from mingtang.messages.models import Message
from mingtang.supervision import queries
from mingtang.supervision.models import InspectionTask
from mingtang.supervision.rules import TaskSource
from tests.supervision.making import moment
from tests.world import new_command_id

pytestmark = pytest.mark.django_db
ON = date(2013, 9, 18)
DUE = date(2013, 9, 30)


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(moment(ON), tick=False):
        yield


def url(name, *args):
    return reverse(f"supervision:{name}", args=args)


def text_of(answer):
    return answer.content.decode()


def send(client, path, **data):
    return client.post(path, {"command_id": new_command_id(), **data})


def words(hall, **more):
    return {
        "source": "instruction",
        "title": "窗口授权是否到位",
        "detail": "查有无窗口受理、后台再受理。",
        "unit": str(hall.water.id),
        "due_date": DUE.isoformat(),
        **more,
    }


def assign(hall, **more):
    fields = {
        "source": TaskSource.INSPECTION,
        "title": "窗口授权是否到位",
        "detail": "查有无窗口受理、后台再受理。",
        "owner_unit_id": hall.water.id,
        "due_date": DUE,
        **more,
    }
    made = hall.supervise("assign_task", hall.inspector, ON, **fields)
    return InspectionTask.objects.get(id=int(made["task_id"]))


@pytest.fixture
def task(hall):
    return assign(hall)


def statuses(client, path, people):
    found = []
    for person in people:
        client.force_login(person)
        found.append(client.get(path).status_code)
    return found


def test_a_task_is_for_its_office_and_those_who_watch(client, hall, task):
    leader = hall.people.post("leader", Role.STEERING_GROUP, hall.centre)
    path = url("task", task.id)
    assert client.get(path).url.startswith("/sign-in/")
    may = [hall.inspector, leader, hall.lead, hall.clerk]
    assert statuses(client, path, may) == [200, 200, 200, 200]
    assert statuses(client, path, [hall.colleague, hall.stranger]) == [404, 404]
    assert statuses(client, url("task", 1), [hall.inspector]) == [404]


def test_the_list_shows_each_reader_their_own(client, hall, task):
    path = url("tasks")
    assert client.get(path).url.startswith("/sign-in/")
    assert statuses(client, path, [hall.stranger]) == [404]
    seen = {}
    for person in (hall.inspector, hall.clerk, hall.colleague):
        client.force_login(person)
        answer = client.get(path)
        seen[person.username] = [row["number"] for row in answer.context["rows"]]
        assert (url("new_task") in text_of(answer)) == (person is hall.inspector)
    assert seen == {"inspector": [task.number], "clerk": [task.number], "colleague": []}


def test_only_an_inspector_gives_tasks(client, hall):
    path = url("new_task")
    assert client.get(path).url.startswith("/sign-in/")
    others = [hall.manager, hall.lead, hall.stranger]
    assert statuses(client, path, [hall.inspector, *others]) == [200, 404, 404, 404]
    for person in others:
        client.force_login(person)
        assert send(client, path, **words(hall)).status_code == 404
    assert not InspectionTask.objects.exists()


def test_a_task_lives_from_page_to_page(client, hall):
    client.force_login(hall.inspector)
    answer = send(client, url("new_task"), **words(hall))
    task = InspectionTask.objects.get()
    assert answer.url == url("task", task.id)
    assert (task.source, task.owner_unit_id, task.due_date) == ("instruction", hall.water.id, DUE)
    act = url("task_act", task.id, "report")
    assert send(client, act, report="没有发现二次受理。").status_code == 403  # not of the office
    client.force_login(hall.colleague)
    assert send(client, act, report="没有发现二次受理。").status_code == 404
    client.force_login(hall.clerk)
    assert [one["verb"] for one in client.get(url("task", task.id)).context["acts"]] == ["report"]
    short = send(client, act, report="没有")
    assert (short.status_code, "至少 5 个字" in text_of(short)) == (422, True)
    assert send(client, act, report="没有发现二次受理。").status_code == 302
    again = send(client, act, report="再报一次情况。")
    assert (again.status_code, "已经报告过了" in text_of(again)) == (409, True)
    assert "您刚才填写的内容：再报一次情况。" in text_of(again)
    close = url("task_act", task.id, "close")
    assert send(client, close, conclusion="情况属实。").status_code == 403
    client.force_login(hall.inspector)
    assert [one["verb"] for one in client.get(url("task", task.id)).context["acts"]] == ["close"]
    assert send(client, close, conclusion="情况属实。").status_code == 302
    page = text_of(client.get(url("task", task.id)))
    for said in ("没有发现二次受理。", "情况属实。", "已了结", "交办", "报告办理情况"):
        assert said in page
    assert client.get(url("task", task.id)).context["acts"] == []
    assert send(client, url("task_act", task.id, "dance")).status_code == 404
    assert client.get(url("tasks")).context["rows"] == []
    closed = client.get(url("tasks"), {"state": "closed", "source": "instruction"})
    assert [row["number"] for row in closed.context["rows"]] == [task.number]
    assert client.get(url("tasks"), {"state": "closed", "source": "other"}).context["rows"] == []


def test_what_is_wrong_comes_back_with_what_was_typed(client, hall):
    client.force_login(hall.inspector)
    late = send(client, url("new_task"), **words(hall, due_date="2013-09-18"))
    assert "须晚于今天" in text_of(late)
    assert "窗口授权是否到位" in text_of(late)
    nobody = send(client, url("new_task"), **words(hall, unit="7"))
    assert (nobody.status_code, "请选承办单位" in text_of(nobody)) == (422, True)
    assert not InspectionTask.objects.exists()


@pytest.mark.parametrize(
    ("day", "light", "said"),
    [
        (date(2013, 9, 18), "green", "剩 8 个工作日"),
        (date(2013, 9, 29), "yellow", "剩 1 个工作日"),
        (date(2013, 9, 30), "yellow", "今天到期"),
        (date(2013, 10, 8), "red", "已过 1 个工作日"),
    ],
)
def test_the_light_follows_working_days(client, hall, task, day, light, said):
    with time_machine.travel(moment(day), tick=False):
        client.force_login(hall.inspector)
        (row,) = client.get(url("tasks")).context["rows"]
    assert (row["light"], row["limit"]) == (light, said)


def test_a_late_report_is_marked_for_good(client, hall, task):
    hall.supervise(
        "report_task", hall.lead, date(2013, 10, 8), task_id=task.id, report="已经整改。"
    )
    with time_machine.travel(moment(date(2013, 10, 9)), tick=False):
        client.force_login(hall.inspector)
        page = client.get(url("task", task.id))
    assert page.context["task"]["limit"] == "逾期报告"
    assert "逾期报告" in text_of(page)


def told(event):
    deliver_all(moment(ON, 23))
    rows = Message.objects.filter(event=event).order_by("person__username")
    return list(rows.values_list("person__username", flat=True))


def test_each_is_told_once_what_concerns_them(hall, task):
    assert told("task.assigned") == ["approver", "lead"]
    hall.supervise("report_task", hall.lead, ON, task_id=task.id, report="没有发现二次受理。")
    assert told("task.reported") == ["inspector"]
    hall.supervise("close_task", hall.second, ON, task_id=task.id, conclusion="情况属实。")
    assert told("task.closed") == ["lead"]
    assert told("task.assigned") == ["approver", "lead"]
    text = Message.objects.get(event="task.reported").text
    assert (task.number in text, "江山市水利局" in text) == (True, True)


def test_where_nobody_leads_whoever_may_report_is_told(hall):
    town = hall.organisation("town", "101", "江山市贺村镇", kind="township")
    hall.people.post("town-clerk", Role.GENERAL_CLERK, town)
    assign(hall, owner_unit_id=town.id)
    assert told("task.assigned") == ["town-clerk"]


def test_a_task_is_a_subject_with_a_page_and_a_title(task):
    stream = task.stream
    assert titles_of([stream]) == {stream: f"{task.number} 窗口授权是否到位"}
    assert url_of(stream, for_staff=True) == url("task", task.id)
    assert url_of(stream, for_staff=False) is None


def test_pages_of_the_list_meet_and_longer_ones_take_no_more_statements(
    client, hall, django_assert_max_num_queries
):
    scope = hall.scope(hall.inspector)
    made = [assign(hall).number for _ in range(5)]
    first, more = queries.tasks(scope, size=3)
    rest, end = queries.tasks(scope, after=more, size=3)
    assert [one.number for one in (*first, *rest)] == made
    assert end is None
    client.force_login(hall.inspector)
    with django_assert_max_num_queries(50) as short:
        client.get(url("tasks"))
    for _ in range(15):
        assign(hall)
    with django_assert_max_num_queries(len(short)):
        client.get(url("tasks"))
