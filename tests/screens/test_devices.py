"""Devices: paired once, heard by their key alone; forged, stale and replayed messages count for
nothing."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from mingtang.base.codes import spell_code
from mingtang.screens import services
from mingtang.screens.models import Device, ShownTime
from mingtang.screens.queries import devices as queries
from mingtang.screens.rules.devices import (
    Kind,
    Known,
    Message,
    NeedsWindow,
    Reason,
    Refused,
    Standing,
    WrongPairingCode,
    check,
    hours,
    read,
    shown_seconds,
    signature,
    standing,
)
from tests.screens.making import message, paired, post
from tests.world import new_command_id

NOW = datetime(2013, 9, 17, 2, 0, tzinfo=UTC)
BEAT = "/screens/device/beat/"


# ── the verifier by itself ────────────────────────────────────────────────────────────────────


def _signed(key: str, counter: int, at: datetime = NOW, **more) -> Message:
    told = Message(7, counter, round(at.timestamp() * 1000), "", "POST", BEAT, b"{}")
    return replace(told, **{"mac": signature(key, told), **more})


def _reason(told: Message, known: Known | None) -> Reason | None:
    try:
        check(told, known, NOW)
    except Refused as refused:
        return refused.reason
    return None


def test_a_fresh_message_of_the_holder_counts():
    assert _reason(_signed("ab" * 32, 5), Known("ab" * 32, 4, False)) is None


def test_five_thousand_forged_or_replayed_messages_count_for_nothing():
    """Each was right once and was then changed in one thing, or is sent a second time."""
    chance = random.Random(20131)
    key = chance.randbytes(32).hex()
    known = Known(key, 1000, False)

    def spoilt(told: Message) -> list[tuple[Message, Reason]]:
        other = chance.randbytes(32).hex()
        nibble = chance.randrange(64)
        mac = told.mac[:nibble] + format(int(told.mac[nibble], 16) ^ 1, "x")
        shift = timedelta(minutes=chance.randint(3, 9000)) * chance.choice((1, -1))
        return [
            (replace(told, mac=mac + told.mac[nibble + 1 :]), Reason.WRONG_CODE),
            (replace(told, mac=signature(other, told)), Reason.WRONG_CODE),
            (replace(told, counter=told.counter + chance.randint(1, 99)), Reason.WRONG_CODE),
            (replace(told, milliseconds=told.milliseconds + 1), Reason.WRONG_CODE),
            (replace(told, body=told.body + b" "), Reason.WRONG_CODE),
            (replace(told, path="/screens/device/rate/"), Reason.WRONG_CODE),
            (replace(told, device_id=told.device_id + 1), Reason.WRONG_CODE),
            (_signed(key, told.counter, NOW + shift), Reason.OLD),
            (_signed(key, chance.randint(0, 1000)), Reason.REPLAYED),
            (replace(told, method="GET"), Reason.WRONG_CODE),
        ]

    tried = [one for number in range(500) for one in spoilt(_signed(key, 1001 + number))]
    assert len(tried) == 5000
    assert [told for told, expected in tried if _reason(told, known) is not expected] == []


def test_who_has_no_key_learns_nothing_of_the_device():
    told = _signed("cd" * 32, 1, NOW - timedelta(days=1))
    for known in (Known("ab" * 32, 9, True), Known("ab" * 32, 9, False)):
        assert _reason(told, known) is Reason.WRONG_CODE
    assert _reason(told, None) is Reason.UNKNOWN
    assert _reason(_signed("ab" * 32, 10), Known("ab" * 32, 9, True)) is Reason.REVOKED


@pytest.mark.parametrize(
    "sent",
    [
        ("", "1", "1", "a" * 64),
        ("7", "-1", "1", "a" * 64),
        ("7", "1", "x", "a" * 64),
        ("7", "1", "1", "a" * 63),
        ("7", str(1 << 60), "1", "a" * 64),
        ("7", "1", str(1 << 62), "a" * 64),
        ("७", "1", "1", "a" * 64),
    ],
)
def test_what_is_no_message_is_said_to_be_none(sent):
    with pytest.raises(Refused) as refused:
        read(sent, method="POST", path=BEAT, body=b"")
    assert (refused.value.reason, refused.value.status) == (Reason.UNREADABLE, 400)


def test_lit_time_counts_between_beats_and_never_over_a_gap():
    assert shown_seconds(None, NOW) == 0
    assert shown_seconds(NOW - timedelta(seconds=61), NOW) == 61
    assert shown_seconds(NOW - timedelta(minutes=4), NOW) == 0
    assert shown_seconds(NOW + timedelta(seconds=1), NOW) == 0
    assert [hours([one]) for one in (0, 1799, 1800, 8 * 3600 + 1799)] == [0, 0, 1, 8]


def test_a_screen_is_silent_after_five_minutes():
    def state(minutes: int) -> Standing:
        seen = NOW - timedelta(minutes=minutes)
        flags = {"is_paired": True, "is_revoked": False, "is_doubted": False}
        return standing(**flags, seen_at=seen, at=NOW)

    assert (state(5), state(6)) == (Standing.ALIVE, Standing.SILENT)


# ── pairing ───────────────────────────────────────────────────────────────────────────────────


def test_a_code_pairs_once_within_a_quarter_of_an_hour(world, at):
    device = paired(world, at)
    assert (device.code_index, len(device.key)) == ("", 64)
    code = spell_code(b"12345678")
    by = {"actor": world.actor(world.manager), "at": at}
    services.renew_code(device_id=str(device.id), code=code, **by, command_id=new_command_id())
    late = {**by, "at": at + timedelta(minutes=15, seconds=1)}
    for wrong, when in ((code[::-1], by), (code, late)):
        with pytest.raises(WrongPairingCode):
            services.pair(code=wrong, **when, command_id=new_command_id())
    services.pair(code=code.lower().replace("-", " "), **by, command_id=new_command_id())
    with pytest.raises(WrongPairingCode):
        services.pair(code=code, **by, command_id=new_command_id())
    assert Device.objects.get().key != device.key


def test_the_key_is_sealed_and_told_to_no_ledger(world, at):
    from django.db import connection

    from mingtang.ledger.models import Command, Event

    device = paired(world, at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM screens_device")
        assert device.key.encode() not in bytes(cursor.fetchone()[0])
    told = [str(one.facts) for one in Event.objects.all()]
    told += [str(one.result) for one in Command.objects.all()]
    assert not [one for one in told if device.key in one]


def test_a_pad_stands_at_a_window_and_a_board_at_none(world, at):
    with pytest.raises(NeedsWindow):
        paired(world, at, "pad")
    with pytest.raises(IntegrityError), transaction.atomic():
        Device.objects.filter(id=paired(world, at).id).update(kind="pad")


# ── through HTTP ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_three_hundred_bad_messages_over_the_wire_and_one_good_one(world, at, client):
    """Also what raced past the check: the counter moves in one statement."""
    device, chance = paired(world, at), random.Random(7)
    with time_machine.travel(at, tick=False):
        good = message(device, 100, at, b'{"version": "9", "shows": "\xe5\x85\xac\xe7\xa4\xba"}')
        assert post(client, good).json()["ok"] is True
        for _ in range(100):
            told = message(device, chance.randint(101, 999), at)
            bad = [
                (good, "replayed", 409),
                (replace(told, mac=chance.randbytes(32).hex()), "wrong_code", 403),
                (message(device, 500, at - timedelta(minutes=3)), "old", 403),
            ]
            for sent, reason, status in bad:
                answer = post(client, sent)
                assert (answer.json()["reason"], answer.status_code) == (reason, status)
                assert answer.json()["error"]
    device.refresh_from_db()
    assert (device.counter, device.seen_at, device.version) == (100, at, "9")
    assert device.doubted_at == at  # the right key came twice: staff see it


def test_a_revoked_key_counts_no_more(world, at, client):
    device = paired(world, at)
    by = {"actor": world.actor(world.manager), "at": at, "command_id": new_command_id()}
    services.revoke(device_id=str(device.id), **by)
    with time_machine.travel(at, tick=False):
        answer = post(client, message(device, 1, at))
    assert (answer.status_code, answer.json()["reason"]) == (403, "revoked")
    assert queries.device_of_cookie(queries.cookie_of(device), Kind.BOARD) is None


def test_a_screen_pairs_itself_by_a_page_or_as_json(world, at, client):
    code = spell_code(b"abcdefgh")
    device = paired(world, at)
    with time_machine.travel(at, tick=False):
        for accepts in ("text/html", "application/json"):
            by = {"actor": world.actor(world.manager), "at": at, "command_id": new_command_id()}
            services.renew_code(device_id=str(device.id), code=code, **by)
            headers = {"Accept": accepts}
            wrong = client.post(reverse("screens:pair"), {"code": "2345"}, headers=headers)
            assert wrong.status_code == 422
            answer = client.post(reverse("screens:pair"), {"code": code}, headers=headers)
            device.refresh_from_db()
            assert device.key in answer.content.decode()
            cookie = answer.cookies["mt_device"]
            assert cookie["httponly"]
            found = queries.device_of_cookie(cookie.value, Kind.BOARD)
            assert found is not None
            assert queries.device_of_cookie(cookie.value, Kind.PAD) is None
            assert queries.device_of_cookie(cookie.value[:-1] + "x", Kind.BOARD) is None


def test_the_page_of_screens_is_the_managers(world, at, client, django_assert_num_queries):
    url = reverse("screens:devices")
    assert client.get(url).status_code == 302
    for who, status in (("citizen", 404), ("clerk", 404), ("manager", 200)):
        client.force_login(world.people.made[who])
        assert client.get(url).status_code == status
    with time_machine.travel(at, tick=False):
        form = {"kind": "board", "name": "一楼大屏", "window": "", "command_id": new_command_id()}
        page = client.post(url, form).content.decode()
        assert "big-code" in page
        assert client.post(url, {**form, "kind": "pad"}).status_code == 422
        assert "big-code" not in client.get(url).content.decode()
        device = Device.objects.get()
        client.post(reverse("screens:renew", args=[device.id]))
        client.post(reverse("screens:revoke", args=[device.id]))
    device.refresh_from_db()
    assert device.revoked_at is not None
    assert not device.code_index


def test_more_screens_take_no_more_statements(world, at, client, django_assert_max_num_queries):
    client.force_login(world.manager)
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(60) as seen:
            client.get(reverse("screens:devices"))
        counts.append(len(seen))
        for number in range(4):
            paired(world, at, name=f"大屏{number}")
    assert counts[0] == counts[1]


def test_hours_of_a_day_that_is_over_land_in_the_ledger_once(world, at):
    from mingtang.channels.models import Release
    from mingtang.channels.services import load_shipped
    from mingtang.ledger.rules import SYSTEM

    load_shipped(actor=SYSTEM, at=at, command_id=new_command_id())
    device = paired(world, at)
    for minute in range(100):
        moment = at + timedelta(minutes=minute)
        device.refresh_from_db()
        services.beat(device, version="1", shows="公示", at=moment)
    assert ShownTime.objects.get().seconds == 99 * 60
    assert services.count_hours(at) == 0  # today is not over
    tomorrow = at + timedelta(days=1)
    assert [services.count_hours(tomorrow), services.count_hours(tomorrow)] == [1, 0]
    (row,) = Release.objects.all()
    assert (row.quantity, row.measure, row.channel.code) == (2, "hour", "led")
    assert (row.released_date, row.is_automatic) == (device.paired_at.date(), True)


def test_a_silent_screen_stands_on_the_managers_page_of_the_day(world, at, client):
    services.beat(paired(world, at), version="1", shows="公示", at=at)
    told = "大厅屏幕没有心跳"
    for who, minutes, is_told in (("manager", 1, False), ("manager", 9, True), ("clerk", 9, False)):
        client.force_login(world.people.made[who])
        with time_machine.travel(at + timedelta(minutes=minutes), tick=False):
            page = client.get(reverse("site:today")).content.decode()
        assert (told in page) is is_told
