"""What tests of interaction share."""

from tests.laid import laid
from tests.world import World, morning


def _with_a_case_done() -> World:
    """The world, and in it a case that was delivered: whoever had it may rate."""
    world, at = World(), morning(2013, 9, 17)
    case = world.file(world.item(statutory=20, promised=5), at, world.citizen)
    world.done = world.bring(case, "delivered", at)
    return world


_hall = laid(_with_a_case_done)
