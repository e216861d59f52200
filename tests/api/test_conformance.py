"""The API does what its own document says: Schemathesis asks it, well formed and not."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from mingtang.accounts.rules import Role
from mingtang.api import doors
from mingtang.api.rules import Pace
from mingtang.cases.services import tracking_code
from tests.api.caller import ROOT, Caller

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
SIGNALS = (request_started, request_finished)
POSTS = (
    *(Role.CLERK, Role.HANDLER, Role.APPROVER, Role.DISCLOSURE_HEAD, Role.SECRECY_REVIEWER),
    *(Role.LETTER_OFFICE, Role.LETTER_HEAD),
)


@pytest.fixture
def asked(world, at, monkeypatch) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Whose token, and what there is to be asked about."""
    monkeypatch.setattr(doors, "SIGNED_PACE", Pace(most=1_000_000, seconds=60))
    for role in POSTS:
        person = world.people.post("everything", role, world.water)
    case = world.file(world.item(), at)
    there = {"number": case.number, "code": "330881-qs"}
    headers = {**Caller(person).headers, "X-Query-Code": tracking_code(case)}
    for signal in SIGNALS:  # a request of its own would close the connection of the test
        signal.disconnect(close_old_connections)
    yield headers, there
    for signal in SIGNALS:
        signal.connect(close_old_connections)


def ask(asked, most: int, wanted=lambda operation: True) -> int:
    headers, there = asked
    schema = schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", app=WSGIHandler())
    done = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if not wanted(operation):
            continue
        ways = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

        @seed(13)
        @settings(
            max_examples=most,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=st.one_of(*ways), is_there=st.booleans())
        def try_it(case, is_there):
            nonlocal done
            if is_there and case.meta.generation.mode is GenerationMode.POSITIVE:
                for name in there.keys() & case.path_parameters.keys():
                    case.path_parameters[name] = there[name]
            if "" in case.path_parameters.values():
                return  # without a part of it, it is another address, which answers for itself
            answer = case.call(headers=headers)
            case.validate_response(answer, checks=CHECKS)
            done += 1

        try_it()
    return done


FOR_ALL = (
    *("/cases/{number}/acts/accept", "/acts/grant", "/publications/{publication_id}/acts/publish"),
    *("/acts/draw", "/desk/tasks", "/desk/troubles", "/desk/items/{code}", "/desk/reports"),
)


def _is_read_or_common(operation) -> bool:
    """Of the acts and deeds, which go one way, a few stand for all."""
    told = operation.definition.raw
    is_act = "/acts/" in operation.path or "/Did" in str(told["responses"].get("200"))
    is_act = is_act or "_views_pages_" in told["operationId"]  # a page, read the one way
    return not is_act or operation.path.endswith(FOR_ALL)


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.django_db
def test_it_answers_as_its_document_says(asked):
    assert ask(asked, 3, _is_read_or_common) > 80


@pytest.mark.soak
@pytest.mark.django_db
def test_every_operation_answers_as_its_document_says(asked):
    assert ask(asked, 60) > 5000
