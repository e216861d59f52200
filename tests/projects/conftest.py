"""What the tests of projects share."""

import pytest

from tests.projects.office import Office


@pytest.fixture
def office(db) -> Office:
    return Office()
