"""The pad and the window's desk: one line from the number to the rating."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from mingtang.cases import services as cases
from mingtang.cases.models import Case
from mingtang.cases.rules import HandOverWay, Verb
from mingtang.interaction import queries as interaction
from mingtang.interaction.models import Rating
from mingtang.interaction.services import issue_token
from mingtang.ledger.services import deliver_all
from mingtang.queues.models import Ticket
from mingtang.screens.queries.devices import cookie_of
from mingtang.screens.rules.pad import LATEST, WrongPress, pressed
from tests.queues.hall import Hall
from tests.screens.making import message, paired, post
from tests.world import new_command_id, plain


def _milliseconds(at):
    return round(at.timestamp() * 1000)


def test_a_press_counts_as_of_when_it_was_made_within_a_week(at):
    assert pressed(_milliseconds(at - timedelta(hours=5)), at) == at - timedelta(hours=5)
    assert pressed(_milliseconds(at + timedelta(minutes=1)), at) == at
    for wrong in (None, "1", -1, 1 << 60, _milliseconds(at - LATEST) - 1000, 1.5):
        with pytest.raises(WrongPress):
            pressed(wrong, at)


@pytest.fixture
def hall(world, at):
    return Hall(world, at)


@pytest.fixture
def pad(world, hall, at):
    return paired(world, at, "pad", name="水利评价器", window_id=hall.first.id)


@pytest.fixture
def served(world, hall, at):
    """A number that is served; its case was taken in at this window and is done."""
    hall.take(hall.a)
    hall.call()
    made = cases.take_in(
        item_code=world.item(statutory=20, promised=5),
        applicant=world.applicant(),
        answers=plain("取水"),
        actor=world.actor(world.clerk),
        at=at,
        command_id=new_command_id(),
    )
    deliver_all(at)
    case = Case.objects.get(id=int(made["case_id"]))
    for state in ("accepted", "claimed", "examined", "granted", "sealed", "delivered"):
        _bring(world, case, state, at)
    return Ticket.objects.get()


def _bring(world, case, state, at):
    """One state further: `world.bring` begins with the receipt, which was at the counter here."""
    steps = {
        "accepted": lambda: world.act(world.clerk, cases.accept, case, at),
        "claimed": lambda: world.act(world.handler, cases.claim, case, at, step_key="review"),
        "examined": lambda: world.act(
            world.handler, cases.examine, case, at, step_key="review", opinion="符合"
        ),
        "granted": lambda: world.act(
            world.approver, cases.decide, case, at, verb=Verb.GRANT, reason="符合条件"
        ),
        "sealed": lambda: world.seal(case, at),
        "delivered": lambda: world.act(
            world.clerk, cases.hand_over, case, at, way=HandOverWay.WINDOW, note=""
        ),
    }
    steps[state]()


def _send(client, pad, path, said, at, counter):
    told = message(pad, counter, at, json.dumps(said).encode(), path=path)
    return post(client, told)


def test_a_day_at_the_hall_is_one_line(world, hall, pad, served, client, at):
    """Ticket, window, case, pad: who is served stands masked; one press, once."""
    look, rate = reverse("screens:pad_beat"), reverse("screens:pad_rate")
    client.force_login(world.clerk)
    with time_machine.travel(at, tick=False):
        before = _send(client, pad, look, {"shows": "A001"}, at, 1).json()
        assert (before["serving"], before["who"], before["token"]) == ("A001", "毛*明", "")
        done = client.post(
            reverse("screens:move", args=["finish"]), {"ticket": served.id}, follow=True
        ).content.decode()
        assert "评价器上正在请他评价" in done
        told = _send(client, pad, look, {}, at, 2).json()
        assert "毛小明" not in json.dumps(told, ensure_ascii=False)
        press = {"token": told["token"], "level": "satisfied", "at": _milliseconds(at)}
        assert _send(client, pad, rate, press, at, 3).json()["ok"] is True
        assert _send(client, pad, rate, press, at, 4).status_code == 409
        assert _send(client, pad, look, {}, at, 5).json()["token"] == ""
        page = client.get(reverse("screens:window")).content.decode()
    for part in ("A001", Case.objects.get().number, "满意"):
        assert part in page
    rating = Rating.objects.get()
    assert (rating.level, rating.channel, rating.window_id) == ("satisfied", "pad", hall.first.id)


def test_a_press_without_a_network_is_sent_later_and_counts_as_of_then(
    world, hall, pad, served, client, at
):
    case = Case.objects.get()
    token = issue_token(
        subject=case.stream,
        channel="pad",
        window_id=hall.first.id,
        issued_by_id=world.clerk.id,
        at=at,
    )
    moment, later = at + timedelta(seconds=20), at + timedelta(hours=3)
    press = {"token": interaction.written(token), "level": "dissatisfied"}
    path = reverse("screens:pad_rate")
    with time_machine.travel(later, tick=False):
        for wrong in ({"at": _milliseconds(later)}, {"at": _milliseconds(moment), "level": "good"}):
            refused = _send(client, pad, path, {**press, **wrong}, later, wrong["at"] % 97 + 1)
            assert refused.status_code in {400, 409}
        sent = _send(client, pad, path, {**press, "at": _milliseconds(moment)}, later, 1000)
    assert sent.json()["ok"] is True
    assert Rating.objects.get().rated_at == moment


def test_a_pad_of_another_window_cannot_answer_for_this_one(world, hall, served, client, at):
    other = paired(world, at, "pad", name="规划评价器", window_id=hall.second.id)
    case = Case.objects.get()
    token = issue_token(
        subject=case.stream,
        channel="pad",
        window_id=hall.first.id,
        issued_by_id=world.clerk.id,
        at=at,
    )
    press = {"token": interaction.written(token), "level": "satisfied", "at": _milliseconds(at)}
    with time_machine.travel(at, tick=False):
        answer = _send(client, other, reverse("screens:pad_rate"), press, at, 1)
        board = paired(world, at, name="大屏")
        assert _send(client, board, reverse("screens:pad_beat"), {}, at, 1).status_code == 422
    assert answer.status_code == 422
    assert not Rating.objects.exists()


def test_without_a_module_the_pad_is_a_plain_form(world, hall, pad, served, client, at):
    with time_machine.travel(at, tick=False):
        assert client.get(reverse("screens:pad")).status_code == 403
        assert client.post(reverse("screens:rate"), {}).status_code == 403
        client.cookies["mt_device"] = cookie_of(pad)
        issue_token(
            subject=Case.objects.get().stream,
            channel="pad",
            window_id=hall.first.id,
            issued_by_id=world.clerk.id,
            at=at,
        )
        page = client.get(reverse("screens:pad"))
        assert page.content.decode().count('class="face"') == 5
        form = {"token": page.context["shown"]["token"], "level": "very_satisfied"}
        thanks = client.post(reverse("screens:rate"), form).content.decode()
        assert "谢谢您的评价" in thanks
        assert client.post(reverse("screens:rate"), form).status_code == 422
    assert Rating.objects.get().level == "very_satisfied"


def test_the_desk_is_for_who_sits_at_a_window(world, hall, client, at):
    url, call = reverse("screens:window"), reverse("screens:call")
    with time_machine.travel(at, tick=False):
        assert client.get(url).status_code == 302
        for who, status in (("citizen", 404), ("handler", 404), ("general", 403), ("clerk", 200)):
            client.force_login(world.people.made[who])
            assert client.get(url).status_code == status
        assert "没有人在等" in client.post(call, follow=True).content.decode()
        hall.take(hall.a)
        form = {"command_id": new_command_id()}
        client.post(call, form)
        client.post(call, form)  # pressed twice: called once
        ticket = Ticket.objects.get()
        assert (ticket.state, ticket.call_count) == ("called", 1)
        target = {"ticket": ticket.id, "target": f"{hall.b.id}/{hall.second.id}"}
        client.post(reverse("screens:move", args=["transfer"]), target)
        assert client.post(reverse("screens:move", args=["else"]), target).status_code == 404
        client.force_login(world.colleague)
        client.post(call)
        ticket.refresh_from_db()
        assert ticket.window_id == hall.second.id
        client.post(reverse("screens:ask"), {"ticket": ticket.id})


def test_more_numbers_take_no_more_statements(
    world, hall, client, at, django_assert_max_num_queries
):
    from mingtang.queues import services

    client.force_login(world.clerk)
    counts = []
    with time_machine.travel(at, tick=False):
        for _ in range(3):
            hall.take(hall.a)
            hall.call()
            hall.move(services.finish, Ticket.objects.get(state="called"))
            with django_assert_max_num_queries(60) as seen:
                client.get(reverse("screens:window"))
            counts.append(len(seen))
    assert counts[1] == counts[2]


def test_the_machine_gives_numbers_and_the_terminal_finds_guides(world, hall, client, at):
    with time_machine.travel(at, tick=False):
        url = reverse("screens:kiosk")
        assert "A类" in client.get(url).content.decode()
        slip = client.post(url, {"queue": str(hall.a.id), "command_id": new_command_id()})
        assert "A001" in slip.content.decode()
        assert client.post(url, {"code": "22222-22222"}).status_code == 422
        kiosk = paired(world, at, "kiosk", name="取号机")
        client.cookies["mt_device"] = cookie_of(kiosk)
        for _ in range(8):  # a machine of the hall is bound to no limit of its address
            assert client.post(url, {"queue": str(hall.a.id)}).status_code == 200
        assert Ticket.objects.filter(source="kiosk").count() == 8
        world.item("330881-read", name="取水许可")
        page = client.get(reverse("screens:reading") + "?q=取水").content.decode()
        assert "330881-read" in page
        assert "回到开始" in page
        assert "data-mt-start" not in page  # only a terminal of the hall goes back by itself
        terminal = paired(world, at, "reading", name="查阅点")
        client.cookies["mt_device"] = cookie_of(terminal)
        assert "data-mt-start" in client.get(reverse("screens:reading")).content.decode()
