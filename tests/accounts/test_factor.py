"""The second factor: enrolment, sign-in, replay, guesses, recovery, reset by two; who it is asked
once more, and nothing typed is lost."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, OperationalError, transaction
from django.test import Client
from django.urls import reverse

from mingtang.accounts import totp
from mingtang.accounts.models import Factor, FactorReset, Person, RecoveryCode
from mingtang.accounts.policy import FACTOR
from mingtang.accounts.queries import open_resets
from mingtang.accounts.rules import RESET_GOOD_FOR, Role, TooManyAttempts, WrongCode
from mingtang.accounts.services_factor import (
    agree_reset,
    ask_reset,
    check_code,
    confirm_factor,
    offered_secret,
    renew_codes,
)
from mingtang.base.errors import Conflict, NotAllowed, NotFound
from mingtang.cases.models import Case
from mingtang.ledger.models import Event
from mingtang.ledger.rules import SYSTEM
from tests.world import PASSWORD, new_command_id

pytestmark = pytest.mark.django_db


def shown_secret(page):
    """What the page of the enrolment tells to type."""
    return re.search(r"<code>([A-Z2-7 ]+)</code>", page.content.decode())[1]


def by(at):
    return {"actor": SYSTEM, "at": at, "command_id": new_command_id()}


def enrol(person, at, session="a session"):
    """A phone and its recovery codes."""
    secret = offered_secret(person.id, session)
    told = {"typed": totp.code(secret, totp.step_of(at)), "password": PASSWORD}
    codes = confirm_factor(person_id=person.id, session_key=session, **told, **by(at))
    return (lambda moment: totp.code(secret, totp.step_of(moment))), codes


class TestCodes:
    @pytest.fixture(autouse=True)
    def _phone(self, people, at):
        people.person("shuili", "郑梅")
        self.person, self.at = people.made["shuili"], at
        self.phone, self.codes = enrol(self.person, at)

    def check(self, typed, at):
        check_code(person_id=self.person.id, typed=typed, at=at)

    def test_a_code_is_taken_once(self):
        later = self.at + timedelta(minutes=2)
        self.check(self.phone(later), later)
        with pytest.raises(WrongCode):
            self.check(self.phone(later), later)
        with pytest.raises(WrongCode):  # of a step before the one that was taken
            self.check(self.phone(later - timedelta(seconds=30)), later)

    def test_without_the_note_of_the_step_a_replay_would_be_taken(self):
        """The control: what refuses a replay is that note."""
        later = self.at + timedelta(minutes=2)
        self.check(self.phone(later), later)
        Factor.objects.update(last_step=0)
        self.check(self.phone(later), later)

    def test_the_code_of_the_enrolment_opens_nothing(self):
        with pytest.raises(WrongCode):
            self.check(self.phone(self.at), self.at)

    def test_a_recovery_code_opens_once_however_it_is_typed(self):
        assert len(set(self.codes)) == 10
        self.check(self.codes[0].lower().replace("-", " "), self.at)
        with pytest.raises(WrongCode):
            self.check(self.codes[0], self.at)
        self.check(self.codes[1], self.at)

    def test_the_database_shows_neither_secret_nor_recovery_code(self):
        code = self.codes[0].replace("-", "")
        kept = list(RecoveryCode.objects.values_list("digest", flat=True))
        assert not any(code in one or code.lower() in one for one in kept)

    def test_a_thousand_guesses_are_judged_five_times(self):
        judged = 0
        for number in range(40):
            try:
                self.check(f"{number:06d}", self.at)
            except WrongCode:
                judged += 1
            except TooManyAttempts:
                pass
        assert judged == 5

    def test_a_wrong_password_enrols_nobody(self, people, at):
        people.person("other")
        told = {"person_id": people.made["other"].id, "session_key": "a session"}
        typed = totp.code(offered_secret(*told.values()), totp.step_of(at))
        with pytest.raises(Exception, match="用户名或密码不正确"):
            confirm_factor(**told, typed=typed, password="wrong", **by(at))
        assert not Factor.objects.filter(person=people.made["other"]).exists()

    def test_who_has_one_does_not_begin_another(self, at):
        with pytest.raises(Conflict):
            offered_secret(self.person.id, "a session")

    def test_other_recovery_codes_end_those_before(self):
        fresh = renew_codes(person_id=self.person.id, **by(self.at))
        assert len(set(fresh) - set(self.codes)) == 10
        with pytest.raises(WrongCode):
            self.check(self.codes[0], self.at)
        self.check(fresh[0], self.at)
        assert Event.objects.order_by("id").last().kind == "factor.codes_renewed"

    def test_a_second_click_shows_no_codes_that_do_not_hold(self):
        told = by(self.at)
        first = renew_codes(person_id=self.person.id, **told)
        with pytest.raises(Conflict):
            renew_codes(person_id=self.person.id, **told)
        self.check(first[0], self.at)

    def test_without_a_factor_there_are_no_codes(self, people):
        people.person("other")
        with pytest.raises(NotFound):
            renew_codes(person_id=people.made["other"].id, **by(self.at))


class TestReset:
    @pytest.fixture(autouse=True)
    def _people(self, people, at):
        for name in ("lost", "first", "other"):
            people.person(name)
        self.lost, self.first, self.other = (people.made[n] for n in ("lost", "first", "other"))
        self.phone, _codes = enrol(self.lost, at)

    def ask(self, asker, at, username="lost"):
        told = {"username": username, "reason": "本人到场"}
        return int(ask_reset(**told, asker_id=asker.id, **by(at))["reset_id"])

    def test_two_people_reset_and_the_ledger_tells(self, at):
        reset = self.ask(self.first, at)
        agree_reset(reset_id=reset, agreer_id=self.other.id, **by(at))
        assert not Factor.objects.exists()
        kinds = list(Event.objects.order_by("id").values_list("kind", flat=True))
        assert kinds[-2:] == ["factor.reset_asked", "factor.reset"]

    def test_the_old_phone_opens_nothing_after_a_reset(self, at):
        agree_reset(reset_id=self.ask(self.first, at), agreer_id=self.other.id, **by(at))
        enrol(self.lost, at, "another session")
        later = at + timedelta(minutes=2)
        with pytest.raises(WrongCode):
            check_code(person_id=self.lost.id, typed=self.phone(later), at=later)

    def test_a_request_is_good_for_three_days(self, at):
        reset, late = self.ask(self.first, at), at + RESET_GOOD_FOR + timedelta(seconds=1)
        assert [one.id for one in open_resets(at + RESET_GOOD_FOR)] == [reset]
        assert open_resets(late) == []
        with pytest.raises(Conflict, match="三天"):
            agree_reset(reset_id=reset, agreer_id=self.other.id, **by(late))
        agree_reset(reset_id=self.ask(self.first, late), agreer_id=self.other.id, **by(late))
        assert not Factor.objects.exists()

    def test_one_person_alone_does_not(self, at):
        reset = self.ask(self.first, at)
        for agreer in (self.first, self.lost):
            with pytest.raises(NotAllowed):
                agree_reset(reset_id=reset, agreer_id=agreer.id, **by(at))
        with pytest.raises(NotAllowed):
            self.ask(self.lost, at)
        with pytest.raises(Conflict):
            self.ask(self.other, at)
        with pytest.raises(NotFound):
            self.ask(self.first, at, username="other")
        assert Factor.objects.exists()

    def test_nor_does_it_past_the_commands(self, at):
        """The database refuses what the command would."""
        self.ask(self.first, at)
        row = FactorReset.objects.get()
        for agreer in (self.first, self.lost):
            with pytest.raises(IntegrityError), transaction.atomic():
                FactorReset.objects.filter(id=row.id).update(agreed_at=at, agreed_by=agreer)


@pytest.mark.once
class TestSigningIn:
    @pytest.fixture(autouse=True)
    def _at(self, at):
        with time_machine.travel(at, tick=False):
            self.at = at
            yield

    def sign_in(self, client, username="approver"):
        data = {"username": username, "password": PASSWORD, "next": "/desk/"}
        return client.post(reverse("accounts:sign_in"), data)

    @pytest.mark.slow
    def test_the_password_alone_lets_nobody_in_who_has_a_phone(self, client, world):
        phone, _codes = enrol(world.approver, self.at - timedelta(minutes=5))
        assert self.sign_in(client).url == reverse("accounts:second")
        assert client.get("/desk/").status_code == 302
        wrong = client.post(reverse("accounts:second"), {"code": "000000"})
        assert wrong.status_code == 422
        assert "验证码不正确" in wrong.content.decode()
        right = client.post(reverse("accounts:second"), {"code": phone(self.at)})
        assert right.url == "/desk/"
        assert client.get("/desk/").status_code == 200

    def test_the_second_step_waits_ten_minutes_and_not_for_who_gave_no_password(
        self, client, world
    ):
        _phone, codes = enrol(world.approver, self.at - timedelta(minutes=5))
        nobody = client.post(reverse("accounts:second"), {"code": codes[0]})
        assert nobody.url == reverse("accounts:sign_in")
        self.sign_in(client)
        with time_machine.travel(self.at + timedelta(minutes=11), tick=False):
            late = client.post(reverse("accounts:second"), {"code": codes[0]})
        assert late.url == reverse("accounts:sign_in")

    def test_an_account_that_is_closed_meanwhile_stays_out(self, client, world):
        _phone, codes = enrol(world.approver, self.at - timedelta(minutes=5))
        self.sign_in(client)
        world.people.close(world.approver.id)
        assert client.post(reverse("accounts:second"), {"code": codes[0]}).status_code == 404
        assert "_auth_user_id" not in client.session

    @pytest.mark.slow
    def test_a_role_that_needs_one_has_no_post_until_it_is_set_up(self, client, world, settings):
        number = world.file(world.item(), self.at).number
        page, api = f"/cases/{number}/", f"/api/v1/cases/{number}"
        self.sign_in(client)
        assert client.get(page).status_code == client.get(api).status_code == 200
        settings.MINGTANG_SECOND_FACTOR_ROLES = frozenset({Role.APPROVER})
        assert client.get(page).url == reverse("accounts:factor")
        assert client.get(api).status_code == 404
        form = client.get(reverse("accounts:factor"))
        assert not Factor.objects.exists()  # to look writes nothing
        assert "岗位才能使用" in form.content.decode()
        assert client.get(reverse("accounts:factor_qr")).content.startswith(b"<svg")
        secret = offered_secret(world.approver.id, client.session.session_key)
        told = {"password": PASSWORD, "command_id": new_command_id()}
        wrong = client.post(reverse("accounts:factor"), {**told, "code": "000000"})
        assert wrong.status_code == 422
        typed = totp.code(secret, totp.step_of(self.at))
        done = client.post(reverse("accounts:factor"), {**told, "code": typed})
        assert done.content.decode().count("<li><code>") == 10
        assert "no-store" in done["Cache-Control"]
        assert client.get(page).status_code == client.get(api).status_code == 200
        assert client.get(reverse("accounts:factor_qr")).status_code == 409

    @pytest.mark.slow
    def test_two_sessions_of_one_person_see_different_secrets(self, client, world):
        """Who has the password alone reads nothing that its owner enrols afterwards."""
        told = []
        for one in (client, Client()):
            self.sign_in(one)
            pages = [one.get(reverse(f"accounts:{name}")) for name in ("factor", "factor_qr")]
            assert "密钥" in pages[0].content.decode()
            told.append([shown_secret(pages[0]), pages[1].content])
        assert told[0][0] != told[1][0]
        assert told[0][1] != told[1][1]
        assert shown_secret(client.get(reverse("accounts:factor"))) == told[0][0]  # steady

    @pytest.mark.slow
    def test_a_session_ends_with_the_factor_it_came_with(self, client, world, settings):
        settings.MINGTANG_SECOND_FACTOR_ROLES = frozenset({Role.APPROVER})
        other = Client()
        for one in (client, other):
            self.sign_in(one)
        secret = offered_secret(world.approver.id, client.session.session_key)
        told = {"password": PASSWORD, "command_id": new_command_id()}
        typed = totp.code(secret, totp.step_of(self.at))
        client.post(reverse("accounts:factor"), {**told, "code": typed})
        assert client.get("/desk/").status_code == 200
        assert other.get(reverse("accounts:factor")).url.startswith(reverse("accounts:sign_in"))
        Factor.objects.all().delete()
        enrol(world.approver, self.at, "another session")
        assert client.post("/desk/", {}).url.startswith(reverse("accounts:sign_in"))

    def test_a_note_of_another_factor_counts_for_nothing(self, client, world, settings):
        """The control of `came_with_factor`: the session itself goes on."""
        settings.MINGTANG_SECOND_FACTOR_ROLES = frozenset({Role.APPROVER})
        enrol(world.approver, self.at)
        client.force_login(world.approver)
        kept = client.session
        for shown, wanted in ((Factor.objects.get().id + 1, 302), (Factor.objects.get().id, 200)):
            kept[FACTOR] = shown
            kept.save()
            assert client.get("/desk/").status_code == wanted

    @pytest.mark.slow
    def test_other_recovery_codes_are_had_on_the_page_by_who_shows_who_it_is(
        self, client, world, settings
    ):
        settings.MINGTANG_PROOF_MINUTES = 15
        _phone, codes = enrol(world.approver, self.at - timedelta(minutes=5))
        client.force_login(world.approver)
        assert "重新生成恢复码" in client.get(reverse("accounts:factor")).content.decode()
        url, told = reverse("accounts:recovery_codes"), {"command_id": new_command_id()}
        assert client.post(url, told).status_code == 403
        check_code(person_id=world.approver.id, typed=codes[0], at=self.at)  # they hold still
        done = client.post(url, {**told, "proof_of_self": PASSWORD}).content.decode()
        assert done.count("<li><code>") == 10
        assert codes[1] not in done
        again = client.post(url, told, follow=True)
        assert again.redirect_chain[-1][0] == reverse("accounts:factor")
        assert "重新提交" in again.content.decode()

    def test_a_role_that_needs_none_is_not_asked(self, client, world, settings):
        settings.MINGTANG_SECOND_FACTOR_ROLES = frozenset({Role.APPROVER})
        self.sign_in(client, "clerk")
        assert client.get("/desk/").status_code == 200


@pytest.mark.once
class TestOnceMore:
    """Re-authentication: a final decision, an export, a seal."""

    @pytest.fixture(autouse=True)
    def _decided(self, world, settings, at):
        settings.MINGTANG_PROOF_MINUTES = 15
        self.case = world.bring(world.file(world.item(), at), "examined", at)
        self.url = reverse("cases:act", args=[self.case.number, "grant"])
        with time_machine.travel(at, tick=False):
            self.at = at
            yield

    def typed(self, **more):
        return {"reason": "符合规定条件，同意取水。", "command_id": new_command_id(), **more}

    def state(self):
        return Case.objects.get(id=self.case.id).state

    def test_a_decision_asks_and_keeps_what_was_typed(self, client, world):
        client.force_login(world.approver)
        asked = client.post(self.url, told := self.typed())
        page = asked.content.decode()
        assert asked.status_code == 403
        assert told["reason"] in page
        assert told["command_id"] in page
        assert self.state() != "granted"
        wrong = client.post(self.url, {**told, "proof_of_self": "not-it"})
        assert wrong.status_code == 422
        assert told["reason"] in wrong.content.decode()
        assert "not-it" not in wrong.content.decode()
        assert client.post(self.url, {**told, "proof_of_self": PASSWORD}).status_code == 302
        assert self.state() == "granted"

    @pytest.mark.slow
    def test_who_signed_in_just_now_is_not_asked_and_after_the_minutes_is(self, client, world):
        data = {"username": "approver", "password": PASSWORD, "next": ""}
        client.post(reverse("accounts:sign_in"), data)
        with time_machine.travel(self.at + timedelta(minutes=16), tick=False):
            assert client.post(self.url, self.typed()).status_code == 403
        with time_machine.travel(self.at + timedelta(minutes=14), tick=False):
            assert client.post(self.url, self.typed()).status_code == 302

    def test_the_code_of_the_phone_serves_as_well(self, client, world):
        phone, _codes = enrol(world.approver, self.at - timedelta(minutes=5))
        client.force_login(world.approver)
        done = client.post(self.url, self.typed(proof_of_self=phone(self.at)))
        assert done.status_code == 302

    def test_what_is_not_final_is_not_asked(self, client, world):
        client.force_login(world.clerk)
        other = world.bring(world.file(world.item("330881-x"), self.at), "received", self.at)
        url = reverse("cases:act", args=[other.number, "accept"])
        assert client.post(url, {"command_id": new_command_id()}).status_code == 302

    def test_the_api_refuses_a_session_that_proved_nothing(self, client, world):
        client.force_login(world.approver)
        answer = client.post(
            f"/api/v1/cases/{self.case.number}/acts/grant",
            {"reason": "符合规定条件。"},
            content_type="application/json",
            headers={"Idempotency-Key": new_command_id()},
        )
        assert answer.status_code == 403
        assert "先确认" in answer.json()["detail"]
        assert self.state() != "granted"

    def test_an_export_asks_and_comes_back(self, client, world):
        client.force_login(world.manager)
        url = reverse("cases:archives_file")
        assert client.get(url).status_code == 403
        told = {"proof_of_self": PASSWORD, "next": url}
        assert client.post(reverse("accounts:prove"), told).url == url
        assert client.get(url).status_code == 200
        away = {"proof_of_self": PASSWORD, "next": "https://evil.example/"}
        assert client.post(reverse("accounts:prove"), away).url == "/"

    def test_files_cannot_go_along_and_the_page_says_so(self, client, world, tmp_path):
        client.force_login(world.approver)
        file = tmp_path / "a.txt"
        file.write_text("x")
        with file.open("rb") as sent:
            page = client.post(self.url, self.typed(uploads=sent)).content.decode()
        assert "附件请重新选一次" in page

    def test_a_database_that_is_away_gives_the_form_back_without_the_word(
        self, client, world, monkeypatch
    ):
        def away(*args, **kwargs):
            raise OperationalError("away")

        client.force_login(world.approver)
        monkeypatch.setattr("mingtang.cases.views.case.do_act", away)
        answer = client.post(self.url, told := self.typed(proof_of_self=PASSWORD))
        page = answer.content.decode()
        assert (answer.status_code, told["reason"] in page, PASSWORD in page) == (503, True, False)

    @pytest.mark.slow
    def test_the_same_word_is_guessed_five_times(self, client, world):
        client.force_login(world.approver)
        for _ in range(5):
            client.post(self.url, self.typed(proof_of_self="wrong"))
        last = client.post(self.url, self.typed(proof_of_self=PASSWORD))
        assert last.status_code == 422
        assert self.state() != "granted"


@pytest.mark.once
@pytest.mark.slow
def test_two_security_administrators_reset_on_their_page(client, world, at):
    enrol(world.approver, at)
    admins = [
        world.people.post(name, Role.SECURITY_ADMIN, world.centre) for name in ("anquan", "anquan2")
    ]
    page = reverse("accounts:resets")
    for person, wanted in ((world.manager, 404), (world.approver, 404), (admins[0], 200)):
        client.force_login(person)
        assert client.get(page).status_code == wanted
    told = {"username": "approver", "reason": "本人持证到场", "command_id": new_command_id()}
    assert client.post(page, told).status_code == 302
    row = FactorReset.objects.get()
    url = reverse("accounts:agree_reset", args=[row.id])
    client.post(url, {"command_id": new_command_id()})
    assert Factor.objects.exists()
    assert "同意重置" not in client.get(page).content.decode()
    client.force_login(admins[1])
    assert "同意重置" in client.get(page).content.decode()
    client.post(url, {"command_id": new_command_id()})
    assert not Factor.objects.exists()
    assert Person.objects.filter(username="approver").exists()
