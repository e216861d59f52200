"""Security keys: registered, asked once, bound to the site, a copied key is seen; the phone goes
on; none of it for who has no factor. The key here is one of software, with a real signature."""

import json
import os

import pytest
import time_machine
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from mingtang.accounts import services_keys
from mingtang.accounts.models import Factor, SecurityKey
from mingtang.accounts.rules import TooManyAttempts, WrongKey
from mingtang.accounts.services_keys import (
    Site,
    asked_to_register,
    asked_to_sign,
    check_key,
    register_key,
    remove_key,
)
from mingtang.base.errors import Conflict, NotFound
from tests.accounts.test_factor import by, enrol
from tests.world import PASSWORD, new_command_id

pytestmark = pytest.mark.django_db
SITE = Site("testserver", "http://testserver", "江山市")
PRESENT, WITH_KEY = 0x01, 0x41


class SoftKey:
    """What a key of software says to a question."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id, self.count = os.urandom(32), 0

    def _client(self, kind: str, options, origin: str) -> CollectedClientData:
        return CollectedClientData.create(
            type=f"webauthn.{kind}", challenge=options["publicKey"]["challenge"], origin=origin
        )

    def _said(self, response) -> str:
        told = {name: websafe_encode(bytes(value)) for name, value in response.items()}
        name = websafe_encode(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": told})

    def create(self, options, origin=SITE.origin) -> str:
        public = ES256.from_cryptography_key(self.private.public_key())
        held = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        data = AuthenticatorData.create(sha256(SITE.host.encode()), WITH_KEY, self.count, held)
        client = self._client("create", options, origin)
        attested = AttestationObject.create("none", data, {})
        return self._said({"clientDataJSON": client, "attestationObject": attested})

    def get(self, options, origin=SITE.origin, host=SITE.host) -> str:
        self.count += 1
        data = AuthenticatorData.create(sha256(host.encode()), PRESENT, self.count)
        client = self._client("get", options, origin)
        signed = self.private.sign(bytes(data) + client.hash, ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signed}
        return self._said(parts)


@pytest.fixture
def person(people, at):
    people.person("shuili", "郑梅")
    enrol(people.made["shuili"], at)
    return people.made["shuili"]


def registered(person, at, key=None, origin=SITE.origin) -> SoftKey:
    key = key or SoftKey()
    options, state = asked_to_register(SITE, person.id, person.username)
    told = {"site": SITE, "state": state, "person_id": person.id, "name": "蓝色"}
    register_key(**told, said=key.create(options, origin), **by(at))
    return key


class TestAKey:
    def test_it_opens_once_for_each_question(self, person, at):
        key = registered(person, at)
        options, state = asked_to_sign(SITE, person.id)
        said = key.get(options)
        told = {"site": SITE, "person_id": person.id, "at": at}
        check_key(**told, state=state, said=said)
        assert SecurityKey.objects.get().used_at == at
        for other in ({}, asked_to_sign(SITE, person.id)[1], state):
            with pytest.raises(WrongKey):
                check_key(**told, state=other, said=said)

    def test_without_its_counter_a_copy_would_be_taken(self, person, at):
        """The control of the one before: what refuses the same answer is the counter."""
        key = registered(person, at)
        options, state = asked_to_sign(SITE, person.id)
        said = key.get(options)
        told = {"site": SITE, "person_id": person.id, "at": at, "state": state, "said": said}
        check_key(**told)
        SecurityKey.objects.update(sign_count=0)
        check_key(**told)

    def test_the_same_key_is_taken_once_and_no_more_than_eight(self, person, at, monkeypatch):
        key = registered(person, at)
        with pytest.raises(Conflict, match="已经登记过"):
            registered(person, at, key)
        asked = asked_to_register(SITE, person.id, person.username)
        monkeypatch.setattr(services_keys, "MOST_KEYS", 1)  # reached since the question
        told = {"site": SITE, "state": asked[1], "person_id": person.id, "name": "红色"}
        with pytest.raises(Conflict, match="最多登记 1 把"):
            register_key(**told, said=SoftKey().create(asked[0]), **by(at))
        assert SecurityKey.objects.count() == 1

    def test_an_answer_of_no_key_is_refused_with_a_sentence(self, person, at):
        options, state = asked_to_register(SITE, person.id, person.username)
        said = json.loads(SoftKey().create(options))
        data = AuthenticatorData.create(sha256(SITE.host.encode()), PRESENT, 1)
        attested = AttestationObject.create("none", data, {})
        said["response"]["attestationObject"] = websafe_encode(bytes(attested))
        told = {"site": SITE, "state": state, "person_id": person.id, "name": "红色"}
        with pytest.raises(WrongKey):
            register_key(**told, said=json.dumps(said), **by(at))

    def test_a_site_that_looks_alike_gets_nothing(self, person, at):
        key = registered(person, at)
        for wrong in ({"origin": "http://test-server"}, {"host": "test-server"}):
            options, state = asked_to_sign(SITE, person.id)
            with pytest.raises(WrongKey):
                check_key(
                    site=SITE,
                    state=state,
                    person_id=person.id,
                    at=at,
                    said=key.get(options, **wrong),
                )
        with pytest.raises(WrongKey):
            registered(person, at, origin="http://test-server")

    def test_a_key_of_another_is_none_of_mine(self, person, people, at):
        registered(person, at)
        people.person("other")
        other = people.made["other"]
        enrol(other, at)
        theirs = registered(other, at)
        options, state = asked_to_sign(SITE, person.id)
        with pytest.raises(WrongKey):
            check_key(site=SITE, state=state, person_id=person.id, said=theirs.get(options), at=at)
        with pytest.raises(NotFound):
            remove_key(
                key_id=SecurityKey.objects.get(factor__person=other).id,
                person_id=person.id,
                **by(at),
            )

    def test_guesses_count_with_those_at_a_code(self, person, at):
        registered(person, at)
        told = {"site": SITE, "state": {}, "person_id": person.id, "at": at}
        for _ in range(5):
            with pytest.raises(WrongKey):
                check_key(**told, said='{"id": 1}')
        with pytest.raises(TooManyAttempts):
            check_key(**told, said='{"id": 1}')

    def test_who_has_no_phone_registers_none_and_a_removed_one_leaves_the_phone(
        self, person, people, at
    ):
        people.person("other")
        with pytest.raises(NotFound):
            asked_to_register(SITE, people.made["other"].id, "other")
        registered(person, at)
        here, there = Client(), Client()
        for client in (here, there):
            client.force_login(person)
        key = {"key_id": SecurityKey.objects.get().id, "person_id": person.id}
        remove_key(**key, at_session=here.session.session_key, **by(at))
        kept = set(Session.objects.values_list("session_key", flat=True))
        assert kept == {here.cookies["sessionid"].value}
        assert Factor.objects.filter(person=person).exists()
        with pytest.raises(NotFound):
            asked_to_sign(SITE, person.id)


@pytest.mark.once
def test_pages_register_sign_in_and_prove_with_a_key(client, world, at, settings):
    with time_machine.travel(at, tick=False):
        _phone, codes = enrol(world.approver, at)
        told = {"username": "approver", "password": PASSWORD, "next": "/desk/"}
        client.post(reverse("accounts:sign_in"), told)
        client.post(reverse("accounts:second"), {"code": codes[0]})
        key = SoftKey()
        options = client.post(reverse("accounts:key_options")).json()
        said = {"name": "蓝色", "said": key.create(options), "command_id": new_command_id()}
        client.post(reverse("accounts:add_key"), said)
        assert "蓝色" in client.get(reverse("accounts:factor")).content.decode()
        client.post(reverse("accounts:sign_out"))
        assert client.post(reverse("accounts:key_question")).status_code == 404  # who is asked?
        client.post(reverse("accounts:sign_in"), told)
        assert "data-mt-key" in client.get(reverse("accounts:second")).content.decode()
        question = client.post(reverse("accounts:key_question")).json()
        inside = client.post(reverse("accounts:second"), {"code": key.get(question)})
        assert inside.url == "/desk/"
        settings.MINGTANG_PROOF_MINUTES = 1
    with time_machine.travel(at.replace(hour=at.hour + 1), tick=False):
        question = client.post(reverse("accounts:key_question")).json()
        proof = {"next": "/desk/", "proof_of_self": key.get(question)}
        assert client.post(reverse("accounts:prove"), proof).url == "/desk/"
