"""One's own data: a copy of everything, erasure by another person, what the law keeps, holds."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse

from mingtang.accounts.models import ForeignIdentity, Person
from mingtang.accounts.rules import Role
from mingtang.base.errors import Conflict
from mingtang.base.sealed import SealedField
from mingtang.cases import services as cases
from mingtang.cases.models import Case, Submission
from mingtang.cases.rules import State
from mingtang.ledger.models import Event
from mingtang.ledger.queries import verify
from mingtang.letters import services as letters
from mingtang.letters.rules.kinds import Writer
from mingtang.messages.models import Message
from mingtang.persons import holdings, services
from mingtang.persons.copying import packed
from mingtang.persons.models import DataRequest
from mingtang.persons.queries import copy_of, who_is
from mingtang.persons.rules import (
    AskedAlready,
    DecidedAlready,
    NotByTwo,
    OnHold,
    RequestKind,
)
from tests.persons.test_reveal import noted
from tests.world import NUMBERS, PASSWORD, World, new_command_id

pytestmark = pytest.mark.django_db


def asked(world: World, at, kind=RequestKind.ERASE, by=None) -> int:
    made = services.ask(
        person_id=world.citizen.id,
        kind=kind,
        words="",
        registered_by_id=by.id if by else None,
        actor=world.actor(by or world.citizen),
        at=at,
        command_id=new_command_id(),
    )
    return int(made["request_id"])


def answered(world: World, request_id: int, at, by=None, is_agreed=True):
    by = by or world.manager
    return services.decide(
        request_id=request_id,
        is_agreed=is_agreed,
        answer="依法办理。",
        decider_id=by.id,
        actor=world.actor(by),
        at=at,
        command_id=new_command_id(),
    )


def tipped_off(world: World, at) -> None:
    world.people.post("letters", Role.LETTER_OFFICE, world.centre)
    letters.file(
        kind="tip_off",
        title="举报",
        text="举报的内容",
        writer=Writer(name="毛小明", phone="13800000001", person_id=world.citizen.id),
        may_publish=False,
        actor=world.actor(world.citizen),
        at=at,
        command_id=new_command_id(),
    )


@pytest.fixture
def withdrawn(world: World, at) -> Case:
    """A case that its applicant took back before it was accepted."""
    case = world.file(world.item(), at, world.citizen)
    world.act(world.citizen, cases.withdraw, case, at, reason="不办了")
    case.refresh_from_db()
    assert case.state == State.WITHDRAWN.value
    return case


class TestACopy:
    def test_it_holds_what_is_held_in_both_files(self, world, withdrawn, at):
        archive = zipfile.ZipFile(io.BytesIO(packed(world.citizen.id, at)))
        page, data = (archive.read(name).decode() for name in ("个人信息.html", "data.json"))
        assert {part["label"] for part in json.loads(data)["parts"]} >= {
            "账户",
            "办件和没有提交的申请",
        }
        for said in (NUMBERS[0], "13800000001", withdrawn.number, "在峡口镇取水灌溉。", "毛小明"):
            assert said in page
            assert said in data

    def test_a_stranger_is_not_in_it(self, world, withdrawn, at):
        world.file(world.item("330881-qs2"), at, world.stranger, applicant=_other(world))
        told = json.dumps(copy_of(who_is(world.citizen.id)), ensure_ascii=False)
        assert NUMBERS[1] not in told
        assert "13900000009" not in told

    def test_who_looked_is_told(self, world, withdrawn, at):
        noted(world, withdrawn, world.handler, at)
        labels = [part["label"] for part in copy_of(who_is(world.citizen.id))]
        assert labels[-1] == "谁看过完整的号码"


def _other(world):
    mine = world.applicant(world.stranger)
    return replace(mine, name="姜大成", identity_number=NUMBERS[1], phone="13900000009")


def _for_another(world):
    return replace(world.applicant(world.citizen), name="姜大成", identity_number=NUMBERS[1])


class TestErasure:
    def test_what_may_go_goes_and_the_ledger_still_verifies(self, world, withdrawn, at):
        before = Submission.objects.get(case=withdrawn)
        ForeignIdentity.objects.create(
            person=world.citizen, issuer="https://id.example", subject_index="7", linked_at=at
        )
        told = answered(world, asked(world, at), at + timedelta(days=1))["erased"]
        assert told["办件和没有提交的申请"] == 1
        withdrawn.refresh_from_db()
        after = Submission.objects.get(case=withdrawn)
        assert (withdrawn.identity_number, withdrawn.phone, withdrawn.address) == ("", "", "")
        assert (after.answers, after.salt, after.commitment) == ({}, "", before.commitment)
        person = Person.objects.get(id=world.citizen.id)
        assert (person.name, person.identity_number, person.is_active) == ("已注销用户", "", False)
        assert not Message.objects.filter(person=person).exists()
        assert not ForeignIdentity.objects.exists()
        left = json.dumps(copy_of(who_is(person.id)), ensure_ascii=False)
        assert NUMBERS[0] not in left
        assert verify().is_ok

    def test_the_page_of_an_emptied_case_still_opens(self, client, world, withdrawn, at):
        answered(world, asked(world, at), at)
        with time_machine.travel(at, tick=False):
            _enter(client, "clerk")
            page = client.get(reverse("cases:detail", args=[withdrawn.number]))
        assert page.status_code == 200
        assert "（已依法删除）" in page.content.decode()

    def test_the_file_of_an_accepted_case_stays_with_its_reason(self, world, at):
        case = world.bring(world.file(world.item(), at, world.citizen), "delivered", at)
        request = asked(world, at)
        answered(world, request, at)
        case.refresh_from_db()
        assert case.identity_number == NUMBERS[0]
        kept = DataRequest.objects.get(id=request).outcome["kept"]
        assert any("保管期限 10年" in why for why in kept)

    def test_an_open_case_stops_it_whole(self, world, at):
        world.file(world.item(), at, world.citizen)
        request = asked(world, at)
        with pytest.raises(Conflict, match="没办完"):
            answered(world, request, at)
        assert Person.objects.get(id=world.citizen.id).is_active
        assert DataRequest.objects.get(id=request).decided_at is None

    def test_a_letter_without_its_answer_stops_it_too(self, world, at):
        tipped_off(world, at)
        with pytest.raises(Conflict, match="还有没答复的来信"):
            answered(world, asked(world, at), at)
        assert Person.objects.get(id=world.citizen.id).is_active

    def test_what_was_filed_for_another_stays(self, world, at):
        case = world.file(world.item(), at, world.citizen, applicant=_for_another(world))
        world.act(world.citizen, cases.withdraw, case, at, reason="不办了")
        request = asked(world, at)
        answered(world, request, at)
        case.refresh_from_db()
        assert (case.identity_number, case.applicant_name) == (NUMBERS[1], "姜大成")
        kept = DataRequest.objects.get(id=request).outcome["kept"]
        assert any("也是对方的申请" in why for why in kept)

    def test_who_works_here_keeps_the_account(self, world, at):
        who = who_is(world.clerk.id)
        with transaction.atomic():
            assert holdings.let_go(who, at) == {}
        assert Person.objects.get(id=world.clerk.id).is_active


class TestByTwo:
    def test_neither_who_took_it_in_nor_oneself_answers(self, world, at):
        request = asked(world, at, by=world.manager)
        with pytest.raises(NotByTwo):
            answered(world, request, at)
        other = world.people.post("manager2", Role.CENTRE_MANAGER, world.centre)
        answered(world, request, at, by=other)
        with pytest.raises(DecidedAlready):
            answered(world, request, at, by=other)

    def test_nor_does_it_past_the_command(self, world, at):
        request = asked(world, at, by=world.clerk)
        for person in (world.clerk, world.citizen):
            with pytest.raises(IntegrityError), transaction.atomic():
                DataRequest.objects.filter(id=request).update(
                    decided_at=at, decided_by=person, is_agreed=True
                )
        DataRequest.objects.filter(id=request).update(  # the control: another person may
            decided_at=at, decided_by=world.manager, is_agreed=True
        )

    def test_the_same_is_asked_once_and_has_its_limit(self, world, at, settings):
        request = asked(world, at)
        with pytest.raises(AskedAlready):
            asked(world, at)
        due = DataRequest.objects.get(id=request).due_date
        assert (due - at.date()).days == settings.MINGTANG_PERSONAL_DAYS

    def test_on_hold_nothing_goes_until_it_is_lifted(self, world, withdrawn, at):
        by = {"actor": world.actor(world.manager), "at": at}
        hold = services.place(
            person_id=world.citizen.id,
            reason="行政复议",
            holder_id=world.manager.id,
            **by,
            command_id=new_command_id(),
        )
        request = asked(world, at)
        with pytest.raises(OnHold):
            answered(world, request, at)
        services.lift(
            hold_id=int(hold["hold_id"]),
            lifter_id=world.manager.id,
            **by,
            command_id=new_command_id(),
        )
        answered(world, request, at)
        kinds = Event.objects.filter(stream=f"person:{world.citizen.id}").order_by("seq")
        assert list(kinds.values_list("kind", flat=True)) == [
            *("personal.held", "personal.asked", "personal.hold_lifted", "personal.answered"),
        ]


# ── what nobody spoke for ─────────────────────────────────────────────────────────────────────

EXCUSED = {
    "villages.Objection": "raised without an account, by a code or on paper: nobody to find it by",
    "projects.Project": "the contact of an enterprise, kept with the file of its project",
    "projects.AgencyRating": "said for an enterprise, kept with the file of its project",
    "consultations.SheetAnswer": "an answered sheet knows a keyed hash and no person",
    "letters.Assist": "words of officials about a letter",
    "letters.CallBack": "words of officials about a letter",
    "letters.Directive": "words of officials about a letter",
    "letters.Recusal": "why an official keeps away",
    "letters.Mail": "a mail as it came: what became a letter is told there, the rest is retained",
    "interaction.BadRating": "notes of officials about a rating",
    "api.Reply": "an answer to a system, gone after a day",
    "exchange.ReceivedRow": "rows that another place sent, kept as its batch",
    "exchange.LegacyCase": "cases of an old system, looked up by their old numbers alone",
    "screens.Device": "the key of a device",
    "persons.Reveal": "told as who looked",
}


def unspoken(spoken: set[str]) -> set[str]:
    """Tables with something sealed for which no holder speaks and that nobody excused."""
    sealed = {
        model._meta.label
        for model in apps.get_models()
        if any(isinstance(field, SealedField) for field in model._meta.fields)
    }
    assert sealed >= EXCUSED.keys()
    return sealed - spoken - EXCUSED.keys()


def test_everything_sealed_is_told_or_excused():
    spoken = {name for holder in holdings.holders() for name in holder.models}
    assert unspoken(spoken) == set()
    assert unspoken(spoken - {"cases.Case"}) == {"cases.Case"}  # the control


def _enter(client, username):
    told = {"username": username, "password": PASSWORD, "next": "/"}
    client.post(reverse("accounts:sign_in"), told)


@pytest.mark.once
class TestThePages:
    @pytest.fixture(autouse=True)
    def _at(self, at):
        with time_machine.travel(at, tick=False):
            yield

    def test_one_asks_and_takes_a_copy_and_another_answers(self, client, world, withdrawn):
        _enter(client, "citizen")
        page = client.get(reverse("persons:own"))
        assert "可以删除" in page.content.decode()
        assert NUMBERS[0] not in page.content.decode()
        copy = client.post(reverse("persons:own_copy"), {"command_id": new_command_id()})
        assert copy.content[:2] == b"PK"
        assert Event.objects.filter(kind="personal.copied").count() == 1
        client.post(reverse("persons:erasure"), {"command_id": new_command_id(), "words": ""})
        request = DataRequest.objects.get()
        _enter(client, "clerk")
        url = reverse("persons:decide", args=[request.id])
        told = {"is_agreed": "yes", "answer": "已删除。", "command_id": new_command_id()}
        assert client.get(url).status_code == 404  # taken in by nobody here
        assert client.post(url, told).status_code == 404  # a clerk takes in, and answers nothing
        _enter(client, "manager")
        assert client.post(url, told).status_code == 302
        assert Person.objects.get(id=world.citizen.id).name == "已注销用户"

    def test_a_copy_at_the_counter_waits_for_another_person(self, client, world, at):
        request = asked(world, at, RequestKind.COPY, by=world.clerk)
        url = reverse("persons:copy_for", args=[request])
        _enter(client, "clerk")
        assert client.post(url, {"command_id": new_command_id()}).status_code == 404
        answered(world, request, at)
        assert client.post(url, {"command_id": new_command_id()}).content[:2] == b"PK"
        _enter(client, "stranger")
        assert client.post(url, {"command_id": new_command_id()}).status_code == 404

    def test_a_copy_at_the_counter_is_handed_out_once_by_who_took_it_in_without_letters(
        self, client, world, at
    ):
        tipped_off(world, at)
        request = asked(world, at, RequestKind.COPY, by=world.clerk)
        answered(world, request, at)
        url = reverse("persons:copy_for", args=[request])
        _enter(client, "manager")  # neither another member of staff
        assert client.post(url, {"command_id": new_command_id()}).status_code == 404
        _enter(client, "clerk")
        with time_machine.travel(at + timedelta(days=8), tick=False):
            _enter(client, "clerk")
            assert client.post(url, {"command_id": new_command_id()}).status_code == 404
        _enter(client, "clerk")
        copy = client.post(url, {"command_id": new_command_id()}).content
        told = zipfile.ZipFile(io.BytesIO(copy)).read("data.json").decode()
        assert ("不在窗口提供" in told, "举报的内容" in told) == (True, False)
        own = zipfile.ZipFile(io.BytesIO(packed(world.citizen.id, at))).read("data.json").decode()
        assert "举报的内容" in own  # the control: it is there for their own eyes
        again = client.post(url, {"command_id": new_command_id()})
        assert again.status_code == 302

    def test_a_clerk_sees_the_requests_taken_in_here_alone(self, client, world, at):
        request = asked(world, at)
        url = reverse("persons:decide", args=[request])
        _enter(client, "clerk")
        assert client.get(url).status_code == 404
        assert url not in client.get(reverse("persons:data_requests")).content.decode()
        _enter(client, "manager")
        assert client.get(url).status_code == 200
        assert url in client.get(reverse("persons:data_requests")).content.decode()

    def test_at_the_counter_by_number_and_a_hold(self, client, world):
        _enter(client, "manager")
        url = reverse("persons:data_requests")
        told = {"found_by": NUMBERS[0], "kind": "copy", "command_id": new_command_id()}
        assert client.post(url, told).status_code == 302
        nobody = client.post(url, {**told, "found_by": "nobody"})
        assert (nobody.status_code, "nobody" in nobody.content.decode()) == (404, True)
        held = {"found_by": "citizen", "reason": "复议", "command_id": new_command_id()}
        assert client.post(reverse("persons:hold"), held).status_code == 302
        assert "复议" in client.get(url).content.decode()
