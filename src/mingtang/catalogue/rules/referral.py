"""Rules: items that one level examines and the next decides (上报件). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# 《行政许可法》第四十三条: the lower organ examines within twenty working days of acceptance.
PRE_EXAMINATION_DAYS = 20


@dataclass(frozen=True)
class ReferredUp:
    """Who examines first and in how many working days; `decided_by`: blank where the item's own
    department decides."""

    is_by_township: bool
    days: int
    decided_by: str = ""


def referred_up(details: Mapping[str, Any]) -> ReferredUp | None:
    """What an edition's details say of it; None for an item that one level handles alone."""
    by = details.get("pre_examined_by")
    if not by:
        return None
    days = details.get("pre_examination_days") or PRE_EXAMINATION_DAYS
    return ReferredUp(by == "township", days, details.get("decided_by") or "")
