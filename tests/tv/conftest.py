"""What the tests of television share."""

import pytest

from tests.villages.hamlet import Hamlet


@pytest.fixture
def hamlet(db) -> Hamlet:
    return Hamlet()
