"""Commands on joint matters, from filing to the last result."""

from mingtang.joint.services.accepting import accept, send_back
from mingtang.joint.services.common import refresh_due_date
from mingtang.joint.services.correcting import ask_correction, deem_accepted, supply
from mingtang.joint.services.deferring import deferrable, remind_deferred, supply_deferred
from mingtang.joint.services.ending import go_on_without, terminate, withdraw, withdraw_part
from mingtang.joint.services.extending import ask_extension, extend, reject_extension
from mingtang.joint.services.filing import (
    Handed,
    Silence,
    asked_for,
    fileable,
    lead_of,
    materials_for,
    matter_by_code,
    names_a_case,
    open_matter,
    wanted_for,
)
from mingtang.joint.services.paper_receipts import (
    confirm_paper_receipt,
    enter_paper_receipt,
    refuse_paper_receipt,
)
from mingtang.joint.services.parts import begin_part, end_part, settle
from mingtang.joint.services.simulating import (
    MATERIAL,
    Rechecked,
    convert,
    give_opinion,
    simulate,
    to_recheck,
)
from mingtang.joint.services.sweeping import sweep_deemed, sweep_reminders
from mingtang.joint.services.undertakings import Undertaking, register_finder, undertaking

__all__ = [
    "MATERIAL",
    "Handed",
    "Rechecked",
    "Silence",
    "Undertaking",
    "accept",
    "ask_correction",
    "ask_extension",
    "asked_for",
    "begin_part",
    "confirm_paper_receipt",
    "convert",
    "deem_accepted",
    "deferrable",
    "end_part",
    "enter_paper_receipt",
    "extend",
    "fileable",
    "give_opinion",
    "go_on_without",
    "lead_of",
    "materials_for",
    "matter_by_code",
    "names_a_case",
    "open_matter",
    "refresh_due_date",
    "refuse_paper_receipt",
    "register_finder",
    "reject_extension",
    "remind_deferred",
    "send_back",
    "settle",
    "simulate",
    "supply",
    "supply_deferred",
    "sweep_deemed",
    "sweep_reminders",
    "terminate",
    "to_recheck",
    "undertaking",
    "wanted_for",
    "withdraw",
    "withdraw_part",
]
