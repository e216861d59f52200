"""Commands on a case, from filing to the archive."""

from mingtang.cases.rules import Applicant, Deferred, Proxy, Renewal
from mingtang.cases.services.accepting import (
    accept,
    deem_accepted,
    supply_deferred,
    transfer,
)
from mingtang.cases.services.common import refresh_due_date
from mingtang.cases.services.correcting import (
    ask_correction,
    ask_more,
    correct_on_spot,
    decline,
    not_require,
    send_back,
    still_missing,
    supply,
)
from mingtang.cases.services.deciding import (
    choose_delivery,
    decide,
    deem_granted,
    hand_over,
    issue,
    needs_licence,
)
from mingtang.cases.services.ending import archive, reopen, terminate, withdraw
from mingtang.cases.services.examining import (
    add_signer,
    claim,
    examine,
    request_opinion,
    return_step,
    take_back,
    transfer_step,
)
from mingtang.cases.services.fees import (
    answer_waiver,
    ask_waiver,
    charge,
    close_day,
    day_of,
    pay,
    refund,
)
from mingtang.cases.services.filing import (
    case_by_code,
    receive,
    submit,
    take_in,
    tracking_code,
)
from mingtang.cases.services.originals import (
    return_originals,
    send_originals,
    sign_slip,
    take_originals,
)
from mingtang.cases.services.pausing import (
    ask_extension,
    ask_pause,
    extend,
    pause,
    reject_request,
    resume,
)
from mingtang.cases.services.sweeps import sweep_deemed

__all__ = [
    "Applicant",
    "Deferred",
    "Proxy",
    "Renewal",
    "accept",
    "add_signer",
    "answer_waiver",
    "archive",
    "ask_correction",
    "ask_extension",
    "ask_more",
    "ask_pause",
    "ask_waiver",
    "case_by_code",
    "charge",
    "choose_delivery",
    "claim",
    "close_day",
    "correct_on_spot",
    "day_of",
    "decide",
    "decline",
    "deem_accepted",
    "deem_granted",
    "examine",
    "extend",
    "hand_over",
    "issue",
    "needs_licence",
    "not_require",
    "pause",
    "pay",
    "receive",
    "refresh_due_date",
    "refund",
    "reject_request",
    "reopen",
    "request_opinion",
    "resume",
    "return_originals",
    "return_step",
    "send_back",
    "send_originals",
    "sign_slip",
    "still_missing",
    "submit",
    "supply",
    "supply_deferred",
    "sweep_deemed",
    "take_back",
    "take_in",
    "take_originals",
    "terminate",
    "tracking_code",
    "transfer",
    "transfer_step",
    "withdraw",
]
