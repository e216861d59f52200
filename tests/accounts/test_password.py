"""One's own password: who knows the old one changes it, and is out everywhere else."""

import pytest
from django.test import Client

from mingtang.accounts.forms import EnrolForm, PasswordForm, ProofForm, SignInForm
from mingtang.accounts.models import Person
from mingtang.accounts.passwords import (
    WeakPassword,
    check_new_password,
    check_no_word_of_this_place,
)
from mingtang.ledger.models import Event
from mingtang.regions.models import OrganisationName
from tests.world import new_command_id

NEW = "长城饭店的第三根柱子"


@pytest.fixture
def person(world):
    return world.clerk


def change(client, world, *, old=None, new=NEW, again=None):
    return client.post(
        "/account/",
        {
            "old_password": world.people.password if old is None else old,
            "new_password": new,
            "new_again": new if again is None else again,
            "command_id": new_command_id(),
        },
    )


@pytest.mark.django_db
class TestThePage:
    def test_it_is_changed_and_the_other_sessions_end(self, world, person, client):
        elsewhere = Client()
        for one in (client, elsewhere):
            one.force_login(person)
        assert change(client, world).status_code == 302
        assert client.get("/account/").status_code == 200
        assert elsewhere.get("/account/").status_code == 302
        person.refresh_from_db()
        assert person.check_password(NEW)
        told = Event.objects.get(kind="password.changed")
        assert told.facts == {}
        assert NEW not in client.get("/account/").content.decode()

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"old": "zhebushimima"}, "用户名或密码不正确"),
            ({"new": "short"}, "至少 8 位"),
            ({"new": "password123"}, "太常见"),
            ({"new": "mingtang2026"}, "容易被猜中"),
            ({"new": NEW, "again": NEW + "x"}, "不一样"),
            ({"new": ""}, "请填写新密码"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_changes(
        self, world, person, client, typed, sentence
    ):
        client.force_login(person)
        answer = change(client, world, **typed)
        assert 400 <= answer.status_code < 500
        text = answer.content.decode()
        assert sentence in text
        assert "zhebushimima" not in text
        assert NEW not in text
        assert Person.objects.get(id=person.id).password == person.password
        assert not Event.objects.filter(kind="password.changed").exists()

    def test_the_same_one_is_no_other(self, world, person, client):
        client.force_login(person)
        assert "一样" in change(client, world, new=world.people.password).content.decode()

    def test_guesses_at_the_old_one_are_five(self, world, person, client):
        client.force_login(person)
        for _ in range(5):
            change(client, world, old="zhebushimima")
        assert change(client, world).status_code in {403, 429}
        assert Person.objects.get(id=person.id).password == person.password

    def test_a_visitor_is_led_to_the_door(self, client, db):
        assert client.get("/account/").status_code == 302

    def test_who_comes_by_a_provider_has_none_to_change(self, person, client):
        person.set_unusable_password()
        person.save()
        client.force_login(person)
        text = client.get("/account/").content.decode()
        assert "统一认证平台" in text
        assert 'name="old_password"' not in text


@pytest.mark.parametrize("password", ["1234567", "shuiliju", "SHUILIJU", "12345678", "iloveyou"])
def test_a_password_that_is_tried_first_is_none(password):
    with pytest.raises(WeakPassword):
        check_new_password(password, "shuiliju")
    check_new_password("a long enough password", "shuiliju")


@pytest.mark.django_db
@pytest.mark.once
@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("MingTang-2026", False),
        ("明堂明堂2026", True),
        ("衢山市政务服务123", False),
        ("hall.example2026!", False),
        ("窗口工作人员888", False),
        ("{unit}001", False),
        ("{unit}的第三根柱子", True),
        ("20261128", True),
    ],
)
def test_the_words_of_this_place_are_tried_first_here(world, settings, password, is_taken):
    """With digits and signs around them too. Control: more letters make another password of one."""
    settings.MINGTANG_SITE_NAME, settings.ALLOWED_HOSTS = "衢山市政务服务", ["hall.example"]
    name = OrganisationName.objects.order_by("id").first().name
    told = password.replace("{unit}", name)
    if is_taken:
        check_no_word_of_this_place(told)
    else:
        with pytest.raises(WeakPassword, match="名称"):
            check_no_word_of_this_place(told)


@pytest.mark.parametrize(
    "password",
    [
        NEW,
        "只有八个汉字的密",
        "aaaaaaab",
        " 前后 有空格 ",
        "é\u0301Ⅷ\t\u3000",
        "x" * 64,
        "长" * 200,
    ],
)
def test_of_any_signs_and_as_long_as_they_like_it_is_taken_as_typed(password):
    """Nothing is cut, trimmed or made alike; one that is too long for us is refused, not cut."""
    told = {"username": "a", "password": password, "proof_of_self": password}
    told |= {"old_password": password, "new_password": password, "new_again": password}
    told |= {"command_id": "0" * 32, "code": "123456"}
    for form in (SignInForm, ProofForm, EnrolForm, PasswordForm):
        filled = form(told)
        assert filled.is_valid(), filled.errors
        assert password in filled.cleaned_data.values()
    if len(password) >= 8:
        check_new_password(password, "shuiliju")
    assert not SignInForm(told | {"password": "x" * 201}).is_valid()


@pytest.mark.parametrize("form", [SignInForm, ProofForm, EnrolForm, PasswordForm])
def test_its_fields_hide_it_and_let_a_manager_of_passwords_in(form):
    fields = [one for one in form(auto_id=False) if "password" in one.name or "proof" in one.name]
    fields += [one for one in form(auto_id=False) if one.name == "new_again"]
    assert fields
    for one in fields:
        drawn = str(one)
        assert 'type="password"' in drawn
        assert "-password" in drawn.partition("autocomplete=")[2]
        assert "value=" not in str(form({one.name: NEW}, auto_id=False)[one.name])
