"""Reports in the manner of many hands, drawn at random; none of them knows the linter."""

from collections.abc import Callable
from random import Random

from tests.reports.hands import bureau, format21, hall
from tests.reports.hands.kit import Draft

HANDS: dict[str, Callable[[Random], Draft]] = {
    "bureau": bureau.draft,
    "hall": hall.draft,
    "format21": format21.draft,
}
