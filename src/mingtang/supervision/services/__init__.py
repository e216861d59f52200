"""Services of supervision: rules, the sweep, the life of a card, directives, tasks."""

from mingtang.supervision.services.life import (
    appeal,
    approve_cancel,
    close,
    explain,
    notify,
    propose_cancel,
    reject_cancel,
    uphold,
)
from mingtang.supervision.services.orders import (
    answer_order,
    assign_task,
    close_task,
    order,
    report_task,
)
from mingtang.supervision.services.ruling import (
    add_rule_version,
    load_shipped_rules,
    switch_profile,
)
from mingtang.supervision.services.sweeping import judge, look_again, sweep

__all__ = [
    "add_rule_version",
    "answer_order",
    "appeal",
    "approve_cancel",
    "assign_task",
    "close",
    "close_task",
    "explain",
    "judge",
    "load_shipped_rules",
    "look_again",
    "notify",
    "order",
    "propose_cancel",
    "reject_cancel",
    "report_task",
    "sweep",
    "switch_profile",
    "uphold",
]
