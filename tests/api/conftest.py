"""What the tests of the API share: a clock that stands, a counter that begins anew."""

import pytest
import time_machine

from mingtang.api.doors import COUNTER


@pytest.fixture(autouse=True)
def _standing_clock(at):
    COUNTER.forget()
    with time_machine.travel(at, tick=False):
        yield
