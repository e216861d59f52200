"""Commands of assessment."""

from mingtang.assessment.services.judging import (
    confirm_entry,
    enter,
    lock,
    open_period,
    publish,
    refresh,
)
from mingtang.assessment.services.objecting import answer_objection, object_to
from mingtang.assessment.services.observing import (
    confirm_observations,
    import_licences,
    import_observations,
    observe,
)
from mingtang.assessment.services.schemes import load_shipped, shipped_schemes, switch, write_scheme

__all__ = [
    "answer_objection", "confirm_entry", "confirm_observations", "enter", "import_licences",
    "import_observations", "load_shipped", "lock", "object_to", "observe", "open_period",
    "publish", "refresh", "shipped_schemes", "switch", "write_scheme",
]  # fmt: skip
