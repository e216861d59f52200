"""Services of requests: the commands, and what the system does by itself."""

from mingtang.requests.services.after import (
    close_remedy,
    link,
    move_to_active,
    register_remedy,
    transfer_to_letter,
)
from mingtang.requests.services.common import refresh_due_date
from mingtang.requests.services.consulting import (
    answer_consultation,
    consult,
    note_consulted,
)
from mingtang.requests.services.deciding import (
    confirm_lapse,
    decide,
    deliver,
    draft,
    propose_lapse,
    send_back,
    withdraw,
)
from mingtang.requests.services.fees import charge, pay
from mingtang.requests.services.filing import (
    check_complete,
    confirm_receipt,
    file,
    register,
    request_by_code,
    tracking_code,
)
from mingtang.requests.services.handling import (
    ask_assistance,
    ask_correction,
    ask_reasons,
    correct,
    delay,
    extend,
    give_reasons,
    log_search,
)
from mingtang.requests.services.paper_receipts import (
    confirm_paper_receipt,
    enter_paper_receipt,
    refuse_paper_receipt,
)
from mingtang.requests.services.sweeps import sweep

__all__ = [
    "answer_consultation",
    "ask_assistance",
    "ask_correction",
    "ask_reasons",
    "charge",
    "check_complete",
    "close_remedy",
    "confirm_lapse",
    "confirm_paper_receipt",
    "confirm_receipt",
    "consult",
    "correct",
    "decide",
    "delay",
    "deliver",
    "draft",
    "enter_paper_receipt",
    "extend",
    "file",
    "give_reasons",
    "link",
    "log_search",
    "move_to_active",
    "note_consulted",
    "pay",
    "propose_lapse",
    "refresh_due_date",
    "refuse_paper_receipt",
    "register",
    "register_remedy",
    "request_by_code",
    "send_back",
    "sweep",
    "tracking_code",
    "transfer_to_letter",
    "withdraw",
]
