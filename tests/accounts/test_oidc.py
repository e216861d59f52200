"""Signing in at another system: what comes back is believed only if it is the answer to what this
browser asked there, and gives nobody a right."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from mingtang.accounts import oidc
from mingtang.accounts.identity import ProviderAway, Side, SignInUndone, said_of
from mingtang.accounts.models import ForeignIdentity, Person
from mingtang.accounts.rules import Role
from mingtang.base.errors import NotAllowed, NotFound
from mingtang.base.sealed import blind_index
from mingtang.ledger.models import Event
from tests.accounts.provider import CITIZENS, ISSUER, NUMBER, OTHER, STAFF, pretend

BACK = "https://hall.example/back"


@pytest.fixture(autouse=True)
def _at(at):
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def there(monkeypatch, at):
    return pretend(monkeypatch, ISSUER, at)


def come(there, at, provider=CITIZENS, **more):
    """Go there, agree, come back."""
    address, kept = oidc.begin(provider, BACK, at, fresh=more.pop("fresh", False))
    given = there.consent(address)
    return oidc.finish(provider, kept | more, given, BACK, at)


class TestProtocol:
    def test_who_agreed_there_is_told(self, there, at):
        said = said_of(CITIZENS, come(there, at))
        assert (said.subject, said.name, said.number, said.level) == ("s-1", "毛建国", NUMBER, 2)

    @pytest.mark.parametrize(
        "change",
        [
            {"iss": OTHER},
            {"iss": None},
            {"aud": "another"},
            {"aud": ["hall", "another"]},
            {"aud": ["hall", "another"], "azp": "another"},
            {"azp": "another"},
            {"aud": None},
            {"nonce": "another"},
            {"nonce": None},
            {"exp": 0},
            {"exp": None},
            {"iat": 4_000_000_000},
            {"sub": None},
            {"sub": ""},
        ],
        ids=str,
    )
    def test_a_token_that_is_not_ours_now_is_refused(self, there, at, change):
        there.change = change
        with pytest.raises(SignInUndone):
            come(there, at)

    def test_several_audiences_are_taken_where_we_are_named_as_the_one(self, there, at):
        there.change = {"aud": ["hall", "another"], "azp": "hall"}
        assert come(there, at)["sub"] == "s-1"

    def test_an_expired_token_is_taken_for_a_minute_more_for_two_clocks(self, there, at):
        there.change = {"exp": at - timedelta(seconds=50)}
        come(there, at)
        there.change = {"exp": at - timedelta(seconds=70)}
        with pytest.raises(SignInUndone):
            come(there, at)

    @pytest.mark.parametrize("algorithm", ["none", "HS256"])
    def test_no_signature_and_one_by_a_shared_word_are_refused(self, there, at, algorithm):
        there.algorithm = algorithm
        with pytest.raises(SignInUndone):
            come(there, at)

    @pytest.mark.parametrize(
        "broken",
        [{"iss": OTHER}, {"aud": "another"}, {"exp": 0}, {"alg": "none"}, {"alg": "HS256"}],
        ids=str,
    )
    def test_control_a_check_that_looks_at_nothing_lets_them_in(
        self, there, at, broken, monkeypatch
    ):
        there.algorithm = broken.pop("alg", "ES256")
        there.change = broken
        whole = jwt.decode
        blind = {"verify_signature": False}
        monkeypatch.setattr(jwt, "decode", lambda token, *_, **more: whole(token, options=blind))
        assert come(there, at)["sub"] == "s-1"

    def test_control_without_the_comparison_any_nonce_and_state_would_do(
        self, there, at, monkeypatch
    ):
        there.change = {"nonce": "another"}
        monkeypatch.setattr(oidc.hmac, "compare_digest", lambda one, other: True)
        address, kept = oidc.begin(CITIZENS, BACK, at)
        given = there.consent(address) | {"state": "another"}
        assert oidc.finish(CITIZENS, kept, given, BACK, at)["sub"] == "s-1"

    def test_a_signature_by_a_stranger_under_a_known_name_is_refused(self, there, at):
        published = there._published()
        there._published = lambda: published
        assert come(there, at)
        there.keys["one"] = ec.generate_private_key(ec.SECP256R1())
        with pytest.raises(SignInUndone, match="签名"):
            come(there, at)

    def test_new_keys_are_asked_for_and_no_more_than_twice_a_minute(self, there, at, monkeypatch):
        come(there, at)
        there.keys["two"], there.signs_with = there.keys.pop("one"), "two"
        later = at + timedelta(seconds=31)
        there.keys["one"] = there.keys["two"]
        assert come(there, later)["sub"] == "s-1"
        there.signs_with = "three"
        before = there.asked.count("/keys")
        for _ in range(3):
            with pytest.raises(SignInUndone):
                come(there, later)
        assert there.asked.count("/keys") == before

    def test_state_is_this_browsers(self, there, at):
        address, kept = oidc.begin(CITIZENS, BACK, at)
        given = there.consent(address)
        for state in ("", "another", given["state"][:-1]):
            with pytest.raises(SignInUndone, match="state"):
                oidc.finish(CITIZENS, kept, given | {"state": state}, BACK, at)
        assert oidc.finish(CITIZENS, kept, given, BACK, at)

    def test_a_code_is_good_once_and_only_with_what_this_browser_keeps(self, there, at):
        address, kept = oidc.begin(CITIZENS, BACK, at)
        given = there.consent(address)
        with pytest.raises(SignInUndone):  # stolen: the verifier is another browser's
            oidc.finish(CITIZENS, kept | {"verifier": "x" * 43}, given, BACK, at)
        given = there.consent(address)
        oidc.finish(CITIZENS, kept, given, BACK, at)
        with pytest.raises(SignInUndone):
            oidc.finish(CITIZENS, kept, given, BACK, at)

    def test_two_providers_are_not_mixed_up(self, there, at):
        address, kept = oidc.begin(CITIZENS, BACK, at)
        given = there.consent(address)
        with pytest.raises(SignInUndone, match="iss"):
            oidc.finish(CITIZENS, kept, given | {"iss": OTHER}, BACK, at)
        with pytest.raises(SignInUndone, match="不是当初"):
            oidc.finish(replace(CITIZENS, side=Side.STAFF), kept, given, BACK, at)
        assert oidc.finish(CITIZENS, kept, given | {"iss": ISSUER}, BACK, at)

    def test_who_says_that_it_names_itself_must(self, there, at):
        there.metadata = {"authorization_response_iss_parameter_supported": True}
        with pytest.raises(SignInUndone, match="iss"):
            come(there, at)

    def test_who_stayed_away_too_long_begins_anew(self, there, at):
        address, kept = oidc.begin(CITIZENS, BACK, at)
        with pytest.raises(SignInUndone, match="10 分钟"):
            oidc.finish(CITIZENS, kept, there.consent(address), BACK, at + timedelta(minutes=11))

    def test_who_refused_there_is_told_so(self, there, at):
        address, kept = oidc.begin(CITIZENS, BACK, at)
        given = {"state": there.consent(address)["state"], "error": "access_denied"}
        with pytest.raises(SignInUndone, match="取消"):
            oidc.finish(CITIZENS, kept, given, BACK, at)

    def test_to_show_again_who_one_is_wants_to_have_been_asked_just_now(self, there, at):
        assert "prompt=login" in oidc.begin(CITIZENS, BACK, at, fresh=True)[0]
        for shown in (None, at.timestamp() - 3600):
            there.change = {"auth_time": shown}
            with pytest.raises(SignInUndone, match="重新核对"):
                come(there, at, fresh=True)
        there.change = {"auth_time": int(at.timestamp())}
        assert come(there, at, fresh=True)

    def test_what_the_token_does_not_say_is_asked_and_is_of_the_same_person(self, there, at):
        there.about = {"phone_number": "+86 13800000000", "sub": "s-1", "name": "别人"}
        said = said_of(CITIZENS, come(there, at))
        assert (said.phone, said.name) == ("13800000000", "毛建国")
        there.about = {"phone_number": "13800000000", "sub": "s-2"}
        with pytest.raises(SignInUndone, match="另一个人"):
            come(there, at)

    @pytest.mark.parametrize(
        "metadata",
        [
            {"issuer": OTHER},
            {"token_endpoint": "http://id.example/token"},
            {"jwks_uri": "file:///etc/passwd"},
            {"authorization_endpoint": "javascript:alert(1)"},
        ],
        ids=str,
    )
    def test_a_provider_that_says_something_odd_of_itself_is_not_used(self, there, at, metadata):
        there.metadata = metadata
        with pytest.raises(ProviderAway):
            oidc.begin(CITIZENS, BACK, at)

    def test_an_address_inside_is_not_called_unless_named(self, at, monkeypatch, settings):
        monkeypatch.setattr(oidc, "_known", {})
        inside = replace(CITIZENS, issuer="http://127.0.0.1:1")
        with pytest.raises(ProviderAway) as caught:
            oidc.begin(inside, BACK, at)
        assert "MINGTANG_OUTGOING_NETS" in str(caught.value.__cause__)
        settings.MINGTANG_OUTGOING_NETS = ("127.0.0.0/8",)
        with pytest.raises(ProviderAway) as caught:
            oidc.begin(inside, BACK, at)
        assert isinstance(caught.value.__cause__, ConnectionRefusedError)

    def test_a_level_without_a_number_is_none(self):
        said = said_of(CITIZENS, {"sub": "s", "grade": "L3", "name": "毛建国"})
        assert (said.level, said.number) == (0, "")
        with pytest.raises(SignInUndone, match="18 位"):
            said_of(CITIZENS, {"sub": "s", "grade": "L3", "id_number": NUMBER[:-1] + "4"})


def visit(client, there, side, target="", path="accounts:sign_in_with"):
    """Sign in by a provider, as a browser does. The answer to the way back."""
    where = reverse(path, args=[side]) if path == "accounts:sign_in_with" else reverse(path)
    gone = client.get(where, {"next": target} if target else {})
    assert gone.status_code == 302, gone.content.decode()
    given = there.consent(gone["Location"])
    back = parse_qs(urlsplit(gone["Location"]).query)["redirect_uri"][0]
    return client.get(urlsplit(back).path, given)


@pytest.mark.django_db
class TestCitizens:
    @pytest.fixture(autouse=True)
    def _set(self, settings, there):
        settings.MINGTANG_OIDC = {"citizens": CITIZENS}
        self.there, self.client = there, Client()

    def come(self, target="", client=None):
        return visit(client or self.client, self.there, "citizens", target)

    def test_a_newcomer_has_an_account_with_number_and_level(self):
        assert self.come()["Location"] == reverse("cases:mine")
        person = Person.objects.get(id=self.client.session["_auth_user_id"])
        assert (person.name, person.identity_number) == ("毛建国", NUMBER)
        assert person.identity_index == blind_index("identity", NUMBER)
        assert (person.real_name_level, person.has_usable_password()) == (2, False)
        link = ForeignIdentity.objects.get()
        assert (link.person_id, link.issuer) == (person.id, ISSUER)
        told = Event.objects.filter(stream=f"person:{person.id}").order_by("seq")
        kinds = list(told.values_list("kind", flat=True))
        assert kinds == ["person.added", "identity.linked", "person.real_name_noted"]
        for secret in (NUMBER, "s-1"):
            assert secret not in str(list(told.values()))

    def test_the_second_time_it_is_the_same_one_and_what_changed_is_kept(self):
        self.come()
        before = Event.objects.count()
        self.come(client=Client())
        assert (Person.objects.count(), Event.objects.count()) == (1, before)
        self.there.person |= {"grade": "L3", "phone_number": "13800000000"}
        self.come(client=Client())
        person = Person.objects.get()
        assert (person.real_name_level, person.phone) == (3, "13800000000")

    def test_an_account_with_the_number_is_theirs_if_the_name_is_too(self, people):
        known = people.person("mao", "毛建国", identity=NUMBER)
        self.come()
        assert self.client.session["_auth_user_id"] == str(known)

    @pytest.mark.parametrize("grade", ["L0", "未实名", ""])
    def test_a_number_that_nobody_verified_leads_to_nobody(self, people, grade):
        """Typed there by a stranger who knows number and name."""
        known = people.person("mao", "毛建国", identity=NUMBER)
        self.there.person["grade"] = grade
        self.come()
        came = Person.objects.get(id=self.client.session["_auth_user_id"])
        assert came.id != known
        assert (came.identity_number, came.identity_index, came.real_name_level) == ("", "", 0)

    def test_another_name_to_the_number_opens_nothing(self, people):
        people.person("mao", "毛建军", identity=NUMBER)
        answer = self.come()
        assert answer.status_code == 403
        assert "姓名" in answer.content.decode()
        assert "_auth_user_id" not in self.client.session
        assert Person.objects.count() == 1

    def test_another_number_to_a_known_subject_opens_nothing(self):
        self.come()
        self.there.person["id_number"] = "330881190001010023"
        answer = self.come(client=(other := Client()))
        assert answer.status_code == 403
        assert "_auth_user_id" not in other.session
        assert Person.objects.get().identity_number == NUMBER

    def test_a_closed_account_stays_closed(self, people):
        self.come()
        people.close(Person.objects.get().id)
        assert self.come(client=(other := Client())).status_code == 403
        assert "_auth_user_id" not in other.session

    @pytest.mark.parametrize(
        ("target", "lands"),
        [
            ("/places/", "/places/"),
            ("https://evil.example/", None),
            ("//evil.example/", None),
            ("/\\evil.example", None),
            ("javascript:alert(1)", None),
        ],
    )
    def test_the_way_on_stays_in_the_house(self, target, lands):
        assert self.come(target)["Location"] == (lands or reverse("cases:mine"))

    def test_control_without_the_look_at_it_the_way_on_would_leave(self, monkeypatch):
        look = "mingtang.accounts.entering.url_has_allowed_host_and_scheme"
        monkeypatch.setattr(look, lambda *args, **more: True)
        assert self.come("https://evil.example/")["Location"] == "https://evil.example/"

    def test_the_way_back_serves_once(self):
        gone = self.client.get(reverse("accounts:sign_in_with", args=["citizens"]))
        given = self.there.consent(gone["Location"])
        back = reverse("accounts:with_back", args=["citizens"])
        assert Client().get(back, given).status_code == 422  # another browser
        assert self.client.get(back, given).status_code == 302
        again = self.client.get(back, given)
        assert again.status_code == 422
        assert "已经用过" in again.content.decode()

    def test_a_session_from_before_is_left_behind(self):
        self.client.get(reverse("accounts:sign_in_with", args=["citizens"]))
        before = self.client.session.session_key
        self.come()
        assert self.client.session.session_key != before

    def test_without_setting_there_is_no_such_way(self, settings):
        settings.MINGTANG_OIDC = {}
        assert self.client.get("/sign-in/with/citizens/").status_code == 404
        assert self.client.get("/sign-in/with/citizens/back/").status_code == 404
        assert "统一身份认证" not in self.client.get("/sign-in/").content.decode()

    def test_a_provider_that_is_away_is_said_plainly(self, monkeypatch):
        def away(*args, **more):
            raise TimeoutError

        monkeypatch.setattr(oidc, "fetch", away)
        page = self.client.get("/sign-in/with/citizens/")
        assert page.status_code == 503
        assert "没有应答" in page.content.decode()
        assert "省统一身份认证" in self.client.get("/sign-in/").content.decode()

    def test_who_signs_out_is_told_how_to_leave_there_too(self):
        self.come()
        page = self.client.post(reverse("accounts:sign_out"))
        assert f"{ISSUER}/bye?client_id=hall&amp;post_logout" in page.content.decode()
        assert "_auth_user_id" not in self.client.session

    def test_who_holds_a_post_and_comes_as_a_citizen_holds_none(self, world):
        clerk = world.clerk
        Person.objects.filter(id=clerk.id).update(
            identity_index=blind_index("identity", NUMBER), identity_number=NUMBER, name="毛建国"
        )
        assert self.come()["Location"] == reverse("cases:mine")
        assert self.client.session["_auth_user_id"] == str(clerk.id)
        assert self.client.get(reverse("cases:desk")).status_code == 404
        session = self.client.session  # control: without the mark they would be at their desk
        del session["via"]
        session.save()
        assert self.client.get(reverse("cases:desk")).status_code == 200


@pytest.mark.django_db
class TestStaff:
    @pytest.fixture(autouse=True)
    def _set(self, settings, monkeypatch, world, at):
        settings.MINGTANG_OIDC = {"staff": STAFF}
        self.there, self.client = pretend(monkeypatch, OTHER, at), Client()
        self.there.person = {"sub": "w-1", "preferred_username": world.clerk.username}

    def come(self, client=None):
        return visit(client or self.client, self.there, "staff")

    def test_who_has_an_account_comes_to_their_desk(self, world):
        assert self.come()["Location"] == reverse("site:today")
        assert self.client.session["_auth_user_id"] == str(world.clerk.id)

    def test_nobody_is_made_staff_by_signing_in(self):
        before = Person.objects.count()
        self.there.person = {"sub": "w-2", "preferred_username": "nobody-here", "role": "admin"}
        answer = self.come()
        assert answer.status_code == 403
        assert "没有您的工作账号" in answer.content.decode()
        assert Person.objects.count() == before

    def test_by_name_alone_nobody_comes_to_a_citizen_or_an_administrator(self, world):
        world.people.post("keeper", Role.SECURITY_ADMIN, world.centre)
        for name in ("keeper", world.citizen.username):
            self.there.person["preferred_username"] = name
            assert self.come(client=(other := Client())).status_code == 403
            assert "_auth_user_id" not in other.session
        assert not ForeignIdentity.objects.exists()

    def test_a_name_that_is_given_to_somebody_else_opens_nothing(self):
        self.come()
        self.there.person |= {"sub": "w-2"}
        assert self.come(client=(other := Client())).status_code == 403
        assert "_auth_user_id" not in other.session

    def test_a_link_that_was_taken_away_opens_nothing_and_the_next_is_linked(
        self, world, monkeypatch, capsys
    ):
        """The control stands above: with the link, another subject of that name is refused."""
        self.come()
        world.people.post("chief", Role.SYSTEM_ADMIN, world.centre)
        monkeypatch.setattr("builtins.input", lambda: world.people.password)
        asked = ("unlink_identity", world.clerk.username, "--password-stdin", "--by")
        with pytest.raises(NotAllowed):
            call_command(*asked, world.clerk.username, "--issuer", STAFF.issuer)
        call_command(*asked, "chief")
        assert STAFF.issuer in capsys.readouterr().out
        with pytest.raises(NotFound):
            call_command(*asked, "chief", "--issuer", "https://nobody.example")
        assert ForeignIdentity.objects.count() == 1
        assert Session.objects.exists()
        call_command(*asked, "chief", "--issuer", STAFF.issuer)
        assert not Session.objects.exists()  # nor does what it had let in go on
        assert not ForeignIdentity.objects.exists()
        told = Event.objects.get(kind="identity.unlinked")
        assert told.facts["issuer"] == STAFF.issuer
        assert told.actor_id == str(Person.objects.get(username="chief").id)
        self.there.person |= {"sub": "w-2"}
        self.come(client=(other := Client()))
        assert other.session["_auth_user_id"] == str(world.clerk.id)

    def test_who_is_renamed_over_there_is_the_same_here(self, world):
        self.come()
        self.there.person |= {"preferred_username": "another-name"}
        self.come(client=(other := Client()))
        assert other.session["_auth_user_id"] == str(world.clerk.id)

    @pytest.mark.parametrize("shown", [{"amr": ["pwd", "otp"]}, {"acr": "urn:two"}], ids=str)
    def test_a_second_factor_that_the_setting_trusts_counts(self, settings, shown):
        settings.MINGTANG_SECOND_FACTOR_ROLES = frozenset({Role.CLERK})
        self.come()
        assert self.client.get(reverse("cases:desk")).status_code == 302  # to set one up
        self.there.person |= shown
        self.come(client=(client := Client()))
        assert client.get(reverse("cases:desk")).status_code == 200
        settings.MINGTANG_OIDC = {"staff": replace(STAFF, factors=frozenset())}
        assert client.get(reverse("cases:desk")).status_code == 302  # trusted no more

    def test_ours_is_asked_for_where_theirs_does_not_count(self, world, at):
        from tests.accounts.test_factor import enrol

        enrol(world.clerk, at)
        self.there.person |= {"amr": ["pwd"]}
        assert self.come()["Location"] == reverse("accounts:second")
        assert "_auth_user_id" not in self.client.session

    def test_who_has_no_password_here_shows_there_again_who_they_are(self, settings, at):
        settings.MINGTANG_PROOF_MINUTES = 15
        self.come()
        session = self.client.session
        del session["proved_at"]
        session.save()
        self.there.change = {"auth_time": int(at.timestamp())}
        page = visit(self.client, self.there, "staff", path="accounts:prove_with")
        assert "已确认是您本人" in page.content.decode()
        assert "proved_at" in self.client.session

    def test_another_person_there_proves_nothing(self, settings, world, at):
        self.come()
        session = self.client.session
        del session["proved_at"]
        session.save()
        self.there.change = {"auth_time": int(at.timestamp())}
        self.there.person = {"sub": "w-9", "preferred_username": world.approver.username}
        page = visit(self.client, self.there, "staff", path="accounts:prove_with")
        assert page.status_code == 422
        assert "proved_at" not in self.client.session
