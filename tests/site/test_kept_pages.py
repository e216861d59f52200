"""Pages for everybody: given from the shelf, and never older than what they were made of."""

import io
import os
import re
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.base import clock, framed, pages
from mingtang.base.pages import SHELF, key_of
from mingtang.base.watching import WATCH
from mingtang.catalogue.models import Item
from mingtang.catalogue.services import suspend_item
from mingtang.regions.models import OrganisationName
from mingtang.site.door import Door, kept_page
from tests.world import World, new_command_id

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both, pytest.mark.slow]
Answer = tuple[str, dict[str, str], str]
CODE = "330881-qs"


def environ(path: str, **more: Any) -> dict[str, Any]:
    address, _, query = path.partition("?")
    found = {"REQUEST_METHOD": "GET", "PATH_INFO": address, "QUERY_STRING": query}
    found |= {"wsgi.url_scheme": "http", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80"}
    return {**found, "HTTP_HOST": "127.0.0.1", "wsgi.input": io.BytesIO(), **more}


def ask(path: str, **more: Any) -> Answer:
    said: list[Any] = []
    door = Door(WSGIHandler())
    body = b"".join(door(environ(path, **more), lambda *told: said.append(told)))
    return said[0][0], dict(said[0][1]), body.decode()


@pytest.fixture(autouse=True)
def bare():
    SHELF.clear()
    framed.SHELF.clear()
    yield
    SHELF.clear()
    framed.SHELF.clear()
    WATCH.close()


@pytest.fixture
def page(world: World) -> str:
    return reverse("catalogue:item", args=[world.item(CODE)])


def in_another_process(work: Callable[[], object]) -> None:
    """What it does is known here by the database alone."""
    connections.close_all()
    WATCH.close()
    child = os.fork()
    if child == 0:
        try:
            work()
            connections.close_all()
        except BaseException:
            os._exit(1)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def statements(work: Callable[[], object]) -> int:
    seen: list[str] = []

    def note(execute: Any, sql: str, *more: Any) -> Any:
        seen.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(note):
        work()
    return len(seen)


def test_a_page_is_made_once_and_then_given(page):
    status, headers, body = ask(page)
    assert (status, headers["Cache-Control"]) == ("200 OK", "no-cache")
    assert headers.pop("X-Request-ID")  # of the one that made it: what is given has none
    assert kept_page(environ(page)) is not None
    assert ask(page) == (status, headers, body)
    assert statements(lambda: ask(page)) <= (connection.vendor != "sqlite")
    status, told, nothing = ask(page, HTTP_IF_NONE_MATCH=headers["ETag"])
    assert (status, nothing, told["ETag"]) == ("304 Not Modified", "", headers["ETag"])
    assert told["Content-Security-Policy"] == headers["Content-Security-Policy"]


def suspended(world: World) -> object:
    lead = world.actor(world.people.post("lead", Role.REFORM_OFFICE, world.centre))
    told = {"actor": lead, "at": clock.now(), "command_id": new_command_id()}
    item = Item.objects.get(code=CODE)
    return suspend_item(item_id=item.id, reason="系统改造", **told)


CHANGES: dict[str, Callable[[World], object]] = {
    "an item is suspended": suspended,
    "a unit is renamed": lambda _world: OrganisationName.objects.update(name="新的名称局"),
    "an item has another edition": lambda world: world.item("330881-zz", name="另一个事项"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_next_request_sees_what_another_process_changed(world, page, what):
    listed = reverse("catalogue:items")
    before = [ask(one)[2] for one in (page, listed)]
    assert [ask(one)[2] for one in (page, listed)] == before
    in_another_process(lambda: CHANGES[what](world))
    after = [ask(one)[2] for one in (page, listed)]
    assert after != before
    SHELF.clear()
    framed.SHELF.clear()
    assert [ask(one)[2] for one in (page, listed)] == after


def test_whoever_did_not_ask_for_the_marks_would_give_what_is_no_more(world, page, monkeypatch):
    """The control: it is the look at the marks that tells."""
    before = ask(page)[2]
    seen = WATCH.marks()
    in_another_process(lambda: OrganisationName.objects.update(name="新的名称局"))
    with monkeypatch.context() as blind:
        blind.setattr(type(WATCH), "marks", lambda _self: seen)
        assert ask(page)[2] == before
    assert ask(page)[2] != before


def test_a_page_of_a_table_without_marks_is_made_each_time(world, page, at):
    """The other control: with the trigger gone, a page would be kept that nothing tells of."""
    results = reverse("cases:results")
    ask(results)
    assert kept_page(environ(results)) is None
    before = ask(page)[2]
    table = Item._meta.db_table
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else f' ON "{table}"'
        cursor.execute(f'DROP TRIGGER "{table}_mark_update"{on}')
    try:
        Item.objects.update(status="suspended")
        assert ask(page)[2] == before
    finally:
        from mingtang.base.db import install_guards

        install_guards()


def test_what_belongs_to_one_browser_is_not_kept(client, world, page):
    for path in (reverse("accounts:sign_in"), reverse("cases:progress")):
        ask(path)
        assert kept_page(environ(path)) is None, path
    client.force_login(world.citizen)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    assert world.citizen.name in ask(page, HTTP_COOKIE=cookie)[2]
    assert kept_page(environ(page)) is None
    ask(page)
    assert kept_page(environ(page)) is not None
    assert world.citizen.name in ask(page, HTTP_COOKIE=cookie)[2]
    for more in ({"REQUEST_METHOD": "POST"}, {"HTTP_AUTHORIZATION": "Bearer x"}):
        assert key_of(environ(page, **more)) is None
    for cookie in ("sessionid=a", "mt_type=large; other=1", "mt_type=" + "x" * 40):
        assert key_of(environ(page, HTTP_COOKIE=cookie)) is None


def test_each_size_of_type_and_each_language_has_its_own(page):
    for cookie, mark in (
        ("mt_type=large", 'data-type="large"'),
        ("", 'data-type="standard"'),
        ("mt_language=en", 'lang="en"'),
        ("csrftoken=abc", 'lang="zh-hans"'),
    ):
        more = {"HTTP_COOKIE": cookie} if cookie else {}
        for _ in range(2):
            assert mark in ask(page, **more)[2].split("<head>")[0], cookie


def test_a_page_that_tells_the_day_is_made_anew_on_the_next(page, monkeypatch):
    places = reverse("site:places")
    ask(places)
    assert kept_page(environ(places)) is not None
    tomorrow = clock.now() + timedelta(1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert kept_page(environ(places)) is None


def test_a_page_begun_before_midnight_is_not_that_of_the_new_day(page, monkeypatch):
    places, evening = reverse("site:places"), clock.now()
    with monkeypatch.context() as late:
        days = iter([evening.date()])
        late.setattr(
            "mingtang.base.middleware.today",
            lambda: next(days, evening.date() + timedelta(1)),
        )
        ask(places)
    tomorrow = evening + timedelta(1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert kept_page(environ(places)) is None


def test_threads_put_their_pages_in_turns(monkeypatch):
    """Without the turn the shelf counts wrong, and ends in the middle of a page."""
    monkeypatch.setattr(pages, "MOST_PAGES", 20)
    shelf, failed, before = pages.Shelf(2**20), [], sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    source = pages.Source(frozenset(), frozenset(), None)
    one = pages.Page((), b"x" * 100, '"1"', source)

    def put(thread):
        try:
            for number in range(1500):
                shelf.put((str(number % 40), str(thread % 2)), one)
        except (RuntimeError, StopIteration) as error:
            failed.append(error)

    threads = [threading.Thread(target=put, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(before)
    assert failed == []
    assert shelf._bytes == 100 * len(shelf._pages) == 2000


def test_the_shelf_has_an_end(page, monkeypatch):
    monkeypatch.setattr(pages, "MOST_PAGES", 3)
    for number in range(5):
        ask(f"{page}?n={number}")
    kept = [kept_page(environ(f"{page}?n={number}")) is not None for number in range(5)]
    assert kept == [False, False, True, True, True]


# ── pages of which all but the frame is kept ──────────────────────────────────────────────────

TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
READERS = ("", "mt_type=large", "mt_contrast=high; mt_type=large", "mt_language=en")


def plainly(request: Any, template: str, _about: Any, facts: Any) -> Any:
    return render(request, template, facts())


@pytest.mark.parametrize("name", ["catalogue:item", "catalogue:guide"])
def test_a_framed_page_is_the_same_as_one_drawn_whole(name, client, world, page, monkeypatch):
    """To the letter, for each reader, in whichever order they come."""
    client.force_login(world.citizen)
    session = f"sessionid={client.cookies['sessionid'].value}"
    path = reverse(name, args=[CODE])

    def all_of_them() -> list[str]:
        SHELF.clear()
        found = []
        for preferred in READERS:
            for who in (session, ""):
                told = "; ".join(one for one in (who, preferred) if one)
                body = ask(f"{path}?edition=1&x=%3C", HTTP_COOKIE=told)[2]
                assert (world.citizen.name in body) == bool(who)
                found.append(TOKENS.sub("", body))
        return found

    framed_pages = all_of_them()
    assert len(framed.SHELF._pages) == 2  # one for each language
    assert all_of_them() == framed_pages
    for module in ("mingtang.catalogue.views", "mingtang.catalogue.views.guides"):
        monkeypatch.setattr(f"{module}.render_framed", plainly)
    assert all_of_them() == framed_pages


def test_nothing_of_a_reader_is_there_when_the_kept_part_is_drawn(page, monkeypatch):
    told: list[dict[str, Any]] = []

    def spied(name: str, context: Any, request: Any = None) -> str:
        if name == "catalogue/item_detail.html":
            told.append(context)
            assert request is None
        return render_to_string(name, context, request)

    monkeypatch.setattr(framed, "render_to_string", spied)
    ask(page)
    assert len(told) == 1
    assert not {"request", "user", "csrf_token", "messages", "perms"} & told[0].keys()


def test_a_page_by_another_address_is_drawn_from_what_is_kept(page):
    ask(page)
    assert statements(lambda: ask(f"{page}?n=1")) == 1  # whether the marks still stand


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_kept_of_a_page_is_never_older_than_the_database(world, page, what, monkeypatch):
    """And the control: who does not compare the marks gives what is no more."""
    before = ask(page)[2]
    in_another_process(lambda: CHANGES[what](world))
    if what != "an item has another edition":  # that one is another item's
        with monkeypatch.context() as blind:
            blind.setattr(pages.Source, "holds", lambda *_told: True)
            assert ask(f"{page}?n=1")[2].replace("%3Fn%3D1", "").replace("?n=1", "") == before
    after = ask(f"{page}?n=2")[2]
    framed.SHELF.clear()
    assert ask(f"{page}?n=2")[2] == after
    SHELF.clear()
    assert ask(f"{page}?n=2")[2] == after


def test_what_tells_the_day_is_not_kept_beyond_it(page, monkeypatch):
    ask(page)
    assert statements(lambda: ask(f"{page}?n=1")) == 1
    tomorrow = clock.now() + timedelta(1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert statements(lambda: ask(f"{page}?n=2")) > 1


def test_a_page_is_given_though_the_connection_was_lost(page):
    """What is asked for past Django's cursors may fail as they do."""
    before = [ask(page)[2], ask(page)[2]]
    if connection.vendor == "postgresql":
        connection.connection.pgconn.finish()
    else:
        WATCH.close()
    assert [ask(page)[2], ask(page)[2]] == before
