"""Doors of the API: rights as on the screens, for tokens and sessions; how answers look."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.urls import reverse

from mingtang.api import services
from mingtang.api.doors import COUNTER, Door
from mingtang.api.queries import TOKEN, TOKEN_SECONDS, clients
from mingtang.api.rules import OPEN_PACE, Pace, TooOften
from mingtang.api.urls import api
from mingtang.cases.services import tracking_code
from mingtang.ledger.rules import SYSTEM
from tests.api.caller import ROOT, SECRET, Caller, register
from tests.world import new_command_id


def test_every_operation_has_a_door():
    found = [
        operation
        for router in api._get_bound_routers()
        for view in router.path_operations.values()
        for operation in view.operations
    ]
    assert len(found) > 10
    bare = [one.path for one in found if not any(isinstance(c, Door) for c in one.auth_callbacks)]
    assert bare == []


def test_a_span_holds_so_many_and_no_more():
    pace = Pace(most=3, seconds=10_000_000)
    assert [COUNTER.take("somebody", pace).remaining for _ in range(3)] == [2, 1, 0]
    with pytest.raises(TooOften):
        COUNTER.take("somebody", pace)
    assert COUNTER.take("another", pace).remaining == 2


@pytest.mark.django_db
class TestWhoMayWhat:
    def test_the_clerk_sees_a_case_a_colleague_and_a_stranger_do_not(self, world, at):
        number = world.file(world.item(), at).number
        assert Caller(world.clerk).get(f"/cases/{number}")["number"] == number
        assert Caller(world.colleague).get(f"/cases/{number}", 404)["status"] == 404
        assert Caller(world.stranger).get(f"/cases/{number}", 404)["status"] == 404
        assert "登录" in Caller().get(f"/cases/{number}", 401)["detail"]

    def test_a_token_of_fewer_roles_opens_less_and_never_more(self, world, at):
        number = world.file(world.item(), at).number
        Caller(world.clerk, scope="clerk").get(f"/cases/{number}")
        Caller(world.clerk, scope="approver").get(f"/cases/{number}", 404)

    def test_a_system_that_was_ended_is_out_at_once(self, world, at):
        caller = Caller(world.clerk)
        client_id = register(world.handler)
        wrong = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": "no"}
        refused = Client().post(f"{ROOT}/token", wrong)
        assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
        for one in clients():
            services.end_client(
                client_id=one.id, person_id=None, actor=SYSTEM, at=at, command_id=new_command_id()
            )
        assert "令牌" in caller.get("/cases", 401)["detail"]
        assert {one.ended_by for one in clients()} == {None}  # nobody, not the system itself

    def test_a_token_holds_an_hour_as_it_was_given_and_nothing_else_is_one(self, world, at):
        with time_machine.travel(at, tick=False):
            caller = Caller(world.clerk)
            client_id = str(clients()[0].id)
            given = caller.headers["Authorization"]
            others = {
                "altered": given.removesuffix(given[-1]) + ("a" if given[-1] != "a" else "b"),
                "unsigned": f"Bearer {given.split()[1].rpartition(':')[0]}",
                "signed for something else": f"Bearer {signing.dumps([client_id], salt='x')}",
            }
            for kind, other in others.items():
                caller.headers["Authorization"] = other
                assert "令牌" in caller.get("/cases", 401)["detail"], kind
            control = f"Bearer {signing.dumps([client_id], salt=TOKEN)}"
            for one in (given, control):
                caller.headers["Authorization"] = one
                caller.get("/cases")
        for seconds, status in ((TOKEN_SECONDS - 1, 200), (TOKEN_SECONDS + 1, 401)):
            with time_machine.travel(at + timedelta(seconds=seconds), tick=False):
                caller.get("/cases", status)

    def test_no_other_way_leads_to_a_token(self, world):
        said = {"client_id": register(world.clerk), "client_secret": SECRET, "username": "x"}
        for way in ("password", "authorization_code", "refresh_token", ""):
            answer = Client().post(f"{ROOT}/token", {**said, "grant_type": way})
            assert (answer.status_code, answer.json()) == (400, {"error": "unsupported_grant_type"})

    def test_a_session_acts_only_with_the_mark_of_its_own_site(self, world, at):
        number = world.file(world.item(), at).number
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(world.clerk)
        url = f"{ROOT}/cases/{number}/acts/receive"
        sent = {"data": {}, "content_type": "application/json"}
        headers = {"Idempotency-Key": new_command_id()}
        assert browser.post(url, **sent, headers=headers).status_code == 403
        browser.get(reverse("cases:detail", args=[number]))
        headers["X-CSRFToken"] = browser.cookies["csrftoken"].value
        assert browser.post(url, **sent, headers=headers).status_code == 200

    def test_a_code_is_of_no_use_to_staff(self, world, at):
        case = world.file(world.item(), at)
        code = tracking_code(case)
        assert Caller(code=code).get(f"/progress/{case.number}")["number"] == case.number
        staff = Caller(world.clerk, code=code)
        staff.post(f"/progress/{case.number}/withdraw", 404)


@pytest.mark.django_db
class TestHowAnswersLook:
    def test_what_is_there_already_is_not_sent_again(self, world):
        world.item()
        first = Client().get(f"{ROOT}/items")
        assert first.headers["RateLimit-Limit"] == str(OPEN_PACE.most)
        again = Client().get(f"{ROOT}/items", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_only_the_fields_that_were_asked_for(self, world):
        code = world.item()
        assert Caller().get("/items", fields="code")["rows"] == [{"code": code}]
        assert Caller().get(f"/items/{code}", fields="name") == {"name": "取水许可"}

    def test_what_does_not_fit_is_said_where_and_in_chinese(self, world, at):
        number, clerk = world.file(world.item(), at).number, Caller(world.clerk)
        refused = clerk.post(f"/cases/{number}/acts/decline", 422, reason=5, nonsense=1)
        assert {one["field"] for one in refused["errors"]} == {"reason", "competent", "nonsense"}
        asked = clerk.post(f"/cases/{number}/acts/grant", 403, reason="好")
        assert "您的岗位不能办理" in asked["detail"]
        broken = clerk.client.post(
            f"{ROOT}/cases/{number}/acts/receive",
            "{",
            content_type="application/json",
            headers={**clerk.headers, "Idempotency-Key": new_command_id()},
        )
        assert (broken.status_code, broken.headers["Content-Type"]) == (
            400,
            "application/problem+json",
        )
        assert "JSON" in broken.json()["detail"]

    @pytest.mark.once
    @pytest.mark.slow
    def test_the_reference_is_made_of_the_document(self, client):
        told = client.get(f"{ROOT}/openapi.json").json()
        page = client.get(f"{ROOT}/reference/").content.decode()
        assert told["openapi"].startswith("3.1")
        assert all(path in page for path in told["paths"])
        assert set(told["paths"][f"{ROOT}/desk/publications"]) == {"get", "post"}
        said = [one for ways in told["paths"].values() for one in ways.values()]
        assert not [one for one in said if one.get("description", "字").isascii()]
