"""What troubles the staff: said from any page, taken, settled in a version; three people each."""

import csv
import io

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingtang.ledger.models import Event
from mingtang.troubles import queries, services
from mingtang.troubles.models import Trouble
from mingtang.troubles.rules import AlreadySettled, Deed, SaysNothing, Stand, State
from tests.world import morning, new_command_id

AT = morning(2013, 9, 17)


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(AT, tick=False):
        yield


def of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def url(name, *args):
    return reverse(f"troubles:{name}", args=args)


def send(client, path, **said):
    return client.post(path, {"command_id": new_command_id(), **said})


def reported(world, text="打印按钮没有反应", **more):
    made = services.report(
        page=more.pop("page", "/desk/"),
        text=text,
        organisation_id=more.pop("unit", world.water).id,
        actor=world.actor(more.pop("who", world.handler)),
        at=AT,
        command_id=new_command_id(),
    )
    return Trouble.objects.get(id=int(made["trouble_id"]))


@pytest.mark.parametrize(
    ("stand", "state", "deeds"),
    [
        (Stand(None, None), State.OPEN, [Deed.TAKE, Deed.SETTLE]),
        (Stand(AT, None), State.TAKEN, [Deed.TAKE, Deed.SETTLE]),
        (Stand(AT, AT), State.SETTLED, []),
    ],
)
def test_how_it_stands_says_what_may_be_done(stand, state, deeds):
    assert (stand.state, stand.deeds()) == (state, deeds)


@pytest.mark.django_db
def test_it_is_said_from_a_page_taken_and_settled_in_a_version(world):
    clerk, keeper = of(world.handler), of(world.manager)
    home = clerk.get("/today/").content.decode()
    assert "这里有问题" in home
    assert "网页找错" not in home
    page = clerk.get(f"{url('new')}?page=/desk/").content.decode()
    assert 'value="/desk/"' in page
    assert send(clerk, url("new"), page="/desk/", text=" ").status_code == 422
    assert send(clerk, url("new"), page="/desk/", text="打印按钮没有反应").status_code == 302
    one = Trouble.objects.get()
    assert one.organisation_id == world.water.id
    assert send(keeper, url("act", one.id, "take")).status_code == 302
    assert send(keeper, url("act", one.id, "settle"), answer="").status_code == 422
    told = {"answer": "已经改好。", "fixed_in": "0.2.0"}
    assert send(keeper, url("act", one.id, "settle"), **told).status_code == 302
    shown = clerk.get(url("trouble", one.id)).content.decode()
    assert "已经改好。" in shown
    assert "0.2.0" in shown
    kinds = [one.kind for one in Event.objects.filter(stream=one.stream).order_by("seq")]
    assert kinds == ["trouble.reported", "trouble.taken", "trouble.settled"]
    words = str([one.facts for one in Event.objects.filter(stream=one.stream).order_by("seq")])
    assert "打印按钮" not in words  # what was written stays out of the ledger
    assert "'route': '" in words
    assert send(clerk, url("new"), page="张三的件", text="打不开").status_code == 302
    assert "张三" not in str(list(Event.objects.values_list("facts", flat=True)))
    again = send(keeper, url("act", one.id, "settle"), **told)
    assert "已经解决" in keeper.get(again.url).content.decode()


@pytest.mark.django_db
def test_a_colleague_of_another_unit_and_a_stranger_see_nothing(world):
    one = reported(world)
    for client in (of(world.stranger), of(world.colleague)):
        assert client.get(url("trouble", one.id)).status_code == 404
        assert send(client, url("act", one.id, "take")).status_code == 404
    assert Client().get(url("trouble", one.id)).status_code == 302
    assert send(Client(), url("act", one.id, "take")).status_code == 403  # what was typed waits
    assert send(of(world.handler), url("act", one.id, "take")).status_code == 404
    assert of(world.handler).get(url("export")).status_code == 404
    assert one.text in of(world.clerk).get(url("list")).content.decode()  # of the same unit
    assert one.text not in of(world.stranger).get(url("list")).content.decode()


@pytest.mark.django_db
def test_what_is_refused_is_a_sentence_and_the_row_says_who(world):
    one = reported(world)
    by = {"actor": world.actor(world.manager), "at": AT}
    with pytest.raises(SaysNothing):
        services.settle(
            trouble_id=one.id, answer=" ", fixed_in="", command_id=new_command_id(), **by
        )
    services.settle(
        trouble_id=one.id, answer="改好了", fixed_in="", command_id=new_command_id(), **by
    )
    one.refresh_from_db()
    assert (one.taken_by, one.stand.state) == (world.manager, State.SETTLED)
    with pytest.raises(AlreadySettled):
        services.take(trouble_id=one.id, command_id=new_command_id(), **by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Trouble.objects.filter(id=one.id).update(answer="")


@pytest.mark.django_db
def test_the_list_is_whole_in_pages_and_no_dearer_with_more_rows(world):
    def counted():
        with CaptureQueriesContext(
            connection,
        ) as found:
            of(world.manager).get(url("list"))
        return len(found)

    reported(world)
    counted()  # what the process keeps is read once
    few = counted()
    for number in range(queries.PAGE):
        reported(world, text=f"问题{number}")
    assert counted() == few
    scope = world.scope(world.manager)
    first = queries.troubles(scope)
    second = queries.troubles(scope, after=first.next)
    ids = [one.id for one in (*first.rows, *second.rows)]
    assert len(set(ids)) == len(ids) == queries.PAGE + 1
    assert second.next is None
    assert queries.troubles(scope, state="settled").rows == []


@pytest.mark.django_db
def test_the_export_is_a_table_without_formulas(world):
    reported(world, text="=1+1 打不开")
    answer = of(world.manager).get(url("export"))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(one["单位"], one["问题"]) for one in rows] == [("江山市水利局", "'=1+1 打不开")]
