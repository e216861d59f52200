"""What tests of letters share."""

import pytest

from tests.letters.office import Office


@pytest.fixture
def office(db: None) -> Office:
    return Office()
