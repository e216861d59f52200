"""What the tests of villages share."""

import pytest

from tests.villages.hamlet import Hamlet


@pytest.fixture
def hamlet(db) -> Hamlet:
    return Hamlet()
