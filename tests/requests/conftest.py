"""What tests of requests share."""

import pytest

from tests.requests.office import Office


@pytest.fixture
def office(db: None) -> Office:
    return Office()
