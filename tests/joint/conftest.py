"""What tests of joint matters share."""

from collections.abc import Callable

import pytest

from tests.joint.office import Office
from tests.laid import laid

_office = laid(Office)


@pytest.fixture
def office(db: None, _office: Callable[[], Office]) -> Office:
    return _office()
