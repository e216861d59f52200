"""Told once, sent once, tried five times, never lost; nothing readable in the database."""

import logging
import smtplib
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from mingtang.base.ids import next_id
from mingtang.ledger import queries as ledger
from mingtang.messages import queries, services
from mingtang.messages.models import Message, MessageTemplate
from mingtang.messages.providers import Refused
from mingtang.messages.rules import (
    MAX_TRIES,
    WAIT_AFTER,
    NoSuchOccasion,
    SmsTooLong,
    Template,
    UnknownPlace,
)
from tests.messages.conftest import EMAIL, PHONE
from tests.messages.occasions import ACCEPTED, FACTS, REFUSED

LATER = timedelta(days=1)


@pytest.mark.django_db
class TestTelling:
    def test_one_row_for_each_way_that_applies(self, told, world, provider):
        rows = told(person_id=world.citizen.id, phone=PHONE, email=EMAIL)
        assert [(row.way, row.state) for row in rows] == [
            ("inbox", "delivered"),
            ("sms", "waiting"),
            ("mail", "waiting"),
        ]
        assert [row.recipient for row in rows] == ["", PHONE, EMAIL]
        assert {row.person_id for row in rows} == {world.citizen.id}
        inbox, sms, letter = rows
        assert inbox.text == letter.text != sms.text
        assert "取水许可" in sms.text

    @pytest.mark.parametrize(
        "recipient", [{}, {"phone": "0570-4012345"}, {"phone": "", "email": " "}]
    )
    def test_nobody_to_reach_is_no_row(self, told, provider, recipient):
        assert told(**recipient) == []

    def test_a_template_without_words_for_an_sms_sends_none(self, told, provider):
        assert told(phone=PHONE, fallback=Template("标题", "正文")) == []

    def test_a_closed_way_is_no_row(self, told, settings, provider):
        settings.MINGTANG_SMS_PROVIDER = settings.MINGTANG_MAIL_PROVIDER = "none"
        assert told(phone=PHONE, email=EMAIL) == []

    def test_a_follower_replayed_tells_nobody_twice(self, told, world, provider, at):
        first = told(person_id=world.citizen.id, phone=PHONE, email=EMAIL)
        services.send_due(at)
        again = told(person_id=world.citizen.id, phone="138 0000 0001", email=EMAIL)
        services.send_due(at + LATER)
        assert [row.id for row in again] == [row.id for row in first]
        assert len(provider.sent) == 2

    def test_another_event_another_person_and_another_number_are_told(self, told, world, provider):
        told(person_id=world.citizen.id, phone=PHONE)
        told(person_id=world.stranger.id, phone="13800000002")
        told(person_id=world.citizen.id, phone=PHONE, dedupe="event:2")
        assert Message.objects.count() == 6

    def test_it_is_told_in_the_transaction_of_the_work_or_not_at_all(
        self, told, world, provider, at
    ):
        with transaction.atomic():
            told(person_id=world.citizen.id)
            transaction.set_rollback(True)
        assert not Message.objects.exists()

    def test_facts_that_are_missing_are_told_at_once(self, told, provider):
        with pytest.raises(UnknownPlace):
            told(phone=PHONE, facts={"item": "取水许可"})

    def test_an_unknown_audience_is_refused(self, told, provider):
        with pytest.raises(ValueError, match="nobody"):
            told(audience="nobody")

    def test_it_costs_the_same_for_three_ways_as_for_one(
        self, told, world, provider, django_assert_num_queries
    ):
        for number, ways in enumerate(({}, {"phone": PHONE, "email": EMAIL})):
            asked = 3 + 2 + 1 + bool(ways)  # two savepoints, read; which ways somebody does without
            with transaction.atomic(), django_assert_num_queries(asked):
                told(person_id=world.citizen.id, dedupe=str(number), **ways)


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_nobody_is_told(at):
    with pytest.raises(TransactionManagementError):
        services.tell(
            subject="case:1",
            event="a.b",
            audience="staff",
            fallback=ACCEPTED,
            facts=FACTS,
            dedupe="1",
            at=at,
        )


def _file_of_sqlite() -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("PRAGMA database_list")
        return Path(cursor.fetchone()[2]).read_bytes()


def _columns() -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {Message._meta.db_table}")
        values = [value for row in cursor.fetchall() for value in row]
    boxes = (bytes, memoryview)
    return b"\n".join(
        bytes(value) if isinstance(value, boxes) else str(value).encode() for value in values
    )


@pytest.mark.django_db(transaction=True)
def test_neither_texts_nor_numbers_stand_in_the_database(told, world, provider, settings):
    told(person_id=world.citizen.id, phone=PHONE, email=EMAIL)
    secrets = ["取水许可", PHONE, EMAIL, "您的申请已受理"]
    stored = _file_of_sqlite() if connection.vendor == "sqlite" else _columns()
    assert b"case.accepted" in stored
    assert [secret for secret in secrets if secret.encode() in stored] == []


@pytest.mark.django_db
class TestTheDatabaseRefuses:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"way": "pigeon"},
            {"audience": "world"},
            {"state": "delivered", "due_at": None},
            {"state": "sent", "due_at": None},
            {"state": "failed"},
            {"state": "given_up", "due_at": None},
            {"due_at": None},
            {"recipient": ""},
            {"attempts": MAX_TRIES + 1},
            {"way": "inbox", "state": "delivered", "due_at": None, "recipient": ""},
        ],
    )
    def test_a_row_that_cannot_be(self, at, wrong):
        right = {
            "id": next_id(),
            "subject": "case:1",
            "event": "a.b",
            "audience": "staff",
            "way": "sms",
            "recipient": PHONE,
            "title": "t",
            "text": "t",
            "dedupe_key": "k",
            "created_at": at,
            "state": "waiting",
            "due_at": at,
        }
        with transaction.atomic():
            Message.objects.create(**right)
        Message.objects.all().delete()
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.create(**{**right, **wrong})

    def test_an_sms_that_was_read(self, told, provider, at):
        told(phone=PHONE)
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.update(read_at=at)


@pytest.mark.django_db
class TestSending:
    def test_what_is_due_goes_out_once_with_its_reference(self, told, provider, at):
        told(phone=PHONE, email=EMAIL)
        assert services.send_due(at) == 2
        assert services.send_due(at + LATER) == 0
        rows = Message.objects.order_by("id")
        assert [(row.state, row.sent_at, row.provider_reference) for row in rows] == [
            ("sent", at, "ref-1"),
            ("sent", at, "ref-2"),
        ]
        assert [recipient for recipient, _, _ in provider.sent] == [PHONE, EMAIL]

    def test_no_more_than_the_limit_at_once(self, told, provider, at):
        for number in range(5):
            told(phone=PHONE, dedupe=str(number))
        assert [services.send_due(at, limit=2) for _ in range(4)] == [2, 2, 1, 0]

    def test_a_failure_is_tried_again_after_growing_waits_and_given_up_after_five(
        self, told, provider, at
    ):
        provider.reset(*[OSError("网关不通")] * MAX_TRIES)
        (row,) = told(phone=PHONE)
        moment = at
        for wait in WAIT_AFTER:
            assert services.send_due(moment) == 1
            assert services.send_due(moment + wait - timedelta(seconds=1)) == 0
            row.refresh_from_db()
            assert (row.state, row.due_at) == ("failed", moment + wait)
            moment += wait
        assert services.send_due(moment) == 1
        row.refresh_from_db()
        assert (row.state, row.due_at, row.attempts) == ("given_up", None, MAX_TRIES)
        assert row.last_error == "OSError: 网关不通"
        assert services.send_due(moment + LATER) == 0
        assert provider.sent == []

    def test_after_a_failure_a_later_try_is_sent_and_the_error_forgotten(self, told, provider, at):
        provider.reset(OSError())
        (row,) = told(phone=PHONE)
        services.send_due(at)
        services.send_due(at + WAIT_AFTER[0])
        row.refresh_from_db()
        assert (row.state, row.last_error, row.attempts) == ("sent", "", 2)

    def test_what_a_provider_will_never_take_is_given_up_at_once(self, told, provider, at):
        provider.reset(REFUSED)
        told(phone=PHONE)
        told(phone="13800000002", dedupe="2")
        assert services.send_due(at) == 2
        assert [row.state for row in Message.objects.order_by("id")] == ["given_up", "sent"]

    def test_a_dead_gateway_is_asked_once_a_round_and_does_not_stop_the_mail(
        self, told, provider, at
    ):
        for number in range(3):
            told(phone=PHONE, dedupe=str(number))
        told(email=EMAIL)
        provider.reset(OSError())
        assert services.send_due(at) == 2
        assert [recipient for recipient, _, _ in provider.sent] == [EMAIL]
        assert services.send_due(at) == 2

    def test_a_worker_that_dies_while_sending_loses_nothing(self, told, provider, at):
        provider.reset(KeyboardInterrupt())
        (row,) = told(phone=PHONE)
        with pytest.raises(KeyboardInterrupt):
            services.send_due(at)
        assert services.send_due(at) == 0
        assert services.send_due(at + services.LEASE) == 1
        row.refresh_from_db()
        assert (row.state, row.attempts) == ("sent", 2)

    def test_a_message_that_kills_the_worker_five_times_is_given_up(self, told, provider, at):
        provider.reset(*[KeyboardInterrupt()] * MAX_TRIES)
        (row,) = told(phone=PHONE)
        for number in range(MAX_TRIES):
            with pytest.raises(KeyboardInterrupt):
                services.send_due(at + number * services.LEASE)
        assert services.send_due(at + LATER) == 0
        row.refresh_from_db()
        assert row.state == "given_up"
        assert "中断" in row.last_error

    @pytest.mark.parametrize(
        ("others", "own", "state"),
        [
            (None, None, "sent"),
            (None, OSError(), "sent"),
            (OSError("the other's"), OSError("own"), "failed"),
            (OSError(), None, "sent"),
            (REFUSED, OSError(), "given_up"),
        ],
    )
    def test_a_worker_that_comes_back_after_its_lease_adds_good_news_only(
        self, told, provider, at, others, own, state
    ):
        (row,) = told(phone=PHONE)
        slow, later = services._claim(at, set()), at + services.LEASE
        provider.reset(*[error for error in (others,) if error])
        services.send_due(later)
        provider.reset(*[error for error in (own,) if error])
        services._send(slow, at)
        row.refresh_from_db()
        assert (row.state, row.attempts) == (state, 2)
        assert "own" not in row.last_error
        assert row.due_at == (later + WAIT_AFTER[1] if state == "failed" else None)

    def test_a_box_that_does_not_open_stops_nobody_else(self, told, provider, at):
        (broken,) = told(phone=PHONE)
        with connection.cursor() as cursor:
            table = Message._meta.db_table
            cursor.execute(f"UPDATE {table} SET text = %s WHERE id = %s", [b"\x01no", broken.id])
        told(email=EMAIL)
        assert services.send_due(at) == 2
        assert [recipient for recipient, _, _ in provider.sent] == [EMAIL]

    def test_an_error_names_no_recipient(self, told, provider, at, caplog):
        provider.reset(OSError(f"no route to {PHONE}\nat all"))
        told(phone=PHONE)
        services.send_due(at)
        assert Message.objects.get().last_error == "OSError: no route to 138****0001 at all"
        assert PHONE not in caplog.text

    def test_given_up_messages_are_counted_and_can_be_sent_again(self, told, provider, at):
        provider.reset(REFUSED)
        told(phone=PHONE)
        services.send_due(at)
        assert queries.given_up(at) == queries.GivenUp(1, "Refused: 空号")
        assert queries.given_up(at + LATER).count == 0
        assert services.try_again(since=at + LATER, at=at) == 0
        assert services.try_again(since=at, at=at) == 1
        assert services.send_due(at) == 1
        assert queries.given_up(at).count == 0


@pytest.mark.django_db
def test_the_queue_is_read_by_its_index_and_not_the_whole_table(told, provider, at):
    told(phone=PHONE)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as captured:
        services.send_due(at)
    queue, _ = [one["sql"] for one in captured if "ORDER BY" in one["sql"]]
    with connection.cursor() as cursor:
        explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        cursor.execute(f"{explain} {queue}")
        assert "message_queue" in str(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_message_once(told, provider, at):
    for number in range(12):
        told(phone=PHONE, dedupe=str(number), facts={**FACTS, "number": f"N{number:02d}"})
    barrier, tried = threading.Barrier(2), []

    def work() -> None:
        try:
            barrier.wait()
            tried.append(services.send_due(at))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(tried) == 12
    assert len({text for _, _, text in provider.sent}) == len(provider.sent) == 12
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}


@pytest.mark.django_db(transaction=True)
def test_one_telling_from_two_followers_at_once_is_one_row(told, world, provider):
    barrier, found = threading.Barrier(2), []

    def work() -> None:
        try:
            barrier.wait()
            found.append([row.id for row in told(person_id=world.citizen.id, phone=PHONE)])
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1]
    assert Message.objects.count() == 2


@pytest.mark.django_db
class TestProviders:
    def test_mail_goes_through_djangos_settings_with_a_reference(self, told, settings, at):
        settings.MINGTANG_MAIL_PROVIDER = "smtp"
        settings.DEFAULT_FROM_EMAIL = "政务服务 <hall@example.cn>"
        (row,) = told(email=EMAIL)
        services.send_due(at)
        (letter,) = mail.outbox
        assert (letter.to, letter.subject) == ([EMAIL], "您的申请已受理")
        row.refresh_from_db()
        assert letter.extra_headers["Message-ID"] == row.provider_reference
        assert row.provider_reference.endswith("@example.cn>")

    @pytest.mark.parametrize(("code", "state"), [(550, "given_up"), (450, "failed")])
    def test_a_mail_box_that_is_not_there_is_given_up_and_a_full_one_tried_again(
        self, told, settings, at, monkeypatch, code, state
    ):
        settings.MINGTANG_MAIL_PROVIDER = "smtp"
        settings.DEFAULT_FROM_EMAIL = "hall@example.cn"

        def refuse(self, *args):
            raise smtplib.SMTPRecipientsRefused({EMAIL: (code, b"no " + EMAIL.encode())})

        monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
        (row,) = told(email=EMAIL)
        services.send_due(at)
        row.refresh_from_db()
        assert row.state == state
        assert EMAIL not in row.last_error

    def test_the_log_has_a_mask_and_no_text(self, told, settings, at, caplog):
        caplog.set_level(logging.INFO)
        told(phone=PHONE, email=EMAIL)
        services.send_due(at)
        assert "138****0001" in caplog.text
        assert "m****@example.cn" in caplog.text
        for secret in (PHONE, EMAIL, "取水许可", "毛小明"):
            assert secret not in caplog.text
        assert {one.state_label for one in queries.sent_about("case:42")} == {
            "只记入日志，没有发出"
        }

    def test_a_way_that_was_closed_gives_up_what_waited_for_it(self, told, provider, settings, at):
        (row,) = told(phone=PHONE)
        settings.MINGTANG_SMS_PROVIDER = "none"
        services.send_due(at)
        row.refresh_from_db()
        assert (row.state, row.provider) == ("given_up", "none")

    def test_a_class_that_does_not_load_is_a_failure_like_another(self, told, settings, at):
        settings.MINGTANG_SMS_PROVIDER = "nowhere.Provider"
        (row,) = told(phone=PHONE)
        services.send_due(at)
        row.refresh_from_db()
        assert row.state == "failed"
        assert "nowhere" in row.last_error

    def test_refusing_is_an_error_of_its_own(self):
        assert not issubclass(Refused, OSError)


@pytest.mark.django_db
class TestWording:
    def _save(self, world, at, command_id, **more):
        fields = {
            "event": "case.accepted",
            "audience": "applicant",
            "subject": "好消息：{item}",
            "body": "已受理，{number}。",
            "sms": "",
            "actor": world.actor(world.manager),
            "at": at,
            "command_id": command_id(),
            **more,
        }
        return services.save_template(**fields)

    def test_the_offices_words_go_before_the_built_in_ones(
        self, told, world, provider, at, command_id
    ):
        self._save(world, at, command_id)
        rows = told(person_id=world.citizen.id, phone=PHONE)
        assert [(row.way, row.title) for row in rows] == [("inbox", "好消息：取水许可")]
        services.reset_template(
            event="case.accepted",
            audience="applicant",
            actor=world.actor(world.manager),
            at=at,
            command_id=command_id(),
        )
        assert len(told(person_id=world.citizen.id, phone=PHONE, dedupe="2")) == 2
        kinds = [event.kind for event in ledger.history("message_template:case.accepted/applicant")]
        assert kinds == ["message_template.saved", "message_template.reset"]

    def test_words_that_fit_no_more_are_left_aside_and_told(
        self, told, world, provider, at, caplog
    ):
        MessageTemplate.objects.create(
            event="case.accepted",
            audience="applicant",
            changed_at=at,
            subject="{gone}",
            body="正文",
        )
        (row,) = told(person_id=world.citizen.id)
        assert row.title == "您的申请已受理"
        assert "does not fit" in caplog.text
        assert [one.fits for one in queries.wordings()] == [False, True]

    @pytest.mark.parametrize(
        ("wrong", "error"),
        [
            ({"subject": "{nothing}"}, UnknownPlace),
            ({"event": "case.unheard"}, NoSuchOccasion),
            ({"sms": "字" * 501}, SmsTooLong),
        ],
    )
    def test_words_that_cannot_be_sent_are_not_kept(
        self, world, provider, at, command_id, wrong, error
    ):
        with pytest.raises(error):
            self._save(world, at, command_id, **wrong)
        assert not MessageTemplate.objects.exists()
