"""What tests of joint matters share."""

import pytest

from tests.joint.office import Office


@pytest.fixture
def office(db: None) -> Office:
    return Office()
